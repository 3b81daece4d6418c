"""Both PDFs, read back: what they say, where they lead, how they are made, and what is refused."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import page as validator
import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import Destination
from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.build.project import Project
from factsheet.errors import FaultsError
from factsheet.pdf.document import LEFT_OUT
from factsheet.pdf.typeset import write_pdfs
from factsheet.site.site import Site
from tests.conftest import ROOT, Copy
from tests.pdftext import said

# What the booklet leaves out of the pages. A new entry needs a reason, and a line here.
NOT_IN_THE_BOOKLET = {"a.headerlink", '[data-only="screen"]'}
# The booklet's own marks, and signs that stand turned round in text from right to left.
OWN_SIGNS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060•·“”«»\u0600-\u06ff\ufb50-\ufeff]")
PROFILES = [validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1]


@dataclass(frozen=True)
class Published:
    """A finished site, its pages in the order of the menu, and its PDFs."""

    root: Path
    name: str

    @cached_property
    def folder(self) -> Path:
        return self.root / "site"

    @cached_property
    def renderer(self) -> Site:
        renderer, faults = Project(self.root).read()
        assert renderer
        assert not faults
        return renderer

    @cached_property
    def menu(self) -> list[tuple[str, str]]:
        return Project(self.root).menu(self.renderer)

    @cached_property
    def chapters(self) -> list[tuple[str, str]]:
        """The pages of the menu that the booklet has."""
        on_paper = {page.name for page in self.renderer.pages if page.is_for_paper}
        return [(title, name) for title, name in self.menu if name in on_paper]

    @cached_property
    def records(self) -> PdfReader:
        return PdfReader(self.path("records"))

    @cached_property
    def booklet(self) -> PdfReader:
        return PdfReader(self.path("booklet"))

    @cached_property
    def sheet(self) -> PdfReader:
        return PdfReader(self.path("fact-sheet"))

    @cached_property
    def said(self) -> list[str]:
        return [said(page) for page in self.booklet.pages]

    @cached_property
    def first_chapter(self) -> int:
        """The page on which it begins, from 0: after the cover and the contents."""
        return page_of(self.booklet, chapters_of(self.booklet)[0])

    def path(self, ending: str) -> Path:
        return self.folder / f"pdf/{self.name}-{ending}.pdf"

    def article(self, name: str) -> LexborNode:
        html = (self.folder / f"{name}.html").read_text("utf-8")
        article = LexborHTMLParser(html).css_first("article.md-content__inner")
        assert article
        for selector in NOT_IN_THE_BOOKLET:
            for node in article.css(selector):
                node.decompose()
        for heading in article.css("h2"):
            after = heading.next
            while after is not None and not after.text().strip():
                after = after.next
            if after is None or after.tag == "h2":  # nothing of it is for paper
                heading.decompose()
        return article


@pytest.fixture(scope="module")
def site(built_project: Copy) -> Published:
    return Published(built_project.root, "khazar")


@pytest.fixture(scope="module")
def gull(built_lighthouse: Copy) -> Published:
    """The finished site of the tiny fact sheet."""
    return Published(built_lighthouse.root, "gull-point")


def chapters_of(pdf: PdfReader) -> list[Destination]:
    return [entry for entry in pdf.outline if isinstance(entry, Destination)]


def untyped(thing: Any) -> Any:
    """A part of a PDF; pypdf does not know its type beforehand."""
    return thing.get_object() if hasattr(thing, "get_object") else thing


def flat(outline: list[Any], level: int = 1) -> Iterator[tuple[int, Destination]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry, level + 1)
        else:
            yield level, entry


def page_of(pdf: PdfReader, entry: Destination) -> int:
    number = pdf.get_destination_page_number(entry)
    assert number is not None
    return number


def plain(text: str) -> str:
    return OWN_SIGNS.sub("", text)


def words_of(article: LexborNode) -> str:
    """An article's words, with those that the booklet's tables and lists add in their places."""
    for items in article.css("ol:not([class])"):
        for number, item in enumerate(items.css("ol > li"), start=1):
            child = item.child
            assert child
            child.insert_before(f"{number}.")
    return plain(article.text())


def headings_of(article: LexborNode) -> list[LexborNode]:
    """An article's headings; one under which nothing stands is taken out."""
    rest = [node for node in article.iter() if node.tag]
    for node, after in zip(rest, [*rest[1:], None], strict=True):
        if node.tag == "h2" and (after is None or after.tag == "h2"):
            node.decompose()
    return article.css("h1, h2, h3")


