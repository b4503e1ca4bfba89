"""How answers join: all, any, at least, not, unless, what is left, and what a person answers."""

from __future__ import annotations

from equipoise.rules.nodes import All, AnyOf, AtLeast, ConceptRef, Left, Not, Predicate, Unless
from spec.tables import spec


def _has(name: str) -> Predicate:
    return Predicate(kind="condition", concept=ConceptRef(name))


ASTHMA, PREGNANCY, STROKE = _has("asthma"), _has("pregnancy"), _has("stroke")

TREES = [
    spec(
        "Not",
        Not(PREGNANCY),
        """
        record                  | answer
        condition pregnancy     | no
        no condition pregnancy  | yes
                                | unknown
        """,
    ),
    spec(
        "All",
        All((ASTHMA, PREGNANCY)),
        """
        record                                         | answer
        condition asthma; condition pregnancy          | yes
        condition asthma; no condition pregnancy       | no
        no condition pregnancy                         | no
        condition asthma                               | unknown
        """,
    ),
    spec(
        "Any",
        AnyOf((ASTHMA, PREGNANCY)),
        """
        record                                         | answer
        condition asthma                               | yes
        no condition asthma; no condition pregnancy    | no
        no condition asthma                            | unknown
        """,
    ),
    spec(
        "At least two of three",
        AtLeast(2, (ASTHMA, PREGNANCY, STROKE)),
        """
        record                                         | answer
        condition asthma; condition stroke             | yes
        no condition asthma; no condition stroke       | no
        condition asthma; no condition stroke          | unknown
        """,
    ),
    spec(
        "Unless",
        Unless(ASTHMA, PREGNANCY),
        """
        record                                                     | answer
        condition asthma; no condition pregnancy                   | yes
        condition asthma; condition pregnancy                      | no
        condition asthma                                           | unknown
        no condition asthma                                        | no
        """,
    ),
    spec(
        "Unless one of its own kind",
        Unless(_has("autoimmune disease"), _has("vitiligo")),
        """
        record                                                     | answer
        condition rheumatoid arthritis; no condition vitiligo      | yes
        condition rheumatoid arthritis; condition vitiligo         | yes
        condition rheumatoid arthritis                             | yes
        condition vitiligo                                         | no
        condition autoimmune disease                               | unknown
        possible condition rheumatoid arthritis; condition vitiligo | unknown
        no condition autoimmune disease                            | no
                                                                   | unknown
        """,
        note="An exception that is of the same kind takes out what it names, and no more: what else there is counts.",
    ),
    spec(
        "Unless one of its own kind, where nothing else is known",
        Unless(
            Predicate(kind="drug", concept=ConceptRef("antidiabetic drug")),
            Predicate(kind="drug", concept=ConceptRef("investigational drug")),
        ),
        """
        record                                                     | answer
        drug investigational drug                                  | unknown
        drug metformin; drug investigational drug                  | unknown
        drug metformin; no drug investigational drug               | yes
        no drug antidiabetic drug                                  | no
        """,
        note="Who takes what is excepted may take something else, too.",
    ),
    spec(
        "Words that were not understood",
        All((ASTHMA, Left((0, 5)))),
        """
        record              | answer
        condition asthma    | unknown
        no condition asthma | no
        """,
        note="They are always unknown, and the rest is answered around them.",
    ),
    spec(
        "What a person answers",
        All((ASTHMA, Predicate(kind="administrative", concept=ConceptRef("informed consent")))),
        """
        record              | answer
        condition asthma    | unknown
        no condition asthma | no
        """,
        note="The first is shown as “administrative”: only a question to a person keeps it open.",
    ),
]
