"""``python -m factsheet``: the command line."""

import gc

from factsheet.cli import app

# What a run reads lives until its end: there is nothing to collect, and looking takes a while.
gc.disable()
app(prog_name="factsheet")
