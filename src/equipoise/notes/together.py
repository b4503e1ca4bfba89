"""
What a note shows without naming it: by findings beside each other, and by how the patient came and speaks.

::

    arrival     = "presents" | "was brought" … "to the emergency department"      # is there now, and acutely ill
    admission   = "prior to his admission" | "on admission" …                     # is in hospital
    shock       = systolic pressure below 90, a rate above 100, and a sign of poor perfusion
    kidneys     = creatinine raised for the age, and hardly any urine             # they do not work as they should
    dependent   = an impaired cognition, and unable to dress, bathe, …            # no mild cognitive impairment
    awake       = consents, complains and denies; no word of the mind or the head # consciousness is not impaired

Each stands only where the note says nothing of it in its own words; what is no disease is ``as measured``: of now, and
not of the past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from equipoise.criteria.context import codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.notes.zero import Zero
from equipoise.records.moments import Moment
from equipoise.records.patient import Assertion
from equipoise.rules.names import MEASURED
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.units import convert

_COMES = (
    r"(?i:present(?:s|ed|ing)?|brought(?: in)?|comes?|came|arriv(?:es|ed)|taken|rushed|seen|admitted|referred|sent|"
    r"transferred|transported|is|was)"
)
_EMERGENCY = (
    r"(?:ER|ED|A&E|(?i:emergency (?:room|department|service|services|ward|unit)|casualty(?: department)?))"
    r"(?![\w-]|\s(?i:physician|doctor|team|nurse|visits?|record))"
)
_ARRIVAL = re.compile(
    rf"\b{_COMES}\b(?P<between>[^.;]{{0,60}}?)\b(?:(?i:to|in|at|into|by|via))\s"
    rf"(?:(?i:the|an|our|a|your|local|nearest|hospital)\s){{0,3}}{_EMERGENCY}(?P<after>[^.;]{{0,30}})"
)
# Another time, another person, or nothing that has happened.
_ELSEWHEN = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|several|few|a) (?:days?|weeks?|months?|years?) (?:ago|earlier|before|prior)"
    r"\b|\blast (?:week|month|year|night)\b|\bprevious(?:ly)?\b|\b(?:19|20)\d\d\b|\bhistory of\b|\byesterday\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:if|should|would|unless|not|never|return|advised|told|instructed|discharged|recommended|refused|denies|"
    r"mother|father|sister|brother|wife|husband|son|daughter)\b(?![^.;]{0,30}\b(?:brought|took)\b)",
    re.IGNORECASE,
)
_ADMISSION = re.compile(
    r"\b(?:prior to|before|on|at|since|upon|after|hours? of|days? of|day of|time of)\s"
    r"(?:(?:his|her|their|the|this|current|hospital)\s){0,2}admission\b(?!\s(?:to the (?:study|trial)|criteria|rate))",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:discharged?|previous admission|last admission|first admission|prior admissions?|readmission)\b",
    re.IGNORECASE,
)
# What follows an arrival that is some days old.
_LATER = re.compile(
    r"\b(?:hospital day|days? later|(?:next|following) (?:day|morning|days|week)|after \w+ days(?! of)|"
    r"post-?operative day|discharged?|ICU|intensive care|"
    r"was (?:then |subsequently |later )?(?:admitted|transferred))\b",
    re.IGNORECASE,
)
_INJURED = re.compile(
    r"\b(?:accident|fall|falls|fell|falling|injur\w+|trauma\w*|assault\w*|burn(?:s|ed)?|struck|collision|crash|bitten|"
    r"bite|wounds?|stab\w*|gunshot|overdose|ingestion|swallowed|intoxicat\w+)\b",
    re.IGNORECASE,
)
_PERFUSION = re.compile(
    r"\b(?:pale|pallor|(?:cool|cold|clammy|mottled|cyanotic)[^.;]{0,25}(?:extremit\w+|skin|limbs|hands|feet|periphery)|"
    r"(?:extremit\w+|skin|limbs|hands|feet)[^.;]{0,20}(?:cool|cold|clammy|mottled)|clammy|mottled|"
    r"(?:decreased|altered|depressed|impaired) (?:mental status|sensorium|(?:level of )?consciousness)|"
    r"confused|obtunded|drowsy|lethargic|(?:delayed|prolonged) capillary refill|(?:weak|thready)[^.;]{0,15}pulses?|"
    r"anuric|anuria|oliguric|oliguria)\b",
    re.IGNORECASE,
)
# Upper limits of normal creatinine by age in years, in umol/L, each the highest in use: below 1, 5, 12, 18, and adults.
_CREATININE = ((1, 40.0), (5, 50.0), (12, 70.0), (18, 95.0), (200, 124.0))
_RAISED = 1.5
# KDIGO: less than half a milliliter a kilogram an hour.
_OLIGURIA = 0.5
_YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 1 / 52, "d": 1 / 365}
_COGNITION = frozenset({"cognitive impairment", "memory impairment", "memory loss", "dementia"})
_UNABLE = re.compile(
    r"\b(?:unable to|cannot|can not|no longer able to|needs? (?:help|assistance) (?:with|in|to)|"
    r"requires? (?:help|assistance) (?:with|in|to)|dependent (?:in|for|on others for))\b(?P<acts>[^.;]{0,90})",
    re.IGNORECASE,
)
_ACTS = (r"dress\w*", r"bath\w*|wash\w*|shower\w*", r"toilet\w*", r"feed\w*|eat\w*", r"groom\w*",
         r"activities of daily living|\bADLs?\b")  # fmt: skip
_OF_THE_BODY = re.compile(
    r"\b(?:stroke|hemiparesis|hemiplegia|paraly\w+|fracture\w*|quadripleg\w+|parapleg\w+|amput\w+|blind\w*|"
    r"coma\w*|deliri\w+|intubat\w+|sedat\w+)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\b(?:she|he|patient|woman|man|male|female|lady|gentleman|pt)\b[^.;]{0,80}?\b(?:denies|denied|complains|complained|"
    r"complaining|states|stated|reports|reported|describes|described|recalls|says)\b(?! by)",
    re.IGNORECASE,
)
# With one of these words nobody can tell from the rest of a note how awake the patient is.
_OF_THE_MIND = re.compile(
    r"\b(?:conscious\w*|unconscious\w*|mental status|sensorium|confus\w+|drows\w+|somnolen\w+|letharg\w+|obtund\w+|"
    r"stupor\w*|coma\w*|unresponsive\w*|responsive|arous\w+|syncop\w+|faint\w*|seizure\w*|convuls\w+|head\b|skull|"
    r"GCS|glasgow|dement\w+|deliri\w+|disorient\w+|oriented|intoxicat\w+|overdose|sedat\w+|intubat\w+|encephal\w+|"
    r"mening\w+|stroke|hemorrhage|cognit\w+|memory|agitat\w+|hallucinat\w+|awake|alert\w*|sleep\w*|wak\w+|"
    r"guardians?|parents?|mother|father|sepsis|septic|hypogly\w+|shock|mental)\b",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """A note, the sentences of it that speak of now, and what was read of them."""

    drafts: Sequence[Draft]
    text: str
    sentences: Sequence[Span]
    lexicon: Lexicon

    def has(self, *names: str) -> bool:
        """Return whether the note speaks of one of some names, in whatever way."""
        return any(self.lexicon.is_a(one.name, name) for one in self.drafts if one.name for name in names)

    def found(self, words: re.Pattern[str]) -> Span | None:
        """Return where words stand that are said of the patient as being there now."""
        for start, end in self.sentences:
            sentence = self.text[start:end]
            for found in words.finditer(sentence):
                if Sayings(sentence, [found.span()]).of(*found.span()).assertion == "present":
                    return start + found.start(), start + found.end()
        return None

    def least(self, name: str) -> Draft | None:
        """Return the lowest result of a name that is a number."""
        results = [one for one in self.drafts if one.kind == "measurement" and one.name == name]
        numbers = [one for one in results if isinstance(one.value, (int, float)) and one.assertion == "present"]
        return min(numbers, key=lambda one: float(one.value or 0), default=None)

    def condition(self, name: str, span: Span, assertion: Assertion = "present", *, disease: bool = False) -> Draft:
        """Return a fact that is derived from words at a span; a *disease* is one of every class that it belongs to."""
        concept = self.lexicon.find(name)
        codes = {} if concept is None else codes_of(concept)
        qualifier = () if disease else (MEASURED,)
        return Draft(kind="condition", name=name, codes=codes, span=span, assertion=assertion, qualifier=qualifier)


def with_together(
    drafts: Sequence[Draft], text: str, sentences: Sequence[Span], lexicon: Lexicon, zero: Zero
) -> list[Draft]:
    """
    Return the drafts, with what they show together; *sentences* are those on the patient now.

    >>> from equipoise.notes.zero import zero_of
    >>> from equipoise.terms.lexicon import lexicon
    >>> said = "A man presents to the ER with chest pain."
    >>> draft = Draft(kind="condition", name="chest pain", span=(30, 40))
    >>> [one.name for one in with_together([draft], said, [(0, len(said))], lexicon(), zero_of(said, None))[1:]]
    ['emergency department visit', 'time of hospital admission', 'acute illness']
    """
    told = Told(drafts, text, sentences, lexicon)
    shown = [*_arrived(told, zero), *_admitted(told), *_shock(told), *_kidneys(told), *_dependent(told), *_awake(told)]
    return [*drafts, *shown]


def _arrived(told: Told, zero: Zero) -> Iterator[Draft]:
    """Yield that the patient is in an emergency department now; who comes there with a complaint is acutely ill."""
    span = _arrival(told)
    if span is None or told.has("emergency department visit"):
        return
    yield Draft(kind="procedure", name="emergency department visit", span=span)
    day = Moment(zero.now[1].date().isoformat())  # some time today: to count hours from it takes a stated time
    first = bool(told.sentences) and span[0] < told.sentences[0][1]
    if first and not _LATER.search(told.text, span[1]):
        yield Draft(kind="event_time", name="time of hospital admission", span=span, when=day)
    complaints = [one for one in told.drafts if one.kind == "condition" and one.assertion == "present"]
    new = [one for one in complaints if MEASURED not in one.qualifier and (one.when or "ongoing" not in one.qualifier)]
    long = any(_is_long(one) for one in told.drafts)
    if new and not long and not told.has("acute illness", "trauma", "labor") and not _INJURED.search(told.text):
        yield told.condition("acute illness", span)


def _is_long(draft: Draft) -> bool:
    """Return whether a complaint has gone on for a month or more, or comes and goes: it need be no acute illness."""
    slow = draft.kind == "condition" and not {"progressive", "chronic", "recurrent"}.isdisjoint(draft.qualifier)
    return slow or (draft.kind == "duration" and draft.unit in ("mo", "a"))


def _arrival(told: Told) -> Span | None:
    for start, end in told.sentences:
        sentence = told.text[start:end]
        for found in _ARRIVAL.finditer(sentence):
            before = sentence[: found.start("between")]
            around = f"{before[-60:]}{found['between']}"
            if _UNREAL.search(around) or _ELSEWHEN.search(found["between"]) or _ELSEWHEN.search(before[:40]):
                continue
            if _ELSEWHEN.match(found["after"].lstrip(" ,(")):
                continue
            return start + found.start(), start + found.start("after")
    return None


def _admitted(told: Told) -> Iterator[Draft]:
    """Yield that the patient is in hospital, where the note counts from an admission that nothing has ended."""
    found = None if told.has("hospitalization") or _LEFT.search(told.text) else _ADMISSION.search(told.text)
    if found is not None and any(start <= found.start() < end for start, end in told.sentences):
        yield Draft(kind="procedure", name="hospitalization", span=found.span())


def _shock(told: Told) -> Iterator[Draft]:
    """Yield a shock: a low pressure, a fast heart, and a sign that the tissues are not supplied."""
    pressure, rate = told.least("systolic blood pressure"), told.least("heart rate")
    fast = rate is not None and float(rate.value or 0) > 100
    fast = fast or any(one.name == "tachycardia" and one.assertion == "present" for one in told.drafts)
    if pressure is None or float(pressure.value or 0) >= 90 or not fast or told.has("shock") or _age(told) < 18:
        return
    if (span := told.found(_PERFUSION)) is not None:
        yield told.condition("shock", (min(span[0], pressure.span[0]), max(span[1], pressure.span[1])), disease=True)


def _kidneys(told: Told) -> Iterator[Draft]:
    """Yield that the kidneys fail: hardly any urine, and a creatinine half above what is normal at the age."""
    creatinine = told.least("serum creatinine")
    urine = next((one for one in told.drafts if one.name == "urine output"), None)
    if creatinine is None or urine is None or creatinine.unit is None or told.has("renal insufficiency"):
        return
    value = convert(float(creatinine.value or 0), creatinine.unit, "umol/L", analyte="serum creatinine")
    little = urine.unit == "mL/kg/h" and _at_most(urine.value) < _OLIGURIA
    limit = next((upper for years, upper in _CREATININE if _age(told) < years), None)
    if value is not None and little and limit is not None and value > _RAISED * limit:
        yield told.condition("renal insufficiency", creatinine.span, disease=True)


def _at_most(value: float | str | None) -> float:
    """Return what a result is at most; infinity where nobody can tell."""
    if isinstance(value, str):
        found = re.fullmatch(r"<=? (\d+(?:\.\d+)?)", value)
        return float(found[1]) if found is not None else float("inf")
    return float("inf") if value is None else float(value)


def _dependent(told: Told) -> Iterator[Draft]:
    """Yield that no mild cognitive impairment is there: with one, people look after themselves."""
    impaired = [one for one in told.drafts if one.name in _COGNITION and one.assertion == "present"]
    span = told.found(_UNABLE) if impaired and not told.has("mild cognitive impairment") else None
    if span is None or _OF_THE_BODY.search(told.text):
        return
    acts = told.text[slice(*span)]
    several = sum(re.search(act, acts, re.IGNORECASE) is not None for act in _ACTS)
    if several > 1 or re.search(_ACTS[-1], acts):
        yield told.condition("mild cognitive impairment", span, "absent")


def _awake(told: Told) -> Iterator[Draft]:
    """Yield that a grown-up who consents and tells of themselves is awake, where nothing is said of the mind."""
    consents = any(one.name == "informed consent" and one.assertion == "present" for one in told.drafts)
    if not consents or _age(told) < 18 or _OF_THE_MIND.search(told.text):
        return
    if (span := told.found(_SPEAKS)) is not None:
        for name in ("impaired consciousness", "coma"):
            yield told.condition(name, span, "absent")


def _age(told: Told) -> float:
    """Return the age in years; one below all adults where the note states none."""
    for one in told.drafts:
        if one.kind == "demographic" and one.name == "age" and isinstance(one.value, (int, float)):
            return float(one.value) * _YEARS.get(one.unit or "", 0)
    return -1.0
