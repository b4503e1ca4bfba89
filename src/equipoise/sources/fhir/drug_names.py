"""
The drugs that a medication names: its ingredients, whatever the strength, the form and the maker.

``name = (quantity | strength | form | brand)* ingredient ("/" ingredient)*`` as RxNorm builds it: "24 HR metoprolol
succinate 100 MG Extended Release Oral Tablet [Toprol]" is metoprolol.
"""

from __future__ import annotations

import re
from functools import lru_cache

from equipoise.sources.fhir.elements import codings, words_of
from equipoise.sources.fhir.naming import Named, find, untagged
from equipoise.terms.coded import named
from equipoise.terms.spelling import normal

_STRENGTH = re.compile(
    r"\b\d[\d.,]*(?:/\d[\d.,]*)*\s*(?:mg|mcg|ug|g|ml|l|unt|units?|iu|meq|mmol|%|hr|actuat|mci|cells|day)\b"
    r"(?:\s*(?:per\s+|/\s*)(?:\d+\s*)?(?:ml|mg|actuat|hr|24hr|h|l|g|day|pack))*",
    re.I,
)
_FORM = re.compile(
    r"\b(?:nda\d+|extended release|delayed release|12 ?hr|24 ?hr|oral|tablets?|capsules?|solution|suspension"
    r"|injections?|injectable|topical|cream|ointment|gel|lotion|foam|patch|transdermal|system|metered dose inhaler"
    r"|dry powder inhaler"
    r"|inhaler|inhalation|inhalant|nasal|spray|mucosal|chewable|disintegrating|sublingual|buccal|rectal|suppository"
    r"|vaginal|ring|implant|intrauterine|prefilled syringe|auto-?injector|pen|cartridge|ophthalmic|otic|drops?|powder"
    r"|syrup|elixir|lozenge|pack|kit|drug|film|granules?|intravenous|iv|po|nebulized|nebulizer|ec|er|xr|sr|dr)\b",
    re.I,
)
_SALT = re.compile(
    r"\b(?:hydrochloride|hydrobromide|sodium|potassium|calcium|magnesium|succinate|tartrate|fumarate|maleate|mesylate"
    r"|besylate|acetate|sulfate|phosphate|citrate|propionate|furoate|hcl|dihydrate|monohydrate|trihydrate|bitartrate)\b",
    re.I,
)
_BRAND = re.compile(r"\[([^\]]*)\]|\(([^)]*)\)")
# A word that says that it is something about the drug, or against it, and not the drug.
_OTHER = re.compile(
    r"\b(?:syringe|needle|test|strip|lancet|device|free|antidote|allergy|intolerance|monitor|meter)s?\b", re.I
)
_SPLIT = re.compile(r"\s*/\s*|\s+and\s+|\s*\+\s*|\s*,\s*")


def drugs_named(concept: object) -> list[Named]:
    """
    Return the drugs that a CodeableConcept names, a combination by its own name too where it has one.

    >>> [one.name for one in drugs_named({"text": "Simvastatin 10 MG Oral Tablet"})]
    ['simvastatin']
    >>> [one.name for one in drugs_named({"text": "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"})]
    ['amoxicillin clavulanate', 'amoxicillin', 'clavulanic acid']
    """
    for coding in codings(concept):
        row = named(coding.system, coding.code)
        if row is not None and row.kind in ("drug", "procedure"):
            return [Named(name, "drug") for name in row.names]
    said = words_of(concept)
    for words in said:
        found = _drugs(words)
        if found:
            return [Named(name, "drug") for name in found]
    plain = next((_plain(untagged(words)) for words in said if _plain(untagged(words))), "")
    plain = plain or next((f"{one.system.rpartition('/')[2]} {one.code}" for one in codings(concept)), "")
    return [Named(normal(plain), "drug", known=False)] if plain else []


@lru_cache(maxsize=4096)
def _drugs(words: str) -> tuple[str, ...]:
    """Return the catalogue's names of what a name lists, as far as the catalogue has them."""
    words = untagged(words)
    whole = _drug(words)
    if whole is None and _OTHER.search(words):
        return ()
    plain = _plain(words)
    whole = whole or _drug(plain) or _drug(_SPLIT.sub(" ", plain))
    parts = [part for part in _SPLIT.split(plain) if part]
    each = [_ingredient(part) for part in parts]
    listed = [one for one in each if one is not None] if len(parts) > 1 else []
    if whole is None and len(parts) == 1:
        whole = _ingredient(parts[0])
    brands = (_drug((found[1] or found[2]).partition("/")[0].strip()) for found in _BRAND.finditer(words))
    whole = whole or (next((one for one in brands if one is not None), None) if not listed else None)
    return tuple(dict.fromkeys(one for one in (whole, *listed) if one is not None))


def _plain(words: str) -> str:
    """Return a name without brand, strength and form."""
    words = _BRAND.sub(" ", words)
    words = _FORM.sub(" ", _STRENGTH.sub(" ", words))
    return " ".join(words.split()).strip(" /,-:")


def _ingredient(words: str) -> str | None:
    unsalted = " ".join(_SALT.sub(" ", words).split())
    return _drug(words) or (_drug(unsalted) if unsalted else None) or _within(words)


def _within(words: str) -> str | None:
    """Return the one drug that stands in a few words ("sliding scale insulin"); two are too many to choose from."""
    if _OTHER.search(words):
        return None
    split = words.split()
    found = [
        name
        for start in range(len(split))
        for end in range(len(split), start, -1)
        if (name := _drug(" ".join(split[start:end]))) is not None
    ]
    return found[0] if len(set(found)) == 1 else None


def _drug(words: str) -> str | None:
    concept = find(words) if words else None
    return concept.name if concept is not None and concept.kind == "drug" else None


_ALLERGY = re.compile(
    r"^(?:allergy to|allergic reaction to|hypersensitivity to|intolerance to|known allergy to)\s+(?:the\s+)?"
    r"|\s+(?:allergy|hypersensitivity|intolerance)$|^substance with\s+|\s+structure(?: and antibacterial mechanism.*)?$"
    r"|\s+(?:containing )?(?:preparations?|products?|agents?)$",
    re.I,
)


def allergen_named(concept: object) -> Named | None:
    """
    Return the allergen that a CodeableConcept names.

    >>> allergen_named({"text": "Allergy to peanuts"}).name, allergen_named({"text": "Aspirin"}).name
    ('peanut', 'aspirin')
    """
    for coding in codings(concept):
        row = named(coding.system, coding.code)
        if row is not None and row.kind == "drug":
            return Named(row.names[0], "allergy")
    said = [_bare(words) for words in words_of(concept)]
    for words in said:
        found = find(words)
        if found is not None and found.kind == "drug":
            return Named(found.name, "allergy")
    for words in said:
        drugs = _drugs(words)
        if len(drugs) == 1:
            return Named(drugs[0], "allergy")
    plain = said[0] if said else next((f"{one.system.rpartition('/')[2]} {one.code}" for one in codings(concept)), "")
    return Named(normal(plain), "allergy", known=False) if plain else None


def _bare(words: str) -> str:
    words = re.sub(r"\s*\(animal\)", "", untagged(words))
    while (shorter := _ALLERGY.sub("", words)) != words and shorter:
        words = shorter
    return words
