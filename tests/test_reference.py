"""The editors' reference is whole and true: fields, macros, templates, schema and the guide."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from factsheet.faults import FaultsError
from factsheet.lint import Lint
from factsheet.load import load
from factsheet.model import Entry, FactSheet
from factsheet.pages import find_calls
from factsheet.reckon import reckon
from factsheet.reference import KINDS, EntryHelp, FieldHelp, entry_help, macro_help
from factsheet.render import MACROS, Renderer
from factsheet.schema import data_file_schema
from tests.conftest import ROOT, Copy

TEMPLATES = ROOT / "data/templates.yaml"
Tree = dict[str, Any]
Place = tuple[str | int, ...]

# Where in the templates an entry of each kind stands, and other places for fields that need one.
HOSTS: dict[str, Place] = {
    "FactSheet": (),
    "Unit": ("units", "car"),
    "Plural": ("units", "car", "label", "ru"),
    "Name": ("names", "euro_5"),
    "Topic": ("topics", "production"),
    "Source": ("sources", "gazette-77"),
    "Indicator": ("indicators", "country_output"),
    "Claim": ("indicators", "country_output", "observations", "2018", 0),
    "Derivation": ("indicators", "country_output", "derived", "2018-09/2018-12"),
    "Check": ("checks", "plant_within_country"),
    "Revision": ("revisions", 0),
    "Claim.high": ("indicators", "car_price", "claims", 0),
    "Claim.qualifier": ("indicators", "country_output", "observations", "2018", 1),
    "Claim.rounded": ("indicators", "plant_cost", "claims", 0),
    "Claim.due": ("indicators", "output_planned", "claims", 0),
    "Indicator.observations": ("indicators", "plant_output"),
    "Indicator.claims": ("indicators", "plant_cost"),
    "Indicator.formula": ("indicators", "output_growth"),
    "Indicator.inputs": ("indicators", "output_growth"),
    "Indicator.periods": ("indicators", "output_growth"),
    "Indicator.round": ("indicators", "output_growth"),
    "Indicator.stance": ("indicators", "output_planned"),
    "Indicator.outcome": ("indicators", "output_planned"),
}
FIELDS = [(entry.name, field) for entry in entry_help() for field in entry.fields]
each_field = pytest.mark.parametrize(
    ("kind", "field"), FIELDS, ids=[f"{kind}.{field.name}" for kind, field in FIELDS]
)


@cache
def _templates() -> Tree:
    tree: Tree = yaml.load(TEMPLATES.read_text("utf-8"), Loader=yaml.CBaseLoader)
    return tree


def faults_in(text: str, folder: Path) -> list[str]:
    """What the engine says to a data file of this text."""
    path = folder / "facts.yaml"
    path.write_text(text, "utf-8")
    try:
        book = reckon(load(path, "facts.yaml"))
    except FaultsError as error:
        return [str(fault) for fault in error.faults]
    return [
        str(fault) for fault in [*book.faults, *book.contradictions, *Lint(book).data_file()]
    ]


def written(tree: Tree) -> str:
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def with_example(kind: str, field: str, example: Any) -> str:
    """The templates with an example in the place of a field; sections keep their other entries."""
    tree = deepcopy(_templates())
    entry: Any = tree
    for step in HOSTS.get(f"{kind}.{field}", HOSTS[kind]):
        entry = entry[step]
    if kind == "FactSheet" and isinstance(example, dict):
        entry[field] |= example
    elif isinstance(example, str):
        entry[field] = "EXAMPLE"
        return re.sub(r"\bEXAMPLE\b", lambda _: example, written(tree))
    else:
        entry[field] = example
    return written(tree)
