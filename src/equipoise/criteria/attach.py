"""What words, times, brackets and allergies make of the name that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.anchors import STUDY_MOMENTS, TimePhrase
from equipoise.criteria.context import Context, reference
from equipoise.criteria.cues import EMPTY
from equipoise.criteria.elements import Element
from equipoise.criteria.events import EventReader
from equipoise.criteria.join import NAMED, Item, doubted
from equipoise.criteria.limits import tidy
from equipoise.rules.nodes import (
    AnyOf,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    Window,
    all_of,
    any_of,
    changed,
    leaves,
)
from equipoise.terms.cues import word_set

_LONGEST = 6
_PLANNED = frozenset(("planned", "scheduled", "anticipated", "planning", "upcoming"))
_EDGES = frozenset(("light", "joint", "over", "with", "event", "need", "aged", "define"))
_STUDY = STUDY_MOMENTS | {"study entry", "treatment period", "assessment", "follow up", "last dose"}
_TIMELESS = frozenset(("demographic", "administrative", "event_time", "prior_lines"))
_QUALIFIED = NAMED | {"measurement", "prior_lines"}


_CURRENT = frozenset(("current", "currently", "concurrent", "concomitant", "ongoing", "presently"))
_LINKS = frozenset(("of", "for", "to", "from", "in", "with", "against", "on", "about"))
_TEST_WORDS = word_set("attach.test_words")


def _test_result(texts: Sequence[str]) -> bool | None:
    """Return whether the words around a condition say that a test found it; None where they say something else."""
    words = {word for text in texts for word in text.replace("-", " ").split()}
    if not words or not words <= _TEST_WORDS:
        return None
    if words & {"negative", "seronegative", "negativity"}:
        return False
    return True if words & {"positive", "seropositive", "positivity"} else None


# Numbers that are part of a name: "type 2", "stage 3b", "CYP3A4".
_LEVELLED = re.compile(
    r"\b(?:type|stage|stages|grade|grades|class|group|phase|level|part|cohort|covid)[\s-]*\d+[a-c]?(?:\s*(?:-|to|or|and|/)\s*\d+[a-c]?)?\b|\b[a-z]{2,}\d\w*\b",
    re.IGNORECASE,
)


class Attacher:
    """Attaches what belongs to a name, for the grammar of one criterion."""

    def __init__(self, context: Context, events: EventReader, *, exclusion: bool) -> None:
        self.context = context
        self.events = events
        self.exclusion = exclusion

    # Words

    @staticmethod
    def facts(rule: Rule | None) -> list[Predicate]:
        """Return the predicates of a rule that a record can answer."""
        return [leaf for leaf in leaves(rule) if isinstance(leaf, Predicate) and leaf.kind != "administrative"]

    @staticmethod
    def trimmed(elements: Sequence[Element]) -> list[Element]:
        """Return elements without the light ones at both ends."""
        first, last = 0, len(elements)
        while first < last and elements[first].kind in _EDGES:
            first += 1
        while last > first and elements[last - 1].kind in _EDGES:
            last -= 1
        return list(elements[first:last])

    def words(self, span: Span) -> str:
        """Return the words of a span in lower case, on one line."""
        return " ".join(self.context.text[span[0] : span[1]].lower().split())

    def qualified(self, rule: Rule, pending: Sequence[Element], *, before: bool) -> list[Rule]:
        """
        Return the rule with the words around it kept: as its qualifiers, or where they are many or it is no
        single name, as `Left` beside it. "Recent or planned" gives two rules, of which either holds.
        """
        if before and pending and pending[-1].text == "non" and isinstance(rule, Predicate) and rule.op == "present":
            absent = msgspec.structs.replace(rule, op="absent")
            return self.qualified(absent, pending[:-1], before=True)
        if before and pending and pending[-1].kind == "joint" and pending[-1].text != "comma":
            run = self.trimmed(pending)
            if run and not any(one.text in EMPTY for one in pending[-3:]):
                other = self._lacking(rule, run)
                if other is not None:
                    return [other, rule]
                # "locally advanced or metastatic disease": an alternative that lacks its noun
                left = Left((run[0].span[0], run[-1].span[1]))
                both = any_of([left, rule]) if pending[-1].text != "and" else all_of([left, rule])
                return [both] if both is not None else [rule]
            pending = []
        if isinstance(rule, Predicate):
            rule, pending = self._now(rule, pending)
        runs = self._runs(pending)
        if not runs:
            return [rule]
        if self._other_head(runs, rule, before=before):
            return [doubted(rule, (runs[0][0].span[0], runs[-1][-1].span[1]))]
        span = (runs[0][0].span[0], runs[-1][-1].span[1])
        words = sum(len(one.text.split()) for run in runs for one in run if one.kind in ("word", "quality"))
        numbered = any(mark.isdigit() for mark in _LEVELLED.sub("", self.context.text[span[0] : span[1]]))
        if not isinstance(rule, Predicate) or rule.kind not in _QUALIFIED or words > _LONGEST or numbered:
            beside = all_of([rule, Left(span)])
            assert beside is not None
            return [beside]
        texts = [text for run in runs for text in self._qualifiers(run)]
        if rule.kind == "condition" and rule.op == "present" and (tested := _test_result(texts)) is not None:
            return [rule if tested else msgspec.structs.replace(rule, op="absent")]
        split = self._planned_or(pending)
        if split is not None:
            planned = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, split), window=None)
            return [rule, planned]
        return [
            msgspec.structs.replace(
                rule, qualifier=tuple(dict.fromkeys((*texts, *rule.qualifier) if before else (*rule.qualifier, *texts)))
            )
        ]

    def _lacking(self, rule: Rule, run: Sequence[Element]) -> Rule | None:
        """Return "acute hepatitis" of "acute or chronic hepatitis", where the tables know hepatitis alone."""
        if not isinstance(rule, Predicate) or rule.concept is None or rule.concept.span is None:
            return None
        start, stop = rule.concept.span
        words = [token.word for token in self.context.tokens if start <= token.start and token.end <= stop][1:]
        found = self.context.lexicon.longest(words, 0) if words else None
        if found is None or found[1] != len(words) or found[0].ambiguous or found[0].kind != rule.kind:
            return None
        text = self.words((run[0].span[0], run[-1].span[1]))
        return msgspec.structs.replace(rule, concept=reference(found[0], rule.concept.span), qualifier=(text,))

    @staticmethod
    def _now(rule: Predicate, pending: Sequence[Element]) -> tuple[Predicate, Sequence[Element]]:
        """Return "concurrent chemotherapy" as chemotherapy at the time of screening, and the other words."""
        words = [one.text for one in pending if one.kind == "quality"]
        now = [word for word in words if word in _CURRENT]
        if (
            not now
            or any(one.kind == "joint" for one in pending)
            or rule.kind not in ("condition", "drug", "procedure")
        ):
            return rule, [one for one in pending if one.text not in _CURRENT] if rule.kind in _QUALIFIED else pending
        rest = [one for one in pending if one.text not in _CURRENT]
        if any(one.text in ("prior", "previous", "past") for one in rest) or rule.window is not None:
            return rule, rest
        return msgspec.structs.replace(rule, window=Window(anchor="screening", side="around")), rest

    @staticmethod
    def _other_head(runs: Sequence[Sequence[Element]], rule: Rule, *, before: bool) -> bool:
        """
        Return whether the words make something else of the name: "family history of", "… exposure".

        Words with "of", "for", "to" between them and the name, and a noun right behind it, are the head then,
        and the name only says of what.
        """
        last = runs[-1] if before else runs[0]
        if before:
            words = [place for place, one in enumerate(last) if one.kind == "word"]
            return bool(words) and (last[-1].linked or any(one.text in _LINKS for one in last[words[-1] :]))
        first = last[0]
        if not isinstance(rule, Predicate) or rule.op not in ("present", "absent") or rule.kind == "allergy":
            return False
        return first.kind == "word" and first.adjacent and rule.kind in ("condition", "drug", "procedure")

    def _planned_or(self, pending: Sequence[Element]) -> str | None:
        """Return "planned" where the words are "previous or planned": what lies behind or ahead."""
        words = [one.text for one in pending if one.kind == "quality"]
        if len(words) == 2 and any(one.kind == "joint" and one.text in ("or", "slash", "and") for one in pending):
            ahead = [word for word in words if word in _PLANNED]
            behind = [word for word in words if word in ("previous", "prior", "recent", "current", "past", "recently")]
            if len(ahead) == 1 and len(behind) == 1:
                return ahead[0]
        return None

    def _runs(self, pending: Sequence[Element]) -> list[list[Element]]:
        """Return the words in runs between commas, those that change nobody left out."""
        runs: list[list[Element]] = [[]]
        for one in pending:
            if one.kind == "joint" and one.text == "comma":
                runs.append([])
            else:
                runs[-1].append(one)
        kept = []
        for run in runs:
            trimmed = self.trimmed(run)
            words = [one for one in trimmed if one.kind in ("word", "quality", "not")]
            if not words or all(one.kind == "quality" and one.text in EMPTY for one in words):
                continue
            either = any(one.kind == "joint" for one in run) and any(one.text in EMPTY for one in run)
            if either and len(words) <= 2:
                continue  # "suspected or confirmed", "recent or past": either will do
            kept.append(trimmed)
        return kept

    def _qualifiers(self, run: Sequence[Element]) -> list[str]:
        first, last = 0, len(run)
        while (
            first < last - 1
            and run[first].kind in ("quality", "light")
            and run[first].text in EMPTY | {"the", "of", "a", "with"}
        ):
            first += 1
        text = self.words((run[first].span[0], run[last - 1].span[1]))
        return [text] if text else []

    def noted(self, rule: Rule, span: Span) -> Rule:
        """Return the rule with the words of *span* as a qualifier, or as `Left` beside it where they are many."""
        text = self.words(span).strip(" ,.;:")
        if (
            isinstance(rule, Predicate)
            and rule.kind in _QUALIFIED
            and len(text.split()) <= _LONGEST + 2
            and not any(mark.isdigit() for mark in _LEVELLED.sub("", text))
        ):
            return msgspec.structs.replace(rule, qualifier=(*rule.qualifier, text))
        beside = all_of([rule, Left(span)])
        assert beside is not None
        return beside

    def marked(self, rule: Rule, words: str) -> Rule:
        """Return the rule with every name in it qualified by *words*."""
        return changed(
            rule,
            lambda one: (
                msgspec.structs.replace(one, qualifier=(words, *one.qualifier)) if one.kind in _QUALIFIED else one
            ),
        )

    @staticmethod
    def peopled(rule: Rule, population: str) -> Rule:
        """Return the rule as one that holds only for some."""

        def change(one: Predicate) -> Predicate:
            return (
                one
                if one.population or one.kind == "administrative"
                else msgspec.structs.replace(one, population=population)
            )

        return changed(rule, change)

    def allergies(self, rule: Rule, cue: Element) -> Rule:
        """Return the rule with every name in it an allergen; words that no table knows name one too."""
        if isinstance(rule, Left):
            return self._allergen(rule, cue)
        if isinstance(rule, Predicate):
            return self._allergy(rule, cue)
        if isinstance(rule, Not):
            return Not(self.allergies(rule.rule, cue))
        if isinstance(rule, Unless):
            return Unless(self.allergies(rule.rule, cue), self.allergies(rule.exception, cue))
        if isinstance(rule, AnyOf):
            return AnyOf(tuple(self.allergies(one, cue) for one in rule.rules))
        return msgspec.structs.replace(
            rule, rules=tuple(one if isinstance(one, Left) else self.allergies(one, cue) for one in rule.rules)
        )

    def _allergy(self, rule: Predicate, cue: Element) -> Rule:
        if rule.kind == "condition" and rule.span is not None:
            return doubted(rule, rule.span)
        if rule.kind not in ("drug", "procedure"):
            return rule
        span = (cue.span[0], rule.span[1] if rule.span else cue.span[1])
        return msgspec.structs.replace(rule, kind="allergy", span=span if span[0] <= span[1] else rule.span)

    def _allergen(self, left: Left, cue: Element) -> Rule:
        text = self.words(left.span)
        if len(text.split()) > _LONGEST or any(mark.isdigit() for mark in text):
            return left
        return Predicate(
            kind="allergy",
            concept=ConceptRef(text, span=left.span),
            span=(min(cue.span[0], left.span[0]), left.span[1]),
        )

    # Times

    def windowed(self, rule: Rule, time: TimePhrase) -> Rule:
        """Return the rule with the window that *time* states on every name in it that has none."""
        return self._lasting(rule, time) if time.mode == "for" else windowed(rule, time)

    def washed(self, rule: Rule, time: TimePhrase) -> Rule:
        """Return "at least 4 weeks since X": no X within that time; "less than …": X within it."""

        def change(one: Predicate) -> Predicate:
            if one.kind in _TIMELESS:
                return one
            return msgspec.structs.replace(one, window=Window(side="before", within=time.iso))

        within = changed(rule, change)
        return within if time.op in ("<", "<=") else Not(within)

    def timed(self, items: list[Item], time: TimePhrase, element: Element, *, negated: bool) -> None:
        """Give the list that stands before a time its window; where nothing can have one, the time is left.

        What has not been "for 2 weeks" has not been within the last two.
        """
        if time.mode == "for" and negated and time.op in (">", ">=", "="):
            time = msgspec.structs.replace(time, mode="within", side="before")
        if time.mode == "for":
            for item in self.alike(items):
                item.rule = self._lasting(item.rule, time)
            return
        if self._ahead(items[-1].rule) and time.side == "before" and time.anchor is None:
            time = msgspec.structs.replace(time, side="after", next=True)
            items[-1].rule = self.windowed(items[-1].rule, time)
            return
        done = False
        for item in self.alike(items):
            before = item.rule
            item.rule = self.windowed(before, time)
            done = done or item.rule != before
        if not done and time.mode != "when":
            items[-1].rule = all_of([items[-1].rule, Left(element.span)]) or items[-1].rule

    def alike(self, items: list[Item]) -> list[Item]:
        """Return the items at the end of a list that share what follows the last one."""
        found = [items[-1]]
        for place in range(len(items) - 1, 0, -1):
            if items[place].joint not in ("or", "comma", "and", "slash") or not self._same_kind(
                items[place - 1].rule, items[place].rule
            ):
                break
            found.append(items[place - 1])
        return found

    def _ahead(self, rule: Rule) -> bool:
        """Return whether a rule is about what is planned."""
        return any(
            fact.name == "planning pregnancy" or any(word in _PLANNED for word in fact.qualifier)
            for fact in self.facts(rule)
        )

    def _same_kind(self, one: Rule, other: Rule) -> bool:
        """Return whether two items of a list are alike enough to share what follows the second."""
        first, second = self.facts(one), self.facts(other)
        limits = [any(fact.op not in ("present", "absent") for fact in facts) for facts in (first, second)]
        return bool(first) and bool(second) and limits[0] == limits[1] and not isinstance(one, Unless)

    def _lasting(self, rule: Rule, time: TimePhrase) -> Rule:
        if (
            isinstance(rule, Predicate)
            and rule.kind in ("condition", "drug", "procedure")
            and rule.op == "present"
            and (rule.window is None or rule.window.side == "around")
        ):
            span = (rule.span[0] if rule.span else time.span[0], time.span[1])
            return Predicate(
                kind="duration",
                concept=rule.concept,
                op=time.op,
                value=tidy(time.value),
                unit=time.unit,
                qualifier=rule.qualifier,
                span=span,
            )
        if (
            isinstance(rule, Left)
            and len(self.words(rule.span).split()) <= _LONGEST - 1
            and self.words(rule.span).isascii()
        ):
            name = ConceptRef(self.words(rule.span), span=rule.span)
            span = (rule.span[0], time.span[1])
            return Predicate(
                kind="duration", concept=name, op=time.op, value=tidy(time.value), unit=time.unit, span=span
            )
        return self.noted(rule, time.span)

    def lone_time(self, time: TimePhrase) -> Rule:
        """Return what a time alone says: "within 24 hours of symptom onset" is an elapsed time."""
        if (
            time.mode in ("within", "at_least")
            and time.anchor
            and time.anchored_by is None
            and time.anchor not in _STUDY
        ):
            return self.events.from_time(time, 0)
        return Left(time.span)


def windowed(rule: Rule, time: TimePhrase) -> Rule:
    """Return the rule with the window of *time* on every name in it that has none and can have one."""

    def change(one: Predicate) -> Predicate:
        if one.window is not None or one.kind in _TIMELESS:
            return one
        if any(word in _PLANNED for word in one.qualifier) and not time.next and time.side == "before":
            return one
        return msgspec.structs.replace(one, window=time.window())

    return changed(rule, change)
