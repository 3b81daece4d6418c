"""PDFs, read back: the text of each page, and what of it stands on the pages of the site.

A PDF has no tags to ask. But it says, word for word and in order, what the pages say: both
are read as one row of letters, digits and words, and laid side by side. What does not match
is furniture, or a stray.
"""

import ctypes
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from unicodedata import bidirectional

import pypdfium2
import pypdfium2.raw as raw
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit import theme
from factsheet.audit.expected import TAGS, kind_of, name_of
from factsheet.audit.outputs import reading

IGNORED = {
    "contents": "a heading there ends with the number of its page, as the bookmarks have it",
    "foot": "the last line of a page tells its number, how many there are, and the edition",
    "pictures": "their texts are read in no order: a line of them is sought in one picture",
    "count": "the one-page sheet tells how many disputes there are, after those that it shows",
}
"""Numbers in a PDF that need not stand in the same place on the site, each with its reason."""

NOT_ON_PAPER = {
    f"script, style, {theme.COPY_MARK}": "is no text",
    '[data-only="screen"]': "is marked so: it leads elsewhere, or repeats a picture",
    "svg": "has no order of reading: see above",
}
"""What PDFs may leave out of the pages, and why."""

_TOKEN = re.compile(r"\d|[^\W\d_]+|(?<=\d)[.,:](?=\d)")
A_PASSAGE, A_PHRASE = 12, 6
"""How many tokens in a row are a match wherever they stand: in a long text, in a short one."""
Name = tuple[str, str]
"""The kind of a tagged element, and what it speaks of."""
_FIRST_SIGN, _LAST_SIGN = 0xF0000, chr(0x10FFFD)
_MARKED = re.compile(f"[{chr(_FIRST_SIGN)}-{chr(0xFFFFD)}][^{_LAST_SIGN}]*{_LAST_SIGN}")
"""Private signs of Unicode, which no page has and which are no words."""
_BETWEEN = r"(?: [^\W\d]+){0,12}? "
"""Words such as a rank or a state, which may stand between the parts of an entry."""
_FAR, _LIKELY = 400, 4
"""How many tokens a gap may skip, and how many in a row are a match beyond it."""


class Token(NamedTuple):
    """A digit or word of a text, and where it stands: its page, and its place there."""

    text: str
    page: int
    start: int

    @property
    def is_digit(self) -> bool:
        """Whether it is part of a number."""
        return self.text.isdigit()


class Paper:
    """One PDF: the text of its pages, the files it carries, and the addresses it links."""

    def __init__(self, folder: Path, path: Path) -> None:
        """Read the file; ``folder`` is where faults name it from.

        Raises:
            DamagedError: it is no PDF.
        """
        with reading(folder, path), pypdfium2.PdfDocument(path) as document:
            pages = list(document)
            texts = [page.get_textpage().get_text_bounded() for page in pages]
            self.texts = [text.replace("\r\n", "\n") for text in texts]
            attached = map(document.get_attachment, range(document.count_attachments()))
            self.attached = {file.get_name(): bytes(file.get_data()) for file in attached}
            self.headings = [
                ("".join(mark.get_title().split()), dest.get_index() + 1)
                for mark in document.get_toc()
                if (dest := mark.get_dest())
            ]
            told = document.get_metadata_dict()
            self.title = "; ".join(
                told[name] for name in ("Title", "Author", "Subject", "Keywords")
            )
            self.addresses = sorted({a for page in pages for a in _addresses(document, page)})

    def body(self, edition: str) -> list[str]:
        """The text of each page without its foot and without correct entries of contents."""
        shown = []
        first = min((page for _, page in self.headings), default=0)
        for number, text in enumerate(self.texts, start=1):
            lines = (_without_contents(text, self.headings) if number < first else text).split("\n")
            foot = lines[-1].replace(edition, "") if lines else ""
            if re.findall(r"\d+", foot) == [str(number), str(len(self.texts))]:
                lines.pop()
            shown.append("\n".join(lines))
        return shown


def _addresses(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """The addresses on other hosts to which links of a page lead."""
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, place, link):
        action = raw.FPDFLink_GetAction(link)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
            size = raw.FPDFAction_GetURIPath(document, action, None, 0)
            text = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, text, size)
            yield text.value.decode()


