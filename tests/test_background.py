"""Work in a copy of the process: the same result, whatever becomes of the copy."""

import os
import signal
import subprocess
import sys

import pytest

from factsheet.background import in_background
from tests.conftest import ROOT

LARGE = "a" * 10**7
INTERRUPTED = """
import os, signal, time
from factsheet.background import in_background
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where it is ignored
given = in_background(lambda: time.sleep(60))
time.sleep(0.5)
os.killpg(0, signal.SIGINT)  # as Ctrl-C does: to the copy too
given()
"""


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})


def test_the_result_comes_from_a_copy_of_the_process() -> None:
    state = ["before"]
    given = in_background(lambda: (os.getpid(), [*state], LARGE))
    state.append("after")
    process, seen, text = given()
    assert process != os.getpid()
    assert seen == ["before"]
    assert text == LARGE


def test_a_copy_that_is_killed_is_not_missed() -> None:
    own = os.getpid()

    def work() -> int:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert in_background(work)() == own


def test_what_is_wrong_in_a_copy_is_raised_where_the_result_is_asked_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def work() -> None:
        raise ValueError("odd")

    given = in_background(work)
    with pytest.raises(ValueError, match="odd"):
        given()
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_ends_both_and_only_one_tells_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=ROOT, capture_output=True, text=True, check=False, start_new_session=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == -signal.SIGINT
    assert done.stderr.count("KeyboardInterrupt") == 1
