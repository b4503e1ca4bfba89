"""
Words of time that tell which disease is meant, or went to another name: "concurrent malignancy" is one more.

::

    besides = ("concurrent" | "concomitant" | …) word? cancer     # beside the one that the study is about
    then    = "history of" name … ("at screening" | "current" name)  # whenever it was, and not at screening
    now     = "current" "history of"? name                       # so now, whatever was said of those before it
    spell   = name "for the last" length                         # so long it has lasted
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Predicate, Rule, Window, changed

_NOW = Window(anchor="screening", side="around")
_CANCERS = frozenset(("malignant tumor", "neoplasm", "invasive malignancy", "primary malignancy", "solid tumor"))
_BESIDE = re.compile(
    r"\b(concurrent|concomitant|simultaneous|synchronous|co-?existing|co-?existent)(?:ly)?,?\s+"
    r"(?:(?:active|invasive|known|documented|clinically|additional|diagnosis\s+of)\s+){0,3}\Z"
)
_AT_HAND = re.compile(
    r"\b(?:current(?:ly)?|ongoing|concomitant|concurrent|present(?:ly)?)\s+(?:or\s+\w+\s+)?(?:history\s+of\s+)?(?:\w+\s+){0,2}\Z"
)
_SPELL = re.compile(
    r"[^.;,:()]{0,40}?\bfor\s+(?:at\s+least\s+|more\s+than\s+|over\s+)?the\s+(?:last|past|previous|preceding|prior)\b"
)
_LENGTH = re.compile(r"P(T?)(\d+)([HDWMY])\Z")
_UNITS = {"H": "h", "D": "d", "W": "wk", "M": "mo", "Y": "a"}
_LASTS = frozenset(("condition", "drug", "procedure"))


def _begin(one: Predicate, start: int) -> int:
    """Return where a name begins in the words, or -1."""
    return -1 if one.concept is None or one.concept.span is None else one.concept.span[0] - start


def _besides(whole: Whole) -> Rule:
    """
    Return a rule in which a cancer beside another one is said to be that.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Concurrent malignancy", section="exclusion")[0].reading
    'malignant tumor, concurrent, around screening'
    """

    def change(one: Predicate) -> Rule:
        at = _begin(one, whole.start)
        if one.kind != "condition" or one.name not in _CANCERS or one.window != _NOW or at < 0:
            return one
        said = _BESIDE.search(whole.words, max(0, at - 60), at)
        if said is None or any(text.split()[0] in ("other", "another", "second") for text in one.qualifier):
            return one
        return msgspec.structs.replace(one, qualifier=(said[1], *one.qualifier))

    return changed(whole.rule, change)


def _then(whole: Whole) -> Rule:
    """
    Return a rule in which a history is of any time, and what is so now is no history.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> text = "History of neuropathy, or retinopathy at screening"
    >>> compile_criteria(text, section="exclusion")[0].reading
    'neuropathy, history of; or retinopathy, around screening'
    """

    def change(one: Predicate) -> Rule:
        window, at = one.window, _begin(one, whole.start)
        if window is None or window.side != "around" or window.within or window.at_least or at < 0:
            return one
        if one.kind not in _LASTS or "history of" not in one.qualifier:
            return one
        if _AT_HAND.search(whole.words, max(0, at - 60), at) is not None:
            rest = tuple(text for text in one.qualifier if text != "history of")
            return msgspec.structs.replace(one, qualifier=rest)
        return msgspec.structs.replace(one, window=None)

    return changed(whole.rule, change)


def _spell(whole: Whole) -> Rule:
    """
    Return a rule in which what has been so for the last months has lasted so long.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("On oral steroids for the last 5 months", section="exclusion")[0].reading
    'duration of oral corticosteroid at least 5 months'
    """

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        length = None if one.window is None or one.window.side != "before" else one.window.within
        found = _LENGTH.match(length or "")
        if span is None or found is None or one.kind not in _LASTS or one.op != "present":
            return one
        if _SPELL.match(whole.words, span[1] - whole.start) is None:
            return one
        return msgspec.structs.replace(
            one, kind="duration", op=">=", value=int(found[2]), unit=_UNITS[found[3]], window=None
        )

    return whole.rule if _is_denied(whole) else changed(whole.rule, change)


def _is_denied(whole: Whole) -> bool:
    """Return whether something is not to be so: of that, the whole time counts."""
    return len(whole.stated) < len(whole.facts)


def _of(change: Callable[[Whole], Rule]) -> Callable[[Whole], Rule]:
    return lambda whole: change(whole) if any(one.window is not None for one in whole.facts) else whole.rule


MENDS = (
    Mend(_of(_besides), "concomitant", parts="concurrent simultaneous synchronous coexist existent existing"),
    Mend(_of(_then), parts="history prior previous naive naïve"),
    Mend(_of(_spell), "last past previous preceding prior"),
)
