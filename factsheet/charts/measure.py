"""How wide words are: the advances of the fonts that the charts are drawn with."""

import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from factsheet.charts.draw import FONTS

_OTHER = {False: 1.13, True: 1.23}
"""How much wider than Noto Sans the widest font is that pages fall back on (DejaVu Sans).

A page has the reader's own font, the files and the PDFs have Noto Sans; words have room in both.
"""
_SHAPED = range(0x900, 0x1D00)
"""Letters that change their shape beside others: the words could not be copied from a PDF."""
_UNKNOWN = 1.0
"""The width of a letter that the font lacks, in em."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The room that a text takes at a font size, both in CSS pixels."""
    known = _advances("Bold" if bold else "Regular")
    return sum(known.get(ord(letter), _UNKNOWN) for letter in text) * size * _OTHER[bold]


def unknown_signs(signs: Iterable[str]) -> set[str]:
    """The signs that our fonts cannot draw: those of the pictures, which are those of the PDFs.

    Spaces, and signs that only say how others stand, are drawn by none.
    """
    wanted = sorted(
        {
            ord(sign)
            for sign in signs
            if not (sign.isascii() or sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"})
        }
    )
    if not wanted:
        return set()
    faces = ("Sans-Regular", "Sans-Bold", "Sans-Italic", "Sans-BoldItalic", "SansArabic-Regular")
    fonts = [(FONTS / f"FactSheet{face}.ttf").read_bytes() for face in faces]
    *plain, arabic = (_glyphs(font, _tables(font)[b"cmap"], wanted) for font in fonts)
    known = {c for c in wanted if all(face.get(c) for face in plain) or arabic.get(c)}
    return {chr(code) for code in wanted if code not in known or code in _SHAPED}


@cache
def _advances(weight: str) -> dict[int, float]:
    """The width of each character in em, by its code point (OpenType: cmap 4, hmtx)."""
    font = (FONTS / f"FactSheetSans-{weight}.ttf").read_bytes()
    tables = _tables(font)
    (em,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", font, tables[b"hhea"] + 34)
    widths = struct.unpack_from(">" + "Hh" * metrics, font, tables[b"hmtx"])[::2]
    return {
        code: widths[min(glyph, metrics - 1)] / em
        for code, glyph in _glyphs(font, tables[b"cmap"]).items()
    }


def _tables(font: bytes) -> dict[bytes, int]:
    """Where each table of a font begins."""
    (count,) = struct.unpack_from(">H", font, 4)
    return {
        tag: start for tag, _, start, _ in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * count])
    }


def _glyphs(font: bytes, cmap: int, wanted: list[int] | None = None) -> dict[int, int]:
    """Glyphs by code point, of the subtable for the Basic Multilingual Plane: all, or some."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    starts = (struct.unpack_from(">HHI", font, cmap + 4 + 8 * n)[2] + cmap for n in range(count))
    at = next(start for start in starts if struct.unpack_from(">H", font, start) == (4,))
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts_at, deltas, offsets = (
        struct.unpack_from(f">{segments}H", font, at + 14 + 2 * segments * n + (2 if n else 0))
        for n in range(4)
    )
    found = {}
    for n, (first, last) in enumerate(zip(starts_at, ends, strict=True)):
        end = min(last, 0xFFFE) + 1
        codes: Iterable[int] = range(first, end)
        if wanted is not None:
            codes = wanted[bisect_left(wanted, first) : bisect_left(wanted, end)]
        for code in codes:
            glyph = code
            if offsets[n]:
                where = at + 16 + 6 * segments + 2 * n + offsets[n] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, where)
            found[code] = (glyph + deltas[n]) & 0xFFFF if glyph else 0
    return found
