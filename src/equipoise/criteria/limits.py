"""
Comparisons: an operator, a value or range, a unit or multiple.

::

    comparison = range | operator filler* quantity | quantity postfix | operator multiple
    range      = ("between" | "from")? quantity ("and" | "to" | "-") operator? quantity
    quantity   = number (multiple | unit)?
    multiple   = ("x" | "times")? "the"? ("ULN" | "upper limit of normal" | "LLN" | "baseline" …)
    postfix    = ("or" | "and") ("more" | "older" | "above" | "less" | "younger" …) | "+"
    operator   = "<" "≤" ">" "≥" "=" | "less than" | "at least" | "no more than" …

"and" makes a range only after "between" or "from". Values stay as the text states them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from equipoise.criteria.tokens import Token
from equipoise.terms.cues import cue_phrases, word_set
from equipoise.terms.units import match_unit

_OP_WORDS = {phrase: name for (cue, name), phrases in cue_phrases().items() if cue == "operator" for phrase in phrases}
# By their first word, the longest first.
_OP_PHRASES: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(_OP_WORDS, key=len, reverse=True):
    _OP_PHRASES.setdefault(_phrase[0], []).append(_phrase)

_POSTFIX = {
    **dict.fromkeys(
        [
            "more",
            "greater",
            "older",
            "higher",
            "above",
            "over",
            "worse",
            "longer",
            "larger",
            "up",
            "upward",
            "upwards",
            "onwards",
            "beyond",
        ],
        ">=",
    ),
    **dict.fromkeys(
        ["less", "younger", "lower", "below", "under", "better", "fewer", "shorter", "smaller", "lesser"], "<="
    ),
}

_TIMES = frozenset(("x", "×", "*", "times", "time", "fold", "xs", "multiple", "multiples"))
_WHOSE = word_set("limits.whose")
_ULN = cue_phrases()[("multiple", "ULN")]
_LLN = cue_phrases()[("multiple", "LLN")]
_BASELINE = cue_phrases()[("multiple", "baseline")]
_GLUED_ULN = {"xuln": "ULN", "×uln": "ULN", "xlln": "LLN", "xunl": "ULN"}
# "within normal" is no multiple: these words need a number before them.
_BARE = frozenset(
    ("normal", "norm", "normal range", "normal limits", "normal limit", "normal values", "normal value", "upper limit")
)
_FILLERS = word_set("limits.fillers")
_INCLUSIVE = frozenset(("inclusive", "inclusively", "included"))
# "50.000/mm3": a point that parts thousands, where the unit counts particles.
_COUNT_UNITS = frozenset(("/mm3", "/uL", "/L", "{copies}/mL", "/mL"))
_DEGREES = frozenset(("degree", "degrees", "celsius", "centigrade"))
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A number with its unit or multiple; ``end`` is the next token, ``stop`` the offset after it."""

    value: float
    unit: str | None
    relative_to: str | None
    start: int
    end: int
    stop: int
    mended: bool = False


class Comparison(msgspec.Struct, frozen=True, gc=False):
    """A limit on some variable; ``end`` is the next token, ``span`` lies in the text.

    ``worded`` says what words stood for the operator where they tell more than it ("older", "longer");
    ``strict``: the upper end of a range is left out ("18 to < 65").
    """

    op: str
    value: float
    upper: float | None
    unit: str | None
    relative_to: str | None
    end: int
    span: tuple[int, int]
    mended: bool = False
    worded: str = ""
    strict: bool = False


def tidy(value: float) -> float | int:
    """Return whole numbers as integers.

    >>> tidy(2.0), tidy(2.5)
    (2, 2.5)
    """
    return int(value) if value == int(value) else value


