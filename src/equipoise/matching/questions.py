"""
The next best question: which one fact settles most of what is still unknown.

For each predicate that is unknown in a criterion, the criterion is answered twice more: as if the predicate held, and
as if it did not. It *settles* the criterion by each of the two that leaves it known. Questions about the same thing
(one drug, one laboratory value) are one question; a study counts more the higher it ranks, as 1 / log2(rank + 1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from equipoise.matching.asking import of_patient
from equipoise.matching.verdicts import Asked
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import Left, Predicate, Rule, leaves
from equipoise.rules.seen import Seen
from equipoise.rules.walk import truth_of
from equipoise.terms.variables import Variable, variables

Form = Literal["number", "yes or no", "moment", "words"]

_VERBS = {
    "condition": "{}: does the patient have it?",
    "drug": "{}: is it taken, or was it?",
    "procedure": "{}: has the patient had this?",
    "allergy": "Allergy to {}: is there one?",
    "variant": "A variant of {}: is there one?",
    "event_time": "When was {}?",
    "duration": "{}: since when, and does it go on?",
    "prior_lines": "How many lines of {} has the patient had?",
}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something to ask, and what an answer would settle.

    ``form`` is how it is answered: a ``number`` in ``unit``, ``yes or no``, a ``moment``, or ``words``; ``kind`` and
    ``name`` are those of the fact that answers it. ``criteria`` are (study, criterion) pairs that it may settle.
    """

    text: str
    kind: str
    name: str
    form: Form
    unit: str | None = None
    choices: tuple[str, ...] = ()
    gain: float = 0.0
    studies: int = 0
    criteria: tuple[tuple[str, str], ...] = ()


class Open(msgspec.Struct, frozen=True):
    """A criterion that is unknown, of the study that ranks so."""

    study: str
    rank: int
    asked: Asked


def next_questions(open_criteria: Iterable[Open], seen: Seen, *, limit: int = 5) -> list[Question]:
    """
    Return the questions that settle most, the best first.

    >>> from equipoise.matching.match import see
    >>> from equipoise.records.moments import Moment
    >>> from equipoise.records.patient import Patient
    >>> from equipoise.rules.nodes import ConceptRef
    >>> rule = Predicate(kind="measurement", concept=ConceptRef("platelet count"), op="<", value=100, unit="10*9/L")
    >>> waiting = Open("NCT99000001", 1, Asked("E1", "exclusion", rule))
    >>> next_questions([waiting], see(Patient(), Moment("2026-01-15")))[0].name
    'platelet count'
    """
    gains: dict[tuple[str, str], float] = {}
    settled: dict[tuple[str, str], list[tuple[str, str]]] = {}
    example: dict[tuple[str, str], Predicate] = {}
    for one in open_criteria:
        weight = 1 / math.log2(one.rank + 1)
        for key, leaf, gain in _gains(one.asked.rule, seen):
            gains[key] = gains.get(key, 0.0) + weight * gain
            settled.setdefault(key, []).append((one.study, one.asked.id))
            example.setdefault(key, leaf)
    ordered = sorted(gains, key=lambda key: (-gains[key], key))[:limit]
    return [_question(example[key], gains[key], settled[key]) for key in ordered]


def _gains(rule: Rule | None, seen: Seen) -> list[tuple[tuple[str, str], Predicate, float]]:
    """Return what may be asked about a rule that is unknown: whose answer would settle it, and how surely."""
    if rule is None:
        return []
    known = {id(leaf): answer_rule(leaf, seen).holds for leaf in leaves(rule)}
    groups: dict[tuple[str, str], list[Predicate]] = {}
    for leaf in leaves(rule):
        if isinstance(leaf, Predicate) and leaf.kind != "administrative" and known[id(leaf)] is None:
            groups.setdefault(_about(leaf, seen), []).append(leaf)
    found = []
    for key, group in groups.items():
        gain = sum(_supposed(rule, known, group, truth=truth) is not None for truth in (True, False)) / 2
        if gain:
            found.append((key, group[0], gain))
    return found


def _supposed(rule: Rule, known: dict[int, bool | None], group: list[Predicate], *, truth: bool) -> bool | None:
    """Return whether a rule holds where predicates about one thing are supposed to come out alike."""
    supposed = known | {id(leaf): truth for leaf in group}

    def leaf_holds(leaf: Predicate | Left) -> bool | None:
        return supposed[id(leaf)]

    return truth_of(rule, leaf_holds)


def _about(leaf: Predicate, seen: Seen) -> tuple[str, str]:
    if leaf.kind == "event_time":
        return leaf.kind, seen.names.event(leaf.from_) or ""
    return leaf.kind, seen.names.canonical(leaf.name)


def _question(leaf: Predicate, gain: float, settled: Sequence[tuple[str, str]]) -> Question:
    variable = variables().find(leaf.name) if leaf.kind == "measurement" else None
    name = (leaf.from_ or "") if leaf.kind == "event_time" else leaf.name
    form = _form(leaf, variable)
    return Question(
        text=_text(leaf, variable, name),
        kind=leaf.kind,
        name=variable.name if variable is not None else name,
        form=form,
        unit=(leaf.unit or (variable.unit if variable is not None else None)) if form == "number" else None,
        choices=tuple(variable.levels) if variable is not None else ("male", "female") if name == "sex" else (),
        gain=round(gain, 3),
        studies=len({study for study, _ in settled}),
        criteria=tuple(settled),
    )


def _form(leaf: Predicate, variable: Variable | None) -> Form:
    if leaf.kind in ("event_time", "duration"):
        return "moment"
    if leaf.kind == "prior_lines" or (leaf.kind == "demographic" and leaf.name == "age"):
        return "number"
    if leaf.kind == "demographic":
        return "words"
    if leaf.kind == "measurement" and leaf.op not in ("present", "absent"):
        return "number"
    return "yes or no" if variable is None else "words"


def _text(leaf: Predicate, variable: Variable | None, name: str) -> str:
    if variable is not None and variable.question:
        return of_patient(variable.question)
    if leaf.kind == "demographic":
        return {"age": "How old is the patient?", "sex": "What is the patient's sex?"}.get(
            leaf.name, f"What is the patient's {leaf.name}?"
        )
    if leaf.kind == "measurement":
        return f"What is the patient's {name}?"
    words = _VERBS.get(leaf.kind, "What is known of {}?").format(name or "treatment")
    return words[:1].upper() + words[1:]
