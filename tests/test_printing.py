"""Ctrl+P on a page: all of it on paper, nothing cut off, addresses readable."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.test_pdf import plain

WIDTH_ON_A4 = 688  # 182 mm, at 96 pixels an inch


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": WIDTH_ON_A4, "height": 1000})
    yield page
    page.close()


@pytest.mark.parametrize("name", ["plans-and-outcomes", "sources", "about"])
def test_a_page_prints_whole(
    browser_page: Page, built_site: Path, tmp_path: Path, name: str
) -> None:
    browser_page.goto((built_site / f"{name}.html").as_uri())
    browser_page.emulate_media(media="print")
    too_wide = browser_page.evaluate(
        "[...document.querySelectorAll('article *')].filter(element =>"
        " element.getBoundingClientRect().right > document.documentElement.clientWidth + 1"
        " && element.getClientRects().length).length"
    )
    assert too_wide == 0
    folded = "article details:not([data-only], [data-only] *) :is(td, li)"
    for cell in browser_page.locator(folded).all()[:40]:
        assert cell.is_visible()
    path = tmp_path / "page.pdf"
    browser_page.pdf(path=path, format="A4", prefer_css_page_size=True)
    printed = "".join(plain(page.extract_text()) for page in PdfReader(path).pages[:4])
    title = browser_page.locator("h1").first.evaluate("node => node.firstChild.textContent")
    assert plain(title) in printed


def test_what_was_dark_on_the_screen_is_dark_on_white_paper(
    browser_page: Page, built_site: Path
) -> None:
    browser_page.emulate_media(media="screen", color_scheme="dark")
    browser_page.goto((built_site / "production.html").as_uri())
    assert browser_page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    colours = "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
    light_text, dark_ground = browser_page.locator("article p").first.evaluate(colours)
    browser_page.emulate_media(media="print", color_scheme="dark")
    printed = browser_page.locator("article p").first.evaluate(colours)
    browser_page.emulate_media(media="screen", color_scheme="light")
    expect(browser_page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    assert printed == [
        browser_page.locator("article p").first.evaluate(colours)[0],
        "rgb(255, 255, 255)",
    ]
    assert light_text != printed[0]
    assert dark_ground != printed[1]
