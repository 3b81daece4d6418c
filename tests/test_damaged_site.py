"""A damaged or incomplete site: each file is told, in few lines, and nothing breaks off."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from factsheet.audit.audit import audit
from factsheet.audit.compare import differences
from tests.conftest import Copy


@pytest.fixture
def folder(built_lighthouse: Copy, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built_lighthouse.site, tmp_path / "site"))


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(content: bytes) -> bytes:
    return content[:0]


def garbled(content: bytes) -> bytes:
    """Every fourth byte is another one: no encoding, no structure holds."""
    chance = random.Random(len(content))
    return bytes(b if n % 4 else chance.randrange(256) for n, b in enumerate(content))


@pytest.mark.parametrize("how", [None, emptied, halved, garbled])
def test_each_damaged_file_is_told_and_read_as_far_as_it_can_be(
    built_lighthouse: Copy, folder: Path, how: Callable[[bytes], bytes] | None
) -> None:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        if how is None:
            path.unlink()
        else:
            path.write_bytes(how(path.read_bytes()))
    lines = [str(fault) for fault in differences(folder, built_lighthouse.site)]
    others = [re.search(r"\(and so with (\d+) more: ", line) for line in lines]
    assert len(lines) + sum(int(one[1]) for one in others if one) == len(paths)
    if how is None:
        assert len(lines) < 15  # those of one folder in one line
    shutil.copy(built_lighthouse.site / "data/facts.json", folder / "data")
    found = audit(folder).faults
    assert len(found) > 50
    assert all(fault.hint for fault in found)


@pytest.mark.parametrize("facts", ["", "{", "[]", '{"observations": 7}'])
def test_without_its_facts_nothing_else_is_read(folder: Path, facts: str) -> None:
    (folder / "data/facts.json").write_text(facts)
    assert [fault.file for fault in audit(folder).faults] == ["data/facts.json"]


def test_what_is_no_plain_file_is_told(built_lighthouse: Copy, folder: Path) -> None:
    (folder / "x.html").symlink_to("nowhere")
    (folder / "y.html").mkdir()
    (folder / "y.html/inner.txt").write_text("x")
    (folder / "z").symlink_to(".")
    (folder / "robots.txt").unlink()
    (folder / "robots.txt").mkdir()
    told = {fault.file: fault.what for fault in differences(folder, built_lighthouse.site)}
    assert told == {
        "x.html": "this is no plain file (and so with 1 more: z)",
        "y.html": "nothing is known of this folder",
        "robots.txt": "this is a folder",
    }


def test_a_folder_that_is_not_there_is_told(lighthouse: Copy) -> None:
    done = lighthouse.call("audit", "nowhere")
    assert done.returncode == 1
    assert done.stderr == "nowhere:1: there is no such folder — name a finished site\n"
