"""The formula language: names, numbers, + - * /, brackets; in a rule one comparison.

A formula is read with Python's own parser and walked by hand, so that nothing else can
be reached through it. Values are sets of numbers (``Interval``) with the unit they are in.
"""

import ast
import keyword
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from factsheet.errors import HintError
from factsheet.values.interval import Interval
from factsheet.values.number import MAX_DIGITS

MAX_LENGTH = 200
MAX_BITS = 20_000
PERCENT = "percent"
TIMES = "times"
DAY = "day"
DATE = "date"
_PARTS = {Fraction(number) for number in range(1, 13)}
_CONVERSIONS = _PARTS | {
    Fraction(number)
    for number in (
        "24", "30", "31", "52", "60", "365", "365.25", "366", "3600",
        "100", "1000", "10000", "1000000", "1000000000",
    )
}  # fmt: skip
"""Numbers that a formula may multiply or divide by: parts, months, days, powers of ten."""
_OPERATORS: dict[type[ast.operator], Callable[[Interval, Interval], Interval]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">", ast.Eq: "==",
}  # fmt: skip
_FACTOR_HINT = "take it out, or make it a figure; only conversions into another unit are typed"


class FormulaError(HintError):
    """A formula that cannot be read or calculated."""


@dataclass(frozen=True)
class Term:
    """A set of numbers and its unit; ``None`` fits any unit (plain numbers, quotients)."""

    interval: Interval
    unit: str | None = None
    is_ratio: bool = field(default=False, compare=False)
    """Whether it is a quotient of like units, or came as percent or times."""
    inside: frozenset[str] = field(default=frozenset(), compare=False)
    """The units that it was made of; ``times`` for a ratio."""
    scaled: frozenset[str] = field(default=frozenset(), compare=False)
    """Those of them that a typed factor has converted into another."""

    @classmethod
    def of(cls, interval: Interval, unit: str) -> "Term":
        """A figure in its unit; percentages and multiples are ratios."""
        is_ratio = unit in {PERCENT, TIMES}
        inside = frozenset({TIMES if is_ratio else unit})
        return cls(interval, None if is_ratio else unit, is_ratio, inside)

    def refuse_unit(self, unit: str) -> None:
        """Refuse that the number is in a unit that it cannot be in.

        Raises:
            FormulaError: another unit, a ratio in that of its parts, a factor without use.
        """
        is_plain = unit in {PERCENT, TIMES}
        if self.unit and self.unit != unit:
            hint = f'write "unit: {self.unit}", or correct the formula'
            if is_plain:
                hint = "divide by a figure in the same unit"
            raise FormulaError(f"the formula gives {self.unit}, not {unit}", hint)
        if self.is_ratio and not is_plain and unit in self.inside:
            what = f"{unit} divided by {unit} is a ratio, not {unit}"
            raise FormulaError(what, 'write "unit: times" or "unit: percent"')
        if (TIMES if is_plain else unit) in self.scaled:
            raise FormulaError(f"a typed factor, but the result is still in {unit}", _FACTOR_HINT)


