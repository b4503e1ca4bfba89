"""Filter values are read as people write them."""

from __future__ import annotations

import pytest

from equipoise.errors import QueryError
from equipoise.find.filters import BY_NAME, FILTERS, read_value
from equipoise.store.columns import CATEGORIES, LISTS, NO_PHASE, NOT_STATED
from equipoise.terms.enums import enumerations

COUNTRIES = ["", "China", "Korea, Republic of", "United Kingdom", "United States", "Türkiye"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("phase", "3", "PHASE3"),
        ("phase", "phase 3", "PHASE3"),
        ("phase", "Phase3", "PHASE3"),
        ("phase", "PHASE3", "PHASE3"),
        ("phase", " PHASE  3 ", "PHASE3"),
        ("phase", "early 1", "EARLY_PHASE1"),
        ("phase", "0", "EARLY_PHASE1"),
        ("phase", "NA", "NA"),
        ("phase", "n/a", "NA"),
        ("phase", "none", NO_PHASE),
        ("phase", "no_phase", NO_PHASE),
        ("status", "recruiting", "RECRUITING"),
        ("status", "Not yet recruiting", "NOT_YET_RECRUITING"),
        ("status", "not_yet_recruiting", "NOT_YET_RECRUITING"),
        ("status", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("status", "active", "ACTIVE_NOT_RECRUITING"),
        ("status", "open", "RECRUITING"),
        ("status", "not stated", NOT_STATED),
        ("type", "observational", "OBSERVATIONAL"),
        ("type", "expanded access", "EXPANDED_ACCESS"),
        ("age_group", "older adult", "OLDER_ADULT"),
        ("sex", "Female", "FEMALE"),
        ("sex", "all", "ALL"),
        ("healthy", "Yes", "yes"),
        ("healthy", "n", "no"),
        ("intervention", "drug", "DRUG"),
        ("intervention", "behavioral", "BEHAVIORAL"),
        ("country", "china", "China"),
        ("country", "USA", "United States"),
        ("country", "UK", "United Kingdom"),
        ("country", "South Korea", "Korea, Republic of"),
        ("country", "korea, republic of", "Korea, Republic of"),
        ("sponsor", "nih", "NIH"),
        ("sponsor", "industry", "INDUSTRY"),
        ("results", "with", "posted"),
        ("results", "without", "none"),
    ],
)
def test_a_value_is_read_as_people_write_it(name: str, text: str, value: str) -> None:
    """By the registry's value, its label, our words, or a common short form; in any case."""
    assert read_value(BY_NAME[name], text, COUNTRIES if name == "country" else []) == value


@pytest.mark.parametrize(
    "present",
    [
        "South Korea",
        "Korea, Republic of",
        "Great Britain",
        "USA",
        "Turkey (Türkiye)",
    ],
)
def test_a_country_that_the_library_has_is_found_by_that_name(present: str) -> None:
    """Registry files of different years name a country differently; a facet's value must lead to its studies."""
    assert read_value(BY_NAME["country"], present, ["", present, "United Kingdom", "United States"]) == present


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("South Korea", "Korea, Republic of"),
        ("Korea, Republic of", "South Korea"),
        ("Turkey", "Turkey (Türkiye)"),
    ],
)
def test_a_country_is_found_by_its_other_names(text: str, present: str) -> None:
    """Whichever the registry's files use."""
    assert read_value(BY_NAME["country"], text, ["", present]) == present


def test_every_value_is_read_by_its_words() -> None:
    """What a page shows as a value can be typed as one."""
    for one in FILTERS:
        for value in enumerations()[one.enum] if one.enum else ():
            assert read_value(one, one.words(value), []) == value
            assert read_value(one, value, []) == value
            assert read_value(one, value.lower(), []) == value


def test_a_value_that_is_nearly_right_is_asked_about() -> None:
    """The whole message."""
    with pytest.raises(QueryError) as caught:
        read_value(BY_NAME["status"], "recruting", [])
    assert str(caught.value) == (
        "No such value of status\n    recruting\n    ^~~~~~~~~\nDid you mean Recruiting or Not yet recruiting?"
    )


def test_a_value_that_is_nothing_known_shows_those_that_are() -> None:
    """The whole message."""
    with pytest.raises(QueryError) as caught:
        read_value(BY_NAME["phase"], "five", [])
    assert str(caught.value) == (
        "No such value of phase\n    five\n    ^~~~\n"
        "Values are: Not applicable (no phases), Early phase 1, Phase 1, Phase 2, Phase 3, Phase 4, "
        "No phase (not an interventional study), Not stated."
    )


def test_a_country_that_no_study_has_is_asked_about() -> None:
    """The nearest that the library has."""
    with pytest.raises(QueryError) as caught:
        read_value(BY_NAME["country"], "Chiina", COUNTRIES)
    assert str(caught.value) == "No such value of country\n    Chiina\n    ^~~~~~\nDid you mean China?"


def test_every_filter_is_a_column() -> None:
    """And its words exist: a label, a help, a phrase with a place for the value."""
    columns = {name for name, _ in (*CATEGORIES, *LISTS)}
    for one in FILTERS:
        assert one.name in columns
        assert one.label
        assert one.help.endswith(".")
        assert one.phrase.count("{}") == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("phase", NO_PHASE, "No phase (not an interventional study)"),
        ("phase", NOT_STATED, "Not stated"),
        ("status", "ENROLLING_BY_INVITATION", "Enrolling by invitation"),
        ("status", "A_NEW_STATUS", "A new status"),
        ("country", "China", "China"),
        ("results", "posted", "Results posted"),
    ],
)
def test_a_value_is_shown_in_words(name: str, value: str, words: str) -> None:
    """A value that the registry adds tomorrow too."""
    assert BY_NAME[name].words(value) == words
