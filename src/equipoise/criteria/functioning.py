"""
Words that only say what limits are limits of: "adequate renal function, as evidenced by a creatinine < 2 mg/dL".

::

    head = ("adequate" | "normal" | …)* organ (joint organ)* "function" ","? ("defined as" | "with" | …) limit

The limit says how good is good enough, as it does in brackets. Where the head is denied, or the words ask for a test
by name, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import LISTING

_GOOD = frozenset(("adequate", "acceptable", "good", "normal", "satisfactory", "sufficient", "appropriate"))
_ORGANS = frozenset(
    (
        "bone", "marrow", "cardiac", "heart", "hematologic", "hematological", "hematopoietic", "haematologic",
        "haematological", "haematopoietic", "hepatic", "kidney", "liver", "lung", "organ", "pulmonary", "renal",
        "respiratory", "ventricular", "left", "coagulation", "baseline", "bone marrow",
        "major", "vital", "main", "important", "end", "end-organ",
    )
)  # fmt: skip
_SAYING = frozenset(("word", "quality", "light"))
_BETWEEN = frozenset(
    ("a", "an", "the", "following", "value", "values", "level", "levels", "of", "both", "", "his", "her")
)
_NAMELY = frozenset(("specifically", "namely", "measured"))
_VARIABLES = frozenset(
    ("kidney function", "liver function", "renal function", "hepatic function", "pulmonary function")
)


def functioning(elements: list[Element], *, exclusion: bool) -> list[Element]:
    """Return the elements with such heads passed over, in place."""
    if exclusion:
        return elements
    for place, one in enumerate(elements):
        if one.text.split()[-1:] not in (["function"], ["functions"]):
            continue
        if one.kind == "atom" and one.text not in _VARIABLES:
            continue
        first = _begins(elements, place)
        last = _leads_to_limit(elements, place + 1)
        if first is None or last is None or any(other.kind == "not" for other in elements[:place]):
            continue
        for other in elements[first:last]:
            other.kind, other.rule = "light", None
    return elements


def _begins(elements: Sequence[Element], place: int) -> int | None:
    """Return where the head that ends at an element begins, or None where it says more than which organ."""
    first = place
    while first:
        before = elements[first - 1]
        joined = before.kind in LISTING and 1 < first < place and elements[first - 2].text in _ORGANS
        said = before.kind in _SAYING and set(before.text.split()) <= _GOOD | _ORGANS
        if not said and not joined:
            break
        first -= 1
    named = first < place or elements[place].text in _VARIABLES
    return first if named else None


def _leads_to_limit(elements: Sequence[Element], at: int) -> int | None:
    """Return where the limit begins that the words behind a head lead to, or None."""
    at += at < len(elements) and elements[at].kind == "comma"
    if at >= len(elements):
        return None
    cue = elements[at]
    leads = cue.kind == "define" or (cue.kind == "with" and cue.text == "with") or cue.text in _NAMELY
    if not leads:
        return None
    at += 1
    while at < len(elements) and (
        elements[at].kind in ("colon", "following") or (elements[at].kind == "light" and elements[at].text in _BETWEEN)
    ):
        at += 1
    limit = elements[at].predicate if at < len(elements) else None
    if limit is None or limit.kind != "measurement" or limit.op in ("present", "absent"):
        return None
    return at
