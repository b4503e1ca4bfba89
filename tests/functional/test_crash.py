"""Nothing is lost: a load that is killed, at whatever moment, leaves the last edition and is done again."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import LibraryEmpty
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.intake.care import check_library
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.store.documents import Documents
from equipoise.store.ragged import Ragged
from killed import Killer
from varied import write_varied

KILLED = -9
QUERIES = ("trial", "heart failure", "children", "site 7", "kite", "cancer or stroke")

# What care must not change; it makes an edition, and may give names other codes.
SHOWN = ("documents", "number", "updated", "version")


def state(folder: Path) -> dict[str, Any]:
    """Return everything that a library shows, but when it was made."""
    library = open_library(folder)
    shown: dict[str, Any] = {"documents": dict(library.documents()), "names": library.columns.names}
    for name, values in library.columns.flat.items():
        shown[name] = values.tobytes()
    for name, lists in library.columns.ragged.items():
        assert isinstance(lists, Ragged)
        shown[name] = (lists.values.tobytes(), lists.offsets.tobytes())
    shown["versions"] = {number: library.versions(number) for number in shown["documents"]}
    shown["found"] = {text: search(library, Query(text=text)).rows.tolist() for text in QUERIES}
    shown["edition"] = (library.edition.number, library.edition.studies, library.edition.sources)
    return shown


class Scene:
    """A library of two editions, or none; what is loaded into it; and what that makes undisturbed."""

    def __init__(self, folder: Path, size: int, killer: Killer, *, first: bool) -> None:
        self.killer = killer
        self._base = folder / "base"
        self._work = folder / "work"
        self.first = first
        if not first:
            load([write_varied(folder / "one.jsonl", range(size // 4))], self._base)
            load([write_varied(folder / "two.jsonl", range(size // 8), mark=" b")], self._base)
            self._before = state(self._base)
        self.given = write_varied(folder / "three.jsonl", range(size // 8, size), mark=" c")
        started = time.monotonic()
        self.events = self.run()["events"]
        self.seconds = time.monotonic() - started
        self.whole = state(self._work)

    def run(self, *argv: str, **moment: Any) -> dict[str, int]:
        """Load into a fresh copy of the library, or do what *argv* says, and be killed at that moment."""
        shutil.rmtree(self._work, ignore_errors=True)
        if not self.first:
            shutil.copytree(self._base, self._work)
        return self.killer.run(self._work, *(argv or ("load", str(self.given))), **moment)

    def check_what_is_left(self) -> None:
        """The library opens at its last edition, which is whole."""
        if self.first and not (self._work / "CURRENT").exists():
            with pytest.raises(LibraryEmpty):
                open_library(self._work)
            return
        found = state(self._work)
        assert found in ([self.whole] if self.first else [self._before, self.whole])
        report = check_library(self._work)
        assert report.faults == []

    def check_load_again(self) -> None:
        """The same load ends equal to an undisturbed one."""
        load([self.given], self._work)
        assert state(self._work) == self.whole
        report = check_library(self._work)
        assert (report.faults, report.notes) == ([], [])

    def check_care_lost_nothing(self) -> None:
        """The library shows what it showed, in this edition or the next, and takes the load."""
        for whole in (self._before, self.whole):
            found = state(self._work)
            assert {name: found[name] for name in SHOWN} == {name: whole[name] for name in SHOWN}
            assert check_library(self._work).faults == []
            load([self.given], self._work)


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    """Starts commands that are killed."""
    one = Killer(tmp_path_factory.mktemp("killer"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory, killer: Killer) -> dict[bool, Scene]:
    """A first load, and a load into a library."""
    return {first: Scene(tmp_path_factory.mktemp("scene"), 400, killer, first=first) for first in (False, True)}


CALLS: list[dict[str, Any]] = [
    {"call": "read", "nth": 3, "after": False},
    {"call": "read", "nth": 340, "after": True},
    {"call": "commit", "nth": 1, "after": True},
    {"call": "commit", "nth": 3, "after": False},
    {"call": "index", "nth": 1, "after": False},
    {"call": "index", "nth": 1, "after": True},
    {"call": "commit", "nth": 4, "after": False},
    {"call": "commit", "nth": 4, "after": True},
]


def _check_kill(scene: Scene, **moment: Any) -> bool:
    """Check everything after one kill; return whether the command was still running."""
    ended = scene.run(**moment)
    assert ended["code"] in (KILLED, 0)
    scene.check_what_is_left()
    scene.check_load_again()
    return ended["code"] == KILLED


@pytest.mark.parametrize("moment", CALLS, ids=lambda moment: f"{moment['call']}-{moment['nth']}-{moment['after']}")
def test_a_load_killed_inside_sqlite_or_tantivy_is_done_again(
    scenes: dict[bool, Scene], moment: dict[str, Any]
) -> None:
    """Before or after documents are read, a batch is committed, the index is committed."""
    assert _check_kill(scenes[False], **moment)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0])
def test_a_load_killed_at_any_file_is_done_again(scenes: dict[bool, Scene], share: float) -> None:
    """At a link, a column, the description, ``CURRENT``, or a file of an old edition being deleted."""
    scene = scenes[False]
    assert _check_kill(scene, event=max(1, round(share * scene.events)))


@pytest.mark.parametrize("moment", [CALLS[1], CALLS[3], CALLS[5], {"event": 1}, {"event": -1}], ids=str)
def test_a_first_load_that_is_killed_is_done_again(scenes: dict[bool, Scene], moment: dict[str, Any]) -> None:
    """Where no edition was published the library is empty, not damaged."""
    scene = scenes[True]
    if moment.get("event") == -1:
        moment = {"event": scene.events}
    assert _check_kill(scene, **moment)


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4])
def test_a_load_killed_at_any_time_is_done_again(scenes: dict[bool, Scene], seconds: float) -> None:
    """By the clock, wherever it is then."""
    _check_kill(scenes[False], seconds=seconds)


@pytest.mark.parametrize("command", ["rebuild", "compact"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.0])
def test_care_that_is_killed_leaves_the_library_whole(scenes: dict[bool, Scene], command: str, share: float) -> None:
    """Rebuilding and compacting are seen when they are done, or not at all; the next load is as ever."""
    scene = scenes[False]
    events = scene.run("library", command)["events"]
    assert scene.run("library", command, event=max(1, round(share * events)))["code"] == KILLED
    scene.check_care_lost_nothing()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc, to see which files are synced")
def test_all_that_current_names_is_on_the_disk_before_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of the edition and each folder's entries; SQLite syncs each commit by itself."""
    library = tmp_path / "library"
    load([write_varied(tmp_path / "one.jsonl", range(30))], library)
    synced: set[Path] = set()
    missing: list[Path] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(handle: int) -> None:
        synced.add(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    def note_replace(path: Path, target: Path) -> Path:
        if target.name == "CURRENT":
            place = library / "editions" / "000002"
            named = [*place.rglob("*"), place, place.parent, library, path]
            missing.extend(set(named) - synced - {place / "edition.json"})
            assert place / "edition.json.new" in synced
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    load([write_varied(tmp_path / "two.jsonl", range(20, 50), mark=" b")], library)
    assert (missing, synced >= {library, library / "editions"}) == ([], True)
    connection = Documents(library / "documents.sqlite", write=True).connection
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    connection.close()


@pytest.mark.long
def test_two_hundred_kills_lose_nothing(tmp_path: Path, killer: Killer) -> None:
    """At events and times drawn by chance (with a seed)."""
    chance = random.Random(3)
    scene = Scene(tmp_path, 1200, killer, first=False)
    killed = 0
    while killed < 200:
        by_event = {"event": chance.randint(1, scene.events)}
        by_time = {"seconds": chance.uniform(0, scene.seconds)}
        killed += _check_kill(scene, **(by_event if chance.random() < 0.5 else by_time))
