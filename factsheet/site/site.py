"""The site: the analysed facts, the formatter and the templates, with the map of the pages."""

from collections.abc import Iterable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from factsheet.analysis.factbase import Dispute, FactBase, Observation, Row, State
from factsheet.analysis.targets import TargetResult, rests_on_assumption
from factsheet.data.model import DEFAULT_LANGUAGE, LocalText, Source
from factsheet.data.parse import ParsedClaim, Value
from factsheet.site import markup
from factsheet.site.calls import Call, read_calls, segments
from factsheet.site.cite import figure_item
from factsheet.site.figures import FigurePage
from factsheet.site.links import SiteMap
from factsheet.site.macros import COUNTED, MACROS, Place, call_faults, named, newest_date, series
from factsheet.site.pages import Page
from factsheet.site.revisions import Published
from factsheet.text.citation import bibtex, ris
from factsheet.text.format import Form, Wording, machine_value, qualifier_of
from factsheet.values.dates import Period, parse_period
from factsheet.values.interval import Interval
from factsheet.values.number import QualifiedNumber, Qualifier, parse_number

if TYPE_CHECKING:
    from factsheet.charts.page import ChartPage
    from factsheet.charts.spec import Charts

_SCRIPT_WORDS = (
    "all_of_them", "close", "copied", "explain_marks", "filter", "filter_none",
    "filter_text", "filter_unknown", "filtered", "reset", "selected", "show_marks",
    "social_image", "state", "this_figure", "topic",
)  # fmt: skip
"""The words that the site's frame and its script show."""
_KEPT = ("inline", "chart_page", "_filled_in")
"""Methods that are asked for the same again and again: each site keeps what they gave."""


