"""Notes when the record changes: they go where their words went, or are kept as what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.intake.load import load
from pages import Page

NUMBER = "NCT99000301"
STUDY = f"/studies/{NUMBER}"
CRITERIA = """Inclusion Criteria:

* Adults who drink tea every day
* Platelets at least 100 x 10^9/L
* Willing to keep a diary of the tea they drink, in the haemoglobin study's own booklet

Exclusion Criteria:

* Allergy to tea
"""
SUMMARY = (
    "This study asks whether warm tea is better than cold tea. Everybody who takes part drinks both, one each week."
)


class Study:
    """A library of one study that changes, and a desk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.version = folder, 0
        self.publish()
        self.client = TestClient(make_app(folder / "library", folder / "desk"), follow_redirects=False)

    def publish(self, criteria: str = CRITERIA, summary: str = SUMMARY) -> None:
        """Load a version of the record."""
        self.version += 1
        record = {
            "identificationModule": {"nctId": NUMBER, "briefTitle": "Warm Tea"},
            "statusModule": {"lastUpdatePostDateStruct": {"date": f"2026-01-{self.version:02}"}},
            "descriptionModule": {"briefSummary": summary},
            "eligibilityModule": {"eligibilityCriteria": criteria},
        }
        path = self.folder / "study.json"
        path.write_text(json.dumps({"protocolSection": record}))
        assert load([path], self.folder / "library").problems == []

    def form(self, asked: str) -> dict[str, str]:
        """Return the form of a new note."""
        page = Page(self.client.get(f"{STUDY}/notes/new?{asked}").text)
        return {one.get("name"): one.get("value", "") for one in page.tree.xpath("//form[@class='note-form']//input")}

    def write(self, asked: str, text: str) -> None:
        """Write a note."""
        self.save(self.form(asked) | {"text": text})

    def save(self, form: dict[str, str]) -> None:
        """Send a form."""
        sent = self.client.post(f"{STUDY}/notes", data=form, headers={"sec-fetch-site": "same-origin"})
        assert sent.status_code == 303

    def page(self) -> Page:
        """Return the study's page."""
        return Page(self.client.get(STUDY).text)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def marked(page: Page) -> list[str]:
    """Return the marked words of each criterion or text that has any."""
    return [
        " ".join("".join(part.text_content() for part in one.xpath(".//mark[@class='noted']")).split())
        for one in page.tree.xpath("//*[self::p or self::li][mark or span/mark]")
    ]


def lost(page: Page) -> list[list[str]]:
    """Return what is shown of each note that has no place: what it said, what is there now, the note."""
    return [
        [" ".join(two.text_content().split()) for two in one.xpath(".//blockquote | .//p[@class='note-text']")]
        for one in page.tree.xpath("//div[@id='lost-notes']//li[contains(@class, 'note-item')]")
    ]


def test_words_that_moved_keep_their_note(study: Study) -> None:
    """Criteria put in before, taken out after, and another order leave the note on its words."""
    study.write("part=eligibility&criterion=I2", "Mine are 120")
    moved = CRITERIA.replace("* Adults", "* Somebody who has read this sheet\n* Adults").replace(
        "* Allergy to tea\n", ""
    )
    study.publish(moved)
    page = study.page()
    assert marked(page) == ["Platelets at least 100×109/L"]
    assert lost(page) == []


def test_a_figure_that_changed_orphans_its_note(study: Study) -> None:
    """A note on 100 is not put on 75: it is kept with what it said, and what stands there now is shown."""
    study.write("part=eligibility&criterion=I2", "Mine are 80")
    study.publish(CRITERIA.replace("100", "75"))
    page = study.page()
    assert marked(page) == []
    assert lost(page) == [["Platelets at least 100×109/L", "Platelets at least 75×109/L", "Mine are 80"]]
    assert "1 no longer on the page" in page.text
    study.publish(CRITERIA)
    assert marked(study.page()) == ["Platelets at least 100×109/L"]


def test_a_letter_that_changed_does_not(study: Study) -> None:
    """A spelling mended in a long criterion: the note stays there, and says that the words differ."""
    study.write("part=eligibility&criterion=I3", "Which booklet?")
    study.publish(CRITERIA.replace("haemoglobin", "hemoglobin").replace("100", "75"))
    page = study.page()
    assert marked(page) == ["Willing to keep a diary of the tea they drink, in the hemoglobin study's own booklet"]
    assert "The words read a little differently now:" in page.text


def test_a_text_that_is_gone_orphans_its_notes(study: Study) -> None:
    """Where the whole text is another, its notes are kept, and the study's other notes stay where they are."""
    study.write("part=about", "On the section")
    study.write("", "On the study")
    study.write("part=eligibility&criterion=E1", "I have none")
    study.publish("Inclusion Criteria:\n\n* Anybody\n")
    page = study.page()
    assert [row[-1] for row in lost(page)] == ["I have none"]
    assert page.tree.xpath("//section[@id='about']/h2/a[@class='note-number']")


def test_a_record_that_changed_under_an_open_page(study: Study) -> None:
    """A form filled in on the old page is kept after the record changed: on its words, or as orphaned."""
    stays, goes = study.form("part=eligibility&criterion=I1"), study.form("part=eligibility&criterion=E1")
    study.publish(CRITERIA.replace("* Allergy to tea", "* Dislike of milk"))
    study.save(stays | {"text": "Still there"})
    study.save(goes | {"text": "Gone meanwhile"})
    page = study.page()
    assert marked(page) == ["Adults who drink tea every day"]
    assert (
        lost(page) == [["Allergy to tea", "Dislike of mil", "Gone meanwhile"]] or lost(page)[0][-1] == "Gone meanwhile"
    )


def test_a_study_that_left_the_library_keeps_its_notes(study: Study, tmp_path: Path) -> None:
    """Notes on a study that this library has not are listed, and can be asked about, changed and deleted."""
    study.write("part=eligibility&criterion=I1", "Kept")
    other = tmp_path / "other.json"
    other.write_text((tmp_path / "study.json").read_text().replace(NUMBER, "NCT99000302"))
    load([other], tmp_path / "elsewhere")
    client = TestClient(make_app(tmp_path / "elsewhere", tmp_path / "desk"))
    page = client.get("/notes").text
    assert "Kept" in page and "not in this library" in page
    assert client.get("/notes/1").status_code == client.get("/notes/1/question").status_code == 200
