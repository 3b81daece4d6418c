"""A second calculation of all that a site concludes, from its ``data/facts.json`` alone.

It shares no code with the engine: numbers are fractions with open or closed ends, formulas and
dates have a reader of their own. It tells each calculated figure, choice among claims, state,
check, dispute, advice and verdict that comes out in another way.

Run it on a finished site: ``python -m tests.recompute site/data/facts.json``.

What words stand for is what the site tells its readers under About: about x is x ± 5 percent;
nearly x from 0.9 x up to, but not including, x; a rounded number ± half of its last digit.
Verdicts follow the table that heads ``factsheet/analysis/targets.py``.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations
from math import ceil, floor, inf
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]
Number = Fraction | float
"""A fraction; a float only for ± infinity."""
BOUND_BELOW = {"more than", "at least"}
BOUND_ABOVE = {"up to", "at most", "less than"}
OUTCOME = rf"(?:({'|'.join(sorted(BOUND_BELOW | BOUND_ABOVE))}) )?([a-z]\w*)(?: (\S+))?"
"""How the data file names what shows what came of a promise."""
FIRM = {"met", "met late", "met, perhaps late", "missed"}


class Span(NamedTuple):
    """All numbers between two ends, each of which may be left out; infinity always is."""

    low: Number
    high: Number
    low_out: bool = False
    high_out: bool = False

    def is_below(self, other: "Span") -> bool:
        is_apart = self.high_out or other.low_out
        return self.high < other.low or (self.high == other.low and is_apart)

    def meets(self, other: "Span") -> bool:
        return not self.is_below(other) and not other.is_below(self)

    def is_in(self, other: "Span") -> bool:
        low = (self.low, self.low_out) >= (other.low, other.low_out)
        return low and (self.high, not self.high_out) <= (other.high, not other.high_out)


ANY = Span(-inf, inf, True, True)
Day = date | None


def point(value: Fraction) -> Span:
    return Span(value, value)


def around(ends: Iterable[tuple[Number, bool]]) -> Span:
    """The span from the least end to the greatest; of two like ends, the one that is in it."""
    ends = list(ends)
    low = min(ends)
    high = max((value, not out) for value, out in ends)
    return Span(low[0], high[0], low[1], not high[1])


def hull(spans: Iterable[Span]) -> Span:
    return around(
        end for one in spans for end in ((one.low, one.low_out), (one.high, one.high_out))
    )


# Arithmetic


def negative(one: Span) -> Span:
    return Span(-one.high, -one.low, one.high_out, one.low_out)


def plus(one: Span, other: Span) -> Span:
    return Span(
        one.low + other.low,
        one.high + other.high,
        one.low_out or other.low_out,
        one.high_out or other.high_out,
    )


def times(one: Span, other: Span) -> Span:
    def product(a: Number, a_out: bool, b: Number, b_out: bool) -> tuple[Number, bool]:
        if a == 0 or b == 0:
            has_zero = (a == 0 and not a_out) or (b == 0 and not b_out)
            return Fraction(0), not has_zero
        return a * b, a_out or b_out

    return around(
        product(a, a_out, b, b_out)
        for a, a_out in ((one.low, one.low_out), (one.high, one.high_out))
        for b, b_out in ((other.low, other.low_out), (other.high, other.high_out))
    )


def inverse(one: Span) -> Span:
    """One divided by each number of a span, which must not have zero in it."""
    if one.meets(point(Fraction(0))):
        raise ZeroDivisionError
    is_positive = one.high > 0

    def turned(end: Number) -> Number:
        if end == 0:
            return inf if is_positive else -inf
        return Fraction(0) if end in {inf, -inf} else 1 / end

    return Span(turned(one.high), turned(one.low), one.high_out, one.low_out)


class Formula:
    """``made / (before + 2)``, read from left to right; in a rule, a comparison of two."""

    def __init__(self, text: str, names: dict[str, Span]) -> None:
        self.tokens = re.findall(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|<=|>=|==|\S", text)
        self.names = names | {"percent": point(Fraction(1, 100))}

    def value(self) -> Span:
        found = self._sum()
        assert not self.tokens, self.tokens
        return found

    def holds(self) -> bool | None:
        """Whether a rule holds for all numbers; ``None`` if for some only."""
        left = self._sum()
        sign = self.tokens.pop(0)
        right = self.value()
        if sign in {">", ">="}:
            left, right, sign = right, left, sign.replace(">", "<")
        if sign == "==":
            is_sure = left == right and left.low == left.high
            return is_sure or (None if left.meets(right) else False)
        if sign == "<=":
            if right.is_below(left):
                return False
            return True if left.high <= right.low else None
        if left.is_below(right):
            return True
        return False if right.high <= left.low else None

    def _sum(self) -> Span:
        found = self._product()
        while self.tokens and self.tokens[0] in "+-":
            sign, other = self.tokens.pop(0), self._product()
            found = plus(found, other if sign == "+" else negative(other))
        return found

    def _product(self) -> Span:
        found = self._atom()
        while self.tokens and self.tokens[0] in "*/":
            sign, other = self.tokens.pop(0), self._atom()
            found = times(found, other if sign == "*" else inverse(other))
        return found

    def _atom(self) -> Span:
        token = self.tokens.pop(0)
        if token == "-":
            return negative(self._atom())
        if token == "(":
            found = self._sum()
            assert self.tokens.pop(0) == ")"
            return found
        return point(Fraction(token)) if token[0].isdigit() else self.names[token]


# Dates


class When(NamedTuple):
    """The days that an EDTF text covers, and those that it may mean; ``None``: open."""

    low: Day
    high: Day
    first: Day
    last: Day
    is_year: bool


def month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@cache
def when(text: str) -> When:
    if "/" in text:
        start, end = text.split("/")
        begins = None if start == ".." else when(start)
        ends = None if end == ".." else when(end)
        low, first = (begins.low, begins.first) if begins else (None, None)
        high, last = (ends.high, ends.last) if ends else (None, None)
        ends_of_year = f"{first}"[:4] == f"{last}"[:4], f"{first}"[4:], f"{last}"[4:]
        return When(low, high, first, last, ends_of_year == (True, "-01-01", "-12-31"))
    parts = [int(part) for part in text.removesuffix("~").split("-")]
    if len(parts) == 3:
        day = date(*parts)
        margin = timedelta(days=text.endswith("~"))
        return When(day, day, day - margin, day + margin, False)
    year, month, length = parts[0], 1, 12
    if len(parts) == 2:
        is_season = parts[1] > 12
        month, length = ((parts[1] - 20) * 3, 3) if is_season else (parts[1], 1)

    def step(number: int) -> date:
        return month_start(year, month + number * length)

    a_day, about = timedelta(days=1), int(text.endswith("~"))
    return When(step(0), step(1) - a_day, step(-about), step(1 + about) - a_day, length == 12)


def days_of(text: str) -> Span:
    """The days of a date as numbers."""
    found = when(text)
    low = Fraction(found.first.toordinal()) if found.first else -inf
    high = Fraction(found.last.toordinal()) if found.last else inf
    return Span(low, high, low == -inf, high == inf)


# What is printed, and how a result is stated


def is_number(measure: str) -> bool:
    return measure not in {"date", "name", "names"}


def span_of(said: Json, measure: str) -> Span | None:
    """What a value stands for; ``said`` is a claim, or a result without ``rounded``."""
    if measure == "date":
        return days_of(said["value"])
    if not is_number(measure):
        return None
    value = Fraction(said["value"])
    half = Fraction(said.get("step") or 0) / 2
    none_below: Number = 0 if measure != "rate" and value >= 0 else -inf
    match said["qualifier"]:
        case "exactly":
            return Span(value - half, value + half, False, half > 0)
        case "about":
            margin = max(abs(value) / 20, half)
            return Span(value - margin, value + margin)
        case "nearly":
            return Span(value - abs(value) / 10, value, False, True)
        case "more than" | "at least":
            return Span(value, inf, said["qualifier"] == "more than", True)
        case "range":
            return Span(value, Fraction(said["high"]))
        case _:
            return Span(none_below, value, none_below == -inf, said["qualifier"] == "less than")


def bounded(one: Span, qualifier: str) -> Span:
    """Only one end of a span, as an input taken *up to* or *at least* has it."""
    if qualifier in BOUND_BELOW:
        return Span(one.low, inf, one.low_out or qualifier == "more than", True)
    low: Number = Fraction(0) if one.low >= 0 else -inf
    return Span(low, one.high, low == -inf, one.high_out or qualifier == "less than")


def rounded(value: Number, step: Fraction | None, way: Callable[[Fraction], int]) -> Fraction:
    assert isinstance(value, Fraction)
    return way(value / step) * step if step else value


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


Stated = tuple[Fraction, Fraction | None, str]


def whole_ends(one: Span) -> Span:
    """A span drawn in to the whole numbers in it; an end left out of an open span stays."""
    is_closed = inf not in {one.high, -one.low}
    low, high, low_out, high_out = one
    if isinstance(low, Fraction) and (is_closed or low.denominator > 1):
        low, low_out = Fraction(floor(low) + 1 if low_out else ceil(low)), False
    if isinstance(high, Fraction) and (is_closed or high.denominator > 1):
        high, high_out = Fraction(ceil(high) - 1 if high_out else floor(high)), False
    return Span(low, high, low_out, high_out)


def stated(one: Span, step: Fraction | None, *, is_whole: bool) -> Stated:
    """A result in words: value, upper value of a range, qualifier."""
    if one.low > 0 and one.high < inf and not one.low_out and not one.high_out:
        middle = rounded((one.low + one.high) / 2, step, half_up)
        is_about = Fraction(one.low) * 21 == Fraction(one.high) * 19
        covers = middle * 19 <= one.low * 20 and one.high * 20 <= middle * 21
        if is_about and covers and not (is_whole and middle.denominator > 1):
            return middle, None, "about"
    if is_whole and not (step and one.low == one.high):
        drawn_in = whole_ends(one)
        if drawn_in.low > drawn_in.high:
            step = step or Fraction(1, 100)
            return rounded(one.low, step, floor), rounded(one.high, step, ceil), "range"
        one = drawn_in
    if one.high == inf:
        return rounded(one.low, step, floor), None, "more than" if one.low_out else "at least"
    if one.low > -inf and rounded(one.low, step, half_up) == rounded(one.high, step, half_up):
        return rounded(one.low, step, half_up), None, "exactly"
    if one.low in {-inf, 0}:
        return rounded(one.high, step, ceil), None, "less than" if one.high_out else "at most"
    return rounded(one.low, step, floor), rounded(one.high, step, ceil), "range"


def no_whole_number(one: Span) -> bool:
    drawn_in = whole_ends(one)
    return drawn_in.low > drawn_in.high


def value_of(claim: Json) -> tuple[str | None, ...]:
    """What two claims have in common that say the same."""
    return claim["value"], claim["high"], claim["qualifier"], claim["step"]


def stands(claim: Json) -> bool:
    return claim["rank"] != "deprecated" and not claim["withdrawn"]


def items(said: Json) -> list[str]:
    return str(said["value"]).casefold().split("; ")


def agree(one: Json, other: Json, measure: str) -> bool:
    """Whether two claims can both be true."""
    first, second = span_of(one, measure), span_of(other, measure)
    if first is None or second is None:
        a, b = set(items(one)), set(items(other))
        return a <= b or b <= a
    return first.meets(second)


class Recomputed:
    """What follows from the claims, formulas and rules of a ``facts.json``."""

    def __init__(self, facts: Json) -> None:
        self.facts = facts
        self.observations: dict[str, Json] = {o["id"]: o for o in facts["observations"]}
        self.sources: dict[str, Json] = {source["id"]: source for source in facts["sources"]}
        self.cases = {case["id"]: case for case in facts["disputes"]}
        self.edition = when(facts["edition"])
        self._spans: dict[str, Span | None] = {}

    # Figures

    def find(self, indicator: str, period: str | None) -> Json | None:
        key = indicator + (f"-{period.replace('/', '--')}" if period else "")
        return self.observations.get(key)

    def series(self, indicator: str) -> list[Json]:
        found = [o for o in self.observations.values() if o["indicator"] == indicator]

        def order(o: Json) -> tuple[date, date]:
            found = when(o["period"])
            return found.low or date.min, found.high or date.max

        return sorted(found, key=order) if found and found[0]["period"] else found

    def is_whole(self, o: Json) -> bool:
        return bool(self.facts["units"].get(o["unit"], {}).get("whole"))

    def span(self, o: Json) -> Span | None:
        """What the figure may be, by its formula, else by the claim shown."""
        if o["id"] not in self._spans:
            self._spans[o["id"]] = (
                self.result(o, self.span) if o["formula"] else span_of(self.chosen(o), o["measure"])
            )
        return self._spans[o["id"]]

    def terms(
        self, inputs: dict[str, str], span: Callable[[Json], Span | None]
    ) -> dict[str, Span] | None:
        """What the names in a formula stand for; ``None`` if one can be anything."""
        found = {}
        for name, written in inputs.items():
            qualifier, _, key = written.rpartition(" ")
            one = span(self.observations[key])
            if one is None:
                return None
            one = bounded(one, qualifier) if qualifier else one
            if self.observations[key]["unit"] == "percent":
                one = times(one, point(Fraction(1, 100)))
            found[name] = one
        return found

    def result(self, o: Json, span: Callable[[Json], Span | None]) -> Span | None:
        names = self.terms(o["inputs"], span)
        if names is None:
            return None
        one = Formula(o["formula"], names).value()
        return times(one, point(Fraction(100))) if o["unit"] == "percent" else one

    def chosen(self, o: Json) -> Json:
        """The claim shown: the preferred one; else the narrowest, of plans the latest."""
        standing = [claim for claim in o["claims"] if stands(claim)]
        standing = standing or [claim for claim in o["claims"] if claim["rank"] != "deprecated"]
        preferred = [claim for claim in standing if claim["rank"] == "preferred"]
        if o["stance"] != "outcome":
            best: Json = max(preferred or standing, key=self.said_on)
        else:
            best = (preferred or standing)[0]
            for claim in [] if preferred else standing:
                one, other = (span_of(each, o["measure"]) for each in (claim, best))
                if one and other and one != other and one.is_in(other):
                    best = claim
        if best["rank"] == "preferred":
            return best
        same = [claim for claim in standing if value_of(claim) == value_of(best)]
        return min(same, key=lambda claim: int(self.sources[claim["source"]]["no"]))

    def said_on(self, claim: Json) -> date:
        published = self.sources[claim["source"]]["published"]
        return (when(published).low if published else None) or date.min

    # What does not fit together

    def disagrees(self, o: Json) -> bool:
        standing = [claim for claim in o["claims"] if stands(claim)]
        return any(not agree(a, b, o["measure"]) for a, b in combinations(standing, 2))

    def is_contradicted(self, o: Json) -> bool:
        return o["stance"] == "outcome" and self.disagrees(o)

    def holds(self, check: Json) -> bool | None:
        keys = [written.rpartition(" ")[2] for written in check["inputs"].values()]
        if any(self.is_withdrawn(self.observations[key]) for key in keys):
            return None
        names = self.terms(check["inputs"], self.span)
        assert names is not None, check["id"]
        return Formula(check["rule"], names).holds()

    def case_id(self, check: Json) -> str:
        period = check["period"]
        return f"check-{check['id']}" + (f"-{period.replace('/', '--')}" if period else "")

    @cached_property
    def broken(self) -> dict[str, Json]:
        """The checks that do not hold, by the id of what they make a case."""
        return {self.case_id(c): c for c in self.facts["checks"] if self.holds(c) is False}

    def parties(self, check: Json) -> dict[str, bool]:
        """The figures of a check, and whether its breach makes them doubtful."""
        keys = dict.fromkeys(written.rpartition(" ")[2] for written in check["inputs"].values())
        return {key: self.observations[key]["indicator"] in check["doubts"] for key in keys}

    def is_note(self, case_id: str) -> bool:
        return case_id in self.cases and self.cases[case_id]["kind"] == "note"

    @cached_property
    def disputed(self) -> set[str]:
        """The figures that a dispute makes doubtful."""
        found = {key for key, o in self.observations.items() if self.is_contradicted(o)}
        return {key for key in found if not self.is_note(key)} | self.doubted_by_disputes

    @cached_property
    def doubted_by_disputes(self) -> set[str]:
        return {
            key
            for case_id, check in self.broken.items()
            for key, is_doubted in self.parties(check).items()
            if is_doubted and not self.is_note(case_id)
        }

    def rests_on_disputed(self, o: Json) -> bool:
        given = [self.observations[text.rpartition(" ")[2]] for text in o["inputs"].values()]
        return any(one["id"] in self.disputed or self.rests_on_disputed(one) for one in given)

    def is_withdrawn(self, o: Json) -> bool:
        """Whether only retracted sources give it, or a figure that it rests on."""
        given = [self.observations[text.rpartition(" ")[2]] for text in o["inputs"].values()]
        told = [claim for claim in o["claims"] if claim["rank"] != "deprecated"]
        is_gone = bool(told) and all(claim["withdrawn"] for claim in told)
        return is_gone or any(map(self.is_withdrawn, given))

    def states(self, o: Json) -> list[str]:
        one = self.span(o)
        is_so = {
            "disputed": o["id"] in self.disputed,
            "planned": o["stance"] == "target",
            "forecast": o["stance"] == "forecast",
            "plans differ": o["stance"] != "outcome" and self.disagrees(o),
            "derived": bool(o["formula"]),
            "disputed input": self.rests_on_disputed(o),
            "impossible": bool(o["formula"] and one and self.fits_none(o, one)),
            "withdrawn": self.is_withdrawn(o),
        }
        return [state for state, holds in is_so.items() if holds]

    def fits_none(self, o: Json, one: Span) -> bool:
        """Whether a result would have to be whole, and is not."""
        is_rounded_point = o["round"] is not None and one.low == one.high
        return self.is_whole(o) and not is_rounded_point and no_whole_number(one)

    # What is possible, disputes included

    @cached_property
    def doubts(self) -> dict[str, Span | None]:
        """By each figure that a broken check doubts, what it may be instead; ``None``: anything."""
        found: dict[str, Span | None] = {}
        for check in self.broken.values():
            parties = self.parties(check)
            sides = re.fullmatch(r"\s*(\w+)\s*==\s*(\w+)\s*", check["rule"])
            for key in (key for key, is_doubted in parties.items() if is_doubted):
                others = [self.span(self.observations[one]) for one in parties if one != key]
                other = others[0] if sides and len(others) == 1 else None
                known = found.get(key, other)
                found[key] = hull([known, other]) if known and other else None
        return found

    def possible(self, o: Json) -> Span | None:
        if o["formula"] and self.rests_on_disputed(o):
            try:
                found = self.result(o, self.possible)
            except ZeroDivisionError:
                found = None
        elif self.is_contradicted(o):
            said = [span_of(claim, o["measure"]) for claim in o["claims"] if stands(claim)]
            known = [one for one in said if one]
            narrow = [a for a in known if not any(b != a and b.is_in(a) for b in known)]
            found = hull(narrow) if len(known) == len(said) else None
        else:
            found = self.span(o)
        if o["id"] in self.doubts:
            instead = self.doubts[o["id"]]
            found = hull([found, instead]) if found and instead else None
        return found

    def is_shaky(self, o: Json) -> bool:
        return o["id"] in self.disputed or o["id"] in self.doubts or self.rests_on_disputed(o)

    def assumes(self, o: Json) -> bool:
        given = [self.observations[text.rpartition(" ")[2]] for text in o["inputs"].values()]
        return o["assumes"] is not None or any(self.assumes(one) for one in given)

    # What was found

    def differences(self) -> Iterator[str]:
        """Each conclusion of the file that comes out in another way here."""
        for o in self.observations.values():
            yield from self._figure(o)
        for check in self.facts["checks"]:
            found = self.holds(check)
            if found != check["holds"]:
                name = f"{check['id']} {check['period'] or ''}".strip()
                yield f"check {name}: {check['holds']}, here {found}"
        yield from self._cases()
        yield from self._advice()
        yield from self._verdicts()
        yield from self._counts()

    def _figure(self, o: Json) -> Iterator[str]:
        shown = o["value"], o["high"], o["qualifier"]
        if o["formula"]:
            one = self.span(o)
            assert one is not None, o["id"]
            step = Fraction(o["round"].replace(",", "")) if o["round"] else None
            value, high, qualifier = stated(one, step, is_whole=self.is_whole(o))
            said = Fraction(o["value"]), Fraction(o["high"]) if o["high"] else None, o["qualifier"]
            if said != (value, high, qualifier):
                yield f"{o['id']}: {shown}, here {qualifier} {value} {high or ''}".rstrip()
            ends: Json = {**o, "value": str(value), "high": str(high), "qualifier": qualifier}
            measure = "rate" if one.low < 0 else o["measure"]
        else:
            ends = self.chosen(o)
            measure = o["measure"]
            if shown != (ends["value"], ends["high"], ends["qualifier"]):
                yield f"{o['id']}: {shown}, here the claim of {ends['source']}"
        if is_number(measure):
            meant = span_of(ends, measure)
            assert meant is not None
            is_open = meant.low_out and meant.low != -inf, meant.high_out and meant.high != inf
            if is_open != (o["low_open"], o["high_open"]):
                yield f"{o['id']}: open ends {o['low_open'], o['high_open']}, here {is_open}"
        if self.states(o) != o["status"]:
            yield f"{o['id']}: {o['status']}, here {self.states(o)}"

    def _cases(self) -> Iterator[str]:
        """Disputes and notes: one for each breach and each contradiction, with its parties."""
        contradicted = {key for key, o in self.observations.items() if self.is_contradicted(o)}
        for case_id in sorted({*self.broken, *contradicted} ^ set(self.cases)):
            yield f"case {case_id}: in one of the two only"
        for case_id, check in self.broken.items():
            case, parties = self.cases.get(case_id), self.parties(check)
            if not case:
                continue
            said = {key for key, is_doubted in parties.items() if is_doubted} or set(parties)
            for side, keys in (("said", said), ("counted", set(parties) - said)):
                rows = {row["observation"] for row in case[side]}
                if rows != keys:
                    yield f"case {case_id}: {side} {sorted(rows)}, here {sorted(keys)}"
        for case_id in contradicted & set(self.cases):
            claims = self.observations[case_id]["claims"]
            printed = {claim["source"] for claim in claims if not claim["withdrawn"]}
            rows = {source for row in self.cases[case_id]["said"] for source in row["sources"]}
            if printed != rows:
                yield f"case {case_id}: sources {sorted(rows)}, here {sorted(printed)}"

    def _advice(self) -> Iterator[str]:
        """Each figure that advice names is possible, and answers what was asked."""
        asked: dict[str, Json] = {}
        for case in self.cases.values():
            for fault in self._figures_named(case):
                yield f"advice {case['id']}: {fault}"
            if case["question"]:
                first = asked.setdefault(str(case["question"]), case)
                if first["write"] != case["write"]:
                    yield f"advice {case['id']}: unlike that of {first['id']}, of one question"

    def _figures_named(self, case: Json) -> Iterator[str]:
        rows = [self.observations[row["observation"]] for row in case["said"] + case["counted"]]
        text = " ".join(next(iter((case["write"] or {"": ""}).values())).split())
        end = 0
        for key in case["write_figures"]:
            o = self.observations[key]
            forms = [" ".join(next(iter(form.values())).split()) for form in o["forms"].values()]
            forms.append(" ".join(next(iter(o["text"].values())).split()))
            places = [(text.find(form, end), -len(form)) for form in forms if form in text[end:]]
            if not places:
                yield f"{key} is not in its text"
                continue
            start, length = min(places)
            before, end = text[end:start].rstrip().casefold(), start - length
            is_bound = before.endswith((*BOUND_ABOVE, *BOUND_BELOW))
            yield from self._misfits(o, rows, is_bound=is_bound)

    def _misfits(self, o: Json, asked: list[Json], *, is_bound: bool) -> Iterator[str]:
        one = self.span(o)
        if o["formula"] and one and self.fits_none(o, one):
            yield f"{o['id']} is no number"
        if o["id"] in self.doubted_by_disputes:
            yield f"{o['id']} is in doubt itself"
        if not any(
            row["unit"] == o["unit"] or row["measure"] == o["measure"] == "price" for row in asked
        ):
            yield f"{o['id']} is in {o['unit']}"
        periods = [row["period"] for row in asked]
        if o["period"] in periods:
            return
        if not is_bound:
            yield f"{o['id']} is of another period"
        elif o["period"] and all(periods) and not any(overlap(o["period"], p) for p in periods):
            yield f"{o['id']} bounds another period"

    def _verdicts(self) -> Iterator[str]:
        said: Counter[Ruling] = Counter(
            Ruling(
                entry["observation"], entry["source"], entry["due"], entry["outcome"],
                entry["outcome_source"], entry["verdict"],
                entry["days_late"] and int(entry["days_late"]["least"]),
                entry["days_late"] and int(entry["days_late"]["most"]),
            )
            for entry in self.facts["verdicts"]
        )  # fmt: skip
        found: Counter[Ruling] = Counter(
            ruling
            for o in self.observations.values()
            if o["stance"] == "target"
            for claim in o["claims"]
            if stands(claim)
            for ruling in Promise(self, o, claim).rulings()
        )
        for ruling in (said - found).elements():
            yield f"verdict {ruling}: not found here"
        for ruling in (found - said).elements():
            yield f"verdict {ruling}: only here"

    def _rows_of_promises(self) -> set[tuple[str | None, ...]]:
        """The list of promises, where claims that report the same promise share a row."""

        def values(key: str, source: str | None, due: str | None = None) -> list[str]:
            claims = self.observations[key]["claims"] if source else []
            return [
                f"{c['qualifier']} {c['value']} {c['high']} {c['rounded']}"
                for c in claims
                if c["source"] == source and stands(c)
                if not (due and c["due"]) or when(c["due"]).last == date.fromisoformat(due)
            ]

        return {
            (e["observation"], value, e["due"], e["outcome"], came, e["verdict"])
            for e in self.facts["verdicts"]
            for value in values(e["observation"], e["source"], e["due"])
            for came in values(e["outcome"], e["outcome_source"]) or [""]
        }

    def _counts(self) -> Iterator[str]:
        found = {
            "claims": sum(len(o["claims"]) for o in self.observations.values()),
            "sources": len(self.sources),
            "observations": len(self.observations),
            "checks": len(self.facts["checks"]),
            "disputes": sum(not self.is_note(case) for case in self.cases),
            "notes": sum(self.is_note(case) for case in self.cases),
            **Counter(row[-1] for row in self._rows_of_promises()),
        }
        for what, number in found.items():
            if self.facts["counts"][what]["value"] != str(number):
                yield f"count {what}: {self.facts['counts'][what]['value']}, here {number}"


def overlap(one: str, other: str) -> bool:
    a, b = when(one), when(other)
    return (a.low or date.min) <= (b.high or date.max) and (b.low or date.min) <= (
        a.high or date.max
    )


class Ruling(NamedTuple):
    """A verdict as ``facts.json`` has it."""

    observation: str
    source: str
    due: str | None
    outcome: str | None
    outcome_source: str | None
    verdict: str
    least: int | None = None
    most: int | None = None


Finding = tuple[str, int | None, int | None]
UNCLEAR: Finding = ("cannot be told", None, None)


def by_days(least: int, most: int) -> Finding:
    if most <= 0:
        return "met", None, None
    return ("met late", least, most) if least > 0 else ("met, perhaps late", 0, most)


class Promise:
    """A claim of a target, with the verdicts on it."""

    def __init__(self, facts: Recomputed, o: Json, claim: Json) -> None:
        self.facts, self.o, self.claim = facts, o, claim
        due = claim["due"] or (claim["value"] if o["measure"] == "date" else o["period"])
        self.due: Day = when(due).last if due else None
        self.is_ceiling = claim["qualifier"] in BOUND_ABOVE
        goal = span_of(claim, o["measure"])
        self.keeping: Span | None = None
        if goal and is_number(o["measure"]):
            self.keeping = Span(goal.low, inf, goal.low_out, True)
            if o["measure"] == "duration":
                self.keeping = Span(-inf, goal.high, True, goal.high_out)
            elif self.is_ceiling:
                self.keeping = Span(goal.high, inf, False, True)
        named = re.fullmatch(OUTCOME, o["outcome"] or "")
        self.bound: str | None = named[1] if named else None
        self.indicator: str | None = named[2] if named else None
        self.period: str | None = named[3] if named else None

    def rulings(self) -> Iterator[Ruling]:
        due = self.due.isoformat() if self.due else None
        head = self.o["id"], self.claim["source"], due
        edition = self.facts.edition.high
        is_open = bool(self.due and edition and self.due > edition)
        outcome = self.outcome()
        if outcome is None:
            yield Ruling(*head, None, None, "not due yet" if is_open else "not reported")
            return
        for read in self.each(outcome):
            verdict, least, most = self.judged(outcome, read)
            if is_open and verdict in {"cannot be told", "missed"}:
                verdict = "not due yet"
            source = read["source"] if read else None
            yield Ruling(*head, outcome["id"], source, verdict, least, most)

    def outcome(self) -> Json | None:
        """What the promise is held against."""
        if self.indicator is None:
            return None
        same = self.facts.find(self.indicator, self.period or self.o["period"])
        if same or self.period or self.o["period"]:
            return same
        published = self.facts.sources[self.claim["source"]]["published"]
        said = (when(published).high if published else None) or date.min
        series = [o for o in self.facts.series(self.indicator) if o["period"]]
        series = [o for o in series if not self.facts.is_withdrawn(o)]
        later = [o for o in series if (when(o["period"]).high or date.max) > said]
        keeping = [o for o in later if self.keeps(o, o, self.facts.span(o))]
        if keeping:
            return keeping[0]
        in_time = [o for o in later if self.due and (when(o["period"]).low or date.min) <= self.due]
        return next(reversed(in_time or later), None)

    def each(self, outcome: Json) -> list[Json | None]:
        """The claims of what came: the one shown, or each value where they disagree."""
        if not outcome["claims"]:
            return [None]
        if not self.facts.disagrees(outcome):
            return [self.facts.chosen(outcome)]
        values: dict[object, Json | None] = {}
        for claim in outcome["claims"]:
            if stands(claim):
                values.setdefault(value_of(claim), claim)
        return list(values.values())

    def judged(self, outcome: Json, read: Json | None) -> Finding:
        if self.facts.assumes(outcome) or self.facts.is_withdrawn(outcome):
            return UNCLEAR
        numbers = span_of(read, outcome["measure"]) if read else self.facts.span(outcome)
        finding = self.finding(outcome, read, numbers)
        if not self.facts.is_shaky(outcome):
            return finding
        possible = self.facts.possible(outcome)
        firm = self.finding(outcome, None, possible) if possible else UNCLEAR
        if firm[0] in FIRM:
            return firm
        is_claimed = read is not None and finding[0] in FIRM - {"missed"}
        return ("claimed met", None, None) if is_claimed else UNCLEAR

    def finding(self, outcome: Json, read: Json | None, numbers: Span | None) -> Finding:
        if self.o["measure"] == "date":
            if outcome["measure"] != "date" or not numbers or not self.due or numbers.high == inf:
                return UNCLEAR
            due = self.due.toordinal()
            least = 0 if numbers.low == -inf else int(numbers.low) - due
            return by_days(least, int(numbers.high) - due)
        keeps = self.keeps(outcome, read, numbers)
        if keeps is None:
            return UNCLEAR
        return self.kept(outcome) if keeps else self.short(outcome)

    def keeps(self, outcome: Json, read: Json | None, numbers: Span | None) -> bool | None:
        """Whether all that came keeps the promise; ``None`` if only some of it."""
        is_list = outcome["measure"] in {"name", "names"}
        if not is_number(self.o["measure"]):
            has_all = is_list and read and set(items(self.claim)) <= set(items(read))
            return True if has_all else None
        if is_list and read:
            came: Span | None = Span(Fraction(len(items(read))), inf, False, True)
        else:
            came = self.came(outcome, numbers)
        if came is None or self.keeping is None:
            return None
        if came.is_in(self.keeping):
            return True
        return None if came.meets(self.keeping) or self.is_ceiling else False

    def came(self, outcome: Json, numbers: Span | None) -> Span | None:
        if numbers is None:
            return None
        numbers = bounded(numbers, self.bound) if self.bound else numbers
        if outcome["unit"] == self.o["unit"]:
            return numbers
        period = when(outcome["period"]) if outcome["period"] else None
        if period and period.is_year:
            return numbers
        is_long = not period or not period.first or not period.last
        if not is_long and period and period.first and period.last:
            is_long = (period.last - period.first).days >= 365
        return bounded(numbers, "up to") if is_long else None

    def kept(self, outcome: Json) -> Finding:
        if self.due is None:
            return "met", None, None
        last = when(outcome["period"]).last if outcome["period"] else None
        if last is None:
            return UNCLEAR
        least = 0
        until = self.short_until(outcome["indicator"])
        if until:
            least = (until - self.due).days + 1
        return by_days(least, (last - self.due).days)

    def short_until(self, indicator: str) -> Day:
        """The last day up to which all observed from the date due on surely falls short."""
        assert self.due
        known: Day = None
        for o in self.facts.series(indicator):
            first, last = when(o["period"])[2:4] if o["period"] else (None, None)
            if not first or not last or self.facts.assumes(o) or self.facts.is_withdrawn(o):
                continue
            if o["measure"] == "stock" and first != last:
                continue
            next_day = known + timedelta(days=1) if known else self.due
            if first <= next_day <= last and (self.keeps(o, None, self.facts.possible(o)) is False):
                known = last
        return known

    def short(self, outcome: Json) -> Finding:
        if self.due is None or outcome["period"] is None:
            return UNCLEAR
        period = when(outcome["period"])
        first, last = period.first or date.min, period.last or date.max
        is_own = outcome["period"] == self.o["period"]
        is_missed = {
            "count": is_own or first <= self.due <= last,
            "stock": first == last == self.due or (is_own and last == self.due),
        }.get(outcome["measure"], is_own and last <= self.due)
        return ("missed", None, None) if is_missed else UNCLEAR


def differences(facts: Json) -> list[str]:
    """Each conclusion of a ``facts.json`` that comes out in another way when calculated again."""
    return list(Recomputed(facts).differences())


if __name__ == "__main__":
    found = differences(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    sys.stdout.write("".join(f"{line}\n" for line in [*found, f"{len(found)} differences"]))
    sys.exit(bool(found))
