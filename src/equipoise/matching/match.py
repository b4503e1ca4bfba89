"""One patient against the criteria of one study, by the reference evaluator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from equipoise.matching.agreement import agreed, asks_only_agreement, limits_nobody
from equipoise.matching.presume import presume
from equipoise.matching.verdicts import Asked, CriterionVerdict, Presumption, StudyVerdict, study_verdict
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.rules.answer import Answer, State, answer_criterion
from equipoise.rules.evaluate import answer_rule, opposite
from equipoise.rules.seen import Seen
from equipoise.rules.truth import not_
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

# A text that holds several criteria lets in whom all of them let in.
_GRAVEST: tuple[State, ...] = ("not met", "unknown", "administrative", "met")
_UNREAD = Answer(holds=None, settle=("words that were not understood: read them in the text",))


def see(patient: Patient, at: Moment, lexicon: Lexicon | None = None) -> Seen:
    """Return a patient as seen at a moment, to be asked about many criteria."""
    return Seen(patient, at, lexicon or shipped())


def judge(asked: Asked, seen: Seen) -> CriterionVerdict:
    """
    Return the verdict on one criterion.

    >>> from equipoise.rules.nodes import Predicate, ConceptRef
    >>> grown = Asked("I1", "inclusion", Predicate(kind="demographic", concept=ConceptRef("age"), op=">=", value=18,
    ...     unit="a"))
    >>> judge(grown, see(Patient(), Moment("2026-01-15"))).answer
    'unknown'
    """
    wanted = asks_only_agreement(asked)
    if wanted:
        return _agreement(asked, wanted, seen)
    if limits_nobody(asked.rule, asked.section, asked.text):
        return CriterionVerdict(id=asked.id, answer="met", holds=asked.section != "exclusion")
    answer = _UNREAD if asked.rule is None else answer_rule(asked.rule, seen)
    state = answer_criterion(asked.section, answer.holds, administrative=answer.administrative)
    standing = opposite(answer, seen) if asked.section == "exclusion" else answer
    blocked = state == "not met"
    return CriterionVerdict(
        id=asked.id,
        answer=state,
        presumed=None if answer.holds is not None else presume(asked, seen),
        holds=answer.holds,
        evidence=answer.evidence,
        settle=answer.settle,
        note=answer.note,
        # What keeps an exclusion true until a moment opens the study at it; what makes it true later closes it.
        eligible_from=standing.true_from if blocked else None,
        closes_at=None if blocked else standing.true_until,
    )


def state_of(asked: Asked, seen: Seen) -> State:
    """Return only whether a criterion lets the patient in, as `judge` does: an order needs no more."""
    wanted = asks_only_agreement(asked)
    if wanted:
        agrees, _ = agreed(wanted, seen)
        return "administrative" if agrees is None else "met" if agrees else "not met"
    if limits_nobody(asked.rule, asked.section, asked.text):
        return "met"
    answer = _UNREAD if asked.rule is None else answer_rule(asked.rule, seen)
    return answer_criterion(asked.section, answer.holds, administrative=answer.administrative)


def _agreement(asked: Asked, wanted: tuple[str, ...], seen: Seen) -> CriterionVerdict:
    agrees, said = agreed(wanted, seen)
    if agrees is None:
        settle = (f"a person must answer: {' and '.join(wanted)}",)
        return CriterionVerdict(id=asked.id, answer="administrative", presumed="met", settle=settle)
    holds = agrees if asked.section == "inclusion" else not_(agrees)
    return CriterionVerdict(id=asked.id, answer="met" if agrees else "not met", holds=holds, evidence=said)


def match_criteria(criteria: Iterable[Asked], seen: Seen, *, study: str | None = None) -> StudyVerdict:
    """Return the verdict on a study of which these are the criteria without a parent."""
    return study_verdict(study, [judge(one, seen) for one in criteria])


def joined(id: str, verdicts: Sequence[CriterionVerdict]) -> CriterionVerdict:
    """
    Return one verdict for a text that holds several criteria: each of them must let the patient in.

    >>> joined("c", [CriterionVerdict(id="I1", answer="met"), CriterionVerdict(id="I2", answer="unknown")]).answer
    'unknown'
    """
    if len(verdicts) == 1:
        return msgspec.structs.replace(verdicts[0], id=id)
    states = [one.answer for one in verdicts]
    state: State = next((one for one in _GRAVEST if one in states), "unknown")
    deciding = [one for one in verdicts if one.answer == state]
    standing = [one.presumed if one.answer in ("unknown", "administrative") else one.answer for one in verdicts]
    open_ = state in ("unknown", "administrative")
    presumed: Presumption | None = (
        "not met" if "not met" in standing else "met" if standing and set(standing) == {"met"} else None
    )
    settle = tuple(dict.fromkeys(thing for one in deciding for thing in one.settle))
    holds = {one.holds for one in deciding}
    times = study_verdict(None, verdicts)
    return CriterionVerdict(
        id=id,
        answer=state,
        presumed=presumed if open_ else None,
        holds=holds.pop() if len(holds) == 1 else None,
        evidence=tuple(dict.fromkeys(fact for one in deciding for fact in one.evidence)),
        settle=settle if open_ else (),
        note="; ".join(dict.fromkeys(one.note for one in deciding if one.note)) or None,
        eligible_from=times.eligible_from,
        closes_at=times.closes_at if state != "not met" else None,
    )
