"""Where things lie in a picture: scales of time, lines of words, numbers beside their marks.

Vega cannot place labels so that they clash with nothing, so that is calculated here, in CSS
pixels.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from factsheet.charts.measure import text_width

Row = dict[str, Any]
"""The fields of a mark, as a specification has them."""
DAY = 86_400_000
"""Milliseconds."""
EXTENT = 50
"""The least room for the texts of an upright scale."""
STUB = 18
"""The length of an arrow at a value of which only one end is known, without its head."""
HEAD = 6
"""How far the head of such an arrow reaches beyond its line."""
_LINE = 15
_EPOCH = date(1970, 1, 1).toordinal()
_YEAR, _SHORT_YEAR = 38, 27
"""The room that a year needs, in full and as ’13."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def milliseconds(ordinal: Fraction | int) -> float:
    """A day's ordinal as Vega counts time: milliseconds from the start of 1970, UTC."""
    return float((ordinal - _EPOCH) * DAY)


def around(spans: list[tuple[float, float]], share: float) -> tuple[float, float]:
    """The time from the first start to the last end, with a share of it at either side.

    Around a single day, there is a month at either side.
    """
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    margin = (high - low) * share if high - low > DAY else 30 * DAY
    return low - margin, high + margin


@dataclass(frozen=True)
class TimeScale:
    """A scale of whole years, or of whole months where it is short.

    ``bounds`` are the starts of all of them, and the end of the last; ``ticks`` the middles
    of those that are named, so that a name stands centred on its year or month; ``grid``
    their starts.
    """

    bounds: list[float]
    grid: list[float]
    ticks: list[float]
    format: str

    @property
    def domain(self) -> tuple[float, float]:
        """The first and the last moment."""
        return self.bounds[0], self.bounds[-1]


