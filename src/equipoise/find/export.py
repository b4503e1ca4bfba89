"""
Save the studies that a search finds, however many: as CSV, tidy tables, JSON lines, Parquet or RIS.

The search goes with them: in a file beside (``result.csv.search.json``), inside the zip of tidy tables
(``search.json``), or in the metadata of the Parquet file. Studies are read one by one as they are written.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import msgspec

from equipoise.errors import OutputError
from equipoise.find.export_csv import csv_head, csv_rows
from equipoise.find.export_ris import ris_records
from equipoise.find.query import Query
from equipoise.find.search import Found, search
from equipoise.find.strategy import strategy_line
from equipoise.find.tidy import TABLES, head, rows
from equipoise.records.study import Study
from equipoise.store.library import Library, Record

Watch = Callable[[int, int], None]

# How many studies a batch of a Parquet file holds.
_BATCH = 2000


class Search(msgspec.Struct, frozen=True):
    """A search as it is saved with what it found."""

    english: str
    address: str
    strategy: str
    studies: int
    edition: int
    updated: str


def _ignore(done: int, total: int) -> None:
    return None


def describe_search(library: Library, found: Found, today: date) -> Search:
    """Return what is saved of a search."""
    query = found.query
    line = strategy_line(query, library, total=found.total, today=today)
    edition = library.edition
    return Search(query.describe(), query.address(), line, found.total, edition.number, edition.updated)


def records(library: Library, found: Found, watch: Watch = _ignore) -> Iterator[Record]:
    """Yield the studies found, in order, each read as it is needed."""
    for done, row in enumerate(found.rows, start=1):
        yield library.record_at(int(row))
        watch(done, found.total)


def csv_lines(several: Iterator[Record]) -> Iterator[str]:
    """Yield the lines of a CSV file with the registry's thirty columns."""
    yield csv_head()
    yield from csv_rows(one.study for one in several)


def json_lines(several: Iterator[Record]) -> Iterator[str]:
    """Yield the lines of a file with a record, as it was published, on each."""
    for one in several:
        yield msgspec.json.format(one.document, indent=-1).decode() + "\n"


def ris_lines(several: Iterator[Record]) -> Iterator[str]:
    """Yield the records of a RIS file."""
    yield from ris_records(one.study for one in several)


LINES: dict[str, Callable[[Iterator[Record]], Iterator[str]]] = {
    "csv": csv_lines,
    "jsonl": json_lines,
    "ris": ris_lines,
}
SUFFIXES = (*LINES, "zip", "parquet")


def write_tidy(target: Path, several: Iterator[Record], described: Search) -> None:
    """Write a zip of tidy tables, a CSV file each, and the search."""
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="equipoise-") as folder:
        files: dict[str, TextIO] = {}
        for name in TABLES:
            files[name] = stack.enter_context((Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            csv.writer(files[name]).writerow(head(name))
        for one in several:
            for name, file in files.items():
                csv.writer(file).writerows(rows(name, one.study))
        stack.close()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in TABLES:
                packed.write(Path(folder) / f"{name}.csv", f"{name}.csv")
            packed.writestr("search.json", msgspec.json.format(msgspec.json.encode(described), indent=2))


def _columns(studies: list[Study]) -> dict[str, list[Any]]:
    """Return the columns of a batch: the table of studies, and the others as lists of records."""
    own = [next(iter(rows("studies", study))) for study in studies]
    columns: dict[str, list[Any]] = {name: [row[place] for row in own] for place, name in enumerate(head("studies"))}
    for name, table in TABLES.items():
        if name != "studies":
            columns[name] = [[dict(zip(table.columns, row[1:], strict=True)) for row in rows(name, s)] for s in studies]
    return columns


def _schema(pyarrow: Any) -> Any:
    kinds = {"enrollment": pyarrow.int32(), "healthy_volunteers": pyarrow.bool_(), "has_results": pyarrow.bool_()}
    text = pyarrow.string()
    fields = [pyarrow.field(name, kinds.get(name, text)) for name in head("studies")]
    numbers = {"latitude": pyarrow.float64(), "longitude": pyarrow.float64()}
    for name, table in TABLES.items():
        if name != "studies":
            inner = pyarrow.struct([(column, numbers.get(column, text)) for column in table.columns])
            fields.append(pyarrow.field(name, pyarrow.list_(inner)))
    return pyarrow.schema(fields)


def write_parquet(target: Path, several: Iterator[Record], described: Search) -> None:
    """Write a Parquet file: a row a study, with lists of its conditions, sites and so on.

    Raises:
        OutputError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise OutputError(
            "Parquet needs pyarrow", where=str(target), next="Install it: `pip install 'equipoise[parquet]'`."
        ) from None
    schema = _schema(pyarrow).with_metadata({"equipoise.search": msgspec.json.encode(described)})
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        batch: list[Study] = []
        for one in several:
            batch.append(one.study)
            if len(batch) == _BATCH:
                writer.write_table(pyarrow.table(_columns(batch), schema=schema))
                batch = []
        writer.write_table(pyarrow.table(_columns(batch), schema=schema))


def save(library: Library, query: Query, target: Path, *, today: date, watch: Watch = _ignore) -> Search:
    """Search and save everything that is found; the form is that of the file's suffix.

    Raises:
        OutputError: no such form, or the file cannot be written.
        QueryError: the search cannot be understood.
    """
    form = target.suffix.removeprefix(".").lower()
    if form not in SUFFIXES:
        raise OutputError(
            f"No such form: {target.suffix or 'no suffix'}",
            where=str(target),
            next="Name the file .csv, .zip (tidy tables), .jsonl, .parquet or .ris.",
        )
    found = search(library, query, facets=False)
    described = describe_search(library, found, today)
    several = records(library, found, watch)
    part = target.with_name(target.name + ".part")
    try:
        if form == "zip":
            write_tidy(part, several, described)
        elif form == "parquet":
            write_parquet(part, several, described)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                file.writelines(LINES[form](several))
            beside = target.with_name(target.name + ".search.json")
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(described), indent=2))
        part.replace(target)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"It cannot be written ({why})", where=str(target), next="Choose another place.") from None
    finally:
        part.unlink(missing_ok=True)
    return described


def text_of(lines: Iterator[str]) -> Iterator[bytes]:
    """Yield lines as bytes in pieces of a size that is worth sending."""
    buffer = io.StringIO()
    for line in lines:
        buffer.write(line)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer = io.StringIO()
    if buffer.tell():
        yield buffer.getvalue().encode()
