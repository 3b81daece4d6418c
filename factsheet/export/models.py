"""What the downloads say: a class for each kind of entry in ``facts.json``, one for ``facts.csv``.

The files, the JSON Schema and the columns of the table all come from these classes. JSON has
one closed shape: every key is always there, ``null`` is explicit, numbers are plain decimal
strings in single units.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic.json_schema import GenerateJsonSchema

from factsheet.analysis.factbase import State
from factsheet.analysis.targets import Verdict
from factsheet.data.model import CaseKind, Measure, Rank, Stance
from factsheet.site.revisions import given_to
from factsheet.values.number import Qualifier


def _told(texts: Any, info: ValidationInfo) -> Any:
    """Words of the site, or a text of the data file with its calls filled in, by language."""
    site = info.context
    if not site:
        return texts
    return {site.wording.language: texts if isinstance(texts, str) else site.plain(texts)}


_ByLanguage = Annotated[
    dict[str, str],
    Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": "^[a-z]{2,3}$"}}),
]
Texts = Annotated[_ByLanguage, BeforeValidator(_told)]
"""A text by language."""
Date = Annotated[str, BeforeValidator(lambda period: getattr(period, "text", period))]
"""A date or period (EDTF)."""
Inputs = Annotated[
    dict[str, str],
    BeforeValidator(lambda inputs: given_to(inputs) if isinstance(inputs, tuple) else inputs),
]
"""What each name in a formula or rule stands for."""
Fingerprint = Annotated[str, StringConstraints(pattern="^[0-9a-f]{12}$")]


class Entry(BaseModel):
    """An entry of a download; of what it is made from, it takes the fields that it has."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        from_attributes=True,
        use_attribute_docstrings=True,
        json_schema_extra={"additionalProperties": False},
    )


class Forms(Entry):
    """The other ways in which pages and charts say a value."""

    number: Texts
    short: Texts
    value: Texts
    difference: Texts


class ClaimEntry(Entry):
    """The value that one source gives for an observation."""

    value: str | None
    high: str | None
    """The upper end of a range."""
    qualifier: Qualifier
    rounded: bool
    step: str | None
    """Where the source rounded: one unit of the last digit printed."""
    text: Texts
    forms: Forms
    rank: Rank
    reason: Texts | None
    """Why the claim has its rank."""
    withdrawn: bool
    """Whether its source was taken back, so that it no longer counts."""
    is_shown: bool
    """Whether it is the claim that the pages show and cite: so one claim of each observation."""
    source: str
    printed: str
    """The words in the source, letter for letter."""
    translation: Texts | None
    said_by: str | None
    due: str | None
    """For a target: by when (EDTF)."""


class ObservationEntry(Entry):
    """An indicator at a period, with the value shown and every claim for it."""

    id: str
    indicator: str
    period: Date | None
    """EDTF; null for what has no period."""
    label: Texts
    definition: Texts
    topic: str
    measure: Measure
    stance: Stance
    unit: str
    """``date`` and ``name`` for values that have no unit."""
    value: str | None
    high: str | None
    qualifier: Qualifier
    low_open: bool
    high_open: bool
    text: Texts
    forms: Forms
    url: str
    status: list[State]
    formula: str | None
    inputs: Inputs
    """What each name in the formula stands for; *up to* and the like keep one end of it."""
    round: str | None
    """For a formula: the step to which its result is rounded, bounds outward."""
    assumes: Texts | None
    """For a calculated figure: what it takes for granted that no source says."""
    outcome: str | None
    """For a target: the indicator that shows what came, with its period if that is another."""
    used_on: list[str]
    citation: Texts
    """A sentence to quote it by: its source first, this sheet second."""
    claims: list[ClaimEntry]


class RetractionEntry(Entry):
    """That a publisher has taken back a document."""

    date: str
    """EDTF."""
    reason: Texts


class Document(Entry):
    """What is told of a document that was read, in every output."""

    id: str
    no: int
    publisher: str
    title: str | None
    author: str | None
    url: str
    published: str | None
    """EDTF."""
    published_basis: str
    """``shown`` on the page, or what the date was inferred from."""
    language: str
    seen: Literal["whole", "in part"]
    archived: str | None


class SourceEntry(Document):
    """A document that was read."""

    retracted: RetractionEntry | None


