"""
What something is known by: "progression as defined by a rising PSA or new lesions" is progression, in either case.

::

    known = name "as"? ("defined" | "evidenced" | "shown" | …) "by" sign (("," | "or") sign)*

Each of the signs belongs to the name before. Where a mark, or words that begin anew, stand between two of them, the
later may be another statement: then both readings must agree.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.looks import Mend
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, all_of, any_of, leaves

_CUE = re.compile(
    r"\b(?:defined|evidenced|shown|demonstrated|indicated|manifested|characteri[sz]ed)\s+(?:by|as)\b"
    r"|\bas\s+(?:evident|documented|determined|confirmed|diagnosed|proven|supported|assessed|measured|judged)\s+(?:by|on)\b",
    re.IGNORECASE,
)
# By what a thing was confirmed: of methods alone these tell, for a disease behind the "or" counts by itself.
_BY_METHOD = re.compile(
    r"\b(?:confirmed|diagnosed|documented|proven|verified|determined|detected) (?:by|on|with)\b", re.IGNORECASE
)
_LISTED = re.compile(r"\s*:?\s*(?:any|at least one|one|either)\b[^.;]{0,40}\bof\b|\s*:?\s*either\b", re.IGNORECASE)
_ANEW = re.compile(
    r"[,;.()\n]|\b(?:patients?|subjects?|participants?|those|who|have|has|had|histor\w+|with|any|known|prior|previous"
    r"|current\w*|need|requir\w+|receiving|treated|on|other|acute|chronic|severe|significant|unstable|uncontrolled)\b",
    re.IGNORECASE,
)


def evidenced(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* at *start*, with each sign beside what it is a sign of.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> text = "Progressive disease as shown by a rising PSA or ascites"
    >>> compile_criteria(text, section="inclusion")[0].reading
    'disease progression; and (a finding of prostate specific antigen, rising; or ascites)'
    """
    found = _CUE.search(words)
    if found is not None:
        return _within(rule, words, start, found)
    found = _BY_METHOD.search(words)
    return rule if found is None else _within(rule, words, start, found, methods=True)


def _within(rule: Rule, words: str, start: int, cue: re.Match[str], *, methods: bool = False) -> Rule:
    if type(rule) is Not:
        return Not(_within(rule.rule, words, start, cue, methods=methods))
    if type(rule) is Unless:
        return Unless(_within(rule.rule, words, start, cue, methods=methods), rule.exception)
    if type(rule) is All:
        return All(tuple([_within(one, words, start, cue, methods=methods) for one in rule.rules]))
    if type(rule) is not AnyOf:
        return rule
    last = [one for one in rule.rules if _begins(one) > start + cue.start()]
    tests = all(type(one) is Predicate and one.kind == "procedure" for one in last)
    return _tied(rule, words, start, cue) if tests or not methods else rule


def _tied(rule: AnyOf, words: str, start: int, cue: re.Match[str]) -> Rule:
    """Return alternatives of which the first is what the others, too, are signs of."""
    if any(type(one) is Left for one in leaves(rule)):
        return rule  # it is in doubt as it is
    at = start + cue.start()
    parts = [one.rules if type(one) is All else (one,) for one in rule.rules]
    head = next(
        (place for place, one in enumerate(parts) if _ends(one[0]) <= at and _is_cut(one, at, words, start)), None
    )
    if head is None or head + 1 == len(parts):
        return rule
    if any(_begins(one) < at for one in rule.rules[head + 1 :]):
        doubtful = Left(cue_span(cue, start))
        return AnyOf(tuple([All((one, doubtful)) if _begins(one) > at else one for one in rule.rules]))
    inner = words[cue.end() : _begins(rule.rules[head + 1]) - start]
    if inner.count(")") > inner.count("("):
        return rule  # "(defined as …) or B": what stands behind the bracket is no sign
    name = tuple(one for one in parts[head] if _ends(one) <= at)
    first, others = parts[head][len(name) :], rule.rules[head + 1 :]
    own = all_of(name)
    listed = any_of(others)
    if own is None or listed is None:
        return rule
    sign = all_of(first)
    bare = own if sign is not None else _bare(own)
    either = all_of([bare, listed if sign is None else any_of([sign, listed]) or listed])
    known = any_of([own, either or own]) if sign is None else either
    assert known is not None
    place = max((one.span[1] for part in parts[head] for one in leaves(part) if one.span is not None), default=start)
    gap = words[max(place - start, 0) : max(_begins(one) for one in others) - start]
    sure = _LISTED.match(words, cue.end()) is not None or not _ANEW.search(gap)
    doubt = () if sure else (All((listed, Left(cue_span(cue, start)))),)
    return any_of([*rule.rules[:head], known, *doubt]) or rule


def cue_span(cue: re.Match[str], start: int) -> Span:
    """Return where the words of a cue stand in the source."""
    return start + cue.start(), start + cue.end()


def _bare(rule: Rule) -> Rule:
    """Return a name without the sign that its qualifier states."""
    if type(rule) is not Predicate:
        return rule
    return msgspec.structs.replace(rule, qualifier=tuple(one for one in rule.qualifier if not _says_how(one)))


def _is_cut(parts: tuple[Rule, ...], at: int, words: str, start: int) -> bool:
    """Return whether the cue stands within one alternative: a name before it, and a sign of it behind, or in words."""
    if len(parts) > 1:
        return _begins(parts[-1]) > at
    one = parts[0]
    return type(one) is Predicate and any(_says_how(text) for text in one.qualifier)


def _says_how(text: str) -> bool:
    return _CUE.search(text) is not None or _BY_METHOD.search(text) is not None


def _begins(rule: Rule) -> int:
    return min((one.span[0] for one in leaves(rule) if one.span is not None), default=-1)


def _ends(rule: Rule) -> int:
    spans = [
        span[1]
        for one in leaves(rule)
        if type(one) is Predicate
        for span in ((one.concept.span if one.concept is not None else None) or one.span,)
        if span is not None
    ]
    return max(spans, default=10**9)


MEND = Mend(
    lambda whole: evidenced(whole.rule, whole.text, whole.start),
    "defined evidenced shown demonstrated indicated manifested characterized characterised evident documented"
    " determined confirmed diagnosed proven supported assessed measured judged verified detected",
    joined=True,
)
