"""Markdown that becomes nothing, and elements that the PDFs cannot set, each at its line.

Their signs are in ``markup.yaml``.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from factsheet.data.yaml_nodes import own_table
from factsheet.errors import Fault
from factsheet.site.markdown import without_code
from factsheet.site.pages import Page
from factsheet.site.theme import ELEMENTS

_LONGEST = 50_000
"""No chapter comes near; with far more, Python-Markdown can take minutes."""
_EXTENSIONS = {"attr_list", "def_list", "md_in_html", "tables"}
"""Those of Python-Markdown that change which elements a page has."""
_ITEM = re.compile(r"(?:[-*+]|\d+\.) ")
_CLOSED = re.compile(
    r"<(/?)(div|section|details|figure|table|ul|ol|dl|blockquote)\b[^<>]*>", re.IGNORECASE
)
_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")


def _signs() -> Any:
    return own_table(Path(__file__).with_name("markup.yaml"))


def markup_faults(page: Page, extensions: Collection[str]) -> Iterator[Fault]:
    """What of a page Markdown or the PDFs make nothing of.

    Args:
        page: The chapter.
        extensions: The names of Markdown's extensions that the site uses.
    """
    if len(page.visible) > _LONGEST:
        hint = "part it into chapters"
        yield Fault(page.file, 1, 0, f"the page has more than {_LONGEST:,} characters", hint)
        return
    source = without_code(page.visible)
    yield from _unknown(page, source, [*(_EXTENSIONS & {*extensions}), "tables"])
    for pattern, what, hint in _signs()["unfinished"]:
        for match in re.finditer(pattern, page.visible, re.MULTILINE):
            yield page.fault(match.start(), what, hint)
    still_open: list[re.Match[str]] = []
    for match in _CLOSED.finditer(source):
        if not match[1]:
            still_open.append(match)
        elif still_open and still_open[-1][2].lower() == match[2].lower():
            still_open.pop()
    for match in still_open:
        what, hint = f"<{match[2]}> is not closed", f"write </{match[2]}> at its end"
        yield page.fault(match.start(), what, hint)
    yield from _tables(page.file, source)
    titles = [one for one in page.headings if one.level == 1]
    for heading in titles[1:]:
        yield Fault(page.file, heading.line, 0, "a second title", 'begin sections with "## "')
    if not titles:
        line = page.head.count("\n") + 3 if page.head else 1
        yield Fault(page.file, line, 0, "a page without a title", 'begin it with "# Its title"')


def _unknown(page: Page, source: str, used: list[str]) -> Iterator[Fault]:
    """What Markdown makes of a page that cannot be set, and signs of which it makes nothing."""
    written = {tag.lower() for tag in re.findall(r"<([a-z][^\s/>]*)", source, re.IGNORECASE)}
    tags = {tag: (rf"<{re.escape(tag)}\b", "write it in plain Markdown") for tag in written}
    tags = {tag: one for tag, one in (tags | _signs()["elements"]).items() if tag not in ELEMENTS}
    flags = re.MULTILINE | re.IGNORECASE
    candidates = [(t, hint, [*re.finditer(p, source, flags)]) for t, (p, hint) in tags.items()]
    left = [
        (what, hint, [*re.finditer(p, source, re.MULTILINE)]) for p, what, hint in _signs()["left"]
    ]
    if all(_is_next_item(source, match) for *_, found in candidates + left for match in found):
        return
    # Both are slow to import, and nearly no page needs to be converted.
    from markdown import markdown
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(f"<body>{markdown(page.visible, extensions=used)}</body>")
    count = Counter(node.tag or "" for node in tree.css("body *"))
    tree.strip_tags(["code", "pre"], recursive=True)
    text = tree.body.text() if tree.body else ""

    for tag, hint, matches in candidates if page.is_for_paper else ():
        for match in matches[: count[tag]]:
            yield page.fault(match.start(), f"<{tag}> cannot be set in the PDFs", hint)
    for called, hint, matches in left:
        for match in matches:
            if match[0].strip() in text:
                yield page.fault(match.start(), f"{called} that Markdown does not know", hint)


def _is_next_item(source: str, match: re.Match[str]) -> bool:
    """Whether it begins a further item of a block of text that begins with one, so a list."""
    block = re.split(r"\n\s*\n", source[: match.start()])[-1]
    return bool(_ITEM.match(match[0]) and _ITEM.match(block))


def _tables(file: str, source: str) -> Iterator[Fault]:
    """Rows that Markdown would print with their signs, and cells that it would drop."""
    for match in re.finditer(r"(?:^ {0,3}\|.*\n?)+", source, re.MULTILINE):
        first = source.count("\n", 0, match.start()) + 1
        rows = match[0].splitlines()
        cells = [len(re.findall(r"(?<!\\)\|", row.strip().strip("|"))) + 1 for row in rows]
        is_ruled = len(rows) > 1 and _RULE.fullmatch(rows[1].strip()) and cells[0] == cells[1]
        if not is_ruled:
            what = "a table without a line of hyphens for each column below its head"
            yield Fault(file, first, 0, what, "write | --- | --- | there")
            continue
        if first > 1 and source.splitlines()[first - 2].strip():
            yield Fault(file, first, 0, "a table right below text", "put an empty line between")
        if ":" in rows[1]:
            what = "a table that sets the side of its columns"
            hint = "take the colons out: figures align by themselves"
            yield Fault(file, first + 1, 0, what, hint)
        for number, count in enumerate(cells[2:], start=first + 2):
            if count > cells[0]:
                what = "a row with more cells than the head of its table"
                yield Fault(file, number, 0, what, "add a cell to the head, or take one out here")
