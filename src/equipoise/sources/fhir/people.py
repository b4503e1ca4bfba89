"""The patient as a person: birth, sex, race and death; and what relatives had."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.sources.fhir.case import Case
from equipoise.sources.fhir.elements import Resource, code_of, codes_of, items, text, words_of
from equipoise.sources.fhir.naming import condition_named, untagged
from equipoise.sources.fhir.report import NotUsed
from equipoise.sources.fhir.times import Held, moment
from equipoise.terms.spelling import normal

_SEXES = {"male": "male", "female": "female", "m": "male", "f": "female"}
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_FIRST_DEGREE_WORDS = (
    "mother father parent sister brother sibling child son daughter mth fth prn sis bro sib nsib nsis nbro nmth nfth "
    "chld son dau dauc sonc nchild"
)
_FIRST_DEGREE = frozenset(_FIRST_DEGREE_WORDS.split())
# Words for "none of the categories" tell no race.
_NO_RACE = frozenset({"other", "other race", "unknown", "asked but unknown", "asked but no answer", "not stated"})


def sex_of(resource: Resource) -> str | None:
    """Return the sex that a Patient states, None where it states none or two.

    >>> sex_of({"gender": "female"}), sex_of({"gender": "unknown"})
    ('female', None)
    """
    stated = set(_stated_sexes(resource))
    return stated.pop() if len(stated) == 1 else None


def _stated_sexes(resource: Resource) -> Iterable[str]:
    said = [text(resource, "gender").lower()]
    said += [text(one, "valueCode").lower() for one in _extensions(resource, "birthsex")]
    return dict.fromkeys(_SEXES[one] for one in said if one in _SEXES)


def read_patient(resource: Resource, case: Case) -> None:
    """Add when the patient was born, the sex, the race and ethnicity, and the death."""
    born = moment(resource.get("birthDate"))
    for one in items(resource, "_birthDate", "extension"):
        if text(one, "url") == _BIRTH_TIME and born is not None:
            exact = moment(one.get("valueDateTime"))
            born = exact if exact is not None and exact[:10] == born[:10] else born
    if born is not None:
        case.add(resource, "demographic", "born", held=Held(born))
    else:
        case.partly(resource, "has no date of birth")
    sexes = list(_stated_sexes(resource))
    for sex in sexes:
        case.add(resource, "demographic", "sex", value=sex)
    if len(sexes) != 1:
        case.partly(resource, "states two sexes" if sexes else "states no sex that criteria name")
    for name in ("race", "ethnicity"):
        for group in _groups(resource, name):
            case.add(resource, "demographic", name, value=group)
    died = moment(resource.get("deceasedDateTime"))
    if died is not None or resource.get("deceasedBoolean") is True:
        case.add(resource, "event_time", "death", held=Held(died))
    if resource.get("active") is False:
        case.partly(resource, "is marked as no longer in use")
    if not case.facts:
        raise NotUsed("states nothing of the person")


def _extensions(resource: Resource, name: str) -> list[Resource]:
    return [one for one in items(resource, "extension") if text(one, "url") == _CORE + name]


def _groups(resource: Resource, name: str) -> list[str]:
    """Return the groups of a race or ethnicity extension, in words."""
    said = [
        normal(text(part, "valueCoding", "display"))
        for one in _extensions(resource, name)
        for part in items(one, "extension")
        if text(part, "url") == "ombCategory"
    ]
    return list(dict.fromkeys(words for words in said if words and words not in _NO_RACE))


def read_family(resource: Resource, case: Case) -> None:
    """Add each condition of a relative, as one of the family."""
    status = code_of(resource.get("status"))
    if status in ("entered-in-error", "health-unknown"):
        raise NotUsed("was entered in error" if status == "entered-in-error" else "says that nothing is known")
    relation = resource.get("relationship")
    said = normal(untagged(next(iter(words_of(relation)), "")))
    near = {code_of(relation), said.removeprefix("natural ")} & _FIRST_DEGREE
    conditions = items(resource, "condition")
    for condition in conditions:
        one = condition_named(condition.get("code"))
        if one is None:
            case.partly(resource, "a condition with neither a code nor words")
        elif one.assertion not in ("present", "historical", "family"):
            case.partly(resource, "a condition that its name denies or doubts")
        else:
            case.add_named(
                resource,
                one,
                codes=codes_of(condition.get("code")),
                held=Held(),
                assertion="family",
                qualifier=(said, "first degree relative" if near else ""),
            )
    if not conditions:
        raise NotUsed("lists no condition")
