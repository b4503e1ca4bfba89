"""
TNM letters, and grades and stages that stand before a name.

::

    tnm   = letter level ((joint | "(" … ")") letter? level)*       # "T2-4", "T2 (> 3 cm), T3, or T4", "N1 or N2"
    grade = ("grade" | "stage" | "class") level (joint level)* ("or higher" | "or lower")?

The letters mean other things too: T4 is a hormone and a vertebra, T2 an image. They are levels of a tumor where the
criterion speaks of one, or where letters of two kinds stand together. "Grade 2 hypertension" is hypertension, and its
grade is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.elements import Element
from equipoise.criteria.limits import operator_at, tidy
from equipoise.criteria.looks import Mend
from equipoise.criteria.measures import Measure
from equipoise.criteria.tokens import Token, tokenize
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Predicate, Rule, Span, all_of, any_of, changed, leaves
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept
from equipoise.terms.variables import Variable, variables

_SCALES = {"T": "tumor t stage", "N": "tumor n stage", "M": "tumor m stage"}
_TUMORS = word_set("scan.cancers")
_NAMES = ("carcinoma", "sarcoma", "lymphoma", "melanoma", "blastoma")
# With these, the letters are a hormone's, an image's or a vertebra's.
_NO_TUMOR = word_set("grades.no_tumor")
_JOINTS = frozenset((",", "or", "and", "/", "-", "to", "through", "&", "and/or"))
_LEVEL = r"(?:\d|i{1,3}v?|iv|v)(?:[a-d](?![a-z]))?"
_GRADED = re.compile(
    rf"(?:who |ctcae |nci |clinical )?(grade|stage|class)s?(?: of)? ({_LEVEL})"
    rf"(?:\s*(-|to|or|and|/|,|through)\s*({_LEVEL}))?"
    r"( (?:or|and) (?:higher|greater|above|more|worse)| (?:or|and) (?:lower|less|below))?"
)
_LEVEL_NAMED = re.compile("grade|stage|class")
_UNREAD = re.compile(r"(?:[>≥]=?|=>) ?grade \d|\bgrade ?(?:[>≥]=?|=>) ?\d")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


def is_letter(token: Token) -> bool:
    """Return whether a token may be a level of a tumor: "T2", "N1"."""
    word = token.word
    return word[-1:].isdigit() and word[0] in "TNM"


def tnm_at(context: Context, at: int) -> Measure | None:
    """Return the levels of a tumor's T, N or M at a token."""
    scale = _scale(context, at)
    if scale is None or not _speaks_of_tumors(context, at):
        return None
    values, end, joint, ranged = [scale.levels[context.tokens[at].word]], at + 1, "", False
    while True:
        place, joint = _next_level(context, end)
        value = _level(context, place, scale, number=joint in ("-", "to", "/", "through"))
        if not joint or value is None:
            break
        ranged = ranged or joint in ("-", "to", "through")
        values.append(value)
        end = place + 1
    name = reference(scale, context.span(at, at + 1))
    levels = _levels(name, sorted(set(values)), context.span(at, end), ranged=ranged)
    aside = [place for place in range(at, end) if context.norm(place) == "("]
    if aside:  # "T2 (greater than 3 cm), T3": not all of T2
        levels = _sized(context, levels, aside[0])
    return Measure(levels, at, end)


def _sized(context: Context, levels: Rule, at: int) -> Rule:
    """Return levels with what a bracket between them says, which is of one: shown, and deciding nothing."""
    left = Left(context.span(at, context.close_of(at) + 1))
    size, limit = context.variables.find("tumor size"), context.comparison(at + 1)
    if size is None or limit is None or limit.unit not in ("mm", "cm"):
        return All((levels, left))
    said = Predicate(
        kind="measurement", concept=reference(size, limit.span), op=limit.op, value=tidy(limit.value),
        upper=None if limit.upper is None else tidy(limit.upper), unit=limit.unit, span=limit.span,
    )  # fmt: skip
    return All((levels, AnyOf((said, left)), left))


def _scale(context: Context, at: int) -> Variable | None:
    word = context.tokens[at].word
    scale = context.variables.find(_SCALES[word[0]]) if word[:1] in _SCALES and len(word) < 5 else None
    return scale if scale is not None and word in scale.levels else None


def _speaks_of_tumors(context: Context, at: int) -> bool:
    norms = {token.norm for token in context.tokens}
    if norms & _NO_TUMOR:
        return False
    if norms & _TUMORS or any(norm.endswith(_NAMES) for norm in norms):
        return True
    scales = [_scale(context, place) for place in range(len(context.tokens))]
    letters = {scale.name for scale in scales if scale is not None}
    return len(letters) > 1 or (context.tokens[at].word[0] == "N" and sum(scale is not None for scale in scales) > 1)


def _next_level(context: Context, at: int) -> tuple[int, str]:
    """Return where a further level may stand, and what joins it."""
    joint, begin = "", at
    if context.norm(at) == "(":
        at = context.close_of(at) + 1
    while at - begin < 12 and context.norm(at) in _JOINTS:
        joint = context.norm(at)
        at += 1
    if not joint and at < len(context.tokens) and context.tokens[at].glued:
        joint = "-"
    return at, joint


def _level(context: Context, at: int, scale: Variable, *, number: bool) -> float | None:
    if at >= len(context.tokens):
        return None
    token = context.tokens[at]
    if token.kind == "n":
        return token.value if number and token.value is not None and token.value <= (scale.high or 0) else None
    return scale.levels.get(token.word)


