"""Make N distinct studies out of real ones, in the registry's bulk form (a zip, one JSON a study).

Each study takes its title, conditions and interventions from one real record, its
eligibility from a second, its outcomes and descriptions from a third and its sites from a
fourth, chosen by a fixed seed: words, lengths and their frequencies stay those of real
records while no two studies are alike. Dates are shifted, numbers run from NCT10000001.

    python bench/generate.py 550000 bench/work/registry-550k.zip
"""

from __future__ import annotations

import random
import sys
import time
import zipfile
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import msgspec

from equipoise.intake.load import read_incoming
from equipoise.sources.incoming import Incoming

SHARED = Path(__file__).resolve().parents[2] / "shared"
SOURCES = ("ctg-studies.json.zip", "AllPublicXML-part.zip")

# Which part of a study comes from which of the four records it is made of.
PARTS = {
    "eligibilityModule": 1,
    "outcomesModule": 2,
    "descriptionModule": 2,
    "armsInterventionsModule": 0,
    "contactsLocationsModule": 3,
    "sponsorCollaboratorsModule": 3,
    "referencesModule": 2,
}


# A v2 record of the corpus is drawn six times as often as one from the old XML, since the
# registry of today is made of such: so the mean is near the registry's, 16 KB a study.
WEIGHTS = {"ctgov": 6, "ctgov-xml": 1}


def real_records() -> tuple[list[dict[str, Any]], list[int]]:
    """Return the real records as v2 JSON, and how often each is to be drawn."""
    paths = [SHARED / "corpus" / name for name in SOURCES]
    read = [record for record in read_incoming(paths) if isinstance(record, Incoming)]
    return [msgspec.json.decode(record.document) for record in read], [WEIGHTS[one.source] for one in read]


def _shifted(stated: str, days: int) -> str:
    """Return a date moved by some days, as precise as it was."""
    full = date.fromisoformat((stated + "-01-01")[:10] if len(stated) == 4 else (stated + "-01")[:10])
    return (full + timedelta(days=days)).isoformat()[: len(stated)]


def _status(module: dict[str, Any], days: int) -> dict[str, Any]:
    moved = dict(module)
    for name, value in module.items():
        if isinstance(value, dict) and "date" in value:
            moved[name] = value | {"date": _shifted(value["date"], days)}
        elif isinstance(value, str) and name.endswith("Date"):
            moved[name] = _shifted(value, days)
    return moved


def made_of(four: list[dict[str, Any]], number: str, days: int) -> bytes:
    """Return a study made of four real ones."""
    record = dict(four[0])
    protocol = dict(four[0]["protocolSection"])
    for part, donor in PARTS.items():
        protocol.pop(part, None)
        if part in four[donor]["protocolSection"]:
            protocol[part] = four[donor]["protocolSection"][part]
    named = dict(protocol["identificationModule"])
    named["nctId"] = number
    named.pop("nctIdAliases", None)
    protocol["identificationModule"] = named
    if "statusModule" in protocol:
        protocol["statusModule"] = _status(protocol["statusModule"], days)
    record["protocolSection"] = protocol
    return msgspec.json.encode(record)


def generate(count: int, target: Path) -> None:
    """Write *count* studies into *target*."""
    records, weights = real_records()
    weights = list(accumulate(weights))
    chance = random.Random(20261122)
    target.parent.mkdir(parents=True, exist_ok=True)
    started, size = time.monotonic(), 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for place in range(1, count + 1):
            number = f"NCT{10_000_000 + place:08d}"
            document = made_of(chance.choices(records, cum_weights=weights, k=4), number, chance.randint(-900, 900))
            size += len(document)
            archive.writestr(f"{number}.json", document)
            if place % 50_000 == 0:
                print(f"{place:,} studies, {size / 1e9:.2f} GB, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{count:,} studies, mean {size / count / 1000:.1f} KB, {target.stat().st_size / 1e9:.2f} GB zipped")


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
