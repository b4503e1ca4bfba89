"""
Words of a search as a query of the index.

A term's words are sought in all fields of the target; a field's weight says how much a match in it
tells, and the best field counts, the others a little. How far words are widened:

- ``None`` and ``Term``: side by side, in this order, whatever their endings;
- ``Concept``: also under the thing's other names;
- ``Relaxation`` (unless asked otherwise): the words may also stand apart, in any of the fields;
- ``Lossy``: some of them may be missing.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec
import tantivy

from equipoise.find.expressions import Widening, Words
from equipoise.find.forms import forms_of, names_written
from equipoise.find.synonyms import NOTHING_TAUGHT, Synonyms, find_pieces
from equipoise.find.targets import Target
from equipoise.store.index import STATED, WHOLE, index_field, schema, whole_value, words
from equipoise.store.taught import TaughtNames
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.place_names import other_names
from equipoise.terms.spelling import british, normal

Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

# What a match in a field other than the best adds.
_TIE = 0.1
# A condition that is just what was searched for says more than one that has it in a longer name: hypertension
# is not pulmonary arterial hypertension.
_WHOLE = 5.0
_TELLING = frozenset(
    (
        "Acronym",
        "Condition",
        "ConditionMeshTerm",
        "InterventionMeshTerm",
        "InterventionName",
        "InterventionOtherName",
        "Keyword",
        "NCTId",
        "OrgStudyId",
        "SecondaryId",
    )
)
# Where one list has the words of all fields, those that weigh so much rank by themselves, and those that name a study
# by its number or its sponsor; a word in any of the others tells as much as one in the places of a study.
_TELLS = 0.6
_NAMING = frozenset(("LeadSponsorName", "CollaboratorName", "OrgStudyId", "SecondaryId"))
_ANYWHERE = 0.35
# Words side by side say more than the same words apart; another name for the thing a little less than its own.
_ADJACENT = 1.0
_SYNONYM = 0.9
_MEMBER = 0.6

# An irregular form of a word, such as its plural, says as much; that it is the rarer one must not rank it higher.
_FORM = 0.9
# Of several words with irregular forms so many combinations are sought.
_MOST_FORMS = 8

# Fields in which words that stand near each other are looked for, the most telling of each area.
_NEAR = 6


Weights = tuple[tuple[str, float], ...]


class Fields(msgspec.Struct, frozen=True):
    """Where words are sought, with weights: fields that tell, and, if any, those that hold the words of all fields."""

    telling: Weights
    together: Weights = ()

    def __bool__(self) -> bool:
        return bool(self.telling)

    def times(self, share: float) -> Fields:
        """Return the same fields with a share of their weights."""
        telling, together = (
            tuple((piece, weight * share) for piece, weight in weights) for weights in (self.telling, self.together)
        )
        return Fields(telling, together)


def _own_fields(target: Target) -> Fields:
    """Return where the words of a search are sought."""
    if not target.together:
        return Fields(target.weights)
    telling = tuple((piece, weight) for piece, weight in target.weights if weight >= _TELLS or piece in _NAMING)
    return Fields(telling, tuple((name, _ANYWHERE) for name in target.together))


def _other_fields(target: Target) -> Fields:
    """Return where other words for the same thing are sought."""
    own = _own_fields(target)
    telling = tuple((piece, weight * _SYNONYM) for piece, weight in own.telling if piece in target.synonyms)
    return Fields(telling, tuple((name, weight * _SYNONYM) for name, weight in own.together[:1]))


def all_studies() -> tantivy.Query:
    """Return the query that finds all."""
    return tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)


def all_of(queries: list[tantivy.Query]) -> tantivy.Query:
    """Return the query for what all of these find."""
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Must, one) for one in queries])


def any_of(queries: list[tantivy.Query]) -> tantivy.Query:
    """Return the query for what one or more of these find."""
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Should, one) for one in queries])


def none_of(queries: list[tantivy.Query]) -> tantivy.Query:
    """Return the query for what none of these finds."""
    return tantivy.Query.boolean_query([(Must, all_studies()), *((MustNot, one) for one in queries)])


def stated(piece: str) -> tantivy.Query:
    """Return the query for studies that state a field."""
    return tantivy.Query.const_score_query(tantivy.Query.term_query(schema(), STATED, piece), 0.0)


def whole(piece: str, value: str, score: float = 0.0) -> tantivy.Query:
    """Return the query for studies in which one of a field's values is just this."""
    return tantivy.Query.const_score_query(tantivy.Query.term_query(schema(), WHOLE, whole_value(piece, value)), score)


