"""
The text of a MedDataX page, one study a page.

::

    page     = head section*
    head     = title field*
    field    = "NCT ID:" number | "Last Updated:" date

Sections are told apart in :mod:`equipoise.sources.meddatax_layout`. Each function here reads
one section, and its docstring is the section's grammar; groups, people and places have
modules of their own. What no rule reads is marked ``as shown`` with its words: nothing that the page
says is lost, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from equipoise.errors import RecordError
from equipoise.records.sidecar import ListedTrial
from equipoise.sources.draft import Draft
from equipoise.sources.incoming import Incoming
from equipoise.sources.meddatax_groups import read_groups
from equipoise.sources.meddatax_layout import (
    HEADINGS,
    LABELS,
    NARRATIVE,
    Sections,
    is_explainer,
    read_sections,
)
from equipoise.sources.meddatax_people import read_people_and_places
from equipoise.sources.page_text import (
    Paragraph,
    count_lines,
    finish,
    is_blank,
    join_paragraphs,
    mark_unread,
    put_value,
    read_age_limit,
    read_count,
    read_date,
    read_enum,
    read_lines,
    read_phases,
    read_yes_no,
    segments,
)

# Lines that other texts about studies hardly hold: three of them make a MedDataX page.
_SIGNATURE = (
    "Study Results",
    "Basic Information",
    "Recruitment Status",
    "Clinical Phase",
    "Total Enrollment",
    "Study Classification",
    "Allocation Method",
    "Primary Study Purpose",
    "Blinding Strategy",
    "Study Groups",
    "Minimum Eligible Age",
    "Eligible Sex",
    "Accepts Healthy Volunteers",
    "Facility Contacts",
    "Other Identifiers",
    "More Related Trials",
)
_ROWS: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "Clinical Phase": ("Phase", read_phases),
    "Total Enrollment": ("EnrollmentCount", read_count),
    "Study Classification": ("StudyType", read_enum),
    "Study Start Date": ("StartDate", read_date),
    "Study Completion Date": ("CompletionDate", read_date),
    "Allocation Method": ("DesignAllocation", read_enum),
    "Intervention Model": ("DesignInterventionModel", read_enum),
    "Primary Study Purpose": ("DesignPrimaryPurpose", read_enum),
    "Blinding Strategy": ("DesignMasking", read_enum),
    "Observational Model": ("DesignObservationalModel", read_enum),
    "Time Perspective": ("DesignTimePerspective", read_enum),
    "Minimum Eligible Age": ("MinimumAge", read_age_limit),
    "Maximum Eligible Age": ("MaximumAge", read_age_limit),
    "Eligible Sex": ("Sex", read_enum),
    "Accepts Healthy Volunteers": ("HealthyVolunteers", read_yes_no),
}
# The page's words for the masked parties, a closed vocabulary, so that a run of them splits surely.
_PARTIES = {
    "Participants": "PARTICIPANT",
    "Caregivers": "CARE_PROVIDER",
    "Investigators": "INVESTIGATOR",
    "Outcome Assessors": "OUTCOMES_ASSESSOR",
}
_PARTY = re.compile("|".join(_PARTIES))
_MASKED = re.compile(rf"(?:{_PARTY.pattern})(?:,? (?:{_PARTY.pattern}))*")
_CONSTANT = re.compile(r"[A-Z][A-Z_]+")
_NUMBER = re.compile(r"NCT\d{8}\b", re.ASCII)
_FIELD = re.compile(r"(NCT ID|Last Updated): ?(.*)")
_REFERENCE_ROW = re.compile(r"Reference (Type) (\S.*)|(PMID): ?(\d*).*", re.ASCII)
_IDENTIFIER_ROW = re.compile(r"Identifier ([A-Z][a-z]+): ?(.*)", re.ASCII)
_RELATED = re.compile(r"(NCT\d{8})\b(.*)", re.ASCII)


class MeddataxPage:
    """The text of one MedDataX page."""

    name = "meddatax"
    title = "MedDataX page, as text"

    def recognises(self, data: bytes) -> bool:
        """Return whether at least three of the page's fixed lines stand in *data*."""
        return count_lines(data, _SIGNATURE) >= 3

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield the study that the page shows, or why it was not read."""
        try:
            page = read_sections(read_lines(data))
        except UnicodeDecodeError:
            yield RecordError("Not UTF-8 text", where=origin, next="Save the page as UTF-8 text.")
            return
        fields, page = _take_fields(page)
        number = _NUMBER.search(fields.get("NCT ID", ""))
        if not number:
            yield RecordError(
                "No NCT number on this MedDataX page",
                where=origin,
                next="Save the whole page as text, with its line “NCT ID:”, and load it again.",
            )
            return
        draft = Draft()
        draft.put("NCTId", number[0])
        _read_head(draft, page, fields)
        for read_section in _READERS:
            read_section(draft, page)
        yield finish(draft, origin, source=self.name)


def _take_fields(page: Sections) -> tuple[dict[str, str], Sections]:
    """
    Read ``field = name ":" value``, the value on the same line or the next; return the page without them.

    A field is taken wherever it stands, but from running text.
    """
    fields: dict[str, str] = {}
    below: dict[str, list[Paragraph]] = {}
    waiting = ""
    for heading, paragraphs in page.below.items():
        rest = below[heading] = []
        for paragraph in paragraphs:
            hit = None if heading in NARRATIVE else _FIELD.fullmatch(paragraph.plain)
            if waiting and not hit:
                fields[waiting] = paragraph.plain
                waiting = ""
            elif hit and not fields.get(hit[1]):
                fields[hit[1]] = hit[2]
                waiting = "" if hit[2] else hit[1]
                if rest and not heading:
                    fields.setdefault("title", rest.pop().plain)
            else:
                rest.append(paragraph)
    return fields, Sections(below, page.explains)


def _read_head(draft: Draft, page: Sections, fields: dict[str, str]) -> None:
    """Read ``head = title field*``; the title stands right above the first field."""
    rest = page[""]
    if "title" not in fields and rest:
        fields["title"], rest = rest[0].plain, rest[1:]
    draft.put("BriefTitle", fields.get("title"))
    put_value(draft, "LastUpdatePostDate", fields.get("Last Updated", ""), read_date)
    mark_unread(draft, "ProtocolSection", rest)


def _read_results(draft: Draft, page: Sections) -> None:
    """Read ``results = "Results pending" sentence? | state``; the sentence is the page's own."""
    state, *rest = [*page["Study Results"]] or [Paragraph("")]
    if state.plain == "Results pending":
        draft.put("HasResults", False)
        rest = rest[1:] if rest and rest[0].plain.endswith(".") else rest
    elif state.plain:
        note = f"The page says of results: {state.plain}. The results themselves are not on it."
        draft.mark("HasResults", "as shown", note)
    mark_unread(draft, "HasResults", rest)


