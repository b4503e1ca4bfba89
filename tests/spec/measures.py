# ruff: noqa: E501  (a row is as long as the record that it states)
"""Limits on what is measured or counted: results, age, sex, lines of treatment."""

from __future__ import annotations

from equipoise.rules.nodes import ConceptRef, Predicate, Window
from spec.tables import spec


def _limit(name: str, op: str, value: float, unit: str | None, **more: object) -> Predicate:
    return Predicate(kind="measurement", concept=ConceptRef(name), op=op, value=value, unit=unit, **more)  # type: ignore[arg-type]


def _age(op: str, value: float, unit: str = "a", *, upper: float | None = None) -> Predicate:
    return Predicate(kind="demographic", concept=ConceptRef("age"), op=op, value=value, unit=unit, upper=upper)


LATEST = Window(anchor="screening", side="before", within="P28D")

MEASURES = [
    spec(
        "A limit",
        _limit("platelet count", "<", 100, "10*9/L"),
        """
        record                                                       | answer
        measurement platelet count = 84 10*9/L                       | yes
        measurement platelet count = 100 10*9/L                      | no
        measurement platelets = 84000 /uL                            | yes
        measurement platelet count = 84                              | unknown
        measurement platelet count = 84 mg/dL                        | unknown
        measurement platelet count = low                             | unknown
        pending measurement platelet count                           | unknown
                                                                     | unknown
        all measurement listed                                       | unknown
        """,
        note="A result without a unit, or in one that does not convert, answers nothing. Nor does the absence of a result.",
    ),
    spec(
        "A unit that needs the substance",
        _limit("serum creatinine", ">", 1.5, "mg/dL"),
        """
        record                                            | answer
        measurement serum creatinine = 177 umol/L         | yes
        measurement serum creatinine = 88 umol/L          | no
        measurement creatinine = 1.5 mg/dL                | no
        """,
    ),
    spec(
        "A limit without a unit",
        _limit("Glasgow coma scale", "<", 9, None),
        """
        record                                            | answer
        measurement Glasgow coma scale = 7                | yes
        measurement Glasgow coma scale = 7 {score}        | yes
        measurement Glasgow coma scale = 15                              | no
        measurement Glasgow coma scale = 7 mg/dL                         | unknown
        """,
    ),
    spec(
        "A limit, or a result, without the only unit that is in use",
        _limit("body temperature", ">", 38, None),
        """
        record                                           | answer
        measurement body temperature = 38.6 Cel          | yes
        measurement body temperature = 38.6              | yes
        measurement body temperature = 101.3 [degF]      | yes
        measurement body temperature = 98.6              | no
        measurement body temperature = 60                | unknown
        measurement body temperature = 38.6 mg/dL        | unknown
        """,
        note="Of body temperature, blood pressure, heart and breathing rate, body mass index, oxygen saturation, ejection fraction and hematocrit; no other is taken to have a unit that nobody wrote.",
    ),
    spec(
        "A result in a word",
        _limit("potassium", ">", 5.5, "mmol/L"),
        """
        record                                                           | answer
        measurement potassium = normal                                   | no
        measurement potassium = low                                      | no
        measurement potassium = elevated                                 | unknown
        measurement potassium = abnormal                                 | unknown
        measurement potassium = >6 mmol/L                                | yes
        measurement potassium = <5 mmol/L                                | no
        measurement potassium = <5                                       | unknown
        measurement potassium = normal; demographic age = 4 a            | unknown
        """,
        note="What is called normal lies between the limits of common laboratories, wherever they draw them; of adults, as below. Of two potassiums, neither dated, both must agree.",
    ),
    spec(
        "A result in a word, beside the laboratory's limit",
        _limit("alanine aminotransferase", "<=", 2.5, None, relative_to="ULN"),
        """
        record                                            | answer
        measurement ALT = normal                          | yes
        measurement ALT = low                             | yes
        measurement ALT = elevated                        | unknown
        measurement ALT = normal; demographic age = 4 a   | yes
        """,
        note="What a laboratory calls normal is not above its upper limit, at any age.",
    ),
    spec(
        "A range",
        _limit("ECOG performance status", "between", 0, None, upper=2),
        """
        record                                            | answer
        measurement ECOG performance status = 0           | yes
        measurement ECOG performance status = 2           | yes
        measurement ECOG performance status = 3           | no
        """,
        note="Both ends belong to it.",
    ),
    spec(
        "Exactly",
        _limit("ECOG performance status", "=", 1, None),
        """
        record                                   | answer
        measurement ECOG performance status = 1  | yes
        measurement ECOG performance status = 2  | no
        """,
    ),
    spec(
        "The latest result decides",
        _limit("hemoglobin", ">=", 9, "g/dL", window=LATEST),
        """
        record                                                                             | answer
        measurement hemoglobin = 8 g/dL on 2026-01-02; measurement hemoglobin = 10 g/dL on 2026-01-10 | yes
        measurement hemoglobin = 10 g/dL on 2026-01-02; measurement hemoglobin = 8 g/dL on 2026-01-10 | no
        measurement hemoglobin = 10 g/dL on 2026-01-10; measurement hemoglobin = 8 g/dL on 2026-01-10 | unknown
        measurement hemoglobin = 10 g/dL on 2026-01-10; measurement hemoglobin = 11 g/dL on 2026-01-10 | yes
        measurement hemoglobin = 10 g/dL on 2026-01-10; measurement hemoglobin = 8 on 2026-01-11 | unknown
        measurement hemoglobin = 10 g/dL on 2026-01-10; measurement hemoglobin = 8 g/dL    | unknown
        measurement hemoglobin = 10 g/dL on 2025-12-18                                     | yes
        measurement hemoglobin = 10 g/dL on 2025-12-17                                     | unknown
        measurement hemoglobin = 10 g/dL                                                   | unknown
        measurement hemoglobin = 10 g/dL on 2026-01-20                                     | unknown
        measurement hemoglobin = 100 g/L on 2026-01                                        | yes
        """,
        note="A result older than its window answers nothing. Where it is not certain which result is the latest, all that may be must agree.",
    ),
    spec(
        "Any result",
        _limit("hemoglobin", "<", 8, "g/dL", window=LATEST, which="any"),
        """
        record                                                                             | answer
        measurement hemoglobin = 7 g/dL on 2026-01-02; measurement hemoglobin = 10 g/dL on 2026-01-10 | yes
        measurement hemoglobin = 9 g/dL on 2026-01-02                                      | unknown
        measurement hemoglobin = 9 g/dL on 2026-01-02; all measurement listed              | no
        """,
    ),
    spec(
        "All results",
        _limit("hemoglobin", ">", 8, "g/dL", window=LATEST, which="all"),
        """
        record                                                                             | answer
        measurement hemoglobin = 7 g/dL on 2026-01-02; measurement hemoglobin = 10 g/dL on 2026-01-10 | no
        measurement hemoglobin = 9 g/dL on 2026-01-02                                      | unknown
        measurement hemoglobin = 9 g/dL on 2026-01-02; all measurement listed              | yes
        """,
    ),
    spec(
        "The worst result",
        _limit("oxygen saturation", "<", 90, "%", which="worst"),
        """
        record                                                                                                | answer
        measurement oxygen saturation = 85 % on 2026-01-14; measurement oxygen saturation = 88 % on 2026-01-15 | yes
        measurement oxygen saturation = 85 % on 2026-01-14; measurement oxygen saturation = 95 % on 2026-01-15 | unknown
        """,
        note="Whether the highest or the lowest is worse depends on the variable; where all results agree it does not matter.",
    ),
    spec(
        "Times the upper limit of normal",
        _limit("alanine aminotransferase", ">", 2, None, relative_to="ULN"),
        """
        record                                                       | answer
        measurement alanine aminotransferase = 90 U/L normal 7 to 40 | yes
        measurement ALT = 80 U/L normal 7 to 40                      | no
        measurement alanine aminotransferase = 90 U/L                | unknown
        measurement alanine aminotransferase = 300 U/L               | yes
        measurement alanine aminotransferase = 30 U/L                | no
        measurement alanine aminotransferase = 300                   | unknown
        demographic age = 9 a; measurement alanine aminotransferase = 300 U/L | unknown
        measurement alanine aminotransferase = 30 U/L normal 1 to 12 | yes
        """,
        note="The laboratory's own range counts. Where none is given, only a result that is beyond the limit of every common laboratory decides, and the verdict says so: for alanine aminotransferase their upper limits lie between 19 and 70 U/L. Children have limits of their own.",
    ),
    spec(
        "Times the lower limit of normal",
        _limit("hemoglobin", ">=", 1, None, relative_to="LLN"),
        """
        record                                           | answer
        measurement hemoglobin = 13 g/dL normal 12 to 16 | yes
        measurement hemoglobin = 11 g/dL normal 12 to 16 | no
        """,
    ),
    spec(
        "Times the baseline",
        _limit("serum creatinine", ">", 1.5, None, relative_to="baseline"),
        """
        record                                                       | answer
        measurement serum creatinine = 1 mg/dL [baseline] on 2025-10-01; measurement serum creatinine = 177 umol/L on 2026-01-14 | yes
        measurement serum creatinine = 2 mg/dL on 2026-01-14         | unknown
        """,
    ),
    spec(
        "A test that is positive",
        Predicate(kind="measurement", concept=ConceptRef("hepatitis b surface antigen")),
        """
        record                                                       | answer
        measurement hepatitis b surface antigen = positive           | yes
        measurement hepatitis b surface antigen = negative           | no
        measurement hepatitis b surface antigen                      | yes
        no measurement hepatitis b surface antigen                   | no
        measurement hepatitis b surface antigen = 0.4 [IU]/mL        | unknown
        measurement hepatitis b surface antigen = negative on 2020-01-01; measurement hepatitis b surface antigen = positive on 2026-01-01 | yes
                                                                     | unknown
        """,
        note="A number alone does not say what the laboratory calls positive.",
    ),
    spec(
        "A test that is negative",
        Predicate(kind="measurement", concept=ConceptRef("pregnancy test"), qualifier=("negative",)),
        """
        record                                   | answer
        measurement pregnancy test = negative    | yes
        measurement pregnancy test = positive    | unknown
        measurement pregnancy test               | unknown
        """,
    ),
    spec(
        "A qualified result",
        _limit("glucose", ">", 126, "mg/dL", qualifier=("fasting",)),
        """
        record                                                | answer
        measurement glucose = 150 mg/dL [fasting]             | yes
        measurement glucose = 150 mg/dL                       | unknown
        measurement glucose = 100 mg/dL [fasting] on 2026-01-10; measurement glucose = 150 mg/dL on 2026-01-11 | unknown
        measurement glucose = 150 mg/dL on 2026-01-09; measurement glucose = 100 mg/dL [fasting] on 2026-01-10 | no
        """,
    ),
    spec(
        "A limit for some",
        _limit("hemoglobin", "<", 13, "g/dL", population="men"),
        """
        record                                                       | answer
        demographic sex = male; measurement hemoglobin = 12 g/dL     | yes
        demographic sex = male; measurement hemoglobin = 14 g/dL     | no
        demographic sex = female; measurement hemoglobin = 12 g/dL   | unknown
        measurement hemoglobin = 12 g/dL                             | unknown
        """,
        note="What a limit for others means depends on the side of the criterion, which the rule does not know.",
    ),
    spec(
        "At least so old",
        _age(">=", 18),
        """
        record                                    | answer  | from
        demographic born on 2008-01-15            | yes     |
        demographic born on 2008-01-16            | no      | 2026-01-16
        demographic born on 2008                  | unknown |
        demographic age = 64 a                    | yes     |
        demographic age = 17 a                    | no      |
        demographic age = 17 a on 2025-10-01      | unknown |
        demographic age = 17 a on 2024-10-01      | yes     |
        demographic age = 64                      | unknown |
                                                  | unknown |
        """,
        note="An age with a date grows; an age without one is that at which the patient is seen.",
    ),
    spec(
        "At most so old",
        _age("<=", 75),
        """
        record                          | answer | until
        demographic born on 1950-01-16  | yes    | 2026-01-15
        demographic born on 1950-01-15  | no     |
        demographic age = 75 a          | yes    |
        demographic age = 76 a          | no     |
        """,
        note="A person of 75 is 75 until the day before turning 76.",
    ),
    spec(
        "Below an age",
        _age("<", 18),
        """
        record                          | answer | until
        demographic born on 2008-01-16  | yes    | 2026-01-15
        demographic born on 2008-01-15  | no     |
        """,
    ),
    spec(
        "Above an age",
        _age(">", 75),
        """
        record                          | answer
        demographic born on 1950-01-15  | yes
        demographic born on 1950-01-16  | no
        """,
    ),
    spec(
        "Between two ages",
        _age("between", 18, upper=75),
        """
        record                                                         | answer
        demographic born on 1950-01-16                                 | yes
        demographic born on 1950-01-15                                 | no
        demographic born on 2008-01-16                                 | no
        demographic born on 1980; demographic age = 45 a               | yes
        demographic born on 1980; demographic age = 12 a               | unknown
        """,
        note="A record that contradicts itself answers nothing.",
    ),
    spec(
        "Between birth and an age",
        _age("between", 0, upper=99),
        """
        record                          | answer
        demographic age = 64 a          | yes
        demographic age = 3 d           | yes
        demographic age = 101 a         | no
        """,
    ),
    spec(
        "Between an age in parts of a year and another",
        _age("between", 4.17, upper=70),
        """
        record                          | answer
        demographic age = 56 a          | yes
        demographic age = 3 a           | no
        demographic age = 71 a          | no
        """,
    ),
    spec(
        "An age in months",
        _age("<=", 18, "mo"),
        """
        record                          | answer
        demographic born on 2024-06-16  | yes
        demographic born on 2024-06-15  | no
        demographic age = 1 a           | unknown
        demographic age = 6 mo          | yes
        """,
    ),
    spec(
        "An age in hours",
        _age("<", 72, "h"),
        """
        record                                      | answer
        demographic born on 2026-01-13T10:00+01:00  | yes
        demographic born on 2026-01-12T09:40+01:00  | no
        demographic born on 2026-01-12              | unknown
        """,
    ),
    spec(
        "Sex",
        Predicate(kind="demographic", concept=ConceptRef("sex"), op="=", value="female"),
        """
        record                    | answer
        demographic sex = female  | yes
        demographic sex = male    | no
        demographic sex = other   | unknown
                                  | unknown
        """,
    ),
    spec(
        "Race",
        Predicate(kind="demographic", concept=ConceptRef("race"), op="=", value="Asian"),
        """
        record                     | answer
        demographic race = Asian   | yes
        demographic race = Korean  | unknown
        """,
        note="Races have many names, and a person may have several.",
    ),
    spec(
        "Lines of treatment",
        Predicate(kind="prior_lines", concept=ConceptRef("chemotherapy"), op=">=", value=2),
        """
        record                                                    | answer
        prior_lines chemotherapy = 2                              | yes
        prior_lines chemotherapy = 1                              | no
        prior_lines docetaxel = 1                                 | unknown
        prior_lines therapy = 1                                   | no
        prior_lines therapy = 3                                   | unknown
        no prior_lines chemotherapy                               | no
        no prior_lines                                            | no
        all prior_lines listed                                    | no
                                                                  | unknown
        """,
        note="One line of docetaxel may be one of several of chemotherapy; one line of any treatment leaves no room for two.",
    ),
    spec(
        "Lines of any treatment",
        Predicate(kind="prior_lines", op="<=", value=3),
        """
        record                        | answer
        prior_lines therapy = 3       | yes
        prior_lines therapy = 4       | no
        prior_lines docetaxel = 4     | no
        prior_lines docetaxel = 1     | unknown
        prior_lines docetaxel = 4; all prior_lines listed | no
        all prior_lines listed        | yes
        no prior_lines                | yes
        """,
    ),
]
