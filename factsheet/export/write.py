"""Downloads: the whole fact base as JSON and CSV.

One closed shape: every key is always there, ``null`` is explicit, numbers are plain
decimal strings in single units. ``facts_schema`` is the JSON Schema of ``facts_json``.
"""

import csv
import io
import json
from typing import Any

from factsheet.analysis.factbase import CheckResult, Observation, State
from factsheet.analysis.targets import TargetResult, Verdict
from factsheet.data.model import Measure, Rank, Stance
from factsheet.data.parse import ParsedClaim, Value, as_interval
from factsheet.site.macros import Site
from factsheet.text.format import FORMS, machine_value
from factsheet.values.interval import Interval, NoWholeNumber, QualifiedNumber, Qualifier

_Json = dict[str, Any]


def facts_json(site: Site) -> _Json:
    """Everything in the data file and everything reckoned from it."""
    sheet = site.sheet
    return {
        "site": site.site_url,
        "edition": sheet.edition,
        "fingerprint": site.facts.data.fingerprint,
        "dates": {period.text: _text(site, site.wording.period(period)) for period in site.dates()},
        "names": {name: _text(site, site.wording.name(name)) for name in sheet.names},
        "counts": {
            what: {"value": str(number), "text": _text(site, site.wording.count(number))}
            for what, number in site.counts.items()
        },
        "conventions": [_convention(site, *example) for example in site.conventions()],
        "sources": [
            {
                "id": source_id,
                "no": source.no,
                "publisher": source.publisher,
                "title": source.title,
                "author": source.author,
                "url": source.url,
                "published": source.published,
                "published_basis": source.published_basis,
                "language": source.language,
                "seen": source.seen,
                "archived": source.archived,
            }
            for source_id, source in site.sources_by_number()
        ],
        "observations": [_observation(site, o) for o in site.facts.observations.values()],
        "checks": [_check(site, result) for result in site.facts.checks],
        "verdicts": [_verdict(site, result) for result in site.verdicts],
        "revisions": [
            {
                "date": revision.date,
                "observation": site.referred(revision.observation).key,
                "old": revision.old,
                "new": revision.new,
                "kind": revision.kind,
                "reason": _local(site, revision.reason),
            }
            for revision in sheet.revisions
        ],
    }


def _observation(site: Site, o: Observation) -> _Json:
    value, high = machine_value(o.value, site.wording)
    low_open, high_open = _ends(o.value)
    indicator = o.indicator
    return {
        "id": o.key,
        "indicator": o.indicator_id,
        "period": o.period.text if o.period else None,
        "label": _local(site, indicator.label),
        "definition": _local(site, indicator.definition),
        "topic": indicator.topic,
        "measure": indicator.measure.value,
        "stance": indicator.stance.value,
        "unit": indicator.unit or ("date" if indicator.measure == Measure.DATE else "name"),
        "value": value,
        "high": high,
        "qualifier": _qualifier(o.value),
        "low_open": low_open,
        "high_open": high_open,
        "text": _text(site, site.figure_words(o)),
        "forms": _forms(site, o, o.value),
        "url": site.absolute(site.address(o)),
        "status": [state.value for state in o.states],
        "formula": o.formula,
        "inputs": {
            name: (f"{given.qualifier} " if given.qualifier else "") + given.observation.key
            for name, given in o.inputs
        },
        "used_on": [f"{page.name}.html" for page in site.used_on(o)],
        "claims": [_claim(site, o, read) for read in o.claims],
    }


def _claim(site: Site, o: Observation, read: ParsedClaim) -> _Json:
    claim = read.claim
    value, high = machine_value(read.value, site.wording)
    return {
        "value": value,
        "high": high,
        "qualifier": claim.qualifier.value,
        "rounded": claim.rounded,
        "text": _text(site, site.words(read.value, o)),
        "forms": _forms(site, o, read.value),
        "rank": claim.rank.value,
        "reason": _local(site, claim.reason) if claim.reason else None,
        "source": claim.source,
        "printed": claim.printed,
        "translation": _text(site, site.wording.text(claim.translation))
        if claim.translation
        else None,
        "said_by": claim.said_by,
        "due": claim.due,
    }


def _forms(site: Site, o: Observation, value: Value) -> _Json:
    """The other ways in which pages and charts say a value."""
    return {form: _text(site, site.words(value, o, form)) for form in FORMS[1:]}


def _verdict(site: Site, result: TargetResult) -> _Json:
    came, late = result.outcome_claim, result.late
    return {
        "observation": result.observation.key,
        "source": result.promise.claim.source,
        "due": result.due.isoformat() if result.due else None,
        "outcome": result.outcome.key if result.outcome else None,
        "outcome_source": came.claim.source if came else None,
        "verdict": result.verdict.value,
        "days_late": _days(site, *late) if late else None,
    }


def _days(site: Site, least: int, most: int) -> _Json:
    words = site.wording.days(least, most)
    return {"least": str(least), "most": str(most), "text": _text(site, words)}


def _convention(site: Site, amount: QualifiedNumber, numbers: Interval) -> _Json:
    return {
        "value": site.data_value(amount),
        "text": _text(site, site.wording.value(amount, None)),
        "stands_for": _text(site, site.wording.set_of(numbers)),
    }


def _check(site: Site, result: CheckResult) -> _Json:
    explanation = result.explanation
    return {
        "id": result.check_id,
        "label": _local(site, result.check.label),
        "rule": result.check.rule,
        "period": result.period.text if result.period else None,
        "inputs": {name: given.observation.key for name, given in result.inputs},
        "holds": result.holds,
        "explanation": _local(site, explanation) if explanation else None,
    }


