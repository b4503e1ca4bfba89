"""
Of whom contraception is asked, where a criterion does not say: of whoever may have children.

"Use of reliable contraception" keeps out no woman beyond menopause, and "pregnant, breastfeeding or not using
contraception" excludes no man because no record names his. In "a woman of childbearing potential who is not
sterile, two years postmenopausal, or does not use contraception" the menopause spares, and the rule is in doubt.
"""

from __future__ import annotations

import re

from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import FERTILE
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.asserted import asks_of_another
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
_PERSON = frozenset(("protocol compliance", "informed consent", "investigator's judgement"))
_OF_CHILDREN = (
    _WHOM
    | _PERSON
    | frozenset(
        (
            "pregnancy",
            "pregnancy test",
            "serum pregnancy test",
            "beta-hcg",
            "lactation",
            "planning pregnancy",
            "menses",
            "planning to breastfeed",
            "sexual abstinence",
            "vasectomy",
            "tubal ligation",
            "condom",
            "diaphragm",
            "intrauterine device",
            "spermicide",
            "bilateral tubal ligation",
            "egg donation",
            "time from last menstrual period to screening",
        )
    )
    - {"sex"}
)
_BETWEEN = re.compile(r",|;|\b(?:or|and)\b")
_BY_HER = re.compile(r"[^.;,]{0,40}\b(?:for|in|by|among) (?:wom[ae]n|females?|wocbp)\b")
_ANEW = re.compile(r"[.;]|\bor\s(?:any|a|an)\s")
_MEN = re.compile(r"\b(?:m[ae]n|males?|partners?|both|sperm)\b")
HERS = r"wom[ae]n|females?|girls?|lad(?:y|ies)|wocbp|focbp|child[\s-]?bearing"
_FEMALE = re.compile(rf"\b(?:{HERS})\b")
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
    names = {leaf.name for leaf in leaves(rule) if type(leaf) is Predicate}
    if not exclusion and not names.isdisjoint(FERTILE) and (hers := _of_her_alone(rule)) is not rule:
        return hers
    if names.isdisjoint(_ASKED):
        return rule  # nearly all
    said = words.lower()
    found = CONTRACEPTION.search(said)
    alone = found is not None and not _MEN.search(said)
    if exclusion:
        return _barred(rule, alone=alone and found is not None and _of_females(said, found.start()))
    return _asked(rule, alone=alone and found is not None and covered(said, found.start(), exclusion=False))


def _of_females(said: str, place: int) -> bool:
    """Return whether who uses no contraception is a woman: they begin the criterion, or stand right before it."""
    first = WOMEN_FIRST.match(said.strip())
    begins = first is not None and not _OTHERS.search(said, len(said) - len(said.lstrip()) + first.end(), place)
    last = max((found.end() for found in _FEMALE.finditer(said, 0, place)), default=-1)
    near = last >= 0 and _BETWEEN.search(said, last, place) is None and not _OTHERS.search(said, last, place)
    return (begins and _ANEW.search(said, 0, place) is None) or near or _BY_HER.match(said, place) is not None


def _of_her_alone(rule: Rule) -> Rule:
    """
    Return what is asked under Inclusion of "women of childbearing potential with a negative test": of nobody else.

    What is asked beside it for another reason, an age say, tells that women are looked for.
    """
    if type(rule) is not All:
        return rule
    whom = [one for one in rule.rules if type(one) is Predicate and one.name in FERTILE and one.op == "present"]
    rest = [one for one in rule.rules if one not in whom]
    about = [leaf.name for one in rest for leaf in leaves(one) if type(leaf) is Predicate]
    if not whom or _PERSON.issuperset(about) or not all(name in _OF_CHILDREN or "contracep" in name for name in about):
        return rule
    if any(asks_of_another(frozenset(one.qualifier)) for one in whom):
        return rule
    fertile = Predicate(kind="condition", concept=whom[0].concept, span=whom[0].span)
    rest = [*[one for one in whom if one.qualifier], *rest]
    return AnyOf((Not(fertile), All(tuple(rest)) if len(rest) > 1 else rest[0]))


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


def _barred(rule: Rule, *, alone: bool) -> Rule:
    """Return what excludes: to use none, for those who may have children; *alone*: for women."""
    if _is_unused(rule):
        return All((_fertile(rule) if alone else _who(rule), rule))
    if type(rule) is AnyOf:
        barring = [one for one in rule.rules if type(one) is All and _says_whom(one)]
        if barring and any(type(one) is Predicate and one.name in _SPARED for one in rule.rules):
            span = next((leaf.span for leaf in leaves(rule) if leaf.span is not None), (0, 0))
            return doubted(rule, span)
        return AnyOf(tuple(_barred(one, alone=alone) for one in rule.rules))
    return Unless(_barred(rule.rule, alone=alone), rule.exception) if type(rule) is Unless else rule


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


def _of_the_fertile(whole: Whole) -> Rule:
    if any(one.name in FERTILE or one.name in _ASKED for one in whole.facts):
        return of_the_fertile(whole.rule, whole.text, exclusion=whole.exclusion)
    return whole.rule


MEND = Mend(_of_the_fertile)
