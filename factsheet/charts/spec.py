"""Charts: marks to Vega-Lite specifications, one a form, laid out for wide and narrow pages.

The specifications lie in ``charts/``, one a form, what they share in ``layers.json`` and
``axes.json``; a text that begins with ``$`` in them is filled in here. Colours are CSS
variables; ``palette.json`` holds the light ones.
"""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from factsheet.analysis.factbase import Observation
from factsheet.charts.data import Line, Mark, Marks, PanelMarks, Role
from factsheet.charts.draw import Drawing, Store, for_page, png, standalone, vega_svg
from factsheet.charts.layout import (
    DAY,
    EXTENT,
    HEAD,
    STUB,
    Plot,
    Row,
    TimeScale,
    around,
    milliseconds,
    time_scale,
    wrapped,
)
from factsheet.charts.measure import unknown_signs
from factsheet.data.model import Chart, ChartForm, LocalText, Place
from factsheet.data.parse import Value
from factsheet.text.format import Wording, machine_value
from factsheet.values.dates import Period, parse_period
from factsheet.values.number import NoWholeNumber, QualifiedNumber, Qualifier

Variant = Literal["wide", "narrow"]
WIDTHS: dict[Variant, int] = {"wide": 700, "narrow": 344}
"""Widths of the two pictures of a chart, in CSS pixels."""

_FOLDER = Path(__file__).parent
_LINE, _GAP = 18, 8
_SHAPES = {
    Role.HAPPENED: ("circle", "outcome"),
    Role.PROMISED: ("square", "target"),
    Role.FORESEEN: ("triangle-up", "forecast"),
    Role.CALCULATED: ("diamond", "derived"),
}
_PAPER = "var(--fs-chart-paper)"


class Charts:
    """Draws the charts of one fact base in one language."""

    def __init__(
        self,
        marks: Marks,
        wording: Wording,
        text: Callable[[LocalText], str],
        address: Callable[[Observation], str],
        folder: Path,
        cache_folder: Path | None = None,
    ) -> None:
        """``text`` fills in the calls of a text, ``address`` is that of the record of a figure.

        ``folder`` holds the boundaries of maps.
        """
        self.address = address
        self.marks = marks
        self.sheet = marks.facts.data.sheet
        self.wording = wording
        self.text = text
        self.folder = folder
        self.words: dict[str, str] = wording.words["charts"]
        self._store = Store(cache_folder)
        self.picture = cache(self._picture)

    def _picture(self, chart_id: str, variant: Variant) -> Drawing:
        """The picture for a page; its marks bear ``data-figure`` and ``data-value``."""
        specification, unlabelled = self.specification(chart_id, variant)
        text = self._store.kept(specification, "svg", vega_svg)
        marks = [mark for panel in self.marks.panels[chart_id] for mark in panel.marks]
        ids = [_attributes(mark, self.wording) for mark in marks]
        return for_page(text.decode(), f"chart-{chart_id}-{variant}", ids, unlabelled=unlabelled)

    def file(self, chart_id: str, title: str, description: str, variant: Variant = "wide") -> bytes:
        """A picture as a file that stands alone: light colours, a white ground."""
        drawing = self.picture(chart_id, variant)
        return standalone(drawing, title, description).encode()

    def image(self, svg: bytes) -> bytes:
        """A picture that stands alone as PNG, with twice as many dots each way."""
        return self._store.kept(svg.decode(), "png", png)

    def specification(self, chart_id: str, variant: Variant) -> tuple[str, bool]:
        """A chart as Vega-Lite has it, with the values to draw, as JSON.

        Returns:
            The specification; and whether a mark is without its number, for want of room.
        """
        chart = self.sheet.charts[chart_id]
        panels = self.marks.panels[chart_id]
        unlabelled = False
        if chart.form == ChartForm.MAP:
            filled = [_filled(_template("map"), _map(self, chart, variant))]
        else:
            ids = iter(range(10_000))
            parts = [
                _PARTS[chart.form](self, chart_id, panels, panel, variant, ids) for panel in panels
            ]
            filled = [_filled(_template(part.template), part.values()) for part in parts]
            unlabelled = any(part.is_thinned for part in parts)
        whole = _filled(_template("frame"), {"panels": filled})
        return json.dumps(whole, ensure_ascii=False), unlabelled

    def label(self, o: Observation) -> str:
        """A figure's name and period."""
        label = self.text(o.indicator.label)
        return f"{label}, {self.wording.period(o.period)}" if o.period else label

    def place(self, value: Value) -> float:
        """Where the dot of a value stands: the number printed, or the middle of a range.

        Dates are milliseconds from the start of 1970, as Vega has them.
        """
        match value:
            case QualifiedNumber():
                return float(value.number.value + (value.high or value.number).value) / 2
            case NoWholeNumber():
                return float(value.low.value + value.high.value) / 2
            case Period():
                # A day by which: the mark stands there, with an arrow back.
                low = (value.low if value.start else value.high).toordinal()
                high = (value.high if value.end else value.low).toordinal()
                return milliseconds(Fraction(low + high, 2))
        raise TypeError(value)


