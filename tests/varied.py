"""Many records out of the demonstration registry's few."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@cache
def _records() -> list[dict[str, Any]]:
    folder = files("equipoise.intake").joinpath("demonstration_records")
    texts = (one.read_text("utf-8") for one in sorted(folder.iterdir(), key=str) if one.name.endswith(".json"))
    return [json.loads(text) for text in texts]


def varied(places: Iterable[int], *, mark: str = "") -> bytes:
    """Return a JSON line for each place: a record of its own; *mark* changes its title."""
    lines = []
    for place in places:
        record = json.loads(json.dumps(_records()[place % len(_records())]))
        named = record["protocolSection"]["identificationModule"]
        named["nctId"] = f"NCT9910{place:04}"
        named["briefTitle"] += f", site {place}{mark}"
        lines.append(json.dumps(record, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()


def write_varied(path: Path, places: Iterable[int], *, mark: str = "") -> Path:
    """Write such records into a file and return its path."""
    path.write_bytes(varied(places, mark=mark))
    return path
