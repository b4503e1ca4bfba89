"""The command `criteria`, `library compile`, and searches of what criteria say, as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from equipoise.criteria.records import COMPILER
from equipoise.intake.opening import open_library
from equipoise.store.library import Library
from pages import Page, Site, text_of
from unit.store.made import FIRST, SECOND, THIRD, command, document

TEXT = (
    "Inclusion Criteria:\n\n* Age 18 to 65 years\n* At least one of the following:\n  * stroke\n  * GCS \\<9\n"
    "* Women who are pregnant\n\n"
    "Exclusion Criteria:\n\n1. Platelets <100×109 /L;\n2. Pregnancy\n3. Gribble wobbliness\n"
)


def study(number: str, criteria: str, status: str) -> bytes:
    return document(number, eligibility={"eligibilityCriteria": criteria}, status={"overallStatus": status})


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three studies, of which one is closed."""
    folder = tmp_path_factory.mktemp("criteria")
    records = folder / "records"
    records.mkdir()
    (records / "a.json").write_bytes(study(FIRST, TEXT, "RECRUITING"))
    (records / "b.json").write_bytes(study(SECOND, "Exclusion Criteria:\n\n* Heart failure", "NOT_YET_RECRUITING"))
    (records / "c.json").write_bytes(study(THIRD, "Exclusion Criteria:\n\n* Heart disease", "COMPLETED"))
    assert command("load", records, "--library", folder / "library").returncode == 0
    return folder / "library"


def test_a_studys_criteria_are_printed_with_their_reading(library: Path) -> None:
    """What was read, what was not, and faults with a caret."""
    printed = command("criteria", FIRST, "--library", library).stdout.decode()
    assert "age 18 to 65 years" in printed
    assert "platelet count below 100 ×10⁹/L" in printed
    assert "“<100×109 /L” read as < 100 ×10⁹/L" in printed
    assert "wobbliness" in printed.split("not understood:")[-1]
    assert "No patient can meet both: pregnancy; no pregnancy" in printed
    assert "^~~~~~~~~" in printed
    assert "6 criteria:" in printed


def test_a_studys_criteria_are_json_as_the_contract_has_it(library: Path) -> None:
    """The study, the compiler, and each criterion with its parent."""
    answer = json.loads(command("criteria", FIRST.lower(), "--library", library, "--format", "json").stdout)
    assert list(answer) == ["study", "compiler", "criteria"]
    assert (answer["study"], answer["compiler"]) == (FIRST, COMPILER)
    ids = [(one["id"], one["parent"], one["section"]) for one in answer["criteria"]]
    assert ids[:5] == [
        ("I1", None, "inclusion"), ("I2", None, "inclusion"), ("I2.1", "I2", "inclusion"), ("I2.2", "I2", "inclusion"),
        ("I3", None, "inclusion"),
    ]  # fmt: skip
    for one in answer["criteria"]:
        assert one["text"] == TEXT[slice(*one["span"])]
        assert set(one) == {
            "id", "parent", "section", "span", "text", "reading", "computable", "rule", "left", "flags",
        }  # fmt: skip


def test_a_study_that_is_not_compiled_is_compiled_when_asked(library: Path) -> None:
    """And nothing is written."""
    before = (library / "CURRENT").read_text()
    assert "heart disease" in command("criteria", THIRD, "--library", library).stdout.decode()
    assert (library / "CURRENT").read_text() == before


