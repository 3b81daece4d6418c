"""What cannot all be true, what only looks odd, what each makes doubtful, and what to write."""

import re
from pathlib import Path
from typing import Any

import pytest

from factsheet.site.calls import Call
from tests.conftest import Copy
from tests.sheets import UNEXPLAINED, Sheet, claim, indicator, read_sheet, told

Json = dict[str, Any]
WHY = {"explanation": {"en": "It was counted otherwise."}}


def case(kind: str = "dispute", question: str | None = None, write: str | None = None) -> Json:
    texts = {"question": question, "write": write}
    return {"kind": kind} | {name: {"en": text} for name, text in texts.items() if text} | WHY


def plant(**more: Any) -> dict[str, Json]:
    """One plant says more than its country counts."""
    return {
        "plant": indicator("count", {"2018": [claim("more than 1,000", 3)]}),
        "country": indicator("count", {"2018": [claim("969", 1)], "2019": [claim("2,360", 2)]}),
        "height": indicator("stock", [claim("31.5", 1)]),
        "rest": indicator("count", formula="c - p", inputs={"c": "country 2018", "p": "plant 2018"})
        | {"measure": "rate", "unit": "visitor"},
        **more,
    }


def within(known: Json | None, doubts: tuple[str, ...] = ("plant",), **more: Any) -> Json:
    """The rule that is broken, with what is known of it."""
    check = {"label": {"en": "A part is not above its whole"}, "rule": "plant <= country"}
    check |= {"doubts": list(doubts)} if doubts else {}
    return {"checks": {"within": check | ({"known": {"2018": known}} if known else {})}} | more


def read(root: Path, known: Json | None, **more: Any) -> Sheet:
    (root / "sheet").mkdir()
    return read_sheet(root / "sheet", plant(), allow_faults=True, **within(known, **more))


def messages(sheet: Sheet) -> list[str]:
    return [fault.split(": ", 1)[1] for fault in sheet.faults]


def without_notes(root: Path) -> list[str]:
    """What ``check`` says where no page lists the notes."""
    copy = Copy(root)
    copy.edit("docs/index.md", "{{ notes() }}\n", "")
    found = [str(fault).split(": ", 1)[1] for fault in copy.load()[1]]
    return [one for one in found if UNEXPLAINED not in one]


def test_a_dispute_tells_what_is_said_from_what_is_counted(tmp_path: Path) -> None:
    sheet = read(tmp_path, case(question="How many?", write="no usable number"))
    assert not sheet.faults
    (dispute,) = sheet.facts["disputes"]
    assert dispute["id"] == "check-within-2018"
    assert dispute["kind"] == "dispute"
    assert dispute["question"] == {"en": "How many?"}
    assert dispute["write"] == {"en": "no usable number"}
    assert dispute["explanation"] == {"en": "It was counted otherwise."}
    said = {"observation": "plant-2018", "text": {"en": "more than 1,000 visitors"}}
    counted = {"observation": "country-2018", "text": {"en": "969 visitors"}}
    assert dispute["said"] == [said | {"sources": ["s-3"]}]
    assert dispute["counted"] == [counted | {"sources": ["s-1"]}]


def test_only_the_figure_in_doubt_is_disputed(tmp_path: Path) -> None:
    sheet = read(tmp_path, case())
    assert sheet.observation("plant-2018")["status"] == ["disputed"]
    assert sheet.observation("country-2018")["status"] == []
    assert sheet.observation("rest")["status"] == ["derived", "disputed input"]


def test_the_figure_that_is_used_is_not_called_a_rule_breaker(tmp_path: Path) -> None:
    read(tmp_path, case())
    site, _ = Copy(tmp_path / "sheet").load()
    assert site
    (dispute,) = site.facts.disputes
    sound, doubted = site.facts.resolve("country 2018"), site.facts.resolve("plant 2018")
    assert [row.observation for row in dispute.rivals(sound)] == [doubted]
    assert dispute.rivals(doubted) == []
    words = {o: " ".join(site.popover(o).striptags().split()) for o in (sound, doubted)}
    assert "Used here; what cannot be true beside it: more than 1,000 visitors" in words[sound]
    assert "It breaks a rule" not in words[sound]
    assert "It breaks a rule: A part is not above its whole" in words[doubted]


