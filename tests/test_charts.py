"""Charts: what is drawn is what the data says, in every form, and nothing else is drawn."""

import csv
import json
import re
import runpy
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.analysis.analyse import analyse
from factsheet.charts.draw import _DRAWN, FONTS, Store, palette, without_ground
from factsheet.data.load import load
from factsheet.data.model import ChartForm
from factsheet.site.calls import Call
from factsheet.site.site import Site
from tests.conftest import ROOT, Copy, copy_project

SVG = "{http://www.w3.org/2000/svg}"
Facts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def facts(built_site: Path) -> Facts:
    """The observations of facts.json by their keys."""
    data = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    return {o["id"]: o for o in data["observations"]}


@pytest.fixture(scope="module")
def pictures(built_site: Path) -> dict[str, ET.Element]:
    """Every chart's file by its name."""
    return {
        path.stem: ET.fromstring(path.read_text("utf-8"))
        for path in sorted((built_site / "charts").glob("*.svg"))
    }


def test_the_table_of_signs_is_that_of_the_fonts() -> None:
    table = runpy.run_path(str(ROOT / "tools/signs.py"))["table"]()
    assert json.loads((FONTS / "signs.json").read_text("utf-8")) == table


# The marks read back


def shifts(node: ET.Element) -> tuple[float, float]:
    """How far an element's own ``transform`` moves it."""
    found = re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", node.get("transform", ""))
    return sum(float(x) for x, _ in found), sum(float(y) for _, y in found)


def placed(
    node: ET.Element, x: float = 0, y: float = 0
) -> Iterator[tuple[ET.Element, float, float]]:
    """Every element with where it stands on the picture."""
    dx, dy = shifts(node)
    yield node, x + dx, y + dy
    for child in node:
        yield from placed(child, x + dx, y + dy)


def panels(root: ET.Element) -> list[ET.Element]:
    """The groups that hold a panel each, axes and marks together."""
    return [n for n in root.iter(f"{SVG}g") if "role-scope" in n.get("class", "")]


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def day(text: str) -> float:
    """The middle of the year or month that a tick names, as the ordinal of a day."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    name, _, year = text.rpartition(" ")
    first, last = days(f"{year}-{months.index(name) + 1:02}" if name else year)
    return (first + last + 1) / 2


def scale(panel: ET.Element, *, along: str, dated: bool) -> Callable[[float], float]:
    """From a place on the panel to the value there, as its own tick texts have it."""
    elements = list(placed(panel))
    titles = [n for n, _, _ in elements if "role-axis-title" in n.get("class", "")]
    unit = 1e6 if any((t.text or "").startswith("million") for n in titles for t in n) else 1
    labels: list[tuple[float, float]] = []
    for axis, _, _ in elements:
        if "role-axis-label" not in axis.get("class", ""):
            continue
        marks = [(n, x, y) for n, x, y in elements if n in list(axis)]
        anchors = {n.get("text-anchor") for n, _, _ in marks}
        is_vertical = anchors == {"end"}
        if is_vertical != (along == "y") or len(marks) < 2:
            continue
        for n, x, y in marks:
            value = day(n.text or "") if dated else number(n.text or "")
            labels.append((y - 4.5 if is_vertical else x, value * unit))
    assert len(labels) >= 2, "no scale"
    (a, first), (b, last) = min(labels), max(labels)
    return lambda at: first + (at - a) / (b - a) * (last - first)


def values_of(observation: dict[str, Any]) -> set[tuple[str, str | None]]:
    """Every value that stands for an observation, with the end of a range."""
    own = {(observation["value"], observation["high"])}
    return own | {(claim["value"], claim["high"]) for claim in observation["claims"]}


def test_every_chart_of_the_data_file_is_drawn(
    pictures: dict[str, ET.Element], model: Site
) -> None:
    assert set(pictures) == set(model.sheet.charts)
    for name, root in pictures.items():
        drawn = [node for node in root.iter() if node.get("data-figure")]
        assert drawn or root.findall(f".//{SVG}path"), f"{name} is blank"


def test_each_mark_says_what_the_data_says(pictures: dict[str, ET.Element], facts: Facts) -> None:
    marks = [node for root in pictures.values() for node in root.iter() if node.get("data-figure")]
    assert len(marks) > 150
    for node in marks:
        period = node.get("data-period")
        key = f"{node.get('data-figure')}" + (f"-{period.replace('/', '--')}" if period else "")
        assert (node.get("data-value"), node.get("data-high")) in values_of(facts[key]), key


def test_each_mark_stands_where_its_value_is(model: Site, pictures: dict[str, ET.Element]) -> None:
    """The place of every mark, measured with the picture's own ticks, gives its value back."""
    measured = 0
    for name, chart in model.sheet.charts.items():
        if chart.form == ChartForm.MAP:
            continue
        along = "y" if chart.form in {ChartForm.SERIES, ChartForm.SLIPS} else "x"
        for panel, drawn in zip(panels(pictures[name]), model.marks.panels[name], strict=True):
            value_at = scale(panel, along=along, dated=drawn.is_dated)
            span = abs(value_at(100) - value_at(0)) / 100
            for node, x, y in placed(panel):
                if not node.get("data-figure"):
                    continue
                at = value_at(y if along == "y" else x)
                low, high = node.get("data-value", ""), node.get("data-high")
                if drawn.is_dated:
                    first, last = days(low)
                    assert first - 2 * span <= at <= last + 2 * span, (name, low)
                else:
                    wanted = (float(low) + float(high)) / 2 if high else float(low)
                    assert at == pytest.approx(wanted, abs=1.2 * span), (name, low)
                measured += 1
    assert measured > 150


