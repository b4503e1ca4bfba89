"""
Run the command line in processes that are killed (SIGKILL) at a chosen moment.

Started as a program it reads one JSON line a run from standard input, forks, and answers
with a line: how the child ended, and how many events it got through. A run is
``{"argv": […], "folder": LIBRARY}`` and one of

- ``"event": n``: killed at the nth time that Python opens, links, renames or deletes
  something in the library (an audit hook counts; without ``event`` it is counted only);
- ``"call": name, "nth": n, "after": bool``: before or after the nth call of a function
  whose work lies in tantivy or SQLite, where no audit hook sees it;
- ``"seconds": s``: after that time, by the parent.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

EVENTS = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _count_events(folder: str, last: int, report: int) -> None:
    """Die at the event number *last*; write each event's number into *report*."""
    count = 0

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in EVENTS:
            return
        # shutil.rmtree deletes by names relative to an open folder.
        relative = event in ("os.remove", "os.rmdir") and args[1] != -1
        if not relative and not any(folder in str(arg) for arg in args[:2]):
            return
        if event == "open" and isinstance(args[2], int) and not args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        count += 1
        os.pwrite(report, str(count).encode(), 0)
        if count == last:
            _die()

    sys.addaudithook(hook)


def _die_at_call(name: str, nth: int, after: bool) -> None:
    from equipoise.store.documents import Documents
    from equipoise.store.index import IndexWriter
    from equipoise.store.writer import LibraryWriter

    calls = {
        "read": (LibraryWriter, "add"),
        "train": (Documents, "train"),
        "commit": (Documents, "commit"),
        "index": (IndexWriter, "commit"),
    }
    owner, method = calls[name]
    real = getattr(owner, method)
    count = 0

    def wrapped(*args: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == nth and not after:
            _die()
        found = real(*args, **options)
        if count == nth and after:
            _die()
        return found

    setattr(owner, method, wrapped)


def _child(run: dict[str, Any], report: int) -> None:
    from equipoise.app.cli import main

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.argv = ["equipoise", *run["argv"]]
    if "call" in run:
        _die_at_call(run["call"], run["nth"], run["after"])
    else:
        _count_events(run["folder"], run.get("event", 0), report)
    code = 0
    try:
        main()
    except SystemExit as exit:
        code = int(exit.code or 0)
    os._exit(code)


def _serve() -> None:
    from equipoise.app import cli, cli_library, cli_load  # noqa: F401  imported once, for all children
    from equipoise.store import writer

    # Batches so small that a few hundred records are several.
    writer._BATCH = 100
    report = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
    for line in sys.stdin:
        run = json.loads(line)
        os.ftruncate(report, 0)
        child = os.fork()
        if child == 0:
            _child(run, report)
        if "seconds" in run:
            time.sleep(run["seconds"])
            os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"code": code, "events": int(os.pread(report, 20, 0) or b"0")}) + "\n")
        sys.stdout.flush()


class Killer:
    """Talks to this program."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, __file__, str(folder / "events")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, folder: Path, *argv: str | Path, **moment: Any) -> dict[str, int]:
        """Run a command on the library in *folder*; return its exit code (-9: killed) and events."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        words = [*(str(word) for word in argv), "--library", str(folder)]
        self._process.stdin.write(json.dumps({"argv": words, "folder": str(folder), **moment}) + "\n")
        self._process.stdin.flush()
        found: dict[str, int] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        """End the program."""
        self._process.communicate()


if __name__ == "__main__":
    _serve()
