"""What pages say of figures in words: states, verdicts, definitions, disputes; and their links."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from factsheet.audit.expected import Expected, name_of, plain, reference, words
from factsheet.audit.outputs import REBUILD, HtmlFile
from factsheet.errors import Fault

_Found = Iterator[tuple[LexborNode, str]]


def told(expected: Expected, page: HtmlFile) -> Iterator[Fault]:
    """What a page says otherwise, and where links lead elsewhere."""
    for node, what in (
        *_states(expected, page),
        *_verdicts(expected, page),
        *_links(expected, page),
        *_texts(expected, page),
    ):
        yield page.fault(node, what, REBUILD)


def _states(expected: Expected, page: HtmlFile) -> _Found:
    """Each state is one of the figure before it; a figure in a sentence has all of its states."""
    last: LexborNode | None = None
    shown: list[str] = []
    for node in page.tree.css(".fig, .claim-value, .state"):
        kind = (node.attributes["class"] or "").split()
        if "state" not in kind:
            yield from _all_states(expected, last, shown)
            last, shown = node, []
            continue
        key = next((c.removeprefix("state-") for c in kind if c.startswith("state-")), "")
        key = key.replace("-", " ")
        shown.append(key)
        if (word := expected.word("states", key)) and plain(node.text()) != f"[{word}]":
            yield node, f'"{plain(node.text())}" is no state, or another than its mark says'
        o = expected.by_name.get(name_of(last, "fig")) if last else None
        if o is not None and key not in o["status"]:
            yield node, f'"{plain(node.text())}" is no state of {reference(o)}'
    yield from _all_states(expected, last, shown)


def _all_states(expected: Expected, node: LexborNode | None, shown: list[str]) -> _Found:
    link = node.parent if node else None
    if node is None or link is None or link.tag != "a" or not is_cited(link):
        return
    o = expected.by_name.get(name_of(node, "fig"))
    if o is not None and plain(node.text()) == plain(words(o["text"])) and shown != o["status"]:
        yield node, f"{reference(o)} is shown without its states: {', '.join(o['status'])}"


def is_cited(link: LexborNode) -> bool:
    """Whether a link is the first of its figure in a sentence of a chapter."""
    return (link.attributes.get("id") or "").startswith("use-")


def _verdicts(expected: Expected, page: HtmlFile) -> _Found:
    """Each verdict in a row is one on the promise of that row."""
    found: dict[str, tuple[str, ...]] = {}
    for one in expected.data["verdicts"]:
        name = f"{reference(expected.observations[one['observation']])} {one['source']}"
        for kind in ("verdicts", "verdicts_without_days"):
            word = expected.word(kind, one["verdict"])
            found[name] = (*found.get(name, ()), *filter(None, [word]))
    for row in page.tree.css("tr:has(.verdict)") if expected.words else ():
        promise = row.css_first(".claim-value")
        name = name_of(promise, "claim-value") if promise else ""
        for node in row.css(".verdict") if name else ():
            said = plain(node.text())
            if not said.startswith(found.get(name, ())):
                yield node, f'"{said}" is not the verdict on {name}'


def _links(expected: Expected, page: HtmlFile) -> _Found:
    """Links around figures lead to their records, those of claims to their sources and words."""
    for link in page.tree.css("a.figure-link"):
        figure = link.css_first(".fig")
        o = expected.by_name.get(name_of(figure, "fig")) if figure else None
        if o is None:
            continue
        wanted = str(o["url"]).removeprefix(expected.site)
        address = (link.attributes.get("href") or "").removeprefix("../")
        if address not in {wanted, wanted.rpartition("/")[2]} and not (
            address.startswith("#") and wanted.endswith(address)
        ):
            yield link, f'"{address}" is not the record of {reference(o)}'
    for entry in page.tree.css("[data-record] li.claim"):
        name, quote = entry.attributes.get("data-source") or "", entry.css_first("q")
        printed = plain(quote.text()) if quote else ""
        for link in entry.css("a.find"):
            base, *fragment = re.split("#?:~:text=", address := link.attributes["href"] or "")
            right = expected.sources.get(name, {}).get("url")
            if (base, [plain(unquote(one)) for one in fragment]) != (right, [printed]):
                yield link, f'"{address}" does not lead to "{printed}"'
        for link in entry.css('a[href*="#source-"]'):
            if not (link.attributes["href"] or "").endswith(f"#source-{name}"):
                yield link, f"the link does not lead to {name}"
    for entry in page.tree.css('li[id^="source-"]'):
        name = (entry.attributes["id"] or "").removeprefix("source-")
        source = expected.sources.get(name, {"url": None, "archived": None})
        leads = {link.attributes.get("href") for link in entry.css('a[href*="//"]')}
        if leads != {source["url"], source["archived"]} - {None}:
            yield entry, f"the entry of {name} leads elsewhere: {leads}"


def _texts(expected: Expected, page: HtmlFile) -> _Found:
    """Figures' pages have label and definition, others what they tell of disputes and sources."""
    tree = page.tree
    wanted: list[tuple[LexborNode | None, str, list[str | None]]] = []
    for o in expected.records.get(page.file, [])[:1]:
        wanted.append((tree.css_first("article h1"), o["indicator"], [words(o["label"])]))
        wanted.append((tree.css_first("article"), o["indicator"], [words(o["definition"])]))
    for case in expected.cases.get(page.file, ()):
        texts: list[Any] = [case["question"] or case["label"], case["write"], case["explanation"]]
        wanted.append((tree.body, case["id"], [words(text) for text in texts]))
    for entry in tree.css('li[id^="source-"]'):
        name = (entry.attributes["id"] or "").removeprefix("source-")
        if (source := expected.sources.get(name)) is not None:
            basis = source["published_basis"]
            said = [source[key] for key in ("publisher", "author", "title", "url")]
            said += [words(expected.data["dates"].get(source["published"] or ""))]
            wanted.append((entry, name, [*said, basis if basis != "shown" else ""]))
    for node, name, told_of in wanted if page.path.is_file() else ():
        says = plain(node.text()) if node else ""
        for text in told_of:
            if tree.root and plain(text or "") not in says:
                yield node or tree.root, f'"{plain(text or "")}" of {name} is missing'
