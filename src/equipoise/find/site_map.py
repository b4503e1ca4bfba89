"""
The map of a study's sites: where each lies and whether one can join there.

It is drawn from tables that ship with the package. A site lies in its town: at the record's point, or at the
gazetteer's where the record has none or one that is plainly wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.find.facts import plural
from equipoise.find.land import Land, draw_land
from equipoise.find.map_labels import Label, Name, place_labels
from equipoise.find.map_marks import LARGE, SMALL, STATES, Mark, Spot, Style, count_words, place_marks, study_states
from equipoise.find.near import Near
from equipoise.find.projection import Frame, fit_frame
from equipoise.records.study import Study
from equipoise.store.site_points import DOUBTFUL, site_point
from equipoise.terms.countries import country_code
from equipoise.terms.gazetteer import cities_within, countries

# In frames wider than these, in km a unit, the names of towns and of countries would say nothing.
_TOWNS_UP_TO, _COUNTRIES_UP_TO = 2.6, 9.0
_BARS = (10, 20, 50, 100, 200, 500, 1000, 2000)


class StateCount(msgspec.Struct, frozen=True):
    """How many sites are in a state; ``path`` is its mark in a box of 20 by 20."""

    state: str
    words: str
    count: int


class Overlay(msgspec.Struct, frozen=True):
    """What lies on the land: marks and names, in sizes for one width of the picture."""

    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]


class Bar(msgspec.Struct, frozen=True):
    """A measure of length: how long it is on the picture, and what that is."""

    length: float
    words: str


class SiteMap(msgspec.Struct, frozen=True):
    """A map of sites. ``place`` is where distances are measured from; ``unplaced`` sites are not on it."""

    width: int
    height: int
    land: Land
    large: Overlay
    small: Overlay
    counts: tuple[StateCount, ...]
    unplaced: int
    title: str
    description: str
    bar: Bar | None = None
    place: tuple[float, float] | None = None


def map_sites(study: Study, *, near: Near | None = None) -> SiteMap | None:
    """Return the map of a study's sites, or None where no site's place is known."""
    states, points = study_states(study), [site_point(site) for site in study.sites]
    at = [
        (one.town_lat, one.town_lon) if one.source == DOUBTFUL and not (near and near.published) else (one.lat, one.lon)
        for one in points
    ]
    placed = [row for row, (lat, _) in enumerate(at) if not np.isnan(lat)]
    if not placed:
        return None
    lats, lons = (np.array([at[row][axis] for row in placed], float) for axis in (0, 1))
    seen = [(near.lat, near.lon)] if near else []
    frame = fit_frame(
        *(np.concatenate((values, [one[axis] for one in seen])) for axis, values in ((0, lats), (1, lons)))
    )
    x, y = frame.place(lats, lons)
    spots = [Spot(float(x[i]), float(y[i]), states[row], study.sites[row].city or "") for i, row in enumerate(placed)]
    codes = {code for row in placed if (code := country_code(study.sites[row].country or ""))}
    counts, around = Counter(states), list(_around(frame))
    return SiteMap(
        width=frame.width,
        height=frame.height,
        land=draw_land(frame, codes),
        large=_overlay(spots, frame, LARGE, around, most={"site": 14, "town": 7, "country": 12}),
        small=_overlay(spots, frame, SMALL, around, most={"site": 5, "town": 2, "country": 4}),
        counts=tuple(StateCount(state, words, counts[state]) for state, words in STATES.items() if counts[state]),
        unplaced=len(points) - len(placed),
        title=_title(study, len(placed)),
        description=_describe(study, states, placed),
        bar=_bar(frame),
        place=_point(frame, near) if near else None,
    )


def _title(study: Study, placed: int) -> str:
    where = study.countries[0] if len(study.countries) == 1 else plural(len(study.countries), "country", "countries")
    return f"Map of {plural(placed, 'site')} in {where}"


def _describe(study: Study, states: Sequence[str], placed: Sequence[int]) -> str:
    """Return what the map shows, in words; the list beside it has each site."""
    towns = Counter(study.sites[row].city or "" for row in placed)
    named = [f"{town} ({count})" if count > 1 else town for town, count in towns.most_common(8) if town]
    more = f" and {plural(len(towns) - len(named), 'other town')}" if len(towns) > len(named) else ""
    return f"{count_words([states[row] for row in placed])}. In {', '.join(named)}{more}." if named else ""


def _point(frame: Frame, near: Near) -> tuple[float, float]:
    x, y = frame.place(np.array(near.lat), np.array(near.lon))
    return round(float(x), 1), round(float(y), 1)


def _bar(frame: Frame) -> Bar | None:
    if frame.world:
        return None
    km = max((one for one in _BARS if one / frame.km <= 130), default=_BARS[0])
    return Bar(round(km / frame.km, 1), f"{km:,} km")


def _overlay(
    spots: Sequence[Spot], frame: Frame, style: Style, around: Sequence[Name], *, most: dict[str, int]
) -> Overlay:
    marks = place_marks(spots, style)
    ranked = sorted(marks, key=lambda mark: (-mark.count, list(STATES).index(mark.state)))
    names = [Name(mark.town, mark.x, mark.y, mark.radius, "site") for mark in ranked if mark.town]
    return Overlay(marks, () if frame.world else place_labels([*names, *around], marks, frame, style, most=most))


def _around(frame: Frame) -> Iterator[Name]:
    """Yield what else may be named, the most important first: countries, and towns where the frame is small."""
    if frame.km <= _COUNTRIES_UP_TO and not frame.world:
        yield from _countries(frame)
    if frame.km <= _TOWNS_UP_TO:
        yield from _towns(frame)


@cache
def _lands() -> tuple[tuple[str, ...], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    known = sorted(countries().values(), key=lambda one: -one.people)
    return tuple(one.name for one in known), np.array([one.lat for one in known]), np.array([one.lon for one in known])


def _countries(frame: Frame) -> Iterator[Name]:
    names, lats, lons = _lands()
    yield from _inside(frame, names, lats, lons, gap=0, kind="country")


def _towns(frame: Frame) -> Iterator[Name]:
    # A box around the frame; what lies outside of it finds no room.
    down = frame.height / 2 * frame.km / 111
    across = frame.width / 2 * frame.km / (111 * max(0.1, np.cos(np.radians(frame.lat))))
    towns = cities_within(frame.lat - down, frame.lat + down, frame.lon - across, frame.lon + across, most=20)
    lats, lons = np.array([town.lat for town in towns]), np.array([town.lon for town in towns])
    yield from _inside(frame, [town.name for town in towns], lats, lons, gap=3, kind="town")


def _inside(
    frame: Frame, names: Sequence[str], lats: npt.NDArray[Any], lons: npt.NDArray[Any], *, gap: float, kind: str
) -> Iterator[Name]:
    x, y = frame.place(lats, lons)
    for at in np.flatnonzero((x > 0) & (y > 0) & (x < frame.width) & (y < frame.height)).tolist():
        yield Name(names[at], float(x[at]), float(y[at]), gap, kind)
