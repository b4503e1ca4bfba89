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
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice

import msgspec
import numpy as np
import tantivy

from equipoise.find.reasons import Words
from equipoise.records.study import Study
from equipoise.store.columns import Array
from equipoise.store.index import NAMES, TOPICS, Index, schema
from equipoise.store.index import words as index_words
from equipoise.store.telling import Telling, count_words, digest_of, is_telling, telling_texts
from equipoise.store.topics import Naming, term_of

_CONDITIONS, _INTERVENTIONS = 0.4, 0.2
_OWN, _ABOVE = 1.0, 0.5
_WORDS = 25
# The length of a text's list of weights, for each root of its different words; it need not be counted exactly.
_LENGTH = 5.0
_SHORTEST = 20

# What a telling word weighs where the index is asked: among the words of all names (titles, summary, conditions and
# interventions among them) and in the criteria. Six fields apart took twice as long and found no better ones.
_FIELDS = {NAMES: 0.5, "EligibilityCriteria": 0.5}
# So many words are asked for, the most telling first; studies that are found are compared by all.
_ASKED = 15
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


# Words and topics that are kept; the others of a registry are rare, and are looked up each time. So many take 15 MB.
_KNOWN = 100_000


class _Known(dict[str, tuple[int, float]]):
    """How many studies have a term, and how rare that makes it; each is looked up once."""

    def __init__(self, frequency: Callable[[str], int], studies: int) -> None:
        super().__init__()
        self._frequency, self._studies = frequency, studies

    def __missing__(self, term: str) -> tuple[int, float]:
        frequency = self._frequency(term)
        found = frequency, rarity(frequency, self._studies)
        if len(self) < _KNOWN:
            self[term] = found
        return found


class Rarities:
    """How many studies of one index have each word and each topic, and how rare that makes it."""

    def __init__(self, index: Index) -> None:
        self.studies = max(1, len(index))
        self.words = _Known(lambda word: max(index.frequency(name, word) for name in _FREQUENT), self.studies)
        self.topics = _Known(lambda key: index.frequency(TOPICS, term_of(key)), self.studies)


class _Weights(msgspec.Struct, frozen=True):
    """A list of weights and its length."""

    weights: dict[str, float]
    length: float

    def cosine(self, other: dict[str, float]) -> float:
        """Return how alike this list and another list of weights are, from 0 to 1."""
        mine = self.weights
        one, two = (mine, other) if len(mine) <= len(other) else (other, mine)
        together = sum(weight * two[key] for key, weight in one.items() if key in two)
        return together / (self.length * _length(other)) if together else 0.0


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0


@lru_cache(maxsize=4)
def _damped(most: int) -> Array:
    """Return what a word weighs that counts none, one, two … *most* times."""
    return np.array([0.0, *(1 + math.log(times) for times in range(1, most + 1))])


class Likeness:
    """What a study is like: it scores others, and knows the query that finds them."""

    def __init__(self, rarities: Rarities, study: Study, naming: Naming) -> None:
        self._rarities = rarities
        named, summary, criteria = (Counter(index_words(text)) for text in telling_texts(study))
        said = {word: times for word, times in (named + summary + criteria).items() if is_telling(word)}
        self._words = dict(self._most_telling(said))
        about: list[str] = []
        joining: list[str] = []
        for word in self._words:
            (about if word in named or word in summary else joining).append(word)
        self.words = Words(tuple(about), tuple(joining))
        conditions, interventions = self._topic_weights(naming)
        self._topics = (_Weights(conditions, _length(conditions)), _Weights(interventions, _length(interventions)))

    def _most_telling(self, said: dict[str, int]) -> Iterable[tuple[str, float]]:
        most, found = max(_SMALL, self._rarities.studies * _MOST_WITH_WORD), list[tuple[str, float]]()
        for word, times in said.items():
            frequency, rare = self._rarities.words[word]
            if 1 < frequency <= most:
                found.append((word, (1 + math.log(times)) * rare))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_WORDS]

    def _topic_weights(self, naming: Naming) -> tuple[dict[str, float], dict[str, float]]:
        """Return what a study's topics weigh: its conditions, and the others."""
        conditions, interventions = dict[str, float](), dict[str, float]()
        rarities, own = self._rarities.topics, naming.own
        for key, is_condition in naming.keys().items():
            side = conditions if is_condition else interventions
            side[key] = (_OWN if key in own else _ABOVE) * rarities[key][1]
        return conditions, interventions

    def _in_words(self, tellings: Sequence[Telling]) -> Array:
        """Return how alike the words of studies are to ours."""
        if not self._words:
            return np.zeros(len(tellings))
        digests = np.array([digest_of(word) for word in self._words], np.uint32)
        wanted = np.unique(digests)
        times = count_words(tellings, wanted)[:, np.searchsorted(wanted, digests)]
        rare = np.array([self._rarities.words[word][1] for word in self._words])
        theirs = _damped(max(255, int(times.max(initial=0))))[times] * rare
        # Summed word by word: another order would round otherwise, and put equals in another order.
        together = np.add.accumulate(theirs * np.array(list(self._words.values())), axis=1)[:, -1]
        lengths = _LENGTH * np.sqrt(np.maximum(_SHORTEST, [len(one) for one in tellings]))
        return np.asarray(together / (_length(self._words) * lengths))

    def scores(self, tellings: Sequence[Telling]) -> Array:
        """Return how like other studies are."""
        conditions, interventions = self._topics
        topics = [self._topic_weights(one.naming) for one in tellings]
        by_condition = np.array([conditions.cosine(one) for one, _ in topics])
        by_intervention = np.array([interventions.cosine(one) for _, one in topics])
        return self._in_words(tellings) + _CONDITIONS * by_condition + _INTERVENTIONS * by_intervention

    def query(self) -> tantivy.Query | None:
        """Return the query for the studies that share words or topics, or None where there is nothing to ask for."""
        most = max(_SMALL, self._rarities.studies * _MOST_WITH_TOPIC)
        clauses = []
        for side in self._topics:
            for key, weight in side.weights.items():
                frequency, rare = self._rarities.topics[key]
                if 1 < frequency <= most:
                    clauses.append(_term(TOPICS, term_of(key), _TOPIC * weight / (rare or 1.0)))
        for word, weight in islice(self._words.items(), _ASKED):
            clauses += [_term(name, word, share * weight * _SCALE) for name, share in _FIELDS.items()]
        return tantivy.Query.boolean_query(clauses) if clauses else None


def _term(field: str, term: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
    query = tantivy.Query.term_query(schema(), field, term, index_option="freq")
    return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)
