"""The command line: each command reads, calls one module, and says what came of it."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal, Never

import typer

from factsheet.analysis.targets import Verdict
from factsheet.build import files
from factsheet.build.config import CONFIG_FILE
from factsheet.build.project import DATA_FILE, Project
from factsheet.data.load import load, load_sound
from factsheet.errors import FaultsError, HintError, nearest, summary
from factsheet.lint.lint import Lint
from factsheet.site.site import Site

if TYPE_CHECKING:
    from factsheet.audit.audit import Audit
    from factsheet.build.past import Editions

# What a command alone needs is imported in it: an editor waits for `check` after each sentence.
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Root = Annotated[Path, typer.Option("--root", help="The project's folder.")]
SITE = "site"
CITATION = Path("CITATION.cff")
SCHEMA = Path("data/facts.schema.json")


@app.command()
def check(root: Root = Path()) -> None:
    """Read the data file and the pages, and report every fault."""
    with _telling(root):
        site = _read(Project(root))
    counts = ", ".join(f"{n} {what}" for what, n in site.counts.items() if what not in {*Verdict})
    for note in summary(Lint(site.facts).only_on_pages()):
        typer.echo(note)
    typer.echo(f"No faults. {counts}, on {len(site.pages)} pages.")


@app.command()
def build(
    root: Root = Path(),
    past: Annotated[
        Path | None, typer.Option(help="A folder with the zips of past editions, to be kept.")
    ] = None,
) -> None:
    """Build the finished site; the last good one stays until the new one has passed."""
    with _telling(root, _UNCHANGED), files.locked(root):
        files.restore(root / SITE)
        try:
            _build(Project(root), past)
        except OSError:
            shutil.rmtree(Project(root).build, ignore_errors=True)  # it may be what fills the disk
            raise


def _build(project: Project, folder: Path | None) -> None:
    from factsheet.build.past import read_past

    site = _read(project)
    found = _made(project, site, read_past(folder, site) if folder else {}, _UNCHANGED)
    typer.echo(found.headline)
    if found.faults:
        raise FaultsError(found.faults)
    files.readable(project.build)
    files.replace(project.build, project.root / SITE)
    typer.echo(f"{SITE}/ is ready: {found.pages} pages, edition {site.sheet.edition}, "
               f"data {site.facts.data.fingerprint}.")  # fmt: skip
    if site.site_url and not site.public_url:
        typer.echo(f"site_url is still a placeholder: {site.site_url} — no page, PDF or "
                   f"download names an address until {CONFIG_FILE} has the right one.")  # fmt: skip


def _made(project: Project, site: Site, past: "Editions", outcome: str) -> "Audit":
    """Make every file of the finished site in the build folder, and read it back."""
    # Readers of PDFs and typesetters are slow to import: `check` does without them.
    from factsheet.audit.audit import audit as audit_of
    from factsheet.build.generate import finish, make_pages, write_trace

    site.past = list(past)
    gc.freeze()  # what was read stays; what the build makes on the way must not pile up
    gc.enable()
    gc.set_threshold(20_000)  # with the usual one, looking takes a second
    if complaints := make_pages(project, site):
        _fail(complaints, outcome)
    finish(project, site, past)
    found = audit_of(project.build, site.wording.words, project.linked(site))
    write_trace(site, found.trace, project.build)
    return found


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="A finished site.")] = Path(SITE),
    root: Root = Path(),
) -> None:
    """Make the finished site again, read it back, and name every file of FOLDER that differs.

    What is read back says what its ``data/facts.json`` says, and nothing else.
    """
    from factsheet.audit.compare import differences
    from factsheet.build.past import past_of

    if not folder.is_dir():
        _refuse([f"{folder}:1: there is no such folder — name a finished site"])
    with _telling(root), TemporaryDirectory() as place:
        project = Project(root, into=Path(place) / SITE)
        site = _read(project)
        past, faults = past_of(folder, root / DATA_FILE.parent / "editions")
        found = _made(project, site, past, outcome="")
        found.faults += [*faults, *differences(folder, project.build)]
    typer.echo(found.headline)
    if found.faults:
        _refuse(summary(found.faults))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of an indicator or a source.")],
    period: Annotated[str | None, typer.Argument(help="One of its periods.")] = None,
    root: Root = Path(),
) -> None:
    """Show a figure with its claims, disputes and uses, a series, or the claims of a source.

    Entries at fault elsewhere are left out.
    """
    from factsheet.editor.show import show as lines_about

    with _telling(root):
        site, faults = Project(root).read(load_sound)
        if site is None:
            raise FaultsError(faults)
        typer.echo("\n".join(lines_about(site, name, period)))


@app.command()
def release(
    day: Annotated[str, typer.Argument(metavar="DATE", help="The edition of the data file.")],
    root: Root = Path(),
) -> None:
    """Freeze the present edition as data/editions/DATE.json; what was frozen is never changed."""
    from factsheet.editor import history

    with _telling(root, _UNCHANGED):
        site = _read(Project(root))
        typer.echo(f"{history.release(root, site, day)} holds the edition of {day}.")


@app.command("diff")
def diff_(
    old: Annotated[str, typer.Argument(help="An edition, a facts.json or a commit.")] = "HEAD",
    new: Annotated[str | None, typer.Argument(help="The same; if left out, the files.")] = None,
    form: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="How to print it.")
    ] = "text",
    root: Root = Path(),
) -> None:
    """Tell what changed since the last commit, or between two editions, files or commits."""
    from factsheet.analysis.diff import diff as changes_between
    from factsheet.analysis.diff import lines_of
    from factsheet.editor import history
    from factsheet.text.serialize import as_json

    with _telling(root):
        states = (history.state(root, old), history.state(root, new))
        shown = history.pictures(root) if new is None else {}
        edited = history.edited_pages(root, old, new)
        found = changes_between(*states, history.formerly(root), edited, shown)
    if form == "json":
        typer.echo(as_json(found), nl=False)
    else:
        typer.echo("\n".join(lines_of(found, markdown=form == "markdown")))


@app.command()
def rename(
    old: Annotated[str, typer.Argument(help="The id of an indicator.")],
    new: Annotated[str, typer.Argument(help="The id that it gets.")],
    root: Root = Path(),
) -> None:
    """Give an indicator another id wherever it is named; its old address leads to the new one."""
    from factsheet.editor.rename import rename as rename_to

    with _telling(root, _UNCHANGED):
        changed, left = rename_to(root, old, new)
    typer.echo(f"{old} is now {new}, in {', '.join(changed)}.")
    if left:
        typer.echo(f"Not changed are comments and examples: {', '.join(left)}.")


@app.command("format")
def format_(
    root: Root = Path(),
    check_only: Annotated[
        bool, typer.Option("--check", help="Only tell whether the file is in order.")
    ] = False,
) -> None:
    """Put the data file into its one layout, and what follows from it into step with it.

    What the data file says and its comments stay. CITATION.cff follows from it, and the schema
    by which editors' programs help, where the data file names one.
    """
    from factsheet.editor.format import citation_file, tidy_file
    from factsheet.editor.json_schema import data_file_schema
    from factsheet.text.serialize import as_json

    with _telling(root, _UNCHANGED):
        text, tidied = tidy_file(root / DATA_FILE, DATA_FILE.as_posix())
    texts = {DATA_FILE: tidied}
    site, _ = Project(root).read()
    if site:  # else `check` names what cannot be read
        texts[CITATION] = citation_file(site)
        if f"$schema={SCHEMA.name}" in text:
            texts[SCHEMA] = as_json(data_file_schema(site.sheet))
    now = {name: (root / name).read_text("utf-8") if (root / name).exists() else ""
           for name in texts} | {DATA_FILE: text}  # fmt: skip
    changed = {
        name: (_first_difference(now[name], new), new)
        for name, new in texts.items()
        if now[name] != new
    }
    if check_only and changed:
        _refuse([
            f"{name.as_posix()}:{line}: not as it should be — run: factsheet format"
            for name, (line, _) in changed.items()
        ])  # fmt: skip
    for name, (line, new) in changed.items():
        with _telling(root, _UNCHANGED):
            files.write(root / name, new)
        done = "formatted" if name == DATA_FILE else "in step with the data file"
        typer.echo(f"{name.as_posix()} is {done}, from line {line} on.")


def _first_difference(old: str, new: str) -> int:
    pairs = zip(old.splitlines(), [*new.splitlines(), ""], strict=False)
    return next((n for n, (was, now) in enumerate(pairs, start=1) if was != now), 1)


@app.command()
def undo(root: Root = Path()) -> None:
    """Take out of the data file what the last ``new`` wrote."""
    from factsheet.editor.desk import undo as taken_out

    with _telling(root, _UNCHANGED):
        typer.echo("\n".join(["Taken out:", *taken_out(root)]))


@app.command()
def verify(
    source: Annotated[str, typer.Argument(help="The id of a source.")],
    textfile: Annotated[Path, typer.Argument(help="A file with the source's text.")],
    root: Root = Path(),
) -> None:
    """Tell whether the printed words of a source's claims stand in its text, and where."""
    from factsheet.editor.quotes import misses
    from factsheet.editor.quotes import verify as findings_in

    with _telling(root):
        data = load(root / DATA_FILE, DATA_FILE.as_posix())
        if source not in data.sheet.sources:
            hint = nearest(source, data.sheet.sources, "see sources:")
            raise HintError(f'unknown source "{source}"', hint)
    try:
        text = textfile.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _refuse([f"{textfile}: cannot be read as UTF-8 text: {error}"])
    findings = list(findings_in(data, source, text))
    for finding in (one for one in findings if one.lines):
        times = len(finding.lines)
        often = f" ({times} times)" if times > 1 else ""
        lines = ", ".join(map(str, finding.lines))
        typer.echo(f'line {lines}{often}: {finding.figure} "{finding.claim.printed}"')
    missed = [str(fault) for fault in misses(data, findings, str(textfile))]
    typer.echo(f"{len(findings) - len(missed)} of {len(findings)} claims of {source} stand there.")
    if missed:
        _refuse(missed)


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def new(context: typer.Context) -> None:
    """Ask for a new entry and write it where it belongs."""
    from factsheet.editor.new import app as kinds  # made from the models, which takes a while

    with _telling(Path()):
        kinds(context.args, prog_name=context.command_path)


