"""
Which mends of a criterion, and which looks at it, come when: looks at what was read, and at what was made of that.

The rule in which a look finds something is shown, and always unknown.
"""

from __future__ import annotations

from equipoise.criteria import (
    agethen,
    ajar,
    currently,
    deemed,
    duties,
    eithers,
    entangled,
    evidenced,
    fertile,
    grades,
    halved,
    joints,
    likewise,
    lostwords,
    mingled,
    misgoverned,
    moments,
    ofparts,
    ofsome,
    pitfalls,
    planned,
    resultless,
    senses,
    stray,
    tied,
    uneven,
    unshared,
)
from equipoise.criteria.looks import Looks, Mends

# What belongs to which name.
EARLY = Mends(evidenced.MEND, stray.MEND, deemed.MEND, senses.MEND, *lostwords.MENDS)
# What the words mean, and how the rule joined them: a later mend would hide it.
FIRST = Looks(*pitfalls.LOOKS, *misgoverned.LOOKS, *senses.LOOKS, *mingled.LOOKS, *agethen.LOOKS, *joints.LOOKS)
# Of whom, since when, and of what kind.
LATE = Mends(
    fertile.MEND,
    *duties.MENDS,
    *tied.MENDS,
    *planned.MENDS,
    *currently.MENDS,
    *eithers.MENDS,
    grades.MEND,
    halved.MEND,
    likewise.MEND,
    resultless.MEND,
    ofparts.MEND,
    uneven.MEND,
)
# What no mend gave to all of its parts, and the joints that are left.
LAST = Looks(
    *unshared.LOOKS, *ajar.LOOKS, *entangled.LOOKS, *ofsome.LOOKS, *joints.LATER, *moments.LOOKS, *lostwords.LOOKS
)
