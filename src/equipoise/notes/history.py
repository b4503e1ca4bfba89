"""
A past without disease: "no past medical history", "previously healthy", "PMH: none".

It denies every chronic disease, and for all time before; not what brings the patient now, which no history has yet.
Where the note names a chronic disease all the same, nothing is denied: "no other medical problems" is meant.
"""

from __future__ import annotations

import re

from equipoise.notes.cues import EXCEPT
from equipoise.notes.drafts import Draft
from equipoise.notes.reading import Reading

_KIND = (
    r"(?:(?:significant|relevant|known|notable|major|specific|prior|previous|past|other|underlying|chronic|"
    r"pertinent|remarkable|any)\s+)*"
)
_NONE = re.compile(
    rf"\b(?:no|not any|without(?: any)?|denies(?: any)?|"
    rf"negative for)\s+{_KIND}(?:(?:past\s+)?medical\s+(?:history|problems?|conditions?|issues|illness(?:es)?)|PMHx?|"
    r"(?:underlying|chronic)\s+(?:diseases?|conditions?|illness(?:es)?|health problems)|health problems|"
    r"comorbidit(?:y|ies)|past history)\b(?!\s+of\b)"
    r"|\b(?:previously|generally|usually)\s+(?:a\s+)?(?:fit and |well and )?healthy\b|"
    r"\bhas been (?:previously )?healthy\b"
    r"|\b(?:past )?medical history (?:is|was)?\s*(?:unremarkable|non-?\s?significant|not significant(?! for)|"
    r"non-?contributory|negative(?! for)|insignificant|none|nil|unknown to have)\b"
    r"|\bnothing remarkable in (?:her|his) past medical history\b|\bpast medical (?:and drug )?history (?:are|"
    r"is) unremarkable\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"^\s*(?:none|nil(?: of note)?|nothing of note|unremarkable|non-?contributory|negative|no significant\b.*|"
    r"denies)\W*$",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(?:otherwise|other)\b", re.IGNORECASE)


def read_history(reading: Reading) -> list[Draft]:
    """
    Return a denial of chronic disease, where a sentence says that the past has none.

    The reader keeps it only where no chronic disease is named.
    """
    found = _NONE.search(reading.text) or (_EMPTY.match(reading.text) if reading.section == "past" else None)
    if found is None or EXCEPT.search(reading.text) or _OTHERWISE.search(reading.text):
        return []
    span = reading.outside(*found.span())
    reading.take(span)
    return [Draft(kind="condition", name="chronic disease", span=span, assertion="absent", qualifier=("history",))]
