"""
What is so now: "hospitalized patients", "is taking part in another trial", "not intubated".

::

    state = "hospitalized" | "in hospital" | "intubated" | "ventilated" | …     # a stay, not that there was one
          | ("not on" | "not taking" | …) treatments
          | ("taking part" | "enrolled" | "participation" | …) "in" other-study

A word of the past, of a plan or of a need near it ("have been hospitalized", "requiring …", "previously enrolled")
makes something else of it, and a time that the statement states says when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import NOW

_STATES = re.compile(
    r"(?:currently )?(?:hospitali[sz]ed|(?:tracheally |mechanically |artificially )?(?:intubated|ventilated)"
    r"|on (?:an? )?(?:[a-z ]+ )?ventilators?|institutionali[sz]ed|incarcerated|imprisoned|in (?:the )?hospital"
    r"|in-?patients?|admitted|hospitali[sz]ed (?:in|at) (?:the |an )?(?:icu|intensive care(?: unit)?)"
    r"|admitted (?:to|in) (?:the |an )?(?:hospital|icu|intensive care unit|critical care unit))\Z"
)
_STUDY = "participation in another clinical study"
_JOINED = frozenset(
    (
        "taking", "take", "takes", "participating", "participates", "participate", "participation", "enrolled",
        "enrolling", "enrollment", "included", "inclusion", "involved", "involvement", "currently",
    )
)  # fmt: skip
# What was, will be, is needed or may come.
_ELSEWHEN = frozenset(
    (
        "been", "previously", "previous", "prior", "past", "earlier", "formerly", "was", "were", "had", "ever", "never",
        "history", "recently", "recent", "required", "requiring", "requires", "require", "needed", "needing", "need",
        "will", "would", "planned", "planning", "scheduled", "expected", "likely", "intended", "intend", "intends",
        "to", "if", "when", "during", "after", "before", "since", "until", "for", "risk", "once", "not be",
        "discharged", "first", "more", "least", "times", "must", "should", "may", "can", "cannot", "while", "willing",
        "agree",
    )
)  # fmt: skip
_NOT_ON = frozenset(
    ("not on", "not be on", "not taking", "not using", "not receiving", "not be receiving", "not undergoing")
)
_STATEMENT = frozenset(("stop", "comma", "or", "and", "slash", "open", "close", "but"))
_NEAR = 6


def present(found: Sequence[Element], place: int) -> None:
    """Read a state at an element as one of now, where nothing says otherwise."""
    one = found[place]
    rule = one.predicate
    if rule is None or rule.window is not None or rule.op != "present" or rule.kind not in ("procedure", "condition"):
        return
    words = one.text.split()
    joins = rule.name == _STUDY and words[0] in _JOINED and _ELSEWHEN.isdisjoint(set(words) - {"for", "to"})
    if not joins and not _STATES.match(one.text):
        return
    if _elsewhen(found, place) or is_timed(found, place):
        return
    one.rule = msgspec.structs.replace(rule, window=NOW)


def denied_now(found: Sequence[Element], place: int) -> None:
    """Read "not on A or B" and "not taking A" as of now: what was taken once is not denied."""
    if found[place].text not in _NOT_ON or is_timed(found, place):
        return
    for one in found[place + 1 :]:
        rule = one.predicate
        if one.kind in ("light", "quality", "word", "comma", "or", "and", "slash"):
            continue
        if rule is None or rule.kind not in ("drug", "procedure") or rule.op != "present" or rule.window is not None:
            return
        if found[place].text == "not using" and rule.kind == "procedure" and not rule.name.endswith("contraception"):
            return  # a coil in use was put in long ago
        one.rule = msgspec.structs.replace(rule, window=NOW)


def _elsewhen(found: Sequence[Element], place: int) -> bool:
    """Return whether words before a state say that it was, will be or must be."""
    for other in found[max(0, place - _NEAR) : place][::-1]:
        if other.kind in _STATEMENT:
            return False
        if other.kind == "must" and found[place].text.startswith("in") and found[place].text.endswith("patient"):
            continue  # "must be an inpatient"
        if other.kind in ("atom", "admin", "need", "must", "allow", "if") or not _ELSEWHEN.isdisjoint(
            other.text.split()
        ):
            return True
    return False


def is_timed(found: Sequence[Element], place: int) -> bool:
    """Return whether the sentence of an element states a time, or how often."""
    first, last = place, place
    while first > 0 and found[first - 1].kind != "stop":
        first -= 1
    while last < len(found) and found[last].kind != "stop":
        last += 1
    return any(
        other.kind in ("time", "count")
        or (other.predicate is not None and other.predicate.kind in ("duration", "event_time"))
        or other.text in ("ever", "past", "previously", "ago")
        for other in found[first:last]
    )
