"""The feed (Atom, RFC 4287) of what was published: editions, and values that changed since.

Its ids hold without an address, and when the address changes: they are made from the file name
of the sheet, the day, and the figure.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from factsheet.site.revisions import Change
from factsheet.site.site import Site
from factsheet.values.dates import Period, parse_period


class Entry(NamedTuple):
    """An edition, or a change of a figure."""

    id: str
    day: Period
    change: Change | None = None


def feed(site: Site) -> str:
    """The text of ``feed.xml``, the newest entry first."""
    entries = sorted(_entries(site), key=lambda one: one.day.high, reverse=True)
    return site.template("feed.xml").render(id=_id(site), entries=entries) + "\n"


def _entries(site: Site) -> Iterator[Entry]:
    for day in sorted({*site.published.editions, site.sheet.edition}):
        yield Entry(_id(site, "edition", day), parse_period(day))
    for change in site.published.changes:
        day, figure = change.revision.date, change.observation.key
        yield Entry(_id(site, "change", day, figure), parse_period(day), change)


def _id(site: Site, *what: str) -> str:
    return uuid5(NAMESPACE_URL, ":".join(["factsheet", site.sheet.file_name, *what])).urn
