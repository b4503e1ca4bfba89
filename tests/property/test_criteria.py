"""What holds for every compiled text: spans, ids, JSON, and that no text makes the compiler raise or hang."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.criteria.compile import compile_criteria
from equipoise.criteria.records import Criterion, Side
from equipoise.criteria.split import split
from equipoise.rules.nodes import Left, Predicate, Span, from_json, leaves, to_json
from equipoise.terms.cues import cue_phrases
from property.test_split import _corpus, _texts

_CUES = [" ".join(phrase) for phrases in cue_phrases().values() for phrase in phrases]
_NAMES = [
    *("fever", "stroke", "platelets", "AST", "heart failure", "aspirin", "surgery", "type 2 diabetes", "EGFR L858R"),
    *("pregnant", "age", "GCS", "NYHA class", "ECOG", "creatinine", "allergy to penicillin", "chemotherapy", "consent"),
    *("randomization", "return of spontaneous circulation", "brain metastases", "men", "women", "disease"),
]
_NUMBERS = [
    *("5", "18", "1.5", "100,000", "50.000 /mmc", "2×109 /L", "mg/dL", "years", "months", "days", "x ULN", "%", "3-5"),
    *(
        "II",
        "III",
        "<",
        "\\>",
        "≤",
        "≧",
        "</=",
        "between",
        "at least",
        "18 to85",
        "１８",
        "20kg/m2≤BMI≤30",
        "1/2",
        "10^9",
    ),
]
_MARKS = [
    *(
        ",",
        "(",
        ")",
        "/",
        ";",
        "-",
        ":",
        "[",
        "]",
        ".",
        "e.g.",
        "i.e.",
        "and",
        "or",
        "and/or",
        "not",
        "except",
        "unless",
    ),
    *(
        "no",
        "with",
        "within",
        "of",
        "history of",
        "\n",
        "\n* ",
        "\n1. ",
        "\r\n  - ",
        "\0",
        "\ud800",
        "é",
        "患",
        "e\u0301",
    ),
]
_token = st.sampled_from(_CUES) | st.sampled_from(_NAMES) | st.sampled_from(_NUMBERS) | st.sampled_from(_MARKS)
# Joined by spaces, and by nothing at all.
_soup = st.builds(str.join, st.sampled_from([" ", " ", " ", ""]), st.lists(_token, max_size=40))
_any = st.text(st.characters(exclude_categories=()), max_size=200)
_sections = st.sampled_from([None, "inclusion", "exclusion"])


def _inside(span: Span | None, outer: Span) -> bool:
    return span is None or outer[0] <= span[0] < span[1] <= outer[1]


def _check_rule(one: Criterion) -> None:
    """Assert that a rule points into its criterion, and that what is computable is what the rule says."""
    found = list(leaves(one.rule))
    for leaf in found:
        assert _inside(leaf.span, one.span), leaf
        if isinstance(leaf, Predicate) and leaf.concept is not None:
            assert _inside(leaf.concept.span, one.span), leaf
    assert all(_inside(left.span, one.span) for left in one.left)
    assert all(_inside(flag.span, one.span) for flag in one.flags)
    unread = [leaf.span for leaf in found if isinstance(leaf, Left)]
    assert set(unread) <= {left.span for left in one.left}, "a leaf that was not understood is not in what was left"
    if one.computable == "full":
        assert not one.left
    if one.computable in ("partial", "none"):
        assert one.left
    if one.rule is None:
        assert one.computable in ("none", "full")
    else:
        assert one.reading
        assert from_json(to_json(one.rule)) == one.rule


def check(text: str, section: Side | None, found: list[Criterion]) -> None:
    """Assert all that holds for every compiled text."""
    by_id = {one.id: one for one in found}
    assert len(by_id) == len(found), "two criteria have one id"
    seen: dict[str, int] = {}
    for one in found:
        assert 0 <= one.span[0] < one.span[1] <= len(text)
        assert one.text == text[slice(*one.span)]
        assert one.id[0] == ("I" if one.section == "inclusion" else "E")
        assert section is None or one.section == section
        group = one.parent or one.id[0]
        seen[group] = seen.get(group, 0) + 1
        assert one.id == (f"{one.parent}.{seen[group]}" if one.parent else f"{group}{seen[group]}")
        if one.parent is not None:
            assert _inside(one.span, by_id[one.parent].span)
        _check_rule(one)
    assert [(one.id, one.section, one.span) for one in found if one.parent is None] == [
        (piece.id, piece.side, piece.span) for piece in split(text, section).pieces
    ]


def compiled(text: str, section: Side | None) -> list[Criterion]:
    """Compile a text twice, check it and its JSON, and return the criteria."""
    found = compile_criteria(text, section=section)
    check(text, section, found)
    assert compile_criteria(text, section=section) == found
    assert [Criterion.from_json(json.loads(json.dumps(one.to_json()))) for one in found] == found
    return found


@settings(max_examples=200, deadline=None)
@given(_texts | _any | _soup, _sections)
def test_spans_ids_and_json_hold_for_every_text(text: str, section: Side | None) -> None:
    """Each criterion is the text at its span, each concept and leftover lies in it, and JSON gives it back."""
    compiled(text, section)


@settings(max_examples=200, deadline=None)
@given(_soup, st.sampled_from(["inclusion", "exclusion"]))
def test_words_that_make_logic_never_make_it_fail(text: str, section: Side) -> None:
    """Cues, names, numbers and marks in any order are read or left."""
    compiled(text, section)


@pytest.mark.long
@settings(max_examples=100_000, deadline=None)
@given(st.one_of(_soup, _texts, _any), _sections)
def test_spans_ids_and_json_hold_for_very_many_texts(text: str, section: Side | None) -> None:
    """The same, for a hundred thousand texts."""
    compiled(text, section)


def _taken(text: str, section: Side | None) -> float:
    start = time.process_time()
    found = compile_criteria(text, section=section)
    taken = time.process_time() - start
    check(text, section, found)
    return taken


HOSTILE = {
    "20,000 opening brackets": "(" * 20_000,
    "20,000 closing brackets": "]" * 20_000,
    "brackets in brackets": "fever (" * 3_000 + ")" * 3_000,
    "100,000 commas": "," * 100_000,
    "commas and words": "a, " * 50_000,
    "only operators": "<>≤≥=" * 4_000,
    "operators apart": "< " * 10_000,
    "10,000 not": "not " * 10_000,
    "5,000 except": "except " * 5_000,
    "a line of a megabyte": "fever " * 170_000,
    "a word of a megabyte": "x" * 1_000_000,
    "a number of a megabyte": "1" * 1_000_000,
    "lone surrogates": "\ud800 fever \udfff > 3 " * 500,
    "NUL": "fever\0>3\0" * 500,
    "lists 600 deep": "\n".join(" " * depth + "* one of the following:" for depth in range(600)),
    "3,000 items": "* fever\n" * 3_000,
    "3,000 alternatives": "* fever; or\n" * 3_000,
    "carriage returns": "\r" * 20_000,
    "separators of old exports": "~" * 20_000,
    "combining accents": "e" + "\u0301" * 20_000,
    "dates": "2020-01-01 " * 3_000,
    "powers": "10^" * 5_000,
    "numbered within a line": "1. " * 8_000,
    "abbreviations": "".join(f"glasgow coma scale (GCS{number}) " for number in range(1_500)),
}


@pytest.mark.parametrize("section", [None, "exclusion"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_hangs_or_recurses(text: str, section: Side | None) -> None:
    """A second of processor time and a tenth more a KB: a machine that is slow and busy passes, a hang does not."""
    assert _taken(text, section) < 1 + 0.1 * len(text.encode(errors="replace")) / 1024


LINKS = (
    "fever and ",
    "fever or ",
    "fever, ",
    "not fever ",
    "fever 5 ",
    "platelets < 5 x 10^9/L or ",
    "age 5 ",
    "EGFR ",
)


@pytest.mark.parametrize("words", LINKS)
def test_a_long_criterion_costs_what_its_length_says(words: str) -> None:
    """700 tokens, the length of the longest that people write, stay under a quarter of a second once of three times."""
    text = words * (700 // len(words.split()))
    assert min(_taken(text, "exclusion") for _ in range(3)) < 0.25


DEEP = ("except fever ", "unless fever ", "with fever ", "e.g. fever ", "i.e. fever ", "other than 5 ", "(fever ")


@pytest.mark.parametrize("words", DEEP)
def test_no_phrase_said_often_recurses(words: str) -> None:
    """What opens a scope may be said 500 times."""
    _taken(words * 500, "exclusion")


@pytest.mark.parametrize("words", ["stroke penicillin, ", "surgery chemotherapy, ", "penicillin stroke, "])
@pytest.mark.parametrize("section", ["inclusion", "exclusion"])
def test_a_rule_is_no_longer_than_its_text(words: str, section: Side) -> None:
    """Names without a comma between them, 8 times over: no more than three leaves a word."""
    text = words * 8
    for one in compile_criteria(text, section=section):
        assert len(list(leaves(one.rule))) <= 3 * len(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "EXCLUSONCRITAAA\r     -REQUIRED:\r       -A:\r      +A\r     -A",
        "EXCLUSONCRITAAA\r-PATIENT;MUST:0:MUST:\r  -\r-A",
    ],
)
def test_a_nested_criterion_is_of_its_parents_side(text: str) -> None:
    """What stands below a criterion is part of its rule, and so of its section."""
    compiled(text, None)


def test_a_number_takes_no_unit_from_the_next_criterion() -> None:
    """A line break ends it."""
    compiled("3-5\nmonths)-", "inclusion")


def _sample(texts: Iterable[str], one_in: int) -> list[str]:
    """Return one text in so many, the same each time."""
    chance = random.Random(4)
    return [text for text in texts if text and chance.randrange(one_in) == 0]


@pytest.mark.parametrize(
    "text", ["> 5 mg prednisone", "for 3 months after discontinuing insulin", "≥ 1.44 g peanut protein"]
)
def test_a_number_before_its_name_is_in_the_span(text: str) -> None:
    """The span of a limit runs from the first of its words to the last, in whatever order they stand."""
    compiled(text, "exclusion")


def test_the_laws_hold_in_the_corpus(shared: Path) -> None:
    """One text in forty of all three bundles; what is said of it is in it."""
    texts = _sample(_corpus(shared / "corpus"), 40)
    assert len(texts) > 500
    for text in texts:
        compiled(text, None)


@pytest.mark.long
def test_the_laws_hold_in_all_of_the_corpus(shared: Path) -> None:
    """Every text."""
    kinds: dict[str, Any] = {}
    for text in _corpus(shared / "corpus"):
        for one in compiled(text, None):
            kinds[one.computable] = kinds.get(one.computable, 0) + 1
    assert set(kinds) == {"full", "partial", "administrative", "none"}
