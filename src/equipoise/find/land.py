"""The land of a map as paths of an SVG: outlines projected, clipped to the picture, and rounded."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.find.projection import Frame, azimuthal, equal_earth
from equipoise.terms.outlines import outlines, unit_vectors

Array = npt.NDArray[Any]

# A path is written in halves of a unit: finer would not show, coarser would.
FINE = 2
# Land goes on a little beyond the picture, so that its edge is no coast.
_BEYOND = 6.0
# A ring of fewer square units does not show.
_SMALLEST = 0.6


class Land(msgspec.Struct, frozen=True):
    """Paths in halves of a unit: the land of the countries that were named, and all other land."""

    here: str
    other: str


class _Rings(NamedTuple):
    """Points of rings, end to end, and the ring of each."""

    x: Array
    y: Array
    ring: Array


def draw_land(frame: Frame, countries: Collection[str]) -> Land:
    """Return the land in a frame; *countries* are the codes of those that are set off."""
    paths = _paths(frame)
    here, other = ("".join(path for owner, path in paths if (owner in countries) is which) for which in (True, False))
    return Land(here, other)


@lru_cache(maxsize=512)
def _paths(frame: Frame) -> tuple[tuple[str, str], ...]:
    """Return the path of each ring in a frame, with the country it belongs to."""
    rings, owners = _shown(frame)
    sides = ((0, -_BEYOND, 1), (0, frame.width + _BEYOND, -1), (1, -_BEYOND, 1), (1, frame.height + _BEYOND, -1))
    for axis, limit, sign in sides:
        rings = _clip(rings, axis=axis, limit=limit, sign=sign)
    x, y = (np.rint(values * FINE).astype(np.int64) for values in (rings.x, rings.y))
    return tuple((str(owners[ring]), path) for ring, path in _written(_Rings(x, y, rings.ring)))


def _shown(frame: Frame) -> tuple[_Rings, Array]:
    """Return the rings that may lie in a frame, projected, and the owners of all rings."""
    all_rings = outlines(frame.level)
    sizes = np.diff(all_rings.starts)
    if frame.world:
        keep = np.ones(len(sizes), bool)
    else:
        # The corner of the picture farthest from where the projection is centered.
        across = max(abs(frame.left), abs(frame.left + frame.width)) / frame.scale
        down = max(abs(frame.top), abs(frame.top + frame.height)) / frame.scale
        seen = 2 * math.asin(min(1.0, math.hypot(across, down) / 2))
        middle = unit_vectors(np.array(frame.lat), np.array(frame.lon))
        keep = np.arccos(np.clip(all_rings.middles @ middle, -1, 1)) <= all_rings.reach + seen
    points = np.flatnonzero(np.repeat(keep, sizes))
    if frame.world:
        x, y = _flat_world(frame.level)
    else:
        x, y = azimuthal(all_rings.vectors[points], frame.lat, frame.lon)
    x, y = frame.on_picture(x, y)
    return _Rings(x, y, np.repeat(np.flatnonzero(keep), sizes[keep])), all_rings.owners


@cache
def _flat_world(level: int) -> tuple[Array, Array]:
    return equal_earth(outlines(level).lats, outlines(level).lons)


def _clip(rings: _Rings, *, axis: int, limit: float, sign: int) -> _Rings:
    """Return rings cut at a line (Sutherland and Hodgman), all rings at a time."""
    values = rings.x if axis == 0 else rings.y
    inside = (values - limit) * sign >= 0
    if inside.all() or not len(values):
        return rings
    # The point after each in its ring: that after the last is the first.
    last = np.flatnonzero(np.diff(rings.ring, append=-1))
    after = np.arange(1, len(values) + 1)
    after[last] = np.concatenate(([0], last[:-1] + 1))
    crossing = inside != inside[after]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(crossing, (limit - values) / (values[after] - values), 0.0)
    kept = np.stack((inside, crossing), axis=1).ravel()

    def cut(of: Array) -> Array:
        found: Array = np.stack((of, of + part * (of[after] - of)), axis=1).ravel()[kept]
        return found

    return _Rings(cut(rings.x), cut(rings.y), np.repeat(rings.ring, 2)[kept])


def _bounds(rings: _Rings) -> tuple[Array, Array]:
    """Return at which point each ring begins, and at which it ends."""
    first = np.flatnonzero(np.diff(rings.ring, prepend=-1))
    return first, np.append(first[1:], len(rings.ring)) - 1


def _thinned(rings: _Rings) -> _Rings:
    """Return rings of whole numbers without the points that are where the next one is; a ring's last is its first."""
    if not len(rings.ring):
        return rings
    first, last = _bounds(rings)
    following = np.arange(1, len(rings.ring) + 1)
    following[last] = first
    stays = (rings.x[following] == rings.x) & (rings.y[following] == rings.y)
    stays[last] &= last > first
    return _Rings(*(values[~stays] for values in rings))


def _written(rings: _Rings) -> Iterator[tuple[int, str]]:
    """Yield each ring that shows, and its path; all rings are worked out at a time.

    >>> list(_written(_Rings(np.array([0, 9, 9, 0, 0]), np.array([0, 0, 8, 8, 0]), np.full(5, 3))))
    [(3, 'M0 0l9 0 0 8-9 0z')]
    """
    x, y, ring = rings = _thinned(rings)
    if not len(ring):
        return
    first, last = _bounds(rings)
    before = np.arange(-1, len(ring) - 1)
    before[first] = last
    area = np.abs(np.add.reduceat(x * y[before] - y * x[before], first)) / 2
    steps = list(map(str, np.stack((x - x[before], y - y[before]), axis=1).ravel().tolist()))
    for at in np.flatnonzero((last - first >= 2) & (area >= _SMALLEST * FINE * FINE)).tolist():
        start, end = int(first[at]), int(last[at])
        moves = " ".join(steps[2 * start + 2 : 2 * end + 2]).replace(" -", "-")
        yield int(ring[start]), f"M{x[start]} {y[start]}l{moves}z"
