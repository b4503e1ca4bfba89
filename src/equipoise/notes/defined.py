"""
What results and findings are by definition: a hemoglobin of 72 g/L is an anemia, a tachycardia a rate above 100.

``terms/data/definitions.tsv`` has for a condition the results at which it is there, and those at which it is not, by a
definition that is named; between them nothing is said. A result in words (``is``) says what its word says.
``implied_results.tsv`` has the bound of a result that a finding states. What the note itself says of a condition or a
result stands, and nothing is derived beside it.

A denial by a result speaks of that very condition, on that day: a normal potassium says nothing of earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from equipoise.criteria.context import codes_of
from equipoise.notes.drafts import Draft
from equipoise.rules.names import MEASURED
from equipoise.rules.quantities import compare
from equipoise.rules.usual import limit_unit
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.tables import read_table
from equipoise.terms.units import convert
from equipoise.terms.variables import variables

_GROWN = 18
# Findings that are told by their size, and from how many millimeters on: the standard's for leads other than V2 and V3.
_FINDINGS = frozenset({"st segment elevation", "st segment depression"})
_LEAST = 1

# Findings that come and go within the hours that a note tells of: "then bradycardia with a rate of 39".
_PASSING = frozenset({"tachycardia", "bradycardia", "tachypnea", "hypotension"})
_ADJECTIVE = re.compile(r"(?:ic|ive)$", re.IGNORECASE)
_EXAMINED = re.compile(r"\b(?:exam\w*|vital\w*|is|appears?|looks?|remains?)\b|,\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;\n]\s")


class Person(NamedTuple):
    """Whom a definition must be drawn for, as far as the note says."""

    adult: bool
    sex: str | None
    pregnant: bool


class Definition(NamedTuple):
    """A limit on a result at which a condition is there, or is not."""

    condition: str
    present: bool
    variable: str
    op: str
    value: float | str
    unit: str | None
    who: str


@cache
def _definitions() -> dict[str, tuple[Definition, ...]]:
    found: dict[str, list[Definition]] = {}
    for row in read_table("definitions"):
        found.setdefault(row["variable"], []).append(
            Definition(row["condition"], row["assertion"] == "present", row["variable"], row["op"],
                       row["value"] if row["op"] == "is" else float(row["value"]), row["unit"] or None, row["who"])
        )  # fmt: skip
    return {name: tuple(rows) for name, rows in found.items()}


@cache
def _results() -> dict[str, tuple[str, str, str, str]]:
    return {row["condition"]: (row["variable"], row["value"], row["unit"], row["who"])
            for row in read_table("implied_results")}  # fmt: skip


def with_defined(drafts: list[Draft], lexicon: Lexicon, text: str = "") -> list[Draft]:
    """
    Return the drafts, and behind them what they are by definition.

    >>> from equipoise.terms.lexicon import lexicon
    >>> draft = Draft(kind="measurement", name="sodium", value=121, unit="mmol/L", span=(0, 10))
    >>> [(one.name, one.assertion) for one in with_defined([draft], lexicon())[1:]]
    [('hyponatremia', 'present'), ('hypernatremia', 'absent')]
    """
    person = person_of(drafts)
    return [*drafts, *_conditions(drafts, person, lexicon), *_bounds(drafts, person, text)]


def person_of(drafts: Iterable[Draft]) -> Person:
    """Return what the note says of age, sex and pregnancy."""
    adult, sex, pregnant = False, None, False
    for one in drafts:
        if one.name == "age" and isinstance(one.value, (int, float)):
            adult = one.unit == "a" and one.value >= _GROWN
        elif one.name == "sex":
            sex = str(one.value)
        elif one.name == "pregnancy" and one.assertion == "present":
            pregnant = True
    return Person(adult, sex, pregnant)


def _meant(who: str, person: Person) -> bool:
    if who == "all":
        return True
    if who == "women":
        return person.adult and person.sex == "female" and not person.pregnant
    return person.adult and (who == "adults" or person.sex == "male")


def _conditions(drafts: list[Draft], person: Person, lexicon: Lexicon) -> Iterator[Draft]:
    """Yield the conditions that results are, or exclude, where the note says nothing of them and results agree."""
    spoken = {one.name for one in drafts if one.kind == "condition" and one.name}
    spoken |= {name for one in tuple(spoken) for name in lexicon.ancestors(one)}
    found: dict[str, list[Draft]] = {}
    for draft in drafts:
        for condition, present in dict.fromkeys(_met(draft, person)):
            if condition not in spoken:
                found.setdefault(condition, []).append(_derived(draft, condition, lexicon, present=present))
    for several in found.values():
        if len({one.assertion for one in several}) == 1:
            yield from several


def _met(draft: Draft, person: Person) -> Iterator[tuple[str, bool]]:
    if draft.kind != "measurement" or draft.assertion != "present":
        return
    if draft.name in _FINDINGS and _is_there(draft.value):
        yield draft.name, True
    variable = variables().find(draft.name)
    definitions = _definitions().get(draft.name if variable is None else variable.name, ())
    if not isinstance(draft.value, (int, float)):
        yield from ((one.condition, one.present) for one in definitions if one.value == draft.value)
        return
    unit = limit_unit(draft.name, draft.unit, draft.value)
    for one in definitions:
        value = None if isinstance(one.value, str) else _in_unit(float(draft.value), unit, one)
        if value is None or isinstance(one.value, str) or not _meant(one.who, person):
            continue
        if compare(one.op, value, one.value) is True:
            yield one.condition, one.present


def _is_there(value: float | str | None) -> bool:
    """Return whether a size of a finding, or the most of it ("up to 3 mm"), says that it is there."""
    if isinstance(value, str):
        return value.startswith(("<= ", "> ", ">= ")) or value == "positive"
    return value is not None and value >= _LEAST


def _in_unit(value: float, unit: str | None, definition: Definition) -> float | None:
    if unit == definition.unit:
        return value
    if unit is None or definition.unit is None:
        return None
    return convert(value, unit, definition.unit, analyte=definition.variable)


def _derived(draft: Draft, name: str, lexicon: Lexicon, *, present: bool) -> Draft:
    concept = lexicon.find(name)
    return Draft(
        kind="condition",
        name=name,
        codes={} if concept is None else codes_of(concept),
        span=draft.span,
        when=draft.when,
        assertion="present" if present else "absent",
        qualifier=(MEASURED,),
    )


def _is_so_now(text: str, draft: Draft) -> bool:
    """Return whether a finding is one of the patient as seen: what lasts, or what an examination finds them to be."""
    if draft.name not in _PASSING:
        return True
    before = _SENTENCE.split(text[: draft.span[0]])[-1]
    return _ADJECTIVE.search(text[slice(*draft.span)]) is not None and _EXAMINED.search(before) is not None


def _bounds(drafts: list[Draft], person: Person, text: str) -> Iterator[Draft]:
    """Yield the bounds of results that findings state, where the note has no such result."""
    measured = {one.name for one in drafts if one.kind == "measurement"}
    for draft in drafts:
        found = _results().get(draft.name) if draft.kind == "condition" else None
        if found is None or draft.assertion != "present" or draft.when is not None or draft.until is not None:
            continue
        name, value, unit, who = found
        if name in measured or not _meant(who, person) or not _is_so_now(text, draft):
            continue
        variable = variables().find(name)
        codes = {} if variable is None else codes_of(variable)
        yield msgspec.structs.replace(
            Draft(kind="measurement", name=name, span=draft.span), value=value, unit=unit or None, codes=codes
        )
