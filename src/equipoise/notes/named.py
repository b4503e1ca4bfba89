"""What a sentence names, by the readers of it in their order: each takes its words from those after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from equipoise.notes.allergies import read_allergies
from equipoise.notes.cues import names_of
from equipoise.notes.drafts import Draft
from equipoise.notes.drugs import read_drugs
from equipoise.notes.habits import read_habits
from equipoise.notes.history import read_history
from equipoise.notes.lines import read_lines
from equipoise.notes.mentions import read_mentions
from equipoise.notes.past import WHOLE, of_others
from equipoise.notes.reading import Reading
from equipoise.notes.reproduction import read_reproduction
from equipoise.notes.variants import read_variants
from equipoise.terms.lexicon import Lexicon

_SUBJECT = re.compile(r"^(?:\w+,?\s+){0,2}(She|He)\b")
_OTHERS = (
    r"(?:mother|father|sister|brother|sibling|aunt|uncle|grandmother|grandfather|grandparent|cousin|son|daughter|"
    r"parent|twin|mom|dad|niece|nephew|husband|wife|spouse|partner|boyfriend|girlfriend|roommate|friend|coworker|"
    r"colleague|neighbor|donor|stepfather|stepmother|classmate)s?"
)
# "His wife is pregnant", "The kidney donor was HIV positive".
_ANOTHER = re.compile(
    rf"^(?:(?:his|her|their|the|a|my|one|patient's)\s+)?(?:[\w-]+\s+){{0,2}}?{_OTHERS}(?:,[^,]{{1,40}},)?\s+"
    r"(?:also\s+|recently\s+)?(?:is|was|are|were|has|had|have|became|tests|tested)\b"
    # Who tells of the patient says nothing of themselves.
    r"(?!\s+(?:also\s+|recently\s+)?(?:noted|noticed|reported|stated|brought|called|observed|seen|found|been giving|"
    r"concern))",
    re.IGNORECASE,
)
# "Mother - diabetes", "Father: MI at 50".
_LABEL = re.compile(rf"^\W*(?:maternal\s|paternal\s)?{_OTHERS}\s?(?:[:–]|-\s)", re.IGNORECASE)
_PATIENT = re.compile(r"\b(?:he|she|him|patient|pt)\b", re.IGNORECASE)


def read_named(reading: Reading, people: Sequence[Draft]) -> Iterable[Draft]:
    """Yield what a sentence says of the things it names, unless it is of someone else than the patient."""
    if is_of_another(reading.text, people):
        return
    if is_of_relative(reading.text):
        yield from (one for one in read_mentions(reading) if one.assertion == "family")
        return
    yield from read_allergies(reading)
    yield from read_variants(reading)
    yield from read_lines(reading)
    yield from read_history(reading)
    yield from read_habits(reading)
    yield from read_reproduction(reading, child=_is_child(people))
    yield from read_drugs(reading)
    yield from read_mentions(reading)


def is_of_another(sentence: str, people: Sequence[Draft]) -> bool:
    """
    Return whether the subject of a sentence is of the other sex than the patient: a relative, then.

    >>> from equipoise.notes.people import read_people
    >>> is_of_another("She has lupus.", read_people("A 40-year-old man."))
    True
    """
    found = _SUBJECT.match(sentence)
    sex = next((one.value for one in people if one.name == "sex"), None)
    return found is not None and sex is not None and found[1] != {"female": "She", "male": "He"}[str(sex)]


def is_of_relative(sentence: str) -> bool:
    """
    Return whether a sentence says what somebody beside the patient is or has, and does not come back to the patient.

    >>> is_of_relative("His wife is pregnant."), is_of_relative("His wife was worried that he is febrile.")
    (True, False)
    """
    found = _ANOTHER.match(sentence) or _LABEL.match(sentence)
    return found is not None and _PATIENT.search(sentence, found.end()) is None


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
