"""The last touch on Typst's PDFs: links inside the document, and small objects packed.

Typst can link inside a document, but looks each target up again in every round of layout; for
thousands of links that triples the time. So the templates link to ``place:7``, and here this
becomes a page and a point on it. Typst also writes each of the tens of thousands of small
objects that make a file accessible by itself; packed into object streams (ISO 32000-1,
7.5.7), they take a fifth of the room.

Text from right to left is drawn of parts of letters, each of which claims a whole letter, so that
no reader finds the words again (typst issue 4225). Here such a run gets its words as
``/ActualText`` (ISO 32000-1, 14.9.4).
"""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from factsheet.errors import Fault, FaultsError

Position = tuple[int, float, float]
"""A page, counted from 1, and the distance in points from its left and upper edge."""

_HEIGHT_OF_A4 = 841.89
_ABOVE = 14
_IN_A_STREAM = 200
_LEFT, _NO_SPACE = "\u200e", "\u200b"
_LETTER = "[\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
_NEUTRAL = "[^0-9A-Za-z\u0660-\u0669\u06f0-\u06f9]*"
_FROM_THE_RIGHT = re.compile(f"(?:^{_NEUTRAL})?{_LETTER}+(?:{_NEUTRAL}{_LETTER}+)*(?:{_NEUTRAL}$)?")
_MARKED = rb"/Span<</MCID \d+/Lang\((?:%b)\)>>BDC\n.*?\nQ\nEMC"
_TURNED = re.compile(
    _MARKED % rb"([a-z]+)-(\w\w)" + rb"(?:\n?" + _MARKED % rb"\1-\2" + rb")*", re.DOTALL
)
"""A run from right to left: its language, and the region that stands for its words."""
_DRAWN = re.compile(
    rb"q 1 0 0 -1 ([\d.-]+) ([\d.-]+) cm((?:/c\d+ cs [\d. ]+ scn)?)\n(BT.*?ET)\nQ", re.DOTALL
)
_TEXT_MATRIX = re.compile(rb"1 0 0 -1 ([\d.-]+) ([\d.-]+) Tm")
_SIZE = re.compile(rb"([\d.]+) Tf")
_STRING = rb"<[0-9A-F]*>|\((?:[^()\\]|\\.)*\)"
_MARK_WITHIN = re.compile(
    rb"/ReversedChars BMC|/Span<</ActualText(?:%b)>>BDC|EMC\n?" % _STRING, re.DOTALL
)
_LINK = re.compile(
    rb"/A<</Type/Action/S/URI/URI\(place:(\d+)\)>>(.*?)/Contents\(place:\d+\)", re.DOTALL
)


def finished(
    pdf: bytes, places: Mapping[int, Position], page_words: str, turned: Mapping[str, str]
) -> bytes:
    """The same document, links resolved, words from right to left readable, objects packed.

    Args:
        pdf: A file as Typst writes it: one table of objects, one object after another.
        places: Where each place is.
        page_words: Tells where a link leads; ``{page}`` is the page's number.
        turned: The runs from right to left, by the region that the template gives each.

    Raises:
        FaultsError: the file is not built like that.
    """
    try:
        objects, trailer = _read(pdf)
        pages = _pages(objects, trailer)
        for number in {_reference(objects[page], b"Contents") for page in pages}:
            objects[number] = _with_words(objects[number], turned)
        for number, body in objects.items():
            if b"/Title" in body and b"/Parent" in body:
                objects[number] = _without_signs(body, turned)
    except (ValueError, IndexError, KeyError, TypeError):
        what = "Typst's PDF is built in another way than before"
        hint = "keep the locked version of typst, or teach factsheet/pdf/postprocess.py to read it"
        raise FaultsError([Fault("factsheet/pdf/postprocess.py", 1, 0, what, hint)]) from None

    def link(match: re.Match[bytes]) -> bytes:
        page, left, top = places[int(match[1])]
        point = f"{left:.2f} {_HEIGHT_OF_A4 - top + _ABOVE:.2f}"
        words = page_words.format(page=page).encode("utf-16-be").hex()
        return (
            f"/Dest[{pages[page - 1]} 0 R/XYZ {point} 0]".encode()
            + match[2]
            + f"/Contents<FEFF{words}>".encode()
        )

    return _written({n: _LINK.sub(link, body) for n, body in objects.items()}, trailer)


