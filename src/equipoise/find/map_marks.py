"""
The marks of a map: what shape tells which state, and near marks put together under a number.

Shape and color both tell the state, so that neither is needed alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from equipoise.find.facts import plural
from equipoise.find.status import site_state
from equipoise.records.study import Study

# What a site comes to for someone who might join there, in the order in which lists have them.
STATES = {
    "open": "open to join",
    "coming": "opening later",
    "unknown": "not known whether open",
    "closed": "not open",
}


class Spot(msgspec.Struct, frozen=True):
    """A site on a picture: where, in which state, and its town."""

    x: float
    y: float
    state: str
    town: str = ""


class Style(msgspec.Struct, frozen=True):
    """Sizes in units of the picture: a mark's radius, the radius of one with a number, and of letters."""

    mark: float
    group: float
    letters: float


# The same picture is shown large and, on a narrow screen, at four tenths of that; marks and letters stay as large.
LARGE = Style(mark=6.5, group=11.5, letters=13.0)
SMALL = Style(mark=14.0, group=25.0, letters=28.0)


class Mark(msgspec.Struct, frozen=True):
    """A site, or several that lie close together, with the outline of its shape as a path and a line in words."""

    x: float
    y: float
    radius: float
    state: str
    count: int
    path: str
    words: str
    town: str = ""


def study_states(study: Study) -> tuple[str, ...]:
    """Return what the status of each of a study's sites comes to."""
    return tuple(site_state(site.status, overall=study.status.overall_status) for site in study.sites)


def shape(state: str, x: float, y: float, radius: float) -> str:
    """Return the outline of a state's mark as a path: a circle, a diamond, a triangle or a square.

    >>> shape("closed", 10, 20, 5)
    'M5.6 15.6h8.8v8.8h-8.8z'
    """
    if state == "open":
        return f"M{x - radius:.1f} {y:.1f}a{radius:g} {radius:g} 0 1 1 0 .01z"
    if state == "coming":
        half = radius * 1.25
        return f"M{x:.1f} {y - half:.1f}l{half:g} {half:g}-{half:g} {half:g}-{half:g}-{half:g}z"
    if state == "closed":
        half = radius * 0.88
        return f"M{x - half:.1f} {y - half:.1f}h{2 * half:g}v{2 * half:g}h-{2 * half:g}z"
    half, high = radius * 1.2, radius * 2.1
    return f"M{x:.1f} {y - high * 0.62:.1f}l{half:g} {high:g}h-{2 * half:g}z"


def count_words(states: Sequence[str]) -> str:
    """Return how many sites are in each state, in words.

    >>> count_words(["closed", "open", "open"])
    '3 sites: 2 open to join, 1 not open'
    """
    counts = Counter(states)
    parts = [f"{counts[state]:,} {words}" for state, words in STATES.items() if counts[state]]
    return f"{plural(len(states), 'site')}: {', '.join(parts)}"


def place_marks(spots: Sequence[Spot], style: Style) -> tuple[Mark, ...]:
    """Return a mark for each spot, or one with a number for those that would lie on each other."""
    return tuple(_mark([spots[at] for at in group], style) for group in _groups(spots, style))


def _groups(spots: Sequence[Spot], style: Style) -> list[list[int]]:
    """Return which spots share a mark: the two nearest that overlap join, until none do."""
    cells: dict[tuple[int, int], list[int]] = {}
    for at, spot in enumerate(spots):
        # First what lies in one cell, so that a thousand sites need no million comparisons.
        cells.setdefault((int(spot.x // style.mark), int(spot.y // style.mark)), []).append(at)
    groups = list(cells.values())
    points = np.array([_middle([spots[at] for at in group]) for group in groups]).reshape(-1, 2)
    sizes = np.array([style.mark if len(group) == 1 else style.group for group in groups])
    apart = np.hypot(*(points[:, None, axis] - points[None, :, axis] for axis in (0, 1)))
    room = apart - (sizes[:, None] + sizes[None, :]) * 1.1
    np.fill_diagonal(room, np.inf)
    while len(groups) > 1:
        one, other = sorted(divmod(int(room.argmin()), len(groups)))
        if room[one, other] >= 0:
            break
        groups[one] = [*groups[one], *groups.pop(other)]
        points[one], sizes[one] = _middle([spots[at] for at in groups[one]]), style.group
        kept = np.arange(len(sizes)) != other
        points, sizes, room = points[kept], sizes[kept], room[kept][:, kept]
        # Only the room around the one that grew is another now.
        around = np.hypot(*(points[:, axis] - points[one, axis] for axis in (0, 1))) - (sizes + sizes[one]) * 1.1
        room[one], room[:, one], room[one, one] = around, around, np.inf
    return groups


def _middle(spots: Sequence[Spot]) -> tuple[float, float]:
    return sum(spot.x for spot in spots) / len(spots), sum(spot.y for spot in spots) / len(spots)


def _mark(spots: list[Spot], style: Style) -> Mark:
    states = [spot.state for spot in spots]
    # A group looks like the best that it holds: someone who seeks an open site must see that there is one.
    best = min(states, key=list(STATES).index)
    x, y = _middle(spots)
    radius = style.mark if len(spots) == 1 else style.group
    towns = Counter(spot.town for spot in spots if spot.town)
    town = towns.most_common(1)[0][0] if towns else ""
    words = f"{town or 'Site'}: {STATES[best]}" if len(spots) == 1 else count_words(states)
    named = ", ".join(sorted(towns)[:6]) + (" and others" if len(towns) > 6 else "")
    words += f" ({named})" if len(spots) > 1 and named else ""
    return Mark(round(x, 1), round(y, 1), radius, best, len(spots), shape(best, x, y, radius), words, town)
