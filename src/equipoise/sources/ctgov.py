"""
ClinicalTrials.gov v2 JSON: one study, an API page, or JSON lines.

The document is kept byte for byte; the structures here only say where the parts of our
:class:`~equipoise.records.study.Study` lie in it, and what is unknown to them passes by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from equipoise.errors import RecordError
from equipoise.records import study as records
from equipoise.records.dates import Age, PartialDate
from equipoise.records.results import Results
from equipoise.sources.incoming import Incoming
from equipoise.sources.json_text import TOO_DEEP, check_text, is_flat

NUMBER = re.compile(r"NCT\d{8}\Z", re.ASCII)


class _Identification(msgspec.Struct, frozen=True, rename="camel"):
    nct_id: str
    nct_id_aliases: tuple[str, ...] = ()
    org_study_id_info: records.Identifier = records.Identifier()
    secondary_id_infos: tuple[records.Identifier, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: records.Organization = records.Organization()


class _Sponsors(msgspec.Struct, frozen=True, rename="camel"):
    responsible_party: records.ResponsibleParty | None = None
    lead_sponsor: records.Sponsor | None = None
    collaborators: tuple[records.Sponsor, ...] = ()


class _Description(msgspec.Struct, frozen=True, rename="camel"):
    brief_summary: str | None = None
    detailed_description: str | None = None


class _Conditions(msgspec.Struct, frozen=True):
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class _ArmsInterventions(msgspec.Struct, frozen=True, rename="camel"):
    arm_groups: tuple[records.Arm, ...] = ()
    interventions: tuple[records.Intervention, ...] = ()


class _Protocol(msgspec.Struct, frozen=True, rename="camel"):
    identification_module: _Identification
    status_module: records.Status = records.Status()
    sponsor_collaborators_module: _Sponsors = _Sponsors()
    oversight_module: records.Oversight = records.Oversight()
    description_module: _Description = _Description()
    conditions_module: _Conditions = _Conditions()
    design_module: records.Design = records.Design()
    arms_interventions_module: _ArmsInterventions = _ArmsInterventions()
    outcomes_module: records.Outcomes = records.Outcomes()
    eligibility_module: records.Eligibility = records.Eligibility()
    contacts_locations_module: records.ContactsSites = records.ContactsSites()
    references_module: records.References = records.References()
    ipd_sharing_statement_module: records.DataSharing | None = None


class _LargeDocuments(msgspec.Struct, frozen=True, rename="camel"):
    large_docs: tuple[records.Document, ...] = ()


class _DocumentSection(msgspec.Struct, frozen=True, rename="camel"):
    large_document_module: _LargeDocuments = _LargeDocuments()


class _Misc(msgspec.Struct, frozen=True, rename="camel"):
    removed_countries: tuple[str, ...] = ()


class _Browse(msgspec.Struct, frozen=True, rename="camel"):
    meshes: tuple[records.MeshTerm, ...] = ()
    ancestors: tuple[records.MeshTerm, ...] = ()


class _Derived(msgspec.Struct, frozen=True, rename="camel"):
    misc_info_module: _Misc = _Misc()
    condition_browse_module: _Browse = _Browse()
    intervention_browse_module: _Browse = _Browse()


class _Outline(msgspec.Struct, frozen=True, rename="camel"):
    protocol_section: _Protocol
    document_section: _DocumentSection = _DocumentSection()
    derived_section: _Derived = _Derived()
    has_results: bool | None = None
    demonstration: records.Demonstration | None = None


class _Wire(_Outline, frozen=True, rename="camel"):
    results_section: Results | None = None


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    studies: list[msgspec.Raw]
    protocol_section: msgspec.Raw | None = None


# A registry has some 10,000 different dates, and each list of results reads 200 of them.
@lru_cache(maxsize=1 << 14)
def _scalar(kind: type[PartialDate | Age], text: str) -> PartialDate | Age:
    return kind(text)


def _decode_scalar(kind: type, value: Any) -> Any:
    if kind in (PartialDate, Age):
        if not isinstance(value, str):
            raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
        return _scalar(kind, value)
    raise NotImplementedError(kind)


_wire = msgspec.json.Decoder(_Wire, dec_hook=_decode_scalar)
_outline = msgspec.json.Decoder(_Outline, dec_hook=_decode_scalar)
_page = msgspec.json.Decoder(_Page)

_NEXT = (
    "The record is not ClinicalTrials.gov v2 JSON as published; fetch it again. The other records of the file are read."
)

_NEXT_PAGE = "The studies before are read. Fetch the page again."


def read_study(document: bytes | msgspec.Raw) -> records.Study:
    """Return the typed view of one v2 document.

    Raises:
        msgspec.ValidationError: a field is missing or of the wrong type; the message names its path.
        msgspec.DecodeError: not JSON.
    """
    wire = _wire.decode(document)
    return _study(wire, wire.results_section)


def read_outline(document: bytes | msgspec.Raw) -> records.Study:
    """Return the typed view of one v2 document without its results, which in some records are most of it.

    Raises:
        msgspec.ValidationError, msgspec.DecodeError: as `read_study` does.
    """
    return _study(_outline.decode(document), None)


def _study(wire: _Outline, results: Results | None) -> records.Study:
    protocol = wire.protocol_section
    named = protocol.identification_module
    if not NUMBER.match(named.nct_id):
        raise msgspec.ValidationError(
            f"Expected a number such as NCT01234567, got {named.nct_id[:30]!r}"
            " - at `$.protocolSection.identificationModule.nctId`"
        )
    return records.Study(
        number=named.nct_id,
        aliases=named.nct_id_aliases,
        title=named.brief_title,
        official_title=named.official_title,
        acronym=named.acronym,
        organization=named.organization,
        org_id=named.org_study_id_info,
        secondary_ids=named.secondary_id_infos,
        status=protocol.status_module,
        responsible_party=protocol.sponsor_collaborators_module.responsible_party,
        lead_sponsor=protocol.sponsor_collaborators_module.lead_sponsor,
        collaborators=protocol.sponsor_collaborators_module.collaborators,
        oversight=protocol.oversight_module,
        summary=protocol.description_module.brief_summary,
        description=protocol.description_module.detailed_description,
        conditions=protocol.conditions_module.conditions,
        keywords=protocol.conditions_module.keywords,
        condition_terms=wire.derived_section.condition_browse_module.meshes,
        condition_ancestors=wire.derived_section.condition_browse_module.ancestors,
        intervention_terms=wire.derived_section.intervention_browse_module.meshes,
        intervention_ancestors=wire.derived_section.intervention_browse_module.ancestors,
        design=protocol.design_module,
        arms=protocol.arms_interventions_module.arm_groups,
        interventions=protocol.arms_interventions_module.interventions,
        outcomes=protocol.outcomes_module,
        eligibility=protocol.eligibility_module,
        contacts=protocol.contacts_locations_module.central_contacts,
        officials=protocol.contacts_locations_module.overall_officials,
        sites=protocol.contacts_locations_module.locations,
        references=protocol.references_module,
        sharing=protocol.ipd_sharing_statement_module,
        has_results=wire.has_results,
        results=results,
        documents=wire.document_section.large_document_module.large_docs,
        removed_countries=wire.derived_section.misc_info_module.removed_countries,
        demonstration=wire.demonstration,
    )


def read_record(document: bytes, origin: str, *, source: str = "ctgov") -> Incoming | RecordError:
    """Return the study in *document*, or the error that says why it was not read."""
    problem = check_text(document)
    if problem:
        return RecordError(problem, where=origin, next=_NEXT)
    try:
        study = read_study(document)
    except msgspec.DecodeError as error:
        return RecordError(str(error), where=origin, next=_NEXT)
    except RecursionError:
        return RecordError(TOO_DEEP, where=origin, next=_NEXT)
    if not is_flat(document):
        return RecordError(TOO_DEEP, where=origin, next=_NEXT)
    return Incoming(document, study, source, origin)


class CtgovJson:
    """v2 JSON: a study, an API page ``{"studies": […]}``, or one study a line."""

    name = "ctgov"
    title = "ClinicalTrials.gov v2 JSON"

    def recognises(self, data: bytes) -> bool:
        """Return whether *data* begins as a JSON object with one of the registry's keys."""
        head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        return head.startswith(b"{") and (
            b'"protocolSection"' in head or b'"studies"' in head or b'"demonstration"' in head
        )

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield each study in *data*; JSON lines are fed line by line."""
        data = data.removeprefix(b"\xef\xbb\xbf").strip()
        try:
            page = _page.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            if isinstance(error, msgspec.ValidationError) and "`$.studies" in str(error):
                yield RecordError(str(error), where=origin, next=_NEXT)
            elif not isinstance(error, msgspec.ValidationError) and _find_studies(data):
                yield from _read_broken_page(data, origin, error)
            else:
                yield read_record(data, origin)
            return
        if page.protocol_section is not None:
            yield read_record(data, origin)
            return
        for count, raw in enumerate(page.studies, 1):
            yield read_record(bytes(raw), f"{origin}, study {count}")


_STUDIES = re.compile(r'"studies"\s*:\s*\[?')
_BETWEEN = re.compile(r"[\s,]*")


def _find_studies(data: bytes) -> re.Match[str] | None:
    """Return where the studies of an API page begin, None if it is a single record."""
    head = data[:4096].decode(errors="replace").partition('"protocolSection"')[0]
    return _STUDIES.search(head)


def _read_broken_page(data: bytes, origin: str, error: Exception) -> Iterator[Incoming | RecordError]:
    """Yield the studies that stand whole before the place where a page is broken, and then the error."""
    text = data.decode(errors="surrogateescape")
    opening = _STUDIES.search(text)
    assert opening is not None, "the caller has found it"
    decoder, count, at = json.JSONDecoder(), 0, opening.end()
    while opening[0].endswith("["):
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        count += 1
        yield read_record(text[at:end].encode(errors="surrogateescape"), f"{origin}, study {count}")
        at = end
    yield RecordError(f"The page is broken after study {count}: {error}", where=origin, next=_NEXT_PAGE)
