"""The words of a search, as the index knows them."""

from __future__ import annotations

import pytest

from equipoise.errors import QueryError
from equipoise.find.words import read_words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("  \t\n", ()),
        ("stroke", (("stroke",),)),
        ("Strokes STROKE", (("stroke",), ("stroke",))),
        ('acute "heart failure"', (("acut",), ("heart", "failur"))),
        ("IL-6", (("il", "6"),)),
        ("Sjögren's", (("sjogren", "s"),)),
        ("ménière meniere", (("menier",), ("menier",))),
        ('"unclosed phrase', (("unclos",), ("phrase",))),
        ('""', ()),
        ('a"b c"d', (("a", "b"), ("c", "d"))),
        ("- & ( ) * ? ~ ^ : +", ()),
        ("title:stroke AND fever", (("titl", "stroke"), ("fever",))),
        ("NCT99000001", (("nct99000001",),)),
        ("2019-nCoV", (("2019", "ncov"),)),
        ("β-blocker", (("β", "blocker"),)),
        ("x" * 61, ()),
    ],
)
def test_text_becomes_words_and_phrases(text: str, parts: tuple[tuple[str, ...], ...]) -> None:
    """Stemmed, folded, in order; nothing in it is an operator."""
    assert read_words(text).parts == parts


def test_words_are_true_where_there_are_any() -> None:
    """A search of marks alone has no words."""
    assert read_words("stroke")
    assert not read_words("***")
    assert read_words('acute "heart failure"').flat == ("acut", "heart", "failur")


@pytest.mark.parametrize("text", ["stroke OR fever", "NOT cancer", "stroke -cancer", "!cancer"])
def test_an_operator_is_refused_and_not_read_as_a_word(text: str) -> None:
    """ "NOT cancer" as two words would find just what was not wanted."""
    with pytest.raises(QueryError, match="Operators are not understood yet"):
        read_words(text)


@pytest.mark.parametrize("text", ['"NOT cancer"', "IL-6", "non-small", "or not", "anti-TNF"])
def test_what_only_looks_like_an_operator_is_searched_for(text: str) -> None:
    """Quoted, in lower case, or a hyphen inside a word."""
    assert read_words(text)
