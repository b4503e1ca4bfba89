"""
What is asked of some, or on a condition, and was read as asked of everybody; and numbers whose sign was lost.

::

    given    = ("if" | "in case") … , limit               # and both were asked for
    whose    = "patients with" finding "must" …           # and the finding was asked for
    assent   = "assent from subjects above 7"             # no limit of age
    controls = "healthy volunteers will be recruited as a control group"
    heading  = treatment ":" limit                        # under that treatment
    purpose  = "to" ("exclude" | "rule out") X            # no exception
    lost     = score "=" number                           # of a scale where a limit is meant
    reversed = "adequate function" … bilirubin "≥" number
    slip     = "pregnant of breastfeeding"
    child    = "their child" …                            # of somebody else

The rule is shown, and always unknown.
"""

from __future__ import annotations

import re

from equipoise.criteria.kinds import CARRYING
from equipoise.criteria.looks import Look, Whole
from equipoise.rules.nodes import All, Predicate, Rule, Span, Unless

_IF = re.compile(r"\W*(?:if|in (?:the )?case)\b(?! of (?:a )?(?:females?|wom[ae]n|doubt))[^.;]{3,90}")
_WHOSE = re.compile(
    r"\W*(?:all |any )?(?:(?:patients|subjects|participants|volunteers|individuals|those|(?:fe)?males|(?:wo)?men)\b"
    r"[^.;:]{0,90}?|[\w/ -]{4,40}(?:positives?|negatives?) )\b"
    r"(?:must|should|need to|(?:are|is) required to|ha(?:s|ve) to)\b"
)
_ASSENT = re.compile(
    r"\bassent (?:from|for|of|by|if|in)\b[^.;]{0,60}"
    r"|\b(?:older|years|age|above)\b[^.;]{0,30}\b(?:must|should|will|to)\b[^.;]{0,30}\bassent\b"
)
_CONTROLS = re.compile(
    r"\b(?:healthy|normal|control)\b[^.;]{0,40}\b(?:will|shall) be (?:accrued|recruited|included|enrolled|used|invited)"
    r" (?:as|to serve)\b"
)
_EXCLUDE = re.compile(r"\b(?:to|or) (?:exclude|rule out|confirm or exclude)\b")
_COLON = re.compile(r"\W{0,3}(?:\([^)]*\)\W{0,2})?[:–-]\s")
_SLIP = re.compile(r"of (?:breast-?\s?feeding|lactat\w+|nursing|pregnan\w+)\b")
_TREATMENT = re.compile(r"transplant|therapy|surgery|chemo")
_LOST = re.compile(r"(?:\A|[^<>≥≤≧≦=!~±/])=\s?\Z")
_BARE_SCALES = frozenset(("Karnofsky performance status", "lansky performance status"))
_SMALL = 6
_REVERSED = frozenset(
    ("total bilirubin", "direct bilirubin", "serum creatinine", "aspartate aminotransferase", "aminotransferases",
     "alanine aminotransferase", "alkaline phosphatase")
)  # fmt: skip
_ADEQUATE = re.compile(r"\b(?:adequate|normal|acceptable|sufficient|good)\b")
_CHILD = re.compile(
    r"\b(?:their|whose) (?:child|children|infants?|bab(?:y|ies)|son|daughter|mothers?|fathers?|parents?|spouse"
    r"|newborns?)\b(?:'s?)? (?:is|are|has|have|had|was|were|who|will|received?|underwent|died|suffer\w*)\b"
)
_FREE = re.compile(
    r"\b(?:may|can|could|might) (?:also )?be (?:included|eligible|enrolled|considered|allowed|entered)\b[^.;]{0,60}"
    r"\bdiscretion\b"
)


def _given(whole: Whole) -> Span | None:
    """
    Find a condition at the begin that was asked for with what depends on it.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> ill = Predicate(kind="condition", concept=ConceptRef("cirrhosis"), span=(11, 20))
    >>> score = Predicate(kind="measurement", concept=ConceptRef("meld score"), op="<", value=9, span=(21, 29))
    >>> _given(Whole("In case of cirrhosis MELD < 9", 0, All((ill, score)), exclusion=False))
    (0, 29)
    """
    found = _IF.match(whole.words)
    both = type(whole.rule) is All and type(whole.rule.rules[0]) is Predicate
    return found.span() if found is not None and both else None


