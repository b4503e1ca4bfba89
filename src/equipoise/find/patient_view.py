"""
A match as a page shows it: the note with its facts underlined, the facts to check, each study's criteria side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from equipoise.criteria.records import Criterion, Side
from equipoise.find.markup import skim
from equipoise.find.overview import Overview
from equipoise.find.patient_match import PatientMatch, StudyMatch
from equipoise.find.query import Query
from equipoise.find.status import EXPECTED
from equipoise.matching.english import describe_fact, lapse
from equipoise.matching.verdicts import CriterionVerdict, StudyVerdict
from equipoise.notes.zero import is_own
from equipoise.records.moments import Moment
from equipoise.records.patient import Fact, Patient
from equipoise.rules.answer import State
from equipoise.rules.english import describe_number

Tone = Literal["blocked", "open", "free"]
# In the order in which a reader needs them: what stands in the way, what is open, what is settled.
ORDER: tuple[State, ...] = ("not met", "unknown", "administrative", "met")
SIGNS: dict[State, str] = {"met": "✓", "not met": "✕", "unknown": "?", "administrative": "–"}
WORDS: dict[State, str] = {
    "met": "met",
    "not met": "not met",
    "unknown": "unknown",
    "administrative": "a person answers",
}
# Beside an exclusion "met" alone would be read as if the patient had what excludes.
EXCLUSION: dict[str, str] = {"met": "not excluded", "not met": "excluded"}


def answer_words(section: Side, answer: State) -> str:
    """
    Return an answer in words that cannot be taken for its opposite.

    >>> answer_words("inclusion", "met"), answer_words("exclusion", "met"), answer_words("exclusion", "not met")
    ('met', 'met: not excluded', 'not met: excluded')
    """
    meaning = EXCLUSION.get(answer) if section == "exclusion" else None
    return f"{WORDS[answer]}: {meaning}" if meaning else WORDS[answer]


def presumed_words(section: Side, presumed: str | None) -> str:
    """
    Return what a screener would presume where a record is silent.

    >>> presumed_words("inclusion", "not met"), presumed_words("exclusion", "met"), presumed_words("exclusion", None)
    ('not met', 'not excluded', '')
    """
    return (EXCLUSION.get(presumed or "") if section == "exclusion" else presumed) or ""


class NotePart(msgspec.Struct, frozen=True):
    """A piece of the note; ``fact`` is the fact that it states, if any, and ``help`` the fact in words."""

    text: str
    fact: str = ""
    kind: str = ""
    help: str = ""


class FactRow(msgspec.Struct, frozen=True):
    """A fact as it may be corrected."""

    id: str
    words: str
    kind: str
    value: str
    unit: str
    when: str
    assertion: str


class Proof(msgspec.Struct, frozen=True):
    """A fact that decided, in words, and the words of the note that state it."""

    words: str
    quote: str = ""


class CriterionRow(msgspec.Struct, frozen=True):
    """A criterion with its answer; ``settle`` is what would settle it, one thing each, ``note`` what to know of it."""

    id: str
    section: Side
    state: State
    sign: str
    state_words: str
    text: str
    reading: str
    evidence: tuple[Proof, ...]
    settle: tuple[str, ...]
    presumed: str
    eligible_from: str
    closes_at: str
    note: str = ""

    @property
    def tangled(self) -> bool:
        """Whether the reading has brackets in brackets, which few want to see at once."""
        return "((" in self.reading or self.reading.count("[not understood]") > 1


class StudyView(msgspec.Struct, frozen=True):
    """A study with its strip of answers in the order of the text, and its rows with what stands in the way first."""

    match: StudyMatch
    strip: tuple[CriterionRow, ...]
    rows: tuple[CriterionRow, ...]
    verdict_words: str
    tone: Tone
    eligible_from: str
    closes_at: str
    left: str


def read_note_parts(note: str, patient: Patient, at: Moment) -> tuple[NotePart, ...]:
    """Return the note cut where facts begin and end; of facts that overlap the one that begins first is marked."""
    parts, place, own = [], 0, own_clock(at)
    spans = [(fact.source.span, fact) for fact in patient.facts if fact.source is not None and fact.source.span]
    for (start, end), fact in sorted(spans, key=lambda one: (one[0][0], -one[0][1])):
        if start < place or end > len(note):
            continue
        words = describe_fact(fact, own=own)
        parts += [NotePart(note[place:start]), NotePart(note[start:end], fact.id, fact.kind, words)]
        place = end
    return tuple(part for part in (*parts, NotePart(note[place:])) if part.text)


def fact_rows(patient: Patient, at: Moment) -> tuple[FactRow, ...]:
    """Return the facts as rows that a reader can correct."""
    own = own_clock(at)
    return tuple(
        FactRow(
            id=fact.id,
            words=describe_fact(fact, own=own),
            kind=fact.kind,
            value=""
            if fact.value is None
            else fact.value
            if isinstance(fact.value, str)
            else describe_number(fact.value),
            unit=fact.unit or "",
            when=str(fact.when or "").replace("T", " "),
            assertion=fact.assertion,
        )
        for fact in patient.facts
    )


def _quote(fact: Fact, note: str | None) -> str:
    span = fact.source.span if fact.source is not None else None
    return "" if note is None or span is None else " ".join(note[span[0] : span[1]].split())


def study_views(match: PatientMatch, note: str | None) -> tuple[StudyView, ...]:
    """Return each study as a page shows it."""
    facts = {fact.id: fact for fact in match.patient.facts}
    return tuple(_study(one, facts, match, note) for one in match.studies)


def _study(study: StudyMatch, facts: Mapping[str, Fact], match: PatientMatch, note: str | None) -> StudyView:
    pairs = zip(study.criteria, study.verdict.criteria, strict=True)
    strip = tuple(_row(criterion, verdict, facts, (note, match.at)) for criterion, verdict in pairs)
    verdict = study.verdict
    closes = open_until(verdict)
    return StudyView(
        match=study,
        strip=strip,
        rows=tuple(sorted(strip, key=lambda one: ORDER.index(one.state))),
        verdict_words=_verdict_words(study),
        tone=_tone(verdict),
        eligible_from=moment_words(match.at, verdict.eligible_from),
        closes_at=moment_words(match.at, closes),
        left="" if closes is None or is_own(match.at) else lapse(match.at, closes),
    )


def open_until(verdict: StudyVerdict) -> Moment | None:
    """Return when the first window closes of a study in which nothing stands in the way."""
    return None if verdict.not_met else verdict.closes_at


def _tone(verdict: StudyVerdict) -> Tone:
    """Return how a study stands: something in the way, something open, or all answered."""
    if verdict.not_met:
        return "blocked"
    return "open" if verdict.unknown or verdict.administrative else "free"


def _verdict_words(study: StudyMatch) -> str:
    verdict = study.verdict
    if not verdict.criteria:
        return "No criteria are stated"
    if verdict.not_met:
        return f"{verdict.not_met} {'criterion stands' if verdict.not_met == 1 else 'criteria stand'} in the way"
    open_ = verdict.unknown + verdict.administrative
    return "Nothing found in the way" + (f"; {open_} still to be settled" if open_ else "")


def overview_words(overview: Overview) -> str:
    """
    Return an overview in a sentence.

    >>> overview_words(Overview(9, 3, 0, 2))
    'Of 9 whose criteria were read, nothing was found in the way of 3. 2 open later.'
    >>> overview_words(Overview(7, 1, 0, 0))
    'Of 7 whose criteria were read, nothing was found in the way of 1.'
    """
    words = [f"Of {overview.answered:,} whose criteria were read, nothing was found in the way of {overview.free:,}."]
    if overview.closing:
        words.append(f"In {overview.closing:,} of these a time window closes.")
    if overview.opening:
        words.append(f"{overview.opening:,} {'opens' if overview.opening == 1 else 'open'} later.")
    return " ".join(words)


def considered_words(query: Query) -> str:
    """
    Return which studies a match considered, in a sentence.

    >>> considered_words(Query(chosen={"status": EXPECTED}))
    'Studies that are open or about to open, or do not say.'
    >>> considered_words(Query(chosen={"phase": ("PHASE3",)}))
    'These are all studies, Phase 3.'
    """
    if set(query.chosen.get("status", ())) != set(EXPECTED):
        return f"These are {query.describe()}."
    rest = query.without_all("status").describe().removeprefix("all studies").removeprefix(", ")
    return f"Studies that are open or about to open, or do not say{', ' + rest if rest else ''}."


def own_clock(at: Moment) -> Moment | None:
    """Return the moment from which times are told where a note names no day, None where they have dates."""
    return at if is_own(at) else None


def moment_words(at: Moment, moment: Moment | None) -> str:
    """
    Return a moment in words; seen from a note that names no day, how far off it is.

    >>> own = Moment("2000-07-15")
    >>> moment_words(Moment("2026-01-15"), Moment("2026-02-03")), moment_words(own, Moment("2000-07-20"))
    ('3 February 2026', 'in 5 days')
    """
    if moment is None:
        return ""
    return f"in {lapse(at, moment)}" if is_own(at) else moment.words()


def _row(
    criterion: Criterion, verdict: CriterionVerdict, facts: Mapping[str, Fact], seen: tuple[str | None, Moment]
) -> CriterionRow:
    note, at = seen
    own = own_clock(at)
    evidence = [facts[one] for one in verdict.evidence if one in facts]
    return CriterionRow(
        id=criterion.id,
        section=criterion.section,
        state=verdict.answer,
        sign=SIGNS[verdict.answer],
        state_words=answer_words(criterion.section, verdict.answer),
        text=" ".join(skim(criterion.text).split()),
        reading=criterion.reading,
        evidence=tuple(Proof(describe_fact(one, own=own), _quote(one, note)) for one in evidence),
        settle=gathered(verdict.settle),
        presumed=presumed_words(criterion.section, verdict.presumed),
        note=verdict.note or "",
        eligible_from=moment_words(at, verdict.eligible_from),
        closes_at=moment_words(at, verdict.closes_at),
    )


def gathered(settle: Sequence[str]) -> tuple[str, ...]:
    """
    Return what would settle an unknown, with what is said alike of several things said once.

    >>> gathered(["not stated: asthma", "no result: one would do", "not stated: epilepsy"])
    ('not stated: asthma; epilepsy', 'no result: one would do')
    """
    things: dict[str, list[str]] = {}
    for one in settle:
        lead, _, thing = one.partition(": ")
        things.setdefault(lead, []).append(thing)
    return tuple(": ".join(filter(None, (lead, "; ".join(several)))) for lead, several in things.items())


def facts_by_kind(rows: Iterable[FactRow]) -> dict[str, list[FactRow]]:
    """Return the facts grouped for the reader: who, what they have, what was measured, what they take, the rest."""
    groups: dict[str, list[FactRow]] = {}
    for row in rows:
        groups.setdefault(GROUPS.get(row.kind, "Other"), []).append(row)
    return {name: groups[name] for name in (*dict.fromkeys(GROUPS.values()), "Other") if name in groups}


GROUPS = {
    "demographic": "Who",
    "condition": "Conditions and findings",
    "measurement": "Measurements",
    "drug": "Drugs",
    "allergy": "Allergies",
    "procedure": "Procedures",
    "event_time": "Times",
    "duration": "Times",
    "variant": "Genes",
    "prior_lines": "Lines of treatment",
    "administrative": "Consent",
}
