"""
How much a distance counts, by Elasticsearch's decay functions, as the registry's ``geoDecay`` has them.

    decay = part ("," part)*
    part  = "func:" ("gauss" | "exp" | "linear") | "scale:" length | "offset:" length | "decay:" number
    length = number ("km" | "mi")

Up to *offset* a distance counts in full; *scale* beyond it counts *decay* times as much.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from equipoise.errors import QueryError
from equipoise.find.near import KM_PER_MILE

FUNCTIONS = ("gauss", "exp", "linear")
_PART = re.compile(
    r"func:(?P<func>\w+)|scale:(?P<scale>\d+(?:\.\d+)?)(?P<scale_unit>km|mi)"
    r"|offset:(?P<offset>\d+(?:\.\d+)?)(?P<offset_unit>km|mi)|decay:(?P<decay>\d*\.?\d+)"
)
_NEXT = "Write it as func:exp,scale:300mi,offset:0mi,decay:0.5; func is gauss, exp or linear."


class Decay(msgspec.Struct, frozen=True):
    """A decay function; ``scale`` and ``offset`` are in km. The values are the registry's usual ones."""

    func: str = "exp"
    scale: float = 300 * KM_PER_MILE
    offset: float = 0.0
    decay: float = 0.5

    def weights(self, km: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return how much each distance counts, from 0 to 1; an unknown one (NaN) counts nothing.

        >>> Decay("linear", scale=100, decay=0.5).weights(np.array([0.0, 100.0, 200.0, np.nan])).tolist()
        [1.0, 0.5, 0.0, 0.0]
        """
        beyond = np.maximum(0.0, km.astype(np.float64) - self.offset)
        if self.func == "gauss":
            weights = np.exp(math.log(self.decay) * (beyond / self.scale) ** 2)
        elif self.func == "exp":
            weights = np.exp(math.log(self.decay) * beyond / self.scale)
        else:
            weights = np.maximum(0.0, 1 - beyond * (1 - self.decay) / self.scale)
        return np.nan_to_num(weights, nan=0.0)


def read_decay(text: str) -> Decay:
    """
    Return the decay function that *text* asks for; what it leaves out is as usual.

    >>> read_decay("func:linear,scale:100km").decay
    0.5

    Raises:
        QueryError: it is none.
    """
    values: dict[str, float | str] = {}
    start = 0
    for part in text.split(",") if text else []:
        span = (start, start + max(1, len(part)))
        start += len(part) + 1
        found = _PART.fullmatch(part.strip())
        name = found and next(name for name in ("func", "scale", "offset", "decay") if found[name] is not None)
        if found is None or name is None or (name == "func" and found["func"] not in FUNCTIONS):
            raise QueryError("This part of geoDecay cannot be read", text=text, span=span, next=_NEXT)
        if name == "func":
            values[name] = found["func"]
            continue
        number = float(found[name])
        if (name == "scale" and number == 0) or (name == "decay" and not 0 < number < 1):
            problem = "The scale must be above 0" if name == "scale" else "The decay must lie between 0 and 1"
            raise QueryError(problem, text=text, span=span, next=_NEXT)
        in_miles = name != "decay" and found[f"{name}_unit"] == "mi"
        values[name] = number * KM_PER_MILE if in_miles else number
    return msgspec.convert(values, Decay)
