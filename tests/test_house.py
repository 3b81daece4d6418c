"""The plan of the house: who may import whom, and what the engine may not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENGINE = ROOT / "factsheet"
FLOORS = [
    {"faults", "pictures", "quantity"},
    {"dates", "disk", "formula", "pdffile", "yamltext", "finished", "ledger"},
    {"model", "paper"},
    {"load", "values", "reference", "traces"},
    {"reckon", "pages", "tidy", "verify"},
    {"verdicts", "wording"},
    {"marks"},
    {"charts"},
    {"chartpage"},
    {"render"},
    {"blocks", "book", "lint", "export", "links", "schema", "seal", "show", "social"},
    {"press"},
    {"project", "audit"},
    {"assemble", "desk"},
    {"cli"},
    {"__main__"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.module
            assert node.level == 0
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = sorted(path.stem for path in ENGINE.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downward(name: str) -> None:
    used = {found.split(".")[1] for found in imports(ENGINE / f"{name}.py")
            if found.startswith("factsheet.")}  # fmt: skip
    above = {other for other in used if other in FLOOR and FLOOR[other] >= FLOOR[name]}
    assert not above, f"{name} imports {above}"


@pytest.mark.parametrize("name", MODULES)
def test_the_engine_does_not_import_mkdocs(name: str) -> None:
    assert not {found for found in imports(ENGINE / f"{name}.py") if found.startswith("mkdocs")}


def test_the_engine_does_not_know_its_subject() -> None:
    endings = {".py", ".j2", ".yaml", ".typ"}
    for path in (path for path in ENGINE.rglob("*") if path.suffix in endings):
        text = path.read_text("utf-8").casefold()
        for word in ("khazar", "neftchala", "azermash", "iran khodro"):
            assert word not in text, f"{path} speaks of {word}"
