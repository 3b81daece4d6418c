"""What tests share: the real project built once, and copies of the tiny fact sheet."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, sync_playwright
from typer.testing import CliRunner

from factsheet.build.project import Project
from factsheet.cli import app
from factsheet.editor import history
from factsheet.errors import Fault
from factsheet.site.pages import Page, page_files, read_page
from factsheet.site.site import Site

ROOT = Path(__file__).parent.parent
LIGHTHOUSE = Path(__file__).parent / "fixtures" / "lighthouse"
PROJECT_PARTS = ("data", "docs", "factsheet", "overrides", "macros.py", "mkdocs.yml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of the real site take longest and come first, so that all workers end together."""
    real = {"built_project", "built_site", "model"}
    items.sort(key=lambda item: real.isdisjoint(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """What was imported stays: looking for what may go is quicker without it."""
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Nothing is done in a copy of this process: it is large, and the second core is taken."""
    with patch.object(os, "sched_getaffinity", lambda _process: {0}):
        yield


class Said(NamedTuple):
    """What came of a command: its exit code, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Copy:
    """A copy of a project in a folder of its own, to be edited and built."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def site(self) -> Path:
        return self.root / "site"

    def read(self, file: str) -> str:
        return (self.root / file).read_text("utf-8")

    def write(self, file: str, text: str) -> None:
        (self.root / file).write_text(text, "utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def load(self) -> tuple[Site | None, list[Fault]]:
        return Project(self.root).read()

    def renderer(self) -> Site:
        site, faults = self.load()
        assert site
        assert not faults, "\n".join(map(str, faults))
        return site

    def renderer_pages(self) -> list[Page]:
        files, _ = page_files(self.root / "docs", self.root)
        return [read_page(path, self.root) for path in files]

    def call(self, *arguments: str) -> Said:
        """Run the command line in the copy, within this process: an exception is the test's.

        What it imports and keeps serves the next call, so that a build takes a third of the time.
        """
        with chdir(self.root), patch.dict(os.environ):
            done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        return Said(done.exit_code, done.stdout, done.stderr)

    def run(self, *arguments: str, engine: Path = ROOT) -> Said:
        """Run the command line in the copy as editors do, with the engine of this checkout."""
        done = subprocess.run(
            [sys.executable, "-m", "factsheet", *arguments],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(engine)},
            capture_output=True,
            text=True,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def build(self, *, as_editors_do: bool = False) -> Path:
        done = self.run("build") if as_editors_do else self.call("build")
        assert done.returncode == 0, done.stdout + done.stderr
        return self.site


def copy_project(target: Path) -> Copy:
    target.mkdir(parents=True)
    for part in PROJECT_PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / part)
    return Copy(target)


def copy_lighthouse(target: Path) -> Copy:
    shutil.copytree(LIGHTHOUSE, target)
    shutil.copy(ROOT / "macros.py", target / "macros.py")
    shutil.copytree(ROOT / "overrides", target / "overrides")
    return Copy(target)


def built_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]
) -> Path:
    """A folder ``name`` that is made once a run, whichever worker needs it first.

    The others wait for its lock. Nobody may write into it.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = base / name, base / f"{name}.done"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker whose build failed
            build(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the real project with its finished ``site/``, to be read only."""
    folder = built_once(
        tmp_path_factory, "project", lambda root: copy_project(root).build(as_editors_do=True)
    )
    return Copy(folder)


@pytest.fixture(scope="session")
def built_site(built_project: Copy) -> Path:
    """The finished site of the real project."""
    return built_project.site


@pytest.fixture(scope="session")
def model(built_project: Copy) -> Site:
    """The real project as the engine has read it."""
    return built_project.renderer()


@pytest.fixture(scope="session")
def formerly() -> dict[str, str]:
    """Ids of today of the real project by earlier ones: a rename breaks no test that knew those."""
    return history.formerly(ROOT)


@pytest.fixture(scope="session")
def built_lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the tiny fact sheet with its finished ``site/``, to be read only."""
    folder = built_once(
        tmp_path_factory, "lighthouse", lambda root: copy_lighthouse(root).build(as_editors_do=True)
    )
    return Copy(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for each worker; a test opens a context or page of its own in it."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing: `make test` installs it or says how"
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--no-sandbox",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def lighthouse(tmp_path: Path) -> Copy:
    """A copy of the tiny fact sheet about a lighthouse."""
    return copy_lighthouse(tmp_path / "lighthouse")


@pytest.fixture
def project_copy(tmp_path: Path) -> Callable[[], Copy]:
    """Makes copies of the real project."""
    return lambda: copy_project(tmp_path / "project")
