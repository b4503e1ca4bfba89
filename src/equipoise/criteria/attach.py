"""What words, times, brackets and allergies make of the name that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import reference
from equipoise.criteria.contraindicated import BARRED
from equipoise.criteria.cues import EMPTY
from equipoise.criteria.elements import Element
from equipoise.criteria.genus import given_as
from equipoise.criteria.join import doubted, extended
from equipoise.criteria.kinds import AHEAD, EITHER, LINKS, NOW
from equipoise.criteria.misnamed import intolerant
from equipoise.criteria.nonkinds import other_kind, test_result
from equipoise.criteria.standards import ILLNESS
from equipoise.criteria.windows import QUALIFIED, Windows, numbered
from equipoise.rules.nodes import (
    All,
    AnyOf,
    ConceptRef,
    Left,
    Not,
    Predicate,
    Rule,
    Span,
    Unless,
    all_of,
    any_of,
    changed,
    leaves,
)
from equipoise.terms.cues import word_set

_LONGEST = 6
_EDGES = frozenset(("light", "joint", "over", "with", "event", "need", "aged", "define"))


# At the time of screening: "current", "concurrent".
_CURRENT = frozenset(
    (
        "current", "currently", "taking", "receiving", "undergoing", "using", "concurrent", "concomitant", "ongoing",
        "presently",
    )
)  # fmt: skip
# "Non-" before these negates them, however many words name them.
STATES = frozenset(
    ("pregnancy", "lactation", "smoking", "childbearing potential", "tobacco use", "nicotine use", "vaping")
)
_DISEASES = word_set("scan.heads") | {"skin", "condition", "conditions"}
_OPPOSED = frozenset(("acute", "chronic"))
# Nobody is allergic to these: the contrast, or what is tested or given there.
_NO_ALLERGEN = frozenset(("computed tomography", "magnetic resonance imaging", "skin prick test", "surgery"))

# What an example may be of; a treatment is of one sort, whether it is taken or done.
_SORTS = {"condition": "condition", "drug": "treatment", "procedure": "treatment"}
# What a head of which no more was read says of its examples: "any serious illness, such as heart disease".
_GRAVE = frozenset(("severe", "serious", "significant", "uncontrolled", "unstable", "major", "active", "symptomatic"))
_CONTRARY = (frozenset(("acute", "chronic")), frozenset(("primary", "secondary")), frozenset(("benign", "malignant")))
_WHEN = frozenset(
    ("since", "within", "before", "after", "prior", "previous", "until", "during", "no", "not", "without")
)
# So many kinds make a class of a name.
_CLASS = 8
_ANY_DISEASE = frozenset(
    ("disease", "systemic disease", "chronic disease", "comorbidity", "symptom", "disorder", "illness", "complication",
     "cardiovascular event", "serious disease", "risk factor")
)  # fmt: skip


class Attacher(Windows):
    """Attaches what belongs to a name, for the grammar of one criterion."""

    @staticmethod
    def trimmed(elements: Sequence[Element]) -> list[Element]:
        """Return elements without the light ones at both ends."""
        if not elements:
            return []
        first, last = 0, len(elements)
        while first < last and elements[first].kind in _EDGES:
            first += 1
        while last > first and elements[last - 1].kind in _EDGES:
            last -= 1
        return list(elements[first:last])

    def qualified(self, rule: Rule, pending: Sequence[Element], *, before: bool) -> list[Rule]:
        """
        Return the rule with the words around it kept: as its qualifiers, or where they are many or it is no
        single name, as `Left` beside it. "Recent or planned" gives two rules, of which either holds.
        """
        special = self._special(rule, pending) if before and pending else None
        if special is not None:
            return special
        if not pending:
            return [rule]  # most names
        if isinstance(rule, Predicate):
            alone = before or all(one.kind == "light" or one.text in _CURRENT for one in pending)
            rule, pending = (
                self._now(rule, pending) if alone else (rule, pending)
            )  # "for a currently diagnosed disease"
        runs = self._runs(pending)
        if not runs:
            return [rule]
        if self._other_head(runs, rule, before=before):
            return [doubted(rule, (runs[0][0].span[0], runs[-1][-1].span[1]))]
        span = (runs[0][0].span[0], runs[-1][-1].span[1])
        words = sum(len(one.text.split()) for run in runs for one in run if one.kind in ("word", "quality"))
        counted = numbered(self.context.text[span[0] : span[1]])
        if not isinstance(rule, Predicate) or rule.kind not in QUALIFIED or words > _LONGEST or counted:
            beside = all_of([rule, Left(span)])
            assert beside is not None
            return [beside]
        texts = [text for run in runs for text in self._qualifiers(run)]
        if rule.kind == "condition" and rule.op == "present" and (tested := test_result(texts)) is not None:
            return [rule if tested else msgspec.structs.replace(rule, op="absent")]
        split = self._planned_or(pending)
        if split is not None:
            planned = msgspec.structs.replace(rule, qualifier=(*rule.qualifier, split), window=None)
            return [rule, planned]
        return [
            msgspec.structs.replace(
                rule, qualifier=tuple(dict.fromkeys((*texts, *rule.qualifier) if before else (*rule.qualifier, *texts)))
            )
        ]

    def _special(self, rule: Rule, pending: Sequence[Element]) -> list[Rule] | None:
        """Return what "non-" and "acute or …" before a name make of it, or None."""
        if pending[-1].text == "non" and isinstance(rule, Predicate) and rule.op == "present":
            named = rule.concept.span if rule.concept is not None else None
            behind = self.words((named[1], named[1] + 24)).split()[:1] if named is not None else []
            kind_of = rule.kind == "condition" and not _DISEASES.isdisjoint(word.strip(".,;:)") for word in behind)
            if rule.name not in STATES and named is not None and (kind_of or " " in self.words(named)):
                kind = other_kind(rule, pending[-1].span, self.context)  # "non-infectious pneumonitis" is one
                return self.qualified(kind, pending[:-1], before=True) if kind else [doubted(rule, pending[-1].span)]
            absent = msgspec.structs.replace(rule, op="absent")
            return self.qualified(absent, pending[:-1], before=True)
        if pending[-1].kind == "joint" and pending[-1].text == "comma":
            return self._listed_before(rule, self.trimmed(pending))
        if pending[-1].kind == "joint":
            run = self.trimmed(pending)
            if run and not any(one.text in EMPTY for one in pending[-3:]):
                other = self._lacking(rule, run)
                if other is not None:
                    return [other, rule]
                # "locally advanced or metastatic disease": an alternative that lacks its noun
                left = Left((run[0].span[0], run[-1].span[1]))
                both = any_of([left, rule]) if pending[-1].text != "and" else all_of([left, rule])
                return [both] if both is not None else [rule]
        return None

    def _listed_before(self, rule: Rule, run: Sequence[Element]) -> list[Rule] | None:
        """Return both diseases of "systemic, metabolic or endocrine disease", where the first two lack the noun."""
        if not isinstance(rule, Predicate) or rule.concept is None or rule.concept.span is None or not run:
            return None
        noun, own = rule.name.split()[-1], self.words(rule.concept.span).split()
        found = self.context.lexicon.find(f"{run[-1].text} {noun}") if noun not in own else None
        if found is None or found.ambiguous or found.kind != rule.kind:
            return None
        said = tuple(self._qualifiers(run[:-1])) if len(run) > 1 else ()
        first = Predicate(kind=rule.kind, concept=reference(found, run[-1].span), op=rule.op, span=run[-1].span)
        return [msgspec.structs.replace(one, qualifier=(*said, *one.qualifier)) for one in (first, rule)]

    def _lacking(self, rule: Rule, run: Sequence[Element]) -> Rule | None:
        """Return "acute hepatitis" of "acute or chronic hepatitis", where the tables know hepatitis alone."""
        if not isinstance(rule, Predicate) or rule.concept is None or rule.concept.span is None:
            return None
        start, stop = rule.concept.span
        words = [token.word for token in self.context.tokens if start <= token.start and token.end <= stop][1:]
        own = self.words((run[0].span[0], run[-1].span[1])).split()
        while words and any(words[0] in pair and not pair.isdisjoint(own) for pair in _CONTRARY):
            words = words[1:]  # "chronic or idiopathic acute pancreatitis"
        whole = self.context.lexicon.longest([*own, *words], 0) if words else None
        if whole is not None and whole[1] == len(own) + len(words) and whole[0].kind == rule.kind:
            named = self.words((start, stop))
            kept = tuple(text for text in rule.qualifier if text not in named)  # "total or subtotal thyroidectomy"
            return msgspec.structs.replace(rule, concept=reference(whole[0], (run[0].span[0], stop)), qualifier=kept)
        behind = next(
            (place for place, word in enumerate(words) if {word.lower()} & _OPPOSED and own[-1:] != [word]), -1
        )
        if behind >= 0 and not _OPPOSED.isdisjoint(own):
            words = words[behind + 1 :]  # "chronic or idiopathic acute pancreatitis"
            other = self.context.lexicon.longest([*own, *words], 0) if words else None
            if other is None or other[1] != len(own) + len(words) or other[0].kind != rule.kind:
                return None
            return msgspec.structs.replace(rule, concept=reference(other[0], rule.concept.span))
        found = self.context.lexicon.longest(words, 0) if words else None
        if found is None or found[1] != len(words) or found[0].ambiguous or found[0].kind != rule.kind:
            return None
        text = self.words((run[0].span[0], run[-1].span[1]))
        said = () if text in found[0].name.split() else (text,)  # "measurable or nonmeasurable disease"
        return msgspec.structs.replace(rule, concept=reference(found[0], rule.concept.span), qualifier=said)

    def _now(self, rule: Predicate, pending: Sequence[Element]) -> tuple[Predicate, Sequence[Element]]:
        """Return "concurrent chemotherapy" as chemotherapy at the time of screening, and the other words."""
        words = [one.text for one in pending if one.kind == "quality"]
        now = [word for word in words if word in _CURRENT]
        if (
            not now
            or any(one.kind == "joint" and one.text != "comma" for one in pending)
            or rule.kind not in ("condition", "drug", "procedure")
        ):
            return rule, [one for one in pending if one.text not in _CURRENT] if rule.kind in QUALIFIED else pending
        rest = [one for one in pending if one.text not in _CURRENT]
        if any(one.text in ("prior", "previous", "past", "ever") for one in rest) or rule.window is not None:
            return rule, rest
        self.now = True
        return msgspec.structs.replace(rule, window=NOW), rest

    @staticmethod
    def _other_head(runs: Sequence[Sequence[Element]], rule: Rule, *, before: bool) -> bool:
        """
        Return whether the words make something else of the name: "family history of", "… exposure".

        Words with "of", "for", "to" between them and the name, and a noun right behind it, are the head then,
        and the name only says of what.
        """
        last = runs[-1] if before else runs[0]
        if before:
            words = [place for place, one in enumerate(last) if one.kind == "word"]
            if words and any(one.text in ("that", "which", "who") for one in last):
                return True
            said = [one for one in last if one.kind in ("word", "quality")]
            if len(said) > 1 and any(one.text in ("family", "familial") for one in said[:-1]):
                return True  # "family history of a genetic neuropathy"
            linked = any(last[place].linked for place in words)
            return bool(words) and (linked or any(one.text in LINKS for one in last[words[-1] :]))
        first = last[0]
        if not isinstance(rule, Predicate) or rule.op not in ("present", "absent") or rule.kind == "allergy":
            return False
        return first.kind == "word" and first.adjacent and rule.kind in ("condition", "drug", "procedure")

    def _planned_or(self, pending: Sequence[Element]) -> str | None:
        """Return "planned" where the words are "previous or planned": what lies behind or ahead."""
        words = [one.text for one in pending if one.kind == "quality"]
        if len(words) == 2 and any(one.kind == "joint" and one.text in ("or", "slash", "and") for one in pending):
            ahead = [word for word in words if word in AHEAD]
            behind = [word for word in words if word in ("previous", "prior", "recent", "current", "past", "recently")]
            if len(ahead) == 1 and len(behind) == 1:
                return ahead[0]
        return None

    def _runs(self, pending: Sequence[Element]) -> list[list[Element]]:
        """Return the words in runs between commas, those that change nobody left out."""
        runs: list[list[Element]] = [[]]
        for one in pending:
            if one.kind == "joint" and one.text == "comma":
                runs.append([])
            else:
                runs[-1].append(one)
        kept = []
        for run in runs:
            trimmed = self.trimmed(run)
            words = [one for one in trimmed if one.kind in ("word", "quality", "not")]
            if not words or all(one.kind == "quality" and one.text in EMPTY for one in words):
                continue
            either = any(one.kind == "joint" for one in run) and any(one.text in EMPTY for one in run)
            either = either and all(one.text != "non" for one in words)  # "suspected or non confirmed"
            if either and len(words) <= 3:  # "suspected or confirmed", "active or past": either will do
                self.waived += [one.span for one in words if one.text in EITHER or one.text in EMPTY]
                trimmed = [one for one in words if one.text not in EITHER and one.text not in EMPTY]
            if trimmed:
                kept.append(trimmed)
        return kept

    def _qualifiers(self, run: Sequence[Element]) -> list[str]:
        first, last = 0, len(run)
        if last == 1 and run[0].text == "planned":
            return ["planned"]  # "will receive": what a record calls planned
        while (
            first < last - 1
            and run[first].kind in ("quality", "light")
            and run[first].text in EMPTY | {"the", "of", "a", "with"}
        ):
            first += 1
        text = self.words((run[first].span[0], run[last - 1].span[1]))
        return [text] if text else []

    def marked(self, rule: Rule, words: str) -> Rule:
        """Return the rule with every name in it qualified by *words*."""
        return changed(
            rule,
            lambda one: (
                msgspec.structs.replace(one, qualifier=(words, *one.qualifier)) if one.kind in QUALIFIED else one
            ),
        )

    def exampled(self, rule: Rule, examples: Sequence[Rule]) -> Rule:
        """
        Return the rule with examples of what it names.

        A kind of it, or a disease beside the name of a whole class, counts by itself. What is no kind of it counts only
        as one: "a transfusion reaction such as anaphylaxis" is no anaphylaxis after a meal. What is of another sort is
        perhaps a reason, a sign or a remedy of it, and is in doubt.
        """
        heads = [leaf for leaf in leaves(rule) if isinstance(leaf, Predicate)]
        if isinstance(rule, Left):
            return self._of_unread(rule, rule.span, examples)
        if isinstance(rule, Predicate) and rule.name == ILLNESS and rule.span is not None:
            return self._of_unread(rule, rule.span, examples)
        judged = [one for one in heads if one.kind == "administrative"]
        if judged:
            shown = any_of(examples)
            return any_of([rule, *([All((shown, judged[0]))] if shown is not None else [])]) or rule
        return extended(rule, [self._example(one, heads) for one in examples])

    def _of_unread(self, head: Rule, span: Span, examples: Sequence[Rule]) -> Rule:
        """Return examples of what was not read: as grave as it is; in doubt where it says when."""
        words = self.words(span).split()
        shown = any_of(examples)
        if shown is None or not _WHEN.isdisjoint(words) or any(word.isdigit() for word in words):
            return any_of([head, *([doubted(shown, span)] if shown is not None else [])]) or head
        grave = tuple(word for word in words if word in _GRAVE)

        def weighed(one: Predicate) -> Predicate:
            plain = grave and one.kind == "condition" and one.op == "present" and not one.qualifier
            return msgspec.structs.replace(one, qualifier=grave) if plain else one

        return extended(head, [changed(one, weighed) for one in examples])

    def _example(self, rule: Rule, heads: Sequence[Predicate]) -> Rule:
        """Return one example as it counts for what it is an example of."""
        if not isinstance(rule, Predicate) or rule.kind not in _SORTS or rule.span is None:
            return rule
        lexicon = self.context.lexicon
        kinds = [one for one in heads if one.kind in _SORTS]
        if not kinds or any(lexicon.is_a(rule.name, one.name) or lexicon.is_a(one.name, rule.name) for one in kinds):
            return rule
        if rule.kind == "condition" and kinds[0].qualifier[:1] == (BARRED,):
            return msgspec.structs.replace(rule, qualifier=(*rule.qualifier, f"as {BARRED} {kinds[0].name}"))
        if all(_SORTS[one.kind] != _SORTS[rule.kind] for one in kinds):
            return doubted(rule, rule.span)
        if rule.kind != "condition":
            return given_as(rule, kinds)
        if any(len(lexicon.members(one.name)) >= _CLASS or one.name in _ANY_DISEASE for one in kinds):
            return rule
        return msgspec.structs.replace(rule, qualifier=(*(rule.qualifier or kinds[0].qualifier), f"as {kinds[0].name}"))

    def allergies(self, rule: Rule, cue: Element) -> Rule:
        """Return the rule with every name in it an allergen; words that no table knows name one too."""
        if isinstance(rule, Left):
            return self._allergen(rule, cue)
        if isinstance(rule, Predicate):
            return self._allergy(rule, cue)
        if isinstance(rule, Not):
            return Not(self.allergies(rule.rule, cue))
        if isinstance(rule, Unless):
            return Unless(self.allergies(rule.rule, cue), self.allergies(rule.exception, cue))
        if isinstance(rule, AnyOf):
            return AnyOf(tuple(self.allergies(one, cue) for one in rule.rules))
        return msgspec.structs.replace(
            rule, rules=tuple(one if isinstance(one, Left) else self.allergies(one, cue) for one in rule.rules)
        )

    def _allergy(self, rule: Predicate, cue: Element) -> Rule:
        if (rule.kind == "condition" or rule.name in _NO_ALLERGEN) and rule.span is not None:
            return doubted(rule, rule.span)
        if rule.kind not in ("drug", "procedure") and (rule.kind != "measurement" or rule.op != "present"):
            return rule
        span = (cue.span[0], rule.span[1] if rule.span else cue.span[1])
        said = intolerant(cue.text)  # "hypersensitivity or anaphylaxis to X": either will do
        said = () if said == ("anaphylaxis",) and self._is_listed(cue) else said
        return msgspec.structs.replace(
            rule,
            kind="allergy",
            span=span if span[0] <= span[1] else rule.span,
            qualifier=(*rule.qualifier, *said),
        )

    def _is_listed(self, one: Element) -> bool:
        return self.words((max(0, one.span[0] - 6), one.span[0])).split()[-1:] in (["or"], ["and"], ["/"])

    def _allergen(self, left: Left, cue: Element) -> Rule:
        text = self.words(left.span)
        if len(text.split()) > _LONGEST or numbered(text):
            return left
        return Predicate(
            kind="allergy",
            concept=ConceptRef(text, span=left.span),
            span=(min(cue.span[0], left.span[0]), left.span[1]),
            qualifier=intolerant(cue.text),
        )

    # Times