def page_text(tree: LexborHTMLParser, names: list[Name]) -> str:
    """What of a page of the site stands on paper too, its lists numbered as they are shown.

    The rest is taken out of ``tree``. Tagged elements with numbers are put between signs that
    stand for their places in ``names``, to which they are added.
    """
    article = tree.css_first(theme.ARTICLE)
    if article is None or article.attributes.get("data-only") == "screen":
        return ""
    for node in article.css(", ".join(NOT_ON_PAPER)):
        node.decompose()
    for numbered in article.css("ol:not(.timeline)"):
        for number, item in enumerate(numbered.iter(), start=1):
            item.insert_child(f"{number}. ") if item.first_child is None else (
                item.first_child.insert_before(f"{number}. ")
            )
    for node in article.css(", ".join(('a[href*="#source-"]', *(f".{kind}" for kind in TAGS)))):
        kind, source = kind_of(node), (node.attributes.get("href") or "").partition("#source-")[2]
        if node.first_child is not None and re.search(r"\d", node.text()):
            node.first_child.insert_before(chr(_FIRST_SIGN + len(names)))
            node.insert_child(_LAST_SIGN)
            names.append((kind, name_of(node, kind)) if kind else ("source-no", source))
    return article.text(separator=" ")


def names_at(texts: list[str], names: list[Name]) -> list[dict[int, Name]]:
    """For each text, the names of the places within its tagged elements."""
    return [
        {
            place: names[ord(match[0][0]) - _FIRST_SIGN]
            for match in _MARKED.finditer(text)
            for place in range(*match.span())
        }
        for text in texts
    ]


def tokens(texts: list[str]) -> list[Token]:
    """The texts, page by page, as digits and words."""
    return [
        Token(match[0].casefold(), number, match.start())
        for number, text in enumerate(texts, start=1)
        for match in _TOKEN.finditer(text)
    ]


def _without_contents(text: str, headings: list[tuple[str, int]]) -> str:
    """A page of contents without the headings that have the number of their page behind them."""
    for heading, page in headings:
        letters_of = r"[\s\u200b\u200e]*".join(map(re.escape, heading))
        text = re.sub(rf"{letters_of}[\s.\u200b\u200e\u2060]*{page}(?!\d)", "", text, count=1)
    return text


class Comparison:
    """Two rows of tokens side by side: which tokens of either have no match in the other."""

    def __init__(self, paper: list[Token], site: list[Token], sure: int) -> None:
        """``paper``: what the PDF says; ``site``: what the pages say; ``sure``: see above."""
        self.paper = paper
        self.site = site
        self.sure = sure
        self._paper = [token.text for token in paper]
        self._site = [token.text for token in site]
        self._near = _places(self._site)
        self.pairs = dict(self._matches())
        """Where each token of the PDF that has a match stands on the site."""
        self._pair_what_is_left()
        self._found = self.pairs.keys(), set(self.pairs.values())

    def strays(self) -> Iterator[Token]:
        """Digits of the PDF that the pages do not have there."""
        yield from (t for n, t in enumerate(self.paper) if t.is_digit and n not in self._found[0])

    def missing(self) -> Iterator[Token]:
        """Digits of the pages that the PDF does not have; what they say twice it may say once."""
        near = _places(self._paper)
        for place, token in enumerate(self.site):
            if token.is_digit and place not in self._found[1]:
                starts = range(max(0, place - self.sure + 1), place + 1)
                stretches = (self._site[start : start + self.sure] for start in starts)
                if not any(_whole(stretch, self._paper, near) for stretch in stretches):
                    yield token

    def _pair_what_is_left(self) -> None:
        """A short text between pictures, which a leap passed over, in both rows."""
        there = set(self.pairs.values())
        for start in range(len(self._paper) - _LIKELY + 1):
            left = [n for n in range(_LIKELY) if start + n not in self.pairs]
            places = self._near.get(tuple(self._paper[start : start + _LIKELY]), ()) if left else ()
            place = next((p for p in places if not any(p + n in there for n in left)), None)
            if place is not None:
                self.pairs |= {start + n: place + n for n in left}
                there.update(place + n for n in left)

    def _matches(self) -> Iterator[tuple[int, int]]:
        """Pairs of places, in the PDF and on the site, with the same token."""
        here = there = home = 0
        while here < len(self._paper):
            if there < len(self._site) and self._paper[here] == self._site[there]:
                yield here, there
                here, there = here + 1, there + 1
                continue
            found = self._next(here, there, home)
            if found is None:
                here += 1
            else:
                if not 0 <= found[1] - there < _FAR:
                    home = there
                here, there = found

    def _next(self, here: int, there: int, home: int) -> tuple[int, int] | None:
        """Where both rows go on alike, with the smallest gap.

        That is after ``there``, or after ``home``, the place before the last leap. Beyond
        ``_FAR``, or backwards, only ``sure`` tokens are a match, and count as so long a gap;
        they may begin before, with tokens that stand in both places.
        """
        best = (_FAR + self.sure, 0, 0, 0)
        for ahead in range(1 - min(self.sure, here + 1), _FAR):
            if ahead >= best[0]:
                break
            start = here + ahead
            places = self._near.get(tuple(self._paper[start : start + _LIKELY]), [])
            for base in (there, home):
                place = _first(places, base)
                if ahead >= 0 and place is not None and place - base < _FAR:
                    best = min(best, (ahead + place - base, 0, start, place))
            stretch = self._paper[start : start + self.sure]
            places = _whole(stretch, self._site, self._near) if len(stretch) == self.sure else []
            for place in (_first(places, base) for base in (there, home, 0)):
                if place is not None:
                    distance = min(abs(place - there), abs(place - home))
                    best = min(best, (ahead + self.sure, distance, start, place))
        return best[2:] if best[0] < _FAR + self.sure else None


