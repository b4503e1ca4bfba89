"""
Parts of a rule that belong together otherwise than they stand, as their kinds and names show.

::

    taken   = X "requiring" treatment "(except" Y ")"       # Y is taken out of X, whatever treats it
    abused  = "substance dependence" "except" "alcohol"     # a dependence on it, and no treatment with it
    graded  = X ">" "CTCAE grade 2"                         # of X, and no other toxicity
    staged  = stage "or" quality* cancer                    # under Inclusion, that stage of the cancer
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import GIVEN
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Unless, all_of, any_of, changed, leaves

_MISUSE = frozenset(
    (
        "substance abuse", "substance dependence", "drug abuse", "drug dependence", "alcohol or drug dependence",
        "addiction", "alcohol abuse", "substance use disorder",
    )
)  # fmt: skip
# Who depends on nicotine or caffeine is called dependent on a substance by nobody.
_MISUSED = {"alcohol": "alcohol abuse", "cannabis": "cannabis use disorder"}
_ANY_TOXICITY = frozenset(("drug toxicity", "adverse event", "toxicity"))
_STAGES = frozenset(("cancer stage", "figo stage"))
# Names of a cancer that say how far it has come, so that no other stage of it is meant.
_TOLD = ("metastatic ", "advanced ", "locally ", "inflammatory ", "invasive ", "recurrent ", "early ", "brain ")
_CANCERS = ("cancer", "carcinoma", "melanoma", "lymphoma", "sarcoma", "adenocarcinoma", "myeloma", "tumor")


def rejoined(rule: Rule, *, exclusion: bool) -> Rule:
    """
    Return a rule whose parts are joined as their kinds show.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> infection, cystitis = (Predicate(kind="condition", concept=ConceptRef(name)) for name in ("sepsis", "cystitis"))
    >>> drug = Predicate(kind="drug", concept=ConceptRef("antibiotic"))
    >>> mended = rejoined(All((infection, Unless(drug, cystitis))), exclusion=True)
    >>> mended == Unless(All((infection, drug)), cystitis)
    True
    """
    if type(rule) is Not:
        return Not(rejoined(rule.rule, exclusion=True))
    if type(rule) is AnyOf:
        whole = AnyOf(tuple(rejoined(one, exclusion=exclusion) for one in rule.rules))
        return whole if exclusion else _staged(whole)
    if type(rule) is Unless:
        return Unless(rejoined(rule.rule, exclusion=exclusion), _abused(rule.rule, rule.exception))
    if type(rule) is not All:
        return rule
    if _is_treated(rule):
        last = rule.rules[-1]
        assert type(last) is Unless
        return Unless(all_of([*rule.rules[:-1], last.rule]) or last.rule, last.exception)
    parts = _graded([rejoined(one, exclusion=exclusion) for one in rule.rules], exclusion=exclusion)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _is_treated(rule: All) -> bool:
    """Return whether a disease is asked for with a treatment from which diseases are taken out."""
    last = rule.rules[-1]
    if type(last) is not Unless or not _kinds(last.rule) <= GIVEN or _kinds(last.exception) != {"condition"}:
        return False
    return all(_kinds(one) == {"condition"} for one in rule.rules[:-1])


def _kinds(rule: Rule) -> set[str]:
    return {leaf.kind if type(leaf) is Predicate else "" for leaf in leaves(rule)}


def _graded(parts: list[Rule], *, exclusion: bool) -> list[Rule]:
    """Return what is asked for with the grade of a toxicity as that of the condition before it."""
    for place, grade in enumerate(parts[1:], 1):
        what = parts[place - 1]
        if type(grade) is not Predicate or grade.name != "toxicity grade" or grade.value is None:
            continue
        if (
            type(what) is not Predicate
            or what.kind != "condition"
            or what.op != "present"
            or what.name in _ANY_TOXICITY
        ):
            continue
        span = grade.concept.span if grade.concept is not None else None
        own = msgspec.structs.replace(grade, concept=ConceptRef(f"{what.name} grade", ("grade",), span=span))
        if exclusion or grade.op not in ("<", "<="):
            return [*parts[:place], own, *parts[place + 1 :]]
        either = AnyOf((msgspec.structs.replace(what, op="absent"), own))  # who has none has grade 0
        return [*parts[: place - 1], either, *parts[place + 1 :]]
    return parts


def _abused(rule: Rule, exception: Rule) -> Rule:
    """Return what is excepted from an abuse as an abuse of it: who drinks may still depend on something else."""
    if not any(type(leaf) is Predicate and leaf.name in _MISUSE for leaf in leaves(rule)):
        return exception

    def change(one: Predicate) -> Predicate:
        name = _MISUSED.get(one.name) if one.kind == "drug" else None
        if name is None or one.concept is None:
            return one
        return msgspec.structs.replace(one, kind="condition", concept=msgspec.structs.replace(one.concept, name=name))

    return changed(exception, change)


def _staged(rule: AnyOf) -> Rule:
    """Return "stage III or recurrent breast cancer" with the stage as one of that cancer, or in doubt."""
    parts = list(rule.rules)
    for place, one in enumerate(parts):
        if type(one) is not Predicate or one.name not in _STAGES or one.span is None:
            continue
        cancers = [other for other in parts[place + 1 :] if _is_cancer(other)]
        named = cancers[0] if cancers else None
        one_of = len({other.name for other in cancers if type(other) is Predicate}) == 1
        if type(named) is Predicate and one_of and not named.name.startswith(_TOLD):
            parts[place] = All((one, msgspec.structs.replace(named, qualifier=())))
        elif named is not None or any(map(_is_cancer, parts[:place])):
            parts[place] = doubted(one, one.span)
    return any_of(parts) or rule


def _is_cancer(rule: Rule) -> bool:
    return (
        type(rule) is Predicate
        and rule.kind == "condition"
        and rule.op == "present"
        and rule.name.endswith(_CANCERS)
        and rule.name not in ("malignant tumor", "solid tumor")
    )
