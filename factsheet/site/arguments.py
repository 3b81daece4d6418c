"""What the arguments of macros may be: what is wrong with one, and how to put it right."""

import re
from collections.abc import Iterable, Iterator
from inspect import Parameter
from typing import Any

from factsheet.analysis.factbase import FactBase, parse_reference
from factsheet.data.model import Stance
from factsheet.errors import nearest
from factsheet.values.dates import DATE_HINT, parse_period

Faults = Iterator[tuple[str, str]]
"""What is wrong with a call, each with its hint."""


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
        yield str(error), DATE_HINT


def targets(facts: FactBase, indicators: Iterable[str] | None) -> Faults:
    """Each must be an indicator with ``stance: target``."""
    known = [i for i, one in facts.data.sheet.indicators.items() if one.stance == Stance.TARGET]
    for indicator_id in indicators or ():
        if indicator_id not in known:
            hint = nearest(indicator_id, known, "name an indicator with stance: target")
            yield f'no target is called "{indicator_id}"', hint


def reference(facts: FactBase, text: str, *, separate: bool = False) -> Faults:
    """A text must name a figure; ``separate`` where its period is an argument of its own."""
    try:
        named = parse_reference(text)
    except ValueError as error:
        yield str(error), 'write an id, and a period where it has one: "country_output 2018"'
        return
    indicator_id, period = named.indicator_id, named.period
    known = facts.data.sheet.indicators
    if indicator_id not in known:
        hint = nearest(indicator_id, known, "add it to the data file")
        run_on = re.fullmatch(r"(\w*?)(\d.*)", text)
        if run_on and run_on[1] in known:
            hint = f'put a comma between the two: "{run_on[1]}", "{run_on[2]}"'
        yield f'unknown figure "{indicator_id}"', hint
        return
    figures = facts.series(indicator_id)
    if facts.find(indicator_id, period) or indicator_id in facts.broken or not figures:
        return  # of what is broken a fault of its own says why
    periods = [o.period.text for o in figures if o.period]
    if period is None:
        example = f'"{periods[-1]}"' if periods else ""
        how = f"add one: {example}" if separate else f'write "{indicator_id} {periods[-1]}"'
        yield f'"{indicator_id}" needs a period', how
    elif not periods:
        yield f'"{indicator_id}" has no periods', "delete the period"
    else:
        listed = ", ".join(periods[-12:])
        hint = f"it has {listed}" if len(periods) <= 12 else f"its last are {listed}"
        yield f'"{indicator_id}" has no period "{period}"', hint


def whole_series(facts: FactBase, text: str) -> Faults:
    """A text must name an indicator, without a period."""
    indicator_id, _, period = text.partition(" ")
    if period and indicator_id in facts.data.sheet.indicators:
        yield f'a series has no period: "{text}"', f'write "{indicator_id}"'
    elif indicator_id not in facts.data.sheet.indicators:
        yield from reference(facts, text)


def plain(macro: str, argument: Parameter, given: Any) -> Faults:
    """An argument must be a text in quotes, or a list of them, as the macro takes it."""
    is_list = "Iterable" in str(argument.annotation)
    if given is None and argument.default is not None:
        yield f"{macro}() needs a text as {argument.name}", 'put it in quotes: "…"'
    elif isinstance(given, int):
        yield f"{macro}(): {given} is no text", f'put it in quotes: "{given}"'
    elif is_list and isinstance(given, str):
        yield f"{macro}() needs a list", f'write {macro}(["{given}"])'
    elif not is_list and isinstance(given, tuple):
        yield f"{macro}() takes no list as {argument.name}", "write one text in quotes"
