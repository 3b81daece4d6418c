"""Faults: what is wrong in a file, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in the data file or on a page.

    ``line`` and ``column`` count from 1; ``column`` 0 means that the whole line is meant.
    """

    file: str
    line: int
    column: int
    what: str
    mend: str

    def __str__(self) -> str:
        """``file:line: what is wrong — how to mend it``."""
        place = f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")
        return f"{place}: {self.what} — {self.mend}"


class FaultsError(Exception):
    """All the faults of one run, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep each fault once, sorted by place."""
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def summary(faults: Iterable[Fault]) -> list[str]:
    """The faults as lines of text; the same one in many places is told once, with its lines."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.file, fault.what, fault.mend), []).append(fault)
    lines = []
    for first, *others in groups.values():
        also = ", ".join(str(other.line) for other in others[:20])
        more = f" (also in line {also}{', …' if len(others) > 20 else ''})" if others else ""
        lines.append(f"{first}{more}")
    return lines


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Advice for a misspelled ``word``: the likeliest of ``known``, or ``otherwise``."""
    close = get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else otherwise
