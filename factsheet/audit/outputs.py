"""Finished outputs, read back: pages with the line of each piece, the search index, tables."""

import csv
import json
import zipfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.audit import theme
from factsheet.errors import Fault

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""What a table begins with, so that spreadsheets read its letters as they are."""
REBUILD = "build the site again"
TOO_MANY = "too many cells"
"""Where a line of a table keeps those beyond its columns."""
_Read = TypeVar("_Read")
_NOT_IN_SEARCH = f"{theme.COPY_MARK}, {theme.NOT_IN_SEARCH}, script, style, svg"

Rows = list[tuple[int, dict[str, str]]]
"""The lines of a table by column, each with its number; a cell that is not there is empty."""


@contextmanager
def reading(file: str, faults: list[Fault]) -> Iterator[None]:
    """Whatever goes wrong while a file is read is a fault of it, and the audit goes on."""
    try:
        yield
    except Exception as error:
        why = str(error) if isinstance(error, OSError | ValueError) else "it has another shape"
        faults.append(Fault(file, 1, 0, f"cannot be read: {why}", REBUILD))


def read_all(
    folder: Path, files: str, read: Callable[[Path], _Read], faults: list[Fault]
) -> dict[str, _Read]:
    """What ``read`` makes of each of some files, by their names."""
    found = {}
    for path in sorted(folder.glob(files)):
        with reading(name := path.relative_to(folder).as_posix(), faults):
            found[name] = read(path)
    return found


def text_of(path: Path) -> str:
    """The text of a file; what is none in it stands there as a replacement character."""
    return path.read_text("utf-8", errors="replace")


class HtmlFile:
    """One finished HTML or SVG file."""

    def __init__(self, folder: Path, path: Path, text: str | None = None) -> None:
        """A file, or ``text`` from it; ``folder`` is where faults name it from."""
        self.path = path
        self.file = path.relative_to(folder).as_posix()
        if text is not None:
            self.text = text

    @cached_property
    def text(self) -> str:
        """What stands in the file."""
        return text_of(self.path)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The same, parsed."""
        return LexborHTMLParser(self.text)

    def take_tree(self) -> LexborHTMLParser:
        """The same, for good, to take parts out of it; the file is parsed again if needed."""
        tree = self.tree
        del self.tree
        return tree

    def forget(self) -> None:
        """Let go of text and tree, which take ten times the file; they are read again if needed."""
        for name in ("text", "tree", "article", "_lines"):
            self.__dict__.pop(name, None)

    def fault(self, node: LexborNode, what: str, hint: str) -> Fault:
        """A fault at the line of ``node``."""
        return Fault(self.file, self.line(node), 0, what, hint)

    @cached_property
    def anchors(self) -> set[str]:
        """Every id in the file."""
        return {node.attributes["id"] or "" for node in self.tree.css("[id]")}

    @cached_property
    def article(self) -> str:
        """The text of the page's article, closed up, without what search leaves out."""
        article = self.take_tree().css_first(theme.ARTICLE)
        if article is None:
            return ""
        for node in article.css(_NOT_IN_SEARCH):
            node.decompose()
        return closed(article.text(separator=" "))

    def texts(self) -> Iterator[LexborNode]:
        """Every piece of text in the body."""
        if self.tree.body:
            yield from (n for n in self.tree.body.traverse(include_text=True) if n.is_text_node)

    def line(self, node: LexborNode) -> int:
        """The line of an element's tag, or of the first digit of a piece of text.

        The tree has no lines: the file is read again, and the piece is found by its place
        among those that look the same.
        """
        kind, what = _look(node)
        nodes = self.texts() if kind == "text" else iter(self.tree.css(what))
        alike = (other for other in nodes if _look(other) == (kind, what))
        place = next((n for n, other in enumerate(alike) if other.mem_id == node.mem_id), 0)
        lines = self._lines.get((kind, what), [1])
        return lines[min(place, len(lines) - 1)]

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[int]]:
        reader = _Lines()
        with suppress(AssertionError):  # the parser does not know every kind of declaration
            reader.feed(self.text)
            reader.close()
        return reader.found


