"""
What the readers of one criterion share while they scan it: the elements found so far, and each other.
"""

from __future__ import annotations

from equipoise.criteria.ages import AgeReader
from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.context import Context, Named, reference
from equipoise.criteria.elements import Element
from equipoise.criteria.events import EventReader
from equipoise.criteria.kinds import LINKS
from equipoise.criteria.measures import Measure, MeasureReader
from equipoise.criteria.priorlines import LineReader
from equipoise.criteria.times import TimeReader
from equipoise.criteria.variants import VariantReader
from equipoise.rules.nodes import Predicate, Rule
from equipoise.terms.cues import word_set
from equipoise.terms.words import stem

_NARROWING = word_set("scanstate.narrowing")
# What a word of a name says by itself: an exacerbation is acute, and the C of COPD is chronic.
_HOLDS = {
    word: frozenset(held.split())
    for word, held in (
        ("atypical", "second"), ("cancer", "malignant"), ("ckd", "chronic"), ("copd", "chronic"), ("day", "daily"),
        ("dual", "combined"), ("electronic", "electrical"), ("exacerbation", "acute"), ("icu", "intensive"),
        ("infection", "infectious"), ("instability", "unstable"), ("intravenous", "iv"), ("live", "attenuated"),
        ("investigational", "experimental"), ("long", "prolonged"), ("lymphoma", "malignant"),
        ("primary", "congenital inherited"), ("prophylaxis", "prophylactic"),
        ("organ", "solid"), ("therapy", "therapeutic"),
    )
}  # fmt: skip


class ScanState:
    """The elements of one criterion, as far as they have been read."""

    def __init__(self, context: Context, *, exclusion: bool) -> None:
        self.context = context
        self.times = TimeReader(context.tokens, context.words, context.lexicon)
        self.measures = MeasureReader(context, exclusion=exclusion)
        self.ages = AgeReader(context)
        self.lines = LineReader(context)
        self.events = EventReader(context, self.times)
        self.variants = VariantReader(context)
        self.found: list[Element] = []

    def _add(
        self, kind: str, first: int, last: int, *, rule: Rule | None = None, time: TimePhrase | None = None
    ) -> int:
        tokens, norms, found = self.context.tokens, self.context.norms, self.found
        if last > len(tokens):
            last = len(tokens)
        text = norms[first] if last - first < 2 else " ".join(norms[first:last])
        one = Element(kind, text, (tokens[first].start, tokens[last - 1].end), first, last, rule, time)
        if kind == "word":
            one.linked = norms[last] in LINKS  # behind the last token there is an empty word
            one.adjacent = bool(found) and found[-1].kind == "atom" and found[-1].last == first
        found.append(one)
        return last

    def _lettered(self, end: int) -> int:
        """Return where a number ends that a letter may stand right behind: "class 1A"."""
        tokens = self.context.tokens
        beside = end < len(tokens) and tokens[end].start == tokens[end - 1].end
        return end + (beside and tokens[end].norm in ("a", "b", "c", "d"))

    def _measure(self, measure: Measure) -> int:
        return self._add("atom", measure.first, measure.end, rule=measure.rule)

    def _predicate(self, named: Named, first: int, last: int, kind: str = "drug") -> Predicate:
        span = self.context.span(first, last)
        qualifier = self._narrowing(named, first, last)
        return Predicate(kind=kind, concept=reference(named, span), qualifier=qualifier, span=span)

    def _narrowing(self, named: Named, first: int, last: int) -> tuple[str, ...]:
        """Return what the text's words for a name add to it: "continuous oxygen therapy" for oxygen therapy.

        The tables file narrower phrases under wider names; the difference is kept.
        """
        if last - first < 2:
            return ()
        own = set(named.name.split())
        own = own.union(*(_HOLDS.get(word, ()) for word in own))
        own |= {part for word in own if word.startswith("non") for part in ("non", word[3:])}
        words = [token.norm for token in self.context.tokens[first:last]]
        extra = [word for word in words if word in _NARROWING and word not in own]
        if not extra or (own.isdisjoint(words) and {stem(word) for word in own}.isdisjoint(map(stem, words))):
            return ()  # another word for it: "high blood pressure" is hypertension
        return (" ".join(extra),)
