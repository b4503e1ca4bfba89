"""Of whom a criterion is asked: headings of cohorts, parts, control groups and other people."""

from __future__ import annotations

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.groups import groups_among
from equipoise.rules.nodes import Predicate, leaves


def populations(text: str) -> dict[str, set[str | None]]:
    """Return of each criterion of a text whom its facts are asked of."""
    return {
        one.id: {leaf.population for leaf in leaves(one.rule) if isinstance(leaf, Predicate)}
        for one in compile_criteria(text)
        if one.parent is None and one.rule is not None
    }


def test_what_stands_under_a_cohort_is_asked_of_it_alone() -> None:
    """A heading holds up to the next one, and over the items of its items."""
    text = (
        "Inclusion Criteria:\nAll patients:\n- hypertension\nCohort A:\n- asthma\n- any of the following:\n"
        "  - psoriasis\n  - gout\nCohort B only:\n- epilepsy\n\nExclusion Criteria:\n- stroke"
    )
    assert populations(text) == {
        "I1": {None},
        "I2": {"cohort a"},
        "I3": {"cohort a"},
        "I4": {"cohort b"},
        "E1": {None},
    }


def test_a_side_heading_may_name_the_group() -> None:
    """ "Exclusion Criteria for Healthy Controls" keeps out controls, and nobody of whom that is not known."""
    text = "Inclusion Criteria:\n- asthma\n\nExclusion Criteria for Healthy Controls:\n- asthma"
    assert populations(text) == {"I1": {None}, "E1": {"healthy controls"}}


def test_people_are_a_group_only_beside_others() -> None:
    """A study of healthy volunteers alone asks them as any study asks its patients."""
    alone = "Inclusion Criteria:\nHealthy volunteers:\n- BMI 18 to 30 kg/m2"
    both = f"{alone}\nPatients with asthma:\n- hypertension"
    assert populations(alone) == {"I1": {None}}
    assert populations(both)["I1"] == {"healthy volunteers"}


def test_a_heading_that_names_no_people_makes_no_group() -> None:
    """Headings of organs, of everybody, and of age groups ask everybody; so does a sentence that speaks of patients."""
    headings = ("Laboratory values:", "All groups:", "Age group:", "Performance status:", "Patients with one of:")
    assert groups_among((*headings, "Cohort 1:")) == {"Cohort 1:": "cohort 1"}
