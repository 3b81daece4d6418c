"""The switch that marks figures, and the filters on the list of all figures."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.test_browser import HIDDEN, browser, watched_page

__all__ = ["browser"]


def background(figure: Locator) -> str:
    return str(figure.evaluate("element => getComputedStyle(element).backgroundColor"))


def test_the_switch_marks_every_figure_and_is_remembered(
    browser: Browser, built_site: Path
) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "production.html").as_uri())
        switch, figure = page.get_by_role("switch"), page.locator("article .fig").first
        plain = background(figure)
        switch.focus()
        page.keyboard.press("Space")
        expect(switch).to_be_checked()
        assert background(figure) != plain
        expect(page.locator(".show-marks p")).to_be_visible()
        page.goto((built_site / "park.html").as_uri())
        expect(page.get_by_role("switch")).to_be_checked()
        page.get_by_role("switch").uncheck()
        page.reload()
        expect(page.get_by_role("switch")).not_to_be_checked()
        page.goto((built_site / "publishing.html").as_uri())
        expect(page.get_by_role("switch")).to_have_count(0)  # It has no figures.
    assert not faults, "\n".join(faults)


def test_the_switch_works_without_script(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        page.goto((built_site / "production.html").as_uri())
        figure = page.locator("article .fig").first
        plain = background(figure)
        page.get_by_role("switch").check()
        assert background(figure) != plain
    assert not faults, "\n".join(faults)


def test_filters_show_what_fits_and_say_how_many(browser: Browser, built_site: Path) -> None:
    data = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    observations = data["observations"]
    disputed = sum("disputed" in o["status"] for o in observations)
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "all-figures.html").as_uri())
        said, rows = page.get_by_role("status"), page.locator("tr[data-topic]:visible")
        expect(said).to_have_text(f"{len(observations)} of {len(observations)} figures are shown.")
        page.get_by_role("combobox", name="State").select_option("disputed")
        expect(said).to_have_text(f"{disputed} of {len(observations)} figures are shown.")
        assert rows.count() == disputed
        assert all("[disputed]" in text for text in rows.all_inner_texts())
        for label in ("Topic", "Measure", "Stance", "Year"):
            select = page.get_by_role("combobox", name=label)
            shown = rows.count()
            value = str(select.locator("option:not([value=''])").first.get_attribute("value"))
            select.select_option(value)
            assert rows.count() <= shown
            select.select_option("")
            assert rows.count() == shown
        page.reload()  # The choice stands in the address.
        expect(said).to_have_text(f"{disputed} of {len(observations)} figures are shown.")
        page.get_by_role("button", name="Show all").click()
        expect(said).to_have_text(f"{len(observations)} of {len(observations)} figures are shown.")
    assert not faults, "\n".join(faults)


def test_without_script_the_list_is_a_plain_table(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        page.goto((built_site / "all-figures.html").as_uri())
        assert (
            page.locator("tr[data-topic]:visible").count() == page.locator("tr[data-topic]").count()
        )
        assert page.locator("select").count() == 0
        assert not page.evaluate(HIDDEN)
    assert not faults, "\n".join(faults)
