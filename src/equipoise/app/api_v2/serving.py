"""What all addresses of the API share: the library, answers with their marks, errors as plain text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from equipoise.app.api_v2.reading import Asked, read_parameters
from equipoise.app.shelf import Shelf
from equipoise.errors import LibraryError, QueryError, StudyNotFound, UserError

JSON = "application/json"
LONGEST_ADDRESS = 60_000

Handler = Callable[[Request], Response]


class NotFound(UserError):
    """Nothing is at this address."""


def shelf_of(request: Request) -> Shelf:
    """Return the shelf from which the library is taken."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def asked_of(endpoint: str, request: Request) -> Asked:
    """Return the parameters of a request.

    Raises:
        QueryError: one is not understood.
    """
    if len(request.url.query) > LONGEST_ADDRESS:
        raise HTTPException(414, f"The address has more than {LONGEST_ADDRESS:,} characters")
    return read_parameters(endpoint, request.query_params.multi_items())


def answer(request: Request, body: bytes, media_type: str = JSON, **headers: str) -> Response:
    """Return an answer with a mark (ETag) by which a client can ask whether it has changed."""
    mark = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"etag": mark}
    held = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if mark in held or "*" in held:
        return Response(status_code=304, headers=named)
    return Response(body, media_type=media_type, headers=named)


def answer_json(request: Request, value: Any) -> Response:
    """Return a record as JSON."""
    return answer(request, msgspec.json.encode(value))


def _text(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text.rstrip() + "\n", status, headers=headers)


def on_user_error(request: Request, error: Exception) -> Response:
    """Answer what cannot be done, in plain text as the registry does."""
    assert isinstance(error, UserError)
    if isinstance(error, (StudyNotFound, NotFound)):
        return _text(404, str(error))
    if isinstance(error, QueryError):
        return _text(400, str(error))
    return _text(503 if isinstance(error, LibraryError) else 500, str(error))


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer an address that is not served, or not by this method."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 404:
        base = request.scope.get("root_path", "").rstrip("/")
        return _text(404, f"Nothing is at {request.url.path[:200]}\n{base}/openapi.json describes every address.")
    if error.status_code == 405:
        return _text(405, f"{request.method} is not answered here; addresses of this API are read by GET.", headers)
    return _text(error.status_code, error.detail, headers)
