"""What a figure shows where it stands: by pointer, keyboard and touch, and without script."""

import html
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Copy
from tests.sheets import popovers_in
from tests.test_browser import axe_faults, watched_page


def words(text: str) -> str:
    return " ".join(html.unescape(text).split())


def test_summaries_say_what_the_data_says(built_site: Path) -> None:
    found = popovers_in(built_site)
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    assert found.keys() == {o["id"] for o in facts["observations"]}
    for o in facts["observations"]:
        tree = LexborHTMLParser(found[o["id"]])
        shown = tree.css_first(".popover-value .fig")
        assert shown
        assert words(shown.text()) == words(o["text"]["en"])
        states = [node.text() for node in tree.css(".popover-value .state")]
        assert ("[disputed]" in states) == ("disputed" in o["status"]), o["url"]
        quote = tree.css_first("q")
        assert (quote is not None) == bool(o["claims"])
        if quote:
            assert quote.text() in [claim["printed"] for claim in o["claims"]]


def test_hostile_text_stays_text(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "en: Height", "en: <img><script>alert()</script> Height")
    for text in popovers_in(lighthouse.build()).values():
        assert not LexborHTMLParser(text).css("img, script")


FIGURE = "article > p a.figure-link >> nth=1"


def test_by_pointer(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        figure, popover = page.locator(FIGURE), page.locator(".popover")
        figure.hover()
        expect(popover).to_be_visible()
        expect(popover.locator(".popover-value")).to_contain_text(figure.inner_text())
        popover.locator(".popover-value").hover()  # The pointer may move into it, and it stays.
        page.wait_for_timeout(400)
        expect(popover).to_be_visible()
        faults += axe_faults(page, within=".popover")
        page.keyboard.press("Escape")
        expect(popover).to_have_count(0)
        page.mouse.move(2, 2)
        figure.hover()
        expect(popover).to_be_visible()
        page.mouse.move(2, 2)
        expect(popover).to_have_count(0)
    assert not faults, "\n".join(faults)


def test_by_keyboard(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        figure, popover = page.locator(FIGURE), page.locator(".popover")
        figure.focus()
        page.keyboard.press("Shift+Tab")
        figure.focus()
        expect(popover).to_be_visible()
        described = figure.get_attribute("aria-describedby")
        assert described
        expect(page.locator(f"#{described}")).to_be_visible()
        page.keyboard.press("Tab")  # The next stop is within it,
        expect(popover.locator("a").first).to_be_focused()
        page.keyboard.press("Escape")  # and Escape leads back to the figure.
        expect(figure).to_be_focused()
        expect(popover).to_have_count(0)
    assert not faults, "\n".join(faults)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with watched_page(browser, [], width=390, touch=True) as page:
        yield page


def test_by_touch(phone: Page, built_site: Path) -> None:
    page = phone
    start = (built_site / "index.html").as_uri()
    page.goto(start)
    figure, popover = page.locator(FIGURE), page.locator(".popover")
    figure.tap()
    expect(popover).to_be_visible()
    expect(page).to_have_url(start)
    box = popover.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("h1").tap()
    expect(popover).to_have_count(0)
    figure.tap()
    expect(popover).to_be_visible()
    record = popover.locator(".popover-links a").first.get_attribute("href")
    figure.tap()  # The second tap follows the link.
    expect(page).to_have_url(str(record))


@pytest.mark.parametrize("how", ["blocked", "late", "of another edition", "without the figure"])
def test_a_tap_is_never_swallowed(phone: Page, built_site: Path, how: str) -> None:
    """Where the popover cannot be shown, the link is followed; the next tap may have it."""
    page, scripts = phone, "**/figures/*.js*"
    held = []

    def answer(route: Route) -> None:
        if how == "blocked":
            route.abort()
        elif how == "late":
            held.append(route)
        else:
            name = Path(urlsplit(route.request.url).path).name
            text = (built_site / "figures" / name).read_text("utf-8")
            old, new = (
                (' value=\\"', ' value=\\"9')
                if how == "of another edition"
                else ('": "<p', '-": "<p')
            )
            assert old in text
            route.fulfill(body=text.replace(old, new), content_type="text/javascript")

    page.route(scripts, answer)
    start = (built_site / "index.html").as_uri()
    page.goto(start)
    figure, popover = page.locator(FIGURE), page.locator(".popover")
    address = figure.evaluate("link => link.href")
    figure.tap()
    expect(page).to_have_url(address)
    page.unroute(scripts)
    page.goto(start)
    figure.tap()
    expect(popover).to_be_visible()
    expect(page).to_have_url(start)


def test_data_that_comes_when_the_pointer_has_left_shows_nothing(
    browser: Browser, built_site: Path
) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.route("**/figures/*.js*", late)
        page.goto((built_site / "index.html").as_uri())
        with page.expect_request_finished(lambda request: "/figures/" in request.url):
            page.locator(FIGURE).hover()
            page.wait_for_timeout(200)
            page.mouse.move(2, 2)
        page.wait_for_timeout(200)
        expect(page.locator(".popover")).to_have_count(0)
    assert not faults, "\n".join(faults)


def test_links_of_a_popover_lead_from_every_folder(
    browser: Browser, built_site: Path, formerly: dict[str, str]
) -> None:
    faults: list[str] = []
    name = formerly.get("plant_output", "plant_output")
    with watched_page(browser, faults) as page:
        page.goto((built_site / f"figures/{name}.html").as_uri())
        link = page.locator("article a.figure-link:has([data-figure])").first
        link.scroll_into_view_if_needed()
        link.hover()
        links = page.locator(".popover a")
        expect(links.first).to_be_visible()
        found = links.evaluate_all("links => links.map(link => link.href)")
        assert found
        for address in found:
            path = Path(unquote(urlsplit(address).path))
            assert path.is_file(), address
            assert path.is_relative_to(built_site), address
    assert not faults, "\n".join(faults)


def test_a_button_closes_it(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        figure, popover = page.locator(FIGURE), page.locator(".popover")
        figure.hover()
        popover.get_by_role("button", name="Close").click()
        expect(popover).to_have_count(0)
        expect(figure).to_be_focused()
    assert not faults, "\n".join(faults)


def test_without_script_a_figure_is_a_link(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        page.goto((built_site / "index.html").as_uri())
        figure = page.locator(FIGURE)
        address = str(figure.get_attribute("href"))
        figure.click()
        expect(page).to_have_url(f"{built_site.as_uri()}/{address}")
    assert not faults, "\n".join(faults)
