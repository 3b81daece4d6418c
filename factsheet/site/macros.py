"""The macros: everything that pages may call, in one list.

Each macro is a function of the site that gives HTML. Beside it stand what its arguments must
be, which figures a call cites, and which anchors its HTML bears: from these the checks of
pages, "used on", the adapter for the generator and the editors' reference are drawn.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from factsheet.analysis.factbase import FactBase, Observation, UnresolvedError
from factsheet.analysis.targets import Verdict
from factsheet.charts.data import Marks
from factsheet.site import arguments
from factsheet.site.arguments import Faults, reference_text
from factsheet.site.calls import Call
from factsheet.site.figures import FigurePage, at_depth, figure_pages
from factsheet.site.manual import KINDS, MacroHelp, explained
from factsheet.site.pages import GENERATED
from factsheet.text.format import FORMS, Form
from factsheet.values.dates import parse_period

if TYPE_CHECKING:
    from factsheet.site.site import Site

EVERY = ("year", "month", "day", "season", "interval")
"""The lengths of periods that ``series`` can be kept to."""


def _ended(verdict: Verdict, _: FactBase, marks: Marks) -> int:
    """How many rows of the list of promises have a verdict."""
    return sum(row.verdict == verdict for row in marks.promises)


COUNTED: dict[str, Callable[[FactBase, Marks], int]] = {
    "claims": lambda facts, _: sum(len(o.claims) for o in facts.observations.values()),
    "sources": lambda facts, _: len(facts.data.sheet.sources),
    "indicators": lambda facts, _: len(facts.data.sheet.indicators),
    "observations": lambda facts, _: len(facts.observations),
    "disputes": lambda facts, _: len(facts.disputes),
    "notes": lambda facts, _: len(facts.notes),
    "targets": lambda _, marks: len({result.observation.key for result in marks.verdicts}),
    "promises": lambda _, marks: len(marks.promises),
    "checks": lambda facts, _: len(facts.checks),
    **{verdict.value: partial(_ended, verdict) for verdict in Verdict},
}
"""What ``count`` can count."""


@dataclass
class Place:
    """The section of a page that calls stand in, and the figures named there before.

    States and source numbers stand at a figure's first mention in a section, and in each row of a
    table, which is read by itself.
    """

    section: int
    named: set[str] = field(default_factory=set)
    anchored: set[str] = field(default_factory=set)

    def is_first(self, key: str) -> bool:
        """Whether this is the figure's first mention in the section; remembers it."""
        first = key not in self.named
        self.named.add(key)
        return first

    def anchor(self, key: str) -> str | None:
        """The id of the figure's first use in the section, in a sentence, card or row."""
        if key in self.anchored:
            return None
        self.anchored.add(key)
        return use_anchor(self.section, key)


def use_anchor(section: int, key: str) -> str:
    """The id of the first use of a figure in a section of a page."""
    return f"use-{section}-{key}"


def _nothing(*_: Any, **__: Any) -> Iterator[Any]:
    return iter(())


