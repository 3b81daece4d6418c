"""From the data file to the fact base: observations, then checks, then what they make doubtful."""

from factsheet.analysis.checks import (
    check_results,
    contradictions,
    disputes,
    mark_states,
    reference_faults,
)
from factsheet.analysis.derive import Deriver
from factsheet.analysis.factbase import FactBase
from factsheet.data.load import DataFile


def analyse(data: DataFile) -> FactBase:
    """Work out every observation, check and dispute; what cannot be is left out, as a fault."""
    deriver = Deriver(data)
    facts = FactBase(data, deriver.all(), check_results(deriver))
    facts.broken = deriver.broken
    cases = disputes(facts)
    facts.disputes = [case for case in cases if not case.is_note]
    facts.notes = [case for case in cases if case.is_note]
    mark_states(facts)
    facts.faults = [*deriver.faults, *reference_faults(facts)]
    facts.contradictions = list(contradictions(facts))
    return facts
