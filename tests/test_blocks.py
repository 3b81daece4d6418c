"""What macros print as blocks goes past Markdown, and stands on the page as it was printed."""

import re
from pathlib import Path

from tests.build_anyway import build_anyway
from tests.conftest import Copy


def marked_up(folder: Path) -> dict[str, str]:
    """The pages without the white space between tags."""
    return {
        path.relative_to(folder).as_posix(): re.sub(r">\s+<", "><", path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def test_pages_are_the_same_without_it(lighthouse: Copy, built_lighthouse: Copy) -> None:
    with_it = marked_up(built_lighthouse.site)
    lighthouse.edit("mkdocs.yml", "  - factsheet.site.blocks\n", "")
    strays = build_anyway(lighthouse.root)
    # The comment stands before the first heading: the index takes it for a section of its own.
    assert {stray.split(":")[0] for stray in strays} == {"search/search_index.json"}
    without = marked_up(lighthouse.root / "build")
    assert "<!--block-->" in without["tower.html"]
    assert with_it == {name: page.replace("<!--block-->", "") for name, page in without.items()}


def test_text_around_blocks_is_read_by_markdown(lighthouse: Copy) -> None:
    page = lighthouse.read("docs/index.md")
    series = '{{ series("visitors") }}'
    box = f'<div class="clash" markdown>\n\n{series}\n\n*Within* a box.\n\n</div>'
    lighthouse.write("docs/index.md", f"{page}\n{series}\n*Leaning* text.\n{box}\n\n- An item\n")
    built = marked_up(lighthouse.build())["index.html"]
    assert "<em>Leaning</em> text." in built
    assert "<em>Within</em> a box." in built
    assert "<li>An item</li>" in built
    tables = re.findall(r'<table class="figures series"><caption>Visitors<.*?</table>', built)
    assert len(tables) == 3
    assert tables[1].count("<tr") == tables[2].count("<tr") == tables[0].count("<tr") > 1
    assert '<div class="clash"><table' in built
