"""What the words of a search ask for: its parts by search area, as one query of the index and a mask over the rows."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import numpy.typing as npt
import tantivy

from equipoise.errors import QueryError
from equipoise.find.compiled import lexicon_of
from equipoise.find.essie import parse_expression
from equipoise.find.evaluate import Clause, Evaluator
from equipoise.find.expressions import Expression, Widened, Words
from equipoise.find.query import AREAS, Query
from equipoise.find.synonyms import Synonyms
from equipoise.find.textual import all_of, any_of, whole
from equipoise.store.library import Library

_NUMBERS = re.compile(r"\s*NCT\d{8}(?:[\s,]+NCT\d{8})*[\s,]*", re.ASCII | re.IGNORECASE)


class Asked(msgspec.Struct, frozen=True):
    """What must hold of a study, and by which words it is found.

    ``by_number``: the search is for studies by their numbers, and filters do not count; ``some_words``: no
    study has all the words, and these have some.
    """

    query: tantivy.Query | None
    mask: npt.NDArray[np.bool_] | None
    marks: frozenset[str]
    synonyms: tuple[Synonyms, ...]
    by_number: bool = False
    some_words: bool = False


def numbers_in(text: str) -> list[str]:
    """Return the numbers of studies in a text that is nothing but such numbers, else none.

    >>> numbers_in("nct00000410, NCT04280705"), numbers_in("NCT04280705 stroke")
    (['NCT00000410', 'NCT04280705'], [])
    """
    return re.findall(r"NCT\d{8}", text.upper()) if _NUMBERS.fullmatch(text) else []


def _by_numbers(numbers: tuple[str, ...] | list[str]) -> tantivy.Query:
    found = [whole(piece, number) for number in dict.fromkeys(numbers) for piece in ("NCTId", "NCTIdAlias")]
    return any_of(found) if found else tantivy.Query.empty_query()


def _parts(query: Query) -> list[tuple[str, str, str]]:
    """Return the parts of a search as (name, text, area)."""
    parts = [("term", query.text, AREAS["term"]), *((name, text, AREAS[name]) for name, text in query.areas.items())]
    return [part for part in parts if part[1].strip()]


def _read(name: str, text: str) -> Expression | None:
    try:
        return parse_expression(text)
    except QueryError as error:
        error.where = f"query.{name}"
        raise


def ask(library: Library, query: Query, *, loosen: bool = False, ranked: bool = True) -> Asked:
    """Return what the words of a search ask for.

    With *loosen* studies that have some of the words are asked for where none has all. Without *ranked* the query finds
    the same studies in any order, at less cost.

    Raises:
        QueryError: a part of it cannot be understood; ``where`` names the part.
    """
    dropped = frozenset(one.lower() for one in query.dropped)
    evaluator = Evaluator(library, lexicon_of(library), dropped, ranked=ranked)
    parts = _parts(query)
    by_number = any(numbers_in(text) for _, text, _ in parts)
    clauses, some_words = [], False
    for name, text, area in parts:
        if of_these := numbers_in(text):
            clauses.append(Clause(_by_numbers(of_these)))
            continue
        expression = _read(name, text)
        if expression is None:
            continue
        clause = _answered(evaluator, expression, text, area=area, name=name)
        if loosen and _is_plain(expression) and clause.query is not None and not library.index.count(clause.query):
            clause = _answered(evaluator, Widened("Lossy", expression, expression.span), text, area=area, name=name)
            some_words = True
        clauses.append(clause)
    queries = [one.query for one in clauses if one.query is not None]
    masks = [one.mask for one in clauses if one.mask is not None]
    for text in query.advanced:
        expression = _read("advanced", text)
        if expression is not None and not by_number:
            clause = _answered(evaluator, expression, text, area=AREAS["term"], name="advanced")
            queries += [] if clause.query is None else [tantivy.Query.const_score_query(clause.query, 0.0)]
            masks += [] if clause.mask is None else [clause.mask]
    if query.numbers and not by_number:
        queries.append(_by_numbers(query.numbers))
    return Asked(
        query=all_of(queries) if queries else None,
        mask=np.logical_and.reduce(masks) if masks else None,
        marks=evaluator.marks,
        synonyms=evaluator.synonyms,
        by_number=by_number,
        some_words=some_words,
    )


def _answered(evaluator: Evaluator, expression: Expression, text: str, *, area: str, name: str) -> Clause:
    try:
        return evaluator.answer(expression, text, area)
    except QueryError as error:
        error.where = f"query.{name}"
        raise


def _is_plain(expression: Expression) -> bool:
    return isinstance(expression, Words) and not expression.quoted and " " in expression.text
