"""
What is one of two, where one name was read of both.

::

    feared  = sure ("or" | "and" | "/") "suspected" name                 # it is so, or suspected
    first   = ("active" | "possible" | …) "," feared                     # one of three
    twins   = sure X "and suspected" X                                   # the ones and the others
    course  = ("chronic" | "acute") "or" word ("acute" | "chronic") X    # each by itself

A record that says "suspected" answers the second of these, and not the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from equipoise.criteria.context import reference
from equipoise.criteria.currently import behind
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import All, Not, Predicate, Rule, any_of, changed
from equipoise.terms.lexicon import lexicon

_SURE = r"(?:confirmed|known|proven|proved|documented|diagnosed|established|definite|verified|diagnosis|presence)"
_FEAR = r"(?P<{}>suspected|suspicion|presumed|probable|possible)"
_HOW = r"(?:\w+ly\s+|strong\s+|high\s+)?"
_JOINT = r"\s*(?:,?\s*\b(?:or|and/or|and)\b\s*(?:with\s+|an?\s+|the\s+)?|/\s*)"
_FEARED = re.compile(
    rf"\b(?:{_SURE}{_JOINT}{_HOW}{_FEAR.format('last')}|{_FEAR.format('first')}{_JOINT}{_HOW}{_SURE})\b"
    r"(?:\s+(?:cases?|diagnosis|presence|history|evidence|infections?)?\s*(?:of|for|with)\b)?\s+"
)
# Before a comma, one of three that are said of the name: "active, known or suspected".
_FIRST = re.compile(r"\b(active|current|ongoing|recurrent|possible|probable)\s*,\s*\Z")
_TWINS = re.compile(rf"\b{_SURE}\b[^.;,]*\band\s+(?:\w+ly\s+)?suspected\b")
_FEARED_FIRST = frozenset(("possible", "probable"))
_FEARS = {"suspicion": "suspected", "presumed": "suspected"}
_COURSE = re.compile(r"(?P<first>(?:[\w-]+ )?)(?P<course>acute|chronic)(?: or | and/or | and |/)(?P<last>[\w-]+)\Z")
_OTHER = {"acute": "chronic", "chronic": "acute"}


def _feared(whole: Whole) -> Rule:
    """
    Return "known or suspected X" as X, or a suspected X.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Confirmed or suspected gout", section="exclusion")[0].reading
    'gout; or gout, suspected'
    """
    rule = whole.rule
    for found in _FEARED.finditer(whole.words):
        places = behind(rule, whole.words, found.end(), whole.start)
        if len(places) > 1:
            continue  # of a list nobody says how far the word reaches
        said, first = found["last"] or found["first"], _FIRST.search(whole.words, 0, found.start())
        rule = changed(rule, _fearing(places, _FEARS.get(said, said), first[1] if first is not None else ""))
    return rule


def _fearing(places: set[int], said: str, first: str) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        named = None if one.concept is None else one.concept.span
        if named is None or named[0] not in places or one.kind != "condition" or one.op not in ("present", "absent"):
            return one
        rest = tuple(text for text in one.qualifier if text not in (said, first))
        if any(said in text.split() for text in rest):
            return one
        sure = msgspec.structs.replace(one, op="present", qualifier=rest)
        fears = [first, said] if first in _FEARED_FIRST else [said]  # who has it, has it active or not
        either = any_of([sure, *[msgspec.structs.replace(sure, qualifier=(fear, *rest)) for fear in fears]]) or one
        return either if one.op == "present" else Not(either)

    return change


def _twins(whole: Whole) -> Rule:
    """Return "confirmed X and suspected X" as the one or the other."""
    rule = whole.rule
    if type(rule) is not All or not _TWINS.search(whole.words):
        return rule
    for joint in whole.among_all:
        one, other = joint.one, joint.other
        if joint.part is not rule or type(one) is not Predicate or type(other) is not Predicate:
            continue
        if one.name == other.name and one.op == other.op == "present" and _is_feared(one) != _is_feared(other):
            either = any_of([one, other]) or one
            rest = [part for part in rule.rules if part is not one and part is not other]
            return All((either, *rest)) if rest else either
    return rule


def _is_feared(one: Predicate) -> bool:
    return any("suspected" in text.split() for text in one.qualifier)


def _course(whole: Whole) -> Rule:
    """
    Return "chronic or relevant acute X" as a chronic X, or a relevant acute one.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Acute or significant chronic bronchitis", section="exclusion")[0].reading
    'acute bronchitis; or chronic bronchitis, significant'
    """
    return changed(whole.rule, _parted)


def _parted(one: Predicate) -> Rule:
    course, _, noun = one.name.partition(" ")
    if course not in _OTHER or not noun or one.concept is None or one.op not in ("present", "absent"):
        return one
    for text in one.qualifier:
        found = _COURSE.match(text)
        if found is None or found["course"] != _OTHER[course] or found["last"] in _OTHER:
            continue
        rest = tuple(said for said in one.qualifier if said is not text)
        own = msgspec.structs.replace(one, op="present", qualifier=(found["last"], *rest))
        first = (found["first"].strip(),) if found["first"] else ()
        whole = lexicon().find(f"{found['course']} {noun}")
        named = whole or lexicon().find(noun)
        if named is None or named.kind != one.kind:
            return one
        kind = first if whole is not None else (" ".join((*first, found["course"])),)
        concept = reference(named, one.concept.span) if one.concept.span is not None else one.concept
        either = any_of([msgspec.structs.replace(own, concept=concept, qualifier=(*kind, *rest)), own]) or one
        return either if one.op == "present" else Not(either)
    return one


MENDS = (
    Mend(_feared, "suspected suspicion presumed probable possible"),
    Mend(_twins, "suspected", joined=True, exclusion=False),
    Mend(_course, "acute chronic"),
)
