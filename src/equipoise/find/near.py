"""
A place to search around, and how far a study's sites lie from it.

    near     = "near" place | distance ("of" | "from") place | place "within" distance | place
             | "distance(" latitude "," longitude "," number ["km" | "mi"] ")"
    distance = ["within"] number ("km" | "mi" | "miles" | …)

The last form is the registry's. Its points are towns rather than hospitals, and so are ours.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.errors import QueryError
from equipoise.terms.places import find_place

KM_PER_MILE = 1.609344
USUAL_KM = 50
_FARTHEST = 20_038  # half of the Earth's circumference in km: beyond it there is nothing

_AMOUNT = r"(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<unit>km|kms|kilomet(?:er|re)s?|k|mi|miles?|m)"
_DISTANCE = re.compile(rf"(?:within\s+)?{_AMOUNT}?\.?", re.IGNORECASE)
_FIRST = re.compile(
    rf"(?:with(?:in)?\s+(?:a\s+)?)?{_AMOUNT}\s+(?:of|from|around|near|to)\s+(?P<place>.+)", re.IGNORECASE
)
_LAST = re.compile(rf"(?:near\s+)?(?P<place>.+?)[\s,]+(?:within|\+|±)\s*{_AMOUNT}", re.IGNORECASE)
_NEAR = re.compile(r"(?:near(?:\s+to)?|around|close to|in or near|by)\s+(?P<place>.+)", re.IGNORECASE)
_REGISTRY = re.compile(
    r"distance\((?P<lat>-?\d+(?:\.\d+)?),(?P<lon>-?\d+(?:\.\d+)?),(?P<amount>\d+(?:\.\d+)?)(?P<unit>km|mi)?\)"
)


class Near(msgspec.Struct, frozen=True):
    """
    A point, and how far from it a site may lie. ``text`` is the place as it was written, ``within`` the
    distance in the unit that was written; ``others`` are the places that the same words may mean too.
    ``published``: sites are taken to lie where the registry says, even where that is plainly wrong, and nowhere
    where it does not say.
    """

    lat: float
    lon: float
    km: float
    label: str
    text: str
    within: str
    kind: str = "point"
    others: tuple[str, ...] = ()
    published: bool = False

    def describe(self) -> str:
        """Return what is asked for in English.

        >>> read_near("near Leeds").describe()
        'with a site within 50 km of Leeds, England, United Kingdom'
        """
        return f"with a site within {self.distance()} of {self.label}"

    def distance(self) -> str:
        """Return the greatest distance in words, in the unit in which it was given."""
        return self.within.replace("km", " km").replace("mi", " miles")

    def parameters(self) -> list[tuple[str, str]]:
        """Return what is asked for as the parameters of a web address.

        >>> read_near("within 30 miles of Leeds, UK").parameters()
        [('near', 'Leeds, UK'), ('within', '30mi')]
        """
        return [("near", self.text)] if self.published else [("near", self.text), ("within", self.within)]

    def notes(self) -> tuple[str, ...]:
        """Return what a reader should know about the place that was taken."""
        found = []
        if self.others:
            found.append(f"“{self.text}” was taken as {self.label}. It may also be {'; '.join(self.others)}.")
        if self.kind in ("country", "region"):
            found.append(
                f"{self.label} is a {self.kind}: distances are from the middle of where its people live. "
                + ("To have all sites in a country, filter by country." if self.kind == "country" else "Name a town.")
            )
        return tuple(found)


def _miles(unit: str | None) -> bool:
    return unit is not None and unit.lower().startswith("m")


def _within(amount: str, unit: str | None, text: str) -> tuple[float, str]:
    """Return a distance in km, and as it is written in an address.

    Raises:
        QueryError: it is no distance on Earth.
    """
    value = float(amount.replace(",", "."))
    km = value * KM_PER_MILE if _miles(unit) else value
    if not 0 < km <= _FARTHEST:
        next = f"Give a distance above 0 and up to {_FARTHEST:,} km."
        start = max(0, text.find(amount))
        raise QueryError("No place lies so far", text=text, span=(start, start + len(amount)), next=next)
    return km, f"{value:g}{'mi' if _miles(unit) else 'km'}"


def read_distance(text: str) -> tuple[float, str]:
    """Return a distance in km, and as it is written in an address; a number alone is km.

    >>> read_distance("30 miles"), read_distance("25")
    ((48.28032, '30mi'), (25.0, '25km'))

    Raises:
        QueryError: it is no distance.
    """
    found = _DISTANCE.fullmatch(text.strip()) if text.strip() else None
    if found is None or found["amount"] is None:
        found = re.fullmatch(r"(?P<amount>\d+(?:[.,]\d+)?)(?P<unit>)", text.strip())
    if found is None:
        next = "Write it as 50 km or 30 miles."
        raise QueryError("This is no distance", text=text or " ", span=(0, max(1, len(text))), next=next)
    return _within(found["amount"], found["unit"], text)


def read_registry_distance(text: str) -> Near | None:
    """Return the registry's ``distance(lat,lon,radius)``, or None where *text* is none.

    >>> read_registry_distance("distance(39.0035707,-77.1013313,50mi)").describe()
    'with a site within 50 miles of 39.0036, -77.1013'

    Raises:
        QueryError: there is no such latitude, longitude or distance.
    """
    found = _REGISTRY.fullmatch(text.strip())
    if found is None:
        return None
    place = find_place(f"{found['lat']},{found['lon']}")
    # The registry does not document what a number without a unit is. Its search engine would take meters,
    # which nobody can mean of towns; we take kilometers.
    km, within = _within(found["amount"], found["unit"] or "km", text)
    return Near(place.lat, place.lon, km, f"{place.lat:g}, {place.lon:g}", text.strip(), within, published=True)


def read_near(text: str, within: str | None = None) -> Near:
    """
    Return the place that *text* names and the distance around it: the one that *text* has, else *within*,
    else 50 km.

    >>> read_near("within 50 miles of 02115").within, read_near("Leeds", "10 km").km
    ('50mi', 10.0)

    Raises:
        QueryError: no such place or distance.
    """
    text = " ".join(text.split())
    if text.startswith("distance("):
        near = read_registry_distance(text)
        if near is None:
            next = "Write it as distance(53.8,-1.55,50km)."
            raise QueryError("The distance cannot be read", text=text, span=(0, len(text)), next=next)
        return near
    found = _FIRST.fullmatch(text) or _LAST.fullmatch(text) or _NEAR.fullmatch(text)
    name = found["place"] if found else text
    stated = found if found and "amount" in found.re.groupindex else None
    if stated:
        km, said = _within(stated["amount"], stated["unit"], text)
    else:
        km, said = read_distance(within or f"{USUAL_KM} km")
    place = find_place(name)
    others = tuple(other.label for other in place.others)
    return Near(place.lat, place.lon, km, place.label, name, said, kind=place.kind, others=others)


def read_place(near: str | None, within: str | None) -> Near | None:
    """Return the place that two fields of a form ask for, or None where they are empty.

    Raises:
        QueryError: no such place or distance; or a distance from nowhere.
    """
    if near and near.strip():
        return read_near(near, within)
    if within and within.strip():
        next = "Name a place too, as in near Leeds within 50 km."
        raise QueryError("A distance from where?", text=within, span=(0, len(within)), next=next)
    return None
