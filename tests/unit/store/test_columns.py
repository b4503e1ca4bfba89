"""Columns: a row for each study, in order of number, whatever the order of loading."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.records.dates import Age, PartialDate
from equipoise.records.study import (
    DateStruct,
    Design,
    Eligibility,
    Enrollment,
    GeoPoint,
    Intervention,
    Site,
    Sponsor,
    Status,
    Study,
)
from equipoise.store.columns import (
    NO_PHASE,
    Columns,
    ColumnsBuilder,
    Ragged,
    date_code,
    date_text,
    number_code,
    number_text,
)


def study(
    number: str, *, status: str | None = None, phases: tuple[str, ...] = (), countries: tuple[str, ...] = ()
) -> Study:
    """Return a study with these."""
    return Study(
        number=number,
        status=Status(overall_status=status),
        design=Design(phases=phases),
        sites=tuple(Site(country=country) for country in countries),
    )


def built(*studies: Study, old: Columns | None = None, first: int = 1) -> Columns:
    """Return the columns of these studies, beside those of *old*; versions count from *first*."""
    builder = ColumnsBuilder(old)
    for version, one in enumerate(studies, first):
        builder.add(one, version)
    return builder.columns()


def listed(columns: Columns, column: str, row: int) -> list[str]:
    """Return the names in a row of a column that holds several."""
    return [columns.names[column][code] for code in columns.ragged[column][row]]


def named(columns: Columns, column: str) -> list[str]:
    """Return the name in each row of a category's column."""
    return [columns.names[column][code] for code in columns.flat[column]]


def numbers(columns: Columns) -> list[str]:
    return [columns.number(row) for row in range(len(columns))]


A, B, C = "NCT99000001", "NCT99000002", "NCT99000003"


@pytest.mark.parametrize(
    ("text", "code"),
    [("2025", 20250000), ("2025-10", 20251000), ("2025-10-01", 20251001), ("1900-01", 19000100), ("0999-12", 9991200)],
)
def test_a_date_keeps_its_precision_as_a_code(text: str, code: int) -> None:
    """A code gives back the date as it was stated, no more and no less precise."""
    assert date_code(PartialDate(text)) == code
    assert date_text(code) == text


def test_a_month_sorts_before_its_days() -> None:
    """A year comes before its months and a month before its days; no date comes before all."""
    texts = ["2025", "2025-10", "2025-10-01", "2025-10-31", "2025-11"]
    codes = [date_code(None), *(date_code(PartialDate(text)) for text in texts)]
    assert codes == sorted(codes)
    assert date_text(0) == ""


def test_a_number_and_its_code_are_one() -> None:
    """Leading zeros come back."""
    assert [number_text(number_code(number)) for number in ("NCT00000001", A)] == ["NCT00000001", A]


def test_rows_lie_in_order_of_number() -> None:
    """Whatever the order in which studies are added."""
    columns = built(study(C, status="COMPLETED"), study(A, status="RECRUITING"), study(B))
    assert numbers(columns) == [A, B, C]
    assert named(columns, "status") == ["RECRUITING", "", "COMPLETED"]
    assert list(columns.flat["version"]) == [2, 3, 1]
    assert [columns.row(number) for number in (A, B, C, "NCT99000004", "NCT00000001")] == [0, 1, 2, None, None]


