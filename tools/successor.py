"""Builds the site with Zensical, audits it, and compares it page by page with MkDocs' in site/.

Run by ``make successor``, in an environment of its own. Text, figures, links and search entries
of every page must be the same; what may differ stands in CONTRIBUTING.md.
"""

import gzip
import importlib
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).parent.parent))

from factsheet.audit.audit import audit
from factsheet.audit.outputs import closed, search_entries
from factsheet.audit.theme import ARTICLE
from factsheet.build.config import CONFIG_FILE
from factsheet.build.files import locked
from factsheet.build.generate import finish, write_trace
from factsheet.build.project import Project
from factsheet.errors import summary
from factsheet.site.figures import write_pages
from factsheet.site.markup import BLOCK
from factsheet.site.site import Site
from factsheet.text.serialize import as_json

ATTRIBUTES = ("href", "src", "id", "data-figure", "data-period", "data-value")
HEAD = "title, meta[name]:not([name=generator]), meta[property]"
SKIP = "__skip"
"""The theme's own mark at the head of an article."""
APART = " data-search-exclude"
"""What marks a part of a page as not for search."""
CONFIG = ".successor.yml"
"""What Zensical is told beyond ``mkdocs.yml``; deleted after the build."""


def main() -> None:
    """Exit 1 with a line for each difference or fault."""
    project, made = Project(Path()), Path("site")
    if not made.is_dir():
        sys.exit("There is no site/ yet: run make site first.")
    site, faults = project.read_once()
    if site is None or faults:
        sys.exit("\n".join(summary(faults)))
    with locked(project.root):
        make_pages(project, site)
        finish(project, site, {})
    found = audit(project.build, site.wording.words, project.linked(site))
    write_trace(site, found.trace, project.build)
    print(found.headline)
    wrong = [*map(str, found.faults), *differences(made, project.build)]
    if wrong:
        hint = "if site/ is of another state of the tree, run make site"
        sys.exit("\n".join([*wrong[:40], f"{len(wrong)} faults and differences; {hint}"]))
    print("Zensical's pages are those of MkDocs: text, figures, links and search entries.")


def make_pages(project: Project, site: Site) -> None:
    """Have Zensical build the pages into the build folder; it prints what it complains of.

    It copies its settings before macros could change them, so they stand in a file of their own.
    Afterwards its pages and site map are made those that MkDocs gives.

    Raises:
        OSError: it could not write.
        SystemExit: Zensical found something at fault.
    """
    if project.build.exists():
        shutil.rmtree(project.build)
    write_pages(site, project.docs)
    settings = {
        "INHERIT": CONFIG_FILE.name,
        "site_url": site.public_url,
        "theme": {"variant": "classic"},
        # Its own worker for the search: ours is made for that of MkDocs' theme.
        "extra": {"factsheet": site.frame(), "search_worker": "workers/"},
    }
    path = project.root / CONFIG
    path.write_text(as_json(settings), "utf-8")  # JSON is YAML
    try:
        generator = importlib.import_module("zensical")
        with chdir(project.root):
            generator.build(str(path.resolve()), {"clean": True, "strict": True})
    finally:
        path.unlink()
    _mark_again(site, project.build)
    site_map = project.build / "sitemap.xml"
    if not site.public_url:
        text = re.sub(r"\s*<url>.*</url>", "", site_map.read_text("utf-8"), flags=re.DOTALL)
        site_map.write_text(text, "utf-8")
    site_map.with_suffix(".xml.gz").write_bytes(gzip.compress(site_map.read_bytes(), mtime=0))


def _mark_again(site: Site, folder: Path) -> None:
    """Put back what marks a part of a page as not for search: Zensical takes it out of pages."""
    for file, blocks in site.rendered.items():
        path = folder / file.replace(".md", ".html")
        page = path.read_text("utf-8")
        for block in (block.replace(BLOCK, "").strip() for block in blocks if APART in block):
            shown = "\n".join(block.splitlines())
            page = page.replace(shown.replace(APART, ""), shown)
        path.write_text(page, "utf-8")


def differences(ours: Path, theirs: Path) -> Iterator[str]:
    """A line for each page or list of search entries that is not the same in both folders."""
    pages = {path.relative_to(ours).as_posix() for path in ours.rglob("*.html")}
    others = {path.relative_to(theirs).as_posix() for path in theirs.rglob("*.html")}
    yield from (f"{page}: only one generator has it" for page in sorted(pages ^ others))
    for page in sorted(pages & others):
        for what, mine, other in zip(
            ("text", "head", *ATTRIBUTES), said(ours / page), said(theirs / page), strict=True
        ):
            if mine != other:
                odd = next(
                    (pair for pair in zip(mine, other, strict=False) if pair[0] != pair[1]), ()
                )
                yield f"{page}: {what} differs: {odd or f'{len(mine)} and {len(other)} of them'}"
    for name in ("search.js", "search.json"):
        mine = search_entries(ours / f"search/{name.replace('search', 'search_index')}")
        other = search_entries(theirs / name)
        for page in sorted({*mine, *other}):
            both = [
                {(place, closed(text)) for place, text in entries.get(page, ())}
                for entries in (mine, other)
            ]
            if both[0] != both[1]:
                yield f"{name}: entries of {page} differ: {sorted(both[0] ^ both[1])[:2]}"


def said(path: Path) -> list[list[str | None]]:
    """The words of a page's article and head, and the values of each of ``ATTRIBUTES`` in it."""
    page = LexborHTMLParser(path.read_text("utf-8"))
    head = [" ".join(map(str, (n.text(), *n.attributes.values()))) for n in page.css(HEAD)]
    article = page.css_first(ARTICLE)
    if article is None:
        return [[], head, *([] for _ in ATTRIBUTES)]
    for node in article.css(".file-facts"):  # pages and sizes of PDFs, whose contents break apart
        node.decompose()
    values = [
        [value for node in article.css(f"[{name}]") if (value := node.attributes[name]) != SKIP]
        for name in ATTRIBUTES
    ]
    return [article.text(separator=" ").split(), head, *values]


if __name__ == "__main__":
    main()
