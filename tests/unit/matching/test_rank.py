"""Topic and eligibility to one order: what moves a study, and what never does."""

from __future__ import annotations

from equipoise.criteria.compile import compile_criteria
from equipoise.matching.match import see, state_of
from equipoise.matching.rank import Standing, fuse, standing_of, weigh
from equipoise.matching.verdicts import Asked
from equipoise.records.moments import Moment
from equipoise.records.patient import read_patient

TEXT = "Inclusion Criteria:\n- Age 18 to 65 years\n- Asthma\nExclusion Criteria:\n- Diabetes\n- Pregnancy"


def standing(*facts: dict[str, object]) -> Standing:
    """Return how the criteria of TEXT stand for a patient with these facts."""
    asked = [Asked(one.id, one.section, one.rule) for one in compile_criteria(TEXT) if one.parent is None]
    seen = see(read_patient({"facts": list(facts)}), Moment("2026-01-15"))
    return standing_of(asked, [state_of(one, seen) for one in asked])


def age(years: int) -> dict[str, object]:
    return {"kind": "demographic", "concept": {"name": "age"}, "value": years, "unit": "a"}


def condition(name: str) -> dict[str, object]:
    return {"kind": "condition", "concept": {"name": name}}


def test_criteria_are_counted_by_side() -> None:
    """Met and unknown inclusions are counted; an exclusion that holds is told from an inclusion that does not."""
    found = standing(age(40), condition("asthma"), condition("diabetes"))
    assert (found.inclusion, found.met, found.unknown) == (2, 2, 0)
    assert (found.excluded, found.not_included, found.other_people) == (True, False, False)


def test_another_age_is_told_from_other_criteria() -> None:
    """Too old is another kind of not met than an inclusion criterion that fails."""
    found = standing(age(70))
    assert (found.other_people, found.not_included) == (True, False)


def test_silence_counts_half_of_what_is_met() -> None:
    """Of two studies that nothing speaks against, the one with more that is met comes first."""
    assert weigh(standing(age(40), condition("asthma"))) > weigh(standing(age(40))) > weigh(standing()) > 0


def test_what_stands_in_the_way_moves_a_study_down() -> None:
    """Another age weighs more than an exclusion, and that more than an inclusion that is not met."""
    weights = [weigh(Standing(**{name: True})) for name in ("other_people", "excluded", "not_included")]
    assert weights == sorted(weights) and weights[-1] < 0


def test_criteria_never_replace_the_topic() -> None:
    """A study of something else does not come first because its criteria happen to be met."""
    perfect, silent = Standing(inclusion=4, met=4), Standing(inclusion=4, unknown=4)
    assert fuse([10.0, 5.0], [silent, perfect]) == [0, 1]


def test_a_closer_site_decides_between_likes() -> None:
    """Of two studies that stand alike, the one with an open site nearby comes first."""
    assert fuse([10.0, 9.9], [Standing(), Standing()], [0.0, 1.0]) == [1, 0]


def test_equals_stay_as_they_came() -> None:
    """The order is the same each time."""
    assert fuse([1.0, 1.0, 1.0], [Standing()] * 3) == [0, 1, 2]


def test_no_study_makes_no_order() -> None:
    """Nothing found gives an empty order."""
    assert fuse([], []) == []
