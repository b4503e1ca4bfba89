"""How much of a drug is taken, where a dosage says it in numbers, and until when."""

from __future__ import annotations

import re

from equipoise.records.moments import Moment
from equipoise.sources.fhir.elements import Resource, items, number, text, words_of
from equipoise.sources.fhir.times import in_order, later, length, moment
from equipoise.sources.fhir.values import unit_of
from equipoise.terms.units import unit

# How a drug is taken, by words of its route or form; the qualifiers that criteria use.
_ROUTES = (
    (re.compile(r"\b(?:oral|po|by mouth|tablet|capsule)s?\b", re.I), "oral"),
    (re.compile(r"\b(?:intravenous|iv)\b", re.I), "intravenous"),
    (re.compile(r"\b(?:inhal\w*|nebuli\w*|respiratory tract)\b", re.I), "inhaled"),
    (re.compile(r"\b(?:topical|cutaneous|cream|ointment|lotion)\b", re.I), "topical"),
    (re.compile(r"\b(?:nasal|intranasal)\b", re.I), "intranasal"),
    (re.compile(r"\b(?:ophthalmic|ocular)\b", re.I), "ophthalmic"),
    (re.compile(r"\b(?:subcutaneous|sc)\b", re.I), "subcutaneous"),
    (re.compile(r"\b(?:intramuscular|im)\b", re.I), "intramuscular"),
)
_PER_DAY = {"d": 1.0, "wk": 1 / 7, "h": 24.0}
_DOSES = frozenset({"mass", "units", "amount", "volume"})


def dose_of(resource: Resource) -> tuple[float, str] | None:
    """
    Return the dose of a day and its unit, None where the dosage does not come to one number.

    >>> dose_of({"dosageInstruction": [{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
    ...     "doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}]}]})
    (1000.0, 'mg/d')
    """
    dosages = [*items(resource, "dosageInstruction"), *items(resource, "dosage")]
    if len(dosages) != 1 or dosages[0].get("asNeededBoolean") is True or "asNeededCodeableConcept" in dosages[0]:
        return None
    repeat = next(iter(items(dosages[0], "timing", "repeat")), {})
    each, period = number(repeat, "frequency"), number(repeat, "period")
    per_day = _PER_DAY.get(text(repeat, "periodUnit"))
    amount = _amount(items(dosages[0], "doseAndRate"))
    # A duration tells how long each dose runs: that is an infusion, given once or at intervals, not a daily dose.
    if (
        amount is None
        or each is None
        or not period
        or per_day is None
        or "duration" in repeat
        or "frequencyMax" in repeat
    ):
        return None
    return float(f"{amount[0] * each / period * per_day:.10g}"), f"{amount[1]}/d"


def routes_of(resource: Resource, words: list[str]) -> list[str]:
    """
    Return how a drug is taken, as the dosage says it, or where it does not, the name.

    >>> routes_of({"dosage": [{"route": {"text": "PO"}}]}, ["Prednisone"]), routes_of({}, ["Budesonide Nasal Spray"])
    (['oral'], ['intranasal'])
    """
    dosages = [*items(resource, "dosageInstruction"), *items(resource, "dosage")]
    said = " ".join(one for dosage in dosages for one in words_of(dosage.get("route"))) or " ".join(words)
    return [route for pattern, route in _ROUTES if pattern.search(said)]


def once(resource: Resource) -> tuple[float, str] | None:
    """Return the amount of one administration."""
    dosage = next(iter(items(resource, "dosage")), {})
    return _quantity(next(iter(items(dosage, "dose")), {}))


def _amount(listed: list[Resource]) -> tuple[float, str] | None:
    return _quantity(next(iter(items(listed[0], "doseQuantity")), {})) if len(listed) == 1 else None


def _quantity(quantity: Resource) -> tuple[float, str] | None:
    value, measure = number(quantity, "value"), unit_of(quantity)
    known = None if measure is None else unit(measure)
    if value is None or measure is None or known is None or known.dimension not in _DOSES or "comparator" in quantity:
        return None
    return float(value), measure


def bounds_end(resource: Resource, start: Moment | None) -> Moment | None:
    """Return when the last of the dosages ends, None where one of them has no end."""
    ends = []
    for dosage in items(resource, "dosageInstruction"):
        repeat = next(iter(items(dosage, "timing", "repeat")), {})
        period = next(iter(items(repeat, "boundsPeriod")), {})
        bound = length(next(iter(items(repeat, "boundsDuration")), None))
        end = moment(period.get("end")) or (None if bound is None else later(start, *bound))
        if end is None:
            return None
        ends.append(end)
    return (
        max(ends, key=lambda one: one.period(by_clock=True, clock=0).last)
        if ends and in_order(start, ends[0])
        else None
    )
