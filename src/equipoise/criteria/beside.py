"""
What an element means beside its neighbours: of whom a limit is, what a name shares with the next, where a line broke.

::

    line    = "no" name limit                       # "No heart disease Ejection fraction …": two lines
    shared  = "exacerbation" "of" name joint name   # of both; "aspirin or other drug allergy" too
    treated = condition ("treatment" | "drugs" …)   # it is the treatment that counts
    level   = drug limit                            # "insulin antibody < 10": no insulin is asked for
    aged    = lesion … "more than 4 weeks old"      # it is the lesion that is so old
    reason  = "because" …                           # says why, and asks for nothing
    allergy = "allergy" joint word "to" name        # of that name, and no allergy whatever
    like    = drug "or equivalent" ("as" | "for") … # what goes like it is not said
    father  = "fertile" ("man" | "male" …)          # bears no child
    without = name "negative" condition             # "HPV-negative cancer": it is no cancer that is denied
    planned = "planning to become pregnant" joint "breastfeed"   # the second is planned as well
    anchor  = limit time joint drug                 # "within 72 hours before A or B": B is a moment, too
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import JOINTS
from equipoise.criteria.present import present
from equipoise.criteria.statistic import of_which
from equipoise.rules.nodes import ConceptRef

ALL_OF = frozenset(
    ("medication", "medications", "medicine", "medicines", "drugs", "therapy", "therapies", "treatment", "treatments")
)
_DRUGS = frozenset(("drug", "drugs", "medication", "medications", "medicine", "medicines"))
_DURING = re.compile(r"(?:during|in|within) (?:the )?first \d+ \w+ (?:of|on) (?:the |this )?(?:study|trial|treatment)")
_ALLERGIC = frozenset(("allergy", "allergies", "hypersensitivity", "intolerance"))
_WORSE = frozenset(
    (
        "exacerbation",
        "exacerbations",
        "flare",
        "flares",
        "worsening",
        "relapse",
        "recurrence",
        "rupture",
        "complications",
    )
)

_PLANS = {
    "planning pregnancy": "",
    "lactation": "planning to breastfeed",
    "fathering a child": "planning to father a child",
}
_TESTED = frozenset(("condition", "measurement", "variant"))
_TO_DO = re.compile(r"(?:to )?(?:breast-?\s?feed|nurse|lactate|father (?:a child|children))")


def neighbored(found: list[Element], place: int, text: str) -> int:
    """Read a name beside its neighbours, and return how many elements were put before it."""
    what = found[place].predicate
    kind = what.kind if what is not None else ""
    if what is not None and what.name == "age":
        _of_lesion(found, place)
    elif kind == "event_time":
        _exposed(found, place)
    _shares_head(found, place)
    _shares_allergy(found, place)
    if kind == "condition":
        _treats(found, place)
    elif kind == "drug":
        _level_of(found, place)
    if kind in ("measurement", ""):
        of_which(found, place)
    present(found, place)
    _allergy_of_more(found, place)
    _or_equivalent(found, place)
    _fertile_man(found, place)
    _planned(found, place)
    _without(found, place)
    if kind != "measurement" or not _runs_on(found, place, text):
        return 0
    one = found[place]
    found.insert(place, Element("stop", "", (one.span[0], one.span[0]), one.first, one.first))
    return 1


def of_partner(found: list[Element], place: int) -> None:
    """Keep "male partner" as words: it is not the patient's sex."""
    behind = found[place + 1].text if place + 1 < len(found) else ""
    if behind in ("partner", "partners", "partner's", "relative", "relatives", "donor", "donors"):
        found[place].kind, found[place].rule = "word", None


def dated(found: list[Element], place: int) -> None:
    """Read a time beside its neighbours."""
    one = found[place]
    _post(found, place)
    if one.kind != "time":
        return
    _or_moment(found, place)
    if one.time is not None and one.time.side == "before" and _DURING.match(one.text):
        one.time = msgspec.structs.replace(one.time, side="after")  # "during the first 8 weeks of the study"
    _dates_past(found, place)


def _runs_on(found: Sequence[Element], place: int, text: str) -> bool:
    """Return whether a limit begins a line whose break was lost: "No heart disease Ejection fraction at least 40 %"."""
    one, before = found[place], found[place - 1] if place else None
    if one.predicate is None or one.predicate.kind != "measurement" or one.predicate.op in ("present", "absent"):
        return False
    if before is None or before.kind not in ("atom", "time") or not any(other.kind == "not" for other in found[:place]):
        return False
    begins = text[one.span[0] : one.span[0] + 2]
    return begins[:1].isupper() and begins[1:].islower() and text[before.span[1] - 2 : before.span[1]].islower()


