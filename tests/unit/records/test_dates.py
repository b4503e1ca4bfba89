"""Dates keep their precision; ages have units."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.records.dates import Age, PartialDate


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2025-10-01", date(2025, 10, 1), date(2025, 10, 1), "1 October 2025"),
    ],
)
def test_a_date_keeps_its_precision(text: str, first: date, last: date, words: str) -> None:
    """A date that states a month is any day of that month, and prints as that month."""
    stated = PartialDate(text)
    assert (stated.first, stated.last, stated.words(), str(stated)) == (first, last, words, text)


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-02-30", "2025-1-1", "2025-10-01T00:00", "２０２５"])
def test_what_is_no_date_is_refused(text: str) -> None:
    """A date in another form, or a day that does not exist, is an error and never mended."""
    with pytest.raises(ValueError, match="date"):
        PartialDate(text)


def test_ages_compare_across_units() -> None:
    """Eighteen years are as long as 216 months."""
    assert Age("18 Years").days == pytest.approx(Age("216 Months").days)
    assert Age("1 Week").days == 7
    assert Age("36 Hours").days == pytest.approx(1.5)


def test_a_maximum_age_holds_until_the_next_birthday() -> None:
    """Someone of 65 years and 11 months is not older than a limit of 65 years."""
    assert Age("65 Years").end == pytest.approx(Age("66 Years").days)


@pytest.mark.parametrize("text", ["", "N/A", "18", "Years", "-1 Years", "18 Yearss"])
def test_what_is_no_age_is_refused(text: str) -> None:
    """A number without a unit is no age."""
    with pytest.raises(ValueError, match="age"):
        Age(text)
