"""From an edit to the changed page in ``mkdocs serve``, with the fact sheet and without it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from itertools import pairwise
from pathlib import Path

from builds import fill_in, many_pages
from measure import ROOT, table

PROSE = ("plant stands in the", "plant stands within the", "plant has its place in the")
"""What stands in the prose of the page, and what is put there in turn."""
DATA = ("at its opening; in", "at the opening; in", "at that opening; in")
"""The same of the title of a picture, which the data file has."""


class Server:
    """``mkdocs serve`` on a free port, with options."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", *options, "-a", f"127.0.0.1:{self.port}"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait_for(self, words: str) -> None:
        """Until the page of the park shows some words."""
        address = f"http://127.0.0.1:{self.port}/khazar-fact-sheet/park.html"
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(address, timeout=60) as answer:
                    if words in answer.read().decode():
                        return
            except OSError:
                pass
            time.sleep(0.02)
        raise AssertionError("mkdocs serve has ended")

    def cpu(self) -> float:
        """CPU seconds that it has used so far; Linux only (proc(5), fields 14 and 15)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def edited(self, file: str, old: str, new: str) -> tuple[float, float]:
        """Seconds from an edit until the page of the park shows it, by the clock and of CPU."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text, old
        used, start = self.cpu(), time.perf_counter()
        path.write_text(text.replace(old, new, 1), "utf-8")
        self.wait_for(new)
        span = time.perf_counter() - start
        time.sleep(2)
        return span, self.cpu() - used


def measure(sizes: tuple[int, ...] = (15, 150)) -> None:
    """A row for each number of pages and kind of edit."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            project = many_pages(Path(folder), size)
            spans = {}
            for where, options in ((fill_in(project), ()), (project, ("--dirty",))):
                server = Server(where, *options)
                try:
                    server.wait_for("</html>")
                    time.sleep(1)
                    edits = [("prose", "docs/park.md", PROSE)]
                    if options:
                        edits.append(("data", "data/facts.yaml", DATA))
                    for kind, file, words in edits:
                        spans[bool(options), kind] = min(
                            server.edited(file, old, new) for old, new in pairwise(words)
                        )
                finally:
                    server.process.kill()
                    server.process.wait()
            plain = spans[False, "prose"]
            for kind in ("prose", "data"):
                ours = spans[True, kind]
                rows.append(
                    (
                        f"{size:,}, {kind}",
                        *(f"{time:.1f} s" for time in (*plain, *ours)),
                        f"{ours[0] / plain[0]:.2f}",
                    )
                )
    print("From an edit to the page's new look in mkdocs serve (ours with --dirty, as make serve)")
    table(("pages, edit", "plain", "its CPU", "ours", "its CPU", "ours to plain"), rows)
