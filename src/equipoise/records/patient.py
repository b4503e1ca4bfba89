"""
A patient as a set of dated facts, each with its assertion, its unit and where it was read.

The JSON is the one of a match: ``{"facts": [fact…], "complete": [kind…]}``. A fact that nobody stated is
unknown, unless ``complete`` says that the record lists everything of that kind. A date of birth is a fact of
kind ``demographic`` named ``born`` whose ``when`` is the date; age and sex are ``demographic`` too. An event
such as the onset of a stroke is a fact of kind ``event_time`` whose ``when`` is the moment.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec

from equipoise.errors import RecordError
from equipoise.records.moments import Moment

Number = int | float

FactKind = Literal[
    "demographic",
    "measurement",
    "condition",
    "drug",
    "procedure",
    "allergy",
    "variant",
    "prior_lines",
    "event_time",
    "duration",
    "administrative",
]
Assertion = Literal["present", "absent", "possible", "planned", "pending", "family", "historical"]

FACT_KINDS: tuple[str, ...] = get_args(FactKind)
ASSERTIONS: tuple[str, ...] = get_args(Assertion)


class FactConcept(msgspec.Struct, frozen=True):
    """What a fact is about: its name, and its codes by system."""

    name: str
    codes: Mapping[str, str] = {}


class SourceSpan(msgspec.Struct, frozen=True):
    """Where a fact was read: a document, and the characters in it where it is text."""

    document: str
    span: tuple[int, int] | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """
    One statement about a patient.

    ``range`` is the laboratory's own range of normal results, in the unit of ``value``. ``when`` is when it
    was so or began; ``until`` is when it ended, None where the record does not say. A fact without a concept
    is about everything of its kind ("no known allergies").
    """

    id: str
    kind: FactKind
    concept: FactConcept | None = None
    value: Number | str | None = None
    unit: str | None = None
    range: tuple[Number | None, Number | None] | None = None
    when: Moment | None = None
    until: Moment | None = None
    assertion: Assertion = "present"
    qualifier: tuple[str, ...] = ()
    alteration: str | None = None
    source: SourceSpan | None = None

    def __post_init__(self) -> None:
        numbers = (self.value, *(self.range or ()))
        if any(isinstance(one, float) and not math.isfinite(one) for one in numbers):
            raise ValueError("a number is not finite")
        if self.concept is None and self.assertion != "absent":
            raise ValueError("only a fact that something is absent may have no concept")

    @property
    def name(self) -> str:
        """The concept's name, or an empty string."""
        return self.concept.name if self.concept is not None else ""


class Patient(msgspec.Struct, frozen=True):
    """Everything that a record states of one person, and the kinds of which it states everything."""

    facts: tuple[Fact, ...] = ()
    complete: frozenset[FactKind] = frozenset()

    @property
    def last_entry(self) -> Moment | None:
        """The latest moment of a fact, plans aside; None where no fact has one."""
        whens = [fact.when for fact in self.facts if fact.when is not None and fact.assertion != "planned"]
        return max(whens, key=lambda when: when.period(by_clock=True, clock=0).last, default=None)

    def __post_init__(self) -> None:
        if len({fact.id for fact in self.facts}) < len(self.facts):
            raise ValueError("two facts have the same id")


def read_patient(tree: object, *, where: str | None = None) -> Patient:
    """
    Return the patient that a JSON object states; facts without an ``id`` are named ``f1``, ``f2`` … by place.

    >>> read_patient({"facts": [{"kind": "condition", "concept": {"name": "asthma"}}]}).facts[0].id
    'f1'

    Raises:
        RecordError: it does not have the form of a patient. The message names the place, never a value.
    """
    if isinstance(tree, Mapping) and isinstance(tree.get("facts"), list):
        facts = [{"id": f"f{n}"} | one if isinstance(one, dict) else one for n, one in enumerate(tree["facts"], 1)]
        tree = {**tree, "facts": facts}
    try:
        return msgspec.convert(tree, Patient, dec_hook=_moment)
    except msgspec.ValidationError as error:
        problem = re.sub(r"'.*'|\".*\"", "(a word)", str(error))
        raise RecordError(
            f"Not a patient: {problem}",
            where=where,
            next='A patient is {"facts": […], "complete": […]}; see docs/reference/rules.md for what a fact has.',
        ) from None


def patient_json(patient: Patient) -> dict[str, Any]:
    """Return the patient in the published form.

    >>> patient_json(Patient(complete=frozenset({"allergy"})))
    {'facts': [], 'complete': ['allergy']}
    """
    return {"facts": [fact_json(fact) for fact in patient.facts], "complete": sorted(patient.complete)}


def fact_json(fact: Fact) -> dict[str, Any]:
    """Return a fact in the published form; ``alteration`` is there for variants only."""
    built: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=str)
    for key in ("range", "qualifier"):
        built[key] = None if built[key] is None else list(built[key])
    if fact.source is not None and fact.source.span is not None:
        built["source"]["span"] = list(fact.source.span)
    if fact.alteration is None:
        del built["alteration"]
    return built


def _moment(kind: type, value: object) -> object:
    """Make what msgspec does not know by itself."""
    if kind is Moment and isinstance(value, str):
        try:
            return Moment(value)
        except ValueError:
            # The message of Moment may quote the text, and a patient's date has no place in a message.
            raise ValueError("Expected a moment as YYYY-MM-DDThh:mm+hh:mm, or a date") from None
    raise NotImplementedError(f"no such type in a patient: {kind.__name__}")
