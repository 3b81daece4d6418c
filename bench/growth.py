"""How load and check grow with the number of claims, beside a bare YAML parse of the same file."""

import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from measure import ROOT, table

from factsheet.analysis.analyse import analyse
from factsheet.data.load import load
from factsheet.lint.lint import Lint


def times_as_many(text: str, times: int) -> str:
    """The data file with each indicator that sources print repeated under other ids and labels."""
    start, end = text.index("\nindicators:\n"), text.index("\nchecks:\n")
    blocks = re.split(r"\n(?=  [a-z])", text[start:end])
    printed = [block for block in blocks[1:] if "formula:" not in block]
    label = re.compile(r"(\n    label:\n      en: ['\"]?)")
    copies = []
    for number in range(1, times):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        for block in printed:
            named = re.sub(r"^  ([a-z]\w*):", rf"  \1_{number}:", block)
            copies.append(label.sub(rf"\1Copy {letters} of ", named, count=1))
    return text[:end] + "\n".join(["", *copies]) + text[end:]


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def check(path: Path) -> int:
    """Load, analyse and lint; the number of claims."""
    book = analyse(load(path))
    assert not list(Lint(book).data_file())
    return sum(len(observation.claims) for observation in book.observations.values())


def measure(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> None:
    """A row for each number of claims."""
    text = (ROOT / "data/facts.yaml").read_text("utf-8")
    rows: list[tuple[str, ...]] = []
    before: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.yaml"
        path.write_text(text, "utf-8")
        one = check(path)
        path.write_text(times_as_many(text, 2), "utf-8")
        more = check(path) - one
        for size in sizes:
            path.write_text(times_as_many(text, 1 + round((size - one) / more)), "utf-8")
            claims = 0

            def work(path: Path = path) -> None:
                nonlocal claims
                claims = check(path)

            spent = seconds(work)
            bare = seconds(lambda: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
            row = (
                f"{claims:,}",
                f"{spent:.2f} s",
                f"{spent / bare:.2f}",
                f"{spent / claims * 1e6:.0f} µs",
            )
            growth = f"{spent / before[1] / (claims / before[0]):.2f}" if before else "–"
            rows.append((*row, growth))
            before = claims, spent
    print("Load and check, as the claims grow (the last column is 1 where growth is linear)")
    table(("claims", "check", "to a YAML parse", "a claim", "growth to that of claims"), rows)
