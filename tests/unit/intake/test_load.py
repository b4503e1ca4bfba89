"""A load counts every record that was given, and names those that it could not read."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
import zstandard

from equipoise.errors import InputError, RecordError, UnknownFormat, UserError
from equipoise.intake.load import Progress, Summary, load, read_incoming
from equipoise.intake.opening import open_library, read_studies
from equipoise.sources.catalogue import source_named
from unit.store.made import FIRST, SECOND, THIRD, document

NEXT = (
    "The record is not ClinicalTrials.gov v2 JSON as published; fetch it again. The other records of the file are read."
)
NO_NUMBER = b'{"protocolSection": {"identificationModule": {"briefTitle": "No number"}}}'
KNOWN = (
    "Known formats: ctgov (ClinicalTrials.gov v2 JSON), ctgov-xml (ClinicalTrials.gov XML (legacy)), "
    "meddatax (MedDataX page, as text), trialx (TrialX Connect page, as text). `--as` names one."
)


def loaded(folder: Path, data: bytes, name: str = "file.json") -> tuple[Summary, list[str]]:
    """Load a file of this content; return the summary and the numbers in the library."""
    path = folder / name
    path.write_bytes(data)
    summary = load([path], folder / "library")
    if summary.edition is None:
        return summary, []
    return summary, [number for number, _ in open_library(folder / "library").documents()]


def problem(folder: Path, data: bytes) -> str:
    """Return the one message that a file of this content gives, less the file's own path."""
    summary, numbers = loaded(folder, data)
    assert (numbers, len(summary.problems)) == ([], 1)
    where = f"{folder / 'file.json'}"
    message = str(summary.problems[0])
    assert message.startswith(where)
    return message.removeprefix(where)


def api_page(*studies: bytes) -> bytes:
    return b'{"totalCount": 3, "studies": [' + b", ".join(studies) + b'], "nextPageToken": "abc"}'


# What is read


def test_one_study(tmp_path: Path) -> None:
    """A file of one study, indented or not, is kept as it is."""
    data = json.dumps(json.loads(document()), indent=2).encode()
    summary, numbers = loaded(tmp_path, data)
    assert (summary.added, summary.given, numbers) == (1, 1, [FIRST])
    assert open_library(tmp_path / "library").document(FIRST) == data


def test_an_api_page(tmp_path: Path) -> None:
    """Each study of it, byte for byte."""
    summary, numbers = loaded(tmp_path, api_page(document(), document(SECOND)))
    assert (summary.added, numbers) == (2, [FIRST, SECOND])
    assert open_library(tmp_path / "library").document(SECOND) == document(SECOND)


def test_an_api_page_without_studies(tmp_path: Path) -> None:
    """The last page of a search may be empty; nothing was given, nothing is wrong."""
    summary, _ = loaded(tmp_path, b'{"studies": []}')
    assert (summary.given, summary.problems, summary.edition) == (0, [], None)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_json_lines(tmp_path: Path, end: bytes, pack: type[bytes]) -> None:
    """A study a line, plain, as .gz or as .zst; empty lines are passed over."""
    data = pack(end.join([document(), document(SECOND), document(THIRD), b""]))
    summary, numbers = loaded(tmp_path, data, "file.bin")
    assert (summary.added, summary.problems, numbers) == (3, [], [FIRST, SECOND, THIRD])


