"""
Other names of a country, and the name of a state, as people write them in a search: USA, UK, Holland, MA.

A registry has "United States" and "Massachusetts". Nothing is guessed: a name is one that our tables of countries and
regions have, whole, and England is not all of the United Kingdom.
"""

from __future__ import annotations

from functools import cache, lru_cache

from equipoise.terms.countries import country_code, country_name, country_names
from equipoise.terms.gazetteer import countries, country_forms, fold, region_forms, regions

COUNTRY, STATE = "LocationCountry", "LocationState"

_PARTS = frozenset(("england", "scotland", "wales", "northern ireland"))
# Countries whose states people write as letters in an address.
_LETTERED = frozenset(("AU", "CA", "US"))
_LETTERS = 3


@cache
def _names(code: str) -> tuple[str, ...]:
    known = countries().get(code)
    names = (*country_names(code), *([known.name] if known else []))
    return tuple(dict.fromkeys(country_name(name) for name in names if fold(name) not in _PARTS))


@lru_cache(maxsize=1 << 12)
def other_names(piece: str, text: str) -> tuple[str, ...]:
    """Return the names by which a record may have the country or state that *text* names, but *text* itself.

    >>> "United States" in other_names("LocationCountry", "USA"), other_names("LocationState", "MA")
    (True, ('Massachusetts',))
    >>> other_names("LocationCountry", "England"), other_names("LocationState", "ma")
    ((), ())
    """
    text = text.strip(".,;: ")
    if piece == COUNTRY and fold(text) not in _PARTS:
        code = country_code(text) or country_forms().get(fold(text))
        return tuple(name for name in _names(code) if name.casefold() != text.casefold()) if code else ()
    if piece == STATE and text.isupper() and text.isalpha() and len(text) <= _LETTERS:
        rows = region_forms().get(fold(text), ())
        return tuple(regions()[row].name for row in rows if regions()[row].country in _LETTERED)
    return ()
