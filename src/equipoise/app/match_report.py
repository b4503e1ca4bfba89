"""A match as one HTML file that needs nothing else: no script, no font, no address."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from equipoise.app.match_input import Given
from equipoise.app.rendering import render_page
from equipoise.errors import OutputError
from equipoise.find.patient_match import NOTICE, PatientMatch
from equipoise.find.patient_view import fact_rows, facts_by_kind, read_note_parts, study_views
from equipoise.notes.zero import is_own
from equipoise.store.library import Library

_FONT = re.compile(r"@font-face\s*\{[^}]*\}")


def write_report(target: Path, found: PatientMatch, given: Given, library: Library) -> None:
    """
    Write a match to a file that only its owner may read: it holds a patient.

    Raises:
        OutputError: it cannot be written.
    """
    static = files("equipoise.app").joinpath("static")
    style = "\n".join(static.joinpath(name).read_text("utf-8") for name in ("site.css", "match.css"))
    page = render_page(
        "report.html",
        style=Markup(_FONT.sub("", style)),  # noqa: S704 (our own style sheets)
        match=found,
        moment="" if is_own(found.at) else found.at.words(),
        library=library.edition,
        notice=NOTICE,
        parts=read_note_parts(given.note, given.patient, given.at) if given.note else (),
        groups=facts_by_kind(fact_rows(given.patient, given.at)),
        studies=study_views(found, given.note),
    )
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"It cannot be written ({why})", where=str(target), next="Choose another place.") from None
