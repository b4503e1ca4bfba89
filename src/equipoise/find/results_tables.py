"""
Tables of posted results: the one structure that all parts of the results share.

A table has a column for each group and rows of cells. A number whose group is not known, or
whose group id names two groups, stands in a column of its own, "Unnamed group": it is never
dropped, and never guessed into a column. Fields that end in ``_markup`` hold CommonMark as
published; everything else is plain text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from equipoise.find.facts import MOST_BESIDE
from equipoise.terms.enums import term_of
from equipoise.terms.fields import field

UNNAMED = "Unnamed group"

# The kinds of a row: figures, a heading over the rows beneath it, how many were analyzed.
VALUES, HEADING, ANALYZED = "values", "heading", "analyzed"


class Fact(msgspec.Struct, frozen=True):
    """A labelled statement: plain text, or CommonMark in ``text_markup``."""

    label: str
    text: str = ""
    text_markup: str = ""


class GroupView(msgspec.Struct, frozen=True):
    """A group of participants, as its description beside the tables says."""

    title: str
    description_markup: str = ""


class Note(msgspec.Struct, frozen=True):
    """A footnote; cells and rows point to it by its mark."""

    mark: str
    text_markup: str


class Cell(msgspec.Struct, frozen=True):
    """A figure, the share it makes, a second figure in small type, and footnote marks."""

    text: str = ""
    percent: str = ""
    detail: str = ""
    notes: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A row: its header, how deep it is nested, what kind it is, and a cell for each column."""

    header: str
    detail: str = ""
    level: int = 0
    kind: str = VALUES
    notes: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """A table; every row that is not a heading has as many cells as there are columns."""

    caption: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def many(self) -> bool:
        """Whether the columns are too many to stand beside each other on paper."""
        return len(self.columns) > MOST_BESIDE


class Figure(msgspec.Struct, frozen=True):
    """What a record states for one cell, before its comment becomes a footnote."""

    text: str = ""
    percent: str = ""
    detail: str = ""
    comment: str | None = None


class AnyGroup(Protocol):
    """A group of participants in any part of the results."""

    @property
    def id(self) -> str | None:
        """What figures call the group."""

    @property
    def title(self) -> str | None:
        """What readers call the group."""

    @property
    def description(self) -> str | None:
        """What happened to the group, in CommonMark."""


def name_group(group_id: str | None) -> str:
    """Return what to call a group that has no title.

    >>> name_group("OG003"), name_group(None)
    ('Unnamed group (OG003)', 'Unnamed group')
    """
    return f"{UNNAMED} ({group_id})" if group_id else UNNAMED


def view_groups(groups: Iterable[AnyGroup]) -> tuple[GroupView, ...]:
    """Return the groups with their descriptions; one that is stated twice alike stands once."""
    return tuple(
        GroupView(group.title or name_group(group.id), group.description or "") for group in dict.fromkeys(groups)
    )


def group_places(groups: Sequence[AnyGroup]) -> dict[str, int]:
    """Return the place of each group id that names exactly one of *groups*."""
    uses = Counter(group.id for group in groups)
    return {group.id: place for place, group in enumerate(groups) if group.id and uses[group.id] == 1}


class Draft:
    """A table in the making; columns that no group accounts for are added as values need them."""

    def __init__(self, caption: str, groups: Iterable[AnyGroup]) -> None:
        distinct = tuple(dict.fromkeys(groups))
        self._caption = caption
        self._columns = [group.title or name_group(group.id) for group in distinct]
        self._places: dict[str | None, int] = dict(group_places(distinct).items())  # other ids join later
        self._rows: list[Row] = []
        self._marks: dict[str, str] = {}

    def add_heading(self, header: str, *, detail: str = "", level: int = 0, notes: Iterable[str | None] = ()) -> None:
        """Add a heading over the rows that follow."""
        self._rows.append(Row(header, detail, level, HEADING, self._mark(notes)))

    def add_row(
        self,
        header: str,
        figures: Iterable[tuple[str | None, Figure]],
        *,
        detail: str = "",
        level: int = 0,
        kind: str = VALUES,
        notes: Iterable[str | None] = (),
    ) -> None:
        """Add a row of *figures*, each with the id of its group."""
        marks = self._mark(notes)
        placed: dict[int, list[Figure]] = {}
        for group_id, figure in figures:
            if figure != Figure():
                placed.setdefault(self._place(group_id), []).append(figure)
        cells = tuple(self._cell(placed.get(place, [])) for place in range(len(self._columns)))
        self._rows.append(Row(header, detail, level, kind, marks, cells))

    def table(self) -> Table:
        """Return the table, each row as wide as the last column needs."""
        width = len(self._columns)
        rows = tuple(
            row
            if row.kind == HEADING or len(row.cells) == width
            else msgspec.structs.replace(row, cells=row.cells + (Cell(),) * (width - len(row.cells)))
            for row in self._rows
        )
        notes = tuple(Note(mark, text) for text, mark in self._marks.items())
        return Table(self._caption, tuple(self._columns), rows, notes)

    def _place(self, group_id: str | None) -> int:
        if group_id not in self._places:
            self._places[group_id] = len(self._columns)
            self._columns.append(name_group(group_id))
        return self._places[group_id]

    def _mark(self, comments: Iterable[str | None]) -> tuple[str, ...]:
        stated = dict.fromkeys(comment for comment in comments if comment)
        return tuple(self._marks.setdefault(comment, footnote_mark(len(self._marks))) for comment in stated)

    def _cell(self, figures: Sequence[Figure]) -> Cell:
        marks = self._mark(figure.comment for figure in figures)
        if len(figures) == 1:
            return Cell(figures[0].text, figures[0].percent, figures[0].detail, marks)
        # A group with two figures for one row: both are shown, since neither is known to be the right one.
        texts = (f"{f.text} ({f.percent})" if f.percent else f.text for f in figures)
        details = (f.detail for f in figures if f.detail)
        return Cell("; ".join(texts), "", "; ".join(details), marks)


def footnote_mark(place: int) -> str:
    """Return the mark of a footnote: a to z, then aa, ab and so on.

    >>> footnote_mark(0), footnote_mark(25), footnote_mark(26)
    ('a', 'z', 'aa')
    """
    mark = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        mark = chr(ord("a") + rest) + mark
    return mark


def label_of(piece: str) -> str:
    """Return the label of a field, without the name of the part that it stands in.

    >>> label_of("OutcomeAnalysisStatisticalMethod"), label_of("EventsFrequencyThreshold")
    ('Method', 'Frequency threshold (%)')
    """
    words = field(piece).label.rpartition(": ")[2]
    return words[:1].upper() + words[1:]


def words_of(piece: str, value: str | None) -> str:
    """Return the words for a value of the field *piece*, or nothing for no value."""
    return term_of(piece, value).short if value else ""


def view_facts(texts: dict[str, str | None], markups: dict[str, str | None]) -> tuple[Fact, ...]:
    """Return a fact for each of *texts* and *markups* (by field) that the record states."""
    plain = (Fact(label_of(piece), text) for piece, text in texts.items() if text)
    marked = (Fact(label_of(piece), "", text) for piece, text in markups.items() if text)
    return (*plain, *marked)


def lower_first(words: str) -> str:
    """Return *words* without their capital, for the middle of a sentence; acronyms keep theirs.

    >>> lower_first("Standard deviation"), lower_first("IQR")
    ('standard deviation', 'IQR')
    """
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
