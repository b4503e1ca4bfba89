"""
Where one criterion runs on into the next without a mark, as in records that lost their line breaks.

::

    break = lower-case word or number, then a word that begins statements and is written large

"… within 14 days before registration Male participants": two statements. Only words that begin statements count
(`runons.starters`), since names are written large too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.terms.cues import word_set

_STARTERS = word_set("runons.starters")
# Behind these a word written large goes on with what they begin: "in Male patients".
_OPEN = frozenset(("a", "an", "and", "by", "for", "from", "if", "in", "no", "of", "on", "or", "the", "to", "with"))
# An abbreviation in brackets may stand between.
_ASIDE = re.compile(r"\s*(?:\([^()]{1,12}\)\s*)?")
# "… must use effective contraception HIV negative"
_VIRUS = re.compile(r"HIV[ -](?:negative|positive)\W*(?:\Z|[A-Z])")
# A statement can end with these.
_WHOLE = frozenset(("admin", "atom", "close", "event", "time", "word"))
_BREAKS = frozenset(("light", "word", "quality", "sex", "not", "atom", "admin", "must", "aged", "need", "allergy"))


def runs_on(found: Sequence[Element], place: int, text: str) -> bool:
    """Return whether an element begins another statement than the one before it, with no mark between them."""
    one = found[place]
    start = one.span[0]
    if not place or not text[start].isupper() or one.kind not in _BREAKS or found[place - 1].kind not in _WHOLE:
        return False
    end = found[place - 1].span[1]
    if _VIRUS.match(text, start) and text[end - 1].islower() and found[place - 1].text not in _OPEN:
        return text[end:start] == " "
    first = text[start : start + 24].split(maxsplit=1)[0].strip(",.:;()") if start < len(text) else ""
    if not first[:1].isupper() or not first[1:].islower() or first.lower() not in _STARTERS:
        return False
    before = text[:end].rsplit(maxsplit=1)[-1]
    if (
        _ASIDE.fullmatch(text[end:start]) is None
        or "\n" in text[end:start]
        or before.lower() in _OPEN
        or len(found[:place]) < 2
    ):
        return False
    return before[-1:].isalnum() and (before[:1].islower() or before[:1].isdigit())


def stop_at(one: Element) -> Element:
    """Return the mark that was lost before an element."""
    return Element("stop", "", (one.span[0], one.span[0]), one.first, one.first)
