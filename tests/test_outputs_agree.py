"""What the audit leaves open of how pages and downloads agree; read back from the files."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.conftest import ROOT

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


def key_of(node: LexborNode) -> str:
    period = node.attributes.get("data-period")
    figure = node.attributes["data-figure"]
    return f"{figure}-{period.replace('/', '--')}" if period else str(figure)


def test_used_on_is_where_the_figures_are_cited(
    trees: dict[str, LexborHTMLParser], observations: dict[str, dict[str, Any]]
) -> None:
    for page, tree in trees.items():
        for node in tree.css(".md-content__inner > p a.figure-link .fig, ul.cards .fig"):
            assert page in observations[key_of(node)]["used_on"], f"{page}: {node.html}"


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


def test_the_edition_is_on_every_page(
    trees: dict[str, LexborHTMLParser], facts: dict[str, Any]
) -> None:
    for name, tree in trees.items():
        foot = tree.css_first("footer .md-copyright")
        assert foot, name
        assert facts["fingerprint"] in foot.text()
        assert foot.css_first(f'time[datetime="{facts["edition"]}"]'), name


def test_the_schema_of_the_data_file_is_up_to_date() -> None:
    from factsheet.export import as_json
    from factsheet.schema import data_file_schema

    assert (ROOT / "data/facts.schema.json").read_text("utf-8") == as_json(data_file_schema())
