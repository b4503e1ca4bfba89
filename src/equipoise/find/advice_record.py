"""A question that a record leaves open, and where a reader looks to judge it."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where to look: the anchor of a section of the study's page, its name, and what stands there."""

    section: str
    label: str
    words: str


class Advice(msgspec.Struct, frozen=True):
    """One question. ``name`` is the check's; a question never says that something is wrong."""

    name: str
    question: str
    places: tuple[Place, ...]


_MOST = 220


def quoted(text: str, *, at: int = 0, most: int = _MOST) -> str:
    """Return words of a record in quotation marks; of a long text, the words around the place *at*.

    >>> quoted("Time from onset to treatment", most=16)
    '“Time from onset …”'
    >>> quoted("Patients are treated within 6 hours of onset of stroke.", at=30, most=24)
    '“… 6 hours of onset of …”'
    """
    if len(text) > most:
        start = max(0, min(at - most // 3, len(text) - most))
        start = text.find(" ", start) if start else 0
        end = start + most
        cut = end < len(text)
        kept = text[start:end].rpartition(" ")[0] if cut else text[start:end]
        text = f"{'… ' if start else ''}{kept.strip()}{' …' if cut else ''}"
    return f"“{' '.join(text.split())}”"