def _best(weighted: list[tuple[tantivy.Query, float]]) -> tantivy.Query:
    queries = [tantivy.Query.boost_query(query, weight) for query, weight in weighted]
    return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries, _TIE)


def _phrase(piece: str, stems: tuple[str, ...], slop: int = 0) -> tantivy.Query:
    name = index_field(piece)
    if len(stems) == 1:
        return tantivy.Query.term_query(schema(), name, stems[0])
    return tantivy.Query.phrase_query(schema(), name, list(stems), slop)


def _in_fields(fields: Fields, stems: tuple[str, ...], slop: int = 0) -> tantivy.Query:
    """Return the query for words side by side, each in any of its forms, in one of these fields."""
    forms = list(itertools.islice(itertools.product(*map(forms_of, stems)), _MOST_FORMS))

    def best(weights: Weights) -> tantivy.Query:
        return _best(
            [
                (_phrase(piece, form, slop), weight if form == stems else weight * _FORM)
                for form in forms
                for piece, weight in weights
            ]
        )

    if not fields.together:
        return best(fields.telling)
    # The index counts by the first part alone; only what ranks is sought in the fields that tell.
    return tantivy.Query.boolean_query([(Must, best(fields.together)), (Should, best(fields.telling))])


def spellings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a text as the index knows them, as they are and in other spellings.

    >>> spellings("haemoglobin"), spellings("stroke")
    ((('haemoglobin',), ('hemoglobin',)), (('stroke',),))
    """
    american = normal(text)
    found = (tuple(words(form)) for form in (text, american, british(american)))
    return tuple(dict.fromkeys(stems for stems in found if stems))


# Where places are asked for; elsewhere US is ultrasound, and MA a degree.
_OF_PLACES = frozenset(("LocationSearch", "LocationCountry", "LocationState"))


def _of_places(text: str, target: Target) -> list[tantivy.Query]:
    """Return the queries for other names of the country or state that a text names."""
    if target.name not in _OF_PLACES:
        return []
    return [
        _in_fields(Fields(((piece, weight),)), tuple(words(name)))
        for piece, weight in target.weights
        for name in other_names(piece, text)
    ]


def _visible(text: str) -> str:
    """Return a text without marks that are not seen, such as soft hyphens, which come along when text is copied."""
    text = unicodedata.normalize("NFC", text)
    return text if text.isascii() else "".join(mark for mark in text if unicodedata.category(mark) != "Cf")


def _spelled(fields: Fields, name: str) -> tantivy.Query:
    """Return the query for a name in any spelling."""
    return _best([(_in_fields(fields, stems), 1.0) for stems in spellings(name)])


def _adding(names: Iterable[str], asked: str) -> list[str]:
    """Return the names that find more than what was *asked* for and the others do: that do not contain one of these.

    >>> _adding(["covid 19", "sars cov 2 infection", "sars cov 2", "covid19"], "COVID")
    ['sars cov 2', 'covid19']
    """
    same = f" {' '.join(words(asked))} "
    by_stems = {f" {' '.join(words(name))} ": name for name in reversed([*names])}
    known = {same, *by_stems}
    return [
        name
        for own, name in reversed(by_stems.items())
        if own != same and not any(one in own for one in known if one != own)
    ]


class Terms:
    """
    Makes queries of words; keeps what was used, to be shown: the words, and other words for them.

    Without *ranked* a query says which studies are found, and leaves out what would only rank them.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        dropped: frozenset[str],
        taught: TaughtNames = NOTHING_TAUGHT,
        *,
        ranked: bool = True,
    ) -> None:
        self._lexicon = lexicon
        self._taught = taught
        self._dropped = dropped
        self._ranked = ranked
        self.synonyms: dict[str, Synonyms] = {}
        self.marks: set[str] = set()

    def query(self, asked: Words, target: Target, widening: Widening) -> tantivy.Query:
        """Return the query for words in a target; marks alone ask only that it is stated."""
        # Marks by themselves ask for nothing in particular: "stroke & fever" is "stroke fever".
        chunks = [chunk for chunk in _visible(asked.text).split() if any(mark.isalnum() for mark in chunk)]
        if not chunks:
            return any_of([stated(piece) for piece in target.stated])
        stems = tuple(tuple(words(chunk)) for chunk in chunks)
        flat = tuple(word for chunk in stems for word in chunk)
        if not all(stems):
            return tantivy.Query.empty_query()  # no word of the index is as long as this one
        self.marks.update(form for word in flat for form in forms_of(word))
        side_by_side = _in_fields(self._wanted(_own_fields(target)), flat)
        if asked.quoted or widening in ("None", "Term"):
            return self._with_whole(side_by_side, asked.text, target)
        if widening == "Lossy":
            return any_of([self._chunk(chunk, target) for chunk in chunks])
        if widening == "Concept":
            query = any_of([side_by_side, *self._under_other_names(chunks, target)])
            return self._with_whole(query, asked.text, target)
        query = any_of([self._apart(chunks, target), *_of_places(asked.text, target)])
        return self._with_whole(query, asked.text, target, near=flat if len(stems) > 1 else ())

    def _under_other_names(self, chunks: list[str], target: Target) -> list[tantivy.Query]:
        """Return the queries for the other names of what all the words together name."""
        pieces = list(find_pieces(chunks, self._lexicon, self._dropped, self._taught))
        only = pieces[0].synonyms if len(pieces) == 1 else None
        return self._named(only, target, chunks) if only else []

    def _named(self, synonyms: Synonyms, target: Target, asked: Sequence[str]) -> list[tantivy.Query]:
        """Return the queries for the other names of what was *asked* for."""
        fields = self._wanted(_other_fields(target))
        if not fields:
            return []
        self.synonyms[synonyms.name] = synonyms
        self.marks.update(words(synonyms.name))
        members = fields.times(_MEMBER)
        others = (*synonyms.others, *(one.name for one in synonyms.taught))
        named = [_spelled(fields, name) for name in _adding(others, " ".join(asked))]
        return named + [_in_fields(members, tuple(words(name))) for name in synonyms.members]

    def _chunk(self, chunk: str, target: Target) -> tantivy.Query:
        """Return the query for a word of a term, in American and British spelling where fields take other words."""
        own = _in_fields(self._wanted(_own_fields(target)), tuple(words(chunk)))
        fields = self._wanted(_other_fields(target))
        others = dict.fromkeys((*spellings(chunk)[1:], *names_written(chunk))) if fields else ()
        self.marks.update(word for stems in others if len(stems) == 1 for word in stems)
        found = [own, *(_in_fields(fields, stems) for stems in others), *_of_places(chunk, target)]
        return _best([(one, 1.0) for one in found])

    def _apart(self, chunks: list[str], target: Target) -> tantivy.Query:
        """Return the query for studies with all of the words, each part under any of its names."""
        needed = []
        for part in find_pieces(chunks, self._lexicon, self._dropped, self._taught):
            own = [self._chunk(chunk, target) for chunk in chunks[part.start : part.stop]]
            others = self._named(part.synonyms, target, chunks[part.start : part.stop]) if part.synonyms else []
            needed.append(_best([(all_of(own), 1.0), *((one, 1.0) for one in others)]) if others else all_of(own))
        return all_of(needed)

    def _wanted(self, fields: Fields) -> Fields:
        """Return the fields in which words are sought, without those that only rank where none is to be ranked."""
        return fields if self._ranked or not (fields and fields.together) else Fields(fields.together)

    def _with_whole(self, query: tantivy.Query, text: str, target: Target, near: tuple[str, ...] = ()) -> tantivy.Query:
        """Return a query that ranks higher where a value is just what was asked for, or words stand together."""
        if not self._ranked:
            return query
        bonus = [(Should, whole(piece, text, weight * _WHOLE)) for piece, weight in target.weights if piece in _TELLING]
        if near:
            telling = tuple((piece, weight * _ADJACENT) for piece, weight in target.weights[:_NEAR])
            bonus.append((Should, _in_fields(Fields(telling), near, 2)))
        return tantivy.Query.boolean_query([(Must, query), *bonus]) if bonus else query
