"""
What records say of names: the words by which a registrant names a thing, beside others for it.

Of each study that has any, a row keeps what names can be learnt from (`equipoise.store.teaching`), so that an edition
need not read all documents again to learn from a few new ones. In an edition's folder ``taught``: ``studies.npy``, the
studies in order of number; ``ends.npy``, where each one's row ends; ``rows.npy``, the rows in MessagePack;
``waiting.npy``, how many rows changed since names were last learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from equipoise.records.study import Study
from equipoise.store.columns import Array
from equipoise.store.packed import PackedRows

# Grows by one when rows hold something else; an edition that has others is made anew.
EVIDENCE = 1

# Kinds of intervention whose other names name a substance; those of procedures and behaviors describe.
_SUBSTANCES = frozenset(("DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT", "COMBINATION_PRODUCT", "GENETIC"))
_MOST_TERMS = 3
# So small a share of changed rows teaches next to nothing, and learning looks at all of them.
_WORTH = 0.01


class Said(msgspec.Struct, frozen=True, array_like=True):
    """
    What one record says of names.

    ``condition``: the only one, with the registry's ``terms`` for it; ``lists``: an intervention's name and its other
    names; ``given``: the only intervention's name and the registry's only term for it.
    """

    sponsor: str
    condition: str = ""
    terms: tuple[str, ...] = ()
    lists: tuple[tuple[str, ...], ...] = ()
    given: tuple[str, ...] = ()


def read_said(study: Study) -> Said | None:
    """
    Return what a record says of names, or None.

    >>> from equipoise.records.study import Intervention
    >>> drug = Intervention(type="DRUG", name="Keytruda", other_names=("MK-3475",))
    >>> read_said(Study(number="NCT99000000", interventions=(drug,))).lists
    (('Keytruda', 'MK-3475'),)
    """
    condition = ""
    terms: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    if len(study.conditions) == 1 and 0 < len(study.condition_terms) <= _MOST_TERMS:
        condition = study.conditions[0]
        terms = tuple(term.term for term in study.condition_terms if term.term)
    if len(study.interventions) == 1 and len(study.intervention_terms) == 1:
        name, term = study.interventions[0].name, study.intervention_terms[0].term
        given = (name, term) if name and term and name.lower() != term.lower() else ()
    lists = tuple(_lists(study))
    if not (terms or lists or given):
        return None
    return Said(study.lead_sponsor.name or "" if study.lead_sponsor else "", condition, terms, lists, given)


def _lists(study: Study) -> Iterator[tuple[str, ...]]:
    """Yield the names of each substance; what is given beside it is no name of it, whatever the list says."""
    names = [one.name.lower() for one in study.interventions if one.name]
    for one in study.interventions:
        if one.name and one.other_names and one.type in _SUBSTANCES:
            others = [name for name in one.other_names if name.lower() != one.name.lower()]
            if others and not any(name.lower() in names for name in others):
                yield one.name, *others


class Evidence:
    """The rows of an edition's studies, in order of number."""

    def __init__(self, studies: Array, rows: PackedRows, waiting: int = 0) -> None:
        self.studies = studies
        self._rows = rows
        self.waiting = waiting

    @property
    def is_worth_learning(self) -> bool:
        """Whether enough changed since names were last learnt; in a small library every change is enough."""
        return self.waiting > _WORTH * len(self)

    def __len__(self) -> int:
        return len(self.studies)

    def __iter__(self) -> Iterator[tuple[int, Said]]:
        """Yield each study's number code with what it says."""
        decode = msgspec.msgpack.Decoder(Said).decode
        for study, row in zip(self.studies.tolist(), self._rows, strict=True):
            yield study, decode(row)

    def changed(self, numbers: Array, new: dict[int, bytes]) -> Evidence:
        """Return the evidence in which *new* rows are those of the studies with these *numbers*."""
        gone = set(numbers.tolist())
        waiting = self.waiting + int(np.union1d(np.intersect1d(numbers, self.studies), list(new)).size)
        old = zip(self.studies.tolist(), map(bytes, self._rows), strict=True)
        rows = {study: row for study, row in old if study not in gone} | new
        studies = sorted(rows)
        return Evidence(np.array(studies, np.uint32), PackedRows.of(rows[study] for study in studies), waiting)

    def save(self, folder: Path, *, learnt: bool) -> None:
        """Write the rows into a folder; *learnt*: names were learnt from all of them."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "studies.npy", self.studies)
        self._rows.save(folder)
        np.save(folder / "waiting.npy", np.int64(0 if learnt else self.waiting))

    @classmethod
    def open(cls, folder: Path) -> Evidence:
        """Return the rows in *folder*; there are none where it has no such folder.

        Raises:
            OSError, ValueError: a file is missing or broken.
        """
        if not folder.is_dir():
            return cls.none()
        studies, waiting = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("studies", "waiting"))
        return cls(studies, PackedRows.open(folder, mapped=False), int(waiting))

    @classmethod
    def none(cls) -> Evidence:
        """Return no evidence."""
        return cls(np.zeros(0, np.uint32), PackedRows.of(()))


class EvidenceBuilder:
    """Gathers the rows of the studies that an edition changes."""

    def __init__(self) -> None:
        self._new: dict[int, bytes] = {}
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, study: Study, number: int) -> None:
        """Keep what a study says under its number code, instead of what it said before."""
        said = read_said(study)
        if said is None:
            self._new.pop(number, None)
        else:
            self._new[number] = self._encode(said)

    def evidence(self, before: Evidence, numbers: Array) -> Evidence:
        """Return the evidence of the edition; *numbers* are those of its changed studies."""
        return before.changed(numbers, self._new) if len(numbers) else before
