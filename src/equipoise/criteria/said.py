"""
What is asked of a person, and what is asked of the past, as the words of a criterion's elements show.

::

    asked   = ask "/" ask                            # "willing/able": one question
            | ask … consent                          # "able to give informed consent": the question is of consent
    history = "history" "of" condition (("," | "or" | "and" | "/") condition)*
            | ("prior" | "previous" | "previously" | "no prior" …) treatment (("," | "or" | "and" | "/") treatment)*
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.rules.nodes import ConceptRef, Not, Predicate, Rule, children, leaves

_JOINTS = ("comma", "or", "and", "slash", "light", "word", "quality")
# What is said of the present ends the list of what may be past.
_NOW = frozenset({"active", "acute", "current", "currently", "concurrent", "ongoing", "uncontrolled", "unstable"})
# What was before; "no prior" and "never" are one cue, and deny all that was.
_BEFORE = frozenset({"prior", "previous", "previously", "past"})
_EVER = _BEFORE | {"history", "never", "ever"}
# What is neither of these kinds nor one of those words is passed over.
_ASKING = frozenset({"admin", "not", "time"})
# What nobody has for good: to have been pregnant is another thing.
_PASSING = frozenset(
    {"pregnancy", "lactation", "childbearing potential", "planning pregnancy", "planning to breastfeed"}
)
# Who may come in all the same.
_MAY = re.compile(
    r"\b(?:may|can|could|will) (?:still )?(?:be (?:eligible|included|enrolled|allowed|permitted)|participate|enroll)\b"
    r"|\b(?:are|is) (?:still )?(?:eligible|allowed|permitted|acceptable)\b",
    re.IGNORECASE,
)
# What a patient is said to lack in a sentence of its own: most often what whoever takes part must lack.
_PEOPLE = (
    r"(?:(?:the |all |any )?(?:patients?|subjects?|participants?|volunteers?|individuals|women|men|they|he|she)\s+)"
)
_LACKS = re.compile(
    rf"(?:\A|[.;]\s)\W*{_PEOPLE}?(?:(?:do|does|did|is|are|was|were|have|has|had)(?:\s+not|n['’]?t)|not)\s+"
    rf"(?:(?:currently|known to|to)\s+)*(?:have|had|suffer\w*|receiv\w+|requir\w+|need|tak\w+"
    r"|us(?:e|ed|ing)|be|been)\b"
    rf"|\A\W*{_PEOPLE}?(?:with\s+(?:no|out)|without)\s+(?:a\s+|any\s+)?(?:known\s+)?history\s+of\b",
    re.IGNORECASE,
)
_OWED = re.compile(
    r"\b(?:were|was|are|is)\s+not\s+to\s+(?:have|be|use|take|receive|undergo)\b"
    r"|\A\W*not\s+to\s+(?:have|be|use|take|receive)\b",
    re.IGNORECASE,
)
# What nobody would ask to have: any of a kind, one more, or something in the time before.
_UNWANTED = re.compile(
    r"\b(?:any|other|another|additional|uncontrolled|serious|significant|history of)\b", re.IGNORECASE
)
_WHOM = re.compile(r"\b(?:who|that)\s+(?:do|does|did)(?:\s+not|n['’]?t)\s+(?:have|suffer|show)\b", re.IGNORECASE)
_KEPT_OUT = re.compile(
    r"\bexclu\w+|\bineligible\b|\bnot (?:be )?(?:eligible|included|enrolled|allowed|permitted)\b", re.IGNORECASE
)
# What a study asks for, so that whoever lacks it is kept out.
_WANTED = frozenset(
    {
        "recovery", "contraception", "measurable disease", "evaluable disease", "pregnancy test",
        "effective contraception", "serum pregnancy test",
        "childbearing potential", "surgical sterility", "vaccination", "remission", "informed consent",
        "protocol compliance",
    }
)  # fmt: skip
# A study may be of one of these, but hardly of all of them.
_ANY_OF = frozenset(
    {
        "hematologic disease", "heart disease", "cardiovascular disease", "kidney disease", "liver disease",
        "lung disease", "mental disorder", "infection", "autoimmune disease", "neurological disorder",
        "chronic disease", "endocrine disease", "gastrointestinal disease", "metabolic disease",
    }
)  # fmt: skip
_OF_SYMPTOMS = re.compile(r"^(?:signs? |symptoms? )(?:.* )?of$")
_WHOSE = frozenset(("medical", "personal", "past medical", "clinical"))
_CONSENT, _COMPLIANCE = "informed consent", "protocol compliance"


def said(elements: Sequence[Element]) -> list[Element]:
    """Return the elements of a criterion, questions joined and what may be past marked."""
    found = list(elements)
    if any(one.kind == "quality" and _OF_SYMPTOMS.search(one.text) for one in found) and _is_timed(found):
        for one in found:  # how long the symptoms are there is not how long the disease is
            if one.kind == "quality" and _OF_SYMPTOMS.search(one.text):
                one.kind, one.linked = "word", True
    for place, one in enumerate(found):
        if one.kind not in _ASKING and one.text not in _EVER:
            continue  # most elements
        if one.kind == "time" and "consent" in one.text.split():
            _consent_again(found, place)
        if one.kind == "admin":
            _ask_once(found, place)
            _of_consent(found, place)
        elif one.text == "history" and place and found[place - 1].text in _WHOSE:
            found[place - 1].kind = "light"
        if one.text == "history" and _of_patient(found, place):
            _past(found, place + 2)
        elif (one.kind == "quality" and one.text in _BEFORE) or (
            one.kind == "not" and not _EVER.isdisjoint(one.text.split())
        ):
            _past(found, place + 1, alike=True)
    return found


def _is_timed(found: Sequence[Element]) -> bool:
    """Return whether a criterion says when, or for how long."""
    return any(
        one.kind == "time"
        or one.text in ("onset", "began", "duration")
        or (one.predicate is not None and one.predicate.kind in ("duration", "event_time"))
        for one in found
    )


def _of_patient(found: Sequence[Element], place: int) -> bool:
    """Return whether "of" follows a history, and no family goes before it."""
    before = found[place - 1].text.split() if place else []
    return place + 1 < len(found) and found[place + 1].text == "of" and "family" not in before


def _consent_again(found: Sequence[Element], place: int) -> None:
    """Pass over the rest of "at the time of signing informed consent/assent": it only says when."""
    at = place + 1
    while at + 1 < len(found) and found[at].kind in ("slash", "or", "and") and found[at + 1].kind == "admin":
        behind = found[at + 1].predicate
        if behind is None or behind.name != _CONSENT:
            return
        for other in found[at : at + 2]:
            other.kind, other.rule = "light", None
        at += 2


def _ask_once(found: Sequence[Element], place: int) -> None:
    """Read "willing/able to" as one question."""
    if place + 2 < len(found) and found[place + 1].kind == "slash" and found[place + 2].kind == "admin":
        found[place + 1].kind = found[place].kind = "light"
        found[place].rule = None


def _of_consent(found: Sequence[Element], place: int) -> None:
    """Read "able to give informed consent" as a question of consent."""
    at = place + 1
    while at < len(found) and found[at].kind in ("light", "admin"):
        behind, own = found[at].predicate, found[place].predicate
        if behind is not None and own is not None and behind.name == _CONSENT and own.name == _COMPLIANCE:
            concept = ConceptRef(_CONSENT, span=found[place].span)
            found[place].rule = msgspec.structs.replace(own, concept=concept)
        at += 1


def _past(found: Sequence[Element], at: int, *, alike: bool = False) -> None:
    """Mark what a history is asked of in a list; *alike*: only what is of one kind with the first."""
    kind = None
    while at < len(found):
        one = found[at]
        if one.kind == "atom" and one.predicate is not None:
            kind = kind or one.predicate.kind
            if not _markable(one.predicate, kind if alike else "condition"):
                return
            if at + 1 < len(found) and found[at + 1].kind == "time":
                return
            if "history of" not in one.predicate.qualifier:
                said = ("history of", *one.predicate.qualifier)
                one.rule = msgspec.structs.replace(one.predicate, qualifier=said)
        elif one.kind not in (*_JOINTS, *(("with",) if alike else ())) or not _NOW.isdisjoint(one.text.split()):
            return
        at += 1


_STAYS = frozenset({"hospitalization", "icu admission"})


def _markable(rule: Predicate, kind: str) -> bool:
    if rule.name in _STAYS and rule.op == "present" and rule.window is None:
        return True  # "prior hospitalization" is none of now
    if rule.kind == "measurement":
        return rule.op == "present" and rule.window is None
    if rule.kind not in ("condition", "drug") or rule.kind != kind or rule.name in _PASSING:
        return False
    return rule.op == "present" and rule.window is None


def permits(text: str, rule: Rule) -> bool:
    """Return whether an exclusion says who may come in all the same, and was read as who lacks something."""
    return holds_denial(rule) and _MAY.search(text) is not None


def lacks(text: str, rule: Rule) -> bool:
    """
    Return whether an exclusion says that patients do not have something, and perhaps means that they must not.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Not(Predicate(kind="condition", concept=ConceptRef("asthma")))
    >>> lacks("Subjects were not to have asthma", asthma), lacks("Subjects who do not have asthma", asthma)
    (True, False)
    """
    if not holds_denial(rule) or _KEPT_OUT.search(text):
        return False
    facts = [leaf for leaf in leaves(rule) if type(leaf) is Predicate]
    names = {one.name for one in facts}
    if not _WANTED.isdisjoint(names):
        return False
    if _OWED.search(text) or (not _ANY_OF.isdisjoint(names) and _WHOM.search(text)):
        return True
    unwanted = len(names) > 1 or any(one.window is not None and one.window.side == "before" for one in facts)
    return _LACKS.search(text) is not None and (unwanted or _UNWANTED.search(text) is not None)


def holds_denial(rule: Rule) -> bool:
    """Return whether anything is denied in a rule."""
    if type(rule) is Not or (type(rule) is Predicate and rule.op == "absent"):
        return True
    return True in [holds_denial(one) for one in children(rule)]
