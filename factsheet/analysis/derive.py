"""Observations: which claim is shown and cited, and what formulas give."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from factsheet.analysis.factbase import (
    Input,
    Observation,
    Reference,
    UnresolvedError,
    periods_hint,
    read_reference,
)
from factsheet.data.load import DataFile
from factsheet.data.model import UNDATED, Claim, Derivation, Indicator, Rank, Stance
from factsheet.data.parse import (
    ParsedClaim,
    Value,
    ValueFaultError,
    as_interval,
    bounded,
    counting,
    read_value,
)
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault, nearest
from factsheet.values import formula
from factsheet.values.dates import parse_period
from factsheet.values.formula import PERCENT, FormulaError, Term
from factsheet.values.interval import Interval
from factsheet.values.number import QualifiedNumber, parse_number, stated

LONGEST_CHAIN = 50
"""Formulas that rest on formulas; deriving recurses as deep."""


@dataclass(frozen=True)
class Plan:
    """How derived observations are calculated, or a rule is checked, and at which periods."""

    path: Path_
    text: str
    formula: formula.Formula
    inputs: dict[str, Reference]
    periods: list[str]
    step: Fraction | None = None


class Deriver:
    """Makes each observation when it is asked for, and what that rests on before it.

    What cannot be made is left out, and told as a fault once.
    """

    def __init__(self, data: DataFile) -> None:
        """Prepare; nothing is read yet."""
        self.data = data
        self.sheet = data.sheet
        self.faults: list[Fault] = []
        self.broken: set[str] = set()
        self._plans: dict[str, Plan | None] = {}
        self._made: dict[tuple[str, str], Observation | None] = {}
        self._under_way: list[str] = []

    def all(self) -> dict[str, Observation]:
        """Every observation by its key, in the order of the file."""
        made = [
            self.observation(indicator_id, key)
            for indicator_id in self.sheet.indicators
            for key in self.periods(indicator_id)
        ]
        return {observation.key: observation for observation in made if observation}

    def fault(self, path: Path_, what: str, hint: str) -> None:
        """Remember a fault at an entry of the data file."""
        self.faults.append(self.data.fault(path, what, hint))

    def periods(self, indicator_id: str) -> list[str]:
        """The period keys of an indicator; those that a formula gives follow from its inputs."""
        indicator = self.sheet.indicators[indicator_id]
        if indicator.formula:
            plan = self._formula_plan(indicator_id)
            return plan.periods if plan else []
        return [UNDATED] if indicator.claims else [*indicator.observations, *indicator.derived]

    def observation(self, indicator_id: str, key: str) -> Observation | None:
        """The observation at one of the indicator's periods; ``None`` if it cannot be made."""
        place = (indicator_id, key)
        if place not in self._made:
            path: Path_ = ("indicators", indicator_id)
            name = indicator_id + ("" if key == UNDATED else f" {key}")
            if not self._is_entered(name, path):
                return None
            indicator = self.sheet.indicators[indicator_id]
            claims = indicator.claims if key == UNDATED else indicator.observations.get(key)
            self._made[place] = (
                self._claimed(indicator_id, indicator, key, claims)
                if claims
                else self._derived(indicator_id, key)
            )
            self._under_way.pop()
            if self._made[place] is None:
                self.broken.add(indicator_id)
        return self._made[place]

    def _is_entered(self, name: str, path: Path_) -> bool:
        """Whether ``name`` may be worked out now; else a fault says why."""
        hint = "let one of them rest on a claim"
        if name in self._under_way:
            circle = " → ".join([*self._under_way[self._under_way.index(name) :], name])
            self.fault((*path, "formula"), f"a circle of formulas: {circle}", hint)
        elif len(self._under_way) >= LONGEST_CHAIN:
            what = f"a chain of more than {LONGEST_CHAIN} formulas, each resting on the next"
            self.fault(path, what, hint)
        else:
            self._under_way.append(name)
            return True
        self.broken.add(str(path[1]))
        return False

    # Claims

    def _claimed(
        self, indicator_id: str, indicator: Indicator, key: str, claims: list[Claim]
    ) -> Observation | None:
        place = ("claims",) if key == UNDATED else ("observations", key)
        parsed = []
        for index, claim in enumerate(claims):
            path = ("indicators", indicator_id, *place, index)
            try:
                value = read_value(self.sheet, indicator, claim)
            except ValueFaultError as error:
                self.fault((*path, error.field), str(error), error.hint)
            else:
                withdrawn = self.sheet.sources[claim.source].retracted is not None
                parsed.append(ParsedClaim(claim, value, path, withdrawn))
        if len(parsed) < len(claims):
            return None
        chosen = self._chosen(indicator, parsed)
        period, interval = self.sheet.period_of(key), as_interval(chosen.value)
        return Observation(
            indicator_id, indicator, period, tuple(parsed), chosen, chosen.value, interval
        )

    def _chosen(self, indicator: Indicator, claims: list[ParsedClaim]) -> ParsedClaim:
        """The claim shown and cited: the preferred one.

        Else of an outcome the narrowest of those that stand, of promises and forecasts the one
        published last; and of the claims that give its value the first by number of the source.
        """
        standing = counting(claims)
        preferred = [one for one in standing if one.claim.rank == Rank.PREFERRED]
        if indicator.stance != Stance.OUTCOME:
            best = max(preferred or standing, key=lambda one: self._said_on(one.claim))
        else:
            best = preferred[0] if preferred else _narrowest(standing)
        if preferred:
            return best
        same = [one for one in standing if one.value == best.value]
        return min(same, key=lambda one: self.sheet.sources[one.claim.source].no)

    def _said_on(self, claim: Claim) -> date:
        source = self.sheet.sources[claim.source]
        return parse_period(source.published).low if source.published else date.min

    # Formulas

    def _formula_plan(self, indicator_id: str) -> Plan | None:
        if indicator_id not in self._plans:
            indicator = self.sheet.indicators[indicator_id]
            path: Path_ = ("indicators", indicator_id)
            if not self._is_entered(indicator_id, path):
                return None
            plan = self._derivation_plan(path, indicator, indicator.periods)
            self._under_way.pop()
            if plan is None:
                self.broken.add(indicator_id)
            self._plans[indicator_id] = None if indicator_id in self.broken else plan
        return self._plans[indicator_id]

    def _derivation_plan(
        self, path: Path_, derivation: Derivation | Indicator, wanted: list[str]
    ) -> Plan | None:
        step = self._step(path, derivation.round)
        plan = self.plan((*path, "formula"), derivation.formula or "", derivation.inputs, wanted)
        return plan and replace(plan, step=step)

    def plan(
        self, path: Path_, text: str, written: Mapping[str, str], wanted: Collection[str] = ()
    ) -> Plan | None:
        """How to calculate what stands at ``path``, a ``formula`` or a ``rule``.

        In a rule, an indicator may stand without being an input. ``None`` where a name stands for
        nothing, or all together for no period.
        """
        *entry, field = path
        try:
            parsed = formula.parse(text, rule=field == "rule")
        except FormulaError as error:
            self.fault(path, str(error), error.hint)
            return None
        for name in written:
            if name not in parsed.names:
                what = f'the {field} has no "{name}"'
                self.fault((*entry, "inputs", name), what, "delete the input")
        found: dict[str, Reference] = {}
        for name in parsed.names:
            if name not in written and field == "formula":
                hint = nearest(name, written, f'add "{name}:" under "inputs:"')
                self.fault(path, f'no input is called "{name}"', hint)
                continue
            place = (*entry, "inputs", name) if name in written else path
            reference = self._reference(place, written.get(name, name))
            if reference:
                found[name] = reference
        if len(found) < len(parsed.names):
            return None
        periods = self._shared_periods(tuple(entry), found, wanted)
        if not periods and not wanted and not self.rests_on_broken(found):
            what = f"the {field} gives nothing: its inputs share no period"
            self.fault(path, what, 'give periods under "inputs:"')
        return Plan(path, text, parsed, found, periods) if periods else None

    def rests_on_broken(self, inputs: Mapping[str, Reference]) -> bool:
        """Whether an input is at fault itself, so that nothing more need be said."""
        return any(reference.indicator_id in self.broken for reference in inputs.values())

    def _derived(self, indicator_id: str, key: str) -> Observation | None:
        indicator = self.sheet.indicators[indicator_id]
        if indicator.formula:
            plan = self._formula_plan(indicator_id)
        else:
            path: Path_ = ("indicators", indicator_id, "derived", key)
            plan = self._derivation_plan(path, indicator.derived[key], [key])
        inputs = self.given(plan.inputs, key) if plan else None
        if plan is None or inputs is None:
            return None
        try:
            interval, value = self._result(indicator, plan, inputs)
        except FormulaError as error:
            self.fault(plan.path, str(error), error.hint)
            return None
        period = self.sheet.period_of(key)
        given = tuple(inputs.items())
        return Observation(
            indicator_id, indicator, period, (), None, value, interval, plan.text, given
        )

    def _step(self, path: Path_, text: str | None) -> Fraction | None:
        try:
            step = parse_number(text).value if text else None
            if step is not None and step <= 0:
                raise ValueError("the step is not above zero")
        except ValueError as error:
            self.fault((*path, "round"), str(error), 'write a step, such as "0.1"')
            return None
        return step

    def _result(
        self, indicator: Indicator, plan: Plan, inputs: Mapping[str, Input]
    ) -> tuple[Interval, Value]:
        """The set of numbers that a formula gives, and the amount that states it."""
        name = indicator.unit or ""
        term = calculated(plan.formula, inputs, name)
        interval = term.interval
        term.refuse_unit(name)
        unit = self.sheet.units.get(name)
        try:
            value = stated(interval, plan.step, whole=bool(unit and unit.whole))
        except ValueError as error:
            boundless = "any number" in str(error)
            hint = "give the inputs bounds" if boundless else 'add "round:", such as "round: 0.1"'
            raise FormulaError(str(error), hint) from None
        low, high = interval.low, interval.high
        is_above_or_below = (low is not None and low > 0) or (high is not None and high < 0)
        if is_above_or_below and isinstance(value, QualifiedNumber) and not value.number.value:
            raise FormulaError("rounding leaves nothing of it", "write a smaller step")
        return interval, value

    # Inputs of formulas and rules

    def _reference(self, path: Path_, text: str) -> Reference | None:
        """What an input names; ``None`` if it names nothing."""
        try:
            reference = read_reference(text, self.sheet, bound=True)
            periods = self.periods(reference.indicator_id)
            if reference.indicator_id not in self.broken and not self._moves(reference):
                reference.key(periods)
        except UnresolvedError as error:
            self.fault(path, str(error), error.hint)
            return None
        return reference

    def _moves(self, reference: Reference) -> bool:
        """Whether an input goes period by period, having no period of its own."""
        return reference.period is None and UNDATED not in self.periods(reference.indicator_id)

    def _shared_periods(
        self, path: Path_, inputs: Mapping[str, Reference], wanted: Collection[str]
    ) -> list[str]:
        """The period keys at which all inputs have a value; of these only those wanted."""
        moving = [
            self.periods(reference.indicator_id)
            for reference in inputs.values()
            if self._moves(reference)
        ]
        if not moving:
            if len(wanted) > 1:
                what = "several periods, but every input has its own"
                self.fault(path, what, 'keep one under "periods:"')
            return [next(iter(wanted), UNDATED)]
        shared = [key for key in moving[0] if all(key in other for other in moving)]
        if not self.rests_on_broken(inputs):
            for key in wanted:
                if key not in shared:
                    what = f'no value of each input for "{key}"'
                    self.fault((*path, "periods"), what, periods_hint(shared))
        return [key for key in shared if not wanted or key in wanted]

    def given(self, inputs: Mapping[str, Reference], key: str) -> dict[str, Input] | None:
        """The inputs at a period; ``None`` if one of them could not be made."""
        found: dict[str, Input] = {}
        for name, reference in inputs.items():
            own = key if self._moves(reference) else reference.period or UNDATED
            observation = None
            if own in self.periods(reference.indicator_id):
                observation = self.observation(reference.indicator_id, own)
            if observation is None:
                return None
            found[name] = Input(reference.qualifier, observation)
        return found


