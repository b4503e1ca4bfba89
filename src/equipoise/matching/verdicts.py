"""What matching gives: for each criterion an answer with its evidence, for each study how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from equipoise.records.moments import Moment
from equipoise.rules.answer import State
from equipoise.rules.nodes import Rule

Presumption = Literal["met", "not met"]


class Asked(msgspec.Struct, frozen=True):
    """
    A criterion without a parent, as far as matching needs it.

    ``rule`` is None where nothing was understood; ``text`` is the criterion's own words, where they are at hand.
    """

    id: str
    section: str | None
    rule: Rule | None
    text: str = ""


class CriterionVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whether a criterion lets the patient in, and why.

    ``holds`` is the truth of the text itself. ``presumed`` is what a screener would assume where the record is
    silent: never an answer. ``settle`` is what would settle an unknown, thing by thing. ``eligible_from`` is when a
    criterion that is not met will be, ``closes_at`` until when one that is met, or may be, stays so; None where the
    facts do not say. ``note`` is what to know of an answer: that a result came without its laboratory's range, and
    was far enough beyond any common one.
    """

    id: str
    answer: State
    presumed: Presumption | None = None
    holds: bool | None = None
    evidence: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()
    eligible_from: Moment | None = None
    closes_at: Moment | None = None
    note: str | None = None


class StudyVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """
    A study's criteria as they stand for one patient, with their counts.

    ``eligible_from`` is when all that stands in the way now will have passed, None where some of it will not, or
    nothing stands in the way; ``closes_at`` is when the first window closes.
    """

    study: str | None
    rank: int | None = None
    met: int = 0
    not_met: int = 0
    unknown: int = 0
    administrative: int = 0
    eligible_from: Moment | None = None
    closes_at: Moment | None = None
    criteria: tuple[CriterionVerdict, ...] = ()


def study_verdict(study: str | None, criteria: Sequence[CriterionVerdict]) -> StudyVerdict:
    """
    Return how the verdicts of a study's criteria add up.

    >>> study_verdict("NCT99000001", [CriterionVerdict(id="I1", answer="met")]).met
    1
    """
    counts = Counter(one.answer for one in criteria)
    waiting = [one.eligible_from for one in criteria if one.answer == "not met"]
    closing = [one.closes_at for one in criteria if one.closes_at is not None and one.answer != "not met"]
    passing = [one for one in waiting if one is not None]
    return StudyVerdict(
        study=study,
        met=counts["met"],
        not_met=counts["not met"],
        unknown=counts["unknown"],
        administrative=counts["administrative"],
        eligible_from=max(passing, key=_order) if passing and len(passing) == len(waiting) else None,
        closes_at=min(closing, key=_order, default=None),
        criteria=tuple(criteria),
    )


def _order(moment: Moment) -> int:
    """Return the order of moments that one evaluation gave: all are on one clock."""
    return moment.period(by_clock=True, clock=moment.offset or 0).last


def criterion_json(verdict: CriterionVerdict) -> dict[str, Any]:
    """Return a criterion's verdict in the published form; times and a note are there where there are any."""
    built: dict[str, Any] = msgspec.to_builtins(verdict, enc_hook=str)
    built["settle"] = "; ".join(verdict.settle) or None
    for key in ("eligible_from", "closes_at", "note"):
        if built[key] is None:
            del built[key]
    return built


def verdict_json(verdict: StudyVerdict) -> dict[str, Any]:
    """Return a study's verdict in the published form."""
    built: dict[str, Any] = msgspec.to_builtins(verdict, enc_hook=str)
    built["criteria"] = [criterion_json(one) for one in verdict.criteria]
    return built
