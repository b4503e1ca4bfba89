"""The faults of a study's criteria that a reader should see, each at the criterion where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from equipoise.criteria.records import Criterion
from equipoise.find.criteria import FaultNote
from equipoise.records.study import Study
from equipoise.rules.faults import Fault, Stated, check_criteria, show_fault


def find_faults(text: str, criteria: Sequence[Criterion], study: Study | None) -> tuple[FaultNote, ...]:
    """Return what is at fault in criteria: in one, between two, and against the record of a *study*."""
    answered = [one for one in criteria if one.parent is None]
    stated = [Stated(one.section, one.rule, one.span) for one in answered]
    limits = study.eligibility if study else None
    found = check_criteria(
        stated,
        age=(limits.minimum_age, limits.maximum_age) if limits else None,
        sex=limits.sex if limits else None,
    )
    return tuple(_note(text, fault, answered) for fault in found)


def _note(text: str, fault: Fault, answered: Sequence[Criterion]) -> FaultNote:
    place = fault.spans[0][0] if fault.spans else -1
    at = next((one.id for one in answered if one.span[0] <= place < one.span[1]), "")
    _, *pointed, _ = show_fault(fault, text).split("\n")
    return FaultNote(at, fault.kind, fault.message, dedent("\n".join(pointed)), fault.next)
