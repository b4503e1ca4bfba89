"""Real registry files and trial pages go in; what comes out is what was published."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.records.dates import PartialDate
from equipoise.sources.ctgov import CtgovJson
from equipoise.sources.ctgov_xml import CtgovXml
from equipoise.sources.incoming import Incoming
from equipoise.store.library import Library
from unit.store.made import command

BOTH = 16  # studies that are in the JSON and in the XML


def numbers(bundle: Path) -> dict[str, str]:
    """Return the member of each study in a zip."""
    with zipfile.ZipFile(bundle) as archive:
        return {Path(name).stem: name for name in archive.namelist() if name.endswith((".json", ".xml"))}


def members(bundle: Path, wanted: set[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the number and the bytes of each study in a zip."""
    with zipfile.ZipFile(bundle) as archive:
        for number, name in numbers(bundle).items():
            if wanted is None or number in wanted:
                yield number, archive.read(name)


@pytest.fixture(scope="session")
def json_zip(shared: Path) -> Path:
    return shared / "corpus" / "ctg-studies.json.zip"


@pytest.fixture(scope="session")
def xml_zip(shared: Path) -> Path:
    return shared / "corpus" / "AllPublicXML-part.zip"


@pytest.fixture(scope="session")
def published(json_zip: Path) -> dict[str, bytes]:
    """The 1,709 records as the registry published them."""
    return dict(members(json_zip))


@pytest.fixture(scope="session")
def both(json_zip: Path, xml_zip: Path) -> dict[str, dict[str, Incoming]]:
    """The studies that are in both, read by each source."""
    shared_numbers = set(numbers(json_zip)) & set(numbers(xml_zip))
    assert len(shared_numbers) == BOTH
    read: dict[str, dict[str, Incoming]] = {number: {} for number in shared_numbers}
    for source, bundle in ((CtgovJson(), json_zip), (CtgovXml(), xml_zip)):
        for number, data in members(bundle, shared_numbers):
            (record,) = source.read(data, number)
            assert isinstance(record, Incoming)
            read[number][record.source] = record
    return read


def _newer(records: dict[str, Incoming]) -> str:
    """Return the source whose record the registry updated last; JSON on the same day."""

    def updated(source: str) -> tuple[PartialDate | str, bool]:
        return records[source].study.updated or "", source == "ctgov"

    return max(records, key=updated)


def _check_both(library: Library, both: dict[str, dict[str, Incoming]]) -> None:
    """Each of the studies has two versions, and the newer is the current one."""
    for number, records in both.items():
        newer = _newer(records)
        record = library.record(number)
        assert record.version.source == newer, number
        assert record.document == records[newer].document
        assert record.study.updated == max(one.study.updated or "" for one in records.values())
        assert {version.source for version in library.versions(number)} == {"ctgov", "ctgov-xml"}
        assert len(library.versions(number)) == 2
        assert library.versions(number)[-1].id == record.version.id


def _check_columns(library: Library) -> None:
    """The row of every hundredth study is that of its document."""
    names = library.columns.names["status"]
    for row in range(0, len(library), 100):
        record = library.record_at(row)
        assert record.study.number == library.columns.number(row) == record.version.number
        assert names[library.columns.flat["status"][row]] == (record.study.status.overall_status or "")
        assert len(library.columns.ragged["site_status"][row]) == len(record.study.sites)


# 1,709 records of v2 JSON


def test_every_json_record_is_loaded(corpus: Library, published: dict[str, bytes]) -> None:
    """All 1,709, in order of number, from one source."""
    assert len(published) == 1709
    assert (len(corpus), corpus.edition.sources) == (1709, {"ctgov": 1709})
    assert [number for number, _ in corpus.documents()] == sorted(published)


@pytest.mark.parametrize("form", ["zip", "folder", "lines", "standard output"])
def test_every_json_record_comes_back_unchanged(
    corpus: Library, published: dict[str, bytes], tmp_path: Path, form: str
) -> None:
    """``library dump`` gives back each byte, unknown fields included."""
    name = {"zip": "out.zip", "folder": "out", "lines": "out.jsonl", "standard output": "-"}[form]
    to = name if name == "-" else tmp_path / name
    answer = command("library", "dump", to, "--library", corpus.folder.path)
    assert (answer.returncode, b"Traceback" in answer.stderr) == (0, False)
    if form == "zip":
        dumped = dict(members(tmp_path / name))
    elif form == "folder":
        dumped = {path.stem: path.read_bytes() for path in (tmp_path / name).iterdir()}
    else:
        lines = (answer.stdout if form == "standard output" else (tmp_path / name).read_bytes()).splitlines()
        dumped = dict(zip(sorted(published), lines, strict=True))
    assert dumped.keys() == published.keys()
    assert [number for number in published if dumped[number] != published[number]] == []
    if name != "-":
        assert answer.stderr.decode().strip() == f"1,709 studies written to {to}"


