"""What follows from the data: observations, disputes, derived figures, checks, verdicts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from factsheet.data.load import DataFile
from factsheet.data.model import (
    UNDATED,
    Check,
    Claim,
    Derivation,
    Indicator,
    LocalText,
    Measure,
    Rank,
    Stance,
)
from factsheet.data.parse import (
    ParsedClaim,
    Value,
    ValueFaultError,
    as_interval,
    bounded,
    claims_disagree,
    read_value,
)
from factsheet.errors import Fault, nearest
from factsheet.values import formula
from factsheet.values.dates import Period, parse_period
from factsheet.values.formula import DATE, PERCENT, FormulaError, Term
from factsheet.values.interval import Interval
from factsheet.values.number import NoWholeNumber, Qualifier, parse_number, stated


class State(StrEnum):
    """What a reader must know before using a figure; shown in words beside it."""

    DISPUTED = "disputed"
    PLANNED = "planned"
    FORECAST = "forecast"
    DERIVED = "derived"
    DISPUTED_INPUT = "disputed input"
    PLANS_DIFFER = "plans differ"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Observation:
    """An indicator at a period, with everything said about it.

    ``value`` is the figure the site shows: the preferred claim's, else that of the
    narrowest claim standing; for a derived figure, the result of its formula.
    """

    indicator_id: str
    indicator: Indicator
    period: Period | None
    claims: tuple[ParsedClaim, ...]
    chosen: ParsedClaim | None
    value: Value
    interval: Interval | None
    formula: str | None = None
    inputs: tuple[tuple[str, "Input"], ...] = ()
    states: tuple[State, ...] = ()

    @cached_property
    def key(self) -> str:
        """The observation's anchor: ``country_output-2018``."""
        return self.indicator_id + (f"-{self.period.key}" if self.period else "")

    @property
    def reference(self) -> str:
        """The observation as an input names it: ``country_output 2018``."""
        return self.indicator_id + (f" {self.period.text}" if self.period else "")


@dataclass(frozen=True)
class Input:
    """One input of a formula: an observation, taken whole or as a bound."""

    qualifier: Qualifier | None
    observation: Observation


@dataclass(frozen=True)
class Reference:
    """``[qualifier] indicator [period]`` as an input is written."""

    qualifier: Qualifier | None
    indicator_id: str
    period: str | None


@dataclass(frozen=True)
class CheckResult:
    """A check at one period: ``holds`` is ``None`` where it cannot be told."""

    check_id: str
    check: Check
    period: Period | None
    inputs: tuple[tuple[str, Input], ...]
    holds: bool | None
    explanation: LocalText | None
    use: Observation | None

    @property
    def key(self) -> str:
        """The result's anchor on the page of disputes."""
        return f"check-{self.check_id}" + (f"-{self.period.key}" if self.period else "")


@dataclass
class FactBase:
    """Everything reckoned from one data file."""

    data: DataFile
    observations: dict[str, Observation] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """Values, formulas, rules and references that cannot be read."""
    broken: set[str] = field(default_factory=set)
    """Indicators with such a fault: what speaks of them needs no second one."""
    contradictions: list[Fault] = field(default_factory=list)
    """Contradictions without an explanation, and explanations without a contradiction."""

    def find(self, indicator_id: str, period: str | None = None) -> Observation | None:
        """The observation, or ``None``."""
        key = indicator_id + (f"-{period.replace('/', '--')}" if period else "")
        return self.observations.get(key)

    def series(self, indicator_id: str) -> list[Observation]:
        """An indicator's observations by date."""
        return self._series.get(indicator_id, [])

    @cached_property
    def _series(self) -> dict[str, list[Observation]]:
        series: dict[str, list[Observation]] = {}
        for observation in self.observations.values():
            series.setdefault(observation.indicator_id, []).append(observation)
        for found in series.values():
            found.sort(key=lambda o: (o.period.low, o.period.high) if o.period else ())
        return series

    @cached_property
    def disputed(self) -> list[Observation]:
        """Observations whose own claims contradict each other."""
        return [o for o in self.observations.values() if is_contradicted(o)]

    @cached_property
    def breaches(self) -> list[CheckResult]:
        """Checks that are broken."""
        return [result for result in self.checks if result.holds is False]


