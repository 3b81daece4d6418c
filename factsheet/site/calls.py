"""The calls of macros in a text, read once before anything is built.

Texts are parsed with Jinja's own lexer and syntax tree. "Used on", unknown ids and hand-typed
numbers all come from this one reading; so the arguments of calls are literals.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import jinja2
from jinja2 import nodes

from factsheet.errors import Fault, FaultsError

_ENVIRONMENT = jinja2.Environment(autoescape=False)
_TEXT = r'"[^"\\\n]*"'
_ARGUMENT = rf"(?:{_TEXT}|\[\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*\])"
_PLAIN_CALL = re.compile(
    rf"\{{\{{\s*([a-z_]+)\(\s*((?:{_ARGUMENT}(?:\s*,\s*(?=[\"\[a-z])|\s*(?=\))))*)"
    rf"((?:[a-z_]+={_TEXT}(?:\s*,\s*(?=[a-z])|\s*(?=\))))*)\)\s*\}}\}}",
    re.ASCII,
)
"""``{{ fig("country_output", "2018") }}``, as nearly all are: no need of Jinja's own parser."""


@dataclass(frozen=True)
class Call:
    """A macro called with literal arguments: ``fig("country_output", "2018")``."""

    macro: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()
    file: str = field(default="", compare=False)
    line: int = field(default=1, compare=False)
    literal: bool = True

    def fault(self, what: str, hint: str) -> Fault:
        """A fault in the line of the call."""
        return Fault(self.file, self.line, 0, what, hint)


@dataclass(frozen=True)
class Span:
    """A stretch of text between calls, from a place in the whole."""

    start: int
    text: str


@dataclass(frozen=True)
class Reading:
    """What stands in a text: its calls, and the rest, each character in its place."""

    text: str
    calls: tuple[Call, ...]
    rest: str
    """The text with spaces for all that Jinja takes out."""
    foreign: tuple[Fault, ...]


def read_calls(text: str, file: str, line: int = 1) -> Reading:
    """Read a text that begins in a line of a file.

    Raises:
        FaultsError: Jinja cannot read it.
    """
    if "{" not in text:
        return Reading(text, (), text, ())
    try:
        parts = list(read_parts(text))
    except jinja2.TemplateSyntaxError as error:
        fault = _broken_call(text, file, error)
        raise FaultsError([replace(fault, line=fault.line + line - 1)]) from None
    rest, end = "", 0
    for part in parts:
        if isinstance(part, Span):
            rest += blank(text[end : part.start]) + part.text
            end = part.start + len(part.text)
    return Reading(
        text,
        tuple(replace(p, file=file, line=p.line + line - 1) for p in parts if isinstance(p, Call)),
        rest + blank(text[end:]),
        tuple(replace(p, file=file, line=p.line + line - 1) for p in parts if isinstance(p, Fault)),
    )


def blank(text: str) -> str:
    """Spaces, and the same line ends."""
    return re.sub(r"[^\n]", " ", text)


def read_parts(text: str) -> Iterator[Span | Call | Fault]:
    """A template's text, part by part; a fault for what is neither prose nor a plain call.

    Raises:
        jinja2.TemplateSyntaxError: what Jinja cannot read.
    """
    if "{" not in text:
        yield Span(0, text)
        return
    if "{" not in _PLAIN_CALL.sub(" ", text):  # as in nearly all texts: no need of Jinja's lexer
        yield from _plain_parts(text.removesuffix("\n"))
        return
    place, snippet, start = 0, "", 1
    for line, kind, value in _ENVIRONMENT.lex(text):
        place = max(text.find(value, place), place)
        if kind == "data":
            yield Span(place, value)
        elif kind == "block_begin":
            hint = 'take it out; lists come from table() and series(), examples go in "{% raw %}"'
            yield Fault("", line, 0, "a statement of Jinja", hint)
        elif kind == "comment_begin":
            yield Fault("", line, 0, "a comment of Jinja", "write it between <!-- and -->")
        elif kind == "variable_begin":
            snippet, start = value, line
        elif snippet:
            snippet += value
            if kind == "variable_end":
                yield _placed(snippet, start)
                snippet = ""
        place += len(value)
    if snippet:
        raise jinja2.TemplateSyntaxError("it is not closed", start)


def _plain_parts(text: str) -> Iterator[Span | Call]:
    """The parts of a text in which nothing but plain calls is Jinja's."""
    place = 0
    for match in _PLAIN_CALL.finditer(text):
        if place < match.start():
            yield Span(place, text[place : match.start()])
        args = tuple(
            tuple(re.findall('"([^"]*)"', part)) if part[0] == "[" else part[1:-1]
            for part in re.findall(_ARGUMENT, match[2])
        )
        named = tuple(re.findall(r'(\w+)="([^"]*)"', match[3]))
        yield Call(match[1], args, named, line=text.count("\n", 0, match.start()) + 1)
        place = match.end()
    if place < len(text):
        yield Span(place, text[place:])


def _placed(snippet: str, line: int) -> Call | Fault:
    try:
        call = _call(snippet)
    except jinja2.TemplateSyntaxError as error:
        raise jinja2.TemplateSyntaxError(error.message or "", line + error.lineno - 1) from None
    except (RecursionError, ValueError):
        raise jinja2.TemplateSyntaxError("too long or nested too deep", line) from None
    if call is None:
        what = f"{' '.join(snippet.split())[:100]} is not one plain macro call"
        return Fault("", line, 0, what, 'write {{ fig("…") }} and nothing else')
    return replace(call, line=line)


@cache
def _call(snippet: str) -> Call | None:
    """The one call in ``{{ … }}``, or ``None``; kept, since the same calls stand in many places."""
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
    return Call(node.node.name, args, kwargs, literal=literal)


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
        if isinstance(part, Fault):
            raise jinja2.TemplateSyntaxError(part.what, part.line)
        yield part.text if isinstance(part, Span) else part


def _broken_call(text: str, file: str, error: jinja2.TemplateSyntaxError) -> Fault:
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
    if "end of print" in message:
        message, hint = "more than a call in the braces", 'write {{ fig("…", "…") }}'
    return Fault(file, line, 0, f"broken macro call: {message}", hint)
