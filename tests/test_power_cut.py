"""What breaks off a build leaves the old site or the new one: a kill, a full disk, a rival."""

import ctypes
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from factsheet.build import files
from tests.conftest import ROOT, Copy, copy_lighthouse

CAP_DAC_OVERRIDE = 1
PR_CAPBSET_DROP = 24
TOUCHES_DISK = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
SLOW = """import time
def on_pre_build(config):
    open("mkdocs-runs", "w").close()
    time.sleep(2)
"""


def contents(folder: Path) -> dict[str, str]:
    """Each file below a folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def make_folder(folder: Path, text: str) -> Path:
    for name in ("index.html", "page.html", "data/facts.json", "a/b/c.svg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Whether a process doing ``work`` was killed just before it touched the disk again."""
    child = os.fork()
    if child == 0:
        left = number

        def count(event: str, _arguments: object) -> None:
            nonlocal left
            if event in TOUCHES_DISK:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_replacing_killed_before_every_step_leaves_old_or_new_and_is_healed(
    tmp_path: Path,
) -> None:
    seen = set()
    number = was_killed = 0
    while was_killed == number:
        number += 1
        root = tmp_path / str(number)
        site = make_folder(root / "site", "old")
        build = make_folder(root / "build", "new")
        old, new = contents(site), contents(build)

        def work(build: Path = build, site: Path = site) -> None:
            files.heal(site)
            files.replace(build, site)

        was_killed += killed_at(number, work)
        if not site.exists():
            seen.add("neither")
            assert contents(root / ".site.old") == old
        files.heal(site)
        found = contents(site)
        assert found in (old, new)
        seen.add("old" if found == old else "new")
        # The next run ends as if nothing had happened.
        files.remove(build)
        make_folder(build, "newest")
        files.replace(build, site)
        assert set((site / "index.html").read_text().split()) == {"newest"}
        assert sorted(path.name for path in root.iterdir()) == ["site"]
    assert was_killed > 8
    assert seen == {"old", "neither", "new"}


