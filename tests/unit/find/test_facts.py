"""Rows of a page: a label, words for codes, nothing where nothing is stated."""

from __future__ import annotations

import pytest

from equipoise.find.facts import (
    Word,
    date_fact,
    date_words,
    enum_fact,
    fact,
    flag_fact,
    plural,
    present,
    word,
    words,
)
from equipoise.records.dates import PartialDate
from equipoise.records.study import DateStruct


def test_a_code_is_shown_in_words_that_are_explained() -> None:
    """A value that the table does not know is shown as published."""
    known = word("DesignMasking", "DOUBLE")
    assert known is not None
    assert known.text.startswith("Double")
    assert known.help.endswith(".")
    assert word("DesignMasking", "SEXTUPLE") == Word("Sextuple")
    assert word("DesignMasking", None) is None


def test_several_codes_keep_their_order() -> None:
    """As the record lists them."""
    assert [one.text for one in words("Phase", ("PHASE3", "PHASE1"))] == ["Phase 3", "Phase 1"]
    assert words("Phase", ()) == ()


def test_a_row_has_the_fields_label_and_help() -> None:
    """From the table of fields."""
    row = fact("EnrollmentCount", "40")
    assert row is not None
    assert (row.key, row.words, row.markup) == ("EnrollmentCount", (Word("40"),), "")
    assert row.label


@pytest.mark.parametrize("said", [(), (None,), ("",), (None, "")])
def test_nothing_stated_makes_no_row(said: tuple[str | None, ...]) -> None:
    """An empty row would look like an answer."""
    assert fact("EnrollmentCount", *said) is None
    assert fact("EnrollmentCount", *said, markup="") is None
    assert enum_fact("Sex", None) is None
    assert date_fact("StartDate", DateStruct()) is None


def test_a_text_alone_makes_a_row() -> None:
    """Its markup is kept for the page to render."""
    row = fact("GenderDescription", None, markup="By *birth*.")
    assert row is not None
    assert (row.words, row.markup) == ((), "By *birth*.")


@pytest.mark.parametrize(("value", "shown"), [(True, "Yes"), (False, "No")])
def test_no_is_an_answer(value: bool, shown: str) -> None:
    """False is stated; None is not."""
    row = flag_fact("HealthyVolunteers", value)
    assert row is not None
    assert row.words == (Word(shown),)
    assert flag_fact("HealthyVolunteers", None) is None


@pytest.mark.parametrize(
    ("date", "type", "shown"),
    [
        ("2025-10-01", "ESTIMATED", "1 October 2025 (estimated)"),
        ("2025-10", "ACTUAL", "October 2025 (actual)"),
        ("2025", None, "2025"),
        (None, "ACTUAL", None),
    ],
)
def test_a_date_is_shown_with_its_kind(date: str | None, type: str | None, shown: str | None) -> None:
    """As precise as it was stated."""
    stated = DateStruct(PartialDate(date) if date else None, type)
    assert date_words(stated, "StartDateType") == shown
    row = date_fact("StartDate", stated)
    assert (row.words[0].text if row else None) == shown


def test_only_rows_that_state_something_are_kept() -> None:
    """In their order."""
    first, second = fact("EnrollmentCount", "1"), fact("Sex", "All")
    assert present(None, first, None, second) == (first, second)


@pytest.mark.parametrize(
    ("count", "forms", "shown"),
    [
        (0, ("site",), "0 sites"),
        (1, ("site",), "1 site"),
        (2, ("site",), "2 sites"),
        (1234, ("site",), "1,234 sites"),
        (1, ("country", "countries"), "1 country"),
        (2, ("country", "countries"), "2 countries"),
    ],
)
def test_counts_have_their_nouns(count: int, forms: tuple[str, ...], shown: str) -> None:
    """Singular for one alone."""
    assert plural(count, *forms) == shown
