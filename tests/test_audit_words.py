"""The audit sees what is no number: words, links, hidden parts, scripts, pictures, stray files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from factsheet.audit.audit import audit
from factsheet.audit.known import Known
from factsheet.build.known import contents
from factsheet.build.project import Project
from tests.conftest import Copy

PAGE, FIGURE = "index.html", "figures/visitors.html"
ADDED = (
    "<p hidden>x</p>", '<p style="display:none">x</p>', "<noscript>x</noscript>",
    "<template>x</template>", '<p aria-hidden="true">x</p>', '<p aria-description="7">x</p>',
    '<meter value="73"></meter>', '<progress value="7"></progress>', '<ol start="7"><li>x</ol>',
    '<iframe srcdoc="7"></iframe>', '<object data="data:text/html,7"></object>',
    '<img alt="" src="data:image/svg+xml,7">', '<input type="text" value="7">',
    '<ul><li value="7">x</ul>', "<script>fetch(1)</script>", "<p onclick='x()'>x</p>",
    '<base href="https:evil">', '<meta http-equiv="refresh" content="0;url=https:evil">',
    '<meta name="robots" content="noindex">', "<embed src=x>",
)  # fmt: skip
"""Put at the end of an article."""
SWAPPED = (
    (PAGE, "&#91;our calculation&#93;", "&#91;planned&#93;"),
    (PAGE, '<span class="state state-disputed">&#91;disputed&#93;</span>', ""),
    (PAGE, '<strong class="verdict">cannot be told', '<strong class="verdict">met'),
    (PAGE, 'href="figures/visitors.html#2020"', 'href="figures/visitors.html#2019"'),
    (PAGE, 'lang="en"', 'lang="de"'),
    (PAGE, 'rel="canonical" href="', 'rel="canonical" href="x'),
    (PAGE, 'property="og:url" content="', 'property="og:url" content="x'),
    (PAGE, "default-src 'none'", "default-src *"),
    (PAGE, 'd="M0,230l0,6', 'd="M0,231l0,6'),
    (PAGE, ">100</text>", ">900</text>"),
    (FIGURE, "The keepers count; the paper estimates.", "The paper counts."),
    (FIGURE, "Preferred: The keepers", "Normal: The keepers"),
    (FIGURE, "People who climbed", "People who saw"),
    (FIGURE, 'class="claim claim-preferred"', 'class="claim claim-normal"'),
    (FIGURE, ":text=250%20in", ":text=260%20in"),
    (FIGURE, 'href="https://example.org/log?a=1&amp;b=2#', 'href="https://example.org/gazette/7#'),
    (FIGURE, '[1] <span', '[1] <span hidden'),
    ("_headers", "nosniff", "sniff"),
    ("figures/visitors.js", "factsheet.popovers", "factsheet.other"),
    ("charts/visitors.svg", 'd="M', 'd="m'),
    ("data/facts.schema.json", "visitors", "guests"),
)  # fmt: skip


@pytest.fixture(scope="module")
def known(built_lighthouse: Copy) -> Known:
    project = Project(built_lighthouse.root)
    site, _ = project.read()
    assert site
    return Known(*contents(project, site))


@pytest.fixture(scope="module")
def copied(built_lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_lighthouse.site, tmp_path_factory.mktemp("words") / "site"))


def told(folder: Path, known: Known, file: str, content: bytes | None) -> Iterator[str]:
    """The files of the faults that the audit tells while one file has another content."""
    path = folder / file
    before = path.read_bytes() if path.exists() else None
    try:
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        yield from (fault.file for fault in audit(folder, known).faults)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def test_a_good_site_has_none(copied: Path, known: Known) -> None:
    assert not audit(copied, known).faults


@pytest.mark.parametrize("file", [PAGE, FIGURE])
@pytest.mark.parametrize("html", ADDED)
def test_what_is_hidden_or_said_beside_the_text(
    copied: Path, known: Known, file: str, html: str
) -> None:
    text = (copied / file).read_text("utf-8").replace("</article>", f"{html}</article>")
    assert file in told(copied, known, file, text.encode())


@pytest.mark.parametrize(("file", "old", "new"), SWAPPED)
def test_other_words_links_and_pictures(
    copied: Path, known: Known, file: str, old: str, new: str
) -> None:
    text = (copied / file).read_text("utf-8")
    if file == "data/facts.schema.json":
        old = text[:40]
    assert old in text
    assert file in told(copied, known, file, text.replace(old, new, 1).encode())


def test_every_file_beside_the_pages_is_compared(copied: Path, known: Known) -> None:
    for file in known.files:
        before = (copied / file).read_bytes()
        if not file.startswith("assets/javascripts/lunr/"):
            assert file in told(copied, known, file, before[:-1] + bytes([before[-1] ^ 1])), file


@pytest.mark.parametrize("file", ["extra.xhtml", "assets/new.js", "data/old.csv", "x.png", "a.pdf"])
def test_a_file_that_nothing_reads(copied: Path, known: Known, file: str) -> None:
    assert file in told(copied, known, file, b"7342 visitors")
