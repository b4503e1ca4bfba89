"""
How everybody is looked at: "renal disease assessed by history and blood tests" is any renal disease.

::

    routine = ("assessed" | "determined" | "evaluated") "by" usual (("," | "and" | "or") "by"? usual)*
    usual   = "medical history" | "physical examination" | "blood tests" | "ECG" | …

What confirms a disease is another thing: it says of what kind it is ("confirmed by biopsy").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element

_USUAL = (
    r"(?:(?:pre-?drug|pre-?dose|pre-?treatment|baseline|screening|routine|standard|clinical|medical|past|the|a|an|full|"
    r"complete|their|patient|general|careful)\s)*"
    r"(?:history|physical exam(?:ination)?s?|exam(?:ination)?s?|blood (?:tests?|work)|lab(?:orator(?:y|ies))?"
    r"(?: (?:tests?|testing|evaluations?|results?|values?|screening|assessments?|parameters|data|examinations?))?|"
    r"ecgs?|ekgs?|electrocardiogra(?:ms?|phy)|12-lead ecg|vital signs?|urinalysis|interview|questionnaires?|assessment)"
)
_ROUTINE = re.compile(
    rf",?\s(?:as )?(?:assessed|determined|evaluated|ascertained) by {_USUAL}\b"
    rf"(?:(?:,? (?:and/or|and|or)|,|/) ?(?:(?:by|on|from) )?{_USUAL}\b)*(?=\s*(?:[.;,)]|\Z))",
    re.IGNORECASE,
)


def without_routine(elements: Sequence[Element], text: str) -> list[Element]:
    """Return the elements of a criterion, those that only say how everybody is looked at as light ones."""
    found = list(elements)
    if len(found) < 3:
        return found
    start, end = found[0].span[0], found[-1].span[1]
    said = _ROUTINE.search(text, start, end)
    if said is None or not any(_names(one) for one in found if one.span[1] <= said.start() + 1):
        return found
    for one in found:
        if said.start() <= one.span[0] and one.span[1] <= said.end():
            one.kind, one.rule, one.time = "light", None, None
    return found


def _names(one: Element) -> bool:
    what = one.predicate
    return what is not None and what.kind == "condition"
