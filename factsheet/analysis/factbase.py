"""The fact base: every observation, and how a text names one."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from factsheet.data.load import DataFile
from factsheet.data.model import (
    UNDATED,
    Case,
    CaseKind,
    Check,
    FactSheet,
    Indicator,
    LocalText,
    Rank,
    Stance,
)
from factsheet.data.parse import ParsedClaim, Value, claims_disagree
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault, HintError, nearest
from factsheet.values.dates import DASHES, Period
from factsheet.values.interval import Interval
from factsheet.values.number import BOUNDS, Qualifier


class State(StrEnum):
    """What a reader must know before using a figure; shown in words beside it."""

    DISPUTED = "disputed"
    PLANNED = "planned"
    FORECAST = "forecast"
    DERIVED = "derived"
    DISPUTED_INPUT = "disputed input"
    PLANS_DIFFER = "plans differ"
    IMPOSSIBLE = "impossible"
    WITHDRAWN = "withdrawn"


@dataclass(eq=False)
class Observation:
    """An indicator at a period, with everything said about it.

    ``value`` is the figure the site shows: the preferred claim's, else that of the
    narrowest claim standing; for a derived figure, the result of its formula. ``states``
    are filled in once the checks are known.
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

    @property
    def label(self) -> LocalText:
        """The indicator's name."""
        return self.indicator.label

    @property
    def is_disputed(self) -> bool:
        """Whether it is disputed, or rests on a figure that is."""
        return State.DISPUTED in self.states or State.DISPUTED_INPUT in self.states

    @property
    def period_key(self) -> str:
        """The period as fields of the data file are keyed by it."""
        return self.period.text if self.period else UNDATED

    @property
    def anchor(self) -> str:
        """The id of its record on the page of its indicator."""
        return self.period.key if self.period else UNDATED

    @property
    def path(self) -> Path_:
        """Where the observation stands in the data file."""
        place = ("indicators", self.indicator_id)
        if self.formula:
            is_own = self.period_key in self.indicator.derived
            return (*place, "derived", self.period_key) if is_own else place
        return (*place, "observations", self.period_key) if self.period else (*place, "claims")

    @property
    def standing(self) -> tuple[ParsedClaim, ...]:
        """The claims that count."""
        return tuple(claim for claim in self.claims if claim.stands)

    @property
    def giving(self) -> tuple[ParsedClaim, ...]:
        """The claims that give the value shown."""
        return tuple(claim for claim in self.claims if claim.value == self.value)

    @property
    def by_rank(self) -> list[ParsedClaim]:
        """The claims: the one shown, then those that stand, then the rest."""
        order = list(Rank)
        return sorted(
            self.claims,
            key=lambda one: (one is not self.chosen, one.withdrawn, order.index(one.claim.rank)),
        )

    @cached_property
    def is_withdrawn(self) -> bool:
        """Whether nothing but retracted sources gives it, or it rests on such a figure."""
        if self.chosen:
            return self.chosen.withdrawn
        return any(given.observation.is_withdrawn for _, given in self.inputs)

    @cached_property
    def claims_disagree(self) -> bool:
        """Whether two of the claims that stand cannot both be true."""
        return claims_disagree(self.claims)

    @property
    def case(self) -> Case | None:
        """What is known of why the claims differ."""
        return self.indicator.disputes.get(self.period_key)

    @property
    def is_contradicted(self) -> bool:
        """Whether an outcome's claims cannot all be true.

        Promises and forecasts that differ do not contradict each other: each was made.
        """
        return self.indicator.stance == Stance.OUTCOME and self.claims_disagree


@dataclass(frozen=True)
class Input:
    """One input of a formula: an observation, taken whole or as a bound."""

    qualifier: Qualifier | None
    observation: Observation


class UnresolvedError(HintError):
    """A reference that names no figure."""

    is_told = False
    """Whether what it names is at fault itself, and needs no second fault."""


