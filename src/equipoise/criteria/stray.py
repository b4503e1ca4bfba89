"""
Words of whom something is asked that were read as one more thing that counts, and treatments that were not given.

::

    if_sex    = "if" sex "," … name ("or" name)*            # under Exclusion: of that sex alone
    for_women = test "(" "for women of childbearing potential" ")"   # under Inclusion: nobody else is tested
    untreated = "untreated with" treatment
    allowed   = treatment "allowed" …                        # it is not asked for
"""

from __future__ import annotations

import re

from equipoise.criteria.join import doubted
from equipoise.criteria.looks import Mend
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, any_of, leaves

_IF_SEX = re.compile(r"\bif (?:he is |she is |a )?(?:fe)?male\b", re.IGNORECASE)
_FOR_WOMEN = re.compile(
    r"\b(?:for|in|if|of) (?:all |fertile |sexually active )?(?:wom[ae]n|females?|subjects|patients|participants)\b",
    re.IGNORECASE,
)
_FERTILE = ("childbearing potential", "females of childbearing potential")
_UNTREATED = re.compile(r"\b(?:untreated|na[iï]ve|unexposed) (?:with|to|by)\b", re.IGNORECASE)


def stray(rule: Rule, words: str, start: int, *, exclusion: bool) -> Rule:
    """
    Return the rule of a criterion, *words* at *start*, with each such word said of the others.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Subject, if female, is pregnant or breastfeeding", section="exclusion")[0].reading
    'sex is female and (pregnancy or lactation)'
    """
    given = [one for one in leaves(rule) if type(one) is Predicate and one.qualifier and _is_given(one)]
    untreated = any("untreated" in " ".join(one.qualifier) for one in given)
    if untreated and (found := _UNTREATED.search(words)) is not None:
        return doubted(rule, (start + found.start(), start + found.end()))
    allowed = next((one for one in given if any(text.startswith("allowed") for text in one.qualifier)), None)
    if allowed is not None and allowed.span is not None:
        return doubted(rule, allowed.span)
    if type(rule) is not AnyOf:
        return rule
    if exclusion and _IF_SEX.search(words):
        whom = [one for one in rule.rules if type(one) is Predicate and one.name == "sex"]
        rest = any_of([one for one in rule.rules if one not in whom])
        return rule if len(whom) != 1 or rest is None else All((whom[0], rest))
    if not exclusion and _FOR_WOMEN.search(words):
        return AnyOf(tuple([Not(one) if type(one) is Predicate and _is_fertile(one) else one for one in rule.rules]))
    return rule


def _is_given(one: Predicate) -> bool:
    return one.kind in ("drug", "procedure") and one.op == "present"


def _is_fertile(one: Predicate) -> bool:
    return one.name in _FERTILE and one.op == "present" and not one.qualifier


MEND = Mend(lambda whole: stray(whole.rule, whole.text, whole.start, exclusion=whole.exclusion))
