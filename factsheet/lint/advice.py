"""What the data file tells readers to write: never a number that it shows to be impossible."""

from collections.abc import Iterator

import jinja2

from factsheet.analysis.factbase import Dispute, FactBase, Observation, State, UnresolvedError
from factsheet.data.model import LocalText, Measure
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault
from factsheet.site.arguments import reference_text
from factsheet.site.calls import Call, segments
from factsheet.site.macros import MACROS, call_faults
from factsheet.text.format import words_file


def advice_faults(facts: FactBase) -> Iterator[Fault]:
    """Faults of every ``write:``, and of cases that answer one question in two ways."""
    asked: dict[str, Dispute] = {}
    for dispute in [*facts.disputes, *facts.notes]:
        if dispute.case is None:
            continue
        for language, text in (dispute.case.write or {}).items():
            path = (*dispute.path, "write", language)
            yield from _figure_faults(facts, dispute, path, language, text)
        if dispute.case.question:
            question = " ".join(next(iter(dispute.case.question.values())).split())
            first = asked.setdefault(question, dispute)
            if _joined(first) != _joined(dispute):
                what = f'the question of "{first.name}" is answered in another way'
                hint = "give both the same advice, or ask another question"
                yield facts.data.fault((*dispute.path, "write"), what, hint)


def _joined(dispute: Dispute) -> LocalText:
    """The advice without line breaks."""
    texts = dispute.case.write if dispute.case else None
    return {language: " ".join(text.split()) for language, text in (texts or {}).items()}


def _figure_faults(
    facts: FactBase, dispute: Dispute, path: Path_, language: str, text: str
) -> Iterator[Fault]:
    """Each figure named is possible, and of the unit and period asked about or a bound on it."""
    bounds = tuple(words_file(language)["bounds"].values())
    before = ""
    try:
        parts = list(segments(text))
        for part in parts:
            if isinstance(part, Call) and part.macro == "fig" and not call_faults(facts, part):
                given = MACROS["fig"].arguments(part)
                o = facts.resolve(reference_text(given["figure"], given["period"]))
                is_bound = before.rstrip().casefold().endswith(bounds)
                for what in _misfits(facts, dispute, o, is_bound=is_bound):
                    hint = 'name another figure, a bound ("at most …"), or "no usable number"'
                    yield facts.data.fault(path, what, hint)
            before = part if isinstance(part, str) else ""
    except (UnresolvedError, jinja2.TemplateSyntaxError):  # the lint of calls tells it
        return


def _misfits(facts: FactBase, dispute: Dispute, o: Observation, *, is_bound: bool) -> Iterator[str]:
    if State.IMPOSSIBLE in o.states:
        yield f'"{o.reference}" is a number that cannot be'
    for other in facts.disputes:
        if not other.is_of_claims and o in other.doubted:
            yield f'"{o.reference}" is the figure in doubt in "{other.name}"'
    asked = dispute.observations
    if _unit(o) not in {_unit(each) for each in asked}:
        yield f'"{o.reference}" is in {o.indicator.unit_name}, which nobody asked about'
    periods = [each.period for each in asked]
    if not is_bound and o.period not in periods:
        yield f'"{o.reference}" is of another period'
    if is_bound and o.period and all(periods):
        meets = [p for p in periods if p and p.low <= o.period.high and o.period.low <= p.high]
        if not meets:
            yield f'"{o.reference}" is a bound of another period'


def _unit(o: Observation) -> str:
    """The unit; prices in different currencies can stand for each other."""
    return "money" if o.indicator.measure == Measure.PRICE else o.indicator.unit_name
