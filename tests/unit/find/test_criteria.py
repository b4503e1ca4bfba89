"""The page's view of criteria: the text's own layout, what was read marked, what was left said."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.criteria.records import Criterion, Flag, Leftover
from equipoise.find.criteria import CriterionView, Part, every, read_view, text_of
from equipoise.rules.nodes import All, ConceptRef, Predicate


def outline(text: str) -> list[tuple[str, str | None, list[Any]]]:
    """Return heading, side and items of each section; an item is its words, or a pair with the nested ones."""

    def items(several: tuple[CriterionView, ...]) -> list[Any]:
        return [(text_of(one.parts), items(one.items)) if one.items else text_of(one.parts) for one in several]

    return [(one.heading, one.side, items(one.items)) for one in read_view(text, []).sections]


def test_the_registrys_usual_layout() -> None:
    """Two headings with a list each; escapes are taken out."""
    text = "Inclusion Criteria:\n\n* Adults\n* GCS \\<9\n\nExclusion Criteria:\n\n* Pregnancy"
    assert outline(text) == [
        ("Inclusion Criteria", "inclusion", ["Adults", "GCS <9"]),
        ("Exclusion Criteria", "exclusion", ["Pregnancy"]),
    ]


def test_nested_items_stay_nested() -> None:
    """Only those without a parent are counted."""
    text = "Inclusion Criteria:\n\n1. One of:\n\n   1. A stroke\n   2. A seizure\n2. Consent"
    assert outline(text) == [("Inclusion Criteria", "inclusion", [("One of:", ["A stroke", "A seizure"]), "Consent"])]
    (section,) = read_view(text, []).sections
    assert [one.id for one in every(section.items)] == ["I1", "I1.1", "I1.2", "I2"]


@pytest.mark.parametrize(
    ("line", "heading", "side"),
    [
        ("Inclusion Criteria:", "Inclusion Criteria", "inclusion"),
        ("INCLUSION CRITERIA", "INCLUSION CRITERIA", "inclusion"),
        ("**Inclusion Criteria:**", "Inclusion Criteria", "inclusion"),
        ("*Inclusion*", "Inclusion", "inclusion"),
        ("Key Inclusion Criteria:", "Key Inclusion Criteria", "inclusion"),
        ("Main exclusion criteria", "Main exclusion criteria", "exclusion"),
        ("Exclusion Criteria for patients:", "Exclusion Criteria for patients", "exclusion"),
        ("Exclusion criteria (Part B):", "Exclusion criteria (Part B)", "exclusion"),
        ("• Exclusion Criteria:", "Exclusion Criteria", "exclusion"),
    ],
)
def test_headings_as_registrants_type_them(line: str, heading: str, side: str) -> None:
    """In any case, bold or not, with or without a colon or a bullet."""
    assert outline(f"{line}\n\n* One") == [(heading, side, ["One"])]


@pytest.mark.parametrize(
    "line",
    [
        "Patients who meet the inclusion criteria of the main study may join this one as well.",
        "Adults with stroke",
        "Exclusive breastfeeding for six months",
        "There is no inclusion or exclusion by sex",
    ],
)
def test_a_sentence_is_no_heading(line: str) -> None:
    """It is a criterion, and the text does not say of which side."""
    assert outline(f"{line}\n\n* One") == [("", None, [line, "One"])]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n* Adults\n* Exclusion Criteria:\n* HIV positive",
        "Inclusion Criteria:\n\n* Adults\n* Exclusion Criteria:\n\n  * HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\n  Exclusion Criteria:\n\n  * HIV positive",
        "* Inclusion Criteria:\n\n  * Adults\n* EXCLUSION CRITERIA:\n\n  * HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\nPhase 1 Key Exclusion Criteria:\n\n* HIV positive",
        "Inclusion Criteria:\n\n* Adults\n\nExclusion criteria. HIV positive",
        "Inclusion Criteria:\n\n* Weight above 20 kg\nExclusion Criteria:\n\n  HIV positive",
    ],
)
def test_an_exclusion_heading_is_found_wherever_it_stands(text: str) -> None:
    """What follows it is never shown as an inclusion."""
    sides = {side: items for _, side, items in outline(text)}
    assert sides["exclusion"] == ["HIV positive"]
    assert "HIV positive" not in sides["inclusion"]


def test_what_stands_between_criteria_is_shown_in_its_place() -> None:
    """A sub-heading leads the criterion it stands before; a remark at the end follows the last."""
    text = "Inclusion Criteria:\n\nPart A:\n\n* One\n* Two\n\nPart B:\n\n* Three\n\nExclusion Criteria:\n\n* None"
    first, second = read_view(text, []).sections
    assert [(one.lead, text_of(one.parts)) for one in first.items] == [
        ("Part A:", "One"), ("", "Two"), ("Part B:", "Three"),
    ]  # fmt: skip
    assert (second.heading, second.items, second.after) == ("Exclusion Criteria", (), "None")


def test_an_empty_text_has_no_section() -> None:
    """Nothing is made up."""
    assert read_view("", []).sections == read_view("\n \n", []).sections == ()


def test_a_given_side_holds_for_all_of_the_text() -> None:
    """As it was compiled."""
    view = read_view("* Stroke", [], section="exclusion")
    assert [(one.side, one.items[0].id) for one in view.sections] == [("exclusion", "E1")]


@pytest.mark.parametrize("mark", ["* ", "1. ", "> * "])
def test_lists_nested_by_the_hundred_are_shown_all_the_same(mark: str) -> None:
    """However deep a text nests, the view is made and the words are in it."""
    assert "deepest" in str(read_view(mark * 4000 + "deepest", []).sections)


TEXT = "Exclusion Criteria:\n\n* Platelets **<100×109 /L** and odd stroke"


def _at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def _criterion() -> Criterion:
    platelets = Predicate(
        kind="measurement", concept=ConceptRef("platelet count", span=_at("Platelets")), op="<", value=100,
        unit="10*9/L", span=_at("Platelets **<100×109 /L"),
    )  # fmt: skip
    stroke = Predicate(kind="condition", concept=ConceptRef("stroke", span=_at("stroke")), span=_at("stroke"))
    return Criterion(
        id="E1", parent=None, section="exclusion", span=_at(TEXT[23:]), text=TEXT[23:],
        reading="platelet count below 100 ×10⁹/L and stroke", computable="partial", rule=All((platelets, stroke)),
        left=(Leftover(_at("odd"), "not understood"),), flags=(Flag("mended", _at("×109 /L"), "×109 /L", "10*9/L"),),
    )  # fmt: skip


def test_words_are_marked_by_how_they_were_read() -> None:
    """By kind, with the reading of just these words; what was left is marked as such."""
    view = read_view(TEXT, [_criterion()])
    (one,) = view.sections[0].items
    assert one.parts == (
        Part("Platelets <100×109 /L", "limit", "platelet count below 100 ×10⁹/L"),
        Part(" and "),
        Part("odd", "left", "not understood"),
        Part(" "),
        Part("stroke", "condition", "stroke"),
    )
    assert [kind for kind, _ in view.legend] == ["limit", "condition", "left"]


def test_a_criterion_says_how_far_it_was_read() -> None:
    """Its reading, its state in words, what was left and what was mended."""
    (one,) = read_view(TEXT, [_criterion()]).sections[0].items
    assert (one.reading, one.state) == ("platelet count below 100 ×10⁹/L and stroke", "read in part")
    assert [(note.words, note.note) for note in one.left] == [("odd", "not understood")]
    assert [(note.words, note.note) for note in one.flags] == [("×109 /L", "read as ×10⁹/L")]


def test_a_mended_spelling_that_says_the_same_is_not_told() -> None:
    """Spaces, case and the form of a sign are no change to a reader."""
    flag = Flag("mended", _at("<100"), "<100", "< 100")
    criterion = Criterion("E1", None, "exclusion", _at(TEXT[23:]), TEXT[23:], "", "none", None, (), (flag,))
    assert read_view(TEXT, [criterion]).sections[0].items[0].flags == ()


def test_a_criterion_that_was_not_compiled_is_shown_and_says_so() -> None:
    """No text is lost for want of a rule."""
    (one,) = read_view(TEXT, []).sections[0].items
    assert (text_of(one.parts), one.computable, one.reading) == ("Platelets <100×109 /L and odd stroke", "none", "")
