"""Pictures, citations and print on the pages: with words beside them, nothing from outside, nothing in color alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rispy
from pybtex.database import parse_string

from equipoise.store.library import Library
from pages import Page, Site

RESULTS, RECRUITING = "NCT99000007", "NCT99000002"


@pytest.fixture(scope="module")
def site(demonstration: Library) -> Site:
    return Site(demonstration)


@pytest.fixture(scope="module")
def pages(site: Site, demonstration: Library) -> dict[str, Page]:
    """Every study's page of the demonstration."""
    numbers = [demonstration.record_at(row).study.number for row in range(len(demonstration.columns))]
    return {number: site.page(f"/studies/{number}") for number in numbers}


def test_every_picture_has_a_name_or_is_hidden(pages: dict[str, Page]) -> None:
    """A screen reader hears of each picture what it shows, or nothing where the words beside it say it all."""
    seen = 0
    for page in pages.values():
        for drawing in page.tree.xpath("//svg[not(ancestor::svg)]"):
            named = drawing.get("aria-label") or drawing.get("aria-labelledby")
            hidden = drawing.xpath("ancestor-or-self::*[@aria-hidden='true']")
            assert bool(named) != bool(hidden)
            for id in (drawing.get("aria-labelledby") or "").split():
                assert page.tree.xpath(f"string(//*[@id='{id}'])").strip()
                seen += 1
    assert seen


def test_pictures_have_no_style_or_address_of_their_own(site: Site, pages: dict[str, Page]) -> None:
    """The policy that pages are served with allows no style in the page, and nothing comes from outside."""
    for page in (*pages.values(), site.page("/search/pictures?q=stroke")):
        assert not page.tree.xpath("//@style | //style | //svg//script | //svg//image | //img")
        # A circle of the country map leads to the search that its row in the table does, out of the keyboard's way.
        links = page.tree.xpath("//svg//a")
        assert all(one.get("href").startswith("/search?") and one.get("tabindex") == "-1" for one in links)
        rows = {one.get("href") for one in page.tree.xpath("//table//a")}
        assert {one.get("href") for one in links} <= rows
        assert not page.tree.xpath("//svg//@href[not(parent::a)] | //svg//*[starts-with(@fill, 'url')]")


def test_ids_stay_unique(pages: dict[str, Page]) -> None:
    """No picture takes an id that another part of the page has."""
    for page in pages.values():
        ids = page.tree.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_the_map_counts_the_sites_of_the_list(pages: dict[str, Page]) -> None:
    """What the map's words count is what the list beside it has."""
    drawn = 0
    for page in pages.values():
        for words in page.all("//figure[contains(@class,'map')]//ul[@class='map-keys']"):
            drawn += 1
            counted = sum(int(number) for number in re.findall(r"\b(\d+) (?:open|not)", words))
            assert counted == len(page.tree.xpath("//ul[@class='sites']/li"))
    assert drawn >= 3


def test_sites_are_ordered_from_a_place(site: Site, pages: dict[str, Page]) -> None:
    """With a place the list is one, each site has its distance, and those in each state are the nearest first."""
    number = max(pages, key=lambda one: len(pages[one].tree.xpath("//ul[@class='sites']/li")))
    page = site.page(f"/studies/{number}?near=Boston, US")
    away = page.all("//ul[@class='sites']/li/p[@class='away']")
    assert len(away) == len(pages[number].tree.xpath("//ul[@class='sites']/li")) > 1
    assert page.tree.xpath("//input[@name='near']/@value") == ["Boston, US"]
    assert "Boston" in page.all("//p[@class='nearest-site']")[0]


def test_a_place_that_is_not_known_says_so(site: Site) -> None:
    """A misspelt town is answered with what to do."""
    page = site.page(f"/studies/{RECRUITING}?near=Qxzvbnm", status=400)
    assert "Qxzvbnm" in page.text


def test_the_dates_are_in_words_beside_their_line(pages: dict[str, Page]) -> None:
    """Each mark on the line stands in the row that has the date in words, its kind with it."""
    page = pages[RECRUITING]
    rows = page.tree.xpath("//dl[contains(@class,'timeline')]/dd")
    assert len(rows) >= 5
    for row in rows:
        words = "".join(row.xpath("./span//text()"))
        kinds = {kind for one in row.xpath("./svg/svg/@class") for kind in one.split()}
        assert re.search(r"\d{4}", words)
        if "(estimated)" in words:
            assert kinds == {"estimated"}
        if "(actual)" in words:
            assert kinds == {"actual"}


def test_the_flow_of_results_is_drawn_beside_its_table(pages: dict[str, Page]) -> None:
    """Each group's picture says the numbers that its column of the table has."""
    page = pages[RESULTS]
    words = page.tree.xpath("//ul[@class='flows']//svg/@aria-label")
    table = " ".join(page.all("//section[@id='results-flow']//td"))
    assert words
    for number in re.findall(r"(\d+) (?:started|completed)", " ".join(words)):
        assert number in table


