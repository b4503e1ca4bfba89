"""
The layout of a MedDataX page: its headings, labels and marker lines, and its sections.

::

    page     = head section*
    section  = heading explainer? paragraph*
    heading  = one of HEADINGS, alone on its line

The explainer, one sentence to the reader, is the page's and not the study's. Three rules
keep the two apart, in either direction:

1. It is told by its shape (:func:`is_explainer`), and it is the first line below a heading.
2. It is dropped only on a page that explains itself: one where at least half the headings
   that stand over rows and lists have one below them. (The headings over running text have no say:
   there such a sentence may be the study's own.)
3. On such a page, a heading without its explainer opens no section inside running text, nor
   where the same heading stands elsewhere with it: "Study Design" may be a line of a
   detailed description. On a page without explainers, inside running text, the last
   occurrence of a heading opens the section.

A row label outside running text goes to the section where it is at home, so a page that
lost a heading is still read. On a page that explains itself, a short line above an
explainer is a heading that this reader does not know, unless it stands in running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from equipoise.sources.page_text import Paragraph, split_paragraphs

# Each heading, and the piece that takes the mark for what is not understood below it.
HEADINGS = {
    "Study Results": "HasResults",
    "Basic Information": "StatusModule",
    "Brief Summary": "BriefSummary",
    "Detailed Description": "DetailedDescription",
    "Conditions": "Condition",
    "Study Design": "DesignInfo",
    "Study Groups": "ArmGroup",
    "Interventions": "Intervention",
    "Eligibility Criteria": "EligibilityModule",
    "Sponsors": "SponsorCollaboratorsModule",
    "Responsible Party": "ResponsibleParty",
    "Principal Investigators": "OverallOfficial",
    "Locations": "Location",
    "Countries": "LocationCountry",
    "Central Contacts": "CentralContact",
    "Facility Contacts": "LocationContact",
    "References": "Reference",
    "Other Identifiers": "SecondaryIdInfo",
    "More Related Trials": "ProtocolSection",
}
# Each row label, and the section where it is at home. "Observational Model" and "Time
# Perspective" are columns of AACT, from which the site draws; no page has shown them yet.
LABELS = {
    "Recruitment Status": "Basic Information",
    "Clinical Phase": "Basic Information",
    "Total Enrollment": "Basic Information",
    "Study Classification": "Basic Information",
    "Study Start Date": "Basic Information",
    "Study Completion Date": "Basic Information",
    "Allocation Method": "Study Design",
    "Intervention Model": "Study Design",
    "Primary Study Purpose": "Study Design",
    "Blinding Strategy": "Study Design",
    "Observational Model": "Study Design",
    "Time Perspective": "Study Design",
    "Minimum Eligible Age": "Eligibility Criteria",
    "Maximum Eligible Age": "Eligibility Criteria",
    "Eligible Sex": "Eligibility Criteria",
    "Accepts Healthy Volunteers": "Eligibility Criteria",
}
NO_INTERVENTIONS = "No interventions assigned to this group"

_MARKER = re.compile(
    r"(?:Group Type|Intervention Type|Site Status|Sponsor Role|Responsibility Role|Reference Type) \S.*"
    r"|(?:Role|PMID|Identifier [A-Z][a-z]+|NCT ID|Last Updated):.*"
    rf"|NCT\d{{8}}\b.*|{NO_INTERVENTIONS}|Results pending|(?:Inclusion|Exclusion) Criteria:?",
    re.ASCII,
)
NARRATIVE = ("Brief Summary", "Detailed Description")
_RUNNING = ("", *NARRATIVE, "Study Groups", "Interventions", "Eligibility Criteria")
_TO_THE_READER = frozenset(
    [
        "Additional",
        "Browse",
        "Check",
        "Compare",
        "Consult",
        "Discover",
        "Dive",
        "Explore",
        "Find",
        "Get",
        "Identify",
        "Know",
        "Learn",
        "Look",
        "Meet",
        "Reach",
        "Read",
        "Review",
        "See",
        "Understand",
        "View",
    ]
)


def is_explainer(line: str) -> bool:
    """
    Return whether *line* has the shape of the page's own sentence below a heading.

    ``explainer = opening (" " word){5,39} "."``: one line, one sentence, opened by a word
    that tells the reader what to do there.

    >>> is_explainer("Learn who pays for the study and in what role they do so.")
    True
    >>> is_explainer("Learn more."), is_explainer("Patients review the diary. Nurses help.")
    (False, False)
    """
    words = line.split(" ")
    return (
        words[0] in _TO_THE_READER
        and 6 <= len(words) <= 40
        and line.endswith(".")
        and not re.search(r"[.!?]\s|\n", line)
    )


class Sections(msgspec.Struct, frozen=True):
    """The paragraphs below each heading; those above the first stand under ``""``.

    ``explains`` says whether the page explains its sections to the reader.
    """

    below: Mapping[str, list[Paragraph]]
    explains: bool

    def __getitem__(self, heading: str) -> list[Paragraph]:
        return self.below.get(heading, [])

    def unknown(self) -> Iterator[tuple[str, list[Paragraph]]]:
        """Yield each heading that this reader does not know, with what stands below it."""
        for heading, paragraphs in self.below.items():
            if heading and heading not in HEADINGS:
                yield heading, paragraphs


def _stands_alone(line: str, previous: str) -> bool:
    if line in HEADINGS or line in LABELS or _MARKER.fullmatch(line):
        return True
    return previous in HEADINGS and is_explainer(line)


def _explained(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Return whether the heading at this place has its explainer, or its fixed state, below it."""
    if at + 1 == len(paragraphs):
        return False
    below = paragraphs[at + 1].text.strip()
    return is_explainer(below) or (paragraphs[at].plain == "Study Results" and below.startswith("Results "))


