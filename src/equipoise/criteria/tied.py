"""
What is said of one name and belongs to another as well, or what one name belongs to.

::

    shared   = adjective name noun "or" word noun         # "monomicrobial X pneumonia or Y pneumonia": of both, perhaps
    finding  = injury ("with" | "i.e.") sign              # "head injury with loss of consciousness": that of the injury
    past     = ("current or history of" | "history or presence of" | …) name (joint name)*  # who had it once is meant
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import msgspec

from equipoise.criteria.ends import OR_LIST, span_of
from equipoise.criteria.kinds import CARRYING, OF_SOME
from equipoise.criteria.looks import Mend, Whole
from equipoise.criteria.proofs import of_tests, within_all
from equipoise.criteria.shares import shares
from equipoise.rules.nodes import (
    All,
    AnyOf,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    changed,
    leaves,
)

_EITHER = re.compile(r"\s+(?:and/)?or\s+", re.IGNORECASE)
_OWN = frozenset(("history of",))
_PLAIN = frozenset(("known", "any", "other", "documented", "confirmed", "histologically", "suspected", "clinically"))
# Nouns of no kind of thing, and words that say what the other name says by another.
_BROAD = frozenset(("therapy", "treatment"))
_DEGREES = frozenset(("stage", "situ", "grade", "high", "low", "left", "right", "first", "second"))
_WITH = re.compile(
    r"\s*,?\s*\(?(?:with(?: associated| subsequent| resulting)?|i\.?e\.?,?|resulting in|causing|leading to"
    r"|accompanied by|complicated by)\s+(?:an?\s|any\s|prolonged\s|brief\s|transient\s)?\s*",
    re.IGNORECASE,
)
_HURT = re.compile(r"\b(?:injury|trauma|concussion|fracture|wound|burn|skin disease|overdose|poisoning|fall)\b")
_SIGNS = frozenset(
    ("loss of consciousness", "amnesia", "coma", "seizure", "confusion", "bleeding", "hemorrhage", "broken skin",
     "vomiting", "headache", "dizziness", "hypotension", "shock", "neurological deficit", "pain", "edema", "fever",
     "skin lesion", "pruritus", "ulcer", "infection", "altered mental status")
)  # fmt: skip
_HIST = r"(?:past\s+|prior\s+|medical\s+|previous\s+|known\s+)*histor(?:y|ies)"
_NOW = r"(?:(?:clinical|current|active|present|known|any|symptomatic)\s+)*(?:presence|evidence|diagnosis)"
_OR = r"(?:,?\s+(?:or|and/or)\s+(?:an?\s+|any\s+)?|\s?/\s?)"
_ONCE = re.compile(
    r"\b(?:current(?:ly)?|active|present|ongoing)\s+(?:or|and/or)\s+(?:an?\s+)?(?:known\s+)?history\s+of\s+"
    rf"|\b{_HIST}{_OR}{_NOW}\s+of\s+|\b{_NOW}{_OR}{_HIST}\s+of\s+"
    rf"|\b{_HIST}(?:\s+of,?)?{_OR}(?:known\s+)?(?:current(?:ly)?|present|active|ongoing|existing)\s+(?:clinical\s+)?"
    rf"|\b{_HIST}\s+of{_OR}{_NOW}\s+of\s+"
    r"|\b(?:past|previous|prior|former)\s+(?:or|and/or)\s+(?:present|current|active|ongoing|concurrent|concomitant)\s+"
    r"|\b(?:present|current|active|ongoing|concurrent)\s+(?:or|and/or)\s+(?:past|previous|prior|former)\s+(?:documented\s+)?",
    re.IGNORECASE,
)
_OR_ALONE = re.compile(r"\s*(?:/|\b(?:or|and/or|and)\b)\s*", re.IGNORECASE)
_REQUIRED = re.compile(r"\brequir(?:ed|ing|es?)\b")


def _tied(whole: Whole) -> Rule:
    """
    Return the rule of a criterion with what its names say of each other.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Head injury with loss of consciousness", section="exclusion")[0].reading
    'head injury; and loss of consciousness, with head injury'
    """
    words, start = whole.text, whole.start
    return _within(whole.rule, lambda one: _shared(_of_injury(one, words, start), words, start))


def _within(rule: Rule, change: Callable[[Rule], Rule]) -> Rule:
    """Return the rule with each whole in it changed, the inner ones first; what is in doubt stays as it is."""
    if type(rule) is Predicate or type(rule) is Left or any(type(one) is Left for one in leaves(rule)):
        return rule
    if type(rule) is Not:
        return Not(_within(rule.rule, change))
    if type(rule) is Unless:
        return Unless(_within(rule.rule, change), _within(rule.exception, change))
    if type(rule) is All or type(rule) is AnyOf:
        parts = tuple([_within(one, change) for one in rule.rules])
        return change(All(parts) if type(rule) is All else AnyOf(parts))
    return rule


def _shared(rule: Rule, words: str, start: int) -> Rule:
    """Leave open whether the adjective of the first of two kinds of a thing is of the second, too."""
    if type(rule) is not AnyOf:
        return rule
    parts = list(rule.rules)
    for place, (one, other) in enumerate(pairwise(rule.rules)):
        before, behind = span_of(one), span_of(other)
        if before is None or behind is None or type(one) is not Predicate or type(other) is not Predicate:
            continue
        names = (
            words[before[0] - start : before[1] - start].lower(),
            words[behind[0] - start : behind[1] - start].lower(),
        )
        if one.kind != other.kind or one.name == other.name or other.qualifier or one.kind == "measurement":
            continue
        if not _EITHER.fullmatch(words[before[1] - start : behind[0] - start]) or len(names[1].split()) < 2:
            continue
        if names[0].split()[-1:] != names[1].split()[-1:] or names[1].split()[-1] in _BROAD:
            continue
        led = [text for text in one.qualifier if text not in _OWN and _leads(text, words[: before[0] - start])]
        if led:
            both = msgspec.structs.replace(other, qualifier=tuple(led))
            parts[place + 1] = AnyOf((both, All((other, Left(behind)))))
    return AnyOf(tuple(parts))


def _leads(text: str, before: str) -> bool:
    """Return whether a qualifier stands right before its name, and narrows it."""
    said = set(text.split())
    return not said <= _PLAIN and _DEGREES.isdisjoint(said) and " ".join(before.lower().split()).endswith(text)


def _of_injury(rule: Rule, words: str, start: int) -> Rule:
    """Return an injury and what is a sign of it as one finding."""
    if type(rule) is not All:
        return rule
    parts = list(rule.rules)
    for place, (one, other) in enumerate(pairwise(rule.rules)):
        before = span_of(one)
        signs = [leaf for leaf in leaves(other) if type(leaf) is Predicate]
        if before is None or type(one) is not Predicate or one.kind != "condition" or not _HURT.search(one.name):
            continue
        found = _WITH.match(words, before[1] - start)
        first = min((span[0] for leaf in signs if (span := span_of(leaf)) is not None), default=-1)
        if found is None or not signs or not 0 <= first - start - found.end() <= 12:
            continue
        if all(leaf.name in _SIGNS and leaf.op == "present" for leaf in signs):
            parts[place + 1] = changed(other, _saying(f"with {one.name}"))
    return All(tuple(parts))


def _saying(said: str) -> Callable[[Predicate], Rule]:
    return lambda leaf: msgspec.structs.replace(leaf, qualifier=(*leaf.qualifier, said))


def _once(rule: Rule, words: str, start: int) -> Rule:
    """Return "current or history of X" as a history of it: who has it has it in his history."""
    found = _ONCE.search(words)
    if found is None:
        return rule
    at, once = start + found.end(), set[Span]()
    # "A history or presence of A, B or C" is of all; of "past or current A, B" nobody knows.
    listed = OR_LIST if found[0].rstrip().lower().endswith("of") else _OR_ALONE
    named = {
        span: leaf
        for leaf in leaves(rule)
        if type(leaf) is Predicate and (span := span_of(leaf)) is not None and span[0] >= at
    }
    kind = ""
    for span in sorted(named):
        gap, leaf = words[at - start : span[0] - start], named[span]
        if leaf.name in CARRYING or leaf.name in OF_SOME or (once and leaf.kind != kind):
            break
        kind = leaf.kind
        if once and not listed.fullmatch(gap):
            break
        if not once and ("," in gap or len(gap.split()) > 4):
            break
        once.add(span)
        at = max(at, span[1])

    def change(one: Predicate) -> Rule:
        plain = one.kind in ("condition", "drug") and one.op in ("present", "absent") and one.window is None
        if not plain or "history of" in one.qualifier or span_of(one) not in once:
            return one
        return msgspec.structs.replace(one, qualifier=(*one.qualifier, "history of"))

    return changed(rule, change)


def _then(rule: All) -> Rule:
    """Return a rule in which what a past illness required was given then: "pneumonitis that required steroids"."""
    past = any(
        type(one) is Predicate
        and one.kind == "condition"
        and "history of" in one.qualifier
        and any(_REQUIRED.search(text) for text in one.qualifier)
        for one in rule.rules
    )
    return changed(rule, _of_the_past) if past else rule


def _of_the_past(one: Predicate) -> Rule:
    given = one.kind in ("drug", "procedure") and one.op == "present" and one.window is None
    if not given or "history of" in one.qualifier:
        return one
    return msgspec.structs.replace(one, qualifier=(*one.qualifier, "history of"))


MENDS = (
    Mend(lambda whole: shares(whole.rule, whole.text, whole.start), joined=True),
    Mend(_tied, joined=True),
    Mend(lambda whole: _once(whole.rule, whole.text, whole.start), "history histories past previous prior"),
    Mend(lambda whole: within_all(whole.rule, _then), parts="requir", joined=True),
    Mend(
        lambda whole: of_tests(whole.rule, whole.text, whole.start),
        parts="positiv negativ sensitive confirm prove document verif diagnos demonstrat detect establish",
    ),
)