# What it says


def test_the_booklet_says_word_for_word_what_the_pages_say(site: Published) -> None:
    """The words around a picture go where it stands: at the foot of a page."""
    expected, around = "", []
    for _, name in site.chapters:
        article = site.article(name)
        headings_of(article)
        for picture in article.css(".chart-picture"):
            picture.decompose()
        for figure in article.css("figure.chart"):
            around.append(plain(figure.text()))
            figure.decompose()
        expected += words_of(article)
    found = plain("".join(site.said[site.first_chapter :]))
    for words in around:
        assert words in found
        found = found.replace(words, "", 1)
    if found != expected:
        at = next(
            i for i, pair in enumerate(zip(found, expected, strict=False)) if len({*pair}) > 1
        )
        raise AssertionError(f"{expected[at - 60 : at + 60]!r} became {found[at - 60 : at + 60]!r}")


def test_what_is_left_out_is_named_with_a_reason() -> None:
    assert set(LEFT_OUT) == NOT_IN_THE_BOOKLET
    assert all(LEFT_OUT.values())


def test_every_page_for_paper_is_a_chapter(site: Published) -> None:
    titles = [site.article(name).css_first("h1") for _, name in site.chapters]
    assert [entry.title for entry in chapters_of(site.booklet)] == [
        " ".join(title.text().split()) for title in titles if title
    ]
    left = {name for _, name in site.menu} - {name for _, name in site.chapters}
    assert left == {
        "all-figures",
        "download",
        "editing-guide",
        "publishing",
        "reference",
        "revisions",
    }


def test_the_outline_has_every_heading_in_order(site: Published) -> None:
    headings = [
        plain(heading.text())
        for _, name in site.chapters
        for heading in headings_of(site.article(name))
    ]
    outline = list(flat(site.booklet.outline))
    assert [plain(str(entry.title)) for _, entry in outline] == headings
    levels = [level for level, _ in outline]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for _, entry in outline:
        assert plain(str(entry.title)) in plain(site.said[page_of(site.booklet, entry)])


def test_the_contents_give_the_pages_of_the_headings(site: Published) -> None:
    contents = plain("".join(site.said[1 : site.first_chapter]))
    for level, entry in flat(site.booklet.outline):
        if level <= 2:
            number = page_of(site.booklet, entry) + 1
            assert f"{plain(str(entry.title))}{number}" in contents


def test_cover_running_heads_and_numbers_of_pages(site: Published) -> None:
    pdf, count = site.booklet, len(site.booklet.pages)
    facts = site.renderer
    for text in (
        facts.plain(facts.sheet.title),
        facts.edition_text(),
        facts.facts.data.fingerprint,
        facts.public_url,
    ):
        assert plain(text) in plain(site.said[0])
    titles = dict(zip(map(id, chapters := chapters_of(pdf)), site.chapters, strict=True))
    for chapter in chapters[::4]:
        for number in {page_of(pdf, chapter), min(page_of(pdf, chapter) + 1, count - 1)}:
            text = pdf.pages[number].extract_text()
            assert f"Page {number + 1} of {count}" in text
        first = pdf.pages[page_of(pdf, chapter)].extract_text()
        assert first.startswith(titles[id(chapter)][0])


def test_no_page_is_empty(site: Published) -> None:
    assert min(map(len, site.said)) > 80


# Where it leads


def in_ascii(address: str) -> str:
    return "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in address
    )


def links_of(pdf: PdfReader, first: int) -> Iterator[tuple[int, Any]]:
    """Page and target of each link: an address, or a page with the height on it."""
    numbers = {page.indirect_reference: number for number, page in enumerate(pdf.pages)}
    for number, page in enumerate(pdf.pages):
        for reference in page.get("/Annots", []) if number >= first else []:
            link = reference.get_object()
            assert link["/Contents"]
            if "/A" in link:
                yield number, str(link["/A"]["/URI"])
            else:
                target, _, _, top, _ = link["/Dest"]
                yield number, (numbers[target.indirect_reference], float(top))


