"""Laws of the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.records.study import Design, GeoPoint, Intervention, Site, Status, Study
from equipoise.store.columns import NOT_STATED, Columns, ColumnsBuilder
from equipoise.store.ragged import Ragged

_words = st.sampled_from(["RECRUITING", "COMPLETED", "PHASE1", "PHASE2", "France", "Côte d’Ivoire", "DRUG"])
_maybe = st.none() | _words
_point = st.none() | st.builds(GeoPoint, st.floats(-90, 90, width=32), st.floats(-180, 180, width=32))
_studies = st.builds(
    lambda code, status, phases, kinds, sites: Study(
        number=f"NCT{99000000 + code}",
        status=Status(overall_status=status),
        design=Design(phases=tuple(phases)),
        interventions=tuple(Intervention(type=kind) for kind in kinds),
        sites=tuple(Site(country=country, status=said, geo_point=point) for country, said, point in sites),
    ),
    st.integers(1, 6),
    _maybe,
    st.lists(_words, max_size=3),
    st.lists(_words, max_size=3),
    st.lists(st.tuples(_maybe, _maybe, _point), max_size=3),
)


def _merged(studies: list[Study], cuts: list[int]) -> Columns:
    """Return the columns of *studies*, loaded in as many parts as *cuts* makes."""
    columns: Columns | None = None
    for start, end in zip([0, *cuts], [*cuts, len(studies)], strict=True):
        builder = ColumnsBuilder(columns)
        for version in range(start, end):
            builder.add(studies[version], version)
        columns = builder.columns()
    assert columns is not None
    return columns


def _plain(columns: Columns) -> dict[str, Any]:
    flat = {name: [str(value) for value in values] for name, values in columns.flat.items()}
    lists = {
        name: [[str(value) for value in lists[row]] for row in range(len(columns))]
        for name, lists in columns.ragged.items()
    }
    return {"flat": flat, "lists": lists, "names": columns.names}


@settings(deadline=None)
@given(st.lists(_studies, max_size=12), st.data())
def test_merging_in_any_split_equals_building_at_once(studies: list[Study], data: st.DataObject) -> None:
    """However many loads bring the same records in the same order, the columns are the same."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(studies)), max_size=4)))
    assert _plain(_merged(studies, cuts)) == _plain(_merged(studies, []))


@settings(deadline=None)
@given(st.lists(_studies, max_size=12))
def test_every_study_has_the_row_that_was_added_last(studies: list[Study]) -> None:
    """One row a number, in order, with the values of the last record of that number."""
    columns = _merged(studies, [])
    last = {study.number: (version, study) for version, study in enumerate(studies)}
    assert [columns.number(row) for row in range(len(columns))] == sorted(last)
    for row, number in enumerate(sorted(last)):
        version, study = last[number]
        names = columns.names
        assert columns.row(number) == row
        assert columns.flat["version"][row] == version
        assert names["status"][columns.flat["status"][row]] == (study.status.overall_status or NOT_STATED)
        assert [names["phase"][code] for code in columns.ragged["phase"][row]] == list(study.design.phases)
        said = [names["site_country"][code] for code in columns.ragged["site_country"][row]]
        assert said == [site.country or NOT_STATED for site in study.sites]
        assert len(columns.ragged["site_lat"][row]) == len(study.sites)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=6), st.data())
def test_taking_rows_takes_their_lists(rows: list[list[int]], data: st.DataObject) -> None:
    """Any rows in any order, each with its own values."""
    ragged = Ragged(
        np.array([value for row in rows for value in row], dtype=np.int64),
        np.concatenate(([0], np.cumsum([len(row) for row in rows]))),
    )
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    taken = ragged.take(np.array(wanted, dtype=np.int64))
    assert [list(taken[place]) for place in range(len(wanted))] == [rows[row] for row in wanted]
