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

import msgspec

from equipoise.criteria.attach import Attacher
from equipoise.criteria.cues import EMPTY
from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item, either, join, negation, same_names
from equipoise.criteria.scopes import close_of, cut, find, scope_end
from equipoise.criteria.times import TimePhrase
from equipoise.rules.nodes import AnyOf, AtLeast, Left, Not, Predicate, Rule, Unless, all_of, any_of, leaves
from equipoise.terms.cues import word_set

_MODIFIERS = ("quality", "word")
_MODALS = word_set("grammar.modals")
_SEX_DROPS = frozenset(
    (
        "pregnancy",
        "lactation",
        "planning pregnancy",
        "childbearing potential",
        "menopause",
        "contraception",
        "pregnancy test",
        "breastfeeding",
    )
)


class Grammar(Attacher):
    """Reads the elements of one criterion of one side."""

    def criterion(self, elements: Sequence[Element]) -> Rule | None:
        """Return the rule of a whole criterion, or None where nothing was read."""
        rule: Rule | None = None
        for part in cut(elements, "stop"):
            rule = self._sentence_after(rule, part)
        return rule

    def _sentence_after(self, rule: Rule | None, part: Sequence[Element]) -> Rule | None:
        """Return the rule of what was read so far and one sentence more."""
        allowed = find(part, "allow")
        if allowed is not None:
            return self._allowance(rule, part)
        if self.context.norm(part[0].first) in ("note", "nb", "notes", "see") and rule is not None:
            span = (part[0].span[0], part[-1].span[1])
            return all_of([rule, Left(span)])
        part = self._without_voids(part)
        if not part:
            return rule
        excluded = find(part, "exclude")
        read = self._sentence([one for one in part if one.kind != "exclude"])
        if read is None:
            return rule
        if excluded is not None and not self.exclusion:
            read = Not(read)
        if rule is None:
            return read
        return any_of([rule, read]) if self.exclusion else all_of([rule, read])

    @staticmethod
    def _without_voids(part: Sequence[Element]) -> list[Element]:
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

    def _allowance(self, rule: Rule | None, part: Sequence[Element]) -> Rule | None:
        """Read "X are allowed": an exception under Exclusion; under Inclusion it may let more in."""
        span = (part[0].span[0], part[-1].span[1])
        first = find(part, "allow") or 0
        if self.exclusion and rule is not None:
            exception = self._sentence([one for one in part if one.kind != "allow"]) or Left(span)
            return Unless(rule, exception)
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
        whom, condition = self._list(part[:at]), self._list(part[given + 1 :])
        if whom is None or condition is None or isinstance(whom, Left):
            return None
        return any_of([Not(whom), condition])

    def _sentence(self, elements: Sequence[Element]) -> Rule | None:
        must = find(elements, "must")
        if must is not None:
            return self._duty(elements, must)
        at = find(elements, "except", "unless")
        if at is not None and at > 0:
            rule = self._list(elements[:at])
            if rule is not None:
                return self._excepted(rule, elements[at:])
        at = find(elements, "if")
        if at is not None:
            return self._condition(elements, at)
        return self._list(elements)

    def _excepted(self, rule: Rule, elements: Sequence[Element]) -> Rule:
        """Return the rule with what an "except" takes out; a window at the end is of the rule, if it has none."""
        end = self._behind_window(elements)
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
        if rest and rest[-1].kind == "time" and all(fact.window is None for fact in self.facts(rule)):
            time = rest.pop().time
            assert time is not None
            if time.mode in ("within", "at_least"):
                rule = self.windowed(rule, time)
        exceptions = [self._list(part, each=True) for part in self._more_exceptions(rest)]
        exception = any_of([one for one in exceptions if one is not None])
        return Unless(rule, exception or Left(span))

    @staticmethod
    def _behind_window(elements: Sequence[Element]) -> int:
        """Return where a new statement begins behind the window that ends an exception, or the end."""
        for place in range(1, len(elements) - 1):
            if elements[place].kind == "time" and elements[place + 1].kind in ("or", "comma", "and"):
                return place + 1
        return len(elements)

    @staticmethod
    def _more_exceptions(elements: Sequence[Element]) -> list[list[Element]]:
        """Return the parts of "other than X (except Y)": both are taken out."""
        parts: list[list[Element]] = [[]]
        at = 0
        while at < len(elements):
            one = elements[at]
            if one.kind == "open" and at + 1 < len(elements) and elements[at + 1].kind == "except":
                end = close_of(elements, at)
                parts.append(list(elements[at + 2 : end]))
                parts.append([])
                at = end + 1
                continue
            parts[-1].append(one)
            at += 1
        return [part for part in parts if part]

    def _duty(self, elements: Sequence[Element], must: int) -> Rule | None:
        """Read "women of childbearing potential must use contraception": who is not meant need not."""
        given = find(elements[:must], "if")
        if given is not None:
            comma = find(elements[given:must], "comma")
            if comma is None:
                return Left((elements[0].span[0], elements[-1].span[1]))
            condition = self._list(elements[given + 1 : given + comma])
            rest = self._sentence(elements[given + comma + 1 :])
            return None if condition is None or rest is None else any_of([Not(condition), rest])
        subject = self._list(elements[:must])
        duty = self._sentence(elements[must + 1 :])
        if subject is None or duty is None:
            return subject if duty is None else duty
        if not self._people(subject):
            return all_of([subject, duty])
        return any_of([Not(subject), duty])

    def _people(self, subject: Rule) -> bool:
        """Return whether a subject says who is meant, rather than what is measured ("platelets must be …")."""
        return not (
            isinstance(subject, Predicate) and subject.kind in ("measurement", "demographic") and subject.name != "sex"
        )

    def _condition(self, elements: Sequence[Element], at: int) -> Rule | None:
        """Read "X if Y", and "if Y, X"."""
        if any(one.kind not in ("light", "over") for one in elements[:at]):
            rule = self._list(elements[:at])
            span = (elements[at].span[0], elements[-1].span[1])
            given = self._list(elements[at + 1 :]) or Left(span)
            return given if rule is None else all_of([rule, given])
        comma = next((place for place in range(at + 1, len(elements)) if elements[place].kind == "comma"), None)
        if comma is None:
            return self._list(elements)
        given = self._list(elements[at + 1 : comma]) or Left((elements[at].span[0], elements[comma].span[1]))
        rest = self._sentence(elements[comma + 1 :])
        return None if rest is None else any_of([Not(given), rest])

    # Lists

    def _list(self, elements: Sequence[Element], *, each: bool | None = None, negated: bool = False) -> Rule | None:
        """Return the rule of a list; *each*: its things count one by one."""
        reader = _ListReader(self, elements, each=self.exclusion if each is None else each, negated=negated)
        return reader.read()


