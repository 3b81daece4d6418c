"""The layout of the data file: one way to write it, whoever typed it.

Block style, one field a line, two spaces an indent, quotes only where YAML needs them, long
texts folded, comments kept. The file has nothing but fields, lists, text and comments, so
this is shorter than bending a round-trip library, none of which refolds a text.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from factsheet.data.load import read_tree
from factsheet.data.yaml_nodes import as_fields
from factsheet.errors import refuse
from factsheet.site.cite import sheet_item
from factsheet.site.site import Site

WIDTH = 100
SPACED = {"sources", "indicators", "checks", "revisions"}
"""Sections with long entries: a blank line stands between them."""

_ODD = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML takes for a line break or refuses to read as it stands."""
_NEEDS_QUOTES = re.compile(r"""[-?:]( |$)|[\s,\[\]{}#&*!|>'"%@`]|---|\.\.\.""")
_WORD = re.compile(r"(?:\{\{.*?\}\}|(?<=\S) (?= )|(?<= ) +|[^ ])+")
"""What stays on one line: a macro call, or all up to a single space."""

Field = str | Sequence["Field"] | Mapping[str, "Field"]


@dataclass(frozen=True)
class _Comment:
    """A comment, or a blank line (no text), where it stands."""

    line: int
    column: int
    text: str


def tidy_file(path: Path, name: str) -> tuple[str, str]:
    """The text of the data file as it is, and as it should be.

    Raises:
        FaultsError: not a text of plain fields.
    """
    _, text, root, *_ = read_tree(path, name)
    return text, tidy(text, root, name)


def tidy(text: str, root: yaml.MappingNode, name: str) -> str:
    """The text with its layout corrected; ``root`` is what it says in YAML.

    Raises:
        FaultsError: the result would not say the same.
    """
    found = list(_comments(text, root))
    result = _Writer(found).document(root)
    again = yaml.compose(result, Loader=yaml.CSafeLoader)
    assert again
    same_comments = _texts(found) == _texts(_comments(result, again))
    if as_fields(again) != as_fields(root) or not same_comments:
        what = "the layout cannot be corrected without a change of what is said"
        refuse(name, what, "write it in block style, one field a line")
    return result


def entry(fields: Field, indent: int) -> list[str]:
    """The lines of a new entry; an item of a list where ``fields`` is a list."""
    node = yaml.compose(_as_json(fields), Loader=yaml.CSafeLoader)
    assert node
    writer = _Writer([])
    writer.entries(node, indent)
    return writer.lines


def citation_file(site: Site) -> str:
    """The text of ``CITATION.cff``, which tells repositories how to cite the sheet.

    Citation File Format 1.2.0: https://github.com/citation-file-format/citation-file-format
    """
    item, licence = sheet_item(site), site.sheet.licence
    fields: dict[str, Field] = {
        "cff-version": "1.2.0",
        "message": site.wording.ui["cite_sheet"],
        "type": item["type"],
        "title": item["title"],
        "authors": [{"name": item["publisher"]}],
        "date-released": item["version"],
    }
    fields |= {"license-url": licence.url} if licence else {}
    fields |= {"url": site.public_url} if site.public_url else {}
    return "\n".join(["# Written by: factsheet format", *entry(fields, 0), ""])


