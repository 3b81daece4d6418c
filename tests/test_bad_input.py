"""What a hurried editor does wrong: each fault is named with file, line and hint."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Copy

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "fixtures" / "bad_input.yaml").read_text("utf-8")
)


def messages(copy: Copy) -> list[str]:
    return [str(fault) for fault in copy.load()[1]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_fault_is_named_with_its_line_and_its_hint(
    lighthouse: Copy, case: dict[str, Any]
) -> None:
    lighthouse.edit(case["file"], case["find"], case["put"])
    assert sorted(messages(lighthouse)) == sorted([case["says"], *case.get("also", [])])


def test_all_faults_are_named_in_one_run(lighthouse: Copy) -> None:
    lighthouse.edit("docs/index.md", 'fig("lit_on")', 'fig("lit_no")')
    lighthouse.edit("docs/tower.md", 'count("sources")', 'count("sauces")')
    lighthouse.edit("data/facts.yaml", "en: From the rock", "en: All 99 from the rock")
    lighthouse.edit("mkdocs.yml", "site_name: Gull Point", "site_name: Gull Point 7")
    found = messages(lighthouse)
    assert [text.split(":")[0] for text in found] == [
        "data/facts.yaml",
        "docs/index.md",
        "docs/tower.md",
        "mkdocs.yml",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "data/facts.yaml:1: the file is empty"),
        (b"- a\n", "data/facts.yaml:1: the file does not hold fields"),
        (b"a: 1\nb: \xff\n", "data/facts.yaml:2: not UTF-8 text"),
        (b"a: " + b"x" * 64_000_000, "data/facts.yaml:1: the file is larger than 64,000 kB"),
        (b"[" * 100_000, "data/facts.yaml:1: nested too deep"),
        (b"a: 1\n---\nb: 2\n", "data/facts.yaml:2: a second document begins here"),
        (
            b"a: !!python/object:os.system x\n",
            "data/facts.yaml:1: a tag (!!python/object:os.system) — delete the tag",
        ),
        (b"a: !run x\n", "data/facts.yaml:1: a tag (!run)"),
        (b"a: &x [*x]\n", "data/facts.yaml:1: "),
        (b"\xef\xbb\xbfedition: 2020-01-01\n", 'data/facts.yaml:1: field "indicators" is missing'),
    ],
)
def test_a_file_that_is_no_data_file(lighthouse: Copy, content: bytes, says: str) -> None:
    (lighthouse.root / "data/facts.yaml").write_bytes(content)
    assert says in "\n".join(messages(lighthouse))


def test_a_missing_data_file(lighthouse: Copy) -> None:
    (lighthouse.root / "data/facts.yaml").unlink()
    assert messages(lighthouse) == ["data/facts.yaml:1: there is no such file — check the path"]


def test_pages_whose_names_differ_in_capitals_alone(lighthouse: Copy) -> None:
    lighthouse.write("docs/Tower.md", "# Another\n")
    what = 'docs/tower.md:1: but for capitals, the same name as "Tower.md" — rename one of the two'
    assert what in messages(lighthouse)


def test_a_page_that_would_be_published_unread(lighthouse: Copy) -> None:
    (lighthouse.root / "docs/more").mkdir()
    lighthouse.write("docs/more/page.md", "# All 99\n")
    hint = "keep each page directly in docs/, with the ending .md"
    what = "docs/more/page.md:1: this page would be published unread"
    assert messages(lighthouse) == [f"{what} — {hint}"]


@pytest.mark.parametrize("name", ["extra.csv", "assets/scan.png", "extra.xhtml", "index.md~"])
def test_a_file_that_nothing_reads_is_not_published(lighthouse: Copy, name: str) -> None:
    (lighthouse.root / "docs/assets").mkdir(exist_ok=True)
    lighthouse.write(f"docs/{name}", "7342")
    (found,) = messages(lighthouse)
    assert found.startswith(f"docs/{name}:1: this file would be published unread — delete it")


@pytest.mark.parametrize("target", ["/etc/hostname", "../../mkdocs.yml", "../data", "/etc"])
def test_a_link_out_of_the_project_or_to_a_folder(lighthouse: Copy, target: str) -> None:
    (lighthouse.root.parent / "mkdocs.yml").touch()
    (lighthouse.root / "docs/more.md").symlink_to(target)
    found = messages(lighthouse)
    assert found[0].startswith("docs/more.md:1: a link to a folder, or out of the project")


def test_a_broken_configuration(lighthouse: Copy) -> None:
    lighthouse.write("mkdocs.yml", "site_name: [x\n")
    assert messages(lighthouse)[0].startswith("mkdocs.yml:2: ")


def test_what_rests_on_a_broken_value_is_no_second_fault(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "- value: 250", "- value: 25O")
    assert len(messages(lighthouse)) == 1
