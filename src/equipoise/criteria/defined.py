"""
Obesity that is nothing else than the limit beside it: "severe obesity (BMI > 35)", "obese, BMI of 31 or more".

::

    defined = obesity "("? limit     # of the body mass index

The limit says what is meant, and it alone decides: whoever is over it is meant, whatever the record calls it. What is
said of the obesity beyond how bad it is ("persistent", "untreated") stays asked for, and with it the obesity.
"""

from __future__ import annotations

import re

from equipoise.criteria.looks import Joint, Mend, Whole
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Unless, all_of, leaves

_OBESE = frozenset(("obesity", "morbid obesity", "severe obesity", "overweight"))
_GAP = re.compile(
    r"[\s,:(\[–-]*(?:(?:with|as|defined|by|an?|is|of|having|baseline|current|bmi"
    r"|i\.?e)\b[\s,:.(\[]*)*"
)
_HOW_BAD = frozenset(
    ("severe", "significant", "clinically significant", "marked", "moderate", "moderate to severe", "mild", "extreme",
     "morbid", "gross", "known", "documented", "confirmed", "seriously", "severely", "extremely", "relevant",
     "clinically relevant")
)  # fmt: skip
_WEIGHTS = frozenset(("[lb_av]", "kg"))


def _defined(whole: Whole) -> Rule:
    """
    Return a rule in which a limit stands alone for the obesity that it says.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Severe obesity (BMI > 35 kg/m2)", section="exclusion")[0].reading
    'body mass index above 35 kg/m²'
    """
    dropped = {id(joint.one) for joint in whole.among_all if _says(joint)}
    return _without(whole.rule, dropped) if dropped else whole.rule


def _says(joint: Joint) -> bool:
    name, limits = joint.one, list(leaves(joint.other))
    if type(name) is not Predicate or name.op != "present" or not _HOW_BAD.issuperset(name.qualifier):
        return False
    return (
        name.name in _OBESE
        and _GAP.fullmatch(joint.words) is not None
        and type(joint.other) in (Predicate, AnyOf, All)
        and all(
            type(leaf) is Predicate
            and leaf.name == "body mass index"
            and leaf.op not in ("present", "absent")
            and leaf.unit not in _WEIGHTS
            and leaf.population == name.population
            and name.window in (None, leaf.window)
            for leaf in limits
        )
    )


def _without(rule: Rule, dropped: set[int]) -> Rule:
    if type(rule) is All:
        return all_of([_without(one, dropped) for one in rule.rules if id(one) not in dropped]) or rule
    if type(rule) is AnyOf:
        return AnyOf(tuple(_without(one, dropped) for one in rule.rules))
    if type(rule) is Not:
        return Not(_without(rule.rule, dropped))
    if type(rule) is Unless:
        return Unless(_without(rule.rule, dropped), _without(rule.exception, dropped))
    return rule


MEND = Mend(_defined, parts="obes overweight", joined=True)
