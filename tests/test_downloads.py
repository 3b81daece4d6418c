"""The downloads of data: what a spreadsheet opens is text, what the schema says is closed."""

import csv
import io
import json
import re
from collections.abc import Iterator

import jsonschema
import pytest

from factsheet.export.models import Facts, schema_of
from factsheet.export.write import facts_csv, facts_of
from tests.conftest import Copy

RUN_BY_SPREADSHEETS = ["=1+1", "+994 12", "-1+1", "@SUM(A1)"]


def read(table: str) -> Iterator[dict[str, str]]:
    """The rows of a table, as a program reads it that heeds the byte-order mark."""
    return csv.DictReader(io.StringIO(table.encode().decode("utf-8-sig")))


@pytest.mark.parametrize("printed", RUN_BY_SPREADSHEETS)
def test_no_cell_is_a_formula(lighthouse: Copy, printed: str) -> None:
    lighthouse.edit("data/facts.yaml", "printed: 400 climbed", f"printed: '{printed}: 400'")
    table = facts_csv(facts_of(lighthouse.renderer()))
    cells = [row["printed"] for row in read(table)]
    assert f"'{printed}: 400" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_negative_number_stays_a_number(lighthouse: Copy) -> None:
    text = lighthouse.read("data/facts.yaml")
    before, height = text.split("  height:", 1)
    height = height.replace("31.5", "-31.5", 2)
    height = re.sub(r"measure: \w+", "measure: rate", height, count=1)
    lighthouse.write("data/facts.yaml", f"{before}  height:{height}")
    table = facts_csv(facts_of(lighthouse.renderer()))
    rows = {row["id"]: row for row in read(table)}
    assert rows["height"]["value"] == "-31.5"
    assert rows["height"]["printed"] == "'-31.5 metres"


def test_dates_and_names_have_one_unit_in_both_files(lighthouse: Copy) -> None:
    facts = facts_of(lighthouse.renderer())
    units = {o.id: o.unit for o in facts.observations}
    assert (units["lit_on"], units["lamp"], units["height"]) == ("date", "name", "m")
    rows = read(facts_csv(facts))
    assert {row["id"]: row["unit"] for row in rows} == units


def broken(facts: dict[str, object], how: str) -> dict[str, object]:
    """A copy of the file with one fault that the schema must see."""
    copy = json.loads(json.dumps(facts))
    first = copy["observations"][0]
    match how:
        case "a key is missing":
            del first["claims"][0]["due"]
        case "a key too many":
            first["more"] = ""
        case "a number is no text":
            first["value"] = 3
        case "a text in no language":
            first["label"] = {}
        case "a language that is none":
            first["label"]["English"] = "x"
        case "a state that is none":
            first["status"] = ["odd"]
    return dict(copy)


@pytest.mark.parametrize(
    "how",
    [
        "a key is missing",
        "a key too many",
        "a number is no text",
        "a text in no language",
        "a language that is none",
        "a state that is none",
    ],
)
def test_the_schema_is_closed(lighthouse: Copy, how: str) -> None:
    schema = schema_of(Facts)
    facts = facts_of(lighthouse.renderer()).model_dump(mode="json")
    judge = jsonschema.Draft202012Validator(schema)
    judge.validate(facts)
    assert not judge.is_valid(broken(facts, how))
