"""
From tokens to elements: at each token the reader that can read most reads on.

::

    element = bracket | separator | event-time | age | lines | measure | time | variant | concept | cue | sex
            | quality | light | word

A concept of the lexicon, a variable and a cue compete by length; a shorter name is never found inside a
longer one. "Hepatic or renal impairment" names two conditions: the half that lacks its noun borrows it.
"""

from __future__ import annotations

import msgspec

from equipoise.criteria.ages import AgeReader
from equipoise.criteria.context import Context, Named, codes_of, reference
from equipoise.criteria.cues import CUES, EMPTY, FEMALE, JOINTS, LIGHT, MALE, QUALIFIERS
from equipoise.criteria.elements import Element
from equipoise.criteria.events import EventReader
from equipoise.criteria.limits import Comparison, operator_at, tidy
from equipoise.criteria.measures import Measure, MeasureReader
from equipoise.criteria.related import MEASURED_BY
from equipoise.criteria.times import ISO_UNITS as TIME_UNITS
from equipoise.criteria.times import TimePhrase, TimeReader
from equipoise.criteria.variants import VariantReader
from equipoise.rules.nodes import ConceptRef, Predicate, Rule, all_of
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept
from equipoise.terms.units import unit as unit_of
from equipoise.terms.variables import Variable

_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
_JOINERS = frozenset((",", "or", "and", "/", "and/or", "&"))
_DOSE_FILLERS = word_set("scan.dose_fillers")
_KINDS = {"condition": "condition", "drug": "drug", "procedure": "procedure"}
_TESTS = word_set("scan.tests")
_HEADS = word_set("scan.heads")
_A_CONDITION = Concept("condition", "")
_INVESTIGATED = word_set("scan.investigated")
_COUNTED = word_set("scan.counted")
_CANCERS = word_set("scan.cancers")
_OF_SCORES = word_set("scan.of_scores")
_SPECIMENS = frozenset(("blood", "plasma", "saliva", "serum", "urinary", "urine"))
_RECENT = word_set("scan.recent")
_ALLERGIES = frozenset(("allergies", "allergy", "anaphylaxis", "hypersensitivity", "intolerance"))
_TAKING_PART = word_set("scan.taking_part")
_STUDY = frozenset(("studies", "study", "trial", "trials"))
_STUDY_KINDS = word_set("scan.study_kinds")