class CheckEntry(Entry):
    """A rule between observations, at one period."""

    id: str
    label: Texts
    rule: str
    period: Date | None
    inputs: Inputs
    """As for a formula."""
    doubts: list[str]
    """The indicators that a breach makes doubtful."""
    holds: bool | None
    """Null where the data leave room for both."""
    explanation: Texts | None


class RowEntry(Entry):
    """A value in a dispute, with the sources that print it; none if it is calculated."""

    observation: str
    text: Texts
    sources: list[str]


class DisputeEntry(Entry):
    """What cannot all be true, or as a note what only looks odd side by side."""

    id: str
    kind: CaseKind
    label: Texts
    period: Date | None
    question: Texts | None
    write: Texts | None
    """What to write."""
    write_figures: list[str]
    """The observations that it names, in their order."""
    explanation: Texts | None
    said: list[RowEntry]
    """What is in doubt."""
    counted: list[RowEntry]
    """What that is held against."""
    url: str


class Lateness(Entry):
    """By how many days a promise was kept late."""

    least: str
    most: str
    text: Texts


class VerdictEntry(Entry):
    """A claim of a promise, with what became of it as of the edition."""

    observation: str
    source: str
    due: str | None
    outcome: str | None
    outcome_source: str | None
    verdict: Verdict
    days_late: Lateness | None


class PublishedValue(Entry):
    """A value as an edition has it."""

    value: str | None
    high: str | None
    qualifier: Qualifier
    unit: str
    text: _ByLanguage


class RevisionEntry(Entry):
    """A dated change of a published value."""

    date: str
    observation: str
    kind: Literal["correction", "revision"]
    old: PublishedValue
    new: PublishedValue
    reason: Texts


class Count(Entry):
    """How many there are of a thing."""

    value: str
    text: Texts


class UnitEntry(Entry):
    """A unit of the data file."""

    whole: bool
    """Whether there are only whole numbers of it."""
    rate_of: str | None
    """For so much a year: the unit of what is counted."""


class Convention(Entry):
    """A way to print a number, with the numbers that it stands for."""

    value: str
    text: Texts
    stands_for: Texts


class LicenceEntry(Entry):
    """On which terms text and data may be used."""

    name: str
    url: str
    exception: Texts
    """What it does not cover."""


class Facts(Entry):
    """``facts.json``: everything in the data file and everything calculated from it."""

    site: str
    """The address of the site; empty while it has none, and every ``url`` starts from there."""
    shape: str
    """The address of the schema of this file."""
    version: Literal["1"]
    """The version of that schema: another one where a key goes, or means something else."""
    edition: str
    predecessor: str | None
    """The edition before this one, where there is one."""
    fingerprint: Fingerprint
    licence: LicenceEntry | None
    citation: Texts
    """How to cite the whole file; for a single figure, cite its source first."""
    dates: dict[str, Texts]
    names: dict[str, Texts]
    counts: dict[str, Count]
    units: dict[str, UnitEntry]
    conventions: list[Convention]
    sources: list[SourceEntry]
    observations: list[ObservationEntry]
    checks: list[CheckEntry]
    disputes: list[DisputeEntry]
    verdicts: list[VerdictEntry]
    revisions: list[RevisionEntry]


class FactRow(Entry):
    """A row of ``facts.csv``: a claim, or a calculated figure, which has no source.

    What each column says stands under ``columns`` in the words of each language.
    """

    id: str
    claim: int
    indicator: str
    period: str | None
    label: str
    topic: str
    measure: Measure
    stance: Stance
    unit: str
    status: list[State]
    kind: Literal["statement", "calculation"]
    is_shown: bool
    shown: str
    value: str | None
    high: str | None
    qualifier: Qualifier
    rounded: bool | None = None
    rank: Rank | None = None
    withdrawn: bool | None = None
    reason: str | None = None
    due: str | None = None
    said_by: str | None = None
    printed: str | None = None
    source: str | None = None
    source_no: int | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    record: str
    licence: str | None
    edition: str
    fingerprint: Fingerprint


class SourceRow(Document):
    """A row of ``sources.csv``."""

    retracted: Annotated[str | None, BeforeValidator(lambda gone: gone and gone.date)]


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False


def schema_of(kind: type[Entry]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a download: closed, every key required."""
    found = kind.model_json_schema(mode="serialization", schema_generator=_Untitled)
    return {"$schema": _Untitled.schema_dialect, **found}
