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
    "_headers", "index.html", "404.html", "sitemap.xml", "sitemap.xml.gz",
}  # fmt: skip
"""Files that readers, scripts, servers and search engines look for by name."""


class Links:
    """The links of a site, page by page."""

    def __init__(self, folder: Path, anchors: dict[str, set[str]], site: str = "") -> None:
        """``folder`` holds the site, whose address is ``site``; ``anchors``: those of each page."""
        self.files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        self.anchors = anchors
        self.site = site
        self.linked: set[str] = set()

    def broken(self, page: Markup) -> Iterator[Fault]:
        """Each link or resource of a page that names no file or no anchor."""
        for node, address in _addresses(page):
            found = _target(page.file, address.removeprefix(self.site))
            if found is None:
                continue
            target, fragment = found
            self.linked.add(target)
            what = None
            if target not in self.files:
                what = f'"{address}" leads to no file'
            elif fragment and fragment not in self.anchors.get(target, {fragment}):
                what = f'"{address}" leads to no anchor'
            if what:
                yield page.fault(node, what, "mend the address, or the page that it names")

    def unlinked(self) -> Iterator[Fault]:
        """Each file to which none of the pages so far leads."""
        for file in sorted(self.files - self.linked - _MADE_FOR):
            if not file.startswith(("assets/", "search/")):
                what = "no page links to this file"
                yield Fault(file, 1, 0, what, "link it, or see why it was left behind")


def _addresses(page: Markup) -> Iterator[tuple[LexborNode, str]]:
    for selector in ("[href]", "[src]", 'meta[property="og:image"][content]'):
        attribute = selector.split("[")[-1].rstrip("]")
        for node in page.tree.css(selector):
            yield node, node.attributes[attribute] or ""


def _target(file: str, address: str) -> tuple[str, str] | None:
    """The file and the anchor to which an address in ``file`` leads; none on another host."""
    parts = urlsplit(address)
    # The page for addresses that do not exist is served anywhere: its own links are absolute.
    if parts.scheme or parts.netloc or (address.startswith("/") and file == "404.html"):
        return None
    path = unquote(parts.path) or posixpath.basename(file)
    if posixpath.basename(path) in {"", ".", ".."}:
        path = posixpath.join(path, "index.html")
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(file), path))
    return target.lstrip("/"), unquote(parts.fragment)
