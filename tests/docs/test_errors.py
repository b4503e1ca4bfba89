"""Every error that the code can raise is in ``how-to/errors.md``, with the message that it really prints."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import shutil
import socket
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import filelock
import pytest

from equipoise import errors
from equipoise.desk import database

SOURCE = Path(errors.__file__).parent
DOC = "how-to/errors.md"
CLASSES = {name: one for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}

STUDY = {"protocolSection": {"identificationModule": {"nctId": "NCT99000301", "briefTitle": "Warm Tea"}}}
MEDDATAX = "Warm Tea\n\nRecruitment Status\n\nRECRUITING\n\nClinical Phase\n\nNA\n\nEligible Sex\n\nALL\n"
TRIALX = "Warm Tea\n\nPowered by AI\nOverview\nTea is warm.\nEligibility\nAdults\nStudy details\nCold Feet\n"

Prepare = Callable[[Any, ExitStack], None]
CASES: dict[str, Prepare] = {}


def case(heading: str) -> Callable[[Prepare], Prepare]:
    """Name the heading under which an error is documented; the function makes the input for it."""

    def keep(prepare: Prepare) -> Prepare:
        CASES[heading] = prepare
        return prepare

    return keep


def file(heading: str, name: str, content: str | bytes) -> None:
    """Note a case that needs one file and no more."""

    def prepare(consoles: Any, _: ExitStack) -> None:
        path = consoles.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    CASES[heading] = prepare


def nothing(*headings: str) -> None:
    """Note cases for which the library is enough."""
    for heading in headings:
        CASES[heading] = lambda consoles, stack: None


def open_own_desk(consoles: Any) -> Path:
    """Make the desk of a document's folder, and return its file."""
    desk = database.open_desk(consoles.folder / "desk")
    desk.close()
    return desk.path


def study_with(**modules: Any) -> str:
    """Return a small study with more modules."""
    return json.dumps({"protocolSection": STUDY["protocolSection"] | modules})


file("There is something already", "diary.txt", "Dear diary,\n")
file("No source has that name", "study.json", json.dumps(STUDY))
file("The file is empty", "study.json", "")
file("The format of the file is not known", "diary.txt", "Dear diary,\nno tea today.\n")
file("The file is cut short or broken", "studies.jsonl.gz", gzip.compress(json.dumps(STUDY).encode(), mtime=0)[:-12])
file("A field is of the wrong type", "study.json", study_with(designModule={"enrollmentInfo": {"count": "many"}}))
file("A date has no known form", "study.json", study_with(statusModule={"startDateStruct": {"date": "spring"}}))
file("The record has no registry number", "study.json", json.dumps(STUDY).replace("NCT99000301", "TEA-1"))
file("The JSON is cut short", "study.json", json.dumps(STUDY)[:-20])
file(
    "The JSON is nested too deeply",
    "study.json",
    json.dumps(STUDY)[:-1] + ', "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
)
file("The XML is not well-formed", "study.xml", "<clinical_study><id_info><nct_id>NCT99000301</nct_id>")
file("The XML has a DTD", "study.xml", '<!DOCTYPE clinical_study [<!ENTITY a "b">]><clinical_study/>')
file("The XML is of another kind", "study.xml", "<study/>")
file("No NCT number on a MedDataX page", "page.txt", MEDDATAX)
file("No NCT number on a TrialX page", "page.txt", TRIALX)
file("The page is not UTF-8", "page.txt", MEDDATAX.replace("Tea", "Café").encode("latin-1"))
nothing(
    "No such file or folder",
    "A place cannot be written",
    "The registry's server cannot be read",
    "The library is empty",
    "No such study",
    "No such value of a filter",
    "A search is not a whole expression",
    "No field or area has that name",
    "A field has no such value",
    "Limits are crossed",
    "This is no age",
    "No such order",
    "No such place is known",
    "The place is not in that country",
    "No such US ZIP code",
    "No such latitude or longitude",
    "This is no distance",
    "No place lies so far",
    "A distance from where?",
    "The distance cannot be read",
    "There is no place from which to measure",
    "The search is too long",
    "Nothing to compile was named",
    "A question about criteria is not understood",
    "A question about criteria is too long",
)
file("The text is not UTF-8", "criteria.txt", b"caf\xe9 au lait")
file("A line of JSON is malformed", "questions.jsonl", '{"id": "1", "text": "stroke"}\n{"id": "2", "text": 5}\n')


