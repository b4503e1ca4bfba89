"""
The value of a result: a number with its unit, a comparison, or the laboratory's range beside it.

::

    value = sign? number unit? | number "-" number unit?           # "25-30 %" is no one number
    range = "(" ("normal" | "reference" | "ref" …)? (low "-" high | sign limit) unit? ")"

A unit is kept where it is one of the variable's or converts to one; a wrecked one ("17,580/mm") is left away, and
nothing is put in its place. A number that no living body has is not read.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import msgspec

from equipoise.criteria.context import Context
from equipoise.criteria.limits import Quantity, operator_at, tidy
from equipoise.records.patient import Number
from equipoise.terms.units import convert, match_unit
from equipoise.terms.units import unit as unit_of
from equipoise.terms.variables import Variable

Range = tuple[Number | None, Number | None]

_RANGE = re.compile(
    r"\s?,?\s?[(\[]?\s?(?:the\s)?(?P<word>normal(?:\s?range| values?| limits?)?|reference(?:\s(?:range|"
    r"interval|values?))?|ref\.?(?: range)?|"
    r"range|nl|ULN|upper limit of normal|upper limit|NR|RR)?\s?[:=,]?\s?(?:is|of|being)?\s?"
    r"(?:(?P<low>\d+(?:\.\d+)?)\s?(?P<unit1>[^\d\s()<>=;,-]{0,12}?)\s?(?:-|–|to)\s?(?P<high>\d+(?:\.\d+)?)|"
    r"(?P<sign>[<>≤≥]=?|less than|up to|below|above)?\s?(?P<limit>\d+(?:\.\d+)?))"
    r"(?P<unit>\s?[^()\[\];,.]{0,14})?\s?[)\]]",
    re.IGNORECASE,
)  # fmt: skip
_CELLS = frozenset(("10*9/L", "10*12/L"))
_PER_ML = frozenset(("/mL", "/dL", "/L"))
_UNITLESS = frozenset(("score", "class", "stage"))
_OUT_OF = re.compile(r"\s?(?:/|out of|of)\s?(?P<most>\d{1,3})\b(?!\s?[/\d])")


_SUM = re.compile(r"(?P<one>[1-5])\s?\+\s?(?P<two>[1-5])(?:\s?=\s?\d{1,2})?(?!\d)")
_FEET = re.compile(
    r"(?P<feet>[2-7])\s?(?:'|ft|feet|foot)\.?,?\s?(?P<inches>\d|1[01])\s?(?:\"|''|in(?:ch(?:es)?)?\b)", re.IGNORECASE
)


class Value(msgspec.Struct, frozen=True):
    """What a result says; ``end`` is the next token, ``stop`` the offset behind it."""

    value: Number
    unit: str | None
    end: int
    stop: int
    range: Range | None = None
    sign: str = ""


_OF_EACH_EYE = frozenset(
    ("best corrected visual acuity", "visual acuity", "intraocular pressure", "uncorrected visual acuity")
)


def value_at(context: Context, at: int, variable: Variable) -> Value | None:
    """
    Return the value of a variable at a token; None where there is none, or not one number.

    >>> from equipoise.criteria.context import Source
    >>> from equipoise.terms.lexicon import lexicon
    >>> from equipoise.terms.variables import variables
    >>> said = "17,580/mm"
    >>> found = value_at(Context(Source(said), (0, len(said)), lexicon(), {}), 0, variables()["white blood cell count"])
    >>> found.value, found.unit
    (17580, None)
    """
    written = _in_parts(context, at, variable)
    if written is not None:
        return written
    sign, place = _sign(context, at)
    quantity = context.quantity(place)
    if quantity is None or quantity.relative_to is not None or context.tokens[place].kind != "n":
        return None
    if variable.kind == "score" and re.match(r"\s(?:and|&)\s\d", context.text[quantity.stop : quantity.stop + 7]):
        return None  # "Apgar scores 5 and 8"
    if _is_part(context, place, quantity) or (quantity.unit is None and _goes_on(context, quantity)):
        return None
    stop, unit = quantity.stop, quantity.unit
    if variable.name in _OF_EACH_EYE and re.match(r"\s?/\s?\d", context.text[quantity.stop : quantity.stop + 4]):
        return None  # "20/80" is no 20, and of "15/16" each eye has its own
    if variable.kind in _UNITLESS and unit is None:
        out_of = _out_of(context, quantity, variable)
        if out_of is None:
            return None
        stop = out_of
    if unit is not None and not fits(unit, variable):
        if not _wrecked(unit, variable):
            return None
        unit = None
    if unit is not None and variable.unit in _CELLS and unit in _PER_ML:
        unit = None  # "300000 /ml" platelets: the micro was lost
    if not plausible(quantity.value, unit, variable):
        return None
    end = quantity.end if stop == quantity.stop else _token_at(context, stop)
    return Value(tidy(quantity.value), unit, end, stop, None if sign else range_at(context.text, stop, unit), sign)


def _in_parts(context: Context, at: int, variable: Variable) -> Value | None:
    """Return a Gleason score of its two parts, and a height in feet and inches."""
    start = context.tokens[at].start
    if variable.name == "gleason score" and (summed := _SUM.match(context.text, start)) is not None:
        total = int(summed["one"]) + int(summed["two"])
        return Value(total, None, _token_at(context, summed.end()), summed.end())
    if variable.name == "body height" and (tall := _FEET.match(context.text, start)) is not None:
        inches = int(tall["feet"]) * 12 + int(tall["inches"])
        return Value(inches, "[in_i]", _token_at(context, tall.end()), tall.end())
    return None


def _sign(context: Context, at: int) -> tuple[str, int]:
    """Return the sign before a value, and the token of the value."""
    said = operator_at(context.tokens, at)
    if said is None or said[0] not in ("<", ">", "<=", ">=") or said[1] >= len(context.tokens):
        return "", at
    return said[0], said[1]


def _out_of(context: Context, quantity: Quantity, variable: Variable) -> int | None:
    """Return where a score with its highest ("6/15") ends; None where that is not the highest of this score."""
    found = _OUT_OF.match(context.text, quantity.stop)
    if found is None:
        return None if context.norm(quantity.end) == "/" else quantity.stop
    return found.end() if variable.high is None or float(found["most"]) == variable.high else None


def _token_at(context: Context, offset: int) -> int:
    return bisect_left(context.tokens, offset, key=lambda token: token.start)


def _is_part(context: Context, place: int, quantity: Quantity) -> bool:
    """Return whether the number is one end of a range, a date, a ratio or a word ("2-year", "10 10^9")."""
    text = context.text
    if re.match(r"\s?\+\s?\d|['\"]", text[quantity.stop : quantity.stop + 4]):
        return True  # "4+3", "5'10"
    after, before = text[quantity.stop : quantity.stop + 3], text[max(0, quantity.start - 1) : quantity.start]
    if before in ("/", ".") or re.match(r"\s?(?:-|–|~)\s?\d|\s?to\s?\d|:\d", text[quantity.stop : quantity.stop + 6]):
        return True
    if re.match(r"[-/]\d", after) and quantity.unit is None:
        return not re.match(r"/\d+\b", text[quantity.stop : quantity.stop + 5]) or context.norm(quantity.end) != "/"
    return re.match(r"(?:st|nd|rd|th)\b", after) is not None


def _goes_on(context: Context, quantity: Quantity) -> bool:
    """Return whether a length of time or a count follows, so that the number is not the variable's."""
    rest = context.text[quantity.stop : quantity.stop + 24]
    return re.match(r"[\s-]*(?:years?|months?|weeks?|days?|hours?|minutes?|times|episodes?|patients?|th|x\b|"
                    r"tablets?|units? of|pack|million|billion|thousand)",
                    rest, re.IGNORECASE) is not None  # fmt: skip


