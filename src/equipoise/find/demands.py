"""
Ask what studies' criteria demand: ``requires``, ``excludes`` and ``accepts``.

The phrase of a question is compiled as a criterion is. Then, by what the study's literals say
(`equipoise.store.demands`):

- a study *requires* Q if whoever may join is Q for certain: an inclusion criterion entails Q, or an
  exclusion criterion's contrary does;
- it *excludes* Q if it requires the contrary of Q;
- it *accepts* Q if its criteria are compiled and neither they nor the record's limits of age rule Q
  out. That is not to say that such a patient may join: criteria that were not understood may.

Only what is certain counts. A study that excludes severe heart failure does not exclude heart
failure; one that excludes heart disease does. Units are converted where that needs no guess.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from equipoise.errors import QueryError
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import Left, Predicate, Rule, Span, all_of, changed, leaves
from equipoise.terms.lexicon import Lexicon

Kind = Literal["requires", "excludes", "accepts"]
KINDS: tuple[Kind, ...] = ("requires", "excludes", "accepts")

# How each reads in a search's English.
PHRASES: dict[Kind, str] = {
    "requires": "requiring {}",
    "excludes": "excluding {}",
    "accepts": "whose criteria do not rule out {}",
}

LABELS: dict[Kind, str] = {"requires": "Requires", "excludes": "Excludes", "accepts": "Accepts"}

HELP: dict[Kind, str] = {
    "requires": "Studies whose criteria demand this of everyone who joins.",
    "excludes": "Studies whose criteria let nobody join of whom this is true.",
    "accepts": "Studies whose criteria, as far as they were understood, do not rule this out.",
}

LONGEST = 300

# "age 80", "platelet count 60 10*9/L": what people write for a fact, where a criterion has a sign.
_FACT = re.compile(r"(?P<what>[^\d<>=≤≥]*[^\d\s<>=≤≥])\s+(?:is\s+|of\s+)?(?P<value>\d[^<>=≤≥]*)")
_YEARS = re.compile(r"(?:aged?)\s+>=\s+[\d.]+\s*\Z", re.IGNORECASE)


class Demand(msgspec.Struct, frozen=True):
    """A question about criteria: its phrase, and the rule that the phrase states."""

    kind: Kind
    text: str
    rule: Rule

    @property
    def words(self) -> str:
        """The question in a search's English."""
        return PHRASES[self.kind].format(describe_rule(self.rule))

    @property
    def name(self) -> str:
        """What tells it from the other parts of a search."""
        return f"{self.kind} {self.text}"


def _as_fact(text: str) -> str | None:
    """Return a phrase with a sign where a fact leaves it out, or None where it is no such phrase.

    >>> _as_fact("age 80"), _as_fact("platelet count 60 10*9/L"), _as_fact("age > 80")
    ('age >= 80 years', 'platelet count >= 60 10*9/L', None)
    """
    found = _FACT.fullmatch(text)
    if not found:
        return None
    fact = f"{found['what']} >= {found['value']}"
    return f"{fact} years" if _YEARS.match(fact) else fact


def _fact(text: str, lexicon: Lexicon | None) -> Rule | None:
    """Return the rule that a patient's value is just the one of a phrase, which has no sign of its own."""
    written = _as_fact(text)
    if written is None:
        return None
    # A limit is read for certain, so that is asked of the compiler; the sign is ours, and so is what it means.
    rule, unread = _compiled(written, lexicon)
    if rule is None or unread is not None:
        return None
    return changed(rule, lambda one: msgspec.structs.replace(one, op="=") if one.op == ">=" else one)


def read_demand(kind: Kind, text: str, lexicon: Lexicon | None = None) -> Demand:
    """Return the question that a phrase asks; *lexicon* may know more than the one that ships.

    Raises:
        QueryError: it is not understood, or not all of it.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise QueryError(
            f"A question about criteria has at most {LONGEST} characters",
            text=text[:60] + " …",
            span=(0, 60),
            next="Ask for one thing; give the option again for another.",
        )
    rule, unread = _compiled(text, lexicon)
    asked = rule if unread is None else _fact(text, lexicon)
    if asked is not None:
        return Demand(kind, text, asked)
    raise QueryError(
        "This is not understood as a criterion",
        text=text,
        span=unread or (0, len(text)),
        next='Write it as criteria do: "platelet count < 50 10*9/L", "heart failure", "age 80".',
    )


def _compiled(text: str, lexicon: Lexicon | None) -> tuple[Rule | None, Span | None]:
    """Return the rule of a phrase, and the first words that are not in it."""
    from equipoise.criteria.compile import compile_criteria  # late: only such questions need the compiler

    found = [one for one in compile_criteria(text, section="inclusion", lexicon=lexicon) if one.parent is None]
    rule = all_of(one.rule for one in found if one.rule is not None)
    spans = [left.span for one in found for left in one.left]
    for leaf in leaves(rule):
        if isinstance(leaf, Left) or (isinstance(leaf, Predicate) and leaf.kind == "administrative"):
            spans.append(leaf.span or (0, len(text)))
    return rule, min(spans, default=None)
