"""Makes many random edits of a fact sheet; what ``check`` passes, the build must pass too.

    python tools/edits.py [--real] [--sheets 30] [--edits 10] [--seed 0]

Each sheet takes some edits that ``check`` passes one by one, and is then built and audited,
PDFs included. A sheet that the build refuses is kept under ``.cache/edits``, and its faults
and edits are printed.
"""

import argparse
import random
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import copy_lighthouse, copy_project  # noqa: E402 -- after the path
from tests.edits import State, edited  # noqa: E402


def main() -> int:
    """Returns how many sheets the build refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="edit the real sheet, not the small")
    for name, number in (("sheets", 30), ("edits", 10), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=number)
    given = parser.parse_args()
    kept = ROOT / ".cache/edits"
    bad = refused = 0
    for number in range(given.seed, given.seed + given.sheets):
        folder = kept / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        copy = (copy_project if given.real else copy_lighthouse)(folder)
        state, no = edited(copy, State.read(folder), random.Random(number), given.edits)
        refused += no
        done = copy.call("build")
        if done.returncode:
            bad += 1
            said = "\n".join(
                line for line in done.stderr.splitlines() if ":" in line and "File" not in line
            )
            print(f"seed {number}: {', '.join(state.done)}\n{said[:1500]}", flush=True)
        else:
            shutil.rmtree(folder)
    edits = given.sheets * given.edits
    print(f"{given.sheets} sheets with {edits} edits ({refused} more were refused by check); "
          f"the build refused {bad}")  # fmt: skip
    return bad


if __name__ == "__main__":
    sys.exit(min(main(), 1))
