"""Rules between figures, contradictions between claims, and the disputes that both make."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from factsheet.analysis.derive import Deriver, terms
from factsheet.analysis.factbase import (
    CheckResult,
    Dispute,
    FactBase,
    Observation,
    Row,
    State,
    UnresolvedError,
    periods_hint,
)
from factsheet.data.model import (
    CaseKind,
    Check,
    FactSheet,
    Indicator,
    Measure,
    Rank,
    Stance,
)
from factsheet.data.parse import ParsedClaim, Value, agree
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault, nearest
from factsheet.values.formula import FormulaError
from factsheet.values.number import NoWholeNumber


def check_results(deriver: Deriver) -> list[CheckResult]:
    """Every check at every period at which it applies; its faults go to ``deriver``."""
    return [
        result
        for check_id, check in deriver.sheet.checks.items()
        for result in _checked(deriver, check_id, check)
    ]


def _checked(deriver: Deriver, check_id: str, check: Check) -> Iterator[CheckResult]:
    path: Path_ = ("checks", check_id)
    if check_id in deriver.sheet.indicators:
        deriver.fault(path, f'the check "{check_id}" is called like an indicator', "rename it")
    plan = deriver.plan((*path, "rule"), check.rule, check.inputs)
    if plan is None:
        return
    ids = {reference.indicator_id for reference in plan.inputs.values()}
    for name in check.doubts:
        if name not in ids:
            deriver.fault((*path, "doubts"), f'the rule does not use "{name}"', "delete it here")
    for key in plan.periods:
        given = deriver.given(plan.inputs, key)
        if given is None:
            continue
        try:
            holds = plan.formula.holds(terms(given))
            if any(one.observation.is_withdrawn for one in given.values()):
                holds = None  # what was taken back contradicts nothing
        except FormulaError as error:
            deriver.fault(plan.path, str(error), error.hint)
            return
        period = deriver.sheet.period_of(key)
        yield CheckResult(check_id, check, period, tuple(given.items()), holds)
    for key in check.known:
        if key not in plan.periods and not deriver.rests_on_broken(plan.inputs):
            what = f'the rule is not checked for "{key}"'
            deriver.fault((*path, "known", key), what, periods_hint(plan.periods))


def disputes(facts: FactBase) -> list[Dispute]:
    """Broken checks and contradicted observations, notes among them, the leading ones first."""
    leading = facts.data.sheet.leading_disputes
    found = [_broken(result) for result in facts.checks if result.holds is False]
    found += [_contradicted(o) for o in facts.observations.values() if o.is_contradicted]
    order = {name: place for place, name in enumerate(leading)}
    return sorted(found, key=lambda dispute: order.get(dispute.name, len(order)))


def _broken(result: CheckResult) -> Dispute:
    observations = list(dict.fromkeys(given.observation for _, given in result.inputs))
    doubted = [o for o in observations if o.indicator_id in result.check.doubts]
    period = result.period
    return Dispute(
        name=result.check_id + (f" {period.text}" if period else ""),
        key=result.dispute_key,
        path=("checks", result.check_id, "known", result.period_key),
        label=result.check.label,
        period=period,
        rows=tuple(Row(o, o.value, o.giving, not doubted or o in doubted) for o in observations),
        doubted=tuple(doubted),
        case=result.case,
        settle=result.check.settle,
    )


def _contradicted(o: Observation) -> Dispute:
    values: dict[Value, list[ParsedClaim]] = defaultdict(list)
    for claim in o.by_rank:
        if not claim.withdrawn:
            values[claim.value].append(claim)
    return Dispute(
        name=o.reference,
        key=o.key,
        path=("indicators", o.indicator_id, "disputes", o.period_key),
        label=o.indicator.label,
        period=o.period,
        rows=tuple(Row(o, value, tuple(claims), is_said=True) for value, claims in values.items()),
        doubted=() if o.case and o.case.kind == CaseKind.NOTE else (o,),
        case=o.case,
        settle=None,
    )


def mark_states(facts: FactBase) -> None:
    """Put the states on every observation; a disputed input marks what rests on it."""
    doubted = {o for dispute in facts.disputes for o in dispute.doubted}
    marked: set[str] = set()

    def mark(o: Observation) -> None:
        if o.key in marked:
            return
        marked.add(o.key)
        for _, given in o.inputs:
            mark(given.observation)
        holds = {
            State.DISPUTED: o in doubted,
            State.PLANNED: o.indicator.stance == Stance.TARGET,
            State.FORECAST: o.indicator.stance == Stance.FORECAST,
            State.PLANS_DIFFER: o.claims_disagree and not o.is_contradicted,
            State.DERIVED: bool(o.formula),
            State.DISPUTED_INPUT: any(given.observation.is_disputed for _, given in o.inputs),
            State.IMPOSSIBLE: isinstance(o.value, NoWholeNumber),
            State.WITHDRAWN: o.is_withdrawn,
        }
        o.states = tuple(state for state, is_so in holds.items() if is_so)

    for observation in facts.observations.values():
        mark(observation)


def contradictions(facts: FactBase) -> Iterator[Fault]:
    """Contradictions without an explanation, and explanations without a contradiction."""
    for o in facts.observations.values():
        is_settled = o.chosen and o.chosen.claim.rank == Rank.PREFERRED
        is_note = o.case and o.case.kind == CaseKind.NOTE
        if o.is_contradicted and not is_settled and not is_note:
            said = " against ".join(_standing_texts(facts, o))
            what = f'claims for "{o.reference}" cannot all be true: {said}'
            yield facts.data.fault(o.path, what, 'mark one "rank: preferred" with a "reason:"')
    yield from _same_days(facts)
    for result in facts.checks:
        path = ("checks", result.check_id)
        values = " and ".join(
            f"{given.observation.reference} ({_shown(given.observation)})"
            for _, given in result.inputs
        )
        if result.holds is False and result.case is None:
            what = f'"{result.check.rule}" does not hold for {values}'
            hint = f'correct a value, or explain it under "known:" as "{result.period_key}:"'
            yield facts.data.fault((*path, "rule"), what, hint)
        if result.holds is not False and result.case is not None:
            what = f'"{result.check.rule}" is not broken for {values}'
            hint = "delete the explanation, which is no longer needed"
            yield facts.data.fault((*path, "known", result.period_key), what, hint)


def _same_days(facts: FactBase) -> Iterator[Fault]:
    """Figures of one indicator for the same days, written in two ways, that cannot both be true."""
    days: dict[tuple[str, date, date, bool], list[Observation]] = defaultdict(list)
    for o in facts.observations.values():
        if o.period and o.indicator.stance == Stance.OUTCOME and not o.is_withdrawn:
            is_about = "~" in o.period.text
            days[o.indicator_id, o.period.low, o.period.high, is_about].append(o)
    for same in days.values():
        for one, other in combinations(same, 2):
            if not agree(one.value, other.value):
                what = (
                    f'"{one.period_key}" and "{other.period_key}" are the same days, but '
                    f"{_shown(one)} and {_shown(other)} cannot both be true"
                )
                hint = f'put the claims under one key, "{one.period_key}"'
                yield facts.data.fault(other.path, what, hint)


def _standing_texts(facts: FactBase, o: Observation) -> list[str]:
    """The values of an observation with their claims, what fewest claims say first."""
    by_value: dict[str, list[ParsedClaim]] = defaultdict(list)
    for one in o.standing:
        by_value[one.claim.written].append(one)
    found = []
    for value, claims in sorted(by_value.items(), key=lambda item: len(item[1])):
        line = facts.data.line(*claims[0].path)
        where = f"{claims[0].claim.source}, line {line}"
        if len(claims) > 1:
            where = f"{len(claims)} claims, the first in line {line}"
        found.append(f"{value} ({where})")
    return found


def _shown(o: Observation) -> str:
    return o.chosen.claim.written if o.chosen else "calculated"


def reference_faults(facts: FactBase) -> Iterator[Fault]:
    """Outcomes, explanations, leading disputes and revisions must name what exists."""
    sheet, data = facts.data.sheet, facts.data
    for indicator_id, indicator in sheet.indicators.items():
        path: Path_ = ("indicators", indicator_id)
        for index, name in enumerate(indicator.formerly):
            if name in sheet.indicators:
                what = f'"{name}" is an indicator of its own'
                yield data.fault((*path, "formerly", index), what, "delete the line")
        if indicator.outcome:
            yield from _outcome_faults(facts, (*path, "outcome"), indicator_id)
        for key in indicator.disputes:
            o = facts.find(indicator_id, key)
            if indicator_id not in facts.broken and not (o and o.is_contradicted):
                hint = "delete the explanation, which is no longer needed"
                yield data.fault((*path, "disputes", key), f'"{key}" is not disputed', hint)
    yield from _leading_faults(facts)
    for index, revision in enumerate(sheet.revisions):
        try:
            facts.resolve(revision.observation)
        except UnresolvedError as error:
            if not error.is_told:
                yield data.fault(("revisions", index, "observation"), str(error), error.hint)


def _outcome_faults(facts: FactBase, path: Path_, indicator_id: str) -> Iterator[Fault]:
    """A target's outcome exists, and is in the target's unit or in what that is a rate of."""
    target = facts.data.sheet.indicators[indicator_id]
    try:
        outcome = facts.resolve_series(target.outcome or "", bound=True)[0].indicator
    except UnresolvedError as error:
        if not error.is_told:
            yield facts.data.fault(path, str(error), error.hint)
        return
    if outcome is not target and outcome.stance != Stance.OUTCOME:
        hint = "name the figure that shows what came"
        yield facts.data.fault(path, f"the outcome is itself a {outcome.stance}", hint)
    what = outcome_of_other_unit(facts.data.sheet, target, outcome)
    if what:
        yield facts.data.fault(path, what, "name a figure in the unit of the target")


def outcome_of_other_unit(sheet: FactSheet, target: Indicator, outcome: Indicator) -> str | None:
    """What is wrong where a target cannot be held against an outcome."""
    unit = sheet.units.get(target.unit_name)
    if outcome.unit_name in {target.unit_name, unit.rate_of if unit else None}:
        return None
    # A list shows how many there are, or a day that a place named was reached.
    is_listed = outcome.measure == Measure.NAMES and target.measure == Measure.COUNT
    is_name = target.measure in {Measure.NAME, Measure.NAMES}
    if is_listed or (outcome.measure == Measure.DATE and is_name):
        return None
    return f"the target is in {target.unit_name}, its outcome in {outcome.unit_name}"


def _leading_faults(facts: FactBase) -> Iterator[Fault]:
    names, leading = [case.name for case in facts.disputes], facts.data.sheet.leading_disputes
    for index, text in enumerate(leading):
        path, named = ("leading_disputes", index), text.partition(" ")[0]
        if text not in names and named not in facts.broken:
            own = [name for name in names if name.partition(" ")[0] == named]
            hint = f"write {' or '.join(own)}" if own else nearest(text, names, "delete the line")
            yield facts.data.fault(path, f'unknown dispute "{text}"', hint)
        elif text in leading[:index]:
            yield facts.data.fault(path, f'"{text}" stands here twice', "delete the line")
