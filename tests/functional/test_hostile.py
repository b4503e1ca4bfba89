"""Hostile and broken files: each is a clear error that names file and record, and the rest is still read."""

from __future__ import annotations

import gzip
import io
import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from equipoise.errors import InputError
from equipoise.intake import limits
from equipoise.intake.files import list_files, size_of
from equipoise.intake.load import load, read_incoming
from equipoise.intake.opening import open_library
from equipoise.sources.catalogue import SOURCES, source_named
from equipoise.sources.incoming import Incoming, Source
from pages import Site
from unit.store.made import FIRST, SECOND, THIRD, document

GOOD = document(SECOND)
PUBLISHED = (
    "The record is not ClinicalTrials.gov v2 JSON as published; fetch it again. The other records of the file are read."
)
BOMB = "No registry file does; it may have been made to do harm. Leave it out."
KNOWN = "Known formats: " + ", ".join(f"{source.name} ({source.title})" for source in SOURCES) + ". `--as` names one."


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def outcome(*paths: Path, source: Source | None = None) -> tuple[list[str], list[str]]:
    """Return the numbers that were read, and the messages of what was not."""
    results = list(read_incoming(paths, source))
    read = [one.study.number for one in results if isinstance(one, Incoming)]
    return read, [str(one) for one in results if isinstance(one, InputError)]


def refused(path: Path, source: Source | None = None) -> str:
    """Return the one message, of a path of which nothing can be read."""
    read, (message,) = outcome(path, source=source)
    assert read == []
    return message.replace(str(path), "FILE")


# JSON lines


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress, lambda d: zipped({"x": d})],
                         ids=["plain", "gz", "zst", "zip"])  # fmt: skip
