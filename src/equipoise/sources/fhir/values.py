"""The value of an observation or of one of its components, its unit, and the laboratory's range."""

from __future__ import annotations

import re

import msgspec

from equipoise.sources.fhir.elements import Resource, code_of, codings, items, number, text, words_of
from equipoise.sources.fhir.naming import untagged
from equipoise.sources.fhir.report import NotUsed
from equipoise.terms.coded import result_word
from equipoise.terms.spelling import normal
from equipoise.terms.units import match_unit, unit
from equipoise.terms.variables import Variable

Number = int | float
# Longer texts are reports, not results.
_LONGEST = 100
_UCUM = "http://unitsofmeasure.org"
# Interpretations that say what a test came to; high and low are in the value and the range.
_INTERPRETED = {
    "pos": "positive",
    "neg": "negative",
    "det": "detected",
    "nd": "not detected",
    "rr": "reactive",
    "nr": "non reactive",
    "ind": "indeterminate",
}
_WORDED = re.compile(
    r"(?:^|[:=\s])(positive|negative|not detected|undetected|detected|non[- ]?reactive|reactive|not present|present"
    r"|absent|indeterminate|equivocal)(?:\s+(?:finding|result))?$",
    re.I,
)
_NUMERAL = re.compile(r"\b(?:class|stage|grade|level|score)?\s*\b([IVX]{1,4}|\d)[ABC]?\b", re.I)
_BELOW = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "ad": ">="}


class Value(msgspec.Struct, frozen=True):
    """A value and what belongs to it."""

    value: Number | str | None
    unit: str | None = None
    range: tuple[Number | None, Number | None] | None = None
    qualifier: tuple[str, ...] = ()


def value_of(part: Resource, variable: Variable | None, sex: str | None) -> Value:
    """
    Return the value of an observation or a component.

    A number that the record bounds but does not give ("<5") is kept as words, so that nothing is compared with it.

    >>> value_of({"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg/L"}}, None, None)
    Value(value='<5', unit='mg/L', range=None, qualifier=())

    Raises:
        NotUsed: there is no value, or none that is read.
    """
    word = _interpreted(part)
    quantity = next(iter(items(part, "valueQuantity")), None)
    if quantity is not None:
        return _measured(part, quantity, word, sex)
    if isinstance(part.get("valueCodeableConcept"), dict):
        return Value(_coded(part["valueCodeableConcept"], variable))
    for key in ("valueInteger", "valueDecimal"):
        if part.get(key) is not None:
            found = number(part, key)
            if found is None:
                raise NotUsed("has a number that nothing can have")
            return Value(found, range=_range(part, None, sex))
    if isinstance(part.get("valueBoolean"), bool):
        return Value("present" if part["valueBoolean"] else "absent")
    return _in_words(part, word)


def _measured(part: Resource, quantity: Resource, word: str, sex: str | None) -> Value:
    found = number(quantity, "value")
    if found is None:
        if word:
            return Value(word)
        raise NotUsed("has a number that nothing can have" if quantity.get("value") is not None else "without a value")
    comparator, measure = text(quantity, "comparator"), unit_of(quantity)
    if comparator:
        return Value(f"{_BELOW.get(comparator, '?')}{found:g}", measure)
    return Value(found, measure, _range(part, measure, sex), (word,) if word else ())


def _in_words(part: Resource, word: str) -> Value:
    said = text(part, "valueString")
    if len(said) > _LONGEST:
        raise NotUsed("has a text for a value, which is not read")
    if said:
        return Value(_word(said))
    if items(part, "valueRange"):
        low, high = number(part, "valueRange", "low", "value"), number(part, "valueRange", "high", "value")
        return Value(f"{'' if low is None else low} to {'' if high is None else high}".strip(), _range_unit(part))
    if items(part, "valueRatio"):
        sides = [number(part, "valueRatio", side, "value") for side in ("numerator", "denominator")]
        if None not in sides:
            return Value(f"{sides[0]}:{sides[1]}")
    if word:
        return Value(word)
    if any(key.startswith("value") for key in part):
        raise NotUsed("has a value of a form that is not read")
    raise NotUsed("without a value, and says why" if part.get("dataAbsentReason") else "without a value")