def analyse(data: DataFile) -> FactBase:
    """Work out every observation, check and verdict; what cannot be is left out, as a fault."""
    facts = _Analyst(data).facts()
    facts.contradictions = list(_unexplained(facts))
    return facts


_Path = tuple[str | int, ...]
LONGEST_CHAIN = 50
"""Formulas that rest on formulas; the reckoning recurses as deep."""


class _Analyst:
    """Builds a ``FactBase``: claims, then formulas in the order of their inputs, then checks."""

    def __init__(self, data: DataFile) -> None:
        self.data = data
        self.sheet = data.sheet
        self.faults: list[Fault] = []
        self._done: dict[str, dict[str, Observation]] = {}
        self._under_way: list[str] = []
        self._broken: set[str] = set()

    def facts(self) -> FactBase:
        facts = FactBase(self.data)
        for indicator_id in self.sheet.indicators:
            self._indicator(indicator_id)
        results = [
            result
            for check_id, check in self.sheet.checks.items()
            for result in self._checked(check_id, check)
        ]
        doubted = {
            given.observation.key
            for result in results
            if result.holds is False
            for _, given in result.inputs
            if given.observation.indicator_id in result.check.doubts
        }
        for indicator_id in self.sheet.indicators:
            for observation in self._done[indicator_id].values():
                facts.observations[observation.key] = observation
        _mark(facts, doubted)
        # The results hold the observations as they were before marking.
        fresh = facts.observations
        facts.checks = [_refreshed(result, fresh) for result in results]
        self._check_references()
        facts.faults, facts.broken = self.faults, self._broken
        return facts

    def _indicator(self, indicator_id: str) -> dict[str, Observation]:
        indicator = self.sheet.indicators[indicator_id]
        if indicator_id in self._under_way and indicator.formula:
            circle = " → ".join(
                [*self._under_way[self._under_way.index(indicator_id) :], indicator_id]
            )
            self._fault(("indicators", indicator_id, "formula"), f"a circle of formulas: {circle}",
                        "let one of them rest on a claim")  # fmt: skip
            return {}
        if indicator_id in self._done:
            return self._done[indicator_id]
        if len(self._under_way) >= LONGEST_CHAIN:
            what = f"a chain of more than {LONGEST_CHAIN} formulas, each resting on the next"
            self._fault(("indicators", indicator_id), what, "let one of them rest on a claim")
            self._broken.add(indicator_id)
            return {}
        self._under_way.append(indicator_id)
        # Entered before it is complete: what is derived may rest on the same indicator's claims.
        found = self._done[indicator_id] = {}
        groups = {UNDATED: indicator.claims} if indicator.claims else indicator.observations
        for key, claims in groups.items():
            observation = self._claimed(indicator_id, indicator, key, claims)
            if observation:
                found[key] = observation
        if indicator.formula:
            whole = Derivation(
                formula=indicator.formula, inputs=indicator.inputs, round=indicator.round
            )
            path: _Path = ("indicators", indicator_id)
            found |= self._derived(path, indicator_id, whole, indicator.periods)
        for key, derivation in indicator.derived.items():
            path = ("indicators", indicator_id, "derived", key)
            found |= self._derived(path, indicator_id, derivation, [key])
        self._under_way.pop()
        return found

    def _claimed(
        self, indicator_id: str, indicator: Indicator, key: str, claims: list[Claim]
    ) -> Observation | None:
        place = ("claims",) if key == UNDATED else ("observations", key)
        read = []
        for index, claim in enumerate(claims):
            path = ("indicators", indicator_id, *place, index)
            try:
                read.append(ParsedClaim(claim, read_value(self.sheet, indicator, claim)))
            except ValueFaultError as error:
                self._fault((*path, error.field), str(error), error.hint)
        if len(read) < len(claims):
            self._broken.add(indicator_id)
            return None
        chosen = self._latest(read) if indicator.stance != Stance.OUTCOME else _chosen(read)
        chosen = self._cited(chosen, read)
        interval = as_interval(chosen.value)
        period = self.sheet.period_of(key)
        return Observation(
            indicator_id, indicator, period, tuple(read), chosen, chosen.value, interval
        )

    def _latest(self, read: list[ParsedClaim]) -> ParsedClaim:
        """Of promises and forecasts the preferred one, else the one published last."""
        standing = [one for one in read if one.claim.rank != Rank.DEPRECATED]
        preferred = [one for one in standing if one.claim.rank == Rank.PREFERRED]
        return max(preferred or standing, key=lambda one: self._said_on(one.claim))

    def _said_on(self, claim: Claim) -> date:
        source = self.sheet.sources[claim.source]
        return parse_period(source.published).low if source.published else date.min

    def _cited(self, chosen: ParsedClaim, read: list[ParsedClaim]) -> ParsedClaim:
        """Of the claims that give the chosen value, the one whose source to cite."""
        if chosen.claim.rank == Rank.PREFERRED:
            return chosen
        same = [one for one in read if one.value == chosen.value and one.claim.rank == Rank.NORMAL]
        return min(same, key=lambda one: self.sheet.sources[one.claim.source].no)

    def _derived(
        self, path: _Path, indicator_id: str, derivation: Derivation, periods: list[str]
    ) -> dict[str, Observation]:
        """The observations that a formula gives, by period."""
        parsed = self._parsed(path, derivation.formula, derivation.inputs)
        step = self._step(path, derivation.round)
        if parsed is None:
            return {}
        found = {}
        inputs = self._inputs((*path, "inputs"), derivation.inputs, periods)
        if any(_indicator_named(text) in self._broken for text in derivation.inputs.values()):
            self._broken.add(indicator_id)
        for key, given in inputs.items():
            try:
                interval, value = self._result(indicator_id, parsed, given, step)
            except FormulaError as error:
                self._broken.add(indicator_id)
                self._fault((*path, "formula"), str(error), error.hint)
                continue
            found[key] = Observation(
                indicator_id,
                self.sheet.indicators[indicator_id],
                self.sheet.period_of(key),
                (),
                None,
                value,
                interval,
                derivation.formula,
                tuple(given.items()),
            )
        return found

    def _parsed(self, path: _Path, text: str, inputs: Mapping[str, str]) -> formula.Formula | None:
        try:
            parsed = formula.parse(text)
        except FormulaError as error:
            self._fault((*path, "formula"), str(error), error.hint)
            return None
        for name in inputs:
            if name not in parsed.names:
                what = f'the formula has no "{name}"'
                self._fault((*path, "inputs", name), what, "delete the input")
        missing = [name for name in parsed.names if name not in inputs]
        for name in missing:
            hint = nearest(name, inputs, f'add "{name}:" under "inputs:"')
            self._fault((*path, "formula"), f'no input is called "{name}"', hint)
        return None if missing else parsed

    def _step(self, path: _Path, text: str | None) -> Fraction | None:
        try:
            step = parse_number(text).value if text else None
        except ValueError as error:
            self._fault((*path, "round"), str(error), 'write a step, such as "0.1"')
            return None
        if step is not None and step <= 0:
            self._fault(
                (*path, "round"), "the step is not above zero", 'write a step, such as "0.1"'
            )
            return None
        return step

    def _result(
        self, indicator_id: str, parsed: formula.Formula, given: Mapping[str, Input],
        step: Fraction | None,
    ) -> tuple[Interval, Value]:  # fmt: skip
        """The set of numbers that a formula gives, and the amount that states it."""
        name = self.sheet.indicators[indicator_id].unit or ""
        term = parsed.value(terms(given))
        interval = term.interval
        if name == PERCENT:
            interval = interval * Interval.point(100)
        elif term.unit and name not in {term.unit, "times"}:
            what = f"the formula gives {term.unit}, not {name}"
            raise FormulaError(what, f'write "unit: {term.unit}", or correct the formula')
        unit = self.sheet.units.get(name)
        try:
            return interval, stated(interval, step, whole=bool(unit and unit.whole))
        except ValueError as error:
            boundless = "any number" in str(error)
            hint = "give the inputs bounds" if boundless else 'add "round:", such as "round: 0.1"'
            raise FormulaError(str(error), hint) from None

    def _inputs(
        self, path: _Path, written: Mapping[str, str], periods: Iterable[str] = ()
    ) -> dict[str, dict[str, Input]]:
        """The inputs by period: those without a period of their own go period by period."""
        fixed: dict[str, Input] = {}
        moving: dict[str, tuple[Reference, dict[str, Observation]]] = {}
        for name, text in written.items():
            where = (*path, name)
            try:
                reference = parse_reference(text)
            except ValueError as error:
                self._fault(where, str(error), 'write "country_output 2018"')
                return {}
            if reference.indicator_id not in self.sheet.indicators:
                hint = self._meant(reference)
                self._fault(where, f'unknown indicator "{reference.indicator_id}"', hint)
                return {}
            series = self._indicator(reference.indicator_id)
            if not series:
                return {}
            if reference.period is None and UNDATED not in series:
                moving[name] = (reference, series)
                continue
            observation = series.get(reference.period or UNDATED)
            if observation is None and reference.indicator_id in self._broken:
                return {}
            if observation is None:
                hint = _periods(series)
                what = f'"{reference.indicator_id}" has no period "{reference.period}"'
                self._fault(where, what, hint)
                return {}
            fixed[name] = Input(reference.qualifier, observation)
        wanted = list(periods)
        if not moving:
            if len(wanted) > 1:
                what = "several periods, but every input has its own"
                self._fault(path[:-1], what, 'keep one under "periods:"')
            return {(wanted or [UNDATED])[0]: fixed}
        shared = [
            key
            for key in next(iter(moving.values()))[1]
            if all(key in series for _, series in moving.values())
        ]
        is_broken = any(reference.indicator_id in self._broken for reference, _ in moving.values())
        for key in wanted:
            if key not in shared and not is_broken:
                hint = _periods(shared)
                self._fault((*path[:-1], "periods"), f'no value of each input for "{key}"', hint)
        return {
            key: {
                name: fixed[name] if name in fixed else _taken(*moving[name], key)
                for name in written
            }
            for key in shared
            if not wanted or key in wanted
        }

    def _checked(self, check_id: str, check: Check) -> Iterator[CheckResult]:
        path = ("checks", check_id)
        try:
            parsed = formula.parse(check.rule, rule=True)
        except FormulaError as error:
            self._fault((*path, "rule"), str(error), error.hint)
            return
        written = {name: check.inputs.get(name, name) for name in parsed.names}
        for name in check.inputs:
            if name not in parsed.names:
                self._fault(
                    (*path, "inputs", name), f'the rule has no "{name}"', "delete the input"
                )
        named = {_indicator_named(text) for text in written.values()}
        for name in check.doubts:
            if name not in named:
                self._fault((*path, "doubts"), f'the rule does not use "{name}"', "delete it here")
        by_period = self._inputs((*path, "rule"), written)
        if not by_period and not self.faults:
            what = "the rule never applies: its indicators share no period"
            self._fault((*path, "rule"), what, 'give periods under "inputs:"')
        for key, given in by_period.items():
            try:
                holds = parsed.holds(terms(given))
            except FormulaError as error:
                self._fault((*path, "rule"), str(error), error.hint)
                return
            use = self._use(check, key)
            yield CheckResult(
                check_id,
                check,
                self.sheet.period_of(key),
                tuple(given.items()),
                holds,
                check.known.get(key),
                use,
            )
        for key in check.known:
            if key not in by_period and by_period and named.isdisjoint(self._broken):
                what = f'the rule is not checked for "{key}"'
                hint = _periods(by_period)
                self._fault((*path, "known", key), what, hint)

    def _use(self, check: Check, key: str) -> Observation | None:
        if not check.use:
            return None
        try:
            reference = parse_reference(check.use)
        except ValueError:  # told by _check_references
            return None
        series = self._done.get(reference.indicator_id, {})
        return series.get(reference.period or key) or series.get(UNDATED)

    def _check_references(self) -> None:
        """Targets' outcomes, disputes, ``use`` and revisions must name what exists."""
        for indicator_id, indicator in self.sheet.indicators.items():
            path = ("indicators", indicator_id)
            if indicator.outcome:
                self._known_reference((*path, "outcome"), indicator.outcome)
                self._outcome_unit((*path, "outcome"), indicator)
            for key in indicator.disputes:
                observation = self._done.get(indicator_id, {}).get(key)
                if observation is None and indicator_id in self._broken:
                    continue
                if observation is None or not is_contradicted(observation):
                    what = f'"{key}" is not disputed'
                    hint = "delete the explanation, which is no longer needed"
                    self._fault((*path, "disputes", key), what, hint)
        for check_id, check in self.sheet.checks.items():
            if check.use:
                self._known_reference(("checks", check_id, "use"), check.use)
        for index, text in enumerate(self.sheet.leading_disputes):
            if text.partition(" ")[0] not in {*self.sheet.indicators, *self.sheet.checks}:
                known = [*self.sheet.checks, *self.sheet.indicators]
                hint = nearest(text.partition(" ")[0], known, "name an indicator or a check")
                self._fault(("leading_disputes", index), f'unknown dispute "{text}"', hint)
        for index, revision in enumerate(self.sheet.revisions):
            self._known_reference(("revisions", index, "observation"), revision.observation)

    def _outcome_unit(self, path: _Path, indicator: Indicator) -> None:
        """An outcome that is in another unit than its promise proves nothing."""
        outcome = self.sheet.indicators.get(_indicator_named(indicator.outcome or "") or "")
        if outcome is None or outcome.unit == indicator.unit or outcome.measure == Measure.NAMES:
            return
        unit = self.sheet.units.get(indicator.unit or "")
        if not unit or unit.per_year_of != outcome.unit:
            what = f"what came is in {outcome.unit or 'no unit'}, the promise in {indicator.unit}"
            self._fault(path, what, f'name a figure in "{indicator.unit}", or calculate one')

    def _meant(self, reference: Reference) -> str:
        """Advice for a reference to an indicator that does not exist."""
        if reference.period in self.sheet.indicators:
            return f'write the qualifier as "up to {reference.period}"'
        return nearest(reference.indicator_id, self.sheet.indicators, "add the indicator")

    def _known_reference(self, path: _Path, text: str) -> None:
        try:
            reference = parse_reference(text)
        except ValueError as error:
            self._fault(path, str(error), 'write "country_output 2018"')
            return
        if reference.indicator_id not in self.sheet.indicators:
            hint = self._meant(reference)
            self._fault(path, f'unknown indicator "{reference.indicator_id}"', hint)
        elif reference.indicator_id in self._broken:
            return
        elif reference.period and reference.period not in self._done[reference.indicator_id]:
            known = self._done[reference.indicator_id]
            what = f'"{reference.indicator_id}" has no period "{reference.period}"'
            self._fault(path, what, _periods(known))

    def _fault(self, path: _Path, what: str, hint: str) -> None:
        self.faults.append(self.data.fault(path, what, hint))


