"""The command line: ``factsheet check``, ``build`` and ``schema``."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Never

import typer

from factsheet.dates import parse_period
from factsheet.export import as_json, facts_csv, facts_json, facts_schema
from factsheet.links import broken_links
from factsheet.project import Project
from factsheet.render import Renderer
from factsheet.schema import data_file_schema

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Root = Annotated[Path, typer.Option("--root", help="The project's folder.")]
SITE = "site"


@app.command()
def check(root: Root = Path()) -> None:
    """Read the data file and the pages, and report every fault."""
    site = _renderer(root)
    counts = ", ".join(f"{number} {what}" for what, number in site.counts.items())
    typer.echo(f"No faults. {counts}, on {len(site.pages)} pages.")


@app.command()
def build(root: Root = Path()) -> None:
    """Build the finished site; the last good one stays until the new one has passed."""
    project = Project(root)
    site = _renderer(root)
    _run_mkdocs(project, site)
    write_downloads(site, project.build)
    faults = list(broken_links(project.build))
    if faults:
        _fail([str(fault) for fault in faults])
    replace(project.build, root / SITE)
    pages = len(list((root / SITE).glob("*.html")))
    typer.echo(f"{SITE}/ is ready: {pages} pages, edition {site.sheet.edition}, "
               f"data {site.book.data.fingerprint}.")  # fmt: skip


@app.command()
def schema(
    root: Root = Path(),
    check_only: Annotated[
        bool, typer.Option("--check", help="Only tell whether the file is up to date.")
    ] = False,
) -> None:
    """Write data/facts.schema.json, which editors' programs use for help while typing."""
    path = root / "data" / "facts.schema.json"
    text = as_json(data_file_schema())
    if check_only:
        if not path.exists() or path.read_text("utf-8") != text:
            _fail([f"{path}:1: out of date — run: factsheet schema"])
        return
    path.write_text(text, "utf-8")


def write_downloads(site: Renderer, folder: Path) -> None:
    """Put the data files beside the pages."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "facts.json").write_text(as_json(facts_json(site)), "utf-8")
    (data / "facts.csv").write_text(facts_csv(site), "utf-8")
    (data / "facts.schema.json").write_text(as_json(facts_schema()), "utf-8")


def replace(new: Path, old: Path) -> None:
    """Put ``new`` in the place of ``old``."""
    aside = old.with_name(f".{old.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def _renderer(root: Path) -> Renderer:
    site, faults = Project(root).read()
    if faults or site is None:
        _fail([str(fault) for fault in faults])
    return site


def _fail(lines: list[str]) -> Never:
    for line in lines:
        typer.echo(line, err=True)
    number = len(lines)
    typer.echo(f"{number} fault{'s' if number != 1 else ''}. Nothing was built.", err=True)
    raise typer.Exit(1)


def _run_mkdocs(project: Project, site: Renderer) -> None:
    """Build the pages strictly; file dates come from the edition."""
    day = parse_period(site.sheet.edition).high
    epoch = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch), "NO_MKDOCS_2_WARNING": "1"}
    shutil.rmtree(project.build, ignore_errors=True)
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project.root, env=environment, text=True, capture_output=True, check=False,
    )  # fmt: skip
    if result.returncode:
        _fail([line for line in result.stderr.splitlines() if not line.startswith("INFO")])
