"""
Resources brought together by patient.

What belongs to one patient may lie in many files, so everything is laid down once, compactly and in memory
alone, and taken out patient by patient.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from equipoise.errors import RecordError
from equipoise.sources.fhir.elements import Resource, items, normal_reference, number, reference_of, text
from equipoise.sources.fhir.files import Complain, Entry

_NEXT = "Give each patient a number of their own, or read the files one by one."
_TABLES = """
CREATE TABLE resource (n INTEGER PRIMARY KEY, bundle INTEGER, type TEXT, id TEXT, subject TEXT, stamp TEXT,
                       version INTEGER, rank INTEGER, body BLOB);
CREATE TABLE alias (url TEXT, bundle INTEGER, key TEXT, n INTEGER);
CREATE TABLE gone (key TEXT, n INTEGER, newest_first INTEGER, stamp TEXT, PRIMARY KEY (key, newest_first));
"""
_INDEXES = """
CREATE INDEX by_subject ON resource (subject);
CREATE INDEX by_name ON resource (type, id);
CREATE INDEX by_url ON alias (url);
"""
# What was made anew after it was deleted is there: a history is read from its newest entry back, other entries in their
# order; between the two only the times that they state tell, and without such what was deleted is gone.
_DELETE = """
DELETE FROM resource WHERE EXISTS (
    SELECT 1 FROM gone WHERE key = type || '/' || id AND CASE
        WHEN gone.newest_first AND rank < 0 THEN resource.n > gone.n
        WHEN NOT gone.newest_first AND rank > 0 THEN resource.n < gone.n
        ELSE gone.stamp = '' OR resource.stamp <= gone.stamp
    END
)
"""
# Where a resource names the patient whom it is about.
_SUBJECTS = ("subject", "patient", "individual", "beneficiary", "for")


class Gathering:
    """All resources of one reading."""

    def __init__(self) -> None:
        # In memory, never in a file: what is laid down is patients.
        self._base = sqlite3.connect(":memory:")
        self._base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        self._count = 0
        self.entries_without = 0

    def close(self) -> None:
        """Delete what was laid down."""
        self._base.close()

    def lay_down(self, entry: Entry) -> None:
        """Keep one resource."""
        self._count += 1
        if entry.deleted:
            # Only the last of several deletions counts: in a history it stands first.
            insert = "INSERT OR IGNORE" if entry.newest_first else "INSERT OR REPLACE"
            deletion = (normal_reference(entry.deleted), self._count, entry.newest_first, entry.deleted_at)
            self._base.execute(insert + " INTO gone VALUES (?, ?, ?, ?)", deletion)
            return
        if not entry.resource:
            self.entries_without += 1
            return
        resource = entry.resource
        kind = text(resource, "resourceType")
        own = text(resource, "id") or (entry.url.rpartition("/")[2].rpartition(":")[2] if entry.url else "")
        if own and not text(resource, "id"):
            resource = {**resource, "id": own}
        key = f"{kind}/{own or f'({self._count})'}"
        if entry.url.startswith("urn:"):
            self._base.execute("INSERT INTO alias VALUES (?, ?, ?, ?)", (entry.url, entry.bundle, key, self._count))
        subject = key if kind == "Patient" else _subject(resource)
        version = text(resource, "meta", "versionId")
        row = (
            self._count,
            entry.bundle,
            kind,
            key.partition("/")[2],
            subject,
            text(resource, "meta", "lastUpdated"),
            int(version) if version.isdigit() and len(version) < 10 else number(resource, "meta", "versionId") or 0,
            -self._count if entry.newest_first else self._count,
            msgspec.json.encode(resource),
        )
        self._base.execute("INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def settle(self) -> None:
        """Follow the addresses within Bundles, once everything is laid down."""
        self._base.executescript(_INDEXES)
        self._base.execute(
            "UPDATE resource SET subject = coalesce((SELECT key FROM alias WHERE url = subject), subject)"
            " WHERE subject LIKE 'urn:%'"
        )
        self._base.execute(_DELETE)

    def patients(self) -> list[str]:
        """Return the key of each patient: those with a Patient in the order of their files, then the others."""
        rows = self._base.execute(
            "SELECT subject FROM resource WHERE subject LIKE 'Patient/%' OR subject LIKE 'urn:%'"
            " GROUP BY subject ORDER BY min(CASE WHEN type = 'Patient' THEN n ELSE n + ? END)",
            (self._count + 1,),
        ).fetchall()
        return [row[0] for row in rows]

    def of_patient(self, key: str) -> Iterator[tuple[Resource, bool]]:
        """Yield the resources of a patient in order, and whether each is the newest of its versions."""
        newest = {
            row[0]
            for row in self._base.execute(
                "SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY type, id ORDER BY stamp DESC, version DESC,"
                " rank DESC) AS place FROM resource WHERE subject = ?) WHERE place = 1",
                (key,),
            )
        }
        for n, body in self._base.execute("SELECT n, body FROM resource WHERE subject = ? ORDER BY n", (key,)):
            yield msgspec.json.decode(body), n in newest

    def bundle_of(self, key: str) -> int:
        """Return the Bundle in which a patient stands."""
        row = self._base.execute("SELECT bundle FROM resource WHERE subject = ? ORDER BY n LIMIT 1", (key,)).fetchone()
        return 0 if row is None else int(row[0])

    def of_nobody(self) -> Iterator[Resource]:
        """Yield the resources that name no patient."""
        rows = self._base.execute(
            "SELECT body FROM resource WHERE subject NOT LIKE 'Patient/%' AND subject NOT LIKE 'urn:%' ORDER BY n"
        )
        yield from (msgspec.json.decode(row[0]) for row in rows)

    def find(self, reference: str, bundle: int) -> Resource | None:
        """Return the resource that a reference points at: in the same Bundle first, else the only one of that name."""
        if reference.startswith("urn:"):
            row = self._base.execute(
                "SELECT key FROM alias WHERE url = ? ORDER BY bundle <> ? LIMIT 1", (reference, bundle)
            ).fetchone()
            reference = "" if row is None else row[0]
        kind, _, own = reference.partition("/")
        rows = self._base.execute(
            "SELECT DISTINCT body, bundle <> ? AS elsewhere FROM resource WHERE type = ? AND id = ?"
            " ORDER BY elsewhere, stamp DESC, version DESC, rank DESC",
            (bundle, kind, own),
        ).fetchall()
        same = [row for row in rows if not row[1]]
        if same:
            return _decoded(same[0][0])
        return _decoded(rows[0][0]) if len({row[0] for row in rows}) == 1 else None

    def refuse_doubles(self, key: str, complain: Complain) -> bool:
        """Return whether a key stands for two people, and say so: one must never be answered for by the other."""
        rows = self._base.execute("SELECT bundle, body FROM resource WHERE subject = ? AND type = 'Patient'", (key,))
        people = {bundle: _decoded(body) for bundle, body in rows.fetchall() if bundle}
        if len(people) < 2 or not _differ(list(people.values())):
            return False
        complain(RecordError("Two Bundles have different patients under one number", next=_NEXT))
        return True


def _decoded(body: bytes) -> Resource:
    found: Resource = msgspec.json.decode(body)
    return found


def _subject(resource: Resource) -> str:
    """Return the patient whom a resource names, an empty string for none."""
    for name in _SUBJECTS:
        for one in items(resource, name):
            reference = reference_of(one)
            if reference.startswith(("Patient/", "urn:")):
                return reference
    return ""


def _differ(people: list[Resource]) -> bool:
    """Return whether two Patients cannot be one person: by birth, by sex, or by having no name in common."""

    def stated(*keys: str) -> set[str]:
        return {text(one, *keys) for one in people} - {""}

    def names(person: Resource) -> set[Any]:
        return {(text(one, "family").lower(), text(one, "given").lower()) for one in items(person, "name")}

    if len(stated("birthDate")) > 1 or len(stated("gender")) > 1:
        return True
    named = [names(one) for one in people if names(one)]
    return any(not (one & other) for one in named for other in named)
