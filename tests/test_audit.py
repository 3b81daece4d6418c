"""The audit reads finished outputs back: a good site passes, each planted fault is named."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factsheet.audit.audit import audit
from factsheet.audit.pdf import tokens
from factsheet.build.project import Project
from factsheet.pdf.typeset import write_pdfs
from tests.conftest import Copy, copy_lighthouse

BOOKLET = "pdf/gull-point-booklet.pdf"
RECORDS = "pdf/gull-point-records.pdf"
SHEET = "pdf/gull-point-fact-sheet.pdf"


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = copy_lighthouse(tmp_path_factory.mktemp("audit") / "lighthouse")
    copy.edit(
        "data/facts.yaml",
        "          printed: 500 next year\n",
        "          printed: 500 l'an prochain\n          translation:\n"
        "            en: 500 in the coming year\n",
    )
    copy.edit(
        "docs/tower.md",
        "{{ revisions() }}",
        'Built by {{ name("architect") }}, lit in {{ when("1901") }}, `make 3`, drawn in\n'
        '[the log](https://example.org/log?a=1&b=2).\n\n{{ fig("visitors", "2020", "value") }}\n',
    )
    copy.build()
    return copy


class Site:
    """A finished site in which faults can be planted; everything is put back afterwards."""

    def __init__(self, root: Path, project: Copy) -> None:
        self.root = root
        self.project = project
        self._kept: dict[Path, bytes | None] = {}

    @classmethod
    def copied(cls, project: Copy, folders: pytest.TempPathFactory) -> "Site":
        """A copy of a project's finished site."""
        return cls(shutil.copytree(project.site, folders.mktemp("finished") / "site"), project)

    def text(self, file: str) -> str:
        return (self.root / file).read_text("utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        path = self.root / file
        self._kept.setdefault(path, path.read_bytes() if path.exists() else None)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def swap(self, file: str, old: str, new: str) -> None:
        """Put ``new`` in the place of the first match of the pattern ``old``."""
        text, times = re.subn(old, new, self.text(file), count=1)
        assert times, f"{file} has no {old}"
        self.write(file, text)

    def remove(self, file: str) -> None:
        self._kept.setdefault(self.root / file, (self.root / file).read_bytes())
        (self.root / file).unlink()

    def typeset(self, page: str, old: str, new: str) -> None:
        """Set the PDFs again from a changed page, which is then put back."""
        before = {file: (self.root / file).read_bytes() for file in (page, BOOKLET, SHEET)}
        self.swap(page, old, new)
        project = Project(self.project.root)
        site, _ = project.read()
        assert site
        write_pdfs(site, project.menu(site), self.root)
        (self.root / page).write_bytes(before.pop(page))
        del self._kept[self.root / page]
        for file, content in before.items():
            self._kept[self.root / file] = content

    def set_records(self, old: str, new: str) -> None:
        """Set the records anew from changed words."""
        project = Project(self.project.root)
        site, _ = project.read()
        assert site
        words = site.inline("records")
        assert old in words
        kept = {file: (self.root / file).read_bytes() for file in (BOOKLET, SHEET, RECORDS)}
        inline = site.inline

        def changed(name: str, **values: Any) -> str:
            return words.replace(old, new) if name == "records" else inline(name, **values)

        setattr(site, "inline", changed)  # noqa: B010 a method
        write_pdfs(site, project.menu(site), self.root)
        for file in (BOOKLET, SHEET):
            (self.root / file).write_bytes(kept[file])
        self._kept[self.root / RECORDS] = kept[RECORDS]

    def restore(self) -> None:
        for path, content in self._kept.items():
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        self._kept.clear()


@pytest.fixture(scope="module")
def finished(lighthouse: Copy, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site.copied(lighthouse, tmp_path_factory)


@pytest.fixture
def site(finished: Site) -> Iterator[Site]:
    """The site that a module calls ``finished``, put back after each test."""
    yield finished
    finished.restore()


def append(file: str, html: str) -> Callable[[Site], None]:
    return lambda site: site.swap(file, "</article>", html.replace("\\", r"\\") + "</article>")


def swap(file: str, old: str, new: str) -> Callable[[Site], None]:
    return lambda site: site.swap(file, old, new)


FIGURE = r'(data-figure="visitors" data-period="2020">)250 visitors'
PLANTED: dict[str, tuple[Callable[[Site], None], str, str]] = {
    # What a reader sees on pages
    "a digit of a figure": (
        swap("index.html", FIGURE, r"\g<1>260 visitors"),
        "index.html",
        '"260 visitors" (250) is wrong for fig visitors 2020',
    ),
    "the value of a figure": (
        swap("index.html", 'value="250"', 'value="251"'),
        "index.html",
        '"250 visitors" (251) is wrong for fig visitors 2020',
    ),
    "the words of a figure": (
        swap("index.html", "about 1.2(.)million euros", r"nearly 1.2\1million euros"),
        "index.html",
        '"nearly 1.2 million euros" (1200000) is wrong for fig cost',
    ),
    "a figure under another's name": (
        swap("index.html", 'data-period="2020">250', 'data-period="2019">250'),
        "index.html",
        'fig visitors 2019 — facts.json has "400 more visitors" or "400 visitors" or "400"',
    ),
    "a removed tag": (
        swap("index.html", r"<data [^>]*>(250 visitors)</data>", r"\1"),
        "index.html",
        '"250" is traced to nothing, in "250 visitors"',
    ),
    "a typed sentence": (
        append("tower.html", "<p>Some say\nthat 7,000 came in a year.</p>"),
        "tower.html",
        '"7,000" is traced to nothing, in "Some say that 7,000 came in a year."',
    ),
    "a typed fraction": (
        append("tower.html", "<p>It rose by ½ in all.</p>"),
        "tower.html",
        '"½" is traced to nothing',
    ),
    "typed Persian digits": (
        append("tower.html", "<p>۱۳۹۷</p>"),
        "tower.html",
        '"۱۳۹۷" is traced to nothing',
    ),
    "a number in a heading": (
        append("tower.html", '<h2 id="x">The best 3</h2>'),
        "tower.html",
        '"3" is traced to nothing, in "The best 3"',
    ),
    "a claim's value": (
        swap("index.html", r'(class="claim-value" value="300"[^>]*>)more than 300', r"\1about 300"),
        "index.html",
        '"about 300 visitors" (300) is wrong for claim-value visitors 2020 gazette-7',
    ),
    "a claim under another's source": (
        swap("index.html", r'(class="claim-value" value="300"[^>]*source=")[^"]*', r"\1log-book"),
        "index.html",
        "is wrong for claim-value visitors 2020 log-book",
    ),
    "a source's words": (
        swap("figures/visitors.html", ">250 in spite of all", ">260 in spite of all"),
        "figures/visitors.html",
        '"260 in spite of all" is wrong for source-text',
    ),
    "a translation": (
        swap("figures/visitors_plan.html", "500 in the coming year", "600 in the coming year"),
        "figures/visitors_plan.html",
        '"600 in the coming year" is wrong for translation',
    ),
    "a date's words": (
        swap("tower.html", r'(datetime="2020-12-31">)31 December', r"\g<1>30 December"),
        "tower.html",
        '"30 December 2020" (2020-12-31) is wrong for date',
    ),
    "a date's machine form": (
        swap("index.html", r'(class="date whole" datetime=")2020"', r'\g<1>2021"'),
        "index.html",
        '"2020" (2021) is wrong for date',
    ),
    "a name": (
        swap("index.html", r"(data-name=\"lamp_2\">)Lamp Mark 2", r"\1Lamp Mark 3"),
        "index.html",
        '"Lamp Mark 3" is wrong for name lamp_2 — facts.json has "Lamp Mark 2"',
    ),
    "a count": (
        swap("tower.html", r'(data-count="sources">)2', r"\g<1>3"),
        "tower.html",
        '"3" (2) is wrong for count sources',
    ),
    "a convention": (
        swap("index.html", "from 950 to 1,050", "from 960 to 1,050"),
        "index.html",
        '"from 960 to 1,050" (1000) is wrong for convention',
    ),
    "a formula": (
        swap("figures/growth.html", r'(class="formula-sign"> ÷ )<', r"\g<1>2 ×<"),
        "figures/growth.html",
        '"÷ 2 ×" is wrong for formula-sign',
    ),
    "the number of a source": (
        swap("index.html", r"(source-log-book\"[^>]*>)\[1\]", r"\1[2]"),
        "index.html",
        "is not the number of the source that it leads to",
    ),
    "a link to another source": (
        swap("index.html", "#source-log-book", "#source-gazette-7"),
        "index.html",
        "is not the number of the source that it leads to",
    ),
    "a source's number in its list": (
        swap("tower.html", r'(class="source-no">)\[1\]', r"\1[9]"),
        "tower.html",
        '"[9]" is wrong for source-no',
    ),
    "an address": (
        swap(
            "tower.html", r'(class="address"[^>]*>)https://example.org/gazette/7', r"\g<1>nowhere/8"
        ),
        "tower.html",
        '"nowhere/8" is wrong for address',
    ),
    "the size of a download": (
        swap("tower.html", r'(class="file-size" value="\d+">)\d+', r"\g<1>999"),
        "tower.html",
        f'"999 kB" is not so: {SHEET} has',
    ),
    "the pages of a PDF": (
        swap("tower.html", r'(class="page-count" value=")1">1', r'\g<1>2">2'),
        "tower.html",
        '"2 page" is not so',
    ),
    "the fingerprint": (
        swap("tower.html", r'(class="fingerprint">)\w+', r"\g<1>0123456789ab"),
        "tower.html",
        '"0123456789ab" is wrong for fingerprint',
    ),
    # What is read out, or shown beside a link
    "a label that is read out": (
        append("index.html", '<p aria-label="12 of them">All</p>'),
        "index.html",
        '"12 of them" is traced to nothing',
    ),
    "the text for a picture": (
        append("index.html", '<img src="assets/images/favicon.png" alt="In 1901">'),
        "index.html",
        '"In 1901" is traced to nothing',
    ),
    "a tip": (append("index.html", '<p title="2 ways">Ways</p>'), "index.html", '"2 ways"'),
    "a page's title": (
        swap("index.html", "<title>", "<title>5 facts: "),
        "index.html",
        '"5 facts: Gull Point" is traced to nothing',
    ),
    "a page's description": (
        swap("index.html", "</title>", '</title><meta name="description" content="All 9 facts">'),
        "index.html",
        '"All 9 facts" is traced to nothing',
    ),
    "the words beside a shared link": (
        swap("index.html", '(og:image:alt" content=")', r"\g<1>270 visitors, "),
        "index.html",
        '"270 visitors, The title of the sheet and its first figures, side by side"',
    ),
    # What should be there
    "a missing record": (
        swap("figures/visitors.html", 'data-record="visitors-2019"', 'data-record="other"'),
        "figures/visitors.html",
        "the record of visitors-2019 is missing",
    ),
    "a missing claim": (
        swap(
            "figures/visitors.html", r'(?s)<li class="claim[^>]*>(?:(?!<li).)*300 came.*?</li>', ""
        ),
        "figures/visitors.html",
        "the record of visitors-2020 has other claims: ('more than 300 visitors'",
    ),
    "a missing citation": (
        swap(
            "index.html",
            r'<a class="figure-link"[^>]*><data [^>]*data-figure="cost">[^<]*</data></a>',
            "much",
        ),
        "index.html",
        "cost should be cited here",
    ),
    "a page of another build": (
        lambda site: site.write("old.html", "<html><body><p>Soon.</p></body></html>"),
        "old.html",
        "the page bears no fingerprint",
    ),
    "a stale file": (
        lambda site: site.write("data/facts-old.csv", "id\n"),
        "data/facts-old.csv",
        "no page links to this file",
    ),
    # Leftovers, links, other hosts
    "a macro call": (
        append("index.html", '<p>It had {{ fig("visitors") }}.</p>'),
        "index.html",
        "is left of a template",
    ),
    "a link in Markdown": (
        append("index.html", "<div>[The tower](tower.md#cost)</div>"),
        "index.html",
        '"[The tower](tower.md#cost)" is left of a template',
    ),
    "a mark of a fault": (
        append("index.html", '<strong class="fault">unknown figure</strong>'),
        "index.html",
        '"unknown figure" is left of a template',
    ),
    "a link to no page": (
        append("index.html", '<a href="towers.html">there</a>'),
        "index.html",
        '"towers.html" leads to no file',
    ),
    "a link to no anchor": (
        append("index.html", '<a href="tower.html#coast">there</a>'),
        "index.html",
        '"tower.html#coast" leads to no anchor',
    ),
    "a link to a stranger": (
        append("index.html", '<a href="https://example.com/gull">there</a>'),
        "index.html",
        '"https://example.com/gull" is on another host',
    ),
    "a picture from elsewhere": (
        append("index.html", '<img alt="" src="//example.com/x.png">'),
        "index.html",
        '"//example.com/x.png" is on another host',
    ),
    "a source that is loaded": (
        append("index.html", '<iframe src="https://example.org/gazette/7"></iframe>'),
        "index.html",
        "is on another host",
    ),
    "a style sheet's number": (
        lambda site: site.write("assets/more.css", 'p::after {\n content: "12 %" }'),
        "assets/more.css:2",
        "prints a number",
    ),
    "a style sheet from elsewhere": (
        lambda site: site.write("assets/more.css", "@import 'https://example.com/a.css';"),
        "assets/more.css:1",
        "is on another host",
    ),
    "a site map of another day": (
        swap("sitemap.xml", "<lastmod>[^<]*", "<lastmod>2020-01-01"),
        "sitemap.xml",
        '"2020-01-01" is not the day of the edition',
    ),
    # Search, popovers, tables of data
    "a digit in the search index": (
        swap("search/search_index.json", "250 visitors", "260 visitors"),
        "search/search_index.json",
        'index.html does not say "The tower had 260 visitors',
    ),
    "a missing entry of the search index": (
        swap("search/search_index.json", r'\{"location":"tower.html#sources"[^}]*\},', ""),
        "search/search_index.json",
        "of tower.html is not in the index",
    ),
    "a digit in a short record": (
        swap("figures/visitors.js", "250 visitors", "260 visitors"),
        "figures/visitors.js",
        '"260 visitors" (250) is wrong for fig visitors 2020',
    ),
    "a missing popover": (
        swap("figures/visitors.js", r'"2020": "(?:[^"\\]|\\.)*"(?:, )?', ""),
        "figures/visitors.js",
        "the popover of visitors-2020 is missing",
    ),
    "where a popover leads": (
        swap("figures/visitors.js", "#source-log-book", "#source-lost"),
        "figures/visitors.js",
        '"tower.html#source-lost" leads to no anchor',
    ),
    "a digit in a row": (
        swap("data/facts.csv", "more than 300 came", "more than 310 came"),
        "data/facts.csv",
        'printed of visitors-2020 is "more than 310 came" — facts.json has "more than 300 came"',
    ),
    "a status in a row": (
        swap("data/facts.csv", "disputed", "settled"),
        "data/facts.csv",
        "status of visitors-2020",
    ),
    "a missing row": (
        swap("data/facts.csv", r"(?m)^height,.*\n", ""),
        "data/facts.csv",
        "there are ",
    ),
    "a value in the JSON": (
        lambda site: site.write(
            "data/facts.json", site.text("data/facts.json").replace("250 visitors", "255 visitors")
        ),
        "index.html",
        'fig visitors 2020 — facts.json has "250 more visitors" or "250" or "255 visitors"',
    ),
    "no JSON": (
        lambda site: site.write("data/facts.json", "{"),
        "data/facts.json",
        "cannot be read",
    ),
    # Charts
    "a digit in a picture": (
        swap("charts/visitors.svg", ">250<", ">260<"),
        "charts/visitors.svg",
        '"260" is traced to nothing',
    ),
    "a mark in the wrong place": (
        swap("charts/visitors.svg", 'data-value="250"', 'data-value="260"'),
        "charts/visitors.svg",
        'a mark for visitors 2020 stands at "260"',
    ),
    "a missing mark": (
        swap("index.html", r'(?s)<path(?:(?!<path).)*?data-value="250"[^>]*>', "<path>"),
        "index.html",
        "the chart visitors draws other values than charts/visitors.csv",
    ),
    "a typed text in a picture": (
        swap("index.html", r'(<svg class="chart-wide".*?)</svg>', r"\1<text>In 1900</text></svg>"),
        "index.html",
        '"1900" is traced to nothing',
    ),
    "a title of a picture": (
        swap("charts/visitors.svg", "<title>250", "<title>280"),
        "charts/visitors.svg",
        '"280" is traced to nothing',
    ),
    "a digit in a chart's data": (
        swap("charts/visitors.csv", "250 visitors", "260 visitors"),
        "charts/visitors.csv",
        "this row is not what facts.json has for visitors 2020",
    ),
    # PDFs
    "a digit in the booklet": (
        lambda site: site.typeset("index.html", FIGURE, r"\g<1>260 visitors"),
        BOOKLET,
        '"260" stands on no page so, in "',
    ),
    "a sentence only in the booklet": (
        lambda site: site.typeset("tower.html", "</article>", "<p>Rebuilt in 1950.</p></article>"),
        BOOKLET,
        '"1950" stands on no page so, in "',
    ),
    "a sentence missing from the booklet": (
        lambda site: site.typeset("index.html", r"(?s) It was first lit on.*?</p>", "</p>"),
        BOOKLET,
        '"1901" of index.html is missing',
    ),
    "a paragraph without a number, missing from the booklet": (
        lambda site: site.typeset("tower.html", r'(?s)<p class="explanation">.*?</p>', ""),
        BOOKLET,
        'tower.html says "The tower was shut in spring.", which is missing',
    ),
    "a digit in the one-page sheet": (
        lambda site: site.typeset("index.html", FIGURE, r"\g<1>260 visitors"),
        SHEET,
        '"260" stands on no page so, in "',
    ),
    "a digit in the records": (
        lambda site: site.set_records("250", "260"),
        RECORDS,
        '"260" stands in no entry, in "',
    ),
    "an entry missing from the records": (
        lambda site: site.set_records("250 visitors", "visitors"),
        RECORDS,
        "is missing",
    ),
    "a PDF of another edition": (
        lambda site: site.write(
            "data/facts.csv", site.text("data/facts.csv").replace("250 in spite", "250  in spite")
        ),
        BOOKLET,
        "the attached facts.csv is not that of the site",
    ),
}


def test_a_good_site_passes(site: Site) -> None:
    found = audit(site.root)
    assert not found.faults, "\n".join(map(str, found.faults))
    assert (
        found.headline == f"{found.numbers:,} numbers on 17 pages and 3 PDFs, all traced, 0 stray"
    )
    assert found.numbers > 500


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_named_with_its_place(site: Site, what: str) -> None:
    plant, file, words = PLANTED[what]
    plant(site)
    found = audit(site.root)
    told = [str(fault) for fault in found.faults]
    assert any(line.startswith(f"{file}:") and words in line for line in told), "\n".join(told)
    assert f"{len(told)} stray" in found.headline
    assert "all traced" not in found.headline


def test_letters_from_right_to_left_are_words_of_their_own() -> None:
    """A unit whose plural is a Persian word with an s: paper sets a blank before it."""
    page, paper = (tokens([text]) for text in ("0.5 برج فانوسs", "0.5 برج فانوس s"))
    assert [token.text for token in page] == [token.text for token in paper]
    assert [token.text for token in page] == ["0", ".", "5", "برج", "فانوس", "s"]


def test_a_stray_is_told_with_its_line(site: Site) -> None:
    append("tower.html", "<p>None.</p>\n<p>Some say\nthat 7,000 came.</p>")(site)
    lines = site.text("tower.html").split("\n")
    (fault,) = [fault for fault in audit(site.root).faults if fault.file == "tower.html"]
    assert "7,000" in lines[fault.line - 1]


def test_every_output_that_repeats_a_figure_is_named(site: Site) -> None:
    """One value changed in the JSON: the audit finds each place that still says the old one."""
    facts = json.loads(site.text("data/facts.json"))
    for observation in facts["observations"]:
        if observation["id"] == "visitors-2020":
            observation["value"] = "251"
            observation["text"]["en"] = "251 visitors"
            for claim in observation["claims"]:
                if claim["is_shown"]:
                    claim |= {"value": "251", "text": {"en": "251 visitors"}}
    site.write("data/facts.json", json.dumps(facts))
    files = {fault.file for fault in audit(site.root).faults}
    expected = {
        "index.html",
        "tower.html",
        "data/facts.csv",
        "figures/visitors.js",
        BOOKLET,
        SHEET,
    }
    assert expected <= files


def test_a_site_that_fails_does_not_replace_the_last_good_one(lighthouse: Copy) -> None:
    before = {path: path.read_bytes() for path in lighthouse.site.rglob("*") if path.is_file()}
    page = lighthouse.read("docs/index.md")
    # The lint reads words of templates, not what they calculate: only the audit can see this.
    theme = lighthouse.read("overrides/partials/copyright.html")
    lighthouse.write("overrides/partials/copyright.html", theme + "<p>Since {{ 1900 + 1 }}</p>")
    lighthouse.write("docs/index.md", page.replace("The tower had", "The old tower had"))
    done = lighthouse.call("build")
    lighthouse.write("overrides/partials/copyright.html", theme)
    lighthouse.write("docs/index.md", page)
    assert done.returncode == 1
    assert "10 stray" in done.stdout
    assert '"1901" is traced to nothing, in "Since 1901"' in done.stderr
    assert before == {p: p.read_bytes() for p in lighthouse.site.rglob("*") if p.is_file()}


def test_the_command_tells_what_it_found(lighthouse: Copy, site: Site) -> None:
    done = lighthouse.call("audit", str(lighthouse.site))
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"[\d,]+ numbers on 17 pages and 3 PDFs, all traced, 0 stray\n", done.stdout
    )
    append("tower.html", "<p>Some 7,000 came.</p>")(site)
    done = lighthouse.call("audit", str(site.root))
    assert done.returncode == 1
    assert " stray\n" in done.stdout
    (line,) = done.stderr.splitlines()
    assert re.match(r'tower.html:\d+: it says "<p>Some 7,000 came.</p>.* — made again, it', line)
