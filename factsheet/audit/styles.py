"""Style sheets, parsed as browsers do: they load nothing from elsewhere and print no number."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2

from factsheet.audit import theme
from factsheet.audit.outputs import HtmlFile
from factsheet.errors import Fault

_PRINTING = {
    "content", "quotes", "list-style", "list-style-type", "symbols", "additive-symbols", "prefix",
    "suffix", "negative", "pad",
}  # fmt: skip
"""Properties and descriptors (CSS 2.2, Counter Styles 3) whose strings a reader sees."""
_COUNTING = {"counter", "counters"}


def style_sheets(folder: Path) -> Iterator[Fault]:
    """What style sheets load from other hosts, and the numbers that they print."""
    for path in sorted(folder.rglob("*.css")):
        yield from _in_sheet(path.relative_to(folder).as_posix(), path.read_bytes())


def styles_within(page: HtmlFile) -> Iterator[Fault]:
    """The same of style sheets within a page."""
    for node in page.tree.css("style"):
        for fault in _in_sheet(page.file, node.text().encode()):
            yield page.fault(node, fault.what, fault.hint)


@lru_cache(maxsize=32)  # the theme's are large, and the same from site to site
def _in_sheet(file: str, sheet: bytes) -> tuple[Fault, ...]:
    rules, _ = tinycss2.parse_stylesheet_bytes(sheet, skip_comments=True)
    return tuple(_in_rules(rules, file))


def _in_rules(rules: Iterable[Any], file: str) -> Iterator[Fault]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            yield from _in_value(rule.prelude, file, rule.source_line, may_print=False)
        if rule.type in {"at-rule", "qualified-rule"} and rule.content:
            inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True)
            yield from _in_rules(inner, file)
        if rule.type == "declaration":
            may_print = rule.lower_name in _PRINTING or rule.lower_name.startswith("--")
            yield from _in_value(rule.value, file, rule.source_line, may_print=may_print)


def _in_value(value: Iterable[Any], file: str, line: int, *, may_print: bool) -> Iterator[Fault]:
    for token in _tokens(value):
        what = ""
        if token.type in {"url", "string"} and re.match(r"\s*(https?:)?//", token.value):
            what = f'"{token.value[:60]}" is on another host'
        elif token.type == "string" and may_print and re.search(r"\d", token.value):
            what = f'"{token.value[:60]}" prints a number'
        elif token.type == "function" and token.lower_name in _COUNTING and not theme.is_own(file):
            what = "a counter prints a number"
        if what:
            yield Fault(file, line, 0, what, "take it out")


def _tokens(values: Iterable[Any]) -> Iterator[Any]:
    """Every token of a value, but for the pictures that it holds as text."""
    for token in values:
        is_data = token.type == "url" or (token.type == "function" and token.lower_name == "url")
        yield token
        inner = getattr(token, "arguments", None) or getattr(token, "content", None) or ()
        for one in _tokens(inner) if not isinstance(inner, str) else ():
            if not (is_data and one.type == "string" and one.value.startswith("data:")):
                yield one
