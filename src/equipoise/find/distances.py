"""
How far the sites of studies lie from a place: the nearest site of any status, and the nearest open one.

Which sites are open is `find.status.site_state`'s to say, as on maps and in lists: one that states no status, or that
is yet to open, is not, and none of a study that is closed.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from equipoise.find.near import Near
from equipoise.find.status import site_state
from equipoise.store.columns import Columns
from equipoise.store.site_points import DOUBTFUL, EARTH_KM, PUBLISHED, TOWN

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_KM_PER_DEGREE = math.pi * EARTH_KM / 180
# Points are kept in single precision: up to 0.9 m. A site at the very edge is inside.
EDGE_KM = 0.002


class Distances(NamedTuple):
    """
    For each study asked for: km to its nearest site and to its nearest open one (NaN where there is none),
    and the place of each site in the study's list (-1 where there is none).
    """

    km: Array
    site: Array
    open_km: Array
    open_site: Array


class _Edition(NamedTuple):
    """
    What is worked out once for an edition: the sites whose point the gazetteer doubts, with the town's, and
    those whose point is the gazetteer's, where other records of the edition have points of their own.
    """

    unlocated: Mask
    unpublished: Mask
    doubtful: Array
    doubted: Mask
    town_lats: Array
    town_lons: Array


_EDITIONS: WeakKeyDictionary[Columns, _Edition] = WeakKeyDictionary()


def _edition(columns: Columns) -> _Edition:
    known = _EDITIONS.get(columns)
    if known is None:
        lats, offsets = columns.ragged["site_lat"].values, columns.ragged["site_lat"].offsets
        before = np.concatenate(([0], np.cumsum(~np.isnan(lats), dtype=np.int64)))
        unlocated = before[offsets[1:]] == before[offsets[:-1]]
        town_lats, town_lons = (columns.ragged[name].values for name in ("site_town_lat", "site_town_lon"))
        doubted = ~np.isnan(town_lats)
        at = np.flatnonzero(doubted)
        towns = (np.asarray(town_lats[at]), np.asarray(town_lons[at]))
        known = _Edition(unlocated, _unpublished(columns), at, doubted, *towns)
        _EDITIONS[columns] = known
    return known


def _unpublished(columns: Columns) -> Mask:
    """Return which sites have a town's point in place of one of their own; none, where no record has any.

    The registry's classic XML has no points. Of a library of such files the towns are all there is to go by.
    """
    sources = columns.ragged["site_point"].values
    town = columns.code("site_point", TOWN)
    own = [columns.code("site_point", name) for name in (PUBLISHED, DOUBTFUL)]
    some = any(code is not None and bool(np.any(sources == code)) for code in own)
    mask: Mask = (sources == town) if some and town is not None else np.zeros(len(sources), bool)
    return mask


def _half_chord(lats: Array, lons: Array, near: Near) -> Array:
    """Return the square of half the chord to a place (on a sphere of radius 1), in the precision of the points."""
    kind = lats.dtype.type
    half = kind(math.pi / 360)
    half_lat, half_lon = np.sin((lats - kind(near.lat)) * half), np.sin((lons - kind(near.lon)) * half)
    level = kind(math.cos(math.radians(near.lat))) * np.cos(lats * (2 * half))
    chord: Array = half_lat * half_lat + level * half_lon * half_lon
    return chord


def kilometers(lats: Array, lons: Array, near: Near) -> Array:
    """Return the great-circle distances of points from a place (haversine; NaN for an unknown point).

    >>> paris = Near(48.85341, 2.3488, 50, "Paris", "Paris", "50km")
    >>> kilometers(np.array([51.50853]), np.array([-0.12574]), paris).round().tolist()
    [344.0]
    """
    chord = _half_chord(lats.astype(np.float64), lons.astype(np.float64), near)
    result: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return result


def _box(lats: Array, lons: Array, near: Near) -> Array:
    """Return the indexes of the points in a box that holds all within the distance."""
    reach = (near.km + EDGE_KM) / _KM_PER_DEGREE * 1.0001 + 1e-4
    low, high = near.lat - reach, near.lat + reach
    inside = np.flatnonzero((lats >= np.float32(low)) & (lats <= np.float32(high)))
    if low <= -90 or high >= 90:
        return inside  # a pole lies within: all longitudes do
    # The box is widest not at the middle's latitude but nearer to the pole.
    ratio = math.sin(math.radians(min(reach, 90))) / math.cos(math.radians(near.lat))
    if ratio >= 1:
        return inside
    width = math.degrees(math.asin(ratio)) + 1e-4
    off = np.abs(lons[inside] - np.float32(near.lon))
    found: Array = inside[np.minimum(off, 360 - off) <= width + 1e-4]
    return found


def _within(lats: Array, lons: Array, near: Near) -> Array:
    """Return the indexes of the points within the distance."""
    found = _box(lats, lons, near)
    chord = _half_chord(lats[found], lons[found], near)
    # Single precision decides all but those close to the edge, ten times as fast.
    edge = math.sin(min(math.pi / 2, (near.km + EDGE_KM) / (2 * EARTH_KM))) ** 2
    inside = chord <= edge
    close = np.flatnonzero(np.abs(chord - edge) <= 1e-3 * edge + 1e-12)
    at = found[close]
    inside[close] = kilometers(lats[at], lons[at], near) <= near.km + EDGE_KM
    return found[inside]


def studies_within(columns: Columns, near: Near) -> Mask:
    """Return for each study of the edition whether any of its sites lies within the distance."""
    lats, lons = columns.ragged["site_lat"], columns.ragged["site_lon"]
    sites = _within(np.asarray(lats.values), np.asarray(lons.values), near)
    edition = _edition(columns)
    if near.published:
        sites = sites[~edition.unpublished[sites]]
    else:
        right = edition.doubtful[_within(edition.town_lats, edition.town_lons, near)]
        sites = np.concatenate((sites[~edition.doubted[sites]], right))
    mask = np.zeros(len(columns), bool)
    mask[np.searchsorted(lats.offsets, sites, side="right") - 1] = True
    return mask


def unlocated(columns: Columns) -> Mask:
    """Return for each study of the edition whether it has no site whose point is known."""
    return _edition(columns).unlocated


class _Sites(NamedTuple):
    """The sites of some studies, end to end: their indexes among all, and where each study's begin."""

    at: Array
    offsets: Array
    lengths: Array


