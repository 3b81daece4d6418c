"""References for reference managers: items of CSL-JSON, and the same as BibTeX and RIS.

CSL: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html; BibTeX fields that
biblatex reads too; RIS: https://web.archive.org/web/2012/http://refman.com/support/risformat_intro.asp
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from factsheet.values.dates import Period, Point

Item = dict[str, Any]
"""A reference as CSL-JSON has it."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
})  # fmt: skip
"""Braces by name: BibTeX counts even those with a backslash before them."""


def names(signed: str) -> list[dict[str, str]]:
    """People as they signed, with commas between; as in BibTeX the last word is the family's.

    A single word is kept as it is: it may be an agency or a pen name.
    """
    found = []
    for person in signed.split(","):
        given, _, family = person.strip().rpartition(" ")
        found.append({"family": family, "given": given} if given else {"literal": family})
    return found


def issued(period: Period) -> dict[str, Any]:
    """A date or an interval in the parts that are known, with ``circa`` where it is about."""
    points = [point for point in (period.start, period.end) if point]
    points = points if period.is_interval else points[:1]
    found: dict[str, Any] = {"date-parts": [_parts(point) for point in points]}
    if points[0].precision == "season":
        found["season"] = int(points[0].text[5:7]) - 20
    if any(point.approximate for point in points):
        found["circa"] = True
    return found


def _parts(point: Point) -> list[int]:
    day = point.low
    known = {"year": 1, "season": 1, "month": 2, "day": 3}[point.precision]
    return [day.year, day.month, day.day][:known]


def bibtex(items: Iterable[Item]) -> str:
    """Entries of the kind ``misc``, which every style knows; braces keep names and case."""
    return "\n".join(_entry(item) for item in items)


def _entry(item: Item) -> str:
    year, month, day = _date(item)
    fields = {
        "author": " and ".join(_author(name) for name in item["author"]),
        "title": f"{{{_latex(item['title'])}}}",
        "howpublished": _latex(item["publisher"]),
        "year": str(year or ""),
        "month": _MONTHS[month - 1] if month else "",
        "day": str(day or ""),
        "language": item["language"],
        "url": quote(item.get("URL", ""), safe=":/?#[]@!$&'()*+,;=%~-._"),
        "note": _latex(item.get("note", "")),
    }
    lines = (
        f"  {name} = {text}" if name == "month" else f"  {name} = {{{text}}}"
        for name, text in fields.items()
        if text
    )
    key = re.sub(r"[^\w.-]", "-about", item["id"])
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _author(name: dict[str, str]) -> str:
    if "literal" in name:
        return f"{{{_latex(name['literal'])}}}"
    return f"{_latex(name['family'])}, {_latex(name['given'])}"


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _date(item: Item) -> list[int]:
    """Year, month and day on which it begins, as far as they are known, else nought."""
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    return [*parts, 0, 0, 0][:3]


def ris(items: Iterable[Item]) -> str:
    """Records of electronic sources: a tag a line, which ends as RIS has it, in CR and LF."""
    return "".join(f"{line}\r\n" for item in items for line in [*_record(item), "ER  - ", ""])


def _record(item: Item) -> Iterable[str]:
    year, *rest = _date(item)
    people = [
        name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]
    ]
    fields = [("TY", "ELEC"), ("ID", item["id"]), *(("AU", person) for person in people)]
    fields += [("TI", item["title"]), ("PB", item["publisher"])]
    if year:
        known = "/".join(f"{part:02}" if part else "" for part in rest)
        fields += [("PY", str(year)), ("DA", f"{year}/{known}/")]
    fields += [("LA", item["language"]), ("UR", item.get("URL")), ("N1", item.get("note"))]
    return (f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text)
