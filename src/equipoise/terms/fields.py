"""
The registry's fields, from the table ``terms/data/fields.tsv``.

A field has a *piece* name (``BriefTitle``) that is unique and a *path* in the published
JSON. Names, types and limits are those of the ClinicalTrials.gov data structure 2.0.5;
labels and help are ours.
"""

from __future__ import annotations

from functools import cache

import msgspec

from equipoise.terms.tables import read_table


class Field(msgspec.Struct, frozen=True):
    """One field of the registry's study structure.

    ``type`` is the registry's own: ``text``, ``markup``, ``boolean``, ``integer``, a date or
    time type, an enumeration's name, or a structure's; ``[]`` at its end means a list.
    """

    path: str
    piece: str
    type: str
    kind: str
    is_enum: bool
    label: str
    help: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def is_list(self) -> bool:
        """Whether the field holds several values."""
        return self.type.endswith("[]")

    @property
    def is_struct(self) -> bool:
        """Whether the field holds other fields."""
        return self.kind == "struct"

    @property
    def enum(self) -> str | None:
        """The enumeration its values come from, if any."""
        return self.type.removesuffix("[]") if self.is_enum else None


@cache
def fields() -> tuple[Field, ...]:
    """Return every field, in the order of the registry's structure."""
    return tuple(
        Field(
            path=row["path"],
            piece=row["piece"],
            type=row["type"],
            kind=row["kind"],
            is_enum="enum" in row["flags"],
            label=row["label"],
            help=row["help"],
        )
        for row in read_table("fields")
    )


@cache
def _by_piece() -> dict[str, Field]:
    return {field.piece: field for field in fields()}


@cache
def _by_path() -> dict[str, Field]:
    return {field.path: field for field in fields()}


def field(piece: str) -> Field:
    """Return the field with this piece name.

    >>> field("OverallStatus").path
    'protocolSection.statusModule.overallStatus'

    Raises:
        KeyError: no field has that name.
    """
    return _by_piece()[piece]


def field_at(path: str) -> Field | None:
    """Return the field at this path of the published JSON, or None."""
    return _by_path().get(path)
