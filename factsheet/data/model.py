"""What a fact sheet is: the data file's entries, their fields and the rules for each.

The docstrings here, with the examples in ``examples.yaml``, are the editors' manual: the JSON
Schema beside the data file and the reference on the site are made from them. Every value is
read as text, so nothing needs quotes.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from factsheet.values.dates import Period, parse_period
from factsheet.values.number import Qualifier

UNDATED = "undated"
"""The key for "no period" where a field is keyed by period."""

DEFAULT_LANGUAGE = "en"
_Said = TypeVar("_Said")


def _needs_default_language(texts: dict[str, _Said]) -> dict[str, _Said]:
    if DEFAULT_LANGUAGE not in texts:
        raise ValueError(f'no text in "{DEFAULT_LANGUAGE}"')
    return texts


_ID, _UNIT, _LANGUAGE = r"^[a-z][a-z0-9_]*$", r"^[A-Za-z][A-Za-z0-9_/]*$", r"^[a-z]{2,3}$"
_SOURCE, _FILE = r"^[a-z0-9][a-z0-9-]*$", r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_ID = 100
"""Ids become names of files, which may have 255 bytes with what is added to them."""
Id = Annotated[str, StringConstraints(pattern=_ID, max_length=LONGEST_ID)]
UnitId = Annotated[str, StringConstraints(pattern=_UNIT, max_length=LONGEST_ID)]
SourceId = Annotated[str, StringConstraints(pattern=_SOURCE, max_length=LONGEST_ID)]
FileName = Annotated[str, StringConstraints(pattern=_FILE, max_length=LONGEST_ID)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Quotation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
LocalText = Annotated[
    dict[Language, Text],
    AfterValidator(_needs_default_language),
    Field(json_schema_extra={"required": [DEFAULT_LANGUAGE], "additionalProperties": False}),
]
Edtf = Annotated[str, AfterValidator(lambda text: parse_period(text).text)]
PeriodKey = Edtf | Literal["undated"]
URL = r"""^https?://[^\s/?#@:<>"'`{}|\\^\[\]]+(:[0-9]{1,5})?([/?#][^\s<>"'`{}|\\^]*)?$"""
"""Any other scheme, such as ``javascript:``, would run what it says."""
Url = Annotated[
    str, StringConstraints(pattern=URL), AfterValidator(lambda url: re.sub("#?:~:.*", "", url))
]
"""An address as browsers copy it, without the words that they marked on the page."""
_COUNTRY, _SHAPES = r"^[0-9]{3}$", r"^[a-z0-9-]+\.geojson$"
PATTERNS = {
    _ID: ('id "{}" is not well formed', "use a to z, digits and _: plant_output"),
    _UNIT: ('id "{}" is not well formed', "use letters, digits, _ and /: USD/car"),
    _SOURCE: (
        'source id "{}" is not well formed', "use a to z, digits and hyphens: gazette-20190301"
    ),
    _FILE: (
        '"{}" is no name for a file', "use a to z, digits and hyphens: gull-point"
    ),
    _LANGUAGE: ('"{}" is not a language code', 'write "en", "az" or "ru"'),
    URL: ('"{}" is not a web address', "write https://… in full, without spaces"),
    _COUNTRY: ('"{}" is no number of a country', "write three digits, as ISO has it: 031"),
    _SHAPES: ('"{}" is no file of shapes', "name one beside this file: boundaries.geojson"),
}  # fmt: skip
"""By the pattern of a field: what is wrong with a text that does not fit it, and the hint."""


class Measure(StrEnum):
    """What sort of quantity an indicator is."""

    COUNT = "count"
    STOCK = "stock"
    RATE = "rate"
    SHARE = "share"
    PRICE = "price"
    CAPACITY = "capacity"
    DURATION = "duration"
    DATE = "date"
    NAME = "name"
    NAMES = "names"


class Stance(StrEnum):
    """Whether a value is said to have happened, promised, or foreseen."""

    OUTCOME = "outcome"
    TARGET = "target"
    FORECAST = "forecast"


class Rank(StrEnum):
    """How a claim stands among the claims for its observation."""

    PREFERRED = "preferred"
    NORMAL = "normal"
    DEPRECATED = "deprecated"


