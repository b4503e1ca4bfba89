"""
What a search finds, counted for pictures: phase, status, start year, and where its sites lie.

Only the studies that are found count, and each bar has the search that shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from equipoise.find.facts import plural
from equipoise.find.filters import BY_NAME
from equipoise.find.land import Land, draw_land
from equipoise.find.projection import Frame, world_frame
from equipoise.find.query import Query
from equipoise.find.search import Found, Rows
from equipoise.store.columns import NO_PHASE, NOT_STATED, Columns
from equipoise.terms.countries import country_code
from equipoise.terms.gazetteer import countries

# So many years stand for themselves; those before them are put together.
_YEARS = 15
_PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA", NO_PHASE, NOT_STATED)
_LARGEST, _SMALLEST = 30.0, 2.6  # radii of the circles of countries


class BarLine(msgspec.Struct, frozen=True):
    """One bar: its words and count, its length in hundredths of the longest, and the search for it, if any."""

    words: str
    count: int
    share: float
    address: str | None
    more: int | None = None


class Chart(msgspec.Struct, frozen=True):
    """Bars of one kind; ``note`` says what a reader should know of them."""

    name: str
    title: str
    column: str
    bars: tuple[BarLine, ...]
    note: str = ""


class Circle(msgspec.Struct, frozen=True):
    """
    A country on the map: the larger, the more sites; ``text`` is their number, where it has room.

    ``address`` is the search for the studies that have a site there.
    """

    x: float
    y: float
    radius: float
    text: str
    words: str
    address: str


class CountryMap(msgspec.Struct, frozen=True):
    """The sites of all studies found, by country. ``unplaced`` sites are in no country that has a place today."""

    width: int
    height: int
    land: Land
    large: tuple[Circle, ...]
    small: tuple[Circle, ...]
    title: str
    unplaced: int


class ResultPictures(msgspec.Struct, frozen=True):
    """The pictures of a result list."""

    charts: tuple[Chart, ...]
    countries: Chart
    map: CountryMap | None


def draw_results(found: Found, columns: Columns) -> ResultPictures:
    """Return the pictures of what a search finds."""
    query, rows = found.query, found.rows
    phases, sites = _counts(columns, "phase", rows), _counts(columns, "site_country", rows)
    twice = "A study of two phases counts for both." if sum(phases.values()) > len(rows) else ""
    charts = (
        _chart(query, "phase", phases, order=_PHASES, note=twice),
        _chart(query, "status", _counts(columns, "status", rows)),
        _years(query, columns, rows),
    )
    return ResultPictures(
        charts=tuple(one for one in charts if one.bars),
        countries=_chart(query, "country", _counts(columns, "country", rows), more=sites),
        map=_map(query, sites),
    )


def _counts(columns: Columns, name: str, rows: Rows) -> dict[str, int]:
    """Return how many of the studies, or of their sites, have each value; what is not stated has no name."""
    counts = columns.counts(name, rows)
    return {one: count for one, count in zip(columns.names[name], counts.tolist(), strict=True) if count}


def _chart(
    query: Query,
    name: str,
    counts: dict[str, int],
    *,
    order: Sequence[str] = (),
    note: str = "",
    more: dict[str, int] | None = None,
) -> Chart:
    """Return the bars of a filter's values, in an order that is given or the most frequent first."""
    one = BY_NAME[name]
    values = sorted(counts, key=lambda value: (value == NOT_STATED, -counts[value], one.words(value)))
    if order:
        values.sort(key=lambda value: order.index(value) if value in order else len(order))
    longest = max(counts.values(), default=0)
    return Chart(
        name=name,
        title=one.label,
        column="Studies",
        bars=tuple(
            BarLine(
                words=one.words(value),
                count=counts[value],
                share=round(100 * counts[value] / longest, 1),
                address=query.without(name).with_value(name, value).address(),
                more=None if more is None else more.get(value, 0),
            )
            for value in values
        ),
        note=note,
    )


def _years(query: Query, columns: Columns, rows: Rows) -> Chart:
    """Return the bars of start years, the latest first; years long past stand together."""
    years, counts = np.unique(columns.flat["start"][rows] // 10_000, return_counts=True)
    by_year = {int(year): int(count) for year, count in zip(years, counts, strict=True)}
    unstated = by_year.pop(0, 0)
    lines: list[tuple[str, int, str]] = []
    if by_year:
        last = max(by_year)
        first = max(min(by_year), last - _YEARS + 1)
        lines += [(str(year), by_year.get(year, 0), str(year)) for year in range(last, first - 1, -1)]
        before = sum(count for year, count in by_year.items() if year < first)
        lines += [(f"before {first}", before, f"RANGE[MIN, {first - 1}]")] if before else []
    lines += [("Not stated", unstated, "MISSING")] if unstated else []
    longest = max((count for _, count, _ in lines), default=0)
    return Chart(
        name="start",
        title="Start year",
        column="Studies",
        bars=tuple(
            BarLine(words, count, round(100 * count / longest, 1), _started(query, asked) if count else None)
            for words, count, asked in lines
        ),
    )


def _started(query: Query, asked: str) -> str:
    """Return the address of the search with only those that began then."""
    advanced = (*query.advanced, f"AREA[StartDate]{asked}")
    return msgspec.structs.replace(query, advanced=advanced).address()


def _map(query: Query, sites: dict[str, int]) -> CountryMap | None:
    """Return the map of the world with a circle for each country, its area as the number of sites."""
    coded: dict[str, int] = {}
    searches: dict[str, Query] = {}
    for name, count in sites.items():
        if name != NOT_STATED and (code := country_code(name)) in countries():
            key = code or ""
            coded[key] = coded.get(key, 0) + count
            searches[key] = searches.get(key, query.without_all("country")).with_value("country", name)
    addresses = {code: search.address() for code, search in searches.items()}
    if not coded:
        return None
    places = [countries()[code] for code in coded]
    frame = world_frame(np.array([one.lat for one in places]), np.array([one.lon for one in places]))
    placed, total = sum(coded.values()), sum(count for name, count in sites.items() if name != NOT_STATED)
    return CountryMap(
        width=frame.width,
        height=frame.height,
        land=draw_land(frame, coded),
        large=tuple(_circles(frame, coded, addresses, room=1.0)),
        small=tuple(_circles(frame, coded, addresses, room=1.7)),
        title=f"Map of {plural(placed, 'site')} in {plural(len(coded), 'country', 'countries')}",
        unplaced=total - placed,
    )


def _circles(frame: Frame, sites: dict[str, int], addresses: dict[str, str], *, room: float) -> Iterator[Circle]:
    """Yield a circle for each country, the largest first, so that small ones lie on top."""
    most = max(sites.values())
    taken: list[tuple[float, float, float]] = []
    for code, count in sorted(sites.items(), key=lambda one: -one[1]):
        known = countries()[code]
        x, y = (round(float(at), 1) for at in frame.place(np.array(known.lat), np.array(known.lon)))
        radius = round(max(_SMALLEST, _LARGEST * float(np.sqrt(count / most))) * room, 1)
        # A number needs a circle that holds it, and no other number on it.
        fits = radius > (5 + 3.2 * len(str(count))) * room
        free = all(abs(x - left) > (12 + wide) * room or abs(y - top) > 14 * room for left, top, wide in taken)
        if fits and free:
            taken.append((x, y, 4.0 * len(str(count))))
        text, words = f"{count}" if fits and free else "", f"{known.name}: {plural(count, 'site')}"
        yield Circle(x, y, radius, text, words, addresses[code])
