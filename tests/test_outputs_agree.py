"""Pages, JSON and CSV of the finished site say the same; read back from the files."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

FOUNDING_ARTICLE = "azernews-146074"


@pytest.fixture(scope="module")
def facts(built_site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def observations(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {observation["id"]: observation for observation in facts["observations"]}


@pytest.fixture(scope="module")
def trees(built_site: Path) -> dict[str, LexborHTMLParser]:
    return {
        path.name: LexborHTMLParser(path.read_text("utf-8")) for path in built_site.glob("*.html")
    }


def figures(trees: dict[str, LexborHTMLParser]) -> Iterator[tuple[str, LexborNode]]:
    for name, tree in trees.items():
        for node in tree.css("data.fig, time.fig"):
            yield name, node


def key_of(node: LexborNode) -> str:
    period = node.attributes.get("data-period")
    figure = node.attributes["data-figure"]
    return f"{figure}-{period.replace('/', '--')}" if period else str(figure)


def test_every_tagged_figure_equals_its_observation(
    trees: dict[str, LexborHTMLParser], observations: dict[str, dict[str, Any]]
) -> None:
    seen = 0
    for page, node in figures(trees):
        observation = observations[key_of(node)]
        value = node.attributes.get("value") or node.attributes.get("datetime")
        assert value == observation["value"], f"{page}: {node.html}"
        link = node.parent
        assert link
        shown = node.text()
        if shown != observation["text"]["en"]:
            # Other forms of a figure are its words without the unit or the qualifier.
            words = observation["text"]["en"].replace("\N{NO-BREAK SPACE}", " ")
            assert shown.split()[-1].rstrip("%") in words or "thousand" in shown, node.html
        seen += 1
    assert seen > len(observations)


def test_every_observation_has_its_record(
    built_site: Path, observations: dict[str, dict[str, Any]]
) -> None:
    trees = {
        path.name: LexborHTMLParser(path.read_text("utf-8"))
        for path in (built_site / "figures").glob("*.html")
    }
    for key, observation in observations.items():
        address = urlsplit(observation["url"])
        tree = trees[Path(address.path).name]
        place = address.fragment or "undated"
        record = tree.css_first(f'[data-record="{key}"][id="{place}"]')
        assert record, f"{key} has no record at {observation['url']}"
        around = record if observation["period"] else tree.body
        shown = around.text() if around else ""
        assert observation["text"]["en"] in shown or observation["forms"]["number"]["en"] in shown
        for claim in observation["claims"]:
            assert claim["printed"] in record.text(), f"{key}: {claim['printed']}"
            if claim["said_by"]:
                assert claim["said_by"] in record.text()


def test_used_on_is_where_the_figures_are_cited(
    trees: dict[str, LexborHTMLParser], observations: dict[str, dict[str, Any]]
) -> None:
    for page, tree in trees.items():
        for node in tree.css(".md-content__inner > p a.figure-link .fig, ul.cards .fig"):
            assert page in observations[key_of(node)]["used_on"], f"{page}: {node.html}"


def test_the_csv_holds_every_claim(built_site: Path, facts: dict[str, Any]) -> None:
    with (built_site / "data/facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [
        (observation["id"], claim["text"]["en"], claim["value"], claim.get("source", ""))
        for observation in facts["observations"]
        for claim in observation["claims"] or [observation]
    ]
    assert [(row["id"], row["shown"], row["value"], row["source"]) for row in rows] == expected
    chosen = {row["id"]: row["shown"] for row in rows if row["is_shown"] == "true"}
    assert chosen == {o["id"]: o["text"]["en"] for o in facts["observations"]}
    assert sum(row["is_shown"] == "true" for row in rows) == len(chosen)
    assert {row["kind"] for row in rows if row["source"]} == {"statement"}
    assert {row["kind"] for row in rows if not row["source"]} == {"calculation"}
    states = {row["id"]: row["status"] for row in rows}
    assert all("; ".join(o["status"]) == states[o["id"]] for o in facts["observations"])


def test_the_json_keeps_its_published_shape(built_site: Path, facts: dict[str, Any]) -> None:
    schema = json.loads((built_site / "data/facts.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(facts)


def test_the_whole_founding_article_is_there(facts: dict[str, Any]) -> None:
    """The research lists fifty entries of the article."""
    claims = [
        claim["printed"]
        for observation in facts["observations"]
        for claim in observation["claims"]
        if claim["source"] == FOUNDING_ARTICLE
    ]
    assert len(claims) == 50


def test_sources_keep_their_numbers(
    trees: dict[str, LexborHTMLParser], facts: dict[str, Any]
) -> None:
    by_address = {f"sources.html#source-{source['id']}": source for source in facts["sources"]}
    for name, tree in trees.items():
        for link in tree.css("sup.source-number a"):
            source = by_address[str(link.attributes["href"])]
            assert link.text() == f"[{source['no']}]", f"{name}: {link.html}"


def test_the_edition_is_on_every_page(
    trees: dict[str, LexborHTMLParser], facts: dict[str, Any]
) -> None:
    for name, tree in trees.items():
        foot = tree.css_first("footer .md-copyright")
        assert foot, name
        assert facts["fingerprint"] in foot.text()
        assert foot.css_first(f'time[datetime="{facts["edition"]}"]'), name
