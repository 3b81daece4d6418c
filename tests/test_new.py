"""``factsheet new``: a well-formed entry at the right place, all other bytes as they were."""

import os
import pty
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factsheet.data.load import DataFile, load_sound
from factsheet.data.model import FactSheet
from factsheet.editor.desk import Desk
from factsheet.editor.format import tidy_file
from factsheet.errors import few
from tests.conftest import ROOT, Copy

DATA = "data/facts.yaml"
SOURCE = ["--url", "https://www.gull-post.example/2021/77.html", "--publisher", "Gull Post"]
CLAIM = ["--source", "gazette-7", "--value", "400", "--printed", "400 people"]
INDICATOR = ["--id", "stairs", "--topic", "visits", "--label", "Stairs",
             "--definition", "Steps to the lamp.", "--unit", "m"]  # fmt: skip


def read_entries(path: Path) -> DataFile:
    """The data file without what stands between entries, such as a source not used yet."""
    return load_sound(path, DATA, with_references=False)


@pytest.fixture
def desk(lighthouse: Copy) -> Copy:
    """A copy with a formatted data file."""
    path = lighthouse.root / DATA
    path.write_text(tidy_file(path, DATA)[1], "utf-8")
    return lighthouse


def added(copy: Copy, *arguments: str) -> tuple[str, str]:
    """The text above what a command wrote, and what it wrote; the rest must be unchanged."""
    before = copy.read(DATA).splitlines()
    done = copy.call("new", *arguments)
    assert done.returncode == 0, done.stderr
    after = copy.read(DATA).splitlines()
    written = re.match(rf"Written at {DATA}:(\d+):\n", done.stdout)
    assert written, done.stdout
    start = int(written[1]) - 1
    start -= not after[start - 1]
    end = start + len(after) - len(before)
    assert after[:start] + after[end:] == before
    new = "\n".join(after[start:end]) + "\n"
    assert new.strip("\n") in done.stdout
    assert tidy_file(copy.root / DATA, DATA)[1] == copy.read(DATA)
    return "\n".join(after[:start]) + "\n", new


def test_a_source_is_written_at_the_end_of_the_sources(desk: Copy) -> None:
    start, new = added(desk, "source", *SOURCE, "--published", "2021-03~", "--title", "Up: no")
    assert start.endswith("    seen: in part\n")
    assert (
        new
        == """
  gull-post-77:
    no: 3
    publisher: Gull Post
    title: 'Up: no'
    url: https://www.gull-post.example/2021/77.html
    published: 2021-03~
    language: en
    seen: whole
"""
    )


def test_the_check_runs_and_its_faults_are_printed(desk: Copy) -> None:
    done = desk.call("new", "source", *SOURCE)
    assert done.returncode == 0
    assert 'no claim uses source "gull-post-77" — delete it, or add the claim' in done.stderr
    done = desk.call("new", "claim", "--indicator", "height", *CLAIM, "--source", "gull-post-77")
    assert done.returncode == 0
    assert 'claims for "height" cannot all be true' in done.stderr
    assert "no claim uses" not in done.stderr


def test_a_claim_is_written_at_the_end_of_its_observation(desk: Copy) -> None:
    start, new = added(
        desk, "claim", "--indicator", "visitors", "--period", "2019", *CLAIM,
        "--qualifier", "at least", "--said-by", "# the mayor",
        "--remark", 'In {{ when("2019") }}: a guess.',
    )  # fmt: skip
    assert start.endswith("          printed: 400 climbed\n")
    assert (
        new
        == """\
        - value: 400
          qualifier: at least
          source: gazette-7
          printed: 400 people
          said_by: '# the mayor'
          remark:
            en: >-
              In {{ when("2019") }}: a guess.
"""
    )
    assert "No faults." in desk.call("check").stdout


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2018", "    observations:\n"),
        ("2019-05", "          printed: 400 climbed\n"),
        ("2019-01/2019-03", "    observations:\n"),
        ("2021", "          said_by: the mayor\n"),
    ],
)
def test_a_new_period_is_written_in_the_order_of_dates(
    desk: Copy, period: str, before: str
) -> None:
    start, new = added(desk, "claim", "--indicator", "visitors", "--period", period, *CLAIM)
    assert start.endswith(before)
    assert new.startswith(f"      {period}:\n        - value: 400\n          source: gazette-7\n")


