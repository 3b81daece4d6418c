"""From an edit to the changed page in ``mkdocs serve``, with the fact sheet and without it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from builds import fill_in, many_pages
from measure import ROOT, table


class Server:
    """``mkdocs serve`` on a free port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{self.port}"],
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

    def edited(self, words: str) -> float:
        """Seconds from an edit of the page until it is served."""
        path = self.folder / "docs/park.md"
        path.write_text(path.read_text("utf-8") + f"\n{words}\n", "utf-8")
        start = time.perf_counter()
        self.wait_for(words)
        return time.perf_counter() - start


def measure(sizes: tuple[int, ...] = (15, 150)) -> None:
    """A row for each number of pages."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            project = many_pages(Path(folder), size)
            spans = []
            for where in (fill_in(project), project):
                server = Server(where)
                try:
                    server.wait_for("</html>")
                    time.sleep(1)
                    spans.append(
                        min(server.edited(words) for words in ("Edited.", "Again.", "Once more."))
                    )
                finally:
                    server.process.kill()
                    server.process.wait()
            plain, ours = spans
            rows.append((f"{size:,}", f"{plain:.1f} s", f"{ours:.1f} s", f"{ours / plain:.2f}"))
    print("From an edit of a page to its new look in mkdocs serve, by the clock")
    table(("pages", "plain", "ours", "ours to plain"), rows)
