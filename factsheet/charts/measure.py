"""How wide words are: the advances of the fonts that the charts are drawn with."""

import json
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from factsheet.charts.draw import FONTS

_OTHER = {False: 1.13, True: 1.23}
"""How much wider than Noto Sans the widest font is that pages fall back on (DejaVu Sans).

A page has the reader's own font, the files and the PDFs have Noto Sans; words have room in both.
"""
_SHAPED = range(0x900, 0x1D00)
"""Letters that change their shape beside others: the words could not be copied from a PDF."""
SIZE = 13
"""The font size of words in a picture."""
_UNKNOWN = 1.0
"""The width of a letter that the font lacks, in em."""


def text_width(text: str, *, bold: bool = False) -> float:
    """The room that words in a picture take, in CSS pixels."""
    known = _advances("Bold" if bold else "Regular")
    return sum(known.get(letter, _UNKNOWN) for letter in text) * SIZE * _OTHER[bold]


def unknown_signs(signs: Iterable[str]) -> set[str]:
    """The signs that our fonts cannot draw: those of the pictures, which are those of the PDFs.

    Spaces, and signs that only say how others stand, are drawn by none.
    """
    wanted = {
        sign
        for sign in signs
        if not (sign.isascii() or sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"})
    }
    return {sign for sign in wanted if sign not in _fonts()["drawn"] or ord(sign) in _SHAPED}


@cache
def _fonts() -> dict[str, Any]:
    """What ``tools/signs.py`` found in the fonts."""
    found: dict[str, Any] = json.loads((FONTS / "signs.json").read_text("utf-8"))
    return found | {"drawn": frozenset(found["drawn"])}


@cache
def _advances(weight: str) -> dict[str, float]:
    """The width of each sign in em."""
    widths = _fonts()["widths"][weight].items()
    return {sign: float(width) for width, signs in widths for sign in signs}
