"""
Levels of a class, a stage or a score: "III-IV", "0, 1 or 2", "B or C", "stage IIIB or higher".

::

    levels = operator? level (joint level)* postfix?
    level  = number | Roman numeral | letter of the variable's own
    joint  = "-" | "to" | "or" | "and" | "," | "/"

A list of levels with a gap is no range, and is not read as one.
"""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.context import Context
from equipoise.criteria.limits import Comparison, operator_at
from equipoise.criteria.tokens import number_of
from equipoise.terms.variables import Variable

_HIGHEST = 20  # A stage that is borrowed may be a little higher than its variable's.


def beyond(value: float, variable: Variable) -> bool:
    """
    Return whether a number is far above any level: "GOLD 2014" is a year, "IPI-926" a drug.

    >>> beyond(2014, Variable("gold stage", high=4)), beyond(5, Variable("stage", high=4))
    (True, False)
    """
    return variable.high is not None and value > max(variable.high, _HIGHEST)


class LevelReader:
    """Reads the levels of one criterion."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def level_at(self, at: int, variable: Variable) -> tuple[float, int] | None:
        """Return the level of a class or stage at a token, as a number, and the next token."""
        context = self.context
        if at >= len(context.tokens):
            return None
        token = context.tokens[at]
        known = variable.levels.get(token.word.upper())
        end = at + 1
        if token.kind == "n" and context.norm(end) in ("a", "b", "c", "d") and context.tokens[end].start == token.end:
            end += 1  # "stage 3a"
        if known is not None and (token.word.isupper() or len(token.norm) == 1 or token.kind == "n"):
            return float(known), end
        if token.kind == "n" and token.value is not None:
            return None if beyond(token.value, variable) else (token.value, end)
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
            "~",
            "class",
            "stage",
            "grade",
            "&",
            "until",
        ):
            if context.norm(at) not in ("class", "stage", "grade"):
                joint = (
                    "-" if context.norm(at) in ("-", "~", "to", "through", "until") else joint if joint == "-" else "or"
                )
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
