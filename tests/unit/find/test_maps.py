"""Maps: places keep to the Earth, marks and names to themselves, and land to its shape."""

from __future__ import annotations

import itertools
import math
import random
import re

import numpy as np
import pytest

from equipoise.find.land import draw_land
from equipoise.find.map_labels import Box, box_of
from equipoise.find.map_marks import LARGE, SMALL, STATES, Spot, place_marks, shape
from equipoise.find.near import read_near
from equipoise.find.projection import Frame, equal_earth, fit_frame, world_frame
from equipoise.find.site_map import SiteMap, map_sites
from equipoise.find.status import site_state
from equipoise.records.study import GeoPoint, Site, Status, Study
from equipoise.store.site_points import km_between
from equipoise.terms.outlines import outlines

CITIES = {
    "London": (51.51, -0.13, "United Kingdom"),
    "Leeds": (53.80, -1.55, "United Kingdom"),
    "Paris": (48.85, 2.35, "France"),
    "Berlin": (52.52, 13.41, "Germany"),
    "New York": (40.71, -74.01, "United States"),
    "Boston": (42.36, -71.06, "United States"),
    "Los Angeles": (34.05, -118.24, "United States"),
    "Honolulu": (21.31, -157.86, "United States"),
    "Tokyo": (35.69, 139.69, "Japan"),
    "Auckland": (-36.85, 174.76, "New Zealand"),
    "Suva": (-18.14, 178.44, "Fiji"),
    "Vladivostok": (43.12, 131.89, "Russia"),
    "Tromsø": (69.65, 18.96, "Norway"),
    "Ushuaia": (-54.80, -68.30, "Argentina"),
    "Cape Town": (-33.92, 18.42, "South Africa"),
}


def site(city: str, status: str | None = "RECRUITING") -> Site:
    lat, lon, country = CITIES[city]
    return Site(city, status, city, None, None, country, geo_point=GeoPoint(lat, lon))


def study(*sites: Site, overall: str | None = "RECRUITING") -> Study:
    return Study(number="NCT99000001", sites=sites, status=Status(overall_status=overall))


def frame_of(*names: str) -> Frame:
    return fit_frame(*(np.array([CITIES[name][axis] for name in names]) for axis in (0, 1)))


def place(frame: Frame, name: str) -> tuple[float, float]:
    x, y = frame.place(*(np.array(CITIES[name][axis]) for axis in (0, 1)))
    return float(x), float(y)


@pytest.mark.parametrize(
    "names",
    [
        ("London",), ("Suva",), ("Tromsø",), ("Ushuaia",), ("London", "Leeds"), ("New York", "Los Angeles"),
        ("Auckland", "Suva"), ("Honolulu", "Tokyo"), ("London", "Paris", "Berlin", "Tromsø"), tuple(CITIES),
        ("New York", "London"), ("Tokyo", "Auckland"), ("Cape Town", "Ushuaia"),
    ],
)  # fmt: skip
def test_every_site_lies_in_its_frame(names: tuple[str, ...]) -> None:
    """Whatever the sites, each is on the picture with room for its mark, the antimeridian or not."""
    frame = frame_of(*names)
    assert all(frame.contains(*place(frame, name), margin=SMALL.mark) for name in names), (frame, names)


def test_distances_are_true_near_the_middle() -> None:
    """In a frame of a region, what is 100 km apart is so on the picture."""
    frame = frame_of("London", "Leeds")
    (ax, ay), (bx, by) = place(frame, "London"), place(frame, "Leeds")
    real = km_between(CITIES["London"][:2], CITIES["Leeds"][:2])
    assert math.hypot(ax - bx, ay - by) * frame.km == pytest.approx(real, rel=0.01)


def test_north_is_up_and_east_is_right() -> None:
    """Leeds lies above London, and Berlin right of both."""
    frame = frame_of("London", "Leeds", "Berlin")
    assert place(frame, "Leeds")[1] < place(frame, "London")[1]
    assert place(frame, "Berlin")[0] > place(frame, "London")[0]


def test_sites_on_many_continents_have_the_world() -> None:
    """Sites around the Earth are shown on a map of it; two in one country are not."""
    assert frame_of("London", "Tokyo", "Los Angeles").world
    assert not frame_of("New York", "Los Angeles").world


def test_equal_earth_keeps_areas() -> None:
    """A degree's cell has the same area for its share of the sphere anywhere (Equal Earth's promise)."""
    ratios = []
    for lat in (0.0, 30.0, 60.0, 75.0):
        (x0, x1), _ = equal_earth(np.array([lat, lat]), np.array([10.0, 11.0]))
        _, (y0, y1) = equal_earth(np.array([lat - 0.5, lat + 0.5]), np.array([10.5, 10.5]))
        ratios.append((x1 - x0) * (y1 - y0) / math.cos(math.radians(lat)))
    assert max(ratios) / min(ratios) == pytest.approx(1, abs=0.002)


