"""
A study's page: one record that the web renders, the API serialises and the command line prints.

What matters comes first: whether it is open, the phase, who may join, the primary outcome,
where. Each text stands once; what no section shows is under *remaining*, so that nothing
that was published stays unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from equipoise.criteria.records import Criterion
from equipoise.find.advice import not_said_elsewhere, read_advice
from equipoise.find.advice_record import Advice
from equipoise.find.arms import Matrix, matrix
from equipoise.find.citations import Citation, read_citations
from equipoise.find.contacts import People, read_people
from equipoise.find.criteria import CriteriaView, read_view
from equipoise.find.criteria_faults import find_faults
from equipoise.find.facts import Fact, Word, date_words, plural, word, words
from equipoise.find.full_record import Node, full_record
from equipoise.find.grade import Reading, read_grade
from equipoise.find.identifiers import IdentifierView, document_url, read_identifiers, safe_url
from equipoise.find.markup import plain
from equipoise.find.related import RelatedStudy
from equipoise.find.results import ResultsView, results_view
from equipoise.find.rows import (
    date_rows,
    design_rows,
    eligibility_rows,
    enrollment_words,
    oversight_rows,
    responsible_rows,
    sharing_rows,
)
from equipoise.find.status import OPEN, StatusView, status_view
from equipoise.records.sidecar import ListedTrial, Mark, Sidecar
from equipoise.records.study import Demonstration, MeshTerm, Outcome, Sponsor, Study
from equipoise.store.library import Record
from equipoise.terms.countries import in_running_text
from equipoise.terms.fields import field

# What the sections of a page show; the rest of a record is shown under "remaining".
_SHOWN_PIECES = (
    "NCTId", "NCTIdAlias", "OrgStudyIdInfo", "SecondaryIdInfo", "BriefTitle", "OfficialTitle", "Acronym",
    "OverallStatus", "LastKnownStatus", "StatusVerifiedDate", "WhyStopped", "ExpandedAccessInfo",
    "StartDateStruct", "PrimaryCompletionDateStruct", "CompletionDateStruct", "StudyFirstPostDateStruct",
    "StudyFirstSubmitDate",
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
    criteria: CriteriaView
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
    related_studies: tuple[RelatedStudy, ...]
    marks: tuple[Mark, ...]
    source: str
    remaining: tuple[Node, ...]
    grade: Reading | None
    advice: tuple[Advice, ...]

    @property
    def questions(self) -> tuple[Advice, ...]:
        """What the page asks of the record as a whole."""
        return not_said_elsewhere(self.advice, criteria=True)


def study_page(
    record: Record, criteria: Sequence[Criterion], today: date, *, related: Sequence[RelatedStudy] = ()
) -> StudyPage:
    """Return the page of a study, whose compiled *criteria* and *related* studies are given, as it reads on *today*."""
    study, sidecar = record.study, record.sidecar or Sidecar()
    text = study.eligibility.eligibility_criteria or ""
    people = read_people(study)
    faults = find_faults(text, criteria, study)
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
        enrollment=enrollment_words(study),
        places=_places(study, people),
        dates=date_rows(study),
        summary=study.summary,
        description=study.description,
        overview=sidecar.overview,
        overview_by=sidecar.overview_by,
        conditions=study.conditions,
        keywords=study.keywords,
        condition_terms=study.condition_terms,
        intervention_terms=study.intervention_terms,
        design=design_rows(study),
        arms=matrix(study),
        primary_outcomes=study.outcomes.primary_outcomes,
        secondary_outcomes=study.outcomes.secondary_outcomes,
        other_outcomes=study.outcomes.other_outcomes,
        criteria=read_view(text, criteria, faults),
        eligibility=eligibility_rows(study),
        people=people,
        sponsors=_sponsors(study),
        responsible=responsible_rows(study),
        oversight=oversight_rows(study),
        citations=read_citations(study),
        links=_links(study),
        sharing=sharing_rows(study),
        documents=_documents(study),
        has_results=study.has_results,
        results_words=_results_words(study),
        results=results_view(study.results) if study.results else None,
        identifiers=read_identifiers(study),
        related=sidecar.related,
        related_studies=tuple(related),
        marks=sidecar.marks,
        source=record.version.source,
        remaining=full_record(record.document, left_out=shown_paths()),
        grade=read_grade("\n".join(plain(said) for said in (study.summary, study.description) if said)),
        advice=read_advice(study, today, faults),
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


def _places(study: Study, people: People) -> Places:
    if not study.sites:
        return Places("No sites listed", "", study.removed_countries)
    countries = study.countries
    where = in_running_text(countries[0]) if len(countries) == 1 else plural(len(countries), "country", "countries")
    count = sum(site.open is True for site in people.sites)
    listed = sum(site.status in OPEN for site in study.sites)
    if count:
        open_words = f"{count:,} recruiting"
    elif listed:
        open_words = f"{listed:,} still listed as recruiting"
    else:
        open_words = "none recruiting" if any(site.status for site in study.sites) else ""
    return Places(f"{plural(len(study.sites), 'site')} in {where}", open_words, study.removed_countries)


def _sponsor(sponsor: Sponsor, role: str, piece: str) -> SponsorLine:
    return SponsorLine(sponsor.name or "Unnamed", role, word(piece, sponsor.class_))


def _sponsors(study: Study) -> tuple[SponsorLine, ...]:
    """Return the sponsors, the lead first."""
    lead = [_sponsor(study.lead_sponsor, "Lead sponsor", "LeadSponsorClass")] if study.lead_sponsor else []
    return (*lead, *(_sponsor(one, "Collaborator", "CollaboratorClass") for one in study.collaborators))


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
