"""Both PDFs beside mkdocs-to-pdf, a plugin that prints all pages as one PDF.

The plugin and what it needs are installed into a virtual environment that is made for this
and removed afterwards. Its share is the time of a build with it less that of one without.
"""

import sys
import tempfile
from pathlib import Path

from measure import ROOT, run, table

from tests.conftest import copy_project

PLUGIN = "mkdocs-to-pdf==0.12.1"
READ = """
from pathlib import Path
from factsheet.pdf.typeset import write_pdfs
from factsheet.build.project import Project
project = Project(Path())
site, _ = project.read()
"""
SET = "write_pdfs(site, project.menu(site), project.build)"


def measure() -> None:
    """A row for ours and one for the plugin."""
    with tempfile.TemporaryDirectory() as place:
        project = copy_project(Path(place) / "project").root
        run([sys.executable, "-m", "venv", "venv"], Path(place))
        python = Path(place) / "venv/bin/python"
        for needs in (["-r", ROOT / "requirements.txt"], [PLUGIN]):
            run([python, "-m", "pip", "install", "--quiet", *needs], project)

        run([sys.executable, "-m", "factsheet", "build"], project)
        (project / "site").rename(project / "build")
        read, whole = (run([sys.executable, "-c", work], project)[0] for work in (READ, READ + SET))

        config = (project / "mkdocs.yml").read_text("utf-8")
        plugin = "plugins:\n  - to-pdf:\n      output_path: document.pdf\n"
        (project / "with.yml").write_text(config.replace("plugins:\n", plugin, 1), "utf-8")
        build = (python, "-m", "mkdocs", "build", "--quiet", "--site-dir")
        without = run([*build, "without"], project)[0]
        printed = run([*build, "with", "--config-file", "with.yml"], project)[0]
        ours, theirs = whole - read, printed - without
    print("All pages as PDF")
    table(
        ("", "time", "to ours"),
        [("ours, two PDFs", f"{ours:.1f} s", "1.0"),
         ("mkdocs-to-pdf", f"{theirs:.1f} s", f"{theirs / ours:.1f}")],
    )  # fmt: skip
