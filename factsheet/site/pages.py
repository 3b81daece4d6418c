"""The chapters, read once before anything is built: calls of macros, and prose.

``docs/`` is parsed with Jinja's own lexer and syntax tree. "Used on", the page that a
record stands on, unknown ids and hand-typed numbers all come from this one reading; so
the arguments of figure calls are literals.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jinja2 import nodes

from factsheet.data.yaml_nodes import INVISIBLE, compose, read_text, tree_faults
from factsheet.errors import Fault, FaultsError

MAX_BYTES = 300_000
"""Of a page; some patterns of the lint take time by the square of it."""

_ENVIRONMENT = jinja2.Environment(autoescape=False)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*(?:\{.*\})?$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A macro called with literal arguments: ``fig("country_output", "2018")``."""

    macro: str
    args: tuple[Any, ...]
    kwargs: tuple[tuple[str, Any], ...]
    file: str
    line: int
    literal: bool

    def argument(self, index: int, name: str) -> Any:
        """An argument by place or by name; ``None`` if it is not given."""
        if index < len(self.args):
            return self.args[index]
        return dict(self.kwargs).get(name)


@dataclass(frozen=True)
class Span:
    """A stretch of prose between calls, with the place where it starts."""

    line: int
    column: int
    text: str


GENERATED = "figures"
"""The folder within that of the pages in which the engine writes a page for every indicator."""


@dataclass(frozen=True)
class Page:
    """One Markdown file: ``name`` is its address without ending, ``file`` its path."""

    name: str
    file: str
    text: str
    title: str
    calls: tuple[Call, ...]
    spans: tuple[Span, ...]
    foreign: tuple[Fault, ...] = ()
    """Statements and expressions that are no plain calls."""

    @cached_property
    def body_offset(self) -> int:
        """Lines before the first line of the body, as MkDocs strips them."""
        match = _FRONT_MATTER.match(self.text)
        rest = self.text[match.end() :] if match else self.text
        rest = rest.lstrip("\n") if match else rest
        return self.text[: len(self.text) - len(rest)].count("\n")

    @property
    def is_for_paper(self) -> bool:
        """Whether the booklet has it: not so with ``only: screen`` in its head."""
        match = _FRONT_MATTER.match(self.text)
        return not (match and re.search(r"^only: *screen *$", match[1], re.MULTILINE))

    @cached_property
    def _sections(self) -> list[tuple[int, str]]:
        """Line and words of each heading."""
        blanked = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), self.text)
        return [
            (blanked[: m.start()].count("\n") + 1, m[1].replace("`", ""))
            for m in _HEADING.finditer(blanked)
        ]

    def section(self, line: int) -> int:
        """The number of the section that a line of the file stands in."""
        return bisect_right(self._sections, line, key=lambda section: section[0])

    def section_title(self, number: int) -> str:
        """The heading of a section; the page's title before the first one."""
        return self._sections[number - 1][1] if number else self.title


def page_files(folder: Path, root: Path) -> tuple[list[Path], list[Fault]]:
    """The Markdown pages directly in ``folder``; a fault for each page anywhere else in it."""
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        name = folder.name or str(folder)
        fault = Fault(name, 1, 0, "there is no such folder here", "keep the pages in docs/")
        raise FaultsError([fault])
    files, faults = [], []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".md", ".markdown", ".html", ".htm"} or path.is_dir():
            continue
        if path.parent == folder / GENERATED:
            continue
        if path.parent == folder and path.suffix == ".md":
            files.append(path)
            if not re.fullmatch(r"\w[\w-]*", path.stem, re.ASCII):
                what = "the name of this file is no address"
                hint = "use letters, digits and hyphens: sales-and-exports.md"
                faults.append(Fault(_named(path, root), 1, 0, what, hint))
        else:
            what = "this page would be published unread"
            hint = "keep each page directly in docs/, with the ending .md"
            faults.append(Fault(_named(path, root), 1, 0, what, hint))
    return files, faults


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def read_page(path: Path, root: Path) -> Page:
    """Parse one page; ``root`` is the folder that faults name it from.

    Raises:
        FaultsError: not UTF-8, a merge conflict, or not readable by Jinja.
    """
    file = _named(path, root)
    text = read_text(path, file, MAX_BYTES)
    faults = [
        Fault(file, number, 0, "a merge conflict is left here", "keep one version")
        for number, line in enumerate(text.split("\n"), start=1)
        if re.match(r"(<{7}|>{7}) ", line)
    ]
    faults += _head_faults(text, file)
    for match in islice(INVISIBLE.finditer(text), 10):
        line, start = text.count("\n", 0, match.start()) + 1, text.rfind("\n", 0, match.start())
        what = f"an invisible character (U+{ord(match[0]):04X})"
        faults.append(Fault(file, line, match.start() - start, what, "delete it"))
    parts: list[Span | Call | Foreign] = []
    try:
        parts = list(read_parts(text))
    except jinja2.TemplateSyntaxError as error:
        faults.append(broken_call(text, file, error))
    if faults:
        raise FaultsError(faults)
    calls = tuple(replace(part, file=file) for part in parts if isinstance(part, Call))
    spans = tuple(part for part in parts if isinstance(part, Span))
    foreign = tuple(
        Fault(file, part.line, 0, part.what, part.hint)
        for part in parts
        if isinstance(part, Foreign)
    )
    return Page(path.stem, file, text, _title(text) or path.stem, calls, spans, foreign)


def _title(text: str) -> str:
    """The first heading, without attributes in braces at its end."""
    match = re.search(r"^# +(\S.*)$", text, re.MULTILINE)
    title = match[1].strip() if match else ""
    return title.partition("{")[0].rstrip() if title.endswith("}") else title