def _rows(page: Sections, heading: str) -> dict[str, list[Paragraph]]:
    """Read ``above (label value*)*``; what stands above the first label is under ``""``."""
    rows: dict[str, list[Paragraph]] = {"": []}
    label = ""
    for paragraph in page[heading]:
        if LABELS.get(paragraph.plain) == heading:
            label = paragraph.plain
            rows.setdefault(label, [])
        else:
            rows[label].append(paragraph)
    return rows


def _put_rows(draft: Draft, rows: dict[str, list[Paragraph]]) -> dict[str, list[Paragraph]]:
    """Put the first value of each row; return what else stands there."""
    extra = {}
    for label, values in rows.items():
        if label in _ROWS and values:
            piece, read = _ROWS[label]
            put_value(draft, piece, values[0].plain, read)
        extra[label] = values[1:] if label in _ROWS else values
    return extra


def _mark_extra(draft: Draft, heading: str, extra: dict[str, list[Paragraph]]) -> None:
    for label, paragraphs in extra.items():
        mark_unread(draft, _ROWS[label][0] if label in _ROWS else HEADINGS[heading], paragraphs)


def _read_basics(draft: Draft, page: Sections) -> None:
    """Read ``basics = (label value)*``; a status that is none of the registry's is kept as coarse."""
    rows = _rows(page, "Basic Information")
    status, *rest = [*rows.pop("Recruitment Status", [])] or [Paragraph("")]
    if status.plain and not is_blank(status.plain) and read_enum("OverallStatus", status.plain) is None:
        draft.coarse_status = status.plain
    put_value(draft, "OverallStatus", status.plain)
    mark_unread(draft, "OverallStatus", rest)
    _mark_extra(draft, "Basic Information", _put_rows(draft, rows))


