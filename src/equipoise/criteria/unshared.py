"""
Words that are said of several parts of a criterion and that its rule gave to one, or the other way round.

::

    shared   = limit "and" limit "in men and women, respectively"
    earlier  = "current or prior" X                      # and X was asked for as of now
    ago      = "except" A "," B "treated 5 years ago"    # of B
    graded   = "grade 3" A "or" B                        # of both
    outside  = X "other than" A "," "requiring" B        # of X
    lost     = "no" …                                    # and nothing is denied
    despite  = X "despite treatment"                     # and X is asked of the untreated too
    others   = "no other" A "or" B                       # no other B either
    instance = "no" X "including" … ":" A "," B          # no A and no B either
    reacting = "hypersensitivity" drug "or" drug         # where "to" is missing, to both

The rule is shown, and always unknown.
"""

from __future__ import annotations

import re

from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import All, AnyOf, Not, Predicate, Rule, Span, Unless, leaves

_RESPECTIVELY = re.compile(r"\brespectively\b")
_NOW = r"(?:current|active|present|ongoing|currently)"
_THEN = r"(?:prior|past|previous|history of|former|lifetime)"
_EARLIER = re.compile(
    rf"\b{_NOW}(?:,| or| and/or| and|/)\s?(?:a )?{_THEN}\b|\b{_THEN}(?:,| or| and/or| and|/)\s?{_NOW}\b"
)
_AGO = re.compile(r"\b(?:ago|previously|earlier|\d\s?\+?\s?(?:years?|yrs?|months?|weeks?)\s(?:prior|before|after))\b")
_APART = re.compile(r",\s*(?:at least|more than|over|>|≥)?\s*[\d>≥]+\s?\w*\s?\Z|,\s*(?:at least|more than)\s[\d\s]*\Z")
_GRADE = re.compile(r"\bgrade\b[^a-z]*(?:\d|\bi)|\d[^a-z]*\bgrade\b")
_BARE_OR = re.compile(r"\s*(?:(?:and/)?or|/)\s*")
_BEHIND = re.compile(r"[^,;.()]{0,30}\)?,\s*(?:which |that )?requir\w+\b")
DESPITE = re.compile(
    r"\b(?:despite|in spite of)\s(?:[\w-]+\s){0,3}?(?:treatments?|therap(?:y|ies)|medications?|management"
    r"|treated|drugs)\b"
)
# What says by itself that treatment did not help.
_UNHELPED = re.compile(r"despite|in spite|refractory|resistan|intractable|fail|unrespons")
_OTHERS = re.compile(
    r"\b(?:no|without)\s(?:any\s)?other\s(?:(?:concurrent|concomitant|active|current|prior|previous|simultaneous|"
    r"anti-?cancer|serious|severe|known)\s)*[\w -]{3,40}?(?:,|\bor\b|\band\b)"
)
_NO = re.compile(r"\W*(?:[\w/ ]{1,30}:\s*)?no\b(?!\s+(?:more|greater|less|later|fewer|evidence of disease|menses))")
_INSTANCES = re.compile(r"\W*no\b[^.;:]{3,80}?\b(?:including|includes|such as|for example|e\.?g\.?)\b[^.;:]{0,20}:")
_SENSITIVE = re.compile(r"\b(?:hypersensitiv|allerg|anaphyla)\w*")


def _respectively(whole: Whole) -> Span | None:
    """
    Find a "respectively" beside limits that the rule gave to anybody.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> low, high = (Predicate(kind="measurement", concept=ConceptRef("hemoglobin"), op="<", value=value)
    ...              for value in (12, 13))
    >>> words = "Hb < 12 or < 13 in women and men, respectively"
    >>> _respectively(Whole(words, 0, AnyOf((low, high)), exclusion=True))
    (34, 46)
    """
    limits = [one for one in whole.facts if one.value is not None and one.kind == "measurement"]
    found = _RESPECTIVELY.search(whole.words) if len(limits) > 1 else None
    return None if found is None else found.span()


def _earlier(whole: Whole) -> Span | None:
    for found in _EARLIER.finditer(whole.words):
        for one in whole.facts:
            place = whole.span_of(one)
            now = one.window is not None and one.window.side == "around" and one.window.within is None
            if now and place is not None and 0 <= place[0] - found.end() < 60:
                return found.span()
    return None


def _ago(whole: Whole) -> Span | None:
    """Find a time long ago, said of the last exception, that was given to all of them, or to what they are from."""
    for part in whole.parts:
        if type(part) is not Unless or (place := whole.span_of(part.exception)) is None:
            continue
        inner = [leaf for leaf in leaves(part.exception) if type(leaf) is Predicate]
        outer = [leaf for leaf in leaves(part.rule) if type(leaf) is Predicate]
        if not (len(inner) > 1 and all(map(_is_long_ago, inner))) and not any(map(_is_long_ago, outer)):
            continue
        found = _AGO.search(whole.words, place[0])
        if found is not None and not _APART.search(whole.words, place[0], found.start()):
            return found.span()
    return None


