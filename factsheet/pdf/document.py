"""The finished pages as one tree: what the booklet and the records are set from.

A closed world: an element of an article that is not named here is a fault, so that
nothing of a chapter can be missing on paper without a word. What is left out on
purpose stands in ``LEFT_OUT``, with its reason.

The tree is plain JSON, read by the templates in ``typst/``. Running text is a list of strings
and of ``[kind, ...]``; a block is an object whose ``is`` tells its kind.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from unicodedata import bidirectional
from urllib.parse import quote, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.charts.draw import light
from factsheet.charts.measure import unknown_signs
from factsheet.errors import Fault, FaultsError
from factsheet.site import theme

Run = list[Any]
Block = dict[str, Any]

LEFT_OUT = {
    theme.COPY_MARK: "a mark for copying an address",
    theme.SCREEN_ONLY: "leads elsewhere, needs a screen, or repeats what paper shows already",
}
"""What the booklet does not take from the pages, by selector, and why."""

_PARTS = {
    "cards": {"value": ".figure-link", "label": ".card-label", "states": ".card-states"},
    "chart-key": {},
    "lines": {"period": "span"},
    "sources": {"no": ".source-no"},
    "timeline": {"date": ".event-date"},
}
"""The lists that are set in a way of their own, by class: the parts of an entry, by selector."""
_HEADING = re.compile(r"h[1-4]")
_SPACE = re.compile(r"[ \t\r\n\f]+")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_TURNED = re.compile(
    rf"({RIGHT_TO_LEFT.pattern}+(?:[^\w{RIGHT_TO_LEFT.pattern[1:-1]}]*{RIGHT_TO_LEFT.pattern}+)*)"
)
_BREAK = re.compile(r"-?[^-/.?&=]{0,39}(?:[/.?&=]+|(?=-)|$|(?<=.{39}))", re.DOTALL)
"""Parts of an address between which a line may end: before a hyphen, after other signs."""
_WIDE_WORDS = 6
_LONG = 6000


@dataclass(frozen=True)
class Chapter:
    """A page of the menu: its title there, its file in ``docs/``, and its finished HTML.

    ``instead``: what paper says in place of a source's words that our fonts cannot set.
    """

    title: str
    name: str
    file: str
    html: str
    instead: str

    @cached_property
    def unknown(self) -> set[str]:
        """The signs of the page that our fonts cannot set."""
        return unknown_signs({*self.html})

    @cached_property
    def article(self) -> LexborNode:
        """The page's own text, without what is left out.

        Raises:
            FaultsError: there is none.
        """
        article = LexborHTMLParser(self.html).css_first(theme.ARTICLE)
        if article is None:
            fault = Fault(self.file, 1, 0, "the finished page has no article", "correct the theme")
            raise FaultsError([fault])
        for selector in LEFT_OUT:
            for node in article.css(selector):
                node.decompose()
        return article


def place_of(address: str, page: str, files: Collection[str], site_url: str) -> str:
    """Where an address on a page leads: ``#page.html#anchor`` for a place in the booklet.

    Else an absolute address; none for a page elsewhere on a site that has no address.

    Args:
        address: As the page has it.
        page: The page's file.
        files: The pages that the booklet has.
        site_url: The site's own address, if it has one.
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ascii_address(address)
    path = unquote(parts.path) or page
    if path not in files:
        return site_url and site_url + (page + address if address.startswith("#") else address)
    anchor = unquote(parts.fragment)
    return f"#{path}#{anchor}" if anchor else f"#{path}"


