"""JSON and CSV as all downloads write them."""

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def as_json(data: Any) -> str:
    """The text of a JSON download, of a model or of plain data."""
    if isinstance(data, BaseModel):
        return data.model_dump_json(indent=1) + "\n"
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_csv(kind: type[BaseModel], rows: Iterable[BaseModel]) -> str:
    """The text of a table: a column for each field of ``kind``, a line for each of ``rows``.

    It begins with a byte-order mark, without which Excel takes UTF-8 for an older encoding.
    """
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns(kind))
    writer.writerows([cell(value) for _, value in row] for row in rows)
    return out.getvalue()


def columns(kind: type[BaseModel]) -> list[str]:
    """The names of a table's columns."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def cell(value: Any, *, guard: bool = True) -> str:
    """A value as a cell, which no spreadsheet takes for a formula: it gets an apostrophe.

    Without ``guard``, as it is: for files that tell text from formulas by themselves. See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            return "; ".join(map(cell, value))
    text = str(value)
    is_formula = text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text)
    return f"'{text}" if guard and is_formula else text
