"""Pages and pictures, read for numbers: each lies in an element that says what it stands for.

What such an element says to machines and to readers is held against the expected values.
"""

import posixpath
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from factsheet.audit import theme
from factsheet.audit.expected import TAGS, Expected, kind_of, name_of, plain
from factsheet.audit.outputs import REBUILD, TOO_MANY, HtmlFile, Rows
from factsheet.audit.pdf import Paper
from factsheet.audit.trace import Trace
from factsheet.errors import Fault

IGNORED = {
    "pre, code": "what an editor types or a program prints: examples, not statements",
    "g.role-axis-label": "the marks of a scale, which no source gives",
    "script, style, template": "not shown",
    ".md-header__topic": "the page's title, which is read as the title of the window is",
}
"""Elements with numbers that stand for nothing in the data, each with its reason."""

CREDITS = f"{theme.FOOT} a"
"""Links to other hosts that are no sources: the foot names the licence and the program."""

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|[²³¹¼-¾⁰-₉⅐-↋①-⓿]")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\]\([^)\s]*\.(?:md|html)\b")
_WORTH_A_LOOK = re.compile(r"[\d²³¹¼-¾⁰-₉⅐-↋①-⓿{}\]]")
"""What numbers and templates begin or end with: one set of signs is found much faster."""
_READ_OUT = ("alt", "aria-label", "data-label", "label", "placeholder", "title")
_OF_A_PICTURE = (":width", ":height")
"""Properties for programs: the size of the picture beside a link to the site."""
_ADDRESSES = (
    "action", "cite", "content", "data", "formaction", "href", "ping", "poster", "src", "srcset",
    "style", "xlink:href",
)  # fmt: skip

_SAYING = f":is({', '.join(f'[{name}]' for name in _READ_OUT)}):not([href*='#source-'])"
_LEADING_OUT = ", ".join(f'[{name.replace(":", chr(92) + ":")}*="//"]' for name in _ADDRESSES)
_PLACES = ", ".join(("[id]", 'a[href*="#source-"]', *(f".{kind}" for kind in TAGS)))


