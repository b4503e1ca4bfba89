"""Small pieces of a page: a labelled value, with words instead of codes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from equipoise.records.study import DateStruct
from equipoise.terms.enums import term_of
from equipoise.terms.fields import field

# So many groups of a study stand beside each other on paper.
MOST_BESIDE = 5


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value in words, with a sentence that explains it."""

    text: str
    help: str = ""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A labelled row of a page. ``key`` is the field's piece name; ``markup`` is CommonMark, after the words."""

    key: str
    label: str
    words: tuple[Word, ...] = ()
    markup: str = ""
    help: str = ""


def word(piece: str, value: str | None) -> Word | None:
    """Return an enumerated value in words, or None where it is not stated.

    >>> word("DesignAllocation", "NA").text
    'Not applicable (single group)'
    """
    if value is None:
        return None
    known = term_of(piece, value)
    return Word(known.short, known.help)


def words(piece: str, values: Iterable[str]) -> tuple[Word, ...]:
    """Return enumerated values in words."""
    return tuple(one for value in values if (one := word(piece, value)))


def fact(piece: str, *said: Word | str | None, markup: str | None = None) -> Fact | None:
    """Return the row for a field, or None where nothing is stated."""
    shown = tuple(Word(one) if isinstance(one, str) else one for one in said if one)
    if not shown and not markup:
        return None
    known = field(piece)
    return Fact(piece, known.label, shown, markup or "", known.help)


def enum_fact(piece: str, value: str | None) -> Fact | None:
    """Return the row for an enumerated field."""
    return fact(piece, word(piece, value))


def flag_fact(piece: str, value: bool | None) -> Fact | None:
    """Return the row for a yes-or-no field."""
    return None if value is None else fact(piece, "Yes" if value else "No")


def date_words(stated: DateStruct, piece: str) -> str | None:
    """Return a date with its kind in words, such as ``1 October 2025 (estimated)``."""
    if stated.date is None:
        return None
    kind = term_of(piece, stated.type).short.lower() if stated.type else ""
    return f"{stated.date.words()} ({kind})" if kind else stated.date.words()


def date_fact(piece: str, stated: DateStruct) -> Fact | None:
    """Return the row for a date; *piece* is the date's own (``StartDate``), its kind's is ``…Type``."""
    return fact(piece, date_words(stated, f"{piece}Type"))


def present(*facts: Fact | None) -> tuple[Fact, ...]:
    """Return the rows that state something."""
    return tuple(one for one in facts if one)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> plural(1, "site"), plural(1200, "country", "countries")
    ('1 site', '1,200 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
