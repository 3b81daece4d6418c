"""What a PDF of Typst's says, in the order in which it is drawn, page furniture left out.

pypdf finds lines by where glyphs stand, which takes a minute for a book; here the glyphs are
only put in a row. White space is therefore not kept.
"""

import re
from functools import cache
from typing import Any

from pypdf import PageObject

TOKENS = re.compile(
    rb"/Artifact\b[^\n]*?BDC"
    rb"|/[A-Za-z]+ ?<<(?P<marked>(?:[^>\\]|\\.|>(?!>BDC))*)>>BDC|/[A-Za-z]+ BMC"
    rb"|EMC"
    rb"|/(?P<font>\w+) [\d.]+ Tf"
    rb"|(?P<string>\()"
    rb"|(?<!<)<(?P<hexadecimal>[0-9A-F]+)>",
    re.DOTALL,
)
ACTUAL_TEXT = re.compile(rb"/ActualText<FEFF([0-9A-F]*)>")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def said(page: PageObject) -> str:
    """The page's text without white space, running heads, pictures, and what is repeated."""
    resources: Any = page["/Resources"]
    fonts = {
        name[1:].encode(): characters(font.get_object())
        for name, font in resources.get("/Font", {}).items()
    }
    contents = page.get_contents()
    assert contents is not None
    letters: list[str] = []
    font: dict[int, str] = {}
    open_marks: list[bool] = []
    data = contents.get_data()
    at = 0
    while token := TOKENS.search(data, at):
        at = end_of_string(data, token.end()) if token["string"] else token.end()
        start = token[0]
        if start.startswith(b"/Artifact") or b"/Alt" in (token["marked"] or b""):
            open_marks.append(True)
        elif spoken := ACTUAL_TEXT.search(token["marked"] or b""):
            open_marks.append(True)
            letters.append(bytes.fromhex(spoken[1].decode()).decode("utf-16-be"))
        elif start.endswith((b"BDC", b"BMC")):
            open_marks.append(False)
        elif start == b"EMC":
            open_marks.pop()
        elif token["font"]:
            font = fonts[token["font"]]
        elif not any(open_marks):
            codes = (
                plain(data[token.end() : at - 1])
                if token["string"]
                else bytes.fromhex(token["hexadecimal"].decode())
            )
            pairs = zip(codes[::2], codes[1::2], strict=True)
            letters += [font[high << 8 | low] for high, low in pairs]
    return "".join("".join(letters).split())


def end_of_string(data: bytes, at: int) -> int:
    """Where a PDF string ends that began before ``at``; brackets in it may be nested."""
    depth = 1
    for token in re.compile(rb"\\.|[()]", re.DOTALL).finditer(data, at):
        depth += {b"(": 1, b")": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    raise ValueError("a string without an end")


def plain(escaped: bytes) -> bytes:
    """The bytes of a PDF string."""
    return re.sub(
        rb"\\([0-7]{1,3}|.)",
        lambda match: (
            bytes([int(match[1], 8)]) if match[1][:1].isdigit() else ESCAPES.get(match[1], match[1])
        ),
        escaped,
        flags=re.DOTALL,
    )


def characters(font: Any) -> dict[int, str]:
    """The text of each glyph of a font."""
    return _characters(font["/ToUnicode"].get_object().get_data())


@cache
def _characters(table: bytes) -> dict[int, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)>\s*<(\w*)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            first = int(low, 16)
            for code in range(first, int(high, 16) + 1):
                found[code] = chr(int(text, 16) + code - first)
    return found
