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
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import typst
from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.analysis.factbase import Dispute, Observation, Row, State
from factsheet.charts.draw import without_ground
from factsheet.charts.measure import unknown_signs
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
    read_chapters,
    targets,
    walk,
)
from factsheet.pdf.postprocess import finished
from factsheet.site import theme
from factsheet.site.site import Site
from factsheet.values.dates import parse_period

_ENGINE = Path(__file__).parent
TEMPLATES = _ENGINE / "typst"
FONTS = _ENGINE.parent / "fonts"
FACES = 5
STANDARDS: list[Any] = ["a-3a", "ua-1"]
ATTACHED = {"facts.json": "application/json", "facts.csv": "text/csv"}
_PICTURES_OF_THE_SHEET = 1
_DISPUTES_OF_THE_SHEET = 6
_CONFLICTING = 3
_NOT_IN_A_FILE = re.compile(r"var\(|currentcolor", re.IGNORECASE)


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
        folder: Holds the pages, ``data/`` and ``charts/``.

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
    booklet = _booklet(site, chapters, folder)
    records = _records(site)
    sheet = _sheet(site, chapters[0], folder)
    made = []
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place)
        for file in TEMPLATES.glob("*.typ"):
            shutil.copy(file, stage)
        for name in ATTACHED:
            shutil.copy(folder / "data" / name, stage)
        for chart in {**booklet["charts"], **sheet["charts"]}:
            drawn = (folder / "charts" / f"{chart}.svg").read_text("utf-8")
            (stage / f"{chart}.svg").write_text(without_ground(drawn), "utf-8")
        for picture in sheet["pictures"]:
            page = site.chart_page(picture["name"])
            narrow = site.charts.file(page.chart_id, page.title, page.description, "narrow")
            (stage / picture["path"]).write_text(without_ground(narrow.decode()), "utf-8")
        fonts = our_fonts()
        for name, data, template in (
            ("sheet", sheet, "sheet"),
            ("booklet", booklet, "booklet"),
            ("records", records, "booklet"),
        ):
            targets = {target: number for number, target in enumerate(data.pop("targets"))}
            regions = _regions(data)
            _write(stage / "data.json", data)
            _write(stage / "places.json", targets)
            _write(stage / "turned.json", regions)
            turned = {region: words for words, region in regions.items()}
            content, pages = _set(stage, template, fonts, site, chapters, turned)
            made.append(Pdf(site.pdf_addresses()[name], content, pages))
    (folder / "pdf").mkdir(exist_ok=True)
    for pdf in made:
        (folder / pdf.address).write_bytes(pdf.content)
    return made


def _write(path: Path, tree: Any) -> None:
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")


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
        "attachments": [
            {"path": name, "type": kind, "description": told[name.split(".")[1]][0]}
            for name, kind in ATTACHED.items()
        ],
    }


def _description(chapter: Chapter) -> str:
    tag = LexborHTMLParser(chapter.html).css_first('meta[name="description"]')
    return (tag.attributes.get("content") or "") if tag else ""


def _booklet(site: Site, chapters: list[Chapter], folder: Path) -> Block:
    read = read_chapters(chapters, site.public_url)
    blocks = [block for chapter in read for block in chapter]
    return _common(site, _description(chapters[0])) | {
        "depth": 2,
        "size": 9,
        "blocks": blocks,
        "targets": sorted(set(targets(blocks))),
        "chapters": {f"#{chapter.name}.html": chapter.title for chapter in chapters},
        "charts": _charts(_pictures(blocks), folder),
    }


def _records(site: Site) -> Block:
    """The annex: every figure with every claim, as the pages of the figures have them."""
    ui = site.wording.ui
    chapter = Chapter(ui["records"], "records", "records", str(site.records()), ui["not_in_fonts"])
    (blocks,) = read_chapters([chapter], site.public_url)
    return _common(site, site.wording.ui["about_records"]) | {
        "depth": 3,
        "size": 8,
        "blocks": blocks,
        "targets": [],
        "chapters": {"#records.html": chapter.title},
        "charts": {},
    }


def _pictures(tree: Any) -> Iterator[str]:
    """The names of all pictures in a tree."""
    for part in walk(tree):
        if isinstance(part, dict) and part.get("type") == "picture":
            yield part["name"]


