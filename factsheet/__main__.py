"""``python -m factsheet``: the command line."""

import atexit
import gc
import os

# No package adds to our models, and looking for one in all that is installed takes a while.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# What a run reads lives until its end: there is nothing to collect, and looking takes a while.
gc.disable()
atexit.register(gc.freeze)

from factsheet.cli import app  # noqa: E402 what is imported lives as long


def main() -> None:
    """Run the command that is asked for."""
    app(prog_name="factsheet")


if __name__ == "__main__":
    main()
