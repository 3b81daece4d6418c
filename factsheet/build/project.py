"""One project on disk: where its files are, and everything read from them together."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from factsheet.analysis.analyse import analyse
from factsheet.analysis.factbase import FactBase
from factsheet.data.load import DataFile, load
from factsheet.data.model import URL
from factsheet.data.yaml_nodes import read_nodes, scalars
from factsheet.errors import Fault, FaultsError, many, nearest
from factsheet.lint.advice import advice_faults
from factsheet.lint.leftovers import leftover_faults
from factsheet.lint.lint import Lint
from factsheet.lint.markup import markup_faults
from factsheet.lint.printed import printed_faults
from factsheet.site.pages import Page, page_files, read_page
from factsheet.site.site import Site

DATA_FILE = Path("data/facts.yaml")
CONFIG_FILE = Path("mkdocs.yml")
CACHE_FOLDER = Path(".cache/charts")
BUILD = "build"
_LAST: dict[str, tuple[Site | None, list[Fault]]] = {}
"""The last reading of a project, by the state of its files."""
_SHOWN: dict[Path, str] = {}
"""What all pages share, as each folder of finished pages shows it."""


@dataclass(frozen=True)
class Project:
    """The data file, the pages and the site's configuration under one folder."""

    root: Path

    @cached_property
    def _config(self) -> dict[str, yaml.Node]:
        """The top fields of ``mkdocs.yml``; none where there is no such file."""
        path = self.root / CONFIG_FILE
        if not path.exists():
            return {}
        _, root = read_nodes(path, CONFIG_FILE.name)
        found: dict[str, yaml.Node] = {}
        for key, value in root.value:
            if str(key.value) in found:
                what, line = f'"{key.value}" stands here twice', key.start_mark.line + 1
                raise FaultsError([Fault(CONFIG_FILE.name, line, 0, what, "keep one of the two")])
            found[str(key.value)] = value
        return found

    def _setting(self, name: str, default: str = "") -> str:
        node = self._config.get(name)
        return node.value if isinstance(node, yaml.ScalarNode) and node.value else default

    @property
    def _extensions(self) -> set[str]:
        """The extensions of Markdown that ``mkdocs.yml`` names."""
        node = self._config.get("markdown_extensions")
        found = scalars(node) if node else ()
        return {str(part) for path, value in found for part in (*path, value.value)}

    @property
    def docs(self) -> Path:
        """The folder of the chapters."""
        return self.root / self._setting("docs_dir", "docs")

    @property
    def build(self) -> Path:
        """The folder that MkDocs builds into; it is deleted before each build."""
        return self.root / BUILD

    def read(
        self, read_data: Callable[[Path, str], DataFile] = load
    ) -> tuple[Site | None, list[Fault]]:
        """Load, analyse and check everything; every fault that one run can find.

        ``read_data``: how the data file is loaded; ``load_sound`` leaves out entries at fault.

        There is no renderer where the data file or ``mkdocs.yml`` cannot be read.
        """
        faults: list[Fault] = []
        try:
            titles = list(self._titles())
            facts = analyse(read_data(self.root / DATA_FILE, DATA_FILE.as_posix()))
        except FaultsError as error:
            faults += error.faults
            facts, titles = None, []
        pages, page_faults = self._pages()
        faults += page_faults
        if facts is None:
            return None, sorted(set(faults))
        lint = Lint(facts)
        faults += [*facts.faults, *facts.contradictions, *many(lint.data_file()), *lint.labels()]
        faults += [*advice_faults(facts), *many(printed_faults(facts))]
        faults += lint.titles(CONFIG_FILE.name, titles)
        beside = [path.relative_to(self.docs).as_posix() for path in self.docs.rglob("*")]
        faults += many(lint.pages(pages, beside, all_read=not page_faults))
        faults += many(leftover_faults(facts, pages, all_read=not page_faults))
        told = {(fault.file, fault.line) for fault in faults}
        for page in pages:
            found = many(markup_faults(page, self._extensions))
            faults += [fault for fault in found if (fault.file, fault.line) not in told]
        faults += self._setting_faults()
        faults += self._menu_faults([path.name for path in self.docs.glob("*.md")])
        site = Site(
            facts,
            pages,
            site_url=self._setting("site_url"),
            data_folder=self.root / DATA_FILE.parent,
            cache_folder=self.root / CACHE_FOLDER,
        )
        faults += [*site.marks.faults, *site.published.faults, *self._boundary_faults(facts)]
        return site, sorted(set(faults))

    def read_once(self) -> tuple[Site | None, list[Fault]]:
        """The same, but what this program has read from the same files is not read again.

        A build reads the project, and the generator's adapter asks for it again: once with
        MkDocs, for every page with Zensical.
        """
        try:
            state = self._state(path for path in self.docs.glob("*") if path.is_file())
        except FaultsError:  # mkdocs.yml cannot be read
            return self.read()
        if state not in _LAST:
            _LAST.clear()
            _LAST[state] = self.read()
        return _LAST[state]

    def clear_unless_shared(self, site: Site | None, folder: Path) -> None:
        """Empty a folder of finished pages, unless at most the prose of pages has changed.

        ``mkdocs serve --dirty`` makes only those pages again that are newer than what it made of
        them. But every page shows figures, and says where else they stand: so the data, the
        settings, the templates, the titles and the calls of all pages have to be the same.
        """
        state = self._state((self.root / "overrides").rglob("*"))
        for page in site.pages if site else []:
            calls = [(c.macro, c.args, c.kwargs, page.section(c.line)) for c in page.calls]
            sections = [(h.level, h.words, h.anchor) for h in page.headings]
            state += repr((page.name, page.head, sections, calls))
        if _SHOWN.get(folder) != state:
            shutil.rmtree(folder, ignore_errors=True)
        _SHOWN[folder] = state

    def _state(self, more: Iterable[Path]) -> str:
        """Settings, data and further files, each with its time and size."""
        files = [self.root / CONFIG_FILE, *(self.root / DATA_FILE.parent).rglob("*"), *more]
        stats = [(path, path.stat()) for path in sorted(files) if path.exists()]
        return repr([(str(p.resolve()), stat.st_mtime_ns, stat.st_size) for p, stat in stats])

    def _boundary_faults(self, facts: FactBase) -> Iterator[Fault]:
        """Each map's file of boundaries is there."""
        for chart_id, chart in facts.data.sheet.charts.items():
            path = self.root / DATA_FILE.parent / (chart.boundaries or "")
            if chart.boundaries and not path.is_file():
                what = f'there is no file "{chart.boundaries}" beside this one'
                place = ("charts", chart_id, "boundaries")
                yield facts.data.fault(place, what, "correct the name, or add the file")

    def menu(self, site: Site) -> list[tuple[str, str]]:
        """Title and name of each page in the order of the menu; by name if there is none."""
        menu = self._config.get("nav")
        titles = {f"{page.name}.md": page.title for page in site.pages}
        if menu is None:
            files = sorted(titles, key=lambda file: (file != "index.md", file))
            return [(titles[file], file.removesuffix(".md")) for file in files]
        entries = [(key, node.value) for key, node in scalars(menu) if node.value in titles]
        return [
            (key[-1] if isinstance(key[-1], str) else titles[file], file.removesuffix(".md"))
            for key, file in entries
        ]

    def _pages(self) -> tuple[list[Page], list[Fault]]:
        try:
            files, faults = page_files(self.docs, self.root)
        except FaultsError as error:
            return [], error.faults
        pages = []
        for path in files:
            try:
                pages.append(read_page(path, self.root))
            except FaultsError as error:
                faults += error.faults
        return pages, faults

    def _setting_faults(self) -> Iterator[Fault]:
        """Settings that decide what is deleted, and where permalinks lead."""
        name = CONFIG_FILE.name
        if not self._config:
            return
        folder, address = self._config.get("site_dir"), self._setting("site_url")
        if self._setting("site_dir", "site") != BUILD:
            line = folder.start_mark.line + 1 if folder else 1
            what = "the pages would not be built into build/, which alone is checked"
            yield Fault(name, line, 0, what, f'write "site_dir: {BUILD}"')
        if address and not re.fullmatch(URL, address):
            line = self._config["site_url"].start_mark.line + 1
            what = f'"{address[:60]}" is not a web address'
            yield Fault(name, line, 0, what, "write https://… in full, without spaces")

    def _menu_faults(self, files: list[str]) -> Iterator[Fault]:
        """Each page stands in the menu, if there is one, and each entry names a page."""
        menu = self._config.get("nav")
        if menu is None:
            return
        entries: dict[str, int] = {}
        name = CONFIG_FILE.name
        for _, node in scalars(menu):
            line = node.start_mark.line + 1
            if entries.setdefault(node.value, line) != line:
                what = (
                    f'"{node.value}" stands twice in the menu (first in line {entries[node.value]})'
                )
                yield Fault(name, line, 0, what, "keep one of the two")
        for entry, line in entries.items():
            if entry not in files and not re.fullmatch(URL, entry):
                hint = nearest(entry, files, "name a page of docs/")
                if re.fullmatch(r"[^:]+:\S+\.md", entry):
                    hint = "put a space after the colon"
                yield Fault(name, line, 0, f'the menu names "{entry}", which is no page', hint)
        for file in files:
            if file not in entries:
                line = menu.start_mark.line
                what = f'"{file}" is not in the menu'
                yield Fault(name, line, 0, what, f'add "- Title: {file}" below "nav:"')

    def _titles(self) -> Iterator[tuple[int, str]]:
        """What a reader sees of the configuration: the site's name, description and menu."""
        for key, value in self._config.items():
            if key in {"site_name", "site_description", "site_author", "copyright"}:
                if not isinstance(value, yaml.ScalarNode):
                    line = value.start_mark.line + 1
                    fault = Fault(CONFIG_FILE.name, line, 0, f"{key} should hold text", "write one")
                    raise FaultsError([fault])
                yield value.start_mark.line + 1, value.value
            if key == "nav":
                yield from _nav_titles(value)


def _nav_titles(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nav_titles(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.start_mark.line + 1, key.value
            yield from _nav_titles(value)
