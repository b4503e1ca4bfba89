"""The reference of the web pages has every address, field, parameter and header, and nothing else."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from equipoise.app.accounts_web import account_routes
from equipoise.app.answers import RelatedAnswer, SearchAnswer
from equipoise.app.web import PAGE_SIZE, SECURITY_HEADERS, make_app
from equipoise.find.criteria import CriteriaView, CriterionView, SectionView
from equipoise.find.demands import KINDS, read_demand
from equipoise.find.filters import FILTERS
from equipoise.find.hits import Hit
from equipoise.find.near import read_near
from equipoise.find.page import StudyPage
from equipoise.find.plain_view import PlainView
from equipoise.find.query import AREAS, SORTS, Query
from equipoise.find.related import RelatedStudy
from equipoise.records.dates import Age

# As a search writes them, in the order in which they were given.
AREA_ORDER = ("cond", "intr", "titles", "outc", "spons", "lead", "id", "locn", "patient")


def cells(text: str) -> list[tuple[str, str]]:
    """Return the first two cells of each row of a table, without head and rule."""
    rows = re.findall(r"^\| ([^|\n]*) \| ([^\n]*) \|$", text, re.MULTILINE)
    return [row for row in rows if row[0].startswith("`") or row[0].isdigit()]


def names(text: str) -> list[str]:
    """Return the names in code in the first cells of a table."""
    return [name for first, _ in cells(text) for name in re.findall(r"`([^`]+)`", first)]


@pytest.fixture(scope="module")
def parts(read_doc):
    """What stands below each heading of the document."""
    split = re.split(r"^#{2,3} (.*)$", read_doc("reference/web.md"), flags=re.MULTILINE)
    return {name.strip("`"): body for name, body in zip(split[1::2], split[2::2], strict=True)}


@pytest.fixture(scope="module")
def client(demonstration):
    """The pages of the demonstration library."""
    with TestClient(make_app(demonstration.folder.path), follow_redirects=False) as client:
        yield client


def test_every_address_is_documented(parts, client):
    """The table of addresses is the application's list of routes."""
    documented = names(parts["Addresses"]) + names(parts["Shares"].split("A passcode")[0])
    assert sorted(documented) == sorted({route.path for route in client.app.routes})
    assert names(parts["Accounts"]) == list(dict.fromkeys(route.path for route in account_routes()))


def test_every_documented_address_answers(parts, client):
    """Each address answers with a page, or with JSON where it says so."""
    own = {"sec-fetch-site": "same-origin"}
    written = client.post("/studies/NCT99000001/notes", data={"text": "Ask."}, headers=own).headers["location"]
    id = re.search(r"-(\d+)$", written)[1]
    for address in names(parts["Addresses"]):
        path = address.replace("{number}", "NCT99000001").replace("/static", "/static/site.css").replace("{id:int}", id)
        if path in (f"/notes/{id}/delete", f"/notes/{id}/restore", "/notes/hint", "/studies/NCT99000001/notes"):
            sent = client.post(path, data={"text": "Ask.", "back": "NCT99000001"}, headers=own)
            assert sent.status_code == 303
            continue
        if path == "/notes/import":
            content = client.get("/notes.jsonld").content
            assert client.post(path, files={"file": ("n.jsonld", content)}, headers=own).status_code == 303
            continue
        path = "/api/v2/version" if path == "/api/v2" else path
        patient = {"note": "A 64-year-old woman."}
        if path == "/api/match":
            assert client.post(path, json=patient).status_code == 200
            continue
        if path.startswith("/saved/"):
            own = {"sec-fetch-site": "same-origin"}
            assert client.post(path, data={"number": "NCT99000001"}, headers=own).status_code == 303
            continue
        posted = {"age": "64", "study": "NCT99000001"}
        answer = client.post(path, data=posted) if path == "/match/sheet" else client.get(path)
        kinds = {
            ".json": "json",
            ".jsonld": "ld+json",
            ".jsonl": "jsonl",
            ".csv": "csv",
            ".ris": "research-info",
            ".bib": "bibtex",
            ".css": "css",
            ".txt": "plain",
            "version": "json",
            "oas/v2": "json",
        }
        kind = next((kind for end, kind in kinds.items() if path.endswith(end)), "html")
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]


