"""The preview of ``mkdocs serve --dirty``: after each edit it shows what a new build would show."""

import json
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from tests.conftest import Copy

ADDRESS = "http://127.0.0.1:8000/gull/"

EDITS = {
    "a value no longer rounded": (
        "data/facts.yaml",
        "unit: m\n    measure: stock\n    claims:\n      - value: 31.5\n        rounded: true",
        "unit: m\n    measure: stock\n    claims:\n      - value: 31.5",
    ),
    "another name of a figure": ("data/facts.yaml", "en: Cost\n", "en: What it cost\n"),
    "another title of a source": (
        "data/facts.yaml",
        "title: Log book <of>",
        "title: Keepers' book <of>",
    ),
    "another title of a picture": ("data/facts.yaml", "do not agree\n", "disagree\n"),
    "prose": ("docs/index.md", "The tower had", "That year the tower had"),
    "one more call": ("docs/tower.md", "Built by", 'It cost {{ fig("cost") }}. Built by'),
    "the title of a page": ("docs/tower.md", "# The tower", "# How high it is"),
}


class Preview:
    """The builds of one ``mkdocs serve --dirty``, without its server."""

    def __init__(self, copy: Copy, site: Path) -> None:
        self.site = site
        self.config = load_config(
            str(copy.root / "mkdocs.yml"), site_dir=str(site), site_url=ADDRESS
        )
        self.config.plugins.on_startup(command="serve", dirty=True)
        build(self.config)

    def again(self) -> set[str]:
        """Build again; which pages were made again."""
        before = {path: path.stat().st_mtime_ns for path in self.site.rglob("*.html")}
        build(self.config, dirty=True)
        return {
            path.relative_to(self.site).as_posix()
            for path in self.site.rglob("*.html")
            if before.get(path) != path.stat().st_mtime_ns
        }


def shown(site: Path) -> dict[str, object]:
    """The pages and popovers, and what the search finds, in whatever order."""
    files: dict[str, object] = {
        path.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in site.rglob("*")
        if path.suffix in {".html", ".js"}
    }
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    return files | {"search": sorted(index["docs"], key=lambda entry: entry["location"])}


def test_each_edit_shows_what_a_new_build_would(lighthouse: Copy, tmp_path: Path) -> None:
    preview = Preview(lighthouse, tmp_path / "preview")
    made = {}
    for name, (file, old, new) in EDITS.items():
        lighthouse.edit(file, old, new)
        made[name] = preview.again()
        new_build = shown(Preview(lighthouse, tmp_path / name).site)
        assert shown(preview.site) == new_build, name
    figures = {name: {page for page in pages if "figures/" in page} for name, pages in made.items()}
    assert figures["a value no longer rounded"] == {"figures/height.html"}
    assert figures["prose"] == figures["another title of a picture"] == set()
    assert figures["one more call"] == {"figures/cost.html"}
    assert "lamp" not in " ".join(figures["another name of a figure"])


def test_a_preview_names_no_state_of_the_data(lighthouse: Copy, tmp_path: Path) -> None:
    page = (Preview(lighthouse, tmp_path / "preview").site / "index.html").read_text("utf-8")
    assert "1 May 2021" in page
    assert "fingerprint" not in page