def _attributes(mark: Mark, wording: Wording) -> dict[str, str]:
    """What a mark drawn says of the value that it stands for."""
    o = mark.observation
    found = {"data-figure": o.indicator_id}
    if o.period:
        found["data-period"] = o.period.text
    value, high = machine_value(mark.value, wording)
    found["data-value"] = value or ""
    if isinstance(mark.value, QualifiedNumber):
        found["data-is"] = mark.value.qualifier
    if high:
        found["data-high"] = high
    return found


@dataclass
class _Part(ABC):
    """One panel of a chart; each form below says how it is laid out."""

    charts: Charts
    chart_id: str
    panels: list[PanelMarks]
    panel: PanelMarks
    variant: Variant
    ids: Iterator[int]
    template: ClassVar[str]
    is_thinned = False

    def __post_init__(self) -> None:
        self.wording = self.charts.wording
        self.words = self.charts.words
        self.total = WIDTHS[self.variant] - 8

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """What the template is filled with."""

    @property
    def title(self) -> list[str]:
        """The panel's name in lines; none where the chart has one panel without a name."""
        label = self.panel.panel.label
        if label is None and len(self.panels) == 1:
            return []
        label = label or self.panel.lines[0].observation.indicator.label
        return wrapped(self.charts.text(label), self.total, bold=True)

    def mark(self, mark: Mark, along: str) -> Row:
        """The fields that every form has for a mark; ``along`` is the axis of its value."""
        shape, colour = _SHAPES[mark.role]
        colour = f"var(--fs-chart-{colour})"
        interval = mark.interval
        at = self.charts.place(mark.value)
        low, high = (
            at if end is None else self.number(end) for end in (interval.low, interval.high)
        )
        return {
            "id": f"#{next(self.ids)}",
            along: at,
            "low": low,
            "high": high,
            "open_low": interval.low is None,
            "open_high": interval.high is None,
            "shape": shape,
            "color": colour,
            "fill": colour if mark.is_exact else _PAPER,
            "disputed": mark.is_disputed,
        }

    def number(self, value: Fraction) -> float:
        """A number, or a day's ordinal, as the scale counts."""
        return milliseconds(value) if self.panel.is_dated else float(value)

    def finite(self) -> list[float]:
        """Every number that the scale must show."""
        marks = self.panel.marks
        ends = [
            self.number(end)
            for mark in marks
            for end in (mark.interval.low, mark.interval.high)
            if end is not None
        ]
        return ends + [self.charts.place(mark.value) for mark in marks]

    def scale(self, dots: float, room: float) -> dict[str, Any]:
        """Domain, unit and tick texts of a scale of numbers; it always shows zero.

        Beyond the last number there are ``room`` of its ``dots``, for words and arrows.
        """
        finite = self.finite()
        low, high = min([0.0, *finite]), max([0.0, *finite])
        margin = ((high - low) or 1.0) * room / (dots - room * (2 if low < 0 else 1))
        domain = (low - margin if low < 0 else 0.0, high + margin)
        is_large = domain[1] >= 1e6
        unit = self.wording.unit(self.panel.unit)
        if is_large:
            unit = f"{self.wording.words['scales'][6]['other']} {unit}".strip()
        whole = getattr(self.charts.sheet.units.get(self.panel.unit or ""), "whole", False)
        shown = "datum.value / 1000000" if is_large else "datum.value"
        return {
            "domain": domain,
            "unit": unit,
            "step": 1 if whole else 0,
            "tick_text": f"format({shown}, ',.7~g')",
        }


