"""
Read a note: sentences, then in each the results, what is named and what is said of it, and when.

The reader is the criteria reader's own lexicon, variables, units and numbers (`equipoise.criteria.context`).
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.context import Context, Named, Source
from equipoise.notes.arrivals import arrival_of
from equipoise.notes.classified import with_classified
from equipoise.notes.dating import Dating
from equipoise.notes.defined import with_defined
from equipoise.notes.drafts import Draft, facts_of
from equipoise.notes.drugs import without_stopped
from equipoise.notes.named import read_named, without_contradicted
from equipoise.notes.onsets import events_of, onsets_of, settle_events, without_misread
from equipoise.notes.organs import read_organs
from equipoise.notes.others import is_of_nobody, is_of_relative
from equipoise.notes.packs import read_packs
from equipoise.notes.past import none_since, with_past
from equipoise.notes.people import read_people
from equipoise.notes.promises import read_promises
from equipoise.notes.reading import Reading
from equipoise.notes.results import read_results
from equipoise.notes.sections import section_at, sections
from equipoise.notes.sentences import sentences
from equipoise.notes.sized import read_sized, with_sized
from equipoise.notes.stated import read_panels, read_statements, without_doubled
from equipoise.notes.together import with_together
from equipoise.notes.usual import with_usual_units
from equipoise.notes.when import times_of
from equipoise.notes.zero import TIME_ZERO, zero_of
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

__all__ = ["TIME_ZERO", "Note", "read_note"]


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
    people = read_people(text)
    parts, zero, drafts, whole = sections(text), zero_of(source.plain, at), list(people), list[Draft]()
    spans, sized = list(sentences(text)), list[Draft]()
    for number, sentence in enumerate(spans):
        context = Context(source, sentence, known, abbreviations)
        drafts += read_promises(context.source, sentence)
        whens = times_of(source.plain, sentence, zero)
        taken: set[int] = set()
        if is_of_nobody(text[slice(*sentence)]):
            continue
        of_relative = is_of_relative(text[slice(*sentence)], people)
        said = [] if of_relative else [*read_results(context, taken), *events_of(context)]
        if not of_relative and section_at(parts, sentence[0]) not in ("family", "past", "plan"):
            whole += [*read_panels(text, sentence), *read_statements(text, sentence, people, known)]
        sized += [] if of_relative else [*read_sized(text, sentence), *read_packs(text, sentence)]
        said += read_named(Reading(context, sentence, section_at(parts, sentence[0]), taken), people)
        said = Dating(source.plain, sentence, zero).date(said, whens)
        drafts += [*said, *onsets_of(source.plain, said, whens, first=number == 0)]
    drafts += arrival_of(source.plain, spans[0], drafts, zero) if spans else []
    drafts = without_stopped(source.plain, without_contradicted(without_misread(drafts), known))
    drafts = with_sized(with_usual_units(drafts), sized)
    drafts = with_defined([*drafts, *without_doubled(drafts, whole)], known, text)
    drafts = with_classified(drafts, text, spans, known)
    of_now = [one for one in spans if section_at(parts, one[0]) not in ("family", "past", "plan")]
    drafts = with_together(drafts, text, of_now, known, zero)
    drafts += read_organs(drafts, text, of_now, known)
    drafts = with_past([*drafts, *none_since(drafts, zero, known)], known, text)
    return Note(Patient(facts_of(settle_events(drafts, zero, known))), zero.at)
