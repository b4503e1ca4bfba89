"""
Classes and stages: the level that a text gives, as the number that stands for it.

::

    level = roman part? | digit part? | letter            # "III", "IIIB", "1B", "B"
    pair  = level ("-" | "/" | "to" | "or") level         # two levels that may be meant
    stage = "stage" level, beside the name of a cancer

"IIIB" is 3 with the qualifier "iiib" where the catalogue counts IIIA to IIIC as one.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.context import Context
from equipoise.records.patient import Number
from equipoise.terms.lexicon import Concept
from equipoise.terms.variables import Variable

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII", "8": "VIII"}
_LEVEL = r"(?:[IV]{1,4}|[0-9]|[A-E])(?:[A-Ea-e]\d?|(?<=[0-4])\+)?"
_PAIR = re.compile(rf"(?P<one>{_LEVEL})(?:\s?(?:-|–|/|to|or)\s?(?P<two>{_LEVEL}))?(?!\w|\.\d|-\d)")
_STAGE = re.compile(rf"\b(?:clinical |pathologic(?:al)? |path )?stage\s(?P<level>{_LEVEL})(?!\w|\.\d)", re.IGNORECASE)


class Level(msgspec.Struct, frozen=True):
    """A level, as a number; ``part`` is the finer one that was said."""

    value: Number
    part: str
    stop: int


def levels_at(text: str, start: int, variable: Variable) -> tuple[Level, ...]:
    """
    Return the level that stands at an offset, or the two that may be meant.

    >>> from equipoise.terms.variables import variables
    >>> levels_at("III-IV", 0, variables()["nyha class"])
    (Level(value=3, part='', stop=6), Level(value=4, part='', stop=6))
    >>> levels_at("IIIB disease", 0, variables()["cancer stage"])
    (Level(value=3, part='iiib', stop=4),)
    """
    found = _PAIR.match(text, start)
    if found is None:
        return ()
    said = [word for word in (found["one"], found["two"]) if word]
    levels = [_level(word, variable, found.end()) for word in said]
    return tuple(one for one in levels if one is not None) if all(levels) else ()


def _level(word: str, variable: Variable, stop: int) -> Level | None:
    given = word.upper()
    names = [given, _ROMAN.get(given[0], given[0]) + given[1:]]
    known = next((name for name in names if name in variable.levels), None)
    if known is not None:
        value = variable.levels[known]
        whole = next(name for name, number in variable.levels.items() if number == value)
        return Level(_tidy(value), "" if whole == known else known.lower(), stop)
    if not given.isdigit():
        return None
    number = int(given)
    inside = (variable.low is None or number >= variable.low) and (variable.high is None or number <= variable.high)
    return Level(number, "", stop) if inside else None


def _tidy(value: float) -> Number:
    return int(value) if value == int(value) else value


def stage_beside(context: Context, sentence_end: int, at: int) -> tuple[Level, int, int] | None:
    """Return the stage of a cancer that begins at a token, with the offsets of its words."""
    token = context.tokens[at]
    found = _STAGE.match(context.text, token.start, sentence_end)
    if found is None or not _of_cancer(context, at, found.end()):
        return None
    levels = levels_at(context.text, found.start("level"), context.variables["cancer stage"])
    return None if len(levels) != 1 else (levels[0], token.start, levels[0].stop)


def _of_cancer(context: Context, at: int, stop: int) -> bool:
    """Return whether a cancer is named just behind the stage, or before it with nothing named between."""
    place = next((one for one, token in enumerate(context.tokens) if token.start >= stop), len(context.tokens))
    for ahead in range(place, min(place + 6, len(context.tokens))):
        if context.norm(ahead) in (".", ";", "and", "with"):
            break
        kind = _cancer(context, ahead)
        if kind is not None:
            return kind
    for back in range(at - 1, max(-1, at - 8), -1):
        kind = _cancer(context, back)
        if kind:
            return True
        if context.norm(back) in (".", ";"):
            break
    return False


def _cancer(context: Context, at: int) -> bool | None:
    named = context.named(at)
    if named is None or not isinstance(named[0], Concept) or named[0].kind != "condition":
        return None
    return context.lexicon.is_a(named[0].name, "neoplasm") or context.lexicon.is_a(named[0].name, "malignant tumor")
