"""Conditions, drugs, procedures and genes that a sentence names, each with what it says of them."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.criteria.context import Context, codes_of
from equipoise.notes.assertions import assertion_of
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.records.patient import FactKind
from equipoise.terms.lexicon import Concept

_KINDS: dict[str, FactKind] = {
    "condition": "condition",
    "drug": "drug",
    "procedure": "procedure",
}


def read_mentions(context: Context, sentence: Span, taken: set[int]) -> Iterator[Draft]:
    """Yield a draft for each thing that a sentence names; *taken* are the tokens that say something else."""
    text, at = context.source[sentence[0] : sentence[1]], 0
    while at < len(context.tokens):
        named = None if at in taken else context.named(at)
        if named is None:
            at += 1
            continue
        concept, end = named
        span = context.span(at, end)
        at = end
        if not isinstance(concept, Concept) or concept.kind not in _KINDS or concept.ambiguous:
            continue
        said = assertion_of(text, span[0] - sentence[0], span[1] - sentence[0])
        yield Draft(kind=_KINDS[concept.kind], name=concept.name, codes=codes_of(concept), span=span, assertion=said)
