"""The search finds a figure's record by its value and by who printed it."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.test_browser import browser, watched_page

__all__ = ["browser"]


@pytest.mark.parametrize("by", ["value", "source"])
def test_the_search_finds_records(browser: Browser, built_site: Path, by: str) -> None:
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    observation = max(facts["observations"], key=lambda o: len(o["claims"]))
    source = next(s for s in facts["sources"] if s["id"] == observation["claims"][0]["source"])
    wanted = {"value": observation["forms"]["value"]["en"], "source": source["publisher"]}[by]
    anchors = {urlsplit(o["url"]).fragment for o in facts["observations"]}
    anchors |= {o["indicator"] for o in facts["observations"]}
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "about.html").as_uri())
        page.locator(".md-search__input").press_sequentially(wanted)
        results = page.locator(".md-search-result__link")
        expect(results.first).to_be_attached(timeout=30_000)
        links = results.evaluate_all("links => links.map(link => link.href)")
        assert [link for link in links if urlsplit(link).fragment in anchors], links
    assert not faults, "\n".join(faults)
