"""Whether the printed words of claims stand in the text of their source.

Forgiven are typography (kinds of quotes and dashes, invisible characters) and white space,
which is left out of the comparison. Nothing else is: case, spelling and digits count, and a
printed "969 cars" is not found in "1,969 cars" or "969 carsickness".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from factsheet.data.load import DataFile, claims_of
from factsheet.data.model import Claim
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault

_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`\u2039\u203a", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None)
)
"""Quotes, dashes, and characters that cannot be seen: soft hyphens, joiners, direction marks."""
_EDGE = r"(?!(?<=[^\W_])[^\W_]|(?<=\d[.,])\d|(?<=\d)[.,]\d)"
"""A place at which neither a word nor a number runs on."""


def find(printed: str, text: str) -> list[int]:
    """The lines of a text on which the printed words begin; their typography is ``forgiven``."""
    signs = "".join(forgiven(printed).split())
    words = r"\s*".join(map(re.escape, signs))
    found = re.finditer(f"(?={_EDGE}{words}{_EDGE})", text) if signs else ()
    return [text.count("\n", 0, match.start()) + 1 for match in found]


def forgiven(text: str) -> str:
    """A text with one kind of quotes, dashes and line ends, and nothing that cannot be seen."""
    return re.sub(r"\r\n?", "\n", text).translate(_SAME)


@dataclass(frozen=True)
class Finding:
    """A claim of a source, and the lines on which its printed words stand."""

    figure: str
    claim: Claim
    path: Path_
    lines: list[int]


def verify(data: DataFile, source_id: str, text: str) -> Iterator[Finding]:
    """Look for the printed words of each claim of a source in its text."""
    text = forgiven(text)
    for indicator_id, indicator in data.sheet.indicators.items():
        for place, claim in claims_of(indicator):
            if claim.source == source_id:
                period = f" {place[1]}" if place[0] == "observations" else ""
                path = ("indicators", indicator_id, *place)
                yield Finding(indicator_id + period, claim, path, find(claim.printed, text))


def misses(data: DataFile, findings: Iterable[Finding], text_name: str) -> Iterator[Fault]:
    """The findings without a find, as faults of the data file."""
    for finding in findings:
        if not finding.lines:
            what = f'"{finding.claim.printed}" does not stand in {text_name}'
            hint = "copy the words from the source, letter for letter"
            yield data.fault((*finding.path, "printed"), what, hint)
