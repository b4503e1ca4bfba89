"""The OpenAPI document (3.0.3), made from the tables of parameters and fields."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.api_v2.describing import API_VERSION
from equipoise.app.api_v2.parameters import (
    ENDPOINTS,
    LONGEST,
    NUMBER,
    Endpoint,
    Parameter,
    formats_of,
    parameters_of,
)
from equipoise.app.api_v2.schemas import answer_schemas, reference, study_schemas
from equipoise.app.api_v2.serving import answer_json

Json = dict[str, Any]

_TEXT: Json = {"text/plain": {"schema": {"type": "string"}}}


def _value_schema(parameter: Parameter, endpoint: str) -> Json:
    kinds = {"integer": "integer", "boolean": "boolean"}
    schema: Json = {"type": kinds.get(parameter.kind, "string")}
    if values := formats_of(endpoint, parameter):
        schema["enum"] = list(values)
    if parameter.pattern:
        schema["pattern"] = parameter.pattern
    if parameter.kind == "integer":
        schema |= {"minimum": 0, "format": "int32"}
    if parameter.kind == "text" and not parameter.values and not parameter.pattern:
        schema["maxLength"] = LONGEST
    return schema


def _typed(parameter: Parameter) -> str | int | bool | None:
    if parameter.default is None or parameter.kind == "text":
        return parameter.default
    return int(parameter.default) if parameter.kind == "integer" else parameter.default == "true"


def _parameter(parameter: Parameter, endpoint: str) -> Json:
    schema = _value_schema(parameter, endpoint)
    described: Json = {"name": parameter.name, "in": "query", "description": parameter.help, "required": False}
    if parameter.kind == "list":
        schema = {"type": "array", "items": schema} | ({"maxItems": parameter.most} if parameter.most else {})
        described |= {"style": "form", "explode": False}
    if parameter.default is not None:
        schema["default"] = _typed(parameter)
    if parameter.example:
        described["example"] = parameter.example.split(",") if parameter.kind == "list" else parameter.example
    return described | {"schema": schema}


def _number() -> Json:
    return {
        "name": "nctId",
        "in": "path",
        "required": True,
        "description": "The study's number, or one that it had before.",
        "schema": {"type": "string", "pattern": NUMBER},
        "example": "NCT04280705",
    }


def _of_list(name: str) -> Json:
    return {"application/json": {"schema": {"type": "array", "items": reference(name)}}}


_CONTENT: dict[str, Json] = {
    "studies": {
        "application/json": {"schema": reference("PagedStudies")},
        "text/csv": {"schema": {"type": "string"}},
    },
    "study": {
        "application/json": {"schema": reference("Study")},
        "text/csv": {"schema": {"type": "string"}},
        "application/zip": {"schema": {"type": "string", "format": "binary"}},
        "application/fhir+json": {"schema": {"type": "object"}},
        "application/x-research-info-systems": {"schema": {"type": "string"}},
    },
    "metadata": _of_list("FieldNode"),
    "areas": _of_list("DocumentNode"),
    "enums": _of_list("EnumNode"),
    "size": {"application/json": {"schema": reference("RecordSizes")}},
    "values": _of_list("FieldValues"),
    "sizes": _of_list("FieldSizes"),
    "version": {"application/json": {"schema": reference("Version")}},
}

_PAGING: Json = {
    "x-next-page-token": {"description": "With CSV: the token for the next page.", "schema": {"type": "string"}},
    "x-total-count": {"description": "With CSV: how many studies there are.", "schema": {"type": "integer"}},
}

_ERRORS = {
    "400": "A parameter is not understood; the text says which, where, and what to do.",
    "404": "There is no such study or field.",
    "414": "The address is too long.",
    "503": "The library is empty or cannot be opened.",
}


def _responses(name: str) -> Json:
    ok: Json = {"description": "What was asked for.", "content": _CONTENT[name]}
    if name == "studies":
        ok["headers"] = _PAGING
    responses: Json = {"200": ok, "304": {"description": "Unchanged since the ETag that was sent."}}
    if name == "study":
        responses["301"] = {"description": "The study has another number now."}
    for status, words in _ERRORS.items():
        if status != "404" or name in ("study", "values", "sizes"):
            responses[status] = {"description": words, "content": _TEXT}
    return responses


def _operation(endpoint: Endpoint) -> Json:
    parameters = [_number()] if endpoint.name == "study" else []
    parameters += [_parameter(one, endpoint.name) for one in parameters_of(endpoint.name).values()]
    return {
        "operationId": endpoint.name,
        "summary": endpoint.help,
        "tags": ["Stats" if endpoint.path.startswith("/stats") else "Studies"],
        "parameters": parameters,
        "responses": _responses(endpoint.name),
    }


@cache
def openapi() -> Json:
    """Return the OpenAPI document; its address is relative, so that it holds wherever it is served."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Equipoise: the ClinicalTrials.gov API over a local library",
            "version": API_VERSION,
            "description": "The registry's API v2, answered from a library on this computer. "
            "Words and limits are explained in `docs/reference/api-v2.md`.",
        },
        "servers": [{"url": "/api/v2"}],
        "paths": {one.path: {"get": _operation(one)} for one in ENDPOINTS},
        "components": {"schemas": study_schemas() | answer_schemas()},
    }


def show_openapi(request: Request) -> Response:
    """Answer with the OpenAPI document."""
    return answer_json(request, openapi())