def test_every_value_of_a_study_stands_in_its_row() -> None:
    """Numbers, dates, ages, categories, lists and sites."""
    full = Study(
        number=A,
        status=Status(
            overall_status="RECRUITING",
            start_date_struct=DateStruct(PartialDate("2024-05")),
            last_update_post_date_struct=DateStruct(PartialDate("2025-06-07")),
        ),
        design=Design(study_type="INTERVENTIONAL", phases=("PHASE1", "PHASE2"), enrollment_info=Enrollment(40)),
        eligibility=Eligibility(
            sex="FEMALE",
            healthy_volunteers=False,
            minimum_age=Age("18 Years"),
            maximum_age=Age("65 Years"),
            std_ages=("ADULT",),
        ),
        interventions=(Intervention(type="DRUG"), Intervention(type="DEVICE"), Intervention(type="DRUG")),
        lead_sponsor=Sponsor("Ours", "OTHER"),
        sites=(Site(country="France", status="RECRUITING", geo_point=GeoPoint(1.5, -2.5)), Site(country="France")),
        has_results=False,
    )
    columns = built(full)
    flat = {name: values[0].item() for name, values in columns.flat.items()}
    assert {name: flat[name] for name in ("enrollment", "start", "updated", "completion", "version")} == {
        "enrollment": 40,
        "start": 20240500,
        "updated": 20250607,
        "completion": 0,
        "version": 1,
    }
    assert flat["minimum_age"] == pytest.approx(Age("18 Years").days)
    assert flat["maximum_age"] == pytest.approx(Age("66 Years").days), "a maximum holds until the next birthday"
    for column, name in {
        "status": "RECRUITING",
        "type": "INTERVENTIONAL",
        "sex": "FEMALE",
        "healthy": "no",
        "sponsor": "OTHER",
        "results": "none",
        "masking": "",
    }.items():
        assert named(columns, column) == [name]
    for column, names in {
        "phase": ["PHASE1", "PHASE2"],
        "age_group": ["ADULT"],
        "country": ["France"],
        "intervention": ["DRUG", "DEVICE"],
        "site_country": ["France", "France"],
        "site_status": ["RECRUITING", ""],
    }.items():
        assert listed(columns, column, 0) == names
    assert columns.ragged["site_lat"][0][0] == 1.5
    assert math.isnan(columns.ragged["site_lon"][0][1])


def test_what_is_not_stated_has_a_value_of_its_own() -> None:
    """No count is -1, no age is NaN, no date is 0, no category is the empty name; lists are empty."""
    columns = built(Study(number=A))
    flat = {name: values[0].item() for name, values in columns.flat.items()}
    assert flat["enrollment"] == -1
    assert math.isnan(flat["minimum_age"])
    assert math.isnan(flat["maximum_age"])
    assert flat["start"] == flat["updated"] == 0
    assert named(columns, "healthy") == named(columns, "results") == [""]
    assert all(len(lists[0]) == 0 for lists in columns.ragged.values())


@pytest.mark.parametrize(
    ("type", "phases", "expected"),
    [
        ("OBSERVATIONAL", (), [NO_PHASE]),
        ("EXPANDED_ACCESS", (), [NO_PHASE]),
        ("INTERVENTIONAL", (), []),
        ("INTERVENTIONAL", ("NA",), ["NA"]),
        (None, (), []),
    ],
)
def test_no_phase_is_something_else_than_a_phase_not_stated(
    type: str | None, phases: tuple[str, ...], expected: list[str]
) -> None:
    """A study that is not interventional has no phase; others without one do not state it."""
    assert listed(built(Study(number=A, design=Design(study_type=type, phases=phases))), "phase", 0) == expected


def test_a_changed_study_replaces_its_row() -> None:
    """The others keep theirs, and new ones take their places by number."""
    old = built(study(A, status="RECRUITING", countries=("France",)), study(C, phases=("PHASE1",)))
    new = built(study(B, phases=("PHASE2", "PHASE3")), study(A, status="COMPLETED", countries=()), old=old, first=3)
    assert numbers(new) == [A, B, C]
    assert named(new, "status") == ["COMPLETED", "", ""]
    assert [listed(new, "phase", row) for row in range(3)] == [[], ["PHASE2", "PHASE3"], ["PHASE1"]]
    assert [listed(new, "country", row) for row in range(3)] == [[], [], []]
    assert list(new.flat["version"]) == [4, 3, 2]


