"""The fixed words for how sure a figure is: fit to the figure, and each explained in About."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.analysis.factbase import State
from factsheet.text.format import words_file
from tests.sheets import Json, claim, indicator, read_sheet

WORDS = words_file("en")


def checked(name: str, doubts: str) -> Json:
    return {
        "rule": {
            "label": {"en": "They are the same"},
            "rule": f"{name} == other",
            "doubts": [doubts],
            "known": {"undated": {"explanation": {"en": "It was counted otherwise."}}},
        }
    }


@pytest.mark.parametrize(("figure", "checks", "said"), [
    (indicator("stock", [claim("9", 1)]), {}, "One page prints it."),
    (indicator("stock", [claim("9", 1), claim("9", 2), claim("about 9", 3)]), {},
     "2 pages print it. Pages with another form of it, such as “about”,"),
    (indicator("stock", [claim("9", 1) | {"said_by": "Ann, head"},
                         claim("9", 2) | {"said_by": "Ann"}]), {},
     "2 pages print it. All of them pass on Ann, head."),
    (indicator("stock", [claim("9", 1)]), checked("figure", "figure"),
     "It and other figures in print cannot all be true."),
    (indicator("stock", [claim("9", 1)], stance="target"), {},
     "A plan or promise; what came of it is below."),
    (indicator("stock", [claim("9", 1)], stance="forecast"), {}, "A forecast."),
    (indicator("stock", formula="x + x", inputs={"x": "other"}, unit="m"), {}, "Our calculation."),
    (indicator("stock", formula="x + x", inputs={"x": "other"}, unit="m"),
     checked("figure", "figure"),
     "Our calculation. It and other figures in print cannot all be true."),
    (indicator("stock", formula="x + x", inputs={"x": "other"}, unit="m"),
     checked("figure", "other"), "Our calculation. It rests on a disputed figure."),
])  # fmt: skip
def test_the_page_of_a_figure_says_how_sure_it_is(
    tmp_path: Path, figure: Json, checks: Json, said: str
) -> None:
    given = {"figure": figure, "other": indicator("stock", [claim("8", 3)])}
    text = read_sheet(tmp_path, given, checks=checks).page_text("figure")
    assert " ".join(text.partition("How sure?")[2].split()).startswith(f"{said} ")


def test_a_length_of_time_with_several_periods_has_a_page(tmp_path: Path) -> None:
    given = {"trip": indicator("duration", {"2018": [claim("9", 1)], "2019": [claim("8", 1)]},
                               unit="m")}  # fmt: skip
    assert "stated" in read_sheet(tmp_path, given).page_text("trip")


def test_nothing_calculated_is_called_stated(built_site: Path) -> None:
    seen = 0
    for path in built_site.glob("figures/*.html"):
        tree = LexborHTMLParser(path.read_text("utf-8"))
        for row in tree.css("table.series tr"):
            cells = [" ".join(cell.text().split()) for cell in row.css("td")]
            if len(cells) == 3 and cells[2] == WORDS["ui"]["calculation"]:
                seen += 1
                assert cells[1] != WORDS["ui"]["stated"], path
    assert seen > 50


def test_every_sentence_and_state_has_a_meaning() -> None:
    assert set(WORDS["sure_meanings"]) == set(WORDS["sure"]) - {"cannot_be"}
    assert set(WORDS["state_meanings"]) == set(State) - {State.IMPOSSIBLE}


def test_about_explains_each_of_them(built_site: Path) -> None:
    article = LexborHTMLParser((built_site / "about.html").read_text("utf-8")).css_first("article")
    assert article
    text = " ".join(article.text().split())
    for part in ("sure", "state"):
        for key, meaning in WORDS[f"{part}_meanings"].items():
            assert meaning in text
            word = WORDS["sure"][key] if part == "sure" else f"[{WORDS['states'][key]}]"
            assert f"{word} " in text
