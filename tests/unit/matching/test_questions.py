"""The next best question: which fact settles most, and what is never asked."""

from __future__ import annotations

from equipoise.criteria.compile import compile_criteria
from equipoise.matching.match import see
from equipoise.matching.questions import Open, next_questions
from equipoise.matching.verdicts import Asked
from equipoise.notes.reader import read_note
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient

AT = Moment("2026-01-15")


def waiting(*texts: str, study: str = "NCT99000001", rank: int = 1) -> list[Open]:
    """Return exclusions of a study as they wait for an answer."""
    found = [one for text in texts for one in compile_criteria(text, section="exclusion")]
    return [Open(study, rank, Asked(f"E{place}", one.section, one.rule)) for place, one in enumerate(found, 1)]


def test_what_settles_most_comes_first() -> None:
    """A fact that two studies wait for is asked before one that a single study waits for."""
    open_ = [
        *waiting("Asthma", "Platelets < 100 x 10^9/L"),
        *waiting("Platelets < 50 x 10^9/L", study="NCT99000002", rank=2),
    ]
    first, second = next_questions(open_, see(Patient(), AT))
    assert (first.name, first.form, first.unit, first.studies) == ("platelet count", "number", "10*9/L", 2)
    assert (second.name, second.form) == ("asthma", "yes or no")


def test_a_higher_ranked_study_counts_more() -> None:
    """Of two questions with one criterion each, the better study's comes first."""
    open_ = [*waiting("Asthma", rank=9), *waiting("Epilepsy", study="NCT99000002", rank=1)]
    assert [one.name for one in next_questions(open_, see(Patient(), AT))] == ["epilepsy", "asthma"]


def test_what_would_settle_nothing_is_not_asked() -> None:
    """A question is not asked where words that were not understood keep the criterion open whatever the answer."""
    known = read_patient({"facts": [{"kind": "condition", "concept": {"name": "asthma"}}]})
    assert next_questions(waiting("Asthma"), see(known, AT)) == []
    assert next_questions(waiting("Inability to give informed consent"), see(Patient(), AT)) == []


def test_since_when_is_asked_in_words_that_fit_any_thing() -> None:
    """ "Circulation has held" begins nothing: the question names the thing and asks since when."""
    (question,) = next_questions(waiting("Fever for more than 5 days"), see(Patient(), AT), limit=1)
    assert question.text == "Fever: since when, and does it go on?"


def test_what_a_note_states_without_a_unit_is_not_asked_again() -> None:
    """An ejection fraction and a temperature have one unit that their number tells."""
    note = read_note("EF 35. Temperature 38.5.")
    asked = next_questions(waiting("LVEF < 40%", "Body temperature > 38 C"), see(note.patient, note.at))
    assert asked == []
