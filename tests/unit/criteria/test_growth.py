"""What a criterion costs grows with its length and its levels, counted in parts and steps rather than seconds."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.exceptions import sure_exceptions
from equipoise.rules.nodes import All, AnyOf, ConceptRef, Left, Predicate, Rule, Unless, changed, children

ASTHMA = Predicate(kind="condition", concept=ConceptRef("asthma"), span=(0, 6))


def parts(rule: Rule | None) -> int:
    """Return of how many different objects a rule is made; what stands in it twice is one."""
    found: dict[int, Rule] = {}
    waiting = [] if rule is None else [rule]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting += children(one)
    return len(found)


def doubled(levels: int, inner: Rule) -> Rule:
    """Return a rule that states its inner one twice at each level, as a head with its items in doubt does."""
    for level in range(levels):
        inner = AnyOf((All((ASTHMA, inner)), All((AnyOf((ASTHMA, inner)), Left((level, level + 1))))))
    return inner


def nested(levels: int, outer: str, inner: str, last: str) -> str:
    """Return a list within lists, so many levels deep, as an old record indents it."""
    items = [outer, *[inner] * (levels - 2), last]
    return "Any of the following:\n\n" + "\n\n".join(
        f"{' ' * 5 * level}- {item}" for level, item in enumerate(items, 1)
    )


def test_a_rule_is_changed_part_by_part() -> None:
    """Of twelve levels, each of which states its inner one twice, the one name is changed once."""
    asked: list[Predicate] = []

    def change(one: Predicate) -> Predicate:
        asked.append(one)
        return Predicate(kind="condition", concept=ConceptRef("fever"))

    rule = changed(doubled(12, ASTHMA), change)
    assert len(asked) == 1
    assert parts(rule) == parts(doubled(12, ASTHMA))


def test_exceptions_are_made_sure_part_by_part() -> None:
    """An exception deep in a list is doubted once, and what stands around it stays shared."""
    rule = doubled(12, Unless(Left((0, 3)), ASTHMA))
    assert parts(sure_exceptions(rule)) <= parts(rule) + 3


@pytest.mark.parametrize(
    ("outer", "inner", "last"),
    [
        ("Fever within 72 hours;", "Suffering from severe asthma or stroke;", "Pneumonia;"),
        ("Fever;", "Suffering from severe asthma;", "Cancer, except for foo carcinoma;"),
        ("Fever;", "Any foo except for surgery;", "Unspecified foo for more than 3 weeks, or asthma"),
        ("Fever;", "Known asthma;", "Unspecified foo for more than 3 weeks, or asthma"),
    ],
)
def test_each_level_of_a_list_adds_what_it_says(outer: str, inner: str, last: str) -> None:
    """The parts of a rule grow by so many with each level of lists within lists, where its leaves double."""
    made = [
        parts(compile_criteria(nested(levels, outer, inner, last), section="exclusion")[0].rule) for levels in (2, 4, 6)
    ]
    assert made[2] - made[1] <= 2 * (made[1] - made[0]), made
