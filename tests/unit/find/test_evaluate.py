"""Each operator finds the studies that it says, and no other, in small libraries made for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from equipoise.errors import QueryError
from equipoise.find import reading
from equipoise.find.essie import parse_expression
from equipoise.find.evaluate import Evaluator
from equipoise.store.library import Library
from equipoise.terms.lexicon import lexicon
from unit.store.made import document, library


def site(city: str | None = None, status: str | None = None, **rest: Any) -> dict[str, Any]:
    named = {"city": city, "status": status, **rest}
    return {name: value for name, value in named.items() if value is not None}


STUDIES: dict[int, tuple[str, dict[str, Any]]] = {
    1: (
        "Aspirin after heart attack",
        {
            "status": {
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2022-05", "type": "ACTUAL"},
                "whyStopped": "",
            },
            "design": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE2", "PHASE3"],
                "enrollmentInfo": {"count": 120, "type": "ESTIMATED"},
                "designInfo": {"maskingInfo": {"masking": "NONE"}},
            },
            "eligibility": {"sex": "ALL", "minimumAge": "18 Years", "healthyVolunteers": False},
            "conditions": {"conditions": ["Heart Attack", "Diabetes"], "keywords": ["cardiac care"]},
            "contactsLocations": {
                "locations": [
                    site("Paris", "RECRUITING", country="France", facility="City Clinic"),
                    site("Lyon", "COMPLETED", country="France", facility="Heart Institute"),
                ]
            },
        },
    ),
    2: (
        "Myocardial infarction and sleep",
        {
            "status": {"overallStatus": "ACTIVE_NOT_RECRUITING", "startDateStruct": {"date": "2022-05-17"}},
            "design": {"studyType": "OBSERVATIONAL", "enrollmentInfo": {"count": 0, "type": "ACTUAL"}},
            "eligibility": {"sex": "FEMALE", "maximumAge": "65 Years", "healthyVolunteers": True},
            "conditions": {"conditions": ["Myocardial Infarction"]},
            "contactsLocations": {
                "locations": [
                    site("Lyon", "RECRUITING", country="France", facility="Paris Road Clinic", zip="69001"),
                    site("New York", "COMPLETED", country="United States", state="New York"),
                ]
            },
        },
    ),
    3: (
        "Attack of the heart: a survey of PCI",
        {
            "status": {
                "startDateStruct": {"date": "2022"},
                "whyStopped": "slow enrolment",
                "statusVerifiedDate": "2023-01",
            },
            "design": {"studyType": "INTERVENTIONAL", "phases": ["NA"], "enrollmentInfo": {"count": 1500}},
            "eligibility": {"sex": "MALE", "minimumAge": "6 Months", "maximumAge": "216 Months"},
            "conditions": {"conditions": ["Café Syndrome", "cafe", "Stroke", "Heart"]},
            "contactsLocations": {"locations": [site("Seoul", country="Korea, Republic of")]},
        },
    ),
    4: (
        "Nothing is stated here",
        {"status": {"startDateStruct": {"date": None}}, "contactsLocations": {"locations": []}, "conditions": {}},
    ),
    5: (
        "Cafe stroke stroke unit",
        {
            "conditions": {"conditions": ["Acute Stroke"]},
            "description": {"briefSummary": "Given by hand.", "detailedDescription": "The infarction of a heart."},
            "eligibility": {"eligibilityCriteria": "No aspirin before."},
            "contactsLocations": {"locations": [site(None, "WITHDRAWN", contacts=[{"name": "Ann Lee"}]), site("Oslo")]},
        },
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Library:
    documents = [document(f"NCT9900000{count}", title, **modules) for count, (title, modules) in STUDIES.items()]
    return library(tmp_path_factory.mktemp("evaluate"), *documents)


def found(library: Library, text: str, *, area: str = "BasicSearch", dropped: tuple[str, ...] = ()) -> list[int]:
    """Return the last digits of the studies that an expression finds."""
    expression = parse_expression(text)
    assert expression is not None
    evaluator = Evaluator(library, lexicon(), frozenset(dropped))
    clause = evaluator.answer(expression, text, area)
    rows = np.arange(len(library)) if clause.query is None else evaluator.rows(clause.query)
    if clause.mask is not None:
        rows = rows[clause.mask[rows]]
    return sorted(int(library.columns.number(int(row))[-1]) for row in rows)


def said(library: Library, text: str) -> str:
    with pytest.raises(QueryError) as caught:
        found(library, text)
    assert 0 <= caught.value.span[0] < caught.value.span[1] <= len(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # Words: all of them, in any fields of the area, in any order; quoted ones side by side in one field.
        ("AREA[BriefTitle]heart attack", [1, 2, 3]),
        ('AREA[BriefTitle]"heart attack"', [1]),
        ('AREA[BriefTitle]"attack heart"', []),
        ('AREA[BriefTitle]"of the heart"', [3]),
        ("AREA[BriefTitle]attacks", [1, 3]),
        ("aspirin diabetes", [1]),
        ("AREA[Condition]diabetes heart", [1]),
        ('AREA[Condition]"attack diabetes"', []),
        ('"café"', [3, 5]),
        # What is not in the basic area is not found there.
        ("AREA[EligibilitySearch]aspirin", [5]),
        ('"no aspirin"', []),
        ('AREA[DetailedDescription]"infarction of a heart"', [5]),
        ("AREA[WhyStopped]slow", [3]),
        ('AREA[protocolSection.statusModule.whyStopped]"slow enrolment"', [3]),
        ("AREA[whystopped]SLOW", [3]),
        # Operators.
        ("AREA[BriefTitle]sleep OR AREA[BriefTitle]survey", [2, 3]),
        ("AREA[Condition](diabetes AND heart)", [1]),
        ("AREA[Condition](diabetes OR stroke)", [1, 3, 5]),
        ("NOT AREA[Condition]stroke", [1, 2, 4]),
        ("AREA[Condition]NOT stroke", [1, 2, 4]),
        ("NOT NOT AREA[Condition]stroke", [3, 5]),
        ("ALL", [1, 2, 3, 4, 5]),
        ("NOT ALL", []),
        ("ALL AND AREA[Condition]diabetes", [1]),
        ("SEARCH[Study](AREA[Condition]diabetes)", [1]),
        # A context holds for all in it, and an inner one replaces it.
        ("AREA[Condition](AREA[BriefTitle]sleep OR diabetes)", [1, 2]),
        # Enumerations, as published, by label, by what they were called before, in any case.
        ("AREA[OverallStatus]RECRUITING", [1]),
        ("AREA[OverallStatus]active_not_recruiting", [2]),
        ('AREA[OverallStatus]"Active, not recruiting"', [2]),
        ("AREA[Phase]PHASE3", [1]),
        ("AREA[Phase]Phase 2", [1]),
        ("AREA[Phase]Not Applicable", [3]),
        ("AREA[Phase](PHASE2 AND PHASE3)", [1]),
        ("AREA[EnrollmentType]Anticipated", [1]),
        ("AREA[StartDateType]actual", [1]),
        ("AREA[DesignMasking]NONE", [1]),
        ('AREA[DesignMasking]"None (Open Label)"', [1]),
        ("AREA[Sex]ALL", [1]),
        ("AREA[Sex]MALE", [3]),
        ("AREA[Sex](MALE OR FEMALE)", [2, 3]),
        ("NOT AREA[Sex]ALL", [2, 3, 4, 5]),
        # Flags.
        ("AREA[HealthyVolunteers]true", [2]),
        ("AREA[HealthyVolunteers]No", [1]),
        ("AREA[HealthyVolunteers]MISSING", [3, 4, 5]),
        # Dates: a month is all of its days, and one that is stated as a month counts as its first day.
        ("AREA[StartDate]2022", [1, 2, 3]),
        ("AREA[StartDate]2022-05", [1, 2]),
        ("AREA[StartDate]2022-05-17", [2]),
        ("AREA[StartDate]05/17/2022", [2]),
        ("AREA[StartDate]RANGE[2022-05-02, MAX]", [2]),
        ("AREA[StartDate]RANGE[MIN, 2022-05-01]", [1, 3]),
        ("AREA[StartDate]RANGE[2022-01-01, 2022-01]", [3]),
        ("AREA[StartDate]RANGE[MIN, MAX]", [1, 2, 3]),
        ("AREA[StartDate]MISSING", [4, 5]),
        ("NOT AREA[StartDate]RANGE[2022-05, MAX]", [3, 4, 5]),
        ("AREA[StatusVerifiedDate]2023", [3]),
        # Numbers.
        ("AREA[EnrollmentCount]120", [1]),
        ("AREA[EnrollmentCount]1,500", [3]),
        ("AREA[EnrollmentCount]0", [2]),
        ("AREA[EnrollmentCount]RANGE[0, 120]", [1, 2]),
        ("AREA[EnrollmentCount]RANGE[120.5, MAX]", [3]),
        ("AREA[EnrollmentCount]MISSING", [4, 5]),
        # Ages, in any unit; a limit that is not stated lies in no range.
        ("AREA[MinimumAge]18 years", [1]),
        ("AREA[MinimumAge]216 Months", [1]),
        ("AREA[MinimumAge]18", [1]),
        ("AREA[MaximumAge]18 years", [3]),
        ("AREA[MinimumAge]RANGE[MIN, 16 years]", [3]),
        ("AREA[MaximumAge]RANGE[65 years, MAX]", [2]),
        ("AREA[MaximumAge]RANGE[66 years, MAX]", []),
        ("AREA[MinimumAge]RANGE[MIN, 16 years] AND AREA[MaximumAge]RANGE[16 years, MAX]", [3]),
        ("AREA[MaximumAge](RANGE[16 years, MAX] OR MISSING)", [1, 2, 3, 4, 5]),
        # Fields and branches that are not stated; a value that says nothing states nothing.
        ("AREA[WhyStopped]MISSING", [1, 2, 4, 5]),
        ("AREA[Condition]MISSING", [4]),
        ("AREA[ConditionsModule]MISSING", [4]),
        ("AREA[StartDateStruct]MISSING", [4, 5]),
        ("AREA[ResultsSection]MISSING", [1, 2, 3, 4, 5]),
        ("AREA[DesignModule]MISSING", [4, 5]),
        ("AREA[Location]MISSING", [4]),
        ("NOT AREA[Location]MISSING", [1, 2, 3, 5]),
        ("AREA[EligibilitySearch]MISSING", [1, 2, 3, 4]),
        ("MISSING", []),
        # Words in a branch of the record.
        ("AREA[ConditionsModule]cardiac", [1]),
        ("AREA[ConditionsModule]diabetes cardiac", [1]),
        ("AREA[DesignModule]interventional", [1, 3]),
        ("AREA[IdentificationModule]sleep", [2]),
        # How many.
        ("AREA[Location:size]2", [1, 2, 5]),
        ("AREA[Location:size]RANGE[1, 1]", [3]),
        ("AREA[Location:size]0", [4]),
        ("AREA[LocationCity:size]RANGE[MIN, 1]", [3, 4, 5]),
        ("AREA[Condition:size]RANGE[2, MAX]", [1, 3]),
        ("AREA[Condition:size]0", [4]),
        ("AREA[Phase:size](1 OR 2)", [1, 3]),
        ("NOT AREA[Condition:size]1", [1, 3, 4]),
        # Words that are marks alone, or longer than any in the index.
        ("AREA[Condition]- diabetes", [1]),
        ("AREA[Condition]-", [1, 2, 3, 5]),
        ('AREA[WhyStopped]"?!"', [3]),
        ("& stroke", [3, 5]),
        ("w" * 70, []),
        (f"stroke {'w' * 70}", []),
        (f"NOT {'w' * 70}", [1, 2, 3, 4, 5]),
        # Mixtures of what the index and what the columns know.
        ("AREA[Condition]stroke OR AREA[EnrollmentCount]120", [1, 3, 5]),
        ("AREA[Condition]stroke AND AREA[EnrollmentCount]1500", [3]),
        ("NOT (AREA[Condition]stroke OR AREA[EnrollmentCount]120)", [2, 4]),
        ("NOT (AREA[Condition]stroke AND AREA[EnrollmentCount]1500)", [1, 2, 4, 5]),
        ("NOT AREA[EnrollmentCount]RANGE[100, MAX] AND NOT AREA[Condition]MISSING", [2, 5]),
        ("(AREA[Phase]PHASE3 AND AREA[StartDate]2022) OR SEARCH[Location](AREA[LocationCity]Seoul)", [1, 3]),
        ("NOT SEARCH[Location](AREA[LocationCity]Lyon) AND AREA[StartDate]2022", [3]),
        # Identifiers.
        ("NCT99000003", [3]),
        ("AREA[NCTId]nct99000003", [3]),
        # Half characters and control characters are marks like others.
        ("AREA[Condition]stroke \ud800", [3, 5]),
        ("AREA[Condition]\x00stroke", [3, 5]),
    ],
)
def test_expressions_find(made, text, numbers):
    """What stands on the left finds the studies on the right."""
    assert found(made, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # At one site, not at two.
        ("AREA[LocationCity]Lyon AND AREA[LocationStatus]RECRUITING", [1, 2]),
        ("SEARCH[Location](AREA[LocationCity]Lyon AND AREA[LocationStatus]RECRUITING)", [2]),
        ("SEARCH[Location](AREA[LocationCity]Lyon AND NOT AREA[LocationStatus]RECRUITING)", [1]),
        ("NOT SEARCH[Location](AREA[LocationCity]Lyon AND AREA[LocationStatus]RECRUITING)", [1, 3, 4, 5]),
        ("SEARCH[Location](NOT AREA[LocationCity]Lyon)", [1, 2, 3, 5]),
        ("SEARCH[Location](AREA[LocationCity](Lyon OR Oslo))", [1, 2, 5]),
        # Without an area the words may stand in any of a site's fields, one here, one there.
        ("SEARCH[Location](Paris)", [1, 2]),
        ("SEARCH[Location](Lyon Paris)", [2]),
        ('SEARCH[Location]("Lyon Paris")', []),
        ("SEARCH[Location]Lyon", [1, 2]),
        ("AREA[LocationCity]SEARCH[Location](Paris)", [1]),
        ("SEARCH[Location](EXPANSION[Lossy]Paris Oslo)", [1, 2, 5]),
        ("SEARCH[Location](AREA[LocationCity]York New)", [2]),
        ('SEARCH[Location](AREA[LocationCity]"York New")', []),
        ("SEARCH[Location](AREA[LocationCity]EXPANSION[Term]York New)", []),
        # Fields without a column.
        ("SEARCH[Location](AREA[LocationFacility]clinic AND AREA[LocationCity]Paris)", [1]),
        ("SEARCH[Location](AREA[LocationFacility]clinic)", [1, 2]),
        ("SEARCH[Location](NOT AREA[LocationFacility]clinic)", [1, 2, 3, 5]),
        ("SEARCH[Location](AREA[LocationFacility]MISSING AND AREA[LocationStatus]WITHDRAWN)", [5]),
        ("SEARCH[Location](AREA[LocationFacility]COVERAGE[StartsWith]Paris)", [2]),
        ("SEARCH[Location](AREA[LocationFacility]EXPANSION[None]paris)", []),
        ("SEARCH[Location](AREA[LocationContactName]ann AND AREA[LocationStatus]WITHDRAWN)", [5]),
        ("SEARCH[Location](AREA[Location]Clinic Paris)", [1, 2]),
        ("SEARCH[Location](AREA[Location]withdrawn)", [5]),
        ("SEARCH[Location](AREA[Location]MISSING)", []),
        # Columns answer how much of a value, and letter for letter, as well.
        ("SEARCH[Location](AREA[LocationCity]COVERAGE[FullMatch]York)", []),
        ("SEARCH[Location](AREA[LocationCity]COVERAGE[EndsWith]York)", [2]),
        ("SEARCH[Location](AREA[LocationCity]EXPANSION[None]lyon)", []),
        ("SEARCH[Location](AREA[LocationCity]EXPANSION[None]Lyon)", [1, 2]),
        ("SEARCH[Location](AREA[LocationCity]MISSING)", [5]),
        ("SEARCH[Location](AREA[LocationStatus]MISSING AND AREA[LocationCity]Oslo)", [5]),
        ("SEARCH[Location](AREA[LocationZip]69001)", [2]),
        ("SEARCH[Location](ALL)", [1, 2, 3, 5]),
        ("NOT SEARCH[Location](ALL)", [4]),
        # Countries under the name of today and of before.
        ("SEARCH[Location](AREA[LocationCountry]South Korea)", [3]),
        ('SEARCH[Location](AREA[LocationCountry]"Korea, Republic of")', [3]),
        ("AREA[LocationCountry]South Korea", [3]),
        ('AREA[LocationCountry]"Korea, Republic of"', [3]),
        ('AREA[LocationCountry]COVERAGE[FullMatch]"South Korea"', [3]),
        ("SEARCH[Location](AREA[LocationCountry]South Korea AND NOT AREA[LocationFacility]x)", [3]),
    ],
)
def test_one_site(made, text, numbers):
    """Clauses in `SEARCH[Location]` hold of one and the same site."""
    assert found(made, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("AREA[Condition]COVERAGE[FullMatch]heart", [3]),
        ("AREA[Condition]COVERAGE[FullMatch]HEART ATTACK", [1]),
        ("AREA[Condition]COVERAGE[StartsWith]heart", [1, 3]),
        ("AREA[Condition]COVERAGE[EndsWith]stroke", [3, 5]),
        ("AREA[Condition]COVERAGE[Contains]stroke", [3, 5]),
        ("AREA[BriefTitle]COVERAGE[FullMatch]aspirin after heart attack", [1]),
        ("AREA[BriefTitle]COVERAGE[FullMatch]heart attack", []),
        ("AREA[BriefTitle]COVERAGE[EndsWith]heart attacks", [1]),
        ("AREA[BriefTitle]COVERAGE[StartsWith](attack OR nothing)", [3, 4]),
        ("COVERAGE[StartsWith]AREA[BriefTitle]attack of", [3]),
        ("NOT AREA[Condition]COVERAGE[StartsWith]heart", [2, 4, 5]),
        # Letter for letter: case and accents.
        ("AREA[Condition]EXPANSION[None]Café", [3]),
        ("AREA[Condition]EXPANSION[None]Cafe", []),
        ("AREA[Condition]EXPANSION[None]cafe", [3]),
        ("AREA[Condition]EXPANSION[None]Strokes", []),
        ("AREA[Condition]EXPANSION[None]COVERAGE[FullMatch]cafe", [3]),
        ("AREA[Condition]EXPANSION[None]COVERAGE[FullMatch]Cafe", []),
        ("AREA[BriefTitle]EXPANSION[None]PCI", [3]),
        ("AREA[BriefTitle]EXPANSION[None]pci", []),
        # Any ending, side by side.
        ("AREA[BriefTitle]EXPANSION[Term]heart attack", [1]),
        ("AREA[Condition]EXPANSION[Term]strokes", [3, 5]),
        # Under another name too, but not apart.
        ("AREA[BriefTitle]EXPANSION[Concept]heart attack", [1, 2]),
        # Apart, and under another name.
        ("AREA[BriefTitle]EXPANSION[Relaxation]heart attack", [1, 2, 3]),
        # Some of them.
        ("AREA[BriefTitle]EXPANSION[Lossy]sleep survey nowhere", [2, 3]),
    ],
)
def test_coverage_and_expansion(made, text, numbers):
    """How much of a value the words must be, and how far they are widened."""
    assert found(made, text) == numbers


def test_marks_of_what_must_not_be_there_are_not_shown(made):
    """Only the words that a study was found by are marked."""
    text = "AREA[Condition]stroke NOT heart"
    evaluator = Evaluator(made, lexicon())
    evaluator.answer(parse_expression(text), text)
    assert evaluator.marks == {"stroke"}


def test_synonyms_are_used_told_and_dropped(made):
    """A heart attack is a myocardial infarction, unless that name is dropped, or the words are quoted."""
    assert found(made, "heart attack", area="ConditionSearch") == [1, 2, 3]
    assert found(made, "heart attack", area="ConditionSearch", dropped=("myocardial infarction",)) == [1, 3]
    assert found(made, '"heart attack"', area="ConditionSearch") == [1]
    evaluator = Evaluator(made, lexicon())
    evaluator.answer(parse_expression("old heart attack"), "old heart attack", "ConditionSearch")
    [used] = evaluator.synonyms
    assert (used.said, used.name) == ("heart attack", "myocardial infarction")
    assert "myocardial infarction" in used.others


def test_a_place_is_not_found_under_other_words(made):
    """Fields for which the registry seeks no other words are searched for the words themselves."""
    evaluator = Evaluator(made, lexicon())
    evaluator.answer(parse_expression("heart attack"), "heart attack", "LocationSearch")
    assert evaluator.synonyms == ()


ERRORS = r"""
Unknown area name: `Zzz`
    AREA[Zzz]x
         ^~~
