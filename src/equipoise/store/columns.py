"""
Columns: what filters, facets and sorting use, one memory-mapped array per field.

Row *i* of every column is the same study; rows lie in order of the study's number.

- a *number* column holds integers or floats; dates are integers YYYYMMDD with 00 for what
  was not stated, so a month sorts before its days; 0 means that no date was stated;
- a *category* column holds codes into a list of names; code 0 is "not stated";
- a *categories* column holds several codes a study, as values and offsets;
- *sites* lie end to end, with the same offsets for each of their columns.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.records.dates import Age, PartialDate
from equipoise.records.study import Site, Study
from equipoise.store.ragged import Ragged
from equipoise.store.site_points import SitePoint, site_point
from equipoise.terms.countries import country_name

Array = npt.NDArray[Any]

NOT_STATED = ""


def date_code(date: PartialDate | None) -> int:
    """Return a date as YYYYMMDD, with 00 for what was not stated.

    >>> date_code(PartialDate("2025-10")), date_code(None)
    (20251000, 0)
    """
    return 0 if date is None else date.year * 10000 + (date.month or 0) * 100 + (date.day or 0)


def date_text(code: int) -> str:
    """Return the date that a code stands for, as precise as it was; an empty string for none.

    >>> date_text(20251000), date_text(0)
    ('2025-10', '')
    """
    parts = (f"{code // 10000:04d}", f"{code // 100 % 100:02d}", f"{code % 100:02d}")
    return "-".join(part for part in parts if part.strip("0"))


def number_code(number: str) -> int:
    """Return the digits of a study's number as an integer.

    >>> number_code("NCT00000410")
    410
    """
    return int(number[3:])


def number_text(code: int) -> str:
    """Return the study's number for its code.

    >>> number_text(410)
    'NCT00000410'
    """
    return f"NCT{code:08d}"


def _age(age: Age | None) -> float:
    return math.nan if age is None else age.days


# A study that is not interventional has no phase; that is something else than a phase not stated.
NO_PHASE = "NO_PHASE"


def _phases(study: Study) -> Iterable[str]:
    unphased = study.design.study_type not in (None, "INTERVENTIONAL")
    return (NO_PHASE,) if unphased and not study.design.phases else study.design.phases


def _count(count: int | None) -> int:
    return -1 if count is None else count


def _yes_no(value: bool | None) -> str:
    return NOT_STATED if value is None else "yes" if value else "no"


# name, type code of array.array, how to read it from a study
NUMBERS: tuple[tuple[str, str, Callable[[Study], float]], ...] = (
    ("number", "I", lambda s: number_code(s.number)),
    ("enrollment", "i", lambda s: _count(s.design.enrollment_info.count)),
    ("minimum_age", "f", lambda s: _age(s.eligibility.minimum_age)),
    ("maximum_age", "f", lambda s: s.eligibility.maximum_age.end if s.eligibility.maximum_age else math.nan),
    ("start", "i", lambda s: date_code(s.status.start_date_struct.date)),
    ("primary_completion", "i", lambda s: date_code(s.status.primary_completion_date_struct.date)),
    ("completion", "i", lambda s: date_code(s.status.completion_date_struct.date)),
    ("first_posted", "i", lambda s: date_code(s.status.study_first_post_date_struct.date)),
    ("results_posted", "i", lambda s: date_code(s.status.results_first_post_date_struct.date)),
    ("updated", "i", lambda s: date_code(s.updated)),
    # The dates below are asked for by their fields' names alone.
    ("verified", "i", lambda s: date_code(s.status.status_verified_date)),
    ("first_submitted", "i", lambda s: date_code(s.status.study_first_submit_date)),
    ("first_submitted_qc", "i", lambda s: date_code(s.status.study_first_submit_qc_date)),
    ("results_submitted", "i", lambda s: date_code(s.status.results_first_submit_date)),
    ("results_submitted_qc", "i", lambda s: date_code(s.status.results_first_submit_qc_date)),
    ("disposition_submitted", "i", lambda s: date_code(s.status.disp_first_submit_date)),
    ("disposition_submitted_qc", "i", lambda s: date_code(s.status.disp_first_submit_qc_date)),
    ("disposition_posted", "i", lambda s: date_code(s.status.disp_first_post_date_struct.date)),
    ("update_submitted", "i", lambda s: date_code(s.status.last_update_submit_date)),
    ("update_posted", "i", lambda s: date_code(s.status.last_update_post_date_struct.date)),
    # A limit as it was stated, to which the maximum that filters use adds its unit.
    ("stated_maximum_age", "f", lambda s: _age(s.eligibility.maximum_age)),
)

CATEGORIES: tuple[tuple[str, Callable[[Study], str | None]], ...] = (
    ("status", lambda s: s.status.overall_status),
    ("type", lambda s: s.design.study_type),
    ("sex", lambda s: s.eligibility.sex),
    ("healthy", lambda s: _yes_no(s.eligibility.healthy_volunteers)),
    ("sponsor", lambda s: s.lead_sponsor.class_ if s.lead_sponsor else None),
    ("purpose", lambda s: s.design.design_info.primary_purpose),
    ("allocation", lambda s: s.design.design_info.allocation),
    ("masking", lambda s: s.design.design_info.masking_info.masking),
    ("results", lambda s: NOT_STATED if s.has_results is None else "posted" if s.has_results else "none"),
)

LISTS: tuple[tuple[str, Callable[[Study], Iterable[str]]], ...] = (
    ("phase", _phases),
    ("age_group", lambda s: s.eligibility.std_ages),
    ("country", lambda s: dict.fromkeys(country_name(name) for name in s.countries)),
    ("intervention", lambda s: dict.fromkeys(i.type for i in s.interventions if i.type)),
)

# Of a site's point: the record's, else its town's; the town's beside it where the record's is doubtful.
SITE_NUMBERS: tuple[tuple[str, Callable[[SitePoint], float]], ...] = (
    ("site_lat", lambda point: point.lat),
    ("site_lon", lambda point: point.lon),
    ("site_town_lat", lambda point: point.town_lat),
    ("site_town_lon", lambda point: point.town_lon),
)
SITE_CATEGORIES: tuple[tuple[str, Callable[[Site], str | None]], ...] = (
    ("site_status", lambda site: site.status),
    ("site_country", lambda site: country_name(site.country) if site.country else None),
    ("site_state", lambda site: site.state),
    ("site_city", lambda site: site.city),
    ("site_zip", lambda site: site.zip),
    ("site_point", lambda site: site_point(site).source),
)


class Columns:
    """The columns of one edition."""

    def __init__(self, flat: dict[str, Array], ragged: dict[str, Ragged], names: dict[str, list[str]]) -> None:
        self.flat = flat
        self.ragged = ragged
        self.names = names
        self._totals: dict[str, Array] = {}

    def __len__(self) -> int:
        return len(self.flat["number"])

    def row(self, number: str) -> int | None:
        """Return the row of the study with this number, or None."""
        numbers = self.flat["number"]
        found = int(np.searchsorted(numbers, number_code(number)))
        return found if found < len(numbers) and numbers[found] == number_code(number) else None

    def rows(self, codes: Array) -> Array:
        """Return the rows of the studies with these number codes, which must exist."""
        return np.searchsorted(self.flat["number"], codes)

    def counts(self, name: str, rows: Array) -> Array:
        """Return how many of these rows have each value of a category or list, by its code; 0 is none stated."""
        size = len(self.names[name])
        whole = len(rows) == len(self)
        if whole and name in self._totals:
            return self._totals[name]
        if name in self.flat:
            found = np.bincount(self.flat[name][rows], minlength=size)
        else:
            found = self.ragged[name].counts(rows, size)
        if whole:  # each row once, in whatever order
            self._totals[name] = found
        return found

    @cached_property
    def latest(self) -> Array:
        """The rows of all studies, the last updated first; of those of one day the highest number."""
        updated = self.flat["updated"].astype(np.int64)
        return np.lexsort((-np.arange(len(self)), -updated)).astype(np.int32)

    def number(self, row: int) -> str:
        """Return the number of the study in this row."""
        return number_text(int(self.flat["number"][row]))

    def code(self, column: str, name: str) -> int | None:
        """Return the code of a category's name, or None where no study has it."""
        names = self.names[column]
        return names.index(name) if name in names else None

    def save(self, folder: Path) -> None:
        """Write the columns into an empty folder."""
        folder.mkdir(parents=True)
        for name, values in self.flat.items():
            np.save(folder / f"{name}.npy", values)
        for name, lists in self.ragged.items():
            np.save(folder / f"{name}.npy", lists.values)
            np.save(folder / f"{name}.offsets.npy", lists.offsets)
        (folder / "names.json").write_bytes(msgspec.json.encode(self.names))

    @classmethod
    def open(cls, folder: Path) -> Columns:
        """Map the columns in *folder* into memory.

        Raises:
            OSError, ValueError: a column is missing or broken.
        """

        def column(name: str) -> Array:
            mapped: Array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # the same memory, without the bookkeeping of numpy's class for files

        names = msgspec.json.decode((folder / "names.json").read_bytes(), type=dict[str, list[str]])
        flat = [name for name, *_ in NUMBERS] + ["version"] + [name for name, _ in CATEGORIES]
        ragged = [name for name, _ in LISTS + SITE_NUMBERS + SITE_CATEGORIES]
        return cls(
            {name: column(name) for name in flat},
            {name: Ragged(column(name), column(f"{name}.offsets")) for name in ragged},
            names,
        )