@dataclass(frozen=True)
class Macro:
    """A macro with its rules; ``checks``, ``cites`` and ``anchors`` take a call's arguments."""

    name: str
    function: Callable[..., Markup]
    checks: Callable[..., Faults] = _nothing
    cites: Callable[..., Iterable[Observation]] = _nothing
    anchors: Callable[..., Iterable[str]] = _nothing
    in_texts: bool = False
    """Whether it may stand in a text of the data file."""
    in_sentences: bool = False
    """Whether it gives words, and no block."""
    once: str = ""
    """The section of the data file that it lists, for figures to link to: on one page only."""

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The arguments that a page may give."""
        found = list(inspect.signature(self.function).parameters.values())[1:]
        return {p.name: p for p in found if p.kind is p.POSITIONAL_OR_KEYWORD}

    @cached_property
    def is_placed(self) -> bool:
        """Whether it must know the place of its call, to mark first mentions."""
        return "at" in inspect.signature(self.function).parameters

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.Signature(list(self.parameters.values()))

    def arguments(self, call: Call) -> dict[str, Any]:
        """The arguments of a call by name, those left out as well.

        Raises:
            TypeError: they are not those of the macro.
        """
        bound = self._signature.bind(*call.args, **dict(call.kwargs))
        bound.apply_defaults()
        return bound.arguments

    def faults(self, facts: FactBase, call: Call) -> Faults:
        """What is wrong with a call of it."""
        if not call.literal:
            hint = f'write {{{{ {self.name}("…") }}}} with the id itself'
            yield f"{self.name}() with an argument that is not plain text", hint
            return
        try:
            given = self.arguments(call)
        except TypeError as error:
            what = f"(): {error}" if self.parameters else "() takes no arguments"
            hint = f"see {self.name} in the list of macros"
            if len(call.args) > 1 and "Iterable" in str(self._signature):
                hint = f'write {self.name}(["…", "…"]), with square brackets'
            yield self.name + what, hint
            return
        wrong = [
            fault
            for argument, value in given.items()
            for fault in arguments.plain(self.name, self.parameters[argument], value)
        ]
        yield from wrong or self.checks(facts, **given)


MACROS: dict[str, Macro] = {}
"""Every macro by its name."""


def macro(**rules: Any) -> Callable[[Callable[..., Markup]], Callable[..., Markup]]:
    """Enter a function among the macros, with the rules of ``Macro``."""

    def enter(function: Callable[..., Markup]) -> Callable[..., Markup]:
        MACROS[function.__name__] = Macro(function.__name__, function, **rules)
        return function

    return enter


@lru_cache(maxsize=5000)  # the same calls stand in many places, and are asked about again
def call_faults(facts: FactBase, call: Call) -> tuple[tuple[str, str], ...]:
    """What is wrong with a call: an unknown macro, arguments that do not fit or name nothing."""
    if call.macro in MACROS:
        return tuple(MACROS[call.macro].faults(facts, call))
    return tuple(arguments.one_of("macro", call.macro, sorted(MACROS), "the macros are"))


def macro_help() -> list[MacroHelp]:
    """Every macro with its arguments, from its docstring."""
    return [explained(one.name, one.function, one.parameters.values()) for one in MACROS.values()]


class PageCalls:
    """The calls of a generator, page by page, each with its place by our own reading.

    A generator calls in the order of the page, and our reading has the calls in that order.
    """

    def __init__(self, site: "Site") -> None:
        """Nothing has been called yet."""
        self.site = site
        self._pages = {f"{page.name}.md": page for page in site.pages}
        self._file = ""
        self._next = 0
        self._places: dict[int, Place] = {}

    def call(self, file: str, called: str, *args: Any, **kwargs: Any) -> Markup:
        """What the macro gives at its place on the page ``file``."""
        if file != self._file:
            self._file, self._next, self._places = file, 0, {}
            self.site.rendered[file] = []
        html = self._called(file, called, *args, **kwargs)
        self.site.rendered[file].append(str(html))
        return html

    def page(self, file: str) -> list[str]:
        """What all the macros of a page give, in order."""
        self._file = ""
        calls = self._pages[file].calls if file in self._pages else []
        if Path(file).parent.name == GENERATED:
            calls = [Call("figure_page", (Path(file).stem,))]
        for one in calls:
            self.call(file, one.macro, *one.args, **dict(one.kwargs))
        self._file = ""
        return self.site.rendered.get(file, [])

    def _called(self, file: str, called: str, *args: Any, **kwargs: Any) -> Markup:
        wanted = tuple(tuple(arg) if isinstance(arg, list) else arg for arg in args)
        named = tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in kwargs.items())
        given, page = Call(called, wanted, named), self._pages.get(file)
        for number, call in enumerate(page.calls[self._next :] if page else (), self._next + 1):
            if page and call == given:
                self._next = number
                section = page.section(call.line)
                place = self._places.setdefault(section, Place(section))
                if page.is_row(call.line):
                    place = Place(section, anchored=place.anchored)
                return self.site.call(call, place)
        return self.site.call(given)


def named(facts: FactBase, references: Iterable[str] | None) -> list[Observation]:
    """The figures of a list of references; what names nothing is left out."""
    found = []
    for text in references or ():
        with suppress(UnresolvedError):  # the lint names it
            found.append(facts.resolve(text))
    return found


def _each(facts: FactBase, figures: Iterable[str] | None) -> Faults:
    for text in figures or ():
        yield from arguments.reference(facts, text)


def _series(facts: FactBase, indicator_id: str, every: str | None) -> list[Observation]:
    return [
        o
        for o in facts.series(indicator_id)
        if every is None or (o.period and o.period.length == every)
    ]


# In sentences


def _fig_faults(facts: FactBase, figure: str, period: str | None, form: str) -> Faults:
    yield from arguments.one_of("form", form, FORMS, "use")
    yield from arguments.reference(facts, reference_text(figure, period))


@macro(
    checks=_fig_faults,
    cites=lambda facts, _, figure, period, **__: named(facts, [reference_text(figure, period)]),
    in_texts=True,
    in_sentences=True,
)
def fig(
    site: "Site",
    figure: str,
    period: str | None = None,
    form: Form = "words",
    *,
    at: Place | None = None,
) -> Markup:
    """A figure in words, as a link to its record.

    At its first mention in a section, and in tables, it carries its state, such as
    ``[disputed]``, and the number of its source; in texts of the data file it carries neither.

    Args:
        figure: The id of an indicator.
        period: The period, as the data file writes it; left out for an undated figure.
        form: ``words`` gives ``more than 10,000 cars``, ``number`` the same without the unit,
            ``short`` with a scale, ``more than 10 thousand cars``, ``value`` only
            ``10,000``, and ``difference`` a difference without its sign, ``at least 32 fewer
            cars``; ``words`` if left out.

    Example:
        ``fig("country_output", "2018", form="number")``
    """
    found = named(site.facts, [reference_text(figure, period)])
    if not found:
        return site.fault(reference_text(figure, period))
    (observation,) = found
    marked = at is not None and at.is_first(observation.key)
    anchor = at.anchor(observation.key) if at else None
    return site.figure(observation, form, marked=marked and form != "value", anchor=anchor)


@macro(checks=lambda _, period: arguments.date(period), in_texts=True, in_sentences=True)
def when(site: "Site", period: str) -> Markup:
    """A date or period in words; years in a sentence come through it too.

    Args:
        period: ``2018``, ``2018-03``, ``2018-03-29``, a season (``2018-21`` is spring,
            ``2018-24`` winter), each with ``~`` for "about"; an interval,
            ``2018-01/2018-08``; or one with an open end, ``2018-01/..``.

    Example:
        ``when("2018-03-29")``
    """
    return site.date(parse_period(period))


@macro(
    checks=lambda facts, name_id: arguments.one_of("name", name_id, facts.data.sheet.names),
    in_texts=True,
    in_sentences=True,
)
def name(site: "Site", name_id: str) -> Markup:
    """A proper name, spelled as the data file spells it.

    Args:
        name_id: An id from ``names``.

    Example:
        ``name("euro_5")``
    """
    return site.inline("name", id=name_id, text=site.wording.name(name_id))


@macro(checks=lambda _, what: arguments.one_of("thing to count", what, COUNTED), in_sentences=True)
def count(site: "Site", what: str) -> Markup:
    """How many of something the data file holds.

    Args:
        what: ``claims``, ``sources``, ``indicators``, ``observations``, ``disputes``,
            ``notes``, ``targets``, ``checks``, ``promises`` (rows of the list of promises) or
            a verdict, such as ``missed``.

    Example:
        ``count("sources")``
    """
    return site.inline("count", what=what, number=site.counts[what])


@macro(in_sentences=True)
def edition(site: "Site") -> Markup:
    """The day as of which the sheet speaks, in words.

    Example:
        ``edition()``
    """
    return site.date(parse_period(site.sheet.edition))


SOURCES = "sources"


def newest_date(facts: FactBase, what: str) -> str | None:
    """The date of the newest source, or the end of an indicator's newest printed period (EDTF)."""
    if what == SOURCES:
        dates = [one.published for one in facts.data.sheet.sources.values() if one.published]
    else:
        printed = [o.period for o in facts.series(what) if o.claims and o.period]
        dates = [period.end.text for period in printed if period.end]
    return max(dates, key=lambda text: parse_period(text).high, default=None)


