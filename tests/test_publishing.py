"""The workflow, its annotations and the hooks: everything that runs where tests cannot look."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from factsheet.audit.links import SOUGHT_BY_NAME, Links
from factsheet.audit.outputs import read_pages
from factsheet.errors import Fault
from tests.conftest import ROOT, Copy
from tests.test_commands import TARGETS

GITHUB = ROOT / ".github"
WORKFLOW = GITHUB / "workflows/site.yml"
RELEASE = GITHUB / "workflows/release.yml"
MATCHER = GITHUB / "fault-matcher.json"
HOOKS = ROOT / ".pre-commit-config.yaml"


def jobs(workflow: Path = WORKFLOW) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return found


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (WORKFLOW, "vendor.github-workflows"),
        (WORKFLOW, "custom.github-workflows-require-timeout"),
        (RELEASE, "vendor.github-workflows"),
        (RELEASE, "custom.github-workflows-require-timeout"),
        (GITHUB / "dependabot.yml", "vendor.dependabot"),
        (GITHUB / "ISSUE_TEMPLATE/wrong-figure.yml", "vendor.github-issue-forms"),
    ],
)
def test_files_for_github_fit_their_schemas(path: Path, schema: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_are_pinned_by_commit() -> None:
    used = re.findall(r"uses: (.+)", WORKFLOW.read_text("utf-8") + RELEASE.read_text("utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_each_job_may_do_no_more_than_it_must() -> None:
    assert yaml.safe_load(WORKFLOW.read_text("utf-8"))["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs().items()} == {
        "build": {"contents": "read"},
        "publish": {"pages": "write", "id-token": "write"},
    }
    assert yaml.safe_load(RELEASE.read_text("utf-8"))["permissions"] == {}
    assert jobs(RELEASE)["release"]["permissions"] == {
        "contents": "write",
        "id-token": "write",
        "attestations": "write",
    }
    assert jobs()["publish"]["if"] == "github.ref == 'refs/heads/main'"


def test_the_workflow_runs_what_editors_run_quick_checks_first() -> None:
    commands = [step.get("run", "") for step in jobs()["build"]["steps"]]
    made = [command[5:] for command in commands if command.startswith("make ")]
    assert made == ["check", "site", "same", "test", "validate", "successor", "advisories"]
    assert set(made) <= TARGETS
    add, remove = (
        f"::add-matcher::{MATCHER.relative_to(ROOT)}",
        "::remove-matcher owner=factsheet::",
    )
    assert commands.index(f'echo "{add}"') < commands.index("make check")
    assert commands.index("make site") < commands.index(f'echo "{remove}"')
    assert commands.index(f'echo "{remove}"') < commands.index("make test")


def released(lighthouse: Copy, edition: str) -> int:
    """The exit code of the blocks of a release, between the build and the attestation."""
    steps = jobs(RELEASE)["release"]["steps"]
    blocks = [step["run"] for step in steps if step.get("run", "").count("\n") > 2]
    assert len(blocks) == 2
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "".join(blocks)],
        cwd=lighthouse.root,
        env=os.environ | {"GITHUB_REF_NAME": f"edition-{edition}"},
        capture_output=True,
        check=False,
    )
    return done.returncode


def test_a_tag_releases_a_frozen_edition_and_no_other(
    built_lighthouse: Copy, lighthouse: Copy
) -> None:
    (lighthouse.root / "site").symlink_to(built_lighthouse.site)
    program = lighthouse.root / ".venv/bin/factsheet"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m factsheet "$@"\n')
    program.chmod(0o755)
    subprocess.run(["git", "init", "--quiet"], cwd=lighthouse.root, check=True)
    assert released(lighthouse, "2021-05-01")  # nothing is frozen before, but afterwards
    assert not (lighthouse.root / "release").exists()
    subprocess.run(["git", "add", "data/editions"], cwd=lighthouse.root, check=True)
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one"]
    subprocess.run(commit, cwd=lighthouse.root, check=True)
    assert released(lighthouse, "2021-05-02")
    assert not released(lighthouse, "2021-05-01")
    made = lighthouse.root / "release"
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=made, check=True)
    assert {path.name for path in made.iterdir()} == {"SHA256SUMS", "gull-point-2021-05-01.zip"}


@pytest.mark.parametrize(
    ("said", "status", "wanted", "told"),
    [
        ("No known vulnerabilities found", 0, 0, ""),
        ("Found 1 known vulnerability in 1 package", 1, 1, ""),
        ("requests.exceptions.ConnectionError: no route", 1, 0, "could not be asked"),
        ("No known vulnerabilities found\na could not be audited: a", 0, 0, "does not know"),
        (
            "Found 1 known vulnerability in 1 package\na could not be audited: a",
            1,
            1,
            "not know them: 1",
        ),
        ("pip-audit: error: no such file", 2, 2, ""),
    ],
)
def test_a_known_fault_of_a_package_fails_and_no_answer_is_told(
    tmp_path: Path, said: str, status: int, wanted: int, told: str
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit {status}\n")
    program.chmod(0o755)
    done = subprocess.run(
        ["sh", ROOT / "tools/advisories.sh", program, "requirements.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == wanted
    assert done.stdout.strip() == said
    assert told in done.stderr
    assert bool(told) == bool(done.stderr)


def test_the_public_address_stands_in_one_place() -> None:
    found = re.search(r"^site_url: *(\S+)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert found
    assert found[1].endswith("/")
    for path in [
        *GITHUB.rglob("*.yml"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("overrides/**/*.html"),
    ]:
        assert found[1] not in path.read_text("utf-8"), path


def annotation(line: str) -> dict[str, str | None] | None:
    """What the problem matcher makes of a line of output."""
    matcher = json.loads(MATCHER.read_text("utf-8"))["problemMatcher"][0]
    (pattern,) = matcher["pattern"]
    match = re.match(pattern["regexp"], line, re.ASCII)
    names = ("file", "line", "column", "message")
    return {name: match[pattern[name]] for name in names} if match else None


def expected(fault: Fault) -> dict[str, str | None]:
    return {
        "file": fault.file,
        "line": str(fault.line),
        "column": str(fault.column) if fault.column else None,
        "message": f"{fault.what} — {fault.hint}",
    }


def test_every_fault_becomes_an_annotation_at_its_line(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "value: 400", "value: 4OO")
    lighthouse.edit("docs/index.md", "The tower had", "In 2020: the tower had")
    lighthouse.edit("docs/index.md", 'fig("lit_on")', 'fig("lit_in")')
    lighthouse.edit("mkdocs.yml", "site_name: Gull Point", "site_name: Gull Point 7")
    printed = lighthouse.run("check").stderr.splitlines()
    assert [line for line in printed if not annotation(line)] == printed[-1:]
    _, faults = lighthouse.load()
    lighthouse.edit("data/facts.yaml", "value: 4OO", "value: 400")
    faults += lighthouse.load()[1]
    assert {fault.file for fault in faults} == {"data/facts.yaml", "docs/index.md", "mkdocs.yml"}
    assert {bool(fault.column) for fault in faults} == {True, False}
    for fault in faults:
        assert annotation(str(fault)) == expected(fault)
        assert annotation(f"ERROR   -  {fault}") == expected(fault)


def test_a_broken_link_becomes_an_annotation(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<a href="none.html">there</a>')
    (page,) = read_pages(tmp_path)
    links = Links({"page.html", *SOUGHT_BY_NAME}, {})
    (fault,) = links.broken(page)
    assert [unlinked.file for unlinked in links.unlinked()] == ["page.html"]
    assert annotation(str(fault)) == expected(fault)


@pytest.mark.parametrize(
    "line",
    [
        "make: *** [Makefile:23: check] Error 1",
        "2 faults.",
        "2 faults; nothing was changed.",
        "factsheet/cli.py:1: error: Name is not defined  [name-defined]",
        "E   docs/index.md is not there",
        "INFO    -  Building documentation to directory: build",
    ],
)
def test_other_output_becomes_no_annotation(line: str) -> None:
    assert annotation(line) is None


def test_hooks_fetch_nothing() -> None:
    repositories = yaml.safe_load(HOOKS.read_text("utf-8"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
        assert "additional_dependencies" not in hook
