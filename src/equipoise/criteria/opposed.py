"""
Limits that nobody can meet at once: "age < 6 and > 14" under Exclusion keeps out the ones and the others.

Under Inclusion such limits belong to something that was not read (groups, eyes, visits); the rule is then unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from equipoise.criteria.join import doubted, one_limit
from equipoise.criteria.kinds import CARRYING, PREGNANCY_TESTS
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, all_of, any_of, children, leaves
from equipoise.terms.normal_limits import common_limits
from equipoise.terms.units import convert
from equipoise.terms.variables import variables

_UPPER, _LOWER = ("<", "<="), (">", ">=")


def settled(rule: Rule, span: Span, *, exclusion: bool) -> Rule:
    """
    Return a rule in which limits that exclude each other are alternatives, or in doubt.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> young, old = (Predicate(kind="demographic", concept=ConceptRef("age"), op=op, value=value, unit="a")
    ...               for op, value in (("<", 6), (">", 14)))
    >>> settled(All((young, old)), (0, 9), exclusion=True) == AnyOf((young, old))
    True
    """
    if type(rule) is AnyOf and not exclusion and any(_is_grown(one) for one in rule.rules):
        return doubted(rule, span)  # "female (sterile) and/or male aged 18 or older": nobody else is let in
    if type(rule) is AnyOf and not exclusion and (_neither_above(rule) or _neither(rule) or _all_normal(rule)):
        return All(rule.rules)  # "AST or ALT ≤ 2.5 × ULN": neither may be above; "non-pregnant or nursing": neither
    if type(rule) is AnyOf and not exclusion and (parted := _each_of_two(rule)) is not None:
        return parted
    if type(rule) is AnyOf:
        return AnyOf(tuple(settled(one, span, exclusion=exclusion) for one in rule.rules))
    if type(rule) is not All:
        return rule
    parts = [settled(one, span, exclusion=exclusion) for one in rule.rules]
    if exclusion and len(parts) == 2 and one_limit(*parts):
        return AnyOf(
            (All(tuple(parts)), All((AnyOf(tuple(parts)), Left(span))))
        )  # "ALT and AST > 5 × ULN": both, or each
    pair = _pair(parts)
    if pair is None:
        return All(tuple(parts))
    apart = all(type(one) is Predicate and one.op == "between" for one in pair)
    if not exclusion and not apart:
        return doubted(All(tuple(parts)), span)
    either = any_of(pair)
    rest = [one for one in parts if one not in pair]
    assert either is not None
    return all_of([*rest, either]) or either


_ASKED_TOGETHER = (
    frozenset(("pregnancy", "lactation", "planning pregnancy")),
    frozenset(("hepatitis b", "hepatitis c", "hiv infection", "hepatitis b surface antigen", "hepatitis c antibody")),
)


def _neither(rule: AnyOf) -> bool:
    """Return whether each of some things that are asked together is denied: "hepatitis B or C negative"."""
    names = {one.name if type(one) is Predicate and one.op == "absent" else "" for one in rule.rules}
    return len(names) > 1 and any(names <= asked for asked in _ASKED_TOGETHER)


def affirmed(rule: Rule) -> Rule:
    """Return what a rule that says that something does not hold says of."""
    if type(rule) is Not:
        return rule.rule
    return msgspec.structs.replace(rule, op="present") if type(rule) is Predicate else Not(rule)


_OF_WOMEN = frozenset(("menopause", "premenopausal", "perimenopause", "pregnancy", "lactation"))
_TRANSAMINASES = {"aspartate aminotransferase", "alanine aminotransferase"}
_OPPOSITE = (
    ("positive", "negative"), ("high", "low"), ("normal", "abnormal"), ("elevated", "low"), ("inpatient", "outpatient"),
)  # fmt: skip
_HIGH_OR_LOW = {"hypotension": "high", "hypertension": "low"}


def contradicts_itself(rule: Rule) -> bool:
    """Return whether a fact is asked for with words that exclude each other: then another's word went to it."""
    if type(rule) is All and _levels_apart(rule):
        return True
    for leaf in leaves(rule):
        if type(leaf) is Predicate and leaf.kind == "event_time" and leaf.from_ == leaf.to:
            return True  # "screening between 24 and 28 weeks of gestation": from itself to itself
        if type(leaf) is Predicate and (_is_misprint(leaf) or (leaf.kind == "duration" and leaf.name in _LOOKED_AT)):
            return True  # "sinusitis confirmed by imaging for 12 weeks": it is not the imaging that lasted
        if type(leaf) is not Predicate or not leaf.qualifier:
            continue
        said = {word for text in leaf.qualifier for word in text.split()}
        if len(said) > 1 and any(
            one in said and other in said and not said & {"or", "and", "/"} for one, other in _OPPOSITE
        ):
            return True
        if _HIGH_OR_LOW.get(leaf.name) in said:
            return True
    return False


