"""Limits on dates, numbers and ages: which field has which column, and what a limit's words mean."""

from __future__ import annotations

import calendar
import re
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.errors import QueryError
from equipoise.find.expressions import Span
from equipoise.records.dates import Age, PartialDate
from equipoise.store.columns import Columns
from equipoise.terms.fields import Field

Mask = npt.NDArray[np.bool_]

DATES = {
    "StartDate": "start",
    "PrimaryCompletionDate": "primary_completion",
    "CompletionDate": "completion",
    "StudyFirstPostDate": "first_posted",
    "ResultsFirstPostDate": "results_posted",
    "LastUpdatePostDate": "update_posted",
    "StatusVerifiedDate": "verified",
    "StudyFirstSubmitDate": "first_submitted",
    "StudyFirstSubmitQCDate": "first_submitted_qc",
    "ResultsFirstSubmitDate": "results_submitted",
    "ResultsFirstSubmitQCDate": "results_submitted_qc",
    "DispFirstSubmitDate": "disposition_submitted",
    "DispFirstSubmitQCDate": "disposition_submitted_qc",
    "DispFirstPostDate": "disposition_posted",
    "LastUpdateSubmitDate": "update_submitted",
}
AGES = {"MinimumAge": "minimum_age", "MaximumAge": "stated_maximum_age"}
NUMBERS = {"EnrollmentCount": "enrollment"}

COLUMNS = DATES | AGES | NUMBERS

_NUMBER = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d{1,300}(\.\d{1,300})?", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(?:(\d{1,2})/)?(\d{4})", re.ASCII)


class Limits(msgspec.Struct, frozen=True):
    """Numbers between which a value lies, both included: days of an age, YYYYMMDD of a date, or the number."""

    low: float
    high: float


def kind_of(field: Field) -> str:
    """Return how a field's values are compared: ``date``, ``age``, ``number``, or an empty string if as text."""
    if field.kind in ("date", "time"):
        return "age" if field.kind == "time" else "date"
    return "number" if field.type in ("integer", "number", "long") else ""


def _date(text: str, *, last: bool) -> int:
    found = _AMERICAN.fullmatch(text)
    if found:  # 03/15/2022, or 03/2022
        text = "-".join([found[3], *(f"{int(part):02d}" for part in (found[1], found[2]) if part)])
    date = PartialDate(text)
    if not last:
        return date.year * 10000 + (date.month or 1) * 100 + (date.day or 1)
    month = date.month or 12
    return date.year * 10000 + month * 100 + (date.day or calendar.monthrange(date.year, month)[1])


def _number(text: str, kind: str, *, last: bool) -> float:
    if kind == "date":
        return _date(text, last=last)
    if kind == "number":
        # Not all that Python calls a number: nan, 1_000 and digits of other scripts are none here.
        if not _NUMBER.fullmatch(text):
            raise ValueError
        return float(text.replace(",", ""))
    plain = f"{text} Years" if text.isascii() and text.isdigit() else text
    # The columns are of single precision; a limit that equals one must not miss it by rounding.
    return float(np.float32(Age(plain).days))


_SAID = {
    "date": "Write a date as 2020, 2020-05 or 2020-05-17.",
    "age": "Write an age as 18 years, 6 months or 2 weeks.",
    "number": "Write a number, such as 100.",
}


def read_limits(low: str | None, high: str | None, kind: str, *, text: str, span: Span) -> Limits:
    """Return the limits that two words state; a month reaches from its first day to its last.

    Raises:
        QueryError: one of them is no date, age or number, or they are crossed.
    """
    try:
        lowest = -np.inf if low is None else _number(low, kind, last=False)
        highest = np.inf if high is None else _number(high, kind, last=True)
    except ValueError:
        raise QueryError(f"This is not {_A[kind]}", text=text, span=span, next=_SAID[kind]) from None
    if lowest > highest:
        raise QueryError("The lower limit is above the upper", text=text, span=span, next="Swap them.")
    return Limits(lowest, highest)


_A = {"date": "a date", "age": "an age", "number": "a number"}


def whole_dates(codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return date codes with the first month or day where none was stated; 0, no date, stays 0.

    >>> whole_dates(np.array([20250000, 20251000, 20251031, 0])).tolist()
    [20250101, 20251001, 20251031, 0]
    """
    filled = codes + (codes // 100 % 100 == 0) * 100 + (codes % 100 == 0)
    result: npt.NDArray[Any] = np.where(codes == 0, 0, filled)
    return result


def within(columns: Columns, field: Field, limits: Limits) -> Mask:
    """Return which studies state a value within the limits; the field must have a column."""
    values = columns.flat[COLUMNS[field.piece]]
    if field.piece in DATES:
        values = whole_dates(values)
        known = values > 0
    elif field.piece in AGES:
        known = ~np.isnan(values)
    else:
        known = values >= 0
    mask: Mask = known & (values >= limits.low) & (values <= limits.high)
    return mask


def lies_within(value: Any, kind: str, limits: Limits) -> bool:
    """Return whether a value of a record lies within the limits; what cannot be read does not."""
    try:
        number = _number(str(value)[:10] if kind == "date" else str(value), kind, last=False)
    except ValueError:
        return False
    return limits.low <= number <= limits.high


# Lists whose lengths columns know: of sites the lists lie end to end, and 0 is a value that is not stated.
_SIZES = {
    "Location": "site_status",
    "LocationStatus": "site_status",
    "LocationCountry": "site_country",
    "LocationState": "site_state",
    "LocationCity": "site_city",
    "LocationZip": "site_zip",
    "StdAge": "age_group",
}


def sizes(columns: Columns, piece: str) -> npt.NDArray[Any] | None:
    """Return how many values of a field each study has, or None where no column tells."""
    if piece not in _SIZES:
        return None
    lists = columns.ragged[_SIZES[piece]]
    if piece == "Location":
        return lists.lengths
    before = np.concatenate(([0], np.cumsum(lists.values != 0)))
    counts: npt.NDArray[Any] = before[lists.offsets[1:]] - before[lists.offsets[:-1]]
    return counts
