"""
The sex that a list names: a limit of the name that follows it, of the whole list, or of nobody.

"Male or female" limits nobody; beside pregnancy the sex says nothing more; "men ≥ 40 years or women ≥ 50 years"
gives each sex its own limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item
from equipoise.rules.nodes import Left, Predicate, Rule, all_of, any_of

if TYPE_CHECKING:
    from equipoise.criteria.grammar import Grammar

# With these, the sex that is named beside them says nothing more.
_SEX_DROPS = frozenset(
    (
        "pregnancy", "lactation", "planning pregnancy", "childbearing potential", "menopause", "contraception",
        "pregnancy test", "serum pregnancy test", "effective contraception",
        "breastfeeding", "highly effective contraception", "dual contraception",
        "planning to breastfeed",
    )
)  # fmt: skip


class Sexes:
    """What a list has read so far, and the sexes that it names."""

    def __init__(self, grammar: Grammar, elements: Sequence[Element], *, each: bool) -> None:
        self.grammar = grammar
        self.elements = list(elements)
        self.each = each
        self.items: list[Item] = []
        self.joint = ""
        self.sexes: list[Element] = []
        self.seen: list[Element] = []
        self.both_sexes = False
        self.both_of: list[Element] = []
        self.sex_at = 0
        self.sex_joint = ""
        self.sex_used = False

    def _sexed(self, rule: Rule) -> Rule:
        sex = self.sexes[-1].rule
        if sex is not None and self.sexes[-1].predicate and self.sexes[-1].predicate.value == "male":
            self.both_of = self.both_of or self.sexes
            if (others := self._men_too(rule)) is not rule:
                return others
        if sex is None or self._says_sex(rule) or self.both_sexes:
            return rule
        both = all_of([sex, rule])
        assert both is not None
        self.sex_used = True
        return both

    def _men_too(self, rule: Rule) -> Rule:
        """Return who is meant by "men or women of childbearing potential": the men as well."""
        men = [one.predicate for one in self.both_of if one.predicate is not None and one.predicate.value == "male"]
        fertile = any(one.name == "childbearing potential" and one.op == "present" for one in self.grammar.facts(rule))
        first = bool(self.both_of) and self.both_of[0].predicate in men
        return any_of([men[0], rule]) or rule if fertile and first else rule

    def _says_sex(self, rule: Rule) -> bool:
        """Return whether a rule is of women alone; of who uses no contraception, both may be asked."""
        if type(rule) is Predicate and rule.op == "absent" and rule.name == "childbearing potential":
            return any(one.kind == "not" for one in self.elements) or self._names_men()  # no man has one, either
        facts = self.grammar.facts(rule)
        spared = self.each and any(one.op == "absent" and one.name.endswith("contraception") for one in facts)
        return not spared and any(one.name in _SEX_DROPS for one in facts)

    def _names_men(self) -> bool:
        named = [one.predicate for one in self.elements if one.kind == "sex"]
        return any(one is None or one.value == "male" for one in named)

    def _on_sex(self, at: int, one: Element) -> int:
        self.seen.append(one)
        values = {sex.predicate.value for sex in self.seen if sex.predicate is not None}
        if len(values) > 1 and not self.sex_used:
            self.both_sexes, self.both_of, self.sexes = True, list(self.seen), []
            for item in self.items[self.sex_at : self.sex_at + 1]:
                item.joint = "and" if item.joint == "or" and self.sex_at and not self.each else item.joint
            if self.sex_at == len(self.items) and self.joint in ("or", "and", "slash"):
                self.joint = self.sex_joint  # "healthy, male or female, aged …": the "or" was between the sexes
        else:
            self.sexes.append(one)
            self.sex_at, self.sex_joint = len(self.items), self.joint
        following = self.elements[at + 1].kind if at + 1 < len(self.elements) else ""
        clause = at + 2 < len(self.elements) and self.elements[at + 2].kind == "with"  # "females, who are pregnant"
        if following == "comma" and not clause and self.each and not self.items and len(self.sexes) == 1:
            self.items.append(Item("", one.rule or Left(one.span), one.span))  # "females, neuropathy"
            self.sexes = []
        return at + 1

    def _close_sexes(self) -> None:
        if self.both_sexes and not self.items:
            either = any_of([one.rule for one in self.both_of if one.rule is not None])
            assert either is not None
            self.items.append(Item("", either, self.both_of[0].span))
        if not self.sexes or self.both_sexes:
            return
        sex = self.sexes[-1].rule
        assert sex is not None
        if not self.items:
            self.items.append(Item("", sex, self.sexes[-1].span))
            return
        # "Aged 18 to 75 years, female": behind the last comma as before it.
        behind = self.joint == "comma" and not self.each and self.sex_at == len(self.items) == 1
        if (behind or self.joint == "") and not any(self._says_sex(item.rule) for item in self.items):
            last = self.items[-1]
            both = all_of([last.rule, sex])
            assert both is not None
            self.items[-1] = Item(last.joint, both, last.span)
