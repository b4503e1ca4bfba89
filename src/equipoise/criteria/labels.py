"""
What says how a list is to be taken: a label before a colon, "any of the following", "at least two of".
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element
from equipoise.criteria.genus import is_genus, listed_as
from equipoise.criteria.join import Item, doubted, negation
from equipoise.criteria.kinds import OF_SOME
from equipoise.criteria.liststate import ListState
from equipoise.rules.nodes import AnyOf, Left, Not, Predicate, Rule, Span, all_of, any_of

# Before a colon, these only name the heading under which old records list.
_LABELS = frozenset(("drug", "procedure", "measurement"))
_WHOM = OF_SOME | {"sex"}
_PARTS = frozenset(
    (
        "part",
        "control",
        "controls",
        "cohort",
        "cohorts",
        "arm",
        "phase",
        "group",
        "substudy",
        "subgroup",
        "module",
        "stage",
        "track",
        "tracks",
        "stratum",
        "donor",
        "donors",
    )
)


class Labels(ListState):
    """Reads labels and how many of a list are asked for."""

    def _on_colon(self, at: int, one: Element) -> int:
        """Read a label and what it stands for: "adequate marrow function: platelets …"."""
        rest = self.elements[at + 1 :]
        if not any(other.kind in ("atom", "admin") for other in rest):
            return self._heads_words(at, rest)
        if not self.items:
            label, self.pending, self.fresh = self.pending, [], True
            if label and _PARTS & {word for other in label for word in other.text.split()}:
                return self._for_part(label, rest)
            return at + 1
        only = self.items[0].rule if len(self.items) == 1 else None
        bare = isinstance(only, Predicate) and only.op == "present" and not only.qualifier and not self.pending
        if bare and isinstance(only, Predicate) and only.kind in _LABELS:
            self.items, self.joint, self.fresh = [], "", True  # "Radiotherapy: no concurrent radiotherapy"
            return at + 1
        self._flush()
        if isinstance(only, Predicate) and self._is_genus(at, only):
            return self._list_as(only, rest)
        one_of = any("one" in other.text.split() or "any" in other.text.split() for other in self.elements[:at])
        inner = self.grammar.list_of(rest, each=self.each or one_of, negated=self.negated)
        if inner is None:
            return len(self.elements)
        told = self._told_of(only, inner, bare=bare) if isinstance(only, Predicate) else None
        if told is not None:
            self.items[0] = Item("", told, (self.items[0].span[0], rest[-1].span[1]))
            return len(self.elements)
        self._one_topic(at)
        if len(self.items) > 1 and self.grammar.exclusion:
            self._both(Left(one.span), [])  # "resection or transplantation: …" heads what follows, perhaps
        if not isinstance(only, Predicate) and isinstance(self.items[0].rule, AnyOf) and not isinstance(inner, AnyOf):
            inner = all_of([inner, Left(one.span)]) or inner  # "A or B: C": a list, perhaps
        topic = self.items[0].rule if len(self.items) == 1 and self.grammar.exclusion and not self.negated else None
        named = isinstance(topic, AnyOf) or (isinstance(topic, Predicate) and topic.kind == "condition")
        if topic is not None and named and isinstance(inner, AnyOf):
            either = all_of([AnyOf((topic, Left(self.items[0].span))), inner])  # of whom is asked, or a heading
            assert either is not None
            self.items[0] = Item(self.items[0].joint, either, (self.items[0].span[0], rest[-1].span[1]))
            return len(self.elements)
        inner = self._perhaps_of_topic(only, inner, one.span)
        self._both(inner, rest)
        return len(self.elements)

    def _told_of(self, topic: Predicate, inner: Rule, *, bare: bool) -> Rule | None:
        """Return what is asked of those whom a topic names, or what denies it, or None where it is neither."""
        if topic.name in _WHOM and topic.op != "absent" and not self.grammar.exclusion:
            return any_of([Not(topic), inner]) or inner  # "women of childbearing potential: negative pregnancy test"
        return inner if bare and self._denies_itself(topic, inner) else None

    def _denies_itself(self, topic: Predicate, inner: Rule) -> bool:
        """Return whether a topic heads that there is none: "Neuropathy: no neuropathy"."""
        facts = self.grammar.facts(inner)
        denied = isinstance(inner, Not) or (isinstance(inner, Predicate) and inner.op == "absent")
        is_a = self.grammar.context.lexicon.is_a
        same = [one.name == topic.name or is_a(one.name, topic.name) for one in facts]
        return topic.kind == "condition" and denied and bool(same) and all(same)

    def _perhaps_of_topic(self, topic: Rule | None, inner: Rule, colon: Span) -> Rule:
        """Return what stands behind a colon, in doubt where what stands before may change what it means."""
        if not isinstance(topic, Predicate):
            return inner
        told = isinstance(inner, (Predicate, AnyOf)) and all(one.op == "present" for one in self.grammar.facts(inner))
        if topic.op == "absent" and told:
            return doubted(inner, colon)  # "no cardiac disorder: heart failure, arrhythmia": denied too, perhaps
        if topic.kind in ("drug", "procedure") and topic.op == "present":
            return all_of([inner, Left(colon)]) or inner  # "Knee MRI: no pacemaker": who has one, or all
        return inner

    def _is_genus(self, at: int, rule: Predicate) -> bool:
        """Return whether the words before a colon only say what is listed: "any of the following cardiac events:"."""
        start = self.elements[0].span[0]
        head = self.grammar.context.text[start : self.elements[at].span[0]]
        return len(self.items) == 1 and self.items[0].rule == rule and is_genus(rule, head, start)

    def _list_as(self, genus: Predicate, rest: list[Element]) -> int:
        inner = self.grammar.list_of(rest, each=True, negated=self.negated or genus.op == "absent")
        if inner is not None:
            self.grammar.waived.append(self.items[0].span)
            last, listed = self.items[0], listed_as(inner, genus)
            listed = negation(listed) if genus.op == "absent" else listed
            self.items[0] = Item(last.joint, listed, (last.span[0], rest[-1].span[1]))
        return len(self.elements)

    def _heads_words(self, at: int, rest: Sequence[Element]) -> int:
        """Doubt a heading of which only words are said: "Surgery: no sequelae"."""
        topic = self.items[0].rule if len(self.items) == 1 else None
        words = any(other.kind == "word" for other in rest)
        if words and isinstance(topic, Predicate) and topic.kind in _LABELS and topic.op == "present":
            self.items[0].rule = doubted(topic, (rest[0].span[0], rest[-1].span[1]))
        return at + 1

    def _one_topic(self, at: int) -> None:
        """Take "Alcohol/substance abuse:" as one heading; of a list with commas nobody can tell."""
        if any(other.kind == "comma" for other in self.elements[:at]) and len(self.items) > 1:
            self._both(Left(self.elements[at].span), [])
        rules = [item.rule for item in self.items]
        listed = any(one.kind in ("comma", "and") for one in self.elements[:at])
        if len(rules) > 1 and not listed and self.grammar.exclusion and not self.negated:
            topic = (
                any_of(rules)
                if all(isinstance(rule, Predicate) and rule.kind == "condition" for rule in rules)
                else None
            )
            if topic is not None:
                self.items = [Item("", topic, (self.items[0].span[0], self.items[-1].span[1]))]

    def _for_part(self, label: Sequence[Element], rest: list[Element]) -> int:
        """Read "Part 2: …": it holds for some."""
        inner = self.grammar.list_of(rest, each=self.each, negated=self.negated)
        if inner is not None:
            named = self.grammar.words((label[0].span[0], label[-1].span[1]))
            self._item(self.grammar.peopled(inner, named), rest)
        return len(self.elements)

    def _on_following(self, at: int, one: Element) -> int:
        words = one.text.split()
        if "all" in words or "both" in words or "each" in words:
            self.asked = "all"
        elif {"any", "one", "either", "1"} & set(words):
            self.each = True
        self._flush()
        return at + 1

    def _on_count(self, at: int, one: Element) -> int:
        self._flush()
        rest = self.elements[at + 1 :]
        reader = type(self)(self.grammar, rest, each=True, negated=False)
        reader.asked = int(float(one.text))
        rule = reader.read()
        if rule is not None and len(reader.items) < 2 and float(one.text) > 1:
            rule = doubted(rule, one.span)  # "any 2 of the following": of a list that was read as one thing
        if rule is not None:
            self._item(rule, rest)
        return len(self.elements)
