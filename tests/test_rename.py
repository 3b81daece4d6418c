"""An indicator gets another id: everywhere, or nowhere; its old address leads to its page."""

import re

import pytest

from factsheet.site.figures import stubs
from tests.conftest import Copy

EXAMPLE = '{% raw %}{{ series("visitors") }}{% endraw %}'


def text_of(copy: Copy) -> dict[str, str]:
    files = [*(copy.root / "data").glob("*.yaml"), *(copy.root / "docs").glob("*.md")]
    return {path.name: path.read_text("utf-8") for path in files}


def test_every_place_is_changed_and_nothing_else(lighthouse: Copy) -> None:
    page = lighthouse.read("docs/index.md")
    links = "[Visitors](figures/visitors.html#2020), [they](tower.md#dispute-visitors-2020)."
    more = f"\n{links}\n\n{EXAMPLE}\n"
    lighthouse.write("docs/index.md", page + more)
    before, published = text_of(lighthouse), lighthouse.renderer().facts.observations
    done = lighthouse.call("rename", "visitors", "climbers")
    assert done.stdout == "visitors is now climbers, in data/facts.yaml, docs/index.md.\n"
    after = text_of(lighthouse)
    old, new = (
        [line for text in texts.values() for line in text.splitlines()] for texts in (before, after)
    )
    assert [line for line in new if line not in old] == [
        "  climbers:", "    formerly:", "      - visitors", "    outcome: climbers",
        "      now: climbers 2020", "      before: climbers 2019",
        "    rule: climbers >= visitors_plan",
        ("      en: '{{ fig(\"climbers\", \"2020\") }} came in {{ when(\"2020\") }};"
         ' {{ fig("visitors_plan", "2020") }} were hoped for\''),
        "          - climbers", "          - climbers 2020",
        'The tower had {{ fig("climbers", "2020") }} in {{ when("2020") }}. It was first lit on',
        '{{ cards(["climbers 2020", "height", "lamp"]) }}', '{{ series("climbers") }}',
        "[Visitors](figures/climbers.html#2020), [they](tower.md#dispute-climbers-2020).",
    ]  # fmt: skip
    assert '{{ chart("visitors") }}' in after["index.md"]
    site = lighthouse.renderer()
    assert [re.sub("^climbers", "visitors", key) for key in site.facts.observations] == [*published]
    assert "(climbers.md)" in stubs(site)["visitors.md"]


def test_comments_and_examples_are_listed(lighthouse: Copy) -> None:
    page, data = lighthouse.read("docs/tower.md"), lighthouse.read("data/facts.yaml")
    lighthouse.write(
        "docs/tower.md", page + "\nVisitors: `visitors.csv`, visitors.\n\n`visitors_plan`\n"
    )
    lighthouse.write("data/facts.yaml", data + "# visitors stand above\n")
    done = lighthouse.call("rename", "visitors", "climbers")
    places = f"data/facts.yaml:{data.count(chr(10)) + 3}, docs/tower.md:{page.count(chr(10)) + 2}"
    assert f"Not changed are comments and examples: {places}.\n" in done.stdout


@pytest.mark.parametrize(("old", "new", "says"), [
    ("visitorss", "climbers", 'unknown indicator "visitorss" — did you mean visitors'),
    ("visitors", "height", '"height" is there already — choose another id'),
    ("visitors", "Climbers", '"Climbers" is no id — write small letters, digits and underscores'),
])  # fmt: skip
def test_what_cannot_be_renamed_is_refused(lighthouse: Copy, old: str, new: str, says: str) -> None:
    before = text_of(lighthouse)
    done = lighthouse.call("rename", old, new)
    assert done.returncode == 1
    assert says in done.stderr
    assert text_of(lighthouse) == before


def test_a_new_fault_leaves_all_as_it_was(lighthouse: Copy) -> None:
    before = text_of(lighthouse)
    done = lighthouse.call("rename", "visitors", "x" * 200)
    assert done.returncode == 1
    assert text_of(lighthouse) == before


def test_an_old_address_leads_to_the_new_page(lighthouse: Copy) -> None:
    assert lighthouse.call("rename", "visitors", "climbers").returncode == 0
    built = lighthouse.call("build")
    assert built.returncode == 0, built.stderr
    html = (lighthouse.site / "figures/visitors.html").read_text("utf-8")
    assert 'href="climbers.html"' in html


def test_editions_know_a_figure_by_its_old_id(lighthouse: Copy) -> None:
    assert lighthouse.call("release", "2021-05-01").returncode == 0
    assert lighthouse.call("rename", "visitors", "climbers").returncode == 0
    lighthouse.edit("data/facts.yaml", "value: 400", "value: 410")
    lighthouse.edit("data/facts.yaml", "printed: 400 climbed", "printed: 410 climbed")
    told = lighthouse.call("check").stderr
    assert '"climbers 2019" was published as 400 visitors' in told
    assert "growth" not in told  # calculated as before, from the same figure


def test_an_id_in_use_is_no_former_one(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "  height:\n", "  height:\n    formerly: [visitors]\n")
    assert '"visitors" is an indicator of its own' in lighthouse.call("check").stderr
