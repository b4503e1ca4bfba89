"""Say a rule in one plain English sentence. Every field that changes the meaning changes the sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from equipoise.records.moments import parse_duration
from equipoise.records.patient import Number
from equipoise.rules.nodes import All, AnyOf, AtLeast, Left, Not, Predicate, Rule, Unless, Window

_OPS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "exactly"}
_UNITS = {
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "min": "minutes",
    "s": "seconds",
    "Cel": "°C",
    "[degF]": "°F",
    "mm[Hg]": "mmHg",
    "cm[H2O]": "cmH₂O",
    "kg/m2": "kg/m²",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "mL/min/1.73.m2": "mL/min per 1.73 m²",
    "[IU]/L": "IU/L",
}
_TIMES = frozenset({"a", "mo", "wk", "d", "h", "min", "s"})
_POWER = re.compile(r"10\*(\d+)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RELATIVE = {"ULN": "the upper limit of normal", "LLN": "the lower limit of normal", "baseline": "the baseline value"}
_WHICH = {"latest": "the latest result", "any": "any result", "all": "every result", "worst": "the worst result"}

# How each kind says what it is about.
_FORMS = {
    "demographic": "{}",
    "measurement": "{}",
    "condition": "{}",
    "drug": "treatment with {}",
    "procedure": "undergoing {}",
    "allergy": "allergy to {}",
    "variant": "{} alteration",
    "prior_lines": "prior lines of {}",
    "event_time": "time",
    "duration": "duration of {}",
    "administrative": "{} (a person answers)",
}
_PLAIN = frozenset(kind for kind, form in _FORMS.items() if form == "{}")
# What a demographic predicate is about; of anything else the sentence says of which kind it is.
_PERSONAL = frozenset({"age", "sex", "race"})
_DOUBT = " [in doubt]"
_NAMELESS = {"prior_lines": "treatment", "administrative": "a question of judgement or consent"}


def describe_rule(rule: Rule) -> str:
    """
    Return the rule in plain English.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> platelets = ConceptRef("platelet count")
    >>> describe_rule(Predicate(kind="measurement", concept=platelets, op="<", value=100, unit="10*9/L"))
    'platelet count below 100 ×10⁹/L'
    """
    return _predicate(rule) if type(rule) is Predicate else _Speaker().said(rule)


class _Speaker:
    """Says the parts of one rule, each once: where it is doubted, a rule states the same parts many times over."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[Rule, str]] = {}  # with what was told, so that no other rule takes its place

    def said(self, rule: Rule) -> str:
        """Return a rule, or a part of it, in plain English."""
        known = self._told.get(id(rule))
        if known is not None:
            return known[1]
        said = _predicate(rule) if type(rule) is Predicate else self._joined(rule)
        self._told[id(rule)] = rule, said
        return said

    def _joined(self, rule: Rule) -> str:
        if type(rule) is Left:
            return "[not understood]"
        if type(rule) is Not:
            inner = rule.rule
            plain = type(inner) is Predicate and inner.op == "present" and inner.population is None
            return f"no {self.said(inner)}" if plain else f"not ({self.said(inner)})"
        if type(rule) is Unless:
            return f"{self._part(rule.rule)}, unless {self._part(rule.exception)}"
        if type(rule) is AtLeast:
            return f"at least {rule.count} of: {'; '.join(self._part(one) for one in rule.rules)}"
        assert type(rule) is All or type(rule) is AnyOf
        parts = self._parts(rule)
        word = "and" if type(rule) is All else "or"
        if len(rule.rules) < 2:
            # A tree may say "all of" one thing or of none; the sentence says which.
            return f"{'all' if word == 'and' else 'any'} of: {parts[0] if parts else 'nothing'}"
        comma = "," in "".join(parts)
        return f"{'; ' if comma else ' '}{word} ".join(parts)

    def _parts(self, rule: All | AnyOf) -> list[str]:
        """
        Return what the parts say, what was not understood once: two unknowns side by side are one.

        ``all of (any of (X, left), left)`` shows X and is always unknown: X is *in doubt*.
        """
        doubts = [one for one in rule.rules if type(one) is Left] if type(rule) is All else []
        if not doubts:
            unread = [self.said(one) for one in rule.rules if type(one) is Left]
            return [self._part(one) for one in rule.rules if type(one) is not Left] + unread[:1]
        parts: list[str] = []
        told = set()
        for one in rule.rules:
            shared = [left for left in doubts if left in one.rules] if type(one) is AnyOf else []
            if shared and type(one) is AnyOf:
                doubt = shared[0]
                rest = tuple(two for two in one.rules if two != doubt)
                parts.append(self._part(rest[0] if len(rest) == 1 else AnyOf(rest)).removesuffix(_DOUBT) + _DOUBT)
                told.add(doubt)
            elif type(one) is not Left:
                parts.append(self._part(one))
        return parts + [self.said(one) for one in doubts if one not in told][:1]

    def _part(self, rule: Rule) -> str:
        said = self.said(rule)
        if type(rule) is Predicate or type(rule) is Left or (type(rule) is Not and type(rule.rule) is Predicate):
            return said
        return f"({said})"


def describe_unit(ucum: str) -> str:
    """
    Return a unit as people write it.

    >>> describe_unit("10*9/L"), describe_unit("ug/mL"), describe_unit("{copies}/mL"), describe_unit("mm[Hg]")
    ('×10⁹/L', 'µg/mL', 'copies/mL', 'mmHg')
    """
    if ucum in _UNITS:
        return _UNITS[ucum]
    raised = _POWER.sub(lambda found: f"×10{found[1].translate(_RAISED)}", ucum)
    # Braces hold what is counted: {copies}/mL.
    return re.sub(r"\bu(?=mol|g|L|m\b)", "µ", raised).replace("{", "").replace("}", "")


