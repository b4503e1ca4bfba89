"""Moments as the desk keeps them: UTC, to the second, as text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def stamp(moment: datetime) -> str:
    """Return a moment as it is kept.

    >>> stamp(datetime.fromisoformat("2026-01-15T09:40+01:00"))
    '2026-01-15T08:40:00Z'
    """
    return moment.astimezone(UTC).strftime(_FORM)


def moment_of(stamped: str) -> datetime:
    """Return the moment that was kept.

    >>> moment_of("2026-01-15T08:40:00Z").isoformat()
    '2026-01-15T08:40:00+00:00'
    """
    return datetime.strptime(stamped, _FORM).replace(tzinfo=UTC)
