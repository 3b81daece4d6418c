"""A source that its publisher has taken back: what rested on it moves, what stood alone says so."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit.expected import Expected
from factsheet.editor.show import show
from factsheet.export.models import Facts
from factsheet.export.write import facts_csv
from factsheet.site.calls import Call
from tests.sheets import Json, Sheet, claim, indicator, read_sheet

DAY = "2021-04-01"
WHY = {"undated": {"explanation": {"en": "They differ."}}}


def sheet(root: Path, indicators: dict[str, Json], *gone: int, **more: Any) -> Sheet:
    return read_sheet(root, indicators, retracted=dict.fromkeys(gone, DAY), **more)


def test_the_figure_shown_moves_to_a_claim_that_stands(tmp_path: Path) -> None:
    claims = [claim("100", 1), claim("about 100", 2)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims)}, 1)
    assert made.figure("pier") == "about 100"
    assert made.cited("pier") == 2
    assert made.observation("pier")["status"] == []
    assert [c["withdrawn"] for c in made.observation("pier")["claims"]] == [True, False]


def test_a_preferred_claim_that_was_withdrawn_is_not_shown(tmp_path: Path) -> None:
    claims = [claim("100", 1, rank="preferred"), claim("90", 2, rank="preferred"), claim("80", 3)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims, disputes=WHY)}, 1)
    assert made.figure("pier") == "90"


def test_the_same_value_is_cited_from_a_source_that_stands(tmp_path: Path) -> None:
    made = sheet(tmp_path, {"pier": indicator("stock", [claim("100", 1), claim("100", 2)])}, 1)
    assert (made.figure("pier"), made.cited("pier")) == ("100", 2)


def test_a_claim_that_stood_alone_stays_and_says_that_it_is_withdrawn(tmp_path: Path) -> None:
    made = sheet(tmp_path, {"pier": indicator("stock", [claim("100", 1)])}, 1)
    assert made.figure("pier") == "100"
    assert made.observation("pier")["status"] == ["withdrawn"]
    page = made.page_text("pier")
    assert "[withdrawn]" in page
    assert "It was taken back by its publisher" in page
    assert "it says 100 from 1" in page


def test_a_deprecated_claim_does_not_step_in_for_a_withdrawn_one(tmp_path: Path) -> None:
    claims = [claim("100", 1), claim("90", 2, rank="deprecated")]
    made = sheet(tmp_path, {"pier": indicator("stock", claims)}, 1)
    assert (made.figure("pier"), made.observation("pier")["status"]) == ("100", ["withdrawn"])


def test_what_is_calculated_from_a_withdrawn_figure_is_withdrawn(tmp_path: Path) -> None:
    sum_of = indicator("stock", formula="a + a", inputs={"a": "pier"})
    total = indicator("stock", formula="a + b", inputs={"a": "pier", "b": "sum_of"})
    made = sheet(
        tmp_path,
        {"pier": indicator("stock", [claim("100", 1)]), "sum_of": sum_of, "total": total},
        1,
    )
    for key in ("sum_of", "total"):
        assert made.observation(key)["status"] == ["derived", "withdrawn"]


def test_what_is_calculated_follows_the_claim_that_stands(tmp_path: Path) -> None:
    sum_of = indicator("stock", formula="a + a", inputs={"a": "pier"})
    claims = [claim("100", 1), claim("about 100", 2)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims), "sum_of": sum_of}, 1)
    assert made.figure("sum_of") == "about 200"
    assert made.observation("sum_of")["status"] == ["derived"]


def test_a_dispute_ends_with_the_claim_that_made_it(tmp_path: Path) -> None:
    claims = [claim("100", 1, rank="preferred"), claim("90", 2)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims, disputes=WHY)}, 2, allow_faults=True)
    assert made.facts["disputes"] == []
    assert made.observation("pier")["status"] == []
    (fault,) = made.faults
    assert '"undated" is not disputed — delete the explanation' in fault


def test_a_dispute_goes_on_between_those_that_stand_without_the_withdrawn_one(
    tmp_path: Path,
) -> None:
    claims = [claim("100", 1, rank="preferred"), claim("90", 2), claim("80", 3)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims, disputes=WHY)}, 2)
    (dispute,) = made.facts["disputes"]
    assert [row["sources"] for row in dispute["said"]] == [["s-1"], ["s-3"]]


def test_a_contradiction_that_a_retraction_leaves_is_named(tmp_path: Path) -> None:
    claims = [claim("100", 1, rank="preferred"), claim("90", 2), claim("80", 3)]
    made = sheet(tmp_path, {"pier": indicator("stock", claims, disputes=WHY)}, 1, allow_faults=True)
    (fault,) = made.faults
    assert 'claims for "pier" cannot all be true' in fault


def test_a_rule_is_not_broken_by_a_withdrawn_figure(tmp_path: Path) -> None:
    rule = {"label": {"en": "A pier is shorter than the coast."}, "rule": "pier <= coast"}
    made = sheet(
        tmp_path,
        {"pier": indicator("stock", [claim("100", 1)]), "coast": indicator("stock", [claim("9")])},
        1,
        checks={"short": rule},
    )
    assert [check["holds"] for check in made.facts["checks"]] == [None]
    assert made.facts["disputes"] == []


def promised(*claims: Json) -> Json:
    found = [one | {"due": "2020-12-31"} for one in claims]
    return indicator("count", found, stance="target", outcome="came")


def test_a_withdrawn_outcome_decides_nothing(tmp_path: Path) -> None:
    came = indicator("count", {"2020": [claim("600", 1)]})
    made = sheet(tmp_path, {"came": came, "plan": promised(claim("500", 2))}, 1)
    assert [v["verdict"] for v in made.facts["verdicts"]] == ["not reported"]


def test_a_withdrawn_outcome_of_the_same_period_cannot_tell(tmp_path: Path) -> None:
    came = indicator("count", {"2020": [claim("600", 1)]})
    plan = indicator("count", {"2020": [claim("500", 2)]}, stance="target", outcome="came")
    made = sheet(tmp_path, {"came": came, "plan": plan}, 1)
    assert [v["verdict"] for v in made.facts["verdicts"]] == ["cannot be told"]


def test_a_withdrawn_promise_is_judged_no_more(tmp_path: Path) -> None:
    came = indicator("count", {"2020": [claim("600", 1)]})
    made = sheet(tmp_path, {"came": came, "plan": promised(claim("500", 2))}, 2)
    assert made.facts["verdicts"] == []
    assert "withdrawn" in made.observation("plan")["status"]


def test_a_retraction_after_the_edition_is_a_fault(tmp_path: Path) -> None:
    made = read_sheet(
        tmp_path,
        {"pier": indicator("stock", [claim("100", 1)])},
        retracted={1: "2021-05-02"},
        allow_faults=True,
    )
    (fault,) = made.faults
    assert "retracted after the edition" in fault


def test_the_table_tells_which_claims_are_withdrawn(tmp_path: Path) -> None:
    made = sheet(tmp_path, {"pier": indicator("stock", [claim("1", 1), claim("1", 2)])}, 1)
    rows = csv.DictReader(io.StringIO(facts_csv(Facts.model_validate(made.facts))))
    told = {row["source"]: (row["withdrawn"], row["is_shown"]) for row in rows}
    assert told == {"s-1": ("true", "false"), "s-2": ("false", "true")}


@pytest.mark.parametrize("marked", [(True, False), (True, True), (False, False)])
def test_the_audit_refuses_another_claim_as_the_one_shown(
    tmp_path: Path, marked: tuple[bool, bool]
) -> None:
    made = sheet(tmp_path, {"pier": indicator("stock", [claim("1", 1), claim("1", 2)])}, 1)
    file = tmp_path / "data/facts.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(made.facts), "utf-8")
    assert Expected.read(tmp_path).data == made.facts
    for told, is_shown in zip(made.observation("pier")["claims"], marked, strict=True):
        told["is_shown"] = is_shown
    file.write_text(json.dumps(made.facts), "utf-8")
    with pytest.raises(ValueError, match="the claim marked as shown cannot be it"):
        Expected.read(tmp_path)


def test_the_list_of_sources_and_show_tell_it(tmp_path: Path) -> None:
    made = sheet(tmp_path, {"pier": indicator("stock", [claim("100", 1)])}, 1)
    assert made.site
    html = LexborHTMLParser(str(made.site.call(Call("sources")))).text()
    assert "Taken back by its publisher 1 April 2021: The paper says that it is not so." in html
    lines = show(made.site, "s-1")
    assert "RETRACTED 1 April 2021: The paper says that it is not so." in lines
    assert any(line.startswith("- 100 metres [withdrawn]") for line in lines)