def _taken(reference: Reference, series: Mapping[str, Observation], key: str) -> Input:
    return Input(reference.qualifier, series[key])


def _periods(known: Iterable[str]) -> str:
    """Advice that lists the periods there are; the last of very many."""
    periods = list(known)
    return (
        f"it has {', '.join(periods)}"
        if len(periods) <= 12
        else (f"its last are {', '.join(periods[-12:])}")
    )


def _indicator_named(text: str) -> str | None:
    try:
        return parse_reference(text).indicator_id
    except ValueError:
        return None


_REFERENCE = re.compile(
    rf"(?:({'|'.join(q for q in Qualifier if q != Qualifier.RANGE)}) )?([a-z][a-z0-9_]*)(?: (\S+))?"
)


def parse_reference(text: str) -> Reference:
    """Read ``country_output``, ``country_output 2018`` or ``up to country_output 2018``.

    Raises:
        ValueError: not so written.
    """
    match = _REFERENCE.fullmatch(text.strip())
    if not match:
        raise ValueError(f'"{text}" does not name a figure')
    return Reference(Qualifier(match[1]) if match[1] else None, match[2], match[3])


def is_contradicted(observation: Observation) -> bool:
    """Whether an outcome's claims cannot all be true.

    Promises and forecasts that differ do not contradict each other: each was made.
    """
    is_outcome = observation.indicator.stance == Stance.OUTCOME
    return is_outcome and claims_disagree(observation.claims)