@case("No port is free")
def _(consoles, stack):
    for port in range(28000, 28050):
        one = stack.enter_context(socket.socket())
        try:
            one.bind(("127.0.0.1", port))
            one.listen()
        except OSError:  # someone else has it, so it is not free either
            continue


@case("The folder holds no file")
def _(consoles, stack):
    (consoles.folder / "downloads").mkdir()


@case("A file cannot be opened")
def _(consoles, stack):
    path = consoles.folder / "downloads" / "study.json"
    path.parent.mkdir()
    path.write_text(json.dumps(STUDY))
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything, unless it gives that up
        consoles.before = "setpriv --bounding-set=-dac_override,-dac_read_search "


@case("The zip file is broken")
def _(consoles, stack):
    (consoles.folder / "studies.zip").write_bytes(b"PK\x03\x04" + bytes(100))


def _write_zip(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "studies.zip", "w") as archive:
        archive.writestr("study.json", json.dumps(STUDY))
    return (folder / "studies.zip").read_bytes()


@case("A member of the zip cannot be read")
def _(consoles, stack):
    whole = _write_zip(consoles.folder)
    (consoles.folder / "studies.zip").write_bytes(whole.replace(b"Warm Tea", b"Cold Tea"))


@case("The content is too large")
def _(consoles, stack):
    whole = bytearray(_write_zip(consoles.folder))
    size = whole.index(b"PK\x01\x02") + 24  # the size that the zip's directory states
    whole[size : size + 4] = (2 << 30).to_bytes(4, "little")
    (consoles.folder / "studies.zip").write_bytes(whole)


