# ruff: noqa: E501  (a row is as long as the criterion and the record that it states)
"""Faults with numbers: units, ranges, names that look alike, ages, levels, doses, lines of treatment, variants."""

from __future__ import annotations

from spec.faults import fault

LIMITS = [
    *fault(
        "A number without its unit decides nothing, and units are converted",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | Serum creatinine ≤ 1.5 mg/dL             | measurement creatinine = 1.1                    | unknown | f1       |          | no unit
        I    | Serum creatinine ≤ 1.5 mg/dL             | measurement creatinine = 97 umol/L              | met     | f1       |          |
        I    | Serum creatinine ≤ 1.5 mg/dL             | measurement creatinine = 160 umol/L             | not met | f1       |          |
        I    | Platelets ≥ 100 x 10^9/L                 | measurement platelet count = 150000 /uL         | met     | f1       |          |
        I    | Platelets ≥ 100 x 10^9/L                 | measurement platelet count = 84 10*9/L          | not met | f1       |          |
        I    | Platelets ≥ 100 x 10^9/L                 | measurement platelet count = 84                 | unknown | f1       |          | no unit
        I    | Platelets ≥ 100,000/mm3                  | measurement platelet count = 150 10*9/L         | met     | f1       |          |
        I    | Hemoglobin ≥ 9 g/dL                      | measurement hemoglobin = 95 g/L                 | met     | f1       |          |
        I    | HbA1c 7.0-10.0%                          | measurement HbA1c = 64 mmol/mol                 | met     | f1       |          |
        I    | HbA1c 7.0-10.0%                          | measurement HbA1c = 10.4 %                      | not met | f1       |          |
        I    | Total bilirubin ≤ 1.5 mg/dL              | measurement total bilirubin = 17 umol/L         | met     | f1       |          |
        E    | Blood glucose > 22.2 mmol/L              | measurement blood glucose = 420 mg/dL           | not met | f1       |          |
        I    | INR < 1.5                                | measurement INR = 1.2                           | met     | f1       |          |
        I    | LVEF ≤ 40%                               | measurement LVEF = 35 %                         | met     | f1       |          |
        I    | LVEF ≤ 40%                               | measurement LVEF = 0.35                         | unknown | f1       |          | no unit
        E    | CD4 <200                                 | measurement CD4 count = 150 /uL                 | unknown | f1       |          | no unit
        E    | CD4 count <200 cells/mm3                 | measurement CD4 count = 150 /uL                 | not met | f1       |          |
        I    | eGFR ≥ 30 mL/min/1.73 m2                 | measurement eGFR = 45 mL/min/{1.73_m2}          | met     | f1       |          |
        I    | Systolic blood pressure < 160 mmHg       | measurement systolic blood pressure = 172 mm[Hg] | not met | f1      |          |
        I    | Body temperature > 38 °C                 | measurement body temperature = 101.3 [degF]     | met     | f1       |          |
        """,
    ),
    *fault(
        "Variables that look alike are not one",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | Serum creatinine ≤ 1.5 mg/dL             | measurement creatinine clearance = 85 mL/min    | unknown |          |          | no serum creatinine
        I    | Creatinine clearance ≥ 60 mL/min         | measurement serum creatinine = 0.9 mg/dL        | unknown |          |          | no creatinine clearance
        I    | Karnofsky performance status ≥ 70        | measurement ECOG performance status = 1         | unknown |          |          | no karnofsky
        I    | Direct bilirubin ≤ 0.5 mg/dL             | measurement total bilirubin = 0.4 mg/dL         | unknown |          |          | no direct bilirubin
        I    | Systolic blood pressure < 160 mmHg       | measurement diastolic blood pressure = 90 mm[Hg] | unknown |         |          | no systolic blood pressure
        I    | LDL cholesterol ≥ 100 mg/dL              | measurement total cholesterol = 220 mg/dL       | unknown |          |          | no ldl
        """,
    ),
    *fault(
        "Multiples of a laboratory's limit are of its own range",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | AST and ALT ≤ 2.5 × ULN                  | measurement AST = 45 U/L normal 8 to 40; measurement ALT = 120 U/L normal 7 to 40 | not met | f2 | |
        I    | AST and ALT ≤ 2.5 × ULN                  | measurement AST = 45 U/L normal 8 to 40; measurement ALT = 60 U/L normal 7 to 40  | met | f1, f2 | |
        I    | AST and ALT ≤ 2.5 × ULN                  | measurement AST = 45 U/L normal 8 to 40         | unknown |          |          | no alanine aminotransferase
        E    | AST or ALT > 3 x ULN                     | measurement AST = 45 U/L normal 8 to 40         | unknown |          |          | no alanine aminotransferase
        E    | AST or ALT > 3 x ULN                     | measurement AST = 145 U/L normal 8 to 40        | not met | f1       |          |
        I    | Total bilirubin ≤ 1.5 x ULN              | measurement total bilirubin = 40 umol/L normal 3 to 21 | not met | f1 |         |
        I    | Total bilirubin ≤ 1.5 x ULN              | measurement total bilirubin = 30 umol/L normal 3 to 21 | met | f1   |          |
        I    | Total bilirubin ≤ 1.5 x ULN              | measurement total bilirubin = 12 umol/L         | met     | f1       |          |
        I    | Total bilirubin ≤ 1.5 x ULN              | measurement total bilirubin = 30 umol/L         | unknown | f1       |          | without the laboratory's range
        I    | Total bilirubin ≤ 1.5 x ULN              | measurement total bilirubin = 4.2 mg/dL         | not met | f1       |          |
        I    | Hemoglobin ≥ LLN                         | measurement hemoglobin = 8.0 g/dL               | not met | f1       |          |
        """,
    ),
    *fault(
        "A missing end is no limit, and an age is in completed years",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle        | from       | closes
        I    | 18 Years and older                       | demographic age = 64 a                          | met     | f1       |          |               |            |
        I    | 18 Years and older                       | demographic age = 17 a                          | not met | f1       |          |               |            |
        I    | Age ≥ 18 years                           | demographic born on 2008-01-15                  | met     | f1       |          |               |            |
        I    | Age ≥ 18 years                           | demographic born on 2008-01-16                  | not met | f1       |          |               | 2026-01-16 |
        I    | Age ≥ 18 years                           | demographic born on 2008                        | unknown | f1       |          | date of birth |            |
        I    | Adults aged 18 to 75 years               | demographic age = 75 a                          | met     | f1       |          |               |            |
        I    | Adults aged 18 to 75 years               | demographic born on 1950-01-20                  | met     | f1       |          |               |            | 2026-01-19
        I    | Adults aged 18 to 75 years               | demographic age = 76 a                          | not met | f1       |          |               |            |
        I    | Age > 65 years                           | demographic age = 65 a                          | not met | f1       |          |               |            |
        I    | Children aged 6 months to 5 years        | demographic born on 2025-08-01                  | not met | f1       |          |               | 2026-02-01 |
        I    | Age < 18 years                           | demographic age = 18 a                          | not met | f1       |          |               |            |
        I    | Age ≥ 18 years                           | demographic age = 64                            | unknown | f1       |          | age with its unit |        |
        E    | Age below 18 years                       | demographic age = 64 a                          | met     | f1       |          |               |            |
        """,
    ),
    *fault(
        "Words for the sexes",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | Female patients                          | demographic sex = male                          | not met | f1       |          |
        I    | Female patients                          | demographic sex = woman                         | met     | f1       |          |
        I    | Women                                    | demographic sex = F                             | met     | f1       |          |
        E    | Men                                      | demographic sex = female                        | met     | f1       |          |
        I    | Male or female, age ≥ 18 years           | demographic age = 40 a                          | met     | f1       |          |
        I    | Female patients                          |                                                 | unknown |          |          | sex
        """,
    ),
    *fault(
        "A limit for some is for them alone",
        """
        side | criterion                                           | record                                                     | answer  | evidence | presumed | settle
        E    | Hemoglobin < 13 g/dL in men or < 12 g/dL in women   | demographic sex = male; measurement hemoglobin = 12.5 g/dL   | not met | f1, f2   |          |
        E    | Hemoglobin < 13 g/dL in men or < 12 g/dL in women   | demographic sex = female; measurement hemoglobin = 12.5 g/dL | met     | f1, f2   |          |
        E    | Hemoglobin < 13 g/dL in men or < 12 g/dL in women   | demographic sex = female; measurement hemoglobin = 11.5 g/dL | not met | f1, f2   |          |
        E    | Hemoglobin < 13 g/dL in men or < 12 g/dL in women   | measurement hemoglobin = 12.5 g/dL                         | unknown |          |          | sex
        """,
    ),
    *fault(
        "Levels and grades",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | NYHA class III or IV                     | measurement NYHA class = 2                      | met     | f1       |          |
        E    | NYHA class III or IV                     | measurement NYHA class = 3                      | not met | f1       |          |
        I    | ECOG performance status 0-1              | measurement ECOG performance status = 2         | not met | f1       |          |
        I    | ECOG performance status 0-1              | measurement ECOG performance status = 1         | met     | f1       |          |
        E    | Chronic kidney disease stage 4 or 5      | condition chronic kidney disease                | unknown |          |          | ckd stage
        I    | NIHSS ≥ 6                                | measurement NIHSS = 5                           | not met | f1       |          |
        I    | Glasgow Coma Scale < 9                   | measurement GCS = 8                             | met     | f1       |          |
        """,
    ),
    *fault(
        "A dose is a dose of that drug",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | Prednisone > 10 mg/day                   | drug prednisone = 20 mg/d                       | not met | f1       |          |
        E    | Prednisone > 10 mg/day                   | drug prednisone = 5 mg/d                        | unknown |          | met      | prednisone
        E    | Prednisone > 10 mg/day                   | drug prednisone = 5 mg/d; all drug listed       | met     |          |          |
        E    | Prednisone > 10 mg/day                   | drug prednisone                                 | unknown | f1       |          | dose
        E    | Prednisone > 10 mg/day                   | drug dexamethasone = 20 mg/d                    | unknown |          | met      | prednisone
        """,
    ),
    *fault(
        "Lines of treatment are counted, not guessed",
        """
        side | criterion                                            | record                                  | answer  | evidence | presumed | settle
        I    | At least two prior lines of systemic therapy         | prior_lines systemic therapy = 2        | met     | f1       |          |
        I    | At least two prior lines of systemic therapy         | prior_lines systemic therapy = 1        | not met | f1       |          |
        I    | At least two prior lines of systemic therapy         | drug docetaxel                          | unknown |          |          | lines
        I    | No more than one prior line of chemotherapy          | prior_lines chemotherapy = 2            | not met | f1       |          |
        I    | No more than one prior line of chemotherapy          | prior_lines chemotherapy = 1            | met     | f1       |          |
        E    | More than two prior lines of chemotherapy            | prior_lines docetaxel = 3               | not met | f1       |          |
        E    | More than two prior lines of chemotherapy            | prior_lines docetaxel = 1               | unknown | f1       |          | lines
        """,
    ),
    *fault(
        "Variants and wild type",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | EGFR L858R mutation                      | variant EGFR {L858R}                            | met     | f1       |          |
        I    | EGFR L858R mutation                      | variant EGFR {exon 19 deletion}                 | unknown | f1       |          | which alteration
        I    | EGFR L858R mutation                      | variant EGFR {wild type}                        | not met | f1       |          |
        I    | EGFR exon 19 deletion or L858R           | variant EGFR {exon 19 deletion}                 | met     | f1       |          |
        I    | KRAS wild-type                           | variant KRAS {G12C}                             | not met | f1       |          |
        I    | KRAS wild-type                           | variant KRAS {wild type}                        | met     | f1       |          |
        E    | EGFR or ALK alterations                  | variant EGFR {wild type}; variant ALK {wild type} | met   | f1, f2   |          |
        E    | EGFR or ALK alterations                  | variant EGFR {wild type}                        | unknown |          | met      | ALK
        E    | EGFR or ALK alterations                  | variant ALK {fusion}                            | not met | f1       |          |
        I    | BRAF V600E mutation                      | variant BRAF {V600E}                            | met     | f1       |          |
        I    | BRAF V600E mutation                      | variant KRAS {G12D}                             | unknown |          |          | BRAF
        """,
    ),
]
