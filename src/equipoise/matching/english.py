"""A fact in plain English, as evidence is shown: what, how much, when, and how sure."""

from __future__ import annotations

from equipoise.records.moments import Moment
from equipoise.records.patient import Fact
from equipoise.rules.english import describe_number, describe_unit

_ASSERTIONS = {
    "present": "{}",
    "absent": "no {}",
    "possible": "possibly {}",
    "planned": "{} planned",
    "pending": "{} pending",
    "family": "{} in the family",
    "historical": "{} in the past",
}
_ANYTHING = {
    "allergy": "allergies",
    "condition": "conditions",
    "drug": "drugs",
    "procedure": "procedures",
    "variant": "variants",
}


def lapse(start: Moment, end: Moment) -> str:
    """
    Return the time from one moment to a later one, in days, hours and minutes; empty where it is not later.

    >>> lapse(Moment("2026-01-15T09:40+01:00"), Moment("2026-01-15T22:10+01:00"))
    '12 h 30 min'
    """
    clock = start.offset or end.offset or 0
    by_clock = start.to_the_minute and end.to_the_minute
    first, last = (one.period(by_clock=by_clock, clock=clock).last for one in (start, end))
    rest = last - first
    if rest < 0:
        return ""
    if not by_clock:
        return f"{rest} {'day' if rest == 1 else 'days'}"
    days, minutes = divmod(rest, 1440)
    parts = [f"{days} d"] if days else []
    parts += [f"{minutes // 60} h"] if minutes >= 60 else []
    parts += [f"{minutes % 60} min"] if minutes % 60 and not days else []
    return " ".join(parts) or "0 min"


# "Healthy" is what criteria ask of volunteers: "no healthy" is no English.
_DENIED = {"healthy": "not a healthy volunteer"}


def describe_fact(fact: Fact, *, own: Moment | None = None) -> str:
    """
    Return a fact in words; *own* is the moment on whose clock times are told, where no day is known.

    >>> from equipoise.records.patient import FactConcept
    >>> describe_fact(Fact(id="f1", kind="measurement", concept=FactConcept("platelet count"), value=84,
    ...     unit="10*9/L", when=Moment("2026-01-14T06:10+01:00")))
    'platelet count 84 ×10⁹/L, 14 January 2026, 06:10'
    >>> describe_fact(Fact(id="f2", kind="condition", concept=FactConcept("asthma"), assertion="absent"))
    'no asthma'
    """
    named = _named(fact)
    denied = _DENIED.get(named) if fact.assertion == "absent" else None
    said = denied or _ASSERTIONS[fact.assertion].format(named)
    qualifiers = ["ever" if one == "history" and fact.assertion == "absent" else one for one in fact.qualifier]
    said += "".join(f", {one}" for one in qualifiers)
    return said + _time(fact, own)


def _named(fact: Fact) -> str:
    name = fact.name or _ANYTHING.get(fact.kind, fact.kind)
    if fact.kind == "demographic" and fact.name == "born":
        return "born"
    if fact.kind == "allergy" and fact.concept is not None:
        name = f"allergy to {name}"
    if fact.alteration:
        name = f"{name} {fact.alteration}"
    if fact.kind == "prior_lines":
        name = f"prior lines of {name}"
    if fact.value is None:
        return name
    value = fact.value if isinstance(fact.value, str) else describe_number(fact.value)
    unit = f" {describe_unit(fact.unit)}" if fact.unit else ""
    return f"{name} {value}{unit}{_range(fact)}"


def _range(fact: Fact) -> str:
    if fact.range is None or fact.range == (None, None):
        return ""
    low, high = fact.range
    if low is None:
        return f" (normal up to {describe_number(high)})"
    if high is None:
        return f" (normal from {describe_number(low)})"
    return f" (normal {describe_number(low)} to {describe_number(high)})"


def _time(fact: Fact, own: Moment | None) -> str:
    if fact.when is None and fact.until is None:
        return ""
    if own is not None:
        if fact.when is None:
            return ""
        ago = lapse(fact.when, own)
        if ago not in ("", "0 days", "0 min"):
            return f", {ago} before"
        # A note that names no day may still say at what time of its day.
        clock = str(fact.when).partition("T")[2][:5]
        return f", at {clock}" if clock and str(fact.when) != str(own) else ""
    lasting = fact.kind in ("condition", "drug", "duration")
    if fact.when is None:
        assert fact.until is not None
        return f", until {fact.until.words()}"
    since = "since " if lasting and fact.assertion == "present" and fact.until is None else ""
    if fact.name == "born":
        return f" {fact.when.words()}"
    until = f" to {fact.until.words()}" if fact.until is not None and fact.until != fact.when else ""
    return f", {since}{fact.when.words()}{until}"
