"""No figure is typed by hand: every digit, number word and fraction in prose is a fault.

Where the data file holds the value, the fault names the macro call to put there.
"""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, cached_property

from factsheet.analysis.factbase import FactBase, Observation
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.errors import Fault
from factsheet.site import markdown
from factsheet.site.calls import blank
from factsheet.site.markdown import NUMERALS
from factsheet.text.format import words_file
from factsheet.values.formula import PERCENT
from factsheet.values.number import QualifiedNumber, parse_number

_NUMBER = re.compile(
    r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?: (?:thousand|million|billion))?", re.ASCII
)
_MAYBE_NUMERAL = re.compile(r"[0-9]|[^\x00-\x7f]")
_LOOK_ALIKE = str.maketrans(
    "АВЕІЅНОРСТХУаеіѕоорсхуѵһԁոΑΒΕΗΙΝΟΤΥΧοινυİıſƒ",
    "ABEISHOPCTXYaeisoopcxyvhdnABEHINOTYXoivuiisf",
)
"""Letters of other alphabets that cannot be told from Latin ones, and Latin ones of other places.

From the confusables of Unicode Technical Standard 39, those of which English number words can be
put together.
"""
_YEAR_CALL = re.compile(r"""\{\{\s*when\(\s*["']\d{4}["']\s*\)\s*\}\}""")
_FIGURE_CALL = re.compile(
    r"""\{\{\s*fig\(\s*"(\w+)"(?:\s*,\s*"[^"]*")?(?:\s*,\s*form="words")?\s*\)\s*\}\}"""
)
"""A call that prints a figure with its unit."""
_TOUCHING = re.compile(
    r"""\{\{\s*(?!name\()\w+\([^{}]*\}\}(?=[.,:]?\{\{|[%‰\w])|(?<![^\s(|*_])[-−+±~$€£₼](?=\{\{)"""
)
"""A call with another, a letter, a percent sign or a sign of its own right beside it."""
_YEAR = "\ue000"
"""Stands for a year that is called: a private sign, which no text of ours has."""
_ROMAN = re.compile(
    r"\b(?=[IVX]{2,}\b|[IVXL]{3,}\b|[IVXLCDM]{4,}\b)"
    r"M*(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})(?<=\w)\b"
    r"|\b(?=[ivxlcdm]{4,}\b)m*(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})(?<=[ivxlcdm])\b"
)
"""Roman numerals of two letters and more; of those with C, D, L or M many are abbreviations.

In small letters, of four and more: there is no such word.
"""
_APART = re.compile(r"\b[a-z](?:([ .-])[a-z])(?:\1[a-z])+\b")
"""Letters set apart, as in "s e v e n"."""


