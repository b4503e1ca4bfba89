"""A fact as it is being read: everything but its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from equipoise.notes.sentences import Span
from equipoise.records.moments import Moment
from equipoise.records.patient import Assertion, Fact, FactConcept, FactKind, Number, SourceSpan

DOCUMENT = "note"


class Draft(msgspec.Struct, kw_only=True):
    """What will be a fact; ``span`` is the words of the note that state it."""

    kind: FactKind
    name: str
    span: Span
    codes: Mapping[str, str] = {}
    value: Number | str | None = None
    unit: str | None = None
    range: tuple[Number | None, Number | None] | None = None
    when: Moment | None = None
    until: Moment | None = None
    assertion: Assertion = "present"
    qualifier: tuple[str, ...] = ()
    alteration: str | None = None


def facts_of(drafts: Iterable[Draft]) -> tuple[Fact, ...]:
    """Return the facts of drafts, in the order of the note, numbered ``f1``, ``f2`` …"""
    ordered = sorted(drafts, key=lambda one: one.span)
    return tuple(
        Fact(
            id=f"f{number}",
            kind=one.kind,
            concept=FactConcept(one.name, dict(one.codes)) if one.name else None,
            value=one.value,
            unit=one.unit,
            range=one.range,
            when=one.when,
            until=one.until,
            assertion=one.assertion,
            qualifier=one.qualifier,
            alteration=one.alteration,
            source=SourceSpan(DOCUMENT, one.span),
        )
        for number, one in enumerate(ordered, 1)
    )
