"""Pages in plain language: explanations by hover, focus and tap, the plain view, the glossary, the questions."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from equipoise.find.markup import plain
from equipoise.intake.opening import open_library
from equipoise.store.library import Library
from pages import Site

STROKE = "NCT99000002"


@pytest.fixture(scope="module")
def site(demonstration: Library) -> Site:
    return Site(demonstration)


@pytest.mark.parametrize("address", [f"/studies/{STROKE}", f"/studies/{STROKE}/plain", "/studies/NCT99000007"])
def test_every_explanation_can_be_opened(site: Site, address: str) -> None:
    """Each button names a popover that is there, once; no label has its explanation in a title only."""
    page = site.page(address)
    tips = page.tree.xpath("//div[@popover]/@id")
    targets = page.tree.xpath("//button[@popovertarget]")
    assert len(tips) == len(set(tips)) > 10
    assert {one.get("popovertarget") for one in targets} == {one.get("interestfor") for one in targets} == set(tips)
    assert page.tree.xpath("//abbr[@title] | //dt//*[@title] | //h2//*[@title]") == []


def test_no_button_lies_in_a_link_a_summary_or_a_button(site: Site) -> None:
    """Nobody can tell what such a tap would do."""
    for number in site.client.get("/search.json").json()["hits"][:10]:
        page = site.page(f"/studies/{number['number']}")
        assert page.tree.xpath("//a//button | //summary//button | //button//button | //pre//button") == []


def test_the_two_views_lead_to_each_other(site: Site) -> None:
    """Full and plain view stand beside each other on both."""
    full, short = site.page(f"/studies/{STROKE}"), site.page(f"/studies/{STROKE}/plain")
    assert full.tree.xpath("//nav[@aria-label='Views of this study']/a/@href") == [f"/studies/{STROKE}/plain"]
    assert short.tree.xpath("//nav[@aria-label='Views of this study']/a/@href") == [f"/studies/{STROKE}"]
    assert site.client.get(f"/studies/{STROKE.lower()}/plain").headers["location"] == f"/studies/{STROKE}/plain"


def test_the_plain_view_answers_four_questions_first(site: Site) -> None:
    """Open now, who, how long, where."""
    page = site.page(f"/studies/{STROKE}/plain")
    assert page.all("//dl[@class='answers']//dt") == ["Open now?", "Who?", "How long?", "Where?"]


def test_every_sentence_of_the_overview_is_the_records(site: Site, demonstration: Library) -> None:
    """Word for word, and marked in its place under the toggle; its link leads to a section that is there."""
    for number, _ in demonstration.documents():
        view, page = site.page(f"/studies/{number}/plain"), site.page(f"/studies/{number}")
        study = demonstration.study(number)
        texts = [study.summary, study.description, *(arm.description for arm in study.arms)]
        whole = " ".join(" ".join(plain(one or "").split()) for one in texts)
        whole += " ".join(one.measure or "" for one in study.outcomes.primary_outcomes)
        quotes = view.tree.xpath("//ul[@class='quotes']/li")
        for one in quotes:
            said = " ".join(one.xpath("./p[@class='said']")[0].text_content().split())
            assert said in whole
            for mark in one.xpath(".//mark"):
                assert " ".join(mark.text_content().split()) == said
        anchors = {href.partition("#")[2] for href in view.tree.xpath("//ul[@class='quotes']//a/@href")}
        assert anchors <= set(page.tree.xpath("//section/@id"))


def test_the_plain_view_has_a_twin_in_json(site: Site) -> None:
    """With the same sentences and questions."""
    answer = site.client.get(f"/studies/{STROKE}/plain.json").json()
    page = site.page(f"/studies/{STROKE}/plain")
    words = [one["text"][one["start"] : one["end"]] for one in answer["overview"]]
    assert page.all("//section[@id='overview']//p[@class='said']") == words


def test_the_reading_grade_is_on_both_views(site: Site) -> None:
    """In years of school and in words."""
    shown = r"reading grade \d+, [a-z]"
    assert re.search(shown, site.page(f"/studies/{STROKE}").part("about"), re.IGNORECASE)
    assert re.search(shown, site.page(f"/studies/{STROKE}/plain").part("overview"), re.IGNORECASE)


def test_the_glossary_has_every_word_with_an_anchor(site: Site) -> None:
    """No anchor stands twice, and every page leads to it."""
    page = site.page("/glossary")
    ids = page.tree.xpath("//*[@id]/@id")
    assert len(ids) == len(set(ids))
    assert {"placebo", "ecog", "status-recruiting", "section-who-can-join"} <= set(ids)
    assert "/glossary" in site.page("/").tree.xpath("//footer//a/@href")


def test_the_five_questions_are_answered(site: Site) -> None:
    """On every plain view, each under its question."""
    page = site.page(f"/studies/{STROKE}/plain")
    assert len(page.tree.xpath("//section[@id='faq']/details")) == 5


def test_the_servers_owner_can_answer_others(demonstration: Library, tmp_path: Path) -> None:
    """A file in the library's folder takes the place of ours; what is hostile in it is text."""
    shutil.copytree(demonstration.folder.path, tmp_path / "library")
    hostile = (
        "## <b>Where</b> do I park?\n\n<script>alert(1)</script> [here](javascript:alert(1)) ![x](http://x/y.png)\n"
    )
    (tmp_path / "library" / "faq.md").write_text(hostile, "utf-8")
    page = Site(open_library(tmp_path / "library")).page(f"/studies/{STROKE}/plain")
    [answer] = page.tree.xpath("//section[@id='faq']/details")
    assert answer.find("summary").text_content() == "<b>Where</b> do I park?"
    assert answer.xpath(".//script | .//img | .//a[starts-with(@href, 'javascript')] | .//b") == []