def test_lines_are_read_one_by_one(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """A broken line costs itself alone, the first one, too; every line is named by its number."""
    lines = [b'{"protocolSection": ', document(FIRST), b"", document(SECOND), b"garbage"]
    path = put(tmp_path / "file.txt", pack(b"\n".join(lines)))
    results = list(read_incoming([path]))
    origin = f"{path}:x" if zipfile.is_zipfile(path) else str(path)
    assert [one.origin if isinstance(one, Incoming) else one.where for one in results] == [
        f"{origin}, line {number}" for number in (1, 2, 4, 5)
    ]
    assert outcome(path)[0] == [FIRST, SECOND]


def test_lines_of_something_else_are_one_error(tmp_path: Path) -> None:
    """A file of other records is named once, and not line by line."""
    path = put(tmp_path / "patients.ndjson", b'{"resourceType": "Patient"}\n' * 1000)
    assert refused(path) == f"FILE: The format of the file is not known\n{KNOWN}"


def test_a_line_may_be_a_page(tmp_path: Path) -> None:
    """Pages of the API, one a line."""
    page = b'{"studies": [' + document(FIRST) + b"," + document(SECOND) + b"]}"
    path = put(tmp_path / "pages", page + b"\n" + page + b"\n")
    origins = [one.origin for one in read_incoming([path]) if isinstance(one, Incoming)]
    assert origins == [f"{path}, line {line}, study {study}" for line in (1, 2) for study in (1, 2)]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_lines_of_a_file_that_is_cut_short_are_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """What came through is read, and the error says after which line the file ends."""
    data = pack(b"".join(document(f"NCT99{at:06d}", os.urandom(4000).hex()) + b"\n" for at in range(200)))
    path = put(tmp_path / "file", data[: len(data) // 2])
    read, (message,) = outcome(path)
    assert 20 < len(read) < 150
    assert message.startswith(f"{path}, after line {len(read)}: The file is cut short or broken (")


def _peak(path: Path) -> tuple[int, str]:
    """Load nothing but read *path* in a process of its own; return its peak memory in MiB and what it said."""
    code = (
        "import sys; from pathlib import Path; from equipoise.intake.load import read_incoming\n"
        "results = [str(one)[:200] if hasattr(one, 'problem') else '' for one in read_incoming([Path(sys.argv[1])])]\n"
        # Not getrusage, which counts what the parent had before it became this program.
        "peak = Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0]\n"
        "print(int(peak) // 1024, len(results), *filter(None, results))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    peak, _, said = done.stdout.partition(" ")
    return int(peak), said


def test_lines_need_no_more_memory_than_one(tmp_path: Path) -> None:
    """200 MB of lines, packed, are read in less than half that."""
    line = document(FIRST, "word " * 10_000) + b"\n"
    path = tmp_path / "large.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(4000):
            file.write(line)
    peak, said = _peak(path)
    assert said.split()[0] == "4000"
    assert peak < 100


# Archives


@pytest.mark.parametrize("end", [0.3, 0.9, 0.99])
def test_a_zip_that_is_cut_short(tmp_path: Path, end: float) -> None:
    """Its list of members, at the end, is missing; other files are read."""
    data = zipped({f"{at}.json": document(f"NCT99{at:06d}") for at in range(50)})
    path = put(tmp_path / "a.zip", data[: int(len(data) * end)])
    good = put(tmp_path / "b.json", GOOD)
    assert outcome(path, good) == (
        [SECOND],
        [f"{path}: The zip file is cut short: the list of its members, at its end, is missing\nDownload it again."],
    )


def _with_bad(change: Callable[[bytearray], None], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip of three, changed."""
    data = bytearray(zipped({"a.json": document(FIRST), "b.json": document(THIRD, "bad one"), "c.json": GOOD}, method))
    change(data)
    return bytes(data)


def _flag(data: bytearray, field: int, value: int) -> None:
    """Set a field of the second member, in its own header and in the list."""
    for mark, offset in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        at = [found.start() for found in re.finditer(re.escape(mark), data)][1]
        struct.pack_into("<H", data, at + field + offset, value)


def _crc(data: bytearray) -> None:
    data[data.index(b"bad one")] ^= 1


@pytest.mark.parametrize(
    "change, message",
    [
        (_crc, "The zip member cannot be read (Bad CRC-32 for file 'b.json')\nDownload the zip again."),
        (
            lambda data: _flag(data, 6, 1),
            "The zip member cannot be read (it is encrypted)\nUnpack the zip with its password, and load the folder.",
        ),
        (
            lambda data: _flag(data, 8, 12),
            "The zip member cannot be read (it is packed by method 12, bzip2)\n"
            "Unpack the zip yourself, and load the folder.",
        ),
        (
            lambda data: _flag(data, 8, 77),
            "The zip member cannot be read (it is packed by method 77, unknown)\n"
            "Unpack the zip yourself, and load the folder.",
        ),
    ],
    ids=["crc", "encrypted", "bzip2", "unknown method"],
)
def test_a_bad_member_costs_itself_alone(tmp_path: Path, change: Callable[[bytearray], None], message: str) -> None:
    """The message names the member."""
    path = put(tmp_path / "a.zip", _with_bad(change))
    assert outcome(path) == ([FIRST, SECOND], [f"{path}:b.json: {message}"])


def test_a_bomb_in_a_zip_costs_itself_alone(tmp_path: Path) -> None:
    """A member that unpacks to more than 200 times its size is not unpacked."""
    path = put(tmp_path / "a.zip", zipped({"a": document(FIRST), "bomb": bytes(32 << 20), "c": GOOD}))
    assert outcome(path) == (
        [FIRST, SECOND],
        [f"{path}:bomb: It unpacks to 32 MiB, more than 200 times its size\n{BOMB}"],
    )


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    """What is not unpacked member by member is left as soon as it is too much."""
    monkeypatch.setattr(limits, "LARGEST_PIECE", 1 << 20)
    monkeypatch.setattr(limits, "RATIO", 20)
    line = document(FIRST) + b"\n"
    path = put(tmp_path / "bomb", pack(line * 30_000))
    read, (message,) = outcome(path)
    assert 0 < len(read) < 20_000
    assert message == f"{path}: It unpacks to more than 20 times its size; the rest of it was not read\n{BOMB}"


def test_archives_in_archives_are_bounded(tmp_path: Path) -> None:
    """Three in one another are read, the fourth is not; nor does a tree of zips unpack without end."""
    inner = gzip.compress(document(FIRST))
    three = zipped({"b.zip": zipped({"c.gz": inner})})
    assert outcome(put(tmp_path / "three.zip", three)) == ([FIRST], [])
    path = put(tmp_path / "four.zip", zipped({"a.zip": three, "good": GOOD}))
    assert outcome(path) == (
        [SECOND],
        [
            f"{path}:a.zip:b.zip:c.gz: Archives lie in one another more than 3 deep\n"
            "Unpack the outer ones and load what is in them."
        ],
    )


def test_members_that_share_their_bytes_do_not_add_up_without_end(tmp_path: Path, monkeypatch: Any) -> None:
    """A flat bomb lists one member again and again; all that a zip unpacks to is counted together."""
    monkeypatch.setattr(limits, "LARGEST_PIECE", 1 << 20)
    monkeypatch.setattr(limits, "RATIO", 20)
    data = bytearray(zipped({"a": os.urandom(50_000).hex().encode()}))
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry, tail = bytes(data[start:end]), data[end:]
    struct.pack_into("<HHL", tail, 8, 2_000, 2_000, len(entry) * 2_000)
    path = put(tmp_path / "flat.zip", bytes(data[:start]) + entry * 2_000 + bytes(tail))
    _, messages = outcome(path)
    assert messages[-1] == f"{path}: It unpacks to more than 20 times its size; the rest of it was not read\n{BOMB}"
    assert len(messages) < 100


def test_a_list_of_too_many_members_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be held in memory, so its size is looked at before."""
    monkeypatch.setattr("equipoise.intake.packed.LARGEST_CONTENTS", 1 << 20)
    path = put(tmp_path / "many.zip", zipped({f"{at:060}": b"" for at in range(12_000)}))
    assert refused(path) == (
        "FILE: The zip's list of members has more than 1 MiB\nUnpack it yourself and load the folder if you trust it."
    )


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("/etc/passwd", "/etc/passwd"),
        ("C:\\windows\\x.json", "C:\\windows\\x.json"),
        ("a\x1b[31m\nb.json", r"a\x1b[31m\nb.json"),
        ("a\u202egnp.json", r"a\u202egnp.json"),
        ("\u200b\u2028", r"\u200b\u2028"),
    ],
)
def test_names_in_a_zip_are_shown_and_nothing_more(tmp_path: Path, name: str, shown: str) -> None:
    """Nothing is written under such a name, and what it would do to a terminal is written out."""
    path = put(tmp_path / "in" / "a.zip", zipped({name: b"no record", "good": GOOD}))
    before = sorted(tmp_path.rglob("*"))
    assert outcome(path) == ([SECOND], [f"{path}:{shown}: The format of the file is not known\n{KNOWN}"])
    assert sorted(tmp_path.rglob("*")) == before


def test_a_nul_in_a_name_is_shown(tmp_path: Path) -> None:
    """The standard library would cut the name there."""
    data = zipped({"good.json0.exe": b"no record"}).replace(b"good.json0", b"good.json\0")
    assert r":good.json\x00.exe: " in refused(put(tmp_path / "a.zip", data))


# Folders


def test_links_pipes_and_devices(tmp_path: Path) -> None:
    """Links to files are followed; links to folders, pipes and devices are named and never opened."""
    inside = tmp_path / "in"
    put(inside / "a.json", GOOD)
    put(tmp_path / "elsewhere.json", document(FIRST))
    (inside / "b.json").symlink_to(tmp_path / "elsewhere.json")
    (inside / "gone").symlink_to(tmp_path / "none")
    (inside / "loop").symlink_to(inside)
    (inside / "self").symlink_to(inside / "self")
    (inside / "null").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe")
    pipe = "To read from a pipe, send it to standard input: … | equipoise load -"
    assert outcome(inside) == (
        [SECOND, FIRST],
        [
            f"{inside}/gone: No such file or directory\nCheck the path and its permissions.",
            f"{inside}/loop: This is a link to a folder, which is not followed\nName that folder as well.",
            f"{inside}/null: This is a device, not a file\n{pipe}",
            f"{inside}/pipe: This is a named pipe, not a file\n{pipe}",
            f"{inside}/self: Too many levels of symbolic links\nCheck the path and its permissions.",
        ],
    )
    assert refused(inside / "pipe") == f"FILE: This is a named pipe, not a file\n{pipe}"
    assert size_of([inside]) == 2 * len(GOOD)


def test_a_link_to_a_folder_that_is_named_is_followed(tmp_path: Path) -> None:
    """It is what the user asked for."""
    put(tmp_path / "in" / "a.json", GOOD)
    (tmp_path / "link").symlink_to(tmp_path / "in")
    assert outcome(tmp_path / "link") == ([SECOND], [])


def test_a_folder_without_files(tmp_path: Path) -> None:
    """Folders in it do not count."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert refused(tmp_path) == "FILE: The folder holds no file\nName a folder with registry files."


def test_folders_may_lie_deep(tmp_path: Path) -> None:
    """As deep as a file system lets them."""
    deep = tmp_path.joinpath(*["a"] * 900)
    put(deep / "x", GOOD)
    assert [str(file) for file in list_files(tmp_path)] == [str(deep / "x")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    """A file and a folder without permission; the others are read."""
    put(tmp_path / "a", GOOD)
    put(tmp_path / "b", GOOD).chmod(0)
    put(tmp_path / "c" / "d", GOOD)
    (tmp_path / "c").chmod(0)
    advice = "Permission denied\nCheck the path and its permissions."
    assert outcome(tmp_path) == ([SECOND], [f"{tmp_path}/b: {advice}", f"{tmp_path}/c: {advice}"])
    (tmp_path / "c").chmod(0o700)


def test_a_file_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    """Its bytes are written out, also in the library."""
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/in/a\xff\n.json")), GOOD)
    summary = load([tmp_path / "in"], tmp_path / "library")
    assert (summary.added, summary.problems) == (1, [])
    (version,) = open_library(tmp_path / "library").versions(SECOND)
    assert version.origin == rf"{tmp_path}/in/a\udcff\n.json"


# Formats


@pytest.mark.parametrize(
    "data, problem",
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n", "The file is empty"),
        (b"\0" * 100, "The format of the file is not known"),
        (b"\n<!DOCTYPE html><html>",
         "The format of the file is not known: it is a web page (HTML), and trial pages are read as text"),
        (b"%PDF-1.7\n%\xff", "The format of the file is not known: it is a PDF"),
        (GOOD.decode().encode("utf-16"), "The format of the file is not known: it is UTF-16 text, and UTF-8 is read"),
        (b"[" * 100_000, "The format of the file is not known"),
        (b"[" + GOOD + b"]", "The format of the file is not known"),
    ],
    ids=["empty", "blank", "nul", "html", "pdf", "utf-16", "brackets", "list"],
)  # fmt: skip
def test_what_is_no_registry_file(tmp_path: Path, data: bytes, problem: str) -> None:
    """The message says what it is where that can be told."""
    advice = "Fetch it again, or leave it out." if problem == "The file is empty" else KNOWN
    assert refused(put(tmp_path / "x", data)) == f"FILE: {problem}\n{advice}"


XML = b"<clinical_study><id_info><nct_id>NCT99000901</nct_id></id_info></clinical_study>"


@pytest.mark.parametrize("named", [source.name for source in SOURCES])
@pytest.mark.parametrize("data", [GOOD, XML, (Path(__file__).parents[1] / "data/meddatax_page.txt").read_bytes(),
                                  (Path(__file__).parents[1] / "data/trialx_page.txt").read_bytes(), b"\x89PNG\r\n\xff",
                                  b"", b"{}\n{}\n"])  # fmt: skip
def test_a_file_given_as_another_kind(tmp_path: Path, named: str, data: bytes) -> None:
    """It is read if it is of that kind, else there is one error that names the file."""
    path = put(tmp_path / "x", data)
    read, messages = outcome(path, source=source_named(named))
    assert len(read) + len(messages) == (2 if data == b"{}\n{}\n" and named == "ctgov" else 1)
    assert all(message.startswith(str(path)) and "\n" in message for message in messages)


# XML


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE clinical_study [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        + "".join(f'<!ENTITY c{n} "{("&c" + str(n - 1) + ";" if n else "&b;") * 10}">' for n in range(9))
        + "]><clinical_study>&c8;</clinical_study>",
        f'<!DOCTYPE clinical_study [<!ENTITY a "{"x" * 100_000}">]><clinical_study>{"&a;" * 100_000}</clinical_study>',
        '<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/passwd">]><clinical_study>&a;</clinical_study>',
        '<!DOCTYPE clinical_study SYSTEM "http://127.0.0.1:9/x.dtd"><clinical_study/>',
        '<!DOCTYPE clinical_study [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]><clinical_study/>',
    ],
    ids=["billion laughs", "quadratic", "external file", "external DTD", "parameter entity"],
)
def test_entity_bombs(tmp_path: Path, data: str) -> None:
    """A document type definition is refused; nothing is expanded or fetched."""
    started = time.process_time()
    message = refused(put(tmp_path / "x.xml", data.encode()))
    assert time.process_time() - started < 1
    assert message.startswith("FILE: The XML has a document type definition (DTD)\n") or "entit" in message.lower()
    assert "root:" not in message


# JSON


def _deep(open: str, close: str, count: int) -> bytes:
    return GOOD[:-1] + b', "x": ' + (open * count + "1" + close * count).encode() + b"}"


@pytest.mark.parametrize(
    "data, problem",
    [
        (_deep("[", "]", 100_000), "The JSON is nested too deeply"),
        (_deep('{"a":', "}", 10_000), "The JSON is nested too deeply"),
        (_deep("[", "]", 64), "The JSON is nested too deeply"),
        (_deep('{"}": 1, "a\\\\": [', "]}", 40), "The JSON is nested too deeply"),
        (GOOD[:-1] + b', "x": "\xff"}', f"Not UTF-8 text (byte {len(GOOD) + 7})"),
        (GOOD[:-1] + b', "x": "\xed\xa0\x80"}', f"Not UTF-8 text (byte {len(GOOD) + 7})"),
        (GOOD[:-1] + b', "x": NaN}', f"JSON is malformed: invalid character (byte {len(GOOD) + 6})"),
        (GOOD[:-1] + b', "x": Infinity}', f"JSON is malformed: invalid character (byte {len(GOOD) + 6})"),
        (GOOD[:-1] + b', "x": "\0"}', f"JSON is malformed: invalid character (byte {len(GOOD) + 7})"),
        (GOOD[:-20], "Input data was truncated"),
        (GOOD.replace(SECOND.encode(), b"ISRCTN123"), "Expected a number such as NCT01234567, got 'ISRCTN123'"
         " - at `$.protocolSection.identificationModule.nctId`"),
        (GOOD.replace(b'"nctId"', b'"id"'),
         "Object missing required field `nctId` - at `$.protocolSection.identificationModule`"),
        (document(SECOND, design={"enrollmentInfo": {"count": 10**400}}),
         "Expected `int` <= 2147483647 - at `$.protocolSection.designModule.enrollmentInfo.count`"),
        (document(SECOND, eligibility={"minimumAge": "9" * 5000 + " Years"}),
         "Expected an age such as '18 Years' or '6 Months', got '999999999999999999999999999999'"
         " - at `$.protocolSection.eligibilityModule.minimumAge`"),
    ],
)  # fmt: skip
def test_a_broken_record(tmp_path: Path, data: bytes, problem: str) -> None:
    """Alone, in a page or in lines: the message is the same but for the place, and the rest is read."""
    assert refused(put(tmp_path / "x", data)) == f"FILE: {problem}\n{PUBLISHED}"
    lines = put(tmp_path / "lines", document(FIRST) + b"\n" + data + b"\n" + document(THIRD))
    assert outcome(lines) == ([FIRST, THIRD], [f"{lines}, line 2: {problem}\n{PUBLISHED}"])


def test_numbers_without_bound_in_fields_we_do_not_know_are_shown(tmp_path: Path) -> None:
    """What only the full record shows is kept to the byte and shown as it is, as is depth that is allowed."""
    wide = b'"huge": 1' + b"0" * 5000 + b', "float": 1e999, "mixed": [1, {"a": "in"}, [{"b": "c"}]], "nul": "\\u0000"'
    data = _deep("[", "]", 62)[:-1] + b", " + wide + b', "x": {"a": 1, "a": "last"}}'
    put(tmp_path / "x", data)
    assert load([tmp_path / "x"], tmp_path / "library").added == 1
    library = open_library(tmp_path / "library")
    assert library.document(SECOND) == data
    shown = Site(library).page(f"/studies/{SECOND}/record").text
    assert all(one in shown for one in ("1" + "0" * 5000, "1e999", "in", '[{"b":"c"}]', "last"))


@pytest.mark.parametrize("kind", ["one string", "one study page", "not JSON lines"])
def test_three_hundred_megabytes_are_refused_at_once(tmp_path: Path, kind: str) -> None:
    """In bounded memory, and in seconds."""
    size = 300 << 20
    start = {"one string": document(SECOND, "T")[:-3], "one study page": b'{"studies": [', "not JSON lines": b"{\n"}
    with (tmp_path / "x").open("wb") as file:
        file.write(start[kind])
        filler = (b"T" if kind == "one string" else GOOD + b", ") * 1000
        while file.tell() < size:
            file.write(filler)
    started = time.monotonic()
    peak, said = _peak(tmp_path / "x")
    assert said.strip() == (
        f"1 {tmp_path}/x: It has more than 256 MiB and is not JSON lines, one study a line\n"
        "Write it as JSON lines, or split it into files."
    )
    assert peak < 800
    assert time.monotonic() - started < 30


def test_a_record_of_65_megabytes_is_refused(tmp_path: Path) -> None:
    """As a line, it costs itself alone."""
    large = document(FIRST, "T" * (65 << 20))
    path = put(tmp_path / "x", GOOD + b"\n" + large + b"\n")
    assert outcome(path) == ([SECOND], [f"{path}, line 2: The record has more than 64 MiB\n{PUBLISHED}"])


def test_an_id_twice_in_a_file(tmp_path: Path) -> None:
    """The same again is unchanged; of two that differ, the later update is current, and the other is kept."""
    newer, older = document(FIRST, "New", updated="2025-02-01"), document(FIRST, "Old", updated="2025-01-01")
    path = put(tmp_path / "x", b"\n".join([newer, older, newer, GOOD, GOOD]))
    summary = load([path], tmp_path / "library")
    assert (summary.added, summary.older, summary.unchanged, summary.problems) == (2, 1, 2, [])
    library = open_library(tmp_path / "library")
    assert library.document(FIRST) == newer
    assert len(library.versions(FIRST)) == 2


def test_a_page_whose_studies_are_no_list(tmp_path: Path) -> None:
    """The message names the path."""
    message = refused(put(tmp_path / "x", b'{"studies": {"a": 1}}'))
    assert message == f"FILE: Expected `array`, got `object` - at `$.studies`\n{PUBLISHED}"


def test_a_page_may_hold_what_is_no_study(tmp_path: Path) -> None:
    """Each entry that is none is named by its place."""
    path = put(tmp_path / "x", b'{"studies": [1, ' + GOOD + b', null, "a", [], {}]}')
    read, messages = outcome(path)
    assert read == [SECOND]
    assert [message.partition("\n")[0] for message in messages] == [
        f"{path}, study 1: Expected `object`, got `int`",
        f"{path}, study 3: Expected `object`, got `null`",
        f"{path}, study 4: Expected `object`, got `str`",
        f"{path}, study 5: Expected `object`, got `array`",
        f"{path}, study 6: Object missing required field `protocolSection`",
    ]
