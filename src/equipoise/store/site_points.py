"""
Where a site lies: the record's point, else its town's from the gazetteer.

The registry's points are towns too: of 13,600 sites whose town the gazetteer knows, 97% have its very
point. One in eighty is put into a village of the same name far off (Milan in Umbria, München in
Brandenburg). Such a point is kept, called doubtful, and the town's stands beside it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from equipoise.records.study import Site
from equipoise.terms.countries import country_code
from equipoise.terms.gazetteer import Town, region_rows, regions, towns_of, zip_point

# A point farther than this from every town of its name is doubtful, if the town is so large that it is meant.
FAR_KM = 100
LARGE = 100_000
EARTH_KM = 6371.0088  # mean radius (IUGG)

PUBLISHED, TOWN, DOUBTFUL = "published", "town", "doubtful"


class SitePoint(NamedTuple):
    """A site's point, where it comes from, and the town's point if the record's is doubtful."""

    lat: float = math.nan
    lon: float = math.nan
    source: str = ""
    town_lat: float = math.nan
    town_lon: float = math.nan


def km_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the great-circle distance of two points (latitude, longitude).

    >>> round(km_between((51.5085, -0.1257), (48.8534, 2.3488)))
    344
    """
    lat1, lon1, lat2, lon2 = map(math.radians, (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


@lru_cache(maxsize=200_000)
def _towns(city: str, state: str | None, country: str) -> tuple[Town, ...]:
    """Return the towns that an address may mean, the likeliest first."""
    code = country_code(country)
    if code is None:
        return ()
    towns, _ = towns_of(city, state, code)
    # "Henan" as a town is the province, not the town far off that has this as another name.
    named = [regions()[row] for row in region_rows(city, code)]
    if towns and named and not towns[0].main:
        here = (towns[0].lat, towns[0].lon)
        if all(km_between(here, (region.lat, region.lon)) > FAR_KM for region in named):
            return ()
    return tuple(towns)


@lru_cache(maxsize=200_000)
def _located(city: str, state: str | None, code: str | None, country: str) -> SitePoint:
    towns = _towns(city, state, country)
    if towns:
        return SitePoint(towns[0].lat, towns[0].lon, TOWN)
    digits = (code or "")[:5]
    if country_code(country) == "US" and len(digits) == 5 and digits.isascii() and digits.isdigit():
        point = zip_point(digits)
        if point is not None:
            return SitePoint(point[0], point[1], TOWN)
    return SitePoint()


@lru_cache(maxsize=200_000)
def _checked(city: str, state: str | None, country: str, point: tuple[float, float]) -> SitePoint:
    towns = _towns(city, state, country)
    far = all(km_between(point, (town.lat, town.lon)) > FAR_KM for town in towns)
    if towns and far and towns[0].people >= LARGE:
        return SitePoint(*point, DOUBTFUL, towns[0].lat, towns[0].lon)
    return SitePoint(*point, PUBLISHED)


def site_point(site: Site) -> SitePoint:
    """Return where a site lies.

    >>> site_point(Site(city="München", country="Germany"))[:3]
    (48.13743, 11.57549, 'town')
    >>> site_point(Site(city="Atlantis", country="Germany")).source
    ''
    """
    point = site.geo_point
    if not site.city or not site.country:
        return SitePoint(point.lat, point.lon, PUBLISHED) if point else SitePoint()
    if point is None:
        return _located(site.city, site.state, site.zip, site.country)
    return _checked(site.city, site.state, site.country, (point.lat, point.lon))
