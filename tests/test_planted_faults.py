"""Faults planted in every output of a finished site: each is told, at its file.

The table is ``planted_faults.yaml``. Rows under ``read`` are told by the audit that reads the
site, and knows nothing else: so it finds them where the engine or the theme makes them. One run
reads a fault in each of many files. Every row is told by the comparison with what is made again.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from factsheet.audit.audit import audit
from factsheet.audit.compare import differences
from factsheet.build.project import Project
from factsheet.errors import Fault
from tests.conftest import Copy

TABLE = yaml.safe_load(Path(__file__).with_name("planted_faults.yaml").read_text("utf-8"))


class Plant(NamedTuple):
    """What is changed in one file (``new``: None takes it away), and a word of the fault."""

    file: str
    old: str
    new: str | None
    word: str


def plants() -> Iterator[Plant]:
    pages, spread = TABLE["added"]["pages"], TABLE["added"]["each"]
    for number, (html, word) in enumerate(TABLE["added"]["rows"]):
        for page in islice(cycle(pages), number % len(pages), number % len(pages) + spread):
            yield Plant(page, "", html, word)
    yield from (Plant(*map(str, row)) for row in TABLE["read"])
    yield from (Plant(file, "", None, word) for file, word in TABLE["gone"])


def compared() -> Iterator[Plant]:
    yield from (Plant(file, str(old), str(new), "") for file, old, new in TABLE["compared"])
    yield from (Plant(file, "", None, "") for file in TABLE["gone and compared"])


def rounds(plants: Iterable[Plant]) -> list[tuple[Plant, ...]]:
    """The plants in rounds with one a file."""
    by_file: dict[str, list[Plant]] = {}
    for plant in plants:
        by_file.setdefault(plant.file, []).append(plant)
    found = zip_longest(*by_file.values())
    return [tuple(plant for plant in one if plant) for one in found]


@pytest.fixture(scope="module")
def read(built_lighthouse: Copy) -> Callable[[Path], list[Fault]]:
    """The audit, with the words of the tiny fact sheet."""
    project = Project(built_lighthouse.root)
    site, _ = project.read()
    assert site
    words, linked = site.wording.words, project.linked(site)
    return lambda folder: audit(folder, words, linked).faults


@pytest.fixture(scope="module")
def copied(built_lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_lighthouse.site, tmp_path_factory.mktemp("planted") / "site"))


def put(path: Path, plant: Plant) -> None:
    if plant.new is None:
        path.unlink()
        return
    before = path.read_bytes() if path.exists() else b""
    old, new = plant.old.encode(), plant.new.encode()
    if not old:
        old, new = (b"</article>", new + b"</article>") if b"</article>" in before else (b"", new)
    assert old in before, f"{plant.file} has no {plant.old}"
    path.write_bytes(before.replace(old, new, 1) if old else before + new)


@contextmanager
def planted(folder: Path, plants: Iterable[Plant]) -> Iterator[None]:
    before = {
        plant.file: path.read_bytes() if (path := folder / plant.file).exists() else None
        for plant in plants
    }
    try:
        for plant in plants:
            put(folder / plant.file, plant)
        yield
    finally:
        for file, content in before.items():
            if content is None:
                (folder / file).unlink(missing_ok=True)
            else:
                (folder / file).write_bytes(content)


def test_a_good_site_has_none(
    copied: Path, built_lighthouse: Copy, read: Callable[[Path], list[Fault]]
) -> None:
    assert not read(copied)
    assert not differences(copied, built_lighthouse.site)


def test_each_is_read_at_its_file(copied: Path, read: Callable[[Path], list[Fault]]) -> None:
    missed = []
    for one in rounds(plants()):
        with planted(copied, one):
            told = [str(fault) for fault in read(copied)]
        missed += [
            f"{plant}: {[line for line in told if line.startswith(plant.file)]}"
            for plant in one
            if not any(line.startswith(f"{plant.file}:") and plant.word in line for line in told)
        ]
    assert not missed, "\n".join(missed)


def test_each_is_told_in_one_line_where_it_is_made_again(
    copied: Path, built_lighthouse: Copy
) -> None:
    rows = [*plants(), *compared()]
    assert len(rows) >= 280
    for plant in rows:
        with planted(copied, [plant]):
            (fault,) = differences(copied, built_lighthouse.site)
        assert fault.file == plant.file
        assert fault.hint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('placeholder="Search"', 'placeholder="Never lit"'),
        ("Made with", "Never lit, made with"),
        ('"close": "Close"', '"close": "Never lit"'),
    ],
)
def test_what_is_changed_on_all_pages_alike_is_told_in_one_line_after_the_odd_one(
    copied: Path, built_lighthouse: Copy, tmp_path: Path, old: str, new: str
) -> None:
    site = Path(shutil.copytree(copied, tmp_path / "site"))
    changed = [path for path in site.rglob("*.html") if old in path.read_text("utf-8")]
    assert len(changed) > 5
    for path in changed:
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (site / "figures/visitors.csv").unlink()
    odd, fault = differences(site, built_lighthouse.site)
    assert (odd.file, odd.what) == ("figures/visitors.csv", "the file is missing")
    assert f"(and so with {len(changed) - 1} more: " in fault.what
    assert "ever lit" in fault.what


def test_the_first_line_that_differs_is_told_with_their_number(
    copied: Path, built_lighthouse: Copy
) -> None:
    page = (copied / "tower.html").read_text("utf-8")
    where = [n for n, line in enumerate(page.split("\n"), 1) if "The keepers" in line]
    with planted(copied, [Plant("tower.html", "The keepers", "The millers", "")]):
        (one,) = differences(copied, built_lighthouse.site)
    (copied / "tower.html").write_text(page.replace("The keepers", "The millers"), "utf-8")
    (several,) = differences(copied, built_lighthouse.site)
    (copied / "tower.html").write_text(page, "utf-8")
    assert one.line == several.line == where[0]
    assert "(the first of" not in one.what
    assert f"(the first of {len(where)} lines)" in several.what


def test_one_bit_turned_in_any_file_is_told(copied: Path, built_lighthouse: Copy) -> None:
    before = {path: path.read_bytes() for path in copied.rglob("*") if path.is_file()}
    for path, content in before.items():
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        (fault,) = differences(copied, built_lighthouse.site)
        path.write_bytes(content)
        assert fault.file == path.relative_to(copied).as_posix()
