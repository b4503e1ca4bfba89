"""
The outlines of countries, for maps: rings of points at several levels of detail.

``tools/build_outlines.py`` makes them from Natural Earth (``data/outlines/NOTICE.txt``).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# The size of the smallest bend, in degrees, that each level shows.
DETAIL = {1: 0.02, 2: 0.07, 3: 0.2, 4: 0.5}

_DEGREES = 180 / 32767


class Outlines(NamedTuple):
    """
    Rings of points, end to end; the last point of a ring is its first.

    ``vectors`` are the points as unit vectors; ``starts`` has where each ring begins, and the number of points at its
    end; ``owners`` the code of each ring's country (empty for land of none); ``middles`` a unit vector for each ring,
    and ``reach`` how far around it the ring goes, in radians. A ring that crosses the antimeridian goes on beyond 180°
    or -180°.
    """

    lons: Array
    lats: Array
    vectors: Array
    starts: Array
    owners: Array
    middles: Array
    reach: Array


def unit_vectors(lats: Array, lons: Array) -> Array:
    """Return points of the sphere as unit vectors, one a row.

    >>> unit_vectors(np.array([0.0, 90.0]), np.array([90.0, 0.0])).round(6).tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    phi, lam = np.radians(lats), np.radians(lons)
    found: Array = np.stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)), axis=-1)
    return found


@cache
def _data() -> dict[str, Array]:
    with files("equipoise.terms").joinpath("data", "outlines", "world.npz").open("rb") as file:
        return dict(np.load(file))


def _lines(level: int) -> list[Array]:
    """Return each line's points at a level, as they are packed."""
    data = _data()
    ends = np.cumsum(data["lines"])
    starts = ends - data["lines"]
    # Each point is packed as the step from the one before, in 16 bits that wrap around.
    total = np.cumsum(data["points"].astype(np.int64), axis=0)
    before = np.concatenate((np.zeros((1, 2), np.int64), total))[starts]
    points = (total - np.repeat(before, data["lines"], axis=0)).astype(np.int16)
    kept = data["levels"] >= level
    return [points[start:end][kept[start:end]] for start, end in zip(starts, ends, strict=True)]


def _unwrapped(ring: Array) -> Array:
    lons = np.unwrap(ring[:, 0], period=360)
    return np.stack((lons - 360 * np.round(lons.mean() / 360), ring[:, 1]), axis=1)


@cache
def outlines(level: int) -> Outlines:
    """Return all outlines in the detail of *level* (1, the finest, to 4).

    >>> list(outlines(4).owners).count("NZ") >= 2, len(outlines(1).lats) > 4 * len(outlines(4).lats)
    (True, True)
    """
    data, lines = _data(), _lines(level)
    ends = np.cumsum(data["ring_sizes"])
    rings, owners = [], []
    for end, size, owner in zip(ends, data["ring_sizes"], data["owners"], strict=True):
        parts = [lines[one] if one >= 0 else lines[~one][::-1] for one in data["rings"][end - size : end]]
        # The first point of a line is the last of the one before.
        ring = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
        if len(ring) > 3:
            rings.append(_unwrapped(ring * _DEGREES))
            owners.append(data["countries"][owner])
    points = np.concatenate(rings)
    starts = np.concatenate(([0], np.cumsum([len(ring) for ring in rings])))
    vectors = unit_vectors(points[:, 1], points[:, 0])
    sums = np.add.reduceat(vectors, starts[:-1])
    middles = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    away = np.arccos(np.clip((vectors * np.repeat(middles, np.diff(starts), axis=0)).sum(axis=1), -1, 1))
    reach = np.maximum.reduceat(away, starts[:-1])
    return Outlines(points[:, 0], points[:, 1], vectors, starts, np.array(owners), middles, reach)
