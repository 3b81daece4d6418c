"""Figures and sources taken away: read back by the programs that people keep references with."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
import rispy  # type: ignore[import-untyped]  # it has no types
from bibtexparser.entrypoint import parse_string
from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc import formatter as citeproc_formatter
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit.audit import audit
from factsheet.text.citation import bibtex, issued, names, ris
from factsheet.values.dates import parse_period
from tests.conftest import ROOT, Copy
from tests.test_audit import Site, site

__all__ = ["site"]

HOSTILE = r"50 % of {A} & B_1: #2 ~ $3 ^ \end «İlk» „zwei“ خودرو"
ITEM = {
    "id": "made-2019-02~", "type": "webpage", "title": HOSTILE, "publisher": HOSTILE,
    "author": [{"literal": HOSTILE}, {"family": "Şamilqızı", "given": "Ülviyyə"}],
    "language": "az", "URL": "https://a.internal/a_b%20c?x=1&y=ı", "note": "1\n2",
    "issued": issued(parse_period("2019-02~")),
}  # fmt: skip


def latex(text: str) -> str:
    """What LaTeX would print."""
    for name, sign in [("backslash", "\\"), ("braceleft", "{"), ("braceright", "}"),
                       ("asciitilde", "~"), ("asciicircum", "^")]:  # fmt: skip
        text = text.replace(f"\\text{name}{{}}", sign)
    for sign in "&%$#_":
        text = text.replace(f"\\{sign}", sign)
    return text


def test_letters_and_signs_of_every_language_come_through_bibtex() -> None:
    library = parse_string(bibtex([ITEM]))
    assert not library.failed_blocks
    (entry,) = library.entries
    given = {field.key: field.value for field in entry.fields}
    assert entry.key == "made-2019-02-about"
    assert latex(given["title"]) == f"{{{HOSTILE}}}"
    assert latex(given["author"]) == f"{{{HOSTILE}}} and Şamilqızı, Ülviyyə"
    assert (given["year"], given["month"]) == ("2019", "feb")
    assert given["url"] == "https://a.internal/a_b%20c?x=1&y=%C4%B1"
    assert given["note"] == "1 2"


def test_letters_and_signs_of_every_language_come_through_ris() -> None:
    (entry,) = rispy.loads(ris([ITEM]))
    assert entry["type_of_reference"] == "ELEC"
    assert entry["title"] == entry["publisher"] == entry["authors"][0] == HOSTILE
    assert entry["authors"][1] == "Şamilqızı, Ülviyyə"
    assert (entry["year"], entry["date"], entry["notes"]) == ("2019", "2019/02//", ["1 2"])
    assert all(line.endswith("\r") for line in ris([ITEM]).split("\n")[:-1])


@pytest.mark.parametrize(("signed", "read"), [
    ("TBY", [{"literal": "TBY"}]),
    ("A. B. Keeper, Ann Gull", [
        {"family": "Keeper", "given": "A. B."}, {"family": "Gull", "given": "Ann"}]),
])  # fmt: skip
def test_people_are_read_as_bibtex_reads_them(signed: str, read: list[dict[str, str]]) -> None:
    assert names(signed) == read


@pytest.mark.parametrize(("date", "parts"), [
    ("2018", {"date-parts": [[2018]]}),
    ("2018-03-29~", {"date-parts": [[2018, 3, 29]], "circa": True}),
    ("2018-22", {"date-parts": [[2018]], "season": 2}),
    ("2018-01/2018-03", {"date-parts": [[2018, 1], [2018, 3]]}),
    ("../2018", {"date-parts": [[2018]]}),
])  # fmt: skip
def test_dates_keep_the_parts_that_are_known(date: str, parts: object) -> None:
    assert issued(parse_period(date)) == parts


def test_every_source_is_in_each_file_of_references(built_site: Path) -> None:
    data = built_site / "data"
    facts = json.loads((data / "facts.json").read_text("utf-8"))
    library = parse_string((data / "sources.bib").read_text("utf-8"))
    assert not library.failed_blocks
    records = rispy.loads((data / "sources.ris").read_bytes().decode())
    items = json.loads((data / "sources.csl.json").read_text("utf-8"))
    style = CitationStylesStyle(str(ROOT / "tests/fixtures/plain.csl"), validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), citeproc_formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    printed = bibliography.bibliography()
    assert len(printed) == len(items)
    assert all(item["publisher"] in str(line) for item, line in zip(items, printed, strict=True))
    for source, entry, record, item in zip(
        facts["sources"], library.entries, records, items, strict=True
    ):
        assert source["id"] == entry.key == record["id"] == item["id"]
        assert source["publisher"] == latex(entry["howpublished"]) == record["publisher"]
        assert source["url"] == item["URL"] == record["urls"][0]
        assert source["title"] in {None, item["title"]}
        assert latex(entry["title"]) == f"{{{item['title']}}}"
        assert record["title"] == item["title"]


def test_every_figure_is_the_same_in_its_own_files_and_in_the_whole(built_site: Path) -> None:
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    schema = json.loads((built_site / "data/facts.schema.json").read_text("utf-8"))
    judge = jsonschema.Draft202012Validator(schema)
    with (built_site / "data/facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    series: dict[str, list[dict[str, object]]] = {}
    for o in facts["observations"]:
        series.setdefault(o["indicator"], []).append(o)
    for name, observations in series.items():
        path = built_site / f"figures/{name}"
        own = json.loads(path.with_suffix(".json").read_text("utf-8"))
        judge.validate(own)
        assert own["observations"] == observations
        table = path.with_suffix(".csv").read_text("utf-8-sig")
        assert list(csv.DictReader(io.StringIO(table))) == [
            row for row in rows if row["indicator"] == name
        ]
        records = rispy.loads(path.with_suffix(".ris").read_bytes().decode())
        entries = parse_string(path.with_suffix(".bib").read_text("utf-8")).entries
        for o, record, entry in zip(observations, records, entries, strict=True):
            sentence, said = o["citation"]["en"], " ".join(o["text"]["en"].split())  # type: ignore[index]
            assert said in sentence
            assert sentence == record["notes"][0] == latex(entry["note"])


@pytest.fixture(scope="module")
def finished(built_lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site.copied(built_lighthouse, tmp_path_factory)


@pytest.mark.parametrize(("file", "old", "new"), [
    ("figures/height.json", r'"value": "\d', '"value": "7'),
    ("figures/height.json", r'"fingerprint": "\w', '"fingerprint": "x'),
    ("figures/height.csv", r"\nheight,", "\nheighs,"),
    ("figures/height.bib", r"note = \{\w+", "note = {A"),
    ("figures/height.ris", r"N1  - \w+", "N1  - A"),
    ("figures/height.ris", r"ID  - ", "ID  - 7"),
    ("figures/height.html", r'id="citation">', 'id="citation">seven '),
    ("figures/visitors.html", r'id="cite-2019">', 'id="cite-2019">seven '),
    ("figures/height.html", r'<pre id="bibtex">', '<pre id="bibtex">7'),
    ("figures/height.html", r'<pre id="ris">', '<pre id="ris">7'),
    ("figures/height.html", r'name="citation_title" content="', 'name="citation_title" content="7'),
    ("tower.html", r'name="citation_title" content="', 'name="citation_title" content="The '),
    ("tower.html", r'name="citation_author" content="', 'name="citation_author" content="A'),
    ("tower.html", r"2021/05/01", "2021/05/02"),
    ("tower.html", r'(_url" content="[^"]*)tower', r"\1index"),
    ("tower.html", r'<link rel="cite-as"[^>]*>', ""),
    ("figures/height.html", r'<link (rel="item"[^>]*)\.csv', r"<link \1.tsv"),
    ("embed/height.html", r'class="fig whole" value="', 'class="fig whole" value="7'),
    ("embed/height.html", r'data-figure="height"', 'data-figure="lamp"'),
    ("embed/height.html", r'datetime="\d', 'datetime="7'),
    ("figures/height.html", r'"value": "31.5', '"value": "37.5'),
    ("figures/height.html", r'"value": "31.5', '"minValue": "31.5'),
    ("figures/height.html", r'"description": "The keepers, 31', '"description": "The keepers, 30'),
    ("figures/height.html", r'"name": "Height"', '"name": "Height 7"'),
    ("figures/height.html", r'"isBasedOn": \["https://example.org/log', '"isBasedOn": ["https://a'),
    ("figures/height.html", r'contentUrl": "(.*?)height.csv', r'contentUrl": "\1heights.csv'),
    ("figures/height.html", r"(?s)<script type=.application/ld.json.*?</script>", ""),
    ("figures/visitors.html", r'"temporalCoverage": "2019', '"temporalCoverage": "2018'),
    ("figures/visitors.html", r'"@graph": \[', '"@graph": 7, "x": ['),
    ("tower.html", r'"version": "2021', '"version": "2022'),
    ("tower.html", r'"citation": "The', '"citation": "A'),
    ("tower.html", r'"Height"', '"Height 7"'),
    ("tower.html", r"(?s)<script type=.application/ld.json.*?</script>", ""),
    ("tower.html", r'class="row-count" value="9">9', 'class="row-count" value="8">8'),
    ("tower.html", r'class="column-count" value="32">32', 'class="column-count" value="32">31'),
    ("tower.html", r'(data-file="data/facts.json">)<data.*?</data>', r"\1"),
    ("data/sources.bib", r"year = \{", "year = {7"),
    ("data/sources.ris", r"UR  - ", "UR  - x"),
    ("data/sources.csl.json", r'"title": "', '"title": "7'),
])  # fmt: skip
def test_the_audit_names_a_fault_in_what_is_taken_away(
    site: Site, file: str, old: str, new: str
) -> None:
    site.swap(file, old, new)
    found = audit(site.root).faults
    assert file in {fault.file for fault in found}


def test_the_page_offers_its_files_and_the_address_to_copy(built_lighthouse: Copy) -> None:
    page = (built_lighthouse.site / "figures/height.html").read_text("utf-8")
    for ending in ("csv", "json", "bib", "ris"):
        assert f'href="../figures/height.{ending}"' in page
    assert ">https://lighthouse.internal/gull/figures/height.html</a>" in page
    robots = (built_lighthouse.site / "robots.txt").read_text("utf-8")
    assert robots.splitlines()[-1] == "Sitemap: https://lighthouse.internal/gull/sitemap.xml"


def test_the_head_tells_programs_what_to_cite_and_where_the_data_are(
    built_lighthouse: Copy,
) -> None:
    tree = LexborHTMLParser((built_lighthouse.site / "figures/height.html").read_text("utf-8"))
    told = {
        node.attributes["name"]: node.attributes["content"]
        for node in tree.css('head meta[name^="citation_"]')
    }
    address = "https://lighthouse.internal/gull/figures/height.html"
    assert told == {
        "citation_title": told["citation_title"],
        "citation_author": "The keepers",
        "citation_publication_date": "2021/05/01",
        "citation_public_url": address,
    }
    heading = tree.css_first("h1")
    assert heading
    assert (told["citation_title"] or "?") in heading.text()
    links = {(n.attributes["rel"], n.attributes["href"]) for n in tree.css("head link")}
    assert links >= {
        ("cite-as", address), ("license", "https://creativecommons.org/licenses/by/4.0/"),
        ("item", "height.json"), ("item", "height.csv"),
        ("describedby", "height.bib"), ("describedby", "height.ris"),
    }  # fmt: skip


def test_only_pages_to_embed_may_be_framed(built_lighthouse: Copy) -> None:
    rules = (built_lighthouse.site / "_headers").read_text("utf-8")
    guarded = {
        lines.splitlines()[0]
        for lines in rules.split("\n/")
        if "frame-ancestors 'none'" in lines and "X-Frame-Options: DENY" in lines
    }
    assert guarded == {"", "index", "index.html", "tower", "tower.html", "404", "404.html",
                       "figures/*"}  # fmt: skip
    assert "frame" not in rules.split("\n/")[0].casefold()


def test_a_page_to_embed_says_source_state_and_edition(built_lighthouse: Copy) -> None:
    page = (built_lighthouse.site / "embed/height.html").read_text("utf-8")
    text = " ".join(LexborHTMLParser(page).text().split())
    for said in ("according to", "Gull Point lighthouse, edition 1 May 2021", "CC BY 4.0"):
        assert said in text
    assert "<script" not in page
    assert '<base target="_blank">' in page
    own = (built_lighthouse.site / "figures/height.html").read_text("utf-8")
    assert "https://lighthouse.internal/gull/embed/height.html" in own
