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
    ``nested``: its entries can be searched one by one; ``synonyms``: the registry seeks other
    words for what is sought there as well.
    """

    path: str
    piece: str
    type: str
    kind: str
    is_enum: bool
    label: str
    help: str
    max_chars: int | None = None
    nested: bool = False
    synonyms: bool = False

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
            is_enum="enum" in row["flags"].split(),
            label=row["label"],
            help=row["help"],
            max_chars=int(row["max"]) if row["max"] else None,
            nested="nested" in row["flags"].split(),
            synonyms="synonyms" in row["flags"].split(),
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


class FieldNames(msgspec.Struct, frozen=True):
    """What else the registry says of a field: names in its older formats, whether a record must state it,
    where it is defined, and from what it is worked out."""

    also: tuple[str, ...] = ()
    need: str = ""
    definition: str = ""
    worked_out: str = ""


@cache
def _names() -> dict[str, FieldNames]:
    return {
        row["piece"]: FieldNames(tuple(row["also"].split()), row["need"], row["definition"], row["worked_out"])
        for row in read_table("field_names")
    }


def field_names(piece: str) -> FieldNames:
    """Return the further names of a field.

    >>> field_names("BriefTitle").also
    ('BRIEF-TITLE',)
    """
    return _names().get(piece, FieldNames())


@cache
def _by_other_name() -> dict[str, Field]:
    return {name: field(piece) for piece, names in _names().items() for name in names.also}


def find_field(name: str) -> Field | None:
    """Return the field with this piece name, path or name in an older format, or None.

    >>> find_field("BRIEF-TITLE") == find_field("BriefTitle")
    True
    """
    return _by_piece().get(name) or _by_path().get(name) or _by_other_name().get(name)
