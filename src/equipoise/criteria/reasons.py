"""
Whom, why and how: "for lung cancer", "due to trauma", "by MRI", "in women".

::

    tail = "due to" list | "to treat" words | "by" list | "for" people
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.contraindicated import barred
from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item, doubted, join
from equipoise.criteria.kinds import FERTILE, OF_SOME
from equipoise.criteria.liststate import ANEW, ListState
from equipoise.criteria.names import NEVER_PARTLY
from equipoise.criteria.related import defines
from equipoise.criteria.scopes import passed_over, scope_end
from equipoise.criteria.spells import is_broad, is_spell
from equipoise.rules.nodes import Left, Not, Predicate, Rule, Span, all_of, any_of, changed

DEFINING = frozenset(("ie", "defined as", "defined by", "as defined by", "that is", "namely"))
_OF_WOMEN = frozenset(
    ("pregnancy test", "serum pregnancy test", "pregnancy", "lactation", "contraception", "effective contraception")
)
MODALS = frozenset(("must", "may", "should", "cannot", "can", "will", "would", "shall"))
_MOST_WORDS = 7
# A list of tests may be longer than other words behind a name.
_MOST_TESTS = 24
_NEEDS = ("requir", "need", "necess", "that requir", "which requir", "who requir", "in need")
_BEFORE_NAME = frozenset(("light", "quality", "word", "or", "and", "slash"))


def _name(rule: Rule) -> str:
    return rule.name if isinstance(rule, Predicate) else ""


class Reasons(ListState):
    """Reads what says of whom, why and by what means."""

    def _tail(self, at: int, one: Element, kind: str) -> tuple[Rule | None, int] | None:
        """Return the rule to the right of a cue that follows a name, and where it ends; None where none precedes."""
        if self.swallow and kind != "cause":
            return None
        if self.items and self.joint == "comma" and kind in ("define", "cause"):
            self.joint, self.fresh = "", False
        if (not self.items or self.joint or self.fresh) and any(other.kind == "word" for other in self.pending):
            self._flush()  # "neurologic compromise related to …": the words are what it is said of
        if not self.items or self.joint or self.fresh:
            return None
        self._flush()
        last = self.items[-1].rule
        end = scope_end(
            self.elements,
            at + 1,
            kind,
            single=len(self.items) == 1,
            head=last.kind if isinstance(last, Predicate) else "",
        )
        return self._inner(at + 1, end), end

    def _all_ill(self) -> bool:
        """Return whether the list names several conditions and nothing else."""
        listed = [item.rule for item in self.grammar.alike(self.items)]
        ill = [one for one in listed if isinstance(one, Predicate) and one.op == "present" and one.kind == "condition"]
        return len(ill) == len(listed) > 1

    def _without_until(self, at: int, end: int) -> int:
        """Return where "A without B, C or D" stops denying: C goes on with the list of A, if it is of its kind."""
        comma = next((place for place in range(at, end) if self.elements[place].kind == "comma"), end)
        first = next((one.predicate for one in self.elements[at:comma] if one.kind == "atom"), None)
        after = next((one.predicate for one in self.elements[comma:end] if one.kind == "atom"), None)
        last = self.grammar.facts(self.items[-1].rule)[-1:]
        if first is None or after is None or not last or after.kind != last[0].kind or first.kind == after.kind:
            return end
        return comma

    def _unable(self, at: int) -> bool:
        """Return whether words of inability stand before a token: "unable to walk without a stick"."""
        norms = {self.grammar.context.norm(place) for place in range(max(0, at - 6), at)}
        return bool(norms & {"unable", "inability", "cannot", "can't", "incapable"})

    def _past_comma(self, one: Element) -> None:
        """Let what stands behind a comma be said of what stands before it, where it goes on with that."""
        if self.joint == "comma" and len(self.items) == 1 and self._is_subject(one, self.items[0].rule):
            self.joint, self.fresh = "", False
        elif self.joint == "comma" and one.text.startswith("treated") and self._all_ill():
            self._as_one(
                self.grammar.alike(self.items)[::-1]
            )  # "Crohn's disease or ulcerative colitis, treated with infliximab"

    @staticmethod
    def _is_subject(one: Element, rule: Rule) -> bool:
        """Return whether a comma and "with" go on with what stands before: "heart disease, with NYHA II or angina"."""
        if not isinstance(rule, Predicate) or rule.op != "present" or rule.kind != "condition":
            return False
        return one.text == "with" or (rule.name in FERTILE and one.text.startswith("who"))

    def _limits_all(self, inside: Sequence[Element], end: int) -> bool:
        """Return whether "with" and a limit stand behind several things that are denied: of the last, perhaps."""
        several = any(other.kind in ("or", "slash") for other in inside)
        return several and end < len(self.elements) and self.elements[end].kind == "with" and self._by_limits(end)

    def _by_limits(self, at: int) -> bool:
        """Return whether limits stand first behind an element."""
        named = next((other.predicate for other in self.elements[at + 1 :] if other.kind == "atom"), None)
        return named is not None and named.kind == "measurement" and named.op not in ("present", "absent")

    def _as_one(self, listed: Sequence[Item]) -> None:
        """Make one item of the last ones of the list, so that what follows is said of all of them."""
        whole = join(list(listed), each=self.each, doubt=not self.negated)
        assert whole is not None
        self.items[-len(listed) :] = [Item(listed[0].joint, whole, (listed[0].span[0], listed[-1].span[1]))]
        self.joint, self.fresh = "", False

    def _on_contraindicated(self, at: int, one: Element) -> int:
        self.pending = []
        end = scope_end(self.elements, at + 1, "allergy")
        shown = [place for place in range(at + 1, end) if self.elements[place].kind in ("open", "example")]
        end = shown[0] if shown else end
        inside = self.elements[at + 1 : end]
        rule = self._inner(at + 1, end, each=True)
        if rule is None:
            self._item(Left((one.span[0], (inside or [one])[-1].span[1])), [one, *inside])
            return end
        rule = barred(rule, one, self.grammar.words) or doubted(
            self.grammar.marked(rule, "contraindication to"), one.span
        )  # who never had it may have one all the same
        self._item(rule, [one, *inside])
        return end

    def _noted(self, at: int, end: int) -> int:
        """Keep the words from one element to another as a qualifier of the last item."""
        inside = self.grammar.trimmed(self.elements[at:end])
        if inside and any(one.kind in ("word", "quality", "event", "atom", "time", "light") for one in inside[1:]):
            self._note_all((self.elements[at].span[0], inside[-1].span[1]))
        return end

    def _note_all(self, span: Span, most: int = _MOST_WORDS + 1) -> None:
        """Keep words behind a list as a qualifier of all that they may be said of: "A or B that is not controlled"."""
        last = self.items[-1]
        alike = self._limited_alike()
        for item in self.items[:-1]:
            if _name(item.rule) == _name(last.rule) != "" or any(item is other for other in alike):
                item.rule = self.grammar.noted(item.rule, span, most=most)  # "active or past thrombophilia which is …"
        noted = self.grammar.noted(last.rule, span, most=most)
        self.items[-1] = Item(last.joint, noted, (last.span[0], span[1]), comma=last.comma, anew=last.anew)

    def _not_because(self, at: int, end: int) -> int:
        """Read "anemia not due to renal failure": of that cause it is not, and whether there is one is not said."""
        span = (self.elements[at].span[0], self.elements[end - 1].span[1])
        if self.items and not self.joint and not self.fresh:
            self._note_all(span)
        else:
            self._item(Left(span), self.elements[at:end])
        return end

    def _only_needed(self, one: Element, said: Sequence[Element]) -> None:
        """Keep "requiring treatment" before a time, where the treatment has no name."""
        if one.kind == "need" and said and all(other.kind in ("light", "over") for other in said):
            last, span = self.items[-1], (one.span[0], said[-1].span[1])
            self.items[-1] = Item(last.joint, self.grammar.noted(last.rule, span), (last.span[0], span[1]))

    def _decided(self, one: Element) -> None:
        """Let a definition stand for what it defines, where its limits are how that is measured."""
        tail = self.items[-1].tail if self.items else None
        if one.text not in DEFINING or tail is None or not defines(*tail, exclusion=self.grammar.exclusion):
            return
        last, (head, limits) = self.items[-1], tail
        self._waive_before(one)
        window = head.window if isinstance(head, Predicate) else None
        if window is not None:
            limits = changed(limits, lambda leaf: msgspec.structs.replace(leaf, window=leaf.window or window))
        self.items[-1] = Item(last.joint, limits, last.span, comma=last.comma, anew=last.anew)

    def _tie(self, at: int, end: int) -> None:
        """
        Keep "infection requiring antibiotics within 6 weeks" together: an antibiotic for something else is another.

        A disease that lasts and what is taken for it alone need not be tied, where no time says which spell is meant.
        """
        last = self.items[-1]
        if last.tail is None or not isinstance(last.tail[0], Predicate):
            return
        head, tail = last.tail
        given = self.grammar.facts(tail)
        if not isinstance(head, Predicate) or (head.kind, head.op) != ("condition", "present"):
            return
        if not given or any(one.kind not in ("drug", "procedure") or one.op != "present" for one in given):
            return
        time = next((place for place in range(at, end) if self.elements[place].kind == "time"), end)
        timed = time < end or (end < len(self.elements) and self.elements[end].kind == "time")
        lexicon, needs = self.grammar.context.lexicon, self.elements[at].text.startswith(_NEEDS)
        if not timed and not (needs and (is_spell(head, lexicon) or is_broad(given, lexicon))):
            return
        # "Metastases on computed tomography": how they were found; "heart failure on an inotrope" is one that lasts.
        found = any(one.kind == "procedure" for one in given)
        if self.elements[at].text == "on" and (found or not is_spell(head, lexicon)):
            return
        inside = self.elements[at:time]
        said = self.grammar.trimmed(inside) or [self.elements[at]]
        span = (self.elements[at].span[0], said[-1].span[1])
        first = next((one for one in inside if one.kind == "atom"), None)
        if first is not None and len(self.grammar.words(span).split()) > _MOST_WORDS:
            span = (span[0], first.span[1])  # of a long list, the first treatment says enough
        tied = self.grammar.noted(head, span)
        windows = {one.window for one in given}
        if isinstance(tied, Predicate) and tied.window is None and len(windows) == 1:
            tied = msgspec.structs.replace(tied, window=windows.pop())
        rule = all_of([tied, tail])
        assert rule is not None
        self.items[-1] = Item(last.joint, rule, last.span, tail=(tied, tail), comma=last.comma, anew=last.anew)

    def _limited_alike(self) -> list[Item]:
        """Return the plain names of a list that share what follows its last one."""
        named = self.items[-1].rule
        if not isinstance(named, Predicate) or named.op != "present":
            return []
        return [
            item
            for item in self.grammar.alike(self.items)
            if isinstance(item.rule, Predicate)
            and (item.rule.kind, item.rule.op) == (named.kind, "present")
            and item.rule.name not in NEVER_PARTLY
        ]

    def _on_purpose(self, at: int, one: Element) -> int:
        if not self.items or self.joint or self.fresh:
            self.pending.append(msgspec.structs.replace(one, kind="word", linked=True))  # "drugs to treat X" is not X
            return at + 1
        self._flush()
        end = scope_end(self.elements, at + 1, "purpose")
        inside = self.grammar.trimmed(self.elements[at + 1 : end])
        if not inside and "controlled" in one.text:
            inside = [one, *self.elements[at + 1 : end]]  # "not well controlled with medication"
        if inside:
            span = (one.span[0], inside[-1].span[1])
            for item in self.grammar.alike(self.items):
                item.rule = self.grammar.noted(item.rule, span)
        return end

    def _on_light(self, at: int, one: Element) -> int:
        """Read "negative pregnancy test in women"; any other light word is passed over."""
        if one.text == "in" and self.items and not self.joint and not self.fresh and not self.pending:
            facts = self.grammar.facts(self.items[-1].rule)
            if len(self.items) == 1 and all(fact.name in _OF_WOMEN for fact in facts) and self._for_whom(at, one):
                return len(self.elements)
        return super()._on_light(at, one)

    def _on_over(self, at: int, one: Element) -> int:
        """Read "chemotherapy for lung cancer": what a treatment is for."""
        last = self.grammar.facts(self.items[-1].rule) if self.items and not self.joint and not self.fresh else []
        ahead = next((other for other in self.elements[at + 1 : at + 10] if other.kind not in _BEFORE_NAME), None)
        if self.items and not self.joint and not self.fresh and self._for_whom(at, one):
            return len(self.elements)
        treats = bool(last) and last[-1].kind in ("drug", "procedure", "prior_lines") and one.text == "for"
        if (
            treats
            and ahead is not None
            and ahead.predicate is not None
            and ahead.predicate.kind in ("condition", "drug", "procedure")
        ):
            return self._on_purpose(at, one)
        return self._on_light(at, one)

    def _on_by(self, at: int, one: Element) -> int:
        """Read "measurable disease by MRI or CT": how it was found, or by whom."""
        found = self._tail(at, one, "by")
        if found is None:
            return self._on_light(at, one)
        rule, end = found
        facts = self.grammar.facts(rule)
        if (
            rule is None
            or isinstance(rule, Left)
            or not all(fact.kind in ("procedure", "measurement", "drug") for fact in facts)
        ):
            return self._noted(at, end)
        if self.negated:
            self.grammar.waived.append((one.span[0], self.elements[end - 1].span[1]))
            return end  # "negative for influenza by PCR": it is the influenza that is denied
        self._follow(rule, (one.span[0], self.elements[end - 1].span[1]))
        return end

    def _on_shown(self, at: int, one: Element) -> int:
        """Keep "confirmed by CT" as a qualifier of what was found: any other CT says nothing of it."""
        if not self.items or (self.joint and self.joint != "comma"):
            self.pending.append(msgspec.structs.replace(one, kind="word"))
            return at + 1
        self._flush()
        self.joint, self.fresh = "", False
        if self.negated and one.linked:
            self.grammar.waived.append(one.span)
        else:
            self._note_all(one.span, most=_MOST_TESTS)
        return at + 1

    def _for_whom(self, at: int, one: Element) -> bool:
        """Read "negative pregnancy test for women of childbearing potential" at the end: the others need none."""
        rest = self.grammar.trimmed(self.elements[at + 1 :])
        if (
            one.text not in ("for", "in", "among")
            or not rest
            or any(other.kind not in ("atom", "sex", "light", "quality", "over") for other in rest)
        ):
            return False
        whom = self.grammar.list_of(rest, each=True)
        facts = self.grammar.facts(whom)
        if (
            whom is None
            or not facts
            or not all(fact.name in ("sex", "childbearing potential", "menopause", "premenopausal") for fact in facts)
        ):
            return False
        self._flush()
        whole = join(self.items, each=self.each, doubt=not self.negated)
        assert whole is not None
        rule = all_of([whom, whole]) if self.grammar.exclusion else any_of([Not(whom), whole])
        assert rule is not None
        self.items = [Item("", rule, (self.items[0].span[0], rest[-1].span[1]))]
        return True

    def _on_cause(self, at: int, one: Element) -> int:
        found = self._tail(at, one, "cause")
        if found is None:
            return at + 1
        rule, end = found
        listed = self.grammar.alike(self.items)
        if len(listed) > 1 and any(item.joint in ("or", "slash") for item in listed[:-1]):
            for item in listed[1:]:  # "trauma or infection due to surgery": the cause of both, perhaps
                item.rule = self._because(item.rule, at, end)
            self._noted(at, end)
            return end
        self._noted(at, end)
        if rule is not None and not isinstance(rule, Left):
            self._both(rule, self.elements[at:end])
        return end

    def _because(self, rule: Rule, at: int, end: int) -> Rule:
        """Return a rule with the words from one element to another as its qualifier."""
        inside = self.grammar.trimmed(self.elements[at:end])
        return self.grammar.noted(rule, (self.elements[at].span[0], inside[-1].span[1])) if len(inside) > 1 else rule

    def _on_regardless(self, at: int, one: Element) -> int:
        """Pass over "regardless of whether …": it limits nobody; what may be said behind it of the whole is left."""
        self._flush()
        end, more = passed_over(self.elements, at, ANEW)
        inside = self.elements[at + 1 : end]
        for other in inside:
            other.kind = "light"
        if more < end and self.items:
            left = Left((self.elements[more].span[0], inside[-1].span[1]))
            for item in self.grammar.alike(self.items):
                item.rule = all_of([item.rule, left]) or item.rule
        return end

    def _on_except(self, at: int, one: Element) -> int:
        self._flush()
        end = len(self.elements)
        rule = self.grammar.each_of(self.elements[at + 1 : end])
        span = (one.span[0], self.elements[-1].span[1])
        if self.items:
            last = self.items[-1]
            taken = self.grammar.of_cause(rule or Left(span), self.elements[at:])
            excepted = self.grammar.excepting(last.rule, taken, relaxes=one.kind == "unless", negated=self.negated)
            self.items[-1] = Item(last.joint, excepted, (last.span[0], span[1]))
        else:
            self._item(Left(span), [one])
        return end

    _on_unless = _on_except

    def _is_duty(self, one: Element) -> bool:
        """Return whether "must not" follows those of whom it is asked."""
        if (
            self.grammar.exclusion
            or not self.items
            or self.joint
            or self.fresh
            or MODALS.isdisjoint(one.text.split()[:2])
        ):
            return False
        facts = self.grammar.facts(self.items[-1].rule)
        return bool(facts) and all(fact.name in OF_SOME for fact in facts)
