"""
A past without disease: "no past medical history", "previously healthy", "PMH: none", "he is otherwise healthy".

It denies every chronic disease, and for all time before; not what brings the patient now, which no history has yet.
Where something is named all the same, all others are denied: "no other medical problems", "his past medical history is
notable only for gout". Which diseases these are is told by `equipoise.notes.past`.
"""

from __future__ import annotations

import re

from equipoise.notes.cues import EXCEPT
from equipoise.notes.drafts import Draft
from equipoise.notes.past import WHOLE, of_others
from equipoise.notes.reading import Reading

_KIND = (
    r"(?:(?:significant|relevant|known|notable|major|specific|prior|previous|past|other|underlying|chronic|"
    r"pertinent|remarkable|any)\s+)*"
)
# "Otherwise healthy" is said of a patient, and of laboratory values that are normal.
_WELL = r"otherwise\s(?:fit\sand\s|well\sand\s|completely\s|entirely\s|generally\s|previously\s)?healthy\b"
_PERSON = (
    r"\b(?:he|she|patient|pt|who|woman|man|male|female|lady|gentleman|boy|girl|child|infant|adolescent|teenager|"
    r"year[- ]old|\d{1,3}\s?y/?\.?o\.?(?:\s[FM])?),?\s"
)
_NONE = re.compile(
    rf"\b(?:no|not any|without(?: any)?|denies(?: any)?|"
    rf"negative for)\s+{_KIND}(?:(?:past\s+)?medical\s+(?:history|problems?|conditions?|issues|illness(?:es)?)|PMHx?|"
    r"(?:underlying|chronic)\s+(?:diseases?|conditions?|illness(?:es)?|health problems)|health problems|"
    r"comorbidit(?:y|ies)|past history)\b(?!\s+of\b)"
    r"|\b(?:previously|generally|usually)\s+(?:a\s+)?(?:fit and |well and )?healthy\b|"
    r"\bhas been (?:previously )?healthy\b"
    rf"|{_PERSON}(?:(?:is|was|has been|had been|who is|who was|and is|and was),?\s)?(?:an\s)?{_WELL}|"
    rf"\b(?:an?|this)\s{_WELL}(?=\s(?:\d|\w+-year|woman|man|male|female|adult|child|boy|girl|infant|person|patient|lady|"
    r"gentleman|pregnant|teenage))"
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
_OF_RELATIVES = re.compile(
    r"\bin (?:his|her|their) (?:mother|father|sister|brother|family|son|daughter)", re.IGNORECASE
)
_OTHERWISE = re.compile(r"\b(?:otherwise|other)\b", re.IGNORECASE)


# A past that says of itself that it is told whole. One that is merely "notable for gout" is not: of such lists in notes
# half leave out a lasting disease that the note names elsewhere.
_ONLY = r"(?:is |was )?(?:only (?:notable|remarkable|significant)|(?:notable|remarkable|significant) only) for\b"
_NOTABLE = re.compile(
    rf"(?<!family )(?<!social )(?<!surgical )(?<!sexual )(?<!drug )\b(?:past (?:medical )?|medical )history {_ONLY}"
    rf"(?! (?:(?:his|her|the|a) )?(?:mother|father|famil))|\bPMHx? {_ONLY}",
    re.IGNORECASE,
)


def read_history(reading: Reading) -> list[Draft]:
    """
    Return a denial of chronic disease, where a sentence says that the past has none, or none but what it names.

    The reader makes of it a denial of the others, where a chronic disease is named.
    """
    found = _NONE.search(reading.text) or (_EMPTY.match(reading.text) if reading.section == "past" else None)
    others = EXCEPT.search(reading.text) is not None or _OTHERWISE.search(reading.text) is not None
    if found is None:
        found = notable = _NOTABLE.search(reading.text)
        if notable is None or _OF_RELATIVES.search(reading.text):
            return []
        others = True
    span = reading.outside(*found.span()) if found is not None else reading.span
    if not others:
        reading.take(span)
    draft = Draft(kind="condition", name=WHOLE, span=span, assertion="absent", qualifier=("history",))
    return [of_others(draft) if others else draft]
