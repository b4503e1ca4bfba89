"""
Criteria of which every word is about having children: they ask nothing of who cannot have any, whatever was not read.

::

    asked    = whom ("must" | "should" | …) …  |  "negative" test "(women of childbearing potential only)"  |  …
    kept out = "pregnant, nursing, or attempting to become pregnant"

Where a word of such a criterion found no place in its rule, a man would be in doubt with everybody else. The words
are a closed list (`women.words`): one more, and the criterion may speak of something else as well. Contraception is
asked of women alone where the words say so, else of men, too.
"""

from __future__ import annotations

import re
from functools import partial

from equipoise.criteria.fertile import CONTRACEPTION, HERS, WOMEN_FIRST, covered, men
from equipoise.criteria.kinds import FERTILE, PREGNANCY_TESTS
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Not, Predicate, Rule, Span, children, leaves
from equipoise.rules.walk import truth_of
from equipoise.terms.cues import word_set

_WORD = re.compile(r"[^\W\d_]+|\d+")
_OF_WOMEN = re.compile(
    rf"\b(?:{HERS}|pregnan\w*|lactat\w*"
    r"|breast[\s-]?fe?ed\w*|nursing)\b"
)
# What no words on that lack.
_SIGNS = (
    "pregn",
    "lact",
    "breast",
    "nursing",
    "bearing",
    "wocbp",
    "focbp",
    "fertil",
    "reproductive",
    "contracep",
    "birth",
)
_TOPIC = re.compile(
    r"pregnan|lactat|breast[\s-]?fe|nursing|child[\s-]?bearing|wocbp|focbp|fertil|reproductive|contracepti"
    r"|birth[\s-]control|conce"
)
_FERTILE = re.compile(r"\bfertile|\breproductive potential")
_REFUSING = re.compile(r"\b(?:unable|unwilling\w*|inability|(?:not|without) (?:agree\w*|willing\w*|able|ready))\b")
_NO_MORE = re.compile(
    r"\b(?:non[\s-]+|no |not )(?:of |be |able to )?(?:child|fertil|become)"
    r"|\b(?:unable|incapable|inability)\b.{0,9}\b(?:become|get|conceiv)"
)
_INFANTS = re.compile(r"\b(?:nursing|breast[\s-]?feeding)(?: (?:an?|their))? infants?\b")
# Of a pregnancy that is over, age and a uterus that is gone say nothing.
_BEFORE = re.compile(
    r"\b(?:post|since|last|recent)\W+pregnan|\bless than \w+ \w+ (?:post|after|since)"
    r"|\b(?:within|in|during) (?:the )?(?:last|past|prior)(?! to)\b"
)
_LABEL = re.compile(r"\A\W*others?\s*:")
_STERILE = re.compile(r"steril|menopaus|hysterectomy|oophorectomy|ligation|amenorrh|infertil")
_JUST = re.compile(r"(?:less|fewer|within|under|not yet|<)[^.;]{0,30}menopaus|menopaus\w*\s*(?:for )?(?:<|less|within)")
_ASKING = re.compile(
    r"\b(?:must|should|shall|will|needs?|required|requires?|ha(?:s|ve) to|if|only)\b|(?<!who )\b(?:have|has|agrees?)\b"
)
_CHILDBEARING = re.compile(r"child[\s-]?bearing|\bwocbp|\bfocbp")
# A subject that is women alone, and what they must.
_MUST = re.compile(
    r"\W*(?:\d{1,2}[.)]\s+)?(?:(?:all|any|each|if|for|a|the|sexually active|fertile|\w+menopausal|adult|healthy)\s+)*"
    r"(?:wom[ae]n|females?|wocbp|focbp)\b"
    r"(?:(?!\b(?:m[ae]n|males?|who|will|may|can|partners?|eligible|allowed|excluded|both"
    r"|all (?:patients|subjects|participants))\b)[^;.:]){0,160}?"
    r"\b(?:must|should|shall|agrees? to|ha(?:s|ve) to|needs? to|(?:is|are) required to)\b"
)
_ANYBODY = re.compile(
    r"\b(?:patients|subjects|participants|persons|individuals|volunteers|everyone|everybody|m[ae]n|males"
    r"|all (?:other|must))\b"
    r"|\bmale\b(?! (?:partners?|condoms?|sexual|contracept))|\binformed\b|\n\s*[-•*]"
)
_TESTS = PREGNANCY_TESTS | {"beta-hcg"}
# A study drug is no other one: what these stand shortly before says when.
_WHEN = frozenset(
    (
        "study", "trial", "protocol", "investigational", "first", "last", "final", "start", "starting", "beginning",
        "initiation", "end", "completion", "during", "throughout", "duration", "course", "period",
    )
)  # fmt: skip
_GIVEN = frozenset(
    (
        "treatment", "drug", "drugs", "medication", "product", "therapy", "dose", "dosing", "vaccine", "vaccination",
        "infusion", "administration",
    )
)  # fmt: skip
_UNITS = frozenset(
    ("day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "h", "hr", "hrs", "d")
)
_AGE_OF = frozenset(("bearing", "childbearing", "reproductive", "fertile"))
_CONDITIONS = frozenset(("pregnancy", "lactation", "planning pregnancy", "planning to breastfeed"))
_POSITIVE = frozenset(("positive",))


def of_women(rule: Rule | None, words: str, span: Span, *, exclusion: bool) -> Rule | None:
    """
    Return the rule of a criterion that is not read whole and of having children alone as one of whoever may.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Women who are pregnant or in the period of lactation", section="exclusion")[0].reading
    '(childbearing potential or pregnancy or lactation) and (pregnancy or (lactation [in doubt]))'
    """
    said = words.lower()
    if rule is None or not any(map(said.__contains__, _SIGNS)) or not any(type(leaf) is Left for leaf in leaves(rule)):
        return rule  # nearly all
    said = _LABEL.sub("", _INFANTS.sub("nursing", said))
    contraception = CONTRACEPTION.search(said)
    of_some = _OF_WOMEN.search(said) or (contraception is not None and _FERTILE.search(said))
    if not of_some or not _TOPIC.search(said):
        return rule
    if not _is_closed(said):
        return rule if exclusion else _asked_first(rule, said, span)
    if contraception is None and "sexual" in said:
        return rule
    alone = contraception is None or covered(said, contraception.start(), exclusion=exclusion)
    whom = _whom(rule, said, span, alone=alone, exclusion=exclusion)
    if whom is None or _is_let_in(rule, whom, alone=alone, exclusion=exclusion):
        return rule
    if exclusion:
        refusing = _REFUSING.search(said)
        if refusing is not None and (contraception is None or contraception.start() < refusing.start()):
            return rule  # "pregnant, or unable to use the study drug": that may be anybody
        return All((whom, rule))
    if WOMEN_FIRST.match(said.strip()) and not _ASKING.search(said):
        return rule  # "women using contraception": women are asked for
    return rule if _asks_for_child(rule) else AnyOf((Not(whom), rule))


def _asked_first(rule: Rule, said: str, span: Span) -> Rule:
    """Return the rule of "women of childbearing potential must …", whatever they must for the sake of a child."""
    first = _MUST.match(said)
    measured = any(
        type(leaf) is Predicate and (leaf.kind == "measurement" or leaf.name == "age") and leaf.name not in _TESTS
        for leaf in leaves(rule)
    )
    if first is None or measured or _ANYBODY.search(said, first.end()) or _NO_MORE.search(first[0]):
        return rule
    able = _FERTILE.search(first[0]) or _CHILDBEARING.search(first[0])
    alone = able is not None and not _JUST.search(said) and not _STERILE.search(first[0])
    at = next((leaf.span for leaf in leaves(rule) if leaf.span is not None), span)
    fertile = Predicate(kind="condition", concept=ConceptRef("childbearing potential", span=at), span=at)
    sex = Predicate(kind="demographic", concept=ConceptRef("sex", span=at), op="=", value="female", span=at)
    whom = fertile if alone else sex
    return rule if _is_let_in(rule, whom, alone=True, exclusion=False) else AnyOf((Not(whom), rule))


def _is_closed(said: str) -> bool:
    """Return whether all words are of those that speak of having children, of its tests and times, or say nothing."""
    known, found = word_set("women.words"), _WORD.findall(said)
    for place, word in enumerate(found):
        if word.isdigit():
            if place + 1 == len(found) or found[place + 1] not in _UNITS:
                return False
        elif word in ("age", "ages"):
            if not place or found[place - 1] not in _AGE_OF:
                return False
        elif word in _GIVEN:
            if _WHEN.isdisjoint(found[max(0, place - 4) : place]):
                return False
        elif word not in known:
            return False
    return True


def _whom(rule: Rule, said: str, span: Span, *, alone: bool, exclusion: bool) -> Rule | None:
    """Return of whom the words are: of who may have children or is with one, of women, or of men, too; None: of all."""
    at = next((leaf.span for leaf in leaves(rule) if leaf.span is not None), span)
    # "Postmenopausal or using contraception" asks nothing of a woman without a uterus; "postmenopausal" does.
    bare = exclusion or not alone or not CONTRACEPTION.search(said)
    if (
        _JUST.search(said)
        or (exclusion and _BEFORE.search(said))
        or (bare and (_STERILE.search(said) or _NO_MORE.search(said)))
    ):
        women = Predicate(kind="demographic", concept=ConceptRef("sex", span=at), op="=", value="female", span=at)
        return women if alone else None
    fertile = Predicate(kind="condition", concept=ConceptRef("childbearing potential", span=at), span=at)
    named = [
        leaf
        for leaf in leaves(rule)
        if type(leaf) is Predicate
        and leaf.op == "present"
        and (
            leaf.name in _CONDITIONS
            or (leaf.name.endswith("pregnancy test") and not _POSITIVE.isdisjoint(leaf.qualifier))
        )
    ]
    whom: list[Rule] = []
    for one in (fertile, *named, *(() if alone else (men(at),))):
        whom += [] if one in whom else [one]
    return whom[0] if len(whom) == 1 else AnyOf(tuple(whom))


def _is_let_in(rule: Rule, whom: Rule, *, alone: bool, exclusion: bool) -> bool:
    """Return whether a rule by itself lets in whoever is none of those whom it speaks of, a man or a woman."""
    named = list(leaves(whom))

    def truth(sex: str, leaf: Predicate | Left) -> bool | None:
        if type(leaf) is Predicate and leaf.name == "sex":
            return leaf.value == sex
        return False if leaf in named or (type(leaf) is Predicate and leaf.name in FERTILE) else None

    of_sex = all(type(one) is Predicate and one.name == "sex" for one in named)
    sexes = (() if of_sex else ("female",)) + (("male",) if alone else ())
    return all(truth_of(rule, partial(truth, sex)) is (not exclusion) for sex in sexes)


def _asks_for_child(rule: Rule, *, turned: bool = False) -> bool:
    """Return whether a rule asks somebody to be with child."""
    if type(rule) is Predicate:
        return rule.name in _CONDITIONS and (rule.op == "present") is not turned
    turn = turned is not (type(rule) is Not)
    return any(_asks_for_child(one, turned=turn) for one in children(rule))
