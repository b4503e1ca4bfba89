"""
Joints of a criterion that its text leaves open, or closes otherwise than its rule.

::

    run_on   = limit X                        # under Exclusion, two lines that ran together
    last_or  = A "," B "," C "or" D           # a choice between two names alike, perhaps
    as_well  = A "as well as" B               # in a list of what is not wanted, each
    whom     = A "and healthy volunteers" | A "and" B "are included" | "smokers and ex-smokers"
    little   = "no or minimal" X              # little of it is as good as none
    must_not = "must not be" A "or is" B      # B is not denied
    did_not  = "did not have" A "," verb B "or" verb C
    mostly   = X "," "particularly if" A      # A need not be so
    with_or  = X "," "with" A "," "or" B      # under Exclusion each
    since    = time "since" X "and" evidence  # that is no part of what has passed
    of_whom  = "for healthy subjects," X | X "for those receiving" A | X "if" A "is in place" | "if using" A "," X
    both     = "contraindication to both" A "and" B
    narrows  = X "-" class
    kept     = X "or has" Y                   # kept as words behind X
    large    = A "OR" B                       # and the rule gives no choice
    twice    = A "or not" (A "or" B)          # holds of everybody

The rule is shown, and always unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from equipoise.criteria.mingled import Criterion, first_of
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, leaves

_BARE_OR = re.compile(r"[\s\w-]{0,12}\bor\s+(?:an?\s|the\s)?")
_NEW_LINE = re.compile(r"\s+(?:[A-Z]|[A-Z][a-z]+(?:\s[a-z]+)?\s\w)")
_OPEN = re.compile(r"\s*\)?\s*[,;]?\s*")
_AS_WELL = re.compile(r"\bas well as\b")
_WHOM = re.compile(
    r"\band\s+(?:(?:age|sex|gender|normal|matched)[\s-]+)*healthy\s+(?:\w+\s){0,2}?"
    r"(?:volunteers?|controls?|subjects|participants|individuals|people|persons|adults|women|men)\b"
    r"|\band\b[^.;,]*(?<!not )(?<!not be )\b(?:included|eligible)\W*\Z"
    r"|\bsmokers?\s+and\s+(?:ex|former|past|previous)\b"
    r"|\bmild\b[^.;]*\bmoderate\b[^.;]*\band\s+severe\b"
)
_LITTLE = re.compile(
    r"\bno(?:ne)?\s+(?:or|to)\s+(?:only\s+|very\s+)?(?:minimal|mild|minor|low|few|limited|trace|slight|one)\b"
)
_MUST_NOT = re.compile(
    r"\b(?:must|may|should|can)\s+not\s+(?:be|have)\b(?:(?!\bmust\b)[^.;])*\bor\s+(?:is|are|must|will|willing|agrees?)\b"
    r"|\b(?:must|may|should|can)\s+not\s+have\b[^.;]*\bor\s+(?:be|have)\b[^.;]*\bor\s+have\b"
)
_DID_NOT = re.compile(
    r"\b(?:did|have|has|had|does|do)\s+not\b[^.;,]*,\s*(?:or\s+)?(?:had|underwent|have|has|received|were)\b"
)
_MOSTLY = re.compile(r"\b(?:particularly|especially|notably|in particular)\b")
_WITH_OR = re.compile(r"\s*,\s*with\s+(?:an?\s|any\s)?(?:known\s|suspected\s)?(?:\w+\s){0,3}")
_ENDED = re.compile(
    r"\bsince\b[^.;]*\b(?:and|with)\s+(?:no\s+|without\s+|with\s+|has\s+)?"
    r"(?:evidence|signs?|documented|progressive|progression|active)\b"
)
_OF_WHOM = re.compile(
    r"\A\W*for\s+(?:the\s+)?healthy\s+(?:\w+\s)?(?:subjects|volunteers|participants|controls|individuals)\b[^,:]{0,8}[,:]"
    r"|\bfor\s+those\s+(?:\w+\s)?(?:patients?\s|subjects?\s|participants?\s|who\s|on\s|receiving\s|taking\s)"
    r"|\bif\b[^.;,]*\b(?:is|are)\s+(?:in place|in situ)\W*\Z"
    r"|\A\W*if\s+(?:using|taking|receiving)\b"
)
_BOTH = re.compile(r"\bcontra-?\s?indicat\w+\s+(?:to|for)\s+both\b[^.;]*\band\b")
_DASH = re.compile(r"\s+[-–—]\s+(?:new york.*|nyha.*)?", re.DOTALL)
_KEPT = re.compile(r"\bor\s+(?:has|have|had)\b")
_LARGE = re.compile(r"(?<=[a-z0-9)])\s+OR\s+(?=[A-Za-z]*[a-z])")


def _is_limit(rule: Rule) -> bool:
    return type(rule) is Predicate and rule.value is not None and rule.kind in ("measurement", "demographic")


def _is_open(whole: Criterion) -> bool:
    """Return whether the rule leaves open already what "and" and "or" leave open."""
    return any(type(leaf) is Left for leaf in leaves(whole.rule))


def _is_level(rule: Rule) -> bool:
    """Return whether a limit may stand before what it is of: "class III heart failure"."""
    return type(rule) is Predicate and rule.name.endswith(("class", "grade", "stage", "score", "status"))


def _ends_line(rule: Rule) -> bool:
    """Return whether a part that nothing joins to the next may be a line of its own."""
    return _is_limit(rule) and not _is_level(rule) and type(rule) is Predicate and rule.name != "sex"


def _run_on(whole: Criterion) -> Span | None:
    for part in whole.parts if whole.exclusion and not _is_open(whole) else ():
        for one, _, gap in whole.gaps(part.rules) if type(part) is All else ():
            if _ends_line(one) and _NEW_LINE.fullmatch(whole.text[gap[0] : gap[1] + 1]):
                return gap
    return None


def _last_or(whole: Criterion) -> Span | None:
    """Find "A, B, C or D" read as all of A, B and C, or else D, where limits stand among them."""
    if _is_open(whole):
        return None
    for part in whole.parts:
        for one, other, gap in whole.gaps(part.rules) if type(part) is AnyOf else ():
            if any(type(leaf) is Predicate and leaf.kind == "administrative" for leaf in leaves(other)):
                continue
            sides = [side for side in (one, other) if type(side) is All]
            if not sides or not _BARE_OR.fullmatch(whole.between(gap)):
                continue
            for side in sides:
                for first, _, inner in whole.gaps(side.rules):
                    words = whole.between(inner)
                    if inner[0] < inner[1] and _OPEN.fullmatch(words) and (words.strip() or _ends_line(first)):
                        return gap
    return None


def _as_well(whole: Criterion) -> Span | None:
    if "as well as" not in whole.words:
        return None
    for part, parent in whole.wholes:
        for _, _, gap in whole.gaps(part.rules) if type(part) is All else ():
            unwanted = type(parent) is AnyOf or type(parent) is Not
            if unwanted and _AS_WELL.search(whole.between(gap)):
                return gap
    return None


def _whom(whole: Criterion) -> Span | None:
    found = None if whole.exclusion else _WHOM.search(whole.words)
    if found is None:
        return None
    for part in whole.parts:
        for _, other, gap in whole.gaps(part.rules) if type(part) is All else ():
            place = whole.span_of(other)
            if place is not None and gap[0] < found.end() and found.start() < place[1]:
                return found.span()
    return None


def _mostly(whole: Criterion) -> Span | None:
    return _across(whole, _MOSTLY)


def _across(whole: Criterion, pattern: re.Pattern[str]) -> Span | None:
    """Return where words stand between two parts that were both asked for."""
    if pattern.search(whole.words) is None:
        return None
    for part in whole.parts:
        for _, _, gap in whole.gaps(part.rules) if type(part) is All else ():
            if pattern.search(whole.between(gap)):
                return gap
    return None


def _with_or(whole: Criterion) -> Span | None:
    for part in whole.parts if whole.exclusion else ():
        for one, other, gap in whole.gaps(part.rules) if type(part) is All else ():
            if type(other) is not AnyOf or not _WITH_OR.fullmatch(whole.between(gap)) or _is_limit(one):
                continue
            if any("," in whole.between(inner) for _, _, inner in whole.gaps(other.rules)):
                return gap
    return None


def _since(whole: Criterion) -> Span | None:
    found = _ENDED.search(whole.words)
    if found is None or whole.exclusion:
        return None
    mixed = any(type(part) is AnyOf or (type(part) is Not and type(part.rule) is All) for part in whole.parts)
    return found.span() if mixed else None


def _words(whole: Criterion) -> Span | None:
    """Find wordings of which no rule that denies or joins says what they mean."""
    for pattern in (_LITTLE, _MUST_NOT, _DID_NOT):
        found = pattern.search(whole.words)
        denied = found and any(type(one) is Not for one in whole.parts)
        if found and (denied or pattern is _LITTLE or (pattern is _MUST_NOT and whole.exclusion)):
            return found.span()
    return None


def _of_whom(whole: Criterion) -> Span | None:
    found = _OF_WHOM.search(whole.words)
    if found is None or len(whole.facts) < 2 or any(type(one) is Not for one in whole.parts):
        return None
    return found.span()


def _both(whole: Criterion) -> Span | None:
    found = None if _is_open(whole) else _BOTH.search(whole.words)
    return found.span() if found is not None and any(type(one) is AnyOf for one in whole.parts) else None


def _narrows(whole: Criterion) -> Span | None:
    for part in whole.parts:
        for _, other, gap in whole.gaps(part.rules) if type(part) is AnyOf else ():
            if type(other) is Predicate and other.name == "nyha class" and _DASH.fullmatch(whole.between(gap)):
                return gap
    return None


def _kept(whole: Criterion) -> Span | None:
    if _KEPT.search(whole.words) is None:
        return None
    return next((whole.span_of(one) for one in whole.facts if any(map(_KEPT.search, one.qualifier))), None)


def _large(whole: Criterion) -> Span | None:
    found = _LARGE.search(whole.text)
    if found is None or any(type(one) is not Predicate and type(one) is not All for one in whole.parts):
        return None
    told = any(one.op == "absent" or " or " in " ".join(one.qualifier) for one in whole.facts)
    return None if told else found.span()  # "no A OR B" is neither


def _twice(whole: Criterion) -> Span | None:
    for part in whole.parts:
        if type(part) is not AnyOf:
            continue
        asked = [one for one in part.rules if type(one) is Predicate and one.op == "present" and not one.window]
        plain = {one.name for one in asked if not one.qualifier}
        for one in part.rules:
            denied = [leaf for leaf in leaves(one.rule) if type(leaf) is Predicate] if type(one) is Not else []
            if any(leaf.name in plain and leaf.kind == "condition" for leaf in denied):
                return whole.span_of(part)
    return None


_LOOKS: tuple[Callable[[Criterion], Span | None], ...] = (
    _run_on, _last_or, _as_well, _whom, _mostly, _with_or, _since, _words, _of_whom, _both, _narrows, _kept, _large,
    _twice,
)  # fmt: skip


def ajar(whole: Criterion) -> Span | None:
    """
    Return the words by which the parts of a criterion may be joined otherwise than in its rule.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> low, fever = (Predicate(kind=kind, concept=ConceptRef(name), span=span, op=op, value=value)
    ...               for kind, name, span, op, value in (("measurement", "hemoglobin", (0, 6), "<", 9),
    ...                                                   ("condition", "fever", (7, 12), "present", None)))
    >>> ajar(Criterion("Hb < 9 Fever", 0, All((low, fever)), exclusion=True))
    (6, 7)
    """
    return first_of(_LOOKS, whole)
