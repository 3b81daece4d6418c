"""Downloads: the whole fact base as JSON and CSV."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from factsheet.analysis.factbase import Dispute, Observation, Row
from factsheet.analysis.targets import TargetResult
from factsheet.data.model import CaseKind
from factsheet.data.parse import ParsedClaim, Value, as_interval
from factsheet.export.models import FactRow, Facts
from factsheet.site.site import Site
from factsheet.text.format import FORMS, machine_value, qualifier_of
from factsheet.text.serialize import as_csv
from factsheet.values.number import NoWholeNumber, QualifiedNumber

_Json = dict[str, Any]


def facts_of(site: Site) -> Facts:
    """Everything in the data file and everything calculated from it."""
    sheet, wording = site.sheet, site.wording
    licence = sheet.licence
    return Facts.model_validate({
        "site": site.public_url,
        "shape": site.absolute("data/facts.schema.json"),
        "edition": sheet.edition,
        "version": "1",
        "predecessor": site.predecessor,
        "fingerprint": site.facts.data.fingerprint,
        "licence": licence and {**dict(licence), "name": wording.name(licence.name)},
        "citation": site.citation(),
        "dates": {period.text: wording.period(period) for period in site.dates()},
        "names": {name: wording.name(name) for name in sheet.names},
        "counts": {
            what: {"value": str(number), "text": wording.count(number)}
            for what, number in site.counts.items()
        },
        "units": sheet.units,
        "conventions": [
            {
                "value": site.data_value(amount),
                "text": wording.value(amount, None),
                "stands_for": wording.set_of(numbers),
            }
            for amount, numbers in site.conventions()
        ],
        "sources": [{**dict(source), "id": id_} for id_, source in site.sources_by_number()],
        "observations": [_observation(site, o) for o in site.facts.observations.values()],
        "checks": [
            {
                **dict(result.check),
                **vars(result),
                "id": result.check_id,
                "explanation": result.case and result.case.explanation,
            }
            for result in site.facts.checks
        ],
        "disputes": [_dispute(site, case) for case in [*site.facts.disputes, *site.facts.notes]],
        "verdicts": [_verdict(site, result) for result in site.marks.verdicts],
        "revisions": [
            {**dict(change.revision), **vars(change), "observation": change.observation.key}
            for change in site.published.changes
        ],
    }, context=site)  # fmt: skip


def _observation(site: Site, o: Observation) -> _Json:
    indicator, interval = o.indicator, None
    if isinstance(o.value, QualifiedNumber | NoWholeNumber):
        interval = as_interval(o.value)
    return {
        **dict(indicator),
        **vars(o),
        **_said(site, o, o.value),
        "id": o.key,
        "indicator": o.indicator_id,
        "unit": indicator.unit_name,
        "qualifier": qualifier_of(o.value),
        "low_open": interval is not None and interval.low_open,
        "high_open": interval is not None and interval.high_open,
        "url": site.record_address(o),
        "status": o.states,
        "round": (indicator.derived.get(o.period_key) or indicator).round,
        "citation": site.sentence(o).striptags(),
        "used_on": [f"{page.name}.html" for page in site.used_on(o)],
        "claims": [_claim(site, o, read) for read in o.claims],
    }


def _claim(site: Site, o: Observation, read: ParsedClaim) -> _Json:
    claim = read.claim
    return {
        **dict(claim),
        **_said(site, o, read.value),
        "step": _step(read.value),
        "withdrawn": read.withdrawn,
        "is_shown": read is o.chosen,
        "translation": claim.translation and site.wording.text(claim.translation),
    }


def _step(value: Value) -> str | None:
    if not isinstance(value, QualifiedNumber) or not value.rounded:
        return None
    step = value.number.step
    return f"{Decimal(step.numerator) / step.denominator:f}"


def _said(site: Site, o: Observation, value: Value) -> _Json:
    """A value for machines, and in each form for readers."""
    machine, high = machine_value(value, site.wording)
    forms = {form: site.words(value, o, form) for form in FORMS}
    return {"value": machine, "high": high, "text": forms["words"], "forms": forms}


def _verdict(site: Site, result: TargetResult) -> _Json:
    came, late = result.outcome_claim, result.late
    return {
        "observation": result.observation.key,
        "source": result.promise.claim.source,
        "due": result.due and result.due.isoformat(),
        "outcome": result.outcome and result.outcome.key,
        "outcome_source": came and came.claim.source,
        "verdict": result.verdict,
        "days_late": late
        and {"least": str(late[0]), "most": str(late[1]), "text": site.wording.days(*late)},
    }


def _dispute(site: Site, dispute: Dispute) -> _Json:
    case = dispute.case
    told = dict(case) if case else dict.fromkeys(("question", "write", "explanation"))
    return {
        **vars(dispute),
        **told,
        "id": dispute.key,
        "kind": CaseKind.NOTE if dispute.is_note else CaseKind.DISPUTE,
        "write_figures": [o.key for o in site.figures_in(case.write if case else None)],
        "said": [_row(site, row) for row in dispute.said],
        "counted": [_row(site, row) for row in dispute.counted],
        "url": site.absolute(site.dispute_address(dispute.key)),
    }


def _row(site: Site, row: Row) -> _Json:
    return {
        "observation": row.observation.key,
        "text": site.words(row.value, row.observation),
        "sources": site.source_ids(row.claims),
    }


def facts_csv(facts: Facts) -> str:
    """One row a claim; a calculated figure has one row without a source."""
    return as_csv(FactRow, fact_rows(facts))


def fact_rows(facts: Facts) -> Iterator[FactRow]:
    """The rows of ``facts.csv``."""
    sources = {source.id: source for source in facts.sources}
    for o in facts.observations:
        own = {**dict(o), "label": words_of(o.label), "shown": words_of(o.text), "url": None}
        own |= {"edition": facts.edition, "fingerprint": facts.fingerprint, "record": o.url}
        own["licence"] = facts.licence.url if facts.licence else None
        for number, claim in enumerate(o.claims, start=1):
            own |= {"kind": "statement", "claim": number}
            source = sources[claim.source]
            of_source = {"source_no": source.no, "publisher": source.publisher}
            of_source |= {"published": source.published, "url": source.url}
            said: _Json = {"shown": words_of(claim.text)}
            said["reason"] = claim.reason and words_of(claim.reason)
            yield FactRow.model_validate({**own, **dict(claim), **of_source, **said})
        if not o.claims:
            own |= {"kind": "calculation", "claim": 0, "is_shown": True}
            yield FactRow.model_validate(own)


def words_of(texts: dict[str, str]) -> str:
    """A text for a table, which has one language: that of the site."""
    return next(iter(texts.values()))
