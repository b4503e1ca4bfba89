"""Make small invented records and libraries of them, and run the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from equipoise.intake.opening import open_library
from equipoise.records.sidecar import Sidecar
from equipoise.sources.catalogue import FULLNESS
from equipoise.sources.ctgov import read_study
from equipoise.store.library import Library
from equipoise.store.writer import Entry, LibraryWriter

FIRST, SECOND, THIRD = "NCT99000901", "NCT99000902", "NCT99000903"


def document(
    number: str = FIRST, title: str = "A study of ours", *, updated: str | None = None, **modules: Any
) -> bytes:
    """Return a v2 document; *modules* are named as the registry's, without their last word (``eligibility``)."""
    protocol: dict[str, Any] = {"identificationModule": {"nctId": number, "briefTitle": title}}
    for name, module in modules.items():
        protocol.setdefault(f"{name}Module", {}).update(module)
    if updated:
        protocol.setdefault("statusModule", {})["lastUpdatePostDateStruct"] = {"date": updated}
    return json.dumps({"protocolSection": protocol}, ensure_ascii=False).encode()


def entry(document: bytes, *, source: str = "ctgov", sidecar: Sidecar | None = None, origin: str = "a.json") -> Entry:
    """Return a document as the writer takes it."""
    return Entry(read_study(document), document, sidecar, source, FULLNESS[source], origin)


def write(folder: Path, *entries: Entry | bytes) -> dict[str, int]:
    """Write these to the library in *folder* as one edition; return what became of them."""
    with LibraryWriter(folder) as writer:
        for one in entries:
            writer.add(one if isinstance(one, Entry) else entry(one))
        writer.publish()
    return {outcome.value: count for outcome, count in writer.outcomes.items()}


def library(folder: Path, *entries: Entry | bytes) -> Library:
    """Return a library of these."""
    write(folder, *entries)
    return open_library(folder)


def command(*arguments: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a user would, in a process of its own; it never shows a traceback."""
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from equipoise.app.cli import main; main()", *map(str, arguments)],
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "120", "PYTHONUTF8": "1", **environment},
    )
    assert b"Traceback" not in answer.stderr + answer.stdout, answer.stderr.decode()
    return answer
