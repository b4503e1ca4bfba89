"""
The full-text index (tantivy): which studies have these words, and how well.

Text is indexed, not stored: snippets are cut from the documents. Each field of a search area has a
field of the index of its own name (``BriefTitle``), so that areas can weigh them; the words of all
other fields lie in one (``others``), by name. What the basic search looks through, 57 fields, lies
besides in two: ``names`` and ``rest``, so that a word is found in two lists and not in 57. ``stated``
has the names of the fields that a record has, and ``whole`` the values of short fields and
enumerations as they are (``Phase=PHASE3``). The index format belongs to the tantivy version, so the
manifest names it and a change rebuilds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.records.study import Study
from equipoise.store.columns import number_code
from equipoise.store.facets import FACETS, facet_field, facet_values
from equipoise.store.joining import joining_text
from equipoise.store.pieces import Pieces, folded, is_searched, ranked, read_pieces
from equipoise.store.topics import Topics, read_topics, term_of
from equipoise.terms.areas import BASIC, areas
from equipoise.terms.countries import country_name
from equipoise.terms.enums import term
from equipoise.terms.fields import fields

# More hits are read than are wanted, so that equals at the end are seldom cut apart: so many times as many, and so
# many at least; and where all of these are equals, so many times as many again.
_AHEAD, _LEAST, _FURTHER = 4, 200, 20
# More values than any facet has.
_MOST_VALUES = 10_000

OTHERS, STATED, WHOLE = "others", "stated", "whole"

# All words of the basic search: those of fields in which other names of a thing are sought too, and the rest.
NAMES, REST = "names", "rest"

# Short fields whose whole value is worth more than a word in it, or is asked for as such.
WHOLES = frozenset(
    (
        "Acronym",
        "CollaboratorName",
        "Condition",
        "ConditionAncestorTerm",
        "ConditionMeshTerm",
        "InterventionAncestorTerm",
        "InterventionMeshTerm",
        "InterventionName",
        "InterventionOtherName",
        "Keyword",
        "LeadSponsorName",
        "LocationCity",
        "LocationCountry",
        "LocationState",
        "LocationZip",
        "NCTId",
        "NCTIdAlias",
        "OrgFullName",
        "OrgStudyId",
        "SecondaryId",
    )
)

# What a study is about, a term a topic (`equipoise.store.topics`): not searched by its words.
TOPICS = "about"

# Who may join, in the words of the criteria: these without what keeps people out. A patient is matched by it.
JOINING = "joining"

ANALYZER = "english"
_HEAP = 256_000_000


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return how text becomes words: split, accents folded, lower case, English stems."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        # Accents first: a Turkish İ in lower case is an i and a dot over it, which nobody writes.
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("English"))
        .build()
    )


@cache
def schema() -> tantivy.Schema:
    """Return the index's fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    for piece in ranked():
        builder.add_text_field(piece, tokenizer_name=ANALYZER)
    builder.add_json_field(OTHERS, tokenizer_name=ANALYZER)
    for together in (NAMES, REST):
        builder.add_text_field(together, tokenizer_name=ANALYZER)
    for name in FACETS:
        builder.add_text_field(facet_field(name), tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field(STATED, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(WHOLE, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TOPICS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(JOINING, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


def whole_value(piece: str, value: str) -> str:
    """Return the term by which a field's whole value is found.

    >>> whole_value("Condition", "Heart  Failure"), whole_value("Phase", "PHASE3")
    ('Condition=heart failure', 'Phase=PHASE3')
    """
    return f"{piece}={folded(value) if piece in WHOLES else value}"


@cache
def _said(enum: str, value: str) -> str:
    """Return an enumeration's value as people write it, and as published."""
    label = term(enum, value).label
    return label if label.casefold() == value.casefold() else f"{label} {value.replace('_', ' ')}"


class _Plan(msgspec.Struct, frozen=True):
    """How a field is indexed: as words, in a field of its own or with the others, and as whole values."""

    enum: str | None
    searched: bool
    own: bool
    together: str
    whole: bool


@cache
def _plans() -> dict[str, _Plan]:
    own = frozenset(ranked())
    basic = areas()[BASIC]
    together = {piece: NAMES if part.synonyms else REST for part in basic.parts for piece in part.pieces}
    return {
        one.piece: _Plan(
            enum=one.enum,
            searched=is_searched(one),
            own=one.piece in own,
            together=together.get(one.piece, ""),
            whole=one.piece in WHOLES or bool(one.enum) or one.type == "boolean",
        )
        for one in fields()
    }


def _add_pieces(document: tantivy.Document, pieces: Pieces) -> None:
    others: dict[str, list[str]] = {}
    plans = _plans()
    for piece, texts in pieces.items():
        plan = plans[piece]
        if piece == "LocationCountry":
            # A site in Turkey is in Türkiye too, as the column of countries has it.
            texts = list(dict.fromkeys([*texts, *map(country_name, texts)]))
        values = texts if plan.searched else []
        if plan.enum:
            values = [_said(plan.enum, text) for text in texts]
        if plan.own:
            for text in values:
                document.add_text(piece, text)
                if plan.together:
                    document.add_text(plan.together, text)
        elif values:
            others[piece] = values
        if plan.whole:
            for text in texts:
                document.add_text(WHOLE, whole_value(piece, text[:300]))
    if others:
        document.add_json(OTHERS, others)


def copy_index(source: Path, target: Path) -> None:
    """Make *target* a copy of the index in *source*, by hard links to its immutable segments."""
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.suffix == ".lock":
            continue
        if file.suffix == ".json":
            shutil.copy2(file, target / file.name)
            continue
        try:
            os.link(file, target / file.name)
        except OSError:  # a file system without hard links
            shutil.copy2(file, target / file.name)


class IndexWriter:
    """Write the index of the next edition."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema(), path=str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        self._writer = index.writer(_HEAP, 1)

    def remove(self, number: str) -> None:
        """Remove a study."""
        # Not delete_documents_by_term: in tantivy 0.27 it makes a signed term of the number,
        # which matches nothing in an unsigned field, and says nothing.
        same = tantivy.Query.term_query(schema(), "number", number_code(number))
        self._writer.delete_documents_by_query(same)

    def add(self, study: Study, published: dict[str, Any], topics: Topics | None = None) -> None:
        """Add a study, with its record as published and its topics; one that is there must be removed first."""
        document = tantivy.Document()
        document.add_unsigned("number", number_code(study.number))
        pieces, stated = read_pieces(published)
        document.add_text(STATED, " ".join(stated))
        _add_pieces(document, pieces)
        for name, values in facet_values(study):
            for value in values:
                document.add_text(facet_field(name), value)
        document.add_text(TOPICS, " ".join(map(term_of, (topics or read_topics(study, brief=True)).terms())))
        document.add_text(JOINING, joining_text(study.eligibility.eligibility_criteria or ""))
        self._writer.add_document(document)

    def commit(self) -> None:
        """Make the index on disk whole; nothing may be added afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class Index:
    """Read the index of one edition."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        index.register_tokenizer(ANALYZER, analyzer())
        self._searcher = index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def hits(self, query: tantivy.Query) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
        """Return the number codes and scores of all studies that match, best first; of equals the highest number."""
        codes, scores = self.scored(query, max(1, len(self)))
        return codes[_highest_first(codes, scores)], scores

    def best(self, query: tantivy.Query, limit: int) -> tuple[npt.NDArray[np.uint32], int]:
        """Return the number codes of the *limit* best studies that match, as :meth:`hits` has them, and how many do."""
        total, most = 0, len(self)
        ahead = max(_AHEAD * limit, _LEAST)
        for reach in (ahead, ahead * _FURTHER):
            found = self._searcher.search(query, max(1, min(reach, most)), count=True)
            total = int(found.count or 0)  # type: ignore[attr-defined]  # the stubs forget it
            codes, scores = self._read(found.hits)
            if not (limit < len(codes) < total and scores[limit - 1] == scores[-1]):
                return codes[_highest_first(codes, scores)][:limit], total
        return self.hits(query)[0][:limit], total  # who is among the best of so many equals, all of them say

    def count(self, query: tantivy.Query) -> int:
        """Return how many studies match."""
        # In order of a field nothing is scored, which takes half of the time.
        found = self._searcher.search(query, 1, count=True, order_by_field="number")
        return int(found.count or 0)  # type: ignore[attr-defined]  # as above

    def counts(self, query: tantivy.Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return how many of the studies that match have each value of these facets; nothing stated is a value."""
        asked = {name: {"terms": {"field": facet_field(name), "size": _MOST_VALUES}} for name in names}
        found = self._searcher.aggregate(query, asked)
        return {name: {one["key"]: one["doc_count"] for one in found[name]["buckets"]} for name in names}

    def frequency(self, field: str, term: str) -> int:
        """Return how many studies have this term in a field, or this topic; removed ones may still count."""
        return int(self._searcher.doc_freq(field, term))

    def scored(self, query: tantivy.Query, limit: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
        """Return the number codes and scores of the *limit* best studies that match, best first."""
        return self._read(self._searcher.search(query, limit, count=False).hits)

    def _read(self, hits: list[tuple[Any, Any]]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
        scores = np.fromiter((score for score, _ in hits), np.float32, len(hits))
        codes = self._searcher.fast_field_values("number", [address for _, address in hits])
        return np.array(codes, dtype=np.uint32), scores


def _highest_first(codes: npt.NDArray[np.uint32], scores: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Return in which order equally good studies come highest first; *scores* fall.

    >>> _highest_first(np.array([3, 4, 8], np.uint32), np.array([0.9, 0.5, 0.5], np.float32)).tolist()
    [0, 2, 1]
    """
    worse = np.zeros(len(codes), np.int64)
    np.cumsum(scores[1:] != scores[:-1], out=worse[1:])
    # Nearly in order already, which this kind of sort is quick at.
    return np.argsort((worse << 32) - codes, kind="stable")


def words(text: str) -> list[str]:
    """Return the words of *text* as the index knows them.

    >>> words("Acute ischaemic strokes, 24 h")
    ['acut', 'ischaem', 'stroke', '24', 'h']
    """
    return list(analyzer().analyze(text))


class _Stems(dict[str, str]):
    """The stem of each word, empty for one that the index leaves out."""

    def __missing__(self, word: str) -> str:
        found = words(word)
        stem = found[0] if len(found) == 1 else ""
        if len(self) < _MOST_STEMS:
            self[word] = stem
        return stem


# English has not many more words that records use often; so many take 10 MB.
_MOST_STEMS = 60_000
_stems = _Stems()


def stem_of(word: str) -> str:
    """Return the stem by which the index knows a word, in lower case; nothing for what is not one word.

    >>> stem_of("strokes"), stem_of("24-h")
    ('stroke', '')
    """
    return _stems[word]


def index_field(piece: str) -> str:
    """Return where the index has the words of a field.

    >>> index_field("BriefTitle"), index_field("WhyStopped")
    ('BriefTitle', 'others.WhyStopped')
    """
    return piece if piece in (NAMES, REST) or piece in ranked() else f"{OTHERS}.{piece}"
