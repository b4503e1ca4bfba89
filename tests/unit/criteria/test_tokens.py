"""Tokens: words, numbers and operators with their places in the text, typography made plain."""

from __future__ import annotations

import pytest

from equipoise.criteria.tokens import plain, tokenize


def norms(text: str) -> list[str]:
    """Return the tokens of a text in normal form."""
    return [token.norm for token in tokenize(plain(text), source=text)]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        *(("INR < 2", "<"), ("INR > 2", ">"), ("INR ≤ 2", "<="), ("INR ≥ 2", ">="), ("INR <= 2", "<=")),
        *(("INR ≦ 2", "<="), ("INR ≧ 2", ">="), ("INR </= 2", "<="), ("INR >/= 2", ">="), ("INR =< 2", "<=")),
        *(("INR => 2", ">="), ("INR ⩽ 2", "<="), ("INR ⩾ 2", ">="), ("INR ＜ 2", "<"), ("INR ＞ 2", ">")),
        *(("INR \\< 2", "<"), ("INR \\> 2", ">"), ("INR \\>= 2", ">=")),
    ],
)
def test_an_operator_is_one_of_five_however_it_is_written(text: str, operator: str) -> None:
    """Signs of other alphabets, escapes of Markdown, the slash of typewriters."""
    assert [token.norm for token in tokenize(plain(text), source=text) if token.kind == "o"] == [operator]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        *(("100,000", [100_000]), ("1.5", [1.5]), ("１８", [18]), ("18 to85", [18, 85]), ("IL-6 > 7", [6, 7])),
        *(("0-2", [0, 2]), ("twelve", [12]), ("five or six", [5, 6])),
    ],
)
def test_numbers_have_values(text: str, values: list[float]) -> None:
    """Digits, full-width digits, separators of thousands, words."""
    assert [token.value for token in tokenize(plain(text), source=text) if token.value is not None] == values


def test_plain_text_is_as_long_as_the_text() -> None:
    """Offsets into one are offsets into the other, whatever is in it."""
    for text in ("１８ ≦ x ≧ 2", "10⁹/L", "a\u00a0b\u2009c", "\ud800\0é患", "“x” – y — z", "½ µg μg", "ﬁbrosis ǅ İ ß"):
        assert len(plain(text)) == len(text)


def test_a_token_is_its_words_in_the_text() -> None:
    """Tokens lie in order, do not overlap, and hold what the text holds at their place."""
    text = "Absolute neutrophil count (ANC) ≥1.5×10^9/L; IL-6 or HER2/neu, e.g. 50.000 /mmc"
    tokens = tokenize(plain(text), source=text)
    last = 0
    for token in tokens:
        assert last <= token.start < token.end <= len(text)
        assert not text[last : token.start].strip(" -")
        last = token.end
    assert norms("Absolute ANC") == ["absolute", "anc"]


def test_only_a_part_may_be_read() -> None:
    """Two offsets bound what is read; places stay those of the whole text."""
    text = "Inclusion: age 18"
    assert [(token.norm, token.start) for token in tokenize(text, 11, 14)] == [("age", 11)]
