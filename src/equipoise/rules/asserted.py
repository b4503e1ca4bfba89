"""
Words of a rule that ask for something else than what a patient has: what is planned, feared, needed, a relative's.
"""

from __future__ import annotations

# Words of a rule that name an assertion of a fact, besides those for what was.
PLANNED = frozenset({"planned", "planning", "scheduled"})
SUSPECTED = frozenset({"suspected", "possible", "probable", "presumed"})
FAMILY = frozenset({"family", "family history"})
# What is meant, needed or feared is on no list of what a patient has.
OTHER_THAN_HAD = frozenset(
    {
        "able", "agree", "candidate", "candidates", "contraindication", "contraindicated", "eligible", "expected",
        "indication", "indicated", "intended", "need", "needing", "requiring", "risk", "suitable", "undergo", "willing",
    }
)  # fmt: skip
# What somebody is to see to that it does not come: its not being there answers nothing.
AVOIDED = frozenset({"avoid", "avoiding", "avoidance", "prevent", "preventing", "prevention", "contraindication to"})
INTOLERANCE = frozenset({"intolerance"})
# "Otherwise healthy" is who has what the criterion names beside it.
BESIDES = frozenset({"otherwise"})
# Words that leave it the same thing, and of now.
DEGREES = frozenset(
    {"severe", "moderate", "mild", "marked", "profound", "significant", "clinically significant", "current", "active",
     "symptomatic", "moderate to severe", "uncorrected", "symptoms of", "symptom of", "signs and symptoms of",
     "signs or symptoms of"}
)  # fmt: skip
# What is to be done, or is not wanted: its not having been done answers nothing.
TO_COME = PLANNED | frozenset(
    {
        "plan", "plans", "anticipated", "anticipate", "anticipates", "expected", "expects", "intended", "intend",
        "intends", "need", "needs", "needed", "needing", "require", "requires", "required", "requiring", "requirement",
        "indicated", "warrants", "warranted", "warranting", "necessary", "necessitating", "candidate", "candidates",
        "eligible", "suitable", "pending", "awaiting", "upcoming", "considered", "considering", "refused", "refuse",
        "refuses", "refusing", "declines", "declined", "declining", "desires", "desiring", "seeking", "wishes",
        "contraindicated", "contraindication", "contraindications", "undergo", "receive", "will", "prohibit",
        "prohibits", "preclude", "precludes", "prevent", "prevents", "permit", "permits", "impact", "compromise",
        "tolerate", "perform", "performing",
    }
)  # fmt: skip
# Of whom the patient lives with, or has children with: that the patient has it not answers nothing.
OF_OTHERS = frozenset(
    {"partner", "partners", "spouse", "husband", "wife", "household", "live", "lives", "cohabitant", "roommate"}
)


def asks_what_is(wants: frozenset[str]) -> bool:
    """Return whether qualifiers leave a rule one on what a patient has, and not on plans, fears or relatives."""
    words = {word for want in wants for word in want.split()} | wants
    return words.isdisjoint(PLANNED | FAMILY | SUSPECTED | OTHER_THAN_HAD)


def asks_what_will_be(wants: frozenset[str]) -> bool:
    """
    Return whether qualifiers ask for a treatment that is to be given, or that somebody does not want.

    >>> asks_what_will_be(frozenset({"urgent", "need for immediate"})), asks_what_will_be(frozenset({"elective"}))
    (True, False)
    """
    return any(not TO_COME.isdisjoint(want.split()) for want in wants)


def asks_of_another(wants: frozenset[str]) -> bool:
    """
    Return whether qualifiers ask for a condition of somebody with whom the patient lives.

    >>> asks_of_another(frozenset({"female partner"})), asks_of_another(frozenset({"severe"}))
    (True, False)
    """
    return any(not OF_OTHERS.isdisjoint(want.split()) for want in wants)