# Below these nobody lives, or nothing can be counted: a power of ten, or a unit, was lost ("platelets ≥ 100,000 /mL").
_LOOKED_AT = frozenset(
    (
        "imaging study",
        "magnetic resonance imaging",
        "computed tomography",
        "x ray",
        "chest radiograph",
        "ultrasonography",
    )
)
_LEAST = {
    "albumin": 0.5,
    "hemoglobin": 1,
    "platelet count": 1,
    "neutrophil count": 0.02,
    "white blood cell count": 0.05,
    "lymphocyte count": 0.02,
}


def _is_misprint(leaf: Predicate) -> bool:
    """Return whether a limit lies where no result of its kind can lie."""
    if leaf.kind != "measurement" or not isinstance(leaf.value, (int, float)) or not leaf.unit or not leaf.value:
        return False
    variable = variables().find(leaf.name)
    if variable is None or variable.unit is None or leaf.relative_to is not None or leaf.name not in _LEAST:
        return False
    value = convert(leaf.value, leaf.unit, variable.unit, analyte=leaf.name)
    return value is not None and (value <= _LEAST[leaf.name] or (variable.high is not None and value > variable.high))


def asks_both(rule: All) -> bool:
    """Return whether a rule asks for a man and for a woman at once: then two groups were read as one."""
    asked = [one for one in rule.rules if isinstance(one, Predicate) and one.op in ("=", "present")]
    return any(one.name == "sex" and one.value == "male" for one in asked) and any(map(_asks_women, rule.rules))


def _asks_women(rule: Rule) -> bool:
    if type(rule) is Predicate:
        female = rule.op == "=" and rule.name == "sex" and rule.value == "female"
        return female or (rule.op == "present" and rule.name in _OF_WOMEN)
    if type(rule) is AnyOf:
        return all(map(_asks_women, rule.rules))
    return type(rule) is All and any(map(_asks_women, rule.rules))


def asks_for_health(rule: Rule) -> bool:
    """
    Return whether a limit is one that the healthy meet: under Exclusion, it says who may come in.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> alt = Predicate(kind="measurement", concept=ConceptRef("alanine aminotransferase"), op="<=", value=2.5,
    ...                 relative_to="ULN")
    >>> asks_for_health(alt), asks_for_health(msgspec.structs.replace(alt, op=">"))
    (True, False)
    """
    if isinstance(rule, Unless):
        return asks_for_health(rule.rule)  # heart failure, unless the heart pumps well
    if isinstance(rule, Not) and {one.name for one in leaves(rule) if isinstance(one, Predicate)} == CARRYING:
        return True  # "not pregnant or nursing"
    if isinstance(rule, Predicate):
        return _is_of_healthy(rule) or _is_negative_test(rule)
    if isinstance(rule, Not) and isinstance(rule.rule, Predicate) and _is_negative_test(rule.rule):
        return False  # "without a negative pregnancy test"
    return any(map(asks_for_health, children(rule)))


def _is_negative_test(leaf: Predicate) -> bool:
    return leaf.kind == "measurement" and leaf.name in PREGNANCY_TESTS and "negative" in leaf.qualifier