def test_a_bulk_zip(tmp_path: Path) -> None:
    """A file a study."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.json", document())
        archive.writestr("b.json", document(SECOND))
    summary, numbers = loaded(tmp_path, buffer.getvalue(), "bulk.zip")
    assert (summary.added, numbers) == (2, [FIRST, SECOND])


@pytest.mark.parametrize("lines", [1, 2])
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, lines: int) -> None:
    """Some editors put one at the start of a file."""
    data = b"\n".join([document(), document(SECOND)][:lines])
    summary, numbers = loaded(tmp_path, b"\xef\xbb\xbf" + data)
    assert (summary.problems, numbers) == ([], [FIRST, SECOND][:lines])


def test_several_paths_are_one_edition(tmp_path: Path) -> None:
    """They are published together."""
    for name, data in {"a.json": document(), "b.json": document(SECOND)}.items():
        (tmp_path / name).write_bytes(data)
    summary = load([tmp_path / "a.json", tmp_path / "b.json"], tmp_path / "library")
    assert summary.edition is not None
    assert (summary.added, summary.edition.number, summary.edition.studies) == (2, 1, 2)


# What is counted


def test_every_record_given_is_counted_once(tmp_path: Path) -> None:
    """Added, changed, unchanged, older and not read together are what was given."""
    loaded(tmp_path, api_page(document(updated="2024-02-01"), document(SECOND, updated="2024-02-01")))
    summary, numbers = loaded(
        tmp_path,
        api_page(
            document(title="Older", updated="2024-01-01"),
            document(updated="2024-02-01"),
            document(SECOND, "Newer", updated="2024-03-01"),
            document(THIRD),
            NO_NUMBER,
        ),
    )
    counts = (summary.older, summary.unchanged, summary.changed, summary.added, len(summary.problems))
    assert counts == (1, 1, 1, 1, 1)
    assert (summary.given, numbers) == (5, [FIRST, SECOND, THIRD])


def test_read_and_reported_are_what_was_given(tmp_path: Path) -> None:
    """Whatever the files: each gives its records or a message, and none stops the rest."""
    good = {
        "a.json": document(),
        "b.jsonl": document(SECOND) + b"\n" + document(THIRD),
        "c.gz": gzip.compress(document()),
    }
    bad = {
        "broken.json": document()[:-3],
        "cut.gz": gzip.compress(document())[:-4],
        "cut.zip": b"PK\x03\x04" + b"\0" * 30,
        "empty.json": b"",
        "page.html": b"<!DOCTYPE html><html><body>Not found</body></html>",
        "list.json": b"[" + document() + b"]",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    }
    folder = tmp_path / "given"
    folder.mkdir()
    for name, data in (good | bad).items():
        (folder / name).write_bytes(data)
    results = list(read_incoming([folder]))
    errors = [one for one in results if isinstance(one, InputError)]
    assert len(results) - len(errors) == 4
    assert sorted(Path(error.where or "").name for error in errors) == sorted(bad)
    summary = load([folder], tmp_path / "library")
    assert (summary.added, summary.unchanged, len(summary.problems), summary.given) == (3, 1, len(bad), 11)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    """All unchanged, no edition."""
    data = api_page(document(), document(SECOND))
    loaded(tmp_path, data)
    summary, _ = loaded(tmp_path, data)
    assert (summary.unchanged, summary.given, summary.edition) == (2, 2, None)


# What is not read


def test_a_broken_record_of_a_page_is_named(tmp_path: Path) -> None:
    """File, record and path in the record; the others are loaded."""
    summary, numbers = loaded(tmp_path, api_page(document(), NO_NUMBER, document(THIRD)))
    assert numbers == [FIRST, THIRD]
    assert [str(one) for one in summary.problems] == [
        f"{tmp_path / 'file.json'}, study 2: Object missing required field `nctId`"
        f" - at `$.protocolSection.identificationModule`\n{NEXT}"
    ]
    assert isinstance(summary.problems[0], RecordError)


@pytest.mark.parametrize(
    ("place", "broken"),
    [
        (0, NO_NUMBER),
        (0, b'{"protocolSection": '),
        (0, b'{"protocolSection": {}} trailing'),
        (1, NO_NUMBER),
        (1, b'{"protocolSection": '),
        (1, b"garbage"),
        (1, b"\xff\xfe"),
        (2, NO_NUMBER),
        (2, b'{"protocolSection": '),
        (2, b"garbage"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, place: int, broken: bytes) -> None:
    """First, middle or last line, and however it is broken: the others are loaded."""
    lines = [document(), document(SECOND), document(THIRD)]
    left = [number for count, number in enumerate((FIRST, SECOND, THIRD)) if count != place]
    lines[place] = broken
    summary, numbers = loaded(tmp_path, b"\n".join(lines))
    assert numbers == left
    assert [one.where for one in summary.problems] == [f"{tmp_path / 'file.json'}, line {place + 1}"]


def test_a_line_keeps_its_number_past_empty_lines(tmp_path: Path) -> None:
    """The number is that of the line in the file, so that an editor finds it."""
    summary, numbers = loaded(tmp_path, b"\n\n".join([document(), document(SECOND), NO_NUMBER]))
    assert numbers == [FIRST, SECOND]
    assert [one.where for one in summary.problems] == [f"{tmp_path / 'file.json'}, line 5"]


def _with(module: str, **values: object) -> bytes:
    return document(**{module: values})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (NO_NUMBER, "Object missing required field `nctId` - at `$.protocolSection.identificationModule`"),
        (b'{"protocolSection": {}}', "Object missing required field `identificationModule` - at `$.protocolSection`"),
        (b'{"protocolSection": 7}', "Expected `object`, got `int` - at `$.protocolSection`"),
        (
            document("ISRCTN12345678"),
            "Expected a number such as NCT01234567, got 'ISRCTN12345678'"
            " - at `$.protocolSection.identificationModule.nctId`",
        ),
        (
            _with("design", enrollmentInfo={"count": "12"}),
            "Expected `int | null`, got `str` - at `$.protocolSection.designModule.enrollmentInfo.count`",
        ),
        (
            _with("eligibility", minimumAge="N/A"),
            "Expected an age such as '18 Years' or '6 Months', got 'N/A'"
            " - at `$.protocolSection.eligibilityModule.minimumAge`",
        ),
        (
            _with("status", startDateStruct={"date": "2024-02-30"}),
            "No such date: '2024-02-30' (day is out of range for month)"
            " - at `$.protocolSection.statusModule.startDateStruct.date`",
        ),
        (
            _with("conditions", conditions=["a", 2]),
            "Expected `str`, got `int` - at `$.protocolSection.conditionsModule.conditions[1]`",
        ),
    ],
)
def test_a_field_of_the_wrong_type_is_named_by_its_path(tmp_path: Path, data: bytes, message: str) -> None:
    """What was expected, what was there, and where in the record."""
    assert problem(tmp_path, data) == f": {message}\n{NEXT}"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"protocolSection":' + b"[" * 100_000,
        b'{"studies":[' + b'{"a":' * 100_000,
        document()[:-1] + b', "x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"studies":[' + document()[:-1] + b', "x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}",
        b"<" * 100_000,
        b"<clinical_study>" + b"<a>" * 100_000,
    ],
    ids=["list", "in a section", "in a page", "in a study", "in a page's study", "xml", "in xml"],
)
def test_deep_nesting_is_no_crash(tmp_path: Path, data: bytes) -> None:
    """It is one more file that is not read."""
    assert problem(tmp_path, data)


def test_deep_nesting_is_said_in_words(tmp_path: Path) -> None:
    """The message of a study that is nested beyond what can be read."""
    data = document()[:-1] + b', "x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert problem(tmp_path, data) == f": The JSON is nested too deeply\n{NEXT}"


@pytest.mark.parametrize(
    "data",
    [
        document(title="\u0001").replace(b"\\u0001", b"\xff\xfe"),
        document(title="half").replace(b"half", b"\\ud800"),
        document(title="half").replace(b"half", b"\\ud800\\u0041"),
        _with("design", enrollmentInfo={"count": 99_999_999_999}),
        _with("design", enrollmentInfo={"count": 10**30}),
        document()[:40],
        document()[:-1] + b',"x":"\xff"}',
    ],
    ids=[
        "not utf-8",
        "half a pair",
        "half a pair and a letter",
        "a count too large",
        "a huge count",
        "cut",
        "unknown field",
    ],
)
def test_one_bad_value_never_stops_the_load(tmp_path: Path, data: bytes) -> None:
    """The record is read as well as it can be or reported; the others are loaded."""
    for name, content in {"1.json": document(SECOND), "2.json": data, "3.json": document(THIRD)}.items():
        (tmp_path / name).write_bytes(content)
    summary = load([tmp_path / name for name in ("1.json", "2.json", "3.json")], tmp_path / "library")
    assert summary.given == 3
    numbers = [number for number, _ in open_library(tmp_path / "library").documents()]
    assert {SECOND, THIRD} <= set(numbers)
    for number in numbers:
        json.loads(open_library(tmp_path / "library").document(number))


@pytest.mark.parametrize("value", [-5, 0, 2_000_000_000])
def test_odd_counts_are_read(tmp_path: Path, value: int) -> None:
    """A registry's count is kept as stated."""
    _, numbers = loaded(tmp_path, _with("design", enrollmentInfo={"count": value}))
    assert numbers == [FIRST]


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    """White space alone is empty, and so is a byte order mark."""
    assert problem(tmp_path, data) == ": The file is empty\nFetch it again, or leave it out."