def calculated(parsed: formula.Formula, inputs: Mapping[str, Input], unit: str | None) -> Term:
    """What a formula gives, in the unit of its indicator: percentages as such.

    Raises:
        FormulaError: units that do not fit, a name, or a division by zero.
    """
    term = parsed.value(terms(inputs))
    return replace(term, interval=term.interval * Interval.point(100)) if unit == PERCENT else term


def terms(inputs: Mapping[str, Input]) -> dict[str, Term]:
    """What the names in a formula stand for.

    Raises:
        FormulaError: a name, with which nothing can be calculated.
    """
    found = {}
    for name, given in inputs.items():
        observation = given.observation
        interval, unit = observation.interval, observation.indicator.unit_name
        if interval is None:
            what = f'"{observation.reference}" is a name, not a number'
            raise FormulaError(what, "use a figure with a unit")
        if given.qualifier:
            interval = bounded(interval, given.qualifier)
        if unit == PERCENT:
            interval = interval * Interval.point(Fraction(1, 100))
        found[name] = Term.of(interval, unit)
    return found


def _narrowest(standing: list[ParsedClaim]) -> ParsedClaim:
    best = standing[0]
    for one in standing:
        narrow, wide = as_interval(one.value), as_interval(best.value)
        if narrow and wide and narrow != wide and narrow.is_within(wide):
            best = one
    return best
