"""
A study: the typed view of one registry record that pages, filters and rules use.

Enumerated values stay the strings that the registry publishes (``RECRUITING``); their words
are in :mod:`equipoise.terms.enums`. A closed Python enumeration would refuse a whole study
on the day that the registry adds a value. ``None`` and an empty tuple mean *not stated*.

The small records below are named as the registry's JSON names them (in camel case), so
that they are read straight from it; the modules they lie in are flattened away.
"""

from __future__ import annotations

import msgspec

from equipoise.records.dates import Age, PartialDate
from equipoise.records.results import Count, Results


class Organization(msgspec.Struct, frozen=True, rename="camel"):
    """The organization that registered the study."""

    full_name: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")


class Identifier(msgspec.Struct, frozen=True, rename="camel"):
    """A number by which others know the study."""

    id: str | None = None
    type: str | None = None
    domain: str | None = None
    link: str | None = None


class DateStruct(msgspec.Struct, frozen=True, rename="camel"):
    """A date and whether it is actual or estimated."""

    date: PartialDate | None = None
    type: str | None = None


class ExpandedAccess(msgspec.Struct, frozen=True, rename="camel"):
    """Whether the treatment can be had outside the study, and under which record."""

    has_expanded_access: bool | None = None
    nct_id: str | None = None
    status_for_nct_id: str | None = None


class Sponsor(msgspec.Struct, frozen=True, rename="camel"):
    """Who leads or supports the study."""

    name: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")


class ResponsibleParty(msgspec.Struct, frozen=True, rename="camel"):
    """Who answers for the record."""

    type: str | None = None
    investigator_full_name: str | None = None
    investigator_title: str | None = None
    investigator_affiliation: str | None = None
    old_name_title: str | None = None
    old_organization: str | None = None


class Oversight(msgspec.Struct, frozen=True, rename="camel"):
    """Committees and regulators."""

    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None
    is_unapproved_device: bool | None = None
    is_ppsd: bool | None = None
    is_us_export: bool | None = None
    fdaaa801_violation: bool | None = None


class Masking(msgspec.Struct, frozen=True, rename="camel"):
    """Who does not know which treatment is given."""

    masking: str | None = None
    masking_description: str | None = None
    who_masked: tuple[str, ...] = ()


class DesignInfo(msgspec.Struct, frozen=True, rename="camel"):
    """How the study is designed."""

    allocation: str | None = None
    intervention_model: str | None = None
    intervention_model_description: str | None = None
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking_info: Masking = Masking()


class Enrollment(msgspec.Struct, frozen=True, rename="camel"):
    """How many people take part, counted or planned."""

    count: Count = None
    type: str | None = None


class BioSpecimen(msgspec.Struct, frozen=True, rename="camel"):
    """Samples that are kept."""

    retention: str | None = None
    description: str | None = None


class ExpandedAccessTypes(msgspec.Struct, frozen=True, rename="camel"):
    """For whom an expanded-access record is."""

    individual: bool | None = None
    intermediate: bool | None = None
    treatment: bool | None = None


class Design(msgspec.Struct, frozen=True, rename="camel"):
    """Type, phase and design."""

    study_type: str | None = None
    n_ptrs_to_this_exp_acc_nct_id: Count = None
    expanded_access_types: ExpandedAccessTypes | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    phases: tuple[str, ...] = ()
    design_info: DesignInfo = DesignInfo()
    bio_spec: BioSpecimen | None = None
    enrollment_info: Enrollment = Enrollment()


class Arm(msgspec.Struct, frozen=True, rename="camel"):
    """A group of participants."""

    label: str | None = None
    type: str | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


class Intervention(msgspec.Struct, frozen=True, rename="camel"):
    """What is done or given."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    arm_group_labels: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, rename="camel"):
    """What the study measures, and when."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


class Outcomes(msgspec.Struct, frozen=True, rename="camel"):
    """The planned outcomes by rank."""

    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()


class Eligibility(msgspec.Struct, frozen=True, rename="camel"):
    """Who may join. A missing age limit is no limit."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    gender_based: bool | None = None
    gender_description: str | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    std_ages: tuple[str, ...] = ()
    study_population: str | None = None
    sampling_method: str | None = None


class Contact(msgspec.Struct, frozen=True, rename="camel"):
    """A person or desk to ask."""

    name: str | None = None
    role: str | None = None
    phone: str | None = None
    phone_ext: str | None = None
    email: str | None = None


class Official(msgspec.Struct, frozen=True, rename="camel"):
    """A person who carries responsibility for the study."""

    name: str | None = None
    affiliation: str | None = None
    role: str | None = None


class GeoPoint(msgspec.Struct, frozen=True):
    """Where a site is, in degrees (WGS 84)."""

    lat: float
    lon: float


class Site(msgspec.Struct, frozen=True, rename="camel"):
    """A place where the study is done."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    contacts: tuple[Contact, ...] = ()
    geo_point: GeoPoint | None = None


