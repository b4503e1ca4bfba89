"""
What a time makes of the names that it belongs to: a window, a washout, a duration, or words that are left.

A window behind a list is of all of the list that it can be of; "for 3 months" is how long something has lasted,
and what has *not* been "for 3 months" has not been within the last three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.ago import is_past
from equipoise.criteria.anchors import STUDY_MOMENTS, TimePhrase
from equipoise.criteria.context import Context
from equipoise.criteria.elements import Element
from equipoise.criteria.events import EventReader
from equipoise.criteria.join import NAMED, Item, doubted
from equipoise.criteria.kinds import AHEAD, CARRYING, FACTS
from equipoise.criteria.limits import tidy
from equipoise.criteria.standing import has_gone_on
from equipoise.rules.nodes import (
    All,
    AnyOf,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Window,
    all_of,
    changed,
    leaves,
)

_LONGEST = 6
_TO_COME = re.compile(
    r"\b(?:plann(?:ed|ing)|scheduled|upcoming|anti[ce]+p\w+|expect\w+|intended|likely|impending|imminent|awaiting)\b"
)
_BACK = re.compile(r"\b(?:last|past|previous|preceding|prior|before|ago)\b")
_WAS = re.compile(r"\b(?:history|recent)\b")
_AWAITED = frozenset(("anticipated", "expected"))
_NOW = frozenset(("active", "current", "ongoing", "symptomatic", "untreated"))
# A verb of the past ahead of a list: "had X, or have been treated for Y within 2 months".
_HAD = re.compile(r"\b(?:had|experienced|suffered|sustained)\b(?!.*\bhistory of\b)")
_STUDY = STUDY_MOMENTS | {"study entry", "treatment period", "assessment", "follow up", "last dose"}
_AT_HAND = frozenset((None, "first dose", "study entry"))
_TIMELESS = frozenset(("demographic", "administrative", "event_time", "prior_lines"))
_LONG = {"a": ("a",), "mo": ("a", "mo")}
_DOSES = frozenset(("dose", "dosage", "doses", "type", "regimen", "level"))
_UNABLE = frozenset(("unable", "inability", "cannot", "able", "ability", "capable"))
_GIVEN = frozenset(("drugs", "medication", "medications", "regimen", "therapy", "treatment", "treatments"))
QUALIFIED = NAMED | {"measurement", "prior_lines"}
# Numbers that are part of a name: "type 2", "stage 3b", "CYP3A4".
_LEVELLED = re.compile(
    r"(?:[>≥≧]=?|=>)\s*grade\s*[1-4]\b|\bgrade\s*(?:[>≥≧]=?|=>)\s*[1-4]\b"
    r"|\b(?:type|stage|stages|grade|grades|class|group|phase|level|part|cohort|covid)[\s-]*\d+[a-c]?"
    r"(?:\s*(?:-|to|or|and|/)\s*\d+[a-c]?)?\b|\b[a-z]{2,}\d\w*\b",
    re.IGNORECASE,
)


_COUNTED = re.compile(
    r"\b(?:more|less|fewer|greater) than (?:one|two|three|four|five|once|twice)\b(?!-)"
    r"|\bat (?:least|most) (?:one|two|three|four|five)(?! (?:year|month|week|day))\b"
)
_COUNT = re.compile(r"(?:at )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)", re.IGNORECASE)
_NUMBER = re.compile(r"[\d<>=]")


def numbered(text: str) -> bool:
    """Return whether a text states a number that is no part of a name.

    >>> numbered("type 2"), numbered("more than 2")
    (False, True)
    """
    if text.isascii() and _NUMBER.search(text) is None and _COUNTED.search(text.lower()) is None:
        return False  # most words, told at once
    if _COUNTED.search(text.lower()) is not None:
        return True
    return any(mark.isdigit() or mark in "<>≤≥=" for mark in _LEVELLED.sub("", text))


class Windows:
    """Reads the times of one criterion."""

    def __init__(self, context: Context, events: EventReader, *, exclusion: bool) -> None:
        self.context = context
        self.events = events
        self.exclusion = exclusion
        self.now = False
        self.waived: list[Span] = []

    @staticmethod
    def facts(rule: Rule | None) -> list[Predicate]:
        """Return the predicates of a rule that a record can answer."""
        if type(rule) is Predicate:
            return [rule] if rule.kind != "administrative" else []
        return [leaf for leaf in leaves(rule) if type(leaf) is Predicate and leaf.kind != "administrative"]

    def words(self, span: Span) -> str:
        """Return the words of a span in lower case, on one line."""
        return " ".join(self.context.text[span[0] : span[1]].lower().split())

    def noted(self, rule: Rule, span: Span, *, most: int = _LONGEST + 2) -> Rule:
        """Return the rule with the words of *span* as a qualifier, or as `Left` beside it where they are many."""
        text = self.words(span).strip(" ,.;:")
        if type(rule) is Predicate and rule.kind in QUALIFIED and len(text.split()) <= most and not numbered(text):
            return msgspec.structs.replace(rule, qualifier=tuple(dict.fromkeys((*rule.qualifier, text))))
        beside = all_of([rule, Left(span)])
        assert beside is not None
        return beside

    def windowed(self, rule: Rule, time: TimePhrase) -> Rule:
        """Return the rule with the window that *time* states on every name in it that has none."""
        if time.mode == "for":
            return self._lasting(rule, time)
        onset = time.anchor == "symptom onset" and time.mode == "within" and time.side == "after"
        if onset and _is_of_disease(rule):
            return All((rule, self.events.from_time(time, 0)))  # so long it has lasted: the disease came then
        whole = windowed(rule, time)
        return doubted(whole, time.span) if whole != rule and self._is_point(time) else whole

    def _is_point(self, time: TimePhrase) -> bool:
        """Return whether a time is a moment: "HbA1c < 7 % 3 months after surgery" is of that month alone."""
        if time.mode != "within" or time.side != "after" or time.low is not None or time.anchor in _STUDY:
            return False
        return _COUNT.match(self.context.text[slice(*time.span)]) is not None

    def washed(self, rule: Rule, time: TimePhrase) -> Rule:
        """Return "at least 4 weeks since X": no X within that time; "less than …": X within it."""

        def change(one: Predicate) -> Predicate:
            if one.kind in _TIMELESS:
                return one
            return msgspec.structs.replace(one, window=Window(side="before", within=time.iso))

        within = changed(rule, change)
        if any(fact.name == "recovery" or self._is_treated(fact, time) for fact in self.facts(rule)):
            return doubted(within, time.span)  # "at least 4 weeks from treatment, and has recovered"
        if time.op in ("<", "<="):
            return within
        past = is_past(self.facts(rule), time.span, self.words)
        if past and type(rule) is Predicate and rule.name == "menopause":
            return self._lasting(rule, time)
        if time.op != "" and (self.exclusion or past):
            return all_of([rule, Not(within)]) or rule  # "more than 100 days from transplant": of who had one
        return Not(within)

    def _is_treated(self, fact: Predicate, time: TimePhrase) -> bool:
        """Return whether a time is since a condition's treatment: "at least 3 weeks since therapy to the tumor"."""
        if fact.kind != "condition" or fact.span is None or fact.span[0] < time.span[1]:
            return False
        return not _GIVEN.isdisjoint(self.words((time.span[1], fact.span[0])).split())

    def timed(self, items: list[Item], time: TimePhrase, element: Element, *, negated: bool, firm: int = 99) -> None:
        """Give the list that stands before a time its window; where nothing can have one, the time is left.

        What has not been "for 2 weeks" has not been within the last two. So many of the last items are *firm*: the
        time is of them in any case; of those before, it may be.
        """
        behind = not self.exclusion and time.mode == "within" and time.side == "before"
        if behind and has_gone_on(items[-1].rule, self.words(time.span)):
            time = msgspec.structs.replace(time, mode="for", op=time.sign)
        if time.mode == "for" and negated and time.op == ">":
            for item in self.alike(items):
                item.rule = all_of([item.rule, Left(element.span)]) or item.rule
            return  # "no steroids for more than 2 weeks": not taken so long, or left off so long
        if time.mode == "for" and negated and time.op in (">=", "="):
            time = msgspec.structs.replace(time, mode="within", side="before")
        if time.mode == "for":
            for item in self.alike(items):
                item.rule = self._lasting(item.rule, time)
            return
        last = items[-1].rule
        to_come = time.side == "before" and time.mode == "within" and self._ahead(last) and self._at_hand(last, time)
        if time.next or to_come:
            time = time if time.next else msgspec.structs.replace(time, side="after", next=True)
            items[-1].rule = self.windowed(last, time)
            return
        done, listed = False, self.alike(items)
        facts = [fact for item in listed for fact in self.facts(item.rule)]
        now = _tells_when(facts, time)
        given = time.anchor == "symptom onset" and any(fact.kind != "condition" for fact in facts)
        spared, either = self._of_now(listed) if time.mode == "within" else (0, 99)
        for place, item in enumerate(listed):
            before = item.rule
            if 0 < spared <= place and self._is_now(before):
                continue
            item.rule = (windowed if given else self.windowed)(_timeless(before) if now else before, time)
            done = done or item.rule != before
            if place >= min(firm, spared or 99, either) and item.rule != before and time.mode == "within":
                item.rule = perhaps(item.rule, before, element.span)
        if done and time.mode == "within":
            self._perhaps_before(items[: len(items) - len(listed)], time, element.span)
        if not done and time.mode != "when":
            items[-1].rule = all_of([items[-1].rule, Left(element.span)]) or items[-1].rule

    def _of_now(self, listed: list[Item]) -> tuple[int, int]:
        """
        Return from which item on, the last one first, a window is not theirs, and from which on it may not be.

        "Active X or history of X within 5 years": the window is of the history. "Symptomatic X, or surgery within a
        month": it may be.
        """
        facts = [self.facts(item.rule) for item in listed]
        starts = [min((one.span[0] for one in found if one.span is not None), default=0) for found in facts]
        ends = [max((one.span[1] for one in found if one.span is not None), default=0) for found in facts]
        for place in range(len(listed) - 1):
            if 0 < ends[place + 1] < starts[place] and _WAS.search(self.words((ends[place + 1], ends[place]))):
                return place + 1, 99
        kinds = [{one.kind == "condition" for one in found} for found in facts]
        given = next((place for place, kind in enumerate(kinds) if True in kind), 99)
        late = all(
            kind == {True} and self._is_now(item.rule)
            for kind, item in zip(kinds[given:], listed[given:], strict=False)
        )
        return 0, given if given and late else 99

    def _is_now(self, rule: Rule) -> bool:
        """Return whether a rule asks what is so now, in words of its own."""
        facts = self.facts(rule)
        return bool(facts) and all(
            (one.window is not None and one.window.side == "around")
            or not _NOW.isdisjoint(" ".join((*one.qualifier, one.name)).split())
            for one in facts
        )

    def _perhaps_before(self, items: list[Item], time: TimePhrase, span: Span) -> None:
        """Give those ahead of a list a window that may be theirs: "had X, or have been treated within a month"."""
        facts = [fact for item in items for fact in self.facts(item.rule)]
        start = min((fact.span[0] for fact in facts if fact.span is not None), default=0)
        if not facts or not all(self._may_share(item) for item in items):
            return
        if _HAD.search(self.words((self.context.tokens[0].start, start))) is None:
            return
        for item in items:
            within = self.windowed(item.rule, time)
            item.rule = item.rule if within == item.rule else perhaps(within, item.rule, span)

    def _may_share(self, item: Item) -> bool:
        return item.joint in ("", "or", "comma", "slash") and all(
            fact.op == "present" and fact.window is None for fact in self.facts(item.rule)
        )

    def alike(self, items: list[Item]) -> list[Item]:
        """Return the items at the end of a list that share what follows the last one."""
        found = items[-1:]
        # What was not read stands between names that share what follows: "fever or foo or rash, within 3 weeks".
        items = [item for item in items if not isinstance(item.rule, Left) or item is items[-1]]
        for place in range(len(items) - 1, 0, -1):
            if items[place].anew and not _of_one_kind(items[place - 1].rule, items[place].rule):
                break
            if items[place].joint not in ("or", "comma", "and", "slash") or not self._same_kind(
                items[place - 1].rule, items[place].rule
            ):
                break
            found.append(items[place - 1])
        return found

    def _ahead(self, rule: Rule) -> bool:
        """Return whether a rule is about what is planned."""
        return any(
            fact.name == "planning pregnancy" or any(_TO_COME.search(said) for said in fact.qualifier)
            for fact in self.facts(rule)
        )

    def _at_hand(self, rule: Rule, time: TimePhrase) -> bool:
        """Return whether a time can be the one to come: no word says that it is behind."""
        words = self.words(time.span)
        if time.anchor in _AT_HAND and any(fact.name == "planning pregnancy" for fact in self.facts(rule)):
            return True
        if _BACK.search(words) is not None or time.anchor in _AT_HAND:
            return _BACK.search(words) is None
        whole = self.words((self.context.tokens[0].start, self.context.tokens[-1].end))
        return "of" in words.split() and _TO_COME.search(whole) is not None  # "will have X within 6 months of entry"

    def _same_kind(self, one: Rule, other: Rule) -> bool:
        """Return whether two items of a list are alike enough to share what follows the second."""
        first, second = self.facts(one), self.facts(other)
        limits = [all(fact.op not in ("present", "absent") for fact in facts) for facts in (first, second)]
        return bool(first) and bool(second) and limits[0] == limits[1]

    def _lasting(self, rule: Rule, time: TimePhrase) -> Rule:
        if time.op in ("<", "<=") and type(rule) is Left and _UNABLE & set(self.words(rule.span).split()):
            return Left(_around(rule.span, time.span))  # "unable to lie for up to an hour" does not last an hour
        if (
            type(rule) is Predicate
            and rule.kind in ("condition", "drug", "procedure")
            and rule.op == "present"
            and (rule.window is None or rule.window.side == "around")
        ):
            span, low = _around(rule.span or time.span, time.span), time.low
            return Predicate(
                kind="duration",
                concept=rule.concept,
                op=time.op if low is None else "between",
                value=tidy(time.value if low is None else low),
                upper=None if low is None else tidy(time.value),
                unit=time.unit,
                qualifier=rule.qualifier,
                span=span,
            )
        if type(rule) is Left and self._can_last(rule):
            between = (rule.span[1], max(rule.span[1], time.span[0]))
            if not _GIVEN.isdisjoint(self.words(between).split()):
                rule = Left((rule.span[0], between[1] - 1))  # "stable PD medications for 2 weeks"
            name = ConceptRef(self.words(rule.span), span=rule.span)
            span = _around(rule.span, time.span)
            return Predicate(
                kind="duration", concept=name, op=time.op, value=tidy(time.value), unit=time.unit, span=span
            )
        return self.noted(rule, time.span)

    def _can_last(self, left: Left) -> bool:
        """Return whether words that no table knows can be what has lasted: a few, and no dose."""
        words = set(self.words(left.span).split())
        return len(words) < _LONGEST and not words & _DOSES

    def lone_time(self, time: TimePhrase) -> Rule:
        """Return what a time alone says: "within 24 hours of symptom onset" is an elapsed time."""
        if (
            time.mode in ("within", "at_least")
            and time.anchor
            and time.anchored_by is None
            and time.anchor not in _STUDY
        ):
            elapsed = self.events.from_time(time, 0)
            return doubted(elapsed, time.span) if self._is_point(time) else elapsed
        return Left(time.span)


