"""
Whether a registrant's words can be a name of a thing, by their form alone.

Lists of other names hold names, and much else: doses, groups, forms of tablets, whole regimens. What may be something
else is no name here; a name that is missed costs a study, one that is wrong shows wrong studies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.terms.spelling import normal
from equipoise.terms.words import Stems

_MARKS = re.compile(r"[®™©]|\((?:r|tm)\)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:'s\b)?")
# What joins two things, or says more of one.
_JOINS = re.compile(r"[+/,;:()\[\]&=%]|\b(?:and|plus|with|or|vs|versus|then|in|per|from)\b", re.IGNORECASE)
# E. coli, B. infantis: a living thing, not what is made from it.
_SPECIES = re.compile(r"[A-Z]\. ?[a-z]")
_CODE = re.compile(r"[A-Za-z]{1,6}[- ]{0,2}[A-Za-z]{0,3}\d{3,8}[A-Za-z]?")
_LONGEST, _WORDS, _SHORTEST = 50, 4, 4


def words_in(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())


# These are said of very many things, or of an arm of a study.
_GENERAL = words_in(
    """
    a active adjuvant agent agonist an analgesic anesthesia anesthetic antagonist anti antibiotic antibiotics antibody
    approved arm autologous allogeneic bid biological biosimilar blank blind block blood bolus brand bovine capsule
    capsules care cell cells chemo chemotherapy class cohort combination commercial comparator compound concentrate
    consolidation control controls conventional cr cream daily day days delivery device diet diluent dose doses dosing
    dressing drink drop drops drug drugs dummy er experimental exposure extended extract factor fluid food for form
    formulation gel gene generic group growth high hormone human hydrochloride immune immunotherapy implant ind
    induction infusion infusions inhalation inhaled inhaler inhibitor injectable injection injections insulin
    intervention intravenous investigational iu iv kg kit level liquid loading local low maintenance marketed matched
    matching mcg medication medicine mg ml monoclonal monotherapy month months mr multiple natural new no nonbinding
    none normal not novel of ointment ointments open oral parent part patch period phase pill plasma powder pre prior
    pr prn probiotic probiotics product products prophylaxis protein protocol pump rate recombinant reference regimen
    release route salt saline sc serum sham shot single sodium solution solutions spray sr stage standard stem steroid
    steroids study subcutaneous substance sugar supplement supplementation suspension syrup tablet tablets test the
    therapy topical treatment treatments trial type usual vaccine vaccination vaccines vial vitamin vitamins water
    week weekly weeks xr
    """
)

_stems = Stems()


def clean_name(text: str) -> str:
    """Return a name without its marks of trade.

    >>> clean_name(" Keytruda® "), clean_name("Opdivo (R)")
    ('Keytruda', 'Opdivo')
    """
    return " ".join((_MARKS.sub(" ", text) if "(" in text or not text.isascii() else text).split())


def name_words(text: str) -> list[str]:
    """Return the words of a name in their normal form.

    >>> name_words("MK-3475"), name_words("Crohn's Disease")
    (['mk', '3475'], ['crohn', 'disease'])
    """
    return [word.removesuffix("'s") for word in _WORD.findall(normal(text))]


def name_key(text: str) -> str:
    """Return what is the same for all spellings of a name: its words by their stems.

    >>> name_key("Haemorrhagic Strokes") == name_key("hemorrhagic stroke")
    True
    """
    return words_key(name_words(text))


def words_key(words: Sequence[str]) -> str:
    """Return the key of a name by its words."""
    return " ".join([_stems[word] for word in words])


def is_code(text: str) -> bool:
    """Return whether a name is a maker's code, which no two things share.

    >>> is_code("MK-3475"), is_code("BMS 936558"), is_code("18F-DOPA"), is_code("Arm 2")
    (True, True, False, False)
    """
    return _CODE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Return whether a text can be the name of one drug: short, of one thing, and not said of everything.

    >>> [is_name(text) for text in ("Keytruda", "MK-3475", "Arm A", "low dose aspirin", "Taxol/Platinol", "BU")]
    [True, True, False, False, False, False]
    """
    words = name_words(text)
    marks = [mark for mark in text if mark.isalnum()]
    letters = sum(mark.isalpha() for mark in marks)
    # An abbreviation of three letters is another's too: CPM is a drug, another drug, and a machine.
    short = len(marks) < _SHORTEST or letters == 0 or (letters < _SHORTEST and letters == len(marks))
    long = len(text) > _LONGEST or len(words) > _WORDS
    fragment = text[0].isdigit() and text[-1].isdigit()
    return not (
        short or long or fragment or _JOINS.search(text) or _SPECIES.match(text) or _GENERAL.intersection(words)
    )
