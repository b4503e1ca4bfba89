"""
Kinds of which nobody who joins has more than one, where "and" or "/" stands between the groups that may join.

::

    kindred = tumor "and" tumor | "singleton and twin pregnancies"     # under Inclusion, the one or the other
    wild    = gene "/" gene "wild type"                                # under Inclusion, of each
"""

from __future__ import annotations

import re
from itertools import pairwise

from equipoise.criteria.ends import span_of
from equipoise.criteria.looks import Joint, Mend, Whole
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, all_of, any_of
from equipoise.terms.lexicon import lexicon

_AND = re.compile(r"\s*(?:\([^()]{1,12}\)\s*)?,?\s*(?:and|&)\s*")
_SLASH = re.compile(r"\s*(?:\([^()]{1,12}\)\s*)?/\s*")
_TUMOR = re.compile(r"(?:cancer|carcinoma|tumou?r|sarcoma|lymphoma|melanoma|glioma|leukemia|blastoma)\Z")
_TOGETHER = re.compile(
    r"\b(?:both|concurrent\w*|simultaneous\w*|synchron\w+|co-?exist\w*|concomitant\w*|together|mixed|dual)\b"
)
_PREGNANT = frozenset(("singleton pregnancy", "twin pregnancy"))


def _kindred(whole: Whole) -> Rule:
    """
    Return a rule that asks for one of several kinds, and not for all.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Esophageal and gastric cancers", section="inclusion")[0].reading
    'esophageal cancer or gastric cancer'
    """
    if _TOGETHER.search(whole.words):
        return whole.rule
    joints = [one for one in whole.among_all if type(one.parent) is not Not and _are_kinds(one)]
    if not joints or not all(_AND.fullmatch(one.words) for one in joints):
        return whole.rule
    if len(joints) == 1:
        return _replaced(whole.rule, joints[0], any_of([joints[0].one, joints[0].other]))
    part = joints[0].part  # of three kinds, the last two alone would be one
    return _put(whole.rule, part, AnyOf(part.rules)) if len(joints) == len(part.rules) - 1 else whole.rule


def _are_kinds(joint: Joint) -> bool:
    one, other = joint.one, joint.other
    if type(one) is not Predicate or type(other) is not Predicate or not one.op == other.op == "present":
        return False
    names = one.name, other.name
    if set(names) == _PREGNANT:
        return True
    if one.kind != "condition" or not all(map(_TUMOR.search, names)) or names[0] == names[1]:
        return False
    known = lexicon()
    return not (known.is_a(names[0], names[1]) or known.is_a(names[1], names[0]))


def _wild(whole: Whole) -> Rule:
    """
    Return a rule that denies each of the alterations that one "wild type" denies.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("KRAS/BRAF wild type", section="inclusion")[0].reading
    'no KRAS alteration and no BRAF alteration'
    """
    for part, parent in whole.wholes:
        if type(part) is not AnyOf or type(parent) is Not or not all(map(_is_wild, part.rules)):
            continue
        spans = [span for one in part.rules if (span := span_of(one)) is not None]
        gaps = [whole.words[one[1] - whole.start : other[0] - whole.start] for one, other in pairwise(spans)]
        if len(spans) == len(part.rules) and all(map(_SLASH.fullmatch, gaps)):
            return _put(whole.rule, part, All(part.rules))
    return whole.rule


def _is_wild(rule: Rule) -> bool:
    return type(rule) is Predicate and rule.op == "absent" and rule.kind == "variant"


def _replaced(rule: Rule, joint: Joint, either: Rule | None) -> Rule:
    """Return a rule in which two parts that follow each other are one."""
    rest: list[Rule] = []
    for one in joint.part.rules:
        if one is joint.one and either is not None:
            rest.append(either)
        elif one is not joint.other:
            rest.append(one)
    return _put(rule, joint.part, all_of(rest) or joint.part)


def _put(rule: Rule, part: Rule, other: Rule) -> Rule:
    """Return a rule with another in the place of one of its parts."""
    if rule is part:
        return other
    if type(rule) is All:
        return all_of([_put(one, part, other) for one in rule.rules]) or rule
    if type(rule) is AnyOf:
        return any_of([_put(one, part, other) for one in rule.rules]) or rule
    return rule


MENDS = (
    Mend(_kindred, "and", marks="&", joined=True, exclusion=False),
    Mend(_wild, parts="wild", joined=True, exclusion=False),
)
