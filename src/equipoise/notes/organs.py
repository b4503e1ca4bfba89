"""
Organs that a note sees in the patient now: what is there has not been taken out.

::

    seen = how organ | number "-week size" "uterus" | organ ("wall")? ("is" | "was" | "appears") word? how
    how  = "edematous" | "distended" | "normal" …

Where the note speaks of taking it out, as done at any time, or the sentence of another time, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from equipoise.criteria.context import codes_of
from equipoise.notes.assertions import Sayings
from equipoise.notes.drafts import Draft
from equipoise.notes.sentences import Span
from equipoise.terms.lexicon import Lexicon

_HOW = (
    r"(?:distended|o?edematous|enlarged|dilated|inflamed|thickened|thick-walled|swollen|bulky|gravid|anteverted|"
    r"retroverted|tender|palpable|contracted|normal|normal[- ]appearing|normal[- ]sized?|hyperemic|fibroid)"
)
_ORGANS = {
    "appendix": "appendectomy",
    "gallbladder": "cholecystectomy",
    "spleen": "splenectomy",
    "uterus": "hysterectomy",
}
_SEEN = tuple(
    (
        removal,
        re.compile(
            rf"\b{_HOW},?\s(?:and\s{_HOW}\s)?{organ}\b(?!\s(?:fossa|bed|stump|surgery|removal|transplant|cancer))"
            rf"|\b\d{{1,2}}[- ]?(?:weeks?|wks?|cm)[- ]sized?\s{organ}\b"
            rf"|\b{organ}\s(?:wall\s)?(?:is|was|appears?|appeared)\s(?:\w+ly\s)?{_HOW}\b",
            re.IGNORECASE,
        ),
    )
    for organ, removal in _ORGANS.items()
)
_OTHERWHEN = re.compile(
    r"\b(?:previous\w*|prior|history|h/o|past|ago|before|s/p|status post|removed|resected|absent|absence|donor|mother|"
    r"\w+ectomy|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def read_organs(drafts: Sequence[Draft], text: str, of_now: Sequence[Span], lexicon: Lexicon) -> Iterator[Draft]:
    """
    Yield that organs which are seen now were not taken out; *of_now* are the sentences on the patient now.

    >>> from equipoise.terms.lexicon import lexicon
    >>> said = "An ultrasound showed a markedly edematous appendix."
    >>> [(one.name, one.assertion) for one in read_organs([], said, [(0, len(said))], lexicon())]
    [('appendectomy', 'absent')]
    """
    done = {one.name for one in drafts if one.assertion != "planned"}
    for removal, pattern in _SEEN:
        if any(lexicon.is_a(name, removal) for name in done):
            continue
        for start, end in of_now:
            sentence = text[start:end]
            found = pattern.search(sentence)
            if found is None or _OTHERWHEN.search(sentence):
                continue
            if Sayings(sentence, [found.span()]).of(*found.span()).assertion == "present":
                concept = lexicon.find(removal)
                codes = {} if concept is None else codes_of(concept)
                span = (start + found.start(), start + found.end())
                yield Draft(
                    kind="procedure", name=removal, codes=codes, span=span, assertion="absent", qualifier=("history",)
                )
                break