def test_a_text_from_a_file_or_a_pipe(tmp_path: Path) -> None:
    """With its line ends as they are; a side can be given."""
    (tmp_path / "text.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    answer = json.loads(command("criteria", "--text", tmp_path / "text.txt", "--format", "json").stdout)
    text = TEXT.replace("\n", "\r\n")
    assert [one["text"] for one in answer["criteria"]] == [text[slice(*one["span"])] for one in answer["criteria"]]
    piped = command("criteria", "--text", "-", "--section", "exclusion", "--format", "json", given=b"* Stroke")
    assert [(one["id"], one["text"]) for one in json.loads(piped.stdout)["criteria"]] == [("E1", "Stroke")]


@pytest.mark.parametrize("given", [b"", b"\n \n", b"Inclusion Criteria:"])
def test_a_text_without_criteria_is_no_error(given: bytes) -> None:
    """It says that there is none."""
    answer = command("criteria", "--text", "-", given=given)
    assert answer.returncode == 0
    assert "0 criteria; there is no criterion in this text" in answer.stdout.decode()


def test_odd_characters_are_plain_text() -> None:
    """NUL, controls and what turns text round reach no terminal."""
    answer = command("criteria", "--text", "-", given="* Age \x00≥ 18\x1b[31m years \u202eabc".encode())
    assert answer.returncode == 0
    assert not {"\x00", "\x1b", "\u202e"} & set(answer.stdout.decode())


@pytest.mark.parametrize(
    ("arguments", "given", "code", "message"),
    [
        (("--text", "-"), b"caf\xe9", 3, "standard input: The text is not UTF-8: byte 3 cannot be read"),
        (("--text", "nowhere.txt"), b"", 3, "nowhere.txt: No such file or directory"),
        (("--jsonl", "nowhere.jsonl"), b"", 3, "nowhere.jsonl: No such file or directory"),
        ((), b"", 1, "Say what to compile: a study, --text, --jsonl or --coverage"),
        (("--text", "-", "--coverage"), b"", 1, "Name one of these only"),
    ],
)
def test_what_cannot_be_compiled_says_so(arguments: tuple[str, ...], given: bytes, code: int, message: str) -> None:
    """With what to do next, and a code."""
    answer = command("criteria", *arguments, given=given)
    assert (answer.returncode, message in answer.stderr.decode()) == (code, True)


def test_lines_are_answered_in_order_with_their_ids() -> None:
    """Also those without an id, without criteria, and with what only JSON can write."""
    questions = [
        {"id": "a", "text": "platelets <100×109 /L", "section": "exclusion"},
        {"id": 2, "text": ""},
        {"id": None, "text": "Inclusion Criteria:\r\n* Stroke\u0000", "section": None},
    ]
    given = b"\xef\xbb\xbf" + b"\n\n".join(json.dumps(one).encode() for one in questions)
    answer = command("criteria", "--jsonl", "-", given=given)
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0
    assert [line["id"] for line in lines] == ["a", 2, None]
    assert [[one["id"] for one in line["criteria"]] for line in lines] == [["E1"], [], ["I1"]]
    rule = lines[0]["criteria"][0]["rule"]
    assert (rule["concept"]["name"], rule["op"], rule["value"], rule["unit"]) == ("platelet count", "<", 100, "10*9/L")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "Input data was truncated"),
        (b'{"id": 1}', "Object missing required field `text`"),
        (b'{"id": 1, "text": 5}', "Expected `str`, got `int` - at `$.text`"),
        (b'{"id": 1, "text": "a", "section": "both"}', "Invalid enum value 'both' - at `$.section`"),
        (
            b'{"id": 1, "text": "\\ud800 and more"}',
            "JSON is malformed: unexpected end of escaped utf-16",
        ),
        (b'{"id": 1, "text": "\xff"}', "utf-8"),
        (b"[" * 100_000, ""),
    ],
)
def test_a_malformed_line_is_named(line: bytes, problem: str) -> None:
    """Those before it are answered."""
    answer = command("criteria", "--jsonl", "-", given=b'{"id": "a", "text": "stroke"}\n' + line + b"\n")
    assert answer.returncode == 3
    assert [json.loads(one)["id"] for one in answer.stdout.splitlines()] == ["a"]
    error = answer.stderr.decode()
    place, _, said = error.partition("standard input, line 2: ")
    assert place and problem.lower() in said.lower()  # the words are msgspec's, whose releases differ
    assert 'A line is an object: {"id": "1", "text": "Age ≥ 18 years", "section": "inclusion"}.' in error


def test_coverage_says_what_is_read_and_what_is_left(library: Path) -> None:
    """By section and kind, with the words that are left most often."""
    answer = json.loads(command("criteria", "--coverage", "--library", library, "--format", "json").stdout)
    sections = {one["name"]: one for one in answer["sections"]}
    assert (answer["studies"], sections["all"]["criteria"]) == (3, 8)
    assert sections["all"]["criteria"] == sections["inclusion"]["criteria"] + sections["exclusion"]["criteria"]
    for one in (*answer["sections"], *answer["kinds"]):
        assert one["criteria"] == one["full"] + one["partial"] + one["administrative"] + one["none"]
    assert {"demographic", "measurement", "condition"} <= {one["name"] for one in answer["kinds"]}
    assert any("wobbliness" in one["words"] for one in answer["left"])
    printed = command("criteria", "--coverage", "--library", library).stdout.decode()
    assert "Left most often" in printed


