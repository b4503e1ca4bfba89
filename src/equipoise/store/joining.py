"""
Who may join, in the words of an eligibility text: the text without what stands under its headings of exclusion.

A study of stroke that keeps out people with diabetes is no study for someone with diabetes. This is for the index,
which reads half a million texts: it looks only where a text says "clusion", and takes what it finds there for a
heading by its end alone. What a criterion's side is, is said by the criteria part.

::

    heading = ("inclusion" | "exclusion") ("criteria" | "factors")? ("(" words ")")? (":" | "-" | "~" | end of line)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CUE = "clusion"
_AFTER = re.compile(
    r"s?(?:\s+(?:criteri(?:a|on|um|as)|factors?))?[ \t]*(?:\([^)\n]{0,60}\)[ \t]*)?(?:\*\*)?"
    r"(?:[:：~]|-\s|\.?\s*(?:\n|\Z))"
)
_SIDES = {"in": True, "ex": False}
# "Inclusion/exclusion criteria:" is a heading of both; what follows has headings of its own, or is not sorted at all.
_BOTH = ("/", "and", "or", "&")


def _headings(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where each heading begins and ends, and whether what follows says who may join."""
    at = text.find(_CUE)
    while at >= 0:
        side = _SIDES.get(text[at - 2 : at]) if at >= 2 and not text[at - 3 : at - 2].isalpha() else None
        end = _AFTER.match(text, at + len(_CUE))
        both = text[max(0, at - 8) : at - 2].rstrip().endswith(_BOTH)
        if side is not None and end and not both:
            yield at - 2, end.end(), side and text[at - 6 : at - 3] != "non"
        at = text.find(_CUE, at + len(_CUE))


def joining_text(criteria: str) -> str:
    """
    Return the part of an eligibility text that says who may join; all of it where it has no headings.

    >>> joining_text("Inclusion Criteria: asthma; age over 18. Exclusion Criteria: pregnancy")
    ' asthma; age over 18. '
    >>> joining_text("Adults who meet the inclusion criteria of the main study")
    'Adults who meet the inclusion criteria of the main study'
    """
    lower = criteria.lower()
    # Some letters are longer in lower case, and their text would be cut at wrong places.
    text = lower if len(lower) != len(criteria) else criteria
    kept, at, joining = [], 0, True
    for start, end, side in _headings(lower):
        if joining:
            kept.append(text[at:start])
        joining, at = side, end
    if joining:
        kept.append(text[at:])
    return "\n".join(part for part in kept if part)
