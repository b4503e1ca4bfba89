"""The words of a search, as the index knows them."""

from __future__ import annotations

import pytest

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
        ("title:stroke AND NOT -x", (("titl", "stroke"), ("and",), ("not",), ("x",))),
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
