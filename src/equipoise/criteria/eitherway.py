"""
Words of the second of two that say the same of a name, where the first asks for less.

::

    evidence = "clinical" ("or" | "/") way ("evidence" | "signs" | …) "of" X       # X, known in either way
    sure     = ("known" | "documented" | …) "or" ("symptomatic" | …) X             # X: who is known to have it has it
    ever     = X "at any time prior to study entry"                                # before it, and not around it
    reaction = ("allergy" | "hypersensitivity") "or" degree "reaction" "to" X      # an allergy to X, grave or not

The rule kept the second way, or the degree, as what must be stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.criteria.looks import Mend, Whole
from equipoise.criteria.names import OF_PAIRS
from equipoise.rules.nodes import Predicate, Rule, Window, changed

_WAY = (
    r"(?:(?:neuro)?radio(?:logic(?:al)?|graphic(?:al)?)|bacteriologic(?:al)?|endoscopic|imaging|laboratory|histolog(?:ic|ical)|cytolog(?:ic|ical)|biochemical"
    r"|serolog(?:ic|ical)|microbiolog(?:ic|ical)|electrocardiographic|patholog(?:ic|ical)|clinical)"
)
_EVIDENCE = re.compile(
    rf"\b(?P<first>{_WAY})(?:ly)?(?P<joint>\s(?:or|and/or)\s|\s?/\s?)(?P<last>{_WAY})\s"
    r"(?:evidence|signs?|findings?|suspicion|symptoms?|indications?)\b(?:\s(?:of|for))?"
)
# What stands between the evidence and the name is of the name: "evidence of active colitis".
_LEAD = re.compile(r"\s+(?:an?\s|any\s)?(?P<lead>(?:[\w-]+\s){1,3}?)\Z")
_WAY_ALONE = re.compile(rf"{_WAY}(?:\s(?:evidence|signs?|findings?|suspicion|symptoms?|indications?)\b.*)?\Z")
_SURE = re.compile(
    r"(?<!newly )\b(?:known|confirmed|documented|proven|established|diagnosed)(?:,?\s(?:or|and/or)\s|\s?/\s?)"
    r"(?P<last>active|symptomatic|self-reported|imminent|impending|untreated|uncontrolled)\s"
)
_NEAR = 60
_EVER = re.compile(r"\bat any ?time,? (?:prior to|before|preceding)\s")
_ENTRY = Window(anchor="study entry", side="around")
_DEGREE = r"(?:severe|serious|significant|life-threatening|anaphylactic)"
_REACTION = re.compile(
    r"\b(?:allerg(?:y|ies|ic)|(?:hyper)?sensitivit(?:y|ies))(?:\sreactions?)?"
    r"(?:,\s(?:allerg(?:y|ies)|(?:hyper)?sensitivit(?:y|ies)|intolerances?))*"
    rf",?\s(?:or|and/or)\s(?:an?\s|any\s|history\sof\s)*(?P<degree>{_DEGREE})\s"
)
_GRAVE = re.compile(rf"\b(?:{_DEGREE}|major|severely)\s(?:\w+\s)?\Z")


def _evidence(whole: Whole) -> Rule:
    """
    Return a rule that asks for no way in which a thing is known, where another will do.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Clinical or radiologic evidence of pneumonia", section="exclusion")[0].reading
    'pneumonia'
    """
    rule = whole.rule
    for found in _EVIDENCE.finditer(whole.words):
        either = "" if "clinical" in (found["first"], found["last"]) else f"{found['first']} or {found['last']}"
        rule = changed(rule, _known(whole, found, either))
    return rule


def _known(whole: Whole, found: re.Match[str], either: str) -> Callable[[Predicate], Rule]:
    ways = found["first"], found["last"]

    def change(one: Predicate) -> Rule:
        named = span_of(one)
        way = next((text for text in one.qualifier if text.split()[0] in ways), None)
        if named is None or named[0] - whole.start < found.end() or way is None or not _WAY_ALONE.match(way):
            return one
        if _begins_anew(whole.words[found.end() : named[0] - whole.start], ways):
            return one
        lead = _LEAD.match(whole.words[found.end() : named[0] - whole.start])
        said = lead["lead"].strip() if lead is not None and set(lead["lead"].split()) <= OF_PAIRS else ""
        rest = [text for text in one.qualifier if text not in (way, said)]
        return msgspec.structs.replace(one, qualifier=tuple(text for text in (either, said, *rest) if text))

    return change


def _begins_anew(gap: str, said: Sequence[str]) -> bool:
    """Return whether something else begins before a name, or the words that go with the first are said of it anew."""
    return ";" in gap or "." in gap or any(text in gap for text in said)


def _sure(whole: Whole) -> Rule:
    """
    Return a rule that asks for no state of a thing that need only be known.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Documented or symptomatic brain metastases", section="exclusion")[0].reading
    'brain metastases'
    """
    rule = whole.rule
    for found in _SURE.finditer(whole.words):
        rule = changed(rule, _less(whole, found))
    return rule


def _less(whole: Whole, found: re.Match[str]) -> Callable[[Predicate], Rule]:
    def change(one: Predicate) -> Rule:
        named = span_of(one)
        if named is None or not found.end() <= named[0] - whole.start < found.end() + _NEAR:
            return one
        if _begins_anew(whole.words[found.end() : named[0] - whole.start], (found["last"],)):
            return one
        return msgspec.structs.replace(one, qualifier=tuple(text for text in one.qualifier if text != found["last"]))

    return change


def _ever(whole: Whole) -> Rule:
    """
    Return a rule that asks for what was at any time before entry, and not around it.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Stroke at any time prior to study entry", section="exclusion")[0].reading
    'stroke, before enrollment'
    """
    if _EVER.search(whole.words) is None:
        return whole.rule
    before = Window(anchor="enrollment", side="before")
    return changed(whole.rule, lambda one: msgspec.structs.replace(one, window=before) if one.window == _ENTRY else one)


def _reaction(whole: Whole) -> Rule:
    """
    Return a rule that asks for no grave reaction, where an allergy will do.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Allergy or severe reaction to penicillin", section="exclusion")[0].reading
    'allergy to penicillin'
    """
    rule = whole.rule
    for found in _REACTION.finditer(whole.words):
        if _GRAVE.search(whole.words, 0, found.start()) is None:
            rule = changed(rule, _mild(whole, found))
    return rule


def _mild(whole: Whole, found: re.Match[str]) -> Callable[[Predicate], Rule]:
    said = found["degree"], "anaphylaxis"

    def change(one: Predicate) -> Rule:
        named = span_of(one)
        if one.kind != "allergy" or named is None or named[0] - whole.start < found.end():
            return one
        if _begins_anew(whole.words[found.end() : named[0] - whole.start], said):
            return one
        if "intolerance" in one.qualifier:
            return one  # which is another alternative, and of this degree
        return msgspec.structs.replace(one, qualifier=tuple(text for text in one.qualifier if text not in said))

    return change


MENDS = (
    Mend(
        _evidence,
        parts="clinical radio imaging laborat histolog cytolog biochem serolog bacterio endoscop patholog cardiogr",
    ),
    Mend(_sure, "active symptomatic imminent impending untreated uncontrolled self"),
    Mend(_ever, "anytime any"),
    Mend(_reaction, parts="allerg sensitivit"),
)
