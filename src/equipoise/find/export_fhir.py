"""
A study as a FHIR R4 ResearchStudy.

Sponsor, investigator, sites and the group of those who may join are contained in the resource. What
R4 has no code for stays as text; a study that states no status says so by the extension for absent
data, since R4 demands one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from equipoise.find.export_csv import PAGE, document_address
from equipoise.records.study import Contact, MeshTerm, Study
from equipoise.terms.countries import country_code
from equipoise.terms.enums import term_of

Json = dict[str, Any]

MESH = "https://www.nlm.nih.gov/mesh"
REGISTRY = "http://clinicaltrials.gov"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

STATUSES = {
    "RECRUITING": "active",
    "ENROLLING_BY_INVITATION": "active",
    "NOT_YET_RECRUITING": "approved",
    "ACTIVE_NOT_RECRUITING": "closed-to-accrual",
    "SUSPENDED": "temporarily-closed-to-accrual",
    "TERMINATED": "closed-to-accrual-and-intervention",
    "COMPLETED": "completed",
    "WITHDRAWN": "withdrawn",
    "UNKNOWN": "active",
    "AVAILABLE": "active",
    "TEMPORARILY_NOT_AVAILABLE": "temporarily-closed-to-accrual",
    "NO_LONGER_AVAILABLE": "completed",
    "APPROVED_FOR_MARKETING": "completed",
}

PHASES = {
    ("NA",): "n-a",
    ("EARLY_PHASE1",): "early-phase-1",
    ("PHASE1",): "phase-1",
    ("PHASE1", "PHASE2"): "phase-1-phase-2",
    ("PHASE2",): "phase-2",
    ("PHASE2", "PHASE3"): "phase-2-phase-3",
    ("PHASE3",): "phase-3",
    ("PHASE4",): "phase-4",
}

# Purposes that R4 has no code for are text alone.
PURPOSES = frozenset(
    (
        *("TREATMENT", "PREVENTION", "DIAGNOSTIC", "SUPPORTIVE_CARE", "SCREENING"),
        *("HEALTH_SERVICES_RESEARCH", "BASIC_SCIENCE", "DEVICE_FEASIBILITY"),
    )
)


def _full(value: Any) -> Any:
    """Return JSON without what is empty, which FHIR does not allow."""
    if isinstance(value, dict):
        return {name: full for name, entry in value.items() if (full := _full(entry)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [full for entry in value if (full := _full(entry)) not in (None, "", [], {})]
    return value.strip() if isinstance(value, str) else value


def _concept(text: str | None, *, system: str = "", code: str | None = None) -> Json:
    return {"coding": [{"system": system, "code": code, "display": text}] if code else [], "text": text}


def _words(piece: str, value: str | None) -> str | None:
    return term_of(piece, value).short if value else None


def _codings(terms: Iterable[MeshTerm]) -> list[Json]:
    return [_concept(one.term, system=MESH, code=one.id) for one in terms if one.term]


def _identifiers(study: Study) -> list[Json]:
    own = {"use": "official", "system": REGISTRY, "value": study.number}
    old = [{"use": "old", "system": REGISTRY, "value": alias} for alias in study.aliases]
    others = [
        {"use": "secondary", "type": {"text": _words(piece, one.type) or one.domain}, "value": one.id}
        for piece, several in (("OrgStudyIdType", (study.org_id,)), ("SecondaryIdType", study.secondary_ids))
        for one in several
        if one.id
    ]
    return [own, *old, *others]


def _status(study: Study) -> Json:
    code = STATUSES.get(study.status.overall_status or "")
    if code:
        return {"status": code}
    return {"_status": {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}}


def _notes(study: Study) -> list[Json]:
    status, notes = study.status, []
    if status.overall_status:
        notes.append(f"Status in the registry: {_words('OverallStatus', status.overall_status)}")
    if status.overall_status == "UNKNOWN":
        last = _words("LastKnownStatus", status.last_known_status)
        notes.append("Nobody confirmed the status for two years" + (f"; it was: {last}" if last else ""))
    if study.demonstration is not None:
        notes.append(study.demonstration.notice)
    return [{"text": text} for text in notes]


def _phase(study: Study) -> Json:
    phases = study.design.phases
    text = "/".join(term_of("Phase", one).short for one in phases)
    return _concept(text, system=f"{_TERMINOLOGY}/research-study-phase", code=PHASES.get(phases))


def _purpose(study: Study) -> Json:
    stated = study.design.design_info.primary_purpose
    code = stated.lower().replace("_", "-") if stated in PURPOSES and stated else None
    system = f"{_TERMINOLOGY}/research-study-prim-purp-type"
    return _concept(_words("DesignPrimaryPurpose", stated), system=system, code=code)


def _telecom(contact: Contact) -> list[Json]:
    phone = " ext. ".join(part for part in (contact.phone, contact.phone_ext) if part) if contact.phone else None
    return [{"system": kind, "value": value} for kind, value in (("phone", phone), ("email", contact.email)) if value]


def _sites(study: Study) -> list[Json]:
    return [
        {
            "resourceType": "Location",
            "id": f"site-{place}",
            "name": site.facility or site.city,
            "address": {"city": site.city, "state": site.state, "postalCode": site.zip, "country": site.country},
            "position": {"longitude": site.geo_point.lon, "latitude": site.geo_point.lat} if site.geo_point else {},
        }
        for place, site in enumerate(study.sites, 1)
    ]


def _group(study: Study) -> Json:
    """Return those who may join, as far as the text is stated; what it means is not worked out here."""
    count = study.design.enrollment_info
    text = study.eligibility.eligibility_criteria or study.eligibility.study_population
    return {
        "resourceType": "Group",
        "id": "participants",
        "text": {"status": "generated", "div": _div(text)} if text else {},
        "type": "person",
        "actual": count.type == "ACTUAL",
        "quantity": count.count if isinstance(count.count, int) and count.count >= 0 else None,
    }


def _div(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Characters that XML does not have, in a text that is XML.
    allowed = "".join(mark for mark in escaped if mark in "\t\n\r" or mark >= " ")
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{allowed}</pre></div>'


def _contained(study: Study) -> list[Json]:
    lead = study.lead_sponsor
    sponsor = {"resourceType": "Organization", "id": "sponsor", "name": lead.name} if lead and lead.name else {}
    leading = _investigator(study)
    person = {"resourceType": "Practitioner", "id": "investigator", "name": [{"text": leading}]} if leading else {}
    return [sponsor, person, _group(study), *_sites(study)]


def _investigator(study: Study) -> str | None:
    named = [one.name for one in study.officials if one.role == "PRINCIPAL_INVESTIGATOR" and one.name]
    party = study.responsible_party
    return named[0] if named else (party.investigator_full_name if party else None)


def _objectives(study: Study) -> list[Json]:
    ranked = (("primary", study.outcomes.primary_outcomes), ("secondary", study.outcomes.secondary_outcomes))
    return [
        {"name": one.measure, "type": _concept(rank, system=f"{_TERMINOLOGY}/research-study-objective-type", code=rank)}
        for rank, outcomes in ranked
        for one in outcomes
        if one.measure
    ]


def _artifacts(study: Study) -> list[Json]:
    page = [{"type": "documentation", "label": "Registry page", "url": PAGE.format(study.number)}]
    if study.demonstration is not None:
        page = []
    papers = [{"type": "citation", "citation": one.citation} for one in study.references.references if one.citation]
    links = [
        {"type": "documentation", "display": one.label, "url": one.url}
        for one in study.references.see_also_links
        if one.url
    ]
    files = [
        {"type": "documentation", "display": one.label, "document": {"url": document_address(study, one)}}
        for one in study.documents
        if one.filename
    ]
    return [*page, *papers, *links, *files]


def _countries(study: Study) -> list[Json]:
    return [_concept(one, system="urn:iso:std:iso:3166", code=country_code(one)) for one in study.countries]


def _arms(study: Study) -> list[Json]:
    return [
        {
            "name": one.label or "Not named",
            "type": {"text": _words("ArmGroupType", one.type)},
            "description": one.description,
        }
        for one in study.arms
    ]


def _references(study: Study, contained: set[str]) -> Json:
    """Return the references to what is contained."""
    named = {"sponsor": "sponsor", "principalInvestigator": "investigator"}
    found: Json = {name: {"reference": f"#{id}"} for name, id in named.items() if id in contained}
    return found | {"site": [{"reference": f"#site-{place}"} for place in range(1, len(study.sites) + 1)]}


def research_study(study: Study) -> Json:
    """Return a study as a FHIR R4 ResearchStudy.

    >>> research_study(Study(number="NCT99000001", title="Socks"))["identifier"]
    [{'use': 'official', 'system': 'http://clinicaltrials.gov', 'value': 'NCT99000001'}]
    """
    contained = _full(_contained(study))
    record = {
        "resourceType": "ResearchStudy",
        "id": study.number,
        "contained": contained,
        "identifier": _identifiers(study),
        "title": study.official_title or study.title,
        **_status(study),
        "primaryPurposeType": _purpose(study),
        "phase": _phase(study),
        "category": [{"text": _words("StudyType", study.design.study_type)}],
        "focus": _codings(study.intervention_terms) + [{"text": one.name} for one in study.interventions],
        "condition": _codings(study.condition_terms) + [{"text": one} for one in study.conditions],
        "contact": [{"name": one.name, "telecom": _telecom(one)} for one in study.contacts],
        "relatedArtifact": _artifacts(study),
        "keyword": [{"text": one} for one in study.keywords],
        "location": _countries(study),
        "description": study.summary,
        "enrollment": [{"reference": "#participants"}],
        "period": {"start": study.status.start_date_struct.date, "end": study.status.completion_date_struct.date},
        **_references(study, {one["id"] for one in contained}),
        "reasonStopped": {"text": study.status.why_stopped},
        "note": _notes(study),
        "arm": _arms(study),
        "objective": _objectives(study),
    }
    return _full(record)  # type: ignore[no-any-return]  # an object comes back as one


def fhir_json(study: Study) -> bytes:
    """Return a study as the JSON of a FHIR R4 ResearchStudy."""
    return msgspec.json.encode(research_study(study))