def test_a_broken_file_is_told_about_and_ours_are_shown(demonstration: Library, tmp_path: Path) -> None:
    """On the page, without a path of this computer."""
    shutil.copytree(demonstration.folder.path, tmp_path / "library")
    (tmp_path / "library" / "faq.md").write_bytes(b"\xff\xfe\x00")
    page = Site(open_library(tmp_path / "library")).page(f"/studies/{STROKE}/plain")
    assert "cannot be used. faq.md: The text is not UTF-8" in page.part("faq")
    assert str(tmp_path) not in page.html
    assert len(page.tree.xpath("//section[@id='faq']/details")) == 5


def test_the_contradictions_of_the_trial_pages_are_asked_about(seeds: Library) -> None:
    """Past tense before the start, hours that differ, early results; two editions of a guideline (D25, D30)."""
    site = Site(seeds)
    asked = {
        number: site.page(f"/studies/{number}").all("//p[@class='question']")
        for number in ("NCT07176754", "NCT05689008")
    }
    assert asked["NCT07176754"] == [
        "Has the study begun? It is told as something done.",
        "Which time holds, or are two meant?",
        "Are these results of the study, or the work that it builds on?",
    ]
    assert asked["NCT05689008"] == ["Which edition is followed?"]


def test_the_links_of_a_question_lead_to_what_it_asks_about(seeds: Library) -> None:
    """On the full record to its own sections, on the plain view to those of the full record."""
    site = Site(seeds)
    full, short = site.page("/studies/NCT07176754"), site.page("/studies/NCT07176754/plain")
    ids = set(full.tree.xpath("//*/@id"))
    links = full.tree.xpath("//ul[@class='evidence']//a/@href")
    assert links
    assert {link.lstrip("#") for link in links} <= ids
    assert {link.partition("#")[2] for link in short.tree.xpath("//ul[@class='evidence']//a/@href")} <= ids


def test_a_page_that_was_retold_is_not_quoted(seeds: Library) -> None:
    """The overview that a trial page marks as made by a machine is no sentence of the record (D34)."""
    page = Site(seeds).page("/studies/NCT05914454/plain")
    overview = seeds.record("NCT05914454").sidecar
    assert overview is not None
    assert overview.overview
    assert "The record has no summary." in page.part("overview")


def opened(page: Any) -> list[str]:
    """Return the explanations that a browser shows."""
    return page.eval_on_selector_all(".tip:popover-open", "tips => tips.map(tip => tip.textContent)")


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("scripts", [False, True], ids=["by the browser alone", "by our script"])
def test_explanations_open_by_hover_focus_and_tap_and_close_by_escape(
    browser: Any, serve: Any, demonstration: Library, scripts: bool
) -> None:
    """
    What opens can be pointed at without closing, and Escape closes it where the pointer stays (WCAG 1.4.13).

    Browsers that know `interestfor` need no script; where it is unknown, ours does the same.
    """
    address = serve(demonstration.folder.path)
    page = browser.new_page()
    if scripts:
        page.add_init_script("delete HTMLButtonElement.prototype.interestForElement")
        page.route(f"**/studies/{STROKE}", lambda route: _without_interest(route))
    else:
        page.route("**/terms.js", lambda route: route.abort())
    page.goto(f"{address}/studies/{STROKE}")
    word = page.locator("#design dt .term").first
    word.hover()
    page.wait_for_selector(".tip:popover-open", state="visible")
    [explained] = opened(page)
    assert explained.startswith(word.text_content())
    page.locator(".tip:popover-open").hover()
    page.wait_for_timeout(900)
    assert opened(page) == [explained]
    page.keyboard.press("Escape")
    assert opened(page) == []
    page.mouse.move(2, 2)
    page.locator("#design .ask").first.focus()
    for _ in range(5):  # other things of the section may come before
        page.keyboard.press("Tab")
        if word.evaluate("one => one === document.activeElement"):
            break
    page.locator(".tip:popover-open", has_text=explained).wait_for()
    page.wait_for_timeout(900)  # the pointer left a word a moment ago: that must not close what focus opened
    assert opened(page) == [explained]
    page.keyboard.press("Escape")
    assert opened(page) == []
    word.click()
    assert opened(page) == [explained]
    page.close()


def _without_interest(route: Any) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("interestfor=", "data-was="))


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_pages_fit_a_narrow_window(browser: Any, serve: Any, demonstration: Library) -> None:
    """At 320 pixels nothing is wider than the window, an open explanation neither."""
    address = serve(demonstration.folder.path)
    page = browser.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    for path in (f"/studies/{STROKE}", f"/studies/{STROKE}/plain", "/glossary"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(f"{address}/studies/{STROKE}/plain")
    page.locator(".said .term").first.click()
    box = page.locator(".tip:popover-open").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    page.close()
