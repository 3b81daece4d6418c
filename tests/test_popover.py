"""What a figure shows where it stands: by pointer, keyboard and touch, and without script."""

import html
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Copy
from tests.test_browser import AXE, AXE_RULES, browser, watched_page

__all__ = ["browser"]


def glances(site: Path) -> dict[str, tuple[str, list[str]]]:
    """The summary of each figure, as HTML, and the addresses of its uses."""
    text = (site / "assets/javascripts/glances.js").read_text("utf-8")
    match = re.fullmatch(r"factsheet\.glances\((.*)\);\n", text, re.DOTALL)
    assert match
    found: dict[str, tuple[str, list[str]]] = json.loads(match[1])
    return found


def words(text: str) -> str:
    return " ".join(html.unescape(text).split())


def test_summaries_say_what_the_data_says(built_site: Path) -> None:
    found = glances(built_site)
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    assert found.keys() == {urlsplit(o["url"]).fragment for o in facts["observations"]}
    for o in facts["observations"]:
        tree = LexborHTMLParser(found[urlsplit(o["url"]).fragment][0])
        shown = tree.css_first(".glance-value .fig")
        assert shown
        assert words(shown.text()) == words(o["text"]["en"])
        states = [node.text() for node in tree.css(".glance-value .state")]
        assert ("[disputed]" in states) == ("disputed" in o["status"]), o["url"]
        quote = tree.css_first("q")
        assert (quote is not None) == bool(o["claims"])
        if quote:
            assert quote.text() in [claim["printed"] for claim in o["claims"]]


def test_uses_lead_to_the_figure(built_site: Path) -> None:
    pages = {
        path.name: LexborHTMLParser(path.read_text("utf-8")) for path in built_site.glob("*.html")
    }
    seen = 0
    for key, (_, uses) in glances(built_site).items():
        for use in uses:
            page, _, anchor = use.partition("#")
            node = pages[page].css_first(f'[id="{anchor}"]')
            assert node, use
            found = node.css("[data-figure]")
            names = {
                "-".join(
                    filter(None, (n.attributes["data-figure"], n.attributes.get("data-period")))
                )
                for n in found
            }
            assert key in {name.replace("/", "--") for name in names}, use
            seen += 1
    assert seen > len(pages)


def test_hostile_text_stays_text(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "en: Height", "en: <img src=x onerror=alert()> Height")
    for text, _ in glances(lighthouse.build()).values():
        assert not LexborHTMLParser(text).css("img, script")


FIGURE = "article > p a.figure-link >> nth=1"


def test_by_pointer(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        figure, glance = page.locator(FIGURE), page.locator(".glance")
        figure.hover()
        expect(glance).to_be_visible()
        expect(glance.locator(".glance-value")).to_contain_text(figure.inner_text())
        glance.locator(".glance-value").hover()  # The pointer may move into it, and it stays.
        page.wait_for_timeout(400)
        expect(glance).to_be_visible()
        found = AXE.run(page, context=".glance", options=AXE_RULES).response["violations"]
        faults += [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]
        page.keyboard.press("Escape")
        expect(glance).to_have_count(0)
        page.mouse.move(2, 2)
        figure.hover()
        expect(glance).to_be_visible()
        page.mouse.move(2, 2)
        expect(glance).to_have_count(0)
    assert not faults, "\n".join(faults)


def test_by_keyboard(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "index.html").as_uri())
        figure, glance = page.locator(FIGURE), page.locator(".glance")
        figure.focus()
        page.keyboard.press("Shift+Tab")
        figure.focus()
        expect(glance).to_be_visible()
        described = figure.get_attribute("aria-describedby")
        assert described
        expect(page.locator(f"#{described}")).to_be_visible()
        page.keyboard.press("Tab")  # The next stop is within it,
        expect(glance.locator("a").first).to_be_focused()
        page.keyboard.press("Escape")  # and Escape leads back to the figure.
        expect(figure).to_be_focused()
        expect(glance).to_have_count(0)
    assert not faults, "\n".join(faults)


def test_by_touch(browser: Browser, built_site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    start = (built_site / "index.html").as_uri()
    page.goto(start)
    figure, glance = page.locator(FIGURE), page.locator(".glance")
    figure.tap()
    expect(glance).to_be_visible()
    expect(page).to_have_url(start)
    box = glance.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("h1").tap()
    expect(glance).to_have_count(0)
    figure.tap()
    expect(glance).to_be_visible()
    record = glance.locator(".glance-links a").first.get_attribute("href")
    figure.tap()  # The second tap follows the link.
    expect(page).to_have_url((built_site / str(record).split("#", maxsplit=1)[0]).as_uri()
                             + "#" + str(record).partition("#")[2])  # fmt: skip
    context.close()


def test_from_use_to_use(browser: Browser, built_site: Path) -> None:
    key, (_, uses) = max(glances(built_site).items(), key=lambda item: len(item[1][1]))
    faults: list[str] = []
    steps = 0
    with watched_page(browser, faults) as page:
        page.goto(f"{built_site.as_uri()}/{uses[0]}")
        for use in uses[1:4]:
            link = (
                page.locator(":target")
                .locator("xpath=self::a|.//a")
                .and_(page.locator("a.figure-link"))
            )
            if not link.count():  # It is used in a table, which has its link in another cell.
                break
            steps += 1
            link.first.hover()
            page.locator(".glance-links a", has_text="Next use").click()
            expect(page).to_have_url(f"{built_site.as_uri()}/{use}")
            expect(page.locator(":target")).to_be_visible()
        record = json.loads((built_site / "data/facts.json").read_text("utf-8"))
        address = next(o["url"] for o in record["observations"] if o["url"].endswith(f"#{key}"))
        page.goto(f"{built_site.as_uri()}/{urlsplit(address).path.rsplit('/', 1)[1]}#{key}")
        foot = page.locator(f'article.record[aria-labelledby="{key}"] .record-foot a')
        links = foot.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert links[: len(uses)] == uses
        assert steps
    assert not faults, "\n".join(faults)


def test_without_script_a_figure_is_a_link(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        page.goto((built_site / "index.html").as_uri())
        figure = page.locator(FIGURE)
        anchor = str(figure.get_attribute("href")).partition("#")[2]
        figure.click()
        expect(page.locator(f'[id="{anchor}"]')).to_be_visible()
    assert not faults, "\n".join(faults)