def _local(site: Site, texts: dict[str, str]) -> dict[str, str]:
    return _text(site, site.plain(texts))


def _text(site: Site, words: str) -> dict[str, str]:
    return {site.wording.language: words}


def _qualifier(value: Value) -> str:
    match value:
        case QualifiedNumber():
            return value.qualifier.value
        case NoWholeNumber():
            return Qualifier.RANGE.value
        case _:
            return Qualifier.EXACTLY.value


def _ends(value: Value) -> tuple[bool, bool]:
    interval = as_interval(value) if isinstance(value, QualifiedNumber | NoWholeNumber) else None
    return (interval.low_open, interval.high_open) if interval else (False, False)


CSV_COLUMNS = (
    "id", "indicator", "period", "label", "topic", "measure", "stance", "unit", "status", "shown",
    "value", "high", "qualifier", "rounded", "rank", "reason", "due", "said_by", "printed",
    "source", "source_no", "publisher", "published", "url", "edition", "fingerprint",
)  # fmt: skip


def facts_csv(site: Site) -> str:
    """One row a claim; a calculated figure has one row without a source."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for o in site.facts.observations.values():
        common = {
            "id": o.key,
            "indicator": o.indicator_id,
            "period": o.period.text if o.period else "",
            "label": site.plain(o.indicator.label),
            "topic": o.indicator.topic,
            "measure": o.indicator.measure.value,
            "stance": o.indicator.stance.value,
            "unit": o.indicator.unit or "",
            "status": "; ".join(o.states),
            "shown": site.figure_words(o),
            "edition": site.sheet.edition,
            "fingerprint": site.facts.data.fingerprint,
        }
        for read in o.claims:
            writer.writerow(common | _claim_row(site, read))
        if not o.claims:
            value, high = machine_value(o.value, site.wording)
            writer.writerow(
                common | {"value": value, "high": high, "qualifier": _qualifier(o.value)}
            )
    return out.getvalue()


def _claim_row(site: Site, read: ParsedClaim) -> _Json:
    claim, source = read.claim, site.sheet.sources[read.claim.source]
    value, high = machine_value(read.value, site.wording)
    return {
        "value": value,
        "high": high,
        "qualifier": claim.qualifier.value,
        "rounded": str(claim.rounded).lower(),
        "rank": claim.rank.value,
        "reason": site.plain(claim.reason) if claim.reason else "",
        "due": claim.due,
        "said_by": claim.said_by,
        "printed": claim.printed,
        "source": claim.source,
        "source_no": source.no,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
    }


def as_json(data: _Json) -> str:
    """The text of a JSON download."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def facts_schema() -> _Json:
    """The JSON Schema (2020-12) of ``facts.json``: closed, every key required."""
    text: _Json = {"type": "string"}
    maybe: _Json = {"type": ["string", "null"]}
    flag: _Json = {"type": "boolean"}
    local: _Json = {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]{2,3}$"},
        "additionalProperties": text,
        "minProperties": 1,
    }
    maybe_local: _Json = {"oneOf": [local, {"type": "null"}]}
    qualifier = _enum(Qualifier)
    forms = _closed(**dict.fromkeys(FORMS[1:], local))
    claim = _closed(
        value=maybe, high=maybe, qualifier=qualifier, rounded=flag, text=local, forms=forms,
        rank=_enum(Rank), reason=maybe_local, source=text, printed=text, translation=maybe_local,
        said_by=maybe, due=maybe,
    )  # fmt: skip
    source = _closed(
        id=text, no={"type": "integer"}, publisher=text, title=maybe, author=maybe, url=text,
        published=maybe, published_basis=text, language=text,
        seen={"enum": ["whole", "in part"]}, archived=maybe,
    )  # fmt: skip
    named = {"type": "object", "additionalProperties": text}
    observation = _closed(
        id=text, indicator=text, period=maybe, label=local, definition=local, topic=text,
        measure=_enum(Measure), stance=_enum(Stance), unit=text, value=maybe, high=maybe,
        qualifier=qualifier, low_open=flag, high_open=flag, text=local,
        forms=forms, url=text,
        status={"type": "array", "items": _enum(State)}, formula=maybe, inputs=named,
        used_on={"type": "array", "items": text}, claims={"type": "array", "items": claim},
    )  # fmt: skip
    check = _closed(
        id=text, label=local, rule=text, period=maybe, inputs=named,
        holds={"type": ["boolean", "null"]}, explanation=maybe_local,
    )  # fmt: skip
    late = _closed(least=text, most=text, text=local)
    verdict = _closed(
        observation=text, source=text, due=maybe, outcome=maybe, outcome_source=maybe,
        verdict=_enum(Verdict), days_late={"oneOf": [late, {"type": "null"}]},
    )  # fmt: skip
    revision = _closed(
        date=text, observation=text, old=text, new=text,
        kind={"enum": ["correction", "revision"]}, reason=local,
    )  # fmt: skip
    locals_by_id = {"type": "object", "additionalProperties": local}
    whole = _closed(
        site=text,
        edition=text,
        fingerprint={"type": "string", "pattern": "^[0-9a-f]{12}$"},
        dates=locals_by_id,
        names=locals_by_id,
        counts={"type": "object", "additionalProperties": _closed(value=text, text=local)},
        conventions={
            "type": "array",
            "items": _closed(value=text, text=local, stands_for=local),
        },
        sources={"type": "array", "items": source},
        observations={"type": "array", "items": observation},
        checks={"type": "array", "items": check},
        verdicts={"type": "array", "items": verdict},
        revisions={"type": "array", "items": revision},
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def _closed(**properties: _Json) -> _Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _enum(values: Any) -> _Json:
    return {"enum": [value.value for value in values]}
