"""The macros: everything that pages may call.

``macros.yaml`` lists them with their arguments and meanings; most are the template of their name.
Here stand what arguments must be, which figures a call cites, and which anchors its HTML bears:
from both, the checks of pages, "used on", the adapter for the generator and the editors'
reference are drawn.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from factsheet.analysis.factbase import FactBase, Observation, UnresolvedError
from factsheet.analysis.targets import Verdict
from factsheet.charts.data import Marks
from factsheet.data.yaml_nodes import own_table
from factsheet.site import arguments
from factsheet.site.arguments import Faults, reference_text
from factsheet.site.calls import Call
from factsheet.site.figures import below
from factsheet.site.manual import KINDS
from factsheet.site.pages import GENERATED
from factsheet.text.format import FORMS, Form
from factsheet.values.dates import parse_period

if TYPE_CHECKING:
    from factsheet.site.site import Site

EVERY = ("year", "month", "day", "season", "interval")
"""The lengths of periods that ``series`` can be kept to."""
SOURCES = "sources"


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
    """A macro: its row of ``macros.yaml``, and the rules that take a call's arguments."""

    name: str
    call: str
    """How it is called; what may be left out stands in square brackets."""
    gives: str
    example: str = ""
    """A call, where the one above is none."""
    meanings: dict[str, str] = field(default_factory=dict)
    """Of each argument."""
    lists: Collection[str] = ()
    """The arguments that take a list."""
    in_texts: bool = False
    """Whether it may stand in a text of the data file."""
    in_sentences: bool = False
    """Whether it gives words, and no block."""
    once: str = ""
    """The section of the data file that it lists, for figures to link to: on one page only."""
    checks: Callable[..., Faults] = _nothing
    cites: Callable[..., Iterable[Observation]] = _nothing
    anchors: Callable[..., Iterable[str]] = _nothing
    renders: Callable[..., Markup] | None = None
    """What gives its HTML, where that is not the template of its name alone."""

    @cached_property
    def _signature(self) -> Signature:
        found = re.findall(r"(\[?)(\w+)\]?[,)]", self.call)
        kind, needed = Parameter.POSITIONAL_OR_KEYWORD, Parameter.empty
        return Signature(
            [Parameter(name, kind, default=None if optional else needed)
             for optional, name in found]
        )  # fmt: skip

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
            what = f"(): {error}" if self.meanings else "() takes no arguments"
            hint = f"see {self.name} in the list of macros"
            if len(call.args) > 1 and self.lists:
                hint = f'write {self.name}(["…", "…"]), with square brackets'
            yield self.name + what, hint
            return
        needed = self._signature.parameters
        wrong = [
            fault
            for name, value in given.items()
            if value is not None or needed[name].default is not None
            for fault in arguments.plain(self.name, name, value, is_list=name in self.lists)
        ]
        yield from wrong or self.checks(facts, **given)

    def html(self, site: "Site", call: Call, at: Place | None) -> Markup:
        """What a call without a fault gives at its place."""
        given = self.arguments(call)
        if self.renders:
            return self.renders(site, at, **given)
        if self.in_sentences:
            return site.inline(self.name, **given)
        return site.block(self.name, at=at, **given)


@lru_cache(maxsize=5000)  # the same calls stand in many places, and are asked about again
def call_faults(facts: FactBase, call: Call) -> tuple[tuple[str, str], ...]:
    """What is wrong with a call: an unknown macro, arguments that do not fit or name nothing."""
    if call.macro in MACROS:
        return tuple(MACROS[call.macro].faults(facts, call))
    return tuple(arguments.one_of("macro", call.macro, sorted(MACROS), "the macros are"))


class PageCalls:
    """What the calls of each page give, for a generator that calls them in the order of the page.

    Each has its place by our own reading, which has the calls in that order too.
    """

    def __init__(self, site: "Site") -> None:
        """Nothing has been called yet."""
        self.site = site
        self._pages = {f"{page.name}.md": page for page in site.pages}
        self._left: dict[str, Iterator[tuple[Call, str]]] = {}

    def call(self, file: str, called: str, *args: Any, **kwargs: Any) -> Markup:
        """What the macro gives at its place on the page ``file``."""
        wanted = tuple(tuple(arg) if isinstance(arg, list) else arg for arg in args)
        named = tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in kwargs.items())
        given = Call(called, wanted, named)
        if file not in self._left:
            self._left[file] = zip(self._calls(file), self.page(file), strict=True)
        for call, html in self._left[file]:
            if call == given:
                return Markup(html)
        return self.site.call(given)

    def page(self, file: str) -> list[str]:
        """What all the macros of a page give, in order."""
        page, places = self._pages.get(file), dict[int, Place]()
        given: list[str] = []
        for call in self._calls(file):
            section = page.section(call.line) if page else 0
            place = places.setdefault(section, Place(section))
            if page and page.is_row(call.line):
                place = Place(section, anchored=place.anchored)
            given.append(str(self.site.call(call, place)))
        self.site.rendered[file] = given
        return given

    def _calls(self, file: str) -> tuple[Call, ...]:
        if Path(file).parent.name == GENERATED:
            return (Call("figure_page", (Path(file).stem,)),)
        return self._pages[file].calls if file in self._pages else ()


