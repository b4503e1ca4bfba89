"""Values of enumerations and flags as people write them in a search."""

from __future__ import annotations

from functools import cache

from equipoise.errors import QueryError
from equipoise.find.expressions import Span
from equipoise.find.suggest import meant
from equipoise.terms.enums import enumerations
from equipoise.terms.fields import Field

_YES, _NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
_DATED = ("DateType", "EnrollmentType")


@cache
def _known(enum: str) -> dict[str, str]:
    """Return the values of an enumeration by how they may be written, in lower case without marks."""
    named: dict[str, str] = {}
    for value, known in enumerations()[enum].items():
        for written in (value, known.label, known.short):
            named.setdefault(_plain(written), value)
    if enum in _DATED:
        # What the registry called them before 2023.
        named |= {"anticipated": "ESTIMATED", "estimate": "ESTIMATED"}
    return named


def _plain(written: str) -> str:
    return "".join(mark for mark in written.casefold() if mark.isalnum())


def find_choice(field: Field, written: str) -> str | None:
    """Return the value of an enumeration or flag that is meant, as published, or None.

    >>> from equipoise.terms.fields import field
    >>> find_choice(field("Phase"), "Phase 3"), find_choice(field("HealthyVolunteers"), "yes")
    ('PHASE3', 'true')
    """
    if field.type == "boolean":
        plain = written.strip().casefold()
        return "true" if plain in _YES else "false" if plain in _NO else None
    return _known(field.enum).get(_plain(written)) if field.enum else None


def read_choice(field: Field, written: str, *, text: str, span: Span) -> str:
    """Return the value of an enumeration or flag that is meant, as published.

    Raises:
        QueryError: there is none; the known ones are listed.
    """
    found = find_choice(field, written)
    if found is not None:
        return found
    if field.type == "boolean":
        raise QueryError(f"{field.piece} is true or false", text=text, span=span, next="Write true or false.")
    assert field.enum is not None
    values = list(enumerations()[field.enum])
    hint = meant(written.strip().replace(" ", "_"), values)
    raise QueryError(
        f"Unknown value for enum field `{field.piece}`: {written.strip()[:60]}",
        text=text,
        span=span,
        next=f"{hint} Allowed values: {', '.join(values)}.".strip(),
    )
