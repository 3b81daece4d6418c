"""Links of the finished pages: every address on the site must lead somewhere.

MkDocs checks links written in Markdown; this reads the built HTML, so that links made by
macros and templates are checked too.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from factsheet.faults import Fault


def broken_links(folder: Path) -> Iterator[Fault]:
    """Each link or resource of a page in ``folder`` that names no file or no anchor there."""
    trees = {
        path: LexborHTMLParser(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))
    }
    anchors = {path: _anchors(tree) for path, tree in trees.items()}
    for path, tree in trees.items():
        name = path.relative_to(folder).as_posix()
        for attribute in ("href", "src"):
            for node in tree.css(f"[{attribute}]"):
                address = node.attributes.get(attribute) or ""
                what = _broken(path, address, folder, anchors)
                if what:
                    yield Fault(name, 1, 0, what, "mend the address, or the page that it names")


def _anchors(tree: LexborHTMLParser) -> set[str]:
    return {node.attributes.get("id") or "" for node in tree.css("[id]")}


def _broken(path: Path, address: str, folder: Path, anchors: dict[Path, set[str]]) -> str | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    # The page for addresses that do not exist is served anywhere, so its own are absolute.
    base = folder if parts.path.startswith("/") else path.parent
    if path.name == "404.html" and parts.path.startswith("/"):
        return None
    target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path.resolve()
    if target.is_dir():
        target = target / "index.html"
    if not target.exists():
        return f'"{address}" leads to no file'
    fragment = unquote(parts.fragment)
    known = anchors.get(target) or anchors.get(folder / target.relative_to(folder.resolve()))
    if fragment and known is not None and fragment not in known:
        return f'"{address}" leads to no anchor'
    return None
