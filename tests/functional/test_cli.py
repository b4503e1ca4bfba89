"""The command line: what it prints, what it exits with, and what it says when something is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
import typer

from equipoise import related_studies
from equipoise.app.cli import app
from equipoise.store.editions import FORMAT, Folder
from equipoise.store.library import Library
from equipoise.store.writer import LibraryWriter
from unit.store.made import FIRST, SECOND, command, document, write

EMPTY = (
    "The library is empty\n{}: There is no study in this library yet\n"
    "Fill it with `equipoise load FILE` (registry files or trial pages), "
    "or look around first with `equipoise demo`.\n"
)


@pytest.fixture(scope="module")
def folder(demonstration: Library) -> Path:
    """The demonstration library's folder."""
    return demonstration.folder.path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two studies, one of them with odd bytes."""
    place = tmp_path_factory.mktemp("small")
    named = b'{"nctId":"NCT99000902","briefTitle":"\\u00e9 \xc3\xa9"}'
    odd = b'{ "protocolSection" : {"identificationModule":' + named + b'},\n "x":[1.0]}'
    write(place, document(title="An invented study of strokes", status={"overallStatus": "RECRUITING"}), odd)
    return place


def _words(output: bytes) -> str:
    """Return what was printed, with white space folded: lines break where the terminal ends."""
    return " ".join(output.decode().split())


# Help


def _commands() -> list[list[str]]:
    found: list[list[str]] = [[]]

    def walk(group: object, path: list[str]) -> None:
        for name, one in getattr(group, "commands", {}).items():
            found.append([*path, name])
            walk(one, [*path, name])

    walk(typer.main.get_command(app), [])
    return found


@pytest.mark.parametrize("path", _commands(), ids=lambda path: " ".join(path) or "equipoise")
def test_every_command_has_help(path: list[str]) -> None:
    """It says how it is used and what each option does, and loads no library for it."""
    answer = command(*path, "--help", EQUIPOISE_LIBRARY="/nonexistent")
    assert (answer.returncode, answer.stderr) == (0, b"")
    shown = _words(answer.stdout)
    assert "Usage:" in shown
    assert "--help" in shown


def test_every_command_and_option_says_what_it_does() -> None:
    """No help is empty."""

    def walk(one: object, path: str) -> None:
        assert getattr(one, "help", None), path
        for parameter in getattr(one, "params", []):
            if parameter.name != "help":
                assert parameter.help, f"{path} {parameter.name}"
        for name, below in getattr(one, "commands", {}).items():
            walk(below, f"{path} {name}")

    walk(typer.main.get_command(app), "equipoise")


def test_no_command_shows_the_help() -> None:
    """A newcomer who types the name alone learns how to begin."""
    answer = command()
    assert answer.returncode in (0, 2)
    assert "Begin with equipoise demo" in _words(answer.stdout + answer.stderr)


def test_an_option_that_there_is_not_is_the_command_lines_own_error() -> None:
    """Exit code 2."""
    assert command("search", "--colour", "red").returncode == 2
    assert command("search", "--limit", "0").returncode == 2
    assert command("nonsense").returncode == 2


def test_help_loads_nothing_heavy() -> None:
    """Neither numpy nor tantivy, so that it comes at once."""
    code = (
        "import sys\nfrom equipoise.app.cli import main\nsys.argv = ['equipoise', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'tantivy', 'lxml', 'jinja2', 'starlette'} & set(sys.modules)), file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stderr.strip() == "[]"


def test_the_console_script_is_installed() -> None:
    """``equipoise`` beside the interpreter does the same."""
    script = Path(sys.executable).with_name("equipoise")
    if not script.exists():
        pytest.skip("needs the package installed: no console script beside the interpreter")
    answer = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "Find, read and match clinical trials, offline." in " ".join(answer.stdout.split())


# demo


def test_the_demonstration_is_loaded_and_said_to_be_one(tmp_path: Path) -> None:
    """Again, it changes nothing."""
    count = len(
        [
            one
            for one in files("equipoise.intake").joinpath("demonstration_records").iterdir()
            if one.name.endswith(".json")
        ]
    )
    first = command("demo", "--load-only", "--library", tmp_path / "demo")
    assert (first.returncode, first.stderr) == (0, b"")
    assert _words(first.stdout) == (
        f"{count} added 0 not read {count} studies in {tmp_path / 'demo'} "
        "These are demonstration records, written for Equipoise. No one can join them. "
        f"On the command line: equipoise search stroke --library {tmp_path / 'demo'}"
    )
    again = command("demo", "--load-only", "--library", tmp_path / "demo")
    assert f"{count} unchanged" in _words(again.stdout)
    assert Folder(tmp_path / "demo").current() == 1


def test_the_demonstration_has_a_library_of_its_own(tmp_path: Path) -> None:
    """It never mixes with the user's studies, whatever the environment names."""
    if sys.platform != "linux":
        pytest.skip("needs $XDG_DATA_HOME to move the user's data folder")
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "EQUIPOISE_LIBRARY": str(tmp_path / "mine")}
    command("demo", "--load-only", **places)
    assert Folder(tmp_path / "data" / "equipoise" / "demonstration").current() == 1
    assert not (tmp_path / "mine").exists()


