"""What a term names is found in it, the longest first, with its other words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from equipoise.find.synonyms import find_pieces
from equipoise.store.taught import Lesson, TaughtNames
from equipoise.terms.lexicon import lexicon


def pieces(text: str, *dropped: str):
    chunks = text.split()
    found = find_pieces(chunks, lexicon(), frozenset(dropped))
    return [(" ".join(chunks[one.start : one.stop]), one.synonyms.name if one.synonyms else None) for one in found]


def test_the_longest_name_counts():
    """Type 2 diabetes is not diabetes; what names nothing stands alone."""
    assert pieces("old heart attack") == [("old", None), ("heart attack", "myocardial infarction")]
    assert pieces("type 2 diabetes") == [("type 2 diabetes", "type 2 diabetes")]


def test_marks_around_a_name_do_not_count():
    """A name in brackets or before a comma is still one."""
    assert pieces("stroke, Tylenol.")[1] == ("Tylenol.", "acetaminophen")


def test_an_abbreviation_of_three_letters_is_no_other_word():
    """MI is Michigan too."""
    [one] = find_pieces(["heart", "attack"], lexicon(), frozenset())
    assert one.synonyms is not None
    assert "myocardial infarction" in one.synonyms.others
    assert not {"MI", "AMI"} & set(one.synonyms.others)


def test_what_is_dropped_is_not_among_the_others():
    """A reader can do without a name."""
    [one] = find_pieces(["heart", "attack"], lexicon(), frozenset(["myocardial infarction"]))
    assert one.synonyms is None or "myocardial infarction" not in one.synonyms.others


@given(st.lists(st.sampled_from(["heart", "attack", "type", "2", "diabetes", "MS", "-", "x/y", "β", "of", "stroke."])))
def test_every_chunk_is_in_one_piece(chunks):
    """Law: pieces follow each other without gap."""
    found = list(find_pieces(chunks, lexicon(), frozenset()))
    assert [place for one in found for place in range(one.start, one.stop)] == list(range(len(chunks)))


LESSONS = TaughtNames.of([Lesson("Zorba Forte", "cisplatin", 4, 2), Lesson("Fizzle", "Wobblitis", 3, 2)])


def taught(text: str, *dropped: str) -> dict[str, list[str]]:
    """Return the names that the records teach for the parts of a search."""
    found = find_pieces(text.split(), lexicon(), frozenset(dropped), LESSONS)
    return {one.synonyms.said: [name.name for name in one.synonyms.taught] for one in found if one.synonyms}


def test_a_name_of_the_records_is_sought_as_the_thing():
    """Under the thing's own names too, and the thing under the records' name."""
    names = taught("old Zorba-Forte trial")["Zorba-Forte"]
    assert names[0] == "cisplatin" and "cis platinum" in names
    assert taught("cis-platinum") == {"cis-platinum": ["Zorba Forte"]}
    assert taught("fizzle") == {"fizzle": ["Wobblitis"]} and taught("Wobblitis") == {"Wobblitis": ["Fizzle"]}


def test_each_name_of_the_records_can_be_dropped():
    """Alone; the others stay."""
    assert "cisplatin" not in taught("Zorba Forte", "cisplatin")["Zorba Forte"]
    assert taught("fizzle", "wobblitis") == {}


def test_names_of_the_records_say_who_says_so():
    """Studies and sponsors are counted; the lexicon's names stay apart."""
    [one] = find_pieces(["cisplatin"], lexicon(), frozenset(), LESSONS)
    assert one.synonyms is not None and "Zorba Forte" not in one.synonyms.others
    assert one.synonyms.taught[0].evidence == "named together in 4 studies of 2 sponsors"


def test_a_part_of_a_taught_name_names_nothing():
    """Zorba alone is not Zorba Forte."""
    assert taught("Zorba") == {}