@dataclass(frozen=True)
class Formula:
    """A formula or rule that has been read: its source text, tree and the names in it."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def value(self, terms: Mapping[str, Term]) -> Term:
        """The result for these inputs.

        Percentages enter as fractions: 95 percent is 0.95.

        Raises:
            FormulaError: units that do not fit, or a division by zero.
        """
        return _value(self.tree, self.text, terms)

    def holds(self, terms: Mapping[str, Term]) -> bool | None:
        """Whether a rule is sure to hold, sure to be broken, or cannot be told (``None``)."""
        assert isinstance(self.tree, ast.Compare)
        left = _value(self.tree.left, self.text, terms)
        right = _value(self.tree.comparators[0], self.text, terms)
        _common_unit(left, right)
        return _compare(_COMPARISONS[type(self.tree.ops[0])], left.interval, right.interval)


def _compare(sign: str, left: Interval, right: Interval) -> bool | None:
    if sign == "==":
        if not left.meets(right):
            return False
        return True if left.is_point and left == right else None
    if sign in {">", "<="}:  # a > b is b < a, and a <= b is where b < a is not
        left, right = right, left
    is_less = left.is_below(right)
    if not is_less and not right.is_below(left) and not _touch(right, left):
        return None
    return is_less == (sign in {"<", ">"})


def _touch(lower: Interval, upper: Interval) -> bool:
    """Whether the highest number of ``lower`` is the lowest of ``upper``."""
    return lower.high is not None and lower.high == upper.low


@cache
def parse(text: str, *, rule: bool = False) -> Formula:
    """Read a formula, or with ``rule`` a comparison of two.

    Raises:
        FormulaError: anything outside the language.
    """
    allowed = "write one comparison with <, <=, ==, >= or >"
    allowed = allowed if rule else "use names, numbers, + - * / and brackets"
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"a formula of more than {MAX_LENGTH} characters", "split it in two")
    reserved = [word for word in re.findall(r"[A-Za-z_]\w*", text) if keyword.iskeyword(word)]
    if reserved:
        raise FormulaError(f'"{reserved[0]}" is a reserved word', "give the input another name")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaError(f'"{text}" is not a formula', allowed) from None
    sides = [tree]
    if rule:
        if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
            raise FormulaError(f'"{text}" is not a rule', 'write one comparison: "a <= b"')
        if type(tree.ops[0]) not in _COMPARISONS:
            raise FormulaError(f'"{text}" is not a rule', "compare with <, <=, ==, >= or >")
        sides = [tree.left, tree.comparators[0]]
    names: dict[str, None] = {}
    for side in sides:
        _visit(side, text.strip(), allowed, names)
    return Formula(text.strip(), tree, tuple(names))


def sourceless(parsed: Formula) -> Iterator[str]:
    """The numbers typed into a formula or rule that are no conversion, so that each needs a source.

    With a figure, 1 may be added or subtracted (shares and ratios), and it may be compared with
    0 or 1: nothing else is.
    """
    if not parsed.names:
        yield parsed.text
    for node in ast.walk(parsed.tree) if any(map(str.isdigit, parsed.text)) else ():
        if isinstance(node, ast.BinOp | ast.Compare) and not _is_typed(node):
            if isinstance(node, ast.Compare):
                known, sides = {Fraction(0), Fraction(1)}, [node.left, *node.comparators]
            else:
                known = {Fraction(1)} if isinstance(node.op, ast.Add | ast.Sub) else _CONVERSIONS
                sides = [node.left, node.right]
            for side in filter(_is_typed, sides):
                if not isinstance(side, ast.Constant) or _number(side, parsed.text) not in known:
                    yield ast.get_source_segment(parsed.text, side) or ""


def _is_typed(node: ast.expr) -> bool:
    return not _names_in(node)


def _names_in(node: ast.expr) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]


def _visit(node: ast.expr, text: str, allowed: str, names: dict[str, None]) -> None:
    match node:
        case ast.Name(id=name):
            if name != PERCENT:
                names[name] = None
        case ast.Constant():
            _number(node, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            _visit(left, text, allowed, names)
            _visit(right, text, allowed, names)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _visit(operand, text, allowed, names)
        case _:
            part = ast.get_source_segment(text, node) or text
            raise FormulaError(f'"{part}" does not belong in a formula', allowed)


def _number(node: ast.Constant, text: str) -> Fraction:
    """The number as it is written, never as a float."""
    written = ast.get_source_segment(text, node) or ""
    if not written.replace(".", "").isdecimal() or len(written) > MAX_DIGITS:
        raise FormulaError(f'"{written[:40]}" is not a plain number', "write digits, such as 0.95")
    return Fraction(written)


def _value(node: ast.expr, text: str, terms: Mapping[str, Term]) -> Term:
    match node:
        case ast.Name(id=name):
            if name == PERCENT:
                return Term(Interval.point(Fraction(1, 100)))
            return terms[name]
        case ast.Constant():
            return Term(Interval.point(_number(node, text)))
        case ast.UnaryOp(operand=operand):
            inner = _value(operand, text, terms)
            _refuse_dates(inner)
            return replace(inner, interval=-inner.interval)
        case ast.BinOp(left=left_node, op=op, right=right_node):
            left, right = _value(left_node, text, terms), _value(right_node, text, terms)
            try:
                interval = _OPERATORS[type(op)](left.interval, right.interval)
            except ZeroDivisionError:
                what = f'division by zero in "{text}"'
                hint = "take out the period in which the divisor is, or may be, 0"
                raise FormulaError(what, hint) from None
            _refuse_endless(interval)
            factors = {_factor(left_node, left), _factor(right_node, right)} - {None, 1}
            is_mean = isinstance(op, ast.Div) and factors == {len(_names_in(left_node))}
            return _combined(op, interval, left, right, is_converted=bool(factors) and not is_mean)
        case _:
            raise AssertionError(ast.dump(node))


def _refuse_endless(interval: Interval) -> None:
    """Refuse a result that only products of products have: each formula doubles its length."""
    for end in (interval.low, interval.high):
        if end and max(end.numerator.bit_length(), end.denominator.bit_length()) > MAX_BITS:
            what = "the formula gives a number with more digits than any figure needs"
            raise FormulaError(what, "take out multiplications")


def _factor(node: ast.expr, term: Term) -> Fraction | None:
    """The number that is typed there, without its sign; ``None`` for what holds a figure."""
    is_typed = all(name == PERCENT for name in _names_in(node))
    point = term.interval.low if is_typed else None
    return None if point is None else abs(point)


def _combined(
    op: ast.operator, interval: Interval, left: Term, right: Term, *, is_converted: bool
) -> Term:
    """The result with its unit, and what it was made of."""
    inside, scaled = left.inside | right.inside, left.scaled | right.scaled
    if isinstance(op, ast.Sub) and left.unit == right.unit == DATE:
        return Term(interval, DAY, inside=frozenset({DAY}))
    _refuse_dates(left, right)
    if isinstance(op, ast.Add | ast.Sub):
        unit, is_ratio = _common_unit(left, right), left.is_ratio or right.is_ratio
        return Term(interval, unit, is_ratio, inside, scaled)
    is_like = isinstance(op, ast.Div) and left.unit is not None and left.unit == right.unit
    is_ratio = is_like or all(term.is_ratio or not term.inside for term in (left, right))
    if is_like:
        inside |= {TIMES}
    if is_converted:
        scaled = inside
    elif {left.unit, right.unit} & scaled:
        raise FormulaError("a typed factor that converts nothing", _FACTOR_HINT)
    return Term(interval, None, is_ratio and bool(inside), inside, scaled)


def _refuse_dates(*terms: Term) -> None:
    """Dates are days on a scale whose zero means nothing: only their distance is a number."""
    if any(term.unit == DATE for term in terms):
        what = "a date can only be compared with a date, or subtracted from one"
        raise FormulaError(what, "subtract one date from the other first")


def _common_unit(left: Term, right: Term) -> str | None:
    if (left.unit == DATE) != (right.unit == DATE):
        _refuse_dates(left, right)
    if left.unit and right.unit and left.unit != right.unit:
        what = f"units do not fit: {left.unit} against {right.unit}"
        raise FormulaError(what, "compare and add only figures in one unit")
    for one, other in ((left, right), (right, left)):
        if other.unit and one.is_ratio and other.unit in one.inside:
            what = f"{other.unit} divided by {other.unit} against {other.unit}"
            raise FormulaError(what, "compare and add only figures in one unit")
        if other.unit in one.scaled or (one.is_ratio and TIMES in one.scaled - other.scaled):
            raise FormulaError("a typed factor that converts nothing", _FACTOR_HINT)
    return left.unit or right.unit