def _newest_faults(facts: FactBase, what: str) -> Faults:
    known = [SOURCES, *facts.data.sheet.indicators]
    unknown = list(arguments.one_of("figure", what, known))
    yield from unknown
    if not unknown and what not in facts.broken and newest_date(facts, what) is None:
        yield f'"{what}" has no date', "name an indicator whose periods are printed"


@macro(checks=_newest_faults, in_sentences=True)
def newest(site: "Site", what: str) -> Markup:
    """The date of what is newest, so that a page can say how fresh its figures are.

    Args:
        what: ``sources`` for the date of the newest source; or the id of an indicator, for
            the end of its newest period that a source prints.

    Example:
        ``newest("country_output")``
    """
    found = newest_date(site.facts, what)
    return site.date(parse_period(found)) if found else site.fault(what)


# Blocks


def _listed(site: "Site", template: str, figures: Iterable[str], at: Place | None) -> Markup:
    """A block of figures, below a mark for each that names nothing: ``serve`` shows it too."""
    marks = [site.fault(text) for text in figures if not named(site.facts, [text])]
    block = site.block(template, figures=named(site.facts, figures), at=at)
    return Markup("").join([*marks, block])


@macro(checks=_each, cites=lambda facts, _, figures: named(facts, figures))
def cards(site: "Site", figures: Iterable[str], *, at: Place | None = None) -> Markup:
    """Key figures as cards.

    Args:
        figures: A list of figures, each an id and, after a space, its period.

    Example:
        ``cards(["country_output 2018", "first_car_on"])``
    """
    return _listed(site, "cards", figures, at)