def test_library_compile_does_the_rest(library: Path, tmp_path: Path) -> None:
    """Open and coming studies were compiled on load; `--all` compiles every one, once."""
    import shutil

    shutil.copytree(library, tmp_path / "library")
    run: Callable[..., str] = lambda *words: command(*words, "--library", tmp_path / "library").stdout.decode()  # noqa: E731
    rest = "Criteria of 2 of 3 studies are compiled; `equipoise library compile --all` does the rest.\n"
    assert run("library", "compile") == "There is nothing to compile\n" + rest
    assert run("library", "compile", "--all") == "Criteria of all 3 studies are compiled.\n"
    assert run("library", "compile", "--all") == (
        "There is nothing to compile\nCriteria of all 3 studies are compiled.\n"
    )
    assert "Nothing is wrong" in run("library", "check")
    assert json.loads(run("library", "--format", "json"))["compiled"] == 3
    found = json.loads(run("search", "--excludes", "heart failure", "--format", "json"))
    assert {hit["number"] for hit in found["hits"]} == {SECOND, THIRD}


@pytest.mark.parametrize(
    ("option", "phrase", "found", "english"),
    [
        ("--excludes", "heart failure", [SECOND], "all studies, excluding heart failure"),
        (
            "--requires",
            "platelet count >= 50 10*9/L",
            [FIRST],
            "all studies, requiring platelet count at least 50 ×10⁹/L",
        ),
        ("--accepts", "age 80", [SECOND], "all studies, whose criteria do not rule out age exactly 80 years"),
    ],
)
def test_a_search_of_what_criteria_say(library: Path, option: str, phrase: str, found: list[str], english: str) -> None:
    """It says how it was understood, and how many studies could answer."""
    answer = json.loads(command("search", option, phrase, "--library", library, "--format", "json").stdout)
    assert [hit["number"] for hit in answer["hits"]] == found
    assert (answer["english"], answer["compiled"]) == (english, {"compiled": 2, "studies": 3})
    printed = command("search", option, phrase, "--library", library).stdout.decode()
    assert "Criteria of 2 of 3 studies are compiled; `equipoise library compile --all` does the rest." in printed


def test_two_questions_must_both_be_answered(library: Path) -> None:
    """Other than the values of a filter."""
    words = ("search", "--excludes", "heart failure", "--accepts", "age 80", "--excludes", "pregnancy")
    answer = json.loads(command(*words, "--library", library, "--format", "json").stdout)
    assert (answer["total"], answer["address"]) == (
        0, "excludes=heart+failure&excludes=pregnancy&accepts=age+80",
    )  # fmt: skip


def test_a_record_that_limits_age_rules_out_others(tmp_path: Path) -> None:
    """Though its text says nothing of age."""
    limits = {"eligibilityCriteria": "Exclusion Criteria:\n\n* Stroke", "maximumAge": "65 Years"}
    (tmp_path / "a.json").write_bytes(document(FIRST, eligibility=limits))
    command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    for phrase, total in (("age 80", 0), ("age 65", 1), ("age > 70 years", 0), ("6 months of age", 1)):
        words = ("search", "--accepts", phrase, "--library", tmp_path / "library", "--format", "json")
        answer = command(*words)
        if answer.returncode == 0:
            assert json.loads(answer.stdout)["total"] == total, phrase


def test_a_question_that_is_not_understood_points_to_the_words(library: Path) -> None:
    """With code 6, as any search that is not understood."""
    answer = command("search", "--requires", "gribble wobbliness", "--library", library)
    assert answer.returncode == 6
    assert "This is not understood as a criterion\n    gribble wobbliness\n    ^" in answer.stderr.decode()


@pytest.fixture(scope="module")
def site(library: Path) -> Site:
    return Site(open_library(library))