def _with_words(body: bytes, turned: Mapping[str, str]) -> bytes:
    """The content of a page with the words of each run from right to left."""
    head, _, data = body.removesuffix(b"\nendstream").partition(b">>\nstream\n")
    content = zlib.decompress(data)
    if not turned or not _TURNED.search(content):
        return body
    content = _TURNED.sub(lambda match: _worded(match, turned.get(match[2].decode(), "")), content)
    return _packed(re.sub(rb"/Length \d+|/Filter ?/FlateDecode", b"", head[2:]), content)


def _without_signs(bookmark: bytes, turned: Mapping[str, str]) -> bytes:
    """A bookmark without what the template puts around words from right to left."""
    for words in turned.values():
        for around, kept in ((f"{words[-1]}د.", words[-1]), (f"\xa0{words[0]}", words[0])):
            bookmark = bookmark.replace(_in_hex(around), _in_hex(kept))
    return bookmark


def _in_hex(text: str) -> bytes:
    """A text as a PDF writes it (ISO 32000-1, 7.9.2.2), without its byte-order mark."""
    return text.encode("utf-16-be").hex().upper().encode()


def _worded(run: re.Match[bytes], words: str) -> bytes:
    """A run that says its words; nothing is left of one without.

    Readers put what a page says in order by where it stands, and turn what runs from right to
    left, each in its own way. So each stretch of the words in one direction is said at a place of
    its own, one right of the other, by an invisible sign of that direction: both signs stand at the
    left of the run, where the template puts them. The visible signs say nothing themselves: MuPDF
    would spread the words over them.
    """
    marks = re.findall(rb"/MCID (\d+)", run[0])
    if not words:
        return b"".join(b"/Span<</MCID %b>>BDC\nEMC\n" % mark for mark in marks)
    drawn = [_Drawn(*match) for match in _DRAWN.findall(run[0])]
    if len(drawn) != len(marks):
        raise ValueError("a run is drawn in another way")
    by_size = sorted(drawn, key=lambda one: (one.size, float(one.left)))
    (left_sign, right_sign), shown = by_size[:2], by_size[2:]
    left, top = float(left_sign.left), float(left_sign.top)
    beside = [float(one.left) for one in shown if abs(float(one.top) - top) < left_sign.size]
    room = min(beside, default=left + left_sign.size) - left
    parts = list(_stretches(words))
    out = b""
    for index, (text, is_turned) in enumerate(parts):
        sign = right_sign if is_turned else left_sign
        hidden = sign.at(-(float(sign.left) - left) + room * index / len(parts), left, top)
        hidden = hidden.replace(b"BT", b"BT 20 Tz", 1).replace(b"0 Tr", b"3 Tr")
        out += b"/Span<</MCID %b/Lang(%b)/ActualText<FEFF%b>>>BDC\n%b" % (
            marks[index],
            run[1],
            _in_hex(_as_turned(text) if is_turned else _LEFT + text + _LEFT),
            hidden.replace(b"ET", b"100 Tz ET"),
        )
        out += b"EMC\n"
    out += b"/Span<</MCID %b/Lang(%b)/ActualText<FEFF200B>>>BDC\n%bEMC\n" % (
        marks[len(parts)],
        run[1],
        b"".join(one.at(0, left, top) for one in shown),
    )
    rest = (
        b"/Span<</MCID %b/Lang(%b)>>BDC\nEMC\n" % (mark, run[1]) for mark in marks[len(parts) + 1 :]
    )
    return b"\nq 1 0 0 -1 %.4f %.4f cm\n%bQ\n%b" % (left, top, out, b"".join(rest))


class _Drawn(NamedTuple):
    """Signs as Typst draws them: where they stand, their colour, and the text object."""

    left: bytes
    top: bytes
    colour: bytes
    text: bytes

    @property
    def size(self) -> float:
        """The size of the type."""
        return float(_SIZE.findall(self.text)[0])

    def at(self, shift: float, left: float, top: float) -> bytes:
        """The same within a coordinate system that begins at a point, moved to the right."""
        across, down = float(self.left) - left + shift, top - float(self.top)

        def moved(place: re.Match[bytes]) -> bytes:
            x, y = float(place[1]) + across, float(place[2]) + down
            return b"1 0 0 -1 %.4f %.4f Tm" % (x, y)

        text = _MARK_WITHIN.sub(b" ", self.text)
        return self.colour + b"\n" + _TEXT_MATRIX.sub(moved, text) + b"\n"