class Site(SiteMap):
    """Everything that pages and downloads show, for one language.

    Its snippets are HTML, also the inline ones, with finished addresses.
    """

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
        super().__init__(facts, pages, site_url)
        self.wording = Wording(language, self.sheet.units, self.sheet.names)
        self._data_folder, self._cache_folder = data_folder, cache_folder
        self.published = Published(self, data_folder / "editions")
        earlier = (e for e in self.published.editions if e < self.sheet.edition)
        self.predecessor = max(earlier, default=None)
        self.rendered: dict[str, list[str]] = {}
        for name in _KEPT:
            setattr(self, name, cache(getattr(self, name)))
        self._templates = markup.environment()
        self._templates.filters["plain"] = self.plain
        self._templates.globals.update(
            site=self,
            ui=self.wording.ui,
            words=self.wording.words,
            sheet=self.sheet,
            facts=facts,
            macros=MACROS,
            named=partial(named, facts),
            newest_date=partial(newest_date, facts),
            series=partial(series, facts),
            figure_item=figure_item,
            bibtex=bibtex,
            qualifier_of=qualifier_of,
            rests_on_assumption=rests_on_assumption,
            ris=ris,
        )

    # Snippets

    def call(self, call: Call, at: Place | None = None) -> Markup:
        """What a macro gives; a visible mark where the call is at fault, which no build passes."""
        for what, _ in call_faults(self.facts, call):
            return self.fault(what)
        return MACROS[call.macro].html(self, call, at)

    def date(self, period: Period) -> Markup:
        """A date as ``<time>``, or ``<data>`` where HTML has no form for it."""
        return self.inline("date", period=period)

    def source_date(self, source: Source) -> Markup:
        """The date that a source bears."""
        return self.date(parse_period(source.published)) if source.published else Markup("")

    def title(self, of: Observation | Dispute) -> Markup:
        """Label and period of an observation or a dispute."""
        return self.prose(of.label) + (Markup(", ") + self.date(of.period) if of.period else "")

    def prose(self, texts: LocalText) -> Markup:
        """A text of the data file, its calls filled in and everything else escaped."""
        return self._filled_in(self.wording.text(texts))

    def _filled_in(self, text: str) -> Markup:
        try:
            parts = list(segments(text))
        except jinja2.TemplateSyntaxError as error:  # `serve` shows faulty pages too
            return self.fault(error.message or "")
        filled = (escape(part) if isinstance(part, str) else self.call(part) for part in parts)
        return Markup("").join(filled)

    def plain(self, texts: LocalText) -> str:
        """The same without markup, for downloads and attributes."""
        return str(self.prose(texts).striptags()).replace("\n", " ")

    def sentence(self, observation: Observation) -> Markup:
        """A figure to be quoted, its source first and this sheet second."""
        return self.inline("citation", o=observation)

    def popover(self, observation: Observation) -> Markup:
        """What a reader sees of a figure without leaving the sentence."""
        return self.inline("popover", o=observation)

    def fault(self, what: str) -> Markup:
        """A visible mark where a call names nothing; the build refuses it before that."""
        return self.inline("fault", what=what)

    @cached_property
    def charts(self) -> "Charts":
        """All charts, for drawing."""
        from factsheet.charts.spec import Charts  # `check` draws nothing

        folders = self._data_folder, self._cache_folder
        return Charts(self.marks, self.wording, self.plain, self.record_address, *folders)

    def chart_page(self, chart_id: str) -> "ChartPage":
        """A chart with all that belongs to it."""
        from factsheet.charts.page import chart_page

        return chart_page(self.charts, chart_id)

    def inline(self, template: str, **values: Any) -> Markup:
        """A snippet for a sentence, from its template."""
        return markup.inline(self.template(f"{template}.html").render(values))

    def block(self, template: str, **values: Any) -> Markup:
        """A block of a page, from its template."""
        return markup.block(self.template(f"{template}.html").render(values))

    def template(self, name: str) -> jinja2.Template:
        """A template by its name with the kind of file that it makes."""
        return self._templates.get_template(f"{name}.j2")

    # Words

    def words(self, value: Value, observation: Observation, form: Form = "words") -> str:
        """A value of an observation in words."""
        return self.wording.value(value, observation.indicator.unit, form)

    def figure_words(self, observation: Observation) -> str:
        """The observation's figure in words."""
        return self.words(observation.value, observation)

    def data_value(self, value: Value) -> str:
        """The value for machines: see ``machine_value``."""
        return machine_value(value, self.wording)[0] or ""

    def data_high(self, value: Value) -> str | None:
        """The upper end of a value for machines: see ``machine_value``."""
        return machine_value(value, self.wording)[1]

    def edition_text(self) -> str:
        """The edition's date in words, for the foot of each page."""
        return self.wording.period(parse_period(self.sheet.edition))

    def citation(self) -> str:
        """How to cite the whole sheet: who publishes it if its title does not say so, what, when.

        Its address only where it has one.
        """
        title, publisher = self.plain(self.sheet.title), self.plain(self.sheet.publisher)
        edition = self.wording.ui["edition_of"].format(date=self.edition_text())
        is_named = title.casefold() in publisher.casefold()
        parts = [publisher] if is_named else [publisher, title]
        return ". ".join([*parts, edition, *([self.public_url] if self.public_url else [])])

    def frame(self) -> dict[str, Any]:
        """What the frame of each page says: edition, fingerprint, licence, and its words."""
        licence = self.sheet.licence
        return {
            "publisher": self.plain(self.sheet.publisher),
            "edition": self.sheet.edition,
            "edition_text": self.edition_text(),
            "fingerprint": self.facts.data.fingerprint,
            "licence": licence
            and {"id": licence.name, "name": self.wording.name(licence.name), "url": licence.url},
            "words": {name: self.wording.ui[name] for name in _SCRIPT_WORDS},
        }

    # What of the facts is shown, and in which order

    def pdf_addresses(self) -> dict[str, str]:
        """Where the PDFs are: the sheet on one page, the booklet, and the records."""
        endings = {"sheet": "fact-sheet", "booklet": "booklet", "records": "records"}
        return {
            kind: f"pdf/{self.sheet.file_name}-{ending}.pdf" for kind, ending in endings.items()
        }

    @cached_property
    def figure_pages(self) -> dict[str, FigurePage]:
        """The page of each indicator."""
        return {id_: FigurePage(self, id_) for id_ in self.sheet.indicators}

    @cached_property
    def pages_by_topic(self) -> dict[str, list[FigurePage]]:
        """The pages of each topic's indicators, in the order of the data file."""
        pages = self.figure_pages.values()
        return {t: [p for p in pages if p.indicator.topic == t] for t in self.sheet.topics}

    def source_ids(self, reads: Iterable[ParsedClaim]) -> list[str]:
        """The sources of some claims, each once."""
        return list(dict.fromkeys(read.claim.source for read in reads))

    def sources_by_number(self) -> list[tuple[str, Source]]:
        """All sources in the order of their numbers."""
        return sorted(self.sheet.sources.items(), key=lambda item: item[1].no)

    def disputes_of(self, indicator_id: str) -> list[Dispute]:
        """The disputes that make figures of an indicator doubtful, the weightiest first."""
        return [d for d in self.facts.disputes if indicator_id in _indicators(d.doubted)]

    def held_against(self, indicator_id: str) -> list[Dispute]:
        """The disputes in which an indicator is what doubtful figures are held against."""
        found = [d for d in self.facts.disputes if indicator_id in _indicators(d.observations)]
        return [d for d in found if indicator_id not in _indicators(d.doubted)]

    def notes_of(self, indicator_id: str) -> list[Dispute]:
        """The notes on what looks odd that an indicator takes part in."""
        return [n for n in self.facts.notes if indicator_id in _indicators(n.observations)]

    def advice(self, dispute: Dispute) -> Markup:
        """What to write: as the data file says, else the value shown, if the claims have one."""
        if dispute.case and dispute.case.write:
            return self.prose(dispute.case.write)
        if dispute.is_of_claims:
            return self.inline("figure", o=dispute.observations[0])
        return escape(self.wording.ui["no_advice"])

    def figures_in(self, texts: LocalText | None) -> list[Observation]:
        """The figures that a text of the data file names, in their order."""
        parts = segments(self.wording.text(texts)) if texts else ()
        return [o for part in parts if isinstance(part, Call) for o in self.cited(part)]

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

    def states(self, observation: Observation) -> list[State]:
        """The states a reader is told; a result that fits no number says so in words already."""
        return [state for state in observation.states if state != State.IMPOSSIBLE]

    def state_words(self, observation: Observation) -> str:
        """The same in words: ``[disputed] [our calculation]``."""
        words = self.wording.words["states"]
        return " ".join(f"[{words[state]}]" for state in self.states(observation))

    def other_values(self, observation: Observation) -> list[ParsedClaim]:
        """A claim for each other value in print, apart from the one shown."""
        others: dict[str, ParsedClaim] = {}
        for read in observation.by_rank[1:]:
            words = self.words(read.value, observation)
            if not read.withdrawn and words != self.figure_words(observation):
                others.setdefault(words, read)
        return list(others.values())

    def disputes_with(self, observation: Observation) -> list[Dispute]:
        """The disputes and notes that a figure takes part in: first that of its own claims."""
        return self._disputes.get(observation, [])

    def doubts_of(self, observation: Observation) -> list[Dispute]:
        """The disputes that make a figure doubtful."""
        return [d for d in self.disputes_with(observation) if observation in d.doubted]

    @cached_property
    def _disputes(self) -> dict[Observation, list[Dispute]]:
        found: dict[Observation, list[Dispute]] = {}
        cases = [*self.facts.disputes, *self.facts.notes]
        for dispute in sorted(cases, key=lambda each: not each.is_of_claims):
            for observation in dispute.observations:
                found.setdefault(observation, []).append(dispute)
        return found

    def verdicts_on(self, indicator_id: str) -> list[TargetResult]:
        """The verdicts on what an indicator promises.

        Of one outcome that is printed in several ways, each promise has the same verdict once.
        """
        found = [r for r in self.marks.verdicts if r.observation.indicator_id == indicator_id]
        if len({r.outcome.key for r in found if r.outcome}) > 1:
            return found
        alike = {(id(r.promise), r.verdict, r.late): r for r in reversed(found)}
        return list(alike.values())[::-1]

    @cached_property
    def dependents(self) -> dict[str, list[str]]:
        """By indicator, those that are calculated from it."""
        found: dict[str, dict[str, None]] = {}
        for o in self.facts.observations.values():
            for _, given in o.inputs:
                if given.observation.indicator_id != o.indicator_id:
                    found.setdefault(given.observation.indicator_id, {})[o.indicator_id] = None
        return {id_: list(ids) for id_, ids in found.items()}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each thing a page may count."""
        return {what: number(self.facts, self.marks) for what, number in COUNTED.items()}

    def conventions(self) -> list[tuple[QualifiedNumber, Interval]]:
        """An example of each way to print a number, with the set it stands for."""
        thousand, two = parse_number("1,000"), parse_number("2,000")
        examples = [
            QualifiedNumber(thousand, kind, two if kind == Qualifier.RANGE else None)
            for kind in Qualifier
        ]
        examples.append(QualifiedNumber(thousand, rounded=True))
        examples.append(QualifiedNumber(parse_number("-1,000"), Qualifier.LESS_THAN))
        return [(amount, amount.interval()) for amount in examples]

    def dates(self) -> list[Period]:
        """Every date that the data file holds or a page calls, by its text."""
        claims = [read for o in self.facts.observations.values() for read in o.claims]
        calls = [call for page in self.pages for call in page.calls]
        calls += (c for prose in self.facts.data.prose for c in read_calls(prose.text, "").calls)
        given = [
            (call.macro, *MACROS[call.macro].arguments(call).values())
            for call in calls
            if call.macro in {"when", "newest"} and not call_faults(self.facts, call)
        ]
        texts = {
            self.sheet.edition,
            *self.published.editions,
            *(revision.date for revision in self.sheet.revisions),
            *(source.published for source in self.sheet.sources.values()),
            *(one.retracted.date for one in self.sheet.sources.values() if one.retracted),
            *(read.claim.due for read in claims),
            *(o.period.text for o in self.facts.observations.values() if o.period),
            *(what if macro == "when" else newest_date(self.facts, what) for macro, what in given),
        }
        return [parse_period(text) for text in sorted(text for text in texts if text)]


def _indicators(observations: Iterable[Observation]) -> set[str]:
    return {observation.indicator_id for observation in observations}
