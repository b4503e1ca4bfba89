"""What many tests share: the shared data, libraries made of it, a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.intake.demonstration import load_demonstration
from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.store.library import Library

SHARED = Path(os.environ.get("EQUIPOISE_SHARED", Path(__file__).parents[2] / "shared"))
CHROMIUM = "/usr/bin/chromium"
REQUIRED = os.environ.get("EQUIPOISE_REQUIRE", "").split()


def _missing(what: str, reason: str) -> None:
    """Skip, or fail where CI says that *what* must be there."""
    if what in REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A desk of the tests' own: none writes on that of the person who runs them."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EQUIPOISE_DESK", str(folder))
        yield folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data."""
    if not (SHARED / "seeds").is_dir():
        _missing("shared", f"needs the shared data beside the project ({SHARED}) or $EQUIPOISE_SHARED")
    return SHARED


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of the demonstration registry."""
    folder = tmp_path_factory.mktemp("demonstration")
    load_demonstration(folder)
    return open_library(folder)


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Library:
    """A library of the five trial pages."""
    folder = tmp_path_factory.mktemp("seeds")
    summary = load([shared / "seeds"], folder)
    assert (summary.added, summary.problems) == (5, [])
    return open_library(folder)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Library:
    """A library of the 1,709 v2 records."""
    folder = tmp_path_factory.mktemp("corpus")
    load([shared / "corpus" / "ctg-studies.json.zip"], folder)
    return open_library(folder)


BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """What drives browsers."""
    if not Path(CHROMIUM).exists():
        _missing("browser", f"needs Chromium at {CHROMIUM} (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, playwright: Any) -> Iterator[Any]:
    """A real headless Chromium."""
    profile = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, headless=True, args=BROWSER_ARGUMENTS
    )
    yield context
    context.close()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    """Start the real server on a library; returns its address."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> str:
        code = "from equipoise.app.cli import main; main()"
        # Servers that begin at one moment could find the same port free: each of the runner's workers has its own.
        port = 8200 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        command = [sys.executable, "-c", code, "serve", "--library", str(folder), "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(server)
        assert server.stdout is not None
        for line in server.stdout:
            if found := re.search(r"http://[\d.]+:\d+", line):
                _wait_until_it_answers(found[0])
                return found[0]
        raise AssertionError("the server printed no address")

    yield start
    for server in started:
        server.terminate()
        server.wait(timeout=20)
        if server.stdout is not None:
            server.stdout.close()


def _wait_until_it_answers(address: str) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")
