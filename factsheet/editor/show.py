"""A figure or a source with everything that is known about it, for an editor's terminal."""

import textwrap
from collections.abc import Iterator

from factsheet.analysis.factbase import Observation, UnresolvedError
from factsheet.data.model import LocalText
from factsheet.data.parse import ParsedClaim
from factsheet.data.yaml_nodes import Path_
from factsheet.site.calls import Call, segments
from factsheet.site.site import Site
from factsheet.values.dates import parse_period

WIDTH = 100


def show(site: Site, name: str, period: str | None = None) -> list[str]:
    """The lines about a figure or a source; one line a period for a series without ``period``.

    Raises:
        LookupError: there is nothing of that name; the message names the nearest.
    """
    if name in site.sheet.sources and name not in site.sheet.indicators:
        return list(_source_lines(site, name))
    try:
        series = site.facts.resolve_series(f"{name} {period}" if period else name)
    except UnresolvedError as error:
        raise LookupError(f"{error} — {error.hint}") from None
    if period is None and series[0].period:
        return list(_Figure(site, series[0]).heading()) + [_Figure(site, o).line() for o in series]
    return list(_Figure(site, series[0]).lines())


def _source_lines(site: Site, source_id: str) -> Iterator[str]:
    """A source, and each claim that was read there."""
    source = site.sheet.sources[source_id]
    day = site.source_date(source).striptags() or "date unknown"
    yield f"source {source.no}: {source.publisher}, {day} ({source_id})"
    yield from [source.title] if source.title else []
    yield source.url
    if source.retracted:
        day = site.wording.period(parse_period(source.retracted.date))
        yield f"RETRACTED {day}: {site.plain(source.retracted.reason)}"
    claims = [
        (o, read)
        for o in site.facts.observations.values()
        for read in o.claims
        if read.claim.source == source_id
    ]
    yield from ["", f"Claims: {len(claims)}"]
    for o, read in claims:
        yield f"{o.reference}:"
        yield from _Figure(site, o).claim(read)


class _Figure:
    """An observation as lines."""

    def __init__(self, site: Site, observation: Observation) -> None:
        self.site = site
        self.o = observation
        self.indicator = observation.indicator

    def heading(self) -> Iterator[str]:
        """What all periods share."""
        yield self.site.plain(self.indicator.label)
        yield from self._text("Definition", self.indicator.definition)
        yield self.site.about(self.indicator)
        yield from self._text("Note", self.indicator.note)
        yield ""

    def line(self) -> str:
        """The figure in one line."""
        claims = len(self.o.claims)
        basis = f"{claims} claim{'s' if claims != 1 else ''}" if claims else self.o.formula
        return f"{self.o.period_key}: {self._value(self.o)} ({basis}, {self._place(self.o.path)})"

    def lines(self) -> Iterator[str]:
        """The whole record."""
        yield from self.heading()
        yield f"{self.o.reference}: {self._value(self.o)}"
        if self.o.period:
            yield f"Period: {self.site.wording.period(self.o.period)}"
        yield f"In {self._place(self.o.path)}; its record is {self.site.address(self.o)}"
        yield from self._claims()
        yield from self._calculation()
        yield from self._contradictions()
        yield from self._list("Figures that rest on it", self._resting())
        uses = dict.fromkeys(f"{call.file}:{call.line} {call.macro}()" for call in self._uses())
        yield from self._list("Used", uses or ["nowhere"])

    def _claims(self) -> Iterator[str]:
        if self.o.claims:
            yield from ["", f"Claims: {len(self.o.claims)}"]
        for read in self.o.claims:
            yield from self.claim(read)

    def claim(self, read: ParsedClaim) -> Iterator[str]:
        """One of the figure's claims."""
        claim = read.claim
        source = self.site.sheet.sources[claim.source]
        day = self.site.source_date(source).striptags() or "date unknown"
        rounded = " (rounded)" if claim.rounded else ""
        rounded += " [withdrawn]" if read.withdrawn else ""
        yield (f"- {self.site.words(read.value, self.o)}{rounded}, rank {claim.rank} "
               f"({self._place(read.path)})")  # fmt: skip
        yield f'  printed: "{claim.printed}"'
        yield from self._text("  translation", claim.translation)
        if claim.said_by:
            yield f"  said by: {claim.said_by}"
        yield f"  source {source.no}: {source.publisher}, {day} ({claim.source})"
        if claim.due:
            yield f"  due: {self.site.date(parse_period(claim.due)).striptags()}"
        yield from self._text("  reason", claim.reason)
        yield from self._text("  remark", claim.remark)

    def _calculation(self) -> Iterator[str]:
        if self.o.formula:
            yield from ["", f"Our calculation: {self.o.formula}"]
        for name, given in self.o.inputs:
            bound = f', taken as "{given.qualifier}"' if given.qualifier else ""
            rests_on = given.observation
            yield f"- {name}: {self._value(rests_on)} ({rests_on.reference}{bound})"

    def _contradictions(self) -> Iterator[str]:
        for dispute in self.site.disputes_with(self.o):
            kind = "Note" if dispute.is_note else "Dispute"
            yield from ["", f"{kind} {dispute.name} ({self._place(dispute.path)})"]
            yield from self._text("  rule", None if dispute.is_of_claims else dispute.label)
            if dispute.case:
                yield from self._text("  question", dispute.case.question)
                yield from self._text("  write", dispute.case.write)
                yield from self._text("  explanation", dispute.case.explanation)
            for row in [] if dispute.is_of_claims else dispute.rows:
                yield f"  {row.observation.reference}: {self._value(row.observation)}"

    def _resting(self) -> Iterator[str]:
        for other in self.site.facts.observations.values():
            if any(given.observation.key == self.o.key for _, given in other.inputs):
                yield f"{other.reference}: {self._value(other)}"

    def _uses(self) -> Iterator[Call]:
        data = self.site.facts.data
        in_texts = (
            Call(part.macro, part.args, part.kwargs, data.name, prose.line, part.literal)
            for prose in data.prose()
            for part in segments(prose.text)
            if isinstance(part, Call)
        )
        for call in [call for page in self.site.pages for call in page.calls] + list(in_texts):
            if any(cited.key == self.o.key for cited in self.site.cited(call)):
                yield call

    def _list(
        self, title: str, items: Iterator[str] | dict[str, None] | list[str]
    ) -> Iterator[str]:
        lines = [f"- {item}" for item in items]
        if lines:
            yield from ["", f"{title}:", *lines]

    def _text(self, label: str, texts: LocalText | None) -> Iterator[str]:
        if texts:
            indent = " " * (len(label) - len(label.lstrip()) + 2)
            text = f"{label}: {self.site.plain(texts)}"
            yield from textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)

    def _value(self, observation: Observation) -> str:
        return (
            f"{self.site.figure_words(observation)} {self.site.state_words(observation)}".rstrip()
        )

    def _place(self, path: Path_) -> str:
        data = self.site.facts.data
        return f"{data.name}:{data.line(*path)}"
