"""Editions and other states of the project: frozen, found by name, and read.

An edition is its ``facts.json``, kept under ``data/editions``. A state is named by the date of
an edition, a file, a commit of git, or nothing: the files as they are.
"""

import io
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from factsheet.build import files
from factsheet.build.project import DATA_FILE, Project
from factsheet.data.load import load_sound
from factsheet.errors import Fault, FaultsError, refuse
from factsheet.export.write import facts_of
from factsheet.site.revisions import read_facts
from factsheet.site.site import Site
from factsheet.text.serialize import as_json

EDITIONS = Path("data/editions")
_NEEDED = ("data/", "docs/", "mkdocs.yml")


def release(root: Path, site: Site, day: str) -> Path:
    """Freeze the present state as the edition of ``day``; return its file.

    Raises:
        FaultsError: ``day`` is not the edition of the data file, not the newest, or frozen
            already with other content.
        OSError: it could not write.
    """
    edition, folder = site.sheet.edition, root / EDITIONS
    name = (EDITIONS / f"{day}.json").as_posix()
    line = site.facts.data.line("edition")
    if day != edition:
        what = f"the edition is {edition}, not {day}"
        refuse(site.facts.data.name, what, f'write "edition: {day}", or release {edition}', line)
    newest = max((path.stem for path in folder.glob("*.json")), default="")
    if day < newest:
        refuse(name, f"there is a newer edition, {newest}", "set the edition to today")
    path, text = root / name, as_json(facts_of(site))
    if path.exists() and path.read_text("utf-8") != text:
        what = f"the edition of {day} was released with other content"
        refuse(name, what, "set the edition to today: what was published stays as it was")
    folder.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
    return path


def state(root: Path, name: str | None) -> dict[str, Any]:
    """The ``facts.json`` of a state.

    Raises:
        FaultsError: there is no such state, or it has faults.
    """
    if name is None:
        return _facts(root, "")
    path = root / EDITIONS / f"{name}.json"
    path = path if path.is_file() else Path(name)
    if not path.is_file():
        return _of_commit(root, name)
    facts = read_facts(path)
    if facts is None:
        refuse(str(path), "this is no facts.json", "name an edition, such a file, or a commit")
    return facts


def formerly(root: Path) -> dict[str, str]:
    """The id of today by each id that an indicator had, as the data file tells."""
    sheet = load_sound(root / DATA_FILE, DATA_FILE.as_posix()).sheet
    return {old: key for key, one in sheet.indicators.items() for old in one.formerly}


def edited_pages(root: Path, old: str, new: str | None) -> list[str]:
    """The pages whose Markdown differs between two commits, or a commit and the files.

    None where one of both is no commit: an edition and a ``facts.json`` hold no pages.
    """
    commits = [f"{name}^{{commit}}" for name in (old, new) if name is not None]
    command = ["git", "-C", str(root), "diff", "--name-only", "--relative", "-z"]
    command += ["--end-of-options", *commits, "--", "docs/*.md"]
    done = subprocess.run(command, capture_output=True, check=False)
    found = done.stdout.decode("utf-8", "replace").split("\0") if not done.returncode else []
    return [f"{name.removeprefix('docs/').removesuffix('.md')}.html" for name in found if name]


def pictures(root: Path) -> dict[str, set[str]]:
    """The references of the figures that each picture of the files shows."""
    site, _ = Project(root).read()
    if site is None:
        return {}
    return {id_: {o.key for o in site.marks.observations(id_)} for id_ in site.sheet.charts}


def _of_commit(root: Path, name: str) -> dict[str, Any]:
    """What the data and pages of a commit give with the engine of today."""
    command = ["git", "-C", str(root), "archive", "--format=tar", "--end-of-options"]
    command.append(f"{name}^{{commit}}")
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        hint = f"name a date in {EDITIONS.as_posix()}, a facts.json, or a commit"
        refuse(name, "there is no edition, file or commit of this name", hint)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            wanted = [one for one in archive.getmembers() if one.name.startswith(_NEEDED)]
            archive.extractall(folder, wanted, filter="data")
        return _facts(Path(folder), f"{name}: ")


def _facts(root: Path, prefix: str) -> dict[str, Any]:
    site, faults = Project(root).read()
    unasked = site.published.faults if site else ()  # a revision still to be written hides nothing
    if site is None or any(fault not in unasked for fault in faults):
        raise FaultsError(Fault(prefix + f.file, f.line, f.column, f.what, f.hint) for f in faults)
    return facts_of(site).model_dump(mode="json")
