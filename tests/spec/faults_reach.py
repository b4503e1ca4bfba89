# ruff: noqa: E501  (a row is as long as the criterion and the record that it states)
"""Faults of reach: what is said of a list, examples, what is allowed, denials, of whom a criterion is asked."""

from __future__ import annotations

from spec.faults import fault

REACH = [
    *fault(
        "What is said of a list is said of all of it",
        """
        side | criterion                                                                          | record                                                                   | answer  | evidence | presumed | settle
        E    | New ST elevation or left bundle branch block                                       | condition left bundle branch block                                       | unknown | f1       |          | the record does not say whether this is
        E    | New ST elevation or left bundle branch block                                       | no condition left bundle branch block; no condition st segment elevation | met     | f2, f1   |          |
        E    | Hypothyroidism or hyperthyroidism not effectively treated with medication          | condition hypothyroidism                                                 | unknown | f1       |          | whether hypothyroidism is not effectivel
        E    | Hypothyroidism or hyperthyroidism not effectively treated with medication          | no condition hypothyroidism; no condition hyperthyroidism                | met     | f1, f2   |          |
        E    | Heart failure, arrhythmia, or angina that is not controlled by drugs               | condition heart failure                                                  | unknown | f1       |          | whether heart failure is not controlled
        E    | Depression, bipolar disorder or schizophrenia which requires treatment             | condition depression                                                     | unknown | f1       |          | whether depression is which requires tre
        E    | Diabetes mellitus or hypertension, poorly controlled                               | condition diabetes mellitus                                              | unknown | f1       |          | whether diabetes mellitus is poorly cont
        E    | Significant, non-reversible, pulmonary disease                                     | condition asthma                                                         | unknown | f1       |          | whether asthma is non reversible, signif
        E    | Uncontrolled hypertension, diabetes, heart failure, epilepsy or asthma             | condition epilepsy                                                       | unknown | f1       |          | the record does not say whether this is
        E    | Uncontrolled hypertension, diabetes, heart failure, epilepsy or asthma             | condition epilepsy [uncontrolled]                                        | not met | f1       |          |
        I    | Fever or foobar signs or meningitis occurring during the 3 weeks after a tick bite | condition fever                                                          | unknown | f1       |          | when tick bites was
        E    | Anemia not related to renal failure                                                | condition anemia; condition renal failure                                | unknown | f1       |          | whether anemia is not related to renal f
        I    | Not related to a pituitary adenoma                                                 | condition pituitary adenoma                                              | unknown |          |          | words that were not understood: read the
        I    | No asthma or allergy to penicillin                                                 | no condition asthma; no allergy penicillin                               | met     | f1, f2   |          |
        I    | No asthma or allergy to penicillin                                                 | no condition asthma; allergy penicillin                                  | not met | f2       |          |
        E    | Stroke or head injury requiring surgery or hospitalization                         | procedure hospitalization                                                | unknown |          | met      | the record does not say whether this is
        """,
    ),
    *fault(
        "Examples are kinds of what they are examples of",
        """
        side | criterion                                                                                 | record                            | answer         | evidence | presumed | settle
        E    | Severe transfusion reaction including anaphylaxis                                         | condition anaphylaxis             | unknown        | f1       |          | the record does not say whether this is
        E    | Autoimmune disease such as lupus or psoriasis                                             | condition psoriasis               | not met        | f1       |          |
        E    | Any serious medical illness, such as heart or liver disease                               | condition heart disease           | unknown        | f1       |          | a person must answer: other illness
        E    | Any serious medical illness, such as heart or liver disease                               | condition heart disease [serious] | not met        | f1       |          |
        E    | Significant illness (e.g. liver disease)                                                  | condition liver disease           | unknown        | f1       |          | a person must answer: other illness
        I    | More than 28 days since any prior therapy, including surgery                              | procedure surgery                 | unknown        |          |          | words that were not understood: read the
        E    | Any condition that in the opinion of the investigator would interfere, including epilepsy | condition epilepsy                | administrative |          | met      | a person must answer: investigator's jud
        E    | Contraindication to surgery, such as pregnancy                                            | condition pregnancy               | unknown        | f1       |          | the record does not say whether this is
        """,
    ),
    *fault(
        "What is allowed is not asked for",
        """
        side | criterion                                                                                              | record                                                        | answer         | evidence | presumed | settle
        I    | Concomitant anticoagulation is permitted. Allowed anticoagulants are the following: warfarin, apixaban | drug warfarin                                                 | unknown        |          |          | words that were not understood: read the
        I    | Allowed:\\n- Warfarin\\n- Methadone                                                                    | drug warfarin                                                 | unknown        |          |          | words that were not understood: read the
        I    | Brain metastases allowed if:\\n- treated\\n- stable                                                    | condition brain metastases                                    | unknown        |          |          | words that were not understood: read the
        I    | Stable use of aspirin is acceptable                                                                    | no drug aspirin                                               | unknown        |          |          | words that were not understood: read the
        I    | Users are eligible to join if they:\\n- are at least 18 years of age\\n- have asthma                   | demographic age = 64 a; condition asthma                      | unknown        |          |          | words that were not understood: read the
        I    | Users are eligible to join if they:\\n- are at least 18 years of age\\n- have asthma                   | demographic age = 12 a; condition asthma                      | not met        | f1       |          |
        E    | A woman will not be eligible if:\\n- she has asthma\\n- she has epilepsy                               | demographic sex = female; condition epilepsy                  | not met        | f1, f2   |          |
        E    | Patients may not have any of the following:\\n- asthma\\n- epilepsy                                    | condition epilepsy                                            | not met        | f1       |          |
        I    | No prior therapy except surgery                                                                        | procedure surgery                                             | unknown        |          |          | words that were not understood: read the
        E    | Major illness other than asthma                                                                        | condition asthma                                              | unknown        |          |          | words that were not understood: read the
        I    | Healthy except for type 1 diabetes                                                                     | condition type 1 diabetes                                     | unknown        |          |          | the record does not say whether this is
        I    | No psychiatric disorder that would preclude compliance                                                 | condition depression                                          | administrative |          |          | a person must answer: investigator's jud
        I    | No psychiatric disorder that would preclude compliance                                                 | no condition psychiatric disorder                             | met            | f1       |          |
        E    | Foot disease other than gout that would interfere with assessment                                      | condition foot disease; no condition gout                     | administrative |          | met      | a person must answer: investigator's jud
        E    | Surgery, except where epilepsy is present and pregnancy is confirmed                                   | procedure surgery; condition epilepsy; no condition pregnancy | not met        | f1, f3   |          |
        """,
    ),
    *fault(
        "A denial reaches no further than its words",
        """
        side | criterion            | record                                        | answer  | evidence | presumed | settle
        E    | Previous vaccination | no drug                                       | unknown |          | met      | the record does not say whether this is
        E    | Use of cocaine       | no drug                                       | unknown |          | met      | the record does not say whether this is
        E    | Use of warfarin      | no drug                                       | met     | f1       |          |
        E    | Pulmonary embolism   | no condition cardiovascular disease [history] | unknown |          | met      | the record does not say whether this is
        E    | Cardiomyopathy       | no condition cardiovascular disease [history] | met     | f1       |          |
        E    | Pulmonary embolism   | no condition cardiovascular disease           | met     | f1       |          |
        I    | Ischemic stroke      | no condition stroke [history]                 | unknown |          |          | the record does not say whether this is
        I    | Ischemic stroke      | no condition stroke                           | not met | f1       |          |
        E    | Prior stroke         | no condition stroke [history]                 | met     | f1       |          |
        E    | Diabetes mellitus    | no condition diabetes mellitus [history]      | met     | f1       |          |
        """,
    ),
    *fault(
        "A criterion is asked of those of whom it speaks",
        """
        side | criterion                                                                                           | record                                  | answer  | evidence | presumed | settle
        I    | Cohort A:\\n- asthma\\nCohort B:\\n- epilepsy                                                       | condition epilepsy; no condition asthma | unknown |          |          | whether the patient is one of: cohort a
        I    | For the control group:\\n- no asthma                                                                | condition asthma                        | unknown |          | met      | whether the patient is one of: control g
        I    | Healthy volunteers:\\n- BMI 18 to 30\\nPatients with asthma:\\n- FEV1 > 50 %                        | measurement body mass index = 41 kg/m2  | unknown |          |          | whether the patient is one of: healthy v
        I    | Female participants who:\\n- are post-menopausal for at least 1 year, or\\n- are surgically sterile | demographic sex = male                  | unknown |          |          | words that were not understood: read the
        I    | No close contact with the following individuals:\\n- children under age 5\\n- pregnant women        | demographic age = 64 a                  | unknown |          |          | words that were not understood: read the
        E    | Mother suffering from asthma                                                                        | condition asthma                        | unknown | f1       |          | whether asthma is mother
        E    | Score of six, for all trauma patients                                                               | condition trauma                        | unknown |          |          | words that were not understood: read the
        """,
    ),
    *fault(
        "Lists that ask for some of them, and limits that the healthy meet",
        """
        side | criterion                                                                   | record                                                        | answer  | evidence | presumed | settle
        I    | At least one respiratory sign: cough; chest pain; dyspnea                   | no condition cough                                            | unknown |          |          | words that were not understood: read the
        I    | Menopause defined as:\\n- bilateral oophorectomy\\n- age 55 years and older | demographic age = 45 a                                        | unknown |          |          | the record does not say whether this is
        E    | ALT ≤ 2.5 x ULN                                                             | measurement alanine aminotransferase = 15 U/L normal 10 to 40 | unknown |          | met      | words that were not understood: read the
        E    | ALT > 2.5 x ULN                                                             | measurement alanine aminotransferase = 15 U/L normal 10 to 40 | met     | f1       |          |
        E    | Platelets ≥ 100 x 10^9/L                                                    | measurement platelet count = 250 10*9/L                       | unknown |          |          | words that were not understood: read the
        E    | ECOG performance status 0-2                                                 | measurement ECOG performance status = 1                       | unknown |          |          | words that were not understood: read the
        E    | Surgically treated obesity                                                  | procedure surgery; condition obesity                          | unknown |          |          | words that were not understood: read the
        I    | Aged 0 to 99 years                                                          | demographic age = 64 a                                        | met     | f1       |          |
        I    | Age between 4.17 and 70 years                                               | demographic age = 64 a                                        | met     | f1       |          |
        I    | Age between 4.17 and 70 years                                               | demographic age = 3 a                                         | not met | f1       |          |
        """,
    ),
]