class Reader:
    """Turns one chapter into blocks; collects every fault on the way.

    Args:
        chapter: The page.
        place: Gives the target of an address on a page; empty for none.
        wanted: The targets that links lead to; only these get an anchor.
    """

    def __init__(
        self, chapter: Chapter, place: Callable[[str, str], str], wanted: frozenset[str]
    ) -> None:
        """Nothing is read yet."""
        self.chapter = chapter
        self.place = place
        self.wanted = wanted
        self.faults: list[Fault] = []
        self._page = f"{chapter.name}.html"
        self._levels: list[int] = []
        self._anchors: list[str] = []

    def blocks(self, parent: LexborNode) -> Iterator[Block]:
        """The blocks of an element; loose text between them becomes paragraphs."""
        loose: list[LexborNode] = []
        for node in parent.iter(include_text=True):
            if node.tag == "-text" or node.tag in theme.INLINE:
                loose.append(node)
                continue
            yield from self._loose(loose)
            loose = []
            if self._known(node):
                tag = node.tag or ""
                if tag not in theme.BLOCKS:
                    self._fault(node)
                    continue
                if not _HEADING.fullmatch(tag):
                    self._anchor(node)
                yield from getattr(self, f"_{theme.BLOCKS[tag]}")(node)
        yield from self._loose(loose)

    def run(self, parent: LexborNode) -> Run:
        """The running text of an element, its space collapsed as a browser does."""
        return tidy(self._pieces(parent.iter(include_text=True)))

    def _loose(self, nodes: list[LexborNode]) -> Iterator[Block]:
        if nodes:
            body = tidy(self._pieces(nodes))
            if body:
                yield _paragraph("", body)

    def _pieces(self, nodes: Iterable[LexborNode]) -> Iterator[Any]:
        yield from (["anchor", anchor] for anchor in self._anchors)
        self._anchors = []
        for node in nodes:
            if node.tag == "-text":
                yield from directed(_SPACE.sub(" ", node.text(deep=False)))
            elif "glyph" in _classes(node):
                continue  # the sign of a chart's key
            elif self._known(node):
                if node.tag in theme.INLINE:
                    self._anchor(node)
                    yield from self._inline(node)
                else:
                    self._fault(node, "within running text")

    def _inline(self, node: LexborNode) -> Iterator[Any]:
        pieces = list(self._pieces(node.iter(include_text=True)))
        classes = _classes(node)
        language = node.attributes.get("lang")
        if language:
            text = words(pieces)
            strong = (d for char in text if (d := bidirectional(char)) in {"L", "R", "AL"})
            is_turned = next(strong, "L") != "L"  # as a browser tells by dir="auto"
            pieces = [["turned", language, text] if is_turned else ["lang", language, pieces]]
        if "source-text" in classes and not self.chapter.unknown.isdisjoint(node.text()):
            yield ["quiet", [self.chapter.instead]]
        elif node.tag == "br":
            yield ["br"]
        elif node.tag == "img":  # on paper, what it shows
            yield ["quiet", [f"[{node.attributes.get('alt')}]"]]
        elif node.tag == "a":
            if "address" in classes:
                pieces = [["box", [part]] for part in _BREAK.findall(words(tidy(pieces))) if part]
            target = self.place(node.attributes.get("href") or "", self._page)
            yield ["link", target, pieces] if target else ["plain", pieces]
        elif node.tag == "q":
            yield from ["“", *pieces, "”"]
        elif node.tag == "sup" and node.parent and "marks" in _classes(node.parent):
            yield from pieces
        elif node.tag in {"em", "cite", "strong", "code", "sup", "del"}:
            yield [node.tag, pieces]
        elif classes & {"state", "rank", "need", "said"}:
            yield ["quiet", pieces]
        else:
            yield from pieces

    # Blocks

    def _heading(self, node: LexborNode) -> Iterator[Block]:
        """A heading, its level counted so that none is skipped."""
        rank = int((node.tag or "")[1])
        while self._levels and self._levels[-1] >= rank:
            self._levels.pop()
        self._levels.append(rank)
        place = self._page if rank == 1 else f"{self._page}#{node.attributes.get('id')}"
        body = self.run(node)
        yield {"type": "heading", "level": len(self._levels), "place": f"#{place}", "body": body}

    def _paragraph(self, node: LexborNode) -> Iterator[Block]:
        body = self.run(node)
        if body:
            yield _paragraph(" ".join(sorted(_classes(node))), body)

    def _quote(self, node: LexborNode) -> Iterator[Block]:
        yield {"type": "quote", "blocks": list(self.blocks(node))}

    def _code(self, node: LexborNode) -> Iterator[Block]:
        yield {"type": "code", "text": node.text().rstrip("\n")}

    def _list(self, node: LexborNode) -> Iterator[Block]:
        kind = next(iter(_classes(node) & _PARTS.keys()), "list")
        items = []
        for item in self._items(node):
            found: Block = {}
            if sign := item.css_first("svg.glyph"):
                found["sign"] = light(sign.html or "")
            for name, selector in _PARTS.get(kind, {}).items():
                part = item.css_first(selector)
                found[name] = tidy(self._pieces([part] if part else []))
                if part:
                    part.decompose()
            if kind in {"list", "sources"}:
                found["blocks"] = list(self.blocks(item))
                found["long"] = _is_long(found["blocks"])
            else:
                found["body"] = self.run(item)
            if kind == "cards" and found["body"]:
                self._fault(item)
            items.append(found)
        if items:
            yield {"type": kind, "ordered": node.tag == "ol", "items": items}

    def _items(self, node: LexborNode) -> Iterator[LexborNode]:
        for item in node.iter():
            if item.tag != "li":
                self._fault(item, "within a list")
            elif self._known(item):
                self._anchor(item)
                yield item

    def _terms(self, node: LexborNode) -> Iterator[Block]:
        terms: list[Block] = []
        for part in node.iter():
            if not self._known(part):
                continue
            self._anchor(part)
            if part.tag == "dt":
                terms.append({"term": self.run(part), "blocks": []})
            elif part.tag == "dd" and terms:
                terms[-1]["blocks"] += self.blocks(part)
            else:
                self._fault(part, "within a list of terms")
        for term in terms:
            term["long"] = _is_long(term["blocks"])
        yield {"type": "terms", "terms": terms}

    def _details(self, node: LexborNode) -> Iterator[Block]:
        """A fold, opened: its title stands above what it held."""
        title: Run = []
        for part in node.css("summary"):
            title = self.run(part)
            part.decompose()
        yield _paragraph("summary", title)
        yield from self.blocks(node)

    def _division(self, node: LexborNode) -> Iterator[Block]:
        if "chart-picture" in _classes(node) and node.parent:
            yield {"type": "picture", "name": node.parent.attributes.get("data-chart") or ""}
        else:
            yield from self.blocks(node)

    def _table(self, node: LexborNode) -> Iterator[Block]:
        title = node.css_first("caption")
        caption = self.run(title) if title else []
        head, *rows = [list(self._cells(row)) for row in node.css("tr")] or [[]]
        yield {
            "type": "table",
            "file": self.chapter.file,
            "kind": " ".join(sorted(_classes(node))),
            "caption": caption,
            "head": head,
            "rows": rows,
            "columns": [_measure(column) for column in zip(head, *rows, strict=True)],
        }

    def _cells(self, row: LexborNode) -> Iterator[Run]:
        for cell in row.iter():
            if cell.tag not in {"td", "th"} or {"colspan", "rowspan"} & cell.attributes.keys():
                self._fault(cell, "within a table")
            elif self._known(cell):
                self._anchor(cell)
                yield self.run(cell)

    def _caption(self, node: LexborNode) -> Iterator[Block]:
        yield _paragraph("figcaption", self.run(node))

    def _chart(self, node: LexborNode) -> Iterator[Block]:
        yield {"type": "chart", "blocks": list(self.blocks(node))}

    # The closed world

    def _known(self, node: LexborNode) -> bool:
        """Whether the booklet knows the element; a fault if not."""
        if node.tag == "-comment":
            return False
        is_known = node.tag in theme.ELEMENTS
        if not is_known:
            self._fault(node)
        return is_known

    def _fault(self, node: LexborNode, where: str = "") -> None:
        classes = node.attributes.get("class")
        element = f'<{node.tag} class="{classes}">' if classes else f"<{node.tag}>"
        what = " ".join(filter(None, (f"the booklet does not know {element}", where)))
        hint = "write it in another way"
        self.faults.append(Fault(self.chapter.file, 1, 0, what, hint))

    def _anchor(self, node: LexborNode) -> None:
        place = f"#{self._page}#{node.attributes.get('id')}"
        if place in self.wanted:
            self._anchors.append(place)