def _read_narrative(draft: Draft, page: Sections) -> None:
    """Put the running texts as they stand: they are CommonMark, as the registry publishes them."""
    for heading in NARRATIVE:
        paragraphs = page[heading]
        draft.put(HEADINGS[heading], join_paragraphs(paragraphs))
        if paragraphs and not page.explains and is_explainer(paragraphs[0].text.strip()):
            note = "The first sentence may be the page's own and not the study's."
            draft.mark(HEADINGS[heading], "as shown", note)


def _read_conditions(draft: Draft, page: Sections) -> None:
    """Read ``conditions = condition*``, a line each; the page joins several on one line."""
    conditions = [paragraph.plain for paragraph in page["Conditions"]]
    draft.put("Condition", conditions)
    for condition in conditions:
        if " " in condition:
            note = (
                f"“{condition}” may be more than one condition:"
                " the page joins conditions, and where one ends cannot be known."
            )
            draft.mark("Condition", "as shown", note)


def _read_design(draft: Draft, page: Sections) -> None:
    """
    Read ``design = (label value note*)*``.

    A note below the intervention model is its description. Below the blinding strategy,
    ``parties = party (" " party)*`` are who is masked, and any other note its description.
    """
    extra = _put_rows(draft, _rows(page, "Study Design"))
    notes, unknown = _part_notes(extra.pop("Intervention Model", []))
    draft.put("DesignInterventionModelDescription", join_paragraphs(notes))
    below, more = _part_notes(extra.pop("Blinding Strategy", []))
    parties = [one.plain for one in below if _MASKED.fullmatch(one.plain)]
    masked = [_PARTIES[party] for party in _PARTY.findall("\n".join(parties))]
    draft.put("DesignWhoMasked", list(dict.fromkeys(masked)))
    if len(masked) > len(parties):
        note = "The page joins the masked parties; they were split by their names."
        draft.mark("DesignWhoMasked", "mended", note)
    notes = [one for one in below if not _MASKED.fullmatch(one.plain)]
    draft.put("DesignMaskingDescription", join_paragraphs(notes))
    if notes:
        note = "The page shows this below the masking, without a label."
        draft.mark("DesignMaskingDescription", "inferred", note)
    _mark_extra(draft, "Study Design", {**extra, "": [*extra[""], *unknown, *more]})


