"""Links of the finished pages: every address on the site must lead somewhere.

MkDocs checks links written in Markdown; this reads the built HTML, so that links made by
macros and templates are checked too.
"""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from factsheet.faults import Fault
from factsheet.finished import Markup

_MADE_FOR = {
    "_headers", "index.html", "404.html", "data/glances.js", "sitemap.xml", "sitemap.xml.gz",
}  # fmt: skip
"""Files that readers, scripts, servers and search engines look for by name."""


def broken_links(folder: Path, pages: list[Markup]) -> Iterator[Fault]:
    """Each link or resource of a page that names no file or no anchor; each file without one.

    ``folder`` holds the finished site, ``pages`` are all its pages.
    """
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    anchors = {page.file: page.anchors for page in pages}
    linked: set[str] = set()
    for page in pages:
        for node, address, target, fragment in _links(page):
            linked.add(target)
            what = None
            if target not in files:
                what = f'"{address}" leads to no file'
            elif fragment and fragment not in anchors.get(target, {fragment}):
                what = f'"{address}" leads to no anchor'
            if what:
                yield page.fault(node, what, "mend the address, or the page that it names")
    for file in sorted(files - linked - _MADE_FOR):
        if not file.startswith(("assets/", "search/")):
            what = "no page links to this file"
            yield Fault(file, 1, 0, what, "link it, or see why it was left behind")


def _links(page: Markup) -> Iterator[tuple[LexborNode, str, str, str]]:
    """The links of a page within the site: address, the file that it leads to, and the anchor."""
    for attribute in ("href", "src"):
        for node in page.tree.css(f"[{attribute}]"):
            address = node.attributes[attribute] or ""
            parts = urlsplit(address)
            is_absolute = address.startswith("/")
            # The page for addresses that do not exist is served anywhere: its own are absolute.
            if parts.scheme or parts.netloc or (is_absolute and page.file == "404.html"):
                continue
            path = unquote(parts.path) or posixpath.basename(page.file)
            if posixpath.basename(path) in {"", ".", ".."}:
                path = posixpath.join(path, "index.html")
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(page.file), path))
            yield node, address, target.lstrip("/"), unquote(parts.fragment)
