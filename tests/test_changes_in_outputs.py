"""Every printed value changed at once: the finished outputs say the new words, and nothing else.

Which change goes where is proven claim by claim in ``test_changes_follow.py``, on the model and
the snippets that pages are made of. Here the whole site is built from the changed file, with
contradictions reported instead of stopping: pages, charts, search, tables of data and PDFs.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.assemble import finish, make_pages
from factsheet.audit import audit
from factsheet.finished import search_entries
from factsheet.load import load
from factsheet.project import Project
from factsheet.reckon import reckon
from tests.conftest import Copy, copy_project
from tests.test_changes_follow import FILE, edits

TAGGED = (
    ".fig, .claim-value, .late, .verdict, .state, .rank, .count, .fingerprint, .file-facts, "
    ".file-size, .page-count, .glyph, .chart-picture, .chart-key, .sparkline, .source-number"
)


def build_despite_contradictions(copy: Copy) -> Path:
    """The steps of ``factsheet build``, without what stops at a fault of the data."""
    project = Project(copy.root)
    site, _ = project.read()
    assert site
    make_pages(project, site, strict=False)
    finish(project, site)
    return project.build


def facts_of(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / "data/facts.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def changed_keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, set[str]]:
    """A copy of the project with another value in every claim, and the figures that changed."""
    copy = copy_project(tmp_path_factory.mktemp("changed") / "project")
    lines = copy.read(FILE.as_posix()).split("\n")
    keys = set()
    for key, new in edits(reckon(load(copy.root / FILE)), list(lines)):
        keys.add(key)
        for line, text in new.items():
            lines[line] = text
    copy.write(FILE.as_posix(), "\n".join(lines))
    return copy, keys


@pytest.fixture(scope="module")
def changed_site(changed_keys: tuple[Copy, set[str]]) -> Path:
    return build_despite_contradictions(changed_keys[0])


def test_the_audit_traces_every_number_of_the_changed_site(changed_site: Path) -> None:
    """So every output that says a figure says the new one, and none an old one."""
    found = audit(changed_site)
    assert not found.faults, "\n".join(map(str, found.faults[:20]))
    assert found.pdfs == 2


def test_every_changed_figure_has_new_words(
    built_site: Path, changed_site: Path, changed_keys: tuple[Copy, set[str]]
) -> None:
    before, after = (
        {o["id"]: o for o in facts_of(site)["observations"]} for site in (built_site, changed_site)
    )
    assert before.keys() == after.keys()
    same = {key for key in changed_keys[1] if before[key]["text"] == after[key]["text"]}
    assert not same


def test_the_old_words_are_gone_from_every_page_and_entry_that_cites(
    built_site: Path, changed_site: Path, changed_keys: tuple[Copy, set[str]]
) -> None:
    for path in sorted(built_site.glob("*.html")):
        old, new = (
            LexborHTMLParser((site / path.name).read_text("utf-8")).css(".fig")
            for site in (built_site, changed_site)
        )
        if path.name in {"timeline.html", "disputed-figures.html", "404.html"}:
            continue  # their order depends on the values
        for one, other in zip(old, new, strict=False):
            key = (one.attributes["data-figure"], one.attributes.get("data-period"))
            if key != (other.attributes["data-figure"], other.attributes.get("data-period")):
                break
            anchor = "-".join(filter(None, key)).replace("/", "--")
            if anchor in changed_keys[1]:
                assert one.text() != other.text(), f"{path.name}: {anchor}"


def test_nothing_else_on_the_pages_changes(built_site: Path, changed_site: Path) -> None:
    """The sentences of a page, their figures, states and source numbers left out."""
    for path in sorted(built_site.glob("*.html")):
        assert sentences(path) == sentences(changed_site / path.name), path.name


def sentences(path: Path) -> list[str]:
    article = LexborHTMLParser(path.read_text("utf-8")).css_first("article.md-content__inner")
    if article is None:
        return []
    for node in article.css(TAGGED):
        node.decompose()
    parts = [
        part
        for part in article.iter()
        if part.tag in {"h2", "ul", "ol", "p"} and not (part.attributes.get("class") or "")
    ]
    return [re.sub(r"\s+", " ", part.text()).strip() for part in parts]


def test_the_search_index_has_the_same_entries(built_site: Path, changed_site: Path) -> None:
    """All but the disputes, which come and go with the values."""
    old, new = (
        {
            location
            for entries in search_entries(site / "search/search_index.json").values()
            for location, _ in entries
            if "#dispute-" not in location
        }
        for site in (built_site, changed_site)
    )
    assert old == new
