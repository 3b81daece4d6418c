"""Each claim gets a new value in a copy of the real project; every output that cites it follows.

The copy is built whole, contradictions told instead of stopping: pages, search, charts, tables
of data, PDFs. What an output says of a figure in the site as it is and in the copy must be
what the claim says there on which the figure rests, and so spell the claim's code word
(``code_words.py``). All else must be as it was, but for fingerprint and states.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.analysis.factbase import FactBase
from factsheet.audit.expected import plain
from factsheet.audit.html import NUMBER
from factsheet.audit.outputs import closed, search_entries
from factsheet.audit.pdf import Paper, letters
from factsheet.build.project import DATA_FILE
from factsheet.text.format import words_file
from tests.code_words import CodeWords, Edition, Place, Saying
from tests.conftest import ROOT, Copy, built_once, copy_project
from tests.sheets import popovers_in

MARKS = re.compile("[\u200b-\u200f]")
"""What in a PDF keeps words from right to left in order."""
WORTH = ".fig, .claim-value"
"""The elements of pages that give a value."""


class Element(NamedTuple):
    """One place of an output that gives a value.

    ``claim``: which of the figure's claims, by its place among them or by its source;
    ``shown`` for the figure's own value, ``any`` where it may be either.
    """

    output: str
    kind: str
    key: str
    claim: int | str
    words: str | None
    machine: tuple[str, str | None] | None


class Site:
    """A finished site and what its data file says."""

    def __init__(self, folder: Path, data: Path) -> None:
        """``folder``: the finished site; ``data``: the data file that it was built from."""
        self.folder = folder
        self.edition = Edition(data)
        self.trees = {
            path.relative_to(folder).as_posix(): LexborHTMLParser(path.read_text("utf-8"))
            for path in sorted(folder.rglob("*.html"))
        }
        self.facts: dict[str, Any] = json.loads((folder / "data/facts.json").read_text("utf-8"))
        self.popovers = popovers_in(folder)
        self.rows = read_csv(folder / "data/facts.csv")
        self.elements = list(self._elements())

    def _elements(self) -> Iterator[Element]:
        for name, tree in self.trees.items():
            yield from tagged(name, tree)
            for quoted in quotations(tree):
                source = quoted.entry.attributes["data-source"] or ""
                yield of_node(name, "claim", quoted.key, source, quoted.value)
            for picture in tree.css("figure.small-series > svg"):
                yield from drawn(name, picture, "shown")
            for picture in tree.css("figure.chart svg[class]"):
                yield from drawn(f"{name} {picture.attributes['class']}", picture)
        for html in self.popovers.values():
            yield from tagged("popovers", LexborHTMLParser(html))
        for path in sorted(self.folder.glob("charts/*.svg")):
            yield from drawn(f"charts/{path.name}", LexborHTMLParser(path.read_text("utf-8")).root)
        for path in sorted(self.folder.glob("charts/*.csv")):
            for row in read_csv(path):
                if row["words"]:
                    key, machine = key_of(row["figure"], row["period"]), (row["value"], row["high"])
                    yield Element(f"charts/{path.name}", "row", key, "any", row["words"], machine)
        yield from self._facts_json()
        yield from self._facts_csv()

    def _facts_json(self) -> Iterator[Element]:
        for o in self.facts["observations"]:
            values: list[tuple[int | str, Any]] = [("shown", o), *enumerate(o["claims"])]
            for claim, given in values:
                for form, text in {"text": given["text"], **given["forms"]}.items():
                    machine = given["value"], given["high"] or ""
                    yield Element("facts.json", form, o["id"], claim, text["en"], machine)

    def _facts_csv(self) -> Iterator[Element]:
        seen: Counter[str] = Counter()
        for row in self.rows:
            key, machine = row["id"], (row["value"], row["high"])
            claim = seen[key] if row["source"] else "shown"
            yield Element("facts.csv", "shown", key, claim, row["shown"], None)
            yield Element("facts.csv", "value", key, claim, None, machine)
            seen[key] += 1

    def speakers(self, element: Element) -> list[Place]:
        """The claims that may speak there; none for a calculated figure."""
        key, claim = element.key, element.claim
        claims = self.edition.facts.observations[key].claims
        if isinstance(claim, int):
            return [Place(key, claim)]
        if claim == "shown":
            return [self.edition.chosen[key]] if claims else []
        named = enumerate(read.claim.source for read in claims)
        return [Place(key, index) for index, source in named if claim in {source, "any"}]

    def allowed(self, element: Element) -> list[Saying]:
        """What it may say."""
        speakers = [self.edition.claims[place] for place in self.speakers(element)]
        return speakers or [self.edition.figures[element.key]]

    @cached_property
    def entries(self) -> dict[str, str]:
        """What the search index has for each address."""
        found: dict[str, str] = {}
        for entries in search_entries(self.folder / "search/search_index.json").values():
            for location, text in entries:
                found[location] = found.get(location, "") + closed(text)
        return found

    @cached_property
    def papers(self) -> dict[str, Paper]:
        """The PDFs."""
        return {
            path.relative_to(self.folder).as_posix(): Paper(path)
            for path in sorted(self.folder.glob("pdf/*.pdf"))
        }

    def printed(self, kind: str) -> str:
        """The text of the ``sheet`` or of the ``records``, without hyphenation."""
        edition = self.facts["dates"][self.facts["edition"]]["en"]
        paper = next(paper for name, paper in self.papers.items() if f"{kind}.pdf" in name)
        return closed("".join(paper.body(edition))).replace("\N{SOFT HYPHEN}", "")


def tagged(output: str, tree: LexborHTMLParser) -> Iterator[Element]:
    """The values that a page gives."""
    for node in tree.css(WORTH):
        given = node.attributes
        key = key_of(given["data-figure"] or "", given.get("data-period"))
        kind, source = (given["class"] or "").split()[0], given.get("data-source")
        yield of_node(output, kind, key, source or "shown", node)


def of_node(output: str, kind: str, key: str, claim: str, node: LexborNode) -> Element:
    machine = node.attributes.get("value", node.attributes.get("datetime")) or "", None
    return Element(output, kind, key, claim, plain(node.text()), machine)


class Quotation(NamedTuple):
    """A claim on its figure's page: the observation, the value above it, and its own entry."""

    key: str
    value: LexborNode
    entry: LexborNode


