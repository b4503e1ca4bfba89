"""Eligibility texts are split as their authors meant them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest

from equipoise.criteria.split import Piece, split


def outline(text: str, section: Any = None) -> list[str]:
    """Return each piece as "id own words", nested ones after their parent."""

    def lines(pieces: Iterable[Piece]) -> list[str]:
        return [
            line
            for piece in pieces
            for line in (f"{piece.id} {' '.join(text[slice(*piece.head)].split())}", *lines(piece.items))
        ]

    return lines(split(text, section).pieces)


def left(text: str, section: Any = None) -> list[tuple[str, str]]:
    """Return what was left, markers aside."""
    return [(text[slice(*one.span)], one.reason) for one in split(text, section).left if one.reason != "a marker"]


def test_the_registrys_usual_layout() -> None:
    """Two headings with a list each; markers are in no span."""
    text = "Inclusion Criteria:\n\n* Adults\n* GCS \\<9\n\nExclusion Criteria:\n\n* Pregnancy"
    assert outline(text) == ["I1 Adults", "I2 GCS \\<9", "E1 Pregnancy"]
    assert left(text) == [("Inclusion Criteria:", "a heading"), ("Exclusion Criteria:", "a heading")]
    assert not split(text).assumed


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("* ", "* "), ("- ", "- "), ("• ", "• "), ("1. ", "2. "), ("1) ", "2) "), ("(1) ", "(2) "), ("1\\. ", "2\\. "),
        ("a. ", "b. "), ("(a) ", "(b) "), ("A) ", "B) "), ("i. ", "ii. "), ("1.1 ", "1.2 "), ("\\- ", "\\- "),
        ("\\* ", "\\* "), ("– ", "– "), ("o ", "o "), ("§ ", "§ "), ("➢ ", "➢ "), ("\uf0b7 ", "\uf0b7 "),
        ("* 1\\. ", "* 2\\. "), ("- • ", "- • "), ("-", "-"), ("1.", "2."), ("1 - ", "2 - "), ("1、", "2、"),
    ],
)  # fmt: skip
def test_markers_as_registrants_type_them(one: str, two: str) -> None:
    """None of them belongs to a criterion."""
    text = f"Inclusion Criteria:\n\n{one}Adults aged 18\n{two}Stroke\n\nExclusion Criteria:\n\n{one}Coma"
    assert outline(text) == ["I1 Adults aged 18", "I2 Stroke", "E1 Coma"]


@pytest.mark.parametrize(
    "line", ["**Adults** only", "-5 °C or colder", "18-65 years", "H. pylori infection", "1.5 x ULN", "2.5 mg a day"]
)
def test_what_only_looks_like_a_marker(line: str) -> None:
    """Bold words, numbers and species stay whole."""
    assert outline(line, "exclusion") == [f"E1 {line}"]


@pytest.mark.parametrize("step", ["  ", "   ", "    ", "\t"])
def test_deeper_items_are_nested(step: str) -> None:
    """With or without a colon before them; the parent's span holds them."""
    text = f"Inclusion Criteria:\n\n* A profile, defined by at least one of\n\n{step}* fever\n{step}* shock\n* Consent"
    assert outline(text) == ["I1 A profile, defined by at least one of", "I1.1 fever", "I1.2 shock", "I2 Consent"]
    parent = split(text).pieces[0]
    assert text[slice(*parent.span)].endswith("shock")
    assert [one.parent for one in parent.items] == ["I1", "I1"]


@pytest.mark.parametrize(
    "text",
    [
        "1. One of the following:\na. fever\nb. shock\n2. Consent",
        "1. One of the following:\n1. fever\n2. shock\n2. Consent",
        "1. One of the following:\n- fever\n- shock\n2. Consent",
        "1. One of the following\n- fever\n- shock\n2. Consent",
        "1. One of the following:\n\n   * fever\n   * shock\n\n2. Consent",
    ],
)
def test_another_list_at_the_same_column_is_nested(text: str) -> None:
    """Letters, bullets or numbers that begin anew, until the outer numbers go on."""
    words = [line.split(" ", 1) for line in outline(text)]
    assert [number for number, _ in words] == ["I1", "I1.1", "I1.2", "I2"]
    assert [word for _, word in words[1:]] == ["fever", "shock", "Consent"]


