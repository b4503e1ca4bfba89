"""
When a sentence says that things were: the stretch of time that each of its time phrases names.

::

    when    = length "ago" | length ("before" | "prior to") coming | length "earlier"
            | ("for" | "x") ("the past")? length | length ("history")? "of" | length "duration"
            | day-word clock? | date | clock | "in" month-name | "POD" number | number "th day post" | "hospital day" n
    coming  = "arrival" | "presentation" | "admission" …
    day-word = "today" | "yesterday" | "this morning" …
    role    = "at": it was then; "for": it began then and has lasted since; "since": the same, with no length

A phrase whose moment is not known ("in 2019" in a note without a date, "more than 3 years ago") has no stretch: it
still takes its place, so that nothing else is read from its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from equipoise.notes.dates import MONTH_NAME, MONTHS, Stated, stated_dates, stated_times
from equipoise.notes.lengths import Length, Stretch, lengths
from equipoise.notes.sentences import Span
from equipoise.notes.zero import TIME_ZERO, Zero, ends_of
from equipoise.records.moments import Moment

Role = Literal["at", "for", "since"]

_COMING = (
    r"(?:(?:prior to|before|preceding)\s+(?:(?:his|her|their|the|this|current|present|being|hospital|initial|coming|"
    r"ed|er|emergency|department|room|to|on)\s+){0,4}(?:arrival|presentation|presenting|admission|evaluation|visit|"
    r"consultation|hospitali[sz]ation|seen|brought|admitted|ed|er|hospital)\b)"
)
_AGO = re.compile(rf"\s?(?:ago\b|back\b(?! pain)|earlier\b|previously\b|beforehand\b|{_COMING}|"
                  r"(?:prior|before)(?=\s?(?:$|[,.;:)]|and\b|with\b)))", re.IGNORECASE)  # fmt: skip
_COMING_IN = re.compile(_COMING, re.IGNORECASE)
_OF = re.compile(
    r"\s?(?:(?:long\s)?history\s+of\b|course\s+of\b|duration\s+of\b|of\b(?!\s+(?:age|gestation|life)))", re.I
)
_DURATION = re.compile(r"\s?(?:in\s+)?duration\b", re.IGNORECASE)
_FOR = re.compile(
    r"\b(?:for|x|lasting|lasted|persisting|duration of|duration:)\s?(?:the\s)?(?:past\s|last\s|previous\s|"
    r"preceding\s)?$",
    re.I,
)
_NOT_UNTIL_NOW = re.compile(
    r"\s?(?:before|prior|after|following|later|during|until|till|ago\b|earlier|per\b|a day|each|every|daily|"
    r"at a time|of\s+therapy|"
    r"on\b|off\b|in\s+(?:19|20)|then\b|and then\b|post)", re.IGNORECASE)  # fmt: skip
_SINCE = re.compile(r"\b(?:since|from)\s(?:about\s|approximately\s|around\s|the\s)?$", re.IGNORECASE)
_DAY_WORDS = re.compile(
    r"\b(?P<today>today|this (?:morning|afternoon|evening)|earlier (?:today|(?:in the|this) (?:morning|day)))\b"
    r"|\b(?P<yesterday>(?:the day before )?yesterday(?: (?:morning|afternoon|evening))?)\b|"
    r"\b(?P<night>last night|overnight)\b"
    r"|\b(?P<last>last|past) (?P<unit>day|week|month|year)\b(?!s)",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|of)\s(?:early\s|late\s|mid[- ])?(?P<name>{MONTH_NAME})\b(?!\.?,?\s?\d|\s(?:of\s)?(?:19|20)\d\d)",
    re.I,
)
_YEAR_ALONE = re.compile(
    r"\b(?:in|since|from|back in|until)\s(?:early\s|late\s|mid-?\s?)?\(?(?P<year>(?:19|20|21)\d\d)\b(?![-/\d])"
    r"|(?<=\()(?P<alone>(?:19|20|21)\d\d)(?=\))",
    re.IGNORECASE,
)
BARE_YEAR = re.compile(r"(?:(?P<month>0?[1-9]|1[0-2])/)?(?P<year>(?:19[2-9]|20[0-4])\d)")
# "MI 2016", "(COVID 12/2024)": a year behind a word; what a unit or another number follows is none.
_YEAR_BEHIND = re.compile(
    rf"(?<=[A-Za-z)(,])\s?(?P<stated>{BARE_YEAR.pattern})(?=\s*(?:[,.;)(:]|$|[-–]\s)|\s(?:(?!mg|mcg|ml|g\b|units?|iu|k?cal|cells|"
    r"copies|steps|ng|pg|u\b|mm|h\b|IU|U\b|ML|MG)[A-Za-z]))",
)
_MASKED = re.compile(r"\[\*\*[\d/ -]+\*\*\]")
_POST = re.compile(
    r"\b(?:POD|post-?\s?op(?:erative)? day|hospital day|HD|ICU day|illness day|day of illness|"
    r"day)\s?#?(?P<day>\d{1,2})\b"
    r"(?P<of>\s(?:of (?:his|her|the|an?)?\s?)?(?:illness|symptoms?|fever|hospitali[sz]ation|admission|after|"
    r"post|following)\b)?"
    r"|\b(?P<nth>\d{1,3})(?:st|nd|rd|th)\s(?:post-?\s?operative day|day)\s?(?P<post>post|after|following|of illness)?",
    re.IGNORECASE,
)
# The years of which a note can speak: a century back from the first of them there still is a calendar.
_YEARS = (1000, 9000)
_DAY = len("2026-01-15")
_ONE = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
_LEAD = 40  # characters before a length in which its preposition stands
_HOSPITAL = ("hospital", "hd", "icu")

_COMES_AFTER = re.compile(
    r"\b(?:present(?:s|ed|ing)?|(?:is|was) (?:brought|seen|admitted|referred|evaluated)|comes|came|arriv(?:es|ed))\b"
    r"[^.;]{0,80}\bafter\s(?:the\s)?\Z",
    re.IGNORECASE,
)


class When(msgspec.Struct, frozen=True):
    """
    A time phrase: its words, the stretch it names (None where that is not known), and its role.

    ``ahead`` says that what it dates follows ("5 days of fever"); ``length`` is how long a thing has lasted; ``past``
    says that it is some time back, though not how far.
    """

    span: Span
    stretch: Stretch | None
    role: Role = "at"
    length: Length | None = None
    ahead: bool = False
    past: bool = False


def times_of(text: str, sentence: Span, zero: Zero) -> list[When]:
    """
    Return the time phrases of a sentence, in order, none within another.

    >>> zero = Zero(Moment("2026-01-15T09:40"), dated=True, clocked=True)
    >>> said = "Chest pain began 3 h ago; fever for 2 days, seen yesterday at 22:10."
    >>> [(one.role, f"{one.stretch[0]:%d %H:%M}") for one in times_of(said, (0, len(said)), zero)]
    [('at', '15 06:40'), ('for', '13 00:00'), ('at', '14 22:10')]
    """
    if not _YEARS[0] < zero.now[0].year < _YEARS[1]:
        return []
    found = [*_dates(text, sentence, zero), *_words(text, sentence, zero), *_lengths(text, sentence, zero)]
    kept: list[When] = []
    for one in sorted(found, key=lambda when: (when.span[0], -when.span[1])):
        if not kept or one.span[0] >= kept[-1].span[1]:
            kept.append(one)
    kept = _with_clocks(text, sentence, zero, kept)
    return [_since(text, sentence, one) for one in kept]


def _since(text: str, sentence: Span, when: When) -> When:
    lead = _SINCE.search(text, max(sentence[0], when.span[0] - _LEAD), when.span[0])
    inner = text[when.span[0] : when.span[0] + 6].lower()
    if when.role == "at" and (lead is not None or inner.startswith("since ")):
        return msgspec.structs.replace(when, role="since")
    return when


# Lengths


def _lengths(text: str, sentence: Span, zero: Zero) -> Iterator[When]:
    for length in lengths(text, *sentence):
        start, end = length.span
        ago, of, lasting = (rule.match(text, end, sentence[1]) for rule in (_AGO, _OF, _DURATION))
        lead = _FOR.search(text, max(sentence[0], start - _LEAD), start)
        if of is not None and not _counted(text, sentence, start):
            yield When((start, of.end()), length.before(zero.now), "for", length, ahead=True)
        elif ago is not None and lead is None:
            coming = _COMING_IN.search(ago[0]) is not None
            yield When((start, ago.end()), length.before(zero.presented() if coming else zero.now))
        elif lead is not None and _NOT_UNTIL_NOW.match(text, end, sentence[1]) is None:
            stop = lasting.end() if lasting is not None else end
            yield When((start, stop), length.before(zero.now), "for", length)
        elif lead is not None:
            yield When((start, end), None, "for", length)
        elif lasting is not None:
            yield When((start, lasting.end()), length.before(zero.now), "for", length)


def _counted(text: str, sentence: Span, start: int) -> bool:
    """Return whether a length is of a window ("within 4 weeks of"), not one that something has lasted."""
    if _COMES_AFTER.search(text, sentence[0], start) is not None:
        return False  # "is brought to hospital after 3 days of fever": until now
    return re.search(r"\b(?:within|after|every|at|than|over|in|during|first|last|next|another|per|past)\s(?:the\s)?$",
                     text[max(sentence[0], start - _LEAD) : start], re.IGNORECASE) is not None  # fmt: skip


# Words and numbers of days


def _words(text: str, sentence: Span, zero: Zero) -> Iterator[When]:
    today = zero.now[0].replace(hour=0, minute=0), zero.now[1].replace(hour=23, minute=59)
    for found in _DAY_WORDS.finditer(text, *sentence):
        if found["last"] and _FOR.search(text, max(sentence[0], found.start() - _LEAD), found.start()):
            one = Length(found.span(), 1, 1, _ONE[found["unit"].lower()])
            yield When(found.span(), one.before(zero.now), "for", one)  # "for the past week"
            continue
        yield When(found.span(), _day_word(found, today))
    for found in _MONTH_ALONE.finditer(text, *sentence):
        month = _last_month_named(MONTHS[found["name"].lower()], zero)
        yield When(found.span(), month, past=month is None and not zero.dated)
    for found in _YEAR_ALONE.finditer(text, *sentence):
        year = int(found["year"] or found["alone"])
        whole = datetime(year, 1, 1), datetime(year, 12, 31, 23, 59)
        yield When(found.span(), whole if zero.dated else None, past=not zero.dated)
    for found in _YEAR_BEHIND.finditer(text, *sentence):
        month_of = f"-{int(found['month']):02}" if found["month"] else ""
        first, last = ends_of(Moment(f"{found['year']}{month_of}"))
        known = zero.dated and first <= zero.now[1]
        if known or not zero.dated:
            yield When(found.span("stated"), (first, last) if known else None, past=not zero.dated)
    for found in _POST.finditer(text, *sentence):
        when = _numbered(found, today)
        if when is not None:
            yield when


def _day_word(found: re.Match[str], today: Stretch) -> Stretch | None:
    day = timedelta(days=1)
    if found["today"]:
        return today
    if found["yesterday"]:
        back = day * (2 if "before" in found["yesterday"].lower() else 1)
        return today[0] - back, today[1] - back
    if found["night"]:
        return today[0] - day + timedelta(hours=18), today[1]
    if found["last"].lower() == "past" or found["unit"].lower() == "day":
        return None
    if found["unit"].lower() == "week":
        return today[0] - 13 * day, today[1] - day
    first = today[0].replace(day=1)
    if found["unit"].lower() == "month":
        return (first - day).replace(day=1), first - timedelta(minutes=1)
    return datetime(first.year - 1, 1, 1), datetime(first.year - 1, 12, 31, 23, 59)


def _last_month_named(month: int, zero: Zero) -> Stretch | None:
    """Return the last such month before now; the one that has begun may be a year back, and is not told."""
    now = zero.now[1]
    if not zero.dated or month == now.month:
        return None
    return ends_of(Moment(f"{now.year - (month > now.month)}-{month:02}"))


def _numbered(found: re.Match[str], today: Stretch) -> When | None:
    """Read "POD 3" (the operation was three days back) and "hospital day 2" (admitted the day before)."""
    said = found[0].lower()
    if found["nth"]:
        if not found["post"]:
            return None
        back = int(found["nth"]) - (found["post"].lower() == "of illness")
    else:
        plain = said.startswith("day")
        if plain and not found["of"]:
            return None
        after = not said.startswith(_HOSPITAL) and not re.search(r"illness|symptom|fever|hospital|admission", said)
        back = int(found["day"]) - (not after)
    if back < 0:
        return None
    day = timedelta(days=back)
    return When(found.span(), (today[0] - day, today[1] - day), ahead=True)


# Dates and times of day


def _dates(text: str, sentence: Span, zero: Zero) -> Iterator[When]:
    for one in stated_dates(text, *sentence):
        # Who names a year without a day tells of what was: "stroke 03/2019", in a note that names no day of its own.
        yield When(one.span, _dated(one, zero), past=not zero.dated and len(one.text) < _DAY)
    for found in _MASKED.finditer(text, *sentence):
        yield When(found.span(), None)


def _dated(one: Stated, zero: Zero) -> Stretch | None:
    if not zero.dated:
        return None
    moment = Moment(one.text)
    first, last = ends_of(moment)
    if not _YEARS[0] < first.year < _YEARS[1]:
        return None
    offset, own = moment.offset, zero.at.offset
    if offset is not None and own is not None:
        shift = timedelta(minutes=own - offset)
        return first + shift, last + shift
    return None if offset is not None else (first, last)


def _with_clocks(text: str, sentence: Span, zero: Zero, whens: list[When]) -> list[When]:
    """Add the times of day: each on the day that stands beside it, or the last such time before now."""
    for span, clock, zone in stated_times(text, *sentence):
        if any(one.span[0] <= span[0] < one.span[1] for one in whens):
            continue
        beside = next((one for one in whens if _beside(text, one.span, span)), None)
        minute = _minute(clock, zone, zero)
        if beside is not None:
            whens.remove(beside)
            whole = min(beside.span[0], span[0]), max(beside.span[1], span[1])
            whens.append(When(whole, _at_clock(beside.stretch, minute)))
        else:
            whens.append(When(span, _last_clock(minute, zero)))
    return sorted(whens, key=lambda one: one.span)


def _minute(clock: str, zone: str, zero: Zero) -> timedelta | None:
    """Return a time of day on the clock of the note, None where the note states no zone and the time does."""
    stated = timedelta(hours=int(clock[:2]), minutes=int(clock[3:]))
    offset, own = Moment(f"{TIME_ZERO}T{clock}{zone}").offset, zero.at.offset
    if offset is None:
        return stated
    return None if own is None else stated + timedelta(minutes=own - offset)


def _beside(text: str, day: Span, clock: Span) -> bool:
    between = text[day[1] : clock[0]] if day[1] <= clock[0] else text[clock[1] : day[0]]
    return (
        re.fullmatch(r"\s?(?:,|\bat\b|\bon\b|\bof\b|\bthe\b|@|\(|around|about|approximately|\s)*", between, re.I)
        is not None
    )


def _at_clock(day: Stretch | None, minute: timedelta | None) -> Stretch | None:
    if day is None or minute is None or day[1] - day[0] > timedelta(days=2):
        return None
    night = day[0].date() != day[1].date()  # "23:00 last night", "03:00 last night"
    whole = (day[1] if night and minute < timedelta(hours=12) else day[0]).replace(hour=0, minute=0) + minute
    return whole, whole


def _last_clock(minute: timedelta | None, zero: Zero) -> Stretch | None:
    if minute is None or not zero.clocked:
        return None
    now = zero.now[0]
    today = now.replace(hour=0, minute=0) + minute
    whole = today if today <= now else today - timedelta(days=1)
    return whole, whole
