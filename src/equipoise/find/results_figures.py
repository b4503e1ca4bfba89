"""
The figures of posted results: values with their spread, shares, and the denominators of shares.

Baseline characteristics and outcomes state their figures alike: a measure has classes of
rows, a class has categories, and each may have denominators of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from equipoise.find.results_tables import ANALYZED, Draft, Figure, lower_first
from equipoise.records.results import BaselineMeasure, Category, Class, Denom, Measurement, OutcomeMeasure
from equipoise.terms.enums import term, value_of

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", re.ASCII)
_PARTICIPANTS = "participants"

Denoms = tuple[Denom, ...]


def percent_of(part: str | int | None, whole: str | int | None) -> str:
    """Return the share that *part* makes of *whole*, or nothing where there is no such share.

    >>> percent_of("12", "208"), percent_of(1, 16), percent_of(1, 5000)
    ('5.8 %', '6.3 %', '<0.1 %')
    >>> percent_of("3", "NA"), percent_of("0", "0"), percent_of("7", None)
    ('', '', '')
    """
    top, bottom = _number(part), _number(whole)
    # A part above its whole tells us that the two do not belong together.
    if top is None or not bottom or top > bottom:
        return ""
    share = 100 * top / bottom
    if 0 < share < Decimal("0.1"):
        return "<0.1 %"
    if Decimal("99.9") < share < 100:
        return ">99.9 %"
    if share in (0, 100):
        return f"{share:.0f} %"
    return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def _number(text: str | int | None) -> Decimal | None:
    stated = "" if text is None else str(text).strip()
    return Decimal(stated.replace(",", "")) if _NUMBER.fullmatch(stated) else None


def format_value(measurement: Measurement) -> str:
    """Return a value with its spread in round brackets and its limits in square ones.

    >>> format_value(Measurement(value="12.3", spread="4.5"))
    '12.3 (4.5)'
    >>> format_value(Measurement(value="12.3", lower_limit="1.2", upper_limit="20.3"))
    '12.3 [1.2 to 20.3]'
    """
    spread = f"({measurement.spread})" if measurement.spread else ""
    lower, upper = measurement.lower_limit, measurement.upper_limit
    limits = f"[{lower or '–'} to {upper or '–'}]" if lower or upper else ""
    value = measurement.value or ("–" if spread or limits else "")
    return " ".join(filter(None, (value, spread, limits)))


def describe_parameter(measure: BaselineMeasure | OutcomeMeasure) -> str:
    """Return what the figures are: "Mean (standard deviation) · mmHg"."""
    words = term("MeasureParam", measure.param_type).short if measure.param_type else ""
    spread = describe_dispersion(measure.dispersion_type)
    if spread:
        words = f"{words} ({lower_first(spread)})" if words else spread
    unit = (measure.unit_of_measure or "").strip()
    # "Count of participants" needs no "participants" after it.
    said = words.casefold() == f"count of {unit}".casefold()
    return " · ".join(part for part in (words, "" if said else unit) if part)


def describe_dispersion(stated: str | None) -> str:
    """Return the kind of spread in words, stated as a value or, in outcomes, as a label.

    >>> describe_dispersion("INTER_QUARTILE_RANGE"), describe_dispersion("Inter-Quartile Range")
    ('Interquartile range', 'Interquartile range')
    >>> describe_dispersion("84% Confidence Interval"), describe_dispersion("NA")
    ('84% Confidence Interval', '')
    """
    value = value_of("MeasureDispersionType", stated) if stated else None
    if stated is None or "NA" in (stated, value):
        return ""
    if value is None and not re.fullmatch(r"[A-Z0-9_]+", stated):
        return stated
    return term("MeasureDispersionType", value or stated).short


class Measure(msgspec.Struct, frozen=True):
    """What the rows of one measure share: the nearest denominators first, and how to count them."""

    denoms: tuple[Denoms, ...]
    counted: str | None
    header: str

    def denominators(self, own: Denoms) -> dict[str, str]:
        """Return each group's denominator: of the class, else of the measure, else of all.

        A group that the nearest denominators leave out has none; neither has any group where
        no denominator is in the unit that was counted.
        """
        if self.counted is None:
            return {}
        level = next((denoms for denoms in (own, *self.denoms) if denoms), ())
        fitting = [denom for denom in level if (denom.units or "").strip().casefold() == self.counted]
        if len(fitting) != 1:
            return {}
        counts = dict.fromkeys((count.group_id, count.value) for count in fitting[0].counts)
        ids = [group_id for group_id, _ in counts]
        return {group: value for group, value in counts if group and value and ids.count(group) == 1}


def read_measure(
    stated: BaselineMeasure | OutcomeMeasure, *, header: str, units: str | None, overall: Denoms = ()
) -> Measure:
    """Return how to show a measure, where *units* are counted and *overall* is all who were."""
    counted = None
    if stated.calculate_pct is not False:
        if stated.param_type == "COUNT_OF_PARTICIPANTS":
            counted = _PARTICIPANTS
        elif stated.param_type == "COUNT_OF_UNITS":
            counted = (stated.denom_units_selected or units or "").strip().casefold() or None
    return Measure((stated.denoms, overall), counted, header)


def add_analyzed(draft: Draft, own: Denoms, *, known: Sequence[Denoms] = (), level: int = 0) -> None:
    """Add a row for each of a block's *own* denominators that differs from the nearest *known*."""
    nearest = next((denoms for denoms in known if denoms), ())
    stated = [(denom.units, set(denom.counts)) for denom in nearest]
    for denom in own:
        if (denom.units, set(denom.counts)) not in stated:
            header = f"{denom.units} analyzed" if denom.units else "Analyzed"
            counts = ((count.group_id, Figure(count.value or "")) for count in denom.counts)
            draft.add_row(header, counts, level=level, kind=ANALYZED)


def add_classes(draft: Draft, classes: Iterable[Class], measure: Measure, *, level: int = 0) -> None:
    """Add the rows of a measure: a heading for a class of several categories, a row for each."""
    for block in classes:
        shares = measure.denominators(block.denoms)
        if block.title and is_single(block):
            draft.add_row(block.title, view_figures(block.categories[0], shares), level=level)
            add_analyzed(draft, block.denoms, known=measure.denoms, level=level + 1)
            continue
        inner = level
        if block.title:
            draft.add_heading(block.title, level=level)
            inner += 1
        add_analyzed(draft, block.denoms, known=measure.denoms, level=inner)
        for category in block.categories:
            draft.add_row(category.title or measure.header, view_figures(category, shares), level=inner)


def is_single(block: Class) -> bool:
    """Return whether a class is one row that has no title but the class's own."""
    return len(block.categories) == 1 and not block.categories[0].title


def view_figures(category: Category, shares: dict[str, str]) -> Iterator[tuple[str | None, Figure]]:
    """Yield a category's figures with their groups, where *shares* holds the denominators."""
    for measurement in category.measurements:
        share = percent_of(measurement.value, shares.get(measurement.group_id or ""))
        yield measurement.group_id, Figure(format_value(measurement), share, "", measurement.comment)


def unnamed_units(units: str | None, *levels: Denoms) -> str | None:
    """Return *units*, unless a row of numbers analyzed names them already."""
    return None if units in {denom.units for denoms in levels for denom in denoms} else units
