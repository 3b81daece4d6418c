"""What of a Markdown text is shown: its headings with their anchors, and its prose.

The rules are those of Python-Markdown, which builds the pages. What is not shown is blanked, so
that each character keeps its place.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from factsheet.site.calls import blank

_BLANKED = [
    re.compile(r"(?<=\]\()[^()\s]*"),
    re.compile(r"(?<=\])\{[^{}]*\}|\{[:#.][^{}\n]*\}|\{ [#.:][^{}\n]*\}"),
    re.compile(r"^ {0,3}\d{1,3}[.)](?=\s)", re.MULTILINE),
]
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_READ_ATTRIBUTE = re.compile(
    r"(?<=\s)(?:alt|title|aria-label)=(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE
)
_ENTITY = re.compile(r"&#?\w+;")
_CODE_SPAN = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FIGURE_ONLY = re.compile(r"[\d\s.,:%$€₼+\-–−/×x]+")
_HEADING = re.compile(r"^(#{1,6}) +(\S.*)$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\} *$")
_WITH_SIGNS = re.compile(r"\s*(?:(?:[-*+>]|\d+[.)])\s+)*#{1,6}\s")
_IN_TAGS = re.compile(r"<(h[1-6]|summary)\b(?:(?!</\1|\n[ \t]*\n)[\s\S])*", re.IGNORECASE)
NUMERALS = {"Nd", "No", "Nl"}
"""The Unicode categories of digits, of fractions and the like, and of letters that are numbers."""


@dataclass(frozen=True)
class Heading:
    """A heading: its line in the text, its level, its words, and the anchor of its section."""

    line: int
    level: int
    words: str
    anchor: str


def visible(text: str) -> str:
    """The text with fenced code and comments blanked; what is not closed hides nothing."""
    return _without_comments(_without_fences(text))


def without_code(text: str) -> str:
    """A visible text with code between backticks blanked as well."""
    return _CODE_SPAN.sub(lambda match: blank(match[0]), text)


def headings(text: str) -> list[Heading]:
    """The headings of a visible text, with the anchors that Python-Markdown gives them."""
    found: list[Heading] = []
    used: set[str] = set()
    for match in _HEADING.finditer(text):
        words = _ATTRIBUTES.sub("", match[2]).rstrip()
        plain = re.sub(r"<[^<>]*>|\]\([^()]*\)", "", words)
        plain = (
            unicodedata.normalize("NFKD", html.unescape(plain)).encode("ascii", "ignore").decode()
        )
        slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
        anchor, number = slug, 0
        while anchor in used:
            number += 1
            anchor = f"{slug}_{number}"
        used.add(anchor)
        line = text.count("\n", 0, match.start()) + 1
        found.append(Heading(line, len(match[1]), words.replace("`", ""), anchor))
    return found


def written_anchors(text: str) -> list[str]:
    """The anchors written in a visible text."""
    return re.findall(r"""(?:\{:? *#|\bid=["']?)([\w-]+)""", text)


def headed_lines(text: str) -> set[int]:
    """The lines that headings of all kinds take: with signs, underlined, or in tags."""
    lines = text.split("\n")
    found = {
        number
        for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1)
        if _WITH_SIGNS.match(line) or (line.strip() and re.fullmatch(r"=+|-{2,}", below.strip()))
    }
    for match in _IN_TAGS.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        found |= set(range(first, first + match[0].count("\n") + 1))
    return found


def prose(text: str) -> str:
    """The text with everything that is not prose blanked."""

    def code(match: re.Match[str]) -> str:
        # A bare number in backticks is a figure, not code.
        return match[0] if _FIGURE_ONLY.fullmatch(match[2]) else blank(match[0])

    def tag(match: re.Match[str]) -> str:
        # What a tag shows or reads out is prose too.
        kept, start = "", 0
        for attribute in _READ_ATTRIBUTE.finditer(match[0]):
            kept += blank(match[0][start : attribute.start()]) + attribute[0]
            start = attribute.end()
        return kept + blank(match[0][start:])

    def entity(match: re.Match[str]) -> str:
        # An entity that stands for a digit or a fraction is shown as the fault.
        shown = html.unescape(match[0])
        if len(shown) == 1 and unicodedata.category(shown) in NUMERALS:
            return shown + " " * (len(match[0]) - 1)
        return blank(match[0])

    text = _TAG.sub(tag, _CODE_SPAN.sub(code, visible(text)))
    for pattern in _BLANKED:
        text = pattern.sub(lambda match: blank(match[0]), text)
    return _ENTITY.sub(entity, text)


def _without_fences(text: str) -> str:
    lines = text.split("\n")
    closing: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if re.fullmatch(r"(?:`{3,}|~{3,})[ \t]*", line):
            closing.setdefault(line.strip(), []).append(number)
    number = 0
    while closing and number < len(lines):
        opening = re.match(r"`{3,}|~{3,}", lines[number])
        ends = closing.get(opening[0], []) if opening else []
        place = bisect_right(ends, number)
        last = ends[place] if place < len(ends) else number - 1
        lines[number : last + 1] = [" " * len(line) for line in lines[number : last + 1]]
        number = max(last, number) + 1
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    parts, end = [], 0
    start = text.find("<!--")
    while start >= 0 and (close := text.find("-->", start)) >= 0:
        parts += [text[end:start], blank(text[start : close + 3])]
        end = close + 3
        start = text.find("<!--", end)
    return "".join([*parts, text[end:]])
