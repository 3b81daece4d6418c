"""Verdicts: what became of each promise, as of the edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from factsheet.dates import Period, parse_period
from factsheet.model import Rank, Stance
from factsheet.quantity import Qualifier, Quantity
from factsheet.reckon import Book, Observation, parse_reference
from factsheet.values import (
    Names,
    ReadClaim,
    Value,
    as_quantity,
    bounded,
    claims_disagree,
)


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
    """A target's claim against one claim of its outcome (``None``: no outcome is known)."""

    observation: Observation
    promise: ReadClaim
    outcome: Observation | None
    outcome_claim: ReadClaim | None
    verdict: Verdict
    late: tuple[int, int] | None = None
    """For ``met late``: by how many days at least and at most."""


def verdicts(book: Book) -> list[TargetResult]:
    """Every promise with its verdict, by the date it was due; equal ones once."""
    found = {
        _same_verdict(result): result
        for observation in book.observations.values()
        if observation.indicator.stance == Stance.TARGET
        for promise in observation.claims
        if promise.claim.rank != Rank.DEPRECATED
        for result in _judged(book, observation, promise)
    }
    return sorted(found.values(), key=lambda r: _due(r.observation, r.promise) or date.max)


def _due(observation: Observation, promise: ReadClaim) -> date | None:
    """The last day by which a promise was due: as said, else the end of its period or date."""
    if promise.claim.due:
        return parse_period(promise.claim.due).high
    if isinstance(promise.value, Period):
        return promise.value.high
    return observation.period.high if observation.period else None


def _judged(book: Book, observation: Observation, promise: ReadClaim) -> Iterator[TargetResult]:
    """Verdicts on one promise, one for each claim of what came."""
    written = observation.indicator.outcome
    outcomes: list[Observation] = []
    qualifier = None
    if written:
        reference = parse_reference(written)
        qualifier = reference.qualifier
        period = reference.period or (observation.period.text if observation.period else None)
        same = book.find(reference.indicator_id, period)
        outcomes = [same] if same else []
        if not same and not reference.period and not observation.period:
            outcomes = _later(book, reference.indicator_id, promise)
    due = _due(observation, promise)
    edition = parse_period(book.data.sheet.edition).high
    if not outcomes:
        verdict = Verdict.OPEN if due and due > edition else Verdict.NOT_REPORTED
        yield TargetResult(observation, promise, None, None, verdict)
        return
    if isinstance(promise.value, Period):
        for outcome in outcomes:
            for read in _standing(outcome):
                yield _judged_date(observation, promise, promise.value, outcome, read)
        return
    yield from _judged_amount(observation, promise, due, outcomes, qualifier)


def _same_verdict(result: TargetResult) -> tuple[object, ...]:
    """What makes two results one row: the same promise for the same day, and what came."""
    came = result.outcome_claim.value if result.outcome_claim else None
    key = result.outcome.key if result.outcome else None
    claim = result.promise.claim
    return (result.observation.key, result.promise.value, claim.due, key, came, result.verdict)


def _later(book: Book, indicator_id: str, promise: ReadClaim) -> list[Observation]:
    """The first observation after the promise to reach it, else the last after it."""
    published = book.data.sheet.sources[promise.claim.source].published
    said = parse_period(published).high if published else date.min
    later = [o for o in book.series(indicator_id) if o.period and o.period.high > said]
    goal = as_quantity(promise.value)
    for observation in later:
        came = observation.quantity
        if goal and came and came.is_within(Quantity(goal.low, None, low_open=goal.low_open)):
            return [observation]
    return later[-1:]


def _standing(outcome: Observation) -> list[ReadClaim | None]:
    """The claims of an outcome that count: the figure, or each that stands if they disagree."""
    if not claims_disagree(outcome.claims):
        return [outcome.chosen]
    distinct: dict[Value, ReadClaim] = {}
    for read in outcome.claims:
        if read.claim.rank != Rank.DEPRECATED:
            distinct.setdefault(read.value, read)
    return list(distinct.values())


def _judged_date(
    observation: Observation,
    promise: ReadClaim,
    promised: Period,
    outcome: Observation,
    read: ReadClaim | None,
) -> TargetResult:
    came = as_quantity(read.value) if read else outcome.quantity
    by = promised.as_event()
    late = None
    if came is None or came.low is None or came.high is None or by.high is None:
        verdict = Verdict.UNCLEAR
    elif came.high <= by.high:
        verdict = Verdict.MET
    elif came.low > by.high:
        verdict = Verdict.MET_LATE
        late = (int(came.low - by.high), int(came.high - by.high))
    else:
        verdict = Verdict.UNCLEAR
    return TargetResult(observation, promise, outcome, read, verdict, late)


def _judged_amount(
    observation: Observation,
    promise: ReadClaim,
    due: date | None,
    outcomes: list[Observation],
    qualifier: Qualifier | None,
) -> Iterator[TargetResult]:
    goal = as_quantity(promise.value)
    if goal is None:
        for outcome in outcomes:
            for read in _standing(outcome):
                value = read.value if read else outcome.value
                met = isinstance(value, Names) and _covers(value, promise.value)
                verdict = Verdict.MET if met else Verdict.UNCLEAR
                yield TargetResult(observation, promise, outcome, read, verdict)
        return
    reached = Quantity(goal.low, None, low_open=goal.low_open)
    for outcome in outcomes:
        for read in _standing(outcome):
            came = as_quantity(read.value) if read else outcome.quantity
            assert came is not None
            came = bounded(came, qualifier) if qualifier else came
            after = due is not None and outcome.period is not None and outcome.period.low > due
            late = None
            if came.is_within(reached):
                verdict = Verdict.MET_LATE if after else Verdict.MET
                if after and due and outcome.period:
                    late = ((outcome.period.low - due).days, (outcome.period.high - due).days)
            elif came.is_below(reached):
                verdict = Verdict.MISSED
            else:
                verdict = Verdict.UNCLEAR
            yield TargetResult(observation, promise, outcome, read, verdict, late)


def _covers(came: Names, promised: Value) -> bool:
    return isinstance(promised, Names) and {item.casefold() for item in promised.items} <= {
        item.casefold() for item in came.items
    }
