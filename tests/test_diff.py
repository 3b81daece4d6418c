"""What changed between two states of a sheet, each kind of change by its name; editions frozen."""

import json
import subprocess
from pathlib import Path

import pytest

from factsheet.analysis.diff import diff, lines_of
from tests.conftest import copy_lighthouse
from tests.sheets import Json, claim, indicator, read_sheet

HUNDRED = {"pier": indicator("stock", [claim("100", 1)])}
TOGETHER = {"pier": indicator("stock", [claim("100", 1, rank="preferred"), claim("90", 2)])}
TOGETHER["pier"]["disputes"] = {"undated": {"explanation": {"en": "They differ."}}}
SUM = indicator("stock", formula="a + a", inputs={"a": "pier"})
CAME = indicator("count", {"2020": [claim("600", 3)]})
SHORT = indicator("count", {"2020": [claim("400", 3)]})
PLAN = indicator("count", {"2020": [claim("500", 4)]}, stance="target", outcome="came")
RETRACTED = {"retracted": {1: "2021-04-01"}}

CASES: dict[str, tuple[dict[str, Json], dict[str, Json], Json, dict[str, list[str]]]] = {
    "new": (HUNDRED, HUNDRED | {"mast": indicator("stock", [claim("7", 1)])}, {},
            {"new": ["mast = 7 metres"]}),
    "gone": (HUNDRED | {"mast": indicator("stock", [claim("7", 1)])}, HUNDRED, {},
             {"gone": ["mast = 7 metres"]}),
    "changed, and what is calculated from it": (
        HUNDRED | {"total": SUM},
        {"pier": indicator("stock", [claim("110", 1)]), "total": SUM}, {},
        {"changed": ["pier = 110 metres, before: 100 metres"],
         "calculated": ["total = 220 metres, before: 200 metres"],
         "claims_added": ["pier: 110 metres (s-1)"],
         "claims_removed": ["pier: 100 metres (s-1)"]}),
    "only a qualifier": (
        HUNDRED, {"pier": indicator("stock", [claim("about 100", 1)])}, {},
        {"changed": ["pier = about 100 metres, before: 100 metres"],
         "claims_added": ["pier: about 100 metres (s-1)"],
         "claims_removed": ["pier: 100 metres (s-1)"]}),
    "newly disputed": (HUNDRED, TOGETHER, {}, {
        "claims_added": ["pier: 90 metres (s-2)"], "newly_disputed": ["The pier"],
        "sources": ["new: [2] A paper (s-2)"]}),
    "settled": (TOGETHER, HUNDRED, {}, {
        "claims_removed": ["pier: 90 metres (s-2)"], "settled": ["The pier"],
        "sources": ["gone: [2] s-2"]}),
    "withdrawn": (HUNDRED, HUNDRED, RETRACTED, {
        "withdrawn": ["pier = 100 metres"], "sources": ["retracted: [1] A paper (s-1)"]}),
    "a verdict": ({"came": CAME, "plan": PLAN}, {"came": SHORT, "plan": PLAN}, {}, {
        "changed": ["came 2020 = 400 visitors, before: 600 visitors"],
        "claims_added": ["came 2020: 400 visitors (s-3)"],
        "claims_removed": ["came 2020: 600 visitors (s-3)"],
        "verdicts": ["plan 2020 (s-4): missed, before: met"]}),
}  # fmt: skip
PAGES = {
    "new": ["mast"],
    "gone": [],
    "changed, and what is calculated from it": ["pier", "total"],
    "a verdict": ["came", "plan"],
}
"""The figures whose pages to look at, where that is not the pier alone."""


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_change_is_named(tmp_path: Path, case: str) -> None:
    before, after, more, expected = CASES[case]
    old = read_sheet(tmp_path / "old", before)
    new = read_sheet(tmp_path / "new", after, **more)
    found = diff(old.facts, new.facts)
    pages = found.pop("pages")
    assert {kind: lines for kind, lines in found.items() if lines} == expected
    assert pages == [f"figures/{name}.html" for name in PAGES.get(case, ["pier"])]


