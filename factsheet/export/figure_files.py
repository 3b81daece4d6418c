"""Files beside the pages: those of one figure, references to all sources, the way for robots.

``figures/ID.json`` has the shape of ``facts.json``, and ``figures/ID.csv`` the columns of
``facts.csv``: what reads the whole reads one figure too.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from factsheet.export.models import Facts
from factsheet.export.write import facts_csv
from factsheet.site.cite import figure_item, source_item
from factsheet.site.figures import FigurePage, at_depth
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
    every = site.facts.observations.values()
    for indicator_id in site.sheet.indicators:
        name, own = f"figures/{indicator_id}", _only(facts, indicator_id)
        items = [figure_item(site, o) for o in every if o.indicator_id == indicator_id]
        yield f"{name}.json", as_json(own.model_dump(mode="json"))
        yield f"{name}.csv", facts_csv(own)
        yield f"{name}.bib", bibtex(items)
        yield f"{name}.ris", ris(items)
        page = site.template("embed.html").render(page=FigurePage(site, indicator_id))
        yield f"embed/{indicator_id}.html", str(at_depth(Markup(page.strip()))) + "\n"
    lines = ["User-agent: *", "Allow: /"]
    lines += [f"Sitemap: {site.public_url}sitemap.xml"] if site.public_url else []
    yield "robots.txt", "\n".join([*lines, ""])


def _only(facts: Facts, indicator_id: str) -> Facts:
    """The facts about one indicator, with the units, dates and sources that they name."""
    observations = [o for o in facts.observations if o.indicator == indicator_id]
    ids = {o.id for o in observations}
    cited = {claim.source for o in observations for claim in o.claims}
    sources = [source for source in facts.sources if source.id in cited]
    claims = [claim for o in observations for claim in o.claims]
    dates = {facts.edition, *(o.period for o in observations), *(c.due for c in claims)}
    dates |= {source.published for source in sources}
    revisions = [r for r in facts.revisions if r.observation in ids]
    dates |= {revision.date for revision in revisions}
    kept: dict[str, Any] = {name: type(getattr(facts, name))() for name in _OF_THE_WHOLE}
    kept |= {
        "dates": {date: words for date, words in facts.dates.items() if date in dates},
        "units": {
            id_: u for id_, u in facts.units.items() if id_ in {o.unit for o in observations}
        },
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
