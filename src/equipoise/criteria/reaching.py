"""
How far a window reaches that the rule kept at one place of what it is of.

::

    over    = head "other than" exception window                        # the head's, too
    kinds   = head ("including" | "such as") kind ("or" kind)* window   # the head's, too
    head    = class window "including" kind ("," kind)*                 # of each kind
    headed  = "any of the following" window ":" drug (";" drug)*     # of each
    row     = drug (";" drug)* "or" drug "use"? window               # of each
    behind  = study "or receiving" drug window                          # of both
    donated = "donated blood or had" amount "of blood loss" window   # of both
"""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from equipoise.criteria.ends import between, span_of
from equipoise.criteria.kinds import FACTS, GIVEN, NOW
from equipoise.rules.nodes import (
    All,
    AnyOf,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    Window,
    changed,
    children,
    leaves,
)

_EXCEPT = re.compile(r"\b(?:other than|except\w*|excluding|apart from|with the exception of|exclusive of)\b")
_WINDOW = re.compile(r"\b(?:within|in the (?:last|past|previous)|during the (?:last|past|previous)|less than|<|≤)")
# What stands between an exception and a window that is the exception's own.
_OWN = re.compile(
    r"[();:]|\b(?:that|which|who|if|performed|occur\w*|received|treated|given|unless|without|when|taken|used)\b"
)
_KINDS = re.compile(r"\b(?:includ\w+|such as|e\.?\s?g\.?|i\.?\s?e\.?|for example|like)\b")
_LIST = re.compile(r"\W*(?:(?:and|or|any|other|an?|the|use|of|all|and/or|agents?|drugs?|inhibitors?|inducers?)\b\W*)*")
_ROW = re.compile(r"\s*;\s*(?:or\s+|and\s+)?(?:st\.\s+)?")
_LOSS = re.compile(r"[\s,]*or\s+(?:(?:have|has|had|who|a|an|any|major|comparable|significant|other)\s+)*\Z")
_OPENS = re.compile(r"\b(?:following|any of|these)\b[^:]*\bwithin\b[^:]*:|\bwithin\b[^:;.]*:\W*\Z")


