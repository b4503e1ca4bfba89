"""A search finds what has the words and passes the filters, in order, with counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.find.facets import FacetValue
from equipoise.find.query import Query, read_age
from equipoise.find.search import Found, _age, search
from equipoise.intake.opening import open_library
from equipoise.records.dates import Age
from equipoise.records.study import Eligibility, Study
from equipoise.store.columns import NO_PHASE, ColumnsBuilder
from equipoise.store.library import Library
from unit.store.made import document, library, write

# The studies here, by the end of their numbers.
STUDIES: dict[int, tuple[str, dict[str, Any]]] = {
    1: (
        "Tenecteplase after a stroke",
        {
            "status": {"overallStatus": "RECRUITING", "startDateStruct": {"date": "2024-03"}},
            "design": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2", "PHASE3"], "enrollmentInfo": {"count": 300}},
            "eligibility": {"sex": "ALL", "minimumAge": "18 Years", "maximumAge": "65 Years", "stdAges": ["ADULT"]},
            "contactsLocations": {"locations": [{"country": "France"}, {"country": "China"}, {"country": "France"}]},
        },
    ),
    2: (
        "Heart failure in women",
        {
            "status": {"overallStatus": "COMPLETED", "startDateStruct": {"date": "2024-03-15"}},
            "design": {"studyType": "INTERVENTIONAL", "phases": ["PHASE3"], "enrollmentInfo": {"count": 20}},
            "eligibility": {"sex": "FEMALE", "minimumAge": "40 Years"},
            "conditions": {"conditions": ["Stroke"]},
        },
    ),
    3: (
        "Failure to thrive",
        {
            "status": {"overallStatus": "RECRUITING"},
            "design": {"studyType": "OBSERVATIONAL", "enrollmentInfo": {"count": 5000}},
            "description": {"briefSummary": "A stroke of luck: the heart is not looked at."},
            "eligibility": {"sex": "MALE", "maximumAge": "6 Months", "stdAges": ["CHILD"]},
        },
    ),
    4: ("Sjögren’s syndrome and IL-6", {"design": {"studyType": "INTERVENTIONAL"}}),
    5: ("Of interleukin 6", {"description": {"briefSummary": "IL is not beside 6 here; Sjogren is."}}),
    6: ("TGF-β in α-thalassaemia", {"design": {"studyType": "EXPANDED_ACCESS"}}),
    7: (
        "A study that is like another",
        {"description": {"briefSummary": "Modelled on NCT99000001, NCT99000001 and again NCT99000001."}},
    ),
}


def number(count: int) -> str:
    return f"NCT99{count:06d}"


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = [
        document(number(count), title, updated=f"2025-01-{count:02d}", **modules)
        for count, (title, modules) in STUDIES.items()
    ]
    return library(tmp_path_factory.mktemp("studies"), *made)


def ask(studies: Library, text: str = "", *, facets: bool = True, **rest: Any) -> Found:
    """Search; filters are given by name."""
    chosen = {name: rest.pop(name) for name in list(rest) if isinstance(rest[name], tuple)}
    return search(studies, Query(text=text, chosen=chosen, **rest), facets=facets)


def found(studies: Library, text: str = "", **rest: Any) -> list[int]:
    """Return the studies found, in order."""
    return [int(studies.columns.number(row)[-6:]) for row in ask(studies, text, **rest).rows]


# Words


def test_without_words_all_are_found_latest_update_first(studies: Library) -> None:
    """A search for nothing in particular shows what is new."""
    assert found(studies) == [7, 6, 5, 4, 3, 2, 1]


def test_all_words_must_be_there(studies: Library) -> None:
    """Wherever they stand: in title, condition or summary."""
    assert set(found(studies, "stroke failure")) == {2, 3}
    assert set(found(studies, "stroke")) == {1, 2, 3}


def test_the_thing_itself_counts_more_than_a_title_and_a_title_more_than_a_summary(tmp_path: Path) -> None:
    """The order of studies that each have the word once; descriptions and criteria are not of the basic area."""
    places = ["title", "condition", "summary", "description", "site", "criteria"]
    made = []
    for count, place in enumerate(reversed(places), 1):
        said = {one: "Stroke" if one == place else f"Other{count}" for one in places}
        made.append(
            document(
                number(count),
                said["title"],
                conditions={"conditions": [said["condition"]]},
                description={"briefSummary": said["summary"], "detailedDescription": said["description"]},
                contactsLocations={"locations": [{"city": said["site"]}]},
                eligibility={"eligibilityCriteria": said["criteria"]},
            )
        )
    assert found(library(tmp_path, *made), "stroke") == [5, 6, 4, 2]


def test_words_are_found_in_any_form(studies: Library) -> None:
    """Case and endings do not matter."""
    for text in ("STROKES", "heart FAILURES", "woman failures women"):
        assert 2 in found(studies, text)


def test_where_no_study_has_all_words_those_with_some_are_found(studies: Library) -> None:
    """And the result says so; those with more words come first."""
    result = ask(studies, "stroke tenecteplase unheardof")
    assert (result.some_words, result.total) == (True, 3)
    assert found(studies, "stroke tenecteplase unheardof")[0] == 1
    assert ask(studies, "stroke").some_words is False


def test_where_no_study_has_any_word_none_is_found(studies: Library) -> None:
    """Nothing is said of some words."""
    for text in ("unheardof", "unheardof neverseen"):
        result = ask(studies, text)
        assert (result.total, result.some_words, len(result.rows)) == (0, False, 0)


def test_a_phrase_is_found_whole(studies: Library) -> None:
    """In quotation marks the words stand side by side, in order."""
    assert found(studies, '"heart failure"') == [2]
    assert set(found(studies, "heart failure")) == {2, 3}
    assert found(studies, '"failure heart"') == []
    assert found(studies, '"heart failure" stroke') == [2]


def test_words_side_by_side_come_first(tmp_path: Path) -> None:
    """A title with the words together comes before one with the words apart."""
    made = library(
        tmp_path,
        document(number(1), "Failure of a pump that helps a weak heart"),
        document(number(2), "Pumps that help a weak person: heart failure"),
    )
    assert found(made, "heart failure") == [2, 1]


@pytest.mark.parametrize("text", ["Sjögren", "sjogren", "SJÖGREN’S"])
def test_accents_do_not_matter(studies: Library, text: str) -> None:
    """Typed or not."""
    assert 4 in found(studies, text)


def test_a_hyphenated_name_is_one_part(studies: Library) -> None:
    """IL-6 is found as IL-6 or IL 6, and not where the two stand apart."""
    assert found(studies, "IL-6") == [4]
    assert found(studies, '"IL 6"') == [4]
    assert found(studies, "il-6 sjogren") == [4]


@pytest.mark.parametrize("text", ["TGF-β", "tgf-Β", "α-thalassaemia"])
def test_greek_letters_are_letters(studies: Library, text: str) -> None:
    """In either case."""
    assert found(studies, text) == [6]


def test_a_number_finds_its_study_alone(studies: Library) -> None:
    """Not those that only mention it; in any case of letters, and several of them; filters do not count."""
    assert found(studies, "NCT99000001") == [1]
    assert found(studies, "nct99000001, NCT99000004", status=("COMPLETED",)) == [4, 1]
    assert sorted(found(studies, "NCT99000001 OR luck")) == [1, 3, 7]


@pytest.mark.parametrize("text", ['""', '" "', "- + &", "title:", "\0", "*:*", "~", "🫀", "x" * 2000, "NOT ***"])
def test_no_text_breaks_the_search(studies: Library, text: str) -> None:
    """What a query language would choke on is words or nothing."""
    assert ask(studies, text).total <= 7


def test_a_search_of_marks_alone_is_a_search_of_nothing_in_particular(studies: Library) -> None:
    """As without words."""
    assert found(studies, "***") == [7, 6, 5, 4, 3, 2, 1]


# Filters


def test_a_filter_keeps_those_that_do_not_state_it_and_shows_them_last(studies: Library) -> None:
    """A record that is silent on its status may be open."""
    result = ask(studies, status=("RECRUITING",))
    assert found(studies, status=("RECRUITING",)) == [3, 1, 7, 6, 5, 4]
    assert (result.total, result.unstated) == (6, 4)


def test_those_that_do_not_state_it_can_be_left_out(studies: Library) -> None:
    """``stated_only``."""
    result = ask(studies, status=("RECRUITING",), stated_only=True)
    assert found(studies, status=("RECRUITING",), stated_only=True) == [3, 1]
    assert result.unstated == 0


def test_of_several_values_any_is_wanted(studies: Library) -> None:
    """Two values of one filter are either; two filters are both."""
    assert found(studies, status=("RECRUITING", "COMPLETED"), stated_only=True) == [3, 2, 1]
    assert found(studies, status=("RECRUITING",), type=("INTERVENTIONAL",), stated_only=True) == [1]


def test_a_study_of_two_phases_is_of_each(studies: Library) -> None:
    """Phase 2/3 is found under 2 and under 3."""
    assert found(studies, phase=("PHASE2",), stated_only=True) == [1]
    assert found(studies, phase=("PHASE3",), stated_only=True) == [2, 1]


def test_no_phase_is_not_a_phase_that_is_not_stated(studies: Library) -> None:
    """Observational and expanded access have none; an interventional study may not state it."""
    assert found(studies, phase=(NO_PHASE,), stated_only=True) == [6, 3]
    assert found(studies, phase=("PHASE2",)) == [1, 7, 5, 4], "6 and 3 have no phase, so they are not of phase 2"


def test_not_stated_can_be_asked_for(studies: Library) -> None:
    """As a value of its own."""
    assert found(studies, status=("",), stated_only=True) == [7, 6, 5, 4]
    assert found(studies, phase=("",), stated_only=True) == [7, 5, 4]


def test_a_study_for_all_is_for_each_sex(studies: Library) -> None:
    """Asking for one sex leaves out those for the other alone."""
    assert found(studies, sex=("FEMALE",), stated_only=True) == [2, 1]
    assert found(studies, sex=("MALE",), stated_only=True) == [3, 1]
    assert found(studies, sex=("ALL",), stated_only=True) == [1]
    assert found(studies, sex=("FEMALE",)) == [2, 1, 7, 6, 5, 4]


def test_a_country_is_where_a_site_is(studies: Library) -> None:
    """Any of its sites; a study without sites does not state it."""
    assert found(studies, country=("China",), stated_only=True) == [1]
    assert 2 in found(studies, country=("China",))


@pytest.mark.parametrize(
    ("age", "out"),
    [
        ("17", {1, 2, 3}),
        ("18", {2, 3}),
        ("39", {2, 3}),
        ("40", {3}),
        ("65", {3}),
        ("66", {1, 3}),
        ("99", {1, 3}),
        ("6 months", {1, 2}),
        ("7 months", {1, 2, 3}),
        ("216 months", {2, 3}),
        ("1 day", {1, 2}),
        ("0", {1, 2}),
    ],
)
def test_an_age_is_within_the_limits_and_a_missing_limit_limits_nobody(
    studies: Library, age: str, out: set[int]
) -> None:
    """Minimum inclusive; maximum to the day before the next birthday: 65 years includes all of the year 65."""
    assert {1, 2, 3} - set(found(studies, age=read_age(age))) == out
    assert {4, 5, 6, 7} <= set(found(studies, age=read_age(age), stated_only=True))


@pytest.mark.parametrize("limit", range(1, 101))
def test_an_age_that_equals_a_limit_never_fails_by_rounding(limit: int) -> None:
    """In single precision, for every limit in years."""
    stated = Age(f"{limit} Years")
    builder = ColumnsBuilder(None)
    builder.add(Study(number=number(1), eligibility=Eligibility(minimum_age=stated, maximum_age=stated)), 1)
    columns = builder.columns()
    asked = [
        f"{limit - 1} Years",
        f"{limit} Years",
        f"{limit * 12} Months",
        f"{limit * 12 + 11} Months",
        f"{limit + 1} Years",
    ]
    kept = [bool(_age(columns, np.arange(1), Age(one)).keep[0]) for one in asked]
    assert kept == [False, True, True, True, False]


def test_a_value_that_no_study_has_finds_those_that_do_not_state_it(studies: Library) -> None:
    """And none, where those are left out."""
    assert found(studies, status=("WITHDRAWN",)) == [7, 6, 5, 4]
    assert found(studies, status=("WITHDRAWN",), stated_only=True) == []


# Order


def test_results_can_be_sorted(studies: Library) -> None:
    """Largest, latest start, latest update first; what is not stated comes last; words still filter."""
    assert found(studies, sort="enrollment") == [3, 1, 2, 7, 6, 5, 4]
    assert found(studies, sort="start")[:2] == [2, 1], "a day of March is later than March as such"
    assert found(studies, sort="updated") == [7, 6, 5, 4, 3, 2, 1]
    assert found(studies, "stroke", sort="updated") == [3, 2, 1]


def test_equal_ones_come_by_number_latest_registered_first(tmp_path: Path) -> None:
    """The order is the same each time."""
    made = library(tmp_path, *(document(number(count), "Same words") for count in (3, 1, 2)))
    assert found(made) == found(made, "same words") == found(made, sort="start") == [3, 2, 1]


# Facets


def values(result: Found, name: str) -> dict[str, int]:
    """Return the counts of a facet, in its order."""
    (facet,) = (facet for facet in result.facets if facet.filter.name == name)
    return {value.value: value.count for value in facet.values}


def test_facets_count_what_was_found(studies: Library) -> None:
    """Most frequent first, what is not stated last; a study in two values counts in each."""
    result = ask(studies)
    assert list(values(result, "status").items()) == [("RECRUITING", 2), ("COMPLETED", 1), ("", 4)]
    assert list(values(result, "phase").items()) == [(NO_PHASE, 2), ("PHASE3", 2), ("PHASE2", 1), ("", 3)]
    assert values(result, "country") == {"China": 1, "France": 1, "": 6}
    assert values(ask(studies, "stroke"), "status") == {"RECRUITING": 2, "COMPLETED": 1}


def test_a_facet_counts_without_its_own_filter(studies: Library) -> None:
    """So that another value can be chosen; the other filters hold."""
    result = ask(studies, status=("COMPLETED",), type=("INTERVENTIONAL",), stated_only=True)
    assert values(result, "status") == {"RECRUITING": 1, "COMPLETED": 1, "": 1}, "of the interventional"
    assert values(result, "type") == {"INTERVENTIONAL": 1}, "of the completed"
    assert values(result, "phase") == {"PHASE3": 1}


def test_a_chosen_value_is_shown_though_it_finds_nothing(studies: Library) -> None:
    """So that it can be taken back."""
    result = ask(studies, "tenecteplase", status=("COMPLETED",), stated_only=True)
    (facet,) = (facet for facet in result.facets if facet.filter.name == "status")
    assert facet.values == (
        FacetValue("RECRUITING", "Recruiting", 1, False),
        FacetValue("COMPLETED", "Completed", 0, True),
    )


def test_a_facets_count_is_what_choosing_it_finds(studies: Library) -> None:
    """For every value of every filter, with nothing else chosen."""
    for facet in ask(studies).facets:
        if facet.filter.name == "sex":
            continue  # a study for all is found under each sex, and counted as one for all
        for value in facet.values:
            chosen = {facet.filter.name: (value.value,)}
            assert ask(studies, **chosen, stated_only=True).total == value.count, chosen


def test_facets_can_be_left_out(studies: Library) -> None:
    """Where nobody looks at them."""
    assert ask(studies, facets=False).facets == ()


# When nothing is found


def test_where_nothing_is_found_leaving_out_a_filter_is_offered(studies: Library) -> None:
    """With the number that it would bring, most first."""
    result = ask(studies, "tenecteplase", status=("COMPLETED",), type=("INTERVENTIONAL",), stated_only=True)
    offered = [(remedy.words, remedy.count) for remedy in result.nothing.remedies]
    assert (result.total, offered[0]) == (0, ("Completed", 1))
    assert ask(studies, "stroke").nothing is None


def test_each_remedy_brings_what_it_says(studies: Library) -> None:
    """Its search, asked, finds its count; age is a filter too."""
    result = ask(studies, "tenecteplase", sex=("MALE",), age=read_age("70"), stated_only=True)
    assert {remedy.words: remedy.count for remedy in result.nothing.remedies}["open to someone aged 70 years"] == 1
    for remedy in result.nothing.remedies:
        assert search(studies, remedy.query).total == remedy.count


def test_a_remedy_that_brings_nothing_is_not_offered(studies: Library) -> None:
    """Of two filters that each exclude all, neither alone helps."""
    result = ask(studies, "tenecteplase", status=("COMPLETED",), type=("OBSERVATIONAL",), stated_only=True)
    assert (result.total, result.nothing.remedies) == (0, ())


# After a change


def test_a_changed_study_is_found_by_its_new_words_alone(tmp_path: Path) -> None:
    """Its old words do not find it, and it is found once."""
    write(tmp_path, document(number(1), "Olden words"), document(number(2), "Others"))
    write(tmp_path, document(number(1), "Newer words"))
    changed = open_library(tmp_path)
    assert found(changed, "olden") == []
    assert found(changed, "newer") == [1]
    assert found(changed, "words") == [1]
    assert ask(changed, "words").total == 1


def test_a_study_that_changed_within_one_load_is_found_once(tmp_path: Path) -> None:
    """By its newer words."""
    write(
        tmp_path,
        document(number(1), "Olden words", updated="2024-01-01"),
        document(number(1), "Newer words", updated="2024-01-02"),
    )
    changed = open_library(tmp_path)
    assert (found(changed, "olden"), found(changed, "words")) == ([], [1])
