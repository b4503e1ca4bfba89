"""Units: every notation that texts use, as valid UCUM, and conversions that keep what was measured."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import pytest
from ucumvert import PintUcumRegistry, get_ucum_parser

from equipoise.terms.tables import read_table
from equipoise.terms.units import convert, match_unit, unit
from equipoise.terms.variables import variables

# What follows the colon is read as what stands before it; a leading number is put before each by the test.
SPELLINGS = """
/mm3: /mm3 | /mm^3 | /mmc | per cubic millimeter | cells/mm3
/mm3: /cmm | cells / mm³ | /cu mm | / mm3 | per mm3 | cells per cubic millimetre
/uL: /uL | /µL | /microliter | cells/µL | cells per microliter | /μl | cells/mcL
10*9/L: x 10^9/L | ×10^9 /L | x10(9)/L | 10*9/L | x 10e9/L | x 10⁹/L
10*9/L: G/L | *10^9/L | X 10^9/L | x 10E9/L | × 10⁹/l | billion/L
10*3/uL: 10^3/uL | K/mcL | K/uL | x 10^3/µL | thousand/µL
10*3/mm3: x 10^3/mm^3 | x10^3/mm3
10*6/L: 10^6/L | x 10^6/L
10*6/mL: million/mL | x 10^6/mL
mg/dL: mg/dL | mg/dl | mg% | MG/DL | mg / dL | mg per deciliter | milligrams/deciliter
mg/L: mg/L | mg/l
g/dL: g/dL | gm/dL | g/dl | grams/dL | g%
g/L: g/L | g/l
ug/L: µg/L | ug/L | mcg/L
ng/mL: ng/mL | ng/ml
ng/dL: ng/dL
pg/mL: pg/mL | pg/ml
ug/mL: ug/mL | mcg/mL | µg/ml
umol/L: µmol/L | umol/L | micromol/L | μmol/l | µM | micromoles/L
mmol/L: mmol/L | mMol/L | mmol/l | mM | millimoles per liter
nmol/L: nmol/L
pmol/L: pmol/L
meq/L: mEq/L | meq/l
[IU]/mL: IU/mL | IU/ml
m[IU]/mL: mIU/mL
[IU]/L: IU/L | UI/L
U/L: U/L | units/L
U/mL: U/mL
k[IU]/L: kIU/L
m[IU]/L: mIU/L
u[IU]/mL: uIU/mL | µIU/mL
{copies}/mL: copies/mL | copies/ml | copies per mL | HIV-1 RNA copies/mL
/[HPF]: cells/HPF | /HPF
mL/min: mL/min | ml/min
mL/min/{1.73_m2}: mL/min/1.73 m2 | mL/min/1.73m^2 | ml/min per 1.73 m2 | mL/min/1.73m²
mL/min/{1.73_m2}: ml/minute/1.73 m^2 | mL/min/1.73 m(2) | mL per min per 1.73 m2
mL/min/{1.73_m2}: mL·min-1·1.73 m-2 | ml/min/1.73 square meters
mL/kg/h: mL/kg/h | ml/kg/hr | mL/kg/hour
L/min: L/min | liters per minute
mL/m2: mL/m2
mm[Hg]: mmHg | mm Hg | mm/Hg | millimeters of mercury | mmhg
kPa: kPa
cm[H2O]: cmH2O | cm H2O | cm of water | cmH₂O
kg/m2: kg/m2 | kg/m^2 | kg per m2 | kg/m² | kg / m2 | Kg/m2 | kilograms per square meter | kg·m-2
kg: kg | kilograms | Kg | KG
[lb_av]: lb | lbs | pounds
mg/kg: mg/kg
mg/kg/d: mg/kg/day | mg/kg per day
mg/d: mg/day | mg/d | mg per day | mg daily | mg a day
g/d: g/day | g/24 h | g/24 hours
ug/kg/min: ug/kg/min | mcg/kg/min | µg/kg/minute
mg/m2: mg/m2 | mg/m^2
cm: cm | centimeters
mm: mm | millimeters
m: m | meters
[in_i]: inch | inches
[ft_i]: feet
/min: bpm | beats per minute | beats/min | breaths/min | breaths per minute | /min
Cel: degrees Celsius | °C | degree C | ºC | ℃ | degrees C
[degF]: °F | degrees Fahrenheit
%: % | percent | per cent
ms: ms | msec | milliseconds
s: s | sec | seconds
min: min | minutes | mins
h: h | hr | hrs | hours
d: days | d | calendar days | business days
wk: weeks | wks | wk
mo: months | mo
a: years | yrs | year
Gy: Gy
cGy: cGy
{pack-year}: pack-years | pack years | pack year
{drinks}/wk: drinks/week | drinks per week | alcoholic drinks per week
{points}: points
dB: dB | decibels
[diop]: D | diopters
{letters}: letters | ETDRS letters
kcal/d: kcal/day
mg/g: mg/g
mg/mmol: mg/mmol
/{Mb}: mutations/Mb | mut/Mb | mutations per megabase
N.cm: Ncm | N cm
"""
PAIRS = [
    (code, notation.strip())
    for line in SPELLINGS.strip().split("\n")
    for code, _, notations in [line.partition(": ")]
    for notation in notations.split(" | ")
]


def read(text: str, start: int = 0) -> tuple[str, str] | None:
    """Return the UCUM code of the unit at *start*, and the text that it was read from."""
    found = match_unit(text, start)
    return None if found is None else (found.unit.ucum, text[found.start : found.end])


@pytest.mark.parametrize(("code", "notation"), PAIRS)
def test_each_spelling_is_read_whole(code: str, notation: str) -> None:
    """A unit is read whole, a space before it or none, and whatever ends the clause after it."""
    for before, after in ((" ", ""), (" ", ", or"), (" ", ";"), (" ", ")"), (" ", " at screening")):
        text = f"37.5{before}{notation}{after}"
        assert read(text, 4) == (code, notation)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x 109 /L", "10*9/L"),
        ("×109/L", "10*9/L"),
        ("×10 9/L", "10*9/L"),
        ("mm/Hg", "mm[Hg]"),
        ("mL/min/1.73", "mL/min/{1.73_m2}"),
    ],
)
def test_a_wreck_is_read_and_said_to_be_mended(text: str, code: str) -> None:
    """A superscript or a sign that was lost is put back, and the match says so; whole notations are not mended."""
    found = match_unit(f"2 {text};", 1)
    assert found is not None
    assert (found.unit.ucum, found.mended) == (code, True)
    whole = match_unit("2 x 10^9/L", 1)
    assert whole is not None and not whole.mended


@pytest.mark.parametrize(
    "text",
    [
        "3 in the last year",
        "3 in",
        "10 minor",
        "2 monthly",
        "5 monitored",
        "18 and over",
        "4 hospitals",
        "2 more",
        "12 people",
        "2 (two)",
        "3 to 5",
        "1 among",
        "1 and 2",
        "stage 3 C",
        "3 D echocardiography",
        "3D CT",
        "5 Mayo",
        "2 kids",
        "6 cmon",
        "5 or",
        "2 of the following",
        "criterion 3 met",
        "2",
        "2 ",
    ],
)
def test_words_are_no_units(text: str) -> None:
    """What only begins like a unit, or stands for something else, is none."""
    at = next((index for index, mark in enumerate(text) if not mark.isdigit() and index), len(text))
    assert match_unit(text, text.index("3") + 1 if not text[0].isdigit() else at) is None


def test_what_looks_alike_is_told_apart() -> None:
    """M is no m, G is giga before liters only, and a hyphen may stand before a unit."""
    assert read("5 D", 1) == ("[diop]", "D")
    assert read("6-month", 1) == ("mo", "month")
    assert read("10-mg tablets", 2) == ("mg", "mg")
    assert read("2 m2 of skin", 1) == ("m2", "m2")
    assert read("5 mg yes", 1) == ("mg", "mg")
    assert read("100 G/L", 3) == ("10*9/L", "G/L")
    assert read("37 C", 2) == ("Cel", "C")
    assert read("20 mg/D", 2) == ("mg/d", "mg/D")
    assert read("37.5°", 4) == ("Cel", "°")
    assert read("flexion of 90°", 13) == ("deg", "°")
    assert read("2 mM", 1) == ("mmol/L", "mM")
    assert read("2 mm", 1) == ("mm", "mm")
    assert read("30 ml/min per 1.73 m^2 or", 2) == ("mL/min/{1.73_m2}", "ml/min per 1.73 m^2")


def test_a_unit_goes_on_over_a_wrapped_line() -> None:
    """Old records break lines anywhere: a unit of several words is read over the break, and no further."""
    for text, code in (
        ("30 kilograms per meter\n              squared (kg/m2)", "kg/m2"),
        ("60 beats\n     per minute", "/min"),
        ("90 mm\n   Hg", "mm[Hg]"),
        ("5 mg\n\n  - per protocol", "mg"),
        ("5 cm\n  - squared", "cm"),
    ):
        found = read(text, text.index(" "))
        assert found is not None and found[0] == code


# The table by the library


@cache
def library() -> tuple[Any, Any]:
    """Return the library's parser and its registry of units; made once, since it takes seconds."""
    return get_ucum_parser(), PintUcumRegistry()


