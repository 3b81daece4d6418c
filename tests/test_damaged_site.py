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
from tests.conftest import Copy

OF_THE_THEME = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
"""Loaded by the theme's scripts alone, which the audit does not read."""
UNREAD = {".png", ".js", ".css", ".map", ".gz"}
"""Of files of these kinds, the audit sees that they are there, but not what is in them."""


@pytest.fixture(scope="module")
def folder(built_lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("damaged") / "site"
    return Path(shutil.copytree(built_lighthouse.site, copy))


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


def damaged(folder: Path, paths: list[Path], how: Callable[[bytes], bytes] | None) -> list[str]:
    """What the audit tells while these files are damaged, or away."""
    before = {path: path.read_bytes() for path in paths}
    try:
        for path, content in before.items():
            if how is None:
                path.unlink()
            else:
                path.write_bytes(how(content))
        found = audit(folder)
        assert all(fault.hint for fault in found.faults)
        return [str(fault) for fault in found.faults]
    finally:
        for path, content in before.items():
            path.write_bytes(content)


@pytest.mark.parametrize("how", [None, emptied, halved, garbled])
def test_no_damage_goes_unseen_or_breaks_the_audit(
    folder: Path, how: Callable[[bytes], bytes] | None
) -> None:
    """First all pages at once, then all else; what is not named then is damaged alone."""
    assert not audit(folder).faults
    paths = {path.relative_to(folder).as_posix(): path for path in written(folder)}
    facts = paths.pop("data/facts.json")  # all else is held against it
    assert damaged(folder, [facts], how)
    pages = [path for path in paths.values() if path.suffix == ".html"]
    others = [path for path in paths.values() if path.suffix != ".html"]
    told = "\n".join(damaged(folder, pages, how) + damaged(folder, others, how))
    alone = [name for name in paths if f"{name}:" not in told]
    unseen = {name for name in alone if not damaged(folder, [paths[name]], how)}
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
def small(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the smallest of its PDFs alone, and nothing in the theme's style sheets.

    Most of an audit is spent in reading these.
    """
    copy = Path(shutil.copytree(folder, tmp_path_factory.mktemp("small") / "site"))
    _, *larger = sorted(copy.glob("pdf/*.pdf"), key=lambda path: path.stat().st_size)
    for path in larger:
        path.unlink()
    for path in copy.glob("assets/stylesheets/*.min.css"):
        path.write_bytes(b"")
    return copy


def test_facts_of_another_shape_are_a_fault(small: Path) -> None:
    """Whatever stands in the place of any part of it, the audit ends with its list of faults."""
    path = small / "data/facts.json"
    before = path.read_text("utf-8")
    put_there: tuple[Any, ...] = ([], None, "none")
    tried = 0
    try:
        for place in parts(json.loads(before)):
            if len(place) > 2 and place[0] in {"dates", "names"} and place[1] != "2020":
                continue
            for put in put_there:
                tree: dict[Any, Any] = {"": json.loads(before)}
                inner = tree
                *steps, last = ("", *place)
                for step in steps:
                    inner = inner[step]
                was, inner[last] = inner[last], put
                path.write_text(json.dumps(tree[""]), "utf-8")
                tried += 1
                is_unread = audit(small).pages and put == [] and not isinstance(was, list)
                if is_unread:  # so anything may stand there
                    break
    finally:
        path.write_text(before, "utf-8")
    assert tried > 500


def test_what_is_no_plain_file_is_told(folder: Path) -> None:
    made = folder / "x.html", folder / "y.html", folder / "z"
    made[0].symlink_to("nowhere")
    made[1].mkdir()
    made[2].symlink_to(".")
    try:
        told = {fault.file for fault in audit(folder).faults}
    finally:
        made[0].unlink()
        made[1].rmdir()
        made[2].unlink()
    assert told == {"x.html", "y.html", "z"}
