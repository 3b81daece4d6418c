"""What README, CONTRIBUTING and the editors' pages say of commands and files is so."""

import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

import pytest
from typer import Context
from typer.main import get_group

from factsheet.cli import app
from tests.conftest import ROOT
from tests.test_house import FLOW

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
GUIDES = [README, CONTRIBUTING, ROOT / "docs/editing-guide.md", ROOT / "docs/publishing.md"]
TARGETS = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
COMMANDS = set(get_group(app).list_commands(Context(get_group(app))))


def first_cells(path: Path) -> list[str]:
    """The code that opens each row of the tables."""
    return re.findall(r"^\| `([^`]+)` \|", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= TARGETS
    assert (
        set(re.findall(r"(?:`|^)(?:\.venv/bin/)?factsheet ([a-z]+)", text, re.MULTILINE))
        <= COMMANDS
    )


def test_every_command_is_documented() -> None:
    named = first_cells(CONTRIBUTING)
    assert TARGETS - {"help"} == {cell[5:] for cell in named if cell.startswith("make ")}
    assert {cell.split()[1] for cell in named if cell.startswith("factsheet ")} == COMMANDS


def test_every_target_says_what_it_needs_first() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    declared = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert declared
    assert set(declared[1].split()) == TARGETS
    lines = {line.split(":")[0]: line for line in text.splitlines() if "##" in line}
    for target in TARGETS - {"help", "clean"}:
        assert "$(VENV)/.runtime" in lines[target] or "$(VENV)/.dev" in lines[target], target


def test_programs_of_the_environment_find_the_engine(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    environment = project / ".venv"
    shutil.copytree(ROOT / "factsheet", project / "factsheet")
    elsewhere.mkdir()
    venv.create(environment, with_pip=False)
    subprocess.run(["sh", ROOT / "tools/link.sh", environment], cwd=ROOT, check=True)
    ask: list[str | Path] = [
        environment / "bin/python",
        "-c",
        "import factsheet; print(factsheet.__file__)",
    ]
    done = subprocess.run(ask, cwd=elsewhere, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).resolve() == project / "factsheet/__init__.py"
    assert os.access(environment / "bin/factsheet", os.X_OK)


def test_the_plan_of_the_house_is_complete_and_in_order() -> None:
    folders = [cell.removeprefix("factsheet/") for cell in first_cells(CONTRIBUTING)
               if cell.startswith("factsheet/")]  # fmt: skip
    assert [name.removesuffix(".py").rstrip("/") for name in folders] == list(FLOW[:-1])


@pytest.mark.parametrize("path", [README, CONTRIBUTING], ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    code = re.findall(r"`([a-z.]+/[\w./-]*|[\w-]+\.(?:py|yml|in))`", text)
    made = {"docs/figures/", "site/", "site/pdf/", ".venv/bin/factsheet"}
    templates = {"templates/"}
    missing = [name for name in {*links, *code} - made - templates if not (ROOT / name).exists()]
    assert links
    assert not missing


def test_names_in_the_table_of_changes_stand_in_the_files_beside_them() -> None:
    table = CONTRIBUTING.read_text("utf-8").partition("### Where would you change")[2]
    rows = [line for line in table.partition("\n## ")[0].splitlines() if "`factsheet/" in line]
    assert len(rows) > 12
    for row in rows:
        quoted = re.findall(r"`([^`]+)`", row.split("|")[2])
        paths = [ROOT / name for name in quoted if (ROOT / name).is_file()]
        known = set(re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in paths)))
        names = [name for name in quoted if re.fullmatch(r"[\w.]+", name) and "." not in name[-5:]]
        assert {part for name in names for part in name.split(".")} <= known, row


def test_the_readme_is_one_screen() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 60
    image = ROOT / ".github/screenshot.png"
    assert image.read_bytes()[1:4] == b"PNG"
    assert image.stat().st_size < 200_000
