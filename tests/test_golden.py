"""The ``facts.json`` of the tiny fact sheet, letter for letter as it was last looked through.

After a change that is meant, write it again with ``GOLDEN=write pytest tests/test_golden.py``
and read the difference with ``git diff tests/golden`` before it is committed.
"""

import difflib
import os
from pathlib import Path

from tests.conftest import LIGHTHOUSE
from tests.sheets import read_folder

GOLDEN = Path(__file__).parent / "golden" / "lighthouse.json"


def test_facts_json_of_the_tiny_fact_sheet_is_as_it_was() -> None:
    found = read_folder(LIGHTHOUSE).json_text
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(found, "utf-8")
    kept = GOLDEN.read_text("utf-8")
    difference = difflib.unified_diff(
        kept.splitlines(), found.splitlines(), "kept", "now", lineterm="", n=8
    )
    hint = "If this is meant: GOLDEN=write pytest tests/test_golden.py, then git diff tests/golden"
    assert kept == found, "\n".join([hint, *difference])
