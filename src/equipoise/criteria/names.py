"""
A name in a list: with the words, the sex and the time before it, and what it shares with its neighbours.

"Current drug or alcohol abuse" is current of both; "normal ECG and chest X-ray" asks both to be normal; "family
history of breast cancer or stroke" is neither; and what one is "willing to undergo" a person answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.counted import lines_with
from equipoise.criteria.elements import Element
from equipoise.criteria.join import Item, doubted, either, same_limits, same_names, tailed
from equipoise.criteria.kinds import AHEAD, ANEW, EITHER, FACTS, NOW
from equipoise.criteria.sexes import Sexes
from equipoise.rules.nodes import All, AnyOf, Left, Predicate, Rule, Span, all_of, any_of, changed

if TYPE_CHECKING:
    from equipoise.criteria.grammar import Grammar

_SPREAD_OVER = frozenset(("condition", "drug", "procedure", "measurement"))
# Said of the first of a list, these are said of all of it.
_SPREADING = frozenset(
    (
        "normal", "abnormal", "adequate", "inadequate", "scheduled", "planned", "scheduled for", "impaired", "failed",
        "failed other", "family", "treated", "being treated",
    )
)  # fmt: skip
# Said of the first of two, these may be said of both.
OF_PAIRS = frozenset(
    (
        "severe", "serious", "uncontrolled", "active", "unstable", "symptomatic", "untreated", "acute", "significant",
        "major", "progressive", "persistent", "refractory", "recurrent", "clinically", "advanced", "moderate", "failed",
        "resistant", "relapsed", "relevant", "to", "or", "and", "and/or", "poorly", "controlled", "chronic", "systemic",
        "planned", "elective", "recent", "new", "newly", "onset", "diagnosed", "decompensated", "intractable",
        "disabling", "debilitating", "uncorrected", "unresolved", "unexplained", "underlying", "congenital",
        "hereditary", "inherited", "bilateral", "extensive", "massive", "marked", "overt", "frequent", "repeated",
        "transient", "prolonged", "inadequately", "insufficiently", "suboptimally", "life", "threatening", "end",
        "stage", "terminal", "non-healing", "nonhealing", "non", "healing",
        "unresectable", "inoperable", "critical", "complicated",
    )
)  # fmt: skip
_RESULTS = frozenset(("positive", "negative", "detectable", "undetectable"))
# Between two names, these begin anew: "active cardiac disease or a history of cardiac dysfunction".
# What one has or has not; whoever adds it to "severe asthma or …" means all of it.
NEVER_PARTLY = frozenset(
    (
        "pregnancy", "lactation", "hiv infection", "acquired immunodeficiency syndrome", "childbearing potential",
        "dementia",
    )
)  # fmt: skip
# What one agrees to leave off.
_HABITS = frozenset(
    ("e cigarette", "smoking", "tobacco use", "nicotine use", "vaping", "alcohol use", "sexual activity")
)
# "No prior or concurrent biologics": at no time.
_REACHING = frozenset(("of", "for", "with", "in", "to"))
_SIZED = frozenset(
    ("masses", "mass", "lesion", "lesions", "size", "diameter", "volume", "thickness", "level", "levels")
)
_BEFORE = frozenset(("prior", "previous", "previously", "past", "recent", "recently", "former", "use", "undergo"))


def said_of(rule: Predicate) -> tuple[str, ...]:
    """Return what is said of a name itself, and not of when."""
    return tuple(text for text in rule.qualifier if text != "history of")


def spread(items: list[Item]) -> None:
    """Say of all of a short list what may be said of all of it: "severe nausea, vomiting, or diarrhea"."""
    first = items[0].rule if items else None
    if not 3 <= len(items) <= 8 or not isinstance(first, Predicate) or items[-1].joint not in ("or", "and"):
        return
    said = tuple(text for text in first.qualifier if text in OF_PAIRS or set(text.split()) <= OF_PAIRS)
    if not said or any(item.joint != "comma" for item in items[1:-1]):
        return
    for item in items[1:]:
        rule = item.rule
        if not isinstance(rule, Predicate) or rule.kind != first.kind or rule.op != first.op:
            return
        if said_of(rule) or rule.name in NEVER_PARTLY or len(rule.name.split()) > 4:
            return
    for item in items[1:]:
        if isinstance(item.rule, Predicate):
            item.rule = msgspec.structs.replace(item.rule, qualifier=(*said, *item.rule.qualifier))


def _said_alike(rules: Sequence[Rule]) -> bool:
    """Return whether the same is said of several names that were made of one."""
    said = {said_of(one) if isinstance(one, Predicate) else () for one in rules}
    return len(rules) > 1 and len(said) == 1


class Names(Sexes):
    """Reads the names of a list, with what waits before them."""

    def __init__(self, grammar: Grammar, elements: Sequence[Element], *, each: bool) -> None:
        super().__init__(grammar, elements, each=each)
        self.lead: TimePhrase | None = None
        self.led = False
        self.either = False
        self.now = False
        self.willing = False
        self.clause = False
        self.comma = False
        self.anew = False
        self.spread: tuple[str, ...] = ()
        self.spread_over = False
        self.swallow = False
        self.pending: list[Element] = []
        self.negated = False
        self.link: Element | None = None

    def _swallowed(self, rule: Rule, one: Element) -> bool:
        """Return whether a name belongs to what a person judges: "willing to undergo A, and to take B"."""
        if not isinstance(rule, Predicate):
            return False
        if rule.op not in ("present", "absent"):
            done = rule.kind == "measurement" and rule.concept is not None and not rule.concept.codes
            if done and self.willing and self.swallow and not self.joint:
                self.grammar.waived.append(one.span)  # "agree to use condoms at least twice a week"
                return True
            return False
        promised = rule.kind in ("drug", "procedure") or rule.name in _HABITS
        if self.willing and promised and rule.op == "present":
            self.joint, self.swallow = "", True
            self.grammar.waived.append(one.span)
            return True
        return self.swallow and self.joint == ""

    def _read_name(self, one: Element, rule: Rule) -> tuple[Rule, bool]:
        """Return a name with the words, sex and time before it, and whether those make something else of it."""
        listed = self.joint in ("or", "and", "comma", "slash")
        if (one.lent or (self.items and self.items[-1].borrowed)) and not self.pending and self.joint:
            rule = self._shared(rule)
        bare = not any(other.kind == "word" for other in self.pending)
        now = self.now and listed and (self._still(rule) or self._one_more(one))
        spread = self.spread if listed and not self.pending else ()
        pair = self._of_both(rule) if not self.pending else ()
        over, before = self._reaches_on(one), self.pending[-1].kind if self.pending else ""
        spread = spread if not self.spread_over or self._of_sort(rule) else ()
        rules = self._qualified(rule)
        first = rules[0]
        over |= before == "joint" and _said_alike(rules)
        if isinstance(first, Predicate) and first.kind in _SPREAD_OVER:
            if now and first.window is None and first.kind in FACTS:
                first = msgspec.structs.replace(first, window=NOW)  # "current drug or alcohol abuse"
            if not said_of(first) and (shared := spread or (pair if listed else ())):
                # "normal ECG and …", "severe asthma or diabetes"
                first = msgspec.structs.replace(first, qualifier=(*shared, *first.qualifier))
            rules[0] = first
            self.spread = spread or tuple(text for text in said_of(first) if over or text in _SPREADING)
            self.spread_over = self.spread_over and bool(spread) if listed and not over else over
        headed = not bare and not isinstance(first, Predicate) and isinstance(rule, Predicate)
        if listed and self._lasts_too(rule):
            self._doubt_last()  # "12 months of estrogen or androgen": of either
            rules[0], headed = doubted(first, one.span), True
        elif listed and not self.comma and self._measures_more(first):
            self._doubt_last()  # "tumor or lymph node masses > 4 cm": masses of either
        self.now, self.grammar.now = now or self.grammar.now, False
        whole = any_of(self._led(rules))
        assert whole is not None
        if listed and self.items and self.items[-1].headed and bare:
            return doubted(whole, one.span), True
        return whole, headed

    def _led(self, rules: list[Rule]) -> list[Rule]:
        """Return rules with the sex and the time before them."""
        if self.sexes:
            rules, self.sexes = [self._sexed(part) for part in rules], []
        if self.both_sexes:
            rules = [self._men_too(part) for part in rules]
        if self.lead is not None:
            timed = [self.grammar.windowed(part, self.lead) for part in rules]
            firm = self.lead.mode == "when" and self.lead.anchored_by is None
            self.led = self.led or firm or timed != rules  # "post stroke, age over 18": the stroke is not lost
            rules = timed
        return rules

    def _one_more(self, one: Element) -> bool:
        """Return whether a name only goes on with a list: "concurrent steroids or other immunosuppressants"."""
        between = self.grammar.words((self.items[-1].span[1], one.span[0])) if self.items else ""
        return bool(self.pending) and "other" in between.split()

    def _still(self, rule: Rule) -> bool:
        """Return whether "currently receiving A or inhaled B" is of B too: a treatment with words of its own."""
        if not self.pending:
            return self._of_sort(rule) and "history of" not in getattr(rule, "qualifier", ())
        words = set(" ".join(one.text for one in self.pending).split())
        given = isinstance(rule, Predicate) and rule.kind in ("drug", "procedure") and rule.window is None
        return given and self._of_sort(rule) and words.isdisjoint(ANEW | AHEAD | _BEFORE)

    def _doubt_last(self) -> None:
        last = self.items[-1]
        self.items[-1] = Item(last.joint, doubted(last.rule, last.span), last.span, comma=last.comma)

    def _reaches_on(self, name: Element) -> bool:
        """Return whether "of" or its like ends the words before a name: "regular use of A, B or C" is of each."""
        waiting = [one for one in self.pending if one.text not in ("the", "a", "an", "any")]
        if not waiting:
            return False
        between = self.grammar.words((waiting[-1].span[1], max(waiting[-1].span[1], name.span[0]))).split()
        if waiting[-1].text not in _REACHING and between[:1] not in (["with"], ["by"]):
            return False
        if any(one.kind == "joint" or (one.kind == "word" and one.linked) for one in waiting):
            return False
        return any(one.kind in ("quality", "word") for one in waiting)

    def _of_sort(self, rule: Rule) -> bool:
        """Return whether a name goes on with the list of the name before it: both treatments, or of one kind."""
        last = self.grammar.facts(self.items[-1].rule)[-1:] if self.items else []
        if self.anew or not last or not isinstance(rule, Predicate) or rule.op != last[0].op:
            return False
        return rule.kind == last[0].kind or {rule.kind, last[0].kind} == {"drug", "procedure"}

    def _lasts_too(self, rule: Rule) -> bool:
        """Return whether a name follows in the list of "no more than 12 months of …"."""
        last = self.items[-1].rule if self.items else None
        if isinstance(last, Predicate) and last.kind == "prior_lines" and last.concept is not None:
            return isinstance(rule, Predicate) and rule.kind in ("drug", "procedure") and not self.pending
        if (
            not isinstance(last, Predicate)
            or last.kind != "duration"
            or last.concept is None
            or last.concept.span is None
        ):
            return False
        leads = last.span is not None and last.span[0] < last.concept.span[0]
        return leads and isinstance(rule, Predicate) and rule.kind in ("drug", "procedure") and not self.pending

    def _measures_more(self, rule: Rule) -> bool:
        """Return whether a limit in the text's own words follows a bare name, which may share its noun."""
        last = self.items[-1].rule if self.items else None
        if not isinstance(last, Predicate) or last.op != "present" or last.kind not in FACTS or last.qualifier:
            return False
        if self.joint not in ("or", "and", "slash") or not isinstance(rule, Predicate) or rule.concept is None:
            return False
        words = rule.concept.name.split()
        return rule.op not in ("present", "absent") and len(words) > 1 and words[-1] in _SIZED

    def _of_both(self, rule: Rule) -> tuple[str, ...]:
        """Return what is said of the name before "or" and perhaps of this one: "severe asthma or diabetes"."""
        last = self.items[-1].rule if self.items else None
        if self.joint not in ("or", "and", "slash") or self.comma or not isinstance(rule, Predicate):
            return ()
        if not isinstance(last, Predicate) or last.kind != rule.kind or last.op != rule.op or rule.name in NEVER_PARTLY:
            return ()
        between = self.grammar.words((self.items[-1].span[1], rule.span[0])) if rule.span is not None else ""
        if ANEW & set(between.split()):
            return ()
        own = set(rule.name.split())
        said = [text for text in last.qualifier if text in _RESULTS] if self._shares_result(rule) else []
        for text in last.qualifier:
            words = [word for word in text.split() if not (word in ("acute", "chronic") and own & {"acute", "chronic"})]
            if words and set(words) <= OF_PAIRS:
                said.append(" ".join(words))
        return (*said, "thrombogenic") if last.name.startswith("thrombogenic ") else tuple(said)

    def _shares_result(self, rule: Predicate) -> bool:
        """Return whether a test has no result of its own behind it: "positive HBsAg or HCV antibody"."""
        if rule.kind != "measurement" or rule.span is None:
            return False
        behind = self.grammar.words((rule.span[1], rule.span[1] + 30)).replace(":", " ").split()[:2]
        return _RESULTS.isdisjoint(behind)

    def _shared(self, rule: Rule) -> Rule:
        """Return a name with the qualifiers of the one that it shares a noun with: "severe hepatic or renal …"."""
        last = self.items[-1].rule if self.items else None
        if (
            not isinstance(rule, Predicate)
            or not isinstance(last, Predicate)
            or rule.kind != last.kind
            or said_of(rule)
        ):
            return rule
        return msgspec.structs.replace(rule, qualifier=last.qualifier or rule.qualifier, op=last.op)

    def _qualified(self, rule: Rule) -> list[Rule]:
        """Return the rule with the words before it; "recent or planned" make two of it."""
        pending, self.pending = self.pending, []
        if self.either:
            pending, self.either = (
                [one for one in pending if one.text not in EITHER],
                False,
            )
        return self.grammar.qualified(rule, pending, before=True)

    def _goes_on(self, rule: Rule, span: Span) -> bool:
        """Read "psoriasis warranting A or B": B may be what it warrants, or one more on the list."""
        last = self.items[-1] if self.items else None
        if last is None or last.tail is None or self.joint not in ("or", "and") or not isinstance(rule, Predicate):
            return False
        head, tail = last.tail
        kinds = {fact.kind for fact in self.grammar.facts(tail)}
        if kinds & {"drug", "procedure"}:
            kinds |= {"drug", "procedure"}
        if rule.kind not in kinds or rule.kind in {fact.kind for fact in self.grammar.facts(head)}:
            return False
        wide = any_of([tail, rule]) if self.joint == "or" or self.each else all_of([tail, rule])
        inside, listed = all_of([head, wide] if wide is not None else [head]), any_of([last.rule, rule])
        assert inside is not None and listed is not None and wide is not None
        doubt = AnyOf((inside, All((listed, Left((last.span[1], span[0]))))))
        self.items[-1] = Item(last.joint, doubt, (last.span[0], span[1]))
        return True

    def _planned_too(self, rule: Rule) -> Rule:
        """Return what is done with what is scheduled: "scheduled for surgery with bypass" is a bypass ahead."""
        last = self.items[-1].rule
        said = [text for text in last.qualifier if AHEAD & set(text.split())] if isinstance(last, Predicate) else []
        if not said:
            return rule
        return changed(
            rule,
            lambda one: (
                msgspec.structs.replace(one, qualifier=(said[0],))
                if one.kind in ("drug", "procedure") and one.window is None and not one.qualifier
                else one
            ),
        )

    def _made_of(self, last: Item, rule: Rule) -> bool:
        """Return whether a drug right before a condition is part of its name: "steroid sulfatase deficiency"."""
        if not isinstance(last.rule, Predicate) or not isinstance(rule, Predicate) or rule.span is None:
            return False
        gap = self.grammar.context.text[last.span[1] : rule.span[0]].lower().replace("-", " ")
        kinds = last.rule.kind == "drug" and rule.kind == "condition" and rule.op == last.rule.op == "present"
        words = " ".join(rule.qualifier)  # "antibiotic induced secondary infection"
        return kinds and gap == (f" {words} " if words else " ")

    def _narrows(self, last: Item, rule: Rule) -> bool:
        """Return whether a condition right before a treatment says which: "asthma biologic therapy"."""
        if not isinstance(last.rule, Predicate) or not isinstance(rule, Predicate) or rule.span is None:
            return False
        gap = self.grammar.context.text[last.span[1] : rule.span[0]].lower()
        kinds = last.rule.kind == "condition" and rule.kind in ("drug", "procedure") and rule.op == last.rule.op
        words = " ".join(rule.qualifier)  # "SARS-CoV-2 specific monoclonal antibody"
        return kinds and last.rule.op == "present" and gap == (f" {words} " if words else " ")

    def _beside(self, rule: Rule, span: Span) -> None:
        """Read a second name with nothing between it and the first: both are meant, or a comma was lost."""
        last = self.items[-1]
        named = isinstance(last.rule, Predicate) and last.rule.op in ("present", "absent")
        if self.link is not None and named and isinstance(rule, Predicate) and rule.op == "present":
            whole = (self.link.span[0], span[1])
            self.items[-1] = Item(last.joint, self.grammar.noted(last.rule, whole), (last.span[0], span[1]))
            return
        if self._narrows(last, rule) or self._made_of(last, rule):
            own = rule.qualifier if isinstance(rule, Predicate) else ()
            words = " ".join((self.grammar.words(last.span), *own))
            treated = msgspec.structs.replace(rule, qualifier=(words,)) if isinstance(rule, Predicate) else rule
            self.items[-1] = Item(last.joint, treated, (last.span[0], span[1]))
            return
        pair = [Item("", last.rule, last.span), Item("and", rule, span)]
        behind = self.grammar.context.text[last.span[1] : last.span[1] + 8].lstrip(" )")
        large = behind[:1].isupper() and behind[1:2].islower()  # "… support (ECMO) Severe COPD": a line break was lost
        anew = large and self.link is None and getattr(rule, "kind", "") == "condition"
        if self.negated and large and self.link is None and (first := any_of([last.rule, rule])) is not None:
            # "no renal failure Baseline creatinine > 2.5": where the line broke, the negation ended perhaps
            self.items[-1] = Item(last.joint, doubted(first, (last.span[0], span[1])), (last.span[0], span[1]))
        elif self.each and not self.negated and anew and (both := either(pair)) is not None:
            self.items[-1] = Item(last.joint, both, (last.span[0], span[1]))
        elif self.each and (same_names(pair) or same_limits(pair)):
            both = either(pair)
            assert both is not None
            self.items[-1] = Item(last.joint, both, (last.span[0], span[1]))
        else:
            self._follow(rule, span)

    def _follow(self, rule: Rule, span: Span) -> None:
        """Let a rule hold beside the last item, or where that ends a list of its kind, perhaps beside all of it."""
        rule = self._planned_too(rule)
        last = self.items[-1]
        if (counted := lines_with(last.rule, rule)) is not None:
            self.grammar.waived.append((min(last.span[1], span[1]), span[1]))  # "regimens containing bortezomib"
            self.items[-1] = Item(last.joint, counted, (last.span[0], max(last.span[1], span[1])), comma=last.comma)
            return
        listed = self.grammar.alike(self.items)[::-1]
        if len(listed) > 1 and any(item.joint in ("or", "comma", "slash") for item in listed[1:]):
            first = listed[0]
            tailed_rule = tailed(listed, rule, each=self.each)
            self.items[-len(listed) :] = [Item(first.joint, tailed_rule, (first.span[0], span[1]))]
            return
        both = all_of([last.rule, rule])
        assert both is not None
        end = max(last.span[1], span[1])
        self.items[-1] = Item(last.joint, both, (last.span[0], end), tail=(last.rule, rule))
