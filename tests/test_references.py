"""Every text that names a figure is read alike, and what names none is told in the same words."""

import html
from pathlib import Path
from typing import Any

import pytest

from factsheet.analysis.factbase import Reference, UnresolvedError
from factsheet.site.calls import Call
from tests.conftest import Copy
from tests.sheets import claim, indicator, read_sheet

Json = dict[str, Any]
THINGS: dict[str, Json] = {
    "visits": indicator("count", {"2018": [claim("150")], "2019": [claim("300")]}),
    "height": indicator("stock", [claim("31.5")]),
    "lamp": indicator("name", [claim("the Mark 2")]),
}
WRONG = {
    "visitss 2018": 'unknown figure "visitss" — did you mean visits?',
    "visits 2017": '"visits" has no period "2017" — it has 2018, 2019',
    "visits undated": '"visits" has no period "undated" — it has 2018, 2019',
    "height 2018": '"height" has no periods — delete the period',
    "height undated": '"height" has no periods — delete the period',
    "Visits 2018": '"Visits 2018" does not name a figure — write "visits 2018"',
    "visits2018": 'unknown figure "visits2018" — put the period apart: "visits", "2018"',
    "nearly visits 2018": '"nearly" before a figure is no bound'
    " — delete it, or write up to, at most, less than, at least or more than",
}
WHOLE = {"visits": '"visits" needs a period — write "visits 2019"'}
BOUND = {"up to visits 2018": '"up to" has no place here — write "visits 2018"'}


def revision(text: str) -> Json:
    why = {"en": "A digit was misread."}
    change = {"date": "2021-03-01", "observation": text}
    return {"revisions": [change | {"kind": "correction", "reason": why}]}


def check(text: str) -> Json:
    return {"checks": {"some": {"label": {"en": "Some"}, "rule": "a > 0", "inputs": {"a": text}}}}


def chart(text: str) -> Json:
    panels = [{"figures": [text]}]
    return {"charts": {"one": {"form": "rows", "title": {"en": "One"}, "panels": panels}}}


def grid(text: str) -> Json:
    panels = [{"figures": ["visits"], "multiples_of": text}]
    return {"charts": {"one": {"form": "rows", "title": {"en": "One"}, "panels": panels}}}


def half(text: str) -> Json:
    one = indicator("rate", unit="times", formula="a / a", inputs={"a": text}, round="0.1")
    return {"indicators": {"part": one}}


def plan(text: str) -> Json:
    one = indicator("count", {"2018": [claim("9")]}, stance="target", outcome=text)
    return {"indicators": {"plan": one}}


PLACES = {
    "an input": (half, WRONG),
    "an input of a check": (check, WRONG),
    "an outcome": (plan, WRONG),
    "a revision": (revision, WRONG | WHOLE | BOUND),
    "a chart": (chart, WRONG | BOUND),
    "the lines of a chart": (grid, WRONG | WHOLE | BOUND),
}


@pytest.mark.parametrize(("place", "text"), [
    (place, text) for place, (_, wrong) in PLACES.items() for text in wrong
])  # fmt: skip
def test_what_names_no_figure_of_the_data_file_is_one_fault(
    tmp_path: Path, place: str, text: str
) -> None:
    field, wrong = PLACES[place]
    more = field(text)
    given = THINGS | more.pop("indicators", {})
    sheet = read_sheet(tmp_path, given, allow_faults=True, **more)
    (fault,) = sheet.faults
    assert fault.split(": ", 1)[1] == wrong[text]
    written = (tmp_path / "data/facts.yaml").read_text("utf-8").splitlines()
    assert text in written[int(fault.split(":")[1]) - 1]


CALLS = {
    "cards": '{{{{ cards(["{}"]) }}}}',
    "table": '{{{{ table(["{}"]) }}}}',
    "fig": '{{{{ fig("{}") }}}}',
}


@pytest.mark.parametrize("macro", CALLS)
@pytest.mark.parametrize("text", [*WRONG, *WHOLE, *BOUND])
def test_what_names_no_figure_on_a_page_is_the_same_fault(
    tmp_path: Path, macro: str, text: str
) -> None:
    sheet = read_sheet(tmp_path, THINGS)
    assert not sheet.faults
    page = tmp_path / "docs/index.md"
    call = CALLS[macro].format(text)
    page.write_text(f"{page.read_text('utf-8')}\n{call}\n", "utf-8")
    site, faults = Copy(tmp_path).load()
    assert site
    assert [fault.what + " — " + fault.hint for fault in faults] == [(WRONG | WHOLE | BOUND)[text]]
    # While serving, the list of all figures and the call itself still stand.
    assert "figures/visits.html" in str(site.call(Call("figure_index")))
    shown = site.call(Call(macro, (text if macro == "fig" else (text,),)))
    assert faults[0].what in html.unescape(shown)


