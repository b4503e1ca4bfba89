"""
Words of time that tell which disease is meant, or went to another name: "concurrent malignancy" is one more.

::

    besides = ("concurrent" | "concomitant" | …) word? cancer     # beside the one that the study is about
    then    = "history of" name … ("at screening" | "current" name)  # whenever it was, and not at screening
    now     = "current" "history of"? name                       # so now, whatever was said of those before it
    spell   = name "for the last" length                         # so long it has lasted
    good    = "not" "in remission for" length                    # a remission that is shorter, or none
    tested  = ("screening" | "baseline") test                    # the one of then, and none before
    before  = ("prior" | "previous" | "history of") name "within" length "of" event     # before that
    needs   = ("require" | "need for" | …) treatment "during the study"    # it is needed then, and not given now
    ahead   = name "for" length "after" event                    # how long something is to last
    absent  = ("free of" | "naive to" | "no signs of") name "for" length    # for how long there was none
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from equipoise.criteria.ends import span_of
from equipoise.criteria.kinds import FACTS, GIVEN, NOW
from equipoise.criteria.looks import Look, Mend, Whole, facts_of
from equipoise.rules.nodes import Not, Predicate, Rule, Span, changed

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
_FOR = re.compile(r"\s+(?:status\s+)?(?:for|of|since)\b")
_GOOD = frozenset(("remission", "complete remission", "partial remission", "no evidence of disease"))
_TESTED = re.compile(r"\b(?:screening|baseline)\s+\Z")
_TESTS = re.compile(
    r"(?:tomograph|imaging|radiograph|ultrasound|electrocardiogra|echocardiogra|encephalogra|examination|test|scan|culture)\w*\Z"
)
_PRIOR = re.compile(r"\b(?:prior|previous|history\s+of)\s+(?:(?!if\b|or\b)[\w/-]+\s+){0,3}\Z")
_NEEDS = re.compile(
    r"(?<!using or )(?<!taking or )(?<!receiving or )\b(?:requir(?:e|es|ed|ing)|requirements?|needs?|needing)\s+"
    r"(?:for\s+|of\s+)?(?:the\s+|any\s+|an?\s+)?"
    r"(?:(?:use|treatment|administration|initiation|start)\s+(?:of|with)\s+)?(?P<rest>(?:[\w/-]+\s+){0,3})\Z"
)
_DURING = re.compile(
    r"[^.;:()]{0,40}?\b(?:during|throughout|while\s+(?:on|in))\s+(?:\w+\s+){0,5}?(?:study|trial|treatment|participation)\b"
)
_NOT_AHEAD = re.compile(r"\b(?:ongoing|current|concurrent|continu\w+|chronic|regular|maintenance|prior|previous)\b")
_AHEAD = re.compile(
    r"\bfor\s+(?:a\s+)?(?:at\s+least\s+|(?:a\s+)?minimum\s+(?:of\s+)?|period\s+of\s+(?:at\s+least\s+)?)?\(?(?:\d+|one|two|three|four|six"
    r"|twelve)\)?[\s-]*(?:hour|day|week|month|year)s?\s+(?:after|following|post)\b"
)
_ABSENT = re.compile(r"\b(?:na[iï]ve\b|free\s+(?:of|from)\b|no\s+(?:signs?|evidence)\s+of\b)")
_LENGTH = re.compile(r"P(T?)(\d+)([HDWMY])\Z")
_UNITS = {"H": "h", "D": "d", "W": "wk", "M": "mo", "Y": "a"}


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
        if one.kind != "condition" or one.name not in _CANCERS or one.window != NOW or at < 0:
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
    'peripheral neuropathy, history of; or retinopathy, around screening'
    """

    def change(one: Predicate) -> Rule:
        window, at = one.window, _begin(one, whole.start)
        if window is None or window.side != "around" or window.within or window.at_least or at < 0:
            return one
        if one.kind not in FACTS or "history of" not in one.qualifier:
            return one
        if _AT_HAND.search(whole.words, max(0, at - 60), at) is not None:
            rest = tuple(text for text in one.qualifier if text != "history of")
            return msgspec.structs.replace(one, qualifier=rest)
        return msgspec.structs.replace(one, window=None)

    return changed(whole.rule, change)


def _spell(whole: Whole) -> Rule:
    """
    Return a rule in which a drug that was taken for the last months has been so for so long.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("On oral steroids for the last 5 months", section="exclusion")[0].reading
    'duration of oral corticosteroid at least 5 months'
    """

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        length = None if one.window is None or one.window.side != "before" else one.window.within
        found = _LENGTH.match(length or "")
        if span is None or found is None or one.kind != "drug" or one.op != "present":
            return one  # "stroke for the last 6 months" is one within them
        if whole.lexicon.is_a(one.name, "vaccine"):
            return one
        if _SPELL.match(whole.words, span[1] - whole.start) is None:
            return one
        return msgspec.structs.replace(
            one, kind="duration", op=">=", value=int(found[2]), unit=_UNITS[found[3]], window=None
        )

    return whole.rule if _is_denied(whole) else changed(whole.rule, change)


