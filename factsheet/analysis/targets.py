"""Verdicts: what became of each promise, as of the edition.

A verdict is given only where the data leave no other reading. A number keeps a promise from
its lower end up ("about 500" from 475), a duration up to its upper end; *up to* promises a
number that may be lower, and so is never missed. By when: the claim's ``due``, else the
date promised, else the end of the promise's period; an imprecise date allows all days that
it may mean (``factsheet.values.dates``).

What came is a number or list with the period that it is for, from its first day to its last.

| what came | against the due date | verdict |
|---|---|---|
| keeps the promise | none given | met |
| keeps it | period ends by then | met |
| keeps it | period begins after it, and all observed from it until then falls short | met late |
| keeps it | period reaches beyond it, or nothing was observed between | met, perhaps late |
| keeps it, undated or without an end | given | cannot be told |
| falls short: a count | its period holds the due date, or is the promise's own | missed |
| falls short: another measure | its period is the promise's own and over by then | missed |
| falls short: a stock | it was counted on that very day | missed |
| falls short | none given, or at another time | cannot be told |
| fits both | | cannot be told |

A date that came is held against the date due: by then, met; after it, met late by so many
days; on either side, met, perhaps late, at most so many days. Names promised are met by a
list that has them all, and never missed; a list also shows how many there are at least.

Of what came, each claim that stands is judged. Where claims contradict each other, the
verdict is firm only if it is the same for all that they leave possible. A figure that a
broken check doubts, though it be only a note, may be anything; where two figures should be
equal, it may be either. Else a claim that keeps the promise makes it "claimed met", one
that falls short proves nothing, and neither does a figure calculated from disputed ones.
A bound that rests on an assumption (``assumes``) decides nothing, nor does a figure that
only retracted sources give; a promise that only they report is judged no more.

A count of a whole year, or of longer, holds for a yearly promise (``rate_of``), the
longer only as a bound.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from factsheet.analysis.derive import calculated
from factsheet.analysis.factbase import (
    CheckResult,
    FactBase,
    Observation,
    State,
    UnresolvedError,
    parse_reference,
)
from factsheet.data.model import Measure, Stance
from factsheet.data.parse import (
    Names,
    ParsedClaim,
    Value,
    as_interval,
    bounded,
    claims_disagree,
)
from factsheet.values import formula
from factsheet.values.dates import Period, parse_period
from factsheet.values.formula import FormulaError
from factsheet.values.interval import Interval
from factsheet.values.number import QualifiedNumber, Qualifier


class Verdict(StrEnum):
    """What became of a target, as of the edition."""

    MET = "met"
    MET_LATE = "met late"
    PERHAPS_LATE = "met, perhaps late"
    CLAIMED = "claimed met"
    MISSED = "missed"
    UNCLEAR = "cannot be told"
    NOT_REPORTED = "not reported"
    OPEN = "not due yet"


_Late = tuple[int, int]
_Finding = tuple[Verdict, _Late | None]
_UNCLEAR: _Finding = (Verdict.UNCLEAR, None)
_FIRM = {Verdict.MET, Verdict.MET_LATE, Verdict.PERHAPS_LATE, Verdict.MISSED}


@dataclass(frozen=True)
class TargetResult:
    """A promise against one claim of what came of it (``outcome`` ``None``: nothing is known).

    ``promises``: every claim that reports this promise, the first said first.
    """

    observation: Observation
    promises: tuple[ParsedClaim, ...]
    said: date
    due: date | None
    outcome: Observation | None
    outcome_claim: ParsedClaim | None
    verdict: Verdict
    late: tuple[int, int] | None = None
    """For ``met late`` and ``met, perhaps late``: by how many days at least and at most."""

    @property
    def promise(self) -> ParsedClaim:
        """The claim that reports the promise first."""
        return self.promises[0]


def verdicts(facts: FactBase) -> list[TargetResult]:
    """A verdict for each claim of a promise, by the date on which it was said."""
    evidence = _Evidence(facts)
    results = [
        result
        for observation in facts.observations.values()
        if observation.indicator.stance == Stance.TARGET
        for promise in observation.claims
        if promise.stands
        for result in _Judge(facts, evidence, observation, promise).results()
    ]
    return sorted(results, key=lambda result: result.said)


def merged(results: Iterable[TargetResult]) -> list[TargetResult]:
    """The verdicts by the date due, with claims that report the same promise as one."""
    groups: dict[tuple[object, ...], list[TargetResult]] = {}
    for result in results:
        came = result.outcome_claim.value if result.outcome_claim else None
        key = (result.observation.key, result.promise.value, result.due, came)
        outcome = result.outcome.key if result.outcome else None
        groups.setdefault((*key, outcome), []).append(result)
    rows = [
        replace(group[0], promises=tuple(result.promise for result in group))
        for group in groups.values()
    ]
    return sorted(rows, key=lambda row: row.due or date.max)


class _Evidence:
    """What the figures prove: all numbers that they leave possible, disputes included."""

    def __init__(self, facts: FactBase) -> None:
        broken = {result.dispute_key: result for result in facts.checks}
        self.doubted: dict[str, Interval | None] = {
            observation.key: _other_side(broken[dispute.key], observation)
            for dispute in (*facts.disputes, *facts.notes)
            if dispute.key in broken
            for observation in dispute.doubted
        }

    def possible(self, observation: Observation) -> Interval | None:
        """All that the figure may be; ``None`` where that is anything, or a name."""
        if observation.formula and State.DISPUTED_INPUT in observation.states:
            found = self._recalculated(observation)
        elif observation.is_contradicted:
            sets = {one for read in observation.standing if (one := as_interval(read.value))}
            # What is said more narrowly elsewhere adds nothing: "in 2018" beside a day of it.
            narrow = [a for a in sets if not any(b != a and b.is_within(a) for b in sets)]
            found = _hull(narrow)
        else:
            found = observation.interval
        if observation.key in self.doubted:
            found = _hull([found, self.doubted[observation.key]])
        return found

    def _recalculated(self, observation: Observation) -> Interval | None:
        """The result of a formula for everything that its inputs may be."""
        given = {}
        for name, one in observation.inputs:
            interval = self.possible(one.observation)
            if interval is None:
                return None
            given[name] = replace(one, observation=replace(one.observation, interval=interval))
        assert observation.formula
        try:
            parsed = formula.parse(observation.formula)
            return calculated(parsed, given, observation.indicator.unit).interval
        except FormulaError:
            return None


def _other_side(breach: CheckResult, observation: Observation) -> Interval | None:
    """What a figure may be instead: where two should be equal, the other; else anything."""
    sides = [side.strip() for side in breach.check.rule.split("==")]
    if sorted(sides) != sorted(name for name, _ in breach.inputs):
        return None
    others = [g.observation for _, g in breach.inputs if g.observation is not observation]
    return others[0].interval


def _hull(intervals: Iterable[Interval | None]) -> Interval | None:
    """The smallest interval that holds all; ``None`` where one is not known."""
    found: Interval | None = None
    for interval in intervals:
        if interval is None:
            return None
        found = found.hull(interval) if found else interval
    return found


def rests_on_assumption(observation: Observation) -> bool:
    """Whether a figure, or one that it is calculated from, assumes what no source says."""
    return observation.indicator.assumes is not None or any(
        rests_on_assumption(given.observation) for _, given in observation.inputs
    )


class _Judge:
    """One promise, and the verdicts on it."""

    def __init__(
        self,
        facts: FactBase,
        evidence: _Evidence,
        observation: Observation,
        promise: ParsedClaim,
    ) -> None:
        self.facts = facts
        self.evidence = evidence
        self.observation = observation
        self.promise = promise
        published = facts.data.sheet.sources[promise.claim.source].published
        self.said = parse_period(published) if published else None
        self.due = _due(observation, promise)
        self.keeping = _keeping(observation, promise.value)
        self.qualifier: Qualifier | None = None

    def results(self) -> Iterator[TargetResult]:
        """Verdicts, one for each claim of what came."""
        outcomes = self._outcomes()
        edition = parse_period(self.facts.data.sheet.edition).high
        is_open = self.due is not None and self.due > edition
        if not outcomes:
            yield self._result(
                None, None, (Verdict.OPEN if is_open else Verdict.NOT_REPORTED, None)
            )
        for outcome in outcomes:
            for read in _standing(outcome):
                finding = self._judged(outcome, read)
                if is_open and finding[0] in {Verdict.UNCLEAR, Verdict.MISSED}:
                    finding = (Verdict.OPEN, None)
                yield self._result(outcome, read, finding)

    def _outcomes(self) -> list[Observation]:
        """What the promise is measured against."""
        written = self.observation.indicator.outcome
        if not written:
            return []
        try:
            reference = parse_reference(written)
        except UnresolvedError:  # told by reference_faults
            return []
        self.qualifier = reference.qualifier
        own = self.observation.period
        period = reference.period or (own.text if own else None)
        same = self.facts.find(reference.indicator_id, period)
        if same:
            return [same]
        return [] if reference.period or own else self._later(reference.indicator_id)

    def _later(self, indicator_id: str) -> list[Observation]:
        """The first observation after the promise to keep it, else the last by the date due.

        Else the last of all.
        """
        said = self.said.high if self.said else date.min
        series = [o for o in self.facts.series(indicator_id) if not o.is_withdrawn]
        later = [o for o in series if o.period and o.period.high > said]
        for observation in later:
            if self._keeps(observation, observation.value, observation.interval):
                return [observation]
        holding = [o for o in later if o.period and self.due and o.period.low <= self.due]
        return (holding or later)[-1:]

    def _judged(self, outcome: Observation, read: ParsedClaim | None) -> _Finding:
        """The verdict on one claim of what came, if that is to be trusted."""
        if rests_on_assumption(outcome) or outcome.is_withdrawn:
            return _UNCLEAR
        finding = self._finding(outcome, read.value if read else outcome.value)
        if outcome.key not in self.evidence.doubted and not outcome.is_disputed:
            return finding
        possible = self.evidence.possible(outcome)
        if possible is not None:
            firm = self._finding(outcome, None, possible)
            if firm[0] in _FIRM:
                return firm
        is_claimed = read is not None and finding[0] in _FIRM - {Verdict.MISSED}
        return (Verdict.CLAIMED, None) if is_claimed else _UNCLEAR

    def _finding(
        self, outcome: Observation, value: Value | None, numbers: Interval | None = None
    ) -> _Finding:
        """What follows from a value, or from all numbers that are possible."""
        if value is not None:
            exact = outcome.interval if value is outcome.value else None
            numbers = exact or as_interval(value)
        if isinstance(self.promise.value, Period):
            is_date = outcome.indicator.measure == Measure.DATE
            return self._dated(numbers) if numbers and is_date else _UNCLEAR
        keeps = self._keeps(outcome, value, numbers)
        if keeps is None:
            return _UNCLEAR
        return self._kept(outcome) if keeps else self._fallen_short(outcome)

    def _keeps(
        self, outcome: Observation, value: Value | None, numbers: Interval | None
    ) -> bool | None:
        """Whether what came surely keeps the promise, or surely falls short of it."""
        if isinstance(self.promise.value, Names):
            met = isinstance(value, Names) and value.covers(self.promise.value)
            return True if met else None
        if isinstance(value, Names):  # a list shows how many there are at least
            came: Interval | None = Interval(Fraction(len(value.items)), None)
        else:
            came = self._came(outcome, numbers)
        if came is None or self.keeping is None:
            return None
        if came.is_within(self.keeping):
            return True
        return None if came.meets(self.keeping) or _is_up_to(self.promise.value) else False

    def _came(self, outcome: Observation, numbers: Interval | None) -> Interval | None:
        """The numbers of an outcome in the unit of the promise, as the bound that it is."""
        if numbers is None:
            return None
        if self.qualifier:
            numbers = bounded(numbers, self.qualifier)
        if outcome.indicator.unit == self.observation.indicator.unit:
            return numbers
        # A count of things: that of one year is so many a year, of longer a bound for each.
        first, last = _days(outcome.period)
        is_year = first and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31))
        if is_year or (outcome.period and outcome.period.length == "year"):
            return numbers
        is_long = first is None or last is None or (last - first).days >= 365
        return bounded(numbers, Qualifier.UP_TO) if is_long else None

    def _dated(self, came: Interval) -> _Finding:
        """A date promised, against the days on which it may have come."""
        if self.due is None or came.high is None:
            return _UNCLEAR
        due = self.due.toordinal()
        least = 0 if came.low is None else int(came.low) - due
        return _late(least, int(came.high) - due)

    def _kept(self, outcome: Observation) -> _Finding:
        """When a promise was met that what came shows kept."""
        if self.due is None:
            return (Verdict.MET, None)
        last = outcome.period.last_day if outcome.period else None
        if last is None:
            return _UNCLEAR
        short_until = self._short_until(outcome)
        least = (short_until - self.due).days + 1 if short_until else 0
        return _late(least, (last - self.due).days)

    def _short_until(self, outcome: Observation) -> date | None:
        """The last day until which all that is known from the date due on falls short."""
        assert self.due is not None
        known: date | None = None
        for observation in self.facts.series(outcome.indicator_id):
            first, last = _days(observation.period)
            if first is None or last is None or not self._surely_short(observation):
                continue
            is_stock = observation.indicator.measure == Measure.STOCK
            if is_stock and first != last:
                continue
            reached = known + timedelta(days=1) if known else self.due
            if first <= reached <= last:
                known = last
        return known

    def _surely_short(self, observation: Observation) -> bool:
        if rests_on_assumption(observation) or observation.is_withdrawn:
            return False
        return self._keeps(observation, None, self.evidence.possible(observation)) is False

    def _fallen_short(self, outcome: Observation) -> _Finding:
        """Whether a promise was missed that what came does not keep, or only then."""
        first, last = _days(outcome.period)
        if self.due is None or outcome.period is None:
            return _UNCLEAR
        is_own = self.observation.period == outcome.period
        holds_due = (first or date.min) <= self.due <= (last or date.max)
        match outcome.indicator.measure:
            case Measure.COUNT:
                missed = is_own or holds_due
            case Measure.STOCK:
                missed = first == last == self.due or (is_own and last == self.due)
            case _:
                missed = is_own and last is not None and last <= self.due
        return (Verdict.MISSED, None) if missed else _UNCLEAR

    def _result(
        self, outcome: Observation | None, read: ParsedClaim | None, finding: _Finding
    ) -> TargetResult:
        said = self.said.low if self.said else date.min
        promises = (self.promise,)
        return TargetResult(self.observation, promises, said, self.due, outcome, read, *finding)


def _late(least: int, most: int) -> _Finding:
    """Met by so many days after the date due at least and at most; before it if not above 0."""
    if most <= 0:
        return (Verdict.MET, None)
    if least > 0:
        return (Verdict.MET_LATE, (least, most))
    return (Verdict.PERHAPS_LATE, (0, most))


def _days(period: Period | None) -> tuple[date | None, date | None]:
    return (period.first_day, period.last_day) if period else (None, None)


def _is_up_to(promised: Value) -> bool:
    bounds = {Qualifier.UP_TO, Qualifier.AT_MOST, Qualifier.LESS_THAN}
    return isinstance(promised, QualifiedNumber) and promised.qualifier in bounds


def _keeping(observation: Observation, promised: Value) -> Interval | None:
    """The numbers that keep a promise; ``None`` for dates and names."""
    goal = as_interval(promised)
    if goal is None or isinstance(promised, Period):
        return None
    if observation.indicator.measure == Measure.DURATION:
        return Interval(None, goal.high, high_open=goal.high_open)
    if _is_up_to(promised):
        return Interval(goal.high, None)
    return Interval(goal.low, None, low_open=goal.low_open)


def _due(observation: Observation, promise: ParsedClaim) -> date | None:
    """The last day by which a promise was due: as said, else the end of its date or period."""
    if promise.claim.due:
        return parse_period(promise.claim.due).last_day
    if isinstance(promise.value, Period):
        return promise.value.last_day
    return observation.period.last_day if observation.period else None


def _standing(outcome: Observation) -> list[ParsedClaim | None]:
    """The claims of an outcome that count: the figure, or each that stands if they disagree."""
    if not claims_disagree(outcome.claims):
        return [outcome.chosen]
    distinct: dict[Value, ParsedClaim] = {}
    for read in outcome.claims:
        if read.stands:
            distinct.setdefault(read.value, read)
    return list(distinct.values())
