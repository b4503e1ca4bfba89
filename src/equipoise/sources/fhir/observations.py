"""
Observations: laboratory results, vital signs, scores, answers on how a patient lives, and variants of genes.

What is not final is no finding: a preliminary result is pending. A panel's parts are facts of their own.
"""

from __future__ import annotations

from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.conditions import finding_of
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, codings, items, text, words_of
from equipoise.sources.fhir.genes import is_variant, read_variant
from equipoise.sources.fhir.living import read_living
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, held, moment
from equipoise.sources.fhir.values import value_of
from equipoise.sources.fhir.variables import variable_named

_STATUS: dict[str, Assertion] = {
    "final": "present",
    "amended": "present",
    "corrected": "present",
    "preliminary": "pending",
    "registered": "pending",
}
_DROPPED = {"cancelled": "was cancelled", "entered-in-error": "was entered in error", "": "has no status"}
# Codes that say no more than that something was found; what it is stands in the value.
_ASSERTIONS = frozenset({"29308-4", "75326-9", "11450-4", "assertion", "ASSERTION", "404684003"})
_LAST_MENSES = "8665-2"
# The specimens of which the catalogue's plain names ("glucose") do not speak.
_ELSEWHERE = ("urine", "cerebrospinal", "csf", "stool", "feces", "sputum", "fluid", "swab", "saliva", "sweat", "tissue")


def read_observation(resource: Resource, case: Case) -> None:
    """Add what an Observation states: its value, and that of each component."""
    status = code_of(resource.get("status"))
    if status in _DROPPED:
        raise NotUsed(_DROPPED[status])
    assertion = _STATUS.get(status, "possible")
    if assertion != "present" and status not in _STATUS and status != "unknown":
        case.partly(resource, "has a status that R4 does not know")
    times = held(resource, "effective")
    if is_variant(resource):
        read_variant(resource, case, times, assertion)
        return
    if read_living(resource, case, times, assertion) or _read_asserted(resource, case, times, assertion):
        return
    before = len(case.facts)
    missing = _add_own(resource, case, times, assertion)
    for part in items(resource, "component"):
        why = _add_part(resource, part, case, times, assertion)
        if why:
            case.partly(resource, f"a component {why}")
    if len(case.facts) == before:
        panel = resource.get("hasMember") is not None or resource.get("component") is not None
        raise NotUsed("is a panel without a value of its own" if panel and missing == "without a value" else missing)


def _add_own(resource: Resource, case: Case, times: Held, assertion: Assertion) -> str:
    if any(one.code == _LAST_MENSES for one in codings(resource.get("code"))):
        began = moment(resource.get("valueDateTime"))
        if began is None:
            return "without a value"
        case.add(resource, "event_time", "last menstrual period", held=Held(began), assertion=assertion)
        return ""
    return _add_part(resource, resource, case, times, assertion)


def _add_part(resource: Resource, part: Resource, case: Case, times: Held, assertion: Assertion) -> str:
    """Add the value of an observation or component; return why there is none."""
    named = variable_named(part.get("code"), blood=not _from_elsewhere(resource, case))
    if named is None:
        return "has neither a code nor words"
    try:
        found = value_of(part, named.variable, case.sex)
    except NotUsed as why:
        if assertion != "pending" or part is not resource or resource.get("component"):
            return str(why)
        case.add(resource, "measurement", named.name, codes=codes_of(part.get("code")), held=times, assertion=assertion)
        return ""
    if case.sex is None and part.get("referenceRange") and found.range is None:
        case.partly(resource, "a range that may be for others")
    case.add(
        resource,
        "measurement",
        named.name,
        codes=codes_of(part.get("code")),
        held=times,
        assertion=assertion,
        qualifier=(*named.qualifier, *found.qualifier),
        value=found.value,
        unit=found.unit,
        range=found.range,
    )
    return ""


def _from_elsewhere(resource: Resource, case: Case) -> bool:
    """Return whether the specimen is not blood, so that the plain name of a blood value would be another thing's."""
    specimen = case.resolve(resource, resource.get("specimen"))
    said = words_of(specimen.get("type")) if specimen is not None else []
    said.append(text(resource, "specimen", "display"))
    return any(word in words.lower() for words in said for word in _ELSEWHERE)


def _read_asserted(resource: Resource, case: Case, times: Held, assertion: Assertion) -> bool:
    """Add the condition that a coded diagnosis or problem names."""
    if not any(one.code in _ASSERTIONS for one in codings(resource.get("code"))):
        return False
    concept = resource.get("valueCodeableConcept")
    one = finding_of(concept)
    if one is None:
        return False
    said = one.assertion if assertion == "present" else assertion
    case.add_named(resource, one, codes=codes_of(concept), held=times, assertion=said)
    return True
