"""No call names nothing; what figures link to stands on one page; no figure in a heading."""

import re
from collections.abc import Iterable, Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.errors import Fault
from factsheet.site import markdown
from factsheet.site.calls import Call
from factsheet.site.macros import MACROS, call_faults
from factsheet.site.markdown import headed_lines
from factsheet.site.pages import Page


def unknown(facts: FactBase, calls: Iterable[Call]) -> Iterator[Fault]:
    """Unknown macros, ids, periods, names; arguments that do not fit."""
    for call in calls:
        for what, hint in call_faults(facts, call):
            yield Fault(call.file, call.line, 0, what, hint)


def out_of_place(calls: Iterable[Call]) -> Iterator[Fault]:
    """Calls in a text of the data file that belong on pages."""
    allowed = [macro.name for macro in MACROS.values() if macro.in_texts]
    for call in calls:
        if call.macro not in allowed:
            what = f'"{call.macro}" cannot stand in a text of the data file'
            hint = f"use {', '.join(allowed[:-1])} or {allowed[-1]}"
            yield Fault(call.file, call.line, 0, what, hint)


def lists(facts: FactBase, pages: list[Page]) -> Iterator[Fault]:
    """Each list that figures link to stands on exactly one page."""
    for macro in [macro for macro in MACROS.values() if macro.once]:
        calls = [call for page in pages for call in page.calls if call.macro == macro.name]
        for call in calls[1:]:
            what = f"{macro.name}() stands also in {calls[0].file}:{calls[0].line}"
            yield Fault(call.file, call.line, 0, what, "keep one of the two")
        is_empty = macro.name == "notes" and not facts.notes
        if pages and not calls and not is_empty:
            hint = f"add {{{{ {macro.name}() }}}} to one page"
            yield facts.data.fault((macro.once,), f"no page calls {macro.name}()", hint)


def charts_twice(page: Page) -> Iterator[Fault]:
    """A picture stands on a page once."""
    first: dict[tuple[object, ...], int] = {}
    for call in page.calls:
        given = (*call.args, *dict(call.kwargs).values())
        if call.macro == "chart" and first.setdefault(given, call.line) != call.line:
            what = f"the same picture stands in line {first[given]}"
            yield Fault(call.file, call.line, 0, what, "keep one of the two")


def within_sentences(page: Page) -> Iterator[Fault]:
    """Pictures, tables and lists stand by themselves, not among words."""
    lines = page.visible.split("\n")  # in which calls are blank
    for call in page.calls:
        is_block = call.macro in MACROS and not MACROS[call.macro].in_sentences
        if is_block and lines[call.line - 1].strip():
            hint = "put it on a line of its own, with an empty line before and after it"
            yield Fault(page.file, call.line, 0, f"{call.macro}() within a sentence", hint)


_IN_LINK = re.compile(r"(?<!!)\[[^\[\]\n]*\{\{\s*fig\([^{}]*\}\}[^\[\]\n]*\]\(")


def within_code(page: Page) -> Iterator[Fault]:
    """What a call gives is HTML: code would show its signs, and a link cannot hold its own."""
    text, rest = page.reading.text, page.reading.rest
    coded = [match.span() for match in markdown.CODE_SPAN.finditer(markdown.visible(text))]
    fenced = markdown.fenced(text)
    for match in re.finditer(r"\{\{", text):
        place = match.start()
        is_code = fenced[place : place + 1] == "{" or any(a <= place < b for a, b in coded)
        if is_code and rest[place] != "{":
            hint = "write it without the signs of code, or between {% raw %} and {% endraw %}"
            yield Fault(page.file, text.count("\n", 0, place) + 1, 0, "a call within code", hint)
    for match in _IN_LINK.finditer(text):
        if "{" not in rest[match.start() : match.end()]:
            line = text.count("\n", 0, match.start()) + 1
            hint = "link other words: the figure links to its page"
            yield Fault(page.file, line, 0, "a figure within a link", hint)


def in_headings(page: Page) -> Iterator[Fault]:
    """Figures in headings, whose anchors and entries in the contents would carry numbers."""
    lines = headed_lines(page.visible)
    for call in page.calls:
        if call.macro in {"fig", "count", "when"} and call.line in lines:
            yield Fault(
                page.file, call.line, 0, f"{call.macro}() in a heading", "move it into the text"
            )
