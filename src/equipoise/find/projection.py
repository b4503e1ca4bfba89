"""
From latitude and longitude to a place on a picture.

A frame of a region is drawn in Lambert's azimuthal equal-area projection around its own middle; the world in Equal
Earth (Šavrič, Patterson and Jenny 2018). Both keep areas true.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.store.site_points import EARTH_KM
from equipoise.terms.outlines import unit_vectors

Array = npt.NDArray[Any]

WIDTH, HEIGHT = 720, 440
# From the middle of a frame to its upper edge at least, so that a town shows with the land around it.
LEAST_KM = 280.0
# Places that lie farther apart than this (from their middle, in degrees) are shown on a map of the world.
WIDEST = 52.0
_MARGIN = 46.0
# Frames keep to steps, so that studies in much the same places share one drawing of the land.
_ZOOMS = (1.0, 1.25, 1.55, 1.9, 2.2)
_STEP = 1.12
_GRID = 24

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_NORTH, _SOUTH = 88.0, -66.0


class Frame(msgspec.Struct, frozen=True):
    """
    A part of the Earth as a picture of ``width`` by ``height`` units.

    ``lat`` and ``lon`` are where the projection is centered, ``scale`` is units a radian, ``left`` and ``top`` lie
    before the picture's own corner; ``world``: it shows the whole of it.
    """

    lat: float
    lon: float
    scale: float
    left: float
    top: float
    width: int = WIDTH
    height: int = HEIGHT
    world: bool = False

    def place(self, lats: Array, lons: Array) -> tuple[Array, Array]:
        """Return where points lie on the picture: x to the right, y downward."""
        x, y = equal_earth(lats, lons) if self.world else azimuthal(unit_vectors(lats, lons), self.lat, self.lon)
        return self.on_picture(x, y)

    def on_picture(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return where projected points lie on the picture."""
        return x * self.scale - self.left, -y * self.scale - self.top

    @property
    def km(self) -> float:
        """How many km a unit is, at the middle."""
        return EARTH_KM / self.scale

    @property
    def level(self) -> int:
        """The level of detail that outlines need: bends that are smaller than a unit do not show."""
        degrees = math.degrees(1.2 / self.scale)
        return 1 if degrees < 0.07 else 2 if degrees < 0.2 else 3 if degrees < 0.5 else 4

    def contains(self, x: float, y: float, margin: float = 0) -> bool:
        """Return whether a place lies on the picture, so far from its edges."""
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin


def azimuthal(vectors: Array, lat: float, lon: float) -> tuple[Array, Array]:
    """Return points, given as unit vectors, in Lambert's azimuthal equal-area projection around a middle.

    >>> x, y = azimuthal(unit_vectors(np.array([50.0, 51.0]), np.array([10.0, 10.0])), 50.0, 10.0)
    >>> abs(x).round(9).tolist(), y.round(4).tolist()
    ([0.0, 0.0], [0.0, 0.0175])
    """
    phi, lam = math.radians(lat), math.radians(lon)
    east = np.array([-math.sin(lam), math.cos(lam), 0.0])
    north = np.array([-math.sin(phi) * math.cos(lam), -math.sin(phi) * math.sin(lam), math.cos(phi)])
    middle = np.array([math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)])
    k = np.sqrt(2 / np.maximum(1e-6, 1 + vectors @ middle))
    return k * (vectors @ east), k * (vectors @ north)


def equal_earth(lats: Array, lons: Array) -> tuple[Array, Array]:
    """Return points in the Equal Earth projection."""
    theta = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(lats)))
    two, six = theta**2, theta**6
    slope = _A[0] + 3 * _A[1] * two + six * (7 * _A[2] + 9 * _A[3] * two)
    x = 2 * math.sqrt(3) / 3 * np.radians(lons) * np.cos(theta) / slope
    return x, theta * (_A[0] + _A[1] * two + six * (_A[2] + _A[3] * two))


