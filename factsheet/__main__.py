"""``python -m factsheet``: the command line."""

import gc

# What a run reads lives until its end: there is nothing to collect, and looking takes a while.
gc.disable()

from factsheet.cli import app  # noqa: E402 what is imported lives as long

app(prog_name="factsheet")
