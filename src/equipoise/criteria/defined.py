"""
A condition that is nothing else than the limit beside it: "severe obesity (BMI > 35)", "anemia, Hb < 9".

::

    defined = condition "("? limit     # of what the condition is too much or too little of

The limit says what is meant, and it alone decides: whoever is over it is meant, whatever the record calls it, and of
who is under it the name tells nothing. What is said of the condition beyond how bad it is ("persistent", "untreated")
stays asked for, and with it the condition.
"""

from __future__ import annotations

import re

from equipoise.criteria.looks import Joint, Mend, Whole
from equipoise.criteria.related import MEASURED_BY
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Unless, all_of, leaves

# One low pressure is no hypotension yet.
_LIMITS = {name: of for name, of in MEASURED_BY.items() if name != "hypotension"} | {
    "morbid obesity": "body mass index",
    "severe obesity": "body mass index",
}
_GAP = re.compile(
    r"[\s,:(\[–-]*(?:(?:with|as|defined|by|an?|is|of|having|levels?|counts?|baseline|serum|current|absolute|bmi"
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
    Return a rule in which a limit stands alone for the condition that it says.

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
    of = _LIMITS.get(name.name)
    return (
        of is not None
        and _GAP.fullmatch(joint.words) is not None
        and type(joint.other) in (Predicate, AnyOf, All)
        and all(
            type(leaf) is Predicate
            and leaf.name == of
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


MEND = Mend(
    _defined,
    parts="penia penic emia emic obes overweight cytosis philia cardia pnea pnoea uria oxia fever",
    joined=True,
)
