"""
What somebody has to a substance besides an allergy: an intolerance, a contraindication, an adverse reaction.

::

    to    = noun (joint noun)* "to" name        # "contraindication or allergy to X", "sensitivity / intolerance to X"
    alike = "allergy to compounds of similar composition to" name    # not of these alone

Each noun is said of each name. An adverse reaction need be no allergy; who has an allergy had one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.cues import EMPTY
from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.misnamed import intolerant
from equipoise.criteria.said import holds_denial
from equipoise.criteria.wordings import ADVERSE
from equipoise.rules.nodes import AnyOf, ConceptRef, Left, Predicate, Rule, Span, any_of, leaves

_NOUNS = frozenset(
    ("contraindication", "contraindications", "contra indication", "contra indications", "sensitivity",
     "sensitivities", "intolerance", "intolerances")
)  # fmt: skip
_NAMED = frozenset(("allergy", "hypersensitivity", "intolerance", "adverse event", "contraindication"))
_CUES = frozenset(("allergy", "contraindicated"))
_STATES = EMPTY | {"history of", "prior", "previous", "any", "other", "known", "a", "an", "the", "of"}
_ADVERSE = re.compile(r"\b(?:adverse (?:drug )?(?:reaction|effect|event)|side effect)s?\b")
# Half of an allergen's name: "to human, chimeric or murine antibodies".
_NO_NAMES = frozenset(("human", "murine", "chimeric", "trials", "prescribed", "under study", "contraindicated to"))
REACTION = "adverse reaction to"


def together(found: Sequence[Element], place: int) -> None:
    """Give the words "allergy to" the nouns that are joined to them, in place: "contraindication or allergy to"."""
    cue = found[place]
    if cue.kind == "contraindicated" and not cue.text.startswith("contra"):
        return
    start, nouns = place, list[Element]()
    while (joint := _before(found, start)) is not None:
        if found[joint].kind == "comma" and not nouns:
            break  # "asthma, allergy to X"
        noun = _noun(found, _first_of(found, joint) - 1)
        if noun is None:
            break
        if found[noun].text[:6] == cue.text[:6]:
            break  # "severe allergies or allergies to X": not to X alone
        nouns.append(found[noun])
        start = noun
    if not nouns or (cue.kind == "contraindicated" and not any(_allergic(one) for one in nouns)):
        return
    said = " or ".join(one.text for one in reversed(nouns))
    cue.kind, cue.text = "allergy", f"{said} or {cue.text}"
    for one in found[start:place]:
        one.kind, one.rule = "light", None


def _before(found: Sequence[Element], place: int) -> int | None:
    """Return where the joint before a place is: "or known", "/"."""
    at = place - 1
    while at >= 0 and found[at].kind in ("light", "quality") and found[at].text in _STATES:
        at -= 1
    return at if at > 0 and found[at].kind in ("or", "slash", "comma") else None


def _first_of(found: Sequence[Element], joint: int) -> int:
    """Return where a joint of several marks begins: ", or", "and/or"."""
    if found[joint].kind == "or" and found[joint - 1].kind == "comma":
        return joint - 1
    both = found[joint].kind == "or" and [one.kind for one in found[max(joint - 2, 0) : joint]] == ["and", "slash"]
    return joint - 2 if both else joint


def _noun(found: Sequence[Element], at: int) -> int | None:
    """Return where a noun before a joint is, which may have its own "to"."""
    if at < 0:
        return None
    if at > 0 and found[at].kind == "light" and found[at].text == "to":
        at -= 1
    one = found[at]
    if one.kind in ("word", "quality", "light"):
        return at if one.text in _NOUNS else None
    if one.kind in _CUES:
        return at if one.kind == "allergy" or one.text.startswith("contra") else None
    what = one.predicate
    named = what is not None and what.kind == "condition" and what.op == "present" and what.window is None
    return at if named and what is not None and what.name in _NAMED and not what.qualifier else None


def _allergic(one: Element) -> bool:
    return not one.text.startswith("contra")


def alike(rule: Rule, cue: Element) -> Rule:
    """
    Return allergies with what the words before the allergens ask as well: their like, or no allergy but an intolerance.

    "Allergy to compounds of similar composition to X" is not of X alone; which are its like, nobody says.
    """
    words = cue.text.lower()
    if " similar " in words:
        said = "compounds of similar composition"
        other: Rule = Predicate(kind="allergy", concept=ConceptRef(said, span=cue.span), span=cue.span)
        return any_of([rule, other]) or rule
    barred = "contraindic" in words or "contra indic" in words
    if any(type(one) is Predicate and one.name in _NO_NAMES for one in leaves(rule)):
        return doubted(rule, cue.span)
    if not _only_allergies(rule):
        return doubted(rule, cue.span) if barred else rule
    more = [rule]
    if "intoler" in words and not intolerant(words):
        more.append(_each(rule, _intolerance))
    if barred:
        more.append(_each(rule, _contraindication))
    if _ADVERSE.search(words) is not None:
        more.append(_each(rule, _reaction))
    return any_of(more) or rule


def with_reactions(rule: Rule, text: str, span: Span) -> Rule:
    """Leave open whether there was an adverse reaction, where the text asks for one and the rule does not."""
    found = ADVERSE.search(text, *span)
    if found is None or any(type(leaf) is Predicate and leaf.name.startswith(REACTION) for leaf in leaves(rule)):
        return rule
    return doubted(rule, found.span()) if holds_denial(rule) else any_of([rule, Left(found.span())]) or rule


def _only_allergies(rule: Rule) -> bool:
    """Return whether a rule is one allergy, or any of a list of them."""
    listed = rule.rules if type(rule) is AnyOf else (rule,)
    return all(type(one) is Predicate and one.kind == "allergy" for one in listed)


def _each(rule: Rule, other: Callable[[Predicate], Predicate]) -> Rule:
    """Return for each allergen what is asked of it besides."""
    listed = rule.rules if type(rule) is AnyOf else (rule,)
    return any_of([other(one) for one in listed if type(one) is Predicate]) or rule


def _intolerance(one: Predicate) -> Predicate:
    return msgspec.structs.replace(one, qualifier=(*one.qualifier, "intolerance"))


def _contraindication(one: Predicate) -> Predicate:
    return msgspec.structs.replace(one, kind="drug", qualifier=(BARRED, *one.qualifier))


def _reaction(one: Predicate) -> Predicate:
    name = ConceptRef(f"{REACTION} {one.name}", span=one.span)
    return msgspec.structs.replace(one, kind="condition", concept=name)
