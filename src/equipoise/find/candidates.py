"""
The studies that a patient may be a candidate for: those about what the record names, the most telling first.

One query asks the index for all of it: each word in titles, conditions, summaries and above all in what says who may
join; each problem among the topics that studies are about. A limit of age or sex that is not stated keeps nobody out.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.find.wants import Wants
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.rules.seen import Seen
from equipoise.store.columns import Array, Columns
from equipoise.store.index import JOINING, TOPICS, schema
from equipoise.store.library import Library
from equipoise.store.topics import term_of

Mask = npt.NDArray[np.bool_]

# What a word weighs in each field. Detailed descriptions and keywords add nothing to these.
_FIELDS = {"BriefTitle": 1.0, "Condition": 1.0, "BriefSummary": 1.0, JOINING: 1.5}
_TOPIC = 1.0
# So many times the studies wanted are looked through before all that match are.
_DEEPER = 4


class Candidates(msgspec.Struct, frozen=True):
    """
    Rows of studies with how much they have of what is wanted, best first.

    ``open_to`` marks those whose stated limits of age and sex do not keep the patient out.
    """

    rows: Array
    scores: npt.NDArray[np.float64]
    open_to: Mask

    def take(self, places: Array) -> Candidates:
        """Return the candidates at these places."""
        return Candidates(self.rows[places], self.scores[places], self.open_to[places])


def find_candidates(
    library: Library, wants: Wants, seen: Seen, *, limit: int = 1000, among: Mask | None = None
) -> Candidates:
    """Return the *limit* best candidates, of all studies or *among* those whose rows are marked."""
    query = _query(wants)
    if query is None:
        return Candidates(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool))
    rows, scores = _hits(library, query, limit, among)
    # Equal scores come in the order of the index, which another load of the same studies need not give.
    order = np.lexsort((library.columns.flat["number"][rows], -scores))[:limit]
    rows, scores = rows[order], scores[order]
    return Candidates(rows, scores, may_join(library.columns, rows, seen))


def _hits(library: Library, query: tantivy.Query, limit: int, among: Mask | None) -> tuple[Array, Array]:
    """Return rows and scores of at least *limit* studies among those marked, if so many match."""
    deep = limit if among is None else limit * _DEEPER
    rows, scores = _found(library, library.index.scored(query, deep))
    if among is not None:
        if np.count_nonzero(among[rows]) < limit and len(rows) == deep:
            rows, scores = _found(library, library.index.hits(query))
        rows, scores = rows[among[rows]], scores[among[rows]]
    return rows, scores


def _found(library: Library, hits: tuple[Array, Array]) -> tuple[Array, Array]:
    return library.columns.rows(hits[0]), hits[1].astype(np.float64)


def _query(wants: Wants) -> tantivy.Query | None:
    clauses = [
        _term(field, word, share * weight) for word, weight in wants.words.items() for field, share in _FIELDS.items()
    ]
    clauses += [_term(TOPICS, term_of(name), _TOPIC * weight) for name, weight in wants.problems.items()]
    return tantivy.Query.boolean_query(clauses) if clauses else None


def _term(field: str, term: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
    query = tantivy.Query.term_query(schema(), field, term, index_option="freq")
    return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)


def may_join(columns: Columns, rows: Array, seen: Seen) -> Mask:
    """Return which studies state no limit of age or sex that keeps the patient out."""
    keep = ~_other_sex(columns, rows, seen)
    for name, op in (("minimum_age", ">="), ("maximum_age", "<")):
        limits = columns.flat[name][rows]
        for days in np.unique(limits[~np.isnan(limits)]).tolist():
            if _denied("age", op, days, "d", seen):
                keep &= limits != np.float32(days)
    return np.asarray(keep)


def _other_sex(columns: Columns, rows: Array, seen: Seen) -> Mask:
    denied = [one for one in ("MALE", "FEMALE") if _denied("sex", "=", one.lower(), None, seen)]
    codes = [code for one in denied if (code := columns.code("sex", one)) is not None]
    return np.isin(columns.flat["sex"][rows], codes)


def _denied(name: str, op: str, value: float | str, unit: str | None, seen: Seen) -> bool:
    """Return whether the record says for certain that the patient is not so."""
    rule = Predicate(kind="demographic", concept=ConceptRef(name), op=op, value=value, unit=unit)
    return answer_rule(rule, seen).holds is False
