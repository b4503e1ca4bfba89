"""
Drugs that were ordered, dispensed, given or said to be taken.

An order that is active, or done, is a drug that is taken, or was; a proposal or a draft is a plan. When it ends follows
from what the record states: bounds of the dosage, the supply of an order that is not renewed, or the hospital stay for
which it was written. An order that goes on without an end is marked so.
"""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.records.moments import Moment
from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.dosage import bounds_end, dose_of, once, routes_of
from equipoise.sources.fhir.drug_names import drugs_named
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, codings, items, number, reference_of, words_of
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, held, later, length, moment

_PLANS = frozenset({"proposal", "plan", "option"})
_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_ERROR = {"entered-in-error": "was entered in error", "": "has no status"}
_NO_DRUGS = frozenset({"no-known-medications", "787481004"})
_NO_INFORMATION = frozenset({"no-medication-info"})


def read_request(resource: Resource, case: Case) -> None:
    """Add what a MedicationRequest orders or plans."""
    status, intent = code_of(resource.get("status")), code_of(resource.get("intent"))
    _refuse(status, {"cancelled": "was cancelled before anything was given"})
    if resource.get("doNotPerform") is True:
        raise NotUsed("says not to give it")
    if intent in _PLANS or status == "draft":
        _add(resource, case, Held(bounds_start(resource)), "planned", ())
        return
    if intent not in _ORDERS:
        raise NotUsed("does not say whether it is an order")
    written = moment(resource.get("authoredOn"))
    start = bounds_start(resource) or written
    until = bounds_end(resource, start) or _supplied(resource, start) or _stay_end(resource, case)
    if status == "active":
        ongoing = until is None
        _add(resource, case, Held(start, until), "present", ("ongoing",) if ongoing else ())
        return
    if status == "completed" and until is not None:
        _add(resource, case, Held(start, until), "present", ())
        return
    known = status in ("completed", "stopped", "on-hold")
    _add(
        resource, case, Held(start), "historical" if known else "possible", ("on hold",) if status == "on-hold" else ()
    )


def bounds_start(resource: Resource) -> Moment | None:
    """Return when the dosage says that it begins."""
    starts = (moment(one.get("start")) for dosage in items(resource, "dosageInstruction") for one in _bounds(dosage))
    return next((one for one in starts if one is not None), None)


def _bounds(dosage: Resource) -> Iterable[Resource]:
    return items(dosage, "timing", "repeat", "boundsPeriod")


def _supplied(resource: Resource, start: Moment | None) -> Moment | None:
    """Return when the supply of an order ends, repeats included; a long-term treatment outlasts its supply."""
    course = {one.code for concept in items(resource, "courseOfTherapyType") for one in codings(concept)}
    supply = length(next(iter(items(resource, "dispenseRequest", "expectedSupplyDuration")), None))
    ended = code_of(resource.get("status")) == "completed"
    if supply is None or (not ended and not course & {"acute", "seasonal"}):
        return None
    repeats = number(resource, "dispenseRequest", "numberOfRepeatsAllowed") or 0
    return later(start, supply[0] * (1 + max(repeats, 0)), supply[1])


def _stay_end(resource: Resource, case: Case) -> Moment | None:
    """Return when the hospital stay ended for which an inpatient's order was written."""
    inpatient = any(code_of(one) == "inpatient" for one in items(resource, "category"))
    stay = case.resolve(resource, resource.get("encounter")) if inpatient else None
    period = next(iter(items(stay, "period")), {})
    return moment(period.get("end"))


