"""One patient's resources on the way to facts: what is known of the patient, the facts so far, and the tally."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from equipoise.records.patient import Assertion, Fact, FactConcept, FactKind, SourceSpan
from equipoise.sources.fhir.elements import Resource, reference_of, text
from equipoise.sources.fhir.naming import Named
from equipoise.sources.fhir.report import Tally
from equipoise.sources.fhir.times import Held, in_order

Lookup = Callable[[str], Resource | None]


class Case:
    """What the readers of resources write to."""

    def __init__(self, lookup: Lookup, sex: str | None = None) -> None:
        self.facts: list[Fact] = []
        self.tally = Tally()
        self.sex = sex
        self.allergic = False
        self._lookup = lookup
        self._ids: dict[str, int] = {}

    def add(
        self,
        resource: Resource,
        kind: FactKind,
        name: str | None,
        *,
        codes: Mapping[str, str] | None = None,
        held: Held | None = None,
        assertion: Assertion = "present",
        qualifier: Iterable[str] = (),
        **more: Any,
    ) -> None:
        """Add one fact that a resource states."""
        held = held or Held()
        until = held.until if in_order(held.when, held.until) else None
        if until is not held.until:
            self.partly(resource, "ends before it begins, so the end was left out")
        self.facts.append(
            Fact(
                id=self._named(resource),
                kind=kind,
                concept=None if name is None else FactConcept(name, dict(codes or {})),
                when=held.when,
                until=until,
                assertion=assertion,
                qualifier=tuple(dict.fromkeys(one for one in qualifier if one)),
                source=SourceSpan(_document(resource)),
                **more,
            )
        )

    def add_named(self, resource: Resource, one: Named, *, codes: Mapping[str, str], held: Held, **more: Any) -> None:
        """Add a fact about what was named."""
        for name in (one.name, *one.also):
            self.add(resource, one.kind, name, codes=codes, held=held, **more)

    def partly(self, resource: Resource, reason: str) -> None:
        """Count something that was left out of a resource that is used."""
        self.tally.partly(str(resource.get("resourceType")), reason)

    def resolve(self, resource: Resource, element: object) -> Resource | None:
        """Return the resource that a reference points at: one that this one contains, or another of the record."""
        reference = reference_of(element)
        if reference.startswith("#"):
            contained = resource.get("contained")
            inside = contained if isinstance(contained, list) else []
            return next((one for one in inside if isinstance(one, dict) and text(one, "id") == reference[1:]), None)
        return self._lookup(reference) if reference else None

    def _named(self, resource: Resource) -> str:
        document = _document(resource)
        count = self._ids[document] = self._ids.get(document, 0) + 1
        return document if count == 1 else f"{document}#{count}"


def _document(resource: Resource) -> str:
    return f"{resource.get('resourceType')}/{text(resource, 'id') or '(no id)'}"
