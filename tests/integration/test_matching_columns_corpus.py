"""Real criteria and invented patients: the column evaluator answers as the reference evaluator does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.matching.columns import screen_all
from equipoise.matching.verdicts import Asked
from equipoise.records.moments import Moment
from equipoise.records.patient import ASSERTIONS, FACT_KINDS, Fact, FactConcept, Patient
from equipoise.rules.nodes import Predicate, leaves
from equipoise.terms.lexicon import lexicon
from matched import columns_of, differences, index_of
from property.test_split import _corpus

AT = Moment("2026-01-15T09:40+01:00")
DAYS = (
    "2026-01-15T07:10+01:00",
    "2026-01-14",
    "2026-01-02T22:00Z",
    "2025-12-18",
    "2025-11",
    "2025-07-15",
    "2024",
    "1971-02-28",
)


def studies_of(shared: Path, count: int, seed: int) -> dict[int, list[Asked]]:
    """Return the criteria of texts drawn from all three bundles, as matching takes them."""
    texts = random.Random(seed).sample([text for text in _corpus(shared / "corpus") if text.strip()], count)
    found = enumerate((compile_criteria(text) for text in texts), start=1)
    return {
        number: [Asked(one.id, one.section, one.rule, one.text) for one in criteria if one.parent is None]
        for number, criteria in found
    }


class Inventor:
    """Invents patients of whom the criteria ask something: facts about what they name, their classes and kinds."""

    def __init__(self, studies: dict[int, list[Asked]], seed: int) -> None:
        self._draw = random.Random(seed)
        every = (leaf for criteria in studies.values() for one in criteria for leaf in leaves(one.rule))
        self._asked = [leaf for leaf in every if isinstance(leaf, Predicate) and leaf.kind != "administrative"]

    def patient(self, facts: int) -> Patient:
        """Return a patient with so many facts and, often, lists that are complete."""
        draw = self._draw
        made = [
            Fact(id="born", kind="demographic", concept=FactConcept("born"), when=Moment(draw.choice(DAYS[-2:]))),
            Fact(id="sex", kind="demographic", concept=FactConcept("sex"), value=draw.choice(("male", "female"))),
            *(self._fact(f"f{number}", draw.choice(self._asked)) for number in range(facts)),
        ]
        complete = draw.sample(FACT_KINDS, draw.choice((0, 0, 1, 3)))
        return Patient(tuple(made), frozenset(complete))  # type: ignore[arg-type]

    def _fact(self, name: str, asked: Predicate) -> Fact:
        draw = self._draw
        started = Moment(draw.choice(DAYS)) if draw.random() < 0.7 else None
        number = isinstance(asked.value, (int, float))
        return Fact(
            id=name,
            kind="procedure" if asked.kind == "event_time" else asked.kind,  # type: ignore[arg-type]
            concept=self._concept(asked),
            value=asked.value * draw.choice((0.5, 1, 1, 2)) if number else asked.value,  # type: ignore[operator]
            unit=asked.unit,
            range=draw.choice((None, (0, 40), (None, 40), (12, None))),
            when=started,
            until=Moment(draw.choice(DAYS)) if draw.random() < 0.2 else None,
            assertion=draw.choice(("present",) * 6 + ASSERTIONS),  # type: ignore[arg-type]
            qualifier=asked.qualifier if draw.random() < 0.5 else (),
            alteration=asked.alteration,
        )

    def _concept(self, asked: Predicate) -> FactConcept:
        known, name = lexicon(), asked.name or asked.from_ or "therapy"
        about = [name, name, *sorted(known.ancestors(name))[:3], *sorted(known.members(name))[:3]]
        anchor = asked.window.anchor if asked.window is not None else None
        codes = asked.concept.codes if asked.concept is not None and self._draw.random() < 0.3 else {}
        return FactConcept(self._draw.choice([*about, *([anchor] if anchor else [])]), dict(codes))


def _differences(studies: dict[int, list[Asked]], patients: Sequence[Patient]) -> list[str]:
    index = index_of(columns_of(studies))
    found = (differences(studies, one, AT, screen_all(index, one, at=AT)) for one in patients)
    return [words for some in found for words in some]


def test_real_criteria_are_answered_alike(shared: Path) -> None:
    """Three hundred texts, five patients of up to 120 facts."""
    studies = studies_of(shared, 300, 11)
    inventor = Inventor(studies, 12)
    assert _differences(studies, [inventor.patient(facts) for facts in (0, 5, 15, 40, 120)]) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_more_real_criteria_are_answered_alike(shared: Path, seed: int) -> None:
    """Two thousand texts each time, six patients of up to 300 facts."""
    studies = studies_of(shared, 2_000, seed)
    inventor = Inventor(studies, seed)
    assert _differences(studies, [inventor.patient(facts) for facts in (10, 20, 40, 80, 150, 300)]) == []
