"""
Times that were taken for another one, and values that no scale has: what was read is shown, and always unknown.

::

    anchors = ("before" | "after" | …) event ("or" | "/" | …) event     # the second was read as what is asked for
    ahead   = "for" length "after" ("the study" | "the last dose" | …)  # read as the time before
    unseen  = what is so after somebody joined                          # nobody can know it when they join
    leaked  = "planned" name window-of-the-past                         # of another name, or the day is planned
    since   = "after" length "of" treatment                             # read as within that length, before or after
    listed  = item "," "post-" event            # a next item, read as when the item before it was
    heading = "following" event … ":"           # what follows is a list, and comes after nothing
    off     = value that the scale does not have                        # "NYHA VI"
    acting  = ("prolongs" | "affecting" | …) measurement    # of a drug or a disease, and no result of anybody
    sign    = "=" number ("episodes" | …)                               # the sign was ">=" or "≤"
"""

from __future__ import annotations

import re

from equipoise.criteria.anchors import STUDY_MOMENTS
from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import Predicate, Rule, Span, leaves
from equipoise.terms.variables import Variable, variables

_WORDS = r"(?:the\s+|an?\s+|any\s+|their\s+|prior\s+|new\s+|subsequent\s+)*"
_ANCHORS = re.compile(
    r"\b(?:before|prior(?:\s+to)?|preceding|after|following|since|of|post)[\s-]+"
    rf"{_WORDS}(?P<first>[a-z0-9][a-z0-9 -]{{1,40}}?)(?:\s*/\s*|\s+(?:and/or|or|and)\s+){_WORDS}\Z"
)
_AHEAD = re.compile(
    r"\b(?:for|until|through|up\s+to)\s+(?:at\s+least\s+|a\s+minimum\s+of\s+|[≥>]=?\s*)?(?:\w+\s+)?\(?\d+\)?\s*-?"
    r"(?:day|week|month|year)s?\s+(?:after|following|post|from)\s+(?:the\s+)?"
    r"(?:(?:\w+\s+){0,3}(?:study|trial|protocol)\b|(?:last|final)\s+(?:dose|infusion|injection|vaccination)\b)"
)
# What is said of the time to come, by whoever plans it or agrees to it.
_TO_COME = re.compile(r"\b(?:plan|schedul|anticipat|expect|intend|need|requir|will|willing|likely|start|eligible)")
_LATER = STUDY_MOMENTS | {"study vaccination"}
_SINCE = re.compile(r"\bafter\s+(?:at\s+least\s+)?\d+\s*-?\s*(?:day|week|month|year|cycle)s?\s+(?:of|on)\b")
_LISTED = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:[,;]|,?\s*\b(?:or|and)\b)\s*(?:status[\s-]+)?post[\s-]+(?!bronch|dose\b)"
)
_HEADING = re.compile(r"\bfollowing\s+(?P<what>[a-z][a-z -]{2,60}?)(?:\s+are\s[a-z ]{3,30})?\s*:")
_ACTING = re.compile(
    r"\b(?:raises|raising|affect(?:s|ing)?|prolong(?:s|ing|ate|ating)?|alter(?:s|ing)?|lowers|increases"
    r"|influenc(?:e|es|ing)|reduc(?:e|es|ing)|impairs|interferes?|elevates)\b"
)
_SCALES = frozenset(("class", "score", "stage"))
_SIGN = re.compile(r"(?:\A|(?<=[\s(]))=\s?\d+(?!\s*(?:or|,|/|-|to)\s*\d)(?![\d.])")


def _last(rule: Rule) -> Predicate | None:
    found = list(leaves(rule))[-1]
    return found if type(found) is Predicate else None


def _first(rule: Rule) -> Predicate | None:
    found = next(iter(leaves(rule)))
    return found if type(found) is Predicate else None


def _two_anchors(whole: Whole) -> Span | None:
    """
    Find the words of two events from which a time counts, of which the second was read as what is asked for.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> [read.computable for read in compile_criteria("Ventilated within 7 days before surgery or trauma")]
    ['partial']
    """
    for joint in (*whole.among_any, *whole.among_all):
        one, other = _last(joint.one), _first(joint.other)
        if one is None or other is None or one.window is None or other.window is not None:
            continue
        if one.window.anchor is None or one.window.anchor in STUDY_MOMENTS or other.kind == "measurement":
            continue
        found = _ANCHORS.search(joint.words)
        if found is not None:
            return joint.gap[0] + found.start(), joint.gap[1]
    return None


