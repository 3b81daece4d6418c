"""``python -m factsheet``: the command line."""

from factsheet.cli import app

app(prog_name="factsheet")