def operator_at(tokens: Sequence[Token], at: int) -> tuple[str, int, bool, str] | None:
    """Return the operator at a token, the next token, whether it was mended, and the word that states it."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == "o":
        return _sign(tokens, at)
    phrases = _OP_PHRASES.get(token.norm)
    if phrases is None:
        return None
    second = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    for phrase in phrases:
        length = len(phrase)
        if length > 1 and phrase[1] != second:
            continue
        if length < 3 or tuple([one.norm for one in tokens[at : at + length]]) == phrase:
            return _OP_WORDS[phrase], at + length, False, token.norm
    return None


def _sign(tokens: Sequence[Token], at: int) -> tuple[str, int, bool, str]:
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if (
        token.norm == "="
        and following is not None
        and following.norm in ("or", "/")
        and at + 2 < len(tokens)
        and tokens[at + 2].norm in ("<", ">")
    ):
        return tokens[at + 2].norm + "=", at + 3, True, ""  # "= or > 3"
    if following is None or token.norm not in ("<", ">"):
        return token.norm, at + 1, token.mended, ""
    if following.kind == "o" and following.norm == "=":
        return token.norm + "=", at + 2, True, ""
    if following.norm == "or" or following.norm == "/":  # "< or = 3", "≥ or equal to 3", "> / = 3"
        words = [one.norm for one in tokens[at + 2 : at + 4]]
        if words[:1] in (["="], ["equal"], ["equals"]):
            return token.norm + "=", at + (4 if words[1:] == ["to"] else 3), True, ""
    if following.norm in ("than", "then"):
        return token.norm, at + 2, False, ""
    return token.norm, at + 1, token.mended, ""


def index_at(tokens: Sequence[Token], at: int, offset: int) -> int:
    """Return the first token from *at* on that starts at *offset* or later."""
    while at < len(tokens) and tokens[at].start < offset:
        at += 1
    return at


def multiple_at(tokens: Sequence[Token], at: int, *, counted: bool) -> tuple[str, int] | None:
    """Return what a limit is a multiple of (ULN, LLN, baseline) and the next token; *counted*: after a number."""
    start = at
    while (
        at < len(tokens)
        and at - start < 7
        and (tokens[at].norm in _TIMES or tokens[at].norm in _WHOSE or tokens[at].norm == "-")
    ):
        at += 1
    if at >= len(tokens):
        return None
    word = tokens[at].norm
    if word in _GLUED_ULN:
        return _GLUED_ULN[word], at + 1
    if word in ("upper", "uln", "unl", "ulnr", "ulrr", "url", "institutional", "normal", "norm", "high"):
        table, what = _ULN, "ULN"
    elif word in ("lower", "lln"):
        table, what = _LLN, "LLN"
    elif word == "baseline" and counted and at > start:
        table, what = _BASELINE, "baseline"
    else:
        return None
    for phrase in table:
        if tuple([one.norm for one in tokens[at : at + len(phrase)]]) == phrase:
            timed = counted and (tokens[start].norm in _TIMES or tokens[start - 1].norm == "twice")
            if " ".join(phrase) in _BARE and not timed:
                continue
            return what, _after_bracket(tokens, at + len(phrase))
    return None


def _after_bracket(tokens: Sequence[Token], at: int) -> int:
    """Skip "(ULN)" and "[LLN]", and "for age" after it."""
    if at + 2 < len(tokens) and tokens[at].norm in "([" and tokens[at + 1].norm in ("uln", "unl", "lln", "ulnr", "n"):
        return at + 3
    return at


def quantity_at(text: str, tokens: Sequence[Token], at: int) -> Quantity | None:
    """Return the number with its unit or multiple at a token."""
    if at >= len(tokens) or tokens[at].value is None:
        return None
    token = tokens[at]
    if at + 1 < len(tokens) and token.kind == "w" and tokens[at + 1].norm in _FRACTIONS:
        return None  # "one third of its length"
    value, end, stop, mended = float(token.value or 0), at + 1, token.end, False
    if (
        token.kind == "w"
        and at + 3 < len(tokens)
        and tokens[at + 1].norm == "("
        and tokens[at + 2].value == token.value
    ) and tokens[at + 3].norm == ")":  # "eighteen (18) years"
        end, stop = at + 4, tokens[at + 3].end
    value, end, stop, mended = _wrecked_number(text, tokens, at, (value, end, stop))
    relative = multiple_at(tokens, end, counted=True)
    if relative is not None:
        return Quantity(value, None, relative[0], token.start, relative[1], tokens[relative[1] - 1].end, mended)
    completed = end < len(tokens) and tokens[end].norm == "completed"
    found = match_unit(text, tokens[end].end if completed else stop)
    if found is None:
        return Quantity(value, None, None, token.start, end, stop, mended)
    unit = found.unit.ucum
    if unit in _COUNT_UNITS and token.kind == "n" and _THOUSANDS.fullmatch(token.norm):
        value, mended = float(token.norm.replace(".", "")), True
    last, stop = index_at(tokens, end, found.end), found.end
    bracketed = last + 2 < len(tokens) and tokens[last].norm == "("
    if bracketed and (again := match_unit(text, tokens[last].end)) is not None:
        close = index_at(tokens, last + 1, again.end)
        if again.unit == found.unit and close < len(tokens) and tokens[close].norm == ")":
            last, stop = close + 1, tokens[close].end  # "50 kilogram (kg)"
    while unit == "Cel" and last < len(tokens) and tokens[last].norm in _DEGREES:
        last, stop = last + 1, tokens[last].end  # "38 °C degrees Celsius"
    again = match_unit(text, stop) if last < len(tokens) and len(tokens[last].norm) > 1 else None
    if again is not None and again.unit == found.unit and again.end > tokens[last].start:
        last, stop = index_at(tokens, last, again.end), again.end  # "18 years years"
    return Quantity(value, unit, None, token.start, last, stop, mended or found.mended)


def _wrecked_number(
    text: str, tokens: Sequence[Token], at: int, plain: tuple[float, int, int]
) -> tuple[float, int, int, bool]:
    """Mend "1,5 mg/dL" and "100 000/mm3": a comma for a point, spaces that part thousands."""
    value, end, stop = plain
    if end + 1 >= len(tokens) or tokens[at].kind != "n":
        return value, end, stop, False
    mark, after = tokens[end], tokens[end + 1]
    if (
        (
            mark.norm == ","
            and after.kind == "n"
            and mark.start == stop
            and after.start == mark.end
            and len(after.norm) <= 2
        )
        and after.norm.isdigit()
        and match_unit(text, after.end) is not None
    ):
        return float(f"{tokens[at].norm}.{after.norm}"), end + 2, after.end, True
    thousand = mark.kind == "n" and len(mark.norm) == 3 and mark.norm.isdigit() and mark.start == stop + 1
    if thousand and len(tokens[at].norm) <= 3 and match_unit(text, mark.end) is not None:
        return value * 1000 + float(mark.norm), end + 1, mark.end, True
    return value, end, stop, False


_FRACTIONS = frozenset(("fifth", "fourth", "half", "quarter", "quarters", "third", "thirds"))
_JOINS = frozenset(("-", "to", "through", "~", "till", "until", "thru"))
_OPENERS = frozenset(("between", "from", "range", "ranging", "ranges", "ranged", "within"))


def _range_at(text: str, tokens: Sequence[Token], at: int) -> Comparison | None:
    start, joins = at, _JOINS
    if tokens[at].norm in _OPENERS:
        at += 1
        while at < len(tokens) and tokens[at].norm in ("from", "of", "between", "the", "range", "age", "ages", "a"):
            at += 1
        joins = joins | {"and"} if tokens[start].norm != "within" else joins
        least = operator_at(tokens, at)
        at = least[1] if least is not None and least[0] == ">=" else at  # "between ≥ 18 and 80"
    low = quantity_at(text, tokens, at)
    if low is None:
        return None
    at = _skip_inclusive(tokens, low.end)
    if at >= len(tokens) or tokens[at].norm not in joins:
        return None
    at += 1
    upto, strict = operator_at(tokens, at), False
    if upto is not None and (
        tokens[at].kind == "o" or upto[0] in ("<", "<=")
    ):  # "18 - ≤ 75", "from 18 to less than 75"
        at, strict = upto[1], upto[0] == "<"
    high = quantity_at(text, tokens, at)
    if high is None or high.value <= low.value:
        return None
    if low.unit and high.unit and low.unit != high.unit:
        return None
    if (low.relative_to or high.relative_to) and low.relative_to != high.relative_to and low.unit:
        return None
    end = _skip_inclusive(tokens, high.end)
    return Comparison(
        "between", low.value, high.value, high.unit or low.unit, high.relative_to or low.relative_to, end,
        (tokens[start].start, max(high.stop, tokens[end - 1].end)), low.mended or high.mended, tokens[start].norm,
        strict,
    )  # fmt: skip


def _skip_inclusive(tokens: Sequence[Token], at: int) -> int:
    if at < len(tokens) and tokens[at].norm in _INCLUSIVE:
        return at + 1
    bracketed = at + 2 < len(tokens) and tokens[at].norm in "([" and tokens[at + 2].norm in ")]"
    return at + 3 if bracketed and tokens[at + 1].norm in _INCLUSIVE else at


def _postfix_at(tokens: Sequence[Token], at: int) -> tuple[str, int, str] | None:
    if at < len(tokens) and tokens[at].norm == "old":
        at += 1
    elif at + 1 < len(tokens) and tokens[at].norm == "of" and tokens[at + 1].norm == "age":
        at += 2
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if (
        at < len(tokens)
        and tokens[at].norm in ("or", "and", "&", "/")
        and following is not None
        and following.norm in _POSTFIX
    ):
        if at + 2 < len(tokens) and (tokens[at + 2].norm in ("than", "then") or tokens[at + 2].value is not None):
            return None  # "2 or more than 5": the words belong to what follows
        return _POSTFIX[following.norm], at + 2, following.norm
    if at < len(tokens) and tokens[at].norm == "+" and tokens[at].start == tokens[at - 1].end:
        return ">=", at + 1, "+"
    return None


# The words with which a comparison may begin.
COMPARING = frozenset(_OP_PHRASES) | _OPENERS


def may_compare(token: Token) -> bool:
    """Return whether a comparison can begin with a token; most words are told at once."""
    return token.value is not None or token.kind == "o" or token.norm in COMPARING


def comparison_at(text: str, tokens: Sequence[Token], at: int) -> Comparison | None:
    """Return the comparison that begins at a token, or None; *text* is `plain`."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.value is not None or token.norm in _OPENERS:
        found = _range_at(text, tokens, at)
        if found is not None:
            return found
    op = operator_at(tokens, at)
    if op is not None:
        return _stated(text, tokens, at, op)
    number = quantity_at(text, tokens, at)
    if number is None:
        return None
    after = _postfix_at(tokens, number.end)
    if after is None:
        return None
    sign, end, word = after
    mended = number.mended
    return Comparison(
        sign, number.value, None, number.unit, number.relative_to, end, (token.start, tokens[end - 1].end), mended, word
    )


