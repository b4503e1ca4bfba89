"""
Nouns that only say that a treatment was given, or how it was taken; and nouns of an ill effect behind its name.

::

    had       = ("exposure" | "exposed" | "intake") "to"? treatment | treatment ("exposure" | "intake" | …)
    given     = "infusion" "of"? treatment | treatment "infusion"       # kept: by mouth it is none
    sensitive = drug "sensitivity"                                      # an allergy to it
    barred    = treatment "contraindication"                            # must not be given
    for_them  = people "contraindicated for" treatment

Who is exposed to what is about them, or was through their mother, was not treated with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.elements import Element

_HAD = frozenset(("exposure", "exposures", "exposed", "intake"))
_GIVEN = frozenset(("infusion", "infusions"))
_MADE = frozenset(("exposure", "exposures", "intake", "supplementation", "preparation", "preparations"))
_SENSITIVE = frozenset(("sensitivity", "sensitivities"))
_BARRED = frozenset(("contraindication", "contraindications"))
_FOR_THEM = frozenset(("contraindicated for", "contraindicated to"))
NOUNS = _HAD | _GIVEN | _MADE | _SENSITIVE | _BARRED | _FOR_THEM

# What people meet at home, at work and at table.
_ABOUT = frozenset(
    ("alcohol", "caffeine", "calcium", "carbon monoxide", "copper", "fluoride", "fluorine", "iron", "latex", "lead",
     "magnesium", "manganese", "mercury", "nickel", "nicotine", "nitrous oxide", "oxygen", "phosphorus", "potassium",
     "protein", "silver", "sodium", "sodium chloride", "tobacco", "vitamin a", "vitamin c", "vitamin d", "vitamin e",
     "water", "zinc", "arsenic", "cadmium", "ethanol", "methanol", "peanut", "milk", "soy", "sugar", "glucose",
     "lactose", "gluten", "wheat", "egg protein", "food", "fish oil", "fat", "helium", "ozone", "iodine", "salt",
     "allergen", "pollen", "dust mite", "cat dander", "radiation", "coffee", "tea", "thallium", "selenium", "folate")
)  # fmt: skip
# Of these a sensitivity is a measure of the body, or of a germ.
_MEASURED = frozenset(("insulin", "glucose", "salt", "sodium", "sodium chloride", "hormone", "carbon dioxide"))
_LEADS = frozenset(("word", "atom"))


def received(found: list[Element], place: int) -> None:
    """Read such a noun at a place beside the name of a treatment."""
    one = found[place]
    if one.kind == "contraindicated":
        if all(other.kind in ("light", "with", "quality", "sex") for other in found[:place]) and not _shown(
            found, place
        ):
            one.text = "contraindication to"
        return
    if one.kind != "word":
        return
    before = found[place - 1] if place else None
    behind = _named(before)
    if behind is not None and before is not None:
        _behind(found, place, before)
    elif one.text in _HAD | _GIVEN and (before is None or before.kind not in _LEADS):
        if _ahead(found, place) is None:
            return
        if one.text in _GIVEN:
            one.kind = "quality"
        else:
            del found[place : place + 1 + (found[place + 1].text in ("to", "of"))]


def _named(one: Element | None) -> str | None:
    """Return the name of the treatment that an element is, if it is one."""
    what = one.predicate if one is not None else None
    return what.name if what is not None and what.kind in ("drug", "procedure") and what.op == "present" else None


def _behind(found: Sequence[Element], place: int, before: Element) -> None:
    """Read a noun behind the name of a treatment."""
    one, what = found[place], before.predicate
    if what is None or any(other.kind in ("word", "contraindicated") for other in found[place + 1 : place + 2]):
        return
    if one.text in _MADE and what.kind == "drug":
        if one.text not in _HAD or (what.name not in _ABOUT and not what.name.startswith("study")):
            one.kind = "light"
    elif one.text in _GIVEN and what.kind == "drug":
        one.kind = "quality"
    elif (
        one.text in _BARRED
        and not (_listed(found, place - 1) or _shown(found, place))
        and (place < 2 or found[place - 2].kind != "word")
    ):
        before.rule = msgspec.structs.replace(what, qualifier=(BARRED, *what.qualifier))
        one.kind = "light"
    elif one.text in _SENSITIVE and what.kind == "drug" and what.name not in _MEASURED:
        if place + 1 < len(found) and found[place + 1].kind in ("light", "by", "define", "with", "cause"):
            return  # "rifampicin sensitivity of the isolate", "by culture"
        _allergies(found, place)


def _listed(found: Sequence[Element], place: int) -> bool:
    """Return whether another treatment is joined before one: "surgery or MRI contraindications" is of both, perhaps."""
    at = place - 1
    while at >= 0 and found[at].kind in ("comma", "or", "and", "slash"):
        at -= 1
    return at < place - 1 and _named(found[at] if at >= 0 else None) is not None


def _shown(found: Sequence[Element], place: int) -> bool:
    """Return whether examples stand behind: what bars a treatment is no treatment that is barred."""
    return any(other.kind in ("open", "example") for other in found[place + 1 :])


def _allergies(found: Sequence[Element], place: int) -> None:
    """Make allergies of the names before "sensitivity": "aspirin or penicillin sensitivity"."""
    at = place - 1
    while at > 1 and found[at - 1].kind in ("or", "slash") and _named(found[at - 2]) is not None:
        at -= 2
    if _listed(found, at):
        return
    found[place].kind = "light"
    for one in found[at:place]:
        if (what := one.predicate) is not None:
            one.rule = msgspec.structs.replace(what, kind="allergy")


def _ahead(found: Sequence[Element], place: int) -> str | None:
    """Return the treatment named behind a noun and "to" or "of"."""
    at = place + 1
    while at < len(found) and at - place < 5 and found[at].kind in ("light", "quality", "over"):
        at += 1
    one = found[at] if at < len(found) else None
    name = _named(one)
    return None if name in _ABOUT or name is None else name
