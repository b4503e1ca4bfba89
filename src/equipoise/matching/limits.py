"""
Limits on results, compared by column.

Predicates on one variable that count the same results are a *set*: the reference evaluator says once which results
decide for all of them, and the limits are then compared with these at one stroke.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.matching.related import class_numbers
from equipoise.matching.trees import FAILS, HOLDS, UNKNOWN
from equipoise.records.patient import Fact
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.measures import About, Deciding, deciding, read_about
from equipoise.rules.nodes import OPS, Predicate
from equipoise.rules.quantities import reading
from equipoise.rules.usual import limit_unit
from equipoise.rules.worded import bounds

if TYPE_CHECKING:
    from equipoise.matching.answering import Answering
    from equipoise.matching.index import Group
    from equipoise.matching.related import Signs

Array = npt.NDArray[Any]

# As `math.isclose` has it in `equipoise.rules.quantities`.
_CLOSE = 1e-9
_TRUTHS = {HOLDS: True, FAILS: False, UNKNOWN: None}


def answer_limits(asked: Answering, group: Group, signs: Signs) -> None:
    """Answer the predicates that set a limit on a variable of which the record has results."""
    sign = signs.of[group["concept"]]
    touched = np.flatnonzero(asked.belongs(group) & (sign > 0))
    if not len(touched):
        return
    columns = [group[name][touched] for name in ("concept", "which", "relative_to")]
    windows, qualifiers = asked.windows[group["window"][touched]], asked.qualifiers[group["qualifier"][touched]]
    within, places = class_numbers(sign[touched], windows)
    alike, lies = _lies(asked, group["window"][touched[places]], sign[touched[places]], signs)
    sets, _ = class_numbers(*columns, alike[within], qualifiers)
    order = np.lexsort((group["unit"][touched], sets))
    rows = touched[order]
    borders = np.flatnonzero(np.diff(sets[order])) + 1
    which = alike[within][order][np.append(0, borders)].tolist()
    pairs = _Pairs(asked, group)
    for (first, last), kind in zip(pairwise([0, *borders.tolist(), len(rows)]), which, strict=True):
        pairs.add(rows[first:last], signs.facts(int(sign[rows[first]])), lies[kind])
    pairs.answer()


def _lies(asked: Answering, windows: Array, sign: Array, signs: Signs) -> tuple[Array, list[dict[str, bool | None]]]:
    """Return which windows, each with the facts of a sign, are alike, and of these whether the facts lie in them."""
    presences, facts = asked.presences, asked.seen.known
    rows, places, _ = signs.pairs(sign, presences.places)
    lies = asked.index.windows.lies(windows[rows], places, presences.times, asked.seen)
    truths = np.where(windows[rows] > 0, lies.truth, HOLDS).tolist()
    found: list[list[tuple[str, bool | None]]] = [[] for _ in windows]
    for row, place, truth in zip(rows.tolist(), places.tolist(), truths, strict=True):
        found[row].append((facts[place].id, _TRUTHS[truth]))
    known: dict[tuple[tuple[str, bool | None], ...], int] = {}
    alike = np.array([known.setdefault(tuple(one), len(known)) for one in found], np.int64)
    return alike, [dict(one) for one in known]


class _Pairs:
    """Each predicate with each result that decides for it, and how their comparisons make one answer."""

    def __init__(self, asked: Answering, group: Group) -> None:
        self._asked, self._group = asked, group
        self._about: dict[tuple[int, str | None], About] = {}
        self._readings: dict[tuple[str | None, ...], tuple[float, float]] = {}
        # For each way to make one answer: the predicates, and the readings of the results, a row a predicate.
        self._waiting: dict[tuple[str, int], list[tuple[Array, Array, Array]]] = {}

    def add(self, rows: Array, facts: tuple[Fact, ...], lies: dict[str, bool | None]) -> None:
        """Add a set of predicates, in order of their units, and the facts about their variable, which lie so."""
        rule = self._asked.index.predicate(int(self._group.numbers[rows[0]]), limited=False)
        key = (int(self._group["concept"][rows[0]]), rule.relative_to)
        if key not in self._about:
            self._about[key] = read_about(rule, self._asked.seen.about(facts))
        found = deciding(rule, self._asked.seen, self._about[key], lies)
        if not found.facts:
            return
        if rule.relative_to in ("ULN", "LLN") and any(_lacks(fact, rule.relative_to) for fact in found.facts):
            self._by_common_limits(rows, facts)
            return
        readings = np.empty((len(rows), len(found.facts), 2))
        for unit, some in self._by_unit(rows, rule):
            readings[some] = [self._reading(found, place, rule, unit) for place in range(len(found.facts))]
        way = found.way if not found.unseen else f"{found.way} and unseen"
        stated = np.broadcast_to(np.array(found.stated(rule, self._asked.seen)), readings.shape[:2])
        self._waiting.setdefault((way, len(found.facts)), []).append((rows, readings, stated))

    def _by_unit(self, rows: Array, rule: Predicate) -> Iterator[tuple[str | None, Array]]:
        """Yield each unit of the limits in some rows, in order of their units, with the places of its rows."""
        units = self._group["unit"][rows]
        borders = np.flatnonzero(np.diff(units)) + 1
        for first, last in pairwise([0, *borders.tolist(), len(rows)]):
            places = np.arange(first, last)
            if units[first] or rule.relative_to is not None:
                yield self._asked.index.words["unit"][int(units[first])] if units[first] else None, places
                continue
            # Which unit is meant where none is stated depends on the numbers.
            limits = zip(self._group["value"][rows[places]].tolist(), self._group["upper"][rows[places]].tolist(),
                         strict=True)  # fmt: skip
            meant: dict[str | None, list[int]] = {}
            for place, (value, upper) in zip(places.tolist(), limits, strict=True):
                meant.setdefault(_meant(rule.name, value, upper), []).append(place)
            yield from ((unit, np.array(found)) for unit, found in meant.items())

    def _reading(self, found: Deciding, place: int, rule: Predicate, unit: str | None) -> tuple[float, float]:
        """Return between which values a result lies in a unit: both are the number, where it is one."""
        fact = found.facts[place]
        key = (fact.id, rule.name, rule.relative_to, unit, found.baseline.id if found.baseline else None)
        value = self._readings.get(key)
        if value is None:
            rule = msgspec.structs.replace(rule, unit=unit)
            read = reading(rule, fact, found.baseline)
            lies = (read, read) if read is not None else bounds(rule, fact, self._asked.seen)
            value = self._readings[key] = (np.nan, np.nan) if lies is None else lies
        return value

    def _by_common_limits(self, rows: Array, facts: tuple[Fact, ...]) -> None:
        """Let the reference answer, one by one: it knows the limits of common laboratories."""
        seen = self._asked.seen.about(facts)
        for number in self._group.numbers[rows].tolist():
            holds = answer_rule(self._asked.index.predicate(number, limited=False), seen).holds
            self._asked.answers[number] = UNKNOWN if holds is None else HOLDS if holds else FAILS

    def answer(self) -> None:
        """Compare, and write the answers."""
        for (way, _), parts in self._waiting.items():
            rows, readings, stated = (np.concatenate(one) for one in zip(*parts, strict=True))
            meets = self._meets(rows, readings)
            # What meets a limit may not, in circumstances that are not stated.
            meets = np.where((meets == HOLDS) & ~stated, UNKNOWN, meets)
            if way.endswith("and unseen"):
                meets = np.column_stack((meets, np.zeros(len(meets), np.int8)))
            low, high = meets.min(axis=1), meets.max(axis=1)
            if way.startswith("any"):
                made = high
            elif way.startswith("all"):
                made = low
            else:
                made = np.where(low == high, low, UNKNOWN)
            self._asked.answers[self._group.numbers[rows]] = made

    def _meets(self, rows: Array, values: Array) -> Array:
        """Return whether each value meets the limit of its row, as `equipoise.rules.quantities.compare` has it."""
        op = self._group["op"][rows][:, None]
        limit, upper = self._group["value"][rows][:, None], self._group["upper"][rows][:, None]
        low, high = self._within(rows, values[..., 0], op), self._within(rows, values[..., 1], op)
        # Of a value that is known to lie between two, both must meet the limit, or neither.
        made = np.where(low == high, low, UNKNOWN)
        between = (values[..., 0] < limit) & (values[..., 1] > np.where(np.isnan(upper), limit, upper))
        open_ = (values[..., 0] != values[..., 1]) & np.isin(op, (OPS.index("between"), OPS.index("="))) & between
        return np.where(open_, UNKNOWN, made).astype(np.int8)

    def _within(self, rows: Array, values: Array, op: Array) -> Array:
        """Return whether one end of what each value may be meets the limit of its row."""
        limit, upper = self._group["value"][rows][:, None], self._group["upper"][rows][:, None]
        same = _close(values, limit)
        truths = {
            "<": (values < limit) & ~same,
            "<=": (values < limit) | same,
            ">": (values > limit) & ~same,
            ">=": (values > limit) | same,
            "=": same,
            "between": ((values > limit) | same) & ((values < upper) | _close(values, upper)),
        }
        meets = np.select([op == OPS.index(name) for name in truths], list(truths.values()), default=False)
        unknown = np.isnan(values) | np.isnan(limit) | ((op == OPS.index("between")) & np.isnan(upper))
        return np.where(unknown, UNKNOWN, np.where(meets, HOLDS, FAILS)).astype(np.int8)


def _meant(name: str, value: float, upper: float) -> str | None:
    """Return the unit of a limit that states none."""
    return limit_unit(name, None, None if np.isnan(value) else value, None if np.isnan(upper) else upper)


def _lacks(fact: Fact, relative_to: str) -> bool:
    """Return whether a result comes without a number, or the end of the laboratory's range that a limit needs."""
    if isinstance(fact.value, str):
        return True
    low, high = fact.range or (None, None)
    return (high if relative_to == "ULN" else low) is None


def _close(values: Array, limits: Array) -> Array:
    largest = np.maximum(np.abs(values), np.abs(limits))
    close: Array = (values == limits) | (np.isfinite(largest) & (np.abs(values - limits) <= _CLOSE * largest))
    return close