def test_a_claim_without_period_and_a_list_of_names(desk: Copy) -> None:
    desk.edit(DATA, "    measure: name\n", "    measure: names\n")
    start, new = added(
        desk, "claim", "--indicator", "lamp", "--source", "gazette-7",
        "--value", "lamp_2; Lantern", "--printed", "“lamps”: two",
    )  # fmt: skip
    assert start.endswith("        printed: the Mark 2\n")
    assert new == (
        "      - value:\n          - lamp_2\n          - Lantern\n"
        "        source: gazette-7\n        printed: '“lamps”: two'\n"
    )


def test_an_indicator_is_written_at_the_end_of_its_topic(desk: Copy) -> None:
    start, new = added(desk, "indicator", *INDICATOR, *CLAIM, "--rounded", "yes")
    assert start.endswith("    round: 0.001\n")
    assert (
        new
        == """
  stairs:
    topic: visits
    label:
      en: Stairs
    definition:
      en: Steps to the lamp.
    unit: m
    measure: count
    claims:
      - value: 400
        rounded: true
        source: gazette-7
        printed: 400 people
"""
    )
    assert "No faults." in desk.call("check").stdout
    start, new = added(desk, "indicator", *INDICATOR, *CLAIM, "--id", "steps", "--topic", "tower",
                       "--stance", "target", "--period", "2022", "--due", "2022-12")  # fmt: skip
    assert start.endswith("        printed: the Mark 2\n")
    assert "    stance: target\n    observations:\n      2022:\n        - value: 400\n" in new


AWKWARD = [
    "no", "1,000: more", "- x", "#5", "a # b", "it's", "it's \"so\"", "[a]", "*a", "C:\\new", "a:",
    "25 faiz – 1 000 ₼", "95 درصد", "0x10", "a  b", "x " * 80 + "y: z",
]  # fmt: skip


def test_every_text_comes_back_as_it_was_given(desk: Copy) -> None:
    fields = ["publisher", "title", "author", "published_basis"]
    for number in range(0, len(AWKWARD), len(fields)):
        given = dict(zip(fields, AWKWARD[number:], strict=False))
        options = [part for name, text in given.items()
                   for part in (f"--{name.replace('_', '-')}", text)]  # fmt: skip
        url = f"https://gull.example/{number}"
        added(desk, "source", "--url", url, "--published", "2021", *options)
        source = read_entries(desk.root / DATA).sheet.sources[f"gull-{number}"]
        assert source.model_dump(include=set(fields)) == given