def test_a_note_is_listed_apart_and_makes_nothing_disputed(tmp_path: Path) -> None:
    sheet = read(tmp_path, case("note"))
    assert not sheet.faults
    assert [entry["kind"] for entry in sheet.facts["disputes"]] == ["note"]
    assert sheet.observation("plant-2018")["status"] == []
    counts = {name: sheet.facts["counts"][name]["value"] for name in ("disputes", "notes")}
    assert counts == {"disputes": "0", "notes": "1"}
    site, _ = Copy(tmp_path / "sheet").load()
    assert site
    assert "dispute-check-within-2018" in site.call(Call("notes"))
    assert "No figure is disputed" in site.call(Call("disputes"))
    assert "Differs from another figure, and both can be true" in site.popover(
        site.facts.resolve("plant 2018")
    )


def two_claims(rank: str, known: Json | None) -> dict[str, Json]:
    claims = [claim("168", 1, rank=rank), claim("175", 2), claim("168", 3)]
    return {"far": indicator("stock", claims, disputes={"undated": known} if known else {})}


def test_claims_that_differ_are_a_dispute_of_all_of_them(tmp_path: Path) -> None:
    sheet = read_sheet(tmp_path, two_claims("preferred", None))
    (dispute,) = sheet.facts["disputes"]
    assert dispute["id"] == "far"
    rows = [(row["text"]["en"], row["sources"]) for row in dispute["said"]]
    assert rows == [("168 metres", ["s-1", "s-3"]), ("175 metres", ["s-2"])]
    assert dispute["counted"] == []
    assert sheet.observation("far")["status"] == ["disputed"]


def test_claims_that_differ_by_a_note_need_no_preference(tmp_path: Path) -> None:
    sheet = read_sheet(tmp_path, two_claims("normal", case("note")))
    assert sheet.observation("far")["status"] == []
    assert without_notes(tmp_path) == ["no page calls notes() — add {{ notes() }} to one page"]


def test_notes_need_no_page_where_there_is_none(tmp_path: Path) -> None:
    read_sheet(tmp_path, two_claims("preferred", None))
    assert not without_notes(tmp_path)


def test_claims_that_differ_without_a_word_are_a_fault(tmp_path: Path) -> None:
    sheet = read_sheet(tmp_path, two_claims("normal", None), allow_faults=True)
    (fault,) = messages(sheet)
    said = fault.removeprefix('claims for "far" cannot all be true: ')
    assert re.match(r"175 \(s-2, line \d+\) against 168 \(2 claims, the first in line \d+\)", said)


# The same days under two keys


@pytest.mark.parametrize(("keys", "values", "is_fault"), [
    (("2019", "2019-01/2019-12"), ("10", "11"), True),
    (("2019", "2019-01-01/2019-12-31"), ("10", "more than 10"), True),
    (("2019-21", "2019-03/2019-05"), ("10", "11"), True),
    (("2019", "2019-01/2019-12"), ("10", "about 10"), False),
    (("2019", "2019-01/2019-11"), ("10", "11"), False),
    (("2019", "2019~"), ("10", "11"), False),
])  # fmt: skip
def test_the_same_days_under_two_keys_have_one_value(
    tmp_path: Path, keys: tuple[str, str], values: tuple[str, str], is_fault: bool
) -> None:
    claims = {key: [claim(value)] for key, value in zip(keys, values, strict=True)}
    sheet = read_sheet(tmp_path, {"visits": indicator("count", claims)}, allow_faults=True)
    says = (
        f'"{keys[0]}" and "{keys[1]}" are the same days, but {values[0]} and {values[1]} cannot '
        f'both be true — put the claims under one key, "{keys[0]}"'
    )
    assert messages(sheet) == ([says] if is_fault else [])


def test_two_promises_for_the_same_days_do_not_contradict_each_other(tmp_path: Path) -> None:
    claims = {"2019": [claim("10")], "2019-01/2019-12": [claim("11")]}
    read_sheet(tmp_path, {"visits": indicator("count", claims, stance="target")})


# Names, and those that come first


