"""Words in charts: none over another or outside, whatever the data, read in a browser.

Each picture is drawn with the font of the downloads, and with the widest that pages fall back on.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from factsheet.charts.draw import FONTS
from factsheet.data.model import ChartForm
from factsheet.site.site import Site
from tests.conftest import Copy
from tests.sheets import UNEXPLAINED

READ = """() => [...document.querySelectorAll("svg")].map(svg => {
    const box = node => { const b = node.getBoundingClientRect()
        return [b.left, b.top, b.right, b.bottom] }
    const read = node => ({ text: node.textContent, box: box(node), ...node.dataset })
    return { box: box(svg), texts: [...svg.querySelectorAll("text")].map(read),
        marks: [...svg.querySelectorAll("[data-value]")].map(read),
        heads: [...svg.querySelectorAll("path[transform]:not([data-value])")]
            .filter(node => /^M[^A]*L[^A]*Z$/.test(node.getAttribute("d"))).map(read),
        years: [...svg.querySelectorAll(".role-axis-label text[text-anchor=middle]")].map(read) }
})"""
# What may touch: letters do not fill their lines, nor lines their boxes.
SIDE, LINE = 1, 3


class Picture(NamedTuple):
    """What a browser finds in a picture; boxes are left, top, right, bottom."""

    name: str
    box: list[float]
    texts: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    heads: list[dict[str, Any]]
    years: list[dict[str, Any]]

    def words(self) -> list[str]:
        return [str(text["text"]) for text in self.texts]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    yield page
    page.close()


def read(page: Page, site: Site, *names: str, font: str = "Fact Sheet Sans") -> list[Picture]:
    """Charts as a browser lays them out, wide and narrow."""
    faces = "".join(
        f'@font-face {{ font-family: "Fact Sheet Sans"; font-weight: {weight};'
        f" src: url({(FONTS / f'FactSheetSans-{style}.ttf').as_uri()}) }}"
        for style, weight in (("Regular", 400), ("Bold", 700))
    )
    drawn = [
        (f"{name} {variant}", drawing)
        for name in names
        for variant, drawing in site.chart_page(name).pictures.items()
    ]
    svgs = "".join(
        f'<div><svg width="{d.width}" height="{d.height}">{d.svg}</svg></div>' for _, d in drawn
    )
    page.goto("about:blank")
    page.set_content(f"<style>{faces} text {{ font-family: '{font}' }}</style>{svgs}")
    page.evaluate("document.fonts.ready.then(() => 0)")
    found = page.evaluate(READ)
    assert len(found) == len(drawn)
    return [Picture(name, **parts) for (name, _), parts in zip(drawn, found, strict=True)]


def clashes(picture: Picture) -> list[str]:
    """Words that stand on other words, or outside."""
    left, top, right, bottom = picture.box
    found = []
    for number, one in enumerate(picture.texts):
        a = one["box"]
        if a[0] < left - 1 or a[1] < top - 1 or a[2] > right + 1 or a[3] > bottom + 1:
            found.append(f"{picture.name}: {one['text']} reaches outside")
        for other in picture.texts[:number]:
            b = other["box"]
            is_beside = a[0] >= b[2] - SIDE or b[0] >= a[2] - SIDE
            if not is_beside and a[1] < b[3] - LINE and b[1] < a[3] - LINE:
                found.append(f"{picture.name}: {one['text']} on {other['text']}")
    return found


def assert_clear(page: Page, site: Site, *names: str) -> list[Picture]:
    """No clash in either font; the pictures in the font of the downloads."""
    assert clashes_in(page, site, names, "DejaVu Sans") == []
    pictures = read(page, site, *names)
    assert [clash for picture in pictures for clash in clashes(picture)] == []
    return pictures


def clashes_in(page: Page, site: Site, names: tuple[str, ...], font: str) -> list[str]:
    return [clash for p in read(page, site, *names, font=font) for clash in clashes(p)]


def test_the_charts_of_the_data_file_have_clear_words(page: Page, model: Site) -> None:
    assert_clear(page, model, *model.sheet.charts)


def test_every_number_is_shown_or_the_key_says_where_it_is(
    page: Page, model: Site, lighthouse: Copy
) -> None:
    kinds = set()
    for site in (model, lighthouse.renderer()):
        for name, chart in site.sheet.charts.items():
            if chart.form == ChartForm.SERIES:
                said = "unlabelled" in site.chart_page(name).key
                # A number may be shown at one mark and lack at another: the key may say more.
                assert said or not any(lacking(site, p, name) for p in read(page, site, name))
                kinds.add(said)
    assert kinds == {True, False}


def lacking(site: Site, picture: Picture, name: str) -> list[str]:
    """Values of a chart whose words are nowhere in a picture of it."""
    shown = " ".join(picture.words())
    values = [
        site.wording.value(mark.value, panel.unit, "number")
        for panel in site.marks.panels[name]
        for mark in panel.marks
    ]
    return [words for words in values if any(word not in shown for word in words.split())]


def test_a_year_stands_under_its_marks(page: Page, model: Site) -> None:
    measured = set()
    for picture in read(page, model, "national-output", "capacity"):
        middles = {
            str(year["text"])[-2:]: (year["box"][0] + year["box"][2]) / 2 for year in picture.years
        }
        for mark in picture.marks:
            period = str(mark.get("period", ""))
            if period[-2:] in middles and len(period) == len("2018"):
                left, _, right, _ = mark["box"]
                assert (left + right) / 2 == pytest.approx(middles[period[-2:]], abs=1.5)
                measured.add((picture.name, period))
    assert {name for name, _ in measured} == {
        "national-output wide", "national-output narrow", "capacity wide", "capacity narrow"
    }  # fmt: skip
    assert len(measured) > 25


LEVEL = """  room:
    topic: tower
    label:
      en: {label}
    definition:
      en: Visitors for whom there is room in a year.
    unit: visitor
    measure: capacity
    claims:
{claims}
"""
CHART = """charts:
  crowd:
    form: {form}
    title:
      en: How many came
    panels:
      - figures:
{figures}
"""


def with_chart(copy: Copy, form: str, *figures: str, more: str = "") -> Site:
    """A copy with a chart of some figures, and an indicator more."""
    text = copy.read("data/facts.yaml")
    lines = "".join(f"          - {figure}\n" for figure in figures)
    text = text.replace("charts:\n", CHART.format(form=form, figures=lines), 1)
    text = text.replace("  visitors_plan:\n", f"{more}  visitors_plan:\n", 1)
    copy.write("data/facts.yaml", text)
    copy.write("docs/index.md", copy.read("docs/index.md") + '\n{{ chart("crowd") }}\n')
    site, faults = copy.load()
    assert site
    assert all(UNEXPLAINED in fault.what for fault in faults)
    return site


def claims(*values: tuple[str, str], indent: int = 6) -> str:
    """Claims for values with qualifiers, the first one preferred."""
    rows = []
    for number, (value, qualifier) in enumerate(values):
        printed = "some " + " to ".join(value.split("/"))
        rows += [f"- value: {value.split('/')[0]}"]
        rows += [f"  high: {value.split('/')[1]}"] if "/" in value else []
        rows += [f"  qualifier: {qualifier}"] if qualifier else []
        rows += ["  source: log-book", f"  printed: {json.dumps(printed)}"]
        rows += ["  rank: preferred", "  reason:", "    en: So it is."] if number == 0 else []
    return "\n".join(" " * indent + row for row in rows)


def test_five_values_on_one_level_share_a_name(page: Page, lighthouse: Copy) -> None:
    five = [("500", ""), ("500", "about"), ("500", "up to"), ("500/750", "range"), ("600", "")]
    level = LEVEL.format(label="Room", claims=claims(*five))
    site = with_chart(lighthouse, "series", "visitors", "room", more=level)
    for picture in assert_clear(page, site, "crowd"):
        named = [text for text in picture.words() if "Room" in text]
        assert named == ["Room: 500 to 750, disputed"], picture.name
        assert sum(mark.get("figure") == "room" for mark in picture.marks) == len(five)


def test_values_on_levels_far_apart_are_named_each(page: Page, lighthouse: Copy) -> None:
    level = LEVEL.format(label="Room", claims=claims(("900", ""), ("500", "")))
    site = with_chart(lighthouse, "series", "visitors", "room", more=level)
    for picture in assert_clear(page, site, "crowd"):
        named = [text for text in picture.words() if "Room" in text]
        assert sorted(named) == ["Room: 500", "Room: 900"], picture.name


@pytest.mark.parametrize("form", ["series", "claims", "rows"])
def test_forty_four_claims(page: Page, lighthouse: Copy, form: str) -> None:
    values = claims(*((str(400 + 3 * n), "") for n in range(44)), indent=8)
    text = lighthouse.read("data/facts.yaml")
    old = "        - value: 400\n          source: log-book\n          printed: 400 climbed"
    assert old in text
    lighthouse.write("data/facts.yaml", text.replace(old, values))
    site = with_chart(lighthouse, form, "visitors 2019")
    wide, narrow = assert_clear(page, site, "crowd")
    assert len(wide.marks) == len(narrow.marks) == 44
    shown = [
        sum(str(400 + 3 * n) in " ".join(p.words()) for n in range(44)) for p in (wide, narrow)
    ]
    assert shown == [44, 44] or "unlabelled" in site.chart_page("crowd").key


@pytest.mark.parametrize("form", ["series", "claims", "rows"])
def test_very_long_names(page: Page, lighthouse: Copy, form: str) -> None:
    long = "Visitors in " + "W" * 90 + " and in " + "every other room of the tower " * 9
    lighthouse.edit("data/facts.yaml", "      en: Visitors\n", f"      en: {long.strip()}\n")
    level = LEVEL.format(label=long.strip() + " at once", claims=claims(("800", "")))
    figures = ("visitors", "room") if form == "series" else ("visitors 2020", "visitors 2019")
    assert_clear(page, with_chart(lighthouse, form, *figures, more=level), "crowd")


@pytest.mark.parametrize(("level", "arrows"), [("302", 0), ("400", 1), ("5,000", 1)])
def test_an_arrow_crosses_no_level(page: Page, lighthouse: Copy, level: str, arrows: int) -> None:
    """More than 300, beside a level little or far above: an arrow only where it has room."""
    more = LEVEL.format(label="Room", claims=claims((level, "")))
    for picture in assert_clear(
        page, with_chart(lighthouse, "series", "visitors", "room", more=more), "crowd"
    ):
        top = next(mark["box"][3] for mark in picture.marks if mark.get("figure") == "room")
        (value,) = (mark["box"] for mark in picture.marks if mark.get("value") == "300")
        assert "more than" in " ".join(picture.words())
        for head in picture.heads:
            box = head["box"]
            assert box[1] >= top
            assert value[1] - box[1] <= 30
        assert len(picture.heads) == arrows


def test_another_level_can_be_drawn(page: Page, lighthouse: Copy) -> None:
    """One claim of 12,000 against others of some 10,000, one of which is preferred."""
    same = [("10,000", qualifier) for qualifier in ("", "about", "nearly", "up to", "at least")]
    level = claims(*same, ("12,000", ""), ("10,000/15,000", "range"))
    level = LEVEL.format(label="Room", claims=level)
    site = with_chart(lighthouse, "series", "visitors", "room", more=level)
    for picture in assert_clear(page, site, "crowd"):
        words = " ".join(picture.words())
        assert words.count("10,000 to 15,000, disputed") == 1, picture.name
