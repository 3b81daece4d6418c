"""Charts are held against facts.json alone: places of marks, scales, words; PNG against SVG."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import vl_convert

from factsheet.audit.expected import Expected
from factsheet.audit.outputs import HtmlFile, read_table
from factsheet.audit.pictures import picture
from factsheet.charts.draw import FONTS
from tests.conftest import Copy


def found(site: Path, name: str, change: Callable[[str], str] = str) -> list[str]:
    """What the audit says of a chart without knowing how it was drawn."""
    path = site / "charts" / f"{name}.svg"
    before = path.read_text("utf-8")
    text = change(before)
    assert change is str or text != before
    file = HtmlFile(site, path, text)
    drawn = {f"charts/{name}.csv": read_table(site / f"charts/{name}.csv")}
    return [
        fault.what
        for fault in picture(Expected.read(site), drawn, name, file, file.tree.css("svg"))
    ]


def mark(text: str, number: int = 0) -> re.Match[str]:
    """A mark of a picture: its shift, what it draws, and what it stands for."""
    pattern = r'<path transform="translate\(([\d.]+),([\d.]+)\)" d="([^"]+)"[^>]*data-value="[^>]*>'
    return list(re.finditer(pattern, text))[number]


def shifted(x: float, y: float, number: int = 0) -> Callable[[str], str]:
    def change(text: str) -> str:
        one = mark(text, number)
        old = f"translate({one[1]},{one[2]})"
        new = f"translate({float(one[1]) + x},{float(one[2]) + y})"
        return text.replace(one[0], one[0].replace(old, new))

    return change


def test_a_good_chart_has_no_fault(built_lighthouse: Copy) -> None:
    pictures = sorted(built_lighthouse.site.glob("charts/*.svg"))
    assert len(pictures) > 3
    assert [found(built_lighthouse.site, path.stem) for path in pictures] == [[]] * len(pictures)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("visitors", shifted(0, 3)),
        ("visitors", shifted(3, 0, 1)),
        ("visitors-2020", shifted(3, 0)),
        ("hopes", shifted(-3, 0)),
        ("tower", shifted(9, 0)),
    ],
)
def test_a_mark_out_of_place(
    built_lighthouse: Copy, name: str, change: Callable[[str], str]
) -> None:
    assert "does not stand where its value or period puts it" in "".join(
        found(built_lighthouse.site, name, change)
    )


@pytest.mark.parametrize(("shift", "is_told"), [(0, False), (-400, False), (400, True)])
def test_a_mark_of_some_years_stands_anywhere_within_them(
    built_lighthouse: Copy, shift: int, is_told: bool
) -> None:
    def spread(text: str) -> str:
        text = shifted(shift, 0, 1)(text)
        one = mark(text, 1)[0]
        return text.replace(one, one.replace('period="2020"', 'period="2019/2020"'))

    says = found(built_lighthouse.site, "visitors", spread)
    assert any("does not stand within its period" in what for what in says) is is_told


def test_a_scale_with_another_number(built_lighthouse: Copy) -> None:
    says = found(built_lighthouse.site, "visitors", lambda text: text.replace(">200<", ">250<"))
    assert any("does not stand where" in what for what in says)


def test_a_mark_that_is_not_drawn(built_lighthouse: Copy) -> None:
    def emptied(text: str) -> str:
        one = mark(text)
        return text.replace(one[0], one[0].replace(one[3], ""))

    assert "nothing is drawn for" in "".join(found(built_lighthouse.site, "visitors", emptied))


def test_words_in_another_row(built_lighthouse: Copy) -> None:
    def swapped(text: str) -> str:
        one, other = re.findall(r">([^<]*\d visitors[^<]*)</text>", text)[:2]
        changed = text.replace(f">{one}<", ">-<").replace(f">{other}<", f">{one}<")
        return changed.replace(">-<", f">{other}<")

    says = found(built_lighthouse.site, "visitors-2020", swapped)
    assert any("the words beside the mark" in what for what in says)


def test_each_png_is_its_svg_drawn_anew(built_lighthouse: Copy) -> None:
    vl_convert.register_font_directory(str(FONTS))
    for path in built_lighthouse.site.glob("charts/*.svg"):
        drawn = vl_convert.svg_to_png(path.read_text("utf-8"), scale=2)
        assert drawn == path.with_suffix(".png").read_bytes()
