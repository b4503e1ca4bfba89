"""
Events that limits are counted from: onset, return of circulation, last seen well, arrival, injury.

::

    event = a phrase of the table of events | "onset" "of" condition | condition … ("began" | "started") …

An event is a fact where the note says when it was, or how long it held. What the study itself does is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from equipoise.criteria.context import Context
from equipoise.notes.drafts import Draft
from equipoise.notes.when import When
from equipoise.notes.zero import Zero, ends_of
from equipoise.records.moments import duration_of
from equipoise.terms.lexicon import Lexicon

_EVENTS = frozenset(
    ("arterial puncture", "birth", "bleeding onset", "cardiac arrest time", "chest pain onset", "extubation",
     "hospital arrival", "hospital discharge", "icu discharge", "last known well", "last menstrual period",
     "onset of sepsis", "positive test", "return of spontaneous circulation", "start of dialysis", "stroke onset",
     "surgical procedure time", "symptom onset", "thrombolysis start", "time of hospital admission",
     "time of icu admission", "time of injury", "time of intubation", "time of transplantation", "last chemotherapy",
     "last radiotherapy", "last vaccination")
)  # fmt: skip
# How notes write an event that the table has in other words.
_OTHER = (
    ("return of spontaneous circulation", r"\b(?:return|restoration|"
        r"recovery) of (?:spontaneous )?circulation\b|\bROSC\b"),
    ("last known well", r"\b(?:last normal(?=\s?(?:at\b|around|about|:|\d))|last (?:seen|"
                        r"known) (?:to be )?(?:well|normal|at baseline|in (?:his|her|"
                        r"a) normal state|neurologically intact)|LKW|LSW|LKN|LSN)\b"),
    ("stroke onset", r"\bonset of (?:(?:the|his|her|acute|ischemic) )*stroke\b|\bstroke(?: symptoms?)? onset\b"),
    ("chest pain onset", r"\bonset of (?:(?:the|his|her|acute|severe) )*chest pain\b|\bchest pain onset\b"),
    ("symptom onset", r"\b(?:onset of (?:(?:the|his|her|these|first|acute|neurological) )*symptoms?|"
                      r"symptoms? onset|symptoms (?:first )?(?:began|started|appeared)|"
                      r"(?:first|initial) symptoms?|symptom(?:s)? start|illness onset|time of onset|onset time|"
                      r"onset)\b"),
    ("hospital arrival", r"\b(?:(?:brought|taken|admitted|presented|came) (?:in)?to (?:the |our )?"
                         r"(?:hospital|ED|ER|emergency department|emergency room)|"
                         r"arrived (?:at|in|to)? ?(?:the )?(?:hospital|ed|er|emergency department|"
                         r"emergency room)|arrived|arrival (?:at|in|to) (?:the )?(?:hospital|ed|er|"
                         r"emergency department))\b"),
    ("last menstrual period", r"\b(?:LMP|last menstrual period|last menses)\b"),
)  # fmt: skip
_OTHERS = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _OTHER)
_BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)|began|begun|beginning|developed|onset|came on|awoke with|woke (?:up )?with)\b", re.IGNORECASE
)
_PRESENTS = re.compile(
    r"\b(?:present(?:s|ed|ing)?|brought|complain(?:s|ed|ing|ts?)?|c/o|comes|came|admitted|arriv(?:es|ed)|transferred|referred|seen|chief)\b",
    re.IGNORECASE,
)


def events_of(context: Context) -> list[Draft]:
    """Return a draft, without its time, for each event that a sentence names."""
    drafts: list[Draft] = []
    if not context.tokens:
        return drafts
    begin, end = context.tokens[0].start, context.tokens[-1].end
    for name, words in _OTHERS:
        for found in words.finditer(context.text, begin, end):
            _add(drafts, name, found.span())
    for at in range(len(context.tokens)):
        event = context.event(at)
        if event is not None and event[0].name in _EVENTS and event[1] > 1:
            _add(drafts, event[0].name, context.span(at, at + event[1]))
    return drafts


def _add(drafts: list[Draft], name: str, span: tuple[int, int]) -> None:
    if all(span[1] <= one.span[0] or span[0] >= one.span[1] for one in drafts):
        drafts.append(Draft(kind="event_time", name=name, span=span))


def onsets_of(text: str, drafts: Sequence[Draft], whens: Sequence[When], *, first: bool) -> list[Draft]:
    """
    Return the onset of symptoms that a sentence dates: "presents with dyspnea that started 2 hours ago".

    *first* says that the sentence opens the note, and so says what the patient comes for.
    """
    begin, end = min((one.span[0] for one in drafts), default=0), max((one.span[1] for one in whens), default=0)
    found: list[Draft] = []
    for one in drafts:
        if one.kind != "condition" or one.when is None or one.assertion != "present" or one.until is not None:
            continue
        near = next((when for when in whens if when.role == "at" and one.span[1] <= when.span[0]), None)
        if near is None or _BEGAN.search(text, max(0, one.span[0] - 12), near.span[0]) is None:
            continue
        if not first and not _PRESENTS.search(text, max(0, begin - 120), end):
            continue
        found.append(Draft(kind="event_time", name="symptom onset", span=(one.span[0], near.span[1]), when=one.when))
    return found[:1]


def settle_events(drafts: Sequence[Draft], zero: Zero, lexicon: Lexicon) -> list[Draft]:
    """
    Return a note's drafts with the events that are certain: dated or lasting, one symptom onset, and a stroke's own.

    The onset of symptoms of a stroke is the onset of the stroke. Where only "last seen well" is known, the onset lies
    between then and now.
    """
    kept = _held([one for one in drafts if one.kind != "event_time" or one.when is not None], zero)
    onsets = [one for one in kept if one.kind == "event_time" and one.name == "symptom onset"]
    kept = [one for one in kept if one not in onsets[1:]]
    names = {one.name for one in kept if one.kind == "event_time"}
    strokes = [
        one for one in kept if one.kind == "condition" and one.assertion in ("present",
        "possible") and lexicon.is_a(one.name, "stroke")
    ]  # fmt: skip
    if strokes and "stroke onset" not in names and any(one.assertion == "present" for one in strokes):
        known = onsets[:1] or _onset_since_well(kept, zero)
        kept += [msgspec.structs.replace(one, name="stroke onset") for one in known]
    return kept


def without_misread(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts without an age or sex read from the words of a result: in "98.6F" there is no woman of six."""
    results = [one.span for one in drafts if one.kind == "measurement"]
    return [
        one
        for one in drafts
        if one.kind != "demographic" or not any(span[0] <= one.span[0] and one.span[1] <= span[1] for span in results)
    ]


def _held(drafts: list[Draft], zero: Zero) -> list[Draft]:
    """Return the drafts with each dated event until it ended, in place of a length of its own."""
    events = {one.name: one for one in drafts if one.kind == "event_time" and one.when is not None}
    kept = []
    for one in drafts:
        event = events.get(one.name) if one.kind == "duration" else None
        if event is None or event.when is None:
            kept.append(one)
        elif event.when.to_the_minute and isinstance(one.value, (int, float)):
            length = duration_of(float(one.value), one.unit)
            end = (
                None if length is None else ends_of(event.when)[0] + timedelta(days=length.days, minutes=length.minutes)
            )
            if end is not None and end <= zero.now[1] and length is not None and not length.months:
                event.until = zero.moment(end, end)
    return kept


def _onset_since_well(drafts: Sequence[Draft], zero: Zero) -> list[Draft]:
    well = next((one for one in drafts if one.kind == "event_time" and one.name == "last known well"), None)
    if well is None or well.when is None:
        return []
    between = zero.moment(ends_of(well.when)[0], zero.now[1])
    # A month in which the onset lies somewhere tells nobody anything.
    return [] if between is None or between.date.day is None else [msgspec.structs.replace(well, when=between)]
