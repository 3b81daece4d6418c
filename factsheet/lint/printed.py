"""Claims whose value is not in their printed words: a slip of the pen, seen without the source.

A number beside the value, such as a year or a model's name, is no fault. Where words say the
number, the claim says so; of dates, only words with a year, a month or a day are judged.
"""

import pickle
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, localedata

from factsheet.analysis.factbase import FactBase
from factsheet.data.model import Claim, FactSheet
from factsheet.data.parse import Value
from factsheet.errors import Fault
from factsheet.values.dates import Period
from factsheet.values.number import Number, QualifiedNumber, Qualifier

SCALES = {
    3: "thousand|min|bin|тыс|тис|هزار|tausend|mille|mil|mila",
    6: "million|milyon|mln|mn|млн|миллион|мільйон|میلیون|mio|millón|millones|milion",
    9: "billion|milyar|mlrd|bn|млрд|миллиард|мільярд|میلیارد|mrd|milliard|miliard",
}
"""Beginnings of the words for powers of ten in the languages of sources."""
_WORD_ENDS = {"min", "bin", "mil", "mille", "mila", "mio", "mrd", "mn", "bn"}
"""Of these, the whole word: "minik" and "military" are none."""
_SCALE = {
    power: re.compile(
        "|".join(rf"{word}\b" if word in _WORD_ENDS else word for word in words.split("|")),
        re.IGNORECASE,
    )
    for power, words in SCALES.items()
}
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:([ '’.,])\d{3})(?:\1\d{3})*(?!\d)(?:[.,]\d+)?")
_PLAIN = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?!\d)")
_RANGE = re.compile(r"\D{1,6}(?=\d)")
"""What stands between the two numbers of a range that share one scale word."""
_DATED = range(1500, 2101)
"""Years of dates: those of the Persian calendar are not among them."""


def printed_faults(facts: FactBase) -> Iterator[Fault]:
    """A fault for each claim whose printed words have numbers or dates, but not its own."""
    printed_instead = reader(facts.data.sheet)
    for _, parsed in facts.claims:
        if isinstance(parsed.value, QualifiedNumber | Period):
            claim, found = parsed.claim, printed_instead(parsed.claim, parsed.value)
            field, what = "printed_as", found or ""
            if claim.printed_as is None and found:
                field = "value"
                hint = 'correct one of them; else add "printed_as: words", "decimals" or "misprint"'
            elif claim.printed_as is not None and not found:
                what, hint = "the printed words have the value in figures", "delete the line"
            elif claim.printed_as == "misprint" and not claim.remark:
                what, hint = "a misprint without a remark", 'say why in "remark:"'
            else:
                continue
            yield facts.data.fault((*parsed.path, field), what, hint)


def reader(sheet: FactSheet) -> Callable[[Claim, Value], str | None]:
    """A function that tells what a claim's printed words have instead of its value, if anything.

    What it returns is in words: ``the value "9" is not in the printed words, which have 7``.
    """
    names = [text for name in sheet.names.values() for text in (*name.label.values(), *name.also)]
    names = sorted((n for n in names if any(map(str.isdigit, n))), key=len, reverse=True)
    no_number = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, names)) or '.^'})(?!\w)", re.IGNORECASE
    )

    def printed_instead(claim: Claim, value: Value) -> str | None:
        text, found = no_number.sub("_", plain_digits(claim.printed)), None
        if isinstance(value, QualifiedNumber):
            found = _absent_number(text, value, claim)
        elif isinstance(value, Period) and claim.source in sheet.sources:
            found = _absent_date(text, value, sheet.sources[claim.source].language)
        what = f'the value "{claim.written}" is not in the printed words, which have {found}'
        return what if found else None

    return printed_instead


_SAID = re.compile(
    r"\b(more than|at least|no less than|up to|at most|less than|under|nearly|almost|about"
    r"|around|approximately|roughly) (?:[$€£₼] ?)?(?=\d)",
    re.IGNORECASE,
)


def qualifier_faults(facts: FactBase) -> Iterator[Fault]:
    """A claim whose words, in English, have another qualifier right before its number."""
    for _, parsed in facts.claims:
        claim, value = parsed.claim, parsed.value
        is_english = facts.data.sheet.sources[claim.source].language == "en"
        if not is_english or not isinstance(value, QualifiedNumber):
            continue
        text = plain_digits(claim.printed)
        said = [m[1] for m in _SAID.finditer(text) if _begins_with(text, m.end(), value.number)]
        if said and value.qualifier == Qualifier.EXACTLY and not claim.remark:
            what = f'the printed words say "{said[0]}", and the claim "{claim.written}"'
            hint = 'add "qualifier:", or say in "remark:" why not'
            yield facts.data.fault((*parsed.path, "value"), what, hint)


def _begins_with(text: str, place: int, number: Number) -> bool:
    """Whether the number at a place of a text in plain digits may be this one."""
    match = _GROUPED.match(text, place) or _PLAIN.match(text, place)
    power = _scale_at(text, match.end()) if match else 0
    readings = _readings(match[0], is_scaled=power > 0) if match else ()
    return number.value in {one * 10**power for one in readings}