def _chosen(read: list[ParsedClaim]) -> ParsedClaim:
    for one in read:
        if one.claim.rank == Rank.PREFERRED:
            return one
    standing = [one for one in read if one.claim.rank == Rank.NORMAL]
    best = standing[0]
    for one in standing[1:]:
        narrow, wide = as_interval(one.value), as_interval(best.value)
        if narrow and wide and narrow != wide and narrow.is_within(wide):
            best = one
    return best


def terms(inputs: Mapping[str, Input]) -> dict[str, Term]:
    """The inputs as a formula takes them: bounds as bounds, percentages as fractions.

    Raises:
        FormulaError: an input that is a name.
    """
    found = {}
    for name, given in inputs.items():
        observation = given.observation
        interval = observation.interval
        if interval is None:
            what = f'"{observation.reference}" is a name, not a number'
            raise FormulaError(what, "use a figure with a unit")
        if given.qualifier:
            interval = bounded(interval, given.qualifier)
        unit = observation.indicator.unit
        if observation.indicator.measure == Measure.DATE:
            unit = DATE
        if unit == PERCENT:
            interval = interval * Interval.point(Fraction(1, 100))
            unit = None
        found[name] = Term(interval, None if unit == "times" else unit)
    return found


def _mark(facts: FactBase, doubted: set[str]) -> None:
    """Put the states on every observation; a disputed input marks what rests on it."""
    marked: dict[str, Observation] = {}

    def mark(observation: Observation) -> Observation:
        if observation.key in marked:
            return marked[observation.key]
        states = []
        if observation.key in doubted or is_contradicted(observation):
            states.append(State.DISPUTED)
        if observation.indicator.stance == Stance.TARGET:
            states.append(State.PLANNED)
        if observation.indicator.stance == Stance.FORECAST:
            states.append(State.FORECAST)
        if observation.indicator.stance != Stance.OUTCOME and claims_disagree(observation.claims):
            states.append(State.PLANS_DIFFER)
        inputs = tuple(
            (name, Input(given.qualifier, mark(given.observation)))
            for name, given in observation.inputs
        )
        if observation.formula:
            states.append(State.DERIVED)
            shaky = {State.DISPUTED, State.DISPUTED_INPUT}
            if any(shaky & set(given.observation.states) for _, given in inputs):
                states.append(State.DISPUTED_INPUT)
        if isinstance(observation.value, NoWholeNumber):
            states.append(State.IMPOSSIBLE)
        marked[observation.key] = replace(observation, inputs=inputs, states=tuple(states))
        return marked[observation.key]

    for key, observation in facts.observations.items():
        facts.observations[key] = mark(observation)