class _Series(_Part):
    """Along time: a mark at the middle of its period, a line from its first day to its last."""

    template = "series"
    left = EXTENT

    def values(self) -> dict[str, Any]:
        width = self.total - self.left - 12
        height = 230 if len(self.panels) == 1 else 160
        scale = self.scale(height, 2 * STUB + 4)
        domain = scale.pop("domain")
        days = time_scale(self.days(), width)
        marks, levels = [], []
        for mark in self.panel.marks:
            row = self.mark(mark, "y")
            text = self.wording.value(mark.value, mark.observation.indicator.unit, "number")
            if mark.observation.period is None:
                is_range = getattr(mark.value, "high", None) is not None
                levels.append(row | {"text": text, "mark": mark, "band": is_range})
                continue
            start, end = self.span(mark.observation.period)
            is_bar = mark.role == Role.HAPPENED and mark.observation.indicator.measure == "count"
            marks.append(
                row
                | {"start": start, "end": end, "x": self.moment(mark.observation.period)}
                | {"text": text, "bar": is_bar, "is_rival": mark.value != mark.observation.value}
            )
        plot = Plot(days.domain, domain, width, height)
        frame = self.frame(plot, days, marks, levels)
        title = self.charts.text(self.charts.sheet.charts[self.chart_id].title)
        self.is_thinned = not plot.place_labels(
            sorted(
                marks,
                key=lambda row: (
                    not (row["open_low"] or row["open_high"]),
                    row["text"] not in title,
                    row["is_rival"],
                    -row["y"],
                ),
            )
        )
        return {
            **scale,
            **frame,
            "multiples": [{"y": y} for y in self.multiples(domain[1])],
            "y_type": "quantitative",
            "y_domain": domain,
            "dot": 45 if len(marks) <= 30 else 22,
            "y_ticks": 5 if len(self.panels) == 1 else 3,
        }

    def frame(self, plot: Plot, days: TimeScale, marks: list[Row], levels: list[Row]) -> Row:
        """What stands in the picture, but for the labels of marks: arrows and levels laid out.

        With size, title and scale of time, and room for the texts of the other scale.
        """
        plot.cut_arrows(marks, levels)
        plot.cover(marks, levels)
        above = self.label_levels(plot, levels)
        return {
            **vars(plot),
            "marks": marks,
            "levels": [row | {"mark": None} for row in levels],
            "foot": plot.height + 6,
            "title": [*self.title, *above] or "",
            "title_shift": -self.left,
            "extent": self.left,
            "x_domain": days.domain,
            "x_ticks": days.ticks,
            "x_format": days.format,
            "x_bounds": [{"at": at} for at in days.bounds],
        }

    def label_levels(self, plot: Plot, levels: list[Row]) -> list[str]:
        """Name each line across the picture above it; lines that stand too close share a name.

        Returns:
            Lines for the title: the names for which there is no room in the picture.
        """
        before = list(plot.taken)
        names = [(row["y"], self.level_name(row["mark"], row["text"])) for row in levels]
        if all(plot.above_line(y, name) for y, name in names):
            return []
        plot.taken, plot.labels = before, []
        groups: dict[str, list[Row]] = {}
        for row in sorted(levels, key=lambda row: float(row["y"])):
            groups.setdefault(row["mark"].observation.key, []).append(row)
        above = []
        for rows in groups.values():
            name = self.level_name(rows[0]["mark"], self.range_text([row["mark"] for row in rows]))
            if not plot.above_line(rows[-1]["y"], name):
                above += wrapped(f"\N{EN DASH} \N{EN DASH} {name}", self.total, bold=True)
        return above

    def level_name(self, mark: Mark, words: str) -> str:
        """What stands at a line across the picture."""
        return f"{self.charts.text(mark.observation.indicator.label)}: {words}"

    def range_text(self, marks: list[Mark]) -> str:
        """Several values in one: from the least to the greatest number printed."""
        values = [mark.value for mark in marks if isinstance(mark.value, QualifiedNumber)]
        numbers = [n for value in values for n in (value.number, value.high) if n]
        ends: list[Value] = [marks[0].value, marks[-1].value]
        if numbers:
            ends = [
                QualifiedNumber(pick(numbers, key=lambda number: number.value), Qualifier.EXACTLY)
                for pick in (min, max)
            ]
        unit = marks[0].observation.indicator.unit
        joined = self.words["to"].join(
            dict.fromkeys(self.wording.value(end, unit, "number") for end in ends)
        )
        is_disputed = len(marks) > 1 and any(mark.is_disputed for mark in marks)
        return self.words["disputed"].format(words=joined) if is_disputed else joined

    def span(self, period: Period) -> tuple[float, float]:
        """First and last moment of a period; an open end is drawn as short as the known one."""
        low = period.low if period.start else period.high
        high = period.high if period.end else parse_period(self.charts.sheet.edition).high
        return milliseconds(low.toordinal()), milliseconds(high.toordinal() + 1)

    def moment(self, period: Period) -> float:
        """Where a period's mark stands: in its middle, for a longer interval at its end."""
        start, end = self.span(period)
        return end if period.is_interval else (start + end) / 2

    def days(self) -> tuple[float, float]:
        """The time that all panels of the chart show."""
        spans = [
            self.span(mark.observation.period)
            for panel in self.panels
            for mark in panel.marks
            if mark.observation.period
        ]
        if not spans:
            return self.span(parse_period(self.charts.sheet.edition))
        return min(low for low, _ in spans), max(high for _, high in spans)

    def multiples(self, top: float) -> Iterator[float]:
        measure = self.panel.multiples_of
        if measure is None or measure.interval is None or not measure.interval.low:
            return
        step = float(measure.interval.low)
        yield from (step * n for n in range(1, min(int(top / step), 100) + 1))