def days(text: str) -> tuple[float, float]:
    """First and last day of a date as the data file writes it."""
    ends = [end.strip("~") for end in text.split("/") if end != ".."]
    first = [*map(int, ends[0].split("-")), 1, 1][:3]
    last = [int(part) for part in ends[-1].split("-")]
    start = date(*first)
    if len(last) == 3:
        return start.toordinal(), date(*last).toordinal()
    after = date(last[0] + 1, 1, 1)
    if len(last) == 2:
        after = date(last[0] + last[1] // 12, last[1] % 12 + 1, 1)
    return start.toordinal(), (after - timedelta(days=1)).toordinal()


def test_the_download_is_what_is_drawn(built_site: Path, pictures: dict[str, ET.Element]) -> None:
    for name, root in pictures.items():
        with (built_site / f"charts/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        marks = [n for n in root.iter() if n.get("data-figure")]
        if rows[0]["longitude"]:
            continue
        inside = sorted((r["figure"], r["period"], r["value"], r["high"]) for r in rows)
        assert inside == sorted(
            (
                n.get("data-figure", ""),
                n.get("data-period", ""),
                n.get("data-value", ""),
                n.get("data-high", ""),
            )
            for n in marks
        ), name


# What moves with what


def files(copy: Copy) -> dict[str, bytes]:
    """Everything a page shows of each chart, titles and tables included."""
    facts = analyse(load(copy.root / "data/facts.yaml"))
    site = Site(facts, copy.renderer_pages(), data_folder=copy.root / "data",
                    cache_folder=ROOT / ".cache/charts")  # fmt: skip
    return {
        name: b"".join(site.chart_page(name).files.values())
        + site.call(Call("chart", (name,))).encode()
        for name in site.sheet.charts
    }


def test_a_changed_claim_moves_exactly_the_charts_that_use_it(
    project_copy: Callable[[], Copy], formerly: dict[str, str]
) -> None:
    copy = project_copy()
    original = copy.read("data/facts.yaml")
    data = load(copy.root / "data/facts.yaml")
    before = {name: re.sub(rb"data fingerprint.*", b"", text) for name, text in files(copy).items()}
    for (name, *place), moved in (
        (("country_stock", "observations", "2019-07-01"), {"unsold-cars"}),
        (("park_jobs", "observations", "2017-09-24"), {"park", "promised-and-made"}),
        (("model_price_khazar_ld", "observations", "2019-05-06"), {"prices"}),
        (("plant_distance_from_baku", "claims"), {"where-it-stands"}),
        (("plant_jobs", "observations", "2019-02~"), set[str]()),
    ):
        lines = original.split("\n")
        line = data.line("indicators", formerly.get(name, name), *place, 0, "value") - 1
        indent, value = lines[line].split("value: ")
        lines[line] = f"{indent}value: {int(value.replace(',', '')) + 1}"
        copy.write("data/facts.yaml", "\n".join(lines))
        after = files(copy)
        assert {name for name in before if before[name] != after[name]} == moved, name


# For every reader


def test_a_picture_names_itself_and_says_what_it_shows(built_site: Path) -> None:
    for path in built_site.glob("*.html"):
        tree = LexborHTMLParser(path.read_text("utf-8"))
        for svg in tree.css("figure.chart .chart-picture svg"):
            ids = (svg.attributes.get("aria-labelledby") or "").split()
            assert svg.attributes.get("role") == "img"
            texts = [node.text() for name in ids for node in tree.css(f'[id="{name}"]')]
            assert len(texts) == 2
            assert all(len(text) > 20 for text in texts), path


def test_a_picture_in_a_page_takes_its_colours_from_the_page(built_site: Path) -> None:
    page = (built_site / "production.html").read_text("utf-8")
    for picture in re.findall(r'<svg class="chart-(?:wide|narrow)".*?</svg>', page, re.DOTALL):
        assert "var(--fs-chart-" in picture
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", picture)


def test_a_picture_that_stands_alone_needs_no_style_sheet(built_site: Path) -> None:
    for path in (built_site / "charts").glob("*.svg"):
        text = path.read_text("utf-8")
        assert "var(" not in text
        assert "currentColor" not in text
        assert "'Noto Sans', Arial, sans-serif" in text
        assert path.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def colours(scheme: str) -> dict[str, str]:
    """The colours of a scheme as the style sheet has them."""
    text = (ROOT / "docs/assets/stylesheets/factsheet.css").read_text("utf-8")
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', text, re.DOTALL)
    assert block
    return dict(re.findall(r"(--fs-[\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_marks_stand_out_from_the_page(scheme: str) -> None:
    """A contrast of 3:1 for what must be seen, 4.5:1 for text (WCAG 2.2, 1.4.11 and 1.4.3)."""
    found = colours(scheme)
    paper = luminance(found["--fs-paper"])
    for name, colour in found.items():
        if not name.startswith("--fs-chart-"):
            continue
        low, high = sorted((luminance(colour), paper))
        contrast = (high + 0.05) / (low + 0.05)
        assert contrast >= (4.5 if name.endswith("text") else 3), f"{name}: {contrast:.2f}"


def test_pictures_that_stand_alone_have_the_light_colours_of_the_page() -> None:
    page = colours("default")
    assert {name: page.get(name) for name in palette() if not name.endswith("paper")} == {
        name: colour for name, colour in palette().items() if not name.endswith("paper")
    }


# Kept, and at fault


def test_a_picture_is_drawn_once(lighthouse: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Across runs: an edit that touches no chart draws none, one that does draws only that."""
    folder = lighthouse.root / ".cache/charts"

    def kept() -> set[str]:
        monkeypatch.setattr("factsheet.charts.draw._DRAWN", {})  # as in another process
        lighthouse.build()
        return {path.name for path in folder.iterdir()}

    first = kept()
    lighthouse.edit("docs/index.md", "The tower had", "The old tower had")
    lighthouse.edit("data/facts.yaml", "value: 1.2 million", "value: 1.3 million")
    lighthouse.edit("data/facts.yaml", "some 1.2 million", "some 1.3 million")
    assert kept() == first
    lighthouse.edit("data/facts.yaml", "value: 31.5", "value: 32.5")
    lighthouse.edit("data/facts.yaml", "printed: 31.5", "printed: 32.5")
    new = kept() - first
    assert sorted(name.rpartition(".")[2] for name in new) == ["png", "svg", "svg"]


def test_text_of_the_data_file_is_escaped_in_a_chart(lighthouse: Copy) -> None:
    lighthouse.edit(
        "data/facts.yaml", "en: Visitors\n    definition", 'en: <b>V</b> & "co"\n    definition'
    )
    lighthouse.build()
    page = (lighthouse.site / "index.html").read_text("utf-8")
    figure = page[page.index('id="chart-visitors"') : page.index("</figure>")]
    assert "<b>" not in figure
    assert "&lt;b&gt;V&lt;/b&gt; &amp; " in figure
    ET.fromstring((lighthouse.site / "charts/visitors.svg").read_text("utf-8"))


def test_figures_that_would_look_alike_do_not_share_a_panel(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "    stance: target\n    outcome: visitors\n", "")
    lighthouse.edit("data/facts.yaml", "          due: 2020-12-31\n", "")
    said = '"visitors" and "visitors_plan" would look alike: both happened'
    assert any(said in str(fault) for fault in lighthouse.load()[1])


def test_an_unknown_chart_is_marked_on_the_page(lighthouse: Copy) -> None:
    assert 'class="fault"' in lighthouse.renderer().call(Call("chart", ("visitor",)))


def test_a_project_without_charts_builds(lighthouse: Copy) -> None:
    text = lighthouse.read("data/facts.yaml")
    lighthouse.write("data/facts.yaml", text[: text.index("charts:\n")])
    page = lighthouse.read("docs/index.md")
    lighthouse.write("docs/index.md", re.sub(r"\{\{ chart\(.*?\) \}\}", "", page))
    lighthouse.build()
    assert not list(lighthouse.site.glob("charts/*"))


def test_the_real_project_is_copied_whole(tmp_path: Path) -> None:
    assert (copy_project(tmp_path / "copy").root / "data/boundaries.geojson").exists()


def test_no_line_runs_through_words(built_site: Path) -> None:
    for path in (built_site / "charts").glob("*.svg"):
        text = path.read_text("utf-8")
        words = text.count("mark-text role-mark")
        assert words
        assert text.count("paint-order") == words
        assert "paint-order" not in without_ground(text)


def test_announcements_stand_in_the_order_of_their_dates(
    built_site: Path, formerly: dict[str, str]
) -> None:
    with (built_site / "charts/opening-date.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["said"]]
    figures = {row["figure"] for row in rows}
    known = ("plan_opening_date", "plan_first_cars_date")
    assert figures == {formerly.get(name, name) for name in known}
    for figure in figures:
        said = [row["said"].rstrip("~") for row in rows if row["figure"] == figure]
        assert len(said) > 5
        assert [day[:4] for day in said] == sorted(day[:4] for day in said)
        whole = [day for day in said if len(day) == len("2017-01-01")]
        assert whole == sorted(whole)


LIT = """  lighting:
    form: slips
    title:
      en: When it was to be lit
    panels:
      - figures:
          - lit_on
"""


def test_promises_for_one_day_can_be_drawn(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "charts:\n", f"charts:\n{LIT}")
    text = lighthouse.read("data/facts.yaml")
    before, lit = text.split("  lit_on:", 1)
    lit = lit.replace("    measure: date\n", "    measure: date\n    stance: target\n", 1)
    lighthouse.write("data/facts.yaml", f"{before}  lit_on:{lit}")
    site, _ = lighthouse.load()
    assert site
    drawn = ET.fromstring(site.chart_page("lighting").files["svg"])
    marks = [node for node in drawn.iter() if node.get("data-figure")]
    assert [node.get("data-value") for node in marks] == ["1901-06-30"]


@pytest.mark.parametrize("unit", ["m\\", "m'", 'm\\"', "m${x}", "m` + y", "m\\n"])
def test_a_unit_is_no_code(lighthouse: Copy, unit: str) -> None:
    """Whatever signs it has, it stands on the scale letter by letter."""
    lighthouse.edit("data/facts.yaml", "other: metres", f"other: {json.dumps(unit)}")
    drawn = ET.fromstring(lighthouse.renderer().chart_page("tower").files["svg"])
    titles = [n for n in drawn.iter() if "role-axis-title" in n.get("class", "")]
    assert ["".join(title.itertext()) for title in titles] == [unit]


def test_a_rounded_result_is_not_drawn_as_given_exactly(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "          - height\n", "          - growth\n")
    for step, kind in (("0.001", "exact"), ("0.1", "inexact")):
        text = re.sub(r"round: [\d.]+", f"round: {step}", lighthouse.read("data/facts.yaml"))
        lighthouse.write("data/facts.yaml", text)
        site = lighthouse.renderer()
        (mark,) = site.marks.panels["tower"][0].marks
        assert mark.is_exact == (kind == "exact")
        assert kind in site.chart_page("tower").key


def test_a_damaged_picture_is_drawn_again(tmp_path: Path) -> None:
    drawn: list[str] = []

    def draw(given: str) -> bytes:
        drawn.append(given)
        return b"a picture of " + given.encode()

    store = Store(tmp_path)
    made = store.kept("the tower", "svg", draw)
    (kept,) = tmp_path.iterdir()
    for damaged in (b"", kept.read_bytes()[:-1], kept.read_bytes().replace(b"tower", b"power")):
        kept.write_bytes(damaged)
        _DRAWN.clear()
        assert store.kept("the tower", "svg", draw) == made
    _DRAWN.clear()
    assert store.kept("the tower", "svg", draw) == made
    assert len(drawn) == 4
    kept.rename(tmp_path / "of another")
    store.kept("the lamp", "svg", draw)
    (other,) = {*tmp_path.iterdir()} - {tmp_path / "of another"}
    other.rename(kept)
    _DRAWN.clear()
    assert store.kept("the tower", "svg", draw) == made
