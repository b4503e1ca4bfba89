"""A note as a question to a study's team: a mail that the reader's own program sends, or a sheet to print."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from equipoise.app.desk_web import desk_of, person_of
from equipoise.app.pages import own_page
from equipoise.app.sections import SECTIONS
from equipoise.app.shelf import Shelf
from equipoise.desk.notes import Note, note_of
from equipoise.find.contacts import ContactLine, People, read_people

# Mail programs cut or refuse longer addresses; then the text is copied from the page.
_LONGEST_ADDRESS = 1_900
_SITES = 5


class Question(msgspec.Struct, frozen=True):
    """A question, ready to be sent: its subject, its text, and whom to ask; each contact with the mail's address.

    ``short``: the text is too long for a mail's address, and must be copied into the mail.
    """

    subject: str
    text: str
    contacts: tuple[tuple[ContactLine, str], ...]
    short: bool


def make_question(note: Note, title: str, people: People | None) -> Question:
    """Return a note as a question: the study's number, the words it is about, and what the note asks."""
    subject = f"Question about {note.study}"
    about = f"{note.study}: {title}" if title else note.study
    lines = ["Dear study team,", "", "I have a question about your study", about, ""]
    if note.place.exact:
        lines += ["The record says:", f"“{note.place.exact.strip()}”", ""]
    elif note.place.part in SECTIONS:
        lines += [f"It is on the section “{SECTIONS[note.place.part]}”.", ""]
    lines += ["My question:", note.text, ""]
    text = "\n".join(lines)
    short = len(_address("", subject, text)) > _LONGEST_ADDRESS
    sent = "" if short else text
    contacts = [] if people is None else _contacts(people)
    links = tuple(
        (one, _address(one.mail.text, subject, sent) if one.mail and one.mail.link else "") for one in contacts
    )
    return Question(subject, text, links, short)


def _address(mail: str, subject: str, text: str) -> str:
    # Lines of a mail's address end in CR LF (RFC 6068).
    body = f"&body={quote(text.replace(chr(10), chr(13) + chr(10)), safe='')}" if text else ""
    return f"mailto:{quote(mail, safe='@.+-_')}?subject={quote(subject, safe='')}{body}"


def _contacts(people: People) -> list[ContactLine]:
    """Return whom to ask: those of the whole study, else those of the first open sites."""
    if people.contacts:
        return list(people.contacts)
    sites = [site for group in people.countries for site in group.sites if site.open is not False]
    return [one for site in sites for one in site.contacts if one.mail or one.phone][:_SITES]


def show_question(request: Request) -> Response:
    """Show a note as a question, to be sent by mail or printed."""
    note = note_of(desk_of(request), person_of(request), request.path_params["id"])
    shelf: Shelf = request.app.state.shelf
    library = shelf.library()
    study = library.study(note.study) if note.study in library else None
    title = (study.title or study.official_title or "") if study else ""
    question = make_question(note, title, read_people(study) if study else None)
    return own_page(request, "note_question.html", note=note, question=question, title=title, known=study is not None)
