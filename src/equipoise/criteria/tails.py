"""
What a cue takes in to its right: negations, allergies, causes, purposes, examples, definitions, exceptions.

::

    item = "not" list | "allergy to" list | "contraindication to" list | judgement
    tail = "with" list | "requiring" list | "such as" list | "defined as" list | ("except" | "unless") list
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.beside import any_drug
from equipoise.criteria.cues import EMPTY
from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item, doubted, is_negative, join, negation
from equipoise.criteria.kinds import FERTILE, PLACES
from equipoise.criteria.opposed import affirmed
from equipoise.criteria.reacting import alike
from equipoise.criteria.reasons import MODALS, Reasons
from equipoise.criteria.scopes import or_limit, scope_end
from equipoise.criteria.unaided import unaided
from equipoise.criteria.windows import perhaps
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, all_of, any_of, leaves

_NOW = frozenset(("current", "currently", "presently", "previously", "ongoing"))
# At the head of a statement, these say that a treatment is taken now.
_IN_USE = frozenset(
    (
        "on", "on treatment with", "under treatment with", "receiving", "who are receiving", "who are taking",
        "being treated with", "being treated by",
    )
)  # fmt: skip
_CIRCUMSTANCE = frozenset(("when", "while", "as", "by", "during", "whenever"))
_WILLING = frozenset(
    (
        "willing", "willingness", "able", "ability", "unwilling", "unwillingness", "refusal", "refuse", "refuses",
        "unable", "inability", "agree", "agrees",
    )
)  # fmt: skip
_REQUIRED = ("requiring", "that requir", "which requir")
_SURE = frozenset(("confirmed", "documented", "proven", "established", "diagnosed", "possible", "feasible"))
_WITH_CHILD = frozenset(("pregnancy", "lactation", "planning pregnancy", "breastfeeding", "planning to breastfeed"))
_OBJECTS = frozenset(("to", "of", "in", "against", "on", "due to", "related to", "caused by"))
_ALLERGIES = frozenset(
    ("allergy", "hypersensitivity", "anaphylaxis", "drug allergy", "drug hypersensitivity", "intolerance")
)
_BARE = frozenset(("light", "over", "colon", "following", "event"))


class Tails(Reasons):
    """Reads what cues take in."""

    def _on_not(self, at: int, one: Element) -> int:
        passed = self._not_denying(at, one)
        return self._denied(at, one) if passed is None else passed

    def _not_denying(self, at: int, one: Element) -> int | None:
        """Return where to read on behind a "not" that denies no list: of a promise, a duty, an adjective."""
        if self.willing and self.swallow and not self.joint:
            return at + 1  # "agree to not donate blood"
        if one.text in ("can not", "cannot", "could not") and self.elements[at + 1 :]:
            if self.elements[at + 1].kind == "admin":
                return at + 1  # "cannot comply": a person answers all the same
            self._item(Left((one.span[0], self.elements[-1].span[1])), self.elements[at:])
            return len(self.elements)
        ahead = self.elements[at + 1].kind if at + 1 < len(self.elements) else ""
        unable = one.text.startswith(("cannot", "can not")) and ahead in ("word", "quality") and bool(self.items)
        if self.grammar.exclusion and not MODALS.isdisjoint(one.text.split()[:2]) and not unable:
            self.waived = True
            return at + 1  # "must not have X" under Exclusion: X keeps out
        if one.text.startswith("without") and self._unable(one.first):
            self._flush_unless_prefix()
            self._item(Left((one.span[0], self.elements[-1].span[1])), self.elements[at:])
            self.items[-1].joint = "and"
            return len(self.elements)
        following = self.elements[at + 1] if at + 1 < len(self.elements) else None
        adjective = following is not None and following.kind == "quality" and following.text not in _NOW
        if adjective and one.text in ("not", "non") and self.fresh:
            self.pending += [one]
            return at + 1
        if following is not None and one.text in ("not", "is not", "are not", "not be") and following.text in _SURE:
            if self.items and not self.joint and not self.fresh:
                last, span = self.items[-1], (one.span[0], following.span[1])
                self.items[-1] = Item(last.joint, doubted(last.rule, span), (last.span[0], span[1]))
                return at + 2  # "endoscopy is not possible"
            self.pending.append(msgspec.structs.replace(one, kind="word", text=f"not {following.text}", linked=True))
            return at + 2  # "not confirmed": neither there nor not
        return None

    def _denied(self, at: int, one: Element) -> int:
        self._flush_unless_prefix()
        end = scope_end(self.elements, at + 1, "not")
        if self.each and not self.negated and self.items and not self.joint and not self.fresh:
            end = self._without_until(at, end)
        inside = self.elements[at + 1 : end]
        if inside and next((other for other in inside if other.kind not in ("light", "over")), one).kind == "admin":
            return at + 1  # "not willing to": a person answers all the same
        if inside and next((other for other in inside if other.kind != "light"), one).kind == "cause":
            return self._not_because(at, end)
        rule = self._inner(at + 1, end, each=True, negated=True)
        said = self.since_at < len(self.items) and not self.joint
        if self.since is not None and rule is not None and not isinstance(rule, Left) and not said:
            self._item(self.grammar.washed(rule, self.since), inside)
            self.since = None
            return end
        if rule is None or isinstance(rule, Left):
            span = (one.span[0], inside[-1].span[1] if inside else one.span[1])
            if self.items and not self.joint and not self.fresh:
                self._note_all(span)
            elif inside:
                self._item(Not(rule) if rule is not None else Left(span), inside)
            return end
        denied, ends = negation(rule), next((other for other in inside[::-1] if other.kind not in _BARE), one)
        if ends.kind == "define" and self._by_limits(end - 1):
            rest = self._inner(end, len(self.elements), each=True)
            self._item(doubted(denied if rest is None else All((denied, rest)), ends.span), inside)
            return len(self.elements)
        if self._limits_all(inside, end):
            denied = doubted(denied, self.elements[end].span)  # "no leukemia or bone marrow with > 10 % blasts"
        if not self.each and or_limit(self.elements, end):
            denied = doubted(denied, self.elements[end].span)  # "no cirrhosis or bilirubin > 2": neither
            self.or_doubt = self.elements[end].span
        if self._is_duty(one):
            last = self.items[-1]  # "women of childbearing potential must not be pregnant": the others need not
            some = any_of([Not(last.rule), denied]) or denied
            self.items[-1] = Item(last.joint, some, (last.span[0], inside[-1].span[1]))
        else:
            self._said_besides(denied, one, inside)
        return end

    def _said_besides(self, denied: Rule, one: Element, inside: Sequence[Element]) -> None:
        """Put what is denied beside what stands before it, or on the list."""
        if not self.items or self.joint or self.fresh:
            self._item(denied, inside)
            return
        self._close_since()
        if (told := unaided(self.items[-1].rule, denied, (one.span[0], inside[-1].span[1]))) is not None:
            self.items[-1].rule = told
        else:
            self._both(denied, inside)

    def _flush_unless_prefix(self) -> None:
        """Words before "not" belong to what stands before it, if anything does."""
        if self.items and not self.joint and not self.fresh:
            self._flush()
            return
        words = [one for one in self.pending if one.kind == "word"]
        if words:
            self._flush()
        self.pending = []

    def _on_allergy(self, at: int, one: Element) -> int:
        between = " or " if any(other.kind == "joint" for other in self.pending) else " "
        pending, self.pending = [other for other in self.pending if other.kind == "quality"], []
        if self.each and self.items and not self.joint and not self.fresh:
            self.joint = "or"  # "allergy to A, including allergy to B"
        self._merge_allergy(one)
        end = scope_end(self.elements, at + 1, "allergy")
        inside = self.elements[at + 1 : end]
        any_drug(inside)
        rule = self._inner(at + 1, end, each=True)
        if rule is None:
            span = (one.span[0], inside[-1].span[1] if inside else one.span[1])
            self._item(Left(span), [one, *inside])
        else:
            allergy = self.grammar.allergies(rule, one)
            said = [other.text for other in pending if other.text not in EMPTY]
            allergy = alike(self.grammar.marked(allergy, between.join(said)) if said else allergy, one)
            if self.joint and self.items and self._denies_last():
                self.joint, allergy = "and", negation(allergy)  # "no asthma or allergy to penicillin"
            self._item(allergy, [one, *inside])
        return end

    def _merge_allergy(self, one: Element) -> None:
        """Read "allergic reaction or sensitivity to X" as one statement about X."""
        while self.items and self.joint in ("or", "and", "slash", "comma"):
            last = self.items[-1].rule
            if not isinstance(last, Predicate) or last.kind != "condition":
                break
            if last.name not in _ALLERGIES and not last.name.endswith((" hypersensitivity", " anaphylaxis")):
                break
            self.grammar.waived.append(self.items[-1].span)
            one.text = f"allergy or {one.text}"
            self.joint = self.items.pop().joint
            self.fresh = not self.items

    def _on_with(self, at: int, one: Element) -> int:
        ahead = self.elements[at + 1] if at + 1 < len(self.elements) else one
        done = bool(self.items) and getattr(self.items[-1].rule, "kind", "") == "procedure"
        if done and ahead.text == "possible" and one.text in ("with", "plus"):
            end = scope_end(self.elements, at + 1, "cause")
            self.grammar.waived.append((ahead.span[0], self.elements[end - 1].span[1]))
            self.joint = "" if self.joint == "comma" else self.joint
            return end  # "angiography with possible angioplasty": or without
        self._past_comma(one)
        found = self._tail(at, one, "with")
        if found is None:
            return at + 1
        rule, end = found
        inside = self.grammar.trimmed(self.elements[at + 1 : end])
        if (
            inside
            and inside[-1].kind == "time"
            and all(other.kind in ("light", "quality", "word", "over") for other in inside[:-1])
        ):
            self._noted(at, self.elements.index(inside[-1]))
            self._only_needed(one, self.elements[at + 1 : end - 1])
            self._on_time(0, inside[-1])
            return end
        facts = self.grammar.facts(rule)
        if rule is not None and not facts and not isinstance(rule, Left):
            self._judged(rule, self.elements[end - 1])  # "such that, in the investigator's opinion, …"
            return end
        if rule is None or isinstance(rule, Left) or all(fact.kind == "event_time" for fact in facts):
            return self._noted(at, end)
        if self.negated and (one.kind == "define" or one.text.split()[0] in _CIRCUMSTANCE):
            return self._noted(at, end)  # "negative serology as determined by X": no X is denied
        if len(self.items) > 1 and facts and all(fact.name == "life expectancy" for fact in facts):
            self._as_one(self.items)
        if self.lead is not None and self.lead.mode == "within":
            rule = self.grammar.windowed(rule, self.lead)  # "within 14 days, an ECG with QTc < 440 ms"
        if self._named_by(rule):
            last = self.items[-1]
            self.items[-1] = Item(last.joint, rule, (last.span[0], self.elements[end - 1].span[1]))
            return end
        self._follow(rule, (one.span[0], self.elements[end - 1].span[1]))
        return end

    def _named_by(self, rule: Rule) -> bool:
        """Return whether a tail names what kind of the last item is meant: "infection with HIV"."""
        last, facts = self.items[-1].rule, self.grammar.facts(rule)
        if not isinstance(last, Predicate) or last.qualifier or last.op != "present" or not facts:
            return False
        lexicon = self.grammar.context.lexicon
        return all(fact.op == "present" and lexicon.is_a(fact.name, last.name) for fact in facts)

    def _on_need(self, at: int, one: Element) -> int:
        if self.items and self.joint == "comma" and one.text.startswith(_REQUIRED):
            self.joint, self.fresh = "", False  # "severe infection, requiring antibiotics": of that infection
        ahead = next((other for other in self.elements[at + 1 : at + 5] if other.kind not in ("light", "quality")), one)
        given = ahead.predicate is not None and ahead.predicate.kind in ("drug", "procedure")
        if one.text in _IN_USE and given and (not self.items or self.joint or self.fresh):
            self.pending.append(msgspec.structs.replace(one, kind="quality", text="receiving"))
            return at + 1
        if self.items and self.joint in ("or", "and") and one.text.startswith("requir"):
            words = [other for other in self.elements[at + 1 : at + 4] if other.kind != "stop"]
            if words and all(other.kind == "light" for other in words):
                self._flush()
                self._item(Left((one.span[0], words[-1].span[1])), [one, *words])
                return at + 1 + len(words)  # "unstable and/or requiring treatment"
        before = len(self.items)
        end = self._on_with(at, one)
        inside = self.elements[at + 1 : end]
        if before and len(self.items) == before and inside:
            self._tie(at, end)
            if all(other.kind == "light" for other in inside):
                self._note_all((one.span[0], inside[-1].span[1]))  # "arrhythmia requiring medication"
        return end

    def _on_define(self, at: int, one: Element) -> int:
        if not self.items and self.negated:
            self.pending = []
            self._item(Left((one.span[0], self.elements[-1].span[1])), self.elements[at:])
            return len(self.elements)  # "no evidence of disease based on history": the disease has no name
        following = any(other.kind == "atom" for other in self.elements[at + 1 :])
        if (
            following
            and self.items
            and self.joint in ("", "comma")
            and is_negative(self.items[-1].rule)
            and self._by_limits(at)
        ):
            last = self.items[-1]
            rule = self._inner(at + 1, len(self.elements), each=True)
            self.items[-1] = Item(
                last.joint, doubted(last.rule if rule is None else All((last.rule, rule)), one.span), last.span
            )
            self.joint, self.fresh = "", False
            return len(self.elements)  # "no renal failure, as shown by creatinine > 2": of what is denied
        if one.text in ("is defined as", "are defined as") and self.items and not self.joint and following:
            end = self._on_with(at, one)
            last = self.items[-1]
            self.items[-1] = Item(last.joint, doubted(last.rule, one.span), last.span)
            return end  # it says what a word means, and perhaps asks for nothing
        if not self.items and following:
            self.pending = []  # a label that the text itself explains
            return at + 1
        if self.items and self.joint == "comma":
            self.joint, self.fresh = "", False
        elif self.items and not self.joint and one.text in ("that is", "that are") and not following:
            return at + 1  # "angina that is not controlled by medication"
        end = self._on_with(at, one)
        self._decided(one)
        return end

    def _on_example(self, at: int, one: Element) -> int:
        if self.willing and self.swallow and not self.joint:
            end = scope_end(self.elements, at + 1, "example")
            self.grammar.waived.append((one.span[0], self.elements[end - 1].span[1]))
            return end  # "agrees to refrain from surgery, such as …": of the promise
        label = not self.items and self.pending
        if label:
            self._flush()
        if self.items and self.joint == "comma":
            self.joint, self.fresh = "", False
        if not self.items or self.joint:
            return at + 1
        self._flush()
        end = scope_end(self.elements, at + 1, "example")
        if end > at + 1 and self.elements[at + 1].text in _OBJECTS:
            for other in self.elements[at + 1 : end]:
                other.kind = "light"  # "addiction, especially to stimulants"
            return end
        if end - 1 > at + 1 and self.elements[end - 1].kind == "time":
            end -= 1  # a window at the end is of all that is listed
        rule = self.grammar.each_of(self.elements[at + 1 : end])
        if rule is None:
            return end
        last = self.items[-1]
        if isinstance(rule, Left):
            self.items[-1] = Item(last.joint, last.rule, (last.span[0], rule.span[1]))
            return end
        examples = rule.rules if isinstance(rule, AnyOf) else (rule,)
        joined = self.grammar.exampled(last.rule, examples)
        if not PLACES.isdisjoint(
            word for fact in self.grammar.facts(rule) for said in fact.qualifier for word in said.split()
        ):
            joined = doubted(joined, self.elements[end - 1].span)  # "injection, including A or B in the index knee"
        if end < len(self.elements) and (time := self.elements[end].time) is not None and self._other_kind(last, rule):
            joined = perhaps(self.grammar.windowed(joined, time), joined, self.elements[end].span)
            end += 1  # "acidosis, including hospitalization within 6 months": the time of the example, perhaps
        self.items[-1] = Item(last.joint, joined, (last.span[0], self.elements[end - 1].span[1]))
        return end

    def _other_kind(self, last: Item, examples: Rule) -> bool:
        """Return whether the last example is of another kind than what it is an example of."""
        ours, theirs = self.grammar.facts(last.rule), self.grammar.facts(examples)
        if not ours or not theirs or any(one.window is not None for one in ours):
            return False
        return (ours[-1].kind == "condition") != (theirs[-1].kind == "condition")

    def _on_if(self, at: int, one: Element) -> int:
        return self._on_with(at, one)

    def _denies_last(self) -> bool:
        """Return whether an inclusion denies the last item of a list."""
        return not self.grammar.exclusion and is_negative(self.items[-1].rule)

    def _judged(self, rule: Rule, one: Element) -> None:
        """Let a person judge what stands before: all of a list, since the clause may be said of all of it."""
        listed = self.grammar.alike(self.items)[::-1]
        names = [fact.name for item in listed for fact in self.grammar.facts(item.rule)]
        if names and names[-1] in FERTILE and set(names[:-1]) <= _WITH_CHILD:
            listed = listed[-1:]  # "pregnant, nursing, or of childbearing potential and unwilling to …"
        whole = join(listed, each=self.each, doubt=False)
        assert whole is not None
        if self.clause and len(listed) == 1 and is_negative(whole):
            both: Rule | None = Not(
                All((affirmed(whole), rule))
            )  # "no disease that would interfere": what would is denied
        else:
            both = all_of([whole, rule])
        assert both is not None
        span = (listed[0].span[0], one.span[1])
        self.items[-len(listed) :] = [Item(listed[0].joint, both, span)]

    def _on_admin(self, at: int, one: Element) -> int:
        if self.pending and self.items and not self.joint and not self.fresh:
            self._flush()
        self.pending = []
        assert one.rule is not None
        judged = self.items and any(
            isinstance(leaf, Predicate) and leaf.kind == "administrative" for leaf in leaves(self.items[-1].rule)
        )
        before = {self.grammar.context.norm(one.first - 1), self.grammar.context.norm(one.first - 2)}
        clause = bool(before & {"that", "which", "would", "could", "may", "might"}) or one.text.startswith(
            ("that", "which")
        )
        last_named = self.grammar.facts(self.items[-1].rule)[-1:] if self.items else []
        fertile = bool(last_named) and last_named[0].name in FERTILE
        if (self.joint == "comma" and (judged or clause)) or (self.joint == "and" and self.each and fertile):
            self.joint, self.fresh = "", False  # "in the investigator's opinion, would not comply"
        refuses = one.text.startswith(("un", "non", "ina", "refus", "inc", "poor", "psych", "social"))
        if refuses and self.joint == "or" and self.items and self._denies_last():
            self.joint = "and"  # "must not be pregnant or unwilling": neither
        self.clause = clause
        if self.items and not self.joint and not self.fresh:
            last = self.items[-1].rule
            if not isinstance(last, Predicate) or last.kind != "administrative":
                self._judged(one.rule, one)
        else:
            self._item(one.rule, [one])
        self.swallow = True
        self.clause = clause or "deemed" in one.text
        self.willing = self.willing or one.text.split()[0] in _WILLING
        return at + 1
