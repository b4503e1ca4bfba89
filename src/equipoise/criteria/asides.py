"""
Words behind or before a name that add nothing to it, or that are a statement of their own.

::

    recovered = "recovered" ("from" words)?       # of what is asked besides: that one has recovered
    salt      = drug ("hydrochloride" | …)         # the same drug
    alone     = "women" "only"
    headed    = name "-" limit                     # "Performance status - Zubrod 0-2": the name is a heading
    shown     = test "shows" finding               # by which test it was found
    arrived   = ("initial" | "presenting" …) limit # of what is measured on arrival: the patient's now
    operated  = time "post" "operative"            # after surgery
    book      = "DSM" "-" "IV"                     # by which book a diagnosis was made
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.findings import WORDS, found_so, named
from equipoise.criteria.kinds import GIVEN
from equipoise.criteria.reacting import together
from equipoise.criteria.received import NOUNS, received
from equipoise.criteria.restated import restated, scale_again
from equipoise.criteria.treatedfor import TREATMENTS, treated
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set

_SALTS = word_set("asides.salts")
# What none of these is stands as it is: whatever is read below is named here.
_SHOWS = frozenset(
    ("show", "shows", "showed", "showing", "demonstrates", "demonstrated", "demonstrating", "reveals", "revealed",
     "revealing")
)  # fmt: skip
# What is measured when somebody arrives; the initial count of a leukemia, or PSA, may be years old.
_ARRIVING = frozenset(("initial", "presenting", "admission", "admitting"))
_ON_ARRIVAL = frozenset(
    ("systolic blood pressure", "diastolic blood pressure", "mean arterial pressure", "heart rate", "respiratory rate",
     "oxygen saturation", "body temperature", "glasgow coma scale", "nih stroke scale", "hemoglobin", "hematocrit",
     "lactate", "blood glucose", "arterial ph")
)  # fmt: skip
_READ = (
    _SALTS | NOUNS | WORDS | TREATMENTS | _SHOWS | _ARRIVING
    | {"recovered", "st", "only", "-", "operative", "dsm"}
)  # fmt: skip
_ENDS = frozenset(("stop", "comma", "or", "and", "but", "open", "close", "not", "except", "unless", "must", "if"))
_LONGEST = 12
_VERBS = frozenset(("are", "has", "have", "is", "must", "should"))


def set_apart(found: list[Element], text: str) -> list[Element]:
    """Return the elements with such words read, in place."""
    place = -1
    while (place := place + 1) < len(found):
        one = found[place]
        if (reader := _BY_KIND.get(one.kind)) is not None:
            reader(found, place)
        if one.text not in _READ:
            continue
        if one.kind == "word" and one.text == "recovered":
            _recovered(found, place, text)
        elif one.text in NOUNS:
            received(found, place)
        elif one.text in WORDS:
            found_so(found, place)
        elif one.text in TREATMENTS:
            treated(found, place, text)
        elif one.kind in ("word", "atom") and one.text in _SALTS:
            _salt(found, place)
        elif one.text == "st" and place + 1 < len(found) and found[place + 1].text == ".":
            one.kind = "light"  # "St. John's wort"
        elif one.text == "only" and place and found[place - 1].kind == "sex" and place + 1 == len(found):
            one.kind = "light"
        elif one.text == "-" and place and place + 1 < len(found):
            _headed(found, place)
        elif one.kind == "word" and one.text in _SHOWS:
            _shown(found, place)
        elif one.kind in ("word", "quality") and one.text in _ARRIVING:
            _arrived(found, place)
        elif one.text == "operative" and place and found[place - 1].kind == "time":
            _operated(found, place)
        elif one.text == "dsm" and [other.text for other in found[place + 1 : place + 3]] in (["-", "iv"], ["-", "v"]):
            for other in found[place : place + 3]:
                other.kind, other.rule = "light", None
    return found


def _atom(found: list[Element], place: int) -> None:
    """Read a name or a limit beside what stands before it."""
    named(found, place)
    scale_again(found, place)


_BY_KIND = {"allergy": together, "contraindicated": together, "open": restated, "atom": _atom}


def _recovered(found: list[Element], place: int, text: str) -> None:
    """Read "… and recovered" and "recovered from prior surgery" as a state that is asked for besides."""
    end = place + 1
    while end < len(found) and (found[end].kind not in _ENDS or _lists(found, place, end)):
        end += 1
    inside = found[place + 1 : end]
    if inside and (inside[0].text != "from" or any(one.kind in ("time", "admin") for one in inside)):
        return
    if not inside and (not place or found[place - 1].kind != "and" or end < len(found)):
        return
    words = text[found[place].span[1] : inside[-1].span[1]].lower().split() if inside else []
    if len(words) > _LONGEST or not _VERBS.isdisjoint(words) or any(_limits(one) for one in inside):
        return
    one = found[place]
    span = (one.span[0], inside[-1].span[1] if inside else one.span[1])
    one.kind = "atom"
    one.rule = Predicate(
        kind="condition",
        concept=ConceptRef("recovery", span=span),
        qualifier=(" ".join(words),) if words else (),
        span=span,
    )
    for other in inside:
        other.kind, other.rule = "light", None
    if place and found[place - 1].kind == "and":
        found[place - 1].kind = "stop"  # "at least 4 weeks since surgery and recovered": not within those weeks


def _lists(found: Sequence[Element], place: int, at: int) -> bool:
    """Return whether a joint goes on with what one has recovered from: "… from surgery, radiotherapy, or …"."""
    if found[at].kind not in ("comma", "or", "and") or place + 1 >= len(found) or found[place + 1].text != "from":
        return False
    ahead = next((one for one in found[at + 1 : at + 5] if one.kind not in ("light", "quality", "or", "and")), None)
    given = ahead.predicate if ahead is not None else None
    behind = found[at - 1].predicate or (found[at - 2].predicate if found[at - 1].kind == "comma" else None)
    both = given is not None and given.kind in GIVEN and behind is not None and behind.kind in GIVEN
    return both and given is not None and given.op == "present"


def _limits(one: Element) -> bool:
    return one.predicate is not None and one.predicate.op not in ("present", "absent")


def _salt(found: Sequence[Element], place: int) -> None:
    """Pass over the salt of a drug: "bromhexine hydrochloride"."""
    before = found[place - 1].predicate if place else None
    if before is not None and before.kind == "drug" and found[place - 1].span[1] + 1 == found[place].span[0]:
        found[place].kind, found[place].rule = "light", None


def _shown(found: Sequence[Element], place: int) -> None:
    """Pass over the verb of "chest radiography shows heart failure"."""
    test = found[place - 1].predicate if place else None
    ahead = next((one for one in found[place + 1 :] if one.kind not in ("light", "quality")), None)
    finding = ahead.predicate if ahead is not None else None
    tested = test is not None and test.kind in ("procedure", "measurement") and test.op == "present"
    if tested and finding is not None and finding.kind in ("condition", "measurement"):
        found[place].kind = "light"


def _arrived(found: Sequence[Element], place: int) -> None:
    """Pass over "initial" before a limit of what is measured when somebody arrives."""
    limit = found[place + 1].predicate if place + 1 < len(found) else None
    if limit is not None and _limits(found[place + 1]) and limit.name in _ON_ARRIVAL:
        found[place].kind = "light"


def _operated(found: Sequence[Element], place: int) -> None:
    """Read "at least 4 weeks post-operative" as so long after surgery."""
    one = found[place]
    if found[place - 1].text.endswith(("post", "post -")):
        one.kind = "atom"
        one.rule = Predicate(kind="procedure", concept=ConceptRef("surgery", span=one.span), span=one.span)


def _headed(found: Sequence[Element], place: int) -> None:
    """Drop a measure before a dash whose limit stands behind it."""
    head, limit = found[place - 1].predicate, found[place + 1].predicate
    if (
        head is None
        or limit is None
        or head.kind != "measurement"
        or head.op != "present"
        or not _limits(found[place + 1])
    ):
        return
    if head.name == limit.name:
        found[place].kind = "light"
        found[place - 1].kind, found[place - 1].rule = "light", None
