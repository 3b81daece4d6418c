"""Our build beside a plain MkDocs build of the same pages, whose figures are filled in.

Ours is ``factsheet build`` but for the PDFs, with charts that were drawn before: both are
measured apart. The plain side has the same settings, without what is ours, and the pages as
the macros plugin hands them to Markdown.
Both are measured in one run, in CPU seconds, so that what else the machine does counts little.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from growth import times_as_many
from measure import run, table

from tests.conftest import copy_project

MKDOCS = [sys.executable, "-m", "mkdocs", "build", "--strict"]
LISTS = "figure_index|sources|disputes|notes|downloads|fields|macro_list"
ONCE = re.compile(rf"\{{\{{ *(?:{LISTS})\(.*?\) *\}}\}}")
CLAIM = re.compile(r"^ +source: ", re.MULTILINE)
HOOKS = "hooks: [macros.py]\n"
KEEP = """
from pathlib import Path
from factsheet.site.markup import BLOCK
from mkdocs.plugins import event_priority

@event_priority(-100)
def on_page_markdown(markdown, page, config, files):
    kept = Path("filled") / page.file.src_uri
    kept.parent.mkdir(exist_ok=True)
    about = page.meta.get("description", "A copy.")
    markdown = markdown.replace(f"{BLOCK}\\n", "")
    kept.write_text(f"---\\ndescription: {about}\\n---\\n{markdown}", "utf-8")
"""


def many_pages(folder: Path, pages: int) -> Path:
    """The project with copies of its chapters, up to a number of pages."""
    project = copy_project(folder / "project").root
    chapters = sorted((project / "docs").glob("*.md"))
    guides = {"editing-guide", "publishing", "reference", "index"}
    chapters = [path for path in chapters if path.stem not in guides]
    settings = (project / "mkdocs.yml").read_text("utf-8")
    entries = ""
    for number in range(pages - len(chapters) - len(guides)):
        path = chapters[number % len(chapters)]
        name = f"copy-{number}.md"
        text = ONCE.sub("", path.read_text("utf-8"))
        text = re.sub(r"\[([^\]\[]*)\]\([\w.-]*#[^)\s]*\)", r"\1", text)
        (project / "docs" / name).write_text(text, "utf-8")
        entries += f"  - A copy: {name}\n"
    settings = settings.replace("  - For editors:", entries + "  - For editors:")
    (project / "mkdocs.yml").write_text(settings, "utf-8")
    return project


def fill_in(project: Path) -> Path:
    """The same project for plain MkDocs: every macro's result is in the pages."""
    settings = (project / "mkdocs.yml").read_text("utf-8")
    (project / "keep.py").write_text(KEEP, "utf-8")
    (project / "mkdocs.yml").write_text(
        settings.replace(HOOKS, "hooks: [macros.py, keep.py]\n"), "utf-8"
    )
    run(MKDOCS, project)
    (project / "mkdocs.yml").write_text(settings, "utf-8")
    plain = project.parent / "plain"
    shutil.copytree(project / "docs", plain / "docs", ignore=shutil.ignore_patterns("*.md"))
    shutil.copytree(project / "filled", plain / "docs", dirs_exist_ok=True)
    shutil.copytree(project / "overrides", plain / "overrides")
    without = re.sub(r"  - macros:\n(?: {6}.*\n)+", "", settings)
    without = without.replace("watch: [data, overrides, macros.py, factsheet]\n", "")
    without = without.replace(HOOKS, "")
    without = without.replace("  - factsheet.site.blocks\n", "").replace("extra:\n", EXTRA, 1)
    (plain / "mkdocs.yml").write_text(without, "utf-8")
    return plain


BUILD = """
import gc
import resource
from pathlib import Path
from factsheet.build.generate import beside_pages, make_pages, write_files
from factsheet.audit.audit import audit
from factsheet.build.project import Project
from factsheet.build.csp import seal

def cpu():
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)

gc.disable()  # as the command does
project = Project(Path())
site, faults = project.read()
assert site and not faults
gc.freeze()
gc.enable()
gc.set_threshold(20_000)
assert not make_pages(project, site)
write_files(beside_pages(site).items(), project.build)
seal(project.build)
start = cpu()
found = audit(project.build, site.wording.words, project.linked(site))
spent, memory = cpu() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
without = {"download.html", "data"}  # what they tell of PDFs and of the zip with them
assert {fault.file for fault in found.faults} <= without, found.faults
Path("measured").write_text(f"{spent} {memory / 1024}")
"""

EXTRA = """extra:
  factsheet: {edition: '2000-01-01', edition_text: a day, fingerprint: none, words: {}}
"""


def many_figures(folder: Path, claims: int) -> Path:
    """The project with copies of its indicators, up to a number of claims."""
    project = copy_project(folder / "project").root
    data = project / "data/facts.yaml"
    text = data.read_text("utf-8")
    one, two = (CLAIM.findall(times_as_many(text, times)) for times in (1, 2))
    times = 1 + max(0, round((claims - len(one)) / (len(two) - len(one))))
    data.write_text(times_as_many(text, times), "utf-8")
    return project


def measure(sizes: tuple[int, ...] = (15, 150, 1_500)) -> None:
    """A row for each number of chapters."""
    _measure(many_pages, sizes)


def measure_figures(sizes: tuple[int, ...] = (1, 2_800, 5_000)) -> None:
    """A row for each number of claims."""
    _measure(many_figures, sizes)


def _measure(make: Callable[[Path, int], Path], sizes: tuple[int, ...]) -> None:
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            project = make(Path(folder), size)
            plain = fill_in(project)
            pages = len(list((project / "docs").glob("*.md")))
            claims = len(CLAIM.findall((project / "data/facts.yaml").read_text("utf-8")))
            commands = (
                (MKDOCS, plain),
                (MKDOCS, project),
                ([sys.executable, "-c", BUILD], project),
            )
            # By turns, as a machine is faster at one time than at another.
            times = 3 if size < 100 else 1
            rounds = [[run(*command)[0] for command in commands] for _ in range(times)]
            bare, filled, whole = map(min, zip(*rounds, strict=True))
            audit, memory = map(float, (project / "measured").read_text().split())
            rows.append(
                (f"{pages:,}", f"{len(list((project / 'docs/figures').glob('*.md'))):,}",
                 f"{claims:,}", f"{bare:.1f} s", f"{filled:.1f} s", f"{whole:.1f} s",
                 f"{filled / bare:.2f}", f"{whole / bare:.2f}", f"{audit / whole:.2f}",
                 f"{memory:.0f} MB")
            )  # fmt: skip
    print("Builds of the same pages: plain MkDocs, MkDocs with our macros, and with our checks")
    table(("chapters", "figures", "claims", "plain", "macros", "build", "macros to plain",
           "build to plain", "audit to build", "memory"), rows)  # fmt: skip
