"""The steps of a build: the pages by MkDocs, and all the files that lie beside them."""

import importlib
import io
import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb

import jinja2

from factsheet.background import in_background
from factsheet.build.config import CONFIG_FILE
from factsheet.build.csp import seal
from factsheet.build.notices import NOTICES, notices
from factsheet.build.past import Editions, past_files
from factsheet.build.project import Project
from factsheet.build.sizes import fill_in, sizes
from factsheet.charts.draw import png
from factsheet.errors import Fault
from factsheet.export.feed import feed
from factsheet.export.figure_files import files
from factsheet.export.package import data_files, zipped
from factsheet.export.write import facts_of
from factsheet.pdf.typeset import our_fonts, write_pdfs
from factsheet.site.figures import write_pages
from factsheet.site.site import Site
from factsheet.values.dates import parse_period

_ABORTED = "Aborted with a configuration error!"


def make_pages(project: Project, site: Site, *, strict: bool = True) -> list[str]:
    """Have MkDocs build the pages into the build folder; return what it complains of, if it failed.

    It runs as its command does, but within this program, where ``read_once`` hands the adapter
    what has been read. File dates come from the edition.

    Raises:
        FaultsError: a face of our fonts is missing.
        OSError: it could not write.
    """
    our_fonts()
    if project.build.exists():
        shutil.rmtree(project.build)
    write_pages(site, project.docs)
    _without_pictures(site)
    generator = importlib.import_module("mkdocs.__main__")
    arguments = ["build", "--site-dir", str(project.build.resolve()), *["--strict"] * strict]
    day = parse_period(site.sheet.edition).high
    epoch = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    os.environ |= {"SOURCE_DATE_EPOCH": str(epoch), "NO_MKDOCS_2_WARNING": "1"}
    said = io.StringIO()
    with chdir(project.root), redirect_stdout(said), redirect_stderr(said):
        try:
            generator.cli(arguments)
        except SystemExit as end:
            if not end.code:
                return []
        except OSError:
            raise
        except Exception as error:
            said.write(str(_broken_off(error, project)))
        else:
            return []
    lines = [line for line in said.getvalue().splitlines() if line and not line.startswith("INFO")]
    return [_placed(line, project) for line in lines if line != _ABORTED or len(lines) == 1]


def _broken_off(error: Exception, project: Project) -> Fault:
    """What stopped MkDocs, at the last place in a file of the project, such as a template."""
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    if isinstance(error, jinja2.TemplateSyntaxError):
        places.append((error.filename or "", error.lineno))
    root = project.root.resolve()
    own = [(Path(file), line) for file, line in places if Path(file).is_relative_to(root)]
    file, line = own[-1] if own else (root / CONFIG_FILE, 1)
    what = f"MkDocs broke off: {type(error).__name__}: {error}"
    return Fault(file.relative_to(root).as_posix(), line, 0, what, "correct it there")


def _placed(complaint: str, project: Project) -> str:
    """A complaint about a setting, at its line; any other as it is."""
    match = re.fullmatch(r"(?:ERROR|WARNING) +-  Config value '(\w+)': (.*)", complaint)
    if match is None:
        return complaint
    line = project.config.line(match[1])
    return str(Fault(CONFIG_FILE.name, line, 0, f"{match[1]}: {match[2]}", "correct it"))


def finish(project: Project, site: Site, past: Editions) -> None:
    """Put charts, downloads, PDFs and past editions beside the pages, and seal the pages.

    Raises:
        FaultsError: an element of a page that the booklet does not know.
        OSError: it could not write.
    """
    write_files(beside_pages(site).items(), project.build)
    write_files(past_files(site, past), project.build)
    made = list(write_pdfs(site, project.menu(site), project.build))
    _write_zip(site, project.build)
    fill_in(sizes(site, made, project.build), project.build)
    seal(project.build)


def write_trace(site: Site, text: str, folder: Path) -> None:
    """Put the trace beside the pages, which only the audit of them can give, and its size."""
    write_files([("data/trace.json", text.encode())], folder)
    fill_in(sizes(site, [], folder), folder)


def write_files(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Put files beside the pages."""
    for file, content in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)


def beside_pages(site: Site) -> dict[str, bytes]:
    """By name, the content of each file that is made from the data alone."""
    made = {
        f"charts/{chart_id}.{kind}": content
        for chart_id in site.marks.panels
        for kind, content in site.chart_page(chart_id).files.items()
    }
    social = png(site.template("social.svg").render())
    return made | _without_pictures(site)() | {"assets/social.png": social}


@lru_cache(maxsize=1)
def _without_pictures(site: Site) -> Callable[[], dict[str, bytes]]:
    """Those without pictures are made while MkDocs makes the pages."""

    def made() -> dict[str, bytes]:
        facts = facts_of(site)
        texts = {"feed.xml": feed(site), NOTICES: notices(), **dict(files(site, facts))}
        found = {name: text.encode() for name, text in texts.items()}
        return found | {f"data/{name}": one for name, one in data_files(site, facts).items()}

    return in_background(made)


def _write_zip(site: Site, folder: Path) -> None:
    """All data, tables of charts and PDFs in one file."""
    paths = [path for kind in ("data/*", "charts/*.csv", "pdf/*.pdf") for path in folder.glob(kind)]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    (folder / f"data/{site.sheet.file_name}.zip").write_bytes(zipped(site, files))