def rings(path: str) -> list[list[tuple[int, int]]]:
    """Return the points of a path that land is written as."""
    found = []
    for ring in path.split("z")[:-1]:
        start, _, steps = ring.partition("l")
        x, y = (int(at) for at in start.removeprefix("M").split())
        numbers = [int(at) for at in re.findall(r"-?\d+", steps)]
        points = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found.append(points)
    return found


def holds(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Return whether a point lies inside of a ring."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return (
        sum((ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax for (ax, ay), (bx, by) in pairs) % 2 == 1
    )


@pytest.mark.parametrize(
    "names", [("Berlin",), ("London", "Paris", "Berlin"), tuple(CITIES), ("New York", "Los Angeles")]
)
def test_towns_lie_on_the_land_of_their_country(names: tuple[str, ...]) -> None:
    """After projecting and clipping, the middle of Germany is in Germany, that of the sea in nothing."""
    frame = frame_of(*names)
    inland = {"DE": (51.0, 10.0), "FR": (46.8, 2.5), "US": (39.5, -98.5), "RU": (61.0, 95.0), "BR": (-10.0, -53.0)}
    tried = 0
    for code, point in inland.items():
        x, y = (float(at) * 2 for at in frame.place(np.array(point[0]), np.array(point[1])))
        if frame.contains(x / 2, y / 2):
            tried += 1
            land = draw_land(frame, {code})
            assert any(holds(ring, x, y) for ring in rings(land.here)), code
            assert not any(holds(ring, x, y) for ring in rings(land.other)), code
    assert tried
    x, y = (float(at) * 2 for at in frame.place(np.array(50.2), np.array(-3.0)))  # the English Channel
    if frame.contains(x / 2, y / 2):
        assert not any(holds(ring, x, y) for ring in rings(draw_land(frame, ()).other))


def test_land_ends_a_little_beyond_the_picture() -> None:
    """Nothing is written that the picture does not show, and no land ends at its very edge."""
    frame = frame_of("Berlin")
    land = draw_land(frame, ())
    points = [point for ring in rings(land.other) for point in ring]
    assert all(-20 <= x <= 2 * frame.width + 20 and -20 <= y <= 2 * frame.height + 20 for x, y in points)
    assert min(x for x, _ in points) < 0
    assert max(x for x, _ in points) > 2 * frame.width


def test_a_land_across_the_antimeridian_is_whole() -> None:
    """No ring of the outlines jumps from one edge of the world to the other."""
    for level in (1, 4):
        found = outlines(level)
        steps = np.abs(np.diff(found.lons))
        steps[found.starts[1:-1] - 1] = 0
        assert steps.max() < 30


def test_outlines_have_the_countries_of_the_world() -> None:
    """Every country that most sites are in has an outline, at every level of detail."""
    for level in (1, 2, 3, 4):
        owners = set(outlines(level).owners)
        assert {"US", "CN", "GB", "FR", "DE", "JP", "BR", "IN", "AU", "ZA", "IL", "KR", "CH", "BE", "NL"} <= owners


def spots(count: int, seed: int) -> list[Spot]:
    dice = random.Random(seed)
    states = list(STATES)
    return [Spot(dice.gauss(360, 90), dice.gauss(220, 60), dice.choice(states), f"Town {n % 9}") for n in range(count)]


@pytest.mark.parametrize("style", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("count", [1, 2, 40, 400])
def test_marks_do_not_lie_on_each_other(count: int, style: object) -> None:
    """Near sites share a mark: no two marks overlap, and every site is counted once."""
    marks = place_marks(spots(count, count), style)
    assert sum(mark.count for mark in marks) == count
    for one, other in itertools.combinations(marks, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius - 0.2


def test_a_mark_for_several_looks_like_the_best_of_them() -> None:
    """Someone who seeks an open site sees that there is one, and how many there are of each."""
    [mark] = place_marks([Spot(5, 5, "closed", "A"), Spot(5, 5, "open", "A"), Spot(6, 5, "unknown", "B")], LARGE)
    assert (mark.state, mark.count) == ("open", 3)
    assert mark.words == "3 sites: 1 open to join, 1 not known whether open, 1 not open (A, B)"


def test_each_state_has_a_shape_of_its_own() -> None:
    """Color alone tells nothing: each outline is drawn by other commands."""
    drawn = [shape(state, 0, 0, 5) for state in STATES]
    assert len({(re.sub(r"[-\d. ]", "", path), len(re.findall(r"\d+", path))) for path in drawn}) == len(STATES)


@pytest.mark.parametrize(
    ("status", "overall", "state"),
    [
        ("RECRUITING", "RECRUITING", "open"),
        ("AVAILABLE", "AVAILABLE", "open"),
        ("RECRUITING", "COMPLETED", "closed"),
        ("RECRUITING", "NOT_YET_RECRUITING", "coming"),
        ("NOT_YET_RECRUITING", "RECRUITING", "coming"),
        ("NOT_YET_RECRUITING", "UNKNOWN", "unknown"),
        ("ENROLLING_BY_INVITATION", "RECRUITING", "closed"),
        ("COMPLETED", None, "closed"),
        (None, "RECRUITING", "unknown"),
        (None, "COMPLETED", "closed"),
        (None, "NOT_YET_RECRUITING", "coming"),
        (None, None, "unknown"),
    ],
)
def test_what_a_status_comes_to(status: str | None, overall: str | None, state: str) -> None:
    """A site is open only where it and its study say so; what neither says is unknown."""
    assert site_state(status, overall=overall) == state


def boxes(drawn: SiteMap) -> list[tuple[list[Box], list[Box]]]:
    found = []
    for overlay, style in ((drawn.large, LARGE), (drawn.small, SMALL)):
        marks = [Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in overlay.marks]
        found.append(([box_of(label, style) for label in overlay.labels], marks))
    return found


@pytest.mark.parametrize("names", [("London",), ("Berlin", "Paris", "London", "Leeds"), ("New York", "Boston")])
def test_names_lie_on_nothing_else(names: tuple[str, ...]) -> None:
    """No name overlaps another, a mark or the edge, large or small; the towns of sites come first."""
    drawn = map_sites(study(*map(site, names)))
    assert drawn is not None
    assert set(names) <= {label.text for label in drawn.large.labels}
    for labels, marks in boxes(drawn):
        assert not any(one.meets(other) for one, other in itertools.combinations(labels, 2))
        assert not any(label.meets(mark) for label in labels for mark in marks)
        assert all(box.left > 0 and box.right < drawn.width and box.top > 0 for box in labels)


def test_a_map_says_in_words_what_it_shows() -> None:
    """States are counted, towns named, and sites without a place are counted apart."""
    lost = Site("Somewhere", "RECRUITING", "Atlantis", None, None, "Germany")
    drawn = map_sites(study(site("London"), site("London", "COMPLETED"), site("Leeds", "NOT_YET_RECRUITING"), lost))
    assert drawn is not None
    assert drawn.description == "3 sites: 1 open to join, 1 opening later, 1 not open. In London (2), Leeds."
    assert drawn.title == "Map of 3 sites in 2 countries"
    assert drawn.unplaced == 1
    assert [(one.state, one.count) for one in drawn.counts] == [("open", 2), ("coming", 1), ("closed", 1)]


def test_no_place_no_map() -> None:
    """Without a site whose place is known there is no map."""
    assert map_sites(study()) is None
    assert map_sites(study(Site("Somewhere", None, "Atlantis", None, None, "Germany"))) is None


def test_a_town_stands_in_for_a_missing_or_wrong_point() -> None:
    """A site without a point lies in its town, and so does one whose point is in another land's village."""
    bare = Site("A", "RECRUITING", "München", None, None, "Germany")
    wrong = Site("B", "RECRUITING", "Munich", None, None, "Germany", geo_point=GeoPoint(52.75, 14.02))
    drawn = map_sites(study(bare, wrong))
    assert drawn is not None
    assert [mark.count for mark in drawn.large.marks] == [2]


def test_the_place_that_was_asked_from_is_on_the_map() -> None:
    """The frame holds the place from which distances are measured, and marks it."""
    drawn = map_sites(study(site("Leeds")), near=read_near("Paris"))
    assert drawn is not None
    assert drawn.place is not None
    assert 0 < drawn.place[0] < drawn.width
    assert 0 < drawn.place[1] < drawn.height


def test_a_measure_of_length_is_true() -> None:
    """The bar is as long as it says, and a world without one scale has none."""
    drawn, frame = map_sites(study(site("London"))), frame_of("London")
    assert drawn is not None
    assert drawn.bar is not None
    assert drawn.bar.length * frame.km == pytest.approx(int(re.sub(r"\D", "", drawn.bar.words)), rel=0.01)
    world = map_sites(study(*map(site, CITIES)))
    assert world is not None
    assert world.bar is None


def test_the_whole_world_has_no_far_south() -> None:
    """The map of the world is wider than high, and ends where nobody runs a trial."""
    frame = world_frame()
    assert frame.width > 2 * frame.height
