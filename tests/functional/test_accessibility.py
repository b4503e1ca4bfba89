"""
Every page of ``addresses.py`` is one that everybody can use, as far as a program can tell: WCAG 2.2 A and AA by
axe-core, a keyboard alone, 320 pixels, 400 %, paper, light, dark, forced colors, less motion; and it asks nobody else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from addresses import NOTE, PAGES, Address
from conftest import BROWSER_ARGUMENTS, CHROMIUM, SHARED
from starlette.routing import Route
from usable import NARROW, QUESTIONS, WIDE, ask, axe, faults, walk, watch

from equipoise.app.web import make_app
from equipoise.intake.demonstration import load_demonstration
from equipoise.intake.load import load
from equipoise.intake.opening import open_library

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accessibility")]

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Where a policy may add more: our own files, never what stands in a page.
MAY_ADD = {"script-src": "'self'", "connect-src": "'self'"}

RECORDS = {
    "ctg-studies.json.zip": ["NCT03447678", "NCT03729596", "NCT05850520", "NCT05914116", "NCT04047862"],
    "AllPublicXML-part.zip": ["NCT00000125"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the demonstration registry and, where the shared data is there, of its richest records."""
    folder = tmp_path_factory.mktemp("accessibility")
    load_demonstration(folder / "library")
    if (SHARED / "seeds").is_dir():
        load([SHARED / "seeds", *_records(folder)], folder / "library")
    return folder / "library"


def _records(folder: Path) -> Iterator[Path]:
    for archive, numbers in RECORDS.items():
        with zipfile.ZipFile(SHARED / "corpus" / archive) as file:
            for name in file.namelist():
                if Path(name).stem in numbers:
                    yield Path(file.extract(name, folder))


@pytest.fixture(scope="module")
def origin(folder: Path, serve: Callable[[Path], str]) -> str:
    """The address of a server of these records."""
    return serve(folder)


@pytest.fixture(scope="module")
def chromium(playwright: Any) -> Iterator[Any]:
    """A Chromium for this module."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a browser that has seen nothing before; it keeps the policy that the server sends."""
    context = chromium.new_context(viewport=WIDE, color_scheme="light")
    yield context.new_page()
    context.close()


def _policy_faults(policy: str | None) -> list[str]:
    """Return what a policy allows that it must not."""
    given = dict(part.strip().split(" ", 1) for part in (policy or "").split(";") if part.strip())
    wanted = POLICY | {name: value for name, value in MAY_ADD.items() if name in given}
    return [f"policy: {name} is {given.get(name)}" for name in wanted | given if given.get(name) != wanted.get(name)]


def _rows(*, long: bool) -> list[Any]:
    return [pytest.param(one, id=one.name) for one in PAGES if long or not one.long]


@pytest.mark.parametrize("address", _rows(long=False))
def test_everybody_can_use_a_page(address: Address, page: Any, origin: str, request: pytest.FixtureRequest) -> None:
    """A page of the server has no fault in any view, asks only the server, and obeys a strict policy."""
    if address.shared:
        request.getfixturevalue("shared")
    _look(address, page, origin)


@pytest.mark.long
@pytest.mark.parametrize("address", _rows(long=True))
def test_everybody_can_use_a_page_to_its_end(
    address: Address, page: Any, origin: str, request: pytest.FixtureRequest
) -> None:
    """The same of every page, the largest too: past every stop of the keyboard, with axe-core in each view."""
    if address.shared:
        request.getfixturevalue("shared")
    _look(address, page, origin, thorough=True)


def _look(address: Address, page: Any, origin: str, *, thorough: bool = False) -> None:
    seen, answers = watch(page), []
    page.on("response", lambda answer: answer.request.is_navigation_request() and answers.append(answer))
    page.goto(origin + address.path)
    if address.before:
        address.before(page)
        page.wait_for_load_state()
    found = faults(page, thorough=thorough)
    assert answers[-1].status == address.status
    found += _policy_faults(answers[-1].headers.get("content-security-policy"))
    found += [f"asks elsewhere: {url}" for url in seen.requests if not url.startswith(origin + "/")]
    # Chromium says of every answer from 400 on that it failed to load.
    found += [f"complains: {one}" for one in seen.complaints if f"a status of {address.status}" not in one]
    assert not found, "\n" + "\n".join(found)
