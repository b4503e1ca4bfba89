"""What is posted to share notes, to open them and to reply. It is held in memory for the request alone."""

from __future__ import annotations

import msgspec
from starlette.datastructures import FormData

from equipoise.app.forms import word
from equipoise.desk.shares import USUAL


class Wanted(msgspec.Struct, frozen=True):
    """What a sender chose: the ids of notes, and how they are shared."""

    notes: frozenset[int] = frozenset()
    lasts: str = USUAL
    replies: bool = False
    sender: str = ""
    form: str = ""


def read_wanted(form: FormData) -> Wanted:
    """Return what a sender chose; what is no number of a note is left out."""
    ids = [one for one in form.getlist("note") if isinstance(one, str) and one.isascii() and one.isdigit()]
    return Wanted(
        frozenset(int(one) for one in ids if len(one) < 19),
        word(form, "lasts"),
        word(form, "replies") == "yes",
        word(form, "sender").strip(),
        word(form, "form"),
    )
