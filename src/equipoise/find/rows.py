"""The rows of a study's page: labelled values, section by section."""

from __future__ import annotations

from equipoise.find.facts import (
    Fact,
    date_fact,
    enum_fact,
    fact,
    flag_fact,
    plural,
    present,
    word,
    words,
)
from equipoise.records.study import Study


def enrollment_words(study: Study) -> str:
    """Return how many people take part, in words."""
    stated = study.design.enrollment_info
    if stated.count is None:
        return ""
    kind = word("EnrollmentType", stated.type)
    return plural(stated.count, "participant") + (f" ({kind.text.lower()})" if kind else "")


def date_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of dates."""
    status = study.status
    submitted = status.study_first_submit_date
    return present(
        fact("StudyFirstSubmitDate", submitted.words() if submitted else None),
        date_fact("StudyFirstPostDate", status.study_first_post_date_struct),
        date_fact("StartDate", status.start_date_struct),
        date_fact("PrimaryCompletionDate", status.primary_completion_date_struct),
        date_fact("CompletionDate", status.completion_date_struct),
        date_fact("ResultsFirstPostDate", status.results_first_post_date_struct),
        date_fact("LastUpdatePostDate", status.last_update_post_date_struct),
        fact("StatusVerifiedDate", status.status_verified_date.words() if status.status_verified_date else None),
    )


def design_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of the design."""
    design, info = study.design, study.design.design_info
    masking = info.masking_info
    specimens = design.bio_spec
    access = design.expanded_access_types
    return present(
        enum_fact("StudyType", design.study_type),
        fact("Phase", *words("Phase", design.phases)),
        fact("EnrollmentInfo", enrollment_words(study)),
        enum_fact("DesignAllocation", info.allocation),
        enum_fact("DesignInterventionModel", info.intervention_model),
        fact("DesignInterventionModelDescription", markup=info.intervention_model_description),
        enum_fact("DesignPrimaryPurpose", info.primary_purpose),
        enum_fact("DesignMasking", masking.masking),
        fact("DesignWhoMasked", *words("DesignWhoMasked", masking.who_masked)),
        fact("DesignMaskingDescription", markup=masking.masking_description),
        enum_fact("DesignObservationalModel", info.observational_model),
        enum_fact("DesignTimePerspective", info.time_perspective),
        flag_fact("PatientRegistry", design.patient_registry),
        fact("TargetDuration", design.target_duration),
        enum_fact("BioSpecRetention", specimens.retention if specimens else None),
        fact("BioSpecDescription", markup=specimens.description if specimens else None),
        flag_fact("ExpAccTypeIndividual", access.individual if access else None),
        flag_fact("ExpAccTypeIntermediate", access.intermediate if access else None),
        flag_fact("ExpAccTypeTreatment", access.treatment if access else None),
        *_expanded_access(study),
    )


def _expanded_access(study: Study) -> tuple[Fact | None, ...]:
    access = study.status.expanded_access_info
    if access is None:
        return ()
    return (
        flag_fact("HasExpandedAccess", access.has_expanded_access),
        fact("ExpandedAccessNCTId", access.nct_id),
        enum_fact("ExpandedAccessStatusForNCTId", access.status_for_nct_id),
    )


def eligibility_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of age, sex and the like."""
    limits = study.eligibility
    return present(
        fact("MinimumAge", limits.minimum_age.words() if limits.minimum_age else None),
        fact("MaximumAge", limits.maximum_age.words() if limits.maximum_age else None),
        fact("StdAge", *words("StdAge", limits.std_ages)),
        enum_fact("Sex", limits.sex),
        flag_fact("GenderBased", limits.gender_based),
        fact("GenderDescription", markup=limits.gender_description),
        flag_fact("HealthyVolunteers", limits.healthy_volunteers),
        fact("StudyPopulation", markup=limits.study_population),
        enum_fact("SamplingMethod", limits.sampling_method),
    )


def responsible_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of who answers for the record."""
    party = study.responsible_party
    if party is None:
        return ()
    # A sponsor who answers for the record is not named again there; the reader wants the name.
    lead = study.lead_sponsor.name if study.lead_sponsor and party.type == "SPONSOR" else None
    return present(
        fact("ResponsiblePartyType", word("ResponsiblePartyType", party.type), lead),
        fact("ResponsiblePartyInvestigatorFullName", party.investigator_full_name),
        fact("ResponsiblePartyInvestigatorTitle", party.investigator_title),
        fact("ResponsiblePartyInvestigatorAffiliation", party.investigator_affiliation),
        fact("ResponsiblePartyOldNameTitle", party.old_name_title),
        fact("ResponsiblePartyOldOrganization", party.old_organization),
    )


def oversight_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of oversight."""
    stated = study.oversight
    return present(
        flag_fact("OversightHasDMC", stated.oversight_has_dmc),
        flag_fact("IsFDARegulatedDrug", stated.is_fda_regulated_drug),
        flag_fact("IsFDARegulatedDevice", stated.is_fda_regulated_device),
        flag_fact("IsUnapprovedDevice", stated.is_unapproved_device),
        flag_fact("IsPPSD", stated.is_ppsd),
        flag_fact("IsUSExport", stated.is_us_export),
        flag_fact("FDAAA801Violation", stated.fdaaa801_violation),
    )


def sharing_rows(study: Study) -> tuple[Fact, ...]:
    """Return the rows of the plan for sharing data."""
    plan = study.sharing
    if plan is None:
        return ()
    return present(
        enum_fact("IPDSharing", plan.ipd_sharing),
        fact("IPDSharingDescription", markup=plan.description),
        fact("IPDSharingInfoType", *words("IPDSharingInfoType", plan.info_types)),
        fact("IPDSharingTimeFrame", markup=plan.time_frame),
        fact("IPDSharingAccessCriteria", markup=plan.access_criteria),
        fact("IPDSharingURL", plan.url),
    )
