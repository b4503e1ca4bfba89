"""Every field of the registry's structure is shown, and none can run a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.intake.load import load
from equipoise.intake.opening import open_library
from equipoise.terms.enums import term
from equipoise.terms.fields import Field, fields
from every_field import NUMBER, as_json, every_field
from pages import Page, Site

LEAVES = [known for known in fields() if not known.is_struct and known.type != "GeoPoint"]

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<svg/onload=alert(1)>",
    "{{7*7}}{% raw %}",
    "' onmouseover='alert(1)",
)


def _site(folder: Path, record: dict) -> Site:
    (folder / "record.json").write_bytes(as_json(record))
    summary = load([folder / "record.json"], folder / "library")
    assert (summary.added, summary.problems) == (1, [])
    return Site(open_library(folder / "library"))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a reader sees of a record in which every field has a text of its own."""
    site = _site(tmp_path_factory.mktemp("every"), every_field(lambda known: f"word {known.piece} end"))
    return {
        "page": site.page(f"/studies/{NUMBER}").text,
        "record": site.page(f"/studies/{NUMBER}/record").text,
    }


def _expected(known: Field) -> str | None:
    if known.piece == "NCTId":
        return NUMBER
    if known.enum:
        return term(known.enum, next(iter(_values(known)))).short
    if known.type.removesuffix("[]") in ("text", "markup", "nct", "GeoName"):
        return f"word {known.piece} end"
    return None


def _values(known: Field) -> dict:
    from equipoise.terms.enums import enumerations

    return enumerations()[known.enum or ""]


@pytest.mark.parametrize("known", LEAVES, ids=lambda known: known.piece)
def test_every_field_is_on_the_full_record(shown: dict[str, str], known: Field) -> None:
    """Each leaf of the structure is shown, under its label."""
    assert known.label in shown["record"]
    expected = _expected(known)
    if expected:
        assert expected in shown["record"]


# Links that are no address, and PubMed ids that are no number, are shown in the full record alone.
UNSAFE_LINKS = {
    "OrgStudyIdLink",
    "SecondaryIdLink",
    "SeeAlsoLinkURL",
    "AvailIPDURL",
    "ReferencePMID",
    "RetractionPMID",
}


@pytest.mark.parametrize(
    "known",
    [one for one in LEAVES if _expected(one) and not one.path.startswith("resultsSection") and not one.is_enum],
    ids=lambda known: known.piece,
)
def test_every_field_is_on_the_page(shown: dict[str, str], known: Field) -> None:
    """Each text outside the results stands somewhere on the study's page."""
    expected = _expected(known)
    assert expected
    assert (expected in shown["page"]) is (known.piece not in UNSAFE_LINKS)


# All but our own, which are files of ours: what a record says can be in none.
SCRIPTS = "//script[not(starts-with(@src, '/static/')) or text()]"


def _dangers(page: Page) -> list[str]:
    found = [f"<{node.tag}>" for node in page.tree.xpath(f"{SCRIPTS} | //iframe | //object | //embed | //img | //base")]
    for node in page.tree.xpath("//*"):
        for name, value in node.attrib.items():
            if name.startswith("on") or name == "style":
                found.append(f"{name}={value}")
            if name in ("href", "src", "action", "formaction"):
                bare = "".join(value.split()).lower()
                if bare.startswith(("javascript:", "data:", "vbscript:")):
                    found.append(f"{name}={value}")
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_script_in_any_field_never_runs(tmp_path: Path, attack: str) -> None:
    """The attack in every text field at once leaves no element, handler or address that could run."""
    site = _site(tmp_path, every_field(lambda known: f"{attack} {known.piece}"))
    for address in (f"/studies/{NUMBER}", f"/studies/{NUMBER}/record", "/search?q=alert", "/"):
        page = site.page(address)
        assert _dangers(page) == []


@pytest.mark.browser
def test_a_script_does_not_run_in_a_real_browser(tmp_path: Path, browser: object, serve: object) -> None:
    """Chromium opens the page of a record full of attacks: no dialog, no request outside, no error of ours."""
    folder = tmp_path
    (folder / "record.json").write_bytes(as_json(every_field(lambda known: " ".join(ATTACKS) + known.piece)))
    load([folder / "record.json"], folder / "library")
    address = serve(folder / "library")  # type: ignore[operator]
    page = browser.new_page()  # type: ignore[attr-defined]
    dialogs, requests = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    for path in (f"/studies/{NUMBER}", f"/studies/{NUMBER}/record", "/search?q=script"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
    page.close()
    assert dialogs == []
    assert all(url.startswith(address) for url in requests)
