"""
Every page of ``addresses.py`` is one that everybody can use, as far as a program can tell: WCAG 2.2 A and AA by
axe-core, a keyboard alone, 320 pixels, 400 %, paper, light, dark, forced colors, less motion; and it asks nobody else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import Route, compile_path
from starlette.testclient import TestClient
from typer.testing import CliRunner

from addresses import NOTE, PAGES, Address, open_all
from conftest import BROWSER_ARGUMENTS, CHROMIUM, SHARED
from equipoise.app.cli import app as command_line
from equipoise.app.web import make_app
from equipoise.intake.demonstration import load_demonstration
from equipoise.intake.load import load
from usable import QUESTIONS, WIDE, faults, walk, watch

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

# What addresses answer with that are not pages.
NOT_PAGES = (".json", ".jsonld", ".csv", ".jsonl", ".ris", ".bib", ".txt", "/api/oas/v2")

# The records of the shared data that rows of the long run show.
RECORDS = {
    "AllPublicXML-part.zip": ["NCT00000125"],
    "ctg-studies.json.zip": ["NCT03447678", "NCT03729596", "NCT05850520", "NCT05914116", "NCT04047862"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A library of the demonstration registry and, where the shared data is there, of its richest records."""
    folder = tmp_path_factory.mktemp("accessibility")
    load_demonstration(folder / "library")
    if (SHARED / "seeds").is_dir():
        long = any(item.get_closest_marker("long") for item in request.session.items)
        load([SHARED / "seeds", *(_records(folder) if long else ())], folder / "library")
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
def window(playwright: Any) -> Iterator[Any]:
    """A window of a Chromium; its pages share one process, since a new one for each would take as long as its page."""
    quick = ["--renderer-process-limit=1", "--disable-features=SpareRendererForSitePerProcess"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS, *quick])
    window = browser.new_context()
    window.new_page()
    yield window
    browser.close()


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    """A page of a browser that knows nobody; it keeps the policy that the server sends."""
    page = window.new_page()
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    yield page
    page.close()
    window.clear_cookies()


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
    if address.ends:
        assert compile_path(address.ends)[0].match(urlsplit(page.url).path), page.url
    found += _policy_faults(answers[-1].headers.get("content-security-policy"))
    found += [f"asks elsewhere: {url}" for url in seen.requests if not url.startswith(origin + "/")]
    # Chromium says of every answer from 400 on that it failed to load.
    found += [f"complains: {one}" for one in seen.complaints if f"a status of {address.status}" not in one]
    assert not found, "\n" + "\n".join(found)


def test_every_address_of_the_server_is_looked_at(folder: Path) -> None:
    """Each route that a browser opens has a row in PAGES, or answers with something else than a page."""
    routes = [one for one in make_app(folder).routes if isinstance(one, Route) and "GET" in (one.methods or ())]
    paths = [one.path.partition("?")[0] for one in PAGES if not one.ends]
    ends = {one.ends for one in PAGES}
    missing = [one.path for one in routes if not (one.path in ends or any(map(one.path_regex.match, paths)))]
    assert [path for path in missing if not path.endswith(NOT_PAGES)] == []


def test_the_report_file_is_one_that_everybody_can_use(page: Any, folder: Path, tmp_path: Path) -> None:
    """The file that a match is written to has no fault either, and asks for nothing."""
    file = tmp_path / "report.html"
    (tmp_path / "note.txt").write_text(NOTE)
    match = [
        "match",
        "--limit",
        "3",
        "--library",
        str(folder),
        "--note",
        str(tmp_path / "note.txt"),
        "--report",
        str(file),
    ]
    assert CliRunner().invoke(command_line, match).exit_code == 0
    seen = watch(page)
    page.goto(file.as_uri())
    open_all(page)
    assert faults(page, whole=False) == []
    assert (seen.requests, seen.complaints) == ([file.as_uri()], [])