class Tracer:
    """Traces the numbers of files, and counts them; ``numbers`` is how many it could trace."""

    def __init__(
        self,
        expected: Expected,
        sizes: dict[str, int],
        titles: set[str],
        papers: dict[str, Paper],
        tables: dict[str, Rows],
    ) -> None:
        """``sizes``: those of all files; ``titles``: those of the charts, as pages print them."""
        self.expected = expected
        self.sizes = sizes
        self.titles = titles
        self.papers = papers
        self.tables = tables
        self.numbers = 0
        self.known: dict[str, set[str]] = {}
        """The words for figures, by each number in them."""
        for said in expected.all_words:
            for number in NUMBER.findall(said):
                self.known.setdefault(number, set()).add(said)
        self.trace = Trace(expected)

    def read(self, page: HtmlFile) -> Iterator[Fault]:
        """What is wrong in one file."""
        grounds = {node.mem_id: False for node in page.tree.css(", ".join((*IGNORED, "svg")))}
        for picture in page.tree.css("svg:has(text, title)"):
            yield from self._picture(page, picture)
        place = ""
        for node in page.tree.css(_PLACES):
            place = node.id or place
            if kind := kind_of(node):
                grounds[node.mem_id] = True
                yield from self._tag(page, node, kind, place)
            elif "#source-" in (node.attributes.get("href") or ""):
                grounds[node.mem_id] = True
                yield from self._source_link(page, node, place)
        for node in page.tree.css("[data-value]"):
            yield from self._mark(page, node)
        for node in page.tree.css(".file-size, .page-count, .row-count, .column-count"):
            grounds[node.mem_id] = True
            yield from self._of_file(page, node)
        for node in page.tree.css(".file-facts:empty"):
            if node.attributes.get("data-file") in self.sizes:
                yield page.fault(node, "the size of a file is not told", REBUILD)
        for text in page.texts():
            if _WORTH_A_LOOK.search(text.text()):
                yield from self._text(page, text, grounds)
        yield from self._read_out(page)
        yield from self._hosts(page)
        for node in page.tree.css(".fault, [markdown]"):
            yield page.fault(
                node, f'"{plain(node.text())}" is left of a template', "correct its call"
            )

    def _tag(self, page: HtmlFile, node: LexborNode, kind: str, place: str) -> Iterator[Fault]:
        """A tagged element says to machines and to readers what facts.json has for it."""
        given, what = node.attributes, name_of(node, kind)
        machine, text = given.get("value", given.get("datetime")), plain(node.text())
        if NUMBER.search(text):
            self.trace.add(page.file, place, kind, what, text)
        allowed = self.expected.may_say(kind, what)
        if (machine and plain(machine), text) not in allowed:
            shown = f'"{text}"' + (f" ({machine})" if machine else "")
            right = " or ".join(sorted({f'"{words}"' for _, words in allowed}))
            hint = f"facts.json has {right}" if 0 < len(allowed) < 9 else REBUILD
            yield page.fault(node, f"{shown} is wrong for {kind} {what}".rstrip(), hint)

    def _mark(self, page: HtmlFile, node: LexborNode) -> Iterator[Fault]:
        """A mark of a picture stands for a figure, or for a claim for it."""
        given = node.attributes
        what = " ".join(filter(None, (given.get("data-figure"), given.get("data-period"))))
        value = given["data-value"], given.get("data-high")
        if value not in self.expected.values_of(what):
            yield page.fault(node, f'a mark for {what} stands at "{value[0]}"', REBUILD)

    def _picture(self, page: HtmlFile, picture: LexborNode) -> Iterator[Fault]:
        """A picture says the words of the figures that it draws, its title, and no other number.

        A long text stands there in lines, so all its texts are read as one.
        """
        drawn = {
            " ".join(filter(None, (node.attributes.get(name) for name in TAGS["fig"])))
            for node in picture.css("[data-figure]")
        }
        scales = {node.mem_id for node in picture.css("g.role-axis-label *")}
        said = ""
        texts = []
        for node in picture.traverse(include_text=True):
            if node.is_text_node and node.parent and node.parent.mem_id not in scales:
                texts.append((len(said), node))
                said += plain(node.text()) + " "
        numbers = list(NUMBER.finditer(said))
        known = {what: self.expected.words_of(what) for what in sorted(drawn)} if numbers else {}
        covered = {what: covered_by(said, texts) for what, texts in known.items()}
        covered[""] = covered_by(said, self.titles)
        for number in numbers:
            here = [w for w, places in covered.items() if places.issuperset(range(*number.span()))]
            if here:
                self.numbers += 1
                self.trace.add(page.file, "", "picture", "; ".join(filter(None, here)), number[0])
            else:
                node = [node for start, node in texts if start <= number.start()][-1]
                what = f'"{number[0]}" is traced to nothing, in "{around(said, number.start())}"'
                yield page.fault(node, what, REBUILD)

    def _of_file(self, page: HtmlFile, node: LexborNode) -> Iterator[Fault]:
        """The size of a download, in thousands of bytes, or the number of its pages."""
        entry = node.parent
        while entry is not None and entry.tag not in {"li", "p", "tr"}:
            entry = entry.parent
        link = entry.css_first("a[href]") if entry else None
        file = (link.attributes["href"] or "") if link else ""
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page.file), file))
        size, rows = self.sizes.get(file, 0), self.tables.get(file, [])
        counts = {
            "page-count": len(self.papers[file].texts) if file in self.papers else 0,
            "row-count": len(rows),
            "column-count": len({column for _, row in rows[:1] for column in row} - {TOO_MANY}),
        }
        right = counts.get(node.attributes["class"] or "", size)
        shown = str(right)
        if node.attributes["class"] == "file-size":
            shown = str(max(1, round(size / 1000))) if size < 1e6 else f"{size / 1e6:.1f}"
        text = node.text()
        digits = (re.sub(r"\D", "", found) for found in (text, shown))
        if node.attributes.get("value") != str(right) or len({*digits}) > 1:
            what = f'"{plain(text)}" is not so: {file or "the file"} has {right}'
            yield page.fault(node, what, REBUILD)

    def _source_link(self, page: HtmlFile, link: LexborNode, place: str) -> Iterator[Fault]:
        """A link to a source bears the source's number, if any."""
        name = (link.attributes["href"] or "").partition("#source-")[2]
        source = self.expected.sources.get(name)
        shown = link.text(deep=False) + (link.attributes.get("aria-label") or "")
        numbers = set(NUMBER.findall(shown))
        if NUMBER.search(link.text(deep=False)):
            self.trace.add(page.file, place, "source-no", name, plain(link.text(deep=False)))
        if numbers and (not source or numbers != {str(source["no"])}):
            what = f'"{plain(shown)}" is not the number of the source that it leads to'
            yield page.fault(link, what, REBUILD)

    def _text(self, page: HtmlFile, text: LexborNode, grounds: dict[int, bool]) -> Iterator[Fault]:
        """A piece of text with numbers lies in a tagged element, or in furniture."""
        shown = text.text()
        numbers = list(NUMBER.finditer(shown))
        leftover = _TEMPLATE.search(shown)
        node = text.parent
        while node is not None and node.mem_id not in grounds:
            node = node.parent
        if node is not None:
            self.numbers += len(numbers) if grounds[node.mem_id] else 0
            return
        for number in numbers:
            what = f'"{number[0]}" is traced to nothing, in "{around(shown, number.start())}"'
            yield page.fault(text, what, "print it by fig(), when() or name()")
        if leftover:
            what = f'"{around(shown, leftover.start())}" is left of a template'
            yield page.fault(text, what, "correct its call")

    def _read_out(self, page: HtmlFile) -> Iterator[Fault]:
        """Attributes and titles that readers see or hear say no number but that of a figure."""
        for node in page.tree.css(_SAYING):
            given = node.attributes
            for name in _READ_OUT:
                yield from self._wordless(page, node, given.get(name) or "")
        for node in page.tree.css("head title, .md-header__topic"):
            yield from self._wordless(page, node, plain(node.text()))
        for node in page.tree.css("meta[name=description][content], meta[property][content]"):
            if not (node.attributes.get("property") or "").endswith(_OF_A_PICTURE):
                yield from self._wordless(page, node, node.attributes["content"] or "")
        for node in page.tree.css('[content="None"], [title="None"], [alt="None"]'):
            yield page.fault(
                node, f"{node.html} is left of a template", "say something, or nothing"
            )

    def _wordless(self, page: HtmlFile, node: LexborNode, text: str) -> Iterator[Fault]:
        text = plain(text)
        numbers = list(NUMBER.finditer(text))
        if not numbers or self.expected.is_own(text):
            return
        known = [self.known.get(number[0], set()) for number in numbers]
        covered = covered_by(text, set().union(*known))
        if not all(covered.issuperset(range(*number.span())) for number in numbers):
            yield page.fault(node, f'"{text}" is traced to nothing', "say it without a number")

    def _hosts(self, page: HtmlFile) -> Iterator[Fault]:
        """Links may lead to sources on other hosts; nothing is loaded from one."""
        credited = {node.mem_id for node in page.tree.css(CREDITS)}
        for node in page.tree.css(_LEADING_OUT):
            given = node.attributes
            for name in (name for name in _ADDRESSES if "//" in (given.get(name) or "")):
                address = given[name] or ""
                is_link = name == "href" and (node.tag == "a" or given.get("rel") == "license")
                may_lead = self.expected.is_source(address) or node.mem_id in credited
                if self.expected.is_own(address) or (is_link and may_lead):
                    continue
                what = f'"{address}" is on another host, and no source'
                yield page.fault(node, what, "keep a copy in the site, or enter it as a source")


def covered_by(text: str, known: set[str]) -> set[int]:
    """The places of a text that lie within one of the known texts."""
    found: set[int] = set()
    for words in known:
        place = text.find(words)
        while place >= 0:
            found.update(range(place, place + len(words)))
            place = text.find(words, place + 1)
    return found


def around(text: str, place: int) -> str:
    """The word at ``place`` with some words on both sides."""
    before, after = text[:place].split(" ")[-6:], text[place:].split(" ")[:6]
    return plain(" ".join(before) + " ".join(after))
