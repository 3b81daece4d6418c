"""The audit: finished outputs, read back and held against ``facts.json``.

It knows nothing of how outputs are made: every number that a reader can see must lie in an
element that says what it stands for, and say what ``facts.json`` has for that.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TypeVar
from zipfile import ZipFile

from selectolax.lexbor import LexborNode

from factsheet.audit import theme
from factsheet.audit.expected import Expected, cell, plain, reference, words
from factsheet.audit.frame import frame, odd_frames
from factsheet.audit.html import NUMBER, Tracer, around
from factsheet.audit.known import (
    SUMS,
    Known,
    checksums,
    digest,
    files_as_known,
    page_as_known,
    search_as_known,
)
from factsheet.audit.links import Links
from factsheet.audit.outputs import (
    REBUILD,
    DamagedError,
    HtmlFile,
    Popovers,
    Rows,
    closed,
    read_pages,
    read_popovers,
    read_table,
    read_workbook,
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
from factsheet.audit.pictures import chart_row, charts, picture
from factsheet.audit.programs import beside_pages, linked_data
from factsheet.audit.references import References
from factsheet.audit.seen import APART, digests_of, head, headers, unseen
from factsheet.audit.styles import style_sheets
from factsheet.audit.told import told
from factsheet.audit.trace import TRACE, Trace, TraceRows
from factsheet.audit.wording import Frame
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


def audit(folder: Path, known: Known | None = None, *, has_trace: bool = True) -> Audit:
    """Read the finished site in ``folder`` and hold it against its own ``data/facts.json``.

    ``known``: what the build put there beside the pages; without it, nothing is known of that.
    ``has_trace``: whether the file that an audit gives is there already.
    """
    known = known or Known()
    if odd := _odd_entries(folder):
        return Audit(0, 0, 0, odd)
    try:
        expected = Expected.read(folder)
        expected.linked = known.linked
    except DamagedError as damage:
        return Audit(0, 0, 0, [damage.fault])
    sizes = _sizes(folder)
    pages = read_pages(folder)
    anchors, titles, frames, digests = {}, set(), {}, {}
    for page in pages:
        frames[page.file], digests[page.file] = frame(expected, page), digests_of(page)
        anchors[page.file] = page.anchors
        titles |= {plain(node.text()) for node in page.tree.css(".chart-title")}
        page.forget()
    faults: list[Fault] = []
    faults += headers(folder, digests)
    again = (HtmlFile(folder, folder / file, text) for file, text in known.pages.items())
    faults += odd_frames(frames, next(filter(None, (frame(expected, page) for page in again)), ""))
    papers = _read(folder, "pdf/*.pdf", Paper, faults)
    tables = _read(folder, "data/*.csv", read_table, faults)
    tracer = Tracer(expected, sizes, titles, papers, tables)
    links = Links({*sizes, TRACE}, anchors, expected.site)
    indexes = [
        index
        for pattern in theme.SEARCH_INDEXES
        for index in _read(folder, pattern, _Index, faults).values()
    ]
    faults += _no_index(indexes)
    with _told(faults):
        faults += search_as_known(folder, known)
    drawn = _read(folder, "charts/*.csv", read_table, faults)
    ui = known.words.get("ui", {})
    texts = _Texts(expected, tracer.trace, ui)
    expected.on_paper = on_paper(papers.values(), ui.get("not_in_fonts", ""))
    expected.no_date = ui.get("published_unknown", "")
    named = {
        *expected.records,
        *expected.uses,
        *(file for index in indexes for file in index.entries),
    }
    absent = [HtmlFile(folder, folder / file, "") for file in sorted(named - {*anchors})]
    references = References(expected, folder)
    others = in_background(
        lambda: (
            list(_other_files(folder, expected, known, set(sizes), tables, drawn)),
            _records_of(expected, papers),
        )
    )
    for page in (*pages, *absent):
        faults += tracer.read(page)
        faults += links.broken(page)
        faults += unseen(page)
        faults += head(expected, page)
        with _told(faults), reading(folder, folder / "data/facts.json"):
            faults += told(expected, known, page)
            faults += references.page(page)
            faults += linked_data(expected, folder, page)
        faults += page_as_known(page, known, is_one_block=page.file in expected.records)
        faults += _records(expected, page)
        faults += _citations(expected, page)
        faults += charts(expected, drawn, page)
        texts.add(page)
        for index in indexes:
            faults += index.compare(page, must_be_there=page.file in expected.records)
        page.forget()
    for path in sorted(folder.glob("charts/*.svg")):
        svg = HtmlFile(folder, path)
        faults += tracer.read(svg)
        faults += picture(expected, drawn, path.stem, svg, svg.tree.css("svg"))
    numbers = tracer.numbers
    popovers = _read(folder, "figures/*.js", read_popovers, faults)
    with _told(faults), reading(folder, folder / "data/facts.json"):
        faults += _popovers(expected, known, popovers.values(), tracer, links)
    faults += links.unlinked()
    with _told(faults), reading(folder, path := folder / "sitemap.xml"):
        faults += _sitemap(expected, pages, path)
    for file, paper in papers.items():
        faults += texts.compare(file, paper) if not file.endswith(_RECORDS) else ()
        faults += _around_a_pdf(expected, folder, file, paper)
    of_files, (of_records, in_records, rows) = others()
    faults += [*of_files, *of_records]
    tracer.trace.rows |= rows
    with _told(faults):
        faults += tracer.trace.compare(folder) if has_trace else []
    trace = tracer.trace.text
    return Audit(numbers + texts.numbers + in_records, len(pages), len(papers), faults, trace)


def _other_files(
    folder: Path,
    expected: Expected,
    known: Known,
    found: set[str],
    tables: dict[str, Rows],
    drawn: dict[str, Rows],
) -> Iterator[Fault]:
    """What is wrong in files that are no pages."""
    faults: list[Fault] = []
    with _told(faults):
        faults += files_as_known(folder, found, known)
    facts, sources = list(expected.rows()), list(expected.source_rows())
    for name, wanted in (("facts", facts), ("sources", sources)):
        faults += _table(f"data/{name}.csv", tables.get(f"data/{name}.csv", []), wanted, cell)
    with _told(faults):
        book = read_workbook(folder, folder / "data/facts.xlsx")
        faults += _table("data/facts.xlsx", book.get("facts", []), facts, str)
        faults += _table("data/facts.xlsx", book.get("sources", []), sources, str)
    faults += _packed(folder)
    with _told(faults):
        faults += References(expected, folder).files()
    with _told(faults):
        faults += beside_pages(expected, folder)
    own = _by_indicator(facts)
    for name, rows in _read(folder, "figures/*.csv", read_table, faults).items():
        faults += _table(name, rows, own.get(Path(name).stem, []), cell)
    with _told(faults), reading(folder, path := folder / "data/facts.schema.json"):
        if json.loads(path.read_text("utf-8"))["required"] != list(expected.data):
            faults.append(Fault("data/facts.schema.json", 1, 0, "has other keys", REBUILD))
    for name, rows in drawn.items():
        for line, row in rows:
            faults += chart_row(expected, name, line, row)
    yield from faults
    yield from style_sheets(folder)


def _records_of(expected: Expected, papers: dict[str, Paper]) -> tuple[list[Fault], int, TraceRows]:
    """What is wrong in the records on paper, how many numbers they have, and their trace."""
    records = _Texts(expected, Trace(expected), {})
    faults = [
        fault
        for file, paper in papers.items()
        if file.endswith(_RECORDS)
        for fault in records.compare(file, paper)
    ]
    return faults, records.numbers, records.trace.rows


_Read = TypeVar("_Read")


def _no_index(indexes: list["_Index"]) -> Iterator[Fault]:
    if not indexes:
        name = theme.SEARCH_INDEXES[0].replace("*", "on")
        yield Fault(name, 1, 0, "there is no search index", REBUILD)


def _sizes(folder: Path) -> dict[str, int]:
    """The bytes of each file by its name."""
    found = ((path.relative_to(folder).as_posix(), path.stat()) for path in folder.rglob("*"))
    return {file: about.st_size for file, about in found if S_ISREG(about.st_mode)}


def _odd_entries(folder: Path) -> list[Fault]:
    """What in a site is neither a file nor a folder of its own, or a folder named like a file."""
    entries = [(path, path.lstat().st_mode) for path in sorted(folder.rglob("*"))]
    return [
        Fault(path.relative_to(folder).as_posix(), 1, 0, "no plain file", REBUILD)
        for path, mode in entries
        if not (S_ISREG(mode) or (S_ISDIR(mode) and not path.suffix))
    ]


def _read(
    folder: Path, files: str, read: Callable[[Path, Path], _Read], faults: list[Fault]
) -> dict[str, _Read]:
    """What ``read`` makes of each of some files, by their names; of damaged ones, faults."""
    found = {}
    for path in sorted(folder.glob(files)):
        with _told(faults):
            found[path.relative_to(folder).as_posix()] = read(folder, path)
    return found


@contextmanager
def _told(faults: list[Fault]) -> Iterator[None]:
    """A damaged file is a fault among others."""
    try:
        yield
    except DamagedError as damage:
        faults.append(damage.fault)


def _popovers(
    expected: Expected, known: Known, popovers: Iterable[Popovers], tracer: Tracer, links: Links
) -> Iterator[Fault]:
    """What a page shows beside a figure: there is something for every observation."""
    missing = {(o["indicator"], o["period"]): o for o in expected.data["observations"]}
    for file, figures in popovers:
        links.linked.add(file.file)
        broken = links.broken(file, folder="")
        for fault in (*tracer.read(file), *broken, *unseen(file), *told(expected, known, file)):
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
        shown = sorted(claim for group in record.css(".claim-group") for claim in _claims(group))
        wanted = sorted(
            (plain(words(claim["text"])), plain(claim["printed"]), claim["source"])
            for claim in o["claims"]
        )
        shown = [(value or only, *rest) for value, *rest in shown]
        if sorted(shown) != wanted:
            odd = {*shown} ^ {*wanted} or {*shown}
            what = f"the record of {key} has other claims: {', '.join(map(str, sorted(odd)))}"
            yield page.fault(record, what, REBUILD)


def _claims(group: LexborNode) -> Iterator[tuple[str, ...]]:
    """Value, printed words and source of each claim of a group; no value where it has none."""
    value = group.css_first(".claim-value")
    for entry in group.css("li.claim"):
        quote = entry.css_first("q")
        yield (
            plain(value.text()) if value else "",
            plain(quote.text()) if quote else "",
            entry.attributes.get("data-source") or "",
        )


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


class _Index:
    """A search index, which says entry by entry what the pages say, and leaves nothing out."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.name = path.relative_to(folder).as_posix()
        self.entries = search_entries(folder, path)

    def compare(self, page: HtmlFile, *, must_be_there: bool) -> Iterator[Fault]:
        if page.file not in self.entries and not must_be_there:
            return
        rest = page.article
        is_whole = True
        # A heading within a block interrupts the entry around it: take out the last ones first.
        for location, says in reversed(self.entries.get(page.file, [])):
            before, found, after = rest.rpartition(closed(says))
            if found:
                rest = before + after
            else:
                is_whole = False
                what = f'{location} does not say "{words_at(says, rest)}"'
                yield Fault(self.name, 1, 0, what, REBUILD)
        if rest and is_whole:
            yield Fault(
                self.name, 1, 0, f'"{rest[:60]}" of {page.file} is not in the index', REBUILD
            )