def test_an_i_after_an_h_is_a_letter() -> None:
    """And a roman number elsewhere."""
    letters = "\n".join(f"{letter}. item {letter}" for letter in "abcdefghij")
    assert len(split(letters).pieces) == 10
    assert outline("1. Either:\ni. x one\nii. y two\n2. z") == ["I1 Either:", "I1.1 x one", "I1.2 y two", "I2 z"]


def test_old_records_wrap_their_lines() -> None:
    """A line that was broken at the width goes on; numbers are right-aligned."""
    long = "Patients who have had one of the many things that this sentence tells of at some\n             length"
    items = "\n\n".join(f"{n:>11}. {long} {n}" for n in range(9, 12))
    text = f"\n        Inclusion Criteria:\n\n{items}\n\n        Exclusion Criteria:\n\n          -  Coma\n      "
    assert [line.split()[-1] for line in outline(text)] == ["9", "10", "11", "Coma"]


def test_the_oldest_records_name_no_side() -> None:
    """All is inclusion, assumed; their sub-headings are kept with the pieces."""
    text = (
        "DISEASE CHARACTERISTICS: Proven tumor No leukemia\n\n"
        "PATIENT CHARACTERISTICS: Age: 18 and over Sex: Women only\n\n"
        "PRIOR CONCURRENT THERAPY:\n\nSurgery\n\n* Not specified"
    )
    assert outline(text) == ["I1 Proven tumor", "I2 No leukemia", "I3 Age: 18 and over", "I4 Sex: Women only"]
    assert split(text).assumed
    heading = split(text).pieces[2].heading
    assert heading is not None
    assert text[slice(*heading)] == "PATIENT CHARACTERISTICS:"
    assert ("* Not specified", "no criterion") in left(text)


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria:", "EXCLUSION", "**Exclusion Criteria**", "Key Exclusion Criteria (Part B):",
        "exclusion criteria :",
        "Exclusion criteria for the control group:", "Exclusion Criteria for Phase II", "Patients will be excluded if:",
        "Main exclusion criteria are:", "Subjects who meet any of the following criteria will be excluded:",
        "Not eligible if:", "Ineligibility criteria", "You cannot join if", "Exlusion Criteria", "Exclusion Criteria：",
        "Criterios de exclusión:", "Critères d'exclusion :", "Critères de non-inclusion :", "Ausschlusskriterien:",
        "Phase 1 Key Exclusion Criteria:", "Module 2 specific exclusion criteria:", "* Exclusion Criteria:",
        "Exclusions:",
        "Exclusion criteria - Group A", "The exclusion criteria for the case group are as follows:",
        "-Exclusion Criteria",
        "Patients will not be eligible for this study if they:",
        "Subjects meeting any of the following criteria will not be enrolled in the study.",
    ],
)  # fmt: skip
def test_headings_of_exclusion(heading: str) -> None:
    """However they are worded, what follows is of their side, and they are in no piece."""
    text = f"Inclusion Criteria:\n\n* Adults\n\n{heading}\n\n* Coma"
    assert outline(text) == ["I1 Adults", "E1 Coma"]


@pytest.mark.parametrize(
    "heading",
    [
        "Inclusion Criteria for Phase II", "INCLUSION", "You may join if",
        "Patients may be eligible for this study if they:",
        "Criterios de inclusión:", "Critères d'inclusion :", "Einschlusskriterien", "Eligibility Criteria:",
        "Inclussion criteria",
        "Patients must have:", "Main inclusion criteria",
        "To be included, subjects must meet all of the following criteria:",
    ],
)  # fmt: skip
def test_headings_of_inclusion(heading: str) -> None:
    """They say the side, so that it is not assumed; and turn it back after an exclusion."""
    assert outline(f"{heading}\n\n* Adults") == ["I1 Adults"]
    assert not split(f"{heading}\n\n* Adults").assumed
    assert outline(f"Exclusion Criteria\n\n* Coma\n\n{heading}\n\n* Adults") == ["E1 Coma", "I1 Adults"]


