"""The finished pages in a real browser, opened as files: looks, access, search, other hosts."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect
from selectolax.lexbor import LexborHTMLParser

AXE: str = Axe().axe_script
# The parts of a picture are one image to whoever hears it; test_charts.py sees to its colours.
OUTSIDE_PICTURES = {"exclude": [".chart-picture svg > g"]}
AXE_RULES = {
    "preload": False,  # it would fetch the style sheets, which a page opened as a file may not
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

# The rules that look at each text's colours take seconds on long pages. Of elements that look
# alike, as far as their colours and the classes of all that they stand in tell, they take three.
COLOUR_RULES = {"color-contrast": "*", "link-in-text-block": "a[href]"}
RUN_AXE = """([rules, context, options]) => {
    const looks = new Map(), often = {}
    for (const element of document.querySelectorAll("*")) {
        const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(element)
        const own = [element.localName, ...element.classList]
        const within = looks.get(element.parentElement)
        const look = [within, own, color, backgroundColor, fontSize, fontWeight].join()
        looks.set(element, look)
        often[look] = (often[look] ?? 0) + 1
        if (often[look] > 3) element.dataset.again = ""
    }
    const narrowed = Object.entries(rules).map(
        ([id, selector]) => ({ id, selector: `${selector}:not([data-again])` }))
    axe.configure({ rules: narrowed })
    return axe.run(context, options).then(found => found.violations)
}"""

# What of the article reaches over the right edge of the window and cannot be scrolled to.
CUT_OFF = """() => [...document.querySelectorAll("article *")].filter(element => {
    if (element.getBoundingClientRect().right <= innerWidth + 1) return false
    if (!element.checkVisibility() || element.closest("svg")) return false
    for (let box = element; box.tagName !== "ARTICLE"; box = box.parentElement)
        if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return false
    return true
}).map(element => element.outerHTML.slice(0, 80))"""

HIDDEN = """() => [...document.querySelectorAll(".md-content__inner > :not(script)")]
    .filter(element => element.textContent.trim() && !element.checkVisibility())
    .filter(element => !element.parentElement.closest("details:not([open])"))
    .map(element => element.textContent.slice(0, 80))"""

SHIFTS = """() => new Promise(resolve => {
    let sum = 0
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
    }).observe({ type: "layout-shift", buffered: true })
    setTimeout(() => resolve(sum), 300)
})"""

SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def served_site(
    built_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Address and folder of the site on a local server, below the path of its public address."""
    canonical = LexborHTMLParser((built_site / "index.html").read_text()).css_first(
        "link[rel=canonical]"
    )
    address = canonical.attributes["href"] or "" if canonical else ""  # none, or a placeholder
    base = Path(urlsplit(address).path or "/index.html").parent
    root = tmp_path_factory.mktemp("served")
    site = root / base.relative_to("/")
    if site == root:
        root = site = built_site
    else:
        site.parent.mkdir(parents=True, exist_ok=True)
        site.symlink_to(built_site)

    class Handler(SimpleHTTPRequestHandler):
        error_message_format = (site / "404.html").read_text().replace("%", "%%")
        error_content_type = "text/html; charset=utf-8"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name that the server calls it by
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{base}".rstrip("/"), site
        server.shutdown()
        thread.join()


@cache
def window(browser: Browser, *, javascript: bool, touch: bool) -> BrowserContext:
    """A window that tests share, each with a tab of its own: to open one takes a second."""
    context = browser.new_context(java_script_enabled=javascript, has_touch=touch)
    context.new_page()  # with its last tab, a window closes
    return context


@contextmanager
def watched_page(
    browser: Browser,
    faults: list[str],
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    javascript: bool = True,
    touch: bool = False,
) -> Iterator[Page]:
    """A page that writes each message of an error, and each request to another host, to faults."""
    context = window(browser, javascript=javascript, touch=touch)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def refuse(route: Route) -> None:
        faults.append(f"{page.url}: asks for {route.request.url}")
        route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{page.url}: console: {message.text}")

    page.route(re.compile(r"^(?!file:|data:|blob:|about:|http://127\.0\.0\.1:)"), refuse)
    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error.message}"))
    try:
        yield page
    finally:
        page.evaluate("localStorage.clear()")
        page.close()
        context.clear_permissions()


