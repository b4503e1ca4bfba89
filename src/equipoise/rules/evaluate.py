"""
The reference evaluator: one rule, one patient, one moment. Plain and slow; every faster one must agree with it.

Parts that are unknown stay unknown (`equipoise.rules.truth`); what the words mean is in `docs/reference/rules.md`,
which is made of the tables that test this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.rules.answer import Answer, answer_criterion, joined_evidence, joined_note, joined_settle
from equipoise.rules.elapsed import duration, event_time
from equipoise.rules.english import describe_rule
from equipoise.rules.measures import measurement
from equipoise.rules.nodes import (
    TAKEN_OR_DONE,
    All,
    AnyOf,
    AtLeast,
    Left,
    Not,
    Predicate,
    Rule,
    Unless,
    of_one_kind,
    taking_out,
)
from equipoise.rules.people import belongs, demographic, prior_lines
from equipoise.rules.presence import presence
from equipoise.rules.seen import Seen
from equipoise.rules.truth import all_, any_, at_least, not_
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

__all__ = ["Answer", "answer_criterion", "answer_rule", "evaluate", "opposite"]


def evaluate(rule: Rule, patient: Patient, *, at: Moment, lexicon: Lexicon | None = None) -> Answer:
    """
    Return whether a rule holds for a patient seen at a moment, with what decided it.

    >>> from equipoise.records.patient import read_patient
    >>> from equipoise.rules.nodes import ConceptRef
    >>> patient = read_patient({"facts": [{"kind": "condition", "concept": {"name": "rheumatoid arthritis"}}]})
    >>> rule = Predicate(kind="condition", concept=ConceptRef("autoimmune disease"))
    >>> evaluate(rule, patient, at=Moment("2026-01-15")).holds
    True

    Raises:
        ValueError: a window's length is not an ISO 8601 duration.
    """
    return answer_rule(rule, Seen(patient, at, lexicon or shipped()))


def answer_rule(rule: Rule, seen: Seen) -> Answer:
    """Return whether a rule holds for a patient already seen at a moment."""
    return seen.answer(rule, _answer)


def _answer(rule: Rule, seen: Seen) -> Answer:
    if isinstance(rule, Predicate):
        return _predicate(rule, seen)
    if isinstance(rule, Left):
        return Answer(holds=None, settle=("words that were not understood: read them in the text",))
    if isinstance(rule, Not):
        return opposite(answer_rule(rule.rule, seen), seen)
    if isinstance(rule, Unless):
        return _unless(rule, seen)
    parts = [answer_rule(one, seen) for one in rule.rules]
    if isinstance(rule, All):
        return _all(parts)
    if isinstance(rule, AnyOf):
        return _any(parts)
    return _at_least(rule, parts)


# Leaves


def _administrative(rule: Predicate, seen: Seen) -> Answer:
    return Answer(holds=None, settle=(f"a person must answer: {describe_rule(rule)}",), administrative=True)


_KINDS: dict[str, Callable[[Predicate, Seen], Answer]] = {
    "administrative": _administrative,
    "demographic": demographic,
    "duration": duration,
    "event_time": event_time,
    "prior_lines": prior_lines,
}


def _predicate(rule: Predicate, seen: Seen) -> Answer:
    if rule.population is not None:
        return _limited(rule, seen)
    if rule.op == "absent" and rule.kind != "administrative":
        return opposite(_predicate(msgspec.structs.replace(rule, op="present"), seen), seen)
    if rule.kind in _KINDS:
        return _KINDS[rule.kind](rule, seen)
    if rule.kind == "measurement" and rule.op != "present":
        return measurement(rule, seen)
    return presence(rule, seen)


def _limited(rule: Predicate, seen: Seen) -> Answer:
    """Return the answer to a limit that holds only for some."""
    member, evidence = belongs(rule.population or "", seen)
    if member is not True:
        return Answer(holds=None, settle=(f"whether the patient is one of: {rule.population}",))
    answer = _predicate(msgspec.structs.replace(rule, population=None), seen)
    return msgspec.structs.replace(answer, evidence=(*answer.evidence, *evidence))


# Trees


def opposite(answer: Answer, seen: Seen) -> Answer:
    """Return the answer to the opposite: what holds until a moment does not until then."""
    true_from = true_until = None
    if answer.holds is True and answer.true_until is not None:
        true_from = seen.later(answer.true_until, 1)
    if answer.holds is False and answer.true_from is not None:
        true_until = seen.later(answer.true_from, -1)
    return msgspec.structs.replace(answer, holds=not_(answer.holds), true_from=true_from, true_until=true_until)


def _joined(holds: bool | None, parts: Sequence[Answer]) -> Answer:
    """Return the answer of a node: the parts that came out as it did are its evidence."""
    same = [one for one in parts if one.holds is holds]
    only_people = holds is None and all(one.administrative for one in same)
    return Answer(
        holds=holds,
        evidence=joined_evidence(same or parts),
        settle=joined_settle(parts) if holds is None else (),
        administrative=only_people,
        note=None if holds is None else joined_note(same),
    )


def _all(parts: Sequence[Answer]) -> Answer:
    answer = _joined(all_(one.holds for one in parts), parts)
    if answer.holds is False:
        # It holds once the last of the parts that stand in the way does, if each of them will.
        waiting = [one.true_from for one in parts if one.holds is False]
        return msgspec.structs.replace(answer, true_from=_latest(waiting))
    return msgspec.structs.replace(answer, true_until=_earliest([one.true_until for one in parts]))


def _any(parts: Sequence[Answer]) -> Answer:
    answer = _joined(any_(one.holds for one in parts), parts)
    if answer.holds is True:
        # A part that is unknown may hold for longer, so its silence leaves the end open.
        return msgspec.structs.replace(
            answer, true_until=_latest([one.true_until for one in parts if one.holds is not False])
        )
    if answer.holds is False:
        return msgspec.structs.replace(answer, true_from=_earliest([one.true_from for one in parts]))
    return answer


def _at_least(rule: AtLeast, parts: Sequence[Answer]) -> Answer:
    return _joined(at_least(rule.count, (one.holds for one in parts)), parts)


def _unless(rule: Unless, seen: Seen) -> Answer:
    """
    Return the answer to a rule with an exception: the rule holds and the exception does not.

    An exception of the rule's own kind takes out what it names, and no more: with a melanoma beside a basal cell
    carcinoma, "malignancy, unless basal cell carcinoma" holds, and with a possible melanoma it is unknown. Where nobody
    knows whether the rule holds, such an exception leaves that open.
    """
    stated, exception = answer_rule(rule.rule, seen), answer_rule(rule.exception, seen)
    if stated.holds is True and exception.holds is not False and _takes_out(rule, seen):
        rest = answer_rule(rule.rule, seen.without(exception.evidence))
        # Where nothing else speaks of the rule, what is left is silence, and the exception is all that there is.
        if rest.holds is True or (rest.holds is None and rest.evidence):
            return rest
    elif exception.holds is True and stated.holds is not False and _may_leave(rule, stated, exception, seen):
        return msgspec.structs.replace(
            stated, holds=None, evidence=(), settle=(f"what else: {describe_rule(rule.rule)}",)
        )
    return _all([stated, opposite(exception, seen)])


def _may_leave(rule: Unless, stated: Answer, exception: Answer, seen: Seen) -> bool:
    """
    Return whether something else than an exception of the rule's own kind may make the rule hold.

    It may where nobody knows whether the rule holds, and where a drug or a procedure is known that no table puts under
    what the rule names.
    """
    kinds = of_one_kind(rule)
    if stated.holds is None or not kinds or not kinds <= TAKEN_OR_DONE or _takes_out(rule, seen):
        return stated.holds is None and bool(kinds)
    rest = answer_rule(rule.rule, seen.without(exception.evidence))
    return rest.holds is True or (rest.holds is None and bool(rest.evidence))


def _takes_out(rule: Unless, seen: Seen) -> bool:
    """Return whether all that the exception names are kinds of what the rule names."""
    wider, taken = taking_out(rule)
    return bool(taken) and all(
        any(other.kind == one.kind and seen.names.is_a(one.name, other.name) for other in wider) for one in taken
    )


def _order(moment: Moment) -> tuple[int, int]:
    """Return the order of moments; the clock is the same for all that one evaluation gives."""
    period = moment.period(by_clock=True, clock=moment.offset or 0)
    return period.last, period.first


def _latest(moments: Sequence[Moment | None]) -> Moment | None:
    """Return the latest, None where one is not known."""
    known = [one for one in moments if one is not None]
    return max(known, key=_order) if known and len(known) == len(moments) else None


def _earliest(moments: Sequence[Moment | None]) -> Moment | None:
    """Return the earliest that is known."""
    return min((one for one in moments if one is not None), key=_order, default=None)
