"""What each chart draws: values out of the fact base, panel by panel, and nothing else.

The picture, the table behind it and its download are all made from these marks.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from factsheet.analysis.factbase import FactBase, Observation, UnresolvedError
from factsheet.analysis.targets import TargetResult, merged, verdicts
from factsheet.data.model import Chart, ChartForm, Measure, Panel, Stance
from factsheet.data.parse import Names, ParsedClaim, Value, as_interval
from factsheet.errors import Fault
from factsheet.values.dates import Period, parse_period
from factsheet.values.interval import Interval


class Role(StrEnum):
    """As what a value stands in a picture; each has a shape and a colour of its own."""

    HAPPENED = "happened"
    PROMISED = "promised"
    FORESEEN = "foreseen"
    CALCULATED = "calculated"


@dataclass(frozen=True)
class Mark:
    """One value drawn.

    ``reads``: the claims that give it, none for a calculated one. ``said``: the day on
    which a promise was made. ``line``: marks of one line of a picture share it.
    """

    observation: Observation
    value: Value
    reads: tuple[ParsedClaim, ...]
    role: Role
    said: Period | None = None

    @property
    def interval(self) -> Interval:
        """The set of numbers, or of day ordinals, that the value stands for.

        For a calculated value that is the result before it was rounded.
        """
        is_calculated = not self.reads and self.observation.formula is not None
        interval = self.observation.interval if is_calculated else as_interval(self.value)
        assert interval is not None
        return interval

    @property
    def is_exact(self) -> bool:
        """Whether the value is given exactly: one number, and not rounded."""
        return self.interval.is_point and self.interval == as_interval(self.value)

    @property
    def is_disputed(self) -> bool:
        """Whether the figure is disputed, or the claim is one that we do not trust."""
        return self.observation.is_disputed or self.set_aside is not None

    @property
    def set_aside(self) -> str | None:
        """Why no claim that gives the value counts, if none does."""
        if not self.reads:
            return None
        found = [read.set_aside for read in self.reads]
        return None if None in found else found[0]


@dataclass(frozen=True)
class Line:
    """A line of a picture in rows: a figure, with the values that stand on it."""

    observation: Observation
    marks: tuple[Mark, ...]
    results: tuple[TargetResult, ...] = ()
    """For a promise: the verdicts on it."""


@dataclass(frozen=True)
class PanelMarks:
    """The marks of one panel, all of one unit; ``lines`` hold the same marks, figure by figure."""

    panel: Panel
    lines: tuple[Line, ...]
    multiples_of: Observation | None = None

    @property
    def marks(self) -> list[Mark]:
        """Every mark of the panel, in the order of the figures."""
        return [mark for line in self.lines for mark in line.marks]

    @property
    def unit(self) -> str | None:
        """The unit of all figures; none for dates."""
        return self.lines[0].observation.indicator.unit

    @property
    def is_dated(self) -> bool:
        """Whether the values are dates."""
        return self.lines[0].observation.indicator.measure == Measure.DATE


@dataclass
class Marks:
    """The marks of every chart, and the faults of those that cannot be drawn."""

    facts: FactBase
    faults: list[Fault] = field(default_factory=list)
    panels: dict[str, list[PanelMarks]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read every chart of the data file."""
        for chart_id, chart in self.facts.data.sheet.charts.items():
            before = len(self.faults)
            self._fields(chart_id, chart)
            panels = [
                found
                for index, panel in enumerate(chart.panels)
                if (found := self._panel(("charts", chart_id, "panels", index), chart, panel))
            ]
            if len(self.faults) == before:
                self.panels[chart_id] = panels

    @cached_property
    def verdicts(self) -> list[TargetResult]:
        """Every claim of a promise with what became of it."""
        return verdicts(self.facts)

    @cached_property
    def promises(self) -> list[TargetResult]:
        """The same, a row for each promise."""
        return merged(self.verdicts)

    def observations(self, chart_id: str) -> list[Observation]:
        """Every figure that a chart draws, marks or measures by, each once."""
        found: list[Observation] = []
        for panel in self.panels.get(chart_id, []):
            for line in panel.lines:
                found += [line.observation, *(mark.observation for mark in line.marks)]
            found += [panel.multiples_of] if panel.multiples_of else []
        for place in self.facts.data.sheet.charts[chart_id].places:
            with suppress(UnresolvedError):  # told when the chart was read
                found += [self.facts.resolve(place.figure)] if place.figure else []
        return list({o.key: o for o in found}.values())

    def _fault(self, path: tuple[str | int, ...], what: str, hint: str) -> None:
        self.faults.append(self.facts.data.fault(path, what, hint))

    def _fields(self, chart_id: str, chart: Chart) -> None:
        """A map has places and boundaries, every other chart has panels."""
        path, is_map = ("charts", chart_id), chart.form == ChartForm.MAP
        for_maps = [x for x in ("places", "boundaries", "view") if getattr(chart, x)]
        if is_map and chart.panels:
            self._fault((*path, "panels"), "a map draws no panels", 'mark "places:" on it')
        if is_map and len(for_maps) < 3:
            hint = 'give it "places:", "boundaries:" and "view:"'
            self._fault(path, "a map that says too little to draw it", hint)
        if chart.view and not _is_view(chart.view):
            hint = "write west, south, east and north in degrees"
            self._fault((*path, "view"), f'"{", ".join(chart.view)}" is no area', hint)
        if not is_map and not chart.panels:
            hint = 'list what it draws under "panels:"'
            self._fault(path, "a chart that draws nothing", hint)
        if not is_map and for_maps:
            what, hint = f'"{for_maps[0]}" is for maps', 'delete it, or write "form: map"'
            self._fault((*path, for_maps[0]), what, hint)
        for index, place in enumerate(chart.places):
            place_path = (*path, "places", index)
            if place.figure:
                self._observation((*place_path, "figure"), place.figure)
            if not (place.at or place.country):
                self._fault(place_path, "a place without a place", 'give it "at:" or "country:"')
            if place.at and not all(_is_degree(text) for text in place.at):
                what = f'"{", ".join(place.at)}" is no longitude and latitude'
                self._fault((*place_path, "at"), what, "write two numbers of degrees")

    def _panel(self, path: tuple[str | int, ...], chart: Chart, panel: Panel) -> PanelMarks | None:
        found: dict[str, Observation] = {}
        for index, text in enumerate(panel.figures):
            series = self._figures((*path, "figures", index), text, panel)
            found |= {observation.key: observation for observation in series}
        lines = [self._line(chart.form, o) for o in found.values()]
        misfits = list(_misfits(chart.form, panel, lines))
        for what, hint in misfits:
            self._fault((*path, "figures"), what, hint)
        lines = [line for line in lines if line.marks]  # a promise taken back has none
        if misfits or not lines:
            return None
        grid = None
        if panel.multiples_of:
            grid = self._observation((*path, "multiples_of"), panel.multiples_of)
            if grid and grid.interval is None:
                what = f'"{panel.multiples_of}" is a name, which has no multiples'
                self._fault((*path, "multiples_of"), what, "name a number")
        return PanelMarks(panel, tuple(lines), grid)

    def _figures(self, path: tuple[str | int, ...], text: str, panel: Panel) -> list[Observation]:
        """The observations that an entry of ``figures`` names."""
        try:
            series = self.facts.resolve_series(text)
        except UnresolvedError as error:
            self._unresolved(path, error)
            return []
        is_whole = series[0].indicator_id == text.strip()
        if is_whole and panel.every:
            series = [o for o in series if o.period is None or o.period.length == panel.every]
        if is_whole and panel.between:
            first, last = parse_period(panel.between).low, parse_period(panel.between).high
            series = [
                o
                for o in series
                if o.period is None or first <= o.period.low <= o.period.high <= last
            ]
        if not series:
            limits = " or ".join(x for x in ("every", "between") if getattr(panel, x))
            self._fault(path, f'"{text}" has no such period', f"change or delete {limits}")
        for observation in series:
            if isinstance(observation.value, Names):
                what = f'"{text}" is a name, which cannot be drawn'
                self._fault(path, what, "take it out of the chart")
                return []
        return [o for o in series if as_interval(o.value)]

    def _observation(self, path: tuple[str | int, ...], text: str) -> Observation | None:
        """The figure that a reference names; a fault if there is none."""
        try:
            return self.facts.resolve(text)
        except UnresolvedError as error:
            self._unresolved(path, error)
            return None

    def _unresolved(self, path: tuple[str | int, ...], error: UnresolvedError) -> None:
        if not error.is_told:
            self._fault(path, str(error), error.hint)

    def _line(self, form: ChartForm, o: Observation) -> Line:
        if form == ChartForm.CLAIMS:
            return Line(o, tuple(_by_value(o, o.claims)) or (_shown(o),))
        if form == ChartForm.SLIPS and o.indicator.stance != Stance.OUTCOME:
            return Line(o, tuple(self._promises(o)))
        if form == ChartForm.TARGETS:
            return self._target(o)
        if not o.is_contradicted:
            return Line(o, (_shown(o),))
        return Line(o, tuple(_by_value(o, o.standing)))

    def _promises(self, o: Observation) -> list[Mark]:
        """Each day on which something was promised, by date, with what was."""
        sources = self.facts.data.sheet.sources
        dated = [(sources[r.claim.source].published, sources[r.claim.source].no, r)
                 for r in o.standing]  # fmt: skip
        said = [(parse_period(date), no, read) for date, no, read in dated if date]
        said.sort(key=lambda one: (one[0].low, one[0].high, one[1]))
        return [Mark(o, read.value, (read,), _role(o), date) for date, _, read in said]

    def _target(self, o: Observation) -> Line:
        """A promise, and each value that came of it."""
        results = merged(r for r in self.verdicts if r.observation.key == o.key)
        marks = _by_value(o, [read for result in results for read in result.promises])
        came: dict[tuple[str, Value], Mark] = {}
        for result in results:
            if result.outcome is None or as_interval(result.outcome.value) is None:
                continue
            read = result.outcome_claim
            value = read.value if read else result.outcome.value
            reads = tuple(r for r in result.outcome.claims if r.value == value)
            mark = Mark(result.outcome, value, reads, _role(result.outcome))
            came.setdefault((result.outcome.key, value), mark)
        return Line(o, (*marks, *came.values()), tuple(results))


