"""Laws of distances."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.find.decay import FUNCTIONS, Decay
from equipoise.find.distances import EDGE_KM, distances, studies_within, unlocated
from equipoise.find.near import Near
from equipoise.records.study import GeoPoint, Site, Status, Study
from equipoise.store.columns import ColumnsBuilder

_status = st.sampled_from([None, "RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "UNKNOWN", "AVAILABLE"])
_point = st.builds(GeoPoint, st.floats(-90, 90, width=32), st.floats(-180, 180, width=32))
_studies = st.lists(
    st.tuples(_status, st.lists(st.tuples(st.none() | _point, _status), max_size=4)), min_size=1, max_size=8
)
_near = st.builds(
    lambda lat, lon, km: Near(lat, lon, km, "", "", f"{km:g}km"),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(0.1, 20_038),
)


def _km(point: GeoPoint, near: Near) -> float:
    """Return a distance by another formula than the code's: the angle between two vectors."""

    def vector(lat: float, lon: float) -> tuple[float, float, float]:
        lat, lon = math.radians(lat), math.radians(lon)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    a, b = vector(point.lat, point.lon), vector(near.lat, near.lon)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return 6371.0088 * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))


@settings(deadline=None, max_examples=300)
@given(_studies, _near)
def test_a_study_is_found_if_and_only_if_a_site_lies_within_the_distance(
    studies: list[tuple[str | None, list[tuple[GeoPoint | None, str | None]]]], near: Near
) -> None:
    """The filter, the distances and a formula of the test's own agree, site by site, anywhere on Earth."""
    builder = ColumnsBuilder(None)
    for row, (status, sites) in enumerate(studies):
        places = tuple(Site(status=said, geo_point=point) for point, said in sites)
        builder.add(Study(number=f"NCT{99000000 + row}", status=Status(overall_status=status), sites=places), row)
    columns = builder.columns()
    far = distances(columns, np.arange(len(studies)), near)
    within, silent = studies_within(columns, near), unlocated(columns)
    for row, (_, sites) in enumerate(studies):
        kms = [_km(point, near) for point, _ in sites if point]
        assert silent[row] == (not kms)
        if not kms:
            assert not within[row] and math.isnan(far.km[row]) and far.site[row] == -1
            continue
        assert math.isclose(far.km[row], min(kms), abs_tol=0.1)
        assert within[row] == (far.km[row] <= near.km + EDGE_KM)
        if abs(min(kms) - near.km) > 0.1:
            assert within[row] == (min(kms) <= near.km)
        assert math.isnan(far.open_km[row]) or far.open_km[row] >= far.km[row] - 0.1


@given(
    st.sampled_from(FUNCTIONS),
    st.floats(0.1, 1e4),
    st.floats(0, 1e3),
    st.floats(0.01, 0.99),
    st.lists(st.floats(0, 20_000), min_size=2, max_size=9),
)
def test_farther_never_counts_more(func: str, scale: float, offset: float, decay: float, kms: list[float]) -> None:
    """Weights lie between 0 and 1, and fall with the distance."""
    weights = Decay(func, scale, offset, decay).weights(np.array(sorted(kms)))
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 1e-12).all()