class Entry(BaseModel):
    """An entry of the data file: no field but those named, nothing changed after loading."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Plural(Entry):
    """A unit's name by plural category (CLDR): ``one`` car, ``other`` cars."""

    one: Text | None = None
    """For one thing; ``other`` if left out."""
    few: Text | None = None
    """For two to four and the like, in languages such as Russian."""
    many: Text | None = None
    """For five and more, in languages such as Russian."""
    other: Text
    """For every other number."""


class Unit(Entry):
    """What a number counts or measures."""

    whole: bool = False
    """Whether only whole numbers make sense: cars, jobs."""
    rate_of: UnitId | None = None
    """For so much a year: the unit of what is counted, such as ``car``, so that a plan for each
    year can be held against what a year brought."""
    label: Annotated[dict[Language, Plural], AfterValidator(_needs_default_language)]
    """The unit's name per language, by plural category."""


class Name(Entry):
    """A proper name spelled once for all pages; names with digits must come from here."""

    label: LocalText
    """The name, per language, as its owner writes it."""
    also: list[Text] = []
    """Other spellings that sources print."""


class Topic(Entry):
    """A group of indicators; a page lists them by ``topic_figures(topic)``."""

    label: LocalText
    """The topic's name, per language."""


class Retraction(Entry):
    """That a publisher has taken back a document."""

    date: Edtf
    """The day on which it was taken back, or on which that was seen."""
    reason: LocalText
    """What the publisher says, or how it is known."""


class Source(Entry):
    """A document that was read."""

    no: Annotated[int, Field(ge=1, le=1_000_000)]
    """The source's number on the site; it never changes and is never given again."""
    publisher: Text
    """Who published it."""
    title: Text | None = None
    """Its headline, in its own language; left out where it was not seen."""
    author: Text | None = None
    """Who wrote it, as signed."""
    url: Url
    """Its address."""
    published: Edtf | None = None
    """The date it bears (EDTF): ``2019-01-30``, or ``2019-02~`` where it is only about known."""
    published_basis: Text = "shown"
    """How the date is known: ``shown`` on the page, or what it was inferred from."""
    language: Language
    """The language it is written in."""
    seen: Literal["whole", "in part"]
    """How much of it could be read."""
    archived: Url | None = None
    """The address of an archived copy."""
    note: LocalText | None = None
    """What a reader must know before trusting it."""
    retracted: Retraction | None = None
    """Where the publisher has taken it back: its claims stay in sight, marked as withdrawn, and
    no longer count. A figure that rests on nothing else says so."""


class CaseKind(StrEnum):
    """Whether what does not fit together cannot all be true, or only looks odd."""

    DISPUTE = "dispute"
    NOTE = "note"


class Case(Entry):
    """What does not fit together, explained."""

    kind: CaseKind = CaseKind.DISPUTE
    """``dispute``: it cannot all be true. ``note``: it looks odd side by side, but can be."""
    question: LocalText | None = None
    """What a reader would ask; cases with the same question give the same advice."""
    write: LocalText | None = None
    """What to write: a figure, ``at most`` a figure, or that no number is usable. Figures come
    through macros, and are of the unit and period asked about, or a bound on it."""
    explanation: LocalText
    """What does not fit, why, and what would settle it."""


class Claim(Entry):
    """The value that one source gives for one observation."""

    value: Text | Annotated[list[Text], Field(min_length=1)]
    """The value as printed: ``969``, ``14.08 million``, ``2018-03-29``, a name, a list of names."""
    high: Text | None = None
    """The upper value of a range."""
    qualifier: Qualifier = Qualifier.EXACTLY
    """How the number is meant."""
    rounded: bool = False
    """Whether the source rounded: the value is then ± half of the last digit printed."""
    source: SourceId
    """Where it was read: an id from ``sources``."""
    printed: Quotation
    """The few words by which the figure can be found in the source, letter for letter."""
    printed_as: Literal["words", "decimals", "misprint"] | None = None
    """Why the value is not among the figures in ``printed``: ``words``, it or its scale is spelled
    out there or stands behind; ``decimals``, the three digits after its point are no thousands;
    ``misprint``, as ``remark`` says."""
    translation: LocalText | None = None
    """The printed words in the site's languages, where the source is in another."""
    said_by: Text | None = None
    """Who says it in the source, where that is not the publisher."""
    due: Edtf | None = None
    """For a target: by when."""
    rank: Rank = Rank.NORMAL
    """``preferred`` or ``deprecated`` need a reason."""
    reason: LocalText | None = None
    """Why the claim has its rank."""
    remark: LocalText | None = None
    """What a reader should know about this claim, such as a wording of the source."""

    @property
    def written(self) -> str:
        """The value as the data file has it: ``more than 1,000``, ``5 to 7``."""
        value = self.value if isinstance(self.value, str) else "; ".join(self.value)
        is_plain = self.qualifier in {Qualifier.EXACTLY, Qualifier.RANGE}
        value = f"{value} to {self.high}" if self.high else value
        return value if is_plain else f"{self.qualifier} {value}"


