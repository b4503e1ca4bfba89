"""Words: what is looked at first, to spare most words the expressions, passes over none that they would find."""

from __future__ import annotations

import pytest

from equipoise.terms import spelling, words
from equipoise.terms.lexicon import lexicon


def test_every_british_spelling_has_a_sign() -> None:
    """A word without any of the signs is spelled alike on both sides of the ocean."""
    assert [word for word in spelling._US if not any(sign in word for sign in spelling.BRITISH_SIGNS)] == []


@pytest.mark.parametrize("form", [words._NAMED, words._OPERATED, words._DRUG])
def test_the_last_letters_hide_no_name(form: object) -> None:
    """Each word of the lexicon that an expression finds by its form ends with letters that let it be looked at."""
    assert isinstance(form, type(words._NAMED))
    known = {word for phrase in lexicon().phrases() for word in phrase.lower().split()}
    found = {word for word in known if form.match(word)}
    assert len(found) > 20
    assert {word[-2:] for word in found} <= words._LAST_LETTERS