def test_every_parameter_is_documented(parts, client):
    """The parameters are those that a search writes into its own address, and the page."""
    query = Query(
        text="tea",
        areas=dict.fromkeys(AREA_ORDER, "tea"),
        advanced=("tea",),
        numbers=("NCT99000001",),
        dropped=("tea",),
        chosen={one.name: ("x",) for one in FILTERS},
        age=Age("45 Years"),
        demands=tuple(read_demand(kind, "stroke") for kind in KINDS),
        near=read_near("Leeds"),
        stated_only=True,
        sort="updated",
    )
    rows = names(parts["/search"].split("| `age`")[0].split("| `drop` |")[1])
    assert rows == [one.name for one in FILTERS]
    assert set(AREA_ORDER) == set(AREAS) - {"term"}
    firsts = [name for first, _ in cells(parts["/search"]) for name in re.findall(r"`([^`]+)`", first)]
    assert firsts == [*(name for name, _ in query.parameters()), "page"]
    assert all(f"`{sort}`" in parts["/search"] for sort in SORTS)
    assert f"{PAGE_SIZE} studies each" in parts["/search"]
    assert client.get("/search.json?page=999&nonsense=1").json()["offset"] == 20
    assert client.get("/search?q=nct99000001").status_code == 303


def test_every_field_of_a_search_is_documented(parts):
    """The fields of a result list and of a hit are documented in their order."""
    answer, hit = parts["/search.json"].split("A hit:")
    assert names(answer) == list(SearchAnswer.__struct_fields__)
    assert names(hit) == list(Hit.__struct_fields__)


def test_every_field_of_a_page_is_documented(parts):
    """The fields of a study's page are all documented, and those of its criteria."""
    page, rest = parts["/studies/{number}"].split("`criteria` has the")
    assert sorted(names(page)) == sorted(StudyPage.__struct_fields__)
    sentence, item = rest.split("An item:")
    for one in (CriteriaView, SectionView):
        assert all(f"`{name}`" in sentence for name in one.__struct_fields__)
    documented = [name for first, _ in cells(item) for name in re.findall(r"`([^`]+)`", first)]
    assert sorted(documented) == sorted(CriterionView.__struct_fields__)


def test_every_field_of_a_plain_view_is_documented(parts):
    """The fields of a study's plain view are all documented."""
    assert sorted(names(parts["/studies/{number}/plain.json"])) == sorted(PlainView.__struct_fields__)


def test_every_field_of_related_studies_is_documented(parts):
    """The fields of the answer and of a related study are documented in their order."""
    answer, study = parts["/studies/{number}/related.json"].split("A related study:")
    assert names(answer) == list(RelatedAnswer.__struct_fields__)
    fields = [name for first, _ in cells(study) for name in re.findall(r"`([^`]+)`", first)]
    assert fields == list(RelatedStudy.__struct_fields__)


def test_redirects_are_documented(client):
    """A number in lower case leads to the page under its number."""
    answer = client.get("/studies/nct99000001")
    assert (answer.status_code, answer.headers["location"]) == (301, "/studies/NCT99000001")


def test_errors_are_documented(parts, client, tmp_path):
    """Each status of the table is answered where it says so, in the shape that is shown."""
    empty = TestClient(make_app(tmp_path))
    seen = {
        client.get("/search?phase=five").status_code,
        client.get("/studies/NCT99000999").status_code,
        client.get("/nowhere").status_code,
        client.post("/search").status_code,
        empty.get("/").status_code,
    }
    assert {int(first) for first, _ in cells(parts["Errors"])} == seen
    problem = client.get("/search.json?phase=five")
    assert problem.headers["content-type"] == "application/problem+json"
    for name, value in problem.json().items():
        shown = f'"{value[:11]}' if isinstance(value, str) else str(value)
        assert f'"{name}": {shown}' in parts["Errors"]


def test_headers_are_documented(parts, client):
    """The headers of the table are on every answer, with these values."""
    documented = {first.strip("`"): value.strip("`") for first, value in cells(parts["Headers"])}
    assert documented == SECURITY_HEADERS
    for path in ("/", "/static/site.css", "/studies/NCT99000999.json"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in documented} == documented
