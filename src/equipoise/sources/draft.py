"""Build a v2 document field by field, by the registry's piece names."""

from __future__ import annotations

from typing import Any

import msgspec

from equipoise.records.sidecar import ListedTrial, Mark, MarkKind, Sidecar
from equipoise.terms.fields import field


class Draft:
    """A v2 document in the making; where a piece lies, the field table knows.

    >>> draft = Draft()
    >>> draft.put("NCTId", "NCT00000000")
    >>> draft.put("Condition", [])
    >>> draft.document()
    b'{"protocolSection":{"identificationModule":{"nctId":"NCT00000000"}}}'
    """

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}
        self._marks: list[Mark] = []
        self.related: list[ListedTrial] = []
        self.overview: str | None = None
        self.overview_by: str | None = None
        self.coarse_status: str | None = None

    def put(self, piece: str, value: Any) -> None:
        """Set a piece, given as the registry publishes it; nothing to say leaves it out."""
        if value is None or value == "" or value == [] or value == {}:
            return
        *parents, last = field(piece).path.split(".")
        node = self._tree
        for name in parents:
            node = node.setdefault(name, {})
        node[last] = value

    def mark(self, piece: str, kind: MarkKind, note: str) -> None:
        """Note how a piece came about: ``inferred``, ``mended`` or ``as shown``."""
        self._marks.append(Mark(field(piece).piece, kind, note))

    def document(self) -> bytes:
        """Return the document as compact JSON."""
        return msgspec.json.encode(self._tree)

    def sidecar(self) -> Sidecar | None:
        """Return what the document has no field for, or None where there is nothing."""
        sidecar = Sidecar(
            coarse_status=self.coarse_status,
            overview=self.overview,
            overview_by=self.overview_by,
            related=tuple(self.related),
            marks=tuple(self._marks),
        )
        return sidecar if sidecar != Sidecar() else None