class ProseLint:
    """The numbers typed by hand in prose, against one fact base."""

    def __init__(self, facts: FactBase, language: str = DEFAULT_LANGUAGE) -> None:
        """Prepare the words of the language and the index of known values."""
        self.facts = facts
        self.sheet = facts.data.sheet
        words = words_file(language)["number_words"]
        self._labels = {
            unit_id: {*filter(None, unit.label[DEFAULT_LANGUAGE].model_dump().values())}
            for unit_id, unit in self.sheet.units.items()
        }
        units = {
            label
            for unit in self.sheet.units.values()
            for plural in [unit.label.get(language) or unit.label[DEFAULT_LANGUAGE]]
            for label in (plural.one, plural.other)
            if label
        }
        unit_words, low_units = (
            "|".join(sorted(map(re.escape, labels), key=len, reverse=True)) or r"\b\B"
            for labels in (units, set(map(_lower, units)))
        )
        nouns = rf"[ -](?!(?:{'|'.join(words['no_nouns'])})\b)(?=[^\W\d_]{{2}})"
        alone = "".join(rf"(?<!\b{word} )" for word in words["after"])
        # The order is for speed: what is looked for at each word comes after a cheap look ahead.
        before_noun = rf"(?:{'|'.join(words['before_noun'])})(?={nouns})"
        self._words = re.compile(
            rf"\b(?=\w)(?:(?:{'|'.join(words['always'])})\b"
            rf"|\w+-?(?:{'|'.join(words['suffixes'])})\b"
            rf"|(?:{'|'.join(words['before_unit'])})[ -](?:{low_units})\b"
            rf"|(?={before_noun}){alone}{before_noun})"
        )
        self._no_numbers = re.compile(rf"\b(?:{'|'.join(words['no_numbers'])})")
        self._no_noun = re.compile(rf" (?:{'|'.join(words['no_nouns'])})\b")
        self._before_year = {*words["before_year"]}
        before = r"(?:\b(\w+)|(?<![\w (]))[ (]*"  # each place is tried once: texts may be long
        plural = rf"(?!(?:{'|'.join(words['no_nouns'])})\b)(?:[a-z]{{2,}}s|people)"
        self._year = re.compile(rf"{before}{_YEAR} ?(?:{unit_words}|[%$€£₼]|{plural})(?!\w)")
        self._unit = re.compile(rf"(?: [^\W\d_]+)? ?(?:{unit_words}|[%$€£₼]|percent)(?!\w)")

    def markdown(
        self, file: str, text: str, line: int = 1, column: int = 1, *, with_code: bool = False
    ) -> Iterator[Fault]:
        """Each number that a reader sees of a Markdown text that begins at a place of a file.

        Code may hold examples, but no number words and none that reads as a figure;
        ``with_code``: any.
        """
        shown = markdown.shown(text)
        for start, end in self.numbers(shown.text):
            is_word = shown.text[start].isalpha()
            as_example = with_code or not (is_word or self._is_figure(shown.text, start))
            if not (as_example and shown.is_code(start)):
                what, hint = self._told(shown.text, start, end)
                yield _placed(file, text, (line, column), shown.place(start), what, hint)
        if not with_code and (code := markdown.fenced(text)):
            for start, end in self.numbers(code):
                is_title = "title=" in code[code.rfind("\n", 0, start) + 1 : start]
                if code[start].isalpha() or is_title or self._is_figure(code, start):
                    what, hint = self._told(code, start, end)
                    yield _placed(file, text, (line, column), start, what, hint)

    def years(self, file: str, text: str, line: int = 1) -> Iterator[Fault]:
        """Each call of a year that a unit or a plural follows, so that it reads as a count."""
        marked = _YEAR_CALL.sub(lambda call: blank(call[0])[:-1] + _YEAR, text)
        if marked == text:
            return
        shown = markdown.shown(marked)
        for match in self._year.finditer(shown.text):
            if (match[1] or "").lower() not in self._before_year:
                what = "a year stands before what can be counted, as if it were a count"
                hint = "call a count with fig(), or put a comma or other words behind the year"
                place = text.rindex("{{", 0, shown.place(shown.text.index(_YEAR, match.start())))
                yield _placed(file, text, (line, 1), place, what, hint)

    def units_again(self, file: str, text: str, line: int = 1) -> Iterator[Fault]:
        """Each call of a figure that prints its unit, which the text then says again."""
        for match in _FIGURE_CALL.finditer(text):
            indicator = self.sheet.indicators.get(match[1])
            for label in self._labels.get(indicator.unit or "", ()) if indicator else ():
                is_near = text.startswith(label, match.end() + 1)
                if is_near and re.match(rf"\s{re.escape(label)}\b", text[match.end() :]):
                    what = f'"{label}" stands there twice: the call prints it'
                    yield _placed(file, text, (line, 1), match.end() + 1, what, "take it out")

    def touching(self, file: str, text: str, line: int = 1) -> Iterator[Fault]:
        """Each call that reads as another figure by what touches it."""
        for match in _TOUCHING.finditer(text):
            what = "what touches a call makes another figure of it"
            hint = "put a space or words between them"
            yield _placed(file, text, (line, 1), match.start(), what, hint)

    def faults(self, file: str, text: str, line: int = 1, column: int = 1) -> Iterator[Fault]:
        """Each number in a plain text, in which no macro is called, from a place of a file on."""
        for start, end in self.numbers(text):
            what, _ = self._told(text, start, end)
            yield _placed(file, text, (line, column), start, what, "say it without the number")

    def _is_figure(self, text: str, place: int) -> bool:
        """Whether the number at a place is followed by a unit."""
        number = _NUMBER.match(text, place) or self._words.match(_lower(text), place)
        after = text[number.end() if number else place + 1 :]
        return self._unit.match(after) is not None or text[place - 1 : place] in {"$", "€", "£"}

    def numbers(self, text: str) -> list[tuple[int, int]]:
        """Where each number begins and ends."""
        numbers = [*_NUMBER.finditer(text)]
        covered = {index for match in numbers for index in range(*match.span())}
        low = _lower(text)
        words = [*self._words.finditer(low), *_ROMAN.finditer(_latin(text))]
        words += [
            apart
            for apart in _APART.finditer(low)
            if self._words.fullmatch(re.sub("[ .-]", "", apart[0]))
        ]
        exempt = [match.span() for match in self._no_numbers.finditer(low)] if words else []
        numbers += [
            match
            for match in words
            if match.start() not in covered
            and not any(match.start() < end and start < match.end() for start, end in exempt)
        ]
        numbers += [
            match
            for match in _MAYBE_NUMERAL.finditer(text)
            if match.start() not in covered
            and unicodedata.category(match[0]) in NUMERALS
            and not text[: match.start()][-1:].isdecimal()
        ]
        return [match.span() for match in numbers]

    def _told(self, text: str, start: int, end: int) -> tuple[str, str]:
        """What is wrong with a number at a place, and the hint."""
        shown = " ".join(text[start:end].split())
        before, after = text[max(0, start - 40) : start], text[start : start + 40]
        word = f"|{before}".split()[-1].removeprefix("|") if before[-1:].strip() else ""
        word += (after.split() or [""])[0]
        hint = self._call_for(shown, word, _spaced(before + after), text[end : end + 40])
        return f'"{shown}" is typed by hand', hint

    def _call_for(self, shown: str, word: str, near: str, after: str) -> str:
        """The call that prints this value, where the data file holds it in the unit after it."""
        word = word.strip(".,;:()")
        for name_id, name in self.sheet.names.items():
            for spelling in [*name.label.values(), *name.also]:
                is_numbered = any(c.isdigit() for c in spelling) or _ROMAN.search(spelling)
                said = _spaced(spelling).split()
                pairs = [f" {' '.join(said[n : n + 2])} " for n in range(max(1, len(said) - 1))]
                if is_numbered and any(p in near and f" {word} " in p for p in pairs):
                    return f'write {{{{ name("{name_id}") }}}}'
        if "[^" in word:
            return "a footnote: say it in the sentence; a figure carries its source"
        if _ROMAN.fullmatch(shown):
            return 'add the name under "names:", and call it with name()'
        if word.strip("[]^%") not in shown.split() and re.search(r"[^\W\d_]", word):
            is_name = re.search(r"[^\W\d_][\d²³₀-₉]|^[^\W\d_]+-", word)
            way = f', or add "{word[:30]}" under "names:" and call it with name()'
            return "say it in words" + (way if is_name else "")
        unit, is_long = " ".join(after.split()), sum(map(str.isdigit, shown)) > 2
        calls = [
            f'{{{{ fig("{o.indicator_id}"' + (f', "{o.period.text}"' if o.period else "") + ") }}"
            for o in self._values.get(_number(shown), [])
            if self._is_in(o, unit, or_in_any=is_long or word[:1] in {*"$€£₼"})
        ]
        if calls:
            return "write " + " or ".join(calls[:3])
        if re.fullmatch(r"(19|20)\d\d", shown) and not self._is_noun(after):
            return f'write {{{{ when("{shown}") }}}}'
        if shown[:1].isdigit() or shown[-1:].isdigit():
            return "put the figure into the data file with its source, and call it with fig()"
        return "say it without a number, or call the figure with fig()"

    def _is_noun(self, after: str) -> bool:
        """Whether a noun may follow a number, which then is no year."""
        return re.match(r" [a-z]", after) is not None and not self._no_noun.match(after)

    def _is_in(self, observation: Observation, after: str, *, or_in_any: bool) -> bool:
        """Whether the text after a number names the observation's unit, or none at all."""
        named = observation.indicator.unit
        if after.startswith(("%", "percent", "per cent")):
            return named == PERCENT
        said = {
            unit_id
            for unit_id, unit in self.sheet.units.items()
            for plural in unit.label.values()
            for label in (plural.one, plural.other)
            if label and after.startswith(label)
        }
        return named in said if said else named != PERCENT and or_in_any

    @cached_property
    def _values(self) -> dict[Fraction | None, list[Observation]]:
        """The figures by their numbers, and by their digits without the scale."""
        found: dict[Fraction | None, list[Observation]] = {}
        for observation in self.facts.observations.values():
            if isinstance(observation.value, QualifiedNumber):
                number = observation.value.number
                for key in {number.value, Fraction(number.mantissa)}:
                    found.setdefault(key, []).append(observation)
        return found


