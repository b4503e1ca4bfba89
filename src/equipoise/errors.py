"""
The one tree of errors.

::

    EquipoiseError                 anything we raise on purpose
    └── UserError                  printed without a traceback; has an exit code
        ├── InputError        3    a file or record that cannot be read
        │   ├── UnknownFormat      no source recognises the file
        │   ├── RecordError        one record in a file is broken
        │   └── RegistryError      a registry's server gives no whole answer
        ├── LibraryError      4    the library folder cannot be used
        │   ├── LibraryEmpty       nothing has been loaded yet
        │   ├── LibraryBusy        another process is writing
        │   ├── LibraryTooNew      written by a later version of Equipoise
        │   ├── LibraryStale       its index was made by another version
        │   └── LibraryDamaged     a part of it is missing or unreadable
        ├── StudyNotFound     5    no such study in this library
        ├── QueryError        6    a search that cannot be understood
        ├── OutputError       7    a file that cannot be written
        └── DeskError         8    what people added cannot be read or written
            ├── DeskBusy           another program keeps it locked
            ├── DeskTooNew         written by a later version of Equipoise
            ├── NotOnDesk          no such note, share or saved search of this person's
            └── NotAllowed         a request that did not come from our own pages, or not from this person

Exit code 2 is the command line's own (wrong options), 1 is a bug of ours.
"""

from __future__ import annotations


class EquipoiseError(Exception):
    """Base of everything that Equipoise raises on purpose."""


class UserError(EquipoiseError):
    """Say what is wrong, where, and what to do next.

    >>> print(UserError("The file is empty", where="a.json", next="Download it again."))
    a.json: The file is empty
    Download it again.
    """

    exit_code = 1
    title = "This cannot be done"

    def __init__(self, problem: str, *, where: str | None = None, next: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.next = next

    def __str__(self) -> str:
        first = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{first}\n{self.next}" if self.next else first


class InputError(UserError):
    """A file or record that cannot be read."""

    exit_code = 3
    title = "Not read"


class UnknownFormat(InputError):
    """No source recognises the file."""


class RecordError(InputError):
    """One record in a file is broken; the others are still read."""


class RegistryError(InputError):
    """A registry's server does not answer, or gives no whole answer; what was downloaded is kept."""

    title = "The registry cannot be read"


class OutputError(UserError):
    """A file that was asked for cannot be written."""

    exit_code = 7
    title = "Not written"


class LibraryError(UserError):
    """The library folder cannot be used."""

    exit_code = 4
    title = "The library cannot be used"


class LibraryEmpty(LibraryError):
    """Nothing has been loaded yet."""

    title = "The library is empty"


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class LibraryTooNew(LibraryError):
    """The library was written by a later version of Equipoise."""


class LibraryStale(LibraryError):
    """The index and columns were made by another version, and must be made anew from the documents."""


class LibraryDamaged(LibraryError):
    """A part of the library is missing or unreadable."""


class StudyNotFound(UserError):
    """No such study in this library."""

    exit_code = 5
    title = "No such study"


class DeskError(UserError):
    """What people added cannot be read or written."""

    exit_code = 8
    title = "The desk cannot be used"


class DeskBusy(DeskError):
    """Another program keeps the desk locked."""

    title = "The desk is busy"


class DeskTooNew(DeskError):
    """The desk was written by a later version of Equipoise."""


class NotOnDesk(DeskError):
    """No such note, share or saved search of this person's."""

    title = "Not on this desk"


class NotAllowed(DeskError):
    """A request that did not come from our own pages, or not from this person."""

    title = "This is not allowed"


# How much of a long text is shown around the place that is wrong.
_WINDOW = 80


def _shown(text: str, span: tuple[int, int]) -> tuple[str, str]:
    r"""Return the part of a text around a place, on one line, and the caret below it.

    >>> _shown("heart\nattack", (6, 12))
    ('heart attack', '      ^~~~~~')
    """
    start, end = min(span[0], len(text)), min(span[1], len(text))
    first, last = 0, len(text)
    if len(text) > _WINDOW:
        # The place itself comes before what stands around it.
        first = max(0, min(start - _WINDOW // 3, len(text) - _WINDOW))
        last = first + _WINDOW
    before, after = "… " if first else "", " …" if last < len(text) else ""
    # A line break or a control character would break the line, and the terminal with it.
    line = "".join(mark if mark.isprintable() else " " for mark in text[first:last])
    caret = " " * (len(before) + start - first) + "^" + "~" * (min(end, last) - start - 1)
    return f"{before}{line}{after}", caret


class QueryError(UserError):
    """A search that cannot be understood; the caret shows where. Of a long text a part is shown.

    >>> print(QueryError("Unknown phase 'five'", text="--phase five", span=(8, 12),
    ...                  next="Phases are: NA, early 1, 1, 2, 3, 4."))
    Unknown phase 'five'
        --phase five
                ^~~~
    Phases are: NA, early 1, 1, 2, 3, 4.
    """

    exit_code = 6
    title = "The search cannot be understood"

    def __init__(self, problem: str, *, text: str, span: tuple[int, int], next: str | None = None) -> None:
        super().__init__(problem, next=next)
        self.text = text
        self.span = span

    def __str__(self) -> str:
        lines = [self.problem, *(f"    {line}" for line in _shown(self.text, self.span))]
        return "\n".join([*lines, self.next] if self.next else lines)
