"""
What a complete past denies, and since when an event has not come again.

"No past medical history" and "her history is notable only for gout" tell of everything of weight that was known before:
a heart disease, a tumor, an epilepsy would be in it. So each class of ``terms/data/past_denials.tsv`` is denied of
which the note names no member, and that nothing in the note may be the beginning of: dyspnea today leaves heart and
lungs open. What comes all at once ("sudden" things, see `equipoise.rules.names`) no history denies for now.

"An infarction two years ago" is the last one: the note would tell of another. It is said for the time since, and only
where nothing in the note may be a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache

import msgspec

from equipoise.criteria.context import codes_of
from equipoise.notes.drafts import Draft
from equipoise.notes.zero import Zero, ends_of
from equipoise.rules.names import SINCE
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.tables import read_table

WHOLE = "chronic disease"
OTHERS = "other"
# What a note that tells it at all dates each time.
_TOLD_EACH = (
    "myocardial infarction", "stroke", "transient ischemic attack", "cardiac arrest", "pulmonary embolism",
    "deep vein thrombosis", "acute coronary syndrome",
)  # fmt: skip
# Under which class of the table such an event is: what leaves that class open leaves the event open.
_CLASSES = {"pulmonary embolism": "lung disease", "deep vein thrombosis": "peripheral vascular disease"}
# So soon after an event its patient is still seen for it.
_SETTLED = timedelta(days=28)
_HERE = ("present", "possible", "historical", "pending")


@cache
def _classes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row["name"], tuple(row["open"].split(" | "))) for row in read_table("past_denials"))


def of_others(whole: Draft) -> Draft:
    """Return the denial of every chronic disease as one of all that the note does not name."""
    return msgspec.structs.replace(whole, qualifier=("history", OTHERS))


def with_past(drafts: Sequence[Draft], lexicon: Lexicon) -> list[Draft]:
    """
    Return the drafts, and behind them the classes of disease that a complete past denies.

    >>> from equipoise.terms.lexicon import lexicon
    >>> past = Draft(kind="condition", name=WHOLE, assertion="absent", qualifier=("history",), span=(0, 9))
    >>> cough = Draft(kind="condition", name="cough", span=(10, 15))
    >>> found = [one.name for one in with_past([past, cough], lexicon())]
    >>> "kidney disease" in found, "lung disease" in found
    (True, False)
    """
    wholes = [one for one in drafts if one.name == WHOLE and one.assertion == "absent"]
    kept = [one for one in drafts if one not in wholes or OTHERS not in one.qualifier]
    return [*kept, *(_denied(kept, wholes[0], lexicon) if wholes else ())]


def _denied(drafts: Sequence[Draft], whole: Draft, lexicon: Lexicon) -> Iterator[Draft]:
    spoken = [one for one in drafts if one.assertion in _HERE and _tells(one)]
    said = {one.name for one in drafts if one.kind == "condition"}
    for name, opening in _classes():
        concept = lexicon.find(name)
        if concept is None or name in said or any(_is_open(one.name, (name, *opening), lexicon) for one in spoken):
            continue
        yield Draft(
            kind="condition", name=concept.name, codes=codes_of(concept), span=whole.span, assertion="absent",
            qualifier=("history",),
        )  # fmt: skip


def _tells(draft: Draft) -> bool:
    """Return whether a draft may be the sign of a disease: all but a result that is normal."""
    return draft.kind == "condition" or (draft.kind == "measurement" and draft.value != "normal")


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
        opening = [word for name, words in _classes() if name in above for word in words]
        since = zero.moment(last + timedelta(minutes=1), last + timedelta(days=1))
        until = zero.moment(*zero.now)
        if since is None or until is None or any(_is_open(one.name, opening, lexicon) for one in others):
            continue
        yield msgspec.structs.replace(draft, assertion="absent", when=since, until=until, qualifier=(SINCE,))
