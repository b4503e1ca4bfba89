"""What was done to a patient or is to be done: procedures, hospital stays, vaccinations, devices, plans, trials."""

from __future__ import annotations

import re

from equipoise.records.patient import Assertion, FactKind
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.drug_names import drugs_named
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, codings, items, text, words_of
from equipoise.sources.fhir.naming import Named, condition_named, untagged
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, during, held, moment
from equipoise.sources.fhir.variables import variable_named
from equipoise.terms.spelling import normal

_DONE: dict[str, Assertion] = {
    "completed": "present",
    "in-progress": "present",
    "preparation": "planned",
    "stopped": "possible",
    "on-hold": "possible",
    "unknown": "possible",
}
_NOT = {
    "entered-in-error": "was entered in error",
    "not-done": "was not done",
    "cancelled": "was cancelled",
    "revoked": "was revoked",
    "": "has no status",
}
_INPATIENT = frozenset({"imp", "acute", "nonac"})
_INTENSIVE = re.compile(r"\b(?:[NPMSCT]?I[CT]U|intensive care|critical care)\b", re.I)
_NO_PROCEDURES = frozenset({"no-known-procedures"})


def read_procedure(resource: Resource, case: Case) -> None:
    """Add a procedure."""
    status = code_of(resource.get("status"))
    if status in _NOT:
        raise NotUsed(_NOT[status])
    concept, times = resource.get("code"), held(resource, "performed")
    if any(one.code in _NO_PROCEDURES for one in codings(concept)):
        case.add(resource, "procedure", None, held=times, assertion="absent")
        return
    one = procedure_named(concept)
    if one is None:
        raise NotUsed("has neither a code nor words")
    said = _DONE.get(status, "possible")
    if one.assertion in ("absent", "family"):
        raise NotUsed("is named as something that was not done")
    if said == "present" and one.assertion != "present":
        said = one.assertion
    going = ("ongoing",) if status == "in-progress" else ()
    case.add_named(resource, one, codes=codes_of(concept), held=times, assertion=said, qualifier=going)


def procedure_named(concept: object) -> Named | None:
    """Return what a procedure's code names; of words with details behind a colon, the words before it will do.

    >>> procedure_named({"text": "bronchoscopy: left lung"}).name, procedure_named({"text": "Chest drain"}).kind
    ('bronchoscopy', 'procedure')
    """
    one = condition_named(concept)
    if one is None or one.known:
        return one
    for words in words_of(concept):
        short = untagged(re.split(r"[:;,]|\s[-–]\s", words)[0])
        found = condition_named({"text": short})
        if found is not None and found.known and found.kind != "condition":
            return found
    return Named(one.name, "procedure", one.assertion, known=False, ever=one.ever)


def read_encounter(resource: Resource, case: Case) -> None:
    """Add a hospital stay, the visit of an emergency department, and intensive care, with their beginnings and ends."""
    status, kind = code_of(resource.get("status")), code_of(resource.get("class"))
    if status in _NOT:
        raise NotUsed(_NOT[status])
    times = during(resource.get("period"))
    said: Assertion = "planned" if status == "planned" else "possible" if status == "unknown" else "present"
    going = ("ongoing",) if status in ("in-progress", "onleave") and times.until is None else ()
    if kind in _INPATIENT:
        case.add(resource, "procedure", "hospitalization", held=times, assertion=said, qualifier=going)
        _add_events(resource, case, times, said, "time of hospital admission", "hospital discharge")
    elif kind == "emer":
        case.add(resource, "procedure", "emergency department visit", held=times, assertion=said, qualifier=going)
        _add_events(resource, case, times, said, "hospital arrival", None)
    elif not _intensive(resource):
        raise NotUsed("is a visit without admission")
    for stay in _intensive(resource):
        span = stay if stay.when is not None else times
        case.add(resource, "procedure", "icu admission", held=span, assertion=said, qualifier=going)
        _add_events(resource, case, span, said, "time of icu admission", "icu discharge")


def _add_events(resource: Resource, case: Case, times: Held, said: Assertion, began: str, ended: str | None) -> None:
    if said == "present" and times.when is not None:
        case.add(resource, "event_time", began, held=Held(times.when))
    if said == "present" and ended is not None and times.until is not None:
        case.add(resource, "event_time", ended, held=Held(times.until))


def _intensive(resource: Resource) -> list[Held]:
    """Return the stays in intensive care that an encounter lists, by its places or the classes that it had."""
    stays = [
        during(one.get("period"))
        for one in items(resource, "location")
        if _INTENSIVE.search(text(one, "location", "display"))
    ]
    stays += [
        during(one.get("period"))
        for one in items(resource, "classHistory")
        if any(_INTENSIVE.search(words) for words in words_of(one.get("class")))
    ]
    named = [*items(resource, "type"), *items(resource, "serviceType")]
    if not stays and any(_INTENSIVE.search(words) for one in named for words in words_of(one)):
        stays.append(Held())
    return stays


_VACCINES = (
    (r"covid|sars-cov", "covid 19 vaccine"),
    (r"influenza.*\blive\b|flumist", "live attenuated influenza vaccine"),
    (r"\binfluenza\b|\bflu\b", "influenza vaccine"),
    (r"\bmmrv?\b", "mmr vaccine"),
    (r"\bhep(?:atitis)? ?a\b", "hepatitis a vaccine"),
    (r"\bhep(?:atitis)? ?b\b", "hepatitis b vaccine"),
    (r"\bhpv\b|papilloma", "hpv vaccine"),
    (r"pneumococcal|\bpcv|\bppsv|\bppv", "pneumococcal vaccine"),
    (r"meningococcal", "meningococcal vaccine"),
    (r"rotavirus", "rotavirus vaccine"),
    (r"varicella", "varicella vaccine"),
    (r"yellow fever", "yellow fever vaccine"),
    (r"\bbcg\b", "bcg vaccine"),
    (r"rabies", "rabies vaccine"),
    (r"\brsv\b", "rsv vaccine"),
)


