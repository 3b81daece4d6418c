"""The build: faults stop it in plain words, and the last good site stays."""

import html
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT, Copy


def test_a_fault_leaves_the_last_good_site(lighthouse: Copy) -> None:
    before = {path: path.read_bytes() for path in lighthouse.build().rglob("*") if path.is_file()}
    lighthouse.edit("data/facts.yaml", "value: 400", "value: 4OO")
    lighthouse.edit("docs/index.md", "The tower had", "In 2020 the tower had")
    done = lighthouse.run("build")
    assert done.returncode == 1
    assert 'data/facts.yaml:75: "4OO" is not a number — write "400"' in done.stderr
    assert 'docs/index.md:3:4: "2020" is typed by hand — write {{ when("2020") }}' in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    after = {path: path.read_bytes() for path in lighthouse.site.rglob("*") if path.is_file()}
    assert after == before


def test_a_broken_link_in_raw_html_stops_the_build(lighthouse: Copy) -> None:
    lighthouse.write(
        "docs/index.md", lighthouse.read("docs/index.md") + '\n<a href="tower.html#no">there</a>\n'
    )
    done = lighthouse.call("build")
    assert done.returncode == 1
    assert 'docs/index.md:28: "tower.md" has no anchor "no"' in done.stderr
    assert not lighthouse.site.exists()


def test_mkdocs_itself_builds_and_lists_every_fault(lighthouse: Copy) -> None:
    def mkdocs() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict"],
            cwd=lighthouse.root,
            env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert mkdocs().returncode == 0
    lighthouse.edit("docs/index.md", 'fig("lit_on")', 'fig("lit_in")')
    lighthouse.edit("docs/tower.md", 'count("sources")', 'count("sauces")')
    done = mkdocs()
    assert done.returncode == 1
    assert 'docs/index.md:4: unknown figure "lit_in" — did you mean lit_on?' in done.stderr
    assert 'docs/tower.md:17: unknown thing to count "sauces"' in done.stderr


class Server:
    """``mkdocs serve`` as ``make serve`` calls it, on a free port, and all that it prints."""

    def __init__(self, copy: Copy, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "mkdocs",
                    "serve",
                    "--dirty",
                    "-a",
                    f"127.0.0.1:{self.port}",
                ],
                cwd=copy.root,
                env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def builds(self) -> int:
        return self.log.read_text().count("Building documentation")

    def page(self, name: str = "index") -> str:
        address = f"http://127.0.0.1:{self.port}/gull/{name}.html"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return html.unescape(answer.read().decode())

    def wait(self, condition: Callable[[], bool]) -> None:
        for _ in range(300):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if condition():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())


def test_serve_names_faults_keeps_serving_and_recovers(lighthouse: Copy, tmp_path: Path) -> None:
    server = Server(lighthouse, tmp_path / "log")
    good = lighthouse.read("data/facts.yaml")
    try:
        server.wait(lambda: "31.5 metres" in server.page())
        lighthouse.edit("data/facts.yaml", "value: 31.5", "value: 32.5")
        server.wait(lambda: "32.5 metres" in server.page())
        assert "32.5 metres" in server.page("figures/height")
        lighthouse.edit("docs/index.md", "## Visits", "Only this page.\n\n## Visits")
        server.wait(lambda: "Only this page." in server.page())
        assert "32.5 metres" in server.page("figures/height")
        builds = server.builds
        lighthouse.edit("docs/figures/height.md", "title:", "note: by a build\ntitle:")
        time.sleep(1)
        assert server.builds == builds
        lighthouse.edit("data/facts.yaml", "value: 32.5", "value: three")
        server.wait(lambda: 'class="fault">[height]' in server.page())
        assert 'data/facts.yaml:135: "three" is not a number' in server.log.read_text()
        lighthouse.write("data/facts.yaml", good.replace("edition:", "edition"))
        server.wait(lambda: "data file at fault" in server.page())
        lighthouse.edit("docs/index.md", "## Visits", "## Visits of all\n\n{{ fig( }}")
        server.wait(lambda: "broken macro call" in server.log.read_text())
        lighthouse.edit("docs/index.md", "{{ fig( }}", "{{ 9**9**9**9 }}")
        server.wait(lambda: "page at fault" in server.page())
        config = lighthouse.read("mkdocs.yml")
        lighthouse.write("mkdocs.yml", config.replace("nav:\n", "nav:\n\t- x\n"))
        server.wait(lambda: "mkdocs.yml at fault" in server.page())
        assert "a tab in the indent" in server.log.read_text()
        lighthouse.write("mkdocs.yml", config)
        server.wait(lambda: "mkdocs.yml at fault" not in server.page())
        lighthouse.write("data/facts.yaml", good)
        lighthouse.edit("docs/index.md", "{{ 9**9**9**9 }}", "Put right.")
        server.wait(lambda: "Put right." in server.page() and "31.5 metres" in server.page())
    finally:
        server.process.kill()
        server.process.wait(timeout=10)
    assert "Traceback" not in server.log.read_text()
