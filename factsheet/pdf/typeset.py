"""The PDFs of a finished site: the sheet on one page, the booklet of its chapters, the records.

All are set by Typst from the templates in ``typst/``, with the fonts in ``fonts/`` and no
others. They keep to PDF/UA-1 and PDF/A-3a, carry the data files as attachments, and are the
same bytes for the same site: their only date is the edition.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import dropwhile, product, takewhile
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import typst
from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.analysis.factbase import Dispute, Observation, Row, State
from factsheet.charts.draw import FONTS, without_ground
from factsheet.charts.measure import unknown_signs
from factsheet.charts.spec import Variant
from factsheet.data.model import Source
from factsheet.errors import Fault, FaultsError
from factsheet.pdf.document import (
    Block,
    Chapter,
    Reader,
    Run,
    ascii_address,
    directed,
    fragment,
    place_of,
    read_chapters,
    targets,
    walk,
)
from factsheet.pdf.postprocess import finished
from factsheet.site import theme
from factsheet.site.site import Site
from factsheet.values.dates import parse_period

TEMPLATES = Path(__file__).parent / "typst"
FACES = 5
STANDARDS: list[Any] = ["a-3a", "ua-1"]
ATTACHED = {"facts.json": "application/json", "facts.csv": "text/csv"}
_PICTURES_OF_THE_SHEET = 1
_DISPUTES_OF_THE_SHEET = 6
_CONFLICTING = 3


@dataclass(frozen=True)
class Pdf:
    """A finished PDF: its address on the site, its bytes, and how many pages it has."""

    address: str
    content: bytes
    pages: int


def write_pdfs(site: Site, menu: Iterable[tuple[str, str]], folder: Path) -> list[Pdf]:
    """Set the PDFs from the finished pages in ``folder``, and put them into its ``pdf/``.

    Args:
        site: The model.
        menu: Title and name of each page, in the order of the menu; the start page first.
        folder: Holds the pages and ``data/``.

    Raises:
        FaultsError: an element that the booklet does not know, a missing font, picture or
            character, a table that is too wide, a sheet that is too full.
    """
    files = {page.name: page.file for page in site.pages if page.is_for_paper}
    instead = site.wording.ui["not_in_fonts"]
    chapters = [
        Chapter(title, name, files[name], (folder / f"{name}.html").read_text("utf-8"), instead)
        for title, name in menu
        if name in files
    ]
    trees = {
        "booklet": _booklet(site, chapters),  # refuses what the sheet need not look for again
        "sheet": _Sheet(site, chapters[0]).tree(),
        "records": _records(site),
    }
    made = []
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place)
        for file in [*TEMPLATES.glob("*.typ"), *(folder / "data" / name for name in ATTACHED)]:
            shutil.copy(file, stage)
        fonts = our_fonts()
        for name, tree in trees.items():
            for path, drawing in tree.pop("drawings").items():
                (stage / path).write_text(drawing, "utf-8")
            targets = {target: number for number, target in enumerate(tree.pop("targets"))}
            regions = _regions(tree)
            for part, told in (("data", tree), ("places", targets), ("turned", regions)):
                text = json.dumps(told, ensure_ascii=False)
                (stage / f"{part}.json").write_text(text, "utf-8")
            turned = {region: words for words, region in regions.items()}
            template = "sheet" if name == "sheet" else "booklet"
            content, pages = _set(stage, template, fonts, site, chapters, turned)
            made.append(Pdf(site.pdf_addresses()[name], content, pages))
    (folder / "pdf").mkdir(exist_ok=True)
    for pdf in made:
        (folder / pdf.address).write_bytes(pdf.content)
    return made


def _regions(tree: Any) -> dict[str, str]:
    """A region of two letters for each run from right to left: see ``postprocess.py``."""
    runs = [part[2] for part in walk(tree) if isinstance(part, list) and part[:1] == ["turned"]]
    letters = map("".join, product(ascii_uppercase, repeat=2))
    return dict(zip(dict.fromkeys(runs), letters, strict=False))


def _set(
    stage: Path,
    name: str,
    fonts: typst.Fonts,
    site: Site,
    chapters: list[Chapter],
    turned: dict[str, str],
) -> tuple[bytes, int]:
    day = parse_period(site.sheet.edition).high
    compiler = typst.Compiler(
        stage / f"{name}.typ", root=stage, font_paths=fonts, ignore_system_fonts=True
    )
    try:
        content = compiler.compile(
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
        report = json.loads(compiler.query("<report>", field="value", one=True))
    except typst.TypstError as error:
        raise FaultsError(_faults(error, name, chapters)) from None
    assert isinstance(content, bytes)
    places = {number: (page, left, top) for number, page, left, top in report["places"]}
    page_words = site.wording.ui["page_number"]
    return finished(content, places, page_words, turned), report["pages"]


def _faults(error: typst.TypstError, name: str, chapters: list[Chapter]) -> Iterator[Fault]:
    """What Typst says, for an editor."""
    told = re.search("\x01(.*?)\x01(.*?)\x01(.*?)\x01", error.message)
    if told:
        yield Fault(told[1], 1, 0, told[2], told[3])
        return
    missing = re.findall(r'the text `"(.+?)"` could not be displayed', str(error.diagnostic))
    for text in missing:
        files = [chapter.file for chapter in chapters if text in chapter.html] or [name]
        for file in files:
            what = f'our fonts have no sign for "{text}"'
            yield Fault(file, 1, 0, what, "write it with other signs")
    if not missing:
        hint = f"correct factsheet/pdf/typst/{name}.typ"
        yield Fault(f"factsheet/pdf/typst/{name}.typ", 1, 0, error.message, hint)


def our_fonts() -> typst.Fonts:
    """The faces that ship with the engine, and no others.

    Raises:
        FaultsError: one of them is missing.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    found = len(fonts.fonts())
    if found != FACES:
        what = f"{found} of the {FACES} faces of our fonts are here"
        raise FaultsError([Fault("factsheet/fonts", 1, 0, what, "restore the folder")])
    return fonts


