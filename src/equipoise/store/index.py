"""
The full-text index (tantivy): which studies have these words, and how well.

Text is indexed, not stored: snippets are cut from the documents. A study's text lies in a
few *bands*; words in the title weigh more than words in an outcome's description. The
index format belongs to the tantivy version, so the manifest names it and a change rebuilds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.records.study import Study
from equipoise.store.columns import number_code
from equipoise.store.topics import read_topics, term_of

# The band and its weight. The weights follow the registry's own for its basic search area
# (title .89, condition .81, intervention .8, summary and keywords .6, sites .35); a study's
# eligibility text is searched as well, lightly, since the registry's basic area leaves it out.
BANDS = {"title": 0.9, "topic": 0.8, "summary": 0.6, "detail": 0.4, "place": 0.35, "eligibility": 0.25}

# What a study is about, a term a topic (`equipoise.store.topics`): not searched by its words.
TOPICS = "about"

ANALYZER = "english"
_HEAP = 256_000_000


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return how text becomes words: split, lower case, accents folded, English stems."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("English"))
        .build()
    )


@cache
def schema() -> tantivy.Schema:
    """Return the index's fields: the study's number, its text by bands, and its topics."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    for band in BANDS:
        builder.add_text_field(band, tokenizer_name=ANALYZER)
    builder.add_text_field(TOPICS, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _present(*texts: str | None) -> Iterator[str]:
    return (text for text in texts if text)


def bands(study: Study) -> dict[str, list[str]]:
    """Return a study's texts by band."""
    topic: list[str] = [*study.conditions, *study.keywords]
    for intervention in study.interventions:
        topic += _present(intervention.name, *intervention.other_names)
    terms = (*study.condition_terms, *study.intervention_terms)
    topic += _present(*(term.term for term in terms))
    summary = [*_present(study.summary)]
    summary += _present(*(outcome.measure for outcome in study.outcomes.primary_outcomes))
    detail = [*_present(study.description, *(a.label for a in study.arms), *(a.description for a in study.arms))]
    detail += _present(*(intervention.description for intervention in study.interventions))
    detail += _present(*(outcome.description for outcome in study.outcomes.primary_outcomes))
    for outcome in (*study.outcomes.secondary_outcomes, *study.outcomes.other_outcomes):
        detail += _present(outcome.measure, outcome.description)
    sponsors = [study.lead_sponsor, *study.collaborators]
    place = [*_present(*(sponsor.name for sponsor in sponsors if sponsor))]
    place += _present(study.org_id.id, *(other.id for other in study.secondary_ids), *study.aliases)
    place += _present(*(official.name for official in study.officials))
    for site in study.sites:
        place += _present(site.facility, site.city, site.state, site.country)
    return {
        "title": [*_present(study.title, study.official_title, study.acronym, study.number)],
        "topic": topic,
        "summary": summary,
        "detail": detail,
        "place": place,
        "eligibility": [*_present(study.eligibility.eligibility_criteria, study.eligibility.study_population)],
    }


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

    def add(self, study: Study) -> None:
        """Add a study; one that is there already must be removed first."""
        document = tantivy.Document()
        document.add_unsigned("number", number_code(study.number))
        for band, texts in bands(study).items():
            for text in texts:
                document.add_text(band, text)
        document.add_text(TOPICS, " ".join(map(term_of, read_topics(study, brief=True).terms())))
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
        """Return the number codes and scores of all studies that match, best first."""
        found = self._searcher.search(query, max(1, len(self)), count=False).hits
        addresses = [address for _, address in found]
        codes = np.array(self._searcher.fast_field_values("number", addresses), dtype=np.uint32)
        return codes, np.array([score for score, _ in found], dtype=np.float32)

    def best(self, query: tantivy.Query, limit: int) -> tuple[npt.NDArray[np.uint32], int]:
        """Return the number codes of the *limit* best studies that match, and how many match."""
        found = self._searcher.search(query, limit, count=True)
        codes = self._searcher.fast_field_values("number", [address for _, address in found.hits])
        return np.array(codes, dtype=np.uint32), int(found.count or 0)  # type: ignore[attr-defined]  # the stubs forget it

    def frequency(self, field: str, term: str) -> int:
        """Return how many studies have this term in a band, or this topic; removed ones may still count."""
        return int(self._searcher.doc_freq(field, term))

    def scored(self, query: tantivy.Query, limit: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
        """Return the number codes and scores of the *limit* best studies that match, best first."""
        found = self._searcher.search(query, limit, count=False).hits
        codes = self._searcher.fast_field_values("number", [address for _, address in found])
        return np.array(codes, dtype=np.uint32), np.array([score for score, _ in found], dtype=np.float32)

    def marker(self, query: tantivy.Query, band: str, *, size: int) -> tantivy.SnippetGenerator:
        """Return what cuts snippets of about *size* characters that show the query's words."""
        generator = tantivy.SnippetGenerator.create(self._searcher, query, schema(), band)
        generator.set_max_num_chars(size)
        return generator


def words(text: str) -> list[str]:
    """Return the words of *text* as the index knows them.

    >>> words("Acute ischaemic strokes, 24 h")
    ['acut', 'ischaem', 'stroke', '24', 'h']
    """
    return list(analyzer().analyze(text))


def any_band(word: str, weights: Iterable[tuple[str, float]]) -> tantivy.Query:
    """Return the query for studies with *word* in one of these bands, scored by the best of them."""
    queries = [
        tantivy.Query.boost_query(tantivy.Query.term_query(schema(), band, word), weight) for band, weight in weights
    ]
    return tantivy.Query.disjunction_max_query(queries, 0.1)
