"""
Words in front of a name that a rule cannot do without, and substances that are no remedies where they are excepted.

::

    started = ("start" | "initiation" | "withdrawal" | …) "of" "treatment with" drug  # who takes it for years does not
    once    = "history of" limit                  # "history of NYHA class III": it may be better now
    barred  = treatment that "contraindication" was made a quality of                 # it must not be given
            | "conditions that would prohibit" treatment
    despite = X limits? "despite treatment"       # who is not treated yet has none of it
    habit   = abuse "other than" ("nicotine" | "caffeine")                            # another habit, and no treatment
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.looks import Look, Mend, Whole
from equipoise.criteria.unshared import DESPITE
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Span, Unless, changed, leaves

_STARTED = re.compile(
    r"\b(?:start(?:ing)?|initiati(?:on|ng)|beginning|commencement|introduction|discontinu(?:ation|ing)|cessation"
    r"|withdrawal|chang(?:es?|ing)|switch(?:ing)?|modification|adjustment)\s(?:(?:of|in)\s)?"
    r"(?:the\s|an?\s|any\s)?(?:new\s|first\s)?(?:treatment|therapy)\s(?:with|by)\s(?:[\w-]+\s){0,2}\Z"
)
_ANCHORED = re.compile(
    r"\b(?:before|prior to|preceding|since|after|until|upon|at|to|of|from|with|following|for|by|and|or|when|on)\s"
    r"(?:the\s)?(?:planned\s|first\s)?\Z"
)
_TELLING = ("start", "initiat", "begin", "commenc", "introduc", "discontinu", "cessat", "withdraw", "chang", "switch")
_ONCE = re.compile(
    r"(?<!smoking )(?<!drinking )\b(?:history of|history or presence of|prior|previous)\s"
    r"(?:(?:an?|the|any|documented|known|baseline|resting|elevated|low|reduced|having)\s)*\Z"
)
# What is told of all the time until now, and a grade, which is one of a finding that has its own time.
_SUMMED = re.compile(
    r"pack-years|alcohol|\bdose\b|cumulative|grade\Z|number of|count of|stage\Z|\bage\b|duration|exposure"
)
_PROHIBITED = re.compile(r"(?:would |may |might |could )?(?:prohibit|preclud)(?:s|es?|ing)?\b")
_BARS = ("contraindication", "other contraindication", "absolute contraindication", "is not contraindicated")
_ABUSES = re.compile(r"\b(?:abuse|dependence|addiction|(?:substance|drug) use)\b")
_HABITS = {"nicotine": "nicotine dependence", "caffeine": "caffeine use disorder"}
_REACH = 70


def _before(whole: Whole, one: Predicate) -> str:
    """Return the words in front of a predicate, as far as they may tell of it."""
    span = one.concept.span if one.concept is not None and one.concept.span is not None else one.span
    if span is None:
        return ""
    at = min(span[0], one.span[0] if one.span is not None else span[0]) - whole.start
    return whole.words[max(0, at - _REACH) : max(0, at)]


def _started(whole: Whole) -> Span | None:
    """Find a treatment of which the text asks when it began or ended, and the rule whether it was given."""
    for one in whole.facts:
        if one.kind != "drug" or any(word in text for text in one.qualifier for word in _TELLING):
            continue
        before = _before(whole, one)
        found = _STARTED.search(before)
        if found is not None and _ANCHORED.search(before, 0, found.start()) is None:
            return _place(whole, one)
    return None


def _once(whole: Whole) -> Span | None:
    """Find a limit that the text asks of the past, and the rule of now."""
    for one in whole.facts:
        if one.kind != "measurement" or one.value is None or one.window is not None or _SUMMED.search(one.name):
            continue
        past = any("history" in text or "prior" in text for text in one.qualifier)
        if not past and _ONCE.search(_before(whole, one)) is not None:
            return _place(whole, one)
    return None


def _barred(whole: Whole) -> Span | None:
    """Find a contraindication that was read as a quality of a treatment that is given."""
    for one in whole.facts:
        if one.kind in ("drug", "procedure") and BARRED not in one.qualifier:
            banned = not one.name.startswith("participation") and any(map(_PROHIBITED.match, one.qualifier))
            if banned or any(text.startswith(_BARS) for text in one.qualifier):
                return _place(whole, one)
        elif one.kind == "allergy" and "contraindication" in one.name:
            return _place(whole, one)
    return None


def _place(whole: Whole, one: Predicate) -> Span | None:
    return whole.span_of(one)


def _habits(rule: Rule) -> Rule:
    """Return a rule with what an abuse is "other than" as habits: "substance abuse, except nicotine"."""
    if type(rule) is All or type(rule) is AnyOf:
        parts = tuple([_habits(one) for one in rule.rules])
        return All(parts) if type(rule) is All else AnyOf(parts)
    if type(rule) is Not:
        return Not(_habits(rule.rule))
    if type(rule) is not Unless:
        return rule
    named = [one for one in leaves(rule.rule) if type(one) is Predicate]
    if not named or not all(one.kind == "condition" and _ABUSES.search(one.name) for one in named):
        return rule
    return Unless(rule.rule, changed(rule.exception, _habit))


def _habit(one: Predicate) -> Rule:
    name = _HABITS.get(one.name) if one.kind == "drug" and not one.qualifier and one.value is None else None
    if name is None or one.concept is None:
        return one
    return msgspec.structs.replace(one, kind="condition", concept=ConceptRef(name, span=one.concept.span))


def _despite(whole: Whole) -> Rule:
    """Return a rule of one thing, and limits of it, with the treatment that did not help it as a quality."""
    rule = whole.rule
    head = rule.rules[0] if type(rule) is All else rule
    found = DESPITE.search(whole.words)
    if found is None or type(head) is not Predicate or head.kind not in ("condition", "measurement"):
        return rule
    if any(one is not head and (one.kind != "measurement" or one.value is None) for one in whole.facts):
        return rule
    span = whole.span_of(rule)
    if whole.is_open or span is None or span[1] > found.start() or any("despite" in _said(one) for one in whole.facts):
        return rule
    own = msgspec.structs.replace(head, qualifier=(*head.qualifier, found.group()))
    return All((own, *rule.rules[1:])) if type(rule) is All else own


def _said(one: Predicate) -> str:
    return " ".join(one.qualifier)


LOOKS = (
    Look(_started, parts="start initiat begin commenc introduc discontinu cessat withdraw chang switch modif adjust"),
    Look(_once, "history prior previous"),
    Look(_barred, parts="contraindicat prohibit preclud"),
)
MENDS = (
    Mend(lambda whole: _habits(whole.rule), "nicotine caffeine", joined=True),
    Mend(_despite, "despite spite"),
)
