"""The switch that marks figures, folds that links open, and the filters of all figures."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.test_browser import HIDDEN, watched_page


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


def test_what_a_link_leads_to_is_opened(
    browser: Browser, built_site: Path, formerly: dict[str, str]
) -> None:
    faults: list[str] = []
    name = formerly.get("country_output", "country_output")
    with watched_page(browser, faults) as page:
        page.goto((built_site / f"figures/{name}.html").as_uri() + "#2018")
        expect(page.locator("tr:target details[open]")).to_have_count(1)
        page.evaluate("location.hash = '#2020'")
        expect(page.locator("tr:target details[open]")).to_have_count(1)
        page.goto((built_site / "promises.html").as_uri() + "#%")
        expect(page.locator("details[open]")).to_have_count(0)
        page.evaluate("location.hash = '#missed'")
        expect(page.locator("details[open] > summary")).to_contain_text("Missed")
    assert not faults, "\n".join(faults)


def test_filters_show_what_fits_and_say_how_many(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "all-figures.html").as_uri())
        said, rows = page.get_by_role("status"), page.locator("tr[data-topic]:visible")
        every = page.locator("tr[data-topic]").count()
        disputed = page.locator("tr[data-topic]:has(.state-disputed)").count()
        assert 0 < disputed < every
        expect(said).to_have_text(f"{every} of {every} are shown.")
        page.get_by_role("combobox", name="State").select_option("disputed")
        expect(said).to_have_text(f"{disputed} of {every} are shown.")
        assert rows.count() == disputed
        page.emulate_media(media="print")  # What is printed says that it is not all.
        expect(said).to_be_visible()
        page.emulate_media(media="screen")
        assert (
            page.locator(".topic:visible").count() == page.locator(".topic:has(tr:visible)").count()
        )
        page.set_viewport_size({"width": 390, "height": 800})
        assert rows.count() == disputed
        page.set_viewport_size({"width": 1280, "height": 800})
        page.reload()  # The choice stands in the address,
        expect(said).to_have_text(f"{disputed} of {every} are shown.")
        page.get_by_role("button", name="Show all").click()
        expect(said).to_have_text(f"{every} of {every} are shown.")
        page.get_by_label("Word or number").fill("Price Khazar SD:")
        assert [text.split("\t")[0] for text in rows.all_inner_texts()] == [
            "Price of the Khazar SD", "Price of the Khazar SD in dollars",
        ]  # fmt: skip
        page.get_by_label("Word or number").fill("16 000")
        found = rows.all_inner_texts()
        assert "Price of the Khazar SD" in {text.split("\t")[0] for text in found}
        assert len(found) < 10
        page.evaluate("location.hash = '#?topic=park'")  # and is read whenever that changes.
        expect(page.get_by_label("Word or number")).to_have_value("")
        assert {row.get_attribute("data-topic") for row in rows.all()} == {"park"}
        page.evaluate("location.hash = '#?topic=lost&colour=red'")
        expect(said).to_contain_text("topic=lost")
        expect(said).to_contain_text("colour=red")
        expect(said).to_contain_text(f"{every} of {every} are shown.")
    assert not faults, "\n".join(faults)


def test_sources_are_filtered_by_a_word(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults) as page:
        page.goto((built_site / "sources.html").as_uri())
        every, shown = page.locator(".sources > li").count(), page.locator(".sources > li:visible")
        page.get_by_label("Word or number").fill("Qarabağinfo")
        expect(page.get_by_role("status")).to_have_text(f"{shown.count()} of {every} are shown.")
        assert 0 < shown.count() < every
        assert all("qarabaginfo" in text.lower() for text in shown.all_inner_texts())
    assert not faults, "\n".join(faults)


def test_without_script_the_list_is_a_plain_table(browser: Browser, built_site: Path) -> None:
    faults: list[str] = []
    with watched_page(browser, faults, javascript=False) as page:
        page.goto((built_site / "all-figures.html").as_uri())
        for topic in page.locator("details.topic > summary").all():
            topic.click()
        every = page.locator("tr[data-topic]").count()
        assert page.locator("tr[data-topic]:visible").count() == every > 0
        assert page.locator("select").count() == 0
        assert not page.evaluate(HIDDEN)
    assert not faults, "\n".join(faults)


def test_a_button_that_copies_says_so_for_a_while(
    browser: Browser, built_site: Path, formerly: dict[str, str]
) -> None:
    faults: list[str] = []
    name = formerly.get("plant_output", "plant_output")
    with watched_page(browser, faults) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto((built_site / f"figures/{name}.html").as_uri())
        button = page.locator("[data-copies=citation]")
        label = button.inner_text()
        button.click()
        button.click()
        expect(button).not_to_have_text(label)
        page.wait_for_timeout(2500)
        assert button.inner_text() == label
    assert not faults, "\n".join(faults)