def test_the_later_of_two_rows_counts() -> None:
    """A study that one load gives twice has the row that was added last."""
    columns = built(study(A, status="RECRUITING"), study(B), study(A, status="COMPLETED"))
    assert numbers(columns) == [A, B]
    assert named(columns, "status") == ["COMPLETED", ""]


def test_lists_may_be_empty_anywhere() -> None:
    """First, last, in between, and all of them."""
    columns = built(study(A), study(B, phases=("PHASE1", "PHASE2"), countries=("France",)), study(C))
    assert [listed(columns, "phase", row) for row in range(3)] == [[], ["PHASE1", "PHASE2"], []]
    assert list(columns.ragged["phase"].lengths) == [0, 2, 0]
    merged = built(study("NCT99000000"), study("NCT99000004"), old=columns)
    assert [listed(merged, "phase", row) for row in range(5)] == [[], [], ["PHASE1", "PHASE2"], [], []]


def test_names_keep_their_codes() -> None:
    """A later load appends its names; a name that no study has any more keeps its code."""
    old = built(study(A, status="RECRUITING"), study(B, status="COMPLETED"))
    new = built(study(A, status="SUSPENDED"), study(C, status="COMPLETED"), old=old)
    assert old.names["status"] == ["", "RECRUITING", "COMPLETED"]
    assert new.names["status"] == ["", "RECRUITING", "COMPLETED", "SUSPENDED"]
    assert new.code("status", "SUSPENDED") == 3
    assert new.code("status", "WITHDRAWN") is None
    assert old.names["status"] == ["", "RECRUITING", "COMPLETED"], "the old edition is not touched"


def test_rows_are_taken_in_the_order_asked_for() -> None:
    """Rows may come in any order, more than once, or not at all."""
    lists = Ragged(np.array([1, 2, 3]), np.array([0, 1, 1, 3]))
    taken = lists.take(np.array([2, 1, 0, 2]))
    assert [list(taken[row]) for row in range(4)] == [[2, 3], [], [1], [2, 3]]
    none = lists.take(np.array([], dtype=np.int64))
    assert (len(none.values), list(none.offsets)) == (0, [0])


def same(one: Columns, other: Columns) -> bool:
    """Return whether two sets of columns are equal in every value, type and name."""

    def equal(a: Any, b: Any) -> bool:
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")

    return (
        one.names == other.names
        and one.flat.keys() == other.flat.keys()
        and one.ragged.keys() == other.ragged.keys()
        and all(equal(one.flat[name], other.flat[name]) for name in one.flat)
        and all(
            equal(one.ragged[name].values, other.ragged[name].values)
            and np.array_equal(one.ragged[name].offsets, other.ragged[name].offsets)
            for name in one.ragged
        )
    )


def test_columns_come_back_from_disk_as_they_were(tmp_path: Path) -> None:
    """Values, types and names; and rows can be merged into columns that were opened."""
    columns = built(
        study(A, status="RECRUITING", countries=("Korea, Republic of",)), study(B), study(C, phases=("NA",))
    )
    columns.save(tmp_path / "columns")
    opened = Columns.open(tmp_path / "columns")
    assert same(opened, columns)
    more = study("NCT99000004", status="COMPLETED", countries=("France",))
    assert same(built(more, old=opened), built(more, old=columns))


def test_no_study_at_all_can_be_saved(tmp_path: Path) -> None:
    """Columns without a row have all their parts."""
    built().save(tmp_path / "columns")
    opened = Columns.open(tmp_path / "columns")
    assert len(opened) == 0
    assert opened.row(A) is None


def test_a_missing_column_is_an_error(tmp_path: Path) -> None:
    """It is not taken for an empty one."""
    built(study(A)).save(tmp_path / "columns")
    (tmp_path / "columns" / "status.npy").unlink()
    with pytest.raises(FileNotFoundError, match=r"status\.npy"):
        Columns.open(tmp_path / "columns")
