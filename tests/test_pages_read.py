"""A page is read once, by one rule for heads, fences, headings, calls and prose."""

from pathlib import Path

from factsheet.site.calls import Call
from factsheet.site.pages import Page, read_page
from tests.conftest import Copy


def page(folder: Path, text: str) -> Page:
    path = folder / "page.md"
    path.write_text(text, "utf-8")
    return read_page(path, folder)


def test_a_comment_in_the_head_is_no_title(tmp_path: Path) -> None:
    read = page(tmp_path, "---\n# keep in step\nhide: [toc]\n---\n\n# Gulls\n")
    assert read.title == "Gulls"
    assert [heading.line for heading in read.headings] == [6]


def test_a_comment_in_code_is_no_title(tmp_path: Path) -> None:
    assert page(tmp_path, "```\n# not this\n```\n\n# Gulls\n").title == "Gulls"


def test_headings_within_a_long_fence_begin_no_section(tmp_path: Path) -> None:
    text = "# Gulls\n\n````\n```\n# a\n```\n# b\n````\n\n## Eggs\n"
    assert [heading.words for heading in page(tmp_path, text).headings] == ["Gulls", "Eggs"]


def test_equal_headings_have_anchors_of_their_own(tmp_path: Path) -> None:
    read = page(tmp_path, "# Gulls\n\n## Eggs\n\n## Eggs { .wide }\n")
    assert [heading.anchor for heading in read.headings] == ["gulls", "eggs", "eggs_1"]


def test_calls_keep_their_lines_behind_head_and_comment(tmp_path: Path) -> None:
    text = (
        '---\ntitle: x\n---\n{# two\nlines #}\n{{ fig("a") }} {{\n  fig("b")\n}}\n{{ fig("c") }}\n'
    )
    assert [(call.args, call.line) for call in page(tmp_path, text).calls] == [
        (("a",), 6), (("b",), 6), (("c",), 9),
    ]  # fmt: skip


def test_pages_of_one_title_are_two_uses(lighthouse: Copy) -> None:
    call = '{{ fig("height") }}'
    before = len(lighthouse.renderer().used_on(lighthouse.renderer().facts.resolve("height")))
    title = lighthouse.read("docs/index.md").splitlines()[0]
    text = lighthouse.read("docs/tower.md")
    lighthouse.write("docs/tower.md", text.replace("# The tower", f"{title}\n\n{call}", 1))
    site = lighthouse.renderer()
    used = [page.name for page in site.used_on(site.facts.resolve("height"))]
    assert len(used) == before + 1
    assert used[-1] == "tower"


def test_a_typo_in_cards_leaves_other_pages_as_they_are(lighthouse: Copy) -> None:
    text = lighthouse.read("docs/index.md")
    lighthouse.write("docs/index.md", text + '\n{{ cards(["Visitors 2020", "visitors 2020"]) }}\n')
    site, faults = lighthouse.load()
    assert site
    assert len(faults) == 1
    assert "figures/height.html" in site.call(Call("figure_index"))
    assert 'class="fault"' in site.call(Call("cards", (("Visitors 2020",),)))


def test_a_text_in_any_language_is_checked(lighthouse: Copy) -> None:
    lighthouse.edit(
        "data/facts.yaml",
        "en: From the rock to the lamp.",
        "en: From the rock to the lamp.\n      ru: Высота 999 метров.",
    )
    assert [fault.what for fault in lighthouse.load()[1]] == ['"999" is typed by hand']
