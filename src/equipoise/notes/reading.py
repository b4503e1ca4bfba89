"""One sentence of a note as its readers share it: tokens, names, section, and what is said of each name."""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context, codes_of
from equipoise.notes.assertions import Said, Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.sections import SectionKind
from equipoise.notes.sentences import Span
from equipoise.records.patient import Assertion, FactKind
from equipoise.terms.lexicon import Concept


class Name(msgspec.Struct, frozen=True):
    """A concept where a sentence names it: its tokens, and its span in the note."""

    concept: Concept
    first: int
    last: int
    span: Span


class Reading:
    """A sentence, its names, and the tokens that a reader has *taken* already."""

    def __init__(self, context: Context, sentence: Span, section: SectionKind, taken: set[int]) -> None:
        self.context = context
        self.span = sentence
        self.section: SectionKind = section
        self.taken = taken
        self.text = context.source[sentence[0] : sentence[1]]
        self.names = self._names()
        self.sayings = Sayings(self.text, [self.inside(one.span) for one in self.names])

    def _names(self) -> list[Name]:
        found, at = list[Name](), 0
        while at < len(self.context.tokens):
            named = None if at in self.taken else self.context.named(at)
            if named is None:
                at += 1
                continue
            concept, end = named
            if not isinstance(concept, Concept):
                concept, end = self._finding(at) or named  # "weight loss", "takes vitamin D"
            if isinstance(concept, Concept) and self.taken.isdisjoint(range(at, end)):
                found.append(Name(concept, at, end, self.context.span(at, end)))
            at = end
        return found

    def _finding(self, at: int) -> tuple[Concept, int] | None:
        """Return the condition or drug at a token that names a variable, too."""
        found = self.context.lexicon.longest(self.context.words, at)
        short = found is not None and found[1] == 1 and self.context.words[at].isupper()  # "CRP" is the protein
        other = found is None or found[0].kind not in ("condition", "drug")
        return None if other or short or found is None else (found[0], at + found[1])

    def inside(self, span: Span) -> Span:
        """Return a span of the note as one of the sentence."""
        return span[0] - self.span[0], span[1] - self.span[0]

    def outside(self, start: int, end: int) -> Span:
        """Return a span of the sentence as one of the note."""
        return start + self.span[0], end + self.span[0]

    def said(self, name: Name) -> Said:
        """Return what the sentence says of a name."""
        return self.sayings.of(*self.inside(name.span))

    def left(self) -> list[Name]:
        """Return the names that no reader has taken."""
        return [one for one in self.names if self.taken.isdisjoint(range(one.first, one.last))]

    def take(self, span: Span) -> None:
        """Keep the tokens of a span of the note from other readers."""
        tokens = self.context.tokens
        self.taken.update(at for at, one in enumerate(tokens) if span[0] < one.end and one.start < span[1])

    def has_taken(self, span: Span) -> bool:
        """Return whether a reader has taken a word of a span of the note."""
        return any(
            span[0] < self.context.tokens[at].end and self.context.tokens[at].start < span[1] for at in self.taken
        )

    def draft(
        self,
        name: Name,
        kind: FactKind,
        assertion: Assertion,
        *,
        qualifier: tuple[str, ...] = (),
        span: Span | None = None,
    ) -> Draft:
        """Return a fact about a name."""
        concept = name.concept
        return Draft(
            kind=kind,
            name=concept.name,
            codes=codes_of(concept),
            span=span or name.span,
            assertion=assertion,
            qualifier=qualifier,
        )
