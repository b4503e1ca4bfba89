"""What is printed on a terminal: a record's text can neither steer it nor break a pipe."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.text import Text

# Control characters (C0 without tab and line feed, DEL, C1), with which escape sequences begin,
# and those that turn the direction of what follows.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def said(text: str, style: str = "") -> Text:
    r"""Return text for the terminal without control characters.

    >>> said("red\x1b[31m").plain
    'red[31m'
    """
    return Text(_CONTROLS.sub("", text), style=style)


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """Close without a word when the reader (``| head``) has enough, as other tools do."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered must not fail once more when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
