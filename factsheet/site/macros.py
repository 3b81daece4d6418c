"""The macros: model to HTML snippets, through ``templates/``.

All snippets are HTML, also the inline ones, with finished addresses: pages are flat and
end in ``.html``, so an address is right on every page, in a text of the data file, and in
an archive on a disk. Escaping happens in the templates (autoescape) and, for Markdown's
own characters, in ``inline``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
from markupsafe import Markup, escape

from factsheet.analysis.factbase import (
    Dispute,
    FactBase,
    Observation,
    Row,
    State,
    UnresolvedError,
)
from factsheet.analysis.targets import TargetResult, merged
from factsheet.charts.data import Marks
from factsheet.charts.draw import Drawing
from factsheet.charts.page import ChartPage, chart_page
from factsheet.charts.spec import Charts
from factsheet.data.model import (
    DEFAULT_LANGUAGE,
    Indicator,
    LocalText,
    Measure,
    Revision,
    Source,
    Stance,
)
from factsheet.data.parse import ParsedClaim, Value
from factsheet.site.figures import FigurePage, at_depth
from factsheet.site.manual import EntryHelp, MacroHelp, entry_help, macro_help
from factsheet.site.pages import GENERATED, Call, Page, segments
from factsheet.text.format import Form, Wording, machine_value
from factsheet.values.dates import Period, parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import QualifiedNumber, Qualifier, parse_number

BLOCK = "<!--block-->"
"""The line above a block: all up to the next empty line is finished HTML."""
_RESERVED = re.compile(r"\.(example(\.(com|net|org))?|invalid|test|localhost)$")
_VALID_DATETIME = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
_TAG = re.compile(r"(<[^<>]*>)")


@dataclass
class Mentions:
    """What a page has named so far, by section: marks stand at a figure's first mention."""

    page: Page | None
    named: set[tuple[int, str]] = field(default_factory=set)
    anchored: set[tuple[int, str]] = field(default_factory=set)

    def is_first(self, key: str, line: int) -> bool:
        """Whether this is the figure's first mention in its section; remembers it."""
        mention = self._section(line), key
        first = mention not in self.named
        self.named.add(mention)
        return first

    def anchor(self, key: str, line: int) -> str | None:
        """The id of the figure's first use in its section, in a sentence, card or row."""
        if not self.page or (self._section(line), key) in self.anchored:
            return None
        self.anchored.add((self._section(line), key))
        return use_anchor(self._section(line), key)

    def _section(self, line: int) -> int:
        return self.page.section(line + self.page.body_offset) if self.page else 0


def use_anchor(section: int, key: str) -> str:
    """The id of the first use of a figure in a section of a page."""
    return f"use-{section}-{key}"


@dataclass(frozen=True)
class Use:
    """A section of a page that shows a figure."""

    page: Page
    title: str
    address: str


@dataclass(frozen=True)
class Bar:
    """A bar of a card's small picture: periods from the first one, height out of 32."""

    place: int
    height: int
    own: bool