class _Rows(_Part):
    """A line for each value, along one scale: its words, and its mark beside or below them."""

    template = "rows"

    def values(self) -> dict[str, Any]:
        width = self.total - 6
        column = 300 if self.variant == "wide" else 0
        scale = self.dates(width, column) if self.panel.is_dated else self.numbers(width, column)
        domain = scale.pop("domain")
        dot = (domain[1] - domain[0]) / (width - column)
        texts: list[Row] = []
        marks: list[Row] = []
        guides: list[Row] = []
        y = 4.0
        said = ""
        for line in self.panel.lines:
            heading = self.heading(line)
            if heading != said and heading:
                y += _GAP if texts else 0
                y = self.say(texts, wrapped(heading, width, bold=True), y, "bold")
            said = heading
            for mark in line.marks:
                row = self.mark(mark, "x")
                words = wrapped(self.side_text(line, mark), (column or width) - 12)
                foot = self.say(texts, words, y, "normal")
                at = (y + foot) / 2 if column else foot + _LINE / 2 - 2
                y = foot + (_GAP / 2 if column else _LINE + _GAP / 2)
                row["low"] -= STUB * dot if row["open_low"] else 0
                row["high"] += STUB * dot if row["open_high"] else 0
                marks.append(row | {"y": at})
                start = min(row["low"], row["x"])
                end = column + (start - domain[0]) / dot - 8
                if column and end > column:
                    guides.append({"start": column, "end": end, "y": at})
        return {
            **scale,
            "width": width,
            "height": y + 4,
            "title": self.title or "",
            "marks": marks,
            "texts": texts,
            "guides": guides,
        }

    def say(self, texts: list[Row], lines: list[str], y: float, weight: str) -> float:
        """Add lines of words below ``y``; where they end."""
        for text in lines:
            y += _LINE
            texts.append({"text": text, "y": y - _LINE / 2, "weight": weight})
        return y

    def is_plain(self, line: Line) -> bool:
        """Whether a figure takes one line, with its name beside the mark: a single date."""
        return self.panel.is_dated and len(line.marks) == 1

    def heading(self, line: Line) -> str:
        """What stands above the lines of a figure; figures of one indicator share it."""
        return "" if self.is_plain(line) else self.charts.text(line.observation.indicator.label)

    def side_text(self, line: Line, mark: Mark) -> str:
        """What stands beside a mark: its value in words."""
        words = self.wording.value(mark.value, mark.observation.indicator.unit)
        if self.is_plain(line):
            return f"{words}: {self.charts.label(line.observation)}"
        period = line.observation.period
        pattern = self.words["for_period"]
        return pattern.format(words=words, period=self.wording.period(period)) if period else words

    def numbers(self, width: int, column: int) -> dict[str, Any]:
        """A scale of numbers right of the words."""
        scale = self.scale(width - column, STUB + HEAD + 4)
        ticks = 5 if self.variant == "wide" else 4
        values = scale | {"range": [column, width], "ticks": ticks}
        return scale | {"bounds": [], **_filled(_template("axes")["numbers"], values)}

    def dates(self, width: int, column: int) -> dict[str, Any]:
        """A scale of time right of the words."""
        low, high = min(self.finite()), max(self.finite())
        dots = width - column
        margin = max((high - low) * (STUB + HEAD + 4) / (dots - 2 * STUB), 30 * DAY)
        days = time_scale((low - margin, high + margin), dots)
        bounds = [{"at": at} for at in days.bounds]
        values = {"domain": days.domain, "range": [column, width], "ticks": days.ticks}
        axis = _filled(_template("axes")["dates"], values | {"format": days.format})
        return {"domain": days.domain, "unit": None, "bounds": bounds, **axis}


