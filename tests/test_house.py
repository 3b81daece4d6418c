"""The plan of the house: who may import whom, and what the engine may not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENGINE = ROOT / "factsheet"
FLOW = (
    "errors",
    "background",
    "values",
    "data",
    "analysis",
    "text",
    "charts",
    "site",
    "export",
    "lint",
    "pdf",
    "build",
    "audit",
    "editor",
    "cli",
    "__main__",
)
"""The folders (and single modules) of the engine; each imports only from those before it."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.module
            assert node.level == 0
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = sorted(path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py"))


def place(name: str) -> str:
    """The folder of a module, or its own name where it lies in none."""
    return name.split("/")[0].removesuffix(".py")


def engine_imports(name: str) -> set[str]:
    found = (used.split(".") for used in imports(ENGINE / name))
    return {parts[1] for parts in found if parts[0] == "factsheet" and len(parts) > 1}


def test_every_folder_has_its_place_in_the_flow() -> None:
    assert {place(name) for name in MODULES} - {"__init__"} == set(FLOW)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__init__.py"])
def test_imports_point_back_along_the_flow(name: str) -> None:
    earlier = FLOW[: FLOW.index(place(name)) + 1]
    assert engine_imports(name) <= set(earlier)


@pytest.mark.parametrize("name", [name for name in MODULES if place(name) == "audit"])
def test_the_audit_shares_only_errors_with_the_engine(name: str) -> None:
    assert engine_imports(name) <= {"errors", "background", "audit"}


@pytest.mark.parametrize("name", MODULES)
def test_the_engine_does_not_import_mkdocs(name: str) -> None:
    assert not {found for found in imports(ENGINE / name) if found.startswith("mkdocs")}


def test_the_engine_does_not_know_its_subject() -> None:
    endings = {".py", ".j2", ".yaml", ".typ"}
    for path in (path for path in ENGINE.rglob("*") if path.suffix in endings):
        text = path.read_text("utf-8").casefold()
        for word in ("khazar", "neftchala", "azermash", "iran khodro"):
            assert word not in text, f"{path} speaks of {word}"
