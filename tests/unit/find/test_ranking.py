"""A library ranked for a patient: what is asked for, who is a candidate, and what nobody loses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.find.candidates import find_candidates, may_join
from equipoise.find.near import Near
from equipoise.find.ranking import Among, rank_studies
from equipoise.find.wants import Wants, read_wants
from equipoise.matching.match import see
from equipoise.notes.reader import read_note
from equipoise.store.library import Library
from unit.store.made import document, library

LEEDS = Near(53.8, -1.55, 50, "Leeds", "Leeds", "50km")


def study(place: int, title: str, criteria: str = "", **eligibility: str) -> bytes:
    modules: dict[str, Any] = {"eligibility": {"eligibilityCriteria": criteria, **eligibility}}
    return document(f"NCT99{place:06d}", title, conditions={"conditions": [title]}, **modules)


@pytest.fixture
def studies(tmp_path: Path) -> Library:
    return library(
        tmp_path,
        study(1, "Asthma", "Inclusion Criteria:\n- Asthma\nExclusion Criteria:\n- Hypertension"),
        study(2, "Gout", "Inclusion Criteria:\n- Gout\nExclusion Criteria:\n- Asthma"),
        study(3, "Asthma of children", "Inclusion Criteria:\n- Asthma", maximumAge="17 Years"),
        study(4, "Asthma of men", "Inclusion Criteria:\n- Asthma", sex="MALE"),
        study(5, "Stroke", "Inclusion Criteria:\n- Stroke"),
        study(6, "Asthma", "Inclusion Criteria:\n- Asthma\nExclusion Criteria:\n- Gout"),
    )


def ranked(found: Library, text: str, **options: Any) -> list[int]:
    """Return the places of the studies in order."""
    note = read_note(text)
    ranking = rank_studies(found, note.patient, see(note.patient, note.at), note=text, **options)
    return [int(found.columns.number(row)[5:]) for row in ranking.rows.tolist()]


def wanted(text: str) -> Wants:
    return read_wants(read_note(text).patient, text)


def test_denied_and_family_facts_ask_for_nothing() -> None:
    """What the patient does not have, and what a relative has, is not looked for."""
    wants = wanted("A 40-year-old woman with asthma. No stroke. Family history of gout.")
    assert set(wants.problems) == {"asthma"}
    assert not {"stroke", "gout"} & set(wants.words)


def test_an_abbreviation_brings_its_words() -> None:
    """HTN asks for hypertension, too."""
    assert "hypertens" in wanted("48 M with HTN.").words


def test_the_first_sentence_weighs_more() -> None:
    """The problem that a note begins with weighs more than one of its history, and one named often more than once."""
    problems = wanted("A woman with asthma. She also has gout. The gout is treated.").problems
    assert problems["asthma"] > problems["gout"] > 1


def test_facts_alone_ask_for_their_names() -> None:
    """A patient without a note is looked for by the names of facts."""
    patient = read_note("A woman with asthma and gout.").patient
    assert set(read_wants(patient).words) == {"asthma", "gout"}


def test_a_study_that_keeps_the_problem_out_comes_later(studies: Library) -> None:
    """For gout the study of gout comes first, and not one that excludes it."""
    assert ranked(studies, "A 40-year-old man with gout.")[0] == 2


def test_another_age_or_sex_comes_last_and_is_not_lost(studies: Library) -> None:
    """Studies of children and of men come after those that a woman of 40 may join; all of asthma are there."""
    order = ranked(studies, "A 40-year-old woman with asthma.")
    assert set(order[:2]) == {1, 6} and set(order[-2:]) >= {3} and {3, 4} <= set(order)
    assert max(order.index(1), order.index(6)) < min(order.index(3), order.index(4))


def test_an_exclusion_that_holds_moves_a_study_down(studies: Library) -> None:
    """Of two like studies of asthma the one that keeps hypertension out comes second for a patient who has it."""
    assert ranked(studies, "A 40-year-old woman with asthma.")[:2] == [1, 6]
    assert ranked(studies, "A 40-year-old woman with asthma and hypertension.")[:2] == [6, 1]


def test_limits_that_are_not_stated_keep_nobody_out(studies: Library) -> None:
    """A patient of unknown age and sex may join each study, and a study without limits is for everybody."""
    rows = np.arange(len(studies))
    for text, closed in (("Asthma.", set()), ("A 40-year-old woman with asthma.", {3, 4}), ("A boy of 9 years.", {})):
        note = read_note(text)
        keep = may_join(studies.columns, rows, see(note.patient, note.at))
        assert {int(studies.columns.number(row)[5:]) for row in rows[~keep]} == set(closed)


def test_a_record_that_names_nothing_finds_nothing(studies: Library) -> None:
    """Without a word or a problem there is no candidate, and no error."""
    note = read_note("A 40-year-old woman.")
    seen = see(note.patient, note.at)
    assert len(find_candidates(studies, read_wants(note.patient), seen).rows) == 0
    assert ranked(studies, "") == []


def test_filters_keep_theirs_and_lose_none(studies: Library) -> None:
    """Among the rows that a search kept all are ranked: those that are about nothing of it come last."""
    rows = np.array([studies.columns.row("NCT99000005"), studies.columns.row("NCT99000001")])
    assert ranked(studies, "A 40-year-old woman with asthma.", among=Among(rows)) == [1, 5]
    assert sorted(ranked(studies, "Nothing known.", among=Among(rows, LEEDS))) == [1, 5]


def test_the_order_is_the_same_each_time(studies: Library) -> None:
    """The same note gives the same order."""
    text = "A 40-year-old woman with asthma, gout and a stroke."
    assert ranked(studies, text) == ranked(studies, text)
