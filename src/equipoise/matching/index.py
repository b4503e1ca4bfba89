"""
The rules of many studies, as one patient after the other is put to them: by what each predicate is about.

It is made once for the columns of an edition and a lexicon. The lexicon says which concepts a fact can speak to:
those of its own name, the classes above it and the kinds below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.matching.ages import Ages
from equipoise.matching.qualifiers import Qualifiers
from equipoise.matching.rank import PEOPLE
from equipoise.matching.spans import SpanLimits
from equipoise.matching.trees import Trees
from equipoise.matching.windows import Anchors, Windows
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.rules.evaluate import answer_rule
from equipoise.rules.interned import (
    ANY,
    AT_LEAST,
    LEAF,
    NOT,
    NOT_UNDERSTOOD,
    UNLESS,
    concept_word,
    read_concept,
    read_qualifiers,
)
from equipoise.rules.names import Names, variable_name
from equipoise.rules.nodes import (
    KINDS,
    OPS,
    All,
    AnyOf,
    AtLeast,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Unless,
    leaves,
    of_one_kind,
)
from equipoise.rules.pregnancy import EXCLUDABLE
from equipoise.rules.seen import Seen
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped
from equipoise.terms.spelling import normal

Array = npt.NDArray[Any]

# What a complete list must be for its silence to count, as numbers.
NEEDS = (None, "empty", "known", "placed")

_FIELDS = tuple(name for name, _ in LEAF)
_SILENT = Moment("2000-01-01")


class Group:
    """The predicates of some kinds: their numbers, and what distinguishes them, field by field."""

    def __init__(self, leaves: Array, numbers: Array) -> None:
        self.numbers = numbers
        self._rows = leaves[numbers]
        self._fields: dict[str, Array] = {}

    def __getitem__(self, field: str) -> Array:
        if field not in self._fields:
            column = self._rows[field]
            self._fields[field] = np.ascontiguousarray(column, np.float64 if column.dtype.kind == "f" else np.int64)
        return self._fields[field]


class Concepts:
    """What predicates are about, by the names and codes under which a fact may speak of it."""

    def __init__(self, words: list[str], names: Names) -> None:
        self.refs: list[ConceptRef | None] = [None, *(read_concept(word) for word in words[1:])]
        self._numbers = {word: number for number, word in enumerate(words) if number}
        self.by_name: dict[str, list[int]] = {}
        self.by_class: dict[str, list[int]] = {}
        self.by_variable: dict[str, list[int]] = {}
        self.by_event: dict[str | None, list[int]] = {}
        self.by_code: dict[tuple[str, str], list[int]] = {}
        self.by_use: dict[str, list[int]] = {}
        self.by_gene: dict[str, list[int]] = {}
        # What the record may exclude by facts on something else: a man is not pregnant.
        self.excludable = np.zeros(len(self.refs), bool)
        self.of_study = np.zeros(len(self.refs), bool)
        self.by_demographic: dict[str, list[int]] = {}
        self.needs = np.zeros(len(self.refs), np.int8)
        self._names = names
        for number, ref in enumerate(self.refs):
            for pair in ref.codes.items() if ref is not None else ():
                self.by_code.setdefault(pair, []).append(number)

    def number(self, ref: ConceptRef) -> int:
        """Return the number of a concept that is here."""
        return self._numbers[concept_word(ref) or ""]

    def of_things(self, numbers: Array) -> None:
        """Take in what is a condition, a drug, a procedure, an allergen, a gene, a result."""
        for number, ref in self._used(numbers):
            name = self._names.canonical(ref.name)
            self.by_name.setdefault(name, []).append(number)
            for above in (name, *self._names.above(name)):
                self.by_class.setdefault(above, []).append(number)
            self.needs[number] = NEEDS.index(self._names.needed(ref))
            self.excludable[number] = name in EXCLUDABLE
            self.of_study[number] = self._names.is_of_study(ref)
            used = self._names.drug_of_use(ref.name)
            if used is not None:
                self.by_use.setdefault(self._names.canonical(used), []).append(number)

    def of_genes(self, numbers: Array) -> None:
        """Take in genes and variants that have names of their own."""
        for number, ref in self._used(numbers):
            self.by_gene.setdefault(self._names.variant(ref.name, None)[0], []).append(number)

    def of_variables(self, numbers: Array) -> None:
        """Take in what is measured."""
        for number, ref in self._used(numbers):
            self.by_variable.setdefault(variable_name(ref.name), []).append(number)

    def of_events(self, numbers: Array) -> None:
        """Take in what lasts."""
        for number, ref in self._used(numbers):
            self.by_event.setdefault(self._names.event(ref.name), []).append(number)

    def of_people(self, numbers: Array) -> None:
        """Take in ages, sexes, races."""
        for number, ref in self._used(numbers):
            self.by_demographic.setdefault(normal(ref.name), []).append(number)

    def _used(self, numbers: Array) -> Iterable[tuple[int, ConceptRef]]:
        for number in np.unique(numbers).tolist():
            ref = self.refs[number]
            if ref is not None:
                yield number, ref


class RuleIndex:
    """
    The rules of an edition and the lexicon by which patients are put to them.

    *arrays* and *words* are those of `equipoise.store.rule_columns`, whose layout `equipoise.rules.interned` states.
    """

    def __init__(
        self, arrays: Mapping[str, Array], words: Mapping[str, list[str]], *, lexicon: Lexicon | None = None
    ) -> None:
        self.lexicon = lexicon or shipped()
        self.words = words
        # Plain views: rows of a mapped array take longer to read.
        arrays = {name: np.asarray(array) for name, array in arrays.items()}
        self.leaves = arrays["leaves"]
        self.studies, self.offsets = arrays["studies"], arrays["offsets"]
        # The row of the study that each criterion is of.
        self.rows = np.repeat(np.arange(len(self.studies), dtype=np.int32), np.diff(self.offsets))
        self.rules = np.ascontiguousarray(arrays["criteria"]["rule"])
        self.sides = np.ascontiguousarray(arrays["criteria"]["side"])
        self.places = arrays["criteria"]["place"]
        self.agreements = np.ascontiguousarray(arrays["criteria"]["agreement"])
        self.trees = Trees(len(self.leaves), arrays["nodes"], arrays["starts"], arrays["parts"])
        self._names = names = Names(self.lexicon)
        self._taking: dict[int, bool] = {}
        self._kinds: dict[int, frozenset[str]] = {}
        self.concepts = Concepts(words["concept"], names)
        self.qualifiers = Qualifiers(words["qualifier"])
        self.windows = Windows(words["window"], names)
        self.starts = Anchors([None, *words["from"][1:]], names)
        self.ends = Anchors([None, *words["to"][1:]], names)
        self._group()
        self._take_in()
        self.defaults = self._defaults()
        self.of_people = self._of_people()
        self.ages = self._ages()
        self.spans = SpanLimits(self.groups["duration"], words["unit"])

    def _group(self) -> None:
        kind, op = self.leaves["kind"], self.leaves["op"]
        kinds = {name: kind == place for place, name in enumerate(KINDS)}
        present = np.isin(op, (OPS.index("present"), OPS.index("absent")))
        had = kinds["condition"] | kinds["drug"] | kinds["procedure"]
        parts = {**kinds, "had": had, "result": kinds["measurement"] & present}
        parts["limit"] = kinds["measurement"] & ~present
        wanted = ("had", "result", "limit", "allergy", "variant", "prior_lines", "duration", "event_time")
        self.groups = {name: Group(self.leaves, np.flatnonzero(parts[name])) for name in (*wanted, "demographic")}
        # The two that stand for many are no questions of their own.
        several = np.flatnonzero(kinds["administrative"])
        self.groups["administrative"] = Group(self.leaves, several[several > 1])

    def _take_in(self) -> None:
        """Let each concept be found by the names that its kinds of predicates are found by."""
        groups = self.groups
        had = [groups[name]["concept"] for name in ("had", "allergy", "variant", "prior_lines", "duration", "result")]
        self.concepts.of_things(np.concatenate(had))
        self.concepts.of_variables(np.concatenate([groups[name]["concept"] for name in ("result", "limit")]))
        self.concepts.of_genes(groups["variant"]["concept"])
        self.concepts.of_events(groups["duration"]["concept"])
        self.concepts.of_people(groups["demographic"]["concept"])

    def _defaults(self) -> Array:
        """Return what a record that says nothing answers: "at least no line of treatment" is met by everybody."""
        answers = np.zeros(len(self.leaves), np.int8)
        answers[1] = 1
        nobody = Seen(Patient(), _SILENT, self.lexicon)
        for number in self.groups["prior_lines"].numbers.tolist():
            holds = answer_rule(self.predicate(number, limited=False), nobody).holds
            answers[number] = 0 if holds is None else 2 if holds else -2
        return answers

    def _of_people(self) -> Array:
        """Return of which criteria the rule is one predicate on age or sex."""
        named = np.array([ref is not None and ref.name in PEOPLE for ref in self.concepts.refs], bool)
        asked = (self.leaves["kind"] == KINDS.index("demographic")) & named[self.leaves["concept"]]
        single = self.rules < len(self.leaves)
        of_people: Array = single & asked[np.where(single, self.rules, 0)]
        return of_people

    def _ages(self) -> Ages:
        """Return the limits on age among the predicates on who somebody is, in their order."""
        group = self.groups["demographic"]
        ages = np.isin(group["concept"], self.concepts.by_demographic.get("age", []))
        ages &= (group["qualifier"] == 0) & (group["window"] == 0)
        numbers = np.where(ages, group.numbers, -1).tolist()
        return Ages([self.predicate(one, limited=False) if one >= 0 else None for one in numbers])

    def rule(self, number: int, known: dict[int, Rule]) -> Rule:
        """Return a rule by its number; those that are *known* are not made again."""
        if number not in known:
            known[number] = self._rule(number, known)
        return known[number]

    def _rule(self, number: int, known: dict[int, Rule]) -> Rule:
        if number == NOT_UNDERSTOOD:
            return Left((0, 0))
        if number < len(self.leaves):
            return self.predicate(number)
        op, count, numbers = self.trees.node(number)
        parts = tuple(self.rule(one, known) for one in (numbers[:2] if op == UNLESS else numbers))
        if op == NOT:
            return Not(parts[0])
        if op == UNLESS:
            return Unless(parts[0], parts[1])
        return AtLeast(count, parts) if op == AT_LEAST else AnyOf(parts) if op == ANY else All(parts)

    def takes_out(self, number: int) -> bool:
        """Return whether all that the exception of a rule names are kinds of what the rule names."""
        found = self._taking.get(number)
        if found is None:
            _, _, (_, exception, *wider) = self.trees.node(number)
            pairs = [(one.kind, one.name) for one in map(self.predicate, wider)]
            taken = [one for one in leaves(self.rule(exception, {})) if isinstance(one, Predicate)]
            found = self._taking[number] = all(
                any(kind == one.kind and self._names.is_a(one.name, name) for kind, name in pairs) for one in taken
            )
        return found

    def of_one_kind(self, number: int) -> frozenset[str]:
        """Return the kinds of what the exception of a rule names, where the rule names things of each of them."""
        found = self._kinds.get(number)
        if found is None:
            rule = self.rule(number, {})
            found = self._kinds[number] = of_one_kind(rule) if isinstance(rule, Unless) else frozenset()
        return found

    def named(self, number: int) -> Predicate:
        """Return a predicate of what another names, with its qualifiers and window, and without limit or population."""
        row = self.leaves[number]
        qualifier = self.words["qualifier"][row["qualifier"]] if row["qualifier"] else None
        return Predicate(
            kind=KINDS[row["kind"]],
            concept=self.concepts.refs[row["concept"]],
            op="present",
            qualifier=read_qualifiers(qualifier) if qualifier is not None else (),
            window=self.windows.windows[row["window"]],
        )

    def predicate(self, number: int, *, limited: bool = True) -> Predicate:
        """Return a predicate; without its population where it is not *limited*."""
        row = dict(zip(_FIELDS, self.leaves[number].tolist(), strict=True))
        said = {name: words[row[name]] if row[name] else None for name, words in self.words.items()}
        value: float | str | None = said["text"]
        if value is None and row["value"] == row["value"]:
            value = row["value"]
        return Predicate(
            kind=KINDS[row["kind"]],
            concept=self.concepts.refs[row["concept"]],
            op=OPS[row["op"]],
            value=value,
            unit=said["unit"],
            upper=row["upper"] if row["upper"] == row["upper"] else None,
            relative_to=said["relative_to"],
            qualifier=read_qualifiers(said["qualifier"]) if said["qualifier"] is not None else (),
            window=self.windows.windows[row["window"]],
            which=said["which"],
            population=said["population"] if limited else None,
            alteration=said["alteration"],
            from_=said["from"],
            to=said["to"],
        )
