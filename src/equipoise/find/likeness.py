"""
What to ask the index for, to find the studies that are like one: its topics and its most telling words.

Each clause weighs as much as it is rare; the index scores a study by BM25 over all of them. Words are taken from
titles, conditions and summary, and some more from the eligibility text: who may join says as much of what a study
is about as its summary. Words and topics that very many studies have are left out: they cost most and say least.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import msgspec
import tantivy

from equipoise.records.study import Study
from equipoise.store.index import TOPICS, Index, bands, schema, words
from equipoise.store.topics import Topics

# How much a word of each band counts towards a study's telling words.
_SAID = {"title": 1.0, "topic": 1.0, "summary": 1.0}
# What a telling word weighs in each band that it is looked for in.
_LOOKED_FOR = {"title": 0.6, "topic": 0.6, "summary": 0.3, "eligibility": 0.5}
_ELIGIBILITY = {"eligibility": 0.5, "summary": 0.3}

_OWN, _ABOVE = 1.0, 0.5
_WORDS, _ELIGIBILITY_WORDS = 24, 24
# Weights of words are products of two logarithms, those of topics only one.
_SCALE = 0.2

# What more studies have than this share is not asked for; a small library asks for everything.
_MOST_WITH_WORD, _MOST_WITH_TOPIC = 0.1, 0.15
_SMALL = 50


class Likeness(msgspec.Struct, frozen=True):
    """The query for studies like one, and its telling words, the most telling first."""

    query: tantivy.Query | None
    words: tuple[str, ...]


def rarity(frequency: int, studies: int) -> float:
    """Return how much a term says that so many of *studies* have, as BM25 has it.

    >>> round(rarity(1, 1000), 1), round(rarity(500, 1000), 1)
    (6.5, 0.7)
    """
    return math.log(1 + (max(0, studies - frequency) + 0.5) / (frequency + 0.5))


def _term(field: str, term: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
    query = tantivy.Query.term_query(schema(), field, term, index_option="freq")
    return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)


class _Weigher:
    """Weighs terms by how many studies of an index have them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._studies = max(1, len(index))

    def topics(self, topics: Topics) -> Iterable[tuple[str, float]]:
        """Yield the topics to ask for, with their weights."""
        most = max(_SMALL, self._studies * _MOST_WITH_TOPIC)
        weighed = [(key, _OWN) for key in topics.own]
        weighed += [(key, _ABOVE) for key in topics.above if key not in topics.own]
        for key, weight in weighed:
            frequency = self._index.frequency(TOPICS, key)
            if 1 < frequency <= most:
                yield key, weight

    def telling(self, said: Counter[str], looked_for: Iterable[str], count: int) -> list[tuple[str, float]]:
        """Return the *count* most telling words, and how telling each is."""
        most, found = max(_SMALL, self._studies * _MOST_WITH_WORD), list[tuple[str, float]]()
        for word, times in said.items():
            if len(word) < 3 or word.isdigit():
                continue
            frequency = max(self._index.frequency(band, word) for band in looked_for)
            if 1 < frequency <= most:
                found.append((word, (1 + math.log(max(1.0, times))) * rarity(frequency, self._studies)))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:count]


def _said(study: Study) -> tuple[Counter[str], Counter[str]]:
    """Return how often a study says each word in what it is about, and in who may join."""
    about, joining, texts = Counter[str](), Counter[str](), bands(study)
    for band, weight in _SAID.items():
        for text in texts[band]:
            for word in words(text):
                about[word] += weight  # type: ignore[assignment]  # a weighted count
    for text in texts["eligibility"]:
        joining.update(words(text))
    return about, joining


def likeness(index: Index, study: Study, topics: Topics) -> Likeness:
    """Return the query for the studies that are like this one, whose *topics* are given."""
    weigher = _Weigher(index)
    about, joining = _said(study)
    telling = weigher.telling(about, ("title", "summary", "eligibility"), _WORDS)
    chosen = {word for word, _ in telling}
    rest = Counter({word: times for word, times in joining.items() if word not in chosen})
    clauses = [_term(TOPICS, key, weight) for key, weight in weigher.topics(topics)]
    for looked_for, found in (
        (_LOOKED_FOR, telling),
        (_ELIGIBILITY, weigher.telling(rest, ("eligibility",), _ELIGIBILITY_WORDS)),
    ):
        clauses += [
            _term(band, word, weight * how_telling * _SCALE)
            for word, how_telling in found
            for band, weight in looked_for.items()
        ]
    return Likeness(tantivy.Query.boolean_query(clauses) if clauses else None, tuple(word for word, _ in telling))
