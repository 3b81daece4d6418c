"""Builds the site with Zensical, audits it, and compares it page by page with MkDocs' in site/.

Run by ``make successor``, in an environment of its own. Text, figures, links and search entries
of every page must be the same; what may differ stands in CONTRIBUTING.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).parent.parent))

from factsheet.audit.audit import audit
from factsheet.audit.outputs import search_entries
from factsheet.audit.theme import ARTICLE
from factsheet.build.files import locked
from factsheet.build.generate import finish, make_pages_with_zensical
from factsheet.build.project import Project
from factsheet.errors import summary

ATTRIBUTES = ("href", "src", "id", "data-figure", "data-period", "data-value")
KNOWN = ("sitemap.xml.gz: the file is missing",)


def main() -> None:
    """Exit 1 with a line for each difference or fault."""
    project, made = Project(Path()), Path("site")
    if not made.is_dir():
        sys.exit("There is no site/ yet: run make site first.")
    site, faults = project.read_once()
    if site is None or faults:
        sys.exit("\n".join(summary(faults)))
    with locked(project.root):
        make_pages_with_zensical(project, site)
        finish(project, site)
    found = audit(project.build)
    print(found.headline)
    wrong = [str(f) for f in found.faults if not f"{f.file}: {f.what}".startswith(KNOWN)]
    wrong += differences(made, project.build)
    if wrong:
        sys.exit("\n".join([*wrong[:40], f"{len(wrong)} faults and differences"]))
    print("Zensical's pages are those of MkDocs: text, figures, links and search entries.")


def differences(ours: Path, theirs: Path) -> Iterator[str]:
    """A line for each page or list of search entries that is not the same in both folders."""
    pages = {path.relative_to(ours).as_posix() for path in ours.rglob("*.html")}
    others = {path.relative_to(theirs).as_posix() for path in theirs.rglob("*.html")}
    yield from (f"{page}: only one generator has it" for page in sorted(pages ^ others))
    for page in sorted(pages & others):
        for what, mine, other in zip(
            ("text", *ATTRIBUTES), said(ours / page), said(theirs / page), strict=True
        ):
            if mine != other:
                odd = next((pair for pair in zip(mine, other, strict=False) if pair[0] != pair[1]), ())
                yield f"{page}: {what} differs: {odd or f'{len(mine)} and {len(other)} of them'}"
    mine = search_entries(ours, ours / "search/search_index.json")
    other = search_entries(theirs, theirs / "search.json")
    for page in sorted({*mine, *other}):
        places = [{place for place, _ in entries.get(page, ())} for entries in (mine, other)]
        if places[0] != places[1]:
            yield f"{page}: search entries differ: {sorted(places[0] ^ places[1])[:3]}"


def said(path: Path) -> list[list[str]]:
    """The words of a page's article, and the values of each of ``ATTRIBUTES`` in it."""
    article = LexborHTMLParser(path.read_text("utf-8")).css_first(ARTICLE)
    if article is None:
        return [[] for _ in range(len(ATTRIBUTES) + 1)]
    values = [
        [node.attributes[name] or "" for node in article.css(f"[{name}]")] for name in ATTRIBUTES
    ]
    return [article.text(separator=" ").split(), *values]


if __name__ == "__main__":
    main()