def quotations(tree: LexborHTMLParser) -> Iterator[Quotation]:
    """The claims of a figure's page; claims that all say the same have the figure's own value."""
    for record in tree.css("[data-record]"):
        own = record.css_first("h3 .fig, td .fig") or tree.css_first(".answer .fig")
        for group in record.css(".claim-group"):
            value = group.css_first(".claim-value") or own
            for entry in group.css("li.claim"):
                assert value
                yield Quotation(record.attributes["data-record"] or "", value, entry)


def drawn(output: str, picture: LexborNode | None, claim: str = "any") -> Iterator[Element]:
    """The values that a picture draws."""
    for node in picture.css("[data-value]") if picture else ():
        given = node.attributes
        key = key_of(given["data-figure"] or "", given.get("data-period"))
        machine = given["data-value"] or "", given.get("data-high") or ""
        yield Element(output, "mark", key, claim, None, machine)


def key_of(figure: str, period: str | None) -> str:
    return f"{figure}-{period.replace('/', '--')}" if period else figure


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


VARYING = {
    ".fig, .claim-value": "values, held against the data file one by one",
    ".late, .verdict, td[data-label=Verdict], .outcome": "verdicts on promises",
    ".promises tbody": "promises, which share a row if they and what came are one",
    "details:has(> .targets), .count[data-count=promises]": "the same, by what became of them",
    ".state, .rank, td[data-label=State], td[data-label=Result]": "states",
    ".period .explanation, p:not([class]):has(> a[href*='#dispute-'])": "why it is disputed",
    ".ties:has(> a[href*='#dispute-']), .more-disputes": "what is disputed",
    ".dispute-box, table.cases, .count[data-count=notes]": "the same",
    ".answer, .sure, .cite, td.said-by:not(:has(li))": "who says the value shown, and how sure",
    ".dispute tbody": "a row for each value",
    "a[href*='#dispute-'], .count[data-count=disputes]": "disputes",
    "td.marks, figcaption, .source-number": "the sources of those claims that give a value",
    ".popover-used, .popover-others": "the claims beside the one shown",
    ".popover-value ~ p:has(q)": "its words",
    ".chart-picture, .sparkline, .chart-key, figure.chart tbody": "drawn from values",
    ".file-size, .page-count": "of downloads",
    ".fingerprint": "of the data file",
    "script, style": "not read",
}
"""What may change on a page beside values, and why."""
STATED = {words_file("en")["ui"]["stated"]}
"""What stands in the place of a state where there is none."""
OF_DISPUTES = re.compile(r"dispute-|box-")
"""The anchors of disputes."""
OF_VALUES = {
    "value", "high", "qualifier", "low_open", "high_open", "text", "forms", "step", "status",
    "holds", "verdicts", "fingerprint", "disputes", "is_shown",
    "citation", "definition", "reason", "explanation", "assumes",
}  # fmt: skip
"""The fields of facts.json that may change: values, states, and prose that gives values."""
OF_ROWS = {"value", "high", "qualifier", "status", "shown", "is_shown", "fingerprint", "reason"}
"""Of claims with one value, the first is the one shown: where values part, it can be another."""


