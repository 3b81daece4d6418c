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
from factsheet.ledger import TAGS, Ledger, plain, reference, words
from factsheet.links import broken_links

FURNITURE = {
    "pre, code": "what an editor types or a program prints: examples, not statements",
    "g.role-axis-label": "the marks of a scale, which no source gives",
    "script, style, template": "not shown",
}
"""Elements with numbers that stand for nothing in the data, each with its reason."""

CREDITS = ".md-copyright a"
"""Links to other hosts that are no sources: the foot names the licence and the program."""

_ANEW = "build the site anew"
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|[²³¹¼-¾⁰-₉⅐-↋①-⓿]")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\]\([^)\s]*\.(?:md|html)\b")
_LOADED = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*")
_PRINTED = re.compile(r"content:\s*([\"'])(?:\\[0-9a-f]++|(?!\1)[^\d\\])*\d.*?\1", re.IGNORECASE)
_READ_OUT = ("alt", "aria-label", "data-label", "label", "placeholder", "title")
_ADDRESSES = (
    "action", "cite", "content", "data", "formaction", "href", "ping", "poster", "src", "srcset",
    "style", "xlink:href",
)  # fmt: skip


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
        return Audit(0, 0, 0, [Fault("data/facts.json", 1, 0, f"cannot be read: {error}", _ANEW)])
    pages = read_pages(folder)
    reader = _Reader(ledger)
    faults = [fault for page in pages for fault in reader.read(page)]
    faults += broken_links(folder, pages)
    faults += _records(ledger, pages)
    faults += _citations(ledger, pages)
    for path in sorted(folder.glob("search/search_index.js*")):
        faults += _search(ledger, pages, path)
    faults += _csv(ledger, folder / "data/facts.csv")
    faults += _style_sheets(folder)
    return Audit(reader.numbers, len(pages), len(list(folder.rglob("*.pdf"))), faults)


