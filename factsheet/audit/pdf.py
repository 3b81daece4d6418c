"""PDFs, read back: the text of each page, and what of it stands on the pages of the site.

A PDF has no tags to ask. But it says word for word what the pages say: both are read as one row
of digits and words, and stretches that both have are paired. What has no match is furniture, or a
stray.
"""

import ctypes
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple
from unicodedata import bidirectional, category, normalize

import pypdfium2
import pypdfium2.raw as raw
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit import theme
from factsheet.audit.expected import TAGS, kind_of, name_of

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

_FROM_THE_RIGHT = {"R", "AL"}
_TURNED = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
"""Letters that run from right to left: on paper, a blank may part them from others."""
_TOKEN = re.compile(rf"\d|[^\W\d_{_TURNED}]+|(?:(?=[^\W\d_])[{_TURNED}])+|(?<=\d)[.,:](?=\d)")
A_PASSAGE, A_PHRASE, _LIKELY = 12, 6, 4
"""How many tokens in a row are a match: longer rows first, the shortest each once."""
Name = tuple[str, str]
"""The kind of a tagged element, and what it speaks of."""
_FIRST_SIGN, _LAST_SIGN = 0xF0000, chr(0x10FFFD)
_MARKED = re.compile(f"[{chr(_FIRST_SIGN)}-{chr(0xFFFFD)}][^{_LAST_SIGN}]*{_LAST_SIGN}")
"""Private signs of Unicode, which no page has and which are no words."""
_UNSEEN = r"[\s\u200b\u200e]*"
_MAY_BREAK = re.compile(r"(?<=\w)\u200b\n?(?=\w)")
"""What paper has between the letters of a very long word."""
_WORD = re.compile(r" [^\W\d]+(?= )")
_BETWEEN = 12
"""How many words, such as a rank or a state, may stand between the parts of an entry."""


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

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            pypdfium2.PdfiumError: it is no PDF.
        """
        with pypdfium2.PdfDocument(path) as document:
            pages = list(document)
            texts = [page.get_textpage().get_text_bounded() for page in pages]
            texts = [text.replace("\r\n", "\n") for text in texts]
            self.texts = [_MAY_BREAK.sub("", text) for text in texts]
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


def on_paper(papers: Iterable[Paper], instead: str) -> Callable[[str], str]:
    """How PDFs have a source's own words: other words, where one sign of them is in no PDF."""
    texts = {text for paper in papers for text in paper.texts}
    shown = {char for text in texts for char in text + normalize("NFKC", text)}

    def put(text: str) -> str:
        hidden = {*normalize("NFKC", text)} - shown
        is_set = all(category(char)[0] not in "LN" and category(char) != "So" for char in hidden)
        return text if is_set else instead

    return put


def page_texts(
    tree: LexborHTMLParser, names: list[Name], put_on_paper: Callable[[str], str]
) -> list[str]:
    """What of a page of the site stands on paper too, its lists numbered as they are shown.

    What stands around a picture is a text of its own: on paper, pictures move. The rest is
    taken out of ``tree``. Tagged elements with numbers are put between signs that stand for
    their places in ``names``, to which they are added. ``put_on_paper``: see ``on_paper``.
    """
    article = tree.css_first(theme.ARTICLE)
    if article is None or article.attributes.get("data-only") == "screen":
        return []
    for node in article.css(", ".join(NOT_ON_PAPER)):
        node.decompose()
    for node in article.css(".source-text"):
        if (put := put_on_paper(text := node.text())) != text:
            node.inner_html = escape(put)
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
    texts = []
    for picture in article.css("figure"):
        texts.append(picture.text(separator=" "))
        picture.decompose()
    return [article.text(separator=" "), *texts]


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
    whole = re.sub(_UNSEEN, "", text)
    for heading, page in headings:
        if re.sub(_UNSEEN, "", heading) not in whole:
            continue  # it stands on another page of the contents
        letters_of = _UNSEEN.join(map(re.escape, heading))
        text = re.sub(rf"{letters_of}[\s.\u200b\u200e\u2060]*{page}(?!\d)", "", text, count=1)
    return text


