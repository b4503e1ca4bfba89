"""The formats that studies come in."""

from __future__ import annotations

from equipoise.errors import UserError
from equipoise.sources.ctgov import CtgovJson
from equipoise.sources.ctgov_xml import CtgovXml
from equipoise.sources.incoming import Source
from equipoise.sources.meddatax import MeddataxPage
from equipoise.sources.trialx import TrialxPage

# The fuller source first: of two versions updated on one day, its version is the current one.
SOURCES: tuple[Source, ...] = (CtgovJson(), CtgovXml(), MeddataxPage(), TrialxPage())

FULLNESS = {source.name: len(SOURCES) - place for place, source in enumerate(SOURCES)}


def recognise(data: bytes) -> Source | None:
    """Return the source whose format *data* has, or None."""
    return next((source for source in SOURCES if source.recognises(data)), None)


def source_named(name: str) -> Source:
    """Return the source with this name.

    Raises:
        UserError: there is none.
    """
    for source in SOURCES:
        if source.name == name:
            return source
    names = ", ".join(source.name for source in SOURCES)
    raise UserError(f"No source is named {name!r}", next=f"Choose one of: {names}.")