def _part_notes(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Part notes from rows with a label that is not known; a constant is a row's value."""
    for at, paragraph in enumerate(paragraphs):
        if at and _CONSTANT.fullmatch(paragraph.plain):
            return list(paragraphs[: at - 1]), list(paragraphs[at - 1 :])
    return list(paragraphs), []


def _read_eligibility(draft: Draft, page: Sections) -> None:
    """
    Read ``eligibility = criteria (label value)*``.

    The criteria stay as they stand, for they are CommonMark; their two headings get the
    colon that the registry writes.
    """
    rows = _rows(page, "Eligibility Criteria")
    criteria: list[Paragraph] = []
    below_heading = False
    for paragraph in rows.pop(""):
        heading = re.fullmatch(r"((?:In|Ex)clusion Criteria):?", paragraph.plain)
        shown = f"{heading[1]}:" if heading else paragraph.text
        criteria.append(Paragraph(shown, paragraph.gap or below_heading or bool(heading)))
        below_heading = bool(heading)
    draft.put("EligibilityCriteria", join_paragraphs(criteria))
    _mark_extra(draft, "Eligibility Criteria", _put_rows(draft, rows))


def _records(paragraphs: Sequence[Paragraph], row: re.Pattern[str]) -> list[dict[str, str]]:
    """Read ``record = text row*`` into the text (under ``""``) and the rows' values by name.

    A row that the record already has opens the next one.
    """
    records: list[dict[str, str]] = []
    for paragraph in paragraphs:
        hit = row.fullmatch(paragraph.plain)
        name, value = [part for part in hit.groups() if part is not None] if hit else ("", paragraph.plain)
        if not records or name in records[-1] or not name:
            records.append({})
        records[-1][name] = value
    return records


def _read_references(draft: Draft, page: Sections) -> None:
    """Read ``reference = citation ("Reference Type" type)? ("PMID:" number)?``."""
    references = []
    for record in _records(page["References"], _REFERENCE_ROW):
        entry = {
            "pmid": record.get("PMID"),
            "type": read_enum("ReferenceType", record["Type"]) if "Type" in record else None,
            "citation": record.get(""),
        }
        references.append({name: value for name, value in entry.items() if value})
    draft.put("Reference", references)


def _read_identifiers(draft: Draft, page: Sections) -> None:
    """
    Read ``identifier = value ("Identifier" name ":" value)*``.

    The source says which it is: ``org_study_id``, ``secondary_id`` or ``nct_alias``.
    """
    found: dict[str, list[dict[str, str]]] = {"org_study_id": [], "secondary_id": [], "nct_alias": []}
    for record in _records(page["Other Identifiers"], _IDENTIFIER_ROW):
        held = found.get(record.get("Source", ""))
        if held is None or "" not in record or (held and held is found["org_study_id"]):
            says = ", ".join(f"{name or 'value'} {value}" for name, value in record.items())
            draft.mark("SecondaryIdInfo", "as shown", f"Not understood; the page shows an identifier: {says}")
            continue
        entry = {"id": record[""]}
        if not is_blank(record.get("Type", "")):
            entry["type"] = read_enum("SecondaryIdType", record["Type"]) or record["Type"]
        for name in ("Domain", "Link"):
            if not is_blank(record.get(name, "")):
                entry[name.lower()] = record[name]
        held.append(entry)
    draft.put("OrgStudyIdInfo", found["org_study_id"][0] if found["org_study_id"] else None)
    draft.put("SecondaryIdInfo", found["secondary_id"])
    draft.put("NCTIdAlias", [entry["id"] for entry in found["nct_alias"]])


def _read_related(draft: Draft, page: Sections) -> None:
    """Read ``related = title* number status? phases?``, as the page offers them."""
    for above, hit in segments(page["More Related Trials"], _RELATED):
        if not hit:
            mark_unread(draft, "ProtocolSection", above)
            continue
        words = hit[2].split()
        phases = read_phases("Phase", words[-1]) if words else None
        status = " ".join(words[:-1] if phases else words)
        title = " ".join(paragraph.plain for paragraph in above)
        status_value = read_enum("OverallStatus", status) or status or None
        draft.related.append(ListedTrial(title, hit[1], status_value, tuple(phases or ())))


def _read_unknown(draft: Draft, page: Sections) -> None:
    """Mark the sections that this reader does not know, each with what it says."""
    for heading, paragraphs in page.unknown():
        note = f"Not understood; the page's section “{heading}” says: {join_paragraphs(paragraphs)}"
        draft.mark("ProtocolSection", "as shown", note)


_READERS = (
    _read_results,
    _read_basics,
    _read_narrative,
    _read_conditions,
    _read_design,
    read_groups,
    _read_eligibility,
    read_people_and_places,
    _read_references,
    _read_identifiers,
    _read_related,
    _read_unknown,
)