def codes() -> list[str]:
    """Return every code that the table holds, that a variable has, or that the spellings above give."""
    known = variables()
    parts = {row["ucum"] for row in read_table("units")}
    places = {row["ucum"]: row["place"] for row in read_table("units")}
    alone = {code for code in parts if "below" not in places[code]}
    below = {f"/{code}" for code in parts - alone}
    of_variables = {code for name in known.names() for code in (known[name].unit, *known[name].units) if code}
    return sorted(alone | below | of_variables | {code for code, _ in PAIRS})


def test_every_code_is_valid_ucum() -> None:
    """The library's grammar accepts each code of the table and of the catalogue, and refuses what is no UCUM."""
    parser, _ = library()
    refused = []
    for code in codes():
        try:
            parser.parse(code)
        except Exception:  # noqa: BLE001  (lark raises a family of errors; each means the code is no UCUM)
            refused.append(code)
    assert refused == []
    with pytest.raises(Exception, match="No terminal"):
        parser.parse("furlong//dL")


def test_every_code_of_a_variable_is_a_unit_of_ours() -> None:
    """No variable has a unit that the table cannot put together."""
    known = variables()
    lost = {
        (name, code)
        for name in known.names()
        for code in (known[name].unit, *known[name].units)
        if code and unit(code) is None
    }
    assert lost == set()


