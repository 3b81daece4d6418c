"""Random edits of a whole fact sheet, each such as an editor may make.

Whatever of them ``check`` passes, the whole build with its audit must pass too. An edit that
``check`` refuses is taken back: two of them may not fit together, such as a claim removed and
a calculation that needs it.
"""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import Copy

Json = dict[str, Any]

WORDS = [
    "Leuchtturmwärterhäuschenbesichtigungsgesellschaftsvorsitzende", "Маяк на мысе", "برج فانوس",
    "Dəniz qülləsi", "Ćwierć łódź", "Φάρος", "灯台", "შუქურა", "फानूस", "tower & <b>light</b>",
    "a $x_1$ @b #c *d* `e` ~f~ \\g", "“quoted” — ‘twice’…", "x" * 70, "O'Hara \"Bo\" [sic]",
    "🚗 by the sea", "naïve façade", "{no call}", "|a|b|", "1 of 2", "½ or ²",
]  # fmt: skip
"""Long and foreign words, and signs that mean something to Markdown, HTML, Typst or Jinja."""
NUMBERS = [
    "0", "1", "2", "7", "12", "999", "1,000", "10,500", "123,456,789", "3.5", "0.001", "12.50",
    "1.25 million", "14 thousand", "2 billion", "-5", "0.5", "100",
]  # fmt: skip
PERIODS = [
    "2016", "2017", "2018-03", "2018-03-29", "2019-22", "2019-01/2019-10", "2017-05~", "2015",
    "2014/2016", "2018-12-31", "2020-02", "2020-21", "1999", "1905",
]  # fmt: skip
QUALIFIERS = [
    "exactly", "about", "more than", "at least", "nearly", "up to", "at most", "less than",
]  # fmt: skip
MARKDOWN = [
    "- one thing\n- another\n    - within it\n        - deeper\n",
    "*a*, **b**, ***c***, `d` and a line\\\nbroken by hand, and  \nby spaces.\n",
    "> A quotation\n>\n> > within another\n",
    "| a | b |\n| --- | --- |\n| c | `d` |\n| **e** | [f](index.md) |\n",
    "```yaml\nfield: value\n```\n", "    indented code\n",
    "A [link](https://example.org/a?b=c&d=e \"a title\") and <https://example.org/x_y_z>.\n",
    "An address [of its own][there], [write](mailto:us@example.org).\n\n[there]: https://example.org/there\n",
    "A [link](tower.md \"a title\") and [another][there].\n\n[there]: index.md\n",
    "Term\n\nText with &amp; and &copy; and &nbsp;spaces, a < b > c.\n",
    "<div markdown>\n\nA *block* of HTML.\n\n</div>\n",
    "<details><summary>More</summary>\n\nHidden.\n\n</details>\n",
    "## A section & its <signs>, “quoted”\n\nText.\n\n### Below it {#own-anchor}\n\nText.\n",
    "## The same\n\nText.\n\n## The same\n\nText.\n",
    "#### Fourth level\n\nText.\n", "A word^up^ and H~down~, ==marked==, --gone--.\n",
    "<!-- a remark with 42 in it -->\n",
    "1. first\n2. second\n\n    a paragraph within\n", "- one\n- another\n",
    "Line one<br>line two, <kbd>Ctrl</kbd>, <sub>a</sub>, <sup>b</sup>, <small>c</small>.\n",
    "\\*not emphasis\\*, snake_case_word, 'quotes' \"double\" -- and --- dashes...\n",
]  # fmt: skip
FORMS = ["series", "rows", "claims", "targets", "slips"]


@dataclass
class State:
    """A fact sheet as plain fields, and its pages as text."""

    sheet: Json
    pages: dict[str, str]
    number: int = 0
    done: list[str] = field(default_factory=list)
    """What was edited, for the report."""

    @classmethod
    def read(cls, root: Path) -> "State":
        """The project in a folder."""
        sheet = yaml.load((root / "data/facts.yaml").read_text("utf-8"), _Text)
        return cls(sheet, {path.name: path.read_text("utf-8") for path in _pages(root)})

    def write(self, root: Path) -> None:
        """Put it into the folder."""
        text = yaml.dump(
            self.sheet, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10000
        )
        (root / "data/facts.yaml").write_text(text, "utf-8")
        for name, page in self.pages.items():
            (root / "docs" / name).write_text(page, "utf-8")

    def fresh(self, what: str) -> str:
        """An id that nothing has."""
        self.number += 1
        return f"{what}_{self.number}"


class _Text(yaml.CBaseLoader):
    """Reads every value as text."""


