"""On which terms pages and files may be used: said on each, with what the terms do not cover."""

import csv
import io
import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit.audit import audit
from factsheet.build.notices import NOTICES, notices
from tests.conftest import Copy

URL = "https://creativecommons.org/licenses/by/4.0/"


def test_the_foot_of_each_page_names_the_licence_with_its_version(built_site: Path) -> None:
    pages = list(built_site.rglob("*.html"))
    assert len(pages) > 300
    for path in pages:
        (foot,) = LexborHTMLParser(path.read_text("utf-8")).css(".md-copyright")
        (link,) = foot.css("a[rel=license]")
        assert (link.text(), link.attributes["href"]) == ("CC BY 4.0", URL), path


@pytest.mark.parametrize("page", ["about.html", "download.html"])
def test_pages_say_what_the_licence_leaves_out_and_link_the_notices(
    built_site: Path, page: str
) -> None:
    article = LexborHTMLParser((built_site / page).read_text("utf-8")).css_first("article")
    assert article
    assert "does not cover the words quoted from sources" in article.text()
    assert article.css(f'a[href="{NOTICES}"]')


def test_the_json_file_says_licence_exception_and_citation(built_lighthouse: Copy) -> None:
    facts = json.loads((built_lighthouse.site / "data/facts.json").read_text("utf-8"))
    assert facts["licence"] == {
        "name": "CC BY 4.0",
        "url": URL,
        "exception": {"en": "Words of the log book remain the keepers'."},
    }
    assert facts["citation"] == {
        "en": "The keepers. Gull Point lighthouse. Edition of 1 May 2021. "
        "https://lighthouse.internal/gull/"
    }
    schema = json.loads((built_lighthouse.site / "data/facts.schema.json").read_text("utf-8"))
    assert {"licence", "citation"} <= set(schema["required"])


def test_each_row_of_the_table_names_licence_and_record(built_lighthouse: Copy) -> None:
    table = (built_lighthouse.site / "data/facts.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["licence"] for row in rows} == {URL}
    records = {row["id"]: row["record"] for row in rows}
    assert records["height"] == "https://lighthouse.internal/gull/figures/height.html"
    assert records["growth-2020"].endswith("/figures/growth.html#2020")


def test_a_sheet_without_a_licence_names_none(lighthouse: Copy) -> None:
    text = lighthouse.read("data/facts.yaml")
    before, _, after = text.partition("licence:\n")
    lighthouse.write("data/facts.yaml", before + "names:\n" + after.partition("CC BY 4.0\n")[2])
    facts = json.loads((lighthouse.build() / "data/facts.json").read_text("utf-8"))
    assert facts["licence"] is None
    assert 'rel="license"' not in (lighthouse.site / "index.html").read_text("utf-8")


def test_a_licence_that_no_name_spells_is_refused(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "  name: cc_by", "  name: cc_bye")
    _, faults = lighthouse.load()
    line = lighthouse.read("data/facts.yaml").split("cc_bye")[0].count("\n") + 1
    hint = "did you mean cc_by?"
    assert [str(one) for one in faults] == [
        f'data/facts.yaml:{line}: unknown name "cc_bye" — {hint}'
    ]


@pytest.mark.parametrize("holder", [
    "Martin Donath", "Oliver Nightingale", "SIL OPEN FONT LICENSE", "Natural Earth",
    "Permission is hereby granted", "Apache License 2.0", "Tom Christie",
])  # fmt: skip
def test_the_notices_of_others_are_there(built_lighthouse: Copy, holder: str) -> None:
    assert holder in (built_lighthouse.site / NOTICES).read_text("utf-8")


def test_every_package_in_the_theme_s_scripts_has_its_notice(built_site: Path) -> None:
    """The source maps name what was packed in."""
    packed = set()
    for path in (built_site / "assets/javascripts").rglob("*.js.map"):
        for source in json.loads(path.read_text("utf-8"))["sources"]:
            if "node_modules/" in source:
                packed.add(source.rpartition("node_modules/")[2].split("/")[0])
    assert "lunr" in packed
    text = notices().casefold()
    assert not {name for name in packed if name.casefold() not in text}


def test_a_site_without_the_notices_does_not_pass(lighthouse: Copy) -> None:
    site = lighthouse.build()
    assert not audit(site).faults
    (site / NOTICES).unlink()
    assert [fault.file for fault in audit(site).faults] == [NOTICES]
