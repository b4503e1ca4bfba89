"""
The flow of participants as pictures: for each group who started, who completed, and who left for which reason.

Each group has a picture of its own, drawn to one scale, so that groups compare; the tables beside them have every
figure. What is not a whole number, or names no one group, is left to the tables.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import msgspec

from equipoise.find.results_tables import group_places, name_group
from equipoise.records.results import FlowCount, ParticipantFlow, Period

# More groups than this are easier to read in a table.
MOST_GROUPS = 8
WIDTH = 300

_BAND = 104.0  # how wide the band of the largest group is
_TEXT = 122.0  # where words begin
_LINE = 15.0
_LETTERS = 27  # how many fit on a line of words
_MOST_REASONS = 6
_HEAD, _BAR, _LEAST = 21.0, 17.0, 40.0

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class Text(msgspec.Struct, frozen=True):
    """A line of words; ``kind`` is ``period``, ``count``, ``lost`` or ``reason``."""

    x: float
    y: float
    text: str
    kind: str


class Shape(msgspec.Struct, frozen=True):
    """A path; ``kind`` is ``count`` (people at a step), ``stay`` (who went on) or ``lost`` (who left)."""

    path: str
    kind: str


class GroupFlow(msgspec.Struct, frozen=True):
    """The flow of one group, ``height`` units high, and the same in a sentence."""

    title: str
    words: str
    height: int
    shapes: tuple[Shape, ...]
    texts: tuple[Text, ...]


class FlowPictures(msgspec.Struct, frozen=True):
    """The flow of each group, or in ``instead`` why there is no picture of it."""

    groups: tuple[GroupFlow, ...]
    instead: str = ""


class _Stage(msgspec.Struct, frozen=True):
    """A period of one group in numbers; None is what the record does not state as a whole number."""

    title: str
    started: int
    completed: int | None
    lost: int | None
    reasons: tuple[tuple[str, int], ...]


def draw_flow(flow: ParticipantFlow) -> FlowPictures | None:
    """Return the pictures of participant flow, or None where no group's numbers are stated."""
    if len(dict.fromkeys(flow.groups)) > MOST_GROUPS:
        many = len(dict.fromkeys(flow.groups))
        return FlowPictures((), f"There are {many} groups: too many for a picture. The table has their numbers.")
    stages = {group: tuple(_stages(flow, group)) for group in group_places(tuple(dict.fromkeys(flow.groups)))}
    most = max((one.started for several in stages.values() for one in several), default=0)
    if not most:
        return None
    titles = {group.id: group.title or name_group(group.id) for group in flow.groups}
    return FlowPictures(tuple(_Drawing(most).group(titles[group], several) for group, several in stages.items()))


def _stages(flow: ParticipantFlow, group: str) -> Iterator[_Stage]:
    for period in flow.periods:
        counts = {milestone.type: _count(milestone.achievements, group) for milestone in period.milestones}
        started = counts.get("STARTED")
        if started:
            yield _Stage(
                title=(period.title or "") if len(flow.periods) > 1 else "",
                started=started,
                completed=counts.get("COMPLETED"),
                lost=counts.get("NOT COMPLETED"),
                reasons=_reasons(period, group),
            )


def _reasons(period: Period, group: str) -> tuple[tuple[str, int], ...]:
    counted = [(one.type or "Reason not stated", _count(one.reasons, group) or 0) for one in period.drop_withdraws]
    return tuple(sorted((one for one in counted if one[1]), key=lambda one: -one[1]))


def _count(counts: Iterable[FlowCount], group: str) -> int | None:
    """Return the one whole number that is stated for a group."""
    found = [one.num_subjects or "" for one in counts if one.group_id == group]
    return int(found[0]) if len(found) == 1 and _NUMBER.fullmatch(found[0]) else None


def _say(title: str, stages: tuple[_Stage, ...]) -> str:
    """Return a group's flow in words."""
    parts = []
    for one in stages:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in one.reasons)
        said = [f"{one.started:,} started"]
        said += [f"{one.completed:,} completed"] if one.completed is not None else []
        said += [f"{one.lost:,} did not complete{f' ({reasons})' if reasons else ''}"] if one.lost else []
        parts.append((f"{one.title}: " if one.title else "") + ", ".join(said))
    return f"{title}. {'; '.join(parts) or 'No one started'}."


