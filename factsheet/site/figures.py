"""A page for every indicator: what it shows, and the Markdown stub that calls for it.

The stubs lie in ``docs/figures/`` so that the generator, its search and its sitemap treat them
as pages like any other, and beside each a script with the popovers of its figures; they are
written before it collects files, only where their text changes, so that ``serve`` comes to rest.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from factsheet.analysis.factbase import Observation
from factsheet.charts.small import SmallSeries, small_series
from factsheet.data.model import Stance
from factsheet.data.parse import ParsedClaim
from factsheet.site.pages import GENERATED
from factsheet.values.dates import Period, parse_period

if TYPE_CHECKING:
    from factsheet.site.site import Site

MOST_RELATED = 5
LONG_SERIES = 24
"""With more periods than this, each period's claims fold into its row of the table."""
_WEIGHTS = {Stance.OUTCOME: 1.0, Stance.TARGET: 0.8, Stance.FORECAST: 0.5}
_RELATIVE = re.compile(r'((?:href|src)=")(?![A-Za-z][A-Za-z0-9+.-]*:|//|#)')


class FigurePage:
    """All that the page of one indicator says."""

    def __init__(self, site: "Site", indicator_id: str) -> None:
        """Nothing is rendered yet."""
        self.site = site
        self.id = indicator_id
        self.indicator = site.sheet.indicators[indicator_id]
        self.observations = site.facts.series(indicator_id)

    @cached_property
    def latest(self) -> Observation | None:
        """The observation of the answer: the only one, or that whose period ends last.

        Of periods that end on the same day the longest: a year rather than its December. One in
        whose place readers are told to write another of the same quantity does not answer.
        """
        usable = [o for o in self.observations if not self._is_advised_against(o)]
        return max(usable or self.observations, key=_ends_last, default=None)

    def _is_advised_against(self, observation: Observation) -> bool:
        for case in self.site.disputes_with(observation):
            told = self.site.figures_in(case.case.write) if case.case else []
            own = [o for o in told if o.indicator_id == self.id]
            if own and observation not in own:
                return True
        return False

    @cached_property
    def newest_first(self) -> list[Observation]:
        """The observations, the latest first."""
        return sorted(self.observations, key=_ends_last, reverse=True)

    @property
    def is_long(self) -> bool:
        """Whether the table of periods is the record too: see ``LONG_SERIES``."""
        return len(self.observations) > LONG_SERIES

    @cached_property
    def span(self) -> tuple[Period, Period] | None:
        """The periods that begin first and end last."""
        periods = [o.period for o in self.observations if o.period]
        if not periods:
            return None
        first = min(periods, key=lambda p: p.low if p.start else p.high)
        return first, max(periods, key=lambda p: p.high)

    @cached_property
    def picture(self) -> SmallSeries | None:
        """The series as a picture, from three periods on."""
        return small_series(self.observations)

    @cached_property
    def sources(self) -> list[str]:
        """The sources of all claims, each once."""
        claims = (claim for o in self.observations for claim in o.claims)
        return self.site.source_ids(claims)

    @property
    def weight(self) -> float:
        """How much a hit on this page weighs for the search; one on a chapter weighs 1.

        What many sources print is what readers look for; promises come after what is said to be
        so, then forecasts and our calculations.
        """
        kind = _WEIGHTS[self.indicator.stance] if self.sources else _WEIGHTS[Stance.FORECAST]
        return round(2 * kind * (1 + math.log10(1 + len(self.sources))), 1)

    @cached_property
    def newest_source(self) -> str | None:
        """The source that bears the latest date."""
        sources = self.site.sheet.sources
        dates = [(sources[id_].published, sources[id_].no, id_) for id_ in self.sources]
        days = [(parse_period(date).high, no, id_) for date, no, id_ in dates if date]
        return max(days)[2] if days else None

    def one_speaker(self, observation: Observation) -> str | None:
        """Whom all sources of the value shown pass on, if that is one and they are several."""
        said = [claim.claim.said_by or "" for claim in observation.giving if claim.stands]
        return said[0] if len({speaker.split(",")[0] for speaker in said}) == 1 else None

    def groups(self, observation: Observation) -> list[list[ParsedClaim]]:
        """The claims by value: the one shown first, then by number of sources.

        Last come those that do not count.
        """
        found: dict[tuple[str, str | None], list[ParsedClaim]] = {}
        for claim in observation.by_rank:
            words = self.site.words(claim.value, observation)
            found.setdefault((words, claim.set_aside), []).append(claim)
        return sorted(
            found.values(),
            key=lambda group: (
                group[0].set_aside is not None,
                observation.chosen not in group,
                -len(self.site.source_ids(group)),
            ),
        )

    @cached_property
    def related(self) -> list[str]:
        """At most five other indicators, by rule.

        First what came of it or what was promised for it, then what its definition and note name,
        then what stands in a rule with it, then others of the same topic and unit.
        """
        ties_of, own = _ties(self.site), self.indicator
        outcome = (own.outcome or "").split(" ")
        wanted = [name for name in outcome if name in self.site.sheet.indicators]
        wanted += ties_of["promise", self.id]
        for text in (own.definition, own.note):
            wanted += [named.indicator_id for named in self.site.figures_in(text)]
        wanted += ties_of["check", self.id]
        wanted += ties_of["alike", own.topic, own.unit, own.measure]
        inputs = {i.observation.indicator_id for o in self.observations for _, i in o.inputs}
        ties = {self.id, *self.site.dependents.get(self.id, []), *inputs}
        return [id_ for id_ in dict.fromkeys(wanted) if id_ not in ties][:MOST_RELATED]

    def put_in(self, observation: Observation) -> Iterator[tuple[str, Observation | None]]:
        """A formula's text in pieces, each name with the observation that stands for it.

        A factor of one, by which a car is taken for a vehicle, tells a reader nothing.
        """
        inputs = dict(observation.inputs)
        formula = re.sub(r"\b1 \* | \* 1\b", "", observation.formula or "")
        for piece in re.split(r"(\b[a-z_][a-z0-9_]*\b)", formula):
            given = inputs.get(piece)
            yield piece, given.observation if given else None

    @property
    def summary(self) -> str:
        """The answer of the page without markup, for its description."""
        site, latest = self.site, self.latest
        if latest is None:
            return site.plain(self.indicator.definition)
        period = f", {site.wording.period(latest.period)}" if latest.period else ""
        label = site.plain(self.indicator.label)
        return f"{label}{period}: {site.figure_words(latest)} {site.state_words(latest)}".strip()


