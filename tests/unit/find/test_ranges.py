"""Limits mean what was written, and what cannot be read is no limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import QueryError
from equipoise.find.ranges import AGES, COLUMNS, DATES, NUMBERS, kind_of, lies_within, read_limits, whole_dates
from equipoise.store.columns import NUMBERS as STORED
from equipoise.terms.fields import field, fields


def limits(low, high, kind):
    read = read_limits(low, high, kind, text="x", span=(0, 1))
    return read.low, read.high


def test_columns_are_those_of_the_store_and_of_the_kinds():
    """Each field with a column is compared as the column is."""
    assert set(COLUMNS.values()) <= {name for name, *_ in STORED}
    for pieces, kind in ((DATES, "date"), (AGES, "age"), (NUMBERS, "number")):
        assert {kind_of(field(piece)) for piece in pieces} == {kind}
    assert all(kind_of(one) in ("", "date", "age", "number") for one in fields())


@pytest.mark.parametrize(
    ("low", "high", "kind", "expected"),
    [
        ("2020", "2020", "date", (20200101, 20201231)),
        ("2020-02", "2020-02", "date", (20200201, 20200229)),
        ("2/3/2020", "02/03/2020", "date", (20200203, 20200203)),
        ("2/2020", "02/2020", "date", (20200201, 20200229)),
        (None, "2020-05-17", "date", (-np.inf, 20200517)),
        ("-5", "1,000.5", "number", (-5, 1000.5)),
        ("18 years", "18", "age", (np.float32(18 * 365.2425),) * 2),
        ("0 Days", None, "age", (0, np.inf)),
    ],
)
def test_limits_are_read(low, high, kind, expected):
    """A year or month reaches from its first day to its last; a number alone is years of age."""
    assert limits(low, high, kind) == expected


@pytest.mark.parametrize(
    ("low", "kind"),
    [
        ("2020-13", "date"),
        ("2021-02-29", "date"),
        ("13/01/2020", "date"),
        ("0000", "date"),
        ("20200101", "date"),
        ("nan", "number"),
        ("inf", "number"),
        ("1_000", "number"),
        ("1e5", "number"),
        ("١٢", "number"),
        ("1,00", "number"),
        ("", "number"),
        ("9" * 400, "number"),
        ("18 moons", "age"),
        ("9" * 5000 + " years", "age"),
        ("-1 years", "age"),
        ("18\x00", "age"),
    ],
)
def test_what_is_no_limit_is_refused(low, kind):
    """As a search that cannot be understood."""
    with pytest.raises(QueryError, match="This is not a"):
        limits(low, None, kind)


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["date", "age", "number"]))
def test_any_two_texts_are_limits_or_refused(low, high, kind):
    """Law: limits are ordered numbers, or a `QueryError` is raised."""
    try:
        lowest, highest = limits(low, high, kind)
    except QueryError:
        return
    assert lowest <= highest


def test_a_value_that_cannot_be_read_lies_in_no_range():
    """A record's own mistakes find nothing and break nothing."""
    everything = read_limits(None, None, "date", text="x", span=(0, 1))
    assert lies_within("2020-01-01T10:00", "date", everything)
    assert not lies_within("spring", "date", everything)
    assert not lies_within(None, "date", everything)
    assert not lies_within({}, "number", everything)


def test_whole_dates_keep_what_is_stated():
    """A month that is not stated is the first, and so is a day; no date stays none."""
    assert whole_dates(np.array([0, 20200000, 20200500, 20200517])).tolist() == [0, 20200101, 20200501, 20200517]
