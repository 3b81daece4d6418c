"""Faults: what is wrong in a file, where, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Never

LONGEST = 400
"""Letters of a message; what it quotes may be a whole file."""
FEW = 12
"""Words that a message lists in full."""
MANY = 300
"""Faults told in one run; further ones are not looked for."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in the data file or on a page.

    ``line`` and ``column`` count from 1; ``column`` 0 means that the whole line is meant.
    """

    file: str
    line: int
    column: int
    what: str
    hint: str

    def __str__(self) -> str:
        """``file:line: what is wrong — what to do``, on one line that any terminal can show."""
        place = f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")
        return f"{_shown(place)}: {_shown(self.what)} — {_shown(self.hint)}"


class HintError(ValueError):
    """What is wrong with a text, and in ``hint`` what to do."""

    def __init__(self, what: str, hint: str) -> None:
        """Keep the advice apart from the message."""
        super().__init__(what)
        self.hint = hint


class FaultsError(Exception):
    """All the faults of one run, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep each fault once, sorted by place."""
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def refuse(file: str, what: str, hint: str, line: int = 1) -> Never:
    """Go on no further: the one thing wrong with a file. Raises ``FaultsError``."""
    raise FaultsError([Fault(file, line, 0, what, hint)])


def _shown(text: str) -> str:
    """A text that quotes a file: cut where it is very long, what cannot be printed spelled out."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
    return "".join(
        char if char.isprintable() or char == "\N{NO-BREAK SPACE}" else f"\\u{ord(char):04x}"
        for char in text.replace("\n", " ")
    )


def summary(faults: Iterable[Fault]) -> list[str]:
    """The faults as lines of text; the same one in many places is told once, with its lines.

    Where there are very many, the first are enough: they have one cause, or take a while.
    """
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.file, fault.what, fault.hint), []).append(fault)
    lines = []
    for first, *others in groups.values():
        also = ", ".join(str(other.line) for other in others[:20])
        more = f" (also in line {also}{', …' if len(others) > 20 else ''})" if others else ""
        lines.append(f"{first}{more}")
    if len(lines) > MANY:
        lines[MANY:] = ["… and more, told once these are corrected"]
    return lines


def many(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, as far as they will be told."""
    return list(islice(faults, MANY + 1))


def few(word: str, known: Iterable[str]) -> str:
    """The ``known`` words in a list; the few likest to ``word`` where there are many."""
    known = list(known)
    if len(known) <= FEW:
        return ", ".join(known)
    likest = get_close_matches(word[:LONGEST], known, n=FEW // 2, cutoff=0)
    return f"{', '.join(likest)}, … ({len(known)} in all)"


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Advice for a misspelled ``word``: the likeliest of ``known``, or ``otherwise``."""
    if len(word) >= LONGEST:
        return otherwise
    known = list(known)
    close = [one for one in known if one.casefold() == word.casefold()]
    close = close or get_close_matches(word, known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else otherwise
