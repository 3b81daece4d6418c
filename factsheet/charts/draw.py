"""Static SVG from Vega-Lite specifications, drawn once, without a browser, by vl-convert."""

import hashlib
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
FONTS = _HERE.parent / "fonts"
_SVG = "http://www.w3.org/2000/svg"
ET.register_namespace("", _SVG)


@cache
def palette() -> dict[str, str]:
    """The light colours by the name of their CSS variable."""
    colours: dict[str, str] = json.loads((_HERE / "palette.json").read_text("utf-8"))
    return colours


@cache
def _engine() -> Any:
    import vl_convert  # an engine of JavaScript, which `check` does without

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def vega_svg(specification: str) -> bytes:
    """A specification (Vega-Lite, as JSON) drawn as SVG."""
    return bytes(_engine().vegalite_to_svg(specification), "utf-8")


def png(svg: str) -> bytes:
    """An SVG drawn as PNG, with two dots to each of its own, both ways."""
    return bytes(_engine().svg_to_png(svg, scale=2))


@dataclass(frozen=True)
class Store:
    """Pictures by what they were drawn from, in memory and, if there is one, in a folder."""

    folder: Path | None

    def kept(self, given: str, kind: str, draw: Callable[[str], bytes]) -> bytes:
        """What ``draw`` makes of ``given``, drawn once."""
        key = hashlib.sha256(f"{_drawn_with()}\n{kind}\n{given}".encode()).hexdigest()
        if key not in _DRAWN:
            _DRAWN[key] = self._read(f"{key}.{kind}") or self._drawn(f"{key}.{kind}", given, draw)
        return _DRAWN[key]

    def _read(self, name: str) -> bytes | None:
        """The picture kept under a name; none if it is damaged, or cannot be read."""
        with suppress(OSError):
            if self.folder:
                digest, _, picture = (self.folder / name).read_bytes().partition(b"\n")
                if digest == _digest(name.encode() + picture):
                    return picture
        return None

    def _drawn(self, name: str, given: str, draw: Callable[[str], bytes]) -> bytes:
        picture = draw(given)
        if self.folder:
            # A picture that cannot be kept is drawn again next time, and nothing else.
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                part = self.folder / f"{name}.{os.getpid()}"
                part.write_bytes(_digest(name.encode() + picture) + b"\n" + picture)
                part.replace(self.folder / name)
        return picture


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


@cache
def _drawn_with() -> str:
    """What a picture depends on beside its specification: the program and the fonts."""
    fonts = b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.ttf")))
    return f"{metadata.version('vl-convert-python')} {_digest(fonts).decode()}"


_DRAWN: dict[str, bytes] = {}

