"""Words and phrases of a search, and the index query they make."""

from __future__ import annotations

import re

import msgspec
import tantivy

from equipoise.errors import QueryError
from equipoise.store.index import BANDS, any_band, schema, words

_PART = re.compile(r'"([^"]*)"|(\S+)')

# Words that stand side by side in a title or a condition say more than the same words apart.
_NEAR = {"title": 1.2, "topic": 1.0, "summary": 0.4}


class Words(msgspec.Struct, frozen=True):
    """A search's words as the index knows them; a phrase in quotation marks is one part."""

    parts: tuple[tuple[str, ...], ...]

    @property
    def flat(self) -> tuple[str, ...]:
        """All words in order."""
        return tuple(word for part in self.parts for word in part)

    def __bool__(self) -> bool:
        return bool(self.parts)


# Operators are not read yet. To take "NOT cancer" for two words would find the opposite.
_OPERATOR = re.compile(r"(?:OR|NOT)|[-!](?=\w).*")


def check_operators(text: str) -> None:
    """Check that *text* has no operator that would silently be read as a word.

    Raises:
        QueryError: it has one.
    """
    for found in _PART.finditer(text):
        if found[2] and _OPERATOR.fullmatch(found[2]):
            raise QueryError(
                "Operators are not understood yet",
                text=text,
                span=found.span(2),
                next="A study must have all the words. Leave the operator out, or put it in quotation marks to search "
                "for the word itself.",
            )


def read_words(text: str) -> Words:
    """Return the words and phrases of *text*.

    >>> read_words('acute "heart failure"').parts
    (('acut',), ('heart', 'failur'))
    """
    check_operators(text)
    parts: list[tuple[str, ...]] = []
    for quoted, plain in _PART.findall(text):
        if plain == "AND":
            continue
        # "IL-6" is two words for the index; unquoted, too, they belong together.
        parts.append(tuple(words(quoted or plain)))
    return Words(tuple(part for part in parts if part))


def _one(part: tuple[str, ...]) -> tantivy.Query:
    if len(part) == 1:
        return any_band(part[0], BANDS.items())
    phrases = [
        tantivy.Query.boost_query(tantivy.Query.phrase_query(schema(), band, list(part)), weight)
        for band, weight in BANDS.items()
    ]
    return tantivy.Query.disjunction_max_query(phrases, 0.1)


def index_query(searched: Words, *, all_words: bool = True) -> tantivy.Query:
    """Return the query for studies with all (or any) of these words; words side by side score more."""
    occur = tantivy.Occur.Must if all_words else tantivy.Occur.Should
    clauses = [(occur, _one(part)) for part in searched.parts]
    if len(searched.parts) > 1:
        for band, weight in _NEAR.items():
            phrase = tantivy.Query.phrase_query(schema(), band, list(searched.flat), 2)
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(phrase, weight)))
    return tantivy.Query.boolean_query(clauses)
