"""
The filters of a search: one table from which the command line's options, the page's
facets, the query's English and the masks over the columns all come.

A study that does not state a filter's field is kept and ranked after those that state it:
a missing age limit is no limit, and a record that is silent on its status may be open.
``Query.stated_only`` leaves such studies out.
"""

from __future__ import annotations

import difflib

import msgspec

from equipoise.errors import QueryError
from equipoise.store.columns import NO_PHASE, NOT_STATED
from equipoise.terms.countries import country_code, in_running_text
from equipoise.terms.enums import enumerations, term

SAID = {
    NOT_STATED: "Not stated",
    NO_PHASE: "No phase (not an interventional study)",
    "yes": "Yes",
    "no": "No",
    "posted": "Results posted",
    "none": "No results posted",
}


class Filter(msgspec.Struct, frozen=True):
    """A field by which a search is narrowed.

    ``name`` is the column's; ``enum`` the enumeration that its values come from, if any;
    ``phrase`` how a chosen value reads in the query's English.
    """

    name: str
    label: str
    help: str
    enum: str | None = None
    phrase: str = "{}"

    def words(self, value: str) -> str:
        """Return how a value is shown to readers."""
        if value in SAID:
            return SAID[value]
        return term(self.enum, value).short if self.enum else value

    def said(self, value: str) -> str:
        """Return how a value stands in a sentence."""
        return in_running_text(value) if self.name == "country" else self.words(value)


FILTERS: tuple[Filter, ...] = (
    Filter("status", "Status", "Whether people can join now.", "Status"),
    Filter("phase", "Phase", "How far a treatment's testing has come.", "Phase"),
    Filter("type", "Study type", "Whether a treatment is assigned or people are only observed.", "StudyType"),
    Filter(
        "age_group",
        "Age group",
        "Children to 17, adults from 18, older adults from 65.",
        "StandardAge",
        "age group: {}",
    ),
    Filter("sex", "Sex", "Who may join by sex; a study for all is for either.", "Sex", "sex: {}"),
    Filter(
        "healthy",
        "Healthy volunteers",
        "Whether people without the condition may join.",
        phrase="healthy volunteers: {}",
    ),
    Filter("intervention", "Intervention type", "What is given or done.", "InterventionType", "with {}"),
    Filter("country", "Country", "Where the study has a site.", phrase="in {}"),
    Filter("sponsor", "Sponsor", "What kind of organization leads the study.", "AgencyClass", "sponsor: {}"),
    Filter("results", "Results", "Whether results are posted in the registry."),
)

BY_NAME = {one.name: one for one in FILTERS}

# How people write values that no table lists.
_ALSO = {
    "status": {"active": "ACTIVE_NOT_RECRUITING", "open": "RECRUITING", "unknown": "UNKNOWN"},
    "phase": {"0": "EARLY_PHASE1", "early 1": "EARLY_PHASE1", "n/a": "NA", "none": NO_PHASE}
    | {str(number): f"PHASE{number}" for number in range(1, 5)}
    | {numeral: f"PHASE{number}" for number, numeral in enumerate(("i", "ii", "iii", "iv"), 1)}
    | {f"phase {numeral}": f"PHASE{number}" for number, numeral in enumerate(("i", "ii", "iii", "iv"), 1)}
    | {f"phase {number}": f"PHASE{number}" for number in range(1, 5)},
    "sex": {"f": "FEMALE", "m": "MALE", "women": "FEMALE", "men": "MALE"},
    "healthy": {"y": "yes", "true": "yes", "n": "no", "false": "no"},
    "results": {"with": "posted", "yes": "posted", "without": "none", "no": "none"},
}


def _values(one: Filter, present: list[str]) -> dict[str, str]:
    """Return how each value may be written, in lower case, and the value."""
    named: dict[str, str] = {}
    if one.enum:
        for value, known in enumerations()[one.enum].items():
            named |= {text.casefold(): value for text in (value, known.label, known.short)}
    named |= {text.casefold(): text for text in present if text}
    if one.name == "phase":
        named |= {text.casefold(): NO_PHASE for text in (NO_PHASE, SAID[NO_PHASE])}
    if one.name in ("healthy", "results"):
        named |= {value: value for value in (("yes", "no") if one.name == "healthy" else ("posted", "none"))}
    return named | _ALSO.get(one.name, {}) | {"not stated": NOT_STATED}


def read_value(one: Filter, text: str, present: list[str]) -> str:
    """Return the value that *text* means; *present* are the values that the library has.

    >>> read_value(BY_NAME["phase"], "3", []), read_value(BY_NAME["status"], "not yet recruiting", [])
    ('PHASE3', 'NOT_YET_RECRUITING')

    Raises:
        QueryError: no such value; the message names the nearest.
    """
    named = _values(one, present)
    wanted = " ".join(text.casefold().replace("_", " ").split())
    for form in (text.strip().casefold(), wanted, wanted.replace(" ", "_")):
        if form in named:
            return named[form]
    if one.name == "country" and (code := country_code(text)):
        same = [name for name in present if name and country_code(name) == code]
        if same:
            return same[0]
    listed = [form for form in named if form not in _ALSO.get(one.name, {})]
    near = difflib.get_close_matches(wanted, listed, n=3, cutoff=0.5)
    meant = list(dict.fromkeys(one.words(named[form]) for form in near))
    every = list(dict.fromkeys(one.words(value) for value in named.values()))
    known = f"Did you mean {' or '.join(meant)}?" if meant else f"Values are: {', '.join(every[:20])}."
    raise QueryError(f"No such value of {one.label.lower()}", text=text, span=(0, len(text)), next=known)


def read_values(one: Filter, text: str, present: list[str]) -> tuple[str, ...]:
    """Return the values that *text* means: one, or for phases those on both sides of a slash.

    >>> read_values(BY_NAME["phase"], "Phase 2 / Phase 3", [])
    ('PHASE2', 'PHASE3')

    Raises:
        QueryError: no such value.
    """
    parts = text.split("/") if one.name == "phase" and text.casefold() != "n/a" else [text]
    return tuple(read_value(one, part.strip(), present) for part in parts)
