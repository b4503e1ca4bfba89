"""What the patient said to a person: that they consent, and will do what the protocol asks."""

from __future__ import annotations

import re

import msgspec

from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span

_GIVES = r"(?:will|agrees? to|is willing to|has|have|gave|gives|provided|signed)\b[^.;]{0,60}?"
_REFUSES = r"(?:refuse[sd]? (?:to )?|declines? (?:to )?|declined (?:to )?|does not |will not |unable to |unwilling to )"
# "Has not given consent", "has no capacity to consent": nothing is promised, and perhaps nobody has asked.
_NOT = re.compile(r"\b(?:no|not|never|without|lacks?|yet to|incapable|unable|cannot)\b", re.IGNORECASE)
_SAID = tuple(
    (name, re.compile(rf"{_REFUSES}[^.;]{{0,40}}?{words}", re.IGNORECASE), re.compile(_GIVES + words, re.IGNORECASE))
    for name, words in (
        ("informed consent", r"(?:informed |written )?consent(?:ed|s)?\b"),
        ("protocol compliance", r"comply (?:with|to) (?:the )?(?:trial|study|protocol)\b(?: protocol)?"),
    )
)


def read_promises(text: str, sentence: Span) -> list[Draft]:
    """
    Return what a sentence says of consent and compliance.

    >>> said = "The patient will provide informed consent and comply with the trial protocol."
    >>> [(one.name, one.assertion) for one in read_promises(said, (0, len(said)))]
    [('informed consent', 'present'), ('protocol compliance', 'present')]
    """
    drafts = []
    for name, refuses, gives in _SAID:
        refused, given = refuses.search(text, *sentence), gives.search(text, *sentence)
        found = refused or given
        if found is None or (refused is None and _NOT.search(found[0])):
            continue
        draft = Draft(kind="administrative", name=name, span=found.span())
        drafts.append(msgspec.structs.replace(draft, assertion="absent") if refused else draft)
    return drafts