@case("A member is packed by another method")
def _(consoles, stack):
    with zipfile.ZipFile(consoles.folder / "studies.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("study.json", json.dumps(STUDY))


@case("A member of the zip is encrypted")
def _(consoles, stack):
    whole = bytearray(_write_zip(consoles.folder))
    whole[whole.index(b"PK\x01\x02") + 8] |= 1  # the flag in the zip's directory
    (consoles.folder / "studies.zip").write_bytes(whole)


@case("Archives lie in archives")
def _(consoles, stack):
    data = json.dumps(STUDY).encode()
    for _ in range(5):
        data = gzip.compress(data, mtime=0)
    (consoles.folder / "study.json.gz").write_bytes(data)


@case("A link to a folder")
def _(consoles, stack):
    (consoles.folder / "downloads").mkdir()
    (consoles.folder / "downloads" / "older").symlink_to(consoles.folder)


@case("What is named is no file")
def _(consoles, stack):
    (consoles.folder / "downloads").mkdir()
    os.mkfifo(consoles.folder / "downloads" / "pipe")


@case("The documents are missing")
def _(consoles, stack):
    (consoles.folder / "library" / "documents.sqlite").unlink()


@case("The documents cannot be read")
def _(consoles, stack):
    (consoles.folder / "library" / "documents.sqlite").write_bytes(b"No longer a database." * 500)


@case("The folder of the library cannot be written")
def _(consoles, stack):
    (consoles.folder / "notes.txt").write_text("Not a folder.\n")
    (consoles.folder / "study.json").write_text(json.dumps(STUDY))


@case("The disk is full")
def _(consoles, stack):
    studies = (json.dumps(STUDY).replace("99000301", f"99001{number:03}") for number in range(300))
    (consoles.folder / "studies.jsonl").write_text("\n".join(studies))
    consoles.before = "ulimit -f 90; "  # no file may grow beyond 90 KB


@case("Another process is writing")
def _(consoles, stack):
    (consoles.folder / "study.json").write_text(json.dumps(STUDY))
    stack.enter_context(filelock.FileLock(consoles.folder / "library" / "LOCK"))


@case("A later version wrote the library")
def _(consoles, stack):
    (consoles.folder / "library" / "manifest.json").write_text('{"format": 9, "kind": "equipoise library"}')


@case("The manifest cannot be read")
def _(consoles, stack):
    (consoles.folder / "library" / "manifest.json").write_text('{"format": ')


@case("Another program keeps the desk locked")
def _(consoles, stack):
    connection = stack.enter_context(closing(sqlite3.connect(open_own_desk(consoles), isolation_level=None)))
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("CREATE TABLE held (n)")


@case("A later version wrote the desk")
def _(consoles, stack):
    with closing(sqlite3.connect(open_own_desk(consoles))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


@case("The desk cannot be read")
def _(consoles, stack):
    open_own_desk(consoles).write_bytes(b"No longer a database." * 500)


@case("CURRENT does not name an edition")
def _(consoles, stack):
    (consoles.folder / "library" / "CURRENT").write_text("the last one\n")


@case("An edition is missing")
def _(consoles, stack):
    shutil.rmtree(consoles.folder / "library" / "editions" / "000001")


@case("A part of an edition is missing")
def _(consoles, stack):
    (consoles.folder / "library" / "editions" / "000001" / "columns" / "status.npy").unlink()


def sections(text: str) -> dict[str, tuple[str, str]]:
    """Return each error's class and text by its heading."""
    found = {}
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        body = re.split(r"^## ", rest, flags=re.MULTILINE)[0]
        named = re.match(r"\s*`(\w+)`", body)
        found[heading.strip()] = (named[1] if named else "", body)
    return found


@pytest.mark.parametrize("heading", list(CASES))
def test_error_prints_what_the_document_says(heading, consoles, read_doc, blocks, demonstration):
    """The documented input makes the documented message, to the letter, and its class's exit code."""
    name, text = sections(read_doc(DOC))[heading]
    shutil.copytree(demonstration.folder.path, consoles.folder / "library")
    consoles.set("EQUIPOISE_LIBRARY", "library")
    consoles.set("EQUIPOISE_DESK", "desk")
    with ExitStack() as stack:
        CASES[heading](consoles, stack)
        [block] = blocks(text, "console")
        consoles.check(block)
    assert consoles.code == CLASSES[name].exit_code


def test_documented_errors_all_happen(read_doc):
    """No error is documented that no test makes happen."""
    assert set(sections(read_doc(DOC))) == set(CASES)


def test_every_class_that_is_raised_is_documented(read_doc):
    """Each class of the tree that has no other below it stands in the document."""
    lowest = {name for name, one in CLASSES.items() if not one.__subclasses__()}
    # A command that meets a stale index makes it anew instead of printing the error; the last two are of pages alone.
    assert lowest - {"LibraryStale", "NotOnDesk", "NotAllowed"} <= {
        name for name, _ in sections(read_doc(DOC)).values()
    }


def test_exit_codes_are_documented(read_doc):
    """The table at the top gives each class of the tree with its exit code."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", read_doc(DOC), re.MULTILINE))
    known = {name: str(one.exit_code) for name, one in CLASSES.items() if hasattr(one, "exit_code")}
    assert rows == known


# The messages of a download are documented with the pages of `sync`, whose tests make them happen.
OF_SYNC = {"ctgov_api.py", "download.py", "spool.py", "sync.py"}
# Those of API v2 are documented with its parameters.
OF_API = SOURCE / "app" / "api_v2"


def written_messages() -> list[tuple[str, str]]:
    """Return the fixed words of each message in the source, with the place where it is made."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        elsewhere = path.name in OF_SYNC or path.parent == OF_API
        for node in [] if elsewhere else ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CLASSES and node.args:
                parts = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                words = [part.strip() for part in parts if isinstance(part, str) and len(part.strip()) > 7]
                found += [(f"{path.name}:{node.lineno}", one) for one in words]
    return found


def test_every_message_in_the_source_is_documented(read_doc):
    """A message that is added to the code is added to the document."""
    text = read_doc(DOC)
    assert [(place, words) for place, words in written_messages() if words not in text] == []
