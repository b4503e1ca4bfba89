"""
What a screener would assume where the record is silent. It is shown apart, and never an answer.

Two things are assumed: that a condition, drug, procedure, allergy or variant of which the record says nothing is not
there; and that what an exclusion says in words that were not understood is not so, where no fact of the record shares
a telling word with the criterion. A number, an age, a pregnancy that nobody has ruled out, and what somebody must be
found to have are not assumed, but for two: nobody is given few days to live, or has an operation before them, whose
record does not say so. Whom a person must ask (consent, compliance) is
assumed to agree, until they say no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from equipoise.matching.verdicts import Asked, Presumption
from equipoise.records.patient import Fact
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.names import MEASURED, is_of_the_past
from equipoise.rules.nodes import Left, Predicate, Rule, Unless, children
from equipoise.rules.pregnancy import ASKED
from equipoise.rules.seen import Seen
from equipoise.rules.walk import truth_of
from equipoise.terms.cues import word_set
from equipoise.terms.spelling import normal
from equipoise.terms.words import stem

# The patient comes for an operation.
_TO_COME = re.compile(r"\b(?:elective|electively|undergo|undergoing|scheduled|planned|awaiting)\b", re.IGNORECASE)
_OPERATION = re.compile(
    r"(?:ectomy|plasty|o[st]tomy|transplantation|arthrodesis)\b|\b(?:surg(?:ery|ical)|repair|replacement|graft|bypass|"
    r"resection|(?:re)?vasculari[sz]ation|cesarean section|fixation|implantation)\b"
)
# Antibodies that a record would name with the infection: of a positive one nothing said is none.
_ANTIBODIES = frozenset(("hepatitis b serology", "hepatitis c antibody"))
_SILENT = frozenset({"condition", "drug", "procedure", "allergy", "variant"})
# Words that many criteria and facts share, and that tell nothing of what either is about.
_COMMON = frozenset(map(stem, word_set("presume.common")))
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")


def presume(asked: Asked, seen: Seen) -> Presumption | None:
    """Return what a screener would assume of a criterion that the record leaves open, None where nothing."""
    excluding = asked.section == "exclusion"
    unread = False if excluding and asked.text and not speaks_of(asked.text, seen) else None

    def leaf_holds(leaf: Predicate | Left) -> bool | None:
        return unread if isinstance(leaf, Left) else _assumed(leaf, seen, excluding=excluding)

    if asked.rule is not None and _left_open(asked.rule, seen):
        return None
    truth = unread if asked.rule is None else truth_of(asked.rule, leaf_holds)
    if excluding:
        return "met" if truth is False else None
    if asked.section == "inclusion" and truth is True:
        return "met"
    return "not met" if asked.section == "inclusion" and _lacks_operation(asked, seen) else None


def _lacks_operation(asked: Asked, seen: Seen) -> bool:
    """Return whether a criterion asks for an operation that is to come, and the record speaks of none such."""
    if asked.rule is None or _TO_COME.search(asked.text) is None:
        return False

    def leaf_holds(leaf: Predicate | Left) -> bool | None:
        operation = isinstance(leaf, Predicate) and leaf.kind == "procedure" and _is_operation(leaf.name, seen)
        return _absent(leaf, seen) if isinstance(leaf, Predicate) and operation else None

    return truth_of(asked.rule, leaf_holds) is False


def _is_operation(name: str, seen: Seen) -> bool:
    return seen.names.is_a(name, "surgery") or _OPERATION.search(name) is not None


def _left_open(rule: Rule, seen: Seen) -> bool:
    """Return whether the record speaks of what an exception leaves, and does not settle it: that is no silence."""
    if isinstance(rule, Unless):
        answer = answer_rule(rule, seen)
        if answer.holds is None and answer_rule(rule.exception, seen).holds is True and answer.evidence:
            return True
    return any(_left_open(one, seen) for one in children(rule))


def speaks_of(text: str, seen: Seen) -> bool:
    """Return whether some fact of the record shares a telling word with a criterion's text."""

    def said() -> frozenset[str]:
        facts = (fact for fact in seen.facts if fact.kind != "administrative" and not _is_silence(fact))
        parts = (part for fact in facts for part in (fact.name, *fact.qualifier) if part != MEASURED)
        return _telling(parts)

    return not _telling((text,)).isdisjoint(seen.once("words", said))


def _is_silence(fact: Fact) -> bool:
    """Return whether a fact is silence in other words: the past without a class of disease, a result that excludes."""
    return is_of_the_past(fact) or (fact.assertion == "absent" and MEASURED in fact.qualifier)


def _telling(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for text in texts for word in _WORD.findall(normal(text))) - _COMMON


def _assumed(leaf: Predicate, seen: Seen, *, excluding: bool) -> bool | None:
    """Return whether a predicate holds, as if what the record does not speak of were not there."""
    answer = answer_rule(leaf, seen)
    if answer.holds is not None:
        return answer.holds
    if leaf.kind == "administrative":
        return False if excluding else None
    if excluding and leaf.name == "life expectancy" and leaf.op in ("<", "<="):
        return None if answer.evidence else False
    return _absent(leaf, seen)


def _absent(leaf: Predicate, seen: Seen) -> bool | None:
    """Return whether a predicate holds, where its being there would have been said."""
    answer = answer_rule(leaf, seen)
    if answer.holds is not None:
        return answer.holds
    # Of a drug that nobody mentions, no dose is above a limit.
    asked = leaf.op in ("present", "absent") or (leaf.kind == "drug" and leaf.op in (">", ">="))
    # What a woman may be without her record saying so is not assumed.
    positive = leaf.name in _ANTIBODIES and leaf.qualifier == ("positive",)
    if (
        not (leaf.kind in _SILENT or positive)
        or not asked
        or answer.evidence
        or seen.names.canonical(leaf.name) in ASKED
    ):
        return None
    return leaf.op == "absent"