def _stated(text: str, tokens: Sequence[Token], at: int, op: tuple[str, int, bool, str]) -> Comparison | None:
    sign, following, mended, word = op
    begin = following
    while following < len(tokens) and following < begin + 3 and tokens[following].norm in _FILLERS:
        following += 1
    if (
        following + 2 < len(tokens)
        and tokens[following].norm in "(["
        and tokens[following + 1].kind == "o"
        and tokens[following + 2].norm in ")]"
    ):
        following += 3  # "less than (<) 90"
    number, start = quantity_at(text, tokens, following), tokens[at].start
    if sign == "=" and number is not None and (span := _range_at(text, tokens, following)) is not None:
        return msgspec.structs.replace(span, span=(start, span.span[1]))  # "ECOG = 0-2"
    if number is not None:
        end, stop = number.end, number.stop
        if sign in (">=", "<=", "=") and (after := _postfix_at(tokens, end)) is not None and after[0] == sign:
            end, stop = after[1], tokens[after[1] - 1].end  # "≥ 18 years and older" says it twice
        return Comparison(
            sign, number.value, None, number.unit, number.relative_to, end, (start, stop), mended or number.mended, word
        )
    multiple = multiple_at(tokens, begin, counted=False)
    if multiple is None:
        return None
    return Comparison(
        sign, 1.0, None, None, multiple[0], multiple[1], (start, tokens[multiple[1] - 1].end), mended, word
    )