# Arbitrary units and annotations have no common base in UCUM; temperatures and decibels have an offset or a logarithm;
# a Wood unit is 79.99 dyn·s/cm⁵ there, and 80 by the convention of every heart laboratory.
NO_COMMON_BASE = ("'U]", "{", "[IU]", "Cel", "[degF]", "dB")


def test_our_factors_are_the_library_s() -> None:
    """Two codes of one dimension stand to each other as in the library: 1 [lb_av] is 453.59237 g, 1 mo is 30.4375 d."""
    _, registry = library()
    first: dict[str, str] = {}
    compared, wrong = 0, []
    for row in read_table("units"):
        code = row["ucum"]
        if any(mark in code for mark in NO_COMMON_BASE) or code.startswith("/") or code == "1":
            continue
        base = first.setdefault(row["dimension"], code)
        ours = float(row["factor"]) / next(float(r["factor"]) for r in read_table("units") if r["ucum"] == base)
        theirs = registry.from_ucum(code) / registry.from_ucum(base)
        compared += code != base
        if abs(ours / theirs.to_base_units().magnitude - 1) > 1e-6 or not theirs.dimensionless:
            wrong.append((code, base, ours, theirs))
    assert wrong == []
    assert compared > 60


# Conversions

# Value, unit, variable, value, unit: the conventional to SI factors of the AMA Manual of Style, 11th edition.
BY_ANALYTE = [
    (100, "mg/dL", "blood glucose", 5.55, "mmol/L"),
    (126, "mg/dL", "fasting glucose", 6.99, "mmol/L"),
    (1, "mg/dL", "serum creatinine", 88.4, "umol/L"),
    (1, "mg/dL", "total cholesterol", 0.0259, "mmol/L"),
    (70, "mg/dL", "ldl cholesterol", 1.81, "mmol/L"),
    (150, "mg/dL", "triglycerides", 1.69, "mmol/L"),
    (1, "mg/dL", "total bilirubin", 17.1, "umol/L"),
    (1, "mg/dL", "direct bilirubin", 17.1, "umol/L"),
    (10, "mg/dL", "calcium", 2.5, "mmol/L"),
    (10, "mg/dL", "calcium", 5.0, "meq/L"),
    (60, "mg/dL", "urea", 10.0, "mmol/L"),
    (10, "mg/dL", "blood urea nitrogen", 3.57, "mmol/L"),
    (10, "g/dL", "hemoglobin", 6.21, "mmol/L"),
    (10, "g/dL", "hemoglobin", 100, "g/L"),
    (20, "ng/mL", "25-hydroxyvitamin d", 49.9, "nmol/L"),
    (6, "mg/dL", "uric acid", 357, "umol/L"),
    (18, "mg/dL", "lactate", 2.0, "mmol/L"),
    (4.5, "mg/dL", "phosphate", 1.45, "mmol/L"),
    (2, "mg/dL", "magnesium", 0.823, "mmol/L"),
    (5, "meq/L", "potassium", 5.0, "mmol/L"),
    (100, "pg/mL", "vitamin b12", 73.8, "pmol/L"),
    (300, "ng/dL", "testosterone", 10.4, "nmol/L"),
    (10, "ug/dL", "cortisol", 275.9, "nmol/L"),
    (1, "ng/dL", "free thyroxine", 12.87, "pmol/L"),
    (7, "%", "hemoglobin a1c", 53, "mmol/mol"),
]