def test_line_ends_and_comments_stay(desk: Copy) -> None:
    path = desk.root / DATA
    text = path.read_text("utf-8").replace("climbed\n", "climbed # all\n      # then fewer\n")
    path.write_bytes(text.rstrip("\n").replace("\n", "\r\n").encode())
    before = path.read_bytes()
    for arguments in (
        ["indicator", *INDICATOR, *CLAIM, "--id", "steps", "--topic", "tower"],
        ["claim", "--indicator", "visitors", "--period", "2019", *CLAIM],
        ["indicator", *INDICATOR, *CLAIM],
    ):
        assert desk.call("new", *arguments).returncode == 0
    after = path.read_bytes()
    assert b"climbed # all\r\n        - value: 400\r\n" in after
    assert b"400 people\r\n      # then fewer\r\n      2020:\r\n" in after
    assert after.count(b"\n") == after.count(b"\r\n")
    kept = after.splitlines()
    assert [line for line in before.splitlines() if line not in kept] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["source", *SOURCE, "--no", "2"], "--no: that is the number of gazette-7"),
        (
            ["source", *SOURCE, "--no", "two"],
            '--no: "no" should hold a whole number — write digits',
        ),
        (["source", *SOURCE, "--id", "log-book"], '--id: "log-book" is there already (line '),
        (
            ["source", *SOURCE, "--id", "Log"],
            '--id: source id "Log" is not well formed — use a to z, digits and hyphens',
        ),
        (["source", *SOURCE, "--published", "May 2021"], '--published: "published": '),
        (["source", *SOURCE, "--language", "english"], "--language: "),
        (["source", *SOURCE, "--seen", "hole"], '--seen: unknown seen "hole"'),
        (["source", *SOURCE, "--published-basis", "x"], "--published_basis: does not apply here"),
        (["source", "--publisher", "x"], "--url: an answer is needed"),
        (["source", "--url", "gull.example"], '--url: "gull.example" is not a web address'),
        (["source", "--url", "https://example.org/gazette/7"], "--url: that is source gazette-7"),
        (["claim", *CLAIM], '--indicator: unknown indicator ""'),
        (["claim", "--indicator", "visitor", *CLAIM], "did you mean visitors or visitors_plan?"),
        (["claim", "--indicator", "growth", *CLAIM], "--indicator: growth is calculated"),
        (
            ["claim", "--indicator", "height", *CLAIM, "--period", "2020"],
            "--period: does not apply",
        ),
        (["claim", "--indicator", "visitors", *CLAIM, "--period", "202"], "--period: "),
        (["claim", "--indicator", "height", *CLAIM, "--source", "log"], "--source: unknown source"),
        (["claim", "--indicator", "height", *CLAIM, "--value", "4OO"], '--value: "4OO" is not a'),
        (["claim", "--indicator", "height", *CLAIM, "--qualifier", "abuot"], "did you mean about?"),
        (
            ["claim", "--indicator", "height", *CLAIM, "--rank", "deprecated"],
            "--reason: a claim of",
        ),
        (["claim", "--indicator", "height", *CLAIM, "--rounded", "some"], "--rounded: "),
        (["claim", "--indicator", "height", *CLAIM, "--printed", ""], "--printed: an answer is"),
        (
            ["claim", "--indicator", "height", *CLAIM, "--printed", "a\u200bb"],
            "an invisible character",
        ),
        (
            ["claim", "--indicator", "height", *CLAIM, "--qualifier", "range", "--high", "300"],
            "--high: 400 to 300 is turned round — swap value and high",
        ),
        (
            ["claim", "--indicator", "height", *CLAIM, "--value", "40"],
            '--value: the value "40" is not in the printed words, which have 400 — correct it',
        ),
        (
            ["claim", "--indicator", "lit_on", *CLAIM, "--value", "1902", "--printed", "in 1901"],
            '--value: the value "1902" is not in the printed words, which have 1901',
        ),
        (["claim", "--indicator", "lamp", *CLAIM, "--value", "lamp_3"], "did you mean lamp_2?"),
        (
            ["claim", "--indicator", "height", *CLAIM, "--value", "40", "--printed-as", "misprint"],
            "--remark: say how you know of the misprint",
        ),
        (
            ["indicator", *INDICATOR, *CLAIM, "--stance", "target", "--outcome", "visitors"],
            "--outcome: the target is in m, its outcome in visitor — name a figure",
        ),
        (
            ["indicator", *INDICATOR, *CLAIM, "--stance", "target", "--outcome", "hight"],
            '--outcome: unknown indicator "hight" — did you mean height?',
        ),
        (["check", "--id", "x", "--label", "X.", "--rule", "height"], '"height" is not a rule'),
        (
            ["check", "--id", "x", "--label", "X.", "--rule", "height < top"],
            "--inputs: say what top stands for",
        ),
        (["chart", "--id", "x", "--form", "map"], "--form: a map is typed by hand"),
        (
            ["chart", "--id", "x", "--form", "rows", "--title", "X.", "--figures", "hight"],
            '--figures: unknown indicator "hight" — did you mean height?',
        ),
        (["page", "--id", "tower"], "--id: docs/tower.md is there already"),
        (
            ["page", "--id", "x", "--title", "X", "--description", "X.", "--unit", "m"],
            "--unit: does not apply here",
        ),
        (["sheet"], "data/facts.yaml is there already"),
        (["indicator", *INDICATOR, *CLAIM, "--unit", "n"], '--unit: unknown unit "n" — known are'),
        (["indicator", *INDICATOR, *CLAIM, "--topic", "visit"], "did you mean visits?"),
        (["indicator", *INDICATOR, *CLAIM, "--measure", "counts"], "did you mean count?"),
        (["indicator", *INDICATOR, *CLAIM, "--id", "height"], '--id: "height" is there already'),
    ],
)
def test_wrong_answers_are_refused_at_once(desk: Copy, arguments: list[str], message: str) -> None:
    before = desk.read(DATA)
    done = desk.call("new", *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert desk.read(DATA) == before


def test_at_a_terminal_it_asks_until_the_answer_is_right(desk: Copy) -> None:
    answers = [
        "visitor", "n", "visitors", "", "", "some 300", "3OO", "200", "", "300", "about",
    ]  # fmt: skip
    output = at_terminal(desk.root, ["new", "claim"], answers)
    assert 'unknown indicator "visitor" — did you mean visitors or visitors_plan?' in output
    assert "period (The period: 2018, 2018-03, 2018-03-29, 2018-01/2018-08.) [2020]: " in output
    assert "Visitors: People who climbed the tower, by the keepers' count." in output
    assert '"3OO" is not a number' in output
    assert 'the value "200" is not in the printed words, which have 300 — correct it' in output
    assert "No faults." in output
    text = desk.read(DATA)
    assert (
        "          said_by: the mayor\n        - value: 300\n          qualifier: about\n"
        "          source: gazette-7\n          printed: some 300\n    disputes:"
    ) in text.replace("\n\n", "\n")


def at_terminal(root: Path, arguments: list[str], answers: list[str], code: int = 0) -> str:
    """Run a command at a terminal of its own; give each answer when asked, Enter to the rest."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(root)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests may run where it is ignored
        environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
        os.execve(sys.executable, [sys.executable, "-m", "factsheet", *arguments], environment)
    output = b""
    waiting, more = list(answers), 20
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # the terminal is closed
            break
        output += read
        if output.endswith(b": "):
            if not (waiting or more):
                os.kill(child, signal.SIGKILL)
                break
            more -= not waiting
            os.write(terminal, (waiting.pop(0) if waiting else "").encode() + b"\n")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == code, output.decode()
    assert not waiting
    return output.decode()


def test_answers_are_kept_where_it_must_stop(desk: Copy) -> None:
    before, kept = desk.read(DATA), "Your answers are kept"
    asked = "Go on with the answers of last time (visitors, 2019, gazette-7, 400 people)? [Y/n]"
    control_c, end_of_input = "\x03", "\x04"
    answers = ["visitors", "2019", "", "400 people", control_c]
    assert kept in at_terminal(desk.root, ["new", "claim"], answers, 1)
    output = at_terminal(desk.root, ["new", "claim"], ["", "", "", "", "", end_of_input], 1)
    assert asked in output
    assert kept in output
    assert desk.read(DATA) == before
    assert asked in at_terminal(desk.root, ["new", "claim"], ["", "", "", "", "", "400"])
    added_lines = set(desk.read(DATA).splitlines()) - set(before.splitlines())
    assert added_lines == {"          printed: 400 people"}
    assert not [*desk.root.glob(".cache/new-*")]


STAIRS = [
    "stairs", "y",  # the indicator, to be made
    "tower_inside", "y", "Inside the tower", "Stairs", "Steps to the lamp.", "stock",
    "step", "y", "yes", "", "step; steps", *[""] * 4,
    "gull-post-9", "y", "https://gull.example/9", "", "", "Gull Post", *[""] * 7,
    "221 steps", "221",
]  # fmt: skip


def test_what_is_missing_is_made_on_the_way(desk: Copy) -> None:
    before = desk.read(DATA)
    output = at_terminal(desk.root, ["new", "claim"], STAIRS)
    assert "tower_inside" in output
    sheet = read_entries(desk.root / DATA).sheet
    stairs = sheet.indicators["stairs"]
    assert (stairs.unit, stairs.topic, stairs.claims[0].source, stairs.claims[0].value) == (
        "step", "tower_inside", "gull-post-9", "221",
    )  # fmt: skip
    plural = sheet.units["step"].label["en"]
    assert (sheet.units["step"].whole, plural.one, plural.other) == (True, "step", "steps")
    assert sheet.sources["gull-post-9"].no == 3
    assert tidy_file(desk.root / DATA, DATA)[1] == desk.read(DATA)
    desk.call("undo")
    assert desk.read(DATA) == before


def test_a_sheet_begins_with_its_first_claim(desk: Copy) -> None:
    path = desk.root / DATA
    path.unlink()
    done = desk.call("new", "claim", "--indicator", "stairs")
    assert "there is no data/facts.yaml yet — run: factsheet new sheet" in done.stderr
    output = at_terminal(desk.root, ["new", "claim"], ["2021-05-01", "Rock", "Us", "", *STAIRS])
    assert output.index("edition (") < output.index("indicator (")
    assert tidy_file(path, DATA)[1] == desk.read(DATA)
    sheet = read_entries(path).sheet
    assert (sheet.title, sheet.indicators["stairs"].claims[0].value) == ({"en": "Rock"}, "221")
    desk.call("undo")
    assert not path.exists()


def test_a_calculation(desk: Copy) -> None:
    _, new = added(
        desk, "calculation", "--id", "steep", "--topic", "tower", "--label", "Steep",
        "--definition", "Height a step.", "--unit", "times", "--formula", "up / (up + up)",
        "--inputs", "up: height", "--round", "0.1",
    )  # fmt: skip
    assert new.endswith(
        "    unit: times\n    measure: rate\n    formula: up / (up + up)\n    inputs:\n"
        "      up: height\n    round: 0.1\n"
    )
    site = desk.renderer()
    assert site.figure_words(site.facts.resolve("steep")) == "0.5 times"
    said = desk.call("new", "calculation", "--id", "odd", "--formula", "up ÷ 2")
    assert '"up ÷ 2" is not a formula — use names, numbers' in said.stderr


def test_a_check_a_chart_and_a_page(desk: Copy) -> None:
    before, menu = desk.read(DATA), desk.read("mkdocs.yml")
    start, new = added(
        desk, "check", "--id", "tall", "--label", "The tower is low.", "--rule", "height <= limit",
        "--inputs", "limit: height", "--doubts", "height",
    )  # fmt: skip
    assert "    known:\n" in start
    assert new == (
        "\n  tall:\n    label:\n      en: The tower is low.\n    rule: height <= limit\n"
        "    inputs:\n      limit: height\n    doubts:\n      - height\n"
    )
    added(desk, "chart", "--id", "how-high", "--form", "rows", "--title", "It is high.",
          "--figures", "height; visitors 2020")  # fmt: skip
    chart = read_entries(desk.root / DATA).sheet.charts["how-high"]
    assert chart.panels[0].figures == ["height", "visitors 2020"]
    done = desk.call("new", "page", "--id", "lamp-room", "--title", "Lamp: room", "--topic",
                     "tower", "--description", "What the room holds.")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert desk.read("docs/lamp-room.md") == (
        "---\ndescription: What the room holds.\n---\n# Lamp: room\n\n"
        '{{ topic_figures("tower") }}\n'
    )
    assert "  - Tower: tower.md\n  - 'Lamp: room': lamp-room.md\n" in desk.read("mkdocs.yml")
    assert "lamp-room.md" in desk.call("undo").stdout
    assert desk.read("mkdocs.yml") == menu
    assert not (desk.root / "docs/lamp-room.md").exists()
    assert desk.read(DATA) != before


def test_a_page_below_a_heading_of_the_menu(desk: Copy) -> None:
    desk.edit("mkdocs.yml", "  - Tower: tower.md\n", "  - More:\n      - Tower: tower.md\n")
    desk.edit("mkdocs.yml", "  - Start: index.md\n", "")
    page = ["page", "--id", "start", "--title", "A", "--description", "B.", "--below"]
    assert 'no heading "Less" — the menu has More' in desk.call("new", *page, "Less").stderr
    assert desk.call("new", *page, "More").returncode == 0
    assert "      - Tower: tower.md\n      - A: start.md\n" in desk.read("mkdocs.yml")


def test_a_revision_is_offered_for_what_has_changed(desk: Copy) -> None:
    told = "no published value has changed"
    revision = ["revision", "--kind", "correction", "--reason", "Misread."]
    done = desk.call("new", *revision)
    assert "no edition is frozen yet — run: factsheet release 2021-05-01" in done.stderr
    assert desk.call("release", "2021-05-01").returncode == 0
    desk.edit(DATA, "edition: 2021-05-01", "edition: 2021-05-09")
    for old, new in (("400", "410"), ("31.5", "31.6")):
        desk.write(DATA, re.sub(rf"(value|printed): {old}", rf"\1: {new}", desk.read(DATA)))
    refused = desk.call("new", *revision, "--observation", "cost").stderr
    assert '"cost" has not changed — changed: visitors 2019, height' in refused
    start, new = added(desk, *revision)
    assert start.endswith("file_name: gull-point\n")
    entry = "  - date: 2021-05-09\n    observation: {}\n    kind: correction\n"
    assert new.startswith("\nrevisions:\n" + entry.format("visitors 2019"))
    start, new = added(desk, *revision)
    assert start.endswith("\nrevisions:\n")
    assert new.startswith(entry.format("height"))
    assert "No faults." in desk.call("check").stdout
    assert told in desk.call("new", *revision).stderr


def test_an_entry_at_fault_leaves_room_for_others(desk: Copy) -> None:
    desk.edit(DATA, "value: 31.5", "valeu: 31.5")
    start, new = added(desk, "claim", "--indicator", "visitors", "--period", "2019", *CLAIM)
    assert start.endswith("          printed: 400 climbed\n")
    assert "- value: 400\n" in new
    done = desk.call("new", "indicator", *INDICATOR, *CLAIM, "--id", "height")
    assert '--id: "height" is there already (line ' in done.stderr


def saved_meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Have the data file saved by someone else just when all questions are answered."""
    write = Desk.write

    def late(desk: Desk, place: Callable[[FactSheet], Any]) -> None:
        change()
        write(desk, place)

    monkeypatch.setattr(Desk, "write", late)


@pytest.mark.parametrize("arguments", [
    ["claim", "--indicator", "visitors", "--period", "2019", *CLAIM],
    ["claim", "--indicator", "visitors", "--period", "2018", *CLAIM],
    ["claim", "--indicator", "height", *CLAIM],
    ["source", *SOURCE],
    ["indicator", *INDICATOR, *CLAIM],
])  # fmt: skip
def test_a_file_saved_meanwhile_keeps_what_was_saved(
    desk: Copy, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    first = Copy(shutil.copytree(desk.root, desk.root.parent / "first"))
    assert first.call("new", *arguments).returncode == 0

    def change(copy: Copy) -> None:
        copy.edit(DATA, "\nsources:\n", "\n# one\n# two\n# three\nsources:\n")
        copy.edit(DATA, "edition: 2021-05-01", "edition: 2021-05-02")

    change(first)
    saved_meanwhile(monkeypatch, lambda: change(desk))
    assert desk.call("new", *arguments).returncode == 0
    assert desk.read(DATA) == first.read(DATA)


@pytest.mark.parametrize(
    ("old", "new"), [("  visitors:\n    topic:", "  guests:\n    topic:"), ("edition:", "edition")]
)
def test_a_place_lost_meanwhile_costs_nothing_of_the_file(
    desk: Copy, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    saved_meanwhile(monkeypatch, lambda: desk.edit(DATA, old, new))
    done = desk.call("new", "claim", "--indicator", "visitors", "--period", "2019", *CLAIM)
    assert done.returncode == 1
    assert "was changed meanwhile" in done.stderr
    assert "400 people" not in desk.read(DATA)


EMPTY = """\
edition: 2020-12-31
title:
  en: Rock
publisher:
  en: Us
units:
  m:
    label:
      en:
        other: metres
topics:
  tower:
    label:
      en: Tower
sources: {}  # none yet
indicators: {}
"""


def test_a_first_source_and_a_first_figure(desk: Copy) -> None:
    desk.write(DATA, EMPTY)
    for kind, options, told in (
        ("claim", CLAIM, "first run: factsheet new indicator"),
        ("indicator", [*INDICATOR, "--topic", "tower"], "first run: factsheet new source"),
    ):
        done = desk.call("new", kind, *options)
        assert done.returncode == 1
        assert told in done.stderr
    assert desk.call("new", "source", *SOURCE).returncode == 0
    claim = ["--value", "20", "--printed", "20 m"]
    done = desk.call("new", "indicator", *INDICATOR, *claim, "--topic", "tower")
    assert done.returncode == 0, done.stderr
    assert "sources:  # none yet\n  gull-post-77:\n    no: 1\n" in desk.read(DATA)
    sheet = read_entries(desk.root / DATA).sheet
    assert sheet.indicators["stairs"].claims[0].source == "gull-post-77"


def test_choices_are_shown_and_long_lists_cut(desk: Copy) -> None:
    answers = ["stairs", "tower", "Stairs", "Steps.", "", "m"]
    given = ["--printed", "20 m", "--value", "20"]
    output = at_terminal(desk.root, ["new", "indicator", *given], answers)
    assert "topic (An id from topics. One of: visits, tower.): " in output
    assert "measure (What sort of quantity it is. One of: count, stock, rate, " in output


def test_many_ids_are_not_all_told() -> None:
    ids = [f"paper-{number}" for number in range(165)]
    said = few("paper-99", ids)
    assert said.endswith(", … (165 in all)")
    assert said.startswith("paper-99, ")
    assert said.count("paper") == 6


def test_the_last_entry_is_taken_out_again(desk: Copy) -> None:
    before = desk.read(DATA)
    added(desk, "claim", "--indicator", "visitors", "--period", "2021", *CLAIM)
    assert desk.read(DATA) != before
    assert "- value: 400" in desk.call("undo").stdout
    assert desk.read(DATA) == before
    done = desk.call("undo")
    assert done.returncode == 1
    assert "nothing is left to take out" in done.stderr


def test_what_was_changed_since_is_not_taken_out(desk: Copy) -> None:
    added(desk, "claim", "--indicator", "visitors", "--period", "2021", *CLAIM)
    desk.write(DATA, desk.read(DATA).replace("      2021:\n", "      2018:\n"))
    before = desk.read(DATA)
    assert "changed since" in desk.call("undo").stderr
    assert desk.read(DATA) == before


def test_without_a_terminal_answers_are_options(desk: Copy) -> None:
    before = desk.read(DATA)
    done = desk.call("new", "claim")
    assert done.returncode == 1
    assert done.stderr == "this is no terminal — give options: factsheet new claim --help\n"
    assert desk.read(DATA) == before


def test_a_label_with_a_comma_is_not_taken_for_one_word(desk: Copy) -> None:
    unit = ["unit", "--id", "kwh", "--label"]
    refused = desk.call("new", *unit, "kilowatt-hour, kilowatt-hours").stderr
    assert "has a comma — write both forms with a semicolon: car; cars" in refused
    _, new = added(desk, *unit, "ton, dry; tons, dry")
    assert "        one: ton, dry\n        other: tons, dry\n" in new


def test_a_check_does_not_say_that_nothing_was_changed(desk: Copy) -> None:
    desk.call("new", "unit", "--id", "kwh", "--label", "kilowatt-hour; kilowatt-hours")
    assert desk.call("check").stderr.endswith(" — delete it\n1 fault.\n")
    assert desk.call("build").stderr.endswith(" — delete it\n1 fault; nothing was changed.\n")
