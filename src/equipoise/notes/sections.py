"""
The sections of a note: what a heading says of the text below it, until the next heading or until the story goes on.

::

    heading = ("Past medical history" | "PMH" | "FH" | "Medications" | "Allergies" | "Plan" …) ":"
"""

from __future__ import annotations

import re
from typing import Literal, cast

import msgspec

SectionKind = Literal[
    "past", "operations", "once", "family", "social", "drugs", "allergies", "problems", "plan", "other"
]

_HEADINGS: tuple[tuple[SectionKind, str], ...] = (
    ("family", r"family(?: medical)?(?: history| hx)?|FHx?|FamHx"),
    (
        "past",
        r"past medical(?: and surgical)? history|PMHx?|medical history|past history|PMH/PSH|past medical hx|"
        r"other medical problems|comorbidities|past hx|PHx|Hx",
    ),
    # Where none is named, no disease is denied.
    (
        "operations",
        r"(?:past )?(?:surgical|psychiatric|obstetric|gyna?ecological) history|PSHx?|OB history",
    ),
    (
        # What is taken no more, and what was done before.
        "once",
        r"(?:stop(?:ped)?|discontinued?|held|hold|past|previous|prior)(?: taking)?(?: home)?(?: (?:medications?|meds|"
        r"medicines|therap(?:y|ies)|treatments?|regimens?|lines))?|"
        r"(?:medications?|meds|medicines) (?:stopped|discontinued|held|to stop)",
    ),
    ("social", r"social history|SHx?|SocHx|habits|social"),
    (
        "drugs",
        r"(?:current |home |discharge |outpatient |regular |active )?(?:medications?|meds)(?: on admission| at home|"
        r" list)?|"
        r"current treatment|drug history|DHx?",
    ),
    ("allergies", r"(?:drug )?allergies(?: and adverse reactions)?|allergy"),
    (
        "plan",
        r"plan|recommendations?|follow(?:-| )?up(?: plan)?|f/u|dispo(?:sition)?|to do|planned|return precautions|"
        r"patient education|instructions",
    ),
    ("problems", r"(?:assessment|impression)(?: and |\s?[/&]\s?)plan|A\s?[/&]\s?P"),
    (
        "other",
        r"history of present illness|HPI|chief complaint|CC|physical exam(?:ination)?|PE|on exam|"
        r"vital signs|vitals|VS|micro(?:biology)?|code status|vent|ED course|MDM|O/E|"
        r"lab(?:oratory)?s?(?: results| data| studies)?|imaging|assessment|impression|review of systems|ROS|"
        r"hospital course|diagnos[ie]s|final diagnosis|indication|reason for (?:visit|referral|admission)|course|"
        r"pathology|procedures?|examination|exam|studies|results|findings|history",
    ),
)
_HEADING = re.compile(
    "|".join(rf"(?P<{kind}>{words})" for kind, words in _HEADINGS).join(
        (r"(?:(?<=^)|(?<=\n)|(?<=[.;] )|(?<=\s))(?:\d{1,2}[.)]\s*)?(?:", r")(?:\s*:(?!\d)|\s[-–](?=\s))")
    ),
    re.IGNORECASE,
)
# The story goes on: a sentence about the patient that no list of past diseases has in it.
_STORY = re.compile(
    r"(?<=[.!?])\s+(?=(?:He|She|They|The patient|Patient|Pt|On (?:admission|exam|arrival)|Physical exam|Today|"
    r"In the|Upon|An? \d|Vital|Labs?|Laboratory)\b)|\n\s*\n"
)

# "Prior: docetaxel, radiotherapy." says it of one sentence.
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n\s*\n")


class Section(msgspec.Struct, frozen=True):
    """A stretch of a note below one heading; ``body`` is where the heading ends."""

    kind: SectionKind
    start: int
    body: int
    end: int


def sections(text: str) -> list[Section]:
    """
    Return the sections of a note that have a heading.

    >>> [(one.kind, one.start, one.end) for one in sections("Fever. PMH: asthma, gout. She has cough.")]
    [('past', 7, 25)]
    """
    heads = [one for one in _HEADING.finditer(text) if _is_heading(text, one)]
    ends = [*(one.start() for one in heads), len(text)][1:]
    found = []
    for head, limit in zip(heads, ends, strict=True):
        kind = cast("SectionKind", head.lastgroup)  # the pattern's groups are named by the kinds
        ends_at = _SENTENCE if kind == "once" else _STORY
        story = ends_at.search(text, head.end(), limit) if text[head.end() : limit].strip() else None
        found.append(Section(kind, head.start(), head.end(), story.start() if story else limit))
    return found


def _is_heading(text: str, found: re.Match[str]) -> bool:
    """Return whether a heading stands where one may: short ones in capitals, or at the beginning of a line."""
    words = found[0].rstrip(":-– \t\n")
    at_line = found.start() == 0 or text[found.start() - 1] == "\n" or text[: found.start()].rstrip()[-1:] in ".;:"
    return at_line or (words[:1].isupper() and found[0].endswith(":"))


def section_at(found: list[Section], place: int) -> SectionKind:
    """Return the kind of the section that a place in the note lies in."""
    return next((one.kind for one in found if one.start <= place < one.end), "other")
