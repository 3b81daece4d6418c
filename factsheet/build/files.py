"""Files and folders put in their places whole.

Whatever ends the program, a full disk or a signal, leaves the old or the new one, never a part
of one and a part of the other.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from factsheet.errors import Fault, FaultsError

LOCK = ".build.lock"

_HINTS = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room within your quota",
    errno.EFBIG: "lift the limit on the size of files (ulimit -f)",
    errno.EACCES: "make it readable and writable for yourself",
    errno.EPERM: "make it readable and writable for yourself",
    errno.EROFS: "work in a folder that can be written to",
}


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """The one build of the project at ``root``.

    Raises:
        FaultsError: another build is running there.
    """
    with (root / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait until it has ended, then run this one again"
            raise FaultsError(
                [Fault("build", 1, 0, "another build of this folder is running", hint)]
            ) from None
        yield


def restore(folder: Path) -> None:
    """Bring back ``folder`` where ``replace`` was ended between its renames.

    Raises:
        FaultsError: it is no folder of its own, but a link or a file.
    """
    aside = _aside(folder)
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    if folder.is_symlink() or folder.is_file():
        what = f"{folder.name} is no folder but a link or a file"
        raise FaultsError([Fault(folder.name, 1, 0, what, "move it away: the build writes it")])


def readable(folder: Path) -> None:
    """Let everybody read a folder that is to be published, whatever the umask says."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def replace(new: Path, old: Path) -> None:
    """Put the folder ``new`` in the place of ``old``, which is deleted under the name of ``new``.

    Where it fails, ``old`` is as it was.
    """
    aside = _aside(old)
    if aside.exists():
        shutil.rmtree(aside)
    if old.exists():
        _keep_what_is_the_same(new, old)
        old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        restore(old)
        raise
    if aside.exists():
        aside.rename(new)
        shutil.rmtree(new, ignore_errors=True)


def _keep_what_is_the_same(new: Path, old: Path) -> None:
    """Put files of ``old`` in the place of their like in ``new``: they keep their date.

    And nothing is freed with them, for which some disks take milliseconds a file.
    """
    one = new.with_name(f".{new.name}.same")
    with suppress(OSError):  # not every disk can have a file in two places
        for path in new.rglob("*"):
            kept = old / path.relative_to(new)
            if path.is_file() and not kept.is_symlink() and _is_like(path, kept):
                one.unlink(missing_ok=True)
                os.link(kept, one)
                one.replace(path)


def _is_like(path: Path, other: Path) -> bool:
    return (
        other.is_file()
        and path.stat().st_mode == other.stat().st_mode
        and path.read_bytes() == other.read_bytes()
    )


def write(path: Path, text: str) -> None:
    """Write a text file whole, or leave the old one."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def fault(error: OSError, root: Path) -> Fault:
    """What the system refused, in an editor's words."""
    path = error.filename2 or error.filename
    name = os.path.relpath(path, root) if path else ".."
    name = "build" if name.startswith("..") else name
    hint = _HINTS.get(error.errno or 0, "correct what the system names, and run it again")
    return Fault(name, 1, 0, f"the system refuses: {error.strerror or error}", hint)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")
