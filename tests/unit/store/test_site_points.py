"""Where a site lies: the record's point, else its town's; a point far from its town is doubted."""

from __future__ import annotations

import math

import pytest

from equipoise.records.study import GeoPoint, Site
from equipoise.store.site_points import DOUBTFUL, PUBLISHED, TOWN, site_point

UMBRIA = GeoPoint(42.78235, 12.59836)


@pytest.mark.parametrize(
    ("site", "lat", "lon"),
    [
        (Site(city="Leeds", country="United Kingdom"), 53.80, -1.55),
        (Site(city="Leeds", state="Alabama", country="United States"), 33.55, -86.54),
        (Site(city="Springfield", state="Massachusetts", country="United States"), 42.10, -72.59),
        (Site(city="Köln", country="Germany"), 50.93, 6.95),
        (Site(city="Moscow", country="Russian Federation"), 55.75, 37.62),
        (Site(city="Washington", state="Washington D.C.", country="United States"), 38.90, -77.04),
        (Site(city="Taipei", country="Taiwan"), 25.05, 121.53),  # the name of a region, too
        (Site(city="Kiev", country="Ukraine"), 50.45, 30.52),
        (Site(city="Praha 5", country="Czech Republic"), 50.09, 14.42),
        (Site(city="Nowhereville", state="Massachusetts", zip="02115", country="United States"), 42.34, -71.09),
    ],
)
def test_a_missing_point_is_filled_from_the_town(site: Site, lat: float, lon: float) -> None:
    """By city, state and country, however they are written; else by the US ZIP code."""
    point = site_point(site)
    assert point.source == TOWN
    assert (point.lat, point.lon) == pytest.approx((lat, lon), abs=0.03)


@pytest.mark.parametrize(
    "site",
    [
        Site(),
        Site(city="Leeds"),
        Site(country="France"),
        Site(city="Nowhereville", country="France"),
        Site(city="Leeds", state="Texas", country="United States"),
        Site(city="Henan", country="China"),  # a province; and another name of a city in a different one
        Site(city="Leeds", country="Former Yugoslavia"),
    ],
)
def test_what_is_not_known_is_not_made_up(site: Site) -> None:
    """No town, no point."""
    point = site_point(site)
    assert point.source == "" and math.isnan(point.lat) and math.isnan(point.lon)


def test_the_records_point_goes_first() -> None:
    """A point beside its town is the record's; one without a town, or in a hamlet's, is not doubted."""
    for site in (
        Site(city="Leeds", country="United Kingdom", geo_point=GeoPoint(53.8, -1.6)),
        Site(geo_point=UMBRIA),
        Site(city="Nowhereville", country="Italy", geo_point=UMBRIA),
        Site(city="Leeds", state="Maine", country="United States", geo_point=GeoPoint(44.3, -70.1)),
    ):
        assert site.geo_point is not None
        assert site_point(site)[:3] == (site.geo_point.lat, site.geo_point.lon, PUBLISHED)


def test_a_point_far_from_its_large_town_is_doubted() -> None:
    """It is kept, and the town's point stands beside it."""
    point = site_point(Site(city="Milan", country="Italy", geo_point=UMBRIA))
    assert point[:3] == (UMBRIA.lat, UMBRIA.lon, DOUBTFUL)
    assert (point.town_lat, point.town_lon) == pytest.approx((45.46, 9.19), abs=0.01)
