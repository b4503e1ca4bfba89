"""
When a disease was found: "diagnosed within the last year" is no disease that has lasted ten.

::

    dated = ("diagnosis of" | "diagnosed with") name … within | name … ("diagnosed" | "diagnosis") … within
    shown = ("histologically" | "biopsy" | …) ("confirmed" | "proven" | …) cancer … within
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.rules.nodes import All, Predicate, Rule, changed

_BEFORE = re.compile(
    r"\bdiagnos(?:is|es|ed)\s+(?:of|with|as having)\s+[^.;:()]{0,60}\Z"
    r"|\bdiagnosed\s+(?:(?:invasive|primary|second\w*|other|another|new|malignant)\s+){0,2}\Z"
)
_SHOWN = re.compile(
    r"\b(?:histo\w+|cyto\w+|patho\w+|biopsy)(?:\s*(?:,|/|\bor\b|\band/or\b|\band\b)\s*\w+)?[\s-]+"
    r"(?:confirmed|proven|verified|documented|established|diagnosed)\s+(?:diagnosis\s+of\s+)?[^.;:()]{0,60}\Z"
)
# What is said of a time that belongs to something else: a treatment, or a second event.
_OTHER = re.compile(
    r"\b(?:treat\w*|therap\w+|receiv\w+|surg\w+|resect\w*|perform\w*|progress\w*|recur\w*|relaps\w*|or)\b"
)
_BEHIND = re.compile(
    r"[^.;:,()]{0,25}?\bdiagnos(?:is|ed)\s+(?:\w+\s+)?(?:within|in\s+the|during\s+the|less\s+than|<|≤|no\s+more\s+than|up\s+to)"
)
# A diagnosis of these says that its criteria were met then, for the first time or not.
_CRITERIA = re.compile(r"\b(?:dsm|icd|criteria|treat(?:ed|ment)|treatments|therap(?:y|ies)|active|current|episodes?)\b")
_STATES = re.compile(r"\b(?:abuse|dependence|use|disorder|depression|episode|infection|injury|fracture)\b")
_WINDOW = re.compile(r"\b(?:within|in\s+the\s|during\s+the\s|less\s+than|no\s+more\s+than|up\s+to)|[<≤]")
_LENGTH = re.compile(r"P(\d+)([DWMY])\Z")
_UNITS = {"D": "d", "W": "wk", "M": "mo", "Y": "a"}


def shown(before: str, behind: str) -> bool:
    """Return whether the words around a name say that it was proven, and nothing else, at a time."""
    return _SHOWN.search(before) is not None and _OTHER.search(behind) is None


def dated(rule: Rule, words: str, start: int) -> Rule:
    """
    Return the rule of a criterion, *words* in small letters at *start*, with what was found lately as no older.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Diagnosis of emphysema in the last year", section="exclusion")[0].reading
    'emphysema, within the last 1 year; and duration of emphysema at most 1 year'
    """

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        length = None if one.window is None or one.window.side != "before" else one.window.within
        found = _LENGTH.match(length or "")
        if span is None or found is None or one.kind != "condition" or one.op != "present":
            return one
        if _STATES.search(one.name) is not None:
            return one
        first, last = span[0] - start, span[1] - start
        behind = _WINDOW.search(words, last)
        clause = words if behind is None else words[: behind.start()]
        if _CRITERIA.search(clause) is not None:
            return one
        before = clause[:first]
        if _BEFORE.search(before) is None and _BEHIND.match(words, last) is None and not shown(before, clause[last:]):
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
