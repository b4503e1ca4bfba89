"""
What a reader posts to the workbench: a note, a file, or facts already read, with corrections and answers.

It is held in memory for the request alone. Form fields:

::

    note, upload, facts                        the patient: text, a file, or the facts of the page that posts
    action                                     "read" reads the note anew, and drops the facts
    at, near, within, status, phase, country   when and where, as for a search
    numbers, study, order                      only these studies; the one of a sheet; what comes first
    fact.ID.assertion|value|unit|when|drop     a correction of a fact
    add.kind|name|assertion|value|unit|when    one more fact
    ask.N.kind|name|unit, ask.N.value          the answer to a question: a number, a moment, "yes" or "no"
    age, sex, has, takes                       who has no note: the few things that matter first
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from io import BytesIO
from typing import Any, NamedTuple, cast

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from equipoise.app.forms import limited, word
from equipoise.app.match_input import Given, given_facts, given_fhir, given_text
from equipoise.errors import InputError
from equipoise.find.overview import ORDERS, Order
from equipoise.intake.limits import MIB
from equipoise.records.moments import Moment
from equipoise.records.patient import ASSERTIONS, patient_json, read_patient
from equipoise.rules.names import MEASURED
from equipoise.terms.lexicon import Lexicon

LARGEST = 32 * MIB  # a patient's FHIR bundle has a few
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?")
_FILTERS = ("near", "within", "status", "phase", "country", "numbers")
_EDIT = re.compile(r"fact\.(\w+)\.(assertion|value|unit|when|drop)")


class Posted(msgspec.Struct, frozen=True):
    """A patient as posted, the filters as a search's parameters, and the study that is asked about, if one is."""

    given: Given
    filters: list[tuple[str, str]]
    study: str = ""
    order: Order = "fit"


class Sent(NamedTuple):
    """A form, and the bytes of the file that was sent with it."""

    form: FormData
    upload: bytes


class NoMoment(InputError):
    """What stands in “Seen at” is no moment; all else of the form may be right."""


class _InMemory(MultiPartParser):
    """Keeps what is posted out of temporary files: they are no place for a patient."""

    spool_max_size = LARGEST + MIB


_WRITE_MOMENT = "Write a date and a time as 2026-01-15 09:40, or the date alone."
_AGAIN = "Go back and try again with a shorter note or a smaller file."


