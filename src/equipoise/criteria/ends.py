"""
What stands at the end of a list and belongs to each of its members, though its rule kept it on the last.

::

    despite  = limit "or" limit "despite treatment"     # both limits
    abuse    = drug ("," | "or") habit "abuse"          # "caffeine or tobacco abuse": of both
    allergy  = drug "or" drug "allergy"                 # allergies to both
    bleeding = ulcer "or" ("bleeding" | …)              # "gastric ulcer or bleeding": both of the stomach
"""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from equipoise.criteria.names import said_of
from equipoise.rules.nodes import Predicate, Rule, Span

PLAIN = re.compile(
    r"\s*(?:\([^(),;]{1,12}\)\s*)?(?:,\s*(?:(?:and/)?or\s|and\s)?|/|(?:and/)?or\s|and\s|&)\s*", re.IGNORECASE
)
# What parts the members of a list of which any will do.
OR_LIST = re.compile(r"\s*(?:,|/|\bor\b|\band/or\b|,\s*or\b)\s*(?:an?\s+|any\s+)?", re.IGNORECASE)
_DESPITE = re.compile(
    r"(?:despite|in spite of|on|under|with|without|while)\b.*\b(?:treat|therap|medic|manag|drug|control|support)"
)
_HABIT = re.compile(r"\b(abuse|misuse|dependence|addiction)(?:rs?|s)?\b")
_BEHIND = re.compile(r"\s*(abuse|misuse|dependence|addiction)\b", re.IGNORECASE)

_ALLERGIC = re.compile(r"\s*(?:allerg|hypersensitiv)", re.IGNORECASE)
_OR_ANY = re.compile(r"\s*,?\s*(?:or|and/or|/)\s*(?:(?:any|other|of|the)\s+)*", re.IGNORECASE)
_SITED = re.compile(r"(gastrointestinal|gi|gastric|peptic|duodenal|esophageal)\b")
_OF_SITES = frozenset(("bleeding", "perforation", "obstruction", "ulcer", "stenosis"))


def span_of(rule: Rule) -> Span | None:
    """Return where the name of a predicate stands, if it has one."""
    return rule.concept.span if type(rule) is Predicate and rule.concept is not None else None


def between(before: Span | None, behind: Span | None, words: str, start: int) -> str | None:
    """Return the words (*words* stand at *start*) between two places, or None where the second does not follow."""
    if before is None or behind is None or behind[0] < before[1]:
        return None
    return words[before[1] - start : behind[0] - start]


def adding(rule: Predicate, *said: str) -> Predicate:
    """Return a predicate of which some more is said."""
    return msgspec.structs.replace(rule, qualifier=(*said, *rule.qualifier))


class Ends:
    """Gives the members of a list what stands at its end."""

    def __init__(self, words: str, start: int) -> None:
        self.words, self.start, self.lower = words, start, words.lower()

    def ended(self, parts: list[Rule]) -> None:
        """Say of each of the members of a list what stands at its end."""
        self._despite(parts)
        self._abuse(parts)
        self._allergic(parts)
        self._sited(parts)

    def between(self, one: Rule, other: Rule) -> str | None:
        """Return the words between two names, or None where the second does not follow the first."""
        return between(span_of(one), span_of(other), self.lower, self.start)

    def _despite(self, parts: list[Rule]) -> None:
        """Ask "despite treatment" of each of the limits before it."""
        last = parts[-1]
        if type(last) is not Predicate or not self._is_limit(last) or not last.qualifier:
            return
        said = next((text for text in last.qualifier if _DESPITE.match(text)), None)
        found = self.lower.find(said) if said is not None else -1
        if said is None or last.span is None or found < last.span[0] - self.start:
            return
        for place in range(len(parts) - 2, -1, -1):
            one = parts[place]
            gap = self.between(one, parts[place + 1])
            if type(one) is not Predicate or not self._is_limit(one) or one.qualifier:
                return
            if gap is None or ";" in gap or not re.search(r"\bor\b|,|/", gap):
                return
            parts[place] = adding(one, said)

    @staticmethod
    def _is_limit(one: Predicate) -> bool:
        return one.kind == "measurement" and one.op not in ("present", "absent")

    def _abuse(self, parts: list[Rule]) -> None:
        """Read "caffeine or tobacco abuse" as an abuse of both."""
        noun = ""
        for place in range(len(parts) - 1, -1, -1):
            one = parts[place]
            follows = self.between(one, parts[place + 1]) if place + 1 < len(parts) else None
            noun = noun if follows is not None and PLAIN.fullmatch(follows) and " / " not in follows else ""
            named = span_of(one)
            if type(one) is not Predicate or named is None:
                noun = ""
            elif one.kind == "condition" and place:
                own = _HABIT.search(self.lower[named[0] - self.start : named[1] - self.start])
                own = own or _BEHIND.match(self.lower, named[1] - self.start)
                gap = (self.between(parts[place - 1], one) or "").strip()
                own = None if gap == "," else own  # "painkillers, drug abuse" are two things
                noun = own[1] if own is not None else noun
            elif noun and one.kind == "drug" and one.op == "present" and not said_of(one):
                parts[place] = adding(one, noun)

    def _allergic(self, parts: list[Rule]) -> None:
        """Read "titanium or latex allergy" as allergies to both."""
        for place, (one, other) in enumerate(pairwise(parts)):
            if type(one) is not Predicate or type(other) is not Predicate or one.kind != "drug" or said_of(one):
                continue
            gap, behind = self.between(one, other), span_of(other)
            if one.op != "present" or gap is None or behind is None:
                continue
            if other.kind == "allergy":
                cue, said = behind[1], other.qualifier
            else:  # "nickel or other alloy allergy", where no table knows the alloy
                cue, said = behind[0], ()
                unknown = " ".join((*said_of(other), ""))
                gap = gap.removesuffix(unknown) if other.name == "allergy" and unknown else ";"
            if _OR_ANY.fullmatch(gap) and _ALLERGIC.match(self.lower, cue - self.start):
                parts[place] = msgspec.structs.replace(one, kind="allergy", qualifier=said)

    def _sited(self, parts: list[Rule]) -> None:
        """Read "gastric ulcer or bleeding" as a bleeding of the stomach."""
        for place, (one, other) in enumerate(pairwise(parts)):
            named, gap = span_of(one), self.between(one, other)
            if type(other) is not Predicate or other.name not in _OF_SITES or gap is None or named is None:
                continue
            found = _SITED.match(self.lower, named[0] - self.start)
            if found is not None and PLAIN.fullmatch(gap) and other.op == "present" and not said_of(other):
                parts[place + 1] = adding(other, found[1])