def test_a_check_is_not_called_like_an_indicator(tmp_path: Path) -> None:
    checks = within(case())["checks"]
    given: Json = {"checks": {"plant": checks["within"]}}
    sheet = read_sheet(tmp_path, plant(), allow_faults=True, **given)
    assert messages(sheet) == ['the check "plant" is called like an indicator — rename it']


@pytest.mark.parametrize(("text", "says"), [
    ("within 2018", None),
    ("within", 'unknown dispute "within" — write within 2018'),
    ("within 2019", 'unknown dispute "within 2019" — write within 2018'),
    ("country 2018", 'unknown dispute "country 2018" — delete the line'),
    ("witin 2018", 'unknown dispute "witin 2018" — did you mean within 2018?'),
])  # fmt: skip
def test_a_leading_dispute_is_one(tmp_path: Path, text: str, says: str | None) -> None:
    sheet = read(tmp_path, case(), leading_disputes=[text])
    assert messages(sheet) == ([says] if says else [])


def test_a_note_leads_no_disputes(tmp_path: Path) -> None:
    sheet = read(tmp_path, case("note"), leading_disputes=["within 2018"])
    assert 'unknown dispute "within 2018" — delete the line' in messages(sheet)


def test_the_leading_disputes_come_first(tmp_path: Path) -> None:
    given = plant(**two_claims("preferred", None))
    sheet = read_sheet(tmp_path, given, **within(case(), leading_disputes=["far"]))
    assert [entry["id"] for entry in sheet.facts["disputes"]] == ["far", "check-within-2018"]


# What to write


def fig(figure: str, period: str | None = None) -> str:
    return '{{ fig("' + figure + (f'", "{period}' if period else "") + '") }}'


HINT = 'name another figure, a bound ("at most …"), or "no usable number"'


@pytest.mark.parametrize(("write", "says"), [
    ("no usable number", None),
    (fig("country", "2018"), None),
    (f"at most {fig('country', '2018')}", None),
    (fig("plant", "2018"), '"plant 2018" is the figure in doubt in "within 2018"'),
    (f"at least {fig('plant', '2018')}", '"plant 2018" is the figure in doubt in "within 2018"'),
    (fig("country", "2019"), '"country 2019" is of another period'),
    (f"at most {fig('country', '2019')}", '"country 2019" is a bound of another period'),
    (fig("height"), '"height" is in m, which nobody asked about'),
    (f"at most {fig('height')}", '"height" is in m, which nobody asked about'),
])  # fmt: skip
def test_advice_names_what_can_be_written(tmp_path: Path, write: str, says: str | None) -> None:
    sheet = read(tmp_path, case(write=write))
    assert messages(sheet)[:1] == ([f"{says} — {HINT}"] if says else [])


def test_advice_is_told_at_its_line(tmp_path: Path) -> None:
    sheet = read(tmp_path, case(write=fig("plant", "2018")))
    lines = (tmp_path / "sheet/data/facts.yaml").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "fig(" in text)
    assert [fault.split(": ")[0] for fault in sheet.faults] == [f"data/facts.yaml:{line}"]


def test_a_bound_may_be_of_a_longer_period(tmp_path: Path) -> None:
    given = plant(both=indicator("count", {"2018/2019": [claim("3,329")]}))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    known = case(write=f"at most {fig('both', '2018/2019')}")
    assert not read_sheet(tmp_path / "a", given, **within(known)).faults
    known = case(write=fig("both", "2018/2019"))
    sheet = read_sheet(tmp_path / "b", given, allow_faults=True, **within(known))
    assert messages(sheet) == [f'"both 2018/2019" is of another period — {HINT}']


def test_a_number_that_cannot_be_is_no_advice(tmp_path: Path) -> None:
    inputs = {"a": "country 2018", "b": "two"}
    part = indicator("count", formula="a / b", inputs=inputs, unit="visitor")
    given = plant(part=part, two=indicator("rate", [claim("2")], unit="times"))
    known = case(write=f"at most {fig('part')}")
    sheet = read_sheet(tmp_path, given, allow_faults=True, **within(known))
    assert messages(sheet) == [f'"part" is a number that cannot be — {HINT}']