class _ListReader:
    """Reads one list, element by element."""

    def __init__(self, grammar: Grammar, elements: Sequence[Element], *, each: bool, negated: bool) -> None:
        self.grammar = grammar
        self.elements = list(elements)
        self.each = each or negated
        self.negated = negated
        self.items: list[Item] = []
        self.joint = ""
        self.pending: list[Element] = []
        self.sexes: list[Element] = []
        self.lead: TimePhrase | None = None
        self.since: TimePhrase | None = None
        self.asked: int | str | None = None
        self.fresh = True
        self.swallow = False
        self.both_sexes = False
        self.both_of: list[Element] = []

    def read(self) -> Rule | None:
        """Return the rule of the whole list."""
        at = 0
        while at < len(self.elements):
            at = self._step(at)
        self._flush()
        self._close_sexes()
        if self.lead is not None:
            self._lone_time(self.lead)
        return self._whole()

    def _whole(self) -> Rule | None:
        if isinstance(self.asked, int) and len(self.items) > 1:
            return (
                AtLeast(self.asked, tuple(item.rule for item in self.items))
                if self.asked > 1
                else any_of([item.rule for item in self.items])
            )
        if self.asked == "all":
            return all_of([item.rule for item in self.items])
        rule = join(self.items, each=self.each, doubt=not self.negated)
        return rule

    def _step(self, at: int) -> int:
        one = self.elements[at]
        handler = getattr(self, "_on_" + one.kind, None)
        if handler is not None:
            return int(handler(at, one))
        return at + 1

    # Names, limits and words

    def _on_atom(self, at: int, one: Element) -> int:
        if (
            self.swallow
            and self.joint == ""
            and isinstance(one.rule, Predicate)
            and one.rule.op in ("present", "absent")
        ):
            return at + 1
        rule = one.rule
        assert rule is not None
        if (one.lent or (self.items and self.items[-1].borrowed)) and not self.pending and self.joint:
            rule = self._shared(rule)
        rules = self._qualified(rule)
        span = one.span
        if self.sexes:
            rules = [self._sexed(part) for part in rules]
            self.sexes = []
        if self.lead is not None:
            rules = [self.grammar.windowed(part, self.lead) for part in rules]
        whole = any_of(rules)
        assert whole is not None
        if self.since is not None:
            whole = self.grammar.washed(whole, self.since)
        if self.fresh or self.joint or not self.items:
            self.items.append(Item(self.joint, whole, span, one.lent))
        else:  # a second name with nothing between: both are meant
            last = self.items[-1]
            pair = [Item("", last.rule, last.span), Item("and", whole, span)]
            both = either(pair) if self.each and same_names(pair) else all_of([last.rule, whole])
            assert both is not None
            self.items[-1] = Item(last.joint, both, (last.span[0], span[1]))
        self.joint, self.fresh, self.swallow = "", False, False
        return at + 1

    def _shared(self, rule: Rule) -> Rule:
        """Return a name with the qualifiers of the one that it shares a noun with: "severe hepatic or renal …"."""
        last = self.items[-1].rule if self.items else None
        if (
            not isinstance(rule, Predicate)
            or not isinstance(last, Predicate)
            or rule.kind != last.kind
            or rule.qualifier
        ):
            return rule
        return msgspec.structs.replace(rule, qualifier=last.qualifier, op=last.op)

    def _qualified(self, rule: Rule) -> list[Rule]:
        """Return the rule with the words before it; "recent or planned" make two of it."""
        pending, self.pending = self.pending, []
        return self.grammar.qualified(rule, pending, before=True)

    def _sexed(self, rule: Rule) -> Rule:
        sex = self.sexes[-1].rule
        names = {leaf.name for leaf in self.grammar.facts(rule)}
        if sex is None or names & _SEX_DROPS or self.both_sexes:
            return rule
        both = all_of([sex, rule])
        assert both is not None
        return both

    def _on_sex(self, at: int, one: Element) -> int:
        values = {sex.predicate.value for sex in [*self.sexes, one] if sex.predicate is not None}
        if len(values) > 1:
            self.both_sexes, self.both_of, self.sexes = True, [*self.sexes, one], []
        else:
            self.sexes.append(one)
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
        if self.joint == "" and not any(
            {leaf.name for leaf in self.grammar.facts(item.rule)} & _SEX_DROPS for item in self.items
        ):
            last = self.items[-1]
            both = all_of([last.rule, sex])
            assert both is not None
            self.items[-1] = Item(last.joint, both, last.span)

    def _on_quality(self, at: int, one: Element) -> int:
        self.pending.append(one)
        return at + 1

    def _on_word(self, at: int, one: Element) -> int:
        if not self.swallow:
            self.pending.append(one)
        return at + 1

    def _on_light(self, at: int, one: Element) -> int:
        if self.pending:
            self.pending.append(one)
        return at + 1

    def _on_event(self, at: int, one: Element) -> int:
        return self._on_light(at, one)

    def _on_aged(self, at: int, one: Element) -> int:
        return self._on_light(at, one)

    def _flush(self) -> None:
        """Give the words that wait a place: behind the last name, or in the list."""
        pending, self.pending = self.grammar.trimmed(self.pending), []
        if not pending:
            return
        if self.items and not self.joint and not self.fresh:
            last = self.items[-1]
            rules = self.grammar.qualified(last.rule, pending, before=False)
            self.items[-1] = Item(last.joint, rules[0], (last.span[0], pending[-1].span[1]), last.borrowed)
            return
        if all(one.kind != "word" for one in pending) and all(
            word in EMPTY for one in pending for word in one.text.split()
        ):
            return
        span = (pending[0].span[0], pending[-1].span[1])
        self.items.append(Item(self.joint, Left(span), span))
        self.joint, self.fresh = "", False

    # Joints

    def _joined(self, kind: str) -> None:
        if self.pending and self._carries():
            self.pending.append(Element("joint", kind, self.pending[-1].span, 0, 0))
            return
        self._flush()
        if self.lead is not None and not self.items and kind in ("or", "and"):
            self.items.append(Item("", Left(self.lead.span), self.lead.span))
            self.lead = None
        self.swallow = self.swallow and kind != "stop" and self._only_words_follow()
        if not self.swallow:
            self.fresh = True
        if kind == "comma":
            self.joint = self.joint or kind
        elif kind in ("and", "or"):
            self.joint = "or" if "or" in (kind, self.joint) else kind
        else:
            self.joint = self.joint or kind

    def _carries(self) -> bool:
        """Return whether the words that wait qualify what comes after the joint: "acute or chronic …"."""
        if self.items and not self.joint and not self.fresh:
            return False
        return all(one.kind != "word" for one in self.pending) and any(one.kind == "quality" for one in self.pending)

    def _only_words_follow(self) -> bool:
        return False

    def _on_and(self, at: int, one: Element) -> int:
        self._joined("and")
        return at + 1

    def _on_or(self, at: int, one: Element) -> int:
        self._joined("or")
        return at + 1

    def _on_comma(self, at: int, one: Element) -> int:
        self._joined("comma")
        return at + 1

    def _on_slash(self, at: int, one: Element) -> int:
        self._joined("slash")
        return at + 1

    def _on_but(self, at: int, one: Element) -> int:
        self._joined("and")
        return at + 1

    def _on_dash(self, at: int, one: Element) -> int:
        self._flush()
        return at + 1

    def _on_colon(self, at: int, one: Element) -> int:
        """Read a label and what it stands for: "adequate marrow function: platelets …"."""
        rest = self.elements[at + 1 :]
        if not any(other.kind in ("atom", "admin") for other in rest):
            return at + 1
        if not self.items:
            self.pending, self.fresh = [], True
            return at + 1
        self._flush()
        inner = self.grammar._list(rest, each=self.each, negated=self.negated)
        if inner is not None:
            self._both(inner, rest)
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
        reader = _ListReader(self.grammar, rest, each=True, negated=False)
        reader.asked = int(float(one.text))
        rule = reader.read()
        if rule is not None:
            self._item(rule, rest)
        return len(self.elements)

    # Cues that take a list to their right

    def _inner(self, at: int, end: int, *, each: bool | None = None, negated: bool = False) -> Rule | None:
        return self.grammar._list(self.elements[at:end], each=self.each if each is None else each, negated=negated)

    def _item(self, rule: Rule, elements: Sequence[Element]) -> None:
        if self.lead is not None:
            rule = self.grammar.windowed(rule, self.lead)
        span = (elements[0].span[0], elements[-1].span[1])
        self.items.append(Item(self.joint, rule, span))
        self.joint, self.fresh = "", False

    def _both(self, rule: Rule, elements: Sequence[Element]) -> None:
        """Let *rule* hold beside the last item."""
        last = self.items[-1]
        both = all_of([last.rule, rule])
        assert both is not None
        end = elements[-1].span[1] if elements else last.span[1]
        self.items[-1] = Item(last.joint, both, (last.span[0], end))

    def _on_not(self, at: int, one: Element) -> int:
        if self.grammar.exclusion and one.text.split()[0] in _MODALS:
            return at + 1  # "must not have X" under Exclusion: X keeps out
        following = self.elements[at + 1] if at + 1 < len(self.elements) else None
        if following is not None and following.kind == "quality" and one.text in ("not", "non") and self.fresh:
            self.pending += [one]
            return at + 1
        self._flush_unless_prefix()
        end = scope_end(self.elements, at + 1, "not")
        inside = self.elements[at + 1 : end]
        if inside and next((other for other in inside if other.kind not in ("light", "over")), one).kind == "admin":
            return at + 1  # "not willing to": a person answers all the same
        rule = self._inner(at + 1, end, each=True, negated=True)
        if self.since is not None and rule is not None and not isinstance(rule, Left):
            self._item(self.grammar.washed(rule, self.since), inside)
            self.since = None
            return end
        if rule is None or isinstance(rule, Left):
            span = (one.span[0], inside[-1].span[1] if inside else one.span[1])
            if self.items and not self.joint and not self.fresh:
                last = self.items[-1]
                self.items[-1] = Item(last.joint, self.grammar.noted(last.rule, span), (last.span[0], span[1]))
            elif inside:
                self._item(Not(rule) if rule is not None else Left(span), inside)
            return end
        if self.items and not self.joint and not self.fresh:
            self._both(negation(rule), inside)
        else:
            self._item(negation(rule), inside)
        return end

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
        self.pending = []
        end = scope_end(self.elements, at + 1, "allergy")
        inside = self.elements[at + 1 : end]
        rule = self._inner(at + 1, end, each=True)
        if rule is None:
            span = (one.span[0], inside[-1].span[1] if inside else one.span[1])
            self._item(Left(span), [one, *inside])
        else:
            self._item(self.grammar.allergies(rule, one), [one, *inside])
        return end

    def _on_contraindicated(self, at: int, one: Element) -> int:
        self.pending = []
        end = scope_end(self.elements, at + 1, "allergy")
        inside = self.elements[at + 1 : end]
        rule = self._inner(at + 1, end, each=True)
        if rule is None:
            self._item(Left((one.span[0], (inside or [one])[-1].span[1])), [one, *inside])
        else:
            self._item(self.grammar.marked(rule, "contraindication to"), [one, *inside])
        return end

    def _tail(self, at: int, one: Element, kind: str) -> tuple[Rule | None, int] | None:
        """Return the rule to the right of a cue that follows a name, and where it ends; None where none precedes."""
        if self.swallow:
            return None
        if not self.items or self.joint or self.fresh:
            if self.pending and any(other.kind == "word" for other in self.pending):
                self.pending.append(one)
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

    def _noted(self, at: int, end: int) -> int:
        """Keep the words from one element to another as a qualifier of the last item."""
        inside = self.grammar.trimmed(self.elements[at:end])
        if inside and any(one.kind in ("word", "quality", "event", "atom", "time", "light") for one in inside[1:]):
            last = self.items[-1]
            span = (self.elements[at].span[0], inside[-1].span[1])
            self.items[-1] = Item(last.joint, self.grammar.noted(last.rule, span), (last.span[0], span[1]))
        return end

    def _on_with(self, at: int, one: Element) -> int:
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
            self._on_time(0, inside[-1])
            return end
        if (
            rule is None
            or isinstance(rule, Left)
            or all(fact.kind == "event_time" for fact in self.grammar.facts(rule))
        ):
            return self._noted(at, end)
        facts = self.grammar.facts(rule)
        if len(self.items) > 1 and facts and all(fact.name == "life expectancy" for fact in facts):
            whole = join(self.items, each=self.each, doubt=not self.negated)
            assert whole is not None
            self.items = [Item("", whole, (self.items[0].span[0], self.items[-1].span[1]))]
        self._both(rule, self.elements[at:end])
        return end

    _on_need = _on_with

    def _on_define(self, at: int, one: Element) -> int:
        if not self.items and any(other.kind == "atom" for other in self.elements[at + 1 :]):
            self.pending = []  # a label that the text itself explains
            return at + 1
        return self._on_with(at, one)

    def _on_purpose(self, at: int, one: Element) -> int:
        if not self.items or self.joint or self.fresh:
            return self._on_light(at, one)
        self._flush()
        end = scope_end(self.elements, at + 1, "purpose")
        inside = self.grammar.trimmed(self.elements[at:end])
        if len(inside) > 1:
            span = (one.span[0], inside[-1].span[1])
            for item in self.grammar.alike(self.items):
                item.rule = self.grammar.noted(item.rule, span)
        return end

    def _on_over(self, at: int, one: Element) -> int:
        """Read "chemotherapy for lung cancer": what a treatment is for."""
        last = self.grammar.facts(self.items[-1].rule) if self.items and not self.joint and not self.fresh else []
        ahead = next(
            (other for other in self.elements[at + 1 : at + 6] if other.kind not in ("light", "quality", "word")), None
        )
        if self.items and not self.joint and not self.fresh and self._for_whom(at, one):
            return len(self.elements)
        treats = bool(last) and last[-1].kind in ("drug", "procedure") and one.text == "for"
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
        self._both(rule, self.elements[at:end])
        return end

    def _for_whom(self, at: int, one: Element) -> bool:
        """Read "negative pregnancy test for women of childbearing potential" at the end: the others need none."""
        rest = self.grammar.trimmed(self.elements[at + 1 :])
        if (
            one.text != "for"
            or not rest
            or any(other.kind not in ("atom", "sex", "light", "quality", "over") for other in rest)
        ):
            return False
        whom = self.grammar._list(rest, each=True)
        facts = self.grammar.facts(whom)
        if (
            whom is None
            or not facts
            or not all(fact.name in ("sex", "childbearing potential", "menopause") for fact in facts)
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
        self._noted(at, end)
        if rule is not None and not isinstance(rule, Left):
            self._both(rule, self.elements[at:end])
        return end

    def _on_example(self, at: int, one: Element) -> int:
        label = not self.items and self.pending
        if label:
            self._flush()
        if not self.items or self.joint:
            return at + 1
        self._flush()
        end = scope_end(self.elements, at + 1, "example")
        if end - 1 > at + 1 and self.elements[end - 1].kind == "time":
            end -= 1  # a window at the end is of all that is listed
        rule = self._inner(at + 1, end, each=True)
        if rule is None:
            return end
        last = self.items[-1]
        if isinstance(rule, Left):
            self.items[-1] = Item(last.joint, last.rule, (last.span[0], rule.span[1]))
            return end
        examples = rule.rules if isinstance(rule, AnyOf) else (rule,)
        joined = any_of([last.rule, *examples])
        assert joined is not None
        self.items[-1] = Item(last.joint, joined, (last.span[0], self.elements[end - 1].span[1]))
        return end

    def _on_except(self, at: int, one: Element) -> int:
        self._flush()
        end = len(self.elements)
        rule = self._inner(at + 1, end, each=True)
        span = (one.span[0], self.elements[-1].span[1])
        if self.items:
            last = self.items[-1]
            self.items[-1] = Item(last.joint, Unless(last.rule, rule or Left(span)), (last.span[0], span[1]))
        else:
            self._item(Left(span), [one])
        return end

    _on_unless = _on_except

    def _on_if(self, at: int, one: Element) -> int:
        return self._on_with(at, one)

    def _on_admin(self, at: int, one: Element) -> int:
        if self.pending and self.items and not self.joint and not self.fresh:
            self._flush()
        self.pending = []
        assert one.rule is not None
        if self.items and not self.joint and not self.fresh:
            if not isinstance(self.items[-1].rule, Predicate) or self.items[-1].rule.kind != "administrative":
                self._both(one.rule, [one])
        else:
            self._item(one.rule, [one])
        self.swallow = True
        return at + 1

    # Times and brackets

    def _on_time(self, at: int, one: Element) -> int:
        time = one.time
        assert time is not None
        if time.mode == "since":
            self.pending = []
            self.since = time
            return at + 1
        before = self.grammar.context.norm(one.first - 1)
        if (
            not self.items
            or self.joint
            or (before in ("diagnosed", "diagnosis") and self.grammar.context.norm(one.last) == "of")
        ):
            self.lead = time
            return at + 1
        self._flush()
        self.grammar.timed(self.items, time, one, negated=self.negated)
        return at + 1

    def _lone_time(self, time: TimePhrase) -> None:
        if not self.items:
            self.items.append(Item("", self.grammar.lone_time(time), time.span))

    def _on_open(self, at: int, one: Element) -> int:
        end = close_of(self.elements, at)
        inside = self.elements[at + 1 : end]
        if inside:
            self._bracket(inside)
        return end + 1

    def _bracket(self, inside: list[Element]) -> None:
        if self.swallow:
            judged = any(
                fact.name == "investigator's judgement"
                for fact in leaves(self.items[-1].rule)
                if isinstance(fact, Predicate)
            )
            if judged and any(one.kind == "atom" for one in inside):
                self._both(Left((inside[0].span[0], inside[-1].span[1])), inside)
            return
        if all(one.kind in ("time", "light", "quality", "with", "over") for one in inside) and any(
            one.kind == "time" for one in inside
        ):
            time = next(one for one in inside if one.kind == "time")
            if self.items and not self.joint and not self.fresh:
                self._flush()
            self._on_time(0, time) if time.time is not None else None
            return
        if not self.items or self.joint or self.fresh:
            self._bracket_before(inside)
            return
        self._flush()
        last = self.items[-1]
        rule = self.grammar.bracketed(last.rule, inside, self.each)
        if self.lead is not None and self.lead.mode == "within":
            rule = self.grammar.windowed(rule, self.lead)
        self.items[-1] = Item(last.joint, rule, (last.span[0], inside[-1].span[1]), last.borrowed)

    def _bracket_before(self, inside: list[Element]) -> None:
        """Read a bracket that no name precedes: what it says stands for the words before it."""
        first = inside[0].kind
        rule = self.grammar._list(inside[1:], each=True) if first == "example" else self.grammar.criterion(inside)
        if rule is None or isinstance(rule, Left):
            return
        words = [one for one in self.pending if one.kind == "word"]
        label = self.grammar.trimmed(self.pending) if words else []
        self.pending = []
        if label and first == "example":
            span = (label[0].span[0], label[-1].span[1])
            examples = any_of([Left(span), rule])
            assert examples is not None
            rule = examples
        self._item(rule, inside)
