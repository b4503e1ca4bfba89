"""
A bracket that says of which kinds a thing must be: "cancer (leukemia or lymphoma)".

::

    closed = genus "(" kind ("," kind)* "or" kind ")"        # without "e.g.", "such as", "etc." or "other"

Any kind was asked for beside the genus; the genus of another kind is not meant. Examples are no such bracket. Of what
keeps out nobody knows whether the bracket closes: who has a genus of another kind may be kept out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.ends import PLAIN, span_of
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless
from equipoise.terms.lexicon import lexicon

_OPENS = re.compile(r"\s*(?:[a-z]{3,12}\s)?\(\s*(?:either\s)?")
_CLOSES = re.compile(r"\s*\)")
_SOME = re.compile(r"\b(?:e\.?g|such|includ\w*|etc|others?|like|any|and|example|particularly|i\.?e)\b")
_OR = re.compile(r"\b(?:or|and/or)\b")


def _closed(whole: Whole) -> Rule:
    """
    Return a rule that asks for a genus of one of the kinds in its bracket.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Cancer (leukemia or lymphoma)", section="inclusion")[0].reading
    'malignant tumor and (leukemia or lymphoma)'
    """
    return _within(whole, whole.rule, asked=not whole.exclusion)


def _within(whole: Whole, rule: Rule, *, asked: bool) -> Rule:
    """Return a rule whose brackets close; *asked*: what is in it must be, and does not keep out."""
    if type(rule) is Predicate or type(rule) is Left:
        return rule
    if type(rule) is Not:
        return Not(_within(whole, rule.rule, asked=not asked))
    if type(rule) is Unless:
        return Unless(_within(whole, rule.rule, asked=asked), _within(whole, rule.exception, asked=not asked))
    if type(rule) is All:
        return All(tuple([_within(whole, one, asked=asked) for one in rule.rules]))
    if type(rule) is not AnyOf:
        return rule
    parts = [_within(whole, one, asked=asked) for one in rule.rules]
    place = 0
    while place < len(parts):
        end = _end(whole, parts, place)
        if end and asked:
            parts[place:end] = [All((parts[place], AnyOf(tuple(parts[place + 1 : end]))))]
        elif end:
            parts[place] = All((parts[place], Left(_bracket(parts[place], parts[end - 1]))))
        place += 1
    return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]


def _bracket(genus: Rule, last: Rule) -> Span:
    """Return where the bracket behind a genus stands in the source."""
    begin, end = span_of(genus), span_of(last)
    return (begin[1], end[1]) if begin is not None and end is not None else (0, 0)


def _end(whole: Whole, parts: Sequence[Rule], place: int) -> int:
    """Return behind which part the bracket of a genus closes, or 0 where it has none of its kinds."""
    genus, named = parts[place], span_of(parts[place])
    if type(genus) is not Predicate or named is None or genus.op != "present" or genus.name == "hiv infection":
        return 0
    opened = _OPENS.match(whole.words, named[1] - whole.start)
    if opened is None:
        return 0
    end, at = place + 1, opened.end()
    while end < len(parts):
        one, span = parts[end], span_of(parts[end])
        if type(one) is not Predicate or span is None or not _is_kind(one, genus):
            return 0
        gap = whole.words[at : span[0] - whole.start]
        if end > place + 1 and not PLAIN.fullmatch(gap):
            return 0
        if end == place + 1 and gap.strip():
            return 0
        end, at = end + 1, span[1] - whole.start
        if _CLOSES.match(whole.words, at):
            inner = whole.words[opened.end() : at]
            listed = end - place > 2 and _OR.search(inner) is not None and not _SOME.search(inner)
            return end if listed else 0
    return 0


def _is_kind(one: Predicate, genus: Predicate) -> bool:
    alike = one.kind == genus.kind and one.op == "present" and one.name != genus.name
    return alike and one.window == genus.window and lexicon().is_a(one.name, genus.name)


MEND = Mend(_closed, marks="(", joined=True)
