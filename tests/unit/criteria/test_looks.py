"""Gates of looks and mends: which of them the words of a criterion open, alone and where several passes share them."""

from __future__ import annotations

import pytest

from equipoise.criteria.looks import Look, Looks, Mend, Mends, Whole
from equipoise.rules.nodes import All, ConceptRef, Not, Predicate

GOUT = Predicate(kind="condition", concept=ConceptRef("gout"))
ASTHMA = Predicate(kind="condition", concept=ConceptRef("asthma"))


def looks() -> Looks:
    """One look for each way in which a gate is opened; each finds a place of its own."""
    return Looks(
        Look(lambda whole: (1, 2), "even"),
        Look(lambda whole: (2, 3), parts="tox"),
        Look(lambda whole: (3, 4), marks="/"),
        Look(lambda whole: (4, 5), "both", joined=True),
        Look(lambda whole: (5, 6), "only", exclusion=True),
    )


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(
    ("text", "rule", "exclusion", "found"),
    [
        ("Even gout", GOUT, False, (1, 2)),
        ("Gout, neurotoxicity", GOUT, False, (2, 3)),
        ("Gout/asthma", GOUT, False, (3, 4)),
        ("Both gout and asthma", All((GOUT, ASTHMA)), False, (4, 5)),
        ("Both", GOUT, False, None),
        ("Only gout", GOUT, True, (5, 6)),
        ("Only gout", GOUT, False, None),
        ("Gout", GOUT, False, None),
    ],
)
def test_a_look_is_taken_where_a_word_opens_it(
    text: str, rule: Predicate | All, exclusion: bool, found: tuple[int, int] | None, shared: bool
) -> None:
    """What one pass finds by itself it finds as well beside others, whichever of them is asked first."""
    one, before, behind = looks(), Mends(Mend(lambda whole: whole.rule, "even", parts="only")), Looks()
    if shared:
        Looks.share(before, one, behind)
    whole = before.made(Whole(text, 0, rule, exclusion=exclusion))
    assert one.first(whole) == found
    assert behind.first(whole) is None


def test_a_mend_that_changes_nothing_leaves_what_was_told() -> None:
    """An equal rule is the same one: what was told of it need not be told again."""
    whole = Whole("No gout", 0, Not(GOUT), exclusion=True)
    assert whole.of(Not(GOUT)) is whole
    assert whole.of(GOUT) is not whole
