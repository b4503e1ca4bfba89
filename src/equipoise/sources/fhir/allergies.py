"""Allergies and intolerances, and the statement that none are known."""

from __future__ import annotations

from equipoise.records.patient import Assertion
from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.drug_names import allergen_named
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, codings, items, text, words_of
from equipoise.sources.fhir.naming import condition_named, find
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, held, moment
from equipoise.terms.spelling import normal

NO_KNOWN = frozenset({"716186003", "no-known-allergies"})
_VERIFIED: dict[str, Assertion] = {"confirmed": "present", "": "present", "refuted": "absent"}
# No known allergy of one kind: the conditions that it denies.
_NO_KNOWN_KIND = {
    "409137002": "drug allergy",
    "no-known-medication-allergies": "drug allergy",
    "429625007": "food allergy",
    "no-known-food-allergies": "food allergy",
}
_NO_INFORMATION = frozenset({"no-allergy-info", "1631000175102"})
_DENIED = ("drug allergy", "food allergy")
_NO_KNOWN_WORDS = frozenset({"no known allergies", "no known allergy", "nka", "no allergies"})


def names_none(resource: Resource) -> bool:
    """Return whether the record says that no allergy is known."""
    concept = resource.get("code")
    said = {normal(words) for words in words_of(concept)}
    return any(one.code in NO_KNOWN for one in codings(concept)) or not said.isdisjoint(_NO_KNOWN_WORDS)


def read_allergy(resource: Resource, case: Case) -> None:
    """Add what an AllergyIntolerance states."""
    verified, clinical = code_of(resource.get("verificationStatus")), code_of(resource.get("clinicalStatus"))
    if verified == "entered-in-error":
        raise NotUsed("was entered in error")
    codes = {one.code for one in codings(resource.get("code"))}
    if codes & _NO_INFORMATION:
        raise NotUsed("says that nothing is known")
    kind = next((_NO_KNOWN_KIND[code] for code in codes if code in _NO_KNOWN_KIND), None)
    if kind is not None or names_none(resource):
        _add_none(resource, case, kind, verified)
        return
    said = _VERIFIED.get(verified, "possible")
    one = allergen_named(resource.get("code"))
    if one is None:
        raise NotUsed("has neither a code nor words")
    times = held(resource, "onset")
    if said == "absent":
        times = Held(moment(resource.get("recordedDate")))
    elif said == "present" and clinical in ("resolved", "inactive"):
        said = "historical"
    qualifier = _reactions(resource)
    if text(resource, "type") == "intolerance":
        # An intolerance is not an allergy, nor is it none: whether it counts is for a person to say.
        said, qualifier = ("absent" if said == "absent" else "possible"), [*qualifier, "intolerance"]
    kept = codes_of(resource.get("code"))
    case.add(resource, "allergy", one.name, codes=kept, held=times, assertion=said, qualifier=qualifier)
    # Criteria name "peanut allergy" as a condition, too.
    condition = find(f"{one.name} allergy")
    if condition is not None and condition.kind == "condition" and said != "absent":
        case.add(resource, "condition", condition.name, codes=kept, held=times, assertion=said, qualifier=qualifier)
    _add_anaphylaxis(resource, case, said)


def _add_none(resource: Resource, case: Case, kind: str | None, verified: str) -> None:
    if verified not in ("confirmed", ""):
        raise NotUsed("says that no allergy is known, and is not confirmed")
    if case.allergic:
        raise NotUsed("says that no allergy is known, beside an allergy")
    when = Held(moment(resource.get("recordedDate")))
    if kind is None:
        case.add(resource, "allergy", None, held=when, assertion="absent")
    for name in _DENIED if kind is None else (kind,):
        case.add(resource, "condition", name, held=when, assertion="absent")


def _reactions(resource: Resource) -> list[str]:
    said = []
    for reaction in items(resource, "reaction"):
        said.append(text(reaction, "severity"))
        for one in items(reaction, "manifestation"):
            named = condition_named(one)
            said.append(named.name if named is not None else "")
    return said


def _add_anaphylaxis(resource: Resource, case: Case, said: Assertion) -> None:
    """Add the anaphylaxis that was seen, which criteria ask for by itself."""
    if said not in ("present", "historical"):
        return
    for reaction in items(resource, "reaction"):
        names = {named.name for one in items(reaction, "manifestation") if (named := condition_named(one)) is not None}
        if "anaphylaxis" in names:
            when = Held(moment(reaction.get("onset")))
            case.add(resource, "condition", "anaphylaxis", held=when, assertion="historical")
