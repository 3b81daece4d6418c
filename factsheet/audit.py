"""The audit: finished outputs, read back and held against ``facts.json``.

It knows nothing of how outputs are made: every number that a reader can see must lie in an
element that says what it stands for, and say what ``facts.json`` has for that.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborNode

from factsheet.faults import Fault
from factsheet.finished import Markup, closed, read_pages, search_entries, words_at
from factsheet.ledger import Ledger, plain, reference, words
from factsheet.links import broken_links
from factsheet.paper import Comparison, Paper, is_turned, page_text, tokens
from factsheet.traces import ANEW, NUMBER, Tracer, around

_LOADED = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*")
_PRINTED = re.compile(r"content:\s*([\"'])(?:\\[0-9a-f]++|(?!\1)[^\d\\])*\d.*?\1", re.IGNORECASE)


@dataclass
class Audit:
    """What an audit found: how many numbers it traced, in how many outputs, and every stray."""

    numbers: int
    pages: int
    pdfs: int
    faults: list[Fault]

    @property
    def headline(self) -> str:
        """``4,812 numbers on 14 pages and 2 PDFs, all traced, 0 stray``."""
        traced = "" if self.faults else "all traced, "
        where = f"{self.pages} pages and {self.pdfs} PDFs"
        return f"{self.numbers:,} numbers on {where}, {traced}{len(self.faults)} stray"


def audit(folder: Path) -> Audit:
    """Read the finished site in ``folder`` and hold it against its own ``data/facts.json``."""
    try:
        ledger = Ledger(json.loads((folder / "data/facts.json").read_text("utf-8")))
    except (OSError, ValueError) as error:
        return Audit(0, 0, 0, [Fault("data/facts.json", 1, 0, f"cannot be read: {error}", ANEW)])
    pages = read_pages(folder)
    pictures = [Markup(folder, path) for path in sorted(folder.glob("charts/*.svg"))]
    titles = {plain(node.text()) for page in pages for node in page.tree.css(".chart-title")}
    tracer = Tracer(ledger, folder, titles)
    faults = [fault for file in (*pages, *pictures) for fault in tracer.read(file)]
    faults += broken_links(folder, pages)
    faults += _records(ledger, pages)
    faults += _citations(ledger, pages)
    for path in sorted(folder.glob("search/search_index.js*")):
        faults += _search(ledger, pages, path)
    faults += _csv(ledger, folder / "data/facts.csv")
    faults += _charts(ledger, pages, pictures, folder)
    faults += _style_sheets(folder)
    pdfs = sorted(folder.rglob("*.pdf"))
    papers = _Papers(ledger, folder, pages) if pdfs else None
    for path in pdfs:
        assert papers
        faults += papers.read(path)
    numbers = tracer.numbers + (papers.numbers if papers else 0)
    return Audit(numbers, len(pages), len(pdfs), faults)


def _records(ledger: Ledger, pages: list[Markup]) -> Iterator[Fault]:
    """Each observation has its record, with each of its claims, on the page it names."""
    found = {
        (page.file, node.attributes.get("aria-labelledby")): (page, node)
        for page in pages
        for node in page.tree.css("article.record")
    }
    for key, o in ledger.observations.items():
        file = ledger.page_of(o)
        if (file, key) not in found:
            yield Fault(file, 1, 0, f"the record of {key} is missing", ANEW)
            continue
        page, record = found[file, key]
        shown = sorted(_claim(entry) for entry in record.css("li.claim"))
        wanted = sorted(
            (plain(words(claim["text"])), plain(claim["printed"]), claim["source"])
            for claim in o["claims"]
        )
        if shown != wanted:
            odd = {*shown} ^ {*wanted} or {*shown}
            what = f"the record of {key} has other claims: {', '.join(map(str, sorted(odd)))}"
            yield page.fault(record, what, ANEW)


def _claim(entry: LexborNode) -> tuple[str, str, str]:
    """Value, printed words and source of a claim in a record."""
    value, quote = entry.css_first(".claim-value"), entry.css_first("q")
    if value is None or quote is None:
        return "", "", ""
    return plain(value.text()), plain(quote.text()), value.attributes.get("data-source") or ""


def _citations(ledger: Ledger, pages: list[Markup]) -> Iterator[Fault]:
    """Pages cite what ``used_on`` says, and each bears the fingerprint."""
    cited = {
        (page.file, node.attributes.get("data-figure"), node.attributes.get("data-period"))
        for page in pages
        for node in page.tree.css(".fig")
    }
    for o in ledger.data["observations"]:
        for file in o["used_on"]:
            if (file, o["indicator"], o["period"]) not in cited:
                yield Fault(file, 1, 0, f"{reference(o)} should be cited here", ANEW)
    for page in pages:
        if not page.tree.css_first(".fingerprint"):
            yield Fault(page.file, 1, 0, "the page bears no fingerprint", ANEW)


def _search(ledger: Ledger, pages: list[Markup], path: Path) -> Iterator[Fault]:
    """The search index says, entry by entry, what the pages say, and leaves nothing out."""
    name = f"search/{path.name}"
    entries = search_entries(path)
    articles = {page.file: page.article for page in pages}
    for file in sorted({*entries, *map(ledger.page_of, ledger.data["observations"])}):
        rest = closed(articles.get(file, ""))
        is_whole = True
        # A heading within a block interrupts the entry around it: take out the last ones first.
        for location, says in reversed(entries.get(file, [])):
            before, found, after = rest.rpartition(closed(says))
            if found:
                rest = before + after
            else:
                is_whole = False
                what = f'{location} does not say "{words_at(says, rest)}"'
                yield Fault(name, 1, 0, what, ANEW)
        if rest and is_whole:
            yield Fault(name, 1, 0, f'"{rest[:60]}" of {file} is not in the index', ANEW)


def _csv(ledger: Ledger, path: Path) -> Iterator[Fault]:
    """Each row of ``facts.csv`` says what ``facts.json`` has for its claim."""
    name = f"data/{path.name}"
    wanted = list(ledger.rows())
    line = 2
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = []
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    if len(rows) != len(wanted):
        yield Fault(name, line, 0, f"there are {len(rows)} rows for {len(wanted)}", ANEW)
    for (line, row), right in zip(rows, wanted, strict=False):
        for column in {**row, **right}:
            shown, correct = row.get(column), right.get(column, "")
            if shown != correct:
                what = f'{column} of {row["id"]} is "{shown}"'
                yield Fault(name, line, 0, what, f'facts.json has "{correct}"')


def _charts(
    ledger: Ledger, pages: list[Markup], pictures: list[Markup], folder: Path
) -> Iterator[Fault]:
    """Every picture of a chart, on a page or alone, draws the rows of its table of data."""
    drawn = {path.stem: _drawn(path) for path in sorted(folder.glob("charts/*.csv"))}
    for name, rows in drawn.items():
        for line, row in rows:
            yield from _chart_row(ledger, f"charts/{name}.csv", line, row)
    shown = [(picture.path.stem, picture, picture.tree.css("svg")) for picture in pictures]
    for page in pages:
        for figure in page.tree.css("figure.chart"):
            name = figure.attributes.get("data-chart") or ""
            shown.append((name, page, figure.css(".chart-picture svg")))
    for name, file, svgs in shown:
        wanted = sorted(_values(row) for _, row in drawn.get(name, []) if row["words"])
        for svg in svgs:
            marks = sorted(
                tuple(node.attributes.get(f"data-{given}") or "" for given in _MARK)
                for node in svg.css("[data-value]")
            )
            if marks != wanted:
                odd = sorted({*marks} ^ {*wanted})
                what = f"the chart {name} draws other values than charts/{name}.csv: {odd[:3]}"
                yield file.fault(svg, what, ANEW)


_MARK = ("figure", "period", "value", "high")


def _drawn(path: Path) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def _values(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in _MARK)


def _chart_row(ledger: Ledger, file: str, line: int, row: dict[str, str]) -> Iterator[Fault]:
    """A row of a chart's data says what ``facts.json`` has for its figure, or a claim for it."""
    name = " ".join(filter(None, (row["figure"], row["period"])))
    o = ledger.by_name.get(name)
    if o is None or not row["words"]:
        if row["words"] or (row["figure"] and o is None):
            yield Fault(file, line, 0, f'"{name}" is no figure', ANEW)
        return
    said = (row["value"], row["high"], row["words"])
    allowed = {
        (given["value"] or "", given["high"] or "", words(given["text"]))
        for given in (o, *o["claims"])
    }
    numbers = {str(ledger.sources[claim["source"]]["no"]) for claim in o["claims"]}
    own = (row["label"], row["unit"], row["status"])
    right = (words(o["label"]), ledger.unit_of(o), "; ".join(o["status"]))
    if said not in allowed or own != right or not set(_split(row["source_no"])) <= numbers:
        yield Fault(file, line, 0, f"this row is not what facts.json has for {name}", ANEW)


