"""Templates to HTML that Markdown passes on unchanged, and what only the templates ask.

Escaping happens in the templates (autoescape) and, for Markdown's own characters, in
``inline``.
"""

import json
import re
import textwrap
from datetime import date
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from factsheet.analysis.factbase import FactBase, Observation
from factsheet.data.model import Source
from factsheet.site.manual import as_typed, entry_help
from factsheet.values.dates import Period, parse_period
from factsheet.values.number import QualifiedNumber

WIDTH = 100
"""Letters in a line of a terminal."""
BLOCK = "<!--block-->"
"""The line above a block: all up to the next empty line is finished HTML."""
_DATETIME = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
"""A year, month or day in the form that HTML and ISO 8601 share."""
_TAG = re.compile(r"(<[^<>]*>)")


class CompiledTemplates(jinja2.BytecodeCache):
    """The templates as compiled before in this program: every reading of a project uses them."""

    _kept: ClassVar[dict[str, bytes]] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Name and file as they are: Jinja's own key fails where a path is no UTF-8."""
        return f"{name}|{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is kept for its name and source."""
        if bucket.key + bucket.checksum in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def environment() -> jinja2.Environment:
    """The templates with their filters."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        bytecode_cache=CompiledTemplates(),
    )
    templates.filters |= {
        "code": code,
        "fromjson": json.loads,
        "period": parse_period,
        "signs": signs,
        "wrapped": wrapped,
    }
    templates.tests["datetime"] = _DATETIME.fullmatch
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    templates.globals |= {
        "bars": bars,
        "entry_help": entry_help,
        "as_typed": as_typed,
        "events": events,
        "fragment_address": fragment_address,
    }
    return templates


def inline(html: str) -> Markup:
    """A snippet that Markdown passes on unchanged: one line, Markdown's characters as entities."""
    parts = _TAG.split(re.sub(r"\s+", " ", html).strip())
    for index, part in enumerate(parts):
        marks = r"[\\`\[\]]" if index % 2 else r"[\\`*_\[\]{}|~^!]|(?<!&)#"
        parts[index] = re.sub(marks, lambda match: f"&#{ord(match[0])};", part)
    return Markup("".join(parts))


def block(html: str) -> Markup:
    """A block that ``factsheet.site.blocks`` sets aside from Markdown."""
    return Markup(f"\n\n{BLOCK}\n" + re.sub(r"\n\s*", "\n", html).strip() + "\n\n")


def code(text: str) -> Markup:
    """A docstring's words in double backticks as code."""
    parts = text.split("``")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def signs(formula: str) -> str:
    """The signs of a formula as print has them."""
    return formula.replace("*", "×").replace("/", "÷").replace("-", "\N{MINUS SIGN}")


def wrapped(text: str) -> str:
    """A text in lines for a terminal, those below the first further in."""
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def fragment_address(source: Source, printed: str) -> str:
    """The source's address with a text fragment that finds the printed words."""
    sign = "" if "#" in source.url else "#"
    return f"{source.url}{sign}:~:text={quote(printed, safe='').replace('-', '%2D')}"


def events(facts: FactBase) -> list[Observation]:
    """All dated events and planned dates, in the order of their dates."""
    dated = [(o.value, o) for o in facts.observations.values() if isinstance(o.value, Period)]
    return [o for _, o in sorted(dated, key=lambda one: _begins(one[0]))]


def _begins(when: Period) -> tuple[date, date]:
    """Where an event stands in a list by date; one known only by its end, at its end."""
    return (when.high if when.start is None else when.low, when.high)


def bars(facts: FactBase, observation: Observation) -> list[tuple[int, int, bool]]:
    """The numbers of an observation's series, over years or over months, as bars.

    Of each, its place in periods from the first one, its height out of 32, and whether it is the
    observation's own. None unless there are at least three for periods as long as its own, and
    none of them is below zero.
    """
    length = observation.period.length if observation.period else ""
    if length not in {"year", "month"}:
        return []
    numbers = [
        (_place(o.period, length), o.value.number.value, o is observation)
        for o in facts.series(observation.indicator_id)
        if o.period and o.period.length == length and isinstance(o.value, QualifiedNumber)
    ]
    if len(numbers) < 3 or min(number for _, number, _ in numbers) < 0:
        return []
    first = numbers[0][0]
    most = max(number for _, number, _ in numbers) or 1
    return [
        (place - first, max(1, round(number / most * 32)), is_own)
        for place, number, is_own in numbers
    ]


def _place(period: Period, length: str) -> int:
    return period.low.year * 12 + period.low.month if length == "month" else period.low.year
