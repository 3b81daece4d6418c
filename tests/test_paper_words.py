"""Words of PDFs and of pages are the same: a word that only one of them has is told at the PDF."""

import shutil
from pathlib import Path

import pytest

from factsheet.audit.audit import audit
from factsheet.audit.known import Known
from factsheet.build.known import contents
from factsheet.build.project import Project
from tests.conftest import Copy

BOOKLET, SHEET = "pdf/gull-point-booklet.pdf", "pdf/gull-point-fact-sheet.pdf"


@pytest.fixture(scope="module")
def words(built_lighthouse: Copy) -> Known:
    project = Project(built_lighthouse.root)
    site, _ = project.read()
    assert site
    return Known(words=contents(project, site)[1])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("The tower had", "The tower lost", [(BOOKLET, "no page says"), (BOOKLET, "The tower lost")]),
        ("Both mean everybody", "Both mean nobody", [(BOOKLET, "Both mean everybody")]),
        (">Start<", ">Begin<", []),  # the menu names the page still
    ],
)  # fmt: skip
def test_a_word_that_pages_and_booklet_do_not_share(
    built_lighthouse: Copy,
    words: Known,
    tmp_path: Path,
    old: str,
    new: str,
    told: list[tuple[str, str]],
) -> None:
    site = Path(shutil.copytree(built_lighthouse.site, tmp_path / "site"))
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(text.replace(old, new) if told else text.replace(old, new, 1), "utf-8")
    found = [(fault.file, fault.what) for fault in audit(site, words).faults]
    found = [(file, what) for file, what in found if file in {BOOKLET, SHEET}]
    assert bool(found) == bool(told)
    for file, what in told:
        assert any(file == one and what in said for one, said in found)