def _lower(text: str) -> str:
    """The text in small letters, each in its place; far faster to search than ``re.IGNORECASE``.

    Letters of other alphabets that look like Latin ones read as these.
    """
    return _latin(text).lower()


def _latin(text: str) -> str:
    return text if text.isascii() else "".join(map(_as_latin, text))


@cache
def _as_latin(char: str) -> str:
    """The Latin letter that a character looks like, or itself."""
    small = re.fullmatch(r"LATIN LETTER SMALL CAPITAL (\w)", unicodedata.name(char, ""))
    plain = small[1] if small else unicodedata.normalize("NFKD", char)
    is_accented = len(plain) > 1 and all(map(unicodedata.combining, plain[1:]))
    return (plain[0] if len(plain) == 1 or is_accented else char).translate(_LOOK_ALIKE)


def _spaced(text: str) -> str:
    """The words and numbers of a text with one space before and behind each."""
    return " ".join(["", *re.findall(r"[^\W_]+", text), ""])


def _number(shown: str) -> Fraction | None:
    try:
        return parse_number(shown).value
    except ValueError:
        return None


def _placed(
    file: str, text: str, begins: tuple[int, int], place: int, what: str, hint: str
) -> Fault:
    """A fault at a place of a text that begins in a line and column of a file."""
    line, newline = begins[0] + text.count("\n", 0, place), text.rfind("\n", 0, place)
    return Fault(file, line, place - newline if newline >= 0 else begins[1] + place, what, hint)
