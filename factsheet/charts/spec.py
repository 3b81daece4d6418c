"""Charts: marks to Vega-Lite specifications, one a form, laid out for wide and narrow pages.

The specifications lie in ``charts/``, one a form; a text that begins with ``$`` in them is
filled in here. Colours are CSS variables; ``palette.json`` holds the light ones.
"""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from factsheet.analysis.factbase import Observation
from factsheet.charts.data import Line, Mark, Marks, PanelMarks, Role
from factsheet.charts.draw import Drawing, Store, for_page, png, standalone, vega_svg
from factsheet.charts.layout import (
    CHARACTER,
    DAY,
    EXTENT,
    Plot,
    Row,
    around,
    beside,
    date_format,
    milliseconds,
    wrapped,
    year_ticks,
)
from factsheet.data.model import Chart, ChartForm, LocalText, Place
from factsheet.data.parse import Value
from factsheet.text.format import Wording, machine_value
from factsheet.values.dates import Period, parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import NoWholeNumber, QualifiedNumber

Variant = Literal["wide", "narrow"]
WIDTHS: dict[Variant, int] = {"wide": 700, "narrow": 344}
"""Widths of the two pictures of a chart, in CSS pixels."""

_FOLDER = Path(__file__).parent
_LINE, _ROW, _GAP = 18, 23, 8
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
        folder: Path,
        cache_folder: Path | None = None,
    ) -> None:
        """``text`` fills in the calls of a text; ``folder`` holds the boundaries of maps."""
        self.marks = marks
        self.sheet = marks.facts.data.sheet
        self.wording = wording
        self.text = text
        self.folder = folder
        self.words: dict[str, str] = wording.words["charts"]
        self._store = Store(cache_folder)
        self._pictures: dict[tuple[str, Variant], Drawing] = {}

    def picture(self, chart_id: str, variant: Variant) -> Drawing:
        """The picture for a page; its marks bear ``data-figure`` and ``data-value``."""
        if (chart_id, variant) not in self._pictures:
            text = self._store.kept(self.specification(chart_id, variant), "svg", vega_svg)
            prefix = f"chart-{chart_id}-{variant}"
            picture = for_page(text.decode(), prefix, self._ids(chart_id))
            self._pictures[chart_id, variant] = picture
        return self._pictures[chart_id, variant]

    def file(self, chart_id: str, title: str, description: str, variant: Variant = "wide") -> bytes:
        """A picture as a file that stands alone: light colours, a white ground."""
        drawing = self.picture(chart_id, variant)
        return standalone(drawing, title, description).encode()

    def image(self, svg: bytes) -> bytes:
        """A picture that stands alone as PNG, with twice as many dots each way."""
        return self._store.kept(svg.decode(), "png", png)

    def specification(self, chart_id: str, variant: Variant) -> str:
        """The Vega-Lite specification of a chart, with the values to draw, as JSON."""
        chart = self.sheet.charts[chart_id]
        panels = self.marks.panels[chart_id]
        if chart.form == ChartForm.MAP:
            parts = [_MapPart(self, chart, variant).specification()]
        else:
            part = _PARTS[chart.form]
            ids = iter(range(10_000))
            parts = [part(self, panels, panel, variant, ids).specification() for panel in panels]
        return json.dumps(_filled(_template("frame"), {"panels": parts}), ensure_ascii=False)

    def label(self, o: Observation) -> str:
        """A figure's name and period."""
        label = self.text(o.indicator.label)
        return f"{label}, {self.wording.period(o.period)}" if o.period else label

    def place(self, value: Value) -> float:
        """Where the dot of a value stands: the number printed, or the middle of a range.

        Dates are milliseconds from the start of 1970, as Vega has them.
        """
        match value:
            case QualifiedNumber(high=None):
                return float(value.number.value)
            case QualifiedNumber():
                assert value.high is not None
                return float(value.number.value + value.high.value) / 2
            case NoWholeNumber():
                return float(value.low.value + value.high.value) / 2
            case Period():
                # A day by which: the mark stands there, with an arrow back.
                low = (value.low if value.start else value.high).toordinal()
                high = (value.high if value.end else value.low).toordinal()
                return milliseconds(Fraction(low + high, 2))
        raise TypeError(value)

    def _ids(self, chart_id: str) -> list[dict[str, str]]:
        """For each mark in the order of drawing, the attributes that say what it stands for."""
        panels = self.marks.panels[chart_id]
        return [_attributes(mark, self.wording) for panel in panels for mark in panel.marks]


def _attributes(mark: Mark, wording: Wording) -> dict[str, str]:
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


