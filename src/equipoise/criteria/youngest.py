"""
People who are young, or grown up, and of whom only one end of an age is stated: "Children > 5 years", "adults < 65".

::

    young = group (people | "who are" | "aged" | …)* lower_limit     # a child is still one at the upper end
    grown = "adults" (people | …)* upper_limit                       # and an adult at the lower
    born  = ("infants" | "neonates") … gestational_age               # and no grown-up who was born early

The ages at which nobody is of a group any more are those of `equipoise.criteria.ofage`. Where the group stands beside
others ("children and adults ≥ 5 years") the text says who is meant.
"""

from __future__ import annotations

import re

from equipoise.criteria.join import doubted
from equipoise.criteria.ofage import ENDS, age_limit
from equipoise.rules.nodes import All, Predicate, Rule, all_of, changed, leaves

_GROUP = (
    r"\b(?:(?:neonat|newborn|infan|bab|toddler|child|adolescen|teen|boys|girls|p(?=a?ediatric))[a-z]*|(?P<grown>adults?))"
    r"\b"
)
# Between the group and its age.
_ON_THE_WAY = (
    r"(?:[\s,(:\\]+(?:male|female|patients?|subjects?|participants?|individuals?|population|volunteers?|recipients?"
    r"|who|are|is|be|must|should|of|at|the|with|aged?|ages|an|and|or|equal|to|years?|old|over|above|under|below|girls|boys"
    r"|adolescents?|teenagers?|children|infants?|males|females|toddlers|weighing))*[\s,(:\\]*\Z"
)
_NEAR = re.compile(_GROUP + _ON_THE_WAY, re.IGNORECASE)
_MIXED = re.compile(
    r"\b(?:adults?|elderly|older people|wom[ae]n|m[ae]n|parents?|mothers?|fathers?|caregivers?|guardians?|siblings?"
    r"|famil\w+|born|had|having|history|as|since|their|whose|school|childhood)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:neonat|newborn|infan|bab|toddler|child|adolescen|teen|boys|girls|p(?=a?ediatric))", re.IGNORECASE
)
# What no words of these lack.
_SIGNS = (
    "adult",
    "neonat",
    "newborn",
    "infan",
    "bab",
    "toddler",
    "child",
    "adolescen",
    "teen",
    "boys",
    "girls",
    "ediatric",
)
_MOTHERS = re.compile(r"\b(?:mothers?|maternal|pregnant|wom[ae]n)\b", re.IGNORECASE)
_OF_BIRTH = re.compile(
    r"\A\W*(?:(?:all|preterm|premature|term|full[- ]term|near[- ]term|late|very|extremely|low|birth|weight"
    r"|newborn|live)\W+)*"
    r"(?P<group>infan|neonat|newborn|bab)[a-z]*\b(?!['’])",
    re.IGNORECASE,
)
_OF_EITHER = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|males|females)\s*(?:,|and|or|/|&|and/or)\s*(?:older |young )?"
    r"(?:children|adolescents|infants|teenagers)\b",
    re.IGNORECASE,
)
_MONTHS = {"a": 12.0, "mo": 1.0, "wk": 0.23, "d": 0.033}


def whole_group(rule: Rule | None, words: str, start: int, record: str) -> Rule | None:
    """
    Return the rule of a criterion, *words* at *start*, whose groups of people keep the end of age that nobody stated.

    *record*: all that the study lets in, by which an infant may be another than its patient.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Children > 5 years", section="inclusion")[0].reading
    'age above 5 years and age below 18 years'
    """
    if rule is None or not any(map(words.lower().__contains__, _SIGNS)):
        return rule  # most
    if not (_NAMED.search(words) or "adult" in words.lower()):
        return rule
    mixed = _OF_EITHER.search(words)
    if mixed is not None and any(type(one) is Predicate and one.name == "sex" for one in leaves(rule)):
        return doubted(rule, (start + mixed.start(), start + mixed.end()))  # "women and children": boys, too
    ages = [one for one in leaves(rule) if type(one) is Predicate and one.name == "age"]
    if not ages:
        return _of_birth(rule, words, start, record)
    ops = {one.op for one in ages}
    kept = changed(rule, lambda one: _kept(one, words, start, ops))
    return all_of(kept.rules) if type(kept) is All else kept


def _kept(one: Predicate, words: str, start: int, ops: set[str]) -> Rule:
    """Return an age limit with the end that its group has."""
    if one.name != "age" or one.span is None or one.unit not in _MONTHS or not isinstance(one.value, (int, float)):
        return one
    found = _NEAR.search(words, 0, max(0, one.span[0] - start))
    if found is None:
        return one
    span = (start + found.start(), start + found.end())
    if found["grown"]:
        below = one.op in ("<", "<=") and ops <= {"<", "<="} and one.value * _MONTHS[one.unit] > 18 * 12
        return All((age_limit(">=", (18, "a"), span), one)) if below and not _NAMED.search(words) else one
    if one.op not in (">", ">=") or not ops <= {">", ">="} or _MIXED.search(words[: found.start()]):
        return one
    if "adult" in words.lower():
        return one
    most = max((ENDS[each.lower()] for each in _NAMED.findall(words)), key=lambda end: end[0] * _MONTHS[end[1]])
    within = one.value * _MONTHS[one.unit] < most[0] * _MONTHS[most[1]]
    return All((one, age_limit("<", most, span))) if within else one


def _of_birth(rule: Rule, words: str, start: int, record: str) -> Rule:
    """Return the rule of infants who were born early, or late: those who are none any more are not meant."""
    found = _OF_BIRTH.match(words)
    early = any(type(one) is Predicate and one.name == "gestational age" for one in leaves(rule))
    if found is None or not early or _MOTHERS.search(words):
        return rule
    span = (start + found.start("group"), start + found.end())
    if _MOTHERS.search(record):
        return doubted(rule, span)
    made = all_of([age_limit("<", ENDS[found["group"].lower()], span), rule])
    assert made is not None
    return made
