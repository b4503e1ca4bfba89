"""
Brackets: a window, an abbreviation, examples, a definition, an exception, or an aside.
"""

from __future__ import annotations

from equipoise.criteria.elements import Element
from equipoise.criteria.groups import AGES
from equipoise.criteria.join import Item, doubted, is_negative, join
from equipoise.criteria.liststate import ListState
from equipoise.criteria.reasons import DEFINING
from equipoise.criteria.related import defines
from equipoise.criteria.scopes import close_of, find
from equipoise.rules.nodes import All, AnyOf, Left, Predicate, Span, Unless, any_of, leaves
from equipoise.terms.cues import word_set

# Words before limits in brackets, which spell them out: "adequate renal function (creatinine ≤ 1.5 mg/dL)".
_LABELS = word_set("brackets.labels")


class Brackets(ListState):
    """Reads the brackets of a list."""

    def _on_open(self, at: int, one: Element) -> int:
        end = close_of(self.elements, at)
        inside = self.elements[at + 1 : end]
        if inside:
            self._bracket(inside)
        return end + 1

    def _bracket(self, inside: list[Element]) -> None:
        kinds = {one.kind for one in inside}
        whole = (inside[0].span[0], inside[-1].span[1])
        if "allow" in kinds:
            self._allowed(inside, whole)
        elif self.swallow:
            judged = [one for one in leaves(self.items[-1].rule) if isinstance(one, Predicate)]
            if "atom" in kinds and any(one.name == "investigator's judgement" for one in judged):
                self._both(Left(whole), inside)
        elif inside[0].kind == "or":
            self._or_else(inside, whole)
        elif "time" in kinds and kinds <= {"time", "light", "quality", "with", "over"}:
            if self.items and not self.joint and not self.fresh:
                self._flush()
            self._on_time(0, next(one for one in inside if one.kind == "time"))
        elif not self.items or self.joint or self.fresh:
            self._bracket_before(inside)
        else:
            self._flush()
            self._bracket_behind(inside)

    def _or_else(self, inside: list[Element], whole: Span) -> None:
        """Read "(or Zubrod < 2)", "(or within 6 months)": another way to fulfil what stands before it."""
        if not self.items or self.joint or self.fresh:
            words = self.grammar.words(whole)
            self.pending = [one for one in self.pending if one.kind != "quality"]  # "current (or within a year)"
            self.pending.append(Element("word", words, whole, inside[0].first, inside[-1].last))
            return
        self._flush()
        last = self.items[-1]
        other = self.grammar.list_of(inside[1:], each=True)
        if other is None or any(one.kind == "time" for one in inside):
            other = Left(whole)
        rule = any_of([last.rule, other])
        assert rule is not None
        if is_negative(last.rule):
            rule = doubted(last.rule, whole)
        self.items[-1] = Item(last.joint, rule, (last.span[0], whole[1]))

    def _allowed(self, inside: list[Element], whole: Span) -> None:
        """Read "(inhaled ones allowed)", "(eligible if CD4 > 350)": it keeps nobody out, and may let in."""
        self.grammar.waived.append(whole)
        if not self.items:
            return
        last, given = self.items[-1], find(inside, "if")
        if self.grammar.exclusion and given is not None:
            exception = self.grammar.list_of(inside[given + 1 :]) or Left(whole)
            self.items[-1] = Item(last.joint, Unless(last.rule, exception), (last.span[0], whole[1]))
        elif self.grammar.exclusion or self.negated:
            self._both(Left(whole), inside)
        elif given is not None or any(one.kind in ("unless", "except") for one in inside):
            self.items[-1] = Item(last.joint, doubted(last.rule, whole), (last.span[0], whole[1]))

    def _bracket_behind(self, inside: list[Element]) -> None:
        """Read a bracket behind a name."""
        last, words = self.items[-1], self.grammar.words((inside[0].span[0], inside[-1].span[1]))
        if words in AGES:  # "DLCO < 60 % (adults)"
            self.items[-1] = Item(last.joint, self.grammar.peopled(last.rule, words), last.span, comma=last.comma)
            return
        limits = self.grammar.list_of(inside[1:]) if inside[0].text in DEFINING else None
        if limits is not None and defines(last.rule, limits, exclusion=self.grammar.exclusion) and not self.negated:
            self._waive_before(inside[0])
            self.items[-1] = Item(last.joint, limits, (last.span[0], inside[-1].span[1]), comma=last.comma)
            return
        rule = self.grammar.bracketed(last.rule, inside, negated=self.negated)
        if self.lead is not None and self.lead.mode == "within":
            rule = self.grammar.windowed(rule, self.lead)
        if isinstance(rule, Unless) and inside[0].kind in ("except", "unless"):
            if self._excepts_perhaps_all(rule, inside):
                return
        elif isinstance(rule, Unless) and not isinstance(last.rule, Unless) and inside[0].kind == "example":
            self._except_all(rule, inside)
            return
        self.items[-1] = Item(last.joint, rule, (last.span[0], inside[-1].span[1]), last.borrowed)

    def _excepts_perhaps_all(self, rule: Unless, inside: list[Element]) -> bool:
        """Read "A or B (except C)": C is taken out of B, and perhaps of A; the rule answers where both agree."""
        listed = self.grammar.alike(self.items)[::-1]
        if len(listed) < 2:
            return False
        last = listed[-1]
        whole = join(listed, each=self.each, doubt=False)
        narrow = join([*listed[:-1], Item(last.joint, rule, last.span)], each=self.each, doubt=False)
        assert whole is not None and narrow is not None
        span = (listed[0].span[0], inside[-1].span[1])
        agreed = AnyOf((Unless(whole, rule.exception), All((narrow, Left((inside[0].span[0], span[1]))))))
        self.items[-len(listed) :] = [Item(listed[0].joint, agreed, span)]
        return True

    def _except_all(self, rule: Unless, inside: list[Element]) -> None:
        """Take what a bracket excepts out of all of the list that it explains."""
        listed = self.grammar.alike(self.items)[::-1]
        last = listed[-1]
        whole = join([*listed[:-1], Item(last.joint, rule.rule, last.span)], each=self.each, doubt=False)
        assert whole is not None
        span = (listed[0].span[0], inside[-1].span[1])
        self.items[-len(listed) :] = [Item(listed[0].joint, Unless(whole, rule.exception), span)]

    def _bracket_before(self, inside: list[Element]) -> None:
        """Read a bracket that no name precedes: what it says stands for the words before it."""
        first = inside[0].kind
        if first == "define" and all(one.kind in ("quality", "light", "comma") for one in inside[1:]):
            self.pending += [
                Element("joint", "comma", inside[0].span, 0, 0),
                *[one for one in inside if one.kind == "quality"],
            ]  # "clinically significant (i.e., active) heart disease"
            return
        rule = self.grammar.list_of(inside[1:], each=True) if first == "example" else self.grammar.criterion(inside)
        if rule is None or isinstance(rule, Left):
            return
        if any(one.op not in ("present", "absent") for one in self.grammar.facts(rule)):
            self.grammar.waived += [one.span for one in self.pending if one.text in _LABELS]
        words = [one for one in self.pending if one.kind == "word"]
        label = self.grammar.trimmed(self.pending) if words else []
        self.pending = []
        if not label and first == "example" and self.joint != "comma":
            rule = doubted(rule, (inside[0].span[0], inside[-1].span[1]))  # "… or treatment (including alcohol)"
        if label and first == "example":
            span = (label[0].span[0], label[-1].span[1])
            rule = self.grammar.exampled(Left(span), rule.rules if isinstance(rule, AnyOf) else (rule,))
        elif (
            label
            and first != "define"
            and not any(one.op not in ("present", "absent") for one in self.grammar.facts(rule))
        ):
            rule = doubted(rule, (label[0].span[0], label[-1].span[1]))  # "serious conditions (lung disease)"
        self._item(rule, inside)
