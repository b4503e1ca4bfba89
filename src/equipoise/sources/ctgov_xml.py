"""
ClinicalTrials.gov's public XML, which the registry gave out until 2024 → v2 documents.

The tables say which element becomes which piece, and the field table how the piece is
written (:mod:`~equipoise.sources.ctgov_xml_text`); the functions below them are for what
v2 arranges otherwise. Whatever is neither taken nor named in :data:`LEFT_OUT` is a fault
of ours, and :func:`unmapped` finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from equipoise.errors import RecordError
from equipoise.records.dates import Age
from equipoise.sources.ctgov import read_record
from equipoise.sources.ctgov_xml_results import put_papers, put_results
from equipoise.sources.ctgov_xml_text import (
    AS_PUBLISHED,
    Element,
    Shape,
    parse,
    put_all,
    read_date,
    read_label,
    read_struct,
    read_value,
)
from equipoise.sources.draft import Draft
from equipoise.sources.incoming import Incoming
from equipoise.terms.enums import term

# Each path of the XML that v2 has no field for, and why it is no loss (or what is lost).
LEFT_OUT = {
    "@rank": "the place in the search that the file was saved from",
    "clinical_results/baseline/analyzed_list/analyzed/scope": "said by where the numbers stand",
    "clinical_results/baseline/measure_list/measure/analyzed_list/analyzed/scope": "the same",
    "clinical_results/baseline/measure_list/measure/class_list/class/analyzed_list/analyzed/scope": "same",
    "clinical_results/outcome_list/outcome/measure/analyzed_list/analyzed/scope": "the same",
    "clinical_results/outcome_list/outcome/measure/class_list/class/analyzed_list/analyzed/scope": "the same",
    "clinical_results/outcome_list/outcome/safety_issue": "a question that the registry dropped in 2017",
    "is_fda_regulated": "asked before drugs and devices were told apart",
    "is_section_801": "a question that the registry dropped",
    "last_update_submitted_qc": "v2 has no such date",
    "location_countries/country": "said by the locations",
    "number_of_arms": "said by the arms; v2 has no field for a number without arms",
    "number_of_groups": "the same",
    "oversight_info/authority": "a question that the registry dropped in 2017",
    "primary_outcome/safety_issue": "a question that the registry dropped in 2017",
    "required_header/link_text": "about the file",
    "required_header/url": "about the file",
    "secondary_outcome/safety_issue": "a question that the registry dropped in 2017",
}

_OUTCOME_WORDS = {"measure": "Measure", "time_frame": "TimeFrame", "description": "Description"}


def _outcome(prefix: str) -> tuple[str, Shape]:
    return prefix, Shape({path: f"{prefix}{name}" for path, name in _OUTCOME_WORDS.items()})


def _contact(prefix: str) -> Shape:
    return Shape(
        {
            "last_name": f"{prefix}Name",
            "role": f"{prefix}Role",
            "phone": f"{prefix}Phone",
            "phone_ext": f"{prefix}PhoneExt",
            "email": f"{prefix}EMail",
        }
    )


_DATES = {
    f"{element}{part}": f"{piece}{suffix}"
    for element, piece in {
        "start_date": "StartDate",
        "primary_completion_date": "PrimaryCompletionDate",
        "completion_date": "CompletionDate",
        "study_first_posted": "StudyFirstPostDate",
        "results_first_posted": "ResultsFirstPostDate",
        "disposition_first_posted": "DispFirstPostDate",
        "last_update_posted": "LastUpdatePostDate",
    }.items()
    for part, suffix in {"": "", "/@type": "Type"}.items()
}
_WORDS = _DATES | {
    "id_info/nct_id": "NCTId",
    "id_info/org_study_id": "OrgStudyId",
    "brief_title": "BriefTitle",
    "official_title": "OfficialTitle",
    "acronym": "Acronym",
    "source": "OrgFullName",
    "verification_date": "StatusVerifiedDate",
    "overall_status": "OverallStatus",
    "last_known_status": "LastKnownStatus",
    "why_stopped": "WhyStopped",
    "has_expanded_access": "HasExpandedAccess",
    # The first four names are those of before 2018.
    "firstreceived_date": "StudyFirstSubmitDate",
    "firstreceived_results_date": "ResultsFirstSubmitDate",
    "firstreceived_results_disposition_date": "DispFirstSubmitDate",
    "lastchanged_date": "LastUpdateSubmitDate",
    "study_first_submitted": "StudyFirstSubmitDate",
    "study_first_submitted_qc": "StudyFirstSubmitQCDate",
    "results_first_submitted": "ResultsFirstSubmitDate",
    "results_first_submitted_qc": "ResultsFirstSubmitQCDate",
    "disposition_first_submitted": "DispFirstSubmitDate",
    "disposition_first_submitted_qc": "DispFirstSubmitQCDate",
    "last_update_submitted": "LastUpdateSubmitDate",
    "responsible_party/responsible_party_type": "ResponsiblePartyType",
    "responsible_party/investigator_full_name": "ResponsiblePartyInvestigatorFullName",
    "responsible_party/investigator_title": "ResponsiblePartyInvestigatorTitle",
    "responsible_party/investigator_affiliation": "ResponsiblePartyInvestigatorAffiliation",
    "responsible_party/name_title": "ResponsiblePartyOldNameTitle",
    "responsible_party/organization": "ResponsiblePartyOldOrganization",
    "sponsors/lead_sponsor/agency": "LeadSponsorName",
    "sponsors/lead_sponsor/agency_class": "LeadSponsorClass",
    "oversight_info/has_dmc": "OversightHasDMC",
    "oversight_info/is_fda_regulated_drug": "IsFDARegulatedDrug",
    "oversight_info/is_fda_regulated_device": "IsFDARegulatedDevice",
    "oversight_info/is_unapproved_device": "IsUnapprovedDevice",
    "oversight_info/is_ppsd": "IsPPSD",
    "oversight_info/is_us_export": "IsUSExport",
    "brief_summary/textblock": "BriefSummary",
    "detailed_description/textblock": "DetailedDescription",
    "target_duration": "TargetDuration",
    "expanded_access_info/expanded_access_type_individual": "ExpAccTypeIndividual",
    "expanded_access_info/expanded_access_type_intermediate": "ExpAccTypeIntermediate",
    "expanded_access_info/expanded_access_type_treatment": "ExpAccTypeTreatment",
    "study_design_info/allocation": "DesignAllocation",
    "study_design_info/intervention_model": "DesignInterventionModel",
    "study_design_info/intervention_model_description": "DesignInterventionModelDescription",
    "study_design_info/primary_purpose": "DesignPrimaryPurpose",
    "study_design_info/observational_model": "DesignObservationalModel",
    "study_design_info/time_perspective": "DesignTimePerspective",
    "study_design_info/masking_description": "DesignMaskingDescription",
    "biospec_retention": "BioSpecRetention",
    "biospec_descr/textblock": "BioSpecDescription",
    "enrollment": "EnrollmentCount",
    "enrollment/@type": "EnrollmentType",
    "eligibility/criteria/textblock": "EligibilityCriteria",
    "eligibility/healthy_volunteers": "HealthyVolunteers",
    "eligibility/gender": "Sex",
    "eligibility/gender_based": "GenderBased",
    "eligibility/gender_description": "GenderDescription",
    "eligibility/study_pop/textblock": "StudyPopulation",
    "eligibility/sampling_method": "SamplingMethod",
    "patient_data/sharing_ipd": "IPDSharing",
    "patient_data/ipd_description": "IPDSharingDescription",
    "patient_data/ipd_time_frame": "IPDSharingTimeFrame",
    "patient_data/ipd_access_criteria": "IPDSharingAccessCriteria",
    "patient_data/ipd_url": "IPDSharingURL",
}
_ROOT = Shape(
    _WORDS,
    many={
        "id_info/nct_alias": "NCTIdAlias",
        "condition": "Condition",
        "keyword": "Keyword",
        "patient_data/ipd_info_type": "IPDSharingInfoType",
        "removed_countries/country": "RemovedCountry",
    },
    lists={
        "id_info/secondary_id": ("SecondaryIdInfo", Shape({".": "SecondaryId"})),
        "sponsors/collaborator": (
            "Collaborator",
            Shape({"agency": "CollaboratorName", "agency_class": "CollaboratorClass"}),
        ),
        "primary_outcome": _outcome("PrimaryOutcome"),
        "secondary_outcome": _outcome("SecondaryOutcome"),
        "other_outcome": _outcome("OtherOutcome"),
        "overall_official": (
            "OverallOfficial",
            Shape(
                {
                    "last_name": "OverallOfficialName",
                    "affiliation": "OverallOfficialAffiliation",
                    "role": "OverallOfficialRole",
                }
            ),
        ),
        "link": ("SeeAlsoLink", Shape({"description": "SeeAlsoLinkLabel", "url": "SeeAlsoLinkURL"})),
        "study_docs/study_doc": (
            "AvailIPD",
            Shape(
                {
                    "doc_id": "AvailIPDId",
                    "doc_type": "AvailIPDType",
                    "doc_url": "AvailIPDURL",
                    "doc_comment": "AvailIPDComment",
                }
            ),
        ),
        "condition_browse/mesh_term": ("ConditionMesh", Shape({".": "ConditionMeshTerm"})),
        "intervention_browse/mesh_term": ("InterventionMesh", Shape({".": "InterventionMeshTerm"})),
    },
)
_ARM = Shape(
    {
        "arm_group_label": "ArmGroupLabel",
        "arm_group_type": "ArmGroupType",
        "description": "ArmGroupDescription",
    }
)
_INTERVENTION = Shape(
    {
        "intervention_type": "InterventionType",
        "intervention_name": "InterventionName",
        "description": "InterventionDescription",
    },
    many={"arm_group_label": "InterventionArmGroupLabel", "other_name": "InterventionOtherName"},
)
_LOCATION = Shape(
    {
        "facility/name": "LocationFacility",
        "status": "LocationStatus",
        "facility/address/city": "LocationCity",
        "facility/address/state": "LocationState",
        "facility/address/zip": "LocationZip",
        "facility/address/country": "LocationCountry",
    }
)

# Until 2017 the design was one line: "Allocation: Randomized, Masking: Open Label, …".
_DESIGN = {
    "Allocation": "DesignAllocation",
    "Endpoint Classification": None,  # a question that the registry dropped in 2017
    "Intervention Model": "DesignInterventionModel",
    "Observational Model": "DesignObservationalModel",
    "Primary Purpose": "DesignPrimaryPurpose",
    "Time Perspective": "DesignTimePerspective",
}
_DESIGN_PART = re.compile(r"([A-Z][A-Za-z ]{1,40}): *(.*?)(?:, (?=[A-Z][A-Za-z ]{1,40}:)|\Z)")
_MASKING = re.compile(r"([^()]*?)\s*(?:\(([^()]*)\))?\Z")

# The registry's own bounds for its three ages, in years: from, and up to but not including.
_AGES = {"CHILD": (0, 18), "ADULT": (18, 65), "OLDER_ADULT": (65, 1000)}


def _put_design(draft: Draft, root: Element) -> None:
    """Put type, phases and masking; "Phase 1/Phase 2" is two phases in v2."""
    study_type = root.take("study_type")
    if study_type is not None:
        name, _, registry = study_type.partition(" [")
        draft.put("StudyType", read_value(draft, "StudyType", name))
        draft.put("PatientRegistry", True if registry.startswith("Patient Registry") else None)
    phase = root.take("phase")
    if phase is not None:
        names = [phase] if phase == "N/A" else phase.split("/")
        phases = [read_value(draft, "Phase", name) for name in names]
        draft.put("Phase", [value for value in phases if value is not None])
    masking = root.take("study_design_info/masking")
    for name, words in _DESIGN_PART.findall(root.take("study_design") or ""):
        piece = _DESIGN.get(name)
        if name == "Masking":
            masking = masking or words
        elif piece is not None:
            draft.put(piece, read_value(draft, piece, words))
    _put_masking(draft, masking)


def _put_masking(draft: Draft, text: str | None) -> None:
    """Put "Double (Participant, Investigator)"; some records have the names without the number."""
    found = _MASKING.match(" ".join(text.split())) if text else None
    if found is None:
        return
    level, names = found.groups() if read_label("DesignMasking", found[0]) is None else (found[0], None)
    if names is None and read_label("WhoMasked", level.split(",")[0]) is not None:
        level, names = "", level
    if level:
        draft.put("DesignMasking", read_value(draft, "DesignMasking", level))
    who = [read_value(draft, "DesignWhoMasked", name) for name in (names or "").split(",") if name.strip()]
    draft.put("DesignWhoMasked", [value for value in who if value is not None])


def _put_arms(draft: Draft, root: Element) -> None:
    """Put arms and interventions; v2 names an arm's interventions with their kind, "Drug: Name"."""
    interventions = [read_struct(draft, element, _INTERVENTION) for element in root.elements("intervention")]
    arms = [read_struct(draft, element, _ARM) for element in root.elements("arm_group")]
    named: dict[str, list[str]] = {}
    for intervention in interventions:
        kind = term("InterventionType", intervention.get("type", "OTHER")).label
        for label in intervention.get("armGroupLabels", []):
            named.setdefault(label, []).append(f"{kind}: {intervention.get('name', '')}")
    for arm in arms:
        if arm.get("label") in named:
            arm["interventionNames"] = named[arm["label"]]
    draft.put("ArmGroup", [arm for arm in arms if arm])
    draft.put("Intervention", [intervention for intervention in interventions if intervention])


