"""The invented patients of ``data/seed_patients.toml``: as facts, and what is right for each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from equipoise.records.patient import Patient
from spec.tables import read_record

DATA = Path(__file__).parent / "data" / "seed_patients.toml"


class SeedPatient(NamedTuple):
    """A patient of a study, and what is right for them."""

    study: str
    name: str
    at: str
    record: tuple[str, ...]
    letter: str
    expected: dict[str, Any]

    @property
    def patient(self) -> Patient:
        """The patient as facts."""
        return read_record("; ".join(self.record))

    def ids(self, starts: list[str]) -> set[str]:
        """Return the ids of the facts that begin with one of some words."""
        facts = list(enumerate(self.record, start=1))
        assert all(any(one.startswith(start) for _, one in facts) for start in starts), self.name
        return {f"f{place}" for place, one in facts if one.startswith(tuple(starts))}


def seed_patients() -> list[SeedPatient]:
    """Return every patient of the data file."""
    found = []
    for study, section in tomllib.loads(DATA.read_text()).items():
        base = [part.strip() for part in section["base"].replace("\n", " ").split(";") if part.strip()]
        for one in section["patients"]:
            drop = tuple(one.get("drop", ()))
            assert all(any(part.startswith(word) for part in base) for word in drop), (study, one["name"])
            kept = [part for part in base if not (drop and part.startswith(drop))]
            added = [part.strip() for part in one.get("add", "").split(";") if part.strip()]
            letter = f"{section['letter'].strip()} {one['note']}".strip()
            found.append(SeedPatient(study, one["name"], section["at"], (*kept, *added), letter, one))
    return found
