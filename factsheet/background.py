"""Work in a process of its own, beside the one that goes on."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

_Result = TypeVar("_Result")


def in_background(work: Callable[[], _Result]) -> Callable[[], _Result]:
    """Begin some work in a copy of this process; what it gives is there when it is asked for.

    Where a process cannot be copied safely, where there is no second core, or where the copy
    broke off, the work is done when its result is asked for: so it must change nothing.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return work
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=_send, args=(work, here, there), daemon=True)
    try:
        copy.start()
    except OSError:  # there are too many already
        return work
    there.close()

    def result() -> _Result:
        try:
            found: _Result = here.recv()
        except (EOFError, OSError):
            return work()
        copy.join()
        return found

    return result


def _send(work: Callable[[], object], here: Connection, there: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever waits for it is told, and ends it
    here.close()  # so that it ends when nobody waits any more
    with suppress(Exception):
        there.send(work())