def test_the_page_shows_each_criterion_with_its_reading(site: Site) -> None:
    """Words underlined by kind, with their meaning; the reading below; the text as published one click away."""
    page = site.page(f"/studies/{FIRST}")
    assert page.all("//div[@class='inclusion']/ul/li/@id/..")[0].startswith("Age 18 to 65 years")
    limit = page.tree.xpath("//div[@class='exclusion']//span[@class='read limit']")[0]
    assert limit.text_content() == "Platelets <100×109 /L"
    assert "platelet count below 100 ×10⁹/L" in page.all("//li[@id='E1']//p[@class='how']")[0]
    assert [node.get("id") for node in page.tree.xpath("//ul[contains(@class,'nested')]/li")] == ["I2.1", "I2.2"]
    assert page.tree.xpath("//li[@id='E1']//p[@class='how']")[0].text_content().strip().startswith("read")
    assert any("wobbliness" in words for words in page.all("//li[@id='E3']/p[@class='how unread']"))
    assert page.tree.xpath("//details[@class='published']/pre")[0].text_content() == TEXT
    assert "No patient can meet both" in page.all("//div[contains(@class,'fault')]")[0]


def test_the_page_as_json_has_the_same_facts(site: Site) -> None:
    """Sections, items, parts with their kinds, readings, what was left, faults."""
    facts = site.client.get(f"/studies/{FIRST}.json").json()["criteria"]
    assert facts["text"] == TEXT
    assert [section["side"] for section in facts["sections"]] == ["inclusion", "exclusion"]
    (first, *_) = facts["sections"][1]["items"]
    assert first["parts"][0] == {
        "text": "Platelets <100×109 /L", "kind": "limit", "help": "platelet count below 100 ×10⁹/L",
    }  # fmt: skip
    assert (first["id"], first["computable"], first["reading"]) == ("E1", "full", "platelet count below 100 ×10⁹/L")


def test_a_page_of_a_study_that_is_not_compiled_is_the_same(site: Site) -> None:
    """It is compiled when it is shown."""
    assert "heart disease" in site.page(f"/studies/{THIRD}").all("//li[@id='E1']/p[@class='how']")[0]


def test_the_search_page_asks_what_criteria_say(site: Site) -> None:
    """It keeps the question in its forms and chips, and says how many studies could answer."""
    page: Page = site.page("/search?excludes=heart+failure&accepts=age+80")
    assert page.all("//ol[@class='hits']/li//span[@class='number']") == [SECOND]
    assert page.all("//ul[@aria-label='Filters in use']/li") == [
        "excluding heart failure ×", "whose criteria do not rule out age exactly 80 years ×",
    ]  # fmt: skip
    assert "Criteria of 2 of 3 studies are compiled" in page.text
    kept = page.tree.xpath("//form[@class='demands']/input[@type='hidden']")
    assert [(one.get("name"), one.get("value")) for one in kept] == [
        ("excludes", "heart failure"),
        ("accepts", "age 80"),
    ]
    assert "Criteria of" not in site.page("/search?q=tea").text
    assert site.client.get("/search?requires=gribble+wobbliness").status_code == 400


def test_a_markup_in_criteria_is_text(tmp_path: Path) -> None:
    """A script that a record carries is shown, and does not run."""
    (tmp_path / "a.json").write_bytes(study(FIRST, "* **No** <script>alert(1)</script> of 10^9", "RECRUITING"))
    command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    page = Site(open_library(tmp_path / "library")).page(f"/studies/{FIRST}")
    (item,) = page.tree.xpath("//li[@id='I1']/p[@class='words']")
    assert text_of(item) == "No <script>alert(1)</script> of 109"
    assert not page.tree.xpath("//section[@id='eligibility']//script")


def test_a_study_without_criteria_has_no_section_of_them(demonstration: Library, tmp_path: Path) -> None:
    """Age and sex are still shown."""
    (tmp_path / "a.json").write_bytes(document(FIRST, eligibility={"sex": "ALL"}))
    command("load", tmp_path / "a.json", "--library", tmp_path / "library")
    page = Site(open_library(tmp_path / "library")).page(f"/studies/{FIRST}")
    assert not page.tree.xpath("//details[@class='published']")
    assert "All" in page.part("eligibility")
