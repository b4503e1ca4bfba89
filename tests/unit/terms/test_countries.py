"""Countries: a name of the registry's gives one ISO code or none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from equipoise.terms.countries import _ALIASES, country_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Turkey (Türkiye)", "TR"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Iran, Islamic Republic of", "IR"),
        ("Iran", "IR"),
        ("Russian Federation", "RU"),
        ("Russia", "RU"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Côte D'Ivoire", "CI"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Macedonia, The Former Yugoslav Republic of", "MK"),
        ("Swaziland", "SZ"),
        ("Eswatini", "SZ"),
        ("Taiwan", "TW"),
        ("Hong Kong", "HK"),
        ("Puerto Rico", "PR"),
        ("Kosovo", "XK"),
    ],
)
def test_spellings_of_now_and_then(name: str, code: str) -> None:
    """The registry's present and earlier spellings of a country have one code."""
    assert country_code(name) == code


def test_case_space_and_accents_do_not_count() -> None:
    """A name is the same in capitals, with more space and without accents."""
    assert country_code("  united   STATES ") == "US"
    assert country_code("Reunion") == country_code("Réunion") == "RE"


@pytest.mark.parametrize(
    "name", ["Former Serbia and Montenegro", "Former Yugoslavia", "Netherlands Antilles", "", "Unitd States"]
)
def test_no_code_is_guessed(name: str) -> None:
    """A country that is no more, nothing, or a misspelling has no code."""
    assert country_code(name) is None


def test_every_alias_is_needed() -> None:
    """No alias says what ISO 3166 says without it."""
    import pycountry

    names = {
        getattr(country, kind, "").casefold()
        for country in pycountry.countries
        for kind in ("name", "common_name", "official_name")
    }
    assert [name for name in _ALIASES if name.casefold() in names] == []


def test_the_library_is_imported_late() -> None:
    """Importing the module does not import pycountry."""
    code = "import sys, equipoise.terms.countries; raise SystemExit('pycountry' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