Names are those of search areas (ConditionSearch) and fields (BriefTitle).

Unknown area name: `Brieftitel`
    stroke AREA[Brieftitel]x
                ^~~~~~~~~~
Did you mean BriefTitle?

Unknown value for enum field `Phase`: PHASE9
    AREA[Phase]PHASE9
               ^~~~~~
Did you mean PHASE4 or PHASE3 or PHASE2? Allowed values: NA, EARLY_PHASE1, PHASE1, PHASE2, PHASE3, PHASE4.

HealthyVolunteers is true or false
    AREA[HealthyVolunteers]maybe
                           ^~~~~
Write true or false.

This is not a date
    AREA[StartDate]May
                   ^~~
Write a date as 2020, 2020-05 or 2020-05-17.

This is not an age
    AREA[MinimumAge]old
                    ^~~
Write an age as 18 years, 6 months or 2 weeks.

This is not a number
    AREA[EnrollmentCount]many
                         ^~~~
Write a number, such as 100.

The lower limit is above the upper
    AREA[StartDate]RANGE[2021, 2020]
                   ^~~~~~~~~~~~~~~~~
Swap them.

RANGE needs a field of dates, numbers or ages
    AREA[Condition]RANGE[1, 2]
                   ^~~~~~~~~~~
Write AREA[StartDate] before it; Condition has words.

