"""The command ``cite``: a study, or the works that it names, as others cite them."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path


class CiteForm(StrEnum):
    """A form in which works are cited."""

    TEXT = "text"
    RIS = "ris"
    BIBTEX = "bibtex"


def run_cite(number: str, form: CiteForm, *, references: bool, library: Path | None) -> None:
    """Print the citation of a study or of its references."""
    from equipoise.app.terminal import quiet_pipe
    from equipoise.find.cite import REFERENCE_FORMS, STUDY_FORMS
    from equipoise.intake.opening import open_library

    study = open_library(library).study(number.strip().upper())
    name = {CiteForm.TEXT: "txt", CiteForm.RIS: "ris", CiteForm.BIBTEX: "bib"}[form]
    if references:
        text = REFERENCE_FORMS[name](study)
    else:
        text = STUDY_FORMS[name](study, date.today())
    with quiet_pipe():
        sys.stdout.write(text.replace("\r\n", "\n"))
        sys.stdout.flush()
