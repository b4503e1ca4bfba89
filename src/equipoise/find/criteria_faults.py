"""The faults of a study's criteria that a reader should see, each with the criterion it stands at."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.records import Criterion
from equipoise.find.criteria import Note
from equipoise.records.study import Study


def find_faults(text: str, criteria: Sequence[Criterion], study: Study | None) -> tuple[tuple[str, Note], ...]:
    """Return what is at fault in criteria."""
    return ()
