"""
What the codes of record systems name, where the words beside a code do not say it in the catalogue's way.

``data/codes.tsv`` has a row for each: LOINC, SNOMED CT, ICD-10-CM, RxNorm, CVX, CPT. ``name`` is the catalogue's, of
two things joined by a bar where one code is both. A code of ICD-10-CM stands for all that begin with it. The name may
be wider than the code (viral sinusitis is a sinusitis), so it serves for a finding and never for its absence.
"""

from __future__ import annotations

from functools import cache

import msgspec

from equipoise.terms.tables import read_table


class Coded(msgspec.Struct, frozen=True):
    """What a code names: the kind of thing, or ``value`` for a result and ``history`` for what is over."""

    kind: str
    names: tuple[str, ...]


@cache
def _table() -> dict[tuple[str, str, bool], Coded]:
    return {
        (row["system"], row["code"], row["kind"] == "value"): Coded(row["kind"], tuple(row["name"].split(" | ")))
        for row in read_table("codes")
    }


def named(system: str, code: str) -> Coded | None:
    """
    Return what a code names, None where the table has no row for it.

    >>> named("loinc", "2345-7").names, named("icd10cm", "E11.65").names, named("loinc", "0-0")
    (('blood glucose',), ('type 2 diabetes',), None)
    """
    found = _table().get((system, code, False))
    if found is None and system == "icd10cm":
        shorter = (code[:length] for length in range(len(code) - 1, 2, -1))
        found = next((_table()[system, one, False] for one in shorter if (system, one, False) in _table()), None)
    return found


def result_word(system: str, code: str) -> str | None:
    """Return the word or number that a coded result stands for.

    >>> result_word("snomed", "260385009"), result_word("loinc", "LA9623-5")
    ('negative', '1')
    """
    found = _table().get((system, code, True))
    return None if found is None else found.names[0]
