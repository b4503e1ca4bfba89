"""What every source of studies gives: the document, its typed view, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec

from equipoise.errors import RecordError
from equipoise.records.sidecar import Sidecar
from equipoise.records.study import Study


class Incoming(msgspec.Struct, frozen=True):
    """A study that was read. ``document`` is its v2 JSON, byte for byte where it came as such."""

    document: bytes
    study: Study
    source: str
    origin: str
    sidecar: Sidecar | None = None


class Source(Protocol):
    """A format that studies come in.

    ``read`` yields one result for each record in *data*: an :class:`Incoming`, or the
    :class:`~equipoise.errors.RecordError` that says why this one was not read.
    """

    name: str
    title: str

    def recognises(self, data: bytes) -> bool:
        """Return whether *data* (the head of a file is enough) is of this format."""
        ...

    def read(self, data: bytes, origin: str) -> Iterator[Incoming | RecordError]:
        """Yield each record in *data*."""
        ...
