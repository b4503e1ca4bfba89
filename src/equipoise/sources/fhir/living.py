"""Observations whose answer is a condition, or that there is none: smoking, alcohol, pregnancy, HIV."""

from __future__ import annotations

import re

import msgspec

from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.elements import Resource, codings, text, words_of
from equipoise.sources.fhir.times import Held, later
from equipoise.terms.spelling import normal


class _Told(msgspec.Struct, frozen=True):
    """A condition that an answer states."""

    name: str
    assertion: Assertion = "present"
    qualifier: tuple[str, ...] = ()


_NEVER_SMOKED = (_Told("smoking", "absent", ("history",)), _Told("nonsmoker"))
_ANSWERS: dict[str, tuple[tuple[str, tuple[_Told, ...]], ...]] = {
    "smoking": (
        (r"\bnever\b|\bnon ?smoker\b", _NEVER_SMOKED),
        (r"\b(?:ex|former|past|previous)\b|\bstopped\b", (_Told("smoking", "historical"),)),
        (r"\bunknown\b|\bnot (?:asked|known)\b", ()),
        (r"\b(?:current|every ?day|daily|some ?day|heavy|light|smoker|smokes)\b", (_Told("smoking"),)),
    ),
    "alcohol": (
        (
            r"\b(?:non ?drinker|lifetime non|abstinent|never|teetotal\w*|does not drink)\b",
            (_Told("alcohol use", "absent"),),
        ),
        (r"\b(?:ex|former|past)\b", (_Told("alcohol use", "historical"),)),
        (r"\bunknown\b", ()),
        (r"\b(?:heavy|excessive|hazardous|harmful)\b", (_Told("heavy alcohol use"), _Told("alcohol use"))),
        (r"\b(?:drinker|drinks|social|light|moderate|current)\b", (_Told("alcohol use"),)),
    ),
    "pregnancy": (
        (r"\bnot pregnant\b|\bnegative\b", (_Told("pregnancy", "absent"),)),
        (r"\bpossib\w*|\bunknown\b|\bunconfirmed\b", (_Told("pregnancy", "possible"),)),
        (r"\bpregnant\b|\bpositive\b", (_Told("pregnancy"),)),
    ),
    "hiv": (
        (r"\b(?:not|non)\b.*\bpositive\b|\bnegative\b", (_Told("hiv infection", "absent"),)),
        (r"\bunknown\b", ()),
        (r"\bpositive\b", (_Told("hiv infection"),)),
    ),
}
_TOPICS = {
    "72166-2": "smoking",
    "11367-0": "smoking",
    "39240-7": "smoking",
    "229819007": "smoking",
    "365981007": "smoking",
    "11331-6": "alcohol",
    "74013-4": "alcohol",
    "82810-3": "pregnancy",
    "11449-6": "pregnancy",
    "55277-8": "hiv",
}
_CODED = {
    "266919005": "never",
    "8392000": "non smoker",
    "266927001": "unknown",
    "8517006": "former",
    "449868002": "current",
    "428041000124106": "current",
    "77176002": "current",
    "428071000124103": "current",
    "428061000124105": "current",
    "77386006": "pregnant",
    "60001007": "not pregnant",
    "146799005": "possible",
    "152231000119106": "not pregnant",
    "LA15173-0": "pregnant",
    "LA26683-5": "not pregnant",
    "LA18978-9": "never",
    "LA15920-4": "former",
    "LA18976-3": "current",
    "LA18977-1": "current",
    "LA4489-6": "unknown",
}
# No pregnancy is longer: past it, a pregnancy that the record does not end has ended.
_LONGEST_PREGNANCY = 44


def read_living(resource: Resource, case: Case, times: Held, assertion: Assertion) -> bool:
    """Add the conditions that an answer states; return whether it was such an answer."""
    topic = next((_TOPICS[one.code] for one in codings(resource.get("code")) if one.code in _TOPICS), None)
    told = None if topic is None else _told(topic, resource)
    if told is None:
        return False
    for one in told:
        span = times
        if topic == "pregnancy" and one.assertion == "present" and times.until is None:
            span = Held(times.when, later(times.when, _LONGEST_PREGNANCY, "wk"))
        said = one.assertion if assertion == "present" else assertion
        name = "alcohol consumption" if one.name == "alcohol use" else one.name
        case.add(resource, "condition", name, held=span, assertion=said, qualifier=one.qualifier)
    return bool(told)


def _told(topic: str, resource: Resource) -> tuple[_Told, ...] | None:
    """Return what an answer states, None where it is not understood: it stays a value then."""
    concept = resource.get("valueCodeableConcept")
    words = next((_CODED[one.code] for one in codings(concept) if one.code in _CODED), "")
    words = words or normal((*words_of(concept), "")[0] or text(resource, "valueString"))
    return next((told for pattern, told in _ANSWERS[topic] if words and re.search(pattern, words)), None)