def named(facts: FactBase, references: Iterable[str] | None) -> list[Observation]:
    """The figures of a list of references; what names nothing is left out."""
    found = []
    for text in references or ():
        with suppress(UnresolvedError):  # the lint names it
            found.append(facts.resolve(text))
    return found


def series(facts: FactBase, indicator_id: str, every: str | None) -> list[Observation]:
    """An indicator's figures, or only those for periods of one length."""
    return [
        o
        for o in facts.series(indicator_id)
        if every is None or (o.period and o.period.length == every)
    ]


# The rules of macros, and what their templates do not do by themselves


def _known(kind: str, section: str) -> Callable[..., Faults]:
    """The only argument must be an id of a section of the data file."""

    def check(facts: FactBase, **given: str) -> Faults:
        (id_,) = given.values()
        return arguments.one_of(kind, id_, getattr(facts.data.sheet, section))

    return check


def _fig_faults(facts: FactBase, figure: str, period: str | None, form: str | None) -> Faults:
    yield from arguments.one_of("form", form or FORMS[0], FORMS, "use")
    yield from arguments.reference(facts, reference_text(figure, period))


def _fig(
    site: "Site", at: Place | None, figure: str, period: str | None, form: Form | None
) -> Markup:
    found = named(site.facts, [reference_text(figure, period)])
    if not found:
        return site.fault(reference_text(figure, period))
    (observation,) = found
    marked = at is not None and at.is_first(observation.key) and form != "value"
    anchor = at.anchor(observation.key) if at else None
    return site.inline("figure", o=observation, form=form, marked=marked, anchor=anchor)


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


def _series_faults(facts: FactBase, indicator_id: str, every: str | None) -> Faults:
    yield from arguments.whole_series(facts, indicator_id)
    yield from arguments.one_of("length", every or EVERY[0], EVERY, "use")


def _figure_page(site: "Site", _: Place | None, indicator_id: str) -> Markup:
    key = (indicator_id, *site.state_of(indicator_id))
    if key not in _FIGURE_PAGES:
        _FIGURE_PAGES[key] = below(site.block("figure_page", page=site.figure_pages[indicator_id]))
    return _FIGURE_PAGES[key]


_FIGURE_PAGES: dict[tuple[str, ...], Markup] = {}
"""Pages as rendered before in this program: while an editor writes prose, few of them change."""


def _field_anchors(_: FactBase) -> Iterator[str]:
    for kind in KINDS:
        name = kind.__name__.lower()
        yield f"fields-{name}"
        yield from (f"field-{name}-{field}" for field in kind.model_fields)


_FIGURES: dict[str, Any] = {
    "checks": lambda facts, figures: (
        fault for text in figures or () for fault in arguments.reference(facts, text)
    ),
    "cites": lambda facts, _, figures: named(facts, figures),
}
_RULES: dict[str, dict[str, Any]] = {
    "fig": {
        "checks": _fig_faults,
        "cites": lambda facts, _, figure, period, form: named(  # noqa: ARG005 a call's arguments
            facts, [reference_text(figure, period)]
        ),
        "renders": _fig,
    },
    "when": {"checks": lambda _, period: arguments.date(period)},
    "edition": {"renders": lambda site, _: site.date(parse_period(site.sheet.edition))},
    "name": {"checks": _known("name", "names")},
    "count": {"checks": lambda _, what: arguments.one_of("thing to count", what, COUNTED)},
    "newest": {"checks": _newest_faults},
    "cards": _FIGURES,
    "table": _FIGURES,
    "series": {
        "checks": _series_faults,
        "cites": lambda facts, _, **given: series(facts, **given),
    },
    "topic_figures": {"checks": _known("topic", "topics")},
    "figure_index": {
        "anchors": lambda facts: [f"topic-{topic}" for topic in facts.data.sheet.topics]
    },
    "figure_page": {
        "checks": _known("figure", "indicators"),
        "anchors": lambda facts, indicator_id: [
            o.period.key for o in facts.series(indicator_id) if o.period
        ],
        "renders": _figure_page,
    },
    "chart": {
        "checks": _known("chart", "charts"),
        "cites": lambda _, marks, chart_id: marks.observations(chart_id),
        "anchors": lambda _, chart_id: [f"chart-{chart_id}"],
    },
    "targets": {"checks": arguments.targets},
    "disputes": {"anchors": lambda facts: [f"dispute-{one.key}" for one in facts.disputes]},
    "notes": {"anchors": lambda facts: [f"dispute-{one.key}" for one in facts.notes]},
    "sources": {"anchors": lambda facts: [f"source-{id_}" for id_ in facts.data.sheet.sources]},
    "fields": {"anchors": _field_anchors},
    "macro_list": {"anchors": lambda _: [f"macro-{name}" for name in MACROS]},
}


MACROS: dict[str, Macro] = {
    name: Macro(name, **row, **_RULES.get(name, {}))
    for name, row in own_table(Path(__file__).with_name("macros.yaml")).items()
}
"""Every macro by its name, in the order of the editors' reference."""
