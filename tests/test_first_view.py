"""What a page loads and may load: its weight, its steadiness, and its policy."""

import gzip
import re
from pathlib import Path

from playwright.sync_api import Browser, Request
from selectolax.lexbor import LexborHTMLParser

from tests.test_browser import moves, page_files, served_site, watched_page

__all__ = ["served_site"]

BUDGET = 150_000
"""Bytes of a first view: the page, its style sheets, scripts and pictures, compressed."""

NO_ENTRIES = {
    "config": {"lang": ["en"], "separator": r"\s+", "pipeline": [], "fields": {}},
    "docs": [],
}
"""An index of the search in which nothing is found."""


def test_the_first_view_of_every_page_is_light_and_steady(
    browser: Browser, served_site: tuple[str, Path]
) -> None:
    """On a phone; ``test_browser.py`` sees whether pages are steady in a wide window."""
    address, site = served_site
    faults: list[str] = []
    compressed: dict[str, int] = {}

    def size(request: Request) -> int:
        if request.resource_type not in {"document", "stylesheet", "script", "image", "font"}:
            return 0  # The search index is fetched when the page stands.
        name = request.url.removeprefix(f"{address}/").split("?")[0]
        if name not in compressed:
            compressed[name] = len(gzip.compress((site / name).read_bytes(), 6))
        return compressed[name]

    with watched_page(browser, faults, width=390) as page:
        # The search reads its index in a thread of its own, which is not what is looked at.
        page.route("**/search/search_index.json", lambda route: route.fulfill(json=NO_ENTRIES))
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))
        for path in page_files(site):
            asked.clear()
            page.goto(f"{address}/{path.relative_to(site)}", wait_until="load")
            weight = sum(size(request) for request in asked)
            assert weight > 50_000
            if weight > BUDGET:
                faults.append(f"{path.name}: {weight} bytes, {BUDGET} are allowed")
            faults += moves(page)
    assert not faults, "\n".join(faults)


def policy(page: Path) -> dict[str, str]:
    """The content security policy of a page, by directive."""
    tree = LexborHTMLParser(page.read_text("utf-8"))
    node = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
    assert node, page.name
    parts = [part.strip().partition(" ") for part in str(node.attributes["content"]).split(";")]
    return {name: sources for name, _, sources in parts}


def test_every_page_has_a_policy_and_servers_get_it_too(built_site: Path) -> None:
    headers = (built_site / "_headers").read_text("utf-8")
    for path in sorted(built_site.rglob("*.html")):
        found = policy(path)
        assert found["default-src"] == "'none'"
        assert "unsafe" not in " ".join(found.values())
        for digest in re.findall(r"'sha256-[^']+'", found["script-src"]):
            assert digest in headers
        text = path.read_text("utf-8")
        assert "<script" not in text.partition("Content-Security-Policy")[0]
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert f"\n  {name}: " in headers


def test_what_the_policy_does_not_allow_is_refused(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        page.evaluate("""() => {
            const script = document.createElement("script")
            script.textContent = "window.ran = true"
            document.body.append(script)
        }""")
        assert page.evaluate("window.ran") is None
    assert len(faults) == 1
    assert "Content Security Policy" in faults[0]


def test_links_to_sources_tell_what_they_are(built_site: Path) -> None:
    for path in sorted(built_site.rglob("*.html")):
        tree = LexborHTMLParser(path.read_text("utf-8"))
        for link in tree.css('article a[href^="http"]'):
            if link.css_matches(".find, .address, .sources a"):
                assert link.attributes["rel"] == "noopener nofollow external"
        assert not tree.css('a[target="_blank"]:not([rel~="noopener"])')
