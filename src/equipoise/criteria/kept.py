"""
Nothing read over: every word that matters stands in the rule, as a name, a qualifier, a limit, a window, or `Left`.

The readers pass words over where they add nothing; whatever else they lose, by a rule of the grammar that did
not think of it, is found here. A rule that lost something is shown, and always unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.cues import EMPTY, LIGHT
from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import CARRYING, OF_SOME
from equipoise.rules.nodes import Left, Predicate, Rule, Span, leaves

_WORDS = re.compile(r"[^\W_]+")
# What says of which sex somebody is: where none of it is in the rule, a sex at the end was lost.
_OF_SEX = OF_SOME | CARRYING | {"sex"}
# Kinds of elements whose words the grammar may not lose.
_KEPT = frozenset(("word", "quality", "atom", "time"))


def lost(elements: Sequence[Element], rule: Rule, waived: Sequence[Span]) -> Span | None:
    """Return the first words that a rule lost, or None; *waived* are those that the grammar meant to leave out."""
    left, facts, spans = list(waived), list[Predicate](), list[Span]()
    said: set[str] | None = None
    judged = timed = False
    for leaf in leaves(rule):
        if type(leaf) is Left:
            left.append(leaf.span)
            continue
        facts.append(leaf)
        judged = judged or leaf.kind == "administrative"
        timed = timed or leaf.window is not None or leaf.kind in ("duration", "event_time")
        if leaf.concept is not None and leaf.concept.span is not None:
            spans.append(leaf.concept.span)
        if leaf.span is not None and leaf.kind in ("event_time", "duration", "prior_lines"):
            spans.append(leaf.span)
    swallowing, labelled = False, _labelled(elements)
    sexes = {one.predicate.value for one in elements if one.kind == "sex" and one.predicate is not None}
    dropped = len(sexes) == 1 and not any(one.name in _OF_SEX for one in facts)
    for place, one in enumerate(elements):
        if one.kind == "admin":
            swallowing = True
        elif one.kind in ("stop", "comma", "or", "and"):
            swallowing = swallowing and one.kind != "stop"
        if one.kind == "sex" and dropped and place == len(elements) - 1:
            return one.span
        if one.kind not in _KEPT or (swallowing and judged) or labelled[place]:
            continue
        first, last = one.span
        if _holds(left, first, last) or _touches(spans, first, last):
            continue
        said = _words(facts) if said is None else said
        if _is_said(one, said):
            continue
        if one.kind == "time" and (timed or one.time is None or one.time.mode == "when"):
            continue
        return one.span
    return None


def _holds(spans: Sequence[Span], first: int, last: int) -> bool:
    """Return whether one of some spans holds another."""
    return True in [start <= first and last <= end for start, end in spans]  # quicker than a generator, for a few


def _touches(spans: Sequence[Span], first: int, last: int) -> bool:
    """Return whether one of some spans and another have something in common."""
    return True in [start < last and first < end for start, end in spans]


def _words(facts: Sequence[Predicate]) -> set[str]:
    """Return the words that facts are named and qualified with."""
    said = [text for fact in facts for text in (*fact.qualifier, fact.population) if text]
    named = [f"{fact.name} {fact.from_ or ''} {fact.to or ''}".lower() for fact in facts]
    return set(_WORDS.findall(" ".join([*said, *named])))


def _is_said(one: Element, said: set[str]) -> bool:
    """Return whether each word of an element stands in the facts, or adds nothing."""
    if one.text in said or one.text.replace(" ", "") in said:
        return True  # most elements are one word; "1A" is two tokens
    return not [word for word in _WORDS.findall(one.text) if word not in said and word not in _SAYING_NOTHING]


# What is kept in another form: an operator, a window, a count.
_TELLING = frozenset(
    (
        "negative", "positive", "seronegative", "non", "current", "currently", "concurrent", "concomitant", "ongoing",
        "presently", "planned", "prior", "previous", "past", "recent", "recently", "possible", "suspected", "probable",
        "healthy", "lifetime",
    )
)  # fmt: skip


_SAYING_NOTHING = EMPTY | LIGHT | _TELLING

# Between a label and its colon, none of these stand; what goes before the label in its sentence is none of the others.
_ENDS = frozenset(("stop", "comma", "open", "close", "not", "except", "unless", "must", "if", "admin"))
_NAMES = frozenset(("atom", "except", "unless", "not", "if"))


def _labelled(elements: Sequence[Element]) -> list[bool]:
    """Return for each element whether it stands in a label before a colon, which what follows spells out."""
    ahead, found = False, list[bool]()
    if "colon" not in [one.kind for one in elements]:
        return [False] * len(elements)
    for one in reversed(elements):
        ahead = one.kind == "colon" or (ahead and one.kind not in _ENDS)
        found.append(ahead)
    found.reverse()
    named = False
    for place, one in enumerate(elements):
        found[place] = found[place] and not named
        named = one.kind != "stop" and (named or one.kind in _NAMES)
    return found
