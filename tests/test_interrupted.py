"""What breaks off a build leaves the old site or the new one: a kill, a full disk, a rival."""

import ctypes
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from factsheet.build import files
from tests.conftest import ROOT, Copy, Said

CAP_DAC_OVERRIDE = 1
PR_CAPBSET_DROP = 24
TOUCHES_DISK = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}


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
    (folder / "robots.txt").write_text("the same")
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


def test_replacing_killed_before_every_step_leaves_old_or_new_and_is_restored(
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
            files.restore(site)
            files.replace(build, site)

        was_killed += killed_at(number, work)
        if not site.exists():
            seen.add("neither")
            assert contents(root / ".site.old") == old
        files.restore(site)
        found = contents(site)
        assert found in (old, new)
        seen.add("old" if found == old else "new")
        # The next run ends as if nothing had happened.
        shutil.rmtree(build, ignore_errors=True)
        make_folder(build, "newest")
        files.replace(build, site)
        assert set((site / "index.html").read_text().split()) == {"newest"}
        assert sorted(path.name for path in root.iterdir()) == ["site"]
    assert was_killed > 10
    assert seen == {"old", "neither", "new"}


def test_what_is_the_same_keeps_its_date_unless_only_its_owner_may_read_it(tmp_path: Path) -> None:
    site, build = make_folder(tmp_path / "site", "old"), make_folder(tmp_path / "build", "new")
    names = "robots.txt", "page.html", "hidden.txt", "linked.txt"
    for folder in (site, build):
        (folder / "hidden.txt").write_text("the same")
    (site / "hidden.txt").chmod(0o600)
    (build / "linked.txt").write_text("the same")
    (site / "linked.txt").symlink_to("robots.txt")
    for name in names:
        os.utime(site / name, (10**9, 10**9))
    new = contents(build)
    files.replace(build, site)
    assert contents(site) == new
    assert not (site / "linked.txt").is_symlink()
    assert [name for name in names if (site / name).stat().st_mtime == 10**9] == ["robots.txt"]


@pytest.fixture
def built(built_lighthouse: Copy, tmp_path: Path) -> Copy:
    """A copy of the tiny fact sheet with its finished ``site/``."""
    return Copy(shutil.copytree(built_lighthouse.root, tmp_path / "built"))


def build(copy: Copy, refuse: Callable[[], None] | None = None) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "build"],
        cwd=copy.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=refuse,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def hook(copy: Copy, code: str) -> None:
    """Have MkDocs run some code of ours at each build."""
    copy.write("hook.py", code)
    copy.edit("mkdocs.yml", "hooks: [macros.py]", "hooks: [hook.py]")


KILL = """import os, signal, sys
def kill(event, arguments):
    if event == {event!r} and {path!r} in str(arguments[0]):
        os.kill(os.getpid(), signal.SIGKILL)
def on_pre_build(config):
    sys.addaudithook(kill)
"""


@pytest.mark.parametrize(
    ("event", "path"),
    [("open", "build/tower.html"), ("open", "build/pdf/"), ("os.rename", "build")],
    ids=["while pages are written", "documents", "before it takes its place"],
)
def test_a_build_killed_leaves_the_old_site_and_is_not_in_the_way_of_the_next(
    built: Copy, event: str, path: str
) -> None:
    old, settings = contents(built.site), built.read("mkdocs.yml")
    built.edit("data/facts.yaml", "value: 31.5", "value: 32.5")
    built.edit("data/facts.yaml", "printed: 31.5", "printed: 32.5")
    hook(built, KILL.format(event=event, path=path))
    assert build(built).returncode == -signal.SIGKILL
    assert (built.root / "build").exists()
    files.restore(built.site)
    assert contents(built.site) == old
    built.write("mkdocs.yml", settings)
    assert "32.5 metres" in (built.build() / "tower.html").read_text()
    assert {".site.old", "build"}.isdisjoint(path.name for path in built.root.iterdir())


BUSY = (
    "build:1: another build of this folder is running"
    " — wait until it has ended, then run this one again"
)


def test_a_build_beside_another_is_refused(built: Copy) -> None:
    old = contents(built.site)
    with files.locked(built.root):
        assert refused(built) == BUSY
    assert contents(built.site) == old


ANOTHER = """from pathlib import Path
from factsheet.build import files
def on_post_build(config):
    with files.locked(Path.cwd()):
        pass
"""


def test_a_build_keeps_others_out_while_it_runs(lighthouse: Copy) -> None:
    hook(lighthouse, ANOTHER)
    assert f"MkDocs broke off: FaultsError: {BUSY}" in refused(lighthouse)


def refused(copy: Copy, refuse: Callable[[], None] | None = None) -> str:
    """What a build says that cannot write."""
    done = build(copy, refuse) if refuse else copy.call("build")
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("1 fault; nothing was changed.\n")
    return done.stderr.splitlines()[0]


FULL = """import os
def on_env(env, config, files):
    path = os.path.join(config["site_dir"], {path!r})
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink("/dev/full", path)
"""


@pytest.mark.parametrize("path", ["index.html", "data/facts.csv"])
def test_a_full_disk(built: Copy, path: str) -> None:
    old = contents(built.site)
    hook(built, FULL.format(path=path))
    said = refused(built)
    assert said.endswith(": the system refuses: No space left on device — make room on the disk")
    assert contents(built.site) == old


def test_a_limit_on_the_size_of_files(built: Copy) -> None:
    old = contents(built.site)
    said = refused(built, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
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
