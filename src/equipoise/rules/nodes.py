"""
The nodes of a rule, as the published JSON has them.

::

    rule = predicate | left | {"all": [rule…]} | {"any": [rule…]} | {"at_least": n, "of": [rule…]}
         | {"not": rule} | {"unless": [rule, exception]}

A rule is written as the text states it; the section decides its side. Values and units are as
stated, never converted. What was not understood stands in the tree as `Left`, always unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import is_
from typing import Any, final

import msgspec

from equipoise.records.patient import FACT_KINDS, Number

Span = tuple[int, int]

KINDS = FACT_KINDS  # a rule asks for what a fact can be
OPS = ("<", "<=", ">", ">=", "=", "between", "present", "absent")


class ConceptRef(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a predicate is about: its name in our tables, and ``span``, the words that name it."""

    name: str
    synonyms: tuple[str, ...] = ()
    codes: Mapping[str, str] = {}
    span: Span | None = None


class Window(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """When a fact must lie: ``side`` of the ``anchor``, ``within`` or ``at_least`` an ISO 8601 duration from it.

    No anchor means the moment at which the patient is seen.
    """

    anchor: str | None = None
    side: str | None = None
    within: str | None = None
    at_least: str | None = None


@final
class Predicate(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One statement about a patient; ``value`` and ``upper`` in ``unit`` (UCUM), as the text states them."""

    kind: str
    concept: ConceptRef | None = None
    op: str = "present"
    value: Number | str | None = None
    unit: str | None = None
    upper: Number | None = None
    relative_to: str | None = None
    qualifier: tuple[str, ...] = ()
    window: Window | None = None
    which: str | None = None
    population: str | None = None
    alteration: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    to: str | None = None
    span: Span | None = None

    @property
    def name(self) -> str:
        """The concept's name, or an empty string."""
        return self.concept.name if self.concept is not None else ""


@final
class Left(msgspec.Struct, frozen=True, gc=False):
    """Words that were not understood, at their logical place. Always unknown."""

    span: Span


@final
class All(msgspec.Struct, frozen=True, gc=False):
    """Every one of the rules holds."""

    rules: tuple[Rule, ...]


@final
class AnyOf(msgspec.Struct, frozen=True, gc=False):
    """At least one of the rules holds."""

    rules: tuple[Rule, ...]


@final
class AtLeast(msgspec.Struct, frozen=True, gc=False):
    """At least ``count`` of the rules hold."""

    count: int
    rules: tuple[Rule, ...]


@final
class Not(msgspec.Struct, frozen=True, gc=False):
    """The rule does not hold."""

    rule: Rule


@final
class Unless(msgspec.Struct, frozen=True, gc=False):
    """The rule holds and the exception does not."""

    rule: Rule
    exception: Rule


# A rule is built from its leaves up and never changed, so it is in no cycle and the collector need not look at it.
# Where every criterion passes, `type(rule) is Predicate` stands for `isinstance`: it is asked some hundred times of
# each, and a struct's own metaclass makes `isinstance` take seven times as long wherever the answer is no.
Rule = Predicate | Left | All | AnyOf | AtLeast | Not | Unless


def to_json(rule: Rule) -> dict[str, Any]:
    """Return the rule in the published form.

    >>> to_json(Not(Predicate(kind="condition", concept=ConceptRef("pregnancy"))))
    {'not': {'kind': 'condition', 'concept': {'name': 'pregnancy'}, 'op': 'present'}}
    """
    if isinstance(rule, Predicate):
        built: dict[str, Any] = msgspec.to_builtins(rule)
        built["op"] = rule.op
        if rule.unit is None and rule.kind == "measurement" and rule.op not in ("present", "absent"):
            built["unit"] = None
        return {key: list(value) if isinstance(value, tuple) else value for key, value in built.items()}
    if isinstance(rule, Left):
        return {"kind": "left", "span": list(rule.span)}
    if isinstance(rule, All):
        return {"all": [to_json(one) for one in rule.rules]}
    if isinstance(rule, AnyOf):
        return {"any": [to_json(one) for one in rule.rules]}
    if isinstance(rule, AtLeast):
        return {"at_least": rule.count, "of": [to_json(one) for one in rule.rules]}
    if isinstance(rule, Not):
        return {"not": to_json(rule.rule)}
    return {"unless": [to_json(rule.rule), to_json(rule.exception)]}


def from_json(tree: Mapping[str, Any]) -> Rule:
    """Return the rule that a published tree states.

    Raises:
        ValueError: the tree has none of the known forms (msgspec.ValidationError is one).
    """
    if "all" in tree:
        return All(tuple(from_json(one) for one in tree["all"]))
    if "any" in tree:
        return AnyOf(tuple(from_json(one) for one in tree["any"]))
    if "at_least" in tree:
        return AtLeast(int(tree["at_least"]), tuple(from_json(one) for one in tree["of"]))
    if "not" in tree:
        return Not(from_json(tree["not"]))
    if "unless" in tree:
        rule, exception = tree["unless"]
        return Unless(from_json(rule), from_json(exception))
    if tree.get("kind") == "left":
        start, end = tree["span"]
        return Left((start, end))
    if tree.get("kind") in KINDS and tree.get("op", "present") in OPS:
        return msgspec.convert(tree, Predicate)
    raise ValueError(f"not a rule: it has {', '.join(sorted(tree)) or 'nothing'}")


def children(rule: Rule) -> tuple[Rule, ...]:
    """Return the rules that a node joins, none for a leaf."""
    if type(rule) is Predicate or type(rule) is Left:
        return ()
    if type(rule) is All or type(rule) is AnyOf or type(rule) is AtLeast:
        return rule.rules
    if type(rule) is Not:
        return (rule.rule,)
    return (rule.rule, rule.exception)


def leaves(rule: Rule | None) -> Iterator[Predicate | Left]:
    """Yield the leaves of a rule, in the order in which they stand."""
    if rule is None:
        return iter(())
    if type(rule) is Predicate or type(rule) is Left:
        return iter((rule,))
    found: list[Predicate | Left] = []
    waiting: list[Rule] = [rule]
    while waiting:
        one = waiting.pop()
        if type(one) is Predicate or type(one) is Left:
            found.append(one)
        elif type(one) is AnyOf or type(one) is All:
            waiting += one.rules[::-1]  # the first of them is taken first
        else:
            waiting += children(one)[::-1]
    return iter(found)


def parts(rule: Rule) -> Iterator[Rule]:
    """Yield a rule and each part of it, the leaves as well."""
    yield rule
    for one in children(rule):
        yield from parts(one)


_NAMED = ("condition", "drug", "procedure", "allergy")


# Kinds of which a patient has many at a time.
TAKEN_OR_DONE = frozenset({"drug", "procedure"})


def taking_out(rule: Unless) -> tuple[list[Predicate], list[Predicate]]:
    """
    Return the predicates from which an exception may take something out, and those that it takes out.

    There are none of these where it is none that only names what is there, or where what is there is denied.
    """
    if _denies(rule.rule) or _denies(rule.exception):
        return [], []
    wider = [one for one in leaves(rule.rule) if isinstance(one, Predicate) and one.kind in _NAMED]
    taken = list(leaves(rule.exception))
    named = [one for one in taken if isinstance(one, Predicate) and one.op == "present"]
    return wider, named if len(named) == len(taken) else []


def of_one_kind(rule: Unless) -> frozenset[str]:
    """
    Return the kinds of what an exception names, where the rule names things of each of them; none otherwise.

    "Antidiabetic drugs other than metformin": who takes metformin may take another of them, too.

    >>> drug, other = (Predicate(kind="drug", concept=ConceptRef(one)) for one in ("antidiabetic drug", "metformin"))
    >>> sorted(of_one_kind(Unless(drug, other)))
    ['drug']
    """
    wider = {one.kind for one in leaves(rule.rule) if isinstance(one, Predicate) and one.kind in _NAMED}
    taken = list(leaves(rule.exception))
    named = {one.kind for one in taken if isinstance(one, Predicate) and one.op == "present"}
    whole = all(isinstance(one, Predicate) and one.op == "present" for one in taken)
    return frozenset(named) if whole and not _denies(rule.exception) and named <= wider else frozenset()


def _denies(rule: Rule) -> bool:
    """Return whether something in a rule holds by what is not there."""
    return isinstance(rule, Not) or any(_denies(one) for one in children(rule))


def changed(rule: Rule, change: Callable[[Predicate], Rule]) -> Rule:
    """
    Return the rule with every predicate replaced by what *change* makes of it.

    What stands in it more than once stays one and the same part: a doubt states a rule twice, and in a list within
    lists the parts would double with every level.
    """
    return change(rule) if type(rule) is Predicate else _changed(rule, change, {})


def _changed(rule: Rule, change: Callable[[Predicate], Rule], done: dict[int, Rule]) -> Rule:
    if type(rule) is Left:
        return rule
    found = done.get(id(rule))
    if found is not None:
        return found
    if type(rule) is Predicate:
        found = change(rule)
    elif type(rule) is Not:
        inner = _changed(rule.rule, change, done)
        found = rule if inner is rule.rule else Not(inner)
    elif type(rule) is Unless:
        inner, exception = _changed(rule.rule, change, done), _changed(rule.exception, change, done)
        same = inner is rule.rule and exception is rule.exception
        found = rule if same else Unless(inner, exception)
    else:
        found = _with_rules(rule, [_changed(one, change, done) for one in rule.rules])
    done[id(rule)] = found
    return found


def _with_rules(rule: All | AnyOf | AtLeast, rules: list[Rule]) -> Rule:
    """Return a rule with other parts: the same rule, where they are the same."""
    if all(map(is_, rules, rule.rules)):
        return rule
    if type(rule) is AtLeast:
        return AtLeast(rule.count, tuple(rules))
    return All(tuple(rules)) if type(rule) is All else AnyOf(tuple(rules))


def all_of(rules: Iterable[Rule]) -> Rule | None:
    """Return the rule that all hold; one stands for itself, none gives None, nested ones are drawn in.

    >>> all_of([Left((0, 1))])
    Left(span=(0, 1))
    """
    flat: list[Rule] = []
    for rule in rules:
        if type(rule) is All:
            flat += rule.rules
        else:
            flat.append(rule)
    return None if not flat else flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(rules: Iterable[Rule]) -> Rule | None:
    """Return the rule that any holds; one stands for itself, none gives None, nested ones are drawn in."""
    flat: list[Rule] = []
    for rule in rules:
        if type(rule) is AnyOf:
            flat += rule.rules
        else:
            flat.append(rule)
    return None if not flat else flat[0] if len(flat) == 1 else AnyOf(tuple(flat))
