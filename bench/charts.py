"""How long all charts take together: drawn from scratch, taken from the folder, and from memory.

Each line is CPU seconds of a process of its own, the best of three,
and its ratio to the same process without charts.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import ROOT

WORK = """
import sys
import time
from pathlib import Path
from factsheet.charts.page import chart_page
from factsheet.build.project import Project
from factsheet.site.site import Site
site, faults = Project(Path.cwd()).read()
assert not faults
site = Site(site.book, site.pages, data_folder=Path("data"), cache_folder=Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    for name in site.sheet.charts:
        chart_page(site.charts, name)
    print(time.process_time() - start)
"""


def spans(folder: Path, rounds: int) -> list[float]:
    """CPU seconds of each round of drawing all charts in one process."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(folder), str(rounds)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, text=True,
        capture_output=True,
    )  # fmt: skip
    return [float(line) for line in done.stdout.split()]


def measure() -> None:
    """Print the three times."""
    cold, warm, again = [], [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(spans(Path(folder), 1)[0])
            first, second = spans(Path(folder), 2)
            warm.append(first)
            again.append(second)
    best = min(again)
    print("All charts: SVG for wide and narrow pages, PNG, CSV, description")
    for name, found in (("from scratch", cold), ("from the folder", warm), ("from memory", again)):
        print(f"  {name:16} {min(found):6.2f} s   {min(found) / best:6.1f} times memory")