def test_the_demonstration_keeps_out_of_a_library_of_real_studies(tmp_path: Path) -> None:
    """Among real studies an invented one would be found, and somebody would ask for it."""
    record = write_real(tmp_path)
    assert command("load", record, "--library", tmp_path / "mine").returncode == 0
    answer = command("demo", "--load-only", "--library", tmp_path / "mine")
    assert (answer.returncode, answer.stderr.decode()) == (
        4,
        f"The library cannot be used\n{tmp_path / 'mine'}: It holds 1 study that is real\n"
        "Demonstration records stay among themselves: name an empty folder, or leave out --library.\n",
    )


def write_real(folder: Path) -> Path:
    """Return a file with a record of ours under a number that a registry could give out."""
    shipped = files("equipoise.intake").joinpath("demonstration_records", "NCT99000001.json").read_text("utf-8")
    target = folder / "NCT01000001.json"
    target.write_text(shipped.replace("NCT99000001", "NCT01000001"), "utf-8")
    return target


# search


def test_a_search_prints_hits_for_people(folder: Path) -> None:
    """The search in English, then each hit with number, status and title; demonstrations are marked."""
    answer = command("search", "infliximab", "--library", folder)
    shown = _words(answer.stdout)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert "studies with the words “infliximab”" in shown
    assert "NCT99000001 Not yet recruiting" in shown
    assert shown.count("DEMONSTRATION RECORD") == shown.count(" NCT99")


def test_a_search_prints_json_for_programs(folder: Path) -> None:
    """Its hits, English, address and facets; each demonstration is marked."""
    answer = command("search", "cardiac arrest", "--phase", "NA", "--format", "json", "--library", folder)
    found = json.loads(answer.stdout)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert found["total"] == len(found["hits"]) > 0
    assert found["english"] == "studies with the words “cardiac arrest”, Not applicable (no phases)"
    assert found["address"] == "q=cardiac+arrest&phase=NA"
    assert all(hit["demonstration"] is True for hit in found["hits"])
    assert "NCT99000001" in [hit["number"] for hit in found["hits"]]
    (phase,) = (facet for facet in found["facets"] if facet["name"] == "phase")
    assert [value["chosen"] for value in phase["values"] if value["value"] == "NA"] == [True]


def test_a_search_without_words_lists_all(folder: Path) -> None:
    """Paged by limit and offset, each study once."""
    pages = [
        json.loads(command("search", "--limit", 10, "--offset", offset, "--format", "json", "--library", folder).stdout)
        for offset in (0, 10, 20)
    ]
    numbers = [hit["number"] for page in pages for hit in page["hits"]]
    assert len(numbers) == len(set(numbers)) == min(30, pages[0]["total"])


def test_every_filter_is_an_option(folder: Path) -> None:
    """Each alone or together narrows; an option given twice means either."""
    options = [
        "--status", "recruiting", "--status", "completed", "--type", "interventional", "--age-group", "adult",
        "--age", "45", "--sex", "all", "--healthy", "no", "--results", "without", "--stated-only", "--sort", "updated",
    ]  # fmt: skip
    answer = command("search", *options, "--format", "json", "--library", folder)
    found = json.loads(answer.stdout)
    assert found["english"] == (
        "all studies, Recruiting or Completed, Interventional, age group: Adult, sex: All, healthy volunteers: No, "
        "No results posted, open to someone aged 45 years, "
        "leaving out studies that do not state these, latest update first"
    )
    assert {hit["status"] for hit in found["hits"]} <= {"Recruiting", "Completed"}


