"""Words of PDFs and of pages are the same: a word that only one of them has is told at the PDF."""

import shutil
from pathlib import Path

import pytest

from factsheet.audit.audit import audit
from factsheet.audit.known import Known
from factsheet.audit.pdf import tokens
from factsheet.build.known import contents
from factsheet.build.project import Project
from tests.conftest import Copy

BOOKLET = "pdf/gull-point-booklet.pdf"


@pytest.fixture(scope="module")
def words(built_lighthouse: Copy) -> Known:
    project = Project(built_lighthouse.root)
    site, _ = project.read()
    assert site
    return Known(words=contents(project, site)[1])


def test_letters_from_right_to_left_are_words_of_their_own() -> None:
    """A unit whose plural is a Persian word with an s: paper sets a blank before it."""
    page, paper = (tokens([text]) for text in ("0.5 برج فانوسs", "0.5 برج فانوس s"))
    assert [token.text for token in page] == [token.text for token in paper]
    assert [token.text for token in page] == ["0", ".", "5", "برج", "فانوس", "s"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("The tower had", "The tower lost", "no page says"),
        ("The tower had", "The tower lost", "The tower lost"),
        ("Both mean everybody", "Both mean nobody", "Both mean everybody"),
    ],
)
def test_a_word_that_pages_and_booklet_do_not_share(
    built_lighthouse: Copy, words: Known, tmp_path: Path, old: str, new: str, told: str
) -> None:
    site = Path(shutil.copytree(built_lighthouse.site, tmp_path / "site"))
    for page in site.rglob("*.html"):
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")
    found = [fault.what for fault in audit(site, words).faults if fault.file == BOOKLET]
    assert any(told in what for what in found)