class ContactsSites(msgspec.Struct, frozen=True, rename="camel"):
    """People and places."""

    central_contacts: tuple[Contact, ...] = ()
    overall_officials: tuple[Official, ...] = ()
    locations: tuple[Site, ...] = ()


class Retraction(msgspec.Struct, frozen=True, rename="camel"):
    """A publication's retraction."""

    pmid: str | None = None
    source: str | None = None


class Reference(msgspec.Struct, frozen=True, rename="camel"):
    """A publication."""

    pmid: str | None = None
    type: str | None = None
    citation: str | None = None
    retractions: tuple[Retraction, ...] = ()


class Link(msgspec.Struct, frozen=True, rename="camel"):
    """A page that the registrant names."""

    label: str | None = None
    url: str | None = None


class AvailableData(msgspec.Struct, frozen=True, rename="camel"):
    """Data or documents that can be had elsewhere."""

    id: str | None = None
    type: str | None = None
    url: str | None = None
    comment: str | None = None


class References(msgspec.Struct, frozen=True, rename="camel"):
    """Publications, links and data."""

    references: tuple[Reference, ...] = ()
    see_also_links: tuple[Link, ...] = ()
    avail_ipds: tuple[AvailableData, ...] = ()


class DataSharing(msgspec.Struct, frozen=True, rename="camel"):
    """The plan to share individual participant data (IPD)."""

    ipd_sharing: str | None = None
    description: str | None = None
    info_types: tuple[str, ...] = ()
    time_frame: str | None = None
    access_criteria: str | None = None
    url: str | None = None


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """A document that the registry holds."""

    type_abbrev: str | None = None
    has_protocol: bool | None = None
    has_sap: bool | None = None
    has_icf: bool | None = None
    label: str | None = None
    date: PartialDate | None = None
    upload_date: str | None = None
    filename: str | None = None
    size: Count = None


class MeshTerm(msgspec.Struct, frozen=True, rename="camel"):
    """A term of the Medical Subject Headings."""

    id: str | None = None
    term: str | None = None


class Demonstration(msgspec.Struct, frozen=True, rename="camel"):
    """The mark of a record that we wrote; no registry holds it."""

    notice: str
    modelled_on: str


class Status(msgspec.Struct, frozen=True, rename="camel"):
    """Recruitment status and the record's dates."""

    status_verified_date: PartialDate | None = None
    overall_status: str | None = None
    last_known_status: str | None = None
    delayed_posting: bool | None = None
    why_stopped: str | None = None
    expanded_access_info: ExpandedAccess | None = None
    start_date_struct: DateStruct = DateStruct()
    primary_completion_date_struct: DateStruct = DateStruct()
    completion_date_struct: DateStruct = DateStruct()
    study_first_submit_date: PartialDate | None = None
    study_first_submit_qc_date: PartialDate | None = None
    study_first_post_date_struct: DateStruct = DateStruct()
    results_waived: bool | None = None
    results_first_submit_date: PartialDate | None = None
    results_first_submit_qc_date: PartialDate | None = None
    results_first_post_date_struct: DateStruct = DateStruct()
    disp_first_submit_date: PartialDate | None = None
    disp_first_submit_qc_date: PartialDate | None = None
    disp_first_post_date_struct: DateStruct = DateStruct()
    last_update_submit_date: PartialDate | None = None
    last_update_post_date_struct: DateStruct = DateStruct()


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """One study as a registry holds it."""

    number: str
    aliases: tuple[str, ...] = ()
    title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: Organization = Organization()
    org_id: Identifier = Identifier()
    secondary_ids: tuple[Identifier, ...] = ()
    status: Status = Status()
    responsible_party: ResponsibleParty | None = None
    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor, ...] = ()
    oversight: Oversight = Oversight()
    summary: str | None = None
    description: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_terms: tuple[MeshTerm, ...] = ()
    condition_ancestors: tuple[MeshTerm, ...] = ()
    intervention_terms: tuple[MeshTerm, ...] = ()
    intervention_ancestors: tuple[MeshTerm, ...] = ()
    design: Design = Design()
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: Outcomes = Outcomes()
    eligibility: Eligibility = Eligibility()
    contacts: tuple[Contact, ...] = ()
    officials: tuple[Official, ...] = ()
    sites: tuple[Site, ...] = ()
    references: References = References()
    sharing: DataSharing | None = None
    has_results: bool | None = None
    results: Results | None = None
    documents: tuple[Document, ...] = ()
    removed_countries: tuple[str, ...] = ()
    demonstration: Demonstration | None = None

    @property
    def updated(self) -> PartialDate | None:
        """When the registry last posted a change, or, in old files, when it was sent one."""
        return self.status.last_update_post_date_struct.date or self.status.last_update_submit_date

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of its sites, in order of first mention."""
        return tuple(dict.fromkeys(site.country for site in self.sites if site.country))
