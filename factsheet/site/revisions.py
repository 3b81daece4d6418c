"""What has changed since it was published: ``revisions`` held against the editions kept.

The data file gives date, figure, kind and reason of a change; both values are found in
``data/editions``, so that nothing is typed twice.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.analysis.diff import is_same, renamed
from factsheet.analysis.factbase import Input, Observation, UnresolvedError
from factsheet.data.model import Revision
from factsheet.errors import Fault
from factsheet.text.format import machine_value, qualifier_of
from factsheet.values.dates import parse_period

if TYPE_CHECKING:
    from factsheet.site.site import Site

Json = dict[str, Any]
NEEDED = {"edition", "observations", "disputes", "verdicts", "sources"}
"""The parts of a ``facts.json`` without which nothing can be compared."""


@dataclass(frozen=True)
class Change:
    """A published value that changed; both values as ``facts.json`` tells a figure."""

    revision: Revision
    observation: Observation
    old: Json
    new: Json


def read_facts(path: Path) -> Json | None:
    """The ``facts.json`` at ``path``; nothing if it is none."""
    try:
        facts = json.loads(path.read_text("utf-8"))
        return dict(facts) if facts.keys() >= NEEDED else None
    except (OSError, ValueError, AttributeError, RecursionError):
        return None


class Published:
    """The editions kept, and what the data file says of changes since."""

    def __init__(self, site: "Site", folder: Path) -> None:
        """Read the editions in ``folder``, and pair each revision with the difference it tells."""
        self.site = site
        self.changes: list[Change] = []
        self.faults: list[Fault] = []
        self.editions: dict[str, dict[str, Json]] = {}
        """By date, the oldest first, the figures of each edition by id."""
        indicators = site.sheet.indicators
        formerly = {old: key for key, one in indicators.items() for old in one.formerly}
        for path in sorted(folder.glob("*.json")):
            facts = read_facts(path)
            if facts is None or facts["edition"] != path.stem:
                name, hint = f"data/editions/{path.name}", "take the file back from the repository"
                self.faults.append(Fault(name, 1, 0, "this is not the edition of its name", hint))
            else:
                observations = renamed(facts["observations"], formerly)
                self.editions[path.stem] = {o["id"]: o for o in observations}
        self.faults += [*self._paired(), *self._untold()]

    def _paired(self) -> Iterator[Fault]:
        """Fill in ``changes``; revisions stand newest first, and each tells a difference."""
        facts = self.site.facts
        above = edition = parse_period(self.site.sheet.edition)
        told: set[tuple[str, str]] = set()
        for index, revision in enumerate(self.site.sheet.revisions):
            place, day = ("revisions", index), parse_period(revision.date)
            if day.high > edition.high:
                what = f'"{revision.date}" is after the edition'
                yield facts.data.fault((*place, "date"), what, "correct the date or the edition")
            elif day.low > above.high:
                what = f'"{revision.date}" is later than the change above it'
                yield facts.data.fault((*place, "date"), what, "put the newest first")
            above = day
            try:
                o = facts.resolve(revision.observation)
            except UnresolvedError:
                continue  # told where references are checked
            before = [e for e in self.editions if parse_period(e).high < day.low]
            since = [e for e in self.editions if e not in before]
            old = self.editions[before[-1]].get(o.key) if before else None
            new = self.editions[since[0]].get(o.key) if since else self._present(o)
            if old is None or new is None or is_same(old, new):
                what = f'no published value of "{o.reference}" changed at {revision.date}'
                yield facts.data.fault(place, what, "correct the date, or delete the entry")
            elif (o.key, before[-1]) in told:
                what = f'the change of "{o.reference}" since {before[-1]} is told twice'
                yield facts.data.fault(place, what, "keep one of the two")
            else:
                told.add((o.key, before[-1]))
                self.changes.append(Change(revision, o, old, new))

    def _untold(self) -> Iterator[Fault]:
        """A fault for each value that changed without a revision."""
        for o, newest, old in self.untold():
            was, now = next(iter(old["text"].values())), self.site.figure_words(o)
            what = f'"{o.reference}" was published as {was} on {newest}, and is now {now}'
            hint = f"add it under revisions: a date after {newest}, kind and reason"
            path = o.chosen.path if o.chosen else o.path
            yield self.site.facts.data.fault(path, what, hint)

    def untold(self) -> Iterator[tuple[Observation, str, Json]]:
        """Figures that are no longer those of the newest edition, without a revision.

        With each, that edition and what it says. What is calculated as before only followed what
        it is calculated from.
        """
        if not self.editions:
            return
        newest, published = list(self.editions.items())[-1]
        for o in self.site.facts.observations.values():
            old, new = published.get(o.key), self._present(o)
            if old is None or is_same(old, new) or any(one.old is old for one in self.changes):
                continue
            step = (o.indicator.derived.get(o.period_key) or o.indicator).round
            way = {"formula": o.formula, "round": step, "inputs": given_to(o.inputs)}
            if o.claims or any(old[name] != value for name, value in way.items()):
                yield o, newest, old

    def _present(self, o: Observation) -> Json:
        value, high = machine_value(o.value, self.site.wording)
        words = {self.site.wording.language: self.site.figure_words(o)}
        said = {"value": value, "high": high, "qualifier": qualifier_of(o.value), "text": words}
        return said | {"unit": o.indicator.unit_name}


def given_to(inputs: Iterable[tuple[str, Input]]) -> dict[str, str]:
    """The inputs of a calculated figure as ``facts.json`` names them."""
    return {
        name: (f"{given.qualifier} " if given.qualifier else "") + given.observation.key
        for name, given in inputs
    }