def test_nothing_found_is_said_with_a_way_on(folder: Path) -> None:
    """It is no error."""
    nothing = command("search", "zzzzunheardof", "--library", folder)
    assert nothing.returncode == 0
    assert _words(nothing.stdout).endswith("Try fewer or other words.")
    filtered = command("search", "infliximab", "--status", "withdrawn", "--stated-only", "--library", folder)
    assert "Without: Withdrawn 1" in _words(filtered.stdout)


def test_brackets_in_a_record_are_no_markup_of_the_terminal(tmp_path: Path) -> None:
    """What looks like a style is printed as text."""
    write(tmp_path, document(title="[bold red]Stroke[/] [link=http://a.example]x[/link]"))
    for arguments in (("search", "stroke"), ("show", FIRST)):
        answer = command(*arguments, "--library", tmp_path)
        assert (answer.returncode, b"[bold red]Stroke[/]" in answer.stdout) == (0, True)


def test_a_record_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Control characters in a text are not sent: they could hide lines or set the window's title."""
    write(tmp_path, document(title="Stroke \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08"))
    for arguments in (("search", "stroke"), ("show", FIRST)):
        answer = command(*arguments, "--library", tmp_path)
        assert answer.returncode == 0
        assert not set(answer.stdout.decode()) & set("\x1b\x07\x08\x9b")


# show


@pytest.mark.parametrize("number", ["NCT99000001", "nct99000001", " NCT99000001 "])
def test_a_study_is_shown_for_people(folder: Path, number: str) -> None:
    """The banner of a demonstration first, then what matters."""
    answer = command("show", number, "--library", folder)
    assert (answer.returncode, answer.stderr) == (0, b"")
    lines = answer.stdout.decode().splitlines()
    assert lines[0].startswith("DEMONSTRATION RECORD, modelled on NCT07176754.")
    shown = _words(answer.stdout)
    for part in ("NCT99000001", "Not yet recruiting", "Phase", "Who may join", "Primary outcome", "Identifiers"):
        assert part in shown


def test_a_study_is_given_as_it_was_published(folder: Path, small: Path, demonstration: Library) -> None:
    """Byte for byte, with a line's end; a demonstration says so in the JSON and on standard error."""
    answer = command("show", "NCT99000001", "--format", "json", "--library", folder)
    published = demonstration.document("NCT99000001")
    assert answer.stdout == published.rstrip(b"\n") + b"\n"
    assert json.loads(answer.stdout)["demonstration"]["modelledOn"] == "NCT07176754"
    assert answer.stderr.decode().startswith("Demonstration record written for Equipoise")
    odd = command("show", SECOND, "--format", "json", "--library", small)
    assert odd.stdout.startswith(b'{ "protocolSection" : ')
    assert odd.stdout.endswith(b'"\\u00e9 \xc3\xa9"}},\n "x":[1.0]}\n')
    assert odd.stderr == b""


def test_related_studies_are_printed_with_their_reasons(folder: Path, demonstration: Library) -> None:
    """For people in words, for programs the answer of the web page; a number in lower case works too."""
    number = "NCT99000001"
    found = related_studies(demonstration, number)
    shown = " ".join(command("related", number.lower(), "--library", folder).stdout.decode().split())
    assert all(one.number in shown and one.why in shown for one in found)
    printed = command("related", number, "--library", folder, "--limit", "2", "--format", "json").stdout
    answer = json.loads(printed)
    assert [one["number"] for one in answer["related"]] == [one.number for one in found[:2]]
    assert [one["text"] for one in answer["related"][0]["reasons"]] == [one.text for one in found[0].reasons]