def _put_ages(draft: Draft, root: Element) -> None:
    """Put the age limits, N/A being none, and the registry's three ages that they touch."""
    if not root.elements("eligibility"):
        return
    limits: dict[str, float] = {}
    for path, piece in (("eligibility/minimum_age", "MinimumAge"), ("eligibility/maximum_age", "MaximumAge")):
        text = root.take(path)
        if text is not None and text.strip() != "N/A":
            value = read_value(draft, piece, text)
            if value is None:
                return
            draft.put(piece, value)
            limits[piece] = Age(value).years
    lower, upper = limits.get("MinimumAge", 0), limits.get("MaximumAge", 999)
    draft.put("StdAge", [age for age, (start, end) in _AGES.items() if lower < end and upper >= start])


def _put_people(draft: Draft, root: Element) -> None:
    """Put contacts and sites; v2 keeps a site's investigators among its contacts."""
    contact = _contact("CentralContact")
    people = [
        {"role": "CONTACT"} | read_struct(draft, element, contact)
        for element in root.elements("overall_contact|overall_contact_backup")
    ]
    draft.put("CentralContact", people)
    contact = _contact("LocationContact")
    sites = []
    for element in root.elements("location"):
        site = read_struct(draft, element, _LOCATION)
        staff = element.elements("contact|contact_backup|investigator")
        people = [{"role": "CONTACT"} | read_struct(draft, person, contact) for person in staff]
        sites.append(site | ({"contacts": people} if people else {}))
    draft.put("Location", [site for site in sites if site])


