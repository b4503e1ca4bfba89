"""What a sentence names, by the readers of it in their order: each takes its words from those after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from equipoise.notes.allergies import read_allergies
from equipoise.notes.cues import names_of
from equipoise.notes.drafts import Draft
from equipoise.notes.drugs import read_drugs
from equipoise.notes.habits import read_habits
from equipoise.notes.history import read_history
from equipoise.notes.lines import read_lines
from equipoise.notes.mentions import read_mentions
from equipoise.notes.others import is_of_another, is_of_relative
from equipoise.notes.past import WHOLE, of_others
from equipoise.notes.reading import Reading
from equipoise.notes.reproduction import read_reproduction
from equipoise.notes.variants import read_variants
from equipoise.terms.lexicon import Lexicon


def read_named(reading: Reading, people: Sequence[Draft]) -> Iterable[Draft]:
    """Yield what a sentence says of the things it names, unless it is of someone else than the patient."""
    if is_of_another(reading.text, people):
        return
    if is_of_relative(reading.text, people):
        told = [*read_variants(reading), *read_mentions(reading)]
        yield from (one for one in told if one.assertion == "family")
        return
    yield from read_allergies(reading)
    yield from read_variants(reading)
    yield from read_lines(reading)
    yield from read_history(reading)
    yield from read_habits(reading)
    yield from read_reproduction(reading, child=_is_child(people) or _is_male(people))
    yield from read_drugs(reading)
    yield from read_mentions(reading)


def without_contradicted(drafts: list[Draft], lexicon: Lexicon) -> list[Draft]:
    """Return the drafts; the denial of every chronic disease is one of all others, where one of them is named."""
    lasting = names_of("lasting")
    named = any(
        one.assertion == "present" and not lasting.isdisjoint({one.name, *lexicon.ancestors(one.name)})
        for one in drafts
        if one.kind == "condition"
    )
    return [of_others(one) if named and one.name == WHOLE and one.assertion == "absent" else one for one in drafts]


def _is_child(people: Sequence[Draft]) -> bool:
    """Return whether the patient is too young to be pregnant."""
    age = next((one for one in people if one.name == "age"), None)
    if age is None or not isinstance(age.value, (int, float)):
        return False
    return age.unit != "a" or age.value < 10


def _is_male(people: Sequence[Draft]) -> bool:
    """Return whether the patient is male: a pregnancy in the note is another's."""
    return any(one.name == "sex" and one.value == "male" for one in people)
