"""Invented patients for the benchmarks: two notes, three charts as FHIR would give them, and one of whom nothing is known."""

from __future__ import annotations

import random
from typing import Any

from equipoise.records.moments import Moment
from equipoise.records.patient import Patient, read_patient

AT = Moment("2026-01-15T09:40+01:00")

_CONDITIONS = (
    "hypertension", "type 2 diabetes", "hyperlipidemia", "asthma", "obesity", "anemia", "chronic kidney disease",
    "atrial fibrillation", "heart failure", "depression", "osteoarthritis", "hypothyroidism", "coronary artery disease",
    "gastroesophageal reflux disease", "myocardial infarction", "copd", "pneumonia", "urinary tract infection", "migraine",
    "anxiety", "chronic sinusitis", "prediabetes", "acute bronchitis", "colon cancer", "ischemic stroke",
)  # fmt: skip
_DRUGS = (
    "metformin", "lisinopril", "atorvastatin", "insulin glargine", "aspirin", "warfarin", "albuterol", "prednisone",
    "levothyroxine", "omeprazole", "furosemide", "amlodipine", "ibuprofen", "amoxicillin", "fluoxetine", "apixaban",
    "fluorouracil", "oxaliplatin",
)  # fmt: skip
_PROCEDURES = (
    "colonoscopy", "coronary angiography", "hemodialysis", "colectomy", "chemotherapy", "radiotherapy", "appendectomy",
    "mechanical ventilation", "echocardiography", "blood transfusion",
)  # fmt: skip
_RESULTS = (
    ("hemoglobin", "g/dL", 8, 16), ("platelet count", "10*9/L", 60, 400), ("serum creatinine", "mg/dL", 0.5, 3),
    ("total bilirubin", "mg/dL", 0.2, 3), ("alanine aminotransferase", "U/L", 10, 120), ("serum albumin", "g/dL", 2, 5),
    ("aspartate aminotransferase", "U/L", 10, 120), ("neutrophil count", "10*9/L", 0.8, 9), ("hba1c", "%", 5, 11),
    ("white blood cell count", "10*9/L", 2, 14), ("systolic blood pressure", "mm[Hg]", 90, 190), ("INR", None, 0.9, 3),
    ("estimated glomerular filtration rate", "mL/min/{1.73_m2}", 20, 110), ("body mass index", "kg/m2", 18, 42),
    ("diastolic blood pressure", "mm[Hg]", 50, 110), ("body weight", "kg", 45, 130), ("body height", "cm", 150, 195),
    ("left ventricular ejection fraction", "%", 20, 65), ("serum potassium", "mmol/L", 3, 6), ("heart rate", "/min", 50, 120),
    ("oxygen saturation", "%", 85, 100), ("ECOG performance status", None, 0, 3), ("triglycerides", "mg/dL", 60, 400),
    ("total cholesterol", "mg/dL", 120, 300), ("blood glucose", "mg/dL", 70, 250),
)  # fmt: skip


def _fact(kind: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    named = {"concept": {"name": name}} if name else {}
    return {"kind": kind, **named, **{key: value for key, value in more.items() if value is not None}}


def _note_on_cancer() -> list[dict[str, Any]]:
    day = "2026-01-10"
    return [
        _fact("demographic", "born", when="1961-04-09"),
        _fact("demographic", "sex", value="female"),
        _fact("condition", "breast cancer", when="2024-03"),
        _fact("condition", "hypertension"),
        _fact("condition", "type 2 diabetes", when="2015"),
        _fact("drug", "metformin"),
        _fact("drug", "lisinopril"),
        _fact("procedure", "mastectomy", when="2024-05-10"),
        _fact("drug", "paclitaxel", when="2024-06-01", until="2024-09-01"),
        _fact("measurement", "platelet count", value=184, unit="10*9/L", when=day),
        _fact("measurement", "hemoglobin", value=11.2, unit="g/dL", when=day),
        _fact("measurement", "serum creatinine", value=0.9, unit="mg/dL", when=day),
        _fact("measurement", "ECOG performance status", value=1),
        _fact("condition", "pregnancy", assertion="absent"),
        _fact("condition", "myocardial infarction", assertion="absent"),
    ]


def _note_on_stroke() -> list[dict[str, Any]]:
    onset, seen = "2026-01-15T07:10+01:00", "2026-01-15T08:30+01:00"
    return [
        _fact("demographic", "age", value=71, unit="a"),
        _fact("demographic", "sex", value="male"),
        _fact("event_time", "stroke onset", when=onset),
        _fact("condition", "ischemic stroke", when=onset),
        _fact("measurement", "NIHSS", value=9, when=seen),
        _fact("condition", "atrial fibrillation"),
        _fact("drug", "apixaban"),
        _fact("measurement", "systolic blood pressure", value=182, unit="mm[Hg]", when=seen),
        _fact("measurement", "blood glucose", value=7.9, unit="mmol/L", when=seen),
        _fact("condition", "intracranial hemorrhage", assertion="absent"),
        _fact("measurement", "INR", value=1.1, when=seen),
        _fact("condition", "dementia", assertion="family"),
        _fact("procedure", "thrombectomy", assertion="planned"),
        _fact("drug", "alteplase", assertion="planned"),
        _fact("condition", "seizure", assertion="possible"),
    ]


def chart(seed: int, facts: int) -> list[dict[str, Any]]:
    """Return the facts of a long chart: problems, prescriptions, procedures and results over ten years."""
    draw = random.Random(seed)

    def day() -> str:
        return f"{draw.randint(2016, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"

    made = [
        _fact("demographic", "born", when=f"{draw.randint(1940, 1990)}-05-17"),
        _fact("demographic", "sex", value=draw.choice(("male", "female"))),
        _fact("demographic", "race", value="Asian"),
    ]
    while len(made) < facts:
        sort, when = draw.random(), day()
        if sort < 0.22:
            assertion = draw.choice(("present",) * 6 + ("historical", "absent"))
            made.append(_fact("condition", draw.choice(_CONDITIONS), when=when, assertion=assertion))
        elif sort < 0.4:
            until = "2025-12-30" if draw.random() < 0.5 else None
            made.append(_fact("drug", draw.choice(_DRUGS), when=when, until=until))
        elif sort < 0.47:
            made.append(_fact("procedure", draw.choice(_PROCEDURES), when=when))
        else:
            name, unit, low, high = draw.choice(_RESULTS)
            value, normal = round(draw.uniform(low, high), 1), [low, high * 0.6]
            made.append(_fact("measurement", name, value=value, unit=unit, when=f"{when}T08:00+01:00", range=normal))
    return made


def invented() -> dict[str, Patient]:
    """Return the patients by what they are."""
    complete = ["condition", "drug", "allergy"]
    return {
        "nothing known": read_patient({"facts": []}),
        "note, breast cancer": read_patient({"facts": _note_on_cancer()}),
        "note, stroke": read_patient({"facts": _note_on_stroke()}),
        "chart of 100": read_patient({"facts": chart(3, 100)}),
        "chart of 300": read_patient({"facts": chart(1, 300)}),
        "chart of 300, lists complete": read_patient({"facts": chart(2, 300), "complete": complete}),
    }