class Comparison:
    """Two rows of tokens: which tokens of either have no match in the other.

    A match is a row of tokens that both have, wherever it stands: on paper, pictures move.
    """

    def __init__(self, paper: list[Token], site: list[Token], *, is_whole: bool) -> None:
        """``paper``: what the PDF says; ``site``: what the pages say, in order if whole."""
        self.paper = paper
        self.site = site
        self._paper = [token.text for token in paper]
        self._site = [token.text for token in site]
        self.pairs: dict[int, int] = {}
        """Where each token of the PDF that has a match stands on the site."""
        self._taken: set[int] = set()
        for length in (A_PASSAGE, A_PHRASE, _LIKELY):
            self._pair(length, again=length >= A_PHRASE)
        if is_whole:
            self._pair_parted()

    def strays(self) -> Iterator[Token]:
        """Digits of the PDF that the pages do not have there."""
        yield from (t for n, t in enumerate(self.paper) if t.is_digit and n not in self.pairs)

    def missing(self) -> Iterator[Token]:
        """Digits of the pages that the PDF does not have; what they say twice it may say once."""
        said = _places(self._paper, A_PASSAGE)
        for place, token in enumerate(self.site):
            if token.is_digit and place not in self._taken:
                starts = range(max(0, place - A_PASSAGE + 1), place + 1)
                if not any(tuple(self._site[n : n + A_PASSAGE]) in said for n in starts):
                    yield token

    def left_out(self, paragraphs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The paragraphs, each with its file, of which the PDF has less than half."""
        said = _places(self._paper, _LIKELY)
        for file, text in paragraphs:
            found = _places([token.text for token in tokens([text])], _LIKELY)
            if 2 * len(found.keys() & said.keys()) < len(found):
                yield file, text

    def _pair(self, length: int, *, again: bool) -> None:
        """Pair rows of so many tokens; ``again``: also with what is paired already."""
        places = _places(self._site, length)
        for here in range(len(self._paper) - length + 1):
            left = [n for n in range(length) if here + n not in self.pairs]
            if length < A_PASSAGE and not any(
                one.isalpha() for one in self._paper[here : here + length]
            ):
                continue  # digits alone are found anywhere
            for there in places.get(tuple(self._paper[here : here + length]), ()) if left else ():
                if again or not any(there + n in self._taken for n in left):
                    self.pairs |= {here + n: there + n for n in left}
                    self._taken |= {there + n for n in left}
                    break

    def _pair_parted(self) -> None:
        """Pair digits that only a picture, or the end of a page, parts from what is before them."""
        found = {there: here for here, there in self.pairs.items()}
        for there, token in enumerate(self.site):
            if not token.is_digit or there in self._taken or there - 1 not in found:
                continue
            for here in range(found[there - 1] + 1, len(self.paper)):
                if here not in self.pairs and self._paper[here] == token.text:
                    self.pairs[here] = there
                    self._taken.add(there)
                    found[there] = here
                if here in self.pairs and self.site[self.pairs[here]].page == token.page:
                    break


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
            found = self._find([part for part in parts if part])
            if not found:
                yield " ".join(entry)
            for start, end in found:  # what stands between may belong to another entry
                first, last = (bisect_left(self._starts, place) for place in (start, end))
                self.found |= dict.fromkeys(range(first, last), name)
                self._row = self._row[:start] + "\0" * (end - start) + self._row[end:]

    def _find(self, parts: list[str]) -> list[tuple[int, int]]:
        """Where parts stand together: the last to begin of those that end as early as the first."""
        found: list[tuple[int, int]] = []
        start = -1
        while (start := self._row.find(f" {parts[0]} ", start + 1)) >= 0:
            if found and start > found[-1][1]:
                break
            whole = self._spans(start, parts)
            if whole and (not found or whole[-1][1] <= found[-1][1]):
                found = whole
        return found

    def _spans(self, place: int, parts: list[str]) -> list[tuple[int, int]] | None:
        """From where to where each part goes: the first at a place, others after few words."""
        if not parts:
            return []
        for _ in range(_BETWEEN + 1):
            if self._row.startswith(f" {parts[0]} ", place):
                end = place + 1 + len(parts[0])
                if (others := self._spans(end, parts[1:])) is not None:
                    return [(place + 1, end), *others]
            word = _WORD.match(self._row, place)
            if word is None:
                break
            place = word.end()
        return None

    def strays(self) -> Iterator[Token]:
        """Digits that belong to no entry that was sought."""
        yield from (t for n, t in enumerate(self.paper) if t.is_digit and n not in self.found)


def _places(row: Sequence[str], length: int) -> dict[tuple[str, ...], list[int]]:
    """Where each stretch of so many tokens begins."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, stretch in enumerate(zip(*(row[n:] for n in range(length)), strict=False)):
        found.setdefault(stretch, []).append(place)
    return found


def letters(text: str) -> str:
    """The letters and digits of a text alone: labels of a picture may lie over each other.

    Letters that run from right to left stand there in the order in which they are drawn.
    """
    return "".join(c for c in text if c.isalnum() and bidirectional(c) not in _FROM_THE_RIGHT)


def is_turned(text: str) -> bool:
    """Whether letters of a text run from right to left."""
    return any(bidirectional(char) in _FROM_THE_RIGHT for char in text)