@lru_cache(maxsize=1)
def _ties(site: "Site") -> dict[tuple[str | None, ...], list[str]]:
    """What has to do with each other: the ids for each sort of tie and what it goes by."""
    found: dict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for id_, i in site.sheet.indicators.items():
        for name in dict.fromkeys((i.outcome or "").split(" ")):
            found["promise", name].append(id_)
        found["alike", i.topic, i.unit, i.measure].append(id_)
    for check in site.facts.checks:
        names = [given.observation.indicator_id for _, given in check.inputs]
        for name in dict.fromkeys(names):
            found["check", name] += names
    return found


def _ends_last(observation: Observation) -> tuple[int, int]:
    """For the order: the last day; of an end that is not exact the first, for it may be any."""
    period = observation.period
    if not period:
        return (0, 0)
    end = period.end
    last = end.low if end and end.approximate else period.high
    return (last.toordinal(), -period.low.toordinal())


def below(html: Markup) -> Markup:
    """Finished HTML for a page in a folder: addresses within the site lead up first."""
    return Markup(_RELATIVE.sub(r"\g<1>../", str(html)))


@lru_cache(maxsize=1)  # Zensical has the pages written once for each page
def _files(site: "Site") -> dict[str, str]:
    return stubs(site) | popovers(site)


def stubs(site: "Site") -> dict[str, str]:
    """The Markdown of every figure page, by file name."""
    found = {}
    for page in site.figure_pages.values():
        # The theme writes both into its pages as they are.
        label, about = (str(escape(t)) for t in (site.plain(page.indicator.label), page.summary))
        also = site.plain(page.indicator.also).split(",") if page.indicator.also else []
        head = {"title": label, "description": about, "search": {"boost": page.weight}}
        head |= {"tags": [word.strip() for word in also]} if also else {}
        found[f"{page.id}.md"] = _stub(head, "", f'{{{{ figure_page("{page.id}") }}}}')
        leads = f"# {label}\n\n[{site.wording.ui['has_moved']}]({page.id}.md)"
        moved = _stub(
            {"title": label}, "search: {exclude: true}\nmoved: true\nonly: screen\n", leads
        )
        found |= {f"{name}.md": moved for name in page.indicator.formerly}
    return found


def _stub(head: dict[str, Any], more: str, body: str) -> str:
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in head.items()]
    return f"---\n{''.join(lines)}{more}hide: [toc]\n---\n\n{body}\n"


def popovers(site: "Site") -> dict[str, str]:
    """By file name, a script for each indicator that hands its popovers to the page, by period.

    They are scripts since a page opened as a file may load nothing else. Addresses in them are
    from the top of the site.
    """
    found = {}
    for indicator_id in site.sheet.indicators:
        by_period = {
            o.period.text if o.period else "": str(site.popover(o))
            for o in site.facts.series(indicator_id)
        }
        pieces = (json.dumps(part, ensure_ascii=False) for part in (indicator_id, by_period))
        found[f"{indicator_id}.js"] = f"factsheet.popovers({', '.join(pieces)});\n"
    return found


def write_pages(site: "Site", docs: Path) -> None:
    """Write stubs and popovers into the folder of the pages: only what differs; remove orphans.

    Raises:
        OSError: it could not write.
    """
    folder, pages = docs / GENERATED, _files(site)
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
