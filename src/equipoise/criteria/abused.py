"""
What is abused, where one verb or noun has a list behind it: "abuse alcohol or drugs" names two habits.

::

    abused = ("abuse" | "misuse" | "abusing" | …) "of"? thing (joint thing)*      # "abuse" of each of them
           | ("dependence on" | "addicted to" | …) thing (joint thing)*           # "dependence" on each
    thing  = drug | ("alcohol" | "drugs" | "substances" | …)
    joint  = "," | "/" | "or" | "and"

Without the list's head "alcohol" would be a drink, and "drugs" nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import reference
from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import LISTING
from equipoise.rules.nodes import Predicate, Span
from equipoise.terms.lexicon import Concept, Lexicon

_VERB = re.compile(r"(?:mis|ab)us(?:e|es|ed|ing)\Z")
_OF = re.compile(
    r"(?:(?P<abuse>(?:mis|ab)use) of|(?P<dependence>addict(?:ion|ions|ed) to|dependen(?:ce|cy|t) (?:on|of|upon))) \w"
)
_OTHER = ("other", "any", "illicit", "illegal", "recreational", "street", "prescription")
_THINGS = frozenset(
    (
        "drug", "drugs", "medication", "medications", "medicine", "medicines", "substance", "substances", "narcotics",
        "narcotic", "chemicals",
    )
)  # fmt: skip
# What is drunk or taken otherwise than as a remedy, and the habits that a table names otherwise.
_HABITS = {
    "illicit drug": "drug",
    "psychoactive substance": "substance",
    "opioid": "opioid",
    "cannabis": "cannabis",
    "chemicals": "substance",
    "medication": "drug",
    "medicine": "drug",
}
_ENDS = frozenset(("stop", "close", "open", "time", "example", "with", "exclude", "over", "but", "define", "if", "due"))


def abused(elements: Sequence[Element], lexicon: Lexicon) -> list[Element]:
    """Return the elements of a criterion, what one abuse is said of as an abuse of each."""
    found = list(elements)
    place = 0
    while place < len(found):
        one = found[place]
        if one.kind == "atom" and one.predicate is not None and (said := _OF.match(one.text)) is not None:
            if one.predicate.kind == "condition":
                _each(found, place + 1, str(said.lastgroup), lexicon)
        elif one.kind in ("word", "quality") and _VERB.match(one.text):
            _verb(found, place, lexicon)
        place += 1
    return found


def _verb(found: list[Element], place: int, lexicon: Lexicon) -> None:
    """Read "abuse alcohol or drugs": the verb is of the first thing, and of the others."""
    one, at = found[place], place + 1
    if at < len(found) and found[at].text == "of":
        at += 1
    thing = _thing(found, at)
    if thing is None:
        return
    _name(found, (at, thing), "abuse", lexicon)
    first = found[at]
    if first.predicate is None:
        _each(found, at + 1, "abuse", lexicon)
        return
    if place and found[place - 1].text == "actively":
        found[place - 1].kind, found[place - 1].text = "quality", "currently"
    span: Span = (one.span[0], first.span[1])
    first.rule = msgspec.structs.replace(first.predicate, span=span)
    first.span, first.first = span, one.first
    del found[place:at]
    _each(found, place + 1, "abuse", lexicon)


def _each(found: list[Element], at: int, habit: str, lexicon: Lexicon) -> None:
    """Read the rest of a list as habits, too."""
    while at < len(found) and found[at].kind in LISTING:
        while at < len(found) and (found[at].kind in LISTING or found[at].text in ("other", "any")):
            at += 1
        thing = _thing(found, at)
        if thing is None:
            return
        _name(found, (at, thing), habit, lexicon)
        at += 1


def _thing(found: Sequence[Element], at: int) -> int | None:
    """Return where what is abused ends, which begins at an element; None where nothing is."""
    end = at
    while end < len(found) and found[end].kind in ("word", "quality", "light") and found[end].text in _OTHER:
        end += 1
    if end >= len(found):
        return None
    one = found[end]
    rule = one.predicate
    drug = rule is not None and rule.kind == "drug" and rule.op == "present"
    if not drug and (one.kind not in ("word", "light") or one.text not in _THINGS):
        return None
    behind = found[end + 1] if end + 1 < len(found) else None
    ends = behind is None or behind.kind in LISTING or behind.kind in _ENDS or behind.kind == "light"
    return end + 1 if ends or drug else None


def _name(found: list[Element], places: tuple[int, int], habit: str, lexicon: Lexicon) -> None:
    """Put one habit in the place of what is abused; what has no name of its own is in doubt."""
    at, end = places
    last, span = found[end - 1], (found[at].span[0], found[end - 1].span[1])
    concept = _habit(last, habit, lexicon)
    if concept is not None:
        rule = Predicate(kind="condition", concept=reference(concept, span), span=span)
        found[at:end] = [Element("atom", last.text, span, found[at].first, last.last, rule=rule)]
    elif last.predicate is not None:
        last.rule = doubted(last.predicate, span)


def _habit(one: Element, habit: str, lexicon: Lexicon) -> Concept | None:
    """Return the concept of a habit: "cocaine abuse", "opioid use disorder"."""
    word = one.predicate.name if one.predicate is not None else one.text.removesuffix("s")
    word = _HABITS.get(word, word)
    for noun in (habit, "use disorder") if habit == "abuse" else (habit,):
        concept = lexicon.find(f"{word} {noun}")
        if concept is not None and concept.kind == "condition":
            return concept
    return None
