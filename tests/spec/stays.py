"""What is over, what has not come again, and what cannot be beside what a record says."""

from __future__ import annotations

from equipoise.rules.nodes import ConceptRef, Predicate, Window
from spec.tables import spec


def _is(kind: str, name: str, **more: object) -> Predicate:
    return Predicate(kind=kind, concept=ConceptRef(name), **more)  # type: ignore[arg-type]


STAYS = [
    spec(
        "A stay in hospital",
        _is("procedure", "hospitalization"),
        """
        record                                                      | answer
        procedure hospitalization                                   | yes
        procedure hospitalization on 2026-01-14                     | yes
        procedure hospitalization on 2025-06-01                     | unknown
        procedure hospitalization since 2025-06-01 until 2025-06-09 | unknown
        past procedure hospitalization                              | unknown
        planned procedure hospitalization                           | unknown
        no procedure hospitalization                                | no
        """,
        note="Who was in hospital last year is not known to be in hospital; a patient may be there again.",
    ),
    spec(
        "An earlier stay in hospital",
        _is("procedure", "hospitalization", qualifier=("history of",)),
        """
        record                                  | answer
        past procedure hospitalization          | yes
        procedure hospitalization on 2025-06-01 | yes
                                                | unknown
        """,
    ),
    spec(
        "Care that lasts until it ends",
        _is("procedure", "tracheostomy"),
        """
        record                                                   | answer
        procedure tracheostomy                                   | yes
        procedure tracheostomy on 2025-06-01                     | yes
        procedure tracheostomy since 2025-06-01 until 2025-06-09 | unknown
        past procedure tracheostomy                              | unknown
        no procedure tracheostomy                                | no
        """,
        note="Tubes, lines, ventilation, dialysis, oxygen and contraception of the past are not known to go on.",
    ),
    spec(
        "What is worn",
        _is("procedure", "contact lens"),
        """
        record                                                     | answer
        procedure contact lens                                     | yes
        procedure contact lens since 2025-06-01 until 2025-06-09   | unknown
        past procedure contact lens                                | unknown
        """,
        note="Lenses, dentures, hearing aids and pumps of the past are not known to be worn.",
    ),
    spec(
        "What is worn, or stays, until it is taken away",
        _is("procedure", "ileostomy"),
        """
        record                                      | answer
        procedure ileostomy                         | yes
        procedure ileostomy on 2026-01-14           | yes
        procedure ileostomy on 2019                 | unknown
        procedure ileostomy [ongoing] since 2019    | yes
        past procedure ileostomy                    | unknown
        no procedure ileostomy                      | no
        """,
        note="A stoma of long ago may be closed, and braces of long ago are taken off.",
    ),
    spec(
        "What is over when it has been, asked of now",
        _is("condition", "stroke", window=Window(anchor="screening", side="around")),
        """
        record                            | answer
        condition stroke                  | yes
        condition stroke on 2026-01-14    | yes
        condition stroke on 2019          | unknown
        past condition stroke             | unknown
        no condition stroke               | no
        """,
        note="A stroke, a seizure or a vaccine of long ago is none of now.",
    ),
    spec(
        "Care that ends with the need for it",
        _is("procedure", "hemodialysis"),
        """
        record                                            | answer
        procedure hemodialysis                            | yes
        procedure hemodialysis on 2026-01-14              | yes
        procedure hemodialysis on 2019                    | unknown
        procedure hemodialysis [ongoing] since 2019       | yes
        past procedure hemodialysis                       | unknown
        """,
        note="Who was dialyzed years ago is not known to be dialyzed still, unless the record says that it goes on.",
    ),
    spec(
        "An event that has not come again",
        _is("condition", "myocardial infarction", window=Window(anchor="screening", side="before", within="P3M")),
        """
        record                                                                                  | answer
        condition myocardial infarction on 2024                                                 | unknown
        no condition myocardial infarction [since then] on 2025-01-01 until 2026-01-15T09:40+01:00 | no
        no condition myocardial infarction [since then] on 2026-01-01 until 2026-01-15T09:40+01:00 | unknown
        """,
        note="A record that dates an infarction and knows of none since says so for the time since, and for no other.",
    ),
    spec(
        "An event that has not come again, where no time is asked for",
        _is("condition", "myocardial infarction"),
        """
        record                                                                                  | answer
        condition myocardial infarction on 2024; no condition myocardial infarction [since then] on 2025-01-01 | yes
        no condition myocardial infarction [since then] on 2025-01-01                           | unknown
        """,
    ),
    spec(
        "A kind that is denied beside what it is a kind of",
        _is("condition", "mild cognitive impairment"),
        """
        record                                                                    | answer
        condition cognitive impairment                                            | unknown
        condition cognitive impairment; no condition mild cognitive impairment    | no
        condition mild cognitive impairment; no condition mild cognitive impairment | unknown
        """,
    ),
    spec(
        "A birth to come",
        _is("procedure", "cesarean section", qualifier=("elective",)),
        """
        record                            | answer
        no condition pregnancy            | no
        demographic sex = male            | no
        condition pregnancy               | unknown
        past procedure cesarean section   | unknown
                                          | unknown
        """,
        note="Who is not pregnant awaits no birth; that she had one says nothing of another.",
    ),
    spec(
        "Otherwise healthy",
        _is("condition", "healthy volunteer", qualifier=("otherwise",)),
        """
        record                  | answer
        no condition healthy    | unknown
                                | unknown
        """,
        note='"Otherwise healthy" is who has what the criterion names beside it.',
    ),
    spec(
        "Healthy volunteers",
        _is("condition", "healthy volunteer"),
        """
        record                  | answer
        no condition healthy    | no
        """,
    ),
    spec(
        "Only an intolerance",
        _is("allergy", "metformin", qualifier=("intolerance",)),
        """
        record                                   | answer
        allergy metformin                        | yes
        no allergy                               | unknown
        no allergy metformin                     | unknown
        no allergy metformin [intolerance]       | no
        """,
        note="Who is allergic to nothing may not bear a drug all the same.",
    ),
    spec(
        "A list of kinds that leaves none out",
        _is("condition", "bipolar disorder", qualifier=("i, ii, nos",)),
        """
        record                          | answer
        condition bipolar disorder      | yes
        no condition bipolar disorder   | no
        """,
        note='"I, II or not otherwise specified" is any kind.',
    ),
]