def test_every_demonstration_study_is_shown(demonstration: Library, folder: Path) -> None:
    """None of its states breaks the page of the command line."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom equipoise.app.cli_show import run_show\n"
        "for number in sys.argv[2:]:\n    print('=====', number)\n"
        "    run_show(number, Path(sys.argv[1]), as_json=False)\n"
    )
    numbers = [number for number, _ in demonstration.documents()]
    answer = subprocess.run(
        [sys.executable, "-c", code, folder, *numbers], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert re.findall(r"===== (NCT\d+)", answer.stdout) == numbers
    assert answer.stdout.count("DEMONSTRATION RECORD") == len(numbers)


# library


def test_the_library_says_what_is_in_it(folder: Path, demonstration: Library) -> None:
    """Folder, count, sources, edition, size."""
    shown = _words(command("library", "--library", folder).stdout)
    count = len(demonstration)
    assert f"Folder {folder} Studies {count} from ctgov {count} " in shown
    assert "Edition 1, made 20" in shown
    assert re.search(r"Size [\d.]+ MB", shown)


def test_the_library_is_given_back(small: Path, tmp_path: Path) -> None:
    """As a zip or folder byte for byte, as lines each on one line; the option may stand before ``dump`` or after."""
    published = {FIRST: document(title="An invented study of strokes", status={"overallStatus": "RECRUITING"})}
    published[SECOND] = command("show", SECOND, "--format", "json", "--library", small).stdout.removesuffix(b"\n")
    zipped, plain, lines = tmp_path / "a.zip", tmp_path / "folder", tmp_path / "a.jsonl"
    for to in (zipped, plain, lines):
        assert command("library", "--library", small, "dump", to).stderr.decode() == f"2 studies written to {to}\n"
    with zipfile.ZipFile(zipped) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"{number}.json": data for number, data in published.items()
        }
    assert {path.name: path.read_bytes() for path in plain.iterdir()} == {
        f"{number}.json": data for number, data in published.items()
    }
    assert [json.loads(line) for line in lines.read_bytes().splitlines()] == [
        json.loads(data) for data in published.values()
    ]
    assert command("library", "dump", "--library", small).stdout == lines.read_bytes()


def test_what_was_given_back_can_be_loaded_again(folder: Path, tmp_path: Path, demonstration: Library) -> None:
    """A dump is a registry file as any other."""
    command("library", "dump", tmp_path / "a.zip", "--library", folder)
    command("load", tmp_path / "a.zip", "--library", tmp_path / "again")
    command("library", "dump", tmp_path / "b.jsonl", "--library", folder)
    command("library", "dump", tmp_path / "c.jsonl", "--library", tmp_path / "again")
    assert (tmp_path / "b.jsonl").read_bytes() == (tmp_path / "c.jsonl").read_bytes()
    assert len((tmp_path / "c.jsonl").read_bytes().splitlines()) == len(demonstration)


def test_a_reader_that_has_enough_is_no_error(folder: Path) -> None:
    """``equipoise library dump | head -1``."""
    code = "from equipoise.app.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "library", "dump", "--library", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as dump:
        assert dump.stdout is not None
        assert dump.stderr is not None
        assert dump.stdout.readline().startswith(b'{"')
        dump.stdout.close()
        said = dump.stderr.read()
    assert (dump.returncode, said) == (0, b"")


# Errors


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "stroke"),
        ("show", FIRST),
        ("related", FIRST),
        ("library",),
        ("library", "dump"),
        ("serve",),
        ("search", "x", "--format", "json"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_an_empty_library_is_said_by_every_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Exit code 4, the whole message, nothing on standard output."""
    answer = command(*arguments, EQUIPOISE_LIBRARY=str(tmp_path / "none"))
    assert (answer.returncode, answer.stdout) == (4, b"")
    assert answer.stderr.decode() == EMPTY.format(tmp_path / "none")


def test_a_library_in_use_is_said(tmp_path: Path) -> None:
    """Exit code 4."""
    (tmp_path / "a.json").write_bytes(document())
    with LibraryWriter(tmp_path / "library"):
        answer = command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    assert (answer.returncode, answer.stdout) == (4, b"")
    assert answer.stderr.decode() == (
        f"The library cannot be used\n{tmp_path / 'library'}: Another process is writing to this library\n"
        "Wait until it has finished, then try again; readers are not disturbed.\n"
    )


def test_a_library_of_a_later_version_is_said(tmp_path: Path) -> None:
    """Exit code 4."""
    write(tmp_path, document())
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    answer = command("show", FIRST, "--library", tmp_path)
    assert answer.returncode == 4
    assert answer.stderr.decode() == (
        "The library cannot be used\n"
        f"{tmp_path}: The library has format 99; this version of Equipoise reads up to {FORMAT}\n"
        "Update Equipoise (`pip install -U equipoise`), or name another folder with --library.\n"
    )


