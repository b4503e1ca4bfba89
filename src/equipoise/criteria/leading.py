"""
What leads a list and is said of each of its members, though it stands before the first alone.

::

    led = when+ name (("," | "or" | "and" | "/") name)*    # "recent ulcers, nasal surgery, or trauma": each is recent

A member with a time or a degree of its own ends what the first one led, and so do words that begin anew. To say too
much of a member leaves it unknown where its record does not say so; to say too little would answer wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from equipoise.criteria.join import Item
from equipoise.criteria.kinds import ANEW, FACTS
from equipoise.rules.nodes import AnyOf, Predicate, Rule, Span

# Said before the first of a list, these are of all of it.
_WHEN = frozenset(
    (
        "recent", "recently", "daily", "weekly", "lifetime", "ongoing", "active", "regular", "frequent", "habitual",
        "continuous", "continual", "newly", "new", "proven", "relapsed", "refractory", "relapsing", "recurrent",
    )
)  # fmt: skip
# Words that may stand among them, and what is said of a treatment only.
_AMONG = frozenset(
    (
        "use", "uses", "intake", "of", "or", "and", "to", "long", "term", "chronic", "systemic", "onset", "diagnosed",
        "oral", "concomitant", "uncontrolled", "severe", "histologically", "cytologically", "biopsy", "pathologically",
        "confirmed", "documented",
    )
)  # fmt: skip
_USES = frozenset(("use", "uses", "intake"))
_LINKS = frozenset(("of", "or", "and", "to"))
# A member with one of these has a time or a degree of its own.
OWN = _WHEN | frozenset(
    (
        "current", "currently", "concurrent", "prior", "previous", "past", "planned", "acute", "chronic", "severe",
        "serious", "moderate", "mild", "uncontrolled", "unstable", "symptomatic", "untreated", "stable", "major",
        "significant", "advanced", "elective", "scheduled", "persistent", "progressive", "history",
    )
)  # fmt: skip
# Between two names, these begin anew.
# What a name may hold as its first word: "active tuberculosis or hepatitis B", "current smoker or drug abuser".
_EVER = "lifetime"
_HEALS = frozenset(("unhealed", "nonhealing", "non-healing"))
_HELD = frozenset(("active", "recent", "recurrent", "relapsed", "current")) | _HEALS
_OF_NAME = frozenset(("acute", "chronic"))
HURTS = frozenset(("wound", "ulcer", "fracture", "incision", "sore", "burn", "laceration", "lesion"))
_ALWAYS = frozenset(
    ("pregnancy", "lactation", "childbearing potential", "planning pregnancy", "hiv infection",
     "acquired immunodeficiency syndrome")
)  # fmt: skip


def lead_on(items: Sequence[Item], words: Callable[[Span], str], start: int) -> None:
    """Say of the members of a list what leads it, which begins at *start* of the text."""
    _lead_on(items, words, start)
    for item in items:
        if type(item.rule) is Predicate and _EVER in item.rule.qualifier:
            item.rule = _ever(item.rule)


def _lead_on(items: Sequence[Item], words: Callable[[Span], str], start: int) -> None:
    first = items[0].rule if len(items) > 1 else None
    if type(first) is not Predicate or first.kind not in FACTS or first.concept is None:
        return
    said, held = _leading(first), ""
    if not said and first.concept.span is not None:
        held = _held(first, words((min(start, first.concept.span[0]), first.concept.span[1])), words)
    if not said and not held:
        return
    of_drugs = not _USES.isdisjoint(said.split())
    for place, item in enumerate(items[1:], 1):
        between = set(words((items[place - 1].span[1], max(items[place - 1].span[1], item.span[0]))).split())
        if item.joint not in ("or", "and", "comma", "slash") or item.anew or not between.isdisjoint(ANEW):
            return
        parts = item.rule.rules if type(item.rule) is AnyOf else (item.rule,)
        facts = [one for one in parts if type(one) is Predicate]
        if len(facts) < len(parts) or any(not _goes_on(one, first, of_drugs=of_drugs) for one in facts):
            return
        if any(_is_own(text) for one in facts for text in one.qualifier):
            return
        if held in _OF_NAME and any(one.name.split()[-1] != first.name.split()[-1] for one in facts):
            return
        if held in _HEALS and any(one.name.split()[-1] not in HURTS or one.name.split()[0] in OWN for one in facts):
            return
        item.rule = _each(item.rule, said or held)


def _ever(rule: Predicate) -> Predicate:
    """Return "lifetime psychosis" as a history of it: who had it once is meant."""
    said = tuple("history of" if text == _EVER else text for text in rule.qualifier)
    return msgspec.structs.replace(rule, qualifier=tuple(dict.fromkeys(said)))


def _leading(first: Predicate) -> str:
    """Return what is said first of a name, as far as it is of when: "recent" of "recent nasal septum"."""
    for text in first.qualifier:
        run: list[str] = []
        for word in text.split():
            if not set(word.replace("/", "-").split("-")) <= _WHEN | _AMONG:
                break
            run.append(word)
        while run and run[-1] in _LINKS:
            run.pop()
        if any(not _WHEN.isdisjoint(word.replace("/", "-").split("-")) for word in run):
            return " ".join(run)
    return ""


def _held(first: Predicate, before: str, words: Callable[[Span], str]) -> str:
    """Return a word of time that a name holds, or that was made its window: "active tuberculosis", "current smoker"."""
    assert first.concept is not None and first.concept.span is not None
    begins = words(first.concept.span).split()[:1]
    if begins and begins[0] in _HELD | _OF_NAME:
        return begins[0]
    around = first.window is not None and first.window.side == "around"
    return "current" if around and "current" in before.split() else ""


def _goes_on(one: Predicate, first: Predicate, *, of_drugs: bool) -> bool:
    """Return whether a member is of a kind that what leads may be said of."""
    if one.kind not in FACTS or one.op != first.op:
        return False
    return one.kind in ("drug", "procedure") if of_drugs else True


def _is_own(text: str) -> bool:
    return text != "history of" and not OWN.isdisjoint(text.replace("-", " ").split())


def _each(rule: Rule, said: str) -> Rule:
    """Return a member with what leads the list, unless it has a window of its own or is never partly so."""
    if type(rule) is AnyOf:
        return AnyOf(tuple(_each(one, said) for one in rule.rules))
    if type(rule) is not Predicate or rule.window is not None or rule.name in _ALWAYS:
        return rule
    if said in rule.qualifier or rule.name.split()[0] == said:
        return rule
    return msgspec.structs.replace(rule, qualifier=(said, *rule.qualifier))
