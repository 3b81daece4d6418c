"""How fresh the figures are: ``newest`` gives the date of the newest source or period."""

import re
from pathlib import Path

import pytest

from factsheet.site.calls import Call
from tests.conftest import Copy
from tests.sheets import claim, indicator, read_sheet

SERIES = {
    "output": indicator(
        "count",
        {
            "2018/..": [claim("9", 1)],
            "2019-01/2019-08": [claim("5", 1)],
            "2017": [claim("4", 2)],
            "2016": [claim("3", 3)],
        },
        derived={"2024": {"formula": "a + b", "inputs": {"a": "output 2017", "b": "output 2016"}}},
    ),
    "tower": indicator("stock", [claim("31", 3)]),
}
PUBLISHED = {1: "2019-09-01", 2: "2020-01~"}


def said(root: Path, what: str) -> str:
    site, _ = Copy(root).load()
    assert site
    return str(site.call(Call("newest", (what,))))


@pytest.mark.parametrize(("what", "date", "words"), [
    ("sources", "2020-01~", "about January 2020"),
    ("output", "2019-08", "August 2019"),
])  # fmt: skip
def test_it_is_the_latest_date_that_is_printed(
    tmp_path: Path, what: str, date: str, words: str
) -> None:
    read_sheet(tmp_path, SERIES, published=PUBLISHED)
    html = said(tmp_path, what)
    assert words in html
    assert f'"{date}"' in html


def test_it_follows_the_data(tmp_path: Path) -> None:
    later = {"output": indicator("count", {"2019": [claim("5", 1)], "2021": [claim("6", 2)]})}
    read_sheet(tmp_path, later, published={1: "2021-02-03", 2: "2020"})
    assert ">2021<" in said(tmp_path, "output")
    assert ">3 February 2021<" in said(tmp_path, "sources")


@pytest.mark.parametrize(("what", "fault"), [
    ("outputs", 'unknown figure "outputs" — did you mean output?'),
    ("tower", '"tower" has no date — name an indicator whose periods are printed'),
])  # fmt: skip
def test_what_has_no_date_is_refused(tmp_path: Path, what: str, fault: str) -> None:
    read_sheet(tmp_path, SERIES, published=PUBLISHED)
    copy = Copy(tmp_path)
    copy.write("docs/index.md", copy.read("docs/index.md") + f'\n{{{{ newest("{what}") }}}}\n')
    _, faults = copy.load()
    assert [str(one).partition(": ")[2] for one in faults] == [fault]


def test_the_start_page_says_how_fresh_the_figures_are(built_site: Path) -> None:
    text = (built_site / "index.html").read_text("utf-8")
    paragraph = text.partition("How fresh is this?")[2].partition("</p>")[0]
    dates = re.findall(r'class="date[^"]*" (?:datetime|value)="([^"]+)"', paragraph)
    assert len(dates) == 4
