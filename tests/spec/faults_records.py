# ruff: noqa: E501  (a row is as long as the criterion and the record that it states)
"""Faults in how a record is read: silence, what is not a finding, classes, history, qualifiers, contradictions."""

from __future__ import annotations

from spec.faults import fault

RECORDS = [
    *fault(
        "The absence of evidence is not the evidence of absence",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | History of heart failure                 |                                                 | unknown |          | met      | heart failure
        E    | History of heart failure                 | all condition listed                            | met     |          |          |
        E    | History of heart failure                 | condition hypertension; all condition listed    | met     |          |          |
        E    | History of heart failure                 | all drug listed                                 | unknown |          | met      | heart failure
        E    | History of heart failure                 | no condition heart failure                      | met     | f1       |          |
        E    | History of heart failure                 | condition heart failure                         | not met | f1       |          |
        I    | Documented history of heart failure      |                                                 | unknown |          |          | heart failure
        I    | Hemoglobin ≥ 9 g/dL                      |                                                 | unknown |          |          | no hemoglobin
        E    | Hemoglobin < 9 g/dL                      | all measurement listed                          | unknown |          |          | no hemoglobin
        I    | Age ≥ 18 years                           | condition asthma                                | unknown |          |          | date of birth
        """,
    ),
    *fault(
        "What is ordered, pending, planned, of a relative or ruled out is not a finding",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        I    | EGFR mutation                            | pending variant EGFR                            | unknown | f1       |          | pending
        E    | EGFR mutation                            | pending variant EGFR                            | unknown | f1       |          | pending
        I    | Prior treatment with osimertinib         | planned drug osimertinib                        | unknown | f1       |          | planned
        E    | Prior treatment with osimertinib         | planned drug osimertinib                        | unknown | f1       |          | planned
        E    | Current use of warfarin                  | planned drug warfarin                           | unknown | f1       |          | planned
        E    | Tuberculosis                             | possible condition tuberculosis                 | unknown | f1       |          | possible
        E    | Tuberculosis                             | no condition tuberculosis                       | met     | f1       |          |
        E    | Stroke                                   | possible condition stroke on 2026-01-02; no condition stroke on 2026-01-05 | met | f2 |  |
        E    | Breast cancer                            | family condition breast cancer                  | unknown |          | met      | breast cancer
        E    | Breast cancer                            | family condition breast cancer; all condition listed | met |         |          |
        I    | Family history of breast cancer          | family condition breast cancer                  | met     | f1       |          |
        I    | Family history of breast cancer          | condition breast cancer                         | unknown | f1       |          | family
        I    | Platelets ≥ 100 x 10^9/L                 | pending measurement platelet count              | unknown |          |          | no platelet count
        """,
    ),
    *fault(
        "A class is reasoned on downward only",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | Autoimmune disease                       | condition rheumatoid arthritis                  | not met | f1       |          |
        E    | Autoimmune disease                       | no condition rheumatoid arthritis               | unknown |          | met      | autoimmune disease
        E    | Rheumatoid arthritis                     | condition autoimmune disease                    | unknown | f1       |          | which autoimmune disease
        E    | Rheumatoid arthritis                     | no condition autoimmune disease                 | met     | f1       |          |
        E    | Current use of biologics                 | drug adalimumab                                 | not met | f1       |          |
        E    | Use of anticoagulants                    | drug apixaban                                   | not met | f1       |          |
        E    | Use of anticoagulants                    | drug aspirin                                    | unknown |          | met      | anticoagulant
        E    | Use of anticoagulants                    | drug aspirin; all drug listed                   | met     |          |          |
        E    | Use of NSAIDs                            | drug ibuprofen                                  | not met | f1       |          |
        E    | Treatment with beta blockers             | drug metoprolol                                 | not met | f1       |          |
        E    | Concomitant statin therapy               | drug atorvastatin                               | not met | f1       |          |
        E    | Opioid use                               | drug morphine                                   | not met | f1       |          |
        E    | Diabetes mellitus                        | condition type 2 diabetes mellitus              | not met | f1       |          |
        I    | Type 2 diabetes mellitus                 | condition type 1 diabetes mellitus              | unknown | f1       |          | type 2
        I    | Hypertension                             | condition pulmonary arterial hypertension       | unknown |          |          | hypertension
        E    | Pulmonary arterial hypertension          | condition hypertension                          | unknown |          | met      | pulmonary arterial hypertension
        I    | Non-small cell lung cancer               | condition small cell lung cancer                | unknown |          |          | lung cancer
        E    | Malignancy                               | condition breast cancer                         | not met | f1       |          |
        I    | Breast cancer                            | condition malignant tumor                       | unknown | f1       |          | which
        E    | Immunosuppressive therapy                | drug tacrolimus                                 | not met | f1       |          |
        E    | Prior organ transplantation              | procedure kidney transplantation on 2019-05-02  | not met | f1       |          |
        E    | Prior allogeneic stem cell transplantation | procedure autologous stem cell transplantation on 2019-05-02 | unknown | | met | stem cell transplantation
        """,
    ),
    *fault(
        "What is past is not what is now",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | History of hepatitis B                   | past condition hepatitis B                      | not met | f1       |          |
        E    | Active hepatitis B                       | past condition hepatitis B                      | unknown | f1       |          | hepatitis b
        E    | Current use of warfarin                  | drug warfarin                                   | not met | f1       |          |
        E    | Current use of warfarin                  | drug warfarin until 2024-05-01                  | unknown |          | met      | warfarin
        E    | Current use of warfarin                  | drug warfarin until 2024-05-01; all drug listed | met     |          |          |
        E    | History of stroke                        | condition ischemic stroke on 2015-03            | not met | f1       |          |
        E    | Prior splenectomy                        | procedure splenectomy on 2001                   | not met | f1       |          |
        E    | Prior splenectomy                        | planned procedure splenectomy on 2026-02-01     | unknown | f1       |          | planned
        E    | Abscess requiring drainage               | condition abscess; no procedure drainage        | unknown | f1       | met      | drainage
        E    | Abscess requiring drainage               | no condition abscess                            | met     | f1       |          |
        E    | Urgent need for surgery                  | no procedure surgery                            | unknown |          | met      | surgery
        """,
    ),
    *fault(
        "A qualifier that the record does not state leaves it open",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | Severe asthma                            | condition asthma                                | unknown | f1       |          | severe
        E    | Severe asthma                            | condition asthma [severe]                       | not met | f1       |          |
        E    | Severe asthma                            | no condition asthma                             | met     | f1       |          |
        E    | Uncontrolled hypertension                | condition hypertension                          | unknown | f1       |          | uncontrolled
        E    | Uncontrolled hypertension                | condition hypertension [uncontrolled]           | not met | f1       |          |
        E    | Uncontrolled hypertension                | condition hypertension [controlled]             | met     | f1       |          |
        E    | Active infection                         | condition infection                             | unknown | f1       |          | active
        E    | Active infection                         | condition pneumonia [active]                    | not met | f1       |          |
        E    | Symptomatic brain metastases             | condition brain metastases [asymptomatic]       | met     | f1       |          |
        I    | Metastatic breast cancer                 | condition breast cancer                         | unknown | f1       |          | which breast cancer
        I    | Moderate to severe atopic dermatitis     | condition atopic dermatitis [severe]            | met     | f1       |          |
        I    | Moderate to severe atopic dermatitis     | condition atopic dermatitis [mild]              | unknown | f1       |          | moderate
        E    | Significant valvular heart disease       | condition aortic stenosis [severe]              | not met | f1       |          |
        E    | Severe valvular heart disease            | condition aortic stenosis [significant]         | unknown | f1       |          | severe
        E    | Diabetic ketoacidosis                    | no condition diabetes [history]                 | unknown |          | met      | diabetic ketoacidosis
        E    | Thrombocytopenia                         | no condition bleeding disorder [history]        | unknown |          | met      | thrombocytopenia
        E    | History of elevated potassium            | measurement potassium = normal                  | unknown |          |          | potassium
        E    | Severe valvular heart disease            | no condition valvular heart disease [significant] | met   | f1       |          |
        E    | Mild valvular heart disease              | no condition valvular heart disease [significant] | unknown |        | met      | mild
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = elevated | met  | f1       |          |
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = low   | not met | f1       |          |
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = normal | not met | f1      |          |
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = 15 m[IU]/L | met | f1     |          |
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = 5 m[IU]/L | unknown | f1  |          | elevated
        I    | Elevated thyroid stimulating hormone     | measurement thyroid-stimulating hormone = 15    | unknown | f1       |          | elevated
        E    | Cardiac arrest due to trauma             | condition cardiac arrest                        | unknown | f1       | met      | due to trauma
        E    | Cardiac arrest due to trauma             | condition cardiac arrest [due to trauma]        | not met | f1       |          |
        """,
    ),
    *fault(
        "Two statements that contradict each other decide nothing",
        """
        side | criterion                                | record                                                     | answer  | evidence | presumed | settle
        E    | Diabetes mellitus                        | condition diabetes mellitus; no condition diabetes mellitus | unknown | f1, f2   |          | diabetes
        I    | Hemoglobin ≥ 9 g/dL                      | measurement hemoglobin = 8 g/dL on 2026-01-14; measurement hemoglobin = 10 g/dL on 2026-01-14 | unknown | f1, f2 | | differ
        I    | Hemoglobin ≥ 9 g/dL                      | measurement hemoglobin = 8 g/dL on 2026-01-10; measurement hemoglobin = 10 g/dL on 2026-01-14 | met     | f2     | |
        I    | Female patients                          | demographic sex = female; demographic sex = male           | unknown | f1, f2   |          | sex
        I    | Age ≥ 18 years                           | demographic age = 17 a; demographic age = 35 a             | unknown | f1, f2   |          | date of birth
        """,
    ),
    *fault(
        "An allergy is not a use, and a use no allergy",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | Known allergy to penicillin              | drug penicillin v                               | unknown |          | met      | penicillin
        E    | Current use of aspirin                   | allergy aspirin                                 | unknown |          | met      | aspirin
        E    | Hypersensitivity to aspirin              | allergy aspirin                                 | not met | f1       |          |
        E    | Hypersensitivity to monoclonal antibodies | allergy infliximab                             | not met | f1       |          |
        E    | Known allergy to iodinated contrast      | no allergy                                      | met     | f1       |          |
        E    | Known allergy to iodinated contrast      | all allergy listed                              | met     |          |          |
        E    | Known allergy to iodinated contrast      | allergy penicillin antibiotic                   | unknown |          | met      | contrast
        """,
    ),
    *fault(
        "What is said of some people keeps out nobody else",
        """
        side | criterion                                       | record                                   | answer  | evidence | presumed | settle
        E    | Women who are pregnant or in the period of lactation | demographic sex = male              | met     | f1       |          |
        E    | Women who are pregnant or in the period of lactation | condition pregnancy                 | not met | f1       |          |
        I    | Reliable contraception required of all fertile women | demographic sex = male              | met     | f1       |          |
        I    | Reliable contraception required of all fertile women | demographic age = 60 a              | met     | f1       |          |
        I    | Women must be sterile, postmenopausal or use contraception | demographic sex = female; demographic age = 60 a | met | f2 |          |
        E    | Children with epilepsy                          | demographic age = 40 a; condition epilepsy | met   | f1       |          |
        E    | Children with epilepsy                          | demographic age = 10 a; condition epilepsy | unknown |        |          | not understood
        I    | Children with epilepsy                          | demographic age = 40 a; condition epilepsy | not met | f1     |          |
        I    | All adult patients with epilepsy                | demographic age = 16 a; condition epilepsy | not met | f1     |          |
        I    | All adult patients with epilepsy                | demographic age = 18 a; condition epilepsy | met   | f1, f2   |          |
        I    | Adult-onset epilepsy                            | demographic age = 16 a; condition epilepsy | unknown | f2     |          | adult onset
        """,
    ),
    *fault(
        "Who cannot be pregnant is not",
        """
        side | criterion                                | record                                          | answer  | evidence | presumed | settle
        E    | Pregnant or breastfeeding women          | demographic sex = male                          | met     | f1       |          |
        E    | Pregnant or breastfeeding women          | demographic sex = female                        | unknown |          |          | pregnancy
        E    | Pregnancy or lactation                   |                                                 | unknown |          |          | pregnancy
        E    | Pregnancy or lactation                   | no condition pregnancy; no condition lactation  | met     | f1, f2   |          |
        E    | Pregnancy                                | condition pregnancy                             | not met | f1       |          |
        E    | Pregnancy                                | demographic sex = female; condition postmenopausal | met  | f2       |          |
        E    | Pregnancy                                | demographic sex = female; procedure hysterectomy on 2015 | met | f2  |          |
        E    | Pregnancy                                | demographic sex = female; measurement pregnancy test = negative on 2026-01-14 | met | f2 | |
        E    | Pregnancy                                | demographic sex = male; condition pregnancy     | unknown | f2, f1   |          | pregnancy
        E    | Women planning pregnancy                 | demographic sex = male                          | met     | f1       |          |
        E    | Women of childbearing potential          | demographic sex = male                          | met     | f1       |          |
        E    | Women of childbearing potential          | condition postmenopausal                        | met     | f1       |          |
        I    | Must not be pregnant                     | condition pregnancy                             | not met | f1       |          |
        E    | Pregnancy                                | demographic age = 55 a                          | met     | f1       |          |
        E    | Pregnancy                                | demographic age = 54 a                          | unknown |          |          | pregnancy
        E    | Pregnancy                                | demographic age = 56 a; condition pregnancy     | not met | f2       |          |
        E    | Pregnancy                                | demographic age = 7 a                           | met     | f1       |          |
        E    | Pregnancy                                | demographic age = 8 a                           | unknown |          |          | pregnancy
        E    | Pregnancy within the last 2 years        | demographic age = 56 a                          | unknown |          |          | pregnancy
        E    | Pregnancy within the last 2 years        | demographic age = 57 a                          | met     | f1       |          |
        E    | Women of childbearing potential          | demographic age = 58 a                          | met     | f1       |          |
        E    | Women of childbearing potential          | demographic age = 58 a; condition premenopausal | unknown |          |          | childbearing
        E    | Positive pregnancy test                  | demographic sex = male                          | met     | f1       |          |
        I    | Negative pregnancy test                  | demographic sex = male                          | met     | f1       |          |
        I    | Negative pregnancy test                  | demographic age = 60 a                          | unknown |          |          | pregnancy
        I    | Negative pregnancy test                  | demographic age = 5 a                           | met     | f1       |          |
        I    | Negative pregnancy test                  | demographic sex = female; demographic age = 30 a | unknown |          |          | pregnancy
        I    | Elective cesarean section                | demographic age = 60 a                          | not met | f1       |          |
        """,
    ),
]
