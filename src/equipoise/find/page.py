"""
A study's page: one record that the web renders, the API serialises and the command line prints.

What matters comes first: whether it is open, the phase, who may join, the primary outcome,
where. Each text stands once; what no section shows is under *remaining*, so that nothing
that was published stays unseen.
"""

from __future__ import annotations

from datetime import date

import msgspec

from equipoise.find.arms import Matrix, matrix
from equipoise.find.citations import Citation, read_citations
from equipoise.find.contacts import People, read_people
from equipoise.find.eligibility import Section, read_sections
from equipoise.find.facts import (
    Fact,
    Word,
    date_fact,
    date_words,
    enum_fact,
    fact,
    flag_fact,
    plural,
    present,
    word,
    words,
)
from equipoise.find.full_record import Node, full_record
from equipoise.find.identifiers import IdentifierView, document_url, read_identifiers, safe_url
from equipoise.find.results import ResultsView, results_view
from equipoise.find.status import OPEN, StatusView, status_view
from equipoise.records.sidecar import ListedTrial, Mark, Sidecar
from equipoise.records.study import Demonstration, MeshTerm, Outcome, Sponsor, Study
from equipoise.store.library import Record
from equipoise.terms.fields import field

# What the sections of a page show; the rest of a record is shown under "remaining".
_SHOWN_PIECES = (
    "NCTId", "NCTIdAlias", "OrgStudyIdInfo", "SecondaryIdInfo", "BriefTitle", "OfficialTitle", "Acronym",
    "OverallStatus", "LastKnownStatus", "StatusVerifiedDate", "WhyStopped", "ExpandedAccessInfo",
    "StartDateStruct", "PrimaryCompletionDateStruct", "CompletionDateStruct", "StudyFirstPostDateStruct",
    "ResultsFirstPostDateStruct", "LastUpdatePostDateStruct", "SponsorCollaboratorsModule", "OversightModule",
    "DescriptionModule", "ConditionsModule", "StudyType", "ExpandedAccessTypes", "PatientRegistry",
    "TargetDuration", "Phase", "DesignInfo", "BioSpec", "EnrollmentInfo", "ArmsInterventionsModule",
    "OutcomesModule", "EligibilityModule", "ContactsLocationsModule", "ReferencesModule",
    "IPDSharingStatementModule", "ResultsSection", "LargeDocLabel", "LargeDocDate", "LargeDocFilename",
    "LargeDocSize", "ConditionMeshTerm", "InterventionMeshTerm", "RemovedCountry", "HasResults",
)  # fmt: skip


def shown_paths() -> frozenset[str]:
    """Return the paths of the fields that the page's own sections show."""
    return frozenset(field(piece).path for piece in _SHOWN_PIECES) | {"demonstration"}


class Who(msgspec.Struct, frozen=True):
    """Who may join, in words."""

    age: str
    sex: str
    volunteers: str
    note: str


class SponsorLine(msgspec.Struct, frozen=True):
    """A sponsor with its role and kind."""

    name: str
    role: str
    kind: Word | None


class LinkLine(msgspec.Struct, frozen=True):
    """A link that the record states; ``url`` is None where it is not safe to follow."""

    text: str
    url: str | None
    note: str = ""


class Places(msgspec.Struct, frozen=True):
    """Where a study is done, in short."""

    words: str
    open_words: str
    removed_countries: tuple[str, ...]


class StudyPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a study's page shows."""

    number: str
    title: str
    official_title: str | None
    acronym: str | None
    demonstration: Demonstration | None
    status: StatusView
    phases: tuple[Word, ...]
    no_phase: str
    type: Word | None
    who: Who
    enrollment: str
    places: Places
    dates: tuple[Fact, ...]
    summary: str | None
    description: str | None
    overview: str | None
    overview_by: str | None
    conditions: tuple[str, ...]
    keywords: tuple[str, ...]
    condition_terms: tuple[MeshTerm, ...]
    intervention_terms: tuple[MeshTerm, ...]
    design: tuple[Fact, ...]
    arms: Matrix
    primary_outcomes: tuple[Outcome, ...]
    secondary_outcomes: tuple[Outcome, ...]
    other_outcomes: tuple[Outcome, ...]
    criteria: tuple[Section, ...]
    eligibility: tuple[Fact, ...]
    people: People
    sponsors: tuple[SponsorLine, ...]
    responsible: tuple[Fact, ...]
    oversight: tuple[Fact, ...]
    citations: tuple[Citation, ...]
    links: tuple[LinkLine, ...]
    sharing: tuple[Fact, ...]
    documents: tuple[LinkLine, ...]
    has_results: bool | None
    results_words: str
    results: ResultsView | None
    identifiers: tuple[IdentifierView, ...]
    related: tuple[ListedTrial, ...]
    marks: tuple[Mark, ...]
    source: str
    remaining: tuple[Node, ...]


def study_page(record: Record, today: date) -> StudyPage:
    """Return the page of a study as it reads on *today*."""
    study, sidecar = record.study, record.sidecar or Sidecar()
    people = read_people(study)
    return StudyPage(
        number=study.number,
        title=study.title or study.official_title or study.number,
        official_title=study.official_title if study.official_title != study.title else None,
        acronym=study.acronym,
        demonstration=study.demonstration,
        status=status_view(study, record.sidecar, today),
        phases=words("Phase", study.design.phases),
        no_phase="None" if study.design.study_type not in (None, "INTERVENTIONAL") else "Not stated",
        type=word("StudyType", study.design.study_type),
        who=_who(study),
        enrollment=_enrollment(study),
        places=_places(study, people),
        dates=_dates(study),
        summary=study.summary,
        description=study.description,
        overview=sidecar.overview,
        overview_by=sidecar.overview_by,
        conditions=study.conditions,
        keywords=study.keywords,
        condition_terms=study.condition_terms,
        intervention_terms=study.intervention_terms,
        design=_design(study),
        arms=matrix(study),
        primary_outcomes=study.outcomes.primary_outcomes,
        secondary_outcomes=study.outcomes.secondary_outcomes,
        other_outcomes=study.outcomes.other_outcomes,
        criteria=read_sections(study.eligibility.eligibility_criteria or ""),
        eligibility=_eligibility(study),
        people=people,
        sponsors=_sponsors(study),
        responsible=_responsible(study),
        oversight=_oversight(study),
        citations=read_citations(study),
        links=_links(study),
        sharing=_sharing(study),
        documents=_documents(study),
        has_results=study.has_results,
        results_words=_results_words(study),
        results=results_view(study.results) if study.results else None,
        identifiers=read_identifiers(study),
        related=sidecar.related,
        marks=sidecar.marks,
        source=record.version.source,
        remaining=full_record(record.document, left_out=shown_paths()),
    )


def _who(study: Study) -> Who:
    limits = study.eligibility
    low, high = limits.minimum_age, limits.maximum_age
    if low and high:
        same_unit = low.words().split()[-1].rstrip("s") == high.words().split()[-1].rstrip("s")
        age = f"{low.split()[0] if same_unit else low.words()} to {high.words()}"
    elif low:
        age = f"{low.words()} and older"
    elif high:
        age = f"Up to {high.words()}"
    else:
        age = "No age limit stated"
    sex = word("Sex", limits.sex)
    volunteers = {True: "Healthy volunteers accepted", False: "No healthy volunteers", None: ""}
    said = {"ALL": "All sexes", "FEMALE": "Female", "MALE": "Male"}
    shown = said.get(limits.sex or "", sex.text if sex else "Sex not stated")
    return Who(age, shown, volunteers[limits.healthy_volunteers], limits.gender_description or "")


def _enrollment(study: Study) -> str:
    stated = study.design.enrollment_info
    if stated.count is None:
        return ""
    kind = word("EnrollmentType", stated.type)
    return plural(stated.count, "participant") + (f" ({kind.text.lower()})" if kind else "")


