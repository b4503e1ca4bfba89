"""
Kinds of facts and of elements, the window of now, names of facts and words that more than one module asks after.

::

    given   = what is given or done
    facts   = what its bare name asks for: to have it, or to be given it
    now     = of today, and not of some time before
    listing = what parts the members of a list
    fertile = who can bear a child
    carrying = who bears or feeds one
    of_some = what some have by their sex and their age
    ahead   = said of what is to come
    links, people, studies, places = words that lead from one name to another, or stand for none
    either  = said of what is so now or was, in "prior or concurrent"
    anew    = words with which another name begins
"""

from __future__ import annotations

from equipoise.rules.nodes import Window

GIVEN = frozenset(("drug", "procedure"))
FACTS = GIVEN | {"condition"}

NOW = Window(anchor="screening", side="around")

JOINTS = frozenset(("or", "and", "slash"))
LISTING = JOINTS | {"comma"}

FERTILE = frozenset(("childbearing potential", "females of childbearing potential"))
CARRYING = frozenset(("pregnancy", "lactation"))
PREGNANCY_TESTS = frozenset(("pregnancy test", "serum pregnancy test"))
OF_SOME = FERTILE | {"menopause", "premenopausal"}

AHEAD = frozenset(("anticipated", "intended", "planned", "planning", "scheduled", "upcoming"))
LINKS = frozenset(("about", "against", "for", "from", "in", "of", "on", "to", "with"))
PEOPLE = frozenset(("individuals", "participants", "patients", "people", "persons", "subjects", "those"))
STUDIES = frozenset(("studies", "study", "trial", "trials"))
PLACES = frozenset(("affected", "contralateral", "eye", "eyes", "index", "ipsilateral", "operative", "study", "target"))
# "Prior or concurrent": at no time.
EITHER = frozenset(
    ("active", "concomitant", "concurrent", "current", "ongoing", "possible", "probable", "recent", "suspected")
)
# Between two names, these begin anew: "active cardiac disease or a history of cardiac dysfunction".
ANEW = frozenset(
    ("a", "an", "any", "diagnosis", "evidence", "has", "history", "known", "positive", "presence", "use", "who", "with")
)
