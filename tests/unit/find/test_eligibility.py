"""Eligibility text is shown as its own headings, lists and nesting set it."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.find.eligibility import Item, Section, read_sections


def outline(text: str) -> list[tuple[str, str | None, list[Any]]]:
    """Return heading, side and items (a string, or a pair with sub-items; a paragraph is a tuple of one)."""

    def items(several: tuple[Item, ...]) -> list[Any]:
        return [(item.text, items(item.items)) if item.items else item.text for item in several]

    return [
        (
            section.heading,
            section.side,
            [one for block in section.blocks for one in (items(block.items) or [(str(block.html).strip(),)])],
        )
        for section in read_sections(text)
    ]


def test_the_registrys_usual_layout() -> None:
    """Two headings with a list each."""
    text = "Inclusion Criteria:\n\n* Adults\n* GCS \\<9\n\nExclusion Criteria:\n\n* Pregnancy"
    assert outline(text) == [
        ("Inclusion Criteria", "inclusion", ["Adults", "GCS <9"]),
        ("Exclusion Criteria", "exclusion", ["Pregnancy"]),
    ]


def test_nested_items_stay_nested() -> None:
    """To any depth that is typed, and only whole items are counted."""
    text = "Inclusion Criteria:\n\n1. One of:\n\n   1. A stroke\n   2. A seizure, with\n\n      * fever\n2. Consent"
    assert outline(text) == [
        ("Inclusion Criteria", "inclusion", [("One of:", ["A stroke", ("A seizure, with", ["fever"])]), "Consent"])
    ]
    (section,) = read_sections(text)
    assert (section.count, section.blocks[0].ordered) == (2, True)


@pytest.mark.parametrize(
    ("line", "heading", "side"),
    [
        ("Inclusion Criteria:", "Inclusion Criteria", "inclusion"),
        ("INCLUSION CRITERIA", "INCLUSION CRITERIA", "inclusion"),
        ("inclusion criteria :", "inclusion criteria", "inclusion"),
        ("**Inclusion Criteria:**", "Inclusion Criteria", "inclusion"),
        ("*Inclusion*", "Inclusion", "inclusion"),
        ("Key Inclusion Criteria:", "Key Inclusion Criteria", "inclusion"),
        ("Main exclusion criteria", "Main exclusion criteria", "exclusion"),
        ("Exclusion Criteria for patients:", "Exclusion Criteria for patients", "exclusion"),
        ("Subject Exclusion Criteria:", "Subject Exclusion Criteria", "exclusion"),
        ("Exclusion criteria (Part B):", "Exclusion criteria (Part B)", "exclusion"),
        ("• Exclusion Criteria:", "• Exclusion Criteria", "exclusion"),
    ],
)
def test_headings_as_registrants_type_them(line: str, heading: str, side: str) -> None:
    """In any case, bold or not, with or without a colon."""
    assert outline(f"{line}\n\n* One") == [(heading, side, ["One"])]


@pytest.mark.parametrize(
    "line",
    [
        "Patients who meet the inclusion criteria of the main study may join this one as well.",
        "No exclusion of pregnancy is made. It is asked for.",
        "Adults with stroke",
        "Exclusive breastfeeding for six months",
        "Included are adults",
        "There is no inclusion or exclusion by sex",
    ],
)
def test_a_sentence_is_no_heading(line: str) -> None:
    """It is a paragraph of the section that it stands in."""
    ((heading, side, items),) = outline(f"{line}\n\n* One")
    assert (heading, side, items) == ("", None, [(f"<p>{line}</p>",), "One"])


def test_text_before_the_first_heading_has_no_side() -> None:
    """The text does not say which it is."""
    text = "Ask us first.\n\nInclusion Criteria:\n\n* Adults"
    assert outline(text) == [
        ("", None, [("<p>Ask us first.</p>",)]),
        ("Inclusion Criteria", "inclusion", ["Adults"]),
    ]


def test_text_without_any_heading_is_one_section() -> None:
    """As old records have it: paragraphs, with headings of another kind."""
    text = "DISEASE CHARACTERISTICS:\n\n* Proven tumour\n\n  * Stage IV\n\nPATIENT CHARACTERISTICS:\n\nAge: 18 and over"
    assert outline(text) == [
        (
            "",
            None,
            [
                ("<p>DISEASE CHARACTERISTICS:</p>",),
                ("Proven tumour", ["Stage IV"]),
                ("<p>PATIENT CHARACTERISTICS:</p>",),
                ("<p>Age: 18 and over</p>",),
            ],
        )
    ]


def test_paragraphs_between_lists_keep_their_places() -> None:
    """A remark stands where it was written."""
    text = "Inclusion Criteria:\n\nAll of:\n\n* One\n\nAnd one of:\n\n* Two\n* Three"
    assert outline(text) == [
        ("Inclusion Criteria", "inclusion", [("<p>All of:</p>",), "One", ("<p>And one of:</p>",), "Two", "Three"])
    ]


def test_several_parts_have_sections_of_their_own() -> None:
    """Patients and controls, part A and part B."""
    text = "\n\n".join(
        f"{side} Criteria ({part}):\n\n* {part} {side}" for part in "AB" for side in ("Inclusion", "Exclusion")
    )
    assert [(heading, side) for heading, side, _ in outline(text)] == [
        ("Inclusion Criteria (A)", "inclusion"),
        ("Exclusion Criteria (A)", "exclusion"),
        ("Inclusion Criteria (B)", "inclusion"),
        ("Exclusion Criteria (B)", "exclusion"),
    ]


def test_a_heading_without_items_is_still_there() -> None:
    """A reader sees that nothing was written under it."""
    assert outline("Inclusion Criteria:\n\nExclusion Criteria:\n\n* One") == [
        ("Inclusion Criteria", "inclusion", []),
        ("Exclusion Criteria", "exclusion", ["One"]),
    ]


def test_words_on_a_headings_own_line_are_not_part_of_the_heading() -> None:
    """They are what the section says."""
    assert outline("Inclusion Criteria: Adults with stroke\n\nExclusion Criteria: None") == [
        ("Inclusion Criteria", "inclusion", [("<p>Adults with stroke</p>",)]),
        ("Exclusion Criteria", "exclusion", [("<p>None</p>",)]),
    ]


@pytest.mark.parametrize(
    "list_", ["- Adults\n- Consent", "1. Adults\n2. Consent", "1) Adults\n2) Consent", "+ Adults\n+ Consent"]
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_lists_in_any_form_right_after_a_heading(list_: str, gap: str) -> None:
    """With or without an empty line between."""
    assert outline(f"Inclusion Criteria:{gap}{list_}") == [("Inclusion Criteria", "inclusion", ["Adults", "Consent"])]


def test_windows_line_ends_are_line_ends() -> None:
    """As some registrants' forms send them."""
    text = "Inclusion Criteria:\r\n\r\n* Adults\r\n* Consent\r\n\r\nExclusion Criteria:\r\n\r\n* None"
    assert outline(text) == outline(text.replace("\r\n", "\n"))
    assert [side for _, side, _ in outline(text)] == ["inclusion", "exclusion"]


