"""The bounds of texts that are no prose of ours: each ``exempt`` of ``site/examples.yaml``.

Values against their printed words are in ``printed``; references, steps and degrees are held to
their rules where they are read.
"""

import re
from collections.abc import Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.data.load import Found, claims_of
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.data.parse import Names
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault
from factsheet.lint.printed import months_in, numbers_in, own_numbers, plain_digits
from factsheet.lint.prose import ProseLint
from factsheet.values.formula import parse, sourceless

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_WHOLE = "make it a figure with its source, or write the whole name"
_PRINTED_NAME = "make it a figure, or quote words or a title in which a source prints the name"
_TIME = re.compile(r" ?-?(?:days?|weeks?|months?|quarters?|years?)\b")
_SCALED = r"\{\{|\b(?:[kKM]|mn|mln|bn|score)(?=\W\w)|\btwo\b"
"""What multiplies the numbers before a unit, beside number words."""
_BEFORE_NUMBER = {"page", "pages", "no", "nr", "issue", "part", "volume", "vol", "chapter"}
"""Words behind which a number is that of a place in a document."""


def exempt_faults(facts: FactBase, prose: ProseLint) -> Iterator[Fault]:
    """Figures in such texts that no source gives."""
    rules = (_units, _names, _formulas, _sources, _claims)
    yield from (facts.data.fault(*found) for rule in rules for found in rule(facts, prose))


def _units(facts: FactBase, prose: ProseLint) -> Found:
    for unit_id, unit in facts.data.sheet.units.items():
        for language, plural in unit.label.items():
            for text in (plural.one, plural.few, plural.many, plural.other):
                if text and (re.search(_SCALED, text) or any(prose.numbers(text))):
                    path = ("units", unit_id, "label", language)
                    yield path, f'a unit called "{text}"', "use words alone"


def _names(facts: FactBase, prose: ProseLint) -> Found:
    """Numbers that no source prints beside another word of the name.

    One right behind another name of the sheet, at the end, is a model's or a version's: where
    "Peugeot" is a name, "Peugeot 407" needs no source.
    """
    sheet = facts.data.sheet
    spelled = {t.casefold() for n in sheet.names.values() for t in (*n.label.values(), *n.also)}
    claims = [claim for one in sheet.indicators.values() for _, claim in claims_of(one)]
    printed = [
        *(text for s in sheet.sources.values() for text in (s.title, s.publisher, s.author, s.url)),
        *(claim.printed for claim in claims),
        sheet.licence and sheet.licence.url,
    ]
    given = [{*_words(text)} for text in printed if text]
    held: dict[str, set[str]] = {}
    for claim in claims:
        for name_id in [claim.value] if isinstance(claim.value, str) else claim.value:
            held.setdefault(name_id, set()).update(_words(claim.printed))
    for name_id, name in sheet.names.items():
        labels = [(("names", name_id, "label", lang), text) for lang, text in name.label.items()]
        also = [(("names", name_id, "also", n), text) for n, text in enumerate(name.also)]
        for path, text in labels + also:
            words, of_claims = {*_words(text)}, held.get(name_id, set())
            for number in _numbers(prose, text):
                before, _, after = text.rpartition(f" {number}")
                (as_word,) = _words(number)
                is_printed = as_word in of_claims or any(
                    as_word in one and len(one & words) > 1 for one in given
                )
                if not is_printed and (after or before.casefold() not in spelled):
                    what = f'no source prints "{number}" with other words of the name "{text}"'
                    yield path, what, _PRINTED_NAME
                    break
        for path, text in labels:
            if "{{" in text:
                yield path, "a macro call in a name", "write the name itself"


def _formulas(facts: FactBase, _: ProseLint) -> Found:
    hint = 'enter it as a figure and name it under "inputs:"; conversions may be typed'
    given = {(*o.path, "formula"): o.formula for o in facts.observations.values() if o.formula}
    for path, text in given.items():
        for number in sourceless(parse(text)):
            yield path, f'"{number}" in a formula has no source', hint
    for check_id in dict.fromkeys(result.check_id for result in facts.checks):  # rules that apply
        rule = facts.data.sheet.checks[check_id].rule
        for number in sourceless(parse(rule, rule=True)):
            yield ("checks", check_id, "rule"), f'"{number}" in a rule has no source', hint


