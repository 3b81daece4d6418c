"""The audit: finished outputs, read back and held against ``facts.json``.

It knows nothing of how outputs are made: every number that a reader can see must lie in an
element that says what it stands for, and say what ``facts.json`` has for that.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from selectolax.lexbor import LexborNode

from factsheet.faults import Fault
from factsheet.finished import Markup, closed, read_glances, read_pages, search_entries, words_at
from factsheet.ledger import Ledger, plain, reference, words
from factsheet.links import broken_links
from factsheet.paper import (
    A_PASSAGE,
    A_PHRASE,
    Comparison,
    Paper,
    Token,
    is_turned,
    letters,
    page_text,
    tokens,
)
from factsheet.traces import ANEW, NUMBER, Tracer, around

_LONGEST = 30
"""More characters than any number has."""
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
    papers = {
        path.relative_to(folder).as_posix(): Paper(path) for path in sorted(folder.rglob("*.pdf"))
    }
    titles = {plain(node.text()) for page in pages for node in page.tree.css(".chart-title")}
    tracer = Tracer(ledger, folder, titles, papers)
    faults = [fault for file in (*pages, *pictures) for fault in tracer.read(file)]
    numbers = tracer.numbers
    faults += [replace(fault, line=1) for fault in tracer.read(read_glances(folder))]
    faults += broken_links(folder, pages, ledger.site)
    faults += _records(ledger, pages)
    faults += _citations(ledger, pages)
    for path in sorted(folder.glob("search/search_index.js*")):
        faults += _search(ledger, pages, path)
    faults += _csv(ledger, folder / "data/facts.csv")
    faults += _charts(ledger, pages, pictures, folder)
    faults += _style_sheets(folder)
    faults += _sitemap(ledger, pages, folder / "sitemap.xml")
    texts = _Texts(ledger, pages)
    for file, paper in papers.items():
        faults += texts.compare(file, paper)
        faults += _around_a_pdf(ledger, folder, file, paper)
    return Audit(numbers + texts.numbers, len(pages), len(papers), faults)


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


class _Texts:
    """The texts of the pages, against which PDFs are held; counts the numbers that both have."""

    def __init__(self, ledger: Ledger, pages: list[Markup]) -> None:
        self.ledger = ledger
        self.numbers = 0
        foot = next((foot.text() for page in pages for foot in page.tree.css(".md-copyright")), "")
        self.files = ["every page", *(page.file for page in pages)]
        self.texts = [foot, *(page_text(page.text) for page in pages)]
        self.turned = {
            number[0]
            for text in self.texts
            for number in NUMBER.finditer(text)
            if is_turned(text, number.start())
        }
        self.pictures = [
            {letters(part.text()) for part in picture.css("text, tspan")}
            for page in pages
            for picture in page.tree.css("svg.chart-wide, svg.chart-narrow")
        ]

    def compare(self, file: str, paper: Paper) -> Iterator[Fault]:
        """Numbers of a PDF that the pages do not have so; its pages are told as lines.

        The booklet must also have every number of the pages. The one-page sheet says less,
        and in another order: there each row of words may stand anywhere on the site.
        """
        body = paper.body(words(self.ledger.data["dates"][self.ledger.data["edition"]]))
        is_whole = file.endswith("-booklet.pdf")
        known = self.texts if is_whole else [*self.texts, *self.ledger.lines()]
        both = Comparison(tokens(body), tokens(known), A_PASSAGE if is_whole else A_PHRASE)
        shown = sum("#dispute-" in address for address in paper.addresses)
        rest = int(self.ledger.data["counts"]["disputes"]["value"]) - shown
        for page, start, number in _numbers_at(body, both.strays()):
            text = body[page - 1]
            is_rest = number == str(rest) and not is_whole
            if not is_rest and not self._is_turned(text, start) and not self._is_label(text, start):
                what = f'"{number}" stands on no page so, in "{around(text, start)}"'
                yield Fault(file, page, 0, what, ANEW)
        for page, start, number in _numbers_at(known, both.missing() if is_whole else ()):
            text = known[page - 1]
            if not is_turned(text, start):
                what = f'"{number}" of {self.files[page - 1]} is missing, in'
                yield Fault(file, 1, 0, f'{what} "{around(text, start)}"', ANEW)
        self.numbers += sum(len(NUMBER.findall(text)) for text in body)

    def _is_turned(self, text: str, place: int) -> bool:
        """Whether a number stands beside words that run from right to left, there and here."""
        number = NUMBER.match(text, place)
        return is_turned(text, place) and number is not None and number[0] in self.turned

    def _is_label(self, text: str, place: int) -> bool:
        """Whether the line around a place says nothing but texts of one picture."""
        start = text.rfind("\n", 0, place) + 1
        line = letters(text[start:].partition("\n")[0])
        return any(_is_made_of(line, labels) for labels in self.pictures)


def _is_made_of(line: str, labels: set[str]) -> bool:
    """Whether a line is nothing but labels, one after another."""
    ends = {0}
    for end in range(1, len(line) + 1):
        if any(line[start:end] in labels for start in ends):
            ends.add(end)
    return len(line) in ends


def _numbers_at(texts: list[str], found: Iterable[Token]) -> Iterator[tuple[int, int, str]]:
    """The numbers to which some digits belong: the page, where it starts there, and itself."""
    seen = set()
    for token in found:
        text = texts[token.page - 1]
        begin = max(text.rfind(blank, 0, token.start) for blank in (" ", "\n")) + 1
        for number in NUMBER.finditer(text, begin, token.start + _LONGEST):
            if number.start() <= token.start < number.end():
                seen.add((token.page, number.start(), number[0]))
    yield from sorted(seen)


def _around_a_pdf(ledger: Ledger, folder: Path, name: str, paper: Paper) -> Iterator[Fault]:
    """Fingerprint, title, attached files and links of a PDF."""
    if ledger.data["fingerprint"] not in "".join(paper.texts):
        yield Fault(name, 1, 0, "the PDF does not bear the fingerprint of the data", ANEW)
    if NUMBER.search(paper.title):
        yield Fault(name, 1, 0, f'the title "{paper.title}" has a number', ANEW)
    for file, content in paper.attached.items():
        if content != (folder / "data" / file).read_bytes():
            yield Fault(name, 1, 0, f"the attached {file} is not that of the site", ANEW)
    for address in paper.addresses:
        if not ledger.is_own(address) and not ledger.is_source(address):
            what = f'"{address}" is on another host, and no source'
            yield Fault(name, 1, 0, what, "enter it as a source")


def _sitemap(ledger: Ledger, pages: list[Markup], path: Path) -> Iterator[Fault]:
    """The site map names every page, as changed on the day of the edition."""
    text = path.read_text("utf-8")
    for day in sorted(set(re.findall(r"<lastmod>(.*?)</lastmod>", text))):
        if day != ledger.data["edition"]:
            yield Fault(path.name, 1, 0, f'"{day}" is not the day of the edition', ANEW)
    named = set(re.findall(r"<loc>(.*?)</loc>", text))
    wanted = {ledger.site + page.file for page in pages} - {ledger.site + "404.html"}
    for address in sorted(named ^ wanted if ledger.site else ()):
        yield Fault(path.name, 1, 0, f"{address} is named here, or a page, but not both", ANEW)


def _style_sheets(folder: Path) -> Iterator[Fault]:
    """Style sheets load nothing from elsewhere and print no number."""
    for path in sorted(folder.rglob("*.css")):
        text = path.read_text("utf-8")
        for pattern, what in ((_LOADED, "is on another host"), (_PRINTED, "prints a number")):
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                file = path.relative_to(folder).as_posix()
                yield Fault(file, line, 0, f'"{match[0]}" {what}', "take it out")