def read_chapters(chapters: list[Chapter], site_url: str) -> list[list[Block]]:
    """The blocks of every chapter, links resolved.

    Raises:
        FaultsError: all the elements that the booklet does not know, and all links that
            lead to a place which is not in it.
    """
    files = {f"{chapter.name}.html" for chapter in chapters}
    place = partial(place_of, files=files, site_url=site_url)
    wanted = frozenset(
        place(link.attributes["href"] or "", f"{chapter.name}.html")
        for chapter in chapters
        for link in chapter.article.css("a[href]")
    )
    readers = [Reader(chapter, place, wanted) for chapter in chapters]
    read = [list(_filled(r.blocks(r.chapter.article))) for r in readers]
    faults = [fault for reader in readers for fault in reader.faults]
    if not faults:
        parts = list(walk(read))
        offered = {part["place"] for part in parts if isinstance(part, dict) and "place" in part}
        offered |= {part[1] for part in parts if isinstance(part, list) and part[:1] == ["anchor"]}
        for reader, blocks in zip(readers, read, strict=True):
            for target in targets(blocks):
                if target not in offered:
                    what = f'a link leads to "{target[1:]}", which is not in the booklet'
                    hint = "correct the address, or the page that it names"
                    faults.append(Fault(reader.chapter.file, 1, 0, what, hint))
    if faults:
        raise FaultsError(faults)
    return read