@dataclass(frozen=True)
class Reference:
    """``[bound] indicator [period]``, as a figure is named in the data file and on pages."""

    qualifier: Qualifier | None
    indicator_id: str
    period: str | None

    def key(self, periods: Collection[str]) -> str:
        """Which of the indicator's periods is meant.

        Raises:
            UnresolvedError: none of them.
        """
        period = self.period or UNDATED
        if period in periods and self.period != UNDATED:
            return period
        if UNDATED in periods:
            raise UnresolvedError(f'"{self.indicator_id}" has no periods', "delete the period")
        if self.period is None:
            hint = f'write "{self.indicator_id} {list(periods)[-1]}"'
            raise UnresolvedError(f'"{self.indicator_id}" needs a period', hint)
        what = f'"{self.indicator_id}" has no period "{self.period}"'
        plain = DASHES.sub("-", self.period)
        if plain != self.period and plain in periods:
            raise UnresolvedError(what, f'its dash is no hyphen: write "{plain}"')
        raise UnresolvedError(what, periods_hint(periods))


def periods_hint(periods: Collection[str]) -> str:
    """Advice that lists the periods there are; the last of very many."""
    listed = ", ".join(list(periods)[-12:])
    return f"it has {listed}" if len(periods) <= 12 else f"its last are {listed}"


_REFERENCE = re.compile(rf"(?:({'|'.join(Qualifier)}) )?([a-z][a-z0-9_]*)(?: (\S+))?")


def parse_reference(text: str) -> Reference:
    """Read ``country_output``, ``country_output 2018`` or ``up to country_output 2018``.

    Raises:
        UnresolvedError: not so written.
    """
    match = _REFERENCE.fullmatch(text.strip())
    if not match:
        lower = _REFERENCE.fullmatch(text.strip().lower())
        words = re.match(r"([a-z]\w*)\W+(\d\S*)", text.strip().lower())
        hint = f'write "{" ".join(words.groups())}"' if words else 'write an id, or "id period"'
        hint = f'write "{lower[0]}"' if lower else hint
        raise UnresolvedError(f'"{text}" does not name a figure', hint)
    qualifier = Qualifier(match[1]) if match[1] else None
    if qualifier and qualifier not in BOUNDS:
        hint = f"delete it, or write {', '.join(BOUNDS[:-1])} or {BOUNDS[-1]}"
        raise UnresolvedError(f'"{qualifier}" before a figure is no bound', hint)
    return Reference(qualifier, match[2], match[3])


def read_reference(text: str, sheet: FactSheet, *, bound: bool = False) -> Reference:
    """Read a reference to an indicator of the sheet; only with ``bound`` may it be one.

    Raises:
        UnresolvedError: not so written, or the indicator does not exist.
    """
    reference = parse_reference(text)
    indicator_id, known = reference.indicator_id, sheet.indicators
    if reference.qualifier and not bound:
        hint = f'write "{text.removeprefix(reference.qualifier).strip()}"'
        raise UnresolvedError(f'"{reference.qualifier}" has no place here', hint)
    if indicator_id not in known:
        hint = nearest(indicator_id, known, "add the indicator to the data file")
        run_on = re.fullmatch(r"(\w*?)(\d.*)", text)
        if run_on and run_on[1] in known:
            hint = f'put the period apart: "{run_on[1]}", "{run_on[2]}"'
        if reference.period in known:
            hint = f'write the qualifier as "up to {reference.period}"'
        raise UnresolvedError(f'unknown figure "{indicator_id}"', hint)
    return reference


@dataclass(frozen=True)
class CheckResult:
    """A check at one period: ``holds`` is ``None`` where it cannot be told."""

    check_id: str
    check: Check
    period: Period | None
    inputs: tuple[tuple[str, Input], ...]
    holds: bool | None

    @property
    def period_key(self) -> str:
        """The period as ``known`` is keyed by it."""
        return self.period.text if self.period else UNDATED

    @property
    def dispute_key(self) -> str:
        """The key of the dispute that it makes if it is broken."""
        return f"check-{self.check_id}" + (f"-{self.period.key}" if self.period else "")

    @property
    def case(self) -> Case | None:
        """What is known of why the check is broken."""
        return self.check.known.get(self.period_key)


@dataclass(frozen=True)
class Row:
    """What is said in a dispute: a value with the claims that give it, none if calculated.

    ``is_said``: it is in doubt; else it is what the doubtful is held against.
    """

    observation: Observation
    value: Value
    claims: tuple[ParsedClaim, ...]
    is_said: bool


