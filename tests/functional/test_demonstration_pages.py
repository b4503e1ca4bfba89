"""The demonstration registry: every state is shown, and what registries' pages leave out is there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.store.library import Library
from equipoise.terms.enums import enumerations
from pages import Page, Site


@pytest.fixture(scope="module")
def pages(demonstration: Library) -> dict[str, Page]:
    site = Site(demonstration)
    return {number: site.page(f"/studies/{number}") for number, _ in demonstration.documents()}


def _shown(pages: dict[str, Page], xpath: str) -> set[str]:
    return {text for page in pages.values() for text in page.all(xpath)}


def test_every_page_says_that_it_is_a_demonstration(pages: dict[str, Page]) -> None:
    """A banner on the page names the real study that it is modelled on."""
    for number, page in pages.items():
        banner = page.all("//aside[@class='banner']")
        assert len(banner) == 1, number
        assert banner[0].startswith("Demonstration record.")
        assert "Modelled on NCT" in banner[0]


def test_a_demonstration_is_said_in_json(demonstration: Library) -> None:
    """The record, the page and the hits each carry the mark."""
    client = Site(demonstration).client
    record = client.get("/studies/NCT99000001/record.json").json()
    assert record["demonstration"]["modelledOn"] == "NCT07176754"
    assert client.get("/studies/NCT99000001.json").json()["demonstration"]["modelledOn"] == "NCT07176754"
    assert all(hit["demonstration"] for hit in client.get("/search.json").json()["hits"])


def test_every_status_appears(pages: dict[str, Page]) -> None:
    """Each of the fourteen statuses is shown by its label."""
    shown = _shown(pages, "//div[@class='state']/*[1]")
    assert {term.short for term in enumerations()["Status"].values()} <= shown


def test_every_phase_and_none_appear(pages: dict[str, Page]) -> None:
    """Each phase, two phases joined, and no phase at all."""
    shown = _shown(pages, "//div[@class='first']/div[1]/p[1]")
    assert {"Phase 1 / Phase 2", "Phase 2 / Phase 3", "None"} <= shown
    assert {term.short for term in enumerations()["Phase"].values()} <= shown


def test_every_masking_appears(pages: dict[str, Page]) -> None:
    """Each level of masking."""
    shown = {page.row("Masking: level") for page in pages.values()}
    assert {term.short for term in enumerations()["DesignMasking"].values()} <= shown


def test_the_primary_outcome_stands_above_the_sections(pages: dict[str, Page]) -> None:
    """The primary outcome and its time frame come before the first section (D9)."""
    first = pages["NCT99000002"].all("//div[@class='first']/div[@class='wide']")[0]
    assert first.startswith("Primary outcome")
    assert "day" in first.lower()


def test_keywords_terms_acronym_and_official_title_lead_on(pages: dict[str, Page]) -> None:
    """What the five pages left out is shown, and leads to a search (D10)."""
    page = pages["NCT99000002"]
    assert page.all("//p[@class='official']")
    chips = page.tree.xpath("//section[@id='identifiers']//a[@class='chip']/@href")
    assert chips
    assert all(link.startswith("/search?q=") for link in chips)
    assert {"Keywords", "Conditions in MeSH", "Interventions in MeSH"} <= set(
        page.all("//section[@id='identifiers']/h3")
    )


def test_dates_and_enrollment_say_whether_they_are_actual(pages: dict[str, Page]) -> None:
    """Estimated and actual are told apart, primary completion is there (D18)."""
    page = pages["NCT99000002"]
    assert (page.row("Primary completion date") or "").endswith("(estimated)")
    assert (page.row("Enrollment") or "").endswith("(estimated)")
    assert (pages["NCT99000007"].row("Enrollment") or "").endswith("(actual)")


def test_identifiers_of_other_registries_are_linked(pages: dict[str, Page]) -> None:
    """EudraCT and CTIS numbers lead to their registries, a grant to its own link (D22)."""
    links = [link for page in pages.values() for link in page.tree.xpath("//section[@id='identifiers']/dl//a/@href")]
    for host in ("clinicaltrialsregister.eu", "euclinicaltrials.eu"):
        assert any(host in link for link in links), host


def test_contacts_have_links_and_dead_ones_are_said(pages: dict[str, Page]) -> None:
    """Mail and phone are links; a contact with neither is warned of (D23)."""
    links = {
        link.split(":")[0] for page in pages.values() for link in page.tree.xpath("//section[@id='sites']//a/@href")
    }
    assert {"mailto", "tel"} <= links
    assert "No phone number or e-mail address" in pages["NCT99000001"].part("sites")


def test_the_full_record_is_a_click_away(pages: dict[str, Page]) -> None:
    """Each page leads to every field of its record (D35)."""
    for number, page in pages.items():
        assert f"/studies/{number}/record" in page.tree.xpath("//section[@id='record']//a/@href")


def test_posted_results_are_tables(pages: dict[str, Page]) -> None:
    """Flow, baseline, outcomes with analyses and adverse events are each there."""
    text = pages["NCT99000007"].part("results")
    assert text.startswith("Study results Results posted on")
    assert len(pages["NCT99000007"].tree.xpath("//section[@id='results']//table")) >= 6
    for part in ("Participant flow", "Baseline", "Outcome", "Adverse events"):
        assert part.lower() in text.lower()


def test_a_withheld_study_has_a_page(pages: dict[str, Page]) -> None:
    """A record with almost nothing still has its page, without empty sections."""
    page = pages["NCT99000011"]
    assert page.all("//section[contains(@class,'part')]/h2") == [
        "Sites and contacts",
        "Dates",
        "Study results",
        "Sponsors and officials",
        "Identifiers and terms",
        "Cite",
        "Related studies",
        "Full record",
    ]


@pytest.mark.parametrize(
    "address", ["/", "/search?q=heart", "/search?status=recruiting", "/search?q=zebra", "/search?page=99"]
)
def test_search_pages_work_without_scripts(demonstration: Library, address: str) -> None:
    """No page has a script, and everything on it is a link or a form."""
    page = Site(demonstration).page(address)
    assert not page.tree.xpath("//script")
    assert page.tree.xpath("//form[@role='search']")


def test_nothing_found_says_what_to_do(demonstration: Library) -> None:
    """Filters that leave nothing say what each would bring back; words that nothing has say so."""
    site = Site(demonstration)
    filtered = site.page("/search?q=stroke&status=withdrawn")
    assert "leave out: Withdrawn (2 studies)" in filtered.text
    assert "No study in this library has these words" in site.page("/search?q=zebrafish").text


def test_a_number_leads_to_its_study(demonstration: Library) -> None:
    """Searching for a number opens the study; lower case and an old number lead on."""
    client = Site(demonstration).client
    assert client.get("/search?q=nct99000002").headers["location"] == "/studies/NCT99000002"
    assert client.get("/studies/nct99000002").headers["location"] == "/studies/NCT99000002"


def test_an_old_number_leads_on(demonstration: Library) -> None:
    """A number that a study had before leads to it."""
    study = demonstration.study("NCT99000008")
    answer = Site(demonstration).client.get(f"/studies/{study.aliases[0]}")
    assert (answer.status_code, answer.headers["location"]) == (301, "/studies/NCT99000008")


def test_errors_are_pages_that_help(demonstration: Library) -> None:
    """An unknown study, value or address says what is wrong and what to do."""
    site = Site(demonstration)
    assert "Check the number, or load the file that has it" in site.page("/studies/NCT00000001", status=404).text
    assert "Did you mean Recruiting" in site.page("/search?status=recruitin", status=400).text
    assert "There is no such page" in site.page("/nowhere", status=404).text


def test_errors_for_programs_have_one_shape(demonstration: Library) -> None:
    """A JSON address answers an error as problem+json (RFC 9457)."""
    answer = Site(demonstration).client.get("/studies/NCT00000001.json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"title", "status", "detail", "where", "next"}


def test_every_answer_has_the_security_headers(demonstration: Library) -> None:
    """No script can run, nothing is loaded from outside, no address is passed on."""
    for address in ("/", "/studies/NCT99000001", "/static/site.css", "/nowhere", "/search.json"):
        headers = Site(demonstration).client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


def test_nothing_is_loaded_from_outside(pages: dict[str, Page]) -> None:
    """Styles, fonts and pictures all come from this server."""
    for page in pages.values():
        loaded = page.tree.xpath("//link/@href | //img/@src | //script/@src | //iframe/@src")
        assert all(address.startswith("/static/") for address in loaded)


def test_a_fault_of_ours_is_a_page_too(demonstration: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, with the headers of all pages, and tells nothing of what it was; programs get JSON."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("zebulonitis")

    monkeypatch.setattr("equipoise.app.web.best", broken)
    client = TestClient(make_app(demonstration.folder.path), raise_server_exceptions=False)
    answer = client.get("/search?q=asthma")
    assert answer.status_code == 500
    assert "This is a fault of Equipoise, not of yours." in Page(answer.text).text
    assert "zebulonitis" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    told = client.get("/search.json?q=asthma")
    assert told.status_code == 500 and told.json()["title"] == "Something went wrong here"


def test_commands_in_messages_are_set_as_code(demonstration: Library) -> None:
    """A message that names a command shows it as a terminal would, without the backticks of a terminal."""
    page = Site(demonstration).client.get("/studies/NCT00000000").text
    assert "<code>equipoise load FILE</code>" in page and "`" not in page


def test_the_front_page_says_that_it_is_a_demonstration(demonstration: Library) -> None:
    """Whoever begins with it learns on the first page that nobody can join these studies, and how to load others."""
    page = Site(demonstration).page("/")
    assert "no one can join them" in page.text and "equipoise load FILE" in page.text


def test_a_name_that_was_meant_is_one_click_away(demonstration: Library) -> None:
    """The error of a search offers it with that name, and with its filters as they were."""
    client = TestClient(make_app(demonstration.folder.path))
    page = client.get("/search", params={"q": "AREA[Phse]PHASE3", "country": "China"})
    assert page.status_code == 400
    (address,) = re.findall(r'<a href="([^"]*)">Did you mean Phase\?</a>', page.text)
    assert "in China" in client.get(unescape(address)).text


def test_counts_by_sex_are_what_the_filter_finds(demonstration: Library) -> None:
    """A study for all is for either: the count beside a sex is how many studies choosing it shows."""
    client = TestClient(make_app(demonstration.folder.path))
    for sex in ("FEMALE", "MALE"):
        found = client.get("/search.json", params={"sex": sex, "stated": "only"}).json()
        (facet,) = (one for one in found["facets"] if one["name"] == "sex")
        assert next(one["count"] for one in facet["values"] if one["value"] == sex) == found["total"] > 0