def _range_unit(part: Resource) -> str | None:
    low, high = unit_of(part["valueRange"].get("low")), unit_of(part["valueRange"].get("high"))
    return low if low == high or high is None else high if low is None else None


def unit_of(quantity: object) -> str | None:
    """
    Return the UCUM unit of a Quantity as the catalogue writes it; one that it cannot read stays as it stands.

    >>> unit_of({"unit": "mEq/L"}), unit_of({"code": "[pH]", "system": "http://unitsofmeasure.org"}), unit_of({})
    ('meq/L', None, None)
    """
    code, said = text(quantity, "code"), text(quantity, "unit")
    ucum = text(quantity, "system").rstrip("/") in (_UCUM, "")
    for one in (code if ucum else "", said):
        if one in ("1", "[pH]", "pH", "(score)", "{score}") or (one.startswith("{") and one.endswith("}")):
            return None
        known = unit(one) if one else None
        if known is not None:
            return known.ucum
    for one in (said, code if ucum else ""):
        found = match_unit(one, 0) if one else None
        if found is not None and found.end == len(one) and not found.mended:
            return found.unit.ucum
    return said or code or None


def _range(part: Resource, measure: str | None, sex: str | None) -> tuple[Number | None, Number | None] | None:
    """Return the range of normal results that is meant for this patient, if it is one range in the value's unit."""
    found = set()
    for one in items(part, "referenceRange"):
        kind = code_of(one.get("type"))
        meant = [
            words for group in items(one, "appliesTo") for words in (code_of(group), *map(str.lower, words_of(group)))
        ]
        sexes = {"f": "female", "m": "male"}
        for_others = [words for words in meant if sexes.get(words, words) not in (sex, "normal")]
        if kind not in ("", "normal") or (meant and len(for_others) == len(meant)) or "age" in one:
            continue
        low, high = number(one, "low", "value"), number(one, "high", "value")
        units = {
            unit_of(one[side]) for side in ("low", "high") if isinstance(one.get(side), dict) and has_unit(one[side])
        }
        if (low is not None or high is not None) and units <= {measure}:
            found.add((low, high))
    return found.pop() if len(found) == 1 else None


def has_unit(quantity: Resource) -> bool:
    """Return whether a Quantity states a unit at all."""
    return bool(text(quantity, "code") or text(quantity, "unit"))


def _interpreted(part: Resource) -> str:
    return next(
        (_INTERPRETED[code] for one in items(part, "interpretation") if (code := code_of(one)) in _INTERPRETED), ""
    )


def _coded(concept: object, variable: Variable | None) -> Number | str:
    """Return the word of a coded result, or the number of a class or grade."""
    for coding in codings(concept):
        word = result_word(coding.system, coding.code)
        if word is not None:
            numeral = word.isdigit()
            if numeral and (variable is None or variable.kind not in ("class", "stage", "score")):
                continue
            return int(word) if numeral else word
    said = next(iter(words_of(concept)), "")
    if not said:
        raise NotUsed("has a coded value without words")
    if variable is not None and variable.levels:
        found = _NUMERAL.findall(untagged(said))
        numbers = {variable.levels[one.upper()] for one in found if one.upper() in variable.levels}
        if len(numbers) == 1:
            return numbers.pop()
    return _word(said[:_LONGEST])


def _word(said: str) -> str:
    """Return what a result says in the words that rules know, or as it stands.

    >>> _word("Urine nitrite negative (finding)"), _word("Non-Reactive"), _word("No growth")
    ('negative', 'non reactive', 'no growth')
    """
    words = untagged(said)
    found = _WORDED.search(words)
    negated = re.search(r"\b(?:not|no|non)\b", words[: found.start(1)] if found else "", re.I)
    if found is None or negated:
        return normal(words)
    word = normal(found[1].replace("-", " "))
    return {"nonreactive": "non reactive", "not present": "absent"}.get(word, word)
