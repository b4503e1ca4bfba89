"""Related studies have something in common, which is said; open ones come first among equals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from equipoise import related_studies
from equipoise.app.answers import related_answer
from equipoise.errors import StudyNotFound
from equipoise.find.related import NO_RELATED, RelatedStudy
from equipoise.store.library import Library
from unit.store.made import document, library


def numbered(place: int) -> str:
    return f"NCT99{place:06d}"


def study(place: int, title: str, conditions: tuple[str, ...] = (), drug: str | None = None, **more: Any) -> bytes:
    modules: dict[str, Any] = {"conditions": {"conditions": list(conditions)}, **more}
    if drug:
        modules["armsInterventions"] = {"interventions": [{"type": "DRUG", "name": drug}]}
    return document(numbered(place), title, **modules)


def why(found: tuple[RelatedStudy, ...], place: int) -> str:
    return next(one.why for one in found if one.number == numbered(place))


@pytest.fixture
def studies(tmp_path: Path) -> Library:
    adults = {"eligibility": {"minimumAge": "18 Years"}}
    return library(
        tmp_path,
        study(1, "Anakinra in sepsis", ("Sepsis",), "Anakinra", **adults),
        study(2, "Kineret for gout", ("Gout",), "Anakinra", **adults),
        study(3, "Vasopressin in septic shock", ("Septic Shock",), "Vasopressin"),
        study(4, "Infliximab for colitis", ("Colitis",), "Infliximab"),
        study(5, "Tea", ("Thirst",), "Tea"),
        study(6, "Coffee", ("Thirst",), "Coffee"),
        study(7, "Milk", ("Hunger",), "Milk"),
    )


def test_reasons_say_what_both_name(studies: Library) -> None:
    """The same drug, a kind of the same condition, a class of both drugs, whom both are for."""
    found = related_studies(studies, numbered(1))
    assert why(found, 2) == "same drug: anakinra; both for adults"
    assert why(found, 3) == "septic shock: a kind of sepsis"
    assert why(found, 4) == "same class: cytokine inhibitor (anakinra; infliximab)"


def test_what_happens_in_any_study_is_no_reason(tmp_path: Path) -> None:
    """That patients of both are in hospital relates them by nothing; the drug of both does."""
    made = library(
        tmp_path,
        study(1, "Anakinra and hospitalization", ("Sepsis",), "Anakinra"),
        study(2, "Kineret, gout and hospitalization", ("Gout",), "Anakinra"),
    )
    assert why(related_studies(made, numbered(1)), 2) == "same drug: anakinra"


def test_most_in_common_comes_first(studies: Library) -> None:
    """And a name in the record's own words counts as one."""
    assert related_studies(studies, numbered(5))[0].number == numbered(6)
    assert "same condition" in related_studies(studies, numbered(5))[0].why


def test_open_ones_come_first_among_equals(tmp_path: Path) -> None:
    """Of studies that are alike in everything, open before coming before closed, then by number."""
    statuses = ("COMPLETED", "RECRUITING", "NOT_YET_RECRUITING", "RECRUITING", "COMPLETED")
    copies = [
        study(place, "Anakinra in gout", ("Gout",), "Anakinra", status={"overallStatus": status})
        for place, status in enumerate(statuses, 1)
    ]
    found = related_studies(
        library(tmp_path, study(9, "Anakinra in gout", ("Gout",), "Anakinra"), *copies), numbered(9)
    )
    assert [one.number for one in found] == [numbered(place) for place in (2, 4, 3, 1, 5)]


def test_who_can_join_both_comes_before_who_cannot(tmp_path: Path) -> None:
    """A study of children is less related to one of adults than its twin for adults is."""
    adults, children = {"minimumAge": "18 Years"}, {"maximumAge": "12 Years"}
    made = [
        study(place, "Anakinra in gout", ("Gout",), "Anakinra", eligibility=limits)
        for place, limits in ((1, adults), (2, children), (3, adults))
    ]
    found = related_studies(library(tmp_path, *made), numbered(1))
    assert [one.number for one in found] == [numbered(3), numbered(2)]
    assert "both for adults" in found[0].why
    assert "both for" not in found[1].why


def test_at_least_five_are_shown_where_five_are_alike_in_something(tmp_path: Path) -> None:
    """Though no topic and no word is shared: then the reasons are those that are true, and no more."""
    modules = {"design": {"studyType": "OBSERVATIONAL"}}
    titles = ("Tea", "Milk", "Bread", "Salt", "Water", "Honey", "Rice")
    made = [study(place, title, (), **modules) for place, title in enumerate(titles, 1)]
    found = related_studies(library(tmp_path, *made), numbered(1))
    assert [one.number for one in found] == [numbered(place) for place in range(2, 7)]
    assert {one.why for one in found} == {"both observational"}


def test_a_study_alone_has_none(tmp_path: Path) -> None:
    """The answer says so, and what to do."""
    alone = library(tmp_path, study(1, "Tea"))
    found = related_studies(alone, numbered(1))
    assert found == ()
    assert related_answer(alone.study(numbered(1)), found).note == NO_RELATED


def test_a_removed_version_does_not_count(tmp_path: Path) -> None:
    """After an update the study is related by what it says now."""
    library(tmp_path, study(1, "Anakinra in gout", ("Gout",), "Anakinra"), study(2, "Anakinra", (), "Anakinra"))
    changed = document(numbered(2), "Tea in gout", updated="2026-01-01", conditions={"conditions": ["Gout"]})
    found = related_studies(library(tmp_path, changed), numbered(1))
    assert [one.number for one in found] == [numbered(2)]
    assert "anakinra" not in found[0].why
    assert "gout" in found[0].why


def test_the_limit_is_kept(studies: Library) -> None:
    """Fewer than five where fewer are asked for."""
    assert len(related_studies(studies, numbered(1), limit=2)) == 2


def test_a_study_that_is_not_there_is_said(studies: Library) -> None:
    """As everywhere."""
    with pytest.raises(StudyNotFound):
        related_studies(studies, numbered(99))
