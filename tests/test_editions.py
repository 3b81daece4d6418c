"""A second edition: the files of the first stay, and the feed tells what changed."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import feedparser  # type: ignore[import-untyped]  # it has no types
import pytest
from selectolax.lexbor import LexborHTMLParser

from factsheet.audit.audit import audit
from factsheet.build.past import past_of
from tests.conftest import Copy, built_once, copy_lighthouse
from tests.test_audit import Site, site

__all__ = ["site"]
from tests.test_package import in_zip, swapped

SITE = "https://lighthouse.internal/gull/"
OLD, NEW = "2021-05-01", "2021-06-01"
REVISION = f"""revisions:
  - date: {NEW}
    observation: height
    kind: correction
    reason:
      en: The rock was measured <& written> badly.
sources:
"""


def second_edition(copy: Copy, kept: Path) -> None:
    """Release the edition of the file, keep the zip of its site, and change a value."""
    assert copy.call("release", OLD).returncode == 0
    (copy.root / "past").mkdir()
    shutil.copy(kept, copy.root / "past/first.zip")
    copy.edit("data/facts.yaml", f"edition: {OLD}", f"edition: {NEW}")
    text = copy.read("data/facts.yaml")
    text = text.replace("value: 31.5", "value: 32.5").replace("31.5 metres", "32.5 metres")
    copy.write("data/facts.yaml", text.replace("sources:\n", REVISION, 1))


@pytest.fixture(scope="session")
def second(built_lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    def build(folder: Path) -> None:
        copy = copy_lighthouse(folder)
        second_edition(copy, built_lighthouse.site / "data/gull-point.zip")
        done = copy.call("build", "--past", "past")
        assert done.returncode == 0, done.stdout + done.stderr

    return Copy(built_once(tmp_path_factory, "second-edition", build))


def test_the_files_of_a_past_edition_stay_as_they_were(
    second: Copy, built_lighthouse: Copy
) -> None:
    folder = second.site / f"editions/{OLD}"
    for name in ("data/facts.json", "data/facts.csv", "data/facts.xlsx", "data/sources.bib"):
        assert (folder / name).read_bytes() == (built_lighthouse.site / name).read_bytes()
    papers = {path.name for path in (built_lighthouse.site / "pdf").iterdir()}
    assert papers == {path.name for path in (folder / "pdf").iterdir()}
    facts = json.loads((second.site / "data/facts.json").read_text("utf-8"))
    assert (facts["edition"], facts["predecessor"]) == (NEW, OLD)


def test_a_site_with_past_editions_is_audited_where_it_lies(second: Copy) -> None:
    done = second.call("audit")
    assert done.returncode == 0, done.stderr


def test_a_past_edition_is_the_one_that_was_frozen(second: Copy, tmp_path: Path) -> None:
    """Its page and its facts are changed, and its checksums made fit."""
    site = Path(shutil.copytree(second.site, tmp_path / "site"))
    folder = site / f"editions/{OLD}"
    facts, sums, page = (folder / name for name in ("data/facts.json", "SHA256SUMS", "index.html"))
    before = sha256(facts.read_bytes()).hexdigest()
    facts.write_text(facts.read_text("utf-8").replace("31.5", "37.5"), "utf-8")
    after = sha256(facts.read_bytes()).hexdigest()
    sums.write_text(sums.read_text("utf-8").replace(before, after), "utf-8")
    page.write_text(page.read_text("utf-8").replace("</main>", "<p>Void.</p></main>"), "utf-8")
    done = second.call("audit", str(site))
    assert done.returncode == 1
    assert f"editions/{OLD}/data/facts.json:1: the file is not what was released" in done.stderr
    assert "<p>Void.</p>" in done.stderr


@pytest.mark.parametrize(("file", "old", "new"), [
    ("data/facts.csv", b"31.5", b"37.5"),
    ("data/facts.json", b"31.5", b"37.5"),
    ("SHA256SUMS", b"a", b"b"),
])  # fmt: skip
def test_the_files_of_a_past_edition_fit_their_checksums(
    second: Copy, tmp_path: Path, file: str, old: bytes, new: bytes
) -> None:
    site = Path(shutil.copytree(second.site, tmp_path / "site"))
    frozen = second.root / "data/editions"
    path = site / f"editions/{OLD}" / file
    assert past_of(site, frozen)[1] == []
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    told = {fault.file for fault in past_of(site, frozen)[1]}
    assert f"editions/{OLD}/SHA256SUMS" in told
    (frozen_name,) = {path.stem for path in frozen.iterdir()}
    (site / f"editions/{OLD}").rename(site / "editions/1999-01-01")
    (fault,) = past_of(site, frozen)[1]
    assert (frozen_name, fault.file) == (OLD, "editions/1999-01-01")


def test_a_past_edition_says_that_there_is_a_newer_one(second: Copy) -> None:
    folder = second.site / f"editions/{OLD}"
    tree = LexborHTMLParser((folder / "index.html").read_text("utf-8"))
    main = tree.css_first("main")
    assert main
    assert "There is a newer one: edition 1 June 2021." in " ".join(main.text().split())
    listed = {node.attributes["href"] for node in main.css("li a")}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert listed == files - {"index.html"}
    page = (second.site / "tower.html").read_text("utf-8")
    assert f'<a href="editions/{OLD}/index.html">' in page


def test_a_feed_reader_reads_the_feed(second: Copy) -> None:
    read = feedparser.parse((second.site / "feed.xml").read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    assert (read.version, read.feed.title) == ("atom10", "Gull Point lighthouse")
    assert read.feed.updated == f"{NEW}T00:00:00Z"
    change, newest, first = sorted(read.entries, key=lambda one: (one.updated < NEW, one.title))
    assert (change.title, newest.title, first.title) == (
        "Correction: Height", "Edition of 1 June 2021", "Edition of 1 May 2021",
    )  # fmt: skip
    assert change.summary == (
        "Before: 31.5 metres. Since: 32.5 metres. The rock was measured <& written> badly."
    )
    assert change.link == f"{SITE}figures/height.html"
    assert first.link == f"{SITE}editions/{OLD}/index.html"
    assert [(one.updated[:10]) for one in (change, newest, first)] == [NEW, NEW, OLD]
    ids = [UUID(one.id) for one in read.entries]
    assert {one.version for one in ids} == {5}
    assert len({*ids}) == 3
    page = (second.site / "figures/height.html").read_text("utf-8")
    assert re.search(
        r'<link rel="feed alternate" type="application/atom\+xml"[^>]*"../feed.xml"', page
    )


def test_an_entry_of_the_feed_keeps_its_id(second: Copy, built_lighthouse: Copy) -> None:
    before, after = (
        {one.title: one.id for one in feedparser.parse((c.site / "feed.xml").read_bytes()).entries}
        for c in (built_lighthouse, second)
    )
    assert before.items() <= after.items()


@pytest.fixture(scope="module")
def finished(second: Copy, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site.copied(second, tmp_path_factory)


def test_a_good_second_edition_passes(site: Site) -> None:
    assert not audit(site.root).faults


@pytest.mark.parametrize(("file", "old", "new"), [
    ("feed.xml", "31.5 metres", "37.5 metres"),
    ("feed.xml", ": Height<", ": Tower<"),
    ("feed.xml", "was measured", "was 7 measured"),
    ("feed.xml", "Edition of 1 May", "Edition of 2 May"),
    ("feed.xml", "<updated>2021-06", "<updated>2021-07"),
    ("feed.xml", "figures/height.html", "figures/heights.html"),
    ("feed.xml", r"<entry>\n<id>.*", "<entry>"),
    ("feed.xml", r"(?s)<entry>.*?</entry>", ""),
    ("index.html", r'<link [^>]*href="feed.xml">', '<link rel="alternate" href="feeds.xml">'),
    (f"editions/{OLD}/index.html", r'datetime="2021-06-01">1 June 2021</time></a>', ">x</a>"),
    (f"editions/{OLD}/index.html", r'(class="file-size" value=")\d', r"\g<1>7"),
])  # fmt: skip
def test_the_audit_names_a_fault_in_feed_and_past_editions(
    site: Site, file: str, old: str, new: str
) -> None:
    site.swap(file, old, new)
    found = {fault.file for fault in audit(site.root).faults}
    assert any(one.split("/")[:2] == file.split("/")[:2] for one in found), found


def never_released(path: Path) -> None:
    copy = Copy(path.parents[1])
    (copy.root / f"data/editions/{OLD}.json").unlink()
    copy.edit("data/facts.yaml", REVISION, "sources:\n")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda path: path.write_text("x"), "this is no zip of an edition"),
    "another file": (
        lambda path: in_zip(path, "data/facts.csv", swapped("31.5", "37.5")),
        "its files are not those of its SHA256SUMS",
    ),
    "an edition never released": (
        never_released,
        f"no edition of {OLD} was released",
    ),
    "the same twice": (
        lambda path: shutil.copy(path, path.with_name("second.zip")),
        f"another zip holds the edition of {OLD}",
    ),
    "a name that leads out": (
        lambda path: zipfile.ZipFile(path, "a").writestr("../x", "y"),
        "this is no zip of an edition",
    ),
    "nothing at all": (lambda path: path.unlink(), "there is no zip in it"),
}


@pytest.mark.parametrize("how", FAULTS)
def test_a_zip_that_is_no_past_edition_is_refused(
    lighthouse: Copy, built_lighthouse: Copy, how: str
) -> None:
    second_edition(lighthouse, built_lighthouse.site / "data/gull-point.zip")
    change, words = FAULTS[how]
    change(lighthouse.root / "past/first.zip")
    done = lighthouse.call("build", "--past", "past")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_zip_of_today_is_no_past(lighthouse: Copy, built_lighthouse: Copy) -> None:
    from factsheet.build.past import read_past

    assert not read_past(built_lighthouse.site / "data", lighthouse.renderer())
