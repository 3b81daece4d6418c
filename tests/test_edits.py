"""Whatever of an editor's right edits ``check`` passes, the build with its audit passes too.

A small share, the same at each run; ``make edits`` tries many.
"""

import random
from pathlib import Path

import pytest

from tests.conftest import copy_lighthouse
from tests.edits import State, edited


@pytest.mark.parametrize("seed", [3, 24])
def test_what_check_passes_the_build_passes(tmp_path: Path, seed: int) -> None:
    copy = copy_lighthouse(tmp_path / "sheet")
    state, _ = edited(copy, State.read(copy.root), random.Random(seed), wanted=8)
    done = copy.call("build")
    assert done.returncode == 0, f"{', '.join(state.done)}\n{done.stderr}"
