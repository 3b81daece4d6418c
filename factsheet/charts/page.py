"""A chart as a page shows it: its pictures in words, its key, its table and its files."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, Field

from factsheet.charts.data import Mark, PanelMarks, Role
from factsheet.charts.draw import Drawing
from factsheet.charts.spec import WIDTHS, Charts, Variant
from factsheet.data.model import Chart
from factsheet.text.format import machine_value
from factsheet.text.serialize import as_csv


@dataclass(frozen=True)
class ChartPage:
    """Everything that a page shows of a chart.

    ``description``: the picture in words. ``key``: the kinds of marks that it has.
    ``sources``: the ids of its sources, by their numbers. ``files``: the downloads by kind.
    """

    chart_id: str
    chart: Chart
    title: str
    description: str
    pictures: dict[Variant, Drawing]
    panels: list[PanelMarks]
    key: list[str]
    sources: list[str]
    files: dict[str, bytes]


def chart_page(charts: Charts, chart_id: str) -> ChartPage:
    """Draw a chart, or take it from what was drawn before."""
    chart = charts.sheet.charts[chart_id]
    panels = charts.marks.panels[chart_id]
    title, description = charts.text(chart.title), _description(charts, chart, panels)
    sources = {read.claim.source for mark in _marks(panels) for read in mark.reads}
    for place in chart.places:
        if place.figure:
            shown = charts.marks.facts.resolve(place.figure)
            sources |= {claim.claim.source for claim in shown.claims}
    svg = charts.file(chart_id, title, description)
    pictures: dict[Variant, Drawing] = {
        variant: charts.picture(chart_id, variant) for variant in WIDTHS
    }
    key = _key(panels)
    if any(drawing.unlabelled for drawing in pictures.values()):
        key.append("unlabelled")
    table = as_csv(DrawnRow, _rows(charts, chart, panels))
    return ChartPage(
        chart_id,
        chart,
        title,
        description,
        pictures,
        panels,
        key,
        sorted(sources, key=lambda source_id: charts.sheet.sources[source_id].no),
        {"csv": table.encode(), "svg": svg, "png": charts.image(svg)},
    )


def _marks(panels: list[PanelMarks]) -> list[Mark]:
    return [mark for panel in panels for mark in panel.marks]


def _description(charts: Charts, chart: Chart, panels: list[PanelMarks]) -> str:
    """The picture for those who do not see it: its figures, their range, what is in doubt."""
    words = charts.words
    if not panels:
        shown = ", ".join(charts.text(place.label) for place in chart.places)
        return words["map_shows"].format(places=shown)
    marks = _marks(panels)
    labels = dict.fromkeys(charts.text(mark.observation.indicator.label) for mark in marks)
    parts = [words["shows"].format(labels="; ".join(labels))]
    for panel in panels:
        ordered = sorted(panel.marks, key=lambda mark: charts.place(mark.value))
        if len(ordered) > 1:
            low, high = (_named(charts, mark) for mark in (ordered[0], ordered[-1]))
            parts.append(words["range"].format(low=low, high=high))
    doubtful = dict.fromkeys(charts.label(m.observation) for m in marks if m.is_disputed)
    if doubtful:
        parts.append(words["in_doubt"].format(figures="; ".join(doubtful)))
    return " ".join(parts)


def _named(charts: Charts, mark: Mark) -> str:
    value = charts.wording.value(mark.value, mark.observation.indicator.unit)
    return f"{value} ({charts.label(mark.observation)})"


def _key(panels: list[PanelMarks]) -> list[str]:
    """The kinds of marks there are, in the order in which the key explains them."""
    found = set()
    for mark in _marks(panels):
        interval = mark.interval
        found |= {mark.role.value, "exact" if mark.is_exact else "inexact"}
        found |= {"open"} if interval.low is None or interval.high is None else set()
        found |= {"doubtful"} if mark.is_disputed else set()
    order = [*(role.value for role in Role), "exact", "inexact", "open", "doubtful"]
    return [kind for kind in order if kind in found]


class DrawnRow(BaseModel):
    """A row of a chart's table of data: a mark, or a place of a map."""

    panel: int
    figure: str | None
    label: str
    period: str | None = None
    role: Role | None = Field(None, alias="as")
    value: str | None = None
    high: str | None = None
    qualifier: str | None = None
    unit: str | None = None
    words: str | None = None
    status: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    said: str | None = None
    source_no: tuple[int, ...] = ()
    longitude: str | None = None
    latitude: str | None = None
    record: str | None = None
    licence: str | None
    edition: str


def _rows(charts: Charts, chart: Chart, panels: list[PanelMarks]) -> Iterator[DrawnRow]:
    """What is drawn, a row a mark; for a map, a row a place."""
    sheet = charts.sheet
    terms = {"licence": sheet.licence and sheet.licence.url, "edition": sheet.edition}
    for number, panel in enumerate(panels, start=1):
        for mark in panel.marks:
            o = mark.observation
            value, high = machine_value(mark.value, charts.wording)
            ranks = dict.fromkeys(read.claim.rank.value for read in mark.reads)
            sources = sorted({charts.sheet.sources[r.claim.source].no for r in mark.reads})
            yield DrawnRow.model_validate({
                "panel": number,
                "figure": o.indicator_id,
                "label": charts.text(o.indicator.label),
                "period": o.period.text if o.period else None,
                "as": mark.role,
                "value": value,
                "high": high,
                "qualifier": getattr(mark.value, "qualifier", None),
                "unit": o.indicator.unit_name,
                "words": charts.wording.value(mark.value, o.indicator.unit),
                "status": o.states,
                "rank": tuple(ranks),
                "said": mark.said.text if mark.said else None,
                "source_no": tuple(sources),
                "record": charts.address(o),
                **terms,
            })  # fmt: skip
    for place in chart.places:
        longitude, latitude = place.at or (None, None)
        yield DrawnRow.model_validate({
            "panel": 1,
            "figure": place.figure,
            "label": charts.text(place.label),
            "longitude": longitude,
            "latitude": latitude,
            **terms,
        })  # fmt: skip
