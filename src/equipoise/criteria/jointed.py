"""
What the joints of a criterion mean where the words beside them tell.

::

    special   = limit ("except" | "unless") X ","? "who" ("can" | "must") limit     # X, and within the second limit
    uncurbed  = X "that cannot be" ("controlled by" | "treated with") means         # words of X: no such means help
    than      = "other" X "than" Y                                                  # X, except Y
    boosted   = drug "/" booster                                                    # one product, and so both
    spared    = "men or" ("postmenopausal" | "sterilized") "women"                  # no man needs to be either
    allergic  = "allergies" ("on" | "with" | "attributed to") drug                  # an allergy to it
    allergen  = "allergy to" words "," drug                                         # the words name one, too
    narrows   = X "," "precluding" …                                                # of X, and nothing by itself
    whom      = "if female" ":" X "," Y                                             # as with a comma
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.fertile import men
from equipoise.criteria.kinds import LISTING
from equipoise.criteria.scopes import close_of
from equipoise.rules.nodes import Predicate, all_of, any_of, leaves

_PASSED = frozenset(("light", "must", "word", "example", "if", "with", "quality"))
_OTHERS = frozenset(("other", "another", "different"))
_BOOSTERS = frozenset(
    ("ritonavir", "cobicistat", "clavulanic acid", "sulbactam", "tazobactam", "avibactam", "carbidopa", "benserazide")
)
_OF_WOMEN = frozenset(("menopause", "surgical sterility", "hysterectomy", "sterilization", "bilateral tubal ligation"))
_ALLERGIES = frozenset(("allergy", "anaphylaxis", "hypersensitivity"))
_TOWARDS = frozenset(("on", "with", "attributed to", "against", "towards", "from"))
_NARROWING = frozenset(("precluding", "interfering", "preventing", "limiting", "impairing", "affecting the"))
_ENDS = frozenset(("stop", "close", "open", "comma", "and", "or", "time", "except", "unless"))
_HELPED = frozenset(("controlled", "treated", "managed", "corrected", "relieved", "stopped", "discontinued"))


def jointed(elements: Sequence[Element]) -> list[Element]:
    """Return the elements of a criterion, with what stands at its joints put right."""
    found = list(elements)
    for place, one in enumerate(found):
        read = _BY_KIND.get(one.kind)
        if read is not None:
            read(found, place)
    return found


def _special(found: list[Element], place: int) -> None:
    """Read "bilirubin < 2 (except with Gilbert syndrome, who can have < 3)" as Gilbert syndrome with < 3."""
    if not place or not _is_limit(found[place - (found[place - 1].kind in ("open", "comma")) - 1]):
        return
    end = close_of(found, place - 1) if found[place - 1].kind == "open" else len(found)
    whom = next((at for at in range(place + 1, end) if found[at].kind not in ("light", "quality", "with")), end)
    while whom + 2 < end and found[whom + 1].kind in ("or", "and") and _is_fact(found[whom + 2]):
        return  # "except with A or B, who …": of whom it is said is not sure
    at = whom + 1
    if whom >= end or not _is_fact(found[whom]):
        return
    at += at < end and found[at].kind == "comma"
    if at >= end or found[at].kind != "with" or not found[at].text.startswith(("who", "in whom", "for whom")):
        return
    asked = next((here for here in range(at + 1, end) if found[here].kind not in _PASSED), end)
    if asked >= end or not _is_limit(found[asked]):
        return
    found[at].text = "with"
    for one in (*found[whom + 1 : at], *found[at + 1 : asked]):
        one.kind = "light"


def _is_limit(one: Element) -> bool:
    facts = [] if one.rule is None else [leaf for leaf in leaves(one.rule) if type(leaf) is Predicate]
    return bool(facts) and all(fact.kind == "measurement" for fact in facts)


def _is_fact(one: Element) -> bool:
    return one.predicate is not None and one.predicate.kind in ("condition", "drug", "procedure")


def _denied(found: list[Element], place: int) -> None:
    """Read "hypertension that cannot be controlled by drugs": the words say what kind of hypertension it is."""
    if not found[place].text.startswith(("cannot be", "can not be", "could not be")) or place + 1 >= len(found):
        return
    ahead = found[place + 1]
    if ahead.kind != "need" or ahead.text.split()[0] not in _HELPED:
        return
    at = place
    while at < len(found) and (found[at].kind not in _ENDS or _goes_on(found, at)):
        found[at].kind, found[at].rule = "word", None
        at += 1


def _goes_on(found: Sequence[Element], at: int) -> bool:
    """Return whether one more means stands behind a joint: "treated with surgery or radiation"."""
    if found[at].kind not in ("or", "and") or at + 1 >= len(found):
        return False
    named = next((one.predicate for one in found[at + 1 :] if one.kind not in ("light", "quality")), None)
    return named is not None and named.kind in ("drug", "procedure")


def _light(found: list[Element], place: int) -> None:
    """Read "any other diabetes than type 2 diabetes" as an exception."""
    if found[place].text != "than" or place + 1 >= len(found) or found[place + 1].kind not in ("atom", "quality"):
        return
    named = False
    for one in reversed(found[max(place - 6, 0) : place]):
        if one.kind in LISTING or one.kind == "stop":
            return
        named = named or one.kind == "atom"
        if named and one.kind == "quality" and one.text in _OTHERS:
            found[place].kind, found[place].text = "except", "other than"
            return


def _slash(found: list[Element], place: int) -> None:
    """Read "tipranavir/ritonavir" as a product of both."""
    if not place or place + 1 >= len(found):
        return
    one, other = found[place - 1], found[place + 1]
    if one.predicate is None or other.predicate is None or other.predicate.name not in _BOOSTERS:
        return
    if one.predicate.kind == "drug" and one.predicate.op == other.predicate.op == "present":
        one.rule = all_of([one.predicate, other.predicate])
        one.span, one.last = (one.span[0], other.span[1]), other.last
        for rest in found[place : place + 2]:
            rest.kind, rest.rule = "light", None


def _of_women(found: list[Element], place: int) -> None:
    """Read "men or postmenopausal women" as men, or women of whom it is asked."""
    who = found[place].predicate
    if who is None or who.value != "male":
        return
    asked: list[Element] = []
    for at in range(place + 1, min(place + 9, len(found))):
        one = found[at]
        if one.kind == "sex":
            if len(found[place + 1 : at]) == len(asked) or not any(
                other.kind in LISTING for other in found[place + 1 : at]
            ):
                return
            for other in asked:
                other.rule = any_of([men(other.span), other.rule]) if other.rule is not None else None
            return
        if one.predicate is not None and one.predicate.name in _OF_WOMEN and one.predicate.op == "present":
            asked.append(one)
        elif one.kind not in (*LISTING, "light"):
            return


def _atom(found: list[Element], place: int) -> None:
    """Read "allergies on latex" as an allergy to it."""
    one = found[place]
    if one.predicate is None or one.predicate.name not in _ALLERGIES or one.predicate.kind != "condition":
        return
    at = place + 1
    while at < len(found) and found[at].kind == "light" and found[at].text in ("reaction", "reactions"):
        at += 1
    if at >= len(found) or found[at].text not in _TOWARDS:
        return
    named = next((other for other in found[at + 1 :] if other.kind not in ("light", "quality")), None)
    if named is not None and named.predicate is not None and named.predicate.kind == "drug":
        one.kind, one.rule, one.text = "allergy", None, f"{one.text} to"
        for other in found[place + 1 : at + 1]:
            other.kind = "light"


def _allergy(found: list[Element], place: int) -> None:
    """Read "allergy to plasma, sodium citrate" as an allergy to the one or the other."""
    at = place + 1
    while at + 1 < len(found) and found[at].kind in ("light", "quality"):
        at += 1
    words = [one for one in found[place + 1 : at] if one.kind == "quality"]
    if len(words) == 1 and at + 1 < len(found) and found[at].kind == "comma" and found[at + 1].kind == "atom":
        for one in found[found.index(words[0]) : at]:
            one.kind = "word"


def _comma(found: list[Element], place: int) -> None:
    """Read "implants, precluding an MRI" as implants of that kind."""
    ahead = [one for one in found[place + 1 : place + 3] if one.kind != "quality" or one.text != "possible"]
    if place and ahead and ahead[0].kind == "admin" and ahead[0].text in _NARROWING:
        found[place].kind = "light"


def _if(found: list[Element], place: int) -> None:
    """Read "if female: pregnant, or lactating" as with a comma."""
    if place + 2 < len(found) and found[place + 1].kind == "sex" and found[place + 2].kind == "colon":
        found[place + 2].kind = "comma"


_BY_KIND = {
    "except": _special,
    "unless": _special,
    "not": _denied,
    "light": _light,
    "slash": _slash,
    "sex": _of_women,
    "atom": _atom,
    "allergy": _allergy,
    "comma": _comma,
    "if": _if,
}
