"""No call names nothing or stands where it cannot; what figures link to stands on one page."""

import re
from collections.abc import Iterable, Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.errors import Fault
from factsheet.site import markdown
from factsheet.site.calls import Call
from factsheet.site.macros import MACROS
from factsheet.site.pages import Page

_IN_LINK = re.compile(r"(?<!!)\[[^\[\]\n]*\{\{\s*fig\([^{}]*\}\}[^\[\]\n]*\]\(")


def out_of_place(calls: Iterable[Call]) -> Iterator[Fault]:
    """Calls in a text of the data file that belong on pages."""
    allowed = [macro.name for macro in MACROS.values() if macro.in_texts]
    for call in calls:
        if call.macro not in allowed:
            what = f'"{call.macro}" cannot stand in a text of the data file'
            yield call.fault(what, f"use {', '.join(allowed[:-1])} or {allowed[-1]}")


def lists(facts: FactBase, pages: list[Page]) -> Iterator[Fault]:
    """Each list that figures link to stands on exactly one page."""
    for macro in [macro for macro in MACROS.values() if macro.once]:
        calls = [call for page in pages for call in page.calls if call.macro == macro.name]
        for call in calls[1:]:
            what = f"{macro.name}() stands also in {calls[0].file}:{calls[0].line}"
            yield call.fault(what, "keep one of the two")
        is_empty = macro.name == "notes" and not facts.notes
        if pages and not calls and not is_empty:
            hint = f"add {{{{ {macro.name}() }}}} to one page"
            yield facts.data.fault((macro.once,), f"no page calls {macro.name}()", hint)


def misplaced(page: Page) -> Iterator[Fault]:
    """Blocks among words, pictures that stand there twice, and figures in headings.

    Anchors of headings, and their entries in the contents, would carry the numbers.
    """
    lines, headed = page.visible.split("\n"), markdown.headed_lines(page.visible)
    first: dict[tuple[object, ...], int] = {}
    for call in page.calls:
        is_block = call.macro in MACROS and not MACROS[call.macro].in_sentences
        if is_block and lines[call.line - 1].strip():  # calls themselves are blank there
            hint = "put it on a line of its own, with an empty line before and after it"
            yield call.fault(f"{call.macro}() within a sentence", hint)
        if call.macro in {"fig", "count", "when"} and call.line in headed:
            yield call.fault(f"{call.macro}() in a heading", "move it into the text")
        given = (*call.args, *dict(call.kwargs).values())
        if call.macro == "chart" and first.setdefault(given, call.line) != call.line:
            yield call.fault(
                f"the same picture stands in line {first[given]}", "keep one of the two"
            )


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
            yield page.fault(place, "a call within code", hint)
    for match in _IN_LINK.finditer(text):
        if "{" not in rest[match.start() : match.end()]:
            hint = "link other words: the figure links to its page"
            yield page.fault(match.start(), "a figure within a link", hint)