def _sites(columns: Columns, rows: Array) -> _Sites:
    offsets = columns.ragged["site_lat"].offsets
    starts = np.asarray(offsets[rows])
    lengths = np.asarray(offsets[rows + 1]) - starts
    ours = np.concatenate(([0], np.cumsum(lengths)))
    return _Sites(np.repeat(starts - ours[:-1], lengths) + np.arange(ours[-1]), ours, lengths)


def _points(columns: Columns, sites: Array, near: Near) -> tuple[Array, Array]:
    """Return the points of sites: the record's, or the town's where that is doubtful or there is none."""
    lats, lons = (columns.ragged[name].values[sites] for name in ("site_lat", "site_lon"))
    edition = _edition(columns)
    if near.published:
        lats[edition.unpublished[sites]] = np.nan
    else:
        wrong = np.flatnonzero(edition.doubted[sites])
        town = np.searchsorted(edition.doubtful, sites[wrong])
        lats[wrong], lons[wrong] = edition.town_lats[town], edition.town_lons[town]
    return lats, lons


def _open(columns: Columns, rows: Array, sites: _Sites) -> Mask:
    """Return which of the sites of these studies are open."""
    overall, site = (_stated(columns, name) for name in ("status", "site_status"))
    opens = np.array([[site_state(one, overall=whole) == "open" for one in site] for whole in overall], bool)
    studies = np.repeat(columns.flat["status"][rows], sites.lengths)
    mask: Mask = opens[studies, columns.ragged["site_status"].values[sites.at]]
    return mask


def _stated(columns: Columns, column: str) -> list[str | None]:
    """Return the statuses of a column by their codes; that of 0 is not stated."""
    return [name if code else None for code, name in enumerate(columns.names[column])]


def _nearest(chord: Array, offsets: Array) -> Array:
    """Return for each study the place of the nearest site in its own list, or -1."""
    lengths = np.diff(offsets)
    site = np.full(len(lengths), -1)
    some = np.flatnonzero(lengths > 0)
    if len(some):
        least = np.minimum.reduceat(chord, offsets[:-1][some])
        at_least = np.flatnonzero((chord == np.repeat(least, lengths[some])) & np.isfinite(chord))
        owner = np.searchsorted(offsets, at_least, side="right") - 1
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        site[owner[first]] = at_least[first] - offsets[owner[first]]
    return site


def distances(columns: Columns, rows: Array, near: Near) -> Distances:
    """Return how far the sites of the studies in *rows* lie from a place."""
    sites = _sites(columns, rows)
    lats, lons = _points(columns, sites.at, near)
    chord = _half_chord(lats, lons, near)
    chord[np.isnan(chord)] = np.inf
    found: list[Array] = []
    for chords in (chord, np.where(_open(columns, rows, sites), chord, np.inf)):
        site = _nearest(chords, sites.offsets)
        has = np.flatnonzero(site >= 0)
        at = sites.offsets[:-1][has] + site[has]
        km = np.full(len(rows), np.nan)
        km[has] = kilometers(lats[at], lons[at], near)
        found += [km, site]
    return Distances(*found)
