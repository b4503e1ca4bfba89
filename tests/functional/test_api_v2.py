"""The API v2 answers as its contract says: pages, forms of one study, marks, and errors in plain text."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
import rispy

from api import Api, study
from equipoise.find.export_csv import COLUMNS
from equipoise.find.ranges import COLUMNS as COLUMNS_OF_RANGES
from equipoise.intake.load import load
from equipoise.terms.fields import fields


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Api:
    """Twenty-five studies; the third was known by another number."""
    api = Api(tmp_path_factory.mktemp("api") / "library")
    records = [study(number) for number in range(1, 26)]
    records[2]["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT99900003"]
    api.load(*records)
    return api


@pytest.fixture
def own(tmp_path: Path) -> Api:
    """A library of three studies that a test may change."""
    api = Api(tmp_path / "library")
    api.load(*(study(number) for number in (1, 2, 3)))
    return api


# Pages


def test_a_study_in_a_list_is_byte_for_byte_as_published(api: Api) -> None:
    """Each study has a line of its own, which is its document; nothing is encoded anew."""
    body = api.get("/studies", pageSize=1000).content
    first, *lines, last = body.split(b"\n")
    assert first == b'{"studies":['
    assert last == b"]}"
    assert sorted(line.removesuffix(b",") for line in lines) == sorted(api.documents.values())


def test_a_document_over_several_lines_comes_on_one(own: Api) -> None:
    """White space between tokens goes; nothing else of the document changes."""
    place = own.folder.parent / "pretty"
    place.mkdir()
    record = study(4)
    (place / "NCT99000004.json").write_text(json.dumps(record, indent=2), "utf-8")
    load([place], own.folder)
    body = own.get("/studies", **{"filter.ids": "NCT99000004"}).text
    assert body.count("\n") == 2
    assert json.loads(body)["studies"] == [record]


def test_pages_follow_one_another(api: Api) -> None:
    """Every study comes once, the last page has no token, and only the first has the total."""
    seen, token, pages = [], {}, 0
    while True:
        page = api.json("/studies", pageSize=10, countTotal="true", **token)
        pages += 1
        assert ("totalCount" in page) is (pages == 1)
        seen += [one["protocolSection"]["identificationModule"]["nctId"] for one in page["studies"]]
        if "nextPageToken" not in page:
            break
        token = {"pageToken": page["nextPageToken"]}
    assert pages == 3
    assert len(seen) == len(set(seen)) == 25
    assert api.json("/studies", countTotal="true")["totalCount"] == 25


def test_the_size_of_a_page(api: Api) -> None:
    """Ten without one, a thousand at most, and another on each page if the client likes."""
    assert len(api.json("/studies")["studies"]) == 10
    assert len(api.json("/studies", pageSize="")["studies"]) == 10
    assert len(api.json("/studies", pageSize=99999999999999)["studies"]) == 25
    token = api.json("/studies", pageSize=3)["nextPageToken"]
    assert len(api.json("/studies", pageSize=20, pageToken=token)["studies"]) == 20


def test_a_page_of_no_studies_counts_or_is_of_the_usual_size(api: Api) -> None:
    """With the total asked for, 0 means none, and whoever goes on gets all; else it means ten."""
    assert len(api.json("/studies", pageSize=0)["studies"]) == 10
    page = api.json("/studies", pageSize=0, countTotal="true", **{"filter.overallStatus": "RECRUITING"})
    assert (page["totalCount"], page["studies"]) == (6, [])
    page = api.json("/studies", pageSize=0, pageToken=page["nextPageToken"], **{"filter.overallStatus": "RECRUITING"})
    assert len(page["studies"]) == 6
    assert "nextPageToken" not in page


def test_pages_stay_those_of_the_first_while_a_load_is_published(own: Api) -> None:
    """The second page is of the edition of the first, by another worker too, which opens it for this."""
    page = own.json("/studies", pageSize=2, sort="EnrollmentCount:asc", fields="NCTId")
    own.load(*(study(number) for number in (4, 5)))
    again = {"pageSize": 2, "sort": "EnrollmentCount:asc", "fields": "NCTId", "pageToken": page["nextPageToken"]}
    second = own.json("/studies", **again)
    assert [one["protocolSection"]["identificationModule"]["nctId"] for one in second["studies"]] == ["NCT99000003"]
    assert "nextPageToken" not in second
    assert Api(own.folder).json("/studies", **again) == second
    assert len(own.numbers()) == 5


def test_a_token_of_an_edition_that_is_gone_is_refused(own: Api) -> None:
    """Two loads later the edition is dropped; a worker that never had it says so."""
    token = own.json("/studies", pageSize=2)["nextPageToken"]
    for number in (4, 5):
        own.load(study(number))
    assert Api(own.folder).refusal("/studies", pageSize=2, pageToken=token) == "\n".join(
        (
            "The token is of a state of the library that is gone",
            f"    pageToken={token}",
            "              " + "^" + "~" * (len(token) - 1),
            "Begin again with the first page.",
        )
    )


def test_a_token_holds_for_its_own_query(api: Api) -> None:
    """Other words, filters or another order refuse it; size, count and form do not."""
    token = api.json("/studies", pageSize=2, **{"query.cond": "feet"})["nextPageToken"]
    for other in ({"query.cond": "cold"}, {}, {"query.cond": "feet", "sort": "StartDate"}):
        said = api.refusal("/studies", pageToken=token, **other)
        assert said.startswith("The token is that of another query\n")
        assert said.endswith("Repeat the parameters of the first page, or leave `pageToken` out.")
    api.get("/studies", pageToken=token, **{"query.cond": "feet", "format": "csv"})


@pytest.mark.parametrize("token", ["x", "AAAA", "%00", "ÿ", "A" * 28, "_" * 28, "A" * 20000])
def test_what_is_no_token_is_refused(api: Api, token: str) -> None:
    """Anything that no library gave is said to be no token."""
    assert "token" in api.refusal("/studies", pageToken=token)


# What is asked for


def test_filters_and_queries_narrow_together(api: Api) -> None:
    """All that is given must hold, and studies that state nothing are not added."""
    recruiting = {f"NCT99{number:06d}" for number in range(1, 26) if number % 4 == 0}
    chilly = {f"NCT99{number:06d}" for number in range(1, 26) if number % 2}
    assert set(api.numbers(**{"filter.overallStatus": "RECRUITING"})) == recruiting
    assert set(api.numbers(**{"query.cond": "chilblains"})) == chilly
    both = {"query.cond": "chilblains", "filter.overallStatus": "COMPLETED|TERMINATED"}
    assert set(api.numbers(**both)) == chilly
    assert api.numbers(**both, **{"postFilter.overallStatus": "RECRUITING"}) == []
    assert api.numbers(**{"query.cond": "no such thing"}) == []


def test_lists_are_joined_or_repeated(api: Api) -> None:
    """Comma, bar and repetition mean the same."""
    expected = api.numbers(**{"filter.ids": "NCT99000001,NCT99000002"})
    assert expected == api.numbers(**{"filter.ids": "nct99000001|NCT0099000002"})
    repeated = api.client.get("/api/v2/studies?filter.ids=NCT99000001&filter.ids=NCT99000002&fields=NCTId").json()
    assert len(repeated["studies"]) == len(expected) == 2


def test_a_study_is_found_by_an_earlier_number(api: Api) -> None:
    """The filter by number looks at former numbers as well; two such filters must both hold."""
    assert api.numbers(**{"filter.ids": "NCT99900003"}) == ["NCT99000003"]
    assert api.numbers(**{"filter.ids": "NCT99000001", "postFilter.ids": "NCT99000002"}) == []


def test_a_query_of_numbers_alone_ignores_filters(api: Api) -> None:
    """Whoever names a study gets it."""
    assert api.numbers(**{"query.term": "NCT99000001", "filter.overallStatus": "WITHDRAWN"}) == ["NCT99000001"]


def test_facets_of_the_search_page(api: Api) -> None:
    """Keys of one facet are alternatives, also when it is repeated; facets narrow one another."""
    two = {f"NCT99{number:06d}" for number in range(1, 26) if number % 3 == 1}
    na = {f"NCT99{number:06d}" for number in range(1, 26) if number % 3 == 2}
    assert set(api.numbers(aggFilters="phase:2")) == two
    assert set(api.numbers(aggFilters="phase:3 NA")) == two | na
    assert set(api.numbers(aggFilters="phase:PHASE2,phase:NA")) == two | na
    assert set(api.numbers(aggFilters="phase:2,status:com not")) == {one for one in two if int(one[3:]) % 4 in (1, 2)}
    assert len(api.numbers(aggFilters="results:without,funderType:other")) == 25
    assert api.numbers(aggFilters="phase:2|status:com not") == api.numbers(aggFilters="phase:2,status:com not")
    assert len(api.numbers(aggFilters="funderType:OTHER_GOV")) + len(api.numbers(aggFilters="funderType:indiv")) == 0
    assert api.numbers(aggFilters="funderType:nih") == api.numbers(aggFilters="violation:y") == []


def test_the_order_is_as_asked(api: Api) -> None:
    """Numbers rise and dates fall unless said otherwise; the second field decides among equals."""
    assert api.numbers(sort="EnrollmentCount")[0] == "NCT99000001"
    assert api.numbers(sort="EnrollmentCount:desc")[0] == "NCT99000025"
    path = "protocolSection.statusModule.startDateStruct.date"
    assert api.numbers(sort="StartDate,EnrollmentCount:desc")[:3] == ["NCT99000023", "NCT99000011", "NCT99000022"]
    assert api.numbers(sort=f"{path}:asc,EnrollmentCount")[:2] == ["NCT99000012", "NCT99000024"]


def test_every_field_is_an_order_or_is_refused(api: Api) -> None:
    """Nothing that can be named in an order breaks the server; the fields that have a column are orders."""
    taken = [
        one.piece
        for one in fields()
        if api.client.get("/api/v2/studies", params={"sort": one.piece}).status_code == 200
        or api.refusal("/studies", sort=one.piece) == ""
    ]
    assert sorted(taken) == sorted(COLUMNS_OF_RANGES)


def test_fields_are_chosen_by_any_of_their_names(api: Api) -> None:
    """Piece, path and area; a branch brings what is below it; what is not there is left out."""
    asked = {"filter.ids": "NCT99000001"}

    def chosen(fields: str, **more: str) -> dict:
        return api.json("/studies", fields=fields, **asked, **more)["studies"][0]

    named = {"protocolSection": {"identificationModule": {"nctId": "NCT99000001"}}}
    assert chosen("NCTId") == chosen("protocolSection.identificationModule.nctId") == named
    assert chosen("hasResults") == {"hasResults": False}
    whole = json.loads(api.documents["NCT99000001"])["protocolSection"]
    assert chosen("StatusModule") == {"protocolSection": {"statusModule": whole["statusModule"]}}
    assert chosen("LocationCity") == {
        "protocolSection": {"contactsLocationsModule": {"locations": [{"city": "Leeds"}]}}
    }
    assert chosen("WhyStopped") == {}
    assert set(chosen("ConditionSearch")["protocolSection"]) == {"identificationModule", "conditionsModule"}
    assert chosen("@query", **{"query.lead": "sock"}) == {
        "protocolSection": {"sponsorCollaboratorsModule": {"leadSponsor": {"name": "Sock Institute"}}}
    }


def test_long_texts_come_with_or_without_escapes(api: Api) -> None:
    """The older form has no escapes and dashes for bullets; everything else stays."""
    new, old = (api.json("/studies/NCT99000001", markupFormat=form) for form in ("markdown", "legacy"))
    assert new["protocolSection"]["descriptionModule"]["briefSummary"] == "Feet below 20 \\< 1.\n\n* warm\n* dry"
    assert old["protocolSection"]["descriptionModule"].pop("briefSummary") == "Feet below 20 < 1.\n\n- warm\n- dry"
    del new["protocolSection"]["descriptionModule"]["briefSummary"]
    assert new == old


# Places


def at(number: int, *points: tuple[float, float]) -> dict:
    """Return a study with sites at these points."""
    sites = [{"city": "Anywhere", "geoPoint": {"lat": lat, "lon": lon}} for lat, lon in points]
    return study(number, contactsLocationsModule={"locations": sites})


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Api:
    """Studies on a meridian, one degree (111 km) apart, and one with two sites."""
    api = Api(tmp_path_factory.mktemp("placed") / "library")
    api.load(at(1, (10, 20)), at(2, (11, 20)), at(3, (12, 20)), at(4, (60, 100), (10.1, 20)), study(5))
    return api


def test_a_study_with_any_site_within_the_distance_is_found(placed: Api) -> None:
    """Whole studies are returned; those without a point are not, and km are the unit where none is given."""
    assert set(placed.numbers(**{"filter.geo": "distance(10,20,50km)"})) == {"NCT99000001", "NCT99000004"}
    assert set(placed.numbers(**{"postFilter.geo": "distance(10,20,50)"})) == {"NCT99000001", "NCT99000004"}
    assert len(placed.numbers(**{"filter.geo": "distance(10,20,100mi)"})) == 3


def test_nearness_ranks_as_asked(placed: Api) -> None:
    """The nearest comes first; an order that is asked for comes before; without a point geoDecay is ignored."""
    around = {"filter.geo": "distance(12,20,300km)"}
    assert placed.numbers(**around)[:2] == ["NCT99000003", "NCT99000002"]
    assert placed.numbers(**around, **{"query.titles": "socks"})[:2] == ["NCT99000003", "NCT99000002"]
    assert placed.numbers(**around, sort="EnrollmentCount")[:2] == ["NCT99000001", "NCT99000002"]
    flat = {"geoDecay": "func:linear,scale:300km,offset:1000km,decay:0.5"}
    assert (
        placed.numbers(**around, **flat)[0] == placed.numbers(**around, sort="@relevance", **flat)[0] == "NCT99000004"
    )
    assert placed.numbers(**flat) == placed.numbers()


def test_a_place_that_is_none_is_refused(placed: Api) -> None:
    """A latitude beyond the pole, a distance beyond the Earth, two places at once, a decay that is none."""
    for parameters in (
        {"filter.geo": "distance(91,20,50km)"},
        {"filter.geo": "distance(10,20,50000km)"},
        {"filter.geo": "distance(10,20,0km)"},
        {"filter.geo": "near Leeds"},
        {"filter.geo": "distance(10,20,50km)", "postFilter.geo": "distance(10,21,50km)"},
        {"filter.geo": "distance(10,20,50km)", "geoDecay": "func:exp,scale:0km,offset:0km,decay:0.5"},
        {"geoDecay": "func:magic,scale:1km,offset:0km,decay:0.5"},
    ):
        assert "=" in placed.refusal("/studies", **parameters).split("\n")[1]


# CSV


def test_csv_has_the_thirty_columns_and_its_paging_in_headers(api: Api) -> None:
    """The header row is on the first page alone; the token and the total are in headers."""
    first = api.get("/studies", format="csv", pageSize=20, countTotal="true", sort="EnrollmentCount")
    assert first.headers["content-type"] == "text/csv; charset=utf-8"
    assert first.headers["x-total-count"] == "25"
    token = first.headers["x-next-page-token"]
    second = api.get("/studies", format="csv", pageSize=20, sort="EnrollmentCount", pageToken=token)
    assert "x-next-page-token" not in second.headers
    rows = list(csv.DictReader(io.StringIO(first.text + second.text)))
    assert list(rows[0]) == list(COLUMNS)
    assert len(COLUMNS) == 30
    assert len(rows) == 25
    assert rows[1] | {"Brief Summary": ""} == dict.fromkeys(COLUMNS, "") | {
        "NCT Number": "NCT99000002",
        "Study Title": "Warm socks number 2",
        "Study URL": "https://clinicaltrials.gov/study/NCT99000002",
        "Study Status": "NOT_YET_RECRUITING",
        "Study Results": "NO",
        "Conditions": "Cold Feet",
        "Interventions": "DEVICE: Wool socks",
        "Sponsor": "Sock Institute",
        "Phases": "NA",
        "Enrollment": "20",
        "Funder Type": "OTHER",
        "Study Type": "INTERVENTIONAL",
        "Other IDs": "SOCK-2",
        "Start Date": "2024-03",
        "Last Update Posted": "2026-01-03",
        "Locations": "Leeds, United Kingdom|Mill, France",
    }


def test_columns_of_csv_are_chosen_by_their_names(api: Api) -> None:
    """In the order asked for; another name is refused with all that there are."""
    answer = api.get("/studies", format="csv", fields="Study Title,NCT Number", **{"filter.ids": "NCT99000001"})
    assert answer.text == "Study Title,NCT Number\r\nWarm socks number 1,NCT99000001\r\n"
    said = api.refusal("/studies", format="csv", fields="NCTId")
    assert said.startswith("No such column of CSV\n    fields=NCTId\n")
    assert said.endswith("Columns are: " + ", ".join(COLUMNS) + ".")


# One study


def test_a_study_in_each_form(api: Api) -> None:
    """JSON byte for byte, the same in a ZIP file, a row of CSV, a record of RIS and a FHIR resource."""
    answer = api.get("/studies/NCT99000001")
    assert (answer.content, answer.headers["content-type"]) == (api.documents["NCT99000001"], "application/json")
    packed = api.get("/studies/NCT99000001", format="json.zip")
    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.namelist() == ["NCT99000001.json"]
        assert archive.read("NCT99000001.json") == api.documents["NCT99000001"]
    row = api.get("/studies/NCT99000001", format="csv", fields="NCT Number").text
    assert row == "NCT Number\r\nNCT99000001\r\n"
    [reference] = rispy.loads(api.get("/studies/NCT99000001", format="ris").text)
    assert reference["accession_number"] == "NCT99000001"
    assert reference["title"] == "Warm socks number 1"
    tagged = api.get("/studies/NCT99000001", format="ris", fields="TI,UR").text
    assert [line[:2] for line in tagged.splitlines()] == ["TY", "TI", "UR", "ER"]
    resource = api.get("/studies/NCT99000001", format="fhir.json")
    assert resource.headers["content-type"] == "application/fhir+json"
    assert resource.json()["resourceType"] == "ResearchStudy"
    assert resource.json()["status"] == "completed"


def test_a_fhir_resource_is_given_whole(api: Api) -> None:
    """Fields cannot be chosen with FHIR."""
    assert api.refusal("/studies/NCT99000001", format="fhir.json", fields="NCTId") == "\n".join(
        (
            "A FHIR resource is given whole; fields cannot be chosen",
            "    fields=NCTId",
            "           ^~~~~",
            "Leave `fields` out, or ask for another format.",
        )
    )


def test_an_earlier_number_leads_on(api: Api) -> None:
    """301 to the study's present number, parameters kept; capitals and zeros need no redirection."""
    answer = api.get("/studies/NCT99900003", status=301, format="csv")
    assert answer.headers["location"] == "/api/v2/studies/NCT99000003?format=csv"
    assert api.get("/studies/nct0099000003").content == api.documents["NCT99000003"]


