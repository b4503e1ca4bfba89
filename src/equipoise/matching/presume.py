"""
What a screener would assume where the record is silent. It is shown apart, and never an answer.

Two things are assumed: that a condition, drug, procedure, allergy or variant of which the record says nothing is not
there; and that what an exclusion says in words that were not understood is not so, where no fact of the record shares
a telling word with the criterion. A number, an age, a pregnancy that nobody has ruled out, and what somebody must be
found to have are not assumed. Whom a person must ask (consent, compliance) is assumed to agree, until they say no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from equipoise.matching.verdicts import Asked, Presumption
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import All, AtLeast, Left, Not, Predicate, Rule, Unless
from equipoise.rules.seen import Seen
from equipoise.rules.truth import all_, any_, at_least, not_
from equipoise.terms.cues import word_set
from equipoise.terms.spelling import normal
from equipoise.terms.words import stem

_SILENT = frozenset({"condition", "drug", "procedure", "allergy", "variant"})
# What a woman may be without her record saying so.
_ASKED_FOR = frozenset({"pregnancy", "lactation", "breast feeding", "childbearing potential", "planning pregnancy"})
# Words that many criteria and facts share, and that tell nothing of what either is about.
_COMMON = frozenset(map(stem, word_set("presume.common")))
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")


def presume(asked: Asked, seen: Seen) -> Presumption | None:
    """Return what a screener would assume of a criterion that the record leaves open, None where nothing."""
    excluding = asked.section == "exclusion"
    unread = False if excluding and asked.text and not speaks_of(asked.text, seen) else None
    truth = unread if asked.rule is None else _Silence(seen, unread, excluding=excluding).truth(asked.rule)
    if excluding:
        return "met" if truth is False else None
    return "met" if asked.section == "inclusion" and truth is True else None


def speaks_of(text: str, seen: Seen) -> bool:
    """Return whether some fact of the record shares a telling word with a criterion's text."""
    said = (part for fact in seen.facts for part in (fact.name, *fact.qualifier))
    return not _telling((text,)).isdisjoint(_telling(said))


def _telling(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for text in texts for word in _WORD.findall(normal(text))) - _COMMON


class _Silence:
    """Answers rules as if what the record does not speak of were not there, and *unread* what is not understood."""

    def __init__(self, seen: Seen, unread: bool | None, *, excluding: bool) -> None:
        self._seen = seen
        self._unread = unread
        self._excluding = excluding

    def truth(self, rule: Rule) -> bool | None:
        """Return whether a rule holds then."""
        if isinstance(rule, Predicate):
            return self._leaf(rule)
        if isinstance(rule, Left):
            return self._unread
        if isinstance(rule, Not):
            return not_(self.truth(rule.rule))
        if isinstance(rule, Unless):
            return all_((self.truth(rule.rule), not_(self.truth(rule.exception))))
        parts = [self.truth(one) for one in rule.rules]
        if isinstance(rule, AtLeast):
            return at_least(rule.count, parts)
        return all_(parts) if isinstance(rule, All) else any_(parts)

    def _leaf(self, rule: Predicate) -> bool | None:
        answer = answer_rule(rule, self._seen)
        if answer.holds is not None:
            return answer.holds
        if rule.kind == "administrative":
            return False if self._excluding else None
        # Of a drug that nobody mentions, no dose is above a limit.
        asked = rule.op in ("present", "absent") or (rule.kind == "drug" and rule.op in (">", ">="))
        if rule.kind not in _SILENT or not asked or answer.evidence or rule.name in _ASKED_FOR:
            return None
        return rule.op == "absent"
