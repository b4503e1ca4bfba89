"""
From elements to a rule.

::

    criterion = sentence (stop sentence)*
    sentence  = subject "must" list | list ("except" | "unless") list | list
    list      = item (joint item)*
    item      = quality* name tail*  |  "not" list  |  "allergy to" list  |  limit  |  words
    tail      = time | bracket | "with" list | "due to" list | "such as" list | "defined as" list | words

Nothing that was read over is lost. Words before or behind a name qualify it and are kept in its ``qualifier``;
longer ones stand beside it as `Left`, so that the rule is unknown where they would decide. Words with no
name stand in the list as `Left`. An exception that was not understood is a `Left` exception.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.brackets import Brackets
from equipoise.criteria.elements import Element
from equipoise.criteria.exceptions import Exceptions
from equipoise.criteria.join import Item, doubted, either, extended
from equipoise.criteria.kinds import PEOPLE
from equipoise.criteria.labels import Labels
from equipoise.criteria.opposed import asks_both
from equipoise.criteria.related import explains, is_limit_of
from equipoise.criteria.scopes import behind_window, clause_of_judgement, close_of, cut, find, more_exceptions
from equipoise.criteria.sentences import or_else, ors
from equipoise.criteria.tails import Tails
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, all_of, any_of, leaves

# What is asked "if female" is asked of nobody else.
OF_SOME = frozenset(("sex", "childbearing potential", "menopause", "premenopausal", "sexual activity"))
# Scales of which one is for the old, and one for the young: an age in brackets says of whom it is asked.
_BY_AGE = frozenset(("Karnofsky performance status", "Lansky performance status"))
_EITHER = frozenset(("karnofsky", "lansky"))


class Grammar(Exceptions):
    """Reads the elements of one criterion of one side."""

    def criterion(self, elements: Sequence[Element]) -> Rule | None:
        """Return the rule of a whole criterion, or None where nothing was read."""
        rule: Rule | None = None
        parts = cut(elements, "stop")
        for place, part in enumerate(parts):
            before, rule = rule, self._sentence_after(rule, part)
            if place and not self.exclusion and ors(parts[place - 1], part):
                rule = or_else(before, self._sentence(part), part, only=place == 1) or rule
        if isinstance(rule, All) and asks_both(rule):
            return doubted(rule, (elements[0].span[0], elements[-1].span[1]))
        return rule

    def _sentence_after(self, rule: Rule | None, part: Sequence[Element]) -> Rule | None:
        """Return the rule of what was read so far and one sentence more."""
        kinds = {one.kind for one in part}
        bracketed = "allow" in kinds and part[0].kind == "open" and close_of(part, 0) == len(part) - 1
        if bracketed and self.exclusion and not any("required" in one.text for one in part):
            part = part[1:-1]  # "(Inhaled steroids may be used.)"
        if "allow" in kinds and find(part, "allow") is not None:
            return self._allowance(rule, part)
        opener = next((one for one in part if one.kind not in ("light", "dash", "colon")), part[0])
        if self.context.norm(opener.first) in ("note", "nb", "notes", "see") and rule is not None:
            span = (part[0].span[0], part[-1].span[1])
            return all_of([rule, Left(span)])
        part = self.without_voids(part) if "void" in kinds else part
        if not part:
            return rule
        if opener.text == "for" and (some := self._for_some(rule, part)) is not None:
            return some
        excluded = find(part, "exclude") if "exclude" in kinds else None
        kept = self._without_excluded(part, excluded) if "exclude" in kinds else part
        barred = excluded is not None and not self.exclusion
        read = self.list_of(kept, each=True, negated=True) if barred else self._sentence(kept)
        if read is None:
            return rule
        if excluded is not None and not self.exclusion:
            read = Not(read)
        if rule is None:
            return read
        return any_of([rule, read]) if self.exclusion else all_of([rule, read])

    def _for_some(self, rule: Rule | None, part: Sequence[Element]) -> Rule | None:
        """Read "For MCL patients: …": nobody else is asked, and who is meant may not be known."""
        colon = find(part, "colon")
        label = [one for one in part[:colon] if one.kind not in ("light", "over")] if colon else []
        if label and all(one.kind == "sex" or (one.predicate and one.predicate.name in OF_SOME) for one in label):
            whom, rest = any_of([one.rule for one in label if one.rule]), self._sentence(part[(colon or 0) + 1 :])
            if whom is not None and rest is not None:
                some = all_of([whom, rest]) if self.exclusion else any_of([Not(whom), rest])
                return (any_of if self.exclusion else all_of)([one for one in (rule, some) if one is not None])
        if len(label) == 1 and label[0].kind == "word" and self.context.source[slice(*label[0].span)].isupper():
            rule = rule or Left((part[0].span[0], label[0].span[1]))  # "For FOCBP: …": of whom is not known
        named = rule is not None or (not self.exclusion and any(one.kind == "atom" for one in part[: colon or 0]))
        if colon is None or not named:
            return None
        some = self._sentence(part)
        both = all_of([one for one in (rule, some) if one is not None])
        return None if both is None else doubted(both, (part[0].span[0], part[-1].span[1]))

    def _without_excluded(self, part: Sequence[Element], excluded: int | None) -> list[Element]:
        """Return a sentence without "are excluded", and without the "if" of "excluded if": what follows is the list."""
        given = find(part, "if")
        listed = self.exclusion and excluded is not None and given is not None and given > excluded
        return [one for place, one in enumerate(part) if one.kind != "exclude" and not (listed and place == given)]

    def _allowance(self, rule: Rule | None, part: Sequence[Element]) -> Rule | None:
        """Read "X are allowed": an exception under Exclusion; under Inclusion it may let more in."""
        span = (part[0].span[0], part[-1].span[1])
        first = find(part, "allow") or 0
        if self.exclusion and rule is not None:
            exception = self._sentence([one for one in part if one.kind != "allow"]) or Left(span)
            return Unless(rule, self.taken_out(exception, rule, span))
        if self.exclusion:
            inner = find(part, "but", "unless", "except")
            if inner is not None and 0 < inner < first:
                before = self._sentence(part[:inner])
                if before is not None:
                    return Unless(
                        before, self._sentence([one for one in part[inner + 1 :] if one.kind != "allow"]) or Left(span)
                    )
        if rule is None:
            return self._allowed_if(part, first) or Left(span)
        return any_of([rule, Left(span)])

    def _allowed_if(self, part: Sequence[Element], at: int) -> Rule | None:
        """Read "brain metastases allowed if treated": who has them must meet the condition."""
        given = find(part, "if")
        if given is None or given < at:
            return None
        whom, condition = self.list_of(part[:at]), self.list_of(part[given + 1 :])
        if whom is None or condition is None or isinstance(whom, Left):
            return None
        if any(one.op not in ("present", "absent") for one in self.facts(whom)):
            return None
        return any_of([Not(whom), condition])

    def _sentence(self, elements: Sequence[Element]) -> Rule | None:
        kinds = {one.kind for one in elements}
        comma = find(elements, "comma") if "comma" in kinds else None
        if comma is not None and self._says_for_whom(elements[:comma]):
            given, rest = self.list_of(elements[1:comma]), self._sentence(elements[comma + 1 :])
            if given is not None and rest is not None:
                return all_of([given, rest]) if self.exclusion else any_of([Not(given), rest])
        must = find(elements, "must") if "must" in kinds else None
        if must is not None:
            return self._duty(elements, must)
        at = find(elements, "except", "unless") if "except" in kinds or "unless" in kinds else None
        if at is not None and at > 0:
            rule = self.list_of(elements[:at])
            if rule is not None:
                return self._excepted(rule, elements[at:])
        at = find(elements, "if") if "if" in kinds else None
        return self.list_of(elements) if at is None else self._condition(elements, at)

    def _says_for_whom(self, elements: Sequence[Element]) -> bool:
        """Return whether words before a comma say of whom the rest is asked: "for women, …", "in patients with …"."""
        first = elements[0].first if elements else 0
        if self.context.norm(first) not in ("for", "in", "among"):
            return False
        if any(one.kind == "sex" for one in elements) or self.context.norm(first + 1) in PEOPLE:
            return True
        named = [one.predicate for one in elements if one.kind == "atom"]
        return bool(named) and all(one is not None and one.name in OF_SOME for one in named)

    def _excepted(self, rule: Rule, elements: Sequence[Element]) -> Rule:
        """Return the rule with what an "except" takes out; a window at the end is of the rule, if it has none."""
        if (judged := clause_of_judgement(elements)) is not None:
            whole = self._excepted(rule, elements[:judged])
            judgement = elements[judged].rule
            assert judgement is not None
            return Not(All((whole.rule, judgement))) if isinstance(whole, Not) else All((whole, judgement))
        end = behind_window(elements)
        if end < len(elements):
            before = self._excepted(rule, elements[:end])
            after = self._sentence(elements[end + 1 :])
            joined = (
                before
                if after is None
                else any_of([before, after])
                if self.exclusion or elements[end].kind == "or"
                else all_of([before, after])
            )
            assert joined is not None
            return joined
        span, rest = (elements[0].span[0], elements[-1].span[1]), list(elements[1:])
        while rest and rest[-1].kind == "light":
            rest.pop()
        if rest and rest[-1].kind == "time" and any(fact.window is None for fact in self.facts(rule)):
            time = rest.pop().time
            assert time is not None
            if time.mode in ("within", "at_least"):
                rule = self.windowed(rule, time)
        rest, examples = self._without_examples(rest)
        firm = not elements[0].text.endswith((" where", " when", " if"))  # "except where A and B": only with both
        parts = [(self.each_of(part, each=firm), cue) for part, cue in more_exceptions(rest)]
        exception = self.taken_in(parts, elements[0].text)
        if exception is not None and examples:
            exception = self._exemplified(exception, examples)
        exception = Left(span) if exception is None or self.swallows(exception, rule) else exception
        return self.excepted_by(rule, exception, elements)

    def _without_examples(self, elements: list[Element]) -> tuple[list[Element], list[Element]]:
        """Return what is excepted, and the examples at its end: of that, or of what it is taken from."""
        for place, one in enumerate(elements):
            listed = one.kind == "example" or one.text in ("ie", "that is", "namely", "specifically")
            if listed and place and elements[place - 1].kind in ("open", "comma"):
                end = close_of(elements, place - 1) if elements[place - 1].kind == "open" else len(elements)
                return [*elements[: place - 1], *elements[end + 1 :]], elements[place + 1 : end]
        return elements, []

    def _exemplified(self, exception: Rule, elements: Sequence[Element]) -> Rule:
        """Return an exception with its examples: kinds of it are excepted, of others nobody can tell."""
        span = (elements[0].span[0], elements[-1].span[1])
        examples = self.each_of(elements)
        if examples is None:
            return exception
        named = [fact for fact in self.facts(exception) if fact.op == "present"]
        sure = self.narrower(named, self.facts(examples))
        more = examples if sure else all_of([examples, Left(span)])
        return any_of([exception, *([more] if more is not None else [])]) or exception

    def _duty(self, elements: Sequence[Element], must: int) -> Rule | None:
        """Read "women of childbearing potential must use contraception": who is not meant need not."""
        given = find(elements[:must], "if")
        if given is not None:
            comma = find(elements[given:must], "comma")
            if comma is None:
                return Left((elements[0].span[0], elements[-1].span[1]))
            condition = self.list_of(elements[given + 1 : given + comma])
            rest = self._sentence(elements[given + comma + 1 :])
            return None if condition is None or rest is None else any_of([Not(condition), rest])
        if must and elements[must - 1].kind == "colon":
            whole = self.list_of(elements)  # "Joint MRI: must not be pregnant": whoever has one
            return None if whole is None else doubted(whole, elements[must].span)
        subject = self.list_of(elements[:must])
        sexes = {one.predicate.value for one in elements if one.kind == "sex" and one.predicate}
        if len(sexes) > 1 and len({one.kind == "sex" for one in elements[must:]}) > 1:
            whole = all_of([one for one in (subject, self._sentence(elements[must + 1 :])) if one is not None])
            return None if whole is None else doubted(whole, elements[must].span)  # "men must …, and women must …"
        men = next((one.rule for one in elements[:must] if one.predicate and one.predicate.value == "male"), None)
        if men and subject is not None and all(fact.name in OF_SOME - {"sex"} for fact in self.facts(subject)):
            subject = any_of([men, subject])  # "women of childbearing potential and men must …"
        duty = self._sentence(elements[must + 1 :])
        if subject is None or duty is None:
            return subject if duty is None else duty
        joint = next((one.kind for one in reversed(elements[:must]) if one.kind != "light"), "")
        if joint == "or":
            return any_of([subject, duty])  # "must be sterile or must use contraception"
        whom = self.facts(subject)
        if joint == "comma" and not all(fact.name in OF_SOME for fact in whom):
            return doubted(all_of([subject, duty]) or duty, elements[must].span)  # of all, or of whom it names
        if joint == "and" and not self.exclusion:
            return all_of([subject, duty])  # "must have cancer and must have measurable disease"
        if elements[must].text.endswith("required"):
            return doubted(all_of([subject, duty]) or duty, elements[must].span)
        if any(one.op == "absent" for one in self.facts(subject)) or isinstance(subject, Not):
            return doubted(all_of([subject, duty]) or duty, elements[must].span)
        if not self._people(subject) or self._is_thing(subject, elements[:must]):
            return all_of([subject, duty])
        if isinstance(duty, Unless):  # "must be X except if Y": who has Y need not
            duty = any_of([duty.rule, duty.exception]) or duty
        return any_of([Not(subject), duty])

    @staticmethod
    def _is_thing(subject: Rule, elements: Sequence[Element]) -> bool:
        """Return whether a duty is of what one has: "the tumor must be at least 2 cm" is asked of nobody else."""
        people = any(one.text in PEOPLE or one.kind == "sex" for one in elements)
        thing = isinstance(subject, Predicate) and (subject.kind == "procedure" or subject.name == "neoplasm")
        return thing and not people

    def _people(self, subject: Rule) -> bool:
        """Return whether a subject says who is meant, rather than what is measured ("platelets must be …")."""
        return not (
            isinstance(subject, Predicate) and subject.kind in ("measurement", "demographic") and subject.name != "sex"
        )

    def _condition(self, elements: Sequence[Element], at: int) -> Rule | None:
        """Read "X if Y", and "if Y, X"."""
        if any(one.kind not in ("light", "over") for one in elements[:at]):
            rule = self.list_of(elements[:at])
            span = (elements[at].span[0], elements[-1].span[1])
            joint = next((one.kind for one in reversed(elements[:at]) if one.kind != "light"), "")
            if joint == "or" and rule is not None and (other := self._sentence(elements[at:])) is not None:
                return any_of([rule, other])  # "pregnant, or, if fertile, not using contraception"
            given = self.list_of(elements[at + 1 :]) or Left(span)
            some = bool(facts := self.facts(given)) and all(fact.name in OF_SOME for fact in facts)
            if rule is None or self.exclusion or not (some or elements[at].text.startswith("if")):
                return given if rule is None else all_of([rule, given])
            return self.asked_if(rule, given, span)
        comma = next((place for place in range(at + 1, len(elements)) if elements[place].kind == "comma"), None)
        if comma is None or elements[min(comma + 1, len(elements) - 1)].kind in ("or", "and"):
            return self.list_of(elements[at + 1 :] if comma is not None else elements)
        condition = self.list_of(elements[at + 1 : comma], each=False)  # "if A and B": only with both
        given = condition or Left((elements[at].span[0], elements[comma].span[1]))
        rest = self._sentence(elements[comma + 1 :])
        if rest is None:
            return None
        return all_of([given, rest]) if self.exclusion else any_of([Not(given), rest])

    def asked_if(self, rule: Rule, given: Rule, span: Span) -> Rule:
        """Return "X if Y" under Inclusion: who has no Y need not have X, or X counts only with Y."""
        spared = AnyOf((Not(given), rule))
        facts = self.facts(given)
        lone = not self.facts(rule)  # "a parent's consent if under 18"
        if facts and all(fact.name in OF_SOME or (lone and fact.name == "age") for fact in facts):
            return spared
        return AnyOf((All((rule, given)), All((spared, Left(span)))))

    # Lists

    def list_of(self, elements: Sequence[Element], *, each: bool | None = None, negated: bool = False) -> Rule | None:
        """Return the rule of a list; *each*: its things count one by one."""
        reader = ListReader(self, elements, each=self.exclusion if each is None else each, negated=negated)
        return reader.read()

    def each_of(self, elements: Sequence[Element], *, each: bool = True) -> Rule | None:
        """Return the rule of a list of which each counts, "and" too: what is excepted, examples."""
        reader = ListReader(self, elements, each=each, negated=False)
        reader.firm = True
        return reader.read()

    # Brackets

    def bracketed(self, rule: Rule, inside: list[Element], *, negated: bool) -> Rule:
        """Return the rule with what a bracket behind it says."""
        first = next((place for place, one in enumerate(inside) if one.kind not in ("light", "over")), 0)
        cue, span = inside[first].kind, (inside[0].span[0], inside[-1].span[1])
        if cue == "if" and not self.exclusion:
            given = self.list_of(inside[first + 1 :])
            return self.noted(rule, span) if given is None else self.asked_if(rule, given, span)
        if cue in ("except", "unless"):
            exception = self.of_cause(self.each_of(inside[first + 1 :]) or Left(span), inside[first:])
            return self.excepting(rule, exception, relaxes=cue == "unless", negated=negated)
        scaled = isinstance(rule, Predicate) and rule.name in _BY_AGE and not set(self.context.norms) >= _EITHER
        if not self.exclusion and (scaled or inside[first - 1 if first else 0].text in PEOPLE) and cue == "atom":
            given = self.list_of(inside)
            if isinstance(given, Predicate) and given.name == "age":
                return any_of([Not(given), rule]) or rule  # "Karnofsky ≥ 50 % (patients over 16 years)"
        example = cue == "example"
        at = find(inside[first + 1 :], "except") if example else None
        if at and "exclud" in inside[first + 1 + at].text:  # "(e.g. A or B, but excluding C)": C is out of all of it
            kinds, taken = self.each_of(inside[first + 1 : first + 1 + at]), self.each_of(inside[first + at + 2 :])
            if kinds is not None and self.facts(kinds) and taken is not None and self.facts(taken):
                return Unless(self._beside(rule, kinds, span, example=True), taken)
        inner = self.each_of(inside[first + 1 :]) if example else self.criterion(inside)
        if inner is None:
            return self._aside(rule, inside, span)
        if all(isinstance(leaf, Left) for leaf in leaves(inner)):
            return rule if example else self._aside(rule, inside, span)
        if not self.facts(inner) and not example:
            return all_of([rule, inner]) or rule  # "major surgery (as defined by the investigator)"
        return self._beside(rule, inner, span, example=example)

    def _aside(self, rule: Rule, inside: Sequence[Element], span: Span) -> Rule:
        words = [one for one in inside if one.kind in ("word", "quality")]
        if not words or (len(words) == 1 and self.context.source[words[0].span[0] : words[0].span[1]].isupper()):
            return rule
        return self.noted(rule, span)

    def _beside(self, rule: Rule, inner: Rule, span: Span, *, example: bool) -> Rule:
        """Join what a bracket says to what it explains."""
        ours, theirs = self.facts(rule), self.facts(inner)
        limits = any(one.op not in ("present", "absent") for one in theirs)
        names = {one.name for one in ours}
        if theirs and not limits and all(one.name in names for one in theirs):
            return rule
        told = theirs and all(one.name in names for one in theirs)
        if limits and told and not any(one.op != "present" for one in ours):
            return inner
        if example and isinstance(inner, Unless):  # "including A but not including B"
            kinds = inner.rule.rules if isinstance(inner.rule, AnyOf) else (inner.rule,)
            return Unless(self.exampled(rule, kinds), inner.exception)
        if example:
            return self.exampled(rule, inner.rules if isinstance(inner, AnyOf) else (inner,))
        if limits and not example and isinstance(rule, Predicate) and explains(rule, inner):
            if is_limit_of(rule, inner):
                self.waive(rule, span)
                return inner  # "renal insufficiency (creatinine > 2 mg/dL)": the limit is what is meant
            return all_of([rule, inner]) or rule  # "heart failure (NYHA III or IV)": it is graded so
        if limits and isinstance(rule, Predicate) and rule.kind == "condition" and rule.op == "present":
            # "obesity (BMI > 35)": who is over the limit may have it though nobody named it
            return All((AnyOf((rule, Left(rule.span or span))), inner))
        if limits:
            return all_of([rule, inner]) or rule
        if isinstance(rule, Predicate) and isinstance(inner, Predicate) and self.is_kind_of(rule, inner):
            self.waived.append(span)
            return rule  # "filgrastim (G-CSF)": the bracket says of which class it is
        if {one.kind for one in theirs} <= {one.kind for one in ours} and isinstance(inner, (Predicate, AnyOf)):
            listed = inner.rules if isinstance(inner, AnyOf) else (inner,)
            if self.narrower(ours, theirs):
                return extended(rule, listed)
            return either([Item("", rule, span), Item("and", inner, span)], between=span) or rule
        return All((rule, AnyOf((inner, Left(span)))))  # a restriction, or only more of the same


class ListReader(Tails, Brackets, Labels):
    """Reads one list."""
