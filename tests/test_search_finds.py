"""The search finds what readers type, in whatever spelling, and shows the answer in the hit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT
from tests.test_browser import watched_page

QUERIES: dict[str, Any] = yaml.safe_load((ROOT / "tests/search_queries.yaml").read_text("utf-8"))
RIGHT = 0.9
"""The share of the queries whose first hit must be the right thing."""

ASK = """async query => {
    const input = document.querySelector(".md-search__input")
    const list = document.querySelector(".md-search-result__list")
    const typed = value => {
        input.value = value
        input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
    }
    input.focus()
    typed("")
    while (list.children.length) await new Promise(requestAnimationFrame)
    typed(query)
    const meta = document.querySelector(".md-search-result__meta")
    const isDone = () => list.children.length || /No match/.test(meta.textContent)
    while (!isDone()) await new Promise(requestAnimationFrame)
    return [...list.children].map(item => [...item.querySelectorAll("a")].map(link => link.href))
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, built_site: Path) -> Iterator[Page]:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "about.html").as_uri())
        page.locator(".md-search__input").press_sequentially("cars")
        expect(page.locator(".md-search-result__link").first).to_be_attached(timeout=30_000)
        yield page
    assert not faults, "\n".join(faults)


def ask(page: Page, site: Path, query: str) -> list[list[str]]:
    """The hits page by page, each with its sections, as addresses within the site."""
    base = site.as_uri() + "/"
    found: list[list[str]] = page.evaluate(ASK, query)
    return [[link.removeprefix(base) for link in links] for links in found]


@pytest.fixture(scope="module")
def right(formerly: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Where each query should lead, also to pages whose ids were others when that was written."""
    found = {}
    for query, starts in (QUERIES["first"] | QUERIES["questions"]).items():
        moved = [
            f"figures/{new}.html"
            for old, new in formerly.items()
            if f"figures/{old}.html".startswith(tuple(starts))
        ]
        found[query] = (*starts, *moved)
    return found


def test_the_right_thing_comes_first(
    page: Page, built_site: Path, right: dict[str, tuple[str, ...]]
) -> None:
    """A hit is a page with the section of it that fits best."""
    wrong = []
    for query in QUERIES["first"]:
        hits = ask(page, built_site, query)
        first = hits[0][:2] if hits else []
        if not any(link.startswith(right[query]) for link in first):
            wrong.append(f"{query}: {first}, not {right[query]}")
    assert len(wrong) <= (1 - RIGHT) * len(QUERIES["first"]), "\n".join(wrong)


def test_whole_questions_find_the_answer(
    page: Page, built_site: Path, right: dict[str, tuple[str, ...]]
) -> None:
    firsts = {asked: ask(page, built_site, asked)[0][:2] for asked in QUERIES["questions"]}
    wrong = {
        asked: links
        for asked, links in firsts.items()
        if not any(link.startswith(right[asked]) for link in links)
    }
    assert not wrong


def test_a_hit_shows_the_value_of_the_period_asked_for(
    page: Page, built_site: Path, formerly: dict[str, str]
) -> None:
    name = formerly.get("plant_output", "plant_output")
    data = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    [asked] = (o for o in data["observations"] if o["id"] == f"{name}-2018")
    ask(page, built_site, "How many cars did the plant make in 2018?")
    hit = page.locator(f'.md-search-result__link[href*="figures/{name}.html"]').first
    text = " ".join((hit.locator("p").first.text_content() or "").split())
    number = asked["text"]["en"].removesuffix(" cars")
    assert text == f"2018: {number}" + " [disputed]" * ("disputed" in asked["status"])


@pytest.mark.parametrize("group", QUERIES["same"], ids=lambda group: str(group[0]))
def test_spellings_find_the_same(page: Page, built_site: Path, group: list[str]) -> None:
    hits = [ask(page, built_site, query) for query in group]
    assert hits[0]
    assert all(found == hits[0] for found in hits)


def test_a_hit_shows_value_period_and_state(
    page: Page, built_site: Path, formerly: dict[str, str]
) -> None:
    name = formerly.get("plant_jobs", "plant_jobs")
    data = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    ask(page, built_site, "company employs")  # words of its definition
    hit = page.locator(f'.md-search-result__link[href*="figures/{name}.html"]').first
    text = " ".join((hit.text_content() or "").split())
    # Advice says to write the count of February 2019 and nothing later.
    [leading] = (o for o in data["observations"] if o["id"] == f"{name}-2019-02~")
    assert leading["label"]["en"] in text
    assert leading["text"]["en"] in text
    assert data["dates"][leading["period"]]["en"] in text
    assert ("[disputed]" in text) == ("disputed" in leading["status"])


def test_the_index_holds_no_citations_quotations_or_editors_pages(built_site: Path) -> None:
    entries = json.loads((built_site / "search/search_index.json").read_text("utf-8"))["docs"]
    data = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    pages = {entry["location"].partition("#")[0] for entry in entries}
    assert not pages & {"editing-guide.html", "publishing.html", "reference.html"}
    figures = " ".join(e["text"] for e in entries if e["location"].startswith("figures/"))
    quoted = [
        c["printed"] for o in data["observations"] for c in o["claims"] if len(c["printed"]) > 40
    ]
    assert quoted
    assert not [words for words in quoted if words in figures]
    assert data["edition"] not in figures
    assert "BibTeX" not in figures


def test_figures_weigh_more_than_chapters_and_chapters_more_than_sources(built_site: Path) -> None:
    entries = json.loads((built_site / "search/search_index.json").read_text("utf-8"))["docs"]
    weights: dict[str, set[float]] = {}
    for entry in entries:
        page = urlsplit(entry["location"]).path
        kind = "figure" if page.startswith("figures/") else page
        weights.setdefault(kind, set()).add(entry.get("boost", 1))
    figures, sources = weights.pop("figure"), weights.pop("sources.html")
    assert min(figures) >= max(set().union(*weights.values())) == 1 > max(sources)
