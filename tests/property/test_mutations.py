"""Laws of reading: whatever is done to a record, it is read or reported, soon, and what is read can be shown."""

from __future__ import annotations

import gc
import io
import json
import random
import re
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path

import pytest

from conftest import SHARED
from equipoise.app.pictures import study_pictures
from equipoise.app.rendering import render_page
from equipoise.criteria.compile import compile_criteria
from equipoise.errors import InputError
from equipoise.find.cite import cite_view
from equipoise.find.full_record import full_record
from equipoise.find.page import study_page
from equipoise.intake.load import load, read_incoming
from equipoise.intake.opening import open_library
from equipoise.records.study import Study
from equipoise.sources.incoming import Incoming
from equipoise.store.documents import Version
from equipoise.store.library import Record
from mutants import Mutator, double_key, mutate_bytes, mutate_json, mutate_lines, mutate_xml
from pages import TODAY, Site

DATA = Path(__file__).parents[1] / "data"
LIMIT = 1.0  # seconds of processor time for one record, read or shown

# How many mutants of each kind: the ordinary run, and `make test-long` (100,000 in all).
ORDINARY, LONG = 300, 20_000

MUTATORS: dict[str, tuple[str, Mutator]] = {
    "json": ("json", mutate_json),
    "json keys twice": ("json", double_key),
    "json bytes": ("json", mutate_bytes),
    "xml": ("xml", mutate_xml),
    "xml bytes": ("xml", mutate_bytes),
    "pages": ("pages", mutate_lines),
    "page bytes": ("pages", mutate_bytes),
}
# A part of the mutants is for each; together they are one.
PARTS = {"json": 1.4, "json keys twice": 0.2, "json bytes": 0.9, "xml": 0.8, "xml bytes": 0.6, "pages": 0.6,
         "page bytes": 0.5}  # fmt: skip


