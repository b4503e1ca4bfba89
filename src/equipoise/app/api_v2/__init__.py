"""The registry's API v2 over a library: its clients need another base address and nothing else."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from equipoise.app.api_v2.describing import show_areas, show_enums, show_metadata, show_version
from equipoise.app.api_v2.openapi import show_openapi
from equipoise.app.api_v2.parameters import ENDPOINTS
from equipoise.app.api_v2.serving import Handler, on_http_error, on_user_error
from equipoise.app.api_v2.stats import show_size, show_sizes, show_values
from equipoise.app.api_v2.studies import Results, list_studies
from equipoise.app.api_v2.study import show_study
from equipoise.app.shelf import Shelf
from equipoise.errors import UserError

PATH = "/api/v2"

_HANDLERS: dict[str, Handler] = {
    "studies": list_studies,
    "study": show_study,
    "metadata": show_metadata,
    "areas": show_areas,
    "enums": show_enums,
    "size": show_size,
    "values": show_values,
    "sizes": show_sizes,
    "version": show_version,
}


def make_api(shelf: Shelf) -> Starlette:
    """Return the application that answers below ``/api/v2``."""
    # A study's address takes any number, so the words that stand in its place come first.
    ordered = sorted(ENDPOINTS, key=lambda one: "{" in one.path)
    api = Starlette(
        routes=[
            *(Route(one.path, _HANDLERS[one.name]) for one in ordered),
            Route("/openapi.json", show_openapi),
        ],
        middleware=[
            # The registry lets pages of any site read its answers, and tools in browsers rely on it. What is
            # served here is what the registry publishes; nothing here is changed by a request.
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD"],
                # What libraries for browsers send of themselves; none of them changes an answer.
                allow_headers=["accept", "cache-control", "content-type", "if-none-match", "x-requested-with"],
                expose_headers=["x-next-page-token", "x-total-count", "etag"],
            ),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={UserError: on_user_error, HTTPException: on_http_error},
    )
    api.state.shelf = shelf
    api.state.results = Results()
    return api