def limited_patient(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield what is sent, up to the most that is taken of a patient."""
    return limited(request, LARGEST, next="No patient is that large. Send one at a time.")


async def read_form(request: Request) -> Sent:
    """
    Return a posted form, all of it in memory.

    Raises:
        InputError: it is too large, or is no form.
    """
    try:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            parser = _InMemory(request.headers, limited_patient(request), max_part_size=LARGEST, max_fields=5000)
            form = await parser.parse()
        else:
            form = await FormParser(request.headers, limited_patient(request)).parse()
    except MultiPartException:
        raise InputError("What was sent is no form, or is too large", where="this page", next=_AGAIN) from None
    try:
        upload = form.get("upload")
        return Sent(form, await upload.read() if isinstance(upload, UploadFile) else b"")
    finally:
        await form.close()


def read_posted(sent: Sent, lexicon: Lexicon) -> Posted:
    """
    Return the patient and the filters that a form states.

    Raises:
        InputError, RecordError: there is no patient in it, or one that cannot be read.
    """
    form = sent.form
    given = _given(sent, _moment(text(form, "at")), lexicon)
    tree = patient_json(given.patient)
    tree["facts"] = [*_corrected(tree["facts"], form), *_added(form)]
    patient = read_patient(tree, where="the facts on this page")
    filters = [(name, value) for name in _FILTERS for value in form.getlist(name) if isinstance(value, str) and value]
    return Posted(
        Given(patient, given.at, given.note, given.report), filters, text(form, "study"), _order(text(form, "order"))
    )


def _order(given: str) -> Order:
    return cast("Order", given) if given in ORDERS else "fit"


def text(form: FormData, name: str) -> str:
    """Return a field of a form without the space around it, empty where it has none."""
    return word(form, name).strip()


def _joined(given: str) -> str:
    """Return a date and a time as a moment has them; people write a space between."""
    return given.strip().replace(" ", "T")


def _moment(given: str) -> Moment | None:
    if not given:
        return None
    try:
        return Moment(_joined(given))
    except ValueError as error:
        raise NoMoment("“Seen at” is no moment", where="this page", next=_WRITE_MOMENT) from error


def _given(sent: Sent, at: Moment | None, lexicon: Lexicon) -> Given:
    form, data = sent
    note, facts = text(form, "note"), text(form, "facts")
    if data:
        if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            return given_fhir(BytesIO(data), at=at, several="Send the resources of one patient.")
        return given_text(data.decode("utf-8", "replace"), at=at, lexicon=lexicon)
    if facts and text(form, "action") != "read":
        tree = _tree(facts)
        stated = None if not isinstance(tree, dict) else _moment(str(tree.get("at") or ""))
        facts_of = tree.get("patient") if isinstance(tree, dict) else tree
        given = given_facts(facts_of, at=at or stated, where="the facts on this page")
        return msgspec.structs.replace(given, note=note or None)
    return given_text(note, at=at, lexicon=lexicon)


def _tree(facts: str) -> Any:
    try:
        return json.loads(facts)
    except (ValueError, RecursionError):
        raise InputError("The facts that were sent are no JSON", where="this page", next=_AGAIN) from None


def _corrected(facts: list[dict[str, Any]], form: FormData) -> list[dict[str, Any]]:
    """
    Return the facts with what was corrected, without those that were dropped.

    What a result came to goes with it: 84 platelets were a thrombocytopenia, and 150, typed instead, may be none.
    """
    edits: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        if (found := _EDIT.fullmatch(name)) and isinstance(value, str):
            edits.setdefault(found[1], {})[found[2]] = value.strip()
    kept, undone = [], []
    for fact in facts:
        edit = edits.get(fact["id"], {})
        changes = _changes(fact, edit)
        if (changes or edit.get("drop")) and not _is_derived(fact):
            undone.append(_span(fact))
        if not edit.get("drop"):
            kept.append(fact | changes)
    return [one for one in kept if not _is_derived(one) or _span(one) not in undone]


def _is_derived(fact: Mapping[str, Any]) -> bool:
    return MEASURED in fact.get("qualifier", ())


def _span(fact: Mapping[str, Any]) -> Any:
    """Return where in the note a fact was read, or nothing."""
    return (fact.get("source") or {}).get("span")


def _changes(fact: Mapping[str, Any], edit: Mapping[str, str]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if edit.get("assertion") in ASSERTIONS:
        changed["assertion"] = edit["assertion"]
    if "value" in edit:
        changed["value"] = _value(edit["value"])
    for name in ("unit", "when"):
        if name in edit:
            changed[name] = (_joined(edit[name]) if name == "when" else edit[name]) or None
    return {name: value for name, value in changed.items() if value != fact.get(name)}


def _value(given: str) -> float | int | str | None:
    if not _NUMBER.fullmatch(given):
        return given or None
    value = float(given.replace(",", "."))
    return int(value) if value == int(value) else value


def _added(form: FormData) -> list[dict[str, Any]]:
    """Return the facts that were added: by hand, by answers to questions, and by the short form."""
    added = [_fact(form, "add.")] if text(form, "add.name") else []
    places = sorted({name.split(".")[1] for name in form if re.fullmatch(r"ask\.\d+\.value", name)}, key=int)
    added += [_fact(form, f"ask.{place}.") for place in places if text(form, f"ask.{place}.value")]
    if age := text(form, "age"):
        added.append({"kind": "demographic", "concept": {"name": "age"}, "value": _value(age), "unit": "a"})
    if text(form, "sex") in ("female", "male"):
        added.append({"kind": "demographic", "concept": {"name": "sex"}, "value": text(form, "sex")})
    for field, kind in (("has", "condition"), ("takes", "drug")):
        names = [one.strip() for one in re.split(r"[,;\n]", text(form, field)) if one.strip()]
        added += [{"kind": kind, "concept": {"name": name}} for name in names]
    return [{"id": f"added{place}", **fact} for place, fact in enumerate(added, _next_number(form))]


def _next_number(form: FormData) -> int:
    """Return a number that no fact which an earlier form added has."""
    return 1 + max((int(one) for one in re.findall(r'"id":\s*"added(\d{1,6})"', text(form, "facts"))), default=0)


def _fact(form: FormData, prefix: str) -> dict[str, Any]:
    """Return one added fact; an answer of yes or no is its assertion, and a moment is when it was."""
    kind, name, value = (text(form, prefix + part) for part in ("kind", "name", "value"))
    fact: dict[str, Any] = {
        "kind": kind,
        "concept": {"name": name},
        "when": _joined(text(form, prefix + "when")) or None,
    }
    if value in ("yes", "no"):
        return {**fact, "assertion": "present" if value == "yes" else "absent"}
    if kind in ("event_time", "duration") and value:
        return {**fact, "kind": "event_time" if kind == "event_time" else "condition", "when": _joined(value)}
    said = text(form, prefix + "assertion")
    fact["assertion"] = said if said in ASSERTIONS else "present"
    return {**fact, "value": _value(value), "unit": text(form, prefix + "unit") or None}
