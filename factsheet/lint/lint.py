"""The faults of pages and of texts in the data file, before anything is built."""

import html
from collections.abc import Collection, Iterable, Iterator

from factsheet.analysis.factbase import FactBase
from factsheet.charts.measure import lacking
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.errors import Fault, FaultsError
from factsheet.lint import calls, links
from factsheet.lint.prose import ProseLint
from factsheet.site.calls import read_calls
from factsheet.site.pages import Page


class Lint:
    """All checks of texts against one fact base."""

    def __init__(self, facts: FactBase, language: str = DEFAULT_LANGUAGE) -> None:
        """Nothing is checked yet."""
        self.facts = facts
        self._prose = ProseLint(facts, language)

    def pages(
        self, pages: Iterable[Page], files: Collection[str] = (), *, all_read: bool = True
    ) -> Iterator[Fault]:
        """Faults of the chapters.

        Args:
            pages: The chapters.
            files: What lies beside them, by its path below ``docs/``.
            all_read: Whether none is missing that could not be parsed.
        """
        pages = list(pages)
        for page in pages:
            yield from calls.unknown(self.facts, page.calls)
            yield from page.reading.foreign
            yield from self._head(page)
            text = page.reading.rest
            yield from self._prose.markdown(page.file, text, with_code=page.is_for_editors)
            yield from calls.in_headings(page)
            yield from links.programs(page)
        if all_read:
            yield from calls.lists(self.facts, pages)
            yield from links.dead_links(self.facts, pages, files)

    def data_file(self) -> Iterator[Fault]:
        """Faults of the prose fields of the data file."""
        name = self.facts.data.name
        for prose in self.facts.data.prose():
            try:
                reading = read_calls(prose.raw, name, prose.line)
            except FaultsError as error:
                yield from error.faults
                continue
            yield from reading.foreign
            yield from calls.out_of_place(reading.calls)
            yield from calls.unknown(self.facts, reading.calls)
            yield from self._prose.markdown(name, reading.rest, prose.line, prose.column)

    def labels(self) -> Iterator[Fault]:
        """Faults of units and names, whose texts are no prose: a digit, or a macro call."""
        data = self.facts.data
        for unit_id, unit in data.sheet.units.items():
            for language, plural in unit.label.items():
                for text in (plural.one, plural.few, plural.many, plural.other):
                    if text and ("{{" in text or any(self._prose.faults(data.name, text))):
                        path = ("units", unit_id, "label", language)
                        yield data.fault(path, f'a unit called "{text}"', "use words alone")
        for name_id, name in data.sheet.names.items():
            for language, text in name.label.items():
                path = ("names", name_id, "label", language)
                if self._prose.is_count(text):
                    hint = "make it a figure with its source, or write the whole name"
                    yield data.fault(path, f'a number as a name: "{text}"', hint)
                if "{{" in text:
                    yield data.fault(path, "a macro call in a name", "write the name itself")

    def titles(self, file: str, lines: Iterable[tuple[int, str]]) -> Iterator[Fault]:
        """Faults of titles in the site's configuration, given with their lines."""
        for line, text in lines:
            yield from self._prose.faults(file, text, line)
            if "<" in text or html.unescape(text) != text:
                yield Fault(file, line, 0, "markup in a title", "write it as plain text")
            if missing := lacking(text):
                what = f'our fonts have no sign for "{missing}"'
                yield Fault(file, line, 0, what, "write it with other signs")

    def _head(self, page: Page) -> Iterator[Fault]:
        # A text may go on below its field, so a line that ends in a word goes on in the next.
        for number, line in enumerate(page.head.splitlines(), start=2):
            key, _, text = line.partition(":") if ":" in line else ("", "", line)
            if "{{" in text:
                what = "a macro in the front matter is not filled in"
                yield Fault(page.file, number, 0, what, "say it without the figure")
            elif key.strip() not in {"template", "hide", "search"}:
                yield from self._prose.faults(
                    page.file, text, number, len(key) + (2 if ":" in line else 1)
                )