class Entries:
    """What a PDF says, entry by entry, in any order: each is found once."""

    def __init__(self, paper: list[Token]) -> None:
        """``paper``: what the PDF says."""
        self.paper = paper
        self._starts: list[int] = []
        row = ""
        for token in paper:
            self._starts.append(len(row) + 1)
            row += f" {token.text}"
        self._row = f"{row} "
        self.found: dict[int, str] = {}
        """The name of the entry to which each token belongs."""

    def missing(self, entries: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
        """The entries that are not there; those with most to say are sought first."""
        for name, entry in sorted(entries, key=lambda one: -len("".join(one[1]))):
            parts = [" ".join(token.text for token in tokens([part])) for part in entry]
            pattern = _BETWEEN.join(f"({re.escape(part)})" for part in parts if part)
            whole = re.compile(f"(?<= ){pattern}(?= )")
            found = whole.search(self._row)
            if found is None:
                yield " ".join(entry)
                continue
            while shorter := whole.search(self._row, found.start() + 1, found.end() + 1):
                found = shorter
            for start, end in found.regs[1:]:  # what stands between may belong to another entry
                first, last = (bisect_left(self._starts, place) for place in (start, end))
                self.found |= dict.fromkeys(range(first, last), name)
                self._row = self._row[:start] + "\0" * (end - start) + self._row[end:]

    def strays(self) -> Iterator[Token]:
        """Digits that belong to no entry that was sought."""
        yield from (t for n, t in enumerate(self.paper) if t.is_digit and n not in self.found)


_Places = dict[tuple[str, ...], list[int]]


def _places(row: list[str]) -> _Places:
    """Where each stretch of ``_LIKELY`` tokens begins."""
    found: _Places = {}
    for place, stretch in enumerate(zip(*(row[n:] for n in range(_LIKELY)), strict=False)):
        found.setdefault(stretch, []).append(place)
    return found


def _whole(stretch: list[str], row: list[str], places: _Places) -> list[int]:
    """Where all of a stretch stands in a row, found by its rarest part."""
    parts = (tuple(stretch[n : n + _LIKELY]) for n in range(len(stretch) - _LIKELY + 1))
    starts = [places.get(part, []) for part in parts]
    if not starts or not all(starts):
        return []
    rarest = min(range(len(starts)), key=lambda n: len(starts[n]))
    found = (place - rarest for place in starts[rarest])
    return [place for place in found if row[place : place + len(stretch)] == stretch]


def _first(places: list[int], base: int) -> int | None:
    """The first place from ``base`` on."""
    index = bisect_left(places, base)
    return places[index] if index < len(places) else None


def letters(text: str) -> str:
    """The letters and digits of a text alone: labels of a picture may lie over each other.

    Letters that run from right to left stand there in the order in which they are drawn.
    """
    return "".join(
        char for char in text if char.isalnum() and bidirectional(char) not in {"R", "AL"}
    )
