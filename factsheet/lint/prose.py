"""No figure is typed by hand: every digit, number word and fraction in prose is a fault.

Where the data file holds the value, the fault names the macro call to put there.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from factsheet.analysis.factbase import FactBase, Observation
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.errors import Fault
from factsheet.site.markdown import NUMERALS
from factsheet.text.format import words_file
from factsheet.values.formula import PERCENT
from factsheet.values.number import QualifiedNumber, parse_number

_NUMBER = re.compile(
    r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?: (?:thousand|million|billion))?", re.ASCII
)
_MAYBE_NUMERAL = re.compile(r"[0-9]|[^\x00-\x7f]")


class ProseLint:
    """The numbers typed by hand in prose, against one fact base."""

    def __init__(self, facts: FactBase, language: str = DEFAULT_LANGUAGE) -> None:
        """Prepare the words of the language and the index of known values."""
        self.facts = facts
        self.sheet = facts.data.sheet
        words = words_file(language)["number_words"]
        units = {
            (unit.label.get(language) or unit.label[DEFAULT_LANGUAGE]).other
            for unit in self.sheet.units.values()
        }
        counted = "|".join(words["before_unit"])
        unit_words = "|".join(sorted(map(re.escape, units), key=len, reverse=True)) or r"\b\B"
        self._words = re.compile(
            rf"\b(?:{'|'.join(words['always'])})\b"
            rf"|\b\w+-?(?:{'|'.join(words['suffixes'])})\b"
            rf"|\b(?:{counted})[ \n-](?:{unit_words})\b",
            re.IGNORECASE,
        )
        self._no_numbers = set(words["no_numbers"])

    def faults(self, file: str, text: str, line: int = 1, column: int = 1) -> Iterator[Fault]:
        """Each number in a stretch of prose that begins at a place of a file."""
        numbers = [*_NUMBER.finditer(text)]
        covered = {index for match in numbers for index in range(*match.span())}
        for match in numbers:
            yield self._typed(file, text, (line, column), match)
        for match in self._words.finditer(text):
            word = re.match(r"[\w-]*", text[match.start() :])
            exempt = word and word[0].lower() in self._no_numbers
            if match.start() not in covered and not exempt:
                yield self._typed(file, text, (line, column), match)
        for match in _MAYBE_NUMERAL.finditer(text):
            if match.start() not in covered and unicodedata.category(match[0]) in NUMERALS:
                yield self._typed(file, text, (line, column), match)

    def _typed(self, file: str, text: str, begins: tuple[int, int], match: re.Match[str]) -> Fault:
        start, shown = match.start(), " ".join(match[0].split())
        line, newline = begins[0] + text.count("\n", 0, start), text.rfind("\n", 0, start)
        column = start - newline if newline >= 0 else begins[1] + start
        before, after = text[max(0, start - 40) : start], text[start : start + 40]
        word = f"|{before}".split()[-1].removeprefix("|") if before[-1:].strip() else ""
        word += (after.split() or [""])[0]
        unit = text[match.end() : match.end() + 40]
        hint = self._call_for(shown, word, " ".join(unit.split()))
        return Fault(file, line, column, f'"{shown}" is typed by hand', hint)

    def _call_for(self, shown: str, word: str, unit: str) -> str:
        """The call that prints this value, where the data file holds it in the unit after it."""
        word = word.strip(".,;:()")
        for name_id, name in self.sheet.names.items():
            for spelling in [*name.label.values(), *name.also]:
                if any(c.isdigit() for c in spelling) and word in spelling.split():
                    return f'write {{{{ name("{name_id}") }}}}'
        calls = [
            f'{{{{ fig("{o.indicator_id}"' + (f', "{o.period.text}"' if o.period else "") + ") }}"
            for o in self._values.get(_normal(shown), [])
            if self._is_in(o, unit)
        ]
        if calls:
            return "write " + " or ".join(calls[:3])
        if re.fullmatch(r"(19|20)\d\d", shown):
            return f'write {{{{ when("{shown}") }}}}'
        if shown[:1].isdigit() or shown[-1:].isdigit():
            return "put the figure into the data file with its source, and call it with fig()"
        return "say it without a number, or call the figure with fig()"

    def _is_in(self, observation: Observation, after: str) -> bool:
        """Whether the text after a number allows for the observation's unit."""
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
        return named in said if said else named != PERCENT

    @cached_property
    def _values(self) -> dict[str, list[Observation]]:
        found: dict[str, list[Observation]] = {}
        for observation in self.facts.observations.values():
            if isinstance(observation.value, QualifiedNumber):
                for key in {
                    str(observation.value.number.value),
                    str(observation.value.number.mantissa),
                }:
                    found.setdefault(key, []).append(observation)
        return found


def _normal(shown: str) -> str:
    """A typed number as the index of values has it."""
    try:
        return str(parse_number(shown).value)
    except ValueError:
        return shown
