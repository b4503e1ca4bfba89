"""The workbench: a patient goes in by POST, studies come out, and nothing of the patient stays."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app

NOTE = "A 64-year-old woman with asthma. No diabetes. Platelets 84 x10^9/L."


@pytest.fixture(scope="module")
def client(demonstration):
    """The pages of the demonstration library."""
    with TestClient(make_app(demonstration.folder.path)) as client:
        yield client


def hidden(page: str) -> str:
    """Return the facts that a page carries on."""
    found = re.search(r'name="facts" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def names(page: str) -> dict[str, str]:
    """Return the facts of a page: what each is said to be."""
    return {one["concept"]["name"]: one["assertion"] for one in json.loads(hidden(page))["patient"]["facts"]}


def test_a_note_becomes_facts_and_studies(client) -> None:
    """The page has the note with its facts underlined, the facts, and studies with their criteria."""
    page = client.post("/match", data={"note": NOTE}).text
    assert 'class="read condition" href="#fact-f3"' in page
    assert names(page) == {
        "age": "present",
        "sex": "present",
        "asthma": "present",
        "diabetes": "absent",
        "platelet count": "present",
        "thrombocytopenia": "present",
    }
    assert "studies considered" in page and 'class="cell' in page


def test_an_invented_patient_is_at_hand(client) -> None:
    """Whoever looks first may begin with a note that is no one's, and it leads to studies as any other."""
    assert "/match?example=1" in client.get("/match").text
    assert "/match?study=NCT99000002&amp;example=1" in client.get("/match?study=NCT99000002").text
    page = client.get("/match?example=1").text
    note = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page)
    assert note
    assert "cardiac" in client.post("/match", data={"note": unescape(note[1])}).text.lower()


def test_facts_are_corrected_dropped_and_added(client) -> None:
    """A correction, a fact left out and one more fact count in the next answer; what a result came to goes with it."""
    first = client.post("/match", data={"note": NOTE}).text
    change = {
        "facts": hidden(first),
        "fact.f3.assertion": "absent",
        "fact.f4.drop": "1",
        "fact.f5.value": "150",
        "add.kind": "drug",
        "add.name": "warfarin",
        "add.assertion": "planned",
    }
    second = client.post("/match", data=change).text
    assert names(second) == {
        "age": "present",
        "sex": "present",
        "asthma": "absent",
        "platelet count": "present",
        "warfarin": "planned",
    }
    assert '"value":150' in hidden(second)


def test_an_answer_is_one_more_fact(client) -> None:
    """A click on No is a fact that something is absent; a number is a result with its unit."""
    first = client.post("/match", data={"note": NOTE}).text
    answers = {
        "facts": hidden(first),
        "ask.0.kind": "condition",
        "ask.0.name": "epilepsy",
        "ask.0.value": "no",
        "ask.1.kind": "measurement",
        "ask.1.name": "hemoglobin",
        "ask.1.unit": "g/dL",
        "ask.1.value": "9,5",
        "ask.2.kind": "condition",
        "ask.2.name": "stroke",
    }
    second = client.post("/match", data=answers).text
    assert names(second)["epilepsy"] == "absent"
    assert '"value":9.5,"unit":"g/dL"' in hidden(second)
    assert "stroke" not in names(second)


def test_the_short_form_needs_no_note(client) -> None:
    """Age, sex, conditions and drugs are enough."""
    page = client.post("/match", data={"age": "64", "sex": "male", "has": "asthma; gout", "takes": "metformin"}).text
    assert list(names(page)) == ["age", "sex", "asthma", "gout", "metformin"]


def test_a_file_is_a_note(client) -> None:
    """A text file that is opened is read as a note."""
    page = client.post("/match", files={"upload": ("note.txt", NOTE.encode(), "text/plain")}).text
    assert "asthma" in names(page)


def test_one_study_is_checked_from_its_page(client) -> None:
    """The page of a study leads to a form for that study, and the answer is about it alone."""
    assert "/match?study=NCT99000001" in client.get("/studies/NCT99000001").text
    form = client.get("/match?study=nct99000001").text
    assert 'name="numbers" value="NCT99000001"' in form
    page = client.post("/match", data={"note": NOTE, "numbers": "NCT99000001"}).text
    assert page.count('class="strip"') == 1


def test_a_sheet_has_patient_study_and_contact(client) -> None:
    """The sheet names the facts, each criterion, and whom to ask."""
    first = client.post("/match", data={"note": NOTE}).text
    sheet = client.post("/match/sheet", data={"facts": hidden(first), "study": "NCT99000001"}).text
    assert "asthma" in sheet and "Whom to ask" in sheet and "Each criterion" in sheet


