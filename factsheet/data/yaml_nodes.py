"""YAML text to nodes, every fault of the text with its line.

Only what an editor's file needs is allowed: one document of fields, lists and texts; no
anchors, no tags. All scalars are read as text. Whatever the text holds, it is refused in
words or read; never a crash, a hang, or code run.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Never

import yaml

from factsheet.errors import Fault, FaultsError, many, refuse

MAX_BYTES = 64_000_000
MAX_ENTRIES = 3_000_000
MAX_DEPTH = 12

Path_ = tuple[str | int, ...]

_MARKER = re.compile(r"\s*(<{7}|>{7}|\|{7})( |$)|={7}$")
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
"""Controls, marks of direction, and letters of no width, which change or hide what a reader sees.

Zero-width joiners stay: Persian is written with them. A text that runs from right to left needs
no mark: pages set it apart (``dir="auto"``).
"""


def read_text(path: Path, name: str, limit: int = MAX_BYTES) -> str:
    """The file's text. Raises ``FaultsError`` where it is no UTF-8 file of a sane size."""
    try:
        raw = path.read_bytes() if path.is_file() else None
    except OSError as error:
        what = f"cannot be read: {error.strerror or 'unreadable'}"
        refuse(name, what, "check the file's permissions")
    if raw is None:
        refuse(name, "there is no such file", "check the path")
    if len(raw) > limit:
        hint = "take out what is no figure" if limit == MAX_BYTES else "split it in two"
        refuse(name, f"the file is larger than {limit // 1000:,} kB", hint)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        refuse(name, "not UTF-8 text", "save the file as UTF-8", line)


def read_nodes(path: Path, name: str) -> tuple[str, yaml.MappingNode]:
    """The file's text and its tree. Raises ``FaultsError``."""
    text = read_text(path, name)
    faults = many(_text_faults(text, name))
    if faults:
        raise FaultsError(faults)
    try:
        root = compose(text, name)
    except yaml.MarkedYAMLError as error:
        refuse(name, *_syntax_fault(error, text.split("\n")))
    except yaml.YAMLError as error:
        refuse(name, f"not YAML: {error}", "correct the text")
    if not isinstance(root, yaml.MappingNode):
        what = "the file is empty" if root is None else "the file does not hold fields"
        refuse(name, what, 'start with "field: value"')
    return text, root


def _text_faults(text: str, name: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), start=1):
        is_plain = line.isascii() and line.isprintable()
        if is_plain and line.lstrip()[:1] not in {*"<>|="}:
            continue
        if _MARKER.match(line):
            hint = "keep one of the two versions and delete the marker lines"
            yield Fault(name, number, 0, "a merge conflict is left here", hint)
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            yield Fault(name, number, 0, "a tab in the indent", "use spaces")
        elif indent.strip(" "):
            yield Fault(name, number, 0, "a no-break space in the indent", "use plain spaces")
        if not is_plain and (found := INVISIBLE.search(line)):
            what = f"an invisible character (U+{ord(found[0]):04X})"
            yield Fault(name, number, found.start() + 1, what, "delete it")


def compose(text: str, name: str) -> yaml.Node | None:
    """The tree of a YAML text, or ``None`` if it is empty; nothing in it is resolved.

    In one pass and without recursion, so that neither depth nor repetition by aliases costs
    more than reading the text.

    Raises:
        FaultsError: an anchor, an alias, a second document, too deep or too much.
        yaml.YAMLError: no YAML.
    """
    root: yaml.Node | None = None
    around: list[Any] = []
    number = 0
    event: Any
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            done = around.pop()
            done.end_mark = event.end_mark
            if isinstance(done, yaml.MappingNode):
                done.value = list(zip(done.value[::2], done.value[1::2], strict=True))
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, name)
            root = root or node
            number += 1
            if around:
                around[-1].value.append(node)
            if isinstance(node, yaml.CollectionNode):
                around.append(node)
            if len(around) > MAX_DEPTH:
                _refuse(event, name, "nested too deep", "check the indent")
            if number > MAX_ENTRIES:
                what = f"more than {MAX_ENTRIES:,} entries"
                _refuse(event, name, what, "take out what is no figure")
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            _refuse(event, name, "a second document begins here", 'delete the line "---"')
    return root


def _node(event: Any, name: str) -> yaml.Node:
    start, end = event.start_mark, event.end_mark
    if event.anchor:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        what = f"a value that begins with a sign of YAML: {sign}{str(event.anchor)[:40]}"
        _refuse(event, name, what, "put it in quotes, or write out what it stands for")
    tag = event.tag or ""
    if isinstance(event, yaml.ScalarEvent):
        if event.style == '"' and (hidden := INVISIBLE.search(event.value)):
            what = f"an invisible character (U+{ord(hidden[0]):04X})"
            _refuse(event, name, what, "delete it")
        return yaml.ScalarNode(tag, event.value, start, end, style=event.style)
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    kind = yaml.MappingNode if is_mapping else yaml.SequenceNode
    return kind(tag, [], start, end, flow_style=event.flow_style)


def _refuse(event: Any, name: str, what: str, hint: str) -> Never:
    refuse(name, what, hint, event.start_mark.line + 1)


