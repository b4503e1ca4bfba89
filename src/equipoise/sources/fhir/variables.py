"""The catalogue's variable that an observation's code names."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from equipoise.sources.fhir.elements import Coding, codings, words_of
from equipoise.sources.fhir.naming import find, untagged
from equipoise.terms.coded import named
from equipoise.terms.spelling import normal
from equipoise.terms.variables import Variable, variables

# LOINC's long names: what is measured, the property in brackets, the specimen, the method.
_LONG = re.compile(
    r"^(?P<what>[^\[]+?)\s*(?:\[[^\]]*\]\s*)?(?:\bin\s+(?P<where>.+?))?"
    r"(?:\s+by\s+.*|\s*--.*|\s+-\s+Reported.*)?$"
)
_BLOOD = re.compile(r"\b(?:blood|serum|plasma)\b", re.I)
_FASTING = re.compile(r"\bfasting\b|--post .*fast", re.I)


class NamedVariable(msgspec.Struct, frozen=True):
    """A variable's name, the catalogue's entry where it has one, and the qualifiers that the code states."""

    name: str
    variable: Variable | None = None
    qualifier: tuple[str, ...] = ()
    known: bool = False


def variable_named(concept: object, *, blood: bool = True) -> NamedVariable | None:
    """
    Return what an observation's code names, None where it has neither code nor words.

    With *blood* False the specimen is another one, and the words alone, which do not say so, name no variable.

    >>> variable_named({"coding": [{"system": "http://loinc.org", "code": "2345-7"}]}).name
    'blood glucose'
    >>> variable_named({"text": "Glucose"}, blood=False).known
    False
    """
    coded, said = tuple(codings(concept)), tuple(words_of(concept))
    if not coded and not said:
        return None
    return _named(coded, said, blood)


@lru_cache(maxsize=4096)
def _named(coded: tuple[Coding, ...], said: tuple[str, ...], blood: bool) -> NamedVariable:
    fasting = ("fasting",) if any(_FASTING.search(words) for words in said) else ()
    for coding in coded:
        row = named(coding.system, coding.code)
        if row is not None and row.kind == "measurement":
            variable = variables().find(row.names[0])
            fasted = ("fasting",) if row.names[0] == "fasting glucose" else fasting
            return NamedVariable(row.names[0], variable, fasted, known=_known(row.names[0]))
    short = tuple(one.code for one in coded if one.code and not one.code[0].isdigit())
    for words in (*said, *short):
        found = _variable(words, blood)
        if found is not None:
            return NamedVariable(found.name, found, fasting, known=True)
    name = normal(untagged(said[0])) if said else f"{coded[0].system.rpartition('/')[2]} {coded[0].code}"
    if not blood:
        return NamedVariable(name, None, fasting)
    test = find(name)
    measured = test is not None and test.kind == "measurement"
    return NamedVariable(test.name if test is not None and measured else name, None, fasting, known=measured)


def _variable(words: str, blood: bool) -> Variable | None:
    """Return the variable that words name: whole, or as a long name of LOINC whose specimen is blood."""
    words = untagged(words)
    if blood:
        whole = variables().find(words) or variables().find(re.sub(r"\s+(?:total|score)$", "", words, flags=re.I))
        if whole is not None:
            return whole
    long = _LONG.match(words)
    if long is None or not long["where"] or not _BLOOD.search(long["where"]):
        return None
    return variables().find(re.sub(r"\.(\w+)$", r" \1", long["what"])) or variables().find(long["what"])


def _known(name: str) -> bool:
    if variables().find(name) is not None:
        return True
    concept = find(name)
    return concept is not None
