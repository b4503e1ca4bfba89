"""The catalogue of variables: every phrase finds its variable, no phrase two, and what is only alike stays out."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from equipoise.terms.phrases import Phrases
from equipoise.terms.spelling import normal
from equipoise.terms.tables import read_table
from equipoise.terms.units import unit
from equipoise.terms.variables import KINDS, Variable, variables
from equipoise.terms.words import Stems

ROWS = read_table("variables")
NAMES = variables().names()


def named(text: str) -> str | None:
    """Return what the first words of *text* name, capitals kept as a criterion's tokens keep them."""
    apart = re.sub(r"([/()\[\]])", r" \1 ", text.replace("-", " "))
    words = [word if word.isupper() else part for word in apart.split() for part in normal(word).split()]
    found = variables().longest(words, 0)
    return None if found is None else found[0].name


def phrases(row: dict[str, str]) -> list[str]:
    own = row["synonyms"].split(" | ") if row["synonyms"] else []
    return [normal(row["name"]), *own] if row["kind"] else own


def claims() -> dict[str, set[str]]:
    """Return the rows that claim each phrase, by the stems under which it is looked up."""
    index, found = Phrases(Stems()), dict[str, set[str]]()
    for row in ROWS:
        for phrase in phrases(row):
            found.setdefault(index.key(phrase)[0], set()).add(row["name"])
    return found


def luhn(code: str) -> int:
    """Return the check digit of the digits before a LOINC code's hyphen (mod 10, doubling from the right)."""
    digits = [int(digit) for digit in reversed(code.partition("-")[0])]
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def test_the_catalogue_covers_what_eligibility_measures() -> None:
    """There are several hundred variables, of every kind, and each is named once."""
    rows = [row for row in ROWS if row["kind"]]
    kinds = Counter(row["kind"] for row in rows)
    assert len(NAMES) == len(rows) >= 700
    assert set(kinds) == set(KINDS)
    assert kinds["score"] >= 250 and kinds["lab"] >= 180 and kinds["class"] >= 60 and kinds["stage"] >= 25


def test_every_phrase_finds_its_variable() -> None:
    """A name or synonym, taken whole, finds the row that lists it; that of a hidden row finds none."""
    lost = [
        (phrase, row["name"], found and found[0].name)
        for row in ROWS
        for phrase in phrases(row)
        if (found := variables().longest(phrase.split(" "), 0)) is None
        or found[1] != len(phrase.split(" "))
        or found[0].name != row["name"]
        if row["kind"] or found is not None
    ]
    assert lost == []


def test_no_phrase_is_claimed_twice() -> None:
    """Two variables never share a phrase, plurals counted as one."""
    assert {phrase: names for phrase, names in claims().items() if len(names) > 1} == {}


def test_phrases_are_written_as_words_are_compared() -> None:
    """A phrase is in its normal form, capitals aside: any other could never be found."""
    assert [phrase for row in ROWS for phrase in phrases(row) if phrase.lower() != normal(phrase)] == []


@pytest.mark.parametrize(("code", "digit"), [("4548-4", 4), ("777-3", 3), ("9269-2", 2), ("89247-1", 1), ("2160-0", 0)])
def test_check_digits_are_reckoned_as_loinc_does(code: str, digit: int) -> None:
    """Known codes have the check digit that they carry."""
    assert luhn(code) == digit


def test_loinc_codes_have_their_check_digit() -> None:
    """A mistyped code fails its check digit; and no code stands for two variables."""
    codes = [row["loinc"] for row in ROWS if row["loinc"]]
    wrong = [code for code in codes if not re.fullmatch(r"\d{3,5}-\d", code) or luhn(code) != int(code[-1])]
    assert wrong == []
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert len(codes) >= 150


@pytest.mark.parametrize("name", NAMES)
def test_each_variable_is_whole(name: str) -> None:
    """A variable has units that we know, a range in order, levels within it, a question and a source."""
    variable = variables()[name]
    assert variable.kind in KINDS
    assert all(unit(one) is not None for one in (variable.unit, *variable.units) if one)
    assert variable.low is not None and variable.high is not None and variable.low < variable.high
    assert all(variable.low <= number <= variable.high for number in variable.levels.values())
    assert variable.question.endswith("?") and variable.source


