"""How the check grows with the data, beside a bare YAML parse of the same file.

Run with ``make bench``. Times are CPU seconds, the best of three; what counts are the
ratios, since both sides run in one process on one machine.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from factsheet.lint import Lint  # noqa: E402 — found through the line above
from factsheet.load import load  # noqa: E402 — as above
from factsheet.reckon import reckon  # noqa: E402 — as above


def times_as_many(text: str, times: int) -> str:
    """The data file with each indicator that sources print repeated under other ids."""
    start, end = text.index("\nindicators:\n"), text.index("\nchecks:\n")
    blocks = re.split(r"\n(?=  [a-z])", text[start:end])
    printed = [block for block in blocks[1:] if "formula:" not in block]
    copies = [
        re.sub(r"^  ([a-z]\w*):", rf"  \1_{number}:", block)
        for number in range(1, times)
        for block in printed
    ]
    return text[:end] + "\n".join(["", *copies]) + text[end:]


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of three runs."""
    spans = []
    for _ in range(3):
        start = time.process_time()
        work()
        spans.append(time.process_time() - start)
    return min(spans)


def check(path: Path) -> int:
    """Load, reckon and lint; the number of claims."""
    book = reckon(load(path))
    assert not list(Lint(book).data_file())
    return sum(len(observation.claims) for observation in book.observations.values())


def main() -> None:
    """Print a row for the data file as it is, and for ten times as many claims."""
    text = (ROOT / "data/facts.yaml").read_text("utf-8")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, 10):
            path = Path(folder) / f"facts-{times}.yaml"
            path.write_text(times_as_many(text, times), "utf-8")
            claims = check(path)
            spent = best(lambda path=path: check(path))
            bare = best(lambda path=path: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
            rows.append((claims, spent, bare))
            print(f"{claims:>6} claims: check {spent:.2f} s, {spent / bare:.1f} times a bare parse")
    (few, first, _), (many, second, _) = rows
    print(f"{many / few:.1f} times the claims take {second / first:.1f} times as long")


if __name__ == "__main__":
    main()