def broken_call(text: str, file: str, error: jinja2.TemplateSyntaxError) -> Fault:
    """Where Jinja stops reading, traced back to the first call that is broken by itself."""
    line = error.lineno
    hint = "compare the brackets and quotes with a call that works"
    for match in re.finditer(r"\{\{.*?(?:\}\}|$)", text, re.MULTILINE):
        try:
            _ENVIRONMENT.parse(match[0])
        except (RecursionError, ValueError):  # told already, with its line
            break
        except jinja2.TemplateSyntaxError as own:
            error = own
            line = text[: match.start()].count("\n") + 1
            if re.search("[“”„‘’]", match[0]):
                hint = 'write straight quotes: "…"'
            break
    message = re.sub(r" at \d+", "", error.message or "").rstrip(".")
    if "comment" in message:
        hint = 'write "{ #id }" with a space, or close the comment with "#}"'
    return Fault(file, line, 0, f"broken macro call: {message}", hint)


def _head_faults(text: str, file: str) -> Iterator[Fault]:
    """The page's head must be plain YAML fields, or MkDocs prints it as text."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return
    try:
        root = compose(match[1], file)
    except FaultsError as error:
        yield from (replace(fault, line=fault.line + 1) for fault in error.faults)
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        what = "the head of the page cannot be read"
        yield Fault(file, line, 0, what, "put the text after the colon in quotes")
        return
    if not isinstance(root, yaml.MappingNode):
        yield Fault(file, 2, 0, "the head of the page holds no fields", 'write "description: …"')
    else:
        _, faults = tree_faults(root, file)
        yield from (replace(fault, line=fault.line + 1) for fault in faults)


@dataclass(frozen=True)
class Foreign:
    """What is neither prose nor a plain call: a statement, or an expression of another kind."""

    line: int
    what: str
    hint: str


def read_parts(text: str) -> Iterator[Span | Call | Foreign]:
    """A template's text, part by part, with lines counted in it; comments are left out.

    Raises:
        jinja2.TemplateSyntaxError: what Jinja cannot read.
    """
    if "{" not in text:
        yield Span(1, 1, text)
        return
    line = column = start = 1
    snippet = ""
    for _, kind, value in _ENVIRONMENT.lex(text):
        if kind == "data":
            yield Span(line, column, value)
        elif kind == "block_begin":
            hint = 'take it out; lists come from table() and series(), examples go in "{% raw %}"'
            yield Foreign(line, "a statement of Jinja", hint)
        elif kind == "variable_begin":
            snippet, start = value, line
        elif snippet:
            snippet += value
            if kind == "variable_end":
                yield _placed(snippet, start)
                snippet = ""
        newlines = value.count("\n")
        line += newlines
        column = len(value) - value.rfind("\n") if newlines else column + len(value)
    if snippet:
        raise jinja2.TemplateSyntaxError("it is not closed", start)


def _placed(snippet: str, line: int) -> Call | Foreign:
    try:
        call = _call(snippet)
    except jinja2.TemplateSyntaxError as error:
        raise jinja2.TemplateSyntaxError(error.message or "", line + error.lineno - 1) from None
    except (RecursionError, ValueError):
        raise jinja2.TemplateSyntaxError("too long or nested too deep", line) from None
    if call is None:
        what = f"{' '.join(snippet.split())[:100]} is not one plain macro call"
        return Foreign(line, what, 'write {{ fig("…") }} and nothing else')
    return replace(call, line=line)


_PLAIN_CALL = re.compile(
    r"""\{\{\s*([a-z_]+)\(\s*((?:"[^"\\\n]*"(?:\s*,\s*(?=")|\s*(?=\))))*)\)\s*\}\}""", re.ASCII
)
"""``{{ fig("country_output", "2018") }}``, as nearly all are: no need of Jinja's own parser."""


@cache
def _call(snippet: str) -> Call | None:
    """The one call in ``{{ … }}``, or ``None``; kept, since the same calls stand in many places."""
    plain = _PLAIN_CALL.fullmatch(snippet)
    if plain:
        return Call(plain[1], tuple(re.findall('"([^"]*)"', plain[2])), (), "", 1, True)
    body = _ENVIRONMENT.parse(snippet).body
    node = body[0].nodes[0] if isinstance(body[0], nodes.Output) else None
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return None
    try:
        args = tuple(_literal(arg) for arg in node.args)
        kwargs = tuple((keyword.key, _literal(keyword.value)) for keyword in node.kwargs)
        literal = node.dyn_args is None and node.dyn_kwargs is None
    except nodes.Impossible:
        args, kwargs, literal = (), (), False
    return Call(node.node.name, args, kwargs, "", 1, literal)


def _literal(node: nodes.Expr) -> Any:
    """A constant, or a list of texts, as Python has it; nothing is calculated."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str | int | None):
        return node.value
    if isinstance(node, nodes.List | nodes.Tuple):
        values = [item.value for item in node.items if isinstance(item, nodes.Const)]
        if len(values) == len(node.items) and all(isinstance(value, str) for value in values):
            return tuple(values)
    raise nodes.Impossible


def segments(text: str) -> Iterator[str | Call]:
    """A text of the data file as plain stretches and literal macro calls, nothing else.

    Raises:
        jinja2.TemplateSyntaxError: broken calls, statements, or expressions that are no call.
    """
    for part in read_parts(text):
        if isinstance(part, Foreign):
            raise jinja2.TemplateSyntaxError(part.what, part.line)
        yield part.text if isinstance(part, Span) else part
