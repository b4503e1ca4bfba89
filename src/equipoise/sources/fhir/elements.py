"""
The elements of a resource, taken as they come: what has another form than R4's counts as missing.

A resource is plain JSON. Whoever reads one asks for an element by its path and gets it in the form that R4 gives it,
or nothing; nothing is ever raised over a wrong form, so that one odd element cannot hide a whole record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

Resource = dict[str, Any]

# The systems whose codes a fact keeps, by their address.
_SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-9-cm": "icd9cm",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "http://www.whocc.no/atc": "atc",
    "http://www.ama-assn.org/go/cpt": "cpt",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
}
# Invisible signs that some systems put where a name may be broken.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# The largest number that any measurement has, with room to spare; beyond it arithmetic itself fails.
LARGEST = 1e15


class Coding(msgspec.Struct, frozen=True):
    """One code, its system by our name (or its address), and the words beside it."""

    system: str
    code: str
    display: str = ""


def child(tree: object, *path: str) -> object:
    """Return the element at a path of keys, the first of a list on the way; None where there is none.

    >>> child({"a": [{"b": 1}]}, "a", "b"), child({"a": 3}, "a", "b")
    (1, None)
    """
    for key in path:
        if isinstance(tree, list):
            tree = tree[0] if tree else None
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def text(tree: object, *path: str) -> str:
    """Return the string at a path, empty where there is none.

    >>> text({"code": {"text": " Heart  rate "}}, "code", "text"), text({"code": 3}, "code")
    ('Heart rate', '')
    """
    found = child(tree, *path)
    return " ".join(_INVISIBLE.sub("", found).split()) if isinstance(found, str) else ""


def items(tree: object, *path: str) -> list[Resource]:
    """Return the objects at a path: a list's, or the one that stands there.

    >>> items({"stage": [{"n": 1}, 3]}, "stage"), items({"stage": {"n": 1}}, "stage")
    ([{'n': 1}], [{'n': 1}])
    """
    found = child(tree, *path)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, dict)]


def number(tree: object, *path: str) -> int | float | None:
    """Return the number at a path, None for none and for one that nothing can have.

    >>> number({"value": 1.5}, "value"), number({"value": True}, "value"), number({"value": 10 ** 40}, "value")
    (1.5, None, None)
    """
    found = child(tree, *path)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    return found if -LARGEST < found < LARGEST else None


def codings(concept: object) -> Iterator[Coding]:
    """Yield the codes of a CodeableConcept, or the one of a Coding."""
    own = [concept] if isinstance(concept, dict) and "code" in concept else []
    for one in (*items(concept, "coding"), *own):
        code, system = text(one, "code"), text(one, "system")
        if code or text(one, "display"):
            yield Coding(_SYSTEMS.get(system.rstrip("/"), system), code, text(one, "display"))


def codes_of(concept: object) -> dict[str, str]:
    """Return the codes of the systems that a fact keeps, the first of each."""
    kept: dict[str, str] = {}
    for one in codings(concept):
        if one.code and one.system in _SYSTEMS.values():
            kept.setdefault(one.system, one.code)
    return kept


def words_of(concept: object) -> list[str]:
    """Return what a CodeableConcept says in words: its own text, then those of its codes."""
    said = [text(concept, "text"), *(one.display for one in codings(concept))]
    return list(dict.fromkeys(words for words in said if words))


def code_of(element: object) -> str:
    """
    Return the code of a status, in lower case.

    Earlier versions write a plain string where R4 has a CodeableConcept; the codes are the same.

    >>> code_of({"coding": [{"code": "active"}]}), code_of("Active"), code_of(None)
    ('active', 'active', '')
    """
    if isinstance(element, str):
        return element.strip().lower()
    return next((one.code.lower() for one in codings(element) if one.code), text(element, "text").lower())


def reference_of(element: object) -> str:
    """
    Return what a Reference points at: ``Type/id``, ``urn:uuid:…`` or ``#contained``; empty where it does not say.

    >>> reference_of({"reference": "https://host/fhir/Patient/1/_history/2"}), reference_of({"reference": "#m"})
    ('Patient/1', '#m')
    """
    return normal_reference(text(element, "reference"))


def normal_reference(said: str) -> str:
    """Return the reference without the server and the version."""
    if said.startswith(("#", "urn:")):
        return said
    parts = said.partition("/_history/")[0].split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else ""