def _places(study: Study, people: People) -> Places:
    if not study.sites:
        return Places("No sites listed", "", study.removed_countries)
    countries = study.countries
    where = countries[0] if len(countries) == 1 else plural(len(countries), "country", "countries")
    count = sum(site.open is True for site in people.sites)
    listed = sum(site.status in OPEN for site in study.sites)
    if count:
        open_words = f"{count:,} recruiting"
    elif listed:
        open_words = f"{listed:,} still listed as recruiting"
    else:
        open_words = "none recruiting" if any(site.status for site in study.sites) else ""
    return Places(f"{plural(len(study.sites), 'site')} in {where}", open_words, study.removed_countries)


def _dates(study: Study) -> tuple[Fact, ...]:
    status = study.status
    return present(
        date_fact("StudyFirstPostDate", status.study_first_post_date_struct),
        date_fact("StartDate", status.start_date_struct),
        date_fact("PrimaryCompletionDate", status.primary_completion_date_struct),
        date_fact("CompletionDate", status.completion_date_struct),
        date_fact("ResultsFirstPostDate", status.results_first_post_date_struct),
        date_fact("LastUpdatePostDate", status.last_update_post_date_struct),
        fact("StatusVerifiedDate", status.status_verified_date.words() if status.status_verified_date else None),
    )


def _design(study: Study) -> tuple[Fact, ...]:
    design, info = study.design, study.design.design_info
    masking = info.masking_info
    specimens = design.bio_spec
    access = design.expanded_access_types
    return present(
        enum_fact("StudyType", design.study_type),
        fact("Phase", *words("Phase", design.phases)),
        fact("EnrollmentInfo", _enrollment(study)),
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


def _eligibility(study: Study) -> tuple[Fact, ...]:
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


def _sponsor(sponsor: Sponsor, role: str, piece: str) -> SponsorLine:
    return SponsorLine(sponsor.name or "Unnamed", role, word(piece, sponsor.class_))


def _sponsors(study: Study) -> tuple[SponsorLine, ...]:
    """Return the sponsors, the lead first."""
    lead = [_sponsor(study.lead_sponsor, "Lead sponsor", "LeadSponsorClass")] if study.lead_sponsor else []
    return (*lead, *(_sponsor(one, "Collaborator", "CollaboratorClass") for one in study.collaborators))


def _responsible(study: Study) -> tuple[Fact, ...]:
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


def _oversight(study: Study) -> tuple[Fact, ...]:
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


def _links(study: Study) -> tuple[LinkLine, ...]:
    pages = (LinkLine(link.label or link.url or "", safe_url(link.url), "") for link in study.references.see_also_links)
    data = (
        LinkLine(
            " · ".join(part for part in (one.type, one.id) if part) or "Data",
            safe_url(one.url),
            one.comment or "",
        )
        for one in study.references.avail_ipds
    )
    return (*pages, *data)


def _sharing(study: Study) -> tuple[Fact, ...]:
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


def _documents(study: Study) -> tuple[LinkLine, ...]:
    lines = []
    for one in study.documents:
        when = one.date.words() if one.date else ""
        size = f"{one.size / 1e6:.1f} MB" if one.size else ""
        note = " · ".join(part for part in (when, size, one.filename) if part)
        known = study.demonstration is None and one.filename
        lines.append(
            LinkLine(
                one.label or "Document",
                document_url(study.number, one.filename or "") if known else None,
                note,
            )
        )
    return tuple(lines)


def _results_words(study: Study) -> str:
    if study.has_results:
        posted = date_words(study.status.results_first_post_date_struct, "ResultsFirstPostDateType")
        return f"Results posted{f' on {posted}' if posted else ''}"
    if study.has_results is None:
        return "This record does not say whether results are posted"
    return "Results pending: none are posted in the registry"