def _common(site: Site, description: str) -> Block:
    ui, sheet = site.wording.ui, site.sheet
    day = parse_period(sheet.edition).high
    told = site.wording.words["downloads"]
    return {
        "title": site.plain(sheet.title),
        "publisher": site.plain(sheet.publisher),
        "description": description,
        "language": site.wording.language,
        "day": [day.year, day.month, day.day],
        "edition": ui["edition_of"].format(date=site.edition_text()),
        "fingerprint": f"{ui['fingerprint'].capitalize()} {site.facts.data.fingerprint}",
        "address": site.public_url,
        "licence": f"{ui['licence']} {site.wording.name(sheet.licence.name)}."
        if sheet.licence
        else "",
        "words": ui,
        "targets": [],
        "charts": {},
        "drawings": {},
        "attachments": [
            {"path": name, "type": kind, "description": told[name.split(".")[1]][0]}
            for name, kind in ATTACHED.items()
        ],
    }


def _description(chapter: Chapter) -> str:
    tag = LexborHTMLParser(chapter.html).css_first('meta[name="description"]')
    return (tag.attributes.get("content") or "") if tag else ""


def _booklet(site: Site, chapters: list[Chapter]) -> Block:
    """The chapters.

    Raises:
        FaultsError: what of them cannot be set on paper; a picture that is no chart of the sheet.
    """
    read = read_chapters(chapters, site.public_url)
    blocks = [block for chapter in read for block in chapter]
    names = {one["name"] for one in walk(blocks) if isinstance(one, dict) and "name" in one}
    if unknown := sorted(names - site.sheet.charts.keys()):
        what, hint = "there is no such picture", "draw it"
        raise FaultsError(Fault(f"charts/{name}.svg", 1, 0, what, hint) for name in unknown)
    pictures = {name: _picture(site, name, "wide") for name in sorted(names)}
    return _common(site, _description(chapters[0])) | {
        "depth": 2,
        "size": 9,
        "blocks": blocks,
        "targets": sorted(set(targets(blocks))),
        "chapters": {f"#{chapter.name}.html": chapter.title for chapter in chapters},
        "charts": pictures,
        "drawings": {one["path"]: one.pop("drawing") for one in pictures.values()},
    }


def _records(site: Site) -> Block:
    """The annex: every figure with every claim, as the pages of the figures have them."""
    ui = site.wording.ui
    chapter = Chapter(
        ui["records"], "records", "records", str(site.inline("records")), ui["not_in_fonts"]
    )
    (blocks,) = read_chapters([chapter], site.public_url)
    return _common(site, site.wording.ui["about_records"]) | {
        "depth": 3,
        "size": 8,
        "blocks": blocks,
        "chapters": {"#records.html": chapter.title},
    }


def _picture(site: Site, name: str, variant: Variant) -> Block:
    """A chart's file, its drawing, and its title and description for those who do not see it."""
    page = site.chart_page(name)
    drawing = site.charts.file(name, page.title, page.description, variant).decode()
    return {
        "path": f"{name}-{variant}.svg",
        "alt": " ".join(f"{page.title} {page.description}".split()),
        "drawing": without_ground(drawing),
    }