def _table(
    name: str, rows: Rows, wanted: list[dict[str, str]], put: Callable[[str], str]
) -> Iterator[Fault]:
    """Each row of a table says what ``facts.json`` has for it; ``put``: a text as a cell."""
    if len(rows) != len(wanted):
        what = f"there are {len(rows)} rows for {len(wanted)}"
        yield Fault(name, rows[-1][0] if rows else 1, 0, what, REBUILD)
    for (line, row), right in zip(rows, wanted, strict=False):
        for column in {**row, **right}:
            shown, correct = row.get(column, ""), put(right.get(column, ""))
            if shown != correct and not _same_number(shown, correct):
                what = f'{column} of {row.get("id")} is "{shown}"'
                yield Fault(name, line, 0, what, f'facts.json has "{correct}"')


def _by_indicator(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["indicator"], []).append(row)
    return found


def _same_number(one: str, other: str) -> bool:
    """Whether a spreadsheet wrote the same number in another way: 2.5 for 2.50."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _packed(folder: Path) -> Iterator[Fault]:
    """What packages say of files, and hold of them, is what the site has."""
    faults: list[Fault] = []
    with _told(faults), reading(folder, path := folder / "data/datapackage.json"):
        for told in json.loads(path.read_text("utf-8"))["resources"]:
            content = (path.parent / told["path"]).read_bytes()
            columns = [field["name"] for field in told["schema"]["fields"]]
            head = content.decode("utf-8-sig").partition("\n")[0].split(",")
            right = f"sha256:{digest(content)}", len(content), head
            if (told["hash"], told["bytes"], columns) != right:
                what = f"{told['path']} is not as it is described here"
                faults.append(Fault("data/datapackage.json", 1, 0, what, REBUILD))
    found = sorted(folder.glob("data/*.zip"))
    if len(found) != 1:
        faults.append(Fault("data", 1, 0, f"there are {len(found)} zips for one", REBUILD))
    for path in found:
        name = path.relative_to(folder).as_posix()
        with _told(faults), reading(folder, path), ZipFile(path) as archive:
            held = {file: archive.read(file) for file in archive.namelist()}
            sums = checksums(held)
            if held.pop(SUMS).decode() != sums:
                faults.append(Fault(name, 1, 0, f"{SUMS} does not fit its files", REBUILD))
            held.pop("README.md")
            kinds = ("data/*", "charts/*.csv", "pdf/*.pdf")
            files = {file for kind in kinds for file in folder.glob(kind)} - {path, folder / TRACE}
            wanted = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
            faults += (
                Fault(name, 1, 0, f"{file} is not that of the site", REBUILD)
                for file in sorted({*held, *wanted})
                if held.get(file) != wanted.get(file)
            )
    yield from faults


class _Texts:
    """The texts of the pages, against which PDFs are held; counts the numbers that both have."""

    def __init__(self, expected: Expected, trace: Trace, ui: Mapping[str, str]) -> None:
        self.frame = Frame(expected, ui) if ui else None
        self.expected = expected
        self.trace = trace
        self.numbers = 0
        self.names: list[Name] = []
        self.files = ["every page"]
        self.texts = [""]
        self.apart: set[int] = set()
        """Which of them, counted from one, are around pictures."""
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
        if self.frame:
            self.frame.add(page)
        if page.file not in self.expected.records:
            texts = page_texts(page.take_tree(), self.names, self.expected.on_paper)
            self.apart |= {len(self.texts) + n for n in range(2, len(texts) + 1)}
            self.files += [page.file] * len(texts)
            self.texts += texts

    def compare(self, file: str, paper: Paper) -> Iterator[Fault]:
        """Numbers of a PDF that the pages do not have so; its pages are told as lines.

        The booklet must also have every number of the pages, and the records every number that
        ``facts.json`` has of a figure. The one-page sheet says less, and in another order: there
        each row of words may stand anywhere on the site.
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
        both = Comparison(
            tokens(body),
            tokens(known),
            [{*range(len(known) + 1)} - self.apart, self.apart] if is_whole else [],
            is_label=lambda token: self._is_label(body[token.page - 1], token.start),
        )
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

        yield from self._wording(file, body, known, both, is_whole=is_whole)

    def _wording(
        self, file: str, body: list[str], known: list[str], both: Comparison, *, is_whole: bool
    ) -> Iterator[Fault]:
        """Words of a PDF that no page has so, and of pages that the booklet lacks."""
        seen: set[tuple[int, int]] = set()
        for token in self.frame.strays(both, body) if self.frame else ():
            place = body[token.page - 1].rfind("\n", 0, token.start)
            is_cover = is_whole and token.page == 1
            if (
                not is_cover
                and (token.page, place) not in seen
                and not self._is_label(body[token.page - 1], token.start)
            ):
                seen.add((token.page, place))
                where = around(body[token.page - 1], token.start)
                yield Fault(file, token.page, 0, f'no page says "{where}" so', REBUILD)
        for token in self.frame.missing(both, known) if self.frame and is_whole else ():
            name, near = self.files[token.page - 1], (-token.page, token.start // 200)
            if name not in {"every page", "404.html"} and near not in seen:
                seen.add(near)
                where = around(known[token.page - 1], token.start)
                yield Fault(file, 1, 0, f'{name} says "{where}", which is missing', REBUILD)

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
                kind, of = named.get(starts.get((page, number.start()), -1), ("", ""))
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