class Site:
    """Everything that pages may call, for one language.

    ``pages`` tell where records, sources and disputes stand and where figures are used.
    """

    WITH_ARGUMENTS = (
        "fig",
        "when",
        "name",
        "cards",
        "table",
        "series",
        "topic_figures",
        "targets",
        "count",
        "chart",
    )

    def __init__(
        self,
        facts: FactBase,
        pages: Iterable[Page],
        language: str = DEFAULT_LANGUAGE,
        site_url: str = "",
        data_folder: Path = Path(),
        cache_folder: Path | None = None,
    ) -> None:
        """Prepare the templates; nothing is rendered yet."""
        self.facts = facts
        self.sheet = facts.data.sheet
        self.pages = list(pages)
        self.wording = Wording(language, self.sheet.units, self.sheet.names)
        self._dates: dict[str, Markup] = {}
        self.marks = Marks(facts)
        self.charts = Charts(self.marks, self.wording, self.plain, data_folder, cache_folder)
        self._charts: dict[str, ChartPage] = {}
        self._prose: dict[str, Markup] = {}
        self._figures: dict[tuple[str, Form, bool, str | None], Markup] = {}
        self.site_url = site_url.rstrip("/") + "/" if site_url else ""
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters["signs"] = _signs
        self._templates.globals.update(
            site=self, ui=self.wording.ui, words=self.wording.words, sheet=self.sheet, facts=facts
        )

    def macros(self) -> dict[str, Callable[..., Markup]]:
        """The macros by the names that pages call them by, all but ``fig``'s page context."""
        return {
            "fig": self.fig,
            "when": self.when,
            "name": self.name,
            "cards": self.cards,
            "table": self.table,
            "series": self.series,
            "topic_figures": self.topic_figures,
            "figure_index": self.figure_index,
            "targets": self.targets,
            "count": self.count,
            "chart": self.chart,
            "edition": self.edition,
            "figure_page": self.figure_page,
            **{name: self._block_macro(name) for name in _WHOLE_LISTS},
        }

    # Inline macros

    def fig(
        self,
        figure: str,
        period: str | None = None,
        form: Form = "words",
        *,
        mentions: Mentions | None = None,
        line: int = 0,
    ) -> Markup:
        """A figure in words, as a link to its record.

        At its first mention in a section it carries its state, such as ``[disputed]``, and
        the number of its source; in texts of the data file it carries neither.

        Args:
            figure: The id of an indicator.
            period: The period, as the data file writes it; left out for an undated figure.
            form: ``words`` gives ``more than 10,000 cars``, ``number`` the same without the unit,
                ``short`` with a scale, ``more than 10 thousand cars``, ``value`` only
                ``10,000``, and ``difference`` a difference without its sign, ``at least 32 fewer
                cars``; ``words`` if left out.
            mentions: What the page has named so far; ``None`` in texts of the data file.
            line: The line of the page's body with the call.

        Example:
            ``fig("country_output", "2018", form="number")``
        """
        reference = f"{figure} {period}" if period else figure
        found = self._found([reference])
        if not found:
            return self.fault(reference)
        (observation,) = found
        marked = mentions is not None and mentions.is_first(observation.key, line)
        anchor = mentions.anchor(observation.key, line) if mentions else None
        return self.figure(observation, form, marked=marked and form != "value", anchor=anchor)

    def figure(
        self,
        observation: Observation,
        form: Form = "words",
        *,
        marked: bool = False,
        anchor: str | None = None,
    ) -> Markup:
        """The inline snippet of an observation."""
        key = observation.key, form, marked, anchor
        if key not in self._figures:
            self._figures[key] = self._inline(
                "figure", o=observation, form=form, marked=marked, anchor=anchor
            )
        return self._figures[key]

    def when(self, period: str) -> Markup:
        """A date or period in words; years in a sentence come through it too.

        Args:
            period: ``2018``, ``2018-03``, ``2018-03-29``, a season (``2018-21`` is spring,
                ``2018-24`` winter), each with ``~`` for "about"; an interval,
                ``2018-01/2018-08``; or one with an open end, ``2018-01/..``.

        Example:
            ``when("2018-03-29")``
        """
        try:
            return self.date(parse_period(str(period)))
        except ValueError:
            return self.fault(str(period))

    def date(self, period: Period) -> Markup:
        """A date as ``<time>``, or ``<data>`` where HTML has no form for it."""
        if period.text not in self._dates:
            self._dates[period.text] = self._inline("date", period=period)
        return self._dates[period.text]

    def name(self, name_id: str) -> Markup:
        """A proper name, spelled as the data file spells it.

        Args:
            name_id: An id from ``names``.

        Example:
            ``name("euro_5")``
        """
        if name_id not in self.sheet.names:
            return self.fault(name_id)
        return self._inline("name", id=name_id, text=self.wording.name(name_id))

    def count(self, what: str) -> Markup:
        """How many of something the data file holds.

        Args:
            what: ``claims``, ``sources``, ``indicators``, ``observations``, ``disputes``,
                ``notes``, ``targets`` or ``checks``.

        Example:
            ``count("sources")``
        """
        return self._inline("count", what=what, number=self.counts.get(what, 0))

    def edition(self) -> Markup:
        """The day as of which the sheet speaks, in words.

        Example:
            ``edition()``
        """
        return self.when(self.sheet.edition)

    def fault(self, what: str) -> Markup:
        """A visible mark where a call names nothing; the build refuses it before that."""
        return self._inline("fault", what=what)

    # Block macros

    def cards(
        self, figures: Iterable[str], *, mentions: Mentions | None = None, line: int = 0
    ) -> Markup:
        """Key figures as cards.

        Args:
            figures: A list of figures, each an id and, after a space, its period.
            mentions: As for ``fig``.
            line: As for ``fig``.

        Example:
            ``cards(["country_output 2018", "first_car_on"])``
        """
        figures = list(figures)
        anchor = _anchors(mentions, line)
        found, missing = self._found(figures), self._missing(figures)
        return self._block("cards", figures=found, missing=missing, anchor=anchor)

    def table(
        self,
        figures: Iterable[str],
        *,
        mentions: Mentions | None = None,
        line: int = 0,
    ) -> Markup:
        """A table of figures with their values, states and sources.

        Args:
            figures: A list of figures, as for ``cards``.
            mentions: As for ``fig``.
            line: As for ``fig``.

        Example:
            ``table(["country_output 2017", "country_output 2018"])``
        """
        figures = list(figures)
        anchor = _anchors(mentions, line)
        found, missing = self._found(figures), self._missing(figures)
        return self._block("table", figures=found, missing=missing, anchor=anchor)

    def series(
        self,
        indicator_id: str,
        every: str | None = None,
        *,
        mentions: Mentions | None = None,
        line: int = 0,
    ) -> Markup:
        """A table of an indicator's figures, by date.

        Args:
            indicator_id: The id of an indicator.
            every: Only periods of one length: ``year``, ``season``, ``month``, ``day`` or
                ``interval``; all if left out.
            mentions: As for ``fig``.
            line: As for ``fig``.

        Example:
            ``series("country_output", every="year")``
        """
        figures = self._series(indicator_id, every)
        if not figures:
            return self.fault(indicator_id)
        return self._block("series", figures=figures, anchor=_anchors(mentions, line))

    def topic_figures(self, topic: str) -> Markup:
        """The figures of a topic as a short list: name, latest value, state, each a link.

        Args:
            topic: An id from ``topics``.

        Example:
            ``topic_figures("production")``
        """
        return self._block("topic_figures", pages=self._pages_of(topic))

    def figure_index(self) -> Markup:
        """All figures by topic, one row an indicator, with a filter.

        Example:
            ``figure_index()``
        """
        topics = [(topic, self._pages_of(topic)) for topic in self.sheet.topics]
        return self._block("figure_index", topics=[(t, pages) for t, pages in topics if pages])

    def records(self) -> Markup:
        """Every figure by topic, with each claim on a line: what the annex is set from."""
        topics = [(topic, self._pages_of(topic)) for topic in self.sheet.topics]
        return self._inline("records", topics=[(t, pages) for t, pages in topics if pages])

    def _pages_of(self, topic: str) -> list[FigurePage]:
        return [
            FigurePage(self, indicator_id)
            for indicator_id, indicator in self.sheet.indicators.items()
            if indicator.topic == topic
        ]

    def chart(self, chart_id: str) -> Markup:
        """A picture with its table, its sources and its downloads.

        Args:
            chart_id: An id from ``charts``.

        Example:
            ``chart("national-output")``
        """
        if chart_id not in self.marks.panels:
            return self.fault(chart_id)
        return self._block("chart", chart=self.chart_page(chart_id))

    def edition_text(self) -> str:
        """The edition's date in words, for the foot of each page."""
        return self.wording.period(parse_period(self.sheet.edition))

    def key_figures(self) -> list[Observation]:
        """The figures of all cards of the start page, in their order."""
        calls = [call for page in self.pages if page.name == "index" for call in page.calls]
        return [o for call in calls if call.macro == "cards" for o in self.cited(call)]

    def script_words(self) -> dict[str, str]:
        """The words that the site's frame and its script show."""
        return {name: self.wording.ui[name] for name in _SCRIPT_WORDS}

    def targets(self, indicators: Iterable[str] | None = None) -> Markup:
        """Promises and what came of them, with the verdict on each.

        All of them by the date due; or those of some indicators, each time they were
        made, by the date on which they were said.

        Args:
            indicators: A list of ids of indicators with ``stance: target``; all if left out.

        Example:
            ``targets(["output_planned"])``
        """
        if indicators is None:
            return self._block("targets", results=merged(self.verdicts))
        wanted = set(indicators)
        results = [r for r in self.verdicts if r.observation.indicator_id in wanted]
        return self._block("promises", results=results)

    def _block_macro(self, name: str) -> Callable[[], Markup]:
        def block() -> Markup:
            return self._block(name)

        block.__doc__ = _WHOLE_LISTS[name]
        return block

    # What the templates ask

    def pdf_addresses(self) -> dict[str, str]:
        """Where the PDFs are: the sheet on one page, the booklet, and the records."""
        endings = {"sheet": "fact-sheet", "booklet": "booklet", "records": "records"}
        return {
            kind: f"pdf/{self.sheet.file_name}-{ending}.pdf" for kind, ending in endings.items()
        }

    @property
    def public_url(self) -> str:
        """The site's address; none while it has only one reserved for examples (RFC 2606)."""
        host = urlsplit(self.site_url).hostname or ""
        return "" if _RESERVED.search(f".{host}") else self.site_url

    def field_help(self) -> list[EntryHelp]:
        """Every kind of entry of the data file, with its fields."""
        return list(entry_help())

    def macro_help(self) -> list[MacroHelp]:
        """Every macro that pages may call."""
        return list(macro_help(self.macros()))

    def with_code(self, text: str) -> Markup:
        """A docstring's words in double backticks as code."""
        parts = text.split("``")
        return Markup("").join(
            Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
            for index, part in enumerate(parts)
        )

    def preformatted(self, text: str) -> Markup:
        """A text for ``<pre>``: its line ends as entities, which Markdown and we leave alone."""
        return Markup("&#10;").join(text.split("\n"))

    def chart_page(self, chart_id: str) -> ChartPage:
        """A chart with all that belongs to it; made once."""
        if chart_id not in self._charts:
            self._charts[chart_id] = chart_page(self.charts, chart_id)
        return self._charts[chart_id]

    def drawn(self, drawing: Drawing) -> Markup:
        """A picture for the page; the text in it was escaped when it was drawn."""
        return Markup(drawing.svg)

    def file_size(self, size: int) -> Markup:
        """The size of a download, so many bytes."""
        return self._inline("file_size", size=size)

    def source_ids(self, reads: Iterable[ParsedClaim]) -> list[str]:
        """The sources of some claims, each once."""
        return list(dict.fromkeys(read.claim.source for read in reads))

    def about(self, indicator: Indicator) -> str:
        """Unit, measure and stance of an indicator, in a line."""
        words, ui = self.wording.words, self.wording.ui
        parts = [f"{ui['measure']}: {words['measures'][indicator.measure]}"]
        if indicator.unit in self.sheet.units:
            parts.insert(0, f"{ui['unit']}: {self.wording.unit(indicator.unit)}")
        if not (indicator.claims or indicator.observations):
            parts.append(words["states"]["derived"])
        elif indicator.measure not in {Measure.NAME, Measure.NAMES} or (
            indicator.stance != Stance.OUTCOME
        ):
            parts.append(words["stances"][indicator.stance])
        return " · ".join(parts)

    def figure_page(self, indicator_id: str) -> Markup:
        """All about one indicator: the whole content of its page.

        Args:
            indicator_id: The id of an indicator.

        Example:
            ``figure_page("country_output")``
        """
        if indicator_id not in self.sheet.indicators:
            return self.fault(indicator_id)
        return at_depth(self._block("figure_page", page=FigurePage(self, indicator_id)))

    def figure_summary(self, indicator_id: str) -> str:
        """The answer of an indicator's page without markup, for the page's description."""
        page = FigurePage(self, indicator_id)
        latest = page.latest
        if latest is None:
            return self.plain(page.indicator.definition)
        states = "".join(f" [{self.wording.words['states'][s]}]" for s in self.states(latest))
        period = f", {self.wording.period(latest.period)}" if latest.period else ""
        label = self.plain(page.indicator.label)
        return f"{label}{period}: {self.figure_words(latest)}{states}"

    def figure_address(self, indicator_id: str) -> str:
        """The page of an indicator."""
        return f"{GENERATED}/{indicator_id}.html"

    @property
    def list_address(self) -> str:
        """The page that lists all figures."""
        return f"{self._page_calling('figure_index')}.html"

    def at(self, period: Period) -> Markup:
        """A period as a sentence has it: ``in 2018``, ``on 29 March 2018``."""
        kind = "day" if period.length == "day" else "interval" if period.is_interval else "whole"
        if period.is_interval and (period.start is None or period.end is None):
            return self.date(period)
        return Markup(self.wording.words["at"][kind]).format(date=self.date(period))

    @cached_property
    def dependents(self) -> dict[str, list[str]]:
        """By indicator, those that are calculated from it."""
        found: dict[str, dict[str, None]] = {}
        for o in self.facts.observations.values():
            for _, given in o.inputs:
                if given.observation.indicator_id != o.indicator_id:
                    ids = found.setdefault(given.observation.indicator_id, {})
                    ids[o.indicator_id] = None
        return {id_: list(ids) for id_, ids in found.items()}

    def uses_of(self, indicator_id: str) -> list[Use]:
        """The sections that show any of an indicator's figures, each once."""
        found: dict[str, Use] = {}
        for observation in self.facts.series(indicator_id):
            for use in self.uses(observation):
                found.setdefault(use.title, use)
        return list(found.values())

    def verdicts_on(self, indicator_id: str) -> list[TargetResult]:
        """The verdicts on what an indicator promises."""
        return [r for r in self.verdicts if r.observation.indicator_id == indicator_id]

    def data_high(self, value: Value) -> str | None:
        """The upper end of a value for machines: see ``machine_value``."""
        return machine_value(value, self.wording)[1]

    def disputes_of(self, indicator_id: str) -> list[Dispute]:
        """The disputes that an indicator takes part in, the weightiest first."""
        return [
            dispute
            for dispute in self.facts.disputes
            if any(o.indicator_id == indicator_id for o in dispute.observations)
        ]

    def prose(self, texts: LocalText) -> Markup:
        """A text of the data file, its calls filled in and everything else escaped."""
        text = self.wording.text(texts)
        if text not in self._prose:
            parts = [
                escape(part) if isinstance(part, str) else self._called(part)
                for part in segments(text)
            ]
            self._prose[text] = Markup("").join(parts)
        return self._prose[text]

    def plain(self, texts: LocalText) -> str:
        """The same without markup, for downloads and attributes."""
        return str(self.prose(texts).striptags()).replace("\n", " ")

    def _called(self, call: Call) -> Markup:
        inline: dict[str, Callable[..., Markup]] = {
            "fig": self.fig, "when": self.when, "name": self.name,
        }  # fmt: skip
        return inline[call.macro](*call.args, **dict(call.kwargs))

    def words(self, value: Value, observation: Observation, form: Form = "words") -> str:
        """A value of an observation in words."""
        return self.wording.value(value, observation.indicator.unit, form)

    def figure_words(self, observation: Observation) -> str:
        """The observation's figure in words."""
        return self.words(observation.value, observation)

    def title(self, of: Observation | Dispute) -> Markup:
        """Label and period of an observation or a dispute."""
        return self.prose(of.label) + (Markup(", ") + self.date(of.period) if of.period else "")

    def states(self, observation: Observation) -> list[State]:
        """The states a reader is told; a result that fits no number says so in words already."""
        return [state for state in observation.states if state != State.IMPOSSIBLE]

    def address(self, observation: Observation) -> str:
        """Page and anchor of the observation's record."""
        anchor = f"#{observation.period.key}" if observation.period else ""
        return self.figure_address(observation.indicator_id) + anchor

    def source_address(self, source_id: str) -> str:
        """Page and anchor of a source."""
        return f"{self._page_calling('sources')}.html#source-{source_id}"

    def dispute_address(self, key: str) -> str:
        """Page and anchor of a dispute or a note."""
        is_note = key in {note.key for note in self.facts.notes}
        return f"{self._page_calling('notes' if is_note else 'disputes')}.html#dispute-{key}"

    def advice(self, dispute: Dispute) -> Markup:
        """What to write: as the data file says, else the value shown, if the claims have one."""
        if dispute.case and dispute.case.write:
            return self.prose(dispute.case.write)
        if dispute.is_of_claims:
            return self.figure(dispute.observations[0])
        return escape(self.wording.ui["no_advice"])

    def rivals(self, observation: Observation) -> list[Row]:
        """What cannot be true beside a figure that is not in doubt itself."""
        return [
            row
            for dispute in self.disputes_with(observation)
            if not dispute.is_note
            for row in dispute.rivals(observation)
        ]

    def questions(self, disputes: Iterable[Dispute]) -> list[Dispute]:
        """One dispute for each question: the first that asks it."""
        asked: dict[str, Dispute] = {}
        for dispute in disputes:
            question = dispute.case.question if dispute.case else None
            asked.setdefault(self.plain(question) if question else dispute.key, dispute)
        return list(asked.values())

    def fragment_address(self, source: Source, printed: str) -> str:
        """The source's address with a text fragment that finds the printed words."""
        return f"{source.url}#:~:text={quote(printed, safe='').replace('-', '%2D')}"

    def absolute(self, address: str) -> str:
        """An address of the site with the site's own before it."""
        return self.site_url + address

    def period(self, text: str) -> Period:
        """A date of the data file."""
        return parse_period(text)

    def years(self, period: Period) -> range:
        """The years that a period touches; of one with an open end, the year of the other."""
        low = period.start.low if period.start else period.high
        high = period.end.high if period.end else low
        return range(low.year, high.year + 1)

    def revisions(self) -> list[tuple[Revision, Observation]]:
        """Each revision with the figure that it changed."""
        found = [
            (revision, self._found([revision.observation])) for revision in self.sheet.revisions
        ]
        return [(revision, observation) for revision, named in found for observation in named]

    def source_date(self, source: Source) -> Markup:
        """The date that a source bears."""
        return self.date(parse_period(source.published)) if source.published else Markup("")

    def valid_datetime(self, text: str) -> bool:
        """Whether HTML's ``datetime`` takes this date."""
        return _VALID_DATETIME.fullmatch(text) is not None

    def data_value(self, value: Value) -> str:
        """The value for machines: see ``machine_value``."""
        return machine_value(value, self.wording)[0] or ""

    def uses(self, observation: Observation) -> list[Use]:
        """The sections that show the figure, in the order of pages and of sections."""
        return self._uses.get(observation.key, [])

    def used_on(self, observation: Observation) -> list[Page]:
        """The pages that cite the figure."""
        pages = {use.page.name: use.page for use in self.uses(observation)}
        return list(pages.values())

    def figures_of(self, source_id: str) -> list[Observation]:
        """The figures for which a source gives a claim."""
        return self._by_source.get(source_id, [])

    def sources_by_number(self) -> list[tuple[str, Source]]:
        """All sources in the order of their numbers."""
        return sorted(self.sheet.sources.items(), key=lambda item: item[1].no)

    def events(self) -> list[Observation]:
        """All dated events and planned dates, in the order of their dates."""
        dated = [
            (o.value.low, o.value.high, index, o)
            for index, o in enumerate(self.facts.observations.values())
            if isinstance(o.value, Period)
        ]
        return [o for _, _, _, o in sorted(dated)]

    def conventions(self) -> list[tuple[QualifiedNumber, Interval]]:
        """An example of each way to print a number, with the set it stands for."""
        thousand, two_thousand = parse_number("1,000"), parse_number("2,000")
        plain_ones = [
            QualifiedNumber(
                thousand, qualifier, two_thousand if qualifier == Qualifier.RANGE else None
            )
            for qualifier in Qualifier
        ]
        rounded = QualifiedNumber(thousand, rounded=True)
        below = QualifiedNumber(parse_number("-1,000"), Qualifier.LESS_THAN)
        return [(amount, amount.interval()) for amount in [*plain_ones, rounded, below]]

    def bars(self, observation: Observation) -> list[Bar]:
        """The numbers of an observation's series, over years or over months, as bars.

        None unless there are at least three for periods as long as the observation's own,
        and none of them is below zero.
        """
        length = observation.period.length if observation.period else ""
        if length not in {"year", "month"}:
            return []
        numbers = [
            (_place(o.period, length), o.value.number.value, o is observation)
            for o in self.facts.series(observation.indicator_id)
            if o.period and o.period.length == length and isinstance(o.value, QualifiedNumber)
        ]
        if len(numbers) < 3 or min(number for _, number, _ in numbers) < 0:
            return []
        first = numbers[0][0]
        most = max(number for _, number, _ in numbers) or 1
        return [
            Bar(place - first, max(1, round(number / most * 32)), own)
            for place, number, own in numbers
        ]

    def other_values(self, observation: Observation) -> list[ParsedClaim]:
        """A claim for each other value in print, apart from the one shown."""
        others: dict[str, ParsedClaim] = {}
        for read in observation.by_rank[1:]:
            words = self.words(read.value, observation)
            if words != self.figure_words(observation):
                others.setdefault(words, read)
        return list(others.values())

    def glance(self, observation: Observation) -> Markup:
        """What a reader sees of a figure without leaving the sentence."""
        return self._inline("glance", o=observation)

    def disputes_with(self, observation: Observation) -> list[Dispute]:
        """The disputes and notes that a figure takes part in: first that of its own claims."""
        return self._disputes.get(observation, [])

    @cached_property
    def _disputes(self) -> dict[Observation, list[Dispute]]:
        found: dict[Observation, list[Dispute]] = {}
        cases = [*self.facts.disputes, *self.facts.notes]
        for dispute in sorted(cases, key=lambda each: not each.is_of_claims):
            for observation in dispute.observations:
                found.setdefault(observation, []).append(dispute)
        return found

    @property
    def verdicts(self) -> list[TargetResult]:
        """Every claim of a promise with what became of it."""
        return self.marks.verdicts

    def dates(self) -> list[Period]:
        """Every date that the data file holds or a page calls, by its text."""
        claims = [read for o in self.facts.observations.values() for read in o.claims]
        texts = {
            self.sheet.edition,
            *(revision.date for revision in self.sheet.revisions),
            *(source.published for source in self.sheet.sources.values()),
            *(read.claim.due for read in claims),
            *(o.period.text for o in self.facts.observations.values() if o.period),
            *(str(call.argument(0, "period")) for call in self._calls() if call.macro == "when"),
        }
        return [parse_period(text) for text in sorted(text for text in texts if text)]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each thing a page may count."""
        return {
            "claims": sum(len(o.claims) for o in self.facts.observations.values()),
            "sources": len(self.sheet.sources),
            "indicators": len(self.sheet.indicators),
            "observations": len(self.facts.observations),
            "disputes": len(self.facts.disputes),
            "notes": len(self.facts.notes),
            "targets": len({r.observation.key for r in self.verdicts}),
            "checks": len(self.facts.checks),
        }

    def _calls(self) -> Iterator[Call]:
        """Every call on the pages and in the texts of the data file."""
        for page in self.pages:
            yield from page.calls
        for prose in self.facts.data.prose():
            yield from (part for part in segments(prose.text) if isinstance(part, Call))

    def _page_calling(self, macro: str) -> str:
        return self._list_pages.get(macro, "index")

    @cached_property
    def _list_pages(self) -> dict[str, str]:
        """The page on which each macro is called first."""
        found: dict[str, str] = {}
        for page in self.pages:
            for call in page.calls:
                found.setdefault(call.macro, page.name)
        return found

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        uses: dict[str, dict[str, Use]] = {}
        for page in self.pages:
            for call in page.calls:
                section = page.section(call.line)
                heading = page.section_title(section)
                title = page.title if heading == page.title else f"{page.title}: {heading}"
                for observation in self.cited(call):
                    anchor = f"#{use_anchor(section, observation.key)}"
                    if call.macro == "chart":
                        anchor = f"#chart-{call.argument(0, 'chart_id')}"
                    use = Use(page, title, f"{page.name}.html{anchor}")
                    uses.setdefault(observation.key, {}).setdefault(use.title, use)
        return {key: list(found.values()) for key, found in uses.items()}

    def cited(self, call: Call) -> list[Observation]:
        """The figures that a call on a page shows, lists of whole topics left out."""
        if call.macro == "fig" and call.literal:
            figure, period = call.argument(0, "figure"), call.argument(1, "period")
            return self._found([f"{figure} {period}" if period else figure])
        if call.macro == "chart" and call.literal:
            return self.marks.observations(call.argument(0, "chart_id"))
        if call.macro == "series" and call.literal:
            return self._series(call.argument(0, "indicator_id"), call.argument(1, "every"))
        if call.macro in {"cards", "table"} and call.literal:
            return self._found(call.argument(0, "figures") or ())
        return []

    def _series(self, indicator_id: str, every: str | None) -> list[Observation]:
        return [
            o
            for o in self.facts.series(indicator_id)
            if every is None or (o.period and o.period.length == every)
        ]

    @cached_property
    def _by_source(self) -> dict[str, list[Observation]]:
        found: dict[str, list[Observation]] = {}
        for observation in self.facts.observations.values():
            for source_id in dict.fromkeys(read.claim.source for read in observation.claims):
                found.setdefault(source_id, []).append(observation)
        return found

    def _missing(self, references: Iterable[str]) -> list[Markup]:
        """A mark for each reference that names nothing."""
        return [self.fault(text) for text in references if not self._found([text])]

    def _found(self, references: Iterable[str]) -> list[Observation]:
        found = []
        for text in references:
            with suppress(UnresolvedError):  # lint names it
                found.append(self.facts.resolve(str(text)))
        return found

    def _inline(self, template: str, **values: Any) -> Markup:
        return inline(self.template(f"{template}.html").render(values))

    def _block(self, template: str, **values: Any) -> Markup:
        html = self.template(f"{template}.html").render(values)
        return Markup(f"\n\n{BLOCK}\n" + re.sub(r"\n\s*", "\n", html).strip() + "\n\n")

    def template(self, name: str) -> jinja2.Template:
        """A template by its name with the kind of file that it makes."""
        return self._templates.get_template(f"{name}.j2")


def _signs(formula: str) -> str:
    """The signs of a formula as print has them."""
    return formula.replace("*", "×").replace("/", "÷").replace("-", "\N{MINUS SIGN}")


EVERY = ("year", "month", "day", "season", "interval")
"""The lengths of periods that ``series`` can be kept to."""


def _anchors(mentions: Mentions | None, line: int) -> Callable[[Observation], str | None]:
    """For a template: the id that a figure's card or row bears."""
    return lambda o: mentions.anchor(o.key, line) if mentions else None


