"""No link leads nowhere, and no page runs or loads anything."""

import html
import re
from collections.abc import Collection, Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.errors import Fault, nearest
from factsheet.site.calls import Call
from factsheet.site.macros import MACROS, call_faults
from factsheet.site.markdown import without_code, written_anchors
from factsheet.site.pages import GENERATED, PICTURES, Page

_LINK = re.compile(r"\]\((?:([\w./-]+\.md)\b)?(?:#([\w~.-]+))?(?=[) ])")
_FILE = re.compile(r"(?<!!)\[[^\]\n]*\]\( *<?(?!\w+:|//|#)([^\s)>#?&]+)(?=[\s)>#?])")
_PICTURE = re.compile(r"!\[([^\]\n]*)\](?:\( *<?([^\s)>]*))?")
_WRITTEN = re.compile(r"<a\b[^<>]*\bhref=[\"']?([\w/-]+)\.html(?:#([\w~.-]+))?")
_MADE = ("data/", "pdf/", "charts/", "figures/", "feed.xml")
"""Beginnings of addresses that a build makes."""
_ACTIVE = re.compile(
    r"<(?:script|iframe|frame|object|embed|form|base|meta|link|style|svg|math|img|picture)\b"
    r"|(?:<[a-z/][^<>]*|\{[^{}]*)[\s\"'/]on[a-z]+\s*=",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"(?:<[a-z][^<>]*|\{:?[^{}\n]*)[\s\"'](hidden|inert|popover|style|aria-hidden)(?=[\s=>}])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\]\(\s*<?([^)>]*)|^ {0,3}\[[^\]\n]*\]: *(\S+)|<([a-z]+:[^<>]*)>"
    r"|(?:href|src|action)\s*=\s*[\"']?([^\"'<>]*)",
    re.IGNORECASE | re.MULTILINE,
)


def dead_links(facts: FactBase, pages: list[Page], files: Collection[str]) -> Iterator[Fault]:
    """Links to pages, anchors or files that do not exist; ``files``: what else docs/ holds."""
    by_name = {f"{page.name}.md": page for page in pages}
    anchors: dict[str, list[str] | None] = {}
    for page in pages:
        text = without_code(page.visible)
        written = [(match, f"{match[1]}.md") for match in _WRITTEN.finditer(text)]
        links = [(match, match[1] or f"{page.name}.md") for match in _LINK.finditer(text)]
        for match, file in [*links, *written]:
            anchor = match[2]
            if file not in anchors:
                anchors[file] = _anchors(facts, by_name.get(file), file)
            known = anchors[file]
            if known is None:
                hint = nearest(file, by_name, f"the pages are {', '.join(by_name)}")
                yield page.fault(match.start(), f'no page is called "{file}"', hint)
            elif anchor and anchor not in known:
                hint = nearest(anchor, known, "take it from the page's address line")
                yield page.fault(match.start(), f'"{file}" has no anchor "{anchor}"', hint)
        for match in _FILE.finditer(text):
            path = match[1]
            page_name = f"{path.strip('/').removesuffix('.html')}.md"
            if path.endswith(".md") or path.startswith(_MADE) or path in files:
                continue
            hint = nearest(path, files, "write [words](page.md), or put the file into docs/assets")
            if page_name in by_name:
                hint = f"write {page_name}"
            yield page.fault(match.start(), f'there is no "{path}" in docs/', hint)


def addresses(page: Page) -> set[str]:
    """What a page links on other hosts."""
    found = (text.split(" ")[0] for _, text in _addresses(without_code(page.visible)))
    return {one for one in found if one.startswith(("https:", "http:", "mailto:"))}


def _addresses(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _ADDRESS.finditer(text):
        yield match, html.unescape(next(filter(None, match.groups()), ""))


def pictures(pages: list[Page], files: Collection[str]) -> Iterator[Fault]:
    """Photographs that are not there, say nothing to who cannot see them, or stand on no page."""
    endings = re.compile(rf"assets/.*({'|'.join(map(re.escape, PICTURES))})", re.IGNORECASE)
    there = [file for file in files if endings.fullmatch(file)]
    shown: set[str] = set()
    for page in pages:
        text = without_code(page.visible)
        for match in _PICTURE.finditer(text):
            words, path = match.groups(default="")
            shown.add(path)
            if path not in there:
                hint = nearest(path, there, f"put it into docs/assets, as {', '.join(PICTURES)}")
                yield page.fault(match.start(), f'there is no picture "{path}"', hint)
            elif not words.strip():
                hint = "say in the square brackets what it shows"
                yield page.fault(match.start(), "a picture without words", hint)
    for path in (path for path in there if path not in shown):
        hint = f"delete it, or show it: ![What it shows]({path})"
        yield Fault(f"docs/{path}", 1, 0, "this file would be published unread", hint)


def _anchors(facts: FactBase, page: Page | None, file: str) -> list[str] | None:
    """What a link to a page may name after ``#``; ``None`` if there is no such page."""
    figure = re.fullmatch(rf"{GENERATED}/(\w+)\.md", file)
    if page:
        calls = page.calls
        found = [*written_anchors(page.visible), *(one.anchor for one in page.headings)]
    elif figure and figure[1] in facts.data.sheet.indicators:
        calls, found = (Call("figure_page", (figure[1],)),), []
    else:
        return None
    for call in calls:
        if not call_faults(facts, call):
            macro = MACROS[call.macro]
            found += macro.anchors(facts, **macro.arguments(call))
    return list(dict.fromkeys(found))


def programs(page: Page) -> Iterator[Fault]:
    """What a browser would run or load from elsewhere, and tags that pass for a figure's own."""
    text = without_code(page.visible)
    for match in _ACTIVE.finditer(text):
        what = f"{' '.join(match[0][:40].split())} would make the page run or load something"
        yield page.fault(match.end(), what, "delete it")
    for match in _HIDING.finditer(text):
        yield page.fault(match.start(1), f"{match[1]} would hide something", "delete it")
    for match, address in _addresses(text):
        address = re.sub(r"[\s\x00-\x1f]", "", address)
        if re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
            what = f'"{address[:60]}" is not a web address'
            yield page.fault(match.start(), what, "link to https://…, or to a page of docs/")
        if match[3] and re.search(r"\d", match[3]):
            hint = "write [words](https://…)"
            yield page.fault(match.start(), "an address in print has numbers", hint)
    for match in re.finditer(r"<(?:data|time)\b", text):
        hint = 'take it out, and call {{ fig("…") }} or {{ when("…") }}'
        yield page.fault(match.start(), f"a tag {match[0]}> typed by hand", hint)