class ColumnsBuilder:
    """Collect the rows of studies that were added or changed, then join them to the others."""

    def __init__(self, old: Columns | None) -> None:
        self._old = old
        self._numbers: dict[str, array[Any]] = {name: array(code) for name, code, _ in NUMBERS}
        self._numbers["version"] = array("q")
        self._codes = {name: array("I") for name, _ in CATEGORIES}
        self._lists = {name: (array("I"), array("q", [0])) for name, _ in LISTS}
        self._sites = {name: array("f") for name, _ in SITE_NUMBERS}
        self._site_codes = {name: array("I") for name, _ in SITE_CATEGORIES}
        self._site_offsets = array("q", [0])
        coded = [name for name, _ in CATEGORIES + LISTS + SITE_CATEGORIES]
        self._names = {name: [NOT_STATED] for name in coded}
        if old is not None:
            self._names = {name: list(names) for name, names in old.names.items()}
        self._code_of = {name: {text: code for code, text in enumerate(names)} for name, names in self._names.items()}

    def __len__(self) -> int:
        return len(self._numbers["number"])

    @property
    def numbers(self) -> Array:
        """The number codes of the studies that were added."""
        return np.array(self._numbers["number"])

    def _code(self, column: str, name: str | None) -> int:
        if not name:
            return 0
        codes = self._code_of[column]
        if name not in codes:
            codes[name] = len(self._names[column])
            self._names[column].append(name)
        return codes[name]

    def add(self, study: Study, version: int) -> None:
        """Add a study's row; *version* is the row of its document. A later row replaces an earlier."""
        for name, _, value in NUMBERS:
            self._numbers[name].append(value(study))
        self._numbers["version"].append(version)
        for name, category in CATEGORIES:
            self._codes[name].append(self._code(name, category(study)))
        for name, several in LISTS:
            values, offsets = self._lists[name]
            values.extend(self._code(name, text) for text in several(study))
            offsets.append(len(values))
        points = [site_point(site) for site in study.sites]
        for name, place in SITE_NUMBERS:
            self._sites[name].extend(place(point) for point in points)
        for name, word in SITE_CATEGORIES:
            self._site_codes[name].extend(self._code(name, word(site)) for site in study.sites)
        self._site_offsets.append(self._site_offsets[-1] + len(study.sites))

    def _fresh(self) -> Columns:
        flat = {name: np.array(values) for name, values in (self._numbers | self._codes).items()}
        ragged = {name: Ragged(np.array(v), np.array(o)) for name, (v, o) in self._lists.items()}
        for name, values in (self._sites | self._site_codes).items():
            ragged[name] = Ragged(np.array(values), np.array(self._site_offsets))
        return Columns(flat, ragged, self._names)

    def columns(self) -> Columns:
        """Return the columns of the old edition with the new rows in place."""
        fresh = self._fresh()
        flat, ragged = fresh.flat, fresh.ragged
        if self._old is not None:
            old = self._old
            flat = {name: np.concatenate((old.flat[name], flat[name])) for name in flat}
            ragged = {name: Ragged.joined(old.ragged[name], ragged[name]) for name in ragged}
        # A stable sort by number puts the latest row of a study last among its own.
        order = np.argsort(flat["number"], kind="stable")
        numbers = flat["number"][order]
        last = np.append(numbers[1:] != numbers[:-1], True) if len(numbers) else np.zeros(0, bool)
        order = order[last]
        return Columns(
            {name: values[order] for name, values in flat.items()},
            {name: lists.take(order) for name, lists in ragged.items()},
            self._names,
        )