def describe_window(window: Window | None) -> str:
    """
    Return when a fact must lie, with the space before it; nothing for no window.

    >>> describe_window(Window(anchor="screening", side="before", within="P28D"))
    ' within 28 days before screening'
    >>> describe_window(Window(at_least="P12M"))
    ' at least 1 year ago'
    """
    if window is None:
        return ""
    length = [f"within {_length(window.within)}"] if window.within is not None else []
    length += [f"at least {_length(window.at_least)}"] if window.at_least is not None else []
    said = " and ".join(length)
    if window.anchor is not None:
        return f" {said} {window.side or 'of'} {window.anchor}".replace("  ", " ")
    alone = {"before": "in the past", "after": "in the future", "around": "around now"}
    if not length:
        return f" {alone.get(window.side or '', 'at some time')}"
    if window.side in (None, "before"):
        ago = " ago" if window.at_least is not None else ""
        last = f"within the last {_length(window.within)}" if window.within is not None else ""
        least = f"at least {_length(window.at_least)}{ago}" if window.at_least is not None else ""
        return f" {' and '.join(part for part in (last, least) if part)}"
    return f" {said} {'from now' if window.side == 'after' else 'around now'}"


@lru_cache(maxsize=1024)
def _length(iso: str | None) -> str:
    """Return a length of time in words; what is no such length stands as it is."""
    try:
        return parse_duration(iso or "").words()
    except ValueError:
        return f"“{iso}”"


# One predicate

# What is barred is no treatment: "contraindication to metformin", and not "treatment with metformin".
_BARRED = ("contraindication to",)


def _predicate(rule: Predicate) -> str:
    said = _subject(rule) + _limit(rule)
    said = f"{_BARRED[0]} {said}" if rule.qualifier[:1] == _BARRED else said
    for one in rule.qualifier[rule.qualifier[:1] == _BARRED :]:
        said += f", {one}"
    if rule.window is not None and (window := describe_window(rule.window)):
        said += ("" if rule.kind == "measurement" else ",") + window
    if rule.which is not None:
        said += f" ({_WHICH.get(rule.which, rule.which)})"
    if unsaid := _unsaid(rule):
        said += f" ({', '.join([f'{name} {value}' for name, value in unsaid])})"
    if rule.population is not None:
        said = f"in {rule.population}: {said}"
    return f"no {said}" if rule.op == "absent" else said


def _subject(rule: Predicate) -> str:
    if rule.kind == "event_time":
        return f"time from {rule.from_ or 'something'} to {rule.to or 'now'}" + (f" ({rule.name})" if rule.name else "")
    if rule.kind == "variant" and rule.alteration is not None:
        return f"{rule.name or 'something'} {rule.alteration} (variant)"
    if rule.kind == "administrative" and rule.name:
        return f"{rule.name} (a person answers)"
    if rule.kind == "measurement" and rule.op in ("present", "absent"):
        return f"a finding of {rule.name}"
    form = "{}" if rule.qualifier[:1] == _BARRED else _FORMS.get(rule.kind) or f"{rule.kind} {{}}"
    return form.format(rule.name or _NAMELESS.get(rule.kind, "something"))


def _limit(rule: Predicate) -> str:
    if rule.op in ("present", "absent"):
        return ""
    if isinstance(rule.value, str):
        verb = "is" if rule.op == "=" else _OPS.get(rule.op, rule.op)
        return f" {verb} {rule.value}" + _unit(rule)
    if rule.op == "between":
        return f" {describe_number(rule.value)} to {describe_number(rule.upper)}{_unit(rule)}"
    return f" {_OPS.get(rule.op, rule.op)} {describe_number(rule.value)}{_unit(rule)}"


def _unit(rule: Predicate) -> str:
    times = f" × {_RELATIVE.get(rule.relative_to, rule.relative_to)}" if rule.relative_to is not None else ""
    if rule.unit is None:
        return times
    said = describe_unit(rule.unit)
    if rule.unit in _TIMES and rule.value == 1 and rule.op != "between":
        said = said.removesuffix("s")
    return f"{times} {said}"


def describe_number(value: Number | str | None) -> str:
    """Return a number as people write it: 9, not 9.0.

    >>> describe_number(9.0), describe_number(1500000), describe_number(0.5)
    ('9', '1500000', '0.5')
    """
    if value is None:
        return "an unknown value"
    return repr(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _unsaid(rule: Predicate) -> list[tuple[str, object]]:
    """Return the fields that a predicate of this kind should not have; a sentence that hid them would mislead."""
    found: list[tuple[str, object]] = []
    limited = rule.op not in ("present", "absent")
    plain, personal = rule.kind in _PLAIN, rule.name in _PERSONAL
    if (plain and personal is not (rule.kind == "demographic")) or (rule.kind == "condition" and limited):
        found.append(("kind", rule.kind))
    if not limited:
        if rule.value is not None:
            found.append(("value", rule.value))
        if rule.unit is not None:
            found.append(("unit", rule.unit))
        if rule.relative_to is not None:
            found.append(("relative to", rule.relative_to))
    if rule.upper is not None and (rule.op != "between" or isinstance(rule.value, str)):
        found.append(("upper", rule.upper))
    if rule.alteration is not None and rule.kind != "variant":
        found.append(("alteration", rule.alteration))
    if rule.kind != "event_time":
        if rule.from_ is not None:
            found.append(("from", rule.from_))
        if rule.to is not None:
            found.append(("to", rule.to))
    return found
