"""
Phrases that stand beside a name and are kept as its words, or that only say it again.

::

    tail  = name words                    # "radiotherapy to the sole site of disease"
    again = limit "on the" scale          # "performance status 0 or 1 on the ECOG scale"
    event = thrombosis "events"           # nothing more than what happened
    with_ = "living with" condition
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element

IRRADIATED = re.compile(r"radi(?:ation|otherapy)")
# What is said of a name of the first kind, in words that are kept as they stand.
_TAILS = (
    (
        IRRADIATED,
        re.compile(
            r"\s*to\s+(?:the\s+)?(?:sole|only)\s+(?:sites?|areas?)\s+of\s+(?:measurable\s+|evaluable\s+)?(?:disease|lesions?)\b"
        ),
    ),
    (
        re.compile(r"autoimmun"),
        re.compile(
            r"\s*(?:that|which)\s+(?:might|may|could)\s+deteriorate\s+when\s+receiving\s+an?\s+immuno-?\s?stimulat(?:ory|ing)"
            r"\s+(?:agents?|therap(?:y|ies)|treatments?|drugs?)\b"
        ),
    ),
    (
        re.compile(r"antidepressant|antipsychotic|neuroleptic"),
        re.compile(r"\s*with\s+anti-?\s?cholinergic\s+(?:properties|effects)\b"),
    ),
)
_HAPPENS = re.compile(r"thrombo|embol|bleed|hemorrh|stroke|infarct|ischemi")
_BETWEEN = frozenset(("on", "the", "by", "per", "using", "according", "to", "of", "in", "as", "measured", "("))
_ASIDE = re.compile(r"\(\s*(?:(?:may|can) be (?:transfused|reached by transfusion)[^()]*|i?uln)\s*\)", re.IGNORECASE)
_WHO = frozenset(
    ("", "people", "patients", "persons", "individuals", "participants", "adults", "women", "men", "subjects")
)
_PARENTS = frozenset(("parent", "parents", "guardian", "guardians", "legal guardian", "legal guardians"))


LEADS = frozenset(("living", "prolongation"))


def fixed(found: Sequence[Element], place: int, text: str) -> None:
    """Read such a phrase at an element, in place; *text* is all of the record."""
    one = found[place]
    rule = one.predicate if one.kind == "atom" else None
    if one.text in LEADS:
        _leads(found, place)
    elif one.kind == "admin":
        _of_parents(found, place)
    elif rule is None:
        return
    elif rule.kind == "measurement" and rule.op == "present":
        _again(found, place)
    elif rule.kind == "measurement":
        _pass(found, place, _ASIDE.match(text, _past_blank(text, one.span[1])))
    elif rule.op == "present":
        for name, words in _TAILS:
            tail = words.match(text.lower(), one.span[1]) if name.search(rule.name) else None
            if tail is not None:
                said = " ".join(tail[0].split())
                one.rule = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, said))
                _pass(found, place, tail)
        _behind(found, place)


def _past_blank(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip()) if text[at : at + 1].isspace() else at


def _pass(found: Sequence[Element], place: int, words: re.Match[str] | None) -> None:
    """Pass over the elements that some words behind one are."""
    for other in found[place + 1 :] if words is not None else ():
        if words is not None and other.span[0] < words.end():
            other.kind, other.rule = "light", None


def _behind(found: Sequence[Element], place: int) -> None:
    """Read "thrombosis events"."""
    one, ahead = found[place], found[place + 1 : place + 2]
    rule = one.predicate
    if rule is None or rule.kind != "condition" or not ahead or not ahead[0].adjacent:
        return
    if ahead[0].text in ("event", "events") and _HAPPENS.search(rule.name):
        ahead[0].kind = "light"


def _of_parents(found: Sequence[Element], place: int) -> None:
    """Pass over whose consent it is: "consent of a parent or guardian if under 18"."""
    at = place + 1
    while at < len(found) and (found[at].text in _PARENTS or found[at].kind in ("light", "or", "slash", "and")):
        at += 1
    if at < len(found) and found[at].kind == "if" and any(other.text in _PARENTS for other in found[place:at]):
        for other in found[place + 1 : at]:
            other.kind = "light"


def _again(found: Sequence[Element], place: int) -> None:
    """Pass over a scale named again behind its limit."""
    name = found[place].predicate
    at = place - 1
    while at >= 0 and found[at].text in _BETWEEN:
        at -= 1
    limit = found[at].predicate if 0 <= at < place - 1 else None
    if name is None or limit is None or limit.name != name.name or limit.op in ("present", "absent"):
        return
    if name.name.endswith("performance status") and not name.qualifier:
        for other in found[at + 1 : place + 1]:
            other.kind, other.rule = "light", None


def _leads(found: Sequence[Element], place: int) -> None:
    """Pass over "living with" a disease, and "prolongation of" a QT that is limited."""
    one, at = found[place], place + 1
    while at < len(found) and found[at].text in ("with", "for", "to", "of", "the"):
        at += 1
    ahead = found[at].predicate if at < len(found) else None
    if ahead is None or (at == place + 1 and one.text != "prolongation"):
        return
    ill = ahead.kind == "condition" and ahead.op == "present"
    long = ahead.kind == "measurement" and "qt" in ahead.name and ahead.op in (">", ">=")
    before = found[place - 1].text if place else ""
    lives = one.text == "living" and ill and found[place + 1].text == "with" and before in _WHO
    if lives or (one.text == "prolongation" and long):
        for other in found[place:at]:
            other.kind = "light"
