"""
Out of which members of a list an exception is taken.

::

    insulin "or" antidiabetic "other than" metformin     # out of the last: insulin keeps out in any case
    member "or" member … cue exception                   # out of those of which it is a kind

Where it is a kind of none, where examples stand among the members ("infection, including A and B, but not C"), or a
member is of another sort (a treatment among diseases may have been given for what is excepted), it is left as it was
read: taken out of the whole list.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.looks import Mend, Whole, facts_of
from equipoise.rules.nodes import AnyOf, Left, Not, Predicate, Rule, Unless, any_of, leaves
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

_EXAMPLES = re.compile(r"\binclud|\be\.?\s?g\b|\bsuch as\b|\bexamples?\b|\blike\b")
# Names that share no more than such a word are no kin.
_PLAIN = frozenset(
    ("disease", "diseases", "disorder", "syndrome", "infection", "therapy", "treatment", "inhibitor", "agent", "drug",
     "of", "and", "or", "the", "in", "with", "chronic", "acute", "active", "test", "surgery")
)  # fmt: skip
_TUMOR = re.compile(r"cancer|tumor|malignan|neoplas|carcinoma|leukemia|lymphoma|myeloma|melanoma|sarcoma")


def _taken(whole: Whole) -> Rule:
    """
    Return a rule whose exceptions are taken out of those members of a list alone of which they are a kind.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Gout or a rheumatic disease other than lupus", section="exclusion")[0].reading
    'gout; or (rheumatic disease, unless systemic lupus erythematosus)'
    """
    if not any(type(part) is Unless and type(part.rule) is AnyOf for part in whole.parts):
        return whole.rule
    if _EXAMPLES.search(whole.words):
        return whole.rule
    return _narrowed(whole.rule, shipped(), {})


def _narrowed(rule: Rule, lexicon: Lexicon, done: dict[int, Rule]) -> Rule:
    """Return a rule with its exceptions narrowed; *done*: what stands in it twice stays one and the same part."""
    if type(rule) is Predicate or type(rule) is Left:
        return rule
    found = done.get(id(rule))
    if found is None:
        if type(rule) is Not:
            found = Not(_narrowed(rule.rule, lexicon, done))
        elif type(rule) is Unless:
            found = _out_of(rule, lexicon)
        else:
            found = msgspec.structs.replace(rule, rules=tuple([_narrowed(one, lexicon, done) for one in rule.rules]))
        done[id(rule)] = found
    return found


def _out_of(rule: Unless, lexicon: Lexicon) -> Rule:
    if type(rule.rule) is not AnyOf:
        return rule
    excepted = [fact.name for fact in facts_of(rule.exception)]
    members = rule.rule.rules
    kinds = [any(lexicon.is_a(name, fact.name) for name in excepted for fact in facts_of(one)) for one in members]
    if all(kinds) or not any(kinds):
        return rule
    kinds = [fits or _is_near(one, excepted) for fits, one in zip(kinds, members, strict=True)]
    if all(kinds):
        return rule
    of_kind = [one for one, fits in zip(members, kinds, strict=True) if fits]
    others = [one for one, fits in zip(members, kinds, strict=True) if not fits]
    sorts = _sorts(of_kind)
    if len(sorts) > 1 or _sorts(others) != sorts:
        return rule
    inner = any_of(of_kind)
    assert inner is not None
    return AnyOf((*others, Unless(inner, rule.exception)))


def _is_near(member: Rule, excepted: list[str]) -> bool:
    """Return whether a member may be what is excepted by another name: "dependence" and "nicotine dependence"."""
    own = " ".join(fact.name for fact in facts_of(member))
    said = set(own.split()) - _PLAIN
    if _TUMOR.search(own) and any(map(_TUMOR.search, excepted)):
        return True
    return any(not said.isdisjoint(name.split()) for name in excepted)


def _sorts(rules: list[Rule]) -> set[str]:
    """Return of what sort some rules are: what was given and what was done are one."""
    return {
        "left" if type(leaf) is Left else "treatment" if leaf.kind in GIVEN else leaf.kind
        for one in rules
        for leaf in leaves(one)
    }


MEND = Mend(
    _taken,
    "except exception exceptions excepting excepted excluding exclusive exclusion excl unless other besides apart "
    "aside outside allowed permitted eligible acceptable permissible include included excluded but not",
    joined=True,
)
