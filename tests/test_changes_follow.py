"""One changed figure moves all that is calculated from it, and nothing else.

This is the model alone; ``test_changes_in_outputs.py`` sees finished outputs follow it.
"""

from pathlib import Path

from factsheet.analysis.analyse import analyse
from factsheet.analysis.factbase import FactBase, Observation
from factsheet.build.project import DATA_FILE
from factsheet.data.load import load
from tests.code_words import CodeWords, Place
from tests.conftest import ROOT


def dependants(facts: FactBase, key: str) -> set[str]:
    """The figure, and all that is calculated from it."""
    found = {key}
    while True:
        more = {
            o.key
            for o in facts.observations.values()
            if o.key not in found and any(given.observation.key in found for _, given in o.inputs)
        }
        if not more:
            return found
        found |= more


def test_a_changed_figure_changes_what_rests_on_it_and_nothing_else(tmp_path: Path) -> None:
    """Every figure that sources print, many a run; those of one run share no dependant."""
    code = CodeWords(ROOT / DATA_FILE)
    before = code.facts
    waiting = {o.key: dependants(before, o.key) for o in before.observations.values() if o.claims}
    while waiting:
        touched: set[str] = set()
        steps: dict[Place, int] = {}
        for key, reach in list(waiting.items()):
            if touched.isdisjoint(reach):
                touched |= waiting.pop(key)
                claims = before.observations[key].claims
                steps |= {Place(key, number): 1 for number in range(len(claims))}
        file = tmp_path / "facts.yaml"
        file.write_text(code.changed(steps), "utf-8")
        after = analyse(load(file))
        assert not after.faults, "\n".join(map(str, after.faults))
        found = {key for key, o in after.observations.items() if differs(o, before)}
        assert found <= touched, f"changed without cause: {found - touched}"
        changed = {place.key for place in steps}
        still = [before.observations[key] for key in touched - found]
        assert all(max(ways(o, key) for key in changed) > 1 for o in still), still


def ways(o: Observation, key: str) -> int:
    """In how many ways a figure rests on another; by two, a change of that may cancel out."""
    return (o.key == key) + sum(ways(given.observation, key) for _, given in o.inputs)


def differs(o: Observation, before: FactBase) -> bool:
    return (o.value, o.interval) != (
        before.observations[o.key].value,
        before.observations[o.key].interval,
    )
