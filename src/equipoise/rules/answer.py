"""What evaluating a rule gives, and how it counts for a criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from equipoise.records.moments import Moment
from equipoise.rules.truth import not_

State = Literal["met", "not met", "unknown", "administrative"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whether a rule holds for a patient, and why.

    ``evidence`` is the ids of the facts that decided, or that were looked at where nothing is decided. ``settle``
    is what would settle an unknown, thing by thing. As long as the facts stay as they are, ``true_from`` is the
    earliest moment at which a rule that does not hold can, and ``true_until`` the last one at which a rule that
    holds, or may, still does; None where the facts do not say. ``administrative`` is set where only questions to a
    person (consent, judgement) keep the answer open. ``note`` is what a reader should know of a result that decided:
    that it came without its laboratory's range.
    """

    holds: bool | None
    evidence: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()
    true_from: Moment | None = None
    true_until: Moment | None = None
    administrative: bool = False
    note: str | None = None


def answer_criterion(section: str | None, holds: bool | None, *, administrative: bool = False) -> State:
    """
    Return whether a criterion lets the patient in: ``met``, ``not met``, ``unknown`` or ``administrative``.

    An exclusion lets in where its text does not hold. A criterion of which the side is not known is unknown.

    >>> answer_criterion("inclusion", True), answer_criterion("exclusion", True), answer_criterion("exclusion", None)
    ('met', 'not met', 'unknown')
    >>> answer_criterion("inclusion", None, administrative=True)
    'administrative'
    """
    if holds is None and administrative:
        return "administrative"
    side = holds if section == "inclusion" else not_(holds) if section == "exclusion" else None
    return "unknown" if side is None else "met" if side else "not met"


def joined_evidence(answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return the evidence of all the answers, each fact once, in order."""
    return tuple(dict.fromkeys(one for answer in answers for one in answer.evidence))


def joined_settle(answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return what would settle the unknown ones among the answers, each thing once, however many of them lack it."""
    return tuple(dict.fromkeys(thing for one in answers if one.holds is None for thing in one.settle))


def joined_note(answers: Sequence[Answer]) -> str | None:
    """Return what a reader should know of the results that decided."""
    return "; ".join(dict.fromkeys(one.note for one in answers if one.note)) or None
