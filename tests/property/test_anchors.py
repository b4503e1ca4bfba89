"""Laws of anchors: what was noted is found where it went, and never on other words."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from equipoise.desk.anchors import CONTEXT, Anchor, find_anchor, make_anchor, words_now

WORDS = ["tea", "is", "not", "warm", "18", "≥", "years", "platelets", "of", "the", "שלום", "and", "a", "👩", "100"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=12, max_size=80).map(" ".join)
ANY = st.text(min_size=1, max_size=200)


@st.composite
def anchored(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> tuple[str, int, int]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for down, letter in enumerate(one, 1):
        below = [down]
        for place, second in enumerate(other, 1):
            below.append(min(row[place] + 1, below[-1] + 1, row[place - 1] + (letter != second)))
        row = below
    return row[-1]


@given(anchored(ANY | TEXTS))
def test_an_anchor_is_found_in_the_text_it_was_made_from(case: tuple[str, int, int]) -> None:
    """Any place of any text is found again, to the letter, also where the same words stand elsewhere."""
    text, start, end = case
    assert find_anchor(text, make_anchor("about", text, start, end)) == (start, end)


@given(anchored(), TEXTS, st.booleans())
def test_it_moves_with_what_is_put_in_elsewhere(case: tuple[str, int, int], put: str, before: bool) -> None:
    """Words put in beyond the surroundings, before or after, move the place and lose nothing."""
    text, start, end = case
    anchor = make_anchor("about", text, start, end)
    if before:
        at = max(0, start - CONTEXT)
        assume(at > 0)
        changed, moved = text[:at] + put + text[at:], len(put)
    else:
        at = min(len(text), end + CONTEXT)
        assume(at < len(text))
        changed, moved = text[:at] + put + text[at:], 0
    found = find_anchor(changed, anchor)
    assert found is not None and changed[slice(*found)] == anchor.exact
    # What was put in may hold the same words in the same surroundings: then these are as good.
    around = anchor.prefix + anchor.exact + anchor.suffix
    if changed.count(around) == 1:
        assert found == (start + moved, end + moved)


@given(anchored(), st.data())
def test_it_moves_with_what_is_taken_out_elsewhere(case: tuple[str, int, int], data: st.DataObject) -> None:
    """The same holds for words that are taken out."""
    text, start, end = case
    anchor = make_anchor("about", text, start, end)
    assume(start > CONTEXT)
    first = data.draw(st.integers(0, start - CONTEXT))
    last = data.draw(st.integers(first, start - CONTEXT))
    changed = text[:first] + text[last:]
    found = find_anchor(changed, anchor)
    assert found is not None and changed[slice(*found)] == anchor.exact
    if changed.count(anchor.prefix + anchor.exact + anchor.suffix) == 1:
        assert found == (start - (last - first), end - (last - first))


@given(anchored(ANY | TEXTS), ANY | TEXTS)
def test_it_is_never_placed_on_other_words(case: tuple[str, int, int], other: str) -> None:
    """In any other text it is found on the same words, on all but one letter in ten, or not at all."""
    text, start, end = case
    anchor = make_anchor("about", text, start, end)
    found = find_anchor(other, anchor)
    if found is not None:
        assert distance(other[slice(*found)], anchor.exact) <= len(anchor.exact) // 10


@given(anchored(), st.data())
def test_a_figure_or_a_denial_is_never_another(case: tuple[str, int, int], data: st.DataObject) -> None:
    """Where a figure, a sign or a denial in the quote has changed, the note is orphaned however small the edit."""
    text, start, end = case
    anchor = make_anchor("about", text, start, end)
    places = [place for place in range(start, end) if text[place] in "18≥0"]
    assume(places)
    place = data.draw(st.sampled_from(places))
    changed = text[:place] + "7" + text[place + 1 :]
    found = find_anchor(changed, anchor)
    assert found is None or changed[slice(*found)] == anchor.exact


@given(ANY, st.builds(Anchor, st.just("about"), ANY, ANY, ANY, st.integers(0, 300), st.integers(0, 300)))
def test_any_anchor_of_another_program_is_taken(text: str, anchor: Anchor) -> None:
    """An anchor that was never made from this text is found or is not, and breaks nothing."""
    found = find_anchor(text, anchor)
    assert found is None or 0 <= found[0] <= found[1] <= len(text)
    assert words_now(text, anchor) != ""


def test_a_misspelling_mended_keeps_its_note() -> None:
    """A few letters of a long quote changed between the same surroundings: the note stays, and says so."""
    said = "Everybody with a low haemoglobin concentration at screening, confirmed twice."
    text = f"Inclusion: adults. {said} Exclusion: none known."
    start = text.index("Everybody")
    anchor = make_anchor("about", text, start, text.index(" Exclusion"))
    changed = text.replace("haemo", "hemo")
    found = find_anchor(changed, anchor)
    assert found is not None
    assert changed[slice(*found)] == "Everybody with a low hemoglobin concentration at screening, confirmed twice."
    # Its neighbors may have changed as well: the ends of the quote itself tell the place.
    changed = changed.replace("Inclusion: adults.", "").replace("none known", "any")
    found = find_anchor(changed, anchor)
    assert found is not None
    assert changed[slice(*found)] == "Everybody with a low hemoglobin concentration at screening, confirmed twice."
