"""What the patient said to a person: that they consent, and will do what the protocol asks."""

from __future__ import annotations

import re

import msgspec

from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span

_SAID = (
    ("informed consent", r"(?:informed |written )?consent(?:ed|s)?\b"),
    ("protocol compliance", r"comply (?:with|to) (?:the )?(?:trial|study|protocol)\b(?: protocol)?"),
)
_GIVES = r"(?:will|agrees? to|is willing to|has|have|gave|gives|provided|signed)\b[^.;]{0,60}?"
_REFUSES = r"(?:refuse[sd]? (?:to )?|declines? (?:to )?|declined (?:to )?|does not |will not |unable to |unwilling to )"


def read_promises(text: str, sentence: Span) -> list[Draft]:
    """
    Return what a sentence says of consent and compliance.

    >>> said = "The patient will provide informed consent and comply with the trial protocol."
    >>> [(one.name, one.assertion) for one in read_promises(said, (0, len(said)))]
    [('informed consent', 'present'), ('protocol compliance', 'present')]
    """
    drafts = []
    for name, words in _SAID:
        refused = re.compile(rf"{_REFUSES}[^.;]{{0,40}}?{words}", re.IGNORECASE).search(text, *sentence)
        given = re.compile(rf"{_GIVES}{words}", re.IGNORECASE).search(text, *sentence)
        found = refused or given
        if found is not None:
            draft = Draft(kind="administrative", name=name, span=found.span())
            drafts.append(msgspec.structs.replace(draft, assertion="absent") if refused else draft)
    return drafts
