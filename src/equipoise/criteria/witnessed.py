"""
By what a condition was found: "pneumonia confirmed by CT" is a pneumonia of a kind, and not any old CT besides.

::

    witness = condition ","? ("confirmed" | "proven" | …)? ("by" | "on" | "with" | …) tests
            | tests "-"? ("confirmed" | "proven" | …) condition
    tests   = procedure (("," | "or" | "and" | "/" | "including" | "(") procedure)*

The words stand in the rule as a qualifier of the condition, so that only they decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.routine import without_routine
from equipoise.rules.nodes import Predicate

_SURE = frozenset(
    (
        "confirmed", "documented", "proven", "diagnosed", "verified", "established", "detected", "demonstrated",
        "identified", "visible", "seen", "shown", "evident", "evidenced", "assessed", "determined", "visualized",
        "found",
    )
)  # fmt: skip
_MEANS = frozenset(("by", "on", "with", "via", "through", "using", "in", "at", "from"))
_CUE = re.compile(r"(?:as )?(?:\w+ (?:by|on|upon)|on the basis of)\Z")
# Behind a bare "by" or "on" only these tell how something was found; a hysterectomy says why.
_FINDS = re.compile(
    r"tomograph|x ray|radiograph|ultraso|echo|imaging|scan|biops|scop|gram\b|graphy|test|examination|spirometry|pcr"
    r"|assay|culture|histolog|cytolog|densit|dxa|spect"
)
_JOINTS = frozenset(("or", "and", "slash", "comma", "example"))
_SAID = frozenset(("light", "quality", "word", "open", "close", "over", "event"))
# With one of these, a statement of its own begins: "seen on CT, or prior biopsy".
_ANEW = frozenset(("prior", "previous", "past", "recent", "planned", "current", "history", "scheduled"))
_BARE = frozenset(("light", "quality", "word"))


def witnessed(elements: Sequence[Element], text: str) -> list[Element]:
    """Return the elements of a criterion, the tests behind or before a condition as one element of kind "shown"."""
    found = without_routine(elements, text)
    if not any(_is_test(one) for one in found):
        return found  # most criteria
    place = 0
    while place < len(found):
        if found[place].kind == "atom" and _is_test(found[place]):
            _before(found, place, text)
            if place >= len(found):
                break  # "pneumonia, CT-proven": the last element has become a part of the one before
        first, begin = _cue(found, place)
        if begin > place and (at := _head(found, place)) is not None:
            _behind(found, (at, place, begin), text, sure=first)
        place += 1
    return found


def _is_test(one: Element) -> bool:
    what = one.predicate
    return what is not None and what.kind == "procedure" and what.op == "present"


def _cue(found: Sequence[Element], place: int) -> tuple[bool, int]:
    """Return whether a cue at an element says that something is sure, and where the tests begin; else its place."""
    one = found[place]
    if one.kind == "define" and _CUE.match(one.text):
        return True, place + 1
    ahead = found[place + 1] if place + 1 < len(found) else one
    if one.text in _SURE and one.kind in _BARE and ahead.text in _MEANS and ahead.kind != "atom":
        return True, place + 2
    return (False, place + 1) if one.kind in ("by", "need") and one.text in ("by", "on") else (False, place)


def _head(found: Sequence[Element], place: int) -> int | None:
    """Return where the words behind the condition begin that a cue follows, or None where it follows none."""
    at = place
    while at and (found[at - 1].kind == "light" or (found[at - 1].kind in ("comma", "open") and at == place)):
        at -= 1
    before = found[at - 1].predicate if at else None
    return at if before is not None and before.kind == "condition" and before.op == "present" else None


def _behind(found: list[Element], places: tuple[int, int, int], text: str, *, sure: bool) -> None:
    """Make one element of a cue and its tests; tests beside a limit are in doubt, for either may do."""
    head, cue, begin = places
    end = _end(found, begin)
    tests = [one for one in found[begin:end] if _is_test(one)]
    if not tests or not (sure or _finds(tests[0])):
        return
    if end + 1 < len(found) and found[end].kind in ("or", "and", "slash") and _limited(found[end + 1]):
        for one in tests:
            one.rule = doubted(one.predicate, one.span) if one.predicate is not None else None
        return
    span = (found[cue].span[0], found[end - 1].span[1])
    if cue and found[cue - 1].kind == "open":
        if end >= len(found) or found[end].kind != "close":
            return
        end += 1  # "appendicitis (confirmed by ultrasound)"
    words = text[slice(*span)].lower()
    whole = Element("shown", words, span, found[cue].first, found[end - 1].last, linked=not sure)
    found[head:end] = [whole]


def _end(found: Sequence[Element], begin: int) -> int:
    """Return where a list of tests ends: before what is none of them, and before the joint that leads to it."""
    end = at = begin
    depth = 0
    while at < len(found):
        one = found[at]
        depth += (one.kind == "open") - (one.kind == "close")
        if depth < 0 or not (_is_test(one) or one.kind in _SAID or one.kind in _JOINTS):
            break
        if one.kind in ("open", *_JOINTS) and not _leads_to_test(found, at, plain=one.kind in ("or", "and", "slash")):
            break
        at += 1
        if not depth and (_is_test(one) or one.kind in (*_BARE, "close")):
            end = at
    while end > begin and found[end - 1].kind == "light":
        end -= 1
    return end


def _leads_to_test(found: Sequence[Element], at: int, *, plain: bool) -> bool:
    """Return whether a test is the next name behind a joint; *plain*: words that name nothing will do, too."""
    for one in found[at + 1 :]:
        if one.kind == "quality" and one.text in _ANEW:
            return False
        if one.kind not in _BARE and one.kind not in _JOINTS:
            return _finds(one)
    return plain


def _before(found: list[Element], place: int, text: str) -> None:
    """Read "biopsy-proven celiac disease": the biopsy says of what kind it is."""
    at = place + 1
    while at < len(found) and found[at].text == "-":
        at += 1
    if at >= len(found) or found[at].text not in _SURE or found[at].kind not in _BARE:
        return
    named = at + 1
    while named < len(found) and found[named].kind in ("light", "quality"):
        named += 1
    what = found[named].predicate if named < len(found) else None
    if what is None or what.kind != "condition" or what.op != "present":
        return
    first = place
    while first > 1 and found[first - 1].kind in ("or", "slash", "and") and _is_test(found[first - 2]):
        first -= 2
    span = (found[first].span[0], found[at].span[1])
    words = text[slice(*span)].lower()
    found[first : at + 1] = [Element("quality", words, span, found[first].first, found[at].last)]


def _finds(one: Element) -> bool:
    """Return whether an element is a procedure that finds something, and mends nothing."""
    return _is_test(one) and one.predicate is not None and _FINDS.search(one.predicate.name) is not None


def _limited(one: Element) -> bool:
    what: Predicate | None = one.predicate
    return what is not None and what.kind == "measurement"
