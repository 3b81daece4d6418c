"""The engine on another subject: a lighthouse, with every kind of entry once."""

import json
import re

from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Copy


def text_of(html: str) -> str:
    node = LexborHTMLParser(html).css_first("article")
    assert node
    return re.sub(r"\s+", " ", node.text(separator=" ")).replace(" ,", ",").replace(" .", ".")


def test_a_fact_sheet_on_another_subject_is_built(built_lighthouse: Copy) -> None:
    site = built_lighthouse.site
    start = text_of((site / "index.html").read_text("utf-8"))
    assert "The tower had 250 visitors [disputed] [1] in 2020." in start
    assert (
        "first lit on 30 June 1901 [1] with Lamp Mark 2 and cost about 1.2 million euros" in start
    )
    assert (
        "Growth was 0.625 times [our calculation] [rests on a disputed figure], again 0.625"
        in start
    )
    facts = json.loads((site / "data/facts.json").read_text("utf-8"))
    by_id = {observation["id"]: observation for observation in facts["observations"]}
    assert by_id["visitors-2020"]["claims"][1]["said_by"] == "the mayor"
    assert by_id["cost"]["value"] == "1200000"
    assert by_id["growth-2020"]["inputs"] == {"now": "visitors-2020", "before": "visitors-2019"}


def test_a_photograph_is_shown_and_its_words_are_printed(built_lighthouse: Copy) -> None:
    page = LexborHTMLParser((built_lighthouse.site / "tower.html").read_text("utf-8"))
    (picture,) = page.css("article img")
    assert (built_lighthouse.site / (picture.attributes["src"] or "")).is_file()
    booklet = PdfReader(built_lighthouse.site / "pdf/gull-point-booklet.pdf")
    printed = " ".join(page.extract_text() for page in booklet.pages)
    assert printed.count(f"[{picture.attributes['alt']}]") == 1


def test_text_from_the_data_file_is_escaped(lighthouse: Copy) -> None:
    label = "<b>Hei*gh*t_s_ `a` [b] (c)"
    lighthouse.edit("data/facts.yaml", "      en: Height\n", f"      en: {label}\n")
    lighthouse.edit("data/facts.yaml", "en: Ada O'Hara", "en: '\"><script>alert()</script>'")
    lighthouse.edit("docs/index.md", '{{ name("lamp_2") }}', '{{ name("architect") }}')
    site = lighthouse.build()
    for page in ("index.html", "tower.html"):
        html = (site / page).read_text("utf-8")
        assert "<script>alert" not in html
        assert not LexborHTMLParser(html).css("article b")
        assert not LexborHTMLParser(html).css("article em, article code.x")
    assert label in text_of((site / "tower.html").read_text("utf-8"))
    assert '"><script>alert()</script>' in text_of((site / "index.html").read_text("utf-8"))


def test_a_row_of_a_table_is_read_by_itself(lighthouse: Copy) -> None:
    growth = '{{ fig("growth", "2020") }}'
    lighthouse.edit(
        "docs/index.md", "\n## Visits\n", f"\n## Visits\n\n{growth}\n\n| A |\n|---|\n| {growth} |\n"
    )
    page = LexborHTMLParser((lighthouse.build() / "index.html").read_text("utf-8"))
    (cell,) = page.css("td:has([data-figure=growth])")
    assert "our calculation" in cell.text()
    again = next(p for p in page.css("p") if "Growth was" in p.text())
    assert "our calculation" not in again.text()
