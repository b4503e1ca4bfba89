"""``/studies``: what a query finds, page by page, as JSON or CSV."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.api_v2.adapter import chosen_paths, make_query, name_of_expression
from equipoise.app.api_v2.reading import Asked, fault
from equipoise.app.api_v2.serving import answer, asked_of, shelf_of
from equipoise.app.api_v2.tokens import Token, digest_of, read_token, write_token
from equipoise.errors import LibraryError, QueryError
from equipoise.find.best import best
from equipoise.find.export_csv import COLUMNS, csv_head, csv_rows
from equipoise.find.legacy import with_legacy_texts
from equipoise.find.search import Found, search
from equipoise.find.selection import Tree, choose_fields, make_tree, one_line, write_json
from equipoise.records.published import read_json
from equipoise.store.library import Library

Rows = npt.NDArray[np.integer]

CSV = "text/csv; charset=utf-8"
_KEPT = 16


class Results:
    """Keeps what the last queries found, so that their next pages need no new search."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, bytes], Found] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, library: Library, asked: Asked, end: int) -> Found:
        """Return what a request asks for: the studies before place *end* at least, in order, and how many there are.

        Raises:
            QueryError: an expression is not understood.
        """
        key = (str(library.folder.path), library.edition.number, digest_of(asked))
        with self._lock:
            kept = self._kept.get(key)
            if kept and len(kept.rows) >= min(end, kept.total):
                self._kept.move_to_end(key)
                return kept
        query = make_query(asked)
        # Most programs read the first page alone, which the index finds without the others.
        first = kept is None and "pageToken" not in asked
        if first:
            found = best(library, query, end, loosen=False, explain=False)
        else:
            found = search(library, query, facets=False, loosen=False, explain=False)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _find(results: Results, library: Library, asked: Asked, end: int) -> Found:
    """Return what is found; an error in an expression names the parameter that has it."""
    try:
        return results.find(library, asked, end)
    except QueryError as error:
        name = name_of_expression(asked, error.text)
        if name is None:
            raise
        problem = f"Error parsing query in {name}: {error.problem}"
        raise fault(name, error.text, problem, next=error.next or "", span=error.span) from None


def _begin(request: Request, asked: Asked) -> tuple[Library, int]:
    """Return the edition that a page is of, and the place of its first study."""
    shelf = shelf_of(request)
    if "pageToken" not in asked:
        return shelf.library(), 0
    text = asked.text("pageToken")
    token = read_token(text)
    if token.digest != digest_of(asked):
        next = "Repeat the parameters of the first page, or leave `pageToken` out."
        raise fault("pageToken", text, "The token is that of another query", next=next)
    try:
        return shelf.library(token.edition), token.place
    except LibraryError:
        next = "Begin again with the first page."
        problem = "The token is of a state of the library that is gone"
        raise fault("pageToken", text, problem, next=next) from None


def studies_json(documents: Iterable[bytes], *, tree: Tree, legacy: bool) -> Iterable[bytes]:
    """Yield documents as they are asked for, each on one line."""
    for document in documents:
        if legacy:
            document = write_json(with_legacy_texts(read_json(document)))
        yield choose_fields(document, tree) if tree else one_line(document)


def _as_json(asked: Asked, library: Library, rows: Rows, total: int | None, token: str | None) -> bytes:
    tree = make_tree(chosen_paths(asked))
    documents = (library.document_at(int(row)) for row in rows)
    studies = studies_json(documents, tree=tree, legacy=asked.text("markupFormat") == "legacy")
    lead = b"{" if total is None else b'{"totalCount":%d,' % total
    end = b'],"nextPageToken":"%s"}' % token.encode() if token else b"]}"
    body = b",\n".join(studies)
    return lead + b'"studies":[' + (b"\n" + body + b"\n" if body else b"") + end


def csv_columns(asked: Asked) -> tuple[str, ...]:
    """Return the columns that a request wants.

    Raises:
        QueryError: there is no such column.
    """
    names = asked.list("fields") or tuple(COLUMNS)
    for name in names:
        if name not in COLUMNS:
            next = f"Columns are: {', '.join(COLUMNS)}."
            raise fault("fields", name, "No such column of CSV", next=next)
    return names


def _as_csv(asked: Asked, library: Library, rows: Rows) -> bytes:
    columns = csv_columns(asked)
    studies = (library.record_at(int(row)).study for row in rows)
    lines = csv_rows(studies, columns, legacy=asked.text("markupFormat") == "legacy")
    head = "" if "pageToken" in asked else csv_head(columns)
    return (head + "".join(lines)).encode("utf-8", "replace")


def list_studies(request: Request) -> Response:
    """Answer a page of studies."""
    asked = asked_of("studies", request)
    library, place = _begin(request, asked)
    if asked.text("format") == "json":
        chosen_paths(asked)
    else:
        csv_columns(asked)
    found = _find(request.app.state.results, library, asked, place + (asked.page_size or 0))
    end = min(place + (asked.page_size or 0), found.total)
    token, rows = None, found.rows
    if end < found.total:
        token = write_token(Token(library.edition.number, end, digest_of(asked)))
    total = found.total if asked.flag("countTotal") and "pageToken" not in asked else None
    if asked.text("format") == "json":
        return answer(request, _as_json(asked, library, rows[place:end], total, token))
    headers = {"x_total_count": str(total)} if total is not None else {}
    headers |= {"x_next_page_token": token} if token else {}
    return answer(request, _as_csv(asked, library, rows[place:end]), CSV, **headers)
