"""What was made of the resources: how many were used, and how many were not, by type and reason, without a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from equipoise.sources.fhir.resource_types import TYPES


class NotUsed(Exception):
    """Raised by a reader over a resource of which nothing is used; the message is the reason, in our words."""


class Report(msgspec.Struct, frozen=True):
    """
    How many resources were used, were not used and why, and of how many a part was left out.

    >>> print(Report({"Patient": 1}, {("Observation", "without a value"): 12}))
    Observation without a value: 12
    """

    used: Mapping[str, int] = {}
    unused: Mapping[tuple[str, str], int] = {}
    partly: Mapping[tuple[str, str], int] = {}

    @property
    def total(self) -> int:
        """How many resources were read."""
        return sum(self.used.values()) + sum(self.unused.values())

    def __add__(self, other: Report) -> Report:
        return Report(
            dict(Counter(self.used) + Counter(other.used)),
            dict(Counter(self.unused) + Counter(other.unused)),
            dict(Counter(self.partly) + Counter(other.partly)),
        )

    def __str__(self) -> str:
        lines = [f"{kind} {reason}: {count}" for (kind, reason), count in sorted(self.unused.items())]
        lines += [f"{kind}, in part: {reason}: {count}" for (kind, reason), count in sorted(self.partly.items())]
        return "\n".join(lines)


class Tally:
    """A report in the making."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._unused: Counter[tuple[str, str]] = Counter()
        self._partly: Counter[tuple[str, str]] = Counter()

    def used(self, kind: str) -> None:
        """Count a resource of which something was used."""
        self._used[known_type(kind)] += 1

    def unused(self, kind: str, reason: str) -> None:
        """Count a resource of which nothing was used."""
        self._unused[known_type(kind), reason] += 1

    def partly(self, kind: str, reason: str) -> None:
        """Count something that was left out of a resource that is used."""
        self._partly[known_type(kind), reason] += 1

    def report(self) -> Report:
        """Return the report so far."""
        return Report(dict(self._used), dict(self._unused), dict(self._partly))


def known_type(kind: object) -> str:
    """Return a type of R4; anything else may be what a patient is called, and has no place in a report.

    >>> known_type("Patient"), known_type("Jane Roe")
    ('Patient', 'A resource of no type of R4')
    """
    return kind if isinstance(kind, str) and kind in TYPES else "A resource of no type of R4"
