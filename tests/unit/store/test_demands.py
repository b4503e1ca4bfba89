"""What a rule demands, as literals: clauses that must hold, and the ways to meet each."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from equipoise.rules.nodes import All, AnyOf, AtLeast, ConceptRef, Left, Not, Predicate, Rule, Unless, Window
from equipoise.store.demands import mark_of, read_literals


def is_(name: str, **fields: Any) -> Predicate:
    return Predicate(kind="condition", concept=ConceptRef(name), **fields)


A, B, C = is_("a"), is_("b"), is_("c")
LEFT = Left((0, 1))
Side = Literal["inclusion", "exclusion"]


def said(rule: Rule, side: Side = "inclusion") -> list[tuple[int, int, int, str]]:
    """Return clause, way, how many ways are needed, and the name, with a minus where it must not be so."""
    return [
        (one.clause, one.way, one.needed, ("" if one.holds else "-") + one.concept.partition("|")[2])
        for one in read_literals([(side, rule)])
    ]


@pytest.mark.parametrize(
    ("rule", "side", "literals"),
    [
        (A, "inclusion", [(0, 0, 1, "a")]),
        (A, "exclusion", [(0, 0, 1, "-a")]),
        (is_("a", op="absent"), "exclusion", [(0, 0, 1, "a")]),
        (All((A, B)), "inclusion", [(0, 0, 1, "a"), (1, 0, 1, "b")]),
        (AnyOf((A, B)), "exclusion", [(0, 0, 1, "-a"), (1, 0, 1, "-b")]),
        (AnyOf((A, B)), "inclusion", [(0, 0, 2, "a"), (0, 1, 2, "b")]),
        (All((A, B)), "exclusion", [(0, 0, 2, "-a"), (0, 1, 2, "-b")]),
        (Not(All((A, B))), "exclusion", [(0, 0, 1, "a"), (1, 0, 1, "b")]),
        (AnyOf((A, AnyOf((B, C)))), "inclusion", [(0, 0, 3, "a"), (0, 1, 3, "b"), (0, 2, 3, "c")]),
        (AnyOf((A, All((B, C)))), "inclusion", [(0, 0, 2, "a"), (0, 1, 2, "b"), (0, 1, 2, "c")]),
        (AtLeast(2, (A, B, C)), "inclusion", [(0, 0, 2, "a"), (0, 1, 2, "b"), (0, 2, 2, "c")]),
        (AtLeast(2, (A, B, C)), "exclusion", [(0, 0, 2, "-a"), (0, 1, 2, "-b"), (0, 2, 2, "-c")]),
        (AtLeast(3, (A, B, C)), "inclusion", [(0, 0, 1, "a"), (1, 0, 1, "b"), (2, 0, 1, "c")]),
        (Unless(A, B), "exclusion", [(0, 0, 2, "-a"), (0, 1, 2, "b")]),
        (Unless(A, B), "inclusion", [(0, 0, 1, "a"), (1, 0, 1, "-b")]),
        (LEFT, "inclusion", []),
        (All((A, LEFT)), "inclusion", [(0, 0, 1, "a")]),
        (AnyOf((A, LEFT)), "inclusion", [(0, 0, 2, "a")]),
        (AtLeast(5, (A, B)), "inclusion", []),
    ],
)
def test_a_rule_becomes_clauses_and_ways(rule: Rule, side: Side, literals: list[Any]) -> None:
    """An inclusion must hold, an exclusion must not; words that were left are a way that answers nothing."""
    assert said(rule, side) == literals


@pytest.mark.parametrize(
    "rule",
    [
        Predicate(kind="administrative"),
        is_("a", population="women"),
        is_("a", which="any"),
    ],
)
def test_what_does_not_hold_for_everybody_is_no_literal(rule: Rule) -> None:
    """A person's judgement, a limit for some, a limit on other results than the latest."""
    assert said(rule) == []


def test_a_literal_keeps_what_changes_who_is_meant() -> None:
    """Qualifiers, alteration, window, unit and multiples of the normal."""
    (one, two) = read_literals(
        [
            ("exclusion", is_("a", qualifier=("severe", "acute"), window=Window("screening", "before", "P6M"))),
            (
                "inclusion",
                Predicate(kind="measurement", concept=ConceptRef("alt"), op="<=", value=3, relative_to="ULN"),
            ),
        ]
    )
    assert (one.qualifier, one.window) == ("acute; severe", "screening before P6M -")
    assert (two.clause, two.op, two.value, two.upper, two.unit, two.relative_to) == (1, "<=", 3.0, None, "", "ULN")


def test_another_compiler_has_another_mark() -> None:
    """So that what it made is made anew."""
    assert len({mark_of("1"), mark_of("2"), mark_of("1", "ab"), mark_of("1", "cd")}) == 4