def _refreshed(result: CheckResult, fresh: Mapping[str, Observation]) -> CheckResult:
    inputs = tuple(
        (name, Input(given.qualifier, fresh[given.observation.key]))
        for name, given in result.inputs
    )
    use = fresh[result.use.key] if result.use else None
    return replace(result, inputs=inputs, use=use)


def _unexplained(facts: FactBase) -> Iterator[Fault]:
    """Contradictions without an explanation, and explanations without a contradiction."""
    for observation in facts.disputed:
        if observation.chosen and observation.chosen.claim.rank != Rank.PREFERRED:
            place: tuple[str | int, ...] = ("indicators", observation.indicator_id)
            place += (
                ("observations", observation.period.text) if observation.period else ("claims",)
            )
            said = " against ".join(_standing_texts(observation))
            what = f'claims for "{observation.reference}" cannot all be true: {said}'
            hint = 'mark one "rank: preferred" with a "reason:"'
            yield facts.data.fault(place, what, hint)
    for result in facts.checks:
        key = result.period.text if result.period else UNDATED
        path = ("checks", result.check_id)
        values = " and ".join(
            f"{given.observation.reference} ({_printed(given.observation)})"
            for _, given in result.inputs
        )
        if result.holds is False and result.explanation is None:
            what = f'"{result.check.rule}" does not hold for {values}'
            yield facts.data.fault(
                (*path, "rule"), what, f'correct a value, or explain it under "known:" as "{key}:"'
            )
        if result.holds is not False and result.explanation is not None:
            what = f'"{result.check.rule}" is not broken for {values}'
            hint = "delete the explanation, which is no longer needed"
            yield facts.data.fault((*path, "known", key), what, hint)


def _standing_texts(observation: Observation) -> list[str]:
    texts = [
        f"{_written(read.claim)} ({read.claim.source})"
        for read in observation.claims
        if read.claim.rank != Rank.DEPRECATED
    ]
    return list(dict.fromkeys(texts))


def _written(claim: Claim) -> str:
    """A claim's value as the data file has it."""
    value = "; ".join(claim.value) if isinstance(claim.value, list) else claim.value
    high = f" to {claim.high}" if claim.high else ""
    return (
        value + high if claim.qualifier == Qualifier.EXACTLY else f"{claim.qualifier} {value}{high}"
    )


def _printed(observation: Observation) -> str:
    return _written(observation.chosen.claim) if observation.chosen else "calculated"