@dataclass(frozen=True)
class Dispute:
    """What cannot all be true: the claims for one observation, or the figures of a check.

    As a note it only looks odd side by side, and makes nothing disputed.
    """

    name: str
    """As ``leading_disputes`` names it: ``plant_within_country 2018``."""
    key: str
    """The end of its anchor."""
    path: Path_
    """Where its explanation stands in the data file, or would."""
    label: LocalText
    period: Period | None
    rows: tuple[Row, ...]
    doubted: tuple[Observation, ...]
    """The figures that it makes doubtful."""
    case: Case | None
    """Its explanation, question and advice, where the data file has them."""
    settle: LocalText | None

    @property
    def is_note(self) -> bool:
        """Whether all of it can be true."""
        return self.case is not None and self.case.kind == CaseKind.NOTE

    @property
    def observations(self) -> list[Observation]:
        """Every observation involved, each once."""
        return list(dict.fromkeys(row.observation for row in self.rows))

    @property
    def said(self) -> list[Row]:
        """What is in doubt."""
        return [row for row in self.rows if row.is_said]

    @property
    def counted(self) -> list[Row]:
        """What that is held against; nothing where any of it may be wrong."""
        return [row for row in self.rows if not row.is_said]

    @property
    def is_of_claims(self) -> bool:
        """Whether it is between the claims for one observation."""
        return len(self.observations) == 1

    def rivals(self, observation: Observation) -> list[Row]:
        """What cannot be true beside a figure that is not in doubt itself."""
        return [] if observation in self.doubted else self.said


@dataclass(eq=False)
class FactBase:
    """Everything that follows from one data file."""

    data: DataFile
    observations: dict[str, Observation] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    """What cannot all be true, the weightiest first."""
    notes: list[Dispute] = field(default_factory=list)
    """What only looks odd side by side."""
    faults: list[Fault] = field(default_factory=list)
    """Values, formulas, rules and references that cannot be read."""
    broken: set[str] = field(default_factory=set)
    """Indicators with such a fault: what speaks of them needs no second one."""
    contradictions: list[Fault] = field(default_factory=list)
    """Contradictions without an explanation, and explanations without a contradiction."""

    @property
    def claims(self) -> Iterator[tuple[Observation, ParsedClaim]]:
        """Every claim that could be read, with its observation."""
        return ((o, claim) for o in self.observations.values() for claim in o.claims)

    def find(self, indicator_id: str, period: str | None = None) -> Observation | None:
        """The observation, or ``None``."""
        return self._by_period.get(indicator_id, {}).get(period or UNDATED)

    def resolve(self, text: str) -> Observation:
        """The one observation that a reference names.

        Raises:
            UnresolvedError: it names none.
        """
        (found,) = self._resolved(read_reference(text, self.data.sheet), whole=False)
        return found

    def resolve_series(self, text: str, *, bound: bool = False) -> list[Observation]:
        """The same; without a period, every observation of the indicator, by date.

        Args:
            text: The reference.
            bound: Whether it may be taken as a bound: ``up to country_output``.

        Raises:
            UnresolvedError: it names none.
        """
        return self._resolved(read_reference(text, self.data.sheet, bound=bound), whole=True)

    def _resolved(self, reference: Reference, *, whole: bool) -> list[Observation]:
        indicator_id = reference.indicator_id
        series = self._by_period.get(indicator_id)
        try:
            if not series:
                raise UnresolvedError(f'"{indicator_id}" has no value', "see its fault")
            if whole and reference.period is None:
                return list(series.values())
            return [series[reference.key(series)]]
        except UnresolvedError as error:
            error.is_told = not series or indicator_id in self.broken
            raise

    def series(self, indicator_id: str) -> list[Observation]:
        """An indicator's observations by date."""
        return self._series.get(indicator_id, [])

    @cached_property
    def _by_period(self) -> dict[str, dict[str, Observation]]:
        return {i: {o.period_key: o for o in found} for i, found in self._series.items()}

    @cached_property
    def _series(self) -> dict[str, list[Observation]]:
        series: dict[str, list[Observation]] = {}
        for observation in self.observations.values():
            series.setdefault(observation.indicator_id, []).append(observation)
        for found in series.values():
            found.sort(key=lambda o: (o.period.low, o.period.high) if o.period else ())
        return series
