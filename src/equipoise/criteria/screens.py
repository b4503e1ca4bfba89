"""
What a screen looks for is no drug that the patient takes: "negative urine drug screen for cocaine or opioids".

::

    screen = drug-screen found? "for" drugs | found (words "screen" | words "test") "for" drugs
    found  = "positive" | "negative"
    drugs  = drug (("," | "or" | "and" | "/" | "including") drug)*

One predicate on the drug screen comes of it. Which drugs are looked for stands in its qualifier, unless they are the
drugs of abuse that every screen looks for; a screen for alcohol alone is a test of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.context import reference
from equipoise.criteria.elements import Element
from equipoise.rules.nodes import ConceptRef, Predicate, Span
from equipoise.terms.lexicon import Lexicon

_SCREEN = "drug screen"
_TEST = re.compile(r"\b(?:screen|screens|screening|tests?|toxicology|analysis|urinalysis)(?: results?)?(?: for| of)?\Z")
_FOUND = re.compile(r"\b(positive|negative)\b")
# Tests of other kinds, by which an allergy or a disease is found.
_OTHER = re.compile(
    r"\b(?:skin|prick|patch|allerg\w*|stimulation|challenge|tolerance|pregnancy|antibod\w*|provocation)\b"
)
_HABITS = frozenset(
    ("drug abuse", "illicit drug use", "drug use", "alcohol abuse", "alcohol consumption", "tobacco use", "smoking")
)
_ALL = frozenset(("illicit drug", "drug abuse", "illicit drug use", "drug use"))
_ALCOHOL = frozenset(("alcohol", "alcohol abuse", "alcohol consumption", "tobacco use", "smoking"))
# Phencyclidine, which stands for a pneumonia elsewhere.
_PHENCYCLIDINE = "pcp"
_JOINTS = frozenset(("comma", "or", "and", "slash", "example", "light", "open", "close"))
_BETWEEN = frozenset(("light", "quality", "open", "close", "word"))


def screened(elements: Sequence[Element], text: str, lexicon: Lexicon) -> list[Element]:
    """Return the elements of a criterion, each screen and what it looks for as one predicate."""
    found = list(elements)
    place = 0
    while place < len(found):
        if _is_screen(found[place]) and (listed := _listed(found, place)) is not None:
            first, end = listed
            found[place:end] = [_whole(found, (place, first, end), text, lexicon)]
        place += 1
    return found


def _is_screen(one: Element) -> bool:
    if one.kind == "atom":
        return one.predicate is not None and one.predicate.name == _SCREEN and one.predicate.op == "present"
    if one.kind not in ("quality", "not", "light", "word") or not _TEST.search(one.text):
        return False
    return _FOUND.search(one.text) is not None and not _OTHER.search(one.text)


def _listed(found: Sequence[Element], place: int) -> tuple[int, int] | None:
    """Return where the drugs begin that a screen is for, and where they end; None where it is for none."""
    at = place + 1
    if not found[place].text.endswith((" for", " of")):
        while at < len(found) and found[at].kind in _BETWEEN and found[at].text not in ("for", "of"):
            at += 1
        if at >= len(found) or found[at].text not in ("for", "of", "for any", "for the"):
            return None
        at += 1
    first = end = at
    while at < len(found) and (found[at].kind in _JOINTS or _is_drug(found[at])):
        at += 1
        if _is_drug(found[at - 1]):
            end = at
    if end == first:
        return None
    depth = sum((one.kind == "open") - (one.kind == "close") for one in found[place:end])
    return (first, end) if not depth else None


def _is_drug(one: Element) -> bool:
    what = one.predicate
    if what is None or what.op != "present":
        return False
    return what.kind == "drug" or what.name in _HABITS or one.text.lower() == _PHENCYCLIDINE


def _whole(found: Sequence[Element], places: tuple[int, int, int], text: str, lexicon: Lexicon) -> Element:
    """Return one element of a screen, what it found, and what it is for."""
    place, first, end = places
    span: Span = (found[place].span[0], found[end - 1].span[1])
    names = {one.predicate.name for one in found[first:end] if one.predicate is not None}
    screen = found[place].predicate
    qualifier = list(screen.qualifier) if screen is not None else []
    said = _FOUND.search(" ".join(one.text for one in found[place:first]))
    qualifier += [said[1]] if said is not None else []
    if not names <= _ALL and names & _ALL != names - _ALCOHOL:
        qualifier.append("for " + " ".join(text[found[first].span[0] : span[1]].lower().split()))
    elif not names <= _ALL and not names <= _ALCOHOL:
        qualifier.append("drugs and alcohol")
    concept = ConceptRef("alcohol test", span=span)
    if not names <= _ALCOHOL and (known := lexicon.find(_SCREEN)) is not None:
        concept = reference(known, screen.span if screen is not None and screen.span is not None else span)
    rule = Predicate(kind="measurement", concept=concept, qualifier=tuple(qualifier), span=span)
    return Element("atom", found[place].text, span, found[place].first, found[end - 1].last, rule=rule)