def world_frame(lats: Array | None = None, lons: Array | None = None) -> Frame:
    """Return the frame of the world without the far south, or of the part of it in which these points lie.

    >>> frame = world_frame()
    >>> frame.contains(*(float(at) for at in frame.place(np.array(-33.9), np.array(151.2))))
    True
    """
    # With room for a mark beside the antimeridian.
    edge = 1.05 * float(equal_earth(np.array(0.0), np.array(180.0))[0])
    north, south = (float(value) for value in equal_earth(np.array([_NORTH, _SOUTH]), np.zeros(2))[1])
    least = WIDTH / (2 * edge)
    if lats is None or lons is None:
        x, y = np.array([-edge, edge]), np.array([north, south])
    else:
        x, y = equal_earth(lats, lons)
    room = [(side - 2 * _MARGIN) / max(1e-6, float(np.ptp(at))) for side, at in ((WIDTH, x), (HEIGHT, y))]
    scale = least * max(one for one in _ZOOMS if one == 1 or one * least <= min(room))
    height = min(HEIGHT, round((north - south) * scale))
    # The picture stays on the world: nothing lies beyond its edges.
    left = _GRID * round(((x.min() + x.max()) / 2 * scale - WIDTH / 2) / _GRID)
    top = _GRID * round((-(y.min() + y.max()) / 2 * scale - height / 2) / _GRID)
    left = min(max(left, -edge * scale), edge * scale - WIDTH)
    top = min(max(top, -north * scale), -south * scale - height)
    return Frame(0, 0, scale, float(left), float(top), height=height, world=True)


def fit_frame(lats: Array, lons: Array) -> Frame:
    """Return the frame in which these points lie: their surroundings, or the world where they lie far apart.

    >>> frame = fit_frame(np.array([53.8, 51.5]), np.array([-1.55, -0.13]))
    >>> [round(float(at[0])) in range(frame.width) for at in frame.place(np.array([53.8]), np.array([-1.55]))]
    [True, True]
    """
    lat, lon, reach = _cap(lats, lons)
    # All around a pole would be close together, and upside down to most eyes.
    if reach > WIDEST or _around(lons) > WIDEST * 2:
        return world_frame(lats, lons)
    vectors, least = unit_vectors(lats, lons), math.log(HEIGHT / 2 / (LEAST_KM / EARTH_KM))
    x, y = azimuthal(vectors, lat, lon)
    room = min((WIDTH - 2 * _MARGIN) / max(1e-9, np.ptp(x)), (HEIGHT - 2 * _MARGIN) / max(1e-9, np.ptp(y)))
    steps = max(0, math.ceil((least - math.log(room)) / math.log(_STEP)))
    scale = math.exp(least - steps * math.log(_STEP))
    grid = math.degrees(_GRID / scale)
    lat, lon = grid * round(lat / grid), _wrap(grid * round(lon / grid))
    x, y = azimuthal(vectors, lat, lon)
    left = _GRID * round((x.min() + x.max()) / 2 * scale / _GRID) - WIDTH / 2
    top = _GRID * round(-(y.min() + y.max()) / 2 * scale / _GRID) - HEIGHT / 2
    return Frame(lat, lon, scale, left, top)


def _wrap(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _around(lons: Array) -> float:
    """Return how many degrees the shortest arc of longitude is that holds all points.

    >>> _around(np.array([170.0, -170.0, 160.0])), _around(np.array([0.0, 140.0, -118.0]))
    (30.0, 220.0)
    """
    ordered = np.sort(lons % 360)
    return float(360 - np.diff(ordered, append=ordered[0] + 360).max())


def _cap(lats: Array, lons: Array) -> tuple[float, float, float]:
    """Return the middle of a small cap that holds the points, and how far it reaches, in degrees."""
    vectors = unit_vectors(lats, lons)
    middle = vectors.mean(axis=0)
    if np.linalg.norm(middle) < 1e-6:
        return 0.0, 0.0, 180.0
    middle /= np.linalg.norm(middle)
    # Toward the farthest point by ever smaller steps (Bădoiu and Clarkson): many sites in one town weigh no more.
    for step in range(1, 40):
        middle += (vectors[(vectors @ middle).argmin()] - middle) / (step + 1)
        middle /= math.sqrt(middle @ middle)
    reach = math.degrees(math.acos(min(1.0, max(-1.0, float((vectors @ middle).min())))))
    return math.degrees(math.asin(float(middle[2]))), math.degrees(math.atan2(middle[1], middle[0])), reach