class _Sheet:
    """What stands on the sheet: the start page's own choice of figures, from the model."""

    def __init__(self, site: Site, start: Chapter) -> None:
        self.site = site
        self.start = start
        self.place = partial(place_of, files=(), site_url=site.public_url)
        self.run = partial(fragment, place=self.place)
        self.reader = Reader(start, self.place, frozenset())
        self.cited: list[str] = []

    def tree(self) -> Block:
        """All of it, as its template takes it.

        Raises:
            FaultsError: what of the start page cannot be set on paper.
        """
        site, article, licence = self.site, self.start.article, self.site.sheet.licence
        ui = site.wording.ui
        lead = next((self.read(part) for part in article.iter() if part.tag == "p"), [])
        box = article.css_first(theme.CLASH)
        below = [part for part in box.css("p") if part.parent == box] if box else []
        # The first section of the start page, up to its first picture.
        section = dropwhile(lambda part: part.tag != "h2", article.iter())
        title = next(section, None)
        answers = takewhile(lambda part: part.tag == "p", section)
        charts = article.css("figure[data-chart]")[:_PICTURES_OF_THE_SHEET]
        pictures = [self.picture(chart) for chart in charts]
        disputes = site.questions(site.facts.disputes)[:_DISPUTES_OF_THE_SHEET]
        found = _common(site, _description(self.start)) | {
            "lead": lead,
            "figures": [self.shown(o) for o in site.key_figures()],
            "pictures": pictures,
            "drawings": {one["path"]: one.pop("drawing") for one in pictures},
            "number_of_disputes": site.counts["disputes"],
            # How many of the figures, the first, cannot all be true, and the words below these.
            "clashing": len(box.css("ul.cards > li")) if box else 0,
            "clash": [piece for part in below for piece in self.read(part)],
            "answers_title": self.reader.run(title) if title else [],
            "answers": [self.read(part) for part in answers],
            "licence": ui["free_under"].format(licence=site.wording.name(licence.name))
            if licence
            else "",
            "disputes": [self.dispute(dispute) for dispute in disputes],
            "cited": self.numbers(self.cited),
            "sources": [self.source(source) for _, source in site.sources_by_number()],
            "file": self.start.file,
        }
        if self.reader.faults:
            raise FaultsError(self.reader.faults)
        return found

    def read(self, part: LexborNode) -> Run:
        """A paragraph of the start page; the sources that it names are cited."""
        for link in part.css("sup.source-number a"):
            address = link.attributes.get("href") or ""
            self.cited.append(address.rpartition("#source-")[2])
        return self.reader.run(part)

    def picture(self, chart: LexborNode) -> Block:
        """A chart with the sentence above it, and its signs, each with its meaning."""
        parts = {part.get("kind", part["type"]): part for part in self.reader.blocks(chart)}
        return _picture(self.site, chart.attributes["data-chart"] or "", "narrow") | {
            "title": parts["chart-title"]["body"],
            "key": parts["chart-key"]["items"] if "chart-key" in parts else [],
        }

    def shown(self, o: Observation) -> Block:
        """A figure with its label, states, source and record."""
        return {
            "value": self.site.figure_words(o),
            "label": self.run(self.site.title(o)),
            "states": self.site.state_words(o),
            "disputed": State.DISPUTED in o.states,
            "sources": self.numbers([o.chosen.claim.source]) if o.chosen else [],
            "target": self.place(self.site.address(o), ""),
        }

    def numbers(self, ids: Iterable[str]) -> list[int]:
        return [self.site.sheet.sources[id_].no for id_ in ids]

    def dispute(self, dispute: Dispute) -> Block:
        """What cannot both be true, side by side, and what to use.

        Between claims one row for each thing said.
        """
        site, rows = self.site, list(dispute.rows)
        if dispute.is_of_claims:
            said: dict[str, Row] = {}
            for row in rows:
                said.setdefault(site.words(row.value, row.observation), row)
            rows = list(said.values())[:_CONFLICTING]
        question = dispute.case.question if dispute.case else None
        return {
            "label": self.run(site.prose(question) if question else site.title(dispute)),
            "rows": [self.row(dispute, row) for row in rows],
            "advice": site.advice(dispute).striptags(),
            "target": self.place(site.dispute_address(dispute.key), ""),
        }

    def row(self, dispute: Dispute, row: Row) -> Block:
        """A value with who says it, or of a check with what it is a value of."""
        site, ids = self.site, self.site.source_ids(row.claims)
        label = self.run(site.title(row.observation))
        if dispute.is_of_claims:
            first = row.claims[0].claim
            said_by = first.said_by or site.sheet.sources[first.source].publisher
            label, ids = self.quoted(said_by), ids[:1]
        value = site.words(row.value, row.observation)
        return {"value": value, "label": label, "sources": self.numbers(ids[:_CONFLICTING])}

    def quoted(self, text: str) -> Run:
        """A source's own words, if our fonts can set them."""
        return [self.start.instead] if unknown_signs(text) else directed(text)

    def source(self, source: Source) -> Block:
        """A source with its publisher and date; the template lists those that it cites."""
        unknown = [self.site.wording.ui["published_unknown"]]
        date = self.run(self.site.source_date(source)) or unknown
        text = [*self.quoted(source.publisher), ", ", *date]
        return {"no": source.no, "text": text, "url": ascii_address(source.url)}