def _is_of_healthy(leaf: Predicate) -> bool:
    if leaf.kind != "measurement" or not isinstance(leaf.value, (int, float)):
        return False
    if leaf.relative_to == "ULN":
        return leaf.op in _UPPER and leaf.value >= 1
    if leaf.relative_to == "LLN":
        return leaf.op in _LOWER and leaf.value <= 1
    if leaf.name == "ECOG performance status":
        return leaf.op in _UPPER or (leaf.op == "between" and leaf.value == 0)
    side: Literal["ULN", "LLN"] = "ULN" if leaf.op in _UPPER else "LLN"
    usual = common_limits(leaf.name, side) if leaf.op in (*_UPPER, *_LOWER) and leaf.relative_to is None else None
    value = convert(leaf.value, leaf.unit, usual.unit, analyte=leaf.name) if usual is not None and leaf.unit else None
    if usual is None or value is None:
        return False
    return value >= usual.low if side == "ULN" else value <= usual.high


def _levels_apart(rule: All) -> bool:
    """Return whether one stage is asked for, and among what it is asked with another: "IIIB with effusion or IV"."""
    asked = [one for one in rule.rules if type(one) is Predicate and one.kind == "measurement" and one.op == "="]
    listed = [leaf for one in rule.rules if type(one) is AnyOf for leaf in leaves(one) if type(leaf) is Predicate]
    return any(
        one.name == other.name and other.op == "=" and one.value != other.value for one in asked for other in listed
    )


def _is_grown(rule: Rule) -> bool:
    """Return whether a rule asks for an adult and nothing more."""
    if type(rule) is not Predicate or rule.name != "age" or rule.unit != "a" or rule.population:
        return False
    return rule.op in (">", ">=") and isinstance(rule.value, (int, float)) and 16 <= rule.value <= 21


def _neither_above(rule: AnyOf) -> bool:
    """Return whether a rule puts one upper limit on either of the transaminases."""
    limits = [one for one in rule.rules if type(one) is Predicate and one.op in _UPPER]
    return len(limits) == len(rule.rules) == 2 and {one.name for one in limits} == _TRANSAMINASES and one_limit(*limits)


_CLOTTING = {"prothrombin time", "activated partial thromboplastin time"}
_PANELS = {"liver function tests", "thyroid function tests", "renal function tests", "liver function"}


def _all_normal(rule: AnyOf) -> bool:
    """Return whether tests that are read together are all to be normal: "AST/ALT normal", a panel and its tests."""
    tests = [one for one in rule.rules if type(one) is Predicate and one.op == "present"]
    if len(tests) < len(rule.rules) or not all("normal" in " ".join(one.qualifier).split() for one in tests):
        return False
    return {one.name for one in tests} in (_TRANSAMINASES, _CLOTTING) or tests[0].name in _PANELS


def _each_of_two(rule: AnyOf) -> Rule | None:
    """Return "AST or ALT ≤ 2.5 × ULN (≤ 5 × ULN with metastases)" as one limit for each of the two."""
    limits = [one for one in rule.rules if type(one) is Predicate and one.op in _UPPER]
    if len(limits) < len(rule.rules) or len(limits) < 3 or {one.name for one in limits} != _TRANSAMINASES:
        return None
    parts = [tuple(one for one in limits if one.name == name) for name in sorted(_TRANSAMINASES)]
    asked = [{(one.op, one.value, one.unit, one.population) for one in part} for part in parts]
    if asked[0] != asked[1]:
        return None
    return All(tuple(any_of(part) or part[0] for part in parts))


def _pair(parts: Sequence[Rule]) -> list[Rule] | None:
    """Return the first two limits of one variable that exclude each other."""
    limits = [one for one in parts if type(one) is Predicate and one.op in (*_UPPER, *_LOWER, "between")]
    for place, one in enumerate(limits):
        for other in limits[place + 1 :]:
            if _excludes(one, other) or _excludes(other, one):
                return [one, other]
    return None


def _excludes(upper: Predicate, lower: Predicate) -> bool:
    same = all(
        getattr(upper, key) == getattr(lower, key)
        for key in ("kind", "name", "unit", "relative_to", "population", "window", "qualifier")
    )
    if not same or upper.op not in (*_UPPER, "between") or lower.op not in (*_LOWER, "between"):
        return False
    top, bottom = upper.upper if upper.op == "between" else upper.value, lower.value
    if not isinstance(top, (int, float)) or not isinstance(bottom, (int, float)):
        return False
    return top < bottom or (
        top == bottom and "between" not in (upper.op, lower.op) and (upper.op, lower.op) != ("<=", ">=")
    )