def test_units_of_a_variable_are_listed_once() -> None:
    """The canonical unit is not repeated among the others."""
    repeated = [
        row["name"]
        for row in ROWS
        if len(set(both := [row["unit"], *filter(None, row["units"].split(" | "))])) < len(both)
    ]
    assert repeated == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("GCS", "glasgow coma scale"),
        ("Glasgow Coma Score", "glasgow coma scale"),
        ("NIHSS", "nih stroke scale"),
        ("National Institutes of Health Stroke Scale (NIHSS) score", "nih stroke scale"),
        ("pre-stroke mRS", "modified rankin scale"),
        ("Cerebral Performance Category", "cerebral performance category"),
        ("APACHE II score", "apache ii"),
        ("qSOFA", "qsofa score"),
        ("SOFA", "sofa score"),
        ("Eastern Cooperative Oncology Group (ECOG) performance status (PS)", "ECOG performance status"),
        ("ECOG/WHO performance status", "ECOG performance status"),
        ("Zubrod", "ECOG performance status"),
        ("Karnofsky", "Karnofsky performance status"),
        ("NYHA cardiac function grading", "nyha class"),
        ("New York Heart Association (NYHA) functional class", "nyha class"),
        ("ASA physical status", "asa class"),
        ("Child-Pugh score", "child-pugh score"),
        ("Child-Turcotte-Pugh (CTP) class", "child-pugh class"),
        ("CKD stage", "ckd stage"),
        ("CHA2DS2-VASc score", "cha2ds2-vasc score"),
        ("HAS-BLED", "has-bled score"),
        ("FIGO stage", "figo stage"),
        ("Barcelona Clinic Liver Cancer (BCLC) stage", "bclc stage"),
        ("Mini-Mental State Examination (MMSE) score", "mini-mental state examination"),
        ("HAM-D17", "hamilton depression rating scale"),
        ("visual analogue scale", "pain score"),
        ("Hoehn & Yahr stage", "hoehn and yahr stage"),
        ("Kellgren–Lawrence grade".replace("–", "-"), "kellgren-lawrence grade"),
        ("haemoglobin", "hemoglobin"),
        ("haemoglobin A1c", "hemoglobin a1c"),
        ("absolute neutrophil count", "neutrophil count"),
    ],
)
def test_scores_are_known_by_the_names_texts_use(text: str, name: str) -> None:
    """The names that eligibility texts write, brackets and all, find the variable."""
    assert named(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("creatinine clearance", "creatinine clearance"),
        ("urine creatinine", "urine creatinine"),
        ("serum creatinine", "serum creatinine"),
        ("eGFR", "estimated glomerular filtration rate"),
        ("EGFR", None),
        ("PS", "ECOG performance status"),
        ("ps", None),
        ("PEEP", "positive end-expiratory pressure"),
        ("peep", None),
        ("CR", None),
        ("age", None),
        ("saturation", None),
        ("pregnancy test", None),
        ("platelet transfusion", None),
        ("platelets", "platelet count"),
        ("glasgow outcome scale", "glasgow outcome scale"),
        ("ASA", "asa class"),
        ("ASA therapy", None),
        ("5-ASA", None),
        ("ISS", "injury severity score"),
        ("ISS stage", "iss stage"),
        ("quick SOFA", "qsofa score"),
        ("modified Mayo score", "mayo score"),
        ("had a", None),
        ("HADS", "hospital anxiety and depression scale"),
        ("well controlled", None),
        ("Wells score", "wells score"),
        ("aspects", None),
        ("ASPECTS", "alberta stroke program early ct score"),
        ("SRS", None),
        ("stage", None),
        ("grade", None),
    ],
)
def test_what_is_only_alike_stays_apart(text: str, name: str | None) -> None:
    """A longer name wins over the shorter in it, and capitals tell an abbreviation from a word."""
    assert named(text) == name


def test_weight_loss_is_no_weight() -> None:
    """A limit on weight loss says nothing of weight."""
    assert named("weight loss") != "body weight" and named("body weight") == "body weight"


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("nyha class", {"I": 1, "II": 2, "III": 3, "IV": 4}),
        ("child-pugh class", {"A": 1, "B": 2, "C": 3}),
        ("ckd stage", {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}),
        ("bclc stage", {"0": 0, "A": 1, "B": 2, "C": 3, "D": 4}),
        ("cancer stage", {"I": 1, "IIB": 2, "IIIC": 3, "IVA": 4}),
        ("tumor t stage", {"T1": 1, "CT3": 3, "T4B": 4}),
    ],
)
def test_levels_stand_for_their_number(name: str, levels: dict[str, float]) -> None:
    """A class or stage says which number each of its levels is."""
    known = variables()[name].levels
    assert {level: known.get(level) for level in levels} == levels


def test_a_child_pugh_class_and_score_do_not_overlap() -> None:
    """A number tells them apart: the class ends at 3 and the score begins at 5."""
    klass, score = variables()["child-pugh class"], variables()["child-pugh score"]
    assert klass.high is not None and score.low is not None and klass.high < score.low


def test_classes_and_stages_have_levels() -> None:
    """A class or stage that is counted in letters or Roman numbers lists them; the rest are counted from 0 or 1."""
    bare: list[Variable] = [
        variables()[name]
        for name in NAMES
        if variables()[name].kind in ("class", "stage") and not variables()[name].levels
    ]
    assert [one.name for one in bare if one.low not in (0, 1)] == []
