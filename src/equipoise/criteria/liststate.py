"""
A list being read, element by element: names, limits, words and the joints between them.

::

    list = item (joint item)*
    item = quality* name words*

Words that wait go to the name that follows them, or to the one before; where there is none, they stand in the
list as `Left`. What a cue takes in to its right is read in `equipoise.criteria.tails`, brackets in
`equipoise.criteria.brackets`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.cues import EMPTY, FEMALE
from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item, doubted, join
from equipoise.criteria.kinds import PEOPLE, PLACES
from equipoise.criteria.wholes import Wholes
from equipoise.rules.nodes import Left, Predicate, Rule, Span, all_of

if TYPE_CHECKING:
    from equipoise.criteria.grammar import Grammar

# Between two names, these make the second a part of the first: "radiotherapy to the target lesion".
_LINKS = frozenset(("to", "of", "as", "from", "against", "into", "per", "in", "on", "at"))
_TREATMENTS = frozenset(
    (
        "treatment", "treatments", "therapy", "therapies", "treated", "medication", "medications", "drugs", "drug",
        "eligible", "eligibility", "criteria", "criterion", "candidate", "candidates", "plan", "plans",
    )
)  # fmt: skip
# "Patients with A and patients with B" are kept out, the ones and the others.
# What begins a statement of its own: "immunodeficiency or is receiving steroids within 7 days".
ANEW = frozenset(
    ("or is", "or are", "or has", "or have", "or had", "or who are", "or who have", "or who has", "or having")
)
_STATUS = frozenset(("positive", "negative", "normal", "abnormal", "elevated", "low", "high", "detectable"))
_LEVELS = frozenset(("stage", "stages", "grade", "grades", "class", "type"))
_WHENEVER = frozenset(("current", "currently", "actively", "presently", "previously", "prior", "previous", "recently"))
_STOPS = frozenset(("stop", "except", "unless", "must", "if", "close"))


class ListState(Wholes):
    """A list being read: its items, and the words, times and joints that wait for the next."""

    # What reads each kind of element: the methods that are named after it.
    _handlers: ClassVar[dict[str, Callable[[Any, int, Element], int]]] = {}

    def __init_subclass__(cls) -> None:
        cls._handlers = {name.removeprefix("_on_"): getattr(cls, name) for name in dir(cls) if name.startswith("_on_")}

    def __init__(self, grammar: Grammar, elements: Sequence[Element], *, each: bool, negated: bool) -> None:
        super().__init__(grammar, elements, each=each or negated)
        self.negated = negated
        self.since: TimePhrase | None = None
        self.since_at = 0
        self.waived = False
        self.or_doubt: Span | None = None
        self.fresh = True

    def read(self) -> Rule | None:
        """Return the rule of the whole list."""
        at, handlers = 0, self._handlers
        while at < len(self.elements):
            one = self.elements[at]
            handler = handlers.get(one.kind)
            at = at + 1 if handler is None else handler(self, at, one)
        if (
            self.joint == "comma"
            and self.items
            and self.pending
            and all(one.kind in ("quality", "light") for one in self.pending)
        ):
            self.joint, self.fresh = "", False  # "diabetes or hypertension, poorly controlled"
        self._flush()
        self._close_sexes()
        self._close_times()
        return self._whole()

    def _close_since(self) -> None:
        """Give "at least 4 weeks since" what stands behind it: "since chemotherapy without relapse" is of that."""
        if self.since is None or self.since_at >= len(self.items):
            return
        listed = self.items[self.since_at :]
        whole = join(listed, each=True, doubt=False)
        assert whole is not None
        washed = self.grammar.washed(whole, self.since)
        self.items[self.since_at :] = [Item(listed[0].joint, washed, (self.since.span[0], listed[-1].span[1]))]
        self.since = None

    def _close_times(self) -> None:
        """Give a time that led, or "at least 4 weeks since", what it is of; where there is nothing, it is left."""
        self._close_since()
        if self.since is not None:
            self.items.append(Item("", Left(self.since.span), self.since.span))
        if self.lead is not None and not self.items:
            self.items.append(Item("", self.grammar.lone_time(self.lead), self.lead.span))
        elif self.lead is not None and not self.led:
            self._both(Left(self.lead.span), [])

    # Names, limits and words

    def _on_atom(self, at: int, one: Element) -> int:
        rule = one.rule
        assert rule is not None
        if self._swallowed(rule, one):
            return at + 1
        whole, headed = self._read_name(one, rule)
        if self.or_doubt is not None and self.joint == "or":
            whole, self.or_doubt = doubted(whole, self.or_doubt), None
        if self.clause and self.joint in ("or", "and") and not self.comma:
            whole = doubted(whole, one.span)  # "that would interfere with normal life or study treatment"
        self.clause = self.clause and self.joint == "comma"
        if self._goes_on(whole, one.span):
            pass
        elif self.fresh or self.joint or not self.items:
            self.items.append(Item(self.joint, whole, one.span, one.lent, headed, comma=self.comma, anew=self.anew))
            self.anew = False
        else:  # a second name with nothing between: both are meant
            self._beside(whole, one.span)
        self.joint, self.fresh, self.swallow, self.link = "", False, False, None
        return at + 1

    def _on_quality(self, at: int, one: Element) -> int:
        self.pending.append(one)
        return at + 1

    def _on_word(self, at: int, one: Element) -> int:
        if not self.swallow:
            self.pending.append(one)
        return at + 1

    def _on_light(self, at: int, one: Element) -> int:
        ahead = self.elements[at + 1] if at + 1 < len(self.elements) else None
        if one.text in _TREATMENTS and ahead is not None and ahead.text in ("of", "for", "specifically for"):
            self.pending.append(msgspec.structs.replace(one, kind="word", linked=True))  # "treatment of X" is not X
            return at + 1
        if self.pending:
            self.pending.append(one)
        else:
            before = at - 1
            while before >= 0 and self.elements[before].kind == "light":
                before -= 1
            behind = before >= 0 and self.elements[before].kind in ("atom", "close") and bool(self.items)
            self.link = one if one.text in _LINKS and behind else self.link
        return at + 1

    def _on_event(self, at: int, one: Element) -> int:
        return self._on_light(at, one)

    def _on_aged(self, at: int, one: Element) -> int:
        return self._on_light(at, one)

    def _flush(self) -> None:
        """Give the words that wait a place: behind the last name, or in the list."""
        if not self.pending:
            return
        pending, self.pending = self.grammar.trimmed(self.pending), []
        if not pending:
            return
        if self.items and not self.joint and not self.fresh:
            last = self.items[-1]
            rules = self.grammar.qualified(last.rule, pending, before=False)
            if len(self.items) > 2 and not PLACES.isdisjoint(word for one in pending for word in one.text.split()):
                for item in self.grammar.alike(self.items)[1:]:  # "A, B, or C in the study eye"
                    item.rule = self.grammar.qualified(item.rule, pending, before=False)[0]
            told = any(_STATUS & set(text.split()) for text in getattr(self.items[0].rule, "qualifier", ()))
            stated = told and any(_STATUS & set(one.text.split()) for one in pending)  # "A positive or B negative"
            limits = [fact for item in self.items for fact in self.grammar.facts(item.rule) if fact.value is not None]
            if len(self.items) > 2 and not limits and self._is_placed(last, pending):
                for item in self.grammar.alike(self.items)[1:]:  # "A, B, or C of the cervix"
                    item.rule = self.grammar.qualified(item.rule, pending, before=False)[0]
            two = last.joint in ("or", "slash") and len(self.items) == 2 and not limits
            if two and len(self.grammar.alike(self.items)) == 2 and not stated:
                first = self.items[0]  # "trauma or infection at the shoulder": the place of both, perhaps
                self.items[0] = Item(
                    first.joint, self.grammar.qualified(first.rule, pending, before=False)[0], first.span
                )
            span = (last.span[0], pending[-1].span[1])
            self.items[-1] = Item(last.joint, rules[0], span, last.borrowed, comma=last.comma, anew=last.anew)
            return
        if all(one.kind != "word" for one in pending) and all(
            word in EMPTY for one in pending for word in one.text.split()
        ):
            return
        span = (pending[0].span[0], pending[-1].span[1])
        self.items.append(Item(self.joint, Left(span), span))
        self.joint, self.fresh = "", False

    def _waive_before(self, one: Element) -> None:
        """Leave out the last item and its words, for which what stands behind an element stands."""
        start = self.items[-2].span[1] if len(self.items) > 1 else self.elements[0].span[0]
        self.grammar.waived.append((start, one.span[1]))

    def _is_placed(self, last: Item, pending: Sequence[Element]) -> bool:
        """Return whether words behind a list say where all of it is: "A, B, or C of the cervix"."""
        between = self.grammar.words((last.span[1], pending[0].span[0])).split()
        kinds = {fact.kind for item in self.grammar.alike(self.items) for fact in self.grammar.facts(item.rule)}
        plain = all(isinstance(item.rule, Predicate) for item in self.grammar.alike(self.items))
        return (
            between[:1] in (["of"], ["in"], ["at"])
            and last.joint in ("or", "and", "slash")
            and plain
            and kinds == {"condition"}
        )

    # Joints

    def _level_of_last(self) -> None:
        """Give "chronic kidney disease, stage 4 or 5," its stage: what a comma set off before the next joint."""
        if self.joint != "comma" or not self.items or not self.pending:
            return
        waiting = self.grammar.trimmed(self.pending)
        if len(waiting) != 1 or waiting[0].kind != "quality":
            return
        if waiting[0].text.split()[0] in _LEVELS:
            self.joint, self.fresh = "", False
            self._flush()

    def _joined(self, kind: str) -> None:
        self._level_of_last()
        if self.pending and self._carries():
            self.pending.append(Element("joint", kind, self.pending[-1].span, 0, 0))
            return
        if kind in ("or", "slash") and not self.items and not self.pending and self.negated:
            self.either = True  # "no known or suspected X"
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
            self.comma = self.joint == "comma" or (self.comma and bool(self.joint))
            self.joint = "or" if "or" in (kind, self.joint) else kind
        else:
            self.joint = self.joint or kind

    def _carries(self) -> bool:
        """Return whether the words that wait qualify what comes after the joint: "acute or chronic …"."""
        if self.items and not self.joint and not self.fresh:
            last = self.items[-1].rule  # "HER2-positive recurrent or metastatic tumors": of the tumors
            if not isinstance(last, Predicate) or last.kind != "variant":
                return False
        return all(one.kind != "word" for one in self.pending) and any(one.kind == "quality" for one in self.pending)

    def _only_words_follow(self) -> bool:
        return False

    def _on_and(self, at: int, one: Element) -> int:
        ahead = self.elements[at + 1] if at + 1 < len(self.elements) else one
        people = (ahead.kind == "light" and ahead.text in PEOPLE) or (
            self.each and ahead.kind in ("sex", "atom") and ahead.text.split()[0] in FEMALE
        )
        groups = people and self.items and not self.negated
        self._joined("or" if groups and self.grammar.exclusion else "and")
        if groups and not self.grammar.exclusion and self.items:
            self._both(Left(one.span), [])  # "patients with A and patients with B": the ones and the others, perhaps
        return at + 1

    def _on_or(self, at: int, one: Element) -> int:
        if one.text.startswith("either") and self.joint == "and" and self.items and not self.negated:
            end = next((place for place in range(at, len(self.elements)) if self.elements[place].kind in _STOPS), None)
            rule = self._inner(at + 1, len(self.elements) if end is None else end, each=True)
            if rule is not None:  # "pneumonia and either fever or cough"
                self.joint, self.fresh = "", False
                self._both(rule, self.elements[at:end])
                return len(self.elements) if end is None else end
        told = any(other.kind == "quality" and other.text not in _WHENEVER for other in self.pending)
        if one.text in ANEW and told and not self.negated:
            self._flush()  # "asymptomatic or have lymphadenopathy": the words before are no part of the name behind
        self._joined("or")
        ahead = self.elements[at + 1] if at + 1 < len(self.elements) else one
        self.anew = one.text in ANEW or (one.text == "or" and ahead.text in ("receiving", "received", "has received"))
        self.willing = self.willing and not self.anew  # "willing to receive A, or has had B": no promise to have had it
        return at + 1

    def _on_comma(self, at: int, one: Element) -> int:
        if at and self.elements[at - 1].kind == "with":
            return at + 1  # "such that, in the opinion of …"
        ahead = self.elements[at + 1].kind if at + 1 < len(self.elements) else ""
        joints = [place for place, other in enumerate(self.pending) if other.kind == "joint"]
        if not self.items and ahead == "atom" and joints and joints[-1] >= len(self.pending) - 3:
            self.pending.append(Element("joint", "comma", one.span, 0, 0))
            return at + 1  # "significant, non-reversible, pulmonary disease"
        self._joined("comma")
        return at + 1

    def _on_slash(self, at: int, one: Element) -> int:
        self._joined("slash")
        return at + 1

    def _on_but(self, at: int, one: Element) -> int:
        self._joined("and")
        if self.items:
            self._both(Left(one.span), [])  # "treated but symptomatic": more than "and"
        return at + 1

    def _on_dash(self, at: int, one: Element) -> int:
        self._flush()
        return at + 1

    # Cues that take a list to their right

    def _inner(self, at: int, end: int, *, each: bool | None = None, negated: bool = False) -> Rule | None:
        return self.grammar.list_of(self.elements[at:end], each=self.each if each is None else each, negated=negated)

    def _item(self, rule: Rule, elements: Sequence[Element]) -> None:
        if self.lead is not None:
            rule, self.led = self.grammar.windowed(rule, self.lead), True
        span = (elements[0].span[0], elements[-1].span[1])
        self.items.append(Item(self.joint, rule, span, comma=self.comma))
        self.joint, self.fresh = "", False

    def _both(self, rule: Rule, elements: Sequence[Element]) -> None:
        """Let *rule* hold beside the last item."""
        last = self.items[-1]
        both = all_of([last.rule, rule])
        assert both is not None
        end = elements[-1].span[1] if elements else last.span[1]
        self.items[-1] = Item(last.joint, both, (last.span[0], end))

    def _names_follow(self, at: int) -> bool:
        """Return whether a name stands between an element and the next joint or the end."""
        for one in self.elements[at:]:
            if one.kind in ("comma", "or", "and", "stop"):
                return False
            if one.kind in ("atom", "admin", "not", "allergy"):
                return True
        return False

    # Times and brackets

    def _on_time(self, at: int, one: Element) -> int:
        time = one.time
        assert time is not None
        self.link = None
        if time.mode == "since":
            self.pending = []
            self.since, self.since_at = time, len(self.items)
            return at + 1
        if self.swallow and self.willing and not self.joint and time.anchor is not None and not time.next:
            self.grammar.waived.append(one.span)
            return at + 1  # "not willing to use contraception until 90 days after the last dose"
        if self.items and self.joint == "comma" and not self._names_follow(at + 1):
            self.joint, self.fresh = "", False  # "A, B or C, within 4 weeks": of all of them
        if time.mode == "for" and not self.items and any(other.kind == "word" for other in self.pending):
            self._flush()  # "caregiving for at least 2 months": the words are what has lasted
        before = self.grammar.context.norm(one.first - 1)
        if (
            not self.items
            or self.joint
            or (before in ("diagnosed", "diagnosis") and self.grammar.context.norm(one.last) == "of")
        ):
            self.lead, self.led = time, False
            return at + 1
        self._flush()
        firm = self._dated(at)
        self.grammar.timed(self.items, time, one, negated=self.negated or self.waived, firm=firm)
        return at + 1

    def _dated(self, at: int) -> int:
        """
        Return how many items before a time are surely meant by it.

        In "A, B within 6 months, C" and in "A, or B within 6 months" that is B; A may be meant as well.
        """
        rest = [other.kind for other in self.elements[at + 1 :] if other.kind not in ("light", "close")]
        goes_on = rest[:1] in (["comma"], ["or"], ["and"]) and "atom" in rest and "time" not in rest
        pair = len(self.items) == 2 and self.items[-1].comma
        if not (goes_on or pair):
            return len(self.items)
        firm = 1
        for item in reversed(self.items):
            if item.joint == "comma" or item.comma:
                return firm
            firm += 1
        return firm
