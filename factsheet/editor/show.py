"""A figure or a source with everything that is known about it, for an editor's terminal.

The lines are those of ``show.txt.j2`` and ``show_source.txt.j2``.
"""

from collections.abc import Iterator
from dataclasses import replace

from factsheet.analysis.factbase import Observation
from factsheet.site.calls import Call, segments
from factsheet.site.site import Site


def show(site: Site, name: str, period: str | None = None) -> list[str]:
    """The lines about a figure or a source; one line a period for a series without ``period``.

    Raises:
        UnresolvedError: there is nothing of that name; the hint names the nearest.
    """
    every = site.facts.observations.values()
    if name in site.sheet.sources and name not in site.sheet.indicators:
        claims = [(o, read) for o in every for read in o.claims if read.claim.source == name]
        text = site.template("show_source.txt").render(id=name, claims=claims)
        return text.rstrip("\n").split("\n")
    series = site.facts.resolve_series(f"{name} {period}" if period else name)
    o = series[0]
    text = site.template("show.txt").render(
        o=o,
        series=series if period is None and o.period else [],
        resting=[one for one in every if any(given.observation is o for _, given in one.inputs)],
        uses=dict.fromkeys(_uses(site, o)),
    )
    return text.rstrip("\n").split("\n")


def _uses(site: Site, o: Observation) -> Iterator[str]:
    """The calls that show a figure, on pages and in texts of the data file, each at its line."""
    data = site.facts.data
    calls = [call for page in site.pages for call in page.calls]
    for prose in data.prose:
        parts = [part for part in segments(prose.text) if isinstance(part, Call)]
        calls += [replace(part, file=data.name, line=prose.line) for part in parts]
    for call in calls:
        if o in site.cited(call):
            yield f"{call.file}:{call.line} {call.macro}()"