def _sources(facts: FactBase, prose: ProseLint) -> Found:
    sheet = facts.data.sheet
    for number in _numbers(prose, sheet.file_name.replace("-", " ")):
        if number not in _words(
            " ".join(t for n in sheet.names.values() for t in n.label.values())
        ):
            yield ("file_name",), f'"{number}" in the name of files', "use words alone"
    for source_id, source in sheet.sources.items():
        path = ("sources", source_id)
        for field, text in (("publisher", source.publisher), ("author", source.author)):
            yield from _counted(prose, (*path, field), text, f"{source.url} {source.title}")
        if source.title and not re.search(r"[^\W\d_]", source.title):
            yield (*path, "title"), f'a number as a title: "{source.title}"', "write all of it"
        basis = source.published_basis
        for start, end in prose.numbers(basis):
            if basis[start].isdigit() or not _TIME.match(basis, end):
                what = f'"{basis}" has a number'
                yield (*path, "published_basis"), what, "say it without a number"
                break


def _counted(prose: ProseLint, path: Path_, text: str | None, known: str) -> Found:
    """Numbers in the name of a document or person that count something.

    Others are part of a word, of a date or of a title, or stand in what is ``known``.
    """
    text = plain_digits(text or "")
    for number in _numbers(prose, text):
        place = text.index(number)
        end = place + len(number)
        before, after = text[:place].split(), text[end:].split()
        last, following = before[-1] if before else "", after[0] if after else ""
        is_behind_name = last[:1].isupper() or last.rstrip(".").lower() in _BEFORE_NUMBER
        if number.isalpha():
            is_name = number[0].isupper() and bool(last or following[:1].isupper())
            is_name |= bool(re.search("(?:th|third)$", number)) and last.lower() != "a"
        else:
            is_name = following[:1].isupper() or (is_behind_name and not following[:1].islower())
            is_name |= number[0].isalpha() or bool(re.match(r"\.[a-z]", text[end:]))
            is_dated = re.fullmatch(r"[12]?\d|3[01]|(?:1[5-9]|20)\d\d", number)
            is_name |= bool(is_dated and months_in(f"{last} {following}", DEFAULT_LANGUAGE))
        if not is_name and number not in known and number.casefold() not in _words(known):
            yield path, f'"{number}" counts something in the name "{text}"', _WHOLE
            return


def _claims(facts: FactBase, prose: ProseLint) -> Found:
    """Numbers in a translation, or in a name typed as a value, that the printed words have not."""
    for _, parsed in facts.claims:
        claim = parsed.claim
        source = facts.data.sheet.sources[claim.source]
        known = f"{source.url} {source.title} {source.publisher} {source.author}"
        yield from _counted(prose, (*parsed.path, "said_by"), claim.said_by, known)
        translations = claim.translation or {}
        if isinstance(parsed.value, Names):
            words = {*_words(" ".join([claim.printed, *translations.values()]))}
            for text in {*parsed.value.items} - facts.data.sheet.names.keys():
                for number in _unprinted(prose, text, words):
                    what = f'"{number}" in "{text}" is not in the printed words'
                    yield (*parsed.path, "value"), what, "correct one of them"
        for language, text in translations.items():
            printed = numbers_in(plain_digits(claim.printed)) | own_numbers(parsed.value)
            found = [f"{float(n):g}" for n in numbers_in(plain_digits(text)) - printed]
            if language == source.language:
                found += filter(str.isalpha, _unprinted(prose, text, {*_words(claim.printed)}))
            for number in sorted(found):
                what = f'the translation has "{number}", the printed words have not'
                path = (*parsed.path, "translation", language)
                yield path, what, "translate what is printed, no more"


def _unprinted(prose: ProseLint, text: str, words: set[str]) -> list[str]:
    return [n for n in _numbers(prose, text) if not {*_words(n)} <= words]


def _numbers(prose: ProseLint, text: str) -> Iterator[str]:
    """The words of a text that hold a digit or are a number word, each as it stands there."""
    text = plain_digits(text)
    spans = prose.numbers(text)
    for word in _WORD.finditer(text) if spans else ():
        if any(start < word.end() and word.start() < end for start, end in spans):
            yield word[0]


def _words(text: str) -> list[str]:
    return [word.replace(",", ".").casefold() for word in _WORD.findall(plain_digits(text))]
