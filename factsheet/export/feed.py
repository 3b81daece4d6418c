"""The feed (Atom, RFC 4287) of what was published: editions, and values that changed since.

Its ids hold without an address, and when the address changes: they are made from the file name
of the sheet, the day, and the figure.
"""

from uuid import NAMESPACE_URL, uuid5

from factsheet.site.revisions import Change
from factsheet.site.site import Site
from factsheet.values.dates import Period, parse_period


def feed(site: Site) -> str:
    """The text of ``feed.xml``, the newest entry first."""
    days = sorted({*site.published.editions, site.sheet.edition})
    entries: list[tuple[Period, str, Change | None]] = [
        (parse_period(day), _id(site, "edition", day), None) for day in days
    ]
    for change in site.published.changes:
        day = change.revision.date
        entry = parse_period(day), _id(site, "change", day, change.observation.key), change
        entries.append(entry)
    entries.sort(key=lambda entry: entry[0].high, reverse=True)
    return site.template("feed.xml").render(id=_id(site), entries=entries) + "\n"


def _id(site: Site, *what: str) -> str:
    return uuid5(NAMESPACE_URL, ":".join(["factsheet", site.sheet.file_name, *what])).urn
