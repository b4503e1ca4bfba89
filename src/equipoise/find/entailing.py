"""
Find the studies whose literals entail what is asked.

Of a limit, the region of values that it leaves must lie within the region that is asked for; of a
condition, drug or procedure, what is demanded must be of the kind that is asked for, and what is
forbidden must be of a kind that includes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.records.dates import Age
from equipoise.rules.nodes import All, AtLeast, Left, Not, Predicate, Rule, Unless
from equipoise.store.columns import Array
from equipoise.store.demands import concept_key, qualifier_key, window_key
from equipoise.store.postings import Postings
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped
from equipoise.terms.units import convert

Mask = npt.NDArray[np.bool_]

_LIMITS = ("<", "<=", ">", ">=", "=", "between")


class Demanded:
    """The literals of one edition, with what speeds a question up; *lexicon* says what is a kind of what."""

    def __init__(self, postings: Postings, lexicon: Lexicon) -> None:
        self.postings = postings
        self._lexicon = lexicon
        self._ops = {word: code for code, word in enumerate(postings.names["op"])}

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {key: code for code, key in enumerate(self.postings.names["concept"])}

    @cached_property
    def _kinds(self) -> dict[str, list[int]]:
        """The codes of the concepts that are of a kind, itself included, by the key of that kind."""
        found: dict[str, list[int]] = {}
        for code, key in enumerate(self.postings.names["concept"]):
            kind, _, name = key.partition("|")
            for one in (name, *self._lexicon.ancestors(name)) if name else ():
                found.setdefault(f"{kind}|{one}", []).append(code)
        return found

    def within(self, key: str) -> list[int]:
        """Return the codes of the concepts that are a kind of this one, or it."""
        return self._kinds.get(key, [])

    def including(self, key: str) -> list[int]:
        """Return the codes of the concepts of which this one is a kind, or it."""
        kind, _, name = key.partition("|")
        keys = [f"{kind}|{one}" for one in (name, *self._lexicon.ancestors(name))]
        return [self._codes[one] for one in keys if one in self._codes]

    def same(self, key: str) -> list[int]:
        """Return the code of this concept, if the edition has it."""
        return [self._codes[key]] if key in self._codes else []

    def op(self, word: str) -> int:
        """Return the code of an operator, or one that no literal has."""
        return self._ops.get(word, -1)

    def words(self, field: str, codes: Array, fits: Callable[[str], bool]) -> Mask:
        """Return for each code whether its word fits; each word is looked at once."""
        unique, place = np.unique(codes, return_inverse=True)
        names = self.postings.names[field]
        answer = np.array([fits(names[int(code)]) for code in unique], dtype=bool)
        result: Mask = answer[place] if len(unique) else np.zeros(len(codes), bool)
        return result


@lru_cache(maxsize=4)
def demanded(postings: Postings, lexicon: Lexicon | None = None) -> Demanded:
    """Return the literals of an edition, ready to be asked."""
    return Demanded(postings, lexicon or shipped())


def entailing(known: Demanded, rule: Rule, *, holds: bool = True) -> Array:
    """Return the number codes of the studies that demand that *rule* holds, or that it does not, in order."""
    if isinstance(rule, Predicate):
        plain, so = rule, holds
        if rule.op == "absent":
            plain, so = msgspec.structs.replace(rule, op="present"), not holds
        return _settled(_fitting(known, plain, so))
    if isinstance(rule, Not):
        return entailing(known, rule.rule, holds=not holds)
    if isinstance(rule, Unless):
        return entailing(known, All((rule.rule, Not(rule.exception))), holds=holds)
    if isinstance(rule, Left):
        return np.zeros(0, np.uint32)
    parts = [entailing(known, one, holds=holds) for one in rule.rules]
    if isinstance(rule, AtLeast):
        wanted = rule.count if holds else len(parts) - rule.count + 1
    else:
        wanted = len(parts) if isinstance(rule, All) == holds else 1
    numbers, counts = np.unique(np.concatenate(parts or [np.zeros(0, np.uint32)]), return_counts=True)
    found: Array = numbers[counts >= wanted]
    return found


def _settled(literals: Array) -> Array:
    """Return the studies with a clause of which enough ways are among these literals."""
    if not len(literals):
        return np.zeros(0, np.uint32)
    # Study, clause and way in one number, so that numpy sorts numbers and not rows.
    ways = literals["study"].astype(np.uint64) << np.uint64(32)
    ways |= literals["clause"].astype(np.uint64) << np.uint64(16)
    ways |= literals["way"]
    order = np.argsort(ways, kind="stable")  # quick where it is in order already, as it is within a concept
    ways, needed = ways[order], literals["needed"][order]
    new = np.append(True, ways[1:] != ways[:-1])
    clauses, needed = ways[new] >> np.uint64(16), needed[new]
    first = np.flatnonzero(np.append(True, clauses[1:] != clauses[:-1]))
    counts = np.diff(np.append(first, len(clauses)))
    settled = clauses[first][counts >= needed[first]] >> np.uint64(16)
    return np.unique(settled).astype(np.uint32)


def _fitting(known: Demanded, asked: Predicate, holds: bool) -> Array:
    """Return the literals that entail that what is *asked* holds, or that it does not."""
    key = concept_key(asked)
    if asked.op in _LIMITS and not isinstance(asked.value, str):
        found = known.postings.of_concepts(known.same(key))
        return found[_limits(known, found, asked, holds)]
    found = known.postings.of_concepts(known.within(key) if holds else known.including(key))
    wanted, window = _parts(qualifier_key(asked)), window_key(asked.window)
    fits: Mask = (found["op"] == known.op(asked.op)) & (found["holds"] == holds)
    if holds:  # what is demanded may be narrower
        fits &= known.words("qualifier", found["qualifier"], lambda words: wanted <= _parts(words))
        fits &= known.words("window", found["window"], lambda words: window in ("", words))
    else:  # what is forbidden may be wider
        fits &= known.words("qualifier", found["qualifier"], lambda words: _parts(words) <= wanted)
        fits &= known.words("window", found["window"], lambda words: words in ("", window))
    if asked.concept is not None and isinstance(asked.value, str) and not holds:
        # One sex demanded is the other forbidden.
        other = (found["op"] == known.op("=")) & found["holds"]
        fits |= other & known.words("qualifier", found["qualifier"], lambda words: not wanted <= _parts(words))
    return found[fits]


def _parts(words: str) -> set[str]:
    return set(words.split("; ")) if words else set()


class _Regions:
    """Intervals of values, each from ``low`` to ``high`` with its ends or without; where ``out``, all but these."""

    def __init__(self, ends: tuple[Array, Array], closed: tuple[Mask, Mask], out: Mask) -> None:
        self.low, self.high = ends
        self.low_in, self.high_in = closed
        self.out = out

    def inside(self, other: _Regions) -> Mask:
        """Return whether each interval lies in the other, both taken as they stand."""
        low = (self.low > other.low) | ((self.low == other.low) & (other.low_in | ~self.low_in))
        high = (self.high < other.high) | ((self.high == other.high) & (other.high_in | ~self.high_in))
        found: Mask = low & high
        return found

    def apart(self, other: _Regions) -> Mask:
        """Return whether each interval has nothing in common with the other, both taken as they stand."""
        before = (self.high < other.low) | ((self.high == other.low) & ~(self.high_in & other.low_in))
        after = (self.low > other.high) | ((self.low == other.high) & ~(self.low_in & other.high_in))
        found: Mask = before | after
        return found

    def within(self, other: _Regions) -> Mask:
        """Return whether each region lies in the other."""
        return np.where(
            self.out,
            other.out & other.inside(self),
            np.where(other.out, self.apart(other), self.inside(other)),
        ).astype(bool)


def _regions(op: Array, values: tuple[Array, Array], holds: Mask) -> _Regions:
    """Return the regions that limits leave; the contrary of a limit on one side is one on the other."""
    value, upper = values
    below, above = np.isin(op, ("<", "<=")), np.isin(op, (">", ">="))
    flipped = ~holds & (below | above)
    to_high = (below & ~flipped) | (above & flipped)  # nothing below it is asked
    to_low = (above & ~flipped) | (below & flipped)
    with_end = np.isin(op, ("<=", ">=", "=", "between")) ^ flipped
    low = np.where(to_high, -np.inf, value)
    high = np.where(to_low, np.inf, np.where(op == "between", upper, value))
    return _Regions((low, high), (with_end & ~to_high, with_end & ~to_low), ~holds & ~flipped)


def _limits(known: Demanded, found: Array, asked: Predicate, holds: bool) -> Mask:
    """Return which limits entail the one that is asked, or its contrary."""
    names = known.postings.names["op"]
    ops = np.array(names)[found["op"]] if len(found) else np.zeros(0, "U1")
    fits: Mask = np.isin(ops, _LIMITS) & known.words(
        "relative_to", found["relative_to"], lambda words: words == (asked.relative_to or "")
    )
    # A limit on what is narrower (a dose of one drug by mouth) is none on this.
    wanted = qualifier_key(asked)
    fits &= known.words("qualifier", found["qualifier"], lambda words: words == wanted)
    value = _converted(known, found, "value", asked)
    upper = _converted(known, found, "upper", asked)
    fits &= ~np.isnan(value) & ~((ops == "between") & np.isnan(upper))
    ours = _regions(ops, (value, upper), found["holds"])
    assert isinstance(asked.value, (int, float))
    top = asked.value if asked.upper is None else asked.upper
    theirs = _regions(np.array([asked.op]), (np.array([float(asked.value)]), np.array([float(top)])), np.array([holds]))
    result: Mask = fits & ours.within(theirs)
    return result


def _converted(known: Demanded, found: Array, field: str, asked: Predicate) -> Array:
    """Return values in the unit that is asked for; not a number where that would be a guess."""
    target, units = asked.unit or "", known.postings.names["unit"]
    made = np.full(len(found), np.nan)
    for code in np.unique(found["unit"]):
        here = np.flatnonzero(found["unit"] == code)
        values, place = np.unique(found[field][here], return_inverse=True)
        fit = [_value(float(value), units[int(code)], target, asked.name) for value in values]
        made[here] = np.array(fit)[place]
    return made


@lru_cache(maxsize=10_000)
def _value(value: float, source: str, target: str, analyte: str) -> float:
    if source == target or value != value:
        return value
    if not source or not target:
        return np.nan
    made = convert(value, source, target, analyte=analyte)
    # 100,000 /µL and 100 ×10⁹/L are one limit, whatever the last digits of the arithmetic say.
    return np.nan if made is None else float(f"{made:.9g}")


def ruled_out_by_age(columns_age: tuple[Array, Array], demands: Iterable[Predicate]) -> Mask:
    """Return which studies' own limits of age, in days, leave no one of the ages that are asked for."""
    minimum, maximum = columns_age
    out = np.zeros(len(minimum), bool)
    for one in demands:
        if one.kind != "demographic" or one.name != "age" or one.op not in _LIMITS or isinstance(one.value, str):
            continue
        low, high = _ages(one)
        # A missing limit (not a number) compares false with everything, so it rules out nobody.
        out |= (minimum > np.float32(high)) | (maximum <= np.float32(low))
    return out


_DAYS = {unit: Age(f"1 {words}").days for unit, words in (("a", "Year"), ("mo", "Month"), ("wk", "Week"), ("d", "Day"))}


def _ages(one: Predicate) -> tuple[float, float]:
    """Return the ages, in days, from and to which someone is that is asked for."""
    assert isinstance(one.value, (int, float))
    unit = _DAYS.get(one.unit or "a", _DAYS["d"])
    value = one.value * unit
    if one.op in ("<", "<="):
        return 0.0, value
    if one.op in (">", ">="):
        return value, np.inf
    return value, value if one.upper is None else one.upper * unit
