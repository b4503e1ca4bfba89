"""
What somebody is willing to do, or refuses: all of it belongs to the promise, and a person answers.

::

    promise = will ("not"? "to") deed (joint deed)*
    will    = "willing" | "unwilling" | "agrees" | "refuses" | "able and willing" | …
    deed    = whatever stands before the next joint; behind one, only what goes on with it: a verb ("or drink"), what
              is done in a study ("and visits"), one more of the drugs and procedures listed
    signed  = "signature of informed consent"                    # by itself it is asked for, and no moment
    given   = giver … consent                                    # "the parent has provided informed consent"
    asking  = ("ability" | "provides" | "signed" …)* (consent | compliance) …   # what is asked with it

"Willing to stop aspirin; platelets > 100" ends at the mark, "unwilling to stop warfarin or with INR > 2" at the "or":
what has a limit, a disease, a duty or a status of its own is no deed.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.scopes import close_of
from equipoise.rules.nodes import ConceptRef, Predicate, leaves
from equipoise.terms.cues import word_set

_CONSENT, _COMPLIANCE = "informed consent", "protocol compliance"
_WILL = frozenset(
    ("willing", "unwilling", "willingness", "unwillingness", "refusal", "refuse", "refuses", "agree", "agrees")
)
# The same in words that are no cue, as they say more without a verb behind them: "refused surgery", "agree with".
_SAID = frozenset(("agree", "agrees", "agreeing", "refusing", "reluctant", "wanting"))
_ASKED = word_set("promised.asked")
_VERBS, _THINGS = word_set("promised.verbs"), word_set("promised.things")
_OF_WHOM = frozenset(("of", "by", "the", "patient", "patients", "subject", "subjects", "participant", "participants"))
_JOINTS = frozenset(("comma", "or", "and", "but"))
_ENDS = frozenset(("stop", "must", "colon", "exclude", "allergy", "contraindicated", "unless", "void"))
# Beside a word of will these ask no more: "willing, able and likely to …".
_BESIDE = frozenset(("able", "likely", "ready", "committed", "motivated", "prepared", "capable", "eager"))
# Before it, they ask the same: "inability or unwillingness to comply", "understands and agrees to".
_BEFORE = frozenset(
    ("able", "ability", "unable", "inability", "capable", "incapable", "incapacity", "understands", "understand",
     "understood", "reads", "read")
)  # fmt: skip
_MEDICINES = frozenset(("medication", "medications", "medicine", "medicines", "drug", "drugs", "therapy", "treatment"))
_GIVERS = frozenset(
    ("parent", "parents", "guardian", "guardians", "mother", "father", "caregiver", "caregivers", "surrogate", "both")
)  # fmt: skip
_LACKS = frozenset(("not", "cannot", "lacking", "lack", "lacks", "to"))
_PASSED = frozenset(("light", "stop", "with", "open", "close"))
_PAPERS = frozenset(("form", "document", "report", "icf"))
_AUXILIARY = frozenset(("has", "have", "had", "having", "been", "who", "are", "is", "was", "were", "received", "with"))
_STATUS = frozenset(
    ("current", "currently", "prior", "previous", "previously", "history", "known", "active", "recent", "ongoing",
     "chronic", "concurrent", "past")
)  # fmt: skip
_ABLE = frozenset(("able", "ability", "unable", "inability"))
_NEEDED = frozenset(("required", "needed", "necessary", "applicable", "requested", "asked", "selected", "eligible"))


def promised(elements: Sequence[Element]) -> list[Element]:
    """Return the elements of a criterion, what is promised taken into the promise."""
    found = list(elements)
    _signed(found)
    _given(found)
    _asking(found)
    for place, one in enumerate(found):
        if one.kind == "if" and one.text == "provided" and _is_verb(found, place):
            one.kind = "light"
        elif one.kind == "must" and place and found[place - 1].kind == "not" and one.text in ("agree to", "agrees to"):
            one.kind = found[place - 1].kind = "light"  # "who do not agree to wear it": no duty
        elif (one.kind == "admin" and not _WILL.isdisjoint(one.text.split())) or one.text in _SAID:
            start = _to(found, place)
            if start is not None:
                _take_in(found, place, start, _end(found, start))
    return found


def _signed(found: Sequence[Element]) -> None:
    """Read "signature of informed consent" as what is asked, where nothing is dated by it."""
    if not [one for one in found if one.kind == "event"]:
        return
    rest = [one for one in found if one.kind not in _PASSED and one.text not in _PAPERS and one.text not in _ASKED]
    if len(rest) == 1 and rest[0].kind == "event" and "consent" in rest[0].text.split():
        one = rest[0]
        one.kind = "admin"
        one.rule = Predicate(kind="administrative", concept=ConceptRef(_CONSENT, span=one.span), span=one.span)
        for other in found:
            other.kind = "light" if other.kind in ("word", "quality", "with") else other.kind


def _given(found: Sequence[Element]) -> None:
    """Pass over who gives consent, where it alone is asked for: "the parent has provided informed consent"."""
    named = [one.predicate for one in found if one.kind == "admin"]
    if not any(one is not None and one.name == _CONSENT for one in named) or any(one.kind == "atom" for one in found):
        return
    for one in found:
        if one.kind == "word" and one.text in _GIVERS:
            one.kind = "light"


def _asking(found: Sequence[Element]) -> None:
    """Pass over the words beside consent or compliance that belong to the question: "capable of giving … consent"."""
    for place, one in enumerate(found):
        if one.kind != "admin" or one.predicate is None or one.predicate.name not in (_CONSENT, _COMPLIANCE):
            continue
        for way in (-1, 1):
            at = place + way
            while 0 <= at < len(found) and (found[at].kind in ("light", "admin") or _asks(found[at], found, at + way)):
                if found[at].kind != "admin":
                    found[at].kind = "light"
                at += way
            if way < 0 <= at and found[at].kind == "not" and found[at].text.split()[-1] in _LACKS:
                found[at].kind = "light"  # "who do not give consent": a person answers all the same


def _asks(one: Element, found: Sequence[Element], beyond: int) -> bool:
    """Return whether an element belongs to the question, or joins two words that do."""
    if one.kind in ("and", "or"):
        one = found[beyond] if 0 <= beyond < len(found) else one
    return one.kind in ("word", "quality") and one.text in _ASKED


def _is_verb(found: Sequence[Element], place: int) -> bool:
    """Return whether "provided" says that consent was given: "has provided informed consent"."""
    ahead = next((one for one in found[place + 1 :] if one.kind != "light"), None)
    given = ahead is not None and ahead.kind == "admin"
    return given and place > 0 and not _AUXILIARY.isdisjoint(found[place - 1].text.split())


def _to(found: Sequence[Element], place: int) -> int | None:
    """Return where the deed begins behind a word of will, or None where no verb follows."""
    words, at = found[place].text.split(), place + 1
    if words[-1] == "to":
        return at
    while at < len(found) and (found[at].kind in _JOINTS or found[at].text in _BESIDE or found[at].text in _OF_WHOM):
        at += 1
    if at < len(found) and found[at].kind == "not" and found[at].text in ("not", "not to"):
        at += 1
    to = at < len(found) and (found[at].text == "to" or found[at - 1].text == "not to")
    return at + 1 if to else None


def _end(found: Sequence[Element], at: int) -> int:
    """Return where what is promised ends."""
    first, listed = at, False
    while at < len(found):
        one = found[at]
        if one.kind == "open":
            close = close_of(found, at)
            if any(_is_limit(inside) for inside in found[at:close]):
                return at
            at = close
        elif one.kind in _JOINTS and one.text != "either":
            goes_on = _goes_on(found, at, listed=listed)
            if goes_on is None:
                return at
            at = goes_on
            continue
        elif _stands_alone(found, at, first):
            return at
        elif one.predicate is not None and one.predicate.kind in GIVEN:
            listed = True
        at += 1
    return at


def _goes_on(found: Sequence[Element], at: int, *, listed: bool) -> int | None:
    """Return where to read on behind a joint that goes on with what is promised, or None."""
    place = at
    if not _AUXILIARY.isdisjoint(found[at].text.split()):
        return None  # "or have received …"
    while place < len(found) and (found[place].kind in _JOINTS or _is_bare(found[place])):
        place += 1
    if place == len(found):
        return None
    one = found[place]
    if listed and one.kind in ("word", "atom") and _is_medicine(found, place):
        return place + 1
    if one.kind == "time":
        return place if found[at - 1].kind == "time" else None
    if one.kind in ("word", "quality", "light"):
        noun = place + 1 < len(found) and found[place + 1].text in ("of", "in")  # "use of", "change in"
        return place if one.text in _THINGS or (one.text in _VERBS and not noun) else None
    if one.kind == "not":
        ahead = found[place + 1].text if place + 1 < len(found) else ""
        return place + 1 if one.text == "not" and (ahead == "to" or ahead in _VERBS) else None
    if one.kind == "atom":
        named = one.predicate
        more = listed and named is not None and named.kind in GIVEN and named.op == "present" and not named.qualifier
        return place if more else None
    if one.kind == "admin":
        return place if one.text.split()[0] in _THINGS or one.text in ("follow up", "follow up visits") else None
    return place if one.kind == "example" else None


def _is_medicine(found: Sequence[Element], place: int) -> bool:
    """Return whether the next name says for what a medicine is: "or commonly used erectile dysfunction drugs"."""
    ahead = found[place : place + 5]
    at = next((at for at, one in enumerate(ahead) if one.kind == "atom"), len(ahead))
    behind = ahead[at + 1].text if at + 1 < len(ahead) else ""
    return behind in _MEDICINES and all(one.kind in ("word", "quality", "light") for one in ahead[:at])


def _is_bare(one: Element) -> bool:
    return one.kind in ("light", "over") and one.text not in _VERBS and not _AUXILIARY & set(one.text.split())


def _stands_alone(found: Sequence[Element], at: int, first: int) -> bool:
    """Return whether an element says something of its own, and is no part of what is promised."""
    one = found[at]
    if one.kind in _ENDS or _is_limit(one):
        return True
    if one.kind == "if":
        ahead = [other for other in found[at + 1 :] if other.kind not in ("light", "stop") or other.text in _NEEDED]
        return bool(ahead) and ahead[0].text not in _NEEDED
    if one.kind == "with":
        ahead = [other for other in found[at + 1 :] if other.kind not in ("light", "quality")][:1]
        disease = bool(ahead) and ahead[0].predicate is not None and ahead[0].predicate.kind == "condition"
        return disease or not {"and", "or"}.isdisjoint(one.text.split())
    if one.kind == "admin":
        return at > first and (not _ABLE.isdisjoint(one.text.split()) or _judges(one))
    return one.kind in ("quality", "light") and one.text in _STATUS and at > first


def _judges(one: Element) -> bool:
    return one.predicate is not None and one.predicate.name not in (_CONSENT, _COMPLIANCE)


def _is_limit(one: Element) -> bool:
    """Return whether an element limits what is measured, or an age: no doing of anybody's."""
    for leaf in leaves(one.rule) if one.kind == "atom" else ():
        if (
            type(leaf) is Predicate
            and leaf.kind in ("measurement", "demographic")
            and leaf.op not in ("present", "absent")
        ):
            return leaf.kind == "demographic" or (leaf.concept is not None and bool(leaf.concept.codes))
    return False


def _take_in(found: list[Element], place: int, start: int, end: int) -> None:
    """Pass over what is promised; the promise itself is for a person to answer."""
    head, before = found[place], place - 1
    while before > 0 and found[before].kind in ("and", "or", "comma", "slash") and found[before - 1].text in _BEFORE:
        for other in found[before - 1 : before + 1]:
            other.kind, other.rule = "light", None
        before -= 2
    if head.kind != "admin":
        head.kind = "admin"
        head.rule = Predicate(kind="administrative", concept=ConceptRef(_COMPLIANCE, span=head.span), span=head.span)
    for other in found[place + 1 : end]:
        if other.kind != "admin":
            other.kind, other.rule, other.time = "light", None, None