def read_statement(resource: Resource, case: Case) -> None:
    """Add what a MedicationStatement says is taken."""
    status = code_of(resource.get("status"))
    _refuse(status, {})
    codes = {one.code for one in codings(resource.get("medicationCodeableConcept"))}
    if codes & _NO_INFORMATION:
        raise NotUsed("says that nothing is known")
    times = held(resource, "effective")
    asserted = moment(resource.get("dateAsserted"))
    if codes & _NO_DRUGS:
        case.add(resource, "drug", None, held=Held(asserted or times.when), assertion="absent")
        return
    if status == "not-taken":
        _add(resource, case, times if times.when is not None else Held(asserted), "absent", ())
        return
    if status == "intended":
        _add(resource, case, times, "planned", ())
        return
    if status == "active":
        _add(resource, case, times, "present", () if times.until is not None else ("ongoing",))
        return
    if status == "completed" and times.until is not None:
        _add(resource, case, times, "present", ())
        return
    over = status in ("completed", "stopped", "on-hold")
    _add(resource, case, times, "historical" if over else "possible", ("on hold",) if status == "on-hold" else ())


def read_administration(resource: Resource, case: Case) -> None:
    """Add a dose that was given; it ends when it was given, or when its infusion does."""
    status = code_of(resource.get("status"))
    _refuse(status, {"not-done": "was not given"})
    times = held(resource, "effective")
    if status == "in-progress":
        _add(resource, case, times, "present", ("ongoing",))
        return
    if times.until is None:
        repeat = length(_duration(next(iter(items(resource, "dosage", "timing", "repeat")), {})))
        end = None if repeat is None else later(times.when, *repeat)
        times = Held(times.when, end or times.when)
    given = status in ("completed", "stopped", "on-hold")
    _add(resource, case, times, "present" if given else "possible", (), dose=once(resource))


def _duration(repeat: Resource) -> Resource:
    return {"value": repeat.get("duration"), "unit": repeat.get("durationUnit")}


def read_dispense(resource: Resource, case: Case) -> None:
    """Add a drug that was handed over, for as long as it lasts."""
    status = code_of(resource.get("status"))
    _refuse(status, {"cancelled": "was cancelled", "declined": "was declined"})
    start = moment(resource.get("whenHandedOver")) or moment(resource.get("whenPrepared"))
    if status in ("preparation", "in-progress"):
        _add(resource, case, Held(), "planned", ())
        return
    supply = length(next(iter(items(resource, "daysSupply")), None))
    until = None if supply is None else later(start, *supply)
    said: Assertion = "possible" if status not in ("completed", "stopped", "on-hold") else "present"
    _add(resource, case, Held(start, until), said if until is not None or said == "possible" else "historical", ())


def _refuse(status: str, reasons: dict[str, str]) -> None:
    reason = _ERROR.get(status) or reasons.get(status)
    if reason is not None:
        raise NotUsed(reason)


def _add(
    resource: Resource,
    case: Case,
    times: Held,
    assertion: Assertion,
    qualifier: tuple[str, ...],
    dose: tuple[float, str] | None = None,
) -> None:
    """Add each drug that the medication names, with the dose where it is one drug."""
    concept = medication_of(resource, case)
    drugs = drugs_named(concept)
    if not drugs:
        raise NotUsed("names no medication" if concept is not None else "points at a medication that is not there")
    if assertion == "absent" and len(drugs) > 1:
        drugs = drugs[:1]  # that a combination is not taken says nothing of its parts
    dose = dose or (dose_of(resource) if assertion != "absent" else None)
    qualifier = (*qualifier, *routes_of(resource, words_of(concept)))
    for one in drugs:
        more = {"value": dose[0], "unit": dose[1]} if dose is not None and len(drugs) == 1 else {}
        case.add_named(
            resource, one, codes=codes_of(concept), held=times, assertion=assertion, qualifier=qualifier, **more
        )


def medication_of(resource: Resource, case: Case) -> object:
    """Return the concept of the medication, stated in place or in a resource of its own; None for neither."""
    concept = resource.get("medicationCodeableConcept")
    if isinstance(concept, dict):
        return concept
    pointed = resource.get("medicationReference")
    found = case.resolve(resource, pointed)
    if found is not None:
        return found.get("code") or {}
    words = words_of({"text": pointed.get("display")}) if isinstance(pointed, dict) else []
    if words:
        return {"text": words[0]}
    return None if reference_of(pointed) else {}
