"""
Words that the tables know as a name and that name something else beside their neighbours.

::

    coded     = "ICD" "-"? ("9" | "10" | "11") "-CM"? ("code" | "codes")? code*   # by which book it was coded
    reacting  = word+ ("hypersensitivity" | "allergy" | …) "to"                   # what follows is the allergen
    measuring = condition ("questionnaire" | "inventory")                         # what asks for it
    masked    = ("single" | "double" | …) "-"? "blind"                            # so is a study
    against   = "anti-HCV" ("agent" | "drug" | …)                 # what is given, and no antibody that is found
    active    = "active substance" ("abuse" | …)                  # what is abused
    status    = "known" "hormone receptor status"                 # negative, perhaps
    biologic  = "biological" (noun)                                               # a sample, a sex, a father
    twice     = name "/" name                                                     # two words for one thing
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.context import Context, Named
from equipoise.criteria.elements import Element
from equipoise.rules.nodes import Predicate, leaves
from equipoise.terms.cues import word_set

_CODING = "implantable cardioverter defibrillator"
_EDITIONS = frozenset(("9", "10", "11"))
_CODE, _CODED = re.compile(r"[A-Z]\d\w*", re.IGNORECASE), re.compile(r"[A-Z]\d\d\w*", re.IGNORECASE)
_CODES = frozenset(("cm", "code", "codes", "diagnosis"))
_BETWEEN_CODES = frozenset(("-", ".", ":", ",", "to", "and", "or"))
_REACTIONS = word_set("misnamed.reactions")
_GIVEN = word_set("misnamed.given")
_AGAINST = (_GIVEN | {"vaccine", "vaccines"}) - {"and", "or", "for", "within", "response"}
_KNOWN = frozenset(("known", "unknown", "documented", "determined", "available"))
_ASSAYS = frozenset(("rast", "feia", "ige", "fluoroenzymeimmunoassay", "system"))
_MASKED = frozenset(("single", "double", "triple", "observer", "investigator", "sponsor"))
_SENSITIVE = ("allerg", "hypersensi", "intoleran", "anaphyla", "contraindic", "reaction", "sensiti")
_ABUSED = frozenset(("abuse", "use", "misuse", "dependence", "addiction"))
_INSTRUMENTS = frozenset(("inventory", "questionnaire", "questionnaires"))


def coded(context: Context, named: Named, at: int, end: int) -> int | None:
    """Return where "ICD-10 code I48" at a token ends, which names no defibrillator, or None."""
    if named.name != _CODING or context.tokens[at].word != "ICD" or end - at > 1:
        return None
    first = end + (context.norm(end) == ":")
    if context.norm(first) not in _EDITIONS | _CODES and _CODED.fullmatch(context.norm(first)) is None:
        return None
    place = end
    while place < len(context.tokens) and (
        context.norm(place) in _CODES | _EDITIONS | _BETWEEN_CODES
        or _CODE.fullmatch(context.norm(place))
        or (context.norm(place - 1) == "." and context.norm(place).isdigit())
    ):
        place += 1
    while place > end and context.norm(place - 1) in _BETWEEN_CODES:
        place -= 1
    return place


def misnamed(context: Context, named: Named, at: int, end: int) -> bool:
    """Return whether what follows shows that a name at some tokens is none: its words are read one by one."""
    behind = context.norm(end)
    if behind in ("to", "against") and end - at > 1 and context.norm(end - 1) in _REACTIONS:
        return True
    if behind in _INSTRUMENTS and getattr(named, "kind", "") == "condition":
        return True  # "Pain Questionnaire"
    if behind in _ASSAYS and context.tokens[at].word == "CAP":
        return True
    if named.name.startswith("study drug") and context.norm(at + 1) in ("substance", "substances"):
        # "Active substance abuse": the study's drug is so called where somebody is allergic to it.
        return behind in _ABUSED or not any(norm.startswith(_SENSITIVE) for norm in context.norms)
    if named.name == "blindness" and context.norm(at) == "blind":
        return context.norm(at - 1 - (context.norm(at - 1) == "-")) in _MASKED  # "a single-blind period"
    if named.name == "severe acute respiratory syndrome" and context.tokens[at].word == "SAR":
        return True  # of another ending: seasonal allergic rhinitis
    if context.norm(at) == "anti" and getattr(named, "kind", "") == "measurement" and behind in _AGAINST:
        return "antibod" not in " ".join(context.norms[at:end])
    if context.norm(end - 1) == "status" and not _KNOWN.isdisjoint((context.norm(at - 1), behind)):
        return getattr(named, "kind", "") == "measurement"  # it is known, and may be negative
    if named.name == "biologic" and end - at == 1 and end < len(context.tokens):
        return context.norm(at) == "biological" and context.tokens[end].kind == "w" and behind not in _GIVEN
    return False


def intolerant(cue: str) -> tuple[str, ...]:
    """
    Return that only an intolerance is asked for, which no allergy, or its lack, speaks of; or only an anaphylaxis.

    >>> intolerant("intolerance to"), intolerant("hypersensitivity or intolerance to")
    (('intolerance',), ())
    """
    words = cue.lower().split()
    if words and words[0] in ("anaphylaxis", "anaphylactic"):
        return ("anaphylaxis",)  # a rash is none
    return ("intolerance",) if words and words[0] in ("intolerance", "intolerant") and len(words) < 3 else ()


def said_twice(found: Sequence[Element], place: int) -> None:
    """Pass over the first of two words for one thing: "pyrexia/fever of ≥ 39 °C"."""
    one = found[place].predicate
    if one is None or one.op != "present" or place + 2 >= len(found) or found[place + 1].kind != "slash":
        return
    other = found[place + 2].rule
    if other is not None and any(type(leaf) is Predicate and leaf.name == one.name for leaf in leaves(other)):
        for element in found[place : place + 2]:
            element.kind, element.rule = "light", None
