"""
The facets of the registry's search page, as the parameter ``aggFilters`` has them.

::

    aggFilters = facet (("," | "|") facet)*
    facet      = id ":" key (" " key)*

The keys of a facet are alternatives, also where the facet is repeated. Besides the registry's
keys the values of the field are taken (``phase:PHASE2``), which clients send as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from equipoise.app.api_v2.reading import fault
from equipoise.find.suggest import nearest
from equipoise.terms.enums import enumerations

NAME = "aggFilters"

_BETWEEN = re.compile(r"[,|]")


class Facet(msgspec.Struct, frozen=True):
    """A facet. ``filter`` is the filter of a search that it is, and ``keys`` the value of each key.

    Where no filter has it, the values are expressions, in ``area`` for a value of ``enum``.
    """

    keys: dict[str, str]
    filter: str = ""
    enum: str = ""
    area: str = ""

    def values(self) -> dict[str, str]:
        """Return what each value of the field stands for, written in place of a key."""
        values = enumerations().get(self.enum, {})
        return {value: f"AREA[{self.area}]{value}" if self.area else value for value in values}


FACETS = {
    "status": Facet(
        {
            "not": "NOT_YET_RECRUITING",
            "rec": "RECRUITING",
            "act": "ACTIVE_NOT_RECRUITING",
            "com": "COMPLETED",
            "ter": "TERMINATED",
            "enr": "ENROLLING_BY_INVITATION",
            "sus": "SUSPENDED",
            "wit": "WITHDRAWN",
            "unk": "UNKNOWN",
            "ava": "AVAILABLE",
            "nla": "NO_LONGER_AVAILABLE",
            "tna": "TEMPORARILY_NOT_AVAILABLE",
            "afm": "APPROVED_FOR_MARKETING",
        },
        "status",
        "Status",
    ),
    "phase": Facet({"0": "EARLY_PHASE1", **{str(n): f"PHASE{n}" for n in range(1, 5)}, "NA": "NA"}, "phase", "Phase"),
    "studyType": Facet(
        {"int": "INTERVENTIONAL", "obs": "OBSERVATIONAL", "exp": "EXPANDED_ACCESS"}, "type", "StudyType"
    ),
    "ages": Facet({"child": "CHILD", "adult": "ADULT", "older": "OLDER_ADULT"}, "age_group", "StandardAge"),
    "sex": Facet({"f": "FEMALE", "m": "MALE"}, "sex", "Sex"),
    "healthy": Facet({"y": "yes", "n": "no"}, "healthy"),
    "results": Facet({"with": "posted", "without": "none"}, "results"),
    "funderType": Facet(
        {
            "nih": "AREA[FunderTypeSearch]NIH",
            "fed": "AREA[FunderTypeSearch]FED",
            "industry": "AREA[FunderTypeSearch]INDUSTRY",
            "other": "AREA[FunderTypeSearch](OTHER OR OTHER_GOV OR INDIV OR NETWORK OR AMBIG OR UNKNOWN)",
        },
        enum="AgencyClass",
        area="FunderTypeSearch",
    ),
    "docs": Facet(
        {
            "prot": "AREA[LargeDocHasProtocol]true",
            "sap": "AREA[LargeDocHasSAP]true",
            "icf": "AREA[LargeDocHasICF]true",
        }
    ),
    "violation": Facet({"y": "AREA[FDAAA801Violation]true"}),
}


class Chosen(msgspec.Struct, frozen=True):
    """The facets chosen, as values of filters and as expressions of which each must hold."""

    values: dict[str, tuple[str, ...]]
    expressions: tuple[str, ...]


def _meant(word: str, known: Iterable[str]) -> str:
    return "".join(f"Did you mean {one}? " for one in nearest(word, known, most=1))


def _value(name: str, key: str, whole: str) -> str:
    facet = FACETS[name]
    values = facet.values()
    found = facet.keys.get(key) or facet.keys.get(key.lower()) or values.get(key.upper())
    if found is None:
        at = whole.find(key)
        next = f"{_meant(key, facet.keys | values)}Keys of {name} are: {', '.join(facet.keys)}."
        raise fault(NAME, whole, f"`{name}` has no key `{key[:40]}`", next=next, span=(at, at + len(key)))
    return found


def read_facets(text: str) -> Chosen:
    """Return the facets that *text* chooses.

    >>> read_facets("status:rec not,results:with").values
    {'status': ('RECRUITING', 'NOT_YET_RECRUITING'), 'results': ('posted',)}

    Raises:
        QueryError: a facet or a key is not known.
    """
    chosen: dict[str, dict[str, None]] = {}
    for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        name, colon, keys = part.partition(":")
        if not colon or name not in FACETS or not keys.split():
            at = text.find(part)
            meant = "" if name in FACETS else _meant(name, FACETS)
            listed = f"{meant}Facets are: {', '.join(FACETS)}; write them as `status:rec not`."
            raise fault(NAME, text, "This is no facet with its keys", next=listed, span=(at, at + len(part)))
        for key in keys.split():
            chosen.setdefault(name, {})[_value(name, key, text)] = None
    values = {FACETS[name].filter: tuple(several) for name, several in chosen.items() if FACETS[name].filter}
    others = [several for name, several in chosen.items() if not FACETS[name].filter]
    return Chosen(values, tuple(" OR ".join(several) for several in others))
