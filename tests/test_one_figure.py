"""One figure is the same decimal and the same words wherever it is read, by others' programs."""

import csv
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rispy  # type: ignore[import-untyped]  # it has no types
import yaml
from bibtexparser.entrypoint import parse_string
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.conftest import ROOT, Copy
from tests.pdftext import said
from tests.test_editions import second
from tests.test_take_away import latex

__all__ = ["second"]

Figure = dict[str, Any]
Read = tuple[str | None, ...]
"""The value, the upper end of a range, and the words with the states.

References say words alone, and pages the upper end in words: there the file's own stands in.
"""
STATES = yaml.safe_load((ROOT / "factsheet/text/words/en.yaml").read_text("utf-8"))["states"]


def flat(text: str) -> str:
    return " ".join(text.split())


def words(o: Figure) -> str:
    return flat(o["text"]["en"])


def label(o: Figure) -> str:
    """The words with the states that a reader is told: that no number fits, words say already."""
    return words(o) + "".join(f" [{STATES[s]}]" for s in o["status"] if s != "impossible")


def machine(node: LexborNode) -> str | None:
    return node.attributes.get("value", node.attributes.get("datetime"))


def of(o: Figure) -> str:
    """The elements that say a figure."""
    return f'.fig[data-figure="{o["indicator"]}"]' + (
        f'[data-period="{o["period"]}"]' if o["period"] else ":not([data-period])"
    )


def part(text: str, whole: str) -> str:
    """Some words, if they stand in a text; else all of it, so that a test can show it."""
    return text if text in flat(whole) else flat(whole)


Reader = Callable[[Path, str, list[Figure]], Iterator[Read]]


