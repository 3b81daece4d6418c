"""Keyboards, and what readers ask of their systems: forced colours, less motion."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.test_browser import watched_page

# The element in focus, whether it can be seen, and whether it is marked as in focus.
IN_FOCUS = """() => {
    const element = document.activeElement
    if (element === document.body) return null
    const box = element.getClientRects()[0] || element.getBoundingClientRect()
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, 20) / 2]
    const at = document.elementFromPoint(x, y)
    const style = getComputedStyle(element)
    const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    const seen = at && (element.contains(at) || at.contains(element))
    return [element.outerHTML.slice(0, 90), Boolean(seen), marked, element.className]
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_walk_with_the_keyboard(browser: Browser, built_site: Path, width: int) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, width=width) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto((built_site / "index.html").as_uri())
        passed = []
        for step in range(400):
            page.keyboard.press("Tab")
            if (found := page.evaluate(IN_FOCUS)) is None:
                break
            if not found[1]:  # what opens when it is reached, such as the search of phones
                page.wait_for_timeout(1000)
                found = page.evaluate(IN_FOCUS)
            html, seen, marked, classes = found
            passed.append(html)
            if not seen:
                faults.append(f"step {step}: out of sight: {html}")
            if not marked and "md-search__input" not in classes:
                faults.append(f"step {step}: not marked: {html}")
        else:
            faults.append("the walk does not end")
        assert "md-skip" in passed[0]
        assert len(passed) > 50
        assert len(set(passed)) > 40
    assert not faults, "\n".join(faults)


def test_the_skip_link_leads_past_the_menu(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "production.html").as_uri())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('article') !== null")
    assert not faults, "\n".join(faults)


def test_forced_colours_leave_states_and_marks(browser: Browser, built_site: Path) -> None:
    with watched_page(browser, []) as page:
        page.emulate_media(forced_colors="active")
        page.goto((built_site / "index.html").as_uri())
        expect(page.locator(".card .state-disputed").first).to_have_text("[disputed]")
        page.get_by_role("switch").check()
        style = page.locator("article .fig").first.evaluate("e => getComputedStyle(e).outlineStyle")
    assert style == "solid"


def test_less_motion_means_none(browser: Browser, built_site: Path) -> None:
    with watched_page(browser, [], width=390) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto((built_site / "index.html").as_uri())
        moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element)
            return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none"
        }).map(element => element.outerHTML.slice(0, 80))""")
    assert not moving


def test_the_menu_of_a_phone_is_one_list(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, width=390) as page:
        page.goto((built_site / "production.html").as_uri())
        page.locator(".md-header [for=__drawer]").click()
        for link in page.locator(".md-nav--primary a.md-nav__link:not([href^='#'])").all():
            expect(link).to_be_visible()
        page.locator(".md-nav--primary a[href='park.html']").click()
        expect(page).to_have_url((built_site / "park.html").as_uri())
    assert not faults, "\n".join(faults)
