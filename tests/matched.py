"""Put criteria to a patient by column and by the reference evaluator, and name what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from equipoise.matching.agreement import agreement_asked
from equipoise.matching.columns import ANSWERS, States, screen_all
from equipoise.matching.index import RuleIndex
from equipoise.matching.match import judge, see
from equipoise.matching.trees import moment_code
from equipoise.matching.verdicts import Asked, study_verdict
from equipoise.records.moments import Moment
from equipoise.records.patient import Patient
from equipoise.rules.nodes import Rule
from equipoise.store.rule_columns import Answered, RuleColumns, RuleColumnsBuilder
from equipoise.terms.lexicon import Lexicon

# Of each study, by its number code, the criteria as matching takes them.
Studies = Mapping[int, Sequence[Asked]]


def criterion(name: str, rule: Rule | None, text: str = "") -> Asked:
    """Return a criterion whose id says its side."""
    return Asked(name, "inclusion" if name[0] == "I" else "exclusion", rule, text)


def columns_of(studies: Studies, old: RuleColumns | None = None) -> RuleColumns:
    """Return the columns of studies, added to the old ones."""
    builder = RuleColumnsBuilder(old)
    for number, criteria in studies.items():
        builder.add(
            number, [Answered(one.id, one.rule, agreement_asked(one.rule, one.section, one.text)) for one in criteria]
        )
    return builder.columns()


def index_of(columns: RuleColumns, lexicon: Lexicon | None = None) -> RuleIndex:
    """Return the rules as patients are put to them."""
    return RuleIndex(columns.arrays, columns.words, lexicon=lexicon)


def differences(studies: Studies, patient: Patient, at: Moment, states: States | None = None) -> Iterable[str]:
    """Yield in words whatever the columns answer otherwise than the verdicts that the reference evaluator gives."""
    states = screen_all(index_of(columns_of(studies)), patient, at=at) if states is None else states
    seen = see(patient, at)
    for number, criteria in studies.items():
        wanted = study_verdict(None, [judge(one, seen) for one in criteria])
        row = states.row(number)
        assert row is not None
        first, last = states.offsets[row : row + 2].tolist()
        if [one.id for one in wanted.criteria] != [states.id(place) for place in range(first, last)]:
            yield f"{number}: the criteria are others"
            continue
        for place, (asked, one) in enumerate(zip(criteria, wanted.criteria, strict=True), first):
            made = (ANSWERS[states.answers[place]], states.truth(place), *map(_last, states.turns(place)))
            if made != (one.answer, one.holds, _last(one.eligible_from), _last(one.closes_at)):
                yield f"{number} {one.id}: {made} for {one}: {asked.rule}"
        counts = [wanted.unknown, wanted.met, wanted.not_met, wanted.administrative]
        moments = [_last(states.moment(int(one[row]))) for one in (states.eligible_from, states.closes_at)]
        if states.counts[row].tolist() != counts or moments != [_last(wanted.eligible_from), _last(wanted.closes_at)]:
            yield f"{number}: {states.counts[row]} {moments} for {wanted}"


def _last(moment: Moment | None) -> int | None:
    """Return the minute that decides which of two moments is the later; of two that share it either may be shown."""
    return None if moment is None else moment_code(moment) >> 1