def _is_of_disease(rule: Rule) -> bool:
    """Return whether a rule names a disease, and no more."""
    return type(rule) is Predicate and rule.kind == "condition" and rule.op == "present" and rule.window is None


def _of_one_kind(one: Rule, other: Rule) -> bool:
    """Return whether two rules are of conditions both, or both of treatments."""
    kinds = [{leaf.kind == "condition" for leaf in leaves(rule) if type(leaf) is Predicate} for rule in (one, other)]
    return kinds[0] == kinds[1]


def perhaps(one: Rule, other: Rule, span: Span) -> Rule:
    """Return the rule that answers where two readings agree, the first of which says more."""
    if type(other) is Predicate and other.op == "present":
        return AnyOf((one, All((other, Left(span)))))
    return AnyOf((All((one, other)), All((AnyOf((one, other)), Left(span)))))


def _around(one: Span, other: Span) -> Span:
    """Return the span from the first of two to the last, in whatever order they stand."""
    return min(one[0], other[0]), max(one[1], other[1])


def _tells_when(facts: Sequence[Predicate], time: TimePhrase) -> bool:
    """Return whether a time says when what is so now is: "concomitant steroids within 30 days"."""
    # "Using X after a transplantation".
    within = time.mode == "within" or (time.mode == "when" and time.side == "after")
    of_now = all(fact.window is not None and fact.window.side == "around" for fact in facts)
    kinds = {fact.kind for fact in facts}
    return within and of_now and (len(kinds) == 1 or "condition" not in kinds)


