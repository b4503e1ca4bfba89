"""A study's page as HTML, for whoever shows it: the page itself, a note that is put on it, one who was sent it."""

from __future__ import annotations

from datetime import date

from equipoise.app.pictures import study_pictures
from equipoise.app.rendering import render_page
from equipoise.find.cite import cite_view
from equipoise.find.compiled import read_criteria
from equipoise.find.near import Near
from equipoise.find.page import StudyPage, study_page
from equipoise.find.related import related_studies
from equipoise.store.library import Library, Record


def read_page(library: Library, record: Record, today: date) -> StudyPage:
    """Return the facts of a study's page."""
    related = related_studies(library, record.study.number, study=record.study)
    return study_page(record, read_criteria(library, record.study), today, related=related)


def render_study(
    library: Library, record: Record, today: date, *, saved: bool = False, near: Near | None = None
) -> str:
    """Return a study's page, without anything that is somebody's own; its sites are ordered from *near*."""
    page = read_page(library, record, today)
    return render_page(
        "study.html",
        library=library.edition,
        page=page,
        pictures=study_pictures(record.study, page, today, near=near),
        cite=cite_view(record.study, today),
        text="",
        saved=saved,
    )
