"""Links of the finished pages: every address on the site must lead somewhere.

MkDocs checks links written in Markdown; this reads the built HTML, so that links made by
macros and templates are checked too.
"""

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from factsheet.audit import theme
from factsheet.audit.outputs import HtmlFile
from factsheet.errors import Fault

SOUGHT_BY_NAME = {
    "_headers", "index.html", "404.html", "robots.txt", "sitemap.xml", "sitemap.xml.gz",
    "assets/third-party-notices.txt",
}  # fmt: skip
"""Files that readers, scripts, servers and search engines look for by name, and the licences."""


class Links:
    """The links of a site, page by page."""

    def __init__(self, files: set[str], anchors: dict[str, set[str]], site: str = "") -> None:
        """``files`` of the site, whose address is ``site``; ``anchors``: those of each page."""
        self.files = files
        self.anchors = anchors
        self.site = site
        self.linked: set[str] = set()

    def broken(self, page: HtmlFile, folder: str | None = None) -> Iterator[Fault]:
        """Each link or resource of a page that names no file or no anchor.

        Addresses are read from the page's own folder, or from ``folder``.
        """
        folder = posixpath.dirname(page.file) if folder is None else folder
        for node, address in _addresses(page):
            own = bool(self.site) and address.startswith(self.site)
            found = _target("" if own else folder, address.removeprefix(self.site))
            # The page for addresses that do not exist is served anywhere: its links are absolute.
            if found is None or (address.startswith("/") and page.file == "404.html"):
                continue
            target, fragment = found[0] or page.file, found[1]
            self.linked.add(target)
            what = None
            if target not in self.files:
                what = f'"{address}" leads to no file'
            elif fragment and fragment not in self.anchors.get(target, {fragment}):
                what = f'"{address}" leads to no anchor'
            if what:
                yield page.fault(node, what, "correct the address, or the page that it names")

    def unlinked(self) -> Iterator[Fault]:
        """Each file to which none of the pages so far leads, and each that others need."""
        for file in sorted(SOUGHT_BY_NAME - self.files):
            yield Fault(file, 1, 0, "the file is missing", "build the site again")
        for file in sorted(self.files - self.linked - SOUGHT_BY_NAME):
            is_index = any(fnmatchcase(file, pattern) for pattern in theme.SEARCH_INDEXES)
            if not file.startswith(("assets/", "search/workers/")) and not is_index:
                what = "no page links to this file"
                yield Fault(file, 1, 0, what, "link it, or see why it was left behind")


def _addresses(page: HtmlFile) -> Iterator[tuple[LexborNode, str]]:
    for selector in ("[href]", "[src]", 'meta[property="og:image"][content]'):
        attribute = selector.split("[")[-1].rstrip("]")
        for node in page.tree.css(selector):
            yield node, node.attributes[attribute] or ""


@cache
def _target(folder: str, address: str) -> tuple[str, str] | None:
    """File and anchor to which an address leads from ``folder``; none on another host.

    An empty name is that of the page itself.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    if parts.scheme or parts.netloc:
        return None
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    if not path:
        return "", fragment
    if posixpath.basename(path) in {"", ".", ".."}:
        path = posixpath.join(path, "index.html")
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/"), fragment