@pytest.mark.parametrize(
    "line",
    [
        "Patients who meet the inclusion criteria of the main study may join this one as well.",
        "No exclusion of pregnancy is made.",
        "Exclusive breastfeeding for six months",
        "Eligible patients must be 18 years old",
        "Does not meet the inclusion criteria",
        "There is no inclusion or exclusion by sex",
        "Patients with tuberculosis are excluded",
    ],
)
def test_a_sentence_is_no_heading(line: str) -> None:
    """It is a criterion of the section that it stands in."""
    assert outline(f"Inclusion Criteria:\n\n* Adults\n* {line}\n* Consent") == ["I1 Adults", f"I2 {line}", "I3 Consent"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inclusion: adults; consent. Exclusion: stroke", ["I1 adults; consent.", "E1 stroke"]),
        (
            "Inclusion criteria: 1. Age 18 to 75. 2. Stroke. Exclusion criteria: 1. Coma. 2. Sepsis",
            ["I1 Age 18 to 75.", "I2 Stroke.", "E1 Coma.", "E2 Sepsis"],
        ),
        ("Adults with consent to it all Exclusion Criteria:\n* Coma", ["I1 Adults with consent to it all", "E1 Coma"]),
        ("Inclusion Criteria:. * Adults. * Stroke. Exclusion Criteria:. * Coma.",
         ["I1 Adults.", "I2 Stroke.", "E1 Coma."]),
        ("Inclusion:~Adults~Stroke~Exclusion:~Coma", ["I1 Adults", "I2 Stroke", "E1 Coma"]),
        ("Adults. Exclusion criteria include coma and sepsis.", ["I1 Adults.", "E1 coma and sepsis."]),
        ("Eligible: adults\nIneligible: children", ["I1 adults", "E1 children"]),
        ("Inclusion Criteria:\r\n\r\n* A b\r\n* C d\r\nExclusion Criteria:\r* E f", ["I1 A b", "I2 C d", "E1 E f"]),
    ],
)  # fmt: skip
def test_headings_within_lines(text: str, expected: list[str]) -> None:
    """One long paragraph, a database's export, lines that ended nowhere."""
    assert outline(text) == expected


def test_a_heading_among_the_items_turns_the_side() -> None:
    """For all that follows where it is a noun, for its own items where it is a sentence."""
    noun = "Inclusion Criteria:\n\n* Adults\n* Exclusion Criteria:\n* HIV\n* Coma"
    assert outline(noun) == ["I1 Adults", "E1 HIV", "E2 Coma"]
    sentence = "Inclusion Criteria:\n\n* Adults\n* Patients are excluded if:\n  * HIV\n  * Coma\n* Consent"
    assert outline(sentence) == ["I1 Adults", "E1 HIV", "E2 Coma", "I2 Consent"]


def test_a_line_that_says_how_many_is_the_parent() -> None:
    """Before items with markers, before lines that end with ";", and before a paragraph list."""
    marked = "Inclusion Criteria:\n\nAt least one of the following:\n\n* fever\n* shock\n\nConsent"
    assert outline(marked) == ["I1 At least one of the following:", "I1.1 fever", "I1.2 shock", "I2 Consent"]
    lines = "INCLUSION CRITERIA:\n\nAt least one of the following:\n\nFever;\n\nShock;\n\nComa.\n\nConsent is given."
    assert outline(lines)[1:] == ["I1.1 Fever;", "I1.2 Shock;", "I1.3 Coma.", "I2 Consent is given."]
    tight = "INCLUSION CRITERIA:\n\nAny of the following:\nFever\nShock\n\nConsent is given."
    assert outline(tight)[1:] == ["I1.1 Fever", "I1.2 Shock", "I2 Consent is given."]
    numbers = "1. Adults\n2. Stroke\n\nEither of:\n\n1. fever\n2. shock\n\n3. Consent"
    assert outline(numbers)[2:] == ["I3 Either of:", "I3.1 fever", "I3.2 shock", "I4 Consent"]


def test_an_item_that_says_how_many_holds_the_rest_of_its_own_list() -> None:
    """As records have it whose nesting was lost: each one alone would ask for all of them."""
    text = "Inclusion Criteria:\n\n* Adults\n* One or more of the following risks:\n* fever\n* shock"
    assert outline(text) == ["I1 Adults", "I2 One or more of the following risks:", "I2.1 fever", "I2.2 shock"]