def time_scale(span: tuple[float, float], dots: float, *, upright: bool = False) -> TimeScale:
    """The scale of whole years or months that holds a span, with as many names as fit."""
    by_year = span[1] - span[0] >= 2.5 * 365.25 * DAY
    first, last = (date.fromordinal(int(end // DAY) + _EPOCH) for end in (span[0], span[1] - 1))
    count = 1 if by_year else 12
    start, end = (day.year * count + (0 if by_year else day.month - 1) for day in (first, last))
    starts = [date(n // count, 1 + n % count, 1) for n in range(start, end + 2)]
    bounds = [milliseconds(day.toordinal()) for day in starts]
    slot = dots / (len(bounds) - 1)
    form, needed = "%Y" if by_year else "%b %Y", 30 if upright else 70
    if by_year and not upright:
        is_short = slot < _YEAR and len(bounds) <= 60
        form, needed = (
            ("\N{RIGHT SINGLE QUOTATION MARK}%y", _SHORT_YEAR) if is_short else (form, _YEAR)
        )
    steps = (1, 2, 5, 10, 20, 50, 100) if by_year else (1, 3, 6, 12)
    step = next((n for n in steps if slot * n >= needed), steps[-1])
    offset = start % step if step == 2 else 0
    named = [n - start for n in range(start, end + 1) if (n - offset) % step == 0]
    shown = [
        n
        for n in named or [0]
        if upright or needed / 2 - EXTENT <= (n + 0.5) * slot <= dots + 14 - needed / 2
    ]
    middles = [(bounds[n] + bounds[n + 1]) / 2 for n in shown]
    return TimeScale(bounds, [bounds[n] for n in shown], middles, form)


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """A text in lines of at most so many dots, broken at spaces, in longer words anywhere."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, bold=bold) <= room:
            lines[-1] = longer
            continue
        pieces = _pieces(word, room, bold=bold)
        lines += pieces if lines[-1] else [pieces[0], *pieces[1:]]
    return [line for line in lines if line] or [""]


def _pieces(word: str, room: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@dataclass
class Plot:
    """Where things lie in a picture whose scales go from ``days`` and ``domain`` to dots.

    ``taken`` is what is covered, ``lines`` what words may cover if need be; ``labels`` are
    the words placed so far, ``leaders`` the lines from marks to those that stand further off.
    """

    days: tuple[float, float]
    domain: tuple[float, float]
    width: float
    height: float
    taken: list[Box] = field(default_factory=list)
    lines: list[Box] = field(default_factory=list)
    labels: list[Row] = field(default_factory=list)
    leaders: list[Row] = field(default_factory=list)

    @property
    def across(self) -> float:
        """How many dots a millisecond is wide."""
        return self.width / (self.days[1] - self.days[0])

    @property
    def dot(self) -> float:
        """How much of the upright scale a dot is."""
        return (self.domain[1] - self.domain[0]) / self.height

    def down(self, value: float) -> float:
        """How far below the top a value lies."""
        return (self.domain[1] - value) / self.dot

    def spot(self, row: Row) -> tuple[float, float]:
        """Where a mark stands, in dots from the left and from the top."""
        return (row["x"] - self.days[0]) * self.across, self.down(row["y"])

    def cut_arrows(self, marks: list[Row], levels: list[Row]) -> None:
        """Give each open end a short arrow that reaches no other value, and stays inside.

        Where there is no room for it, there is none: the words of the value say it too.
        """
        for row in marks:
            near = [other["y"] for other in levels]
            near += [
                other["y"]
                for other in marks
                if other["start"] <= row["x"] <= other["end"] and other is not row
            ]
            up = min([y for y in near if y > row["y"]] + [self.domain[1]]) - row["high"]
            down = row["low"] - max([y for y in near if y < row["y"]] + [self.domain[0]])
            for end, room, sign in (("high", up, 1), ("low", down, -1)):
                if row[f"open_{end}"]:
                    length = min(STUB, room / self.dot - HEAD - 2)
                    row[f"open_{end}"] = length >= HEAD
                    row[end] += sign * max(length, 0) * self.dot if length >= HEAD else 0

    def cover(self, marks: list[Row], levels: list[Row]) -> None:
        """Keep words off the marks, the lines between their ends, and the levels."""
        for row in marks:
            x, y = self.spot(row)
            top, foot = self.down(row["high"]), self.down(row["low"])
            reach = 7 if row["disputed"] else 5
            self.taken.append((x - reach, y - reach, x + reach, y + reach))
            top -= HEAD if row["open_high"] else 0
            foot += HEAD if row["open_low"] else 0
            if foot - top > 10:
                self.taken.append((x - 5, top, x + 5, foot))
            start, end = ((row[end] - self.days[0]) * self.across for end in ("start", "end"))
            self.lines.append((start, y - 1, end, y + 1))
        for row in levels:
            y = self.down(row["y"])
            self.lines.append((0, y - 1, self.width, y + 1))

    def above_line(self, y: float, name: str) -> bool:
        """Put words above the line at a value, as far left as they clash with nothing."""
        foot = self.down(y) - 3
        for share in (1, 0.6, 0.4):
            text = wrapped(name, (self.width - 8) * share)
            wide, tall = _size(text)
            for x in range(4, int(self.width + 8 - wide) + 1, 4):
                box = (x, foot - tall, x + wide, foot)
                if self._is_inside(box):
                    self.taken.append(box)
                    self._say(text, x, foot - tall, "left")
                    return True
        return False

    def place_labels(self, marks: list[Row]) -> bool:
        """Put each number by its mark where it clashes with nothing; whether all have room."""
        without = [row for row in marks if not self._place(row)]
        return not without

    def _place(self, row: Row) -> bool:
        x, y = self.spot(row)
        reach = 9 if row["disputed"] else 7
        top = min(self.down(row["high"]) - (HEAD if row["open_high"] else 0), y) - reach
        foot = max(self.down(row["low"]) + (HEAD if row["open_low"] else 0), y) + reach
        slot = (row["end"] - row["start"]) * self.across
        # Beside the mark of a year, a number would stand over the next one.
        is_slot = slot > 2 * reach and row["x"] < row["end"]
        texts = _splits(row["text"])
        if is_slot and _size(texts[0])[0] > slot:
            texts.reverse()
        for tier, crosses in ((n // 2, bool(n % 2)) for n in range(10)):
            for text in texts:
                wide, tall = _size(text)
                above = top - tall - tier * _LINE
                centre = min(max(x - wide / 2, -4), self.width + 14 - wide)
                places = [("center", centre, above)]
                if not tier:
                    places += [("center", centre, under) for under in (y + reach, foot)]
                if not tier and len(text) == 1 and (not is_slot or slot / 2 > wide + reach):
                    left, right = x - reach - 1 - wide, x + reach + 1
                    shifts = (-_LINE / 2, -_LINE - 2, 2)
                    places += [("left", right, y + shift) for shift in shifts]
                    places += [("right", left, y + shift) for shift in shifts]
                places += [("left", x - 12, above), ("right", x + 12 - wide, above)]
                for align, start, head in places:
                    box = (start, head, start + wide, head + tall)
                    line = (x - 1, box[3], x + 1, top)
                    if not self._is_inside(box, crosses=crosses):
                        continue
                    if tier and not self._is_free(line, crosses=crosses):
                        continue
                    self.taken.append(box)
                    if tier:
                        self.taken.append(line)
                        self.leaders.append({"left": x, "top": box[3], "end": top + 3})
                    at = {"left": 2, "center": wide / 2, "right": wide - 2}[align]
                    self._say(text, start + at, head, align)
                    return True
        return False

    def _is_inside(self, box: Box, *, crosses: bool = False) -> bool:
        """Whether words fit there: in the plot or a little above it, and on nothing else."""
        is_in_plot = box[0] >= -4 and box[2] <= self.width + 14 and box[3] <= self.height
        return is_in_plot and box[1] >= -14 and self._is_free(box, crosses=crosses)

    def right_of(self, x: float, y: float, text: str) -> None:
        """Put words below and right of a place on the scales, if they clash with nothing there."""
        near, top = (x - self.days[0]) * self.across + 8, self.down(y) + 4
        wide = text_width(text)
        for left in (near, self.width + 8 - wide):
            box = (left, top, left + wide, top + _LINE)
            if box[2] <= self.width + 10 and self._is_free(box):
                self.taken.append(box)
                self._say([text], left, top, "left")
                return

    def _say(self, text: list[str], x: float, top: float, align: str) -> None:
        self.labels += [
            {"text": line, "left": x, "top": top + (n + 0.5) * _LINE, "align": align}
            for n, line in enumerate(text)
        ]

    def _is_free(self, box: Box, *, crosses: bool = False) -> bool:
        """Whether nothing is there, or nothing but lines across, on which words can stand."""
        taken = self.taken if crosses else [*self.taken, *self.lines]
        left, top, right, foot = box
        return not any(left < r and x < right and top < f and y < foot for x, y, r, f in taken)


def _size(text: list[str]) -> tuple[float, float]:
    """Width and height of lines of words, with a little room around them."""
    return max(text_width(line) for line in text) + 4, _LINE * len(text)


def _splits(text: str) -> list[list[str]]:
    """A text in one line, and in two of nearly the same length."""
    words = text.split(" ")
    halves = [[" ".join(words[:n]), " ".join(words[n:])] for n in range(1, len(words))]
    return [[text], *sorted(halves, key=lambda lines: max(map(len, lines)))[:1]]
