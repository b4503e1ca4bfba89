"""
Of which part of a study a fact is asked, where that stands behind it: "prior trastuzumab (Phase Ib patients only)".

::

    part = "only"? "for"? ("patients in")? ("phase" | "cohort" | "arm") number ("patients")? "only"?
         | … ("part" | "group") number …                # with "for" or "only": there are scores with parts, too
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Predicate, Rule, changed

_NUMBER = r"(?:\d+[a-z]?|[ivx]+[ab]?|[a-h])"
_PEOPLE = r"(?:patients|subjects|participants)"
_OF_PART = re.compile(
    rf"(?P<only>only )?(?P<for>for )?(?:in )?(?:the )?(?:{_PEOPLE} (?:in|of) )?(?:the )?"
    rf"(?P<whom>(?P<kind>phase|cohort|arm|part|group)s? {_NUMBER}(?: (?:portion|part))?(?: {_PEOPLE})?)(?P<last> only)?"
)
_SURE = frozenset(("phase", "cohort", "arm"))


def _only_of(one: Predicate) -> Rule:
    if one.population is not None:
        return one
    for text in one.qualifier:
        found = _OF_PART.fullmatch(text.lower())
        if found is not None and (found["kind"] in _SURE or found["only"] or found["for"] or found["last"]):
            rest = tuple(said for said in one.qualifier if said is not text)
            return msgspec.structs.replace(one, qualifier=rest, population=found["whom"])
    return one


def _only_of_part(whole: Whole) -> Rule:
    """
    Return a rule in which a part of the study says of whom a fact is asked, and not of what kind it is.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Measurable disease (phase II only)", section="inclusion")[0].reading
    'in phase ii: measurable disease'
    """
    return changed(whole.rule, _only_of)


MEND = Mend(_only_of_part, "phase cohort cohorts arm part group")