def test_lines_that_say_nothing_are_headings() -> None:
    """All of what follows is what a section says anyway; in an exclusion, any of it."""
    assert outline("Inclusion Criteria:\n\nSubjects must satisfy all of the following:\n\n1. Adults") == ["I1 Adults"]
    assert outline("Exclusion Criteria:\n\nPatients with any of the following:\n\n* Coma") == ["E1 Coma"]
    no = "Inclusion Criteria:\n\nPatients must not have any of the following:\n\n* Coma"
    assert outline(no) == ["I1 Patients must not have any of the following:", "I1.1 Coma"]


def test_short_lines_before_items_are_sub_headings() -> None:
    """The pieces below them know them, until the next."""
    text = "Inclusion:\n\nCohort A:\n\n* Adults\n\nLaboratory values:\n\n* ANC > 1\n\nExclusion Criteria:\n\n* Coma"
    found = [text[slice(*piece.heading)] if piece.heading else None for piece in split(text).pieces]
    assert found == ["Cohort A:", "Laboratory values:", None]
    parts = "Inclusion Criteria (Part B):\n\n* Adults"
    assert split(parts).pieces[0].heading == (0, 28)


def test_what_is_excluded_for_a_time_keeps_the_time() -> None:
    """The line is the parent of the drugs below it."""
    text = "Exclusion Criteria\n\nPrior Medication:\n\nExcluded within 2 weeks:\n\n  * Aspirin\n\nAllowed:\n\n  * Tea"
    assert outline(text) == ["E1 Excluded within 2 weeks:", "E1.1 Aspirin", "E2 Allowed:", "E2.1 Tea"]


def test_required_after_an_exclusion_is_asked_for() -> None:
    """And what stands behind its list is excluded again."""
    text = "Exclusion Criteria\n\n* Coma\n\nRequired:\n\n* Aspirin\n\nAlcohol abuse."
    assert outline(text) == ["E1 Coma", "I1 Aspirin", "E2 Alcohol abuse."]


@pytest.mark.parametrize(("word", "joint"), [("OR", "or"), ("AND", "and"), ("- or -", "or"), ("and/or", "and/or")])
def test_a_word_alone_joins_two_items(word: str, joint: str) -> None:
    """It is kept with the second, and in no span of its own."""
    text = f"Inclusion Criteria:\n\n* Adults\n\n{word}\n\n* Stroke\n* Consent"
    assert [piece.joint for piece in split(text).pieces] == ["", joint, ""]
    assert (word, joint) in left(text)


@pytest.mark.parametrize(
    "note",
    ["None", "N/A", "* None.", "Not applicable", "No eligibility criteria", "Other criteria may apply", "-"],
)  # fmt: skip
def test_notes_are_no_criteria(note: str) -> None:
    """They are left, with their reason."""
    text = f"Exclusion Criteria:\n\n{note}"
    assert outline(text) == []
    assert left(text)[1][0] == note


def test_the_registrys_separator_is_left() -> None:
    """`<!-- -->` keeps two lists apart."""
    text = "1. Adults\n\n<!-- -->\n\n1. Consent"
    assert outline(text) == ["I1 Adults", "I2 Consent"]
    assert left(text) == [("<!-- -->", "a separator")]


def test_paragraphs_of_an_item_belong_to_it() -> None:
    """And what follows its nested list is nested as well, never lost."""
    assert outline("* First part\n\n  Second part\n\n* Other") == ["I1 First part Second part", "I2 Other"]
    assert outline("* One of:\n\n  * fever\n  * shock\n\n  Note it.\n* Consent")[3] == "I1.3 Note it."


def test_a_first_item_that_lost_its_column_is_beside_the_others() -> None:
    """As in texts that were trimmed before they were published."""
    assert outline("-  Adults\n  -  Stroke\n       -  of the stem\n  -  Consent") == [
        "I1 Adults", "I2 Stroke", "I2.1 of the stem", "I3 Consent",
    ]  # fmt: skip


