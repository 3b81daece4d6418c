"""Charts, read back: what their marks stand for, where they stand, and what is said beside them.

All of it is held against ``facts.json`` and the table of a chart's data; how charts are drawn is
not known here. A picture is a drawing to scale: along one of its sides, places are proportional
to values, and where time runs along the foot, to periods.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from selectolax.lexbor import LexborNode

from factsheet.audit.expected import Expected, cell, plain, words
from factsheet.audit.outputs import REBUILD, HtmlFile, Rows
from factsheet.errors import Fault

_MARK = ("figure", "period", "value", "high")
_SHIFT = re.compile(r"translate\((-?[\d.e-]+)(?:[, ]\s*(-?[\d.e-]+))?\)")
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?[~?%]?")
_NEAR, _BESIDE = 1.2, 8.0
"""In pixels: how far a mark may stand off, and the labels of a scale from its marks."""
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
"""The first month of each season (EDTF)."""
_SIZES = (1, 1_000, 1_000_000, 1_000_000_000)
_Place = tuple[float, float]
_NOWHERE = 0.0, 0.0
_Scale = list[tuple[float, _Place]]


def charts(expected: Expected, drawn: dict[str, Rows], page: HtmlFile) -> Iterator[Fault]:
    """Every picture of a chart on a page draws the rows of its table of data."""
    for figure in page.tree.css("figure.chart"):
        name = figure.attributes.get("data-chart") or ""
        yield from picture(expected, drawn, name, page, figure.css(".chart-picture svg"))


def picture(
    expected: Expected, drawn: dict[str, Rows], name: str, file: HtmlFile, nodes: list[LexborNode]
) -> Iterator[Fault]:
    """The pictures of one chart in a file: marks, their places, and the words beside them."""
    rows = drawn.get(f"charts/{name}.csv", [])
    wanted = sorted(tuple(row[name] for name in _MARK) for _, row in rows if row["words"])
    if not nodes:
        yield Fault(file.file, 1, 0, "there is no picture in it", REBUILD)
    for node in nodes:
        marks = node.css("[data-value]")
        shown = sorted(tuple(_given(mark, name) for name in _MARK) for mark in marks)
        if shown != wanted:
            odd = sorted({*shown} ^ {*wanted})
            what = f"the chart {name} draws other values than charts/{name}.csv: {odd[:3]}"
            yield file.fault(node, what, REBUILD)
        for mark, what in (*_misplaced(expected, node), *_unlabelled(expected, node)):
            yield file.fault(mark, f"the chart {name}: {what}", REBUILD)


def chart_row(expected: Expected, file: str, line: int, row: dict[str, str]) -> Iterator[Fault]:
    """A row of a chart's data says what ``facts.json`` has for its figure, or a claim for it."""
    name = " ".join(filter(None, (row["figure"], row["period"])))
    if (row["licence"], row["edition"]) != (expected.licence, expected.data["edition"]):
        yield Fault(file, line, 0, "licence or edition are not those of facts.json", REBUILD)
    o = expected.by_name.get(name)
    if o is None or not row["words"]:
        if row["words"] or (row["figure"] and o is None):
            yield Fault(file, line, 0, f'"{name}" is no figure', REBUILD)
        return
    said = (row["value"], row["high"], row["words"])
    allowed = {
        (cell(given["value"] or ""), given["high"] or "", cell(words(given["text"])))
        for given in (o, *o["claims"])
    }
    numbers = {str(expected.sources[claim["source"]]["no"]) for claim in o["claims"]}
    own = (row["label"], row["unit"], row["status"], row["record"])
    right = (cell(words(o["label"])), o["unit"], "; ".join(o["status"]), o["url"])
    named = {*row["source_no"].split("; ")} - {""}
    if said not in allowed or own != right or not named <= numbers:
        yield Fault(file, line, 0, f"this row is not what facts.json has for {name}", REBUILD)


