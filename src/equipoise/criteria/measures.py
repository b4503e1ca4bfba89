"""
Measurements: one variable or several, and the limits that the text sets them.

::

    measure  = names filler* limits | limit filler* names | quantity operator name (operator quantity)?
    names    = name (joint name)*                       # "AST and ALT", "AST/ALT"
    limits   = limit (joint limit population?)*         # "< 2.8 or > 22.2", "≤ 2.5 × ULN (≤ 5 if liver metastases)"
    limit    = comparison | levels
    levels   = level (joint level)* postfix?            # "III-IV", "0, 1 or 2", "B or C", "stage IIIB or higher"
    population = ("in" | "for" | "if") words that name people

All variables of a list share its limits; "and" of limits holds together, "or" apart. A length of time is no
limit of a variable that is not one. Words between a name and its limit may say how it is measured, never what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.homonyms import ratio
from equipoise.criteria.limitlist import Joined, LimitReader
from equipoise.criteria.limits import Comparison, Quantity, operator_at, tidy
from equipoise.criteria.others import for_the_others
from equipoise.criteria.records import Flag
from equipoise.rules.nodes import ConceptRef, Predicate, Rule, Span, all_of, any_of
from equipoise.terms.cues import word_set
from equipoise.terms.variables import Variable

_FILLERS = word_set("measures.fillers")
_METHOD = word_set("measures.method")
_AND = frozenset(("and", "&", "but", "plus", "+", "with"))
_TIME_DIMENSION = "time"
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
BOUNDS = {
    **dict.fromkeys(("minimum", "minimal", "min"), ">="),
    **dict.fromkeys(("maximum", "maximal", "max"), "<="),
}
_LETTERED = re.compile(r"\d[A-D]\b")
_LEVEL = re.compile(r"[A-Z0-9]+")
_LOW_DIASTOLIC = 75  # mmHg: a diastolic limit below it is about low pressure, not high
_PEOPLE = word_set("measures.people")
# "70 or better": at least 70 where more is better, at most where less is, as on most scales.
_TURNED = ("better", "worse")
_HIGHER_IS_BETTER = frozenset(
    (
        "apgar score",
        "barthel index",
        "best corrected visual acuity",
        "coma recovery scale",
        "full outline of unresponsiveness score",
        "glasgow coma scale",
        "glasgow coma scale motor score",
        "glasgow outcome scale",
        "Karnofsky performance status",
        "Lansky performance status",
        "left ventricular ejection fraction",
        "mini-mental state examination",
        "modified mini-mental state",
        "montreal cognitive assessment",
        "near visual acuity",
        "rancho los amigos level",
        "right ventricular ejection fraction",
        "tici grade",
        "timi flow grade",
    )
)


class Measure(msgspec.Struct, gc=False):
    """What was read: a rule, and the next token. ``first`` is its first token."""

    rule: Rule
    first: int
    end: int


class _Names(msgspec.Struct, gc=False):
    """Variables named in a row, each with its tokens, and how they are joined."""

    found: list[tuple[Variable, int, int]]
    joint: str
    end: int


class MeasureReader(LimitReader):
    """Reads the measurements of one criterion. *exclusion* decides how "AST/ALT" is joined."""

    def __init__(self, context: Context, *, exclusion: bool) -> None:
        super().__init__(context)
        self.exclusion = exclusion

    # Names first

    def named(self, at: int, variable: Variable, end: int) -> Measure | None:
        """Return the limits on the variable that the tokens from *at* to *end* name, if any follow."""
        names = self._names(at, variable, end)
        variable = names.found[-1][0]
        place = self._limit_place(names.end, variable)
        if place is None:
            if len(names.found) > 1:  # the list is no list: each name speaks for itself
                names = _Names(names.found[:1], "", names.found[0][2])
                place = self._limit_place(names.end, names.found[0][0])
            if place is None:
                return None
        if variable.name == "blood pressure" and (pressure := self._pressure(at, end, place)) is not None:
            return pressure
        limits = self._limits(place, names.found[-1][0])
        if limits is None:
            return None
        comparisons, end = limits
        return Measure(self._rule(names, comparisons), at, end)

    def _pressure(self, first: int, last: int, at: int) -> Measure | None:
        """Read "blood pressure ≥ 140/90 but < 180/110 mmHg": either at least so high, both below."""
        found = self._pair(at)
        if found is None:
            return None
        pairs, end = [found], found[1].end
        place = end + (self.context.norm(end) == ",")
        if self.context.norm(place) in (*_AND, "or") and (more := self._pair(place + 1)) is not None:
            either = self.context.norm(place) == "or"
            pairs, end = [*pairs, more], more[1].end
        unit = next((low.unit for _, low in pairs if low.unit), None)
        rules = [self._pressures(self.context.span(first, last), pair, unit) for pair in pairs]
        rule = rules[0] if len(rules) == 1 else any_of(rules) if either else all_of(rules)
        return None if rule is None else Measure(rule, first, end)

    def _pair(self, at: int) -> tuple[Comparison, Quantity] | None:
        """Return the limit of the systolic and the value of the diastolic pressure."""
        limit = self.context.comparison(at) if at < len(self.context.tokens) else None
        if limit is None or limit.op not in _FLIP or self.context.norm(limit.end) != "/":
            return None
        low = self.context.quantity(limit.end + 1)
        return None if low is None else (limit, low)

    def _pressures(self, span: Span, pair: tuple[Comparison, Quantity], unit: str | None) -> Rule:
        limit, low = pair
        whole, rules = (limit.span[0], low.stop), []
        for name, value in (("systolic blood pressure", limit.value), ("diastolic blood pressure", low.value)):
            variable = self.context.variables.find(name)
            assert variable is not None, name
            one = Comparison(limit.op, value, None, unit, None, low.end, whole, limit.mended)
            rules.append(self.predicate(variable, span, one, None))
        # High is either high, "< 140/90" both below; low is either low, "≥ 90/60" neither.
        either = (limit.op in (">", ">=")) == (low.value >= _LOW_DIASTOLIC)
        rule = any_of(rules) if either and limit.op != "=" else all_of(rules)
        assert rule is not None
        return rule

    def stands_at(self, at: int, variable: Variable) -> bool:
        """Return whether a limit of the variable begins just at a token."""
        return self._limit_at(at, variable) is not None

    def _names(self, at: int, variable: Variable, end: int) -> _Names:
        context = self.context
        found = [(variable, at, end)]
        joints: list[str] = []
        end = context.explain(end, variable, at)
        while len(found) < 8:
            place, joint = end, ""
            while (
                context.norm(place) in (",", "and", "or", "/", "&", "and/or", "either", "as", "well")
                and place - end < 4
            ):
                joint = context.norm(place) if context.norm(place) not in ("either", "as", "well") else joint or "and"
                place += 1
            while context.norm(place) in ("serum", "plasma", "the", "total", "a"):
                place += 1
            if not joint or place >= len(context.tokens):
                break
            named = context.named(place)
            if named is None or not isinstance(named[0], Variable):
                break
            end = context.explain(named[1], named[0], place)
            if joint == "/" and (one := ratio(context, found[-1][0], named[0])) is not None:
                found[-1] = (one, found[-1][1], named[1])
                continue
            joints.append(joint)
            found.append((named[0], place, named[1]))
        words = [joint for joint in joints if joint != ","]
        joint = (
            "or"
            if "or" in words
            else "and"
            if "and" in words or "&" in words
            else "slash"
            if words
            else "comma"
            if joints
            else ""
        )
        return _Names(found, joint, end)

    # The rule

    def _rule(self, names: _Names, limits: Sequence[Joined]) -> Rule:
        rules = [self._one(name, limits) for name in names.found]
        if len(rules) == 1:
            return rules[0]
        both = names.joint == "and" or (names.joint in ("slash", "comma") and not self.exclusion)
        joined = all_of(rules) if both else any_of(rules)
        assert joined is not None
        return joined

    def _one(self, name: tuple[Variable, int, int], limits: Sequence[Joined]) -> Rule:
        variable, first, end = name
        span = self.context.span(first, end)
        if {"male", "female"} <= {population for _, _, population in limits}:
            return self._by_sex(variable, span, limits)
        groups: list[list[Rule]] = [[]]
        for joint, limit, population in limits:
            if joint == "or" and groups[-1]:
                groups.append([])
            groups[-1].append(self.predicate(variable, span, limit, population))
        parts = [part for group in groups if (part := all_of(group)) is not None]
        if len(parts) == 2 and isinstance(parts[0], Predicate) and isinstance(parts[1], Predicate):
            apart = for_the_others(parts[0], parts[1], self.context)
            if apart is not None:
                return apart
        rule = any_of(parts)
        assert rule is not None
        return rule

    def _by_sex(self, variable: Variable, span: Span, limits: Sequence[Joined]) -> Rule:
        """Return "≥ 13 g/dL for men, ≥ 12 g/dL for women": each sex with its limit."""
        rules = []
        for _, limit, population in limits:
            one = self.predicate(variable, span, limit)
            sex = Predicate(
                kind="demographic",
                concept=ConceptRef("sex", span=limit.span),
                op="=",
                value=population,
                span=limit.span,
            )
            rules.append(all_of([sex, one]) if population in ("male", "female") else one)
        rule = any_of([rule for rule in rules if rule is not None])
        assert rule is not None
        return rule

    def predicate(self, variable: Variable, span: Span, limit: Comparison, population: str | None = None) -> Predicate:
        """Return the predicate that a limit on a variable is; *span* is the words that name it."""
        if limit.mended:
            self._flag(limit)
        return Predicate(
            kind="measurement",
            concept=reference(variable, span),
            op=_FLIP[limit.op] if variable.name in _HIGHER_IS_BETTER and limit.worded in _TURNED else limit.op,
            value=tidy(limit.value),
            upper=None if limit.upper is None else tidy(limit.upper),
            unit=None if limit.relative_to or limit.unit in ("1", "{points}") else limit.unit,
            relative_to=limit.relative_to,
            qualifier=self._sublevels(variable, limit),
            population=population,
            span=(min(span[0], limit.span[0]), max(span[1], limit.span[1])),
        )

    def _sublevels(self, variable: Variable, limit: Comparison) -> tuple[str, ...]:
        """Return "iiib" where the catalogue counts IIIA to IIIC as one: which of them is asked stays to be seen."""
        whole: dict[float, str] = {}
        for name, value in variable.levels.items():
            whole.setdefault(value, name)
        said = self.context.text[limit.span[0] : limit.span[1]].upper()
        if variable.kind in ("stage", "class") and _LETTERED.search(said):
            return (said.lower(),)
        if len(whole) == len(variable.levels):
            return ()
        parts = [word for word in _LEVEL.findall(said) if word in variable.levels]
        return (said.lower(),) if any(whole[variable.levels[word]] != word for word in parts) else ()

    def _flag(self, limit: Comparison) -> None:
        said = self.context.source[limit.span[0] : limit.span[1]]
        ours = f"{limit.op} {tidy(limit.value)}" + (f" to {tidy(limit.upper)}" if limit.upper is not None else "")
        flag = Flag("mended", limit.span, said, f"{ours} {limit.unit or limit.relative_to or ''}".strip())
        if flag not in self.context.flags:
            self.context.flags.append(flag)

    def bounded(self, at: int) -> Measure | None:
        """Read "minimum life expectancy of 12 weeks": the bound stands before the name."""
        context = self.context
        op = BOUNDS.get(context.norm(at))
        named = context.named(at + 1) if op is not None and at + 1 < len(context.tokens) else None
        if op is None or named is None or not isinstance(named[0], Variable):
            return None
        variable, place = named[0], context.explain(named[1], named[0], at + 1)
        while context.norm(place) in ("of", "is", ":", "=", "at"):
            place += 1
        number = context.quantity(place)
        if number is None or (number.unit is None and variable.kind not in ("score", "class", "stage")):
            return None
        limit = Comparison(
            op, number.value, None, number.unit, number.relative_to, number.end, (number.start, number.stop)
        )
        if not self._fits(limit, variable):
            return None
        return Measure(self.predicate(variable, context.span(at + 1, named[1]), limit), at, number.end)

    # Limits first

    def limited(self, at: int, limit: Comparison) -> Measure | None:
        """Return the measurement whose limit stands before its name: "≥ 100 × 10⁹/L platelets"."""
        context, place = self.context, limit.end
        while (
            context.norm(place) in ("of", "the", "a", "on", "in", "for", "serum", "total", "score", "by")
            and place - limit.end < 4
        ):
            place += 1
        if place >= len(context.tokens):
            return None
        named = context.named(place)
        if named is None or not isinstance(named[0], Variable) or not self._fits(limit, named[0]):
            return None
        variable, end = named[0], named[1]
        if limit.unit is None and limit.relative_to is None and variable.kind not in ("score", "class", "stage"):
            return None
        if self._limit_place(end, variable) is not None:
            return None
        end = context.explain(end, variable, place)
        return Measure(self.predicate(variable, context.span(place, named[1]), limit, None), at, end)

    def flipped(self, at: int) -> Measure | None:
        """Return "20 kg/m2 ≤ BMI ≤ 30 kg/m2": a value on each side of the name, or on its left alone."""
        context = self.context
        low = context.quantity(at)
        if low is None or low.end >= len(context.tokens) or context.tokens[low.end].kind != "o":
            return None
        sign = operator_at(context.tokens, low.end)
        if sign is None or sign[1] >= len(context.tokens):
            return None
        named = context.named(sign[1])
        if named is None or not isinstance(named[0], Variable):
            return None
        variable = named[0]
        end = context.explain(named[1], variable, sign[1])
        left = Comparison(
            _FLIP[sign[0]],
            low.value,
            None,
            low.unit,
            low.relative_to,
            end,
            (low.start, context.tokens[end - 1].end),
            sign[2],
        )
        right = context.comparison(end)
        span = context.span(sign[1], named[1])
        if right is None or right.op not in ("<", "<=", ">", ">="):
            return Measure(self.predicate(variable, span, left, None), at, end)
        return Measure(self._both_sides(variable, span, left, right), at, right.end)

    def _both_sides(self, variable: Variable, span: Span, left: Comparison, right: Comparison) -> Rule:
        unit = right.unit or left.unit
        left, right = (msgspec.structs.replace(one, unit=one.unit or unit) for one in (left, right))
        if left.op == ">=" and right.op == "<=":
            whole = (left.span[0], right.span[1])
            both = Comparison(
                "between",
                left.value,
                right.value,
                unit,
                left.relative_to,
                right.end,
                whole,
                left.mended or right.mended,
            )
            return self.predicate(variable, span, both, None)
        rule = all_of([self.predicate(variable, span, one, None) for one in (left, right)])
        assert rule is not None
        return rule
