"""A small library behind the API v2, for tests: invented studies, and a client of the real application."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.intake.load import load

STATUSES = ("RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "TERMINATED")


def study(number: int, **protocol: Any) -> dict[str, Any]:
    """Return an invented study; its status and dates follow from its number."""
    phases = [["PHASE1"], ["PHASE2", "PHASE3"], ["NA"]][number % 3]
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT99{number:06d}",
                "orgStudyIdInfo": {"id": f"SOCK-{number}"},
                "briefTitle": f"Warm socks number {number}",
                "organization": {"fullName": "Sock Institute", "class": "OTHER"},
            },
            "statusModule": {
                "overallStatus": STATUSES[number % 4],
                "startDateStruct": {"date": f"2024-{number % 12 + 1:02d}", "type": "ACTUAL"},
                "lastUpdateSubmitDate": f"2026-01-{number % 28 + 1:02d}",
                "lastUpdatePostDateStruct": {"date": f"2026-01-{number % 28 + 1:02d}", "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Sock Institute", "class": "OTHER"}},
            "descriptionModule": {"briefSummary": f"Feet below 20 \\< {number}.\n\n* warm\n* dry"},
            "conditionsModule": {"conditions": ["Cold Feet", *(["Chilblains"] if number % 2 else [])]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": phases,
                "enrollmentInfo": {"count": number * 10, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {"interventions": [{"type": "DEVICE", "name": "Wool socks"}]},
            "contactsLocationsModule": {
                "locations": [{"city": "Leeds", "country": "United Kingdom"}, {"facility": "Mill", "country": "France"}]
            },
            **protocol,
        },
        "hasResults": False,
    }


def as_published(record: dict[str, Any]) -> bytes:
    """Return a study as the registry publishes it: on one line, with its own order and escapes."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


class Api:
    """The API over a library of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: dict[str, bytes] = {}

    def load(self, *records: dict[str, Any]) -> None:
        """Load studies, as one edition."""
        place = self.folder.parent / f"records-{len(list(self.folder.parent.iterdir()))}"
        place.mkdir()
        for record in records:
            number = record["protocolSection"]["identificationModule"]["nctId"]
            self.documents[number] = as_published(record)
            (place / f"{number}.json").write_bytes(self.documents[number])
        summary = load([place], self.folder)
        assert summary.problems == []

    @property
    def client(self) -> TestClient:
        """A client of the application; it follows no redirection."""
        if not hasattr(self, "_client"):
            self._client = TestClient(make_app(self.folder), follow_redirects=False)
        return self._client

    def get(self, path: str, *, status: int = 200, headers: dict[str, str] | None = None, **parameters: Any) -> Any:
        """Return an answer of the API; dots in the names of parameters are underscores."""
        named = {name.replace("_", "."): value for name, value in parameters.items()}
        answer = self.client.get(f"/api/v2{path}", params=named, headers=headers)
        assert answer.status_code == status, answer.text[:800]
        return answer

    def json(self, path: str, **parameters: Any) -> Any:
        """Return the JSON of an answer."""
        return self.get(path, **parameters).json()

    def numbers(self, **parameters: Any) -> list[str]:
        """Return the numbers of the studies on a page."""
        studies = self.json("/studies", **{"fields": "NCTId", "pageSize": 1000} | parameters)["studies"]
        return [one["protocolSection"]["identificationModule"]["nctId"] for one in studies]

    def refusal(self, path: str, *, status: int = 400, **parameters: Any) -> str:
        """Return the text of an answer that refuses, without the line end."""
        answer = self.get(path, status=status, **parameters)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        return answer.text.rstrip("\n")
