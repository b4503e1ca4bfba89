"""Measure a library: build, a day's changes, search, facets, pages; and a rival beside each.

    python bench/measure.py bench/work/registry-550k.zip --rival 20000

Prints one JSON object; ``bench/report.py`` sets several as tables. The rival is what most
people would write first: documents as they are in SQLite, text in its FTS5, facets by SQL.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from equipoise.app.study_html import render_study
from equipoise.find.best import best
from equipoise.find.hits import read_hits
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.sources import ctgov
from equipoise.sources.ctgov import read_study
from equipoise.store.columns import ColumnsBuilder
from equipoise.store.documents import Documents
from equipoise.store.index import IndexWriter
from equipoise.store.library import Library

QUERIES, PAGES = 300, 300
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("parse", ctgov, "read_record"),
    ("documents: compress and insert", Documents, "append"),
    ("index: hand over", IndexWriter, "add"),
    ("columns: append", ColumnsBuilder, "add"),
    ("index: commit and merge", IndexWriter, "commit"),
    ("columns: join", ColumnsBuilder, "columns"),
)


@contextmanager
def stages(spent: dict[str, float]) -> Iterator[None]:
    """Count the seconds spent in each stage of a load."""
    before = [(owner, name, getattr(owner, name)) for _, owner, name in STAGES]

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                spent[stage] = spent.get(stage, 0.0) + time.perf_counter() - start

        return run

    for (stage, owner, name), (_, _, function) in zip(STAGES, before, strict=True):
        setattr(owner, name, timed(stage, function))
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def quantiles(times: list[float]) -> dict[str, float]:
    """Return the median and the 99th percentile in milliseconds."""
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered) * 1000, 1),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 1),
    }


def timed(function: Callable[[Any], Any], inputs: list[Any]) -> dict[str, float]:
    """Run *function* on each input, after a warm-up, and return the quantiles."""
    for one in inputs[:20]:
        function(one)
    times = []
    for one in inputs:
        start = time.perf_counter()
        function(one)
        times.append(time.perf_counter() - start)
    return quantiles(times)


def build(archive: Path, folder: Path) -> dict[str, Any]:
    """Build a library and say how long each stage took."""
    spent: dict[str, float] = {}
    start = time.perf_counter()
    with stages(spent):
        summary = load([archive], folder)
    seconds = time.perf_counter() - start
    parts = {
        "documents": (folder / "documents.sqlite").stat().st_size,
        "index": sum(f.stat().st_size for f in folder.glob("editions/*/index/*")),
        "columns": sum(f.stat().st_size for f in folder.glob("editions/*/columns/*")),
    }
    spent["read, recognise, digest and the rest"] = seconds - sum(spent.values())
    return {
        "studies": summary.added,
        "not read": len(summary.problems),
        "seconds": round(seconds, 1),
        "records/s": round(summary.added / seconds),
        "peak GiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "stages": {stage: round(value, 1) for stage, value in spent.items()},
        "MB": {name: round(size / 1e6) for name, size in parts.items()},
    }


def a_days_changes(archive: Path, folder: Path, count: int = 3000) -> dict[str, Any]:
    """Load *count* changed studies into the library."""
    chance = random.Random(1)
    with zipfile.ZipFile(archive) as source, tempfile.TemporaryDirectory() as place:
        names = chance.sample(source.namelist(), min(count, len(source.namelist())))
        lines = []
        for name in names:
            record = json.loads(source.read(name))
            record["protocolSection"]["identificationModule"]["briefTitle"] += " (changed)"
            status = record["protocolSection"].setdefault("statusModule", {})
            status["lastUpdatePostDateStruct"] = {"date": "2030-01-01", "type": "ACTUAL"}
            lines.append(msgspec.json.encode(record))
        changes = Path(place) / "changes.jsonl"
        changes.write_bytes(b"\n".join(lines) + b"\n")
        start = time.perf_counter()
        summary = load([changes], folder)
        return {"changed": summary.changed, "seconds": round(time.perf_counter() - start, 1)}


def queries(library: Library, words: tuple[int, int]) -> list[str]:
    """Return searches of so many words, taken from the titles of random studies."""
    chance = random.Random(2)
    found: list[str] = []
    while len(found) < QUERIES:
        title = library.record_at(chance.randrange(len(library))).study.title or ""
        known = [word for word in re.findall(r"[A-Za-z]{4,}", title) if word.lower() not in {"with", "study", "trial"}]
        count = chance.randint(*words)
        if len(known) >= count:
            found.append(" ".join(chance.sample(known, count)))
    return found


def ask(library: Library) -> dict[str, Any]:
    """Measure searches, facets and pages on an open library."""
    short, long = queries(library, (2, 3)), queries(library, (5, 7))
    chance = random.Random(3)
    rows = [chance.randrange(len(library)) for _ in range(PAGES)]
    filters = {"status": ("RECRUITING",), "phase": ("PHASE2", "PHASE3")}

    def whole(text: str) -> None:
        read_hits(library, best(library, Query(text=text), 20))

    def counted(query: Query) -> None:
        best(library, query, 20, facets=True)

    def page(row: int) -> None:
        render_study(library, library.record_at(row), date(2026, 11, 22))

    return {
        "2-3 words, 20 hits with snippets": timed(whole, short),
        "5-7 words, 20 hits with snippets": timed(whole, long),
        "2-3 words, facets of 10 filters": timed(lambda text: counted(Query(text=text)), short),
        "2-3 words, 2 filters, facets": timed(lambda text: counted(Query(text=text, chosen=filters)), short),
        "no words, facets of all studies": timed(lambda _: search(library, Query()), short[:40]),
        "a study's page, rendered": timed(page, rows),
    }


def rival(archive: Path, count: int) -> dict[str, Any]:
    """Build and ask the rival on the first *count* studies."""
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(archive) as source:
        database = sqlite3.connect(Path(place) / "rival.sqlite")
        database.execute("CREATE TABLE studies (id INTEGER PRIMARY KEY, status TEXT, document BLOB)")
        database.execute("CREATE VIRTUAL TABLE words USING fts5 (title, body, content='', tokenize='porter unicode61')")
        start, titles = time.perf_counter(), []
        for row, name in enumerate(source.namelist()[:count], 1):
            document = source.read(name)
            study = read_study(document)
            titles.append(study.title or "")
            body = " ".join(x for x in (study.summary, study.description, study.eligibility.eligibility_criteria) if x)
            database.execute("INSERT INTO studies VALUES (?, ?, ?)", (row, study.status.overall_status, document))
            database.execute("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", (row, study.title, body))
        database.commit()
        seconds = time.perf_counter() - start
        size = (Path(place) / "rival.sqlite").stat().st_size
        chance, asked = random.Random(2), []
        while len(asked) < QUERIES:
            known = [w for w in re.findall(r"[A-Za-z]{4,}", chance.choice(titles)) if w.lower() != "with"]
            if len(known) >= 3:
                asked.append(" ".join(chance.sample(known, chance.randint(2, 3))))
        top = "SELECT studies.document FROM words JOIN studies ON studies.id = words.rowid WHERE words MATCH ? "
        facet = "SELECT status, count(*) FROM words JOIN studies ON studies.id = words.rowid WHERE words MATCH ? "
        return {
            "studies": count,
            "records/s": round(count / seconds),
            "KB a study": round(size / count / 1000, 1),
            "2-3 words, 20 documents": timed(
                lambda text: database.execute(top + "ORDER BY rank LIMIT 20", (text,)).fetchall(), asked
            ),
            "2-3 words, facet of 1 filter": timed(
                lambda text: database.execute(facet + "GROUP BY status", (text,)).fetchall(), asked
            ),
        }


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rival", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="build into this folder, or use the library that is there")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="bench"))
    answer: dict[str, Any] = {}
    if not (folder / "CURRENT").exists():
        answer["build"] = build(given.archive, folder)
        answer["a day's changes"] = a_days_changes(given.archive, folder)
    library = open_library(folder)
    answer["studies"] = len(library)
    answer["ask"] = ask(library)
    if given.rival:
        answer["rival"] = rival(given.archive, given.rival)
    json.dump(answer, sys.stdout, indent=1)
    print()
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