@pytest.mark.parametrize(("value", "source", "analyte", "wanted", "target"), BY_ANALYTE)
def test_conversion_by_what_is_measured(value: float, source: str, analyte: str, wanted: float, target: str) -> None:
    """A mass becomes an amount by the analyte, right to one percent, and comes back to where it was."""
    made = convert(value, source, target, analyte=analyte)
    assert made == pytest.approx(wanted, rel=0.01)
    assert made is not None
    assert convert(made, target, source, analyte=analyte) == pytest.approx(value)


@pytest.mark.parametrize(
    ("value", "source", "wanted", "target"),
    [
        (1500, "/mm3", 1.5, "10*9/L"),
        (100, "10*3/uL", 100, "10*9/L"),
        (100000, "/uL", 100, "10*9/L"),
        (98.6, "[degF]", 37, "Cel"),
        (38, "Cel", 100.4, "[degF]"),
        (110, "[lb_av]", 49.895161, "kg"),
        (70, "[in_i]", 177.8, "cm"),
        (1, "kPa", 7.50061683, "mm[Hg]"),
        (2, "wk", 14, "d"),
        (0.48, "s", 480, "ms"),
        (1, "[wood'U]", 80, "dyn.s/cm5"),
        (1, "mg/L", 0.1, "mg/dL"),
        (30, "mg/g", 0.03, "g/g"),
        (5, "[IU]/mL", 5, "k[IU]/L"),
        (7, "mmol/L", 7, "mmol/L"),
    ],
)
def test_conversion_within_a_dimension(value: float, source: str, wanted: float, target: str) -> None:
    """Units of one dimension convert without knowing what is measured."""
    assert convert(value, source, target) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(
    ("source", "target", "analyte"),
    [
        ("mg/dL", "mmol/L", None),
        ("mg/dL", "mmol/L", "body weight"),
        ("kg", "h", None),
        ("mg/dL", "mmol", "blood glucose"),
        ("mL/min", "mL/min/{1.73_m2}", "creatinine clearance"),
        ("%", "mmol/mol", "blood glucose"),
        ("furlong", "m", None),
        ("mg/dL", "mg", None),
        ("U/L", "g/L", "serum creatinine"),
        ("Cel", "kg", None),
        ("meq/L", "mmol/L", "blood glucose"),
    ],
)
def test_what_cannot_be_converted_is_none(source: str, target: str, analyte: str | None) -> None:
    """No guess is made: another dimension, an unknown analyte or an unknown unit has no answer."""
    assert convert(1.0, source, target, analyte=analyte) is None


def test_every_analyte_is_a_variable() -> None:
    """The table of conversions speaks of variables of the catalogue only."""
    known = set(variables().names())
    listed = {name for row in read_table("conversions") for name in row["variables"].split(" | ")}
    assert listed <= known


def test_no_unit_is_told_at_once() -> None:
    """Where no unit follows, a call takes microseconds: it is made behind every number of every text."""
    texts = ["at least 18 and over, able to walk", "within 3 or more visits", "grade 2 (two) or higher"]
    starts = [text.index(digit) + len(digit) for text, digit in zip(texts, ("18", "3", "2"), strict=True)]
    for text, start in zip(texts, starts, strict=True):
        match_unit(text, start)
    begin = time.process_time()
    for _ in range(2000):
        for text, start in zip(texts, starts, strict=True):
            match_unit(text, start)
    # Measured 1 to 2 µs a call; ten times that is a fault in the code, not a busy machine.
    assert (time.process_time() - begin) / 6000 < 20e-6
