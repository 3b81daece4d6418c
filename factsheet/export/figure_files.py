"""Files beside the pages: those of one figure, references to all sources, the way for robots.

``figures/ID.json`` has the shape of ``facts.json``, and ``figures/ID.csv`` the columns of
``facts.csv``: what reads the whole reads one figure too.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from factsheet.analysis.factbase import Observation
from factsheet.export.models import Facts, ObservationEntry
from factsheet.export.write import facts_csv
from factsheet.site.cite import figure_item, source_item
from factsheet.site.figures import below
from factsheet.site.site import Site
from factsheet.text.citation import bibtex, ris
from factsheet.text.serialize import as_json

_OF_THE_WHOLE = ("names", "counts", "conventions")
"""Parts of ``facts.json`` that are of no single figure: empty in the file of one."""


def files(site: Site, facts: Facts) -> Iterator[tuple[str, str]]:
    """Each file's name and text, in the order of the data file."""
    sources = [source_item(site, id_) for id_, _ in site.sources_by_number()]
    yield "data/sources.bib", bibtex(sources)
    yield "data/sources.ris", ris(sources)
    yield "data/sources.csl.json", as_json(sources)
    entries = {entry.id: entry for entry in facts.observations}
    observations: dict[str, list[Observation]] = defaultdict(list)  # in the order of the data file
    for o in site.facts.observations.values():
        observations[o.indicator_id].append(o)
    for id_, page in site.figure_pages.items():
        own = observations[id_]
        only = _only(facts, [entries[o.key] for o in own])
        items = [figure_item(site, o) for o in own]
        yield f"figures/{id_}.json", as_json(only)
        yield f"figures/{id_}.csv", facts_csv(only)
        yield f"figures/{id_}.bib", bibtex(items)
        yield f"figures/{id_}.ris", ris(items)
        html = site.template("embed.html").render(page=page).strip()
        yield f"embed/{id_}.html", f"{below(Markup(html))}\n"
    lines = ["User-agent: *", "Allow: /"]
    lines += [f"Sitemap: {site.public_url}sitemap.xml"] if site.public_url else []
    yield "robots.txt", "\n".join([*lines, ""])


def _only(facts: Facts, observations: list[ObservationEntry]) -> Facts:
    """The facts about the observations of one indicator, with what they name."""
    ids = {o.id for o in observations}
    claims = [claim for o in observations for claim in o.claims]
    cited, units = {claim.source for claim in claims}, {o.unit for o in observations}
    sources = [source for source in facts.sources if source.id in cited]
    revisions = [r for r in facts.revisions if r.observation in ids]
    dates = {facts.edition, *(o.period for o in observations), *(c.due for c in claims)}
    dates |= {source.published for source in sources} | {r.date for r in revisions}
    kept: dict[str, Any] = {name: type(getattr(facts, name))() for name in _OF_THE_WHOLE}
    kept |= {
        "dates": {date: words for date, words in facts.dates.items() if date in dates},
        "units": {id_: unit for id_, unit in facts.units.items() if id_ in units},
        "sources": sources,
        "observations": observations,
        "checks": [
            c for c in facts.checks if ids & {i.rpartition(" ")[2] for i in c.inputs.values()}
        ],
        "disputes": [
            d for d in facts.disputes if ids & {row.observation for row in (*d.said, *d.counted)}
        ],
        "verdicts": [v for v in facts.verdicts if v.observation in ids],
        "revisions": revisions,
    }
    return facts.model_copy(update=kept)