def test_a_page_names_the_period_apart_or_in_one_text(tmp_path: Path) -> None:
    read_sheet(tmp_path, THINGS)
    site, _ = Copy(tmp_path).load()
    assert site
    assert site.call(Call("fig", ("visits 2018",))) == site.call(Call("fig", ("visits", "2018")))
    assert "150" in site.call(Call("fig", ("visits 2018",)))


YEARS = [str(year) for year in range(2001, 2014)]


@pytest.mark.parametrize(("period", "periods", "says"), [
    (None, ["2018", "2019", "2020"], '"visits" needs a period — write "visits 2020"'),
    ("2018‑03", ["2018-02", "2018-03"], 'its dash is no hyphen: write "2018-03"'),
    ("2018–04", ["2018-02", "2018-03"], "it has 2018-02, 2018-03"),
    ("2018-04", ["2018-02", "2018-03"], "it has 2018-02, 2018-03"),
    ("1999", YEARS[1:], f"it has {', '.join(YEARS[1:])}"),
    ("1999", YEARS, f"its last are {', '.join(YEARS[1:])}"),
])  # fmt: skip
def test_which_periods_there_are_is_told(period: str | None, periods: list[str], says: str) -> None:
    with pytest.raises(UnresolvedError) as caught:
        Reference(None, "visits", period).key(periods)
    what = f'"visits" has no period "{period}" — ' if period else ""
    assert f"{caught.value} — {caught.value.hint}" == what + says


def test_what_has_a_fault_itself_has_no_value_and_no_observations(tmp_path: Path) -> None:
    broken = THINGS | {"height": indicator("stock", [claim("high")])}
    site = read_sheet(tmp_path, broken, allow_faults=True).site
    assert site
    for resolve in (site.facts.resolve, site.facts.resolve_series):
        with pytest.raises(UnresolvedError) as caught:
            resolve("height")
        assert (str(caught.value), caught.value.hint) == (
            '"height" has no value',
            "see its fault",
        )
        assert caught.value.is_told
    assert site.facts.series("height") == []
    assert [one.period_key for one in site.facts.series("visits")] == ["2018", "2019"]


# A target's outcome is in the target's unit


UNITS: dict[str, Json] = {
    "visitor": {"whole": "true", "label": {"en": {"one": "visitor", "other": "visitors"}}},
    "m": {"label": {"en": {"one": "metre", "other": "metres"}}},
    "visitor_per_year": {
        "rate_of": "visitor",
        "label": {"en": {"one": "visitor a year", "other": "visitors a year"}},
    },
}


@pytest.mark.parametrize(("unit", "outcome", "says"), [
    ("visitor", "visits", None),
    ("visitor_per_year", "up to visits 2018", None),
    ("visitor", "height", "the target is in visitor, its outcome in m"),
    ("visitor", "lamp", "the target is in visitor, its outcome in name"),
    ("m", "visits 2018", "the target is in m, its outcome in visitor"),
    ("visitor_per_year", "height", "the target is in visitor_per_year, its outcome in m"),
])  # fmt: skip
def test_an_outcome_in_another_unit_is_a_fault_at_its_line(
    tmp_path: Path, unit: str, outcome: str, says: str | None
) -> None:
    plan = indicator(
        "count", {"2018": [claim("9")]}, unit=unit, stance="target", outcome=outcome
    )  # fmt: skip
    sheet = read_sheet(tmp_path, THINGS | {"plan": plan}, allow_faults=True, units=UNITS)
    written = (tmp_path / "data/facts.yaml").read_text("utf-8").splitlines()
    line = written.index(f"    outcome: {outcome}") + 1
    hint = "name a figure in the unit of the target"
    assert sheet.faults == ([f"data/facts.yaml:{line}: {says} — {hint}"] if says else [])


def test_an_outcome_that_is_a_date_is_no_number(tmp_path: Path) -> None:
    plan = indicator("date", [claim("2018-05")], stance="target", outcome="height")
    sheet = read_sheet(tmp_path, THINGS | {"plan": plan}, allow_faults=True)
    (fault,) = sheet.faults
    assert "the target is in date, its outcome in m" in fault


def test_a_rate_of_an_unknown_unit_is_a_fault(tmp_path: Path) -> None:
    rate = UNITS["visitor_per_year"] | {"rate_of": "visitors"}
    units = UNITS | {"visitor_per_year": rate}
    pace = {"pace": indicator("rate", [claim("5")], unit="visitor_per_year")}
    sheet = read_sheet(tmp_path, THINGS | pace, allow_faults=True, units=units)
    (fault,) = sheet.faults
    assert fault.endswith('unknown unit "visitors" — did you mean visitor?')
