"""
Units of measurement: the notations that texts use, read as UCUM, and conversion between units.

Texts write one unit in a hundred ways. The table ``data/units.tsv`` lists the parts; they are put together here::

    unit     = SKIP? ( count? part (over part)* | count (over part)* | over part (over part)* )
    SKIP     = spaces, at most one hyphen ("6-month")
    count    = ("x" | "×" | "*")? ("10^9" | "10⁹" | "10(9)" | "10e9" | …)
    over     = "/" | "per" | "a" before a time ("a day")
    part     = a notation of the table

A notation is matched in any case, unless the table writes ``=`` before it: M is mega and m a meter. Where a
notation may stand is the table's third column: ``below`` a slash only, ``above`` one only, ``over`` where the
word itself holds the slash ("10 mg daily"); a ``wreck`` is what typing or a lost superscript left of a unit.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import msgspec

from equipoise.terms.conversions import by_analyte
from equipoise.terms.tables import read_table


class Unit(msgspec.Struct, frozen=True):
    """A unit: its UCUM code, its dimension, and the factor to the dimension's base unit (1 mg/dL is 0.01 g/L)."""

    ucum: str
    dimension: str
    factor: float


class UnitMatch(msgspec.Struct, frozen=True):
    """A unit found in a text, where, and whether its notation had to be mended."""

    unit: Unit
    start: int
    end: int
    mended: bool


class _Part(msgspec.Struct, frozen=True):
    """One row of the table."""

    ucum: str
    dimension: str
    factor: float
    place: frozenset[str]


