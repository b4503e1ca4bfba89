"""
Topic and eligibility to one order: how much a study is about the patient, and how its criteria stand.

Two signals, and the second never replaces the first: a study whose criteria all happen to be met may be about
something else. The criteria move a study up or down among those that are about the patient's problems by shares of
the best study's score::

    score = topic / best topic
          - 1    if an age or sex is not met
          - 0.1  if another inclusion criterion is not met
          - 0.2  if an exclusion criterion is not met
          + 0.05 × (met + unknown / 2) / inclusion criteria
          + 0.1  × closeness of the nearest open site, where a place is asked for

The order is all that these numbers are for: no answer is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.matching.verdicts import Asked
from equipoise.rules.answer import State
from equipoise.rules.nodes import Predicate

# The names of what says only who may join; a criterion that is about nothing else counts most.
PEOPLE = frozenset(("age", "sex"))
_OTHER_PEOPLE, _NOT_INCLUDED, _EXCLUDED, _INCLUDED, _CLOSE = 1.0, 0.1, 0.2, 0.05, 0.1


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a study's criteria stand, as far as the order goes by it: its inclusion criteria, and what is not met."""

    inclusion: int = 0
    met: int = 0
    unknown: int = 0
    other_people: bool = False
    not_included: bool = False
    excluded: bool = False


def standing_of(asked: Sequence[Asked], answers: Sequence[State]) -> Standing:
    """
    Return how the criteria of a study stand; both lists are in the same order.

    >>> standing_of([Asked("I1", "inclusion", None), Asked("E1", "exclusion", None)], ["met", "not met"])
    Standing(inclusion=1, met=1, unknown=0, other_people=False, not_included=False, excluded=True)
    """
    joining = [answer for ask, answer in zip(asked, answers, strict=True) if ask.section == "inclusion"]
    failed = [ask for ask, answer in zip(asked, answers, strict=True) if answer == "not met"]
    rest = [one.section for one in failed if not _of_people(one)]
    return Standing(
        inclusion=len(joining),
        met=joining.count("met"),
        unknown=joining.count("unknown"),
        other_people=len(rest) < len(failed),
        not_included="inclusion" in rest,
        excluded="exclusion" in rest,
    )


def _of_people(asked: Asked) -> bool:
    return isinstance(asked.rule, Predicate) and asked.rule.kind == "demographic" and asked.rule.name in PEOPLE


def weigh(standing: Standing) -> float:
    """
    Return what a study's criteria add to its score, where the best study's topic is 1.

    >>> weigh(Standing(inclusion=2, met=1, unknown=1, excluded=True))
    -0.1625
    """
    fit = (standing.met + 0.5 * standing.unknown) / max(1, standing.inclusion)
    against = _OTHER_PEOPLE * standing.other_people + _NOT_INCLUDED * standing.not_included
    return _INCLUDED * fit - against - _EXCLUDED * standing.excluded


def fuse(topics: Sequence[float], standings: Sequence[Standing], closeness: Sequence[float] | None = None) -> list[int]:
    """
    Return the order of studies, as places in the lists, the best first; equals stay in the order given.

    *closeness* is from 0 to 1.

    >>> fuse([8.0, 7.8, 5.0], [Standing(excluded=True), Standing(), Standing()])
    [1, 0, 2]
    """
    best = max(topics, default=0.0) or 1.0
    near = closeness or [0.0] * len(topics)
    scores = [
        topic / best + weigh(one) + _CLOSE * close for topic, one, close in zip(topics, standings, near, strict=True)
    ]
    return sorted(range(len(scores)), key=lambda place: (-scores[place], place))