_UNCLOSED = "a quote is opened and not closed", "close it, or take it out"


@cache
def own_table(path: Path) -> Any:
    """A table of the engine, from a YAML file beside the code that reads it."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def words() -> Any:
    """What is said of faults, by their kinds; read only where there is one."""
    return own_table(Path(__file__).with_name("faults.yaml"))


def _syntax_fault(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[str, str, int]:
    """A fault of the parser in an editor's words: what, the hint, and the line."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    line = min(mark.line + 1 if mark else 1, len(lines))
    content = lines[line - 1]
    indent = len(content) - len(content.lstrip())
    braced = [n for n in (line, line - 1) if re.search(r":\s+\{\{", lines[max(n - 1, 0)])]
    likely = _likely_cause(lines, line)
    if "escape" in problem:
        return "an escape in quotes that is no letter", "type the letter itself", line
    if likely and "{{" not in lines[likely[2] - 1]:
        return likely
    if "quoted scalar" in context and error.context_mark:
        return *_UNCLOSED, error.context_mark.line + 1
    if braced:
        hint = 'write "en: >-" and the text on the next line, indented'
        return "a text that begins with {{ is no plain text to YAML", hint, braced[0]
    if indents := _odd_indent(lines, line):
        what = f"the line is indented by {indents[0]}, the field above it by {indents[1]}"
        return what, "give fields of one entry the same indent", line
    if "expected '-' indicator" in problem:
        column = error.context_mark.column if error.context_mark else indent
        what = f"the line is indented by {indent}, the hyphens of the list above it by {column}"
        hint = f"indent the fields of its last entry by {column + 2}, what is no part of it by less"
        return what, hint, line
    said = f"{problem}\n{context}"
    what, hint = next(told for at, *told in words()["problems"] if re.search(at, said))
    return what.format(content.strip()[:40]), hint, line


def _odd_indent(lines: list[str], line: int) -> tuple[int, int] | None:
    """The indents of a field and of the field above it, where its own fits to none above."""
    rows = [re.match(r"( *(?:- )?)[\w-]+:(?: |$)(.*)", row) for row in lines[:line]]
    own, above = rows[-1], next((row for row in reversed(rows[:-1]) if row), None)
    if not own or not above or ": " in own[2]:
        return None
    indent, other = len(own[1]), len(above[1])
    is_below = indent > other and bool(above[2])
    is_between = indent < other and indent not in {len(row[1]) for row in rows[:-1] if row}
    return (indent, other) if is_below or is_between else None


def _likely_cause(lines: list[str], line: int) -> tuple[str, str, int] | None:
    """A slip of the pen on the faulty line or above it."""
    for number in range(line, max(line - 400, 0), -1):
        for pattern, what, hint in words()["slips"]:
            if re.search(pattern, lines[number - 1]):
                return what, hint, number
    return None


def tree_faults(root: yaml.Node, name: str) -> tuple[dict[Path_, int], list[Fault]]:
    """Each entry's line; and faults for duplicate keys, odd keys and tags."""
    lines: dict[Path_, int] = {}
    faults: list[Fault] = []

    def told(node: yaml.Node, what: str, hint: str) -> None:
        faults.append(Fault(name, node.start_mark.line + 1, 0, what, hint))

    def visit(node: yaml.Node, path: Path_) -> None:
        lines.setdefault(path, node.start_mark.line + 1)
        if node.tag:
            told(node, f"a tag ({node.tag.replace('tag:yaml.org,2002:', '!!')})", "delete the tag")
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                visit(item, (*path, index))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                entry = (*path, key.value) if isinstance(key, yaml.ScalarNode) else ()
                if not entry or key.value == "<<":
                    told(key, "a field's name is not plain text", 'write "field: value"')
                elif entry in lines:
                    what = f'"{key.value}" stands here twice (first in line {lines[entry]})'
                    hint = "keep one of the two; if it is of another entry, correct the indent"
                    if not path and not isinstance(value, yaml.ScalarNode):
                        hint = "put its entries below the first one"
                    if path[-1:] == ("observations",):
                        hint = "change one of the periods, or put both claims below one"
                    told(key, what, hint)
                else:
                    lines[entry] = key.start_mark.line + 1
                    visit(value, entry)

    visit(root, ())
    return lines, faults


def as_fields(node: yaml.Node) -> Any:
    """The tree as plain fields and lists, all scalars as text, empty ones as ``None``."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: as_fields(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [as_fields(item) for item in node.value]
    return node.value if node.value or getattr(node, "style", None) else None


def scalars(node: yaml.Node, path: Path_ = ()) -> Iterator[tuple[Path_, yaml.ScalarNode]]:
    """Every scalar below ``node`` with its path."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from scalars(item, (*path, index))
    elif isinstance(node, yaml.ScalarNode):
        yield path, node


def odd_space(text: str) -> str | None:
    """The name of a space or invisible character that only looks like an ordinary one."""
    for char in text:
        if char != " " and unicodedata.category(char) in {"Zs", "Cf", "Cc"}:
            return unicodedata.name(char, f"U+{ord(char):04X}").lower()
    return None
