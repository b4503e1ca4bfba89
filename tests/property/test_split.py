"""Every character of an eligibility text is in one criterion or in what was left."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from equipoise.criteria.split import Piece, Split, split
from equipoise.sources.ctgov_xml_text import read_textblock
from equipoise.store.library import Library

_marks = st.sampled_from(
    ["", "* ", "- ", "1. ", "2. ", "7) ", "(1) ", "a. ", "b) ", "i. ", "• ", "1\\. ", "~", "--", "E. ", "10. ", "\\- "]
)
_words = st.sampled_from(
    [
        "Adults", "fever;", "shock, or", "Coma.", "OR", "and", "One of the following:", "All of the following:",
        "Inclusion Criteria:", "Exclusion Criteria", "Key exclusion criteria (Part B): none", "Patients must have:",
        "Patients are excluded if:", "Cohort A:", "DISEASE CHARACTERISTICS: Proven", "--Age--", "None", "<!-- -->",
        "Required:", "Excluded within 2 weeks:", "1. Age 18. 2. Stroke. 3. Coma", "Not specified", ":", ".",
        "é\0\ud800",
        "Inclusion: a; b. Exclusion: c", "x " * 60, "A long sentence that says much. " * 9, "(a) one; (b) two",
        "\u3000",
    ]
)  # fmt: skip
_lines = st.tuples(
    st.integers(0, 9).map(" ".__mul__), _marks, _words, st.sampled_from(["\n", "\n\n", "\r\n", "\r", " "])
).map("".join)
_signs = st.sampled_from([*"aA1.:;-* \n\t()~\r\x85\u2028iv", "or ", "Exclusion", " criteria", "following"])
_texts = st.lists(_lines, max_size=14).map("".join) | st.lists(_signs, max_size=60).map("".join)


def _all(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield piece
        yield from _all(piece.items)


def check(text: str, result: Split) -> None:
    """Assert all that holds for every split."""
    spans = [piece.span for piece in result.pieces] + [one.span for one in result.left]
    last = 0
    for start, end in sorted(spans):
        assert last <= start < end, "two spans share a character, or one is empty"
        assert not text[last:start].strip(), f"in no span: {text[last:start]!r}"
        assert text[start:end] == text[start:end].strip(), f"white space at an end: {text[start:end]!r}"
        last = end
    assert not text[last:].strip(), f"in no span: {text[last:]!r}"
    for letter in "IE":
        top = [piece for piece in result.pieces if piece.id[0] == letter]
        assert [piece.id for piece in top] == [f"{letter}{number}" for number in range(1, len(top) + 1)]
        assert [piece.span for piece in top] == sorted(piece.span for piece in top)
        assert {piece.side for piece in _all(top)} <= {"inclusion" if letter == "I" else "exclusion"}
    assert all(piece.parent is None for piece in result.pieces)
    for piece in _all(result.pieces):
        _check_nesting(text, piece)


def _check_nesting(text: str, piece: Piece) -> None:
    """Assert that an item's own words and its nested items follow each other within it."""
    assert piece.head[0] == piece.span[0] < piece.head[1] <= piece.span[1]
    assert text[slice(*piece.head)] == text[slice(*piece.head)].strip()
    assert piece.items or piece.head == piece.span
    assert piece.id.count(".") < 8
    last = piece.head[1]
    for number, item in enumerate(piece.items, 1):
        assert (item.id, item.parent) == (f"{piece.id}.{number}", piece.id)
        assert last <= item.span[0] < item.span[1] <= piece.span[1]
        last = item.span[1]


@settings(max_examples=400, deadline=None)
@given(_texts, st.sampled_from([None, "inclusion", "exclusion"]))
def test_every_character_is_in_one_criterion_or_in_what_was_left(text: str, section: str | None) -> None:
    """Spans nest, ids count in order, parents exist, no span begins or ends with white space."""
    result = split(text, section)  # type: ignore[arg-type]
    check(text, result)
    if section is not None:
        assert {piece.side for piece in result.pieces} <= {section}


@settings(max_examples=100, deadline=None)
@given(_texts)
def test_line_ends_change_nothing(text: str) -> None:
    """A text with CRLF has the criteria that it has with LF."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    windows = plain.replace("\n", "\r\n")
    assert [piece.id for piece in _all(split(plain).pieces)] == [piece.id for piece in _all(split(windows).pieces)]


def _corpus(folder: Path) -> Iterator[str]:
    """Yield the eligibility texts of all records, the legacy XML's as published; a tenth as v2 would have them too."""
    for name in ("ctg-studies.json.zip", "text-only-studies.json.zip"):
        with ZipFile(folder / name) as bundle:
            for entry in bundle.namelist():
                if entry.endswith(".json"):
                    module = json.loads(bundle.read(entry))["protocolSection"].get("eligibilityModule", {})
                    yield module.get("eligibilityCriteria", "")
    with ZipFile(folder / "AllPublicXML-part.zip") as bundle:
        for entry in bundle.namelist():
            if entry.endswith(".xml"):
                text = etree.fromstring(bundle.read(entry)).findtext("eligibility/criteria/textblock", "")
                yield text
                if entry.endswith("7.xml"):
                    yield read_textblock(text)


def test_the_law_holds_for_every_text_of_the_corpus(shared: Path) -> None:
    """24,401 records; none takes long, and most have criteria of both sides."""
    counts = {"texts": 0, "pieces": 0, "none": 0, "both": 0}
    slowest = total = 0.0
    for text in _corpus(shared / "corpus"):
        start = time.process_time()
        result = split(text)
        taken = time.process_time() - start
        total, slowest = total + taken, max(slowest, taken / (1 + len(text) / 1024))
        check(text, result)
        sides = {piece.side for piece in result.pieces}
        counts["texts"] += bool(text)
        counts["pieces"] += len(result.pieces)
        counts["none"] += bool(text) and not sides
        counts["both"] += len(sides) == 2
    assert counts["texts"] > 25_000
    assert counts["none"] < 800, "texts without any criterion: the oldest records have none"
    assert counts["both"] > 18_000
    assert counts["pieces"] > 350_000
    assert total < 60, "seconds for all"
    assert slowest < 0.1, "seconds a KB"


def test_the_five_pages_split_as_their_authors_meant(seeds: Library) -> None:
    """So many a side, and the profile of NCT05914454 is one criterion with three children."""
    expected = {
        "NCT07176754": (4, 15),
        "NCT07263776": (6, 19),
        "NCT05914454": (5, 6),
        "NCT06062966": (6, 12),
        "NCT05689008": (4, 9),
    }
    for number, sides in expected.items():
        text = seeds.study(number).eligibility.eligibility_criteria or ""
        pieces = split(text).pieces
        assert tuple(sum(piece.side == side for piece in pieces) for side in ("inclusion", "exclusion")) == sides
        assert {piece.id: len(piece.items) for piece in pieces if piece.items} == (
            {"I3": 3} if number == "NCT05914454" else {}
        )


@pytest.mark.parametrize("text", ["Exclusion criteria\n" * 3, "1.\n\n", "* \n\n  * \n", "~~~~", "a\n~\n~b~", "-~~a~"])
def test_texts_with_next_to_nothing_keep_the_law(text: str) -> None:
    """Headings without items, markers without words."""
    check(text, split(text))