Values are counted in one field
    AREA[ConditionSearch:size]2
                              ^
Name the field: AREA[Condition:size].

This is not a number
    AREA[Location:size]few
                       ^~~
Write a number, such as 100.

LocationGeoPoint holds no words
    AREA[LocationGeoPoint]x
                          ^
Write MISSING, or name a field with words.

TILT is not answered
    a TILT[StartDate]x
      ^~~~~~~~~~~~~~~~
It changes no finding, only the order: leave it out, or sort.

Phase is not a field of a site
    SEARCH[Location](AREA[Phase]PHASE1)
                          ^~~~~
Within SEARCH[Location] use LocationCity, LocationState, LocationCountry, LocationStatus, LocationFacility, LocationZip, or LocationSearch.

Dates and numbers of a site are not compared
    SEARCH[Location](RANGE[1, 2])
                     ^~~~~~~~~~~
Leave RANGE out of SEARCH[Location].

SEARCH[Study] stands in SEARCH[Location]
    SEARCH[Location](a AND SEARCH[Study]b)
                           ^~~~~~~~~~~~~~
Write it beside it, joined by AND.

SEARCH[Location] stands in SEARCH[Location]
    SEARCH[Location](SEARCH[Location]b)
                     ^~~~~~~~~~~~~~~~~
