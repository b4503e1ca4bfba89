"""
That a patient has just come to the hospital: "An 89-year-old man is brought to the emergency department".

A note that opens so, and tells of no later day, was written on the day of arrival: what it says of now was so "on
admission".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.notes.drafts import Draft
from equipoise.notes.zero import Zero

_ARRIVAL, _ADMISSION = "hospital arrival", "time of hospital admission"
_COMES = re.compile(
    r"\b(?:brought|taken|rushed|presents?|presented|presenting|comes|came|arrives|arrived|admitted)\b"
    r"(?:(?!\bago\b|\byesterday\b|\blast\b|\bearlier\b|\d)[^.;:]){0,60}?\b(?:to|in|at|into)\s+(?:the\s+|our\s+|an?\s+)?(?:\w+\s+){0,2}?"
    r"(?:emergency\s+(?:department|room|service)|ED|ER|hospital|ICU|intensive care unit)\b"
)
# What tells of a later day, or of another stay.
_LATER = re.compile(
    r"\b(?:hospital day|HD\s?#?\d|POD|post-?\s?operative day|on (?:the )?(?:first|second|third|\w+th) (?:\w+ )?day"
    r"|(?:days?|weeks?|hours?) (?:later|after admission|into)|after (?:\d+|two|three|several) (?:days|weeks)|discharged"
    r"|readmitted|re-admitted|overnight|next (?:day|morning)|following (?:day|morning)|hospital course|during (?:this"
    r"|the|his|her) (?:admission|hospitali[sz]ation|hospital stay)|subsequently|follow-?up)\b",
    re.IGNORECASE,
)


def arrival_of(text: str, sentence: tuple[int, int], drafts: Sequence[Draft], zero: Zero) -> list[Draft]:
    """
    Return the arrival at the hospital that the first sentence of a note tells, on the day of the note.

    >>> from equipoise.notes.zero import TIME_ZERO, Zero
    >>> zero = Zero(TIME_ZERO, dated=False, clocked=False)
    >>> text = "A man of 80 is brought to the emergency department with confusion."
    >>> [one.name for one in arrival_of(text, (0, len(text)), [], zero)]
    ['hospital arrival']
    >>> arrival_of(f"{text} Two days later he is alert.", (0, len(text)), [], zero)
    []
    """
    comes = _COMES.search(text, *sentence)
    events = [one for one in drafts if one.kind == "event_time" and one.when is not None]
    known = any(one.name in (_ARRIVAL, _ADMISSION) for one in events)
    if comes is None or known or _LATER.search(text):
        return []
    first, last = zero.now
    day = zero.moment(first.replace(hour=0, minute=0), last.replace(hour=23, minute=59))
    return [] if day is None else [Draft(kind="event_time", name=_ARRIVAL, span=comes.span(), when=day)]
