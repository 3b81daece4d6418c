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
from factsheet.yamltext import read_text

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
    foreign: tuple[Fault, ...] = ()
    """Statements and expressions that are no plain calls."""

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
        if path.parent == folder and path.suffix == ".md":
            files.append(path)
        else:
            what = "this page would be published unread"
            mend = "keep each page directly in docs/, with the ending .md"
            faults.append(Fault(_named(path, root), 1, 0, what, mend))
    return files, faults


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def read_page(path: Path, root: Path) -> Page:
    """Parse one page; ``root`` is the folder that faults name it from.

    Raises:
        FaultsError: not UTF-8, a merge conflict, or not readable by Jinja.
    """
    file = _named(path, root)
    text = read_text(path, file)
    faults = [
        Fault(file, number, 0, "a merge conflict is left here", "keep one version")
        for number, line in enumerate(text.split("\n"), start=1)
        if re.match(r"(<{7}|>{7}) ", line)
    ]
    calls: tuple[Call, ...] = ()
    spans: tuple[Span, ...] = ()
    foreign: tuple[Fault, ...] = ()
    try:
        foreign = tuple(Fault(file, *fault) for fault in _foreign(text))
        calls = tuple(find_calls(text, file))
        spans = tuple(find_spans(text))
    except jinja2.TemplateSyntaxError as error:
        mend = "compare the brackets and quotes with a call that works"
        if "comment" in (error.message or ""):
            mend = 'write "{ #id }" with a space, or close the comment with "#}"'
        what = f"broken macro call: {(error.message or '').rstrip('.')}"
        faults.append(Fault(file, error.lineno, 0, what, mend))
    except (RecursionError, ValueError):
        what = "a macro call that is too long or nested too deep"
        faults.append(Fault(file, 1, 0, what, "take it out"))
    if faults:
        raise FaultsError(faults)
    match = re.search(r"^# +(.+?)\s*(?:\{.*\})?$", text, re.MULTILINE)
    return Page(path.stem, file, text, match[1] if match else path.stem, calls, spans, foreign)


def _foreign(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Whatever in a page is neither prose, nor a plain call, nor guarded by ``raw``."""
    if "{" not in text:
        return
    inside, start = "", 0
    for line, kind, value in _ENVIRONMENT.lex(text):
        if kind == "block_begin":
            mend = 'take it out; lists come from table() and series(), examples go in "{% raw %}"'
            yield line, 0, "a statement of Jinja", mend
        elif kind == "variable_begin":
            inside, start = value, line
        elif kind == "variable_end":
            calls = _calls(inside + value)
            outer = _ENVIRONMENT.parse(inside + value).body[0]
            shown = outer.nodes[0] if isinstance(outer, nodes.Output) else None
            if len(calls) != 1 or not isinstance(shown, nodes.Call):
                what = f"{inside}{value} is not one plain macro call"
                yield (
                    start,
                    0,
                    " ".join(what.split())[:120],
                    'write {{ fig("…") }} and nothing else',
                )
            inside = ""
        elif inside:
            inside += value


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
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(value, str | int | None):
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