_UNCHANGED = "; nothing was changed"
"""What came of a command that would have written."""


@contextmanager
def _telling(root: Path, outcome: str = "") -> Iterator[None]:
    """Around what a command does: each fault is told, then their number, and what came of it."""
    try:
        yield
    except FaultsError as error:
        _fail(summary(error.faults), outcome)
    except HintError as error:  # no fault of a file
        _refuse([f"{error} — {error.hint}"])
    except OSError as error:  # a full disk, a closed folder
        _fail([str(files.fault(error, root))], outcome)


def _read(project: Project) -> Site:
    site, faults = project.read_once()
    with suppress(FaultsError):  # of mkdocs.yml, which are among the faults
        faults = [*project.config.absent(), *faults]
    if faults or site is None:
        raise FaultsError(faults)
    return site


def _fail(lines: list[str], outcome: str = _UNCHANGED) -> Never:
    number = len(lines)
    _refuse([*lines, f"{number} fault{'s' if number != 1 else ''}{outcome}."])


def _refuse(lines: list[str]) -> Never:
    for line in lines:
        place, _, rest = line.partition(": ")
        what, dash, hint = rest.rpartition(" — ")
        if dash:  # left plain where the output is no terminal
            line = f"{typer.style(place, bold=True)}: {what}{dash}{typer.style(hint, fg='green')}"
        typer.echo(line, err=True, color=False if os.environ.get("NO_COLOR") else None)
    raise typer.Exit(1)