def test_no_such_study(api: Api) -> None:
    """404 for a number that no study has, 400 for what is no number."""
    assert api.refusal("/studies/NCT99999999", status=404).startswith("NCT99999999 is not in this library")
    assert api.refusal("/studies/NCT9900000X") == "\n".join(
        (
            "This is no study's number",
            "    NCT9900000X",
            "    ^~~~~~~~~~~",
            "Write it as NCT01234567, or search for it with `/studies?query.term=`.",
        )
    )
    for other in ("NCT00000000", "NCT", "123", "NCT123456789", "NCT٣", "%00"):
        api.refusal(f"/studies/{other}")


# Errors


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (
            {"filter.phase": "3"},
            "Unknown parameter `filter.phase`\n    filter.phase\n    ^~~~~~~~~~~~\n"
            "Write `aggFilters=phase:3` or `filter.advanced=AREA[Phase]PHASE3`.",
        ),
        (
            {"pagesize": "3"},
            "Unknown parameter `pagesize`\n    pagesize\n    ^~~~~~~~\nDid you mean `pageSize`?",
        ),
        (
            {"fields": "BriefTitel"},
            "No such field\n    fields=BriefTitel\n           ^~~~~~~~~~\nDid you mean BriefTitle?",
        ),
        (
            {"pageSize": "-1"},
            "This is no whole number from 0 up\n    pageSize=-1\n             ^~\nWrite a number up to 1,000.",
        ),
        (
            {"countTotal": "yes"},
            "This is neither true nor false\n    countTotal=yes\n               ^~~\nWrite `true` or `false`.",
        ),
        (
            {"format": "xml"},
            "Allowed values do not include `xml`\n    format=xml\n           ^~~\nValues are: json, csv.",
        ),
        (
            {"sort": "BriefTitle"},
            "Only dates and numbers can be sorted by\n    sort=BriefTitle\n         ^~~~~~~~~~\n"
            "Sort by a field such as LastUpdatePostDate, StartDate or EnrollmentCount, or by @relevance.",
        ),
        (
            {"sort": "StartDate,EnrollmentCount,@relevance"},
            "3 values are given; at most 2 are taken\n    sort=StartDate,EnrollmentCount,@relevance\n"
            "         ^" + "~" * 35 + "\nLeave some out.",
        ),
        (
            {"aggFilters": "phase:2,stauts:rec"},
            "This is no facet with its keys\n    aggFilters=phase:2,stauts:rec\n                       ^~~~~~~~~~\n"
            "Did you mean status? Facets are: status, phase, studyType, ages, sex, healthy, results, funderType, docs, "
            "violation; write them as `status:rec not`.",
        ),
        (
            {"aggFilters": "status:rek"},
            "`status` has no key `rek`\n    aggFilters=status:rek\n                      ^~~\n"
            "Did you mean rec? Keys of status are: not, rec, act, com, ter, enr, sus, wit, unk, ava, nla, tna, afm.",
        ),
        (
            {"filter.synonyms": "ConditionSearch:1651367"},
            "A library does not have the registry's synonym sets\n    filter.synonyms=ConditionSearch:1651367\n"
            "                    ^" + "~" * 22 + "\n"
            "Search with the words of the concept in `query.cond` or `query.intr`, which seek synonyms too.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_understood_is_said(api: Api, parameters: dict[str, str], said: str) -> None:
    """400 in plain text: what, where, and what to do."""
    assert api.refusal("/studies", **parameters) == said


@pytest.mark.parametrize("name", ["query.term", "query.cond", "filter.advanced", "postFilter.advanced"])
def test_a_broken_expression_names_its_parameter(api: Api, name: str) -> None:
    """The message begins as the registry's does, and the caret stands in the expression."""
    first, line, caret, *_ = api.refusal("/studies", **{name: "socks AND (wool"}).split("\n")
    assert first.startswith(f"Error parsing query in {name}: ")
    assert line == f"    {name}=socks AND (wool"
    assert caret.index("^") == line.index("(wool")


def test_an_error_in_a_long_value_is_shown_around_its_place(api: Api) -> None:
    """The caret stays in view."""
    _, line, caret, *_ = api.refusal("/studies", **{"query.term": "socks AND " * 500 + "(wool"}).split("\n")
    assert len(line) < 160
    assert line[caret.index("^") :].startswith("(wool")


HOSTILE = (
    "query.term=" + "(" * 3000,
    "query.term=" + "NOT " * 3000,
    "query.term=" + "a OR " * 4000,
    "query.term=%00%ff%fe",
    "query.term=AREA[",
    "query.cond=%22" + "a" * 20000,
    "filter.advanced=AREA[StartDate]RANGE[MAX,MIN]",
    "filter.advanced=RANGE[",
    "fields=" + ",".join(f"x{n}" for n in range(5000)),
    "fields=%2C%7C%2C",
    "sort=:asc",
    "pageSize=1e9",
    "pageSize=٣",
    "countTotal=true&countTotal=false",
    "format=csv&format=json",
    "filter.geo=distance(1,2,3parsec)",
    "geoDecay=func:magic",
    "aggFilters=" + ":" * 3000,
    "aggFilters=phase:" + "2 " * 5000,
    "filter.ids=" + "NCT1," * 5000,
    "&&&=&=&",
    "%ff=%ff",
    "query.term",
)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_asked_breaks_the_server(api: Api, query: str) -> None:
    """Whatever is sent is answered, or refused with a 4xx in plain text."""
    answer = api.client.get(f"/api/v2/studies?{query}")
    assert answer.status_code in (200, 400, 414)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert len(answer.text) < 5000


def test_an_address_that_is_too_long_is_refused(api: Api) -> None:
    """414, before anything of it is read."""
    said = api.client.get("/api/v2/studies?query.term=" + "x" * 60_000)
    assert (said.status_code, said.text) == (414, "The address has more than 60,000 characters\n")


def test_only_reading_is_answered(api: Api) -> None:
    """Other methods get 405 with those that are allowed; other addresses 404."""
    answer = api.client.post("/api/v2/studies")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert answer.text == "POST is not answered here; addresses of this API are read by GET.\n"
    assert api.refusal("/trials", status=404).startswith("Nothing is at /api/v2/trials\n")


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    """503 in plain text, with what to do."""
    said = Api(tmp_path / "library").refusal("/studies", status=503)
    assert "There is no study in this library yet" in said


# What HTTP offers


def test_head_answers_as_get_without_the_body(api: Api) -> None:
    """The headers are those of GET."""
    got, headed = (
        api.client.request(method, "/api/v2/studies?format=csv&countTotal=true") for method in ("GET", "HEAD")
    )
    assert headed.status_code == 200
    assert dict(headed.headers) == dict(got.headers)


def test_pages_of_other_sites_may_read(api: Api) -> None:
    """As the registry's, with the headers for paging; the site's own pages do not say so."""
    answer = api.get("/version", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "x-next-page-token, x-total-count, etag"
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    assert api.client.options("/api/v2/studies", headers=asked).status_code == 200
    assert "access-control-allow-origin" not in api.client.get("/", headers=asked).headers
    asked |= {"access-control-request-headers": "content-type, x-requested-with, if-none-match"}
    assert api.client.options("/api/v2/studies", headers=asked).status_code == 200


def test_an_answer_that_did_not_change_is_not_sent_again(api: Api) -> None:
    """The mark of an answer is the same each time, and asks for 304."""
    mark = api.get("/studies").headers["etag"]
    assert api.get("/studies", status=304, headers={"if-none-match": mark}).content == b""
    assert api.get("/studies", pageSize=3, headers={"if-none-match": mark}).content


def test_robots_are_asked_to_stay_away(api: Api) -> None:
    """Whoever follows links would read every page of every list."""
    assert "Disallow: /api/" in api.client.get("/robots.txt").text