def test_items_are_safe_html_with_their_markup() -> None:
    """Emphasis and powers stay; a script is text."""
    (section,) = read_sections("* **No** <script>alert(1)</script> of 10^9")
    item = section.blocks[0].items[0]
    assert item.text == "No <script>alert(1)</script> of 10^9"
    assert "<strong>No</strong>" in item.html
    assert "<script>" not in item.html
    assert "<sup>9</sup>" in item.html


def test_an_item_of_several_paragraphs_is_one_item() -> None:
    """All of its words are in it."""
    (section,) = read_sections("* First part\n\n  Second part\n\n* Other")
    assert [item.text for item in section.blocks[0].items] == ["First part Second part", "Other"]
    assert section.blocks[0].items[0].html.count("<p>") == 2


def test_no_text_has_no_section() -> None:
    """Nothing is made up."""
    assert read_sections("") == read_sections("\n \n") == ()


def test_a_section_counts_its_items() -> None:
    """A paragraph counts as one."""
    assert [section.count for section in read_sections("A\n\n* b\n  * c\n* d\n\nExclusion:\n\n* e")] == [3, 1]
    assert Section("", None, ()).count == 0


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n* Adults\n* Exclusion Criteria:\n* HIV positive",
        "Inclusion Criteria:\n\n* Adults\n* Exclusion Criteria:\n\n  * HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\n  Exclusion Criteria:\n\n  * HIV positive",
        "* Inclusion Criteria:\n\n  * Adults\n* EXCLUSION CRITERIA:\n\n  * HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\nPhase 1 Key Exclusion Criteria:\n\n* HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\nModule 2 specific exclusion criteria:\n\n* HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\nExclusion criteria. HIV positive",
    ],
)
def test_an_exclusion_heading_is_found_wherever_it_stands(text: str) -> None:
    """As an item, below an item, behind other words: what follows it is never shown as an inclusion."""
    sides = [(section.side, "HIV positive" in str(section.blocks)) for section in read_sections(text)]
    assert ("exclusion", True) in sides
    assert ("inclusion", True) not in sides


def test_a_heading_that_cannot_be_told_apart_takes_the_side_away() -> None:
    """Two lines in one paragraph, the second a heading: nobody can rely on the section's side."""
    text = "Inclusion Criteria:\n\n* Weight above 20 kg\nExclusion Criteria:\n\n  HIV positive"
    assert [section.side for section in read_sections(text)] == [None]


def test_what_follows_a_nested_list_stays_behind_it() -> None:
    """ "None of the following" governs what stands below it, not what stood above."""
    text = "* Children who have\n\n  * a relative\n  * a gene and\n\n  none of the following:\n\n  * DR 11\n* Consent"
    (section,) = read_sections(text)
    first, second = section.blocks[0].items
    assert [item.text for item in first.items] == ["a relative", "a gene and"]
    assert [block.html.striptags() for block in first.rest] == ["none of the following:", ""]
    assert [item.text for item in first.rest[1].items] == ["DR 11"]
    assert second.text == "Consent"


def test_the_registrys_separator_of_lists_is_not_shown() -> None:
    """`<!-- -->` only keeps two lists apart."""
    assert "!--" not in str(read_sections("1. Adults\n\n<!-- -->\n\n1. Consent"))


@pytest.mark.parametrize("mark", ["* ", "1. ", "> * "])
def test_lists_nested_by_the_hundred_are_shown_all_the_same(mark: str) -> None:
    """However deep a text nests, the page is made and the words are on it."""
    (section,) = read_sections(mark * 4000 + "deepest")
    assert "deepest" in str(section.blocks)