def _place(period: Period, length: str) -> int:
    return period.low.year * 12 + period.low.month if length == "month" else period.low.year


_SCRIPT_WORDS = (
    "all_of_them", "copied", "explain_marks", "filter", "filtered", "measure", "next_use",
    "previous_use", "reset", "selected", "show_marks", "social_image", "stance", "state",
    "this_figure", "topic", "year",
)  # fmt: skip


_WHOLE_LISTS = {
    "dispute_table": "Every disputed question: what is printed, what it is held against, what to write.",
    "disputes": "Everything that cannot all be true, with all claims and what to write.",
    "notes": "What looks odd side by side but can be true, with the reasons.",
    "timeline": "All dated events and planned dates, in the order of their dates.",
    "sources": "The list of all sources, to which source numbers link; on one page only.",
    "revisions": "Published values that have changed, with the reasons.",
    "checks": "Every check, period by period, and whether it holds.",
    "conventions": "Each way to print a number, with the numbers that it stands for.",
    "downloads": "Links to the PDFs, and to the data as CSV and JSON.",
    "fields": "This reference of the data file: every field, from the engine itself.",
    "macro_list": "This list of macros, from the engine itself.",
}
"""What each macro without arguments gives."""


MACROS = (
    "fig", "when", "name", "cards", "table", "series", "topic_figures", "figure_index",
    "targets", "count", "chart",
    "edition", "figure_page",
    *_WHOLE_LISTS,
)  # fmt: skip


PLACED = ("fig", "cards", "table", "series")
"""The macros that take the place of their call, to mark first mentions."""


def unavailable(*_args: Any, **_kwargs: Any) -> Markup:
    """What every macro gives while the data file cannot be read."""
    return Markup('<strong class="fault">data file at fault: see the terminal</strong>')


def inline(html: str) -> Markup:
    """A snippet that Markdown passes on unchanged: one line, Markdown's characters as entities."""
    parts = _TAG.split(re.sub(r"\s+", " ", html).strip())
    for index, part in enumerate(parts):
        marks = r"[\\`\[\]]" if index % 2 else r"[\\`*_\[\]{}|~^!]|(?<!&)#"
        parts[index] = re.sub(marks, lambda match: f"&#{ord(match[0])};", part)
    return Markup("".join(parts))
