"""The faults of pages and of texts in the data file, before anything is built."""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from unicodedata import normalize

from factsheet.analysis.factbase import FactBase
from factsheet.charts.measure import unknown_signs
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.errors import Fault, FaultsError
from factsheet.lint import calls, links
from factsheet.lint.exempt import exempt_faults
from factsheet.lint.prose import ProseLint
from factsheet.site import markdown
from factsheet.site.calls import Reading, read_calls
from factsheet.site.macros import call_faults
from factsheet.site.pages import Page


class Lint:
    """All checks of texts against one fact base."""

    def __init__(self, facts: FactBase, language: str = DEFAULT_LANGUAGE) -> None:
        """Nothing is checked yet."""
        self.facts = facts
        self._language = language

    @cached_property
    def _prose(self) -> ProseLint:
        return ProseLint(self.facts, self._language)

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
            yield from self._head(page)
            yield from self._text(page.file, page.reading, with_code=page.is_for_editors)
            yield from calls.misplaced(page)
            yield from calls.within_code(page)
            yield from links.programs(page)
        if all_read:
            yield from calls.lists(self.facts, pages)
            yield from links.dead_links(self.facts, pages, files)
            yield from links.pictures(pages, files)

    def data_file(self) -> Iterator[Fault]:
        """Faults of the texts of the data file: prose, and others, each within its own bound."""
        yield from exempt_faults(self.facts, self._prose)
        name = self.facts.data.name
        for prose in self.facts.data.prose:
            try:
                reading = read_calls(prose.raw, name, prose.line)
            except FaultsError as error:
                yield from error.faults
                continue
            yield from calls.out_of_place(reading.calls)
            yield from self._text(name, reading, prose.line, prose.column)

    def _text(
        self,
        file: str,
        reading: Reading,
        line: int = 1,
        column: int = 1,
        *,
        with_code: bool = False,
    ) -> Iterator[Fault]:
        """Faults of a text, of a page or of the data file, that begins at a place of a file."""
        for call in reading.calls:
            yield from (call.fault(*found) for found in call_faults(self.facts, call))
        yield from reading.foreign
        yield from self._prose.markdown(file, reading.rest, line, column, with_code=with_code)
        if reading.calls:
            shown = markdown.visible(reading.text)
            yield from self._prose.years(file, reading.text, line)
            yield from self._prose.touching(file, shown, line)
            yield from self._prose.units_again(file, shown, line)

    def titles(
        self, file: str, titles: Iterable[tuple[int, str]], settings: Iterable[tuple[int, str]]
    ) -> Iterator[Fault]:
        """Faults of titles and other settings of the site's configuration, with their lines."""
        for line, text in settings:
            yield from self._prose.faults(file, text, line)
        for line, text in titles:
            yield from self._prose.faults(file, text, line)
            if "<" in text or html.unescape(text) != text:
                yield Fault(file, line, 0, "markup in a title", "write it as plain text")

    def words(self, templates: Iterable[tuple[str, str]]) -> Iterator[Fault]:
        """Faults of the words in the site's own templates, given with their files."""
        for file, text in templates:
            yield from self._prose.faults(file, text)

    def signs(self, pages: Iterable[Page]) -> Iterator[Fault]:
        """Signs for which our fonts, and so the PDFs, have nothing to show."""
        texts = [*self._shown(are_quoted=False)]
        for file, text, line in texts:
            for match in _MARKED.finditer("" if text.isascii() else normalize("NFC", text)):
                what = f'there is no sign for "{match[0]}" with its mark, as pictures need one'
                yield Fault(file, line, 0, what, "write it without the mark")
        texts += [(page.file, page.reading.rest, 1) for page in pages if page.is_for_paper]
        yield from _without_glyph(texts, "write it with other signs, or say it in words")

    def only_on_pages(self) -> Iterator[Fault]:
        """The same in what sources say, which is no fault: PDFs and pictures do without it."""
        hint = "the pages show these words; PDFs and pictures say that they cannot"
        yield from _without_glyph([*self._shown(are_quoted=True)], hint)

    def _shown(self, *, are_quoted: bool) -> Iterator[tuple[str, str, int]]:
        """Texts of the data file, with its name and their lines: what sources say, or the rest."""
        data = self.facts.data
        for path, node in data.scalars:
            if path[-1] not in _NOT_SHOWN and are_quoted == (path[-1] in _QUOTED):
                yield data.name, node.value, node.start_mark.line + 1

    def _head(self, page: Page) -> Iterator[Fault]:
        # A text may go on below its field, so a line that ends in a word goes on in the next.
        for number, line in enumerate(page.head.splitlines(), start=2):
            key, _, text = line.partition(":") if ":" in line else ("", "", line)
            if "{{" in text:
                what = "a macro in the front matter is not filled in"
                yield Fault(page.file, number, 0, what, "say it without the figure")
            elif key.strip() not in {"template", "hide", "search", "boost"}:
                yield from self._prose.faults(
                    page.file, text, number, len(key) + (2 if ":" in line else 1)
                )


def _without_glyph(texts: list[tuple[str, str, int]], hint: str) -> Iterator[Fault]:
    unknown = unknown_signs({*"".join(text for _, text, _ in texts)})
    for file, text, first in texts if unknown else ():
        for number, line in enumerate(text.split("\n"), start=first):
            lacking = dict.fromkeys(f'"{sign}"' for sign in line if sign in unknown)
            if lacking:
                what = f"our fonts have no sign for {', '.join(lacking)}"
                yield Fault(file, number, 0, what, hint)


_MARKED = re.compile(r"[^\W\d_][\u0300-\u036f]+")
"""Letters with marks that Unicode does not have as one sign."""
_NOT_SHOWN = {"url", "archived"}
"""Fields of the data file that go out in another form: addresses as RFC 3986 has them."""
_QUOTED = {"printed", "said_by", "publisher", "author", "title", "published_basis"}
"""Fields that quote or name a source, in its own letters."""
