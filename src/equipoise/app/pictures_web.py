"""The pages of pictures, and citations to save."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from equipoise.app.pages import html_page, library_of
from equipoise.find.charts import draw_results
from equipoise.find.cite import MEDIA, REFERENCE_FORMS, STUDY_FORMS
from equipoise.find.parameters import read_query
from equipoise.find.search import search


def show_pictures(request: Request) -> Response:
    """Show what a search finds in pictures."""
    library = library_of(request)
    found = search(library, read_query(request.query_params.multi_items(), library), facets=False)
    pictures = draw_results(found, library.columns)
    return html_page(request, "pictures.html", found=found, pictures=pictures, text=found.query.text)


def _send(text: str, name: str, form: str) -> Response:
    headers = {} if form == "txt" else {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(text, media_type=MEDIA[form], headers=headers)


def send_citation(request: Request) -> Response:
    """Send a study's citation as text, RIS or BibTeX."""
    study = library_of(request).study(request.path_params["number"].upper())
    form = request.url.path.rpartition(".")[2]
    return _send(STUDY_FORMS[form](study, request.app.state.today()), study.number, form)


def send_references(request: Request) -> Response:
    """Send the works that a study names as RIS or BibTeX."""
    study = library_of(request).study(request.path_params["number"].upper())
    form = request.url.path.rpartition(".")[2]
    return _send(REFERENCE_FORMS[form](study), f"{study.number}-references", form)


def picture_routes() -> list[Route]:
    """Return the routes of the pages of pictures and of citations."""
    return [
        Route("/search/pictures", show_pictures),
        *(Route(f"/studies/{{number}}.{form}", send_citation) for form in STUDY_FORMS),
        *(Route(f"/studies/{{number}}/references.{form}", send_references) for form in REFERENCE_FORMS),
    ]