def start(copy: Copy, *, refuse: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    """A build in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "factsheet", "build"],
        cwd=copy.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=refuse,
    )


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = copy_lighthouse(tmp_path_factory.mktemp("once") / "lighthouse")
    copy.build()
    return copy


@pytest.fixture
def built(built_once: Copy, tmp_path: Path) -> Copy:
    """A copy of the tiny fact sheet with its finished ``site/``."""
    return Copy(shutil.copytree(built_once.root, tmp_path / "built"))


def test_a_build_killed_at_any_moment(built: Copy) -> None:
    old = contents(built.site)
    kept = built.site.rename(built.root / "kept")
    built.edit("data/facts.yaml", "value: 31.5", "value: 32.5")
    began = time.monotonic()
    new = contents(built.build())
    lasted = time.monotonic() - began
    assert new != old
    shutil.rmtree(built.site)
    kept.rename(built.site)
    moments = 8
    for moment in range(1, moments + 1):
        process = start(built)
        time.sleep(lasted * moment / moments)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        files.heal(built.site)
        assert contents(built.site) in (old, new), f"at {moment} of {moments}"
    assert contents(built.build()) == new
    assert not list(built.root.glob(".site.old"))
    assert not (built.root / "build").exists()


@pytest.fixture
def slow(lighthouse: Copy) -> Copy:
    """A fact sheet whose MkDocs takes a while."""
    lighthouse.write("slow.py", SLOW)
    lighthouse.write("mkdocs.yml", lighthouse.read("mkdocs.yml") + "hooks:\n  - slow.py\n")
    return lighthouse


def wait_for_mkdocs(copy: Copy) -> None:
    for _ in range(600):
        if (copy.root / "mkdocs-runs").exists():
            return
        time.sleep(0.05)
    raise AssertionError("MkDocs has not begun")


BUSY = (
    "build:1: another build of this folder is running"
    " — wait until it has ended, then run this one again\n"
    "1 fault; nothing was changed.\n"
)


def test_two_builds_at_once(slow: Copy) -> None:
    first = start(slow)
    wait_for_mkdocs(slow)
    second = slow.run("build")
    assert (second.returncode, second.stderr) == (1, BUSY)
    printed, said = first.communicate()
    assert first.returncode == 0, said
    assert "site/ is ready" in printed


def test_a_build_killed_while_mkdocs_writes_is_not_in_the_way_of_the_next(slow: Copy) -> None:
    process = start(slow)
    wait_for_mkdocs(slow)
    process.kill()
    process.communicate()
    assert "Height" in (slow.build() / "tower.html").read_text()


def refused(copy: Copy, refuse: Callable[[], None] | None = None) -> str:
    """What a build says that cannot write."""
    process = start(copy, refuse=refuse)
    printed, said = process.communicate()
    assert process.returncode == 1, printed + said
    assert "Traceback" not in said
    assert said.endswith("1 fault; nothing was changed.\n")
    return said.splitlines()[0]


FULL = """import os
def on_env(env, config, files):
    path = os.path.join(config["site_dir"], {path!r})
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink("/dev/full", path)
"""


@pytest.mark.parametrize("path", ["index.html", "data/facts.csv"])
def test_a_full_disk(built: Copy, path: str) -> None:
    old = contents(built.site)
    settings = built.read("mkdocs.yml")
    built.write("full.py", FULL.format(path=path))
    built.write("mkdocs.yml", settings + "hooks:\n  - full.py\n")
    said = refused(built)
    assert said.endswith(": the system refuses: No space left on device — make room on the disk")
    assert contents(built.site) == old


@pytest.mark.parametrize("limit", [500, 100_000])
def test_a_limit_on_the_size_of_files(built: Copy, limit: int) -> None:
    old = contents(built.site)
    said = refused(built, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert said.endswith(
        ": the system refuses: File too large — lift the limit on the size of files (ulimit -f)"
    )
    assert contents(built.site) == old


def without_privileges() -> None:
    """Let permissions hold for root too, as they do for everybody else."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


CLOSED = "the system refuses: Permission denied — make it readable and writable for yourself"


def test_a_folder_that_is_not_writable(built: Copy) -> None:
    old = contents(built.site)
    (built.root / files.LOCK).unlink()
    built.root.chmod(0o500)
    assert refused(built, without_privileges) == f".build.lock:1: {CLOSED}"
    built.root.chmod(0o700)
    assert contents(built.site) == old


def test_a_build_folder_that_cannot_be_deleted(built: Copy) -> None:
    old = contents(built.site)
    make_folder(built.root / "build", "left over").chmod(0o500)
    said = refused(built, without_privileges)
    assert CLOSED in said
    (built.root / "build").chmod(0o700)
    assert contents(built.site) == old


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_site_that_is_no_folder(lighthouse: Copy, kind: str) -> None:
    elsewhere = make_folder(lighthouse.root.parent / "elsewhere", "another's")
    if kind == "link":
        lighthouse.site.symlink_to(elsewhere)
    else:
        lighthouse.site.write_text("mine")
    what = "site is no folder but a link or a file"
    assert refused(lighthouse) == f"site:1: {what} — move it away: the build writes it"
    assert (elsewhere / "index.html").read_text() == "another's"


@pytest.mark.parametrize(
    "arguments",
    [
        ("format",),
        ("new", "claim", "--indicator", "height", "--source", "gazette-7", "--value", "31.5",
         "--printed", "31.5 metres"),
    ],
)  # fmt: skip
def test_a_full_disk_costs_no_line_of_the_data_file(
    lighthouse: Copy, arguments: tuple[str, ...]
) -> None:
    before = lighthouse.read("data/facts.yaml").replace("edition:", "edition:  ")
    lighthouse.write("data/facts.yaml", before)
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", *arguments],
        cwd=lighthouse.root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert done.returncode == 1
    assert "the system refuses: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert lighthouse.read("data/facts.yaml") == before
    names = sorted(path.name for path in (lighthouse.root / "data").iterdir())
    assert names == ["facts.yaml"]
