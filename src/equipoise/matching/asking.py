"""Questions of the catalogue, turned from whom they concern to whoever knows the patient."""

from __future__ import annotations

import re

# "do you weigh" and "do your eyes differ" are one verb of one subject; the rest of a question keeps its words.
_VERBS = {"do": "does", "are": "is", "have": "has", "were": "was"}
_YOU = re.compile(r"\b(?:(do|are|have|were) )?you\b(?P<object> to\b)?|\byour\b")


def of_patient(question: str) -> str:
    """
    Return a question to a patient as one about the patient.

    >>> of_patient("What is your ejection fraction (the pumping strength of your heart)?")
    "What is the patient's ejection fraction (the pumping strength of their heart)?"
    >>> of_patient("How much do you weigh?"), of_patient("How much does atrial fibrillation bother you?")
    ('How much does the patient weigh?', 'How much does atrial fibrillation bother the patient?')
    >>> of_patient("How long does your doctor expect you to live?"), of_patient("What was your IQ before you fell ill?")
    ("How long does the patient's doctor expect them to live?", "What was the patient's IQ before they fell ill?")
    """
    seen: list[str] = []

    def said(found: re.Match[str]) -> str:
        again, verb, object_ = bool(seen), found[1], found["object"] or ""
        seen.append(found[0])
        if found[0] == "your":
            return "their" if again else "the patient's"
        if again:
            return ("them" if object_ else f"{verb} they" if verb else "they") + object_
        return (f"{_VERBS[verb]} the patient" if verb else "the patient") + object_

    return _YOU.sub(said, question)
