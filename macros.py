"""Adapter: registers the fact sheet's macros with mkdocs-macros-plugin, and nothing else."""

import inspect
import logging
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from factsheet.build.project import Project
from factsheet.errors import summary
from factsheet.site.figures import write_pages
from factsheet.site.macros import MACROS, PLACED, Mentions, Site, unavailable
from factsheet.site.pages import Page

LOG = logging.getLogger("mkdocs.plugins.factsheet")
ROOT = Path(__file__).parent


def define_env(env: Any) -> None:
    """Called by the plugin before each build."""
    site, faults = Project(ROOT).read()
    for line in summary(faults):
        LOG.error("%s", line)
    if site is None:
        for name in MACROS:
            env.macro(unavailable, name)
        return
    write_pages(site, ROOT / "docs")
    for name, macro in site.macros().items():
        env.macro(macro, name)
    marking = _marking(site)
    for name in PLACED:
        env.macro(marking(getattr(site, name)), name)
    env.conf["extra"]["factsheet"] = {
        "edition": site.sheet.edition,
        "edition_text": site.edition_text(),
        "fingerprint": site.facts.data.fingerprint,
        "words": site.script_words(),
    }


def _marking(site: Site) -> Any:
    """Gives a macro the page it stands on, so that marks and anchors come once a section."""
    pages: dict[str, Page] = {f"{page.name}.md": page for page in site.pages}
    mentions: WeakKeyDictionary[Context, Mentions] = WeakKeyDictionary()

    def marking(macro: Any) -> Any:
        @pass_context
        def placed(context: Context, *args: Any, **kwargs: Any) -> Markup:
            page = context.get("page")
            source = str(getattr(getattr(page, "file", page), "src_uri", getattr(page, "path", "")))
            named = mentions.setdefault(context, Mentions(pages.get(source)))
            return Markup(macro(*args, **kwargs, mentions=named, line=_template_line()))

        return placed

    return marking


def _template_line() -> int:
    """The line of the page's body from which Jinja is calling."""
    frame = inspect.currentframe()
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back
    return 0
