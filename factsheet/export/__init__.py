"""The downloads."""
