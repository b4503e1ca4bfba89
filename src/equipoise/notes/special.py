"""
Blood pressure, saturation without its name, weeks of pregnancy, and scores, classes and stages.

::

    pressure  = number "/" number unit?                 # systolic, then diastolic
    alone     = number "%" ("on room air" | …)          # the saturation
    pregnancy = number "weeks" (number "days")? "of"? "gestation"
    parts     = "E" digit "V" digit "M" digit           # of the Glasgow coma scale
"""

from __future__ import annotations

import re

from equipoise.criteria.limits import tidy
from equipoise.notes.levels import levels_at, stage_beside
from equipoise.notes.tested import WordReader
from equipoise.notes.values import Value, plausible
from equipoise.terms.variables import Variable

_PRESSURE = re.compile(
    r"(?P<high>\d{2,3})\s?/\s?(?P<low>\d{2,3})(?![\d/]|\.\d)\s?(?P<unit>mm\s?\.?\s?Hg|kPa|torr)?", re.IGNORECASE
)
_MOTOR = re.compile(r"\(?\s?E\s?(?P<e>[1-4])\s?,?\s?V\s?(?P<v>[1-5])\s?,?\s?M\s?(?P<m>[1-6])\s?\)?(?!\w)")
_ALONE = re.compile(r"(?P<value>\d{2,3})\s?%\s(?:on |at )?(?:ra\b|room air|ambient air)", re.IGNORECASE)
_GESTATION = re.compile(
    r"\b(?P<weeks>\d{1,2})\s?(?:\+\s?(?P<plus>[0-6])\s?)?(?:w(?:ee)?ks?'?|w)\s?(?:(?:and\s)?(?P<days>[0-6])\s?d(?:ays?)?)?[\s-]{0,2}"
    r"(?:(?:of\s|in\s)?(?:gestation(?:al)?\b|pregnan\w+)|pregnant)",
    re.IGNORECASE,
)
_NOT_THEN = re.compile(r"\b(?:when|until|after|before|from|since)\b[^.;]{0,20}$", re.IGNORECASE)


class SpecialReader(WordReader):
    """Reads results that are not a name and one number."""

    def _pressure(self, at: int, place: int) -> int:
        found = _PRESSURE.match(self.context.text, self.context.tokens[place].start)
        if found is None or int(found["low"]) >= int(found["high"]):
            return 0
        unit = None if not found["unit"] else "kPa" if found["unit"].lower() == "kpa" else "mm[Hg]"
        stop = found.end("unit") if unit else found.end("low")
        end = self._token(stop)
        for name, part in (("systolic blood pressure", "high"), ("diastolic blood pressure", "low")):
            variable = self.context.variables[name]
            if plausible(float(found[part]), unit or "mm[Hg]", variable):
                self._add(at, Value(int(found[part]), unit, end, stop), variable)
        return end

    def _alone(self, at: int) -> int:
        """Read "98 % on room air", the variable unsaid, and "at 11 weeks gestation"."""
        token = self.context.tokens[at]
        if token.kind != "n":
            return 0
        found = _ALONE.match(self.context.text, token.start, self.end)
        if found is not None and 40 <= int(found["value"]) <= 100:
            value = Value(int(found["value"]), "%", self._token(found.end()), found.start() + found[0].index("%") + 1)
            self._add(at, value, self.context.variables["oxygen saturation"])
            return value.end
        if done := self._tall(at):
            return done
        found = _GESTATION.match(self.context.text, token.start, self.end)
        if found is None or not 2 <= int(found["weeks"]) <= 45:
            return 0
        if _NOT_THEN.search(self.context.text, self.begin, token.start):
            return 0
        days = found["days"] or found["plus"]
        weeks = int(found["weeks"])
        value = Value(weeks if days is None else weeks * 7 + int(days), "wk" if days is None else "d",
                      self._token(found.end()), found.end())  # fmt: skip
        self._add(at, value, self.context.variables["gestational age"])
        return value.end

    def _tall(self, at: int) -> int:
        """Read "165 cm tall"."""
        quantity = self.context.quantity(at)
        height = self.context.variables["body height"]
        if quantity is None or quantity.unit not in ("cm", "m", "[in_i]") or self.context.norm(quantity.end) != "tall":
            return 0
        if not plausible(quantity.value, quantity.unit, height):
            return 0
        self._add(at, Value(tidy(quantity.value), quantity.unit, quantity.end, quantity.stop), height)
        return quantity.end + 1

    def _parts_of_gcs(self, at: int, place: int) -> int:
        place = place - 1 if self.context.norm(place - 1) == "(" else place
        if place >= len(self.context.tokens):
            return 0
        found = _MOTOR.match(self.context.text, self.context.tokens[place].start)
        if found is None:
            return 0
        total = sum(int(found[part]) for part in "evm")
        end = self._token(found.end())
        self._add(at, Value(total, None, end, found.end()), self.context.variables["glasgow coma scale"])
        return end

    def _levelled(self, at: int, place: int, variable: Variable) -> int:
        if not variable.levels or place >= len(self.context.tokens):
            return 0
        levels = levels_at(self.context.text, self.context.tokens[place].start, variable)
        if not levels:
            return 0
        end = self._token(levels[0].stop)
        for level in levels:
            qualifier = (level.part,) if level.part else ()
            self._add(at, Value(level.value, None, end, level.stop), variable, qualifier)
        return end

    def _stage(self, at: int) -> int:
        found = stage_beside(self.context, self.end, at)
        if found is None:
            return 0
        level, _, stop = found
        end = self._token(stop)
        qualifier = (level.part,) if level.part else ()
        self._add(at, Value(level.value, None, end, stop), self.context.variables["cancer stage"], qualifier)
        return end
