"""
Read the parameters of a request by the table, or say what is wrong with them.

::

    list = entry (("," | "|") entry)*     and the parameter may be repeated
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from equipoise.app.api_v2.parameters import (
    LARGEST_PAGE,
    LONGEST,
    PAGE_SIZE,
    Parameter,
    formats_of,
    parameters_of,
    pattern_of,
)
from equipoise.errors import QueryError
from equipoise.find.suggest import nearest

_BETWEEN = re.compile(r"[,|]")
_SHOWN = 60

# What people write for a parameter that the registry does not have, and what it has.
_INSTEAD = {
    "filter.phase": "Write `aggFilters=phase:3` or `filter.advanced=AREA[Phase]PHASE3`",
    "filter.studyType": "Write `aggFilters=studyType:int` or `filter.advanced=AREA[StudyType]INTERVENTIONAL`",
    "filter.sex": "Write `aggFilters=sex:f` or `filter.advanced=AREA[Sex]FEMALE`",
    "query": "Write `query.term=` for words anywhere, or `query.cond=` for a condition",
    "expr": "That is API 1; write `query.term=`",
}


class Asked(msgspec.Struct, frozen=True):
    """The parameters of a request, each with its values; those not given, or empty, are not in it."""

    endpoint: str
    values: dict[str, tuple[str, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """Return the value of a parameter, its default where it is not given."""
        found = self.values.get(name)
        return found[0] if found else parameters_of(self.endpoint)[name].default or ""

    def list(self, name: str) -> tuple[str, ...]:
        """Return the values of a list."""
        return self.values.get(name, ())

    def flag(self, name: str) -> bool:
        """Return whether a parameter says true."""
        return self.text(name).lower() == "true"

    @property
    def page_size(self) -> int | None:
        """How many studies a page has; None where 0 was asked for: then only the count is wanted.

        The registry's own description says that 0 is the default size, and clients send it to get no
        studies. Both can be served: with `countTotal=true` nobody waits for studies.
        """
        size = min(int(self.text("pageSize")[:9]), LARGEST_PAGE)
        if size == 0:
            return None if self.flag("countTotal") and "pageToken" not in self else PAGE_SIZE
        return size


def fault(name: str, value: str, problem: str, *, next: str, span: tuple[int, int] | None = None) -> QueryError:
    """Return the error that a parameter's value is not understood; long values are shown around the place.

    >>> print(fault("format", "xml", "No such value", next="Values are: json, csv."))
    No such value
        format=xml
               ^~~
    Values are: json, csv.
    """
    start, end = span or (0, len(value))
    first = max(0, start - _SHOWN)
    shown = value[first : first + 2 * _SHOWN]
    lead = f"{name}={'…' if first else ''}"
    shown = "".join(mark if mark.isprintable() else " " for mark in shown)
    at = len(lead) + start - first
    return QueryError(problem, text=lead + shown, span=(at, min(at + end - start, len(lead) + len(shown))), next=next)


def _nearest(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"Did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else ""


def _unknown(name: str, known: Sequence[str]) -> QueryError:
    shown = "".join(mark if mark.isprintable() else " " for mark in name[:_SHOWN])
    listed = "Parameters are: " + ", ".join(known) + "." if known else "This address takes no parameters."
    next = (_INSTEAD[name] + ".") if name in _INSTEAD and known else _nearest(name, known) or listed
    return QueryError(f"Unknown parameter `{shown}`", text=shown, span=(0, max(1, len(shown))), next=next)


def _check(parameter: Parameter, value: str, allowed: tuple[str, ...]) -> None:
    name = parameter.name
    if allowed and value not in allowed:
        listed = f"Values are: {', '.join(allowed)}."
        next = " ".join(part for part in (_nearest(value, allowed), listed) if part)
        raise fault(name, value, f"Allowed values do not include `{value[:_SHOWN]}`", next=next)
    if parameter.kind == "boolean" and value.lower() not in ("true", "false"):
        raise fault(name, value, "This is neither true nor false", next="Write `true` or `false`.")
    if parameter.kind == "integer" and not (value.isascii() and value.isdigit()):
        raise fault(name, value, "This is no whole number from 0 up", next=f"Write a number up to {LARGEST_PAGE:,}.")
    if parameter.pattern and not pattern_of(parameter).match(value):
        example = f"Write it as `{parameter.example or parameter.default or 'ConditionSearch:1651367'}`."
        raise fault(name, value, f"This is not of the form {parameter.pattern}", next=example)


def _entries(parameter: Parameter, values: list[str]) -> list[str]:
    if parameter.kind != "list":
        return values
    return [entry.strip() for value in values for entry in _BETWEEN.split(value) if entry.strip()]


def _read(parameter: Parameter, values: list[str], endpoint: str) -> tuple[str, ...]:
    for value in values:
        if len(value) > LONGEST:
            problem = f"The value has {len(value):,} characters; at most {LONGEST:,} are read"
            raise fault(parameter.name, value[:_SHOWN], problem, next="Ask for less at a time.")
    entries = _entries(parameter, values)
    if parameter.kind != "list" and len(set(entries)) > 1:
        raise fault(parameter.name, entries[1], "The parameter is given twice", next="Give it once.")
    if parameter.most is not None and len(entries) > parameter.most:
        problem = f"{len(entries)} values are given; at most {parameter.most} are taken"
        raise fault(parameter.name, ",".join(entries), problem, next="Leave some out.")
    for entry in entries:
        _check(parameter, entry, formats_of(endpoint, parameter))
    return tuple(dict.fromkeys(entries))


def read_parameters(endpoint: str, pairs: Sequence[tuple[str, str]]) -> Asked:
    """Return the parameters of a request to an endpoint.

    >>> read_parameters("studies", [("filter.ids", "NCT1|NCT2"), ("filter.ids", "NCT3")]).values
    {'filter.ids': ('NCT1', 'NCT2', 'NCT3')}

    Raises:
        QueryError: one is not known, or its value is not of its form.
    """
    known = parameters_of(endpoint)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in known:
            raise _unknown(name, list(known))
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    values = {name: _read(known[name], several, endpoint) for name, several in given.items()}
    return Asked(endpoint, {name: several for name, several in values.items() if several})
