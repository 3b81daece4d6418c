"""While ``site_url`` is an address that belongs to nobody, nothing that a reader gets names it."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from factsheet.site.site import Site
from tests.conftest import Copy

REAL = "https://lighthouse.internal/gull/"
PLACEHOLDER = "https://example.org/gull/"


def test_no_page_download_or_pdf_names_a_placeholder(lighthouse: Copy) -> None:
    lighthouse.edit("mkdocs.yml", REAL, PLACEHOLDER)
    done = lighthouse.call("build")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(
        f"site_url is still a placeholder: {PLACEHOLDER} — no page, PDF or download names"
    )
    for path in lighthouse.site.rglob("*"):
        if path.suffix in {".html", ".json", ".csv", ".js", ".xml"}:
            assert PLACEHOLDER not in path.read_text("utf-8"), path
    for path in lighthouse.site.glob("pdf/*.pdf"):
        assert not named(path, PLACEHOLDER), path
    page = (lighthouse.site / "index.html").read_text("utf-8")
    assert 'rel="canonical"' not in page
    assert 'property="og:url"' not in page
    facts = json.loads((lighthouse.site / "data/facts.json").read_text("utf-8"))
    assert facts["site"] == ""
    assert facts["observations"][0]["url"] == "figures/visitors.html#2019"


def test_an_address_of_its_own_is_named(built_lighthouse: Copy) -> None:
    page = (built_lighthouse.site / "index.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{REAL}index.html">' in page
    assert f"<loc>{REAL}tower.html</loc>" in (built_lighthouse.site / "sitemap.xml").read_text()
    facts = json.loads((built_lighthouse.site / "data/facts.json").read_text("utf-8"))
    assert facts["observations"][0]["url"] == f"{REAL}figures/visitors.html#2019"
    for path in built_lighthouse.site.glob("pdf/*.pdf"):
        assert named(path, REAL), path


def named(path: Path, address: str) -> bool:
    """Whether a PDF prints an address, or links to it."""
    pages = PdfReader(path).pages
    links = [
        str(link.get_object().get("/A", {}).get("/URI"))
        for page in pages
        for link in page.get("/Annots", [])
    ]
    return any(address in text for text in (*links, *(page.extract_text() for page in pages)))


@pytest.mark.parametrize(("address", "is_own"), [
    ("https://example.org/sheet/", False),
    ("https://example.com/", False),
    ("https://facts.example.net/", False),
    ("https://sheet.example/", False),
    ("https://sheet.invalid/", False),
    ("", False),
    ("https://myexample.org/", True),
    ("https://example.org.az/", True),
    ("https://keeper.github.io/example.org/", True),
])  # fmt: skip
def test_hosts_that_belong_to_nobody(lighthouse: Copy, address: str, is_own: bool) -> None:
    read = lighthouse.renderer()
    assert Site(read.facts, [], site_url=address).public_url == (address if is_own else "")
