"""
Read a note: sentences, then in each the results, what is named and what is said of it, and when.

The reader is the criteria reader's own lexicon, variables, units and numbers (`equipoise.criteria.context`).
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context, Named, Source
from equipoise.notes.drafts import Draft, facts_of
from equipoise.notes.mentions import read_mentions
from equipoise.notes.people import read_people
from equipoise.notes.promises import read_promises
from equipoise.notes.results import read_results
from equipoise.notes.sentences import sentences
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

# A note that names no date has a clock of its own, which begins here. No real date is compared with it.
TIME_ZERO = Moment("2000-01-01")


class Note(msgspec.Struct, frozen=True):
    """What was read of a note: the patient, and the moment at which the note sees them."""

    patient: Patient
    at: Moment


def read_note(text: str, *, at: Moment | None = None, lexicon: Lexicon | None = None) -> Note:
    """
    Return the facts of a note; each has the span of the words that state it.

    *at* is the moment at which the note was written; without one the note's own time zero is.

    >>> note = read_note("A 64-year-old woman with asthma. No diabetes.")
    >>> [(fact.name, fact.assertion) for fact in note.patient.facts]
    [('age', 'present'), ('sex', 'present'), ('asthma', 'present'), ('diabetes', 'absent')]
    """
    source, known = Source(text), lexicon or shipped()
    abbreviations: dict[str, Named] = {}
    drafts: list[Draft] = read_people(text)
    for sentence in sentences(text):
        context = Context(source, sentence, known, abbreviations)
        drafts += read_promises(context.source, sentence)
        taken: set[int] = set()
        drafts += read_results(context, taken)
        drafts += read_mentions(context, sentence, taken)
    return Note(Patient(facts_of(drafts)), at or TIME_ZERO)
