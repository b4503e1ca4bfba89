"""
What is so now or at another time: "current or planned pregnancy" is a pregnancy, or the plan of one.

::

    either  = ("current" | "present") ("or" | "and/or" | "and") ("planned" | "intended" | "recent" | …) name
    now     = ("ongoing" | "active" | …) "or" ("active" | "suspected" | …) name    # it is so now, by whichever word
    ever    = "history" "of"? "or" "evidence of"? ("active" | "current" | "planned") name   # whenever it was
    once    = "history of active" name                                              # it was active then
    also    = ("ongoing" | "current" | …) ("," | "or") word+ name                     # it is so now, or of that kind
    begun   = ("receiving" | …) "or about to" ("start" | …) name                    # given, or planned
    carried = ("pregnancy" | "lactation") "before" event                            # at that time, and not ever before
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from equipoise.criteria.dated import dated
from equipoise.criteria.ends import OR_LIST
from equipoise.criteria.kinds import AHEAD, CARRYING, FACTS, NOW
from equipoise.criteria.looks import Mend, Whole
from equipoise.criteria.reaching import reaching
from equipoise.criteria.standing import standing
from equipoise.rules.nodes import ConceptRef, Not, Predicate, Rule, any_of, changed, leaves

_NOW = ("current", "currently", "present", "ongoing", "active")
_JOINTS = ("or", "and", "and/or", "and / or")
_TIMES = frozenset(("past", "previous", "prior", "history of", "possible", "suspected", "probable", "active"))
_LIGHT = frozenset(["or", "and", "an", "a", "any", "the", "use", "of", "with", "clinically", "treatment", "therapy"])
_PLANS = {"pregnancy": "planning pregnancy"}
_RUNS = r"(?:ongoing|current(?:ly)?|active)"
_SURE = r"(?:suspected|possible|probable)"
_BOTH_NOW = re.compile(
    rf"\b(?:{_RUNS}\s*(?:/|\b(?:and/)?or\b)\s*(?:{_RUNS}|{_SURE})|{_SURE}\s*(?:/|\b(?:and/)?or\b)\s*{_RUNS})\s+"
)
_OR_KIND = re.compile(
    r"\b(?:ongoing|current(?:ly)?|concurrent|concomitant)\s*(?:,|/|\b(?:and/)?or\b)\s*"
    r"(?P<kinds>(?:(?!of\b|history\b)[a-z-]+(?:\s+(?:of|in)\b)?[\s,/]+){1,6})"
)
_OR_BEFORE = re.compile(r"\bor\s+\Z")
_EVER = re.compile(
    r"\bhistory\s*(?:of(?:\s+(?:documented|known|prior|previous|past))?\b)?\s*,?\s*(?:and/)?or\s+(?:with\s+|has\s+|any\s+|known\s+)*"
    r"(?:(?:evidence|presence|diagnosis)\s+of\s*,?\s+)?(?:an?\s+)?"
    r"(?P<when>currently\s+active|current\s+active|active|current|ongoing|planned)\b\s*,?"
)
_ONCE = re.compile(r"\bhistory\s+of\s+(?:an?\s+|any\s+|prior\s+|previous\s+)?active\s+")
_BEGUN = re.compile(
    r"\b(?:receiving|on|undergoing|taking|using)\s+or\s+(?:is\s+|are\s+)?(?:about|planning|scheduled|expected|going)\s+to\s+"
    r"(?:be\s+)?(commence|start|starting|receive|undergo|begin|take|use)\w*\s+(?:on\s+|with\s+)?"
)


def _at_its_time(whole: Whole) -> Rule:
    """
    Return a rule in which what was carried then, and what is so now or at another time, is asked of then.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Current or planned pregnancy", section="exclusion")[0].reading
    'pregnancy, around screening; or planning pregnancy'
    """
    rule = whole.rule
    if any(leaf.window is not None and leaf.name in CARRYING for leaf in whole.facts):
        rule = changed(rule, _carried)
    apart = any(_other_time(text) for leaf in whole.facts for text in leaf.qualifier)
    return changed(rule, _either) if apart else rule


def _named(one: Predicate) -> int:
    """Return where the words that name a fact begin, or -1."""
    return -1 if one.concept is None or one.concept.span is None else one.concept.span[0]


def _asked(one: Predicate) -> bool:
    return one.kind in FACTS and one.op in ("present", "absent")


def behind(rule: Rule, words: str, end: int, start: int) -> set[int]:
    """Return where the names of the list right behind *end* begin."""
    found, at = set[int](), end
    spans = {
        leaf.concept.span
        for leaf in leaves(rule)
        if type(leaf) is Predicate and leaf.concept is not None and leaf.concept.span is not None
    }
    for first, last in sorted(spans):
        gap = words[at : first - start] if first - start >= at else None
        if gap is None:
            continue
        if not (OR_LIST.fullmatch(gap) if found else len(gap.split()) <= 4 and not set(gap) & set(",;.:()")):
            break
        found.add(first)
        at = last - start
    return found


def _run_on(rule: Rule, words: str, start: int) -> Rule:
    """
    Return "ongoing or active X" as X of now, and "receiving or about to start X" as X, or the plan of it.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Ongoing or active infection", section="exclusion")[0].reading
    'infection, around screening'
    """
    if "ongoing" in words or "current" in words or "active" in words:
        for found in _BOTH_NOW.finditer(words):
            at = min(behind(rule, words, found.end(), start), default=-1)
            said = frozenset(re.findall("[a-z]+", found.group()))
            rule = changed(rule, _running(at, said - {"or", "and"}))
    if "ongoing" in words or "curr" in words or "concom" in words:
        for found in _OR_KIND.finditer(words):
            if not _OR_BEFORE.search(words, 0, found.start()):  # "history of, or ongoing, chronic infection"
                rule = changed(rule, _or_kind(found, start))
    if "to" in words and (begun := _BEGUN.search(words)) is not None:
        rule = changed(rule, _beginning(behind(rule, words, begun.end(), start), begun.group(1)))
    return rule


def _running(at: int, said: frozenset[str]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        kept = any(not said.isdisjoint(text.split()) for text in one.qualifier)
        if _named(one) != at or at < 0 or one.window is not None or kept or not _asked(one):
            return one
        return msgspec.structs.replace(one, window=NOW)

    return change


def _or_kind(found: re.Match[str], start: int) -> Callable[[Predicate], Rule]:
    """Return the change of "ongoing or relevant X" into X of now, or one that is relevant."""
    first, last = start + found.start("kinds"), start + found.end()

    def change(one: Predicate) -> Rule:
        at = _named(one)
        kind = one.qualifier[0] if one.qualifier else ""
        said = found["kinds"][: max(0, at - first)]
        told = {*_LIGHT, *re.findall(r"[a-z]+", " ".join(one.qualifier))}
        alone = kind in said and told.issuperset(re.findall(r"[a-z]+", said))  # and no other name between
        joint = f"{found.group().rpartition(kind)[0]}{kind}" if kind and alone else ""
        if not first < at <= last or not re.search(r"\bor\b|/", joint) or not _asked(one):
            return one
        if one.window == NOW or _other_time(kind) or kind in _TIMES:
            return one
        there = msgspec.structs.replace(one, op="present")
        now = msgspec.structs.replace(there, qualifier=one.qualifier[1:], window=NOW)
        both = any_of([now, there]) or one
        return both if one.op == "present" else Not(both)

    return change


def _beginning(places: set[int], verb: str) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        if _named(one) not in places or one.op != "present" or one.kind not in ("drug", "procedure"):
            return one
        if one.window not in (None, NOW):
            return one
        rest = tuple(text for text in one.qualifier if text not in (verb, "planned"))
        given = msgspec.structs.replace(one, qualifier=rest, window=NOW)
        return any_of([given, msgspec.structs.replace(one, qualifier=("planned", *rest), window=None)]) or one

    return change


def _ever(rule: Rule, words: str, start: int) -> Rule:
    """
    Return "history of or active X" as X, whenever, and "history of active X" as X that is active, or was.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("History of, or any evidence of active, pneumonitis", section="exclusion")[0].reading
    'pneumonitis'
    """
    for found in _EVER.finditer(words):
        end = min((place for mark in ".;" if (place := words.find(mark, found.end())) >= 0), default=len(words))
        again = re.search(r"\b(?:active|current|ongoing|planned)\b", words[found.end() : end])
        end = found.end() + again.start() if again is not None else end
        rule = changed(rule, _timeless(start + found.end(), start + end, " ".join(found["when"].split())))
    once = {place for found in _ONCE.finditer(words) for place in behind(rule, words, found.end(), start)}
    return changed(rule, _active_then(once)) if once else rule


def _timeless(first: int, last: int, when: str) -> Callable[[Predicate], Rule]:
    said = {when, *when.split()}

    def change(one: Predicate) -> Rule:
        if not first <= _named(one) < last or not _asked(one):
            return one
        now = one.window == NOW and when != "planned"
        if not now and said.isdisjoint(one.qualifier):
            return one
        rest = tuple(text for text in one.qualifier if text not in said)
        ever = msgspec.structs.replace(one, qualifier=rest, window=None if now else one.window)
        if when != "planned":
            return ever
        either = any_of([msgspec.structs.replace(each, op="present") for each in (ever, one)]) or one
        return either if one.op == "present" else Not(either)

    return change


def _active_then(places: set[int]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        if _named(one) not in places or one.op != "present" or "active" not in one.qualifier:
            return one
        then = tuple("history of active" if text == "active" else text for text in one.qualifier)
        return any_of([one, msgspec.structs.replace(one, qualifier=then)]) or one

    return change


def _carried(one: Predicate) -> Rule:
    window = one.window
    if one.name not in CARRYING or window is None or window.side != "before" or window.within or window.at_least:
        return one
    return msgspec.structs.replace(one, window=msgspec.structs.replace(window, side="around"))


def _other_time(text: str) -> str | None:
    """Return the time that a qualifier names beside now."""
    for joint in _JOINTS:
        one, found, other = text.partition(f" {joint} ")
        if found and one in _NOW and (other in AHEAD or other == "recent"):
            return other
        if found and other in _NOW and (one in AHEAD or one == "recent"):
            return one
    return None


def _either(one: Predicate) -> Rule:
    said = next((text for text in one.qualifier if _other_time(text)), None)
    if said is None or one.window is not None:
        return one
    if one.kind == "measurement":  # the latest result is both
        rest = tuple(text for text in one.qualifier if text != said)
        return msgspec.structs.replace(one, qualifier=("recent", *rest)) if "recent" in said.split() else one
    if one.op not in ("present", "absent"):
        return one
    if one.op == "absent":
        return Not(_either(msgspec.structs.replace(one, op="present")))
    then = "planned" if _other_time(said) in AHEAD else "recent"
    rest = tuple(text for text in one.qualifier if text != said)
    now = msgspec.structs.replace(one, qualifier=rest, window=NOW)
    plan = _PLANS.get(one.name) if then == "planned" and not rest else None
    if plan is not None and one.concept is not None:
        other = msgspec.structs.replace(one, concept=ConceptRef(plan, span=one.concept.span), qualifier=())
    else:
        other = msgspec.structs.replace(one, qualifier=(then, *rest))
    return any_of([now, other]) or one


def _standing(whole: Whole) -> Rule:
    if any(one.kind in ("drug", "procedure") or one.window is not None for one in whole.facts):
        return standing(whole.rule, whole.words, whole.start)
    return whole.rule


MENDS = (
    Mend(lambda whole: _run_on(whole.rule, whole.words, whole.start), parts="or", marks="/"),
    Mend(lambda whole: dated(whole.rule, whole.words, whole.start), parts="diagnos histo cyto patho biops"),
    Mend(lambda whole: _ever(whole.rule, whole.words, whole.start), parts="history"),
    Mend(_at_its_time),
    Mend(lambda whole: reaching(whole.rule, whole.words, whole.start), joined=True),
    Mend(_standing),
)
