"""What pages tell search engines, as JSON-LD with the terms of schema.org.

A page with all downloads tells of one ``Dataset``; the page of a figure of its part of it, with
an ``Observation`` for each period, and of its place among the pages. Google reads both:
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from typing import TYPE_CHECKING, Any

from factsheet.analysis.factbase import Observation
from factsheet.site.figures import FigurePage
from factsheet.site.markup import is_datetime
from factsheet.text.format import qualifier_of
from factsheet.values.dates import Period
from factsheet.values.number import Qualifier

if TYPE_CHECKING:
    from factsheet.site.site import Site

Node = dict[str, Any]
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_ENDS = {
    Qualifier.MORE_THAN: "minValue", Qualifier.AT_LEAST: "minValue", Qualifier.RANGE: "minValue",
    Qualifier.UP_TO: "maxValue", Qualifier.AT_MOST: "maxValue", Qualifier.LESS_THAN: "maxValue",
}  # fmt: skip
"""What the number of a figure is that is no value itself: one end of what is possible."""


def whole(site: "Site") -> Node:
    """All data, as the page that offers all downloads has them."""
    names = ("facts.csv", "facts.xlsx", "facts.json", f"{site.sheet.file_name}.zip")
    files = [site.absolute(f"data/{name}") for name in names]
    periods = [o.period for o in site.facts.observations.values() if o.period]
    topics = [site.plain(topic.label) for topic in site.sheet.topics.values()]
    indicators = site.sheet.indicators.values()
    return {
        "@context": "https://schema.org",
        **_dataset(site, site.absolute(site.data_address), files, periods),
        "name": site.plain(site.sheet.title),
        "description": site.wording.ui["dataset"].format(topics="; ".join(topics)),
        "keywords": topics,
        "variableMeasured": [site.plain(indicator.label) for indicator in indicators],
        "citation": site.citation(),
    }


def part(page: FigurePage) -> Node:
    """The figures of one page."""
    site, label = page.site, page.site.plain(page.indicator.label)
    root = site.public_url or "../"
    files = [f"{root}figures/{page.id}.{kind}" for kind in ("csv", "json")]
    address = root + site.figure_address(page.id)
    periods = [o.period for o in page.observations if o.period]
    definition = site.plain(page.indicator.definition)
    variable = {"@type": "StatisticalVariable", "name": label, "description": definition}
    dataset = _dataset(site, address, files, periods) | {
        "name": label,
        "description": f"{page.summary}. {definition}",
        "isPartOf": {"@id": f"{root}{site.data_address}#data"},
        "isBasedOn": sorted(site.sheet.sources[source].url for source in page.sources),
        "variableMeasured": variable | {"@id": f"{address}#variable"},
    }
    topic = site.plain(site.sheet.topics[page.indicator.topic].label)
    crumbs = [
        (site.wording.ui["all_figures"], f"{root}{site.list_address}"),
        (topic, f"{root}{site.list_address}#topic-{page.indicator.topic}"),
        (label, address),
    ]
    places = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": item}
            for place, (name, item) in enumerate(crumbs, start=1)
        ],
    }
    figures = [_figure(site, root, o, f"{address}#variable") for o in page.observations]
    return {"@context": "https://schema.org", "@graph": [dataset, places, *figures]}


def _dataset(site: "Site", address: str, files: list[str], periods: list[Period]) -> Node:
    """What is told of all data and of a part of them alike."""
    sheet = site.sheet
    publisher = {"@type": "Organization", "name": site.plain(sheet.publisher)}
    kinds = [(file, MEDIA_TYPES[file.rpartition(".")[2]]) for file in files]
    node = {
        "@type": "Dataset",
        "@id": f"{address}#data",
        "url": address,
        "creator": publisher,
        "publisher": publisher,
        "inLanguage": site.wording.language,
        "isAccessibleForFree": True,
        "version": sheet.edition,
        "dateModified": sheet.edition,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": file}
            for file, kind in kinds
        ],
    }
    if sheet.licence:
        node["license"] = sheet.licence.url
    if periods:
        begin = min(periods, key=lambda period: period.low)
        end = max(periods, key=lambda period: period.high)
        ends = begin.low if begin.start else "..", end.high if end.end else ".."
        node["temporalCoverage"] = "/".join(map(str, ends))
    return node


def _figure(site: "Site", root: str, o: Observation, variable: str) -> Node:
    """A figure: an end of a range is no value, and words say what the number leaves open."""
    node = {
        "@type": "Observation",
        "@id": root + site.address(o),
        "name": str(site.title(o).striptags()),
        "description": site.sentence(o).striptags(),
        "variableMeasured": {"@id": variable},
    }
    if o.period and is_datetime(o.period.text):
        node["observationDate"] = o.period.text
    if o.indicator.unit:
        node["unitText"] = site.wording.unit(o.indicator.unit)
    node[_ENDS.get(qualifier_of(o.value), "value")] = site.data_value(o.value)
    if high := site.data_high(o.value):
        node["maxValue"] = high
    return node
