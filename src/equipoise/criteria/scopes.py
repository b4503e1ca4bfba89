"""Where a part of a criterion ends: sentences, brackets, and what a cue takes in to its right."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element

# What ends the list that a cue takes in.
_ENDS = {
    "not": frozenset(("not", "except", "unless", "must", "allergy", "if", "but", "need", "admin", "stop", "allow")),
    "allergy": frozenset(("not", "except", "unless", "must", "if", "but", "stop", "allergy", "with", "admin")),
    "with": frozenset(("except", "unless", "must", "if", "but", "stop")),
    "cause": frozenset(("except", "unless", "must", "if", "but", "stop", "with", "need", "not", "comma", "admin")),
    "purpose": frozenset(("except", "unless", "must", "if", "but", "stop", "with", "need", "not", "admin", "time")),
    "example": frozenset(("except", "unless", "must", "but", "stop", "not")),
}


def cut(elements: Sequence[Element], kind: str) -> list[list[Element]]:
    """Return the parts between the elements of a kind that stand in no bracket."""
    parts: list[list[Element]] = [[]]
    depth = 0
    for one in elements:
        depth += (one.kind == "open") - (one.kind == "close")
        if one.kind == kind and depth <= 0:
            parts.append([])
        else:
            parts[-1].append(one)
    return [part for part in parts if part]


def find(elements: Sequence[Element], *kinds: str) -> int | None:
    """Return the first element of some kinds that stands in no bracket."""
    depth = 0
    for place, one in enumerate(elements):
        depth += (one.kind == "open") - (one.kind == "close")
        if depth <= 0 and one.kind in kinds:
            return place
    return None


def close_of(elements: Sequence[Element], at: int) -> int:
    """Return where the bracket that opens at an element closes, or the end."""
    depth = 0
    for place in range(at, len(elements)):
        depth += (elements[place].kind == "open") - (elements[place].kind == "close")
        if depth == 0:
            return place
    return len(elements)


def scope_end(elements: Sequence[Element], at: int, cue: str, *, single: bool = True) -> int:
    """
    Return where the list that a cue takes in ends.

    *single*: only one name stands before the cue, so that the list to its right is all its own; otherwise a
    comma, "or" or "and" goes on with the outer list.
    """
    ends, depth = _ENDS[cue], 0
    for place in range(at, len(elements)):
        one = elements[place]
        depth += (one.kind == "open") - (one.kind == "close")
        if depth < 0:
            return place
        if depth or place == at:
            continue
        if one.kind in ends and not (cue == "not" and one.kind == "need" and not _names(elements[at:place])):
            return place
        if not single and one.kind in ("comma", "or", "and"):
            return place
        if one.kind in ("comma", "and", "or") and cue in ("not", "example", "cause", "purpose") and _turns(elements, place, cue):
            return place
    return len(elements)


def _names(elements: Sequence[Element]) -> bool:
    return any(one.kind == "atom" for one in elements)


def _turns(elements: Sequence[Element], at: int, cue: str) -> bool:
    """Return whether a new statement begins behind a joint: a limit, another negation, or "and" after a comma."""
    place = at
    words = set()
    while place < len(elements) and elements[place].kind in ("comma", "and", "or", "light"):
        words.add(elements[place].kind)
        place += 1
    following = elements[place] if place < len(elements) else None
    if following is None:
        return False
    if following.kind in ("not", "must", "admin", "allergy"):
        return True
    rule = following.predicate
    if following.kind == "atom" and (rule is None or rule.op not in ("present", "absent") or rule.kind in ("demographic", "event_time")):
        return True
    return cue == "not" and {"comma", "and"} <= words and not _listed(elements, at)


def _listed(elements: Sequence[Element], at: int) -> bool:
    """Return whether a comma stands before an element, so that ", and" closes a list of three or more."""
    return any(one.kind == "comma" for one in elements[:at])
