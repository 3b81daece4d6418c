"""Whatever is fed in is read or refused in words: no traceback, no hang, bounded memory.

``FUZZ_EXAMPLES=20000 python -m pytest tests/test_fuzz.py`` looks longer, and elsewhere each time.
"""

import base64
import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LIGHTHOUSE, ROOT

MEMORY = 600_000_000
"""Bytes of address space, beyond what the program takes for a good file."""
PATIENCE = 60
"""Seconds after which an answer counts as a hang; none takes a second by itself."""

EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
fuzzing = settings(
    max_examples=int(EXAMPLES or 150),
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Worker:
    """The process that reads what is fed in; a new one after each that failed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.answers: dict[str, int] = {}

    def __call__(self, kind: str, content: bytes) -> str:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz_worker", str(MEMORY)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin
        assert self.process.stdout
        message = json.dumps([kind, base64.b64encode(content).decode()])
        self.process.stdin.write(message + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.close()
            raise AssertionError("the process died" if ready else "no answer: it hangs")
        answer = str(json.loads(line))
        assert not answer.startswith("CRASH"), answer
        self.answers[answer] = self.answers.get(answer, 0) + 1
        return answer

    def close(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    found = Worker()
    assert found(DATA, GOOD[DATA].encode()) == "read"
    yield found
    found.close()
    sys.stdout.write(f"{found.answers}\n")


DATA = "data/facts.yaml"
PAGE = "docs/index.md"
CONFIG = "mkdocs.yml"
GOOD = {name: (LIGHTHOUSE / name).read_text("utf-8") for name in (DATA, PAGE, CONFIG)}

NASTY: list[str] = [
    *json.loads((Path(__file__).parent / "fixtures" / "hostile.json").read_text("utf-8")),
    "9" * 5000,
    "0." + "0" * 5000 + "1",
    "{{ " + "(" * 400,
    "x" * 3000,
    "a" * 300 + ":",
]
scraps = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))


_WORD = re.compile(r"(?<=: )\S.*$|[\w-]+|\n *", re.MULTILINE)


@st.composite
def mutated(draw: st.DrawFn, name: str) -> bytes:
    """A good file with a few stretches replaced; half of them whole values or keys."""
    text = GOOD[name]
    for _ in range(draw(st.integers(1, 4))):
        words = [match.span() for match in _WORD.finditer(text)]
        place = draw(st.integers(-len(words), len(words) - 1)) if words else -1
        if place >= 0:
            start, end = words[place]
        else:
            start = draw(st.integers(0, len(text)))
            end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 3, 20, 200])))
        text = text[:start] + draw(scraps) * draw(st.sampled_from([1, 1, 1, 2, 50])) + text[end:]
    return text.encode("utf-8", "surrogatepass")


@given(content=mutated(DATA))
@fuzzing
def test_a_mutilated_data_file(worker: Worker, content: bytes) -> None:
    worker(DATA, content)


@given(content=mutated(PAGE))
@fuzzing
def test_a_mutilated_page(worker: Worker, content: bytes) -> None:
    worker(PAGE, content)


@given(content=mutated(CONFIG))
@fuzzing
def test_a_mutilated_configuration(worker: Worker, content: bytes) -> None:
    worker(CONFIG, content)


@given(kind=st.sampled_from([DATA, PAGE, CONFIG]), content=st.binary(max_size=200))
@fuzzing
def test_any_bytes(worker: Worker, kind: str, content: bytes) -> None:
    worker(kind, content)


TOKENS = [
    *"abc()+-*/<>=!.,:;[]{}'\"@~^%&|\\# \n\t_019",
    *"** // <= == percent 1e999999 0x10 1j lambda if else for in not and await".split(),  # noqa: SIM905 — shorter
    *"__class__ print a.b a() a[0] {**a} f'{a}' ... := é ａ ² None True".split(),  # noqa: SIM905 — shorter
    *("[x for x in a]", "9" * 30, "0." + "9" * 30, "\x00", "\ud800", "\u202e"),
]


@given(parts=st.lists(st.sampled_from(TOKENS), max_size=40), spaced=st.booleans())
@settings(fuzzing, max_examples=fuzzing.max_examples * 4)
def test_any_formula(worker: Worker, parts: list[str], spaced: bool) -> None:
    worker("formula", (" " if spaced else "").join(parts).encode("utf-8", "surrogatepass"))


def deep(text: str, times: int) -> Callable[[str], str]:
    return lambda good: good + "\n" + text * times


REPEATED = [
    *("7 ", " ", "{{ fig() }}", '{{ fig("no") }}\n', "{: .x }", "``a`", "```x\n", "~~~\n", "<a "),
    *("<h1>", "<!--", "<!-- -->", "&#50;", "[x](y.md)\n", "# {", "=\n", "½", "](x", "[x]: y\n"),
]

HUGE: list[tuple[str, str, Any]] = [
    ("fields", DATA, lambda good: good + "".join(f"f{n}: x\n" for n in range(100_000))),
    ("unknown sources", DATA, lambda good: good.replace(
        "    claims:\n      - value: 31.5\n", "    claims:\n" + "".join(
            f"      - value: 31.5\n        source: s{n}\n        printed: x\n"
            for n in range(5000)) + "      - value: 31.5\n")),
    ("one long value", DATA, lambda good: good.replace("31.5 metres", "x " * 2_000_000)),
    ("one long word", DATA, lambda good: good.replace("topic: tower", "topic: " + "x" * 10**6, 1)),
    ("one long id", DATA, lambda good: good.replace("  lamp:\n", "  " + "x" * 900 + ":\n", 1)),
    ("numbers typed", DATA, lambda good: good.replace("From the rock", "7 " * 500_000)),
    ("calls", DATA, lambda good: good.replace(
        "en: From the rock to the lamp.", "en: >-\n        " + '{{ fig("no") }} ' * 20_000)),
    ("deep flow", DATA, deep("[", 500_000)),
    ("deep block", DATA, deep("- ", 500_000)),
    ("deep keys", DATA, deep("? ", 500_000)),
    ("bomb", DATA, lambda good: "a0: &a0 [x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)) + good),
    ("quotes", DATA, deep('"', 500_000)),
    ("lines", DATA, deep("\n", 3_000_000)),
    ("spaces", DATA, lambda good: good.replace("From the rock", "a" + " " * 10**6 + "b")),
    ("a chain of formulas", DATA, lambda good: good.replace("  height:\n", "".join(
        f"  c{n}:\n    topic: visits\n    label:\n      en: C\n    definition:\n      en: C.\n"
        f"    unit: times\n    measure: rate\n    formula: a\n    inputs:\n      a: c{n + 1} 2020\n"
        for n in range(300)) + "  height:\n", 1)),
    ("a chain of products", DATA, lambda good: good.replace("  height:\n", "".join(
        f"  c{n}:\n    topic: visits\n    label:\n      en: C\n    definition:\n      en: C.\n"
        f"    unit: times\n    measure: rate\n    formula: a * a\n    round: 0.1\n    inputs:\n"
        f"      a: {f'c{n - 1}' if n else 'growth'} 2020\n"
        for n in range(45)) + "  height:\n", 1)),
    ("comparisons", DATA, lambda good: good.replace(
        "rule: visitors >= visitors_plan", "rule: " + "visitors >= " * 20_000)),
    *((f"page of {text!r}", PAGE, deep(text, 290_000 // len(text.encode()))) for text in REPEATED),
    ("configuration", CONFIG, lambda good: good + "".join(f"f{n}: x\n" for n in range(100_000))),
    ("menu", CONFIG, lambda good: good.replace(
        "nav:\n", "nav:\n" + "".join(f"  - T: no-{n}.md\n" for n in range(3000)))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "change"), HUGE, ids=[name for name, _, _ in HUGE])
def test_much_of_one_thing(
    worker: Worker, name: str, kind: str, change: Callable[[str], str]
) -> None:
    content = change(GOOD[kind])
    assert content != GOOD[kind], name
    worker(kind, content.encode())