def test_pictures_of_a_search_lead_back_to_it(site: Site) -> None:
    """The list leads to its pictures, and each bar to a list of as many studies."""
    found = site.page("/search?q=stroke")
    [link] = found.tree.xpath("//a[@class='to-pictures']/@href")
    page = site.page(link)
    bars = page.tree.xpath("//table[@class='bars']/tbody/tr[th/a]")
    assert len(bars) > 4
    for row in bars:
        listed = site.page(row.xpath("./th/a/@href")[0])
        total = int(re.match(r"\d+", listed.all("//h1")[0])[0])  # type: ignore[index]
        unstated = re.match(r"\d+", " ".join(listed.all("//div[@class='note']/p")))
        assert total - int(unstated[0] if unstated else 0) == int(row.xpath("string(./td[1])"))


def test_pictures_of_nothing_say_so(site: Site) -> None:
    """A search that finds nothing has words instead of pictures."""
    assert "nothing to draw" in site.page("/search/pictures?q=zebra").text


@pytest.mark.parametrize("number", [RECRUITING, RESULTS, RECRUITING.lower()])
def test_citations_are_saved_in_each_form(site: Site, number: str) -> None:
    """Text, RIS and BibTeX are sent as files that readers take, whichever case the number has."""
    assert site.client.get(f"/studies/{number}.txt").text.strip()
    assert len(rispy.load(io.StringIO(site.client.get(f"/studies/{number}.ris").text))) == 1
    assert list(parse_string(site.client.get(f"/studies/{number}.bib").text, "bibtex").entries) == [number.upper()]
    references = len(rispy.load(io.StringIO(site.client.get(f"/studies/{number}/references.ris").text)))
    read = parse_string(site.client.get(f"/studies/{number}/references.bib").text or "", "bibtex").entries
    assert len(read) == references
    assert site.client.get("/studies/NCT00000000.bib").status_code == 404


@pytest.fixture(scope="module")
def address(demonstration: Library, serve: Callable[[Path], str]) -> str:
    """The address of a server for the demonstration."""
    return serve(demonstration.folder.path)


# How high the letters in pictures are; those that are not shown have no height.
LETTERS = "[...document.querySelectorAll('.map text, .flow text')].map(one => one.getBoundingClientRect().height)"


@pytest.mark.browser
def test_pages_fit_and_print(address: str, browser: Any) -> None:
    """At 320 px nothing is wider than the screen; on paper forms and navigation are gone and folded parts are open."""
    page = browser.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    read = 0
    for path in (f"/studies/{RESULTS}", f"/studies/{RECRUITING}", "/search/pictures?q=stroke"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = page.evaluate(LETTERS)
        assert all(height >= 11 for height in heights if height), path
        read += len([height for height in heights if height])
    assert read
    page.goto(f"{address}/studies/{RESULTS}")
    page.emulate_media(media="print")
    for gone in ("nav", "form", ".saves", ".published"):
        assert not page.evaluate(f"[...document.querySelectorAll('{gone}')].some(one => one.checkVisibility())"), gone
    opened = page.evaluate("[...document.querySelectorAll('.results-groups dl')].map(one => one.checkVisibility())")
    assert opened
    assert all(opened)
    # Adverse events too, also those that lie folded on a screen.
    page.evaluate("document.querySelectorAll('.results-system').forEach(one => one.open = false)")
    events = "[...document.querySelectorAll('.results-system td')].map(one => one.checkVisibility())"
    printed = page.evaluate(events)
    assert printed
    assert all(printed)
    page.close()


@pytest.mark.browser
def test_a_patients_studies_print(address: str, browser: Any) -> None:
    """The page of a match is one form; on paper its studies and the patient are there, and what is filled in is not."""
    page = browser.new_page()
    page.goto(f"{address}/match")
    page.fill("#note", "72-year-old man with heart failure.")
    page.click("main form button:not([type=button])")
    page.wait_for_selector(".matches")
    page.emulate_media(media="print")
    for there in (".matches h3", ".facts", ".note-text", "h1"):
        assert page.locator(there).first.is_visible(), there
    for gone in (".correct", ".answer", "button", ".seek"):
        assert not page.evaluate(f"[...document.querySelectorAll('main {gone}')].some(one => one.checkVisibility())"), (
            gone
        )
    page.close()


@pytest.mark.browser
def test_the_pen_stands_on_the_line_of_its_heading(address: str, browser: Any) -> None:
    """Also where the heading breaks, as on a telephone: a pen on a line of its own belongs to nothing."""
    page = browser.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}/studies/{RECRUITING}")
    apart = page.evaluate(
        """[...document.querySelectorAll(".part > h2 + .note-offer")].map(pen => {
          const boxes = [...pen.previousElementSibling.getClientRects()], line = boxes[boxes.length - 1];
          const one = pen.getBoundingClientRect();
          return Math.abs((one.top + one.bottom) / 2 - (line.top + line.bottom) / 2);
        })"""
    )
    assert len(apart) > 10
    assert max(apart) < 20
    page.close()