_SKIP = re.compile(
    r"[ \t\u00a0\u2009\u202f]*(?:\r?\n[ \t]*(?=[A-Za-z%/µμ×]))?(?:[-‐‑–](?=[A-Za-z%°µμ])|- (?=[A-Za-z]{3}))?"
)
# Old records wrap their lines, "kilograms per meter" on one and "squared" on the next.
_SPACE = r"(?:[ \u00a0]{0,2}|[ \u00a0]?\r?\n[ \u00a0]{0,24})"
_OVER = re.compile(
    r"\s{0,3}(?:\\?[/∕⁄]|÷)\s{0,3}|\s{0,24}\bper\s{1,24}(?:an?[ \u00a0])?"
    r"|\s+an?\s+(?=(?:day|week|month|year|hour|minute)\b)",
    re.I,
)
# "mL min-1", "mg·kg⁻¹": the slash as a negative power.
_TIMES = re.compile(r"\s?[.·•∙⋅*]\s?|\s")
_INVERSE = re.compile(r"\s?\\?\^?\s?[({]?\s?[-−–‐‑]\s?1[)}]?(?![^\W_])|⁻¹")
_MULTIPLIED = re.compile(r"(?:\\?[x×*·✕∙•⋅]|\bby\b)\s{0,2}", re.I)
_POWER = re.compile(
    r"10\s?(?:\\?\^\s?[({]?|\\?\*\\?\*|\\?\*|[({]|e\+?|exp\.?\s?|<sup>|\^\+)\s?(1[0-2]|[1-9])(?:[)}]|</sup>)?(?![\d.,]\d|\d)"
    r"|10([¹²³⁴-⁹]|¹[⁰¹²])|(1[,.\s]?000)(?=\s{0,2}/)",
    re.I,
)
# The superscript was lost ("×109/L"), or became a sign ("×10-9/L").
_LOST = re.compile(r"10[\s\u00a0]?[-–−‐+']?[\s\u00a0]?(1[02]|[3-9])(?!\d)", re.I)
_NOUN = re.compile(
    r"\s{0,2}(?:CD\d+\s?\+?\s+)?(?:cells?|counts?|platelets|leukocytes|neutrophils)?(?=\s{0,2}/|\s+per\b)", re.I
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LEADING = {"volume", "time", "area", "mass", "microscope field", "ten microscope fields", "length"}
_HOT = r"(?:(?<=\d\d)|(?<=\d[.,]\d)|(?<=\d\d )|(?<=\d[.,]\d ))"
# "37.5°" is no angle: nobody measures a joint to a tenth of a degree.
_FEVER = r"(?:(?<=3[4-9][.,]\d)|(?<=4[0-2][.,]\d)|(?<=3[4-9][.,]\d )|(?<=4[0-2][.,]\d ))"
# What must stand around a notation of one letter: a bare "C" is a temperature after 37 and a letter after
# "stage 3"; "3 D" may be how an image is made; G is giga before liters and grams before the rest.
_GUARDS = {
    "=C": _HOT,
    "=F": _HOT,
    "=°": _FEVER,
    "=º": _FEVER,
    "=D": r"(?![A-Z ]?D[ -]*(?:echo|CT|imag|MR|ultra|print|conf|radio|mammo|trans|tomo|scan|plan|US\b))",
    "=G": r"(?=G\s?/\s?[lL]\b)",
    "=T": r"(?=T\s?/\s?[lL]\b)",
}


_SLASHES = "/\\∕⁄÷pP"
_COUNTS = "1xX×*·✕∙•⋅bB\\"
# Each place has its own expressions, so that "1.73 m2" is read below a slash only.
_PLACES = ("above", "below", "over")


def match_unit(text: str, start: int) -> UnitMatch | None:
    """
    Return the longest unit notation that begins at *start*, spaces and a hyphen skipped.

    >>> match_unit("2 x 109 /L;", 1)
    UnitMatch(unit=Unit(ucum='10*9/L', dimension='number/volume', factor=1000000000.0), start=2, end=10, mended=True)
    >>> match_unit("10 minor", 2), match_unit("30 ml/min per 1.73 m^2", 2).unit.ucum
    (None, 'mL/min/{1.73_m2}')
    """
    skipped = _SKIP.match(text, start)
    begin = skipped.end() if skipped is not None else start
    if begin >= len(text) or text[begin] not in _notations().firsts:
        return None
    return _read(text, begin)


def unit(ucum: str) -> Unit | None:
    """
    Return the unit of a UCUM code made of the table's parts.

    >>> unit("mg/dL"), unit("furlong")
    (Unit(ucum='mg/dL', dimension='mass/volume', factor=0.01), None)
    """
    return _unit(ucum)


def convert(value: float, source: str, target: str, *, analyte: str | None = None) -> float | None:
    """
    Return *value* in *target*, both UCUM; None where it cannot be done.

    Mass to amount needs the *analyte*, by its name in the table of variables.

    >>> convert(38, "Cel", "[degF]"), convert(100, "/mm3", "10*9/L"), convert(5, "kg", "h")
    (100.4, 0.1, None)
    >>> round(convert(126, "mg/dL", "mmol/L", analyte="blood glucose"), 2)
    6.99
    """
    if source == target:
        return value
    one, other = _unit(source), _unit(target)
    if one is None or other is None:
        return None
    if one.dimension == other.dimension:
        if one.dimension == "temperature":
            return _temperature(value, source, target)
        return float(f"{value * one.factor / other.factor:.12g}")
    return None if analyte is None else by_analyte(value, analyte, one=one, other=other)


def _temperature(value: float, source: str, target: str) -> float:
    if source == "[degF]" and target == "Cel":
        return float(f"{(value - 32) / 1.8:.12g}")
    return float(f"{value * 1.8 + 32:.12g}")


class _Notations:
    """The table's notations by place and first letters."""

    def __init__(self) -> None:
        self.parts: dict[str, _Part] = {}
        listed: dict[str, list[tuple[str, _Part]]] = {place: [] for place in _PLACES}
        for row in read_table("units"):
            part = _Part(row["ucum"], row["dimension"], float(row["factor"]), frozenset(row["place"].split()))
            self.parts.setdefault(part.ucum, part)
            for place in [place for place in _PLACES if place in part.place] or ["above", "below"]:
                listed[place] += [(notation, part) for notation in row["notations"].split(" | ")]
        for pairs in listed.values():
            # The longest first; of two as long, the one in its own case, then the one that is no wreck.
            pairs.sort(key=lambda pair: (-len(pair[0].lstrip("=")), pair[0][0] != "=", "wreck" in pair[1].place))
        self._known = {place: _Beginnings(pairs) for place, pairs in listed.items()}
        self.firsts = self._known["above"].firsts | frozenset(_SLASHES + _COUNTS)

    def part(self, text: str, start: int, place: str) -> tuple[_Part, int] | None:
        """Return the part written at *start*, which may stand in that *place*, and its end."""
        known = self._known[place][text[start : start + 2]]
        found = known[0].match(text, start) if known is not None else None
        if known is None or found is None or found.lastindex is None:
            return None
        return known[1][found.lastindex - 1], found.end()


class _Beginnings(dict[str, tuple[re.Pattern[str], list[_Part]] | None]):
    """For two letters the notations that may begin with them; what has no second ("m2", "°") is in all of its first.

    An expression is compiled when a text first asks: all of them take longer than to read a few hundred criteria.
    """

    def __init__(self, pairs: list[tuple[str, _Part]]) -> None:
        self._pairs = pairs
        self._places: dict[str, list[int]] = {}
        for place, (notation, _) in enumerate(pairs):
            for key in _beginnings(notation):
                self._places.setdefault(key, []).append(place)
        self.firsts = frozenset(key[0] for key in self._places)

    def __missing__(self, letters: str) -> tuple[re.Pattern[str], list[_Part]] | None:
        both = self._places.get(letters, []) if len(letters) > 1 else []
        fit = [self._pairs[place] for place in sorted({*both, *self._places.get(letters[:1], [])})]
        pattern = "|".join(f"({_pattern(notation)})" for notation, _ in fit)
        found = (re.compile(pattern), [part for _, part in fit]) if fit else None
        return self.setdefault(letters, found) if len(self) < 10_000 else found


def _beginnings(notation: str) -> set[str]:
    body = notation.removeprefix("=")
    first = {"µ", "μ"} if body[0] in "µμ" else {body[0].lower(), body[0].upper()}
    if len(body) == 1 or not body[1].isalpha():
        return first
    return {one + two for one in first for two in (body[1].lower(), body[1].upper())}


def _pattern(notation: str) -> str:
    """Return the expression of one notation: its spaces may be missing, its powers written in many ways."""
    exact = notation[0] == "="
    body = notation.removeprefix("=")
    made = ""
    for index, mark in enumerate(body):
        if mark == " ":
            made += _SPACE if index else ""
        elif mark in "µμ":
            made += "[µμ]"
        elif mark in "·":
            made += "[·•∙⋅*.]"
        elif mark in "23" and index and index == len(body) - 1 and not body[index - 1].isdigit():
            made += _power_of(mark)
        else:
            made += re.escape(mark)
    before = _GUARDS.get(notation, "")
    after = r"(?![^\W_])" if body[-1].isalnum() else ""
    return f"{before}{made}{after}" if exact else f"(?i:{made}){after}"


def _power_of(digit: str) -> str:
    small = "²" if digit == "2" else "³"
    # A bracket closes only what it opened: "(cells/mm^3)" keeps its own.
    raised = rf"\s?\\?\^\s?(?:[({{]{digit}[)}}]|{digit})"
    return rf"(?:{raised}|\({digit}\)|\s?{small}|\*{{1,2}}{digit}|{digit}|<sup>{digit}</sup>)"


@cache
def _notations() -> _Notations:
    return _Notations()


class _Reader:
    """Puts together the parts of one unit."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.at = text, start
        self.above = ""
        self.below: list[str] = []
        self.mended = False
        self.counted = False

    def count(self) -> bool:
        """Read a power of ten, its sign of multiplication before it."""
        text, begin = self.text, self.at
        times = _MULTIPLIED.match(text, begin)
        at = begin if times is None else times.end()
        power = _POWER.match(text, at)
        if power is not None:
            digits = (power[1] or (power[2] or "3").translate(_SUPERSCRIPT)) if power[3] is None else "3"
            return self._counted(digits, power.end(), mended=False)
        lost = _LOST.match(text, at)
        if lost is None:
            return False
        after = _NOUN.match(text, lost.end())
        over = _OVER.match(text, after.end() if after is not None else lost.end())
        bare = times is not None and lost[1] in ("9", "12")
        if over is None and not bare:
            return False
        return self._counted(lost[1], lost.end(), mended=True)

    def _counted(self, digits: str, end: int, *, mended: bool) -> bool:
        noun = _NOUN.match(self.text, end)
        self.at = end if noun is None else noun.end()
        self.above, self.counted, self.mended = f"10*{digits}", True, mended
        return True

    def first(self) -> bool:
        """Read the part above the slash; a noun that is counted leaves no trace in the unit."""
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] == " " and self.counted:
            self.at += 1
        found = _notations().part(self.text, self.at, "above")
        if found is None or (self.counted and found[0].dimension == "number"):
            self.at = begin
            return False
        part, self.at = found
        self.mended |= "wreck" in part.place
        self.above = f"{self.above}.{part.ucum}" if self.counted else part.ucum
        if part.dimension == "number" and part.place:
            # "5 million cells/L": the noun after the number word.
            noun = _NOUN.match(self.text, self.at)
            self.at = self.at if noun is None else noun.end()
            return self.over()
        return True

    def over(self) -> bool:
        """Read one part below the slash, however the slash is written."""
        text, begin = self.text, self.at
        slash = _OVER.match(text, begin)
        found = _notations().part(text, slash.end(), "below") if slash is not None else None
        if found is None:
            found = self._over_without_slash(begin)
        if found is None or (not self.above and found[0].dimension not in _LEADING):
            return False
        part, self.at = found
        self.mended |= "wreck" in part.place
        self.below.append(part.ucum)
        return True

    def _over_without_slash(self, begin: int) -> tuple[_Part, int] | None:
        text, known = self.text, _notations()
        times = _TIMES.match(text, begin)
        if times is not None:
            found = known.part(text, times.end(), "below")
            inverse = _INVERSE.match(text, found[1]) if found is not None else None
            if found is not None and (inverse is not None or _raised_below(text[times.end() : found[1]], found[0])):
                return found[0], found[1] if inverse is None else inverse.end()
        if self.below == ["min"] and self.above == "mL":
            spaced = re.compile(r"\s{0,2}(?:[x×*(]|for)?\s{0,2}").match(text, begin)
            if spaced is not None:
                return known.part(text, spaced.end(), "below") if text[spaced.end() : spaced.end() + 1] == "1" else None
        if self.counted and not self.below:
            return self._volume_without_slash(begin)
        if self.above and not self.counted and times is not None:
            return known.part(text, times.end(), "over")
        return None

    def _volume_without_slash(self, begin: int) -> tuple[_Part, int] | None:
        at = begin + 1 if self.text[begin : begin + 1] in (" ", "\\") else begin
        found = _notations().part(self.text, at, "below")
        if found is None or found[0].dimension != "volume":
            return None
        self.mended = True
        return found


def _read(text: str, begin: int) -> UnitMatch | None:
    reader = _Reader(text, begin)
    mark = text[begin]
    if mark in _COUNTS and reader.count():
        if not reader.over():
            reader.first()
    elif not reader.first() and not (mark in _SLASHES and reader.over()):
        return None
    while reader.over() and len(reader.below) < 4:
        pass
    found = _unit(reader.above + "".join("/" + part for part in reader.below))
    return None if found is None else UnitMatch(found, begin, reader.at, reader.mended)


_TEN = re.compile(r"10\*(\d{1,2})")


@lru_cache(maxsize=4096)
def _unit(ucum: str) -> Unit | None:
    """Put a unit together from its parts, whole codes of the table first."""
    whole = _part_unit(ucum)
    if whole is not None:
        return whole
    above, *below = ucum.split("/")
    if above.count("{") != above.count("}"):
        return None
    first = _product(above) if above not in ("", "1") else Unit("", "number", 1.0)
    under = [_part_unit(one) for one in below]
    if first is None or not all(under):
        return None
    factor = first.factor
    for one in under:
        factor /= one.factor if one is not None else 1.0
    dimension = "/".join([first.dimension, *sorted(one.dimension for one in under if one is not None)])
    # "1/mm3" is written "/mm3".
    code = "/".join([first.ucum, *below])
    return Unit(code, dimension, float(f"{factor:.12g}"))


def _product(above: str) -> Unit | None:
    """Return the unit of ``10*4.[IU]``, or of one part."""
    power, _, rest = above.partition(".")
    if not rest or _TEN.fullmatch(power) is None:
        return _part_unit(above)
    one = _part_unit(rest)
    return None if one is None else Unit(above, one.dimension, one.factor * 10.0 ** int(power[3:]))


def _raised_below(notation: str, part: _Part) -> bool:
    """Return whether a notation says by itself that it divides: "1.73 m2", "m-2"."""
    return part.dimension == "standard area" or (part.dimension == "area" and any(mark in notation for mark in "-−⁻"))


def _part_unit(ucum: str) -> Unit | None:
    ten = _TEN.fullmatch(ucum)
    if ten is not None:
        return Unit(ucum, "number", 10.0 ** int(ten[1]))
    part = _notations().parts.get(ucum)
    return None if part is None else Unit(ucum, part.dimension, part.factor)
