"""Laws of related studies, on the demonstration registry and on real records."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from equipoise import related_studies
from equipoise.find.reasons import Reason
from equipoise.find.related import RelatedStudy
from equipoise.records.study import Study
from equipoise.store.index import words
from equipoise.store.library import Library
from equipoise.store.topics import read_topics


def everything(study: Study) -> set[str]:
    """Return every word of a study's texts that reasons may be taken from."""
    texts = [study.title, *study.conditions, *study.keywords, study.summary, study.eligibility.eligibility_criteria]
    return {word for text in texts for word in words(text or "")}


def is_true(reason: Reason, mine: Study, theirs: Study) -> bool:
    """Return whether both records say what a reason says, by another way than that it was made."""
    if reason.kind == "words":
        return all(set(words(name)) <= everything(mine) & everything(theirs) for name in reason.names)
    if reason.kind == "design":
        phase = re.fullmatch(r"both (?:early )?phase.*", reason.text)
        return (
            bool(set(mine.design.phases) & set(theirs.design.phases))
            if phase
            else (mine.design.study_type == theirs.design.study_type)
        )
    if reason.kind == "people":
        return all(_is_for(reason.names[0], study) for study in (mine, theirs))
    ours, others = read_topics(mine), read_topics(theirs)
    known = [{*topics.above, *(one.name for one in topics.own.values())} for topics in (ours, others)]
    if reason.text.startswith("same ") and not reason.text.startswith("same class"):
        return all(any(one.name == name for one in ours.own.values()) and bool(known[1]) for name in reason.names) and (
            len(ours.own.keys() & others.own.keys()) >= len(reason.names)
        )
    if reason.kind == "class" and reason.text.startswith(("same class", "both ")):
        return all(reason.names[0] in names for names in known)
    return all(reason.names[-1] in names for names in known)  # "a kind of"


def _is_for(people: str, study: Study) -> bool:
    limits = study.eligibility
    if people == "children":
        return limits.maximum_age is not None and limits.maximum_age.days <= 18 * 366
    assert limits.minimum_age is not None
    return (
        limits.minimum_age.days >= 18 * 365 and {"women": "FEMALE", "men": "MALE"}.get(people, limits.sex) == limits.sex
    )


def openness(one: RelatedStudy) -> int:
    """Return how near a study is to being open: 0 if it is."""
    return 0 if one.tone == "open" else 1 if one.status in ("Not yet recruiting", "Enrolling by invitation") else 2


def check(library: Library, number: str) -> tuple[RelatedStudy, ...]:
    """Check the laws for one study."""
    found = related_studies(library, number)
    assert found == related_studies(library, number)
    assert number not in {one.number for one in found}
    assert len({one.number for one in found}) == len(found)
    study = library.study(number)
    # A record that states neither what it is about nor how it is done has nothing in common with anyone.
    if study.conditions or study.design.study_type:
        assert len(found) >= min(5, len(library) - 1)
    for one in found:
        assert one.reasons
        assert 0 <= one.score <= 1
        for reason in one.reasons:
            assert is_true(reason, study, library.study(one.number)), (number, one.number, reason)
    return found


def test_laws_hold_in_the_demonstration_registry(demonstration: Library) -> None:
    """The same every time, never itself, none twice, five or more, and every reason is true of both."""
    for row in range(len(demonstration)):
        check(demonstration, demonstration.columns.number(row))


def test_laws_hold_for_real_records(corpus: Library) -> None:
    """On every thirtieth of the registry's records."""
    for row in range(0, len(corpus), 30):
        check(corpus, corpus.columns.number(row))


def test_steps_fall_and_open_ones_lead_each(corpus: Library) -> None:
    """Down the list scores fall by steps; within a step no closed study stands before an open one."""
    for row in range(0, len(corpus), 60):
        for first, second in pairwise(related_studies(corpus, corpus.columns.number(row))):
            assert second.score < first.score + 0.021
            if second.score > first.score + 0.001:
                assert openness(first) < openness(second)


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
def test_the_trial_pages_find_each_other(seeds: Library, at: int) -> None:
    """Each of the five pages finds the four others."""
    numbers = {seeds.columns.number(row) for row in range(5)}
    number = seeds.columns.number(at)
    assert {one.number for one in check(seeds, number)} == numbers - {number}