_FAMILY = "Fact Sheet Sans, 'Noto Sans', Arial, sans-serif"
_EMPTY = {"background", "foreground"}
_DROPPED = {"role", "aria-roledescription", "aria-hidden", "pointer-events", "font-family"}
_KEPT = ("role-scope", "role-axis-label", "role-axis-title", "mark-text role-mark")
"""The groups that keep their class: those that say what their words are."""
# Around the words, so that no line runs through them.
_AROUND = {
    "paint-order": "stroke",
    "stroke": "var(--fs-chart-paper)",
    "stroke-width": "3",
    "stroke-linejoin": "round",
}
_GROUND = re.compile("".join(f' {name}="[^"]*"' for name in _AROUND))
_PLACE = re.compile(r'(?<= )(?:d|transform|[xy][12]?|width|height)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_LENGTH = r"(-?[\d.]+(?:e[+-]?\d+)?)"
_SHIFT = re.compile(rf"translate\({_LENGTH},\s*{_LENGTH}\)")


@dataclass(frozen=True)
class Drawing:
    """A finished picture; ``svg`` has its colours as CSS variables and no size of its own.

    ``unlabelled``: whether a mark is without its number, for want of room.
    """

    svg: str
    width: float
    height: float
    unlabelled: bool = False


def for_page(svg: str, prefix: str, ids: Iterable[dict[str, str]], *, unlabelled: bool) -> Drawing:
    """What a page needs of Vega's SVG: its marks named, its ids apart, nothing that is unseen."""
    root = ET.fromstring(svg)
    _clean(root, list(ids))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    text = "".join(ET.tostring(child, encoding="unicode") for child in root)
    text = text.replace(f' xmlns="{_SVG}"', "")
    text = re.sub(r'(id="|url\(#)(clip\d+)', rf"\1{prefix}-\2", text)
    text = _PLACE.sub(lambda place: _LONG.sub(_short, place[0]), text)
    return Drawing(" ".join(text.split()), width, height, unlabelled)


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _clean(node: ET.Element, ids: list[dict[str, str]]) -> None:
    for child in list(node):
        if child.get("class") in _EMPTY or child.get("display") == "none":
            node.remove(child)
            continue
        label = child.attrib.pop("aria-label", "")
        if re.fullmatch(r"#\d+", label) and int(label[1:]) < len(ids):
            child.attrib.update(ids[int(label[1:])])
        for name in _DROPPED & child.attrib.keys():
            del child.attrib[name]
        kind = child.attrib.pop("class", "")
        if kept := next((name for name in _KEPT if name in kind), None):
            child.set("class", kept)
        if kept == "mark-text role-mark":
            child.attrib.update(_AROUND)
        if child.get("opacity") == "1":
            del child.attrib["opacity"]
        if child.get("transform") == "translate(0,0)":
            del child.attrib["transform"]
        _clean(child, ids)
    _join(node)
    _dissolve(node)


def _dissolve(node: ET.Element) -> None:
    """Put what a group of no meaning holds in its place."""
    for child in list(node):
        if child.tag != f"{{{_SVG}}}g" or child.attrib.keys() - {"transform"}:
            continue
        at = list(node).index(child)
        node.remove(child)
        for offset, part in enumerate(child):
            if child.get("transform"):
                part.set("transform", _shifted(child.get("transform", ""), part))
            node.insert(at + offset, part)


def _shifted(outer: str, part: ET.Element) -> str:
    """The ``transform`` of a part that leaves a group with one of its own."""
    both = f"{outer} {part.get('transform', '')}".strip()
    found = _SHIFT.findall(both)
    if _SHIFT.sub("", both).strip():
        return both
    x, y = (sum(float(shift[axis]) for shift in found) for axis in (0, 1))
    return f"translate({round(x, 4):.6g},{round(y, 4):.6g})"


def _join(node: ET.Element) -> None:
    """Make one path of the lines and bars that look alike and stand for nothing alone."""
    first: dict[tuple[tuple[str, str], ...], ET.Element] = {}
    for child in list(node):
        path = _path(child)
        if path is None or len(child):
            continue
        style = {k: v for k, v in child.attrib.items() if k not in _GEOMETRY}
        if any(name.startswith("data-") for name in style):
            continue
        key = tuple(sorted(style.items()))
        if key in first:
            node.remove(child)
            first[key].set("d", first[key].get("d", "") + path)
            continue
        child.tag = f"{{{_SVG}}}path"
        child.attrib = {**style, "d": path}
        first[key] = child


_GEOMETRY = {"d", "transform", "x1", "x2", "y1", "y2"}


def _path(node: ET.Element) -> str | None:
    """A line, or a path that is not moved, as a path's ``d``; ``None`` for all else."""
    if node.tag == f"{{{_SVG}}}path" and not node.get("transform"):
        return node.get("d")
    shift = _SHIFT.fullmatch(node.get("transform", "translate(0,0)"))
    if node.tag != f"{{{_SVG}}}line" or not shift:
        return None
    return f"M{shift[1]},{shift[2]}l{node.get('x2', '0')},{node.get('y2', '0')}"


def standalone(drawing: Drawing, title: str, description: str) -> str:
    """An SVG file of a picture: light colours, a white ground, title and description."""
    root = ET.fromstring(
        f'<svg xmlns="{_SVG}" width="{drawing.width:g}" height="{drawing.height:g}" '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" font-family="{_FAMILY}">'
        f'<title/><desc/><rect width="100%" height="100%" fill="var(--fs-chart-paper)"/>'
        f"{drawing.svg}</svg>"
    )
    root[0].text, root[1].text = title, description
    text = ET.tostring(root, encoding="unicode")
    return light(text) + "\n"


def without_ground(svg: str) -> str:
    """A picture whose words have no ground around them: a PDF keeps such words as text."""
    return _GROUND.sub("", svg)


def light(svg: str) -> str:
    """SVG of a page as it stands alone: with the light colours, and its namespace."""
    for name, colour in palette().items():
        svg = svg.replace(f"var({name})", colour)
    return svg if "xmlns" in svg else svg.replace("<svg", f'<svg xmlns="{_SVG}"', 1)
