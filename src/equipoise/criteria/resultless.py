"""
Results of which the words say nothing: "as defined by the NYHA classification system" asks for no class.

::

    finding = measurement word*         # and no word says how high, of what kind, or how it came out

"Positive troponin or CK-MB tests" names a result once, and its rule gave it to the first. What is read is shown, and
always unknown.
"""

from __future__ import annotations

import re

from equipoise.criteria.join import doubted
from equipoise.criteria.looks import Mend, Whole
from equipoise.rules.nodes import Predicate, Rule, changed

# Beginnings of what a result may be.
_RESULT = re.compile(
    r"\d|\b(?:[a-d]|[ivx]+)\b|\b(?:\w*positiv|\w*negativ|\w*normal|elevat|increas|decreas|low|high|reduc|\w*detect|\w*quantif"
    r"|rais|\w*significan|prolong|evidence|present|absen|impair|deficien|\w*reactiv|confirm|above|below|within|greater"
    r"|less|more|few|class|grade|stage|type|score|level|\w*suspicio|wors|better|improv|progress|ris[ei]|deteriorat|fall"
    r"|fluctuat|chang|\w*stabl|\w*control|poor|express|\w*amplif|mutat|overexpress|mild|moderat|severe|wild|derang"
    r"|\w*adequa|\w*sufficien|good|\w*accept|\w*known|out|outside|range|limit|\w*consisten|intermediate|short|long|excess|over"
    r"|under|small|large|border|not|loss|lack|lost|equivocal|\w*determin|inconclusiv|active|new|zero|symptom|compat"
    r"|indicat|diagnos|suppress|exceed|variab|\w*regular|wnl|\w*reassur|\w*certain|\w*accelerat|\w*stead|labile|delay|slow"
    r"|fast|rapid|fragment|immature|\w*match|\w*susceptib|\w*resistan|toxic|therapeutic|optimal|suboptimal|\w*toler"
    r"|brady|tachy|\w*satisf|\w*dysregul|wide|narrow|deplet|\w*conver|minimal|maxim|partial|complete|total|none|lapse"
    r"|\w*specified|\w*available|measur|\w*evaluab|\w*assess|\w*perform|done|against|to)"
)

# To have them is a result.
_FOUND = frozenset(("specific ige",))


def _resultless(whole: Whole) -> Rule:
    """
    Return a rule in doubt about each measurement of which it asks for no result.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> tested = Predicate(kind="measurement", concept=ConceptRef("troponin"), span=(9, 17), qualifier=("test",))
    >>> type(_resultless(Whole("Troponin test", 0, tested, exclusion=True))).__name__
    'All'
    """
    if whole.is_open or not any(map(_says_none, whole.facts)):
        return whole.rule
    return changed(whole.rule, lambda one: doubted(one, one.span) if one.span and _says_none(one) else one)


def _says_none(one: Predicate) -> bool:
    return (
        one.kind == "measurement"
        and one.op == "present"
        and bool(one.qualifier)
        and one.name not in _FOUND
        and not any(_RESULT.search(text) for text in one.qualifier)
    )


MEND = Mend(_resultless)