def _misfits(form: ChartForm, panel: Panel, lines: list[Line]) -> Iterator[tuple[str, str]]:
    """Why figures cannot be drawn together in a panel, each reason with its hint."""
    given = [line.observation for line in lines]
    other = next((o for o in given if o.indicator.stance != Stance.TARGET), None)
    if form == ChartForm.TARGETS and other:
        yield f'"{other.indicator_id}" is no promise', "name an indicator with stance: target"
        return
    is_dated = all(o.indicator.measure == Measure.DATE for o in given)
    is_said = any(mark.said for line in lines for mark in line.marks)
    if form == ChartForm.SLIPS and not (is_dated and is_said):
        what = "no promise of a day here, by a source with a date"
        yield what, "name promised dates, or use another form"
        return
    drawn = [line.observation for line in lines if line.marks]
    if given and not drawn:
        yield "nothing here can be drawn", "name other figures"
    yearly = form == ChartForm.SERIES and panel.every == "year"
    # So much a year can stand as a level among so much in each year.
    rates = {Measure.CAPACITY, Measure.RATE} if yearly else set()
    level = [o for o in drawn if not o.period and o.indicator.measure in rates]
    units = {o.indicator.unit: o for o in drawn if o not in level}
    if len(units) > 1 or len({o.indicator.measure == Measure.DATE for o in drawn}) > 1:
        first, last = drawn[0], list(units.values())[-1]
        what = f'"{first.indicator_id}" and "{last.indicator_id}" share a panel, but not a unit'
        yield what, "give each unit a panel of its own"
    roles: dict[Role, str] = {}
    for o in drawn if form == ChartForm.SERIES else ():
        one = roles.setdefault(_role(o), o.indicator_id) if o.period else o.indicator_id
        is_part = _role(o) == Role.CALCULATED and o.indicator.formula is None
        if one != o.indicator_id and not is_part:
            what = f'"{one}" and "{o.indicator_id}" would look alike: both {_role(o)}'
            yield what, "give each a panel of its own"
            return