def _split(text: str) -> list[str]:
    return text.split("; ") if text else []


class _Papers:
    """Holds PDFs against the pages, and counts the numbers that stand on both."""

    def __init__(self, ledger: Ledger, folder: Path, pages: list[Markup]) -> None:
        self.ledger = ledger
        self.folder = folder
        self.numbers = 0
        self._edition = words(ledger.data["dates"][ledger.data["edition"]])
        foot = pages[0].tree.css_first(".md-copyright")
        self._files = ["every page", *(page.file for page in pages)]
        self._texts = [foot.text() if foot else "", *(page_text(page.text) for page in pages)]

    def read(self, path: Path) -> Iterator[Fault]:
        """What is wrong in one PDF; its pages are told as lines."""
        name = path.relative_to(self.folder).as_posix()
        paper = Paper(path)
        body = paper.body(self._edition)
        is_whole = path.stem.endswith("-booklet")
        known = self._texts if is_whole else [*self._texts, *self.ledger.lines()]
        both = Comparison(tokens(body), tokens(known))
        numbers = {
            (token.page, found.span())
            for token in both.strays()
            for found in NUMBER.finditer(body[token.page - 1])
            if found.start() <= token.start < found.end()
        }
        for page, (start, end) in sorted(numbers):
            text = body[page - 1]
            if is_turned(text, start) and text[start:end] in self.ledger.turned_numbers:
                continue
            what = f'"{text[start:end]}" stands on no page so, in "{around(text, start)}"'
            yield Fault(name, page, 0, what, ANEW)
        if is_whole:
            yield from self._missing(name, both)
        yield from self._rest(name, paper)
        self.numbers += sum(len(NUMBER.findall(text)) for text in body)

    def _missing(self, name: str, both: Comparison) -> Iterator[Fault]:
        """Numbers of the pages that the booklet lacks."""
        places = set()
        for token in both.missing():
            text = self._texts[token.page - 1]
            if not is_turned(text, token.start):
                places.add((token.page, around(text, token.start)))
        for page, shown in sorted(places):
            yield Fault(name, 1, 0, f'"{shown}" of {self._files[page - 1]} is missing', ANEW)

    def _rest(self, name: str, paper: Paper) -> Iterator[Fault]:
        """Fingerprint, title, attached files and links of a PDF."""
        if self.ledger.data["fingerprint"] not in "".join(paper.texts):
            yield Fault(name, 1, 0, "the PDF does not bear the fingerprint of the data", ANEW)
        if NUMBER.search(paper.title):
            yield Fault(name, 1, 0, f'the title "{paper.title}" has a number', ANEW)
        for file, content in paper.attached.items():
            if content != (self.folder / "data" / file).read_bytes():
                yield Fault(name, 1, 0, f"the attached {file} is not that of the site", ANEW)
        for address in paper.addresses:
            if not self.ledger.is_own(address) and not self.ledger.is_source(address):
                what = f'"{address}" is on another host, and no source'
                yield Fault(name, 1, 0, what, "enter it as a source")


def _style_sheets(folder: Path) -> Iterator[Fault]:
    """Style sheets load nothing from elsewhere and print no number."""
    for path in sorted(folder.rglob("*.css")):
        text = path.read_text("utf-8")
        for pattern, what in ((_LOADED, "is on another host"), (_PRINTED, "prints a number")):
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                file = path.relative_to(folder).as_posix()
                yield Fault(file, line, 0, f'"{match[0]}" {what}', "take it out")
