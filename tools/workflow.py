"""Runs each ``run:`` block of the workflows, in order, each workflow in a clean clone.

Run by ``make workflow``; texts given as arguments name blocks to leave out, such as "make test".
What only GitHub has is stood in for: the values of expressions, and ``gh``, which prints its call.
Actions (``uses:``) are not run, and conditions are taken to hold.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
GH = '#!/bin/sh\nshift 3\nls -l "$1" >/dev/null && echo "gh would publish: $*"\n'
COMMIT = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org", "commit", "--quiet")


def main() -> None:
    """Exit 1 if a block fails that may not."""
    failed = []
    for path in sorted(Path(".github/workflows").glob("*.yml")):
        jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder))
            for step in (step for job in jobs.values() for step in job["steps"]):
                block = step.get("run", "").strip()
                if block and block not in sys.argv[1:]:
                    began, name = monotonic(), f"{path.name}: {step['name']}"
                    done = run.block(step)
                    print(f"{name}: exit {done}, {monotonic() - began:.1f} s", flush=True)
                    if done and not step.get("continue-on-error"):
                        failed.append(name)
    sys.exit("\n".join(f"failed: {name}" for name in failed))


class Run:
    """One workflow in a clone of the last commit, whose edition is frozen and tagged."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is empty, and holds the clone and what GitHub has beside it."""
        self.clone, self.outputs = folder / "clone", folder / "outputs"
        subprocess.run(["git", "clone", "--quiet", ".", self.clone], check=True)
        data = (self.clone / "data/facts.yaml").read_text("utf-8")
        edition = data.partition("\nedition: ")[2].split()[0]
        engine = [sys.executable, "-m", "factsheet"]
        subprocess.run([*engine, "release", edition, "--root", self.clone], check=True)
        for command in (("add", "data/editions"), (*COMMIT, "-m", edition)):
            subprocess.run(["git", "-C", self.clone, *command], check=True)
        gh = folder / "bin/gh"
        gh.parent.mkdir()
        gh.write_text(GH)
        gh.chmod(0o755)
        self.outputs.touch()
        self.environment = {
            **os.environ,
            "PATH": f"{gh.parent}:{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_REF_NAME": f"edition-{edition}",
            "GITHUB_REPOSITORY": "owner/name",
        }

    def block(self, step: dict[str, Any]) -> int:
        """The exit code of a step's block, run as GitHub runs it."""
        given = {name: self.value(text) for name, text in step.get("env", {}).items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.clone,
            env=self.environment | given,
            check=False,
        ).returncode

    def value(self, text: str) -> str:
        """A text with its expressions replaced."""
        outputs = dict(line.split("=", 1) for line in self.outputs.read_text().splitlines())
        known = {
            "github.event.pull_request.base.sha": "HEAD~1",
            "github.token": "none",
            "steps.pages.outputs.page_url": "https://owner.example.org/name/",
            "needs.build.outputs.site-url": outputs.get("site-url", ""),
        }
        return EXPRESSION.sub(lambda match: known[match[1]], text)


if __name__ == "__main__":
    main()