def _misplaced(expected: Expected, node: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """Marks that do not stand where their values, and their periods, put them."""
    for scope in node.css("g.role-scope"):
        marks = _own(scope, "[data-value]")
        for mark in marks:
            if mark.tag == "path" and not mark.attributes.get("d"):
                yield mark, f"nothing is drawn for {_name(mark)}"
        dates = [m for m in marks if _is_date(expected, m)]
        others = [m for m in marks if not _is_date(expected, m)]
        scales = list(map(_scale, _own(scope, "g.role-axis-label")))
        numbers = [scale for scale in scales if scale]
        years = [
            [(day, place) for year, place in scale if (day := _middle(f"{year:.0f}"))]
            for scale in numbers
            if all(_YEAR.fullmatch(f"{year:g}") for year, _ in scale)
        ]
        yield from _off([(_value(m), m) for m in others], numbers)
        yield from _off([(_middle(_given(m, "value")), m) for m in dates], years)
        if years or len(scales) > len(numbers):
            # An interval has room for its mark wherever it runs.
            short = [m for m in others if "/" not in _given(m, "period")]
            yield from _off([(_middle(_given(m, "period")), m) for m in short], years)
            times = years or [
                [(d, _place(m)) for m in short if (d := _middle(_given(m, "period")))]
            ]
            for mark in (m for m in others if "/" in _given(m, "period")):
                if not any(_is_within(mark, scale) for scale in times):
                    yield mark, f"the mark of {_name(mark)} does not stand within its period"


def _off(
    given: list[tuple[float | None, LexborNode]], scales: list[_Scale]
) -> list[tuple[LexborNode, str]]:
    """The marks out of place, by the side and the scale that fit them best.

    A scale may count in thousands, millions or billions. Without one, the marks have to stand
    in proportion to each other.
    """
    marks = [(value, _place(mark), mark) for value, mark in given if value is not None]
    tried = []
    for side in (0, 1) if marks else ():
        for scale in scales or [[(value, place) for value, place, _ in marks]]:
            (low, start), (high, end) = min(scale), max(scale)
            if start[side] == end[side] or low == high:
                continue
            for size in _SIZES if scales else (1,):
                slope = (end[side] - start[side]) / (high - low) / size
                zero = start[side] - slope * low * size
                away = [place[side] - slope * value - zero for value, place, _ in marks]
                shift = sorted(away)[len(away) // 2]  # labels stand beside their places
                shift = shift if abs(shift) < _BESIDE else 0
                labels = [place[side] - slope * value * size - zero for value, place in scale]
                is_even = all(abs(one) < _NEAR for one in labels) or not scales
                tried.append([
                    mark for (_, _, mark), one in zip(marks, away, strict=True)
                    if abs(one - shift) > _NEAR or not is_even
                ])  # fmt: skip
    what = "does not stand where its value or period puts it"
    return [(mark, f"the mark of {_name(mark)} {what}") for mark in min(tried, key=len, default=[])]


def _unlabelled(expected: Expected, node: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """In pictures with a row for each mark, one whose words do not follow in the same order."""
    for scope in node.css("g.role-scope"):
        scales = [_scale(group) for group in _own(scope, "g.role-axis-label")]
        lines = sorted(
            (_place(text)[1], plain(text.text()))
            for text in scope.css(".role-mark text")
            if _place(text)[0] < 2 * _BESIDE
        )
        is_in_rows = len(scales) == 1 and len({place[1] for _, place in scales[0]}) == 1 and lines
        marks = _own(scope, "[data-value]") if is_in_rows else []
        rest = " ".join(text for _, text in lines)
        for mark in sorted(marks, key=lambda mark: _place(mark)[::-1]):
            starts = [at for one in _wanted(expected, mark) if (at := rest.find(one)) >= 0]
            if not starts:
                yield mark, f"the words beside the mark of {_name(mark)} are not its own"
                break
            rest = rest[min(starts) + 1 :]


def _wanted(expected: Expected, mark: LexborNode) -> set[str]:
    """The words for the value of a mark."""
    o = expected.by_name.get(_name(mark))
    value = _given(mark, "value"), _given(mark, "high")
    return {
        plain(words(text))
        for given in ([o, *o["claims"]] if o else [])
        if (given["value"] or "", given["high"] or "") == value
        for text in (given["text"], *given["forms"].values())
    }


def _scale(group: LexborNode) -> _Scale:
    """The numbers along a scale and where they stand; none if its labels are no numbers."""
    found = []
    for text in group.css("text"):
        said = plain(text.text()).replace("\N{MINUS SIGN}", "-")
        if not (_NUMBER.fullmatch(said) or _YEAR.fullmatch(said)):
            return []
        found.append((float(said.replace(",", "")), _place(text)))
    return found


def _place(node: LexborNode | None) -> _Place:
    """Where an element stands in its picture, by the shifts of all around it."""
    x = y = 0.0
    while node is not None and node.tag != "svg":
        shift = _SHIFT.search(node.attributes.get("transform") or "")
        x, y = (x + float(shift[1]), y + float(shift[2] or 0)) if shift else (x, y)
        node = node.parent
    return x, y


def _own(scope: LexborNode, selector: str) -> list[LexborNode]:
    """What stands in a panel of a picture, but in none within it."""
    inner = (one for one in scope.css("g.role-scope") if one.mem_id != scope.mem_id)
    held = {node.mem_id for one in inner for node in one.css(selector)}
    return [node for node in scope.css(selector) if node.mem_id not in held]


def _given(mark: LexborNode, name: str) -> str:
    return mark.attributes.get(f"data-{name}") or ""


def _name(mark: LexborNode) -> str:
    return " ".join(filter(None, (_given(mark, "figure"), _given(mark, "period"))))


def _is_date(expected: Expected, mark: LexborNode) -> bool:
    o = expected.by_name.get(_name(mark))
    return bool(o and o["measure"] == "date")


def _value(mark: LexborNode) -> float | None:
    """The value of a mark, or the middle of its range."""
    ends = [end for end in (_given(mark, "value"), _given(mark, "high")) if end]
    with suppress(ValueError, ZeroDivisionError):
        return sum(map(float, ends)) / len(ends)
    return None


def _middle(period: str) -> float | None:
    """The day in the middle of a period, counted from the first of the calendar."""
    ends = _ends(period)
    return sum(ends) / 2 if ends else None


def _ends(period: str) -> tuple[int, int] | None:
    """The first day of a period, and the one after its last."""
    ends = [_DAY.fullmatch(end) for end in period.split("/")]
    if not all(ends):
        return None
    days = [tuple(int(part or 0) for part in end.groups()) for end in ends if end]
    with suppress(ValueError):  # no day of any calendar
        return _first_day(*days[0]), _first_day(*days[-1], is_next=True)
    return None


def _is_within(mark: LexborNode, scale: _Scale) -> bool:
    """Whether a mark stands within its period, along one side of a scale of time."""
    (low, start), (high, end) = min(scale, default=(0, _NOWHERE)), max(scale, default=(0, _NOWHERE))
    days = _ends(_given(mark, "period"))
    for side in (0, 1) if days and low != high else ():
        slope = (end[side] - start[side]) / (high - low)
        first, last = sorted(start[side] + slope * (day - low) for day in days or ())
        is_even = all(
            abs(place[side] - start[side] - slope * (day - low)) < _BESIDE for day, place in scale
        )
        if is_even and slope and first - _BESIDE <= _place(mark)[side] <= last + _BESIDE:
            return True
    return not days or low == high


def _first_day(year: int, month: int, day: int, *, is_next: bool = False) -> int:
    """The day on which a year, season, month or day begins, or the next one."""
    months = 0 if day else (1 if month <= 12 else 3) if month else 12
    start = (_SEASONS.get(month, month) or 1) - 1 + months * is_next
    return date(year + start // 12, start % 12 + 1, day or 1).toordinal() + (is_next and day > 0)
