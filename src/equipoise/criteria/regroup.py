"""
Put the elements of a criterion right before the grammar reads them, where they are known only by their neighbours.

::

    half      = name "-"? ("or" | "and" | "/") … ("induced" | "related" | …) name   # half a word of the next name
    moment    = time "of" name              # "the first dose of lapatinib", "initiation of chemotherapy"
    nothing   = "not specified" "for" …     # whatever it is said of is not asked either
    agreement = "must agree to" | "must be able to" …                               # a person answers
    ahead     = "will" ("receive" | "undergo" | …) name                             # planned, and not yet so
    caused    = "including that" ("resulting from" | "due to" | …) …              # adds nothing to what it is said of
    bare      = "no" ("medications" | "therapy") ("," | "or")                       # all of them, not none
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.anchors import STUDY_MOMENTS, TimePhrase
from equipoise.criteria.asides import set_apart
from equipoise.criteria.beside import ALL_OF, dated, neighbored, of_partner, reason
from equipoise.criteria.elements import Element
from equipoise.criteria.fertile import men
from equipoise.criteria.grown import at_age
from equipoise.criteria.join import doubted
from equipoise.criteria.kinds import GIVEN, JOINTS
from equipoise.criteria.misnamed import said_twice
from equipoise.criteria.present import denied_now
from equipoise.criteria.runons import runs_on, stop_at
from equipoise.rules.nodes import ConceptRef, Predicate, any_of

# "NSAID-induced": of what stands before, and what it makes of the name behind it.
_HALVES = re.compile(r"(?:\A|[\s-])(?:induced|related|associated|refractory|resistant|dependent|naive|mediated)\Z")
_STARTS = re.compile(r"\b(?:initiation|dose|start|starting|beginning|initiating|commencement|end|completion|last)\Z")
_ENDING = re.compile(r"\b(?:completing|finishing|discontinuing|stopping|ending)\Z")
_EARLIER = re.compile(
    r"\b(?:prior|previous|last|other|initial|first line) (?:\w+ )?(?:treatments?|therapy|therapies)\Z"
)
# A time that breaks off before what it is counted from.
_BROKEN = re.compile(r"\b(?:after|following|post|since)\Z")
_AGREED = re.compile(r"\b(?:agrees?|willing|able)\b")
_AHEAD = frozenset(
    ("receive", "receiving", "undergo", "undergoing", "given", "take", "start", "begin", "have", "treated")
)
_PEOPLE = frozenset(("patients", "subjects", "participants", "individuals"))
_USES = frozenset(("use", "treatment", "therapy", "exposure", "intake", "administration", "receipt"))
_TAKING = frozenset(("taking", "receiving", "starting", "initiating", "beginning"))
_ADULT = frozenset(("adult", "child", "childhood"))
_MOMENTS = STUDY_MOMENTS | {"last dose"}
# Elements that their neighbours may show to be something else: of these kinds, or with these words. What is read of
# another kind or word belongs here too: all others are passed over.
_READ = frozenset(("atom", "stop", "time", "sex", "void", "must", "not", "example"))
_SAID = _USES | _PEOPLE | _ADULT | {"menopausal", "because", "will", "newly"}


def regrouped(elements: Sequence[Element], text: str) -> list[Element]:
    """Return the elements of a criterion, each as its neighbours show it to be."""
    found = set_apart(list(elements), text)
    place = 0
    while place < len(found):
        one = found[place]
        place += _part(found, place, text) if text[one.span[0]].isupper() else 0
        if one.kind not in _READ and one.text not in _SAID:
            pass  # most elements, told at once
        elif one.text == "menopausal" and place + 1 < len(found) and found[place + 1].text == "status":
            one.kind, one.rule = "word", None  # a heading, or any of them
        elif one.kind == "atom":
            _named(found, place)
            place += neighbored(found, place, text)
        elif one.kind == "stop" and place and found[place - 1].kind == "colon":
            one.kind = "light"  # "Induction therapy: - bilirubin …"
        elif one.kind == "time":
            dated(found, place)
            _both_after(found, place)
            _moment(found, place)
        elif one.kind == "sex":
            of_partner(found, place)
        elif one.text == "because":
            reason(found, place)
        elif one.text == "newly":
            _diagnosed(found, place)
        elif one.kind in _BY_KIND:
            _BY_KIND[one.kind](found, place)
        elif one.kind == "must" and _AGREED.search(one.text):
            found.insert(place + 1, _agreement(one))
        elif one.text in _USES and one.kind == "light" and _either_use(found, place):
            one.kind = "word"
        elif one.text == "will" and one.kind == "light":
            _ahead(found, place)
        elif one.kind == "light" and place and one.text in _PEOPLE and _begins(found, place, text):
            one.kind = "stop"
        elif one.kind == "light" and one.text in _ADULT and place + 1 < len(found) and found[place + 1].text == "onset":
            one.kind = "quality"  # "adult onset asthma"
        place += 1
    return found


def _named(found: list[Element], place: int) -> None:
    """Read a name as its neighbours show it to be."""
    for read in (_fertile, _systemic, _half, _too_heavy, at_age, said_twice):
        read(found, place)


def _fertile(found: Sequence[Element], place: int) -> None:
    """Read "fertile patients", "subjects of reproductive potential" as the men among them too."""
    one = found[place]
    if one.text not in ("fertile", "reproductive potential"):
        return
    said = found[place + 1 : place + 2]
    if one.text == "reproductive potential":
        names = {other.predicate.name for other in found if other.predicate is not None}
        before = [other for other in found[max(place - 2, 0) : place] if other.text not in ("of", "with")][-1:]
        said = before if names.isdisjoint(("sex", "pregnancy test", "pregnancy", "lactation")) else []
    if one.rule is not None and said and said[0].kind == "light" and said[0].text in _PEOPLE:
        one.rule = any_of([one.rule, men(one.span)])


def _systemic(found: Sequence[Element], place: int) -> None:
    """Read "systemic treatment with steroids" as systemic steroids: it names one treatment, and not two."""
    one, ahead = found[place], found[place + 1 : place + 4]
    if one.predicate is None or one.predicate.name != "systemic therapy" or not ahead or ahead[0].text != "with":
        return
    named = next((other.predicate for other in ahead if other.kind == "atom"), None)
    if named is not None and named.kind == "drug":
        one.kind, one.text, one.rule = "quality", "systemic", None
        one.span = (one.span[0], one.span[0] + len("systemic"))
        ahead[0].kind = "light"


def _part(found: list[Element], place: int, text: str) -> int:
    """Put the mark that was lost before a statement, and return how many elements that adds."""
    if not runs_on(found, place, text):
        return 0
    found.insert(place, stop_at(found[place]))
    for other in found[place + 1 :] if all(one.kind in ("sex", "light") for one in found[place + 1 :]) else ():
        other.kind, other.rule = "word", None  # "… before registration Male participants": a heading, perhaps
    return 1


def _half(found: list[Element], place: int) -> None:
    """Read "aspirin or NSAID-induced asthma": of asthma, and aspirin alone is not meant."""
    one = found[place]
    if one.predicate is None or one.predicate.op != "present":
        return
    at = place + 1
    dangling = at < len(found) and found[at].text == "-" and found[at].span[0] == one.span[1]
    at += dangling
    if at >= len(found) or found[at].kind not in JOINTS:
        return
    end = at + 1
    while end < len(found) and end - at < 6 and found[end].kind in ("quality", "word", "light"):
        end += 1
    halves = [other for other in found[at + 1 : end] if other.kind in ("quality", "word")]
    if end >= len(found) or found[end].kind != "atom" or not halves or not _HALVES.search(halves[-1].text):
        return
    for other in (one, *halves):
        other.kind = "quality"
        other.rule = None
    if dangling:
        found[place + 1].kind = "light"


def _too_heavy(found: list[Element], place: int) -> None:
    """Read "overweight and obese adults" as those who are one or the other."""
    if place + 2 >= len(found) or found[place + 1].kind != "and":
        return
    pair = [other.predicate for other in found[place : place + 3 : 2]]
    if None in pair:
        return
    if {one.name for one in pair if one is not None} == {"overweight", "obesity"}:
        found[place + 2].rule = any_of([one for one in pair if one is not None])
        found[place].kind, found[place].rule = "light", None
        found[place + 1].kind = "light"


def _completed(found: Sequence[Element], place: int) -> bool:
    """Read "within 6 months of completing chemotherapy": the chemotherapy is that long ago."""
    one, what = found[place], found[place + 1].predicate if place + 1 < len(found) else None
    if one.time is None or one.time.mode != "within" or not _ENDING.search(one.text):
        return False
    if what is None or what.kind not in GIVEN or what.op != "present":
        return False
    if any(other.kind in ("atom", "word") for other in found[:place]):
        other = found[place + 1]
        one.time = msgspec.structs.replace(one.time, anchor=f"last {what.name}", anchored_by=other.span)
        other.kind, other.rule = "light", None  # "a relapse within 6 months of completing chemotherapy"
    else:
        one.time = msgspec.structs.replace(one.time, side="before", anchor=None)
    return True


def _both_after(found: Sequence[Element], place: int) -> None:
    """Doubt what stands behind "after radiotherapy and …": it says when, too, and is perhaps not asked for."""
    time, behind = found[place].time, found[place + 1 : place + 3]
    if time is None or time.mode != "when" or time.anchored_by is None or len(behind) < 2:
        return
    named = behind[1].predicate
    if behind[0].kind in JOINTS and behind[1].kind == "atom" and named is not None and named.kind in GIVEN:
        behind[1].rule = doubted(named, behind[1].span)


def _moment(found: list[Element], place: int) -> None:
    """Read "28 days of the first dose of lapatinib": the moment is of that drug, which is not asked for."""
    if _completed(found, place):
        return
    one, time, at = found[place], _plain_time(found, place), place + 2
    if time is None or (not _taken(found, place) and not _STARTS.search(one.text)):
        return
    if at > len(found) - 1 or found[place + 1].text not in ("of", "with"):
        return
    while at < len(found) and found[at].kind in ("light", "quality"):
        at += 1
    what = found[at].predicate if at < len(found) else None
    if what is None or what.kind not in GIVEN or what.op != "present":
        return
    named = found[at].span
    anchor = time.anchor if what.name == "investigational drug" else what.name
    while at < len(found) and _of_kind(found, at, what.kind):
        at += 1
    for other in found[place + 1 : at]:
        other.kind = "light"
    one.time = msgspec.structs.replace(time, anchor=anchor, anchored_by=named)


def _plain_time(found: list[Element], place: int) -> TimePhrase | None:
    """Return the time at an element if it is counted from a moment of the study; one of before becomes words."""
    one, time = found[place], found[place].time
    if time is None or time.anchored_by is not None:
        return None
    ahead = time.mode == "within" and time.side == "after"
    earlier = time.anchor == "study entry" and _EARLIER.search(one.text)
    if earlier:
        one.kind = "word"  # "at least 30 days since prior treatment for …": not the study's
        return None
    if ahead and _breaks_off(found, place):
        one.time = msgspec.structs.replace(time, anchor=_rest_of(found, place + 1))
        return None
    if time.anchor in _MOMENTS and one.text.endswith(" study"):
        _study_noun(found, place + 1)
    if ahead and time.anchor in _MOMENTS and re.search(r"\bfrom\b", one.text):
        one.time = msgspec.structs.replace(time, side="around")  # "28 days from the first dose": before it too
    if time.mode == "within" and _taken(found, place):
        one.time = msgspec.structs.replace(time, anchor="first dose", side="around")
    elif time.anchor not in _MOMENTS:
        return None
    return one.time


def _taken(found: Sequence[Element], place: int) -> bool:
    """Return whether "of taking" stands behind a time: "within 2 weeks of taking the study drug"."""
    behind = [other.text for other in found[place + 1 : place + 3]]
    return len(behind) == 2 and behind[0] == "of" and behind[1] in _TAKING


def _study_noun(found: list[Element], at: int) -> None:
    """Pass over the rest of "before the first study vaccine dose"."""
    what = found[at].predicate if at < len(found) else None
    if what is not None and what.kind in GIVEN and what.op == "present":
        for other in found[at : at + 2]:
            if other is found[at] or other.text in ("dose", "doses", "administration"):
                other.kind, other.rule = "light", None


def _breaks_off(found: Sequence[Element], place: int) -> bool:
    """Return whether words stand where a time should say what it is counted from: "an hour after admission"."""
    time = found[place].time
    behind = found[place + 1].kind if place + 1 < len(found) else ""
    broken = time is not None and time.anchor is None and bool(_BROKEN.search(found[place].text))
    return broken and behind in ("word", "quality", "light")


def _rest_of(found: list[Element], at: int) -> str:
    """Return the words that a time is counted from, which no table knows: "after admission to the hospital"."""
    said: list[str] = []
    while at < len(found) and found[at].kind in ("word", "light", "quality") and len(said) < 6:
        said.append(found[at].text)
        found[at].kind = "light"
        at += 1
    while said[:1] and said[0] in ("the", "their", "a", "an"):
        del said[0]
    return " ".join(said) or "the moment named"


def _of_kind(found: Sequence[Element], at: int, kind: str) -> bool:
    """Return whether an element goes on with names of a kind: "the start of A or B"."""
    one = found[at]
    if one.kind in ("or", "and", "slash") and at + 1 < len(found):
        following = found[at + 1].predicate
        timed = at + 2 < len(found) and found[at + 2].kind == "time"
        return following is not None and following.kind == kind and not timed
    return one.predicate is not None and one.predicate.kind == kind and one.predicate.op == "present"


def _nothing(found: list[Element], place: int) -> None:
    """Pass over what "not specified" is said of: "not specified for prior surgery"."""
    if place + 1 >= len(found) or found[place + 1].kind not in ("over", "light"):
        return
    for other in found[place + 1 :]:
        if other.kind in ("stop", "comma"):
            break
        other.kind, other.rule = "light", None


def _caused(found: list[Element], place: int) -> None:
    """Pass over "including that resulting from X": one more cause of what is named before."""
    at = place + 1
    while (
        at < len(found) and found[at].kind in ("light", "word") and found[at].text in ("that", "those", "cases", "any")
    ):
        at += 1
    if at == place + 1 or at >= len(found) or found[at].kind != "cause":
        return
    for other in found[place:]:
        if other.kind in ("stop", "comma", "close"):
            break
        other.kind, other.rule = "light", None


def _begins(found: Sequence[Element], place: int, text: str) -> bool:
    """Return whether "Patients" begins a line whose break was lost: "… prostate surgery Patients who have …"."""
    before, one = found[place - 1], found[place]
    if before.kind not in ("atom", "word", "time", "quality") or not text[one.span[0]].isupper():
        return False
    return text[before.span[0]].islower() and text[one.span[0] : one.span[1]][1:].islower()


def _either_use(found: Sequence[Element], place: int) -> bool:
    """Return whether "prior use of or allergy to X" stands at an element: X taken is not what is read of it."""
    at = place + 1
    while at < len(found) and found[at].kind in ("light", "over"):
        at += 1
    return place + 1 < at < len(found) and found[at].kind == "or" and found[at - 1].text in ("of", "to", "with", "for")


def _agreement(must: Element) -> Element:
    """Return what "must agree to" asks for besides the duty: a person answers it."""
    rule = Predicate(kind="administrative", concept=ConceptRef("protocol compliance", span=must.span), span=must.span)
    return Element("admin", "willing to", must.span, must.first, must.last, rule)


def _ahead(found: list[Element], place: int) -> None:
    """Read "will receive trastuzumab": planned."""
    at, verb = place + 1, False
    while at < len(found) and found[at].kind in ("light", "need", "quality", "word") and at - place < 5:
        verb = verb or found[at].text.split()[0] in _AHEAD
        at += 1
    what = found[at].predicate if at < len(found) else None
    if not verb or what is None or what.kind not in GIVEN or what.op != "present":
        return
    found[place].kind, found[place].text = "quality", "planned"
    for other in found[place + 1 : at]:
        if other.kind == "need":
            other.kind = "light"


def _diagnosed(found: list[Element], place: int) -> None:
    """Keep "newly diagnosed" together, before what it is said of or another word like it."""
    if found[place].kind == "quality" and place + 1 < len(found) and found[place + 1].text == "diagnosed":
        one, diagnosed = found[place], found.pop(place + 1)
        one.text, one.last = f"{one.text} {diagnosed.text}", diagnosed.last
        one.span = (one.span[0], diagnosed.span[1])


def _bare(found: list[Element], place: int) -> None:
    """Keep "no medications," as words: they are all that is denied there."""
    at = place + 1
    while at < len(found) and found[at].text in ("any", "other", "current", "concomitant", "concurrent"):
        at += 1
    ends = at + 1 >= len(found) or found[at + 1].kind in ("comma", "or", "and", "stop", "close")
    if at < len(found) and found[at].kind == "light" and found[at].text in ALL_OF and ends:
        found[at].kind = "word"
    denied_now(found, place)


_BY_KIND = {"void": _nothing, "not": _bare, "example": _caused}
