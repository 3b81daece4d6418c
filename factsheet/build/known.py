"""What a build puts beside the pages, file by file, for the audit to compare by content."""

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from factsheet.build.generate import beside_pages
from factsheet.build.project import Project
from factsheet.site.site import Site

Contents = tuple[dict[str, str], dict[str, list[str]], dict[str, dict[str, str]]]
"""The SHA-256 of each file, the pictures of each chart, the words for states and the like."""
_THEME = "material"


def contents(project: Project, site: Site) -> Contents:
    """The files of the theme, of ``docs/`` and of the data, as a finished site has them."""
    found = dict(_copied(project))
    made = beside_pages(site)
    found |= {
        file: hashlib.sha256(made[file]).hexdigest() for file in made if not file.endswith(".html")
    }
    drawings = {
        chart_id: [drawing.svg for drawing in site.chart_page(chart_id).pictures.values()]
        for chart_id in site.marks.panels
    }
    kinds = ("states", "ranks", "verdicts", "verdicts_without_days")
    return found, drawings, {kind: site.wording.words[kind] for kind in kinds}


def _copied(project: Project) -> Iterator[tuple[str, str]]:
    """Files of the theme and of ``docs/``, which the generator copies as they are."""
    theme = find_spec(_THEME)
    places = [
        Path(place) / "templates" for place in (theme and theme.submodule_search_locations) or ()
    ]
    for place in (*places, project.root / "overrides", project.docs):
        for path in sorted(place.rglob("*")):
            name = path.relative_to(place).as_posix()
            is_copied = place == project.docs or name.startswith("assets/")
            is_page = path.suffix in {".md", ".markdown"} or path.name.startswith(".")
            if path.is_file() and is_copied and not is_page:
                yield name, hashlib.sha256(path.read_bytes()).hexdigest()