def test_a_damaged_library_is_said(tmp_path: Path) -> None:
    """Exit code 4."""
    write(tmp_path, document())
    (tmp_path / "CURRENT").write_text("seven")
    answer = command("search", "--library", tmp_path)
    assert answer.returncode == 4
    assert answer.stderr.decode() == (
        f"The library cannot be used\n{tmp_path / 'CURRENT'}: CURRENT does not name an edition\n"
        "`equipoise library rebuild` makes an edition from the documents and names it.\n"
    )


@pytest.mark.parametrize("number", ["NCT99999998", "NCT1"])
def test_a_study_that_is_not_there_is_said(small: Path, number: str) -> None:
    """Exit code 5, the whole message."""
    answer = command("show", number, "--library", small)
    assert (answer.returncode, answer.stdout) == (5, b"")
    assert answer.stderr.decode() == (
        f"No such study\n{number} is not in this library of 2 studies\n"
        "Check the number, or load the file that has it with `equipoise load FILE`.\n"
    )


@pytest.mark.parametrize("number", ["stroke", "NCT", "", "XYZ99000901", "NCT9900090１"])
def test_what_is_no_number_is_no_study(small: Path, number: str) -> None:
    """Exit code 5, too."""
    answer = command("show", number, "--library", small)
    assert (answer.returncode, answer.stdout) == (5, b"")
    assert answer.stderr.decode().startswith("No such study\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--status", "recruting"),
            "No such value of status\n    recruting\n    ^~~~~~~~~\nDid you mean Recruiting or Not yet recruiting?",
        ),
        (("--age", "old"), "This is no age\n    old\n    ^~~\nWrite it as 45, or as 6 months, 3 weeks, 2 days."),
        (
            ("--sort", "size"),
            "No such order\n    size\n    ^~~~\nOrders are: relevance, updated, start, enrollment, distance.",
        ),
    ],
)
def test_a_search_that_cannot_be_understood_is_said(small: Path, arguments: tuple[str, str], message: str) -> None:
    """Exit code 6, with a caret under what was not understood, and what would be."""
    answer = command("search", "stroke", *arguments, "--library", small)
    assert (answer.returncode, answer.stdout) == (6, b"")
    assert answer.stderr.decode() == f"The search cannot be understood\n{message}\n"


def test_a_place_that_cannot_be_written_is_said(small: Path, tmp_path: Path) -> None:
    """Exit code 7."""
    for name in ("out.zip", "out.jsonl"):
        to = tmp_path / "none" / name
        answer = command("library", "dump", to, "--library", small)
        assert answer.returncode == 7
        assert answer.stderr.decode() == (
            f"Not written\n{to}: No such file or directory\nChoose a place that can be written.\n"
        )


def test_a_dump_overwrites_nothing_unless_it_is_told_to(small: Path, tmp_path: Path) -> None:
    """A file, or a folder that holds something, is left alone; --force replaces it, whole."""
    to = tmp_path / "keep.zip"
    to.write_text("precious")
    answer = command("library", "dump", to, "--library", small)
    assert (answer.returncode, answer.stderr.decode()) == (
        7,
        f"Not written\n{to}: There is something already\nName another place, or overwrite it with --force.\n",
    )
    assert to.read_text() == "precious"
    assert command("library", "dump", to, "--force", "--library", small).returncode == 0
    assert to.read_bytes().startswith(b"PK")
    assert not list(tmp_path.glob("*.part"))


def test_a_server_with_a_stuck_process_ends(demonstration: Library) -> None:
    """A process that does not hear that it is to end is ended after a while, and the server with it."""
    command = ["from equipoise.app.cli import main; main()", "serve", "--library", str(demonstration.folder.path)]
    port = 8250 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    with subprocess.Popen(
        [sys.executable, "-c", *command, "--port", str(port)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert any("http://" in line for line in server.stdout)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        end = time.monotonic() + 20
        while not (stuck := children.read_text().split()) and time.monotonic() < end:
            time.sleep(0.1)
        os.kill(int(stuck[0]), signal.SIGSTOP)
        server.terminate()
        try:
            assert server.wait(timeout=30) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(stuck[0]), signal.SIGKILL)
