"""Words of PDFs, held against those of the pages: each has a neighbour that it has in both.

Numbers are compared in their order, with ``pdf.Comparison``; what that could not pair of words
is sought here in any place, as headings, notes of pictures and heads of tables move on paper.
Left out are the cover of the booklet, and words beside other scripts, accents or very long
words: they may be written, or broken, in another way on paper.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from unicodedata import category

from factsheet.audit.expected import Expected
from factsheet.audit.outputs import HtmlFile
from factsheet.audit.pdf import Comparison, Token, tokens

_SHOWN_APART = "th, caption, li, summary, h1, h2, h3, h4, nav a, svg text, .chart-title"
"""What paper repeats, or leaves out: it stands by itself."""
_IN_A_ROW, _BESIDE, _LONG = 2, 80, 25
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
"""What paper has between the letters of a very long word."""
_Words = tuple[str, ...]


class Frame:
    """Texts that stand by themselves, in any place: headings, labels, what PDFs say of themselves.

    A PDF has the site's title at the head of each page, and on its first one what it is.
    """

    def __init__(self, expected: Expected, ui: Mapping[str, str]) -> None:
        """``ui``: the words of the frame; with gaps in braces for what changes."""
        self._texts = {piece for text in ui.values() for piece in re.split(r"\{.*?\}", text)}
        self._texts |= {*ui.values(), expected.site, expected.edition}

    def add(self, page: HtmlFile) -> None:
        """Take in what stands apart on a page, and what programs show of it."""
        self._texts |= {node.text(separator=" ") for node in page.tree.css(_SHOWN_APART)}
        for node in page.tree.css("title"):
            self._texts |= {node.text(), *node.text().split(" - ")}
        for node in page.tree.css("meta[name=description][content], img[alt]"):
            given = node.attributes
            self._texts.add(given.get("content") or given.get("alt") or "")

    @cached_property
    def _apart(self) -> set[_Words]:
        """The texts as rows of words, once all pages are taken in."""
        return {_row(tokens([text])) for text in self._texts}

    def strays(self, both: Comparison, texts: list[str]) -> Iterator[Token]:
        """Words of a PDF that neither pages nor the frame have beside their neighbours."""
        apart = self._apart
        site = {*_in_a_row(_row(both.site)), *(found for row in apart for found in _in_a_row(row))}
        row = _row(both.paper)
        for n, token in enumerate(both.paper):
            if n in both.pairs or not _is_word(token, texts[token.page - 1]):
                continue
            if not _stands(row, n, site, apart):
                yield token

    def missing(self, both: Comparison, texts: list[str]) -> Iterator[Token]:
        """Words of pages that the PDF does not have beside their neighbours."""
        apart = self._apart
        paper, row, there = {*_in_a_row(_row(both.paper))}, _row(both.site), {*both.pairs.values()}
        for n, token in enumerate(both.site):
            if n in there or not _is_word(token, texts[token.page - 1]):
                continue
            if not _stands(row, n, paper, apart):
                yield token


def _row(found: list[Token]) -> _Words:
    return tuple(token.text for token in found)


def _in_a_row(row: _Words) -> Iterator[_Words]:
    return zip(*(row[n:] for n in range(_IN_A_ROW)), strict=False)


def _is_word(token: Token, text: str) -> bool:
    """Whether it is a word that paper and page are sure to write alike."""
    near = text[max(0, token.start - _BESIDE) : token.start + _BESIDE]
    return (
        token.text.isalpha()
        and _MAY_BREAK not in near
        and not any(not char.isascii() and category(char)[0] in "LM" for char in near)
        and max(map(len, re.findall(r"\w+", near)), default=0) < _LONG
    )


def _stands(row: _Words, n: int, known: set[_Words], apart: set[_Words]) -> bool:
    """Whether a word stands there with its neighbours, or as part of a text apart."""
    near = range(max(0, n - _IN_A_ROW + 1), n + 1)
    if any(row[start : start + _IN_A_ROW] in known for start in near):
        return True
    spans = ((start, end) for start in range(max(0, n - 7), n + 1) for end in range(n + 1, n + 9))
    return any(row[start:end] in apart for start, end in spans)
