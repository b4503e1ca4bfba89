# ruff: noqa: E501  (a row is as long as the criterion and the record that it states)
"""Faults of logic and time: or, unless, at least two of, lists, negation; windows, washouts, old results, plans."""

from __future__ import annotations

from spec.faults import fault

LOGIC = [
    *fault(
        "Or, and, unless, at least",
        """
        side | criterion                                       | record                                                     | answer  | evidence | presumed | settle
        E    | Diabetes mellitus or hypertension               | no condition diabetes mellitus                             | unknown |          | met      | hypertension
        E    | Diabetes mellitus or hypertension               | no condition diabetes mellitus; no condition hypertension  | met     | f1, f2   |          |
        E    | Diabetes mellitus or hypertension               | condition hypertension                                     | not met | f1       |          |
        E    | Diabetes mellitus and hypertension              | no condition diabetes mellitus                             | unknown |          | met      | hypertension
        E    | Malignancy except basal cell carcinoma          | condition breast cancer; no condition basal cell carcinoma | not met | f1, f2   |          |
        E    | Malignancy except basal cell carcinoma          | condition basal cell carcinoma                             | met     | f1       |          |
        E    | Malignancy except basal cell carcinoma          | condition basal cell carcinoma; condition breast cancer    | not met | f2       |          |
        I    | At least 2 of the following: fever, cough, dyspnea | condition fever; condition cough                        | met     | f1, f2   |          |
        I    | At least 2 of the following: fever, cough, dyspnea | condition fever; no condition cough                     | unknown |          |          | dyspnea
        I    | At least 2 of the following: fever, cough, dyspnea | no condition fever; no condition cough                  | not met | f1, f2   |          |
        I    | At least one of the following:\\n- hypertension\\n- diabetes mellitus\\n- obesity | condition obesity             | met     | f1       |          |
        I    | At least one of the following:\\n- hypertension\\n- diabetes mellitus\\n- obesity | no condition obesity          | unknown |          |          | hypertension
        I    | All of the following:\\n- hypertension\\n- diabetes mellitus | no condition diabetes mellitus                     | not met | f1       |          |
        E    | Any of the following:\\n- Hemoglobin < 9 g/dL\\n- Platelets < 50 x 10^9/L | measurement hemoglobin = 11 g/dL; measurement platelet count = 40 10*9/L | not met | f2 | |
        """,
    ),
    *fault(
        "Not, no, without",
        """
        side | criterion                                       | record                                          | answer  | evidence | presumed | settle
        I    | No history of seizures                          | condition seizure on 2020                       | not met | f1       |          |
        I    | No history of seizures                          | no condition seizure                            | met     | f1       |          |
        I    | No history of seizures                          |                                                 | unknown |          | met      | seizure
        I    | Patients without brain metastases               | condition brain metastases                      | not met | f1       |          |
        I    | Patients without brain metastases               | no condition brain metastases                   | met     | f1       |          |
        E    | Patients who do not have hypertension           | condition hypertension                          | met     | f1       |          |
        E    | No hypertension                                 | condition hypertension                          | unknown |          |          | not understood
        I    | Not receiving anticoagulants                    | drug apixaban                                   | not met | f1       |          |
        E    | Unable to give informed consent                 |                                                 | administrative | | met    | consent
        """,
    ),
    *fault(
        "Windows close and washouts end",
        """
        side | criterion                                       | record                                          | answer  | evidence | presumed | settle | from       | closes
        E    | Myocardial infarction within 6 months before enrollment | condition myocardial infarction on 2025-10-01 | not met | f1 |          |        | 2026-04-02 |
        E    | Myocardial infarction within 6 months before enrollment | condition myocardial infarction until 2025-01-10 | unknown|    | met    | infarction|            |
        E    | Myocardial infarction within 6 months before enrollment | condition myocardial infarction        | unknown | f1       |          | when   |            |
        E    | Chemotherapy within 4 weeks prior to randomization | drug cisplatin on 2025-12-20 until 2025-12-30 | not met | f1     |          |        | 2026-01-28 |
        E    | Chemotherapy within 4 weeks prior to randomization | drug cisplatin on 2025-10-01 until 2025-12-01 | unknown |        | met      | chemotherapy| |
        E    | Chemotherapy within 4 weeks prior to randomization | drug cisplatin on 2025-10-01 until 2025-12-01; all drug listed | met | | |         |            |
        I    | Stroke onset within 4.5 hours before randomization | event_time stroke onset on 2026-01-15T05:10+01:00 | met   | f1     |          |        |            | 2026-01-15T09:40+01:00
        I    | Stroke onset within 4.5 hours before randomization | event_time stroke onset on 2026-01-15T05:09+01:00 | not met | f1   |          |        |            |
        I    | Stroke onset within 4.5 hours before randomization | event_time stroke onset on 2026-01-15T04:11Z  | met     | f1     |          |        |            | 2026-01-15T09:41+01:00
        I    | Stroke onset within 4.5 hours before randomization | event_time stroke onset on 2026-01-15         | unknown | f1     |          | symptom onset | |
        I    | Hemoglobin ≥ 9 g/dL within 14 days of enrollment | measurement hemoglobin = 10 g/dL on 2025-12-01 | unknown |          |          | no hemoglobin in its window | |
        I    | Hemoglobin ≥ 9 g/dL within 14 days of enrollment | measurement hemoglobin = 10 g/dL on 2026-01-10 | met     | f1       |          |        |            |
        I    | Hemoglobin ≥ 9 g/dL within 14 days of enrollment | measurement hemoglobin = 10 g/dL              | unknown | f1       |          | when   |            |
        E    | Planned surgery within 4 weeks                  | planned procedure surgery on 2026-02-01         | not met | f1       |          |        |            |
        E    | Planned surgery within 4 weeks                  |                                                 | unknown |          | met      | surgery |           |
        E    | Live vaccine within 30 days prior to enrollment | drug live vaccine on 2026-01-02                 | not met | f1       |          |        | 2026-02-02 |
        I    | Type 2 diabetes diagnosed at least 1 year ago   | condition type 2 diabetes since 2024-06         | met     | f1       |          |        |            |
        I    | Low back pain for at least 3 months             | condition low back pain since 2025-09-01        | met     | f1       |          |        |            |
        I    | Low back pain for at least 3 months             | condition low back pain since 2025-12-01        | not met | f1       |          |        | 2026-03-01 |
        """,
    ),
]
