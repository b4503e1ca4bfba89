"""
Headings that a line kept, and words that only say of whom or for whose sake: "Performance status - Karnofsky 70".

::

    scale     = "performance status" ("-" | ":" | "•")? scale limit      # the scale's limit says it all
    recipient = "recipient of" transplant | transplant "recipient"       # who has had one
    outside   = (inpatients joint)? "outpatients" | "outpatient" people      # not in hospital
    donor     = "donor" ":"                                              # of the donor alone
    must      = "must have" ("a" | "minimum" | …)* age                   # under Exclusion: what nobody may lack
    fertile   = contraception "required of all fertile patients"         # who else needs none
    share     = radiotherapy "to" "more than 25 % of" "bone marrow"      # to so much of it
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.criteria.fixed import IRRADIATED, LEADS, fixed
from equipoise.criteria.functioning import functioning
from equipoise.criteria.kinds import FERTILE, JOINTS, NOW
from equipoise.criteria.runons import stop_at
from equipoise.criteria.tested import WORDS, read_result
from equipoise.rules.nodes import AnyOf, ConceptRef, Predicate, leaves

_SCALES = frozenset(("calgb", "ctc", "ecog", "gog", "nci", "nci ctc", "swog", "who", "zubrod", "rtog"))
_MARKS = frozenset(("-", ":", "•", "*", "–", "("))
_GRAFTS = re.compile(r"transplant|transfusion|graft|implant")
_RECIPIENTS = frozenset(("recipient", "recipients"))
_PEOPLE = frozenset(
    ("patient", "patients", "subject", "subjects", "participant", "participants", "individuals", "people", "persons",
     "adults", "men", "women", "males", "females", "status")
)  # fmt: skip
_LEADS = frozenset(("light", "sex", "over", "aged", "must", "anyone", "regardless"))
_OUTSIDE = frozenset(("outpatient", "outpatients", "out"))
_WHO = frozenset(("adult", "male", "female", "healthy", "otherwise", "ambulatory", "who are", "who is"))
_PLACES = frozenset(("at", "of", "in", "from", "to"))
_BEHIND_PEOPLE = frozenset(("stop", "comma", "time", "close", "with", "sex", "aged"))
_INVERSE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
_BOUNDS = frozenset(
    ("minimum", "maximum", "a", "an", "age", "aged", "of", "the", "be", "at", "least", "years", "old", "", ".")
)
_SHARE = re.compile(
    r"\s*(?:(?:to|of|in|involving|included|including|that included|delivered to|encompassing|exceeding)\s+)*"
    r"(?:[<>≤≥=]+|(?:more|greater|less|higher) than(?: or equal to)?|at least|over|exceeding)?\s*\d+\s?%\s*"
    r"(?:or (?:more|greater)\s*)?(?:of\s+)?(?:(?:the|total|entire|active|functioning|functional|hematopoietic)\s+)*"
    r"(?:bone[\s-])?marrow(?:[\s-](?:reserves?|space|volume|stores?|compartment|containing (?:areas?|skeleton)))?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^()]{0,40}\bpelvi[sc]\b[^()]{0,40}\d+\s?%\s*\)", re.IGNORECASE)
_PREVENTING = frozenset(
    ("contraception", "effective contraception", "highly effective contraception", "barrier contraception")
)
_REQUIRED = frozenset(
    (
        "is",
        "required",
        "is required",
        "must be used",
        "of",
        "for",
        "in",
        "all",
        "by",
        "required of",
        "required for",
        "required in",
    )
)
_OF_FERTILE = frozenset(
    ("fertile", "childbearing potential", "reproductive potential", "patients", "subjects", "participants", "of", "all",
     "the")
)  # fmt: skip
_FIXED = frozenset(("atom", "admin"))


def labelled(found: list[Element], text: str, *, exclusion: bool) -> list[Element]:
    """Return the elements of a criterion with such words read, in place; *text* is all of the record."""
    if exclusion and found and found[0].kind == "must":
        _required(found)
    functioning(found, exclusion=exclusion)
    place = -1
    while (place := place + 1) < len(found):
        one = found[place]
        if one.kind in _FIXED or one.text in LEADS:
            fixed(found, place, text)
        if one.text in WORDS or one.text.endswith(" positive"):
            read_result(found, place, exclusion=exclusion)
        if one.kind == "atom":
            _scaled(found, place)
            _share(found, place, text)
            place += 0 if exclusion else _of_fertile(found, place, text)
        elif one.text in _RECIPIENTS:
            _recipient(found, place)
        elif one.text in _OUTSIDE:
            _outside(found, place, text)
    return found


def _scaled(found: Sequence[Element], place: int) -> None:
    """Drop "performance status" before the scale by which it is limited."""
    head = found[place].predicate
    if head is None or head.op != "present" or not found[place].text.startswith("performance status"):
        return
    at = place + 1
    while at < len(found) and (found[at].text in _MARKS or found[at].kind == "light"):
        at += 1
    limit = found[at].predicate if at < len(found) else None
    if limit is None or limit.kind != "measurement" or limit.op in ("present", "absent") or head.qualifier:
        return
    same = limit.name == head.name or limit.name.endswith("performance status")
    if limit.name in _SCALES and head.concept is not None and limit.concept is not None:
        name = msgspec.structs.replace(head.concept, span=limit.concept.span)
        found[at].rule, same = msgspec.structs.replace(limit, concept=name), True
    if same and not any(other.text == "(" for other in found[place + 1 : at]):
        for other in found[place:at]:
            other.kind, other.rule = "light", None


def _recipient(found: Sequence[Element], place: int) -> None:
    """Pass over "recipient of" before a transplant, and "recipient" behind one."""
    before = found[place - 1].predicate if place else None
    if before is not None and before.kind == "procedure" and _GRAFTS.search(before.name):
        found[place].kind = "light"
        return
    at = place + 1
    while at < len(found) and found[at].kind in ("light", "quality") and found[at].text not in ("with", "who"):
        at += 1
    ahead = found[at].predicate if at < len(found) else None
    linked = any(other.text == "of" for other in found[place + 1 : at])
    if linked and ahead is not None and ahead.kind == "procedure" and _GRAFTS.search(ahead.name):
        found[place].kind = "light"


def _outside(found: Sequence[Element], place: int, text: str) -> None:
    """Read "outpatients" as people who are not in hospital, where the word stands for them."""
    one, last = found[place], place + 1
    many = one.text.endswith("s")
    if one.text == "out":  # "out-patients"
        if last == len(found) or text[one.span[1] : found[last].span[0]] != "-" or found[last].text not in _PEOPLE:
            return
        many, last = found[last].text.endswith("s"), last + 1
    first, within = place, None
    if place > 1 and found[place - 1].kind in JOINTS and _is_within(found[place - 2]):
        first, within = place - 2, found[place - 2].predicate
    elif last + 1 < len(found) and found[last].kind in JOINTS and _is_within(found[last + 1]):
        last, within = last + 2, found[last + 1].predicate
    many = many and within is None
    if last < len(found) and found[last].text in _PEOPLE and found[last].kind != "sex":
        last, many = last + 1, within is None
    if not _ends_people(found, last, many=many) or not _begins_people(found[:first]):
        return
    if any(map(_is_within, (*found[:first], *found[last:]))):
        return
    rule = Predicate(
        kind="procedure", concept=ConceptRef("hospitalization", span=one.span), op="absent", window=NOW, span=one.span
    )
    for other in found[first:last]:
        other.kind, other.rule = "light", None
    one.kind, one.rule = "atom", rule
    if within is not None:
        one.rule = AnyOf((msgspec.structs.replace(within, window=NOW), rule))  # "inpatients and outpatients": either


def _is_within(one: Element) -> bool:
    return one.predicate is not None and one.predicate.name == "hospitalization"


def _ends_people(found: Sequence[Element], at: int, *, many: bool) -> bool:
    """Return whether what stands at a place is said of people, or of nobody: an outpatient clinic is a place."""
    if at == len(found):
        return True
    if many:
        return found[at].kind not in JOINTS | {"word", "dash"} and found[at].text not in _PLACES
    rule = found[at].predicate
    return (rule is not None and rule.name == "age") or found[at].kind in _BEHIND_PEOPLE


def _begins_people(before: Sequence[Element]) -> bool:
    """Return whether what stands before people says no more of them than who they are."""
    if any(other.kind == "not" for other in before):
        return False
    for other in before[::-1]:
        if other.kind in ("stop", "comma", "colon"):
            break
        if other.text in ("as", "of") or (other.kind not in _LEADS | JOINTS and other.text not in _WHO):
            return False
    return True


def _required(found: list[Element]) -> None:
    """Read "must have a minimum age of 18 years" under Exclusion: who is younger is kept out."""
    named = [one for one in found if one.kind in ("atom", "sex")]
    rule = named[0].predicate if len(named) == 1 else None
    others = [one for one in found[1:] if one not in named]
    plain = all(one.kind in ("light", "stop", "aged") and set(one.text.split()) <= _BOUNDS for one in others)
    if rule is None or not plain or rule.kind != "demographic":
        return
    if rule.name == "sex" and rule.value in ("female", "male"):
        named[0].rule = msgspec.structs.replace(rule, value="male" if rule.value == "female" else "female")
    elif rule.name == "age" and rule.op in _INVERSE:
        named[0].rule = msgspec.structs.replace(rule, op=_INVERSE[rule.op])
    else:
        return
    found[0].kind = "light"


def _of_fertile(found: list[Element], place: int, text: str) -> int:
    """Pass over of whom contraception is required, and return how many elements were put before it."""
    one = found[place]
    if one.predicate is None or one.predicate.name not in _PREVENTING:
        return 0
    at = place + 1
    while at < len(found) and found[at].text in _REQUIRED:
        at += 1
    if not any("required" in other.text for other in found[place + 1 : at]):
        return 0
    end = at
    while end < len(found) and (found[end].text in _OF_FERTILE or found[end].kind == "sex" or _is_fertile(found[end])):
        end += 1
    if not any(map(_is_fertile, found[at:end])):
        return 0
    for other in found[place + 1 : end]:
        other.kind, other.rule = "light", None
    before = found[place - 1].kind if place else "stop"
    if before not in ("atom", "sex", "light", "word") or not text[one.span[0]].isupper():
        return 0
    found.insert(place, stop_at(one))
    return 1


def _is_fertile(one: Element) -> bool:
    rules = leaves(one.rule) if one.kind == "atom" and one.rule is not None else ()
    return one.text == "fertile" or any(type(leaf) is Predicate and leaf.name in FERTILE for leaf in rules)


def _share(found: Sequence[Element], place: int, text: str) -> None:
    """Keep how much of the bone marrow a radiotherapy went to as words of it."""
    rule = found[place].predicate
    if rule is None or rule.kind != "procedure" or rule.op != "present" or not IRRADIATED.search(rule.name):
        return
    start = found[place].span[1]
    share = _SHARE.match(text, start)
    if share is None:
        return
    words = " ".join(share[0].lower().split())
    found[place].rule = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, words))
    end = share.end()
    if (aside := _ASIDE.match(text, end)) is not None:
        end = aside.end()  # "(whole pelvis = 25 %)": how the share is reckoned
    for other in found[place + 1 :]:
        if other.span[0] < end:
            other.kind, other.rule = "light", None
