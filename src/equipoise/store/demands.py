"""
What a study demands of those who join, as literals that a search can look up.

A criterion's rule is brought to a conjunction of *clauses*: an inclusion must hold, an exclusion
must not. A clause has *ways*, each a few literals that hold together when it is taken, and the
clause is *settled* for a question when ``needed`` of its ways answer it::

    inclusion: platelets < 50 or INR > 2       one clause, two ways, needed 2
    exclusion: heart failure or pregnancy      two clauses of one way: neither may be
    inclusion: two of A, B, C                  one clause, three ways, needed 2

Whatever cannot be a literal (words that were left, a person's judgement, limits that hold only for
some) answers nothing, and so does its way. So what these literals say a study demands, it does
demand; what it demands besides may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal as Choice

import msgspec

from equipoise.rules.nodes import All, AnyOf, AtLeast, Left, Not, Predicate, Rule, Unless, Window

# Grows when the same rule makes other literals.
LAYOUT = 1

# A study has some dozens; a text made to harm may have more than the columns can count.
_MOST = 60_000


def mark_of(compiler: str, vocabularies: str = "") -> str:
    """Return what stored criteria are marked with: made by another compiler or vocabulary, they are made anew.

    >>> mark_of("1"), mark_of("1", "c0ffee")
    ('1-1', '1-1-c0ffee')
    """
    return "-".join(filter(None, (compiler, str(LAYOUT), vocabularies)))


class Literal(msgspec.Struct, frozen=True, array_like=True):
    """
    One thing that must be so, or with *holds* false must not be so, of who takes this way of this clause.

    ``concept`` is the predicate's kind and name; ``qualifier`` and ``window`` are empty where there is none.
    """

    clause: int
    way: int
    needed: int
    holds: bool
    concept: str
    op: str
    value: float | None
    upper: float | None
    unit: str
    relative_to: str
    qualifier: str
    window: str


class _Clause(msgspec.Struct):
    ways: list[list[tuple[Predicate, bool]]]
    needed: int


def concept_key(one: Predicate) -> str:
    """Return the kind and the name of what a predicate is about, as literals have it.

    >>> concept_key(Predicate(kind="event_time", from_="onset", to="randomization"))
    'event_time|onset to randomization'
    """
    name = f"{one.from_} to {one.to}" if one.kind == "event_time" else one.name
    return f"{one.kind}|{name}"


def window_key(window: Window | None) -> str:
    """Return a window in one string; an empty one for none."""
    parts = (window.anchor, window.side, window.within, window.at_least) if window else ()
    return " ".join(f"{part or '-'}" for part in parts)


def qualifier_key(one: Predicate) -> str:
    """Return what narrows a predicate, in one string."""
    parts = sorted({*one.qualifier, *([one.alteration] if one.alteration else [])})
    if isinstance(one.value, str):  # a sex or race
        parts.append(one.value)
    return "; ".join(parts)


def _is_literal(one: Predicate) -> bool:
    """Return whether a predicate says the same of everybody, by its latest fact."""
    return one.kind != "administrative" and one.population is None and one.which in (None, "latest")


def _joined(parts: list[list[_Clause]], needed: int) -> list[_Clause]:
    """Return the one clause whose ways are these conjunctions, of which *needed* must answer."""
    ways: list[list[tuple[Predicate, bool]]] = []
    whole = needed == len(parts)
    for clauses in parts:
        first = clauses[0] if len(clauses) == 1 else None
        if whole and first and first.needed == len(first.ways):
            ways += first.ways  # any of any is one any
        else:
            ways.append([pair for clause in clauses if len(clause.ways) == 1 for pair in clause.ways[0]])
    return [_Clause(ways, len(ways) if whole else needed)]


def _clauses(rule: Rule, holds: bool) -> list[_Clause]:
    if isinstance(rule, Left):
        return []
    if isinstance(rule, Predicate):
        plain, so = (msgspec.structs.replace(rule, op="present"), not holds) if rule.op == "absent" else (rule, holds)
        return [_Clause([[(plain, so)]], 1)] if _is_literal(plain) else []
    if isinstance(rule, Not):
        return _clauses(rule.rule, not holds)
    if isinstance(rule, Unless):
        return _clauses(All((rule.rule, Not(rule.exception))), holds)
    parts = [_clauses(one, holds) for one in rule.rules]
    count = len(parts)
    least = {All: count, AnyOf: 1}.get(type(rule), rule.count if isinstance(rule, AtLeast) else 1)
    if not 0 < least <= count:
        return []
    # Not (at least n of m) is at least m - n + 1 of the contraries.
    wanted = least if holds else count - least + 1
    if wanted == count:
        return [clause for part in parts for clause in part]
    return _joined(parts, count - wanted + 1)


def _number(value: float | str | None) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def read_literals(rules: Iterable[tuple[Choice["inclusion", "exclusion"], Rule]]) -> Iterator[Literal]:
    """Yield the literals of a study's criteria, each given with its side.

    >>> no_failure = Predicate(kind="condition", op="absent")
    >>> [(one.holds, one.op) for one in read_literals([("exclusion", no_failure)])]
    [(True, 'present')]
    """
    every = (clause for side, rule in rules for clause in _clauses(rule, side == "inclusion"))
    for number, clause in enumerate(every):
        if number >= _MOST or len(clause.ways) >= _MOST:
            return
        for way, pairs in enumerate(clause.ways):
            for one, holds in pairs:
                yield Literal(
                    clause=number,
                    way=way,
                    needed=clause.needed,
                    holds=holds,
                    concept=concept_key(one),
                    op=one.op,
                    value=_number(one.value),
                    upper=_number(one.upper),
                    unit=one.unit or "",
                    relative_to=one.relative_to or "",
                    qualifier=qualifier_key(one),
                    window=window_key(one.window),
                )
