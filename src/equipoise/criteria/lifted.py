"""
A limit for a group that stands beside the one for everybody, and lifts it for them.

::

    let in   = limit "and" looser limit of a group       # "ALT ≤ 3 × ULN (ALT ≤ 5 × ULN if liver metastases)"
    kept out = limit "or" limit that is within it, of a group    # "ALT > 3 × ULN; with liver metastases, ALT > 5 × ULN"

Read as two limits side by side, the group would have to keep both, and the second would say nothing. Who keeps the
first, or is of the group and keeps the second, is let in; who breaks both is kept out, and who breaks the first alone
only where not of the group. Where no rule says who is of it, that stays open.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, all_of, any_of, leaves

_UNDER = frozenset(("<", "<="))
_OVER = frozenset((">", ">="))


def lifted(rule: Rule | None, *, exclusion: bool) -> Rule | None:
    """
    Return the rule of a criterion in which a group's own limit stands in for the general one.

    >>> from equipoise.criteria.compile import compile_criteria
    >>> text = "ALT ≤ 3 × ULN; ALT ≤ 5 × ULN if liver metastases are present"
    >>> " or " in compile_criteria(text, section="inclusion")[0].reading
    True
    """
    named = [one.name for one in leaves(rule) if type(one) is Predicate and one.kind == "measurement"]
    if rule is None or len(set(named)) == len(named):
        return rule
    return _lifted(rule, out=exclusion)


def _lifted(rule: Rule, *, out: bool) -> Rule:
    """Return the rule of what lets in, or keeps *out*."""
    if type(rule) is Not:
        return Not(_lifted(rule.rule, out=not out))
    if type(rule) is All and not out:
        return _let_in(rule)
    return _kept_out(rule) if type(rule) is AnyOf and out else rule


def _let_in(rule: All) -> Rule:
    parts: list[Rule] = [_lifted(one, out=False) for one in rule.rules]
    before = list(parts)
    for special in rule.rules:
        whom, limits = _asked_of_some(special)
        rest = list(limits)
        for limit in limits:
            found = [place for place, one in enumerate(parts) if one is not special and _is_within(one, limit)]
            for place in found:
                own = limit if whom is None else all_of([whom, limit])
                parts[place] = any_of([parts[place], *([] if own is None else [own])]) or parts[place]
            if found:
                rest.remove(limit)
        if len(rest) < len(limits):
            at = next(place for place, one in enumerate(parts) if one is special)
            parts[at : at + 1] = [] if whom is None or not rest else [AnyOf((Not(whom), *_whole(rest)))]
    return rule if parts == before == list(rule.rules) else all_of(parts) or rule


def _kept_out(rule: AnyOf) -> Rule:
    parts: list[Rule] = list(rule.rules)
    for special in rule.rules:
        whom, limits = _said_of_some(special)
        rest = list(limits)
        for limit in limits:
            plain = msgspec.structs.replace(limit, population=None)
            found = [place for place, one in enumerate(parts) if type(one) is Predicate and _of_less(limit, one, whom)]
            for place in found:
                others = Left(limit.span or (0, 0)) if whom is None else Not(whom)
                general = parts[place]
                assert type(general) is Predicate
                alike = msgspec.structs.replace(plain, qualifier=general.qualifier)
                parts[place] = any_of([alike, All((general, others))]) or general
            if found:
                rest.remove(limit)
        if len(rest) < len(limits):
            at = next(place for place, one in enumerate(parts) if one is special)
            left = any_of(rest)
            parts[at : at + 1] = [] if left is None or whom is None else [All((whom, left))]
    return rule if parts == list(rule.rules) else any_of(parts) or rule


def _asked_of_some(rule: Rule) -> tuple[Rule | None, list[Rule]]:
    """Return who they are and what is asked of them, where a rule asks limits of some alone."""
    if type(rule) is Predicate:
        return None, [rule] if _is_limit(rule) and rule.population is not None else []
    if type(rule) is not AnyOf or len(rule.rules) < 2 or type(rule.rules[0]) is not Not:
        return None, []
    whom, rest = rule.rules[0].rule, any_of(rule.rules[1:])
    limits = list(rest.rules) if type(rest) is All else [rest]
    if not _is_people(whom) or not all(one is not None and _limits(one) for one in limits):
        return None, []
    return whom, [one for one in limits if one is not None]


def _said_of_some(rule: Rule) -> tuple[Rule | None, list[Predicate]]:
    """Return who they are and which limits keep them out, where a rule keeps out some alone."""
    if type(rule) is Predicate:
        return None, [rule] if _is_limit(rule) and (rule.population is not None or rule.qualifier) else []
    if type(rule) is not All:
        return None, []
    whom = all_of([one for one in rule.rules if not _limits(one)])
    asked = [one for one in rule.rules if _limits(one)]
    if whom is None or len(asked) != 1 or not _is_people(whom):
        return None, []
    limits = asked[0].rules if type(asked[0]) is AnyOf else asked
    found = [one for one in limits if type(one) is Predicate]
    return (whom, found) if len(found) == len(limits) else (None, [])


def _is_people(rule: Rule) -> bool:
    """Return whether a rule says what people have, and no limit of theirs."""
    return all(type(one) is Predicate and one.kind != "measurement" for one in leaves(rule))


def _is_limit(rule: Rule) -> bool:
    return type(rule) is Predicate and rule.kind == "measurement" and rule.op in _UNDER | _OVER


def _limits(rule: Rule) -> list[Predicate]:
    """Return the limits of which a rule is made, or nothing where it is made of more."""
    found = [one for one in leaves(rule) if type(one) is Predicate and _is_limit(one)]
    return found if type(rule) is not Not and len(found) == len(list(leaves(rule))) else []


def _whole(rules: Iterable[Rule]) -> list[Rule]:
    found = all_of(rules)
    return [] if found is None else [found]


def _is_within(one: Rule, other: Rule) -> bool:
    """Return whether whoever meets the first, a limit for everybody, meets the second."""
    ours, theirs = _limits(one), _limits(other)
    if type(one) is not type(other) or len(ours) != len(theirs) or not ours:
        return False
    return all(
        first.population is None and _is_stricter(first, second) for first, second in zip(ours, theirs, strict=True)
    )


def _of_less(special: Predicate, general: Predicate, whom: Rule | None) -> bool:
    """Return whether the limit of some says nothing beside the general one, unless it lifts that."""
    if general.population is not None or general is special or not _is_stricter(special, general):
        return False
    told = set(special.qualifier) - set(general.qualifier)
    return whom is not None or special.population is not None or bool(told)


def _is_stricter(one: Predicate, other: Predicate) -> bool:
    """Return whether a limit on the same variable lies within another."""
    if one.name != other.name or one.relative_to != other.relative_to or (one.unit or other.unit) != other.unit:
        return False
    low, high = one.value, other.value
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    return (one.op in _UNDER and other.op in _UNDER and low < high) or (
        one.op in _OVER and other.op in _OVER and low > high
    )