class _Lines(HTMLParser):
    """Where tags and texts stand, by what they look like."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], list[int]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 the parser gives them
        self.found.setdefault(("tag", tag), []).append(self.getpos()[0])

    def handle_data(self, data: str) -> None:
        digit = next((n for n, char in enumerate(data) if char.isnumeric()), 0)
        line = self.getpos()[0] + data[:digit].count("\n")
        self.found.setdefault(("text", data.strip()), []).append(line)


def _look(node: LexborNode) -> tuple[str, str]:
    if node.is_text_node:
        return "text", node.text().strip()
    return "tag", node.tag or ""


def read_pages(folder: Path) -> list[HtmlFile]:
    """Every page in ``folder``, by name."""
    return [HtmlFile(folder, path) for path in sorted(folder.rglob("*.html"))]


_CALL = "factsheet.popovers("
Popovers = tuple[HtmlFile, dict[tuple[str, str | None], str]]
"""What pages show beside the figures of an indicator: as one text, and figure by figure."""


def read_popovers(folder: Path, path: Path) -> Popovers:
    """A script with popovers; ``folder`` is where faults name it from.

    Raises:
        ValueError: the file holds none.
    """
    text = text_of(path)
    if not (text.startswith(_CALL) and text.endswith(");\n")):
        raise ValueError("it hands over no popovers")
    indicator, found = json.loads(f"[{text[len(_CALL) : -3]}]")
    figures = {(indicator, period or None): html for period, html in found.items()}
    return HtmlFile(folder, path, " ".join(figures.values())), figures


def search_entries(path: Path) -> dict[str, list[tuple[str, str]]]:
    """The entries of a search index by page: where each leads, and its title and text."""
    entries: dict[str, list[tuple[str, str]]] = {}
    index = json.loads(text_of(path).removeprefix(theme.SEARCH_INDEX_HEAD).rstrip(";\n"))
    name = next((name for name in theme.SEARCH_ENTRIES if name in index), "docs")
    for entry in index[name]:
        says = LexborHTMLParser(f"{entry['title']} {entry['text']}").text(separator=" ")
        place = entry["location"]
        entries.setdefault(place.partition("#")[0], []).append((place, says))
    return entries


def read_table(path: Path) -> Rows:
    """The lines of a CSV file.

    Raises:
        ValueError: a spreadsheet would read its letters as others.
    """
    rows: Rows = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader, [])
        if not columns or not columns[0].startswith(BYTE_ORDER_MARK):
            raise ValueError("it does not begin with a byte-order mark")
        columns[0] = columns[0].removeprefix(BYTE_ORDER_MARK)
        line = reader.line_num + 1
        for cells in reader:
            row = defaultdict(str, zip(columns, cells, strict=False))
            row[TOO_MANY] = "; ".join(cells[len(columns) :])
            rows.append((line, row))
            line = reader.line_num + 1
    return rows


def read_workbook(path: Path) -> dict[str, Rows]:
    """The sheets of a spreadsheet file (ECMA-376), by name.

    Raises:
        ValueError: it has a formula.
    """
    with zipfile.ZipFile(path) as book:

        def part(name: str) -> LexborHTMLParser:
            return LexborHTMLParser(book.read(f"xl/{name}.xml").decode())

        shared = [node.text() for node in part("sharedStrings").css("si")]
        sheets: dict[str, Rows] = {}
        for number, named in enumerate(part("workbook").css("sheet"), start=1):
            sheet = part(f"worksheets/sheet{number}")
            if sheet.css("f"):
                raise ValueError("it has a formula")
            rows = []
            for row in sheet.css("row"):
                cells = {}
                for node in row.css("c"):
                    given, text = node.attributes, node.text()
                    if given.get("t") == "s":
                        text = shared[int(text)]
                    elif given.get("t") == "b":
                        text = str(text == "1").lower()
                    cells[(given["r"] or "").rstrip("0123456789")] = text
                rows.append(cells)
            head = rows.pop(0)
            sheets[named.attributes["name"] or ""] = [
                (line, defaultdict(str, {head[at]: text for at, text in row.items()}))
                for line, row in enumerate(rows, start=2)
            ]
        return sheets


def closed(text: str) -> str:
    """A text without white space: where two programs set blanks, they may differ."""
    return "".join(text.split())


def words_at(text: str, known: str) -> str:
    """The first words of ``text`` with which it leaves ``known``, and some on both sides."""
    letters, words = closed(text), text.split()
    same = bisect_left(range(len(letters)), True, key=lambda end: letters[: end + 1] not in known)
    index = bisect_right(list(accumulate(len(word) for word in words)), same)
    return " ".join(words[max(0, index - 3) : index + 4])
