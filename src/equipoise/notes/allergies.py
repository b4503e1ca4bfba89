"""
Allergies, by allergen.

::

    none      = "NKDA" | "no known" kind? "allergies" | "allergies" ":" "none"
    allergies = ("allergic to" | "allergy to" | "allergies" ":") allergen (("," | "and" | "or") allergen)*
              | allergen ("allergy" | "allergic" | "hypersensitivity")
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from equipoise.notes.cues import EXCEPT, names_of
from equipoise.notes.drafts import Draft
from equipoise.notes.mentions import lasts
from equipoise.notes.reading import Name, Reading
from equipoise.rules.names import OF_DRUGS

_NONE = re.compile(
    r"\bNKD?A\b|\bno\s+(?:known\s+|positive\s+|history\s+of\s+|reported\s+)*(?:(?:drug|medication|medicine|food|"
    r"environmental|seasonal|other)"
    r"(?:\s*(?:,|/|or|and)\s*(?:drug|medication|food|environmental))*\s+)?allerg(?:ies|"
    r"y)\b(?!\s+to\s+(?!any\b))(?:\s+to any[\w\s]*(?:drugs?|medications?|foods?))?"
    r"|\bden(?:ies|ied)\s+(?:any\s+)?(?:known\s+)?(?:drug\s+|medication\s+|food\s+)?allerg(?:ies|y)\b(?!\s+to\b)"
    r"|\bno\s+(?:\w+\s+){0,2}history\s+of\s+(?:drug\s+)?allerg(?:y|ies)\b(?:\s+to any [\w\s]*drugs?)?|"
    r"\bnot\s+allergic\s+to\s+any\b[\w\s]*",
    re.IGNORECASE,
)
# "NKDA" speaks of drugs, and of nothing else.
_OF_DRUGS = re.compile(r"\bNKDA\b|\b(?:drug|medication|medicine)s?\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:foods?|environmental|seasonal|other|any\b(?!\s+(?:drug|med)))\b", re.IGNORECASE)
_EMPTY = re.compile(r"\s*(?:none|no known|nil|nkd?a|denies|negative)\b[\w\s]*", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:allerg(?:ic(?: reactions?)?|y|ies) to|hypersensitiv(?:e|ity) to|anaphyla(?:xis|ctic reaction) to|"
    r"allergies include)\s+",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"^\s?(?:allerg(?:y|ies)|anaphylaxis|hypersensitivity)\b(?!\s+test)", re.IGNORECASE)
_JOIN = re.compile(r"^\s*(?:\([^)]*\)\s*)?(?:,\s*(?:and|or)?|and|or|;|/)\s*(?:to\s+)?$", re.IGNORECASE)


def read_allergies(reading: Reading) -> Iterator[Draft]:
    """Yield a draft for each allergen, or one that names none where the note says that there are no allergies."""
    none = _NONE.search(reading.text) or (_EMPTY.match(reading.text) if reading.section == "allergies" else None)
    if none is not None:
        span = reading.outside(*none.span())
        reading.take(span)
        excepted = EXCEPT.search(reading.text, none.start())
        if excepted is not None:
            yield from _excepted(reading, excepted.end())
            return
        if _TO.search(reading.text, none.end()) is None:
            of = (OF_DRUGS,) if _OF_DRUGS.search(none[0]) and not _OF_OTHERS.search(none[0]) else ()
            yield Draft(kind="allergy", name="", span=span, assertion="absent", qualifier=of)
            return
    if reading.section == "allergies":
        for name in reading.left():
            if _is_allergen(name) and name.concept.name not in names_of("generic"):
                denied = reading.said(name).assertion == "absent"
                yield reading.draft(name, "allergy", "absent" if denied else "present")
                reading.take(name.span)
        return
    for found in _TO.finditer(reading.text):
        yield from _listed(reading, found.end(), found.start())
    yield from _named_so(reading)
    for name in reading.left():
        rest = reading.text[reading.inside(name.span)[1] :]
        behind = _BEHIND.match(rest)
        if _is_allergen(name) and behind is not None:
            yield from _allergy(reading, name, reading.inside(name.span)[0], len(behind[0]))


def _excepted(reading: Reading, place: int) -> Iterator[Draft]:
    """Yield the allergens behind "no known allergies except"."""
    for name in reading.left():
        if reading.inside(name.span)[0] >= place and _is_allergen(name):
            yield reading.draft(name, "allergy", "present")
            reading.take(name.span)


def _named_so(reading: Reading) -> Iterator[Draft]:
    """Yield the allergen of a condition that is named by it: "latex allergy"."""
    for name in reading.left():
        allergen, _, last = name.concept.name.rpartition(" ")
        said = reading.said(name).assertion
        if (
            allergen
            and last == "allergy"
            and name.concept.kind == "condition"
            and said in ("present", "absent", "possible")
        ):
            span, kind = name.span, allergen.removesuffix(" drug")
            if kind not in ("drug", "food", "seasonal", "severe", "multiple", "skin", "contact"):
                reading.take(span)
                yield Draft(kind="allergy", name=kind, span=span, assertion=said)


def _listed(reading: Reading, place: int, cue: int) -> Iterator[Draft]:
    """Yield the allergens of a list that begins at a place."""
    for name in reading.left():
        start, end = reading.inside(name.span)
        if start < place:
            continue
        gap = reading.text[place:start]
        joined = _JOIN.match(gap) is not None
        if not (gap.strip() in ("", "the") or joined) or not _is_allergen(name):
            if joined and lasts(reading, name):
                # "Allergic to latex, gout": a disease that lasts is no allergen and no reaction, but the next item.
                reading.sayings.cues = [one for one in reading.sayings.cues if one.start != cue]
            return
        yield from _allergy(reading, name, cue)
        place = end


def _allergy(reading: Reading, name: Name, cue: int, behind: int = 0) -> Iterator[Draft]:
    """Yield an allergen; *behind* it so many characters of "allergy" belong to it."""
    said = reading.sayings.of(cue, cue, behind=False)
    reading.take((reading.outside(min(cue, reading.inside(name.span)[0]), 0)[0], name.span[1] + behind))
    if said.assertion in ("present", "absent", "possible", "historical"):
        assertion = "present" if said.assertion == "historical" else said.assertion
        draft = reading.draft(name, "allergy", assertion)
        every = assertion == "absent" and name.concept.name in names_of("generic")
        yield msgspec.structs.replace(draft, name="", codes={}) if every else draft


def _is_allergen(name: Name) -> bool:
    return (name.concept.kind == "drug" and not name.concept.ambiguous) or name.concept.name in ("latex", "egg protein")
