"""What a source shows that the registry's structure has no field for, beside the record."""

from __future__ import annotations

from typing import Literal

import msgspec


class ListedTrial(msgspec.Struct, frozen=True, omit_defaults=True):
    """A trial that a page offered as related, as it was shown there."""

    title: str
    number: str
    status: str | None = None
    phases: tuple[str, ...] = ()


MarkKind = Literal["inferred", "mended", "as shown"]


class Mark(msgspec.Struct, frozen=True):
    """A word on how a field came about.

    ``kind`` is ``inferred`` (worked out from the page), ``mended`` (a fault of the page
    undone) or ``as shown`` (the page does not say enough; nothing was guessed).
    ``piece`` is the field's piece name.
    """

    piece: str
    kind: MarkKind
    note: str


class Sidecar(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a page showed beside the record's own fields.

    ``coarse_status`` is a status that names no single value of the registry ("Non
    Recruiting"); ``overview`` is a page's own retelling and ``overview_by`` what the page
    says of its making ("Powered by AI").
    """

    coarse_status: str | None = None
    overview: str | None = None
    overview_by: str | None = None
    related: tuple[ListedTrial, ...] = ()
    marks: tuple[Mark, ...] = ()