def _is_unknown_heading(paragraphs: Sequence[Paragraph], at: int) -> bool:
    line = paragraphs[at].text.strip()
    return (
        paragraphs[at].gap
        and len(line) <= 60
        and not line.endswith((".", ":", ";", ","))
        and not _stands_alone(line, "")
        and "\n" not in line
        and paragraphs[at - 1].plain not in HEADINGS
        and _explained(paragraphs, at)
    )


class _Headings:
    """The lines of a page that may be headings, and which of them open a section."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.known = {at: p.plain for at, p in enumerate(paragraphs) if p.plain in HEADINGS}
        self.explained = {at for at in self.known if _explained(paragraphs, at)}
        self.explained_names = {self.known[at] for at in self.explained}
        self.last = {name: at for at, name in self.known.items()}
        voters = [at for at, name in self.known.items() if name not in ("Study Results", *NARRATIVE)]
        self.explains = bool(voters) and 2 * len(self.explained.intersection(voters)) >= len(voters)

    def open(self, at: int, section: str) -> bool:
        """Return whether the line at this place opens a section, within *section*."""
        if at not in self.known:
            return self.explains and section not in _RUNNING and _is_unknown_heading(self.paragraphs, at)
        if at in self.explained:
            return True
        name = self.known[at]
        if self.explains:
            return section not in NARRATIVE and name not in self.explained_names
        return section not in NARRATIVE or at == self.last[name]


def read_sections(lines: Sequence[str]) -> Sections:
    """Return the sections of a page; see the grammar above."""
    paragraphs = split_paragraphs(lines, _stands_alone)
    headings = _Headings(paragraphs)
    below: dict[str, list[Paragraph]] = {"": []}
    section, opened = "", False
    for at, paragraph in enumerate(paragraphs):
        label = paragraph.plain
        if headings.open(at, section):
            section, opened = label, True
            below.setdefault(section, [])
            continue
        if opened and headings.explains and is_explainer(paragraph.text.strip()):
            opened = False
            continue
        if section not in NARRATIVE:
            section = LABELS.get(label, section)
        below.setdefault(section, []).append(paragraph)
        opened = False
    return Sections(below, headings.explains)