def _members(path: Path, count: int) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return [archive.read(name) for name in names[:: max(1, len(names) // count)][:count]]


@cache
def originals(kind: str) -> list[bytes]:
    """Return real records where they are at hand, and our own."""
    if kind == "json":
        folder = files("equipoise.intake").joinpath("demonstration_records")
        own = [file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")]
        corpus = SHARED / "corpus" / "ctg-studies.json.zip"
        return own + (_members(corpus, 60) if corpus.exists() else [])
    if kind == "xml":
        corpus = SHARED / "corpus" / "AllPublicXML-part.zip"
        own = [path.read_bytes() for path in sorted(DATA.glob("ctgov_xml/*.xml"))]
        return own + (_members(corpus, 60) if corpus.exists() else [])
    own = [path.read_bytes() for path in sorted(DATA.glob("*.txt"))]
    seeds = SHARED / "seeds"
    return own + ([path.read_bytes() for path in sorted(seeds.glob("*.txt"))] if seeds.is_dir() else [])


def mutants(name: str, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield *count* mutants with their seeds; a seed makes the same one again."""
    kind, mutator = MUTATORS[name]
    for seed, data in zip(range(count), islice(cycle(originals(kind)), count), strict=True):
        yield seed, mutator(random.Random(f"{name} {seed}"), data)


@contextmanager
def watched(what: str) -> Iterator[None]:
    """Fail where the body takes longer than the limit; one that hangs is stopped after 20 seconds."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"{what} hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    started = time.process_time()
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    taken = time.process_time() - started
    assert taken < LIMIT, f"{what} took {taken:.1f} s"


def show(incoming: Incoming) -> str:
    """Return the study's pages, rendered."""
    version = Version(1, incoming.study.number, 1, incoming.source, 1, incoming.origin, "", b"")
    record = Record(incoming.study, incoming.document, incoming.sidecar, version)
    criteria = compile_criteria(incoming.study.eligibility.eligibility_criteria or "")
    view = study_page(record, criteria, TODAY)
    beside = {"pictures": study_pictures(incoming.study, view, TODAY), "cite": cite_view(incoming.study, TODAY)}
    page = render_page("study.html", library=None, page=view, text="", saved=False, **beside)
    nodes = full_record(incoming.document)
    return page + render_page("record.html", library=None, study=incoming.study, nodes=nodes, text="")


def check(name: str, count: int, folder: Path, *, shown: int) -> None:
    """Read *count* mutants, and show each *shown*-th that was read."""
    path = folder / "mutant"
    read = 0
    gc.freeze()  # else the collector's rounds over the originals are counted as reading
    for seed, data in mutants(name, count):
        path.write_bytes(data)
        with watched(f"reading {name} {seed}"):
            results = list(read_incoming([path]))
        # One record was given: it is read, or it is reported. (Bytes may make several of it.)
        assert len(results) == 1 or (results and "bytes" in name), f"{name} {seed}: {results!r:.300}"
        for result in results:
            if isinstance(result, InputError):
                assert result.where and result.where.startswith(str(path)), f"{name} {seed}"
                assert result.problem and result.next, f"{name} {seed}"
                continue
            assert isinstance(result.study, Study)
            read += 1
            if result.source == "ctgov" and len(results) == 1:
                assert result.document == data.removeprefix(b"\xef\xbb\xbf").strip(), f"{name} {seed}"
            if read % shown == 0:
                with watched(f"showing {name} {seed}"):
                    assert result.study.number in show(result), f"{name} {seed}"
    assert read, f"no mutant of {name} could be read"


@pytest.mark.parametrize("name", MUTATORS)
def test_a_broken_record_is_read_or_reported(tmp_path: Path, name: str) -> None:
    """No crash, no hang, nothing lost in silence; and what is read can be shown."""
    check(name, int(ORDINARY * PARTS[name]), tmp_path, shown=8)


@pytest.mark.long
@pytest.mark.parametrize("name", MUTATORS)
def test_a_hundred_thousand_broken_records_are_read_or_reported(tmp_path: Path, name: str) -> None:
    """The same, at length."""
    check(name, int(LONG * PARTS[name]), tmp_path, shown=20)


def contained(kind: str, records: list[bytes]) -> bytes:
    """Return records in one file: JSON lines, an API page or a zip."""
    if kind == "lines":
        return b"".join(record.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n" for record in records)
    if kind == "page":
        return b'{"studies": [' + b",\n".join(records) + b"]}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for count, record in enumerate(records):
            archive.writestr(f"{count}.json", record)
    return buffer.getvalue()


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return False
    return len(data) < 100_000


@pytest.mark.parametrize("kind", ["lines", "page", "zip"])
def test_broken_records_do_not_hide_those_beside_them(tmp_path: Path, kind: str) -> None:
    """Of a file with many records, as many are read or reported as were given, in their order."""
    broken = [data for _, data in mutants("json bytes" if kind != "page" else "json", 120) if data.strip()]
    if kind == "page":  # what is no JSON breaks its page; the next test is about that
        broken = [data for data in broken if _is_json(data)]
    whole = json.dumps(json.loads(originals("json")[0])).encode()
    records = [one for data in broken for one in (whole, data)] + [whole]
    (tmp_path / "all").write_bytes(contained(kind, records))
    results = list(read_incoming([tmp_path / "all"]))
    assert len(results) == len(records)
    assert {one.document for one in results[::2] if isinstance(one, Incoming)} == {whole}
    assert all(isinstance(one, Incoming) for one in results[::2])


@pytest.mark.parametrize("seed", range(40))
def test_a_page_that_breaks_off_gives_what_stands_before(tmp_path: Path, seed: int) -> None:
    """Every study that is whole is read, and one error says where the page breaks off."""
    records = originals("json")[:6]
    page = contained("page", records)
    end = random.Random(seed).randint(40, len(page) - 3)
    (tmp_path / "page").write_bytes(page[:end])
    *read, error = read_incoming([tmp_path / "page"])
    whole = sum(len(contained("page", records[:count])) - 2 <= end for count in range(1, 7))
    assert [one.document for one in read if isinstance(one, Incoming)] == [one.strip() for one in records[:whole]]
    assert isinstance(error, InputError)
    assert error.problem.startswith(f"The page is broken after study {whole}: ")


@pytest.mark.parametrize("name", ["json", "xml", "pages"])
def test_what_is_read_can_be_loaded_searched_and_shown(tmp_path: Path, name: str) -> None:
    """Mutants in a library: search, facets, hits and pages survive them."""
    number = re.compile(rb"NCT\d{8}")
    kind = MUTATORS[name][0]
    for seed, data in mutants(name, 60):
        path = tmp_path / "in" / f"{seed}.txt"
        path.parent.mkdir(exist_ok=True)
        first = number.search(originals(kind)[seed % len(originals(kind))])
        assert first
        path.write_bytes(data.replace(first[0], b"NCT98%06d" % seed))
    summary = load([tmp_path / "in"], tmp_path / "library")
    assert summary.given == 60
    library = open_library(tmp_path / "library")
    site = Site(library)
    for address in ("/", "/search?q=study", "/search?q=safety+the", "/search.json?q=a&page=2"):
        assert site.client.get(address).status_code == 200
    for study, _ in library.documents():
        for address in ("", "/record", ".json", "/record.json"):
            assert site.client.get(f"/studies/{study}{address}").status_code == 200
