"""
Of whom a bracket behind a criterion says that it is asked: "prior trastuzumab (phase Ib patients only)".

::

    bracket = "(" ("only"? ("for" | "in"))? (people "in")? part people? "only"? ")"
            | "(" words (people | part) "only" ")"
    behind  = "for" (people "in")? part                     # at the end of a sentence
    part    = ("part" | "cohort" | "arm" | "phase" | "group" | …) (letter | number)

What it ends is asked of nobody else: whoever lacks it may be of another part. In the middle of a list it is said of the
member before it, and at the end of all that stands there.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.groups import label_of
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Predicate, Rule, changed

_NUMBER = r"(?:[a-h]|\d{1,2}[a-z]?|[ivx]{1,4}[ab]?|one|two|three)"
_PART = rf"(?:part|cohort|arm|phase|group|stratum|sub-?study)s?\s*{_NUMBER}\b"
_PEOPLE = r"(?:subjects|patients|participants|volunteers|individuals)"
_FOR = rf"(?:only\s)?(?:(?:for|in)\s)?(?:the\s)?(?:{_PEOPLE}\s(?:in|of|on|from)\s)?(?:the\s)?"
_OF_PART = re.compile(
    rf"[(\[]\s*(?P<inner>{_FOR}{_PART}(?:(?:,\s*(?:and\s|or\s)?|\s?/\s?|\sand\s|\sor\s|\s&\s)(?:{_PART}|{_NUMBER}\b))*"
    rf"(?:\s(?:{_PEOPLE}|portion|cohorts?))?(?:\sonly)?"
    rf"|{_FOR}[\w -]{{2,40}}\s(?:{_PEOPLE}|cohorts?|groups?|arms?|stratum|phase|part|portion|study|stage|controls)"
    r"\sonly)\s*[)\]]"
    rf"|\b(?P<behind>for\s(?:the\s)?(?:{_PEOPLE}\s(?:in|of|on)\s)?(?:the\s)?{_PART}(?:\sonly)?)(?=\s*(?:[.;,]|\Z))"
)
# What has parts, phases and groups of its own.
_OWN = re.compile(r"\b(?:wom[ae]n|m[ae]n|(?:fe)?males?|hypertension|steroids?|scale|score)\b[^()]*\Z")
_WHOSE = re.compile(rf"\A{_PEOPLE}\s(?:in|of|on|from)\s")
_STUDIED = re.compile(r"\b(?:trials?|stud(?:y|ies)|tests?)\s*\Z")
_END = re.compile(r"[\s.;,*]*(?:\Z|:)")


def _of_parts(whole: Whole) -> Rule:
    """
    Return a rule as asked of those of whom a bracket in it speaks.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Gout (phase II only)", section="inclusion")[0].reading
    'in phase ii: gout'
    """
    found = [one for one in _OF_PART.finditer(whole.words) if _is_part(whole.words, one)]
    rule = whole.rule
    for one in found:
        label = label_of(_WHOSE.sub("", label_of(one["inner"] or one["behind"])))
        everywhere = len(found) == 1 and _END.match(whole.words, one.end()) is not None
        if label:
            rule = _asked_of(rule, label, everywhere=everywhere)
    return rule


def _is_part(words: str, found: re.Match[str]) -> bool:
    before = words[: found.start()]
    return not (_STUDIED.search(before) or _OWN.search(before) or _OWN.search(found["inner"] or ""))


def _asked_of(rule: Rule, label: str, *, everywhere: bool) -> Rule:
    """Return a rule of which those leaves, or all, that have a label among their words are asked of whom it names."""
    named = r"\s+".join(map(re.escape, label.split()))
    said = re.compile(rf"\s*[(\[]?\s*\b{_FOR}{named}(?:\sonly)?(?![\w-])\s*[)\]]?", re.IGNORECASE)

    def change(one: Predicate) -> Rule:
        if one.population or one.kind == "administrative":
            return one
        left = tuple([text for text in (said.sub("", text).strip() for text in one.qualifier) if text])
        if not everywhere and left == one.qualifier:
            return one
        return msgspec.structs.replace(one, qualifier=left, population=label)

    return changed(rule, change)


MEND = Mend(_of_parts, "part parts arm arms group groups stratum only", parts="cohort phase substud stud")