@pytest.mark.parametrize(
    "data",
    [b"[1, 2]", b'{"a": 1}', b"NCT01234567\n", b"\0" * 50],
)
def test_an_unknown_format_is_said_with_those_that_are_known(tmp_path: Path, data: bytes) -> None:
    """The whole message."""
    assert problem(tmp_path, data) == f": The format of the file is not known\n{KNOWN}"
    summary, _ = loaded(tmp_path, data)
    assert isinstance(summary.problems[0], UnknownFormat)


def test_a_web_page_is_said_to_be_one(tmp_path: Path) -> None:
    """A page that was saved as HTML, or a site's error page under a file's name."""
    assert problem(tmp_path, b"<!DOCTYPE html><html><head><title>404</title></head></html>") == (
        f": The format of the file is not known: it is a web page (HTML), and trial pages are read as text\n{KNOWN}"
    )


def test_a_format_that_is_named_is_not_looked_for(tmp_path: Path) -> None:
    """With ``--as`` a file without the usual first keys is read; the wrong format is an error of the record."""
    late = b'{"padding": "' + b" " * 5000 + b'", ' + document()[1:]
    (tmp_path / "late.json").write_bytes(late)
    assert [type(one) for one in read_incoming([tmp_path / "late.json"])] == [UnknownFormat]
    summary = load([tmp_path / "late.json"], tmp_path / "library", source=source_named("ctgov"))
    assert (summary.added, summary.problems) == (1, [])
    assert open_library(tmp_path / "library").document(FIRST) == late
    for name in ("ctgov-xml", "meddatax", "trialx"):
        wrong = list(read_incoming([tmp_path / "late.json"], source_named(name)))
        assert all(isinstance(one, InputError) for one in wrong), name
        assert wrong, name