def test_the_same_state_twice_says_that_nothing_changed(tmp_path: Path) -> None:
    facts = read_sheet(tmp_path, TOGETHER).facts
    found = diff(facts, facts)
    assert not any(found.values())
    assert list(lines_of(found)) == ["No figure, claim, dispute, verdict or source has changed."]


def test_markdown_prints_what_a_publisher_wrote_as_text(tmp_path: Path) -> None:
    old = read_sheet(tmp_path / "old", HUNDRED).facts
    new = read_sheet(tmp_path / "new", HUNDRED).facts
    new["sources"].append(new["sources"][0] | {"id": "s-9", "publisher": "<b>*A*</b>"})
    lines = list(lines_of(diff(old, new), markdown=True))
    assert lines[1] == "### Sources (1)"
    assert lines[3] == r"- new: \[1\] \<b\>\*A\*\</b\> (s-9)"


EDITION = "2021-05-01"


def test_an_edition_is_frozen_once_and_never_changed(tmp_path: Path) -> None:
    copy = copy_lighthouse(tmp_path / "copy")
    assert copy.call("release", EDITION).returncode == 0
    frozen = copy.read(f"data/editions/{EDITION}.json")
    assert json.loads(frozen)["edition"] == EDITION
    assert copy.call("release", EDITION).returncode == 0  # the same again
    copy.edit("data/facts.yaml", "value: 400\n", "value: 401\n")
    copy.edit("data/facts.yaml", "printed: 400 climbed", "printed: 401 climbed")
    done = copy.call("release", EDITION)
    assert done.returncode == 1
    assert f'"visitors 2019" was published as 400 visitors on {EDITION}' in done.stderr
    assert copy.read(f"data/editions/{EDITION}.json") == frozen
    told = copy.call("diff", EDITION)
    assert "visitors 2019 = 401 visitors, before: 400 visitors" in told.stdout
    assert "growth 2020 = " in told.stdout
    as_json = json.loads(copy.call("diff", EDITION, "--format", "json").stdout)
    assert "figures/visitors.html" in as_json["pages"]


def test_only_the_edition_of_the_data_file_can_be_released(tmp_path: Path) -> None:
    copy = copy_lighthouse(tmp_path / "copy")
    done = copy.call("release", "2021-05-02")
    assert done.returncode == 1
    assert f"data/facts.yaml:2: the edition is {EDITION}, not 2021-05-02" in done.stderr
    copy.edit("data/facts.yaml", "source: log-book\n          printed: 400", "source: logbook\n"
              "          printed: 400")  # fmt: skip
    assert 'unknown source "logbook"' in copy.call("release", EDITION).stderr
    assert not (copy.root / "data/editions").exists()


def test_without_arguments_the_files_are_held_against_the_last_commit(tmp_path: Path) -> None:
    copy = copy_lighthouse(tmp_path / "copy")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "All"]):
        subprocess.run(["git", *words], cwd=copy.root, check=True)
    assert "has changed" in copy.call("diff").stdout
    copy.edit("data/facts.yaml", "value: 31.5\n", "value: 31.4\n")
    copy.edit("data/facts.yaml", "printed: 31.5 metres", "printed: 31.4 metres")
    told = copy.call("diff").stdout
    assert "height = 31.4 metres, before: 31.5 metres" in told
    assert "Pictures to look at:\n  charts/tower.svg\n" in told
    assert copy.call("rename", "height", "elevation").returncode == 0
    told = copy.call("diff").stdout
    assert "New ids:\n  height, now elevation\n" in told
    assert "elevation = 31.4 metres, before: 31.5 metres" in told
    assert "gone" not in told.replace("Claims that are gone", "")
    subprocess.run(["git", *who, "commit", "-qam", "Renamed"], cwd=copy.root, check=True)
    copy.edit("docs/tower.md", "Built by", "It was built by")
    assert copy.call("diff").stdout == "Pages to look at:\n  tower.html\n"
    wrong = copy.call("diff", "--", "--output=x")
    assert wrong.returncode == 1
    assert "there is no edition, file or commit of this name" in wrong.stderr
    assert not (copy.root / "x").exists()
