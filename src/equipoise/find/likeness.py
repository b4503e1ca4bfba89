"""
How like two studies are, and what to ask the index for to find the studies that are like one.

Two studies are alike in their topics (conditions, interventions and the classes that these belong to) and in
their words. Each is the cosine of two lists of weights, and a weight is how rare the topic or word is::

    likeness = words + 0.4 conditions + 0.2 interventions

Words come from titles, conditions, summary and criteria: who may join says as much of what a study is about as
its summary. The most telling few of them do as well as all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import msgspec
import numpy as np
import tantivy

from equipoise.find.reasons import Words
from equipoise.records.study import Study
from equipoise.store.index import TOPICS, Index, schema
from equipoise.store.index import words as index_words
from equipoise.store.telling import Telling, digest_of, is_telling, telling_texts
from equipoise.store.topics import Topics, term_of

_CONDITIONS, _INTERVENTIONS = 0.4, 0.2
_OWN, _ABOVE = 1.0, 0.5
_WORDS = 25
# The length of a text's list of weights, for each root of its different words; it need not be counted exactly.
_LENGTH = 5.0
_SHORTEST = 20

# What a telling word weighs in each field when the index is asked, and what a topic weighs.
_FIELDS = {
    "BriefTitle": 0.7,
    "OfficialTitle": 0.4,
    "Condition": 0.4,
    "InterventionName": 0.4,
    "BriefSummary": 0.3,
    "EligibilityCriteria": 0.5,
}
_FREQUENT = ("BriefTitle", "OfficialTitle", "BriefSummary", "EligibilityCriteria")
_SCALE, _TOPIC = 0.2, 1.0

# What more studies have than this share is not asked for: it costs most and says least. A small library asks for all.
_MOST_WITH_WORD, _MOST_WITH_TOPIC = 0.1, 0.15
_SMALL = 50


def rarity(frequency: int, studies: int) -> float:
    """Return how much a term says that so many of *studies* have, as BM25 has it.

    >>> round(rarity(1, 1000), 1), round(rarity(500, 1000), 1)
    (6.5, 0.7)
    """
    return math.log(1 + (max(0, studies - frequency) + 0.5) / (frequency + 0.5))


class Rarities:
    """How rare the words and topics of one index are; each is looked up once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._words: dict[str, tuple[int, float]] = {}
        self._topics: dict[str, tuple[int, float]] = {}
        self.studies = max(1, len(index))

    def word(self, word: str) -> tuple[int, float]:
        """Return how many studies have a word, and how rare that makes it."""
        found = self._words.get(word)
        if found is None:
            frequency = max(self._index.frequency(name, word) for name in _FREQUENT)
            found = self._words[word] = (frequency, rarity(frequency, self.studies))
        return found

    def topic(self, key: str) -> tuple[int, float]:
        """Return how many studies have a topic, and how rare that makes it."""
        found = self._topics.get(key)
        if found is None:
            frequency = self._index.frequency(TOPICS, term_of(key))
            found = self._topics[key] = (frequency, rarity(frequency, self.studies))
        return found


class _Weights(msgspec.Struct, frozen=True):
    """A list of weights and its length."""

    weights: dict[str, float]
    length: float

    def cosine(self, other: _Weights) -> float:
        """Return how alike two lists are, from 0 to 1."""
        one, two = sorted((self.weights, other.weights), key=len)
        together = sum(weight * two[key] for key, weight in one.items() if key in two)
        return together / (self.length * other.length) if together else 0.0


def _weights(weights: dict[str, float]) -> _Weights:
    return _Weights(weights, math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0)


class Likeness:
    """What a study is like: it scores others, and knows the query that finds them."""

    def __init__(self, rarities: Rarities, study: Study, topics: Topics) -> None:
        self._rarities = rarities
        named, summary, criteria = (Counter(index_words(text)) for text in telling_texts(study))
        said = {word: times for word, times in (named + summary + criteria).items() if is_telling(word)}
        self._words = _weights(dict(self._most_telling(said)))
        digests = {word: digest_of(word) for word in self._words.weights}
        self._digests = np.array(sorted(set(digests.values())), np.uint32)
        self._places = {word: int(np.searchsorted(self._digests, one)) for word, one in digests.items()}
        about: list[str] = []
        joining: list[str] = []
        for word in self._words.weights:
            (about if word in named or word in summary else joining).append(word)
        self.words = Words(tuple(about), tuple(joining))
        self._topics = self._topic_weights(topics)

    def _most_telling(self, said: dict[str, int]) -> Iterable[tuple[str, float]]:
        most, found = max(_SMALL, self._rarities.studies * _MOST_WITH_WORD), list[tuple[str, float]]()
        for word, times in said.items():
            frequency, rare = self._rarities.word(word)
            if 1 < frequency <= most:
                found.append((word, (1 + math.log(times)) * rare))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_WORDS]

    def _topic_weights(self, topics: Topics) -> tuple[_Weights, _Weights]:
        conditions, interventions = dict[str, float](), dict[str, float]()
        for keys, share in ((topics.above, _ABOVE), (topics.own, _OWN)):
            for key in keys:
                side = conditions if key in topics.conditions else interventions
                side[key] = share * self._rarities.topic(key)[1]
        return _weights(conditions), _weights(interventions)

    def _word_weights(self, telling: Telling) -> _Weights:
        """Return the weights of our words in a study's texts."""
        counted = telling.count(self._digests)
        times = {word: counted[place] for word, place in self._places.items() if place in counted}
        weights = {word: (1 + math.log(count)) * self._rarities.word(word)[1] for word, count in times.items()}
        return _Weights(weights, _LENGTH * math.sqrt(max(_SHORTEST, len(telling))))

    def score(self, telling: Telling, topics: Topics) -> float:
        """Return how like another study is."""
        mine, theirs = self._topics, self._topic_weights(topics)
        words = self._words.cosine(self._word_weights(telling))
        return words + _CONDITIONS * mine[0].cosine(theirs[0]) + _INTERVENTIONS * mine[1].cosine(theirs[1])

    def query(self) -> tantivy.Query | None:
        """Return the query for the studies that share words or topics, or None where there is nothing to ask for."""
        most = max(_SMALL, self._rarities.studies * _MOST_WITH_TOPIC)
        clauses = []
        for side in self._topics:
            for key, weight in side.weights.items():
                if 1 < self._rarities.topic(key)[0] <= most:
                    clauses.append(_term(TOPICS, term_of(key), _TOPIC * weight / (self._rarities.topic(key)[1] or 1.0)))
        for word, weight in self._words.weights.items():
            clauses += [_term(name, word, share * weight * _SCALE) for name, share in _FIELDS.items()]
        return tantivy.Query.boolean_query(clauses) if clauses else None


def _term(field: str, term: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
    query = tantivy.Query.term_query(schema(), field, term, index_option="freq")
    return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)
