"""What is cited as what: a source, a figure with its source first, and the whole sheet."""

from typing import TYPE_CHECKING

from factsheet.analysis.factbase import Observation
from factsheet.text.citation import Item, issued, names
from factsheet.values.dates import parse_period

if TYPE_CHECKING:
    from factsheet.site.site import Site


def source_item(site: "Site", source_id: str) -> Item:
    """A source; where nobody signed it, its publisher is the author."""
    source, ui = site.sheet.sources[source_id], site.wording.ui
    item: Item = {
        "id": source_id,
        "type": "webpage",
        "title": source.title or ui["untitled"],
        "author": names(source.author) if source.author else [{"literal": source.publisher}],
        "publisher": source.publisher,
        "language": source.language,
        "URL": source.url,
    }
    if source.published:
        period = parse_period(source.published)
        item["issued"] = issued(period)
        if "circa" in item["issued"]:
            item["note"] = f"{ui['published']} {site.wording.period(period)}"
    return item


def figure_item(site: "Site", observation: Observation) -> Item:
    """A figure: who says it where, as the source has it; the note is our sentence on it."""
    if observation.chosen:
        claim = observation.chosen.claim
        item = source_item(site, claim.source)
        if claim.said_by:
            item["author"] = [{"literal": claim.said_by}]
    else:
        item = sheet_item(site) | {"URL": site.record_address(observation)}
    title = " ".join(site.title(observation).striptags().split())
    words = {"id": observation.key, "title": title, "language": site.wording.language}
    return item | words | {"note": site.sentence(observation).striptags()}


def sheet_item(site: "Site") -> Item:
    """The whole sheet, published on the day of its edition."""
    publisher = site.plain(site.sheet.publisher)
    return {
        "id": site.sheet.file_name,
        "type": "dataset",
        "title": site.plain(site.sheet.title),
        "author": [{"literal": publisher}],
        "publisher": publisher,
        "language": site.wording.language,
        "issued": issued(parse_period(site.sheet.edition)),
        "version": site.sheet.edition,
        "URL": site.public_url,
    }
