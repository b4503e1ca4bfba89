"""Participant flow in pictures: one scale, true numbers, words that do not lie on each other."""

from __future__ import annotations

import itertools
import re

import pytest

from equipoise.find.flow import MOST_GROUPS, WIDTH, draw_flow
from equipoise.records.results import DropWithdraw, FlowCount, Group, Milestone, ParticipantFlow, Period


def counts(*numbers: str) -> tuple[FlowCount, ...]:
    return tuple(FlowCount(f"FG00{at}", None, number) for at, number in enumerate(numbers))


def period(title: str, *rows: tuple[str, ...], reasons: tuple[tuple[str, ...], ...] = ()) -> Period:
    names = ("STARTED", "COMPLETED", "NOT COMPLETED")
    return Period(
        title,
        tuple(Milestone(name, None, counts(*row)) for name, row in zip(names, rows, strict=False)),
        tuple(DropWithdraw(name, None, counts(*numbers)) for name, *numbers in reasons),
    )


def flow(*periods: Period, groups: int = 2) -> ParticipantFlow:
    return ParticipantFlow(groups=tuple(Group(f"FG00{at}", f"Group {at}") for at in range(groups)), periods=periods)


TWO = flow(
    period("Treatment", ("100", "50"), ("80", "50"), ("20", "0"),
           reasons=(("Lost to Follow-up", "5", "0"), ("Adverse Event", "15", "0"))),
    period("Follow-up", ("80", "50"), ("75", "49"), ("5", "1")),
)  # fmt: skip


def wide(path: str) -> float:
    return float(re.match(r"M0 [\d.]+h([\d.]+)", path)[1])  # type: ignore[index]


def test_each_group_has_a_picture_and_a_sentence() -> None:
    """The words have every number: who started, completed, left, and why, most frequent first."""
    drawn = draw_flow(TWO)
    assert drawn is not None
    assert [group.words for group in drawn.groups] == [
        "Group 0. Treatment: 100 started, 80 completed, 20 did not complete (Adverse Event 15, Lost to Follow-up 5); "
        "Follow-up: 80 started, 75 completed, 5 did not complete.",
        "Group 1. Treatment: 50 started, 50 completed; Follow-up: 50 started, 49 completed, 1 did not complete.",
    ]


def test_bars_are_as_long_as_their_numbers_in_all_groups() -> None:
    """Half as many people make a bar half as long, in another group too."""
    drawn = draw_flow(TWO)
    assert drawn is not None
    first, second = ([wide(s.path) for s in group.shapes if s.kind == "count"] for group in drawn.groups)
    assert [round(value / first[0], 2) for value in first] == [1.0, 0.8, 0.8, 0.75]
    assert [round(value / first[0], 2) for value in second] == [0.5, 0.5, 0.5, 0.49]


def test_words_have_lines_of_their_own() -> None:
    """No two lines of a picture lie on each other, and all are within it."""
    reasons = tuple((f"A reason with many words that takes more than a line, number {n}", str(9 - n)) for n in range(9))
    drawn = draw_flow(flow(period("One", ("100",), ("55",), ("45",), reasons=reasons), groups=1))
    assert drawn is not None
    [group] = drawn.groups
    lines = sorted(text.y for text in group.texts)
    assert all(low - high >= 14 for high, low in itertools.pairwise(lines))
    assert 0 < lines[0] < lines[-1] < group.height
    assert all(text.x + 6.6 * len(text.text) < WIDTH + 12 for text in group.texts)
    assert "and for 3 more reasons" in [text.text for text in group.texts]


def test_a_title_stands_only_where_there_are_several_periods() -> None:
    """ "Overall Study" says nothing beside the group's own name."""
    drawn = draw_flow(flow(period("Overall Study", ("10",), ("10",), ("0",)), groups=1))
    assert drawn is not None
    assert not [text for text in drawn.groups[0].texts if text.kind == "period"]


@pytest.mark.parametrize("groups", [MOST_GROUPS, MOST_GROUPS + 1])
def test_many_groups_are_left_to_the_table(groups: int) -> None:
    """Up to eight groups have pictures; for more a sentence says why there is none."""
    numbers = tuple("7" for _ in range(groups))
    drawn = draw_flow(flow(period("All", numbers, numbers, numbers), groups=groups))
    assert drawn is not None
    assert len(drawn.groups) == (groups if groups <= MOST_GROUPS else 0)
    assert bool(drawn.instead) is (groups > MOST_GROUPS)


def test_what_is_no_number_is_not_drawn() -> None:
    """A count that is text, doubled or missing is left to the table, and nothing breaks."""
    assert draw_flow(flow(period("All", ("NA", "about 5"), ("3", "2"), ("0", "0")))) is None
    doubled = ParticipantFlow(
        groups=(Group("FG000", "A"), Group("FG000", "B")), periods=(period("All", ("5",), ("5",), ("0",)),)
    )
    assert draw_flow(doubled) is None
    assert draw_flow(ParticipantFlow()) is None


def test_a_group_that_joins_later_has_its_own_period_alone() -> None:
    """A period in which nobody of a group started is not drawn for it."""
    drawn = draw_flow(
        flow(period("One", ("9", "0"), ("9", "0"), ("0", "0")), period("Two", ("0", "4"), ("0", "4"), ("0", "0")))
    )
    assert drawn is not None
    assert [[text.text for text in group.texts if text.kind == "period"] for group in drawn.groups] == [
        ["One"],
        ["Two"],
    ]


def test_a_step_that_is_not_stated_is_not_made_up() -> None:
    """Without a number of those who completed there is no bar for it, and the words do not say one."""
    drawn = draw_flow(flow(Period("All", (Milestone("STARTED", None, counts("9")),)), groups=1))
    assert drawn is not None
    assert drawn.groups[0].words == "Group 0. 9 started."
    assert len([shape for shape in drawn.groups[0].shapes if shape.kind == "count"]) == 1