Write it beside it, joined by AND.

TILT is not answered
    SEARCH[Location](TILT[LocationCity]b)
                     ^~~~~~~~~~~~~~~~~~~
It changes no finding, only the order: leave it out, or sort.

The values of one site are not counted
    SEARCH[Location](AREA[LocationContact:size]2)
                          ^~~~~~~~~~~~~~~~~~~~
Leave :size out of SEARCH[Location].

Unknown value for enum field `LocationStatus`: open
    SEARCH[Location](AREA[LocationStatus]open)
                                         ^~~~
Allowed values: ACTIVE_NOT_RECRUITING, COMPLETED, ENROLLING_BY_INVITATION, NOT_YET_RECRUITING, RECRUITING, SUSPENDED, TERMINATED, WITHDRAWN, AVAILABLE.
"""  # noqa: E501


@pytest.mark.parametrize("message", ERRORS.strip().split("\n\n"))
def test_what_cannot_be_answered_is_pointed_at(made, message):
    """The whole message for the text that stands in it."""
    assert said(made, message.split("\n")[1].removeprefix("    ")) == message


def test_too_many_records_are_not_read(made, monkeypatch):
    """What only the records tell is asked of so many and no more."""
    monkeypatch.setattr(reading, "MOST", 2)
    assert said(made, "AREA[Condition]COVERAGE[EndsWith]stroke OR AREA[Condition:size]1") == (
        "To answer this, 4 records would have to be read; at most 2 are\n"
        "    AREA[Condition]COVERAGE[EndsWith]stroke OR AREA[Condition:size]1\n"
        "                                                                   ^\n"
        "Search in a field, or for more words, so that fewer studies are in question."
    )
    assert found(made, "AREA[Location:size]2") == [1, 2, 5]


def test_a_record_that_is_odd_inside_is_read_whole():
    """Where a value stands in the place of an object, what is asked of a record is asked of all of it."""
    odd = b'{"protocolSection": {"statusModule": [1, {"whyStopped": "x"}]}}'
    part = reading.decode_part(odd, ("protocolSection.statusModule.whyStopped",))
    assert part == {"protocolSection": {"statusModule": [1, {"whyStopped": "x"}]}}