def read_immunization(resource: Resource, case: Case) -> None:
    """Add a vaccination, as a drug that was given."""
    status = code_of(resource.get("status"))
    if status != "completed":
        raise NotUsed(_NOT.get(status, "does not say that it was given"))
    concept, times = resource.get("vaccineCode"), held(resource, "occurrence")
    names = [one.name for one in drugs_named(concept) if one.known]
    said = " ".join(words_of(concept)).lower()
    names = names or [name for pattern, name in _VACCINES if re.search(pattern, said)][:1]
    if not names and not said:
        raise NotUsed("names no vaccine")
    for name in names or [normal(untagged(words_of(concept)[0])), "vaccine"]:
        case.add(resource, "drug", name, codes=codes_of(concept), held=Held(times.when, times.when))


def read_device(resource: Resource, case: Case) -> None:
    """Add a device that a patient bears."""
    status = code_of(resource.get("status"))
    if status == "entered-in-error":
        raise NotUsed("was entered in error")
    one = procedure_named(resource.get("type"))
    if one is None:
        raise NotUsed("has neither a code nor words")
    said: Assertion = "historical" if status == "inactive" else "possible" if status == "unknown" else "present"
    case.add_named(resource, one, codes=codes_of(resource.get("type")), held=Held(), assertion=said)


_DEVICE_USE: dict[str, Assertion] = {
    "active": "present",
    "completed": "present",
    "intended": "planned",
    "stopped": "historical",
}


def read_device_use(resource: Resource, case: Case) -> None:
    """Add the time for which a device was used."""
    status = code_of(resource.get("status"))
    if status in _NOT:
        raise NotUsed(_NOT[status])
    device = case.resolve(resource, resource.get("device"))
    concept = device.get("type") if device is not None else {"text": text(resource, "device", "display")}
    one = procedure_named(concept)
    if one is None:
        raise NotUsed("points at a device that is not there")
    times = held(resource, "timing")
    said = _DEVICE_USE.get(status, "possible")
    case.add_named(resource, one, codes=codes_of(concept), held=times, assertion=said)


def read_order(resource: Resource, case: Case) -> None:
    """Add what a ServiceRequest orders: a test is pending, anything else is planned; an order that is done is over."""
    status, intent = code_of(resource.get("status")), code_of(resource.get("intent"))
    if status in _NOT:
        raise NotUsed(_NOT[status])
    if resource.get("doNotPerform") is True:
        raise NotUsed("says not to do it")
    if status == "completed":
        raise NotUsed("is an order that was carried out; what came of it is read where it stands")
    if status not in ("active", "draft", "on-hold") or not intent:
        raise NotUsed("does not say whether it is to be done")
    concept, times = resource.get("code"), held(resource, "occurrence")
    test = variable_named(concept)
    if test is not None and test.known:
        case.add(resource, "measurement", test.name, codes=codes_of(concept), held=times, assertion="pending")
        return
    one = procedure_named(concept)
    if one is None:
        raise NotUsed("has neither a code nor words")
    case.add_named(resource, one, codes=codes_of(concept), held=times, assertion="planned")


def read_plan(resource: Resource, case: Case) -> None:
    """Add what a CarePlan still has ahead; what is under way or done is read where it is recorded."""
    if code_of(resource.get("status")) in ("revoked", "entered-in-error", "completed"):
        raise NotUsed("is a plan that is over")
    before = len(case.facts)
    for activity in items(resource, "activity"):
        detail = next(iter(items(activity, "detail")), {})
        one = procedure_named(detail.get("code"))
        if one is None or code_of(detail.get("status")) not in ("not-started", "scheduled"):
            continue
        times = during(detail.get("scheduledPeriod"))
        case.add_named(resource, one, codes=codes_of(detail.get("code")), held=times, assertion="planned")
    if len(case.facts) == before:
        raise NotUsed("is a plan; what was done is read where it is recorded")


def read_trial(resource: Resource, case: Case) -> None:
    """Add that a patient takes part in a study."""
    status, times = code_of(resource.get("status")), during(resource.get("period"))
    taking = status in ("on-study", "on-study-intervention", "on-study-observation", "follow-up")
    if not taking and status not in ("off-study", "withdrawn"):
        raise NotUsed("does not say that the patient takes part")
    said: Assertion = "present" if taking or times.until is not None else "historical"
    going = ("ongoing",) if taking and times.until is None else ()
    case.add(resource, "procedure", "participation in another trial", held=times, assertion=said, qualifier=going)


def read_section(resource: Resource, case: Case) -> None:
    """Add that a list or a section of a document is empty because there is nothing of its kind."""
    kinds: dict[str, FactKind] = {"48765-2": "allergy", "10160-0": "drug", "11450-4": "condition"}
    found = False
    for one in (resource, *items(resource, "section")):
        kind = next((kinds[coding.code] for coding in codings(one.get("code")) if coding.code in kinds), None)
        if kind is None or code_of(one.get("emptyReason")) != "nilknown":
            continue
        if kind != "allergy" or not case.allergic:
            when = Held(moment(resource.get("date")))
            case.add(resource, kind, None, held=when, assertion="absent")
            found = True
    if not found:
        raise NotUsed("is a list of other resources or a text, which is not read")
