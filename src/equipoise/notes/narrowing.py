"""
How far a denial goes: the words that narrow it, and whether it is of one place or test only.

::

    narrowed = denial word* name (("of" | "in" | "at" | …) words)?    # "no significant stenosis of the left main"
"""

from __future__ import annotations

import re

from equipoise.notes.assertions import Said
from equipoise.notes.cues import names_of
from equipoise.notes.reading import Name, Reading

# The sections on what has been.
PAST = ("past", "operations", "once")
# Words in front of a name that narrow nothing.
_LIGHT = frozenset(
    (
        "a", "also", "an", "and", "any", "apparent", "are", "been", "being", "both", "clinical", "complaint",
        "complaints", "current", "currently", "definite", "diagnosed", "either", "episode", "episodes", "ever",
        "evidence", "experiencing", "feeling", "for", "frank", "had", "has", "have", "having", "her", "his",
        "history", "in", "is", "its", "known", "new-onset", "no", "not", "obvious", "of", "or", "other-than", "overt",
        "past", "personal", "previous", "prior", "reports", "sign", "signs", "specific", "such", "symptom",
        "symptoms", "the", "their", "to", "was", "were", "with",
    )
)  # fmt: skip
# A denial of more of a thing is none of the thing.
_BREAKS = frozenset(("and", "or", "nor", "with", "has", "have", "had", "for", "any", "as", "including", "like"))
_MORE = frozenset(
    (
        "additional", "another", "further", "increased", "longer", "more", "new", "other", "recurrent", "specific",
        "worsening",
    )
)  # fmt: skip


def words_before(reading: Reading, name: Name, least: int) -> list[str]:
    """Return the words of the noun phrase in front of a name, back to a cue, a mark or a verb."""
    start = reading.inside(name.span)[0]
    words: list[str] = []
    for found in reversed(list(re.finditer(r"[\w'’+-]+|[^\w\s]", reading.text[least:start]))):
        word = found[0].lower()
        if not word[0].isalnum() or word in _BREAKS:
            break
        words.insert(0, word)
    return words


def narrowed(reading: Reading, name: Name, said: Said) -> tuple[str, ...] | None:
    """Return the words that narrow a denial, or None where it denies something else than the name."""
    least = said.cue.end if said.cue is not None else 0
    before = reading.names[: reading.names.index(name)]
    least = max([least, *(reading.inside(one.span)[1] for one in before)])
    words = [word for word in words_before(reading, name, least) if word not in _LIGHT]
    cued = said.cue.words.split() if said.cue is not None else []
    if _is_local(reading, name, said) or not _MORE.isdisjoint(words) or not _MORE.isdisjoint(cued):
        return None
    if len(words) > 4:
        return None
    tail = _tail(reading, name)
    return (*((" ".join(words),) if words else ()), *((tail,) if tail else ()))


# Who has nothing of the kind: the patient, or nobody named. Of a wound or an image it is no denial of all.
_WHOLE = re.compile(
    r"^\W*$|\b(?:he|she|patient|pt|boy|girl|man|woman|male|female|infant|child|baby|they|parents?|there|history|"
    r"review of systems|ros)\b",
    re.IGNORECASE,
)
# A heading of the review of systems: what is asked there is asked of the whole patient.
_SYSTEM = re.compile(
    r"^\W*(?:const(?:itutional)?|gen(?:eral)?|heent|ent|cv|card(?:iac|iovascular)?|resp(?:iratory)?|pulm(?:onary)?|gi|"
    r"gu|msk|neuro(?:logic(?:al)?)?|psych(?:iatric)?|endo(?:crine)?|heme?(?:/onc)?)\s?:\W*$",
    re.IGNORECASE,
)
# A class with so many kinds is broad: "the incision shows no infection" leaves pneumonia open.
_BROAD = 5


def _is_local(reading: Reading, name: Name, said: Said) -> bool:
    """Return whether a broad class is denied of one place or test only."""
    cues = reading.sayings.cues
    listed = bool(cues) and cues[0].start == 0 and cues[0].says == "absent"  # "No fever, no bleeding"
    if (
        said.cue is None
        or said.ever
        or listed
        or reading.section in PAST
        or _WHOLE.search(reading.text[: said.cue.start])
    ):
        return False
    if name.concept.name in names_of("symptom") and _SYSTEM.match(reading.text[: said.cue.start]):
        return False
    broad = len(reading.context.lexicon.members(name.concept.name)) >= _BROAD
    return broad or name.concept.name in names_of("local")


def _tail(reading: Reading, name: Name) -> str:
    """Return the words behind a denied name that narrow it: "no edema of the legs", "no chest pain at rest"."""
    rest = reading.text[reading.inside(name.span)[1] :]
    found = re.match(
        r"\s+((?:of|in|on|at|with|during|to|from|due|requiring|since|for|after|while|over|within|before|until|prior)\s[^,.;:()]{1,60})",
        rest,
    )
    if found is None or re.match(
        r"(?:in|over|within) the (?:past|last)|at this time|at present|on exam|in the past|to date|"
        r"(?:on|by|at|in) (?:the |his |her |\w+ )?(?:CT|MRI|MRA|CTA|CXR|US|USS|PET|EEG|EMG|imaging|ultrasound|"
        r"x-?ray|echo\w*|fibroscan|biopsy|colonoscopy|endoscopy|EGD|angiogra\w+|scan|bronchoscopy|pathology)\b",
        found[1],
    ):
        return ""
    return re.split(r"\s(?:or|and|nor|but)\s", found[1])[0].strip().lower()
