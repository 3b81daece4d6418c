"""Hostile text in every field: it is shown letter by letter, and nothing of it runs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.build_anyway import build_anyway
from tests.conftest import Copy
from tests.test_browser import watched_page

PERSIAN = "تولید خودرو در نفتچالا"
OURS = [
    "<script>document.title = 'run'; alert()</script>",
    "<img src=x onerror=alert()>",
    '"><svg onload=alert()></svg>',
    "</p></article></body><b>bold</b>",
    "&lt;b&gt; &amp; &quot;",
    "[link](javascript:alert()) *stars* _lines_ `ticks` ~~waves~~ ^up^ | # | \\ !",
]
"""For the texts that may hold macro calls."""
THEIRS = [
    *OURS,
    "{{ fig('cost') }} {% raw %} {# x #}",
    f"{PERSIAN} (خزر)",
    "${alert()} %3Cscript%3E",
]
"""For what sources print; nothing in it is a call."""
FREE = r"(?:printed|publisher|title|author|said_by|published_basis): "


def hostile(text: str) -> tuple[str, list[str]]:
    """The data file with hostile text in each field that takes any, and what was put there."""
    put: list[str] = []

    def quoted(words: str) -> str:
        put.append(words)
        return "'" + words.replace("'", "''") + "'"

    def theirs(match: re.Match[str]) -> str:
        return match[1] + quoted(THEIRS[len(put) % len(THEIRS)])

    def ours(match: re.Match[str]) -> str:
        return match[1] + quoted(OURS[len(put) % len(OURS)])

    text = re.sub(rf"^( +(?:- )?{FREE})\S.*$", theirs, text, flags=re.MULTILINE)
    text = re.sub(r"^((?: +)en: )(?!>)\S.*$", ours, text, flags=re.MULTILINE)
    text = text.replace(
        "    seen: in part\n", f"    seen: in part\n    note:\n      en: {quoted(OURS[1])}\n"
    )
    text = text.replace("value: lamp_2", f"value: {quoted(OURS[0])}")
    return text.replace("other: metres", f"other: {quoted(OURS[1])}"), put


@pytest.fixture
def hostile_site(lighthouse: Copy) -> tuple[Path, list[str]]:
    text, put = hostile(lighthouse.read("data/facts.yaml"))
    lighthouse.write("data/facts.yaml", text)
    strays = build_anyway(lighthouse.root)
    # Texts that all look alike are hard to tell apart where a PDF has no elements.
    assert {stray.split("/")[0] for stray in strays} <= {"pdf"}, strays
    return lighthouse.root / "build", put


def test_nothing_runs_and_everything_is_shown(
    browser: Browser,
    hostile_site: tuple[Path, list[str]],
) -> None:
    site, put = hostile_site
    assert len(put) > 30
    faults: list[str] = []
    shown = ""
    with watched_page(browser, faults) as page:
        page.on("dialog", lambda dialog: faults.append(f"{page.url}: {dialog.message} ran"))
        for path in sorted({*site.rglob("*.html")} - {site / "404.html"}):
            page.goto(path.as_uri())
            shown += " ".join(page.locator("article.md-content__inner").all_text_contents())
            odd = "script:not([type$=json]), img:not([src='assets/lamp.png']), iframe, svg[onload]"
            odd += ", [onerror], [onload], [href^=javascript]"
            found = page.locator("article.md-content__inner").locator(odd)
            faults += [
                f"{page.url}: {html}"
                for html in found.evaluate_all("all => all.map(x => x.outerHTML)")
            ]
            if page.title() == "run":
                faults.append(f"{page.url}: its title was changed")
        directions = page.locator("q.source-text").evaluate_all(
            "all => all.map(x => [x.textContent, getComputedStyle(x).direction])"
        )
    assert not faults, "\n".join(faults)
    shown = " ".join(shown.split())
    for words in set(put):
        assert " ".join(words.split()) in shown, words
    wrong = [text for text, way in directions if (way == "rtl") != text.startswith(PERSIAN)]
    assert not wrong