def page(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    """A long series has the record of each period as a row, which says the unit once, above."""
    tree = LexborHTMLParser((site / f"figures/{name}.html").read_text("utf-8"))
    for o in figures:
        nodes = tree.css(f"article {of(o)}")
        (value,) = {machine(node) for node in nodes}
        if tree.css_first(f'tr[data-record="{o["id"]}"]'):
            (row,) = tree.css(f'tr[data-record="{o["id"]}"]')
            text = row.text().replace(flat(o["forms"]["number"]["en"]), words(o), 1)
            yield value, o["high"], part(label(o), text) if o["claims"] else label(o)
        else:
            yield value, o["high"], part(label(o), tree.css_first("article").text())  # type: ignore[union-attr]


def popover(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    text = (site / f"figures/{name}.js").read_text("utf-8")
    _, by_period = json.loads(f"[{text.partition('(')[2].rpartition(')')[0]}]")
    for o in figures:
        tree = LexborHTMLParser(by_period[o["period"] or ""])
        node, shown = tree.css_first(of(o)), tree.css_first(".popover-value")
        assert node
        assert shown
        yield machine(node), o["high"], flat(shown.text())


def embed(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    """It shows the latest figure, with "as much" after "times", and draws the others."""
    tree = LexborHTMLParser((site / f"embed/{name}.html").read_text("utf-8"))
    for o in figures:
        (answer,) = tree.css(".answer")
        shown = answer.css_first("b .fig")
        assert shown
        if shown.mem_id in {node.mem_id for node in answer.css(of(o))}:
            yield (
                machine(shown),
                o["high"],
                part(label(o), flat(answer.text()).replace(" as much", "")),
            )
        else:
            period = f'[data-figure="{name}"][data-period="{o["period"]}"][data-value]'
            marks = {(n.attributes["data-value"], n.attributes.get("data-high"))
                     for n in tree.css(period)} or {(o["value"], o["high"])}  # fmt: skip
            (both,) = marks
            yield *both, label(o)


def linked_data(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    tree = LexborHTMLParser((site / f"figures/{name}.html").read_text("utf-8"))
    (script,) = tree.css('script[type="application/ld+json"]')
    graph = json.loads(script.text())["@graph"]
    found = {node["@id"]: node for node in graph if node["@type"] == "Observation"}
    for o in figures:
        node = found[o["url"] if "//" in o["url"] else f"../{o['url']}"]
        least, most = node.get("minValue"), node.get("maxValue")
        value = node.get("value") or least or most
        yield value, most if least else None, part(label(o), node["description"])


def own_json(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    facts = json.loads((site / f"figures/{name}.json").read_text("utf-8"))
    found = {o["id"]: o for o in facts["observations"]}
    for o in figures:
        own = found[o["id"]]
        yield own["value"], own["high"], label(own)


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["is_shown"] == "true"}


def of_row(row: dict[str, Any]) -> Read:
    status = [state for state in str(row["status"] or "").split("; ") if state]
    told = {"status": status, "text": {"en": str(row["shown"]).removeprefix("'")}}
    value, high = ("" if row[n] is None else str(row[n]) for n in ("value", "high"))
    return value.removeprefix("'") or None, high or None, label(told)


def own_csv(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    found = rows(site / f"figures/{name}.csv")
    yield from (of_row(found[o["id"]]) for o in figures)


def bibtex(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    library = parse_string((site / f"figures/{name}.bib").read_text("utf-8"))
    for o, entry in zip(figures, library.entries, strict=True):
        yield o["value"], o["high"], part(label(o), latex(entry["note"]))


def ris(site: Path, name: str, figures: list[Figure]) -> Iterator[Read]:
    records = rispy.loads((site / f"figures/{name}.ris").read_bytes().decode())
    for o, record in zip(figures, records, strict=True):
        yield o["value"], o["high"], part(label(o), record["notes"][0])


READERS: dict[str, Reader] = {
    "page": page, "popover": popover, "embed": embed, "JSON-LD": linked_data,
    "figure JSON": own_json, "figure CSV": own_csv, "BibTeX": bibtex, "RIS": ris,
}  # fmt: skip


def same_everywhere(site: Path) -> int:
    """Read all figures of a site out of all its outputs; return how many there are."""
    facts = json.loads((site / "data/facts.json").read_text("utf-8"))
    series: dict[str, list[Figure]] = {}
    for o in facts["observations"]:
        series.setdefault(o["indicator"], []).append(o)
    for name, figures in series.items():
        wanted = [(o["value"], o["high"], label(o)) for o in figures]
        for output, reader in READERS.items():
            assert list(reader(site, name, figures)) == wanted, f"{output} of {name}"
    whole = rows(site / "data/facts.csv")
    book = openpyxl.load_workbook(site / "data/facts.xlsx", read_only=True)
    head, *lines = book["facts"].iter_rows(values_only=True)
    cells = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    sheet = {row["id"]: row for row in cells if row["is_shown"]}
    (path,) = site.glob("pdf/*-records.pdf")
    records = "".join(said(page) for page in PdfReader(path).pages)
    for o in facts["observations"]:
        assert of_row(whole[o["id"]]) == (o["value"], o["high"], label(o))
        value, high, text = of_row(sheet[o["id"]])
        assert text == label(o)
        assert [number(value), number(high)] == [number(o["value"]), number(o["high"])], o["id"]
        assert "".join(words(o).split()) in records, o["id"]
    feed = LexborHTMLParser((site / "feed.xml").read_text("utf-8"))
    told = [flat(node.text()) for node in feed.css("entry content")]
    for change in facts["revisions"]:
        both = f"Before: {words(change['old'])}. Since: {words(change['new'])}."
        assert any(one.startswith(both) for one in told)
    return len(facts["observations"])


def number(text: str | None) -> object:
    """A spreadsheet writes the same number in another way: 2.5 for 2.50."""
    try:
        return Decimal(str(text))
    except ArithmeticError:
        return text


def test_every_figure_is_the_same_wherever_it_is_read(built_site: Path) -> None:
    assert same_everywhere(built_site) > 700


def test_a_figure_that_was_revised_is_too(second: Copy) -> None:
    facts = json.loads((second.site / "data/facts.json").read_text("utf-8"))
    assert facts["revisions"]
    assert same_everywhere(second.site) == len(facts["observations"])


@pytest.mark.parametrize("output", READERS)
def test_a_reader_sees_another_figure(second: Copy, output: str) -> None:
    """What is compared is really read: with the words of another figure no reader agrees."""
    facts = json.loads((second.site / "data/facts.json").read_text("utf-8"))
    (o,) = (o for o in facts["observations"] if o["id"] == "height")
    other = o | {"text": {"en": "33 metres"}, "value": "33"}
    (read,) = READERS[output](second.site, "height", [other])
    assert read[2] != label(other)
