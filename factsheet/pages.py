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
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

from factsheet.faults import Fault, FaultsError

_ENVIRONMENT = jinja2.Environment(autoescape=False)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
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


@dataclass(frozen=True)
class Page:
    """One Markdown file: ``name`` is its address without ending, ``file`` its path."""

    name: str
    file: str
    text: str
    title: str
    calls: tuple[Call, ...]
    spans: tuple[Span, ...]

    @cached_property
    def body_offset(self) -> int:
        """Lines before the first line of the body, as MkDocs strips them."""
        match = _FRONT_MATTER.match(self.text)
        rest = self.text[match.end() :] if match else self.text
        rest = rest.lstrip("\n") if match else rest
        return self.text[: len(self.text) - len(rest)].count("\n")

    @cached_property
    def _section_lines(self) -> list[int]:
        blanked = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), self.text)
        return [blanked[: m.start()].count("\n") + 1 for m in _HEADING.finditer(blanked)]

    def section(self, line: int) -> int:
        """The number of the section that a line of the file stands in."""
        return bisect_right(self._section_lines, line)


def page_files(folder: Path) -> list[Path]:
    """The Markdown pages directly in ``folder``."""
    return sorted(folder.glob("*.md"))


def read_page(path: Path, root: Path) -> Page:
    """Parse one page; ``root`` is the folder that faults name it from.

    Raises:
        FaultsError: not UTF-8, or not readable by Jinja.
    """
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        text = path.read_text("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        fault = Fault(file, 1, 0, "not UTF-8 text", "save the file as UTF-8")
        raise FaultsError([fault]) from None
    try:
        calls = tuple(find_calls(text, file))
        spans = tuple(find_spans(text))
    except jinja2.TemplateSyntaxError as error:
        mend = "compare the brackets and quotes with a call that works"
        if "comment" in (error.message or ""):
            mend = 'write "{ #id }" with a space, or close the comment with "#}"'
        what = f"broken macro call: {(error.message or '').rstrip('.')}"
        raise FaultsError([Fault(file, error.lineno, 0, what, mend)]) from None
    match = re.search(r"^# +(.+?)\s*(?:\{.*\})?$", text, re.MULTILINE)
    return Page(path.stem, file, text, match[1] if match else path.stem, calls, spans)


def find_calls(text: str, file: str, first_line: int = 1) -> Iterator[Call]:
    """Each macro call in a template's text; ``literal`` is false where an argument is computed."""
    if "{" in text:
        for call in _calls(text):
            yield replace(call, file=file, line=first_line + call.line - 1)


@cache
def _calls(text: str) -> tuple[Call, ...]:
    """The calls in a text, with lines counted in it; kept, since texts and pages seldom change."""
    tree = _ENVIRONMENT.parse(text)
    found = []
    called = set()
    for node in tree.find_all(nodes.Call):
        called.add(id(node.node))
        if not isinstance(node.node, nodes.Name):
            continue
        try:
            args = tuple(_literal(arg) for arg in node.args)
            kwargs = tuple((kw.key, _literal(kw.value)) for kw in node.kwargs)
            literal = node.dyn_args is None and node.dyn_kwargs is None
        except nodes.Impossible:
            args, kwargs, literal = (), (), False
        found.append(Call(node.node.name, args, kwargs, "", node.lineno, literal))
    found += [
        Call(name.name, (), (), "", name.lineno, literal=False)
        for name in tree.find_all(nodes.Name)
        if id(name) not in called and name.ctx == "load"
    ]
    return tuple(found)


def _literal(node: nodes.Expr) -> Any:
    """A constant, or a list of constants, as Python has it."""
    value = node.as_const()
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str | int | bool | tuple | None):
        return value
    raise nodes.Impossible


def find_spans(text: str) -> Iterator[Span]:
    """The text between Jinja's calls, statements and comments, with its place."""
    if "{" not in text:
        yield Span(1, 1, text)
        return
    line = column = 1
    for _, kind, value in _ENVIRONMENT.lex(text):
        if kind == "data":
            yield Span(line, column, value)
        newlines = value.count("\n")
        line += newlines
        column = len(value) - value.rfind("\n") if newlines else column + len(value)


def segments(text: str) -> Iterator[str | Call]:
    """A text of the data file as plain stretches and literal macro calls, nothing else.

    Raises:
        jinja2.TemplateSyntaxError: broken calls, statements, or expressions that are no call.
    """
    if "{" not in text:
        yield text
        return
    inside = ""
    line = 1
    for lineno, kind, value in _ENVIRONMENT.lex(text):
        if kind == "data":
            yield value
        elif kind == "variable_begin":
            inside, line = value, lineno
        elif kind == "variable_end":
            calls = list(find_calls(inside + value, "", line))
            if len(calls) != 1 or not calls[0].literal:
                raise jinja2.TemplateSyntaxError(f"{inside}{value} is not one plain call", line)
            yield calls[0]
            inside = ""
        elif kind.startswith(("block", "raw")):
            raise jinja2.TemplateSyntaxError("a statement cannot stand in a text", lineno)
        elif inside:
            inside += value
