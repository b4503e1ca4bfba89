"""Nothing of a patient is repeated in a message, or left in a file: values are planted and looked for."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import lxml.html
import pytest
from starlette.testclient import TestClient

from equipoise.app.web import make_app
from equipoise.desk.database import open_desk
from equipoise.desk.notes import Draft, add_note
from equipoise.desk.people import LOCAL, Person
from equipoise.store.library import Library

# No word or number that the program itself could say.
NAME, NUMBER, VALUE, DATE, WORD = "Quartermaine", "MRN7788812", 9173.25, "1931-03-07", "zebulonitis"
PLANTED = (NAME, NUMBER, "9173.25", "9173", DATE, "1931", WORD, "25:61")
# What may be looked for in the bytes of any file: none of it is there by chance.
LEFT = (NAME, NUMBER, str(VALUE), WORD)

NOTE = (
    f"{NAME} ({NUMBER}), born {DATE}, was seen on 15 January 2026 with {WORD} and asthma. "
    f"C-reactive protein {VALUE} mg/L. Takes apixaban."
)
FACT: dict[str, Any] = {"kind": "measurement", "concept": {"name": WORD}, "value": VALUE, "unit": "mg/L", "when": DATE}
CRITERIA = [{"id": "c1", "text": "Asthma", "section": "inclusion"}]


def _with(**changed: Any) -> dict[str, Any]:
    return {"id": NUMBER, "facts": [FACT | changed], "criteria": CRITERIA}


BROKEN: dict[str, Callable[[], str]] = {
    "a kind that is none": lambda: json.dumps(_with(kind=WORD)),
    "an assertion that is none": lambda: json.dumps(_with(assertion=NAME)),
    "a date that is none": lambda: json.dumps(_with(when=f"{DATE}T25:61")),
    "a date in words": lambda: json.dumps(_with(when=f"born {DATE}")),
    "a value that is a list": lambda: json.dumps(_with(value=[VALUE])),
    "a unit that is a number": lambda: json.dumps(_with(unit=VALUE)),
    "a range that is a word": lambda: json.dumps(_with(range=NAME)),
    "a concept that is a word": lambda: json.dumps(_with(concept=WORD)),
    "no concept": lambda: json.dumps(_with(concept=None)),
    "two facts of one name": lambda: json.dumps(_with() | {"facts": [FACT | {"id": NAME}, FACT | {"id": NAME}]}),
    "a kind that is not complete": lambda: json.dumps(_with() | {"complete": [WORD]}),
    "facts and a note": lambda: json.dumps(_with() | {"note": NOTE}),
    "neither": lambda: json.dumps({"id": NUMBER, "criteria": CRITERIA}),
    "a fact that is a word": lambda: json.dumps(_with() | {"facts": [NAME]}),
    "a moment that is none": lambda: json.dumps(_with() | {"at": f"{DATE}T25:61"}),
    "a moment in words": lambda: json.dumps(_with() | {"at": NAME}),
    "a note that is a number": lambda: json.dumps({"id": NUMBER, "note": VALUE, "criteria": CRITERIA}),
    "a line that breaks off": lambda: json.dumps(_with())[:-40],
    "a line that is a note": lambda: NOTE,
}


class Ran:
    """What a command said, and where it could have left files."""

    def __init__(self, folder: Path, *arguments: str, given: str | None = None) -> None:
        homes = {key: str(folder / key.lower()) for key in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
        homes["XDG_DATA_HOME"] = str(folder / "data")
        for home in homes.values():
            Path(home).mkdir(parents=True, exist_ok=True)
        code = "from equipoise.app.cli import main; main()"
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments], input=given, capture_output=True, text=True, timeout=120,
            check=False, env=os.environ | homes | {"PYTHONWARNINGS": "always"}, cwd=folder,
        )  # fmt: skip
        self.code, self.said, self.answer = ran.returncode, ran.stderr, ran.stdout


def _files(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()


def _found(text: str) -> list[str]:
    return [one for one in PLANTED if one.lower() in text.lower()]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_message_on_a_line_repeats_nothing_of_it(broken: str, tmp_path: Path) -> None:
    """A line that is no question gives a message that says where and what, and no word or number of the patient."""
    ran = Ran(tmp_path, "match", "--library", str(tmp_path / "library"), "--jsonl", "-", given=BROKEN[broken]() + "\n")
    assert ran.code != 0
    assert ran.said.strip()
    assert "Traceback" not in ran.said
    assert _found(ran.said) == []


@pytest.mark.parametrize("broken", ["a kind that is none", "a date that is none", "a line that breaks off"])
def test_a_message_on_a_file_of_facts_repeats_nothing_of_it(
    broken: str, tmp_path: Path, demonstration: Library
) -> None:
    """The same holds for a patient in a file."""
    path = tmp_path / "patient.json"
    path.write_text(BROKEN[broken]())
    ran = Ran(tmp_path, "match", "--library", str(demonstration.folder.path), "--facts", str(path))
    assert ran.code != 0
    assert "Traceback" not in ran.said
    assert _found(ran.said + ran.answer) == []


@pytest.mark.parametrize("form", ["note", "facts", "jsonl"])
def test_a_match_leaves_nothing_of_the_patient_behind(form: str, tmp_path: Path, demonstration: Library) -> None:
    """No file of the library, the home, the cache or the temporary folder holds a word or number of the patient."""
    given = {
        "note": NOTE,
        "facts": json.dumps({"facts": [FACT, {"kind": "condition", "concept": {"name": "asthma"}}], "complete": []}),
        "jsonl": json.dumps({"id": NUMBER, "note": NOTE, "criteria": CRITERIA}) + "\n",
    }[form]
    library = Path(str(demonstration.folder.path))
    ran = Ran(tmp_path, "match", "--library", str(library), f"--{form}", "-", given=given)
    assert ran.code == 0, ran.said
    assert _found(ran.said) == []
    left = [path for path, content in _files(tmp_path, library) if any(one.encode() in content for one in LEFT)]
    assert left == []


def test_what_is_planted_would_be_found(tmp_path: Path) -> None:
    """The search for planted values sees one that is there."""
    (tmp_path / "log").write_text(NOTE)
    assert _found(NOTE) == [one for one in PLANTED if one != "25:61"]
    assert [path.name for path, content in _files(tmp_path) if NAME.encode() in content] == ["log"]


def test_what_is_sent_in_pieces_stays_in_memory(demonstration, monkeypatch) -> None:
    """A file of a patient is never laid on the disk, however it is sent; more than is taken is refused."""
    import tempfile

    def rolled(self) -> None:
        raise AssertionError("a patient's file went to the disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rolled)
    head = b'--x\r\nContent-Disposition: form-data; name="upload"; filename="n.txt"\r\n\r\nA man with gout. '
    kind = {"content-type": "multipart/form-data; boundary=x"}

    def pieces(count: int, size: int = 1_000_000):
        yield head
        yield from (b" " * size for _ in range(count))
        yield b"\r\n--x--\r\n"

    with TestClient(make_app(demonstration.folder.path)) as client:
        assert "gout" in client.post("/match", content=pieces(4, 100_000), headers=kind).text
        too_long = client.post("/match", content=pieces(4), headers=kind)
        assert too_long.status_code == 400 and "at most 500,000" in too_long.text
        too_much = client.post("/match", content=pieces(40), headers=kind)
        assert too_much.status_code == 400 and "has more than 32 MiB" in too_much.text
        plain = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/match", content=pieces(40), headers=plain).status_code == 400
        assert client.post("/api/match", content=pieces(40)).status_code == 400


def test_a_share_leaves_its_passcode_nowhere_and_its_notes_on_the_desk_alone(tmp_path: Path, demonstration) -> None:
    """A real server writes no passcode to any file or stream, and no word of a note anywhere but in the desk."""
    homes = {key: str(tmp_path / key.lower()) for key in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    for home in homes.values():
        Path(home).mkdir()
    desk = open_desk(tmp_path / "desk")
    note = add_note(desk, Person(LOCAL), Draft(study="NCT99000001", text=NOTE), now=datetime.now(UTC))
    desk.close()
    environment = os.environ | homes | {"EQUIPOISE_DESK": str(tmp_path / "desk"), "PYTHONWARNINGS": "always"}
    library, said = str(demonstration.folder.path), tmp_path / "said"
    command = "from equipoise.app.cli import main; main()", "serve", "--library", library, "--port", "8240"
    with said.open("w") as stream:
        server = subprocess.Popen([sys.executable, "-c", *command], stdout=stream, stderr=stream, env=environment)
        try:
            address, asked = _address(said), []
            with httpx2.Client(base_url=address, headers={"sec-fetch-site": "same-origin"}, timeout=60) as client:
                fields = {"note": str(note.id), "form": "form-0001", "lasts": "1 day", "replies": "yes", "sender": NAME}
                made = client.post("/shares", data=fields)
                tree = lxml.html.document_fromstring(made.text)
                link, passcode = (tree.get_element_by_id(id).text for id in ("link", "passcode"))
                for typed in ("CCCC-CCCC-CCCC-CCCC", passcode):
                    answer = client.post(link, data={"passcode": typed})
                    asked += [str(answer.url), str(answer.headers)]
                assert WORD in client.get(link).text
                answer = client.post(f"{link}/reply", data={"text": WORD, "name": NAME})
                asked += [str(answer.url), str(answer.headers)]
        finally:
            server.terminate()
            server.wait(timeout=20)
    codes = [passcode, passcode.replace("-", "")]
    heard = said.read_text() + "\n".join(asked)
    assert link in heard
    assert [one for one in [*codes, *PLANTED] if one.lower() in heard.lower()] == []
    left = {path for path, content in _files(tmp_path) if any(one.encode() in content for one in codes)}
    assert left == set()
    left = {path.parent.name for path, content in _files(tmp_path) if any(one.encode() in content for one in LEFT)}
    assert left == {"desk"}


def _address(said: Path) -> str:
    """Return the address that a server printed, once it answers."""
    for _ in range(600):
        if found := re.search(r"http://[\d.]+:\d+", said.read_text()):
            with contextlib.suppress(httpx2.TransportError):
                httpx2.get(found[0], timeout=5)
                return found[0]
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_a_note_is_in_its_desk_and_nowhere_else(tmp_path: Path, demonstration: Library, capfd) -> None:
    """What somebody wrote is in no address, no message, no log line, and no file but the desk's own."""
    library, desk = Path(str(demonstration.folder.path)), tmp_path / "desk"
    said: list[str] = []
    form = {"text": NOTE, "tags": NAME, "part": "about", "exact": WORD, "key": NUMBER, "back": WORD, "version": NUMBER}
    own = {"sec-fetch-site": "same-origin"}
    with TestClient(make_app(library, desk), follow_redirects=False) as client:
        for path in ("/studies/NCT99000001/notes", "/notes/1", "/notes/1/delete", "/notes/1/restore"):
            answer = client.post(path, data=form, headers=own)
            assert answer.status_code == 303
            said += [str(dict(answer.headers)), answer.text]
        for path, sent in (
            ("/studies/NCT99000001/notes", form | {"text": NOTE * 1000}),
            ("/studies/NCT99000001/notes", form | {"text": " "}),
            ("/notes/99", form),
        ):
            answer = client.post(path, data=sent, headers=own | {"accept": "application/json"})
            assert answer.status_code in (400, 404)
            said += [str(dict(answer.headers)), answer.text]
        for content in (NOTE.encode(), json.dumps({"type": NAME, "value": NOTE}).encode()):
            answer = client.post("/notes/import", files={"file": (NAME, content)}, headers=own)
            assert answer.status_code == 400
            said += [str(dict(answer.headers)), answer.text]
        said.append(str(dict(client.post("/studies/NCT99000001/notes", data=form).headers)))
        page = client.get("/studies/NCT99000001")
        assert NAME in page.text and page.headers["cache-control"] == "no-store"
    printed = capfd.readouterr()
    assert _found("".join(said) + printed.out + printed.err) == []
    left = [path for path, content in _files(tmp_path, library) if any(one.encode() in content for one in LEFT)]
    assert {path.name for path in left} <= {"desk.sqlite", "desk.sqlite-wal"} and left
