"""
How grave something is, said of its examples as of itself, and behind a bracket as before it.

::

    example = degree genus "including" X ("," | "or") Y        # "active infection such as cystitis": an active one
    behind  = degree X "(" … ")" "or" Y                        # "active hepatitis B (…) or hepatitis C": of both

To say too much of one leaves it unknown where its record does not say so; to say too little would answer wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.ends import PLAIN, adding, between, span_of
from equipoise.criteria.looks import Mend, Whole
from equipoise.criteria.names import NEVER_PARTLY, said_of
from equipoise.criteria.shares import ALREADY, LISTED, OF_WOMEN, is_lead
from equipoise.rules.nodes import AnyOf, Predicate, Rule, changed

_GRAVE = frozenset(
    (
        "active", "serious", "severe", "significant", "uncontrolled", "unstable", "symptomatic", "untreated",
        "relevant", "poorly", "controlled", "life-threatening", "clinically",
    )
)  # fmt: skip
_EXAMPLES = re.compile(
    r"\s*(?:\([^()]{1,12}\)\s*)?[,;:(]?\s*(?:including|such as|e\.?g\.?,?|for example,?)"
    r"(?:,?\s(?:but\s)?not limited to)?"
    r"\s*[,:]?\s*(?:known\s|the\s|any\s|presence of\s)*"
)
_ASIDE = re.compile(r"\([^()]*\)")
_BEHIND = re.compile(r"\s*(?:,?\s*(?:and/)?or|/|,)\s*")
# Names that are grave by themselves, and genera of which each member is.
_ALWAYS = NEVER_PARTLY | OF_WOMEN
_GRAVE_NAMES = re.compile(r"\b(?:sepsis|septic|shock|infarction|stroke|arrest|failure|tuberculosis|hepatitis|cancer)\b")


def _instances(whole: Whole) -> Rule:
    """
    Return a rule with how grave something is said of its examples, and of what follows behind a bracket.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Active acute or chronic infection such as cystitis", section="exclusion")[0].reading
    'infection, active acute; or chronic infection, active; or cystitis, active'
    """
    more = dict[int, str]()
    for part, _ in whole.wholes:
        if type(part) is AnyOf:
            _examples(whole, part.rules, more)
            _behind(whole, part.rules, more)
    return (
        changed(whole.rule, lambda one: adding(one, more[id(one)]) if id(one) in more else one) if more else whole.rule
    )


def _examples(whole: Whole, rules: Sequence[Rule], more: dict[int, str]) -> None:
    degree, before = "", rules[0]
    for one in rules[1:]:
        gap = between(span_of(before), span_of(one), whole.words, whole.start)
        if type(before) is Predicate and gap is not None and _EXAMPLES.fullmatch(gap):
            degree = _grave(before)
        elif degree and (gap is None or not PLAIN.fullmatch(gap)):
            degree = ""
        if degree and type(one) is Predicate and _takes(one, "condition") and not _GRAVE_NAMES.search(one.name):
            more[id(one)] = degree
        elif degree and not (type(one) is Predicate and one.kind == "condition" and one.op == "present"):
            degree = ""
        before = one


def _behind(whole: Whole, rules: Sequence[Rule], more: dict[int, str]) -> None:
    first = rules[0]
    named = span_of(first)
    if type(first) is not Predicate or named is None or first.op != "present":
        return
    before = " ".join(whole.words[: named[0] - whole.start].split())
    led = next((text for text in said_of(first) if before.endswith(text) and is_lead(text)), None)
    if led is None or LISTED.search(before[: -len(led)]):
        return
    for one in rules[1:]:
        gap = between(span_of(first), span_of(one), whole.words, whole.start)
        if gap is None or gap.count("(") != gap.count(")"):
            continue  # within the bracket
        if "(" not in gap or not _BEHIND.fullmatch(_ASIDE.sub("", gap)) or type(one) is not Predicate:
            return
        if _takes(one, first.kind) and set(one.name.split()) & set(first.name.split()):
            more[id(one)] = led  # "hepatitis B (…) or hepatitis C", and not "heart disease (…) or stroke"
        return


def _grave(one: Predicate) -> str:
    """Return the words that say how grave a thing is: "active" of "active acute"."""
    for text in said_of(one):
        said = text.split()
        end = next((at for at, word in enumerate(said) if word not in _GRAVE), len(said))
        if end and one.kind == "condition" and one.op == "present":
            return " ".join(said[:end])
    return ""


def _takes(one: Predicate, kind: str) -> bool:
    """Return whether nothing is said of a name yet, and it may be more or less so."""
    plain = one.kind == kind and one.op == "present" and not said_of(one)
    return plain and one.name not in _ALWAYS and one.name.split()[0] not in ALREADY


MEND = Mend(_instances, "including such example eg e g", marks="(", joined=True)
