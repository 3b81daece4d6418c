"""One project on disk: where its files are, and everything read from them together."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from factsheet.analysis.analyse import analyse
from factsheet.analysis.factbase import FactBase
from factsheet.build.config import BUILD, CONFIG_FILE, Config
from factsheet.data.load import DataFile, load
from factsheet.errors import Fault, FaultsError, many
from factsheet.lint.advice import advice_faults
from factsheet.lint.leftovers import leftover_faults
from factsheet.lint.links import addresses
from factsheet.lint.lint import Lint
from factsheet.lint.markup import markup_faults
from factsheet.lint.printed import printed_faults, qualifier_faults
from factsheet.site.macros import PageCalls
from factsheet.site.pages import Page, page_files, read_page
from factsheet.site.site import Site

DATA_FILE = Path("data/facts.yaml")
CACHE_FOLDER = Path(".cache/charts")
_LAST: dict[str, tuple[Site | None, list[Fault]]] = {}
"""The last reading of a project, by the state of its files."""
_SHOWN: dict[Path, "Shown"] = {}
"""What each folder of finished pages was made from."""


@dataclass(frozen=True)
class Shown:
    """What a folder of finished pages was made from.

    ``frame``: what is around every page; ``inputs``: all that macros draw on; ``times``: when each
    page was saved, by its file; ``rendered``: what the macros of each page gave.
    """

    frame: str
    inputs: str
    times: dict[str, int]
    rendered: dict[str, list[str]]


@dataclass(frozen=True)
class Project:
    """The data file, the pages and the site's configuration under one folder.

    ``into``: where finished pages are made, if not in its folder ``build/``.
    """

    root: Path
    into: Path | None = None

    @cached_property
    def config(self) -> Config:
        """The site's configuration."""
        return Config(self.root)

    @property
    def docs(self) -> Path:
        """The folder of the chapters."""
        return self.root / self.config.setting("docs_dir", "docs")

    @property
    def build(self) -> Path:
        """The folder that MkDocs builds into; it is deleted before each build."""
        return self.into or self.root / BUILD

    def read(
        self, read_data: Callable[[Path, str], DataFile] = load
    ) -> tuple[Site | None, list[Fault]]:
        """Load, analyse and check everything; every fault that one run can find.

        ``read_data``: how the data file is loaded; ``load_sound`` leaves out entries at fault.

        There is no renderer where the data file or ``mkdocs.yml`` cannot be read.
        """
        faults: list[Fault] = []
        try:
            titles, settings = list(self.config.titles()), list(self.config.settings())
            templates = list(self.config.templates())
            facts = analyse(read_data(self.root / DATA_FILE, DATA_FILE.as_posix()))
        except FaultsError as error:
            faults += error.faults
            facts, titles, settings, templates = None, [], [], []
        pages, page_faults = self._pages()
        faults += page_faults
        if facts is None:
            return None, sorted(set(faults))
        lint = Lint(facts)
        faults += [*facts.faults, *facts.contradictions, *many(lint.data_file())]
        faults += [*advice_faults(facts), *many(printed_faults(facts)), *qualifier_faults(facts)]
        faults += lint.titles(CONFIG_FILE.name, titles, settings)
        faults += lint.words(templates)
        beside = [path.relative_to(self.docs).as_posix() for path in self.docs.rglob("*")]
        faults += many(lint.pages(pages, beside, all_read=not page_faults))
        faults += many(leftover_faults(facts, pages, all_read=not page_faults))
        told = {(fault.file, fault.line) for fault in faults}
        found = many(lint.signs(pages))
        for page in pages:
            found += many(markup_faults(page, self.config.extensions))
        faults += [fault for fault in found if (fault.file, fault.line) not in told]
        faults += self.config.faults([path.name for path in self.docs.glob("*.md")])
        site = Site(
            facts,
            pages,
            site_url=self.config.setting("site_url"),
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
            files = [self.root / CONFIG_FILE, self.root / DATA_FILE, *self._beside_data()]
            state = self._state([*files, *self.docs.glob("*"), *self._templates()])
        except (FaultsError, OSError):  # mkdocs.yml or a folder cannot be read
            return self.read()
        if state not in _LAST:
            _LAST.clear()
            _LAST[state] = self.read()
        return _LAST[state]

    def clear_what_changed(self, site: Site | None, folder: Path) -> None:
        """Of a folder of finished pages, take out those that would now be others.

        ``mkdocs serve --dirty`` makes only those pages again that are newer than what it made of
        them. But every page shows figures, and says where else they stand: where data, headings
        or calls have changed, it is seen by what the macros of a page give.
        """
        site_frame = site.frame() | {"fingerprint": ""} if site else {}
        frame, inputs = repr(site_frame), self._state([self.root / DATA_FILE])
        frame += self._state([self.root / CONFIG_FILE, *self._beside_data(), *self._templates()])
        for page in site.pages if site else []:
            calls = [(c.macro, c.args, c.kwargs, page.section(c.line)) for c in page.calls]
            frame += repr((page.name, page.head))
            inputs += repr((calls, [(h.level, h.words, h.anchor) for h in page.headings]))
        times = {
            path.relative_to(self.docs).as_posix(): path.stat().st_mtime_ns
            for path in self.docs.rglob("*.md")
        }
        before = _SHOWN.get(folder)
        if site is None or before is None or before.frame != frame:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            # A page saved while the last build ran is older than what that made of it.
            changed = {file for file, time in times.items() if before.times.get(file) != time}
            if before.inputs == inputs:
                site.rendered |= before.rendered
            else:
                calls_of = PageCalls(site)
                changed |= {f for f in times if calls_of.page(f) != before.rendered.get(f, [])}
            for file in changed:
                (folder / file).with_suffix(".html").unlink(missing_ok=True)
        _SHOWN[folder] = Shown(frame, inputs, times, site.rendered if site else {})

    def _templates(self) -> list[Path]:
        """What lies in the folder of our templates."""
        return list(self.config.overrides.rglob("*")) if self.config.overrides else []

    def _beside_data(self) -> list[Path]:
        """What lies beside the data file, such as past editions."""
        files = (self.root / DATA_FILE.parent).rglob("*")
        return [path for path in files if path != self.root / DATA_FILE]

    def _state(self, files: Iterable[Path]) -> str:
        """Some files, each with its time and size."""
        stats = [(path, path.stat()) for path in sorted(files) if path.is_file()]
        return repr([(str(p.resolve()), stat.st_mtime_ns, stat.st_size) for p, stat in stats])

    def _boundary_faults(self, facts: FactBase) -> Iterator[Fault]:
        """Each map's file of boundaries is there."""
        for chart_id, chart in facts.data.sheet.charts.items():
            path = self.root / DATA_FILE.parent / (chart.boundaries or "")
            if chart.boundaries and not path.is_file():
                what = f'there is no file "{chart.boundaries}" beside this one'
                place = ("charts", chart_id, "boundaries")
                yield facts.data.fault(place, what, "correct the name, or add the file")

    def linked(self, site: Site) -> set[str]:
        """The addresses on other hosts to which pages and the foot of each page lead."""
        return self.config.links().union(*map(addresses, site.pages))

    def menu(self, site: Site) -> list[tuple[str, str]]:
        """Title and name of each page in the order of the menu; by name if there is none."""
        return self.config.menu({f"{page.name}.md": page.title for page in site.pages})

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