def _read_as_past(whole: Whole) -> Span | None:
    """Find the words of a time that comes after the study, where one before it was read."""
    for found in _AHEAD.finditer(whole.words):
        for one in whole.facts:
            window, place = one.window, whole.span_of(one)
            if window is None or place is None or window.anchor or window.within is None or place[1] > found.start():
                continue
            if not set(".;") & set(whole.words[place[1] : found.start()]):
                return found.span()
    return None


def _unseen(whole: Whole) -> Span | None:
    """
    Find what is asked of the time after somebody joined, and is no plan.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> [read.computable for read in compile_criteria("Must be 1 to 5 years post-treatment for breast cancer")]
    ['partial']
    """
    for one in whole.facts:
        if one.window is None or one.window.side != "after" or one.window.anchor not in _LATER:
            continue
        if one.kind not in ("condition", "measurement", "allergy") or one.name in ("planning pregnancy", "pregnancy"):
            continue
        if one.name != "life expectancy" and not any(_TO_COME.search(said) for said in one.qualifier):
            return whole.span_of(one)
    return None


def _leaked(whole: Whole) -> Span | None:
    for one in whole.facts:
        past = one.window is not None and one.window.side == "before" and one.window.within is not None
        if past and not {"planned", "scheduled"}.isdisjoint(one.qualifier):
            return whole.span_of(one)
    return None


def _since(whole: Whole) -> Span | None:
    found = _SINCE.search(whole.words)
    if found is None:
        return None
    for one in whole.facts:
        window, place = one.window, whole.span_of(one)
        if window is not None and window.within and window.anchor and place is not None and place[0] < found.start():
            return found.span()
    return None


def _next_item(whole: Whole) -> Span | None:
    """
    Find a next item, or a heading, that was read as the event after which something was.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> texts = ("Ataxia, status post stroke", "Post-stroke ataxia", "Use of following steroid drugs: prednisone")
    >>> [compile_criteria(text, section="exclusion")[0].computable for text in texts]
    ['partial', 'full', 'partial']
    """
    heading = _HEADING.search(whole.words) if "following" in whole.words else None
    for one in whole.facts:
        place = whole.span_of(one)
        if one.window is None or one.window.side != "after" or not one.window.anchor or place is None:
            continue
        found = _LISTED.match(whole.words, place[1])
        if found is not None:
            return found.span()
        if heading is not None and place[0] >= heading.end():
            anchor, what = one.window.anchor, heading["what"]
            if anchor.split()[0] in what or any(word in anchor for word in what.split() if len(word) > 4):
                return heading.span()
    return None


def _off_scale(whole: Whole) -> Span | None:
    """
    Find a value that a scale does not have.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> [compile_criteria(f"NYHA class {level}")[0].computable for level in ("VI", "IV")]
    ['partial', 'full']
    """
    for one in whole.facts:
        if one.kind != "measurement" or one.unit is not None or one.relative_to is not None:
            continue
        scale = variables().find(one.name)
        if scale is not None and scale.kind in _SCALES and _lies_off(one, scale):
            return whole.span_of(one)
    return None


def _lies_off(one: Predicate, scale: Variable) -> bool:
    values = [value for value in (one.value, one.upper) if isinstance(value, int | float)]
    lowest = -float("inf") if scale.low is None else scale.low
    highest = float("inf") if scale.high is None else scale.high
    return any(not lowest <= value <= highest for value in values)


def _acting(whole: Whole) -> Span | None:
    """
    Find what acts on a measurement, where a finding of somebody was read.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> texts = ("Drugs that prolong the PR interval", "Prolonged PR interval")
    >>> [compile_criteria(text, section="exclusion")[0].computable for text in texts]
    ['partial', 'full']
    """
    for one in whole.facts:
        if one.kind == "measurement" and one.op in ("present", "absent") and _ACTING.search(" ".join(one.qualifier)):
            return whole.span_of(one)
    return None


def _lost_sign(whole: Whole) -> Span | None:
    """Find a number whose sign is "=", where more or fewer are counted."""
    for found in _SIGN.finditer(whole.words):
        for one in whole.facts:
            place = whole.span_of(one)
            counts = one.op == "=" and (one.name.startswith("number of") or "score" in one.name)
            counts = counts and one.value not in (0, "0")
            if counts and place is not None and place[0] - 4 <= found.start() <= place[1] + 4:
                return found.span()
    return None


LOOKS = (
    Look(_two_anchors, "before prior preceding after following since of post", joined=True),
    Look(_read_as_past, "for until through up"),
    Look(_unseen, "after following since within post of", parts="post"),
    Look(_leaked, parts="plan schedul"),
    Look(_since, "after"),
    Look(_next_item, "following", parts="post"),
    Look(_acting, parts="rais affect prolong alter lowers increases influenc reduc impairs interfer elevates"),
    Look(_off_scale),
    Look(_lost_sign, marks="="),
)
