"""Where everything stands on the site, and where each figure is used.

Pages are flat and end in ``.html``, so an address is right on every page, in a text of the
data file, and in an archive on a disk.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from factsheet.analysis.factbase import FactBase, Observation
from factsheet.charts.data import Marks
from factsheet.site.calls import Call
from factsheet.site.macros import MACROS, call_faults, use_anchor
from factsheet.site.pages import GENERATED, Page

_RESERVED = re.compile(r"(^|\.)(example\.(com|net|org)|example|invalid|test)$")
"""Hosts that belong to nobody (RFC 2606)."""


@dataclass(frozen=True)
class Use:
    """A section of a page that shows a figure."""

    page: Page
    section: int
    title: str
    address: str


class SiteMap:
    """The addresses of records, sources and disputes, and the uses of figures, from the pages."""

    def __init__(self, facts: FactBase, pages: Iterable[Page], site_url: str = "") -> None:
        """Nothing is looked up yet."""
        self.facts = facts
        self.sheet = facts.data.sheet
        self.pages = list(pages)
        self.site_url = site_url.rstrip("/") + "/" if site_url else ""
        self.marks = Marks(facts)
        self.past: list[str] = []
        """The dates of past editions whose files the build puts beside the pages, newest first."""

    def address(self, observation: Observation) -> str:
        """Page and anchor of the observation's record."""
        anchor = f"#{observation.period.key}" if observation.period else ""
        return self.figure_address(observation.indicator_id) + anchor

    def figure_address(self, indicator_id: str) -> str:
        """The page of an indicator."""
        return f"{GENERATED}/{indicator_id}.html"

    def page_with(self, macro: str) -> str:
        """The page on which a macro is called first; else the start page."""
        return f"{self._first_page.get(macro, 'index')}.html"

    def edition_address(self, day: str) -> str:
        """The page of a past edition, if its files are kept; else the start page."""
        return f"editions/{day}/index.html" if day in self.past else "index.html"

    def source_address(self, source_id: str) -> str:
        """Page and anchor of a source."""
        return f"{self.page_with('sources')}#source-{source_id}"

    def dispute_address(self, key: str) -> str:
        """Page and anchor of a dispute or a note."""
        macro = "notes" if key in {note.key for note in self.facts.notes} else "disputes"
        return f"{self.page_with(macro)}#dispute-{key}"

    @property
    def public_url(self) -> str:
        """The site's own address, which readers get; none while ``site_url`` is a placeholder."""
        host = urlsplit(self.site_url).hostname or ""
        return "" if _RESERVED.search(host) else self.site_url

    def absolute(self, address: str) -> str:
        """An address with the site's own before it; from the start page if that is not known."""
        return self.public_url + address

    def record_address(self, observation: Observation) -> str:
        """The address of the observation's record, in full where it is known."""
        return self.absolute(self.address(observation))

    def uses_of(self, indicator_id: str) -> list[Use]:
        """The sections that show any of an indicator's figures, each once."""
        found: dict[tuple[str, int], Use] = {}
        for observation in self.facts.series(indicator_id):
            for use in self._uses.get(observation.key, []):
                found.setdefault((use.page.name, use.section), use)
        return list(found.values())

    def state_of(self, indicator_id: str) -> tuple[str, ...]:
        """All that the page of an indicator depends on: the data, and where other pages stand."""
        lists = ("figure_index", "sources", "disputes", "notes")
        uses = [f"{use.address} {use.title}" for use in self.uses_of(indicator_id)]
        places = [self._first_page.get(macro, "") for macro in lists]
        return (self.facts.data.fingerprint, self.site_url, *places, *uses)

    def used_on(self, observation: Observation) -> list[Page]:
        """The pages that cite the figure."""
        pages = {use.page.name: use.page for use in self._uses.get(observation.key, [])}
        return list(pages.values())

    def key_figures(self) -> list[Observation]:
        """The figures of all cards of the start page, in their order."""
        start = (call for page in self.pages if page.name == "index" for call in page.calls)
        return [o for call in start if call.macro == "cards" for o in self.cited(call)]

    def cited(self, call: Call) -> list[Observation]:
        """The figures that a call shows, lists of whole topics left out."""
        if call.macro not in MACROS or call_faults(self.facts, call):
            return []
        macro = MACROS[call.macro]
        return list(macro.cites(self.facts, self.marks, **macro.arguments(call)))

    def figures_of(self, source_id: str) -> list[Observation]:
        """The figures for which a source gives a claim."""
        every = self.facts.observations.values()
        return [o for o in every if any(read.claim.source == source_id for read in o.claims)]

    @cached_property
    def _first_page(self) -> dict[str, str]:
        """The page on which each macro is called first."""
        calls = [(call.macro, page.name) for page in self.pages for call in page.calls]
        return dict(reversed(calls))

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        uses: dict[str, dict[tuple[str, int], Use]] = {}
        for page in self.pages:
            for call in page.calls:
                section = page.section(call.line)
                heading = page.headings[section - 1].words if section else page.title
                title = page.title if heading == page.title else f"{page.title}: {heading}"
                for observation in self.cited(call):
                    macro = MACROS[call.macro]
                    own = macro.anchors(self.facts, **macro.arguments(call))
                    anchor = next(iter(own), use_anchor(section, observation.key))
                    use = Use(page, section, title, f"{page.name}.html#{anchor}")
                    uses.setdefault(observation.key, {}).setdefault((page.name, section), use)
        return {key: list(found.values()) for key, found in uses.items()}