class _Part(ABC):
    """One panel of a chart; each form below says how it is laid out."""

    template = ""

    def __init__(
        self,
        charts: Charts,
        panels: list[PanelMarks],
        panel: PanelMarks,
        variant: Variant,
        ids: Iterator[int],
    ) -> None:
        self.charts = charts
        self.wording = charts.wording
        self.words = charts.words
        self.panels = panels
        self.panel = panel
        self.variant = variant
        self.total = WIDTHS[variant] - 8
        self.ids = ids

    def specification(self) -> Row:
        filled: Row = _filled(_template(self.template), self.values())
        return filled

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """What the template is filled with."""

    @property
    def title(self) -> str | list[str]:
        """The panel's name in lines; none where the chart has one panel without a name."""
        label = self.panel.panel.label
        if label is None and len(self.panels) == 1:
            return ""
        label = label or self.panel.lines[0].observation.indicator.label
        return self.wrapped(self.charts.text(label))

    def wrapped(self, text: str) -> list[str]:
        """A text in lines that fit the picture's width."""
        return wrapped(text, int(self.total / CHARACTER))

    def mark(self, mark: Mark, domain: tuple[float, float], along: str) -> Row:
        """The fields that every form has for a mark; ``along`` is the axis of its value."""
        shape, colour = _SHAPES[mark.role]
        colour = f"var(--fs-chart-{colour})"
        interval = mark.interval
        low, high = (self.end(interval, end, domain) for end in ("low", "high"))
        return {
            "id": f"#{next(self.ids)}",
            along: self.charts.place(mark.value),
            "low": low,
            "high": high,
            "open_low": interval.low is None,
            "open_high": interval.high is None,
            "shape": shape,
            "color": colour,
            "fill": colour if mark.is_exact else _PAPER,
            "disputed": mark.is_disputed,
        }

    def end(self, interval: Interval, which: str, domain: tuple[float, float]) -> float:
        """An end of a set of numbers, or of the scale where there is none."""
        value = interval.low if which == "low" else interval.high
        if value is None:
            return domain[0] if which == "low" else domain[1]
        return self.number(value)

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

    def scale(self, room: float) -> dict[str, Any]:
        """Domain, unit and tick texts of a scale of numbers; it always shows zero."""
        finite = self.finite()
        low, high = min([0.0, *finite]), max([0.0, *finite])
        span = (high - low) or 1.0
        domain = (low - span * room if low < 0 else 0.0, high + span * room)
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

    def values(self) -> dict[str, Any]:
        width = self.total - EXTENT - 12
        height = 230 if len(self.panels) == 1 else 120
        scale = self.scale(0.16)
        domain = scale.pop("domain")
        days = self.days()
        marks, levels = [], []
        for mark in self.panel.marks:
            row = self.mark(mark, domain, "y")
            text = self.wording.value(mark.value, mark.observation.indicator.unit, "number")
            if mark.observation.period is None:
                levels.append(row | self.level_text(mark, text, width))
                continue
            start, end = self.span(mark.observation.period)
            is_bar = mark.role == Role.HAPPENED and mark.observation.indicator.measure == "count"
            marks.append(
                row
                | {"start": start, "end": end, "x": self.moment(mark.observation.period)}
                | {"text": text, "side": "", "bar": is_bar}
            )
        plot = Plot(days, domain, width, height)
        taken = plot.taken(marks)
        taken += [plot.above_line(level, taken) for level in levels]
        plot.place_labels(marks, taken)
        return {
            **scale,
            **self.frame(width, height),
            "marks": marks,
            "levels": levels,
            "multiples": [{"y": y} for y in self.multiples(domain[1])],
            "x_domain": days,
            "y_domain": domain,
            "dot": 45 if len(marks) <= 30 else 22,
            "x_ticks": year_ticks(days, width),
            "y_ticks": 5 if height > 150 else 3,
        }

    def frame(self, width: int, height: int) -> Row:
        """Size and title of the picture, with room for the texts of the scale."""
        return {
            "width": width,
            "height": height,
            "title": self.title,
            "title_shift": -EXTENT,
            "extent": EXTENT,
        }

    def level_text(self, mark: Mark, words: str, width: int) -> Row:
        """What stands above a line across the picture."""
        label = f"{self.charts.text(mark.observation.indicator.label)}: {words}"
        return {"text": wrapped(label, int(width / CHARACTER))}

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
        return around(spans, 0.02)

    def multiples(self, top: float) -> Iterator[float]:
        measure = self.panel.multiples_of
        if measure is None or measure.interval is None or not measure.interval.low:
            return
        step = float(measure.interval.low)
        yield from (step * n for n in range(1, min(int(top / step), 100) + 1))


