"""
What is asked for the time of a study: "must use contraception during the study", and of what somebody recovered.

::

    duty      = ("must" | "should" | "will" | "continue" …) … contraception    # a person answers, if nobody uses any
    recovered = since treatment ("," | "and") "recovered"    # from that treatment, and of nothing else

Who uses none today may do so when the study begins, and who needs none is nobody whom a record of "no contraception"
keeps out. Who uses it does already what is asked.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Mend
from equipoise.rules.nodes import AnyOf, ConceptRef, Left, Not, Predicate, Rule, changed, children, leaves

_DUTY = re.compile(
    r"\b(?:must|should|shall|will|has to|have to|required|needs? to|agree\w*|continu\w*|obliged|advised|counsel\w*"
    r"|practi[cs]e|throughout|duration|during|for the)\b",
    re.IGNORECASE,
)
_METHODS = re.compile(
    r"contracepti|intrauterine device|\bcondom|\bdiaphragm|spermicide|sexual abstinence|barrier method|birth control"
)
_RECOVERED = re.compile(r"\brecovered\b(?!\s+(?:from|to|of|after|in)\b)", re.IGNORECASE)


def duty(rule: Rule, words: str, *, exclusion: bool) -> Rule:
    """
    Return a rule in which a person answers for those who use no contraception yet, where it is asked for later.

    >>> from equipoise.rules.english import describe_rule
    >>> used = Predicate(kind="procedure", concept=ConceptRef("contraception"))
    >>> describe_rule(duty(used, "Must use contraception", exclusion=False))
    'undergoing contraception or protocol compliance (a person answers)'
    """
    named = "contracep" in words or "birth" in words.lower() or "Contracep" in words
    if exclusion or not named or not _DUTY.search(words):
        return rule
    denied = {id(leaf) for part in _denials(rule) for leaf in leaves(part)}
    return changed(rule, lambda one: one if id(one) in denied else _promised(one))


def _promised(one: Predicate) -> Rule:
    if one.op != "present" or one.kind not in GIVEN or not _METHODS.search(one.name):
        return one
    concept = ConceptRef("protocol compliance", span=one.span)
    return AnyOf((one, Predicate(kind="administrative", concept=concept, span=one.span)))


def _denials(rule: Rule) -> list[Rule]:
    if type(rule) is Not:
        return [rule.rule]
    if type(rule) is Predicate or type(rule) is Left:
        return []
    return [found for one in children(rule) for found in _denials(one)]


def recovered(rule: Rule, words: str, start: int) -> Rule:
    """Return a rule in which who "recovered" did so from the treatments named before; the words begin at *start*."""
    found = _RECOVERED.search(words)
    if found is None:
        return rule
    at = start + found.start()
    given = [
        leaf.concept.span
        for leaf in leaves(rule)
        if type(leaf) is Predicate and leaf.kind in GIVEN and leaf.concept is not None and leaf.concept.span is not None
    ]
    before = [span for span in given if span[1] <= at]
    if not before:
        return rule
    first, last = min(span[0] for span in before), max(span[1] for span in before)
    said = "from " + " ".join(words[first - start : last - start].lower().split())

    def change(one: Predicate) -> Rule:
        bare = one.name == "recovery" and not one.qualifier and one.span is not None and one.span[0] >= last
        return msgspec.structs.replace(one, qualifier=(said,)) if bare else one

    return changed(rule, change)


MENDS = (
    Mend(lambda whole: duty(whole.rule, whole.text, exclusion=whole.exclusion), parts="contracep birth"),
    Mend(lambda whole: recovered(whole.rule, whole.text, whole.start), "recovered"),
)
