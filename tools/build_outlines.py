"""
Build the outlines of countries that ship in ``src/equipoise/terms/data/outlines``.

    python tools/build_outlines.py FOLDER

FOLDER holds the npm package ``world-atlas``, unpacked (``npm pack world-atlas``): Natural Earth's countries at
1:50 million, in the public domain, as TopoJSON. Borders that two countries share are one line there, and stay one:
a line is thinned once, so that neighbors always meet.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry

OUT = Path(__file__).parent.parent / "src/equipoise/terms/data/outlines"

# A point is kept at a level where the triangle that it makes with its neighbors is at least as large as a square
# of so many degrees a side. The finest level draws a frame of some hundred kilometers, the coarsest the world.
LEVELS = (0.02, 0.07, 0.2, 0.5)
# Edges longer than this get points between their ends: a projection bends them.
LONGEST = 3.0
# There is no trial, and in most projections it is a bar along the edge.
LEFT_OUT = {"Antarctica"}
# What has no number in ISO 3166; the others without one are drawn as land of no country.
CODES = {"Kosovo": "XK"}
Points = npt.NDArray[np.float64]


def read_lines(topology: dict[str, Any]) -> list[Points]:
    """Return the lines of a topology in degrees (longitude, latitude)."""
    scale, start = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(line, float), axis=0) * scale + start for line in topology["arcs"]]


def triangle(first: Points, middle: Points, last: Points) -> float:
    """Return the area of a triangle in square degrees of latitude."""
    across = math.cos(math.radians(middle[1]))
    (ax, ay), (bx, by) = (middle - first) * (across, 1), (last - first) * (across, 1)
    return float(abs(ax * by - ay * bx) / 2)


def weigh(line: Points) -> npt.NDArray[np.float64]:
    """Return how much each point matters to the shape (Visvalingam and Whyatt); the ends matter most."""
    size = len(line)
    weights = np.full(size, np.inf)
    before, after = list(range(-1, size - 1)), list(range(1, size + 1))
    areas = {at: triangle(line[at - 1], line[at], line[at + 1]) for at in range(1, size - 1)}
    queue = [(area, at) for at, area in areas.items()]
    heapq.heapify(queue)
    least = 0.0
    while queue:
        area, at = heapq.heappop(queue)
        if areas.get(at) != area:
            continue
        least = max(least, area)
        weights[at] = least
        del areas[at]
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for one in (left, right):
            if one in areas:
                areas[one] = triangle(line[before[one]], line[one], line[after[one]])
                heapq.heappush(queue, (areas[one], one))
    return weights


def spread(line: Points, levels: npt.NDArray[np.uint8]) -> tuple[Points, npt.NDArray[np.uint8]]:
    """Return a line with points between those that lie far apart at a level; such a point belongs to that level."""
    # A line may cross the antimeridian: the way from 179° to -179° is 2° long.
    line = np.stack((np.unwrap(line[:, 0], period=360), line[:, 1]), axis=1)
    points, kept = [line[0]], [levels[0]]
    for at in range(1, len(line)):
        steps = int(np.ceil(np.abs(line[at] - line[at - 1]).max() / LONGEST))
        for step in range(1, steps):
            points.append(line[at - 1] + (line[at] - line[at - 1]) * step / steps)
            kept.append(min(levels[at - 1], levels[at]))
        points.append(line[at])
        kept.append(levels[at])
    return np.array(points), np.array(kept, np.uint8)


def read_rings(geometry: dict[str, Any]) -> list[list[int]]:
    """Return the rings of a country, each as the lines it is made of (``~n``: line n backwards)."""
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon]


def code_of(geometry: dict[str, Any]) -> str:
    """Return the ISO 3166 code of a country, or an empty string where it has none."""
    name = geometry["properties"]["name"]
    known = pycountry.countries.get(numeric=geometry["id"]) if "id" in geometry else None
    return CODES.get(name, known.alpha_2 if known else "")


def main(folder: Path) -> None:
    """Write the outlines."""
    topology = json.loads((folder / "countries-50m.json").read_text("utf-8"))
    steps = np.array([step * step for step in LEVELS])
    lines, levels = [], []
    for line in read_lines(topology):
        # Level 0 is left out; a point of level n is drawn in frames of level 1 to n.
        found = np.searchsorted(steps, weigh(line), side="right").astype(np.uint8)
        kept = found > 0
        points, level = spread(line[kept], found[kept])
        points[:, 0] = (points[:, 0] + 180) % 360 - 180
        lines.append(np.round(points * (32767 / 180)).astype(np.int16))
        levels.append(level)
    countries, rings, owners = [], [], []
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["properties"]["name"] not in LEFT_OUT:
            found_rings = read_rings(geometry)
            rings += found_rings
            owners += [len(countries)] * len(found_rings)
            countries.append(code_of(geometry))
    OUT.mkdir(exist_ok=True)
    np.savez_compressed(
        OUT / "world.npz",
        points=np.concatenate([np.diff(line, axis=0, prepend=np.zeros((1, 2), np.int16)) for line in lines]),
        levels=np.concatenate(levels),
        lines=np.array([len(line) for line in lines], np.int32),
        rings=np.array([line for ring in rings for line in ring], np.int16),
        ring_sizes=np.array([len(ring) for ring in rings], np.int16),
        owners=np.array(owners, np.int16),
        countries=np.array(countries),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