def _stretches(words: str) -> Iterator[tuple[str, bool]]:
    """The words in stretches of one direction, and whether that is from right to left."""
    end = 0
    for match in _FROM_THE_RIGHT.finditer(words):
        if match.start() > end:
            yield words[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(words):
        yield words[end:], False


def _as_turned(text: str) -> str:
    """A stretch from right to left in the order in which it stands, bounded by marks of direction.

    pdfium takes a line for one from right to left if it has as many words so as others; a mark for
    each word prevents that.
    """
    return _LEFT + text[::-1] + _LEFT + (_NO_SPACE + _LEFT) * text.count(" ")


def _read(pdf: bytes) -> tuple[dict[int, bytes], bytes]:
    """The objects of a PDF by number, as their bytes, and the entries of its trailer."""
    start = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    table, _, end = pdf[start:].partition(b"trailer")
    lines = table.split(b"\n")
    first, count = map(int, lines[1].split())
    if lines[0] != b"xref" or first != 0:
        raise ValueError("no table of objects")
    offsets = [int(line[:10]) for line in lines[3 : 2 + count]]
    following = dict(zip(ordered := sorted(offsets), [*ordered[1:], start], strict=True))
    objects = {}
    for number, offset in enumerate(offsets, start=1):
        head, _, body = pdf[offset : following[offset]].partition(b" 0 obj\n")
        if int(head) != number:
            raise ValueError("an object is not where the table says")
        objects[number] = body[: body.rindex(b"\nendobj")]
    return objects, end[: end.index(b"startxref")].strip()


def _pages(objects: dict[int, bytes], trailer: bytes) -> list[int]:
    """The numbers of the page objects, in order."""

    def below(number: int) -> Iterator[int]:
        kids = re.search(rb"/Kids ?\[([\d R\s]*)\]", objects[number])
        if kids is None:
            yield number
        else:
            for kid in re.findall(rb"(\d+) 0 R", kids[1]):
                yield from below(int(kid))

    root = _reference(trailer, b"Root")
    return list(below(_reference(objects[root], b"Pages")))


def _reference(entries: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", entries)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])


def _written(objects: dict[int, bytes], trailer: bytes) -> bytes:
    """The file with every object that is no stream in a stream of many."""
    small = [number for number, body in objects.items() if not body.endswith(b"endstream")]
    out = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    rows = {0: (0, 0, 65535)}
    for number, body in objects.items():
        if body.endswith(b"endstream"):
            rows[number] = (1, len(out), 0)
            out += _object(number, _unmistakable(body))
    last = max(objects)
    for start in range(0, len(small), _IN_A_STREAM):
        last += 1
        rows[last] = (1, len(out), 0)
        head, bodies = b"", b""
        for index, number in enumerate(small[start : start + _IN_A_STREAM]):
            rows[number] = (2, last, index)
            head += b"%d %d " % (number, len(bodies))
            bodies += objects[number] + b"\n"
        count = len(small[start : start + _IN_A_STREAM])
        entries = b"/Type/ObjStm/N %d/First %d" % (count, len(head))
        out += _object(last, _packed(entries, head + bodies))
    last += 1
    rows[last] = (1, len(out), 0)
    start = len(out)
    table = b"".join(
        kind.to_bytes(1) + place.to_bytes(4) + index.to_bytes(2)
        for _, (kind, place, index) in sorted(rows.items())
    )
    entries = re.sub(rb"/Size \d+", b"", trailer.removeprefix(b"<<").removesuffix(b">>"))
    entries = b"/Type/XRef/W[1 4 2]/Size %d" % (last + 1) + entries
    out += _object(last, _packed(entries, table))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _packed(entries: bytes, content: bytes) -> bytes:
    return _framed(entries, zlib.compress(content, 9))


def _framed(entries: bytes, data: bytes) -> bytes:
    """A stream of compressed data, written as letters where the data end like a line.

    Readers would differ on whether such an end belongs to the data (ISO 32000-1, 7.3.8.1).
    """
    filters = b"/FlateDecode"
    if data[-1:] in b"\r\n":
        data = base64.a85encode(data) + b"~>"
        filters = b"[/ASCII85Decode/FlateDecode]"
    head = b"%b/Filter%b/Length %d" % (entries, filters, len(data))
    return b"<<%b>>\nstream\n%b\nendstream" % (head, data)


def _unmistakable(body: bytes) -> bytes:
    """A stream of Typst's, framed again if its data end like a line."""
    head, _, data = body.removesuffix(b"\nendstream").partition(b">>\nstream\n")
    if data[-1:] not in b"\r\n" or b"/Filter/FlateDecode" not in head:
        return body
    return _framed(re.sub(rb"/Length \d+|/Filter/FlateDecode", b"", head[2:]), data)
