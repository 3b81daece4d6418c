"""The audit: finished outputs, read back and held against ``facts.json``.

It knows nothing of how outputs are made: every number that a reader can see must lie in an
element that says what it stands for, and say what ``facts.json`` has for that.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborNode

from factsheet.audit import theme
from factsheet.audit.downloads import downloads
from factsheet.audit.expected import Expected, plain, reference, words
from factsheet.audit.html import NUMBER, Tracer, around
from factsheet.audit.links import Links
from factsheet.audit.outputs import (
    REBUILD,
    HtmlFile,
    Popovers,
    closed,
    read_all,
    read_pages,
    read_popovers,
    read_table,
    reading,
    search_entries,
    text_of,
    words_at,
)
from factsheet.audit.pdf import (
    Comparison,
    Entries,
    Name,
    Paper,
    Token,
    is_turned,
    letters,
    names_at,
    on_paper,
    page_texts,
    tokens,
)
from factsheet.audit.pictures import charts, picture
from factsheet.audit.programs import linked_data
from factsheet.audit.seen import APART, head, unseen
from factsheet.audit.styles import style_sheets, styles_within
from factsheet.audit.told import told
from factsheet.audit.trace import TRACE, Trace, TraceRows
from factsheet.background import in_background
from factsheet.errors import Fault

_RECORDS = "-records.pdf"
"""How the name of the PDF ends that is held against the data, not against the pages."""
_LONGEST = 30
"""More characters than any number has."""


@dataclass
class Audit:
    """What an audit found: how many numbers it traced, in how many outputs, and every stray."""

    numbers: int
    pages: int
    pdfs: int
    faults: list[Fault]
    trace: str = ""
    """The text of the file that tells of each number: see ``Trace``."""

    @property
    def headline(self) -> str:
        """``4,812 numbers on 14 pages and 2 PDFs, all traced, 0 stray``."""
        traced = "" if self.faults else "all traced, "
        where = f"{self.pages} pages and {self.pdfs} PDFs"
        return f"{self.numbers:,} numbers on {where}, {traced}{len(self.faults)} stray"


def audit(
    folder: Path, words: Mapping[str, Any] | None = None, linked: Collection[str] = ()
) -> Audit:
    """Read the finished site in ``folder`` and hold it against its own ``data/facts.json``.

    ``words``: those for states, ranks and the like, by kind. ``linked``: the addresses on other
    hosts to which texts of editors lead.
    """
    faults: list[Fault] = []
    read = read_all(
        folder, "data/facts.json", lambda _: Expected.read(folder, words, linked), faults
    )
    if not read:
        return Audit(0, 0, 0, faults or [Fault("data/facts.json", 1, 0, "is missing", REBUILD)])
    (expected,) = read.values()
    files = (path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    pages = read_pages(folder)
    anchors, titles = {}, set()
    for page in pages:
        anchors[page.file] = page.anchors
        titles |= {plain(node.text()) for node in page.tree.css(".chart-title")}
        page.forget()
    papers = read_all(folder, "pdf/*.pdf", Paper, faults)
    tables = read_all(folder, "data/*.csv", read_table, faults)
    drawn = read_all(folder, "charts/*.csv", read_table, faults)
    indexes = {
        name: index
        for pattern in theme.SEARCH_INDEXES
        for name, index in read_all(folder, pattern, search_entries, faults).items()
    }
    if not indexes:
        name = theme.SEARCH_INDEXES[0].replace("*", "on")
        faults.append(Fault(name, 1, 0, "there is no search index", REBUILD))
    expected.on_paper = on_paper(papers.values(), expected.word("ui", "not_in_fonts"))
    others = in_background(
        lambda: (
            [*downloads(expected, folder, tables, drawn), *style_sheets(folder)],
            _records_of(expected, papers),
        )
    )
    tracer = Tracer(expected, sizes, titles, papers, tables)
    links = Links({*sizes, TRACE}, anchors, expected.site)
    texts = _Texts(expected, tracer.trace)
    named = {
        *expected.records,
        *expected.uses,
        *(file for index in indexes.values() for file in index),
    }
    absent = [HtmlFile(folder, folder / file, "") for file in sorted(named - {*anchors})]
    for page in (*pages, *absent):
        with reading(page.file, faults):
            faults += tracer.read(page)
            faults += links.broken(page)
            faults += unseen(page)
            faults += styles_within(page)
            faults += head(expected, page)
            faults += told(expected, page)
            faults += linked_data(expected, folder, page)
            faults += _records(expected, page)
            faults += _citations(expected, page)
            faults += charts(expected, drawn, page)
            texts.add(page)
            for name, index in indexes.items():
                faults += _in_index(expected, name, index.get(page.file, []), page)
        page.forget()
    for path in sorted(folder.glob("charts/*.svg")):
        svg = HtmlFile(folder, path)
        faults += tracer.read(svg)
        faults += picture(expected, drawn, path.stem, svg, svg.tree.css("svg"))
    numbers = tracer.numbers
    scripts = read_all(folder, "figures/*.js", lambda path: read_popovers(folder, path), faults)
    faults += _popovers(expected, scripts.values(), tracer, links)
    faults += links.unlinked()
    with reading("sitemap.xml", faults):
        faults += _sitemap(expected, pages, folder / "sitemap.xml")
    for file, paper in papers.items():
        faults += texts.compare(file, paper) if not file.endswith(_RECORDS) else ()
        faults += _around_a_pdf(expected, folder, file, paper)
    of_files, (of_records, in_records, rows) = others()
    faults += [*of_files, *of_records]
    tracer.trace.rows |= rows
    numbers += texts.numbers + in_records
    return Audit(numbers, len(pages), len(papers), faults, tracer.trace.text)


def _records_of(expected: Expected, papers: dict[str, Paper]) -> tuple[list[Fault], int, TraceRows]:
    """What is wrong in the records on paper, how many numbers they have, and their trace."""
    records = _Texts(expected, Trace(expected))
    faults = [
        fault
        for file, paper in papers.items()
        if file.endswith(_RECORDS)
        for fault in records.compare(file, paper)
    ]
    return faults, records.numbers, records.trace.rows


def _popovers(
    expected: Expected, popovers: Iterable[Popovers], tracer: Tracer, links: Links
) -> Iterator[Fault]:
    """What a page shows beside a figure: there is something for every observation."""
    missing = {(o["indicator"], o["period"]): o for o in expected.data["observations"]}
    for file, figures in popovers:
        links.linked.add(file.file)
        broken = links.broken(file, folder="")
        for fault in (*tracer.read(file), *broken, *unseen(file), *told(expected, file)):
            yield replace(fault, line=1)
        for figure in figures:
            if missing.pop(figure, None) is None:
                name = " ".join(filter(None, figure))
                yield Fault(file.file, 1, 0, f'"{name}" is no figure', REBUILD)
    for o in missing.values():
        what = f"the popover of {o['id']} is missing"
        yield Fault(f"figures/{o['indicator']}.js", 1, 0, what, REBUILD)


def _records(expected: Expected, page: HtmlFile) -> Iterator[Fault]:
    """Each observation has its record, with each of its claims, on the page it names."""
    found = {node.attributes.get("data-record"): node for node in page.tree.css("[data-record]")}
    for o in expected.records.get(page.file, ()):
        key, record = o["id"], found.get(o["id"])
        if record is None:
            yield Fault(page.file, 1, 0, f"the record of {key} is missing", REBUILD)
            continue
        values = {plain(words(claim["text"])) for claim in o["claims"]}
        only = values.pop() if len(values) == 1 else ""
        shown = [claim for group in record.css(".claim-group") for claim in _claims(group, only)]
        wanted = [
            (
                plain(words(claim["text"])),
                plain(claim["printed"]),
                claim["source"],
                "withdrawn" if claim["withdrawn"] else claim["rank"],
                _bare(words(claim["reason"])),
                _bare(words(claim["translation"])),
            )
            for claim in o["claims"]
        ]
        if sorted(shown) != sorted(wanted):
            odd = {*shown} ^ {*wanted} or {*shown}
            what = f"the record of {key} has other claims: {', '.join(map(str, sorted(odd)))}"
            yield page.fault(record, what, REBUILD)


def _claims(group: LexborNode, only: str) -> Iterator[tuple[str, ...]]:
    """Value, printed words, source, rank, reason and translation of each claim of a group.

    ``only``: the value where the group shows none.
    """
    value = _text(group, ".claim-value") or only
    for entry in group.css("li.claim"):
        rank = (entry.attributes["class"] or "").partition("claim-")[2]
        yield (
            value,
            _text(entry, "q"),
            entry.attributes.get("data-source") or "",
            rank,
            _bare(_text(entry, ".reason").partition(": ")[2]),
            _bare(_text(entry, ".translation")),
        )


def _text(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return plain(found.text()) if found else ""


def _bare(text: str) -> str:
    """A text of the data file and the same on a page: macros are printed as what they say."""
    return plain(re.sub(r"\{\{.*?\}\}", "", text))


def _citations(expected: Expected, page: HtmlFile) -> Iterator[Fault]:
    """A page cites what ``used_on`` says, and bears the fingerprint."""
    cited = {
        (node.attributes.get("data-figure"), node.attributes.get("data-period"))
        for node in page.tree.css(".fig")
    }
    for o in expected.uses.get(page.file, ()):
        if (o["indicator"], o["period"]) not in cited:
            yield Fault(page.file, 1, 0, f"{reference(o)} should be cited here", REBUILD)
    if page.path.is_file() and not page.tree.css_first(".fingerprint"):
        yield Fault(page.file, 1, 0, "the page bears no fingerprint", REBUILD)
    if page.file.startswith("embed/"):
        named, day = f'[data-figure="{page.path.stem}"]', expected.data["edition"]
        for selector in (
            f".answer :is(.fig{named}, .calculation)",
            f'footer time.date[datetime="{day}"]',
        ):
            if not page.tree.css_first(selector):
                yield Fault(page.file, 1, 0, f"there is no {selector} in it", REBUILD)
    if page.file in expected.records and page.tree.css_first("#citation"):
        known = {plain(words(o["citation"])) for o in expected.records[page.file]}
        for shown in page.tree.css("p.cite"):
            if plain(shown.text()) not in known:
                yield page.fault(shown, f'"{plain(shown.text())}" is not to be cited so', REBUILD)
        for id_, ending in (("bibtex", "bib"), ("ris", "ris")):
            copied = _text(page.tree.root, f"pre#{id_}") if page.tree.root else ""
            if not copied or copied not in plain(text_of(page.path.with_suffix(f".{ending}"))):
                yield Fault(page.file, 1, 0, f"its {id_} is not that of its file", REBUILD)


def _in_index(
    expected: Expected, name: str, entries: list[tuple[str, str]], page: HtmlFile
) -> Iterator[Fault]:
    """A search index says entry by entry what a page says, and leaves nothing out."""
    if not entries and page.file not in expected.records:
        return
    rest = page.article
    is_whole = True
    # A heading within a block interrupts the entry around it: take out the last ones first.
    for location, says in reversed(entries):
        before, found, after = rest.rpartition(closed(says))
        if found:
            rest = before + after
        else:
            is_whole = False
            what = f'{location} does not say "{words_at(says, rest)}"'
            yield Fault(name, 1, 0, what, REBUILD)
    if rest and is_whole:
        yield Fault(name, 1, 0, f'"{rest[:60]}" of {page.file} is not in the index', REBUILD)


class _Texts:
    """The texts of the pages, against which PDFs are held; counts the numbers that both have."""

    def __init__(self, expected: Expected, trace: Trace) -> None:
        self.expected = expected
        self.trace = trace
        self.numbers = 0
        self.names: list[Name] = []
        self.files = ["every page"]
        self.texts = [""]
        self.paragraphs: list[tuple[str, str]] = []
        """Those of the pages, each with its file."""
        self.pictures: list[set[str]] = []
        self.lines: dict[str, bool] = {}
        """Whether a line of a PDF belongs to a picture, once that has been asked."""

    def add(self, page: HtmlFile) -> None:
        """Keep of a page what may stand on paper too."""
        self.texts[0] = self.texts[0] or "".join(n.text() for n in page.tree.css(theme.FOOT))
        self.pictures += (
            {letters(part.text()) for part in picture.css("text, tspan")}
            for picture in page.tree.css("svg.chart-wide, svg.chart-narrow")
        )
        self.pictures += ({letters(node.text())} for node in page.tree.css(".chart-title"))
        if page.file not in self.expected.records:
            tree = page.take_tree()
            texts = page_texts(tree, self.names, self.expected.on_paper)
            is_on_paper = texts and page.file != "404.html"
            for node in tree.css(f"{theme.ARTICLE} p") if is_on_paper else ():
                self.paragraphs.append((page.file, node.text(separator=" ")))
            self.files += [page.file] * len(texts)
            self.texts += texts

    def compare(self, file: str, paper: Paper) -> Iterator[Fault]:
        """Numbers of a PDF that the pages do not have so; its pages are told as lines.

        The booklet must also have every number of the pages, and the records every number that
        ``facts.json`` has of a figure.
        """
        signs = (re.escape(sign).replace(r"\-", "[-\x02]") for sign in self.expected.site)
        own = re.compile(r"\n?".join(signs) or r"\b\B")  # pdfium: \x02 at the end of a line
        body = [
            own.sub(lambda address: re.sub(r"\S", " ", address[0]), text)
            for text in paper.body(self.expected.edition)
        ]
        self.numbers += sum(len(NUMBER.findall(text)) for text in body)
        if file.endswith(_RECORDS):
            records = Entries(tokens(body))
            data = self.expected.data
            licence = data["licence"] or {"name": ""}
            told = (self.expected.edition, data["fingerprint"], licence["name"])
            cover = [("", [text]) for text in told if text]
            for entry in records.missing([*self.expected.entries(), *cover]):
                yield Fault(file, 1, 0, f'the entry "{plain(entry)}" is missing', REBUILD)
            for page, start, number in _numbers_at(body, records.strays()):
                where = around(body[page - 1], start)
                yield Fault(file, page, 0, f'"{number}" stands in no entry, in "{where}"', REBUILD)
            found = {n: ("entry", name) for n, name in records.found.items()}
            self._trace(file, body, records.paper, found)
            return
        is_whole = file.endswith("-booklet.pdf")
        lines = [] if is_whole else list(self.expected.lines())
        known = [*self.texts, *(line for _, line in lines)]
        both = Comparison(tokens(body), tokens(known), is_whole=is_whole)
        places = [
            *self._names,
            *(dict.fromkeys(range(len(line)), ("line", n)) for n, line in lines),
        ]
        pairs = ((here, both.site[there]) for here, there in both.pairs.items())
        named = {n: places[token.page - 1].get(token.start, ("", "")) for n, token in pairs}
        self._trace(file, body, both.paper, named)
        for page, start, number in _numbers_at(body, both.strays()):
            text = body[page - 1]
            is_count = not is_whole and number == self.expected.disputes
            if not is_count and not self._is_label(text, start):
                what = f'"{number}" stands on no page so, in "{around(text, start)}"'
                yield Fault(file, page, 0, what, REBUILD)
        for page, start, number in _numbers_at(known, both.missing() if is_whole else ()):
            what = f'"{number}" of {self.files[page - 1]} is missing, in'
            yield Fault(file, 1, 0, f'{what} "{around(known[page - 1], start)}"', REBUILD)
        for name, text in both.left_out(self.paragraphs if is_whole else ()):
            yield Fault(file, 1, 0, f'{name} says "{plain(text)}", which is missing', REBUILD)

    @cached_property
    def _names(self) -> list[dict[int, Name]]:
        return names_at(self.texts, self.names)

    def _trace(
        self, file: str, body: list[str], paper: list[Token], named: dict[int, Name]
    ) -> None:
        """Note each number of a PDF; ``named``: what its tokens speak of."""
        starts = {(token.page, token.start): n for n, token in enumerate(paper)}
        for page, text in enumerate(body, start=1):
            for number in NUMBER.finditer(text):
                first = starts.get((page, number.start()), len(paper))
                signs = [named.get(first + n) for n in range(len(number[0]))]  # each is a token
                ((name, times),) = Counter(signs).most_common(1)
                kind, of = name if name and 2 * times > len(signs) else ("", "")
                self.trace.add(file, str(page), kind, of, number[0])

    def _is_label(self, text: str, place: int) -> bool:
        """Whether the line around a place says nothing but texts of one picture.

        One of them may stand within another, where two lie side by side at nearly one height.
        """
        start = text.rfind("\n", 0, place) + 1
        line = text[start:].partition("\n")[0]
        if line not in self.lines:
            self.lines[line] = self._is_of_a_picture(line)
        return self.lines[line]

    def _is_of_a_picture(self, whole: str) -> bool:
        line = letters(whole)
        if is_turned(whole):  # what runs from left to right there stands in another order
            return any(sorted(line) == sorted(one) for labels in self.pictures for one in labels)
        return any(
            _is_made_of(line.replace(within, "", 1), labels)
            for labels in self.pictures
            for within in ("", *(one for one in labels if len(one) > 2 and one in line[1:-1]))
        )


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


def _around_a_pdf(expected: Expected, folder: Path, name: str, paper: Paper) -> Iterator[Fault]:
    """Fingerprint, title, attached files and links of a PDF."""
    if expected.data["fingerprint"] not in "".join(paper.texts):
        yield Fault(name, 1, 0, "the PDF does not bear the fingerprint of the data", REBUILD)
    if NUMBER.search(paper.title):
        yield Fault(name, 1, 0, f'the title "{paper.title}" has a number', REBUILD)
    for file, content in paper.attached.items():
        path = folder / "data" / file
        if not path.is_file() or content != path.read_bytes():
            yield Fault(name, 1, 0, f"the attached {file} is not that of the site", REBUILD)
    for address in paper.addresses:
        if not expected.is_own(address) and not expected.is_source(address):
            what = f'"{address}" is on another host, and no source'
            yield Fault(name, 1, 0, what, "enter it as a source")


def _sitemap(expected: Expected, pages: list[HtmlFile], path: Path) -> Iterator[Fault]:
    """The site map names every page, as changed on the day of the edition."""
    text = text_of(path)
    for name in sorted({*re.findall(r"<(\w[\w:]*)", text)} - {"urlset", "url", "loc", "lastmod"}):
        yield Fault(path.name, 1, 0, f'"{name}" is not what the build puts there', REBUILD)
    for day in sorted(set(re.findall(r"<lastmod>(.*?)</lastmod>", text))):
        if day != expected.data["edition"]:
            yield Fault(path.name, 1, 0, f'"{day}" is not the day of the edition', REBUILD)
    named = set(re.findall(r"<loc>(.*?)</loc>", text))
    files = {page.file for page in pages if not page.file.startswith(APART)} - {"404.html"}
    wanted = {expected.site + file for file in files}
    for address in sorted(named ^ wanted if expected.site else ()):
        yield Fault(path.name, 1, 0, f"{address} is named here, or a page, but not both", REBUILD)