class _Plain(yaml.CSafeDumper):
    """Writes every part in full."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- the name is PyYAML's
        return True


def _pages(root: Path) -> list[Path]:
    return sorted((root / "docs").glob("*.md"))


def changed(state: State, rng: random.Random) -> State:
    """The state after one random edit."""
    after = copy.deepcopy(state)
    edit = rng.choices([*EDITS], weights=[*EDITS.values()])[0]
    after.done.append(edit.__name__)
    edit(after, rng)
    return after


def edited(copy: Copy, good: State, rng: random.Random, wanted: int) -> tuple[State, int]:
    """A state with so many edits more, each passed by ``check``, and how many were refused."""
    state, refused, done = good, 0, 0
    while done < wanted:
        after = changed(state, rng)
        after.write(copy.root)
        if copy.load()[1]:
            refused += 1
        else:
            state, done = after, done + 1
    state.write(copy.root)
    return state, refused


def _text(rng: random.Random) -> str:
    return " ".join(rng.sample(["The", "keepers", "of", *[w for w in WORDS if w.isalpha()]], 3))


def _source(state: State, rng: random.Random) -> str:
    """A new source, or one that is there."""
    sources = state.sheet["sources"]
    if rng.random() < 0.6:
        return str(rng.choice([*sources]))
    key = state.fresh("paper").replace("_", "-")
    found = {
        "no": str(max(int(one["no"]) for one in sources.values()) + 1),
        "publisher": rng.choice(["The Paper", *WORDS]),
        "title": " ".join(rng.sample(WORDS, rng.choice([1, 2, 6]))),
        "url": f"https://example.org/{key}?a=1&b={key}",
        "language": rng.choice(["en", "ru", "az", "fa", "de"]),
        "seen": rng.choice(["whole", "in part"]),
    }
    if rng.random() < 0.5:
        found["published"] = rng.choice(["2019-03~", "2018", "2020-02-29"])
    sources[key] = found
    return key


def _claim(state: State, rng: random.Random, value: str | None = None) -> Json:
    value = value or rng.choice(NUMBERS)
    qualifier = rng.choice(QUALIFIERS)
    found: Json = {"value": value, "qualifier": qualifier, "source": _source(state, rng)}
    found["printed"] = f"{rng.choice(WORDS)}: {value}"
    if qualifier in {"exactly", "about"} and rng.random() < 0.2:
        found["rounded"] = "true"
    if rng.random() < 0.3:
        found["said_by"] = rng.choice(WORDS)
    if rng.random() < 0.2:
        found["remark"] = {"en": _text(rng)}
    if rng.random() < 0.2 or state.sheet["sources"][found["source"]]["language"] != "en":
        found["translation"] = {"en": f"in other words {value}"}
    if "." in value and len(value.partition(".")[2]) == 3:
        found["printed_as"] = "decimals"
    return found


def _observations(state: State) -> list[tuple[Json, str, list[Json]]]:
    """Each list of claims with its indicator and period."""
    return [
        (one, period, claims)
        for one in state.sheet["indicators"].values()
        for period, claims in [
            *one.get("observations", {}).items(),
            *([("undated", one["claims"])] if "claims" in one else []),
        ]
    ]


def add_claim(state: State, rng: random.Random) -> None:
    """Another source says the same, or something else; if need be, that is settled."""
    one, period, claims = rng.choice(_observations(state))
    new = _claim(state, rng, rng.choice([rng.choice(claims)["value"], None]))
    if one["measure"] in {"date", "name", "names"}:
        new = copy.deepcopy(claims[0]) | {"source": _source(state, rng)}
    if one.get("stance") == "target" and rng.random() < 0.5:
        new["due"] = "2021"
    if rng.random() < 0.5 and not any(claim.get("rank") for claim in claims):
        rng.choice([new, *claims]).update(rank="preferred", reason={"en": _text(rng)})
        one.setdefault("disputes", {})[period] = {"explanation": {"en": _text(rng)}}
    claims.append(new)


def set_aside(state: State, rng: random.Random) -> None:
    """A claim is called an error."""
    _, _, claims = rng.choice(_observations(state))
    rng.choice(claims).update(rank="deprecated", reason={"en": _text(rng)})


def remove_claim(state: State, rng: random.Random) -> None:
    """A claim goes, and with the last one its period."""
    one, period, claims = rng.choice(_observations(state))
    claims.remove(rng.choice(claims))
    if not claims:
        one.get("observations", one).pop(period, None)


def add_period(state: State, rng: random.Random) -> None:
    """A figure for another period."""
    dated = [one for one in state.sheet["indicators"].values() if "observations" in one]
    one = rng.choice(dated)
    one["observations"].setdefault(rng.choice(PERIODS), []).append(_claim(state, rng))


def add_indicator(state: State, rng: random.Random) -> None:
    """A quantity of any sort."""
    key, sheet = state.fresh("thing"), state.sheet
    measure = rng.choice(["count", "stock", "rate", "share", "price", "capacity", "duration"])
    one: Json = {
        "topic": rng.choice([*sheet["topics"]]),
        "label": {"en": f"{rng.choice(['Thing', *WORDS])} {state.fresh('a').translate(_LETTERS)}"},
        "definition": {"en": _text(rng)},
        "unit": _unit(state, rng),
        "measure": measure,
        "stance": rng.choice(["outcome", "outcome", "target", "forecast"]),
    }
    if rng.random() < 0.6:
        periods = rng.sample(PERIODS, rng.randint(1, 6))
        one["observations"] = {period: [_claim(state, rng)] for period in periods}
    else:
        one["claims"] = [_claim(state, rng)]
    if rng.random() < 0.2:
        one |= {"note": {"en": _text(rng)}, "also": {"en": rng.choice(WORDS)}}
    if one["stance"] == "target":
        same = [k for k, o in sheet["indicators"].items() if o.get("unit") == one["unit"]]
        if same:
            one["outcome"] = rng.choice(same)
    sheet["indicators"][key] = one


_LETTERS = str.maketrans("0123456789_", "abcdefghijk")


def _unit(state: State, rng: random.Random) -> str:
    if rng.random() < 0.7:
        return str(rng.choice([*state.sheet["units"], "percent", "times"]))
    key, word = state.fresh("unit"), rng.choice([w for w in WORDS if not any(map(str.isdigit, w))])
    state.sheet["units"][key] = {"label": {"en": {"one": word, "other": f"{word}s"}}}
    return key


def add_calculation(state: State, rng: random.Random) -> None:
    """A figure calculated from another."""
    source = rng.choice([*state.sheet["indicators"]])
    state.sheet["indicators"][state.fresh("calculated")] = {
        "topic": rng.choice([*state.sheet["topics"]]),
        "label": {"en": f"Calculated {state.fresh('a').translate(_LETTERS)}"},
        "definition": {"en": _text(rng)},
        "unit": "times",
        "measure": "rate",
        "formula": rng.choice(["(some + some) / 2", "some + some", "some - 1", "1 / some"]),
        "inputs": {"some": source},
        **({"round": rng.choice(["0.1", "1", "100"])} if rng.random() < 0.5 else {}),
    }


def add_chart(state: State, rng: random.Random) -> None:
    """A picture of any form, on a page."""
    form, indicators = rng.choice(FORMS), state.sheet["indicators"]
    unit = rng.choice([*indicators.values()]).get("unit")
    same = [key for key, one in indicators.items() if one.get("unit") == unit]
    if form in {"targets", "slips"}:
        same = [key for key in same if indicators[key].get("stance") == "target"] or same
    key = state.fresh("picture").replace("_", "-")
    panel = {"figures": rng.sample(same, rng.randint(1, min(6, len(same))))}
    panels = [panel, copy.deepcopy(panel)] if rng.random() < 0.1 else [panel]
    title = {"en": rng.choice([w for w in WORDS if not any(map(str.isdigit, w))])}
    state.sheet.setdefault("charts", {})[key] = {"form": form, "title": title, "panels": panels}
    _append(state, rng, f'{{{{ chart("{key}") }}}}\n')


def add_markdown(state: State, rng: random.Random) -> None:
    """Something that Markdown offers."""
    _append(state, rng, rng.choice(MARKDOWN))


def add_calls(state: State, rng: random.Random) -> None:
    """Figures and lists on a page."""
    key = rng.choice([*state.sheet["indicators"]])
    periods = [*state.sheet["indicators"][key].get("observations", {})]
    period = f', "{rng.choice(periods)}"' if periods else ""
    whole = f"{key} {rng.choice(periods)}" if periods else key
    call = rng.choice([
        f'fig("{key}"{period})', f'fig("{key}"{period}, form="value")', f'series("{key}")',
        f'cards(["{whole}"])', f'table(["{whole}"])', f'when("{rng.choice(PERIODS)}")',
        'count("sources")', "edition()",
    ])  # fmt: skip
    before = rng.choice(["Of it ", "- ", "> ", "**Of it** ", "| a |\n| --- |\n| ", "*x* ", ""])
    is_block = call.startswith(("series", "cards", "table"))
    _append(state, rng, f"{'' if is_block else before}{{{{ {call} }}}}\n")


def _append(state: State, rng: random.Random, text: str) -> None:
    name = rng.choice([*state.pages])
    state.pages[name] = f"{state.pages[name].rstrip()}\n\n{text}"


def retract(state: State, rng: random.Random) -> None:
    """A source takes back what it said."""
    source = rng.choice([*state.sheet["sources"].values()])
    source["retracted"] = {"date": state.sheet["edition"], "reason": {"en": _text(rng)}}


def reword(state: State, rng: random.Random) -> None:
    """A text or a name in other words."""
    sheet = state.sheet
    one = rng.choice([*sheet["indicators"].values()])
    texts, key = rng.choice([
        (one["label"], "en"), (one["definition"], "en"), (sheet["title"], "en"),
        (sheet["publisher"], "en"), (rng.choice([*sheet["topics"].values()])["label"], "en"),
        (rng.choice([*sheet["sources"].values()]), "author"),
    ])  # fmt: skip
    texts[key] = rng.choice(WORDS)


EDITS: dict[Callable[[State, random.Random], None], int] = {
    add_claim: 5, set_aside: 1, remove_claim: 2, add_period: 3, add_indicator: 5,
    add_calculation: 2, add_chart: 4, add_markdown: 3, add_calls: 3, retract: 1, reword: 2,
}  # fmt: skip
"""The kinds of edit, each with how often it comes."""
