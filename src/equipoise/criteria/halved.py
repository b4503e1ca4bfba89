"""
Names of which half was lost; what was read of them is shown, and always unknown.

::

    turned  = prefix "-" name                        # "extra-skeletal disease" is none of the skeleton
    counted = ("symptoms" | "frequency" | …) limit "a week"   # of what, or in which nights, no name says
    named   = n "occasions" limit                             # of what was found on them
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.join import doubted
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Predicate, Rule, changed

# A prefix with a hyphen that makes another thing of a name; "pre-existing" and "pre-diagnosed" only say when.
_TURNS = (
    "extra",
    "non",
    "anti",
    "post",
    "pre",
    "para",
    "peri",
    "sub",
    "pseudo",
    "ex",
    "supra",
    "infra",
    "retro",
    "epi",
)
_PREFIX = re.compile(
    rf"(?<![\w-])({'|'.join(_TURNS)})-\s?(?!existing|diagnos|specified|study|enrol|hodgkin)\w", re.IGNORECASE
)
_EX = re.compile(r"\bex\b")
_OFTEN = re.compile(r"(?:d|\{?\w+\}?|1)?/(?:d|wk|mo|a)\Z")
_BARE = frozenset(("symptoms", "symptom", "frequency", "symptom control", "episodes", "attacks", "use", "address"))


def _halved(whole: Whole) -> Rule:
    """
    Return a rule in doubt about each name of which a half was lost.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> bone = Predicate(kind="condition", concept=ConceptRef("bone disease"), span=(6, 22), qualifier=("extra",))
    >>> type(_halved(Whole("Extra-skeletal disease", 0, bone, exclusion=True))).__name__
    'All'
    >>> _halved(Whole("Bone disease, extra", 0, bone, exclusion=True)) is bone
    True
    """
    words, start = whole.words, whole.start
    prefixes = {found[1] for found in _PREFIX.finditer(words)} if "-" in words else set()
    if not prefixes and "occasion" not in words and not any(map(_is_rate, whole.facts)):
        return whole.rule
    nights = "night" in words

    def change(one: Predicate) -> Rule:
        if one.span is None:
            return one
        if prefixes and any(_ends_in(said, prefixes) for said in one.qualifier):
            if one.name == "smoking":
                return msgspec.structs.replace(one, qualifier=tuple(_EX.sub("former", said) for said in one.qualifier))
            return one if _is_told(one, prefixes) else doubted(one, one.span)
        if "occasion" in one.name:
            return doubted(one, one.span)
        if one.kind == "measurement" and one.unit is not None and _OFTEN.match(one.unit):
            own = words[max(one.span[0] - start, 0) : one.span[1] - start]
            if one.name in _BARE or (nights and "night" in own):
                return doubted(one, one.span)
        return one

    return changed(whole.rule, change)


def _is_told(one: Predicate, prefixes: set[str]) -> bool:
    """Return whether a name has the prefix as well: "nonhormonal contraception"."""
    return any(word.startswith(tuple(prefixes)) for word in one.name.split())


def _ends_in(said: str, prefixes: set[str]) -> bool:
    return said.rpartition(" ")[2] in prefixes


def _is_rate(one: Predicate) -> bool:
    return one.kind == "measurement" and one.unit is not None and "/" in one.unit


MEND = Mend(_halved)