def plain_digits(text: str) -> str:
    """The text with digits of all scripts, signs and spaces between them as ASCII has them."""
    if text.isascii() and "$" not in text:
        return text
    text = re.sub(r"(?![0-9])\d", lambda digit: str(unicodedata.decimal(digit[0])), text)
    text = re.sub(r"([$€£₼] ?\d+(?:[.,]\d+)?)m\b", r"\1mn", text)
    return re.sub("[\u00a0\u2009\u202f]", " ", text).replace("٫", ".").replace("٬", ",")


def numbers_in(text: str) -> set[Fraction]:
    """Every number that a text in plain digits may be read as printing.

    A sign before three last digits parts thousands, unless a scale word follows the number:
    "10.000" is ten thousand, "14.225 million" is not. The scale word of a range belongs to
    both of its numbers ("14-20 million").
    """
    found: set[Fraction] = set()
    for match in [*_GROUPED.finditer(text), *_PLAIN.finditer(text)]:
        own = _scale_at(text, match.end())
        gap = _RANGE.match(text, match.end())
        high = gap and (_GROUPED.match(text, gap.end()) or _PLAIN.match(text, gap.end()))
        shared = _scale_at(text, high.end()) if high else 0
        for number in _readings(match[0], is_scaled=bool(own)):
            found |= {number * 10**power for power in ((own,) if own else (0, shared))}
    return found


def own_numbers(value: object) -> set[Fraction]:
    """The numbers of a value: its own, those of a range, or the days and years of a date."""
    if isinstance(value, QualifiedNumber):
        return {abs(one.value) for one in (value.number, value.high) if one}
    days = (value.first_day, value.last_day) if isinstance(value, Period) else ()
    return {Fraction(number) for day in days if day for number in (day.year, day.month, day.day)}


def _scale_at(text: str, place: int) -> int:
    """The power of ten of the scale word right behind a number; 0 if there is none."""
    after = text[place : place + 20].lstrip(" -")
    return next((power for power, pattern in _SCALE.items() if pattern.match(after)), 0)


def _readings(shown: str, *, is_scaled: bool) -> Iterator[Fraction]:
    if _GROUPED.fullmatch(shown) and not is_scaled:
        sign = re.search(r"\D", shown)
        assert sign
        yield Fraction(shown.replace(sign[0], "").replace(",", "."))
    else:
        decimal = re.sub(r"[ '’]", "", shown).replace(",", ".")
        if decimal.count(".") <= 1:
            yield Fraction(decimal)


def _absent_number(text: str, value: QualifiedNumber, claim: Claim) -> str | None:
    """The numbers in the text, if one of the value's own is missing."""
    wanted, found = own_numbers(value), numbers_in(text)
    # Three digits after a point may have parted thousands.
    is_doubtful = re.fullmatch(r"-?\d{1,3}\.\d{3}", str(claim.value))
    if wanted <= found and not is_doubtful:
        return None
    rest = _GROUPED.sub(lambda match: " " * len(match[0]), text)
    matches = [*_GROUPED.finditer(text), *_PLAIN.finditer(rest)]
    return ", ".join(_with_scale(text, match) for match in matches) or "no number"


def _with_scale(text: str, number: re.Match[str]) -> str:
    """A number as the text has it, with the scale word behind it."""
    word = re.match(r"[ -]*[^\W\d]+", text[number.end() :])
    return number[0] + (word[0] if word and _scale_at(text, number.end()) else "")


def _absent_date(text: str, value: Period, language: str) -> str | None:
    """The year or month in the text, if it is one and not of the period."""
    first, last = value.first_day, value.last_day
    if first is None or last is None:
        return None
    years = {int(n) for n in re.findall(r"(?<!\d)\d{4}(?!\d)", text) if int(n) in _DATED}
    if years and not any(first.year <= year <= last.year for year in years):
        return ", ".join(map(str, sorted(years)))
    months = months_in(text, language)
    covered = {
        (first.month - 1 + ahead) % 12 + 1
        for ahead in range((last.year - first.year) * 12 + last.month - first.month + 1)
    }
    if months and not months & covered:
        return f"month {', '.join(map(str, sorted(months)))}"
    days = {int(n) for n in re.findall(r"(?<![\d.,])\d{1,2}(?!\d|[.,]\d)", text)}
    days &= set(range(1, 32))
    is_day = value.length == "day" and first == last
    if is_day and months and days and first.day not in days:
        return f"day {', '.join(map(str, sorted(days)))}"
    return None


def months_in(text: str, language: str) -> set[int]:
    """The months that a text names in full, by the names of the language (CLDR)."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    return {
        number
        for number, name in _months(language)
        if name in words and (name != "may" or "May" in text)
    }


class _Plain(pickle.Unpickler):
    """Reads the data of a language without Babel's module of dates, which is slow to import."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """The class of a pattern, which is left empty; any other as it is."""
        if module_name in {"babel.dates", "babel.numbers"}:
            return type(global_name, (), {})
        return super().find_class(module_name, global_name)


@cache
def _months(language: str) -> list[tuple[int, str]]:
    """The months by their names; read without all that Babel merges into a language, slowly."""
    if not localedata.exists(language):
        return []
    with Path(localedata.resolve_locale_filename(language)).open("rb") as file:
        months = _Plain(file).load().get("months") or Locale(language).months
    return [
        (int(number), name.casefold())
        for form in months.values()
        if isinstance(form, Mapping)  # else an alias of the other form
        for number, name in form.get("wide", {}).items()
    ]