def test_a_format_that_there_is_not_is_said_with_those_that_there_are() -> None:
    """The whole message."""
    with pytest.raises(UserError) as caught:
        source_named("csv")
    assert str(caught.value) == "No source is named 'csv'\nChoose one of: ctgov, ctgov-xml, meddatax, trialx."


# What is watched


def _watched(paths: list[Path], library: Path) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []

    def watch(progress: Progress) -> None:
        seen.append((progress.records, progress.used))

    load(paths, library, watch=watch)
    return seen


def test_progress_ends_at_all_records_and_all_bytes(tmp_path: Path) -> None:
    """Records and bytes never go back; at the end both are what was given."""
    files = {"a.json": document(), "b.jsonl": document(SECOND) + b"\n" + document(THIRD), "c.txt": b"not a record"}
    files["d.gz"] = gzip.compress(document("NCT99000904"))
    (tmp_path / "in").mkdir()
    for name, data in files.items():
        (tmp_path / "in" / name).write_bytes(data)
    seen = _watched([tmp_path / "in"], tmp_path / "library")
    assert seen == sorted(seen)
    assert seen[-1] == (4, sum(len(data) for data in files.values()))


def test_progress_through_a_zip_ends_at_its_size(tmp_path: Path) -> None:
    """A zip is used up when its last member is read, or nearly: its list of members is the rest."""
    with zipfile.ZipFile(tmp_path / "bulk.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for count in range(50):
            noise = os.urandom(1000).hex()
            archive.writestr(f"{count}.json", document(f"NCT99{count:06d}", description={"briefSummary": noise}))
    seen = _watched([tmp_path / "bulk.zip"], tmp_path / "library")
    size = (tmp_path / "bulk.zip").stat().st_size
    assert seen == sorted(seen)
    assert seen[-1][0] == 50
    assert 0.8 * size < seen[-1][1] <= size


def test_progress_counts_what_could_not_be_opened(tmp_path: Path) -> None:
    """A broken file's bytes are used up as well, else the bar would never reach its end."""
    files = {"a.gz": gzip.compress(document() * 20)[:-6], "b.json": document()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    seen = _watched([tmp_path / name for name in files], tmp_path / "library")
    assert seen[-1][1] == sum(len(data) for data in files.values())


# Without a library


def test_studies_are_read_without_a_library(tmp_path: Path) -> None:
    """As an iterator; the first broken record is raised."""
    (tmp_path / "file.json").write_bytes(api_page(document(), NO_NUMBER))
    studies = read_studies(tmp_path / "file.json")
    assert next(studies).number == FIRST
    with pytest.raises(RecordError):
        next(studies)