@macro(checks=_each, cites=lambda facts, _, figures: named(facts, figures))
def table(site: "Site", figures: Iterable[str], *, at: Place | None = None) -> Markup:
    """A table of figures with their values, states and sources.

    Args:
        figures: A list of figures, as for ``cards``.

    Example:
        ``table(["country_output 2017", "country_output 2018"])``
    """
    return _listed(site, "table", figures, at)


def _series_faults(facts: FactBase, indicator_id: str, every: str | None) -> Faults:
    yield from arguments.whole_series(facts, indicator_id)
    yield from arguments.one_of("length", every or EVERY[0], EVERY, "use")


@macro(
    checks=_series_faults,
    cites=lambda facts, _, indicator_id, every: _series(facts, indicator_id, every),
)
def series(
    site: "Site", indicator_id: str, every: str | None = None, *, at: Place | None = None
) -> Markup:
    """A table of an indicator's figures, by date.

    Args:
        indicator_id: The id of an indicator.
        every: Only periods of one length: ``year``, ``season``, ``month``, ``day`` or
            ``interval``; all if left out.

    Example:
        ``series("country_output", every="year")``
    """
    figures = _series(site.facts, indicator_id, every)
    return site.block("series", figures=figures, at=at) if figures else site.fault(indicator_id)


@macro(checks=lambda facts, topic: arguments.one_of("topic", topic, facts.data.sheet.topics))
def topic_figures(site: "Site", topic: str) -> Markup:
    """The figures of a topic as a short list: name, latest value, state, each a link.

    Args:
        topic: An id from ``topics``.

    Example:
        ``topic_figures("production")``
    """
    return site.block("topic_figures", topic=topic, pages=figure_pages(site, topic))


@macro(
    anchors=lambda facts: [f"topic-{topic}" for topic in facts.data.sheet.topics],
    once="indicators",
)
def figure_index(site: "Site") -> Markup:
    """All figures by topic, one row an indicator, with a filter.

    Example:
        ``figure_index()``
    """
    topics = [(topic, figure_pages(site, topic)) for topic in site.sheet.topics]
    return site.block("figure_index", topics=[(t, pages) for t, pages in topics if pages])