class _Writer:
    """Writes nodes as lines, each comment above or behind what it stood at."""

    def __init__(self, comments: Iterable[_Comment]) -> None:
        self.lines: list[str] = []
        self._comments = deque(comments)

    def document(self, root: yaml.MappingNode) -> str:
        """The whole file; a blank line stands before each section of entries."""
        for key, value in root.value:
            is_section = any(not isinstance(child, yaml.ScalarNode) for child in _children(value))
            self._above(key.start_mark.line, 0, 0, keep=True, want=is_section)
            self._field(key, value, 0)
        self._above(None, 0, 0, keep=True, want=False)
        return "\n".join(self.lines).strip("\n") + "\n"

    def entries(self, node: yaml.Node, indent: int, section: str | None = None) -> None:
        """The fields of a mapping or the items of a list; ``section``: it is one of the file."""
        for index, child in enumerate(node.value):
            first = child[0] if isinstance(child, tuple) else next(_scalars(child), child)
            line = first.start_mark.line
            left = self._comments
            while not index and left and not left[0].text and left[0].line < line:
                left.popleft()
            want = section in SPACED and index > 0
            is_item = not isinstance(child, tuple)
            column = (node if is_item else first).start_mark.column
            keep = section is not None
            self._above(line, column, indent, keep=keep, want=want, is_item=is_item)
            if is_item:
                self._item(child, indent)
            else:
                self._field(child[0], child[1], indent)

    def _field(self, key: yaml.ScalarNode, value: yaml.Node, indent: int) -> None:
        head = " " * indent + (key.value if _is_plain(key.value) else _quoted(key.value)) + ":"
        line = key.start_mark.line
        if isinstance(value, yaml.ScalarNode) or not value.value:
            self._value(head, value, line, indent)
        else:
            self.lines.append(head + self._behind(line, indent))
            self.entries(value, indent + 2, None if indent else key.value)

    def _item(self, item: yaml.Node, indent: int) -> None:
        if isinstance(item, yaml.ScalarNode) or not item.value:
            self._value(" " * indent + "-", item, item.start_mark.line, indent)
        else:
            first = len(self.lines)
            self.entries(item, indent + 2)
            self.lines[first] = " " * indent + "- " + self.lines[first][indent + 2 :]

    def _value(self, head: str, node: yaml.Node, line: int, indent: int) -> None:
        ending = self._behind(max(line, node.end_mark.line - (node.end_mark.column == 0)), indent)
        if isinstance(node, yaml.ScalarNode):
            is_empty = not node.value and not node.style
            lines = [head] if is_empty else _text_lines(head, node.value, indent + 2)
        else:
            lines = [head + (" {}" if isinstance(node, yaml.MappingNode) else " []")]
        self.lines += [lines[0] + ending, *lines[1:]]

    def _behind(self, last: int, indent: int) -> str:
        """The comment behind an entry that ends in line ``last``; earlier ones go above it."""
        found = [comment for comment in self._until(last + 1) if comment.text]
        self.lines += [" " * indent + comment.text for comment in found[:-1]]
        return f" {found[-1].text}" if found else ""

    def _until(self, line: int | None) -> Iterator[_Comment]:
        while self._comments and (line is None or self._comments[0].line < line):
            yield self._comments.popleft()

    def _above(
        self, line: int | None, column: int, indent: int,
        *, keep: bool, want: bool = False, is_item: bool = False,
    ) -> None:  # fmt: skip
        """The comments above an entry at ``column``; those further in close the one before.

        ``keep``: single blank lines stay; ``want``: at least one stands there.
        """
        lines: list[str] = []
        for comment in self._until(line):
            further = comment.column - column
            further = further if further > (2 if is_item else 0) else 0
            is_missing = want and not further and "" not in lines
            if (keep and not comment.text and lines[-1:] != [""]) or (comment.text and is_missing):
                lines.append("")
            if comment.text:
                lines.append(" " * (indent + further) + comment.text)
        self.lines += lines if "" in lines or not want else [*lines, ""]


def _comments(text: str, root: yaml.Node) -> Iterator[_Comment]:
    """Every comment and blank line outside the texts, in order."""
    raw = text.split("\n")
    lines = [list(line) for line in raw]
    for scalar in _scalars(root):
        start, end = scalar.start_mark, scalar.end_mark
        is_block = scalar.style in {"|", ">"}
        for number in range(start.line + is_block, end.line + 1):
            line = lines[number]
            first = start.column if number == start.line else 0
            last = end.column if number == end.line else len(line)
            line[first:last] = "x" * (last - first)
    for number, line in enumerate(lines):
        masked = "".join(line)
        match = re.search(r"(?:^|(?<=\s))#.*", masked)
        if match:
            yield _Comment(number, match.start(), raw[number][match.start() :].rstrip())
        elif not masked.strip():
            yield _Comment(number, 0, "")


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
        return
    for child in node.value:
        for part in child if isinstance(child, tuple) else (child,):
            yield from _scalars(part)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _text_lines(head: str, text: str, indent: int) -> list[str]:
    """A text behind ``head``, or folded below it where it is long or hard to read in quotes."""
    is_plain = _is_plain(text)
    line = f"{head} {text if is_plain else _quoted(text)}"
    if _can_fold(text) and (len(line) > WIDTH or "\n" in text or (not is_plain and "{{" in text)):
        below = []
        for paragraph in text.split("\n"):
            below += [*_wrapped(paragraph, " " * indent), ""] if paragraph else [""]
        below = below[:-1]
        if len(below) > 1 or not is_plain:
            return [f"{head} >-", *below]
    return [line]


def _wrapped(text: str, indent: str) -> list[str]:
    lines: list[str] = []
    for word in _WORD.findall(text):
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines


def _can_fold(text: str) -> bool:
    """Whether no white space of the text would be lost or changed in a folded block."""
    return not _ODD.search(text.replace("\n", "")) and not re.search(
        r"(^|\n) | (\n|$)|^\n|\n$|^$", text
    )


def _is_plain(text: str) -> bool:
    """Whether YAML reads the text as it stands, without quotes."""
    if not text or _ODD.search(text) or _NEEDS_QUOTES.match(text):
        return False
    return not re.search(r": |:$| #| $", text)


def _quoted(text: str) -> str:
    if not _ODD.search(text) and ("'" not in text or '"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return _as_json(text)


def _as_json(field: Field) -> str:
    """A field as JSON that YAML reads the same."""
    return _ODD.sub(lambda odd: f"\\U{ord(odd[0]):08x}", json.dumps(field, ensure_ascii=False))


def _texts(comments: Iterable[_Comment]) -> list[str]:
    return [comment.text for comment in comments if comment.text]
