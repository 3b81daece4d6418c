"""The same input gives the same bytes, wherever, whenever and under whatever locale it is built."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import libfaketime
import pytest

from tests.conftest import ROOT, Copy, copy_lighthouse

CLOCK = Path(libfaketime.__path__[0]) / "vendor/libfaketime/src/libfaketime.so.1"


def build(copy: Copy, **environment: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "build"],
        cwd=copy.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return copy.site


def differences(one: Path, other: Path) -> list[str]:
    """Files that only one folder has, or that differ."""
    names = {path.relative_to(site) for site in (one, other) for path in site.rglob("*")}
    return [
        name.as_posix()
        for name in sorted(names)
        if (not (one / name).is_dir() and not ((one / name).exists() and (other / name).exists()))
        or ((one / name).is_file() and (one / name).read_bytes() != (other / name).read_bytes())
    ]


@pytest.mark.parametrize(
    "environment",
    [
        {"LD_PRELOAD": str(CLOCK), "FAKETIME": "@2009-08-07 06:05:04", "TZ": "America/St_Johns",
         "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "1", "HOME": "/nowhere"},
        {"LD_PRELOAD": str(CLOCK), "FAKETIME": "@2035-02-28 23:59:59", "TZ": "Asia/Baku",
         "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "az:ru", "PYTHONHASHSEED": "4242",
         "SOURCE_DATE_EPOCH": "1"},
    ],
    ids=["long ago", "a far day"],
)  # fmt: skip
def test_another_machine_builds_the_same(
    built_lighthouse: Copy, tmp_path: Path, environment: dict[str, str]
) -> None:
    copy = copy_lighthouse(tmp_path / "some folder & another" / "Neftçala")
    for number, path in enumerate(sorted(copy.root.rglob("*"))):
        os.utime(path, (10**9 + number, 10**9 + number))
    assert differences(built_lighthouse.site, build(copy, **environment)) == []


def test_a_second_build_in_the_same_folder(built_lighthouse: Copy, tmp_path: Path) -> None:
    again = Copy(shutil.copytree(built_lighthouse.root, tmp_path / "again"))
    assert differences(built_lighthouse.site, again.build()) == []


def test_dates_are_not_taken_from_git(built_lighthouse: Copy, lighthouse: Copy) -> None:
    for command in (["init"], ["add", "."], ["commit", "-m", "x"]):
        name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(
            ["git", *name, *command], cwd=lighthouse.root, check=True, capture_output=True
        )
    assert differences(built_lighthouse.site, lighthouse.build()) == []


def test_the_clock_can_be_moved() -> None:
    ask = [sys.executable, "-c", "import datetime; print(datetime.date.today())"]
    environment = os.environ | {"LD_PRELOAD": str(CLOCK), "FAKETIME": "@2009-08-07 06:05:04"}
    said = subprocess.run(ask, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == "2009-08-07\n"


def test_the_real_site_is_built_the_same_elsewhere(built_project: Copy) -> None:
    done = subprocess.run(
        ["sh", ROOT / "tools/same.sh", built_project.site, sys.executable],
        cwd=built_project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "byte by byte" in done.stdout


def test_a_difference_is_found(built_project: Copy, tmp_path: Path) -> None:
    copy = shutil.copytree(built_project.site, tmp_path / "site")
    assert differences(built_project.site, copy) == []
    (copy / "index.html").write_bytes((copy / "index.html").read_bytes() + b" ")
    (copy / "new.html").write_bytes(b"")
    assert differences(built_project.site, copy) == ["index.html", "new.html"]
