"""The trace names every printed number with its place and its figure."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit.audit import audit
from tests.conftest import Copy

DIGITS = re.compile(r"\d+")
NOT_TRACED = "pre, code, script, style, svg, .file-facts"
Rows = dict[str, list[list[str]]]


def read(site: Path) -> Rows:
    trace = json.loads((site / "data/trace.json").read_text("utf-8"))
    assert trace["columns"] == ["place", "kind", "of", "says"]
    outputs: Rows = trace["outputs"]
    return outputs


def digits(rows: list[list[str]]) -> Counter[str]:
    return Counter(found for row in rows for found in DIGITS.findall(row[3]))


@pytest.fixture(scope="module")
def real(built_site: Path) -> Rows:
    return read(built_site)


def test_every_number_of_the_text_of_a_page_is_named(built_site: Path, real: Rows) -> None:
    for path in [*built_site.glob("*.html"), *built_site.glob("figures/plant_*.html")]:
        article = LexborHTMLParser(path.read_text("utf-8")).css_first("article")
        if article is None:
            continue
        for node in article.css(NOT_TRACED):
            node.decompose()
        rows = real.get(path.relative_to(built_site).as_posix(), [])
        printed = Counter(DIGITS.findall(article.text(separator=" ")))
        assert printed - digits(rows) == Counter(), path.name


def test_a_place_is_an_anchor_of_the_page(built_site: Path, real: Rows) -> None:
    ids = re.findall(r'id="([^"]*)"', (built_site / "production.html").read_text("utf-8"))
    rows = [row for row in real["production.html"] if row[1] == "fig"]
    assert len(rows) > 20
    assert {row[0] for row in rows} <= {*ids, ""}


def test_every_number_of_a_pdf_is_named_with_its_page(built_site: Path, real: Rows) -> None:
    """The sheet, which is short: the booklet and the records are traced by the same means."""
    (path,) = built_site.glob("pdf/*-fact-sheet.pdf")
    rows = real[f"pdf/{path.name}"]
    (page,) = PdfReader(path).pages
    text = page.extract_text()
    assert len(text) > 2000
    # Two programs set labels of a picture next to each other in their own ways.
    printed, traced = (Counter(filter(str.isdigit, t)) for t in (text, str([r[3] for r in rows])))
    assert printed == traced
    assert {row[0] for row in rows} == {"1"}


def test_every_figure_with_a_number_is_in_the_trace_of_the_records(
    built_site: Path, real: Rows
) -> None:
    facts: dict[str, Any] = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    (name,) = (file for file in real if file.endswith("-records.pdf"))
    told: dict[str, Counter[str]] = {}
    for row in real[name]:
        told.setdefault(row[2], Counter()).update(DIGITS.findall(row[3]))
    for o in facts["observations"]:
        reference = " ".join(filter(None, (o["indicator"], o["period"])))
        wanted = {*DIGITS.findall(o["text"]["en"])}
        assert wanted <= told.get(reference, Counter()).keys(), reference


@pytest.mark.parametrize(("place", "kind", "of", "says"), [
    ("3", "fig", "visitors 2020", "250"),
    ("3", "fig", "lit_on", "1901"),
    ("3", "source-no", "log-book", "1"),
    ("3", "name", "lamp_2", "2"),
])  # fmt: skip
def test_the_booklet_names_figures_page_by_page(
    built_lighthouse: Copy, place: str, kind: str, of: str, says: str
) -> None:
    rows = read(built_lighthouse.site)["pdf/gull-point-booklet.pdf"]
    assert [place, kind, of, says] in rows
    assert (
        says
        in PdfReader(built_lighthouse.site / "pdf/gull-point-booklet.pdf")
        .pages[int(place) - 1]
        .extract_text()
    )


def test_the_audit_of_a_finished_site_gives_its_trace(built_lighthouse: Copy) -> None:
    told = audit(built_lighthouse.site).trace
    assert told == (built_lighthouse.site / "data/trace.json").read_text("utf-8")
