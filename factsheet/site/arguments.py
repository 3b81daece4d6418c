"""What the arguments of macros may be: what is wrong with one, and how to put it right."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from factsheet.analysis.factbase import FactBase, UnresolvedError
from factsheet.data.model import Stance
from factsheet.errors import nearest
from factsheet.values.dates import date_hint, parse_period

Faults = Iterator[tuple[str, str]]
"""What is wrong with a call, each with its hint."""


_YEARS = range(1583, 2200)
"""From the first whole year of the calendar that ISO 8601 takes for granted."""


def one_of(kind: str, given: str, known: Iterable[str], told: str = "known are") -> Faults:
    """An argument must be one of some words or ids."""
    known = list(known)
    if given not in known:
        hint = nearest(given, known, f"{told} {', '.join(known[:24])}")
        yield f'unknown {kind} "{given}"', hint


def date(text: str) -> Faults:
    """An argument must be a date or period as the data file writes it."""
    try:
        parse_period(text)
    except ValueError as error:
        yield str(error), date_hint(text)
        return
    for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text):
        if int(year) not in _YEARS:
            hint = "call a number with fig(), as a figure with its source"
            yield f'"{year}" is no year', hint


def targets(facts: FactBase, indicators: Iterable[str] | None) -> Faults:
    """Each must be an indicator with ``stance: target``."""
    given = facts.data.sheet.indicators
    known = [id_ for id_, indicator in given.items() if indicator.stance == Stance.TARGET]
    for indicator_id in indicators or ():
        if indicator_id not in known:
            hint = nearest(indicator_id, known, "name an indicator with stance: target")
            yield f'no target is called "{indicator_id}"', hint
        elif given[indicator_id].derived:
            what = f'"{indicator_id}" is calculated, so no source promises it'
            yield what, "name the targets that it is calculated from"


def reference_text(figure: str, period: str | None) -> str:
    """A figure and its period, which pages may give apart, in one text."""
    return f"{figure} {period}" if period else figure


def reference(facts: FactBase, text: str) -> Faults:
    """A text must name a figure."""
    try:
        facts.resolve(text)
    except UnresolvedError as error:
        if not error.is_told:
            yield str(error), error.hint


def whole_series(facts: FactBase, text: str) -> Faults:
    """A text must name an indicator, without a period."""
    try:
        if len(facts.resolve_series(text)) == 1 and " " in text.strip():
            yield f'a series has no period: "{text}"', f'write "{text.split()[0]}"'
    except UnresolvedError as error:
        if not error.is_told:
            yield str(error), error.hint


def plain(macro: str, name: str, given: Any, *, is_list: bool) -> Faults:
    """An argument must be a text in quotes, or a list of them, as the macro takes it."""
    if given is None:
        yield f"{macro}() needs a text as {name}", 'put it in quotes: "…"'
    elif isinstance(given, int):
        yield f"{macro}(): {given} is no text", f'put it in quotes: "{given}"'
    elif is_list and isinstance(given, str):
        yield f"{macro}() needs a list", f'write {macro}(["{given}"])'
    elif not is_list and isinstance(given, tuple):
        yield f"{macro}() takes no list as {name}", "write one text in quotes"
