"""
What "non-" before a name of several words makes of it: another kind of what its last words name.

"Non-ischemic cardiomyopathy" is a cardiomyopathy that is not ischemic; whether one that a record names is, only its
own words tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.kinds import FACTS
from equipoise.rules.nodes import Predicate, Span
from equipoise.terms.cues import word_set

_TEST_WORDS = word_set("attach.test_words")


def other_kind(rule: Predicate, non: Span, context: Context) -> Predicate | None:
    """Return the name without the words that "non-" denies, which qualify it then; None where no such name is known."""
    span = rule.concept.span if rule.concept is not None else None
    if span is None or rule.kind not in FACTS or rule.qualifier:
        return None
    lexicon = context.lexicon
    known = lexicon.find(rule.name) is not None
    tokens = [token for token in context.tokens if span[0] <= token.start and token.end <= span[1]]
    for place in range(1, len(tokens)):
        words = [token.word for token in tokens[place:]]
        found = lexicon.longest(words, 0)
        if found is None or found[1] != len(words) or found[0].ambiguous or found[0].kind != rule.kind:
            continue
        if known and not lexicon.is_a(rule.name, found[0].name):
            continue  # "non-cystic fibrosis bronchiectasis": cystic fibrosis is no kind of fibrosis
        own = (tokens[place].start, span[1])
        said = " ".join(context.text[non[0] : tokens[place - 1].end].lower().split())
        return msgspec.structs.replace(rule, concept=reference(found[0], own), qualifier=(said,))
    return None


def test_result(texts: Sequence[str]) -> bool | None:
    """Return whether the words around a condition say that a test found it; None where they say something else."""
    words = {word for text in texts for word in text.replace("-", " ").split()}
    if not words or not words <= _TEST_WORDS:
        return None
    if words & {"negative", "seronegative", "negativity"}:
        return False
    return True if words & {"positive", "seropositive", "positivity"} else None
