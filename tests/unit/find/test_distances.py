"""How far the sites of studies lie from a place, and which of them count as open."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.find.distances import distances, kilometers, studies_within, unlocated
from equipoise.find.near import Near, read_near, read_registry_distance
from equipoise.find.nearest import nearest
from equipoise.records.study import GeoPoint, Site, Status, Study
from equipoise.store.columns import Columns, ColumnsBuilder

LEEDS = GeoPoint(53.79648, -1.54785)
YORK = GeoPoint(53.95763, -1.08271)
LONDON = GeoPoint(51.50853, -0.12574)


def study(number: int, status: str | None, *sites: tuple[GeoPoint | None, str | None]) -> Study:
    """Return a study with sites at these points and of these statuses."""
    places = tuple(Site(facility=f"Site {at}", status=said, geo_point=point) for at, (point, said) in enumerate(sites))
    return Study(number=f"NCT{99000000 + number}", status=Status(overall_status=status), sites=places)


def built(*studies: Study) -> Columns:
    """Return the columns of studies."""
    builder = ColumnsBuilder(None)
    for version, one in enumerate(studies):
        builder.add(one, version)
    return builder.columns()


def found(columns: Columns, text: str = "near Leeds, UK") -> list[bool]:
    """Return which studies have a site within a distance."""
    return [bool(one) for one in studies_within(columns, read_near(text))]


@pytest.mark.parametrize(
    ("first", "second", "km"),
    [
        # Great circles on a sphere of 6,371.0088 km, worked out with the law of cosines.
        ((51.50853, -0.12574), (48.85341, 2.3488), 343.9),  # London, Paris
        ((40.71427, -74.00597), (34.05223, -118.24368), 3935.8),  # New York, Los Angeles
        ((-33.86785, 151.20732), (35.6895, 139.69171), 7826.5),  # Sydney, Tokyo
        ((0, 179.5), (0, -179.5), 111.2),  # across the date line
        ((89, 0), (89, 180), 222.4),  # across the pole
        ((10, 20), (-10, -160), 20015.1),  # to the other side of the Earth
        ((12, 34), (12, 34), 0),
    ],
)
def test_distances_are_great_circles(first: tuple[float, float], second: tuple[float, float], km: float) -> None:
    """Known distances of known places, the same in both directions."""
    for here, there in ((first, second), (second, first)):
        near = Near(*here, 1, "", "", "1km")
        result = kilometers(np.array([there[0]]), np.array([there[1]]), near)
        assert result == pytest.approx([km], abs=0.15)
    cosine = math.sin(math.radians(first[0])) * math.sin(math.radians(second[0])) + math.cos(
        math.radians(first[0])
    ) * math.cos(math.radians(second[0])) * math.cos(math.radians(first[1] - second[1]))
    assert 6371.0088 * math.acos(max(-1, min(1, cosine))) == pytest.approx(km, abs=0.15)


def test_any_site_within_the_distance_finds_a_study() -> None:
    """Whatever its status; the other sites may lie anywhere; a study without a point states nothing."""
    columns = built(
        study(1, "COMPLETED", (LEEDS, "COMPLETED")),
        study(2, "RECRUITING", (LONDON, "RECRUITING"), (YORK, "WITHDRAWN")),
        study(3, "RECRUITING", (LONDON, "RECRUITING")),
        study(4, "RECRUITING", (None, "RECRUITING")),
        study(5, "RECRUITING"),
    )
    assert found(columns) == [True, True, False, False, False]
    assert found(columns, "20 km of Leeds, UK") == [True, False, False, False, False]
    assert found(columns, "within 200 miles of Leeds, UK") == [True, True, True, False, False]
    assert unlocated(columns).tolist() == [False, False, False, True, True]


def test_places_beyond_the_date_line_and_the_pole_are_near() -> None:
    """A distance does not end at 180 degrees, nor at a pole."""
    columns = built(
        study(1, None, (GeoPoint(-18, -179.9), None)),
        study(2, None, (GeoPoint(-18, 179.9), None)),
        study(3, None, (GeoPoint(89.5, 100), None)),
        study(4, None, (GeoPoint(-18, 0), None)),
    )
    assert found(columns, "50 km of -18,179.9") == [True, True, False, False]
    assert found(columns, "150 km of 89.5,-80") == [False, False, True, False]
    assert found(columns, "20037 km of 89.5,-80") == [True] * 4


@pytest.mark.parametrize(
    ("overall", "site", "opened"),
    [
        ("RECRUITING", "RECRUITING", True),
        ("RECRUITING", None, False),
        (None, "RECRUITING", True),
        ("AVAILABLE", "AVAILABLE", True),
        (None, None, False),
        ("COMPLETED", "RECRUITING", False),
        ("TERMINATED", "RECRUITING", False),
        ("ACTIVE_NOT_RECRUITING", "RECRUITING", False),
        ("UNKNOWN", "RECRUITING", False),
        ("NOT_YET_RECRUITING", None, False),
        ("RECRUITING", "NOT_YET_RECRUITING", False),
        ("RECRUITING", "COMPLETED", False),
        ("RECRUITING", "SUSPENDED", False),
        ("RECRUITING", "ENROLLING_BY_INVITATION", False),
        ("RECRUITING", "WITHDRAWN", False),
    ],
)
def test_a_closed_site_never_counts_as_open(overall: str | None, site: str | None, opened: bool) -> None:
    """Open is a site that says so; one that is silent is not known to be, and none is in a closed study."""
    columns = built(study(1, overall, (LEEDS, site)))
    far = distances(columns, np.array([0]), read_near("Leeds, UK"))
    assert bool(far.open_site[0] == 0) is opened
    assert math.isnan(far.open_km[0]) is not opened
    assert far.km[0] == pytest.approx(0, abs=0.01)


def test_the_nearest_site_and_the_nearest_open_one_are_told_apart() -> None:
    """Each with its distance, in any order of rows; studies between them may have no sites."""
    columns = built(
        study(1, "RECRUITING", (LONDON, "RECRUITING"), (LEEDS, "COMPLETED"), (YORK, "RECRUITING")),
        study(2, "RECRUITING"),
        study(3, "RECRUITING", (None, "RECRUITING")),
        study(4, "COMPLETED", (YORK, None), (None, None)),
    )
    far = distances(columns, np.array([3, 0, 2, 1, 0]), read_near("Leeds, UK"))
    assert far.site.tolist() == [0, 1, -1, -1, 1]
    assert far.open_site.tolist() == [-1, 2, -1, -1, 2]
    assert far.km == pytest.approx([35.4, 0, math.nan, math.nan, 0], abs=0.1, nan_ok=True)
    assert far.open_km == pytest.approx([math.nan, 35.4, math.nan, math.nan, 35.4], abs=0.1, nan_ok=True)
    assert len(distances(columns, np.array([], int), read_near("Leeds, UK")).km) == 0


def test_a_doubtful_point_is_measured_to_its_town() -> None:
    """The registry's own form takes the record's point all the same."""
    umbria = Site(city="Milan", country="Italy", status="RECRUITING", geo_point=GeoPoint(42.78235, 12.59836))
    one = Study(number="NCT99000001", status=Status(overall_status="RECRUITING"), sites=(umbria,))
    columns = built(one)
    assert found(columns, "Milan, Italy") == [True]
    assert found(columns, "distance(45.46427,9.18951,50km)") == [False]
    assert found(columns, "42.78,12.6") == [False]
    assert found(columns, "distance(42.78,12.6,50km)") == [True]
    near = read_near("Milan, Italy")
    said = nearest(one, near, distances(columns, np.array([0]), near), 0).words
    assert said.endswith(
        "Milan, Italy, in the same town (measured to the town, as the record's point lies far from it)"
    )


def test_a_hit_names_the_nearest_open_site_or_says_that_there_is_none() -> None:
    """With its distance in the unit that was asked, and the state of a nearer closed one."""
    both = study(1, "RECRUITING", (LONDON, "RECRUITING"), (YORK, "COMPLETED"))
    for text, words in {
        "Leeds, UK": "No open site within 50 km; nearest site (completed): Site 1, 35 km; "
        "nearest open site: Site 0, 272 km",
        "300 km of Leeds, UK": "Nearest open site: Site 0, 272 km",
        "200 miles of Leeds, UK": "Nearest open site: Site 0, 169 miles",
    }.items():
        near = read_near(text)
        assert nearest(both, near, distances(built(both), np.array([0]), near), 0).words == words
    silent = study(2, "COMPLETED", (YORK, None))
    near = read_near("Leeds, UK")
    assert nearest(silent, near, distances(built(silent), np.array([0]), near), 0).words == (
        "No open site within 50 km; nearest site (its status is not stated; the study is completed): Site 0, 35 km"
    )
    nowhere = study(3, "RECRUITING", (None, "RECRUITING"))
    assert nearest(nowhere, near, distances(built(nowhere), np.array([0]), near), 0).words == (
        "Where its sites lie is not stated"
    )


def test_the_registrys_own_distance_goes_by_published_points_alone() -> None:
    """A site without a point is at its town for people; for a client of the registry only where no record has any."""
    towned = Site(city="Leeds", country="United Kingdom", status="RECRUITING")
    silent = Study(number="NCT99000001", status=Status(overall_status="RECRUITING"), sites=(towned,))
    located = study(2, "RECRUITING", (LEEDS, "RECRUITING"))
    near = read_registry_distance("distance(53.8,-1.55,50km)")
    assert near is not None
    for columns, expected in ((built(silent, located), [False, True]), (built(silent), [True])):
        assert studies_within(columns, near).tolist() == expected
        assert (~np.isnan(distances(columns, np.arange(len(expected)), near).km)).tolist() == expected
        assert all(found(columns))
