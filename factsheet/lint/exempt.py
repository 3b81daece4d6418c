"""The bounds of texts that are no prose of ours: each field of the table in ``data/exempt.py``.

Values against their printed words are in ``printed``; references, steps and degrees are held to
their rules where they are read.
"""

import re
from collections.abc import Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault
from factsheet.lint.printed import numbers_in, own_numbers, plain_digits
from factsheet.lint.prose import ProseLint
from factsheet.values.formula import parse, sourceless


def exempt_faults(facts: FactBase, prose: ProseLint) -> Iterator[Fault]:
    """Figures in such texts that no source gives."""
    for path, what, hint in (
        *_labels(facts, prose),
        *_formulas(facts),
        *_sources(facts, prose),
        *_claims(facts, prose),
    ):
        yield facts.data.fault(path, what, hint)


_Found = Iterator[tuple[Path_, str, str]]
_WHOLE = "make it a figure with its source, or write the whole name"


def _labels(facts: FactBase, prose: ProseLint) -> _Found:
    data = facts.data
    for unit_id, unit in data.sheet.units.items():
        for language, plural in unit.label.items():
            for text in (plural.one, plural.few, plural.many, plural.other):
                if text and ("{{" in text or any(prose.faults(data.name, text))):
                    path = ("units", unit_id, "label", language)
                    yield path, f'a unit called "{text}"', "use words alone"
    for name_id, name in data.sheet.names.items():
        for language, text in name.label.items():
            path = ("names", name_id, "label", language)
            if prose.is_count(text):
                yield path, f'a number as a name: "{text}"', _WHOLE
            if "{{" in text:
                yield path, "a macro call in a name", "write the name itself"
        for text in filter(prose.is_count, name.also):
            yield ("names", name_id, "also"), f'a number as a name: "{text}"', _WHOLE


def _formulas(facts: FactBase) -> _Found:
    found = {o.path: o.formula for o in facts.observations.values() if o.formula}
    for path, text in found.items():
        for number in sourceless(parse(text)):
            hint = 'enter it as a figure and name it under "inputs:"; conversions may be typed'
            yield (*path, "formula"), f'"{number}" in a formula has no source', hint


def _sources(facts: FactBase, prose: ProseLint) -> _Found:
    for source_id, source in facts.data.sheet.sources.items():
        path = ("sources", source_id)
        for field, text in (("publisher", source.publisher), ("author", source.author)):
            if text and prose.is_count(text):
                yield (*path, field), f'a number as a name: "{text}"', _WHOLE
        if source.title and not re.search(r"[^\W\d_]", source.title):
            yield (*path, "title"), f'a number as a title: "{source.title}"', "write all of it"
        if re.search(r"\d", source.published_basis):
            what = f'"{source.published_basis}" has a number'
            yield (*path, "published_basis"), what, "say it without a number"


def _claims(facts: FactBase, prose: ProseLint) -> _Found:
    for observation in facts.observations.values():
        for parsed in observation.claims:
            claim = parsed.claim
            if claim.said_by and prose.is_count(claim.said_by):
                yield (*parsed.path, "said_by"), f'a number as a name: "{claim.said_by}"', _WHOLE
            known = numbers_in(plain_digits(claim.printed)) | own_numbers(parsed.value)
            for language, text in (claim.translation or {}).items():
                for number in sorted(numbers_in(plain_digits(text)) - known):
                    what = f'the translation has "{float(number):g}", the printed words have not'
                    hint = "translate what is printed, no more"
                    yield (*parsed.path, "translation", language), what, hint
