"""What two facts on one thing come to, by column and by the reference: every pair, in every kind of window."""

from __future__ import annotations

from itertools import product

import pytest

from equipoise.matching.columns import screen_all
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, FactConcept, Patient
from equipoise.rules.nodes import ConceptRef, Predicate, Window
from matched import columns_of, criterion, differences, index_of

AT = Moment("2026-01-15T09:40+01:00")
DATES = (None, "2020-03-01", "2025-12-28", "2026-01")
WINDOWS = (
    None,
    *(Window(side="before", within=within, at_least=least) for within, least in product((None, "P1Y"), (None, "P1M"))),
    Window(side="after", within="P1M"),
    Window(anchor="surgery", within="P1M"),
)
RULES = [
    Predicate(kind=kind, concept=ConceptRef(name), op=op, window=window, which=which)
    for kind, name, op, window, which in product(
        ("condition", "procedure"), ("asthma", "lung disease"), ("present", "absent"), WINDOWS, (None, "any")
    )
]
STUDIES = {1: [criterion(f"I{place}", rule) for place, rule in enumerate(RULES, 1)]}


def _facts(name: str) -> list[Fact]:
    """Return every fact on asthma that is worth telling apart."""
    stated = product(("present", "absent", "historical"), DATES, (None, "2026-01-02"))
    return [
        Fact(
            id=name,
            kind="condition",
            concept=FactConcept("asthma"),
            assertion=assertion,  # type: ignore[arg-type]
            when=None if when is None else Moment(when),
            until=None if until is None else Moment(until),
        )
        for assertion, when, until in stated
    ]


@pytest.mark.parametrize("complete", [False, True])
def test_each_pair_of_facts_is_put_together_alike(complete: bool) -> None:
    """Later denials, what is over, what is too recent, and a list that is complete."""
    index = index_of(columns_of(STUDIES))
    kinds = frozenset({"condition"}) if complete else frozenset()
    found = []
    pairs = ((one, other) for place, one in enumerate(_facts("f1")) for other in _facts("f2")[place:])
    for one, other in pairs:
        patient = Patient((one, other), kinds)  # type: ignore[arg-type]
        found += differences(STUDIES, patient, AT, screen_all(index, patient, at=AT))
    assert found == []
