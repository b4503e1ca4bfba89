"""A library can be brought up to date from another one's server, and is then the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api import Api, study
from equipoise.intake.opening import open_library
from equipoise.intake.sync import Watcher, sync


def documents(folder: Path) -> dict[str, bytes]:
    """Return every document of a library."""
    return dict(open_library(folder).documents())


@pytest.fixture
def source(tmp_path: Path) -> Api:
    """A library of studies, one of which states no date of update."""
    api = Api(tmp_path / "source")
    records = [study(number) for number in range(1, 26)]
    del records[7]["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]
    del records[7]["protocolSection"]["statusModule"]["lastUpdateSubmitDate"]
    api.load(*records)
    return api


def test_a_library_is_synced_from_anothers_server(source: Api, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """Every document comes byte for byte; later what is new comes, and nothing is asked for twice."""
    base, copy, notes = serve(source.folder) + "/api/v2", tmp_path / "copy", []
    summary = sync(copy, base=base, watcher=Watcher(note=notes.append))
    assert (summary.added, summary.problems) == (25, [])
    assert documents(copy) == documents(source.folder) == source.documents
    later = [study(3), study(26)]
    for one in later:  # after the first sync, whenever the test runs
        one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2099-02-01"
    source.load(*later)
    summary = sync(copy, base=base, watcher=Watcher(note=notes.append))
    assert (summary.added, summary.changed) == (1, 1)
    assert documents(copy) == source.documents
    assert not [note for note in notes if "counted" in note]


def test_a_part_of_a_library_is_synced(source: Api, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """A query of the registry's language chooses what comes."""
    copy = tmp_path / "part"
    sync(copy, base=serve(source.folder) + "/api/v2", query="AREA[OverallStatus]RECRUITING")
    assert sorted(documents(copy)) == [f"NCT99{number:06d}" for number in range(4, 25, 4)]


@pytest.mark.long
def test_the_corpus_is_synced(shared: Path, corpus, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """Two pages of real records come as they are."""
    copy = tmp_path / "copy"
    sync(copy, base=serve(corpus.folder.path) + "/api/v2")
    assert documents(copy) == dict(corpus.documents())
