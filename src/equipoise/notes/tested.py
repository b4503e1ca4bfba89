"""
Results in words, and infections that a test names.

::

    tested = word name | name link* word           # "elevated D-dimer", "pregnancy test negative", "HIV positive"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from equipoise.criteria.context import codes_of
from equipoise.notes.drafts import Draft
from equipoise.notes.finding import ASKED_ABOUT, ResultFinder
from equipoise.notes.outcomes import outcome_before, outcome_behind
from equipoise.notes.proofs import proof_around
from equipoise.notes.shorthand import Measured, measured_at
from equipoise.terms.lexicon import Concept

_JOIN = re.compile(r"\s?(?:,\s?(?:and|or)?|/|\band\b|\bor\b|&)\s?", re.IGNORECASE)


class WordReader(ResultFinder):
    """Reads results in words."""

    def _worded(self, at: int, measured: Measured) -> int:
        variable, context = measured.variable, self.context
        if variable.kind == "other":
            return 0
        place = context.explain(measured.end, variable, at)
        return self._outcome(at, place, variable.name, codes_of(variable))

    def _tested(self, at: int) -> int:
        """Read a test or an infection with its outcome: "pregnancy test negative", "HIV positive"."""
        named = self.context.named(at)
        if named is None or not isinstance(named[0], Concept) or named[0].ambiguous:
            return at + 1
        concept, end = named
        behind = self.context.explain(end, concept, at)
        if concept.kind == "measurement":
            return self._outcome(at, behind, concept.name, codes_of(concept)) or end
        if concept.kind == "condition" and self.context.lexicon.is_a(concept.name, "infection"):
            return self._infection(at, behind, (concept.name, codes_of(concept))) or end
        return self._inside(at, end)

    def _inside(self, at: int, end: int) -> int:
        """Return the next token: within a concept, that of a variable that goes on behind it.

        "Elevated lactate" is a condition; of "elevated lactate dehydrogenase" it is no part.
        """
        for place in range(at + 1, end):
            measured = measured_at(self.context, place)
            if measured is not None and measured.end > end:
                return place
        return end

    def _infection(self, at: int, end: int, named: tuple[str, Mapping[str, str]]) -> int:
        """Read "HIV negative": a test of an infection says whether it is there."""
        start, stop = self.context.tokens[at].start, self.context.tokens[end - 1].end
        found = outcome_behind(self.context.text, stop, self.end)
        if found is None or found.kind != "test" or found.start - stop > 24:
            return self._of_several(at, end, named)
        if (said := self.asserted(start, found.stop)) in ASKED_ABOUT or said == "possible":
            return 0
        last, absent = self._token(found.stop), found.word == "negative"
        self.taken.update(range(at, last))
        proof = () if absent else proof_around("", self.context.text[start:stop], self.context.text[stop : found.stop])
        self.drafts.append(
            Draft(
                kind="condition",
                name=named[0],
                codes=named[1],
                span=(start, found.stop),
                qualifier=proof,
                assertion="absent" if absent else "present",
            )
        )
        return last

    def _of_several(self, at: int, end: int, named: tuple[str, Mapping[str, str]]) -> int:
        """Read "HIV, hepatitis B and hepatitis C negative": each of the list has the outcome of its last."""
        join = _JOIN.match(self.context.text, self.context.tokens[end - 1].end, self.end)
        place = 0 if join is None else self._token(join.end())
        other = self.context.named(place) if 0 < place < len(self.context.tokens) else None
        if other is None or not isinstance(other[0], Concept):
            return 0
        if other[0].kind != "condition" or not self.context.lexicon.is_a(other[0].name, "infection"):
            return 0
        count = len(self.drafts)
        last = self._infection(
            place, self.context.explain(other[1], other[0], place), (other[0].name, codes_of(other[0]))
        )
        if not last:
            return 0
        span = (self.context.tokens[at].start, self.drafts[count].span[1])
        draft = msgspec.structs.replace(self.drafts[count], name=named[0], codes=named[1], span=span)
        self.drafts.insert(count, draft)
        self.taken.update(range(at, last))
        return last

    def listed(self, names: Sequence[tuple[int, Measured]]) -> int:
        """Read "hemoglobin, hematocrit and TSH are within normal limits": one word for a whole list."""
        if any(one.variable.kind == "other" for _, one in names):
            return 0
        stop = self.context.tokens[names[-1][1].end - 1].end
        found = outcome_behind(self.context.text, stop + (self.context.text[stop : stop + 1] == ","), self.end)
        if found is None:
            return 0
        start = self.context.tokens[names[0][0]].start
        said = self.asserted(start, found.stop)
        if said != "present":
            return 0
        last = self._token(found.stop)
        self.taken.update(range(names[0][0], last))
        for at, one in names:
            self.drafts.append(
                Draft(
                    kind="measurement",
                    name=one.variable.name,
                    codes=codes_of(one.variable),
                    value=found.word,
                    span=(self.context.tokens[at].start, found.stop),
                )
            )
        return last

    def _outcome(self, at: int, end: int, name: str, codes: Mapping[str, str]) -> int:
        context = self.context
        start, stop = context.tokens[at].start, context.tokens[end - 1].end
        behind = outcome_behind(context.text, stop, self.end)
        before = outcome_before(context.text, self.begin, start)
        outcome = behind if behind is not None and (before is None or behind.kind == "test") else before
        if outcome is None:
            return 0
        span = (min(start, outcome.start), max(stop, outcome.stop))
        said = self.asserted(*span)
        if said in ASKED_ABOUT or (said == "absent" and outcome.word != "negative"):
            return 0
        assertion = "present" if said == "absent" else said
        last = self._token(span[1])
        first = next(place for place, token in enumerate(context.tokens) if token.end > span[0])
        self.taken.update(range(first, last))
        self.drafts.append(
            Draft(kind="measurement", name=name, codes=dict(codes), value=outcome.word, span=span, assertion=assertion)
        )
        return last
