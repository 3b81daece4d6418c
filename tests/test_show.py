"""``factsheet show``: a figure with everything that is known about it."""

from tests.conftest import Copy


def shown(copy: Copy, *arguments: str) -> str:
    done = copy.call("show", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def line_of(copy: Copy, file: str, text: str) -> int:
    lines = [n for n, line in enumerate(copy.read(file).splitlines(), start=1) if text in line]
    assert len(lines) == 1, text
    return lines[0]


def test_a_figure_is_shown_with_its_claims(lighthouse: Copy) -> None:
    lines = lighthouse.run("show", "visitors", "2020").stdout.splitlines()
    data = "data/facts.yaml"
    assert "visitors 2020: 250 visitors [disputed]" in lines
    assert "Definition: People who climbed the tower, by the keepers' count." in lines
    assert "Period: 2020" in lines
    first = line_of(lighthouse, data, "value: 250")
    claims = lines[lines.index("Claims: 2") + 1 :]
    assert claims[:8] == [
        f"- 250 visitors, rank preferred ({data}:{first})",
        '  printed: "250 in spite of all"',
        "  source 1: The keepers, 31 December 2020 (log-book)",
        "  reason: The keepers count; the paper estimates.",
        f"- more than 300 visitors, rank normal ({data}:{first + 6})",
        '  printed: "more than 300 came"',
        "  said by: the mayor",
        "  source 2: Gull Gazette, about January 2021 (gazette-7)",
    ]


def test_contradictions_and_what_rests_on_a_figure_are_shown(lighthouse: Copy) -> None:
    lines = shown(lighthouse, "visitors", "2020").splitlines()
    data = "data/facts.yaml"
    own = lines.index(
        f"Dispute visitors 2020 ({data}:{line_of(lighthouse, data, 'Both mean') - 2})"
    )
    assert lines[own + 1] == "  explanation: Both mean everybody who climbed the tower."
    place = line_of(lighthouse, data, "The tower was shut") - 2
    check = lines.index(f"Dispute never_fewer 2020 ({data}:{place})")
    assert lines[check + 1 : check + 5] == [
        "  rule: Visitors do not fall below the plan",
        "  explanation: The tower was shut in spring.",
        "  visitors 2020: 250 visitors [disputed]",
        "  visitors_plan 2020: 500 visitors [disputed] [planned]",
    ]
    resting = lines[lines.index("Figures that rest on it:") + 1]
    assert resting == ("- growth 2020: 0.625 times [our calculation] [rests on a disputed figure]")


def test_uses_are_named_by_file_and_line(lighthouse: Copy) -> None:
    lighthouse.edit(
        "data/facts.yaml",
        "en: From the rock to the lamp.",
        'en: Seen by {{ fig("visitors", "2020") }}.',
    )
    page = "docs/index.md"
    charts = ('chart("visitors")', 'chart(chart_id="visitors-2020")', 'chart("hopes")')
    used = shown(lighthouse, "visitors", "2020").partition("Used:\n")[2].splitlines()
    assert used == [
        f"- {page}:{line_of(lighthouse, page, 'The tower had')} fig()",
        f"- {page}:{line_of(lighthouse, page, 'cards(')} cards()",
        f"- {page}:{line_of(lighthouse, page, 'series(')} series()",
        *(f"- {page}:{line_of(lighthouse, page, name)} chart()" for name in charts),
        f"- data/facts.yaml:{line_of(lighthouse, 'data/facts.yaml', 'Seen by')} fig()",
        f"- data/facts.yaml:{line_of(lighthouse, 'data/facts.yaml', '; {{ fig(')} fig()",
    ]
    assert shown(lighthouse, "cost").endswith(
        f"Used:\n- {page}:{line_of(lighthouse, page, 'and cost')} fig()\n"
    )
    lighthouse.edit("docs/index.md", '{{ fig("lit_on") }}', "a night")
    assert shown(lighthouse, "lit_on").endswith("Used:\n- nowhere\n")


def test_a_calculated_figure_is_shown_with_formula_and_inputs(lighthouse: Copy) -> None:
    text = shown(lighthouse, "growth", "2020")
    assert (
        "Our calculation: now / before\n"
        "- now: 250 visitors [disputed] (visitors 2020)\n"
        "- before: 400 visitors (visitors 2019)\n"
    ) in text
    assert "Claims" not in text


def test_a_series_is_shown_in_one_line_a_period(lighthouse: Copy) -> None:
    data = lighthouse.read("data/facts.yaml").splitlines()
    years = [data.index(f"      {year}:") + 1 for year in (2019, 2020)]
    assert shown(lighthouse, "visitors").splitlines()[-2:] == [
        f"2019: 400 visitors (1 claim, data/facts.yaml:{years[0]})",
        f"2020: 250 visitors [disputed] (2 claims, data/facts.yaml:{years[1]})",
    ]


def test_a_wrong_id_or_period_names_the_nearest(lighthouse: Copy) -> None:
    for arguments, message in [
        (["visitor"], 'unknown figure "visitor" — did you mean visitors or visitors_plan?'),
        (["visitors", "2021"], '"visitors" has no period "2021" — it has 2019, 2020'),
        (["cost", "2020"], '"cost" has no periods — delete the period'),
    ]:
        done = lighthouse.call("show", *arguments)
        assert done.returncode == 1
        assert message in done.stderr
        assert not done.stdout


def test_faults_elsewhere_do_not_stand_in_the_way(lighthouse: Copy) -> None:
    lighthouse.edit("docs/index.md", "The tower had", "In 2020 the tower had")
    assert "visitors 2020: 250 visitors" in shown(lighthouse, "visitors", "2020")
    lighthouse.edit("data/facts.yaml", "edition:", "edition")
    done = lighthouse.call("show", "cost")
    assert done.returncode == 1
    assert done.stderr.startswith("data/facts.yaml:2: a line without a colon")


def test_a_source_is_shown_with_its_claims(lighthouse: Copy) -> None:
    lines = shown(lighthouse, "gazette-7").splitlines()
    assert lines[0] == "source 2: Gull Gazette, about January 2021 (gazette-7)"
    claims = lines[lines.index("Claims: 3") + 1 :]
    first = line_of(lighthouse, "data/facts.yaml", "value: 300")
    start = claims.index("visitors 2020:")
    assert claims[start + 1] == (f"- more than 300 visitors, rank normal (data/facts.yaml:{first})")
    assert sum(line.startswith("- ") for line in claims) == 3


def test_an_entry_at_fault_leaves_the_others_to_be_shown(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "value: 31.5", "valeu: 31.5")
    lighthouse.edit("data/facts.yaml", "en: Ada O'Hara", "az: Ada O'Hara")
    lighthouse.edit("data/facts.yaml", "    unit: times\n", "    unit: tims\n")
    assert "visitors 2020: 250 visitors" in shown(lighthouse, "visitors", "2020")
    done = lighthouse.call("show", "height")
    assert done.returncode == 1
    assert done.stderr.startswith('unknown figure "height" — ')