def test_a_page_without_a_library_can_be_used_too(page: Any, origin: str, tmp_path: Path) -> None:
    """When the library is gone, what the server says about it is a page like the others."""
    said = TestClient(make_app(tmp_path / "library")).get("/")
    assert said.status_code == 503
    page.route(f"{origin}/gone", lambda route: route.fulfill(status=503, headers=dict(said.headers), body=said.content))
    page.goto(f"{origin}/gone")
    assert faults(page) == []


# One fault a line, and how the checks name it.
PLANTED = """
<h1>One</h1> | the page has no language
<h1>Another</h1> | headings of the first level
<h4>Deep</h4> | comes after level 1
<p id="same"></p><p id="same"></p> | the id same is there twice
<a href="#gone">On</a> | leads nowhere
<a href="/" tabindex="3">First</a> | jumps the queue of focus
<input name="unnamed"> | [name=unnamed] has no name
<label>Pale <input name="pale" class="pale"></label> | the edge of input.pale
<p class="grey">Hardly seen</p> | the words of p.grey
<p class="drawn">text</p> | ::before of p.drawn
<a class="line" href="/">Line</a> | the line under a.line
<a class="bare" href="/">Bare</a> | focus on a.bare “Bare” has no ring
<a class="away" href="/">Away</a> | is off the screen
<a class="under" href="/">Under</a><i class="over"></i> | focus on a.under “Under” is covered
<p class="broad">A line that is never broken</p> | px wide on
<p class="cut">A line that is longer than its box</p> | p.cut “A line that is longer than its box” is cut off
<div class="box"><p class="long">More than the box shows</p></div> | on paper: div.box
<button class="flat">Flat</button> | has no edge in forced colors
<p class="moving">Moving</p> | moves though the reader asked for less motion
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="> | image-alt
<button class="tiny">a</button><button class="tiny">b</button> | target-size
<p style="margin: 0">Styled</p> | has style
<script>1</script> | an inline script
"""
STYLE = """
.pale { border: 1px solid #eee } .grey { color: #999 } .drawn::before { content: "faint"; color: #bbb }
.line { text-decoration-color: #ddd } .bare { outline: none } .away { position: absolute; left: -9999px }
.under { position: relative }
.over { position: absolute; left: 0; width: 100%; height: 2em; margin-top: -1em; background: #fff }
.broad { white-space: nowrap; width: 3000px } .cut { width: 3em; white-space: nowrap; overflow: hidden }
.box { height: 1em; overflow: auto } .long { height: 5em } .flat { border: 0 } .moving { animation: move 3s }
@keyframes move { to { margin: 0 } } .tiny { width: 8px; height: 8px; padding: 0 }
"""


def test_the_checks_find_what_they_look_for(page: Any) -> None:
    """Every kind of fault, planted on a page, is found and named; so no check is one that cannot fail."""
    lines = [line.rpartition(" | ") for line in PLANTED.strip().splitlines()]
    page.set_content(f"<!doctype html><style>{STYLE}</style><main>{''.join(line[0] for line in lines)}</main>")
    found = "\n".join(faults(page))
    assert [wanted for _, _, wanted in lines if wanted not in found] == []


def test_focus_that_goes_back_or_is_lost_is_found(page: Any) -> None:
    """A stop that the keyboard cannot reach, and one that comes before what stands before it, are named."""
    links = ("One", ""), ("Two", 'tabindex="2"'), ("Three", 'tabindex="1"')
    page.set_content(f"<main>{''.join(f'<a href=/ {order}>{name}</a>' for name, order in links)}</main>")
    page.evaluate(QUESTIONS)
    assert "by keyboard: focus goes back" in "\n".join(f"by keyboard: {one}" for one in walk(page))


@pytest.mark.parametrize(
    "policy",
    [
        None,
        "default-src *",
        "; ".join(f"{name} {value}" for name, value in (POLICY | {"style-src": "'self' 'unsafe-inline'"}).items()),
        "; ".join(f"{name} {value}" for name, value in (POLICY | {"script-src": "https://elsewhere"}).items()),
    ],
)
def test_a_weaker_policy_is_found(policy: str | None) -> None:
    """No policy, an open one, one that lets a page style itself, one that fetches scripts elsewhere: all are named."""
    assert _policy_faults(policy) != []