def _is_long_ago(leaf: Predicate) -> bool:
    return leaf.window is not None and leaf.window.at_least is not None


def _graded(whole: Whole) -> Span | None:
    for part, _, one, other, gap, words in whole.among_any:
        named = type(other) is Predicate and other.kind == "condition" and not _is_graded(other)
        listed = words.strip() == "," and len(part.rules) > 2  # "grade 3 nausea, vomiting or rash"
        if named and _is_graded(one) and (listed or _BARE_OR.fullmatch(words)):
            return gap
    return None


def _is_graded(rule: Rule) -> bool:
    """Return whether a part asks for something of a grade."""
    if type(rule) is Predicate:
        return any(_GRADE.search(text) for text in rule.qualifier)
    return type(rule) is All and any(
        type(one) is Predicate and one.kind == "measurement" and one.name.endswith(" grade") for one in rule.rules
    )


def _outside(whole: Whole) -> Span | None:
    """Find what a comma sets off behind an exception, where the rule does not say it of what that is taken from."""
    for part in whole.parts:
        for leaf in leaves(part.exception) if type(part) is Unless else ():
            needed = type(leaf) is Predicate and any(text.startswith("requir") for text in leaf.qualifier)
            if not needed or type(leaf) is not Predicate or leaf.concept is None or leaf.concept.span is None:
                continue
            found = _BEHIND.match(whole.words, leaf.concept.span[1] - whole.start)
            if found is not None:
                return found.span()
    return None


def _despite(whole: Whole) -> Span | None:
    """Find a "despite treatment" that no qualifier and no treatment in the rule tells of."""
    found = DESPITE.search(whole.words)
    if found is None:
        return None
    for one in whole.facts:
        taken = one.kind in ("drug", "procedure", "prior_lines") and (place := whole.span_of(one)) is not None
        if (taken and place is not None and place[0] >= found.start()) or _UNHELPED.search(" ".join(one.qualifier)):
            return None
    names = " ".join(one.name for one in whole.facts)
    return None if _UNHELPED.search(names) else found.span()


def _others(whole: Whole) -> Span | None:
    """Find an "other" in front of a list of treatments or diseases that the rule asks of the first alone."""
    found = _OTHERS.search(whole.words)
    if found is None:
        return None
    for part in whole.parts:
        listed = part.rules if type(part) is AnyOf else ()
        plain = [one for one in listed if type(one) is Predicate and one.op == "present"]
        other = [one for one in plain if any(text.split()[:1] == ["other"] for text in one.qualifier)]
        if other and len(other) < len(plain) and other[0] is plain[0] and len({one.kind for one in plain}) == 1:
            return found.span()
        if other and len(other) < len(plain) and other[0] is plain[0] and plain[0].kind in ("drug", "procedure"):
            return found.span()
    return None


def _reacting(whole: Whole) -> Span | None:
    found = _SENSITIVE.search(whole.words)
    if found is None:
        return None
    drugs = [one for one in whole.facts if one.kind == "drug" and one.op == "present"]
    told = any(one.name == "excipients" or _SENSITIVE.match(" ".join(one.qualifier)) for one in drugs)
    return found.span() if told else None


def _lost(whole: Whole) -> Span | None:
    """Find a "no" at the beginning that nothing in the rule says: "no allergic or anaphylactic reactions to X"."""
    found = _NO.match(whole.words)
    if found is None or any(type(part) is Not for part in whole.parts):
        return None
    asked = [one for one in whole.facts if one.kind != "administrative"]
    lost = asked and all(one.op == "present" and one.kind in ("allergy", "condition") for one in asked)
    return found.span() if lost else None


def _instances(whole: Whole) -> Span | None:
    """Find "no X including:" before a list that the rule asks for."""
    found = _INSTANCES.match(whole.words)
    parts = whole.rule.rule if type(whole.rule) is Unless else whole.rule
    if found is None or type(parts) is not All or not any(type(one) is Not or _is_absent(one) for one in parts.rules):
        return None
    asked = any(
        type(leaf) is Predicate and leaf.op == "present"
        for one in parts.rules
        if type(one) is not Not
        for leaf in leaves(one)
    )
    return found.span() if asked else None


def _is_absent(rule: Rule) -> bool:
    return type(rule) is Predicate and rule.op == "absent"


LOOKS = (
    Look(_respectively, "respectively", joined=True),
    Look(_earlier, "prior past previous history former lifetime"),
    Look(_ago, "ago previously earlier prior before after", joined=True),
    Look(_graded, parts="grad", joined=True),
    Look(_outside, parts="requir", joined=True),
    Look(_despite, "despite spite"),
    Look(_others, "other", joined=True),
    Look(_instances, "including includes such example e eg", joined=True, exclusion=False),
    Look(_reacting, parts="hypersensitiv allerg anaphyla"),
    Look(_lost, "no", exclusion=False),
)
