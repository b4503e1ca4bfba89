"""
ISO 3166 codes of the countries that a registry names.

Names are matched whole, apart from case, accents and apostrophes; nothing is guessed. A name
that stands for no present country ("Former Yugoslavia") has no code.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# What registries write and ISO 3166 does not. ClinicalTrials.gov changed its names over the
# years and legacy records keep the old ones. A value of None says: known, and no country now.
_ALIASES: dict[str, str | None] = {
    "Burma": "MM",
    "Cape Verde": "CV",
    "Congo, Republic of the": "CG",
    "Democratic Republic of the Congo": "CD",
    "Democratic Republic of Congo": "CD",
    "East Timor": "TL",
    "England": "GB",
    "Former Serbia and Montenegro": None,
    "Former Yugoslavia": None,
    "Holy See": "VA",
    "Ivory Coast": "CI",
    # ISO 3166 has no code for Kosovo and leaves XK to users; the EU and CLDR use it so.
    "Kosovo": "XK",
    "Libyan Arab Jamahiriya": "LY",
    "Macau": "MO",
    "Macedonia": "MK",
    "Macedonia, The Former Yugoslav Republic of": "MK",
    "Micronesia": "FM",
    "Netherlands Antilles": None,
    "Northern Ireland": "GB",
    "Palestine": "PS",
    "Palestinian Territories, Occupied": "PS",
    "Palestinian Territory, Occupied": "PS",
    "Republic of Korea": "KR",
    "Russia": "RU",
    "Saint Martin": "MF",
    "Scotland": "GB",
    "Serbia and Montenegro": None,
    "Soviet Union": None,
    "Swaziland": "SZ",
    "The Bahamas": "BS",
    "The Gambia": "GM",
    "The Netherlands": "NL",
    "Turkey": "TR",
    "Turkey (Türkiye)": "TR",
    "U.S. Virgin Islands": "VI",
    "UK": "GB",
    "US": "US",
    "USA": "US",
    "United States Virgin Islands": "VI",
    "Virgin Islands (U.S.)": "VI",
    "Wales": "GB",
    "Yugoslavia": None,
}


_WITH_ARTICLE = re.compile(
    r"(United (States|Kingdom|Arab Emirates)|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles"
    r"|(Czech|Dominican|Central African|Democratic) Republic|Former )"
)


def in_running_text(name: str) -> str:
    """
    Return a country's name as it stands after "in".

    >>> in_running_text("United States"), in_running_text("The Gambia"), in_running_text("China")
    ('the United States', 'The Gambia', 'China')
    """
    return f"the {name}" if _WITH_ARTICLE.match(name) else name


@cache
def country_code(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country that *name* names, or None.

    >>> country_code("Korea, Republic of"), country_code("South Korea")
    ('KR', 'KR')
    >>> country_code("Turkey (Türkiye)"), country_code("Côte D'Ivoire"), country_code("Cote d'Ivoire")
    ('TR', 'CI', 'CI')
    >>> print(country_code("Former Serbia and Montenegro"))
    None
    """
    return _codes().get(_fold(name))


@cache
def country_names(code: str) -> tuple[str, ...]:
    """Return the names of a country, given by its code, that are known.

    >>> country_names("NL")
    ('Netherlands', 'Kingdom of the Netherlands', 'The Netherlands')
    """
    return tuple(name for name, known in _named().items() if known == code)


@cache
def _codes() -> dict[str, str | None]:
    return {_fold(name): code for name, code in _named().items()}


@cache
def _named() -> dict[str, str | None]:
    """Return the code of each name, our own last: they hold where two are the same."""
    # Imported here: reading its tables takes as long as the rest of a cold start may.
    import pycountry

    codes: dict[str, str | None] = {}
    for country in pycountry.countries:
        for kind in ("name", "common_name", "official_name"):
            if name := getattr(country, kind, None):
                codes[name] = country.alpha_2
    return codes | _ALIASES


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(letters.casefold().split())


# Names that the registry has changed; records of before keep the old ones (seen in its files of
# 2017 to 2026). Searches and counts go by the name of today; pages show what was published.
_RENAMED = {
    "Czech Republic": "Czechia",
    "Côte D'Ivoire": "Côte d’Ivoire",
    "Iran, Islamic Republic of": "Iran",
    "Korea, Republic of": "South Korea",
    "Macedonia, The Former Yugoslav Republic of": "North Macedonia",
    "Moldova, Republic of": "Moldova",
    "Russian Federation": "Russia",
    "Turkey": "Turkey (Türkiye)",
}


def country_name(name: str) -> str:
    """Return the registry's present name of a country.

    >>> country_name("Korea, Republic of"), country_name("Peru")
    ('South Korea', 'Peru')
    """
    return _RENAMED.get(name, name)