def axe_faults(page: Page, *, within: str = "", colours_only: bool = False) -> list[str]:
    """What axe finds on a page, or in the part of it that a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    context = {"include": [within]} if within else OUTSIDE_PICTURES
    colours = {"runOnly": {"type": "rule", "values": [*COLOUR_RULES]}}
    options = AXE_RULES | (colours if colours_only else {})
    return [
        f"{page.url}: axe {rule['id']}: {node['html'][:120]}"
        for rule in page.evaluate(RUN_AXE, [COLOUR_RULES, context, options])
        for node in rule["nodes"]
    ]


def page_files(site: Path) -> list[Path]:
    """The pages to be looked at, as files: every chapter, and a sample of the figures' pages.

    Not 404.html, whose links are for a server only.
    """
    return sorted({*site.glob("*.html"), *figure_pages(site)} - {site / "404.html"})


def figure_pages(site: Path) -> list[Path]:
    """Of the pages made from one template, the heaviest, then the first of each sort."""
    pages = sorted(site.glob("figures/*.html"), key=lambda path: (-path.stat().st_size, path.name))
    if not pages:
        return []
    facts = json.loads((site / "data/facts.json").read_text("utf-8"))
    of_page: dict[str, list[dict[str, Any]]] = {}
    for o in facts["observations"]:
        of_page.setdefault(o["indicator"], []).append(o)
    sorts: dict[str, Callable[[list[dict[str, Any]]], bool]] = {
        "a series": lambda found: len(found) > 2,
        "disputed": lambda found: any("disputed" in o["status"] for o in found),
        "calculated": lambda found: any(o["inputs"] for o in found),
        "planned": lambda found: any("planned" in o["status"] for o in found),
        "a name": lambda found: found[0]["unit"] == "name",
        "a date": lambda found: found[0]["unit"] == "date",
        "one claim": lambda found: len(found) == len(found[0]["claims"]) == 1,
    }
    firsts = {
        sort: next(key for key in sorted(of_page) if has(of_page[key]))
        for sort, has in sorts.items()
    }
    return [pages[0], *(site / f"figures/{key}.html" for key in firsts.values())]


def kinds_of_pages(site: Path) -> list[Path]:
    """One page of each kind: the start, a chapter with pictures and tables, lists, a figure's."""
    names = ("index", "production", "disputed-figures", "all-figures")
    return [*(site / f"{name}.html" for name in names), *figure_pages(site)[:1]]


def fits(page: Page) -> list[str]:
    """What of a page its window does not show."""
    width = page.evaluate("innerWidth")
    faults = [f"{page.url}: at {width}: cut off: {html}" for html in page.evaluate(CUT_OFF)]
    if page.evaluate(SCROLLS_SIDEWAYS):
        faults.append(f"{page.url}: is wider than a window of {width}")
    return faults


def moves(page: Page) -> list[str]:
    """Whether a page just opened moves under the eyes of its reader."""
    moved = page.evaluate(SHIFTS)
    return [f"{page.url}: moved by {moved:.3f}"] if moved > 0.01 else []


