"""Verdicts: what became of each promise, as of the edition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from factsheet.analysis.factbase import (
    FactBase,
    Observation,
    UnresolvedError,
    parse_reference,
)
from factsheet.data.model import Rank, Stance
from factsheet.data.parse import (
    Names,
    ParsedClaim,
    Value,
    as_interval,
    bounded,
    claims_disagree,
)
from factsheet.values.dates import Period, parse_period
from factsheet.values.interval import Interval, Qualifier


class Verdict(StrEnum):
    """What became of a target, as of the edition."""

    MET = "met"
    MET_LATE = "met late"
    MISSED = "missed"
    UNCLEAR = "cannot be told"
    NOT_REPORTED = "not reported"
    OPEN = "not due yet"


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
    """For ``met late``: by how many days at least and at most."""

    @property
    def promise(self) -> ParsedClaim:
        """The claim that reports the promise first."""
        return self.promises[0]


def verdicts(facts: FactBase) -> list[TargetResult]:
    """A verdict for each claim of a promise, by the date on which it was said."""
    results = [
        result
        for observation in facts.observations.values()
        if observation.indicator.stance == Stance.TARGET
        for promise in observation.claims
        if promise.claim.rank != Rank.DEPRECATED
        for result in _Judge(facts, observation, promise).results()
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


class _Judge:
    """One promise, and the verdicts on it."""

    def __init__(self, facts: FactBase, observation: Observation, promise: ParsedClaim) -> None:
        self.facts = facts
        self.observation = observation
        self.promise = promise
        published = facts.data.sheet.sources[promise.claim.source].published
        self.said = parse_period(published) if published else None
        self.due = _due(observation, promise)

    def results(self) -> Iterator[TargetResult]:
        """Verdicts, one for each claim of what came."""
        outcomes, qualifier = self._outcomes()
        if not outcomes:
            edition = parse_period(self.facts.data.sheet.edition).high
            is_open = self.due is not None and self.due > edition
            yield self._result(None, None, Verdict.OPEN if is_open else Verdict.NOT_REPORTED)
        for outcome in outcomes:
            for read in _standing(outcome):
                if isinstance(self.promise.value, Period):
                    yield self._dated(self.promise.value, outcome, read)
                elif isinstance(self.promise.value, Names):
                    value = read.value if read else outcome.value
                    met = isinstance(value, Names) and _covers(value, self.promise.value)
                    yield self._result(outcome, read, Verdict.MET if met else Verdict.UNCLEAR)
                else:
                    yield self._counted(outcome, read, qualifier)

    def _outcomes(self) -> tuple[list[Observation], Qualifier | None]:
        """What the promise is measured against, and whether it is only a bound."""
        written = self.observation.indicator.outcome
        if not written:
            return [], None
        try:
            reference = parse_reference(written)
        except UnresolvedError:  # reference_faults tells it
            return [], None
        own = self.observation.period
        period = reference.period or (own.text if own else None)
        same = self.facts.find(reference.indicator_id, period)
        if same:
            return [same], reference.qualifier
        if reference.period or own:
            return [], None
        return self._later(reference.indicator_id), reference.qualifier

    def _later(self, indicator_id: str) -> list[Observation]:
        """The first observation after the promise to reach it, else the last after it."""
        said = self.said.high if self.said else date.min
        later = [o for o in self.facts.series(indicator_id) if o.period and o.period.high > said]
        goal = as_interval(self.promise.value)
        for observation in later:
            if goal and observation.interval and observation.interval.is_within(_reaching(goal)):
                return [observation]
        return later[-1:]

    def _dated(
        self, promised: Period, outcome: Observation, read: ParsedClaim | None
    ) -> TargetResult:
        came = as_interval(read.value) if read else outcome.interval
        by = promised.as_event().high
        if came is None or came.low is None or came.high is None or by is None:
            return self._result(outcome, read, Verdict.UNCLEAR)
        if came.high <= by:
            return self._result(outcome, read, Verdict.MET)
        if came.low > by:
            late = (int(came.low - by), int(came.high - by))
            return self._result(outcome, read, Verdict.MET_LATE, late)
        return self._result(outcome, read, Verdict.UNCLEAR)

    def _counted(
        self, outcome: Observation, read: ParsedClaim | None, qualifier: Qualifier | None
    ) -> TargetResult:
        """A number promised: reached, or sure not to be; without a date due it is never missed."""
        goal = as_interval(self.promise.value)
        came = as_interval(read.value) if read else outcome.interval
        if goal is None or came is None:
            return self._result(outcome, read, Verdict.UNCLEAR)
        came = bounded(came, qualifier) if qualifier else came
        period, due = outcome.period, self.due
        if came.is_within(_reaching(goal)):
            if due is None or period is None or period.low <= due:
                return self._result(outcome, read, Verdict.MET)
            late = ((period.low - due).days, (period.high - due).days)
            return self._result(outcome, read, Verdict.MET_LATE, late)
        sure = due is not None and came.is_below(_reaching(goal))
        return self._result(outcome, read, Verdict.MISSED if sure else Verdict.UNCLEAR)

    def _result(
        self,
        outcome: Observation | None,
        read: ParsedClaim | None,
        verdict: Verdict,
        late: tuple[int, int] | None = None,
    ) -> TargetResult:
        said = self.said.low if self.said else date.min
        promises = (self.promise,)
        return TargetResult(
            self.observation, promises, said, self.due, outcome, read, verdict, late
        )


def _reaching(goal: Interval) -> Interval:
    """The numbers that reach a promised one: its lower end and all above."""
    return Interval(goal.low, None, low_open=goal.low_open)


def _due(observation: Observation, promise: ParsedClaim) -> date | None:
    """The last day by which a promise was due: as said, else the end of its period or date."""
    if promise.claim.due:
        return parse_period(promise.claim.due).high
    if isinstance(promise.value, Period):
        return promise.value.high
    return observation.period.high if observation.period else None


def _standing(outcome: Observation) -> list[ParsedClaim | None]:
    """The claims of an outcome that count: the figure, or each that stands if they disagree."""
    if not claims_disagree(outcome.claims):
        return [outcome.chosen]
    distinct: dict[Value, ParsedClaim] = {}
    for read in outcome.claims:
        if read.claim.rank != Rank.DEPRECATED:
            distinct.setdefault(read.value, read)
    return list(distinct.values())


def _covers(came: Names, promised: Value) -> bool:
    return isinstance(promised, Names) and {item.casefold() for item in promised.items} <= {
        item.casefold() for item in came.items
    }
