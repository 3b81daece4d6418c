"""Links of the finished pages: each leads somewhere, and nothing is loaded from elsewhere."""

import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

# A link with one of these relations names an address; a browser does not load it.
NOT_LOADED = {"alternate", "canonical", "license", "next", "prev"}


def test_every_link_and_anchor_inside_the_site_exists(built_site: Path) -> None:
    # MkDocs checks links in Markdown only, lychee those in raw HTML too. The links of 404.html
    # are for a server; test_browser.py follows them.
    pages = sorted(set(built_site.rglob("*.html")) - {built_site / "404.html"})
    lychee = Path(sysconfig.get_path("scripts")) / "lychee"
    done = subprocess.run(
        [lychee, "--offline", "--include-fragments", "--no-progress", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_from_elsewhere(page: str) -> Iterator[str]:
    for element in LexborHTMLParser(page).css("[src], [srcset], link[href]"):
        if NOT_LOADED.isdisjoint((element.attributes.get("rel") or "").split()):
            addresses = [element.attributes.get(name) for name in ("src", "srcset", "href")]
            if any(re.search(r"(^|\s)(https?:)?//", address or "") for address in addresses):
                yield element.html or ""


def test_nothing_is_loaded_from_another_host(built_site: Path) -> None:
    faults = [
        f"{path}: {found}"
        for path in built_site.rglob("*.html")
        for found in loaded_from_elsewhere(path.read_text())
    ]
    faults += [
        f"{path}: {found}"
        for path in built_site.rglob("*.css")
        for found in re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)]*", path.read_text())
    ]
    assert not faults, "\n".join(faults)