def test_every_link_of_the_pages_is_in_the_booklet_and_leads_there(site: Published) -> None:
    pages = {f"{name}.html" for _, name in site.chapters}
    expected: list[tuple[str, bool]] = []
    for _, name in site.chapters:
        for link in site.article(name).css("a[href]"):
            address = str(link.attributes["href"])
            parts = urlsplit(address)
            if not parts.scheme and (parts.path or f"{name}.html") in pages:
                anchor = f"#{parts.fragment}" if parts.fragment else ""
                expected.append((f"{parts.path or f'{name}.html'}{anchor}", True))
            elif parts.scheme or site.renderer.public_url:
                absolute = address if parts.scheme else site.renderer.public_url + address
                expected.append((in_ascii(absolute), False))
    found = [target for _, target in links_of(site.booklet, site.first_chapter)]
    assert {address for address, inside in expected if not inside} == {
        target for target in found if isinstance(target, str)
    }
    inner = [target for target in found if isinstance(target, tuple)]
    assert len(inner) >= sum(inside for _, inside in expected)
    assert len(set(inner)) <= len({address for address, inside in expected if inside})
    places = {
        f"sources.html#source-{id_}": target
        for id_, source in site.renderer.sheet.sources.items()
        for target in set(inner)
        if f"[{source.no}]{plain(source.publisher)}" in plain(site.said[target[0]])
    }
    cited = {address for address, inside in expected if inside and "#source-" in address}
    assert cited <= places.keys()


def test_sources_are_linked_to_their_addresses(site: Published) -> None:
    linked = {
        target
        for _, target in links_of(site.booklet, site.first_chapter)
        if isinstance(target, str)
    }
    assert {in_ascii(source.url) for source in site.renderer.sheet.sources.values()} <= linked


# How it is made


@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/A-3a", "PDF/UA-1"])
@pytest.mark.parametrize("ending", ["fact-sheet", "booklet", "records"])
def test_the_validator_finds_nothing(site: Published, ending: str, profile: Any) -> None:
    report = validator.validate_pdf(site.path(ending), profile=profile)
    assert not report.failures
    assert report.rules.failed == 0
    assert report.rules.total > 100


@pytest.mark.parametrize("ending", ["fact-sheet", "booklet", "records"])
def test_the_small_fact_sheet_gets_its_pdfs_too(gull: Published, ending: str) -> None:
    for profile in PROFILES:
        assert not validator.validate_pdf(gull.path(ending), profile=profile).failures
    assert len(gull.sheet.pages) == 1
    assert "Gull Point lighthouse" in gull.sheet.pages[0].extract_text()


def test_each_pdf_carries_the_data(site: Published) -> None:
    for pdf in (site.sheet, site.booklet, site.records):
        assert {name: [(site.folder / "data" / name).read_bytes()] for name in pdf.attachments} == (
            dict(pdf.attachments)
        )
        assert set(pdf.attachments) == {"facts.json", "facts.csv"}


def test_only_our_own_fonts_are_in_it(site: Published) -> None:
    for pdf in (site.sheet, site.booklet, site.records):
        fonts = {
            str(font.get_object()["/BaseFont"])
            for page in pdf.pages
            for font in untyped(page["/Resources"]).get("/Font", {}).values()
        }
        assert fonts
        assert all(re.fullmatch(r"/[A-Z]{6}\+FactSheetSans(Arabic)?-\w+", font) for font in fonts)


def test_title_author_language_and_dates_come_from_the_data(site: Published) -> None:
    sheet = site.renderer.sheet
    day = sheet.edition.replace("-", "")
    for pdf in (site.sheet, site.booklet, site.records):
        assert pdf.metadata
        assert pdf.metadata.title == sheet.title["en"]
        assert pdf.metadata.author == sheet.publisher["en"]
        assert untyped(pdf.root_object["/Lang"]) == "en"
        assert str(pdf.metadata["/CreationDate"]).startswith(f"D:{day}")
        assert str(pdf.metadata["/ModDate"]).startswith(f"D:{day}")
        assert sheet.edition.encode() in untyped(pdf.root_object["/Metadata"]).get_data()


