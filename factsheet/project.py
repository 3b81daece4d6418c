"""One project on disk: where its files are, and everything read from them together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from factsheet.faults import Fault, FaultsError
from factsheet.lint import Lint
from factsheet.load import load
from factsheet.pages import Page, page_files, read_page
from factsheet.reckon import reckon
from factsheet.render import Renderer

DATA_FILE = Path("data/facts.yaml")
CONFIG_FILE = Path("mkdocs.yml")


class _ConfigLoader(yaml.CSafeLoader):
    """Reads ``mkdocs.yml`` without MkDocs: its own tags are passed over."""


def _nothing(_loader: yaml.CSafeLoader, _suffix: str, _node: yaml.Node) -> None:
    """What a tag of MkDocs, such as ``!ENV``, stands for here."""


_ConfigLoader.add_multi_constructor("", _nothing)


@dataclass(frozen=True)
class Project:
    """The data file, the pages and the site's configuration under one folder."""

    root: Path

    @cached_property
    def config(self) -> dict[str, Any]:
        """The site's configuration; empty where there is none."""
        path = self.root / CONFIG_FILE
        if not path.exists():
            return {}
        found = yaml.load(path.read_text("utf-8"), Loader=_ConfigLoader)
        return found if isinstance(found, dict) else {}

    @property
    def docs(self) -> Path:
        """The folder of the chapters."""
        return self.root / str(self.config.get("docs_dir") or "docs")

    @property
    def build(self) -> Path:
        """The folder that MkDocs builds into."""
        return self.root / str(self.config.get("site_dir") or "build")

    def read(self) -> tuple[Renderer | None, list[Fault]]:
        """Load, reckon and check everything; every fault that one run can find.

        There is no renderer where the data file itself cannot be read.
        """
        faults: list[Fault] = []
        pages: list[Page] = []
        for path in page_files(self.docs):
            try:
                pages.append(read_page(path, self.root))
            except FaultsError as error:
                faults += error.faults
        try:
            book = reckon(load(self.root / DATA_FILE, DATA_FILE.as_posix()))
        except FaultsError as error:
            return None, sorted(faults + error.faults)
        lint = Lint(book)
        faults += [*book.faults, *book.contradictions, *lint.data_file()]
        faults += [*lint.titles(CONFIG_FILE.name, self._titles()), *lint.pages(pages)]
        site_url = str(self.config.get("site_url") or "")
        return Renderer(book, pages, site_url=site_url), sorted(set(faults))

    def _titles(self) -> Iterator[tuple[int, str]]:
        """What a reader sees of the configuration: the site's name, description and menu."""
        path = self.root / CONFIG_FILE
        if not path.exists():
            return
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if key.value in {"site_name", "site_description", "site_author", "copyright"}:
                yield value.start_mark.line + 1, value.value
            if key.value == "nav":
                yield from _nav_titles(value)


def _nav_titles(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nav_titles(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.start_mark.line + 1, key.value
            yield from _nav_titles(value) if not isinstance(value, yaml.ScalarNode) else ()