def _put_organization(draft: Draft, root: Element) -> None:
    """Put the class of the registering organization, which the XML gives for sponsors alone."""
    source = root.peek("source")
    classes = {
        sponsor.peek("agency"): sponsor.peek("agency_class")
        for sponsor in [*root.elements("sponsors/collaborator"), *root.elements("sponsors/lead_sponsor")]
    }
    known = "NIH" if source.startswith("National Institutes of Health") else classes.get(source, "")
    draft.put("OrgClass", read_label("AgencyClass", known))


def read_draft(root: Element) -> Draft:
    """Return the v2 document that the XML holds; what stays in *root* has no place in it."""
    draft = Draft()
    _put_organization(draft, root)
    put_all(draft, root, _ROOT)
    _put_design(draft, root)
    _put_arms(draft, root)
    _put_ages(draft, root)
    _put_people(draft, root)
    put_results(draft, root)
    put_papers(draft, root)
    processed = root.take("required_header/download_date") or ""
    draft.put("VersionHolder", read_date(processed.rpartition(" on ")[2]))
    return draft


def unmapped(data: bytes) -> set[str]:
    """Return the paths in one file that are neither read nor named in :data:`LEFT_OUT`."""
    root = parse(data, "")
    if isinstance(root, RecordError):
        raise root
    read_draft(root)
    return set(root.left()) - LEFT_OUT.keys()


class CtgovXml:
    """Legacy XML: one study a file, as in AllPublicXML.zip and behind ``?displayxml=true``."""

    name = "ctgov-xml"
    title = "ClinicalTrials.gov XML (legacy)"

    def recognises(self, data: bytes) -> bool:
        """Return whether *data* begins, after what XML lets stand before it, with the registry's root."""
        return bool(_HEAD.match(data[:4096].decode("utf-16" if data[:2] in _UTF16 else "latin-1", "ignore")))

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield the study in *data*."""
        root = parse(data, origin)
        if isinstance(root, RecordError):
            yield root
            return
        draft = read_draft(root)
        result = read_record(draft.document(), origin, source=self.name)
        if isinstance(result, RecordError):
            yield RecordError(result.problem, where=origin, next=AS_PUBLISHED)
        else:
            yield msgspec.structs.replace(result, sidecar=draft.sidecar())


_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Possessive, so that a hostile head cannot make it try again and again.
_HEAD = re.compile(r"(?:\ufeff|ï»¿)?(?:\s|<\?(?s:.*?)\?>|<!--(?s:.*?)-->)*+<(?:!DOCTYPE\s+)?clinical_study[\s>/\[]")
