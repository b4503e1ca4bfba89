"""
Numbers that are no plain limit on a variable: counts, doses, how long or how recent, and what no catalogue lists.

::

    count  = comparison word{0,3} counted ("of" name)? ("per" time)?       # "at least 3 episodes of depression"
    dose   = drug filler* (comparison | quantity) | comparison "of"? drug
    lasted = comparison "of" drug-or-procedure                             # "no more than 6 months of chemotherapy"
    recent = "recent" "(" comparison ")"
    worded = words comparison                                              # "ASI-3 score above 24"
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.context import reference
from equipoise.criteria.elements import Element
from equipoise.criteria.limits import Comparison, tidy
from equipoise.criteria.measures import Measure
from equipoise.criteria.related import MEASURED_BY
from equipoise.criteria.scanstate import ScanState
from equipoise.criteria.times import ISO_UNITS as TIME_UNITS
from equipoise.rules.nodes import ConceptRef, Predicate, all_of
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept
from equipoise.terms.units import unit as unit_of
from equipoise.terms.variables import Variable

_DOSE_FILLERS = word_set("scan.dose_fillers")
_COUNTED = word_set("scan.counted")
_OF_SCORES = word_set("scan.of_scores")
_RECENT = word_set("scan.recent")

_BEFORE = ("premorbid", "prestroke")
_UNCOUNTED = frozenset(("prior", "previous", "past", "documented", "or", "more"))
_JOINING = frozenset(("of", "or", "and", "in", "for", "with", "the"))
# A condition lasts at least so long; "less than 3 months of stroke" may say how long ago it was.
_LASTING: dict[bool, tuple[str, ...]] = {True: ("condition",), False: ()}
_TAKEN = word_set("numbers.taken")
_VERBS = word_set("shown.verbs")
_SPANS = frozenset(("day", "week", "month", "year", "night"))


class Numbers(ScanState):
    """Reads such numbers."""

    def _measure(self, measure: Measure) -> int:
        """Add a measure; what was so before the disease ("pre-stroke mRS") is not what is so now."""
        rule, words = measure.rule, [token.norm for token in self.context.tokens[measure.first : measure.end]]
        before = words[:2] if words[:1] == ["pre"] else words[:1] if words[0].startswith(_BEFORE) else []
        if before and isinstance(rule, Predicate) and rule.kind == "measurement" and before[0] not in rule.name.split():
            rule = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, " ".join(before)))
        return super()._measure(Measure(rule, measure.first, measure.end))

    def _pain(self, at: int, named: Concept, end: int) -> int | None:
        """Read "pain ≥ 4", "pain ≥ 4/10", "pain of at least 3 out of 10": a score from 0 to 10."""
        context = self.context
        limit = context.comparison(end + (context.norm(end) in ("of", "is"))) if named.name == "pain" else None
        variable = context.variables.find("pain score")
        if limit is None or variable is None or limit.unit is not None or limit.relative_to is not None:
            return None
        words = tuple(context.norm(limit.end + place) for place in range(3))
        last = limit.end + (2 if words[:2] == ("/", "10") else 3 if words == ("out", "of", "10") else 0)
        alone = last > limit.end or limit.end == len(context.tokens) or words[0] in (".", ",", ";", ")")
        if not alone or not 0 <= limit.value <= 10:
            return None
        rule = self.measures.predicate(variable, context.span(at, end), limit)
        return self._add("atom", at, last, rule=rule)

    def _counted(self, at: int, limit: Comparison | None) -> int | None:
        """Read "at least 3 episodes of depression": how often something has been; "exactly one prior line" too."""
        context = self.context
        whole = self.ages.in_two_units(at) or (self.lines.at(at) if limit is not None and limit.op == "=" else None)
        if whole is not None:
            return self._measure(whole)
        if limit is None or limit.unit is not None or limit.relative_to is not None or limit.value != int(limit.value):
            return None
        begin = limit.end + (3 if context.norm(limit.end) == "(" and context.norm(limit.end + 2) == ")" else 0)
        end = self._counted_end(begin)
        if end is None:
            return None
        words = [token.norm for token in context.tokens[begin:end] if token.norm not in _UNCOUNTED]
        name = ConceptRef("number of " + " ".join(words), span=context.span(begin, end))
        upper = None if limit.upper is None else tidy(limit.upper)
        span = context.span(at, end)
        rule = Predicate(kind="measurement", concept=name, op=limit.op, value=tidy(limit.value), upper=upper, span=span)
        return self._add("atom", at, end, rule=rule)

    def _counted_end(self, begin: int) -> int | None:
        """Return where the words that name what is counted end; they may say of what, and in what time."""
        context, place = self.context, begin
        while place - begin < 4 and place < len(context.tokens) and context.norm(place) not in _COUNTED:
            if context.tokens[place].kind != "w" or context.norm(place) in _JOINING:
                return None
            place += 1
        if context.norm(place) not in _COUNTED or (context.norm(place) == "days" and place == begin):
            return None
        end = place + 1
        if context.norm(end) in ("of", "with"):
            named = self._named_within(end + 1)
            if named is None and context.norm(end) == "of":
                return None
            end = named if named is not None else end
        return end + 2 if context.norm(end) in ("per", "a", "/", "each") and context.norm(end + 1) in _SPANS else end

    def _named_within(self, at: int) -> int | None:
        """Return the token behind the first name among the next words: "of platinum-based chemotherapy"."""
        for place in range(at, min(at + 5, len(self.context.tokens))):
            named = self.context.named(place)
            if named is not None:
                return named[1]
            if self.context.tokens[place].kind != "w" or self.context.norm(place) in _JOINING:
                return None
        return None

    def _worded(self, at: int, limit: Comparison) -> int | None:
        """
        Read "ASI-3 score above 24": a limit on what no catalogue lists, named by the text's own words.

        Behind a condition ("stenosis > 50 %") the limit is of it, and the condition stays.
        """
        if limit.unit in TIME_UNITS or limit.relative_to == "baseline":
            return None
        ahead = self.context.named(limit.end) if limit.unit is None and limit.relative_to is None else None
        if ahead is not None and isinstance(ahead[0], Concept) and ahead[0].kind in ("drug", "procedure", "condition"):
            return None  # "trial of < 2 antiepileptics": how many of what follows
        last = len(self.found)
        while last and self.found[last - 1].kind == "light" and self.found[last - 1].text in _OF_SCORES:
            last -= 1
        first = last
        while first and last - first < 5 and self.found[first - 1].kind in ("word", "quality"):
            first -= 1
        while first < last and (self.found[first].kind == "quality" or self.found[first].text in _OF_SCORES):
            first += 1
        words = self.found[first:last]
        if words and words[-1].text in _VERBS:
            return None  # "a lesion that measures > 1 cm": of what stands before the verb
        if not words:
            return self._of_condition(at, limit, last)
        name = " ".join(one.text for one in words)
        if (
            any(mark in name for mark in "<>=≤≥")
            or words[0].text[0].isdigit()
            or not any(len(part) > 2 or part.isupper() for part in name.split())
        ):
            return None
        span = (words[0].span[0], words[-1].span[1])
        concept = Variable(name=name, kind="other")
        rule = self.measures.predicate(concept, span, limit)
        start = words[0].first
        del self.found[first:]
        return self._add("atom", start, limit.end, rule=rule)

    def _of_condition(self, at: int, limit: Comparison, last: int) -> int | None:
        before = self.found[last - 1].predicate if last else None
        if (
            before is None
            or before.kind != "condition"
            or before.op != "present"
            or before.concept is None
            or before.concept.span is None
        ):
            return None
        if limit.unit not in ("%", "mm", "cm", "cm2", "mL"):
            return None
        sizes = ("lesion size", "tumor size") if limit.unit in ("mm", "cm") and self._is_tumor(before.name) else ()
        sized = Variable(name=before.name, kind="other", synonyms=sizes)
        rule = self.measures.predicate(sized, before.concept.span, limit)
        both = all_of([before, rule])
        start = self.found[last - 1].first
        del self.found[last - 1 :]
        return self._add("atom", start, limit.end, rule=both)

    def _limited_condition(self, at: int, named: Concept, end: int) -> int | None:
        """Read "neutropenia (< 1,500/mm3)": the limit is of what the condition is too little or too much of."""
        variable = self.context.variables.find(MEASURED_BY.get(named.name, ""))
        place = end + 1 if self.context.norm(end) in ("(", ":", "of") else end
        if variable is None or place >= len(self.context.tokens) or not self.measures.stands_at(place, variable):
            return None
        measure = self.measures.named(at, variable, end)
        if measure is None:
            return None
        both = all_of([self._predicate(named, at, end, "condition"), measure.rule])
        assert both is not None
        return self._add("atom", at, measure.end, rule=both)

    def _history_of(self, at: int, limit: Comparison | None) -> Comparison | None:
        """Read "2-year history" before "of asthma": two years or more, where nothing else is said."""
        context = self.context
        number = context.quantity(at) if limit is None else None
        if number is not None and number.unit in TIME_UNITS:
            limit = Comparison(">=", number.value, None, number.unit, None, number.end, (number.start, number.stop))
        if limit is None or context.norm(limit.end) != "history" or context.norm(limit.end + 1) != "of":
            return None
        return msgspec.structs.replace(limit, end=limit.end + 1)

    def _is_tumor(self, name: str) -> bool:
        return self.context.lexicon.is_a(name, "neoplasm") or name.endswith(("metastases", "metastasis"))

    def _months_of(self, at: int, limit: Comparison | None) -> int | None:
        """Read "no more than 6 months of prior chemotherapy": how long something was taken."""
        context = self.context
        history = self._history_of(at, limit)
        if history is not None:
            limit = history
        if limit is None or limit.unit not in TIME_UNITS or limit.op == "between" or context.norm(limit.end) != "of":
            return None
        place = limit.end + 1
        while context.norm(place) in _TAKEN:
            place += 1
        if history is not None and context.norm(place) in ("symptoms", "symptom"):
            span = context.span(at, place + 1)
            lasted = ConceptRef("symptoms", span=context.span(place, place + 1))
            return self._add("atom", at, place + 1, rule=self.events.lasted(lasted, limit, span))
        named = context.named(place)
        if (
            named is None
            or not isinstance(named[0], Concept)
            or named[0].kind not in ("drug", "procedure", *_LASTING[history is not None or limit.op in (">", ">=")])
            or named[0].ambiguous
        ):
            return None
        name = reference(named[0], context.span(place, named[1]))
        rule = self.events.lasted(name, limit, context.span(at, named[1]))
        return self._add("atom", at, named[1], rule=rule)

    def _recent(self, at: int, limit: Comparison | None) -> TimePhrase | None:
        """Read "recent (< 14 days)": a length that says how recent."""
        if limit is None or limit.unit not in TIME_UNITS or limit.op not in ("<", "<=") or len(self.found) < 2:
            return None
        before = [one for one in self.found if one.kind != "light"][-2:]
        if len(before) < 2 or before[1].kind != "open" or before[0].text.rpartition(" ")[2] not in _RECENT:
            return None
        return TimePhrase("within", limit.end, limit.span, limit.value, limit.unit or "d")

    def _dosed(self, at: int, end: int) -> int | None:
        """Read a dose at a token behind its drug, or before it ("> 10 mg/day of prednisone")."""
        if not self.found:
            return self._dose_first(at, end)
        place = len(self.found) - 1
        while (
            place >= 0
            and self.found[place].kind in ("light", "quality", "open", "comma", "over", "word")
            and len(self.found) - place < 5
        ):
            if self.found[place].kind == "word" and self.found[place].text not in _DOSE_FILLERS:
                break
            place -= 1
        drug = self.found[place].predicate if place >= 0 else None
        if drug is None or drug.kind != "drug" or drug.op != "present":
            return self._dose_first(at, end)
        dosed = self._with_dose(drug, at)
        if dosed is None:
            return None
        opened = any(one.kind == "open" for one in self.found[place + 1 :])
        if opened:
            return None
        del self.found[place + 1 :]
        self.found[place] = Element(
            "atom",
            self.found[place].text,
            (self.found[place].span[0], self.context.tokens[end - 1].end),
            self.found[place].first,
            end,
            dosed,
        )
        return end

    def _dose_first(self, at: int, end: int) -> int | None:
        place = end
        while (
            self.context.norm(place) in ("of", "a", "the", "oral", "daily", "systemic", "per", "day")
            and place - end < 4
        ):
            place += 1
        named = self.context.named(place) if place < len(self.context.tokens) else None
        if named is None or not isinstance(named[0], Concept) or named[0].kind != "drug" or named[0].ambiguous:
            return None
        if self.context.comparison(at) is None:
            return None
        drug = self._predicate(named[0], place, named[1])
        dosed = self._with_dose(drug, at)
        return None if dosed is None else self._add("atom", at, named[1], rule=dosed)

    def _with_dose(self, drug: Predicate, at: int) -> Predicate | None:
        limit = self.context.comparison(at)
        number = self.context.quantity(at) if limit is None else None
        code = limit.unit if limit is not None else number.unit if number is not None else None
        unit = unit_of(code) if code else None
        if unit is None or "mass" not in unit.dimension:
            return None
        own = drug.span or (0, 0)
        said = limit.span if limit is not None else (number.start, number.stop) if number is not None else own
        span = (min(own[0], said[0]), max(own[1], said[1]))
        if limit is not None:
            upper = None if limit.upper is None else tidy(limit.upper)
            return msgspec.structs.replace(
                drug, op=limit.op, value=tidy(limit.value), upper=upper, unit=code, span=span
            )
        assert number is not None
        return msgspec.structs.replace(drug, op="=", value=tidy(number.value), unit=code, span=span)
