"""What it means to have a condition, take a drug, have had a procedure, be allergic, have a variant."""

from __future__ import annotations

from equipoise.rules.nodes import ConceptRef, Predicate, Window
from spec.tables import spec


def _is(kind: str, name: str, **more: object) -> Predicate:
    return Predicate(kind=kind, concept=ConceptRef(name), **more)  # type: ignore[arg-type]


PRESENCE = [
    spec(
        "A condition",
        _is("condition", "asthma"),
        """
        record                                                           | answer
        condition asthma                                                 | yes
        no condition asthma                                              | no
                                                                         | unknown
        all condition listed                                             | no
        condition hypertension; all condition listed                     | no
        possible condition asthma                                        | unknown
        pending condition asthma                                         | unknown
        planned condition asthma                                         | unknown
        past condition asthma                                            | unknown
        condition asthma until 2010                                      | unknown
        family condition asthma                                          | unknown
        family condition asthma; all condition listed                    | no
        possible condition asthma; all condition listed                  | unknown
        all drug listed                                                  | unknown
        """,
        note="Silence answers nothing, unless the record lists everything of the kind. What is possible, planned, "
        "pending or past is no finding; what a relative has says nothing of the patient.",
    ),
    spec(
        "The later statement decides",
        _is("condition", "pregnancy"),
        """
        record                                                           | answer
        condition pregnancy on 2026-01-10; no condition pregnancy on 2025-06-01 | yes
        condition pregnancy on 2025-06-01; no condition pregnancy on 2026-01-10 | no
        condition pregnancy on 2026-01-10; no condition pregnancy on 2026-01-10 | unknown
        condition pregnancy; no condition pregnancy                      | unknown
        condition pregnancy on 2026-02-01                                | unknown
        past condition pregnancy on 2020; no condition pregnancy on 2026-01-10 | unknown
        """,
        note="What the record dates after the moment at which the patient is seen is not known yet. Many texts write "
        "the plain word where they mean a history of it, so something past leaves the answer open.",
    ),
    spec(
        "No condition",
        _is("condition", "pregnancy", op="absent"),
        """
        record                 | answer
        condition pregnancy    | no
        no condition pregnancy | yes
                               | unknown
        """,
    ),
    spec(
        "A class",
        _is("condition", "autoimmune disease"),
        """
        record                                     | answer
        condition rheumatoid arthritis             | yes
        no condition autoimmune disease            | no
        no condition rheumatoid arthritis          | unknown
        condition asthma                           | unknown
        """,
        note="A member of a class answers for the class; the absence of one member does not.",
    ),
    spec(
        "A class, and a complete list",
        _is("drug", "anticoagulant"),
        """
        record                                              | answer
        drug metformin; all drug listed                     | no
        drug a drug nobody knows; all drug listed           | unknown
        drug compound x17; drug metformin; all drug listed  | unknown
        """,
        note="A complete list has none of a class where each entry is known to be something else. A name that the "
        "lexicon does not know may be another name of the thing.",
    ),
    spec(
        "Something that any entry may be",
        _is("condition", "comorbidity"),
        """
        record                                         | answer
        condition hypertension; all condition listed   | unknown
        all condition listed                           | no
        """,
    ),
    spec(
        "What no list is expected to name",
        _is("condition", "childbearing potential"),
        """
        record                                         | answer
        condition hypertension; all condition listed   | unknown
        all condition listed                           | unknown
        """,
    ),
    spec(
        "A condition that the lexicon does not know",
        _is("condition", "an illness nobody knows"),
        """
        record                                         | answer
        condition an illness nobody knows              | yes
        no condition an illness nobody knows           | no
        all condition listed                           | unknown
        """,
    ),
    spec(
        "A member of a class",
        _is("condition", "rheumatoid arthritis"),
        """
        record                                                | answer
        no condition autoimmune disease                       | no
        condition autoimmune disease                          | unknown
        condition autoimmune disease; all condition listed    | unknown
        condition lupus; all condition listed                 | no
        """,
        note="Having some disease of the class does not say which.",
    ),
    spec(
        "A drug by its class",
        _is("drug", "anticoagulant"),
        """
        record                                 | answer
        drug rivaroxaban                       | yes
        no drug anticoagulant                  | no
        no drug rivaroxaban                    | unknown
        planned drug rivaroxaban               | unknown
        drug rivaroxaban until 2024-05         | unknown
        drug metformin; all drug listed        | no
        """,
    ),
    spec(
        "Found by a measurement",
        _is("condition", "anemia"),
        """
        record                                             | answer
        condition anemia [as measured]                     | yes
        no condition anemia [as measured]                  | no
        condition sickle cell anemia [as measured]         | unknown
        """,
        note="What a result is by definition is that very thing, and no kind of anything.",
    ),
    spec(
        "The kinds and the past of what a measurement excludes",
        _is("condition", "sickle cell anemia"),
        """
        record                                             | answer
        no condition anemia [as measured]                  | unknown
        no condition anemia                                | no
        """,
        note="A normal hemoglobin excludes an anemia on its day; it says nothing of kinds, or of what was.",
    ),
    spec(
        "A history of what a measurement excludes now",
        _is("condition", "anemia", qualifier=("history of",)),
        """
        record                                             | answer
        no condition anemia [as measured]                  | unknown
        no condition anemia [history]                      | no
        """,
    ),
    spec(
        "A qualifier",
        _is("condition", "asthma", qualifier=("severe",)),
        """
        record                                     | answer
        condition asthma [severe]                  | yes
        condition asthma [severe, eosinophilic]    | yes
        condition asthma                           | unknown
        condition asthma [mild]                    | unknown
        no condition asthma                        | no
        no condition asthma [severe]               | no
        no condition asthma [eosinophilic]         | unknown
        condition asthma; all condition listed     | unknown
        all condition listed                       | no
        """,
        note="A fact that does not state the qualifier leaves it open; the absence of the whole excludes the part.",
    ),
    spec(
        "The absence of a part",
        _is("condition", "asthma"),
        """
        record                                     | answer
        no condition asthma [severe]               | unknown
        condition asthma [mild]                    | yes
        """,
    ),
    spec(
        "A history",
        _is("condition", "stroke", qualifier=("history of",)),
        """
        record                                     | answer
        past condition stroke                      | yes
        condition stroke                           | yes
        condition ischemic stroke until 2015-03    | yes
        no condition stroke                        | no
        possible condition stroke                  | unknown
        """,
    ),
    spec(
        "A habit that was given up",
        _is("condition", "smoking", qualifier=("former",)),
        """
        record                                     | answer
        condition smoking [former]                 | yes
        no condition smoking                       | unknown
        no condition smoking [history]             | no
        """,
        note="Who does not smoke may have smoked.",
    ),
    spec(
        "What comes all at once",
        _is("condition", "myocardial ischemia"),
        """
        record                                     | answer
        no condition cardiovascular disease [history] | unknown
        no condition cardiovascular disease        | no
        no condition myocardial ischemia           | no
        """,
        note="Whoever never had heart disease may be here for the first.",
    ),
    spec(
        "Planned",
        _is("procedure", "surgery", qualifier=("planned",), window=Window(side="after", within="P28D")),
        """
        record                                         | answer
        planned procedure surgery on 2026-02-01        | yes
        planned procedure surgery on 2026-06-01        | unknown
        planned procedure surgery                      | unknown
        procedure surgery on 2026-01-10                | unknown
        all procedure listed                           | unknown
        """,
        note="No record is complete on the future.",
    ),
    spec(
        "Suspected",
        _is("condition", "sepsis", qualifier=("suspected",)),
        """
        record                     | answer
        possible condition sepsis  | yes
        condition sepsis           | unknown
        no condition sepsis        | no
        """,
    ),
    spec(
        "A family history",
        _is("condition", "breast cancer", qualifier=("family history",)),
        """
        record                          | answer
        family condition breast cancer  | yes
        condition breast cancer         | unknown
        no condition breast cancer      | unknown
        all condition listed            | unknown
        """,
    ),
    spec(
        "A procedure",
        _is("procedure", "kidney transplantation"),
        """
        record                                          | answer
        procedure kidney transplantation on 2019-05-02  | yes
        past procedure kidney transplantation           | yes
        planned procedure kidney transplantation        | unknown
        all procedure listed                            | no
        """,
        note="A procedure that was done has been done, however long ago.",
    ),
    spec(
        "An allergy",
        _is("allergy", "amoxicillin"),
        """
        record                   | answer
        allergy amoxicillin      | yes
        no allergy penicillin antibiotic | no
        allergy penicillin antibiotic | unknown
        no allergy               | no
        all allergy listed       | no
        condition asthma         | unknown
        """,
        note="“No known allergies” is a fact that names nothing: it is about every allergen.",
    ),
    spec(
        "An allergy to a class",
        _is("allergy", "penicillin antibiotic"),
        """
        record                  | answer
        allergy amoxicillin     | yes
        no allergy amoxicillin  | unknown
        """,
    ),
    spec(
        "Any alteration of a gene",
        _is("variant", "EGFR"),
        """
        record                          | answer
        variant EGFR {L858R}            | yes
        variant EGFR                    | yes
        variant EGFR {wild type}        | no
        no variant EGFR                 | no
        no variant EGFR {T790M}         | unknown
        variant KRAS {G12C}             | unknown
        pending variant EGFR            | unknown
        all variant listed              | no
        """,
    ),
    spec(
        "One alteration",
        _is("variant", "EGFR", alteration="L858R"),
        """
        record                                    | answer
        variant EGFR {L858R}                      | yes
        variant EGFR                              | unknown
        variant EGFR {exon 19 deletion}           | unknown
        variant EGFR {wild type}                  | no
        no variant EGFR {L858R}                   | no
        no variant EGFR {mutation}                | no
        no variant EGFR {amplification}           | unknown
        """,
    ),
    spec(
        "A mutation of any kind",
        _is("variant", "MET", alteration="mutation"),
        """
        record                              | answer
        variant MET {exon 14 skipping}      | yes
        variant MET {amplification}         | unknown
        variant MET {wild type}             | no
        """,
    ),
    spec(
        "Wild type",
        _is("variant", "KRAS", alteration="wild type"),
        """
        record                        | answer
        variant KRAS {wild type}      | yes
        no variant KRAS               | yes
        no variant KRAS {mutation}    | yes
        variant KRAS {G12C}           | no
        no variant KRAS {G12C}        | unknown
        """,
    ),
    spec(
        "A dose",
        _is("drug", "prednisone", op=">", value=10, unit="mg/d"),
        """
        record                                 | answer
        drug prednisone = 20 mg/d              | yes
        drug prednisone = 5 mg/d               | unknown
        drug prednisone = 5 mg/d; all drug listed | no
        drug prednisone                        | unknown
        no drug prednisone                     | no
        """,
        note="A lower dose does not exclude another prescription, unless the list of drugs is complete.",
    ),
    spec(
        "A dose of a class",
        _is("drug", "corticosteroid", op=">", value=10, unit="mg/d"),
        """
        record                             | answer
        drug dexamethasone = 20 mg/d       | unknown
        drug corticosteroid = 20 mg/d      | yes
        no drug corticosteroid             | no
        """,
        note="Members of a class are dosed differently, and nothing is converted between them.",
    ),
]