@pytest.fixture(scope="module")
def code() -> CodeWords:
    return CodeWords(ROOT / DATA_FILE)


@pytest.fixture(scope="module")
def build(code: CodeWords, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, built, and in the file ``told`` what the audit finds in it."""

    def make(root: Path) -> None:
        copy = copy_project(root)
        copy.write(DATA_FILE.as_posix(), code.text())
        done = subprocess.run(
            [sys.executable, "-m", "tests.build_anyway", str(root)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        copy.write("told", done.stdout)

    return built_once(tmp_path_factory, "changed", make)


@pytest.fixture(scope="module")
def sites(built_project: Copy, build: Path) -> tuple[Site, Site]:
    """The site as it is, then the copy."""
    as_it_is = Site(built_project.site, built_project.root / DATA_FILE)
    return as_it_is, Site(build / "build", build / DATA_FILE)


def test_every_output_says_what_the_claims_say_on_which_it_rests(sites: tuple[Site, Site]) -> None:
    """At each place, to readers and to machines."""
    wrong = Counter(
        f"site {number}, {element.output}: {element.kind} of {element.key} ({element.claim}) "
        f"says {element.words} {element.machine}, not {site.allowed(element)}"
        for number, site in enumerate(sites)
        for element in site.elements
        if not any(says(element, saying) for saying in site.allowed(element))
    )
    assert not wrong, "\n".join(f"{often} times {what}" for what, often in wrong.most_common(20))
    assert min(len(site.elements) for site in sites) > 10 * len(sites[0].edition.claims)


def says(element: Element, saying: Saying) -> bool:
    if element.words is not None and plain(element.words) not in saying.words:
        return False
    low, high = element.machine or (None, None)
    return low in {None, saying.machine[0]} and high in {None, saying.machine[1]}


def test_each_place_spells_the_code_word_of_its_claim(
    code: CodeWords, sites: tuple[Site, Site]
) -> None:
    """Of all claims of the file only its own says what stands there in the site and the copy."""
    heard: dict[str, set[Place]] = {}
    said = [texts(site) for site in sites]
    for group in sorted(set.intersection(*map(set, said)), key=str):
        speakers = [set(site.speakers(Element(*group, None, None))) for site in sites]
        if speakers[0] and all(found == speakers[0] for found in speakers):
            named = set.intersection(*(
                {place for text in found[group] for place in site.edition.said_by.get(text, ())}
                for site, found in zip(sites, said, strict=True)
            ))  # fmt: skip
            assert named, f"{group} spells no code word"
            assert named <= speakers[0], f"{group} spells that of {named - speakers[0]}"
            heard.setdefault(group[0], set()).update(named)
    everything = set(code.steps)
    assert heard["facts.json"] == heard["facts.csv"] == everything
    assert set().union(*(heard[name] for name in sites[0].trees if name in heard)) == everything
    shown = [set(site.edition.chosen.values()) for site in sites]
    assert heard["popovers"] >= set.intersection(*shown)
    assert {f"charts/{path.name}" for path in charts_with_values(sites[0])} <= heard.keys()


def texts(site: Site) -> dict[tuple[str, str, str, int | str], set[str]]:
    """What an output says of a figure or of one claim for it."""
    found: dict[tuple[str, str, str, int | str], set[str]] = {}
    for element in site.elements:
        text = element.machine[0] if element.words is None and element.machine else element.words
        found.setdefault(element[:4], set()).add(plain(text or ""))
    return found


def charts_with_values(site: Site) -> Iterator[Path]:
    for path in site.folder.glob("charts/*.csv"):
        if any(row["words"] for row in read_csv(path)):
            yield from (path, path.with_suffix(".svg"))


def test_calculated_figures_move_with_their_claims(sites: tuple[Site, Site]) -> None:
    """But for a few that rounding or cancelling leaves; ``test_changes_follow.py`` has them all."""
    as_it_is, copy = (site.edition for site in sites)
    calculated = [o.key for o in as_it_is.facts.observations.values() if o.formula]
    moved = [key for key in calculated if copy.figures[key] != as_it_is.figures[key]]
    assert len(moved) > 0.9 * len(calculated)


def test_no_output_loses_or_gains_a_figure(sites: tuple[Site, Site]) -> None:
    """Single claims stand apart only where they differ; disputes come and go.

    So does, on the page of a figure, what cannot be true beside it; in small pictures, labels
    make room for each other.
    """
    as_it_is, copy = (
        {
            (element.output, element.key)
            for element in site.elements
            if element.claim == "shown" and element.output != "disputed-figures.html"
            if not is_beside(element, site.edition.facts)
            if not element.output.startswith("embed/")
        }
        for site in sites
    )
    assert copy == as_it_is, copy ^ as_it_is


def is_beside(element: Element, facts: FactBase) -> bool:
    """Whether it stands on the page of another figure."""
    folder, _, page = element.output.rpartition("/")
    own = facts.observations[element.key].indicator_id
    return folder == "figures" and page != f"{own}.html"


def test_search_says_the_answer_of_each_figure(sites: tuple[Site, Site]) -> None:
    for site in sites:
        pages = {name: tree for name, tree in site.trees.items() if name.startswith("figures/")}
        assert len(pages) == len(site.edition.facts.data.sheet.indicators)
        for name, tree in pages.items():
            (answer,) = tree.css(".answer b .fig")
            key = key_of(
                answer.attributes["data-figure"] or "", answer.attributes.get("data-period")
            )
            saying = site.allowed(Element(name, "fig", key, "shown", None, None))[0]
            found = "".join(text for at, text in site.entries.items() if at.startswith(name))
            assert closed(saying.words[0]) in found, f"search: {key}"


def test_each_claim_stands_beside_its_printed_words(sites: tuple[Site, Site]) -> None:
    for site in sites:
        found = {
            (quoted.key, quoted.entry.attributes["data-source"], plain(q.text()), plain(words))
            for tree in site.trees.values()
            for quoted in quotations(tree)
            for q in quoted.entry.css("q")
            for words in [quoted.value.text()]
        }
        for place, saying in site.edition.claims.items():
            claim = site.edition.facts.observations[place.key].claims[place.number].claim
            given = place.key, claim.source, plain(claim.printed)
            assert any((*given, plain(words)) in found for words in saying.words), place


def test_the_records_say_each_claim_beside_its_printed_words(sites: tuple[Site, Site]) -> None:
    for site in sites:
        records = MARKS.sub("", site.printed("records"))
        for place, saying in site.edition.claims.items():
            claim = site.edition.facts.observations[place.key].claims[place.number].claim
            words = closed(saying.words[0])
            # A PDF does not tell a hyphen that is printed from one that ends a line.
            printed = re.escape(closed(MARKS.sub("", claim.printed))).replace(r"\-", ".?")
            assert re.search(rf"{re.escape(words)}[^“]*“{printed}”", records), f"records: {place}"


def test_the_sheet_on_one_page_says_the_key_figures(sites: tuple[Site, Site]) -> None:
    for site in sites:
        sheet = site.printed("sheet")
        cards = site.trees["index.html"].css(".card .fig")
        assert cards
        assert not [card.text() for card in cards if closed(card.text()) not in sheet]


def test_the_audit_traces_every_number_of_the_copy(build: Path, sites: tuple[Site, Site]) -> None:
    """So none says an old value anywhere.

    All but labels of pictures in a PDF: those of values that lie close together are printed
    one over the other, and read with their letters mixed.
    """
    _, copy = sites
    labels = [
        Counter(letters("".join(node.text() for node in picture.css("text"))))
        for tree in copy.trees.values()
        for picture in tree.css("svg.chart-wide, svg.chart-narrow")
    ]
    told = (build / "told").read_text("utf-8").splitlines()
    strays = [stray for stray in told if not is_of_labels(stray, copy, labels)]
    assert not strays, "\n".join(strays[:20])


def is_of_labels(stray: str, site: Site, labels: list[Counter[str]]) -> bool:
    """Whether a number stands in a line of a PDF that is nothing but letters of one picture."""
    found = re.match(r'(pdf/\S+):(\d+): "([^"]+)" stands on no page so', stray)
    if not found:
        return False
    lines = site.papers[found[1]].texts[int(found[2]) - 1].split("\n")
    mixed = [Counter(letters(line)) for line in lines if found[3] in NUMBER.findall(line)]
    return any(line <= picture for line in mixed for picture in labels)


def test_the_disputes_shown_are_those_of_the_data(sites: tuple[Site, Site]) -> None:
    for site in sites:
        facts = site.edition.facts
        keys = {dispute.key for dispute in (*facts.disputes, *facts.notes)}
        assert shown_disputes(site) == {f"dispute-{key}" for key in keys}


def shown_disputes(site: Site) -> set[str]:
    sections = site.trees["disputed-figures.html"].css("section.dispute")
    return {section.attributes["aria-labelledby"] or "" for section in sections}


def test_nothing_else_changes_on_the_pages(sites: tuple[Site, Site]) -> None:
    """No sentence and no anchor; and none in what pages show beside a figure."""
    shared = set.intersection(*map(shown_disputes, sites))
    as_it_is, copy = (all_else(site, shared) for site in sites)
    assert copy.keys() == as_it_is.keys()
    wrong = []
    for name, (words, anchors) in as_it_is.items():
        now, ids = copy[name]
        if now != words:
            wrong.append(f"{name}: {list(now - words)}, before {list(words - now)}")
        if ids != anchors:
            wrong.append(f"{name}: {ids ^ anchors}")
    assert not wrong, "\n".join(wrong)


def all_else(site: Site, disputes: set[str]) -> dict[str, tuple[Counter[str], set[str]]]:
    """What pages say beside values, in whatever order, of these disputes; and their anchors."""
    pages = {name: LexborHTMLParser(tree.html or "") for name, tree in site.trees.items()}
    popovers = {key: LexborHTMLParser(html) for key, html in site.popovers.items()}
    found = {}
    for name, tree in (pages | popovers).items():
        for case in tree.css("details.case"):
            section = case.css_first("section.dispute")
            if section and section.attributes["aria-labelledby"] not in disputes:
                case.decompose()
        anchors = {node.attributes["id"] or "" for node in tree.css("[id]")}
        found[name] = blocks(tree), {anchor for anchor in anchors if not OF_DISPUTES.match(anchor)}
    return found


def blocks(tree: LexborHTMLParser) -> Counter[str]:
    for node in tree.css(", ".join(VARYING)):
        node.decompose()
    claims = [plain(node.text(separator=" ")) for node in tree.css("li.claim")]
    for node in tree.css(".claim-group"):  # what is left of it says how many agree
        node.decompose()
    inner = "p, li, dt, dd, td, th, caption, summary, h1, h2, h3, h4, title"
    texts = (plain(node.text(separator=" ")) for node in tree.css(inner))
    found = [text.replace(" ( )", "") for text in texts]  # a number below zero stood within
    return Counter(text for text in (*claims, *found) if text and text not in STATED)


def test_nothing_else_changes_in_the_tables_of_data(sites: tuple[Site, Site]) -> None:
    as_it_is, copy = sites
    assert without(copy.facts, OF_VALUES) == without(as_it_is.facts, OF_VALUES)
    assert without(copy.rows, OF_ROWS) == without(as_it_is.rows, OF_ROWS)
    assert list(copy.popovers) == list(as_it_is.popovers)


def without(data: Any, names: set[str]) -> Any:
    if isinstance(data, dict):
        return {name: without(value, names) for name, value in data.items() if name not in names}
    return [without(value, names) for value in data] if isinstance(data, list) else data


def test_the_search_index_has_the_same_entries(sites: tuple[Site, Site]) -> None:
    """All but the disputes, which come and go with the values."""
    as_it_is, copy = (
        {location for location in site.entries if "#dispute-" not in location} for site in sites
    )
    assert copy == as_it_is


def test_no_other_file_changes(sites: tuple[Site, Site]) -> None:
    as_it_is, copy = (
        {
            path.relative_to(site.folder).as_posix(): path.read_bytes()
            for path in site.folder.rglob("*")
            if path.is_file()
        }
        for site in sites
    )
    data = r"data/(facts\.(csv|json|xlsx)|(datapackage|trace)\.json|[^/]+\.zip)"
    kinds = rf"[^/]+\.html|charts/.*|{data}|pdf/.*|search/.*|embed/.*"
    follows = re.compile(rf"{kinds}|assets/social\.png|figures/.*")
    assert copy.keys() == as_it_is.keys()
    changed = {name for name in copy if copy[name] != as_it_is[name]}
    assert not {name for name in changed if not follows.fullmatch(name)}