class _Claims(_Rows):
    """The same, with who says it."""

    def heading(self, line: Line) -> str:
        return self.charts.label(line.observation)

    def side_text(self, _line: Line, mark: Mark) -> str:
        words = self.wording.value(mark.value, mark.observation.indicator.unit)
        sources = list(dict.fromkeys(read.claim.source for read in mark.reads))
        if not sources:
            return words
        publisher = self.charts.sheet.sources[sources[0]].publisher
        if unknown_signs(publisher):
            publisher = self.wording.ui["not_in_fonts"]
        pattern = self.words["says" if len(sources) == 1 else "say"]
        text = pattern.format(words=words, publisher=publisher)
        if mark.set_aside:
            text += f" [{self.wording.words['ranks'][mark.set_aside]}]"
        return text


class _Targets(_Rows):
    """The same, promise above outcome, with the verdict."""

    def heading(self, line: Line) -> str:
        # Without days: a picture has several promises in a line, its table the days of each.
        words = self.wording.words["verdicts"] | self.wording.words["verdicts_without_days"]
        found = dict.fromkeys(words[result.verdict] for result in line.results)
        return ": ".join(filter(None, (self.charts.label(line.observation), "; ".join(found))))

    def side_text(self, line: Line, mark: Mark) -> str:
        words = self.wording.value(mark.value, mark.observation.indicator.unit)
        if mark.observation.key == line.observation.key:
            return self.words["promised"].format(words=words)
        label = self.charts.label(mark.observation)
        return self.words["came"].format(words=words, label=label)


