"""Honest input is taken: any script, odd signs, addresses as copied, any decimals, any umask."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import pypdfium2
import pytest

from tests.conftest import ROOT, Copy, copy_lighthouse

DATA = "data/facts.yaml"
LONG = f"سال 2018 حدود 168 متر بود Маяк {'x' * 60} a $x_1$ @b *d* and {'so on ' * 5}end"
"""Begun from right to left, and longer than a line."""
ODD = (
    # Words from right to left in every place that may hold some, with digits among them
    ("publisher: Gull Gazette", "publisher: خبرگزاری ایرنا"),
    ("said_by: the mayor", "said_by: شهردار شهر"),
    ("author: B. Tern", "author: علی (ب) رضا\n    title: " + LONG),
    ("publisher:\n  en: The keepers", "publisher:\n  en: نگهبانان"),
    ("en: Height", "en: Height ارتفاع \\x \\u \"q\" 's' ${x} $marks"),
    ("printed: 500 next year", "printed: «500 (برج) بعد»"),
    # Markup that is a name's own, in a page's title and description
    ("en: Change on the year before", "en: Change & <b>on</b> the year before"),
    # Signs that mean something in the expressions of charts
    ("other: metres", "other: 'metres \\x \"q\" ''s'' ${x}'"),
    ("other: visitors", "other: '$marks'"),
    # No-break and double spaces; an address as a browser copies it; more digits than a float has
    ("en: Lamp Mark 2", 'en: "Lamp\u00a0Mark  2"'),
    ("en: First lit", "en: برج"),
    ("en: Ada O'Hara", 'en: "Ada\u00a0 O\'Hara"'),
    ("https://example.org/gazette/7", "https://example.org/gazette/7#:~:text=900"),
    ("https://example.org/log?a=1&b=2", "https://example.org/log?a=1&b=2#part"),
    ("value: 31.5", "value: 31.123456789012345"),
    ("printed: 31.5 metres", "printed: 31.123456789012345 metres"),
    # Words of a source in letters and signs that our fonts lack, with digits among them
    ("publisher: The keepers", "publisher: თბილისი"),
    ("title: Log book <of> the *tower*", "title: '灯台 12 @log'"),
    ("printed: 400 climbed", "printed: 3 दिनों में ४०० (400) लोग 🚗"),
    # Words from left to right, longer than a line, that hold words from right to left
    ("printed: more than 300 came", f"printed: more than 300 برج {'came and went and ' * 9}fin"),
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A sheet with all of that, saved by an editor of another system, built under umask 077."""
    copy = copy_lighthouse(tmp_path_factory.mktemp("honest") / "lighthouse")
    for old, new in ODD:
        copy.edit(DATA, old, new)
    copy.edit(
        "docs/tower.md", "Built by",
        "See [its friends](https://example.net/friends), [write](mailto:us@example.net). Built by",
    )  # fmt: skip
    copy.edit("mkdocs.yml", "https://lighthouse.internal/gull/", "https://a.internal")
    path = copy.root / DATA
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "build"],
        cwd=copy.root, env=os.environ | {"PYTHONPATH": str(ROOT)},
        umask=0o077, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def test_the_fingerprint_is_what_sha256sum_gives(honest: Copy) -> None:
    facts = json.loads((honest.site / "data/facts.json").read_text("utf-8"))
    digest = hashlib.sha256((honest.root / DATA).read_bytes()).hexdigest()
    assert facts["fingerprint"] == digest[:12]
    gazette = next(source for source in facts["sources"] if source["id"] == "gazette-7")
    assert gazette["url"] == "https://example.org/gazette/7"


def test_everybody_may_read_what_is_published(honest: Copy) -> None:
    modes = {
        (path.is_dir(), path.stat().st_mode & 0o777)
        for path in (honest.site, *honest.site.rglob("*"))
    }
    assert modes == {(True, 0o755), (False, 0o644)}


def test_bookmarks_and_pages_have_the_words_and_nothing_else(honest: Copy) -> None:
    path = honest.site / "pdf/gull-point-records.pdf"
    with pypdfium2.PdfDocument(path) as document:
        titles = [mark.get_title() for mark in document.get_toc()]
    assert [title for title in titles if "ارتفاع" in title] == [
        "Height ارتفاع \\x \\u \"q\" 's' ${x} $marks"
    ]


def test_words_that_the_fonts_lack_stay_on_pages_and_are_named_on_paper(honest: Copy) -> None:
    quotation = "3 दिनों में ४०० (400) लोग 🚗"
    assert quotation in (honest.site / "figures/visitors.html").read_text("utf-8")
    for name in ("records", "booklet", "fact-sheet"):
        with pypdfium2.PdfDocument(honest.site / f"pdf/gull-point-{name}.pdf") as document:
            text = " ".join("".join(p.get_textpage().get_text_range() for p in document).split())
        assert "[in letters that this file cannot show: see the page]" in text
        assert "लोग" not in text
    said = honest.call("check").stdout.splitlines()
    notes = [line.partition(":")[2] for line in said if "our fonts have no sign" in line]
    does = "the pages show these words; PDFs and pictures say that they cannot"
    assert notes[1] == f'50: our fonts have no sign for "灯", "台" — {does}'
    assert [note[:3] for note in notes] == ["49:", "50:", "78:"]


