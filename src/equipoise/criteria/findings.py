"""
What was found, where its word stands behind what was looked at, or is not said at all.

::

    normal   = test (joint test)* "normal"                     # of each of them
    antibody = antibody                                        # named without a result: it is there
    percent  = limits in % "of"? "predicted"                   # of each of them
    lesion   = "at least" "1" "measurable lesion"              # measurable disease
    people   = "breastfeeding mothers"                          # who they are
    without  = limit "(without transfusion)"                     # of that measurement
    against  = "immunized" "against" disease
    sites    = "head" ("and" | "or") "neck"                    # one place
    restated = name ":" "no" … name                            # the label names nothing more
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.elements import Element
from equipoise.rules.nodes import ConceptRef, Predicate, changed, leaves

_JOINTS = ("comma", "or", "and", "slash")
_TESTED = frozenset(("measurement", "procedure"))
_ANTIBODY = re.compile(r".*\b(?:antibody|antibodies|antigen|hbsag|hbs ag)")
# A prostate specific antigen is a value.
_INFECTION = re.compile(r"hepatitis|\bh[ibc]v\b|htlv")
_LOOKED = re.compile(r"negativ|positiv|test|screen|assay|titer|titre|level|status|detect|react|serolog|measure|vaccin")
_VIRUSES = frozenset(("covid 19", "sars cov 2 infection", "influenza", "hepatitis c", "hiv infection"))
_LUNG = re.compile(r"forced|vital capacity|diffusing|lung|fev1|fvc|expiratory")
_SITES = frozenset(
    ("head", "neck", "stomach", "small bowel", "colon", "rectum", "pelvis", "abdomen", "chest", "brain", "spine",
     "liver", "lung", "lungs", "bone", "breast", "esophagus", "mediastinum", "arm", "leg", "eye", "eyes", "skin")
)  # fmt: skip
WORDS = frozenset(
    ("normal", "predicted", "mothers", "mother", "without", "against", "head",
     "colon", "stomach", "either", "pcr", ":")
)  # fmt: skip


def found_so(found: list[Element], place: int) -> None:
    """Read such a word at a place."""
    one = found[place]
    if one.kind == "not":
        _unaided(found, place)
    elif one.kind == "colon":
        _labelled(found, place)
    elif one.text == "either":
        _either_eye(found, place)
    elif one.kind not in ("word", "quality"):
        return
    elif one.text == "normal":
        _normal(found, place)
    elif one.text == "predicted":
        _predicted(found, place)
    elif one.text in ("mothers", "mother"):
        _mothers(found, place)
    elif one.text == "pcr":
        _amplified(found, place)
    elif one.text == "against":
        _against(found, place)
    else:
        _sites(found, place)


def named(found: Sequence[Element], place: int) -> None:
    """Read an antibody that is named without a result, and "at least 1" before a lesion that is measured."""
    what = found[place].predicate
    if what is None or what.op != "present":
        return
    serology = what.kind == "measurement" and not what.qualifier and _INFECTION.search(what.name)
    if serology and _ANTIBODY.fullmatch(found[place].text):
        _antibody(found, place)
    elif what.name in ("measurable disease", "measurable target lesion", "evaluable disease"):
        _lesion(found, place)
    elif found[place].text.startswith("fertile") and place > 2:
        _required_of(found, place)


def _required_of(found: Sequence[Element], place: int) -> None:
    """Read "contraception required of fertile women" as asked for them."""
    if [one.text for one in found[place - 2 : place]] in (["required", "of"], ["required", "for"]):
        found[place - 1].kind, found[place - 1].text = "over", "for"


def _ends(found: Sequence[Element], at: int) -> bool:
    return at >= len(found) or found[at].kind in ("stop", "comma", "or", "and", "close", "time")


def _past_joints(found: Sequence[Element], place: int) -> int:
    """Return the place before a joint, which may be ", and"."""
    at = place - 1
    while at >= 0 and found[at].kind in _JOINTS:
        at -= 1
    return at


def _normal(found: Sequence[Element], place: int) -> None:
    at, listed = place - 1, list[Element]()
    while at >= 0 and found[at].kind == "light" and found[at].text in ("is", "are", "be", "of", "within", "was", ":"):
        at -= 1
    while at >= 0:
        what = found[at].predicate
        if what is None or what.kind not in _TESTED or what.op != "present" or what.qualifier:
            return
        listed.append(found[at])
        before = _past_joints(found, at)
        if before == at - 1:
            break
        at = before
    alone = len(listed) == 1 and listed[0].predicate is not None and listed[0].predicate.kind == "measurement"
    if not listed or alone or (place + 1 < len(found) and found[place + 1].kind not in ("stop", "close")):
        return
    if at > 0 and found[at - 1].kind not in ("stop", "light", "colon"):
        return
    for one in listed:
        if one.predicate is not None:
            one.rule = msgspec.structs.replace(one.predicate, qualifier=("normal",))
    found[place].kind = "light"


def _predicted(found: Sequence[Element], place: int) -> None:
    at = place - 1
    while at >= 0 and found[at].kind == "light":
        at -= 1
    limits = found[at] if at >= 0 else None
    if limits is None or limits.rule is None or limits.predicate is not None:
        return
    parts = [leaf for leaf in leaves(limits.rule) if type(leaf) is Predicate]
    if parts and all(_LUNG.search(one.name) and one.unit == "%" and not one.qualifier for one in parts):
        limits.rule = changed(limits.rule, lambda one: msgspec.structs.replace(one, qualifier=("predicted",)))
        found[place].kind = "light"


def _mothers(found: Sequence[Element], place: int) -> None:
    before = found[place - 1].predicate if place else None
    if before is None or before.name not in ("lactation", "pregnancy") or not _ends(found, place + 1):
        return
    if not any("infant" in one.text or "child" in one.text or "newborn" in one.text for one in found):
        found[place].kind = "light"


def _unaided(found: list[Element], place: int) -> None:
    """Keep "without transfusion" with the blood count before it."""
    at = place - 2
    limit = found[at].predicate if at >= 0 and found[place - 1].kind == "open" else None
    ahead = found[place + 1].predicate if place + 1 < len(found) else None
    if limit is None or limit.kind != "measurement" or limit.op in ("present", "absent") or ahead is None:
        return
    if "transfusion" not in ahead.name or (place + 2 < len(found) and found[place + 2].kind != "close"):
        return
    found[at].rule = msgspec.structs.replace(limit, qualifier=(*limit.qualifier, "without transfusion"))
    for one in found[at + 1 : place + 3]:
        one.kind, one.rule = "light", None


def _against(found: Sequence[Element], place: int) -> None:
    before = found[place - 1].predicate if place else None
    one = found[place + 1] if place + 1 < len(found) else None
    what = one.predicate if one is not None else None
    if before is None or one is None or what is None or before.name != "vaccination" or before.qualifier:
        return
    if what.kind == "condition" and what.op == "present" and not _listing(found, place + 2):
        found[place - 1].rule = msgspec.structs.replace(before, qualifier=(f"against {one.text}",))
        for other in (found[place], one):
            other.kind, other.rule = "light", None


def _listing(found: Sequence[Element], at: int) -> bool:
    return at < len(found) and found[at].kind in _JOINTS


def _antibody(found: Sequence[Element], place: int) -> None:
    if any(_LOOKED.search(one.text) for at, one in enumerate(found) if at != place and one.kind != "not"):
        return
    what = found[place].predicate
    alone = place + 1 >= len(found) or found[place + 1].kind in ("stop", "close", "or", "and", "comma", "time", "open")
    if what is not None and alone:
        found[place].rule = msgspec.structs.replace(what, qualifier=("positive",))


def _lesion(found: Sequence[Element], place: int) -> None:
    at = place - 1
    if at >= 0 and found[at].text in ("bidimensionally", "unidimensionally") and found[at].kind == "word":
        found[at].kind = "quality"
        at -= 1
    least = at > 0 and [one.text for one in found[max(at - 2, 0) : at]] == ["at", "least"]
    counted = at >= 0 and found[at].kind == "word"
    if counted and (found[at].text == ">= 1" or (least and found[at].text in ("1", "one"))):
        found[at].kind = "light"


def _amplified(found: Sequence[Element], place: int) -> None:
    """Read PCR beside a virus as the test: elsewhere a complete response is called so."""
    names = [one.predicate.name for one in found if one.predicate is not None and one.predicate.kind == "condition"]
    shown = place > 1 and found[place - 1].kind == "define" and _ends(found, place + 1)
    if shown and not _VIRUSES.isdisjoint(names):
        one = found[place]
        one.kind = "atom"
        one.rule = Predicate(kind="procedure", concept=ConceptRef("rt pcr test", span=one.span), span=one.span)


def _either_eye(found: list[Element], place: int) -> None:
    """Keep "in either eye" together."""
    if place + 1 < len(found) and found[place + 1].text in ("eye", "eyes") and found[place + 1].kind == "word":
        one = found[place + 1]
        one.text, one.first, one.span = f"either {one.text}", found[place].first, (found[place].span[0], one.span[1])
        del found[place]


def _sites(found: list[Element], place: int) -> None:
    """Keep "head and neck" together."""
    at = place + 2
    if at >= len(found) or found[place + 1].kind not in ("and", "or", "slash"):
        return
    while at < len(found) and (found[at].kind in ("light", "slash", "or") or found[at].text == "the"):
        at += 1
    if at >= len(found) or found[at].text not in _SITES or found[at].kind not in ("word", "quality"):
        return
    one = found[place]
    joint = "or" if any(other.kind == "or" for other in found[place + 1 : at]) else found[place + 1].kind
    one.text, one.last = f"{one.text} {joint} {found[at].text}", found[at].last
    one.span = (one.span[0], found[at].span[1])
    del found[place + 1 : at + 1]


def _labelled(found: Sequence[Element], place: int) -> None:
    """Pass over the label of "Neuropathy: no neuropathy of grade 3"."""
    label = found[place - 1].predicate if place else None
    if label is None or label.op != "present" or label.kind != "condition" or place > 2:
        return
    if place + 1 >= len(found) or found[place + 1].kind != "not":
        return
    if any(one.predicate is not None and one.predicate.name == label.name for one in found[place + 1 :]):
        for other in found[:place]:
            other.kind, other.rule = "light", None
