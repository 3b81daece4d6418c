"""A page to embed, in the frame of another site, as a server sends it with ``_headers``."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.conftest import Copy


class Handler(SimpleHTTPRequestHandler):
    """Sends what ``_headers`` says for an address, as hosts do that read it."""

    def end_headers(self) -> None:
        path = ""
        rules = Path(self.directory, "_headers")
        for line in rules.read_text("utf-8").splitlines() if rules.exists() else ():
            path = path if line.startswith(" ") else line
            if line.startswith(" ") and fnmatchcase(self.path, path):
                self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_another_site_can_frame_it_and_nothing_else(
    built_lighthouse: Copy, tmp_path: Path, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    with served(built_lighthouse.site) as ours, served(tmp_path) as theirs:
        frames = [f"http://localhost:{ours}/{kind}/height.html" for kind in ("embed", "figures")]
        html = "".join(f'<iframe src="{address}" width="320"></iframe>' for address in frames)
        (tmp_path / "index.html").write_text(f"<!doctype html>{html}", "utf-8")
        page = browser.new_page(color_scheme=scheme)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"http://127.0.0.1:{theirs}/index.html")
        embed = page.frame(url=frames[0])
        assert embed
        text = " ".join(embed.locator("body").inner_text().split())
        colours = embed.evaluate(
            "[getComputedStyle(document.body).color, document.body.scrollWidth <= innerWidth]"
        )
        page.close()
    assert "31.5 metres, according to The keepers [1]." in text
    assert "Gull Point lighthouse, edition 1 May 2021" in text
    assert colours == [{"light": "rgb(27, 33, 39)", "dark": "rgb(230, 233, 236)"}[scheme], True]
    assert [line for line in refused if "frame-ancestors" in line]
    assert not any("/embed/" in line for line in refused)