@pytest.mark.parametrize("data", [{}, {"note": "Hello."}, {"note": "   "}])
def test_an_empty_patient_says_what_to_do(client, data) -> None:
    """A form without a fact in it says so, and what to write."""
    answer = client.post("/match", data=data)
    assert answer.status_code == 400 and "No fact about a patient was found" in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"note": NOTE, "at": "tomorrow"}, "is no moment"),
        ({"facts": "{", "note": NOTE}, "no JSON"),
        ({"note": NOTE, "near": "Nowhereville-upon-Nothing"}, "town, region or country"),
    ],
)
def test_mistakes_are_answered_without_the_patient(client, data, said) -> None:
    """What is wrong is said, with status 400, and no word of the note is in the message."""
    answer = client.post("/match", data=data)
    assert answer.status_code == 400 and said in answer.text
    message = re.sub(r"(?s)<form class=.begin.*?</form>", "", answer.text)
    assert "asthma" not in message and "64" not in message


def test_a_mistake_costs_nothing_that_was_typed(client) -> None:
    """The form comes back with the note, the short form and the place in it, for the study that was asked; not kept."""
    typed = {"note": NOTE, "age": "64", "sex": "male", "takes": "metformin", "at": "tomorrow", "numbers": "NCT99000001"}
    answer = client.post("/match", data=typed)
    assert answer.headers["cache-control"] == "no-store"
    for shown in (NOTE, 'value="64"', 'value="male" selected', 'value="metformin"', 'value="tomorrow"', "NCT99000001"):
        assert shown in unescape(answer.text), shown


def test_a_wrong_moment_leaves_the_facts_as_they_were(client) -> None:
    """Facts that were checked, and their corrections, travel on while only when and where are asked again."""
    first = client.post("/match", data={"note": NOTE}).text
    facts = json.loads(hidden(first))["patient"]["facts"]
    asthma = next(fact["id"] for fact in facts if fact["concept"]["name"] == "asthma")
    again = {"facts": hidden(first), "note": NOTE, "at": "tomorrow", f"fact.{asthma}.drop": "1"}
    form = client.post("/match", data=again)
    assert form.status_code == 400 and "<textarea" not in form.text
    carried = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form.text))
    assert "at" not in carried
    mended = {name: unescape(value) for name, value in carried.items()} | {"at": "2026-01-15 09:40"}
    page = client.post("/match", data=mended).text
    assert "Seen at 15 January 2026, 09:40" in page and "asthma" not in names(page)


def test_a_date_and_a_time_are_written_with_a_space(client) -> None:
    """Whoever corrects a fact's time writes it as the page shows it, and it does not change by being sent back."""
    first = client.post(
        "/match", data={"note": NOTE, "add.kind": "condition", "add.name": "gout", "add.when": "2026-01-14 06:10"}
    )
    assert 'value="2026-01-14 06:10"' in first.text
    facts = json.loads(hidden(first.text))["patient"]["facts"]
    gout = next(fact for fact in facts if fact["concept"]["name"] == "gout")
    assert gout["when"] == "2026-01-14T06:10"
    sent = {"facts": hidden(first.text), f"fact.{gout['id']}.when": "2026-01-14 06:10"}
    assert json.loads(hidden(client.post("/match", data=sent).text))["patient"]["facts"] == facts


def test_met_beside_an_exclusion_cannot_be_taken_for_its_opposite(client) -> None:
    """An answer about an exclusion says whether it excludes: "met" beside "pregnant" would read as pregnant."""
    man = client.post("/match", data={"note": "A 64-year-old man.", "numbers": "NCT99000001"}).text
    assert re.search(r"met: not excluded</th>\s*<td><p><span[^>]*>E3 exclusion</span> Pregnant", man)
    woman = client.post(
        "/match", data={"note": "A 30-year-old woman, 20 weeks pregnant.", "numbers": "NCT99000001"}
    ).text
    assert re.search(r"not met: excluded</th>\s*<td><p><span[^>]*>E3 exclusion</span> Pregnant", woman)


def test_a_sheet_is_not_opened_by_its_address(client) -> None:
    """Reloading a page that a form makes says where to go back to."""
    answer = client.get("/match/sheet")
    assert answer.status_code == 405 and "made from a form" in answer.text


def test_pages_about_a_patient_are_not_kept(client) -> None:
    """No cache may keep them, and no address has a word of the patient."""
    answer = client.post("/match", data={"note": NOTE})
    assert answer.headers["cache-control"] == "no-store"
    assert not any("asthma" in link for link in re.findall(r'(?:href|action)="([^"]*)"', answer.text))


def test_the_api_answers_as_the_command_line_does(client) -> None:
    """The JSON has the contract's fields; a wrong body is a problem that says what to send."""
    answer = client.post("/api/match", json={"note": NOTE, "limit": 2})
    built = answer.json()
    assert list(built) == ["notice", "patient", "at", "query", "overview", "considered", "studies", "questions"]
    assert len(built["studies"]) == 2 and built["studies"][0]["rank"] == 1
    assert {"id", "answer", "presumed", "holds", "evidence", "settle"} <= set(built["studies"][0]["criteria"][0])
    for wrong in ({"note": NOTE, "facts": []}, {"patient": 1}, {"note": NOTE, "at": "x"}):
        problem = client.post("/api/match", json=wrong)
        assert problem.status_code == 400
        assert problem.headers["content-type"] == "application/problem+json"
        assert "64-year-old woman" not in problem.text
