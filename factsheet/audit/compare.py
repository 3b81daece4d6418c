"""A finished site, compared file by file with what the project makes again.

The same input gives the same bytes: what differs was changed since, or made from something else.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile, zip_longest
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from factsheet.audit.expected import plain
from factsheet.audit.outputs import REBUILD
from factsheet.audit.pdf import Paper
from factsheet.errors import Fault

_Way = tuple[str, str]
"""In what way a file differs: its text and that of the other, where they part."""
_NAMED = 3
"""How many other files are named that differ in the same way."""


def differences(site: Path, again: Path) -> list[Fault]:
    """What in the folder ``site`` is not as in ``again``: the oddest first.

    Files that differ in the same way are told in one line.
    """
    ways: dict[_Way, list[Fault]] = {}
    for way, fault in _odd_files(site, again):
        ways.setdefault(way, []).append(fault)
    found = []
    for first, *others in sorted(ways.values(), key=len):
        names = [fault.file for fault in others[:_NAMED]] + ["…"] * (len(others) > _NAMED)
        also = f" (and so with {len(others)} more: {', '.join(names)})" if others else ""
        found.append(Fault(first.file, first.line, 0, first.what + also, first.hint))
    return found


def _odd_files(site: Path, again: Path) -> Iterator[tuple[_Way, Fault]]:
    shown, wanted = _entries(site), _entries(again)
    for name in sorted({*shown, *wanted}):
        folder = name.rpartition("/")[0]
        if folder and shown.get(folder) != wanted.get(folder):
            continue  # the folder is told
        if shown.get(name) == "other":
            what, hint = "this is no plain file", "take it out"
        elif name not in wanted:
            what, hint = f"nothing is known of this {shown[name]}", "see why it was left behind"
        elif name not in shown:
            what, hint = f"the {wanted[name]} is missing", REBUILD
        elif shown[name] != wanted[name]:
            what, hint = f"this is a {shown[name]}", f"it should be a {wanted[name]}"
        elif shown[name] == "file" and (odd := _compare(site, again, name)):
            yield odd
            continue
        else:
            continue
        yield (what, folder), Fault(name, 1, 0, what, hint)


def _entries(folder: Path) -> dict[str, str]:
    """What lies in a folder, by name."""
    modes = {
        path.relative_to(folder).as_posix(): path.lstat().st_mode for path in folder.rglob("*")
    }
    return {
        name: "file" if S_ISREG(mode) else "folder" if S_ISDIR(mode) else "other"
        for name, mode in modes.items()
    }


def _compare(site: Path, again: Path, name: str) -> tuple[_Way, Fault] | None:
    """Where a file of the site first differs; of a PDF, the page stands for the line."""
    with suppress(OSError):
        if (site / name).read_bytes() == (again / name).read_bytes():
            return None
    shown, wanted = _texts(site / name), _texts(again / name)
    orders = (shown, wanted), (wanted, shown)
    pairs = enumerate(zip_longest(shown, wanted, fillvalue=""), start=1)
    for line, both in pairs if shown and wanted else ():
        if both[0] == both[1]:
            continue
        start = _alike(*both)
        end = _alike(*(one[start:][::-1] for one in both))
        says, said = (one[max(0, start - 40) : start + 80].strip() for one in both)
        way = (both[0][start : len(both[0]) - end], both[1][start : len(both[1]) - end])
        places = max((Counter(one) - Counter(other)).total() for one, other in orders)
        first = f" (the first of {places} lines)" if places > 1 else ""
        what, hint = f'it says "{says}"{first}', f'made again, it says "{said}"'
        return way, Fault(name, line, 0, what, hint)
    what = "the file is not as the build makes it"
    return (what, name), Fault(name, 1, 0, what, REBUILD)


def _alike(one: str, other: str) -> int:
    """How many letters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _texts(path: Path) -> list[str]:
    """The lines of a text, or the pages of a PDF; nothing of other files."""
    with suppress(Exception):  # whatever was made of it: it is told as another file
        if path.suffix == ".pdf":
            return [plain(text) for text in Paper(path).texts]
        return path.read_text("utf-8").split("\n")
    return []