class _Slips(_Series):
    """Dates promised, up the page, against the days on which they were, along it."""

    template = "slips"
    left = 66

    def values(self) -> dict[str, Any]:
        width, height = self.total - self.left - 12, 300
        days = time_scale(self.days(), width)
        finite = self.finite()
        dates = time_scale(around([(min(finite), max(finite))], 0.08), height, upright=True)
        domain = dates.domain
        marks, levels = [], []
        for mark in self.panel.marks:
            row = self.mark(mark, "y")
            if mark.said:
                start, end = self.span(mark.said)
                marks.append(row | {"start": start, "end": end, "x": (start + end) / 2})
            else:
                levels.append(row | {"text": self.wording.value(mark.value, None), "mark": mark})
        plot = Plot(days.domain, domain, width, height)
        frame = self.frame(plot, days, marks, levels)
        low, high = max(days.domain[0], domain[0]), min(days.domain[1], domain[1])
        diagonal = [{"x": low, "y": low}, {"x": high, "y": high}] if low < high else []
        if diagonal:
            middle = low + (high - low) * 0.4
            plot.right_of(middle, middle, self.words["same_day"])
        return {
            **frame,
            "said": self.words["when_said"],
            "promised": self.words["for_when"],
            "diagonal": diagonal,
            "dot": 45,
            "y_type": "temporal",
            "y_domain": domain,
            "y_ticks": dates.ticks,
            "y_format": dates.format,
            "y_bounds": [{"at": at} for at in dates.grid],
        }

    def days(self) -> tuple[float, float]:
        spans = [self.span(mark.said) for mark in self.panel.marks if mark.said]
        return around(spans, 0.03)


def _map(charts: Charts, chart: Chart, variant: Variant) -> dict[str, Any]:
    """What the template of a map is filled with: the countries and places within its view."""
    assert chart.view
    assert chart.boundaries
    west, south, east, north = (float(text) for text in chart.view)
    shapes = json.loads((charts.folder / chart.boundaries).read_text("utf-8"))["features"]
    marked = {place.country: place for place in chart.places if place.country}
    points = [_point(charts, place) for place in chart.places if place.at]
    dots = [point for point in points if point["dot"]]
    width = WIDTHS[variant] - 10
    middle = math.radians((south + north) / 2)
    scale = width / (math.radians(east - west) * math.cos(middle))
    height = round(scale * math.radians(north - south))
    return {
        "width": width,
        "height": height,
        "parallels": [south, north],
        "rotate": [-(west + east) / 2, 0, 0],
        "center": [0, (south + north) / 2],
        "scale": scale,
        "translate": [width / 2, height / 2],
        "extent": [[0, 0], [width, height]],
        "countries": [shape | _country(marked.get(shape["id"])) for shape in shapes],
        "dots": dots,
        "dot_names": dots,
        "country_names": [point for point in points if not point["dot"]],
    }


def _country(place: Place | None) -> Row:
    if place is None:
        return {"fill": "var(--fs-chart-muted)", "opacity": 0.12}
    return {"fill": "var(--fs-chart-target)", "opacity": 0.35 if place.figure else 0.15}


def _point(charts: Charts, place: Place) -> Row:
    assert place.at
    longitude, latitude = (float(text) for text in place.at)
    return {
        "longitude": longitude,
        "latitude": latitude,
        "text": charts.text(place.label),
        "dot": bool(place.figure and not place.country),
        "fill": "var(--fs-chart-text)",
    }


_PARTS: dict[ChartForm, type[_Part]] = {
    ChartForm.SERIES: _Series,
    ChartForm.ROWS: _Rows,
    ChartForm.CLAIMS: _Claims,
    ChartForm.TARGETS: _Targets,
    ChartForm.SLIPS: _Slips,
}


@cache
def _template(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    """A copy of a template with each ``"$name"`` replaced by that value.

    ``"$layers.name"`` is a layer that several templates have, filled in likewise.
    """
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    if isinstance(template, str) and template.startswith("$layers."):
        return _filled(_template("layers")[template.removeprefix("$layers.")], values)
    if isinstance(template, str) and template.startswith("$") and template[1:] in values:
        return values[template[1:]]
    return template