class Derivation(Entry):
    """How one observation is calculated from others."""

    formula: Text
    """The calculation, with the names of ``inputs``: ``later - earlier``."""
    inputs: dict[Id, Text]
    """What each name stands for: ``later: country_output 2019-01/2019-07``."""
    round: Text | None = None
    """The step to which the result is rounded, such as ``0.1``."""


class Indicator(Entry):
    """A quantity with one definition and one unit."""

    topic: Id
    """An id from ``topics``."""
    label: LocalText
    """A short name, per language."""
    definition: LocalText
    """What is counted, where and by whom, in a sentence."""
    unit: UnitId | None = None
    """``percent``, ``times`` or an id from ``units``; none for dates and names."""
    measure: Measure
    """What sort of quantity it is."""
    stance: Stance = Stance.OUTCOME
    """``outcome``, ``target`` or ``forecast``."""
    observations: dict[Edtf, list[Claim]] = {}
    """The claims by period, for an indicator that has a value for each period."""
    claims: list[Claim] = []
    """The claims of an indicator without periods."""
    derived: dict[Edtf, Derivation] = {}
    """Observations beside the printed ones that a calculation gives, by period."""
    formula: Text | None = None
    """For a calculated figure: ``made / before``, with the names of ``inputs``."""
    inputs: dict[Id, Text] = {}
    """What each name in the formula stands for: an indicator, optionally with a period
    (``country_output 2018``) and a qualifier before it (``up to country_output``)."""
    periods: list[Edtf] = []
    """For a formula: the periods to calculate; all that the inputs share if left out."""
    round: Text | None = None
    """For a formula: the step to which the result is rounded, such as ``0.1``."""
    assumes: LocalText | None = None
    """For a calculated figure: what it takes for granted that no source says. No verdict on
    a promise rests on it."""
    outcome: Text | None = None
    """For a target: the observation that shows what came, written like an input, in the same
    unit. A number promised is kept from there up, a duration from there down."""
    disputes: dict[PeriodKey, Case] = {}
    """For a disputed observation, by its period: what cannot both be true, and why."""
    note: LocalText | None = None
    """What a reader should know about the whole indicator."""
    also: LocalText | None = None
    """Other words by which readers look for it, with commas between: the search finds them."""
    formerly: list[Id] = []
    """Ids that it had; their addresses lead to its page, editions know it by them."""

    @property
    def unit_name(self) -> str:
        """The unit; for dates and names, which have none, what their values are."""
        return self.unit or ("date" if self.measure == Measure.DATE else "name")


class Check(Entry):
    """A rule between observations that should hold."""

    label: LocalText
    """The rule in words."""
    rule: Text
    """A comparison: ``plant_output <= country_output``; ids of indicators, or of ``inputs``."""
    inputs: dict[Id, Text] = {}
    """As for a formula, where a rule needs a period or a qualifier."""
    known: dict[PeriodKey, Case] = {}
    """Acknowledged breaches by period (or ``undated``), each explained."""
    doubts: list[Id] = []
    """Which of the rule's indicators a breach makes doubtful."""
    settle: LocalText | None = None
    """What would settle the contradiction."""


class ChartForm(StrEnum):
    """How a chart sets out its figures.

    ``series``: along time, each at its period. ``rows``: a line each along one scale.
    ``claims``: the same with a line for each value that sources print. ``targets``:
    promises, each above what came of it. ``slips``: dates that were promised against the
    days on which they were. ``map``: countries and places.
    """

    SERIES = "series"
    ROWS = "rows"
    CLAIMS = "claims"
    TARGETS = "targets"
    SLIPS = "slips"
    MAP = "map"


