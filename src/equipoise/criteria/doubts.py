"""
Which looks at a criterion come when: those at what was read, and those at what was made of that.

The rule in which one of them finds something is shown, and always unknown.
"""

from __future__ import annotations

from equipoise.criteria import agethen, ajar, mingled, misgoverned, pitfalls, senses, unshared
from equipoise.criteria.looks import Looks

# What the words mean, and how the rule joined them; a mend would hide it.
FIRST = Looks(*pitfalls.LOOKS, *misgoverned.LOOKS, *senses.LOOKS, *mingled.LOOKS, *agethen.LOOKS)
# What no mend gave to all of its parts, and the joints that are left.
LAST = Looks(*unshared.LOOKS, *ajar.LOOKS)