class Scanner:
    """Reads the elements of one criterion."""

    def __init__(self, context: Context, *, exclusion: bool) -> None:
        self.context = context
        self.times = TimeReader(context.tokens, context.words, context.lexicon)
        self.measures = MeasureReader(context, exclusion=exclusion)
        self.ages = AgeReader(context)
        self.events = EventReader(context, self.times)
        self.variants = VariantReader(context)
        self.found: list[Element] = []

    def elements(self, first: int = 0) -> list[Element]:
        """Return the elements of the criterion, from the token *first* on."""
        at = first
        while at < len(self.context.tokens):
            at = self._next(at)
        return self.found

    def _add(
        self, kind: str, first: int, last: int, *, rule: Rule | None = None, time: TimePhrase | None = None
    ) -> int:
        tokens = self.context.tokens
        text = " ".join([token.norm for token in tokens[first:last]]) if last - first > 1 else tokens[first].norm
        self.found.append(Element(kind, text, (tokens[first].start, tokens[last - 1].end), first, last, rule, time))
        return last

    def _measure(self, measure: Measure) -> int:
        return self._add("atom", measure.first, measure.end, rule=measure.rule)

    def _next(self, at: int) -> int:
        token = self.context.tokens[at]
        if token.kind == "m":
            return self._mark(at)
        measured = self._staged(at)
        if measured is None:
            measured = self._limit_or_time(at)
        if measured is not None:
            return measured
        if token.kind == "o":
            return self._add("word", at, at + 1)
        return self._name_or_cue(at)

    def _mark(self, at: int) -> int:
        norm = self.context.norm(at)
        if norm in _OPEN:
            return self._add("open", at, at + 1)
        if norm in _CLOSE:
            return self._add("close", at, at + 1)
        if norm == ".":
            return self._add("stop", at, at + 1) if self._ends(at) else self._add("light", at, at + 1)
        if (
            norm == "+"
            and self.found
            and self.found[-1].kind == "atom"
            and self.context.tokens[at].start == self.context.tokens[at - 1].end
        ):
            return self._add("light", at, at + 1)
        return self._add(JOINTS.get(norm, "light"), at, at + 1)

    def _ends(self, at: int) -> bool:
        """Return whether a point ends a sentence."""
        tokens = self.context.tokens
        if at + 1 >= len(tokens):
            return True
        text, start = self.context.source, tokens[at + 1].start
        return start > tokens[at].end and (text[start].isupper() or text[start].isdigit() or tokens[at + 1].kind == "m")

    # Numbers

    def _limit_or_time(self, at: int) -> int | None:
        """Read a limit, an age, lines of treatment or a time that begins at a token with a number or its lead."""
        context, token = self.context, self.context.tokens[at]
        if token.kind == "w" and token.value is None:
            elapsed = self.events.elapsed(at) or self.events.duration(at)
            if elapsed is not None:
                return self._measure(elapsed)
        if token.value is not None:
            flipped = self.measures.flipped(at)
            if flipped is not None:
                return self._measure(flipped)
        lines = (
            self.ages.lines(at)
            if token.value is not None
            or token.kind == "o"
            or token.norm in ("at", "no", "up", "more", "less", "not", "a", "greater", "fewer", "between")
            else None
        )
        if lines is not None:
            return self._measure(lines)
        limit = context.comparison(at)
        if limit is not None:
            read = self.ages.aged_before(at, limit) or self.measures.limited(at, limit)
            if read is not None:
                return self._measure(read)
        counted = self._counted(at, limit)
        if counted is not None:
            return counted
        lasting = self._months_of(at, limit)
        if lasting is not None:
            return lasting
        time = self.times.at(at) or self._recent(at, limit)
        if time is not None and not (time.mode == "when" and self._names_more(at, time)):
            return self._add("time", at, time.end, time=time)
        if limit is not None and (
            token.kind != "w" or token.value is not None or limit.unit is not None or limit.relative_to
        ):
            return self._dosed(at, limit.end) or self._worded(at, limit) or self._add("word", at, limit.end)
        if limit is not None and (worded := self._worded(at, limit)) is not None:
            return worded
        if token.kind == "n" and not self._named_number(at):
            number = context.quantity(at)
            end = number.end if number is not None else at + 1
            return self._dosed(at, end) or self._add("word", at, end)
        return None

    def _worded(self, at: int, limit: Comparison) -> int | None:
        """
        Read "ASI-3 score above 24": a limit on what no catalogue lists, named by the text's own words.

        Behind a condition ("stenosis > 50 %") the limit is of it, and the condition stays.
        """
        if limit.unit in TIME_UNITS or limit.relative_to == "baseline":
            return None
        last = len(self.found)
        while last and self.found[last - 1].kind == "light" and self.found[last - 1].text in _OF_SCORES:
            last -= 1
        first = last
        while first and last - first < 5 and self.found[first - 1].kind in ("word", "quality"):
            first -= 1
        while first < last and (self.found[first].kind == "quality" or self.found[first].text in _OF_SCORES):
            first += 1
        words = self.found[first:last]
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
        rule = self.measures.predicate(Variable(name=before.name, kind="other"), before.concept.span, limit)
        both = all_of([before, rule])
        start = self.found[last - 1].first
        del self.found[last - 1 :]
        return self._add("atom", start, limit.end, rule=both)

    def _counted(self, at: int, limit: Comparison | None) -> int | None:
        """Read "at least 3 episodes of depression": how often something has been."""
        context = self.context
        if limit is None or limit.unit is not None or limit.relative_to is not None or limit.value != int(limit.value):
            return None
        place = limit.end + (3 if context.norm(limit.end) == "(" and context.norm(limit.end + 2) == ")" else 0)
        begin = place
        while (
            place - begin < 4
            and context.norm(place) not in _COUNTED
            and place < len(context.tokens)
            and context.tokens[place].kind == "w"
        ):
            place += 1
        if context.norm(place) not in _COUNTED or any(
            context.norm(word) in ("of", "or", "and", "in", "for", "with", "the") for word in range(begin, place)
        ):
            return None
        if context.norm(place) == "days" and place == begin:
            return None
        end = place + 1
        named = context.named(end + 1) if context.norm(end) in ("of", "with") else None
        end = named[1] if named is not None else end
        if context.norm(end) in ("per", "a", "/", "each") and context.norm(end + 1) in (
            "day",
            "week",
            "month",
            "year",
            "night",
        ):
            end += 2
        words = [
            token.norm
            for token in context.tokens[begin:end]
            if token.norm not in ("prior", "previous", "past", "documented", "or", "more")
        ]
        name = ConceptRef("number of " + " ".join(words), span=context.span(begin, end))
        upper = None if limit.upper is None else tidy(limit.upper)
        rule = Predicate(
            kind="measurement",
            concept=name,
            op=limit.op,
            value=tidy(limit.value),
            upper=upper,
            span=context.span(at, end),
        )
        return self._add("atom", at, end, rule=rule)

    def _months_of(self, at: int, limit: Comparison | None) -> int | None:
        """Read "no more than 6 months of prior chemotherapy": how long something was taken."""
        context = self.context
        if limit is None or limit.unit not in TIME_UNITS or limit.op == "between" or context.norm(limit.end) != "of":
            return None
        place = limit.end + 1
        while context.norm(place) in (
            "prior",
            "previous",
            "continuous",
            "stable",
            "the",
            "a",
            "treatment",
            "with",
            "therapy",
            "daily",
            "consecutive",
        ):
            place += 1
        named = context.named(place)
        if (
            named is None
            or not isinstance(named[0], Concept)
            or named[0].kind not in ("drug", "procedure")
            or named[0].ambiguous
        ):
            return None
        name = reference(named[0], context.span(place, named[1]))
        rule = Predicate(
            kind="duration",
            concept=name,
            op=limit.op,
            value=tidy(limit.value),
            unit=limit.unit,
            span=context.span(at, named[1]),
        )
        return self._add("atom", at, named[1], rule=rule)

    def _recent(self, at: int, limit: Comparison | None) -> TimePhrase | None:
        """Read "recent (< 14 days)": a length that says how recent."""
        if limit is None or limit.unit not in TIME_UNITS or limit.op not in ("<", "<=") or len(self.found) < 2:
            return None
        before = [one for one in self.found if one.kind != "light"][-2:]
        if len(before) < 2 or before[1].kind != "open" or before[0].text.rpartition(" ")[2] not in _RECENT:
            return None
        return TimePhrase("within", limit.end, limit.span, limit.value, limit.unit or "d")

    def _named_number(self, at: int) -> bool:
        return self.context.named(at) is not None

    def _names_more(self, at: int, time: TimePhrase) -> bool:
        """Return whether a phrase at the token says more than a bare "at screening" ("on dialysis", "post stroke")."""
        named = self.context.named(at)
        return named is not None and named[1] >= time.end

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
        span = (
            (drug.span or (0, 0))[0],
            (limit.span[1] if limit is not None else number.stop if number is not None else 0),
        )
        if limit is not None:
            upper = None if limit.upper is None else tidy(limit.upper)
            return msgspec.structs.replace(
                drug, op=limit.op, value=tidy(limit.value), upper=upper, unit=code, span=span
            )
        assert number is not None
        return msgspec.structs.replace(drug, op="=", value=tidy(number.value), unit=code, span=span)

    # Names and cues

    def _name_or_cue(self, at: int) -> int:
        context = self.context
        special = self._other_study(at) or self._asked(at) or self._tested(at)
        if special is None:
            special = self._borrowed(at)
        if special is not None:
            return special
        named = context.named(at)
        cue = CUES.longest(context.tokens, at)
        if cue is not None and cue[0] == "aged" and (named is None or cue[2] >= named[1] - at):
            aged = self.ages.aged(at, at + cue[2])
            if aged is not None:
                return self._measure(aged)
            return self._add("light" if cue[2] > 1 or context.norm(at) != "age" else "word", at, at + cue[2])
        if named is not None and (
            cue is None or named[1] - at > cue[2] or (named[1] - at == cue[2] and cue[0] in ("over", "with", "admin"))
        ):
            read = self._named(at, *named)
            if read is not None:
                return read
        if cue is not None:
            return self._cue(at, cue)
        return self._plain_word(at)

    def _cue(self, at: int, cue: tuple[str, str, int]) -> int:
        kind, name, length = cue
        if (
            kind in ("exclude", "allow")
            and self.context.norm(at + length) in ("for", "to", "if")
            and self.context.norm(at + length + 1) not in _STUDY_KINDS
            and self.context.norm(at + length) != "if"
        ):
            return self._add("word", at, at + length)
        if kind == "not" and length == 1 and self.context.norm(at) in ("no", "not") and self._limits_follow(at):
            return self._add("word", at, at + 1)
        if kind == "admin":
            span = self.context.span(at, at + length)
            rule = Predicate(kind="administrative", concept=ConceptRef(name, span=span), span=span)
            return self._add("admin", at, at + length, rule=rule)
        if kind == "with" and length == 1 and self.context.norm(at) == "in":
            event = self.context.event(at + 1)
            return self._add("light", at, at + 1 + (event[1] if event else 0))
        return self._add(kind, at, at + length)

    def _limits_follow(self, at: int) -> bool:
        return self.context.comparison(at) is not None

    def _plain_word(self, at: int) -> int:
        norm = self.context.norm(at)
        if norm in FEMALE or norm in MALE:
            return self._sex(at)
        event = self.context.event(at)
        if event is not None and (event[1] > 1 or norm not in LIGHT):
            end = self.context.explain(at + event[1], event[0], at)
            after = self.events.named_duration(at, event[0], end) or self.events.after_event(at, event[0].name, end)
            return self._measure(after) if after is not None else self._add("event", at, end)
        if norm in QUALIFIERS:
            return self._add("quality", at, at + 1)
        if norm in LIGHT or norm in ("of", "for"):
            return self._add("light", at, at + 1)
        return self._back_borrowed(at) or self._none_of(at) or self._add("word", at, at + 1)

    def _none_of(self, at: int) -> int | None:
        """Read "nonpregnant", "nonsmoker"."""
        norm = self.context.norm(at)
        found = self.context.lexicon.longest([norm[3:]], 0) if norm.startswith("non") and len(norm) > 8 else None
        if found is None or found[0].ambiguous or found[0].kind != "condition":
            return None
        rule = self._predicate(found[0], at, at + 1, "condition")
        return self._add("atom", at, at + 1, rule=msgspec.structs.replace(rule, op="absent"))

    def _sex(self, at: int) -> int:
        norm = self.context.norm(at)
        value = "female" if norm in FEMALE else "male"
        span = self.context.span(at, at + 1)
        rule = Predicate(kind="demographic", concept=ConceptRef("sex", span=span), op="=", value=value, span=span)
        return self._add("sex", at, at + 1, rule=rule)

    def _named(self, at: int, named: Named, end: int) -> int | None:
        context = self.context
        if isinstance(named, Variable):
            measure = self.measures.named(at, named, end)
            if measure is not None:
                return self._measure(measure)
            concept = context.lexicon.longest(context.words, at)
            if (
                concept is not None
                and at + concept[1] == end
                and not concept[0].ambiguous
                and concept[0].kind in _KINDS
            ):
                return self._named(at, concept[0], end)
            if end - at == 1 and named.kind not in ("lab", "function") and not context.tokens[at].word.isupper():
                return None  # "systolic function", "stage", "weight loss": no limit, and the word alone names too much
            return self._atom(at, named, end, "measurement")
        if named.kind in ("gene", "variant"):
            variant = self.variants.at(at, named, end)
            return self._measure(variant) if variant is not None else None
        if named.ambiguous:
            return None
        if context.norm(end) == "like" and context.tokens[end].glued:
            return self._add("word", at, end + 1)
        if named.kind == "drug" and context.norm(end) in _ALLERGIES:
            span = context.span(at, end)
            rule = Predicate(kind="allergy", concept=reference(named, span), span=context.span(at, end + 1))
            return self._add("atom", at, end + 1, rule=rule)
        limited = self._limited_condition(at, named, end) if named.kind == "condition" else None
        if limited is not None:
            return limited
        lasting = self.events.named_duration(at, named, end) if named.kind == "condition" else None
        if lasting is not None:
            return self._measure(lasting)
        return self._atom(at, named, end, _KINDS.get(named.kind, "measurement"))

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

    def _atom(self, at: int, named: Named, end: int, kind: str) -> int:
        rule = self._predicate(named, at, end, kind)
        last = self.context.explain(end, named, at)
        self._add("atom", at, end, rule=rule)
        if last > end:
            self.found[-1].last = last
        return last

    def _predicate(self, named: Named, first: int, last: int, kind: str = "drug") -> Predicate:
        span = self.context.span(first, last)
        return Predicate(kind=kind, concept=reference(named, span), span=span)

    def _staged(self, at: int) -> int | None:
        """
        Read "stage IIIB or IV" and "grade 2 or higher".

        A cancer's stage and a toxicity's grade are measured; of another disease the words qualify its name.
        """
        context, word = self.context, self.context.norm(at).rstrip("s")
        op = operator_at(context.tokens, at)
        if op is not None:
            return self._graded_beyond(at, op[1])
        if word not in ("stage", "grade", "class", "type"):
            return None
        variable = self._graded(word)
        scale = variable or context.variables.find("cancer stage")
        place = at + 1 + (context.norm(at + 1) in ("of", "is", ":", "="))
        limit = self.measures.levels_at(place, scale) if scale is not None else None
        if limit is None:
            return None
        if variable is not None and word in ("stage", "grade"):
            end = limit.end
            rule = self.measures.predicate(variable, context.span(at, at + 1), limit)
            return self._add("atom", at, end, rule=rule)
        return self._add("quality", at, limit.end)

    def _graded_beyond(self, at: int, place: int) -> int | None:
        """Read "greater than grade 2": an operator, the word, the level."""
        context = self.context
        while context.norm(place) in (
            "or",
            "equal",
            "to",
            "ctcae",
            "nci",
            "a",
            "ctc",
            "cytotoxicity",
            "toxicity",
            "who",
        ):
            place += 1
        word = context.norm(place).rstrip("s")
        variable = self._graded(word) if word in ("grade", "stage") else None
        level = self.measures.level_at(place + 1, variable) if variable is not None else None
        op = operator_at(context.tokens, at)
        if variable is None or level is None or op is None:
            return None
        limit = Comparison(op[0], level[0], None, None, None, level[1], context.span(at, level[1]), op[2])
        return self._add(
            "atom", at, level[1], rule=self.measures.predicate(variable, context.span(place, place + 1), limit)
        )

    def _graded(self, word: str) -> Variable | None:
        """Return the scale that the criterion speaks of."""
        norms = {token.norm for token in self.context.tokens}
        if word == "grade":
            toxic = norms & {"toxicity", "toxicities", "ctcae", "ctc", "adverse", "nci"}
            return self.context.variables.find("toxicity grade") if toxic else None
        if norms & _CANCERS or any(
            norm.endswith(("carcinoma", "sarcoma", "lymphoma", "melanoma", "blastoma")) for norm in norms
        ):
            return self.context.variables.find("cancer stage")
        return None

    def _other_study(self, at: int) -> int | None:
        """Read "participation in another clinical trial"."""
        context = self.context
        if context.norm(at) not in _TAKING_PART:
            return None
        end = at + 1
        while context.norm(end) in (
            "part",
            "in",
            "concurrently",
            "simultaneously",
            "currently",
            "concurrent",
            "participation",
            "within",
            "or",
            "enrollment",
            "previous",
        ):
            end += 1
        if "in" not in [context.norm(place) for place in range(at, end)]:
            return None
        begin, other = end, False
        while end - begin < 9 and context.norm(end) in _STUDY_KINDS:
            other = other or context.norm(end) in (
                "another",
                "other",
                "any",
                "different",
                "investigational",
                "a",
                "an",
                "concurrent",
                "interventional",
                "clinical",
                "previous",
                "experimental",
                "trials",
                "studies",
                "research",
            )
            end += 1
        last = end
        while last > begin and context.norm(last - 1) not in _STUDY:
            last -= 1
        if last == begin or not other or (context.norm(begin) in ("the", "this") and context.norm(begin + 1) in _STUDY):
            return None
        last = self._of_study(last)
        span = context.span(at, last)
        rule = Predicate(
            kind="procedure",
            concept=ConceptRef("participation in another clinical study", ("clinical trial participation",), span=span),
            span=span,
        )
        return self._add("atom", at, last, rule=rule)

    def _tested(self, at: int) -> int | None:
        """Read "negative test for": what follows is absent; "positive test for" says nothing more than what follows."""
        context = self.context
        if context.norm(at) not in ("negative", "positive", "negatively", "positively"):
            return None
        end = at + 1
        while end - at < 7 and context.norm(end) in _TESTS:
            end += 1
        if context.norm(end) != "for" and not (end > at + 1 and context.norm(end) in ("of", "to")):
            return None
        return self._add("not" if context.norm(at).startswith("negative") else "light", at, end + 1)

    def _of_study(self, at: int) -> int:
        """Pass over "of an investigational drug or device" behind another study."""
        end = at
        while self.context.norm(end) in _INVESTIGATED:
            end += 1
        while end > at and self.context.norm(end - 1) in (
            "or",
            "and",
            "of",
            "with",
            "a",
            "an",
            "the",
            "for",
            "that",
            "involve",
            "involves",
            "using",
            "any",
        ):
            end -= 1
        return end

    def _asked(self, at: int) -> int | None:
        """Read "at least two of the following": how many of a list must hold."""
        context = self.context
        limit = context.comparison(at)
        if limit is not None and limit.op in (">=", ">") and limit.unit is None and limit.relative_to is None:
            value, end = limit.value + (limit.op == ">"), limit.end
        elif context.tokens[at].value is not None:
            value, end = float(context.tokens[at].value or 0), at + 1
        else:
            return None
        while context.norm(end) in ("additional", "other", "major", "minor", "more", "or") and end - at < 8:
            end += 1
        if context.norm(end) not in ("of", "from") or context.norm(end + 1) not in (
            "the",
            "these",
            "following",
            "below",
        ):
            return None
        end += 1
        while (
            context.norm(end)
            in (
                "the",
                "these",
                "following",
                "below",
                "criteria",
                "conditions",
                "symptoms",
                "signs",
                "factors",
                "characteristics",
                "features",
                ":",
            )
            and end - at < 14
        ):
            end += 1
        self.found.append(Element("count", str(int(value)), context.span(at, end), at, end))
        return end

    # "Hepatic or renal impairment"

    def _borrowed(self, at: int) -> int | None:
        """Read a word that lacks the noun which the next name in its list has."""
        context = self.context
        if (
            context.tokens[at].kind != "w"
            or context.norm(at + 1) not in _JOINERS
            or context.norm(at) in EMPTY
            or context.norm(at) in _SPECIMENS
        ):
            return None
        place, words = at, 0
        while context.norm(place + 1) in _JOINERS and words < 5:
            place += 2
            while context.norm(place) in _JOINERS:
                place += 1
            while (
                (context.norm(place) in QUALIFIERS or context.norm(place) in ("other", "any"))
                and context.norm(place + 1) not in _JOINERS
                and context.lexicon.longest(context.words, place) is None
            ):
                place += 1
            if place >= len(context.tokens) or context.tokens[place].kind != "w":
                return None
            words += 1
            concept = context.lexicon.longest(context.words, place, guess=True)
            if concept is not None and concept[1] >= 2:
                return self._borrow(at, context.words[place + 1 : place + concept[1]], concept[0])
            if context.norm(place) in _HEADS or context.norm(place + 1) in _HEADS:
                head = place if context.norm(place) in _HEADS else place + 1
                return self._borrow(at, [context.words[head]], _A_CONDITION)
        return None

    def _borrow(self, at: int, tail: list[str], lender: Concept) -> int | None:
        if lender.kind in ("gene", "variant", "measurement"):
            whole = self.context.lexicon.longest([self.context.words[at], *tail], 0)
            return self._add("word", at, at + 1) if whole is not None and whole[1] == len(tail) + 1 else None
        if lender.kind not in _KINDS or lender.ambiguous:
            return None
        if lender.kind != "drug" and self.context.norm(at) in QUALIFIERS:
            return None
        if tail == ["syndrome"] or tail == ["syndromes"]:
            return None
        for skip in range(len(tail)):
            words = [self.context.words[at], *tail[skip:]]
            found = self.context.lexicon.longest(words, 0, guess=True)
            if found is not None and found[1] == len(words) and not found[0].ambiguous and found[0].kind == lender.kind:
                end = self._add("atom", at, at + 1, rule=self._predicate(found[0], at, at + 1, _KINDS[found[0].kind]))
                self.found[-1].lent = True
                return end
        return None

    def _back_borrowed(self, at: int) -> int | None:
        """Read a noun whose first half stands in the name before it: "liver disease or failure"."""
        if (
            len(self.found) < 2
            or self.found[-1].kind not in ("or", "and", "comma", "slash")
            or self.found[-2].kind != "atom"
        ):
            return None
        before = self.found[-2]
        words = self.context.words[before.first : before.last]
        if len(words) < 2:
            return None
        whole = [*words[:-1], self.context.words[at]]
        found = self.context.lexicon.longest(whole, 0)
        if found is None or found[1] != len(whole) or found[0].ambiguous or found[0].kind not in _KINDS:
            return None
        end = self._add("atom", at, at + 1, rule=self._predicate(found[0], at, at + 1, _KINDS[found[0].kind]))
        self.found[-1].lent = True
        return end


def codes(named: Named) -> dict[str, str]:
    """Return the codes of what is named."""
    return dict(codes_of(named))
