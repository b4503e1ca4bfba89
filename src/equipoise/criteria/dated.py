"""
When a disease was found: "diagnosed within the last year" is no disease that has lasted ten.

::

    dated = ("diagnosis of" | "diagnosed with") name … within | name … ("diagnosed" | "diagnosis") … within
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.rules.nodes import All, Predicate, Rule, changed

_BEFORE = re.compile(r"\bdiagnos(?:is|es|ed)\s+(?:of|with|as having)\s+[^.;:()]{0,60}\Z")
_BEHIND = re.compile(
    r"[^.;:,()]{0,25}?\bdiagnos(?:is|ed)\s+(?:\w+\s+)?(?:within|in\s+the|during\s+the|less\s+than|<|≤|no\s+more\s+than|up\s+to)"
)
# A diagnosis of these says that its criteria were met then, for the first time or not.
_CRITERIA = re.compile(r"\b(?:dsm|icd|criteria|treat(?:ed|ment)|treatments|therap(?:y|ies)|active|current)\b")
_STATES = re.compile(r"\b(?:abuse|dependence|use|disorder|depression|episode|infection|injury|fracture)\b")
_LENGTH = re.compile(r"P(\d+)([DWMY])\Z")
_UNITS = {"D": "d", "W": "wk", "M": "mo", "Y": "a"}


def dated(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* in small letters at *start*, with what was found lately as no older.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Diagnosis of emphysema in the last year", section="exclusion")[0].reading
    'emphysema, within the last 1 year; and duration of emphysema at most 1 year'
    """
    if _CRITERIA.search(words) is not None:
        return rule

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        length = None if one.window is None or one.window.side != "before" else one.window.within
        found = _LENGTH.match(length or "")
        if span is None or found is None or one.kind != "condition" or one.op != "present":
            return one
        if _STATES.search(one.name) is not None:
            return one
        first, last = span[0] - start, span[1] - start
        if _BEFORE.search(words[:first]) is None and _BEHIND.match(words, last) is None:
            return one
        lasting = msgspec.structs.replace(
            one,
            qualifier=tuple(text for text in one.qualifier if text != "history of"),
            kind="duration",
            op="<=",
            value=int(found[1]),
            unit=_UNITS[found[2]],
            window=None,
        )
        return All((one, lasting))

    return changed(rule, change)
