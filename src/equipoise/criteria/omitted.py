"""
Words behind a name that its rule lost, and words that were taken for another thing than they are said of.

::

    needing  = condition ("requiring" | "in need of" | …) word* ("treatment" | "therapy" | …)   # not who needs none
             | condition "for which he receives" treatment | condition "that cannot be controlled with" treatment
    led      = needing "or" condition                       # each counts, and nobody needs to have both
    anybody  = ("participants" | …) "of reproductive potential"     # men as well
    donated  = "donated" limit "of blood"                   # a volume of blood, and of nothing else
    hanging  = X ":"                                        # nothing follows that it asks: a heading, or part of a list
    remedies = ("taking" | …) "medications" ("associated with" | …) condition    # nobody needs to have it
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.criteria.fertile import men
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import PREGNANCY_TESTS
from equipoise.criteria.looks import Look, Mend, Whole
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Span, Unless, changed, leaves

_TREATED = (
    r"(?:\s(?:the|any|an?|active|additional|chronic|concomitant|concurrent|continuous|current|drug|immediate|medical|medication"
    r"|ongoing|other|pharmacological|pharmacologic|prescription|prior|regular|specific|systemic|their|use|of)){0,5}"
    r"\s(?:treatments?|therap(?:y|ies)|medications?|drugs?|medicines?|interventions?)\b"
)
_NEEDING = re.compile(
    r"\(?(?:(?:that|which|who)\s)?(?:previously\s|currently\s|has\s|have\s)*"
    r"(?:requir(?:es?|ed|ing)|need(?:s|ed|ing)?|(?:is\s|are\s)?in need of|necessitat(?:es?|ed|ing))"
    rf"{_TREATED}\)?"
    r"|for which\s(?:the\s|an?\s)?(?:patient|subject|participant|he|she|they)s?\s"
    rf"(?:(?:is|was|are|were|has|have|been|currently|still)\s)*(?:receiving|undergoing|taking|on){_TREATED}"
    r"|(?:that|which)\s(?:cannot|can not|could not|(?:is|are|was|were)\snot)\s(?:be\s)?"
    rf"(?:well\s|adequately\s|sufficiently\s)*(?:controlled|treated|managed|stabilized)\s(?:with|by|on|under|using){_TREATED}"
)
_BY_NAME = re.compile(r"\s(?:with|by|for|of|using|such|including|like|e\.?g)\b")
_BEFORE = re.compile(r"\s*[,(]?\s*\Z")
_OR = re.compile(
    r"\s*,?\s*(?:and/)?or\s(?:(?:having|an?|any|known|other|the|with|have|has|unexplained|infection)\s)*\Z"
)
_NEEDS = ("requir", "need", "necessit", "which", "not ", "uncontrolled")
_ANYBODY = re.compile(
    r"\b(?:participants?|subjects?|patients?|persons?|individuals?|adults|volunteers?|those|anyone|has|if)\s"
    r"(?:(?:who|is|are|has|have|had|having|with|of|an?|any|full)\s)*(?:reproductive|procreative)\s(?:potential|capacity|capability)\b"
    r"|\bfertile\s(?:patients?|participants?|subjects?|individuals?|persons?|volunteers?)\b"
    r"|\bif\s(?:possibly\s)?fertile,?\sthe\s(?:patient|participant|subject)\b"
)
_HER = re.compile(r"\b(?:wom[ae]n|females?|girls?|she|her|wocbp|child-?\s?bearing)\b[^.;\n]*\Z")
_TESTED = PREGNANCY_TESTS | {"beta-hcg", "menopause", "sex", "effective male contraception"}
_GAVE = re.compile(r"(?:donat(?:ed?|ing|ions?)|donating)\Z")
_LOST = re.compile(r"(?:loss|lost|losing)\Z")
_OF_BLOOD = re.compile(
    r"\s*(?:or more\s|or greater\s)?(?:of\s)?(?:whole\s|their\s)?blood\b(?!\s(?:products?|or|and|plasma))"
)
_REMEDIES = re.compile(
    r"\b(?:use of|using|tak(?:es?|ing|en)|receiv(?:es?|ed|ing)|intake of|treated with|on)\s(?:[a-z-]+\s){0,3}?"
    r"(?:medications?|drugs?|medicines?|agents?|supplements?|remedies|preparations)\s"
    r"(?:(?:that|which)\s(?:are\s|is\s|may\s|can\s|could\s)?)?"
    r"(?:associated with|with|known to|known for|for|against|to treat|to prevent|used for"
    r"|caus\w+|induc\w+|promot\w+|affect\w+)\s"
    r"(?:[a-z-]+\s){0,3}?\Z"
)
_HANGING = re.compile(
    r"\A\W*(?:for|required|(?:in|among)\s(?:patients|subjects|participants|women)|the following)\b"
    r"|\b(?:who|that|which|with|only|note|patients|subjects|participants|volunteers|controls|women|females?|males?|men"
    r"|following(?:\s[\w-]+){0,9})\W*\Z",
    re.IGNORECASE,
)
_REACH = 90


def hanging(rule: Rule, words: str, span: Span, *, exclusion: bool) -> Rule:
    """
    Return the rule of a criterion at *span* in doubt, where it ends in a colon: what it leads to is not in it.

    Under Exclusion most such heads name what their examples are of.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> [one.computable for one in compile_criteria("Healthy volunteers:", section="inclusion")]
    ['partial']
    """
    said = words.rstrip()
    if not said.endswith(":") or any(type(one) is not Predicate for one in leaves(rule)):
        return rule
    if exclusion and _HANGING.search(said) is None:
        return rule
    end = span[0] + len(said)
    return doubted(rule, (end - len(said.split()[-1]), end))


def _needing(whole: Whole) -> Rule:
    """Return a rule in which who needs a treatment is told apart from who has a disease."""
    rule = whole.rule
    for found in _NEEDING.finditer(whole.words):
        first, last = found.span()
        if _BY_NAME.match(whole.words, last) or _is_told(whole, first, last):
            continue
        head = _before(whole, first)
        if head is None or any(need in text for text in head.qualifier for need in _NEEDS):
            continue
        said = found.group().strip("() ")
        kept = [text for text in head.qualifier if text not in said]
        own = msgspec.structs.replace(head, qualifier=(*kept, said))
        rule = _with(rule, head, own, whole, last)
    return rule


def _is_told(whole: Whole, first: int, last: int) -> bool:
    """Return whether something is named within some words."""
    spans = [span for one in whole.facts if (span := span_of(one)) is not None]
    return any(start - whole.start < last and first < end - whole.start for start, end in spans)


def _before(whole: Whole, at: int) -> Predicate | None:
    """Return the condition that stands right before a place in the words."""
    for one in whole.facts:
        span = span_of(one)
        if one.kind == "condition" and one.op in ("present", "absent") and span is not None:
            gap = whole.words[span[1] - whole.start : at]
            if span[1] - whole.start <= at and _BEFORE.fullmatch(gap):
                return one
    return None


def _with(rule: Rule, head: Predicate, own: Predicate, whole: Whole, at: int) -> Rule:
    """Return a rule with a condition as it was told; what was asked beside it, behind an "or", counts as well."""
    if rule is head:
        return own
    if type(rule) is Not:
        return Not(_with(rule.rule, head, own, whole, at))
    if type(rule) is Unless:
        return Unless(_with(rule.rule, head, own, whole, at), _with(rule.exception, head, own, whole, at))
    if type(rule) is AnyOf:
        return AnyOf(tuple([_with(one, head, own, whole, at) for one in rule.rules]))
    if type(rule) is not All:
        return rule
    first, other = rule.rules[0], rule.rules[1]
    if first is head and _is_another(other, whole, at):
        either = AnyOf((own, *(other.rules if type(other) is AnyOf else (other,))))
        return All((either, *rule.rules[2:])) if len(rule.rules) > 2 else either
    return All(tuple([_with(one, head, own, whole, at) for one in rule.rules]))


def _is_another(rule: Rule, whole: Whole, at: int) -> bool:
    """Return whether conditions follow a place behind an "or"."""
    span = whole.span_of(rule)
    if span is None or any(type(one) is not Predicate or one.kind != "condition" for one in leaves(rule)):
        return False
    return _OR.fullmatch(whole.words, at, span[0]) is not None


def _anybody(whole: Whole) -> Rule:
    """Return a rule in which men, too, have what is said of all: "participants of reproductive potential"."""
    rule = whole.rule
    if any(one.name in _TESTED for one in whole.facts):
        return rule
    for found in _ANYBODY.finditer(whole.words):
        if not found.group().startswith("fertile") and _HER.search(whole.words, 0, found.end()):
            continue
        first, last = whole.start + found.start(), whole.start + found.end()

        def both(one: Predicate, first: int = first, last: int = last) -> Rule:
            span = span_of(one)
            if one.name != "childbearing potential" or span is None or not (first <= span[0] and span[1] <= last):
                return one
            return AnyOf((one, men(span))) if one.op == "present" else All((one, Not(men(span))))

        rule = changed(rule, both)
    return rule


def _of_blood(whole: Whole) -> Rule:
    """Return a rule in which blood that was given or lost has its name: "donated more than 450 mL of blood"."""

    def named(one: Predicate) -> Rule:
        if one.kind != "measurement" or one.value is None or one.span is None or one.concept is None:
            return one
        if _OF_BLOOD.match(whole.words, one.span[1] - whole.start) is None:
            return one
        name = "blood donation volume" if _GAVE.match(one.name) else "blood loss" if _LOST.match(one.name) else None
        return one if name is None else msgspec.structs.replace(one, concept=ConceptRef(name, span=one.concept.span))

    return changed(whole.rule, named)


def _remedies(whole: Whole) -> Span | None:
    """Find what medications are for, or do, in a rule that asks for nothing else: "drugs with X as a side effect"."""
    if any(one.kind != "condition" for one in whole.facts):
        return None
    for one in whole.facts:
        span = span_of(one)
        if span is not None and one.op == "present":
            at = span[0] - whole.start
            if _REMEDIES.search(whole.words[max(0, at - _REACH) : at]):
                return span[0] - whole.start, span[1] - whole.start
    return None


MENDS = (
    Mend(_needing, "which that", parts="requir need necessit"),
    Mend(_anybody, "reproductive procreative fertile", joined=True),
    Mend(_of_blood, "blood"),
)
LOOKS = (
    Look(
        _remedies,
        "medications medication drugs drug medicines medicine agents agent supplement supplements preparations"
        " remedies",
    ),
)
