"""The audit of a damaged or incomplete site: it tells of each file, and never breaks off."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factsheet.audit.audit import audit
from factsheet.build.notices import NOTICES
from tests.conftest import copy_lighthouse

OF_THE_THEME = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
"""Loaded by the theme's scripts alone, which the audit does not read."""
UNREAD = {".png", ".js", ".css", ".map", ".gz"}
"""Of files of these kinds, the audit sees that they are there, but not what is in them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_lighthouse(tmp_path_factory.mktemp("damaged") / "lighthouse").build()


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(content: bytes) -> bytes:
    return content[:0]


def garbled(content: bytes) -> bytes:
    """Every fourth byte is another one: no encoding, no structure holds."""
    chance = random.Random(len(content))
    return bytes(b if n % 4 else chance.randrange(256) for n, b in enumerate(content))


def written(folder: Path) -> Iterator[Path]:
    """Every file that holds something of the sheet, and one of each kind that does not."""
    kinds = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        is_of_theme = name.startswith("assets/")
        if not is_of_theme or path.suffix not in kinds:
            yield path
        if is_of_theme:
            kinds.add(path.suffix)


def damage(folder: Path, path: Path, how: Callable[[bytes], bytes] | None) -> list[str]:
    """The files of which the audit tells faults while one is damaged, or away."""
    before = path.read_bytes()
    if how is None:
        path.unlink()
    else:
        path.write_bytes(how(before))
    try:
        found = audit(folder)
        assert all(fault.hint for fault in found.faults)
        return [str(fault) for fault in found.faults]
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("how", [None, emptied, halved, garbled])
def test_no_damage_goes_unseen_or_breaks_the_audit(
    folder: Path, how: Callable[[bytes], bytes] | None
) -> None:
    assert not audit(folder).faults
    unseen = set()
    for path in written(folder):
        name = path.relative_to(folder).as_posix()
        if not damage(folder, path, how):
            unseen.add(name)
    if how is None:
        assert all(name.startswith(OF_THE_THEME) or name.endswith(".map") for name in unseen)
    else:
        read = {name for name in unseen if Path(name).suffix not in UNREAD}
        assert read <= {"_headers", NOTICES}  # neither holds a figure
    assert not {name for name in unseen if name.startswith("figures/")}


def parts(tree: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON file; of a list, the first entry stands for all."""
    yield place
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from parts(value, (*place, key))
    if isinstance(tree, list) and tree:
        yield from parts(tree[0], (*place, 0))


@pytest.fixture(scope="module")
def one_pdf(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the smallest of its PDFs alone: most of an audit is spent in reading them."""
    copy = Path(shutil.copytree(folder, tmp_path_factory.mktemp("small") / "site"))
    _, *larger = sorted(copy.glob("pdf/*.pdf"), key=lambda path: path.stat().st_size)
    for path in larger:
        path.unlink()
    return copy


@pytest.mark.parametrize("put", [None, [], "none"])
def test_facts_of_another_shape_are_a_fault(one_pdf: Path, put: Any) -> None:
    """Whatever stands in the place of any part of it, the audit ends with its list of faults."""
    path = one_pdf / "data/facts.json"
    before = path.read_text("utf-8")
    tried = 0
    try:
        for place in parts(json.loads(before)):
            if len(place) > 2 and place[0] in {"dates", "names"} and place[1] != "2020":
                continue
            tree = json.loads(before)
            inner = tree
            for step in place[:-1]:
                inner = inner[step]
            if place:
                inner[place[-1]] = put
            else:
                tree = put
            path.write_text(json.dumps(tree), "utf-8")
            audit(one_pdf)
            tried += 1
    finally:
        path.write_text(before, "utf-8")
    assert tried > 50