def _whose(whole: Whole) -> Span | None:
    found = _WHOSE.match(whole.words)
    if found is None or type(whole.rule) is not All:
        return None
    for one in whole.rule.rules:
        place = whole.span_of(one)
        if place is None or place[0] >= found.end() or type(one) is not Predicate:
            continue
        if one.kind in ("measurement", "condition", "prior_lines") and (one.op == "present" or "with" in found[0]):
            return found.span()
    return None


def _assent(whole: Whole) -> Span | None:
    found = _ASSENT.search(whole.words) if any(one.name == "age" for one in whole.facts) else None
    return None if found is None or not _positive_age(whole.rule) else found.span()


def _positive_age(rule: Rule) -> bool:
    parts = rule.rules if type(rule) is All else (rule,)
    return any(type(one) is Predicate and one.name == "age" for one in parts)


def _searched(pattern: re.Pattern[str], whole: Whole) -> Span | None:
    found = pattern.search(whole.words)
    return None if found is None else found.span()


def _heading(whole: Whole) -> Span | None:
    if type(whole.rule) is not All:
        return None
    first, rest = whole.rule.rules[0], whole.rule.rules[1:]
    place = whole.span_of(first)
    if (
        type(first) is not Predicate
        or first.kind not in ("drug", "procedure")
        or first.op != "present"
        or place is None
    ):
        return None
    if whole.words[: place[0]].strip(" -*•.(") or not _COLON.match(whole.words, place[1]):
        return None
    limits = all(type(one) is Predicate and (one.kind == "measurement" or one.window is not None) for one in rest)
    return place if limits else None


def _treats(one: Predicate) -> bool:
    """Return whether something is a treatment, and no test: a test heads what it must show."""
    return one.kind == "drug" or (one.kind == "procedure" and _TREATMENT.search(one.name) is not None)


def _purpose(whole: Whole) -> Span | None:
    for found in _EXCLUDE.finditer(whole.words):
        for part in whole.parts:
            place = whole.span_of(part.exception) if type(part) is Unless else None
            if place is not None and 0 <= place[0] - found.end() < 40:
                return found.span()
    return None


def _sign(whole: Whole) -> Span | None:
    """Find a limit that is one exact value of a scale on which nobody asks for one value."""
    for one in whole.facts:
        place = whole.span_of(one)
        value = one.value
        if one.op != "=" or place is None or not isinstance(value, int | float):
            continue
        own = whole.words[place[0] : place[1]]
        if one.name in _BARE_SCALES and not whole.exclusion and value != 100:
            return place
        if "=" not in own or not _LOST.search(own[: own.find("=") + 1]):
            continue
        if one.unit is not None or one.relative_to is not None or value >= _SMALL or value != int(value):
            return place
    return None


def _slipped(whole: Whole) -> Span | None:
    """Find "pregnant of breastfeeding": an "or" was meant."""
    for one in whole.facts:
        if one.name in CARRYING and any(_SLIP.match(said) for said in one.qualifier):
            return whole.span_of(one)
    return None


def _turned(whole: Whole) -> Span | None:
    found = _ADEQUATE.search(whole.words) if type(whole.rule) is All else None
    if found is None or type(whole.rule) is not All:
        return None
    for one in whole.rule.rules:
        if type(one) is Predicate and one.name in _REVERSED and one.op in (">", ">=") and one.value is not None:
            return whole.span_of(one)
    return None


LOOKS = (
    Look(_given, "if case", joined=True, exclusion=False),
    Look(_whose, "must should need required has have", joined=True, exclusion=False),
    Look(_assent, "assent", exclusion=False),
    Look(
        lambda whole: _searched(_CONTROLS, whole), "recruited accrued included enrolled used invited", exclusion=False
    ),
    Look(_purpose, "exclude rule", joined=True),
    Look(_heading, marks=": -", joined=True, exclusion=False),
    Look(_sign, marks="= karnofsky lansky kps"),
    Look(_slipped, "of"),
    Look(_turned, "adequate normal acceptable sufficient good", joined=True, exclusion=False),
    Look(lambda whole: _searched(_CHILD, whole), "their whose"),
    Look(lambda whole: _searched(_FREE, whole), "discretion", exclusion=False),
)
