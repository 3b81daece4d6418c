"""What pages tell search engines, read by a JSON-LD processor and held against shapes."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]  # it has no types
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Copy

SITE = "https://lighthouse.internal/gull/"
SCHEMA = "http://schema.org/"
NODE, TEXT, TRUTH, COUNT = "@id", "text", "truth", "count"
CONTEXT = {"@vocab": SCHEMA} | {
    name: {"@id": SCHEMA + name, "@type": "@id"}
    for name in ("url", "license", "isBasedOn", "contentUrl", "item")
}
"""The part that is used of https://schema.org/docs/jsonldcontext.json; nothing is fetched."""

# By type, each property: of what it is, at least how many, at most how many.
ANY = 999
DATASET = {
    "name": (TEXT, 1, 1), "description": (TEXT, 1, 1), "url": (NODE, 1, 1),
    "creator": ("Organization", 1, 1), "publisher": ("Organization", 1, 1),
    "inLanguage": (TEXT, 1, 1), "isAccessibleForFree": (TRUTH, 1, 1), "version": (TEXT, 1, 1),
    "dateModified": (TEXT, 1, 1), "license": (NODE, 1, 1), "distribution": ("DataDownload", 1, ANY),
    "temporalCoverage": (TEXT, 0, 1),
}  # fmt: skip
SHAPES: dict[str, dict[str, tuple[str, int, int]]] = {
    "Organization": {"name": (TEXT, 1, 1)},
    "DataDownload": {"encodingFormat": (TEXT, 1, 1), "contentUrl": (NODE, 1, 1)},
    "StatisticalVariable": {"name": (TEXT, 1, 1), "description": (TEXT, 1, 1)},
    "BreadcrumbList": {"itemListElement": ("ListItem", 3, 3)},
    "ListItem": {"position": (COUNT, 1, 1), "name": (TEXT, 1, 1), "item": (NODE, 1, 1)},
    "Observation": {
        "name": (TEXT, 1, 1), "description": (TEXT, 1, 1), "variableMeasured": (NODE, 1, 1),
        "observationDate": (TEXT, 0, 1), "unitText": (TEXT, 0, 1),
        "value": (TEXT, 0, 1), "minValue": (TEXT, 0, 1), "maxValue": (TEXT, 0, 1),
    },
}  # fmt: skip
WHOLE = DATASET | {
    "keywords": (TEXT, 1, ANY), "variableMeasured": (TEXT, 1, ANY), "citation": (TEXT, 1, 1),
}  # fmt: skip
PART = DATASET | {
    "isPartOf": (NODE, 1, 1), "isBasedOn": (NODE, 0, ANY),
    "variableMeasured": ("StatisticalVariable", 1, 1),
}  # fmt: skip

Node = dict[str, Any]


def read(page: Path, address: str) -> list[Node]:
    """The things that a page tells of, with full addresses and names of properties."""
    (script,) = LexborHTMLParser(page.read_text("utf-8")).css('script[type="application/ld+json"]')
    data = json.loads(script.text())
    assert data.pop("@context") == "https://schema.org"
    nodes: list[Node] = jsonld.expand(data, {"base": address, "expandContext": CONTEXT})
    return nodes


def misfits(node: Node, shapes: dict[str, dict[str, tuple[str, int, int]]]) -> list[str]:
    """What of a node is not as its shape wants it."""
    (kind,) = (name.removeprefix(SCHEMA) for name in node["@type"])
    shape, found = dict(shapes[kind]), []
    for name, values in node.items():
        if name.startswith("@"):
            continue
        wanted, _, most = shape.pop(name.removeprefix(SCHEMA), ("nothing", 0, 0))
        found += [f"{kind} has {len(values)} {name}"] if len(values) > most else []
        for value in values:
            if value.keys() == {"@id"}:
                is_right = wanted == NODE and value["@id"].startswith(("https://", "http://"))
            elif "@value" in value:
                held = {str: TEXT, bool: TRUTH, int: COUNT}[type(value["@value"])]
                is_right = wanted == held and value["@value"] != ""
            else:
                is_right = [SCHEMA + wanted] == value["@type"]
                found += misfits(value, shapes)
            found += [] if is_right else [f"{name} of {kind} is {value}"]
    return found + [f"{kind} has no {name}" for name, (_, least, _) in shape.items() if least]


def values(node: Node, name: str) -> list[Any]:
    return [value.get("@value", value.get("@id")) for value in node.get(SCHEMA + name, [])]


def test_the_page_of_downloads_tells_of_one_set_of_data(built_lighthouse: Copy) -> None:
    (data,) = read(built_lighthouse.site / "tower.html", SITE + "tower.html")
    assert not misfits(data, SHAPES | {"Dataset": WHOLE})
    files = [values(each, "contentUrl")[0] for each in data[SCHEMA + "distribution"]]
    names = ("facts.csv", "facts.xlsx", "facts.json", "gull-point.zip")
    assert files == [f"{SITE}data/{name}" for name in names]
    assert values(data, "temporalCoverage") == ["2019-01-01/2020-12-31"]
    assert values(data, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert "Height" in values(data, "variableMeasured")
    assert 50 <= len(values(data, "description")[0]) <= 5000  # what Google takes


def test_the_page_of_a_figure_tells_of_its_part(built_lighthouse: Copy) -> None:
    address = f"{SITE}figures/visitors.html"
    data, places, *figures = read(built_lighthouse.site / "figures/visitors.html", address)
    for node in (data, places, *figures):
        assert not misfits(node, SHAPES | {"Dataset": PART})
    assert values(data, "isPartOf") == [f"{SITE}tower.html#data"]
    assert [values(figure, "value") for figure in figures] == [["400"], ["250"]]
    assert values(figures[1], "name") == ["Visitors, 2020"]
    assert "250 visitors [disputed]" in values(figures[1], "description")[0]
    assert figures[1]["@id"] == f"{address}#2020"
    items = [values(each, "item")[0] for each in places[f"{SCHEMA}itemListElement"]]
    assert items[-1] == address


def test_every_page_of_the_real_site_keeps_to_the_shapes(built_site: Path) -> None:
    facts = json.loads((built_site / "data/facts.json").read_text("utf-8"))
    for name in {o["indicator"] for o in facts["observations"]}:
        for node in read(built_site / f"figures/{name}.html", f"{SITE}figures/{name}.html"):
            assert not misfits(node, SHAPES | {"Dataset": PART}), name
    (data,) = read(built_site / "download.html", f"{SITE}download.html")
    assert not misfits(data, SHAPES | {"Dataset": WHOLE})


@pytest.mark.parametrize(("old", "new"), [
    ('"@type": "Observation", ', '"@type": "Observation", "more": "1", '),
    ('"value": "400"', '"value": 400'),
    ('"license": "https', '"license": "ftp'),
    ('"name": "Visitors, 2019", ', ""),
    ('"name": "Visitors, 2019"', '"name": ["Visitors", "2019"]'),
])  # fmt: skip
def test_the_shapes_see_what_is_wrong(
    built_lighthouse: Copy, tmp_path: Path, old: str, new: str
) -> None:
    text = (built_lighthouse.site / "figures/visitors.html").read_text("utf-8")
    assert old in text
    page = tmp_path / "visitors.html"
    page.write_text(text.replace(old, new), "utf-8")
    nodes = read(page, f"{SITE}figures/visitors.html")
    assert any(misfits(node, SHAPES | {"Dataset": PART}) for node in nodes)
