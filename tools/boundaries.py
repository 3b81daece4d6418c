"""Makes data/boundaries.geojson, the countries' shapes of the map, from world-atlas.

Run once, by hand: fetch the npm package world-atlas 2.0.2 (Natural Earth 1:50m, in the
public domain), then

    python tools/boundaries.py .../package/countries-50m.json > data/boundaries.geojson

Borders are thinned to what the map can show and kept in common between neighbours. Crimea
is drawn with Ukraine, within whose borders the United Nations' General Assembly sees it; the
source draws who holds it.
"""

import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

VIEW = (26.0, 33.0, 74.0, 58.0)
KEPT = (16.0, 27.0, 84.0, 64.0)
TOLERANCE = 0.08
NEAR, NEAR_TOLERANCE = (42.0, 36.0, 55.0, 44.0), 0.015
RUSSIA, UKRAINE, CRIMEA = "643", "804", (34.2, 45.2)

Point = tuple[float, float]


def main(path: str) -> None:
    """Print the countries around the view as GeoJSON."""
    atlas = json.loads(Path(path).read_text("utf-8"))
    arcs = [thinned(arc) for arc in decoded(atlas)]
    countries = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        countries[shape.get("id")] = polygons
    crimea = [p for p in countries[RUSSIA] if holds(ring_points(p[0], arcs), CRIMEA)]
    assert len(crimea) == 1, "Crimea is no polygon of its own"
    countries[RUSSIA].remove(crimea[0])
    countries[UKRAINE] = united([*countries[UKRAINE], crimea[0]], arcs)
    features = []
    for number, polygons in sorted(countries.items(), key=lambda item: item[0] or ""):
        rings = [[clipped(ring_points(ring, arcs)) for ring in polygon] for polygon in polygons]
        kept = [[r for r in polygon if len(r) > 3 and is_seen(r)] for polygon in rings]
        kept = [polygon for polygon in kept if polygon]
        if number and kept:
            geometry = {"type": "MultiPolygon", "coordinates": kept}
            features.append({"type": "Feature", "id": number, "geometry": geometry})
    credit = "Natural Earth 1:50m (public domain), through world-atlas 2.0.2 (ISC)"
    collection = {"type": "FeatureCollection", "credit": credit, "bbox": VIEW}
    sys.stdout.write(json.dumps(collection | {"features": features}, separators=(",", ":")) + "\n")


def is_seen(ring: list[Point]) -> bool:
    """Whether a ring's bounds touch the view."""
    west, south, east, north = VIEW
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs) < east and max(xs) > west and min(ys) < north and max(ys) > south


def decoded(atlas: Any) -> list[list[Point]]:
    """The arcs in degrees; TopoJSON keeps steps of a grid."""
    (kx, ky), (dx, dy) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for steps in atlas["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * kx + dx, y * ky + dy))
        arcs.append(arc)
    return arcs


def thinned(arc: list[Point]) -> list[Point]:
    """The arc without points that lie within the tolerance of a line (Douglas, Peucker)."""
    if len(arc) < 3:
        return arc
    (x1, y1), (x2, y2) = arc[0], arc[-1]
    west, south, east, north = NEAR
    is_near = any(west < x < east and south < y < north for x, y in arc)
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def off(point: Point) -> float:
        x, y = point
        if length == 0:
            return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length

    index = max(range(1, len(arc) - 1), key=lambda i: off(arc[i]))
    if off(arc[index]) < (NEAR_TOLERANCE if is_near else TOLERANCE):
        return [arc[0], arc[-1]]
    return thinned(arc[: index + 1])[:-1] + thinned(arc[index:])


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A ring of arcs, the reversed ones written as their complement, as points."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def united(polygons: list[list[list[int]]], arcs: list[list[Point]]) -> list[list[list[int]]]:
    """Polygons without the borders between them: the arcs that only one of them has, in rings."""
    every = [number for polygon in polygons for ring in polygon for number in ring]
    shared = {n for n, times in Counter(n if n >= 0 else ~n for n in every).items() if times > 1}
    left = [n for n in every if (n if n >= 0 else ~n) not in shared]
    rings = []
    while left:
        ring = [left.pop(0)]
        while (end := ring_points(ring, arcs)[-1]) != ring_points(ring[:1], arcs)[0]:
            following = next(n for n in left if ring_points([n], arcs)[0] == end)
            left.remove(following)
            ring.append(following)
        rings.append([ring])
    return rings


def holds(ring: list[Point], point: Point) -> bool:
    """Whether a ring goes round a point (even-odd rule)."""
    x, y = point
    crossings = (
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in pairwise(ring)
    )
    return sum(crossings) % 2 == 1


def clipped(ring: list[Point]) -> list[Point]:
    """The ring's part within the kept area (Sutherland, Hodgman), to hundredths of a degree."""
    west, south, east, north = KEPT
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        result = []
        for a, b in pairwise(ring):
            inside_a, inside_b = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if inside_a:
                result.append(a)
            if inside_a != inside_b:
                part = (limit - a[axis]) / (b[axis] - a[axis])
                result.append((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part))
        ring = [*result, result[0]] if result else []
    return [(round(x, 2), round(y, 2)) for x, y in ring]


if __name__ == "__main__":
    main(sys.argv[1])
