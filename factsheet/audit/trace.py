"""The trace: every number that pages, pictures and PDFs print, with its place and its figure.

In tables, JSON and references each row names its figure by itself; sizes of files are of none.
"""

import json

from factsheet.audit.expected import Expected

TRACE = "data/trace.json"
COLUMNS = ("place", "kind", "of", "says")
"""The anchor before it, or the page of the PDF; the kind of element; of what; its words.

In a picture and in a PDF that is the number alone."""

TraceRows = dict[str, list[tuple[str, str, str, str]]]
"""What was traced, by output."""


class Trace:
    """What was traced, output by output."""

    def __init__(self, expected: Expected) -> None:
        """Nothing is traced yet."""
        self.expected = expected
        self.rows: TraceRows = {}

    def add(self, file: str, place: str, kind: str, of: str, says: str) -> None:
        """Note a number, or some words with numbers: see ``COLUMNS``."""
        self.rows.setdefault(file, []).append((place, kind, of, says))

    @property
    def text(self) -> str:
        """The text of the file: a line an output."""
        data = self.expected.data
        head = {"edition": data["edition"], "fingerprint": data["fingerprint"], "columns": COLUMNS}
        lines = (f"{_json(file)}:{_json(rows)}" for file, rows in sorted(self.rows.items()))
        return _json(head)[:-1] + ',"outputs":{\n' + ",\n".join(lines) + "}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
