"""What a build puts beside the pages, file by file, for the audit to compare by content."""

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from factsheet.build.generate import beside_pages
from factsheet.build.project import Project
from factsheet.lint.links import addresses
from factsheet.site.macros import PageCalls
from factsheet.site.pages import GENERATED
from factsheet.site.site import Site

Contents = tuple[
    dict[str, str], dict[str, dict[str, str]], dict[str, list[str]], dict[str, str], set[str]
]
"""The SHA-256 of each file, the words for states and the like, what macros gave for each page,
pages made apart from the others, and the addresses on other hosts that editors link."""


def contents(project: Project, site: Site, theme: str = "material") -> Contents:
    """The files of a theme, named by its package, of ``docs/`` and the data, as a site has them."""
    found = dict(_copied(project, theme))
    made = beside_pages(site)
    found |= {
        file: hashlib.sha256(made[file]).hexdigest() for file in made if not file.endswith(".html")
    }
    for day in site.past:  # what was frozen is what was published
        frozen = (project.root / f"data/editions/{day}.json").read_bytes()
        found[f"editions/{day}/data/facts.json"] = hashlib.sha256(frozen).hexdigest()
    kinds = ("states", "ranks", "verdicts", "verdicts_without_days")
    blocks = {file.replace(".md", ".html"): given for file, given in _rendered(site).items()}
    pages = {file: made[file].decode() for file in made.keys() - found}
    words = {kind: site.wording.words[kind] for kind in kinds}
    words["ui"] = {**site.wording.words["ui"], "title": site.plain(site.sheet.title)}
    words["ui"]["publisher"] = site.plain(site.sheet.publisher)
    linked = project.config.links().union(*map(addresses, site.pages))
    return found, words, blocks, pages, linked


def _rendered(site: Site) -> dict[str, list[str]]:
    """What macros gave for each page: while it was made, or else now."""
    calls = PageCalls(site)
    chapters = [f"{page.name}.md" for page in site.pages]
    for file in (*chapters, *(f"{GENERATED}/{name}.md" for name in site.sheet.indicators)):
        if file not in site.rendered:
            calls.page(file)
    return site.rendered


def _copied(project: Project, theme: str) -> Iterator[tuple[str, str]]:
    """Files of the theme and of ``docs/``, which the generator copies as they are."""
    package = find_spec(theme)
    parts = (package and package.submodule_search_locations) or ()
    places = [Path(part) / "templates" for part in parts]
    of_themes = ((place, place / "assets") for place in (*places, project.root / "overrides"))
    for place, folder in (*of_themes, (project.docs, project.docs)):
        for path in sorted(folder.rglob("*")):
            is_page = path.suffix in {".md", ".markdown"} or path.name.startswith(".")
            if path.is_file() and not is_page:
                name = path.relative_to(place).as_posix()
                yield name, hashlib.sha256(path.read_bytes()).hexdigest()