def test_an_address_keeps_its_own_part_before_the_words_sought(honest: Copy) -> None:
    page = (honest.site / "figures/height.html").read_text("utf-8")
    assert "b=2#part:~:text=31.123456789012345%20metres" in page


def test_a_chart_draws_the_number_printed(honest: Copy) -> None:
    picture = (honest.site / "charts/tower.svg").read_text("utf-8")
    assert 'data-value="31.123456789012345"' in picture
    assert "31.123456789012345 metres \\x" in picture


def test_a_page_may_link_what_is_no_source(honest: Copy) -> None:
    page = (honest.site / "tower.html").read_text("utf-8")
    assert 'href="https://example.net/friends"' in page
    assert 'href="mailto:us@example.net"' in page


def test_a_heading_from_right_to_left_is_found(honest: Copy) -> None:
    with pypdfium2.PdfDocument(honest.site / "pdf/gull-point-records.pdf") as document:
        titles = [mark.get_title() for mark in document.get_toc()]
    assert "برج" in titles


def test_the_site_may_stand_at_the_root_of_its_host(honest: Copy) -> None:
    page = (honest.site / "tower.html").read_text("utf-8")
    assert 'rel="canonical" href="https://a.internal/tower.html"' in page


def test_a_folder_that_is_no_fact_sheet(lighthouse: Copy) -> None:
    (lighthouse.root / "mkdocs.yml").unlink()
    said = lighthouse.call("check")
    assert said.returncode == 1
    assert said.stderr.startswith("mkdocs.yml:1: there is no such file here — run it in")


def test_a_folder_without_its_templates(lighthouse: Copy) -> None:
    shutil.rmtree(lighthouse.root / "overrides")
    said = lighthouse.call("check").stderr
    assert said.startswith('mkdocs.yml:6: there is no folder "overrides" — put it back, or')


def test_a_hook_that_is_missing_or_no_python(lighthouse: Copy) -> None:
    lighthouse.write("macros.py", "def (\n")
    said = lighthouse.call("check").stderr
    assert said.startswith("macros.py:1: no Python: invalid syntax — correct it")
    lighthouse.edit("mkdocs.yml", "hooks: [macros.py]", "hooks: [more.py]")
    lighthouse.write("macros.py", "")
    said = lighthouse.call("check").stderr
    assert said.startswith('mkdocs.yml:27: "more.py": No such file or directory — put the')


def test_links_that_lead_to_nothing_and_bottomless_editions(lighthouse: Copy) -> None:
    (lighthouse.root / "docs/loop.md").symlink_to("loop.md")
    (lighthouse.root / "data/editions").mkdir()
    lighthouse.write("data/editions/2020-01-01.json", "[" * 200_000)
    said = [str(fault) for fault in lighthouse.load()[1]]
    assert [text.partition(" — ")[0] for text in said[:2]] == [
        "data/editions/2020-01-01.json:1: this is not the edition of its name",
        "docs/loop.md:1: a link that leads to nothing",
    ]


def test_a_template_that_breaks_off_is_named(lighthouse: Copy) -> None:
    lighthouse.write("overrides/main.html", "{{ nothing.at.all }}\n")
    said = lighthouse.call("build")
    assert said.returncode == 1
    assert said.stderr.startswith("overrides/main.html:1: MkDocs broke off: UndefinedError: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("en: Ada O'Hara", "en: Ada O'Hara\n    also:\n      - Lamp Mark 2 7"),  # behind a name
        ("value: lamp_2", "value: Mark 2"),
        ("said_by: the mayor", "said_by: the mayor, 3 July 2019"),
        ("said_by: the mayor", "said_by: the third secretary, Harbour Report 2019, page 12"),
        ("publisher: Gull Gazette", "publisher: Channel 4"),
        ("publisher: Gull Gazette", "publisher: 24 Hours"),
        ("publisher: Gull Gazette", "publisher: 7 gazette"),  # as in its address
        ("author: B. Tern", "author: B. Tern II"),
        ("author: B. Tern", "author: Seven Hills Agency, 20th Century"),
        ("author: B. Tern", "author: azerbaycan24 and 24tv.ua"),
        ("inferred from the issue's number", "inferred from figures for nine months"),
        ("file_name: gull-point", "file_name: lamp-2"),
        ("https://example.org/gazette/7", "https://example.org/ada-21"),
    ],
)
def test_names_may_hold_numbers(lighthouse: Copy, old: str, new: str) -> None:
    lighthouse.edit(DATA, old, new)
    if "ada-21" in new:  # printed by the source's address
        lighthouse.edit(DATA, "en: Ada O'Hara", "en: Ada 21")
    assert [str(fault) for fault in lighthouse.load()[1]] == []
