"""Laws of the query language, and the engine against a plain evaluator, on 1,709 records of the registry."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from asking import Asker, Question
from equipoise.find.essie import parse_expression
from equipoise.find.evaluate import Evaluator
from equipoise.find.query import Query
from equipoise.store.library import Library
from equipoise.terms.lexicon import Lexicon, lexicon

# How many searches are made for each law. More were tried when they were written.
MANY = 60
AGAINST_PLAIN = 240


@pytest.fixture(scope="module")
def documents(corpus: Library) -> list[dict[str, Any]]:
    """The records of the library, in order of its rows."""
    return [json.loads(document) for _, document in corpus.documents()]


@cache
def silent() -> Lexicon:
    """Return a lexicon that knows nothing: plain Python knows no other words for a thing either."""
    return Lexicon()


def found(library: Library, text: str, known: Lexicon | None = None) -> np.ndarray:
    """Return a mask of the rows that an expression finds."""
    expression = parse_expression(text)
    assert expression is not None
    evaluator = Evaluator(library, known or lexicon())
    clause = evaluator.answer(expression, text)
    mask = np.ones(len(library), bool)
    if clause.query is not None:
        mask[:] = False
        mask[evaluator.rows(clause.query)] = True
    return mask if clause.mask is None else mask & clause.mask


def asked(documents: list[dict[str, Any]], seed: int, count: int = MANY) -> list[Question]:
    asker = Asker(documents, seed)
    return [asker.question() for _ in range(count)]


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_finds_what_plain_python_finds(corpus, documents, seed):
    """Words, enumerations, dates, ages, numbers, sizes, sites and what is not stated, joined in all ways."""
    different = []
    some = 0
    for question in asked(documents, seed, AGAINST_PLAIN // 4):
        engine = found(corpus, question.text, silent())
        plain = np.array([question.holds(document) for document in documents])
        some += 0 < int(plain.sum()) < len(documents)
        if (engine != plain).any():
            numbers = [corpus.columns.number(int(row)) for row in np.flatnonzero(engine != plain)]
            different.append((question.text, int(engine.sum()), int(plain.sum()), numbers[:3]))
    assert different == []
    assert some > AGAINST_PLAIN // 4 * 0.6  # or nothing would have been compared


def test_and_finds_what_both_find(corpus, documents):
    """A AND B is found where A and B are, so adding a clause never finds more."""
    one, other = asked(documents, 11), asked(documents, 12)
    for a, b in zip(one, other, strict=True):
        both = found(corpus, f"({a.text}) AND ({b.text})")
        assert (both == (found(corpus, a.text) & found(corpus, b.text))).all(), (a.text, b.text)


def test_or_finds_what_either_finds(corpus, documents):
    """A OR B is found where A or B is."""
    one, other = asked(documents, 13), asked(documents, 14)
    for a, b in zip(one, other, strict=True):
        either = found(corpus, f"({a.text}) OR ({b.text})")
        assert (either == (found(corpus, a.text) | found(corpus, b.text))).all(), (a.text, b.text)


def test_not_finds_all_others(corpus, documents):
    """NOT A is the complement, and NOT NOT A is A."""
    for a in asked(documents, 15):
        plain = found(corpus, a.text)
        assert (found(corpus, f"NOT ({a.text})") == ~plain).all(), a.text
        assert (found(corpus, f"NOT NOT ({a.text})") == plain).all(), a.text


def test_de_morgan_holds(corpus, documents):
    """NOT (A OR B) is NOT A AND NOT B."""
    one, other = asked(documents, 16), asked(documents, 17)
    for a, b in zip(one, other, strict=True):
        joined = found(corpus, f"NOT (({a.text}) OR ({b.text}))")
        assert (joined == found(corpus, f"NOT ({a.text}) AND NOT ({b.text})")).all(), (a.text, b.text)


def test_what_is_found_in_a_field_is_stated(corpus, documents):
    """What is found in a field, and not by NOT, MISSING, ALL or a size of 0, is found where the field is stated."""
    asker = Asker(documents, 18)
    for _ in range(MANY):
        question = next(
            one for one in iter(asker.leaf, None) if one.text.startswith("AREA[") and "MISSING" not in one.text
        )
        if ":size]" in question.text:
            continue
        name = question.text.removeprefix("AREA[").partition("]")[0]
        silent_ones = found(corpus, f"AREA[{name}]MISSING")
        assert not (found(corpus, question.text) & silent_ones).any(), question.text


def test_synonyms_only_add(corpus, documents):
    """Other words for a thing find more, never less, where nothing is denied."""
    asker = Asker(documents, 19)
    for _ in range(MANY):
        question = next(one for one in iter(asker.words, ...) if one is not None and "NOT" not in one.text)
        assert not (found(corpus, question.text, silent()) & ~found(corpus, question.text)).any(), question.text


def test_every_search_has_its_english(documents):
    """A search described in English never raises, whatever it asks."""
    for seed in range(20, 24):
        for question in asked(documents, seed):
            said = Query(text=question.text, advanced=(question.text,)).describe()
            assert said.startswith("studies ")
            assert "AREA[" not in said
