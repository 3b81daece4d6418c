"""The last touch on Typst's PDFs: links inside the document, and small objects packed.

Typst can link inside a document, but looks each target up again in every round of layout; for
thousands of links that triples the time. So the templates link to ``place:7``, and here this
becomes a page and a point on it. Typst also writes each of the tens of thousands of small
objects that make a file accessible by itself; packed into object streams (ISO 32000-1,
7.5.7), they take a fifth of the room.
"""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from factsheet.errors import Fault, FaultsError

Position = tuple[int, float, float]
"""A page, counted from 1, and the distance in points from its left and upper edge."""

_HEIGHT_OF_A4 = 841.89
_ABOVE = 14
_IN_A_STREAM = 200
_LINK = re.compile(
    rb"/A<</Type/Action/S/URI/URI\(place:(\d+)\)>>(.*?)/Contents\(place:\d+\)", re.DOTALL
)


@dataclass(frozen=True)
class _File:
    """The objects of a PDF by number, as their bytes, and the entries of its trailer."""

    objects: dict[int, bytes]
    trailer: bytes


def finished(pdf: bytes, places: Mapping[int, Position], page_words: str) -> bytes:
    """The same document with its ``place:`` links resolved and its small objects packed.

    Args:
        pdf: A file as Typst writes it: one table of objects, one object after another.
        places: Where each place is.
        page_words: Tells where a link leads; ``{page}`` is the page's number.

    Raises:
        FaultsError: the file is not built like that.
    """
    try:
        file = _read(pdf)
        pages = _pages(file)
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

    linked = {number: _LINK.sub(link, body) for number, body in file.objects.items()}
    return _written(_File(linked, file.trailer))


def _read(pdf: bytes) -> _File:
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
    return _File(objects, end[: end.index(b"startxref")].strip())


def _pages(file: _File) -> list[int]:
    """The numbers of the page objects, in order."""

    def below(number: int) -> Iterator[int]:
        kids = re.search(rb"/Kids ?\[([\d R\s]*)\]", file.objects[number])
        if kids is None:
            yield number
        else:
            for kid in re.findall(rb"(\d+) 0 R", kids[1]):
                yield from below(int(kid))

    root = _reference(file.trailer, b"Root")
    return list(below(_reference(file.objects[root], b"Pages")))


def _reference(entries: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", entries)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])


def _written(file: _File) -> bytes:
    """The file with every object that is no stream in a stream of many."""
    small = [number for number, body in file.objects.items() if not body.endswith(b"endstream")]
    out = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    rows = {0: (0, 0, 65535)}
    for number, body in file.objects.items():
        if body.endswith(b"endstream"):
            rows[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, _unmistakable(body))
    last = max(file.objects)
    for start in range(0, len(small), _IN_A_STREAM):
        last += 1
        rows[last] = (1, len(out), 0)
        head, bodies = b"", b""
        for index, number in enumerate(small[start : start + _IN_A_STREAM]):
            rows[number] = (2, last, index)
            head += b"%d %d " % (number, len(bodies))
            bodies += file.objects[number] + b"\n"
        count = len(small[start : start + _IN_A_STREAM])
        out += _stream(last, b"/Type/ObjStm/N %d/First %d" % (count, len(head)), head + bodies)
    last += 1
    rows[last] = (1, len(out), 0)
    start = len(out)
    table = b"".join(
        kind.to_bytes(1) + place.to_bytes(4) + index.to_bytes(2)
        for _, (kind, place, index) in sorted(rows.items())
    )
    entries = re.sub(rb"/Size \d+", b"", file.trailer.removeprefix(b"<<").removesuffix(b">>"))
    out += _stream(last, b"/Type/XRef/W[1 4 2]/Size %d" % (last + 1) + entries, table)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, _packed(entries, content))


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
