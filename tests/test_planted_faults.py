"""Faults planted in every output of a finished site: the audit tells of each, at its file.

The table is ``planted_faults.yaml``. One run of the audit reads a fault in each of many files, so
that some hundred plants take a few runs; a fault must name the file and have the word of its row.
"""

import shutil
from collections.abc import Iterable, Iterator
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from factsheet.audit.audit import audit
from factsheet.audit.known import Known
from factsheet.build.generate import made_again
from factsheet.build.known import contents
from factsheet.build.project import Project
from factsheet.site.site import Site
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
    yield from (Plant(*map(str, row)) for row in TABLE["rows"])
    yield from (Plant(file, "", None, word) for file, word in TABLE["gone"])


def rounds(plants: Iterable[Plant]) -> list[tuple[Plant, ...]]:
    """The plants in rounds with one a file; none shares a round with a file it is read beside."""
    by_file: dict[str, list[Plant]] = {}
    for plant in plants:
        by_file.setdefault(plant.file, []).append(plant)
    found = zip_longest(*by_file.values())
    return [tuple(plant for plant in one if plant) for one in found]


@pytest.fixture(scope="module")
def site(built_lighthouse: Copy) -> Site:
    site, _ = Project(built_lighthouse.root).read()
    assert site
    return site


@pytest.fixture(scope="module")
def known(built_lighthouse: Copy, site: Site) -> Known:
    """What a build knows of its own site."""
    return Known(*contents(Project(built_lighthouse.root), site))


@pytest.fixture(scope="module")
def again(
    built_lighthouse: Copy, site: Site, known: Known, tmp_path_factory: pytest.TempPathFactory
) -> Known:
    """What the command knows, which makes chapters and PDFs again."""
    project, folder = Project(built_lighthouse.root), tmp_path_factory.mktemp("again")
    made = made_again(project, site, folder, {})
    assert not made.complaints
    return known.with_again(made.files, made.pages, made.search)


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


def missed(folder: Path, known: Known, planted: tuple[Plant, ...]) -> list[str]:
    """The plants of which the audit tells nothing at their file."""
    before = {
        plant.file: path.read_bytes() if (path := folder / plant.file).exists() else None
        for plant in planted
    }
    try:
        for plant in planted:
            put(folder / plant.file, plant)
        told = [str(fault) for fault in audit(folder, known).faults]
    finally:
        for file, content in before.items():
            if content is None:
                (folder / file).unlink(missing_ok=True)
            else:
                (folder / file).write_bytes(content)
    return [
        f"{plant}: {[one for one in told if one.startswith(plant.file)]}"
        for plant in planted
        if not any(one.startswith(f"{plant.file}:") and plant.word in one for one in told)
    ]


def test_a_good_site_has_none(copied: Path, again: Known) -> None:
    assert not audit(copied, again).faults


def test_each_is_told_at_its_file(copied: Path, known: Known) -> None:
    assert len(list(plants())) >= 250
    found = [line for one in rounds(plants()) for line in missed(copied, known, one)]
    assert not found, "\n".join(found)


def test_each_change_of_what_is_made_again_is_told(copied: Path, again: Known) -> None:
    rows = [Plant(*map(str, row)) for row in TABLE["again"]]
    found = [line for one in rounds(rows) for line in missed(copied, again, one)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('placeholder="Search"', 'placeholder="Never lit"'),
        ("Made with", "Never lit, made with"),
        ('"close": "Close"', '"close": "Never lit"'),
    ],
)
def test_what_is_changed_on_all_pages_alike_is_told_of_each(
    copied: Path, again: Known, tmp_path: Path, old: str, new: str
) -> None:
    site = Path(shutil.copytree(copied, tmp_path / "site"))
    changed = {path for path in site.rglob("*.html") if old in path.read_text("utf-8")}
    for path in changed:
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    told = {fault.file for fault in audit(site, again).faults}
    assert {path.relative_to(site).as_posix() for path in changed} <= told
    assert {"index.html", "404.html", "figures/height.html"} <= told


def test_every_file_beside_the_pages_is_compared(copied: Path, known: Known) -> None:
    """One bit of each is turned."""
    planted = []
    for file in sorted({*known.files} - {"data/facts.json"}):  # by it, all else is read
        path = copied / file
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        planted.append((path, content))
    try:
        told = {fault.file for fault in audit(copied, known).faults}
    finally:
        for path, content in planted:
            path.write_bytes(content)
    assert {
        file for file, _ in ((path.relative_to(copied).as_posix(), 0) for path, _ in planted)
    } <= told
