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

from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, leaves

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


def _is_level(rule: Rule) -> bool:
    """Return whether a limit may stand before what it is of: "class III heart failure"."""
    return type(rule) is Predicate and rule.name.endswith(("class", "grade", "stage", "score", "status"))


def _ends_line(rule: Rule) -> bool:
    """Return whether a part that nothing joins to the next may be a line of its own."""
    return _is_limit(rule) and not _is_level(rule) and type(rule) is Predicate and rule.name != "sex"


def _run_on(whole: Whole) -> Span | None:
    """
    Find a limit behind which another line begins.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> low, fever = (Predicate(kind=kind, concept=ConceptRef(name), span=span, op=op, value=value)
    ...               for kind, name, span, op, value in (("measurement", "hemoglobin", (0, 6), "<", 9),
    ...                                                   ("condition", "fever", (7, 12), "present", None)))
    >>> _run_on(Whole("Hb < 9 Fever", 0, All((low, fever)), exclusion=True))
    (6, 7)
    """
    for _, _, one, _, gap, _ in () if whole.is_open else whole.among_all:
        if _ends_line(one) and _NEW_LINE.fullmatch(whole.text[gap[0] : gap[1] + 1]):
            return gap
    return None


def _last_or(whole: Whole) -> Span | None:
    """Find "A, B, C or D" read as all of A, B and C, or else D, where limits stand among them."""
    for _, _, one, other, gap, words in () if whole.is_open else whole.among_any:
        sides = [side for side in (one, other) if type(side) is All]
        if not sides or not _BARE_OR.fullmatch(words):
            continue
        if any(type(leaf) is Predicate and leaf.kind == "administrative" for leaf in leaves(other)):
            continue
        for inner in (joint for side in sides for joint in whole.joints(side)):
            if (
                inner.gap[0] < inner.gap[1]
                and _OPEN.fullmatch(inner.words)
                and (inner.words.strip() or _ends_line(inner.one))
            ):
                return gap
    return None


def _as_well(whole: Whole) -> Span | None:
    for joint in whole.among_all:
        unwanted = type(joint.parent) is AnyOf or type(joint.parent) is Not
        if unwanted and _AS_WELL.search(joint.words):
            return joint.gap
    return None


def _whom(whole: Whole) -> Span | None:
    found = _WHOM.search(whole.words)
    for joint in whole.among_all if found is not None else ():
        place = whole.span_of(joint.other)
        if found is not None and place is not None and joint.gap[0] < found.end() and found.start() < place[1]:
            return found.span()
    return None


def _mostly(whole: Whole) -> Span | None:
    """Find such a word between two parts that were both asked for."""
    return next((joint.gap for joint in whole.among_all if _MOSTLY.search(joint.words)), None)


def _with_or(whole: Whole) -> Span | None:
    for _, _, one, other, gap, words in whole.among_all:
        if type(other) is not AnyOf or not _WITH_OR.fullmatch(words) or _is_limit(one):
            continue
        if any("," in inner.words for inner in whole.joints(other)):
            return gap
    return None


def _since(whole: Whole) -> Span | None:
    found = _ENDED.search(whole.words)
    if found is None:
        return None
    mixed = any(type(part) is AnyOf or (type(part) is Not and type(part.rule) is All) for part in whole.parts)
    return found.span() if mixed else None


def _little(whole: Whole) -> Span | None:
    found = _LITTLE.search(whole.words)
    return None if found is None else found.span()


def _must_not(whole: Whole) -> Span | None:
    found = _MUST_NOT.search(whole.words)
    return found.span() if found is not None and (whole.exclusion or _denies(whole)) else None


def _did_not(whole: Whole) -> Span | None:
    found = _DID_NOT.search(whole.words)
    return found.span() if found is not None and _denies(whole) else None


def _denies(whole: Whole) -> bool:
    return any(type(one) is Not for one in whole.parts)


def _of_whom(whole: Whole) -> Span | None:
    found = _OF_WHOM.search(whole.words)
    if found is None or len(whole.facts) < 2 or _denies(whole):
        return None
    return found.span()


def _both(whole: Whole) -> Span | None:
    found = None if whole.is_open else _BOTH.search(whole.words)
    return found.span() if found is not None and any(type(one) is AnyOf for one in whole.parts) else None


def _narrows(whole: Whole) -> Span | None:
    if not any(one.name == "nyha class" for one in whole.facts):
        return None
    for _, _, _, other, gap, words in whole.among_any:
        if type(other) is Predicate and other.name == "nyha class" and _DASH.fullmatch(words):
            return gap
    return None


def _kept(whole: Whole) -> Span | None:
    if _KEPT.search(whole.words) is None:
        return None
    return next((whole.span_of(one) for one in whole.facts if any(map(_KEPT.search, one.qualifier))), None)


def _large(whole: Whole) -> Span | None:
    found = _LARGE.search(whole.text) if "OR" in whole.text else None
    if found is None or any(type(one) is not Predicate and type(one) is not All for one in whole.parts):
        return None
    told = any(one.op == "absent" or " or " in " ".join(one.qualifier) for one in whole.facts)
    return None if told else found.span()  # "no A OR B" is neither


def _twice(whole: Whole) -> Span | None:
    for part, _ in whole.wholes:
        if type(part) is not AnyOf:
            continue
        asked = [one for one in part.rules if type(one) is Predicate and one.op == "present" and not one.window]
        plain = {one.name for one in asked if not one.qualifier}
        for one in part.rules:
            denied = [leaf for leaf in leaves(one.rule) if type(leaf) is Predicate] if type(one) is Not else []
            if any(leaf.name in plain and leaf.kind == "condition" for leaf in denied):
                return whole.span_of(part)
    return None


LOOKS = (
    Look(_run_on, joined=True, exclusion=True),
    Look(_last_or, parts="or", joined=True),
    Look(_as_well, "well", joined=True),
    Look(_whom, parts="healthy included eligible smoker moderate", joined=True, exclusion=False),
    Look(_mostly, "particularly especially notably particular", joined=True),
    Look(_with_or, "with", joined=True, exclusion=True),
    Look(_since, "since", joined=True, exclusion=False),
    Look(_little, "no none"),
    Look(_must_not, "not"),
    Look(_did_not, "not", joined=True),
    Look(_of_whom, "for if", joined=True),
    Look(_both, "both", joined=True),
    Look(_narrows, joined=True),
    Look(_kept, "has have had"),
    Look(_large, "or"),
    Look(_twice, joined=True),
)
