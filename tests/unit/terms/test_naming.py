"""What can be the name of one drug is told by its form."""

from __future__ import annotations

import pytest

from equipoise.terms.naming import clean_name, is_code, is_name, name_key


@pytest.mark.parametrize(
    "text", ["Keytruda", "MK-3475", "BMS 936558", "L-PAM", "cis-platinous diamine dichloride", "5-aza"]
)
def test_a_short_name_of_one_thing_is_a_name(text):
    """Brands, codes and chemical names are."""
    assert is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Arm A", "low dose", "Experimental product", "oral tablet", "Carboplatin/Paclitaxel", "A plus B", "E. coli",
        "BU", "CPM", "50 mg", "2-amino-1", "immunotherapy", "a name of far too many words to be one", "12345",
    ],
)  # fmt: skip
def test_what_may_be_more_or_less_than_a_name_is_none(text):
    """Arms, doses, forms, two drugs, living things, abbreviations of three letters, fragments."""
    assert not is_name(text)


def test_a_code_has_letters_and_then_a_number():
    """An isotope, an arm and a brand are no codes."""
    assert [is_code(text) for text in ("MK-3475", "LY3009104", "PF 06463922")] == [True] * 3
    assert not any(is_code(text) for text in ("18F-DOPA", "Arm 2", "Taxol", "IL-2"))


def test_spellings_of_a_name_have_one_key():
    """Marks of trade, hyphens, case, British spelling and possessives do not count."""
    assert name_key(clean_name("Keytruda® ")) == name_key("keytruda")
    assert name_key("Haemophilia") == name_key("hemophilia")
    assert name_key("Crohn's disease") == name_key("Crohn Disease")
