"""Links of the finished pages: every address on the site must lead somewhere.

MkDocs checks links written in Markdown; this reads the built HTML, so that links made by
macros and templates are checked too.
"""

import posixpath
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from factsheet.faults import Fault


def broken_links(folder: Path) -> Iterator[Fault]:
    """Each link or resource of a page in ``folder`` that names no file or no anchor there."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = sorted(name for name in files if name.endswith(".html"))
    anchors: dict[str, set[str]] = {}
    addresses: dict[str, list[str]] = {}
    for name in pages:
        anchors[name], addresses[name] = set(), []
        tree = LexborHTMLParser((folder / name).read_text("utf-8"))
        for node in tree.css("[id], [href], [src]"):
            attributes = node.attributes
            anchors[name].add(attributes.get("id") or "")
            found = (attributes.get("href"), attributes.get("src"))
            addresses[name] += [address for address in found if address]
    for name in pages:
        for address in addresses[name]:
            what = _broken(name, address, files, anchors)
            if what:
                yield Fault(name, 1, 0, what, "mend the address, or the page that it names")


def _broken(
    page: str, address: str, files: Set[str], anchors: Mapping[str, Set[str]]
) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    # The page for addresses that do not exist is served anywhere, so its own are absolute.
    if page == "404.html" and path.startswith("/"):
        return None
    base = "" if path.startswith("/") else posixpath.dirname(page)
    target = posixpath.normpath(posixpath.join(base, path.lstrip("/"))) if path else page
    if target not in files:
        target = posixpath.normpath(posixpath.join(target, "index.html"))
    if target not in files:
        return f'"{address}" leads to no file'
    fragment = unquote(parts.fragment)
    if fragment and target in anchors and fragment not in anchors[target]:
        return f'"{address}" leads to no anchor'
    return None
