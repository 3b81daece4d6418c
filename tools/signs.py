"""Writes ``factsheet/fonts/signs.json``: how wide each sign of our fonts is, and which they draw.

Run it when the fonts have changed. The tables of a font are those of OpenType: cmap 4, head, hhea,
hmtx.
"""

import json
import struct
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent.parent / "factsheet/fonts"
FACES = ("Sans-Regular", "Sans-Bold", "Sans-Italic", "Sans-BoldItalic")


def table() -> dict[str, Any]:
    """By weight, the signs of each width in em; and all that can be drawn in every face."""
    plain = [_glyphs((FONTS / f"FactSheet{face}.ttf").read_bytes()) for face in FACES]
    arabic = _glyphs((FONTS / "FactSheetSansArabic-Regular.ttf").read_bytes())
    codes = {code for face in [*plain, arabic] for code in face}
    drawn = [c for c in codes if all(face.get(c) for face in plain) or arabic.get(c)]
    return {
        "drawn": "".join(chr(code) for code in sorted(drawn)),
        "widths": {weight: _widths(weight) for weight in ("Regular", "Bold")},
    }


def _widths(weight: str) -> dict[str, str]:
    font = (FONTS / f"FactSheetSans-{weight}.ttf").read_bytes()
    tables = _tables(font)
    (em,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", font, tables[b"hhea"] + 34)
    widths = struct.unpack_from(">" + "Hh" * metrics, font, tables[b"hmtx"])[::2]
    found: dict[str, str] = {}
    for code, glyph in sorted(_glyphs(font).items()):
        width = str(widths[min(glyph, metrics - 1)] / em)
        found[width] = found.get(width, "") + chr(code)
    return found


def _tables(font: bytes) -> dict[bytes, int]:
    """Where each table of a font begins."""
    (count,) = struct.unpack_from(">H", font, 4)
    return {
        tag: start for tag, _, start, _ in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * count])
    }


def _glyphs(font: bytes) -> dict[int, int]:
    """Glyphs by code point, of the subtable for the Basic Multilingual Plane."""
    cmap = _tables(font)[b"cmap"]
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
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[n]:
                where = at + 16 + 6 * segments + 2 * n + offsets[n] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, where)
            found[code] = (glyph + deltas[n]) & 0xFFFF if glyph else 0
    return found


if __name__ == "__main__":
    text = json.dumps(table(), ensure_ascii=False, indent=0)
    (FONTS / "signs.json").write_text(text + "\n", "utf-8")