def test_a_number_alone_belongs_to_the_next_line() -> None:
    """As texts have it whose lists were torn."""
    assert outline("Inclusion:\n\n1.\n\nAdults\n\n2.\n\nStroke") == ["I1 Adults", "I2 Stroke"]


def test_an_item_is_one_criterion() -> None:
    """Sentences and semicolons within it stay together; a list that goes on within it does not."""
    item = "Serious complications, among them heart failure (NYHA III; IV); renal failure; Patients with tumors. " * 4
    assert len(split(f"Inclusion Criteria:\n\n* {item}\n* Adults").pieces) == 2
    assert len(split(item.strip(), "exclusion").pieces) == 1
    assert outline("1. Adults\n2. Stroke; 3. Coma; 4. Sepsis\n5. Consent") == [
        "I1 Adults", "I2 Stroke;", "I3 Coma;", "I4 Sepsis", "I5 Consent",
    ]  # fmt: skip


def test_a_long_paragraph_alone_is_cut() -> None:
    """At sentence ends that are ones."""
    text = (
        "Adults with stroke, e.g. of the brain stem, who are seen by Dr. Who within 4.5 hours are asked to join. "
        "Women must have a negative pregnancy test vs. no test at all; men need none. H. pylori infection is treated."
    )
    assert [line.split(" ", 1)[1][:12] for line in outline(text)] == [
        "Adults with ", "Women must h", "men need non", "H. pylori in",
    ]  # fmt: skip


def test_a_side_that_is_given_is_the_side_of_all() -> None:
    """One criterion a line, CRLF included; a heading of that side is left, another is not believed."""
    text = "known pregnancy\r\nweight < 10 kg   \r\n"
    assert outline(text, "exclusion") == ["E1 known pregnancy", "E2 weight < 10 kg"]
    assert outline("Exclusion Criteria:\ncoma", "exclusion") == ["E1 coma"]
    assert {line[0] for line in outline("Inclusion Criteria:\n* coma", "exclusion")} == {"E"}


def test_sides_may_come_again() -> None:
    """Part A and part B; ids count on."""
    text = "\n\n".join(
        f"{side} Criteria (Part {part}):\n\n* {part} x" for part in "AB" for side in ("Inclusion", "Exclusion")
    )
    assert outline(text) == ["I1 A x", "E1 A x", "I2 B x", "E2 B x"]


def test_a_text_that_begins_with_exclusions_assumes_the_side_of_what_came_before() -> None:
    """Nobody said that it is asked for."""
    assert split("Adults\n\nExclusion Criteria:\n\n* Coma").assumed
    assert not split("Exclusion Criteria:\n\n* Coma").assumed


def test_nothing_gives_nothing() -> None:
    """No text, no pieces."""
    for text in ("", " \n\t\r\n "):
        assert (split(text).pieces, split(text).left) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "* a\n" * 100_000,
        "".join(" " * min(2 * depth, 800) + "- x:\n" for depth in range(10_000)),
        "* " * 4_000 + "deepest",
        "a" * 1_000_000,
        "word " * 200_000,
        "a" + " " * 1_000_000 + "b",
        "- \n" * 50_000,
        "1. " * 100_000,
        "At least one of the following:\n" * 30_000,
        "* Any of the following:\n" * 30_000,
        "Inclusion Criteria: a Exclusion Criteria: b " * 20_000,
        "a~" * 100_000,
        "(a; " * 100_000,
        "\\*" * 200_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_are_split_in_time(text: str) -> None:
    """No hang, no deep recursion: time grows with the length alone."""
    start = time.process_time()
    result = split(text)
    assert time.process_time() - start < 5 + len(text) / 100_000
    assert all(piece.id.count(".") < 8 for piece in _all(result.pieces))


def _all(pieces: Iterable[Piece]) -> Iterable[Piece]:
    for piece in pieces:
        yield piece
        yield from _all(piece.items)


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "* \ud800\n* \udfff", "\ud800", "Inclusion:\r* a\r* b\rExclusion:\r* c"]
)
def test_odd_characters_break_nothing(text: str) -> None:
    """NUL, lone surrogates, CR alone."""
    assert split(text) == split(text)