class _Reader:
    """Reads pages and pictures, and counts the numbers that it could trace."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.numbers = 0

    def read(self, page: Markup) -> Iterator[Fault]:
        """What is wrong in one file."""
        known = {node.mem_id: False for node in page.tree.css(", ".join(FURNITURE))}
        for link in page.tree.css('a[href*="#source-"]'):
            known[link.mem_id] = True
            yield from self._source_link(page, link)
        for node in page.tree.css(", ".join(f".{kind}" for kind in TAGS)):
            known[node.mem_id] = True
            yield from self._tag(page, node)
        for text in page.texts():
            yield from self._text(page, text, known)
        yield from self._read_out(page)
        yield from self._hosts(page)
        for node in page.tree.css(".fault, [markdown]"):
            yield page.fault(node, f'"{plain(node.text())}" is left of a template', "mend its call")

    def _tag(self, page: Markup, node: LexborNode) -> Iterator[Fault]:
        """A tagged element says to machines and to readers what the ledger has for it."""
        given = node.attributes
        kind = next(name for name in (given["class"] or "").split() if name in TAGS)
        what = " ".join(given[name] or "" for name in TAGS[kind] if name in given)
        machine, text = given.get("value", given.get("datetime")), plain(node.text())
        allowed = self.ledger.may_say(kind, what)
        if (machine, text) not in allowed:
            shown = f'"{text}"' + (f" ({machine})" if machine else "")
            right = " or ".join(sorted(f'"{words}"' for _, words in allowed))
            mend = f"facts.json has {right}" if 0 < len(allowed) < 9 else _ANEW
            yield page.fault(node, f"{shown} is wrong for {kind} {what}".rstrip(), mend)

    def _source_link(self, page: Markup, link: LexborNode) -> Iterator[Fault]:
        """A link to a source bears the source's number, if any."""
        source = self.ledger.sources.get((link.attributes["href"] or "").partition("#source-")[2])
        shown = link.text(deep=False) + (link.attributes.get("aria-label") or "")
        numbers = set(_NUMBER.findall(shown))
        if numbers and (not source or numbers != {str(source["no"])}):
            what = f'"{plain(shown)}" is not the number of the source that it leads to'
            yield page.fault(link, what, _ANEW)

    def _text(self, page: Markup, text: LexborNode, known: dict[int, bool]) -> Iterator[Fault]:
        """A piece of text with numbers lies in a tagged element, or in furniture."""
        shown = text.text()
        numbers = list(_NUMBER.finditer(shown))
        leftover = _TEMPLATE.search(shown)
        if not numbers and not leftover:
            return
        node = text.parent
        while node is not None and node.mem_id not in known:
            node = node.parent
        if node is not None:
            self.numbers += len(numbers) if known[node.mem_id] else 0
            return
        for number in numbers:
            what = f'"{number[0]}" is traced to nothing, in "{_around(shown, number.start())}"'
            yield page.fault(text, what, "print it by fig(), when() or name()")
        if leftover:
            what = f'"{_around(shown, leftover.start())}" is left of a template'
            yield page.fault(text, what, "mend its call")

    def _read_out(self, page: Markup) -> Iterator[Fault]:
        """Attributes and titles that readers see or hear say no number."""
        for name in _READ_OUT:
            for node in page.tree.css(f'[{name}]:not([href*="#source-"])'):
                yield from self._wordless(page, node, node.attributes[name] or "")
        for node in page.tree.css("head title"):
            yield from self._wordless(page, node, node.text())
        for node in page.tree.css("meta[name=description][content], meta[property][content]"):
            yield from self._wordless(page, node, node.attributes["content"] or "")

    def _wordless(self, page: Markup, node: LexborNode, text: str) -> Iterator[Fault]:
        if _NUMBER.search(text) and not self._is_own(text):
            yield page.fault(node, f'"{text}" is traced to nothing', "say it without a number")

    def _hosts(self, page: Markup) -> Iterator[Fault]:
        """Links may lead to sources on other hosts; nothing is loaded from one."""
        credited = {node.mem_id for node in page.tree.css(CREDITS)}
        for name in _ADDRESSES:
            for node in page.tree.css(f'[{name.replace(":", chr(92) + ":")}*="//"]'):
                address = node.attributes[name] or ""
                bare = address.partition("#:~:text=")[0]
                is_source = bare in self.ledger.addresses or node.mem_id in credited
                if self._is_own(address) or (node.tag == "a" and name == "href" and is_source):
                    continue
                what = f'"{address}" is on another host, and no source'
                yield page.fault(node, what, "keep a copy in the site, or enter it as a source")

    def _is_own(self, address: str) -> bool:
        return bool(self.ledger.site) and address.startswith(self.ledger.site)


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
            yield Fault(file, 1, 0, f"the record of {key} is missing", _ANEW)
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
            yield page.fault(record, what, _ANEW)


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
                yield Fault(file, 1, 0, f"{reference(o)} should be cited here", _ANEW)
    for page in pages:
        if not page.tree.css_first(".fingerprint"):
            yield Fault(page.file, 1, 0, "the page bears no fingerprint", _ANEW)


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
                yield Fault(name, 1, 0, what, _ANEW)
        if rest and is_whole:
            yield Fault(name, 1, 0, f'"{rest[:60]}" of {file} is not in the index', _ANEW)


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
        yield Fault(name, line, 0, f"there are {len(rows)} rows for {len(wanted)}", _ANEW)
    for (line, row), right in zip(rows, wanted, strict=False):
        for column in {**row, **right}:
            shown, correct = row.get(column), right.get(column, "")
            if shown != correct:
                what = f'{column} of {row["id"]} is "{shown}"'
                yield Fault(name, line, 0, what, f'facts.json has "{correct}"')


def _style_sheets(folder: Path) -> Iterator[Fault]:
    """Style sheets load nothing from elsewhere and print no number."""
    for path in sorted(folder.rglob("*.css")):
        text = path.read_text("utf-8")
        for pattern, what in ((_LOADED, "is on another host"), (_PRINTED, "prints a number")):
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                file = path.relative_to(folder).as_posix()
                yield Fault(file, line, 0, f'"{match[0]}" {what}', "take it out")


def _around(text: str, place: int) -> str:
    """The word at ``place`` with some words on both sides."""
    before, after = text[:place].split(" ")[-6:], text[place:].split(" ")[:6]
    return plain(" ".join(before) + " ".join(after))
