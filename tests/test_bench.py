"""The measurements run: what they find is for people to read."""

import subprocess
import sys

from tests.conftest import ROOT


def test_the_growth_of_the_check_is_measured() -> None:
    done = subprocess.run(
        [sys.executable, "bench/run.py", "growth", "1000", "2000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sizes = [int(line.split()[0].replace(",", "")) for line in done.stdout.splitlines()[2:4]]
    assert 500 < sizes[0] < 1500 < sizes[1] < 2500
