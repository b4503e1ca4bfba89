"""Equipoise: find, read and match clinical trials, offline.

Public names load when they are first used, so that ``import equipoise`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.criteria.compile import compile_criteria
    from equipoise.criteria.records import Criterion
    from equipoise.errors import EquipoiseError, UserError
    from equipoise.find.patient_match import match
    from equipoise.find.query import Query
    from equipoise.find.related import related_studies
    from equipoise.find.search import search
    from equipoise.intake.load import load
    from equipoise.intake.opening import open_library, read_studies
    from equipoise.notes.reader import read_note
    from equipoise.records.moments import Moment
    from equipoise.records.patient import Fact, Patient, read_patient
    from equipoise.records.study import Study
    from equipoise.rules.answer import Answer
    from equipoise.rules.english import describe_rule
    from equipoise.rules.evaluate import evaluate

_HOMES = {
    "Answer": "equipoise.rules.answer",
    "Criterion": "equipoise.criteria.records",
    "EquipoiseError": "equipoise.errors",
    "Fact": "equipoise.records.patient",
    "Moment": "equipoise.records.moments",
    "Patient": "equipoise.records.patient",
    "Query": "equipoise.find.query",
    "Study": "equipoise.records.study",
    "UserError": "equipoise.errors",
    "compile_criteria": "equipoise.criteria.compile",
    "describe_rule": "equipoise.rules.english",
    "evaluate": "equipoise.rules.evaluate",
    "load": "equipoise.intake.load",
    "match": "equipoise.find.patient_match",
    "open_library": "equipoise.intake.opening",
    "read_note": "equipoise.notes.reader",
    "read_patient": "equipoise.records.patient",
    "read_studies": "equipoise.intake.opening",
    "related_studies": "equipoise.find.related",
    "search": "equipoise.find.search",
}

__all__ = [
    "Answer",
    "Criterion",
    "EquipoiseError",
    "Fact",
    "Moment",
    "Patient",
    "Query",
    "Study",
    "UserError",
    "compile_criteria",
    "describe_rule",
    "evaluate",
    "load",
    "match",
    "open_library",
    "read_note",
    "read_patient",
    "read_studies",
    "related_studies",
    "search",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'equipoise' has no attribute {name!r}")
