"""
How notes name what they measure: the catalogue's names, the shorthand of the ward, and states with a number.

::

    name  = variable | shorthand | state            # "hemoglobin", "Na", "tachycardic"
    state = "febrile" | "tachycardic" | "leukocytosis" …   # only with a value in a bracket or behind "to", "of", "at"

A letter alone (T, P, R, K) is a name only where a number that fits it stands just behind it.
"""

from __future__ import annotations

import re

import msgspec

from equipoise.criteria.context import Context
from equipoise.terms.variables import Variable

# The source's own capitals count: "Na" is sodium, "NA" is not available, and "Cl" is no clinic.
_SHORT = {
    "Na": "sodium", "K": "potassium", "Cl": "chloride", "Ca": "calcium", "Mg": "magnesium", "Phos": "phosphate",
    "T": "body temperature", "P": "heart rate", "R": "respiratory rate", "plt": "platelet count",
    "plts": "platelet count",
    "Plts": "platelet count", "Plt": "platelet count", "PLTs": "platelet count", "Trop": "troponin",
    "trop": "troponin", "TropT": "troponin t",
    "TropI": "troponin i", "Glc": "blood glucose", "Glu": "blood glucose", "Gluc": "blood glucose",
    "WBCs": "white blood cell count", "Sat": "oxygen saturation", "sat": "oxygen saturation",
    "O2sat": "oxygen saturation", "O2sats": "oxygen saturation", "O2Sat": "oxygen saturation",
    "sats": "oxygen saturation", "Sats": "oxygen saturation", "satting": "oxygen saturation",
    "saturating": "oxygen saturation", "saturation": "oxygen saturation", "saturations": "oxygen saturation",
    "weighs": "body weight", "weighed": "body weight", "Wt": "body weight", "wt": "body weight", "Ht": "body height",
    "HCT": "hematocrit", "hct": "hematocrit", "HGB": "hemoglobin", "RBS": "blood glucose",
    "PaCO2": "partial pressure of carbon dioxide",
    "Cre": "serum creatinine", "creat": "serum creatinine", "Creat": "serum creatinine", "Temp": "body temperature",
    "respirations": "respiratory rate", "Resp": "respiratory rate", "resp": "respiratory rate",
    "HbA1C": "hemoglobin a1c",
    "Tbili": "total bilirubin", "TBili": "total bilirubin", "Alb": "albumin", "Lac": "lactate",
    "Crea": "serum creatinine",
}  # fmt: skip
_LETTERS = {"T": (30, 110), "P": (20, 250), "R": (4, 80), "K": (1.5, 9.9), "Na": (90, 190), "Ca": (3, 20),
            "Cl": (60, 150), "Mg": (0.3, 6), "sat": (30, 100), "Sat": (30, 100)}  # fmt: skip
