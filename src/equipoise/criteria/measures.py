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

from collections.abc import Sequence

import msgspec

from equipoise.criteria.context import Context, reference
from equipoise.criteria.cues import FEMALE, MALE
from equipoise.criteria.limits import Comparison, operator_at, tidy
from equipoise.criteria.records import Flag
from equipoise.criteria.tokens import number_of
from equipoise.rules.nodes import ConceptRef, Predicate, Rule, Span, all_of, any_of
from equipoise.terms.cues import word_set
from equipoise.terms.units import unit as unit_of
from equipoise.terms.variables import Variable

_FILLERS = word_set("measures.fillers")
_METHOD = word_set("measures.method")
_AND = frozenset(("and", "&", "but", "plus", "+", "with"))
_OR = frozenset(("or", "/"))
_TIME_DIMENSION = "time"
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_PEOPLE = word_set("measures.people")


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


class MeasureReader:
    """Reads the measurements of one criterion. *exclusion* decides how "AST/ALT" is joined."""

    def __init__(self, context: Context, *, exclusion: bool) -> None:
        self.context = context
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
        """Read "blood pressure ≥ 140/90 mmHg": either above, or both below."""
        context = self.context
        limit = context.comparison(at)
        if limit is None or limit.op not in _FLIP or context.norm(limit.end) != "/":
            return None
        low = context.quantity(limit.end + 1)
        variables = [context.variables.find(name) for name in ("systolic blood pressure", "diastolic blood pressure")]
        if low is None or None in variables:
            return None
        span, whole = context.span(first, last), (limit.span[0], low.stop)
        rules: list[Rule] = []
        for variable, value in zip(variables, (limit.value, low.value), strict=True):
            assert variable is not None
            one = Comparison(limit.op, value, None, low.unit, None, low.end, whole, limit.mended)
            rules.append(self.predicate(variable, span, one, None))
        rule = any_of(rules) if limit.op in (">", ">=") else all_of(rules)
        assert rule is not None
        return Measure(rule, first, low.end)

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
            joints.append(joint)
            found.append((named[0], place, named[1]))
            end = context.explain(named[1], named[0], place)
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

    def _limit_place(self, at: int, variable: Variable) -> int | None:
        """Return the token at which the limit of a variable begins."""
        context, begin = self.context, at
        while at < len(context.tokens) and at - begin < 12:
            if self._limit_at(at, variable) is not None:
                return at
            norm = context.norm(at)
            if norm in ("(", "["):
                inside = self._limit_place_inside(at + 1, variable)
                if inside is not None:
                    return inside
                at = context.close_of(at) + 1
                continue
            if norm in _FILLERS or (norm in (",", "-", "–") and self._sign_follows(at + 1)):
                at += 1
                continue
            again = context.variables.longest(context.words, at)
            if again is not None and again[0].name == variable.name:
                at += again[1]
                continue
            if norm in _METHOD:
                return self._behind_method(at, variable)
            return None
        return None

    def _limit_place_inside(self, at: int, variable: Variable) -> int | None:
        for place in range(at, min(at + 3, len(self.context.tokens))):
            if self._limit_at(place, variable) is not None:
                return place
            if self.context.norm(place) not in _FILLERS:
                return None
        return None

    def _sign_follows(self, at: int) -> bool:
        return at < len(self.context.tokens) and (
            self.context.tokens[at].kind == "o" or operator_at(self.context.tokens, at) is not None
        )

    def _behind_method(self, at: int, variable: Variable) -> int | None:
        """Look behind "by the Cockcroft-Gault formula" for the limit: the same clause, no other variable between."""
        context = self.context
        for place in range(at, min(at + 14, len(context.tokens))):
            token = context.tokens[place]
            if token.norm in (",", ";", ".", "or", "and") and not (
                token.norm == "and" and context.norm(place + 1) == "gault"
            ):
                return None
            if self._sign_follows(place):
                return place if self._limit_at(place, variable) is not None else None
            if place > at and context.variables.longest(context.words, place) is not None:
                return None
        return None

    def _limit_at(self, at: int, variable: Variable) -> Comparison | None:
        """Return the comparison or levels at a token, if they can be this variable's."""
        levels = self.levels_at(at, variable)
        found = self.context.comparison(at)
        if levels is not None and (found is None or levels.end > found.end or found.unit == "d"):
            return levels
        if found is None:
            found = self._bare(at, variable)
        if found is None or not self._fits(found, variable):
            return None
        return found

    @staticmethod
    def _fits(found: Comparison, variable: Variable) -> bool:
        if found.unit is None or found.relative_to is not None:
            return True
        unit, own = unit_of(found.unit), unit_of(variable.unit) if variable.unit else None
        if unit is None:
            return False
        own_dimensions = {
            known.dimension for one in (variable.unit, *variable.units) if one and (known := unit_of(one)) is not None
        }
        if unit.dimension == _TIME_DIMENSION:
            return _TIME_DIMENSION in own_dimensions
        return own is not None or found.unit in ("%", "1") or not own_dimensions

    def _bare(self, at: int, variable: Variable) -> Comparison | None:
        """Read "GCS 15" and "ECOG of 1": a score with no operator."""
        quantity = self.context.quantity(at)
        if quantity is None or self.context.tokens[at].kind != "n":
            return None
        scale = variable.kind in ("score", "class", "stage")
        if not scale:
            return None  # "ANC 1500/uL" sets a limit, and does not say which
        if scale and quantity.unit not in (None, "{points}", "1"):
            return None
        return Comparison(
            "=",
            quantity.value,
            None,
            quantity.unit,
            quantity.relative_to,
            quantity.end,
            (quantity.start, quantity.stop),
            quantity.mended,
        )

    # Levels

    def level_at(self, at: int, variable: Variable) -> tuple[float, int] | None:
        """Return the level of a class or stage at a token, as a number, and the next token."""
        context = self.context
        if at >= len(context.tokens):
            return None
        token = context.tokens[at]
        known = variable.levels.get(token.word.upper())
        if known is not None and (token.word.isupper() or len(token.norm) == 1 or token.kind == "n"):
            return float(known), at + 1
        if token.kind == "n" and token.value is not None:
            return token.value, at + 1
        roman = number_of(token)
        if roman is not None:
            end = at + 1
            if context.norm(end) in ("a", "b", "c") and context.tokens[end].glued:
                end += 1
            return roman, end
        if token.kind == "w" and token.norm[:-1] in ("i", "ii", "iii", "iv") and token.norm[-1] in "abc":
            return {"i": 1.0, "ii": 2.0, "iii": 3.0, "iv": 4.0}[token.norm[:-1]], at + 1
        return None

    def levels_at(self, at: int, variable: Variable) -> Comparison | None:
        """Return the level, list or range of levels of a class, stage or score at a token."""
        if variable.kind not in ("score", "class", "stage"):
            return None
        context, first = self.context, at
        op = operator_at(context.tokens, at)
        if op is not None:
            at = op[1]
            while context.norm(at) in ("to", "or", "class", "stage", "grade"):
                at += 1
        level = self.level_at(at, variable)
        if level is None:
            return None
        values, joints, end = [level[0]], [], level[1]
        while op is None:
            place, joint = self._level_joint(end)
            following = self.level_at(place, variable) if joint else None
            if following is None:
                break
            if self._has_unit(following[1] - 1) or (
                joint == "and" and not variable.levels and following[0] < values[-1]
            ):
                break
            values.append(following[0])
            joints.append(joint)
            end = following[1]
        return self._as_comparison(first, end, op, values, joints)

    def _has_unit(self, at: int) -> bool:
        quantity = self.context.quantity(at)
        return quantity is not None and quantity.unit not in (None, "1", "{points}")

    def _level_joint(self, at: int) -> tuple[int, str]:
        context, begin = self.context, at
        joint = ""
        if at < len(context.tokens) and context.tokens[at].glued:
            return at, "-"
        while at - begin < 4 and context.norm(at) in (
            ",",
            "or",
            "and",
            "/",
            "-",
            "to",
            "through",
            "class",
            "stage",
            "grade",
            "&",
            "until",
        ):
            if context.norm(at) not in ("class", "stage", "grade"):
                joint = "-" if context.norm(at) in ("-", "to", "through", "until") else joint if joint == "-" else "or"
            at += 1
        return at, joint

    def _as_comparison(
        self,
        first: int,
        end: int,
        op: tuple[str, int, bool, str] | None,
        values: Sequence[float],
        joints: Sequence[str],
    ) -> Comparison | None:
        context = self.context
        sign = op[0] if op is not None else "="
        if op is None and len(values) == 1:
            after = context.comparison(end - 1) if context.tokens[end - 1].kind == "n" else None
            if after is not None and after.worded:
                return None  # "2 or more": a comparison says it
            word = context.norm(end + 1)
            if context.norm(end) in ("or", "and") and word in ("higher", "greater", "above", "more", "worse", "over"):
                sign, end = ">=", end + 2
            elif context.norm(end) in ("or", "and") and word in ("lower", "less", "below", "better", "under"):
                sign, end = "<=", end + 2
        span = (context.tokens[first].start, context.tokens[end - 1].end)
        mended = bool(op and op[2])
        if len(values) == 1:
            return Comparison(sign, values[0], None, None, None, end, span, mended)
        low, high = min(values), max(values)
        listed = {int(value) for value in values if value == int(value)}
        whole = "-" in joints or listed >= set(range(int(low), int(high) + 1))
        if not whole:
            return None
        return Comparison(
            "between" if high > low else "=", low, high if high > low else None, None, None, end, span, mended
        )

    # Limits

    def _limits(self, at: int, variable: Variable) -> tuple[list[tuple[str, Comparison, str | None]], int] | None:
        """Return limits with how each is joined to the one before and for whom it holds, and the next token."""
        context = self.context
        opened = context.norm(at - 1) in ("(", "[")
        first = self._limit_at(at, variable)
        if first is None:
            return None
        found: list[tuple[str, Comparison, str | None]] = []
        joint, limit = "", first
        while True:
            end = self._second_unit(limit.end, variable)
            population, end = self._population(end)
            found.append((joint, limit, population))
            upto = self._up_to(limit, end)
            if upto is not None:
                found.append(("and", upto, population))
                end = upto.end
            place, joint, bracket = self._next_limit(end)
            following = self._limit_at(place, variable) if joint else None
            if following is None or self._other_variable(following.end):
                break
            limit = following
            if bracket:
                limit = msgspec.structs.replace(limit, end=limit.end)
        if opened and context.norm(end) in (")", "]"):
            end += 1
        return found, end

    def _up_to(self, limit: Comparison, at: int) -> Comparison | None:
        """Read the upper end of "> 27 to 45"."""
        if limit.op not in (">", ">=") or self.context.norm(at) not in ("to", "-"):
            return None
        number = self.context.quantity(at + 1)
        if number is None or number.value <= limit.value or number.unit not in (None, limit.unit):
            return None
        span = (self.context.tokens[at].start, number.stop)
        return Comparison("<=", number.value, None, limit.unit, limit.relative_to, number.end, span)

    def _next_limit(self, at: int) -> tuple[int, str, bool]:
        context = self.context
        place, joint = at, ""
        if context.norm(place) in ("(", "[") and context.close_of(place) < len(context.tokens):
            inner = place + 1
            while context.norm(inner) in ("or", "and", "if", "but"):
                joint = context.norm(inner)
                inner += 1
            limit = context.comparison(inner)
            if limit is not None and context.norm(limit.end) in ("in", "for", "if", "among", "when", "with"):
                return inner, joint or "or", True
            return at, "", False
        while context.norm(place) in ("or", "and", "but", ",", "and/or", "to", "&") and place - at < 3:
            joint = joint if context.norm(place) == "," and joint else context.norm(place)
            place += 1
        while joint and context.norm(place) in (
            "is",
            "of",
            "a",
            "value",
            "values",
            "level",
            "levels",
            "class",
            "score",
        ):
            place += 1
        if joint == "," and not self._sign_follows(place):
            return at, "", False
        return (
            place,
            "and" if joint in ("but", ",", "&") else "or" if joint == "and/or" else joint if joint != "to" else "",
            False,
        )

    def _other_variable(self, at: int) -> bool:
        """Return whether what was read as a further limit belongs to the variable that follows it ("> 3 × ULN ALT")."""
        named = self.context.named(at) if at < len(self.context.tokens) and self.context.norm(at) != "of" else None
        return (
            named is not None
            and isinstance(named[0], Variable)
            and named[0].name not in ("",)
            and self._limit_place(named[1], named[0]) is None
        )

    def _second_unit(self, at: int, variable: Variable) -> int:
        """Pass over "(50 mg/dL)" and "[≤ 1.5 mg/dL]": the limit again, in another unit."""
        context = self.context
        if context.norm(at) not in ("(", "[", "/", "or", "="):
            return at
        if context.norm(at) in ("(", "["):
            close = context.close_of(at)
            inner = at + 1
            while context.norm(inner) in ("or", "i", "ie", "approximately", "eq", "equivalent", "to", "about", "="):
                inner += 1
            limit = self._limit_at(inner, variable)
            if limit is None:
                number = context.quantity(inner)
                return close + 1 if number is not None and number.end == close else at
            return close + 1 if limit.end == close and limit.relative_to is None else at
        return at

    def _population(self, at: int) -> tuple[str | None, int]:
        """Read "in African-American patients", "if liver metastases are present": for whom the limit holds."""
        context = self.context
        if context.norm(at) == "," and context.norm(at + 1) in ("if", "for", "in"):
            at += 1
        opener = context.norm(at)
        if opener not in ("in", "for", "if", "among"):
            return None, at
        end = at + 1
        while (
            end < len(context.tokens)
            and end - at < 12
            and context.norm(end) not in (",", ";", ")", "]", ".", "or", "(", "unless", "and")
        ):
            if context.comparison(end) is not None:
                break
            end += 1
        words = [token.norm for token in context.tokens[at + 1 : end]]
        if not words:
            return None, at
        people = any(word in _PEOPLE for word in words)
        named = (
            context.named(at + 1 + (words[0] in ("the", "known", "patients", "subjects", "those")))
            if len(words) > 1 or opener == "if"
            else None
        )
        if not people and (opener != "if" or named is None):
            return None, at
        if set(words) <= {"all", "patients", "subjects", "the", "both", "participants"}:
            return None, end
        if len(words) <= 2 and set(words) & MALE:
            return "male", end
        if len(words) <= 2 and set(words) & FEMALE:
            return "female", end
        span = context.span(at + 1, end)
        return context.text[span[0] : span[1]], end

    # The rule

    def _rule(self, names: _Names, limits: Sequence[tuple[str, Comparison, str | None]]) -> Rule:
        rules = [self._one(name, limits) for name in names.found]
        if len(rules) == 1:
            return rules[0]
        both = names.joint == "and" or (names.joint in ("slash", "comma") and not self.exclusion)
        joined = all_of(rules) if both else any_of(rules)
        assert joined is not None
        return joined

    def _one(self, name: tuple[Variable, int, int], limits: Sequence[tuple[str, Comparison, str | None]]) -> Rule:
        variable, first, end = name
        span = self.context.span(first, end)
        if {"male", "female"} <= {population for _, _, population in limits}:
            return self._by_sex(variable, span, limits)
        groups: list[list[Rule]] = [[]]
        for joint, limit, population in limits:
            if joint == "or" and groups[-1]:
                groups.append([])
            groups[-1].append(self.predicate(variable, span, limit, population))
        rule = any_of([part for group in groups if (part := all_of(group)) is not None])
        assert rule is not None
        return rule

    def _by_sex(self, variable: Variable, span: Span, limits: Sequence[tuple[str, Comparison, str | None]]) -> Rule:
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
        if limit.mended:
            self._flag(limit)
        return Predicate(
            kind="measurement",
            concept=reference(variable, span),
            op=limit.op,
            value=tidy(limit.value),
            upper=None if limit.upper is None else tidy(limit.upper),
            unit=None if limit.relative_to or limit.unit in ("1", "{points}") else limit.unit,
            relative_to=limit.relative_to,
            population=population,
            span=(min(span[0], limit.span[0]), max(span[1], limit.span[1])),
        )

    def _flag(self, limit: Comparison) -> None:
        said = self.context.source[limit.span[0] : limit.span[1]]
        ours = f"{limit.op} {tidy(limit.value)}" + (f" to {tidy(limit.upper)}" if limit.upper is not None else "")
        flag = Flag("mended", limit.span, said, f"{ours} {limit.unit or limit.relative_to or ''}".strip())
        if flag not in self.context.flags:
            self.context.flags.append(flag)

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
        variable, end = named
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
