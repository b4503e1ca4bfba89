"""
A treatment of which only the disease is named: "prior therapy for lymphoma" is that treatment, and not the lymphoma.

::

    treated = kind? ("treatment" | "therapy" | …) ("for" | "of") words* condition

Not where other words govern it ("eligible for treatment of X"), where diseases are listed, or something is excepted.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.windows import numbered
from equipoise.rules.nodes import ConceptRef, Predicate

_AHEAD = frozenset(("prophylaxis", "chemoprophylaxis"))
TREATMENTS = _AHEAD | {"treatment", "treatments", "therapy", "therapies"}
# Kinds of treatment that are part of its name.
_KINDS = frozenset(
    ("drug", "medication", "local", "specific", "medical", "pharmacological", "pharmacologic", "systemic",
     "maintenance", "definitive", "curative", "psychiatric", "inpatient", "outpatient")
)  # fmt: skip
_ENDS = frozenset(("comma", "stop", "or", "and", "not", "must", "colon", "open", "dash", "but", "exclude"))
_STATES = frozenset(
    ("prior", "previous", "previously", "current", "currently", "ongoing", "concurrent", "concomitant", "active",
     "acute", "chronic", "recent", "past", "other", "any other", "additional", "receiving", "undergoing", "history of",
     "present", "long-term", "continuous", "known")
)  # fmt: skip
_GOVERNING = frozenset(("for", "of", "as", "by", "to", "on", "in", "during", "after", "from", "considered", "used"))
_BEHIND = frozenset(("stop", "time", "close", "with", "but", "need", "exclude"))
_RECEIVING = frozenset(("receiving", "on", "are receiving", "is receiving", "who are receiving", "who is receiving"))
_RECEIVED = frozenset(("who have received", "who received", "who has received", "having received", "have received"))
_LONGEST = 6


def treated(found: list[Element], place: int, text: str) -> None:
    """Read such a treatment at its noun, in place."""
    at = place + 1
    if found[place].text in _AHEAD and found[place].kind == "word" and place and _prevents(found, place):
        return
    if at >= len(found) or found[at].text not in ("for", "of") or any(one.kind == "except" for one in found):
        return
    while at < len(found) and at - place < _LONGEST and found[at].kind in ("light", "over", "quality", "word"):
        at += 1
    one = found[at] if at < len(found) else None
    what = one.predicate if one is not None else None
    if one is None or what is None or what.kind != "condition" or what.op != "present" or what.window is not None:
        return
    if at + 1 < len(found) and found[at + 1].kind not in _BEHIND:
        return
    first = _first(found, place)
    if first is None:
        return
    span = (found[first].span[0], one.span[1])
    name = " ".join(text[span[0] : span[1]].lower().split())
    if numbered(name):
        return
    one.span, one.first, one.text = span, found[first].first, name
    del found[first:at]
    one.rule = Predicate(kind="procedure", concept=ConceptRef(name, span=span), span=span)


def _first(found: Sequence[Element], place: int) -> int | None:
    """Return where the name of a treatment begins, or None where something before it governs it."""
    first = place
    if place and found[place - 1].text in _KINDS and found[place - 1].kind in ("word", "quality", "light"):
        first -= 1
    at = first - 1
    while at >= 0 and found[at].kind not in _ENDS:
        one = found[at]
        plain = one.kind == "light" and (one.text not in _GOVERNING or _is_history(found, at))
        if plain or (one.kind == "quality" and one.text in _STATES) or (one.kind == "with" and at < 3):
            if one.text == "receiving" and any("history" in other.text for other in found[:at]):
                one.kind = "light"
            at -= 1
        elif one.kind == "need" and one.text in _RECEIVING | _RECEIVED and at == first - 1 - _qualities(found, first):
            past = one.text in _RECEIVED or any("history" in other.text for other in found[:at])
            one.kind, one.text = ("light", one.text) if past else ("quality", "current")
            at -= 1
        else:
            return None
    if at > 0 and found[at].kind in ("or", "and") and found[at - 1].kind not in ("atom", "time", "close", "comma"):
        return None  # "as prevention or treatment for X"
    return first


def _qualities(found: Sequence[Element], first: int) -> int:
    """Return how many words stand right before a place that say in what state: "receiving active therapy for"."""
    at = first - 1
    while at >= 0 and found[at].kind in ("quality", "light"):
        at -= 1
    return first - 1 - at


def _prevents(found: Sequence[Element], place: int) -> bool:
    """Read "PCP prophylaxis" as what is given against it, and "antiepileptic prophylaxis" as the drug for that end."""
    one, before = found[place], found[place - 1]
    what = before.predicate
    if what is None or what.op != "present" or what.window is not None:
        return False
    behind = [other.text for other in found[place + 1 : place + 3]]
    either = len(behind) == 2 and behind[0] in ("or", "and", "/") and behind[1] in ("therapy", "treatment")
    if what.kind == "drug":
        for other in found[place : place + 3] if either else found[place : place + 1]:
            other.kind = "light" if either else "quality"
        return True
    if what.kind != "condition" or either or (place > 1 and found[place - 2].kind in ("or", "and", "slash", "comma")):
        return False
    name = ConceptRef(f"{before.text} {one.text}", span=(before.span[0], one.span[1]))
    before.rule = Predicate(kind="procedure", concept=name, span=name.span)
    before.span, before.last, one.kind = (before.span[0], one.span[1]), one.last, "light"
    return True


def _is_history(found: Sequence[Element], at: int) -> bool:
    return found[at].text == "of" and at > 0 and found[at - 1].text in ("history", "receipt")