def test_a_price_may_be_told_in_another_currency(tmp_path: Path) -> None:
    label: Json = {"label": {"en": {"one": "coin", "other": "coins"}}}
    units: Json = {"units": {"EUR": label, "AZN": label, "visitor": {**label, "whole": "true"}}}
    claims = [claim("14", 1, rank="preferred"), claim("15", 2)]
    known = {"undated": case(write=fig("cost_azn"))}
    given = {
        "cost": indicator("price", claims, unit="EUR", disputes=known),
        "cost_azn": indicator("price", [claim("24", 1)], unit="AZN"),
    }
    assert not read_sheet(tmp_path, given, **units).faults


@pytest.mark.parametrize(("first", "second", "is_fault"), [
    ("no usable number", "no usable number", False),
    ("no usable\n  number", "no usable number", False),
    ("no usable number", fig("country", "2018"), True),
    ("no usable number", None, True),
])  # fmt: skip
def test_one_question_has_one_advice(
    tmp_path: Path, first: str, second: str | None, is_fault: bool
) -> None:
    checks = within(case(question="How many?", write=first))["checks"]
    again = checks["within"] | {"known": {"2018": case(question="How  many?", write=second)}}
    sheet = read_sheet(
        tmp_path, plant(), allow_faults=True, checks=checks | {"again": again}
    )  # fmt: skip
    says = 'the question of "within 2018" is answered in another way'
    hint = "give both the same advice, or ask another question"
    assert messages(sheet) == ([f"{says} — {hint}"] if is_fault else [])


def test_the_page_says_what_to_write(tmp_path: Path) -> None:
    read(tmp_path, case(question="How many?", write=f"at most {fig('country', '2018')}"))
    site, _ = Copy(tmp_path / "sheet").load()
    assert site
    html = site.call(Call("disputes"))
    words = " ".join(html.striptags().split())
    title = "A part is not above its whole, 2018"
    assert f"How many? Rule: {title} What to write: at most 969 visitors" in words


def test_without_advice_the_value_shown_is_given_for_claims_and_none_for_a_rule(
    tmp_path: Path,
) -> None:
    given = plant(**two_claims("preferred", None))
    read_sheet(tmp_path, given, **within(case()))
    site, _ = Copy(tmp_path).load()
    assert site
    advice = {d.name: site.advice(d).striptags() for d in site.facts.disputes}
    assert advice == {
        "within 2018": "No one value here can be recommended.",
        "far": "168 metres",
    }


def test_what_would_settle_a_dispute_is_said_and_of_claims_the_period(tmp_path: Path) -> None:
    broken = within(case())
    broken["checks"]["within"]["settle"] = {"en": "A list of the doors."}
    sheet = read_sheet(tmp_path / "a", plant(), allow_faults=True, **broken)
    assert sheet.site
    assert "A list of the doors." in str(sheet.site.call(Call("disputes")))
    claims = {"2018": [claim("12", 1, rank="preferred"), claim("10", 2)]}
    given = {"visits": indicator("count", claims, disputes={"2018": case()})}
    sheet = read_sheet(tmp_path / "b", given)
    assert sheet.site
    summary = re.findall("<summary>(.*?)</summary>", str(sheet.site.call(Call("disputes"))))
    assert [re.sub("<[^>]+>", "", text) for text in summary] == ["The visits, 2018"]


@pytest.mark.parametrize("kind", ["dispute", "note"])
def test_a_note_on_claims_gives_no_advice_on_what_to_write(tmp_path: Path, kind: str) -> None:
    claims = {"2018": [claim("12", 1, rank="preferred"), claim("10", 2)]}
    given = {"visits": indicator("count", claims, disputes={"2018": case(kind)})}
    record = read_sheet(tmp_path, given).record("visits-2018").text()
    assert ("What to write" in record) is (kind == "dispute")


def test_one_question_with_two_answers_is_told_at_the_second_answer(tmp_path: Path) -> None:
    claims = {"2018": [claim("12", 1, rank="preferred"), claim("10", 2)]}
    given = {
        name: indicator("count", claims, disputes={"2018": case("dispute", "Which?", answer)})
        for name, answer in (("one", "the former"), ("two", "the latter"))
    }
    what = 'the question of "one 2018" is answered in another way'
    hint = "give both the same advice, or ask another question"
    assert told(tmp_path, given) == [(f"{what} — {hint}", "write:")]