def looked_at(
    page: Page, path: Path, scheme: Literal["light", "dark"], zooms: tuple[int, ...] = ()
) -> list[str]:
    """What is wrong with the looks of a page, zoomed in too, and for those who do not see it."""
    page.goto(path.as_uri())
    faults = moves(page) if zooms else []
    faults += fits(page)
    shown = page.locator("body").get_attribute("data-md-color-scheme")
    if shown != {"light": "default", "dark": "slate"}[scheme]:
        faults.append(f"{page.url}: shows the colours {shown} to a {scheme} system")
    size = page.viewport_size
    assert size
    for zoom in zooms:
        page.set_viewport_size({"width": size["width"] // zoom, "height": size["height"] // zoom})
        faults += fits(page)
    page.set_viewport_size(size)
    # The theme changes nothing but colours.
    return faults + axe_faults(page, colours_only=scheme == "dark")


PARTS = 4
"""Into which the pages are parted, so that workers share them."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_opened_as_a_file(browser: Browser, built_site: Path, part: int) -> None:
    """As it comes, and at twice and four times its size, as WCAG 1.4.10 wants."""
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        for path in page_files(built_site)[part::PARTS]:
            faults += looked_at(page, path, "light", zooms=(2, 4))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280), ("dark", 390)])
def test_each_kind_of_page_in_every_other_mode(
    browser: Browser, built_site: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, width=width, scheme=scheme) as page:
        for path in kinds_of_pages(built_site):
            faults += looked_at(page, path, scheme)
    assert not faults, "\n".join(faults)


def test_pages_without_javascript(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        for path in page_files(built_site):
            page.goto(path.as_uri())
            expect(page.locator("article h1")).to_be_visible()
            faults += [f"{page.url}: hidden: {text}" for text in page.evaluate(HIDDEN)]
        page.goto((built_site / "index.html").as_uri())
        page.locator(".md-nav--primary a[href='about.html']").first.click()
        expect(page).to_have_url((built_site / "about.html").as_uri())
    assert not faults, "\n".join(faults)


@pytest.fixture(params=["as built", "another folder", "server"])
def address(
    request: pytest.FixtureRequest,
    built_site: Path,
    served_site: tuple[str, Path],
    tmp_path: Path,
) -> str:
    """The address of the site's folder, in each of the ways that a reader may open it."""
    if request.param == "server":
        return served_site[0]
    if request.param == "another folder":
        folder = tmp_path / "Neftçala – əlavə & 'fact sheet' (copy)"
        return shutil.copytree(built_site, folder, copy_function=os.link).as_uri()
    return built_site.as_uri()


def test_search_leads_to_a_record(browser: Browser, built_site: Path, address: str) -> None:
    facts = json.loads((built_site / "data/facts.json").read_text())
    label = facts["observations"][0]["label"]["en"]
    page_of_it = f"figures/{facts['observations'][0]['indicator']}.html"
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto(f"{address}/about.html")
        page.locator(".md-search__input").fill(label[:-1])
        page.locator(".md-search__input").press_sequentially(label[-1])
        results = page.locator(".md-search-result__link")
        expect(results.first).to_be_visible()
        links = cast(list[str], results.evaluate_all("links => links.map(link => link.href)"))
        found = [link for link in links if urlsplit(link).path.endswith(page_of_it)]
        assert found, f"no record of {label!r} among {links}"
        if address == built_site.as_uri():  # the list looks the same everywhere
            faults += axe_faults(page)
        page.goto(found[0])
        expect(page.locator("h1")).to_have_text(label)
    assert not faults, "\n".join(faults)


def test_a_wrong_address_leads_on(browser: Browser, served_site: tuple[str, Path]) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        response = page.goto(f"{served_site[0]}/no/such/page.html")
        assert response
        assert response.status == 404
        faults += axe_faults(page)
        page.locator("article li a").first.click()
        expect(page).to_have_url(f"{served_site[0]}/index.html")
    # The browser notes the status of the page itself; a missing style sheet would be a second note.
    assert len(faults) == 1, "\n".join(faults)


def test_the_sample_has_each_sort_of_figure(built_site: Path, tmp_path: Path) -> None:
    shutil.copytree(built_site / "data", tmp_path / "data")
    (tmp_path / "figures").mkdir()
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    names = sorted({o["indicator"] for o in facts["observations"]})
    for number, name in enumerate(names):
        (tmp_path / f"figures/{name}.html").write_text("x" * (number == 7))
    sample = figure_pages(tmp_path)
    assert sample[0].stem == names[7]
    assert 5 < len(set(sample)) <= 8