def _shares_head(found: Sequence[Element], place: int) -> None:
    """Read "exacerbation of asthma or COPD" as of both; what has no name of its own then is in doubt."""
    one = found[place]
    if " of" not in one.text:
        return
    words = one.text.split()
    if "of" not in words[1:3] or words[0] not in _WORSE or place + 2 >= len(found) or one.predicate is None:
        return
    other = found[place + 2]
    if found[place + 1].kind not in JOINTS or other.predicate is None or other.predicate.kind != one.predicate.kind:
        return
    if words[0] not in other.text.split():
        other.rule = doubted(other.predicate, other.span)


def _shares_allergy(found: Sequence[Element], place: int) -> None:
    """Read "aspirin or other drug allergy": of either, perhaps."""
    if place < 2 or found[place - 1].kind not in JOINTS or found[place].text.split()[-1] not in _ALLERGIC:
        return
    before = found[place - 2].predicate
    if before is not None and before.kind == "drug" and before.op == "present":
        found[place - 2].rule = doubted(before, found[place - 2].span)


def _fertile_man(found: Sequence[Element], place: int) -> None:
    """Doubt the potential of "a fertile man": he bears no child, and fathers one."""
    one, behind = found[place].predicate, found[place + 1].predicate if place + 1 < len(found) else None
    if one is None or one.name != "childbearing potential" or found[place].text != "fertile":
        return
    if behind is not None and behind.name == "sex" and behind.value == "male":
        found[place].rule = doubted(one, found[place].span)


def _without(found: Sequence[Element], place: int) -> None:
    """Doubt "an EBV-negative lymphoma": there is a lymphoma, and of what kind no name says."""
    one, behind = found[place].predicate, found[place + 1 : place + 3]
    if one is None or one.kind not in _TESTED or len(behind) < 2 or behind[0].text != "negative":
        return
    what = behind[1].predicate
    if what is not None and what.kind == "condition":
        found[place].rule, behind[1].rule = doubted(one, behind[0].span), doubted(what, behind[0].span)


def _planned(found: Sequence[Element], place: int) -> None:
    """Read "planning to become pregnant or breastfeed" as a plan of both."""
    one = found[place]
    if one.predicate is None or one.predicate.name not in _PLANS or not _TO_DO.fullmatch(one.text.lower()):
        return
    before = [other for other in found[max(place - 4, 0) : place] if other.text != "to"]
    joined = bool(before) and before[-1].kind in ("or", "and", "slash", "comma")
    while before and before[-1].kind in ("or", "and", "slash", "comma"):
        before.pop()
    plan = before[-1].predicate if before else None
    if joined and plan is not None and (plan.name in _PLANS.values() or plan.name == "planning pregnancy"):
        name = ConceptRef(_PLANS[one.predicate.name], span=one.predicate.span)
        one.rule = msgspec.structs.replace(one.predicate, concept=name)


def _or_equivalent(found: Sequence[Element], place: int) -> None:
    """Doubt the drug of "prednisone or equivalent as maintenance": what goes like it, and to what end, is not said."""
    one = found[place].predicate
    behind = [other.text for other in found[place + 1 : place + 3]]
    if one is None or one.kind != "drug" or one.op != "present" or behind[:1] != ["or"] or len(behind) < 2:
        return
    ends = found[place + 3].text if place + 3 < len(found) else ""
    if behind[1] in ("equivalent", "equivalents", "similar") and ends in ("as", "for"):
        found[place].rule = doubted(one, found[place].span)


def _allergy_of_more(found: Sequence[Element], place: int) -> None:
    """Doubt the allergy of "allergy, resistance or aversion to X": it is to X alone."""
    one = found[place].predicate
    if one is None or one.kind != "condition" or one.name not in _ALLERGIC or place + 1 >= len(found):
        return
    if found[place + 1].kind not in ("comma", *JOINTS):
        return
    to = False
    for other in found[place + 1 :]:
        if other.kind in ("allergy", "stop"):
            return
        if other.kind == "atom" and (other.predicate is None or other.predicate.name not in _ALLERGIC):
            found[place].rule = doubted(one, found[place].span) if to else one
            return
        to = to or other.text == "to"


def _exposed(found: Sequence[Element], place: int) -> None:
    """Doubt the condition of "varicella exposure within 4 weeks": nobody need have it."""
    one, before = found[place], found[place - 1] if place else None
    if before is None or before.predicate is None or before.predicate.kind != "condition" or one.predicate is None:
        return
    if one.predicate.kind == "event_time" and one.text.startswith("exposure") and one.first == before.last:
        before.rule = doubted(before.predicate, one.span)


