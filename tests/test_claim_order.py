"""A record and a dispute list the claim shown first, then those that stand, deprecated last."""

from pathlib import Path

import pytest

from tests.sheets import Json, claim, indicator, read_sheet

P, N, D = "preferred", "normal", "deprecated"

# Value, source and rank of each claim as the file has them; the sources as a reader sees them.
ORDERS: dict[str, tuple[list[tuple[str, int, str]], list[int]]] = {
    "deprecated first in the file": ([("200", 1, D), ("100", 2, N)], [2, 1]),
    "deprecated between": ([("100", 1, N), ("200", 2, D), ("about 100", 3, N)], [1, 3, 2]),
    "preferred last in the file": ([("200", 1, D), ("300", 2, N), ("100", 3, P)], [3, 2, 1]),
    "the narrowest first": ([("about 100", 1, N), ("100", 2, N)], [2, 1]),
    "the one cited first": ([("100", 5, N), ("100", 3, N), ("100", 4, N)], [3, 5, 4]),
    "two deprecated": (
        [("300", 1, D), ("about 100", 2, N), ("200", 3, D), ("100", 4, N)],
        [4, 2, 1, 3],
    ),
    "all ranks": (
        [("400", 1, D), ("200", 2, N), ("100", 3, P), ("500", 4, D), ("300", 5, N)],
        [3, 2, 5, 1, 4],
    ),
}


def claims_of(case: str) -> list[Json]:
    return [claim(value, source, rank=rank) for value, source, rank in ORDERS[case][0]]


@pytest.mark.parametrize("case", ORDERS)
def test_a_record_lists_deprecated_claims_last(tmp_path: Path, case: str) -> None:
    sheet = read_sheet(tmp_path, {"thing": indicator("stock", claims_of(case))})
    record = sheet.record("thing")
    claims = record.css("li.claim")
    sources = [int((one.attributes["data-source"] or "").removeprefix("s-")) for one in claims]
    assert sources == ORDERS[case][1]
    ranks = [D in (one.attributes["class"] or "") for one in claims]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("stance", ["target", "forecast"])
def test_the_record_of_a_plan_begins_with_the_newest(tmp_path: Path, stance: str) -> None:
    claims = [claim("900", 1, rank=D), claim("500", 2), claim("600", 3)]
    days = {1: "2020", 2: "2018", 3: "2019"}
    given = {"thing": indicator("stock", claims, stance=stance)}
    record = read_sheet(tmp_path, given, published=days).record("thing")
    values = record.css(".group-value data.claim-value")
    assert [one.attributes["value"] for one in values] == ["600", "500", "900"]