class _Drawing:
    """A group's picture in the making, from the top down; *most* people are the widest band."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._y = 4.0
        self._shapes: list[Shape] = []
        self._texts: list[Text] = []

    def group(self, title: str, stages: tuple[_Stage, ...]) -> GroupFlow:
        """Return the picture."""
        for at, stage in enumerate(stages):
            self._stage(stage, first=at == 0)
        if not stages:
            self._texts.append(Text(0, self._y + _BAR - 4, "No one started", "count"))
            self._y += _BAR
        height = int(self._y) + 8
        return GroupFlow(title, _say(title, stages), height, tuple(self._shapes), tuple(self._texts))

    def _wide(self, count: int) -> float:
        return max(2.0, round(_BAND * count / self._most, 1)) if count else 0.0

    def _stage(self, stage: _Stage, *, first: bool) -> None:
        if stage.title:
            self._y += 0 if first else 8
            for line in _lines(stage.title, letters=44, most=2):
                self._texts.append(Text(0, self._y + 12, line, "period"))
                self._y += _LINE
            self._y += 5
        self._bar(stage.started, "started")
        top = self._y
        lines = list(self._lost(stage))
        self._y = top + max(_LEAST, len(lines) * _LINE + 12)
        if stage.completed is not None:
            self._bands(stage, top)
            self._bar(stage.completed, "completed")

    def _bar(self, count: int, word: str) -> None:
        wide = self._wide(count)
        if wide:
            self._shapes.append(Shape(f"M0 {self._y:g}h{wide:g}v{_BAR:g}h-{wide:g}z", "count"))
        self._texts.append(Text(_TEXT, self._y + _BAR - 4, f"{count:,} {word}", "count"))
        self._y += _BAR

    def _lost(self, stage: _Stage) -> Iterator[str]:
        """Write down who left, and why; yield each line."""
        if not stage.lost:
            return
        lines = [(f"{stage.lost:,} did not complete", "lost")]
        for reason, count in stage.reasons[:_MOST_REASONS]:
            lines += [(line, "reason") for line in _lines(f"{count:,} {reason}", letters=_LETTERS, most=2)]
        more = len(stage.reasons) - _MOST_REASONS
        lines += [(f"and for {more} more {'reason' if more == 1 else 'reasons'}", "reason")] if more > 0 else []
        for at, (line, kind) in enumerate(lines):
            self._texts.append(Text(_TEXT + (0 if kind == "lost" else 8), self._y + 17 + at * _LINE, line, kind))
            yield line

    def _bands(self, stage: _Stage, top: float) -> None:
        """Draw who went on as a band downward, and who left as one that turns to the right."""
        assert stage.completed is not None
        wide, left, end = self._wide(stage.started), self._wide(stage.completed), self._y
        self._shapes.append(Shape(f"M0 {top:g}h{min(wide, left):g}v{end - top:g}h-{min(wide, left):g}z", "stay"))
        if stage.lost and wide > left:
            # It narrows to the words about those who left.
            turn = top + 13
            half = min(8.0, (wide - left) / 2)
            self._shapes.append(
                Shape(
                    f"M{left:g} {top:g}H{wide:g}Q{wide:g} {turn - half:g} {_TEXT - 6:g} {turn - half:g}"
                    f"V{turn + half:g}Q{left:g} {turn + half:g} {left:g} {top:g}z",
                    "lost",
                )
            )


def _lines(text: str, *, letters: int, most: int) -> list[str]:
    """Return words on lines of a picture; what finds no room ends in an ellipsis, and is in the table.

    >>> _lines("12 Withdrawal by Subject", letters=14, most=2)
    ['12 Withdrawal', 'by Subject']
    """
    return textwrap.wrap(" ".join(text.split()), letters, max_lines=most, placeholder=" …") or [""]