def _timeless(rule: Rule) -> Rule:
    """Return the rule without its windows."""
    return changed(rule, lambda one: msgspec.structs.replace(one, window=None))


def windowed(rule: Rule, time: TimePhrase) -> Rule:
    """Return the rule with the window of *time* on every name in it that has none and can have one."""

    def change(one: Predicate) -> Rule:
        if one.window is not None or one.kind in _TIMELESS:
            return one
        if one.kind == "duration" and one.unit in _LONG and time.mode == "within" and time.unit not in _LONG[one.unit]:
            return one  # what has lasted for years is not of the last month
        if time.side == "after" and one.name in CARRYING:
            return one  # "pregnant or planning to become pregnant within 3 months": now, too
        if time.mode == "when" and time.side == "before" and one.name in CARRYING and time.anchor in _STUDY:
            return msgspec.structs.replace(one, window=Window(anchor=time.anchor, side="around"))
        if (
            any(word == "expected" or word in AHEAD for word in one.qualifier)
            and not time.next
            and time.side == "before"
        ):
            return one
        timed = msgspec.structs.replace(one, window=time.window())
        if time.side == "before" and not time.next and one.kind in FACTS and _is_awaited(one):
            return doubted(timed, time.span)  # "anticipated to continue during the 10 weeks"
        return timed

    return changed(rule, change)


def _is_awaited(one: Predicate) -> bool:
    return any(not _AWAITED.isdisjoint(said.split()) for said in one.qualifier)