class Panel(Entry):
    """A part of a chart with a scale of its own: figures of one unit."""

    label: LocalText | None = None
    """What the panel shows; the label of its first indicator if left out."""
    figures: Annotated[list[Text], Field(min_length=1)]
    """Indicators, each with all its periods, or with one: ``country_output 2018``."""
    every: Literal["year", "season", "month", "day", "interval"] | None = None
    """Of an indicator with periods, only those of this length."""
    between: Edtf | None = None
    """Of an indicator with periods, only those within this one: ``2018/2022``."""
    multiples_of: Text | None = None
    """A figure whose multiples are drawn as lines."""


class Place(Entry):
    """A country or a point of a map."""

    label: LocalText
    """Its name on the map."""
    country: Annotated[str, StringConstraints(pattern=_COUNTRY)] | None = None
    """The country's number (ISO), as the file of boundaries has it."""
    at: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    """Where its name stands: longitude and latitude in degrees."""
    figure: Text | None = None
    """The figure that is the reason to mark it: with a dot, or as a country in a strong colour."""


class Chart(Entry):
    """A picture drawn from figures."""

    form: ChartForm
    """How the figures are set out."""
    title: LocalText
    """What the picture shows, in a sentence; its figures come through macros."""
    note: LocalText | None = None
    """What a reader should know to read it."""
    panels: list[Panel] = []
    """The figures drawn, by scale; none for a map."""
    places: list[Place] = []
    """For a map: what is marked on it."""
    view: Annotated[list[Text], Field(min_length=4, max_length=4)] | None = None
    """For a map: its western, southern, eastern and northern edge in degrees."""
    boundaries: Annotated[str, StringConstraints(pattern=_SHAPES)] | None = None
    """For a map: the file beside this one that holds the countries' shapes (GeoJSON)."""


class Revision(Entry):
    """A dated change of a published value; the editions kept tell both values."""

    date: Edtf
    """The day of the change."""
    observation: Text
    """Which observation: an indicator, with a period where it has one."""
    kind: Literal["correction", "revision"]
    """``correction``: we were wrong. ``revision``: the source or the world moved."""
    reason: LocalText
    """Why it changed."""


class Licence(Entry):
    """On which terms text and data may be used."""

    name: Id
    """The licence with its version: an id from ``names``."""
    url: Url
    """Where its terms stand."""
    exception: LocalText
    """What it does not cover, such as words quoted from sources."""


class FactSheet(Entry):
    """The whole data file."""

    edition: Edtf
    """The day as of which the sheet speaks; the only "today" there is."""
    title: LocalText
    """The sheet's title, for citations."""
    publisher: LocalText
    """Who publishes it, for citations."""
    licence: Licence | None = None
    """On which terms text and data may be used; the foot of each page and the downloads say it."""
    file_name: FileName = "facts"
    """How the names of its PDFs begin."""
    units: dict[UnitId, Unit] = {}
    """The units by id."""
    names: dict[Id, Name] = {}
    """Proper names by id."""
    topics: dict[Id, Topic]
    """The topics by id, in the order of the site."""
    sources: dict[SourceId, Source]
    """The sources by id."""
    indicators: dict[Id, Indicator]
    """The indicators by id."""
    checks: dict[Id, Check] = {}
    """The checks by id."""
    charts: dict[FileName, Chart] = {}
    """The charts by id, which is also the name of a chart's files."""
    leading_disputes: list[Text] = []
    """The disputes that matter most, in order: an indicator or a check, with its period."""
    revisions: list[Revision] = []
    """Changes to published values, newest first."""

    def period_of(self, key: str) -> Period | None:
        """The period that a key of ``observations`` or ``known`` names."""
        return None if key == UNDATED else parse_period(key)


REFERENCES = {
    "source": "sources", "topic": "topics", "unit": "units", "rate_of": "units", "name": "names",
    "outcome": "indicators", "inputs": "indicators", "figures": "indicators",
    "figure": "indicators", "multiples_of": "indicators", "observation": "indicators",
    "doubts": "indicators", "leading_disputes": "indicators",
}  # fmt: skip
"""By the name of a field: the section of whose ids one stands in each of its texts."""
