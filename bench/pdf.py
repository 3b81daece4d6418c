"""The PDF step beside mkdocs-to-pdf, on the same pages in one run.

Run with ``make bench``; it takes some minutes. The plugin and what it needs are installed
into a virtual environment that is made for this and removed afterwards. Its share is the
time of a build with it less that of a build without. Times are CPU seconds of whole
processes, so what counts is the ratio.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLUGIN = "mkdocs-to-pdf==0.12.1"
PARTS = ("data", "docs", "factsheet", "overrides", "macros.py", "mkdocs.yml")
OURS = """
from pathlib import Path
from factsheet.press import write_pdfs
from factsheet.project import Project
project = Project(Path())
site, _ = project.read()
for pdf in write_pdfs(site, project.menu(site), project.build):
    print(f"  {pdf.address}: {pdf.pages} pages, {len(pdf.content) / 1e6:.1f} MB")
"""
READ = """
from pathlib import Path
from factsheet.project import Project
Project(Path()).read()
"""


def seconds(*command: str | Path, folder: Path) -> float:
    """CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(list(map(str, command)), cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the time of each, and how many times as long the plugin takes."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "project"
        project.mkdir()
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, project / part)
        subprocess.run([sys.executable, "-m", "venv", f"{place}/venv"], check=True)
        python = Path(place) / "venv/bin/python"
        for needs in (["-r", ROOT / "requirements.txt"], [PLUGIN]):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *needs], check=True)

        engine = [sys.executable, "-m", "factsheet", "build", "--root", project]
        subprocess.run(engine, cwd=ROOT, check=True)
        (project / "site").rename(project / "build")
        ours = seconds(sys.executable, "-c", OURS, folder=project)
        ours -= seconds(sys.executable, "-c", READ, folder=project)
        print(f"both PDFs of ours: {ours:.1f} s")

        config = (project / "mkdocs.yml").read_text("utf-8")
        plugin = "plugins:\n  - to-pdf:\n      output_path: document.pdf\n"
        (project / "with.yml").write_text(config.replace("plugins:\n", plugin, 1), "utf-8")
        build = (python, "-m", "mkdocs", "build", "--quiet", "--site-dir")
        without = seconds(*build, "without", folder=project)
        theirs = seconds(*build, "with", "--config-file", "with.yml", folder=project) - without
        size = (project / "with/document.pdf").stat().st_size
        print(f"  document.pdf: {size / 1e6:.1f} MB")
        print(f"mkdocs-to-pdf: {theirs:.1f} s, {theirs / ours:.1f} times as long")


if __name__ == "__main__":
    main()
