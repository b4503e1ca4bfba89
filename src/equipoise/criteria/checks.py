"""
Which mends of a criterion, and which looks at it, come when: looks at what was read, and at what was made of that.

The rule in which a look finds something is shown, and always unknown.
"""

from __future__ import annotations

from equipoise.criteria import (
    agethen,
    ajar,
    besides,
    closed,
    currently,
    deemed,
    defined,
    duties,
    eithers,
    eitherway,
    entangled,
    evidenced,
    fertile,
    grades,
    halved,
    instances,
    joints,
    kindred,
    likewise,
    lostwords,
    mingled,
    misgoverned,
    moments,
    ofparts,
    ofsome,
    omitted,
    pitfalls,
    planned,
    reasoned,
    resultless,
    scoped,
    senses,
    stray,
    swallowed,
    taken,
    tied,
    uneven,
    unshared,
)
from equipoise.criteria.looks import Looks, Mends

# What belongs to which name.
EARLY = Mends(
    reasoned.MEND,
    *kindred.MENDS,
    swallowed.MEND,
    evidenced.MEND,
    stray.MEND,
    deemed.MEND,
    senses.MEND,
    *lostwords.MENDS,
    *omitted.MENDS,
)
# What the words mean, and how the rule joined them: a later mend would hide it.
FIRST = Looks(*pitfalls.LOOKS, *misgoverned.LOOKS, *senses.LOOKS, *mingled.LOOKS, *agethen.LOOKS, *joints.LOOKS)
# Of whom, since when, and of what kind.
LATE = Mends(
    fertile.MEND,
    *duties.MENDS,
    *tied.MENDS,
    *planned.MENDS,
    *currently.MENDS,
    *besides.MENDS,
    *eithers.MENDS,
    *eitherway.MENDS,
    closed.MEND,
    instances.MEND,
    grades.MEND,
    halved.MEND,
    likewise.MEND,
    resultless.MEND,
    ofparts.MEND,
    taken.MEND,
    defined.MEND,
    *scoped.MENDS,
    uneven.MEND,
)
# What no mend gave to all of its parts, and the joints that are left.
LAST = Looks(
    *unshared.LOOKS,
    *ajar.LOOKS,
    *entangled.LOOKS,
    *ofsome.LOOKS,
    *joints.LATER,
    *moments.LOOKS,
    *lostwords.LOOKS,
    *omitted.LOOKS,
    *besides.LOOKS,
    *scoped.LOOKS,
)
# A criterion's words are asked once for all four.
Looks.share(EARLY, FIRST, LATE, LAST)
