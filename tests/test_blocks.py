"""What macros print as blocks goes past Markdown, and comes out as if it had been read."""

import re
from pathlib import Path

from tests.conftest import Copy


def marked_up(folder: Path) -> dict[str, str]:
    """The pages without the white space between tags."""
    return {
        path.name: re.sub(r">\s+<", "><", re.sub(r"\s+", " ", path.read_text("utf-8")))
        for path in sorted(folder.glob("*.html"))
    }


def test_pages_are_the_same_with_and_without(lighthouse: Copy) -> None:
    lighthouse.edit(
        "docs/index.md",
        "## Visits",
        '<div class="clash" markdown>\n\n{{ table() }}\n\n*Within* a box.\n\n</div>\n\n## Visits',
    )
    with_it = marked_up(lighthouse.build())
    lighthouse.edit("mkdocs.yml", "  - factsheet.blocks\n", "")
    without = marked_up(lighthouse.build())
    assert "<em>Within</em> a box" in with_it["index.html"]
    assert "<!--block-->" not in "".join(with_it.values())
    assert {name: page.replace("<!--block-->", "") for name, page in without.items()} == {
        name: page.replace("<!--block-->", "") for name, page in with_it.items()
    }


def test_text_between_blocks_is_read_by_markdown(lighthouse: Copy) -> None:
    page = lighthouse.read("docs/index.md")
    lighthouse.write(
        "docs/index.md",
        page + '\n{{ table() }}\n*Leaning* text.\n{{ series("visitors") }}\n\n- An item\n',
    )
    built = (lighthouse.build() / "index.html").read_text("utf-8")
    assert "<em>Leaning</em> text." in built
    assert "<li>An item</li>" in built