def _wrecked(code: str, variable: Variable) -> bool:
    """Return whether a unit is what is left of one of the variable's: "4.5 mg" of mg/L, "17,580 /mm" of /mm3."""
    own = [unit_of(one) for one in (variable.unit, *variable.units) if one]
    said = unit_of(code)
    if said is None or variable.kind != "lab" or said.dimension.endswith("/time"):
        return False
    return any(one is not None and one.dimension.partition("/")[0] == said.dimension.partition("/")[0] for one in own)


def fits(code: str, variable: Variable) -> bool:
    """Return whether a unit is one of the variable's, or converts to one."""
    units = [one for one in (variable.unit, *variable.units) if one]
    if code in units or code == "{points}":
        return code in units
    return any(convert(1.0, code, one, analyte=variable.name) is not None for one in units)


def plausible(value: float, code: str | None, variable: Variable) -> bool:
    """
    Return whether a value is one that a living body can have; without a unit nobody can tell.

    >>> from equipoise.terms.variables import variables
    >>> plausible(38.9, "Cel", variables()["body temperature"]), plausible(102, "Cel", variables()["body temperature"])
    (True, False)
    """
    if value < 0 and (variable.low is None or variable.low >= 0):
        return False
    if code is None and variable.unit is not None:
        return True
    converted = (
        value if code == variable.unit else convert(value, code or "", variable.unit or "", analyte=variable.name)
    )
    if converted is None:
        return True
    low, high = variable.low, variable.high
    return (low is None or converted >= low) and (high is None or converted <= high)


def range_at(text: str, stop: int, unit: str | None) -> Range | None:
    """
    Return the laboratory's range of normal results in the bracket behind a value.

    >>> range_at("0.5 ng/mL (normal <0.04)", 9, "ng/mL"), range_at("3.9 (3.5-5.1)", 3, None)
    ((None, 0.04), (3.5, 5.1))
    """
    found = _RANGE.match(text, stop)
    if found is None or not (found["word"] or (found["low"] and text[stop : found.start("low")].strip()[:1] in "([")):
        return None
    if not found["word"] and text[stop : found.start("low")].strip()[:1] not in ("(", "["):
        return None
    if _other_unit(text, found, unit):
        return None
    if found["low"]:
        low, high = float(found["low"]), float(found["high"])
        return (tidy(low), tidy(high)) if low < high else None
    limit, sign = tidy(float(found["limit"])), (found["sign"] or "").lower()
    if sign in (">", "≥", ">=", "above"):
        return limit, None
    upper = sign != "" or found["word"].lower() in ("uln", "upper limit", "upper limit of normal")
    return (None, limit) if upper else None


def _other_unit(text: str, found: re.Match[str], unit: str | None) -> bool:
    """Return whether the range has a unit of its own, and not that of the value."""
    said = (found["unit"] or "").strip()
    if not said:
        return False
    own = match_unit(text, found.start("unit"))
    return own is None or own.unit.ucum != unit or unit_of(own.unit.ucum) is None