def _good(whole: Whole) -> Rule:
    """
    Return a rule in which what is not in remission for some years may be so for less.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> text = "History of sarcoma that has not been in remission for at least 4 years"
    >>> compile_criteria(text, section="exclusion")[0].reading
    'sarcoma, history of; and not (duration of remission at least 4 years)'
    """

    def change(one: Predicate) -> Rule:
        span = span_of(one)
        length = None if one.window is None or one.window.side != "before" else one.window.within
        found = _LENGTH.match(length or "")
        if span is None or found is None or one.name not in _GOOD or one.op not in ("present", "absent"):
            return one
        if _FOR.match(whole.words, span[1] - whole.start) is None:
            return one
        lasted = msgspec.structs.replace(
            one, kind="duration", op=">=", value=int(found[2]), unit=_UNITS[found[3]], window=None
        )
        return lasted if one.op == "present" else Not(lasted)

    return changed(whole.rule, change)


def _tested(whole: Whole) -> Rule:
    """
    Return a rule in which the test that is made at screening is asked of then.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Abnormal screening ECG", section="exclusion")[0].reading
    'undergoing electrocardiogram, abnormal, around screening'
    """

    def change(one: Predicate) -> Rule:
        at = _begin(one, whole.start)
        if one.kind != "procedure" or one.window is not None or at < 0 or _TESTS.search(one.name) is None:
            return one
        if _TESTED.search(whole.words, max(0, at - 20), at) is None:
            return one
        return msgspec.structs.replace(one, window=NOW)

    return changed(whole.rule, change)


def _before(whole: Whole) -> Rule:
    """
    Return a rule in which what is called prior was before the event that its time counts from.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Prior malignancy within 4 years of thyroid nodule diagnosis", section="exclusion")[0].reading
    'malignant tumor, within 4 years before thyroid nodule'
    """

    prior = {
        one.window
        for one in whole.facts
        if one.window is not None and one.window.side == "around" and one.window.within and one.kind in FACTS
        if (at := _begin(one, whole.start)) >= 0 and _PRIOR.search(whole.words, max(0, at - 60), at) is not None
    }

    def change(one: Predicate) -> Rule:
        if one.window is None or one.window not in prior:
            return one
        return msgspec.structs.replace(one, window=msgspec.structs.replace(one.window, side="before"))

    return changed(whole.rule, change) if prior else whole.rule


def _needs(whole: Whole) -> Rule:
    """
    Return a rule in which what is needed during the study need not be given yet.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("May require major surgery during the study", section="exclusion")[0].reading
    'undergoing major surgery, needed'
    """

    def change(one: Predicate) -> Rule:
        window, at = one.window, _begin(one, whole.start)
        if window is None or window.side != "around" or window.within or at < 0 or one.kind not in GIVEN:
            return one
        span = span_of(one)
        before = _NEEDS.search(whole.words, max(0, at - 90), at)
        if before is None or span is None or _DURING.match(whole.words, span[1] - whole.start) is None:
            return one
        if _NOT_AHEAD.search(before["rest"]) is not None or any(_NOT_AHEAD.search(text) for text in one.qualifier):
            return one
        return msgspec.structs.replace(one, qualifier=("needed", *one.qualifier), window=None)

    return changed(whole.rule, change)


def _to_last(whole: Whole) -> Span | None:
    """
    Find how long something is to last after an event, where a rule asks how long it has lasted.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Women on contraception for 6 months after surgery")[0].computable
    'partial'
    """
    if not any(one.kind == "duration" for one in whole.facts):
        return None
    found = _AHEAD.search(whole.words)
    return None if found is None else found.span()


def _none_for(whole: Whole) -> Span | None:
    """
    Find for how long there was none of something, where a rule asks that it has not lasted so long.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> compile_criteria("Women free of menses for at least 2 years")[0].computable
    'partial'
    """
    for part in whole.parts:
        if type(part) is Not and any(one.kind == "duration" and one.name not in _GOOD for one in facts_of(part)):
            found = _ABSENT.search(whole.words)
            return None if found is None else found.span()
    return None


def _is_denied(whole: Whole) -> bool:
    """Return whether something is not to be so: of that, the whole time counts."""
    return len(whole.stated) < len(whole.facts)


def _of(change: Callable[[Whole], Rule]) -> Callable[[Whole], Rule]:
    return lambda whole: change(whole) if any(one.window is not None for one in whole.facts) else whole.rule


MENDS = (
    Mend(_of(_besides), "concomitant", parts="concurrent simultaneous synchronous coexist existent existing"),
    Mend(_of(_then), parts="history prior previous"),
    Mend(_of(_spell), "last past previous preceding prior"),
    Mend(_of(_good), "remission", parts="disease"),
    Mend(_tested, "screening baseline"),
    Mend(_of(_before), "prior previous history"),
    Mend(_of(_needs), parts="requir need", exclusion=True),
)
LOOKS = (
    Look(_to_last, "after following post"),
    Look(_none_for, "naive na free signs sign evidence"),
)