def test_the_pages_tell_pages_and_size_of_each_pdf(site: Published) -> None:
    for name in ("download",):
        html = (site.folder / f"{name}.html").read_text("utf-8")
        tree = LexborHTMLParser(html)
        for ending, pdf in (
            ("fact-sheet", site.sheet),
            ("booklet", site.booklet),
            ("records", site.records),
        ):
            address = f"pdf/khazar-{ending}.pdf"
            assert tree.css_first(f'a[href="{address}"]')
            facts = tree.css_first(f'[data-file="{address}"]')
            assert facts
            size, count = facts.css("data")
            assert count.attributes["value"] == str(len(pdf.pages))
            assert size.attributes["value"] == str(site.path(ending).stat().st_size)
            assert count.text().startswith(str(len(pdf.pages)))


# The sheet on one page


def test_the_sheet_shows_the_figures_and_disputes_of_the_model(site: Published) -> None:
    (page,) = site.sheet.pages
    text = plain(said(page))
    facts = site.renderer
    (start,) = [page for page in facts.pages if page.name == "index"]
    cards = next(call for call in start.calls if call.macro == "cards")
    for observation in facts.cited(cards):
        assert plain(facts.figure_words(observation)) in text
        assert plain(facts.title(observation).striptags()) in text
    first = facts.facts.disputes[0]
    assert "what is disputed" in page.extract_text().casefold()
    assert first.case
    assert first.case.question
    assert plain(facts.plain(first.case.question)) in text
    assert plain(facts.advice(first).striptags()) in text
    assert "≠" in text
    assert plain(site.article("index").css("h2 + p")[0].text()) in text
    lead = site.article("index").css_first("p")
    assert lead
    assert plain(lead.text()) in text


def test_the_sheet_names_just_the_sources_that_it_cites(site: Published) -> None:
    text = site.sheet.pages[0].extract_text()
    before, _, after = text.rpartition("Sources")
    assert set(re.findall(r"\[(\d+)\]", before)) == set(re.findall(r"\[(\d+)\]", after))


# What readers of PDFs find again


def read_back(path: Path) -> str:
    """A PDF's text as a browser's viewer has it, without white space and marks of direction."""
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    return folded(text)


def folded(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\u202a-\u202e«»]", "", text)


def test_words_from_right_to_left_come_out_letter_for_letter(site: Published) -> None:
    sheet, from_right = site.renderer.sheet, re.compile("[\u0600-\u06ff]")
    claims = [read.claim for o in site.renderer.facts.observations.values() for read in o.claims]
    printed = [claim.printed for claim in claims if from_right.search(claim.printed)]
    titles = [s.title for s in sheet.sources.values() if s.title and from_right.search(s.title)]
    assert printed
    assert titles
    for ending, texts in (("records", printed), ("booklet", titles)):
        text = read_back(site.path(ending))
        assert [words for words in texts if folded(words) not in text] == []


def test_words_from_right_to_left_are_said_by_invisible_signs_alone(site: Published) -> None:
    """MuPDF spreads the words of a span over its visible signs, and so out of order."""
    span = re.compile(rb"/ActualText<FEFF([0-9A-F]+)>>>BDC\n(.*?)EMC", re.DOTALL)
    said = [
        (bytes.fromhex(words.decode()).decode("utf-16-be"), b"3 Tr" in drawn)
        for page in site.records.pages
        if (contents := page.get_contents()) is not None
        for words, drawn in span.findall(contents.get_data())
    ]
    assert {words for words, is_invisible in said if not is_invisible} == {"\u200b"}
    assert any(
        letter > "\u0600" for words, is_invisible in said if is_invisible for letter in words
    )


def test_addresses_of_sources_can_be_copied_whole(site: Published) -> None:
    text = read_back(site.path("booklet"))
    urls = [source.url for source in site.renderer.sheet.sources.values()]
    assert [url for url in urls if url not in text] == []


def test_no_address_that_is_reserved_for_examples_is_in_print(site: Published) -> None:
    assert "example.org" in site.renderer.site_url
    for ending in ("fact-sheet", "booklet", "records"):
        assert "example.org" not in read_back(site.path(ending))


def test_the_booklet_is_of_a_length_for_reading(site: Published) -> None:
    assert 50 <= len(site.booklet.pages) <= 70


# Charts, signs, and what is refused


