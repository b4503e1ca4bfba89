"""
What an exception makes of the rule that it is taken from.

::

    exception = "except" list      # "no X except Y": Y is taken out of X
              | "unless" list      # what is asked for "unless Y" is not asked of who has Y
              | limit "except" Y   # nor is a limit: "bilirubin < 1.5, except with Gilbert syndrome"
              | "unless due to" Y  # who has Y may have the rest for another cause
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.attach import Attacher
from equipoise.criteria.elements import Element
from equipoise.criteria.join import doubted
from equipoise.rules.nodes import (
    All,
    AnyOf,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    all_of,
    any_of,
    changed,
    children,
    leaves,
)

# Of these it is not said which are meant: "except certain skin cancers".
_VAGUE = frozenset(("selected", "certain", "some", "specific", "particular"))
# What is said of an exception itself: "other than a skin cancer that was excised".
_OVER = frozenset(
    (
        "treated", "resected", "cured", "excised", "removed", "controlled", "treatable", "curable", "inactive",
        "resolved", "operated", "curatively", "surgically", "adequately", "successfully",
    )
)  # fmt: skip
_HEALTHY = frozenset(("healthy", "healthy subject", "healthy volunteer", "healthy adult"))


def exception_span(exception: Rule, rule: Rule) -> Span:
    """Return where an exception stands, as far as that is known."""
    spans = [leaf.span for one in (exception, rule) for leaf in leaves(one) if leaf.span is not None]
    return spans[0] if spans else (0, 0)


def sure_exceptions(rule: Rule) -> Rule:
    """
    Return a rule in which what is taken out of something unread takes out nobody for sure.

    Of "no prior therapy except surgery" the therapy is no name: who had surgery may have had any other, too.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> asthma = Predicate(kind="condition", concept=ConceptRef("asthma"), span=(20, 26))
    >>> sure_exceptions(Unless(Left((0, 8)), asthma)) == Unless(Left((0, 8)), doubted(asthma, (0, 8)))
    True
    """
    return _sure(rule, {}) if _has_exception(rule) else rule


def _has_exception(rule: Rule) -> bool:
    if type(rule) is Predicate or type(rule) is Left:
        return False
    if type(rule) is Unless:
        return True
    rules = rule.rules if type(rule) is AnyOf or type(rule) is All else children(rule)
    return True in [_has_exception(one) for one in rules if type(one) is not Predicate and type(one) is not Left]


def _sure(rule: Rule, done: dict[int, Rule]) -> Rule:
    """Return the rule with its exceptions sure; *done*: what stands in it twice stays one and the same part."""
    if type(rule) is Predicate or type(rule) is Left:
        return rule
    found = done.get(id(rule))
    if found is None:
        if type(rule) is Not:
            found = Not(_sure(rule.rule, done))
        elif type(rule) is Unless:
            found = _surely(_sure(rule.rule, done), _sure(rule.exception, done))
        else:
            found = msgspec.structs.replace(rule, rules=tuple([_sure(one, done) for one in rule.rules]))
        done[id(rule)] = found
    return found


def _surely(wider: Rule, exception: Rule) -> Rule:
    """Return the exception to a rule, in doubt where what it is taken from was not read."""
    unread = next((leaf.span for leaf in leaves(wider) if type(leaf) is Left), None)
    if unread is None or not any(type(leaf) is Predicate for leaf in leaves(exception)):
        return Unless(wider, exception)
    return Unless(wider, doubted(exception, unread))


class Exceptions(Attacher):
    """Takes exceptions out of rules, for the grammar of one criterion."""

    def excepting(self, rule: Rule, exception: Rule, *, relaxes: bool, negated: bool = False) -> Rule:
        """
        Return a rule with its exception.

        "No X except Y" takes Y out of X. What is asked for "unless Y" is not asked of who has Y.
        """
        if not self.exclusion and not negated and (relaxes or self._only_limits(rule)):
            either = any_of([rule, exception])
            assert either is not None
            return either
        if not self.exclusion and not negated and self._only_healthy(rule):
            return any_of([rule, Left(exception_span(exception, rule))]) or rule  # "healthy except for asthma"
        exception = self._of_its_kind(exception, rule)
        vague = next((one for one in self.facts(exception) if _VAGUE & set(" ".join(one.qualifier).split())), None)
        if vague is not None:
            exception = all_of([exception, Left(exception_span(exception, rule))]) or exception
        if isinstance(rule, Not):
            return Not(Unless(rule.rule, exception))
        if isinstance(rule, Predicate) and rule.op == "absent":
            return Not(Unless(msgspec.structs.replace(rule, op="present"), exception))
        return Unless(rule, exception)

    def excepted_by(self, rule: Rule, exception: Rule, elements: Sequence[Element]) -> Rule:
        """Return a rule with the exception that some elements state, in doubt where they may say more of the rule."""
        exception = self.of_cause(exception, elements)
        excepted = self.excepting(rule, exception, relaxes=elements[0].kind == "unless")
        clause = self.clause_of_whole(elements)
        return excepted if clause is None else doubted(excepted, clause)

    @staticmethod
    def clause_of_whole(elements: Sequence[Element]) -> Span | None:
        """Return where "X other than Y that was …" says something of X, perhaps, and not of Y."""
        if elements[0].text != "other than":
            return None
        named = False
        for place, one in enumerate(elements):
            words = one.text.split()
            if named and words[0] in ("that", "which") and place + 1 < len(elements):
                if all(other.kind in ("light", "comma") for other in elements[place + 1 :]):
                    return None
                said = {word for other in elements[place : place + 8] for word in other.text.split()}
                return (one.span[0], elements[-1].span[1]) if said.isdisjoint(_OVER) else None
            named = named or one.kind == "atom"
        return None

    def taken_in(self, found: Sequence[tuple[Rule | None, str]], first: str) -> Rule | None:
        """
        Return exceptions, each with the cue that it begins anew by, the *first* of which began them all.

        A kind of what was excepted is none ("skin cancer but melanoma"), nor is what is excluded from it.
        """
        taken: list[Rule] = []
        for one, cue in found:
            facts = [] if one is None or not cue or not taken else self.facts(one)
            inner = cue.startswith("exclud") and "except" in first
            if one is not None and facts and (inner or any(self.narrower(self.facts(taken[-1]), [it]) for it in facts)):
                taken[-1] = Unless(taken[-1], one)
            elif one is not None:
                taken.append(one)
        return any_of(taken)

    def _of_its_kind(self, exception: Rule, rule: Rule) -> Rule:
        """Return an exception in which a treatment among diseases is doubted: "resected, non-invasive carcinoma"."""
        if not isinstance(exception, AnyOf) or {fact.kind for fact in self.facts(rule)} != {"condition"}:
            return exception
        kinds = {fact.kind for fact in self.facts(exception)}
        if "condition" not in kinds or kinds == {"condition"}:
            return exception
        return AnyOf(
            tuple(
                doubted(one, one.span)
                if isinstance(one, Predicate) and one.kind in ("procedure", "drug") and one.span is not None
                else one
                for one in exception.rules
            )
        )

    def _only_limits(self, rule: Rule) -> bool:
        """Return whether a rule only sets limits: what is excepted from them need not meet them."""
        facts = self.facts(rule)
        return bool(facts) and all(
            fact.kind == "measurement"
            and not fact.name.endswith("stage")
            and (fact.op not in ("present", "absent") or "normal" in fact.qualifier)
            for fact in facts
        )

    def _only_healthy(self, rule: Rule) -> bool:
        """Return whether a rule asks for health: who has what is excepted from it is healthy for the rest, perhaps."""
        facts = self.facts(rule)
        return bool(facts) and all(fact.name in _HEALTHY for fact in facts)

    @staticmethod
    def of_cause(exception: Rule, elements: Sequence[Element]) -> Rule:
        """Return what is excepted "unless due to X": who has X may have the rest for another cause."""
        ahead = next((one for one in elements[1:] if one.kind != "light"), elements[0])
        if not elements[0].text.endswith("due to") and ahead.kind != "cause":
            return exception
        return all_of([exception, Left((elements[0].span[0], elements[-1].span[1]))]) or exception

    def taken_out(self, exception: Rule, rule: Rule, span: Span) -> Rule:
        """Return what is allowed beside a rule; of another kind, it takes out nobody for sure."""
        named = self.facts(rule)
        is_a = self.context.lexicon.is_a
        if all(any(is_a(one.name, other.name) for other in named) for one in self.facts(exception)):
            return exception
        return all_of([exception, Left(span)]) or exception

    def swallows(self, exception: Rule, rule: Rule) -> bool:
        """Return whether an exception names all that it is taken from: then more was meant than was read."""
        taken = [fact for fact in self.facts(exception) if not fact.qualifier and fact.op == "present"]
        return any(self.context.lexicon.is_a(fact.name, one.name) for one in taken for fact in self.facts(rule))

    def waive(self, rule: Predicate, span: Span) -> None:
        """Leave out a condition, and the words before it, for the limit that says what it is."""
        start = rule.span[0] if rule.span is not None else span[0]
        self.waived.append((start, span[0]))
        before = self.context.text[max(0, start - 60) : start].lower()
        for said in rule.qualifier:
            place = before.rfind(said)
            if place >= 0:
                first = max(0, start - 60) + place
                self.waived.append((first, first + len(said)))

    def is_kind_of(self, one: Predicate, other: Predicate) -> bool:
        """Return whether a bare name is a kind of another that is asked for in the same way."""
        alike = one.kind == other.kind and one.op == other.op == "present" and not other.qualifier
        return alike and other.window in (None, one.window) and self.context.lexicon.is_a(one.name, other.name)

    def narrower(self, ours: Sequence[Predicate], theirs: Sequence[Predicate]) -> bool:
        """Return whether each name in the bracket is a kind of one that it explains."""
        lexicon = self.context.lexicon
        return all(any(lexicon.is_a(one.name, other.name) for other in ours) for one in theirs)

    @staticmethod
    def without_voids(part: Sequence[Element]) -> list[Element]:
        """Return a sentence without "life expectancy: not specified": neither the words nor what they are said of."""
        kept: list[Element] = []
        for one in part:
            if one.kind != "void":
                kept.append(one)
                continue
            while kept and kept[-1].kind not in ("atom", "stop", "comma"):
                kept.pop()
            if (
                kept
                and kept[-1].kind == "atom"
                and kept[-1].predicate is not None
                and kept[-1].predicate.op == "present"
            ):
                kept.pop()
        return kept

    @staticmethod
    def peopled(rule: Rule, population: str) -> Rule:
        """Return the rule as one that holds only for some."""

        def change(one: Predicate) -> Predicate:
            return (
                one
                if one.population or one.kind == "administrative"
                else msgspec.structs.replace(one, population=population)
            )

        return changed(rule, change)
