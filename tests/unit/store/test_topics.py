"""What a study is about is read from what it names, and not from what it denies."""

from __future__ import annotations

import pytest

from equipoise.records.study import Intervention, MeshTerm, Study
from equipoise.store.topics import Topics, read_topics
from equipoise.terms.broader import breadth, broader


def topics(**fields: object) -> Topics:
    return read_topics(Study(number="NCT99000001", **fields))  # type: ignore[arg-type]


def test_names_in_every_place_are_found() -> None:
    """Titles, conditions, keywords, interventions, their other names and the registry's terms."""
    found = topics(
        title="Metformin in diabetes",
        conditions=("Heart attack",),
        keywords=("asthma",),
        interventions=(Intervention(name="Kineret", other_names=("IL-1 blocker",)),),
        condition_terms=(MeshTerm(term="Stroke"),),
    )
    assert {"metformin", "myocardial infarction", "asthma", "anakinra", "il 1 inhibitor", "stroke"} <= set(found.own)


def test_names_that_nobody_lists_are_their_own_words() -> None:
    """Plurals meet; a keyword that names nothing is left out."""
    found = topics(conditions=("Walking Groups",), keywords=("nonsense words",))
    assert list(found.own) == ["~walking group"]
    assert found.own["~walking group"].name == "Walking Groups"
    assert topics(conditions=("walking group",)).own.keys() == found.own.keys()


@pytest.mark.parametrize(
    ("title", "absent"),
    [
        ("Asthma in people without diabetes", "diabetes"),
        ("Stroke in non-smokers", "smoking"),
        ("A steroid-free regimen after kidney transplantation", "corticosteroid"),
        ("UC-MSCs for pneumonia", "ulcerative colitis"),
        ("A placebo in asthma", "placebo"),
    ],
)
def test_what_is_denied_or_doubtful_is_no_topic(title: str, absent: str) -> None:
    """Nor is what nearly every study has."""
    found = topics(title=title)
    assert absent not in found.own
    assert absent not in found.above


def test_classes_know_what_belongs_to_them() -> None:
    """A class has the names under it; one that only the registry gives has none."""
    found = topics(title="Tocilizumab", condition_ancestors=(MeshTerm(term="Vascular Diseases"),))
    assert found.above["interleukin inhibitor"] == ("tocilizumab",)
    registry = [key for key, names in found.above.items() if not names]
    assert registry and set(registry) <= found.conditions
    assert "tocilizumab" not in found.conditions


def test_terms_count_what_is_named_twice() -> None:
    """So that the index takes a stroke study for more about stroke than a study of one kind of it."""
    found = list(topics(title="Anakinra").terms())
    assert found.count("anakinra") == 2
    assert found.count("il 1 inhibitor") == 1


def test_groups_reach_what_their_members_hold() -> None:
    """A group has the members of its classes, and says nothing of others."""
    assert "cytokine inhibitor" in broader("infliximab")
    assert "critical illness" in broader("septic shock")
    assert "critical illness" not in broader("heart failure")
    assert breadth("cytokine inhibitor") > breadth("interleukin inhibitor")