def _filled(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks without headings under which nothing is left."""
    kept: list[Block] = []
    for block in reversed(list(blocks)):
        level = block.get("level", 0)
        if not level or level == 1 or (kept and kept[-1].get("level", level + 1) > level):
            kept.append(block)
    yield from reversed(kept)


def fragment(html: str, place: Callable[[str, str], str]) -> Run:
    """Running text from a snippet of HTML that the engine itself made, without a source's words.

    Raises:
        FaultsError: it holds an element that is not known.
    """
    chapter = Chapter("", "", "factsheet", "", "")
    reader = Reader(chapter, place, frozenset())
    body = LexborHTMLParser(f"<body>{html}</body>").body
    run = reader.run(body) if body else []
    if reader.faults:
        raise FaultsError(reader.faults)
    return run


def ascii_address(address: str) -> str:
    """An address in the letters that a PDF allows in it (ISO 32000-1, 12.6.4.7)."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~")


def tidy(pieces: Iterable[Any]) -> Run:
    """Running text with one space where several meet and none at its ends."""
    found, _ = _tidied(pieces, True)
    _strip_end(found)
    return found


def _tidied(pieces: Iterable[Any], after_space: bool) -> tuple[Run, bool]:
    out: Run = []
    for piece in pieces:
        if isinstance(piece, str):
            text = piece.lstrip(" ") if after_space else piece
            if not text:
                continue
            after_space = text.endswith(" ")
            if out and isinstance(out[-1], str):
                out[-1] += text
            else:
                out.append(text)
        elif isinstance(piece[-1], list):
            inner, after_space = _tidied(piece[-1], after_space)
            out.append([*piece[:-1], inner])
        else:
            after_space = piece[0] == "br" or (after_space and piece[0] != "turned")
            out.append(piece)
    return out, after_space


def _strip_end(pieces: Run) -> None:
    while pieces:
        last = pieces[-1]
        if isinstance(last, str):
            pieces[-1] = last.rstrip(" ")
            if pieces[-1]:
                return
            pieces.pop()
        else:
            if isinstance(last[-1], list):
                _strip_end(last[-1])
            return


def _paragraph(kind: str, body: Run) -> Block:
    """A paragraph; one that ends in a colon leads to what follows, and stays with it."""
    return {"type": "p", "kind": kind, "body": body, "leads": words(body).endswith(":")}


def _is_long(blocks: list[Block]) -> bool:
    """Whether blocks may be too long to stand on one page together."""
    return len(str(blocks)) > _LONG


def directed(text: str) -> Run:
    """A text whose stretches from right to left are set as such, in a language not told."""
    parts = _TURNED.split(text)
    return [["turned", "und", part] if n % 2 else part for n, part in enumerate(parts) if part]


def words(pieces: Run) -> str:
    """The letters of running text."""
    return "".join(
        piece
        if isinstance(piece, str)
        else words(piece[-1])
        if isinstance(piece[-1], list)
        else piece[2]
        if piece[0] == "turned"
        else " "
        if piece[0] == "br"
        else ""
        for piece in pieces
    )


def _measure(cells: Iterable[Run]) -> Block:
    """What tells how wide a column must be: its longest words, and its long texts."""
    texts = [words(cell) for cell in cells]
    each = {word for text in texts for word in text.split()}
    longest = sorted(each, key=lambda word: (len(word), word))[-_WIDE_WORDS:]
    lengths = sorted(map(len, texts))
    return {"words": longest, "letters": lengths[len(lengths) * 19 // 20]}


def walk(tree: Any) -> Iterator[dict[str, Any] | list[Any]]:
    """Every block, list and run of a tree, each before what it holds."""
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from walk(value)


def targets(tree: Any) -> Iterator[str]:
    """The places in the booklet that links in a tree lead to."""
    for part in walk(tree):
        match part:
            case ["link", str(target), _] if target.startswith("#"):
                yield target


def _classes(node: LexborNode) -> set[str]:
    return set((node.attributes.get("class") or "").split())
