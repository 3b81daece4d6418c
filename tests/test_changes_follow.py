"""One changed value moves all that rests on it, in every output, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.dates import Period
from factsheet.export import facts_json
from factsheet.load import load
from factsheet.quantity import Amount
from factsheet.reckon import Book, reckon
from factsheet.render import Renderer
from factsheet.values import Value
from tests.conftest import Copy, copy_project

FILE = Path("data/facts.yaml")


class Outputs:
    """What the site says of each observation: in JSON, and in every page's snippets.

    Charts take their values from the same model; test_changes_in_outputs.py reads them back.
    """

    def __init__(self, book: Book, site: Renderer) -> None:
        self.book = book
        self.values = {
            o["id"]: (o["value"], o["high"], o["text"]["en"], o["qualifier"])
            for o in facts_json(site)["observations"]
        }
        self.shown: dict[str, set[str]] = {}
        environment = jinja2.Environment(autoescape=False)
        for page in site.pages:
            html = environment.from_string(page.text).render(
                site.macros() | {"chart": lambda _: ""}
            )
            for node in LexborHTMLParser(html).css("data.fig, time.fig"):
                period = node.attributes.get("data-period")
                key = str(node.attributes["data-figure"])
                key += f"-{period.replace('/', '--')}" if period else ""
                self.shown.setdefault(key, set()).add(node.html or "")

    def changed(self, other: "Outputs") -> tuple[set[str], set[str]]:
        """Ids whose value differs, and ids that a page shows otherwise."""
        values = {key for key in self.values if self.values[key] != other.values.get(key)}
        shown = {key for key in self.shown if self.shown[key] != other.shown.get(key)}
        return values, shown


def outputs(copy: Copy) -> Outputs:
    """Contradictions are left to be reported: they do not stop this."""
    book = reckon(load(copy.root / FILE))
    assert not book.faults, "\n".join(map(str, book.faults))
    return Outputs(book, Renderer(book, copy.renderer_pages(), data_folder=copy.root / "data"))


def dependants(book: Book, keys: set[str]) -> set[str]:
    """The observations, and all that is calculated from them."""
    found = set(keys)
    while True:
        more = {
            o.key
            for o in book.observations.values()
            if o.key not in found and any(given.observation.key in found for _, given in o.inputs)
        }
        if not more:
            return found
        found |= more


def edits(book: Book, lines: list[str]) -> Iterator[tuple[str, dict[int, str]]]:
    """For each figure that sources print: its id, and all its claims' lines with other values."""
    for o in book.observations.values():
        place = ("observations", o.period.text) if o.period else ("claims",)
        where = [
            book.data.line("indicators", o.indicator_id, *place, index, "value") - 1
            for index in range(len(o.claims))
        ]
        if where and not any(isinstance(read.claim.value, list) for read in o.claims):
            yield o.key, {line: changed(lines[line], o.value) for line in where}


def changed(line: str, value: Value) -> str:
    """The line of a value with another value: last digit, year, or name."""
    before, _, after = line.partition("value: ")
    match value:
        case Amount():
            after = re.sub(r"\d(?=\D*$)", next_digit, after)
        case Period():
            after = re.sub(r"\b(\d{3})(\d)(?!\d)", lambda m: m[1] + next_digit(m[2]), after)
        case _:
            after = f"Changed {after[:1]}"
    return f"{before}value: {after}"


def next_digit(digit: str | re.Match[str]) -> str:
    found = digit if isinstance(digit, str) else digit[0]
    return "1" if found == "9" else str(int(found) + 1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return copy_project(tmp_path_factory.mktemp("follow") / "project")


def test_a_changed_value_changes_what_rests_on_it_and_nothing_else(project: Copy) -> None:
    """Every figure that is printed, many a run; those of one run share no dependant."""
    original = project.read(FILE.as_posix()).split("\n")
    before = outputs(project)
    waiting = dict(edits(before.book, original))
    number = len(waiting)
    while waiting:
        lines = list(original)
        touched: set[str] = set()
        for key, new in list(waiting.items()):
            reach = dependants(before.book, {key})
            if touched.isdisjoint(reach):
                touched |= reach
                for line, text in new.items():
                    lines[line] = text
                del waiting[key]
        project.write(FILE.as_posix(), "\n".join(lines))
        values, shown = before.changed(outputs(project))
        assert values <= touched, f"changed without cause: {values - touched}"
        assert shown <= touched, f"shown otherwise without cause: {shown - touched}"
        direct = {key for key in touched if not before.book.observations[key].formula}
        assert direct <= values, f"did not change: {direct - values}"
        assert {key for key in before.shown if key in values} == shown
    project.write(FILE.as_posix(), "\n".join(original))
    printed = [o for o in before.book.observations.values() if o.claims]
    assert number > 0.95 * len(printed)
