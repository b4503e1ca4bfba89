"""
Of whom contraception is asked, where a criterion does not say: of whoever may have children.

"Use of reliable contraception" keeps out no woman beyond menopause, and "pregnant, breastfeeding or not using
contraception" excludes no man because no record names his. In "a woman of childbearing potential who is not
sterile, two years postmenopausal, or does not use contraception" the menopause spares, and the rule is in doubt.
"""

from __future__ import annotations

import re

from equipoise.criteria.join import doubted
from equipoise.criteria.looks import Mend
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Not, Predicate, Rule, Span, Unless, children, leaves

_ASKED = frozenset(("contraception", "effective contraception", "highly effective contraception", "dual contraception"))
_WHOM = frozenset(
    (
        "sex", "childbearing potential", "females of childbearing potential", "menopause", "premenopausal",
        "amenorrhea", "sexual activity", "sterilization", "surgical sterility", "hysterectomy",
        "fertility", "infertility",
    )
)  # fmt: skip
_SPARED = frozenset(("menopause", "sterilization", "surgical sterility", "hysterectomy", "sterility"))
_MEN = re.compile(r"\b(?:m[ae]n|males?|partners?|both|sperm)\b")
_FEMALE = re.compile(r"\b(?:wom[ae]n|females?|girls?|lad(?:y|ies)|wocbp|focbp|child[\s-]?bearing)\b")
CONTRACEPTION = re.compile(r"\b(?:contracepti\w+|birth[\s-]control|abstinen\w+|abstain)\b")
_OTHERS = re.compile(r"\b(?:patients?|subjects?|participants?|volunteers?|persons?|individuals?|those|all|both)\b")
WOMEN_FIRST = re.compile(
    r"(?:(?:all|any|if|is|are|a|the|healthy|sexually active|fertile|\w+menopausal)\s+)*"
    r"(?:wom[ae]n|females?|girls?|wocbp|focbp)\b"
)


def of_the_fertile(rule: Rule, words: str = "", *, exclusion: bool) -> Rule:
    """
    Return a rule in which contraception is asked of those who may have children, and of nobody else.

    The *words* may say that it is women of whom it is asked.

    >>> from equipoise.rules.english import describe_rule
    >>> used = Predicate(kind="procedure", concept=ConceptRef("contraception"))
    >>> describe_rule(of_the_fertile(used, exclusion=False))
    '(not (childbearing potential or sex is male)) or undergoing contraception'
    """
    if not any(type(leaf) is Predicate and leaf.name in _ASKED for leaf in leaves(rule)):
        return rule  # nearly all
    said = words.lower()
    found = None if exclusion else CONTRACEPTION.search(said)
    alone = found is not None and not _MEN.search(said) and covered(said, found.start(), exclusion=exclusion)
    return _barred(rule) if exclusion else _asked(rule, alone=alone)


def covered(said: str, place: int, *, exclusion: bool) -> bool:
    """Return whether contraception is asked of women alone: they are named before it, or behind it under Inclusion."""
    before = list(_FEMALE.finditer(said, 0, place))
    if before:
        return not _OTHERS.search(said, before[-1].end(), place) or bool(WOMEN_FIRST.match(said.strip()))
    behind = _FEMALE.search(said, place)
    return not exclusion and behind is not None and not _OTHERS.search(said, 0, place)


def men(span: Span | None) -> Predicate:
    """Return that somebody is a man, at the words that say so."""
    return Predicate(kind="demographic", concept=ConceptRef("sex", span=span), op="=", value="male", span=span)


def _asked(rule: Rule, *, alone: bool) -> Rule:
    """Return what is asked under Inclusion."""
    ways = rule.rules if type(rule) is AnyOf else (rule,)
    # "Contraception or sterilization": a way that some have, and nobody of whom it is asked.
    if any(map(_is_used, ways)) and all(map(_is_way, ways)):
        alone = alone or any(type(one) is Not for one in ways)
        return AnyOf((Not(_fertile(rule) if alone else _who(rule)), *ways))
    if type(rule) is All and not any(map(_says_whom, rule.rules)):
        return All(tuple(_asked(one, alone=alone) for one in rule.rules))
    return Unless(_asked(rule.rule, alone=alone), rule.exception) if type(rule) is Unless else rule


def _barred(rule: Rule) -> Rule:
    """Return what excludes: to use none, for those who may have children."""
    if _is_unused(rule):
        return All((_who(rule), rule))
    if type(rule) is AnyOf:
        barring = [one for one in rule.rules if type(one) is All and _says_whom(one)]
        if barring and any(type(one) is Predicate and one.name in _SPARED for one in rule.rules):
            span = next((leaf.span for leaf in leaves(rule) if leaf.span is not None), (0, 0))
            return doubted(rule, span)
        return AnyOf(tuple(_barred(one) for one in rule.rules))
    return Unless(_barred(rule.rule), rule.exception) if type(rule) is Unless else rule


def _is_way(rule: Rule) -> bool:
    """Return whether a rule is a way to have no child, or says that somebody is no woman."""
    if type(rule) is Not:
        return type(rule.rule) is Predicate and rule.rule.name == "sex" and rule.rule.value == "female"
    return type(rule) is Predicate and (rule.kind == "procedure" or (rule.name in _SPARED and rule.op == "present"))


def _is_used(rule: Rule) -> bool:
    return type(rule) is Predicate and rule.name in _ASKED and rule.op == "present" and rule.population is None


def _is_unused(rule: Rule) -> bool:
    if type(rule) is Not:
        return _is_used(rule.rule)
    return type(rule) is Predicate and rule.name in _ASKED and rule.op == "absent" and rule.population is None


def _says_whom(rule: Rule) -> bool:
    if type(rule) is Predicate:
        return rule.name in _WHOM
    return any(_says_whom(one) for one in children(rule))


def _who(rule: Rule) -> Rule:
    """Return who may have children, at the words of a rule."""
    return AnyOf((_fertile(rule), men(next((leaf.span for leaf in leaves(rule)), None))))


def _fertile(rule: Rule) -> Predicate:
    """Return that a woman may have children, at the words of a rule."""
    span = next((leaf.span for leaf in leaves(rule)), None)
    return Predicate(kind="condition", concept=ConceptRef("childbearing potential", span=span), span=span)


MEND = Mend(lambda whole: of_the_fertile(whole.rule, whole.text, exclusion=whole.exclusion))
