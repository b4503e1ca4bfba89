"""
What a complete past denies, and since when an event has not come again.

"No past medical history" and "her history is notable only for gout" tell of everything of weight that was known before:
a heart disease, a tumor, an epilepsy would be in it. So each class of ``terms/data/past_denials.tsv`` is denied of
which the note names no member, and that nothing in the note may be the beginning of: dyspnea today leaves heart and
lungs open, and so does a drug or an operation against what is asked. What comes all at once ("sudden" things, see
`equipoise.rules.names`) no history denies for now; an infarction or a stroke of which nothing is a sign is denied for
now as well. Of wide classes ("neurological disorder") a note leaves out what is small: only what is significant is
denied there.

"An infarction two years ago" is the last one: the note would tell of another. It is said for the time since, and only
where nothing in the note may be a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

import msgspec

from equipoise.criteria.context import codes_of
from equipoise.notes.drafts import Draft
from equipoise.notes.zero import Zero, ends_of
from equipoise.rules.names import SINCE
from equipoise.rules.quantities import converted
from equipoise.rules.usual import limit_unit
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.normal_limits import common_limits
from equipoise.terms.tables import read_table
from equipoise.terms.variables import variables

WHOLE = "chronic disease"
OTHERS = "other"
# What a note that tells it at all dates each time.
_TOLD_EACH = (
    "myocardial infarction", "stroke", "transient ischemic attack", "cardiac arrest", "pulmonary embolism",
    "deep vein thrombosis", "acute coronary syndrome",
)  # fmt: skip
# Under which class of the table such an event is: what leaves that class open leaves the event open.
_CLASSES = {"pulmonary embolism": "lung disease", "deep vein thrombosis": "peripheral vascular disease"}
# What a note calls what may be a tumor.
_TUMOR = "malignant tumor"
_LUMP = re.compile(
    r"\b(?:mass(?:es)?|lumps?|nodules?|nodular|tumou?rs?|lesions?|polyps?|growths?|neoplas\w+|cancer\w*|carcinoma\w*|"
    r"malignan\w+|biops\w+|metasta\w+|mammogra\w+|pap smear|cytolog\w+|"
    r"blasts?|lympho(?:ma|cytosis)\w*|leuka?emi\w+|PSA)\b",
    re.IGNORECASE,
)
# So soon after an event its patient is still seen for it.
_SETTLED = timedelta(days=28)
# Whoever takes or had something against a disease may have it, though the note does not name it.
_AGAINST = ("drug", "procedure")
_HERE = ("present", "possible", "historical", "pending")


# What is said of a class that a past denies, by the table's word for it.
_SAID: dict[str, tuple[tuple[str, ...], ...]] = {
    "history": (("history",),),
    "significant": (("history", "significant"),),
    "now": ((), ("history",)),
}


class _Class(NamedTuple):
    """A class of disease that a whole past denies, what leaves it open, and how it is denied."""

    name: str
    open: tuple[str, ...]
    said: tuple[tuple[str, ...], ...]


@cache
def _classes() -> tuple[_Class, ...]:
    rows = read_table("past_denials")
    return tuple(_Class(row["name"], tuple(row["open"].split(" | ")), _SAID[row["said"]]) for row in rows)


def of_others(whole: Draft) -> Draft:
    """Return the denial of every chronic disease as one of all that the note does not name."""
    return msgspec.structs.replace(whole, qualifier=("history", OTHERS))


def with_past(drafts: Sequence[Draft], lexicon: Lexicon, text: str = "") -> list[Draft]:
    """
    Return the drafts, and behind them the classes of disease that a complete past denies.

    The *text* of the note may have a lump that no fact names.

    >>> from equipoise.terms.lexicon import lexicon
    >>> past = Draft(kind="condition", name=WHOLE, assertion="absent", qualifier=("history",), span=(0, 9))
    >>> cough = Draft(kind="condition", name="cough", span=(10, 15))
    >>> found = [one.name for one in with_past([past, cough], lexicon())]
    >>> "kidney disease" in found, "lung disease" in found
    (True, False)
    """
    wholes = [one for one in drafts if one.name == WHOLE and one.assertion == "absent"]
    kept = [one for one in drafts if one not in wholes or OTHERS not in one.qualifier]
    denied = list(_denied(kept, wholes[0], lexicon)) if wholes else []
    if denied and _LUMP.search(text):
        denied = [one for one in denied if one.name != _TUMOR]
    return [*kept, *denied]


def _denied(drafts: Sequence[Draft], whole: Draft, lexicon: Lexicon) -> Iterator[Draft]:
    spoken = [one for one in drafts if one.assertion in _HERE and (_tells(one) or one.kind in _AGAINST)]
    said = {one.name for one in drafts if one.kind == "condition"}
    for one in _classes():
        concept, opening = lexicon.find(one.name), (one.name, *one.open)
        if concept is None or one.name in said or any(_is_open(draft.name, opening, lexicon) for draft in spoken):
            continue
        for qualifier in one.said:
            yield Draft(
                kind="condition", name=concept.name, codes=codes_of(concept), span=whole.span, assertion="absent",
                qualifier=qualifier,
            )  # fmt: skip


def _tells(draft: Draft) -> bool:
    """Return whether a draft may be the sign of a disease: all but a result that is normal."""
    if draft.kind == "measurement":
        return draft.value != "normal" and not _is_normal(draft)
    return draft.kind == "condition"


def _is_normal(draft: Draft) -> bool:
    """Return whether a number lies within the limits of normal, wherever a laboratory draws them."""
    variable = variables().find(draft.name)
    lower, upper = common_limits(draft.name, "LLN"), common_limits(draft.name, "ULN")
    if variable is None or lower is None or upper is None or not isinstance(draft.value, (int, float)):
        return False
    unit = limit_unit(draft.name, draft.unit, draft.value)
    low, high = (
        converted(end, of.unit, unit, analyte=draft.name) for end, of in ((lower.high, lower), (upper.low, upper))
    )
    return low is not None and high is not None and low <= draft.value <= high


def _is_open(name: str, opening: Sequence[str], lexicon: Lexicon) -> bool:
    return any(lexicon.is_a(name, one) for one in opening)


def none_since(drafts: Sequence[Draft], zero: Zero, lexicon: Lexicon) -> Iterator[Draft]:
    """Yield, for each dated event that a note would tell each time, that there has been none since."""
    spoken = [one for one in drafts if one.assertion in _HERE and _tells(one)]
    for draft in spoken:
        if draft.kind != "condition" or draft.name not in _TOLD_EACH or draft.when is None:
            continue
        others = [one for one in spoken if one is not draft]
        last = ends_of(draft.when)[1]
        if last + _SETTLED > zero.now[0] or any(lexicon.is_a(one.name, draft.name) for one in others):
            continue
        above = {draft.name, _CLASSES.get(draft.name), *lexicon.ancestors(draft.name)}
        rows = [one for one in _classes() if one.name in above and one.said == _SAID["history"]]
        opening = [word for one in rows for word in one.open]
        since = zero.moment(last + timedelta(minutes=1), last + timedelta(days=1))
        until = zero.moment(*zero.now)
        if since is None or until is None or any(_is_open(one.name, opening, lexicon) for one in others):
            continue
        yield msgspec.structs.replace(draft, assertion="absent", when=since, until=until, qualifier=(SINCE,))
