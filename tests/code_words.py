"""Code words: each claim of a data file gets another value in a copy of it.

In the copy a claim's value has gone some steps on. A step is one in the last place printed, a
year, or another letter before a name spelled backwards. No two claims that say the same in the
file as it is go equally far; so what an output says of a figure, from the file as it is and
from the copy, its code word, tells which claim speaks.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import NamedTuple

from factsheet.analysis.analyse import analyse
from factsheet.analysis.factbase import FactBase, Observation
from factsheet.data.load import load
from factsheet.data.model import Measure
from factsheet.data.parse import Value
from factsheet.text.format import FORMS, Wording, machine_value

SPREAD = 31
"""Steps over which the claims are spread, so that neighbours go different ways."""
_YEAR = re.compile(r"(?<![\d-])\d{4}")
_NUMBER = re.compile(r"(-?[\d,]+(?:\.(\d+))?)(.*)")


class Place(NamedTuple):
    """A claim by where it stands: its figure's id, and its place among the figure's claims."""

    key: str
    number: int


class Saying(NamedTuple):
    """A value as outputs give it: to readers, in each of the forms, and to machines."""

    words: tuple[str, ...]
    machine: tuple[str, str]


class CodeWords:
    """The claims of a data file, their code words, and the copies."""

    def __init__(self, file: Path) -> None:
        """``file``: the data file as it is, which has no fault."""
        self.facts = analyse(load(file))
        self.claims = {
            Place(o.key, index): read
            for o in self.facts.observations.values()
            for index, read in enumerate(o.claims)
        }
        self._lines = file.read_text("utf-8").split("\n")
        self.steps: dict[Place, int] = {}
        """How far each claim goes in the copy."""
        gone: dict[str, set[int]] = {}
        for number, (place, saying) in enumerate(Edition(file).claims.items()):
            others = [gone.setdefault(text, set()) for text in (*saying.words, saying.machine[0])]
            free = (
                step for step in count(number % SPREAD + 1) if not any(step in o for o in others)
            )
            self.steps[place] = next(free)
            for steps in others:
                steps.add(self.steps[place])
        self.furthest = max(self.steps.values())

    def text(self) -> str:
        """The data file of the copy."""
        return self.changed(self.steps)

    def changed(self, steps: Mapping[Place, int]) -> str:
        """The data file with some claims gone so many steps each."""
        lines = self._lines.copy()
        for place in steps:
            for line, old, new in self._edits(place, steps[place]):
                before, found, after = lines[line].rpartition(old)
                assert found, f"{line + 1}: no {old}"
                lines[line] = before + new + after
        return "\n".join(lines)

    def _edits(self, place: Place, steps: int) -> Iterator[tuple[int, str, str]]:
        """The lines of a claim's value, the old text in each, and the new one."""
        o, claim = self.facts.observations[place.key], self.claims[place].claim
        series = ("observations", o.period.text) if o.period else ("claims",)
        path = ("indicators", o.indicator_id, *series, place.number)
        fields: dict[tuple[str | int, ...], str | None] = {
            ("value", 0) if isinstance(claim.value, list) else ("value",): (
                claim.value[0] if isinstance(claim.value, list) else claim.value
            ),
            ("high",): claim.high,
        }
        for field, old in fields.items():
            if old is not None:
                line = self.facts.data.line(*path, *field) - 1
                yield line, old, _moved(o, old, steps, self.furthest)


def _moved(o: Observation, value: str, steps: int, furthest: int) -> str:
    """A value of an observation, so many steps on; back, for a share with no room above it."""
    measure = o.indicator.measure
    if measure in {Measure.NAME, Measure.NAMES}:
        letters = "".join(chr(ord("a") + digit) for digit in divmod(steps, 26))
        return f"{letters.title()} {value[::-1]}" if steps else value
    if measure == Measure.DATE:
        return _YEAR.sub(lambda year: str(int(year[0]) + steps), value)
    number, decimals, scale = _NUMBER.fullmatch(value).groups("")  # type: ignore[union-attr]
    step, old = Decimal(1).scaleb(-len(decimals)), Decimal(number.replace(",", ""))
    if measure == Measure.SHARE and old + furthest * step > 100:
        step = -step
    return f"{old + steps * step:{',' if ',' in number else ''}}{scale}"


class Edition:
    """One data file, as it is or the copy: what each of its claims and figures should say."""

    def __init__(self, file: Path) -> None:
        """``file``: the data file; contradictions in it are left alone."""
        self.facts: FactBase = analyse(load(file))
        sheet = self.facts.data.sheet
        self._wording = Wording("en", sheet.units, sheet.names)
        self.claims = {
            Place(o.key, index): self._saying(o, read.value)
            for o in self.facts.observations.values()
            for index, read in enumerate(o.claims)
        }
        self.figures = {o.key: self._saying(o, o.value) for o in self.facts.observations.values()}
        self.chosen = {
            o.key: Place(o.key, next(i for i, read in enumerate(o.claims) if read is o.chosen))
            for o in self.facts.observations.values()
            if o.chosen
        }

    @cached_property
    def said_by(self) -> dict[str, set[Place]]:
        """The claims from which a text may come, in words or for machines."""
        found: dict[str, set[Place]] = {}
        for place, saying in self.claims.items():
            for words in (*saying.words, saying.machine[0]):
                found.setdefault(words, set()).add(place)
        return found

    def _saying(self, o: Observation, value: Value) -> Saying:
        forms = (self._wording.value(value, o.indicator.unit, form) for form in FORMS)
        low, high = machine_value(value, self._wording)
        return Saying(tuple(" ".join(words.split()) for words in forms), (low or "", high or ""))