def _levels(name: ConceptRef, values: list[float], span: Span, *, ranged: bool) -> Rule:
    low, high = values[0], values[-1]
    if low == high or ranged or high - low == len(values) - 1:
        op = "=" if low == high else "between"
        return Predicate(
            kind="measurement", concept=name, op=op, value=int(low), upper=None if low == high else int(high), span=span
        )
    parts = [Predicate(kind="measurement", concept=name, op="=", value=int(one), span=span) for one in values]
    rule = any_of(parts)
    assert rule is not None
    return rule


def graded(rule: Rule) -> Rule:
    """Return a rule in which "grade 2" before a condition is a limit on the condition's grade."""
    named = [leaf for leaf in leaves(rule) if type(leaf) is Predicate and leaf.qualifier and leaf.kind == "condition"]
    leveled = any(_LEVEL_NAMED.search(text) for leaf in named for text in leaf.qualifier)
    return changed(rule, _graded) if leveled else rule


def _graded(one: Predicate) -> Rule:
    if one.kind != "condition" or not one.qualifier or one.op != "present" or one.concept is None:
        return one
    for text in one.qualifier:
        found, beyond, limit = _GRADED.fullmatch(text), None, None
        if found is not None and (found[1] == "grade" or found[4] or found[5]):  # "stage V kidney disease" is a name
            limit = _grade(one, found)
        elif (beyond := _signed(text)) is not None:
            limit = _limit(one, "grade", beyond[1], beyond[2])
        elif _UNREAD.search(text) is not None:
            return all_of([one, Left(one.span or (0, 0))]) or one
        if limit is not None:
            said = (beyond[0],) if beyond is not None and beyond[0] else ()
            rest = tuple(other for old in one.qualifier for other in (said if old == text else (old,)))
            bare = msgspec.structs.replace(one, qualifier=rest)
            if limit.value == 0 or limit.op == "<=":  # who has none has grade 0
                return any_of([msgspec.structs.replace(bare, op="absent"), limit]) or one
            return all_of([bare, limit]) or one
    return one


def worse_than(context: Context, found: Sequence[Element], at: int) -> bool:
    """Return whether the grade at a token, with an operator before it, is of the condition that it stands beside."""
    if context.norm(at) != "grade" or context.norm(at + 1) not in ("1", "2", "3", "4", *_ROMAN):
        return False
    if any(token.norm in ("nyha", "york") for token in context.tokens):
        return False
    ahead = context.named(at + 2)
    if ahead is not None and isinstance(ahead[0], Concept) and ahead[0].kind == "condition":
        return context.norm(ahead[1]) not in _JOINTS  # "≥ grade 2 nausea, or grade 2 with …"
    behind = next((one.predicate for one in reversed(found) if one.kind != "light"), None)
    return behind is not None and behind.kind == "condition"


def _beyond(text: str) -> tuple[str, int] | None:
    """Return the operator and the level of "> grade 1" and "grade ≥ 2"."""
    tokens = tokenize(text)
    at = int(tokens[0].norm == "grade")
    op = operator_at(tokens, at) if len(tokens) > at else None
    if op is None or op[0] not in (">", ">="):
        return None  # "neuropathy ≤ grade 1": none is as good
    place = op[1] if at else op[1] + 1
    if place + 1 != len(tokens) or (not at and tokens[op[1]].norm != "grade"):
        return None
    word = tokens[place].norm
    return (op[0], _value(word)) if word.isdigit() or word in _ROMAN else None


def _signed(text: str) -> tuple[str, str, int] | None:
    """Return what is said before a grade with an operator, the operator and the level: "chronic grade ≥ 2"."""
    words = text.split() if "grade" in text else []
    for place in range(len(words) - 1):
        if (limit := _beyond(" ".join(words[place:]))) is not None:
            before = " ".join(words[:place]).strip(" ,;")
            return before if before.endswith("history of") else before.removesuffix(" of"), *limit
    return None


def _grade(one: Predicate, found: re.Match[str]) -> Predicate:
    low, high = _value(found[2]), None if found[4] is None else _value(found[4])
    op = "=" if high is None else "between"
    if found[5]:
        op, low, high = (
            (">=", low, None) if any(w in found[5] for w in ("h", "g", "a", "m", "w")) else ("<=", low, None)
        )
    if high is not None and high <= low:
        op, high = "=", None
    limit, said = _limit(one, found[1], op, low, high), found.group()
    return msgspec.structs.replace(limit, qualifier=(said,)) if re.search(r"\d[a-d]\b", said) else limit


def _limit(one: Predicate, word: str, op: str, low: int, high: int | None = None) -> Predicate:
    """Return the limit on the grade of a condition."""
    name = f"{one.name} {word}"
    scale = variables().find(name)
    span = one.concept.span if one.concept is not None else None
    concept = ConceptRef(name, (word,), span=span) if scale is None else reference(scale, span or (0, 0))
    return Predicate(
        kind="measurement", concept=concept, op=op, value=low, upper=high, window=one.window, span=one.span
    )


def _value(text: str) -> int:
    word = text.rstrip("abcd")
    return int(word) if word.isdigit() else _ROMAN[word]


# "Above grade 2 (including grade 2)" is no limit above 2.
MEND = Mend(
    lambda whole: whole.rule if "including grade" in whole.words else graded(whole.rule), parts="grade stage class"
)
