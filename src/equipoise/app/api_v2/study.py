"""``/studies/{nctId}``: one study, in each of the five forms."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from equipoise.app.api_v2.adapter import chosen_paths, study_number
from equipoise.app.api_v2.parameters import NUMBER
from equipoise.app.api_v2.reading import Asked, fault
from equipoise.app.api_v2.serving import JSON, answer, asked_of, shelf_of
from equipoise.app.api_v2.studies import CSV, csv_columns
from equipoise.errors import QueryError
from equipoise.find.export_csv import csv_head, csv_rows
from equipoise.find.export_fhir import fhir_json
from equipoise.find.export_ris import TAGS, ris_records
from equipoise.find.legacy import with_legacy_texts
from equipoise.find.selection import choose_fields, make_tree, write_json
from equipoise.records.published import read_json
from equipoise.store.library import Library

ZIP = "application/zip"
RIS = "application/x-research-info-systems"
FHIR = "application/fhir+json"

_NUMBER = re.compile(NUMBER, re.ASCII)


def _legacy(asked: Asked) -> bool:
    return asked.text("markupFormat") == "legacy"


def _json(asked: Asked, library: Library, row: int) -> bytes:
    # The typed view is not made: nothing here reads it.
    document, tree = library.document_at(row), make_tree(chosen_paths(asked))
    if _legacy(asked):
        document = write_json(with_legacy_texts(read_json(document)))
    return choose_fields(document, tree) if tree else document


def _csv(asked: Asked, library: Library, row: int) -> bytes:
    columns = csv_columns(asked)
    text = csv_head(columns) + "".join(csv_rows([library.study_at(row)], columns, legacy=_legacy(asked)))
    return text.encode("utf-8", "replace")


def _zip(asked: Asked, library: Library, row: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # A date of its own, the earliest there is: the same record makes the same file.
        archive.writestr(
            zipfile.ZipInfo(f"{library.columns.number(row)}.json"), _json(asked, library, row), zipfile.ZIP_DEFLATED
        )
    return buffer.getvalue()


def _ris(asked: Asked, library: Library, row: int) -> bytes:
    tags = asked.list("fields") or tuple(TAGS)
    for tag in tags:
        if tag not in TAGS and tag not in ("TY", "ER"):
            raise fault("fields", tag, "No such tag of RIS", next=f"Tags are: {', '.join(TAGS)}.")
    records = ris_records([library.study_at(row)], [tag for tag in tags if tag in TAGS])
    return "".join(records).encode("utf-8", "replace")


def _fhir(asked: Asked, library: Library, row: int) -> bytes:
    if asked.list("fields"):
        value = ",".join(asked.list("fields"))
        next = "Leave `fields` out, or ask for another format."
        raise fault("fields", value, "A FHIR resource is given whole; fields cannot be chosen", next=next)
    return fhir_json(library.study_at(row))


FORMS: dict[str, tuple[Callable[[Asked, Library, int], bytes], str]] = {
    "json": (_json, JSON),
    "csv": (_csv, CSV),
    "json.zip": (_zip, ZIP),
    "fhir.json": (_fhir, FHIR),
    "ris": (_ris, RIS),
}


def show_study(request: Request) -> Response:
    """Answer with a study; one that is asked for by an earlier number is elsewhere, with 301."""
    asked = asked_of("study", request)
    text = request.path_params["nctId"]
    if not _NUMBER.match(text) or text.endswith("\n"):
        shown = "".join(mark if mark.isprintable() else " " for mark in text[:60])
        next = "Write it as NCT01234567, or search for it with `/studies?query.term=`."
        raise QueryError("This is no study's number", text=shown, span=(0, max(1, len(shown))), next=next)
    number = study_number(text)
    library = shelf_of(request).library()
    row = library.row(number)
    known = library.columns.number(row)
    if known != number:
        base = request.scope.get("root_path", "")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{base}/studies/{known}{query}", 301)
    form = asked.text("format")
    write, media_type = FORMS[form]
    name = f"{number}.{form}"
    headers = {"content_disposition": f'attachment; filename="{name}"'} if form in ("json.zip", "csv", "ris") else {}
    return answer(request, write(asked, library, row), media_type, **headers)
