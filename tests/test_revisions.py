"""A published value that changes is asked for, and shown with the value before and the reason."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from factsheet.site.calls import Call
from factsheet.text.serialize import as_json
from tests.conftest import Copy
from tests.sheets import Json, claim, indicator, read_sheet

SUM = indicator("stock", formula="a + a", inputs={"a": "pier"})
TWICE = SUM | {"formula": "a + a + a"}


def pier(value: str) -> dict[str, Json]:
    return {"pier": indicator("stock", [claim(value)]), "total": SUM}


def entry(day: str, name: str = "pier", kind: str = "correction") -> Json:
    return {"date": day, "observation": name, "kind": kind, "reason": {"en": "A digit was lost."}}


def published(folder: Path, editions: dict[str, dict[str, Json]]) -> dict[str, str]:
    """The text of each edition, as ``release`` would keep it."""
    return {
        day: as_json(read_sheet(folder / day, given, edition=day).facts)
        for day, given in editions.items()
    }


def check(
    root: Path, editions: dict[str, str], now: dict[str, Json], revisions: list[Json]
) -> tuple[Any, list[str]]:
    """The site that these editions and this data file give, and its faults with their lines."""
    more: Json = {"revisions": revisions} if revisions else {}
    read_sheet(root, now, edition="2021-05-01", allow_faults=True, **more)
    for day, text in editions.items():
        (root / "data/editions").mkdir(exist_ok=True)
        (root / f"data/editions/{day}.json").write_text(text, "utf-8")
    site, faults = Copy(root).load()
    lines = (root / "data/facts.yaml").read_text("utf-8").splitlines()
    return site, [f"{lines[f.line - 1].strip()} | {f.what} — {f.hint}" for f in faults]


ONE = {"2021-01-01": pier("100")}
TWO = {"2021-01-01": pier("100"), "2021-03-01": pier("110")}
ASKED = (
    "- value: '120' | "
    '"pier" was published as {} metres on {}, and is now 120 metres'
    " — add it under revisions: a date after {}, kind and reason"
)
NONE = "- date: '{}' | no published value of \"{}\" changed at {}"
NONE += " — correct the date, or delete the entry"
CASES: dict[str, tuple[dict[str, dict[str, Json]], dict[str, Json], list[Json], list[str]]] = {
    "nothing is published": ({}, pier("120"), [], []),
    "nothing has changed": (ONE, pier("100"), [], []),
    "the same put otherwise": (ONE, pier("0.1 thousand"), [], []),
    "a change without an entry": (
        ONE, pier("120"), [], [ASKED.format("100", "2021-01-01", "2021-01-01")]),
    "it is the newest edition that counts": (
        TWO, pier("120"), [entry("2021-02-01")],
        [ASKED.format("110", "2021-03-01", "2021-03-01")]),
    "only a qualifier": (
        ONE, pier("about 100"), [],
        [("- qualifier: about | \"pier\" was published as 100 metres on 2021-01-01, and is now"
         " about 100 metres — add it under revisions: a date after 2021-01-01, kind and reason")]),
    "what follows its inputs needs no entry": (ONE, pier("120"), [entry("2021-04-01")], []),
    "another formula does": (
        ONE, pier("100") | {"total": TWICE}, [],
        [("total: | \"total\" was published as 200 metres on 2021-01-01, and is now 300 metres"
         " — add it under revisions: a date after 2021-01-01, kind and reason")]),
    "and may have it": (ONE, pier("100") | {"total": TWICE}, [entry("2021-04-01", "total")], []),
    "two changes": (TWO, pier("120"), [entry("2021-04-01"), entry("2021-02-01")], []),
    "the wrong order": (
        TWO, pier("120"), [entry("2021-02-01"), entry("2021-04-01")],
        [("- date: '2021-04-01' | \"2021-04-01\" is later than the change above it"
         " — put the newest first")]),
    "after the edition": (
        ONE, pier("120"), [entry("2021-05-02")],
        [("- date: '2021-05-02' | \"2021-05-02\" is after the edition"
         " — correct the date or the edition")]),
    "no such difference": (
        ONE, pier("100"), [entry("2021-04-01")], [NONE.format("2021-04-01", "pier", "2021-04-01")]),
    "before the first edition": (
        ONE, pier("100"), [entry("2020-12-01")], [NONE.format("2020-12-01", "pier", "2020-12-01")]),
    "nothing published yet": (
        {}, pier("100"), [entry("2021-04-01")], [NONE.format("2021-04-01", "pier", "2021-04-01")]),
    "told twice": (
        ONE, pier("120"), [entry("2021-04-02"), entry("2021-04-01")],
        [("- date: '2021-04-01' | the change of \"pier\" since 2021-01-01 is told twice"
         " — keep one of the two")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_revisions_are_held_against_the_editions(tmp_path: Path, case: str) -> None:
    editions, now, revisions, expected = CASES[case]
    _, faults = check(tmp_path / "now", published(tmp_path, editions), now, revisions)
    assert faults == expected


def test_both_values_are_found_and_shown(tmp_path: Path) -> None:
    given = [entry("2021-04-01", kind="revision"), entry("2021-02-01")]
    site, faults = check(tmp_path / "now", published(tmp_path, TWO), pier("120"), given)
    assert not faults
    for html in (site.call(Call("revisions")), site.call(Call("figure_page", ("pier",)))):
        found = re.findall(r'<data class="revision-value" value="(.*?)">(.*?)</data>', html)
        words = [("110", "110 metres"), ("120", "120 metres"), ("100", "100 metres")]
        assert found == [*words, words[0]]
        assert html.count("A digit was lost.") == 2
    assert "revision-value" not in site.call(Call("figure_page", ("total",)))


def test_the_page_of_changes_says_when_there_are_none(tmp_path: Path) -> None:
    site, _ = check(tmp_path / "a", {}, pier("100"), [])
    assert "This is the first edition" in site.call(Call("revisions"))
    site, _ = check(tmp_path / "b", published(tmp_path, ONE), pier("100"), [])
    assert "No published value has changed yet" in site.call(Call("revisions"))


@pytest.mark.parametrize("text", ["{", "[]", "{}", json.dumps({"edition": "2021-01-01"})])
def test_a_damaged_edition_is_a_fault(tmp_path: Path, text: str) -> None:
    check(tmp_path / "now", {"2021-01-01": text}, pier("100"), [])
    _, (fault,) = Copy(tmp_path / "now").load()
    assert str(fault) == (
        "data/editions/2021-01-01.json:1: this is not the edition of its name"
        " — take the file back from the repository"
    )
