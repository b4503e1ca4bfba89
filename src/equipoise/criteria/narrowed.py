"""
What stands beside a name and makes it narrower than the name is alone.

::

    stent    = coronary joint ("angioplasty" joint)* "stent"   # of a coronary artery
    need     = "requires" treatment (joint treatment)*         # asked of now, where it is the criterion's own verb
    found    = result "on" "at least"? n "occasions"           # how often it was found is no limit of it
    lasting  = "absence of" "spontaneous"? "menses" length     # an amenorrhea that lasts so long
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import reference
from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import LISTING, NOW
from equipoise.criteria.planned import NEEDED, given_once
from equipoise.criteria.present import is_timed
from equipoise.rules.nodes import Predicate, Span
from equipoise.terms.lexicon import Lexicon

_FILLS = frozenset(("light", "quality", "word"))
_LINKS = LISTING | {"light", "with", "open"}
_CORONARY = frozenset(
    ("percutaneous coronary intervention", "coronary stenting", "coronary stent", "coronary artery bypass graft")
)
_STENTED = {"angioplasty": "vascular stent"}
_NEEDS = frozenset(
    ("requires", "require", "requiring", "needs", "need for", "need of", "needing", "in need of", "requirement for",
     "requirement of", "who require", "who requires")
)  # fmt: skip
_NO_NEEDS = frozenset(("no requirement for", "no need for", "not requiring", "don't require", "doesn't require"))
_LATER = frozenset(
    (
        "history",
        "previous",
        "previously",
        "prior",
        "past",
        "ever",
        "likely",
        "may",
        "might",
        "will",
        "expected",
        "planned",
        "anticipated",
    )
)
# What goes on while it is needed; an operation is done once, and who had it does not need it.
_GOES_ON = re.compile(
    r"dialysis|ventilation|ventilatory|oxygen|oxygenation|support|nutrition|feeding|therapy\Z"
    r"|hospitalization|icu admission|intubation|sedation|resuscitation"
    r"|plasmapheresis|apheresis|phlebotomy|catheterization\Z|hospice|counseling|care\Z"
)
_OFTEN = re.compile(r"(?:on )?(?:at least|more than|[<>≥≤]=?) (?:\d+|two|three|twice|once)\Z")
_TIMES = frozenset(("occasion", "occasions", "times", "readings", "visits", "samples", "tests", "measurements"))
_KINDS = frozenset(("separate", "different", "consecutive", "successive", "independent", "distinct"))
_MEASURED = frozenset(
    ("measured", "confirmed", "documented", "repeated", "performed", "positive", "present", "elevated")
)
_LASTS = frozenset(("absence of", "lack of", "cessation of", "no", "without"))
_LAPSED = {"menses": "amenorrhea"}


def narrowed(elements: Sequence[Element], lexicon: Lexicon) -> list[Element]:
    """Return the elements of a criterion, each name as narrow as its neighbours make it."""
    found = list(elements)
    place = 0
    while place < len(found):
        one = found[place]
        rule = one.predicate
        if (one.kind == "need" and one.text in _NEEDS) or (one.kind == "not" and one.text in _NO_NEEDS):
            _needed(found, place)
        elif one.kind == "not":
            _lasting(found, place, lexicon)
        elif rule is not None and one.text.endswith(" requirement") and rule.kind == "procedure":
            one.rule = rule if rule.window or is_timed(found, place) else msgspec.structs.replace(rule, window=NOW)
        elif rule is not None and rule.name == "stent":
            _stent(found, place, lexicon)
        elif rule is not None and rule.kind == "measurement" and rule.value is not None:
            _occasions(found, place)
        place += 1
    return found


def _stent(found: list[Element], place: int, lexicon: Lexicon) -> None:
    """Read a stent as one of the vessels that the names before it in its list are of."""
    at, name = place - 1, ""
    while at > 0 and found[at].kind in _LINKS:
        at -= 1
        rule = found[at].predicate
        if rule is None or rule.kind != "procedure":
            continue
        if rule.name in _CORONARY:
            name = "coronary stenting"
            break
        if rule.name not in _STENTED:
            break
        name = _STENTED[rule.name]
        at -= 1
    if at == place - 1 and _begins_coronary(found[place + 1 :]):
        name = "coronary stenting"
    if name == "coronary stenting" and found[place - 1].kind == "with":
        name = "coronary stent"  # an intervention with a stent is two things, and no kind of the other
    concept = lexicon.find(name) if name else None
    rule = found[place].predicate
    if concept is not None and rule is not None:
        found[place].rule = msgspec.structs.replace(rule, concept=reference(concept, found[place].span))


def _begins_coronary(behind: Sequence[Element]) -> bool:
    """Return whether a list goes on with an operation on the coronary arteries: "stenting or bypass surgery"."""
    if not behind or behind[0].kind not in LISTING:
        return False
    first = next((other for other in behind if other.kind not in _LINKS), None)
    return first is not None and first.predicate is not None and first.predicate.name in _CORONARY


def _needed(found: list[Element], place: int) -> None:
    """Read "requires insulin" as of now; who had an operation does not need it any more."""
    before = [other for other in found[:place] if other.kind not in ("light", "quality", "sex", "open", "aged")]
    if before and before[-1].kind == "comma":
        return  # "severe infection, requiring antibiotics": of that infection
    own = found[place].text.startswith("who ") and (not before or before[-1].kind != "atom")
    denied = found[place].kind == "not" or (bool(before) and before[-1].kind == "not")
    if not own and not denied and before and before[-1].kind not in LISTING | {"stop", "with", "must", "colon"}:
        return
    if is_timed(found, place) or any(not _LATER.isdisjoint(other.text.split()) for other in found[:place]):
        return
    for other in found[place + 1 :]:
        rule = other.predicate
        if not _LATER.isdisjoint(other.text.split()):
            return  # "requires, or is expected to require, dialysis"
        if other.kind in _FILLS or other.kind in LISTING:
            continue
        if denied and rule is not None and rule.kind == "condition" and other is found[place + 1]:
            other.rule = doubted(rule, (found[place].span[0], other.span[1]))  # not required is not forbidden
        if rule is None or rule.kind not in ("drug", "procedure") or rule.op != "present" or rule.window is not None:
            return
        if given_once(rule) or (rule.kind == "procedure" and not _GOES_ON.search(rule.name)):
            other.rule = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, NEEDED))
        else:
            other.rule = msgspec.structs.replace(rule, window=NOW)


def _occasions(found: list[Element], place: int) -> None:
    """Read "detectable on at least 2 occasions" as a finding: the number is of the occasions."""
    one, rule = found[place], found[place].predicate
    if rule is None or rule.unit is not None or rule.relative_to is not None or not _OFTEN.search(one.text):
        return
    at = place + 1
    while at < len(found) and found[at].text in _KINDS:
        at += 1
    twice = one.text.endswith(("twice", "once"))
    on = f" {one.text}".rpartition(" on ")[1] or (at < len(found) and found[at].text.startswith("occasion"))
    if not twice and (at >= len(found) or found[at].text not in _TIMES or not on):
        return  # "at least 8 times / 24 hours" is a limit
    if not _MEASURED.isdisjoint(rule.name.split()):
        one.kind, one.rule = "word", None
        return
    last = at if not twice else place
    span: Span = (one.span[0], found[last].span[1])
    said = _OFTEN.search(one.text)
    often = " ".join([said[0] if said else "", *[other.text for other in found[place + 1 : last + 1]]])
    own: Predicate = msgspec.structs.replace(
        rule, op="present", value=None, upper=None, span=span, qualifier=(*rule.qualifier, often.strip())
    )
    one.rule, one.span, one.last = own, span, found[last].last
    del found[place + 1 : last + 1]


def _lasting(found: list[Element], place: int, lexicon: Lexicon) -> None:
    """Read "absence of menses for a year" as an amenorrhea of a year; what else is absent so long is in doubt."""
    if found[place].text not in _LASTS:
        return
    at = place + 1
    while at < len(found) and found[at].kind in ("quality", "light"):
        at += 1
    rule = found[at].predicate if at < len(found) else None
    if rule is None or rule.kind != "duration" or not found[place].text.endswith(" of"):
        return
    concept = lexicon.find(_LAPSED.get(rule.name, ""))
    if concept is None:
        found[at].rule = doubted(rule, found[at].span)
        return
    own = msgspec.structs.replace(rule, concept=reference(concept, (found[place].span[0], found[at].span[1])))
    found[at].rule, found[at].span = own, (found[place].span[0], found[at].span[1])
    found[at].first = found[place].first
    del found[place:at]
