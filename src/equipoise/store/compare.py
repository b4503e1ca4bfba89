"""Compare columns with columns made anew, and an index with the texts it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tantivy

from equipoise.rules.interned import WORDS
from equipoise.store.columns import Array, Columns, number_code
from equipoise.store.index import Index, schema, words
from equipoise.store.pieces import ranked, read_pieces
from equipoise.store.postings import CODED, Postings
from equipoise.store.ragged import Ragged
from equipoise.store.rule_columns import RuleColumns
from equipoise.terms.fields import field

# Of each field's texts so many words are looked up, from the head of its first and last text.
_PROBES = 3
_HEAD = 240


def column_faults(columns: Columns) -> Iterator[tuple[str, str]]:
    """Yield each column that is not made as a column is, and what is wrong."""
    for name, values in columns.flat.items():
        if len(values) != len(columns):
            yield name, f"{len(values):,} rows, {len(columns):,} expected"
        elif name in columns.names and _beyond(values, columns.names[name]):
            yield name, "A code has no name"
    for name, lists in columns.ragged.items():
        offsets = lists.offsets
        if len(offsets) != len(columns) + 1:
            yield name, f"{len(offsets) - 1:,} rows, {len(columns):,} expected"
        elif offsets[0] != 0 or offsets[-1] != len(lists.values) or np.any(offsets[1:] < offsets[:-1]):
            yield name, "The offsets do not fit the values"
        elif name in columns.names and _beyond(lists.values, columns.names[name]):
            yield name, "A code has no name"
    numbers = columns.flat["number"]
    if np.any(numbers[1:] <= numbers[:-1]):
        yield "number", "The studies are not in order of number"


def posting_faults(postings: Postings, columns: Columns) -> Iterator[str]:
    """Yield what is wrong with how postings are made."""
    for name in CODED:
        if _beyond(postings.literals[name], postings.names[name]):
            yield f"A code of {name} has no word"
    concepts = postings.literals["concept"]
    if not np.array_equal(postings.offsets, np.searchsorted(concepts, np.arange(len(postings.names["concept"]) + 1))):
        yield "The offsets do not fit the literals"
    for studies in (postings.studies, postings.literals["study"]):
        if not np.isin(studies, columns.flat["number"]).all():
            yield "The columns do not have all of its studies"
    if np.any(concepts[1:] < concepts[:-1]) or np.any(postings.studies[1:] <= postings.studies[:-1]):
        yield "They are not in order"


def rule_faults(rules: RuleColumns, columns: Columns) -> Iterator[str]:
    """Yield what is wrong with how rules in columns are made."""
    arrays = rules.arrays
    leaves, nodes, parts, starts = (arrays[name] for name in ("leaves", "nodes", "parts", "starts"))
    for name in WORDS:
        if _beyond(leaves[name], rules.words[name]):
            yield f"A code of {name} has no word"
    for offsets, values in ((arrays["offsets"], arrays["criteria"]), (starts, parts)):
        if offsets[0] != 0 or offsets[-1] != len(values) or np.any(offsets[1:] < offsets[:-1]):
            yield "The offsets do not fit the values"
            return
    if len(starts) != len(nodes) + 1 or len(arrays["offsets"]) != len(rules.studies) + 1:
        yield "The offsets are not as many as what they divide"
        return
    own = np.repeat(np.arange(len(leaves), len(leaves) + len(nodes)), np.diff(starts))
    used = arrays["criteria"]["rule"]
    if np.any(parts < 0) or np.any(parts >= own) or np.any(used < 0) or np.any(used >= len(leaves) + len(nodes)):
        yield "A rule names one that is not there"
    if not np.isin(rules.studies, columns.flat["number"]).all():
        yield "The columns do not have all of its studies"
    if np.any(rules.studies[1:] <= rules.studies[:-1]):
        yield "They are not in order"


def _beyond(codes: Array, names: list[str]) -> bool:
    return bool(len(codes) and codes.max() >= len(names))


def _translated(name: str, codes: Array, columns: Columns, stored: Columns) -> Array:
    """Return codes of a column made anew as the stored column has them; -1 where it has no such name."""
    if name not in columns.names:
        return codes
    place = {text: code for code, text in enumerate(stored.names[name])}
    table = np.array([place.get(text, -1) for text in columns.names[name]], dtype=np.int64)
    translated: Array = table[codes]
    return translated


def _unlike(first: Array, second: Array) -> Array:
    unlike: Array = ~((first == second) | ((first != first) & (second != second)))  # a NaN is like a NaN
    return unlike


def _unlike_lists(first: Ragged, second: Ragged) -> Array:
    """Return for each row whether its values differ."""
    unlike: Array = first.lengths != second.lengths
    same = np.flatnonzero(~unlike)
    one, two = first.take(same), second.take(same)
    apart = _unlike(one.values, two.values)
    unlike[same[np.repeat(np.arange(len(same)), one.lengths)[apart]]] = True
    return unlike


def unlike_rows(stored: Columns, fresh: Columns) -> Iterator[tuple[str, str]]:
    """Yield the number of each study of *fresh*, all of which *stored* has, whose row differs, and the column."""
    rows = stored.rows(fresh.flat["number"])
    found: dict[str, Array] = {}
    for name, values in fresh.flat.items():
        found[name] = _unlike(stored.flat[name][rows], _translated(name, values, fresh, stored))
    for name, lists in fresh.ragged.items():
        made = Ragged(_translated(name, lists.values, fresh, stored), lists.offsets)
        found[name] = _unlike_lists(stored.ragged[name].take(rows), made)
    for name, unlike in found.items():
        for row in np.flatnonzero(unlike):
            yield fresh.number(int(row)), name


def _probe_words(texts: list[str]) -> list[str]:
    """Return some words of a field, the longest of its first and last text's heads."""
    found: set[str] = set()
    for text in {texts[0], texts[-1]}:
        head = text if len(text) <= _HEAD else text[:_HEAD].rpartition(" ")[0]
        found.update(words(head))
    return sorted(found, key=lambda word: (-len(word), word))[:_PROBES]


def _probe(number: str, document: dict[str, Any]) -> tantivy.Query:
    """Return the query for this study, if it has some of the words of each field that is searched by itself."""
    needed = [(tantivy.Occur.Must, tantivy.Query.term_query(schema(), "number", number_code(number)))]
    pieces, _ = read_pieces(document)
    for piece in ranked():
        if field(piece).is_enum or piece not in pieces:
            continue  # an enumeration's words are of our tables, not of the record
        for word in _probe_words(pieces[piece]):
            needed.append((tantivy.Occur.Must, tantivy.Query.term_query(schema(), piece, word)))
    return tantivy.Query.boolean_query(needed)


def unfound(index: Index, documents: dict[str, dict[str, Any]]) -> list[str]:
    """Return the numbers of those studies that the index does not find by the words of their documents."""
    asked = tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, _probe(number, document)) for number, document in documents.items()]
    )
    codes, _ = index.best(asked, len(documents) + 1)
    found = set(codes.tolist())
    return [number for number in documents if number_code(number) not in found]


def index_faults(index: Index, columns: Columns) -> Iterator[str]:
    """Yield what is wrong with the numbers of the studies in an index."""
    if len(index) != len(columns):
        yield f"Texts: {len(index):,}, for {len(columns):,} studies"
    codes, _ = index.best(tantivy.Query.all_query(), len(index) + 1)
    wanted, found = set(columns.flat["number"].tolist()), set(codes.tolist())
    if missing := len(wanted - found):
        yield f"Studies that it lacks: {missing:,}"
    if strange := len(found - wanted):
        yield f"Studies that only it has: {strange:,}"
