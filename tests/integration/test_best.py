"""The first studies of a search, ranked and counted by the index, are those of the search that reads all."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from equipoise.find.best import best
from equipoise.find.filters import FILTERS
from equipoise.find.query import Query
from equipoise.find.search import search
from equipoise.store.facets import FACETS
from equipoise.store.library import Library
from equipoise.terms.areas import BASIC, areas
from equipoise.terms.fields import field

# Plain words, names with other names, phrases, an area, a word of places, what few or none have, and operators.
TEXTS = (
    "stroke",
    "heart attack",
    "heart failure children",
    '"quality of life"',
    "AREA[Condition]asthma",
    "United States pain",
    "haemoglobin",
    "metastasis OR tumour",
    "cancer NOT breast",
    "EXPANSION[None]diabetes",
    "EXPANSION[Lossy]purple stroke",
    "purple elephants of stroke",
    "RECRUITING",
    "phase",
)


@pytest.fixture(scope="module")
def chosen(corpus: Library) -> list[dict[str, tuple[str, ...]]]:
    """Return choices of filters at random, of one to three, some with what is not stated."""
    chance = random.Random(5)
    found: list[dict[str, tuple[str, ...]]] = [{}]
    for _ in range(12):
        some = chance.sample(FILTERS, chance.randint(1, 3))
        found.append(
            {
                one.name: tuple(
                    chance.sample(corpus.columns.names[one.name], min(2, len(corpus.columns.names[one.name])))
                )
                for one in some
            }
        )
    return found


def test_the_index_counts_what_the_filters_ask_for() -> None:
    """Each filter has its values in the index, in the order that pages show them."""
    assert tuple(one.name for one in FILTERS) == FACETS


def queries(chosen: list[dict[str, tuple[str, ...]]]) -> Iterator[Query]:
    for place, text in enumerate(TEXTS):
        for some in chosen:
            yield Query(text=text, chosen=some, stated_only=place % 3 == 2)
    for some in chosen:
        yield Query(areas={"cond": "cancer", "intr": "drug"}, chosen=some)


def test_first_studies_and_counts_are_those_of_the_whole_search(
    corpus: Library, chosen: list[dict[str, tuple[str, ...]]]
) -> None:
    """Rows in order, total, how many do not state what was asked, and every count beside them."""
    for query in queries(chosen):
        first, whole = best(corpus, query, 15, facets=True), search(corpus, query)
        assert first.rows[:15].tolist() == whole.rows[:15].tolist(), query
        assert (first.total, first.unstated, first.some_words) == (whole.total, whole.unstated, whole.some_words)
        assert first.facets == whole.facets, query
        assert (first.marks, first.synonyms, first.nothing) == (whole.marks, whole.synonyms, whole.nothing)


def test_a_search_for_words_does_not_read_all(corpus: Library) -> None:
    """Of what hundreds of studies have, or some words of, no more than what is wanted comes; a deep page reads on."""
    for text in ("patients", "purple elephants patients"):
        found = best(corpus, Query(text=text), 20, facets=True)
        assert len(found.rows) == 20 < found.total
        assert found.rows.tolist() == best(corpus, Query(text=text), 2_000).rows[:20].tolist()


def test_words_are_found_wherever_they_stand_alone(corpus: Library) -> None:
    """The two lists of all words find what the fields of the area find, each by itself: none more, none less."""
    # Words of no enumeration, whose fields are asked for by their values.
    pieces = [piece for piece, _ in areas()[BASIC].weights() if not field(piece).is_enum]
    for word in ("stroke", "Leeds", "university", "smith", "week", '"side effects"'):
        together = search(corpus, Query(text=f"EXPANSION[Term]{word}"), loosen=False)
        apart = " OR ".join(f"AREA[{piece}]EXPANSION[Term]{word}" for piece in pieces)
        alone = search(corpus, Query(advanced=(apart,)), loosen=False)
        assert together.total > 0, word
        assert sorted(together.rows.tolist()) == sorted(alone.rows.tolist()), word
