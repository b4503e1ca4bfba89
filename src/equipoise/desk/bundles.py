"""What is shared: some notes on some studies, as they were when they were shared."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from equipoise.desk.annotations import read_annotations, write_annotations
from equipoise.desk.notes import Draft, Note


class Bundle(msgspec.Struct, frozen=True):
    """What a passcode opens. Neither the sender's tags nor the sender's numbers of the notes are in it."""

    notes: tuple[Draft, ...]
    sender: str = ""
    replies: bool = False

    @property
    def studies(self) -> tuple[str, ...]:
        """The numbers of the studies, in the order of the notes."""
        return tuple(dict.fromkeys(note.study for note in self.notes))

    def notes_on(self, study: str) -> list[Note]:
        """Return the notes on a study, numbered from 1 as they were shared."""
        return [_as_note(number, one) for number, one in enumerate(self.notes, 1) if one.study == study]


class Reply(msgspec.Struct, frozen=True):
    """What a receiver answered; ``note`` is the number of the note that it is on, 0 where it is on all of them."""

    name: str
    text: str
    created: str
    note: int = 0


class _Form(msgspec.Struct, frozen=True):
    """A bundle as it is sealed: the notes are a collection of Web Annotations."""

    sender: str
    replies: bool
    notes: msgspec.Raw


def write_bundle(bundle: Bundle) -> bytes:
    """Return a bundle as it is sealed."""
    notes = write_annotations([_as_note(number, one) for number, one in enumerate(bundle.notes, 1)])
    return msgspec.json.encode(_Form(bundle.sender, bundle.replies, msgspec.Raw(notes)))


def read_bundle(content: bytes) -> Bundle:
    """Return a bundle that was sealed.

    >>> bundle = Bundle((Draft(study="NCT99000001", text="Warm tea."),), "Ada")
    >>> read_bundle(write_bundle(bundle)) == bundle
    True
    """
    form = msgspec.json.decode(content, type=_Form)
    drafts = read_annotations(bytes(form.notes)).drafts
    return Bundle(tuple(msgspec.structs.replace(one, key="") for one in drafts), form.sender, form.replies)


def make_bundle(notes: Iterable[Note], *, sender: str = "", replies: bool = False) -> Bundle:
    """Return what is shared of some notes."""
    drafts = [
        Draft(study=one.study, text=one.text, version=one.version, place=one.place, created=one.created)
        for one in notes
    ]
    return Bundle(tuple(drafts), sender, replies)


def _as_note(number: int, draft: Draft) -> Note:
    return Note(
        id=number,
        person=0,
        study=draft.study,
        version=draft.version,
        place=draft.place,
        text=draft.text,
        tags=(),
        created=draft.created,
        changed=draft.created,
        deleted=None,
        revision=1,
        key=str(UUID(int=number)),
    )
