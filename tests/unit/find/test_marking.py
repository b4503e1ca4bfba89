"""Words of a search are marked in a text as the index knows them, and nothing of the text is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from equipoise.find.marking import cut, mark_all
from equipoise.store.index import words

TEXT = "Strokes and a stroke. " + "Nothing here at all. " * 30 + "A café, a stroke and fever.\nA stroked fever."


def marked(parts):
    return [part.text for part in parts if part.marked]


def test_words_are_marked_whatever_their_ending_case_and_accents():
    """As the index finds them."""
    assert marked(mark_all(TEXT, frozenset(words("stroke cafes")))) == [
        "Strokes",
        "stroke",
        "café",
        "stroke",
        "stroked",
    ]


def test_the_stretch_with_most_different_words_is_cut():
    """Two words once are better than one word three times; lines are joined by a mark."""
    found = cut(TEXT, frozenset(words("stroke fever")), 60)
    assert found is not None
    assert found.different == 2
    text = "".join(part.text for part in found.parts)
    assert text.startswith("… ")
    assert " · " in text
    assert set(marked(found.parts)) >= {"stroke", "fever"}


def test_without_a_word_nothing_is_cut():
    """There is no snippet where nothing matched."""
    assert cut(TEXT, frozenset(["absent"]), 60) is None
    assert cut("", frozenset(["absent"]), 60) is None
    assert mark_all("", frozenset(["absent"])) == ()


@given(st.text(max_size=300), st.text(max_size=20), st.integers(1, 200))
def test_marking_loses_nothing(text, word, size):
    """Law: the parts of a whole text joined are the text; a cut is of the text and has a word that was asked for."""
    marks = frozenset(words(word.encode(errors="replace").decode()))
    clean = text.encode(errors="replace").decode()
    assert "".join(part.text for part in mark_all(clean, marks)) == clean
    found = cut(clean, marks, size)
    if found is not None:
        assert found.marked >= found.different >= 1


def test_words_are_marked_that_begin_otherwise_than_their_stems():
    """Dying is "die" to the index; a single letter is a word, too."""
    assert marked(mark_all("Dying of lies, tying vitamin D", frozenset(words("dying lying tying d")))) == [
        "Dying",
        "lies",
        "tying",
        "D",
    ]


@given(st.text(alphabet="dieslytng -.AD", max_size=60), st.text(alphabet="dieslytng ", max_size=12))
def test_every_word_with_a_stem_of_the_search_is_marked(text, search):
    """What is looked at by its first letters alone is what the index would find."""
    marks = frozenset(words(search))
    expected = [word for word in text.replace("-", " ").replace(".", " ").split() if marks.intersection(words(word))]
    assert marked(mark_all(text, marks)) == expected


@given(
    st.lists(st.sampled_from(["age", "aged", "Naïve", "naive", "≥", "5µg", "µg", "10⁹", "β2", "İZMİR", "癌", " ", "-"]))
)
def test_words_of_any_script_are_found_as_if_each_was_looked_at(pieces):
    """Only words that can be meant are brought to their stems; those are all that a search by each word would find."""
    text, marks = "".join(pieces), frozenset(words("age naive µg 10⁹ β2 izmir 癌"))
    each = [found for found in re.findall(r"[^\W_]+", text) if words(found)[:1] and words(found)[0] in marks]
    assert marked(mark_all(text, marks)) == each
