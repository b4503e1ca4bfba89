"""
Take the README's pictures of the demonstration registry, into docs/pictures.

Run it after a change of a page or of the compiler: ``.venv/bin/python tools/take_pictures.py``. It needs
Chromium, as the tests do, and serves a library of its own, which it deletes afterwards.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = {"width": 1200, "height": 900}
PAGES = {
    "search": "/search?q=stroke",
    "study": "/studies/NCT99000002",
    "criteria": "/studies/NCT99000007#eligibility",
}


@contextmanager
def served() -> Iterator[str]:
    """Serve a fresh demonstration library, and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        run = "from equipoise.app.cli import main; main()"
        command = [sys.executable, "-u", "-c", run, "demo", "--library", folder]
        # Our own interpreter and module, nothing that was given.
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            assert server.stdout is not None
            yield next(found[0] for line in server.stdout if (found := re.search(r"http://[\d.:]+", line)))
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    """Take every picture."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path in PAGES.items():
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto(address + path)
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