CHART = """<figure class="chart" id="chart-visits" data-chart="visits">
<p class="chart-title">More came in the first year</p>
<div class="chart-picture"><svg class="chart-wide"><title>no</title></svg></div>
<ul class="chart-key"><li>A bar is a year</li></ul><figcaption>Source: the log book</figcaption>
<details><summary>The figures</summary><table><thead><tr><th>Year</th></tr></thead>
<tbody><tr><td>first</td></tr></tbody></table></details>
<p data-only="screen"><a href="charts/visits.csv">CSV</a></p></figure>"""


@pytest.fixture
def again(gull: Published, tmp_path: Path) -> Callable[..., Published]:
    """Sets the PDFs of the small fact sheet once more, after a change in its finished pages."""

    def change(old: str, new: str) -> Published:
        folder = tmp_path / "site"
        shutil.copytree(gull.folder, folder)
        page = folder / "index.html"
        html = page.read_text("utf-8")
        before, found, after = html.rpartition(old)
        assert found
        page.write_text(before + new + after, "utf-8")
        write_pdfs(gull.renderer, gull.menu, folder)
        return Published(tmp_path, gull.name)

    return change


def test_charts_are_drawn_in_both_with_their_words(gull: Published) -> None:
    words = {}
    for path in (gull.folder / "charts").glob("*.svg"):
        tree = LexborHTMLParser(path.read_text("utf-8"))
        parts = [tree.css_first(f"svg > {tag}") for tag in ("title", "desc")]
        words[path.stem] = " ".join(" ".join(part.text().split()) for part in parts if part)
    for pdf, names in ((gull.sheet, ["visitors"]), (gull.booklet, [*words])):
        pictures = [
            element
            for number in range(1, untyped(pdf.trailer["/Size"]))
            if isinstance(element := untyped(pdf.get_object(number)), dict)
            and element.get("/S") == "/Figure"
        ]
        assert {element["/Alt"] for element in pictures} == {words[name] for name in names}
        assert not any(page.images for page in pdf.pages)
    booklet = plain("".join(gull.said))
    assert "Thosewhoprintanumberofvisitorsdonotagree" in booklet
    assert "asPNG" not in booklet


def test_letters_of_every_source_come_out_as_they_went_in(again: Callable[..., Published]) -> None:
    letters = "ə ğ ı İ ş Ə Ğ Ş ₼ − € “Җуковский Ћ” є ї"
    made = again("</article>", f"<p>{letters}</p></article>")
    assert plain(letters) in plain("".join(made.said))


WIDE = f"<table><thead><tr>{'<th>Incomprehensibilities</th>' * 14}</tr></thead></table>"
REFUSED = [
    ("</article>", "<marquee>x</marquee></article>", "does not know <marquee>"),
    ("</article>", "<p>x <kbd>y</kbd></p></article>", "does not know <kbd>"),
    ("</article>", "<ul><p>x</p></ul></article>", "does not know <p> within a list"),
    (
        "</article>",
        '<p><a href="tower.html#none">x</a></p></article>',
        'leads to "tower.html#none"',
    ),
    ("</article>", "<p>→</p></article>", 'our fonts have no sign for "→"'),
    ("</article>", f"{WIDE}</article>", "a table of 14 columns is too wide"),
    ("</article>", f"{CHART}</article>", "there is no such picture"),
    ("<p>The tower", f"<p>{'Long. ' * 2000}The tower", "does not fit on one page"),
]


@pytest.mark.parametrize(("old", "new", "told"), REFUSED)
def test_what_cannot_be_set_is_named(
    again: Callable[..., Published], old: str, new: str, told: str
) -> None:
    with pytest.raises(FaultsError) as caught:
        again(old, new)
    (fault,) = caught.value.faults
    assert told in fault.what
    assert fault.file in {"docs/index.md", "charts/visits.svg"}
    assert fault.hint


def test_a_fault_of_a_pdf_stops_the_build_in_plain_words(lighthouse: Copy) -> None:
    shutil.copytree(ROOT / "factsheet", lighthouse.root / "factsheet")
    (lighthouse.root / "factsheet/fonts/FactSheetSans-Bold.ttf").unlink()
    done = lighthouse.run("build", engine=lighthouse.root)
    assert done.returncode == 1
    assert "factsheet/fonts:1: 4 of the 5 faces of our fonts are here — restore" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not lighthouse.site.exists()