class _Rows(_Part):
    """A line for each value, along one scale, with its name above and its words beside it."""

    template = "rows"

    def values(self) -> dict[str, Any]:
        width = self.total - 6
        scale = self.dates(width) if self.panel.is_dated else self.numbers()
        domain = scale.pop("domain")
        texts: list[Row] = []
        marks: list[Row] = []
        y = 4.0
        said = ""
        for line in self.panel.lines:
            heading = self.heading(line)
            if heading != said and heading:
                y += _GAP if texts else 0
                for text in self.wrapped(heading):
                    y += _LINE
                    texts.append({"text": text, "y": y - _LINE / 2, "bold": True})
            said = heading
            for mark in line.marks:
                row = self.mark(mark, domain, "x")
                words = self.side_text(line, mark)
                side, at = beside(row, words, domain, width)
                if side == "above":
                    for text in self.wrapped(words):
                        y += _LINE
                        texts.append({"text": text, "y": y - _LINE / 2, "bold": False})
                y += _ROW
                marks.append(row | {"y": y - _ROW / 2, "side": side, "text_x": at, "text": words})
        return {
            **scale,
            "width": width,
            "height": y + 4,
            "title": self.title,
            "marks": marks,
            "texts": texts,
        }

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

    def numbers(self) -> dict[str, Any]:
        scale = self.scale(0.05)
        return {
            **scale,
            "x_type": "quantitative",
            "x_scale": {"domain": scale["domain"], "nice": False, "zero": True},
            "x_ticks": 6 if self.variant == "wide" else 4,
        }

    def dates(self, width: float) -> dict[str, Any]:
        low, high = min(self.finite()), max(self.finite())
        margin = max((high - low) * 0.03, 30 * DAY)
        domain = (low - margin, high + margin)
        return {
            "domain": domain,
            "unit": None,
            "step": 0,
            "tick_text": f"utcFormat(datum.value, '{date_format(domain)}')",
            "x_type": "temporal",
            "x_scale": {"type": "utc", "domain": domain, "nice": False},
            "x_ticks": year_ticks(domain, width),
        }


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
        pattern = self.words["says" if len(sources) == 1 else "say"]
        text = pattern.format(words=words, publisher=publisher)
        if mark.is_deprecated:
            text += f" [{self.wording.words['ranks']['deprecated']}]"
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

    def values(self) -> dict[str, Any]:
        width, height = self.total - EXTENT - 12, 300
        days = self.days()
        finite = self.finite()
        domain = around([(min(finite), max(finite))], 0.08)
        marks, levels = [], []
        for mark in self.panel.marks:
            row = self.mark(mark, domain, "y")
            if mark.said:
                start, end = self.span(mark.said)
                marks.append(row | {"x": (start + end) / 2})
            else:
                levels.append(
                    row | self.level_text(mark, self.wording.value(mark.value, None), width)
                )
        plot = Plot(days, domain, width, height)
        for level in levels:
            plot.above_line(level, plot.taken(marks))
        low, high = max(days[0], domain[0]), min(days[1], domain[1])
        diagonal = [{"x": low, "y": low}, {"x": high, "y": high}] if low < high else []
        middle = low + (high - low) * 0.3
        return {
            **self.frame(width, height),
            "said": self.words["when_said"],
            "promised": self.words["for_when"],
            "marks": marks,
            "levels": levels,
            "diagonal": diagonal,
            "diagonal_text": [{"x": middle, "y": middle, "text": self.words["same_day"]}][
                : len(diagonal)
            ],
            "x_domain": days,
            "y_domain": domain,
            "x_ticks": year_ticks(days, width),
            "y_ticks": year_ticks(domain, height),
            "x_format": date_format(days),
            "y_format": date_format(domain),
        }

    def days(self) -> tuple[float, float]:
        spans = [self.span(mark.said) for mark in self.panel.marks if mark.said]
        return around(spans, 0.03)


class _MapPart:
    """Countries and places within the view of a map."""

    def __init__(self, charts: Charts, chart: Chart, variant: Variant) -> None:
        assert chart.view
        self.charts = charts
        self.chart = chart
        self.west, self.south, self.east, self.north = (float(text) for text in chart.view)
        self.width = WIDTHS[variant] - 10

    def specification(self) -> Row:
        assert self.chart.boundaries
        path = self.charts.folder / self.chart.boundaries
        shapes = json.loads(path.read_text("utf-8"))["features"]
        marked = {place.country: place for place in self.chart.places if place.country}
        points = [self._point(place) for place in self.chart.places if place.at]
        middle = math.radians((self.south + self.north) / 2)
        scale = self.width / (math.radians(self.east - self.west) * math.cos(middle))
        height = round(scale * math.radians(self.north - self.south))
        filled: Row = _filled(
            _template("map"),
            {
                "width": self.width,
                "height": height,
                "parallels": [self.south, self.north],
                "rotate": [-(self.west + self.east) / 2, 0, 0],
                "center": [0, (self.south + self.north) / 2],
                "scale": scale,
                "translate": [self.width / 2, height / 2],
                "extent": [[0, 0], [self.width, height]],
                "countries": [shape | self._country(marked.get(shape["id"])) for shape in shapes],
                "dots": [point for point in points if point["dot"]],
                "dot_names": [point for point in points if point["dot"]],
                "country_names": [point for point in points if not point["dot"]],
            },
        )
        return filled

    def _country(self, place: Place | None) -> Row:
        if place is None:
            return {"fill": "var(--fs-chart-muted)", "opacity": 0.12}
        return {"fill": "var(--fs-chart-target)", "opacity": 0.35 if place.figure else 0.15}

    def _point(self, place: Place) -> Row:
        assert place.at
        longitude, latitude = (float(text) for text in place.at)
        return {
            "longitude": longitude,
            "latitude": latitude,
            "text": self.charts.text(place.label),
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
    """A copy of a template with each ``"$name"`` replaced by that value."""
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    if isinstance(template, str) and template.startswith("$") and template[1:] in values:
        return values[template[1:]]
    return template
