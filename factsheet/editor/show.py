"""One figure with everything that is known about it, for an editor's terminal."""

import textwrap
from collections.abc import Iterator

from factsheet.analysis.factbase import Observation
from factsheet.data.model import UNDATED, LocalText
from factsheet.data.parse import ParsedClaim
from factsheet.errors import nearest
from factsheet.site.calls import Call, segments
from factsheet.site.site import Site
from factsheet.values.dates import parse_period

WIDTH = 100


def show(site: Site, figure: str, period: str | None = None) -> list[str]:
    """The lines about a figure; one line a period for a series without ``period``.

    Raises:
        LookupError: there is no such figure; the message names the nearest.
    """
    series = site.facts.series(figure)
    if not series:
        known = sorted({o.indicator_id for o in site.facts.observations.values()})
        hint = nearest(figure, known, f"the figures are {', '.join(known)}")
        raise LookupError(f'unknown figure "{figure}" — {hint}')
    if period is None and series[0].period:
        return list(_Figure(site, series[0]).heading()) + [_Figure(site, o).line() for o in series]
    found = site.facts.find(figure, period)
    if found is None:
        periods = [o.period.text for o in series if o.period]
        hint = nearest(period or "", periods, f"it has {', '.join(periods) or 'no periods'}")
        raise LookupError(f'"{figure}" has no period "{period}" — {hint}')
    return list(_Figure(site, found).lines())


class _Figure:
    """An observation as lines."""

    def __init__(self, site: Site, observation: Observation) -> None:
        self.site = site
        self.o = observation
        self.indicator = observation.indicator
        self.key = observation.period.text if observation.period else UNDATED

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
        return f"{self.key}: {self._value(self.o)} ({basis}, {self._place()})"

    def lines(self) -> Iterator[str]:
        """The whole record."""
        yield from self.heading()
        yield f"{self.o.reference}: {self._value(self.o)}"
        if self.o.period:
            yield f"Period: {self.site.wording.period(self.o.period)}"
        yield f"In {self._place()}; its record is {self.site.address(self.o)}"
        yield from self._claims()
        yield from self._calculation()
        yield from self._contradictions()
        yield from self._list("Figures that rest on it", self._resting())
        uses = dict.fromkeys(f"{call.file}:{call.line} {call.macro}()" for call in self._uses())
        yield from self._list("Used", uses or ["nowhere"])

    def _claims(self) -> Iterator[str]:
        if self.o.claims:
            yield from ["", f"Claims: {len(self.o.claims)}"]
        for index, read in enumerate(self.o.claims):
            yield from self._claim(index, read)

    def _claim(self, index: int, read: ParsedClaim) -> Iterator[str]:
        claim = read.claim
        source = self.site.sheet.sources[claim.source]
        day = self.site.source_date(source).striptags() or "date unknown"
        rounded = " (rounded)" if claim.rounded else ""
        yield (f"- {self.site.words(read.value, self.o)}{rounded}, rank {claim.rank} "
               f"({self._place(index)})")  # fmt: skip
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
        if self.key in self.indicator.disputes:
            yield ""
            yield from self._text("Dispute", self.indicator.disputes[self.key])
        for result in self.site.breaches_with(self.o):
            yield from ["", f"Broken check {result.check_id}: {result.check.rule}"]
            yield from self._text("  rule", result.check.label)
            yield from self._text("  explanation", result.explanation)
            for name, given in result.inputs:
                yield f"  {name}: {self._value(given.observation)} ({given.observation.reference})"
            if result.use:
                yield f"  use: {self._value(result.use)} ({result.use.reference})"

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
        words = self.site.wording.words["states"]
        states = "".join(f" [{words[state]}]" for state in self.site.states(observation))
        return self.site.figure_words(observation) + states

    def _place(self, *claim: int) -> str:
        data = self.site.facts.data
        groups = ("claims",) if self.key == UNDATED else ("observations", self.key)
        if not self.o.claims:
            groups = ("derived", self.key)
        return f"{data.name}:{data.line('indicators', self.o.indicator_id, *groups, *claim)}"
