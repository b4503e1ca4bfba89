"""Clients of the registry's API work on a local server with another base address and nothing else."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api import Api, study

# Each is a program of its own: these packages warn, cache and keep state as they like.
PROGRAMS = {
    "pytrials": """
from pytrials import ClinicalTrials, CTGError, NotFoundError
with ClinicalTrials(base_url=BASE) as client:
    found = client.studies.search("chilblains", status=["COMPLETED", "TERMINATED"], phase=["PHASE2", "NA"],
                                  page_size=2, sort="LastUpdatePostDate:asc")
    said["total"] = found.total_count
    said["numbers"] = [one.nct_id for one in found.studies]
    said["token"] = bool(found.next_page_token)
    said["title"] = client.studies.get("NCT99000001").brief_title
    try:
        client.studies.get("NCT99999999")
    except NotFoundError as error:
        said["missing"] = error.status_code
    try:
        client.studies.search(sort="BriefTitle")
    except CTGError as error:
        said["refused"] = str(error).split("\\n")[0]
""",
    "ctgov": """
import ctgov.client
ctgov.client.BASE_URL = BASE + "/"
client = ctgov.Client(delay=0)
said["version"] = client.version()["apiVersion"]
said["count"] = client.count("AREA[Phase]PHASE2")
said["filtered"] = len(client.studies("AREA[Phase]PHASE2", filters={"overallStatus": "RECRUITING"}))
said["paged"] = len(list(client.iter_studies(page_size=7)))
said["fields"] = client.studies("warm socks", fields=["NCTId", "hasResults"], max_studies=1)[0].keys() >= {"hasResults"}
said["one"] = client.study("NCT99000001")["hasResults"]
""",
    "pyctrials": """
import pyctrials
pyctrials.ClinicalTrialsAPI.BASE_URL = BASE + "/studies"
pyctrials.ClinicalTrialsAPI.VERSION_URL = BASE + "/version"
client = pyctrials.ClinicalTrialsAPI(max_retries=1)
said["version"] = client.get_version()["apiVersion"]
found = client.fetch_trials("cold feet", status="RECRUITING", page_size=4)
said["numbers"] = sorted(found["nct_id"])
""",
    "tap_clinicaltrials": """
import contextlib, io, requests
from tap_clinicaltrials import streams, tap
streams.Studies.url_base = BASE.removesuffix("/v2")
get = requests.get
tap.requests.get = lambda url, **more: get(url.replace("https://clinicaltrials.gov/api/v2", BASE), **more)
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    tap.TapClinicalTrials(config={"condition": "chilblains", "start_date": "2026-01-10"}).sync_all()
lines = [json.loads(line) for line in printed.getvalue().splitlines()]
said["records"] = [one["record"]["nctId"] for one in lines if one["type"] == "RECORD"]
said["schema"] = sorted(next(one for one in lines if one["type"] == "SCHEMA")["schema"]["properties"])
""",
    "clinicaltrials": """
import clinicaltrials
client = clinicaltrials.ApiClient(clinicaltrials.Configuration(host=BASE))
studies, stats = clinicaltrials.StudiesApi(client), clinicaltrials.StatsApi(client)
said["version"] = clinicaltrials.VersionApi(client).version().api_version
found = studies.list_studies(query_cond="chilblains", filter_overall_status=["COMPLETED"], agg_filters="studyType:int",
                             sort=["@relevance"], fields=["NCTId", "HasResults"], count_total=True, page_size=1)
said["total"] = found.total_count
said["page"] = len(found.studies)
following = studies.list_studies(query_cond="chilblains", filter_overall_status=["COMPLETED"],
                                 agg_filters="studyType:int", sort=["@relevance"], page_token=found.next_page_token)
said["rest"] = len(following.studies)
said["one"] = "Warm socks number 1" in studies.fetch_study("NCT99000001")
said["areas"] = [len(document.areas) for document in studies.search_areas()]
said["tables"] = len(studies.enums()) > 30 and len(studies.studies_metadata()) > 3
said["sizes"] = stats.size_stats().total_studies
said["values"] = [one.actual_instance.type.value for one in stats.field_values_stats(fields=["Phase", "BriefTitle"])]
said["lists"] = [one.piece for one in stats.list_field_sizes_stats(fields=["Condition"])]
try:
    studies.fetch_study("NCT99999999")
except clinicaltrials.exceptions.NotFoundException as error:
    said["missing"] = error.status
""",
}

EXPECTED = {
    "pytrials": {
        "total": 9,
        "numbers": ["NCT99000001", "NCT99000005"],
        "token": True,
        "title": "Warm socks number 1",
        "missing": 404,
        "refused": "[400] Only dates and numbers can be sorted by",
    },
    "ctgov": {"version": "2.0.5", "count": 9, "filtered": 2, "paged": 25, "fields": True, "one": False},
    "pyctrials": {"version": "2.0.5", "numbers": [f"NCT99{number:06d}" for number in (4, 8, 12, 16, 20, 24)]},
    "tap_clinicaltrials": {
        "records": [f"NCT99{number:06d}" for number in (9, 11, 13, 15, 17, 19, 21, 23, 25)],
        "schema": [
            *("annotationSection", "derivedSection", "documentSection", "hasResults", "lastUpdateSubmitDate"),
            *("nctId", "protocolSection", "resultsSection"),
        ],
    },
    "clinicaltrials": {
        "version": "2.0.5",
        "total": 7,
        "page": 1,
        "rest": 6,
        "one": True,
        "areas": [19],
        "tables": True,
        "sizes": 25,
        "values": ["ENUM", "STRING"],
        "lists": ["Condition"],
        "missing": 404,
    },
}


@pytest.fixture
def base(tmp_path: Path, serve: Callable[[Path], str]) -> str:
    """The base address of a real server with twenty-five studies."""
    api = Api(tmp_path / "library")
    api.load(*(study(number) for number in range(1, 26)))
    return serve(api.folder) + "/api/v2"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_client_works_unchanged(name: str, base: str, tmp_path: Path) -> None:
    """Searches, pages, single studies and errors are what the client expects."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"needs the client package {name} (pip install 'equipoise[clients]')")
    program = f"import json\nBASE = {base!r}\nsaid = {{}}\n{PROGRAMS[name]}\nprint(json.dumps(said))"
    place = tmp_path / "client"
    place.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == EXPECTED[name]
