"""
Criteria that only say what is allowed: they ask nothing of anyone.

::

    allowance = label? said* treatment-or-condition (("or" | "and" | ",") said* name)* "are"? "allowed" "."?
    whole     = whatever words "are"? "allowed" "."?            # one sentence, on no terms, and of all of it
    nobody    = words that leave nobody out                     # "enrolled without regard to sex or race"
    heading   = "allowed" ":"                                   # and the items below it

A word of its own ("*treated* brain metastases are allowed", "allowed *if* stable") may keep others out, and is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import FACTS
from equipoise.rules.nodes import Predicate
from equipoise.terms.allowing import TERMS, allows_whole
from equipoise.terms.cues import word_set

_SAID = word_set("allowances.said")
_JOINTS = frozenset(("or", "and", "comma", "slash", "light", "over", "event"))
# Of what a sentence that allows something may consist.
_WHATEVER = _JOINTS | {"word", "atom", "quality", "with", "colon", "open", "close", "example", "dash"}
_ALLOWED = frozenset(("allowed", "permitted", "acceptable", "permissible"))
_BEFORE = frozenset(("history of",))
_NOBODY = word_set("nobody.words")
_WOMEN, _MEN = word_set("nobody.women"), word_set("nobody.men")
_LIMITS_NONE = re.compile(
    r"\b(?:(?:any|all|both|either|every)\s(?:ethnic(?:ities|ity)?|genders?|nationalit(?:y|ies)|races?|sex(?:es)?)"
    r"|(?:regardless|irrespective|independent) of|(?:without|no) (?:regard|limits?|restrictions?) (?:to|on|for|of))\b"
)
# A heading of which nothing is asked.
_HEADS_NOTHING = re.compile(
    r"\W*(?:hormone|estrogen|progesterone) receptor status\s*(?::\W*|:?\W*any(?: status)?(?: allowed)?\W*)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z'-]*")


def asks_nothing(elements: Sequence[Element], text: str) -> bool:
    """Return whether a criterion only allows what it names, or leaves nobody out."""
    if _HEADS_NOTHING.fullmatch(text) is not None:
        return True
    return _allows_it(elements) or _allows_whole(elements, text) or _limits_none(text)


def _allows_whole(elements: Sequence[Element], text: str) -> bool:
    """Return whether one sentence says that something is allowed, whatever its words: on no terms, and all of it."""
    said = list(elements)
    while said and _ends(said[-1]):
        said.pop()
    if not said or not _allows(said[-1]) or any(one.kind not in _WHATEVER for one in said[:-1]):
        return False
    limits = [one for one in said if one.predicate is not None and one.predicate.op not in ("present", "absent")]
    return not limits and allows_whole(text)


def _limits_none(text: str) -> bool:
    """Return whether every word of a text belongs to saying that nobody is left out."""
    said = " ".join(text.lower().replace("/", " ").split())
    words = set[str]()
    for found in _WORD.finditer(said):
        if found[0] not in _NOBODY:
            return False  # most, by their first words
        words.add(found[0])
    if "children" in words or _LIMITS_NONE.search(said) is None:
        return False
    return words.isdisjoint(_WOMEN) == words.isdisjoint(_MEN)  # "women of any age": no men


def _allows_it(elements: Sequence[Element]) -> bool:
    place = next((at for at, one in enumerate(elements) if one.kind == "allow"), None)
    if place is None or not _allows(elements[place]) or any(not _ends(one) for one in elements[place + 1 :]):
        return False
    label = next((at for at, one in enumerate(elements[:place]) if one.kind == "colon"), -1)
    if any(one.kind not in ("word", "atom", "quality", "light") for one in elements[: max(label, 0)]):
        return False
    said = elements[label + 1 : place]
    return any(one.kind == "atom" for one in said) and all(_is_plain(one) for one in said)


def sets_terms(text: str) -> bool:
    """
    Return whether words say on what terms something is allowed: whoever does not keep them may be kept out.

    >>> sets_terms("Allowed: - Zidovudine, but only after 6 weeks"), sets_terms("Allowed: - Acupuncture")
    (True, False)
    """
    return TERMS.search(text) is not None


def heads_allowed(elements: Sequence[Element]) -> bool:
    """Return whether words above a list say that what it names is allowed."""
    allowed = [one for one in elements if one.kind == "allow"]
    rest = [one for one in elements if one.kind not in ("allow", "light", "colon", "stop")]
    return len(allowed) == 1 and _allows(allowed[0]) and not rest


def _allows(one: Element) -> bool:
    words = one.text.split()
    return one.kind == "allow" and words[-1] in _ALLOWED and "not" not in words


def _ends(one: Element) -> bool:
    return one.kind in ("stop", "light") and one.text in ("", ".", ";")


def _is_plain(one: Element) -> bool:
    if one.kind == "quality":
        return one.text in _SAID
    if one.kind == "atom":
        rule = one.rule
        if not isinstance(rule, Predicate) or rule.kind not in FACTS or rule.op != "present":
            return False
        return set(rule.qualifier) <= _BEFORE and (rule.window is None or rule.window.within is None)
    return one.kind in _JOINTS
