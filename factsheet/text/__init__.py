"""The one formatter: every value in words, per language."""
