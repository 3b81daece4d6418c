"""What of a Markdown text is shown: its headings with their anchors, and its prose.

The rules are those of Python-Markdown, which builds the pages. What is not shown is blanked, so
that each character keeps its place.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from factsheet.data.yaml_nodes import INVISIBLE
from factsheet.site.calls import blank

_TOKEN = re.compile(
    r"""
    (?=[^\w\s]|[\d_]|[^\S ]|\s\s|^\ )(?:
    (?P<hidden><!--(?:(?!<!--).)*?-->|[\u00ad\u034f\u200b-\u200d\u2060\ufeff])
    |(?P<code>(?<!`)(?P<ticks>`++)(?P<inside>.+?)(?<!`)(?P=ticks)(?!`))
    |\\(?P<escaped>[!-/:-@\[-`{-~])
    |(?P<address><[a-z]+:[^<>\s]*>|^\ {0,3}\[[^\]\n]*\]:\ *\S+|(?<=\])\[[^\]]*\])
    |(?P<tag></?(?P<name>[A-Za-z][\w-]*)(?:\s[^<>]*|/)?>)
    |(?P<link>\]\(\s*(?:<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?P<title>\s[^()]*)?\))
    |(?P<list>\{:?\ *(?:(?:[#.][\w-]+|[\w:-]+=(?:"[^"]*"|'[^']*'|[^\s{}"']+))\s*)+\})
    |^[ \t>]*(?P<item>\d+)[.)](?=\s)
    |(?P<break>\n[ \t]*(?=\n)|^[ \t]*(?:[-+*]|>+|\#{1,6}|\|)(?=\s)|\|)
    |(?P<entity>&\#?\w+;)
    |(?P<sign>\*+|(?<!\w)_+|_+(?!\w)|!?\[|\])
    |(?P<space>\n|[^\S\n]{2,}|[^\S\n ])
    )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
"""What a browser does not show letter for letter; it begins with no letter, nor with the one space
between two words."""
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>{}]+))""")
_UNREAD = re.compile(
    "href|src|srcset|id|class|style|width|height|rel|lang|dir|role|for|name|target|tabindex|scope"
    "|headers|colspan|rowspan|loading|decoding|hidden|open|type|markdown|hreflang|xml.*",
    re.IGNORECASE,
)
"""Attributes whose values no reader sees or hears; any other may be shown or read out."""
_WITHIN_WORDS = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong"
    "|sub|sup|time|tt|u|var|wbr",
    re.IGNORECASE,
)
"""Tags that do not end a word."""
CODE_SPAN = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
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
    return CODE_SPAN.sub(lambda match: blank(match[0]), text)


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


@dataclass(frozen=True)
class Shown:
    """What a reader sees of a text, with single spaces, and a line end where a block ends.

    ``begins``: where each stretch of it begins; ``places``: where that stands in the whole text.
    ``code``: the spans that are code.
    """

    text: str
    begins: list[int]
    places: list[int]
    code: list[tuple[int, int]]

    def place(self, index: int) -> int:
        """Where a character stands in the whole text."""
        stretch = bisect_right(self.begins, index) - 1
        return self.places[stretch] + index - self.begins[stretch]

    def is_code(self, place: int) -> bool:
        """Whether the character at a place stands in code."""
        return any(start <= place < end for start, end in self.code)


class _Reader:
    """Puts together what is shown of one text."""

    def __init__(self) -> None:
        self.stretches: list[str] = []
        self.begins: list[int] = []
        self.places: list[int] = []
        self.length = 0
        self.code: list[tuple[int, int]] = []
        self.item = 0

    def _put(self, stretch: str, place: int) -> None:
        if stretch:
            self.stretches.append(stretch)
            self.begins.append(self.length)
            self.places.append(place)
            self.length += len(stretch)

    def add(self, shown: str, place: int, *, step: int = 1) -> None:
        """Characters of the text from ``place`` on; ``step`` 0: all stand for what is there."""
        for offset, char in enumerate(shown):
            if char.isspace():
                char = "\n" if char == "\n" else " "
                last = self.stretches[-1] if self.stretches else ""
                if last[-1:].isspace():
                    self.stretches[-1] = last[:-1] + min(char, last[-1])  # the end of a block wins
                    continue
            self._put(char, place + offset * step)

    def read(self, text: str, start: int = 0) -> None:
        """All of a text that begins at a place of the whole."""
        end = 0
        for match in _TOKEN.finditer(text):
            self._plain(text, end, match.start(), start)
            self._token(match, start)
            end = match.end()
        self._plain(text, end, len(text), start)

    def _plain(self, text: str, begins: int, ends: int, start: int) -> None:
        """What stands between two tokens, in which spaces stand alone."""
        if begins < ends:
            self.add(text[begins], start + begins)
            self._put(text[begins + 1 : ends], start + begins + 1)

    def _token(self, match: re.Match[str], start: int) -> None:
        place, kind = start + match.start(), match.lastgroup
        if match["code"]:
            begins, inside = self.length, match["inside"]
            self.add(inside.replace("\n", " "), start + match.start("inside"))
            if not _FIGURE_ONLY.fullmatch(inside):  # a bare number is a figure, not code
                self.code.append((begins, self.length))
        elif match["escaped"]:
            self.add(match["escaped"], place)
        elif match["entity"]:
            char = html.unescape(match[0])
            is_hidden = INVISIBLE.fullmatch(char) or (_TOKEN.fullmatch(char) and not char.isspace())
            self.add("" if is_hidden else char, place, step=0)
        elif match["tag"] or match["list"]:
            if match["list"] or not _WITHIN_WORDS.fullmatch(match["name"]):
                self.add("\n", place)
            if (match["name"] or "").lower() not in {"data", "time"}:  # refused as such
                self._attributes(match[0], place)
        elif match["link"]:
            self._aside(match["title"] or "", start + max(match.start("title"), 0))
        elif match["item"]:
            is_counted = int(match["item"]) in {1, self.item + 1}
            self.item = int(match["item"])
            self.add("\n" if is_counted else match[0], place)
        elif kind in {"break", "address", "space"}:
            self.add({"break": "\n", "address": " "}.get(kind or "", " "), place)

    def _attributes(self, tag: str, place: int) -> None:
        """What a tag or a list of attributes shows or reads out."""
        for match in _ATTRIBUTE.finditer(tag):
            if not _UNREAD.fullmatch(match[1]):
                group = match.lastindex or 2
                self._aside(match[group], place + match.start(group))

    def _aside(self, text: str, place: int) -> None:
        """A text that is shown apart from the words around it, which go on behind it."""
        if text.strip():
            self.add("\n", place)
            self.read(text, place)
            self.add("\n", place)


def shown(text: str) -> Shown:
    """The text as a browser shows it: without fenced code, comments and signs of Markdown."""
    reader = _Reader()
    reader.read(_without_fences(text))
    return Shown("".join(reader.stretches), reader.begins, reader.places, reader.code)


def fenced(text: str) -> str:
    """Nothing but the fenced code of a text, each character in its place; empty if it has none."""
    rest = _without_fences(text)
    return taken_out(text, rest) if rest != text else ""


def taken_out(text: str, rest: str) -> str:
    """What of a text was blanked in the rest of it, each character in its place."""
    return "".join(
        char if char != left else ("\n" if char == "\n" else " ")
        for char, left in zip(text, rest, strict=True)
    )


def _without_fences(text: str) -> str:
    if "```" not in text and "~~~" not in text:
        return text
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
