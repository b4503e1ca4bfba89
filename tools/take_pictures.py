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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = {"width": 1200, "height": 900}
TALL = {"width": 1200, "height": 1350}
PHONE = {"width": 360, "height": 780}
NOTE = (
    "61-year-old woman, seen on 2026-01-15 at 09:40. Acute ischemic stroke, symptom onset at 06:50 today; occlusion of "
    "the left middle cerebral artery, thrombectomy planned. NIHSS 14. Hypertension and atrial fibrillation, takes "
    "apixaban. No intracranial hemorrhage, no cancer. Platelets 212 x10^9/L, glucose 7.1 mmol/L, blood pressure "
    "152/88 mmHg."
)


class Picture(NamedTuple):
    """A picture: where it is taken, and what is done there first."""

    name: str
    path: str
    before: Callable[[Page], None] | None = None
    size: dict[str, int] = SIZE
    scheme: Literal["light", "dark"] = "light"


def write_note(page: Page) -> None:
    """Write a note about a patient into the form."""
    page.get_by_label("Clinical note").fill(NOTE)


def send_note(page: Page) -> None:
    """Send the note."""
    write_note(page)
    page.get_by_role("button", name="Find studies").click()
    page.wait_for_load_state()


def show_sheet(page: Page) -> None:
    """Ask for the sheet of the first study, in this tab."""
    send_note(page)
    page.evaluate("document.querySelectorAll('[formtarget]').forEach(node => node.removeAttribute('formtarget'))")
    page.get_by_role("button", name="Sheet to print").first.click()
    page.wait_for_load_state()


# A patient is in no address, so that the workbench is reached as a reader reaches it.
PAGES = [
    Picture("search", "/search?q=stroke"),
    Picture("study", "/studies/NCT99000002"),
    Picture("criteria", "/studies/NCT99000007#eligibility"),
    Picture("workbench", "/match", write_note),
    Picture("match", "/match", send_note, size=TALL),
    Picture("sheet", "/match", show_sheet),
    Picture("phone", "/studies/NCT99000002", size=PHONE),
    Picture("dark", "/studies/NCT99000007#eligibility", scheme="dark"),
]


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
        for one in PAGES:
            page = browser.new_page(viewport=one.size, color_scheme=one.scheme)
            page.goto(address + one.path)
            if one.before:
                one.before(page)
            page.screenshot(path=PICTURES / f"{one.name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
