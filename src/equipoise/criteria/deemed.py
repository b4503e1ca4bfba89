"""
A judgement that is asked of all that stands before it.

::

    judged = X ("," X)* ("or" "other conditions")? ("that" | "which") ","? "in the investigator's opinion" …

Who has X is not kept out by that alone: a person answers whether X is of that kind. What stands before "or any
condition that …" counts by itself.
"""

from __future__ import annotations

import re

from equipoise.criteria.looks import Mend
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Unless, all_of, any_of, leaves

_OPINION = r"(?:opinion|judge?ment|view|discretion|assessment)"
_JUDGED = re.compile(
    r"\b(?:that|which|who)\b,?\s\s*(?:in|according to|as judged by|at|per)\s(?:the\s)?"
    rf"[\w'’() ]{{0,40}}?{_OPINION}\b|,\sin\s(?:the\s)?[\w'’() ]{{0,30}}?{_OPINION}\b[^,.;]{{0,40}},\s(?:that|which)\s"
)
_APART = re.compile(r"[.;:\n]|\bsituations?\b|\b(?:or|and)\s(?:any|an?)\s(?!other)(?:\w+\s){0,3}\Z")
_MORE = re.compile(r"\b(?:other|conditions?|illness\w*|diseases?|disorders?|medications?|supplements?)\b")
_PERSON = frozenset(("investigator's judgement", "protocol compliance"))


def deemed(text: str, start: int, rule: Rule) -> Rule:
    """
    Return a rule in which a person judges each thing that a text, at *start* in the source, leaves to a judgement.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> gout = Predicate(kind="condition", concept=ConceptRef("gout"), span=(0, 4))
    >>> opinion = Predicate(kind="administrative", concept=ConceptRef("investigator's judgement"), span=(11, 39))
    >>> rule = deemed("Gout that, in the investigator's opinion, is severe", 0, AnyOf((gout, opinion)))
    >>> rule == All((gout, opinion))
    True
    """
    found = _JUDGED.search(text.lower())
    return rule if found is None else _deemed(rule, text.lower(), start, found.start())


def _deemed(rule: Rule, words: str, start: int, at: int) -> Rule:
    if type(rule) is Not:
        return Not(_deemed(rule.rule, words, start, at))
    if type(rule) is Unless:
        return Unless(_deemed(rule.rule, words, start, at), rule.exception)
    if type(rule) is All:
        return All(tuple(_deemed(one, words, start, at) for one in rule.rules))
    if type(rule) is not AnyOf:
        return rule
    persons = [one for one in rule.rules if type(one) is Predicate and one.name in _PERSON]
    named = [one for one in rule.rules if one not in persons]
    ends = [_end(one) - start for one in named]
    gap = words[max(ends, default=0) : at]
    if not persons or not ends or max(ends) > at or _APART.search(gap):
        return rule
    listed = rule if _MORE.search(gap) else any_of(named)  # "… or other conditions that": of which nobody knows
    return all_of([listed or rule, persons[0]]) or rule


def _end(rule: Rule) -> int:
    """Return where the last name in a part of a rule ends."""
    spans = [leaf.span for leaf in leaves(rule) if type(leaf) is Predicate and leaf.span is not None]
    spans += [leaf.span for leaf in leaves(rule) if type(leaf) is Left]
    return max((span[1] for span in spans), default=0)


MEND = Mend(
    lambda whole: deemed(whole.text, whole.start, whole.rule),
    "opinion judgement judgment view discretion assessment",
    joined=True,
)
