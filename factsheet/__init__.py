"""A fact-sheet engine: one data file in, pages, downloads and their proofs out.

``CONTRIBUTING.md`` tells how its folders follow the flow, and where to change what.
"""
