"""Adapter: registers the fact sheet's macros with mkdocs-macros-plugin, and nothing else."""

import logging
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from factsheet.build.config import CONFIG_FILE
from factsheet.build.project import Project
from factsheet.errors import FaultsError, summary
from factsheet.site.calls import read_calls
from factsheet.site.figures import write_pages
from factsheet.site.macros import MACROS, PageCalls
from factsheet.site.markup import CompiledTemplates
from factsheet.site.pages import GENERATED

LOG = logging.getLogger("mkdocs.plugins.factsheet")
ROOT = Path(__file__).parent


def define_env(env: Any) -> None:
    """Called by the plugin before each build."""
    project = Project(ROOT)
    site, faults = project.read_once()
    for line in summary(faults):
        LOG.error("%s", line)
    calls = PageCalls(site) if site else None
    for name in MACROS:
        env.macro(_macro(name, calls), name)
    if site:
        # `serve` has an address of its own.
        is_preview = (env.conf["site_url"] or "") != site.site_url
        if not is_preview and not site.public_url:
            # A canonical link or a site map to nowhere would have search engines drop the pages.
            env.conf["site_url"] = ""
        # A preview makes only those pages again that change: they name no state of the data.
        no_fingerprint = {"fingerprint": ""} if is_preview else {}
        env.conf["extra"]["factsheet"] = site.frame() | no_fingerprint


def on_pre_build(config: Any, **_: Any) -> None:
    """A hook of MkDocs, before it looks for pages; Zensical calls macros when it has copied files.

    ``factsheet build`` writes the pages of figures before either starts.
    """
    project = Project(ROOT)
    site, _faults = project.read_once()
    if site:
        write_pages(site, project.docs)
    project.clear_what_changed(site, Path(config["site_dir"]))


def on_env(env: Any, **_: Any) -> Any:
    """A hook of MkDocs: a preview compiles the theme's templates once, not at each change."""
    env.bytecode_cache = CompiledTemplates()
    return env


def on_serve(server: Any, config: Any, **_: Any) -> None:
    """A hook of MkDocs: the pages that a build writes by itself do not set off another one."""
    docs = Path(config["docs_dir"])
    server.unwatch(str(docs))
    server.watch(str(docs), recursive=False)
    for folder in docs.iterdir():
        if folder.is_dir() and folder.name != GENERATED:
            server.watch(str(folder))
    build = server.builder

    def guarded() -> None:
        """Build; where ``mkdocs.yml`` is at fault, say so and keep the pages."""
        try:
            build()
        except (Exception, SystemExit):
            faults = [one for one in Project(ROOT).read()[1] if one.file == CONFIG_FILE.name]
            if not faults:
                raise
            for line in summary(faults):
                LOG.error("%s", line)
            for path in Path(config["site_dir"]).rglob("*.html"):
                page = path.read_text("utf-8").replace(
                    "<article", f"<p>{_fault(CONFIG_FILE.name)}</p><article", 1
                )
                path.write_text(page, "utf-8")

    server.builder = guarded


def on_page_markdown(markdown: str, **_: Any) -> str:
    """A hook of MkDocs, before macros are called: what is no plain call may never end."""
    try:
        reading = read_calls(markdown, "")
    except FaultsError:  # told in the terminal; the plugin would tell it once more
        return _fault("page")
    is_plain = not reading.foreign and all(call.literal for call in reading.calls)
    return markdown if is_plain else _fault("page")


on_page_markdown.mkdocs_priority = 100  # type: ignore[attr-defined] # before the plugins


def on_post_page(output: str, page: Any, config: Any, **_: Any) -> str:
    """A hook of MkDocs: of a page made again, the search forgets what it knew before.

    The theme's search takes it that a build with ``--dirty`` makes a single page.
    """
    search = config["plugins"].get("material/search")
    if search and search.search_index_prev:
        known = search.search_index_prev.entries
        search.search_index_prev.entries = [
            entry for entry in known if entry["location"].partition("#")[0] != page.url
        ]
    return output


def _fault(what: str) -> str:
    return f'<strong class="fault">{what} at fault: see the terminal</strong>'


def _macro(name: str, calls: PageCalls | None) -> Any:
    """A macro as Jinja calls it; it says on which page."""

    @pass_context
    def called(context: Context, *args: Any, **kwargs: Any) -> Markup:
        if calls is None:
            return Markup(_fault("data file"))
        page = context.get("page")
        file = str(getattr(getattr(page, "file", page), "src_uri", getattr(page, "path", "")))
        return calls.call(file, name, *args, **kwargs)

    return called
