"""
Of whom a heading of a few words says that what follows is asked: "Under age 18:", "Males:", "If diabetic:".

::

    heading = condition people* ages ":" | ("for" | "in")? people* (sex | ages) ":"
    running = heading limits                          # "Women: hemoglobin > 12 g/dL"

Under Exclusion who is so, and has what follows, is kept out; of others nobody knows. Under Inclusion nobody else is
asked for what follows where the heading says "for" or "if". Without that word the heading may ask for such people as
well: then of others nobody knows.
"""

from __future__ import annotations

import re

from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, all_of, leaves

_WORD = (
    r"(?:for|in|all|the|patients?|subjects?|participants?|volunteers?|children|adults?|boys|girls|wom[ae]n|m[ae]n|males?"
    r"|females?|infants?|adolescents?|neonates|newborns|p(?:a)?ediatric|those|individuals|aged?|ages|years?|yrs?|months?"
    r"|weeks|days|old|of|or|and|over|under|older|younger|above|below|less|more|greater|than|at|least|to|between|up"
    r"|inclusive|equal|who|are|is|young|from|yo|only|\d+|[<>≥≤=\-–/(),+*_.\\])"
)
_HEADING = re.compile(rf"\W*(?:(?:if|when)\b\s*)?(?:{_WORD}\s*)+\s*[:：][\s*_-]*", re.IGNORECASE)
# "Age: 18 and over" is a label with what it labels.
_LABEL = re.compile(r"\W*(?:ages?|patients?|subjects?|participants?|sex)\W*\Z", re.IGNORECASE)
_SURE = re.compile(r"\W*(?:for|if|in|when)\b", re.IGNORECASE)
_IF = re.compile(r"\W*(?:if|(?:for|in) (?:those|patients|subjects|participants) (?:with|who are))\b", re.IGNORECASE)
_LISTS = re.compile(r"\b(?:following|any|one|all|both|either|criteria|must|should|includ\w+|such as|defined)\b", re.I)
_WHOM = ("age", "sex")


def heading_of(words: str) -> str:
    """
    Return the heading of ages or of a sex with which a criterion begins, or nothing.

    >>> heading_of("Under age 18: - Platelets > 100,000"), heading_of("Age: 18 and over"), heading_of("Asthma: mild")
    ('Under age 18: - ', '', '')
    """
    found = _HEADING.match(words) if ":" in words[:80] or "：" in words[:80] else None
    return "" if found is None or _LABEL.match(found[0]) else found[0]


def is_of_whom(rule: Rule | None) -> bool:
    """Return whether a rule only says how old people are, and of which sex."""
    found = [] if rule is None else list(leaves(rule))
    return bool(found) and all(type(one) is Predicate and one.name in _WHOM and not one.qualifier for one in found)


def conditional(own: Rule, asked: Rule, head: str, span: Span, *, exclusion: bool) -> Rule:
    """
    Return what is asked of those of whom a heading speaks; *own* is what it says of them.

    >>> from equipoise.rules.english import describe_rule
    >>> from equipoise.rules.nodes import ConceptRef
    >>> male = Predicate(kind="demographic", concept=ConceptRef("sex"), op="=", value="male")
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma"))
    >>> describe_rule(conditional(male, asthma, "For males:", (0, 10), exclusion=False))
    'not (sex is male) or asthma'
    """
    both = all_of([own, asked])
    assert both is not None
    if exclusion:
        return AnyOf((both, All((asked, Left(span)))))  # how far a heading reaches is not sure
    if _SURE.match(head):
        return AnyOf((Not(own), asked))
    return AnyOf((both, All((Not(own), Left(span)))))


def of_some(own: Rule | None, head: str) -> bool:
    """
    Return whether the head of a list only says of whom its items are asked: "Males:", "If diabetic:".

    >>> from equipoise.rules.nodes import ConceptRef
    >>> male = Predicate(kind="demographic", concept=ConceptRef("sex"), op="=", value="male")
    >>> of_some(male, "Males:"), of_some(male, "Male, with all of the following:")
    (True, False)
    """
    if own is None or _LISTS.search(head) or not head.rstrip(" *_").endswith((":", "：")):
        return False
    if _IF.match(head):
        return all(type(one) is Predicate for one in leaves(own))
    return is_of_whom(own) and bool(heading_of(head))


def running(rule: Rule | None, words: str, start: int, *, exclusion: bool) -> Rule | None:
    """Return the rule of a criterion that begins with such a heading, *words* at *start*, as asked of those alone."""
    head = heading_of(words) if type(rule) is All and not exclusion else ""
    if not head or type(rule) is not All or not words[len(head) :].strip():
        return rule
    end = start + len(head)
    own = [one for one in rule.rules if is_of_whom(one) and _ends(one) <= end]
    rest = [one for one in rule.rules if one not in own]
    whom, asked = all_of(own), all_of(rest)
    if whom is None or asked is None:
        return rule
    return conditional(whom, asked, head, (start, end), exclusion=False)


def _ends(rule: Rule) -> int:
    return max((leaf.span[1] for leaf in leaves(rule) if leaf.span is not None), default=0)
