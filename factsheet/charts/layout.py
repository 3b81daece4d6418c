"""Where things lie in a picture: scales of time, lines of words, numbers beside their marks.

Vega cannot place labels so that they clash with nothing, so that is reckoned here, in CSS pixels.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
"""The fields of a mark, as a specification has them."""
DAY = 86_400_000
"""Milliseconds."""
CHARACTER = 6.9
"""The width of a letter, on average."""
EXTENT = 50
"""The room for the texts of an upright scale."""
_EPOCH = date(1970, 1, 1).toordinal()
_Box = tuple[float, float, float, float]


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


def year_ticks(domain: tuple[float, float], width: float) -> Any:
    """Ticks at the start of years, as many as fit."""
    years = (domain[1] - domain[0]) / (365.25 * DAY)
    if years < 2.5:
        return {"interval": "month", "step": 3 if years * 4 * 70 <= width else 6}
    step = next((n for n in (1, 2, 5, 10) if years / n * 44 <= width), 20)
    return {"interval": "year", "step": step}


def date_format(domain: tuple[float, float]) -> str:
    """How the ticks of a scale of time are written: with months where it is short."""
    return "%Y" if domain[1] - domain[0] >= 2.5 * 365.25 * DAY else "%b %Y"


def wrapped(text: str, characters: int) -> list[str]:
    """A text in lines of at most so many characters, broken at spaces."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > characters and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def beside(row: Row, words: str, domain: tuple[float, float], width: float) -> tuple[str, float]:
    """Where a mark's words fit: ``right`` or ``left`` of it, from which value; else ``above``."""
    per_unit = width / (domain[1] - domain[0])
    left, right = min(row["low"], row["x"]), max(row["high"], row["x"])
    needed = len(words) * CHARACTER + 14
    if (right - domain[0]) * per_unit + needed <= width:
        return "right", right
    if (left - domain[0]) * per_unit >= needed:
        return "left", left
    return "above", left


@dataclass(frozen=True)
class Plot:
    """Where things lie in a picture whose scales go from ``days`` and ``domain`` to dots."""

    days: tuple[float, float]
    domain: tuple[float, float]
    width: float
    height: float

    @property
    def across(self) -> float:
        """How many dots a millisecond is wide."""
        return self.width / (self.days[1] - self.days[0])

    def down(self, value: float) -> float:
        """How far below the top a value lies."""
        return (self.domain[1] - value) * self.height / (self.domain[1] - self.domain[0])

    def spot(self, row: Row) -> tuple[float, float]:
        """Where a mark stands, in dots from the left and from the top."""
        return (row["x"] - self.days[0]) * self.across, self.down(row["y"])

    def taken(self, marks: list[Row]) -> list[_Box]:
        """What the marks cover: each its dot, and the line between its ends."""
        boxes: list[_Box] = []
        for row in marks:
            x, y = self.spot(row)
            boxes.append((x - 5, y - 5, x + 5, y + 5))
            top, foot = self.down(row["high"]), self.down(row["low"])
            if foot - top > 10:
                boxes.append((x - 2, top, x + 2, foot))
        return boxes

    def above_line(self, level: Row, taken: list[_Box]) -> _Box:
        """Start the words above a line as far left as they clash with nothing."""
        foot = self.down(level["y"]) - 4
        top = foot - 14 * len(level["text"])
        wide = max(len(text) for text in level["text"]) * CHARACTER
        boxes = [(x, top, x + wide, foot) for x in range(4, int(self.width + 8 - wide) + 1, 4)]
        boxes = boxes or [(4, top, 4 + wide, foot)]
        free = (box for box in boxes if not any(_clash(box, other) for other in taken))
        box = next(free, boxes[0])
        level["x"] = self.days[0] + box[0] / self.across
        return box

    def place_labels(self, marks: list[Row], taken: list[_Box]) -> None:
        """Put each number by its mark if it clashes with nothing there, the greatest first."""
        taken = list(taken)
        for row in sorted(marks, key=lambda row: -row["y"]):
            x, y = self.spot(row)
            wide = len(row["text"]) * CHARACTER + 6
            places = {
                "above": (x - wide / 2, y - 24, x + wide / 2, y - 7),
                "below": (x - wide / 2, y + 7, x + wide / 2, y + 24),
                "right": (x + 7, y - 18, x + 7 + wide, y - 2),
                "left": (x - 7 - wide, y - 18, x - 7, y - 2),
            }
            for side, box in places.items():
                inside = box[0] >= -EXTENT and box[2] <= self.width + 14 and box[3] <= self.height
                if inside and not any(_clash(box, other) for other in taken):
                    row["side"] = side
                    taken.append(box)
                    break


def _clash(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