@macro(
    checks=lambda facts, indicator_id: arguments.one_of(
        "figure", indicator_id, facts.data.sheet.indicators
    ),
    anchors=lambda facts, indicator_id: [
        o.period.key for o in facts.series(indicator_id) if o.period
    ],
)
def figure_page(site: "Site", indicator_id: str) -> Markup:
    """All about one indicator: the whole content of its page.

    Args:
        indicator_id: The id of an indicator.

    Example:
        ``figure_page("country_output")``
    """
    key = (indicator_id, *site.state_of(indicator_id))
    if key not in _FIGURE_PAGES:
        page = FigurePage(site, indicator_id)
        _FIGURE_PAGES[key] = at_depth(site.block("figure_page", page=page))
    return _FIGURE_PAGES[key]


_FIGURE_PAGES: dict[tuple[str, ...], Markup] = {}
"""Pages as rendered before in this program: while an editor writes prose, few of them change."""


def _charted(_: FactBase, marks: Marks, chart_id: str) -> list[Observation]:
    return marks.observations(chart_id)


@macro(
    checks=lambda facts, chart_id: arguments.one_of("chart", chart_id, facts.data.sheet.charts),
    cites=_charted,
    anchors=lambda _, chart_id: [f"chart-{chart_id}"],
)
def chart(site: "Site", chart_id: str) -> Markup:
    """A picture with its table, its sources and its downloads.

    Args:
        chart_id: An id from ``charts``.

    Example:
        ``chart("national-output")``
    """
    return site.block("chart", chart=site.chart_page(chart_id))


@macro(checks=arguments.targets)
def targets(site: "Site", indicators: Iterable[str] | None = None) -> Markup:
    """Promises and what came of them, with the verdict on each.

    All of them by the date due; or those of some indicators, each time they were
    made, by the date on which they were said.

    Args:
        indicators: A list of ids of indicators with ``stance: target``; all if left out.

    Example:
        ``targets(["output_planned"])``
    """
    if indicators is None:
        return site.block("targets", results=site.marks.promises)
    wanted = set(indicators)
    results = [r for r in site.verdicts if r.observation.indicator_id in wanted]
    return site.block("promises", results=results) if results else site.fault(", ".join(wanted))


# Whole lists


def _whole_list(list_name: str, gives: str, **rules: Any) -> None:
    """A macro without arguments, all of it in its template."""

    def block(site: "Site") -> Markup:
        return site.block(list_name)

    block.__name__, block.__doc__ = list_name, gives
    macro(**rules)(block)


def _field_anchors(_: FactBase) -> Iterator[str]:
    for kind in KINDS:
        name = kind.__name__.lower()
        yield f"fields-{name}"
        yield from (f"field-{name}-{field}" for field in kind.model_fields)


_whole_list(
    "dispute_table",
    "Every disputed question: what is printed, what it is held against, what to write.",
)
_whole_list(
    "disputes",
    "Everything that cannot all be true, with all claims and what to write.",
    anchors=lambda facts: [f"dispute-{dispute.key}" for dispute in facts.disputes],
    once="checks",
)
_whole_list(
    "notes",
    "What looks odd side by side but can be true, with the reasons.",
    anchors=lambda facts: [f"dispute-{note.key}" for note in facts.notes],
    once="checks",
)
_whole_list("timeline", "All dated events and planned dates, in the order of their dates.")
_whole_list(
    "sources",
    "The list of all sources, to which source numbers link; on one page only.",
    anchors=lambda facts: [f"source-{source_id}" for source_id in facts.data.sheet.sources],
    once="sources",
)
_whole_list(
    "revisions",
    "Published values that have changed: before, since, and the reasons.",
)
_whole_list("checks", "Every check, period by period, and whether it holds.")
_whole_list("conventions", "Each way to print a number, with the numbers that it stands for.")
_whole_list("state_words", "The words in square brackets beside figures, each with its meaning.")
_whole_list("sure_words", "What pages of figures say of how sure a figure is, with the meanings.")
_whole_list("licence", "The licence of text and data, what it does not cover, and others' notices.")
_whole_list("downloads", "Links to all files to take away, with their sizes.")
_whole_list("columns", "What each column of the tables to take away says.")
_whole_list(
    "fields",
    "This reference of the data file: every field, from the engine itself.",
    anchors=_field_anchors,
)
_whole_list(
    "macro_list",
    "This list of macros, from the engine itself.",
    anchors=lambda _: [f"macro-{listed}" for listed in MACROS],
)