def _of_lesion(found: list[Element], place: int) -> None:
    """Keep "an ulcer of 2 cm, more than 4 weeks old" as words: it is the ulcer that is so old."""
    one = found[place]
    age = one.predicate
    if age is None or age.name != "age" or age.unit not in ("d", "wk", "mo"):
        return
    old = "old" in one.text.split()
    before = [other.predicate for other in found[:place] if other.kind == "atom" and old]
    behind = found[place + 1].text.split() if place + 1 < len(found) else []
    if behind[:1] in (["after"], ["since"], ["post"], ["following"]) or any(
        other is not None and other.kind in ("measurement", "condition") for other in before
    ):
        one.kind, one.rule = "word", None


def _dates_past(found: Sequence[Element], place: int) -> None:
    """Read "prior malignancy within 5 years of the diagnosis of X" as on either side of it."""
    one = found[place]
    if one.time is None or one.time.side != "after" or one.time.mode != "within" or " of " not in one.text:
        return
    said = {word for other in found[:place] for word in other.text.split()}
    if said & {"prior", "previous", "history", "previously"}:
        one.time = msgspec.structs.replace(one.time, side="around")


def _treats(found: Sequence[Element], place: int) -> None:
    """Doubt the condition of "dementia treatment": it is the treatment that counts."""
    one, behind = found[place], found[place + 1] if place + 1 < len(found) else None
    if one.predicate is None or one.predicate.kind != "condition" or one.predicate.op != "present" or behind is None:
        return
    if behind.kind == "light" and behind.text in ALL_OF and behind.span[0] == one.span[1] + 1:
        one.rule = doubted(one.predicate, behind.span)


def _level_of(found: list[Element], place: int) -> None:
    """Keep "insulin antibody < 10" as a limit of the antibody: no insulin is asked for."""
    one, behind = found[place], found[place + 1] if place + 1 < len(found) else None
    if behind is None or one.predicate is None or behind.predicate is None or one.predicate.kind != "drug":
        return
    limit = behind.predicate.kind == "measurement" and behind.predicate.op not in ("present", "absent")
    if limit and behind.span[0] == one.span[1] + 1 and one.predicate.op == "present":
        one.kind, one.rule = "word", None


def reason(found: list[Element], place: int) -> None:
    """Pass over "because …": it says why, and asks for nothing."""
    if place + 1 < len(found) and found[place + 1].text == "of":
        return
    for other in found[place:]:
        if other.kind == "stop":
            break
        other.kind, other.rule = "light", None


def _post(found: list[Element], place: int) -> None:
    """Keep "postmenopausal, post hysterectomy, or …" as words: one more on the list, and no window."""
    one = found[place]
    if one.time is None or one.time.mode != "when" or not one.text.startswith("post ") or not place:
        return
    ends = place + 1 >= len(found) or found[place + 1].kind in ("comma", "or", "stop", "and", "slash")
    if ends and found[place - 1].kind in ("comma", "or", "slash"):
        one.kind, one.time = "word", None


def _or_moment(found: list[Element], place: int) -> None:
    """Keep "at the time of screening or leukapheresis" as words: another moment, and not what is asked for."""
    time = found[place].time
    if time is not None and time.anchored_by is not None and time.mode == "within":
        _or_anchor(found, place)
    if time is None or time.mode != "when" or place + 2 >= len(found) or found[place + 1].kind != "or":
        return
    what = found[place + 2].predicate
    last = place + 3 >= len(found) or found[place + 3].kind in ("stop", "close")
    if what is not None and what.kind == "procedure" and what.op == "present" and last:
        found[place + 2].kind, found[place + 2].rule = "word", None


def _or_anchor(found: list[Element], place: int) -> None:
    """Doubt B in "platelets < 75 within 72 hours before A or B": it may be another moment to count from."""
    limits = [one.predicate for one in found[:place] if one.kind == "atom"]
    if not limits or any(one is None or one.op in ("present", "absent") for one in limits):
        return
    at = place + 1
    while at < len(found) and found[at].kind in ("or", "and", "slash", "quality", "light"):
        at += 1
    what = found[at].predicate if at < len(found) and at > place + 1 else None
    ends = all(other.kind in ("light", "stop") for other in found[at + 1 :])
    if what is not None and what.kind in ("drug", "procedure") and what.op == "present" and ends:
        found[at].rule = doubted(what, found[at].span)


def any_drug(inside: Sequence[Element]) -> None:
    """Keep "allergy to drugs or food": any drug is an allergen there, and no light word."""
    for place, one in enumerate(inside):
        before = next((other for other in reversed(inside[:place]) if other.text not in ("any", "some", "the")), None)
        behind = inside[place + 1].kind if place + 1 < len(inside) else "stop"
        alone = before is None or before.kind in ("or", "and", "comma")
        listed = len(inside) > 1 and behind in ("or", "and", "comma", "stop")
        if one.kind == "light" and one.text in _DRUGS and alone and listed:
            one.kind = "word"