def _charts(names: Iterable[str], folder: Path) -> dict[str, Block]:
    """Each picture's file, and its title and description for those who do not see it.

    Raises:
        FaultsError: a picture without a file or words, or with colours that only a page has.
    """
    charts: dict[str, Block] = {}
    faults = []
    for name in sorted(set(names)):
        file = f"charts/{name}.svg"
        path = folder / file
        svg = path.read_text("utf-8") if path.exists() else ""
        tree = LexborHTMLParser(svg)
        parts = [tree.css_first(f"svg > {tag}") for tag in ("title", "desc")]
        alt = " ".join(" ".join(part.text().split()) for part in parts if part)
        if not svg:
            faults.append(Fault(file, 1, 0, "there is no such picture", "draw it"))
        elif not alt:
            faults.append(Fault(file, 1, 0, "the picture has no title in words", "add <title>"))
        elif found := _NOT_IN_A_FILE.search(svg):
            what = f'"{found[0]}" has no colour outside a page'
            faults.append(Fault(file, 1, 0, what, "draw it with colours of its own"))
        charts[name] = {"path": f"{name}.svg", "alt": alt}
    if faults:
        raise FaultsError(faults)
    return charts


class _Sheet:
    """What stands on the sheet: the start page's own choice of figures, from the model."""

    def __init__(self, site: Site, start: Chapter) -> None:
        self.site = site
        self.start = start
        self.reader = Reader(start, self.place, frozenset())
        self.cited: list[str] = []

    def place(self, address: str, page: str) -> str:
        """An address as it is from outside the site; none where the site has no address."""
        if re.match(r"[a-z]+:", address):
            return ascii_address(address)
        if not self.site.public_url:
            return ""
        return self.site.absolute(page + address if address.startswith("#") else address)

    def run(self, html: str) -> Run:
        return fragment(html, self.place)

    def lead(self) -> Run:
        """The first paragraph of the start page."""
        article = self.start.article
        for part in article.iter():
            if part.tag == "p":
                return self.read(part)
        return []

    def figures(self) -> list[Observation]:
        """The figures of the start page's cards."""
        return self.site.key_figures()

    def clash(self) -> tuple[int, Run]:
        """How many of them, the first, cannot all be true, and the words below these."""
        box = self.start.article.css_first(theme.CLASH)
        if box is None:
            return 0, []
        words = [self.read(part) for part in box.css("p") if part.parent == box]
        return len(box.css("ul.cards > li")), [piece for run in words for piece in run]

    def answers(self) -> tuple[Run, list[Run]]:
        """Title and paragraphs of the start page's first section, up to its first picture."""
        title: Run = []
        found = []
        for part in self.start.article.iter():
            if part.tag == "h2" and not title:
                title = self.reader.run(part)
            elif title and part.tag != "p":
                break
            elif title:
                found.append(self.read(part))
        return title, found

    def licence(self) -> str:
        """The licence that each page names at its foot, with the version that the data give it."""
        link = LexborHTMLParser(self.start.html).css_first("a[rel=license]")
        if link is None:
            return ""
        names = map(self.site.wording.name, self.site.sheet.names)
        name = next((name for name in names if name.startswith(link.text())), link.text())
        return self.site.wording.ui["free_under"].format(licence=name)

    def read(self, part: LexborNode) -> Run:
        """A paragraph of the start page; the sources that it names are cited."""
        for link in part.css("sup.source-number a"):
            address = link.attributes.get("href") or ""
            self.cited.append(address.rpartition("#source-")[2])
        return self.reader.run(part)

    def charts(self) -> list[str]:
        """The names of the start page's first charts."""
        calls = self.site.arguments("chart", self.start.name)
        return [given["chart_id"] for given in calls][:_PICTURES_OF_THE_SHEET]

    def chart_title(self, name: str) -> Run:
        """The sentence above a chart."""
        title = self.start.article.css_first(f'figure[data-chart="{name}"] .chart-title')
        return self.reader.run(title) if title else []

    def chart_key(self, name: str) -> list[Block]:
        """The signs of a chart, each with its meaning."""
        figure = self.start.article.css_first(f'figure[data-chart="{name}"]')
        blocks = self.reader.blocks(figure) if figure else ()
        return [item for block in blocks if block["type"] == "key" for item in block["items"]]

    def shown(self, o: Observation) -> Block:
        """A figure with its label, states, source and record."""
        return {
            "value": self.site.figure_words(o),
            "label": self.run(self.site.title(o)),
            "states": self.site.state_words(o),
            "disputed": State.DISPUTED in o.states,
            "sources": self.numbers([o.chosen.claim.source] if o.chosen else []),
            "target": self.place(self.site.address(o), ""),
        }

    def numbers(self, ids: Iterable[str]) -> str:
        ids = list(ids)[:_CONFLICTING]
        self.cited += ids
        return " ".join(f"[{self.site.sheet.sources[id_].no}]" for id_ in ids)

    def dispute(self, dispute: Dispute) -> Block:
        """What cannot both be true, side by side, and what to use."""
        before = len(self.cited)
        site, case = self.site, dispute.case
        return {
            "label": self.run(
                str(site.prose(case.question) if case and case.question else site.title(dispute))
            ),
            "rows": [self.row(dispute, row) for row in self.differing(dispute)],
            "advice": site.advice(dispute).striptags(),
            "explanation": self.run(site.prose(case.explanation)) if case else [],
            "target": self.place(site.dispute_address(dispute.key), ""),
            "cited": self.cited[before:],
        }

    def row(self, dispute: Dispute, row: Row) -> Block:
        """A value with who says it, or of a check with what it is a value of."""
        site, ids = self.site, self.site.source_ids(row.claims)
        label: Run = self.run(site.title(row.observation))
        if dispute.is_of_claims:
            first = row.claims[0].claim
            said_by = first.said_by or site.sheet.sources[first.source].publisher
            label, ids = self.quoted(said_by), ids[:1]
        value = site.words(row.value, row.observation)
        return {"value": value, "label": label, "sources": self.numbers(ids)}

    def differing(self, dispute: Dispute) -> list[Row]:
        """The rows of a dispute; between claims one for each thing said."""
        if not dispute.is_of_claims:
            return list(dispute.rows)
        seen: dict[str, Row] = {}
        for row in dispute.rows:
            seen.setdefault(self.site.words(row.value, row.observation), row)
        return list(seen.values())[:_CONFLICTING]

    def source_text(self, source: Source) -> Run:
        """Publisher and date."""
        date = self.run(str(self.site.source_date(source)))
        publisher = self.quoted(source.publisher)
        return [*publisher, ", ", *date] if date else publisher

    def quoted(self, text: str) -> Run:
        """A source's own words, if our fonts can set them."""
        return [self.start.instead] if unknown_signs(text) else directed(text)

    def sources(self) -> list[Block]:
        """The sources that the sheet cites, by number."""
        return [
            {
                "id": id_,
                "no": f"[{source.no}]",
                "text": self.source_text(source),
                "url": ascii_address(source.url),
            }
            for id_, source in self.site.sources_by_number()
            if id_ in self.cited
        ]


def _sheet(site: Site, start: Chapter, folder: Path) -> Block:
    sheet = _Sheet(site, start)
    names = sheet.charts()
    lead, figures = sheet.lead(), [sheet.shown(o) for o in sheet.figures()]
    clashing, clash = sheet.clash()
    title, answers = sheet.answers()
    cited = list(sheet.cited)
    leading = site.questions(site.facts.disputes)[:_DISPUTES_OF_THE_SHEET]
    disputes = [sheet.dispute(dispute) for dispute in leading]
    charts = _charts(names, folder)
    if sheet.reader.faults:
        raise FaultsError(sheet.reader.faults)
    return _common(site, _description(start)) | {
        "targets": [],
        "lead": lead,
        "figures": figures,
        "pictures": [
            charts[name]
            | {"name": name, "path": f"{name}-narrow.svg"}
            | {"title": sheet.chart_title(name), "key": sheet.chart_key(name)}
            for name in names
        ],
        "charts": charts,
        "disputes": disputes,
        "number_of_disputes": site.counts["disputes"],
        "clashing": clashing,
        "clash": clash,
        "answers_title": title,
        "answers": answers,
        "licence": sheet.licence(),
        "cited": cited,
        "sources": sheet.sources(),
        "file": start.file,
    }