def reaching(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* (in lower case) at *start*, whose windows are of all that they are of.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Antiretrovirals other than tenofovir within 7 days", section="exclusion")[0].reading
    'treatment with antiretroviral, within the last 7 days, unless treatment with tenofovir'
    """
    if type(rule) is Predicate or not any(type(leaf) is Predicate and _is_within(leaf) for leaf in leaves(rule)):
        return rule
    return _reached(rule, words, start, {})


def _is_within(one: Predicate) -> bool:
    return one.window is not None and one.window.within is not None and one.window.at_least is None


def _reached(rule: Rule, words: str, start: int, done: dict[int, tuple[Rule, Rule]]) -> Rule:
    """Return a part of a rule with its windows; a part that stands at several places is seen once, and stays one."""
    if type(rule) is Predicate or type(rule) is Left:
        return rule
    if id(rule) not in done:  # the part is kept beside, so that no other has its number
        done[id(rule)] = rule, _rebuilt(rule, words, start, done)
    return done[id(rule)][1]


def _rebuilt(rule: Rule, words: str, start: int, done: dict[int, tuple[Rule, Rule]]) -> Rule:
    made: Rule = rule
    if type(rule) is Not:
        made = Not(_reached(rule.rule, words, start, done))
    elif type(rule) is Unless:
        exception = rule.exception
        if type(exception) is Unless:  # "A other than B within 5 years, except C"
            exception = exception.rule
        made = Unless(_reached(_over(rule.rule, exception, words, start), words, start, done), rule.exception)
    elif type(rule) is All:
        made = All(tuple(_reached(one, words, start, done) for one in rule.rules))
    elif type(rule) is AnyOf:
        parts = [_reached(one, words, start, done) for one in rule.rules]
        made = AnyOf(tuple(_listed(parts, words, start)))
    same = all(one is other for one, other in zip(children(made), children(rule), strict=True))
    return rule if same else made


def _over(rule: Rule, exception: Rule, words: str, start: int) -> Rule:
    """Return what an exception is taken out of, with the window that stands behind the exception."""
    windows = {leaf.window for leaf in leaves(exception) if type(leaf) is Predicate}
    facts = [leaf for leaf in leaves(rule) if type(leaf) is Predicate]
    ends = [leaf.concept.span[1] for leaf in leaves(exception) if type(leaf) is Predicate and leaf.concept is not None
            and leaf.concept.span is not None]  # fmt: skip
    own = next(iter(windows), None)
    if len(windows) != 1 or own is None or own.within is None or own.at_least is not None or not ends or not facts:
        return rule
    if any(one.kind not in FACTS or not _is_free(one) for one in facts):
        return rule
    found = _WINDOW.search(words, max(ends) - start)
    before = words[: max(ends) - start]
    excepted = next(iter(list(_EXCEPT.finditer(before))[-1:]), None)
    if found is None or excepted is None:
        return rule
    gap = words[max(ends) - start : found.start()]
    if before.count("(") > before.count(")"):
        gap = gap.partition(")")[2] or ";"  # a window in the bracket is the exception's
    if _OWN.search(gap):
        return rule
    return changed(rule, lambda one: msgspec.structs.replace(one, window=own))


def _is_free(one: Predicate) -> bool:
    """Return whether a fact has no window, or is asked of now."""
    window = one.window
    return one.op == "present" and (window is None or window == NOW)


def _listed(parts: list[Rule], words: str, start: int) -> list[Rule]:
    """Return the parts of a list, in which one may have the window of another."""
    if len(parts) < 2:
        return parts
    gaps = [_gap(one, other, words, start) for one, other in pairwise(parts)]
    parts[-1] = _behind(parts[-2], parts[-1], gaps[-1], words, start)
    first = parts[0]
    if type(first) is not Predicate or first.kind not in FACTS:
        return parts
    rest = [one for one in parts[1:] if type(one) is Predicate]
    if _is_within(first):
        span = span_of(first)
        opens = span is not None and _OPENS.search(words, 0, max(0, span[0] - start)) is not None
        if gaps[0] is not None and (_KINDS.search(gaps[0]) or opens):
            for place, gap in enumerate(gaps, 1):
                one = parts[place]
                if gap is None or (place > 1 and not (_LIST.fullmatch(gap) or _KINDS.search(gap))):
                    break
                if type(one) is Predicate and _is_kind(one, first, gap) and one.window is None and one.op == "present":
                    parts[place] = msgspec.structs.replace(one, window=first.window)
        return parts
    if len(rest) != len(parts) - 1 or first.window is not None or first.op != "present" or first.kind not in GIVEN:
        return parts
    window = rest[-1].window
    if window is None or not _is_within(rest[-1]) or any(gap is None for gap in gaps):
        return parts
    said = [gap or "" for gap in gaps]
    if _KINDS.search(said[0]) and all(one.window == window for one in rest) and ";" not in said[0]:
        return [msgspec.structs.replace(first, window=window), *rest]
    if all(_ROW.fullmatch(gap) for gap in said) and all(one.kind in GIVEN for one in rest):
        return [_windowed(one, window) for one in (first, *rest)]
    if len(parts) == 2 and first.name.endswith("donation") and rest[0].kind == "measurement" and _LOSS.search(said[0]):
        return [msgspec.structs.replace(first, window=window), *rest]
    return parts


def _is_kind(one: Predicate, head: Predicate, gap: str) -> bool:
    """Return whether a name can be of the kind that stands at the head of its list."""
    return one.kind in GIVEN or (one.kind == head.kind and not set(gap) & set(";)"))


def _behind(one: Rule, last: Rule, gap: str | None, words: str, start: int) -> Rule:
    """Return the last of a list, asked of now by its verb, with its window: "or receiving X within 30 days"."""
    span = span_of(last)
    if gap is None or span is None or type(one) is not Predicate or type(last) is not Predicate:
        return last
    if not _is_within(one) or last.window is None or last.kind not in GIVEN or not _is_free(last):
        return last
    end = re.search(r"[.;]", words[span[1] - start :])
    behind = words[span[1] - start : len(words) if end is None else span[1] - start + end.start()]
    if _WINDOW.search(behind) is None or _WINDOW.search(gap) is not None or "current" in gap:
        return last
    return msgspec.structs.replace(last, window=one.window)


def _windowed(one: Predicate, window: Window) -> Predicate:
    return one if one.window is not None else msgspec.structs.replace(one, window=window)


def _gap(one: Rule, other: Rule, words: str, start: int) -> str | None:
    """Return the words between two parts, but for those that are said of the second."""
    gap = between(_extent(one), _extent(other), words, start)
    if gap is None:
        return None
    said = {
        word for leaf in leaves(other) if type(leaf) is Predicate for text in leaf.qualifier for word in text.split()
    }
    return " ".join(word for word in gap.split(" ") if word not in said)


def _extent(rule: Rule) -> Span | None:
    """Return from where to where the names of a part stand."""
    spans = [span for leaf in leaves(rule) if (span := span_of(leaf)) is not None]
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None