_STATES = {
    "febrile": "body temperature", "afebrile": "body temperature", "hypothermic": "body temperature",
    "hypothermia": "body temperature", "tachycardic": "heart rate", "tachycardia": "heart rate",
    "bradycardic": "heart rate", "bradycardia": "heart rate", "tachypneic": "respiratory rate",
    "tachypnea": "respiratory rate", "tachypnoeic": "respiratory rate", "hypotensive": "blood pressure",
    "hypotension": "blood pressure", "normotensive": "blood pressure", "hypertensive": "blood pressure",
    "leukocytosis": "white blood cell count", "leukopenia": "white blood cell count",
    "thrombocytopenia": "platelet count", "thrombocytosis": "platelet count", "neutropenia": "neutrophil count",
    "hyponatremia": "sodium", "hypernatremia": "sodium", "hypokalemia": "potassium", "hyperkalemia": "potassium",
    "hypercalcemia": "calcium", "hypocalcemia": "calcium", "hypoalbuminemia": "albumin",
    "hyperglycemia": "blood glucose", "hyperglycemic": "blood glucose", "hypoglycemia": "blood glucose",
    "hypoxic": "oxygen saturation", "hypoxia": "oxygen saturation", "hypoxemia": "oxygen saturation",
    "hypoxemic": "oxygen saturation", "hyperbilirubinemia": "total bilirubin", "obese": "body mass index",
    "obesity": "body mass index", "overweight": "body mass index", "fever": "body temperature",
    "hyperferritinemia": "ferritin", "hypomagnesemia": "magnesium", "hypophosphatemia": "phosphate",
    "anemia": "hemoglobin", "anemic": "hemoglobin", "hypertension": "blood pressure",
}  # fmt: skip
_STATE_LINKS = frozenset(("(", "[", "of", "at", "to", "with", "up", "ranging"))
# "91% HbS 6%HbF": each number stands before its name.
_VALUE_FIRST = re.compile(r"\d\s?%\s?$")
# What is measured elsewhere than in the blood, or in somebody else, is another result.
_ELSEWHERE = re.compile(
    r"\b(?:urin\w+|csf|cerebrospinal|spinal|pleural|ascitic|ascites|peritoneal|pericardial|synovial|fluid|stool|f[ae]c\w+|"
    r"sputum|saliva|sweat|excretion of|donor|maternal|mother\S*|father\S*|fetal|foetal|cord|amniotic|liver|dialysate|"
    r"target|goal|cut-?off|threshold|peak|predicted|expected|birth|ideal|previous|prior|former|oral|dietary|"
    r"po|iv|recommended)\s(?:\w+\s)?$",
    re.IGNORECASE,
)
_NOT_BEHIND = re.compile(
    r"\s?(?:goal|target|cut-?off|threshold|supplement\w*|infusion|replacement|tablets?|drip|transfusion\w*|therapy|clearance|loss|"
    r"gain|deficiency|binding|cuff|channel|ratio|antagonist|electrophoresis|receptor|antibod\w+|casts?|stones?|"
    r"/\s?\w+\s(?:ratio)|-\s?rich)\b",
    re.IGNORECASE,
)


class Measured(msgspec.Struct, frozen=True):
    """A variable that a text names, up to token ``end``; ``state`` is set where a state names it."""

    variable: Variable
    end: int
    state: bool = False


def measured_at(context: Context, at: int) -> Measured | None:
    """Return the variable that is named at a token."""
    token = context.tokens[at]
    word = context.source[token.start : token.end]
    before = context.text[max(0, token.start - 30) : token.start]
    if _ELSEWHERE.search(before) or _VALUE_FIRST.search(before):
        return None
    named = context.named(at)
    if named is not None and isinstance(named[0], Variable):
        if _NOT_BEHIND.match(context.text, context.tokens[named[1] - 1].end):
            return None
        return Measured(named[0], named[1])
    if word.lower() in ("vit", "vitamin") and context.norm(at + 1) == "d" and (named is None or named[1] <= at + 2):
        return Measured(context.variables["25-hydroxyvitamin d"], at + 2)
    short = _SHORT.get(word) if named is None or named[1] == at + 1 else None
    if short is not None and _is_letter(context, at, word):
        return Measured(context.variables[short], at + 1)
    end = at + 1 if named is None else named[1]
    state = _STATES.get(token.norm) or _STATES.get(named[0].name if named is not None else "")
    if state is not None and context.norm(end) in _STATE_LINKS:
        return Measured(context.variables[state], end, state=True)
    return None


def _is_letter(context: Context, at: int, word: str) -> bool:
    if word not in _LETTERS:
        return True
    place = at + 1
    while context.norm(place) in (":", "=", "is", "was", "of", "at", ">", "<") and place - at < 4:
        place += 1
    if place >= len(context.tokens) or context.tokens[place].kind != "n":
        return False
    if context.tokens[place].glued and len(word) == 1 and "." not in context.tokens[place].norm:
        return False  # "T10", "K-1"
    low, high = _LETTERS[word]
    return low <= (context.tokens[place].value or 0) <= high and context.norm(at - 1) not in (
        "-",
        "vitamin",
        "grade",
        "h",
        "ph",
    )