def test_the_same_file_again_changes_nothing(corpus: Library, json_zip: Path) -> None:
    """All 1,709 unchanged; no edition is made."""
    summary = load([json_zip], corpus.folder.path)
    assert (summary.unchanged, summary.given, summary.edition) == (1709, 1709, None)
    assert open_library(corpus.folder.path).edition == corpus.edition


def test_the_same_records_in_another_wrapping_change_nothing(
    corpus: Library, published: dict[str, bytes], tmp_path: Path
) -> None:
    """As an API page, as packed JSON lines, as single files, indented."""
    some = [published[number] for number in sorted(published)[:40]]
    (tmp_path / "page.json").write_bytes(b'{"studies":[' + b",".join(some[:10]) + b"]}")
    (tmp_path / "lines.jsonl.gz").write_bytes(gzip.compress(b"\n".join(some[10:20])))
    for place, data in enumerate(some[20:30]):
        (tmp_path / f"{place}.json").write_bytes(data)
    for place, data in enumerate(some[30:]):
        (tmp_path / f"indented{place}.json").write_text(json.dumps(json.loads(data), indent=2, ensure_ascii=False))
    summary = load([tmp_path], corpus.folder.path)
    assert (summary.unchanged, summary.given, summary.problems) == (40, 40, [])


# 10,638 records of legacy XML


def test_every_xml_record_is_loaded_and_then_the_json(
    tmp_path: Path, xml_zip: Path, json_zip: Path, both: dict[str, dict[str, Incoming]]
) -> None:
    """All 10,638 are added; of the 16 in both the newer record is kept. (One test: the load is long.)"""
    first = load([xml_zip], tmp_path)
    assert (first.added, first.given, first.problems) == (10_638, 10_638, [])
    second = load([json_zip], tmp_path)
    assert (second.changed, second.added, second.older, second.problems) == (BOTH, 1709 - BOTH, 0, [])
    library = open_library(tmp_path)
    assert len(library) == 10_638 + 1709 - BOTH
    _check_both(library, both)
    _check_columns(library)


def test_the_other_order_of_loading_keeps_the_same_records(
    tmp_path: Path, json_zip: Path, xml_zip: Path, both: dict[str, dict[str, Incoming]]
) -> None:
    """XML after JSON: the 16 are kept as earlier versions."""
    for kind, bundle in (("json", json_zip), ("xml", xml_zip)):
        (tmp_path / kind).mkdir()
        for number, data in members(bundle, set(both)):
            (tmp_path / kind / f"{number}.{kind}").write_bytes(data)
    assert load([tmp_path / "json"], tmp_path / "library").added == BOTH
    summary = load([tmp_path / "xml"], tmp_path / "library")
    assert (summary.older + summary.changed, summary.problems) == (BOTH, [])
    _check_both(open_library(tmp_path / "library"), both)


# The rest


def test_the_five_trial_pages_are_loaded(seeds: Library) -> None:
    """From both kinds of page, each with what its page shows beside the record."""
    assert len(seeds) == 5
    assert set(seeds.edition.sources) == {"meddatax", "trialx"}
    for number, document in seeds.documents():
        assert json.loads(document)["protocolSection"]["identificationModule"]["nctId"] == number


def test_the_text_only_records_are_loaded(tmp_path: Path, shared: Path) -> None:
    """13,687 thin records; each comes back as it was, and nothing that they lack is made up."""
    bundle = shared / "corpus" / "text-only-studies.json.zip"
    summary = load([bundle], tmp_path)
    assert (summary.added, summary.given, summary.problems) == (13_687, 13_687, [])
    library = open_library(tmp_path)
    given = dict(members(bundle))
    assert [number for number, document in library.documents() if given.pop(number) != document] == []
    assert given == {}
    assert set(library.columns.flat["status"]) == {0}
    assert library.columns.names["status"] == [""]
    assert library.edition.updated == ""
