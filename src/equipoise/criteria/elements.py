"""
What the scanner hands to the grammar: the parts of a criterion, each with its span.

Kinds: ``atom`` (a rule), ``time``, ``quality``, ``word``, ``light``, ``sex``, ``event``, ``comma``, ``slash``,
``colon``, ``dash``, ``stop``, ``open``, ``close``, and the cues of `equipoise.criteria.cues` by their names.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.anchors import TimePhrase
from equipoise.rules.nodes import Predicate, Rule, Span


class Element(msgspec.Struct, gc=False):
    """
    A part of a criterion.

    ``text`` is its words in normal form, ``first`` and ``last`` its tokens (the last is not in it). ``lent``: it
    shares a word with its neighbour; ``linked``: "of" or its like stands behind it; ``adjacent``: nothing stands
    between it and the name before it.
    """

    kind: str
    text: str
    span: Span
    first: int
    last: int
    rule: Rule | None = None
    time: TimePhrase | None = None
    lent: bool = False
    linked: bool = False
    adjacent: bool = False

    @property
    def predicate(self) -> Predicate | None:
        """The rule, where it is one predicate."""
        rule = self.rule
        return rule if type(rule) is Predicate else None