def _role(o: Observation) -> Role:
    if o.formula:
        return Role.CALCULATED
    return {
        Stance.OUTCOME: Role.HAPPENED,
        Stance.TARGET: Role.PROMISED,
        Stance.FORECAST: Role.FORESEEN,
    }[o.indicator.stance]


def _shown(o: Observation) -> Mark:
    """The value that the site shows, with the claims that give it."""
    return Mark(o, o.value, tuple(r for r in o.claims if r.value == o.value), _role(o))


def _by_value(o: Observation, reads: Iterable[ParsedClaim]) -> list[Mark]:
    """A mark for each distinct value, those set aside apart, with all claims that give it."""
    groups: dict[tuple[Value, str | None], list[ParsedClaim]] = {}
    for read in reads:
        key = (read.value, read.set_aside)
        groups.setdefault(key, []).append(read)
    marks = [Mark(o, value, tuple(found), _role(o)) for (value, _), found in groups.items()]

    def starts(mark: Mark) -> Fraction:
        low = mark.interval.low
        return low if low is not None else Fraction(date.min.toordinal())

    return sorted(marks, key=lambda mark: (mark.set_aside is not None, starts(mark)))


def _is_view(edges: list[str]) -> bool:
    if not all(_is_degree(text) for text in edges):
        return False
    west, south, east, north = (float(text) for text in edges)
    return west < east and south < north and south >= -90 and north <= 90


def _is_degree(text: str) -> bool:
    try:
        return -180 <= float(text) <= 180
    except ValueError:
        return False
